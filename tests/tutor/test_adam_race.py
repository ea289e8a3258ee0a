"""What the Adam assignment says of its race on two moons: of its start, and of which part of Adam matters there."""
import numpy as np
import pytest

from optimlab.datasets import two_moons
from optimlab.networks import MLP
from optimlab.optimizers import Adam, GradientDescent, Momentum

RATES, START = np.array([0.1, 0.3, 1, 3, 10, 30]), 2
NETWORK, MOONS = MLP((2, 16, 1)), two_moons(np.random.default_rng(0), n=200)


def lowest(make, seed, steps=60):
    """The lowest loss at the end, of all rates, and the place of its rate."""
    w = np.tile(NETWORK.init(np.random.default_rng(seed)), (RATES.size, 1))
    optimizer = make(RATES[:, None])
    state = optimizer.init(w)
    for _ in range(steps):
        loss, dw = NETWORK.loss_and_gradient(w, MOONS.X, MOONS.Y)
        w, state = optimizer.step(w, dw, state)
    return loss.min(), loss.argmin()


def test_two_starts_are_kinder_to_gradient_descent_and_three_are_harder():
    ends = [lowest(GradientDescent, seed)[0] for seed in range(6)]
    assert sorted(ends).index(ends[START]) == 2


@pytest.mark.parametrize("make", [GradientDescent, Adam])
def test_the_best_rate_is_inside_the_grid(make):
    assert 0 < lowest(make, START)[1] < RATES.size - 1


def test_on_the_moons_the_average_matters_and_not_the_division():
    descent, adam, no_average, momentum = (lowest(make, START)[0] for make in (
        GradientDescent, Adam, lambda rate: Adam(rate, beta1=0.0), Momentum))
    assert adam < 0.8 * descent and no_average > 0.95 * descent and abs(momentum / adam - 1) < 0.1
