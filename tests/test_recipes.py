"""CONTRIBUTING.md's recipes, followed to the letter in a copy of the course: no other file needs a change.

The line above each of their blocks says where it goes. A heading says how many files that are.
"""
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)(A new file,|A cell of|At the end of|In) `([^`]+)`(?:, above `([^`]+)`)?:\n\n"
                   r"\1```(\w+)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
pytestmark = pytest.mark.slow


@dataclass
class Recipe:
    """What is done to which file: path -> functions, each from the file's text so far to the next ("" for a new file)."""

    files: dict[str, list[Callable[[str], str]]] = field(default_factory=dict)

    def follow(self, course):
        for path, changes in self.files.items():
            file = course / path
            text = file.read_text(encoding="utf-8") if file.exists() else ""
            for change in changes:
                text = change(text)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")


def above(beginning, block):
    """Put a block above the first line that begins so; a definition is followed by two empty lines."""
    def change(text):
        at = re.search(f"^{re.escape(beginning)}", text, re.MULTILINE).start()
        return text[:at] + block + ("" if block.startswith(" ") else "\n\n") + text[at:]
    return change


def cell(kind, source):
    """One more cell at the end of a notebook."""
    def change(text):
        nb = nbformat.reads(text, as_version=4) if text else nbformat.v4.new_notebook()
        new = {"markdown": nbformat.v4.new_markdown_cell, "python": nbformat.v4.new_code_cell}[kind]
        nb.cells.append(new(source.rstrip("\n"), id=f"cell-{len(nb.cells)}"))
        return json.dumps(nb)
    return change


def recipe(name):
    """The recipe under a heading, and the number of files that the heading promises."""
    number, section = re.search(rf"(?ms)^### {name}: (\w+) files$(.*?)(?=^##|\Z)", CONTRIBUTING).groups()
    found = Recipe()
    for _, where, path, beginning, language, block in BLOCK.findall(section):
        block = textwrap.dedent(block) if where == "A new file," else unindented(block)
        found.files.setdefault(path, []).append({
            "A new file,": lambda text, block=block: block,
            "A cell of": cell(language, block),
            "At the end of": lambda text, block=block: text + block,
            "In": above(beginning, block)}[where])
    assert len(BLOCK.findall(section)) == section.count("```") / 2
    return found, ("no", "one", "two", "three").index(number)


def unindented(block):
    """Without the three spaces by which it stands in the list; what is indented in the file stays so."""
    return re.sub(r"(?m)^   ", "", block)


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
    ("An optimizer", 3, ["test_optimizers.py", "test_syllabus.py", "test_comparison.py", "test_training.py",
                         "test_plots.py", "test_docstrings.py"],
     "SignDescent or by_signs or reference or optimizer_has or stored or chart or examples_hold and (optim or comparison)"),
    ("A lesson", 3, ["test_syllabus.py", "test_readme.py", "lessons/test_lessons.py", "lessons/test_deck.py",
                     "test_house.py"],
     "10 or lesson_repairs or notebook_is or place_on or start_page or syllabus_in or deck or course_map"),
    ("A figure to grab", 2, ["explorables/test_tangent.py", "explorables/test_in_browser.py", "test_docstrings.py",
                             "test_house.py"],
     "tangent and not page"),
])
def test_a_recipe_is_all_that_it_takes(course, name, most, tests, among):
    steps, promised = recipe(name)
    assert len(steps.files) == promised <= most
    steps.follow(course)
    passes(course, *(f"tests/{test}" for test in tests), "-k", among)
