"""How many days should one step look at? Three paths over the loss of a line through Seattle's weather."""

import numpy as np
from ipywidgets import FloatLogSlider, IntSlider

from optimlab.datasets import seattle_weather
from optimlab.explorables.marks import Handle, Labels, Path
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.plots import BATCH_COLORS

__all__ = ["batch_sizes"]

DAYS = 120   # every twelfth of the four years: few enough for the answer to follow the slider
EPOCHS = 5
HEIGHTS, SLOPES, LOSSES = (-2.0, 24.0), (-6.0, 14.0), (4.0, 500.0)  # what the panels show
AWAY = 1e6   # where a path that runs away is held


def batch_sizes() -> Explorable:
    """Batch, mini-batch and stochastic gradient descent on one loss, at one learning rate.

    The model is a line: the afternoon's maximum in degrees C from the morning's standardized
    minimum. All three see the same days in the same shuffled order, five times over.

    >>> figure = batch_sizes()
    >>> figure.controls["batch_size"].value = 120
    >>> figure.stage.caption.count("120 days at a time (5 updates)")
    2
    """
    x, y = _days()
    rng = np.random.default_rng(3)
    order = np.concatenate([rng.permutation(DAYS) for _ in range(EPOCHS)])
    best = np.array([y.mean(), (x * y).mean()])  # x has mean 0 and deviation 1
    lowest = ((best[0] + best[1] * x - y) ** 2).mean() / 2
    examples = np.arange(EPOCHS * DAYS + 1)

    def loss(height, slope):
        return lowest + ((height - best[0]) ** 2 + (slope - best[1]) ** 2) / 2

    def draw_contours(ax):
        height, slope = np.meshgrid(np.linspace(*HEIGHTS, 80), np.linspace(*SLOPES, 80))
        ax.contour(height, slope, loss(height, slope), levels=lowest * np.array([1.1, 1.5, 2.5, 5, 10, 18, 30]),
                   colors="#888888", linewidths=0.8)
        ax.plot(*best, "+", color="#888888", ms=14, mew=2)
        ax.set(xlim=HEIGHTS, ylim=SLOPES, xticks=range(0, 25, 5), yticks=range(-5, 15, 5), aspect="equal",
               xlabel="height of the line (°C)", ylabel="slope of the line (°C)",
               title="The three paths to the best line, +")

    def draw_losses(ax):
        ax.axhline(lowest, color="#888888", lw=1, ls=":")
        ax.set(xlim=(0, EPOCHS * DAYS), ylim=LOSSES, yscale="log", xlabel="examples seen (days)",
               ylabel="loss on all days", title="What each has reached by then")
        ax.set_xticks(DAYS * np.arange(EPOCHS + 1))
        ax.set_yticks([5, 10, 20, 50, 100, 200, 500], ["5", "10", "20", "50", "100", "200", "500"])
        ax.minorticks_off()

    def state(batch_size, learning_rate, start):
        shown, told = {}, []
        for name, size in (("batch", DAYS), ("mini-batch", batch_size), ("stochastic", 1)):
            points, updates = _path(x[order], y[order], size, learning_rate, start)
            losses = loss(*points.T)
            shown[name], shown[f"{name} loss"] = points, np.stack([examples, losses], axis=1)
            end = f"reached loss {losses[-1]:.1f}" if losses[-1] < LOSSES[1] else "ran away"
            told.append(f"{_name(size)} ({updates} updates) {end}")
        shown["mini-batch name"] = [(0.96 * EPOCHS * DAYS, 235)], [_name(batch_size)]
        return (f"α = {learning_rate:.2g}, {EPOCHS * DAYS} examples seen: {', '.join(told)}. "
                f"The best line has loss {lowest:.1f}."), shown

    kinds = {}
    for name in ("stochastic", "mini-batch", "batch"):
        kinds[name] = Path(color=BATCH_COLORS[name], timed=True, width=1.4 if name == "stochastic" else 2.4)
        kinds[f"{name} loss"] = Path(panel=1, color=BATCH_COLORS[name], timed=True, width=1.4)
        kinds[f"{name} name"] = Labels(panel=1, color=BATCH_COLORS[name], align="right", bold=True)
    kinds["start"] = Handle(label="the start", at=(2.0, -3.0), color="#009E73")
    look = control_style("30em")
    explorable = Explorable(
        [Panel(draw_contours), Panel(draw_losses)], kinds,
        {"batch_size": IntSlider(10, min=1, max=DAYS, description="days in a mini-batch", **look),
         "learning_rate": FloatLogSlider(0.1, min=-2, max=0.3, step=0.1, description="learning rate α", **look)},
        state, unit="example")
    explorable.stage.show(explorable.stage.caption, **{
        "batch name": ([(0.96 * EPOCHS * DAYS, 350)], [_name(DAYS)]),
        "stochastic name": ([(0.96 * EPOCHS * DAYS, 158)], [_name(1)])})
    return explorable


def _name(size: int) -> str:
    return "one day at a time" if size == 1 else f"{size} days at a time"


def _days() -> tuple[np.ndarray, np.ndarray]:
    weather = seattle_weather()
    x, y = weather.temp_min[::12][:DAYS], weather.temp_max[::12][:DAYS]
    return (x - x.mean()) / x.std(), y


def _path(x: np.ndarray, y: np.ndarray, size: int, learning_rate: float, start: np.ndarray):
    """Where (height, slope) stands after each number of examples seen, and how many updates it made.

    x, y: all the examples seen, epoch after epoch, shape (EPOCHS * DAYS,).
    """
    begins = np.concatenate([epoch * DAYS + np.arange(0, DAYS, size) for epoch in range(EPOCHS)])
    counts = np.diff(begins, append=x.size)
    # The gradient of a mini-batch needs four averages of it only.
    averages = np.add.reduceat([x, x * x, y, x * y], begins, axis=1) / counts
    height, slope = float(start[0]), float(start[1])
    points = [(height, slope)]
    for mean_x, mean_xx, mean_y, mean_xy in zip(*averages.tolist()):
        d_height = height + slope * mean_x - mean_y
        d_slope = height * mean_x + slope * mean_xx - mean_xy
        height, slope = height - learning_rate * d_height, slope - learning_rate * d_slope
        points.append((height, slope))
    points = np.clip(np.nan_to_num(points, nan=AWAY), -AWAY, AWAY)
    return np.repeat(points, np.append(counts, 1), axis=0), counts.size
