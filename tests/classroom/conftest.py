"""Notebooks and graded courses for the tests of the classroom."""
import copy
import shutil
from pathlib import Path

import pytest
from grading_runs import grade, make_course

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


@pytest.fixture(scope="module")
def graded(sandbox, tmp_path_factory):
    """A course that was graded without disturbance."""
    folder = make_course(tmp_path_factory.mktemp("course"))
    status, out, err = grade(folder)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    """The same course, its assignment in the gradebook, nothing graded."""
    folder = make_course(tmp_path_factory.mktemp("entered"))
    status, out, err = grade(folder, command=("-m", "optimlab", "release", "adam"))
    assert status == 0, out + err
    return folder


@pytest.fixture
def ungraded(entered, tmp_path):
    """A copy of it."""
    return shutil.copytree(entered, tmp_path / "course")
