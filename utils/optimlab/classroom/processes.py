"""The processes that mark. Where they can be forked, what they need is imported once for all of them."""

import multiprocessing
import signal
import sys
import threading
from concurrent.futures import ProcessPoolExecutor

FORKED = "forkserver" in multiprocessing.get_all_start_methods()


def begin() -> None:
    """Start their imports beside those of this process; calling it once is enough."""
    # After an interrupt multiprocessing cleans up, and would say so: its helper takes these options over.
    sys.warnoptions.append("ignore:resource_tracker")
    if FORKED:
        from multiprocessing import forkserver  # which not every system has
        forkserver.set_forkserver_preload(["optimlab.classroom.marking"])
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # which it takes over: an interrupt is for this process
        forkserver.ensure_running()
        signal.signal(signal.SIGINT, before)


def pool(number: int) -> ProcessPoolExecutor:
    """So many processes; they end with this one, however that ends."""
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
