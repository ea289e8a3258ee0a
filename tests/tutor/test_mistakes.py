"""What a student did wrong is named exactly, each slip alone and with others; nothing is named on a guess.

The slips are those of tests/tutor/exercises/, written apart from the tutor's simulation.
"""
from itertools import combinations, product

import numpy as np
import pytest
import student_code
from student_code import NAMES, compatible, function, id_of, key, source, whole

from optimlab.tutor.challenges import answer_all
from optimlab.tutor.checking import PUBLIC_SEED, check
from optimlab.tutor.messages import GENERAL
from optimlab.tutor.registry import ASSIGNMENTS, EXERCISES
from optimlab.tutor.telling import KINDS

SEEDS = (PUBLIC_SEED, 7)
CODE = {name: student_code.of(name) for name in NAMES}
GRADED = [exercise.name for exercises in ASSIGNMENTS.values() for exercise in exercises]
SINGLES = [(name, slip, source(name, slip)) for name in NAMES for slip in CODE[name].slips] + [
    (name, slip, whole(name, text)) for name in NAMES for slip, text in CODE[name].ways]
TOGETHER = [(name, slips) for name in NAMES for slips in CODE[name].together]
TOLD = [(name, *told) for name in NAMES for told in CODE[name].told]


def ids_of(name, slips):
    return {id_of(name, slip) for slip in slips}


# --- the catalogue -----------------------------------------------------------

@pytest.mark.parametrize("name", NAMES)
def test_every_mistake_that_has_a_name_is_made_here(name):
    """Its id too: instructors' tables and class reports are keyed by it."""
    assert set(EXERCISES[name].hints) == {id_of(name, slip) for n, slip, _ in SINGLES if n == name}


def test_the_mistakes_of_any_function():
    assert set(GENERAL) == {"returns_nothing", "raises", "never_ends", "changes_inputs", "not_attempted", "misnamed",
                            "raise_left", "renamed_parameter"}


# --- one slip ----------------------------------------------------------------

@pytest.mark.parametrize("number", range(len(SINGLES)), ids=[id_of(name, slip) for name, slip, _ in SINGLES])
def test_a_single_slip_loses_points_and_is_named_exactly(assessed, names, number):
    """Whoever grades: the same points are lost and the same mistake is named with public and drawn cases.

    And, in every eighth, whether or not the computation is looked at, which takes longer than all the rest.
    """
    name, slip, text = SINGLES[number]
    reports = [assessed(name, text, seed, traced=number % 8 == 0) for seed in SEEDS]
    for report in reports:
        assert report.status == "wrong" and report.score < report.max_score
        assert names(report) == {id_of(name, slip)}, str(report)
    one, other = ([o.id for o in report.outcomes if not o.passed] for report in reports)
    assert one == other


# --- several slips -----------------------------------------------------------

MOST_PAIRS = 260  # of one exercise; where there are more, a sample


def pairs_of(name):
    """Pairs of slips: all there are, or of each two parts of the code one pair, each slip as often as the others."""
    slips, elsewhere = CODE[name].slips, CODE[name].paired_elsewhere
    pairs = [pair for pair in combinations(slips, 2) if compatible(name, pair) and not elsewhere.issuperset(pair)]
    if len(pairs) <= MOST_PAIRS:
        return pairs
    parts = {}  # by the first slot that a slip fills
    for slip, (slot, *_) in slips.items():
        parts.setdefault(slot, []).append(slip)
    taken, used = [], dict.fromkeys(slips, 0)
    for one, other in combinations(parts.values(), 2):
        between = [pair for pair in product(one, other) if pair in pairs or pair[::-1] in pairs]
        if between:
            pair = min(between, key=lambda pair: used[pair[0]] + used[pair[1]])
            taken.append(pair)
            used[pair[0]] += 1
            used[pair[1]] += 1
    return taken


def shown(name, pair):
    """The ids of two slips, without one that the other hides."""
    hides = CODE[name].hides
    a, b = pair
    return ids_of(name, [slip for slip, other in ((a, b), (b, a)) if slip not in hides.get(other, ())])


def results(name, challenges, slips):
    """A function with these slips, asked the challenges: what came back, to 9 digits."""
    answers = answer_all(challenges, function(source(name, *slips), name))
    return [(a.outcome, a.container, [rounded(r) for r in a.results]) for a in answers]


def rounded(result):
    return result if isinstance(result, str) else (np.shape(result), [f"{x:.9g}" for x in np.ravel(result)])


def give_the_same(name, challenges, found, pair):
    """Whether the slips that were found are no more than the pair, and give its numbers."""
    slips = [id.removeprefix(f"{name}.") for id in found]
    return (len(slips) <= 2 and set(slips) <= set(CODE[name].slips) and compatible(name, slips)
            and results(name, challenges, slips) == results(name, challenges, pair))


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if CODE[name].every_pair])
def test_pairs_are_named_exactly(assessed, names, challenges_of, name):
    """Students combine mistakes: both are named, not one of them and not a third that is close.

    Only where others, no more of them, give the same numbers may those be named.
    """
    pairs = pairs_of(name)
    found = {pair: names(assessed(name, source(name, *pair), 7, traced=False)) for pair in pairs}
    other = {pair: ids for pair, ids in found.items() if ids != shown(name, pair)}
    wrong = {pair for pair, ids in other.items() if not give_the_same(name, challenges_of(name, 99), ids, pair)}
    assert wrong <= CODE[name].unnamed, {pair: found[pair] for pair in wrong - CODE[name].unnamed}
    assert len(other) < len(pairs) / 2


@pytest.mark.parametrize("name, slips", TOGETHER, ids=[f"{name}: {' + '.join(slips)}" for name, slips in TOGETHER])
def test_slips_together_are_named_exactly(assessed, names, name, slips):
    assert names(assessed(name, source(name, *slips), 7)) == ids_of(name, slips)


# --- what else is named, and what is not -------------------------------------

@pytest.mark.parametrize("name, text, slips, said", [(*told, "")[:4] for told in TOLD])
def test_what_is_named_and_said(assessed, names, recwarn, name, text, slips, said):
    report = assessed(name, whole(name, text))
    assert report.status == "wrong"
    assert names(report) == {slip if slip in GENERAL else id_of(name, slip) for slip in slips}
    located = {m.id for m in report.mistakes} & KINDS.keys()
    assert (said in " ".join(str(report).split()) or located) and not recwarn.list


@pytest.mark.parametrize("name", [name for name in NAMES if not CODE[name].read_off])
def test_a_mistake_that_nobody_foresaw_is_not_given_a_name(assessed, names, name):
    """All single, double and triple deviations are tried on the way, and none of them fits."""
    report = assessed(name, f"{source(name)}\nright = {name}\ndef {name}(*args, **kwargs):\n"
                            "    out = right(*args, **kwargs)\n"
                            "    return [x * 1.0123 for x in out] if isinstance(out, tuple) else out * 1.0123\n")
    assert report.status == "wrong" and not names(report) & EXERCISES[name].hints.keys()
    if not EXERCISES[name].ways:
        for text in (str(report), report._repr_html_()):
            assert "I do not recognise this mistake" in text


@pytest.mark.parametrize("name", NAMES)
def test_nan_is_wrong_and_has_no_name(assessed, names, name):
    """It is compared with what every set of deviations gives, and equals none."""
    report = assessed(name, f"def {name}(*args, **kwargs):\n    return float('nan')\n")
    assert report.status == "wrong" and names(report) <= ids_of(name, CODE[name].by_form)


# --- what shows without arithmetic -------------------------------------------

def ends(name, *lines, before=""):
    return f"import numpy as np\n{before}def {name}(*args, **kwargs):\n" + "".join(f"    {line}\n" for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_what_every_function_can_do_wrong(assessed, names, name):
    report = assessed(name, ends(name, "raise NotImplementedError"))
    assert (report.status, report.score, names(report)) == ("not attempted", 0, {"not_attempted"})
    for line, id, seconds in (("return", "returns_nothing", 5), ("return 1 / 0", "raises", 5),
                              ("while True: pass", "never_ends", 0.05)):
        report = assessed(name, ends(name, line), seconds=seconds)
        assert (report.status, report.score, names(report)) == ("wrong", 0, {id})
        assert EXERCISES[name].assignment or "assignment" not in str(report)
    assert "at line 3: return 1 / 0" in assessed(name, ends(name, "return 1 / 0"), seconds=5).mistakes[0].hint
    for result in ("'text'", "{}", "[]", "[[]]", "(None, None)", "[[None]]", "1j", "10**400", "[3, (4, 5)]"):
        report = assessed(name, ends(name, f"return {result}"))
        assert report.status == "wrong" and names(report) <= ids_of(name, CODE[name].by_form), (result, str(report))


@pytest.mark.parametrize("name", GRADED)
def test_an_error_is_shown_with_the_students_own_line(assessed, names, name):
    """Theirs, not the deepest one, which may be inside NumPy."""
    report = assessed(name, ends(name, "a = 1", "return np.linalg.inv(np.ones(3))  # mine"))
    assert report.score == 0 and names(report) == {"raises"}
    assert "LinAlgError" in report.mistakes[0].hint
    assert "return np.linalg.inv(np.ones(3))  # mine" in report.mistakes[0].hint
    # Once: a criterion says only that the function stopped, and where.
    assert {o.message for o in report.outcomes} == {"your function stopped with a LinAlgError in line 4"}
    assert str(report).count("return np.linalg.inv") == 1


@pytest.mark.parametrize("line, meant", [
    ("np.zeros(3, 2)", "A shape is one tuple"),
    ("np.ones(3) ^ 2", "^ is not a power"),
    ("0.9 ^ 2", "^ is not a power"),
    ("float(input('The rate: '))", "nobody is there"),
    ("import torch_of_another_name", "no module torch_of_another_name"),
    ("np.random.randn((3, 2))", "one by one, not as a tuple"),
    ("np.ones(3) + np.ones(2)", "do not fit together"),
    ("np.ones((3, 2)) @ np.ones((3, 2))", "product of matrices"),
    ("nump.zeros(3)", "Nothing is called nump here"),
    ("a = b; b = 1", "b is read before"),
    ("a, b = (1, 2, 3)", "as many values on the right"),
    ("a, b = 3.0", "as many values on the right"),
    ("(lambda x: x)()", "fewer values"),
    ("(lambda x: x)(1, 2)", "more values"),
    ("None + 1", "is None"),
    ("None[0]", "is None"),
    ("import math; math.sqrt(np.ones(3))", "take one number"),
    ("a = np.ones(3, int); a -= 0.5", "cannot take fractions"),
    ("0.9 * [1, 2]", "arrays do"),
    ("[1] - [2]", "arrays do"),
    ("2 (3)", "is a star missing?"),
    ("np.ones(3)[3]", "count from zero"),
    ("{}['W1']", "no such key"),
    ("if np.ones(3) > 0: pass", "one answer"),
    ("(1, 2)[0] = 3", "cannot be changed"),
    ("(3)[0]", "no places to choose from"),
    ("np.square_root(2)", "does not know square_root"),
    ("np.array([np.ones(3), np.ones(2)])", "keep them in a list"),
    ("1 / 0", "divided by zero"),
])
def test_what_python_says_of_an_error_is_said_in_words(assessed, names, line, meant):
    report = assessed("gradient_step", ends("gradient_step", line))
    assert names(report) == {"raises"} and meant in report.mistakes[0].hint


@pytest.mark.parametrize("lines, said", [
    (["a = 0.9 ^ 2", "b = 0.9", "return a ^ b"], "You use ^ in lines 3 and 5. Python"),
    (["a = 0.9 ^ 2", "b = a ^ 3", "return a ^ b"], "You use ^ in lines 3 to 5. Python"),
    (["a = 0.9 ^ 2", "return 5  # ^"], "two stars. Python says: TypeError"),
])
def test_every_line_with_a_caret_is_named(assessed, lines, said):
    """Not the first alone: who mends one after the other is stopped at each."""
    hint = assessed("gradient_step", ends("gradient_step", *lines)).mistakes[0].hint
    assert said in hint and "run it alone" not in hint


def test_an_empty_function_beside_one_of_nearly_its_name(assessed):
    empty = "def gradient_step(w, dw, learning_rate):\n    raise NotImplementedError\n"
    space = {}
    exec(f"{empty}def gradient_stepp(w, dw, learning_rate):\n    return w - learning_rate * dw\n"
         "def momentum_step():\n    pass\n", space)
    report = check(space["gradient_step"])
    assert report.status == "not attempted" and "`gradient_stepp`" in str(report)
    assert "still empty. Nothing is lost" in str(assessed("gradient_step", empty))
    with pytest.raises(ValueError, match="called gradient_stepp; the check looks for gradient_step"):
        check(space["gradient_stepp"])


@pytest.mark.parametrize("name", NAMES)
def test_a_renamed_parameter_is_told_as_that(assessed, names, name):
    function = student_code.student(name)
    most = function.__code__.co_argcount
    for signature in (", ".join(f"a{n}" for n in range(most - 1)), ", ".join(f"a{n}" for n in range(most + 1))):
        report = assessed(name, f"def {name}({signature}):\n    return 1.0\n")
        assert names(report) - ids_of(name, CODE[name].by_form) == {"renamed_parameter"}, str(report)


@pytest.mark.parametrize("name", NAMES)
def test_a_raise_that_was_left_in_is_not_an_empty_function(assessed, names, name):
    """Above what was written, below its first line, or where the function would return."""
    first, *body = key(name).split("):\n", 1)[1].splitlines()
    head = key(name).split("):\n", 1)[0] + "):\n"
    raised = "    raise NotImplementedError('not attempted')  # write your code here\n"
    for text in (head + raised + "\n".join([first, *body]),
                 key(name).replace("    return", "    raise NotImplementedError\n    return")):
        report = assessed(name, f"import numpy as np\n\n{text}")
        assert (report.status, report.score, names(report)) == ("wrong", 0, {"raise_left"}), text
    for rest in ("", "    return a, b\n", "    # v = 1\n", "    'What it does.'\n    return None\n"):
        text = f"def {name}(*args, **kwargs):\n{raised}{rest}"
        assert (assessed(name, text).status, names(assessed(name, text))) == ("not attempted", {"not_attempted"}), text


@pytest.mark.parametrize("name", GRADED)
@pytest.mark.parametrize("line, error", [
    ("import sys; sys.exit('bye')", "SystemExit"),
    ("raise SystemExit", "SystemExit"),
    ("return again()", "RecursionError"),
    ("raise BaseException('down')", "BaseException: down"),
    ("raise Mute", "Mute"),
    ("undefined + 1", "NameError"),
])
def test_no_way_out_of_the_function_stops_the_tutor(assessed, names, name, line, error):
    before = ("def again():\n    return again()\n"
              "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n")
    report = assessed(name, ends(name, line, before=before))
    assert (report.status, report.score, names(report)) == ("wrong", 0, {"raises"})
    assert error in report.mistakes[0].hint


@pytest.mark.parametrize("name", GRADED)
def test_a_loop_that_swallows_errors_is_stopped_and_named(assessed, names, name):
    report = assessed(name, ends(name, "while True: exec('try: 1\\nexcept Exception: pass')"), seconds=0.05)
    assert (report.status, report.score, names(report)) == ("wrong", 0, {"never_ends"})
    assert "did not come to an end" in report.outcomes[0].message


# --- what only one exercise needs --------------------------------------------

CHECKS = [(name, check) for name in NAMES for check in CODE[name].checks]


@pytest.mark.parametrize("name, check", CHECKS, ids=[f"{name}: {check}" for name, check in CHECKS])
def test_what_an_exercise_checks_for_itself(request, name, check):
    """Above all that what its hints say is true: each is computed from the wrong code."""
    function = CODE[name].checks[check]
    wanted = function.__code__.co_varnames[:function.__code__.co_argcount]
    function(**{fixture: name if fixture == "name" else request.getfixturevalue(fixture) for fixture in wanted})
