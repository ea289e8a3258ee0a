"""A stage keeps data and pixels together, whatever the axes, and can be seen without a browser."""
import numpy as np
import pytest
from ipywidgets import Dropdown, FloatSlider
from matplotlib.image import imread

from optimlab.explorables.marks import Arrows, Bars, Handle, Labels, Path, Points
from optimlab.explorables.stage import FAR, Explorable, Panel, Stage, Task


def square(ax):
    ax.set(xlim=(-2, 2), ylim=(0, 4), xlabel="w", ylabel="loss")


def logarithmic(ax):
    ax.set(xlim=(1, 100), ylim=(1e-6, 1e2), xscale="log", yscale="log")


def equal(ax):
    ax.set(xlim=(-1, 3), ylim=(-1, 1), aspect="equal")


def fractions(stage, name):
    return np.frombuffer(stage.geometry[name], np.float32).reshape(-1, 2)


@pytest.mark.parametrize("draw, at", [(square, (-1.5, 3.0)), (logarithmic, (7.0, 0.02)), (equal, (2.5, -0.25))])
def test_a_handle_comes_back_to_where_it_is(draw, at):
    stage = Stage([Panel(draw)], {"ball": Handle(at=at)})
    stage.show("", ball=at)
    np.testing.assert_allclose(stage.data("ball", fractions(stage, "ball")[0]), at, rtol=1e-4)


@pytest.mark.parametrize("draw, corners", [
    (square, ((-2, 4), (2, 0))), (logarithmic, ((1, 1e2), (100, 1e-6))), (equal, ((-1, 1), (3, -1)))])
def test_the_corners_of_the_axes_are_the_corners_of_the_clip(draw, corners):
    """y counts downwards in the browser."""
    stage = Stage([Panel(square), Panel(draw, 4.0, 3.0)], {"path": Path(1)})
    stage.show("", path=corners)
    np.testing.assert_allclose(fractions(stage, "path").ravel(), stage.panels[1]["clip"], atol=1e-5)


def test_a_handle_cannot_be_dragged_out_of_the_axes():
    stage = Stage([Panel(square)], {"ball": Handle()})
    np.testing.assert_allclose(stage.data("ball", (-5, 7)), (-2, 0), atol=1e-9)


def test_a_path_that_diverges_stays_finite_and_a_gap_stays_a_gap():
    stage = Stage([Panel(logarithmic)], {"path": Path()})
    stage.show("", path=[(1, 1), (2, np.inf), (3, np.nan), (4, 1e300), (5, -1)])
    y = fractions(stage, "path")[:, 1]
    assert np.isfinite(y[[0, 1, 3]]).all() and np.isnan(y[2]) and np.abs(y[[0, 1, 3]]).max() <= FAR


def test_only_the_named_marks_travel_and_the_others_stay():
    stage = Stage([Panel(square)], {"path": Path(), "words": Labels()})
    stage.show("one", path=[(0, 0)], words=([(0, 1)], [3]))
    before = stage.geometry["words"]
    stage.show("two", path=[(0, 1)])
    assert stage.geometry["words"] is before and stage.words == {"words": ["3"]} and stage.caption == "two"


@pytest.fixture
def explorable():
    def draw(ax, curve):
        square(ax)
        ax.set_title(curve)

    def state(curve, rate, ball):
        return f"{curve} at {rate:g}", {"path": [(0, 0), (1, rate)], "ball": (ball[0], ball[0]**2)}

    return Explorable([Panel(draw, depends=("curve",)), Panel(square)],
                      {"path": Path(timed=True), "ball": Handle(label="the ball", at=(1, 1), moves="x")},
                      {"curve": Dropdown(options=["parabola", "quartic"]), "rate": FloatSlider(0.5)}, state)


def test_a_slider_moves_the_path_but_draws_no_background(explorable):
    backgrounds, path = explorable.stage.backgrounds, explorable.stage.geometry["path"]
    explorable.controls["rate"].value = 2.0
    assert explorable.stage.geometry["path"] != path
    assert explorable.stage.caption == "parabola at 2"
    assert explorable.stage.backgrounds is backgrounds


def test_a_background_is_drawn_again_when_what_it_depends_on_changes(explorable):
    one, two = explorable.stage.backgrounds
    explorable.controls["curve"].value = "quartic"
    assert explorable.stage.backgrounds[0] != one and explorable.stage.backgrounds[1] is two
    explorable.controls["curve"].value = "parabola"
    assert explorable.stage.backgrounds[0] is one  # kept, not drawn again


def test_a_dragged_handle_is_put_back_onto_its_curve_and_the_move_is_answered(explorable):
    left, _top, right, bottom = explorable.stage.panels[0]["clip"]
    explorable.stage.dragged = {"ball": [left + 0.25 * (right - left), bottom, 7]}
    np.testing.assert_allclose(explorable.places["ball"], (-1, 1), atol=1e-3)
    assert explorable.stage.heard == 7


def test_light_and_dark_backgrounds_differ_and_let_the_page_through(explorable, tmp_path):
    for theme, png in explorable.stage.backgrounds[0].items():
        (tmp_path / theme).write_bytes(png)
    light, dark = (imread(tmp_path / theme) for theme in ("light", "dark"))
    assert light.shape == dark.shape == (720, 920, 4)
    assert light[0, 0, 3] == light[360, 460, 3] == 0  # outside the axes and inside
    ink = [image[image[..., 3] > 0.9][:, :3].mean() for image in (light, dark)]
    assert ink[0] < 0.4 < 0.6 < ink[1]


def test_every_mark_is_drawn_in_the_still_picture():
    values = {"path": (Path(color="#ff0000"), [(-2, 1), (2, 1)]), "points": (Points(color="#00ff00"), [(0, 2)]),
              "bars": (Bars(color="#0000ff", opacity=1), [(1, 2)]), "arrows": (Arrows(color="#ff00ff"), [(-1, 3, 1, 3)]),
              "words": (Labels(color="#00ffff", bold=True), ([(0, 3.5)], ["MMMM"])),
              "ball": (Handle(color="#ffff00"), (-1, 2))}
    stage = Stage([Panel(square)], {name: mark for name, (mark, _) in values.items()})
    stage.show("All of them.", **{name: value for name, (_, value) in values.items()})
    figure = stage.picture()
    figure.png()
    pixels = np.asarray(figure.canvas.buffer_rgba())[..., :3].reshape(-1, 3)
    for name, (mark, _) in values.items():
        colour = [int(mark.color[i:i + 2], 16) for i in (1, 3, 5)]
        assert np.count_nonzero((pixels == colour).all(axis=1)) > 10, name


def test_it_is_a_picture_with_words_where_there_is_no_widget_manager(explorable, shown):
    explorable._ipython_display_()
    picture, widget = shown
    assert 'alt="parabola at 0.5"' in picture["text/html"] and "data:image/png" in picture["text/html"]
    assert widget["text/plain"] == "parabola at 0.5"
    assert "application/vnd.jupyter.widget-view+json" in widget


def test_a_task_answers_when_it_is_solved_and_stays_solved():
    figure = Explorable([Panel(square)], {"path": Path()}, {"slope": FloatSlider(0.0, max=9.0)},
                        lambda slope: ("", {"path": [(0, 0), (1, slope)]}))
    figure.asking(Task("Make it steep.", lambda slope: f"You found it: {slope:g}." if slope > 5 else ""))
    words = figure.children[-1]
    assert words.value == "<div><b>○</b> Make it steep.</div>"
    for slope in (7.0, 1.0):
        figure.controls["slope"].value = slope
        assert words.value == "<div><b>✓</b> Make it steep. <b>You found it: 7.</b></div>"
