"""From a slider's move to changed pixels: an explorable against `interact` with inline matplotlib.

The same figure twice in one notebook of a real JupyterLab in a real Chromium: contours with the path
of gradient descent, and its losses; `interact` computes nothing in a move but the path, and draws
at half our density. The sliders are moved in turn by a key press; every animation
frame then looks whether the picture has changed. Prints medians, 95th percentiles and their ratio,
and how long each explorable takes to compute its state.

    python benchmarks/slider_to_pixels.py [MOVES]
"""

import inspect
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from optimlab import explorables

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from browsing import choose, chromium, jupyterlab, new_page, open_notebook, write_notebook  # noqa: E402

OURS = """
from optimlab.explorables import ball_on_a_surface
ball_on_a_surface()
"""
INLINE = """
import numpy as np
import matplotlib.pyplot as plt
from ipywidgets import FloatLogSlider, interact
from optimlab.optimizers import GradientDescent
from optimlab.surfaces import bowl
from optimlab.training import descend

x, y = np.meshgrid(np.linspace(-6, 6, 100), np.linspace(-3, 3, 100))
loss = bowl.loss(np.stack([x, y], axis=-1))

def show(learning_rate):
    points, losses = descend(bowl, GradientDescent(learning_rate), bowl.start, 200)
    figure, (left, right) = plt.subplots(1, 2, figsize=(9.2, 3.6), dpi=100)
    left.contour(x, y, loss, levels=14, colors="gray")
    left.plot(*points.T, "o-", color="black", ms=4)
    left.set(xlabel="w1", ylabel="w2", aspect="equal")
    right.semilogy(np.maximum(losses, 1e-6), color="black")
    right.set(xlabel="step", ylabel="loss")
    right.grid(alpha=0.3)
    plt.show()

interact(show, learning_rate=FloatLogSlider(0.1, min=-4, max=0.5, step=0.01));
"""
# Press a key on the slider of a cell's output; the milliseconds until `look` sees another picture.
MOVE = """
async ([cell, key, ours]) => {
  const output = document.querySelectorAll(".jp-CodeCell .jp-Cell-outputArea")[cell];
  const look = ours
    ? () => { const canvas = output.querySelector("canvas");
              const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
              let sum = 0; for (let i = 3; i < data.length; i += 4) sum = (sum * 31 + data[i]) | 0; return sum; }
    : () => { const image = output.querySelector("img"); return image && image.complete ? image.src : before; };
  let before; before = look();
  const began = performance.now();
  output.querySelector(".noUi-handle").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  while (look() === before && performance.now() - began < 5000) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""


def measure(moves: int) -> dict[str, np.ndarray]:
    """Milliseconds of each move, for both."""
    with tempfile.TemporaryDirectory() as folder:
        write_notebook(Path(folder) / "both.ipynb", OURS.strip(), INLINE.strip())
        with jupyterlab(Path(folder)) as lab, chromium() as browser, new_page(browser, height=1600) as page:
            open_notebook(page, lab, "both.ipynb")
            choose(page, "Run", "Run All Cells")
            page.locator(".noUi-handle").nth(1).wait_for()
            page.wait_for_timeout(3000)
            taken = {"explorable": [], "interact": []}
            for move in range(moves + 3):
                key = "ArrowRight" if move % 2 else "ArrowLeft"
                for cell, name in enumerate(taken):
                    taken[name].append(page.evaluate(MOVE, [cell, key, name == "explorable"]))
                    page.wait_for_timeout(150)
    return {name: np.array(times[3:]) for name, times in taken.items()}  # the first moves warm up


def computing(name: str) -> float:
    """Milliseconds that an explorable's state takes, the median of 50."""
    explorable = getattr(explorables, name)()
    values = {n: c.value for n, c in explorable.controls.items()} | explorable.places
    times = []
    for _ in range(50):
        began = time.perf_counter()
        explorable.state(**values)
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times))


def main(moves: int = 40) -> None:
    """Measure and print."""
    taken = measure(moves)
    for name, times in taken.items():
        print(f"{name:12s} median {np.median(times):6.1f} ms   95th percentile {np.percentile(times, 95):6.1f} ms")
    print(f"ratio        median {np.median(taken['explorable']) / np.median(taken['interact']):6.2f}   "
          f"({moves} moves each, in turn)")
    for name in explorables.__all__:
        if inspect.isfunction(getattr(explorables, name)):
            print(f"{name:20s} computes its state in {computing(name):5.2f} ms")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
