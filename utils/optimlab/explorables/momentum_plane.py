"""The plane of learning rate and β, coloured by how fast Momentum gets down a ravine; a point on it to drag."""

from functools import lru_cache

import numpy as np
from ipywidgets import Dropdown
from matplotlib.colors import LogNorm
from matplotlib.patches import Rectangle

from optimlab.explorables.marks import Handle, Path, falling, until_gone
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.optimizers import GradientDescent, Momentum
from optimlab.plots import contours
from optimlab.surfaces import Surface, quadratic
from optimlab.syllabus import COLORS
from optimlab.training import descend

__all__ = ["momentum_plane"]

STEEP = 4.0  # the curvature across, that of lesson 02's ravine; along, it is STEEP / condition number
CONDITIONS = {"25, the ravine": 25, "5": 5, "100": 100, "400": 400}
AVERAGE, SUM = "average: v = βv + (1-β)dw", "sum: v = βv + dw"
RATES, BETAS = np.geomspace(0.01, 30, 121), np.linspace(0, 0.98, 99)
STEPS = 200
WINDOW = 20  # a path that swings is judged by the worst of its last steps, not by one lucky moment
QUICK, SLOW = 3, 300  # steps for a tenth: where the colours end
LOWEST_DRAWN = 1e-9  # of the losses, on their logarithmic axis


def momentum_plane() -> Explorable:
    """Momentum on a ravine, for every learning rate and β at once, and for the one you drag to.

    The colour is measured: each of 121 × 99 points of the plane has gone 200 steps down the ravine.
    In the sum form the learning rate is 1 - β times that of the average form, for the same path.

    >>> figure = momentum_plane()
    >>> figure.place("point", (12.0, 0.9))
    >>> "runs away" in figure.stage.caption
    True
    """
    wide = control_style("26em")
    controls = {"condition": Dropdown(options=list(CONDITIONS), description="condition number κ", **wide),
                "form": Dropdown(options=[AVERAGE, SUM], description="the velocity is an", **wide)}
    marks = {"point": Handle(label="the point of learning rate and β", at=(0.45, 0.0)),
             "path": Path(panel=1, color=COLORS["Momentum"], dots=True, width=1.5, timed=True),
             "descent losses": Path(panel=2, dashed=True, width=1.5),
             "losses": Path(panel=2, color=COLORS["Momentum"], timed=True)}
    panels = [Panel(_draw_plane, depends=("condition", "form"), height=3.9),
              Panel(_draw_ravine, depends=("condition",), height=3.1),
              Panel(_draw_losses, height=3.1)]
    return Explorable(panels, marks, controls, _state)


@lru_cache
def valley_of(kappa: int) -> Surface:
    """The ravine with this condition number."""
    return quadratic([STEEP / kappa, STEEP], name=f"ravine with κ = {kappa}")


@lru_cache
def _paces(kappa, form):
    """For each β and each rate the steps that a tenfold fall of the loss takes; nan where it doesn't fall."""
    optimizer = momentum(RATES[:, None], BETAS[:, None, None], form)
    return pace_of(descend(valley_of(kappa), optimizer, valley_of(kappa).start, STEPS).losses)


@lru_cache
def best_descent(kappa: int) -> np.ndarray:
    """The losses of gradient descent at the best learning rate that there is for it, 2 / (L + μ)."""
    rate = 2 / (STEEP + STEEP / kappa)
    return descend(valley_of(kappa), GradientDescent(rate), valley_of(kappa).start, STEPS).losses


def momentum(rate: float | np.ndarray, beta: float | np.ndarray, form: str) -> Momentum:
    """Momentum with this learning rate, which is one for `form`: the average or the sum."""
    return Momentum(rate / (1 - beta) if form == SUM else rate, beta)


def pace_of(losses: np.ndarray) -> np.ndarray:
    """How many steps a tenfold fall of the loss takes, losses of shape (steps + 1, ...); nan where it doesn't fall."""
    worst = losses[-WINDOW:].max(axis=0)
    with np.errstate(all="ignore"):
        tenfolds = np.log10(losses[0] / worst)
        return np.where(tenfolds > 0, (len(losses) - WINDOW) / tenfolds, np.nan)


def _draw_plane(ax, condition, form):
    paces = _paces(CONDITIONS[condition], form)
    ax.set(xscale="log", xlim=(RATES[0], RATES[-1]), ylim=(0, 0.985), ylabel="β",
           xlabel=f"learning rate α ({form.split(':')[0]} form)", title="Bright is fast, + fastest; hatched runs away")
    ax.set_xticks([0.01, 0.1, 1, 10], ["0.01", "0.1", "1", "10"])
    ax.add_patch(Rectangle((RATES[0], 0), RATES[-1], 1, fc="none", ec="#888888", hatch="///", lw=0, alpha=0.5))
    mesh = ax.pcolormesh(RATES, BETAS, np.ma.masked_invalid(paces), norm=LogNorm(QUICK, SLOW), cmap="viridis_r",
                         shading="nearest")
    row, column = np.unravel_index(np.nanargmin(paces), paces.shape)
    ax.plot(RATES[column], BETAS[row], "+", color="black", ms=10, mew=2)
    key = ax.inset_axes([0.62, 0.16, 0.34, 0.045])
    ax.figure.colorbar(mesh, cax=key, orientation="horizontal")
    key.set_xticks([3, 30, 300], ["3", "30", "300"])
    key.minorticks_off()
    key.set_title("steps until the\nloss is a tenth", size=9)


def _draw_ravine(ax, condition):
    contours(ax, valley_of(CONDITIONS[condition]))
    ax.set_title(f"The path of Momentum, κ = {CONDITIONS[condition]}", size=11)


def _draw_losses(ax):
    ax.set(yscale="log", xlim=(-4, STEPS + 4), ylim=(LOWEST_DRAWN, 1e3), xlabel="step", ylabel="loss",
           title="Dashed: gradient descent with its best α")
    ax.grid(color="#888888", alpha=0.25)


def _state(condition, form, point):
    kappa = CONDITIONS[condition]
    valley = valley_of(kappa)
    rate, beta = np.clip(point, (RATES[0], 0.0), (RATES[-1], BETAS[-1]))
    points, losses = descend(valley, momentum(rate, beta, form), valley.start, STEPS)
    lowest = 1e-3 * LOWEST_DRAWN  # below the axis: a path that arrives leaves the picture
    return _caption(kappa, form, rate, beta, points, losses), {
        "point": (rate, beta), "path": until_gone(points, valley.domain)[0],
        "losses": falling(losses, lowest), "descent losses": falling(best_descent(kappa), lowest)}


def _caption(kappa, form, rate, beta, points, losses):
    told = f"α = {rate:.2g}, β = {beta:.2f}"
    if form == SUM:
        told += f" as a sum (as an average, α = {rate / (1 - beta):.2g})"
    pace, descent = pace_of(losses), pace_of(best_descent(kappa))
    if not pace < np.inf:
        return f"{told}: the loss does not come down, the ball runs away."
    across = np.diff(points[:, 1])
    across = across[np.abs(across) > 1e-3]
    turns = int(np.sum(across[1:] * across[:-1] < 0))
    turned = {0: "never turns round", 1: "turns round once"}.get(turns, f"turns round {turns} times")
    return (f"{told}: the loss falls to a tenth every {_steps(pace)}. Across the ravine the ball {turned}. "
            f"Gradient descent with its best α needs {_steps(descent)}.")


def _steps(pace):
    return f"{pace:.1f} steps" if pace < 10 else f"{pace:.0f} steps" if pace < 1000 else "more than 1000 steps"
