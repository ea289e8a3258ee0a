"""Lesson 05's figure: the plane of learning rate and β is measured, and the captions say what the path does."""
import numpy as np
import pytest

from optimlab.explorables.momentum_plane import (
    AVERAGE,
    BETAS,
    CONDITIONS,
    RATES,
    STEEP,
    STEPS,
    SUM,
    _paces,
    momentum_plane,
)

RAVINE = "25, the ravine"


@pytest.fixture(scope="module")
def figure():
    return momentum_plane()


def at(figure, rate, beta, condition=RAVINE, form=AVERAGE):
    return figure.state(condition=condition, form=form, point=np.array([rate, beta]))


@pytest.mark.parametrize("rate, beta, form, words", [
    (0.45, 0.0, AVERAGE, "a tenth every 15 steps. Across the ravine the ball turns round 36 times."),
    (1.25, 0.45, AVERAGE, "α = 1.2, β = 0.45: the loss falls to a tenth every 3."),
    (0.05, 0.0, AVERAGE, "the ball never turns round. Gradient descent with its best α needs 14 steps."),
    (0.8, 0.2, AVERAGE, "the loss does not come down, the ball runs away."),
    (0.2, 0.9, SUM, "α = 0.2, β = 0.90 as a sum (as an average, α = 2): the loss falls to a tenth every 22 steps."),
    (1.0, 0.9, SUM, "runs away"),
])
def test_the_caption_names_pace_and_turns(figure, rate, beta, form, words):
    assert words in at(figure, rate, beta, form=form)[0]


def test_both_forms_go_the_same_way_once_the_rate_is_converted(figure):
    _, average = at(figure, 2.0, 0.9)
    _, as_sum = at(figure, 0.2, 0.9, form=SUM)
    np.testing.assert_allclose(average["path"], as_sum["path"], rtol=1e-9, atol=1e-12)


def test_the_measured_edge_is_that_of_theory():
    """2(1+β)/((1-β)λ) in the slides' form; next to the edge 200 steps do not tell."""
    edge = 2 * (1 + BETAS) / ((1 - BETAS) * STEEP)
    stays = np.isfinite(_paces(25, AVERAGE))
    share = RATES / edge[:, None]
    assert stays[share < 0.9].all() and not stays[share > 1.1].any()


def test_the_fastest_place_is_near_theorys(figure):
    paces = _paces(25, AVERAGE)
    row, column = np.unravel_index(np.nanargmin(paces), paces.shape)
    assert BETAS[row] == pytest.approx((4 / 6) ** 2, abs=0.04)  # ((√κ-1)/(√κ+1))²
    assert RATES[column] == pytest.approx(1.25, rel=0.1)


@pytest.mark.parametrize("condition", CONDITIONS)
@pytest.mark.parametrize("form", [AVERAGE, SUM])
def test_the_ends_of_the_plane(figure, condition, form):
    for point in [(RATES[0], 0.0), (RATES[-1], 0.0), (RATES[0], BETAS[-1]), (1e9, 7.0), (-1.0, -1.0)]:
        caption, shown = at(figure, *point, condition, form)
        assert "nan" not in caption and "inf" not in caption
        assert RATES[0] <= shown["point"][0] <= RATES[-1] and 0 <= shown["point"][1] <= BETAS[-1]
        assert shown["path"].shape == shown["losses"].shape == (STEPS + 1, 2)
        figure.stage.show(caption, **shown)


def test_a_dragged_point_lands_where_it_is_dropped(figure):
    """The rate's axis is logarithmic: the way there and back goes through its transform."""
    figure.place("point", (3.0, 0.8))
    fractions = np.frombuffer(figure.stage.geometry["point"], np.float32)
    np.testing.assert_allclose(figure.stage.data("point", fractions), (3.0, 0.8), rtol=1e-4)
