"""A gradebook's database: its address, waiting while it is in use, its errors in words, and nbgrader's tables."""

import contextlib
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from nbgrader.api import (
    Assignment,
    BaseCell,
    Comment,
    Grade,
    Gradebook,
    GradeCell,
    Notebook,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
    TaskCell,
    new_uuid,
)
from nbgrader.dbutil import ALEMBIC_DIR
from sqlalchemy import URL, create_engine, event, func, inspect, make_url, select
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.orm import Session, load_only

from optimlab.classroom import Unusable

Result = TypeVar("Result")
PATIENCE = 60.0  # seconds that one piece of work waits for a gradebook in use
FORMS = "write sqlite:///gradebook.db or postgresql://USER:PASSWORD@HOST/NAME"
MAKE_IT = "enter the assignments first: python course.py release"
AGAIN = "then run this again; nothing is lost"

# What a database says, and what a person is told to do about it; the first match counts. SQLite has only texts;
# five characters are PostgreSQL's SQLSTATE. It also counts as in use when another program wrote the same rows first.
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


class NotEntered(Unusable):
    """There is no gradebook yet, or it lacks the assignment: `python course.py release` enters it."""


class Database:
    """A gradebook's database; every piece of work is one transaction, and waits while the database is in use.

    db_url: as nbgrader's CourseDirectory.db_url, of SQLite or PostgreSQL. patience: for how many seconds it waits.
    Raises Unusable if the address is not valid or the driver is missing, NotEntered if the file is not there.
    """

    def __init__(self, db_url: str, patience: float = PATIENCE):
        url = address(db_url)
        if _is_sqlite(url) and not os.path.isfile(url.database or ""):
            raise NotEntered(f"there is no gradebook {url.database}: {MAKE_IT}")
        self.url = db_url
        self.name = _shown(url)
        self._patience = patience
        sqlite = _is_sqlite(url)
        options: dict[str, Any] = {"timeout": 1, "isolation_level": None} if sqlite else {"connect_timeout": 10}
        # By default SQLite reads first and locks at the first write, which fails at once and for good if
        # another program wrote in between.
        begin = "BEGIN IMMEDIATE" if sqlite else "SET LOCAL lock_timeout = '1s'"
        try:
            self._engine = create_engine(url, connect_args=options)
        except ModuleNotFoundError:
            raise Unusable("a gradebook in PostgreSQL needs its driver: write postgresql://, and install "
                           "psycopg[binary] into .venv") from None
        event.listen(self._engine, "begin", lambda connection: connection.exec_driver_sql(begin))

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def do(self, work: Callable[[Session], Result]) -> Result:
        """Do some work in one transaction and return its result."""
        def once() -> Result:
            with Session(self._engine, autoflush=False, expire_on_commit=False) as session, session.begin():
                return work(session)
        return self.patiently(once)

    def patiently(self, work: Callable[[], Result]) -> Result:
        """Do some work, again and again while the database is in use; its errors become words for a person."""
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
        # The driver's own text, for SQLAlchemy adds the statement and the values that it was to write.
        text = " ".join(str(error.orig).split())
        return Unusable(f"the gradebook {self.name} cannot be used: {text[:200]}")


def create(db_url: str, course: str) -> None:
    """Make nbgrader's tables in a gradebook that has none, and its file where there is none."""
    url = address(db_url)
    if _is_sqlite(url) and not os.path.exists(url.database or ""):
        Path(url.database or "").touch()
    database = Database(db_url)
    try:
        there = database.do(lambda session: inspect(session.connection()).get_table_names())
        if _is_sqlite(url) and (others := set(there) - set(Student.metadata.tables) - {"alembic_version"}):
            raise Unusable(f"{database.name} is a database of something else (it has the table {min(others)}): {FORMS}")
        if not there:
            database.do(_stamp)
        database.patiently(lambda: Gradebook(db_url, course).close())
    finally:
        database.close()


def _stamp(session: Session) -> None:
    """Note the version that nbgrader's tables will have.

    Where none is noted nbgrader runs alembic as a program, which takes seconds and has to be on the path.
    """
    from alembic.runtime.migration import MigrationContext  # a gradebook is made once, and this takes a while
    from alembic.script import ScriptDirectory

    MigrationContext.configure(session.connection()).stamp(ScriptDirectory(ALEMBIC_DIR), "head")


def address(db_url: str) -> URL:
    """The parts of a database's address; nothing is opened for writing, made or changed.

    Raises Unusable, one line, if no gradebook can be there. An address that is none is never shown: it may hold a
    password.
    """
    try:
        url = make_url(db_url.strip())
        backend, driver = url.get_backend_name(), url.drivername
        url.get_dialect()
    except (ArgumentError, NoSuchModuleError, ValueError):
        raise Unusable(f"the gradebook's address is none that is known here: {FORMS}") from None
    if backend not in ("sqlite", "postgresql"):
        raise Unusable(f"the gradebook cannot be in {backend}: {FORMS}")
    if backend == "postgresql" and "@" in f"{url.host}{url.database}":
        raise Unusable("the gradebook's address has an @ in its password: write %40 for it")
    if backend == "sqlite":
        if driver != "sqlite" or url.query or url.host:
            raise Unusable(f"the gradebook's address says more than which file it is: {FORMS}")
        if not url.database or url.database.startswith(":memory:"):
            raise Unusable(f"the gradebook cannot be in memory: {FORMS}")
        if problem := _why_no_gradebook(url.database):
            raise Unusable(f"the gradebook cannot be at {url.database[:200]}: {problem}: {FORMS}")
    return url


def _why_no_gradebook(path: str) -> str:
    """Why what lies at a path can be no gradebook in SQLite, and none can be made there; "" if it can."""
    folder = os.path.dirname(path) or "."
    try:
        if path.endswith(("/", os.sep)) or os.path.isdir(path):
            return "that is a folder"
        if not os.path.isdir(folder):
            return f"there is no folder {folder}"
        if os.path.lexists(path) and not os.path.isfile(path):
            return "that is no file"
        with contextlib.suppress(FileNotFoundError, PermissionError), open(path, "rb") as file:
            if file.read(16) not in (b"", b"SQLite format 3\0"):
                return "that is a file of another kind, or a damaged gradebook: put back a copy of it if it is one"
    except (OSError, ValueError) as error:  # a name too long, or with a zero in it
        return f"there can be no such file ({getattr(error, 'strerror', '') or 'a name takes no such characters'})"
    return ""


def _is_sqlite(url: URL) -> bool:
    return url.get_backend_name() == "sqlite"


def _shown(url: URL) -> str:
    """The gradebook's name, for a person; it never holds the password."""
    if _is_sqlite(url):
        return url.database or ""
    return f"{url.database or ''} on {url.host or url.query.get('host') or 'this machine'}"


def _said(error: DBAPIError) -> str:
    """The driver's text, after PostgreSQL's SQLSTATE if there is one."""
    return f"{getattr(error.orig, 'sqlstate', None) or ''} {error.orig}"


def _in_use(error: DBAPIError) -> bool:
    # A connection is lost while the server restarts.
    return error.connection_invalidated or any(sign in _said(error) for sign in IN_USE)


# --- nbgrader's tables --------------------------------------------------------

class Cell(NamedTuple):
    """A cell that nbgrader knows of."""

    id: str
    name: str
    type: str  # "GradeCell", "SolutionCell" or "TaskCell"
    kind: str | None  # "code" or "markdown"; None for a SolutionCell
    max_score: float


def notebooks_of(session: Session, assignment: str) -> dict[str, str]:
    """The id of each notebook of an assignment, by name."""
    found: dict[str, str] = dict(session.execute(select(Notebook.name, Notebook.id).join(
        Assignment, Assignment.id == Notebook.assignment_id).where(Assignment.name == assignment)).all())
    if not found:
        raise NotEntered(f"the gradebook has no assignment {assignment!r}: {MAKE_IT}")
    return found


def cells_of(session: Session, notebook: str) -> list[Cell]:
    """The cells of a notebook, by its id."""
    graded, tasks = GradeCell.__table__, TaskCell.__table__
    of_notebook = (select(BaseCell.id, BaseCell.name, BaseCell.type, graded.c.cell_type,
                          func.coalesce(graded.c.max_score, tasks.c.max_score, 0.0))
                   .select_from(BaseCell.__table__.outerjoin(graded).outerjoin(tasks))
                   .where(BaseCell.notebook_id == notebook))
    return [Cell(*row) for row in session.execute(of_notebook)]


def submission_of(session: Session, student: str, assignment: str) -> SubmittedAssignment:
    """The student's submission; it and the student are created if the gradebook lacks them."""
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


def rows_of(session: Session, submission: str, notebook: str, cells: list[Cell]
            ) -> tuple[SubmittedNotebook, dict[str, Grade], dict[str, Comment]]:
    """The rows of a submitted notebook, its grades and comments by cell name; missing ones are created."""
    submitted = session.scalars(select(SubmittedNotebook).where(
        SubmittedNotebook.assignment_id == submission, SubmittedNotebook.notebook_id == notebook)).one_or_none()
    if submitted is None:
        submitted = SubmittedNotebook(id=new_uuid(), assignment_id=submission, notebook_id=notebook)
        session.add(submitted)
        session.flush()
    made = []
    for kind, columns, types in (
            (Grade, (Grade.cell_id, Grade.auto_score, Grade.manual_score, Grade.extra_credit, Grade.needs_manual_grade),
             ("GradeCell", "TaskCell")),
            (Comment, (Comment.cell_id, Comment.auto_comment), ("SolutionCell", "TaskCell"))):
        wanted = {cell.id: cell.name for cell in cells if cell.type in types}
        found = select(kind).options(load_only(*columns)).where(
            kind.notebook_id == submitted.id, kind.cell_id.in_(wanted))  # both: nbgrader indexes the pair
        there = {row.cell_id: row for row in session.scalars(found)}
        for id in wanted.keys() - there.keys():
            there[id] = kind(id=new_uuid(), cell_id=id, notebook_id=submitted.id)
            session.add(there[id])
        made.append({wanted[id]: row for id, row in there.items()})
    return submitted, *made
