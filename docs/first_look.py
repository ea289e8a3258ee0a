"""Films the picture at the top of the README: a figure to grab, and a mistake that is named.

Nothing is staged: a notebook runs in a real JupyterLab in a real Chromium, a mouse drags the start
of the race around, and then the check answers a function that is wrong in one place. Writes
first-look.gif, and first-look.png for those who want nothing to move.

    PYTHONPATH=tests/support python docs/first_look.py
"""

import io
import tempfile
from pathlib import Path

import numpy as np
from browsing import choose, chromium, jupyterlab, open_notebook, write_notebook
from PIL import Image, ImageDraw
from playwright.sync_api import Locator, Page, expect

HERE = Path(__file__).parent
WIDTH = 1140       # of the window, in CSS pixels
DENSITY = 1.5      # pixels of the picture for each of these
MARGIN = 12        # of paper around it
FRAMES = 22        # of the drag
BETWEEN = 140      # milliseconds from frame to frame
COLOURS = 128      # in the whole film, chosen so that no optimizer loses its own
READING = 6000     # and for the mistake
TIMES = 3          # it is played; then it rests
FIGURE = "from optimlab.explorables import race\nrace()"
MISTAKE = '''
import numpy as np
from optimlab.tutor import check

def rmsprop_step(w, dw, s, learning_rate=0.01, beta=0.9, epsilon=1e-8):
    s = beta * s + (1 - beta) * dw**2
    w = w - learning_rate * dw / np.sqrt(s + epsilon)
    return w, s

check(rmsprop_step)
'''


def main() -> None:
    """Film it and write both files."""
    with tempfile.TemporaryDirectory() as folder, chromium() as browser, jupyterlab(browser, Path(folder)) as lab:
        write_notebook(Path(folder) / "look.ipynb", FIGURE, MISTAKE.strip())
        context = browser.new_context(viewport={"width": WIDTH, "height": 1600}, device_scale_factor=DENSITY)
        page = context.new_page()
        open_notebook(page, lab, "look.ipynb")
        choose(page, "Run", "Run All Cells")
        figure, mistake = page.locator(".jp-CodeCell").all()
        figure.locator(".optimlab-stage canvas").first.wait_for()
        mistake.get_by_text("epsilon_inside_root").wait_for()
        scenes = [*dragged(page, figure), taken(mistake.locator(".jp-Cell-inputWrapper, .jp-Cell-outputWrapper"))]
    write(scenes)


def dragged(page: Page, figure: Locator) -> list[Image.Image]:
    """The race from starts all around a ground with four lowest points."""
    caption = figure.locator(".optimlab-caption")
    said = caption.inner_text()
    figure.locator("select").select_option(label="Himmelblau")
    expect(caption).not_to_have_text(said)
    handle, panel = (figure.locator(name).first.bounding_box() for name in (".optimlab-handle", ".optimlab-panel"))
    assert handle and panel
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    frames = []
    for turn in np.linspace(0, 2 * np.pi, FRAMES):
        page.mouse.move(x + 0.2 * panel["width"] * np.sin(turn), y + 0.2 * panel["height"] * (1 - np.cos(turn)))
        page.wait_for_timeout(400)  # the kernel has answered by then, also where it has other work
        frames.append(taken(figure.locator(".jp-OutputArea-output:visible")))
    page.mouse.up()
    return frames


def taken(parts: Locator) -> Image.Image:
    """The parts of a page that are in sight, one below the other."""
    pictures = [Image.open(io.BytesIO(part.screenshot())).convert("RGB") for part in parts.all() if part.is_visible()]
    whole = Image.new("RGB", (max(p.width for p in pictures), sum(p.height for p in pictures)), "white")
    for number, picture in enumerate(pictures):
        whole.paste(picture, (0, sum(p.height for p in pictures[:number])))
    return whole


def write(scenes: list[Image.Image]) -> None:
    """All on sheets of one size, in one set of colours."""
    margin = round(MARGIN * DENSITY)
    wide, high = (max(side) + 2 * margin for side in zip(*(scene.size for scene in scenes)))
    pile = Image.new("RGB", (wide, high * len(scenes)), "white")
    for number, scene in enumerate(scenes):
        pile.paste(scene, (margin, number * high + (high - scene.height) // 2))
        ImageDraw.Draw(pile).rectangle((0, number * high, wide - 1, (number + 1) * high - 1), outline="#bbbbbb")
    pile = pile.quantize(COLOURS, kmeans=2)
    frames = [pile.crop((0, number * high, wide, (number + 1) * high)) for number in range(len(scenes))]
    frames[0].save(HERE / "first-look.gif", save_all=True, append_images=frames[1:], loop=TIMES - 1, disposal=1,
                   duration=[1500, *[BETWEEN] * (len(frames) - 2), READING])
    still = pile.crop((0, 0, wide, 2 * high))
    still.paste(frames[-1], (0, high))
    still.save(HERE / "first-look.png", optimize=True)


if __name__ == "__main__":
    main()
