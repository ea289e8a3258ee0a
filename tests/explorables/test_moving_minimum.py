"""The figure of lesson 07: a minimum that moves, AdaGrad and RMSProp behind it."""
import re

import numpy as np
import pytest

from optimlab.explorables.moving_minimum import (
    DRIFT,
    EDGE,
    HIGHEST,
    JUMPS,
    LAST,
    SEASONS,
    SOONEST,
    STEPS,
    follow,
    minima,
    moving_minimum,
)
from optimlab.optimizers import AdaGrad, RMSProp

BOTH = ("AdaGrad", "RMSProp")


@pytest.fixture(scope="module")
def figure():
    return moving_minimum()


def shown(figure, moves=JUMPS, beta=0.9, rate=0.1, adagrad_rate=0.5, noise=1.0, target=(110.0, 4.0)):
    return figure.state(moves=moves, beta=beta, rate=rate, adagrad_rate=adagrad_rate, noise=noise,
                        target=np.array(target))


def test_they_are_the_optimizers():
    rng = np.random.default_rng(0)
    minimum, noise = rng.normal(size=50), rng.normal(size=50)
    for optimizer, kept, added in ((AdaGrad(0.3), 1.0, 1.0), (RMSProp(0.1, 0.8), 0.8, 0.2)):
        weights, rates = follow(minimum.tolist(), noise.tolist(), optimizer.learning_rate, kept, added)
        w = np.zeros(1)
        state = optimizer.init(w)
        for i in range(50):
            w, state = optimizer.step(w, w - minimum[i] + noise[i], state)
            np.testing.assert_allclose(weights[i + 1], w[0])
            np.testing.assert_allclose(rates[i + 1], optimizer.learning_rate / (np.sqrt(state.s[0]) + 1e-8))


def test_the_minimum_goes_where_the_handle_is():
    for moves in (JUMPS, DRIFT, SEASONS):
        minimum = minima(moves, 150, -3.0)
        assert minimum.shape == (STEPS + 1,) and minimum[0] == 0 and np.isclose(minimum[150], -3)
    assert np.isclose(minima(SEASONS, 150, -3.0)[450], 3)      # a whole period is four times as long
    assert np.count_nonzero(np.diff(minima(JUMPS, 150, -3.0))) == 4


@pytest.mark.parametrize("moves", [JUMPS, DRIFT, SEASONS])
def test_the_caption_tells_the_distance_on_the_picture(figure, moves):
    caption, marks = shown(figure, moves)
    for name in BOTH:
        far = np.abs(marks[name] - marks["minimum"])[-LAST:, 1].mean()
        assert f"{name} is {far:.2f}" in caption or f"{name} {far:.2f}" in caption
        assert f"{marks[name + chr(39) + 's rate'][-1, 1]:.2g}" in caption


def test_adagrad_is_left_behind_and_rmsprop_is_not(figure):
    for moves in (JUMPS, DRIFT, SEASONS):
        _, marks = shown(figure, moves)
        far = {name: np.abs(marks[name] - marks["minimum"])[-LAST:, 1].mean() for name in BOTH}
        assert far["AdaGrad"] > 1.5 * far["RMSProp"]
    rates = shown(figure)[1]["AdaGrad's rate"][:, 1]
    assert np.all(np.diff(rates) <= 0)


def test_a_larger_rate_keeps_adagrad_going_for_these_600_steps(figure):
    """The lesson asks for how long."""
    _, marks = shown(figure, SEASONS, adagrad_rate=5.0)
    assert np.abs(marks["AdaGrad"] - marks["minimum"])[-LAST:, 1].mean() < 0.5


@pytest.mark.parametrize("moves", [JUMPS, DRIFT, SEASONS])
def test_the_ends_of_the_sliders_and_of_the_handle(figure, moves):
    for beta, rate, adagrad_rate, noise in ((0.0, 10**-2.5, 0.01, 0.0), (0.999, 10**0.5, 10**1.5, 3.0)):
        for target in ((0.0, EDGE), (STEPS + 9.0, -EDGE - 9), (300.0, 0.0), (300.0, -0.01)):
            caption, marks = shown(figure, moves, beta, rate, adagrad_rate, noise, target)
            assert "nan" not in caption and not re.search(r"-0\.0+(?!\d)", caption)
            for name in (*BOTH, "minimum"):
                assert marks[name].shape == (STEPS + 1, 2) and np.isfinite(marks[name]).all()
            assert max(marks[f"{name}'s rate"][:, 1].max() for name in BOTH) <= HIGHEST
            assert SOONEST <= marks["target"][0] <= STEPS and abs(marks["target"][1]) <= EDGE


def test_the_controls_reach_it(figure):
    figure.controls["moves"].value = DRIFT
    assert "drifts by 0.036 a step" in figure.stage.caption
    figure.place("target", (200.0, -4.0))
    assert "drifts by -0.020 a step" in figure.stage.caption
