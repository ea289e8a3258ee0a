"""Lesson 02's exercises: `gradient_step` and `largest_stable_rate`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

DOWN = "lesson 02, “Which way is down?”"
RATE = "lesson 02, “How far does one step go?”"
BORDER = "lesson 02, “When does the ball run away?”"


def _norm(x):
    return np.sqrt(np.sum(x * x))


STEP = Rule(
    "gradient_step", ("w", "dw", "learning_rate"), ("w",), defaults={}, board=Switchboard(
        (
            Node("g", lambda dw: dw),
            Node("rate", lambda learning_rate: learning_rate),
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
                      "Whoever asks for another rate gets the same step as before.", RATE,
                      *({"rate": lambda w, c=c: c} for c in (0.1, 0.01, 0.001, 0.05, 0.5))),
            deviation("gradient_step.divides_by_rate", "The gradient is divided by the learning rate.",
                      "The smaller the rate you ask for, the longer the step.", RATE,
                      {"step": lambda rate, g: g / rate}),
            deviation("gradient_step.normalized", "The gradient is divided by its own length.",
                      "All steps are equally long, so the ball never settles in the valley.", RATE,
                      {"g": lambda dw: dw / _norm(dw)}, {"g": lambda dw: dw / (_norm(dw) + 1e-8)},
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
                      {"step": lambda rate: rate}),
            deviation("gradient_step.times_w", "The step is multiplied by the weights.",
                      "Where a weight is negative it walks uphill, and at zero it is stuck.", DOWN,
                      {"step": lambda rate, g, w: rate * g * w}),
            deviation("gradient_step.arguments_swapped", "The weights and the gradient stand in each other's place.",
                      "The ball jumps to where the slope's numbers say, not to a lower place.", DOWN,
                      {"returned": lambda w, g, rate: g - rate * w}),
            deviation("gradient_step.step_returned", "The step comes back, not the weights after it.",
                      "The caller takes the step for the new place, and the walk is lost.", DOWN,
                      {"returned": lambda step: step}, {"returned": lambda step: -step}),
            deviation("gradient_step.old_returned", "The weights come back as they went in.",
                      "Nothing is learned, however often it is called.", DOWN,
                      {"returned": lambda w: w}),
        ), ("returned",)))


def _steps(rng: Generator) -> list[Challenge]:
    cases = []
    for shape in ((1,), (4,), (2, 3), (3, 1), (2, 2, 2)):
        w, dw = rng.normal(0, 2, shape), rng.uniform(0.5, 3, shape) * rng.choice([-1.0, 1.0], shape)
        cases.append(STEP.call(f"case/w of shape {shape}", w, dw, float(rng.uniform(0.15, 0.45))))
    w, dw = rng.normal(0, 2, (2, 5))
    return [*cases, STEP.call("case/learning_rate by keyword", w, dw, learning_rate=float(rng.uniform(0.6, 0.9)))]


GRADIENT_STEP = STEP.exercise(_steps, (STEP.criterion("step", "one step downhill, for w of any shape", "case"),))

STABLE = Rule(
    "largest_stable_rate", ("curvatures",), ("the rate",), defaults={}, board=Switchboard(
        (
            Node("curvature", lambda curvatures: np.max(curvatures)),
            Node("above", lambda curvature: 2.0),
            Node("rate", lambda above, curvature: above / curvature),
            Node("returned", lambda rate: rate),
        ),
        (
            deviation("largest_stable_rate.one_for_two", "The rate is that of a walk that does not overshoot yet.",
                      "It is stable, but not the largest: the ball may overshoot and still settle.", BORDER,
                      {"above": lambda curvature: 1.0}),
            deviation("largest_stable_rate.smallest_curvature", "The smallest curvature decides.",
                      "In the steepest direction the ball runs away.", BORDER,
                      {"curvature": lambda curvatures: np.min(curvatures)}),
            deviation("largest_stable_rate.mean_curvature", "An average of the curvatures decides.",
                      "In directions steeper than the average the ball runs away.", BORDER,
                      {"curvature": lambda curvatures: np.mean(curvatures)},
                      {"curvature": lambda curvatures: np.median(curvatures)}),
            deviation("largest_stable_rate.extremes", "The largest and the smallest curvature decide together.",
                      "That is a rate for speed, or one between two borders: the steepest direction decides.", BORDER,
                      {"curvature": lambda curvatures: np.max(curvatures) + np.min(curvatures)},
                      {"curvature": lambda curvatures: (np.max(curvatures) + np.min(curvatures)) / 2},
                      {"curvature": lambda curvatures: np.max(curvatures) - np.min(curvatures)},
                      {"curvature": lambda curvatures: np.sqrt(np.max(curvatures) * np.min(curvatures))}),
            deviation("largest_stable_rate.sum_of_curvatures", "All curvatures are added up.",
                      "Every further direction shortens the steps, though each goes its own way.", BORDER,
                      {"curvature": lambda curvatures: np.sum(curvatures)},
                      {"curvature": lambda curvatures: _norm(curvatures)}),
            deviation("largest_stable_rate.one_entry", "One entry of the list decides, wherever the largest stands.",
                      "Where another direction is steeper, the ball runs away in it.", BORDER,
                      {"curvature": lambda curvatures: curvatures[0]},
                      {"curvature": lambda curvatures: curvatures[-1]}),
            deviation("largest_stable_rate.root", "A root is taken that the step does not have.",
                      "In a steep direction the ball runs away, in a flat one it crawls.", BORDER,
                      {"rate": lambda above, curvature: above / np.sqrt(curvature)},
                      {"rate": lambda above, curvature: np.sqrt(above / curvature)}),
            deviation("largest_stable_rate.squared", "The curvature is squared.",
                      "In a flat direction the ball runs away, in a steep one it crawls.", BORDER,
                      {"rate": lambda above, curvature: above / curvature**2}),
            deviation("largest_stable_rate.multiplied", "The rate grows with the curvature.",
                      "The steeper the valley, the longer the step: where care is needed the ball runs away.", BORDER,
                      {"rate": lambda above, curvature: above * curvature}),
            deviation("largest_stable_rate.inverted", "The fraction stands upside down.",
                      "The steeper the valley, the longer the step: where care is needed the ball runs away.", BORDER,
                      {"rate": lambda above, curvature: curvature / above}),
            deviation("largest_stable_rate.condition_number", "The largest curvature is compared with the smallest.",
                      "That tells how long the valley is, not how long a step may be.", BORDER,
                      {"rate": lambda curvatures: np.max(curvatures) / np.min(curvatures)},
                      {"rate": lambda curvatures: np.min(curvatures) / np.max(curvatures)}),
            deviation("largest_stable_rate.strict", "A little is taken off the border.",
                      "How little is a matter of taste; the border itself is asked for.", BORDER,
                      *({"returned": lambda rate, c=c: rate * c} for c in (0.9, 0.95, 0.99, 0.999, 0.9999)),
                      *({"returned": lambda rate, c=c: rate - c} for c in (0.1, 0.01, 0.001, 0.0001))),
            deviation("largest_stable_rate.each_direction", "Every direction gets a rate of its own.",
                      "One rate moves all weights: which of these is safe for all?", BORDER,
                      {"curvature": lambda curvatures: curvatures}),
        ), ("returned",)))


def _curvatures(rng: Generator) -> list[Challenge]:
    cases = []
    for name, size in (("two directions", 2), ("three directions", 3), ("five directions", 5), ("one direction", 1)):
        drawn = np.cumsum(rng.uniform(0.4, 2.5, size))
        # The largest stands neither first nor last, where there is such a place.
        cases.append(STABLE.call(f"case/{name}", np.roll(drawn, size // 2)))
    return [*cases, STABLE.call("case/a long valley", rng.permutation([0.02, 25.0, 3.0]) * rng.uniform(0.9, 1.1))]


LARGEST_STABLE_RATE = STABLE.exercise(
    _curvatures, (STABLE.criterion("border", "the rate from which on the walk no longer converges", "case"),))
