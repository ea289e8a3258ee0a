"""The processes that mark: each does one task at a time, and none takes more time or memory than a task may.

    with Pool(2) as pool:
        page = pool.do(marker.page, path, submission, exercises)

What a student handed in may keep a library busy for hours, or make it ask for all the memory there is. A process
that goes over its bounds ends and another takes its place: the other tasks never notice. On systems that can
fork them, their imports are done once for all.
"""

import contextlib
import ctypes
import functools
import gc
import multiprocessing
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, ParamSpec, TypeVar

try:
    import resource
except ImportError:  # Windows has no such bounds
    resource = None  # type: ignore[assignment]

FORKED = "forkserver" in multiprocessing.get_all_start_methods()


class Bounds(NamedTuple):
    """What one task may take: seconds of a processor, and bytes of memory beyond what its process began with."""

    seconds: int = 20
    memory: int = 512 * 2**20


BOUNDS = Bounds()

Given = ParamSpec("Given")
Result = TypeVar("Result")


class Exceeded(Exception):
    """A task went over its bounds, or its process died of it; the text says so of the submission that it was about."""


class Killed(Exception):
    """The process of a task was ended from outside, twice."""


def begin() -> None:
    """Start importing for them while this process does its own imports; calling it once is enough."""
    # After an interrupt multiprocessing cleans up and would print so; its helper process inherits these options.
    sys.warnoptions.append("ignore:resource_tracker")
    if FORKED:
        from multiprocessing import forkserver  # not every system has it
        forkserver.set_forkserver_preload(["optimlab.classroom.marking"])
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # inherited: an interrupt is for this process only
        forkserver.ensure_running()
        signal.signal(signal.SIGINT, before)


class _Process(NamedTuple):
    process: multiprocessing.process.BaseProcess
    connection: "Connection[Any, Any]"


class Pool:
    """So many processes, each begun when it is first needed; they end when this process ends, however it does."""

    def __init__(self, number: int, bounds: Bounds = BOUNDS):
        begin()
        self._bounds = bounds
        self._context: Any = multiprocessing.get_context("forkserver" if FORKED else "spawn")
        self._beginning = threading.Lock()
        self._number = number
        self._idle: queue.SimpleQueue[_Process | None] = queue.SimpleQueue()  # None: one that has not begun
        for _ in range(number):
            self._idle.put(None)

    def __enter__(self) -> "Pool":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for _ in range(self._number):
            if one := self._idle.get():
                one.connection.close()
                one.process.join()

    def do(self, task: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Do a task in one of the processes, waiting until one is idle. Many threads may call this.

        Raises what the task raises, and Exceeded if it goes over its bounds or its process dies of it. Where that was
        killed, as systems do that are short of memory, the task is begun a second time; then it is Killed.
        """
        one = self._idle.get()
        try:
            for chance in (1, 2):
                one = one or self._begin()
                try:
                    one.connection.send((task, given, named))
                    result, error = one.connection.recv()
                    break
                except (EOFError, OSError):
                    why, one = self._ended(one), None
                    if isinstance(why, Exceeded) or chance == 2:
                        raise why from None
            if isinstance(error, Exceeded):  # it ends by itself
                one = None
        finally:
            self._idle.put(one)
        if error is not None:
            raise error
        done: Result = result
        return done

    def _begin(self) -> _Process:
        with self._beginning:
            ours, theirs = self._context.Pipe()
            process = self._context.Process(target=_serve, args=(theirs, self._bounds), daemon=True)
            process.start()
            theirs.close()
        return _Process(process, ours)

    def _ended(self, one: _Process) -> Exceeded | Killed:
        """Why a process has ended."""
        one.connection.close()
        one.process.join()
        code = one.process.exitcode
        if resource and code == -signal.SIGXCPU:
            return Exceeded(f"it takes more than {self._bounds.seconds} s to mark")
        if FORKED and code == -signal.SIGKILL:
            return Killed("the process that marks was ended from outside (is memory short?): run this again")
        return Exceeded(f"it ends the process that marks it (exit status {code})")


# ---------------------------------------------------------------- in the processes

def _serve(connection: "Connection[Any, Any]", bounds: Bounds) -> None:
    """Do one task after another, until the other side closes the connection or is gone."""
    gc.freeze()  # a collection would otherwise touch, and so copy, all memory that the processes share
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # some libraries say there that memory is short, and end the process
    if resource:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _bound(resource.RLIMIT_DATA, _data() + bounds.memory)
    trim = _trim()
    with contextlib.suppress(EOFError, OSError):
        while True:
            task, given, named = connection.recv()
            if resource:
                _bound(resource.RLIMIT_CPU, int(time.process_time()) + 1 + bounds.seconds)
            try:
                connection.send((task(*given, **named), None))
                trim()
            except MemoryError:
                connection.send((None, Exceeded(f"it takes more than {bounds.memory >> 20} MB of memory to mark")))
                return  # what is left of it could be missing for the next task
            except Exception as error:
                connection.send((None, error))


def _trim() -> Callable[[], object]:
    """Gives freed memory back to the system, where its C library keeps it: the search for mistakes leaves 100 MB."""
    try:
        return functools.partial(ctypes.CDLL(None).malloc_trim, 0)
    except (AttributeError, OSError, TypeError):  # TypeError: Windows has no library without a name
        return lambda: None


def _bound(what: int, most: int) -> None:
    _, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _data() -> int:
    """The bytes of this process's own memory, as RLIMIT_DATA counts them on Linux; nearly all elsewhere."""
    with contextlib.suppress(OSError):
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmData:"):
                return int(line.split()[1]) << 10
    return 2**40
