"""A whole class: each student gets what a careful teacher would give, from `optimlab grade` as from nbgrader itself.

The class is that of tests/submissions/, and with it files that are no notebooks.
"""
import csv
import shutil
from functools import cache

import pytest
from grading_runs import ASSIGNMENT, ROOT, SUBMISSIONS, grade
from nbgrader.api import Gradebook
from nbgraders_own import BROKEN, PART, submit

pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture(scope="module")
def course(entered, tmp_path_factory):
    """The class, graded by `optimlab grade`."""
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("class") / "course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)  # as it comes, without a secret
    submit(folder, SUBMISSIONS)
    status, out, err = grade(folder, one_core=False)
    assert status == 0, out + err
    return folder


@cache
def scores(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}


@cache
def comments(course):
    """What the gradebook says beside the answers, by student."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: {c.name: c.comment for n in s.notebooks for c in n.comments}
                for s in gradebook.assignment_submissions(ASSIGNMENT)}


def feedback(course, student):
    return (course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def as_expected(course, submission):
    assert scores(course)[submission.name] == submission.points, submission.what
    beside = "\n".join(filter(None, comments(course)[submission.name].values()))
    for place in (beside, feedback(course, submission.name)):
        for mistake in submission.mistakes:
            assert mistake in place, f"{submission.what}: {mistake} is not named"


def test_nobody_is_lost(course):
    assert set(scores(course)) == {s.name for s in SUBMISSIONS} | set(BROKEN)
    assert len(SUBMISSIONS) >= 40


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda s: s.name)
def test_points_and_names_are_those_expected(submission, course):
    as_expected(course, submission)


@pytest.mark.parametrize("submission", PART, ids=lambda s: s.name)
def test_nbgrader_s_own_commands_give_the_same(submission, course, graded_by_nbgrader):
    as_expected(graded_by_nbgrader, submission)
    assert comments(graded_by_nbgrader)[submission.name] == comments(course)[submission.name]


@pytest.mark.parametrize("who", ["course", "graded_by_nbgrader"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_no_points_and_a_reason(name, who, request):
    course = request.getfixturevalue(who)
    assert scores(course)[name] == 0
    assert ("could not be read" in feedback(course, name)) == (name != "no-cells")


def test_the_table_holds_everyone_once(course):
    with open(course / "grades-adam.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["student_id"]: float(r["score"]) for r in rows} == scores(course) and len(rows) == len(scores(course))
