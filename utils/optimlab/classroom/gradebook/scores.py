"""Points: those of one cell of a graded notebook, and those of a whole class."""

from datetime import datetime
from typing import Any, NamedTuple

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Assignment, Grade, Student, SubmittedAssignment, SubmittedNotebook
from nbgrader.utils import determine_grade
from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from optimlab.classroom.gradebook.database import notebooks_of
from optimlab.classroom.grading.notebooks import is_test
from optimlab.classroom.grading.outcomes import given_by


class Row(NamedTuple):
    """A student's points for one assignment. `score` is what is left after the late penalty, never below 0.

    A student who handed nothing in has a row, too: `submitted` is False and all points are 0. Times are in
    UTC and carry no time zone.
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


def points(cell: NotebookNode, max_score: float) -> float | None:
    """The points of a cell, between 0 and max_score; None if a person gives them, NaN if they are impossible."""
    if is_test(cell):
        return given_by(cell, max_score)
    given, _ = determine_grade(cell)
    return None if given is None else min(max(float(given), 0.0), max_score)


def class_scores(session: Session, assignment: str) -> list[Row]:
    """A row for every student of the class, sorted by name."""
    notebooks_of(session, assignment)  # raises if there is no such assignment
    id, due, max_score = session.execute(select(Assignment.id, Assignment.duedate, Assignment.max_score)
                                         .where(Assignment.name == assignment)).one()

    def by_submission(value: Any, *tables: Any) -> dict[str, Any]:
        # One query for the whole class: nbgrader would look each sum up student by student.
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
