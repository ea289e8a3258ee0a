"""Every lesson runs top to bottom with its exercises written: with the keys in tests/tutor/exercises/."""
import pytest
import student_code
from lessons import NAMES, errors, executed, is_exercise, read, reports


def with_answers(nb):
    """The lesson with its exercises written."""
    for cell in filter(is_exercise, nb.cells):
        cell.source = student_code.key(cell.id.removeprefix("exercise-"))
    return nb


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if any(map(is_exercise, read(name).cells))])
def test_a_lesson_runs_with_its_exercises_written(name, place):
    nb = executed(with_answers(read(name)), place)
    assert errors(nb) == []
    assert reports(nb) and all(": correct" in report for report in reports(nb)), reports(nb)
