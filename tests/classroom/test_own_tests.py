"""An instructor's own nbgrader tests give what plain nbgrader gives, or more where its verdict is a known fault.

The class is that of support/quiz.py; what nbgrader gives it stands in reference/nbgrader.json.
"""
import copy
import json
import shutil
from pathlib import Path

import nbformat
import pytest
import quiz
from grading_runs import optimlab
from gradebook_contents import contents
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from nbgraders_own import hand_in

from optimlab.classroom.grading.notebooks import grade_id

BY_NBGRADER = json.loads((Path(__file__).parents[1] / "reference" / "nbgrader.json").read_text())
TESTS = quiz.tests()
EVERY_MEAN = [name for name in TESTS if name.startswith("mean-")]

STDERR = "what is written to stderr, a warning or a word, is no error"
NUMBERS = "what numpy shows as np.float64(1.0) is a number like any other"
TAGGED = "a test runs, whatever its tags: one that does not run earns nothing"
IMPOSSIBLE = "points that are NaN, negative or too many are none, and a person is asked"
DEAD = "who ends the process loses only what came after; nbgrader gives such a student nothing at all"

# Where we differ from nbgrader, and why: by student and cell what we give.
NUMPY_HALF = {student: {"spread-numpy": 1} for student in ("wrong-spread-of-one",)}


@pytest.fixture(scope="module")
def course(sandbox, entered, tmp_path_factory):
    """The class, graded by `optimlab grade`, which releases the assignment first."""
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("quiz") / "course")
    with open(folder / "nbgrader_config.py", "a") as config:
        config.write("c.Grade.cell_seconds = 3.0\n")
    (folder / "solutions" / quiz.NAME).mkdir()
    nbformat.write(quiz.notebook(), folder / "solutions" / quiz.NAME / f"{quiz.NAME}.ipynb")
    assert optimlab(folder, "release", quiz.NAME)[0] == 0
    released = nbformat.read(folder / "assignments" / quiz.NAME / f"{quiz.NAME}.ipynb", as_version=4)
    for student, answers in quiz.ANSWERS.items():
        hand_in(folder, student, quiz.NAME, quiz.NAME, nbformat.writes(quiz.answered(answers, released)).encode())
    status, out, err = optimlab(folder, "grade", quiz.NAME)
    assert status == 0, out + err
    return folder
