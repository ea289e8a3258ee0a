"""The figure of lesson 10: a learning rate that changes, and what comes of it."""
import numpy as np
import pytest

from optimlab.explorables.rate_over_time import CONSTANT, COSINE, STEPS, rate_over_time


@pytest.fixture(scope="module")
def figure():
    return rate_over_time()


@pytest.mark.parametrize("then", [CONSTANT, COSINE])
@pytest.mark.parametrize("learning_rate", [0.005, 1.0])
@pytest.mark.parametrize("warmup", [0, 100])
def test_the_rate_rises_for_the_warm_up_and_is_never_above_the_highest(figure, then, learning_rate, warmup):
    caption, marks = figure.state(then=then, learning_rate=learning_rate, warmup=warmup)
    rates = marks["rate"][:, 1]
    assert rates.shape == (STEPS,) and rates.max() == pytest.approx(learning_rate)
    assert (np.diff(rates[:warmup]) > 0).all() and (np.diff(rates[warmup:]) <= 0).all()
    assert f"{marks['loss'][-1, 1]:.3f}" in caption


def test_a_constant_rate_arrives_or_is_calm_and_a_cosine_does_both(figure):
    """What the tasks of the lesson ask for can be found, with margins."""
    def ends(then):
        return np.array([figure.state(then=then, learning_rate=10**e, warmup=0)[1]["loss"][-1, 1]
                         for e in np.arange(-2.3, 0.01, 0.1)])
    constant, cosine = ends(CONSTANT), ends(COSINE)
    assert 0.025 < constant.min() < 0.04 and cosine.min() < 0.022
    assert np.sum(cosine < 0.045) > 2 * np.sum(constant < 0.045)


def test_the_lessons_tasks_are_solved_where_they_ask_for_it():
    from optimlab.lessons import after_adam
    figure = after_adam.play()
    solved = []
    for then, rate in ((CONSTANT, 0.01), (CONSTANT, 0.07), (COSINE, 0.07), (COSINE, 0.4)):
        figure.controls["then"].value, figure.controls["learning_rate"].value = then, rate
        solved.append(figure._tasks.value.count("You found it"))
    assert solved == [0, 1, 1, 2]
