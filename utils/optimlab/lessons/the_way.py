"""One network that grows through the course: the digits, trained with the idea of each lesson so far."""

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from optimlab import plots
from optimlab.datasets import digits, split
from optimlab.networks import MLP
from optimlab.optimizers import AdaGrad, Adam, GradientDescent, Momentum, Optimizer, RMSProp
from optimlab.training import measure, mini_batches

__all__ = ["show_the_way"]

READER, EPOCHS, STARTS = MLP((64, 32, 10), output="softmax"), 3, 3
RATES = 10 ** np.arange(-2.5, 1.1, 0.5)[:, None]     # all of them train at once


class Idea(NamedTuple):
    """What a lesson adds to the training.

    `name`       in the chart
    `optimizer`  from the learning rates; None: no training
    `at_once`    whether an epoch is one step with all pictures, and not one for each 32 of them
    `keeps`      β of an average of the weights, which is read in their place; 0: none
    """

    name: str
    optimizer: Callable[[np.ndarray], Optimizer] | None
    at_once: bool = False
    keeps: float = 0.0


IDEAS = {
    "01": Idea("first weights,\nno training", None),
    "02": Idea("gradient\ndescent", GradientDescent, at_once=True),
    "03": Idea("mini-batches", GradientDescent),
    "04": Idea("mini-batches,\nweights averaged", GradientDescent, keeps=0.9),
    "05": Idea("Momentum", Momentum),
    "06": Idea("AdaGrad", AdaGrad),
    "07": Idea("RMSProp", RMSProp),
    "08": Idea("Adam", Adam),
}


@lru_cache
def _judged(number: str) -> np.ndarray:
    """The loss on unseen digits, and the share read correctly, for each start: shape (STARTS, 2).

    Each takes the learning rate whose loss on the digits it has learned from is the lowest.
    """
    idea, found = IDEAS[number], []
    train, test = (part._replace(X=part.X / 16) for part in split(digits(), np.random.default_rng(0)))
    X = np.asfortranarray(train.X)                   # each picture in one piece of memory
    for start in range(STARTS):
        rng = np.random.default_rng(start)
        w = READER.init(rng)
        if idea.optimizer:
            w = _trained(idea, w, X, train.Y, rng)
            losses = measure(READER, w, train)[0]
            w = w[np.where(np.isfinite(losses), losses, np.inf).argmin()]
        found.append(measure(READER, w, test))
    return np.array(found)


def _trained(idea: Idea, w: np.ndarray, X: np.ndarray, Y: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """The weights after the epochs, a row for each rate."""
    optimizer = idea.optimizer(RATES)
    state, average, t = optimizer.init(w), 0.0, 0
    with np.errstate(all="ignore"):                  # a rate that is too large runs away, and is not taken
        for _ in range(EPOCHS):
            batches = mini_batches(rng, Y.shape[1], 32)
            if idea.at_once:
                # Summed up in small products: large ones are spread over threads, which wait for each other.
                dw = sum(batch.size * READER.gradient(w, X[:, batch], Y[:, batch]) for batch in batches)
                w, state = optimizer.step(w, dw / Y.shape[1], state)
                continue
            for batch in batches:
                w, state = optimizer.step(w, READER.gradient(w, X[:, batch], Y[:, batch]), state)
                average, t = idea.keeps * average + (1 - idea.keeps) * w, t + 1
    return average / (1 - idea.keeps**t) if idea.keeps else w


def _today(number: str, losses: np.ndarray) -> str:
    name, before = IDEAS[number].name.replace("\n", " "), min(losses[:-1], default=0.0)
    lowest = ", the lowest so far" if before else ""
    beside = f". The lowest so far: {before:.2f}" if 0 < before <= losses[-1] else lowest
    return f"{name[0].upper()}{name[1:]}: {losses[-1]:.2f}{beside}"


def _in_the_end(losses: np.ndarray) -> str:
    longest = list(IDEAS)[(losses[1:] / losses[:-1]).argmin() + 1]
    return f"From {losses[0]:.2f} to {losses[-1]:.2f}. The longest fall came in lesson {longest}"


def show_the_way(number: str) -> plots.Picture:
    """The chart up to a lesson: for each idea so far its mean loss on unseen digits, and small dots for the starts."""
    so_far = {key: idea for key, idea in IDEAS.items() if key <= number}
    judged = list(map(_judged, so_far))
    losses, shares = np.mean(judged, axis=1).T
    figure, ax = plots.picture(7.6, 3.2)
    for k, (key, loss, share) in enumerate(zip(so_far, losses, shares)):
        ax.plot(k, loss, "o", color="#0072B2" if key == number else "#888888", ms=11)
        ax.plot(np.full(STARTS, k + 0.22), judged[k][:, 0], "o", color="#D55E00", ms=4)
        ax.text(k, judged[k][:, 0].max() * 1.2, f"{loss:.2f}\n{100 * share:.0f} %", ha="center", va="bottom", size=9)
    for k in range(len(losses), len(IDEAS)):
        ax.text(k, 0.13, "?", ha="center", color="#888888", size=14)
    names = [f"{key}\n{idea.name if key in so_far else ''}" for key, idea in IDEAS.items()]
    ax.set_xticks(range(len(IDEAS)), names, size=8)
    ax.set(yscale="log", ylim=(0.08, 9), xlim=(-0.6, len(IDEAS) - 0.4), ylabel="loss on unseen digits",
           title=_today(number, losses) if number in IDEAS else _in_the_end(losses))
    ax.yaxis.set(major_formatter="{x:g}")
    ax.minorticks_off()
    plots.describe(ax, "Loss on unseen digits, and the share read correctly: " + "; ".join(
        f"lesson {key}, {idea.name.replace(chr(10), ' ')}, {loss:.2f} and {100 * share:.0f} %"
        for (key, idea), loss, share in zip(so_far.items(), losses, shares)) + ".")
    return figure
