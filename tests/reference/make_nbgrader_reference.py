"""Writes nbgrader.json: the points that plain nbgrader gives the class of tests/support/quiz.py.

The tests compare `optimlab grade` with this file, and run nbgrader's own steps again for a few of the class: for all
of it nbgrader takes minutes, a kernel for each. To make it anew, in this course's environment (it takes some minutes):

    python tests/reference/make_nbgrader_reference.py

None of our steps is in this course's nbgrader_config.py. A student whom nbgrader could not grade has null.
"""

import json
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "support"))

import nbformat  # noqa: E402
import quiz  # noqa: E402
from grading_runs import grade  # noqa: E402
from nbgrader.api import Gradebook, MissingEntry  # noqa: E402
from nbgraders_own import hand_in  # noqa: E402

# Less patience than nbgrader's own 30 seconds: the tests of the quiz take milliseconds.
CONFIG = "c = get_config()\nc.CourseDirectory.course_id = 'plain'\nc.ExecutePreprocessor.timeout = 5\n"


def by_plain_nbgrader(course):
    """The points of everyone's tests: {student: {cell: points}}."""
    (course / "nbgrader_config.py").write_text(CONFIG)
    (course / "source" / quiz.NAME).mkdir(parents=True)
    nbformat.write(quiz.notebook(), course / "source" / quiz.NAME / f"{quiz.NAME}.ipynb")
    status, _out, err = grade(course, "generate_assignment", quiz.NAME, command=("-m", "nbgrader"))
    assert status == 0, err
    released = nbformat.read(course / "release" / quiz.NAME / f"{quiz.NAME}.ipynb", as_version=4)
    for student, answers in quiz.ANSWERS.items():
        hand_in(course, student, quiz.NAME, quiz.NAME, nbformat.writes(quiz.answered(answers, released)).encode())
    grade(course, "autograde", quiz.NAME, command=("-m", "nbgrader"))  # its status says that it could not grade some
    return {student: points(course, student) for student in quiz.ANSWERS}


def points(course, student):
    if not (course / "autograded" / student / quiz.NAME / f"{quiz.NAME}.ipynb").is_file():
        return None
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        try:
            return {name: book.find_grade(name, quiz.NAME, quiz.NAME, student).auto_score for name in quiz.tests()}
        except MissingEntry:
            return None


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        scores = by_plain_nbgrader(Path(folder))
    rows = ",\n".join(f" {json.dumps(student)}: {json.dumps(given)}" for student, given in scores.items())
    (HERE / "nbgrader.json").write_text(f"{{\n{rows}\n}}\n")
