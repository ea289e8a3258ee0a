"""Process 1 of a sandbox: imports once what students import, then forks a process for each submission.

It is started inside bubblewrap as `python -m optimlab.classroom.sandbox.zygote FD`, where FD is a socket to the
grader. For each submission the grader sends its bounds as JSON and, with them, another socket. The forked process
serves the submission over that second socket (runner.py), so process 1 itself never reads anything of a student's.
When the forked process has ended, or as soon as the grader sends anything more, process 1 kills every other process
in the sandbox, empties its folders and reports {"why": the bound that was exceeded or "", "clean": whether the
sandbox is again as it was at first}.

Nobody in the sandbox can kill process 1 of its own namespace, and processes whose parents have ended become its
children, so none escapes it. It is not dumpable: no process inside can read its memory.
"""

import contextlib
import ctypes
import json
import os
import resource
import select
import shutil
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from IPython.core.interactiveshell import InteractiveShell

    from optimlab.classroom.sandbox.runner import Prelude

SCRATCH, SHARED = "/scratch", "/dev/shm"
WORK = f"{SCRATCH}/work"  # where the cells run
LOOK = 0.05  # seconds from one measurement of what the submission uses to the next
PR_SET_DUMPABLE = 4
# Drawing once makes every later drawing faster: matplotlib keeps the fonts, letters and ticks that it has made.
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
figure.png();
"""


def main(descriptor: int) -> None:
    """Serve submissions one after another until the grader closes the socket."""
    control = socket.socket(fileno=descriptor)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # process 1 of a namespace ignores signals by default
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
        bounds = json.loads(message)
        child = os.fork()
        if not child:
            try:
                control.close()
                become_a_submission(descriptors[0], bounds, shell, prelude)
            finally:
                os._exit(0)  # without running the student's atexit handlers or waiting for the student's threads
        os.close(descriptors[0])
        why = watch(child, control, bounds)
        wiped = clean_up() and state() == at_first
        control.send(json.dumps({"why": why, "clean": wiped}).encode())


def warm_shell() -> "InteractiveShell":
    """The shell that each forked process starts from, with what the course's notebooks import already imported."""
    from optimlab.classroom.sandbox.runner import forget, make_shell, run_cell

    shell = make_shell()
    names = set(shell.user_ns)
    run_cell(shell, WARM_UP, 600)
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
    return Prelude(sources, outputs, names)


def become_a_submission(descriptor: int, bounds: dict[str, int], shell: "InteractiveShell", prelude: "Prelude") -> None:
    """In the forked process: set its limits, then serve the submission."""
    from optimlab.classroom.sandbox.runner import serve, silence

    _dumpable(True)  # libraries read /proc/self, and from here on all memory is the submission's own
    silence()
    for what, most in ((resource.RLIMIT_AS, bounds["memory"]), (resource.RLIMIT_FSIZE, bounds["scratch"]),
                       (resource.RLIMIT_NPROC, bounds["processes"]), (resource.RLIMIT_NOFILE, 256),
                       (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MSGQUEUE, 0), (resource.RLIMIT_MEMLOCK, 0)):
        resource.setrlimit(what, (most, most))
    os.makedirs(os.environ["HOME"])
    os.makedirs(WORK)
    os.chdir(WORK)
    stream = socket.socket(fileno=descriptor)
    serve(stream.makefile("rb"), stream.makefile("wb"), shell, prelude)


def watch(child: int, control: socket.socket, bounds: dict[str, int]) -> str:
    """Wait until the process ends, is to be stopped or exceeds a bound; return that bound's name, else ""."""
    ended = os.pidfd_open(child)
    both: list[int | socket.socket] = [ended, control]
    try:
        while True:
            ready, *_ = select.select(both, [], [], LOOK)
            if control in ready:
                control.recv(4096)
            if ready:
                return ""
            if why := exceeded(bounds):
                return why
    finally:
        os.close(ended)


def exceeded(bounds: dict[str, int]) -> str:
    """The name of the first bound that all processes of the submission together exceed; "" if there is none."""
    others = [p for p in os.listdir("/proc") if p.isdigit() and p != "1"]
    if len(others) > bounds["processes"]:
        return "processes"
    pages = 0
    for process in others:
        with contextlib.suppress(OSError), open(f"/proc/{process}/statm") as file:
            pages += int(file.read().split()[1])
    if pages * resource.getpagesize() > bounds["memory"]:
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
        # System V's shared memory, semaphores and queues live on after their processes: only the table's head is left.
        return all(_lines(f"/proc/sysvipc/{kind}") == 1 for kind in ("shm", "sem", "msg"))
    except (OSError, RecursionError):
        return False


def state() -> list[Any]:
    """All that a submission could change and leave to the next: the folders' rights and attributes, process 1's limits,
    priority and processors.
    """
    left: list[Any] = []
    for folder in (SCRATCH, SHARED):
        about = os.stat(folder)
        left.append((about.st_mode, about.st_uid, about.st_gid))
        with contextlib.suppress(OSError):  # not every kernel keeps attributes in such a folder
            left.append(os.listxattr(folder))
    limits = [resource.getrlimit(value) for name, value in sorted(vars(resource).items()) if name.startswith("RLIMIT_")]
    return left + limits + [os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0), os.sched_getaffinity(0)]


def _lines(path: str) -> int:
    with open(path) as file:
        return len(file.readlines())


def _dumpable(value: bool) -> None:
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_DUMPABLE, int(value), 0, 0, 0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
