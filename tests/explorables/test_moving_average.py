"""Lesson 04's figure: what its caption says is what the averages are."""
import re

import numpy as np
import pytest

from optimlab.averages import ewma, unrolled_weights
from optimlab.datasets import seattle_weather
from optimlab.explorables import moving_average
from optimlab.explorables.moving_average import BETAS, CORRECTED, DAYS, FROM_FIRST, FROM_ZERO

THETA = seattle_weather().temp_max[:DAYS]


@pytest.fixture(scope="module")
def state():
    return moving_average().state


def numbers(caption):
    return [float(n) for n in re.findall(r"(-?[\d.]+) (?:°C|%)", caption)]


def test_from_zero_the_ninth_day_is_too_low(state):
    caption, shown = state(0.9, FROM_ZERO, (9, 0))
    assert shown["day"] == (9, pytest.approx(ewma(THETA[:9], 0.9)[-1]))
    assert numbers(caption) == [5.7, 10.0, 61, 39]
    assert caption.endswith("The zero before the first day counts for 39 %.")


def test_corrected_the_weights_make_all(state):
    caption, shown = state(0.9, CORRECTED, (9, 0))
    assert numbers(caption)[0] == pytest.approx(ewma(THETA[:9], 0.9, corrected=True)[-1], abs=0.05)
    assert "divided by their sum, 0.61" in caption
    assert shown["weights"][-1, 1] == 1  # the newest day's, the largest
    ages, heights = shown["weights"].T
    assert list(ages) == list(range(8, -1, -1))
    np.testing.assert_allclose(heights / heights.sum(), unrolled_weights(0.9, 9, corrected=True))


def test_from_the_first_day_that_day_counts_most(state):
    caption, shown = state(0.9, FROM_FIRST, (9, 0))
    assert "first day (orange) counts for 43.0 %" in caption  # 0.9**8
    assert shown["first"].tolist() == [[8, 1]]
    V = ewma(THETA[:9], 0.9, initial=THETA[0])[-1]
    heights = shown["weights"][:, 1]
    assert heights / heights.sum() @ THETA[:9] == pytest.approx(V) == shown["day"][1]


def test_the_scale_names_the_weights(state):
    for beta, top in (0.5, 50.0), (0.9, 10.0), (0.98, 2.0), (0.99, 1.0):
        _, shown = state(beta, FROM_ZERO, (DAYS, 0))
        (points, words), largest = shown["scale"], 100 * (1 - beta)
        assert largest == pytest.approx(top)
        assert 3 <= len(words) <= 6 and words[0] == "0 %"
        for (_, y), word in zip(points, words):
            assert y * largest == pytest.approx(float(word.removesuffix(" %")))


def test_window_and_half_life_are_marked(state):
    _, shown = state(0.98, FROM_ZERO, (150, 0))
    assert shown["window's name"][1] == ["window 1/(1−β): 50 days"]
    assert shown["half-life's name"][1] == ["half-life: 34.3 days"]
    assert shown["counted"].tolist() == [[day, THETA[day - 1]] for day in range(101, 151)]
    inside = shown["weights"][shown["weights"][:, 0] < shown["window"][0][0]]
    assert len(inside) == 50


@pytest.mark.parametrize("beta", BETAS)
@pytest.mark.parametrize("start", [FROM_ZERO, CORRECTED, FROM_FIRST])
def test_every_setting_shows_something(state, beta, start):
    for day in -3, 1, 2, DAYS, DAYS + 9:
        caption, shown = state(beta, start, (day, 50))
        assert 1 <= shown["day"][0] <= DAYS
        assert "nan" not in caption
        for name in "average", "counted", "weights", "day":
            assert np.isfinite(shown[name]).all()


def test_controls_reach_the_stage():
    figure = moving_average()
    figure.controls["beta"].value = 0.98
    figure.controls["start"].value = CORRECTED
    figure.place("day", (41.2, 0))
    assert figure.stage.caption.startswith("10 February, day 41:")
    assert figure.places["day"][0] == 41
