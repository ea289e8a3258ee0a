"""Right ways to compute Adam's step, as students write them: what their own computation is laid beside.

Each gives the new values of one array and its two moments. Source: Kingma & Ba 2015, whose section 2
has the efficient form.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

Step = Callable[..., tuple[Any, Any, Any]]


def as_written(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
               epsilon: Any) -> tuple[Any, Any, Any]:
    """Algorithm 1, quantity by quantity."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    mean = v / (1 - beta1**t)
    square = s / (1 - beta2**t)
    denominator = np.sqrt(square) + epsilon
    ratio = mean / denominator
    return w - learning_rate * ratio, v, s


def rate_first(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
               epsilon: Any) -> tuple[Any, Any, Any]:
    """The rate times the numerator, then the division."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    mean = v / (1 - beta1**t)
    square = s / (1 - beta2**t)
    numerator = learning_rate * mean
    return w - numerator / (np.sqrt(square) + epsilon), v, s


def rate_over_denominator(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
                          epsilon: Any) -> tuple[Any, Any, Any]:
    """Each weight's own rate, then the numerator."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    mean = v / (1 - beta1**t)
    square = s / (1 - beta2**t)
    own_rate = learning_rate / (np.sqrt(square) + epsilon)
    return w - own_rate * mean, v, s


def interpolated(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
                 epsilon: Any) -> tuple[Any, Any, Any]:
    """Each moment moved towards the newest value; reciprocals."""
    v = v + (1 - beta1) * (dw - v)
    s = s + (1 - beta2) * (dw**2 - s)
    mean = v * (1 / (1 - beta1**t))
    square = s * (1 / (1 - beta2**t))
    return w - learning_rate * mean * (1 / (np.sqrt(square) + epsilon)), v, s


def efficient(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
              epsilon: Any) -> tuple[Any, Any, Any]:
    """The corrections in the rate, epsilon rescaled."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    rate = learning_rate * np.sqrt(1 - beta2**t) / (1 - beta1**t)
    return w - rate * v / (np.sqrt(s) + epsilon * np.sqrt(1 - beta2**t)), v, s


def as_in_pytorch(w: Any, dw: Any, v: Any, s: Any, t: Any, learning_rate: Any, beta1: Any, beta2: Any,
                  epsilon: Any) -> tuple[Any, Any, Any]:
    """The second correction under the root of its own, the first in the rate."""
    v = v * beta1 + dw * (1 - beta1)
    s = s * beta2 + (1 - beta2) * dw * dw
    denominator = np.sqrt(s) / np.sqrt(1 - beta2**t) + epsilon
    rate = learning_rate / (1 - beta1**t)
    return w - rate * v / denominator, v, s


def of_all_arrays(step: Step) -> Callable[..., tuple[Any, ...]]:
    """The step of one array as the function that is asked for: of four arrays, with its defaults."""
    def update_parameters_with_adam(*arrays_and_t: Any, learning_rate: Any = 0.001, beta1: Any = 0.9,
                                    beta2: Any = 0.999, epsilon: Any = 1e-8) -> tuple[Any, ...]:
        arrays, t, *given = arrays_and_t[:16], *arrays_and_t[16:]
        rest = dict(zip(("learning_rate", "beta1", "beta2", "epsilon"), given))
        hyper = {"learning_rate": learning_rate, "beta1": beta1, "beta2": beta2, "epsilon": epsilon} | rest
        new = [step(*arrays[k::4], t, **hyper) for k in range(4)]
        return tuple(array for kind in zip(*new) for array in kind)
    return update_parameters_with_adam


WAYS = tuple(map(of_all_arrays, (
    as_written, rate_first, rate_over_denominator, interpolated, efficient, as_in_pytorch)))
