"""What the syllabus says of a lesson or an optimizer is what the lesson or the optimizer says."""
import importlib.util
import json
from pathlib import Path

import pytest

from optimlab.optimizers import OPTIMIZERS
from optimlab.syllabus import CHART, COLORS, LESSONS, contents

ROOT = Path(__file__).resolve().parents[1]
every_lesson = pytest.mark.parametrize("lesson", LESSONS.values(), ids=LESSONS)


def test_every_notebook_is_a_lesson():
    files = [lesson.file for lesson in LESSONS.values()]
    assert sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb")) == files


@every_lesson
def test_a_lesson_begins_with_its_question_and_says_its_title_and_how_long_it_takes(lesson):
    notebook = json.loads((ROOT / "notebooks" / f"{lesson.file}.ipynb").read_text(encoding="utf-8"))
    first = "".join(notebook["cells"][0]["source"]).splitlines()
    title = "" if lesson.title == lesson.question else f"{lesson.title}. "
    assert first[0] == f"# {lesson.number} {lesson.question}"
    assert first[2].startswith(f"*{title}About ") and first[2].endswith(" minutes.*")


@every_lesson
def test_a_lesson_repairs_and_uses_what_earlier_ones_have_shown(lesson):
    before = {failure.lesson for failure in lesson.repairs} | set(lesson.uses)
    assert all(number in LESSONS and number < lesson.number for number in before)
    assert before or lesson.number == "00"


def test_no_two_lessons_share_a_place_on_the_map():
    assert len({lesson.place for lesson in LESSONS.values()}) == len(LESSONS)


def test_the_start_page_lists_every_lesson_and_the_launcher_opens_it():
    assert all(f"]({lesson.file}.ipynb): " in contents() for number, lesson in LESSONS.items() if number != "00")
    spec = importlib.util.spec_from_file_location("launcher", ROOT / "course.py")
    launcher = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(launcher)
    assert launcher.START_PAGE == f"notebooks/{LESSONS['00'].file}.ipynb"


def test_every_optimizer_has_its_row_of_the_chart_in_the_same_order():
    assert [name for name in CHART if name != "Muon"] == list(OPTIMIZERS)


def test_every_optimizer_has_a_colour_of_its_own():
    assert len(set(COLORS.values())) == len(COLORS)
