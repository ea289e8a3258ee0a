"""The momentum assignment: one step with a velocity for each parameter.

`ewma` and `initialize_velocity`, which the notebook asks for, too, are those of the lessons.
"""

from numpy.random import Generator

from optimlab.tutor.exercises.momentum_step import RULE
from optimlab.tutor.layers import update_parameters


def settings(rng: Generator) -> dict[str, float]:
    return {"learning_rate": float(rng.uniform(0.15, 0.45)), "beta": float(rng.uniform(0.6, 0.85))}


EXERCISE = update_parameters("update_parameters_with_momentum", RULE, "“Which arrays, and in which order?”",
                             {"learning_rate": 0.01, "beta": 0.9}, settings, memory="v")
