"""The one writer of nbgrader's gradebook: what `nbgrader autograde` would have written, in one transaction.

    with Book("sqlite:///gradebook.db") as book:
        book.save("ada", "adam", "adam", autograded_notebook, submitted_at=None, comments={})
        rows = book.scores("adam")

nbgrader's own steps open the gradebook anew for every cell and commit some twenty times a submission
(0.4 s, and a kill leaves half of it). Book writes on nbgrader's models with nbgrader's rules, all or
nothing, so that whatever is killed can be done again. It waits for a gradebook that is in use, and
whatever goes wrong with the database reaches the caller as Unusable, one line without the password.
"""

import logging
import math
import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.api import (Assignment, BaseCell, Comment, Grade, GradeCell, Notebook, Student,
                          SubmittedAssignment, SubmittedNotebook, TaskCell, new_uuid)
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors import AssignLatePenalties, OverwriteCells, OverwriteKernelspec
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution, is_task, parse_utc
from sqlalchemy import URL, case, create_engine, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, load_only
from traitlets.config import Config

from optimlab.classroom.grading.judging import Unusable, grade_id

PATIENCE = 60.0  # seconds that one piece of work waits for a gradebook in use
MAKE_IT = "enter the assignments first: python course.py release"
REMAKE = "make both again: python course.py release"
AGAIN = "then run this again; nothing is lost"

# What a database says -> what a person does, the first match first. SQLite has only its texts;
# PostgreSQL's five characters are its SQLSTATE. In use is also: another program wrote the same rows first.
IN_USE = ("database is locked", "55P03", "40P01", "40001", "23505")
NO_TABLES = ("no such table", "42P01")
CAUSES = (
    (("no such column", "no column named", "42703"),
     "was made by another version of nbgrader: back it up, then run: nbgrader db upgrade"),
    (("file is not a database", "disk image is malformed"),
     "is damaged, or is no gradebook at all: put back a copy of it, " + AGAIN),
    (("readonly database", "unable to open database file", "25006", "42501"),
     f"cannot be written by you: get the right to write it and its folder, {AGAIN}"),
    (("disk is full", "disk I/O error", "53100"), f"cannot be written, for its disk is full or failing: free some "
                                                  f"space, {AGAIN}"),
)
SILENT = logging.Logger("silent")
SILENT.disabled = True


class NotEntered(Unusable):
    """There is no gradebook yet, or it lacks the assignment: `python course.py release` enters it."""


class Row(NamedTuple):
    """A student's points for one assignment; `score` is after the late penalty, never below 0.

    Who handed nothing in has a row too: submitted False, all points 0. Times are naive UTC.
    """

    assignment: str
    duedate: datetime | None
    timestamp: datetime | None
    student_id: str
    last_name: str
    first_name: str
    email: str
    lms_user_id: str
    submitted: bool
    raw_score: float
    late_submission_penalty: float
    score: float
    max_score: float
    needs_manual_grade: bool


class _Cell(NamedTuple):
    id: str
    name: str
    type: str  # "GradeCell", "SolutionCell" or "TaskCell"
    kind: str | None  # "code" or "markdown"; a SolutionCell says nothing
    max_score: float


class Book:
    """A gradebook, open for reading and writing; used as a context manager.

    db_url: as nbgrader's CourseDirectory.db_url, of SQLite or PostgreSQL.
    config: nbgrader's configuration, for its late penalties; without it there are none.
    Raises Unusable where the address is none or the driver is missing, NotEntered where the file isn't there.
    """

    def __init__(self, db_url: str, config: Config | None = None, patience: float = PATIENCE):
        url = _parsed(db_url)
        self.name = _shown(url)
        self._url = db_url
        self._patience = patience
        late = AssignLatePenalties(config=config)
        late.init_plugin()
        self._penalty = late.plugin_inst.late_submission_penalty
        sqlite = url.get_backend_name() == "sqlite"
        options = {"timeout": 1, "isolation_level": None} if sqlite else {"connect_timeout": 10}
        # SQLite's own way, read first and lock at the first write, fails at once and for good where
        # another program wrote in between.
        begin = "BEGIN IMMEDIATE" if sqlite else "SET LOCAL lock_timeout = '1s'"
        try:
            self._engine = create_engine(url, connect_args=options)
        except ModuleNotFoundError:
            raise Unusable("a gradebook in PostgreSQL needs its driver: write postgresql://, and install "
                           "psycopg[binary] into .venv") from None
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql(begin))

    def __enter__(self) -> "Book":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def notebooks(self, assignment: str) -> tuple[str, ...]:
        """The names of an assignment's notebooks; NotEntered where the gradebook has no such assignment."""
        return tuple(self._do(lambda session: sorted(_notebooks(session, assignment))))

    def templates(self, assignment: str, released: str | Path) -> dict[str, NotebookNode]:
        """The released notebooks of an assignment, their locked cells as in the gradebook.

        The gradebook keeps the hidden tests that the students' version lacks. A notebook that was
        not released is left out.
        """
        known = self._do(lambda session: {name: {c.name for c in _cells(session, id)}
                                          for name, id in _notebooks(session, assignment).items()})
        made = {}
        for name in sorted(known):
            path = Path(released) / f"{name}.ipynb"
            if not path.is_file():
                continue
            made[name] = self._patiently(lambda path=path: self._template(path, assignment))
            cells = [c for c in made[name].cells if is_grade(c) or is_solution(c) or is_task(c)]
            if known[name] != {grade_id(c) for c in cells}:
                raise Unusable(f"{path}: has other cells than the gradebook: {REMAKE}")
        return made

    def _template(self, path: Path, assignment: str) -> NotebookNode:
        about = {"nbgrader": {"notebook": path.stem, "assignment": assignment, "db_url": self._url}}
        try:
            nb = nbformat.read(path, as_version=4)
            for step in (OverwriteKernelspec(), OverwriteCells()):
                step.log = SILENT  # it warns of each hidden test that it puts back
                nb, _ = step.preprocess(nb, about)
            return nb
        except (nbformat.ValidationError, SchemaTooOldError, SchemaTooNewError, ValueError, RuntimeError, OSError):
            raise Unusable(f"{path}: is no notebook of this nbgrader's: {REMAKE}") from None

    def save(self, student: str, assignment: str, notebook: str, nb: NotebookNode | None,
             submitted_at: datetime | str | None = None, comments: dict[str, str | None] | None = None) -> None:
        """Write one graded notebook, all or nothing; writing it twice is as writing it once.

        nb: the autograded notebook; None where the student handed in others of this assignment but
            not this one (each grade is then 0, as with nbgrader).
        submitted_at: None leaves the time that the gradebook has.
        comments: by the name of the answer cell, in place of nbgrader's own ("No response.").
        What a person gave (points, extra points, comments) stays. Points are finite and within
        0..max: a test cell that says otherwise gets 0 and waits for a person.
        """
        if not 0 < len(student) <= 128 or student != _storable(student):
            raise Unusable(f"a gradebook keeps no student's id like {ascii(student[:60])}: 1 to 128 letters")
        self._do(lambda session: self._save(session, student, assignment, notebook, nb, submitted_at,
                                            comments or {}))

    def held(self, assignment: str) -> set[tuple[str, str]]:
        """All (student, notebook) whose tests have their points; one look-up for the whole class."""
        def found(session: Session) -> set[tuple[str, str]]:
            held = set()
            for name, id in _notebooks(session, assignment).items():
                cells = _cells(session, id)
                by_hand = {c.name for c in cells if c.type == "SolutionCell"}
                tests = [c.id for c in cells
                         if c.type == "GradeCell" and c.kind == "code" and c.name not in by_hand]
                graded = session.execute(
                    select(SubmittedAssignment.student_id, func.count(Grade.id))
                    .select_from(SubmittedNotebook).join(SubmittedAssignment)
                    .outerjoin(Grade, (Grade.notebook_id == SubmittedNotebook.id) & Grade.cell_id.in_(tests)
                               & Grade.auto_score.is_not(None))
                    .where(SubmittedNotebook.notebook_id == id).group_by(SubmittedAssignment.student_id))
                held |= {(student, name) for student, number in graded if number == len(tests)}
            return held
        return self._do(found)

    def by_hand(self, assignment: str) -> dict[tuple[str, str], list]:
        """What people gave, by (student, notebook): points, extra points, comments; nothing for who got none."""
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

        def found(session: Session) -> dict[tuple[str, str], list]:
            given: dict[tuple[str, str], list] = {}
            for question in (points, comments):
                for student, notebook, *what in sorted(map(tuple, session.execute(question)), key=repr):
                    given.setdefault((student, notebook), []).append(what)
            return given
        return self._do(found)

    def scores(self, assignment: str) -> list[Row]:
        """The whole class, by name: points given by people included, and who handed nothing in."""
        return self._do(lambda session: _scores(session, assignment))

    def _save(self, session, student, assignment, notebook, nb, submitted_at, comments) -> None:
        notebooks = _notebooks(session, assignment)
        if notebook not in notebooks:
            raise Unusable(f"the gradebook has no notebook {notebook!r} in {assignment!r}: {MAKE_IT}")
        submission = _submission(session, student, assignment)
        if submitted_at:
            submission.timestamp = parse_utc(submitted_at)
        cells = {name: _cells(session, id) for name, id in notebooks.items()}
        mirrored = {name: _mirror(session, submission.id, id, cells[name]) for name, id in notebooks.items()}
        submitted, grades, said = mirrored[notebook]
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
                if is_grade(cell):
                    _give(grades[name], cell, maxima[name])
                if is_solution(cell) or is_task(cell):
                    untouched = cell.metadata.nbgrader.get("checksum") == compute_checksum(cell)
                    said[name].auto_comment = "No response." if untouched and not is_task(cell) else None
                if name in comments and name in said:
                    said[name].auto_comment = _storable(comments[name])
            self._penalise(session, student, submission, submitted)

    def _penalise(self, session, student, submission, submitted) -> None:
        submitted.late_submission_penalty = None
        due = session.get(Assignment, submission.assignment_id).duedate
        late = _seconds_late(submission.timestamp, due, submission.extension)
        if late > 0:
            session.flush()  # nbgrader's score is a sum that the database makes
            penalty = self._penalty(student, submitted.score, late)
            if penalty is not None:
                submitted.late_submission_penalty = min(max(penalty, 0.0), submitted.score)

    def _do(self, work: Callable[[Session], Any]) -> Any:
        """The result of work in one transaction."""
        def once():
            with Session(self._engine, autoflush=False, expire_on_commit=False) as session, session.begin():
                return work(session)
        return self._patiently(once)

    def _patiently(self, work: Callable[[], Any]) -> Any:
        """The result of work, tried again while the database is in use; its errors in words."""
        until = time.monotonic() + self._patience
        while True:
            try:
                return work()
            except DBAPIError as error:
                if not _in_use(error):
                    raise self._meaning(error) from None
                if time.monotonic() > until:
                    raise Unusable(f"the gradebook {self.name} is in use by another program: close formgrader, "
                                   f"{AGAIN}") from None
                time.sleep(0.1)

    def _meaning(self, error: DBAPIError) -> Unusable:
        said = _said(error)
        if any(sign in said for sign in NO_TABLES):
            return NotEntered(f"the gradebook {self.name} holds no assignments yet: {MAKE_IT}")
        for signs, advice in CAUSES:
            if any(sign in said for sign in signs):
                return Unusable(f"the gradebook {self.name} {advice}")
        # The driver's own text: SQLAlchemy adds the statement and what was to be written.
        text = " ".join(str(error.orig).split())
        return Unusable(f"the gradebook {self.name} cannot be used: {text[:200]}")


# --- nbgrader's rules ---------------------------------------------------------

def _give(grade: Grade, cell: NotebookNode, max_score: float) -> None:
    """As nbgrader's SaveAutoGrades, save that points which cannot be are none and wait for a person."""
    given = points(cell, max_score)
    doubtful = given is not None and math.isnan(given)
    grade.auto_score = 0.0 if doubtful else given
    grade.needs_manual_grade = doubtful or given is None or grade.manual_score is not None


def points(cell: NotebookNode, max_score: float) -> float | None:
    """The points of a cell within 0..max_score, None where a person gives them, NaN where they cannot be.

    nbgrader gives full marks for NaN and for negative numbers, and stops at those above the maximum
    and at a result that says nothing.
    """
    for output in () if is_solution(cell) else cell.get("outputs", ()):
        if output.output_type == "error" or output.get("name") == "stderr":
            break  # no points, whatever follows
        if output.output_type == "execute_result":
            try:
                claimed = float(output.get("data", {}).get("text/plain") or math.nan)
            except ValueError:
                break  # a text: all points, as nbgrader has it
            slack = 1e-9 * max(1.0, max_score)  # the rounding of an honest sum
            return min(max(claimed, 0.0), max_score) if -slack <= claimed <= max_score + slack else math.nan
    given, _ = determine_grade(cell)
    return None if given is None else min(max(float(given), 0.0), max_score)


def _storable(comment: str | None) -> str | None:
    """A text without what a database cannot keep: NUL characters, halves of characters."""
    return comment and comment.replace("\0", "\ufffd").encode("utf-8", "replace").decode("utf-8")


def _seconds_late(timestamp: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    if timestamp is None or due is None:
        return 0.0
    return max(0.0, (timestamp - due - (extension or timedelta())).total_seconds())


# --- nbgrader's tables --------------------------------------------------------

def _notebooks(session: Session, assignment: str) -> dict[str, str]:
    """The id of each notebook of an assignment, by name."""
    found = dict(session.execute(select(Notebook.name, Notebook.id).join(
        Assignment, Assignment.id == Notebook.assignment_id).where(Assignment.name == assignment)).all())
    if not found:
        raise NotEntered(f"the gradebook has no assignment {assignment!r}: {MAKE_IT}")
    return found


def _cells(session: Session, notebook: str) -> list[_Cell]:
    graded, tasks = GradeCell.__table__, TaskCell.__table__
    of_notebook = (select(BaseCell.id, BaseCell.name, BaseCell.type, graded.c.cell_type,
                          func.coalesce(graded.c.max_score, tasks.c.max_score, 0.0))
                   .select_from(BaseCell.__table__.outerjoin(graded).outerjoin(tasks))
                   .where(BaseCell.notebook_id == notebook))
    return [_Cell(*row) for row in session.execute(of_notebook)]


def _submission(session: Session, student: str, assignment: str) -> SubmittedAssignment:
    """The student's submission, made where there is none, and the student too."""
    if session.get(Student, student) is None:
        session.add(Student(id=student))
        session.flush()
    id = session.scalars(select(Assignment.id).where(Assignment.name == assignment)).one()
    found = session.scalars(select(SubmittedAssignment).where(
        SubmittedAssignment.assignment_id == id, SubmittedAssignment.student_id == student)).one_or_none()
    if found is None:
        found = SubmittedAssignment(id=new_uuid(), assignment_id=id, student_id=student)
        session.add(found)
        session.flush()
    return found


def _mirror(session: Session, submission: str, notebook: str, cells: list[_Cell]
            ) -> tuple[SubmittedNotebook, dict[str, Grade], dict[str, Comment]]:
    """The submitted notebook with its grades and comments by the cells' names, made where they lack."""
    submitted = session.scalars(select(SubmittedNotebook).where(
        SubmittedNotebook.assignment_id == submission, SubmittedNotebook.notebook_id == notebook)).one_or_none()
    if submitted is None:
        submitted = SubmittedNotebook(id=new_uuid(), assignment_id=submission, notebook_id=notebook)
        session.add(submitted)
        session.flush()
    made = []
    for kind, columns, types in (
            (Grade, (Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.needs_manual_grade),
             ("GradeCell", "TaskCell")),
            (Comment, (Comment.cell_id, Comment.auto_comment), ("SolutionCell", "TaskCell"))):
        wanted = {cell.id: cell.name for cell in cells if cell.type in types}
        held = select(kind).options(load_only(*columns)).where(
            kind.notebook_id == submitted.id, kind.cell_id.in_(wanted))  # both: that is the index there is
        there = {row.cell_id: row for row in session.scalars(held)}
        for id in wanted.keys() - there.keys():
            there[id] = kind(id=new_uuid(), cell_id=id, notebook_id=submitted.id)
            session.add(there[id])
        made.append({wanted[id]: row for id, row in there.items()})
    return submitted, *made


def _scores(session: Session, assignment: str) -> list[Row]:
    _notebooks(session, assignment)  # says so where there is no such assignment
    id, due, max_score = session.execute(select(Assignment.id, Assignment.duedate, Assignment.max_score)
                                         .where(Assignment.name == assignment)).one()

    def by_submission(value, *tables) -> dict[str, Any]:
        # Three sums of the whole class: nbgrader's own would each be looked up student by student.
        query = select(SubmittedNotebook.assignment_id, value).join(SubmittedAssignment)
        for table in tables:
            query = query.join(table)
        return dict(session.execute(query.where(SubmittedAssignment.assignment_id == id)
                                    .group_by(SubmittedNotebook.assignment_id)).all())

    points = by_submission(func.sum(Grade.score), Grade)
    waiting = by_submission(func.sum(case((Grade.needs_manual_grade, 1), else_=0)), Grade)
    penalties = by_submission(func.sum(SubmittedNotebook.late_submission_penalty))
    of_this = (SubmittedAssignment.student_id == Student.id) & (SubmittedAssignment.assignment_id == id)
    rows = []
    for student, submission in session.execute(select(Student, SubmittedAssignment).outerjoin(
            SubmittedAssignment, of_this)):
        key = submission and submission.id
        raw, penalty = points.get(key) or 0.0, penalties.get(key) or 0.0
        rows.append(Row(assignment, due, submission and submission.timestamp, student.id, student.last_name or "",
                        student.first_name or "", student.email or "", student.lms_user_id or "", key is not None,
                        raw, penalty, max(0.0, raw - penalty), max_score, bool(waiting.get(key))))
    return sorted(rows, key=lambda row: (row.last_name, row.first_name, row.student_id))


# --- the database -------------------------------------------------------------

def _parsed(db_url: str) -> URL:
    """The parts of a database's address; what is refused is never shown, for it may hold a password."""
    forms = "write sqlite:///gradebook.db or postgresql://USER:PASSWORD@HOST/NAME"
    try:
        url = make_url(db_url)
        backend = url.get_backend_name()
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise Unusable(f"the gradebook's address is none that is known here: {forms}") from None
    if backend not in ("sqlite", "postgresql"):
        raise Unusable(f"the gradebook cannot be in {backend}: {forms}")
    if backend == "postgresql" and "@" in f"{url.host}{url.database}":
        raise Unusable("the gradebook's address has an @ in its password: write %40 for it")
    if backend == "sqlite" and not url.database:
        raise Unusable(f"the gradebook cannot be in memory: {forms}")
    if backend == "sqlite" and not os.path.isfile(url.database):
        raise NotEntered(f"there is no gradebook {url.database}: {MAKE_IT}")
    return url


def _shown(url: URL) -> str:
    """Which gradebook it is, for a person."""
    if url.get_backend_name() == "sqlite":
        return url.database
    return f"{url.database or ''} on {url.host or url.query.get('host') or 'this machine'}"


def _said(error: DBAPIError) -> str:
    """The driver's text, with PostgreSQL's SQLSTATE where there is one."""
    return f"{getattr(error.orig, 'sqlstate', None) or ''} {error.orig}"


def _in_use(error: DBAPIError) -> bool:
    # A connection is lost when the server is started anew.
    return error.connection_invalidated or any(sign in _said(error) for sign in IN_USE)
