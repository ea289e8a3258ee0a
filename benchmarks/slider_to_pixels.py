"""From a slider's move to changed pixels: every explorable against `interact` with inline matplotlib.

One notebook of a real JupyterLab in a real Chromium holds all explorables and the figure of one of
them made with `interact`: contours with the path of gradient descent, and its losses. `interact`
computes nothing in a move but the path, and draws at half our density. The first slider of each (a
handle where there is none) is moved by a key press, in turn; every animation frame then looks
whether the picture has changed. Prints medians and 95th percentiles, the ratio to `interact`'s
median, and how long each explorable takes to compute its state.

    PYTHONPATH=tests/support python benchmarks/slider_to_pixels.py [MOVES]
"""

import inspect
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from browsing import choose, chromium, jupyterlab, new_page, open_notebook, write_notebook

from optimlab import explorables

FIGURES = [name for name in explorables.__all__ if inspect.isfunction(getattr(explorables, name))]
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
# Press a key on the slider of a cell's output; the milliseconds until its pictures are others.
MOVE = """
async ([cell, key]) => {
  const output = document.querySelectorAll(".jp-CodeCell .jp-Cell-outputArea")[cell];
  const look = () => {
    let sum = 0;
    for (const canvas of output.querySelectorAll("canvas")) {
      const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
      for (let i = 3; i < data.length; i += 4) sum = (sum * 31 + data[i]) | 0;
    }
    const image = output.querySelector("img");
    return sum || !image ? sum : image.complete ? image.src : before;
  };
  let before; before = look();
  const began = performance.now();
  const slider = output.querySelector(".noUi-handle") ?? output.querySelector(".optimlab-handle");
  slider.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  while (look() === before && performance.now() - began < 5000) await new Promise(requestAnimationFrame);
  return performance.now() - began;
}
"""


def measure(moves: int) -> dict[str, np.ndarray]:
    """Milliseconds of each move, for each figure and for `interact`."""
    ours = [f"from optimlab.explorables import {name}\n{name}()" for name in FIGURES]
    with tempfile.TemporaryDirectory() as folder:
        write_notebook(Path(folder) / "all.ipynb", *ours, INLINE.strip())
        # Tall enough to show all of it: JupyterLab draws no cell that is out of sight.
        with chromium() as browser, jupyterlab(browser, Path(folder)) as lab, \
                new_page(lab.context, height=8000) as page:
            open_notebook(page, lab, "all.ipynb")
            choose(page, "Run", "Run All Cells")
            page.get_by_text("| Idle").wait_for()
            page.wait_for_timeout(5000)
            taken = {name: [] for name in (*FIGURES, "interact")}
            for move in range(moves + 3):
                key = "ArrowRight" if move % 2 else "ArrowLeft"
                for cell, times in enumerate(taken.values()):
                    times.append(page.evaluate(MOVE, [cell, key]))
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
    inline = np.median(taken["interact"])
    print(f"{moves} moves each, in turn   median    95th percentile   of interact   its state")
    for name, times in taken.items():
        state = f"{computing(name):8.2f} ms" if name in FIGURES else ""
        median, slow = np.percentile(times, [50, 95])
        print(f"{name:20s} {median:9.1f} ms {slow:12.1f} ms {median / inline:13.2f}   {state}")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
