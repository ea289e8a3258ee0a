"""The figure of lesson 06: two weights, one of a rare feature, gradient descent and AdaGrad."""
import re

import numpy as np
import pytest

from optimlab.explorables.rare_features import (
    AWAY,
    DISTANCES,
    EVERY,
    RATES,
    STEPS,
    adagrad_path,
    examples_seen,
    gradient_descent_path,
    rare_features,
)
from optimlab.optimizers import AdaGrad, GradientDescent


@pytest.fixture(scope="module")
def figure():
    return rare_features()


def shown(figure, every=50, rate=0.02, adagrad_rate=1.0, shows=RATES, start=(-3.0, -3.0)):
    return figure.state(every=every, rate=rate, adagrad_rate=adagrad_rate, shows=shows, start=np.array(start))


def test_the_paths_are_those_of_the_optimizers():
    rng, start = np.random.default_rng(0), np.array([-3.0, 1.0])
    X, y = rng.choice([-1.0, 0.0, 1.0], size=(40, 2)), rng.standard_normal(40)
    examples = [(*x, value) for x, value in zip(X.tolist(), y.tolist())]
    path, rates = adagrad_path(examples, start, 0.3)
    for optimizer, points in ((GradientDescent(0.3), gradient_descent_path(examples, start, 0.3)),
                              (AdaGrad(0.3), path)):
        w, state = start, optimizer.init(start)
        for x, value, point in zip(X, y, points[1:]):
            w, state = optimizer.step(w, (x @ w - value) * x, state)
            np.testing.assert_allclose(point, w)
    np.testing.assert_allclose(rates[-1], 0.3 / (np.sqrt(state.s) + 1e-8))


def test_the_second_feature_is_as_rare_as_said():
    for every in EVERY:
        there = np.array(examples_seen(every))[:, 1] != 0
        assert abs(np.mean(there) * every - 1) < 0.25


def test_the_caption_tells_what_the_lines_end_at(figure):
    caption, values = shown(figure, shows=DISTANCES)
    for name in ("gradient descent", "AdaGrad"):
        far = np.abs(values[name][-1] - 2.0)
        np.testing.assert_allclose(far, [values[f"{name} w1"][-1, 1], values[f"{name} w2"][-1, 1]])
        for distance in far:
            assert f"{distance:.2f}" in caption
    assert int(re.search(r"(\d+) of the 1000", caption)[1]) == np.count_nonzero(np.diff(values["AdaGrad"][:, 1]))


def test_the_rare_weight_keeps_the_larger_rate_and_starves_without(figure):
    _, values = shown(figure, every=50)
    assert values["AdaGrad w2"][-1, 1] > 3 * values["AdaGrad w1"][-1, 1]
    assert values["gradient descent w2"][-1, 1] == values["gradient descent w1"][-1, 1] == 0.02
    assert values["AdaGrad w2"][0, 1] == AWAY
    far = {name: abs(values[name][-1, 1] - 2.0) for name in ("gradient descent", "AdaGrad")}
    assert far["gradient descent"] > 5 * far["AdaGrad"]


def test_no_effective_rate_ever_rises(figure):
    _, values = shown(figure)
    assert np.all(np.diff(values["AdaGrad w1"][:, 1]) <= 0) and np.all(np.diff(values["AdaGrad w2"][:, 1]) <= 0)


@pytest.mark.parametrize("every", [EVERY[0], EVERY[-1]])
@pytest.mark.parametrize("rates", [(1e-3, 0.01), (1.0, 10.0)])
@pytest.mark.parametrize("shows", [RATES, DISTANCES])
def test_the_ends_of_the_sliders(figure, every, rates, shows):
    for start in ((-4.0, 4.0), (2.0, 2.0)):
        caption, values = shown(figure, every, *rates, shows, start)
        assert "nan" not in caption and "inf" not in caption
        for name in ("gradient descent", "AdaGrad"):
            for line in (name, f"{name} w1", f"{name} w2"):
                assert values[line].shape == (STEPS + 1, 2) and np.isfinite(values[line]).all()


def test_the_controls_reach_what_the_lesson_names(figure):
    figure.controls["every"].value = 200
    assert "one of 200 examples" in figure.stage.caption
    figure.controls["rate"].value = 0.2
    assert "α = 0.2, is" in figure.stage.caption
