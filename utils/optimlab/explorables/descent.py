"""Gradient descent as a ball to grab: on a curve with its tangent, and on surfaces seen from above."""

from collections.abc import Sequence

import numpy as np
from ipywidgets import Dropdown, FloatLogSlider, FloatSlider

from optimlab.explorables.marks import Arrows, Handle, Path, falling, until_gone
from optimlab.explorables.stage import Explorable, Panel, control_style
from optimlab.optimizers import GradientDescent
from optimlab.plots import contours
from optimlab.surfaces import SURFACES, double_well, quadratic
from optimlab.training import descend

__all__ = ["ball_on_a_curve", "ball_on_a_surface"]

CURVES = {"wide bowl": quadratic([1.0]), "narrow bowl": quadratic([4.0]), "double well": double_well}
GROUNDS = {name: SURFACES[name] for name in ("bowl", "ravine", "saddle", "Himmelblau", "Rosenbrock", "plateau")}
CURVE_STEPS, SURFACE_STEPS = 30, 200
LOWEST_DRAWN = 1e-6  # of the losses, on their logarithmic axis
ORANGE, GREEN = "#E69F00", "#009E73"
# Descriptions that are not cut off; a slider long enough to find an edge on.
CHOICE = control_style("16em")
SLIDER = control_style("30em")


def ball_on_a_curve(curves: Sequence[str] = tuple(CURVES)) -> Explorable:
    """A ball on a curve with one weight: drag it, choose the learning rate, see thirty steps.

    curves: the names of those that can be chosen, the first of them is shown at first.

    The dashed line is the tangent at the ball, the arrow its first step, -α times the slope. The
    bowls have curvature 1 and 4, so that steps grow from learning rates 2 and 0.5 on.

    >>> figure = ball_on_a_curve()
    >>> figure.controls["learning_rate"].value = 2.2
    >>> "runs away" in figure.stage.caption
    True
    """
    controls = {"curve": Dropdown(options=list(curves), description="curve", **CHOICE),
                "learning_rate": FloatSlider(0.2, min=0.01, max=2.5, step=0.01, description="learning rate α",
                                             readout_format=".2f", **SLIDER)}
    marks = {"tangent": Path(color=ORANGE, dashed=True), "path": Path(dots=True, width=1.5, timed=True),
             "step": Arrows(color=GREEN, width=3.0),
             "ball": Handle(label="the ball", moves="x", at=(CURVES[curves[0]].start[0], 0.0)),
             "losses": Path(panel=1, dots=True, width=1.5, timed=True)}
    panels = [Panel(_draw_curve, depends=("curve",)), Panel(lambda ax: _draw_losses(ax, CURVE_STEPS, 1e3))]
    figure = Explorable(panels, marks, controls, _curve_state)
    _go_to_its_start(figure, "curve", "ball", CURVES)
    return figure


def ball_on_a_surface() -> Explorable:
    """A ball on a surface with two weights, seen from above: drag its start, see two hundred steps.

    A change of surface puts the ball on that surface's own start and leaves the learning rate.

    >>> figure = ball_on_a_surface()
    >>> figure.controls["surface"].value = "saddle"
    >>> figure.places["start"]
    array([-1.5 ,  0.01])
    """
    controls = {"surface": Dropdown(options=list(GROUNDS), description="surface", **CHOICE),
                "learning_rate": FloatLogSlider(0.1, min=-4, max=0.5, step=0.01, description="learning rate α",
                                                readout_format=".2g", **SLIDER)}
    marks = {"path": Path(dots=True, width=1.5, timed=True),
             "start": Handle(label="the start", at=tuple(GROUNDS["bowl"].start)),
             "losses": Path(panel=1, timed=True)}
    panels = [Panel(_draw_surface, depends=("surface",)), Panel(lambda ax: _draw_losses(ax, SURFACE_STEPS, 1e4))]
    figure = Explorable(panels, marks, controls, _surface_state)
    _go_to_its_start(figure, "surface", "start", GROUNDS)
    return figure


def _go_to_its_start(figure, control, handle, surfaces):
    def go(change):
        start = surfaces[change["new"]].start
        figure.place(handle, start if start.size == 2 else (start[0], 0.0))

    figure.controls[control].observe(go, "value")


def _draw_curve(ax, curve):
    surface = CURVES[curve]
    left, right = surface.domain[0]
    w = np.linspace(left, right, 400)
    loss = surface.loss(w[:, None])
    ax.plot(w, loss, color="#888888", lw=2)
    room = 0.06 * np.ptp(loss)
    ax.set(xlim=(left, right), ylim=(loss.min() - room, loss.max() + room), xlabel="weight $w$", ylabel="loss $J$",
           title=f"The {curve}: arrow = first step")


def _draw_surface(ax, surface):
    contours(ax, GROUNDS[surface])
    ax.set_title(f"{surface}: the deeper the blue, the lower", size=11)


def _draw_losses(ax, steps, highest):
    ax.set_yscale("log")
    ax.set(xlim=(-0.02 * steps, 1.02 * steps), ylim=(LOWEST_DRAWN / 2, highest), xlabel="step",
           ylabel="loss above the lowest point", title="Does each step lower the loss?")
    ax.grid(color="#888888", alpha=0.25)


def _curve_state(curve, learning_rate, ball):
    surface = CURVES[curve]
    left, right = surface.domain[0]
    start = np.clip(ball[:1], left, right)
    points, losses = descend(surface, GradientDescent(learning_rate), start, CURVE_STEPS)
    w, loss = points[0, 0], losses[0]
    slope = surface.gradient(points[0])[0]
    heights = surface.loss(np.linspace(left, right, 50)[:, None])
    # As long in the picture however steep it is.
    reach = 0.28 / np.hypot(1 / (right - left), slope / np.ptp(heights))
    return _curve_caption(surface, learning_rate, points[:, 0], losses), {
        "path": np.column_stack([points[:, 0], losses]), "ball": (w, loss),
        "tangent": [(w - reach, loss - reach * slope), (w + reach, loss + reach * slope)],
        "step": [(w, loss, w - learning_rate * slope, loss)],
        "losses": _falling(surface, losses)}


def _curve_caption(surface, learning_rate, w, losses):
    left, right = surface.domain[0]
    slope = surface.gradient(w[:1])[0]
    told = (f"At w = {_told(w[0])} the slope is {_told(slope)}, so the first step is "
            f"-α × slope = {_told(-learning_rate * slope)}. ")
    outside = ~((left <= w) & (w <= right))  # nan is outside too
    if outside[-1]:
        return told + f"It runs away: step {np.argmax(outside)} lands outside the picture."
    steps = np.diff(w)
    steps = steps[np.abs(steps) > 1e-6]
    turns = int(np.sum(steps[1:] * steps[:-1] < 0))
    manner = {0: "It creeps down from one side", 1: "It turns around once"}.get(turns, f"It turns around {turns} times")
    place = f"w = {_told(w[-1])}, loss {losses[-1]:.3g}"
    if np.abs(surface.gradient(w[-1:])[0]) < 0.01:
        manner = "It is there after one step" if len(steps) == 1 else "It stays" if not len(steps) else manner
        return told + f"{manner} and rests at {place}."
    if losses[-1] > losses[0]:
        return told + f"{manner} and climbs: after {CURVE_STEPS} steps {place}."
    return told + f"{manner}: after {CURVE_STEPS} steps {place}, not yet at rest."


def _surface_state(surface, learning_rate, start):
    ground = GROUNDS[surface]
    start = np.clip(start, *ground.domain.T)
    points, losses = descend(ground, GradientDescent(learning_rate), start, SURFACE_STEPS)
    return _surface_caption(ground, learning_rate, points, losses), {
        "path": until_gone(points, ground.domain)[0], "start": start, "losses": _falling(ground, losses)}


def _surface_caption(ground, learning_rate, points, losses):
    told = f"From {_place(points[0])} with α = {learning_rate:.2g}: "
    inside = np.all((ground.domain[:, 0] <= points) & (points <= ground.domain[:, 1]), axis=-1)
    if not losses[-1] <= losses[0]:
        if inside.all():
            return told + f"the loss climbs from {losses[0]:.3g} to {losses[-1]:.3g} in {SURFACE_STEPS} steps."
        return told + f"the ball runs away; step {np.argmin(inside)} lands outside the picture."
    gradient = np.linalg.norm(ground.gradient(points), axis=-1)
    moving = np.flatnonzero(gradient > 1e-3)
    rest = moving[-1] + 1 if len(moving) else 0
    if rest <= SURFACE_STEPS:
        near = np.linalg.norm(ground.minima - points[-1], axis=-1).min() < 0.05
        kind = "a minimum" if near else "which is no minimum though the gradient is almost zero"
        told += f"{rest} steps to {_place(points[-1])}, {kind}."
    else:
        told += f"after {SURFACE_STEPS} steps at {_place(points[-1])}, loss {losses[-1]:.3g}, not yet at rest."
    line = np.linalg.norm(points[-1] - points[0])
    if line > 1e-3:
        length = np.linalg.norm(np.diff(points, axis=0), axis=-1).sum()
        told += f" The path is {length / line:.2f} times as long as the straight line between its ends."
    return told


def _falling(surface, losses):
    """Losses above the lowest point against steps."""
    return falling(losses - surface.loss(surface.minima).min(), LOWEST_DRAWN)


def _told(number):
    return f"{round(float(number), 2) + 0.0:.2f}"  # + 0.0: no -0.00


def _place(point):
    return f"({_told(point[0])}, {_told(point[1])})"
