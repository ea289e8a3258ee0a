"""What `optimlab release`, `publish`, `grade` and `report` do, in the course's folder."""

import json
import sys
from dataclasses import dataclass
from pathlib import Path

from optimlab.classroom import Unusable, new_assignment, publishing, workers
from optimlab.classroom.batch import Batch
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.enrolment import name_from_lms
from optimlab.classroom.files import record, write_atomic
from optimlab.classroom.gradebook import grades_csv
from optimlab.classroom.gradebook.scores import Row
from optimlab.classroom.grading.notebooks import read_notebook
from optimlab.classroom.grading.secret import LOST
from optimlab.classroom.intake import submissions
from optimlab.classroom.pages import give_back, report
from optimlab.classroom.sandbox import places


@dataclass(frozen=True)
class Asked:
    """What `optimlab grade` was asked for; its help explains each option."""

    assignment: str
    source: Path | None = None
    table: str = ""
    feedback_zip: str = ""
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


def start_assignment(name: str) -> int:
    """Write a small assignment that works into solutions/, to start one's own from; returns an exit status."""
    try:
        course = CourseFolder()
        course.assignments()  # which says so where there is no course
        new_assignment.write(name, course.folder("source", ".", name))
    except (Unusable, OSError) as error:
        return _refused(error)
    print(f"solutions/{name} is a small assignment that works: change its notebook and its exercises.py, then: "
          f"python course.py release {name}")
    return 0


def publish_course(to: Path) -> int:
    """Write the students' edition of the course into a folder; returns an exit status."""
    try:
        print(publishing.publish(CourseFolder().root, to))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def grade_class(asked: Asked) -> int:
    """Grade the class into the gradebook, feedback/, a table and the report; returns an exit status."""
    assignment = asked.assignment
    try:
        course = CourseFolder(asked.db)
        course.require_assignment(assignment)
        course.keep_private()
        g = course.grading
        no_sandbox = asked.no_sandbox or g.no_sandbox
        if course.lost_its_secret():
            print(f"optimlab: {LOST}", file=sys.stderr)
        with course.book(assignment) as book:
            marker = course.marker(assignment, book)
            told = submissions.Told([], [])
            if asked.source:
                told = submissions.collect(asked.source, course.submitted, assignment, marker.templates)
            found, passed_over = submissions.find(course.submitted, assignment, marker.templates, course.assignments(),
                                                  lambda path: course.untouched(path, assignment))
            refused, noted = told.refused + passed_over.refused, told.noted + passed_over.noted
            for line in noted + refused:
                print(f"optimlab: {line}", file=sys.stderr)
            found = submissions.with_terms(found, course.submitted, assignment)
            name_from_lms(book, course.submitted)
            if not found:
                raise Unusable(f"there is nothing to grade: put the notebooks at "
                               f"submitted/STUDENT/{assignment}/{next(iter(marker.templates))}.ipynb")
            batch = Batch(marker, book, lambda stage, student: course.folder(stage, student, assignment),
                          f"strict {g.strict}, no sandbox {no_sandbox}", course.records(assignment))
            crew = workers.cluster(asked.scheduler, g.strict, no_sandbox) if asked.scheduler \
                else workers.local(g.strict, no_sandbox)
            graded, failed = batch.grade(found, crew, asked.again)
            batch.record_missing(found)
            batch.carry(found)
            for line in failed:
                print(f"optimlab: {line}", file=sys.stderr)
            write_atomic(course.records(assignment) / "refused.json", json.dumps(noted + refused + failed))
            scores = book.scores(assignment)
            grades_csv.write(scores, course.root / f"grades-{assignment}.csv", asked.table,
                             submissions.lms_ids(course.submitted), course.file_mode)
        write_report(course, assignment, scores)
        if asked.feedback_zip:
            pages = {s: page for s in found if (page := batch.page_path(s)).is_file()}
            left_out = give_back.write(course.root / f"feedback-{assignment}.zip", asked.feedback_zip, assignment,
                                       pages, submissions.lms_ids(course.submitted))
            if left_out:
                print(f"optimlab: not in feedback-{assignment}.zip, for they came in another way: "
                      f"{', '.join(left_out)}", file=sys.stderr)
    except (Unusable, OSError) as error:
        return _refused(error)
    if not no_sandbox and not asked.scheduler and (unfiltered := places.why_no_filter()):
        print(f"optimlab: {unfiltered}", file=sys.stderr)
    if no_sandbox:
        print("optimlab: graded without a sandbox: the submissions ran with your own rights", file=sys.stderr)
    print(what_happened(assignment, graded, len(found) - graded - len(failed), sum(map(batch.unreadable, found)),
                        len(refused), len(failed), sum(row.needs_manual_grade for row in scores)))
    return 1 if refused or failed else 0


def what_happened(assignment: str, graded: int, unchanged: int, unreadable: int, refused: int, failed: int,
                  waiting: int) -> str:
    """What grading a class prints in the end: how many of what, and where to look."""
    table = ((graded, "graded", ""),
             (unchanged, "unchanged", "graded before"),
             (unreadable, "unreadable", "among these: 0 points, the feedback says why"),
             (refused, "refused", "not graded: see above what to do"),
             (failed, "failed", "not graded: see above why"),
             (waiting, "waiting", "for a person: Formgrader, Manual Grading"))
    lines = [f"{number:6}  {what:11} {more}".rstrip() for number, what, more in table]
    return "\n".join((*lines, f"The table is in grades-{assignment}.csv, the report in report-{assignment}.html, the "
                              f"feedback in feedback/*/{assignment}/, all of it in Formgrader."))


def report_class(assignment: str) -> int:
    """Write the report on a graded class; returns an exit status."""
    try:
        course = CourseFolder()
        course.require_assignment(assignment)
        with course.book(assignment) as book:
            scores = book.scores(assignment)
        print(write_report(course, assignment, scores))
    except (Unusable, OSError) as error:
        return _refused(error)
    return 0


def write_report(course: CourseFolder, assignment: str, scores: list[Row]) -> Path:
    """Write report-ASSIGNMENT.html from the records and the gradebook's scores; returns its path."""
    folder = course.records(assignment)
    records = [record(path) for path in sorted(folder.glob("*/*.json"))
               if (course.folder("submitted", path.parent.name, assignment) / f"{path.stem}.ipynb").exists()]
    if not any(records):
        raise Unusable(f"nothing of {assignment} is graded yet: python course.py grade {assignment}")
    released = [cell["source"] for path in sorted(course.folder("release", ".", assignment).glob("*.ipynb"))
                for cell in read_notebook(path)["cells"] if cell["cell_type"] == "code"]
    refused = folder / "refused.json"
    path = course.root / f"report-{assignment}.html"
    page = report.page(assignment, [r for r in records if r],
                       json.loads(refused.read_text()) if refused.is_file() else [], released,
                       {row.student_id: (row.score, row.max_score) for row in scores})
    write_atomic(path, page, course.file_mode)
    return path


def _refused(error: Exception) -> int:
    said = str(error)
    if isinstance(error, OSError):
        said = (f"{error.filename or 'a file'}: {error.strerror or error}: mend that and run this again; "
                "nothing is lost")
    print(f"optimlab: {said}", file=sys.stderr)
    return 2
