"""Adam taken apart: three switches, eight settings, all their paths on one noisy ravine."""

from dataclasses import dataclass

import numpy as np
from ipywidgets import Checkbox, FloatLogSlider, FloatSlider, SelectionSlider

from optimlab.explorables.marks import Handle, Labels, Path, until_gone
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.optimizers import Moments, Rate
from optimlab.plots import contours
from optimlab.surfaces import ravine
from optimlab.syllabus import COLORS

__all__ = ["adam_switches"]

STEPS, FIRST = 120, 20
SHORTEST, LONGEST = 0.1, 100.0  # of the steps drawn, in units of α, on their logarithmic axis
# Every setting of (average, scale, correct), and the optimizer whose colour it has.
SETTINGS = np.array([[average, scale, correct] for average in (0, 1) for scale in (0, 1) for correct in (0, 1)], bool)
FAMILIES = {(False, False): "GradientDescent", (True, False): "Momentum", (False, True): "RMSProp",
            (True, True): "Adam"}
NAMES = {(False, False, False): "Gradient descent", (False, False, True): "Gradient descent (nothing to correct)",
         (True, False, False): "Momentum", (True, False, True): "Momentum, corrected",
         (False, True, False): "RMSProp", (False, True, True): "RMSProp, corrected",
         (True, True, False): "Adam without correction", (True, True, True): "Adam"}
BOX = {"indent": False, "layout": {"width": "auto", "margin": "2px 14px 2px 2px"}}
SLIDER = control_style("21em", flex="0 0 auto")


@dataclass(frozen=True)
class SwitchedAdam:
    """Adam with three switches: average the gradient, divide by the root of squares, correct the bias.

    Rule: v = beta1 * v + (1 - beta1) * dw         v_hat = v / (1 - beta1**t)    (average; else dw)
          s = beta2 * s + (1 - beta2) * dw**2      s_hat = s / (1 - beta2**t)
          w = w - learning_rate * v_hat / (sqrt(s_hat) + epsilon)                (scale; else over 1)
    Without `correct`, v_hat = v and s_hat = s.

    None is GradientDescent, average alone Momentum, scale alone RMSProp, all three Adam. To correct
    where nothing is averaged and nothing divided changes nothing: seven of the eight differ.
    Shapes: as in `optimlab.optimizers`; a switch may be an array of booleans that broadcasts too.

    >>> adam = SwitchedAdam(average=True, scale=True, correct=True, learning_rate=0.1)
    >>> w = np.array([1.0, 1.0])
    >>> w, state = adam.step(w, np.array([100.0, -0.01]), adam.init(w))
    >>> w.round(3)
    array([0.9, 1.1])

    Source: Kingma and Ba 2015, "Adam: a method for stochastic optimization".
    """

    average: bool | np.ndarray = False
    scale: bool | np.ndarray = False
    correct: bool | np.ndarray = False
    learning_rate: Rate = 0.001
    beta1: Rate = 0.9
    beta2: Rate = 0.999
    epsilon: Rate = 1e-8

    def init(self, w):
        return Moments(t=0, v=np.zeros(np.shape(w)), s=np.zeros(np.shape(w)))

    def step(self, w, dw, state):
        t = state.t + 1
        beta1 = self.beta1 * self.average      # without a memory the average is the gradient itself
        v = beta1 * state.v + (1 - beta1) * dw
        s = self.beta2 * state.s + (1 - self.beta2) * dw**2
        v_hat = v / (1 - self.correct * beta1**t)
        s_hat = s / (1 - self.correct * self.beta2**t)
        w = w - self.learning_rate * v_hat / np.where(self.scale, np.sqrt(s_hat) + self.epsilon, 1)
        return w, Moments(t, v, s)


def adam_switches() -> Explorable:
    """A ravine with noisy gradients and three switches: all eight settings thin, the chosen one strong.

    Left the paths of 120 steps from a start to drag; right how long the first twenty are, in units
    of the learning rate. All settings meet the same noise.

    >>> figure = adam_switches()
    >>> figure.controls["scale"].value = True
    >>> figure.stage.caption[:47]
    'RMSProp: the first step moves a weight by 31.6 '
    """
    controls = {
        "average": Checkbox(False, description="average the gradient", **BOX),
        "scale": Checkbox(False, description="divide by the root of squares", **BOX),
        "correct": Checkbox(False, description="correct the bias", **BOX),
        "learning_rate": FloatLogSlider(0.1, min=-3, max=0, step=0.05, description="learning rate α",
                                        readout_format=".2g", **SLIDER),
        "beta1": SelectionSlider(options=[0.5, 0.8, 0.9, 0.95, 0.99], value=0.9, description="β1", **SLIDER),
        "beta2": SelectionSlider(options=[0.5, 0.9, 0.99, 0.999, 0.9999], value=0.999, description="β2", **SLIDER),
        "noise": FloatSlider(1.0, min=0, max=4, step=0.25, description="noise of the gradient",
                             readout_format=".2f", **SLIDER),
    }
    marks = {}
    for panel in 0, 1:
        marks |= {f"thin {name} {panel}": Path(panel, COLORS[name], width=1.2) for name in FAMILIES.values()}
        marks |= {f"{name} {panel}": Path(panel, COLORS[name], width=2.6, dots=panel == 1, timed=panel == 0)
                  for name in FAMILIES.values()}
    marks |= {"name": Labels(1, size=14.0, align="left", bold=True),
              "start": Handle(label="the start", color="#009E73", at=tuple(ravine.start))}
    return Explorable([Panel(_draw_ravine), Panel(_draw_lengths)], marks, controls, _state)


def _draw_ravine(ax):
    contours(ax, ravine)
    ax.set_title("Eight settings, one strong: 120 steps each", size=11)


def _draw_lengths(ax):
    ax.axhline(1, color="#888888", lw=1, ls="--")
    ax.set_yscale("log")
    ax.set(xlim=(0.4, FIRST + 0.6), ylim=(SHORTEST, LONGEST), xticks=[1, 5, 10, 15, 20], xlabel="step",
           ylabel="the longer move, in units of α", title=f"How long are the first {FIRST} steps?")
    ax.grid(color="#888888", alpha=0.25)


def _state(average, scale, correct, learning_rate, beta1, beta2, noise, start):
    start = np.clip(start, *ravine.domain.T)
    points = _paths(learning_rate, beta1, beta2, noise, start)      # (steps + 1, 8, 2)
    chosen = 4 * average + 2 * scale + correct                      # its row in SETTINGS
    with np.errstate(invalid="ignore"):
        lengths = np.abs(np.diff(points[:FIRST + 1], axis=0)).max(axis=-1) / learning_rate
    # Too short to be drawn lies on the lower edge.
    lines = np.stack([np.broadcast_to(np.arange(1, FIRST + 1)[:, None], lengths.shape),
                      np.maximum(lengths, SHORTEST)], axis=-1)
    shown = {"start": start, "name": ([(1.0, 60.0)], [NAMES[average, scale, correct]])}
    paths, _ = until_gone(points, ravine.domain)
    for panel, drawn in enumerate((paths, lines)):
        for family, name in FAMILIES.items():
            row = 4 * family[0] + 2 * family[1]                     # without correction; with it, the next
            shown[f"thin {name} {panel}"] = np.concatenate([drawn[:, row], [[np.nan, np.nan]], drawn[:, row + 1]])
            shown[f"{name} {panel}"] = drawn[:, chosen] if family == (average, scale) else np.empty((0, 2))
    return _caption(NAMES[average, scale, correct], points[:, chosen], lengths[:, chosen]), shown


def _paths(learning_rate, beta1, beta2, noise, start):
    """The points of all eight, shape (steps + 1, 8, 2); each meets the same noise."""
    average, scale, correct = SETTINGS.T[..., None]
    rule = SwitchedAdam(average, scale, correct, learning_rate, beta1, beta2)
    w = np.broadcast_to(start, (len(SETTINGS), 2))
    state, points = rule.init(w), [w]
    for shake in noise * np.random.default_rng(8).standard_normal((STEPS, 2)):
        with np.errstate(over="ignore", invalid="ignore"):
            w, state = rule.step(w, ravine.gradient(w) + shake, state)
        points.append(w)
    return np.stack(points)


def _caption(name, points, lengths):
    worst = int(np.argmax(lengths))
    told = f"{name}: the first step moves a weight by {lengths[0]:.3g} α"
    if worst and lengths[worst] > 1.01 * lengths[0]:
        told += f", step {worst + 1} by {lengths[worst]:.3g} α, the most of the first {FIRST}"
    else:
        told += f", the most of the first {FIRST}"
    first, last = ravine.loss(points[[0, -1]])
    if not last <= 100 * max(first, 1):
        return f"{told}. It runs away."
    return f"{told}. After {STEPS} steps the loss goes from {first:.3g} to {last:.3g}."
