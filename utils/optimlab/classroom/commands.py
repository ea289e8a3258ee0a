"""What the launcher's `release`, `grade` and `report` do, in the project's folder and with its nbgrader_config.py."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import nbformat
from nbgrader.apps.baseapp import NbGrader
from nbgrader.coursedir import CourseDirectory

from optimlab.classroom import Unusable, files, workers
from optimlab.classroom.gradebook import grades_csv
from optimlab.classroom.pages import report
from optimlab.classroom.intake import submissions
from optimlab.classroom.batch import Batch, record
from optimlab.classroom.gradebook.book import Book, NotEntered
from optimlab.classroom.grading.judging import read_notebook
from optimlab.classroom.marking import Marker
from optimlab.classroom.sandbox.run import Limits
from optimlab.classroom.grading.preprocessors import Grade

KEPT = ".optimlab"  # the folder of what grading keeps for the next time
LARGEST_FILES = 20 * 2**20  # bytes of all files beside an assignment's notebooks


@dataclass(frozen=True)
class Asked:
    """What `optimlab grade` is asked for, as its help has it."""

    assignment: str
    source: Path | None = None
    table: str = ""
    db: str = ""
    scheduler: str = ""
    no_sandbox: bool = False
    again: bool = False


class Course:
    """A course as its nbgrader_config.py has it: its folders, its gradebook, how it is graded."""

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

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """A step's folder of an assignment ("source", "release", "submitted", "autograded", "feedback")."""
        return Path(self._directory.format_path(getattr(self._directory, f"{step}_directory"), student, assignment))

    @property
    def submitted(self) -> Path:
        """The folder that has a folder for each student."""
        return self.root / self._directory.submitted_directory

    def assignments(self) -> list[str]:
        """The names of all assignments; Unusable where there is no course here."""
        sources = self.folder("source", ".", ".").resolve()
        if not sources.is_dir():
            raise Unusable(f"no {sources.name}/ here: run this in the course's folder")
        return sorted(p.name for p in sources.iterdir() if any(p.glob("*.ipynb")))

    def known(self, assignment: str) -> None:
        """Unusable where there is no such assignment."""
        if assignment not in self.assignments():
            raise Unusable(f"no assignment {assignment!r}: there is {', '.join(self.assignments()) or 'none'}")

    def kept(self, assignment: str) -> Path:
        """The folder of the records."""
        return self.root / KEPT / assignment

    def release(self, assignment: str) -> None:
        """Make an assignment's folder for students and enter it in the gradebook."""
        _nbgrader("generate_assignment", assignment, "--force", "--db", self.db_url)

    def book(self, assignment: str) -> Book:
        """The gradebook, with the assignment entered."""
        try:
            book = Book(self.db_url, self.config)
            book.notebooks(assignment)
            return book
        except NotEntered:
            self.release(assignment)
            return Book(self.db_url, self.config)

    def marker(self, assignment: str, book: Book) -> Marker:
        """All that marking takes."""
        g, released = self.grading, self.folder("release", ".", assignment)
        templates = {name: nbformat.writes(nb) for name, nb in book.templates(assignment, released).items()}
        if not templates:
            raise Unusable(f"{assignment} is not released: python course.py release {assignment}")
        beside = {p.name: p for p in released.iterdir() if p.is_file() and p.suffix != ".ipynb"}
        if sum(p.stat().st_size for p in beside.values()) > LARGEST_FILES:
            raise Unusable(f"{released}: the files beside the notebook are larger than {LARGEST_FILES >> 20} MB")
        limits = Limits(g.cell_seconds, g.call_seconds, g.total_seconds)
        return Marker(assignment, templates, {name: p.read_bytes() for name, p in beside.items()},
                      g.secret, limits, self.db_url, self.config)


def release_assignments(assignments: list[str]) -> int:
    """Make assignments/ from solutions/ and enter the assignments in the gradebook; an exit status."""
    try:
        course = Course()
        for assignment in assignments or course.assignments():
            course.known(assignment)
            course.release(assignment)
            print(f"assignments/{assignment} is made from solutions/{assignment}")
    except Unusable as error:
        return _refused(error)
    return 0


def grade_class(asked: Asked) -> int:
    """Grade all who handed in: the gradebook, feedback/, grades.csv, the report; an exit status."""
    assignment = asked.assignment
    try:
        course = Course(asked.db)
        course.known(assignment)
        g = course.grading
        no_sandbox = asked.no_sandbox or g.no_sandbox
        with course.book(assignment) as book:
            marker = course.marker(assignment, book)
            refused = []
            if asked.source:
                refused = submissions.collect(asked.source, course.submitted, assignment, marker.templates)
            found, passed_over = submissions.find(course.submitted, assignment, marker.templates)
            refused += passed_over
            for line in refused:
                print(f"optimlab: {line}", file=sys.stderr)
            if not found:
                raise Unusable(f"there is nothing to grade: put the notebooks at "
                               f"submitted/STUDENT/{assignment}/{next(iter(marker.templates))}.ipynb")
            batch = Batch(marker, book, lambda step, student: course.folder(step, student, assignment),
                          f"strict {g.strict}, no sandbox {no_sandbox}", course.kept(assignment))
            crew = workers.cluster(asked.scheduler, g.strict, no_sandbox) if asked.scheduler \
                else workers.local(g.strict, no_sandbox)
            failed = batch.grade(found, crew, asked.again)
            batch.miss(found)
            for line in failed:
                print(f"optimlab: {line}", file=sys.stderr)
            files.write(course.kept(assignment) / "refused.json", json.dumps(refused + failed))
            grades_csv.write(book.scores(assignment), course.root / "grades.csv", asked.table,
                               submissions.lms_ids(course.submitted))
        write_report(course, assignment)
    except (Unusable, OSError) as error:
        return _refused(error)
    if no_sandbox:
        print("optimlab: graded without a sandbox: the submissions ran with your own rights", file=sys.stderr)
    print(graded_line(assignment))
    return 1 if failed else 0


def graded_line(assignment: str) -> str:
    """What a graded class ends with."""
    return (f"graded: the table is in grades.csv, the report in report-{assignment}.html, "
            f"feedback in feedback/*/{assignment}/, all of it in formgrader")


def report_class(assignment: str) -> int:
    """Write the report on a graded class; an exit status."""
    try:
        course = Course()
        course.known(assignment)
        print(write_report(course, assignment))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def write_report(course: Course, assignment: str) -> Path:
    """Write report-ASSIGNMENT.html from the records; its path."""
    kept = course.kept(assignment)
    records = [record(path) for path in sorted(kept.glob("*/*.json"))
               if (course.folder("submitted", path.parent.name, assignment) / f"{path.stem}.ipynb").exists()]
    if not any(records):
        raise Unusable(f"nothing of {assignment} is graded yet: python course.py grade {assignment}")
    released = [cell["source"] for path in sorted(course.folder("release", ".", assignment).glob("*.ipynb"))
                for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    refused = kept / "refused.json"
    path = course.root / f"report-{assignment}.html"
    files.write(path, report.page(assignment, [r for r in records if r],
                                  json.loads(refused.read_text()) if refused.is_file() else [], released))
    return path


def _refused(error: Exception) -> int:
    if isinstance(error, OSError):
        error = f"{error.filename or 'a file'}: {error.strerror or error}: mend that and run this again; nothing is lost"
    print(f"optimlab: {error}", file=sys.stderr)
    return 2


def _nbgrader(*words: str) -> None:
    """Run one nbgrader command; its own messages show only where it fails."""
    # nbgrader calls alembic by its name, which only an activated environment has on its path.
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    done = subprocess.run([sys.executable, "-m", "nbgrader", *words], capture_output=True, text=True,
                          env={**os.environ, "PATH": path})
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        raise Unusable(f"nbgrader {words[0]} did not finish; its messages are above")
