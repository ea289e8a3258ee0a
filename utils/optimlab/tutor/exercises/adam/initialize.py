"""The exercise `initialize_adam`: what is asked, judged, and named."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import POISON, Answer, Challenge
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
    ("random", "The moments start at random numbers.",
          "The first steps go anywhere, and differ from run to run.", rule.CORRECTION),
    ("uninitialized", "The arrays are made but never filled.",
          "They hold what the memory held before: often zero, until one day it is not.", rule.CORRECTION),
    ("integers", "The moments are arrays of whole numbers.",
          "An update in place fails or drops the fractions.", rule.SETTLED),
    ("too_few", "Fewer than eight arrays come back.",
          "Some parameter is left without its memory.", rule.SHAPE),
    ("shared_buffer", "Several names stand for one array.",
          "An update in place of one moment moves another.", rule.SETTLED),
    ("order_of_returns", "The eight arrays come back in another order than the task says.",
          "Each moment meets another parameter's gradient.", rule.RETURNS),
)}

Shape = tuple[int, ...]
Disguise = Callable[[Shape], Shape]
# In place 0 of the returned eight stands array number order[0] of the right order, and so on.
_ORDERS = ((0, 2, 1, 3, 4, 6, 5, 7), (0, 4, 1, 5, 2, 6, 3, 7), (0, 1, 4, 5, 2, 3, 6, 7),
           (2, 3, 0, 1, 6, 7, 4, 5), (7, 6, 5, 4, 3, 2, 1, 0), (3, 2, 1, 0, 7, 6, 5, 4),
           (0, 4, 2, 6, 1, 5, 3, 7), (1, 0, 3, 2, 5, 4, 7, 6))
_FLAT_BIASES: tuple[Disguise, ...] = (lambda s: (s[0],), lambda s: (1, s[0]), lambda s: (s[0], s[0]))


def _turned(shape: Shape) -> Shape:
    return shape[::-1]


def _as_it_is(shape: Shape) -> Shape:
    return shape


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake]) -> list[Mistake]:
    """Each aspect (number, order and shape, type, values, memory) has its own deviations."""
    answers = [a for _, a in pairs if a.outcome == "returned" and a.container in ("tuple", "list")
               and all(isinstance(r, np.ndarray) for r in a.results)]
    if len(answers) < len(pairs):
        return seen
    ids = []
    if any(len(a.results) > 8 for a in answers):
        return seen  # which of them are meant cannot be known
    if any(len(a.results) < 8 for a in answers):
        ids.append("initialize.too_few")
    else:
        expected = [shapes(*c.calls[0][0]) * 2 for c, _ in pairs]
        ids += _explain_shapes([[r.shape for r in a.results] for a in answers], expected)
    results = [r for a in answers for r in a.results]
    if any(r.dtype.kind in "iub" for r in results):
        ids.append("initialize.integers")
    filled = [r for r in results if r.any()]
    if any(np.any(r == POISON) for r in filled if r.dtype.kind == "f"):
        ids.append("initialize.uninitialized")
    elif filled and all(np.all(r == 1) for r in filled):
        ids.append("initialize.ones")
    elif filled:
        ids.append("initialize.random")
    if any(not np.all(r == n) for a in answers for n, r in enumerate(a.probed, start=1)):
        ids.append("initialize.shared_buffer")
    return seen + [Mistake(id, str(HINTS[id])) for id in ids]


def _explain_shapes(seen: Sequence[Any], expected: Sequence[Sequence[Shape]]) -> list[str]:
    """The fewest of transposed, bias_not_column and order_of_returns that give the shapes seen."""
    explanations = []
    in_order = tuple(range(8))
    # Places among W1, b1, W2, b2: both weights or one, both biases or one.
    for order, turned, flattened, flat in product(
            (in_order, *_ORDERS), ((), (0, 2), (0,), (2,)), ((), (1, 3), (1,), (3,)), _FLAT_BIASES):
        ways = [_turned if i % 4 in turned else flat if i % 4 in flattened else _as_it_is for i in range(8)]
        if seen == [[ways[i](e[i]) for i in order] for e in expected]:
            made = {"initialize.transposed": turned, "initialize.bias_not_column": flattened,
                    "initialize.order_of_returns": order != in_order}
            explanations.append([id for id, yes in made.items() if yes])
    return min(explanations, key=len, default=[])


EXERCISE = Exercise(
    "initialize_adam",
    (
        Criterion("initialize.shapes", 2, "eight arrays, in this order, of these shapes",
                  _judge_shapes),
        Criterion("initialize.zeros", 1, "all zero, in floating point", _judge_zeros),
        Criterion("initialize.independent", 1, "no two arrays share memory", _judge_independent),
    ),
    _challenges, _diagnose, HINTS, assignment="adam", place=1)
