"""Lesson 01's second exercise: `layer_backward`."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, Variant, deviation

BLAME = "lesson 01, “How does blame flow backwards?”"
SHAPES = "lesson 01, “Which shape has each gradient?”"
RETURNS = ("dW", "db", "dA_prev")


def _over_m(x: np.ndarray, dZ: np.ndarray) -> Any:
    return x / dZ.shape[1]


def _again(*names: str) -> Variant:
    """Each of the named results divided by the number of examples once more."""
    formulas: dict[str, Variant] = {"dW": {"scaled_dW": lambda dW, dZ: _over_m(dW, dZ)},
                "db": {"scaled_sums": lambda sums, dZ: _over_m(sums, dZ)},
                "dA_prev": {"scaled_dA_prev": lambda dA_prev, dZ: _over_m(dA_prev, dZ)}}
    return {node: formula for name in names for node, formula in formulas[name].items()}


def _orders() -> Iterator[Variant]:
    for order in permutations(range(3)):
        if order != (0, 1, 2):
            yield {"returned": lambda scaled_dW, db, scaled_dA_prev, o=order: tuple(
                (scaled_dW, db, scaled_dA_prev)[i] for i in o)}


RULE = Rule(
    "layer_backward", ("dZ", "A_prev", "W"), RETURNS, defaults={}, board=Switchboard(
        (
            Node("dW", lambda dZ, A_prev: dZ @ A_prev.T),
            Node("sums", lambda dZ: dZ.sum(axis=1, keepdims=True)),
            Node("dA_prev", lambda W, dZ: W.T @ dZ),
            Node("scaled_dW", "dW"),
            Node("scaled_sums", "sums"),
            Node("scaled_dA_prev", "dA_prev"),
            Node("db", "scaled_sums"),
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
                      {"dA_prev": "dZ"}),
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
                      {"sums": "dZ"}),
            deviation("layer_backward.order_of_returns",
                      "The three arrays do not come back in the order that the task gives.",
                      "Each of them is used in another one's place.", SHAPES, *_orders()),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    # In a square layer with as many examples a mistaken transpose raises nothing.
    return [RULE.call(f"case/{name}", rng.normal(0, 1, (n, m)), rng.normal(0, 1, (n_prev, m)),
                          rng.normal(0, 1, (n, n_prev)))
            for name, n, n_prev, m in (("a square layer", 3, 3, 3), ("a square layer of two", 2, 2, 2),
                                       ("a wide layer", 2, 4, 5), ("a tall layer", 4, 2, 3),
                                       ("one unit", 1, 3, 6), ("as many units as examples", 4, 3, 4),
                                       ("one example", 3, 2, 1))]


EXERCISE = RULE.exercise(_challenges, tuple(
    RULE.criterion(name, f"{name} in layers of any shape", "case", only=name) for name in RETURNS),
                          lesson="01", place=2)
