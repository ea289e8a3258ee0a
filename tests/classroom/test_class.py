"""A whole class: each student gets what a careful teacher would give, from `optimlab grade` as from nbgrader itself.

The class is that of tests/submissions/, and with it files that are no notebooks.
"""
import csv
import shutil
from functools import cache

import class_of_submissions
import pytest
from grading_runs import ASSIGNMENT, RELEASED, ROOT, SUBMISSIONS, grade
from nbgrader.api import Gradebook

pytestmark = pytest.mark.usefixtures("sandbox")
BROKEN = {"not-json": b"{oh no", "empty": b"", "a-list": b"[1, 2]", "cut-off": RELEASED.read_bytes()[:5000],
          "binary": bytes(range(256)), "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'}
PART = SUBMISSIONS[::16]  # nbgrader takes ten times as long, and what it calls to judge is the same


def course_of(submissions, entered, folder):
    """A course as it comes, without a secret, in which these and the broken files are submitted."""
    shutil.copytree(entered, folder)
    shutil.rmtree(folder / "submitted")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    class_of_submissions.write_class(folder / "submitted", submissions, RELEASED, ASSIGNMENT)
    for name, data in BROKEN.items():
        (folder / "submitted" / name / ASSIGNMENT).mkdir(parents=True)
        (folder / "submitted" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_bytes(data)
    return folder


@pytest.fixture(scope="module")
def course(entered, tmp_path_factory):
    """The class, graded by `optimlab grade`."""
    folder = course_of(SUBMISSIONS, entered, tmp_path_factory.mktemp("class") / "course")
    status, out, err = grade(folder)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def by_nbgrader(entered, tmp_path_factory):
    """A part of the class, graded by nbgrader's own commands."""
    folder = course_of(PART, entered, tmp_path_factory.mktemp("part") / "course")
    for words in (("autograde", ASSIGNMENT), ("generate_feedback", ASSIGNMENT), ("export", "--to", "grades.csv")):
        status, _out, err = grade(folder, *words, command=("-m", "nbgrader"))
        assert status == 0, err[-3000:]
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
def test_nbgrader_s_own_commands_give_the_same(submission, course, by_nbgrader):
    as_expected(by_nbgrader, submission)
    assert comments(by_nbgrader)[submission.name] == comments(course)[submission.name]


@pytest.mark.parametrize("who", ["course", "by_nbgrader"])
@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_no_points_and_a_reason(name, who, request):
    course = request.getfixturevalue(who)
    assert scores(course)[name] == 0
    assert ("could not be read" in feedback(course, name)) == (name != "no-cells")


@pytest.mark.parametrize("who", ["course", "by_nbgrader"])
def test_the_table_holds_everyone_once(who, request):
    course = request.getfixturevalue(who)
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["student_id"]: float(r["score"]) for r in rows} == scores(course) and len(rows) == len(scores(course))
