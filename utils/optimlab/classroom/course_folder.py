"""An instructor's course on disk: where its nbgrader_config.py puts things, and how it wants them graded."""

import contextlib
import shutil
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config
from traitlets.config.loader import LazyConfigValue

from optimlab.classroom import Unusable, releasing
from optimlab.classroom.files import RECORDS, write_atomic
from optimlab.classroom.gradebook import backups
from optimlab.classroom.gradebook.book import Book
from optimlab.classroom.gradebook.database import NotEntered, address, create
from optimlab.classroom.gradebook.entry import CellsChanged, Made
from optimlab.classroom.grading.assignment import written_in
from optimlab.classroom.grading.beside import released_files
from optimlab.classroom.grading.notebooks import adds_nothing, parse_notebook, read_notebook
from optimlab.classroom.grading.preprocessors import Grade
from optimlab.classroom.grading.secret import course_secret, is_lost
from optimlab.classroom.intake.untrusted_files import read
from optimlab.classroom.marking import Marker
from optimlab.classroom.rehearsal import rehearse
from optimlab.classroom.sandbox.run import Limits
from optimlab.tutor.beside import FROZEN, Beside


class CourseFolder:
    """A course as its nbgrader_config.py sets it up: its folders, its gradebook, and how it is graded.

    db: the address of the gradebook, if it is not the one in the configuration.
    """

    def __init__(self, db: str = ""):
        app = NbGrader()
        app.load_config_file()
        if db:
            address(db)
            app.config.CourseDirectory.db_url = db
        self.config = app.config
        self._directory = CourseDirectory(config=app.config)
        self.root = Path(self._directory.root)

    @cached_property
    def db_url(self) -> str:
        """The address of the gradebook; raises Unusable where it can be none, before anything is made or changed."""
        address(self._directory.db_url)
        return str(self._directory.db_url)

    @cached_property
    def grading(self) -> Grade:
        """The settings of c.Grade."""
        return Grade(config=self.config)

    def folder(self, stage: str, student: str, assignment: str) -> Path:
        """The folder of an assignment at a stage: "source", "release", "submitted", "autograded" or "feedback"."""
        return Path(self._directory.format_path(getattr(self._directory, f"{stage}_directory"), student, assignment))

    @property
    def submitted(self) -> Path:
        """The folder that holds a folder for each student."""
        return Path(self.root, self._directory.submitted_directory)

    def assignments(self) -> list[str]:
        """The names of all assignments; raises Unusable if there is no course here."""
        sources = self.folder("source", ".", ".").resolve()
        if not sources.is_dir():
            raise Unusable(f"no {sources.name}/ here: run this in the folder of the instructor's course")
        return sorted(p.name for p in sources.iterdir() if any(p.glob("*.ipynb")))

    def require_assignment(self, assignment: str) -> None:
        """Raise Unusable if there is no such assignment."""
        if assignment not in self.assignments():
            raise Unusable(f"no assignment {assignment!r}: there is {', '.join(self.assignments()) or 'none'}")

    def records(self, assignment: str) -> Path:
        """The folder of an assignment's records."""
        return self.root / RECORDS / assignment

    @property
    def backups(self) -> Path:
        """The folder of the gradebook's copies."""
        return self.root / RECORDS / "backups"

    @property
    def file_mode(self) -> int:
        """Who may read and write what grading makes: its owner, and the group where the course is shared by one."""
        return 0o660 if self._directory.groupshared else 0o600

    def keep_private(self) -> None:
        """Close the folders of a graded class to other accounts of this machine.

        What lies in feedback/ stays readable by itself, for nbgrader's exchange copies it with its mode.
        """
        d, mode = self._directory, 0o2770 if self._directory.groupshared else 0o700
        for name in (d.submitted_directory, d.autograded_directory, d.feedback_directory, RECORDS):
            folder = Path(self.root, name)
            with contextlib.suppress(PermissionError):  # somebody else's, who has closed it
                folder.mkdir(exist_ok=True)
                folder.chmod(mode)

    def untouched(self, submitted: Path, assignment: str) -> bool:
        """Whether a submitted notebook holds nothing but what was handed out, or cannot be read at all."""
        try:
            return adds_nothing(parse_notebook(read(submitted), submitted.name),
                                read_notebook(self.folder("release", ".", assignment) / submitted.name))
        except Unusable:
            return True

    def release(self, assignment: str, again_for_all: bool = False) -> Path | None:
        """Try an assignment, make its folder for students and enter it in the gradebook: all, or nothing.

        again_for_all: even if there are submissions that answer other cells; a copy of the gradebook is kept.
        Returns where the folder that it replaced is kept, None where that was the same or there was none.
        """
        folder, records = self.folder("release", ".", assignment), self.root / RECORDS
        before = records / "replaced" / assignment / f"{datetime.now():%Y-%m-%dT%H-%M-%S-%f}"
        before.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="release-", dir=records) as aside:
            made, cells = releasing.make(assignment, self.config, Path(aside))
            try:
                self._rehearse(assignment, made, releasing.cells_in(Path(aside)))
            except Unusable as error:
                raise Unusable(f"{error}: {releasing.NOTHING_CHANGED}") from None
            if again_for_all:
                backups.back_up(self.db_url, self.backups / "before-release")
            with releasing.put_in_place(made, folder, before):
                self._enter(assignment, cells, again_for_all)
        if before.exists() and releasing.same_files(before, folder):
            shutil.rmtree(before)
        return before if before.exists() else None

    def _rehearse(self, assignment: str, made: Path, cells: str) -> None:
        """Try what was made, unless the very same was tried before, and put beside it what students' `check` needs."""
        with Book(cells, self.config) as book:
            templates = book.templates(assignment, made)
        source = self.folder("source", ".", assignment)
        rehearsal = rehearse(assignment, templates, source, self.own_exercises(assignment), self._limits)
        if (made / FROZEN).exists():
            raise Unusable(f"{source / FROZEN}: this name is that of a file of release's own: give yours another one")
        if frozen := rehearsal.frozen():
            (made / FROZEN).write_text(frozen, encoding="utf-8")
        files, tried = released_files(made), self.records(assignment) / "tried"
        if not tried.is_file() or tried.read_text() != rehearsal.digest(files):
            rehearsal.run(files)
            write_atomic(tried, rehearsal.digest(files), self.file_mode)

    def _enter(self, assignment: str, cells: dict[str, Made], again_for_all: bool) -> None:
        try:
            with self._made_book() as book:
                book.enter(self._directory.course_id, assignment, cells, again_for_all)
        except CellsChanged as error:
            copied = "" if self.db_url.startswith("sqlite") else "copy the gradebook with pg_dump, then "
            raise Unusable(f"{error}: put those back as they were, or, to have everybody graded again, {copied}run: "
                           f"python course.py release {assignment} --again-for-all; nothing was changed") from None

    def _made_book(self) -> Book:
        """The gradebook, with nbgrader's tables, which are made where there are none."""
        book = None
        try:
            book = Book(self.db_url, self.config)
            book.people()
            return book
        except NotEntered:
            if book:
                book.close()
            create(self.db_url, self._directory.course_id)
            return Book(self.db_url, self.config)

    def book(self, assignment: str) -> Book:
        """The gradebook; the assignment is entered first if it is not there yet and nothing of it was ever graded.

        A gradebook in SQLite is backed up first, and closed to other accounts of this machine.
        """
        try:
            book = Book(self.db_url, self.config)
            book.notebooks(assignment)
            backups.back_up(self.db_url, self.backups)
            self._close_to_others()
            return book
        except NotEntered as error:
            records = self.records(assignment)
            if any(records.glob("*/*.json")):
                copy = backups.newest(self.db_url, self.backups) or "of it"
                raise Unusable(f"{str(error).partition(':')[0]}, and yet {assignment} was graded: put back the backup "
                               f"{copy}, or delete {records} to begin anew") from None
            self.release(assignment)
            self._close_to_others()
            return Book(self.db_url, self.config)

    def _close_to_others(self) -> None:
        """Close a gradebook in SQLite, which has just been read as one, to other accounts of this machine."""
        url = address(self.db_url)
        if url.get_backend_name() == "sqlite":
            with contextlib.suppress(OSError):  # somebody else's
                Path(url.database or "").chmod(self.file_mode)

    def lost_its_secret(self) -> bool:
        """Whether the hidden cases will be others than those of an earlier grading."""
        return not self.grading.secret and is_lost(self.root)

    def marker(self, assignment: str, book: Book) -> Marker:
        """Everything that marking an assignment needs; raises Unusable if one of its exercises cannot be found."""
        g, released = self.grading, self.folder("release", ".", assignment)
        templates = {name: nbformat.writes(nb) for name, nb in book.templates(assignment, released).items()}
        if not templates:
            raise Unusable(f"{assignment} is not released: python course.py release {assignment}")
        files = released_files(released)
        marker = Marker(assignment, templates, files, g.secret or course_secret(self.root), self._limits, self.db_url,
                        plain_settings(self.config), g.let_in(assignment), self.own_exercises(assignment))
        for name in templates:
            marker.asked(name)  # what is missing is said once, before anything runs
        return marker

    @property
    def _limits(self) -> Limits:
        return Limits(self.grading.cell_seconds, self.grading.call_seconds, self.grading.total_seconds)

    def own_exercises(self, assignment: str) -> Beside:
        """The exercises that the author wrote beside the assignment's notebook."""
        return written_in(self.folder("source", ".", assignment))


def plain_settings(config: Config) -> Config:
    """The settings that are plain data.

    The processes that mark get these alone: a class or a function that nbgrader_config.py itself defines, such as a
    penalty of one's own, cannot be sent there, and only this process needs it.

    >>> plain_settings(Config(A={"size": 1, "how": print}))
    {'A': {'size': 1}}
    """
    return Config({name: plain_settings(value) if isinstance(value, Config) else value
                   for name, value in config.items() if _is_plain(value)})


def _is_plain(value: Any) -> bool:
    if isinstance(value, Config):
        return True
    if isinstance(value, LazyConfigValue):  # c.CourseDirectory.ignore.append("*.csv")
        value = value.to_dict()
    if isinstance(value, dict):
        value = [*value.keys(), *value.values()]
    if isinstance(value, list | tuple | set):
        return all(map(_is_plain, value))
    return value is None or isinstance(value, str | bytes | int | float)
