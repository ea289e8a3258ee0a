"""The choice beyond Adam: `nesterov_step`."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge, Made
from optimlab.tutor.exercises import _with_memory
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

AHEAD = "“Nesterov: where do you ask?” in the assignment"
MEMORY = "lesson 05, “What does a step remember?”"
SUM = "lesson 05, “Average or sum?”"


def as_momentum(w: np.ndarray, v: np.ndarray, gradient: Callable[[np.ndarray], np.ndarray], learning_rate: float,
                beta: float = 0.9) -> tuple[np.ndarray, np.ndarray]:
    """Where the old velocity alone leads, then on from there."""
    ahead = w - learning_rate * (beta * v)
    push = (1 - beta) * gradient(ahead)
    return ahead - learning_rate * push, beta * v + push


RULE = Rule(
    "nesterov_step", ("w", "v", "gradient", "learning_rate", "beta"), ("w", "v"), defaults={"beta": 0.9},
    board=Switchboard(
        (
            Node("rate", "learning_rate"),
            Node("b", "beta"),
            Node("old", "v"),
            Node("lead", lambda rate, b: rate * b),
            Node("carried", lambda lead, old: lead * old),
            Node("ahead", lambda w, carried: w - carried),
            Node("asked", "ahead"),
            Node("dw", lambda gradient, asked: gradient(asked)),
            Node("g", "dw"),
            Node("felt", "g"),
            Node("entering", "felt"),
            Node("keep", "b"),
            Node("take", lambda b: 1 - b),
            Node("remembered", lambda keep, old, take, entering: keep * old + take * entering),
            Node("used", "remembered"),
            Node("direction", "used"),
            *_with_memory.AFTER,
        ),
        (
            deviation("nesterov_step.no_look_ahead", "The gradient is taken where the weights are, not ahead of them.",
                      "That is Momentum: it learns one step late that the valley is rising again.", AHEAD,
                      {"asked": "w"}),
            deviation("nesterov_step.looks_back", "It looks the wrong way: back to where the velocity came from.",
                      "The gradient is older than Momentum's, so the walk swings all the more.", AHEAD,
                      {"ahead": lambda w, carried: w + carried}),
            deviation("nesterov_step.whole_velocity",
                      "It looks ahead by the whole old velocity, not by what is left of it.",
                      "The gradient is taken beyond the place to which the velocity leads.", AHEAD,
                      {"lead": "rate"}),
            deviation("nesterov_step.lead_without_rate", "It looks ahead by the velocity without the learning rate.",
                      "The smaller the rate, the farther from the walk the gradient is taken.", AHEAD,
                      {"lead": "b"}),
            deviation("nesterov_step.lead_of_the_velocity", "It looks ahead by the velocity as it is, without factors.",
                      "The smaller the rate, the farther from the walk the gradient is taken.", AHEAD,
                      {"carried": "old"}),
            deviation("nesterov_step.asks_at_the_velocity", "The velocity is handed to the gradient, not a place.",
                      "It is the slope of somewhere else, wherever the weights may be.", AHEAD,
                      {"asked": "old"}, {"asked": "carried"}),
            deviation("nesterov_step.steps_from_ahead",
                      "The step starts at the place ahead, where only the gradient belongs.",
                      "The old velocity carries the weights twice.", AHEAD,
                      {"moved": lambda ahead, taken: ahead - taken}),
            deviation("nesterov_step.ahead_returned", "The place ahead comes back where the new weights belong.",
                      "The new gradient is kept in the velocity, but it does not move anything yet.", AHEAD,
                      {"moved": "ahead"}),
            deviation("nesterov_step.raw_gradient", "The weights follow the gradient from ahead, not the velocity.",
                      "The velocity is kept, but no step is taken with it.", AHEAD,
                      {"used": "g"}),
            deviation("nesterov_step.old_velocity_used",
                      "The step is taken with the velocity from before this gradient.",
                      "Every step lags one behind: from a velocity of zero, the first goes nowhere.", MEMORY,
                      {"used": "old"}),
            deviation("nesterov_step.forgets_history",
                      "The velocity drops its own past: only the newest gradient is in it.",
                      "The zigzag across the ravine is not averaged out.", MEMORY,
                      {"keep": lambda b: 0.0}),
            deviation("nesterov_step.never_decays",
                      "The velocity keeps all of its past: the old value is not scaled down.",
                      "Down a steady slope it grows without end, and it runs through the valley.", MEMORY,
                      {"keep": lambda b: 1.0}),
            deviation("nesterov_step.sum_not_average",
                      "The whole gradient is added to the decayed past: a sum, not an average.",
                      "The same learning rate takes far longer steps.", SUM,
                      {"take": lambda b: 1.0}),
            deviation("nesterov_step.weights_swapped", "The two weights of the velocity stand in each other's place.",
                      "The larger beta, the shorter the memory: the zigzag passes straight through.", MEMORY,
                      {"keep": lambda b: 1 - b, "take": "b"}),
            deviation("nesterov_step.minus_gradient", "The gradient enters the velocity with a minus.",
                      "The velocity points uphill, so the loss rises from the first step.", MEMORY,
                      {"take": lambda b: b - 1}),
            deviation("nesterov_step.hard_coded_beta", "A number stands where the argument beta belongs.",
                      "With a longer memory, the path is the same as before.", AHEAD,
                      *({"b": lambda w, c=c: c} for c in (0.9, 0.99, 0.95, 0.5))),
            *_with_memory.shared("nesterov_step", "velocity", AHEAD),
        ), ("returned",)),
    left_out=_with_memory.left_out("nesterov_step", "beta", AHEAD), ways=(as_momentum,))


def _challenges(rng: Generator) -> list[Challenge]:
    def drawn(shape: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, Made]:
        w, v = rng.uniform(0.5, 2, (2, *shape)) * rng.choice([-1.0, 1.0], (2, *shape))
        return w, v, Made("curved_gradient", (rng.normal(0, 1, shape), rng.normal(0, 1, shape)))

    def rate() -> float:
        return float(rng.uniform(0.15, 0.45))

    def beta() -> float:
        return float(rng.uniform(0.6, 0.85))

    w, v, gradient = drawn((3,))
    w2, v2, gradient2 = drawn((1, 4))
    v2[:, 1:3] = 0.0
    return [
        *(RULE.call(f"case/w of shape {shape}", *drawn(shape), rate(), beta())
          for shape in ((2, 3), (4,), (3, 1), (2, 2, 2))),
        RULE.call("case/zeros among the velocities", w2, v2, gradient2, rate(), beta()),
        RULE.call("case/all by keyword", w=w, v=v, gradient=gradient, learning_rate=rate(), beta=beta()),
        RULE.call("default/beta left out", *drawn((2, 2)), rate()),
    ]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("velocity", "the new velocity, with the gradient from ahead", "case", only="v"),
    RULE.criterion("weights", "one step along the new velocity", "case", only="w"),
    RULE.criterion("default", "beta left out", "default"),
), assignment="beyond", place=2, settled="“Nesterov: where do you ask?” in the assignment")
