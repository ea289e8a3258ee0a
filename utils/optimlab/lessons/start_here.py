"""Lesson 00: a first ball, a first bet, and the map."""

import numpy as np
from IPython.display import Markdown

from optimlab import plots, syllabus
from optimlab.explorables import Outcome, Predict, ball_on_a_curve
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.progress import Map
from optimlab.optimizers import GradientDescent
from optimlab.surfaces import double_well
from optimlab.training import descend

__all__ = ["contents", "play", "runaway", "show_the_map"]


def play() -> Explorable:
    """The ball on its curve, and a place to find."""
    return ball_on_a_curve(["wide bowl", "double well"]).asking(
        Task("In the wide bowl, reach the bottom in a single step.", _in_one_step),
        Task("In the double well, drop the ball so that it comes to rest in the deeper valley.", _in_the_deeper_one))


def _in_one_step(curve: str, learning_rate: float, ball: np.ndarray) -> str:
    there = curve == "wide bowl" and abs(learning_rate - 1) < 0.005 and abs(ball[0]) > 0.1
    return "You found it: α = 1." if there else ""


def _in_the_deeper_one(curve: str, learning_rate: float, ball: np.ndarray) -> str:
    end = descend(double_well, GradientDescent(learning_rate), ball[:1], steps=30).points[-1]
    there = curve == "double well" and abs(end - double_well.minima[0]) < 0.05
    return "There it rests. It would not have found that valley from the other side." if there else ""


def _edge(alpha: np.ndarray, w: np.ndarray) -> Outcome:
    """From learning rates and where 30 steps from -5 took the ball with each: the largest rate at which it stays."""
    stayed = np.abs(w) <= 5.001
    edge = alpha[stayed].max()
    figure, ax = plots.picture(6.4, 3.2)
    for which, color, name in ((stayed, "#0072B2", "no farther out than at its start"),
                               (~stayed, "#D55E00", "farther out: it has run away")):
        ax.semilogy(alpha[which], np.maximum(np.abs(w[which]), 1e-9), "o", ms=6, color=color, label=name)
    ax.axhline(5, color="#888888", ls="--", lw=1)
    ax.text(0.1, 9, "where every ball starts", color="#666666", va="bottom")
    ax.set(xlabel="learning rate α", ylabel="distance after 30 steps", ylim=(1e-10, 1e10),
           title=f"Up to α = {edge:g} the ball stays in the bowl")
    ax.legend(frameon=False, loc="upper left")
    plots.describe(ax, f"Distance from the bottom after 30 steps against the learning rate, one dot a ball. It is "
                       f"smallest at 1, back at the start's distance at {edge:g}, and grows beyond.")
    return Outcome(f"{edge:g}", f"At α = {edge:g} the ball jumps from one side to the other for ever, no higher and "
                   "no lower. Beyond that, each jump is longer than the one before. Why exactly there? You will work "
                   "that out in lesson 02.", [figure])


runaway = Predict("In the wide bowl, above roughly which learning rate does the ball run away?", {
    "0.5": "Half is a sensible place to begin. But at 0.5 each step covers exactly half of the way that is left, so "
           "the ball never even reaches the other side.",
    "1": "Something does happen at 1: the ball lands on the bottom in one step. Beyond 1 it overshoots. Overshooting "
         "is not running away, though, as long as each landing is lower than the last.",
    "2": "",
    "never, it is a bowl": "A real ball would roll back, whatever you do. This one does not roll. It jumps, and where "
                           "the wall is steep it jumps far.",
}, settled=_edge)


def show_the_map() -> Map:
    """The lessons, which failure leads from one to the next, and which of them are done."""
    return Map()


def contents() -> Markdown:
    """The lessons, each with its link and its question."""
    return Markdown(syllabus.contents())
