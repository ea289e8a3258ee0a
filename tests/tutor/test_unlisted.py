"""What no catalogue lists is found in the student's own line: one slip, two at once, in any style, for any function."""
import re

import numpy as np
import pytest
import unlisted

from optimlab.tutor.challenges import Challenge, answer_all
from optimlab.tutor.exercise import Exercise
from optimlab.tutor.explanation import explain, replayed
from optimlab.tutor.registry import EXERCISES
from optimlab.tutor.telling import KINDS, tell

ADAM = EXERCISES["update_parameters_with_adam"]


def told(exercise, source):
    """What is told of a wrong answer, and the explanations that it rests on."""
    namespace = {"np": np}
    exec(compile(source, "<student>", "exec"), namespace)
    answers = answer_all(list(exercise.followed), namespace[exercise.name])
    cases = [n for n, a in enumerate(answers) if a.trace]
    ways = list(zip(*[exercise.followed_ways[n] for n in cases]))
    with np.errstate(all="ignore"):
        found = explain([answers[n].trace for n in cases], ways)
        return [one for explanation in found for one, _ in tell(explanation, {"<student>": source})], found


def lines(exercise, wrong):
    return {one.line for one in told(exercise, wrong.source)[0]}


def shares(exercise, answers):
    """The share in which every changed line is named, and that in which no other line is; and what was missed."""
    seen = [(a, lines(exercise, a)) for a in answers]
    named = sum(set(a.lines) <= found for a, found in seen)
    alone = sum(set(a.lines) == found for a, found in seen)
    missed = [f"{a.what}: lines {a.lines}, named {found}" for a, found in seen if set(a.lines) != found]
    print(f"{exercise.name}: {len(answers)} answers, every changed line named in {named}, no other in {alone}", *missed,
          sep="\n    ")
    return named / len(answers), alone / len(answers)


def adam(spread):
    return [unlisted.edited(unlisted.ADAM[style], unlisted.RIGHT, edits, f"{style}, {edits}") for style, edits in spread]


@pytest.mark.parametrize("style", unlisted.ADAM)
def test_of_a_right_answer_nothing_is_told(style):
    right = unlisted.edited(unlisted.ADAM[style], unlisted.RIGHT, {})
    assert told(ADAM, right.source)[0] == []


@pytest.mark.slow
def test_the_changed_line_of_a_wrong_adam_is_named():
    answers = adam(unlisted.ADAM_ONE)
    named, alone = shares(ADAM, answers)
    assert len(answers) >= 120 and named >= 0.95 and alone >= 0.95


@pytest.mark.slow
def test_both_changed_lines_of_a_wrong_adam_are_named():
    named, _ = shares(ADAM, adam(unlisted.ADAM_TWO))
    assert named >= 0.9


OTHERS = [(name, part, instead) for name, (_, edits) in unlisted.OTHERS.items() for part, instead in edits]


def test_the_changed_line_of_the_other_exercises_is_named():
    found = [shares(EXERCISES[name], [unlisted.changed(text, *edit) for edit in edits]) + (len(edits),)
             for name, (text, edits) in unlisted.OTHERS.items()]
    total = sum(n for *_, n in found)
    assert total >= 60 and sum(named * n for named, _, n in found) / total >= 0.95


def only_a_way(name):
    """An exercise with nothing but a right function and its cases."""
    way, cases, *_ = unlisted.NEW[name]
    return Exercise(name, (), lambda rng: [Challenge(f"case/{n}", name, ((case, {}),))
                                           for n, case in enumerate(cases(rng))],
                    lambda pairs, source, seen: seen, {}, lesson="00", ways=(way,))


@pytest.mark.parametrize("name", unlisted.NEW)
def test_a_right_function_and_its_cases_are_enough(name):
    _, _, text, edits = unlisted.NEW[name]
    exercise = only_a_way(name)
    assert told(exercise, text)[0] == []
    named, _ = shares(exercise, [unlisted.changed(text, *edit) for edit in edits])
    assert named >= 0.9


@pytest.mark.parametrize("style, edits", unlisted.ADAM_ONE[::9] + unlisted.ADAM_TWO[::9])
def test_what_is_told_gives_the_students_numbers_in_other_cases(style, edits):
    """Nothing is told that is not so: the slips, and no others, computed in cases that were not looked at."""
    wrong = unlisted.edited(unlisted.ADAM[style], unlisted.RIGHT, dict(edits))
    namespace = {}
    exec(compile(wrong.source, "<student>", "exec"), namespace)
    _, found = told(ADAM, wrong.source)
    challenges = [c for c in ADAM.challenges(np.random.default_rng(5)) if c.id.startswith("diagnosis")][:3]
    with np.errstate(all="ignore"):
        for challenge, answer in zip(challenges, answer_all(challenges, namespace[ADAM.name])):
            for mine, theirs in zip(replayed(found[0], ADAM.right_ways(challenge)), answer.results):
                if mine is not None:
                    np.testing.assert_allclose(theirs, mine.reshape(theirs.shape), rtol=1e-6, equal_nan=True)


def test_a_line_is_quoted_as_it_stands_and_what_is_right_is_not_said():
    wrong = unlisted.edited(unlisted.ADAM["helper"], unlisted.RIGHT, {"vh": "V / 1 - B1**T"})
    (one,), _ = told(ADAM, wrong.source)
    assert (one.kind, one.source) == ("precedence", "m_hat = m / 1 - beta1**t")
    assert one.says == "this takes `beta1**t` away from `m / 1`. Python divides before it subtracts"
    assert one.kind in KINDS and not re.search(r"1 - beta1\*\*t\)", one.says)


MEMORY, SCALE, STEP = "“What does Adam remember?” in the assignment, and lesson 04", "lesson 07", "“One step, term by term”"
SAID = [  # an edit, the kind that it is told as, what is said of it, what else, and where to reread
    ("s", "B2 * S0 + (1 - B2) * G**3", "exponent", "`grad` is right, its exponent is not", "a root further down gives nan", SCALE),
    ("s", "B2 * S0 + (1 - B2) * G * 3", "another_operand", "by `3`. Part of the result is negative", "root", SCALE),
    ("s", "B2 * S0 + (1 - B2) * np.max(G)**2", "one_for_all", "`np.max(grad)` is one number for the whole array", "", SCALE),
    ("s", "B2 * S0 + (1 - EPS) * G**2", "another_operand", "`eps` does not belong in this place", "", SCALE),
    ("v", "B1 * V0 + G / (1 - B1)", "another_operation", "The two belong together, but not in this way", "", MEMORY),
    ("step", "W - 0.5 * VH / (np.sqrt(SH) + EPS)", "constant", "`0.5` stands there whatever",
     "`learning_rate` is an argument; this line does not use it", "“What is settled before you start?”"),
    ("step", "W - LR * VH / (SH**2 + EPS)", "another_operation", "`q_hat` is right, what is done with it is not", "", STEP),
    ("step", "W - LR * np.sign(VH)", "departs", "takes only the sign of `m_hat`", "What line 7 computes is used nowhere", STEP),
]


@pytest.mark.parametrize("slot, formula, kind, said, more, reread", SAID)
def test_what_is_said_of_the_line_and_where_to_reread(assessed, slot, formula, kind, said, more, reread):
    wrong = unlisted.edited(unlisted.ADAM["helper"], unlisted.RIGHT, {slot: formula})
    mistake, = assessed(ADAM.name, wrong.source).mistakes
    assert kind in KINDS and (mistake.id, mistake.line) == (kind, *wrong.lines)
    told, _, pointer = mistake.hint.partition(" Reread: ")
    assert said in told and more in told and reread in pointer, mistake.hint


SHAPES = [  # an edit of the right answer, what is told, the line that it quotes, and the shapes that it names
    ("one_step(b1, db1, ", "one_step(b1, db1.ravel(), ", "stretched", "b1, vb1, sb1 =", {(3,), (3, 1), (3, 3)}),
    ("one_step(b2, db2, ", "one_step(b2, np.sum(db2, axis=1), ", "stretched", "b2, vb2, sb2 =", {(3,), (3, 1), (3, 3)}),
    ("return W1, b1, W2", "return W1, b1[:, 0], W2", "another_shape", "return W1", {(3,)}),
    ("    hyper =", "    db1, vb1, sb1, b1 = db1.ravel(), vb1.ravel(), sb1.ravel(), b1.ravel()\n    hyper =",
     "another_shape", "db1, vb1", {(3,)}),
]


@pytest.mark.parametrize("old, new, kind, line, shapes", SHAPES)
def test_where_a_shape_is_lost_is_told_and_nothing_else(old, new, kind, line, shapes):
    """The numbers of a stretched array fit many mistakes, and those of a flat one are right."""
    right = unlisted.edited(unlisted.ADAM["helper"], unlisted.RIGHT, {}).source
    found, _ = told(ADAM, right.replace(old, new, 1))
    assert {one.kind for one in found} == {kind}
    assert {one.source.startswith(line) for one in found} == {True}
    assert {str(shape) for shape in shapes} == set(re.findall(r"\([\d, ]+\)", found[0].says))
