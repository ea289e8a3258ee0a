"""The system calls that are forbidden in a sandbox: they reach what no namespace separates and no other bound counts.

Those are memory that belongs to no process (memfd, System V), the kernel's keyrings, and the limits and priorities
of other processes. `program()` is the filter for bubblewrap's --seccomp option: classic BPF that looks at a call's
number and arguments, as seccomp(2) describes it. A forbidden call fails with EPERM.
"""

import errno
import platform
import struct

# For each kind of machine the kernel's constant for it (AUDIT_ARCH_*), and the calls' numbers (asm/unistd.h).
ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
FORBIDDEN = {
    "x86_64": {
        "memfd_create": 319, "memfd_secret": 447, "shmget": 29, "msgget": 68, "semget": 64,
        "add_key": 248, "request_key": 249, "keyctl": 250,
        "setpriority": 141, "sched_setparam": 142, "sched_setscheduler": 144, "sched_setaffinity": 203,
        "sched_setattr": 314, "ioprio_set": 251,
        "io_uring_setup": 425, "userfaultfd": 323, "perf_event_open": 298, "bpf": 321},
    "aarch64": {
        "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186, "semget": 190,
        "add_key": 217, "request_key": 218, "keyctl": 219,
        "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122,
        "sched_setattr": 274, "ioprio_set": 30,
        "io_uring_setup": 425, "userfaultfd": 282, "perf_event_open": 241, "bpf": 280},
}
PRLIMIT64 = {"x86_64": 302, "aarch64": 261}  # allowed on the calling process itself: its first argument is then 0
X32 = 0x40000000  # from here on x86_64 numbers the same calls a second time, for 32-bit pointers

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF's opcodes, for words of 32 bits
NUMBER, MACHINE, FIRST = 0, 4, 16  # offsets in struct seccomp_data: the call, the machine, the first argument
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM


def program(machine: str = platform.machine()) -> bytes:
    """The filter for a kind of machine, ready for bubblewrap; b"" for a machine whose calls are not listed here.

    >>> len(program("x86_64")) % 8, program("riscv64")
    (0, b'')
    """
    if machine not in ARCHITECTURE:
        return b""
    refused = [(EQUAL, number) for number in FORBIDDEN[machine].values()] + [(AT_LEAST, X32)] * (machine == "x86_64")
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, ARCHITECTURE[machine]), (RETURN, 0, 0, FAIL), (LOAD, 0, 0, NUMBER)]
    # A jump counts from the line after it. Six lines follow these tests, and the last of the six makes the call fail.
    lines += [(test, len(refused) - at + 4, 0, number) for at, (test, number) in enumerate(refused)]
    lines += [(EQUAL, 0, 3, PRLIMIT64[machine]), (LOAD, 0, 0, FIRST), (EQUAL, 1, 0, 0), (RETURN, 0, 0, FAIL),
              (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, FAIL)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
