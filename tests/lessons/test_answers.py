"""Every lesson runs with its exercises written, with the keys in tests/tutor/exercises/, and what they make of it."""
import pytest
import student_code
from lessons import NAMES, code, errors, executed, is_exercise, reached_by_answers, read, reports


def with_answers(nb):
    """The lesson with its exercises written."""
    for cell in filter(is_exercise, nb.cells):
        cell.source = student_code.key(cell.id.removeprefix("exercise-"))
    return nb


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if any(map(is_exercise, read(name).cells))])
def test_a_lesson_runs_with_its_exercises_written(name, place):
    """The cells that no answer reaches do what test_lessons.py sees."""
    nb = executed(reached_by_answers(with_answers(read(name))), place)
    assert errors(nb) == []
    assert len(code(nb)) > 2 * sum(map(is_exercise, code(nb)))    # at least the imports, and a check for each
    assert reports(nb) and all(": correct" in report for report in reports(nb)), reports(nb)
