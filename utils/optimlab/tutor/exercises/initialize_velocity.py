"""Lesson 05's first exercise: `initialize_velocity`.

What a right function returns is known; what matters besides is whether it is an array of its own.
So its mistakes are not simulated: they are read off what comes back.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import POISON, Answer, Challenge
from optimlab.tutor.exercise import Criterion, Exercise, Judge, Pair
from optimlab.tutor.messages import ABOVE, Mistake, not_one, trouble
from optimlab.tutor.switchboard import Hint

MEMORY = "lesson 05, “What does a step remember?”"

Shape = tuple[int, ...]
NAME = "initialize_velocity"
HINTS = {f"{NAME}.{id}": Hint(does, effect, MEMORY) for id, does, effect in (
    ("ones", "The velocity starts at one.",
     "The ball is pushed before it has felt any slope."),
    ("random", "The velocity starts at random numbers.",
     "The first steps go where chance points, not where the slope does."),
    ("copy_of_w", "The velocity starts with the weights' own numbers.",
     "The ball is pushed before it has felt any slope, the harder the larger a weight is."),
    ("uninitialized", "The array is made but never filled.",
     "It holds what the memory held before: often zero, until one day it is not."),
    ("integers", "Where w holds whole numbers, so does the velocity.",
     "An update in place fails or drops the fractions."),
    ("same_as_w", "The velocity is w itself, or another name for its memory.",
     "An update of one in place moves the other."),
    ("flat", "All entries stand in one row: the shape of w is lost.",
     "The first step fails, or it spreads into a larger array, without a word."),
    ("length_only", "Only the first length of w is used: its shape is lost.",
     "Where w is a matrix, the first step fails, or it fits by luck."),
    ("transposed", "Rows and columns are exchanged.",
     "Where w is not square, the first step fails, or it spreads into a larger array."),
    ("scalar", "A single zero comes back, not an array.",
     "There is no velocity for each weight, and nothing that can be updated in place."),
    ("list_returned", "A list comes back, not an array.",
     "The first step fails: a list cannot be scaled by a number."),
    ("w_too", "More comes back than the velocity.",
     "Whoever takes what comes back for the velocity has a pair in hand, and the first step fails."),
)}


def _challenges(rng: Generator) -> list[Challenge]:
    def ask(id: str, w: np.ndarray) -> Challenge:
        return Challenge(f"case/{id}", NAME, (((w,), {}),), probe_memory=True)

    # Two of one shape: what does not depend on w shows. None holds ones alone.
    return [*(ask(f"w of shape {shape}", rng.normal(0, 2, shape))
              for shape in ((2, 3), (4,), (3, 1), (2, 2, 2), (1, 3))),
            ask("w of shape (2, 3) again", rng.normal(0, 2, (2, 3))),
            ask("whole numbers in w", rng.integers(2, 9, (2, 4)))]


def _not_an_array(answer: Answer) -> str:
    """Why the answer is not one array, in one line; "" where it is."""
    return trouble(answer) or not_one(answer, a_number=False)


def _judge(fault: Callable[[np.ndarray, Answer], str]) -> Judge:
    """A criterion's judge: the first answer that is no array, or has a fault (w, answer) -> str."""
    def judge(pairs: Sequence[Pair]) -> str:
        for challenge, answer in pairs:
            problem = _not_an_array(answer) or fault(_w(challenge), answer)
            if problem:
                return f"{problem} ({challenge.id.split('/', 1)[1]})"
        return ""
    return judge


def _w(challenge: Challenge) -> np.ndarray:
    ((w,), _), = challenge.calls
    return np.asarray(w)


def _fault_of_shape(w: np.ndarray, answer: Answer) -> str:
    shape = answer.results[0].shape
    return "" if shape == w.shape else f"the velocity comes back with the shape {shape}"


def _fault_of_zeros(w: np.ndarray, answer: Answer) -> str:
    v, = answer.results
    if v.dtype.kind != "f":
        return f"the velocity holds {v.dtype.name} numbers: averages need floating point"
    return "the velocity is not all zero" if v.any() else ""


def _fault_of_memory(w: np.ndarray, answer: Answer) -> str:
    # What came back was filled with 1, then w with 2.
    return "" if np.all(answer.probed[0] == 1) else "the velocity shares memory with w, or cannot be written to"


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake]) -> list[Mistake]:
    """Each aspect (form, shape, type, values, memory) has its own deviations."""
    ids = []
    ws, answers = [_w(c) for c, _ in pairs], [a for _, a in pairs]
    form = _of_form(ws, answers)
    if form:
        ids.append(form)
    elif not any(_not_an_array(a) for a in answers):
        vs = [a.results[0] for a in answers]
        ids.append(_of_shape([w.shape for w in ws], [v.shape for v in vs]))
        shared = any(a.probed[0].size and np.all(a.probed[0] == 2) for a in answers)
        values = "same_as_w" if shared else _of_values(ws, vs) if any(v.any() for v in vs) else ""
        # What is taken from w has w's type: one mistake, not two.
        if values not in ("same_as_w", "copy_of_w") and any(v.dtype.kind in "iub" for v in vs):
            ids.append("integers")
        ids.append(values)
    return seen + [Mistake(id, str(HINTS[id])) for id in (f"{NAME}.{id}" for id in ids if id)]


def _of_form(ws: Sequence[np.ndarray], answers: Sequence[Answer]) -> str:
    """The mistake in the form of what came back; "" where it has no name, or where it is an array."""
    if any(a.outcome != "returned" or not a.results for a in answers):
        return ""
    if all(a.container == "list" and _may_be_rows(w, a.results) for w, a in zip(ws, answers)):
        return "list_returned"
    if all(a.container == "tuple" and len(a.results) > 1 and isinstance(a.results[0], np.ndarray) for a in answers):
        return "w_too"
    single = all(a.container not in ("tuple", "list") and _is_zero(a.results[0]) for a in answers)
    return "scalar" if single else ""


def _is_zero(result: Any) -> bool:
    return not isinstance(result, str) and np.shape(result) == () and result == 0


def _may_be_rows(w: np.ndarray, results: Sequence[Any]) -> bool:
    """Whether the entries of a list may be w's, or its rows: numbers, arrays, or lists again."""
    return len(results) in (*w.shape, w.size) and all(isinstance(r, (float, np.ndarray)) or r == "a list"
                                                    for r in results)


def _of_shape(right: Sequence[Shape], seen: Sequence[Shape]) -> str:
    """Which mistake gives these shapes in every answer; "" for none, or for none that has a name."""
    ways: tuple[tuple[str, Callable[[Shape], Shape]], ...] = (
        ("", lambda s: s),
        ("transposed", lambda s: s[::-1]),
        ("flat", lambda s: (int(np.prod(s)),)), ("flat", lambda s: (int(np.prod(s)), 1)),
        ("flat", lambda s: (1, int(np.prod(s)))),
        ("length_only", lambda s: s[:1]), ("length_only", lambda s: (s[0], 1)), ("length_only", lambda s: (s[0], s[0])),
    )
    return next((id for id, way in ways if list(seen) == [way(s) for s in right]), "")


def _of_values(ws: Sequence[np.ndarray], vs: Sequence[np.ndarray]) -> str:
    """Which mistake gives these numbers, not all zero; "" for none that has a name."""
    if any(np.any((v.view(float) if v.dtype == np.int64 else v.astype(float)) == POISON) for v in vs):
        return "uninitialized"
    vs = [v.astype(float) for v in vs]
    if not all(np.isfinite(v).all() for v in vs):
        return ""
    if all(np.all(v == 1) for v in vs):
        return "ones"
    if all(np.isin(v, w).all() for w, v in zip(ws, vs)):
        return "copy_of_w"
    # Neither one number everywhere nor a multiple of w.
    multiple = all(w.shape == v.shape and np.ptp(v / w) < 1e-9 for w, v in zip(ws, vs))
    spreads = [np.ptp(v) for v in vs if v.size > 1]
    return "random" if spreads and min(spreads) > 0 and not multiple else ""


EXERCISE = Exercise(
    NAME,
    (
        Criterion(f"{NAME}.shape", 1, "one array of w's shape", _judge(_fault_of_shape)),
        Criterion(f"{NAME}.zeros", 1, "all zero, in floating point", _judge(_fault_of_zeros)),
        Criterion(f"{NAME}.independent", 1, "an array of its own", _judge(_fault_of_memory)),
    ),
    _challenges, _diagnose, HINTS, lesson="05", place=1, settled=ABOVE)
