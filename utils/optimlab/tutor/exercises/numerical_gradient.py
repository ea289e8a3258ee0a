"""Lesson 01's first exercise: `numerical_gradient`."""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge, Made
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

SHAPES = "lesson 01, “Which shape has each gradient?”"
CHECK = "lesson 01, “How can you check a gradient?”"


def _one_by_one(w: np.ndarray) -> np.ndarray:
    """For each entry of w a mask that holds it alone, in the order of w's entries."""
    return np.eye(np.size(w)).reshape(-1, *np.shape(w))


def _so_far(w: np.ndarray) -> np.ndarray:
    """For each entry of w a mask of it and all entries before it."""
    return np.cumsum(_one_by_one(w), axis=0)


def _rows(w: np.ndarray) -> np.ndarray:
    """For each entry of w a mask of the whole row (or slice) that it stands in."""
    first = np.arange(len(w)).reshape(-1, *[1] * (np.ndim(w) - 1)) * np.ones(np.shape(w))
    return np.array([first == row for row in first.ravel()], float)


def _ask(f: Callable[[np.ndarray], float], points: np.ndarray) -> np.ndarray:
    return np.array([f(p) for p in points])


RULE = Rule(
    "numerical_gradient", ("f", "w", "h"), ("the gradient",), defaults={"h": 1e-5}, board=Switchboard(
        (
            Node("step", "h"),
            Node("moved", lambda w: _one_by_one(w)),
            Node("points_ahead", lambda w, moved, step: w + step * moved),
            Node("points_behind", lambda w, moved, step: w - step * moved),
            Node("ahead", lambda f, points_ahead: _ask(f, points_ahead)),
            Node("behind", lambda f, points_behind: _ask(f, points_behind)),
            Node("rise", lambda ahead, behind: ahead - behind),
            Node("run", lambda step: 2 * step),
            Node("slope", lambda rise, run: rise / run),
            Node("returned", lambda slope, w: slope.reshape(np.shape(w))),
        ),
        (
            deviation("numerical_gradient.forward_difference", "f is evaluated on one side of w only.",
                      "The error shrinks in step with h, not with its square: a right gradient looks a little wrong.",
                      CHECK,
                      {"behind": lambda f, w: np.full(np.size(w), f(w)), "run": "step"},
                      {"ahead": lambda f, w: np.full(np.size(w), f(w)), "run": "step"}),
            deviation("numerical_gradient.half_slope",
                      "f is evaluated at w and on one side of it, but the width of two sides divides.",
                      "Every slope is half of what it should be.", CHECK,
                      {"behind": lambda f, w: np.full(np.size(w), f(w))},
                      {"ahead": lambda f, w: np.full(np.size(w), f(w))}),
            deviation("numerical_gradient.not_halved",
                      "The two points lie twice as far apart as the number that divides.",
                      "Every slope is twice what it should be.", CHECK,
                      {"run": "step"}),
            deviation("numerical_gradient.not_divided", "The difference is not divided by the width.",
                      "The smaller h, the smaller the numbers: none of them is a slope.", CHECK,
                      {"run": lambda step: 1.0}, {"run": lambda step: 2.0}),
            deviation("numerical_gradient.multiplied_by_h",
                      "The difference is multiplied by h: a parenthesis is missing.",
                      "With a small h nearly nothing is left, and every gradient looks wrong.", CHECK,
                      {"slope": lambda rise, step: rise / 2 * step}, {"slope": lambda rise, step: rise * step},
                      {"slope": lambda rise, step: rise * 2 * step}),
            deviation("numerical_gradient.wrong_sign", "The two values of f are subtracted the wrong way round.",
                      "The slope points down where it goes up, and a right gradient looks wrong.", CHECK,
                      {"rise": lambda ahead, behind: behind - ahead}),
            deviation("numerical_gradient.all_at_once", "All entries of w are moved at the same time.",
                      "One number comes out for all of them: nobody knows which weight is to blame.", CHECK,
                      {"moved": lambda w: np.ones((np.size(w), *np.shape(w)))},
                      {"moved": lambda w: np.ones((np.size(w), *np.shape(w))), "returned": lambda slope: slope[0]}),
            deviation("numerical_gradient.whole_rows", "A whole row of w is moved at the same time.",
                      "All weights of a row get one slope, the sum of theirs.", CHECK,
                      {"moved": lambda w: _rows(w)},
                      {"moved": lambda w: _rows(w),
                       "returned": lambda slope, w: slope.reshape(len(w), -1)[:, 0]}),
            deviation("numerical_gradient.not_undone", "An entry that was moved is not moved back before the next one.",
                      "The first slope is right, the later ones belong to another place.", CHECK,
                      {"points_ahead": lambda w, step: w + step * _so_far(w),
                       "points_behind": lambda w, step: w - step * _so_far(w)},
                      {"points_ahead": lambda w, step, moved: w + step * (2 * moved - _so_far(w)),
                       "points_behind": lambda w, step: w - step * _so_far(w)},
                      {"points_ahead": lambda w, step: w + step * _so_far(w),
                       "points_behind": lambda w, step, moved: w + step * (_so_far(w) - 2 * moved)},
                      {"points_ahead": lambda w, step: w + step * _so_far(w)},
                      {"points_behind": lambda w, step: w - step * _so_far(w)}),
            deviation("numerical_gradient.flattened", "The slopes come back in one row, not in the shape of w.",
                      "Compared with the gradient of a matrix, they meet other entries than their own.", SHAPES,
                      {"returned": "slope"}, {"returned": lambda slope: tuple(slope)},
                      {"returned": lambda slope: slope[:, None]}, {"returned": lambda slope: slope[None]}),
            deviation("numerical_gradient.hard_coded_h", "A number stands where the argument h belongs.",
                      "With a wider or a narrower step, the answer is the same as before.", CHECK,
                      *({"step": lambda w, c=c: c} for c in (1e-5, 1e-4, 1e-3, 1e-6, 1e-7, 0.01))),
            deviation("numerical_gradient.half_step", "f is evaluated half as far from w as h says.",
                      "The slope is a right one, but for another h than was asked for.", CHECK,
                      {"step": lambda h: h / 2}),
            deviation("numerical_gradient.f_returned", "What comes back is the value of f, not its slope.",
                      "It tells how high you stand, not which way is down.", CHECK,
                      {"returned": lambda f, w: f(w)}, {"slope": "ahead"}),
        ), ("returned",)),
    whole_numbers=deviation(
        "numerical_gradient.whole_numbers",
        "Where w holds whole numbers, the small move or the slope is cut to whole numbers.",
        "w does not move at all, or moves by too much, and the slopes are wrong without a word.", CHECK))


def _challenges(rng: Generator) -> list[Challenge]:
    def drawn(shape: tuple[int, ...]) -> tuple[Made, np.ndarray]:
        w = rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape)
        return Made("curved_loss", (rng.normal(0, 1, shape), rng.normal(0, 1, shape))), w

    cases = [RULE.call(f"case/w of shape {shape}, h = {h}", *drawn(shape), h)
             for shape, h in (((3,), 0.3), ((2, 3), 0.2), ((3, 2), 0.1), ((1,), 0.25), ((2, 1, 2), 0.5))]
    f, _ = drawn((2, 2))
    return [
        *cases,
        RULE.call("case/h by keyword", *drawn((2, 2)), h=0.4),
        *(RULE.call(f"default/w of shape {shape}", *drawn(shape)) for shape in ((4,), (2, 3))),
        RULE.call("whole/w of whole numbers", f, np.array([[2, -1], [1, 3]]), 0.25),
    ]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("slopes", "the slope of f in every entry of w, at the given h", "case"),
    RULE.criterion("small_h", "the same where h is left out", "default"),
    RULE.criterion("integers", "whole numbers in w", "whole"),
), lesson="01", place=1)
