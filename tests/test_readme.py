"""What README.md shows is what the course says."""
import re
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


FOLDERS = "notebooks|assignments|solutions|benchmarks|tests|utils"


@pytest.mark.parametrize("path", sorted(set(re.findall(rf"(?:{FOLDERS})/[\w./-]*", README))))
def test_every_path_that_is_named_exists(path):
    assert (ROOT / path).exists()
