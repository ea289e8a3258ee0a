"""A course that nbgrader's own commands graded: a part of the class, files that are no notebooks, an assignment of essays.

The essays have a cell of each kind that nbgrader knows, and two notebooks.
"""
import copy
import shutil

import class_of_submissions
import nbformat
from grading_runs import ASSIGNMENT, RELEASED, ROOT, SUBMISSIONS, grade
from nbgrader.api import Gradebook

from optimlab.classroom.grading.notebooks import grade_id

DUE = "2026-01-10 12:00:00 UTC"
IN_TIME, LATE = "2026-01-10 11:00:00 UTC", "2026-01-10 14:00:00 UTC"
BROKEN = {"not-json": b"{oh no", "empty": b"", "a-list": b"[1, 2]", "cut-off": RELEASED.read_bytes()[:5000],
          "binary": bytes(range(256)), "no-cells": b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}'}
PART = SUBMISSIONS[::16]  # nbgrader takes ten times as long, and what it calls to judge is the same


def cell(name, kind, source, *, grade=False, solution=False, task=False, points=None):
    """A cell of the instructor's, as nbgrader marks it."""
    about = {"grade_id": name, "grade": grade, "solution": solution, "task": task, "schema_version": 3,
             "locked": not solution, "cell_type": kind, **({} if points is None else {"points": points})}
    made = nbformat.v4.new_code_cell(source) if kind == "code" else nbformat.v4.new_markdown_cell(source)
    made.metadata.nbgrader = about
    return made


def essay():
    """The instructor's notebook: an answer and its test, code and words for a person to grade, a task."""
    return nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("Read this."),
        cell("answer", "code", "x = 1", solution=True),
        cell("test", "code", "assert x\n### BEGIN HIDDEN TESTS\nassert x == 1\n### END HIDDEN TESTS",
             grade=True, points=4),
        cell("proof", "code", "pass", grade=True, solution=True, points=3),
        cell("words", "markdown", "Write.", grade=True, solution=True, points=2),
        cell("task", "markdown", "Draw.", task=True, points=5),
    ])


def coda():
    """Its second notebook, whose test needs what lies beside it."""
    test = "from shared import y as given\nassert y == given == int(open('data/y.txt').read())"
    return nbformat.v4.new_notebook(cells=[cell("answer", "code", "y = 2", solution=True),
                                           cell("test", "code", test, grade=True, points=1)])


BESIDE = {"shared.py": "y = 1\n", "data/y.txt": "1\n"}
NOTEBOOKS = {"essay": essay(), "coda": coda()}


def submit(course, submissions):
    """Put these submissions and the broken files into a course, in place of those there."""
    shutil.rmtree(course / "submitted")
    class_of_submissions.write_class(course / "submitted", submissions, RELEASED, ASSIGNMENT)
    for name, data in BROKEN.items():
        hand_in(course, name, ASSIGNMENT, ASSIGNMENT, data)


def hand_in(course, student, assignment, name, data, when=None):
    """A student's file, and the time at which it came."""
    folder = course / "submitted" / student / assignment
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.ipynb").write_bytes(data)
    if when:
        (folder / "timestamp.txt").write_text(when)


def make(course):
    """Fill in and grade a course that has the class's assignment in its gradebook; before.db is from before grading."""
    config = (ROOT / "nbgrader_config.py").read_text(encoding="utf-8")
    config += "\nc.LateSubmissionPlugin.penalty_method = 'zero'\n"
    (course / "nbgrader_config.py").write_text(config, encoding="utf-8")
    (course / "solutions" / "essay").mkdir()
    for name, nb in NOTEBOOKS.items():
        nb = copy.deepcopy(nb)
        nb.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
        nbformat.write(nb, course / "solutions" / "essay" / f"{name}.ipynb")
    for name, text in BESIDE.items():
        path = course / "solutions" / "essay" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    nbgrader(course, "generate_assignment", "essay")
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as gradebook:
        for assignment in gradebook.assignments:
            gradebook.update_or_create_assignment(assignment.name, duedate=DUE)
    shutil.copy(course / "gradebook.db", course / "before.db")

    submit(course, PART)
    hand_in(course, "nothing", ASSIGNMENT, ASSIGNMENT, RELEASED.read_bytes(), IN_TIME)
    for student, when in (("not-json", LATE), (PART[1].name, IN_TIME), (PART[2].name, LATE)):
        (course / "submitted" / student / ASSIGNMENT / "timestamp.txt").write_text(when)
    parts = {name: nbformat.read(course / "assignments" / "essay" / f"{name}.ipynb", as_version=4) for name in NOTEBOOKS}
    for student, when, names, answer in (("all", IN_TIME, NOTEBOOKS, "x = 1"), ("late", LATE, NOTEBOOKS, "x = 1"),
                                         ("half", None, ["essay"], "x = 2"), ("none", None, ["coda"], "x = 3")):
        for name in names:
            nb = copy.deepcopy(parts[name])
            next(c for c in nb.cells if grade_id(c) == "answer").source = f"{answer}; y = 1"
            hand_in(course, student, "essay", name, nbformat.writes(nb).encode(), when)
    nbgrader(course, "autograde", ASSIGNMENT)
    nbgrader(course, "autograde", "essay")
    nbgrader(course, "generate_feedback", ASSIGNMENT)


def nbgrader(course, *words):
    """One of nbgrader's commands in a course."""
    status, _out, err = grade(course, *words, command=("-m", "nbgrader"))
    assert status == 0, err[-3000:]
