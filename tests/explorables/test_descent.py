"""The figures of lesson 02: a ball on a curve, and a ball on surfaces seen from above."""

import re

import numpy as np
import pytest

from optimlab.explorables.descent import CURVE_STEPS, CURVES, GROUNDS, SURFACE_STEPS, ball_on_a_curve, ball_on_a_surface


@pytest.fixture(scope="module")
def curve():
    return ball_on_a_curve()


@pytest.fixture(scope="module")
def ground():
    return ball_on_a_surface()


def on_curve(figure, name, learning_rate, w=-5.0):
    return figure.state(curve=name, learning_rate=learning_rate, ball=np.array([w, 0.0]))


def on_ground(figure, name, learning_rate, start=None):
    return figure.state(surface=name, learning_rate=learning_rate,
                        start=np.array(GROUNDS[name].start if start is None else start))


# --- on a curve

@pytest.mark.parametrize("name, learning_rate, words", [
    ("wide bowl", 0.1, "It creeps down from one side: after 30 steps w = -0.21, loss 0.0225, not yet at rest."),
    ("wide bowl", 1.0, "It is there after one step and rests at w = 0.00, loss 0."),
    ("wide bowl", 1.5, "It turns around"),
    ("wide bowl", 2.0, "It turns around 29 times: after 30 steps w = -5.00, loss 12.5, not yet at rest."),
    ("wide bowl", 2.1, "It runs away: step 2 lands outside the picture."),
    ("narrow bowl", 0.1, "It creeps down from one side and rests at w = 0.00"),
    ("narrow bowl", 0.51, "It runs away"),
    ("double well", 0.1, "rests at w = -1.09, loss -0.459."),
])
def test_the_caption_names_what_the_ball_does(curve, name, learning_rate, words):
    w = -1.5 if name == "double well" else -5.0
    assert words in on_curve(curve, name, learning_rate, w)[0]


def test_a_ball_that_climbs_inside_the_picture_is_said_to_climb(curve):
    assert "climbs" in on_curve(curve, "wide bowl", 2.02, w=-1.0)[0]


def test_a_ball_at_the_bottom_stays(curve):
    assert "It stays and rests at w = 0.00, loss 0." in on_curve(curve, "wide bowl", 0.5, w=0.0)[0]


@pytest.mark.parametrize("name", CURVES)
def test_the_ball_lies_on_its_curve_and_the_tangent_touches_it(curve, name):
    surface = CURVES[name]
    for w in (*surface.domain[0], 0.3):
        _, values = on_curve(curve, name, 0.1, w)
        assert values["ball"] == (w, surface.loss(np.array([w])))
        (x0, y0), (x1, y1) = values["tangent"]
        slope = surface.gradient(np.array([w]))[0]
        assert (y1 - y0) / (x1 - x0) == pytest.approx(slope)
        np.testing.assert_allclose(((x0 + x1) / 2, (y0 + y1) / 2), values["ball"])
        (_, _, tip, _), = values["step"]
        assert tip == pytest.approx(w - 0.1 * slope) == pytest.approx(values["path"][1, 0])


def test_the_ball_cannot_leave_the_picture(curve):
    _, values = on_curve(curve, "double well", 0.1, w=9.0)
    assert values["ball"][0] == 2.0


def test_another_curve_puts_the_ball_on_its_start():
    figure = ball_on_a_curve()
    figure.controls["curve"].value = "double well"
    np.testing.assert_allclose(figure.places["ball"], (1.5, CURVES["double well"].loss(np.array([1.5]))))


@pytest.mark.parametrize("name", CURVES)
@pytest.mark.parametrize("learning_rate", [0.01, 2.5])
def test_the_ends_of_the_curves_sliders(curve, name, learning_rate):
    for w in (-6.0, 0.0, 6.0):
        caption, values = on_curve(curve, name, learning_rate, w)
        assert "-0.00" not in caption and "nan" not in caption
        assert values["path"].shape == values["losses"].shape == (CURVE_STEPS + 1, 2)
        assert not (values["losses"][:, 1] < 1e-6).any()
        curve.stage.show(caption, **values)  # what is infinite crosses to the browser too


# --- on a surface

@pytest.mark.parametrize("name, learning_rate, words", [
    ("bowl", 0.1, "a minimum. The path is 1.00 times as long"),
    ("ravine", 0.1, "The path is 1.22 times as long"),
    ("ravine", 0.45, "The path is 3.65 times as long"),
    ("ravine", 0.55, "the ball runs away; step 3 lands outside the picture."),
    ("saddle", 0.1, "steps to (0.00, 1.00), a minimum."),
    ("Himmelblau", 0.01, "steps to (3.00, 2.00), a minimum."),
    ("Himmelblau", 0.1, "runs away"),
    ("Rosenbrock", 0.001, "not yet at rest"),
    ("plateau", 0.1, "not yet at rest"),
])
def test_the_caption_names_where_the_descent_ends(ground, name, learning_rate, words):
    assert words in on_ground(ground, name, learning_rate)[0]


def test_on_the_ridge_of_the_saddle_it_stops_at_no_minimum(ground):
    caption, values = on_ground(ground, "saddle", 0.1, start=(-1.5, 0.0))
    assert "(0.00, 0.00), which is no minimum though the gradient is almost zero." in caption
    assert (values["path"][:, 1] == 0).all()


def test_a_loss_that_climbs_inside_the_picture_is_said_to_climb(ground):
    assert "the loss climbs from" in on_ground(ground, "bowl", 10 ** 0.302, start=(0.001, 0.0))[0]


def test_the_counted_steps_are_those_it_takes(ground):
    caption, values = on_ground(ground, "Himmelblau", 0.01)
    steps = int(re.search(r"(\d+) steps to", caption)[1])
    gradient = np.linalg.norm(GROUNDS["Himmelblau"].gradient(values["path"]), axis=1)
    assert (gradient[steps:] <= 1e-3).all() and gradient[steps - 1] > 1e-3


def test_a_path_that_runs_away_ends_with_its_first_step_far_outside(ground):
    for rate in (0.55, 3.0):
        _, values = on_ground(ground, "ravine", rate)
        shown = values["path"][~np.isnan(values["path"]).any(axis=1)]
        assert len(shown) >= 2
        assert (np.abs(shown[:-1]) < (24, 12)).all() and not (np.abs(shown[-1]) < (24, 12)).all()


def test_another_surface_puts_the_start_on_its_own_and_leaves_the_rate():
    figure = ball_on_a_surface()
    figure.controls["learning_rate"].value = 0.01
    for name in ("Himmelblau", "bowl"):
        surface = GROUNDS[name]
        figure.controls["surface"].value = name
        np.testing.assert_array_equal(figure.places["start"], surface.start)
        assert figure.stage.caption.startswith(f"From ({surface.start[0]:.2f}, {surface.start[1]:.2f}) with α = 0.01:")


@pytest.mark.parametrize("name", GROUNDS)
@pytest.mark.parametrize("learning_rate", [1e-4, 10 ** 0.5])
def test_the_ends_of_the_surfaces_sliders(ground, name, learning_rate):
    (left, right), (bottom, top) = GROUNDS[name].domain
    for start in ((left, bottom), (right, top), (0.0, 0.0), (99.0, 99.0)):
        caption, values = on_ground(ground, name, learning_rate, start)
        assert "-0.00" not in caption and "nan" not in caption and "inf" not in caption
        assert values["path"].shape == values["losses"].shape == (SURFACE_STEPS + 1, 2)
        assert left <= values["start"][0] <= right and bottom <= values["start"][1] <= top
        ground.stage.show(caption, **values)
