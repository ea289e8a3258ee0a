"""What the static figures show, and say in words."""

import io
from itertools import combinations

import numpy as np
import pytest
from matplotlib.text import Text
from PIL import Image

from optimlab import plots
from optimlab.comparison import Comparison, measured
from optimlab.plots.figure import DOTS_PER_INCH
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


def made_up(names=("Adam", "Momentum", "mine")):
    """Three optimizers, three rates, two seeds, two epochs; the second never learns, the third overflows at the end."""
    accuracy = np.array([[0.5, 0.9, 0.7], [0.1, 0.1, 0.1], [0.8, 0.85, np.nan]])[:, :, None] + [0.0, 0.02]
    loss = np.array([2.0, 1.0, 0.5]) * np.ones((3, 3, 2, 1))
    loss[1], loss[2, 2, :, 1:] = [2.0, 30.0, 1e300], np.nan
    return Comparison(names, np.array([0.001, 0.01, 0.1]), np.arange(2), loss, loss[..., -1], accuracy, accuracy)


def test_a_rate_map_says_every_accuracy_boxes_the_best_and_crosses_what_diverged():
    _, ax = plots.picture(9, 3)
    plots.rate_map(ax, made_up())
    assert [text.get_text() for text in ax.texts] == ["51.0", "91.0", "71.0", "×", "×", "×", "81.0", "86.0", "×"]
    assert [box.get_xy() for box in ax.patches] == [(1, 0), (0, 1), (1, 2)]
    assert "Adam 0.01 (91.0 %)" in ax.alt


def test_training_losses_keep_their_room_when_one_diverges():
    _, ax = plots.picture(9, 3)
    plots.training_losses(ax, made_up())
    assert ax.get_ylim()[0] > 0.1 and ax.get_ylim()[1] == 20
    assert {line.get_label(): line.get_color() for line in ax.lines}["Adam (α = 0.001)"] == plots.COLORS["Adam"]
    assert "Adam ends at 0.5" in ax.alt


def test_training_losses_are_drawn_where_they_end_lowest_not_where_validation_is_best():
    found = made_up()
    found.training_loss[0, 2, :, -1] = 0.25                  # Adam's validation accuracy is best at 0.01
    _, ax = plots.picture(9, 3)
    plots.training_losses(ax, found)
    assert found.best_rate("Adam") == 0.01 and found.lowest_rate("Adam") == 0.1
    assert "Adam (α = 0.1)" in [line.get_label() for line in ax.lines] and "Adam ends at 0.25" in ax.alt


@pytest.mark.parametrize("rate, first, last", [
    (None, "Adam (α = 0.01)\n91.0 ± 1.4 %", "Momentum (α = 0.001)\n11.0 ± 1.4 %"),
    (0.001, "mine\n81.0 ± 1.4 %", "Momentum\n11.0 ± 1.4 %"),
    (0.1, "Adam\n71.0 ± 1.4 %", "mine\noverflowed")])
def test_a_ranking_at_own_best_rates_or_at_one(rate, first, last):
    _, ax = plots.picture()
    plots.ranking(ax, made_up(), rate)
    labels = [label.get_text() for label in ax.get_yticklabels()]
    assert labels[0] == first and labels[-1] == last
    assert ("α = " not in first) == (rate is not None) and first.replace("\n", " ") in ax.alt


def test_the_decision_chart_takes_its_numbers_from_the_comparison_and_its_arrays_from_the_state():
    _, ax = plots.picture(9, 6.8)
    plots.decision_chart(ax, made_up())
    shown = [text.get_text() for text in ax.texts]
    assert "Adam: best rate 0.01, good from 0.01 to 0.01, test accuracy 91.0 ± 1.4 %, arrays kept 2;" in ax.alt
    assert "Momentum" in shown and "mine" not in shown and "91.0\n± 1.4 %" in shown
    assert any("3 rates, 2 seeds and 2 epochs" in text for text in shown)


def test_a_decision_chart_without_a_row_is_refused():
    with pytest.raises(ValueError, match="none of mine, yours, ours is one of the course's optimizers"):
        plots.decision_chart(plots.picture()[1], made_up(("mine", "yours", "ours")))


@pytest.mark.slow
@pytest.mark.parametrize("height, draw", [
    (4, plots.rate_map), (4.4, plots.training_losses), (6.8, plots.decision_chart)])
def test_no_words_of_the_comparison_touch_each_other(height, draw):
    figure, ax = plots.picture(9, height)
    draw(ax, measured())
    figure.draw_without_rendering()
    texts = [text for text in figure.findobj(Text) if text.get_text() and text.get_visible()]
    boxes = [text.get_window_extent() for text in texts]
    touching = [(a.get_text(), b.get_text()) for (a, box), (b, other) in combinations(zip(texts, boxes), 2)
                if box.padded(-1).overlaps(other.padded(-1))]
    assert not touching
    assert min(text.get_size() for text in texts) >= 9
    page = figure.get_tightbbox()
    assert page.x0 >= 0 and page.y0 >= 0 and page.x1 <= 9 and page.y1 <= height


def test_pictures_in_a_row_are_shown_one_by_one_with_their_words():
    pictures = []
    for words in ("A line.", "A dot."):
        figure, ax = plots.picture(2, 1)
        plots.describe(ax, words)
        pictures.append(figure)
    shown = plots.Row(*pictures)._repr_mimebundle_()
    assert shown["text/plain"] == "A line. A dot." and shown["text/html"].count("<img ") == 2


def test_a_table_says_which_row_does_not_fit():
    with pytest.raises(ValueError, match=r"2 headings, but a row is \('1',\)"):
        plots.Table("Steps", ("κ", "steps"), [(1,)])


@pytest.mark.parametrize("facecolor", ["white", "none"])
def test_the_png_holds_what_matplotlib_draws(facecolor):
    figure, ax = plots.picture(3, 2, room=0.6)
    ax.plot([0, 1], [0, 1])
    raw = io.BytesIO()
    figure.savefig(raw, format="rgba", dpi=2 * DOTS_PER_INCH, facecolor=facecolor)
    drawn = np.frombuffer(raw.getvalue(), np.uint8).reshape(400, 600, 4)
    shown = np.asarray(Image.open(io.BytesIO(figure.png(facecolor))))
    assert np.array_equal(shown, drawn[..., :shown.shape[-1]]) and shown.shape[-1] == (4 if facecolor == "none" else 3)
