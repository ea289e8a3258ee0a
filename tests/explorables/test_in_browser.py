"""Every explorable in a real JupyterLab: drawn, moved by its controls, dragged, played, in both themes."""
import inspect
import io

import numpy as np
import pytest
from browsing import choose, dark, keep, new_page, open_notebook, write_notebook
from matplotlib.image import imread
from optimlab import explorables
from optimlab.explorables.stage import Explorable
from playwright.sync_api import expect

NAMES = [name for name in explorables.__all__ if inspect.isfunction(getattr(explorables, name))]


def run(page, lab, name):
    """Open a notebook of one explorable, and run it until the stage stands in place of its still picture."""
    path = lab.folder / f"{name}.ipynb"
    if not path.exists():
        write_notebook(path, f"from optimlab.explorables import {name}\nshown = {name}()\nshown")
    open_notebook(page, lab, path.name)
    choose(page, "Run", "Run All Cells")
    page.locator(".optimlab-stage canvas").first.wait_for()
    page.locator(".optimlab-still").wait_for(state="hidden")


@pytest.fixture(params=NAMES, scope="module")
def page(request, lab):
    """A page where one explorable has been run; its name and its console's errors are attributes."""
    with new_page(lab.context) as page:
        page.name, page.errors = request.param, []
        page.on("console", lambda message: page.errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.errors.append(str(error)))
        run(page, lab, request.param)
        yield page


# What the canvases hold, as numbers: how many pixels are drawn, and a sum that any change changes.
DRAWN = """
canvases => canvases.map(canvas => {
  const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  let count = 0, sum = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3]) { count++; sum = (sum * 31 + i + data[i] + 3 * data[i + 1] + 7 * data[i + 3]) % 1e9; }
  return [count, sum];
})
"""


def drawn(page):
    return page.locator(".optimlab-stage canvas").evaluate_all(DRAWN)


def becomes(page, true, seconds=10):
    """Whether something comes true within so many seconds: a busy machine takes its time."""
    for _ in range(round(20 * seconds)):
        if true():
            return True
        page.wait_for_timeout(50)
    return False


def settled(page):
    """What is drawn once nothing is under way."""
    before = None
    while (now := drawn(page)) != before:
        before = now
        page.wait_for_timeout(150)
    return now


def backgrounds(page):
    return page.locator(".optimlab-panel img").evaluate_all("all => all.map(i => i.src)")


def test_it_is_drawn_and_replaces_its_still_picture(page):
    marks = [count for count, _ in settled(page)]
    assert max(marks) > 100 and min(marks) >= 0, marks
    for box in page.locator(".optimlab-panel").all():
        box.scroll_into_view_if_needed()
        picture = imread(io.BytesIO(box.screenshot()))
        inked = np.count_nonzero(np.abs(picture[..., :3] - picture[0, 0, :3]).max(axis=-1) > 0.1)
        assert inked > 500, inked
    expect(page.locator(".optimlab-still")).to_be_hidden()
    page.locator(".optimlab-stage").scroll_into_view_if_needed()
    keep(page.locator(".jp-OutputArea").first.screenshot(), f"{page.name}")


def test_it_says_what_it_shows(page):
    caption = page.locator(".optimlab-caption").inner_text()
    assert len(caption) > 20
    for canvas in page.locator(".optimlab-stage canvas").all():
        assert canvas.get_attribute("aria-label") == caption
    for handle in page.locator(".optimlab-handle").all():
        assert handle.get_attribute("aria-label") not in ("", "handle", None)


def test_every_slider_moves_it(page):
    """From wherever a slider stands, some key must change the picture: it may stand at its end."""
    for slider in page.locator(".optimlab-explorable .noUi-handle").all():
        before = settled(page)
        slider.focus()
        for key in 3 * ["ArrowRight"] + 4 * ["ArrowLeft"]:
            page.keyboard.press(key)
            if becomes(page, lambda: drawn(page) != before, seconds=0.5):
                break
        else:
            pytest.fail(f"a slider of {page.name} changed no pixel")


def test_every_other_control_moves_it(page):
    for select in page.locator(".optimlab-explorable select").all():
        values = select.locator("option").all_inner_texts()
        for value in values[1:] + values[:1]:
            before = settled(page), backgrounds(page)
            select.select_option(label=value)
            assert becomes(page, lambda: (drawn(page), backgrounds(page)) != before), f"nothing moves at {value}"
    for box in page.locator(".optimlab-explorable input[type=checkbox]").all():
        before = settled(page)
        box.click()
        assert becomes(page, lambda: drawn(page) != before), "a checkbox changed no pixel"


def test_every_handle_can_be_dragged(page):
    for handle in page.locator(".optimlab-handle").all():
        handle.scroll_into_view_if_needed()
        before, box = settled(page), handle.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        panel = handle.locator("xpath=..").bounding_box()
        to_x = x + 60 if x < panel["x"] + panel["width"] / 2 else x - 60
        to_y = y + 45 if y < panel["y"] + panel["height"] / 2 else y - 45
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(to_x, to_y, steps=6)
        page.mouse.up()
        assert becomes(page, lambda: drawn(page) != before), f"dragging {handle.get_attribute('aria-label')} changed no pixel"
        settled(page)
        now = handle.bounding_box()
        assert max(abs(now["x"] - box["x"]), abs(now["y"] - box["y"])) > 20


def test_every_handle_can_be_moved_by_keyboard(page):
    for handle in page.locator(".optimlab-handle").all():
        handle.focus()
        settled(page)
        at = handle.bounding_box()

        def is_elsewhere():
            now = handle.bounding_box()
            return max(abs(now["x"] - at["x"]), abs(now["y"] - at["y"])) > 2

        moved = False
        for key in ("ArrowRight", "ArrowUp", "ArrowLeft", "ArrowLeft", "ArrowDown", "ArrowDown"):
            page.keyboard.press(key)
            moved = moved or becomes(page, is_elsewhere, seconds=0.5)  # it may stand at an end
        assert moved
        assert page.evaluate("document.activeElement.className") == "optimlab-handle"  # no shortcut took it


def test_a_path_is_played_and_scrubbed(page):
    if not page.locator(".optimlab-time").count():
        pytest.skip("nothing is timed")
    end = settled(page)
    moments = [end]
    for moment in (200, 700):  # of 1000
        page.locator(".optimlab-time input").evaluate(
            "(e, moment) => { e.value = moment; e.dispatchEvent(new Event('input')); }", moment)
        assert drawn(page) not in moments
        moments.append(drawn(page))
    page.locator(".optimlab-time button").click()  # from there it takes a second
    assert becomes(page, lambda: drawn(page) not in moments), "nothing is played"
    assert becomes(page, lambda: drawn(page) == end), "it does not come to its end"


def test_it_follows_the_theme(page):
    light = backgrounds(page)
    with dark(page):
        assert becomes(page, lambda: backgrounds(page) != light)
        page.locator(".optimlab-stage").scroll_into_view_if_needed()
        keep(page.locator(".jp-OutputArea").first.screenshot(), f"{page.name}-dark")
        background = page.locator(".optimlab-panel").first.screenshot()
        assert imread(io.BytesIO(background))[..., :3].mean() < 0.4


def test_the_console_is_clean(page):
    assert page.errors == []


def test_with_a_dead_kernel_the_still_picture_is_there(lab):
    """A notebook saved, closed and opened again the next day."""
    with new_page(lab.context) as page:
        run(page, lab, NAMES[0])
        with page.expect_response(lambda r: r.request.method == "PUT" and "/api/contents/" in r.url):
            choose(page, "File", "Save Notebook")
        page.evaluate("""async () => { const sessions = await (await fetch("/api/sessions")).json();
            for (const s of sessions) await fetch(`/api/kernels/${s.kernel.id}`, { method: "DELETE",
                headers: { "X-XSRFToken": (document.cookie.match(/_xsrf=([^;]+)/) || [])[1] || "" } }); }""")
    with new_page(lab.context) as page:
        page.goto(f"{lab.address}/lab/tree/{NAMES[0]}.ipynb?reset")
        picture = page.locator(".optimlab-still img")
        picture.wait_for(state="visible")
        page.wait_for_timeout(1000)
        assert picture.is_visible() and picture.bounding_box()["width"] > 300
        keep(page.screenshot(), "dead-kernel")


@pytest.mark.parametrize("name", NAMES)
def test_each_is_an_explorable(name):
    assert isinstance(getattr(explorables, name)(), Explorable)
