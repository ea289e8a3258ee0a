"""Every explorable in a real JupyterLab: drawn, moved by its controls, dragged, played, in both themes."""
import inspect
import io

import numpy as np
import pytest
from browsing import choose, dark, keep, new_page, open_notebook, write_notebook
from matplotlib.image import imread
from playwright.sync_api import expect

from optimlab import explorables

NAMES = [name for name in explorables.__all__ if inspect.isfunction(getattr(explorables, name))]


def run_all(page):
    """Run the notebook until each stage stands in place of its still picture."""
    choose(page, "Run", "Run All Cells")
    for cell in page.locator(".jp-CodeCell").all():
        cell.locator(".optimlab-stage canvas").first.wait_for()
        cell.locator(".optimlab-still").wait_for(state="hidden")


@pytest.fixture(scope="module")
def page(lab):
    """A notebook with all explorables, run, in a page so high that all of it is in sight; `errors` are its console's."""
    write_notebook(lab.folder / "all.ipynb", *(f"from optimlab.explorables import {name}\n{name}()" for name in NAMES))
    with new_page(lab.context, height=8000) as page:
        page.errors = []
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        open_notebook(page, lab, "all.ipynb")
        run_all(page)
        yield page


@pytest.fixture(params=NAMES)
def figure(request, page):
    """The cell of one explorable."""
    return cell_of(page, request.param)


def cell_of(page, name):
    return page.locator(".jp-CodeCell").nth(NAMES.index(name))


# What the canvases hold, as numbers: how many pixels are drawn, and a sum that any change changes.
DRAWN = """
canvases => canvases.map(canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0, sum = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) { count++; sum = (sum * 31 + i + data[i] + 3 * data[i + 1] + 7 * data[i + 3]) % 1e9; }
  return [count, sum];
})
"""


def drawn(figure):
    return figure.locator(".optimlab-stage canvas").evaluate_all(DRAWN)


def becomes(figure, true, seconds=10):
    """Whether something comes true within so many seconds: a busy machine takes its time."""
    for _ in range(round(20 * seconds)):
        if true():
            return True
        figure.page.wait_for_timeout(50)
    return False


def settled(figure):
    """What is drawn once nothing is under way."""
    before = None
    while (now := drawn(figure)) != before:
        before = now
        figure.page.wait_for_timeout(150)
    return now


def backgrounds(figure):
    return figure.locator(".optimlab-panel img").evaluate_all("all => all.map(i => i.src)")


@pytest.mark.parametrize("name", NAMES)
def test_it_is_drawn_and_replaces_its_still_picture(name, page):
    figure = cell_of(page, name)
    marks = [count for count, _ in settled(figure)]
    assert max(marks) > 100 and min(marks) >= 0, marks
    for box in figure.locator(".optimlab-panel").all():
        box.scroll_into_view_if_needed()
        picture = imread(io.BytesIO(box.screenshot()))
        inked = np.count_nonzero(np.abs(picture[..., :3] - picture[0, 0, :3]).max(axis=-1) > 0.1)
        assert inked > 500, inked
    expect(figure.locator(".optimlab-still")).to_be_hidden()
    figure.locator(".optimlab-stage").scroll_into_view_if_needed()
    keep(figure.locator(".jp-OutputArea").first.screenshot(), name)


def test_it_says_what_it_shows(figure):
    caption = figure.locator(".optimlab-caption").inner_text()
    assert len(caption) > 20
    for canvas in figure.locator(".optimlab-stage canvas").all():
        assert canvas.get_attribute("aria-label") == caption
    for handle in figure.locator(".optimlab-handle").all():
        assert handle.get_attribute("aria-label") not in ("", "handle", None)


def test_every_slider_moves_it(figure):
    """From wherever a slider stands, some key must change the picture: it may stand at its end."""
    for slider in figure.locator(".optimlab-explorable .noUi-handle").all():
        before = settled(figure)
        slider.focus()
        for key in 3 * ["ArrowRight"] + 4 * ["ArrowLeft"]:
            figure.page.keyboard.press(key)
            if becomes(figure, lambda: drawn(figure) != before, seconds=0.5):
                break
        else:
            pytest.fail("a slider changed no pixel")


def test_every_other_control_moves_it(figure):
    for select in figure.locator(".optimlab-explorable select").all():
        values = select.locator("option").all_inner_texts()
        for value in values[1:] + values[:1]:
            before = settled(figure), backgrounds(figure)
            select.select_option(label=value)
            assert becomes(figure, lambda: (drawn(figure), backgrounds(figure)) != before), f"nothing moves at {value}"
    for box in figure.locator(".optimlab-explorable input[type=checkbox]").all():
        before = settled(figure)
        box.click()
        assert becomes(figure, lambda: drawn(figure) != before), "a checkbox changed no pixel"


def test_every_handle_can_be_dragged(figure):
    for handle in figure.locator(".optimlab-handle").all():
        handle.scroll_into_view_if_needed()
        before, box = settled(figure), handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        panel = handle.locator("xpath=..").bounding_box()
        to_x = x + 60 if x < panel["x"] + panel["width"] / 2 else x - 60
        to_y = y + 45 if y < panel["y"] + panel["height"] / 2 else y - 45
        figure.page.mouse.move(x, y)
        figure.page.mouse.down()
        figure.page.mouse.move(to_x, to_y, steps=6)
        figure.page.mouse.up()
        assert becomes(figure, lambda: drawn(figure) != before), f"dragging {handle.get_attribute('aria-label')} changed no pixel"
        settled(figure)
        now = handle.bounding_box()
        assert max(abs(now["x"] - box["x"]), abs(now["y"] - box["y"])) > 20


def test_every_handle_can_be_moved_by_keyboard(figure):
    for handle in figure.locator(".optimlab-handle").all():
        handle.focus()
        settled(figure)
        at = handle.bounding_box()

        def is_elsewhere():
            now = handle.bounding_box()
            return max(abs(now["x"] - at["x"]), abs(now["y"] - at["y"])) > 2

        moved = False
        for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown"):
            figure.page.keyboard.press(key)
            moved = moved or becomes(figure, is_elsewhere, seconds=0.5)  # it may stand at an end
        assert moved
        assert figure.page.evaluate("document.activeElement.className") == "optimlab-handle"  # no shortcut took it


def test_a_path_is_played_and_scrubbed(figure):
    if not figure.locator(".optimlab-time").count():
        pytest.skip("nothing is timed")
    end = settled(figure)
    moments = [end]
    for moment in (200, 700):  # of 1000
        figure.locator(".optimlab-time input").evaluate(
            "(e, moment) => { e.value = moment; e.dispatchEvent(new Event('input')); }", moment)
        assert drawn(figure) not in moments
        moments.append(drawn(figure))
    figure.locator(".optimlab-time button").click()  # from there it takes a second
    assert becomes(figure, lambda: drawn(figure) not in moments), "nothing is played"
    assert becomes(figure, lambda: drawn(figure) == end), "it does not come to its end"


def test_all_follow_the_theme(page):
    figures = {name: cell_of(page, name) for name in NAMES}
    light = {name: backgrounds(figure) for name, figure in figures.items()}
    with dark(page):
        for name, figure in figures.items():
            assert becomes(figure, lambda: backgrounds(figure) != light[name]), name
            keep(figure.locator(".jp-OutputArea").first.screenshot(), f"{name}-dark")
            background = figure.locator(".optimlab-panel").first.screenshot()
            assert imread(io.BytesIO(background))[..., :3].mean() < 0.4, name


def test_the_console_is_clean(page):
    assert page.errors == []


def test_with_a_dead_kernel_the_still_picture_is_there(lab):
    """A notebook saved, closed and opened again the next day."""
    write_notebook(lab.folder / "one.ipynb", f"from optimlab.explorables import {NAMES[0]}\n{NAMES[0]}()")
    with new_page(lab.context) as page:
        open_notebook(page, lab, "one.ipynb")
        run_all(page)
        with page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
            choose(page, "File", "Save Notebook")
        page.evaluate("""async () => { const sessions = await (await fetch("/api/sessions")).json();
            for (const s of sessions) if (s.path === "one.ipynb") await fetch(`/api/kernels/${s.kernel.id}`, { method: "DELETE",
                headers: { "X-XSRFToken": (document.cookie.match(/_xsrf=([^;]+)/) || [])[1] || "" } }); }""")
    with new_page(lab.context) as page:
        page.goto(f"{lab.address}/lab/tree/one.ipynb?reset")
        picture = page.locator(".optimlab-still img")
        picture.wait_for(state="visible")
        page.wait_for_timeout(1000)
        assert picture.is_visible() and picture.bounding_box()["width"] > 300
        keep(page.screenshot(), "dead-kernel")
