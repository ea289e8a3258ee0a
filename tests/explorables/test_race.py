"""The figure of lesson 09: five optimizers from one start, each with its own rate."""

import numpy as np
import pytest

from optimlab.explorables.race import LOWEST_DRAWN, RACERS, RATES, STEPS, SURFACES, Together, best_rate, race
from optimlab.optimizers import OPTIMIZERS
from optimlab.training import descend


@pytest.fixture(scope="module")
def figure():
    return race()


def run(figure, surface, start=None, **rates):
    given = dict.fromkeys(RACERS, 0.01) | rates
    return figure.state(surface=surface, start=np.array(SURFACES[surface].start if start is None else start), **given)


def test_each_runs_as_it_does_alone(figure):
    rates = {key: best_rate("ravine", name) for key, name in RACERS.items()}
    _, values = run(figure, "ravine", **rates)
    for key, name in RACERS.items():
        alone = descend(SURFACES["ravine"], OPTIMIZERS[name](rates[key]), SURFACES["ravine"].start, STEPS)
        np.testing.assert_allclose(values[f"{key}_path"], alone.points, rtol=1e-12)
        np.testing.assert_allclose(values[f"{key}_losses"][:, 1], np.maximum(alone.losses, LOWEST_DRAWN), rtol=1e-12)


def test_a_team_keeps_the_states_apart():
    team = Together((OPTIMIZERS["Momentum"](1.0), OPTIMIZERS["AdaGrad"](1.0)))
    w = np.ones((2, 3))
    _, (momentum, adagrad) = team.step(w, w, team.init(w))
    np.testing.assert_allclose(momentum.v, 0.1)
    np.testing.assert_allclose(adagrad.s, 1.0)


def test_the_caption_gives_the_order_of_the_losses(figure):
    caption, values = run(figure, "Rosenbrock", gradient_descent=0.001, momentum=0.01, adagrad=0.3, rmsprop=0.01,
                          adam=0.3)
    ends = {name: values[f"{key}_losses"][-1, 1] for key, name in RACERS.items()}
    order = sorted(ends, key=ends.get)
    places = [caption.rindex(f"{name} at {ends[name]:.2g}") for name in order]
    assert places == sorted(places) and f"last {order[-1]}" in caption


def test_who_is_at_the_bottom_sooner_is_first(figure):
    caption, values = run(figure, "bowl", gradient_descent=1.0, adagrad=4.0)
    assert "GradientDescent below 1e-08 from step 1 on, then AdaGrad below 1e-08 from step" in caption
    assert (values["gradient_descent_losses"][1:, 1] == LOWEST_DRAWN).all()


def test_who_runs_away_is_named(figure):
    caption, values = run(figure, "ravine", gradient_descent=1.0)
    assert caption.endswith("Gone: GradientDescent.") and np.isnan(values["gradient_descent_path"][-1]).all()
    assert run(figure, "Himmelblau", **dict.fromkeys(RACERS, 10.0))[0].count("Gone") == 1


def test_any_of_them_can_win(figure):
    """What the lesson asks the reader to try."""
    for key, name in RACERS.items():
        rates = dict.fromkeys(RACERS, 1e-4) | {key: best_rate("ravine", name)}
        assert f"steps: {name} " in run(figure, "ravine", **rates)[0]


def test_another_surface_sets_start_and_rates(figure):
    figure.controls["adam"].value = 1e-3
    figure.controls["surface"].value = "bowl"
    np.testing.assert_array_equal(figure.places["start"], SURFACES["bowl"].start)
    assert figure.controls["gradient_descent"].value == pytest.approx(1.0)
    assert figure.controls["adam"].value == best_rate("bowl", "Adam")


def test_the_best_rate_beats_its_neighbours():
    at = int(np.argmin(abs(RATES - best_rate("ravine", "GradientDescent"))))
    ends = [descend(SURFACES["ravine"], OPTIMIZERS["GradientDescent"](rate), SURFACES["ravine"].start, STEPS).losses[-1]
            for rate in RATES[at - 1:at + 2]]
    assert np.argmin(ends) == 1


@pytest.mark.parametrize("surface", SURFACES)
def test_the_ends_of_the_sliders(figure, surface):
    for rate in (1e-4, 10.0):
        caption, values = run(figure, surface, (99.0, -99.0), **dict.fromkeys(RACERS, rate))
        assert "nan" not in caption and "inf" not in caption
        assert values["adam_path"].shape == values["adam_losses"].shape == (STEPS + 1, 2)
        figure.stage.show(caption, **values)
