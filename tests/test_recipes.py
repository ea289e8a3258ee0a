"""CONTRIBUTING.md's recipes, followed to the letter in a copy of the course: no other file needs a change.

The line above each of their blocks says where it goes. A heading says how many files that are.
"""
import csv
import json
import os
import re
import runpy
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import grading_runs
import pytest
import student_code
from class_of_submissions import Cell, Submission, write_class
from copies import copy_course

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"""
    ^(?P<indent>\ *) (?P<where>A\ new\ file,|A\ cell\ of|At\ the\ end\ of|In)\ `(?P<path>[^`]+)`
    (?:,\ (?P<beside>above|in\ place\ of)\ `(?P<line>[^`]+)`)?
    (?:,\ \*(?P<part>[\w\ -]+)\*(?:\ of\ (?P<points>\d+)\ points?)?\ with\ the\ id\ `(?P<id>[\w-]+)`)?:\n\n
    (?P=indent)```(?P<language>\w+)\n(?P<block>.*?)^(?P=indent)```$""", re.MULTILINE | re.DOTALL | re.VERBOSE)
# What the nbgrader sidebar calls a cell's part, and what it writes for it.
PARTS = {"Autograded answer": {"solution": True, "locked": False, "grade": False},
         "Read-only": {"solution": False, "locked": True, "grade": False},
         "Autograder tests": {"solution": False, "locked": True, "grade": True}}
pytestmark = pytest.mark.slow


@dataclass
class Recipe:
    """What is done to which file: path -> changes, functions from its text so far ("" of a new one) to the next."""

    files: dict[str, list[Callable[[str], str]]] = field(default_factory=dict)

    def follow(self, course):
        for path, changes in self.files.items():
            file = course / path
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            for change in changes:
                text = change(text)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def at_the_end(block):
    return lambda text: text + block


def above(beginning, block):
    """Put a block above the first line that begins so; a definition is followed by two empty lines."""
    def change(text):
        at = re.search(f"^{re.escape(beginning)}", text, re.MULTILINE).start()
        return text[:at] + block + ("" if block.startswith(" ") else "\n\n") + text[at:]
    return change


def in_place_of(line, block):
    def change(text):
        assert text.count(line + "\n") == 1
        return text.replace(line + "\n", block)
    return change


def cell(kind, source, part, id, points):
    """One more cell at the end of a notebook; `part`, `id` and `points` are what the nbgrader sidebar is told."""
    metadata = {}
    if part:
        metadata["nbgrader"] = {"schema_version": 3, "grade_id": id, "task": False, **PARTS[part]}
    if points:
        metadata["nbgrader"]["points"] = int(points)

    def change(text):
        nb = json.loads(text or '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
        code = {"cell_type": "code", "execution_count": None, "outputs": []}
        nb["cells"].append({"id": f"cell-{len(nb['cells'])}", "metadata": metadata, "source": source.rstrip("\n"),
                            **(code if kind == "python" else {"cell_type": kind})})
        return json.dumps(nb)
    return change


def recipe(name):
    """The recipe under a heading, and the number of files that the heading promises."""
    number, section = re.search(rf"(?ms)^### {name}: (\w+) files$(.*?)(?=^##|\Z)", CONTRIBUTING).groups()
    found, blocks = Recipe(), list(BLOCK.finditer(section))
    for b in blocks:
        block = re.sub(f"(?m)^{b['indent']}", "", b["block"])     # what is indented in the file stays so
        if b["where"] == "A cell of":
            change = cell(b["language"], block, b["part"], b["id"], b["points"])
        elif b["where"] == "In":
            change = {"above": above, "in place of": in_place_of}[b["beside"]](b["line"], block)
        else:
            change = at_the_end(block)
        found.files.setdefault(b["path"], []).append(change)
    assert 2 * len(blocks) == section.count("```"), "a block without a line that says where it goes"
    return found, ("no", "one", "two", "three").index(number)


@pytest.fixture
def course(tmp_path):
    return copy_course(tmp_path)


def passes(course, *arguments):
    """Run some of the copy's tests, on the copy's package.

    No sandbox is found there: it would hold the package that is installed, and the copy's is not.
    """
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    copy = {"PYTHONPATH": str(course / "utils"), "PATH": str(Path(sys.executable).parent)}
    done = subprocess.run([sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", *arguments], cwd=course,
                          env={**own, **copy}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("name, most, tests, among", [
    ("An optimizer", 3, ["tests/test_optimizers.py", "tests/test_comparison.py", "tests/test_syllabus.py",
                         "utils/optimlab/optimizers.py", "utils/optimlab/plots/comparisons.py"],
     "SignDescent or by_signs or reference or optimizer_has or stored_race or decision_chart or training_losses"),
    ("A lesson", 3, ["tests/lessons/test_lessons.py", "tests/lessons/test_deck.py", "tests/lessons/test_form.py", "tests/test_syllabus.py",
                     "tests/test_house.py", "utils/optimlab/plots/course_map.py"],
     "11-sign-descent or test_deck or test_syllabus or course_map"),
    ("A figure to grab", 2, ["tests/explorables/test_tangent.py", "tests/explorables/test_in_browser.py",
                             "tests/test_house.py", "utils/optimlab/explorables/tangent.py"],
     "tangent and (test_tangent or each_is_an_explorable or imports_only or explorables.tangent)"),
    ("An exercise", 2, ["tests/tutor", "tests/test_house.py"],
     "decayed_rate or test_registry or test_hints or has_its_answers"),
], ids=["optimizer", "lesson", "figure", "exercise"])
def test_a_recipe_is_all_that_it_takes(course, name, most, tests, among):
    steps, promised = recipe(name)
    assert len(steps.files) == promised <= most
    steps.follow(course)
    passes(course, "--doctest-modules", *tests, "-k", among)


def python(course, *command):
    """What a command of Python's prints, on the copy's package."""
    status, out, err = grading_runs.grade(course, command=command, PYTHONPATH=str(course / "utils"))
    assert status == 0, out + err
    return out


def test_check_knows_an_exercise_that_is_made_like_that(course):
    exercise, _ = recipe("An exercise")
    exercise.follow(course)
    key = runpy.run_path(str(course / "tests/tutor/exercises/decayed_rate.py"))["KEY"]
    checked = python(course, "-c", f"from optimlab.tutor import check\n{key}\nprint(check(decayed_rate))")
    assert checked.startswith("decayed_rate: correct, 2 of 2 points")


def test_an_assignment_with_an_exercise_of_its_own_is_all_that_it_takes(course):
    """It is released, checked and graded, and a slip in it is named: nothing lists the assignments."""
    exercise, _ = recipe("An exercise")
    steps, promised = recipe("An assignment")
    assert len(steps.files) == promised <= 2
    assert len({*exercise.files, *steps.files}) == 3
    exercise.follow(course)
    steps.follow(course)
    python(course, "-m", "optimlab", "release", "decay")
    passes(course, "tests/test_releases.py", "tests/tutor/test_registry.py", "tests/tutor/test_hints.py", "-k",
           "decay and (each_criterion or no_trace) or test_registry or test_hints")

    written = runpy.run_path(str(course / "tests/tutor/exercises/decayed_rate.py"))
    slip = student_code.fill(written["TEMPLATE"], written["CORRECT"], [written["SLIPS"]["epoch_missing"]])
    submissions = [Submission(name, "", points, mistakes, (Cell("answer", "", "decayed_rate", source),))
                   for name, points, mistakes, source in (("right", 2, (), written["KEY"]),
                                                          ("slip", 1, ("decayed_rate.epoch_missing",), slip))]
    write_class(course / "submitted", submissions, course / "assignments/decay/decay.ipynb", "decay")
    for s in submissions:
        notebook = f"submitted/{s.name}/decay/decay.ipynb"
        checked = json.loads(python(course, "-m", "optimlab", "check", "--json", notebook))
        assert (checked["assignment"], checked["score"], checked["max_score"]) == ("decay", s.points, 2)
        assert tuple(mistake["id"] for e in checked["exercises"] for mistake in e["mistakes"]) == s.mistakes

    python(course, "-m", "optimlab", "grade", "decay", "--no-sandbox")
    with (course / "grades-decay.csv").open(newline="", encoding="utf-8-sig") as table:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)} == {"right": 2, "slip": 1}
