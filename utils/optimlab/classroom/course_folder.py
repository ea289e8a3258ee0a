"""An instructor's course on disk: where its nbgrader_config.py puts things, and how it wants them graded."""

import shutil
from datetime import datetime
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from optimlab.classroom import Unusable, releasing
from optimlab.classroom.gradebook.backups import back_up
from optimlab.classroom.gradebook.book import Book
from optimlab.classroom.gradebook.database import NotEntered, create
from optimlab.classroom.gradebook.entry import CellsChanged, Made
from optimlab.classroom.grading.preprocessors import Grade
from optimlab.classroom.grading.secret import course_secret, is_lost
from optimlab.classroom.marking import Marker
from optimlab.classroom.sandbox.run import Limits

RECORDS = ".optimlab"  # the folder in which grading keeps its records
LARGEST_FILES = 20 * 2**20  # bytes of all files beside an assignment's notebooks together


class CourseFolder:
    """A course as its nbgrader_config.py sets it up: its folders, its gradebook, and how it is graded.

    db: the address of the gradebook, if it is not the one in the configuration.
    """

    def __init__(self, db: str = ""):
        app = NbGrader()
        app.load_config_file()
        if db:
            app.config.CourseDirectory.db_url = db
        self.config = app.config
        self._directory = CourseDirectory(config=app.config)
        self.root = Path(self._directory.root)
        self.db_url = self._directory.db_url

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

    def release(self, assignment: str, again_for_all: bool = False) -> Path | None:
        """Make an assignment's folder for students and enter it in the gradebook: both, or neither.

        again_for_all: even if there are submissions that answer other cells; a copy of the gradebook is kept.
        Returns where the folder that it replaced is kept, None where that was the same or there was none.
        """
        folder, records = self.folder("release", ".", assignment), self.root / RECORDS
        before = records / "replaced" / assignment / f"{datetime.now():%Y-%m-%dT%H-%M-%S-%f}"
        before.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix="release-", dir=records) as aside:
            made, cells = releasing.make(assignment, self.config, Path(aside))
            if again_for_all:
                back_up(self.db_url, records / "backups" / "before-release")
            with releasing.put_in_place(made, folder, before):
                self._enter(assignment, cells, again_for_all)
        if before.exists() and releasing.same_files(before, folder):
            shutil.rmtree(before)
        return before if before.exists() else None

    def _enter(self, assignment: str, cells: dict[str, Made], again_for_all: bool) -> None:
        try:
            with Book(self.db_url, self.config) as book:
                book.enter(self._directory.course_id, assignment, cells, again_for_all)
        except CellsChanged as error:
            copied = "" if self.db_url.startswith("sqlite") else "copy the gradebook with pg_dump, then "
            raise Unusable(f"{error}: put those back as they were, or, to have everybody graded again, {copied}run: "
                           f"python course.py release {assignment} --again-for-all; nothing was changed") from None
        except NotEntered:
            create(self.db_url, self._directory.course_id)
            self._enter(assignment, cells, again_for_all)

    def book(self, assignment: str) -> Book:
        """The gradebook; the assignment is entered first if it is not there yet."""
        try:
            book = Book(self.db_url, self.config)
            book.notebooks(assignment)
            return book
        except NotEntered:
            self.release(assignment)
            return Book(self.db_url, self.config)

    def lost_its_secret(self) -> bool:
        """Whether the hidden cases will be others than those of an earlier grading."""
        return not self.grading.secret and is_lost(self.root)

    def marker(self, assignment: str, book: Book) -> Marker:
        """Everything that marking an assignment needs."""
        g, released = self.grading, self.folder("release", ".", assignment)
        templates = {name: nbformat.writes(nb) for name, nb in book.templates(assignment, released).items()}
        if not templates:
            raise Unusable(f"{assignment} is not released: python course.py release {assignment}")
        beside = {p.name: p for p in released.iterdir() if p.is_file() and p.suffix != ".ipynb"}
        if sum(p.stat().st_size for p in beside.values()) > LARGEST_FILES:
            raise Unusable(f"{released}: the files beside the notebook are larger than {LARGEST_FILES >> 20} MB")
        limits = Limits(g.cell_seconds, g.call_seconds, g.total_seconds)
        return Marker(assignment, templates, {name: p.read_bytes() for name, p in beside.items()},
                      g.secret or course_secret(self.root), limits, self.db_url, self.config)
