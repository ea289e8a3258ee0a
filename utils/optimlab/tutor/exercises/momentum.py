"""Lesson 05's exercises: `momentum_step`, which follows a rule, and `initialize_velocity`.

What a right `initialize_velocity` returns is known; what matters besides is whether it is an array
of its own. So its mistakes are not simulated: they are read off what comes back.
"""

from typing import Sequence

import numpy as np
from numpy.random import Generator

from optimlab.tutor.exercises import with_memory
from optimlab.tutor.challenges import POISON, Answer, Challenge
from optimlab.tutor.exercise import Criterion, Exercise, Mistake, Pair, trouble
from optimlab.tutor.rule import SETTLED, Rule, not_one
from optimlab.tutor.switchboard import Hint, Node, Switchboard, deviation

MEMORY = "lesson 05, “What does a step remember?”"
SUM = "lesson 05, “Average or sum?”"


# ---------------------------------------------------------------- momentum_step

STEP = Rule(
    "momentum_step", ("w", "dw", "v", "learning_rate", "beta"), ("w", "v"), defaults={"beta": 0.9}, board=Switchboard(
        (
            *with_memory.BEFORE,
            Node("old", lambda v: v),
            Node("b", lambda beta: beta),
            Node("keep", lambda b: b),
            Node("take", lambda b: 1 - b),
            Node("remembered", lambda keep, old, take, entering: keep * old + take * entering),
            Node("used", lambda remembered: remembered),
            Node("direction", lambda used: used),
            *with_memory.AFTER,
        ),
        (
            deviation("momentum_step.forgets_history",
                      "The velocity drops its own past: only the newest gradient is in it.",
                      "The zigzag across the ravine is not averaged out.", MEMORY,
                      {"keep": lambda b: 0.0}),
            deviation("momentum_step.never_decays",
                      "The velocity keeps all of its past: the old value is not scaled down.",
                      "Down a steady slope it grows without end, and it runs through the valley.", MEMORY,
                      {"keep": lambda b: 1.0}),
            deviation("momentum_step.sum_not_average",
                      "The whole gradient is added to the decayed past: a sum, as in PyTorch, not an average.",
                      "The same learning rate takes far longer steps.", SUM,
                      {"take": lambda b: 1.0}),
            deviation("momentum_step.weights_swapped", "The two weights of the velocity stand in each other's place.",
                      "The larger beta, the shorter the memory: the zigzag passes straight through.", MEMORY,
                      {"keep": lambda b: 1 - b, "take": lambda b: b}),
            deviation("momentum_step.same_weight", "The past and the gradient get the same weight.",
                      "The two weights no longer make a whole, so it is no average.", MEMORY,
                      {"take": lambda b: b}, {"keep": lambda b: 1 - b}),
            deviation("momentum_step.parenthesis_missing",
                      "The weight of the newest gradient has lost its parenthesis.",
                      "The velocity grows even where there is no slope, and the slope enters with a minus.", MEMORY,
                      {"remembered": lambda b, old, entering: b * old + 1 - b * entering}),
            deviation("momentum_step.minus_gradient", "The gradient enters the velocity with a minus.",
                      "The velocity points uphill, so the loss rises from the first step.", MEMORY,
                      {"take": lambda b: b - 1}),
            deviation("momentum_step.downhill_velocity",
                      "The velocity is made to point downhill, and the step is added to the weights.",
                      "From zero that walks the same path, but its velocity has the other sign than the lesson's.", SUM,
                      {"felt": lambda g: -g, "moved": lambda w, taken: w + taken}),
            deviation("momentum_step.hard_coded_beta", "A number stands where the argument beta belongs.",
                      "Whoever asks for a longer memory gets the same path as before.", MEMORY,
                      *({"b": lambda dw, c=c: c} for c in (0.9, 0.99, 0.95, 0.5))),
            deviation("momentum_step.rate_in_velocity", "The learning rate goes into the velocity, not into the step.",
                      "When the rate is changed on the way, the old rate lives on in the velocity.", SUM,
                      {"entering": lambda felt, rate: rate * felt, "step": lambda turned: turned}),
            deviation("momentum_step.rate_twice", "The learning rate is taken twice.",
                      "With a rate below one, every step is far too short.", MEMORY,
                      {"entering": lambda felt, rate: rate * felt},
                      {"step": lambda rate, turned: rate * rate * turned}),
            deviation("momentum_step.squared", "The gradient is squared.",
                      "Its sign is lost: on one side of the valley the walk goes uphill.", MEMORY,
                      {"g": lambda dw: dw**2}),
            deviation("momentum_step.absolute", "The gradient loses its sign.",
                      "On one side of the valley the walk goes uphill.", MEMORY,
                      {"g": lambda dw: np.abs(dw)}),
            deviation("momentum_step.sign_only", "Only a sign is used, not how steep it is.",
                      "Steep or flat, the gradient counts alike, so the walk does not settle in the valley.", MEMORY,
                      {"g": lambda dw: np.sign(dw)}, {"direction": lambda used: np.sign(used)}),
            deviation("momentum_step.mean_gradient",
                      "One number for the whole gradient stands in for each entry's own.",
                      "All weights move alike, however the slopes differ.", MEMORY,
                      {"g": lambda dw: np.mean(dw)}, {"g": lambda dw: np.sum(dw)}),
            deviation("momentum_step.old_velocity_used",
                      "The step is taken with the velocity from before this gradient.",
                      "Every step lags one behind: from a velocity of zero, the first goes nowhere.", MEMORY,
                      {"used": lambda old: old}),
            deviation("momentum_step.raw_gradient", "The newest gradient moves the weights, not the velocity.",
                      "It is plain gradient descent: the velocity is kept, but never used.", MEMORY,
                      {"used": lambda g: g}),
            deviation("momentum_step.looks_ahead",
                      "The gradient is averaged into the velocity a second time for the step.",
                      "That is Nesterov's step: it leans on the newest gradient more than asked for.", MEMORY,
                      {"used": lambda keep, remembered, take, entering: keep * remembered + take * entering}),
            deviation("momentum_step.corrected", "The velocity is divided by the weight of the newest gradient.",
                      "Nobody asked for a correction here: late steps are far too long.", MEMORY,
                      {"used": lambda remembered, b: remembered / (1 - b)},
                      {"remembered": lambda keep, old, take, entering, b: (keep * old + take * entering) / (1 - b)}),
            deviation("momentum_step.step_kept", "The step, its learning rate included, is handed on as the velocity.",
                      "With a small rate the next step remembers next to nothing.", MEMORY,
                      {"handed_on": lambda taken: taken}, {"handed_on": lambda taken: -taken}),
            *with_memory.shared("momentum_step", "velocity", MEMORY),
        ), ("returned",)),
    whole_numbers=with_memory.whole_numbers("momentum_step", "velocity", MEMORY),
    left_out=with_memory.left_out("momentum_step", "beta", MEMORY))


def _steps(rng: Generator) -> list[Challenge]:
    def drawn(shape):
        signs = rng.choice([-1.0, 1.0], (2, *shape))
        return rng.normal(0, 2, shape), *(signs * rng.uniform(0.5, 3, (2, *shape)))

    def rate():
        return float(rng.uniform(0.15, 0.45))

    def beta():
        return float(rng.uniform(0.6, 0.85))

    cases = [STEP.call(f"case/w of shape {shape}", *drawn(shape), rate(), beta())
             for shape in ((2, 3), (4,), (3, 1), (2, 2, 2))]
    w, dw, v = drawn((1, 4))
    dw[:, :2] = 0.0
    v[:, 1:3] = 0.0
    w2, dw2, v2 = drawn((3,))
    return [
        *cases,
        STEP.call("case/zeros among the gradients and velocities", w, dw, v, rate(), beta()),
        STEP.call("case/all by keyword", w=w2, dw=dw2, v=v2, learning_rate=rate(), beta=beta()),
        STEP.call("default/beta left out", *drawn((2, 2)), rate()),
        STEP.call("whole/whole numbers in dw", drawn((5,))[0], rng.integers(1, 9, 5), drawn((5,))[2], rate(), beta()),
    ]


MOMENTUM_STEP = STEP.exercise(_steps, (
    STEP.criterion("velocity", "the new velocity, from any old one", "case", only="v"),
    STEP.criterion("weights", "one step along the new velocity", "case", only="w"),
    STEP.criterion("default", "beta left out", "default"),
    STEP.criterion("integers", "whole numbers in dw", "whole"),
))


# ---------------------------------------------------------------- initialize_velocity

NAME = "initialize_velocity"
MISTAKES = {m.id: m for m in (Mistake(f"{NAME}.{id}", str(Hint(does, effect, MEMORY))) for id, does, effect in (
    ("ones", "The velocity starts at one.",
     "The ball is pushed before it has felt any slope."),
    ("random", "The velocity starts at random numbers.",
     "The first steps go where chance points, not where the slope does."),
    ("copy_of_w", "The velocity starts with the weights' own numbers.",
     "The ball is pushed before it has felt any slope, the harder the larger a weight is."),
    ("uninitialized", "The array is made but never filled.",
     "It holds what the memory held before: often zero, until one day it is not."),
    ("integers", "Where w holds whole numbers, so does the velocity.",
     "An update in place fails or drops the fractions."),
    ("same_as_w", "The velocity is w itself, or another name for its memory.",
     "An update of one in place moves the other."),
    ("zeroes_w", "The weights themselves are changed.",
     "Where the walk was to start is lost."),
    ("flat", "All entries stand in one row: the shape of w is lost.",
     "The first step fails, or it spreads into a larger array, without a word."),
    ("length_only", "Only the first length of w is used: its shape is lost.",
     "Where w is a matrix, the first step fails, or it fits by luck."),
    ("transposed", "Rows and columns are exchanged.",
     "Where w is not square, the first step fails, or it spreads into a larger array."),
    ("scalar", "A single zero comes back, not an array.",
     "There is no velocity for each weight, and nothing that can be updated in place."),
    ("list_returned", "A list comes back, not an array.",
     "The first step fails: a list cannot be scaled by a number."),
    ("w_too", "More comes back than the velocity.",
     "Whoever takes what comes back for the velocity has a pair in hand, and the first step fails."),
))}


def _velocities(rng: Generator) -> list[Challenge]:
    def ask(id, w):
        return Challenge(f"case/{id}", NAME, (((w,), {}),), probe_memory=True)

    # Two of one shape: what does not depend on w shows. None holds ones alone.
    return [*(ask(f"w of shape {shape}", rng.normal(0, 2, shape))
              for shape in ((2, 3), (4,), (3, 1), (2, 2, 2), (1, 3))),
            ask("w of shape (2, 3) again", rng.normal(0, 2, (2, 3))),
            ask("whole numbers in w", rng.integers(2, 9, (2, 4)))]


def _not_an_array(answer: Answer) -> str:
    """Why the answer is not one array, in one line; "" where it is."""
    return trouble(answer) or not_one(answer, a_number=False)


def _judge(fault):
    """A criterion's judge: the first answer that is no array, or has a fault (w, answer) -> str."""
    def judge(pairs: Sequence[Pair]) -> str:
        for challenge, answer in pairs:
            problem = _not_an_array(answer) or fault(_w(challenge), answer)
            if problem:
                return f"{problem} ({challenge.id.split('/', 1)[1]})"
        return ""
    return judge


def _w(challenge: Challenge) -> np.ndarray:
    ((w,), _), = challenge.calls
    return w


def _fault_of_shape(w, answer):
    shape = answer.results[0].shape
    return "" if shape == w.shape else f"the velocity comes back with the shape {shape}"


def _fault_of_zeros(w, answer):
    v, = answer.results
    if v.dtype.kind != "f":
        return f"the velocity holds {v.dtype.name} numbers: averages need floating point"
    return "the velocity is not all zero" if v.any() else ""


def _fault_of_memory(w, answer):
    # What came back was filled with 1, then w with 2.
    if not np.all(answer.probed[0] == 1):
        return "the velocity shares memory with w, or cannot be written to"
    return "w itself is changed" if answer.changed else ""


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake]) -> list[Mistake]:
    """Each aspect (form, shape, type, values, memory) has its own deviations."""
    ids = []
    ws, answers = [_w(c) for c, _ in pairs], [a for _, a in pairs]
    if any(a.changed for a in answers):
        seen = [m for m in seen if m.id != "changes_inputs"]
        ids.append("zeroes_w")
    form = _of_form(ws, answers)
    if form:
        ids.append(form)
    elif not any(_not_an_array(a) for a in answers):
        vs = [a.results[0] for a in answers]
        ids.append(_of_shape([w.shape for w in ws], [v.shape for v in vs]))
        shared = any(a.probed[0].size and np.all(a.probed[0] == 2) for a in answers)
        values = "same_as_w" if shared else _of_values(ws, vs) if any(v.any() for v in vs) else ""
        # What is taken from w has w's type: one mistake, not two.
        if values not in ("same_as_w", "copy_of_w") and any(v.dtype.kind in "iub" for v in vs):
            ids.append("integers")
        ids.append(values)
    return seen + [MISTAKES[f"{NAME}.{id}"] for id in ids if id]


def _of_form(ws: Sequence[np.ndarray], answers: Sequence[Answer]) -> str:
    """The mistake in the form of what came back; "" where it has no name, or where it is an array."""
    if any(a.outcome != "returned" or not a.results for a in answers):
        return ""
    if all(a.container == "list" and _may_be_rows(w, a.results) for w, a in zip(ws, answers)):
        return "list_returned"
    if all(a.container == "tuple" and len(a.results) > 1 and isinstance(a.results[0], np.ndarray) for a in answers):
        return "w_too"
    single = all(a.container not in ("tuple", "list") and _is_zero(a.results[0]) for a in answers)
    return "scalar" if single else ""


def _is_zero(result) -> bool:
    return not isinstance(result, str) and np.shape(result) == () and result == 0


def _may_be_rows(w: np.ndarray, results: tuple) -> bool:
    """Whether the entries of a list may be w's, or its rows: numbers, arrays, or lists again."""
    return len(results) in (*w.shape, w.size) and all(isinstance(r, (float, np.ndarray)) or r == "a list"
                                                    for r in results)


def _of_shape(right: Sequence[tuple], seen: Sequence[tuple]) -> str:
    """Which mistake gives these shapes in every answer; "" for none, or for none that has a name."""
    ways = (
        ("", lambda s: s),
        ("transposed", lambda s: s[::-1]),
        ("flat", lambda s: (int(np.prod(s)),)), ("flat", lambda s: (int(np.prod(s)), 1)),
        ("flat", lambda s: (1, int(np.prod(s)))),
        ("length_only", lambda s: s[:1]), ("length_only", lambda s: (s[0], 1)), ("length_only", lambda s: (s[0], s[0])),
    )
    return next((id for id, way in ways if list(seen) == [way(s) for s in right]), "")


def _of_values(ws: Sequence[np.ndarray], vs: Sequence[np.ndarray]) -> str:
    """Which mistake gives these numbers, not all zero; "" for none that has a name."""
    if any(np.any((v.view(float) if v.dtype == np.int64 else v.astype(float)) == POISON) for v in vs):
        return "uninitialized"
    vs = [v.astype(float) for v in vs]
    if not all(np.isfinite(v).all() for v in vs):
        return ""
    if all(np.all(v == 1) for v in vs):
        return "ones"
    if all(np.isin(v, w).all() for w, v in zip(ws, vs)):
        return "copy_of_w"
    # Neither one number everywhere nor a multiple of w.
    multiple = all(w.shape == v.shape and np.ptp(v / w) < 1e-9 for w, v in zip(ws, vs))
    spreads = [np.ptp(v) for v in vs if v.size > 1]
    return "random" if spreads and min(spreads) > 0 and not multiple else ""


INITIALIZE_VELOCITY = Exercise(
    NAME,
    (
        Criterion(f"{NAME}.shape", 1, "one array of w's shape", _judge(_fault_of_shape)),
        Criterion(f"{NAME}.zeros", 1, "all zero, in floating point", _judge(_fault_of_zeros)),
        Criterion(f"{NAME}.independent", 1, "an array of its own, and w as it was", _judge(_fault_of_memory)),
    ),
    _velocities, _diagnose, SETTLED)
