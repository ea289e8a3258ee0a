"""Five optimizers from one start on one surface, each with its own learning rate, and their losses."""

from functools import cache
from typing import NamedTuple

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider
from matplotlib import rcParams

from optimlab.explorables.descent import CHOICE, GROUNDS
from optimlab.explorables.marks import INK, Handle, Path, falling, until_gone
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.optimizers import OPTIMIZERS
from optimlab.plots import contours
from optimlab.syllabus import COLORS
from optimlab.training import descend

__all__ = ["race"]

RACERS = {"gradient_descent": "GradientDescent", "momentum": "Momentum", "adagrad": "AdaGrad",
          "rmsprop": "RMSProp", "adam": "Adam"}
SURFACES = {name: GROUNDS[name] for name in ("ravine", "Rosenbrock", "Himmelblau", "saddle", "plateau", "bowl")}
STEPS = 120
RATES = np.logspace(-4, 1, 101)  # the places of a slider
LOWEST_DRAWN = 1e-8              # of the losses, on their logarithmic axis
SLIDER = control_style("24em")


class Together(NamedTuple):
    """Several optimizers that act as one: each on its own row of w, shape (optimizers, d).

    >>> from optimlab.optimizers import GradientDescent
    >>> both = Together((GradientDescent(0.1), GradientDescent(0.5)))
    >>> w, dw = np.ones((2, 1)), np.ones((2, 1))
    >>> both.step(w, dw, both.init(w))[0][:, 0]
    array([0.9, 0.5])
    """

    optimizers: tuple

    def init(self, w):
        """A list: each optimizer's own state."""
        return [optimizer.init(row) for optimizer, row in zip(self.optimizers, w)]

    def step(self, w, dw, states):
        """Each optimizer's own step."""
        stepped = [optimizer.step(*its) for optimizer, *its in zip(self.optimizers, w, dw, states)]
        return np.array([row for row, _ in stepped]), [state for _, state in stepped]


def race() -> Explorable:
    """Five optimizers on a surface seen from above: drag their start, choose the rate of each.

    The first rates are each optimizer's best from the surface's own start (see `best_rate`). A
    change of surface puts the start there and all rates to their best.

    >>> figure = race()
    >>> figure.controls["adam"].value = 0.0001
    >>> figure.stage.caption.split(", ")[-1]
    'last Adam at 9.9.'
    """
    first = next(iter(SURFACES))
    controls = {"surface": Dropdown(options=list(SURFACES), description="surface", **CHOICE)}
    marks = {}
    for key, name in RACERS.items():
        look = {"color": COLORS[name], "timed": True}
        marks |= {f"{key}_path": Path(width=1.8, **look), f"{key}_losses": Path(panel=1, **look)}
        controls[key] = FloatLogSlider(best_rate(first, name), min=-4, max=1, step=0.05, readout_format=".2g",
                                       description=f"{name} α", **SLIDER)
        if COLORS[name] != INK:
            controls[key].style.handle_color = COLORS[name]
    marks["start"] = Handle(label="the start", color="#888888", at=tuple(SURFACES[first].start))
    figure = Explorable([Panel(_draw_surface, depends=("surface",)), Panel(_draw_losses)], marks, controls, _state)

    def go_to_its_start(change):
        figure.place("start", SURFACES[change["new"]].start)
        for key, name in RACERS.items():
            controls[key].value = best_rate(change["new"], name)

    controls["surface"].observe(go_to_its_start, "value")
    return figure


@cache
def best_rate(surface: str, name: str) -> float:
    """The rate, of all on the slider, that comes lowest in 120 steps from the surface's own start.

    Of those whose path stays in the picture: longer leaps reach the bottom by luck, if at all.

    >>> round(best_rate("bowl", "GradientDescent"), 3)
    1.0
    """
    ground = SURFACES[surface]
    trace = descend(ground, OPTIMIZERS[name](RATES[:, None]), ground.start, STEPS)
    inside = np.all((ground.domain[:, 0] <= trace.points) & (trace.points <= ground.domain[:, 1]), axis=(0, 2))
    return float(RATES[_order(np.where(inside, _above(ground, trace.losses), np.inf))[0]])


def _above(ground, losses):
    """Losses above the lowest point, shape (steps + 1, racers); inf where one has run away."""
    above = losses - ground.loss(ground.minima).min()
    return np.where(np.isfinite(above), above, np.inf)


def _there(above):
    """From which step on each stays below what is drawn; beyond the last step where it does not."""
    return len(above) - np.logical_and.accumulate(above[::-1] < LOWEST_DRAWN).sum(axis=0)


def _order(above):
    """The racers, best first: who is at the bottom sooner, and of the others who is lower at the end."""
    return np.lexsort((above[-1], _there(above)))


def _draw_surface(ax, surface):
    contours(ax, SURFACES[surface])
    ax.set_title(f"{surface}: who comes how far?", size=11)


def _draw_losses(ax):
    for name in RACERS.values():
        ax.plot([], [], lw=2.5, label=name, color=rcParams["text.color"] if COLORS[name] == INK else COLORS[name])
    ax.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0), fontsize=9, handlelength=1.2, columnspacing=1.2)
    ax.set_yscale("log")
    ax.set(xlim=(-0.02 * STEPS, 1.02 * STEPS), ylim=(LOWEST_DRAWN / 3, 1e3), xlabel="step",
           ylabel="loss above the lowest point")
    ax.set_title("Which line ends lowest?", pad=36)
    ax.grid(color="#888888", alpha=0.25)


def _state(surface, start, **rates):
    ground = SURFACES[surface]
    start = np.clip(start, *ground.domain.T)
    team = Together(tuple(OPTIMIZERS[name](rates[key]) for key, name in RACERS.items()))
    points, losses = descend(ground, team, np.tile(start, (len(RACERS), 1)), STEPS)
    drawn, gone = until_gone(points, ground.domain)
    above = _above(ground, losses)
    shown = {"start": start}
    for k, key in enumerate(RACERS):
        shown[f"{key}_path"] = drawn[:, k]
        shown[f"{key}_losses"] = falling(above[:, k], LOWEST_DRAWN)
    return _caption(np.where(gone, np.inf, above)), shown


def _caption(above):
    """Who is lowest at the end, in what order the others follow, who led half-way, and who ran away."""
    names, there = list(RACERS.values()), _there(above)
    order = [k for k in _order(above) if np.isfinite(above[-1, k])]
    ran = [name for name, loss in zip(names, above[-1]) if not np.isfinite(loss)]
    if not order:
        return f"All five run away within {STEPS} steps."
    told = [f"{names[k]} " + (f"below {LOWEST_DRAWN:g} from step {there[k]} on" if there[k] <= STEPS
                              else f"at {above[-1, k]:.2g}") for k in order]
    half = names[_order(above[:STEPS // 2 + 1])[0]]
    words = f"After {STEPS // 2} steps {half} leads. " if half != names[order[0]] else ""
    words += f"Lowest after {STEPS} steps: {told[0]}"
    if told[1:]:
        words += ", then " + ", ".join(told[1:-1] + [f"{'' if ran else 'last '}{told[-1]}"])
    return words + "." + (f" Gone: {', '.join(ran)}." if ran else "")
