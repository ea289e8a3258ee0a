"""Lesson 06: two weights, of which the second one's feature is rare: gradient descent and AdaGrad."""

from math import sqrt

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, SelectionSlider
from matplotlib.axes import Axes

from optimlab.explorables.marks import Handle, Labels, Path
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.syllabus import COLORS

__all__ = ["rare_features"]

EVERY = (1, 2, 5, 10, 20, 50, 100, 200)   # feature 2 is in one of so many examples
STEPS, NOISE, EPSILON = 1000, 1.0, 1e-8
BEST, EDGE = (2.0, 2.0), 4.0              # the best weights; the panel shows -EDGE to EDGE
RATES, DISTANCES = "learning rates", "distances to the best"
NAMES = {RATES: (80.0, 25.0), DISTANCES: (8.3, 7.4)}   # how high the lines' names stand
AWAY = 1e6                                # where a rate is drawn that is not there yet: above the panel
GD, ADAGRAD = COLORS["GradientDescent"], COLORS["AdaGrad"]


def rare_features() -> Explorable:
    """Stochastic gradient descent and AdaGrad on a line through examples whose second feature is mostly 0.

    One example a step, the same ones for both. y = 2 x1 + 2 x2 + noise; x1 is +1 or -1 in every
    example, x2 in one of `every` and 0 in the others.

    >>> rare_features().stage.caption.split(",")[0]
    'Feature 2 is in one of 50 examples'
    """
    steps = np.arange(STEPS + 1)

    def state(every, rate, adagrad_rate, shows, start):
        examples = examples_seen(every)
        plain = gradient_descent_path(examples, start, rate)
        path, own = adagrad_path(examples, start, adagrad_rate)
        far, adagrad_far = (np.maximum(np.abs(points - BEST), 1e-9) for points in (plain, path))
        if shows == RATES:
            left, right = np.full((STEPS + 1, 2), rate), own
        else:
            left, right = far, adagrad_far
        names = [f"gradient descent, both: {rate:.2g}", ""] if shows == RATES else \
                [f"gradient descent, w1: {far[-1, 0]:.2f}", f"w2 (dashed): {far[-1, 1]:.2f}"]
        told = "{:.2g}" if shows == RATES else "{:.2f}"
        names += [f"AdaGrad, w1: {_small(told, right[-1, 0])}", f"w2 (dashed): {_small(told, right[-1, 1])}"]
        places = [(x, y) for y in NAMES[shows] for x in (20, 600)]
        seen = sum(x2 != 0 for _, x2, _ in examples)
        return _caption(every, seen, rate, adagrad_rate, far[-1], adagrad_far[-1], own[-1]), {
            "gradient descent": plain, "AdaGrad": path,
            "gradient descent w1": np.column_stack([steps, left[:, 0]]),
            "gradient descent w2": np.column_stack([steps, left[:, 1]]),
            "AdaGrad w1": np.column_stack([steps, right[:, 0]]),
            "AdaGrad w2": np.column_stack([steps, right[:, 1]]),
            "names": (places[:2], names[:2]), "AdaGrad names": (places[2:], names[2:]),
        }

    kinds = {}
    for name, color in (("gradient descent", GD), ("AdaGrad", ADAGRAD)):
        kinds[name] = Path(color=color, timed=True, width=1.6)
        kinds[f"{name} w1"] = Path(panel=1, color=color, timed=True)
        kinds[f"{name} w2"] = Path(panel=1, color=color, timed=True, dashed=True)
    kinds["names"] = Labels(panel=1, color=GD, align="left", bold=True, size=12)
    kinds["AdaGrad names"] = Labels(panel=1, color=ADAGRAD, align="left", bold=True, size=12)
    kinds["start"] = Handle(label="the start", at=(-3.0, -3.0))
    look = control_style("27em")
    controls = {
        "every": SelectionSlider(options=[(f"1 in {n}", n) for n in EVERY], value=50,
                                 description="feature 2 is in", **look),
        "rate": FloatLogSlider(10**-1.7, min=-3, max=0, step=0.05, readout_format=".2g",
                               description="α of gradient descent", **look),
        "adagrad_rate": FloatLogSlider(10**0.1, min=-2, max=1, step=0.05, readout_format=".2g",
                                       description="α of AdaGrad", **look),
        "shows": Dropdown(options=[RATES, DISTANCES], description="right panel", **look),
    }
    panels = [Panel(_draw_contours, depends=("every",)), Panel(_draw_times, depends=("shows",))]
    return Explorable(panels, kinds, controls, state)


def examples_seen(every: int) -> list[tuple[float, float, float]]:
    """What both see: a triple x1, x2, y for each step. What chance decides is drawn once, whatever `every` is.

    >>> len(examples_seen(50))
    1000
    """
    rng = np.random.default_rng(17)
    chance, signs = rng.random(STEPS), rng.choice([-1.0, 1.0], size=(2, STEPS))
    x2 = np.where(chance < 1 / every, signs[1], 0.0)
    y = BEST[0] * signs[0] + BEST[1] * x2 + NOISE * rng.standard_normal(STEPS)
    return list(zip(signs[0].tolist(), x2.tolist(), y.tolist()))


def gradient_descent_path(examples: list, start: np.ndarray, rate: float) -> np.ndarray:
    """Every (w1, w2) on the way, shape (steps + 1, 2); examples: triples x1, x2, y, one a step.

    >>> gradient_descent_path([(1.0, 0.0, 2.0)], np.zeros(2), 0.5)
    array([[0., 0.],
           [1., 0.]])
    """
    w1, w2 = map(float, start)
    points = [(w1, w2)]
    for x1, x2, y in examples:
        error = w1 * x1 + w2 * x2 - y
        w1, w2 = w1 - rate * error * x1, w2 - rate * error * x2
        points.append((w1, w2))
    return np.array(points)


def adagrad_path(examples: list, start: np.ndarray, rate: float) -> tuple[np.ndarray, np.ndarray]:
    """The same for AdaGrad, and the effective learning rates, shape (steps + 1, 2).

    A weight whose gradient has been 0 so far has none yet: AWAY.

    >>> adagrad_path([(1.0, 0.0, 2.0)], np.zeros(2), 0.5)[0].round(6)
    array([[0. , 0. ],
           [0.5, 0. ]])
    """
    w1, w2 = map(float, start)
    s1 = s2 = 0.0
    points, rates = [(w1, w2)], [(AWAY, AWAY)]
    for x1, x2, y in examples:
        error = w1 * x1 + w2 * x2 - y
        dw1, dw2 = error * x1, error * x2
        s1, s2 = s1 + dw1 * dw1, s2 + dw2 * dw2
        rate1, rate2 = rate / (sqrt(s1) + EPSILON), rate / (sqrt(s2) + EPSILON)
        w1, w2 = w1 - rate1 * dw1, w2 - rate2 * dw2
        points.append((w1, w2))
        rates.append((rate1, rate2))
    return np.array(points), np.minimum(rates, AWAY)


def _draw_contours(ax: Axes, every: int) -> None:
    w1, w2 = np.meshgrid(np.linspace(-EDGE, EDGE, 100), np.linspace(-EDGE, EDGE, 100))
    excess = (w1 - BEST[0])**2 / 2 + (w2 - BEST[1])**2 / 2 / every
    ax.contour(w1, w2, excess, levels=[0.01, 0.1, 0.4, 1, 2, 4, 7, 11, 16, 24, 32], colors="#888888", linewidths=0.8)
    ax.plot(*BEST, "x", color="#888888", ms=8, mew=2)
    ax.set(xlim=(-EDGE, EDGE), ylim=(-EDGE, EDGE), aspect="equal", xlabel="$w_1$, of the feature that is always there",
           ylabel=f"$w_2$, of the one in {every}", title="Two paths to the best weights, ×")


def _draw_times(ax: Axes, shows: str) -> None:
    ax.set(xlim=(0, STEPS), xlabel="step")
    if shows == RATES:
        ax.set(yscale="log", ylim=(1e-4, 200), yticks=[1e-4, 1e-3, 1e-2, 0.1, 1, 10], ylabel="learning rate",
               title="Each weight's effective learning rate")
        ax.minorticks_off()
    else:
        ax.set(ylim=(0, 9), yticks=range(7), ylabel="distance", title="How far each weight is from its best")
    ax.grid(alpha=0.2)


def _small(form: str, value: float) -> str:
    return "none yet" if value >= AWAY else form.format(value)


def _caption(every, seen, rate, adagrad_rate, far, adagrad_far, own) -> str:
    how_often = "every example" if every == 1 else f"one of {every} examples, {seen} of the {STEPS} here"
    if not seen:
        how_often += ": its weight never moves"
    return (f"Feature 2 is in {how_often}. After {STEPS} steps gradient descent, α = {rate:.2g}, is {far[0]:.2f} from "
            f"the best w1 and {far[1]:.2f} from the best w2; AdaGrad, α = {adagrad_rate:.2g}, {adagrad_far[0]:.2f} and "
            f"{adagrad_far[1]:.2f}. AdaGrad's own learning rates end at {_small('{:.2g}', own[0])} for w1 and "
            f"{_small('{:.2g}', own[1])} for w2.")
