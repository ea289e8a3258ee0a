"""What moves on a stage: paths, points, bars, arrows, labels, and handles to drag.

A mark says on which panel it lies and how it looks. `corners` turns its numbers into points in data
coordinates, which the browser draws; `draw` draws the same with matplotlib, for the still picture.
Black ("#000000", gradient descent's colour) is drawn in the colour of the theme's text.
"""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke

INK = "#000000"


@dataclass(frozen=True)
class Mark:
    """What all marks have: the number of their panel, and a colour."""

    panel: int = 0
    color: str = INK

    def corners(self, value) -> np.ndarray:
        """The numbers as an array of points, shape (..., 2), in data coordinates."""
        return np.asarray(value, dtype=float).reshape(-1, 2)

    def draw(self, ax: Axes, value) -> None:
        """The same with matplotlib."""
        raise NotImplementedError


@dataclass(frozen=True)
class Path(Mark):
    """A line through points (n, 2); nan lifts the pen.

    dots: a dot at each point. timed: drawn up to the moment that the scrubber stands on, with a
    larger dot there. width: in CSS pixels.

    >>> Path().corners([(0, 0), (1, 2)]).shape
    (2, 2)
    """

    width: float = 2.0
    dots: bool = False
    dashed: bool = False
    timed: bool = False

    def draw(self, ax, value):
        x, y = self.corners(value).T
        ax.plot(x, y, color=self.color, lw=0.75 * self.width, ls="--" if self.dashed else "-",
                marker="o" if self.dots else "", ms=4, scalex=False, scaley=False)
        if self.timed and len(x):
            ax.plot(x[-1], y[-1], "o", color=self.color, ms=7, scalex=False, scaley=False)


def until_gone(points: np.ndarray, domain: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Paths that end with their first step far outside a domain: beyond, they would hatch the whole picture.

    points: shape (steps + 1, ..., 2); domain: shape (2, 2). Returns the points, nan after that step, and
    whether each path is far outside by then, shape (steps + 1, ...).

    >>> until_gone(np.array([[0, 0], [9, 0], [0, 0]]), np.array([[-1, 1], [-1, 1]]))[0][:, 0]
    array([ 0.,  9., nan])
    """
    # nan is outside, too.
    far = ~np.all(np.abs(points - domain.mean(axis=1)) < 2 * np.ptp(domain, axis=1), axis=-1)
    gone = np.logical_or.accumulate(far)
    before = np.concatenate([np.zeros_like(gone[:1]), gone[:-1]])
    return np.where(before[..., None], np.nan, points), gone


def falling(losses: np.ndarray, lowest: float) -> np.ndarray:
    """Losses against steps, shape (steps + 1, 2), for a logarithmic axis: none below `lowest`.

    >>> falling(np.array([1.0, 0.0]), lowest=1e-6).tolist()
    [[0.0, 1.0], [1.0, 1e-06]]
    """
    return np.column_stack([np.arange(len(losses)), np.maximum(losses, lowest)])


@dataclass(frozen=True)
class Points(Mark):
    """Dots at points (n, 2); `size` is their radius in CSS pixels; `timed` as for a Path."""

    size: float = 3.0
    timed: bool = False

    def draw(self, ax, value):
        x, y = self.corners(value).T
        ax.plot(x, y, "o", color=self.color, ms=1.5 * self.size, scalex=False, scaley=False)


@dataclass(frozen=True)
class Bars(Mark):
    """Upright bars from zero: places and heights (n, 2); `width` in units of the x axis.

    >>> Bars(width=1.0).corners([(2, 5)])
    array([[[1.5, 0. ],
            [2.5, 5. ]]])
    """

    width: float = 0.8
    opacity: float = 0.7

    def corners(self, value):
        x, height = np.asarray(value, dtype=float).reshape(-1, 2).T
        half = self.width / 2
        return np.stack([np.stack([x - half, np.zeros_like(x)], -1), np.stack([x + half, height], -1)], axis=1)

    def draw(self, ax, value):
        x, height = np.asarray(value, dtype=float).reshape(-1, 2).T
        ax.bar(x, height, self.width, color=self.color, alpha=self.opacity)


@dataclass(frozen=True)
class Arrows(Mark):
    """Arrows (n, 4): where each begins, x and y, and where it ends; `width` in CSS pixels.

    >>> Arrows().corners([(0, 0, 1, 1)]).shape
    (1, 2, 2)
    """

    width: float = 2.0

    def corners(self, value):
        return np.asarray(value, dtype=float).reshape(-1, 2, 2)

    def draw(self, ax, value):
        for tail, tip in self.corners(value):
            ax.annotate("", tip, tail, arrowprops={"arrowstyle": "->", "color": self.color, "lw": self.width})


@dataclass(frozen=True)
class Labels(Mark):
    """Words at points: a pair of points (n, 2) and n texts; `size` in CSS pixels.

    align: "left", "center" or "right" of the text at the point, which is at half its height.
    """

    size: float = 13.0
    align: str = "center"
    bold: bool = False

    def draw(self, ax, value):
        points, words = value
        for (x, y), word in zip(self.corners(points), words):
            ax.text(x, y, word, color=self.color, size=0.72 * self.size, ha=self.align, va="center",
                    weight="bold" if self.bold else "normal",
                    path_effects=[withStroke(linewidth=2, foreground="white")])


@dataclass(frozen=True)
class Handle(Mark):
    """A round handle to drag, or to move with the arrow keys once it has the focus.

    label: what it is, for a screen reader and a tooltip. at: where it starts. moves: "xy", "x" or "y".
    """

    color: str = "#D55E00"
    label: str = "handle"
    at: tuple[float, float] = (0.0, 0.0)
    moves: str = "xy"

    def draw(self, ax, value):
        x, y = self.corners(value)[0]
        ax.plot(x, y, "o", color=self.color, mec="white", mew=1.5, ms=11, zorder=5, scalex=False, scaley=False)
