"""The course's optimizers, each written as its equation.

An optimizer is a frozen dataclass of hyperparameters with two methods:

- `init(w) -> state`: the state before the first step from w.
- `step(w, dw, state) -> (w, state)`: one update from the gradient `dw` at `w`.

Nothing is changed in place: `step` returns a new point and a new state.

Shapes. `w` and `dw` are float arrays of one shape, any shape, and every rule acts on each element
alone, but for Muon's, which is for matrices: the same lines move a ball on a surface and train a
network. A hyperparameter may itself be an array that broadcasts against `w`; a sweep over 400
learning rates is one more axis:

>>> import numpy as np
>>> sweep = GradientDescent(learning_rate=np.geomspace(1e-3, 1, 400)[:, None])
>>> w = np.array([3.0, 4.0])
>>> w, state = sweep.step(w, 2 * w, sweep.init(w))
>>> w.shape
(400, 2)

Letters. `v` is the first moment (the average of gradients), `s` the second moment (the average of
their squares), `t` the number of steps done; the first update uses t = 1. The slides for AdaGrad
and RMSProp call the second moment v; here it is `s` everywhere. `x` is an average of places.

Epsilon is added outside the root, sqrt(s) + epsilon, in all of them. Some of the slides (and some
libraries) print sqrt(s + epsilon) instead: the two differ when gradients are about as small as
sqrt(epsilon) or smaller.

Errors. A hyperparameter outside its range raises ValueError: learning_rate, epsilon and
weight_decay in [0, inf), every beta in [0, 1). Each element of an array is checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any, NamedTuple, Protocol

import numpy as np

Rate = float | np.ndarray


class Optimizer(Protocol):
    """What every optimizer can do, and what `training` and `comparison` ask of one.

    >>> optimizer: Optimizer = GradientDescent(learning_rate=0.5)
    >>> w, state = optimizer.step(np.ones(2), np.ones(2), optimizer.init(np.ones(2)))
    >>> w
    array([0.5, 0.5])
    """

    def init(self, w: np.ndarray) -> Any:
        """The state before the first step from w."""

    def step(self, w: np.ndarray, dw: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        """The point and the state after a step from w, where the gradient is dw."""


class StepCount(NamedTuple):
    """The state of an optimizer without memory: `t` steps done."""
    t: int


class FirstMoment(NamedTuple):
    """The state of an optimizer with a velocity: `t` steps done, `v` shaped like w."""
    t: int
    v: np.ndarray


class SecondMoment(NamedTuple):
    """The state of an optimizer that scales each element: `t` steps done, `s` shaped like w."""
    t: int
    s: np.ndarray


class Moments(NamedTuple):
    """The state of an optimizer with both: `t` steps done, `v` and `s` shaped like w."""
    t: int
    v: np.ndarray
    s: np.ndarray


class MomentsAndMaximum(NamedTuple):
    """The state of AMSGrad: `Moments` and `s_max`, the largest `s` so far, element by element."""
    t: int
    v: np.ndarray
    s: np.ndarray
    s_max: np.ndarray


class Average(NamedTuple):
    """The state of Schedule-Free: `t` steps done, `z` that walks and `x` its mean place, shaped like w."""
    t: int
    z: np.ndarray
    x: np.ndarray


class Parts(NamedTuple):
    """The state of `PartByPart`: `t` steps done, and the state of each part's optimizer by name."""
    t: int
    parts: dict[str, Any]


def _check_hyperparameters(optimizer: Any) -> None:
    for field in fields(optimizer):
        value = np.asarray(getattr(optimizer, field.name))
        upper = 1 if field.name.startswith("beta") else np.inf
        # Written so that nan, for which every comparison is false, is refused too.
        refused = value[~((0 <= value) & (value < upper))]
        if refused.size:
            raise ValueError(f"{type(optimizer).__name__}: {field.name} must lie in "
                             f"[0, {upper}), got {refused[0]}")


@dataclass(frozen=True)
class GradientDescent:
    """Gradient descent: a step against the gradient.

    Rule: w = w - learning_rate * dw

    With dw from one example or from a mini-batch this is stochastic gradient descent: the rule is
    the same, only the gradient is noisy.

    PyTorch: `SGD(lr=learning_rate)`, unchanged.

    >>> optimizer = GradientDescent(learning_rate=0.1)
    >>> w = np.array([1.0, -2.0])
    >>> w, state = optimizer.step(w, np.array([10.0, 0.0]), optimizer.init(w))
    >>> w, state.t
    (array([ 0., -2.]), 1)

    Source: Robbins and Monro 1951, "A stochastic approximation method" (for noisy gradients).
    """

    learning_rate: Rate = 0.01

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> StepCount:
        return StepCount(t=0)

    def step(self, w: np.ndarray, dw: np.ndarray, state: StepCount) -> tuple[np.ndarray, StepCount]:
        t = state.t + 1
        w = w - self.learning_rate * dw
        return w, StepCount(t)


@dataclass(frozen=True)
class Momentum:
    """Momentum: a step along an exponentially weighted average of the gradients.

    Rule: v = beta * v + (1 - beta) * dw
          w = w - learning_rate * v

    This is the slides' form: v is an *average* of gradients. In the other common form v is a
    *sum*, v = beta * v + dw, as in Polyak's heavy ball and in PyTorch. The paths are equal
    when learning_rate_sum = (1 - beta) * learning_rate; then v_sum = v / (1 - beta). So at beta =
    0.9 one and the same number for the rate means ten times longer steps in the sum form.

    PyTorch: `SGD(lr=(1 - beta) * learning_rate, momentum=beta)`. Its `dampening=beta` is not the
    slides' form: it leaves out the factor 1 - beta in the first step.

    >>> optimizer = Momentum(learning_rate=1.0, beta=0.9)
    >>> w = np.array([1.0])
    >>> w, state = optimizer.step(w, np.array([2.0]), optimizer.init(w))
    >>> w.round(3), state.v.round(3)
    (array([0.8]), array([0.2]))

    Source: Polyak 1964, "Some methods of speeding up the convergence of iteration methods".
    """

    learning_rate: Rate = 0.01
    beta: Rate = 0.9

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> FirstMoment:
        return FirstMoment(t=0, v=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: FirstMoment) -> tuple[np.ndarray, FirstMoment]:
        t = state.t + 1
        v = self.beta * state.v + (1 - self.beta) * dw
        w = w - self.learning_rate * v
        return w, FirstMoment(t, v)


@dataclass(frozen=True)
class Nesterov:
    """Nesterov's momentum: the velocity is advanced once more before the step is taken.

    Rule: v = beta * v + (1 - beta) * dw
          w = w - learning_rate * (beta * v + (1 - beta) * dw)

    Nesterov evaluates the gradient ahead, at the point that the velocity is about to reach. Here,
    as in PyTorch, w is that look-ahead point itself, so that dw is the gradient at w as for every
    other optimizer. The slides have no Nesterov; v is an average here, as in their `Momentum`.

    PyTorch: `SGD(lr=(1 - beta) * learning_rate, momentum=beta, nesterov=True)`.

    >>> optimizer = Nesterov(learning_rate=1.0, beta=0.9)
    >>> w = np.array([1.0])
    >>> w, state = optimizer.step(w, np.array([2.0]), optimizer.init(w))
    >>> w.round(3), state.v.round(3)
    (array([0.62]), array([0.2]))

    Source: Nesterov 1983, "A method for solving the convex programming problem with convergence
    rate O(1/k^2)", whose factor is no constant but rises from 0 towards 1; written as a kind of
    momentum by Sutskever, Martens, Dahl and Hinton 2013, "On the importance of initialization and
    momentum in deep learning".
    """

    learning_rate: Rate = 0.01
    beta: Rate = 0.9

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> FirstMoment:
        return FirstMoment(t=0, v=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: FirstMoment) -> tuple[np.ndarray, FirstMoment]:
        t = state.t + 1
        v = self.beta * state.v + (1 - self.beta) * dw
        w = w - self.learning_rate * (self.beta * v + (1 - self.beta) * dw)
        return w, FirstMoment(t, v)


@dataclass(frozen=True)
class AdaGrad:
    """AdaGrad: each element's step is divided by the root of all its squared gradients so far.

    Rule: s = s + dw**2
          w = w - learning_rate * dw / (sqrt(s) + epsilon)

    s is a *sum*, it never falls, so that the step shrinks like 1/sqrt(t) under steady gradients.

    PyTorch: `Adagrad(lr=learning_rate, eps=epsilon)`; its own default is eps=1e-10.

    >>> optimizer = AdaGrad(learning_rate=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> w, state = optimizer.step(w, np.array([100.0, 0.01]), optimizer.init(w))
    >>> w.round(3)                      # one step length, whatever the size of the gradient
    array([0.9, 0.9])

    Source: Duchi, Hazan and Singer 2011, "Adaptive subgradient methods for online learning and
    stochastic optimization" (the diagonal form).
    """

    learning_rate: Rate = 0.01
    epsilon: Rate = 1e-8

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> SecondMoment:
        return SecondMoment(t=0, s=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: SecondMoment) -> tuple[np.ndarray, SecondMoment]:
        t = state.t + 1
        s = state.s + dw**2
        w = w - self.learning_rate * dw / (np.sqrt(s) + self.epsilon)
        return w, SecondMoment(t, s)


@dataclass(frozen=True)
class RMSProp:
    """RMSProp: each element's step is divided by the root of its average recent squared gradient.

    Rule: s = beta * s + (1 - beta) * dw**2
          w = w - learning_rate * dw / (sqrt(s) + epsilon)

    s starts at zero and is not corrected for it, so the first step is 1/sqrt(1 - beta) times the
    learning rate: 3.16 times at beta = 0.9.

    PyTorch: `RMSprop(lr=learning_rate, alpha=beta, eps=epsilon)`; its own default is alpha=0.99.
    Libraries disagree on epsilon inside or outside the root; here it is outside, as in PyTorch.

    >>> optimizer = RMSProp(learning_rate=0.1, beta=0.9)
    >>> w = np.array([1.0, 1.0])
    >>> w, state = optimizer.step(w, np.array([100.0, 0.01]), optimizer.init(w))
    >>> w.round(3)
    array([0.684, 0.684])

    Source: Tieleman and Hinton 2012, "Lecture 6.5: rmsprop", Neural Networks for Machine Learning.
    """

    learning_rate: Rate = 0.001
    beta: Rate = 0.9
    epsilon: Rate = 1e-8

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> SecondMoment:
        return SecondMoment(t=0, s=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: SecondMoment) -> tuple[np.ndarray, SecondMoment]:
        t = state.t + 1
        s = self.beta * state.s + (1 - self.beta) * dw**2
        w = w - self.learning_rate * dw / (np.sqrt(s) + self.epsilon)
        return w, SecondMoment(t, s)


@dataclass(frozen=True)
class Adam:
    """Adam: the average gradient over the root of the average squared gradient, both corrected.

    Rule: v = beta1 * v + (1 - beta1) * dw         v_hat = v / (1 - beta1**t)
          s = beta2 * s + (1 - beta2) * dw**2      s_hat = s / (1 - beta2**t)
          w = w - learning_rate * v_hat / (sqrt(s_hat) + epsilon)

    One slide multiplies the update by dw once more. That is a slip: v_hat * dw is mostly positive,
    whatever the sign of the gradient, so that every step goes the same way.
    Epsilon is added after the root of the *corrected* moment, as in the paper's algorithm and in
    PyTorch; adding it to sqrt(s) before correction makes it weigh more in the first steps.

    PyTorch: `Adam(lr=learning_rate, betas=(beta1, beta2), eps=epsilon)`, unchanged.

    >>> optimizer = Adam(learning_rate=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> w, state = optimizer.step(w, np.array([100.0, -0.01]), optimizer.init(w))
    >>> w.round(3), state.t
    (array([0.9, 1.1]), 1)

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization".
    """

    learning_rate: Rate = 0.001
    beta1: Rate = 0.9
    beta2: Rate = 0.999
    epsilon: Rate = 1e-8

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> Moments:
        return Moments(t=0, v=np.zeros(np.shape(w)), s=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        v = self.beta1 * state.v + (1 - self.beta1) * dw
        s = self.beta2 * state.s + (1 - self.beta2) * dw**2
        v_hat = v / (1 - self.beta1**t)
        s_hat = s / (1 - self.beta2**t)
        w = w - self.learning_rate * v_hat / (np.sqrt(s_hat) + self.epsilon)
        return w, Moments(t, v, s)


@dataclass(frozen=True)
class AdamW:
    """AdamW: Adam, and each step also shrinks the weights, past the adaptive scaling.

    Rule: v = beta1 * v + (1 - beta1) * dw         v_hat = v / (1 - beta1**t)
          s = beta2 * s + (1 - beta2) * dw**2      s_hat = s / (1 - beta2**t)
          w = w - learning_rate * (v_hat / (sqrt(s_hat) + epsilon) + weight_decay * w)

    Adding weight_decay * w to dw instead (L2 regularisation) would send the decay through v and s
    and divide it by sqrt(s_hat): weights with large gradients would hardly decay.

    Conventions: here, as in PyTorch, the decay is multiplied by the learning rate. The paper
    multiplies it by its schedule only: weight_decay here = the paper's decay / learning_rate.

    PyTorch: `AdamW(lr=learning_rate, betas=(beta1, beta2), eps=epsilon,
    weight_decay=weight_decay)`, unchanged.

    >>> optimizer = AdamW(learning_rate=0.1, weight_decay=0.5)
    >>> w = np.array([1.0, -1.0])
    >>> w, state = optimizer.step(w, np.zeros(2), optimizer.init(w))
    >>> w
    array([ 0.95, -0.95])

    Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization".
    """

    learning_rate: Rate = 0.001
    beta1: Rate = 0.9
    beta2: Rate = 0.999
    epsilon: Rate = 1e-8
    weight_decay: Rate = 0.01

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> Moments:
        return Moments(t=0, v=np.zeros(np.shape(w)), s=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: Moments) -> tuple[np.ndarray, Moments]:
        t = state.t + 1
        v = self.beta1 * state.v + (1 - self.beta1) * dw
        s = self.beta2 * state.s + (1 - self.beta2) * dw**2
        v_hat = v / (1 - self.beta1**t)
        s_hat = s / (1 - self.beta2**t)
        w = w - self.learning_rate * (v_hat / (np.sqrt(s_hat) + self.epsilon)
                                      + self.weight_decay * w)
        return w, Moments(t, v, s)


@dataclass(frozen=True)
class AMSGrad:
    """AMSGrad: Adam that divides by the largest second moment so far, which never forgets.

    Rule: v = beta1 * v + (1 - beta1) * dw         v_hat = v / (1 - beta1**t)
          s = beta2 * s + (1 - beta2) * dw**2
          s_max = maximum(s_max, s)                s_hat = s_max / (1 - beta2**t)
          w = w - learning_rate * v_hat / (sqrt(s_hat) + epsilon)

    Conventions: the paper corrects neither moment. Here, as in PyTorch, both are corrected, and
    the maximum is taken of `s` *before* its correction; optax takes it after. So with a
    correction the step size may still grow in the first steps, while 1 - beta2**t grows.

    PyTorch: `Adam(lr=learning_rate, betas=(beta1, beta2), eps=epsilon, amsgrad=True)`, unchanged.

    >>> optimizer = AMSGrad(learning_rate=0.1, beta2=0.5)
    >>> w = np.array([1.0])
    >>> state = optimizer.init(w)
    >>> for dw in (8.0, 0.0, 0.0):
    ...     w, state = optimizer.step(w, np.array([dw]), state)
    >>> state.s, state.s_max            # s forgets the large gradient, s_max does not
    (array([8.]), array([32.]))

    Source: Reddi, Kale and Kumar 2018, "On the convergence of Adam and beyond".
    """

    learning_rate: Rate = 0.001
    beta1: Rate = 0.9
    beta2: Rate = 0.999
    epsilon: Rate = 1e-8

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> MomentsAndMaximum:
        zeros = np.zeros(np.shape(w))
        return MomentsAndMaximum(t=0, v=zeros, s=zeros, s_max=zeros)

    def step(self, w: np.ndarray, dw: np.ndarray, state: MomentsAndMaximum) -> tuple[np.ndarray, MomentsAndMaximum]:
        t = state.t + 1
        v = self.beta1 * state.v + (1 - self.beta1) * dw
        s = self.beta2 * state.s + (1 - self.beta2) * dw**2
        s_max = np.maximum(state.s_max, s)
        v_hat = v / (1 - self.beta1**t)
        s_hat = s_max / (1 - self.beta2**t)
        w = w - self.learning_rate * v_hat / (np.sqrt(s_hat) + self.epsilon)
        return w, MomentsAndMaximum(t, v, s, s_max)


@dataclass(frozen=True)
class Lion:
    """Lion: every weight takes the same step, against the sign of a moving average.

    Rule: w = w - learning_rate * (sign(beta1 * v + (1 - beta1) * dw) + weight_decay * w)
          v = beta2 * v + (1 - beta2) * dw

    One array of memory. The sign is of a short mixture, with beta1; what is kept is a longer one, with
    beta2. As no step is ever shorter than the learning rate, it wants a smaller one than Adam, and a
    larger weight_decay with it: it is their product that pulls.

    Not in PyTorch; `lion-pytorch` has `Lion(lr=learning_rate, betas=(beta1, beta2),
    weight_decay=weight_decay)`, unchanged.

    >>> optimizer = Lion(learning_rate=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> w, state = optimizer.step(w, np.array([100.0, -0.01]), optimizer.init(w))
    >>> w, state.v
    (array([0.9, 1.1]), array([ 1.e+00, -1.e-04]))

    Source: Chen et al. 2023, "Symbolic discovery of optimization algorithms".
    """

    learning_rate: Rate = 0.0001
    beta1: Rate = 0.9
    beta2: Rate = 0.99
    weight_decay: Rate = 0.0

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> FirstMoment:
        return FirstMoment(t=0, v=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: FirstMoment) -> tuple[np.ndarray, FirstMoment]:
        t = state.t + 1
        direction = np.sign(self.beta1 * state.v + (1 - self.beta1) * dw)
        w = w - self.learning_rate * (direction + self.weight_decay * w)
        v = self.beta2 * state.v + (1 - self.beta2) * dw
        return w, FirstMoment(t, v)


@dataclass(frozen=True)
class ScheduleFree:
    """Schedule-Free gradient descent: a plain average in place of a falling learning rate.

    Rule: z = z - learning_rate * dw
          x = (1 - 1/t) * x + (1/t) * z
          w = (1 - beta) * z + beta * x

    z walks as gradient descent does, and x is the mean of all its places so far. The gradient is taken
    at w, between the two. **What was learned is x**: the state holds it, and `learned` hands it out.

    Conventions: the authors' package moves `parameters` from w to x and back, by `optimizer.eval()`
    and `optimizer.train()`. With a warm-up it weighs each z by the square of its learning rate; here
    the rate is constant, and all count the same.

    Not in PyTorch; `schedulefree` has `SGDScheduleFree(lr=learning_rate, momentum=beta)`, unchanged,
    and an AdamW, whose z walks as AdamW with beta1=0 does, but for its decay, which is taken at w.

    >>> optimizer = ScheduleFree(learning_rate=1.0, beta=0.5)
    >>> w = np.array([4.0])
    >>> state = optimizer.init(w)
    >>> for dw in (2.0, 1.0):
    ...     w, state = optimizer.step(w, np.array([dw]), state)
    >>> state.z, state.x, w
    (array([1.]), array([1.5]), array([1.25]))

    Source: Defazio et al. 2024, "The road less scheduled".
    """

    learning_rate: Rate = 1.0
    beta: Rate = 0.9

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> Average:
        return Average(t=0, z=np.array(w, dtype=float), x=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: Average) -> tuple[np.ndarray, Average]:
        t = state.t + 1
        z = state.z - self.learning_rate * dw
        x = (1 - 1 / t) * state.x + (1 / t) * z
        w = (1 - self.beta) * z + self.beta * x
        return w, Average(t, z, x)


@dataclass(frozen=True)
class Muon:
    """Muon: momentum whose every direction is made equally long. For matrices alone.

    Rule: v = beta * v + (1 - beta) * dw
          w = w - learning_rate * (sqrt(max(1, rows/columns)) * orthogonalized(beta * v + (1 - beta) * dw)
                                   + weight_decay * w)

    The last two axes of w are the rows and columns of a matrix, axes in front are matrices side by
    side; so a learning rate that sweeps has the shape (rates, 1, 1). Its authors give it the matrices
    between hidden layers, and an Adam all the rest: see `PartByPart`.

    Conventions: v is an average, as in PyTorch; its size is divided out, so that the sum would take the
    same path. The step looks ahead as Nesterov's does. PyTorch orthogonalizes in bfloat16, with 8 bits
    of a number; here all of them are kept, and paths drift apart by some per cent of a step.

    PyTorch: `Muon(lr=learning_rate, momentum=beta, weight_decay=weight_decay)`; its own default is
    weight_decay=0.1.

    >>> optimizer = Muon(learning_rate=0.1)
    >>> w = np.zeros((2, 2))
    >>> w, state = optimizer.step(w, np.diag([100.0, 1.0]), optimizer.init(w))
    >>> w.round(2) + 0.0                # 100 and 1 have become much alike
    array([[-0.07,  0.  ],
           [ 0.  , -0.07]])

    Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks", kellerjordan.github.io.
    """

    learning_rate: Rate = 0.02
    beta: Rate = 0.95
    weight_decay: Rate = 0.0

    __post_init__ = _check_hyperparameters

    def init(self, w: np.ndarray) -> FirstMoment:
        return FirstMoment(t=0, v=np.zeros(np.shape(w)))

    def step(self, w: np.ndarray, dw: np.ndarray, state: FirstMoment) -> tuple[np.ndarray, FirstMoment]:
        t = state.t + 1
        v = self.beta * state.v + (1 - self.beta) * dw
        rows, columns = w.shape[-2:]
        direction = np.sqrt(max(1, rows / columns)) * orthogonalized(self.beta * v + (1 - self.beta) * dw)
        w = w - self.learning_rate * (direction + self.weight_decay * w)
        return w, FirstMoment(t, v)


def orthogonalized(M: np.ndarray, steps: int = 5) -> np.ndarray:
    """A matrix with the singular vectors of M, whose singular values are all near 1.

    Rule: X = M / (the root of the sum of all M**2), and then, `steps` times,
          X = 3.4445 * X + (-4.775 * A + 2.0315 * A @ A) @ X    with A = X @ X.T

    Each step does the same to every singular value s: 3.4445 s - 4.775 s**3 + 2.0315 s**5, which lifts
    small ones more than three times and keeps large ones around 1. Five steps bring all those above
    0.002 to between 0.68 and 1.21, and no nearer to 1 than that: the numbers are chosen for speed.

    M: shape (..., rows, columns). Returns an array of its shape.

    >>> M = np.array([[3.0, 1.0], [0.0, 0.2]])
    >>> np.linalg.svd(M)[1].round(2), np.linalg.svd(orthogonalized(M))[1].round(2)
    (array([3.16, 0.19]), array([1. , 0.7]))

    Source: Jordan et al. 2024, "Muon: an optimizer for hidden layers in neural networks", kellerjordan.github.io.
    """
    X = M / np.maximum(np.sqrt((M**2).sum(axis=(-2, -1), keepdims=True)), 1e-7)
    for _ in range(steps):
        A = X @ X.mT
        X = 3.4445 * X + (-4.775 * A + 2.0315 * A @ A) @ X
    return X


@dataclass(frozen=True)
class Clipped:
    """Another optimizer, whose gradients are clipped: none is longer than `limit`.

    Rule: dw = dw * min(1, limit / the length of dw)

    The length is that of all of dw, the root of the sum of its squares: the direction stays.

    PyTorch: `torch.nn.utils.clip_grad_norm_(parameters, limit)` between `backward` and `step`. It
    divides by the length + 1e-6.

    >>> optimizer = Clipped(GradientDescent(learning_rate=1.0), limit=1.0)
    >>> w = np.zeros(2)
    >>> optimizer.step(w, np.array([30.0, 40.0]), optimizer.init(w))[0]
    array([-0.6, -0.8])

    Source: Pascanu, Mikolov and Bengio 2013, "On the difficulty of training recurrent neural networks".
    """

    optimizer: Optimizer
    limit: float

    def init(self, w: np.ndarray) -> Any:
        return self.optimizer.init(w)

    def step(self, w: np.ndarray, dw: np.ndarray, state: Any) -> tuple[np.ndarray, Any]:
        length = np.sqrt((dw**2).sum())
        if length > self.limit:
            dw = dw * (self.limit / length)
        return self.optimizer.step(w, dw, state)


@dataclass(frozen=True)
class PartByPart:
    """Several optimizers for one w: each part of it has its own.

    views: hands out the parts of w by name, without copying, as `networks.MLP.views` does.
    optimizers: the optimizer of each part, by name.

    >>> def views(w):
    ...     return {"front": w[..., :1], "back": w[..., 1:]}
    >>> both = PartByPart(views, {"front": GradientDescent(1.0), "back": Lion(0.5)})
    >>> w = np.array([3.0, 3.0])
    >>> both.step(w, np.array([2.0, 2.0]), both.init(w))[0]
    array([1. , 2.5])
    """

    views: Callable[[np.ndarray], dict[str, np.ndarray]]
    optimizers: Mapping[str, Optimizer]

    def init(self, w: np.ndarray) -> Parts:
        return Parts(t=0, parts={name: self.optimizers[name].init(part) for name, part in self.views(w).items()})

    def step(self, w: np.ndarray, dw: np.ndarray, state: Parts) -> tuple[np.ndarray, Parts]:
        t = state.t + 1
        gradients, parts = self.views(dw), dict(state.parts)
        w = w.copy()
        for name, part in self.views(w).items():
            part[...], parts[name] = self.optimizers[name].step(part, gradients[name], parts[name])
        return w, Parts(t, parts)


def learned(w: np.ndarray, state: Any) -> np.ndarray:
    """What to use after training: w, or the average that the optimizer keeps for this.

    >>> optimizer = ScheduleFree(1.0)
    >>> w, state = optimizer.step(np.array([4.0]), np.array([2.0]), optimizer.init(np.array([4.0])))
    >>> learned(w, state), learned(w, StepCount(t=1))
    (array([2.]), array([2.]))
    """
    return state.x if isinstance(state, Average) else w


OPTIMIZERS = {optimizer.__name__: optimizer for optimizer in (  # each acts on each element alone: all can be compared
    GradientDescent, Momentum, Nesterov, AdaGrad, RMSProp, Adam, AdamW, AMSGrad, Lion, ScheduleFree,
)}
__all__ = [*OPTIMIZERS, "Muon", "Clipped", "PartByPart", "OPTIMIZERS", "Optimizer", "Rate", "learned", "orthogonalized"]
