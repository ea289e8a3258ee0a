"""Assignments of an author's own, from beginning to grades: all points agree wherever they are told.

One was begun with `new-assignment` and then changed, as docs/authoring.md says: other points for a criterion, one more
test, more points for the question. The other has a function of a lesson and its points in the cell that checks it.
"""
import copy
import csv
import json
import shutil

import class_of_submissions
import nbformat
import pytest
from gradebook_contents import contents
from grading_runs import ROOT, grade, optimlab
from nbgraders_own import cell, hand_in

from optimlab.classroom.grading.notebooks import grade_id
from optimlab.tutor.telling import KINDS

OWN, LESSON_S = "week-1", "week-2"
FUNCTION = "mean_squared_error"
HEAD = f"def {FUNCTION}(y, y_hat):\n    "
# (source, points, ids of mistakes): shape 1, loss 4, no-error 1, of-one 2
CLASS = {
    "right": (HEAD + "return ((y - y_hat) ** 2).sum() / y.size", 8, []),
    "summed": (HEAD + "return ((y_hat - y) ** 2).sum()", 4, ["mean_squared_error.sum_not_mean"]),
    "rooted": (HEAD + "return np.sqrt(((y_hat - y) ** 2).mean())", 2, []),
    "one-less": (HEAD + "return ((y_hat - y) ** 2).sum() / (len(y) - 1)", 4, []),
    "nothing": (HEAD + "((y_hat - y) ** 2).mean()", 0, ["returns_nothing"]),
    "fails": (HEAD + "return ((y_hat - z) ** 2).mean()", 0, ["raises"]),
    "untouched": (None, 0, ["not_attempted"]),
}
AVERAGE = "def ewma(theta, beta, corrected=False):\n    V, out = 0.0, []\n    for t, x in enumerate(theta, 1):\n" \
          "        V = {}\n        out.append(V / (1 - beta**t) if corrected else V)\n    return np.array(out)"
# All four criteria share the 6 points alike.
CLASS_2 = {
    "right": (AVERAGE.format("beta * V + (1 - beta) * x"), 6, []),
    "summed": (AVERAGE.format("beta * V + x"), 1.5, ["ewma.sum_not_average"]),
}


def week_1(nb):
    cells = {grade_id(c): c for c in nb.cells}
    cells["mean_squared_error-loss"].metadata.nbgrader.points = 4
    cells["mean_squared_error-loss"].source = f'require("{FUNCTION}.loss", {FUNCTION})  # 4 points: the right one'
    cells["question"].metadata.nbgrader.points = 3
    nb.cells.append(cell("of-one", "code", f"assert {FUNCTION}(np.zeros(2), np.array([3.0, 0.0])) in (4.5, 9)", grade=True, points=2))


def week_2():
    return nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}, cells=[
        nbformat.v4.new_code_cell("import numpy as np\nfrom optimlab.tutor import check"),
        cell("ewma", "code", "### BEGIN SOLUTION\n" + AVERAGE.format("beta * V + (1 - beta) * x") + "\n### END SOLUTION", solution=True),
        cell("all-of-it", "code", "check(ewma)", grade=True, points=6)])


@pytest.fixture(scope="module")
def course(sandbox, entered, tmp_path_factory):
    folder = tmp_path_factory.mktemp("any") / "course"
    (folder / "solutions" / LESSON_S).mkdir(parents=True)
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(entered / name, folder / name)
    assert optimlab(folder, "new-assignment", OWN)[0] == 0
    path = folder / "solutions" / OWN / f"{OWN}.ipynb"
    nb = nbformat.read(path, as_version=4)
    week_1(nb)
    nbformat.write(nb, path)
    nbformat.write(week_2(), folder / "solutions" / LESSON_S / f"{LESSON_S}.ipynb")
    status, out, err = optimlab(folder, "release")
    assert status == 0, out + err
    for assignment, students, function in ((OWN, CLASS, FUNCTION), (LESSON_S, CLASS_2, "ewma")):
        released = nbformat.read(folder / "assignments" / assignment / f"{assignment}.ipynb", as_version=4)
        for student, (source, *_) in students.items():
            answered = copy.deepcopy(released)
            for made in answered.cells:
                made.source = source if source and grade_id(made) == function else made.source
                made.source = "Because." if (student, grade_id(made)) == ("right", "question") else made.source
            hand_in(folder, student, assignment, assignment, nbformat.writes(answered).encode())
        status, out, err = optimlab(folder, "grade", assignment)
        assert status == 0, out + err
    return folder


def table(course, assignment):
    with (course / f"grades-{assignment}.csv").open(newline="", encoding="utf-8-sig") as file:
        return {row["student_id"]: row for row in csv.DictReader(file)}


@pytest.mark.parametrize("assignment, students, most", [(OWN, CLASS, 11), (LESSON_S, CLASS_2, 6)], ids=[OWN, LESSON_S])
def test_all_that_is_told_agrees_with_a_careful_teacher(assignment, students, most, course):
    rows = table(course, assignment)
    for student, (_, points, mistakes) in students.items():
        record = json.loads((course / ".optimlab" / assignment / student / f"{assignment}.json").read_text())
        assert sorted({m["id"] for e in record["exercises"] for m in e["mistakes"]} - KINDS.keys()) == mistakes, student
        assert (float(rows[student]["score"]), float(rows[student]["max_score"])) == (points, most), student
        assert record["score"] == points, student
        page = (course / "feedback" / student / assignment / f"{assignment}.html").read_text(encoding="utf-8")
        assert f"{points:g}" in page and all(id in page for id in mistakes)
    assert f"of {most}" in (course / f"report-{assignment}.html").read_text(encoding="utf-8")


def test_an_answer_in_words_waits_for_a_person(course):
    assert [student for student, row in table(course, OWN).items() if row["needs_manual_grade"] == "True"] == ["right"]


@pytest.mark.parametrize("student", ["right", "summed"])
def test_check_tells_the_same_points(student, course):
    _, points, mistakes = CLASS[student]
    status, out, _ = optimlab(course, "check", "--json", f"submitted/{student}/{OWN}/{OWN}.ipynb")
    told = json.loads(out)
    assert (status, told["assignment"], told["score"], told["max_score"]) == (0, OWN, points, 8)
    assert [m["id"] for e in told["exercises"] for m in e["mistakes"]] == mistakes


def test_nbgrader_s_own_command_gives_the_same(course, tmp_path):
    copied = shutil.copytree(course, tmp_path / "course")
    shutil.rmtree(copied / "autograded")
    status, out, err = grade(copied, "--student=summed", command=("-m", "nbgrader", "autograde", OWN))
    assert status == 0, out + err
    one, other = (contents(f"sqlite:///{folder / 'gradebook.db'}")["submissions"][OWN, "summed"]["notebooks"][OWN]["grades"]
                  for folder in (course, copied))
    assert one == other and sum(given or 0 for given, *_ in one.values()) == CLASS["summed"][1]


def test_the_exercises_reach_neither_the_students_nor_the_sandbox(course):
    assert not list((course / "assignments").rglob("exercises.py"))
    assert not list((course / "autograded").rglob("exercises.py"))


@pytest.mark.parametrize("assignment, student", [("momentum", "sum_and_ascends")])
def test_grade_and_nbgrader_agree_on_the_course_s_own(assignment, student, sandbox, entered, tmp_path):
    """A sample: the whole classes take minutes."""
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(entered / name, tmp_path / name)
    shutil.copytree(ROOT / "solutions" / assignment, tmp_path / "solutions" / assignment)
    assert optimlab(tmp_path, "release", assignment)[0] == 0
    submission, = [s for s in class_of_submissions.of_assignment(assignment) if s.name == student]
    class_of_submissions.write_class(tmp_path / "submitted", [submission],
                                     tmp_path / "assignments" / assignment / f"{assignment}.ipynb", assignment)
    found = []
    for command in (("-m", "optimlab", "grade", assignment), ("-m", "nbgrader", "autograde", assignment)):
        copied = shutil.copytree(tmp_path, tmp_path.parent / f"{assignment}-{len(found)}")
        status, out, err = grade(copied, command=command)
        assert status == 0, out + err
        found.append(contents(f"sqlite:///{copied / 'gradebook.db'}")["submissions"][assignment, student])
    one, other = ((f["score"], f["notebooks"][assignment]["grades"]) for f in found)
    assert one == other and one[0] == submission.points
