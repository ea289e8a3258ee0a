"""Lesson 10's exercise: `clip_gradient`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

CLIP = "lesson 10, “What can one bad gradient do?”"

RULE = Rule(
    "clip_gradient", ("dw", "limit"), ("dw",), defaults={}, board=Switchboard(
        (
            Node("squares", lambda dw: np.sum(np.square(dw))),
            Node("length", lambda squares: np.sqrt(squares)),
            Node("shrink", lambda limit, length: limit / np.maximum(length, 1e-300)),
            Node("factor", lambda shrink: np.minimum(1.0, shrink)),
            Node("returned", lambda dw, factor: dw * factor),
        ),
        (
            deviation("clip_gradient.each_entry", "Each entry is clipped by itself.",
                      "The direction changes: the long entries shrink, the short ones stay.", CLIP,
                      {"returned": lambda dw, limit: np.clip(dw, -limit, limit)}),
            deviation("clip_gradient.always_scaled", "Short gradients are stretched to the limit, too.",
                      "Near the minimum, where gradients are short, the steps no longer get shorter.", CLIP,
                      {"factor": "shrink"}),
            deviation("clip_gradient.never_shrinks", "The wrong one of the two factors is taken.",
                      "Long gradients pass as they are, and short ones are stretched to the limit.", CLIP,
                      {"factor": lambda shrink: np.maximum(1.0, shrink)}),
            deviation("clip_gradient.root_missing", "The root of the sum of squares is not taken.",
                      "A gradient longer than one is shortened too much, and a shorter one may pass the limit.", CLIP,
                      {"length": "squares"}),
            deviation("clip_gradient.mean_of_squares", "The mean of the squares stands in for their sum.",
                      "The more weights there are, the longer a gradient may be.", CLIP,
                      {"squares": lambda dw: np.mean(np.square(dw))}),
            deviation("clip_gradient.sum_of_sizes", "The sizes of the entries are added up, not their squares.",
                      "That sum is larger than the length, so gradients are shortened too early and too much.", CLIP,
                      {"length": lambda dw: np.sum(np.abs(dw))}),
            deviation("clip_gradient.largest_entry", "The largest entry stands in for the length.",
                      "A gradient of many entries may be far longer than the limit.", CLIP,
                      {"length": lambda dw: np.max(np.abs(dw))}),
            deviation("clip_gradient.last_axis", "The length is taken row by row, not over the whole gradient.",
                      "Each row is clipped by itself, and the direction changes.", CLIP,
                      {"squares": lambda dw: np.sum(np.square(dw), axis=-1, keepdims=True)}),
            deviation("clip_gradient.unit_length", "The limit does not appear in the factor.",
                      "Whatever limit you ask for, a long gradient comes back with a length of one.", CLIP,
                      {"factor": lambda limit, length: np.where(length <= limit, 1.0, 1 / np.maximum(length, 1e-300))}),
            deviation("clip_gradient.factor_returned", "The factor comes back, not the gradient.",
                      "The caller takes it for the gradient, and all weights move alike.", CLIP,
                      {"returned": "factor"}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    def drawn(shape: tuple[int, ...], length: float) -> np.ndarray:
        dw = rng.uniform(0.3, 1, shape) * rng.choice([-1.0, 1.0], shape)
        return np.asarray(dw * (length / np.linalg.norm(dw)))

    long = [RULE.call(f"long/dw of shape {shape}", drawn(shape, float(rng.uniform(4, 9))), float(rng.uniform(1.5, 3)))
            for shape in ((5,), (2, 3), (3, 1), (2, 2, 2))]
    short = [RULE.call(f"short/dw of shape {shape}", drawn(shape, float(rng.uniform(0.2, 0.6))),
                       float(rng.uniform(1.5, 3))) for shape in ((4,), (2, 3))]
    return [*long, RULE.call("long/a limit below 1", drawn((6,), 3.0), limit=float(rng.uniform(0.3, 0.7))),
            *short, RULE.call("zero/no gradient at all", np.zeros((2, 2)), float(rng.uniform(0.5, 2)))]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("long", "a long gradient, shortened to the limit, its direction kept", "long"),
    RULE.criterion("short", "a short one, as it is", "short"),
    RULE.criterion("zero", "a gradient of zeros", "zero"),
), lesson="10", place=1)
