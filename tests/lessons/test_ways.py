"""Ways through the course: into the middle of a lesson, and the map with what is done."""
import json

import pytest
from lessons import NAMES, bound_and_used, code, imports_alone, is_exercise, read

from optimlab.lessons import progress


@pytest.mark.parametrize("name", [name for name in NAMES if any(map(is_exercise, code(read(name))))])
def test_whoever_comes_back_for_an_exercise_needs_the_imports_alone(name):
    """And not the whole lesson above it: to write, to check, and to see one's function at work."""
    cells = code(read(name))
    there = set().union(*(bound_and_used(cell.source)[0] for cell in cells if imports_alone(cell.source)))
    there = there.union(*(bound_and_used(cell.source)[0] for cell in cells if is_exercise(cell)))
    for exercise in filter(is_exercise, cells):
        function = exercise.id.removeprefix("exercise-")
        for cell in cells[cells.index(exercise):]:
            bound, used = bound_and_used(cell.source)
            if function in used:
                assert used - bound - there == set(), cell.id


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(progress, "FILE", tmp_path / ".done.json")
    return progress.FILE


def test_a_tick_is_kept_shown_and_taken_back(file):
    first = progress.Map()
    assert not file.exists() and "Ticked off" not in first.picture().alt
    first.buttons[2].value = True
    assert json.loads(file.read_text("utf-8")) == ["03"]
    again = progress.Map()
    assert again.buttons[2].value and again.picture().alt.endswith("Ticked off: 03.")
    again.buttons[2].value = False
    assert progress.done() == set() and "Ticked off" not in again.picture().alt


@pytest.mark.parametrize("text", ["", "{", "7", '{"03": 1}', '["99", 3]'])
def test_a_file_that_makes_no_sense_is_none(file, text):
    file.write_text(text, "utf-8")
    assert progress.done() == set()


def test_where_nothing_can_be_written_the_map_says_so_and_goes_on(file, monkeypatch):
    monkeypatch.setattr(progress, "FILE", file / "no folder")
    file.write_text("[]", "utf-8")
    course = progress.Map()
    course.buttons[0].value = True
    assert course.picture().alt.endswith("Ticked off: 01.")
    assert "1 of" in course._words.value and "can't be kept here" in course._words.value


def test_the_map_on_the_page_follows_a_tick(file, monkeypatch):
    followed = []

    class Shown:
        def update(self, data, raw):
            followed.append(data["text/plain"])

    monkeypatch.setattr(progress, "display", lambda data, raw, display_id=None: Shown())
    course = progress.Map()
    course._ipython_display_()
    course.buttons[4].value = True
    assert followed[0].endswith("Ticked off: 05.")
