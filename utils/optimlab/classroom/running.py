"""The trusted side's view of a run: `run(bundle, challenges, limits) -> Evidence`.

`run` is a function of bytes: here it starts the runner as a process of its own; a sandbox, a pool
of warm processes or another machine can stand in its place. The parent keeps the time: what does
not answer within its limit is killed, and a fresh process does the rest without it.
"""

import contextlib
import io
import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from typing import NamedTuple, Sequence

from optimlab.classroom import frames
from optimlab.tutor.challenges import Answer, Challenge

GRACE = 2.0  # seconds over its own limit before a cell or call is killed; it should have stopped itself


class Limits(NamedTuple):
    """Bounds in seconds: one cell, one call of a student's function, all cells (and then all calls)."""

    cell: float = 20.0
    call: float = 5.0
    total: float = 60.0
    start: float = 60.0  # until the process has imported what it needs


@dataclass
class Evidence:
    """What a run left behind.

    outputs: by cell number, a list of outputs as nbformat has them, as yet unchecked.
    answers: by challenge number.
    missing: functions that no cell defined.
    """

    outputs: dict[int, list[dict]] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)


def bundle_of(cells: Sequence[tuple[int, str]]) -> bytes:
    """The cells to run, (number, source) each, as bytes."""
    stream = io.BytesIO()
    frames.write(stream, {"kind": "bundle", "cells": [list(c) for c in cells]})
    return stream.getvalue()


def challenges_of(challenges: Sequence[Challenge]) -> bytes:
    """The challenges as bytes."""
    stream = io.BytesIO()
    for challenge in challenges:
        frames.write_challenge(stream, challenge)
    return stream.getvalue()


def run(bundle: bytes, challenges: bytes, limits: Limits = Limits()) -> Evidence:
    """Run a student's cells, then put the challenges to their functions.

    Never raises for what the student's code does: a cell that dies or never ends gets an error
    output that says so, a call likewise, and the rest goes on in a fresh process.
    """
    cells = frames.read(io.BytesIO(bundle)).head["cells"]
    asked = [frames.to_challenge(f) for f in frames.read_all(io.BytesIO(challenges))]
    evidence = Evidence()
    stuck: set[str] = set()  # functions that killed a process
    deadline = time.monotonic() + limits.total
    while True:
        at = _attempt(cells, challenges, len(asked), stuck, limits, deadline, evidence)
        if at.kind == "cell":
            evidence.outputs[at.number] = [_error_output(at.why, limits)]
            cells = [c for c in cells if c[0] != at.number]
            if time.monotonic() > deadline:
                cells = [c for c in cells if c[0] in evidence.outputs]
        elif at.kind == "challenge" and asked[at.number].function not in stuck:
            stuck.add(asked[at.number].function)
            evidence.answers[at.number] = Answer(at.why)
        else:
            break
    ends = {asked[n].function: a for n, a in evidence.answers.items() if a.outcome in ("never_ended", "died")}
    for number, challenge in enumerate(asked):  # what a stuck function was not asked ends as it did
        evidence.answers.setdefault(number, ends.get(challenge.function, Answer("died")))
    return evidence


class _At(NamedTuple):
    """What a process was at when it stopped ("start", "cell", "challenge", "done"), and why."""

    kind: str
    number: int = 0
    why: str = ""


def _attempt(cells, challenges: bytes, asked: int, stuck: set[str], limits: Limits, deadline: float,
             evidence: Evidence) -> _At:
    """One process, from its start until it is done, dies or is stuck; what it sends is kept.

    `asked` is the number of challenges. What is sent may be forged: nothing of it is trusted.
    """
    head = {"kind": "bundle", "cells": cells, "stuck": sorted(stuck),
            "cell_seconds": limits.cell, "call_seconds": limits.call}
    at, wait = _At("start"), limits.start
    with _process(head, challenges) as received:
        while True:
            try:
                frame = received.get(timeout=GRACE + min(wait, max(deadline - time.monotonic(), 0.0)))
            except queue.Empty:
                return at._replace(why="never_ended")
            if frame is None:
                return at._replace(why="died")
            kind, number = frame.head.get("kind"), frame.head.get("number")
            if kind == "done":
                return _At("done")
            if kind == "cell" and number in [c[0] for c in cells]:
                at, wait = _At("cell", number), limits.cell
            elif kind == "outputs" and at == ("cell", number, ""):
                evidence.outputs.setdefault(number, [o for o in _list(frame, "outputs") if isinstance(o, dict)])
            elif kind == "missing":
                evidence.missing = {name for name in _list(frame, "functions") if isinstance(name, str)}
                at, deadline = _At("calls"), time.monotonic() + limits.total
            elif kind == "challenge" and type(number) is int and 0 <= number < asked:
                at, wait = _At("challenge", number), limits.call
            elif kind == "answer" and at == ("challenge", number, ""):
                try:
                    evidence.answers.setdefault(number, frames.to_answer(frame))
                except frames.FrameError:  # forged
                    return at._replace(why="died")


def _list(frame: frames.Frame, key: str) -> list:
    sent = frame.head.get(key)
    return sent if isinstance(sent, list) else []


@contextlib.contextmanager
def _process(head: dict, challenges: bytes):
    """A runner at work in an empty folder; gives the queue of its frames, None at their end."""
    received: queue.Queue = queue.Queue()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        process = subprocess.Popen(
            [sys.executable, "-I", "-m", "optimlab.classroom.runner"], cwd=folder,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": folder},
            start_new_session=True)

        def receive():
            try:
                for frame in frames.read_all(process.stdout):
                    received.put(frame)
            except (frames.FrameError, OSError, ValueError):
                pass  # forged or cut off: it counts as an end
            received.put(None)

        threading.Thread(target=receive, daemon=True).start()
        try:
            with contextlib.suppress(BrokenPipeError), process.stdin as stdin:
                frames.write(stdin, head)
                stdin.write(challenges)
            yield received
        finally:
            _kill(process)


def _kill(process: subprocess.Popen) -> None:
    """End the process and, where sessions exist, all that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, 9)
        else:
            process.kill()
    process.wait()
    process.stdout.close()


def _error_output(why: str, limits: Limits) -> dict:
    if why == "died":
        name, text = "ProcessEnded", "this cell ended the whole Python process"
    else:
        name, text = "NeverEnds", f"this cell did not end within {limits.cell:g} seconds and was stopped"
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}

