"""What a hint says is true, and it gives nothing away.

Every number in a hint is computed here from the wrong code itself (student_code) beside the right
one, at the precision that is printed. A hint whose number nobody computes fails.
"""
import json
import re
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from student_code import INITIALIZE_SLIPS, SLIPS, function, initialize_source, update_source

from optimlab.tutor.exercises.adam import arrays, initialize, rule
from optimlab.tutor.exercise import GENERAL

ROOT = Path(__file__).resolve().parents[2]
UPDATE, INITIALIZE = "update_parameters_with_adam", "initialize_adam"
HINTS = {d.id: d.hint for d in (*rule.DEVIATIONS, rule.ORDER_OF_RETURNS)}
INITIALIZE_HINTS = {id: m.hint for id, m in initialize.MISTAKES.items()}
ALL = {**{id: str(hint) for id, hint in HINTS.items()}, **INITIALIZE_HINTS,
       **{id: str(hint) for id, hint in GENERAL.items()}}


def one_parameter(*slips):
    """The update of W1 alone, `f(w, g, v, s, t) -> w, v, s`: ten thousand steps are wanted."""
    source = update_source(*slips)
    update = function(source.replace("range(4)", "range(1)"), UPDATE)

    def f(w, g, v, s, t, **hyperparameters):
        # Numbers, not arrays of one number: they take half the time.
        w, g, v, s = map(np.float64, (w, g, v, s))
        return update(w, w, w, w, g, g, g, g, v, v, v, v, s, s, s, s, t, **hyperparameters)
    return f


@cache
def step_at(t, slip=None, gradient=1.0, moments=0.0, **hyperparameters):
    """The step that is taken at time t under a constant gradient, the moments handed on from t = 1."""
    update, w, v, s = one_parameter(*[slip] if slip else []), 0.0, moments, moments
    with np.errstate(all="ignore"):
        for now in range(1, t + 1):
            w, v, s = update(0.0, gradient, v, s, now, **hyperparameters)
    return -w


def factor(t, slip, **given):
    """How many times too long (above 1) or too short (below 1) the step is."""
    return abs(step_at(t, slip, **given) / step_at(t, **given))


LATE = 10_000  # where even 0.999 to the power of t is nothing
TINY = {"gradient": 1e-6}
# id: (what the hint prints, the number computed)
FACTORS = {
    "first_moment.forgets_history": ("late steps are {} times too short", lambda id: 1 / factor(LATE, id)),
    "first_moment.never_decays": ("the 100th step is {} times too long", lambda id: factor(100, id)),
    "first_moment.sum_not_average": ("Every step is {} times too long", lambda id: factor(1, id)),
    "first_moment.beta2_for_beta1": ("the first step is {} times too short", lambda id: 1 / factor(1, id)),
    "second_moment.forgets_history": ("late steps are {} times too long", lambda id: factor(LATE, id)),
    "second_moment.never_decays": ("step 10000 is {} times too short", lambda id: 1 / factor(10_000, id)),
    "second_moment.accumulates": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "second_moment.sum_not_average": ("Every step is {} times too short", lambda id: 1 / factor(1, id)),
    "second_moment.weights_swapped": ("the first step is {} times too short", lambda id: 1 / factor(1, id)),
    "second_moment.absolute_gradient": ("a loss 100 times larger makes them {} times longer",
                                        lambda id: step_at(50, id, gradient=100.0) / step_at(50, id)),
    "second_moment.squares_first_moment": ("the first step is {} times too long", lambda id: factor(1, id)),
    "second_moment.beta1_for_beta2": ("the first step is {} times too short", lambda id: 1 / factor(1, id)),
    "second_moment.weight_squared_too": ("every step is {} times too long", lambda id: factor(1, id)),
    "first_correction.missing": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "first_correction.multiplied": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "first_correction.no_power": ("Late steps are {} times too long", lambda id: factor(LATE, id)),
    "first_correction.t_plus_one": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "first_correction.t_always_one": ("Late steps are {} times too long", lambda id: factor(LATE, id)),
    "first_correction.power_of_one_minus_beta": ("The second step is {} times too long", lambda id: factor(2, id)),
    "first_correction.divides_by_power": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "first_correction.other_beta": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.missing": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.multiplied": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.no_power": ("Late steps are {} times too short", lambda id: 1 / factor(LATE, id)),
    "second_correction.t_plus_one": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.t_always_one": ("Late steps are {} times too short", lambda id: 1 / factor(LATE, id)),
    "second_correction.power_of_one_minus_beta": ("The second step is {} times too short",
                                                  lambda id: 1 / factor(2, id)),
    "second_correction.divides_by_power": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.other_beta": ("The first step is {} times too long", lambda id: factor(1, id)),
    "second_correction.outside_root": ("The first step is {} times too short", lambda id: 1 / factor(1, id)),
    "denominator.epsilon_inside_root": ("with a gradient of 1e-6 the step is {} times too short",
                                        lambda id: 1 / factor(5, id, **TINY)),
    "denominator.maximum_not_sum": ("as small as epsilon, the step is {} times too long",
                                    lambda id: factor(5, id, gradient=1e-8)),
    "denominator.root_missing": ("with a gradient of 0.01 the step is {} times too long",
                                 lambda id: factor(5, id, gradient=0.01)),
    # With an overwhelming epsilon the step is the gradient over what epsilon has become.
    "denominator.epsilon_hat_unscaled": ("In the first step epsilon acts {} times too strongly",
                                         lambda id: 1 / factor(1, id, epsilon=1e6)),
    "numerator.times_gradient": ("60 steps end at {}.", lambda id: bowl(60, id)),
    "step_size.divided_by_root_t": ("the 100th step is {} times too short", lambda id: 1 / factor(100, id)),
    "step_size.learning_rate_missing": ("every step is {} times too long", lambda id: factor(1, id)),
    "returned_moments.corrected_returned": ("with both, the second step is {} times too short",
                                            lambda id: 1 / factor(2, id)),
    "returned_moments.old_returned": ("with both, late steps are {} times too long", lambda id: factor(LATE, id)),
    "initialize.ones": ("with gradients of 0.1 the 1000th step is still {} times too short",
                        lambda id: step_at(1000, gradient=0.1) / step_at(1000, gradient=0.1, moments=1.0)),
}
# Numbers that belong to the question, not to the answer.
GIVEN = (r"t stays 1|gradients? of [\d.e-]+|step 10000|\b100th|1000th|loss 100 times"
         r"|w²/2 from -3 with a rate of 0\.1, 60 steps")


def bowl(steps, slip):
    """Where the walk on w²/2 ends that starts at -3 with a rate of 0.1."""
    update, w, v, s = one_parameter(slip), -3.0, 0.0, 0.0
    for t in range(1, steps + 1):
        w, v, s = update(w, w, v, s, t, learning_rate=0.1)
    return w


@pytest.mark.parametrize("id", FACTORS)
def test_the_number_in_a_hint_is_the_number_of_the_wrong_code(id):
    sentence, compute = FACTORS[id]
    before, after = (re.escape(part) for part in sentence.split("{}"))
    printed = re.search(before + r"(-?\d+(?:\.\d+)?)" + after, ALL[id])
    assert printed, f"{ALL[id]!r} does not say {sentence!r}"
    decimals = len(printed[1].partition(".")[2])
    assert f"{compute(id):.{decimals}f}" == printed[1]


@pytest.mark.parametrize("id", ALL)
def test_no_hint_has_a_number_that_is_not_computed_here(id):
    said = ALL[id].split(" Reread: ")[0]
    said = re.sub(r"\bbeta[12]\b|" + GIVEN, "", said)
    assert len(re.findall(r"\d+", said.replace(".", ""))) == (id in FACTORS)


def test_every_step_means_every_step():
    """"Every step" is more than the first: the factor does not change with t."""
    ids = [id for id, (sentence, _) in FACTORS.items() if "very step" in sentence]
    assert len(ids) == 4
    for id in ids:
        assert factor(1, id) == pytest.approx(factor(2000, id), rel=1e-4)


# --- sentences without a number that a number can settle ----------------------

def test_a_correction_with_beta_times_t_turns_from_the_second_step_on():
    first, second = "first_correction.beta_times_t", "second_correction.beta_times_t"
    assert step_at(1, first) > 0 and all(step_at(t, first) < 0 for t in (2, 3, 10, 100))
    assert step_at(1, second) > 0 and all(np.isnan(step_at(t, second)) for t in (2, 3, 10, 100))


def test_counting_one_step_too_few_divides_by_zero():
    assert np.isinf(step_at(1, "first_correction.t_minus_one"))
    assert step_at(1, "second_correction.t_minus_one") == 0


@pytest.mark.parametrize("id", ["direction.ascends", "first_moment.minus_gradient"])
def test_uphill_from_the_first_step(id):
    walk = [abs(bowl(n, id)) for n in range(20)]
    assert all(later > earlier for earlier, later in zip(walk, walk[1:]))


def test_a_bias_correction_by_the_power_itself_grows_without_end():
    grown = [factor(t, "first_correction.divides_by_power") for t in (50, 100, 500)]
    assert grown[0] > 10 and grown[1] > 10 * grown[0] and grown[2] > 1e10 * grown[1]


def test_the_power_of_one_minus_beta_gets_far_worse():
    assert factor(4, "first_correction.power_of_one_minus_beta") > 10 * 19
    assert factor(4, "second_correction.power_of_one_minus_beta") < 0.1 / 44.7


def test_a_negative_gradient_without_its_square_is_nan():
    id = "second_moment.gradient_not_squared"
    assert np.isnan(step_at(1, id, gradient=-1.0)) and np.isfinite(step_at(1, id))


def test_the_squared_sum_vanishes_with_small_gradients():
    id = "second_moment.sum_squared"
    assert factor(1, id, gradient=1e-3) > 10 * factor(1, id, gradient=1e-1) > 1000


def test_adagrads_steps_shrink_for_ever():
    steps = [step_at(t, "second_moment.accumulates") for t in (1, 10, 100, 1000, LATE)]
    assert all(later < earlier for earlier, later in zip(steps, steps[1:]))
    assert steps[-1] < 0.5 * steps[-2]


def test_one_large_gradient_shortens_all_later_steps_of_the_running_maximum():
    """Adam itself recovers from it: that is the difference."""
    def after_a_jolt(slips):
        update, v, s = one_parameter(*slips), 0.0, 0.0
        for t in range(1, LATE):
            w, v, s = update(0.0, 100.0 if t == 1 else 1.0, v, s, t)
        return -w / 0.001

    assert after_a_jolt(["second_moment.running_maximum"]) < 0.35
    assert after_a_jolt([]) == pytest.approx(1, abs=0.1)


def test_without_epsilon_a_gradient_that_has_always_been_zero_gives_nan():
    assert np.isnan(step_at(3, "denominator.epsilon_missing", gradient=0.0))
    assert step_at(3, gradient=0.0) == 0


def test_epsilon_after_the_division_pushes_even_without_a_gradient_s_help():
    id = "denominator.epsilon_after_division"
    pushed = step_at(3, id, epsilon=1e-3) - step_at(3, id, epsilon=0.0)
    assert pushed == pytest.approx(step_at(9, id, epsilon=1e-3) - step_at(9, id, epsilon=0.0)) != 0


def test_epsilon_twice_holds_back_where_gradients_are_tiny():
    id = "denominator.epsilon_twice"
    assert factor(3, id, gradient=1e-8) < 0.7 and factor(3, id) == pytest.approx(1)


def test_without_the_division_large_gradients_make_large_steps():
    id = "denominator.no_division"
    assert step_at(3, id, gradient=50.0) == pytest.approx(50 * step_at(3, id))


def test_stale_moments_do_not_move_at_first():
    assert step_at(1, "numerator.stale_moments") == 0 < step_at(2, "numerator.stale_moments")


@pytest.mark.parametrize("id, name, values", [
    ("denominator.hard_coded_epsilon", "epsilon", (0.01, 0.1)),
    ("step_size.hard_coded_learning_rate", "learning_rate", (0.01, 0.1)),
])
def test_a_hard_coded_number_gives_the_same_step_whatever_is_asked_for(id, name, values):
    one, other = ({name: value} for value in values)
    assert step_at(3, id, **one) == step_at(3, id, **other)
    assert step_at(3, **one) != step_at(3, **other)


@pytest.mark.parametrize("t, slip, memory", [
    (2, "first_moment.weights_swapped", 1 / 0.9), (2, "first_moment.beta2_for_beta1", 1000),
    (2, "second_moment.weights_swapped", 1 / 0.999), (2, "second_moment.beta1_for_beta2", 10),
])
def test_how_many_steps_a_moment_remembers(t, slip, memory):
    """About 1 / (1 - beta): what one step keeps of the moment before it."""
    _, v, s = one_parameter(slip)(0.0, 0.0, 1.0, 1.0, t)
    kept = v if slip.startswith("first") else s
    assert 1 / (1 - kept) == pytest.approx(memory, rel=1e-6)


def test_corrected_moments_come_back_larger_and_old_ones_forget():
    assert factor(1, "returned_moments.corrected_returned") == 1  # the first step shows nothing yet
    assert factor(1, "returned_moments.old_returned") == 1


def test_what_the_wrong_starts_do_to_the_first_update():
    """transposed: it fails; bias_not_column: a square; integers: in place it fails or drops the fractions."""
    update, n = function(update_source(), UPDATE), (2, 4, 1)
    shapes = arrays.shapes(*n)
    w = [np.ones(s) for s in shapes]

    def start(slip):
        return function(initialize_source(slip), INITIALIZE)(*n)

    with pytest.raises(ValueError):
        update(*w, *w, *start("initialize.transposed"), 1)
    assert update(*w, *w, *start("initialize.bias_not_column"), 1)[1].shape == (4, 4)
    whole = start("initialize.integers")[0]
    with pytest.raises(TypeError):
        whole *= 0.9
    whole[...] = 0.9
    assert not whole.any()
    shared = start("initialize.shared_buffer")
    shared[0][...] = 5
    assert any(np.all(x == 5) for x in shared[1:])


# --- form ---------------------------------------------------------------------

@pytest.mark.parametrize("id", ALL)
def test_a_hint_gives_no_code_and_no_formula_away(id):
    """The student is to write the line. (w²/2 is the bowl's loss, not Adam's.)"""
    told = ALL[id].replace("w²/2", "")
    for code in ("=", "**", "sqrt", "np.", "1 -", "1-", "*", "^", "_hat", "(1", "²", "/", "√", "β", "ε"):
        assert code not in told, code


@pytest.mark.parametrize("id", ALL)
def test_a_hint_says_what_the_code_does_what_that_does_and_what_to_reread(id):
    said, colon, reread = ALL[id].partition(" Reread: ")
    assert colon and reread.endswith(".") and not reread.endswith("..")
    if id in HINTS or id in GENERAL:
        does, effect, reread = HINTS.get(id) or GENERAL[id]
        for sentence in (does, effect):
            assert sentence[0].isupper() and sentence.endswith((".", "?")) and sentence == sentence.strip()
        assert not reread.endswith(".")
    assert len(re.findall(r"[.?](?:\s|$)", said)) >= 2
    if id in HINTS or id in INITIALIZE_HINTS:
        assert re.search(r"lesson \d\d|in the assignment", reread)
    assert len(ALL[id]) < 320


def test_a_section_to_reread_is_there():
    """In the assignment; tests/lessons looks for those of the lessons."""
    cells = json.loads((ROOT / "solutions/adam/adam.ipynb").read_text(encoding="utf-8"))["cells"]
    headings = {line.lstrip("# ").strip() for cell in cells if cell["cell_type"] == "markdown"
                for line in "".join(cell["source"]).splitlines() if line.startswith("#")}
    assert {title for hint in ALL.values() for title in re.findall(r"(?<!lesson \d\d, )“(.*?)”", hint)} <= headings


def test_every_slip_has_its_hint():
    assert set(SLIPS) | set(INITIALIZE_SLIPS) == set(HINTS) | set(INITIALIZE_HINTS)
