"""The figure of lesson 03: batch, mini-batch and stochastic gradient descent on one loss."""

import re

import numpy as np
import pytest

from optimlab.explorables.batch_sizes import DAYS, EPOCHS, _days, _path, batch_sizes

WAYS = ("batch", "mini-batch", "stochastic")


@pytest.fixture(scope="module")
def figure():
    return batch_sizes()


def shown(figure, batch_size, learning_rate, start=(2.0, -3.0)):
    return figure.state(batch_size=batch_size, learning_rate=learning_rate, start=np.array(start))


def test_the_days_are_standardized():
    x, y = _days()
    assert x.size == y.size == DAYS
    assert x.mean() == pytest.approx(0, abs=1e-12) and x.std() == pytest.approx(1)


@pytest.mark.parametrize("size", [1, 7, 50, DAYS])
def test_the_path_is_gradient_descent_on_mini_batches(size):
    x, y = _days()
    x, y = np.tile(x, EPOCHS), np.tile(y, EPOCHS)
    points, updates = _path(x, y, size, 0.1, np.array([2.0, -3.0]))
    w, made = np.array([2.0, -3.0]), 0
    for epoch in range(EPOCHS):
        for begin in range(epoch * DAYS, (epoch + 1) * DAYS, size):
            end = min(begin + size, (epoch + 1) * DAYS)
            np.testing.assert_allclose(points[begin:end], np.tile(w, (end - begin, 1)))
            error = w[0] + w[1] * x[begin:end] - y[begin:end]
            w, made = w - 0.1 * np.array([error.mean(), (error * x[begin:end]).mean()]), made + 1
    np.testing.assert_allclose(points[-1], w)
    assert updates == made == EPOCHS * -(-DAYS // size)
    assert len(points) == EPOCHS * DAYS + 1


def test_one_in_a_mini_batch_is_stochastic_and_all_are_the_batch(figure):
    for size, twin in ((1, "stochastic"), (DAYS, "batch")):
        _, values = shown(figure, size, 0.1)
        np.testing.assert_array_equal(values["mini-batch"], values[twin])


def test_the_bowl_is_round_so_that_the_batch_is_there_after_one_step_of_1(figure):
    _, values = shown(figure, 10, 1.0)
    after = values["batch"][DAYS]
    np.testing.assert_allclose(values["batch"][DAYS:], np.tile(after, (len(values["batch"]) - DAYS, 1)))
    np.testing.assert_allclose(after, np.polyfit(*_days(), 1)[::-1])


def test_the_caption_counts_updates_and_tells_the_losses_shown(figure):
    caption, values = shown(figure, 50, 0.1)
    assert [int(n) for n in re.findall(r"\((\d+) updates\)", caption)] == [5, 15, 600]
    told = [float(n) for n in re.findall(r"reached loss (\d+\.\d)", caption)]
    assert told == [round(float(values[f"{way} loss"][-1, 1]), 1) for way in WAYS]


def test_the_ball_of_single_days_is_smaller_at_a_smaller_rate(figure):
    def spread(rate):
        path = shown(figure, 10, rate)[1]["stochastic"]
        return path[-2 * DAYS:].std(axis=0).sum()
    assert spread(0.03) < 0.6 * spread(0.2)


@pytest.mark.parametrize("batch_size", [1, 2, 119, DAYS])
@pytest.mark.parametrize("learning_rate", [0.01, 10 ** 0.3])
@pytest.mark.parametrize("start", [(-2.0, -6.0), (24.0, 14.0)])
def test_the_ends_of_the_sliders(figure, batch_size, learning_rate, start):
    caption, values = shown(figure, batch_size, learning_rate, start)
    for way in WAYS:
        assert values[way].shape == (EPOCHS * DAYS + 1, 2)
        assert np.isfinite(values[way]).all() and np.isfinite(values[f"{way} loss"]).all()
    assert ("ran away" in caption) == (learning_rate > 1)


def test_the_controls_reach_the_values_that_the_lesson_names(figure):
    for rate in (0.01, 0.1, 1.0):
        figure.controls["learning_rate"].value = rate
        assert f"α = {rate:g}," in figure.stage.caption
    figure.controls["batch_size"].value = 32
    assert figure.stage.words["mini-batch name"] == ["32 days at a time"]
    assert figure.stage.words["batch name"] == [f"{DAYS} days at a time"]
    figure.place("start", (20.0, 10.0))
    np.testing.assert_array_equal(figure.state(32, 0.1, figure.places["start"])[1]["batch"][0], (20.0, 10.0))
