"""All optimizers of the course against each other on the digits: what `comparison.measured()` reads.

    python benchmarks/full_race.py

Each optimizer at 19 learning rates from 0.0001 to 100 from five seeds: 95 trainings of a network of
64-32-10 units. Writes utils/optimlab/data/race.csv and prints each optimizer's result.
"""

import time
from pathlib import Path

import numpy as np

from optimlab.comparison import Comparison, Parts, compare, three_parts, to_csv
from optimlab.datasets import digits
from optimlab.networks import MLP
from optimlab.optimizers import OPTIMIZERS

FILE = Path(__file__).resolve().parents[1] / "utils" / "optimlab" / "data" / "race.csv"
NETWORK = MLP((64, 32, 10), output="softmax")
RATES = np.geomspace(1e-4, 100, 19)  # three a decade
SEEDS = range(5)
BATCH_SIZE, EPOCHS = 64, 25


def parts() -> Parts:
    """The digits in three parts, the same for every training."""
    return three_parts(digits(), np.random.default_rng(0))


def full_race(optimizers=OPTIMIZERS, rates=RATES, seeds=SEEDS, progress=True) -> Comparison:
    """The full race, or a part of it."""
    return compare(optimizers, NETWORK, parts(), rates, seeds, BATCH_SIZE, EPOCHS, progress)


def main() -> None:
    """Race, write and print."""
    began = time.perf_counter()
    found = full_race()
    FILE.write_text(to_csv(found), encoding="utf-8", newline="\n")
    print(f"{found.diverged.size} trainings in {time.perf_counter() - began:.0f} s, "
          f"{FILE.stat().st_size / 1000:.0f} kB")
    for name, rate, mean, deviation in found.ranking():
        low, high = found.good_rates(name)
        validation = found.validation_accuracy[found.names.index(name)].mean(axis=-1).max()
        print(f"{name:16s} rate {rate:<8.3g} validation {validation:.4f}  test {mean:.4f} ± {deviation:.4f}  "
              f"good from {low:.3g} to {high:.3g}, {found.decades(name):.2f} decades")
    for rate in 0.01, 0.1, 1:
        print(f"all at {rate}: " + ", ".join(f"{place.name} {place.mean:.3f}" for place in found.ranking(rate)))


if __name__ == "__main__":
    main()
