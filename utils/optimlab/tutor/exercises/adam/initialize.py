"""The exercise `initialize_adam`: what is asked, judged, and named."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import POISON, Answer, Challenge, kind_of
from optimlab.tutor.exercise import Criterion, Exercise, Pair
from optimlab.tutor.exercises.adam import rule
from optimlab.tutor.exercises.adam.arrays import MOMENTS, networks, shapes
from optimlab.tutor.messages import Mistake, not_arrays, trouble
from optimlab.tutor.switchboard import Hint


def _challenges(rng: Generator) -> list[Challenge]:
    drawn = networks(rng)
    return [Challenge(f"initialize/{n_x}-{n_h}-{n_y}", "initialize_adam", (((n_x, n_h, n_y), {}),), True)
            for n_x, n_h, n_y in (*drawn.values(), drawn["many outputs"][::-1])]


def _moments_of(pairs: Sequence[Pair]) -> Iterator[tuple[Challenge, Answer, str]]:
    """Each challenge with its answer and why that is not eight arrays ("" where it is)."""
    for challenge, answer in pairs:
        problem = trouble(answer) or not_arrays(answer, 8)
        yield challenge, answer, problem


def _judge_shapes(pairs: Sequence[Pair]) -> str:
    for challenge, answer, problem in _moments_of(pairs):
        if problem:
            return problem
        units = challenge.calls[0][0]
        for name, result, shape in zip(MOMENTS, answer.results, shapes(*units) * 2):
            if result.shape != shape:
                return (f"{name} has the shape {result.shape} for n_x={units[0]}, n_h={units[1]}, "
                        f"n_y={units[2]}: rows or columns are not those of its parameter")
    return ""


def _judge_zeros(pairs: Sequence[Pair]) -> str:
    for _, answer, problem in _moments_of(pairs):
        if problem:
            return problem
        for name, result in zip(MOMENTS, answer.results):
            if result.dtype.kind != "f":
                return f"{name} holds {result.dtype.name} numbers: averages need floating point"
            if result.any():
                return f"{name} is not all zero"
    return ""


def _judge_independent(pairs: Sequence[Pair]) -> str:
    for _, answer, problem in _moments_of(pairs):
        if problem:
            return problem
        # Each array was filled with its own number, 1 to 8, in turn.
        for number, (name, result) in enumerate(zip(MOMENTS, answer.probed), start=1):
            if not np.all(result == number):
                return f"{name} shares memory with another array, or cannot be written to"
    return ""


HINTS = {f"initialize.{id}": Hint(does, effect, reread) for id, does, effect, reread in (
    ("transposed", "Rows and columns of the weight moments are exchanged.",
          "The first update fails: the moment does not fit its gradient.", rule.SHAPE),
    ("bias_not_column", "The bias moments are not columns.",
          "Added to a column, NumPy spreads them into a square, without a word.", rule.SHAPE),
    ("ones", "The moments start at one.",
          "A past that never was: with gradients of 0.1 the 1000th step is still 7.69 times too short.",
          rule.CORRECTION),
    ("nonzero", "The moments start at other numbers than zero.",
          "A past that never was: the first steps follow it as well as the gradients.", rule.CORRECTION),
    ("random", "The moments start at random numbers.",
          "The first steps go anywhere, and differ from run to run.", rule.CORRECTION),
    ("uninitialized", "The arrays are made but never filled.",
          "They hold what the memory held before: often zero, until one day it is not.", rule.CORRECTION),
    ("integers", "The moments are arrays of whole numbers.",
          "An update in place fails or drops the fractions.", rule.SETTLED),
    ("bias_like_weights", "The bias moments are as large as the moments of their weights.",
          "One column is asked for: the first update turns the biases into a table.", rule.SHAPE),
    ("units_exchanged", "Some moments are as large as another layer's arrays: numbers of units are exchanged.",
          "The first update fails where the layers differ in size.", rule.SHAPE),
    ("fixed_shapes", "Some moments have the same size for every network.",
          "They fit one network alone: the numbers of units are given to the function for that.", rule.SHAPE),
    ("scalars", "Single numbers come back, not arrays.",
          "Nothing is there to hold one memory for each weight.", rule.SHAPE),
    ("none", "None comes back where arrays are asked for.",
          "The first update cannot compute with it.", rule.SHAPE),
    ("lists", "Lists come back, not arrays.",
          "Lists do not compute number by number, so the first update fails.", rule.SHAPE),
    ("dicts", "The moments come back in a dict.",
          "The caller has eight names for eight arrays, and finds keys or a single thing.", rule.SETTLED),
    ("grouped", "The moments come back in groups.",
          "The caller has eight names for eight arrays, and stops.", rule.SETTLED),
    ("too_few", "Fewer than eight arrays come back.",
          "Some parameter is left without its memory.", rule.SETTLED),
    ("too_many", "More than eight things come back.",
          "The caller has eight names for them, and stops.", rule.SETTLED),
    ("shared_buffer", "Several names stand for one array.",
          "An update in place of one moment moves another.", rule.SETTLED),
    ("order_of_returns", "The eight arrays do not come back in the order that the task gives.",
          "Each moment meets another parameter's gradient.", rule.SETTLED),
)}

RANDOM = re.compile("rand|normal|uniform")  # in a source, where the numbers come from
Shape = tuple[int, ...]
Disguise = Callable[[Shape, Shape], Shape]
# In place 0 of the returned eight stands array number order[0] of the right order, and so on.
_ORDERS = ((0, 2, 1, 3, 4, 6, 5, 7), (0, 4, 1, 5, 2, 6, 3, 7), (0, 1, 4, 5, 2, 3, 6, 7),
           (2, 3, 0, 1, 6, 7, 4, 5), (7, 6, 5, 4, 3, 2, 1, 0), (3, 2, 1, 0, 7, 6, 5, 4),
           (0, 4, 2, 6, 1, 5, 3, 7), (1, 0, 3, 2, 5, 4, 7, 6))
# What becomes of a bias's shape, given that of its weights.
_DISGUISES: tuple[tuple[str, Disguise], ...] = (
    ("bias_not_column", lambda s, w: (s[0],)), ("bias_not_column", lambda s, w: (1, s[0])),
    ("bias_not_column", lambda s, w: (s[0], s[0])), ("bias_like_weights", lambda s, w: w))


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake]) -> list[Mistake]:
    """Each aspect (form, number, order and shape, type, values, memory) has its own deviations."""
    answers = [a for _, a in pairs]
    if any(a.outcome != "returned" for a in answers):
        return seen
    form = _form(answers)
    ids = [form] if form else _in_arrays([c.calls[0][0] for c, _ in pairs], answers, source)
    return seen + [Mistake(id, str(HINTS[id])) for id in (f"initialize.{id}" for id in ids)]


def _form(answers: Sequence[Answer]) -> str:
    """The mistake in what stands where eight arrays are asked for; "" for none that has a name."""
    results = [r for a in answers for r in a.results]
    kinds = {kind_of(r) for r in results}
    if any(a.container == "dict" for a in answers) or "a dict" in kinds:
        return "dicts"
    if results and kinds == {"a NoneType"}:
        return "none"
    if results and all(isinstance(r, float) or (isinstance(r, np.ndarray) and r.ndim == 0) for r in results):
        return "scalars"
    if not all(a.container in ("tuple", "list") for a in answers):
        return ""
    if any(isinstance(r, (tuple, list)) for r in results) or "a tuple" in kinds:
        return "grouped"
    return "lists" if kinds == {"a list"} else ""


def _in_arrays(units: Sequence[Any], answers: Sequence[Answer], source: str) -> list[str]:
    """The mistakes of arrays that came back; none where they are something else."""
    if any(len(a.results) > 8 for a in answers):
        return ["too_many"]
    if any(a.container not in ("tuple", "list", "ndarray") or not a.results for a in answers):
        return []
    results = [r for a in answers for r in a.results]
    if not all(isinstance(r, np.ndarray) for r in results):
        return []
    ids = []
    if any(len(a.results) < 8 for a in answers):
        ids.append("too_few")
    else:
        ids += _explain_shapes([[r.shape for r in a.results] for a in answers], units)
    if any(r.dtype.kind in "iub" for r in results):
        ids.append("integers")
    filled = [r for r in results if r.any()]
    if any(np.any(r == POISON) for r in filled if r.dtype.kind == "f"):
        ids.append("uninitialized")
    elif filled:
        ids.append("ones" if all(np.all(r == 1) for r in filled) else "random" if RANDOM.search(source) else "nonzero")
    if any(not np.all(r == n) for a in answers for n, r in enumerate(a.probed, start=1)):
        ids.append("shared_buffer")
    return ids


def _explain_shapes(seen: Sequence[Sequence[Shape]], units: Sequence[Any]) -> list[str]:
    """The fewest mistakes that give the shapes seen; none where no mistake of a name does."""
    expected = [shapes(*u) * 2 for u in units]
    explanations = []
    in_order = tuple(range(8))
    # Places among W1, b1, W2, b2: both weights or one, both biases or one.
    for order, turned, disguised, (id, disguise) in product(
            (in_order, *_ORDERS), ((), (0, 2), (0,), (2,)), ((), (1, 3), (1,), (3,)), _DISGUISES):
        made = [[right[::-1] if i % 4 in turned else disguise(right, e[i - 1]) if i % 4 in disguised else right
                 for i, right in enumerate(e)] for e in expected]
        if seen == [[m[i] for i in order] for m in made]:
            ids = {"transposed": turned, id: disguised, "order_of_returns": order != in_order}
            explanations.append([id for id, yes in ids.items() if yes])
    if explanations:
        return min(explanations, key=len)
    # Array by array, in every network: one size for all, or in each direction some number of units.
    odd = [sizes for sizes, right in zip(zip(*seen), zip(*expected)) if sizes != right]
    if all(len(set(sizes)) == 1 for sizes in odd):
        return ["fixed_shapes"]
    return ["units_exchanged"] if all(_of_units(sizes, units) for sizes in odd) else []


def _of_units(sizes: Sequence[Shape], units: Sequence[Any]) -> bool:
    """Whether the sizes of one array in several networks are numbers of units, or one, in each direction."""
    if len({len(size) for size in sizes}) > 1:
        return False
    known = [tuple(column) for column in (*zip(*units), [1] * len(units))]
    return all(tuple(column) in known for column in zip(*sizes))


EXERCISE = Exercise(
    "initialize_adam",
    (
        Criterion("initialize.shapes", 2, "eight arrays, in this order, of these shapes",
                  _judge_shapes),
        Criterion("initialize.zeros", 1, "all zero, in floating point", _judge_zeros),
        Criterion("initialize.independent", 1, "no two arrays share memory", _judge_independent),
    ),
    _challenges, _diagnose, HINTS, assignment="adam", place=1)
