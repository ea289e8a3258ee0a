"""The processes that mark. On systems that can fork them, their imports are done once for all."""

import multiprocessing
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

FORKED = "forkserver" in multiprocessing.get_all_start_methods()


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


def pool(number: int) -> ProcessPoolExecutor:
    """A pool of so many processes; they end when this process ends, however it does."""
    begin()
    return ProcessPoolExecutor(number, multiprocessing.get_context("forkserver" if FORKED else "spawn"), _follow)


def _follow() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    parent = multiprocessing.parent_process()
    assert parent is not None  # a pool's process has one

    def end_too() -> None:
        parent.join()
        signal.raise_signal(signal.SIGTERM)

    threading.Thread(target=end_too, daemon=True).start()
