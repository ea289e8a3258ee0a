"""`check` and `require`: what a notebook calls."""

import inspect
import textwrap
from typing import Callable

import numpy as np

from optimlab.tutor.exercises.adam.initialize import INITIALIZE
from optimlab.tutor.exercises.adam.update import UPDATE
from optimlab.tutor.exercises.adaptive_rates import ADAGRAD_STEP, RMSPROP_STEP
from optimlab.tutor.exercises.backpropagation import LAYER_BACKWARD, NUMERICAL_GRADIENT
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.exercise import Exercise, Report, assess
from optimlab.tutor.exercises.gradient_descent import GRADIENT_STEP, LARGEST_STABLE_RATE
from optimlab.tutor.exercises.mini_batches import RANDOM_MINI_BATCHES, SGD_EPOCH
from optimlab.tutor.exercises.momentum import INITIALIZE_VELOCITY, MOMENTUM_STEP
from optimlab.tutor.exercises.moving_average import EWMA

ASSIGNMENTS: dict[str, tuple[Exercise, ...]] = {"adam": (INITIALIZE, UPDATE)}
# The "Your turn" of each lesson, by its number.
LESSONS: dict[str, tuple[Exercise, ...]] = {
    "01": (NUMERICAL_GRADIENT, LAYER_BACKWARD),
    "02": (GRADIENT_STEP, LARGEST_STABLE_RATE),
    "03": (RANDOM_MINI_BATCHES, SGD_EPOCH),
    "04": (EWMA,),
    "05": (INITIALIZE_VELOCITY, MOMENTUM_STEP),
    "06": (ADAGRAD_STEP,),
    "07": (RMSPROP_STEP,),
}
EXERCISES: dict[str, Exercise] = {e.name: e for part in (ASSIGNMENTS, LESSONS) for exercises in part.values()
                                  for e in exercises}
PUBLIC_SEED = 20240928  # what notebooks are checked with; a grader draws its own


def check(function: Callable) -> Report:
    """Check one function of an exercise, found by its name, on public cases.

    Returns a Report, which shows itself in a notebook or a terminal. Raises ValueError where no
    exercise has a function of that name.

    >>> def initialize_adam(n_x, n_h, n_y):
    ...     raise NotImplementedError
    >>> check(initialize_adam).status
    'not attempted'
    """
    exercise = EXERCISES.get(getattr(function, "__name__", ""))
    if exercise is None:
        raise ValueError(f"check() takes one of the course's functions: {', '.join(EXERCISES)}")
    challenges = exercise.challenges(np.random.default_rng(PUBLIC_SEED))
    return assess(exercise, challenges, answer_all(challenges, function), _source(function))


class NotMet(Exception):
    """A criterion is not met. Shown as its own text, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return textwrap.wrap(str(self), 80)  # Validate's window does not wrap


class NotAttempted(NotMet, NotImplementedError):
    """The function is still empty."""


def require(criterion_id: str, function: Callable) -> None:
    """Pass in silence where the criterion is met; raise one line that says why where it is not.

    >>> def initialize_adam(n_x, n_h, n_y):
    ...     return None
    >>> require("initialize.shapes", initialize_adam)    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    optimlab.tutor.checking.NotMet: initialize.shapes, 0 of 2 points: your function returned nothing ...
    """
    report = check(function)
    outcome = report.outcome(criterion_id)
    if report.status == "not attempted":
        raise NotAttempted(f"{criterion_id}: not attempted")
    if not outcome.passed:
        names = ", ".join(m.id for m in report.mistakes)
        named = f" [{names}: check({report.name}) says more]" if names else ""
        raise NotMet(f"{criterion_id}, 0 of {outcome.max_points} points: {outcome.message}{named}")


def _source(function: Callable) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""
