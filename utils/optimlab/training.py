"""Putting an optimizer to work: on a surface one can look at, and on a network with real data.

Randomness comes from the `rng` (a numpy.random.Generator) that is passed, and only from it.
"""

from dataclasses import replace
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from optimlab.datasets import Examples
from optimlab.networks import MLP
from optimlab.optimizers import Optimizer, learned
from optimlab.schedules import Schedule
from optimlab.surfaces import Surface

__all__ = ["Trace", "History", "mini_batches", "descend", "fit", "measure", "progress_bar"]


class Trace(NamedTuple):
    """The path of a descent: `points` (steps + 1, ..., d) and `losses` (steps + 1, ...).

    `points[0]` and `losses[0]` are those of the start. The axes between the first and the last are those
    of a batch: a sweep over learning rates, or balls with different starts.
    """
    points: np.ndarray
    losses: np.ndarray


class History(NamedTuple):
    """What happened in a training.

    `w`              shape (size,): the parameters at the end
    `step_losses`    shape (steps,): loss of each mini-batch, just before its update
    `epoch_losses`   shape (epochs,): loss on all the training data at the end of each epoch
    `accuracy`       shape (epochs,): share of the training examples classified correctly, 0 .. 1
    `test_accuracy`  shape (epochs,), or None when there was no test data
    `seconds`        shape (epochs,): time spent on the updates of each epoch, without the measuring
    `stopped`        "" after a full training; else one sentence that says where and why it stopped

    When it stopped early the arrays are shorter than planned; the last loss is the one that was
    not finite.
    """
    w: np.ndarray
    step_losses: np.ndarray
    epoch_losses: np.ndarray
    accuracy: np.ndarray
    test_accuracy: np.ndarray | None
    seconds: np.ndarray
    stopped: str


def mini_batches(rng: np.random.Generator, m: int, batch_size: int) -> list[np.ndarray]:
    """Part m examples at random into mini-batches; the last one is short when m doesn't divide.

    Returns a list of index arrays, each index 0 .. m-1 once: `X[:, batch]` is a mini-batch.
    Raises ValueError when m or batch_size is less than 1.

    >>> [batch.size for batch in mini_batches(np.random.default_rng(0), m=10, batch_size=4)]
    [4, 4, 2]
    """
    if m < 1 or batch_size < 1:
        raise ValueError(f"m and batch_size must be at least 1, got {m} and {batch_size}")
    order = rng.permutation(m)
    return [order[begin:begin + batch_size] for begin in range(0, m, batch_size)]


def descend(surface: Surface, optimizer: Optimizer, start: ArrayLike, steps: int, schedule: Schedule | None = None,
            noise: float = 0.0, rng: np.random.Generator | None = None) -> Trace:
    """Let an optimizer run down a surface and keep its path.

    `start`: shape (..., d). Axes in front are a batch of balls; hyperparameters that are arrays
    broadcast against it, so that a learning rate of shape (400, 1) gives 400 paths from one start.
    `schedule`: see `schedules`; it then decides the learning rate. `noise`: the standard deviation
    of the normal noise added to each element of the gradient, which makes it a stochastic one.
    Returns `Trace`. A descent that diverges is kept as it is: inf and nan are its result.

    Raises ValueError when steps is negative, when start has the wrong number of coordinates, or
    when there is noise and no rng.

    >>> from optimlab.optimizers import GradientDescent
    >>> from optimlab.surfaces import bowl
    >>> trace = descend(bowl, GradientDescent(learning_rate=0.5), start=[4.0, 2.0], steps=2)
    >>> trace.points
    array([[4. , 2. ],
           [2. , 1. ],
           [1. , 0.5]])
    >>> trace.losses
    array([10.   ,  2.5  ,  0.625])
    >>> rates = np.array([[0.1], [0.5], [2.5]])
    >>> descend(bowl, GradientDescent(rates), [4.0, 2.0], steps=100).points.shape
    (101, 3, 2)
    """
    w = np.asarray(start, dtype=float)
    if w.shape[-1:] != (surface.dimensions,):
        raise ValueError(f"{surface.name} has {surface.dimensions} coordinates: start must have "
                         f"shape (..., {surface.dimensions}), got {w.shape}")
    if steps < 0:
        raise ValueError(f"steps must not be negative, got {steps}")
    if noise and rng is None:
        raise ValueError("noise needs an rng, such as numpy.random.default_rng(0)")

    state = optimizer.init(w)
    points = [w]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            dw = surface.gradient(w)
            if noise:
                dw = dw + noise * rng.standard_normal(dw.shape)
            w, state = _scheduled(optimizer, schedule, state).step(w, dw, state)
            points.append(w)
        # A sweep has its full shape only after the first step; the start is shared until then.
        points[0] = np.broadcast_to(points[0], w.shape)
        points = np.stack(points)
        return Trace(points, surface.loss(points))


def fit(network: MLP, data: Examples, optimizer: Optimizer, batch_size: int, epochs: int, rng: np.random.Generator,
        progress: bool = True, schedule: Schedule | None = None, test: Examples | None = None,
        w: ArrayLike | None = None) -> History:
    """Train a network on mini-batches.

    `network`: such as `networks.MLP`. `data`: `datasets.Examples`, X (n_x, m), Y (n_y, m).
    `rng` draws the first weights and then shuffles each epoch. `progress`: show a bar, and say so
    when training stops early. `schedule`: see `schedules`; it then decides the learning rate.
    `test`: Examples to measure the accuracy on after each epoch. `w`: weights to start from
    instead of random ones; they are not changed.

    Returns `History`. Training stops at the first loss that is not finite; `History.stopped`
    then says where. One training at a time: hyperparameters are numbers here, not arrays.
    Raises ValueError when epochs is negative, batch_size is less than 1, or learning_rate an array.

    >>> from optimlab.datasets import two_moons
    >>> from optimlab.networks import MLP
    >>> from optimlab.optimizers import Adam
    >>> rng = np.random.default_rng(0)
    >>> history = fit(MLP((2, 8, 1)), two_moons(rng), Adam(learning_rate=0.03), batch_size=50,
    ...               epochs=40, rng=rng, progress=False)
    >>> history.step_losses.shape, history.epoch_losses.shape, bool(history.accuracy[-1] > 0.9)
    ((320,), (40,), True)
    """
    if epochs < 0:
        raise ValueError(f"epochs must not be negative, got {epochs}")
    if np.ndim(getattr(optimizer, "learning_rate", 0)) > 0:
        raise ValueError("fit trains one network at a time: learning_rate must be one number")
    w = network.init(rng) if w is None else np.array(w, dtype=float)
    state = optimizer.init(w)
    step_losses, epoch_losses, accuracy, test_accuracy, seconds = [], [], [], [], []
    stopped = ""
    # Examples next to each other in memory: a mini-batch is then gathered in whole columns.
    data = data._replace(X=np.asfortranarray(data.X), Y=np.asfortranarray(data.Y))

    with np.errstate(over="ignore", invalid="ignore"), progress_bar(epochs, "epoch", progress) as bar:
        for epoch in range(epochs):
            begin = perf_counter()
            for batch in mini_batches(rng, data.labels.size, batch_size):
                X, Y = data.X[:, batch], data.Y[:, batch]
                loss, dw = network.loss_and_gradient(w, X, Y)
                step_losses.append(loss)
                if not np.isfinite(loss):
                    break
                w, state = _scheduled(optimizer, schedule, state).step(w, dw, state)
            seconds.append(perf_counter() - begin)

            epoch_loss, share_right = measure(network, learned(w, state), data)
            epoch_losses.append(epoch_loss)
            accuracy.append(share_right)
            if test is not None:
                test_accuracy.append(measure(network, learned(w, state), test)[1])
            bar.set_postfix(loss=f"{epoch_loss:.4g}", accuracy=f"{share_right:.3f}")
            bar.update()
            if not (np.isfinite(loss) and np.isfinite(epoch_loss)):
                stopped = (f"stopped in epoch {epoch + 1}, after {state.t} steps: the loss is "
                           "not finite; a smaller learning rate may help")
                if progress:
                    bar.write(stopped)
                break

    return History(learned(w, state), np.array(step_losses), np.array(epoch_losses), np.array(accuracy),
                   None if test is None else np.array(test_accuracy), np.array(seconds), stopped)


def measure(network: MLP, w: np.ndarray, examples: Examples,
            block: int = 128) -> tuple[float | np.ndarray, float | np.ndarray]:
    """The mean loss over all examples, and the share of them that is classified correctly, 0 .. 1.

    w may have axes in front, (..., size): loss and share then have these axes too.

    >>> from optimlab.datasets import two_moons
    >>> from optimlab.networks import MLP
    >>> moons = two_moons(np.random.default_rng(0))
    >>> loss, share_right = measure(MLP((2, 8, 1)), np.zeros((5, 33)), moons)
    >>> loss.shape, share_right.shape
    ((5,), (5,))
    """
    # Products of larger matrices are spread over threads, and on a busy machine of two cores
    # these wait for each other: in blocks, an epoch took a fifth of the time.
    X, Y, labels = examples
    loss = right = 0
    for begin in range(0, labels.size, block):
        part = slice(begin, begin + block)
        part_loss, classes = network.loss_and_classes(w, X[:, part], Y[:, part])
        loss += part_loss * labels[part].size
        right += np.count_nonzero(classes == labels[part], axis=-1)
    return loss / labels.size, right / labels.size


def _scheduled(optimizer: Optimizer, schedule: Schedule | None, state: Any) -> Optimizer:
    if schedule is None:
        return optimizer
    return replace(optimizer, learning_rate=schedule(state.t))


def progress_bar(total: int, unit: str, progress: bool) -> Any:
    """A bar that counts to `total` of `unit`, in a notebook or a terminal; none without `progress`.

    >>> with progress_bar(3, "epoch", progress=False) as bar:
    ...     _ = bar.update()
    """
    from tqdm.auto import tqdm  # only training needs it: the rest works without
    return tqdm(total=total, unit=unit, disable=not progress)
