"""Writes into nbgrader's gradebook what `nbgrader autograde` would have written, but in one transaction.

    with Book("sqlite:///gradebook.db") as book:
        book.save("one", "adam", "adam", autograded_notebook, submitted_at=None, comments={})
        rows = book.scores("adam")

nbgrader itself reopens the gradebook for every cell and commits some twenty times for each submission:
that takes 0.4 s, and a kill in between leaves half of a submission behind. Book uses nbgrader's models
and nbgrader's rules but writes all or nothing, so work that was killed can simply be done again. While
the gradebook is in use, Book waits; any other trouble with the database reaches the caller as Unusable,
one line that never shows the password.
"""

import functools
import inspect
import logging
import math
import re
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, OverwriteKernelspec
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task, parse_utc
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from traitlets.config import Config

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook import entry
from optimlab.classroom.gradebook.database import (
    MAKE_IT,
    PATIENCE,
    Database,
    NotEntered,
    cells_of,
    notebooks_of,
    rows_of,
    submission_of,
)
from optimlab.classroom.gradebook.scores import Row, class_scores, points
from optimlab.classroom.grading.by_hand import waits
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.preprocessors import Grade as Settings
from optimlab.classroom.grading.rebuild import may_stand_elsewhere

REMAKE = "make both again: python course.py release"
SILENT = logging.Logger("silent")
SILENT.disabled = True
LONGEST = 128  # characters of an id, a name or an address
MARKUP = re.compile(r'[<>&"\x00-\x1f\x7f]')  # formgrader shows names as they are entered, and students choose them


class Person(NamedTuple):
    """A student of the class; what is not known is ""."""

    first_name: str = ""
    last_name: str = ""
    email: str = ""
    lms_user_id: str = ""


class Book:
    """A gradebook, open for reading and writing; used as a context manager.

    db_url: as nbgrader's CourseDirectory.db_url, of SQLite or PostgreSQL.
    config: nbgrader's configuration, for its late penalties (without it there are none) and what c.Grade says.
    Raises Unusable if the address is not valid or the driver is missing, NotEntered if the file is not there.
    """

    def __init__(self, db_url: str, config: Config | None = None, patience: float = PATIENCE):
        self._database = Database(db_url, patience)
        late = AssignLatePenalties(config=config)
        late.init_plugin()
        self._penalty = late.plugin_inst.late_submission_penalty
        self._read_without_points = Settings(config=config).read_questions_without_points

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """The names of an assignment's notebooks; raises NotEntered if the gradebook has no such assignment."""
        return tuple(self._database.do(lambda session: sorted(notebooks_of(session, assignment))))

    def enter(self, course: str, assignment: str, made: dict[str, entry.Made], again_for_all: bool = False) -> None:
        """Enter a released assignment, all or nothing; see gradebook/entry.py."""
        self._database.do(lambda session: entry.enter(session, course, assignment, made, again_for_all))

    def templates(self, assignment: str, released: str | Path) -> dict[str, NotebookNode]:
        """The released notebooks of an assignment, with the locked cells that the gradebook holds.

        The gradebook keeps the hidden tests, which the students' version lacks. A notebook that was
        not released is left out.
        """
        known = self._database.do(lambda session: {name: {c.name for c in cells_of(session, id)}
                                          for name, id in notebooks_of(session, assignment).items()})
        made = {}
        for name in sorted(known):
            path = Path(released) / f"{name}.ipynb"
            if not path.is_file():
                continue
            made[name] = self._database.patiently(functools.partial(self._template, path, assignment))
            cells = [c for c in made[name].cells if is_grade(c) or is_solution(c) or is_task(c)]
            if known[name] != {grade_id(c) for c in cells}:
                raise Unusable(f"{path}: has other cells than the gradebook: {REMAKE}")
        return made

    def _template(self, path: Path, assignment: str) -> NotebookNode:
        about = {"nbgrader": {"notebook": path.stem, "assignment": assignment, "db_url": self._database.url}}
        try:
            nb: NotebookNode = nbformat.read(path, as_version=4)
            for step in (OverwriteKernelspec(), OverwriteCells()):
                step.log = SILENT  # it would warn of each hidden test that it puts back
                nb, _ = step.preprocess(nb, about)
            return nb
        except (nbformat.ValidationError, SchemaTooOldError, SchemaTooNewError, ValueError, RuntimeError, OSError):
            raise Unusable(f"{path}: is no notebook of this nbgrader's: {REMAKE}") from None

    def save(self, student: str, assignment: str, notebook: str, nb: NotebookNode | None,
             submitted_at: datetime | str | None = None, comments: dict[str, str | None] | None = None,
             extension: timedelta | None = None, unchanged: Collection[str] = ()) -> None:
        """Write one graded notebook, all or nothing; writing it twice does no more than writing it once.

        nb: the autograded notebook; None if the student handed in other notebooks of the assignment
            but not this one (each grade is then 0, as with nbgrader).
        submitted_at, extension: None leaves the time that the gradebook has.
        comments: by the name of the answer cell, in place of nbgrader's own ("No response.").
        unchanged: the cells in which the student handed in the same as when this was saved before.
        Points, extra points and comments that a person gave stay, and such a cell waits for that person again only
        if the student has changed it. Points are finite and between 0 and the maximum: a test cell that claims
        anything else gets 0 and waits for a person.
        """
        if not 0 < len(student) <= LONGEST or student != _storable(student):
            raise Unusable(f"a gradebook keeps no student's id like {student[:60]!a}: 1 to 128 letters")
        self._database.do(lambda session: self._save(session, student, assignment, notebook, nb, submitted_at,
                                                     comments or {}, extension, unchanged))

    def graded(self, assignment: str) -> set[tuple[str, str]]:
        """Every (student, notebook) whose tests all have points, asked in one query per notebook."""
        def found(session: Session) -> set[tuple[str, str]]:
            complete = set()
            for name, id in notebooks_of(session, assignment).items():
                cells = cells_of(session, id)
                by_hand = {c.name for c in cells if c.type == "SolutionCell"}
                tests = [c.id for c in cells
                         if c.type == "GradeCell" and c.kind == "code" and c.name not in by_hand]
                counted = session.execute(
                    select(SubmittedAssignment.student_id, func.count(Grade.id))
                    .select_from(SubmittedNotebook).join(SubmittedAssignment)
                    .outerjoin(Grade, (Grade.notebook_id == SubmittedNotebook.id) & Grade.cell_id.in_(tests)
                               & Grade.auto_score.is_not(None))
                    .where(SubmittedNotebook.notebook_id == id).group_by(SubmittedAssignment.student_id))
                complete |= {(student, name) for student, number in counted if number == len(tests)}
            return complete
        return self._database.do(found)

    def by_hand(self, assignment: str) -> dict[tuple[str, str], list[Any]]:
        """The points, extra points and comments that people gave, by (student, notebook), where they gave any."""
        submitted = (select(SubmittedAssignment.student_id, Notebook.name)
                     .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
                     .join(Notebook, Notebook.id == SubmittedNotebook.notebook_id)
                     .join(Assignment, Assignment.id == Notebook.assignment_id)
                     .where(Assignment.name == assignment))
        points = submitted.join(Grade, Grade.notebook_id == SubmittedNotebook.id).where(
            Grade.manual_score.is_not(None) | Grade.extra_credit.is_not(None)).add_columns(
            Grade.cell_id, Grade.manual_score, Grade.extra_credit)
        comments = submitted.join(Comment, Comment.notebook_id == SubmittedNotebook.id).where(
            Comment.manual_comment.is_not(None)).add_columns(Comment.cell_id, Comment.manual_comment)

        def found(session: Session) -> dict[tuple[str, str], list[Any]]:
            given: dict[tuple[str, str], list[Any]] = {}
            for question in (points, comments):
                for student, notebook, *what in sorted(map(tuple, session.execute(question)), key=repr):
                    given.setdefault((student, notebook), []).append(what)
            return given
        return self._database.do(found)

    def people(self) -> dict[str, Person]:
        """Every student of the class, by id."""
        return self._database.do(lambda session: {
            s.id: Person(*(getattr(s, column) or "" for column in Person._fields))
            for s in session.scalars(select(Student))})

    def enter_people(self, people: Mapping[str, Person]) -> tuple[int, int]:
        """Enter students, by id; what is "" leaves what is there. How many were new, and how many were changed.

        Names may come from a student: what could be markup is left out.
        """
        def entered(session: Session) -> tuple[int, int]:
            there = {s.id: s for s in session.scalars(select(Student))}
            changed = 0
            for id, person in people.items():
                student = there.get(id) or Student(id=id)
                if id not in there:
                    session.add(student)
                told = {column: MARKUP.sub("", _storable(value))[:LONGEST]
                        for column, value in person._asdict().items() if value}
                news = {column: value for column, value in told.items() if getattr(student, column) != value}
                for column, value in news.items():
                    setattr(student, column, value)
                if person.first_name or person.last_name:  # formgrader would write None for one that is missing
                    student.first_name, student.last_name = student.first_name or "", student.last_name or ""
                changed += bool(news) and id in there
            return len(people.keys() - there.keys()), changed
        return self._database.do(entered)

    def due(self, assignment: str) -> datetime | None:
        """When an assignment is due, in UTC; raises NotEntered if the gradebook has no such assignment."""
        due: datetime | None = self._database.do(lambda session: _assignment(session, assignment).duedate)
        return due

    def set_due(self, assignment: str, when: datetime | None) -> None:
        """Say when an assignment is due, in UTC and without a time zone; None: at no time."""
        def enter(session: Session) -> None:
            _assignment(session, assignment).duedate = when
        self._database.do(enter)

    def extensions(self, assignment: str) -> dict[str, timedelta]:
        """The extensions that the gradebook holds, by student."""
        return self._database.do(lambda session: dict(session.execute(
            select(SubmittedAssignment.student_id, SubmittedAssignment.extension)
            .where(SubmittedAssignment.assignment_id == _assignment(session, assignment).id,
                   SubmittedAssignment.extension.is_not(None))).all()))

    @property
    def penalty_rule(self) -> str:
        """The file that says what lateness costs, as text: it may be an instructor's own."""
        return Path(inspect.getfile(self._penalty)).read_text(encoding="utf-8")

    def scores(self, assignment: str) -> list[Row]:
        """A row for every student of the class, sorted by name; points given by hand are included.

        A student who handed nothing in has a row, too.
        """
        return self._database.do(lambda session: class_scores(session, assignment))

    def _save(self, session: Session, student: str, assignment: str, notebook: str, nb: NotebookNode | None,
              submitted_at: datetime | str | None, comments: dict[str, str | None],
              extension: timedelta | None, unchanged: Collection[str]) -> None:
        notebooks = notebooks_of(session, assignment)
        if notebook not in notebooks:
            raise Unusable(f"the gradebook has no notebook {notebook!r} in {assignment!r}: {MAKE_IT}")
        submission = submission_of(session, student, assignment)
        if submitted_at:
            submission.timestamp = parse_utc(submitted_at)
        if extension is not None:
            submission.extension = extension
        cells = {name: cells_of(session, id) for name, id in notebooks.items()}
        rows = {name: rows_of(session, submission.id, id, cells[name]) for name, id in notebooks.items()}
        submitted, grades, said = rows[notebook]
        maxima = {c.name: c.max_score for c in cells[notebook] if c.type != "SolutionCell"}
        if nb is None:
            for grade in grades.values():
                grade.auto_score, grade.needs_manual_grade = 0.0, False
        else:
            for cell in nb.cells:
                name = grade_id(cell)
                for wanted, found in ((is_grade(cell), grades), (is_solution(cell) or is_task(cell), said)):
                    if wanted and name not in found:
                        raise Unusable(f"the gradebook has no cell {name!r} in {assignment}/{notebook}: {MAKE_IT}")
                if is_grade(cell) or is_task(cell):
                    self._give(grades[name], cell, maxima[name], name in unchanged)
                if is_solution(cell) or is_task(cell):
                    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
                    said[name].auto_comment = "No response." if untouched and not is_task(cell) else None
                if name in comments and name in said:
                    comment = comments[name]
                    said[name].auto_comment = comment and _storable(comment)
            self._penalise(session, student, submission, submitted)

    def _give(self, grade: Grade, cell: NotebookNode, most: float, unchanged: bool) -> None:
        """Enter a grade as nbgrader's SaveAutoGrades does, but impossible points become 0 and wait for a person."""
        given = points(cell, most) if is_grade(cell) else None
        read = self._read_without_points or may_stand_elsewhere(cell)
        grade.needs_manual_grade = waits(grade, given, most, unchanged, read)
        grade.auto_score = 0.0 if given is not None and math.isnan(given) else given

    def _penalise(self, session: Session, student: str, submission: SubmittedAssignment,
                  submitted: SubmittedNotebook) -> None:
        submitted.late_submission_penalty = None
        due = session.get_one(Assignment, submission.assignment_id).duedate
        late = _seconds_late(submission.timestamp, due, submission.extension)
        if late > 0:
            session.flush()  # nbgrader's score is a sum that the database works out
            penalty = self._penalty(student, submitted.score, late)
            if penalty is not None:
                submitted.late_submission_penalty = min(max(penalty, 0.0), submitted.score)


def _assignment(session: Session, name: str) -> Assignment:
    found = session.scalars(select(Assignment).where(Assignment.name == name)).one_or_none()
    if found is None:
        raise NotEntered(f"the gradebook has no assignment {name!r}: {MAKE_IT}")
    return found


def _storable(text: str) -> str:
    """A text without the characters that a database cannot store: NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _seconds_late(timestamp: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or timedelta())).total_seconds())
