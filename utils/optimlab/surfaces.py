"""Losses small enough to look at, each with its gradient and its minima.

A point is an array whose *last* axis holds the coordinates; all the axes before it are a batch.
`loss` takes shape (..., d) to shape (...), `gradient` takes shape (..., d) to shape (..., d), so a
surface is drawn, and a thousand balls are rolled, in one call. Coordinates and losses have no unit.

>>> import numpy as np
>>> ravine.loss(np.zeros((100, 100, 2))).shape
(100, 100)
>>> list(SURFACES)[:5]
['bowl', 'ravine', 'double well', 'saddle', 'Rosenbrock']
>>> list(SURFACES)[5:]
['Beale', 'Himmelblau', 'Rastrigin', 'plateau']
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from optimlab.datasets import Examples
from optimlab.networks import MLP

__all__ = [
    "Surface", "SURFACES", "quadratic", "bowl", "ravine", "double_well", "saddle", "rosenbrock",
    "beale", "himmelblau", "rastrigin", "plateau", "of_network", "slice_through",
]


@dataclass(frozen=True, eq=False)
class Surface:
    """A loss with its gradient, and where to look at it.

    `name`      what to call it in a title
    `loss`      w of shape (..., d) -> shape (...)
    `gradient`  w of shape (..., d) -> shape (..., d)
    `domain`    shape (d, 2): the lower and the upper end of each coordinate in a picture
    `start`     shape (d,): where a descent starts
    `minima`    shape (k, d): known minima, the global one (or ones) first; k may be 0

    The three arrays are read-only. Raises ValueError when their shapes do not fit together.

    >>> Surface("quartic", lambda w: w[..., 0]**4, lambda w: 4 * w**3,
    ...         domain=[(-1, 1)], start=[0.9], minima=[[0.0]]).dimensions
    1
    """

    name: str
    loss: Callable[[ArrayLike], np.ndarray]
    gradient: Callable[[ArrayLike], np.ndarray]
    domain: ArrayLike
    start: ArrayLike
    minima: ArrayLike

    def __post_init__(self) -> None:
        start = np.array(self.start, dtype=float)
        domain = np.array(self.domain, dtype=float)
        minima = np.array(self.minima, dtype=float)
        if domain.shape != (start.size, 2) or minima.shape[1:] != (start.size,):
            raise ValueError(f"{self.name}: start {start.shape}, domain {domain.shape} and minima "
                             f"{minima.shape} should be (d,), (d, 2) and (k, d)")
        for name, array in (("start", start), ("domain", domain), ("minima", minima)):
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    @property
    def dimensions(self) -> int:
        """The number of coordinates, d."""
        return self.start.size


def _coordinates(w: ArrayLike) -> list[np.ndarray]:
    w = np.asarray(w, dtype=float)
    return [w[..., k] for k in range(w.shape[-1])]


def quadratic(curvatures: ArrayLike, name: str = "quadratic", start: ArrayLike | None = None) -> Surface:
    """A bowl with the given curvature along each coordinate.

    Rule: loss = sum over i of curvatures[i] * w[i]**2 / 2, gradient[i] = curvatures[i] * w[i]

    `curvatures`: shape (d,), all positive. Gradient descent is stable below learning rate
    2 / max(curvatures); the condition number is max / min. Starts at (-5, -2, -2, ...) unless told.
    Raises ValueError when a curvature is not positive.

    >>> quadratic([1.0, 25.0]).gradient(np.array([3.0, 2.0]))
    array([ 3., 50.])
    """
    curvatures = np.array(curvatures, dtype=float)
    if curvatures.ndim != 1 or not np.all(curvatures > 0):
        raise ValueError(f"curvatures must be positive, one for each coordinate, got {curvatures}")
    d = curvatures.size
    return Surface(
        name=name,
        loss=lambda w: (curvatures * np.square(w)).sum(axis=-1) / 2,
        gradient=lambda w: curvatures * np.asarray(w),
        domain=[(-6.0, 6.0)] + [(-3.0, 3.0)] * (d - 1),
        start=[-5.0] + [-2.0] * (d - 1) if start is None else start,
        minima=np.zeros((1, d)),
    )


def of_network(network: MLP, data: Examples, start: ArrayLike, block: int = 128) -> Surface:
    """The loss of a network on data, as a surface with as many coordinates as it has parameters.

    `network`: such as `networks.MLP`. `data`: `datasets.Examples`. `start`: shape (size,), the
    parameters a descent starts from; the domain is one unit around them. No minima are known.
    `block`: how many examples are taken at a time.

    >>> from optimlab.datasets import two_moons
    >>> from optimlab.networks import MLP
    >>> surface = of_network(MLP((2, 3, 1)), two_moons(np.random.default_rng(0)), np.zeros(13))
    >>> surface.dimensions, round(float(surface.loss(surface.start)), 4)        # ln 2
    (13, 0.6931)
    """
    # Products of larger matrices are spread over threads, which wait for each other on a busy machine.
    m = data.labels.size
    parts = [(np.ascontiguousarray(data.X[:, begin:begin + block]), data.Y[:, begin:begin + block])
             for begin in range(0, m, block)]

    def mean(function, w):
        w = np.asarray(w, dtype=float)
        return sum(function(w, X, Y) * (Y.shape[1] / m) for X, Y in parts)

    return Surface(
        name=f"{network.size} parameters",
        loss=lambda w: mean(network.loss, w),
        gradient=lambda w: mean(network.gradient, w),
        domain=np.stack([np.subtract(start, 1.0), np.add(start, 1.0)], axis=-1),
        start=start,
        minima=np.zeros((0, np.size(start))),
    )


def slice_through(surface: Surface, w: ArrayLike, directions: ArrayLike, domain: ArrayLike, start: ArrayLike,
                  name: str = "slice", block: int = 8) -> Surface:
    """What is left of a surface when a point may move along a few directions only.

    Rule: loss(a) = surface.loss(w + sum over k of a[k] * directions[k])
          gradient(a)[k] = directions[k] . surface.gradient(the same point)

    `w`: shape (D,), a point of the surface, where a = 0. `directions`: shape (d, D). A direction
    with a single 1 is one real weight, and its coordinate is how far that weight is from w.
    `domain` (d, 2) and `start` (d,): in the coordinates a. `block`: how many points are taken at a
    time, so that a picture of 1681 points of a network needs the memory of 8.

    A descent on the slice is a training in which everything else is frozen: its path lies in the
    picture. The path of a descent on the whole surface does not.

    >>> valley = slice_through(rosenbrock, w=[1.0, 1.0], directions=[[1.0, 0.0]], domain=[(-2, 2)], start=[-1])
    >>> valley.loss(np.array([0.0])), valley.gradient(np.array([1.0]))
    (np.float64(0.0), array([2402.]))

    Source: Li, Xu, Taylor, Studer and Goldstein 2018, "Visualizing the loss landscape of neural nets".
    """
    w, directions = np.asarray(w, dtype=float), np.asarray(directions, dtype=float)

    def in_blocks(function, a):
        a = np.asarray(a, dtype=float)
        flat = a.reshape(-1, len(directions))
        parts = [function(w + flat[begin:begin + block] @ directions) for begin in range(0, len(flat), block)]
        return np.concatenate(parts).reshape(a.shape[:-1] + parts[0].shape[1:])[()]

    return Surface(
        name=name,
        loss=lambda a: in_blocks(surface.loss, a),
        gradient=lambda a: in_blocks(lambda points: surface.gradient(points) @ directions.T, a),
        domain=domain, start=start, minima=np.zeros((0, len(directions))),
    )


def _double_well_loss(w: ArrayLike) -> np.ndarray:
    (w,) = _coordinates(w)
    return w**4 / 4 - w**2 / 2 + 0.2 * w


def _double_well_gradient(w: ArrayLike) -> np.ndarray:
    w = np.asarray(w, dtype=float)
    return w**3 - w + 0.2


def _saddle_loss(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return x**2 / 2 - y**2 / 2 + y**4 / 4


def _saddle_gradient(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return np.stack([x, y**3 - y], axis=-1)


def _rosenbrock_loss(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return (1 - x)**2 + 100 * (y - x**2)**2


def _rosenbrock_gradient(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return np.stack([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)], axis=-1)


def _beale_loss(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return (1.5 - x + x * y)**2 + (2.25 - x + x * y**2)**2 + (2.625 - x + x * y**3)**2


def _beale_gradient(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    a, b, c = 1.5 - x + x * y, 2.25 - x + x * y**2, 2.625 - x + x * y**3
    return np.stack([2 * (a * (y - 1) + b * (y**2 - 1) + c * (y**3 - 1)),
                     2 * x * (a + 2 * b * y + 3 * c * y**2)], axis=-1)


def _himmelblau_loss(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    return (x**2 + y - 11)**2 + (x + y**2 - 7)**2


def _himmelblau_gradient(w: ArrayLike) -> np.ndarray:
    x, y = _coordinates(w)
    a, b = x**2 + y - 11, x + y**2 - 7
    return np.stack([4 * x * a + 2 * b, 2 * a + 4 * y * b], axis=-1)


def _rastrigin_loss(w: ArrayLike) -> np.ndarray:
    w = np.asarray(w, dtype=float)
    return (10 + w**2 - 10 * np.cos(2 * np.pi * w)).sum(axis=-1)


def _rastrigin_gradient(w: ArrayLike) -> np.ndarray:
    w = np.asarray(w, dtype=float)
    return 2 * w + 20 * np.pi * np.sin(2 * np.pi * w)


def _plateau_loss(w: ArrayLike) -> np.ndarray:
    return -np.expm1(-np.square(w).sum(axis=-1) / 2)


def _plateau_gradient(w: ArrayLike) -> np.ndarray:
    w = np.asarray(w, dtype=float)
    return w * np.exp(-np.square(w).sum(axis=-1, keepdims=True) / 2)


# The same curvature both ways: gradient descent goes straight to the middle.
bowl = quadratic((1.0, 1.0), name="bowl")

# Condition number 25: stable below learning rate 0.5, and then slow along the floor.
ravine = quadratic((0.16, 4.0), name="ravine")

double_well = Surface(
    name="double well",
    loss=_double_well_loss,
    gradient=_double_well_gradient,
    domain=[(-2.0, 2.0)],
    start=[1.5],
    minima=[[-1.0880339146912905], [0.8788850662499734]],
)

# x**2/2 - y**2/2 alone is unbounded below; the y**4/4 catches what slides off the saddle at (0, 0).
saddle = Surface(
    name="saddle",
    loss=_saddle_loss,
    gradient=_saddle_gradient,
    domain=[(-2.0, 2.0), (-1.75, 1.75)],
    start=[-1.5, 0.01],
    minima=[[0.0, 1.0], [0.0, -1.0]],
)

# Rosenbrock 1960, "An automatic method for finding the greatest or least value of a function".
rosenbrock = Surface(
    name="Rosenbrock",
    loss=_rosenbrock_loss,
    gradient=_rosenbrock_gradient,
    domain=[(-2.0, 2.0), (-1.0, 3.0)],
    start=[-1.2, 1.0],
    minima=[[1.0, 1.0]],
)

beale = Surface(
    name="Beale",
    loss=_beale_loss,
    gradient=_beale_gradient,
    domain=[(-4.5, 4.5), (-4.5, 4.5)],
    start=[1.0, 1.0],
    minima=[[3.0, 0.5]],
)

himmelblau = Surface(
    name="Himmelblau",
    loss=_himmelblau_loss,
    gradient=_himmelblau_gradient,
    domain=[(-6.0, 6.0), (-6.0, 6.0)],
    start=[0.0, 0.0],
    minima=[[3.0, 2.0],
            [-2.805118086952745, 3.131312518250573],
            [-3.779310253377747, -3.283185991286169],
            [3.5844283403304917, -1.8481265269644034]],
)

# Only the global minimum is listed; there is a local one near every other pair of whole numbers.
rastrigin = Surface(
    name="Rastrigin",
    loss=_rastrigin_loss,
    gradient=_rastrigin_gradient,
    domain=[(-5.12, 5.12), (-5.12, 5.12)],
    start=[-3.3, 2.4],
    minima=[[0.0, 0.0]],
)

# A hole in flat land: at the start the gradient is below 0.01, though the loss is almost 1.
plateau = Surface(
    name="plateau",
    loss=_plateau_loss,
    gradient=_plateau_gradient,
    domain=[(-4.0, 4.0), (-4.0, 4.0)],
    start=[-3.0, 2.0],
    minima=[[0.0, 0.0]],
)

SURFACES = {surface.name: surface for surface in (
    bowl, ravine, double_well, saddle, rosenbrock, beale, himmelblau, rastrigin, plateau)}
