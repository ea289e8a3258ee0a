"""The data are what their docstrings say, and a split leaks nothing from the test set."""

import numpy as np
import pytest

from optimlab.datasets import digits, seattle_weather, split, standardize, two_moons


def test_digits():
    data = digits()
    assert data.X.shape == (64, 1797) and data.Y.shape == (10, 1797)
    assert data.labels.shape == (1797,)
    assert data.X.min() == 0 and data.X.max() == 16
    np.testing.assert_array_equal(data.X, data.X.round())
    np.testing.assert_array_equal(np.unique(data.labels), np.arange(10))
    np.testing.assert_array_equal(data.Y.argmax(axis=0), data.labels)
    np.testing.assert_array_equal(data.Y.sum(axis=0), 1)


def test_pictures_are_laid_row_by_row():
    """A one is a vertical stroke: its columns differ, its rows hardly do."""
    data = digits()
    one = data.X[:, data.labels == 1].mean(axis=1).reshape(8, 8)
    assert one.mean(axis=0).std() > 2 * one.mean(axis=1).std()


def test_digits_may_be_changed_by_whoever_reads_them():
    digits().X[:] = -1
    assert digits().X.min() == 0


def test_seattle_weather():
    weather = seattle_weather()
    assert {field.shape for field in weather} == {(1461,)}
    np.testing.assert_array_equal(
        weather.date, np.arange("2012-01-01", "2016-01-01", dtype="datetime64[D]"))
    assert np.all(weather.temp_max >= weather.temp_min)
    for field, low, high in [("precipitation", 0, 60), ("temp_max", -5, 40), ("wind", 0, 15)]:
        values = getattr(weather, field)
        assert np.all((low <= values) & (values <= high))
    assert set(weather.weather) == {"drizzle", "fog", "rain", "snow", "sun"}


@pytest.mark.parametrize("n", [2, 7, 400])
def test_two_moons(n):
    data = two_moons(np.random.default_rng(0), n=n, noise=0.0)
    assert data.X.shape == (2, n) and data.Y.shape == (1, n) and data.labels.shape == (n,)
    assert data.labels.sum() == n // 2
    np.testing.assert_array_equal(data.Y[0], data.labels)
    centres = np.array([[0.0, 1.0], [0.0, 0.5]])[:, data.labels]
    np.testing.assert_allclose(np.linalg.norm(data.X - centres, axis=0), 1)
    above = data.X[1] - centres[1] >= -1e-12
    np.testing.assert_array_equal(above[data.labels == 0], True)


def test_noise_of_the_moons_has_the_given_deviation():
    with_noise, without = (two_moons(np.random.default_rng(3), n=4000, noise=noise).X
                           for noise in (0.2, 0.0))
    assert (with_noise - without).std() == pytest.approx(0.2, rel=0.05)


def test_only_the_passed_rng_decides():
    first, same, other = (two_moons(np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first.X, same.X)
    assert not np.array_equal(first.X, other.X)


def test_split_keeps_every_example_once_with_its_label():
    data = two_moons(np.random.default_rng(0), n=50)
    parts = split(data, np.random.default_rng(1), test_share=0.3)
    assert parts.train.X.shape == (2, 35) and parts.test.X.shape == (2, 15)
    rows = np.hstack([np.vstack([part.X, part.Y, part.labels]) for part in parts])
    whole = np.vstack([data.X, data.Y, data.labels])
    np.testing.assert_array_equal(rows[:, np.argsort(rows[0])], whole[:, np.argsort(whole[0])])


def test_standardize_measures_on_the_training_set_alone():
    parts = split(digits(), np.random.default_rng(0))
    train, test = standardize(parts)
    deviation = parts.train.X.std(axis=1, keepdims=True)
    changing = deviation[:, 0] > 0
    assert not changing.all()       # corner pixels are always empty: no division by zero
    np.testing.assert_allclose(train.X.mean(axis=1), 0, atol=1e-12)
    np.testing.assert_allclose(train.X[changing].std(axis=1), 1)
    expected = (parts.test.X - parts.train.X.mean(axis=1, keepdims=True))[changing]
    np.testing.assert_allclose(test.X[changing], expected / deviation[changing])
    assert np.all(np.isfinite(test.X))
    np.testing.assert_array_equal(test.labels, parts.test.labels)


def test_standardize_leaves_its_input_alone():
    parts = split(two_moons(np.random.default_rng(0)), np.random.default_rng(0))
    before = parts.train.X.copy()
    standardize(parts)
    np.testing.assert_array_equal(parts.train.X, before)


@pytest.mark.parametrize("call, says", [
    (lambda rng: two_moons(rng, n=1), "n >= 2"),
    (lambda rng: two_moons(rng, noise=-1), "noise >= 0"),
    (lambda rng: split(two_moons(rng), rng, test_share=0), "empty"),
    (lambda rng: split(two_moons(rng), rng, test_share=1), "empty"),
])
def test_what_has_no_meaning_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call(np.random.default_rng(0))
