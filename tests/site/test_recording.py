"""A recorded explorable shows what the one in a notebook shows, and moves in a browser without a kernel."""
import gzip
import json
import shutil
import sys

import numpy as np
import pytest
from ipywidgets import Checkbox, Dropdown, FloatLogSlider, FloatSlider, IntSlider, SelectionSlider
from project import ROOT
from serving import served

from optimlab.explorables import ball_on_a_curve
from optimlab.explorables.marks import Handle, Labels, Path
from optimlab.explorables.stage import Explorable, Panel

sys.path.insert(0, str(ROOT / "docs/site"))
import recording


def small():
    """One of each: a list, a slider, a handle that the function moves back onto its line, words."""
    def state(scale, slope, at):
        x = float(np.clip(at[0], 0, 1))
        return f"{scale} and {slope:g} at {x:.3f}", {
            "line": [(0, 0), (1, slope * scale)], "at": (x, slope * x), "said": ([(x, 1)], [f"{slope:g}"])}

    return Explorable([Panel(lambda ax, scale: ax.set(xlim=(0, 1), ylim=(0, 9 * scale)), depends=("scale",))],
                      {"line": Path(), "said": Labels(), "at": Handle(at=(0.5, 0.5), moves="x")},
                      {"scale": Dropdown(options=[1, 2], value=2, description="scale"),
                       "slope": FloatSlider(2.0, min=0, max=3, step=0.5, description="slope")}, state)


def test_each_frame_is_what_the_explorable_shows_for_these_values():
    recorded, fresh = recording.Recording(small()), small()
    blobs = list(recorded.blobs)
    assert recorded.first == 1 and len(recorded.combinations) == 2
    for scale, combination in zip((1, 2), recorded.combinations):
        assert combination["base"] == {"slope": [4, "2.00"]}
        fresh.controls["scale"].value = scale
        cases = [(2.0, 0.5, combination["still"])]
        cases += [(slope, 0.5, frame) for slope, frame in zip(np.arange(0, 3.1, 0.5), combination["moved"]["slope"])]
        for slope, x, number in cases:
            fresh.controls["slope"].value = slope
            fresh.place("at", (x, 0))
            frame = recorded.frames[number]
            assert frame["caption"] == fresh.stage.caption and frame["words"] == fresh.stage.words
            assert {name: blobs[at] for name, at in frame["geometry"].items()} == fresh.stage.geometry
            assert [{theme: blobs[at] for theme, at in themes.items()} for themes in frame["backgrounds"]] == fresh.stage.backgrounds


def test_a_handle_is_recorded_where_it_is_put_with_the_sliders_as_at_first():
    recorded = recording.Recording(small())
    captions = [recorded.frames[number]["caption"] for number in recorded.combinations[1]["moved"]["at"]]
    assert captions[0] == "2 and 2 at 0.000" and captions[-1] == "2 and 2 at 1.000"
    assert len(set(captions)) == recording.PLACES[1]


@pytest.mark.parametrize("widget, first, last, many", [
    (IntSlider(3, min=1, max=10), "1", "10", 10),
    (FloatSlider(0.5, min=0, max=1, step=0.001, readout_format=".3f"), "0.000", "1.000", recording.POSITIONS + 1),
    (FloatLogSlider(0.1, min=-2, max=0, step=0.5, readout_format=".2g"), "0.01", "1", 5),
    (SelectionSlider(options=[("one", 1), ("two", 2)], value=1), "one", "two", 2),
])
def test_a_slider_goes_from_end_to_end_and_says_its_values_as_in_a_notebook(widget, first, last, many):
    values = recording.slider_values(widget)
    assert (recording.told(widget, values[0]), recording.told(widget, values[-1]), len(values)) == (first, last, many)
    for value in values:
        widget.value = value  # each is one that it takes
        assert widget.value == pytest.approx(value)


def test_a_switch_is_a_choice():
    assert recording.choices(Checkbox(True)) == [("off", False), ("on", True)]


def test_what_is_equal_is_written_once(tmp_path):
    recorded = recording.Recording(small())
    recorded.save(tmp_path, "small")
    written = json.loads((tmp_path / "small.json").read_text(encoding="utf-8"))
    assert len(gzip.decompress((tmp_path / "small.bin").read_bytes())) == written["ends"][-1]
    assert len(set(recorded.blobs)) == len(written["ends"]) < sum(len(frame[3]) for frame in written["frames"])


def test_in_a_browser_it_moves_as_in_a_notebook(browser, tmp_path):
    from browsing import new_page
    for name in ("docs/site/static/player.js", "utils/optimlab/explorables/stage.js", "utils/optimlab/explorables/stage.css"):
        shutil.copy(ROOT / name, tmp_path)
    recording.Recording(ball_on_a_curve()).save(tmp_path, "ball")
    (tmp_path / "index.html").write_text(
        '<!doctype html><meta charset="utf-8"><link rel="stylesheet" href="stage.css"><script type="module" src="player.js"></script>'
        '<div class="optimlab-recorded" data-recording="ball">a still picture</div>')
    fresh = ball_on_a_curve()
    with served(tmp_path) as address, new_page(browser) as page:
        wrong = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(address)
        page.locator('[data-live="true"]').wait_for()
        caption = page.locator(".optimlab-caption")
        assert caption.text_content() == fresh.stage.caption
        assert "a still picture" not in page.locator("body").text_content()
        slider = page.get_by_role("slider", name="learning rate α")
        slider.focus()
        page.keyboard.press("End")
        fresh.controls["learning_rate"].value = fresh.controls["learning_rate"].max
        assert caption.text_content() == fresh.stage.caption
        page.get_by_role("slider", name="the ball").focus()
        page.keyboard.press("ArrowRight")
        assert slider.input_value() != slider.get_attribute("max")  # it has gone back
        page.get_by_role("combobox", name="curve").select_option(index=1)
        fresh = ball_on_a_curve()
        fresh.controls["curve"].value = fresh.controls["curve"].options[1]
        assert caption.text_content() == fresh.stage.caption
        assert wrong == []
