"""Lesson 08's figure: eight settings of three switches, and which of them are optimizers of their own."""
import itertools
import re

import numpy as np
import pytest

from optimlab.explorables import adam_switches
from optimlab.explorables.adam_switches import FAMILIES, FIRST, NAMES, STEPS, SwitchedAdam
from optimlab.optimizers import Adam, GradientDescent, Momentum, RMSProp

SETTINGS = list(itertools.product((False, True), repeat=3))
DEFAULT = {"learning_rate": 0.1, "beta1": 0.9, "beta2": 0.999, "noise": 1.0, "start": (-5.0, -2.0)}


@pytest.fixture(scope="module")
def state():
    return adam_switches().state


def walk(optimizer, steps=200):
    """The points of a walk with gradients that belong to the place and tremble."""
    rng, w = np.random.default_rng(0), np.array([3.0, -1.0, 0.5])
    memory, points = optimizer.init(w), []
    for _ in range(steps):
        w, memory = optimizer.step(w, np.array([1.0, 4.0, 0.01]) * w + rng.standard_normal(3), memory)
        points.append(w)
    return np.array(points)


@pytest.mark.parametrize("setting, other", [
    ((False, False, False), GradientDescent(0.05)),
    ((False, False, True), GradientDescent(0.05)),
    ((True, False, False), Momentum(0.05, beta=0.8)),
    ((False, True, False), RMSProp(0.05, beta=0.95)),
    ((False, True, True), Adam(0.05, beta1=0.0, beta2=0.95)),
    ((True, True, True), Adam(0.05, beta1=0.8, beta2=0.95)),
])
def test_settings_that_are_optimizers_of_their_own(setting, other):
    np.testing.assert_allclose(walk(SwitchedAdam(*setting, 0.05, 0.8, 0.95)), walk(other), rtol=1e-12, atol=1e-12)


def test_the_two_that_are_left_are_as_the_formula_says():
    for setting, scale in ((True, False, True), False), ((True, True, False), True):
        v = s = 0
        rule, w = SwitchedAdam(*setting, 0.05, 0.8, 0.95), np.array([3.0])
        memory = rule.init(w)
        for t in range(1, 30):
            dw = np.array([np.sin(t)])
            v, s = 0.8 * v + 0.2 * dw, 0.95 * s + 0.05 * dw**2
            moved = v / (np.sqrt(s) + 1e-8) if scale else v / (1 - 0.8**t)
            before, (w, memory) = w, rule.step(w, dw, memory)
            np.testing.assert_allclose(before - w, 0.05 * moved, rtol=1e-12, atol=1e-15)


def test_all_eight_at_once_are_the_eight_alone(state):
    for setting in SETTINGS:
        _, shown = state(*setting, **DEFAULT)
        strong = [name for name in FAMILIES.values() if len(shown[f"{name} 0"])]
        assert strong == [FAMILIES[setting[:2]]]
        assert shown[f"{strong[0]} 0"].shape == (STEPS + 1, 2)
        assert shown[f"{strong[0]} 1"].shape == (FIRST, 2)
        assert shown["name"][1] == [NAMES[setting]]
        thin = shown[f"thin {strong[0]} 0"]
        half = thin[STEPS + 2:] if setting[2] else thin[:STEPS + 1]
        np.testing.assert_array_equal(half, shown[f"{strong[0]} 0"])


def test_first_steps_are_as_long_as_the_formula_says(state):
    def first(*setting, **others):
        return float(re.search(r"first step moves a weight by ([\d.]+) α", state(*setting, **DEFAULT | others)[0])[1])

    assert first(True, True, True) == 1
    assert first(True, True, False) == 3.16
    assert first(False, True, False) == 31.6
    assert first(False, True, False, beta2=0.9) == 3.16
    assert first(False, False, False) == 10 * first(True, False, False)
    assert first(False, False, False, noise=0) == 8  # the steeper slope, 4 times 2


def test_correcting_alone_changes_nothing(state):
    (plain, one), (corrected, other) = (state(False, False, c, **DEFAULT) for c in (False, True))
    np.testing.assert_array_equal(one["GradientDescent 0"], other["GradientDescent 0"])
    assert corrected == plain.replace("Gradient descent", "Gradient descent (nothing to correct)")


@pytest.mark.parametrize("rate", [0.001, 1.0])
@pytest.mark.parametrize("betas", [(0.5, 0.5), (0.99, 0.9999)])
def test_the_ends_of_the_sliders(state, rate, betas):
    for setting in SETTINGS:
        for noise, start in (0, (99, -99)), (4, (0, 0)):
            caption, shown = state(*setting, rate, *betas, noise, start)
            assert "nan" not in caption and "inf" not in caption
            assert np.isfinite(shown["start"]).all()


def test_what_runs_away_is_said_to(state):
    caption, shown = state(False, False, False, **DEFAULT | {"learning_rate": 1.0})
    assert caption.endswith("It runs away.")
    assert np.isnan(shown["GradientDescent 0"][-1]).all()
    assert not state(True, True, True, **DEFAULT | {"learning_rate": 1.0})[0].endswith("It runs away.")


def test_switches_reach_the_stage():
    figure = adam_switches()
    for name in "average", "scale", "correct":
        figure.controls[name].value = True
    assert figure.stage.caption.startswith("Adam: the first step moves a weight by 1 α")
    figure.place("start", (2, 1))
    assert "the loss goes from 2.32 to" in figure.stage.caption
