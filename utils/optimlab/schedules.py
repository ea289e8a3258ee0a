"""Learning-rate schedules: how the learning rate changes as training goes on.

A schedule is a frozen dataclass that is called with the number of steps already done and answers
with the learning rate of the next one: `schedule(0)` is the rate of the first step. `step` may be
an array of any shape; the rates have the same shape.

An optimizer does not know about schedules. One step with a scheduled rate is

    scheduled = dataclasses.replace(optimizer, learning_rate=schedule(state.t))
    w, state = scheduled.step(w, dw, state)

and `training.descend` and `training.fit` do just this when they are given `schedule=`. Units: a
step is one update; for a schedule in epochs, multiply by the number of updates in an epoch.

Errors: a rate or a length that makes no sense raises ValueError when the schedule is made.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from optimlab.optimizers import Rate

__all__ = ["Schedule", "Constant", "StepDecay", "InverseTime", "Exponential", "Cosine", "Warmup"]

Schedule = Callable[[ArrayLike], Rate]


def _require(holds: bool, statement: str) -> None:
    if not holds:
        raise ValueError(statement)


@dataclass(frozen=True)
class Constant:
    """The same learning rate for ever.

    Rule: rate = learning_rate

    >>> Constant(0.1)(np.arange(3))
    array([0.1, 0.1, 0.1])
    """

    learning_rate: float

    def __post_init__(self) -> None:
        _require(self.learning_rate >= 0, "Constant: learning_rate must not be negative")

    def __call__(self, step: ArrayLike) -> Rate:
        return self.learning_rate * np.ones(np.shape(step))


@dataclass(frozen=True)
class StepDecay:
    """Multiply the learning rate by `factor` every `every` steps: a staircase.

    Rule: rate = learning_rate * factor**floor(step / every)

    >>> StepDecay(1.0, factor=0.5, every=2)(np.arange(6))
    array([1.  , 1.  , 0.5 , 0.5 , 0.25, 0.25])
    """

    learning_rate: float
    factor: float = 0.5
    every: int = 100

    def __post_init__(self) -> None:
        _require(self.learning_rate >= 0, "StepDecay: learning_rate must not be negative")
        _require(0 < self.factor <= 1, "StepDecay: factor must lie in (0, 1]")
        _require(self.every >= 1, "StepDecay: every must be at least 1 step")

    def __call__(self, step: ArrayLike) -> Rate:
        return self.learning_rate * self.factor ** (np.asarray(step) // self.every)


@dataclass(frozen=True)
class InverseTime:
    """1/t decay: slow enough to get anywhere, fast enough to silence the noise.

    Rule: rate = learning_rate / (1 + decay * step)

    The rates sum to infinity and their squares do not: the two conditions under which stochastic
    gradient descent settles in spite of the noise. After 1/decay steps the rate is half.

    >>> InverseTime(1.0, decay=0.5)(np.array([0, 2, 18]))
    array([1. , 0.5, 0.1])

    Source: Robbins and Monro 1951, "A stochastic approximation method".
    """

    learning_rate: float
    decay: float = 0.01

    def __post_init__(self) -> None:
        _require(self.learning_rate >= 0, "InverseTime: learning_rate must not be negative")
        _require(self.decay >= 0, "InverseTime: decay must not be negative")

    def __call__(self, step: ArrayLike) -> Rate:
        return self.learning_rate / (1 + self.decay * np.asarray(step))


@dataclass(frozen=True)
class Exponential:
    """Multiply the learning rate by `factor` at every step.

    Rule: rate = learning_rate * factor**step

    The rates sum to learning_rate / (1 - factor) only, so that with bounded gradients the weights
    can't go farther than that: too fast a decay stops short of the minimum.

    >>> Exponential(1.0, factor=0.5)(np.arange(4))
    array([1.   , 0.5  , 0.25 , 0.125])
    """

    learning_rate: float
    factor: float = 0.99

    def __post_init__(self) -> None:
        _require(self.learning_rate >= 0, "Exponential: learning_rate must not be negative")
        _require(0 < self.factor <= 1, "Exponential: factor must lie in (0, 1]")

    def __call__(self, step: ArrayLike) -> Rate:
        return self.learning_rate * self.factor ** np.asarray(step)


@dataclass(frozen=True)
class Cosine:
    """Half a cosine from `learning_rate` down to `final` over `steps` steps, then flat.

    Rule: rate = final + (learning_rate - final) * (1 + cos(pi * min(step, steps) / steps)) / 2

    >>> Cosine(1.0, steps=4)(np.array([0, 2, 4, 9])).round(6)
    array([1. , 0.5, 0. , 0. ])

    Source: Loshchilov and Hutter 2017, "SGDR: stochastic gradient descent with warm restarts"
    (here without the restarts).
    """

    learning_rate: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        _require(self.learning_rate >= 0, "Cosine: learning_rate must not be negative")
        _require(self.final >= 0, "Cosine: final must not be negative")
        _require(self.steps >= 1, "Cosine: steps must be at least 1")

    def __call__(self, step: ArrayLike) -> Rate:
        share = np.minimum(step, self.steps) / self.steps
        return self.final + (self.learning_rate - self.final) * (1 + np.cos(np.pi * share)) / 2


@dataclass(frozen=True)
class Warmup:
    """Linear warm-up over `steps` steps, then another schedule from its beginning.

    Rule: rate = then(0) * (step + 1) / steps    while step < steps
          rate = then(step - steps)              afterwards

    The first step is not wasted on a rate of zero, and the full rate is reached at the last step
    of the warm-up.

    >>> Warmup(4, then=Constant(1.0))(np.arange(6))
    array([0.25, 0.5 , 0.75, 1.  , 1.  , 1.  ])

    Source: Goyal et al. 2017, "Accurate, large minibatch SGD: training ImageNet in 1 hour".
    """

    steps: int
    then: Schedule

    def __post_init__(self) -> None:
        _require(self.steps >= 1, "Warmup: steps must be at least 1")

    def __call__(self, step: ArrayLike) -> Rate:
        step = np.asarray(step)
        rising = self.then(0) * (step + 1) / self.steps
        return np.where(step < self.steps, rising, self.then(np.maximum(step - self.steps, 0)))
