"""Lesson 01's exercises: `numerical_gradient` and `layer_backward`."""

from itertools import permutations

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge, Made
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

BLAME = "lesson 01, “How does blame flow backwards?”"
SHAPES = "lesson 01, “Which shape has each gradient?”"
CHECK = "lesson 01, “How can you check a gradient?”"


def _one_by_one(w):
    """For each entry of w a mask that holds it alone, in the order of w's entries."""
    return np.eye(np.size(w)).reshape(-1, *np.shape(w))


def _so_far(w):
    """For each entry of w a mask of it and all entries before it."""
    return np.cumsum(_one_by_one(w), axis=0)


def _rows(w):
    """For each entry of w a mask of the whole row (or slice) that it stands in."""
    first = np.arange(len(w)).reshape(-1, *[1] * (np.ndim(w) - 1)) * np.ones(np.shape(w))
    return np.array([first == row for row in first.ravel()], float)


def _ask(f, points):
    return np.array([f(p) for p in points])


NUMERICAL = Rule(
    "numerical_gradient", ("f", "w", "h"), ("the gradient",), defaults={"h": 1e-5}, board=Switchboard(
        (
            Node("step", lambda h: h),
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
            deviation("numerical_gradient.forward_difference", "f is asked on one side of w only.",
                      "The error shrinks in step with h, not with its square: a right gradient looks a little wrong.",
                      CHECK,
                      {"behind": lambda f, w: np.full(np.size(w), f(w)), "run": lambda step: step},
                      {"ahead": lambda f, w: np.full(np.size(w), f(w)), "run": lambda step: step}),
            deviation("numerical_gradient.half_slope",
                      "f is asked at w and on one side of it, but the width of two sides divides.",
                      "Every slope is half of what it should be.", CHECK,
                      {"behind": lambda f, w: np.full(np.size(w), f(w))},
                      {"ahead": lambda f, w: np.full(np.size(w), f(w))}),
            deviation("numerical_gradient.not_halved",
                      "The two points lie twice as far apart as the number that divides.",
                      "Every slope is twice what it should be.", CHECK,
                      {"run": lambda step: step}),
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
                      {"returned": lambda slope: slope}, {"returned": lambda slope: tuple(slope)},
                      {"returned": lambda slope: slope[:, None]}, {"returned": lambda slope: slope[None]}),
            deviation("numerical_gradient.hard_coded_h", "A number stands where the argument h belongs.",
                      "Whoever asks for a wider or a narrower step gets the same answer as before.", CHECK,
                      *({"step": lambda w, c=c: c} for c in (1e-5, 1e-4, 1e-3, 1e-6, 1e-7, 0.01))),
            deviation("numerical_gradient.half_step", "f is asked half as far from w as h says.",
                      "The slope is a right one, but for another h than was asked for.", CHECK,
                      {"step": lambda h: h / 2}),
            deviation("numerical_gradient.f_returned", "What comes back is the value of f, not its slope.",
                      "It tells how high you stand, not which way is down.", CHECK,
                      {"returned": lambda f, w: f(w)}, {"slope": lambda ahead: ahead}),
        ), ("returned",)),
    whole_numbers=deviation(
        "numerical_gradient.whole_numbers",
        "Where w holds whole numbers, the small move or the slope is cut to whole numbers.",
        "w does not move at all, or moves by too much, and the slopes are wrong without a word.", CHECK))


def _functions(rng: Generator) -> list[Challenge]:
    def drawn(shape):
        w = rng.uniform(0.5, 2, shape) * rng.choice([-1.0, 1.0], shape)
        return Made("curved_loss", (rng.normal(0, 1, shape), rng.normal(0, 1, shape))), w

    cases = [NUMERICAL.call(f"case/w of shape {shape}, h = {h}", *drawn(shape), h)
             for shape, h in (((3,), 0.3), ((2, 3), 0.2), ((3, 2), 0.1), ((1,), 0.25), ((2, 1, 2), 0.5))]
    f, _ = drawn((2, 2))
    return [
        *cases,
        NUMERICAL.call("case/h by keyword", *drawn((2, 2)), h=0.4),
        *(NUMERICAL.call(f"default/w of shape {shape}", *drawn(shape)) for shape in ((4,), (2, 3))),
        NUMERICAL.call("whole/w of whole numbers", f, np.array([[2, -1], [1, 3]]), 0.25),
    ]


NUMERICAL_GRADIENT = NUMERICAL.exercise(_functions, (
    NUMERICAL.criterion("slopes", "the slope of f in every entry of w, at the given h", "case"),
    NUMERICAL.criterion("small_h", "the same where h is left out", "default"),
    NUMERICAL.criterion("integers", "whole numbers in w", "whole"),
))

_RETURNED = ("dW", "db", "dA_prev")

def _over_m(x, dZ):
    return x / dZ.shape[1]


def _again(*names):
    """Each of the named results divided by the number of examples once more."""
    formulas = {"dW": {"scaled_dW": lambda dW, dZ: _over_m(dW, dZ)},
                "db": {"scaled_sums": lambda sums, dZ: _over_m(sums, dZ)},
                "dA_prev": {"scaled_dA_prev": lambda dA_prev, dZ: _over_m(dA_prev, dZ)}}
    return {node: formula for name in names for node, formula in formulas[name].items()}


def _orders():
    for order in permutations(range(3)):
        if order != (0, 1, 2):
            yield {"returned": lambda scaled_dW, db, scaled_dA_prev, o=order: tuple(
                (scaled_dW, db, scaled_dA_prev)[i] for i in o)}


BACKWARD = Rule(
    "layer_backward", ("dZ", "A_prev", "W"), _RETURNED, defaults={}, board=Switchboard(
        (
            Node("dW", lambda dZ, A_prev: dZ @ A_prev.T),
            Node("sums", lambda dZ: dZ.sum(axis=1, keepdims=True)),
            Node("dA_prev", lambda W, dZ: W.T @ dZ),
            Node("scaled_dW", lambda dW: dW),
            Node("scaled_sums", lambda sums: sums),
            Node("scaled_dA_prev", lambda dA_prev: dA_prev),
            Node("db", lambda scaled_sums: scaled_sums),
            Node("returned", lambda scaled_dW, db, scaled_dA_prev: (scaled_dW, db, scaled_dA_prev)),
        ),
        (
            deviation("layer_backward.dW_transpose", "In dW a transpose is missing, or stands on the wrong array.",
                      "Where the layer is square nothing stops it, and each weight gets another one's blame.", SHAPES,
                      {"dW": lambda dZ, A_prev: dZ @ A_prev}, {"dW": lambda dZ, A_prev: dZ.T @ A_prev},
                      {"dW": lambda dZ, A_prev: A_prev @ dZ}, {"dW": lambda dZ, A_prev: A_prev.T @ dZ},
                      {"dW": lambda dZ, A_prev: dZ.T @ A_prev.T}, {"dW": lambda dZ, A_prev: A_prev.T @ dZ.T}),
            deviation("layer_backward.dW_transposed", "dW comes back with its rows and columns exchanged.",
                      "The update fails, or in a square layer moves each weight by another one's blame.", SHAPES,
                      {"dW": lambda dZ, A_prev: A_prev @ dZ.T}),
            deviation("layer_backward.dA_transpose", "In dA_prev a transpose is missing, or stands on the wrong array.",
                      "Where the layer is square nothing stops it, and the layer before gets the wrong blame.", SHAPES,
                      {"dA_prev": lambda W, dZ: W @ dZ}, {"dA_prev": lambda W, dZ: dZ @ W},
                      {"dA_prev": lambda W, dZ: dZ @ W.T}, {"dA_prev": lambda W, dZ: dZ.T @ W.T},
                      {"dA_prev": lambda W, dZ: W @ dZ.T}, {"dA_prev": lambda W, dZ: W.T @ dZ.T}),
            deviation("layer_backward.dA_transposed", "dA_prev comes back with its rows and columns exchanged.",
                      "The layer before takes examples for units.", SHAPES,
                      {"dA_prev": lambda W, dZ: dZ.T @ W}),
            deviation("layer_backward.elementwise", "Entries are multiplied one by one where rows meet columns.",
                      "No blame is added up over the paths it came along.", BLAME,
                      {"dW": lambda dZ, A_prev: dZ * A_prev}, {"dW": lambda dZ, A_prev: dZ * A_prev.T},
                      {"dA_prev": lambda W, dZ: W * dZ}, {"dA_prev": lambda W, dZ: W.T * dZ},
                      {"dW": lambda dZ, A_prev: dZ * A_prev, "dA_prev": lambda W, dZ: W * dZ},
                      {"dW": lambda dZ, A_prev: dZ * A_prev.T, "dA_prev": lambda W, dZ: W.T * dZ}),
            deviation("layer_backward.arrays_swapped", "W and A_prev are taken for one another.",
                      "A weight is blamed for its own size, not for the signal it let through.", BLAME,
                      {"dW": lambda dZ, W: dZ @ W.T}, {"dA_prev": lambda A_prev, dZ: A_prev.T @ dZ},
                      {"dW": lambda dZ, W: dZ @ W.T, "dA_prev": lambda A_prev, dZ: A_prev.T @ dZ}),
            deviation("layer_backward.dA_without_W", "dA_prev is dZ itself: the weights are left out.",
                      "All units before get the same blame, however weak their connection.", BLAME,
                      {"dA_prev": lambda dZ: dZ}),
            deviation("layer_backward.activation_included", "The slope of an activation is multiplied in.",
                      "It comes once more when the layer before turns dA_prev into its own dZ.", BLAME,
                      {"scaled_dA_prev": lambda dA_prev, A_prev: dA_prev * (1 - A_prev**2)},
                      {"scaled_dA_prev": lambda dA_prev, A_prev: dA_prev * A_prev * (1 - A_prev)},
                      {"scaled_dA_prev": lambda dA_prev, A_prev: dA_prev * (A_prev > 0)}),
            deviation("layer_backward.divided_by_m_again", "The number of examples divides once more.",
                      "dZ holds the mean already: the more examples, the shorter the steps become.", BLAME,
                      _again("dW", "db"), _again("dW"), _again("db"), _again("dA_prev"),
                      _again("dW", "db", "dA_prev")),
            deviation("layer_backward.db_mean", "db is a mean over the examples, not their sum.",
                      "dZ holds the mean already: the more examples, the slower the biases learn.", BLAME,
                      _again("db"), tell=r"mean\s*\("),
            deviation("layer_backward.db_wrong_axis", "In db the units are added up, not the examples.",
                      "There is one number for each example, where each unit waits for its own.", SHAPES,
                      {"sums": lambda dZ: dZ.sum(axis=0, keepdims=True)}),
            deviation("layer_backward.db_not_column", "db is not a column.",
                      "Taken from a column of biases, NumPy spreads both into a square, without a word.", SHAPES,
                      {"db": lambda scaled_sums: scaled_sums.ravel()},
                      {"db": lambda scaled_sums: scaled_sums.reshape(1, -1)}),
            deviation("layer_backward.db_total", "db is one sum over everything.",
                      "All units share one blame for their biases.", SHAPES,
                      {"sums": lambda dZ: dZ.sum(keepdims=True)},
                      {"sums": lambda dZ: dZ.sum(keepdims=True), "db": lambda scaled_sums: scaled_sums[0, 0]}),
            deviation("layer_backward.db_not_summed", "db is dZ itself: nothing is added up over the examples.",
                      "Each example would want a bias of its own.", SHAPES,
                      {"sums": lambda dZ: dZ}),
            deviation("layer_backward.order_of_returns",
                      "The three arrays come back in another order than the task says.",
                      "Each of them is used in another one's place.", SHAPES, *_orders()),
        ), ("returned",)))


def _layers(rng: Generator) -> list[Challenge]:
    # In a square layer with as many examples a mistaken transpose raises nothing.
    return [BACKWARD.call(f"case/{name}", rng.normal(0, 1, (n, m)), rng.normal(0, 1, (n_prev, m)),
                          rng.normal(0, 1, (n, n_prev)))
            for name, n, n_prev, m in (("a square layer", 3, 3, 3), ("a square layer of two", 2, 2, 2),
                                       ("a wide layer", 2, 4, 5), ("a tall layer", 4, 2, 3),
                                       ("one unit", 1, 3, 6), ("as many units as examples", 4, 3, 4),
                                       ("one example", 3, 2, 1))]


LAYER_BACKWARD = BACKWARD.exercise(_layers, tuple(
    BACKWARD.criterion(name, f"{name} in layers of any shape", "case", only=name) for name in _RETURNED))
