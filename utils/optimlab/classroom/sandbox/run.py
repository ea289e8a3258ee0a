"""The trusted side's view of a run: `run(bundle, challenges, limits) -> Evidence`.

`run` is a function of bytes: this is the seam at which work spreads over cores and machines. The code runs
in one of the places of places.py. This side keeps the time: a process that does not answer in time is
killed, and a fresh one does the rest without the cell or call that was too slow. What comes back may be
forged, so it must come in the order that runner.py describes; in any other order the process counts as dead.
"""

import contextlib
import io
import json
import queue
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from optimlab.classroom.sandbox import frames
from optimlab.classroom.sandbox.places import Place, Unprotected
from optimlab.tutor.challenges import Answer, Challenge, TimeIsUp

GRACE = 2.0  # seconds over its own limit before a cell or call is killed; it should have stopped itself
LARGEST_EVIDENCE = 64 * 2**20  # bytes that one process may send
# Somewhat above runner.py's own bounds: characters of JSON in one cell's outputs and in all, their number and depth.
LARGEST_OUTPUTS, LARGEST_IN_ALL, MOST_OUTPUTS, DEEPEST = 8 * 2**20, 24 * 2**20, 220, 50
SHORT = 200  # characters of an error or a result that are kept where all else is cut
MOST_RAN = 100  # names of functions that ran within the calls


class Limits(NamedTuple):
    """Bounds in seconds: one cell, one call of a student's function, all cells (and then all calls)."""

    cell: float = 10.0
    call: float = 5.0
    total: float = 60.0
    start: float = 60.0  # until the process has imported what it needs


@dataclass
class Evidence:
    """What a run left behind.

    outputs: by cell number, a list of outputs in nbformat's form, not checked yet.
    answers: by challenge number.
    missing: functions that no cell defined.
    ran: what ran within the calls, as the process itself says (witness.py).
    notes: what this side saw, a line for each thing that it stopped or that died.
    size: the number of characters of all outputs that are kept whole.
    """

    outputs: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    answers: dict[int, Answer] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)
    ran: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    size: int = 0

    def to_bytes(self) -> bytes:
        """The evidence as frames, to be kept or sent."""
        stream = io.BytesIO()
        frames.write(stream, {"kind": "missing", "functions": sorted(self.missing), "ran": self.ran,
                              "notes": self.notes})
        for number, outputs in self.outputs.items():
            frames.write(stream, {"kind": "outputs", "number": number, "outputs": outputs})
        for number, answer in self.answers.items():
            frames.write_answer(stream, number, answer)
        return stream.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Evidence":
        """The evidence that `to_bytes` wrote; raises FrameError if it is cut off."""
        missing, *rest = frames.read_all(io.BytesIO(data))
        evidence = cls(missing=set(missing.head["functions"]), ran=missing.head["ran"], notes=missing.head["notes"])
        for frame in rest:
            if frame.head["kind"] == "outputs":
                evidence.outputs[frame.head["number"]] = frame.head["outputs"]
            else:
                evidence.answers[frame.head["number"]] = frames.to_answer(frame)
        return evidence


def bundle_of(cells: Sequence[tuple[int, str]], files: Mapping[str, bytes] | None = None,
              prelude: Sequence[str] = (), own: Iterable[int] = ()) -> bytes:
    """The cells to run, (number, source) each, and the files beside the notebook, as bytes.

    own: the numbers of the student's cells: what they define stays theirs, whatever the other cells do.
    prelude: sources of the released notebook's first cells, with which most submissions begin, too. A sandbox runs
        them once for all submissions, so they must come from the instructor alone.
    """
    files = files or {}
    stream = io.BytesIO()
    frames.write(stream, {"kind": "bundle", "cells": [list(c) for c in cells], "files": list(files),
                          "prelude": list(prelude), "own": list(own)},
                 [np.frombuffer(content, np.uint8) for content in files.values()])
    return stream.getvalue()


def challenges_of(challenges: Sequence[Challenge]) -> bytes:
    """The challenges as bytes."""
    stream = io.BytesIO()
    for challenge in challenges:
        frames.write_challenge(stream, challenge)
    return stream.getvalue()


def run(bundle: bytes, challenges: bytes, limits: Limits = Limits(), place: Place = Unprotected()) -> Evidence:
    """Run a student's cells in one of the places of places.py, then put the challenges to the student's functions.

    Nothing that the student's code does makes this raise: a cell that dies or never ends gets an error
    output that says so, a call such an answer, and the rest goes on in a fresh process.
    """
    bundled, = frames.read_all(io.BytesIO(bundle))
    cells = bundled.head["cells"]
    asked = [frames.to_challenge(f) for f in frames.read_all(io.BytesIO(challenges))]
    evidence, clock = Evidence(), _Clock(limits)
    stuck: set[str] = set()  # functions that killed a process
    while not clock.over:
        wanted = [n for n, c in enumerate(asked) if n not in evidence.answers and c.function not in stuck]
        head = {**bundled.head, "cells": cells, "wanted": wanted,
                "cell_seconds": limits.cell, "call_seconds": limits.call}
        try:
            with _received(place, head, bundled.arrays, challenges) as received:
                _listen(received, head, asked, clock, evidence)
            break
        except _Ended as end:
            # A sandbox knows which of its bounds was exceeded.
            said = ("did not end in time" if end.why == "never_ended"
                    else place.exceeded or "ended the whole Python process")
            if end.cell is not None:
                evidence.notes.append(f"cell In [{end.cell}] {said}")
                evidence.outputs[end.cell] = [_error_output(end.why, said, limits)]
                cells = [c for c in cells if c[0] != end.cell and (not clock.late or c[0] in evidence.outputs)]
            elif end.challenge is not None:
                stuck.add(asked[end.challenge].function)
                evidence.notes.append(f"{asked[end.challenge].function} {said}")
                evidence.answers[end.challenge] = Answer(end.why, message=said)
            else:
                break
    ends = {asked[n].function: a for n, a in evidence.answers.items() if a.outcome in ("never_ended", "died")}
    rest = Answer("never_ended" if clock.over else "died")
    for number, challenge in enumerate(asked):  # a stuck function answers the rest as it answered last
        evidence.answers.setdefault(number, ends.get(challenge.function, rest))
    return evidence


class _Ended(Exception):
    """A process stopped early: why ("died" or "never_ended"), and at which cell or challenge."""

    def __init__(self, why: str, cell: int | None = None, challenge: int | None = None):
        self.why, self.cell, self.challenge = why, cell, challenge


class _Clock:
    """Keeps the limits on one step, on all cells of a process, on all calls, and on everything with its restarts."""

    def __init__(self, limits: Limits):
        self.limits = limits
        self._end = time.monotonic() + limits.start + 3 * limits.total
        self._calls = limits.total  # seconds left for calls
        self._deadline = self._end
        self.late = False  # the cells of a process have used up their time

    @property
    def over(self) -> bool:
        """Whether it is too late to start another process."""
        return time.monotonic() > self._end

    def start(self, seconds: float) -> None:
        """Give the steps that follow so many seconds together."""
        self._deadline = time.monotonic() + seconds

    @contextlib.contextmanager
    def calling(self) -> Iterator[None]:
        """Count the time of one process's calls; used as a context manager around them."""
        began = time.monotonic()
        self.start(self._calls)
        try:
            yield
        finally:
            self._calls -= time.monotonic() - began

    def wait(self, seconds: float) -> float:
        """How long to wait for a step that may take so many seconds."""
        now = time.monotonic()
        return max(0.0, GRACE + min(seconds, self._deadline - now, self._end - now))

    def ran_out(self) -> None:
        """Note that a step did not come in time."""
        self.late = self.late or time.monotonic() > self._deadline


def _listen(received: queue.Queue[frames.Frame | None], head: dict[str, Any], asked: list[Challenge],
            clock: _Clock, evidence: Evidence) -> None:
    """Take one process's frames into the evidence, in their order; raises _Ended if the process stops early."""
    def expect(kind: str, seconds: float, **at: int) -> frames.Frame:
        try:
            frame = received.get(timeout=clock.wait(seconds))
        except queue.Empty:
            clock.ran_out()
            raise _Ended("never_ended", **at) from None
        number = next(iter(at.values()), None)
        if frame is None or frame.head.get("kind") != kind or frame.head.get("number") != number:
            raise _Ended("died", **at)
        return frame

    limits = clock.limits
    clock.start(limits.start)
    expect("ready", limits.start)
    clock.start(limits.total)
    for number, _ in head["cells"]:
        sent = _list(expect("outputs", limits.cell, cell=number), "outputs")
        if number not in evidence.outputs:
            evidence.outputs[number] = _bounded(sent, evidence)
    sent = _list(expect("missing", 0.0), "functions")
    evidence.missing = {c.function for c in asked} & {name for name in sent if isinstance(name, str)}
    left_out = set(evidence.missing)
    with clock.calling():
        for number in head["wanted"]:
            function = asked[number].function
            if function in left_out:
                continue
            try:
                answer = frames.to_answer(expect("answer", limits.call, challenge=number))
            except frames.FrameError:  # forged
                raise _Ended("died", challenge=number) from None
            evidence.answers[number] = answer
            if answer.outcome == "never_ended":
                left_out.add(function)
    with contextlib.suppress(_Ended):  # nothing but a hint is lost
        sent = _list(expect("done", 0.0), "ran")
        evidence.ran = [name[:SHORT] for name in sent[:MOST_RAN] if isinstance(name, str)]


def _bounded(sent: list[Any], evidence: Evidence) -> list[dict[str, Any]]:
    """A cell's outputs if they keep the bounds: the sender may have bypassed runner.py, which keeps them."""
    size, outputs = len(json.dumps(sent)), [output for output in sent if isinstance(output, dict)]
    if len(sent) > MOST_OUTPUTS or size > LARGEST_OUTPUTS or evidence.size + size > LARGEST_IN_ALL:
        return [{"output_type": "stream", "name": "stdout", "text": "[cut: this cell shows too much]\n"},
                *decisive(outputs)]
    evidence.size += size
    return [output for output in outputs if _depth(output) <= DEEPEST]


def decisive(outputs: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What decides a test, in short form: its first error or, where there is none, a short result at its end."""
    for output in outputs:
        if output.get("output_type") == "error":
            name, text = str(output.get("ename"))[:SHORT], str(output.get("evalue"))[:SHORT]
            return [{"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}]
    data = outputs[-1].get("data") if outputs and outputs[-1].get("output_type") == "execute_result" else None
    shown = data.get("text/plain") if isinstance(data, dict) else None
    if not isinstance(shown, str) or len(shown) > SHORT:
        return []
    return [{"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": {"text/plain": shown}}]


def _depth(value: dict[str, Any]) -> int:
    """How deeply lists and objects are nested."""
    depth = 0
    level: list[Any] = [value]
    while level:
        depth += 1
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)
                 if isinstance(inner, (dict, list))]
    return depth


def _list(frame: frames.Frame, key: str) -> list[Any]:
    sent = frame.head.get(key)
    return sent if isinstance(sent, list) else []


@contextlib.contextmanager
def _received(place: Place, head: dict[str, Any], arrays: Sequence[np.ndarray], challenges: bytes
              ) -> Iterator[queue.Queue[frames.Frame | None]]:
    """Start a process in a place and give the queue of its frames, which ends with None."""
    received: queue.Queue[frames.Frame | None] = queue.Queue(maxsize=8)  # a process that sends too fast has to wait
    over = threading.Event()

    def receive(stream: frames.Reader) -> None:
        with contextlib.suppress(frames.FrameError, OSError, ValueError):  # forged or cut off: it counts as an end
            for frame in frames.read_all(_Bounded(stream)):
                while not over.is_set():
                    with contextlib.suppress(queue.Full):
                        received.put(frame, timeout=0.1)
                        break
        while not over.is_set():
            with contextlib.suppress(queue.Full):
                received.put(None, timeout=0.1)
                break

    try:
        with place.process(head["prelude"]) as (to, from_):
            threading.Thread(target=receive, args=(from_,), daemon=True).start()
            with contextlib.suppress(OSError), contextlib.closing(to):
                frames.write(to, head, arrays)
                to.write(challenges)
            yield received
    finally:
        over.set()


class _Bounded:
    """A stream that may be read up to LARGEST_EVIDENCE bytes."""

    def __init__(self, stream: frames.Reader):
        self._stream, self._left = stream, LARGEST_EVIDENCE

    def read(self, size: int, /) -> bytes:
        self._left -= size
        if self._left < 0:
            raise frames.FrameError("the evidence is larger than allowed")
        return self._stream.read(size)


def _error_output(why: str, said: str, limits: Limits) -> dict[str, Any]:
    if why == "died":
        name, text = "ProcessEnded", f"this cell {said}"
    else:
        name, text = TimeIsUp.__name__, str(TimeIsUp(limits.cell))
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": [f"{name}: {text}"]}
