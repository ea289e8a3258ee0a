"""What an assignment asks of the tutor: the exercises that its released notebook names, and their points."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from optimlab.classroom import Unusable
from optimlab.classroom.grading.notebooks import (
    Cell,
    Notebook,
    checked_by,
    code_cells,
    criterion_of,
    grade_id,
    is_test,
)
from optimlab.tutor.beside import NONE, WRITTEN, Beside, beside
from optimlab.tutor.exercise import Exercise
from optimlab.tutor.registry import EXERCISES


class Assignment(NamedTuple):
    """An assignment, and the exercises that one of its notebooks asks for: none where all its tests are its own."""

    name: str
    exercises: tuple[Exercise, ...]

    @property
    def words(self) -> dict[str, str]:
        """What each criterion asks for, by its id."""
        return {c.id: c.what for e in self.exercises for c in e.criteria}


def written_in(folder: Path) -> Beside:
    """The exercises that an author wrote beside a notebook; raises Unusable where they cannot be read."""
    try:
        return beside(folder, WRITTEN)
    except ValueError as error:
        raise Unusable(str(error)) from None


def asked_by(released: Notebook, name: str, own: Beside = NONE) -> Assignment:
    """The assignment of this name, with the exercises that the cells of its released notebook call for, in order.

    A cell does so that holds `check(FUNCTION)` or, with points, `require("CRITERION", FUNCTION)` and nothing else,
    where they are the tutor's. Raises Unusable for a criterion or a function that no exercise has, of the course's
    and the assignment's `own`.
    """
    if not any("optimlab.tutor" in c["source"] for _, c in code_cells(released)):
        return Assignment(name, ())  # check and require are the notebook's own
    try:
        known = own.known.exercises
    except ValueError as error:
        raise Unusable(str(error)) from None
    if unknown := list(_unknown(released, known)):
        raise Unusable(f"{name}: {'; '.join(unknown)}")
    owners = _owners(known)
    wanted = [owners.get(criterion_of(c) or "") or checked_by(c["source"]) for _, c in code_cells(released)]
    return Assignment(name, tuple(known[w] for w in dict.fromkeys(wanted) if w))


def points_in(nb: Notebook, criteria: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The points that each criterion has in the test cells of a notebook; {} where there is no such cell.

    criteria: of each exercise, and what each is worth beside the others. A cell with `check(FUNCTION)` shares its
    points out among those that have no cell of their own.
    """
    worth = {c: _points(cell) for _, cell in code_cells(nb) if (c := criterion_of(cell))}
    for _, cell in code_cells(nb):
        if is_test(cell) and (of := criteria.get(checked_by(cell["source"]) or "")):
            left = {c: weight for c, weight in of.items() if c not in worth}
            worth |= {c: _points(cell) * weight / sum(left.values()) for c, weight in left.items()}
    return worth


def _points(cell: Cell) -> float:
    points: float = cell["metadata"]["nbgrader"].get("points", 0)
    return points


def _owners(known: Mapping[str, Exercise]) -> dict[str, str]:
    return {c.id: e.name for e in known.values() for c in e.criteria}


def _unknown(released: Notebook, known: Mapping[str, Exercise]) -> Iterator[str]:
    """A line for each call of the tutor that it could not answer."""
    owners = _owners(known)
    beside_it = [name for name, e in known.items() if EXERCISES.get(name) is not e]
    own = f": those of {WRITTEN} are {', '.join(beside_it)}" if beside_it else ""
    for _, cell in code_cells(released):
        criterion, function = criterion_of(cell), checked_by(cell["source"])
        if criterion and criterion not in owners:
            of = criterion.partition(".")[0]
            there = f": those of {of} are {', '.join(c.id for c in known[of].criteria)}" if of in known else ""
            yield f"the cell {grade_id(cell)} requires {criterion}, and no exercise has that criterion{there}"
        if function and function not in known:
            yield f"a cell checks {function}, and there is no exercise of that name{own}"
