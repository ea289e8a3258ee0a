"""What the static figures show, and say in words."""

import numpy as np
import pytest
from optimlab import plots
from optimlab.surfaces import SURFACES, Surface, bowl

ON_THE_PLANE = [surface for surface in SURFACES.values() if surface.dimensions == 2]


@pytest.mark.parametrize("surface", ON_THE_PLANE, ids=lambda surface: surface.name)
def test_contours_part_the_picture_evenly(surface):
    _, ax = plots.picture()
    plots.contours(ax, surface, lines=10)
    levels = ax.collections[0].levels
    assert (np.diff(levels) > 0).all()
    (left, right), (bottom, top) = surface.domain
    places = np.random.default_rng(0).uniform((left, bottom), (right, top), (20_000, 2))
    inside = np.mean(surface.loss(places)[:, None] < levels, axis=0)
    np.testing.assert_allclose(inside, (np.arange(1, 10) / 10) ** 2, atol=0.02)


@pytest.mark.parametrize("surface", ON_THE_PLANE, ids=lambda surface: surface.name)
def test_contours_have_one_scale_and_say_where_the_minima_are(surface):
    _, ax = plots.picture()
    assert plots.contours(ax, surface) is ax
    assert ax.get_aspect() == 1
    np.testing.assert_array_equal([ax.get_xlim(), ax.get_ylim()], surface.domain)
    assert f"({surface.minima[0, 0]:.3g}, {surface.minima[0, 1]:.3g})" in ax.alt and surface.name in ax.alt


def test_contours_of_flat_land_and_of_a_loss_without_known_minima():
    steps = Surface("stairs", lambda w: np.floor(w[..., 0]), np.zeros_like, bowl.domain, bowl.start,
                    np.zeros((0, 2)))
    _, ax = plots.picture()
    assert "crosses" not in plots.contours(ax, steps).alt
