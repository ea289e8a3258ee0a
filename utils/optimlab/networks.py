"""A fully connected network whose parameters are one flat vector with named views into it.

An optimizer moves one array; a reader wants `W1` and `b1`. Both get what they want: `w` is a flat
float64 vector, and `network.views(w)` hands out its parts, in the order W1, b1, W2, b2, ...,
without copying. The gradient is laid out alike:

>>> import numpy as np
>>> network = MLP((2, 3, 1))
>>> w = network.init(np.random.default_rng(0))
>>> X, Y = np.array([[0., 1., 1.], [1., 0., 1.]]), np.array([[1., 1., 0.]])
>>> loss, dw = network.loss_and_gradient(w, X, Y)
>>> dW1, db1, dW2, db2 = network.views(dw).values()
>>> dW1.shape, db1.shape, dW2.shape, db2.shape
((3, 2), (3, 1), (1, 3), (1, 1))

Shapes are the slides': examples are columns, X is (n_x, m), W1 is (n_h, n_x), b1 is (n_h, 1).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["MLP"]

HIDDEN = ("tanh", "relu")
OUTPUTS = ("sigmoid", "softmax")


@dataclass(frozen=True)
class MLP:
    """A multilayer perceptron and the mean cross-entropy of its predictions.

    Rule: A0 = X,  Z[l] = W[l] @ A[l-1] + b[l],  A[l] = hidden(Z[l]),  A[last] = output(Z[last])

    `sizes`: (n_x, n_h, ..., n_y), the number of units in each layer, at least two layers.
    `hidden`: "tanh" or "relu". `output`: "sigmoid" with binary cross-entropy (each row of Y
    is a yes or no of its own) or "softmax" with cross-entropy (each column of Y sums to 1).

    Shapes: w (size,), X (n_x, m), Y (n_y, m). w may also have axes in front, (..., size): then
    there is a network for each, and losses and gradients have these axes too.

    Raises ValueError when a size, an activation, or the length of w is not as described.

    >>> network = MLP((64, 32, 10), output="softmax")
    >>> network.size, network.shapes
    (2410, {'W1': (32, 64), 'b1': (32, 1), 'W2': (10, 32), 'b2': (10, 1)})

    Source: Rumelhart, Hinton and Williams 1986, "Learning representations by back-propagating
    errors".
    """

    sizes: tuple[int, ...]
    hidden: str = "tanh"
    output: str = "sigmoid"

    def __post_init__(self) -> None:
        if len(self.sizes) < 2 or min(self.sizes) < 1:
            raise ValueError(f"sizes needs two layers or more, of one unit or more: {self.sizes}")
        if self.hidden not in HIDDEN:
            raise ValueError(f"hidden must be one of {HIDDEN}, got {self.hidden!r}")
        if self.output not in OUTPUTS:
            raise ValueError(f"output must be one of {OUTPUTS}, got {self.output!r}")

    @cached_property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The name and the shape of every parameter array, in their order in w."""
        shapes = {}
        for layer, (n_in, n_out) in enumerate(zip(self.sizes, self.sizes[1:]), start=1):
            shapes[f"W{layer}"] = (n_out, n_in)
            shapes[f"b{layer}"] = (n_out, 1)
        return shapes

    @cached_property
    def size(self) -> int:
        """The number of parameters, the length of w."""
        return sum(prod(shape) for shape in self.shapes.values())

    @cached_property
    def _places(self) -> list[tuple[str, tuple[int, int], slice]]:
        """(name, shape, slice of w) of every parameter array: `views` is called at every step."""
        ends = np.cumsum([prod(shape) for shape in self.shapes.values()]).tolist()
        return [(name, shape, slice(end - prod(shape), end))
                for (name, shape), end in zip(self.shapes.items(), ends)]

    @property
    def layers(self) -> int:
        """The number of layers that have weights."""
        return len(self.sizes) - 1

    def init(self, rng: np.random.Generator) -> np.ndarray:
        """Random weights, normal with variance 1/n_in (tanh) or 2/n_in (relu), and zero biases.

        `rng`: a numpy.random.Generator. Returns w, shape (size,).

        >>> MLP((2, 3, 1)).init(np.random.default_rng(0)).shape
        (13,)

        Sources: LeCun, Bottou, Orr and Mueller 1998, "Efficient backprop" (1/n_in); He, Zhang, Ren
        and Sun 2015, "Delving deep into rectifiers" (2/n_in).
        """
        w = np.zeros(self.size)
        gain = 2 if self.hidden == "relu" else 1
        for name, view in self.views(w).items():
            if name.startswith("W"):
                view[...] = rng.standard_normal(view.shape) * np.sqrt(gain / view.shape[1])
        return w

    def views(self, w: np.ndarray) -> dict[str, np.ndarray]:
        """The parts of w by name: W1, b1, W2, b2, ... Writing to a part writes to w.

        `w`: shape (..., size), parameters or a gradient. Returns a dict of views.

        >>> network = MLP((2, 1))
        >>> w = np.zeros(3)
        >>> network.views(w)["b1"][:] = 7
        >>> w
        array([0., 0., 7.])
        """
        if w.shape[-1:] != (self.size,):
            raise ValueError(f"w must have shape (..., {self.size}), got {w.shape}")
        lead = w.shape[:-1]
        return {name: w[..., place].reshape(lead + shape) for name, shape, place in self._places}

    def flatten(self, parameters: Mapping[str, ArrayLike]) -> np.ndarray:
        """One flat copy of separate arrays; the opposite of `views`.

        `parameters`: a dict that holds W1, b1, ... (others are ignored). Returns w, shape (size,).
        Raises ValueError when an array is missing or has another shape.

        >>> MLP((2, 1)).flatten({"W1": np.array([[1., 2.]]), "b1": np.array([[3.]])})
        array([1., 2., 3.])
        """
        for name, shape in self.shapes.items():
            if np.shape(parameters.get(name)) != shape:
                found = np.shape(parameters[name]) if name in parameters else "nothing"
                raise ValueError(f"{name} must have shape {shape}, got {found}")
        return np.concatenate([np.ravel(parameters[name]) for name in self.shapes]).astype(float)

    def forward(self, w: np.ndarray, X: np.ndarray) -> tuple[list[np.ndarray], np.ndarray]:
        """Every layer's activations, and the last layer's Z.

        Returns (A, Z): A is the list [X, A1, ..., A_last], of shapes (n_l, m); A[-1] holds
        probabilities. Z, shape (n_y, m), is what the output was made from: the loss needs it,
        since log(A[-1]) is -inf where a probability rounds to 0.

        >>> network = MLP((2, 3, 1))
        >>> A, Z = network.forward(np.zeros(13), np.ones((2, 5)))
        >>> [layer.shape for layer in A], float(A[-1][0, 0])
        ([(2, 5), (3, 5), (1, 5)], 0.5)
        """
        parameters = self.views(w)
        A = [X]
        for layer in range(1, self.layers + 1):
            Z = parameters[f"W{layer}"] @ A[-1]
            Z += parameters[f"b{layer}"]
            if layer < self.layers:
                # Nothing needs a hidden Z again, so that its activation may take its place.
                A.append(np.tanh(Z, out=Z) if self.hidden == "tanh" else np.maximum(Z, 0, out=Z))
        A.append(_sigmoid(Z) if self.output == "sigmoid" else _softmax(Z))
        return A, Z

    def backward(self, w: np.ndarray, A: list[np.ndarray], Y: np.ndarray) -> np.ndarray:
        """The gradient of the loss, from the last layer to the first.

        Rule: dZ[last] = (A[last] - Y) / m
              dW[l] = dZ[l] @ A[l-1].T,  db[l] = the sum of dZ[l] over the examples
              dZ[l-1] = (W[l].T @ dZ[l]) * hidden'(Z[l-1])

        The first line holds for both outputs: each is paired with the loss that makes it so.

        `A`: the activations from `forward`. Returns dw, shape (..., size); see `views`.

        >>> network = MLP((1, 1))
        >>> X, Y = np.array([[2.0]]), np.array([[1.0]])
        >>> A, Z = network.forward(np.zeros(2), X)
        >>> network.backward(np.zeros(2), A, Y)
        array([-1. , -0.5])
        """
        dw = np.empty(w.shape)
        parameters, gradients = self.views(w), self.views(dw)
        dZ = A[-1] - Y
        dZ /= Y.shape[-1]
        for layer in range(self.layers, 0, -1):
            np.matmul(dZ, A[layer - 1].mT, out=gradients[f"W{layer}"])
            dZ.sum(axis=-1, keepdims=True, out=gradients[f"b{layer}"])
            if layer > 1:
                dZ = parameters[f"W{layer}"].mT @ dZ
                if self.hidden == "tanh":
                    dZ *= 1 - A[layer - 1]**2
                else:
                    dZ *= A[layer - 1] > 0
        return dw

    def loss(self, w: np.ndarray, X: np.ndarray, Y: np.ndarray) -> float | np.ndarray:
        """The cross-entropy in nats, a mean over the examples; shape (...), a number for one w.

        Rule, sigmoid: the mean over examples of the sum over rows of log(1 + exp(Z)) - Y * Z
        Rule, softmax: the mean over examples of log(sum(exp(Z))) - sum(Y * Z)

        >>> MLP((2, 1)).loss(np.zeros(3), np.ones((2, 4)), np.ones((1, 4))).round(4)  # ln 2
        np.float64(0.6931)
        """
        A, Z = self.forward(w, X)
        return self._loss(A[-1], Z, Y)

    def loss_and_gradient(self, w: np.ndarray, X: np.ndarray,
                          Y: np.ndarray) -> tuple[float | np.ndarray, np.ndarray]:
        """The loss and its gradient dw, shape (..., size), from one forward and one backward pass.

        >>> loss, dw = MLP((1, 1)).loss_and_gradient(np.zeros(2), np.array([[2.]]), np.ones((1, 1)))
        >>> loss.round(4), dw
        (np.float64(0.6931), array([-1. , -0.5]))
        """
        A, Z = self.forward(w, X)
        return self._loss(A[-1], Z, Y), self.backward(w, A, Y)

    def gradient(self, w: np.ndarray, X: np.ndarray, Y: np.ndarray) -> np.ndarray:
        """The gradient alone, shape (..., size): a sixth less work in a training that doesn't watch its loss.

        >>> MLP((1, 1)).gradient(np.zeros(2), np.array([[2.]]), np.ones((1, 1)))
        array([-1. , -0.5])
        """
        return self.backward(w, self.forward(w, X)[0], Y)

    def gradients(self, parameters: Mapping[str, ArrayLike], X: np.ndarray, Y: np.ndarray) -> dict[str, np.ndarray]:
        """The gradient as separate arrays, from separate arrays.

        `parameters`: a dict that holds W1, b1, W2, b2, ... Returns a dict dW1, db1, dW2, db2, ...
        in this order and with the same shapes.

        >>> network = MLP((2, 3, 1))
        >>> parameters = network.views(network.init(np.random.default_rng(0)))
        >>> list(network.gradients(parameters, np.ones((2, 5)), np.ones((1, 5))))
        ['dW1', 'db1', 'dW2', 'db2']
        """
        dw = self.gradient(self.flatten(parameters), X, Y)
        return {f"d{name}": view for name, view in self.views(dw).items()}

    def predict(self, w: np.ndarray, X: np.ndarray) -> np.ndarray:
        """The predicted classes, integers.

        Softmax: the most probable class of each example, shape (m,).
        Sigmoid: 1 where the probability is above a half, else 0; shape (m,) with one output,
        (n_y, m) with more.

        >>> MLP((2, 1)).predict(np.array([1., 0., 0.]), np.array([[-3., 3.], [0., 0.]]))
        array([0, 1])
        """
        return self._classes(self.forward(w, X)[1])

    def loss_and_classes(self, w: np.ndarray, X: np.ndarray,
                         Y: np.ndarray) -> tuple[float | np.ndarray, np.ndarray]:
        """The loss and the predicted classes, as `loss` and `predict` give them, from one forward pass.

        >>> loss, classes = MLP((1, 1)).loss_and_classes(np.ones(2), np.array([[2.]]), np.ones((1, 1)))
        >>> loss.round(4), classes
        (np.float64(0.0486), array([1]))
        """
        A, Z = self.forward(w, X)
        return self._loss(A[-1], Z, Y), self._classes(Z)

    def _classes(self, Z: np.ndarray) -> np.ndarray:
        if self.output == "softmax":
            return Z.argmax(axis=-2)
        classes = (Z > 0).astype(int)
        return classes[..., 0, :] if self.sizes[-1] == 1 else classes

    def _loss(self, A: np.ndarray, Z: np.ndarray, Y: np.ndarray) -> float | np.ndarray:
        if self.output == "sigmoid":
            losses = (np.logaddexp(0, Z) - Y * Z).sum(axis=-2)
        else:
            # log(sum(exp(Z))) is Z - log(A) for every class; for the likeliest A cannot round to 0.
            losses = Z.max(axis=-2) - np.log(A.max(axis=-2)) - (Y * Z).sum(axis=-2)
        return losses.sum(axis=-1) / Y.shape[-1]


def _sigmoid(Z: np.ndarray) -> np.ndarray:
    # tanh saturates where exp(-Z) would overflow.
    return 0.5 * (1 + np.tanh(0.5 * Z))


def _softmax(Z: np.ndarray) -> np.ndarray:
    # The largest exponent is 0, so that nothing overflows; the result is the same.
    A = np.exp(Z - Z.max(axis=-2, keepdims=True))
    A /= A.sum(axis=-2, keepdims=True)
    return A
