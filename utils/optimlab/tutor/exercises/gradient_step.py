"""Lesson 02's first exercise: `gradient_step`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

DOWN = "lesson 02, “Which way is down?”"
RATE = "lesson 02, “How far does one step go?”"


RULE = Rule(
    "gradient_step", ("w", "dw", "learning_rate"), ("w",), defaults={}, board=Switchboard(
        (
            Node("g", "dw"),
            Node("rate", "learning_rate"),
            Node("step", lambda rate, g: rate * g),
            Node("returned", lambda w, step: w - step),
        ),
        (
            deviation("gradient_step.ascends", "The step is added to the weights, not taken from them.",
                      "The loss rises from the first step.", DOWN,
                      {"returned": lambda w, step: w + step}),
            deviation("gradient_step.rate_missing", "The learning rate does not appear in the step.",
                      "Whoever asks for small steps gets the gradient's whole length, and the ball leaps.", RATE,
                      {"rate": lambda w: 1.0}),
            deviation("gradient_step.hard_coded_rate", "A number stands where the argument learning_rate belongs.",
                      "With another rate, the step is the same as before.", RATE,
                      *({"rate": lambda w, c=c: c} for c in (0.1, 0.01, 0.001, 0.05, 0.5))),
            deviation("gradient_step.divides_by_rate", "The gradient is divided by the learning rate.",
                      "The smaller the rate you ask for, the longer the step.", RATE,
                      {"step": lambda rate, g: g / rate}),
            deviation("gradient_step.normalized", "The gradient is divided by its own length.",
                      "All steps are equally long, so the ball never settles in the valley.", RATE,
                      {"g": lambda dw: dw / np.linalg.norm(dw)}, {"g": lambda dw: dw / (np.linalg.norm(dw) + 1e-8)},
                      {"g": lambda dw: dw / np.abs(dw).max()}, {"g": lambda dw: dw / np.abs(dw).sum()}),
            deviation("gradient_step.squared", "The gradient is squared.",
                      "Its sign is lost: on one side of the valley the step goes uphill.", DOWN,
                      {"g": lambda dw: dw**2}),
            deviation("gradient_step.absolute", "The gradient loses its sign.",
                      "On one side of the valley the step goes uphill.", DOWN,
                      {"g": lambda dw: np.abs(dw)}),
            deviation("gradient_step.sign_only", "Only the sign of the gradient is used.",
                      "Steep or flat, all steps are equally long, so the ball never settles in the valley.", RATE,
                      {"g": lambda dw: np.sign(dw)}),
            deviation("gradient_step.mean_gradient",
                      "One average over the whole gradient stands in for each entry's own.",
                      "All weights move alike, however the slopes differ.", DOWN,
                      {"g": lambda dw: np.mean(dw)}, {"g": lambda dw: np.sum(dw)}),
            deviation("gradient_step.gradient_missing", "The gradient does not appear in the step.",
                      "All weights walk the same way for ever, whatever the loss.", DOWN,
                      {"step": "rate"}),
            deviation("gradient_step.times_w", "The step is multiplied by the weights.",
                      "Where a weight is negative it walks uphill, and at zero it is stuck.", DOWN,
                      {"step": lambda rate, g, w: rate * g * w}),
            deviation("gradient_step.arguments_swapped", "The weights and the gradient stand in each other's place.",
                      "The ball jumps to where the slope's numbers say, not to a lower place.", DOWN,
                      {"returned": lambda w, g, rate: g - rate * w}),
            deviation("gradient_step.step_returned", "The step comes back, not the weights after it.",
                      "The caller takes the step for the new place, and the walk is lost.", DOWN,
                      {"returned": "step"}, {"returned": lambda step: -step}),
            deviation("gradient_step.old_returned", "The weights come back as they went in.",
                      "Nothing is learned, however often it is called.", DOWN,
                      {"returned": "w"}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    cases = []
    for shape in ((1,), (4,), (2, 3), (3, 1), (2, 2, 2)):
        w, dw = rng.normal(0, 2, shape), rng.uniform(0.5, 3, shape) * rng.choice([-1.0, 1.0], shape)
        cases.append(RULE.call(f"case/w of shape {shape}", w, dw, float(rng.uniform(0.15, 0.45))))
    w, dw = rng.normal(0, 2, (2, 5))
    return [*cases, RULE.call("case/learning_rate by keyword", w, dw, learning_rate=float(rng.uniform(0.6, 0.9)))]


EXERCISE = RULE.exercise(_challenges, (RULE.criterion("step", "one step downhill, for w of any shape", "case"),),
                         lesson="02", place=1)
