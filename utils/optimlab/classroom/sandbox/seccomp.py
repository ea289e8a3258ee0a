"""The system calls that are forbidden in a sandbox: they reach what no namespace separates and no other bound counts.

Those are memory that belongs to no process and no file (memfd, System V, shared without a file), the kernel's
keyrings, the limits and priorities of other processes, what is counted for a whole account (inotify, AIO), and
leases on files that the whole machine reads. Locks, too, would be seen through the read-only files that all
sandboxes have in common: they are granted and do nothing, for a sandbox holds one submission at a time.

`program()` is the filter for bubblewrap's --seccomp option: classic BPF that looks at a call's number and arguments,
as seccomp(2) describes it. A forbidden call fails with EPERM.
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
        "inotify_init": 253, "inotify_init1": 294, "fanotify_init": 300, "io_setup": 206,
        "io_uring_setup": 425, "userfaultfd": 323, "perf_event_open": 298, "bpf": 321},
    "aarch64": {
        "memfd_create": 279, "memfd_secret": 447, "shmget": 194, "msgget": 186, "semget": 190,
        "add_key": 217, "request_key": 218, "keyctl": 219,
        "setpriority": 140, "sched_setparam": 118, "sched_setscheduler": 119, "sched_setaffinity": 122,
        "sched_setattr": 274, "ioprio_set": 30,
        "inotify_init1": 26, "fanotify_init": 262, "io_setup": 0,
        "io_uring_setup": 425, "userfaultfd": 282, "perf_event_open": 241, "bpf": 280},
}
CALLS = {"x86_64": {"prlimit64": 302, "fcntl": 72, "flock": 73, "mmap": 9},
         "aarch64": {"prlimit64": 261, "fcntl": 25, "flock": 32, "mmap": 222}}
X32 = 0x40000000  # from here on x86_64 numbers the same calls a second time, for 32-bit pointers
SHARED_WITHOUT_FILE = 0x21  # MAP_SHARED | MAP_ANONYMOUS
SETLEASE, NOTIFY = 1024, 1026
SET_LOCK = (6, 7, 37, 38)  # F_SETLK, F_SETLKW and the same of open files

LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06  # BPF's opcodes, for words of 32 bits
NUMBER, MACHINE, ARGUMENTS = 0, 4, (16, 24, 32, 40)  # offsets in struct seccomp_data
ALLOW, FAIL, DO_NOTHING = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000
Line = tuple[int, int, int, int]  # opcode, lines to pass over if true, if false, value


def program(machine: str = platform.machine()) -> bytes:
    """The filter for a kind of machine, ready for bubblewrap; b"" for a machine whose calls are not listed here.

    >>> len(program("x86_64")) % 8, program("riscv64")
    (0, b'')
    """
    if machine not in ARCHITECTURE:
        return b""
    calls = CALLS[machine]
    lines = [(LOAD, 0, 0, MACHINE), (EQUAL, 1, 0, ARCHITECTURE[machine]), _end(FAIL), (LOAD, 0, 0, NUMBER)]
    for number in FORBIDDEN[machine].values():
        lines += _if(EQUAL, number, [_end(FAIL)])
    if machine == "x86_64":
        lines += _if(AT_LEAST, X32, [_end(FAIL)])
    lines += _if(EQUAL, calls["flock"], [_end(DO_NOTHING)])
    # Allowed on the calling process itself, which is then 0.
    lines += _if(EQUAL, calls["prlimit64"], [
        (LOAD, 0, 0, ARGUMENTS[0]), *_if(EQUAL, 0, [_end(ALLOW)]), _end(FAIL)])
    lines += _if(EQUAL, calls["mmap"], [
        (LOAD, 0, 0, ARGUMENTS[3]), (AND, 0, 0, SHARED_WITHOUT_FILE), *_if(EQUAL, SHARED_WITHOUT_FILE, [_end(FAIL)]),
        _end(ALLOW)])
    lines += _if(EQUAL, calls["fcntl"], [
        (LOAD, 0, 0, ARGUMENTS[1]), *_if(EQUAL, SETLEASE, [_end(FAIL)]), *_if(EQUAL, NOTIFY, [_end(FAIL)]),
        *(line for lock in SET_LOCK for line in _if(EQUAL, lock, [_end(DO_NOTHING)])), _end(ALLOW)])
    return b"".join(struct.pack("<HBBI", *line) for line in [*lines, _end(ALLOW)])


def _if(test: int, value: int, then: list[Line]) -> list[Line]:
    """Lines that are passed over where what was loaded last fails a test."""
    return [(test, 0, len(then), value), *then]


def _end(result: int) -> Line:
    return RETURN, 0, 0, result
