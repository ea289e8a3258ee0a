"""Process 1 of a sandbox: imports once what students import, then forks a process for each submission.

It is started inside bubblewrap as `python -m optimlab.classroom.sandbox.zygote FD PAGE`, where FD is a socket to the
grader and PAGE a file in which it keeps `Usage.used` and `Usage.kept` for the grader to read. For each submission the
grader sends its bounds as JSON and, with them, another socket. The forked process serves the submission over that
second socket (runner.py), so process 1 itself never reads anything of a student's. When the forked process has ended,
or as soon as the grader sends anything more, process 1 kills every other process in the sandbox, empties its folders
and reports {"why": the bound that was exceeded or "", "clean": whether the sandbox is again as it was at first,
"killed": whether something killed the process, "failed": what the machine refused, or ""}.

Nobody in the sandbox can kill process 1 of its own namespace, and processes whose parents have ended become its
children, so none escapes it. It is not dumpable: no process inside can read its memory.
"""

import contextlib
import ctypes
import json
import mmap
import os
import re
import resource
import select
import shutil
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

from optimlab.classroom.sandbox.usage import Usage, killed_for_memory, running

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from optimlab.classroom.sandbox.runner import Prelude

SCRATCH, SHARED, TERMINALS = "/scratch", "/dev/shm", "/dev/pts"
NETWORK = ("dev", "snmp", "snmp6", "netstat", "tcp", "tcp6", "udp", "udp6")
SOCKETS = ("sockstat", "sockstat6")
OF_THE_MACHINE = re.compile(r" (orphan|alloc|mem|memory) \d+")  # counted over all namespaces, also where others talk
WORK = f"{SCRATCH}/work"  # where the cells run
LOOK = 0.05  # seconds from one measurement of what the submission uses to the next
PR_SET_DUMPABLE = 4
# Drawing once makes every later drawing faster: matplotlib keeps the fonts, letters and ticks that it has made.
# So does checking: the tutor keeps the public cases.
WARM_UP = """
import matplotlib.pyplot as plt
import numpy as np
from optimlab import datasets, networks, plots, training, tutor
figure, axes = plt.subplots()
axes.plot([1, 2])
figure, (left, right) = plots.picture(panels=2)
plots.losses(left, {"Adam": np.geomspace(1, 1e-4, 50)})
left.set_title("0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ .,:;%()-+/$x^2_0$")
network, moons = networks.MLP((2, 4, 1)), datasets.two_moons(np.random.default_rng(0))
plots.decision_boundary(right, network, network.init(np.random.default_rng(0)), moons)
figure.png()
figure, axes = plots.picture()
plots.network_shapes(axes)
figure.png()
tutor.checking.warm_up()
"""


def main(descriptor: int, page: int) -> None:
    """Serve submissions one after another until the grader closes the socket."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 of a namespace ignores signals by default
    shown, read = _mapped(page, mmap.PROT_READ | mmap.PROT_WRITE), _mapped(page, mmap.PROT_READ)
    os.close(page)
    shell = warm_shell()
    prelude = run_prelude(shell, json.loads(control.recv(2**20)))
    _dumpable(False)
    wiped = clean_up()
    at_first = state()
    control.send(json.dumps({"clean": wiped}).encode())
    while wiped:
        message, descriptors, *_ = socket.recv_fds(control, 4096, 1)
        if not message:
            return
        if not descriptors:  # the grader asked to stop a submission that had just ended by itself
            continue
        bounds, short = json.loads(message), killed_for_memory()
        report: dict[str, Any] = {"why": "", "killed": False, "failed": ""}
        try:
            child = os.fork()
        except OSError as error:
            report["failed"] = f"no process could be started: {error.strerror}"
        else:
            if not child:
                try:
                    control.close()
                    become_a_submission(descriptors[0], bounds, shell, prelude, read)
                finally:
                    os._exit(0)  # without running the student's atexit handlers or waiting for the student's threads
            report["why"], report["killed"] = watch(child, control, bounds, shown)
        os.close(descriptors[0])
        if killed_for_memory() > short:
            report["failed"] = "the machine's memory ran out"
        try:
            wiped = clean_up() and state() == at_first
        except OSError:  # it has made something unreadable
            wiped = False
        control.send(json.dumps({**report, "clean": wiped}).encode())


def warm_shell() -> "InteractiveShell":
    """The shell that each forked process starts from, with what the course's notebooks import already imported."""
    from optimlab.classroom.sandbox.runner import forget, make_shell, run_cell
    from optimlab.classroom.sandbox.witness import read_library

    shell = make_shell()
    names = set(shell.user_ns)
    run_cell(shell, WARM_UP, 600)
    read_library()
    sys.modules["matplotlib.pyplot"].close("all")
    forget(shell, names)
    return shell


def run_prelude(shell: "InteractiveShell", sources: list[str]) -> "Prelude":
    """Run once, before any submission, the cells that most submissions begin with; they are the instructor's own.

    If they write files, each submission has to run them itself, for it begins in an empty folder.
    """
    import gc

    from optimlab.classroom.sandbox.runner import Prelude, forget, run_cell

    names, outputs = frozenset(shell.user_ns), []
    os.makedirs(WORK)
    os.chdir(WORK)
    for number, source in enumerate(sources, start=1):
        shell.execution_count = number
        outputs.append(run_cell(shell, source, 600))
    if os.listdir(WORK):
        forget(shell, names)
        sources, outputs = [], []
    os.chdir(SCRATCH)
    gc.collect()
    gc.freeze()  # a collection in a forked process would otherwise touch, and so copy, all shared memory
    gc.set_threshold(20_000)  # by itself Python looks for garbage after 700 new objects: a figure has many more
    return Prelude(sources, outputs, names)


def become_a_submission(descriptor: int, bounds: dict[str, int], shell: "InteractiveShell", prelude: "Prelude",
                        usage: "ctypes.Array[ctypes.c_double]") -> None:
    """In the forked process: set its limits, then serve the submission."""
    from optimlab.classroom.sandbox.runner import serve, silence
    from optimlab.tutor import challenges

    challenges.kept_waiting = lambda: usage[1]

    _dumpable(True)  # libraries read /proc/self, and from here on all memory is the submission's own
    silence()
    for what, most in ((resource.RLIMIT_AS, bounds["memory"]), (resource.RLIMIT_FSIZE, bounds["scratch"]),
                       (resource.RLIMIT_NPROC, bounds["processes"]), (resource.RLIMIT_NOFILE, 256),
                       (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MSGQUEUE, 0), (resource.RLIMIT_MEMLOCK, 0),
                       (resource.RLIMIT_SIGPENDING, 256)):
        resource.setrlimit(what, (most, most))
    os.makedirs(os.environ["HOME"])
    os.makedirs(WORK)
    os.chdir(WORK)
    stream = socket.socket(fileno=descriptor)
    serve(stream.makefile("rb"), stream.makefile("wb"), shell, prelude)


def watch(child: int, control: socket.socket, bounds: dict[str, int], shown: "ctypes.Array[ctypes.c_double]"
          ) -> tuple[str, bool]:
    """Wait until the process ends, is to be stopped or exceeds a bound.

    Returns that bound's name, else "", and whether something killed the process.
    """
    ended, usage = os.pidfd_open(child), Usage(*shown)
    both: list[int | socket.socket] = [ended, control]
    try:
        while True:
            ready, *_ = select.select(both, [], [], LOOK)
            if len(running()) <= bounds["processes"]:  # to look at thousands would take too long
                usage.look()
                shown[:] = [usage.used, usage.kept]
            if ready:
                if control in ready:
                    control.recv(4096)
                end = os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT)
                return "", end is not None and end.si_code != os.CLD_EXITED and end.si_status == signal.SIGKILL
            if why := exceeded(bounds, usage):
                return why, False
    finally:
        os.close(ended)


def exceeded(bounds: dict[str, int], usage: Usage) -> str:
    """The name of the first bound that all processes of the submission together exceed; "" if there is none."""
    if len(running()) > bounds["processes"]:
        return "processes"
    if usage.memory(bounds["memory"]) > bounds["memory"]:
        return "memory"
    for folder in (SCRATCH, SHARED):
        files = os.statvfs(folder)
        if files.f_files - files.f_ffree > bounds["files"]:
            return "files"
    return ""


def clean_up() -> bool:
    """Kill every process but this one and empty every folder that can be written to; return whether all is gone."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(-1, signal.SIGKILL)
    with contextlib.suppress(ChildProcessError):
        while True:
            os.wait()
    try:
        for folder in (SCRATCH, SHARED):
            for entry in os.scandir(folder):
                if entry.is_dir(follow_symlinks=False):
                    shutil.rmtree(entry.path)
                else:
                    os.unlink(entry.path)
        for path in (SCRATCH, SHARED, TERMINALS, f"{TERMINALS}/ptmx"):
            with contextlib.suppress(PermissionError):  # who may not set its times, cannot have left a message there
                os.utime(path, (0, 0))
        # System V's shared memory, semaphores and queues live on after their processes: only the table's head is left.
        return all(len(_lines(f"/proc/sysvipc/{kind}")) == 1 for kind in ("shm", "sem", "msg"))
    except (OSError, RecursionError):
        return False


def state() -> list[Any]:
    """All that a submission could change and leave to the next: the folders' rights and attributes, what the network
    within the sandbox has counted and keeps open, process 1's limits, priority and processors.
    """
    left: list[Any] = [_lines(f"/proc/net/{name}") for name in NETWORK if os.path.exists(f"/proc/net/{name}")]
    left += [[OF_THE_MACHINE.sub("", line) for line in _lines(f"/proc/net/{name}")]
             for name in SOCKETS if os.path.exists(f"/proc/net/{name}")]
    left.append(sorted(os.listdir(TERMINALS)))
    for folder in (SCRATCH, SHARED, TERMINALS, f"{TERMINALS}/ptmx"):
        about = os.stat(folder)
        left.append((about.st_mode, about.st_uid, about.st_gid))
        with contextlib.suppress(OSError):  # not every kernel keeps attributes in such a folder
            left.append(os.listxattr(folder))
    limits = [resource.getrlimit(value) for name, value in sorted(vars(resource).items()) if name.startswith("RLIMIT_")]
    return left + limits + [os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getaffinity(0)]


def _lines(path: str) -> list[str]:
    with open(path) as file:
        return file.readlines()


def _mapped(file: int, access: int) -> "ctypes.Array[ctypes.c_double]":
    """Two numbers at the beginning of a file, to read or to write; forked processes have only what is to be read.

    Python's own mmap would keep a descriptor, with which a student's code could open the file to write.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    address = libc.mmap(None, ctypes.c_size_t(mmap.PAGESIZE), access, mmap.MAP_SHARED, file, ctypes.c_long(0))
    if access != mmap.PROT_READ:
        libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(mmap.PAGESIZE), mmap.MADV_DONTFORK)
    return (ctypes.c_double * 2).from_address(address)


def _dumpable(value: bool) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, int(value), 0, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
