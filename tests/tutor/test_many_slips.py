"""Four to six slips in one answer: each is named, and told with its line."""
import numpy as np
import pytest
import unlisted
from student_code import function

from optimlab.tutor.challenges import answer_all
from optimlab.tutor.located import named_in_steps
from optimlab.tutor.registry import EXERCISES

NAME = "update_parameters_with_adam"


@pytest.mark.slow
def test_four_to_six_slips_are_named_and_told_with_their_lines(assessed, names):
    """In six styles; each answer has a slip in four or five lines, some of these lines have two."""
    answers = [(unlisted.edited(unlisted.ADAM[style], unlisted.RIGHT, edits), set(ids))
               for style, edits, ids in unlisted.several(30) if len(ids) >= 4]
    reports = [(assessed(NAME, wrong.source), wrong, ids) for wrong, ids in answers]
    exact = sum(names(report) == ids for report, _, ids in reports)
    told = sum(set(wrong.lines) <= {m.line for m in report.mistakes} for report, wrong, _ in reports)
    assert len(answers) >= 30
    assert exact >= 0.85 * len(answers) and told >= 0.9 * len(answers), (exact, told, len(answers))


@pytest.mark.parametrize("right, wrong, id, line", [
    # What is left out shows where it should have been done, not where the moment is made ...
    ("v_hat / (np.sqrt", "v / (np.sqrt", "first_correction.missing", "new = p - learning_rate * v / (np.sqrt(s_hat) + epsilon)"),
    ("np.sqrt(s_hat)", "np.sqrt(s)", "second_correction.missing", "new = p - learning_rate * v_hat / (np.sqrt(s) + epsilon)"),
    # ... or in the line that only hands it on.
    ("v / (1 - beta1**t)", "v", "first_correction.missing", "v_hat = v"),
])
def test_what_is_left_out_is_told_where_it_is_missing(assessed, right, wrong, id, line):
    answer = unlisted.edited(unlisted.ADAM["loop over lists"], unlisted.RIGHT, {}).source
    mistake, = assessed(NAME, answer.replace(right, wrong)).mistakes
    assert (mistake.id, mistake.source) == (id, line)


@pytest.mark.parametrize("right, wrong, id, line, says", [
    # The name is about the line above ...
    ("v / (1 - beta1**t)", "v / (1 - b1t)", "first_correction.beta_times_t", "b1t = beta1 * t", "`. The correction"),
    ("(1 - beta1) * g\n", "(1 - beta1) * cut\n", "gradient.clipped", "np.clip(g, -1, 1, out=cut)", "`. The gradient"),
    # ... or what is done there has the same effect.
    ("v / (1 - beta1**t)", "v / (beta1**t - 1)", "direction.ascends", "v_hat = v / (beta1**t - 1)",
     "this takes `1` away from `beta1**t`. In effect, the step is added"),
    ("s / (1 - beta2**t)", "s / (1 - beta2**t)**2", "second_correction.outside_root", "s_hat = s / (1 - beta2**t)**2",
     "In effect, the correction of the second moment"),
])
def test_a_wrong_helper_value_is_told_where_it_is_made(assessed, right, wrong, id, line, says):
    """Not in the line that uses it, which is right as it stands."""
    answer = unlisted.edited(unlisted.ADAM["loop over lists"], unlisted.RIGHT, {}).source
    answer = answer.replace(right, wrong).replace("g**2\n", "cut**2\n" if "cut" in wrong else "g**2\n")
    above = "        b1t = beta1 * t\n        cut = np.array(g)\n        np.clip(g, -1, 1, out=cut)\n        v = "
    mistake, = assessed(NAME, answer.replace("        v = ", above, 1)).mistakes
    assert (mistake.id, mistake.source) == (id, line) and says in mistake.hint


def test_the_steps_alone_name_a_mistake_where_no_graded_answer_came_in_time():
    right = unlisted.edited(unlisted.ADAM["loop over lists"], unlisted.RIGHT, {}).source
    source, exercise = right.replace("v / (1 - beta1**t)", "v"), EXERCISES[NAME]
    answers = answer_all(exercise.followed, function(source, NAME), 5.0)
    with np.errstate(all="ignore"):
        found = named_in_steps(exercise, [], range(len(answers)), [a.trace for a in answers], source, str)
    assert [m.id for m in found] == ["first_correction.missing"]
