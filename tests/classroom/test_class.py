"""A whole class through nbgrader itself: each student gets what a careful teacher would give.

The class is that of tests/submissions/, and with it files that are no notebooks.
"""
import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import class_of_submissions
import pytest
from grading_runs import ASSIGNMENT, RELEASED, ROOT, SUBMISSIONS
from nbgrader.api import Gradebook

pytestmark = pytest.mark.usefixtures("sandbox")
BROKEN = {"not-json": b"{oh no", "empty": b"", "a-list": b"[1, 2]", "cut-off": RELEASED.read_bytes()[:5000],
          "binary": bytes(range(256)), "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course folder in which the class has been graded by nbgrader's own commands."""
    folder = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    shutil.copytree(ROOT / "solutions", folder / "solutions")
    shutil.copytree(ROOT / "assignments", folder / "assignments")
    class_of_submissions.write_class(folder / "submitted", SUBMISSIONS, RELEASED, ASSIGNMENT)
    for name, data in BROKEN.items():
        (folder / "submitted" / name / ASSIGNMENT).mkdir(parents=True)
        (folder / "submitted" / name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_bytes(data)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for words in (["generate_assignment", ASSIGNMENT, "--force"], ["autograde", ASSIGNMENT],
                  ["generate_feedback", ASSIGNMENT], ["export", "--to", "grades.csv"]):
        done = subprocess.run([sys.executable, "-m", "nbgrader", *words], cwd=folder, capture_output=True, text=True,
                              env={**os.environ, "PATH": path})
        assert done.returncode == 0, done.stderr[-3000:]
    return folder


@pytest.fixture(scope="module")
def scores(course):
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: s.score for s in gradebook.assignment_submissions(ASSIGNMENT)}


@pytest.fixture(scope="module")
def comments(course):
    """What the gradebook says beside the answers, by student."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        return {s.student.id: "\n".join(c.comment or "" for n in s.notebooks for c in n.comments)
                for s in gradebook.assignment_submissions(ASSIGNMENT)}


def feedback(course, student):
    return (course / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")


def test_nobody_is_lost(scores):
    assert set(scores) == {s.name for s in SUBMISSIONS} | set(BROKEN)
    assert len(SUBMISSIONS) >= 40


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=lambda s: s.name)
def test_points_and_names_are_those_expected(submission, course, scores, comments):
    assert scores[submission.name] == submission.points, submission.what
    for place in (comments[submission.name], feedback(course, submission.name)):
        for mistake in submission.mistakes:
            assert mistake in place, f"{submission.what}: {mistake} is not named"


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_gets_no_points_and_a_reason(name, course, scores):
    assert scores[name] == 0
    assert ("could not be read" in feedback(course, name)) == (name != "no-cells")


def test_the_table_holds_everyone_once(course, scores):
    with open(course / "grades.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {r["student_id"]: float(r["score"]) for r in rows} == scores and len(rows) == len(scores)
