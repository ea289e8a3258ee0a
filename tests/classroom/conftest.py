"""Notebooks for the tests of the classroom."""
import copy
from pathlib import Path

import pytest

from optimlab.classroom.grading import read_notebook

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
