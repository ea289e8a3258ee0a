"""Lesson 01's figure: its numbers are the gradients, and what its caption says is true."""
import re
from itertools import product

import numpy as np
import pytest

from optimlab.explorables import computation_graph
from optimlab.explorables.computation_graph import (
    CROSS_ENTROPY,
    LEFT,
    REACH,
    RIGHT,
    SECOND_X,
    SECOND_Y,
    SQUARED,
    WIDTHS,
    passes,
)

H = 1e-6


def place(value):
    return np.array([(LEFT + RIGHT) / 2 + value / REACH * (RIGHT - LEFT) / 2, 0.0])


@pytest.fixture(scope="module")
def state():
    inner = computation_graph().state
    return lambda x, w, b, y=1.0, loss=SQUARED, examples=1: inner(y, loss, examples, place(x), place(w), place(b))


@pytest.mark.parametrize("loss", [SQUARED, CROSS_ENTROPY])
def test_gradients_are_slopes(loss):
    rng = np.random.default_rng(0)
    for _ in range(20):
        x, y = rng.uniform(-3, 3, 2), rng.integers(0, 2, 2).astype(float)
        w, b = rng.uniform(-3, 3, 2)
        p = passes(x, y, w, b, loss)

        def J(x=x, w=w, b=b):
            return passes(x, y, w, b, loss).J

        assert p.dw == pytest.approx((J(w=w + H) - J(w=w - H)) / (2 * H), abs=1e-8)
        assert p.db == pytest.approx((J(b=b + H) - J(b=b - H)) / (2 * H), abs=1e-8)
        for i, nudge in enumerate(H * np.eye(2)):
            assert p.dx[i] == pytest.approx((J(x=x + nudge) - J(x=x - nudge)) / (2 * H), abs=1e-8)
        np.testing.assert_allclose(p.dz, p.da * p.a * (1 - p.a), rtol=1e-9)


def test_many_weights_at_once():
    x, y = np.array([1.5, -1.0]), np.array([1.0, 1.0])
    many = passes(x, y, np.array([[-2.0], [0.5]]), 0.3)
    assert many.J.tolist() == [passes(x, y, w, 0.3).J for w in (-2.0, 0.5)]


@pytest.mark.parametrize("loss", [SQUARED, CROSS_ENTROPY])
@pytest.mark.parametrize("examples", [1, 2])
def test_the_caption_points_downhill(state, loss, examples):
    x, y = np.array([1.5, SECOND_X])[:examples], np.array([1.0, SECOND_Y])[:examples]
    for w in np.linspace(-3, 3, 13).round(2):
        caption, _ = state(1.5, w, 0.5, loss=loss, examples=examples)
        way = re.search(r"J falls if w goes (up|down) a little", caption)
        change = passes(x, y, w + H, 0.5, loss).J - passes(x, y, w - H, 0.5, loss).J
        if way:
            assert way[1] == ("up" if change < 0 else "down")
        else:
            assert abs(change / (2 * H)) < 1e-3 and "hardly changes J" in caption


def test_two_examples_add_up(state):
    caption, shown = state(1.5, -0.8, 0.0, examples=2)
    parts = passes(np.array([1.5, SECOND_X]), np.array([1.0, SECOND_Y]), -0.8, 0.0)
    first, second = parts.dz * [1.5, SECOND_X]
    assert first < 0 < second
    assert f"blame w with −{-first:.3f} and {second:.3f}, together −{-parts.dw:.3f}" in caption
    assert shown["blames"][1][1] == f"dw = −{-parts.dw:.3f}"
    assert shown["parts"][1][0] == f"= −{-first:.3f} + {second:.3f}"


def test_a_flat_sigmoid_says_so_and_cross_entropy_does_not_care(state):
    caption, shown = state(3.0, -3.0, 0.0)
    assert "almost nothing flows back, although the output is far off" in caption
    arrows = {width: len(shown[f"back{width:g}"]) for width in WIDTHS}
    caption, shown = state(3.0, -3.0, 0.0, loss=CROSS_ENTROPY)
    assert "J falls if w goes up" in caption
    assert len(shown[f"back{max(WIDTHS):g}"]) > arrows[max(WIDTHS)]
    caption, _ = state(3.0, 3.0, 0.0)
    assert "hardly changes J" in caption and "far off" not in caption


def test_wide_arrows_are_large_gradients(state):
    _, shown = state(1.5, -0.8, 0.0)
    p = passes(np.array([1.5]), np.array([1.0]), -0.8, 0.0)
    counted = np.zeros(len(WIDTHS), int)
    for gradient in [*p.dx, p.dw, p.db, *p.dz, *p.da]:
        counted[np.searchsorted(list(WIDTHS.values()), abs(gradient), side="right") - 1] += 1
    assert [len(shown[f"back{width:g}"]) for width in WIDTHS] == counted.tolist()


@pytest.mark.parametrize("loss, examples, y", list(product([SQUARED, CROSS_ENTROPY], [1, 2], [0.0, 1.0])))
def test_every_corner_shows_something(state, loss, examples, y):
    for x, w, b in product([-9, -3, 0, 3, 9], repeat=3):
        caption, shown = state(x, w, b, y, loss, examples)
        assert "nan" not in caption and "inf" not in caption
        for name in "x", "w", "b":
            assert LEFT - 1e-9 <= shown[name][0] <= RIGHT + 1e-9
        for name in "curve", "tangent", "here":
            assert np.isfinite(shown[name]).all()
        texts = [text for name in ("values", "gradients", "sides", "blames", "parts") for text in shown[name][1]]
        assert not [text for text in texts if "nan" in text or "inf" in text or "-" in text]


def test_controls_and_handles_reach_the_stage():
    graph = computation_graph()
    graph.place("w", (RIGHT, 3))
    assert "z = 3.00 · 1.50" in graph.stage.caption
    assert graph.places["w"][1] == pytest.approx(4.7)  # back on its track
    graph.controls["examples"].value = 2
    graph.controls["loss"].value = CROSS_ENTROPY
    graph.controls["y"].value = 0.0
    assert graph.stage.caption.startswith("Two examples share w and b")
    assert len(graph.stage.picture().axes) == 2
