"""The assignment on gradient descent: one step for each parameter.

`numerical_gradient` and `random_mini_batches`, which the notebook asks for, too, are those of the lessons.
"""

from numpy.random import Generator

from optimlab.tutor.exercises.gradient_step import RULE
from optimlab.tutor.layers import update_parameters


def settings(rng: Generator) -> dict[str, float]:
    return {"learning_rate": float(rng.uniform(0.15, 0.45))}


EXERCISE = update_parameters("update_parameters_with_gd", RULE, "“Which arrays, and in which order?”",
                             {"learning_rate": 0.01}, settings)
