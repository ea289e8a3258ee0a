"""Notebooks and graded courses for the tests of the classroom."""
import copy
import shutil
from pathlib import Path

import pytest
from grading_runs import ASKED, grade
from nbgraders_own import make as make_nbgraders_own

from optimlab.classroom.grading import judging
from optimlab.classroom.grading.notebooks import read_notebook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def released():
    """The released Adam notebook."""
    return read_notebook(ROOT / "assignments/adam/adam.ipynb")


@pytest.fixture
def solution():
    """The instructor's Adam notebook."""
    return read_notebook(ROOT / "solutions/adam/adam.ipynb")


@pytest.fixture
def judged(place):
    """Run a notebook of the assignment and judge it."""
    return lambda nb, *secret, **more: judging.grade(nb, ASKED, *secret, place=place, **more)


@pytest.fixture
def bare():
    """Make a notebook of nothing but code cells with these sources."""
    def make(*sources):
        cells = [{"cell_type": "code", "id": f"c{n}", "metadata": {}, "source": source, "outputs": [],
                  "execution_count": None} for n, source in enumerate(sources)]
        return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    return make


@pytest.fixture
def answered(released):
    """Fill answers, {grade id: source}, into the released notebook."""
    def fill(answers):
        nb = copy.deepcopy(released)
        for cell in nb["cells"]:
            name = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if name in answers:
                cell["source"] = answers[name]
        return nb
    return fill


@pytest.fixture
def ungraded(sandbox, entered, tmp_path):
    """A course of one's own, the assignment in its gradebook, nothing graded."""
    return shutil.copytree(entered, tmp_path / "course")


@pytest.fixture(scope="session")
def graded(sandbox, entered, once):
    """Such a course that was graded without disturbance."""
    def make(folder):
        shutil.copytree(entered, folder, dirs_exist_ok=True)
        status, out, err = grade(folder, one_core=False)
        assert status == 0, out + err
    return once("graded", make)


@pytest.fixture(scope="session")
def graded_by_nbgrader(sandbox, entered, once):
    """A course that nbgrader's own commands graded; see support/nbgraders_own.py."""
    def make(folder):
        shutil.copytree(entered, folder, dirs_exist_ok=True)
        make_nbgraders_own(folder)
    return once("graded_by_nbgrader", make)
