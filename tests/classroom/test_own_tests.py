"""An instructor's own nbgrader tests give what plain nbgrader gives, or more where its verdict is a known fault.

The class is that of support/quiz.py; what nbgrader gives it stands in reference/nbgrader.json. In the same course the
instructor has changed the tutor's assignment: other points for a criterion, and tests of the instructor's own.
"""
import csv
import json
import re
import shutil
from pathlib import Path

import nbformat
import pytest
import quiz
from gradebook_contents import contents
from grading_runs import ASSIGNMENT, STUDENTS, SUBMISSIONS, grade, optimlab, records
from nbgrader.preprocessors import Execute
from nbgrader.utils import determine_grade
from nbgraders_own import cell, hand_in

from optimlab.classroom.grading.notebooks import grade_id

BY_NBGRADER = json.loads((Path(__file__).parents[1] / "reference" / "nbgrader.json").read_text())
TESTS = quiz.tests()
MEAN = {name: most for name, most in TESTS.items() if name.startswith("mean-")}
SPREAD = {name: most for name, most in TESTS.items() if name.startswith("spread-")}

# What we give otherwise than nbgrader: the reason, then for each student the cells and their points.
OTHERWISE = {
    "what is written to stderr, a warning or a word, is no error": {
        "warns": {**MEAN, "spread-depends": 2}, "logs-to-stderr": {**MEAN, "spread-depends": 2}, "warns-once": SPREAD},
    "a number that numpy shows as np.float64(1.0) is a number": {
        "wrong-spread": {"spread-numpy": 0}, "wrong-spread-of-one": {"spread-numpy": 1}, "wrong-both": {"spread-numpy": 1},
        "none-both": {"spread-numpy": 0}, "changes-the-list": {"spread-numpy": 0}},
    "a test runs, whatever its tags: one that does not run earns nothing": {
        student: {"spread-tagged": 0} for student in (
            "untouched", "only-mean", "words-only", "wrong-spread", "wrong-spread-of-one", "none-both", "crashes-name",
            "indentation", "no-module", "changes-the-list")},
    "points that are NaN or negative are none, and a person is asked": {
        "nan": {"mean-claims": 0}, "negative": {"mean-claims": 0}},
    "nor does a test with too many points stop nbgrader, and with it all else of that student": {
        "too-large": {"mean-silent": 0, "mean-prints": 0, "mean-hidden": 0, "mean-part": 1.5, "mean-claims": 0,
                      **SPREAD, "spread-depends": 0, "bonus": 0}},
    "who ends the process loses what needs it, not everything": {
        "kills-itself": {**MEAN, **dict.fromkeys(SPREAD, 0), "bonus": 0}, "leaves": TESTS},
}


def expected(student):
    given = dict(BY_NBGRADER[student] or {})
    for students in OTHERWISE.values():
        given |= students.get(student, {})
    return given


CHANGED = {"update-later_steps": 8, "update-first_step": 0, "initialize-zeros": 2.5}  # they are 4, 2 and 1
RIGHT_STUDENT, WRONG_STUDENT = "right_line_by_line", "one_beta_for_both_corrections"


def changed(nb):
    """The tutor's assignment as this instructor wants it."""
    for made in nb.cells:
        if grade_id(made) in CHANGED:
            made.metadata.nbgrader.points = CHANGED[grade_id(made)]
            made.source = re.sub(r"# \d+ points?", f"# {CHANGED[grade_id(made)]} points", made.source)
    own = "import warnings; warnings.warn('old')\nassert len(initialize_adam(2, 3, 1)) == 8"
    part = ("first = update_parameters_with_adam(*[np.ones((1, 1))] * 8, *[np.zeros((1, 1))] * 8, 1)[0].item()\n"
            "1.5 * (first < 1) + 1.5 * (first > 0.998)")
    nb.cells += [cell("own-silent", "code", own, grade=True, points=5), cell("own-part", "code", part, grade=True, points=3)]
    return nb


@pytest.fixture(scope="module")
def course(sandbox, entered, tmp_path_factory):
    """The class, graded by `optimlab grade`; grades-adam.csv is the table of the tutor's assignment."""
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("quiz") / "course")
    tutor_s = folder / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    nbformat.write(changed(nbformat.read(tutor_s, as_version=4)), tutor_s)
    (folder / "solutions" / quiz.NAME).mkdir()
    nbformat.write(quiz.notebook(), folder / "solutions" / quiz.NAME / f"{quiz.NAME}.ipynb")
    assert optimlab(folder, "release")[0] == 0
    for student in STUDENTS:
        if student not in (RIGHT_STUDENT, WRONG_STUDENT):
            shutil.rmtree(folder / "submitted" / student)
    status, out, err = grade(folder)
    assert status == 0, out + err
    released = nbformat.read(folder / "assignments" / quiz.NAME / f"{quiz.NAME}.ipynb", as_version=4)
    for student, answers in quiz.ANSWERS.items():
        hand_in(folder, student, quiz.NAME, quiz.NAME, nbformat.writes(quiz.answered(answers, released)).encode())
    status, out, err = grade(folder, command=("-m", "optimlab", "grade", quiz.NAME), one_core=False)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def grades(course):
    """The gradebook's grades by student: {cell: (points, points by hand, extra points, whether a person is asked)}."""
    held = contents(f"sqlite:///{course / 'gradebook.db'}")["submissions"]
    return {student: held[quiz.NAME, student]["notebooks"][quiz.NAME]["grades"] for student in quiz.ANSWERS}


def test_the_class_has_every_kind_of_answer_and_each_difference_is_one():
    assert len(quiz.ANSWERS) >= 40 and BY_NBGRADER.keys() == quiz.ANSWERS.keys()
    for students in OTHERWISE.values():
        for student, cells in students.items():
            assert any((BY_NBGRADER[student] or {}).get(name) != points for name, points in cells.items()), student


@pytest.mark.parametrize("student", quiz.ANSWERS)
def test_points_are_those_of_nbgrader_or_better(student, grades):
    assert {name: grades[student][name][0] for name in TESTS} == expected(student)


@pytest.mark.parametrize("student", quiz.ANSWERS)
def test_a_person_is_asked_where_words_are_to_be_read_and_where_points_are_impossible(student, grades):
    impossible = {"mean-claims"} if student in ("nan", "negative", "too-large") else set()
    asked = {name for name, (*_, waits) in grades[student].items() if waits}
    assert asked == impossible | {"draw"} | ({"plot", "why"} & quiz.ANSWERS[student].keys())


@pytest.mark.parametrize("student", quiz.ANSWERS)
def test_nbgrader_reads_the_same_points_from_the_graded_notebook(student, course):
    """As `nbgrader autograde` does after our step."""
    nb = nbformat.read(course / "autograded" / student / quiz.NAME / f"{quiz.NAME}.ipynb", as_version=4)
    assert {grade_id(c): determine_grade(c)[0] for c in nb.cells if grade_id(c) in TESTS} == expected(student)


def scores(path):
    with open(path, newline="", encoding="utf-8-sig") as file:
        return {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}


@pytest.mark.parametrize("student", [RIGHT_STUDENT, WRONG_STUDENT])
def test_points_changed_in_the_notebook_and_tests_added_to_it_count_everywhere(student, course):
    """In the gradebook, the table, the record, the report and the feedback."""
    held = contents(f"sqlite:///{course / 'gradebook.db'}")["submissions"][ASSIGNMENT, student]["notebooks"][ASSIGNMENT]["grades"]
    given = {name: points for name, (points, *_) in held.items() if points is not None}
    assert (given["own-silent"], given["own-part"]) == (5, 3 if student == RIGHT_STUDENT else 1.5)
    if student == RIGHT_STUDENT:
        assert sum(given.values()) == 20 + 4 - 2 + 1.5 + 8 and given.items() >= CHANGED.items()
    else:
        (usual,) = [s.points for s in SUBMISSIONS if s.name == student]
        assert sum(given.values()) == usual + 1.5 + 6.5
    record = records(course)[student]
    assert scores(course / f"grades-{ASSIGNMENT}.csv")[student] == record["score"] == sum(given.values())
    assert record["max_score"] == 20 + 4 - 2 + 1.5 + 8
    told = {c["id"].replace(".", "-"): c["points"] for e in record["exercises"] for c in e["criteria"]}
    assert told == {name: points for name, points in given.items() if not name.startswith("question-")}
    page = (course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert f"{8 if student == RIGHT_STUDENT else 0}/8" in page and f"{sum(given.values()):.1f}".removesuffix(".0") in page
    assert "31.5" in (course / f"report-{ASSIGNMENT}.html").read_text(encoding="utf-8")


def test_all_that_is_told_agrees(course, grades):
    """The table, the record and the gradebook."""
    table = scores(course / f"grades-{quiz.NAME}.csv")
    for student in quiz.ANSWERS:
        record = json.loads((course / ".optimlab" / quiz.NAME / student / f"{quiz.NAME}.json").read_text())
        assert record["score"] == table[student] == sum(expected(student).values())
        assert record["max_score"] == sum(TESTS.values())


@pytest.mark.parametrize("student", ["wrong-both", "renamed", "warns-once", "negative"])
def test_nbgrader_still_gives_what_the_file_says(student, kernel, tmp_path):
    nb = quiz.answered(quiz.ANSWERS[student], quiz.notebook())
    nb, _ = Execute().preprocess(nb, {"metadata": {"path": str(tmp_path)}})
    assert {grade_id(c): determine_grade(c)[0] for c in nb.cells if grade_id(c) in TESTS} == BY_NBGRADER[student]
