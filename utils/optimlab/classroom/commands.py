"""What `optimlab release`, `publish`, `grade` and `report` do, in the course's folder."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from optimlab.classroom import Unusable, publishing, workers
from optimlab.classroom.batch import Batch, record
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.files import write_atomic
from optimlab.classroom.gradebook import grades_csv
from optimlab.classroom.grading.notebooks import read_notebook
from optimlab.classroom.grading.secret import LOST
from optimlab.classroom.intake import submissions
from optimlab.classroom.pages import report
from optimlab.classroom.sandbox import places


@dataclass(frozen=True)
class Asked:
    """What `optimlab grade` was asked for; its help explains each option."""

    assignment: str
    source: Path | None = None
    table: str = ""
    db: str = ""
    scheduler: str = ""
    no_sandbox: bool = False
    again: bool = False


def release_assignments(assignments: list[str], again_for_all: bool = False) -> int:
    """Make assignments/ from solutions/ and enter the assignments in the gradebook; returns an exit status."""
    try:
        course = CourseFolder()
        for assignment in assignments or course.assignments():
            course.require_assignment(assignment)
            kept = course.release(assignment, again_for_all)
            print(f"assignments/{assignment} is made from solutions/{assignment}"
                  + (f"; what was there before is in {kept.relative_to(course.root)}" if kept else ""))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def publish_course(to: Path) -> int:
    """Write the students' edition of the course into a folder; returns an exit status."""
    try:
        print(publishing.publish(CourseFolder().root, to))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def grade_class(asked: Asked) -> int:
    """Grade the class into the gradebook, feedback/, grades.csv and the report; returns an exit status."""
    assignment = asked.assignment
    try:
        course = CourseFolder(asked.db)
        course.require_assignment(assignment)
        g = course.grading
        no_sandbox = asked.no_sandbox or g.no_sandbox
        if course.lost_its_secret():
            print(f"optimlab: {LOST}", file=sys.stderr)
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
            batch = Batch(marker, book, lambda stage, student: course.folder(stage, student, assignment),
                          f"strict {g.strict}, no sandbox {no_sandbox}", course.records(assignment))
            crew = workers.cluster(asked.scheduler, g.strict, no_sandbox) if asked.scheduler \
                else workers.local(g.strict, no_sandbox)
            failed = batch.grade(found, crew, asked.again)
            batch.record_missing(found)
            for line in failed:
                print(f"optimlab: {line}", file=sys.stderr)
            write_atomic(course.records(assignment) / "refused.json", json.dumps(refused + failed))
            grades_csv.write(book.scores(assignment), course.root / "grades.csv", asked.table,
                             submissions.lms_ids(course.submitted))
        write_report(course, assignment)
    except (Unusable, OSError) as error:
        return _refused(error)
    if not no_sandbox and not asked.scheduler and (unfiltered := places.why_no_filter()):
        print(f"optimlab: {unfiltered}", file=sys.stderr)
    if no_sandbox:
        print("optimlab: graded without a sandbox: the submissions ran with your own rights", file=sys.stderr)
    print(graded_line(assignment))
    return 1 if failed else 0


def graded_line(assignment: str) -> str:
    """The last line that grading a class prints."""
    return (f"graded: the table is in grades.csv, the report in report-{assignment}.html, "
            f"feedback in feedback/*/{assignment}/, all of it in formgrader")


def report_class(assignment: str) -> int:
    """Write the report on a graded class; returns an exit status."""
    try:
        course = CourseFolder()
        course.require_assignment(assignment)
        print(write_report(course, assignment))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def write_report(course: CourseFolder, assignment: str) -> Path:
    """Write report-ASSIGNMENT.html from the records; returns its path."""
    folder = course.records(assignment)
    records = [record(path) for path in sorted(folder.glob("*/*.json"))
               if (course.folder("submitted", path.parent.name, assignment) / f"{path.stem}.ipynb").exists()]
    if not any(records):
        raise Unusable(f"nothing of {assignment} is graded yet: python course.py grade {assignment}")
    released = [cell["source"] for path in sorted(course.folder("release", ".", assignment).glob("*.ipynb"))
                for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    refused = folder / "refused.json"
    path = course.root / f"report-{assignment}.html"
    write_atomic(path, report.page(assignment, [r for r in records if r],
                                  json.loads(refused.read_text()) if refused.is_file() else [], released))
    return path


def _refused(error: Exception) -> int:
    said = str(error)
    if isinstance(error, OSError):
        said = (f"{error.filename or 'a file'}: {error.strerror or error}: mend that and run this again; "
                "nothing is lost")
    print(f"optimlab: {said}", file=sys.stderr)
    return 2
