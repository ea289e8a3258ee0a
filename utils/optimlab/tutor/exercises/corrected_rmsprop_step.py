"""Lesson 07's second exercise: `corrected_rmsprop_step`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

FORGETS = "lesson 07, “How does it forget?”"
EPSILON = "lesson 07, “Where does ε sit?”"
CORRECTION = "lesson 04, “Why are the first days too low?”"

RULE = Rule(
    "corrected_rmsprop_step", ("w", "dw", "s", "t", "learning_rate", "beta", "epsilon"), ("w", "s"), defaults={},
    board=Switchboard(
        (
            Node("kept", lambda beta, s, dw: beta * s + (1 - beta) * dw**2),
            Node("weight", lambda beta, t: 1 - beta**t),
            Node("corrected", lambda kept, weight: kept / weight),
            Node("root", lambda corrected: np.sqrt(corrected)),
            Node("denominator", lambda root, epsilon: root + epsilon),
            Node("step", lambda learning_rate, dw, denominator: learning_rate * dw / denominator),
            Node("moved", lambda w, step: w - step),
            Node("handed_on", "kept"),
            Node("returned", lambda moved, handed_on: (moved, handed_on)),
        ),
        (
            deviation("corrected_rmsprop_step.uncorrected", "The average goes into the step without its correction.",
                      "The first steps are too long: that is what you set out to mend.", CORRECTION,
                      {"corrected": "kept"}),
            deviation("corrected_rmsprop_step.corrected_kept", "The corrected average is handed on to the next step.",
                      "There it is corrected again, and it grows far too large.", CORRECTION,
                      {"handed_on": "corrected"}),
            deviation("corrected_rmsprop_step.multiplied", "The average is multiplied where it should be divided.",
                      "The first steps become longer still.", CORRECTION,
                      {"corrected": lambda kept, weight: kept * weight}),
            deviation("corrected_rmsprop_step.first_step_only", "The correction does not know the number of the step.",
                      "It is right for the first step, and all later ones are too short.", CORRECTION,
                      {"weight": lambda beta: 1 - beta}),
            deviation("corrected_rmsprop_step.one_step_behind", "The power is that of the step before.",
                      "In the first step the correction divides by zero.", CORRECTION,
                      {"weight": lambda beta, t: 1 - beta**(t - 1)}),
            deviation("corrected_rmsprop_step.power_outside", "The whole weight is raised to the power, not beta.",
                      "The correction grows from step to step, where it should fade.", CORRECTION,
                      {"weight": lambda beta, t: (1 - beta)**t}),
            deviation("corrected_rmsprop_step.root_corrected",
                      "The root is divided by the weight, not the average under it.",
                      "The first steps are too short now.", CORRECTION,
                      {"corrected": "kept", "root": lambda corrected, weight: np.sqrt(corrected) / weight}),
            deviation("corrected_rmsprop_step.gradient_corrected", "The gradient is divided by the weight, as well.",
                      "Only the average starts at zero. The gradient doesn't, and the first steps are too long.",
                      CORRECTION, {"step": lambda learning_rate, dw, denominator, weight:
                                   learning_rate * dw / weight / denominator}),
            deviation("corrected_rmsprop_step.weights_swapped",
                      "The two weights of the average stand in each other's place.",
                      "The larger beta, the shorter the memory.", FORGETS,
                      {"kept": lambda beta, s, dw: (1 - beta) * s + beta * dw**2}),
            deviation("corrected_rmsprop_step.root_missing", "The step is divided by the average without its root.",
                      "Steps grow as gradients shrink.", FORGETS, {"root": "corrected"}),
            deviation("corrected_rmsprop_step.epsilon_inside_root", "Epsilon is added under the root, not after it.",
                      "Weights with tiny gradients nearly stop, for under the root it weighs far more.", EPSILON,
                      {"root": lambda corrected, epsilon: np.sqrt(corrected + epsilon), "denominator": "root"}),
            deviation("corrected_rmsprop_step.epsilon_missing", "Epsilon does not appear in the denominator.",
                      "A weight whose gradient has always been zero becomes nan: zero divided by zero.", EPSILON,
                      {"denominator": "root"}),
            deviation("corrected_rmsprop_step.ascends", "The step is added, not taken away.",
                      "The walk goes uphill.", FORGETS, {"moved": lambda w, step: w + step}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    def call(t: int, shape: tuple[int, ...], beta: float) -> Challenge:
        dw = rng.uniform(0.4, 2.5, shape) * rng.choice([-1.0, 1.0], shape)
        s = np.zeros(shape) if t == 1 else (1 - beta**(t - 1)) * rng.uniform(0.3, 4, shape)
        return RULE.call(f"case/step {t}, w of shape {shape}", rng.normal(0, 2, shape), dw, s, t,
                         float(rng.uniform(0.15, 0.45)), beta, float(rng.uniform(0.1, 0.6)))

    return [call(1, (3,), 0.9), call(2, (2, 3), 0.8), call(3, (4, 1), 0.95), call(10, (2, 2), 0.7)]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("squares", "the average that is handed on", "case", only="s"),
    RULE.criterion("weights", "one step, with the corrected average", "case", only="w"),
), lesson="07", place=2)
