"""A fair comparison of optimizers: the same rates, the same starts and the same batches for all.

Which optimizer wins depends on the learning rate that each was given. Here each gets the same grid
of rates, its own best rate is chosen on examples that neither the training nor the final judgement
has seen, and several seeds tell how much of a difference is luck.

>>> from optimlab.datasets import two_moons
>>> from optimlab.networks import MLP
>>> from optimlab.optimizers import Adam, GradientDescent
>>> parts = three_parts(two_moons(np.random.default_rng(0)), np.random.default_rng(1))
>>> found = compare({"GradientDescent": GradientDescent, "Adam": Adam}, MLP((2, 8, 1)), parts,
...                 rates=[0.001, 0.03, 1.0], seeds=[0, 1], batch_size=32, epochs=10, progress=False)
>>> found.best_rate("GradientDescent"), found.best_rate("Adam")
(1.0, 0.03)
>>> [place.name for place in found.ranking(rate=0.03)]      # at one rate for all
['Adam', 'GradientDescent']

`measured()` is such a comparison, of all the course's optimizers, that took longer to make.
"""

import csv
from collections.abc import Callable, Mapping
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from optimlab.datasets import Examples, Split, split, standardize
from optimlab.networks import MLP
from optimlab.optimizers import Optimizer, learned
from optimlab.training import measure, mini_batches, progress_bar

__all__ = ["Parts", "Place", "Comparison", "three_parts", "compare", "state_arrays", "to_csv",
           "from_csv", "measured"]

# Of a comparison as text; the training losses follow.
COLUMNS = ("optimizer", "learning_rate", "seed", "validation_loss", "validation_accuracy",
           "test_accuracy")


class Parts(NamedTuple):
    """Three sets of `Examples` without a common one: to learn from, to choose by, to judge by."""
    train: Examples
    validation: Examples
    test: Examples


class Place(NamedTuple):
    """An optimizer's place in a ranking: its rate, and its test accuracy over the seeds.

    `mean` and `deviation` (the standard deviation of one seed) are shares, 0 .. 1; nan when a
    seed overflowed.
    """
    name: str
    learning_rate: float
    mean: float
    deviation: float


class Comparison(NamedTuple):
    """What came out for every optimizer, learning rate and seed.

    `names`                names of the optimizers
    `rates`                shape (rates,), the learning rates, rising
    `seeds`                shape (seeds,)
    `training_loss`        shape (names, rates, seeds, epochs + 1): loss on all the training
                           data; the first belongs to the start, the others to the ends of epochs;
                           or, without a curve, (names, rates, seeds, 2): at the start and at the end
    `validation_loss`      shape (names, rates, seeds), at the end of the training
    `validation_accuracy`  the same shape: share of the examples classified correctly, 0 .. 1
    `test_accuracy`        the same shape; nothing but `ranking` looks at it

    A training that overflowed has nan or inf as losses and nan as accuracies.
    """
    names: tuple[str, ...]
    rates: np.ndarray
    seeds: np.ndarray
    training_loss: np.ndarray
    validation_loss: np.ndarray
    validation_accuracy: np.ndarray
    test_accuracy: np.ndarray

    @property
    def diverged(self) -> np.ndarray:
        """Where the loss ended no lower than it began, or not finite: shape (names, rates, seeds)."""
        return ~(self.training_loss[..., -1] < self.training_loss[..., 0])

    def best_rate(self, name: str) -> float:
        """The rate with the best validation accuracy, a mean over the seeds.

        Of rates with equal accuracy it is the one with the lowest validation loss. A rate at which
        a seed overflowed is never chosen, unless there is no other.
        """
        return float(self.rates[self._best(name)])

    def lowest_rate(self, name: str) -> float:
        """The rate at which the training loss ends lowest, a mean over the seeds: what to draw training losses at.

        It need not be the rate that is best on the validation examples.
        """
        ends = self.training_loss[self._index(name), :, :, -1].mean(axis=-1)
        return float(self.rates[np.nan_to_num(ends, nan=np.inf).argmin()])

    def good_rates(self, name: str, within: float = 0.02) -> tuple[float, float]:
        """The range of rates around the best that are nearly as good: (lowest, highest).

        Nearly as good: the mean validation accuracy is at most `within` below that at the best
        rate. The range ends before the first rate of the grid that is worse.
        """
        accuracy = self._accuracy(name)
        low = high = self._best(name)
        good = accuracy >= accuracy[low] - within - 1e-9
        while low > 0 and good[low - 1]:
            low -= 1
        while high < len(good) - 1 and good[high + 1]:
            high += 1
        return float(self.rates[low]), float(self.rates[high])

    def decades(self, name: str, within: float = 0.02) -> float:
        """How wide the range of good rates is: log10 of its highest over its lowest.

        0 when no rate next to the best is nearly as good. The grid is the ruler: what lies
        between two of its rates, or beyond its ends, is not seen.
        """
        low, high = self.good_rates(name, within)
        return float(np.log10(high / low))

    def curves(self, name: str, rate: float | None = None) -> np.ndarray:
        """The training loss at the optimizer's best rate, or at `rate`: shape (seeds, epochs + 1)."""
        return self.training_loss[self._index(name), self._rate_index(name, rate)]

    def ranking(self, rate: float | None = None) -> list[Place]:
        """The optimizers by mean test accuracy, best first: a list of `Place`.

        Each is judged at its own best rate; with `rate`, one of `rates`, all are judged at this
        one. Those that overflowed in a seed come last. Raises ValueError when `rate` is not in
        the grid.
        """
        places = []
        for name in self.names:
            at = self._rate_index(name, rate)
            accuracy = self.test_accuracy[self._index(name), at]
            places.append(Place(name, float(self.rates[at]), float(accuracy.mean()),
                                float(accuracy.std(ddof=min(1, accuracy.size - 1)))))
        return sorted(places, key=lambda place: -np.nan_to_num(place.mean, nan=-1))

    def _index(self, name: str) -> int:
        if name not in self.names:
            raise ValueError(f"{name} is not among {', '.join(self.names)}")
        return self.names.index(name)

    def _rate_index(self, name: str, rate: float | None) -> int:
        if rate is None:
            return self._best(name)
        at = int(abs(self.rates - rate).argmin())
        if not np.isclose(self.rates[at], rate, rtol=1e-3, atol=0):
            raise ValueError(f"{rate} is not among the rates; the nearest is {self.rates[at]:.3g}")
        return at

    def _best(self, name: str) -> int:
        accuracy = self._accuracy(name)
        loss = self.validation_loss[self._index(name)].mean(axis=-1)
        return int(np.lexsort((loss, np.where(np.isnan(accuracy), np.inf, -accuracy)))[0])

    def _accuracy(self, name: str) -> np.ndarray:
        # Rounded: equal numbers of right answers, parted otherwise over seeds, shall be equal.
        return self.validation_accuracy[self._index(name)].mean(axis=-1).round(5)


def three_parts(examples: Examples, rng: np.random.Generator, validation_share: float = 0.2,
                test_share: float = 0.2) -> Parts:
    """Part examples at random into three, every feature standardized by the training part alone.

    `rng`: a numpy.random.Generator. The shares are shares of all the examples. Returns `Parts`.
    Raises ValueError when a part would be empty.

    >>> from optimlab.datasets import digits
    >>> [part.labels.size for part in three_parts(digits(), np.random.default_rng(0))]
    [1078, 360, 359]
    """
    rest, test = split(examples, rng, test_share)
    train, validation = split(rest, rng, validation_share / (1 - test_share))
    standard, validation = standardize(Split(train, validation))
    return Parts(standard, validation, standardize(Split(train, test)).test)


def compare(optimizers: Mapping[str, Callable[[np.ndarray], Optimizer]], network: MLP, parts: Parts, rates: ArrayLike,
            seeds: ArrayLike, batch_size: int, epochs: int, progress: bool = True, curve: bool = True) -> Comparison:
    """Train with every optimizer at every learning rate from every seed.

    `optimizers`: name -> function of a learning rate that makes an optimizer, such as one of the
    course's classes. `parts`: `Parts`. `rates`: rising; every optimizer gets them all. `seeds`:
    a list of integers; from the same seed all start with the same weights and see the same
    batches, whatever optimizer and rate. `progress`: show a bar. `curve`: measure the training loss
    after each epoch, which takes a third of the time; without it, at the start and at the end alone.

    All rates of an optimizer are trained at once, as an axis in front: w has shape
    (rates, size), and learning_rate (rates, 1). Every training is the one that `training.fit`
    does with numpy.random.default_rng(seed).

    Returns `Comparison`. Raises ValueError when there is no optimizer or no seed, when rates
    don't rise or epochs is negative, and what `mini_batches` raises.

    See the example at the top of this module.
    """
    rates, seeds = np.array(rates, dtype=float), np.array(seeds, dtype=int)
    if not optimizers or seeds.ndim != 1 or seeds.size == 0:
        raise ValueError("a comparison needs at least an optimizer and a list of seeds")
    if rates.ndim != 1 or rates.size == 0 or (np.diff(rates) <= 0).any():
        raise ValueError(f"rates must be a list that rises, got {rates}")
    if epochs < 0:
        raise ValueError(f"epochs must not be negative, got {epochs}")

    shape = (len(optimizers), rates.size, seeds.size)
    training_loss = np.empty((*shape, epochs + 1 if curve else 2))
    validation_loss, validation_accuracy, test_accuracy = np.empty((3, *shape))
    bar = progress_bar(len(optimizers) * seeds.size * epochs, f"epoch of {rates.size} rates", progress)
    # Overflow is a result here, of rates that are too large.
    with np.errstate(over="ignore", invalid="ignore"), bar:
        for o, (name, make) in enumerate(optimizers.items()):
            bar.set_description(name)
            for s, seed in enumerate(seeds):
                w = _train(network, parts.train, make(rates[:, None]), np.random.default_rng(seed),
                           batch_size, epochs, training_loss[o, :, s], bar)
                loss, accuracy = measure(network, w, parts.validation)
                overflowed = ~np.isfinite(training_loss[o, :, s]).all(axis=-1)
                validation_loss[o, :, s] = np.where(overflowed, np.nan, loss)
                # Of nan, predict makes class 0: a tenth of the digits would count as right.
                validation_accuracy[o, :, s] = np.where(overflowed, np.nan, accuracy)
                test_accuracy[o, :, s] = np.where(
                    overflowed, np.nan, measure(network, w, parts.test)[1])
    return Comparison(tuple(optimizers), rates, seeds, training_loss, validation_loss,
                      validation_accuracy, test_accuracy)


def _train(network: MLP, data: Examples, optimizer: Optimizer, rng: np.random.Generator, batch_size: int,
           epochs: int, training_loss: np.ndarray, bar: Any) -> np.ndarray:
    """Train one network for each row of training_loss and write its losses there; return w."""
    rows, columns = training_loss.shape
    w = np.tile(network.init(rng), (rows, 1))
    state = optimizer.init(w)
    # Examples next to each other in memory: a mini-batch is then gathered in whole columns.
    X, Y = np.asfortranarray(data.X), np.asfortranarray(data.Y)
    training_loss[:, 0] = measure(network, w[:1], data)[0]  # all rows begin alike
    for epoch in range(1, epochs + 1):
        for batch in mini_batches(rng, data.labels.size, batch_size):
            w, state = optimizer.step(w, network.gradient(w, X[:, batch], Y[:, batch]), state)
        if columns > epochs:
            training_loss[:, epoch] = measure(network, learned(w, state), data)[0]
        bar.update()
    if columns <= epochs:
        training_loss[:, -1] = measure(network, learned(w, state), data)[0]
    return learned(w, state)


def state_arrays(optimizer: Optimizer) -> int:
    """How many arrays shaped like w an optimizer keeps from one step to the next.

    >>> from optimlab.optimizers import Adam, GradientDescent
    >>> state_arrays(GradientDescent()), state_arrays(Adam())
    (0, 2)
    """
    w = np.zeros(3)
    _, state = optimizer.step(w, w, optimizer.init(w))
    return sum(np.shape(part) == w.shape for part in state)


def to_csv(comparison: Comparison) -> str:
    """A comparison as text, one row for each optimizer, rate and seed, rounded for the eye.

    Losses have four significant digits, accuracies six decimals.

    >>> print(to_csv(measured())[:61])
    optimizer,learning_rate,seed,validation_loss,validation_accur
    """
    losses = comparison.training_loss.shape[-1]
    lines = [",".join([*COLUMNS, *(f"training_loss_{epoch}" for epoch in range(losses))])]
    for o, name in enumerate(comparison.names):
        for r, rate in enumerate(comparison.rates):
            for s, seed in enumerate(comparison.seeds):
                at = o, r, s
                lines.append(",".join([
                    name, f"{rate:.6g}", str(seed), f"{comparison.validation_loss[at]:.4g}",
                    f"{comparison.validation_accuracy[at]:.6f}",
                    f"{comparison.test_accuracy[at]:.6f}",
                    *(f"{loss:.4g}" for loss in comparison.training_loss[at])]))
    return "\n".join(lines) + "\n"


def from_csv(text: str) -> Comparison:
    """The comparison that `to_csv` wrote, as exact as its digits.

    >>> from_csv(to_csv(measured())).names == measured().names
    True
    """
    _, *rows = csv.reader(text.splitlines())
    names = tuple(dict.fromkeys(row[0] for row in rows))
    numbers = np.array([row[1:] for row in rows], dtype=float)
    rates = np.unique(numbers[:, 0])
    table = numbers.reshape(len(names), rates.size, -1, numbers.shape[1])
    return Comparison(names, rates, table[0, 0, :, 1].astype(int), table[..., 5:], table[..., 2],
                      table[..., 3], table[..., 4])


def measured() -> Comparison:
    """The full race: the course's optimizers compared on the digits, as benchmarks/full_race.py measured it.

    19 rates from 0.0001 to 100, 5 seeds, 25 epochs, a network of 64-32-10 units.

    >>> found = measured()
    >>> found.training_loss.shape == (len(found.names), 19, 5, 26)
    True
    """
    return from_csv(files("optimlab").joinpath("data", "race.csv").read_text(encoding="utf-8"))
