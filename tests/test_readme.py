"""What README.md shows is what the course says."""
import re
import runpy
from pathlib import Path

import pytest
import student_code

from optimlab.syllabus import LESSONS

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def shown(what):
    """The block of output after `<!-- shown: what -->`, without its indentation."""
    indent, block = re.search(rf"^( *)<!-- shown: {re.escape(what)} -->\n *```\n(.*?)\n *```$", README,
                              re.MULTILINE | re.DOTALL).groups()
    return "\n".join(line.removeprefix(indent) for line in block.splitlines())


def test_the_check_says_what_is_shown():
    from optimlab.tutor import check
    source = student_code.source("update_parameters_with_adam", "first_correction.missing")
    function = student_code.function(source, "update_parameters_with_adam")
    assert str(check(function)) == shown("check first_correction.missing")


def test_grading_ends_with_what_is_shown():
    from optimlab.classroom.commands import what_happened
    numbers = [int(line.split()[0]) for line in shown("grade").splitlines()[:-1]]
    assert what_happened("adam", *numbers) == shown("grade")


def test_the_lessons_that_are_linked_are_those_of_the_syllabus_in_its_order():
    linked = re.findall(r"\]\(notebooks/([\w-]+)\.ipynb\)", README)
    assert len(linked) > 1 and linked == [lesson.file for lesson in LESSONS.values() if lesson.file in linked]


def test_the_text_beside_the_picture_says_what_the_check_says(tmp_path):
    """To those who see no pictures, too: the points, the mistake, and its line."""
    filmed = (ROOT / "docs/first_look.py").read_text(encoding="utf-8")
    student = tmp_path / "student.py"  # a file, so that its lines can be found
    student.write_text(re.search(r"^MISTAKE = '''\n(.*?)'''", filmed, re.MULTILINE | re.DOTALL)[1], encoding="utf-8")
    from optimlab.tutor import check
    report = check(runpy.run_path(str(student))["rmsprop_step"])
    mistake, = report.mistakes
    said, = re.findall(r'<img src="docs/first-look.gif" alt="([^"]+)">', README)
    assert f"{report.score} of {report.max_score} points, {mistake.id.partition('.')[2]}, line {mistake.line}," in said


@pytest.mark.parametrize("picture", re.findall(r'(?:src|srcset)="([^"]+)"', README))
def test_a_picture_is_there_and_small(picture):
    assert 0 < (ROOT / picture).stat().st_size < 1_000_000


FOLDERS = "notebooks|assignments|solutions|benchmarks|tests|utils"


@pytest.mark.parametrize("path", sorted(set(re.findall(rf"(?:{FOLDERS})/[\w./-]*", README))))
def test_every_path_that_is_named_exists(path):
    assert (ROOT / path).exists()
