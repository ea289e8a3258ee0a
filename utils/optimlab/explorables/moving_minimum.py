"""Lesson 07: a minimum that moves, and AdaGrad and RMSProp that follow it, or don't."""

from math import sqrt

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, FloatSlider
from matplotlib.axes import Axes

from optimlab.explorables.marks import Handle, Labels, Path
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.syllabus import COLORS

__all__ = ["moving_minimum"]

STEPS, EDGE, EPSILON = 600, 6.0, 1e-8       # the panel shows weights from -EDGE to EDGE
LAST = STEPS // 2                           # the caption tells the mean distance over so many steps at the end
SOONEST = 20                                # where the handle can't go further left
HIGHEST = 1e3                               # a rate is drawn no higher: above the panel
JUMPS, DRIFT, SEASONS = "jumps there and back", "drifts steadily", "comes and goes like the seasons"
ADAGRAD, RMSPROP = COLORS["AdaGrad"], COLORS["RMSProp"]


def moving_minimum() -> Explorable:
    """AdaGrad and RMSProp on the loss (w - m)**2 / 2, whose minimum m moves with time.

    The handle says where m is when: it jumps there, or drifts through there, or has its first peak
    there. Both optimizers start at 0, where m is at first, and meet the same noise.

    >>> moving_minimum().stage.caption.split(",")[0]
    'The minimum jumps to 4.0 at step 110'
    """
    steps = np.arange(STEPS + 1)

    def state(moves, beta, rate, adagrad_rate, noise, target):
        when, height = float(np.clip(round(target[0]), SOONEST, STEPS)), float(np.clip(target[1], -EDGE, EDGE))
        minimum = minima(moves, when, height)
        aims, given = minimum[:-1].tolist(), pushes(noise)
        adagrad, adagrad_rates = follow(aims, given, adagrad_rate, 1.0, 1.0)
        rmsprop, rates = follow(aims, given, rate, beta, 1 - beta)
        far = [float(np.mean(np.abs(w - minimum)[-LAST:])) for w in (adagrad, rmsprop)]
        ends = [float(adagrad_rates[-1]), float(rates[-1])]
        told = [f"AdaGrad: {_small(ends[0])} at the end", f"RMSProp: {_small(ends[1])} at the end"]
        return _caption(moves, when, height, far, ends), {
            "minimum": np.column_stack([steps, minimum]),
            "AdaGrad": np.column_stack([steps, adagrad]), "RMSProp": np.column_stack([steps, rmsprop]),
            "AdaGrad's rate": np.column_stack([steps, adagrad_rates]),
            "RMSProp's rate": np.column_stack([steps, rates]),
            "AdaGrad's name": ([(20, 5.5)], told[:1]), "RMSProp's name": ([(20, 2.4)], told[1:]),
            "target": (when, height),
        }

    kinds = {"minimum": Path(color="#888888", dashed=True)}
    for name, color in (("AdaGrad", ADAGRAD), ("RMSProp", RMSPROP)):
        kinds[name] = Path(color=color, timed=True)
        kinds[f"{name}'s rate"] = Path(panel=1, color=color, timed=True)
        kinds[f"{name}'s name"] = Labels(panel=1, color=color, align="left", bold=True)
    kinds["target"] = Handle(label="where the minimum goes", at=(110.0, 4.0))
    look = control_style("27em")
    controls = {
        "moves": Dropdown(options=[JUMPS, DRIFT, SEASONS], description="the minimum", **look),
        "beta": FloatSlider(0.9, min=0.0, max=0.999, step=0.001, readout_format=".3f",
                            description="β of RMSProp", **look),
        "rate": FloatLogSlider(0.1, min=-2.5, max=0.5, step=0.05, readout_format=".2g",
                               description="α of RMSProp", **look),
        "adagrad_rate": FloatLogSlider(0.5, min=-2, max=1.5, step=0.05, readout_format=".2g",
                                       description="α of AdaGrad", **look),
        "noise": FloatSlider(1.0, min=0.0, max=3.0, step=0.1, description="noise of the gradient", **look),
    }
    return Explorable([Panel(_draw_weights), Panel(_draw_rates)], kinds, controls, state)


def minima(moves: str, when: float, height: float) -> np.ndarray:
    """Where the minimum is before each step and after the last one, shape (STEPS + 1,).

    >>> minima(JUMPS, 300, 2.0)[[0, 299, 300, 599, 600]]
    array([0., 0., 2., 2., 0.])
    """
    t = np.arange(STEPS + 1)
    if moves == JUMPS:
        return np.where(t // when % 2 == 1, height, 0.0)
    return height * (t / when if moves == DRIFT else np.sin(np.pi / 2 * t / when))


def pushes(noise: float) -> list[float]:
    """The noise in each gradient, the same draws for both.

    >>> len(pushes(1.0)), pushes(0.0)[0]
    (600, 0.0)
    """
    return (noise * np.random.default_rng(7).standard_normal(STEPS)).tolist()


def follow(minimum: list, noise: list, rate: float, kept: float, added: float) -> tuple[np.ndarray, np.ndarray]:
    """The weights on the way, and the effective learning rates, one more than there are steps.

    s = kept * s + added * dw**2: 1 and 1 are AdaGrad, beta and 1 - beta RMSProp. Before the first
    step there is no rate yet: it is shown as the first one.

    >>> follow([2.0, 2.0], [0.0, 0.0], 1.0, 1.0, 1.0)[0].round(2)
    array([0.  , 1.  , 1.45])
    """
    w, s, weights, rates = 0.0, 0.0, [0.0], []
    for m, push in zip(minimum, noise):
        dw = w - m + push
        s = kept * s + added * dw * dw
        effective = rate / (sqrt(s) + EPSILON)
        w -= effective * dw
        weights.append(w)
        rates.append(effective)
    return np.array(weights), np.minimum(rates[:1] + rates, HIGHEST)


def _draw_weights(ax: Axes) -> None:
    ax.set(xlim=(0, STEPS), ylim=(-EDGE, EDGE), xlabel="step", ylabel="weight w",
           title="The minimum (dashed) moves; who follows?")
    ax.grid(alpha=0.2)


def _draw_rates(ax: Axes) -> None:
    ax.set(yscale="log", xlim=(0, STEPS), ylim=(1e-3, 10), xlabel="step", ylabel="α / (√s + ε)",
           title="Each one's effective learning rate")
    ax.minorticks_off()
    ax.grid(alpha=0.2)


def _small(value: float) -> str:
    return f"above {HIGHEST:g}" if value >= HIGHEST else f"{value:.2g}"


def _caption(moves, when, height, far, ends) -> str:
    at = {JUMPS: f"jumps to {height:z.1f} at step {when:.0f}, back to 0 after as many more, and so on",
          DRIFT: f"drifts by {height / when:z.3f} a step",
          SEASONS: f"swings by {abs(height):.1f} to either side, once in {4 * when:.0f} steps"}[moves]
    return (f"The minimum {at}. In the last {LAST} steps AdaGrad is {far[0]:.2f} away from it on average, RMSProp "
            f"{far[1]:.2f}. The effective learning rates at the end: {_small(ends[0])} and {_small(ends[1])}.")
