"""System calls that a sandbox does not have: what no namespace separates and no other bound counts.

Memory that is no process's own (memfd, System V), keyrings, other processes' limits and priorities.
`program()` is a filter for bubblewrap's --seccomp: classic BPF over the call's number and arguments,
as seccomp(2) describes it. A forbidden call fails with EPERM.
"""

import errno
import platform
import struct

# By machine: what the kernel calls it, and the calls' numbers there (asm/unistd.h).
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
OF_ITSELF = {"x86_64": 302, "aarch64": 261}  # prlimit64: allowed where its first argument, the process, is 0
X32 = 0x40000000  # x86_64's second numbering of the same calls begins here

LOAD, EQUAL, AT_LEAST, RETURN = 0x20, 0x15, 0x35, 0x06  # BPF's instructions, of 32 bits
NUMBER, MACHINE, FIRST = 0, 4, 16  # where seccomp has the call's number, the machine, the first argument
ALLOW, FAIL = 0x7FFF0000, 0x00050000 | errno.EPERM


def program(machine: str = platform.machine()) -> bytes:
    """The filter for a machine; empty where its calls are not known here.

    >>> len(program("x86_64")) % 8, program("riscv64")
    (0, b'')
    """
    if machine not in ARCHITECTURE:
        return b""
    refused = [(EQUAL, number) for number in FORBIDDEN[machine].values()] + [(AT_LEAST, X32)] * (machine == "x86_64")
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, ARCHITECTURE[machine]), (RETURN, 0, 0, FAIL), (LOAD, 0, 0, NUMBER)]
    # A jump is counted from the next line; after these come six more, of which the last one fails.
    lines += [(test, len(refused) - at + 4, 0, number) for at, (test, number) in enumerate(refused)]
    lines += [(EQUAL, 0, 3, OF_ITSELF[machine]), (LOAD, 0, 0, FIRST), (EQUAL, 1, 0, 0), (RETURN, 0, 0, FAIL),
              (RETURN, 0, 0, ALLOW), (RETURN, 0, 0, FAIL)]
    return b"".join(struct.pack("<HBBI", *line) for line in lines)
