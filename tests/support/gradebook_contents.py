"""What a gradebook says, to compare two of them: no random ids, no order, no times of grading."""
from nbgrader.api import Gradebook


def contents(db_url):
    """The students, assignments, submissions, grades and comments of a gradebook, as plain dictionaries."""
    with Gradebook(db_url) as book:
        return {
            "students": {s.id: (s.first_name, s.last_name, s.email, s.lms_user_id) for s in book.students},
            "assignments": {a.name: (a.duedate, a.max_score, sorted(n.name for n in a.notebooks))
                            for a in book.assignments},
            "submissions": {(a.name, s.student_id): _submission(s) for a in book.assignments for s in a.submissions},
        }


def _submission(submission):
    return {"timestamp": submission.timestamp, "extension": submission.extension, "score": submission.score,
            "notebooks": {n.name: _notebook(n) for n in submission.notebooks}}


def _notebook(notebook):
    return {"penalty": notebook.late_submission_penalty, "flagged": notebook.flagged,
            "grades": {g.name: (g.auto_score, g.manual_score, g.extra_credit, g.needs_manual_grade)
                       for g in notebook.grades},
            "comments": {c.name: (c.auto_comment, c.manual_comment) for c in notebook.comments}}
