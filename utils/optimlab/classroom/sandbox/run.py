"""The trusted side's view of a run: `run(bundle, challenges, limits) -> Evidence`.

`run` is a function of bytes: this is the seam at which work spreads over cores and machines. The code runs
in one of the places of places.py. This side keeps the time: a process that does not answer in time is
killed, and a fresh one does the rest without the cell or call that was too slow. What comes back may be
forged, so it must come in the order that runner.py describes; in any other order the process counts as dead.

Where the sandbox fails, or the trouble may be the fault of what ran beside, there is no evidence but Failed.
"""

import contextlib
import io
import json
import queue
import re
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from optimlab.classroom.sandbox import frames
from optimlab.classroom.sandbox.places import Failed, Place, Unprotected
from optimlab.tutor.challenges import LONGEST_CALL, Answer, Challenge, TimeIsUp

LOOK = 1.0  # seconds for which one waits at a time; who wakes up a second too late stood still
GRACE = 2.0  # seconds over its own limit before a cell or call is killed; it should have stopped itself
# For one second of its own, a step may take so many on the wall: beside others, and alone on a busy machine.
PATIENCE, PATIENCE_ALONE = 4.0, 10.0
# What Python says when the machine has no more memory, processes, descriptors or room.
SHORTAGE = re.compile(r"MemoryError|BlockingIOError|can't start new thread|\[Errno (11|12|23|28)\]")
LARGEST_EVIDENCE = 64 * 2**20  # bytes that one process may send
# Somewhat above runner.py's own bounds: frames.weight of one cell's outputs and of all, their number and depth.
LARGEST_OUTPUTS, LARGEST_IN_ALL, MOST_OUTPUTS, DEEPEST = 8 * 2**20, 24 * 2**20, 220, 50
SHORT = 200  # characters of an error or a result that are kept where all else is cut
MOST_RAN = 100  # names of functions that ran within the calls


class Limits(NamedTuple):
    """Bounds in seconds: one cell, one call of a student's function, all cells (and then all calls).

    All restarts after a death or a stop have no more time than these two totals together. Time for which others had
    the machine's cores does not count.
    """

    cell: float = 10.0
    call: float = LONGEST_CALL
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
    size: what all outputs that are kept whole weigh (frames.py).
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


class Doubtful(Failed):
    """What ended this run may be the fault of what ran beside it."""


def run(bundle: bytes, challenges: bytes, limits: Limits = Limits(), place: Place = Unprotected(), alone: bool = True
        ) -> Evidence:
    """Run a student's cells in one of the places of places.py, then put the challenges to the student's functions.

    A cell that dies or never ends gets an error output that says so, a call such an answer, and the rest goes on in a
    fresh process. Nothing that the student's code does makes this raise if it runs alone.

    Raises Failed if the sandbox failed twice; and, where others ran beside it (`alone` is false), Doubtful if the
    trouble that it had may be theirs: what it needed was not there, or it had too little of the cores.
    """
    try:
        return _run(bundle, challenges, limits, place, alone)
    except Doubtful:
        raise
    except Failed:
        place.close()
        return _run(bundle, challenges, limits, place, alone)


def _run(bundle: bytes, challenges: bytes, limits: Limits, place: Place, alone: bool) -> Evidence:
    bundled, = frames.read_all(io.BytesIO(bundle))
    cells = bundled.head["cells"]
    asked = [f.head["function"] for f in frames.read_all(io.BytesIO(challenges))]  # of each challenge its function
    evidence, clock = Evidence(), _Clock(limits, place, alone)
    stuck: set[str] = set()  # functions that killed a process
    while not clock.over:
        wanted = [n for n, function in enumerate(asked) if n not in evidence.answers and function not in stuck]
        head = {**bundled.head, "cells": cells, "wanted": wanted,
                "cell_seconds": clock.cell, "call_seconds": limits.call}
        end = None
        try:
            with clock.process(), _received(place, head, bundled.arrays, challenges) as received:
                _listen(received, head, asked, clock, evidence)
        except _Ended as ended:
            end = ended
        if place.failed or not clock.began:  # or nothing of the student's has run yet
            raise Failed(place.failed or "no process could be started for it")
        if not alone and (_short(evidence) or (end is not None and place.killed)):
            raise Doubtful("the machine may have been short of something")
        if end is None:
            break
        # A sandbox knows which of its bounds was exceeded.
        said = ("did not end in time" if end.why == "never_ended"
                else place.exceeded or "ended the whole Python process")
        if end.cell is not None:
            evidence.notes.append(f"cell In [{end.cell}] {said}")
            evidence.outputs.setdefault(end.cell, [_error_output(end.why, said, limits)])
            cells = clock.fitting([c for c in cells if c[0] != end.cell])
        elif end.challenge is not None:
            stuck.add(asked[end.challenge])
            evidence.notes.append(f"{asked[end.challenge]} {said}")
            evidence.answers[end.challenge] = Answer(end.why, message=said)
            cells = clock.fitting(cells)
        else:
            break
    ends = {asked[n]: a for n, a in evidence.answers.items() if a.outcome in ("never_ended", "died")}
    rest = Answer("never_ended" if clock.over else "died")
    for number, function in enumerate(asked):  # a stuck function answers the rest as it answered last
        evidence.answers.setdefault(number, ends.get(function, rest))
    return evidence


class _Ended(Exception):
    """A process stopped early: why ("died" or "never_ended"), and at which cell or challenge."""

    def __init__(self, why: str, cell: int | None = None, challenge: int | None = None):
        self.why, self.cell, self.challenge = why, cell, challenge


class _Clock:
    """Keeps the limits on one step, on all cells of a process, on all calls, and on everything with its restarts.

    It counts a submission's own seconds: those on the wall, less those for which others had the cores, and those for
    which this program itself stood still, as after Ctrl+Z.
    """

    def __init__(self, limits: Limits, place: Place, alone: bool):
        self.limits, self._place = limits, place
        self._stood_still = 0.0
        self._alone, self._patience = alone, PATIENCE_ALONE if alone else PATIENCE
        self._left = 2 * limits.total  # of all cells, calls and restarts
        self._calls = limits.total     # of all calls
        self._starting = limits.start  # of all processes, until they are ready
        self._part = 0.0               # of the steps that are now under way: a process's cells, or the calls
        self._took: dict[int, float] = {}  # by cell, what it took when it ran last
        self.began = False             # whether the process has begun with its cells

    @property
    def over(self) -> bool:
        """Whether it is too late to start another process."""
        return self._left <= 0 or self._calls <= 0

    @property
    def spent(self) -> bool:
        """Whether the steps that are now under way, a process's cells or the calls, have had their time together."""
        return self._part <= 0

    @property
    def cell(self) -> float:
        """What a cell may take: after a restart less, if time is short, so that some is left for the calls."""
        return min(self.limits.cell, self._left / 4) if self._took else self.limits.cell

    @contextlib.contextmanager
    def process(self) -> Iterator[None]:
        """Count a process's time: from when it is ready, as long as the starts of all took no more than one may."""
        self._start, self._part, self.began = self._now(), self.limits.start, False
        try:
            yield
        finally:
            self._last = self._own(self._start)
            self._left -= self._last

    def begin(self) -> None:
        """The process begins with its cells; they may take half of what is left, so that they can run again."""
        started = self._own(self._start)
        if started <= self._starting:  # what a new sandbox takes to become warm is not the submission's
            self._starting -= started
            self._start = self._now()
        self._part, self.began = self._left / 2, True

    @contextlib.contextmanager
    def calling(self) -> Iterator[None]:
        """Count the time of one process's calls; used as a context manager around them."""
        began = self._now()
        self._part = min(self._calls, self._left - self._own(self._start))
        try:
            yield
        finally:
            self._calls -= self._own(began)

    def next_frame(self, received: queue.Queue[frames.Frame | None], seconds: float, cell: int | None = None
                   ) -> frames.Frame | None:
        """The frame of a step that may take so many seconds; raises queue.Empty if it does not come in time."""
        began, most = self._now(), GRACE + max(0.0, min(seconds, self._part))
        try:
            while (left := most - self._own(began)) > 0:
                with contextlib.suppress(queue.Empty), self._awake(max(left, 0.01)) as seconds:
                    frame = received.get(timeout=seconds)
                    if _says_time_is_up(frame):
                        self._check_share(began)
                    return frame
            self._check_share(began)
            raise queue.Empty
        finally:
            took = self._own(began)
            self._part -= took
            if cell is not None:
                self._took[cell] = took

    def fitting(self, cells: list[Any]) -> list[Any]:
        """Those of the cells that a fresh process is to run.

        All, if as much time as the last process took is left twice. Else without the slowest of those that have run,
        so that they take no more than a quarter of what is left; and near the end without those that have not run
        yet, for the calls need time, too.
        """
        if self._last <= self._left / 2:
            return cells
        again = sorted((c for c in cells if c[0] in self._took), key=lambda c: self._took[c[0]])
        while again and sum(self._took[c[0]] for c in again) > self._left / 4:
            again.pop()
        new = [c for c in cells if c[0] not in self._took] if self._left > self.limits.total / 2 else []
        return [c for c in cells if c in again or c in new]

    @contextlib.contextmanager
    def _awake(self, most: float) -> Iterator[float]:
        """Gives the seconds that the block may wait; where it takes longer, this program stood still meanwhile."""
        seconds, began = min(most, LOOK), time.monotonic()
        try:
            yield seconds
        finally:
            late = time.monotonic() - began - seconds
            if late > LOOK:
                self._stood_still += late

    def _now(self) -> tuple[float, float]:
        return time.monotonic() - self._stood_still, self._place.kept()

    def _own(self, began: tuple[float, float]) -> float:
        """A submission's own seconds since then; where its share is tiny, more than it had."""
        wall, kept = (now - then for now, then in zip(self._now(), began))
        return max(wall - kept, wall / self._patience)

    def _check_share(self, began: tuple[float, float]) -> None:
        """A step that ran out of time must have had its share of the cores."""
        wall, kept = (now - then for now, then in zip(self._now(), began))
        if wall - kept < 1.2 * wall / self._patience:
            raise Doubtful("the machine was too busy with other work")


def _says_time_is_up(frame: frames.Frame | None) -> bool:
    """Whether the process says itself that a step was stopped for its time."""
    if frame is None:
        return False
    return frame.head.get("outcome") == "never_ended" or any(
        isinstance(output, dict) and output.get("ename") == TimeIsUp.__name__ for output in _list(frame, "outputs"))


def _short(evidence: Evidence) -> bool:
    """Whether anything in it says that the machine was short of something."""
    errors = (f"{o.get('ename')}: {o.get('evalue')}" for outputs in evidence.outputs.values() for o in outputs
              if o.get("output_type") == "error")
    return any(map(SHORTAGE.search, (*errors, *(a.message for a in evidence.answers.values()))))


def _listen(received: queue.Queue[frames.Frame | None], head: dict[str, Any], asked: list[str],
            clock: _Clock, evidence: Evidence) -> None:
    """Take one process's frames into the evidence, in their order; raises _Ended if the process stops early."""
    def expect(kind: str, seconds: float, **at: int) -> frames.Frame:
        if at and clock.spent:
            raise _Ended("never_ended", **at)
        try:
            frame = clock.next_frame(received, seconds, at.get("cell"))
        except queue.Empty:
            raise _Ended("never_ended", **at) from None
        number = next(iter(at.values()), None)
        if frame is None or frame.head.get("kind") != kind or frame.head.get("number") != number:
            raise _Ended("died", **at)
        return frame

    limits = clock.limits
    expect("ready", limits.start)
    clock.begin()
    for number, _ in head["cells"]:
        sent = _list(expect("outputs", limits.cell, cell=number), "outputs")
        if number not in evidence.outputs:
            evidence.outputs[number] = _bounded(sent, evidence)
    sent = _list(expect("missing", 0.0), "functions")
    evidence.missing = set(asked) & {name for name in sent if isinstance(name, str)}
    left_out = set(evidence.missing)
    with clock.calling():
        for number in head["wanted"]:
            function = asked[number]
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
    size, outputs = frames.weight(json.dumps(sent).encode()), [output for output in sent if isinstance(output, dict)]
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
    received: queue.Queue[frames.Frame | None] = queue.Queue(maxsize=2)  # a process that sends too fast has to wait
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
