"""Every exercise there is: the EXERCISE of each module in tutor/exercises/ and in the folders there."""

import pkgutil
from collections.abc import Iterable
from importlib import import_module
from types import ModuleType

from optimlab.tutor import exercises
from optimlab.tutor.exercise import Exercise


def found_in(package: ModuleType) -> list[Exercise]:
    """The EXERCISE of each module of a package, in order: assignments, then lessons, and there by their place.

    Challenges are drawn in this order, so it must not depend on a file system.
    """
    names = [m.name for m in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")]
    modules = [import_module(name) for name in names if not name.rpartition(".")[2].startswith("_")]
    found = [module.EXERCISE for module in modules if hasattr(module, "EXERCISE")]
    return sorted(found, key=lambda e: (e.lesson, e.assignment, e.place))


def _by(part: str, all_of_them: Iterable[Exercise]) -> dict[str, tuple[Exercise, ...]]:
    """The exercises by what they belong to: their "assignment" or their "lesson"."""
    grouped: dict[str, tuple[Exercise, ...]] = {}
    for exercise in all_of_them:
        if where := getattr(exercise, part):
            grouped[where] = (*grouped.get(where, ()), exercise)
    return grouped


EXERCISES: dict[str, Exercise] = {e.name: e for e in found_in(exercises)}
ASSIGNMENTS = _by("assignment", EXERCISES.values())
BY_LESSON = _by("lesson", EXERCISES.values())
WORDS = {c.id: c.what for e in EXERCISES.values() for c in e.criteria}  # what each criterion asks for
