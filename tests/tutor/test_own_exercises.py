"""An author's own exercises: made by a reference, as docs/authoring.md says, found beside a notebook, frozen for students."""
import itertools
import json
import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from courses_own import ASSIGNMENTS

from optimlab.tutor import check, require
from optimlab.tutor.beside import FROZEN, WRITTEN, as_frozen, as_written, beside, frozen
from optimlab.tutor.challenges import Challenge, Made, answer_all
from optimlab.tutor.checking import public_challenges
from optimlab.tutor.exercise import assess
from optimlab.tutor.frozen import _read, _written
from optimlab.tutor.registry import EXERCISES
from optimlab.tutor.rule import by_reference, case, slip

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "authoring.md").read_text(encoding="utf-8")
FILE, CRITERIA, SLIPS = (textwrap.dedent(block) for block in re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL))


def judged(exercise, function, seed=3):
    challenges = exercise.challenges(np.random.default_rng(seed))
    return assess(exercise, challenges, answer_all(challenges, function))


def passed(report):
    return {o.id.partition(".")[2] for o in report.outcomes if o.passed}


def right(learning_rate, decay, epoch=0):
    return learning_rate / (1 + decay * epoch)


def grows(learning_rate, decay, epoch=0):
    return learning_rate * (1 + decay * epoch)


# --- as the guide says ----------------------------------------------------------------------------

def test_the_guide_s_file_is_an_exercise():
    exercise = as_written(FILE, "guide.py").exercises["decayed_rate"]
    assert [c.id for c in exercise.criteria] == ["decayed_rate.shape", "decayed_rate.rate"]
    assert judged(exercise, right).status == "correct"
    assert passed(judged(exercise, grows)) == {"shape"} and not judged(exercise, grows).mistakes


def test_the_guide_s_criteria_and_slips_fit_into_it():
    names = {}
    cases = FILE.replace("        yield rng", '        yield case("late" if epoch else "early", rng').replace("0.9), epoch", "0.9), epoch)")
    more = f'returns=["rate"], {CRITERIA.strip()}, {SLIPS.strip()})'
    exec("from optimlab.tutor.rule import case, slip\n" + cases.replace('returns=["rate"])', more), names)
    exercise = names["EXERCISE"]
    report = judged(exercise, grows)
    assert passed(report) == {"shape", "first"} and [m.id for m in report.mistakes] == ["decayed_rate.grows"]
    assert judged(exercise, right).status == "correct"


def test_the_guide_lists_every_function_and_criterion_that_there_is():
    known = dict(EXERCISES)
    for path in (ROOT / "solutions" / name / WRITTEN for name in ASSIGNMENTS):
        if not path.exists():
            continue
        known |= as_written(path.read_text(encoding="utf-8"), str(path)).exercises
    rows = {name: re.findall(r"`([\w.]+)`", ids) for name, ids in re.findall(r"^\| `(\w+)` \|[^|]*\|(.*)\|$", GUIDE, re.MULTILINE)}
    assert rows == {name: [c.id for c in e.criteria] for name, e in known.items()}


# --- by reference ---------------------------------------------------------------------------------

def both(x, scale=2.0):
    return x * scale, x.sum()


def draw(rng):
    yield rng.normal(size=3), 1.5
    yield case("named/by keyword", x=rng.normal(size=(2, 2)), scale=0.5)
    yield case("default", rng.normal(size=4))


BOTH = by_reference(both, draw, returns=("scaled", "total"), slips=[
    slip("both.no_scale", lambda x, scale=2.0: (x, x.sum()), "a", "b", "c"),
    slip("both.twice", lambda x, scale: (x * 2.0, x.sum()), "a", "b", "c")])


@pytest.mark.parametrize("function, criteria, named", [
    (both, {"shape", "scaled", "total"}, []),
    (lambda x, scale=2.0: [np.float32(x * scale), float(x.sum())], {"shape", "scaled", "total"}, []),
    (lambda x, scale=2.0: (x, x.sum()), {"shape", "total"}, ["both.no_scale"]),
    (lambda x, scale=2.0: (x * 2.0, x.sum()), {"shape", "total"}, ["both.twice"]),
    (lambda x, scale=2.0: (x * scale, x.mean()), {"shape", "scaled"}, []),
    (lambda x, scale=2.0: x * scale, set(), []),
    (lambda x, scale=2.0: (x * scale, x), {"scaled"}, []),
    (lambda x, scale=2.0: None, set(), ["returns_nothing"]),
    (lambda x, scale: both(x, scale), set(), ["raises"]),
], ids=["right", "in float32 and a list", "slip with a default", "slip without one", "one result wrong", "one result missing",
        "one result of another shape", "nothing", "no default"])
def test_each_result_has_its_criterion_and_each_slip_its_name(function, criteria, named):
    for exercise in (BOTH, as_frozen(frozen([BOTH], {}, public_challenges), "x").exercises["both"]):
        report = judged(exercise, function)
        assert (passed(report), [m.id for m in report.mistakes]) == (criteria, named)


def test_nothing_is_compared_where_nothing_comes_back():
    empty = by_reference(lambda x: x[:0], lambda rng: [(rng.normal(size=3),)])
    assert judged(empty, lambda x: np.zeros(0)).status == "correct" and judged(empty, lambda x: x).status == "wrong"


@pytest.mark.parametrize("reference, words", [(np.sqrt, "written with def"), (lambda *x: x, "no \\* before it"),
                                              (lambda x, *, h: x, "no \\* before it")])
def test_what_has_no_named_arguments_is_no_reference(reference, words):
    with pytest.raises(ValueError, match=words):
        by_reference(reference, draw)


def no_scale(x, scale=2.0):
    return x, x.sum()


@pytest.mark.parametrize("given, words", [
    ({"returns": "scaled"}, r'write returns=\["scaled"\]'),
    ({"criteria": ("first", "the first", "early")}, "criteria is a list, .* 'first' is none"),
    ({"criteria": [("first",)]}, r"criteria is a list, .* \('first',\) is none"),
    ({"criteria": "first"}, "criteria is a list, .* 'first' is none"),
    ({"slips": ["both.no_scale"]}, r"made by slip\(\.\.\.\)"),
    ({"slips": [slip("both.a", no_scale, "a", "b", "c"), slip("both.a", both, "a", "b", "c")]}, "two slips are called both.a"),
    ({"slips": [slip("both.a", lambda x, scal: (x, scal), "a", "b", "c")]}, "the slip both.a takes scal, and both takes x, scale: "),
])
def test_what_has_another_form_than_it_reads_is_told(given, words):
    with pytest.raises(ValueError, match=words) as told:
        by_reference(both, draw, **{"returns": ("scaled", "total")} | given)
    assert "\n" not in str(told.value)


def test_one_slip_needs_no_list_and_may_have_constants_of_its_own():
    exercise = by_reference(both, draw, returns=("scaled", "total"),
                            slips=slip("both.five", lambda x, scale, by=5: (x * by, x.sum()), "a", "b", "c"))
    assert [m.id for m in judged(exercise, lambda x, scale=2.0: (x * 5, x.sum())).mistakes] == ["both.five"]


@pytest.mark.parametrize("given, words", [
    ("text", "case 1 of both holds a str: a case is made of numbers, arrays, lists and tuples"),
    (None, "holds a NoneType"), ({"w": 1.0}, "holds a dict"), ([1, (lambda: 2,)], "holds a function"),
    (np.random.default_rng(0), "holds a Generator"), (np.array(["a"]), "holds a ndarray"), (np.str_("a"), "holds a str"),
], ids=["text", "nothing", "dict", "function", "generator", "array of texts", "NumPy's text"])
def test_what_cannot_be_handed_to_a_student_is_no_case(given, words):
    exercise = by_reference(both, lambda rng: [(given,)], returns=("scaled", "total"))
    with pytest.raises(ValueError, match=words):
        exercise.challenges(np.random.default_rng(0))


def test_a_number_of_numpy_s_is_a_plain_one():
    exercise = by_reference(both, lambda rng: [([rng.integers(1, 3), True], np.float64(2)), case("b", 3, scale=np.int64(2))])
    first, second = exercise.challenges(np.random.default_rng(0))
    (((numbers, scale), _),), ((_, keywords),) = first.calls, second.calls
    assert [type(x) for x in (*numbers, scale, keywords["scale"])] == [int, bool, float, int]


def spoilt(x, scale=2.0):
    x *= scale
    return x, x.sum()


@pytest.mark.parametrize("reference, cases, more, words", [
    (both, lambda rng: [], {}, "both has no cases"),
    (both, lambda rng: itertools.repeat((np.ones(3),)), {}, "the cases of both are more than 500, or never end: give fewer"),
    (both, draw, {"criteria": [("named", "a", "nmaed")]}, "both.named is about cases of the kind 'nmaed', and there are none: "
                                                          "the kinds of both's cases are 'case', 'named', 'default'"),
    (both, draw, {"criteria": [("some", "a", "case", "named")]}, "cases of the kind 'default', and no criterion is about them"),
    (both, draw, {"slips": [slip("both.same", both, "a", "b", "c")]}, "the slip both.same gives what both gives in every case"),
    (lambda x, scale=2.0: {"scaled": x}, draw, {}, r"gives a dict in case 1: .* \(scaled, total\)"),
    (lambda x, scale=2.0: (x, x, x), draw, {}, "gives 3 things in case 1: "),
    (lambda x, scale=2.0: None, draw, {}, "gives nothing in case 1: "),
    (lambda x, scale=2.0: (x, np.nan), draw, {}, "gives nan in case 1, "),
    (spoilt, draw, {}, "its reference changes the arrays that it is given"),
], ids=["no cases", "endless cases", "a kind that no case has", "a kind that nobody asks for", "a slip that does not show", "a dict", "too many",
        "nothing", "nan", "changes its inputs"])
def test_what_would_be_judged_otherwise_than_meant_is_not_released(reference, cases, more, words):
    exercise = by_reference(reference, cases, **{"returns": ("scaled", "total")} | more)
    with pytest.raises(ValueError, match=words) as told:
        frozen([exercise], {}, public_challenges)
    assert "\n" not in str(told.value)


# --- as data --------------------------------------------------------------------------------------

@pytest.mark.parametrize("x", [
    1, 2.5, True, "text", None, float("inf"), [1, [2.0]], (1, (2, [3])), {"a": (1,)}, np.arange(3), np.ones((2, 0, 3)),
    np.array(7.0), np.float32(1.5), np.array([True, False]), np.arange(6).reshape(2, 3).T, (np.ones(2), np.zeros((1, 2))),
    (), Made("default_rng", (3,)), (((np.ones(2), 1), {"h": 2}),)], ids=repr)
def test_what_is_written_is_read_again(x):
    read = _read(_written(x))
    assert type(read) is type(x) or isinstance(x, np.generic)
    np.testing.assert_equal(read, x)
    if isinstance(x, np.ndarray):
        assert (read.dtype, read.shape) == (x.dtype, x.shape)


@pytest.mark.parametrize("x", [object(), np.array(["a"]), {1, 2}, lambda: 1], ids=["object", "texts", "set", "function"])
def test_what_is_no_data_is_refused(x):
    with pytest.raises(ValueError, match="no data of an exercise"):
        _written(x)


def test_two_cases_of_one_name_are_refused():
    exercise = by_reference(both, lambda rng: [case("a/b", np.ones(2)), case("a/b", np.ones(3))], returns=("x", "y"))
    with pytest.raises(ValueError, match="two cases of the name 'a/b'"):
        frozen([exercise], {}, public_challenges)


def test_the_course_s_own_exercises_need_no_file_unless_their_points_are_others():
    ewma = EXERCISES["ewma"]
    usual = {c.id: c.points for c in ewma.criteria}
    assert frozen([ewma], usual, public_challenges) == ""
    assert as_frozen(frozen([ewma], usual | {"ewma.average": 5}, public_challenges), "x").worth("ewma")["ewma.average"] == 5


# --- beside a notebook ----------------------------------------------------------------------------

@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def decayed_rate(learning_rate, decay, epoch=0):
    return learning_rate * (1 + decay * epoch)


def test_check_knows_what_lies_beside_the_notebook(here):
    with pytest.raises(ValueError, match="only in its own folder"):
        check(decayed_rate)
    (here / WRITTEN).write_text(FILE)
    assert passed(check(decayed_rate)) == {"shape"}
    exercise = beside(here, WRITTEN).known.exercises["decayed_rate"]
    (here / WRITTEN).unlink()
    (here / FROZEN).write_text(frozen([exercise], {"decayed_rate.shape": 1, "decayed_rate.rate": 8}, public_challenges))
    assert passed(check(decayed_rate)) == {"shape"} and (check(decayed_rate).score, check(decayed_rate).max_score) == (1, 9)
    with pytest.raises(Exception, match="0 of 8 points"):
        require("decayed_rate.rate", decayed_rate)


SPREAD = """
import numpy as np
from optimlab.tutor.rule import by_reference, slip

def standardized(x, floor=0.1):
    away = x - x.mean()
    return away / (np.sqrt((away**2).mean()) + floor)

def cases(rng):
    for size in (4, 6, 9):
        yield rng.normal(2, 3, size), float(rng.uniform(0.2, 0.5))

E = by_reference(standardized, cases, returns=["z"], slips=[
    slip("standardized.no_floor", lambda x, floor: (x - x.mean()) / x.std(), "It has no floor.", "It may be nan.", "above")])
"""


def with_one_example_less(x, floor=0.1):
    away = x - x.mean()
    squares = away ** 2
    variance = squares.sum() / (len(x) - 1)
    return away / (np.sqrt(variance) + floor)


def from_the_median(x, floor=0.1):
    away = x - np.median(x)
    return away / (np.sqrt((away**2).mean()) + floor)


def with_the_floor_inside(x, floor=0.1):
    away = x - x.mean()
    below = (away**2).mean() + floor
    return away / np.sqrt(below)


def without_the_floor(x, floor=0.1):
    away = x - x.mean()
    spread = np.sqrt(np.mean(away * away))
    return away / spread


@pytest.mark.parametrize("function, named, source", [
    (with_one_example_less, "departs", "variance = squares.sum() / (len(x) - 1)"),
    (from_the_median, "departs", "away = x - np.median(x)"),
    (with_the_floor_inside, "departs", "below = (away**2).mean() + floor"),
    (without_the_floor, "standardized.no_floor", "return away / spread"),
], ids=["one example less", "from the median", "floor inside", "a slip with a name"])
def test_students_are_told_the_line_although_they_have_only_values(here, monkeypatch, function, named, source):
    """What the author did not list is located; what he listed has its name and its line."""
    exercise = as_written(SPREAD, "spread.py").exercises["standardized"]
    (here / FROZEN).write_text(frozen([exercise], {}, public_challenges))
    monkeypatch.setattr(function, "__name__", "standardized")
    mistake, = check(function).mistakes
    assert (mistake.id, mistake.source) == (named, source)


def warmed_up(rate, step, steps=10):
    return rate * min(1, step / steps)


def warm_ups(rng):
    for step, steps in ((1, 7), (2, 7), (5, 7), (9, 8), (20, 8), (300, 8)):
        yield rng.uniform(0.1, 1), step, steps
    yield rng.uniform(0.1, 1), 9


IN_WHOLE_PARTS = """
def warmed_up(rate, step, steps=10):
    share = step // steps
    if share > 1:
        share = 1
    return rate * share
"""


def test_a_name_that_fits_a_line_in_some_cases_by_chance_is_not_told():
    """In the first step both give 0."""
    exercise = by_reference(warmed_up, warm_ups, slips=[
        slip("warmed_up.late", lambda rate, step, steps: rate * min(1, (step - 1) / steps), "Late.", "It is.", "above")])
    names = {}
    exec(compile(IN_WHOLE_PARTS, "theirs.py", "exec"), names)
    drawn = exercise.challenges(np.random.default_rng(3))
    report = assess(exercise, drawn, answer_all(drawn, names["warmed_up"]), IN_WHOLE_PARTS,
                    lambda: [a.trace for a in answer_all(list(exercise.followed), names["warmed_up"])], lambda file: IN_WHOLE_PARTS)
    assert [(m.id, m.line) for m in report.mistakes] == [("another_operation", 3)]


def test_only_values_reach_the_students():
    """No operation, no operand, no name of a quantity: they would be the formula."""
    exercise = as_written(SPREAD, "spread.py").exercises["standardized"]
    ways = json.loads(frozen([exercise], {}, public_challenges))["optimlab"][0]["quantities"].values()
    assert ways and all(way.keys() == {"values", "results"} for case_s in ways for way in case_s)


def test_an_exercise_beside_the_notebook_comes_before_one_of_the_course_s(here):
    def ewma(x):
        return 2 * x
    (here / WRITTEN).write_text("from optimlab.tutor.rule import by_reference\ndef ewma(x):\n    return 2 * x\n"
                                "E = by_reference(ewma, lambda rng: [(rng.normal(),)])\n")
    assert check(ewma).status == "correct"


def test_a_file_of_somebody_s_that_only_has_the_name_is_left_alone(here):
    (here / WRITTEN).write_text("raise SystemExit('mine')")
    (here / FROZEN).write_text("[1, 2]")
    assert beside(here, WRITTEN, FROZEN).known.exercises == EXERCISES


@pytest.mark.parametrize("text, words", [
    ("import optimlab\n1 / 0", r"x\.py, line 2: ZeroDivisionError: division by zero"),
    ("import optimlab\ndef f(:", r"x\.py, line 2: SyntaxError"),
    ("from optimlab.tutor.rule import by_reference\nf = by_reference(print, None)", "line 2: ValueError: print: an exercise"),
    ("from optimlab.tutor.rule import by_reference\ndef f(x):\n    return x\na = by_reference(f, None)\nb = by_reference(f, None)",
     "two criteria are called f.result"),
])
def test_a_file_that_does_not_run_says_where(text, words):
    with pytest.raises(ValueError, match=words):
        as_written(text, "x.py")


@pytest.mark.parametrize("text", ["optimlab", "{}", '{"optimlab": 3, "points": {}}', '{"optimlab": [{}], "points": {}}'])
def test_a_frozen_file_that_somebody_changed_says_what_to_do(text):
    with pytest.raises(ValueError, match="get the assignment again"):
        as_frozen(text, "x")


def test_its_challenges_are_those_of_its_function():
    assert all(type(c) is Challenge and c.function == "both" for c in public_challenges(BOTH))
