"""The assignment on rates that adapt: one step of AdaGrad and one of RMSProp for each parameter."""

from numpy.random import Generator

from optimlab.tutor.exercises import adagrad_step, rmsprop_step
from optimlab.tutor.layers import update_parameters

ARRAYS = "“Which arrays, and in which order?”"


def settings(rng: Generator) -> dict[str, float]:
    """An epsilon of the size of the root, so that its place shows."""
    return {"learning_rate": float(rng.uniform(0.15, 0.45)), "beta": float(rng.uniform(0.6, 0.85)),
            "epsilon": float(rng.uniform(0.1, 0.6))}


ADAGRAD = update_parameters("update_parameters_with_adagrad", adagrad_step.RULE, ARRAYS,
                            {"learning_rate": 0.01, "epsilon": 1e-8}, settings, memory="s")
RMSPROP = update_parameters("update_parameters_with_rmsprop", rmsprop_step.RULE, ARRAYS,
                            {"learning_rate": 0.001, "beta": 0.9, "epsilon": 1e-8}, settings, memory="s")
