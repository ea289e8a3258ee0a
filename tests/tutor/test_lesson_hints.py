"""What a hint of a lesson's exercise says is true, it gives nothing away, and its section is there."""
import json
import re
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest
from lesson_code import SLIPS, WHOLE, lesson_source
from student_code import function
from lesson_rules import READ_OFF, RULES

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"
HINTS = {d.id: d.hint for rule in RULES.values()
         for d in (*rule.board.deviations.values(), rule.whole_numbers, rule.left_out) if d}
ALL = {**{id: str(hint) for id, hint in HINTS.items()}, **{id: m.hint for id, m in READ_OFF.items()}}


@cache
def student(name, *slips):
    """The function with these slips; of several ways to make one, the template's."""
    if all(slip in SLIPS[name] for slip in slips):
        return function(lesson_source(name, *slips), name)
    return function(next(source for n, slip, source in WHOLE if (n, slip) == (name, *slips)), name)


# --- form ---------------------------------------------------------------------

def test_a_hint_says_what_the_code_does_what_that_does_and_what_to_reread():
    for id, hint in ALL.items():
        said, colon, reread = hint.partition(" Reread: ")
        assert colon and re.fullmatch(r"lesson \d\d, “.+\?”\.", reread), id
        assert said[0].isupper() or said.startswith(("dA_prev", "db", "dW", "f ")), id
        assert len(re.findall(r"[.?](?:\s|$)", said)) >= 2 and len(hint) < 320, id


def test_a_hint_gives_no_code_no_formula_and_no_number_away():
    for id, hint in ALL.items():
        said = hint.split(" Reread: ")[0]
        for code in ("=", "**", "sqrt", "np.", "1 -", "*", "^", "@", ".T", "(", "/", "√", "β", "α", "["):
            assert code not in said, (id, code)
        assert not re.search(r"\d", said), id


@pytest.mark.parametrize("section", sorted({re.search("Reread: lesson (.*)\\.$", hint)[1] for hint in ALL.values()}))
def test_the_section_to_reread_is_there(section):
    number, title = re.fullmatch("(\\d\\d), “(.*)”", section).groups()
    lesson, = NOTEBOOKS.glob(f"{number}-*.ipynb")
    cells = json.loads(lesson.read_text(encoding="utf-8"))["cells"]
    assert title in {line.lstrip("# ") for cell in cells if cell["cell_type"] == "markdown"
                     for line in "".join(cell["source"]).splitlines() if line.startswith("#")}


# --- lesson 01 ------------------------------------------------------------------

def cube(w):
    return float(np.sum(w**3))


def slope_at_one(*slips, h=1e-3):
    return np.ravel(student("numerical_gradient", *slips)(cube, np.ones(1), h)).item(0)


@pytest.mark.parametrize("slip, ratio", [("half_slope", 0.5), ("not_halved", 2), ("wrong_sign", -1)])
def test_a_slope_that_is_off_by_a_factor(slip, ratio):
    assert slope_at_one(slip) / slope_at_one() == pytest.approx(ratio, rel=1e-2)


def test_the_error_of_one_side_shrinks_with_h_that_of_two_with_its_square():
    for slips, shrinks in ((["forward_difference"], 10), ([], 100)):
        errors = [abs(slope_at_one(*slips, h=h) - 3) for h in (1e-1, 1e-2)]
        assert errors[0] / errors[1] == pytest.approx(shrinks, rel=0.1)


def test_without_the_division_a_small_h_leaves_nearly_nothing():
    for slip in ("not_divided", "multiplied_by_h"):
        assert abs(slope_at_one(slip, h=1e-6)) < 1e-4


def test_what_is_not_undone_spoils_all_slopes_but_the_first():
    right, wrong = (student("numerical_gradient", *slips)(lambda w: np.sum(w)**3, np.ones(3), 0.1)
                    for slips in ([], ["not_undone"]))
    assert np.isclose(right, wrong).tolist() == [True, False, False]


def test_a_row_moved_at_once_gets_the_sum_of_its_slopes():
    wrong = student("numerical_gradient", "whole_rows")(cube, np.array([[1.0, 2.0], [0.0, 1.0]]), 1e-5)
    np.testing.assert_allclose(wrong, [[15, 15], [3, 3]], rtol=1e-6)


def test_a_missing_transpose_stops_only_where_the_layer_is_not_square():
    for slip in ("dW_transpose", "dA_transpose"):
        wrong = student("layer_backward", slip)
        wrong(*np.ones((3, 3, 3)))
        with pytest.raises(ValueError):
            wrong(np.ones((2, 5)), np.ones((4, 5)), np.ones((2, 4)))


def test_a_bias_that_is_no_column_becomes_a_square():
    db = student("layer_backward", "db_not_column")(*np.ones((3, 3, 3)))[1]
    assert (np.ones((3, 1)) - db).shape == (3, 3)


# --- lesson 02 ------------------------------------------------------------------

CURVATURES = np.array([1.0, 9.0, 4.0])


def ends_at(step=student("gradient_step"), rate=0.05, start=(-3.02, 2.0, 1.0), steps=400, curvatures=CURVATURES):
    """How far from the bottom of the bowl a walk of steps ends; inf where numbers end before it."""
    w = np.array(start)
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w = step(w, curvatures * w, rate)
    return np.nan_to_num(np.abs(w).max(), nan=np.inf)


@pytest.mark.parametrize("slip", ["ascends", "squared", "absolute", "times_w"])
def test_steps_that_go_uphill(slip):
    assert ends_at(student("gradient_step", slip), steps=3, rate=0.01) > 3 and ends_at(steps=3, rate=0.01) < 3


@pytest.mark.parametrize("slip", ["normalized", "sign_only"])
def test_steps_that_are_equally_long_never_settle(slip):
    assert ends_at() < 1e-6 < 0.01 < ends_at(student("gradient_step", slip))


def test_a_gradient_that_is_divided_by_the_rate_makes_longer_steps_the_smaller_it_is():
    step = student("gradient_step", "divides_by_rate")
    assert step(0.0, 1.0, 0.01) < step(0.0, 1.0, 0.1) < 0


@pytest.mark.parametrize("slip, runs_away", [
    ("one_for_two", False), ("sum_of_curvatures", False), ("strict", False), ("smallest_curvature", True),
    ("mean_curvature", True), ("one_entry", True), ("root", True), ("multiplied", True), ("inverted", True)])
def test_which_rates_let_the_ball_run_away(slip, runs_away):
    right, wrong = (student("largest_stable_rate", *slips)(CURVATURES) for slips in ([], [slip]))
    assert (wrong > right) == runs_away
    assert (ends_at(rate=wrong, steps=2000) > 10) == runs_away


def test_the_ball_runs_away_above_the_border_and_not_below():
    border = student("largest_stable_rate")(CURVATURES)
    assert ends_at(rate=0.999 * border, steps=20_000) < 1e-6 and ends_at(rate=1.001 * border, steps=20_000) > 10


def test_a_curvature_squared_errs_to_both_sides():
    """In a flat direction the ball runs away, in a steep one it crawls; so with a root, the other way round."""
    for slip, away, crawls in (("squared", 0.5, 4.0), ("root", 4.0, 0.25)):
        right, wrong = student("largest_stable_rate"), student("largest_stable_rate", slip)
        assert wrong(np.array([away])) > right(np.array([away]))
        assert wrong(np.array([crawls])) < right(np.array([crawls]))


# --- lesson 03 ------------------------------------------------------------------

def epoch(*slips, size=4, rate=0.1, w=np.zeros((1, 1))):
    """The weight after one epoch of fitting Y = X to twelve examples."""
    X = np.linspace(0.5, 1.5, 12).reshape(1, -1)
    batches = [(X[:, k:k + size], X[:, k:k + size]) for k in range(0, 12, size)]
    return student("sgd_epoch", *slips)(w, batches, lambda w, X, Y: (w @ X - Y) @ X.T / X.shape[1], rate).item()


def test_what_a_wrong_epoch_does_to_the_step():
    assert epoch("ascends") < 0 < epoch()
    assert epoch("divided_by_size", size=6) / epoch(size=6) < epoch("divided_by_size", size=2) / epoch(size=2) < 1
    assert epoch("averages_gradients") == pytest.approx(epoch("all_in_one")) == pytest.approx(epoch(size=12))
    assert epoch("divided_by_batches", size=1) < epoch(size=12) * 1.01
    assert epoch("rate_missing", rate=1e-3) == epoch("rate_missing", rate=0.1)


def test_the_mean_over_an_empty_batch_is_nan():
    cut, rng = student("random_mini_batches", "empty_batch"), np.random.default_rng(0)
    batches = cut(np.ones((2, 8)), np.ones((1, 8)), 4, rng)
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning):
        assert np.isnan(batches[-1][0].mean())


# --- lesson 04 ------------------------------------------------------------------

WARM = 20 + np.sin(np.arange(60.0))
average, corrected = (partial(student("ewma"), WARM, 0.9, corrected=c) for c in (False, True))


def wrong(slip, is_corrected=False):
    with np.errstate(all="ignore"):
        return student("ewma", slip)(WARM, 0.9, is_corrected)


def test_what_a_wrong_average_does_to_the_curve():
    def jagged(curve):
        return np.abs(np.diff(curve[30:])).mean()
    assert wrong("sum_not_average")[-1] > 5 * WARM.max()
    assert np.all(np.diff(wrong("never_fades")) > 0)
    assert jagged(wrong("weights_swapped")) > 2 * jagged(average())
    assert wrong("forgets_history") == pytest.approx(0.1 * WARM)
    assert wrong("minus")[0] < 0
    assert wrong("one_day_late")[1:] == pytest.approx(average()[:-1])
    assert len(wrong("start_included")) == len(WARM) + 1


def test_what_a_wrong_correction_does_to_the_first_days():
    right = corrected()
    for slip in ("never_corrected", "last_power", "power_one_too_many", "multiplied"):
        assert np.all(wrong(slip, True)[:3] < 0.99 * right[:3]), slip
    assert np.all(wrong("multiplied", True)[:3] < average()[:3])
    assert wrong("starts_at_first", True)[0] > right[0]
    assert np.isinf(wrong("power_one_too_few", True)[0])
    for slip in ("no_power", "power_of_one_minus_beta"):
        assert wrong(slip, True)[0] == pytest.approx(right[0]) and np.all(wrong(slip, True)[1:] > right[1:])
    assert np.all(wrong("beta_times_t", True)[3:] < 0)
    assert np.all(wrong("correction_fed_back", True)[1:] > right[1:])
    late = wrong("divides_by_power", True)[30:]
    assert np.all(np.diff(late) > 0) and late[-1] > 100 * WARM.max()


def test_whole_degrees_give_a_curve_that_is_too_low():
    stairs = student("ewma", "whole_numbers")(WARM.round().astype(int), 0.9)
    assert stairs.dtype.kind == "i" and np.all(stairs <= student("ewma")(WARM.round(), 0.9))


# --- lessons 05 to 07: steps with a memory -----------------------------------------

MEMORY_STEPS = ("momentum_step", "adagrad_step", "rmsprop_step")


def steps(name, slopes, *slips, rate=0.1, memory=0.0, w=0.0, **more):
    """How far each step goes down under these slopes, each an array or a number, and the last memory."""
    step, taken = student(name, *slips), []
    slopes = np.array(slopes, float).reshape(len(slopes), -1)
    w, memory = (np.full(slopes.shape[1], x) for x in (w, memory))
    with np.errstate(all="ignore"):
        for slope in slopes:
            new, memory = step(w, slope, memory, rate, **more)
            taken.append(w - new)
            w = new
    return np.squeeze(np.array(taken)), memory


def walk(name, *slips, w=-1.0, curvature=1.0, rate=0.05, steps=400):
    """The places of a walk in the bowl."""
    step, memory, places = student(name, *slips), np.zeros(1), [np.array([w])]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w, memory = step(places[-1], curvature * places[-1], memory, rate)
            places.append(w)
    return np.ravel(places)


@pytest.mark.parametrize("name", MEMORY_STEPS)
def test_what_goes_uphill(name):
    for slip in ("ascends", "times_gradient", *(("minus_gradient", "squared", "absolute") if name[0] == "m" else ())):
        assert walk(name, slip, steps=3)[3] < -1 < walk(name, steps=3)[3] < 0, slip


@pytest.mark.parametrize("name", MEMORY_STEPS)
def test_what_does_not_heed_the_rate(name):
    def first(slip, rate):
        return steps(name, [2.0], slip, rate=rate)[0]
    assert first("rate_missing", 0.01) == first("rate_missing", 0.1) > steps(name, [2.0])[0]
    assert first("hard_coded_rate", 0.5) == first("hard_coded_rate", 0.1)
    assert first("divides_by_rate", 0.01) > first("divides_by_rate", 0.1)


@pytest.mark.parametrize("name", MEMORY_STEPS)
def test_what_is_handed_on(name):
    old = steps(name, [1.0, 2.0, 3.0], "old_memory_returned")[1]
    assert old == 0 and steps(name, [1.0, 2.0, 3.0])[1] > 0
    normalized = [steps(name, [slopes], "normalized")[1][0] for slopes in ((1.0, 1.0), (2.0, 2.0), (1.0, 5.0))]
    assert normalized[0] == pytest.approx(normalized[1]) and normalized[2] < normalized[0]


STEADY, ZIGZAG = np.ones(400), (-1.0) ** np.arange(400)


def test_what_a_wrong_velocity_does():
    def late(slopes, *slips, **more):
        return abs(steps("momentum_step", slopes, *slips, **more)[0][-1])

    def zigzag(*slips):
        return late(ZIGZAG, *slips) / late(STEADY, *slips)
    assert zigzag() < 0.06
    assert zigzag("forgets_history") == pytest.approx(1) and zigzag("weights_swapped") > 0.8
    grows = steps("momentum_step", STEADY, "never_decays")[0]
    assert np.all(np.diff(grows) > 0) and grows[-1] > 30 * late(STEADY)
    for slip in ("sum_not_average", "corrected"):
        assert late(STEADY, slip) == pytest.approx(10 * late(STEADY))
    assert late(STEADY, "rate_twice") == pytest.approx(0.1 * late(STEADY))
    assert late(STEADY, "same_weight") != pytest.approx(late(STEADY), rel=0.5)
    assert late(STEADY, "hard_coded_beta", beta=0.5) == late(STEADY, "hard_coded_beta", beta=0.99)
    assert steps("momentum_step", [1.0, 1.0], "step_kept", rate=1e-3)[1] < 2e-4
    assert steps("momentum_step", [1.0], "old_velocity_used")[0] == 0
    assert np.all(np.diff(steps("momentum_step", np.zeros(9), "parenthesis_missing")[0]) > 0)


def test_what_is_momentum_no_more():
    assert walk("momentum_step", "raw_gradient") == pytest.approx(-(0.95 ** np.arange(401)))
    assert walk("momentum_step", "downhill_velocity") == pytest.approx(walk("momentum_step"))
    assert steps("momentum_step", [1.0], "downhill_velocity")[1] == -steps("momentum_step", [1.0])[1]
    assert np.ptp(walk("momentum_step", "sign_only")[-50:]) > 0.01 > np.ptp(walk("momentum_step")[-50:])
    alike = steps("momentum_step", [(1.0, 5.0)], "mean_gradient")[0]
    assert alike[0] == alike[1]
    # The rate falls to nothing, and it walks on.
    w, v = student("momentum_step", "rate_in_velocity")(np.zeros(1), np.ones(1), np.zeros(1), 0.1)
    assert student("momentum_step", "rate_in_velocity")(w, np.ones(1), v, 0.0)[0] < w


def test_the_step_that_looks_ahead_is_nesterovs():
    from optimlab.optimizers import Nesterov
    optimizer, w = Nesterov(learning_rate=0.05, beta=0.9), np.array([-1.0])
    state, theirs = optimizer.init(w), [-1.0]
    for _ in range(30):
        w, state = optimizer.step(w, w, state)
        theirs.append(w.item())
    assert walk("momentum_step", "looks_ahead", steps=30) == pytest.approx(theirs)


ADAPTIVE = pytest.mark.parametrize("name", MEMORY_STEPS[1:])


@ADAPTIVE
def test_what_epsilon_in_another_place_does(name):
    def first(slope, *slips, **more):
        return steps(name, [slope], *slips, **more)[0]
    assert first(1e-6, "epsilon_inside_root") < 0.1 * first(1e-6)
    assert first(1e-8, "epsilon_twice") < 0.9 * first(1e-8) < first(1e-8) < 0.9 * first(1e-8, "maximum_not_sum")
    assert np.isnan(first(0.0, "epsilon_missing")) and first(0.0) == 0
    assert steps(name, [0.0, 0.0], "epsilon_remembered", epsilon=0.1)[1] > 0.1
    assert first(1.0, "epsilon_after_division", epsilon=0.05, memory=1.0) != pytest.approx(
        first(1.0, epsilon=0.05, memory=1.0), rel=0.1)
    assert first(1.0, "hard_coded_epsilon", epsilon=1.0) == first(1.0)


@ADAPTIVE
def test_what_a_wrong_root_or_square_does(name):
    def first(slope, *slips, **more):
        return steps(name, [slope], *slips, **more)[0]
    assert np.isnan(first(-1.0, "gradient_not_squared")) and np.isnan(first(-1.0, "gradient_doubled"))
    assert first(100.0) == pytest.approx(first(1.0))
    assert first(100.0, "absolute_gradient") == pytest.approx(10 * first(1.0, "absolute_gradient"))
    both, shared = first((0.01, 1.0)), first((0.01, 1.0), "one_for_all")
    assert both[0] == pytest.approx(both[1], rel=1e-3) and shared[0] < 0.1 * shared[1]
    assert first([1.0] * 100, "divided_by_size")[0] > 5 * first([1.0], "divided_by_size")
    assert first(1e-3, "root_missing") > 100 * first(1.0, "root_missing")
    assert first(100.0, "no_division") == 100 * first(1.0, "no_division")
    assert first(100.0, "multiplied") > 1000 * first(1.0, "multiplied")
    assert first(-1.0, "gradient_missing") > 0 and first(1.0, "gradient_missing") > 0
    assert first(1.0, "old_memory_used") == pytest.approx(0.1 / 1e-8)
    assert first(1.0, "rate_twice", rate=0.1) == pytest.approx(first(1.0, "rate_twice", rate=0.001), rel=1e-3)
    large_then_small = [1000.0] + [1.0] * 30
    assert steps(name, large_then_small, "root_kept")[1] < 3 < steps(name, large_then_small)[1]
    assert np.isnan(first(1.0, "minus"))


@ADAPTIVE
def test_what_is_forgotten_or_kept_for_ever(name):
    equal = walk(name, "forgets_history")[-50:]
    assert np.abs(np.diff(equal)) == pytest.approx(np.abs(np.diff(equal))[0], rel=1e-3) and np.ptp(equal) > 0.01

    def late(*slips):
        return steps(name, np.ones(2000), *slips)[0][[500, -1]]
    never_falls = ((),) if name == "adagrad_step" else (("accumulates",), ("never_decays",))
    for slips in never_falls:
        assert late(*slips)[1] < 0.6 * late(*slips)[0]
    recovers = ("decays",) if name == "adagrad_step" else ()
    assert late(*recovers)[1] == pytest.approx(late(*recovers)[0])


def test_what_a_wrong_average_of_squares_does():
    def first_and_late(*slips, slope=1.0):
        return steps("rmsprop_step", np.full(300, slope), *slips)[0][[0, -1]]
    right = first_and_late()
    for slip, longer in (("sum_not_average", False), ("weight_squared_too", True)):
        assert np.all((first_and_late(slip) > 2 * right) if longer else (first_and_late(slip) < 0.5 * right))
    assert first_and_late("corrected")[1] < 0.5 * right[1]
    assert np.all(first_and_late("sum_squared", slope=0.01) > 5 * first_and_late(slope=0.01))
    assert steps("rmsprop_step", [1.0] * 50, "same_weight")[1] > 5
    assert steps("rmsprop_step", [0.0] * 5, "parenthesis_missing")[1] > 1
    assert np.isnan(steps("rmsprop_step", [2.0], "parenthesis_missing")[0])
    leap = np.append(np.ones(50), 10.0)
    assert steps("rmsprop_step", leap)[1] < 20 < 80 < steps("rmsprop_step", leap, "weights_swapped")[1]


def test_what_a_wrong_sum_of_squares_does():
    assert steps("adagrad_step", [1.0, -1.0], "sum_squared")[1] == 0
    whole = function(next(source for name, slip, source in WHOLE if (name, slip) == ("adagrad_step", "sum_squared")),
                     "adagrad_step")
    s = np.ones(1)
    for _ in range(6):
        s = whole(np.zeros(1), 2 * np.ones(1), s, 0.1)[1]
    assert s > 1e30


@pytest.mark.parametrize("slip, shape", [
    ("flat", (2, 3)), ("length_only", (2, 3)), ("transposed", (2, 3)), ("list_returned", (3,)), ("w_too", (3,))])
def test_a_velocity_of_another_form_stops_the_first_step(slip, shape):
    w = np.ones(shape)
    with pytest.raises((TypeError, ValueError)):
        0.9 * student("initialize_velocity", slip)(w) + 0.1 * w
