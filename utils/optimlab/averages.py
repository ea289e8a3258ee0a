"""Exponentially weighted moving averages.

The letters are the slides': V is the average, theta what is averaged, beta how much of the past is kept.
"""

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["ewma", "unrolled_weights", "effective_window", "half_life"]


def _check_beta(beta: ArrayLike) -> np.ndarray:
    beta = np.asarray(beta, dtype=float)
    refused = beta[~((0 <= beta) & (beta < 1))]
    if refused.size:
        raise ValueError(f"beta must lie in [0, 1), got {refused[0]}")
    return beta


def ewma(theta: ArrayLike, beta: ArrayLike, corrected: bool = False, initial: ArrayLike = 0.0) -> np.ndarray:
    """The exponentially weighted moving average of a series.

    Rule: V_t = beta * V_(t-1) + (1 - beta) * theta_t, with V_0 = `initial`.
    When `corrected`, the result is V_t / (1 - beta**t): with V_0 = 0 the weights of the unrolled
    average sum to 1 - beta**t only, so that the first averages are too small.

    `theta`: shape (n, ...), time on the first axis, in any unit. `beta` and `initial`: numbers, or
    arrays that broadcast against theta[0]. Returns V_1 .. V_n, in theta's unit, shape
    (n, ...) after broadcasting; V_0 is not part of it. Missing values (nan) stay missing from
    there on.

    Raises ValueError when beta is outside [0, 1), when theta has no time axis, or when `corrected`
    meets an `initial` other than 0: the correction is made for V_0 = 0 and has nothing to repair.

    >>> ewma([10.0, 10.0, 10.0], beta=0.9).round(2)
    array([1.  , 1.9 , 2.71])
    >>> ewma([10.0, 10.0, 10.0], beta=0.9, corrected=True).round(2)
    array([10., 10., 10.])
    >>> ewma([10.0, 10.0, 10.0], beta=0.9, initial=10.0).round(2)
    array([10., 10., 10.])
    >>> ewma(np.ones((3, 1)), beta=[0.9, 0.6]).round(3)       # two betas side by side
    array([[0.1  , 0.4  ],
           [0.19 , 0.64 ],
           [0.271, 0.784]])

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization" (the correction).
    """
    theta = np.asarray(theta, dtype=float)
    beta = _check_beta(beta)
    if theta.ndim == 0:
        raise ValueError("theta must have a time axis, shape (n, ...), got a single number")
    if corrected and np.any(np.asarray(initial) != 0):
        raise ValueError("the correction assumes V_0 = 0: use initial=0 or corrected=False")

    shape = np.broadcast_shapes(theta.shape[1:], beta.shape, np.shape(initial))
    V = np.empty((len(theta), *shape))
    previous = initial
    for i in range(len(theta)):
        V[i] = beta * previous + (1 - beta) * theta[i]
        previous = V[i]
    if corrected:
        t = np.arange(1, len(theta) + 1).reshape(-1, *[1] * len(shape))
        V /= 1 - beta**t
    return V


def unrolled_weights(beta: float, t: int, corrected: bool = False) -> np.ndarray:
    """The weights of theta_1 .. theta_t in V_t, once the recursion is written out.

    Rule: V_t = beta**t * V_0 + sum over k of (1 - beta) * beta**(t - k) * theta_k
    The weights of the thetas sum to 1 - beta**t; when `corrected` they sum to 1.

    `beta`: one number. Returns shape (t,), oldest first: the order of the series.
    Raises ValueError when beta is outside [0, 1) or t is less than 1.

    >>> unrolled_weights(0.9, 4).round(4)
    array([0.0729, 0.081 , 0.09  , 0.1   ])
    >>> unrolled_weights(0.9, 4, corrected=True).sum().round(6)
    np.float64(1.0)

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization" (the correction).
    """
    beta = _check_beta(beta)
    if t < 1:
        raise ValueError(f"t must be at least 1, got {t}")
    weights = (1 - beta) * beta ** np.arange(t - 1, -1, -1)
    return weights / (1 - beta**t) if corrected else weights


def effective_window(beta: ArrayLike) -> float | np.ndarray:
    """About how many values the average averages over: 1 / (1 - beta), in time steps.

    It is the length of the plain average that puts the same weight on its newest value. What is
    older than the window still carries beta**(1 / (1 - beta)) of the weight: about a third.

    `beta`: a number or an array; the result has its shape. Raises ValueError outside [0, 1).

    >>> effective_window([0.5, 0.9]).round(6)
    array([ 2., 10.])
    """
    return 1 / (1 - _check_beta(beta))


def half_life(beta: ArrayLike) -> float | np.ndarray:
    """After how many time steps a value's weight has fallen to half: ln(1/2) / ln(beta).

    It is shorter than `effective_window`: about 0.69 of it when beta is near 1.

    `beta`: a number or an array; the result has its shape. Raises ValueError outside [0, 1).

    >>> half_life([0.5, 0.9]).round(2)
    array([1.  , 6.58])
    """
    with np.errstate(divide="ignore"):      # beta = 0: ln 0 = -inf gives the right answer, 0
        return np.log(0.5) / np.log(_check_beta(beta))
