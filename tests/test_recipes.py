"""CONTRIBUTING.md's recipes, followed to the letter in a copy of the course: no other file needs a change.

The line above each of their blocks says where it goes. A heading says how many files that are.
"""
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)(A new file,|A cell of|At the end of|In) `([^`]+)`(?:, above `([^`]+)`)?:\n\n"
                   r"\1```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
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


def cell(kind, source):
    """One more cell at the end of a notebook."""
    def change(text):
        nb = json.loads(text or '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}')
        code = {"cell_type": "code", "execution_count": None, "outputs": []}
        nb["cells"].append({"id": f"cell-{len(nb['cells'])}", "metadata": {}, "source": source.rstrip("\n"),
                            **(code if kind == "python" else {"cell_type": kind})})
        return json.dumps(nb)
    return change


def recipe(name):
    """The recipe under a heading, and the number of files that the heading promises."""
    number, section = re.search(rf"(?ms)^### {name}: (\w+) files$(.*?)(?=^##|\Z)", CONTRIBUTING).groups()
    found = Recipe()
    for indent, where, path, beginning, language, block in BLOCK.findall(section):
        block = re.sub(f"(?m)^{indent}", "", block)     # what is indented in the file stays so
        found.files.setdefault(path, []).append({
            "A new file,": at_the_end(block), "At the end of": at_the_end(block),
            "A cell of": cell(language, block), "In": above(beginning, block)}[where])
    assert 2 * len(BLOCK.findall(section)) == section.count("```"), "a block without a line that says where it goes"
    return found, ("no", "one", "two", "three").index(number)


@pytest.fixture
def course(tmp_path):
    """A copy of the course: what is in git, and what is new and not ignored."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT,
                            capture_output=True)
    if listed.returncode:
        pytest.skip("not a git repository")
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (ROOT / name).is_file():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def passes(course, *arguments):
    """Run some of the copy's tests, on the copy's package."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run([sys.executable, "-m", "pytest", "-n0", "-p", "no:cacheprovider", *arguments], cwd=course,
                          env={**own, "PYTHONPATH": str(course / "utils")}, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


@pytest.mark.parametrize("name, most, tests, among", [
    ("An optimizer", 3, ["tests/test_optimizers.py", "tests/test_comparison.py", "tests/test_syllabus.py",
                         "utils/optimlab/optimizers.py", "utils/optimlab/plots/comparisons.py"],
     "SignDescent or by_signs or reference or optimizer_has or stored_race or decision_chart or training_losses"),
    ("A lesson", 3, ["tests/lessons/test_lessons.py", "tests/lessons/test_deck.py", "tests/test_syllabus.py",
                     "tests/test_house.py", "utils/optimlab/plots/course_map.py"],
     "10-sign-descent or test_deck or test_syllabus or course_map"),
    ("A figure to grab", 2, ["tests/explorables/test_tangent.py", "tests/explorables/test_in_browser.py",
                             "tests/test_house.py", "utils/optimlab/explorables/tangent.py"],
     "tangent and (test_tangent or each_is_an_explorable or imports_only or explorables.tangent)"),
], ids=["optimizer", "lesson", "figure"])
def test_a_recipe_is_all_that_it_takes(course, name, most, tests, among):
    steps, promised = recipe(name)
    assert len(steps.files) == promised <= most
    steps.follow(course)
    passes(course, "--doctest-modules", *tests, "-k", among)
