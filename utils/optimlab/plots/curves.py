"""Curves of losses, averages and anything else against steps, and the contour lines of a loss."""

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.ticker import LogLocator, MaxNLocator, NullLocator

from optimlab.plots.figure import describe
from optimlab.surfaces import Surface
from optimlab.syllabus import COLORS

SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")  # of what is no optimizer
BATCH_COLORS = {"batch": "#000000", "mini-batch": "#0072B2", "stochastic": "#D55E00"}  # by examples a step

CONTOUR = (0.2, 0.5, 0.7)  # visible on white and on black


def losses(ax: Axes, histories: dict[str, np.ndarray]) -> Axes:
    """Loss against steps, one line an optimizer, on a logarithmic scale.

    histories: name of an optimizer (a key of COLORS) -> losses, one a step.

    >>> from optimlab.plots.figure import picture
    >>> losses(picture()[1], {"Adam": np.array([1.0, 0.5, 0.25])}).alt
    'Loss against steps, on a logarithmic scale: Adam from 1 to 0.25.'
    """
    for name, values in histories.items():
        ax.semilogy(np.arange(1, len(values) + 1), values, color=COLORS[name], lw=2,
                    label=f"{name}, ends at {values[-1]:.2g}")
    ax.set(xlabel="step", ylabel="loss")
    lowest, highest = min(map(np.min, histories.values())), max(map(np.max, histories.values()))
    if 0.001 <= lowest <= highest / 5:  # there 0.2 is read faster than 2 times a power of ten
        between = (1,) if highest > 30 * lowest else (1, 2, 5)
        ax.yaxis.set(major_locator=LogLocator(subs=between), major_formatter="{x:g}", minor_locator=NullLocator())
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True, steps=(1, 2, 2.5, 5, 10)))
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    ends = ", ".join(f"{name} from {values[0]:.2g} to {values[-1]:.2g}" for name, values in histories.items())
    return describe(ax, f"Loss against steps, on a logarithmic scale: {ends}.")


def contours(ax: Axes, surface: Surface, lines: int = 14, points: int = 241) -> Axes:
    """Contour lines of a loss over two weights; the deeper the blue, the lower it lies; × at the minima.

    Between neighbouring lines lies area, not loss: line k of n encloses (k/n)**2 of the picture. A
    bowl becomes evenly spaced rings, and the floor of a ravine and a plateau keep their lines too.
    How steep it is, the distance of the lines does not tell; that the gradient crosses them at a
    right angle, it does, for both axes have one scale.

    surface: a `Surface` with two coordinates; its domain is what is drawn. points: how many of them
    are computed along each axis; fewer do where each is dear. Works on white and on dark.

    >>> from optimlab.plots.figure import picture
    >>> from optimlab.surfaces import ravine
    >>> contours(picture()[1], ravine).get_xlabel()
    '$w_1$'
    """
    (left, right), (bottom, top) = surface.domain
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
    loss = surface.loss(np.stack([x, y], axis=-1))
    shares = np.linspace(0, 1, lines + 1)[1:-1]
    # Flat land can give the same loss to two shares, and contour() wants rising levels.
    levels = np.unique(np.quantile(loss, shares**2))
    ax.contour(x, y, loss, levels=levels, linewidths=0.8, negative_linestyles="solid",
               colors=[(*CONTOUR, strength) for strength in np.linspace(0.8, 0.3, len(levels))])
    # Bands between the lines, and the ground below the lowest; what lies above the highest stays blank.
    ax.contourf(x, y, loss, levels=[min(loss.min(), levels[0] - 1), *levels],
                colors=[(*CONTOUR, depth) for depth in np.linspace(0.3, 0.02, len(levels))])
    ax.plot(*surface.minima.T, "x", color="#888888", ms=7, mew=2, ls="")
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(left, right), ylim=(bottom, top), aspect="equal")
    where = " and ".join(f"({a:.3g}, {b:.3g})" for a, b in surface.minima)
    return describe(ax, f"Contour lines, {surface.name}: w1 from {left:g} to {right:g} and w2 from "
                        f"{bottom:g} to {top:g}, deeper blue where the loss is lower"
                        + (f"; crosses at its lowest places, {where}." if where else "."))


def curves(ax: Axes, title: str, lines: dict[str, tuple], colors: Iterable[str] = SERIES, **axes: object) -> Axes:
    """Lines with a legend: name -> (x, y) or (x, y, format), such as ("o-").

    colors: one a line, in order. axes: what `Axes.set` takes, such as xlabel="step", yscale="log".

    >>> from optimlab.plots.figure import picture
    >>> ax = curves(picture()[1], "Twice as far each time", {"here": ([0, 1], [1, 2])}, xlabel="time", ylabel="place")
    >>> ax.alt
    'Twice as far each time. place against time: here from 1 at 0 to 2 at 1.'
    """
    told = []
    for (name, (x, y, *style)), color in zip(lines.items(), colors):
        ax.plot(x, y, *style, color=color, lw=1.8, ms=5, label=name)
        told.append(f"{name} from {y[0]:.3g} at {x[0]:g} to {y[-1]:.3g} at {x[-1]:g}")
    ax.set(title=title, **axes)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return describe(ax, f"{title}. {ax.get_ylabel()} against {ax.get_xlabel()}: {'; '.join(told)}.")


def averages(ax: Axes, date: np.ndarray, theta: np.ndarray, lines: dict[str, np.ndarray]) -> Axes:
    """Daily values as grey dots, and averages of them as lines.

    date: shape (days,), datetime64; theta: shape (days,); lines: name -> values, shape (days,).

    >>> from optimlab.plots.figure import picture
    >>> date = np.arange("2012-01-01", "2012-01-04", dtype="datetime64[D]")
    >>> averages(picture()[1], date, np.array([1.0, 3.0, 2.0]), {"β = 0.5": np.array([0.5, 1.75, 1.875])}).alt
    'Grey dots, one a day, from 1 to 3. β = 0.5: a line that starts at 0.5, ends at 1.9 and lies between 0.5 and 1.9.'
    """
    ax.plot(date, theta, "o", ms=2.5, color="#888888")
    for (name, values), color in zip(lines.items(), ("#D55E00", "#0072B2", "#009E73", "#CC79A7")):
        ax.plot(date, values, lw=2, color=color, label=name)
    ticks = AutoDateLocator()
    ax.xaxis.set_major_locator(ticks)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ticks))
    ax.grid(alpha=0.3)
    if lines:
        ax.legend(frameon=False, loc="upper left")
    told = " ".join(f"{name}: a line that starts at {v[0]:.2g}, ends at {v[-1]:.2g} and lies between {v.min():.2g} "
                    f"and {v.max():.2g}." for name, v in lines.items())
    return describe(ax, f"Grey dots, one a day, from {theta.min():.2g} to {theta.max():.2g}. {told}")
