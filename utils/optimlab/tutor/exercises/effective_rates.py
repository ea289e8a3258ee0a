"""Lesson 06's second exercise: `effective_rates`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

OWN_RATE = "lesson 06, “How does each weight get its own rate?”"
SLOWS = "lesson 06, “Why does it slow down?”"

RULE = Rule(
    "effective_rates", ("gradients", "learning_rate", "epsilon"), ("the rates",), defaults={}, board=Switchboard(
        (
            Node("square", lambda gradients: gradients**2),
            Node("s", lambda square: np.cumsum(square)),
            Node("root", lambda s: np.sqrt(s)),
            Node("denominator", lambda root, epsilon: root + epsilon),
            Node("rate", lambda learning_rate, denominator: learning_rate / denominator),
            Node("returned", "rate"),
        ),
        (
            deviation("effective_rates.late", "A step's own gradient is not yet in the sum that divides it.",
                      "The first step is divided by epsilon alone, and the weight leaps away.", OWN_RATE,
                      {"s": lambda square: np.cumsum(square) - square}),
            deviation("effective_rates.total", "Every step is divided by the sum over all steps, later ones included.",
                      "The rate is the same from the first step to the last, and nobody can know it beforehand.", SLOWS,
                      {"s": lambda square: np.full(square.shape, np.sum(square))}),
            deviation("effective_rates.newest", "Only the newest square is there: nothing is summed up.",
                      "Every step has the same length, and the rate does not remember.", SLOWS,
                      {"s": "square"}),
            deviation("effective_rates.mean", "The squares are averaged, not summed.",
                      "Under steady gradients the rate stays where it is, where AdaGrad's falls.", SLOWS,
                      {"s": lambda square: np.cumsum(square) / np.arange(1, len(square) + 1)}),
            deviation("effective_rates.not_squared", "The gradients are summed up without their squares.",
                      "Gradients of opposite signs cancel, and below zero the root has no value.", OWN_RATE,
                      {"square": "gradients"}),
            deviation("effective_rates.absolute", "Absolute values are summed up where squares belong.",
                      "A loss on a larger scale gets other steps: the rate must be set by hand again.", OWN_RATE,
                      {"square": lambda gradients: np.abs(gradients)}),
            deviation("effective_rates.sum_squared", "The sum is squared, not each gradient.",
                      "Gradients of opposite signs cancel, so the rate can rise again.", OWN_RATE,
                      {"s": lambda gradients: np.cumsum(gradients)**2}),
            deviation("effective_rates.root_missing", "The rate is divided by the sum without its root.",
                      "It fades far too fast.", OWN_RATE, {"root": "s"}),
            deviation("effective_rates.epsilon_missing", "Epsilon does not appear.",
                      "Before the first gradient, the rate has no value.", OWN_RATE, {"denominator": "root"}),
            deviation("effective_rates.epsilon_inside_root", "Epsilon is added under the root, not after it.",
                      "It weighs far more there than it should.", OWN_RATE,
                      {"root": lambda s, epsilon: np.sqrt(s + epsilon), "denominator": "root"}),
            deviation("effective_rates.steps", "What comes back are the steps, not their rates.",
                      "A step is the rate times the gradient.", OWN_RATE,
                      {"returned": lambda rate, gradients: rate * gradients}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    def call(name: str, gradients: np.ndarray) -> Challenge:
        return RULE.call(f"case/{name}", gradients, float(rng.uniform(0.2, 0.9)), float(rng.uniform(0.1, 0.5)))

    def drawn(n: int) -> np.ndarray:
        return np.asarray(rng.uniform(0.4, 2.5, n) * rng.choice([-1.0, 1.0], n))

    return [call("three steps", drawn(3)), call("ten steps", drawn(10)), call("one step", drawn(1)),
            call("no gradient at first", np.append(np.zeros(2), drawn(4)))]


EXERCISE = RULE.exercise(_challenges, (RULE.criterion("rates", "the rate of every step", "case"),),
                         lesson="06", place=2)
