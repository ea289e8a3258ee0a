"""Each assignment gives a class of students' answers the points and the names that a careful teacher gives.

The functions are asked as the grader asks them, in this process: what runs where is tested in tests/classroom/.
"""
import json
from functools import cache
from pathlib import Path

import class_of_submissions
import nbformat
import numpy as np
import pytest

from optimlab.classroom.grading.assignment import asked_by, points_in, written_in
from optimlab.tutor.beside import as_frozen
from optimlab.tutor.challenges import Answer, answer_all
from optimlab.tutor.checking import public_challenges
from optimlab.tutor.exercise import assess
from optimlab.tutor.frozen import freeze, thaw
from optimlab.tutor.registry import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
NAMES = ["adaptive-rates", "beyond", "gradient-descent", "momentum"]  # Adam's class is graded in tests/classroom/
POINTS = {"beyond": 0}  # of those that have other than 20
SECONDS = 2.0  # for one call; all take milliseconds but the one that never ends
CLASS = [(name, s) for name in NAMES for s in class_of_submissions.of_assignment(name)]


@cache
def asked(name):
    """The exercises of an assignment, and what its cells give for each criterion."""
    folder = ROOT / "solutions" / name
    nb = nbformat.read(folder / f"{name}.ipynb", as_version=4)
    assignment = asked_by(nb, name, written_in(folder))
    return assignment, points_in(nb, {e.name: {c.id: c.points for c in e.criteria} for e in assignment.exercises})


@cache
def drawn(name, function):
    exercise = next(e for e in asked(name)[0].exercises if e.name == function)
    return exercise, exercise.challenges(np.random.default_rng(3))


@cache
def copy_of(name, function):
    """The exercise, frozen and thawed."""
    return thaw(json.loads(json.dumps(freeze(*drawn(name, function)))))


@cache
def reports(name, submission):
    """The report on each of a student's functions, the points of the notebook, and what the report was made of."""
    names, made = {"np": np}, []
    for cell in submission.cells:
        exec(cell.source, names)
    assignment, points = asked(name)
    for exercise in assignment.exercises:
        exercise, challenges = drawn(name, exercise.name)
        function = names.get(exercise.name)
        answers = (answer_all(challenges, function, SECONDS) if function else
                   [Answer("not_attempted")] * len(challenges))
        made.append((assess(exercise, challenges, answers), points, (exercise, challenges, answers)))
    return made


def test_each_assignment_has_a_class_of_25_answers_and_its_points():
    for name in NAMES:
        assignment, points = asked(name)
        assert len(class_of_submissions.of_assignment(name)) >= 25 and sum(points.values()) == POINTS.get(name, 20)
        assert {c.id for e in assignment.exercises for c in e.criteria} == points.keys()


@pytest.mark.parametrize("name, submission", CLASS, ids=lambda value: getattr(value, "name", value))
def test_points_and_names_are_those_of_a_careful_teacher(name, submission):
    found = [report.worth(points) for report, points, _ in reports(name, submission)]
    mistakes = {mistake.id for report in found for mistake in report.mistakes}
    assert (sum(report.score for report in found), mistakes) == (submission.points, set(submission.mistakes))


@pytest.mark.parametrize("name, submission", CLASS, ids=lambda value: getattr(value, "name", value))
def test_a_frozen_exercise_says_the_same(name, submission):
    """But for two slips in one function: their names are the rule's own to find."""
    for report, _, (exercise, challenges, answers) in reports(name, submission):
        if exercise.name not in EXERCISES:
            thawed = assess(copy_of(name, exercise.name), challenges, answers)
            assert thawed.outcomes == report.outcomes
            if len(report.mistakes) < 2:
                assert thawed.mistakes == report.mistakes


@pytest.mark.parametrize("name", NAMES)
def test_what_is_released_is_what_the_exercises_freeze_to_today(name):
    released = as_frozen((ROOT / "assignments" / name / "exercises.json").read_text(encoding="utf-8"), name)
    for exercise in asked(name)[0].exercises:
        if exercise.name not in EXERCISES:
            frozen = released.exercises[exercise.name]
            assert freeze(frozen, public_challenges(frozen))["cases"] == freeze(exercise, public_challenges(exercise))["cases"]
    assert released.points == asked(name)[1]
