"""The map of the course: its lessons, and the failures that lead from one to the next."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from optimlab.plots.figure import describe

# Lessons: number -> name, and where it stands on the map: column, row.
LESSONS = {
    "00": ("Start here", 0, 3), "01": ("Backpropagation", 0, 2), "02": ("Gradient descent", 0, 1),
    "03": ("Mini-batches", 1, 2), "04": ("Moving average", 2, 2), "05": ("Momentum", 2, 1),
    "06": ("AdaGrad", 1, 0), "07": ("RMSProp", 2, 0), "08": ("Adam", 3, 1), "09": ("Choosing", 3, 0),
}
# From a lesson, to the lesson that repairs its failure: the failure, and how far above the arrow it stands.
FAILURES = [
    ("01", "02", "a gradient\nis no step yet", 0), ("02", "03", "the gradient over\nall data is dear", 0),
    ("03", "04", "noise", 0.14), ("02", "05", "one α for all directions: zig-zag", 0.14),
    ("02", "06", "rare features\nstarve", 0), ("06", "07", "rate decays\nto nothing", 0.25),
    ("05", "08", "one α for\nall weights", 0.25), ("07", "08", "first steps\ntoo long", 0),
    ("08", "09", "which one,\nand when?", 0),
]


def course_map(ax: Axes) -> Axes:
    """The ten lessons as boxes; an arrow carries the failure that the lesson at its tip repairs.

    >>> from optimlab.plots.figure import picture
    >>> len(course_map(picture(9, 5.6)[1]).patches)  # ten boxes
    10
    """
    center = {number: (2.4 * column, 1.35 * row) for number, (_, column, row) in LESSONS.items()}
    for number, (name, _, _) in LESSONS.items():
        x, y = center[number]
        ax.add_patch(FancyBboxPatch((x - 0.66, y - 0.3), 1.32, 0.6, boxstyle="round,pad=0.05", fc="#E8F1F8",
                                    ec="#0072B2", lw=1.5, zorder=2))
        ax.text(x, y + 0.13, number, ha="center", va="center", size=10.5, color="#333333", zorder=3)
        ax.text(x, y - 0.11, name, ha="center", va="center", size=9.6, color="#000000", weight="bold", zorder=3)
    failing = {"color": "#D55E00", "lw": 1.8, "arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
    for tail, tip, failure, above in FAILURES:
        begin, end = _between_boxes(np.array(center[tail]), np.array(center[tip]))
        ax.annotate("", end, begin, arrowprops=failing, zorder=1)
        ax.text(*((begin + end) / 2 + (0, above)), failure, ha="center", va="center", size=10, color="#A04000", zorder=4,
                bbox=None if above else {"fc": "white", "ec": "none", "pad": 1.0})
    again = {"color": "#666666", "lw": 1.5, "arrowstyle": "-|>", "ls": "--"}
    for tail, tip in ("04", "05"), ("00", "01"):
        begin, end = _between_boxes(np.array(center[tail]), np.array(center[tip]))
        ax.annotate("", end, begin, arrowprops=again, zorder=1)
    ax.text(4.9, 2.03, "used in 05, 07 and 08", ha="left", va="center", size=10, color="#444444")
    ax.text(1.75, 4.05, "Ten lessons: what fails, and which lesson repairs it", va="center", size=13, color="#000000")
    ax.set(xlim=(-0.8, 8.0), ylim=(-0.5, 4.45), aspect="equal")
    ax.axis("off")
    repairs = "; ".join(f"{tail} to {tip}, {' '.join(failure.split())}" for tail, tip, failure, _ in FAILURES)
    return describe(ax, f"A map of the ten lessons. Arrows from a failure to the lesson that repairs it: {repairs}.")


def _between_boxes(tail: np.ndarray, tip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the line between two boxes' centres leaves the one and meets the other."""
    way = tip - tail
    with np.errstate(divide="ignore"):
        inside = min(0.74 / abs(way[0]), 0.38 / abs(way[1]))
    return tail + inside * way, tip - inside * way
