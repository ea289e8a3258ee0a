"""Gradients agree with differences, and minima are minima: for every surface of the course."""

import numpy as np
import pytest

from optimlab.datasets import Examples
from optimlab.networks import MLP
from optimlab.optimizers import Adam
from optimlab.surfaces import (
    SURFACES,
    Surface,
    double_well,
    himmelblau,
    of_network,
    plateau,
    quadratic,
    ravine,
    saddle,
    slice_through,
)
from optimlab.training import descend

every_surface = pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)


def somewhere(surface, n, seed=0):
    low, high = surface.domain.T
    return np.random.default_rng(seed).uniform(low, high, size=(n, surface.dimensions))


@every_surface
def test_gradient_agrees_with_central_differences(surface):
    w, h = somewhere(surface, 200), 1e-5
    shifts = h * np.eye(surface.dimensions)
    numerical = np.stack([(surface.loss(w + shift) - surface.loss(w - shift)) / (2 * h)
                          for shift in shifts], axis=-1)
    gradient = surface.gradient(w)
    assert np.all(np.abs(gradient - numerical) <= 1e-6 * (1 + np.abs(gradient)))


@every_surface
def test_minima_are_minima(surface):
    around = np.random.default_rng(1).normal(size=(500, surface.dimensions))
    around /= np.linalg.norm(around, axis=1, keepdims=True)
    for minimum in surface.minima:
        assert np.abs(surface.gradient(minimum)).max() < 1e-12
        for radius in (1e-3, 1e-2, 0.1):
            assert np.all(surface.loss(minimum + radius * around) > surface.loss(minimum))


@every_surface
def test_first_minimum_is_the_global_one(surface):
    lowest = surface.loss(surface.minima).min()
    assert surface.loss(surface.minima[0]) <= lowest + 1e-15
    assert np.all(surface.loss(somewhere(surface, 20_000)) >= lowest)


@every_surface
def test_leading_axes_are_a_batch(surface):
    w = somewhere(surface, 12).reshape(3, 4, surface.dimensions)
    assert surface.loss(w).shape == (3, 4)
    assert surface.gradient(w).shape == w.shape
    assert np.ndim(surface.loss(w[1, 2])) == 0
    assert surface.loss(w)[1, 2] == pytest.approx(surface.loss(w[1, 2]), rel=1e-14)
    np.testing.assert_allclose(surface.gradient(w)[1, 2], surface.gradient(w[1, 2]), rtol=1e-14)


@every_surface
def test_start_and_minima_are_in_the_picture_and_read_only(surface):
    low, high = surface.domain.T
    for point in (surface.start, *surface.minima):
        assert np.all((low <= point) & (point <= high))
    with pytest.raises(ValueError, match="read-only"):
        surface.start[0] = 0


def test_dimensions():
    assert {surface.name: surface.dimensions for surface in SURFACES.values()} == {
        name: 1 if name == "double well" else 2 for name in SURFACES}


def test_double_well_is_the_one_of_the_lesson():
    """Lesson 02: from 1.5 to 0.879 with loss -0.061; the other well is at -0.459."""
    np.testing.assert_allclose(double_well.minima[:, 0], [-1.088, 0.879], atol=5e-4)
    np.testing.assert_allclose(double_well.loss(double_well.minima), [-0.459, -0.061], atol=5e-4)


def test_saddle_is_flat_in_the_middle_and_falls_only_along_y():
    assert not saddle.gradient(np.zeros(2)).any()
    assert saddle.loss(np.array([0.1, 0.0])) > 0 > saddle.loss(np.array([0.0, 0.1]))


def test_ravine_has_condition_number_25():
    curvatures = ravine.gradient(np.ones(2))
    assert curvatures.max() / curvatures.min() == pytest.approx(25)


def test_plateau_is_flat_where_the_descent_starts():
    assert np.linalg.norm(plateau.gradient(plateau.start)) < 0.01
    assert plateau.loss(plateau.start) > 0.99


@pytest.mark.parametrize("make, says", [
    (lambda: quadratic([1.0, 0.0]), "curvatures must be positive"),
    (lambda: quadratic(3.0), "curvatures must be positive"),
    (lambda: Surface("odd", None, None, domain=[(0, 1)], start=[0, 0], minima=[[0, 0]]), "odd"),
    (lambda: Surface("odd", None, None, domain=[(0, 1)], start=[0], minima=[[0, 0]]), "odd"),
])
def test_what_does_not_fit_together_is_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()


# --- slices -----------------------------------------------------------------------------------------

NETWORK = MLP((3, 4, 2), output="softmax")
LABELS = np.random.default_rng(2).integers(0, 2, 20)
DATA = Examples(np.random.default_rng(3).normal(size=(3, 20)), np.eye(2)[:, LABELS], LABELS)


@pytest.fixture
def whole():
    return of_network(NETWORK, DATA, NETWORK.init(np.random.default_rng(3)), block=8)     # the last block is short


@pytest.fixture
def cut(whole):
    directions = np.random.default_rng(4).normal(size=(2, whole.dimensions))
    return directions, slice_through(whole, whole.start, directions, [(-1, 1), (-1, 1)], [0.5, -0.5])


def test_a_networks_surface_has_its_losses_and_gradients(whole):
    w = somewhere(whole, 6).reshape(2, 3, -1)
    loss, dw = NETWORK.loss_and_gradient(w, DATA.X, DATA.Y)
    assert loss.shape == (2, 3)
    np.testing.assert_allclose(whole.loss(w), loss, rtol=1e-13)
    np.testing.assert_allclose(whole.gradient(w), dw, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("block", [1, 4, 100])
def test_a_slice_has_the_losses_of_the_whole(whole, cut, block):
    directions, _ = cut
    flat = slice_through(whole, whole.start, directions, [(-1, 1), (-1, 1)], [0, 0], block=block)
    a = somewhere(flat, 15).reshape(3, 5, 2)
    np.testing.assert_allclose(flat.loss(a), whole.loss(whole.start + a @ directions), rtol=1e-13)
    assert flat.loss(np.zeros(2)) == pytest.approx(float(whole.loss(whole.start)), rel=1e-13)
    assert np.ndim(flat.loss(a[0, 0])) == 0 and flat.gradient(a).shape == a.shape


def test_the_gradient_on_a_slice_agrees_with_central_differences(cut):
    _, flat = cut
    a, h = somewhere(flat, 20), 1e-5
    numerical = np.stack([(flat.loss(a + shift) - flat.loss(a - shift)) / (2 * h) for shift in h * np.eye(2)], axis=-1)
    np.testing.assert_allclose(flat.gradient(a), numerical, rtol=1e-6, atol=1e-9)


def test_a_slice_along_two_weights_trains_these_two_alone(whole):
    """The same path as on the whole, when the gradients of all the others are struck out."""
    two = np.eye(whole.dimensions)[[1, 7]]
    flat = slice_through(whole, whole.start, two, [(-1, 1), (-1, 1)], [0.0, 0.0])
    frozen = Surface("frozen", whole.loss, lambda w: whole.gradient(w) * two.sum(axis=0), whole.domain, whole.start,
                     whole.minima)
    on_slice = descend(flat, Adam(0.05), flat.start, 30)
    on_whole = descend(frozen, Adam(0.05), whole.start, 30)
    np.testing.assert_allclose(whole.start + on_slice.points @ two, on_whole.points, rtol=1e-12)
    np.testing.assert_allclose(on_slice.losses, on_whole.losses, rtol=1e-12)


def test_a_slice_of_a_small_surface_is_that_surface():
    flat = slice_through(himmelblau, [0, 0], np.eye(2), himmelblau.domain, himmelblau.start)
    a = somewhere(flat, 50)
    np.testing.assert_array_equal(flat.loss(a), himmelblau.loss(a))
    np.testing.assert_array_equal(flat.gradient(a), himmelblau.gradient(a))
