"""The map of the course: its lessons, and the failures that lead from one to the next."""

from collections.abc import Collection

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import FancyBboxPatch

from optimlab.plots.figure import describe
from optimlab.syllabus import LESSONS

WORDS = "no one two three four five six seven eight nine ten eleven twelve".split()


def course_map(ax: Axes, done: Collection[str] = ()) -> Axes:
    """The lessons as boxes; an arrow carries the failure that the lesson at its tip repairs.

    A dashed arrow leads to the first lesson that uses another's idea. done: the numbers of those to tick off.

    >>> from optimlab.plots.figure import picture
    >>> len(course_map(picture(9, 5.6)[1]).patches) == len(LESSONS)  # a box each
    True
    """
    center = {number: np.multiply((2.4, 1.35), lesson.place) for number, lesson in LESSONS.items()}
    for number, lesson in LESSONS.items():
        x, y = center[number]
        fill, edge, tick = ("#D9F0E6", "#009E73", "✓ ") if number in done else ("#E8F1F8", "#0072B2", "")
        ax.add_patch(FancyBboxPatch((x - 0.66, y - 0.3), 1.32, 0.6, boxstyle="round,pad=0.05", fc=fill, ec=edge, lw=1.5,
                                    zorder=2))
        ax.text(x, y + 0.13, tick + number, ha="center", va="center", size=10.5, color="#333333", zorder=3)
        ax.text(x, y - 0.11, lesson.name, ha="center", va="center", size=9.6, color="#000000", weight="bold", zorder=3)
    failing = {"color": "#D55E00", "lw": 1.8, "arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
    repairs = [(failure, tip) for tip, lesson in LESSONS.items() for failure in lesson.repairs]
    for (tail, what, above), tip in repairs:
        begin, end = _between_boxes(center[tail], center[tip])
        ax.annotate("", end, begin, arrowprops=failing, zorder=1)
        ax.text(*((begin + end) / 2 + (0, above)), what, ha="center", va="center", size=10, color="#A04000", zorder=4,
                bbox=None if above else {"fc": "white", "ec": "none", "pad": 1.0})
    again = {"color": "#666666", "lw": 1.5, "arrowstyle": "-|>", "ls": "--"}
    for tail in LESSONS:
        tips = [tip for tip, lesson in LESSONS.items() if tail in lesson.uses]
        if tips:
            begin, end = _between_boxes(center[tail], center[tips[0]])
            ax.annotate("", end, begin, arrowprops=again, zorder=1)
        if len(tips) > 1:
            ax.text(*((begin + end) / 2 + (0.1, 0.005)), f"used in {', '.join(tips[:-1])} and {tips[-1]}", ha="left",
                    va="center", size=10, color="#444444")
    many = WORDS[len(LESSONS)] if len(LESSONS) < len(WORDS) else str(len(LESSONS))
    right, top = np.max(list(center.values()), axis=0)
    ax.text(1.75, top, f"{many.capitalize()} lessons: what fails, and which lesson repairs it", va="center", size=13,
            color="#000000")
    ax.set(xlim=(-0.8, right + 0.8), ylim=(-0.5, top + 0.4), aspect="equal")
    ax.axis("off")
    told = "; ".join(f"{failure.lesson} to {tip}, {' '.join(failure.what.split())}" for failure, tip in repairs)
    ticked = f" Ticked off: {', '.join(sorted(done))}." if done else ""
    return describe(ax, f"A map of the {many} lessons. Arrows from a failure to the lesson that repairs it: {told}."
                        f"{ticked}")


def _between_boxes(tail: np.ndarray, tip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the line between two boxes' centres leaves the one and meets the other."""
    way = tip - tail
    with np.errstate(divide="ignore"):
        inside = min(0.74 / abs(way[0]), 0.38 / abs(way[1]))
    return tail + inside * way, tip - inside * way
