"""Lesson 10: a crowd of balls in a noisy ravine, and a learning rate that may change on the way."""

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, IntSlider
from matplotlib.axes import Axes

from optimlab.explorables.marks import Path
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.optimizers import Adam
from optimlab.schedules import Constant, Cosine, Schedule, Warmup
from optimlab.surfaces import quadratic
from optimlab.syllabus import COLORS

__all__ = ["rate_over_time"]

STEPS, BALLS = 300, 50
CONSTANT, COSINE = "constant", "cosine down to 0"
RAVINE = quadratic([0.16, 4.0])
NOISE = np.random.default_rng(0).standard_normal((STEPS, BALLS, 2))
LOWEST, HIGHEST = 3e-3, 30.0   # of the losses' panel


def rate_over_time() -> Explorable:
    """Adam with noisy gradients: how the learning rate goes, and how the mean loss of the balls goes.

    >>> rate_over_time().stage.caption.split(":")[0]
    'After 300 steps'
    """
    def state(then, learning_rate, warmup):
        steps = np.arange(STEPS + 1)
        rates = schedule(then, learning_rate, warmup)(steps[:-1])
        losses = mean_losses(rates)
        return f"After {STEPS} steps: a mean loss of {losses[-1]:.3f}.", {
            "rate": np.column_stack([steps[:-1], rates]),
            "loss": np.column_stack([steps, np.clip(losses, LOWEST, HIGHEST)])}

    kinds = {"rate": Path(color="#888888", timed=True), "loss": Path(panel=1, color=COLORS["Adam"], timed=True)}
    look = control_style("27em")
    controls = {"then": Dropdown(options=[CONSTANT, COSINE], description="the rate is", **look),
                "learning_rate": FloatLogSlider(0.01, min=-2.3, max=0, step=0.05, readout_format=".2g",
                                                description="highest rate α", **look),
                "warmup": IntSlider(0, min=0, max=100, description="steps of warm-up", **look)}
    return Explorable([Panel(_draw_rates), Panel(_draw_losses)], kinds, controls, state)


def schedule(then: str, learning_rate: float, warmup: int) -> Schedule:
    """The learning rate of each step, as the controls say.

    >>> schedule(COSINE, 1.0, 100)(np.array([0, 99, 100, 200, 299])).round(2)
    array([0.01, 1.  , 1.  , 0.5 , 0.  ])
    """
    after = Constant(learning_rate) if then == CONSTANT else Cosine(learning_rate, STEPS - warmup)
    return Warmup(warmup, after) if warmup else after


def mean_losses(rates: np.ndarray, noise: np.ndarray = NOISE) -> np.ndarray:
    """The mean loss before each step of Adam and after the last one, from gradients with noise (steps, balls, 2).

    >>> mean_losses(np.array([0.1]), np.zeros((1, 1, 2))).round(3)      # each weight moves by 0.1
    array([10.   ,  9.141])
    """
    adam, w = Adam(learning_rate=1.0), np.full(noise.shape[1:], (-5.0, -2.0))
    state, losses = adam.init(w), [RAVINE.loss(w).mean()]
    for rate, kick in zip(rates, noise):
        # Where the step goes doesn't depend on the rate, which only makes it longer.
        step, state = adam.step(np.zeros(w.shape), RAVINE.gradient(w) + kick, state)
        w = w + rate * step
        losses.append(RAVINE.loss(w).mean())
    return np.array(losses)


def _draw_rates(ax: Axes) -> None:
    ax.set(yscale="log", xlim=(0, STEPS), ylim=(1e-4, 2), xlabel="step", ylabel="learning rate α",
           title="How fast it walks")
    ax.minorticks_off()
    ax.grid(alpha=0.2)


def _draw_losses(ax: Axes) -> None:
    ax.set(yscale="log", xlim=(0, STEPS), ylim=(LOWEST, HIGHEST), xlabel="step", ylabel="mean loss of 50 balls",
           title="How low it gets")
    ax.minorticks_off()
    ax.grid(alpha=0.2)
