"""What a student did wrong is named exactly: each slip alone, in pairs, in triples; and nothing is named on a guess.

The slips come from student_code, which is written apart from the tutor's simulation.
"""
from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from student_code import (
    CORRECT, INITIALIZE_SLIPS, SLIPS, compatible, function, initialize_source, update_source,
)

from optimlab.tutor.exercises.adam import initialize, rule, update
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.checking import PUBLIC_SEED
from optimlab.tutor.exercise import GENERAL

UPDATE, INITIALIZE = "update_parameters_with_adam", "initialize_adam"
SEEDS = (PUBLIC_SEED, 7)

# --- the catalogue -----------------------------------------------------------

CORRECTIONS = """missing multiplied beta_times_t no_power t_plus_one t_minus_one t_always_one
                 power_of_one_minus_beta divides_by_power other_beta"""
# EXERCISES.md's table of the switchboard: instructors' tables and class reports are keyed by these ids.
CATALOGUE = {
    "first_moment": """forgets_history never_decays sum_not_average weights_swapped beta2_for_beta1
                       minus_gradient hard_coded_beta1""",
    "second_moment": """forgets_history never_decays accumulates sum_not_average weights_swapped
                        gradient_not_squared absolute_gradient squares_first_moment beta1_for_beta2
                        weight_squared_too sum_squared mean_over_array running_maximum hard_coded_beta2""",
    "first_correction": CORRECTIONS,
    "second_correction": CORRECTIONS + " outside_root",
    "denominator": """epsilon_inside_root epsilon_missing epsilon_after_division epsilon_twice maximum_not_sum
                      root_missing no_division epsilon_hat_unscaled hard_coded_epsilon""",
    "numerator": "raw_gradient times_gradient stale_moments",
    "direction": "ascends",
    "step_size": "hard_coded_learning_rate divided_by_root_t learning_rate_missing adds_weight_decay",
    "gradient": "clipped normalized",
    "returned_moments": "corrected_returned old_returned",
    "coverage": "biases_not_updated second_layer_not_updated first_row_only wrong_gradient order_of_returns",
    "initialize": """transposed bias_not_column ones random uninitialized integers too_few shared_buffer
                     order_of_returns""",
}
IDS = {f"{part}.{name}" for part, names in CATALOGUE.items() for name in names.split()}


def test_the_catalogue_is_the_tutors():
    """No id of EXERCISES.md is missing in the tutor, and none is there that EXERCISES.md does not know."""
    known = [d.id for d in (*rule.DEVIATIONS, rule.ORDER_OF_RETURNS)] + list(initialize.MISTAKES)
    assert sorted(known) == sorted(IDS)
    assert set(GENERAL) == {"returns_nothing", "raises", "never_ends", "changes_inputs", "not_attempted"}


def test_each_of_the_catalogue_is_tried_here():
    """Every id can be reached: the slips below, each named by the tutor, are the whole catalogue."""
    assert set(SLIPS) | set(INITIALIZE_SLIPS) == IDS


# --- single slips ------------------------------------------------------------

@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS, marks=pytest.mark.slow)],
                         ids=["public cases", "drawn cases too"])
@pytest.mark.parametrize("name, source, slip",
                         [(UPDATE, update_source(id), id) for id in SLIPS]
                         + [(INITIALIZE, initialize_source(id), id) for id in INITIALIZE_SLIPS],
                         ids=[*SLIPS, *INITIALIZE_SLIPS])
def test_a_single_slip_loses_points_and_is_named_exactly(assessed, names, name, source, slip, seeds):
    """Whoever grades: the same points are lost and the same mistake is named with public and drawn cases."""
    reports = [assessed(name, source, seed) for seed in seeds]
    for report in reports:
        assert report.status == "wrong" and report.score < report.max_score
        assert names(report) == {slip}
    lost = [[o.id for o in report.outcomes if not o.passed] for report in reports]
    assert all(ids == lost[0] for ids in lost)


@pytest.mark.parametrize("name, source", [(UPDATE, update_source()), (INITIALIZE, initialize_source())])
def test_the_code_without_slips_is_correct(assessed, name, source):
    report = assessed(name, source)
    assert (report.status, report.score, report.mistakes) == ("correct", report.max_score, ())


# --- several slips -----------------------------------------------------------

def diagnosis_cases(challenges):
    return [c for c in challenges if c.id.startswith("diagnosis")]


def named(challenges, slips):
    """What the tutor names, asked only the cases that it diagnoses by."""
    cases, source = diagnosis_cases(challenges), update_source(*slips)
    answers = answer_all(cases, function(source, UPDATE))
    return {m.id for m in update.UPDATE.diagnose(list(zip(cases, answers)), source, [])}


def fingerprint(challenges, slips):
    """The numbers of a function with these slips, to 9 digits; its error where it stops."""
    student, seen = function(update_source(*slips), UPDATE), []
    for case in diagnosis_cases(challenges):
        (arguments, keywords), = case.calls
        try:
            with np.errstate(all="ignore"):
                seen += [np.concatenate([a.ravel() for a in student(*arguments, **keywords)])]
        except ValueError as error:
            seen.append(str(error))
    return tuple(x if isinstance(x, str) else nine_digits(x) for x in seen)


def nine_digits(x):
    mantissa, exponent = np.frexp(x)
    return np.round(mantissa * 1e9).tobytes() + exponent.tobytes()


@pytest.fixture(scope="module")
def distinguishable_pairs(challenges_of):
    """Pairs whose numbers, on other cases than the tutor's, no other pair or single slip gives."""
    challenges = challenges_of(UPDATE, 99)
    alike = defaultdict(list)
    for size in (0, 1, 2):
        for slips in combinations(SLIPS, size):
            if compatible(SLIPS, slips):
                alike[fingerprint(challenges, slips)].append(slips)
    return [sets[0] for sets in alike.values() if len(sets) == 1 and len(sets[0]) == 2]


def test_pairs_are_named_exactly(challenges_of):
    """Students combine mistakes: both are named, not one of them and not a third that is close.

    Only where another set as small gives the same numbers may that one be named.
    """
    challenges, others = challenges_of(UPDATE, PUBLIC_SEED), challenges_of(UPDATE, 99)
    pairs = [pair for pair in combinations(SLIPS, 2) if compatible(SLIPS, pair)]
    wrong, exact = {}, 0
    for pair in (pairs[i] for i in np.random.default_rng(3).choice(len(pairs), 30, replace=False)):
        found = named(challenges, pair)
        exact += found == set(pair)
        if found != set(pair) and fingerprint(others, found) != fingerprint(others, pair):
            wrong[pair] = found
    assert wrong == {} and exact > 22


@pytest.mark.slow
def test_every_distinguishable_pair_is_named_exactly(distinguishable_pairs, challenges_of):
    assert len(distinguishable_pairs) > 1700
    challenges = challenges_of(UPDATE, 7)
    wrong = {slips: found for slips in distinguishable_pairs if (found := named(challenges, slips)) != set(slips)}
    assert wrong == {}


@pytest.mark.parametrize("slips", [
    ("first_moment.forgets_history", "denominator.epsilon_twice", "direction.ascends"),
    ("second_moment.accumulates", "second_correction.missing", "denominator.epsilon_inside_root"),
    ("first_moment.sum_not_average", "second_moment.weights_swapped", "coverage.biases_not_updated"),
    ("first_correction.t_plus_one", "second_correction.t_plus_one", "returned_moments.corrected_returned"),
    ("first_correction.missing", "second_correction.missing", "coverage.order_of_returns"),
    ("gradient.clipped", "numerator.times_gradient", "step_size.adds_weight_decay"),
], ids=lambda slips: " + ".join(slips))
def test_triples_are_named_exactly(challenges_of, slips):
    assert named(challenges_of(UPDATE, PUBLIC_SEED), slips) == set(slips)


@pytest.mark.parametrize("slips", [
    ("initialize.integers", "initialize.too_few"),
    ("initialize.transposed", "initialize.ones"),
    ("initialize.bias_not_column", "initialize.shared_buffer"),
], ids=" + ".join)
def test_pairs_in_initialize_are_named_exactly(assessed, names, slips):
    assert names(assessed(INITIALIZE, initialize_source(*slips))) == set(slips)


# --- two names for the same numbers ------------------------------------------

def with_corrections(first=CORRECT["c1"], second=CORRECT["c2"], start="pass", default=""):
    source = update_source().replace(CORRECT["c1"], first).replace(CORRECT["c2"], second)
    return source.replace("    pass\n", f"    {start}\n", 1).replace("t, learning_rate", f"t{default}, learning_rate")


def test_a_missing_power_and_t_left_at_one_are_told_apart_by_the_source(assessed, names):
    """They give the same numbers, but another line is wrong: the student must be sent to the right one."""
    beta1, beta2 = "(1 - beta1)", "(1 - beta2)"
    no_power = {"first_correction.no_power", "second_correction.no_power"}
    always_one = {"first_correction.t_always_one", "second_correction.t_always_one"}

    assert names(assessed(UPDATE, with_corrections(beta1, beta2))) == no_power
    for first, second in (("(1 - beta1 ** 1)", "(1 - beta2**1)"),
                          ("(1 - np.power(beta1, 1))", "(1 - np.power(beta2, 1))")):
        assert names(assessed(UPDATE, with_corrections(first, second))) == always_one
    for start in ("t = 1", "t=1  # the first step", "t = 1.0"):
        assert names(assessed(UPDATE, with_corrections(start=start))) == always_one


@pytest.mark.parametrize("text", [
    "def helper(v, t=1):\n    return v\n",
    "def helper(v, t: int = 1, beta=0.9):\n    return v\n",
    "def helper(\n    v,\n    t=1\n):\n    return v\n",
    "at = 1\nself_t = 1\n",
    "def helper(t):\n    return t == 1\n",
    "# t = 1 at the first step\n",
])
def test_other_ones_in_the_source_do_not_count_as_t_left_at_one(assessed, names, text):
    """A default of t is not what the step uses."""
    source = text + with_corrections("(1 - beta1)")
    assert names(assessed(UPDATE, source)) == {"first_correction.no_power"}


# --- what shows without arithmetic -------------------------------------------

SIGNATURE = {
    INITIALIZE: "def initialize_adam(n_x, n_h, n_y):\n",
    UPDATE: """def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2, vW1, vb1, vW2, vb2,
                                sW1, sb1, sW2, sb2, t, learning_rate=0.001, beta1=0.9, beta2=0.999,
                                epsilon=1e-8):
""",
}
FUNCTIONS = pytest.mark.parametrize("name", [INITIALIZE, UPDATE])


def body(name, *lines, before=""):
    return "import numpy as np\n" + before + SIGNATURE[name] + "".join(f"    {line}\n" for line in lines)


def spoilt(name, spoil, before=""):
    """A correct function whose results, `out`, go through an expression."""
    source = {INITIALIZE: initialize_source, UPDATE: update_source}[name]()
    call = f"    out = correct({ARGUMENTS[name]})\n    return {spoil}\n"
    return f"{source}\ncorrect = {name}\n{before}\n{SIGNATURE[name]}{call}"


ARGUMENTS = {INITIALIZE: "n_x, n_h, n_y",
             UPDATE: "W1, b1, W2, b2, dW1, db1, dW2, db2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2, t, "
                     "learning_rate, beta1, beta2, epsilon"}


def zero(report):
    return report.score == 0 and report.status == "wrong"


@FUNCTIONS
def test_an_empty_function_is_not_attempted_rather_than_wrong(assessed, names, name):
    report = assessed(name, body(name, "raise NotImplementedError"))
    assert (report.status, report.score, names(report)) == ("not attempted", 0, {"not_attempted"})
    assert not any(o.passed for o in report.outcomes)


@FUNCTIONS
def test_an_error_is_shown_with_the_students_own_line(assessed, names, name):
    """Their line, not the deepest one, which may be inside NumPy."""
    report = assessed(name, body(name, "a = 1", "return np.linalg.inv(np.ones(3))  # mine"))
    assert zero(report) and names(report) == {"raises"}
    assert "LinAlgError" in report.mistakes[0].hint
    assert "return np.linalg.inv(np.ones(3))  # mine" in report.mistakes[0].hint
    assert all("return np.linalg.inv" in o.message for o in report.outcomes)


@FUNCTIONS
@pytest.mark.parametrize("line, error", [
    ("import sys; sys.exit('bye')", "SystemExit"),
    ("raise SystemExit", "SystemExit"),
    (f"return {UPDATE}(*[0] * 17) if False else again()", "RecursionError"),
    ("raise BaseException('down')", "BaseException: down"),
    ("raise Mute", "Mute"),
    ("undefined + 1", "NameError"),
])
def test_no_way_out_of_the_function_stops_the_tutor(assessed, names, name, line, error):
    before = ("def again():\n    return again()\n"
              "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n")
    report = assessed(name, body(name, line, before=before))
    assert zero(report) and names(report) == {"raises"}
    assert error in report.mistakes[0].hint


@FUNCTIONS
@pytest.mark.parametrize("loop", [
    "while True: pass",
    "while True: exec('try: 1\\nexcept Exception: pass')",
])
def test_a_loop_without_an_end_is_stopped_and_named(assessed, names, name, loop):
    report = assessed(name, body(name, loop), seconds=0.05)
    assert zero(report) and names(report) == {"never_ends"}
    assert "did not come to an end" in report.outcomes[0].message


@FUNCTIONS
def test_a_function_without_return_is_named(assessed, names, name):
    report = assessed(name, body(name, "out = np.zeros(3)"))
    assert zero(report) and names(report) == {"returns_nothing"}


def test_changing_the_inputs_is_a_remark_and_costs_nothing(assessed, names):
    """Asked for in EXERCISES.md: full points, and one line that says what the caller loses."""
    source = update_source().replace("return tuple(", "W1[...] = new_w[0]\n    return tuple(", 1)
    report = assessed(UPDATE, source)
    assert (report.status, report.score, names(report)) == ("correct", 16, {"changes_inputs"})


def test_an_input_changed_before_it_is_used_is_wrong_and_remarked(assessed, names):
    source = update_source("direction.ascends").replace("    weights =", "    dW1 /= 2\n    weights =", 1)
    report = assessed(UPDATE, source)
    assert report.status == "wrong" and names(report) == {"changes_inputs"}
    assert "I do not recognise this mistake" in str(report)


@FUNCTIONS
@pytest.mark.parametrize("result, seen", [
    ("dict(enumerate(out))", "a dict"),
    ("(x for x in out)", "a generator"),
    ("set(map(id, out))", "a set"),
    ("out[0]", "a single array"),
    ("3.0", "a float"),
    ("'W1'", "a str"),
    ("map(np.array, out)", "a map"),
    ("np.array(out[:1] * len(out))", "a single array"),
    ("type('Bag', (tuple,), {})(out)", "a Bag"),
    ("(out[:4], out[4:])", "2 came back, among them a tuple"),
    ("((out,),)", "1 came back, among them a tuple"),
    ("out + (out[0] * 1,)", "came back"),
    ("()", "0 came back"),
    ("tuple(x.tolist() for x in out)", "one of them is a list"),
    ("[None] * len(out)", "one of them is a NoneType"),
    ("[0.0] * len(out)", "one of them is a single number"),
    ("tuple(np.matrix(x) for x in out)", "one of them is an np.matrix"),
    ("tuple(x.astype(object) for x in out)", "one of them is an array of object"),
    ("tuple(x.astype(complex) for x in out)", "one of them is an array of complex128"),
    ("tuple(x.astype(str) for x in out)", "one of them is an array of str"),
    ("tuple(np.ma.masked_array(x, mask=True) for x in out)", "one of them is a MaskedArray"),
    ("tuple(x.view(Alike) for x in out)", "one of them is an Alike"),
    ("tuple(Equal() for x in out)", "one of them is an Equal"),
    ("out[:-1] + (Equal(),)", "one of them is an Equal"),
])
def test_what_is_no_tuple_of_arrays_gets_no_points_and_is_described(assessed, names, name, result, seen):
    """A result that only pretends to be equal is worth nothing, and no mistake is made up for it."""
    before = ("class Equal:\n    shape, dtype = (1, 1), np.dtype(float)\n"
              "    def __eq__(self, other): return True\n    def __array__(self, *a, **k): return np.zeros((1, 1))\n"
              "class Alike(np.ndarray):\n    def __eq__(self, other): return np.ones(self.shape, bool)\n"
              "    def __array_ufunc__(self, *a, **k): return np.zeros(self.shape)\n")
    report = assessed(name, spoilt(name, result, before))
    assert zero(report)
    assert not names(report) - {"initialize.too_few"}  # nothing of the rule
    assert seen in report.outcomes[0].message


@pytest.mark.parametrize("value", ["np.nan", pytest.param("np.inf", marks=pytest.mark.slow)])
def test_nan_and_inf_lose_points_and_equal_nothing(assessed, names, value):
    report = assessed(UPDATE, spoilt(UPDATE, f"tuple(x * {value} for x in out)"))
    assert [o.id for o in report.outcomes if o.passed] == ["update.structure"]
    assert names(report) == set()
    assert "by inf or nan" in report.outcome("update.first_moment").message


@pytest.mark.parametrize("right, wrong, arrays", [
    pytest.param("rate = learning_rate", "rate = 1.23 * learning_rate", {"W1", "b1", "W2", "b2"},
                 marks=pytest.mark.slow),
    (f"v = {CORRECT['v']}", "v = 0.77 * v_old + 0.11 * g",
     {"W1", "b1", "W2", "b2", "vW1", "vb1", "vW2", "vb2"}),
    (f"s = {CORRECT['s']}", "s = 0.77 * s_old + g ** 4",
     {"W1", "b1", "W2", "b2", "sW1", "sb1", "sW2", "sb2"}),
    ("new_w.append(w_new)", "new_w.append(w_new * 1.01 if k == 2 else w_new)", {"W2"}),
])
def test_a_mistake_that_nobody_foresaw_is_not_given_a_name(assessed, names, right, wrong, arrays):
    """The tutor admits that it does not know, and says which arrays differ and by how much."""
    assert right in update_source()
    report = assessed(UPDATE, update_source().replace(right, wrong))
    assert report.status == "wrong" and names(report) == set()
    for shown in (str(report), report._repr_html_()):
        assert "I do not recognise this mistake" in shown
    messages = [o.message for o in report.outcomes if not o.passed
                and o.id in ("update.first_moment", "update.second_moment", "update.later_steps")]
    assert {a for a in update.NAMES if a in " ".join(messages).replace(",", " ").split()} == arrays
    assert all("by up to" in m for m in messages)


SQUARE = "(1 - beta2) * g * g"


@pytest.mark.parametrize("where, names", [("k == 2", "W2"), ("k in (0, 3)", "W1 and b2"), ("k != 1", "W1, W2 and b2")])
def test_a_slip_in_some_lines_of_unrolled_code_is_named_with_its_place(assessed, where, names):
    source = update_source().replace(SQUARE, f"(1 - beta2) * (g if {where} else g * g)")
    report = assessed(UPDATE, source)
    assert [m.id for m in report.mistakes] == ["second_moment.gradient_not_squared"]
    assert report.mistakes[0].hint.startswith(f"In {names} alone: ")


def test_two_slips_in_two_places_are_both_named(assessed):
    source = update_source().replace(SQUARE, "(1 - beta2) * (g if k == 2 else g * g)").replace(
        "v = beta1 * v_old + (1 - beta1) * g", "v = beta1 * v_old + (g if k == 1 else (1 - beta1) * g)")
    assert {m.id for m in assessed(UPDATE, source).mistakes} == {
        "second_moment.gradient_not_squared", "first_moment.sum_not_average"}


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.slow) for seed in (1, 2, 3, 4, 5))])
def test_of_sets_that_are_equal_in_algebra_the_usual_one_is_named(assessed, names, seed):
    """The deck's last slide: v / sqrt(s + epsilon) is (v / c) / (sqrt(s + epsilon) / c) for every c."""
    ids = ("first_correction.missing", "second_correction.missing", "denominator.epsilon_inside_root")
    assert names(assessed(UPDATE, update_source(*ids), seed)) == set(ids)
