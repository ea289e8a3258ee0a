"""`check`, `ready` and `require`: what a notebook calls."""

import inspect
import linecache
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from optimlab.tutor.beside import FROZEN, WRITTEN, beside
from optimlab.tutor.challenges import Challenge, answer_all
from optimlab.tutor.exercise import Exercise, assess, once_for_each
from optimlab.tutor.messages import listed, nearly
from optimlab.tutor.registry import EXERCISES
from optimlab.tutor.reports import Report

PUBLIC_SEED = 20240928  # what notebooks are checked with; a grader draws its own


def public_challenges(exercise: Exercise) -> list[Challenge]:
    """The challenges that notebooks are checked with: always the same."""
    return exercise.challenges(np.random.default_rng(PUBLIC_SEED))


_drawn_once = once_for_each(public_challenges)  # a notebook asks for them in ten cells


def warm_up() -> None:
    """Draw all public cases and compute what is right there, so that later checks in this process find it."""
    for exercise in EXERCISES.values():
        challenges = _drawn_once(exercise)
        for way in exercise.ways[:1]:
            assess(exercise, challenges, answer_all(challenges, way))


def check(function: Callable[..., Any]) -> Report:
    """Check one function of an exercise, found by its name, on public cases.

    The exercise is the course's own, or lies beside the notebook. Returns a Report, which shows itself
    in a notebook or a terminal. Raises ValueError where no exercise has a function of that name.

    >>> def gradient_step(w, dw, learning_rate):
    ...     return w - learning_rate * dw
    >>> check(gradient_step)
    gradient_step: correct, 2 of 2 points
      ✓ 1/1  gradient_step.shape
      ✓ 1/1  gradient_step.step
    """
    return _assessed(function)


def ready(*functions: Callable[..., Any]) -> bool:
    """Whether functions can be used; says in one line which are not written or do not end, or are not right yet.

    For a cell that uses what is written in others. Raises ValueError as `check` does.

    >>> def gradient_step(w, dw, learning_rate):
    ...     raise NotImplementedError
    >>> ready(gradient_step)
    Write gradient_step first.
    False
    >>> def gradient_step(w, dw, learning_rate):
    ...     return w + learning_rate * dw
    >>> ready(gradient_step)
    gradient_step is not right yet: its check says more.
    True
    """
    reports = [_assessed(f, explained=False) for f in functions]
    empty = [r.name for r in reports if r.status == "not attempted"]
    endless = [r.name for r in reports if any(m.id == "never_ends" for m in r.mistakes)]
    wrong = [r.name for r in reports if r.status == "wrong" and r.name not in endless]
    if empty:
        print(f"Write {listed(empty)} first.")
    for names, is_so, are_so in ((endless, "does not come to an end", "do not come to an end"),
                                 (wrong, "is not right yet", "are not right yet")):
        if names and not empty:
            print(f"{listed(names)} {is_so}: its check says more." if len(names) == 1 else
                  f"{listed(names)} {are_so}: their checks say more.")
    return not empty and not endless


class NotMet(Exception):
    """A criterion is not met. Shown as its own text, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        return textwrap.wrap(str(self), 80)  # Validate's window does not wrap


class NotAttempted(NotMet, NotImplementedError):
    """The function is still empty."""


def require(criterion_id: str, function: Callable[..., Any]) -> None:
    """Pass in silence where the criterion is met; raise one line that says why where it is not.

    >>> def gradient_step(w, dw, learning_rate):
    ...     w - learning_rate * dw
    >>> require("gradient_step.shape", gradient_step)    # doctest: +ELLIPSIS
    Traceback (most recent call last):
    optimlab.tutor.checking.NotMet: gradient_step.shape, 0 of 1 points: your function returned nothing ...
    """
    report = _assessed(function, explained=False)  # most criteria are met: then nothing has to be explained
    outcome = report.outcome(criterion_id)
    if report.status == "not attempted":
        raise NotAttempted(f"{criterion_id}, 0 of {outcome.max_points} points: {report.name} is still empty")
    if not outcome.passed:
        names = ", ".join(m.id for m in check(function).mistakes)
        named = f" [{names}: check({report.name}) says more]" if names else ""
        raise NotMet(f"{criterion_id}, 0 of {outcome.max_points} points: {outcome.message}{named}")


def _assessed(function: Callable[..., Any], explained: bool = True) -> Report:
    """The report on a function in the points of the notebook's assignment. explained: as `assess` has it."""
    known = beside(Path(), WRITTEN, FROZEN).known
    name = getattr(function, "__name__", "")
    exercise = known.exercises.get(name)
    if exercise is None:
        if meant := nearly(name, known.exercises):
            raise ValueError(f"your function is called {name}; the check looks for {meant}")
        raise ValueError(f"check() knows the functions {', '.join(known.exercises)}; those of another assignment only "
                         "in its own folder, beside the files that came with it")
    challenges = _drawn_once(exercise)
    report = assess(exercise, challenges, answer_all(challenges, function), _source(function),
                    lambda: [a.trace for a in answer_all(list(exercise.followed), function)], _text, explained,
                    _written_beside(function) - known.exercises.keys())
    points = known.worth(exercise.name)
    return report.worth(points) if points else report


def _written_beside(function: Callable[..., Any]) -> set[str]:
    """The names of the functions that are written where this one is."""
    space = getattr(function, "__globals__", {})
    return {name for name, x in space.items() if inspect.isfunction(x) and x.__module__ == function.__module__}


def _text(file: str) -> str:
    """The text of a file that Python has read a function from: a notebook's cell, too."""
    return "".join(linecache.getlines(file))


def _source(function: Callable[..., Any]) -> str:
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):
        return ""
