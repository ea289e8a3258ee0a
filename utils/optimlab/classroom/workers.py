"""Runs submissions on this machine's cores or on the workers of a Dask cluster, with the same function on both.

    with local(strict=False, no_sandbox=False) as workers:
        evidence, where = workers.run(bundle, challenges, limits)

`workers.number` submissions run at once; that many threads may call `run`. It raises sandbox.run.Doubtful if what
went wrong may be the fault of the others; that does not happen where the caller says that none runs beside it.
"""

import contextlib
import functools
import hashlib
import os
import platform
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import optimlab
from optimlab.classroom import Unusable
from optimlab.classroom.sandbox import places
from optimlab.classroom.sandbox.places import place_to_run
from optimlab.classroom.sandbox.run import Limits, run

# The evidence depends on all code that runs in the sandbox, but not on the tutor's judgement.
RUNS = ("*.py", "plots/*.py", "explorables/*.py", "tutor/challenges.py", "tutor/tracing.py", "classroom/sandbox/*.py")


class Workers(NamedTuple):
    """How many submissions run at once, how many of this machine's cores mark them, and what runs one."""

    number: int
    cores: int
    run: Callable[[bytes, bytes, Limits, bool], tuple[bytes, dict[str, Any]]]


def run_here(bundle: bytes, challenges: bytes, limits: Limits, alone: bool, strict: bool, no_sandbox: bool, version: str
             ) -> tuple[bytes, dict[str, Any]]:
    """Run one submission on this machine; returns the evidence and where it ran. Each thread has its own sandbox."""
    if version != sources(*RUNS):
        raise Unusable(f"{platform.node()} has another version of this course: install the same one there")
    began = time.monotonic()
    place = place_to_run(strict, no_sandbox)
    evidence = run(bundle, challenges, limits, place, alone)
    return evidence.to_bytes(), {"where": platform.node(), "sandbox": place.name,
                                 "seconds": round(time.monotonic() - began, 2)}


@functools.cache
def sources(*patterns: str) -> str:
    """A hash of the course's own code in these files."""
    root = Path(optimlab.__file__).parent
    digest = hashlib.sha256()
    for path in sorted({path for pattern in patterns for path in root.glob(pattern)}):
        digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def local(strict: bool, no_sandbox: bool) -> Iterator[Workers]:
    """This machine's cores, as many as this process may use."""
    place_to_run(strict, no_sandbox)  # refuses at once
    cores = _cores()
    run_one = functools.partial(run_here, strict=strict, no_sandbox=no_sandbox, version=sources(*RUNS))
    # The sandbox of a thread ends with the thread.
    yield Workers(cores if no_sandbox else min(cores, places.room()), cores, run_one)


@contextlib.contextmanager
def cluster(address: str, strict: bool, no_sandbox: bool) -> Iterator[Workers]:
    """The workers of the Dask scheduler at an address, such as tcp://10.0.0.5:8786.

    If a worker is lost, another one runs what it was running.
    """
    try:
        from distributed import Client
    except ImportError:
        raise Unusable("--scheduler needs dask.distributed: pip install 'optimlab[dask]'") from None
    try:
        client = Client(address, timeout=10, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Unusable(f"no Dask scheduler answers at {address}: start one with `dask scheduler` "
                       f"({' '.join(str(error).split())[:100]})") from None
    with client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise Unusable(f"the Dask scheduler at {address} has no workers: start some with `dask worker {address}`")

        def run_there(bundle: bytes, challenges: bytes, limits: Limits, alone: bool) -> tuple[bytes, dict[str, Any]]:
            from distributed import KilledWorker
            try:
                future = client.submit(run_here, bundle, challenges, limits, alone, strict, no_sandbox, sources(*RUNS),
                                       pure=False, retries=10)
                ran: tuple[bytes, dict[str, Any]] = future.result()
                return ran
            except KilledWorker:
                raise Unusable(f"the Dask workers of {address} end again and again: look at their log") from None

        yield Workers(threads, _cores(), run_there)


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
