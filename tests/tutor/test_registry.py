"""An exercise is found where it lies, and says where it belongs."""
import dataclasses
from importlib import import_module
from pathlib import Path

import pytest

from optimlab.tutor import exercises
from optimlab.tutor.registry import ASSIGNMENTS, BY_LESSON, EXERCISES, found_in

FOLDER = Path(exercises.__file__).parent


def test_every_file_is_an_exercise_and_every_folder_has_one():
    """A file without its EXERCISE would be passed over in silence."""
    files = [path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_")]
    assert set(files) <= set(EXERCISES)
    folders = [path.name for path in FOLDER.iterdir() if path.is_dir() and not path.name.startswith("_")]
    assert all(found_in(import_module(f"{exercises.__name__}.{folder}")) for folder in folders)


def test_exercises_stand_in_order():
    """Challenges are drawn in this order from one generator: a verdict must not depend on a file system."""
    assert [e.name for e in found_in(exercises)] == list(EXERCISES)
    for part in (ASSIGNMENTS, BY_LESSON):
        for group in part.values():
            assert [e.place for e in group] == list(range(1, len(group) + 1))
    assert list(BY_LESSON) == sorted(BY_LESSON)
    assert {e.name for part in (ASSIGNMENTS, BY_LESSON) for group in part.values() for e in group} == set(EXERCISES)


@pytest.mark.parametrize("where", [{"assignment": "", "lesson": ""}, {"assignment": "one", "lesson": "01"}])
def test_an_exercise_belongs_to_an_assignment_or_to_a_lesson(where):
    exercise = next(iter(EXERCISES.values()))
    with pytest.raises(ValueError, match=f"{exercise.name} belongs to an assignment or to a lesson"):
        dataclasses.replace(exercise, **where)


def test_criteria_and_mistakes_have_their_own_names():
    criteria = [c.id for e in EXERCISES.values() for c in e.criteria]
    mistakes = [id for e in EXERCISES.values() for id in e.hints]
    assert len(criteria) == len(set(criteria)) and len(mistakes) == len(set(mistakes))
