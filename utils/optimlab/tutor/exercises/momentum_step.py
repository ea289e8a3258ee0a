"""Lesson 05's second exercise: `momentum_step`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercises import _with_memory
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

MEMORY = "lesson 05, “What does a step remember?”"
SUM = "lesson 05, “Average or sum?”"

RULE = Rule(
    "momentum_step", ("w", "dw", "v", "learning_rate", "beta"), ("w", "v"), defaults={"beta": 0.9}, board=Switchboard(
        (
            *_with_memory.BEFORE,
            Node("old", "v"),
            Node("b", "beta"),
            Node("keep", "b"),
            Node("take", lambda b: 1 - b),
            Node("remembered", lambda keep, old, take, entering: keep * old + take * entering),
            Node("used", "remembered"),
            Node("direction", "used"),
            *_with_memory.AFTER,
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
                      {"keep": lambda b: 1 - b, "take": "b"}),
            deviation("momentum_step.same_weight", "The past and the gradient get the same weight.",
                      "The two weights no longer make a whole, so it is not an average.", MEMORY,
                      {"take": "b"}, {"keep": lambda b: 1 - b}),
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
                      "With a longer memory, the path is the same as before.", MEMORY,
                      *({"b": lambda dw, c=c: c} for c in (0.9, 0.99, 0.95, 0.5))),
            deviation("momentum_step.rate_in_velocity", "The learning rate goes into the velocity, not into the step.",
                      "When the rate is changed on the way, the old rate lives on in the velocity.", SUM,
                      {"entering": lambda felt, rate: rate * felt, "step": "turned"}),
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
                      {"used": "old"}),
            deviation("momentum_step.raw_gradient", "The newest gradient moves the weights, not the velocity.",
                      "It is plain gradient descent: the velocity is kept, but never used.", MEMORY,
                      {"used": "g"}),
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
                      {"handed_on": "taken"}, {"handed_on": lambda taken: -taken}),
            *_with_memory.shared("momentum_step", "velocity", MEMORY),
        ), ("returned",)),
    whole_numbers=_with_memory.whole_numbers("momentum_step", "velocity", MEMORY),
    left_out=_with_memory.left_out("momentum_step", "beta", MEMORY))


def _challenges(rng: Generator) -> list[Challenge]:
    def drawn(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        signs = rng.choice([-1.0, 1.0], (2, *shape))
        w = rng.normal(0, 2, shape)
        dw, v = signs * rng.uniform(0.5, 3, (2, *shape))
        return w, dw, v

    def rate() -> float:
        return float(rng.uniform(0.15, 0.45))

    def beta() -> float:
        return float(rng.uniform(0.6, 0.85))

    cases = [RULE.call(f"case/w of shape {shape}", *drawn(shape), rate(), beta())
             for shape in ((2, 3), (4,), (3, 1), (2, 2, 2))]
    w, dw, v = drawn((1, 4))
    dw[:, :2] = 0.0
    v[:, 1:3] = 0.0
    w2, dw2, v2 = drawn((3,))
    return [
        *cases,
        RULE.call("case/zeros among the gradients and velocities", w, dw, v, rate(), beta()),
        RULE.call("case/all by keyword", w=w2, dw=dw2, v=v2, learning_rate=rate(), beta=beta()),
        RULE.call("default/beta left out", *drawn((2, 2)), rate()),
        RULE.call("whole/whole numbers in dw", drawn((5,))[0], rng.integers(1, 9, 5), drawn((5,))[2], rate(), beta()),
    ]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("velocity", "the new velocity, from any old one", "case", only="v"),
    RULE.criterion("weights", "one step along the new velocity", "case", only="w"),
    RULE.criterion("default", "beta left out", "default"),
    RULE.criterion("integers", "whole numbers in dw", "whole"),
), lesson="05", place=2)
