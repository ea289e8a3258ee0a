"""Enters a released assignment in the gradebook: its notebooks, and in each the cells that nbgrader knows of."""

from typing import Any, NamedTuple

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Course,
    Grade,
    GradeCell,
    Notebook,
    SolutionCell,
    SourceCell,
    SubmittedNotebook,
    TaskCell,
)
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook.database import cells_of, rows_of

# What nbgrader knows of a cell, by kind; the name and the notebook aside.
COLUMNS: dict[Any, tuple[str, ...]] = {
    GradeCell: ("max_score", "cell_type"), SolutionCell: (), TaskCell: ("max_score", "cell_type"),
    SourceCell: ("cell_type", "locked", "source", "checksum")}


class Made(NamedTuple):
    """A released notebook, as a gradebook knows it."""

    kernelspec: str | None
    cells: dict[tuple[Any, str], dict[str, Any]]  # by kind and name


class CellsChanged(Unusable):
    """There are submissions, and the assignment now has other cells than those that they answer."""


def read(session: Session, assignment: str) -> dict[str, Made]:
    """The notebooks of an assignment by name; there are none where the gradebook lacks the assignment."""
    return {n.name: Made(n.kernelspec, {key: {c: getattr(row, c) for c in COLUMNS[key[0]]}
                                        for key, row in _rows(session, n).items()})
            for n in _notebooks(session, _entry(session, assignment))}


def enter(session: Session, course: str, assignment: str, made: dict[str, Made], again_for_all: bool = False) -> None:
    """Make the gradebook's entry of an assignment what was released; all else that it holds stays.

    again_for_all: go on where cells came or went although there are submissions. Each submission then
        gets the new cells, ungraded, and loses the points and comments of those that are gone.
    Raises CellsChanged where that is so and not asked for.
    """
    entry = _entry(session, assignment)
    before = read(session, assignment)
    if entry is None:
        if session.get(Course, course) is None:
            session.add(Course(id=course))
        entry = Assignment(name=assignment, course_id=course)
        session.add(entry)
        session.flush()
    if entry.submissions and not again_for_all and _gradable(before) != _gradable(made):
        raise CellsChanged(_told(assignment, len(entry.submissions), _gradable(before), _gradable(made)))
    notebooks = {n.name: n for n in _notebooks(session, entry)}
    for name in notebooks.keys() - made.keys():
        _remove(session, notebooks.pop(name))
    for name, wanted in made.items():
        notebook = notebooks.get(name) or Notebook(name=name, assignment_id=entry.id)
        notebook.kernelspec = wanted.kernelspec
        session.add(notebook)
        session.flush()
        _update(session, notebook, wanted.cells)
        for submission in entry.submissions:
            rows_of(session, submission.id, notebook.id, cells_of(session, notebook.id))


def _update(session: Session, notebook: Notebook, wanted: dict[tuple[Any, str], dict[str, Any]]) -> None:
    rows = _rows(session, notebook)
    for key in rows.keys() - wanted.keys():
        _remove_cell(session, rows[key])
    for (kind, name), columns in wanted.items():
        row = rows.get((kind, name)) or kind(name=name, notebook_id=notebook.id)
        for column, value in columns.items():
            setattr(row, column, value)
        session.add(row)
    session.flush()


def _remove(session: Session, notebook: Notebook) -> None:
    for row in _rows(session, notebook).values():
        _remove_cell(session, row)
    session.execute(delete(SubmittedNotebook).where(SubmittedNotebook.notebook_id == notebook.id))
    session.flush()
    session.delete(notebook)
    session.flush()


def _remove_cell(session: Session, row: Any) -> None:
    if isinstance(row, BaseCell):
        for kind in (Grade, Comment):
            session.execute(delete(kind).where(kind.cell_id == row.id))
    session.delete(row)


def _entry(session: Session, assignment: str) -> Any:
    return session.scalars(select(Assignment).where(Assignment.name == assignment)).one_or_none()


def _notebooks(session: Session, entry: Any) -> list[Notebook]:
    return [] if entry is None else list(session.scalars(select(Notebook).where(Notebook.assignment_id == entry.id)))


def _rows(session: Session, notebook: Notebook) -> dict[tuple[Any, str], Any]:
    return {(kind, row.name): row for kind in COLUMNS
            for row in session.scalars(select(kind).where(kind.notebook_id == notebook.id))}


def _gradable(notebooks: dict[str, Made]) -> set[tuple[str, Any]]:
    """The notebooks, and the cells in which there are points or answers, each with its kind."""
    return {(f"{name}.ipynb", Notebook) for name in notebooks} | {
        (cell, kind) for made in notebooks.values() for kind, cell in made.cells if kind is not SourceCell}


def _told(assignment: str, number: int, before: set[tuple[str, Any]], now: set[tuple[str, Any]]) -> str:
    changes = [f"{word}: {_some({name for name, _ in things})}"
               for word, things in (("new", now - before), ("gone", before - now)) if things]
    return (f"{assignment} has other cells now ({'; '.join(changes)}) than its submissions in the gradebook, "
            f"{number} of them")


def _some(names: set[str]) -> str:
    first = sorted(names)
    return ", ".join(first[:3]) + (f" and {len(first) - 3} more" if len(first) > 3 else "")
