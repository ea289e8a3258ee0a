"""Lesson 02's second exercise: `largest_stable_rate`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

BORDER = "lesson 02, “When does the ball run away?”"

RULE = Rule(
    "largest_stable_rate", ("curvatures",), ("the rate",), defaults={}, board=Switchboard(
        (
            Node("curvature", lambda curvatures: np.max(curvatures)),
            Node("above", lambda curvature: 2.0),
            Node("rate", lambda above, curvature: above / curvature),
            Node("returned", "rate"),
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
                      {"curvature": lambda curvatures: np.linalg.norm(curvatures)}),
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
                      {"curvature": "curvatures"}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    cases = []
    for name, size in (("two directions", 2), ("three directions", 3), ("five directions", 5), ("one direction", 1)):
        drawn = np.cumsum(rng.uniform(0.4, 2.5, size))
        # The largest stands neither first nor last, where there is such a place.
        cases.append(RULE.call(f"case/{name}", np.roll(drawn, size // 2)))
    return [*cases, RULE.call("case/a long valley", rng.permutation([0.02, 25.0, 3.0]) * rng.uniform(0.9, 1.1))]


EXERCISE = RULE.exercise(
    _challenges, (RULE.criterion("border", "the smallest rate at which the walk no longer converges", "case"),),
    lesson="02", place=2)
