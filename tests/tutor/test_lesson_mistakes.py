"""The mistakes in the lessons' small functions are named exactly, alone and in pairs; right code is left in peace.

The slips come from lesson_code, which is written apart from the tutor's simulation.
"""
from itertools import combinations

import numpy as np
import pytest
from lesson_code import SLIPS, WHOLE, lesson_source
from lesson_rules import READ_OFF, RULES
from student_code import compatible, function

from optimlab.tutor.challenges import answer_all
from optimlab.tutor.checking import LESSONS, PUBLIC_SEED

SEEDS = (PUBLIC_SEED, 7)
SINGLES = [(name, slip, lesson_source(name, slip)) for name in SLIPS for slip in SLIPS[name]] + WHOLE
DRAWS, STARTS = "random_mini_batches", "initialize_velocity"


def test_every_exercise_of_the_lessons_is_tried_here():
    assert set(SLIPS) == {e.name for exercises in LESSONS.values() for e in exercises} == {*RULES, DRAWS, STARTS}


def test_every_mistake_that_has_a_name_is_made_here():
    known = {id for rule in RULES.values() for id in rule.board.deviations} | set(READ_OFF) | {
        mistake.id for rule in RULES.values() for mistake in (rule.whole_numbers, rule.left_out) if mistake}
    assert known == {f"{name}.{slip}" for name, slip, _ in SINGLES}


@pytest.mark.parametrize("name", SLIPS)
def test_the_code_without_slips_is_correct(assessed, name):
    for seed in SEEDS:
        report = assessed(name, lesson_source(name), seed)
        assert (report.status, report.mistakes) == ("correct", ()), str(report)


@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS[1:], marks=pytest.mark.slow)],
                         ids=["public cases", "drawn cases"])
@pytest.mark.parametrize("name, slip, source", SINGLES, ids=[f"{name}.{slip}" for name, slip, _ in SINGLES])
def test_a_single_slip_is_named_exactly(assessed, names, name, slip, source, seeds):
    for seed in seeds:
        report = assessed(name, source, seed)
        assert report.status == "wrong" and names(report) == {f"{name}.{slip}"}, (seed, str(report))


# --- several slips -----------------------------------------------------------

def results(name, challenges, slips):
    """A function with these slips, asked the challenges: what came back, to 9 digits."""
    answers = answer_all(challenges, function(lesson_source(name, *slips), name))
    return tuple((a.outcome, a.container, tuple(map(rounded, a.results))) for a in answers)


def rounded(result):
    return result if isinstance(result, str) else (np.shape(result), tuple(f"{x:.9g}" for x in np.ravel(result)))


def distinguishable_pairs(name, challenges):
    """Pairs of slips whose results no other pair, single slip or right function gives."""
    alike = {}
    for size in (0, 1, 2):
        for slips in combinations(SLIPS[name], size):
            if compatible(SLIPS[name], slips):
                alike.setdefault(results(name, challenges, slips), []).append(slips)
    return [sets[0] for sets in alike.values() if len(sets) == 1 and len(sets[0]) == 2]


# Two slips that together do something else, or the same as one: what is named is true of the code, or nothing is named.
UNNAMED = {
    "numerical_gradient": {("half_slope", "multiplied_by_h"), ("all_at_once", "not_undone"),
                           ("whole_rows", "not_undone"), ("not_undone", "f_returned"), ("hard_coded_h", "half_step")},
    "sgd_epoch": {("gradients_at_start", "divided_by_batches"), ("first_batch_only", "skips_first"),
                  ("first_batch_only", "skips_last"), ("last_batch_only", "skips_first"),
                  ("last_batch_only", "skips_last"), ("last_batch_only", "skips_short"),
                  ("x_and_y_swapped", "old_returned")},
    "ewma": {("one_day_late", "power_one_too_many")},
    "rmsprop_step": {("gradient_not_squared", "sum_squared"), ("maximum_not_sum", "parenthesis_missing")},
}


def named(assessed, names, name, slips):
    return {id.removeprefix(f"{name}.") for id in names(assessed(name, lesson_source(name, *slips), 7))}


@pytest.mark.slow
@pytest.mark.parametrize("name, at_least", [("numerical_gradient", 54), ("layer_backward", 70), ("gradient_step", 45),
                                            ("largest_stable_rate", 42), ("sgd_epoch", 87), ("ewma", 200),
                                            ("momentum_step", 470), ("adagrad_step", 560), ("rmsprop_step", 850)])
def test_every_distinguishable_pair_is_named_exactly(assessed, names, challenges_of, name, at_least):
    pairs = distinguishable_pairs(name, challenges_of(name, 99))
    assert len(pairs) >= at_least
    found = {slips: named(assessed, names, name, slips) for slips in pairs}
    assert {slips for slips, ids in found.items() if ids != set(slips)} <= UNNAMED.get(name, set())


@pytest.mark.parametrize("name, slips", [
    ("numerical_gradient", ("forward_difference", "flattened")),
    ("numerical_gradient", ("wrong_sign", "flattened")),
    ("numerical_gradient", ("hard_coded_h", "whole_rows")),
    ("layer_backward", ("dW_transpose", "db_not_column")),
    ("layer_backward", ("dA_transpose", "order_of_returns")),
    ("layer_backward", ("db_wrong_axis", "activation_included")),
    ("gradient_step", ("rate_missing", "ascends")),
    ("gradient_step", ("normalized", "step_returned")),
    ("largest_stable_rate", ("one_for_two", "smallest_curvature")),
    ("largest_stable_rate", ("root", "mean_curvature")),
    ("sgd_epoch", ("ascends", "skips_short")),
    ("sgd_epoch", ("divided_by_size", "first_batch_only")),
    ("ewma", ("weights_swapped", "no_power")),
    ("ewma", ("starts_at_first", "list_returned")),
    ("ewma", ("whole_numbers", "never_corrected")),
    ("ewma", ("sum_not_average", "last_power", "one_day_late")),
    ("momentum_step", ("sum_not_average", "ascends")),
    ("momentum_step", ("sum_not_average", "rate_in_velocity", "downhill_velocity")),  # Keras's form
    ("momentum_step", ("whole_numbers", "other_default")),
    ("adagrad_step", ("epsilon_inside_root", "decays")),
    ("adagrad_step", ("epsilon_after_division", "order_of_returns")),
    ("rmsprop_step", ("accumulates", "times_gradient")),
    ("rmsprop_step", ("epsilon_missing", "other_default")),
    (STARTS, ("integers", "transposed")),
    (STARTS, ("uninitialized", "length_only")),
    (STARTS, ("zeroes_w", "same_as_w")),
    (STARTS, ("ones", "integers", "flat")),
    (DRAWS, ("not_shuffled", "drops_short_batch")),
    (DRAWS, ("shuffled_apart", "padded")),
    (DRAWS, ("order_without_rng", "transposed")),
    (DRAWS, ("pair_swapped", "other_randomness")),
], ids=str)
def test_slips_together_are_named_exactly(assessed, names, name, slips):
    assert named(assessed, names, name, slips) == set(slips)


def test_pairs_in_the_first_velocity_are_named_exactly(assessed, names):
    """But for what the other slip hides: what is in a list, a pair, or taken from w."""
    hides = {"scalar": set(SLIPS[STARTS]) - {"zeroes_w"}, "list_returned": set(SLIPS[STARTS]) - {"zeroes_w"},
             "w_too": set(SLIPS[STARTS]) - {"zeroes_w"}, "same_as_w": set(SLIPS[STARTS]) - {"zeroes_w"},
             "copy_of_w": {"integers"}, "zeroes_w": {"copy_of_w"}}
    pairs = [pair for pair in combinations(SLIPS[STARTS], 2) if compatible(SLIPS[STARTS], pair)]
    assert len(pairs) > 60
    for a, b in pairs:
        shown = {slip for slip, other in ((a, b), (b, a)) if slip not in hides.get(other, ())}
        assert named(assessed, names, STARTS, (a, b)) == shown, (a, b)


def test_a_mean_in_db_is_told_from_a_second_division_by_the_source(assessed, names):
    """The same numbers, another line to look at."""
    divided = lesson_source("layer_backward").replace("keepdims=True)", "keepdims=True) / m")
    assert names(assessed("layer_backward", divided)) == {"layer_backward.divided_by_m_again"}


# --- what nobody foresaw, and what shows without arithmetic --------------------

def quick_for(light, names):
    """The names, those marked slow for which all sets of three deviations take long."""
    return [name if name in light else pytest.param(name, marks=pytest.mark.slow) for name in names]


@pytest.mark.parametrize("name", quick_for(set(RULES) - {"adagrad_step", "rmsprop_step"}, RULES))
def test_a_mistake_that_nobody_foresaw_is_not_given_a_name(assessed, names, name):
    """All single, double and triple deviations are tried on the way, and none of them fails."""
    source = lesson_source(name) + (
        f"\nright = {name}\ndef {name}(*args, **kwargs):\n    out = right(*args, **kwargs)\n"
        "    return tuple(x * 1.0123 for x in out) if isinstance(out, tuple) else out * 1.0123\n")
    report = assessed(name, source)
    assert report.status == "wrong" and names(report) == set()
    assert "I do not recognise this mistake" in str(report)


@pytest.mark.parametrize("name", SLIPS)
def test_what_every_function_can_do_wrong(assessed, names, name):
    def ends(line):
        return f"def {name}(*args, **kwargs):\n    {line}\n"
    assert assessed(name, ends("raise NotImplementedError")).status == "not attempted"
    for line, id in (("return", "returns_nothing"), ("return 1 / 0", "raises"), ("while True: pass", "never_ends")):
        report = assessed(name, ends(line), seconds=0.05)
        assert report.score == 0 and names(report) == {id}
        assert "assignment" not in str(report)
    assert "at line 2: return 1 / 0" in str(assessed(name, ends("return 1 / 0"), seconds=0.05))
    for result in ("'text'", "{}", "[]", "[[]]", "(None, None)", "[[None]]", "1j", "10**400", "[3, (4, 5)]"):
        report = assessed(name, ends(f"return {result}"))
        assert report.status == "wrong" and not names(report) - {f"{DRAWS}.misses_examples"}, (result, str(report))


@pytest.mark.parametrize("result, ids", [
    ("np.zeros(0)", set()), ("np.array([0.5])", set()), ("np.full(w.shape, np.nan)", set()), ("np.inf * w", set()),
    ("w.astype(bool)", {"integers", "ones"}), ("np.arange(w.size).reshape(w.shape) > 0", {"integers", "random"})])
def test_a_velocity_of_odd_numbers_is_judged_without_a_warning(assessed, names, recwarn, result, ids):
    """Of one number, of none, of truths, of what is not finite."""
    report = assessed(STARTS, f"import numpy as np\n\ndef {STARTS}(w):\n    return {result}\n")
    assert report.status == "wrong" and names(report) == {f"{STARTS}.{id}" for id in ids}
    assert not recwarn.list


@pytest.mark.parametrize("name", quick_for({"gradient_step", "largest_stable_rate", DRAWS, STARTS}, SLIPS))
def test_nan_is_wrong_and_has_no_name(assessed, names, name):
    """It is compared with what every set of deviations gives, and equals none."""
    report = assessed(name, f"def {name}(*args, **kwargs):\n    return float('nan')\n")
    assert report.status == "wrong" and names(report) == set()


def test_fewer_arguments_than_asked_is_an_error_that_is_shown(assessed, names):
    report = assessed("gradient_step", "def gradient_step(w, dw):\n    return w - dw\n")
    assert names(report) == {"raises"} and "positional arguments" in str(report)


@pytest.mark.parametrize("name, line", [
    ("gradient_step", "w -= learning_rate * dw; return w"),
    ("momentum_step", "v *= beta; v += (1 - beta) * dw; w -= learning_rate * v; return w, v"),
    ("rmsprop_step", "s[...] = beta * s + (1 - beta) * dw ** 2; w -= learning_rate * dw / (s ** .5 + epsilon)\n"
     "    return w, s"),
    ("sgd_epoch", "for X, Y in batches: w -= learning_rate * gradient(w, X, Y)\n    return w"),
    ("numerical_gradient", "import numpy as np\n    right = w.astype(float)\n    g = np.zeros(w.shape)\n"
     "    for i in np.ndindex(w.shape):\n        e = np.zeros(w.shape); e[i] = h\n"
     "        g[i] = (f(right + e) - f(right - e)) / (2 * h)\n    w[...] = 0\n    return g"),
    (DRAWS, "p = rng.permutation(X.shape[1]); X[...] = X[:, p]; Y[...] = Y[:, p]\n"
     "    return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]"),
])
def test_changing_the_inputs_is_remarked(assessed, names, name, line):
    arguments = {"gradient_step": "w, dw, learning_rate", "sgd_epoch": "w, batches, gradient, learning_rate",
                 "numerical_gradient": "f, w, h=1e-5", DRAWS: "X, Y, batch_size, rng",
                 "momentum_step": "w, dw, v, learning_rate, beta=0.9",
                 "rmsprop_step": "w, dw, s, learning_rate, beta=0.9, epsilon=1e-8"}[name]
    report = assessed(name, f"def {name}({arguments}):\n    {line}\n")
    assert report.status == "correct" and names(report) == {"changes_inputs"}, str(report)
