"""Lesson 04: how much of the past to keep, what that calms, and what it costs."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import averages, plots
from optimlab.datasets import seattle_weather
from optimlab.explorables import Claim, Outcome, Predict, moving_average
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written

__all__ = ["behind", "calm", "draw_with", "first_day", "first_value", "inside", "play", "point_nine",
           "show_dependent_noise", "show_gradients", "show_two_averages", "show_weights"]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"


def play() -> Explorable:
    """The average over Seattle's spring, with two values of β to find."""
    return moving_average().asking(
        Task("Find the β whose window, the green days, is just two days long.", _two_days),
        Task("Find the β whose half-life is nearest to two weeks.", _two_weeks))


def _two_days(beta: float, **others: object) -> str:
    return "You found it: β = 0.5, for 1/(1 - 0.5) = 2." if beta == 0.5 else ""


def _two_weeks(beta: float, **others: object) -> str:
    return f"You found it: β = 0.95, with {averages.half_life(0.95):.1f} days." if beta == 0.95 else ""


# --- the sum behind the loop ----------------------------------------------------------------------

def show_weights(weights: np.ndarray, of_start: float) -> plots.Picture:
    """How much each value counts in the average: what it started from, in orange, then day after day."""
    figure, ax = plots.picture(6.4, 3.0)
    n = len(weights)
    bars = ax.bar(range(n + 1), [of_start, *weights], color=[ORANGE] + n * [BLUE])
    ax.bar_label(bars, fmt="{:.3f}", padding=2, size=9)
    ax.set_xticks(range(n + 1), ["$V_0$", *(f"$\\theta_{t}$" for t in range(1, n + 1))])
    ax.set(ylabel=f"weight in $V_{n}$", ylim=(0, 1.15 * max(of_start, weights.max())),
           title="Each day counts a little less than the day after it")
    plots.describe(ax, f"Bars: the weight of the start, {of_start:.3f}, and of the {n} days, from {weights[0]:.3f} to "
                       f"{weights[-1]:.3f} for the newest.")
    return figure


def show_two_averages() -> plots.Picture:
    """Four years of Seattle averaged with β = 0.9 and with β = 0.6, around the day on which they differ most."""
    weather = seattle_weather()
    slow, quick = averages.ewma(weather.temp_max, 0.9), averages.ewma(weather.temp_max, 0.6)
    at = np.abs(slow - quick).argmax()
    span = slice(max(0, at - 60), at + 60)
    figure, ax = plots.picture(6.4, 3.0)
    plots.averages(ax, weather.date[span], weather.temp_max[span], {
        r"$0.9\,V_{t-1} + 0.1\,\theta_t$": slow[span], r"$0.6\,V_{t-1} + 0.4\,\theta_t$": quick[span]})
    ax.set(ylabel="daily maximum (°C)", title=f"Two averages, up to {abs(slow - quick)[at]:.1f} °C apart")
    return figure


def _inside(betas: np.ndarray, shares: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    windows = averages.effective_window(betas)
    ax.semilogx(windows, shares, "o-", color=BLUE, lw=2)
    for beta, window, share in zip(betas, windows, shares):
        ax.text(window, share + 0.012, f"{beta:g}", ha="center", color=BLUE)
    ax.axhline(1 - 1 / np.e, color=ORANGE, ls="--")
    ax.text(1.6, 1 - 1 / np.e - 0.012, "1 - 1/e = 0.632", color=ORANGE, va="top")
    ax.set(title="The longer the window, the nearer to 1 - 1/e", xlabel="effective window, in days",
           ylabel="share of the weight", ylim=(0.58, 0.8))
    plots.describe(ax, "Share of the weight inside the effective window against its length: " + ", ".join(
        f"{share:.3f} for β = {beta:g}" for beta, share in zip(betas, shares)) + ".")
    last = shares[-1]
    answer = "grows to nearly all" if last > 0.9 else "falls to nearly nothing" if last < 0.4 else "falls to about 0.63"
    return Outcome(answer, f"From {shares[0]:.2f} at β = {betas[0]:g} to {last:.3f} at β = {betas[-1]:g}. What lies "
                           f"outside is {1 - last:.3f} there.", [figure])


inside = Predict("As β goes from 0.5 to nearly 1: the share of the weight that lies inside the effective window ...?", {
    "grows to nearly all": "A longer window ought to catch more. But the tail grows just as long.",
    "falls to about 0.63": "",
    "falls to nearly nothing": "Each single day counts less and less, true. But there are more and more of them.",
}, settled=_inside)


# --- what it costs --------------------------------------------------------------------------------

def _behind(lag: float) -> Outcome:
    return Outcome(round(float(lag), 6), "The lag is the mean age of its days, age k times weight, Σ k (1 - β) "
                   "β<sup>k</sup> = β/(1 - β). That is one day less than the window, because today has age 0.")


behind = Predict("It gets warmer by 1 °C every day. How many days does the average with β = 0.9 lag behind?",
                 unit="days", settled=_behind)


def _point_nine(betas: np.ndarray, off: Sequence[float]) -> Outcome:
    weather, best = seattle_weather(), betas[int(np.argmin(off))]
    year = slice(366, 731)
    lines, ax = plots.picture(4.05, 3.2)
    plots.averages(ax, weather.date[year], weather.temp_max[year],
                   {f"β = {beta}": averages.ewma(weather.temp_max, beta)[year] for beta in (0.6, 0.9, 0.98)})
    ax.set(ylabel="daily maximum (°C)", title="The smoother, the later", ylim=(-2, 46))
    error, ay = plots.picture(4.05, 3.2)
    ay.plot(range(len(betas)), off, "o-", color=BLUE, lw=2)
    ay.plot(int(np.argmin(off)), min(off), "o", color=ORANGE, ms=9)
    ay.set_xticks(range(len(betas)), [f"{beta:g}" for beta in betas])
    ay.set(xlabel="β", ylabel="distance from the season (°C)", title="Noise on the left, lag on the right",
           ylim=(0, 1.1 * max(off)))
    plots.describe(ay, "How far the average is from the season, the centred mean of 61 days, against β: " + ", ".join(
        f"{o:.1f} °C at {beta:g}" for beta, o in zip(betas, off)) + ".")
    answer = "holds when ..." if 0.5 < best < 0.98 and best != betas[-1] else "does not hold"
    return Outcome(answer, f"On this weather β = {best:g} is best of these: {min(off):.1f} °C off, where no "
                   f"averaging is {off[0]:.1f} °C and β = {betas[-1]:g} is {off[-1]:.1f} °C off. If the season "
                   "changed faster, a smaller β would win, and with more noise, a larger one. No value is right by "
                   "itself.", [plots.Row(lines, error)])


point_nine = Claim("β = 0.9", "holds when about ten values back is the right memory", _point_nine, {
    "holds": "You will meet 0.9 in so many places that it looks like a law of nature. It is a good habit.",
    "does not hold": "There is nothing magic about it, true. But on many series it is a good start, and so it is "
                     "here."})


# --- the start ------------------------------------------------------------------------------------

def _first_day(V: np.ndarray) -> Outcome:
    weather = seattle_weather()
    span = slice(0, 60)
    figure, ax = plots.picture(6.4, 3.2)
    plots.averages(ax, weather.date[span], weather.temp_max[span],
                   {"$V_t$ from $V_0 = 0$": V[span],
                    "corrected": averages.ewma(weather.temp_max, 0.9, corrected=True)[span]})
    ax.set(ylabel="daily maximum (°C)", title="From a start at 0, the first weeks are too cold", ylim=(-2, 20))
    low = 100 * (1 - V / averages.ewma(weather.temp_max, 0.9, corrected=True))
    return Outcome(f"{V[0]:.1f} °C", f"It is {low[0]:.0f} % too low on the first day, {low[9]:.0f} % on the tenth, "
                   f"and less than 1 % from day {int(np.argmax(low < 1)) + 1} on. The zero stands for “before that, "
                   "it was always 0 °C”, and nobody measured that.", [figure])


first_day = Predict("On the first day it was 12.8 °C. What does the average say then, with β = 0.9 and a start at 0?", {
    "12.8 °C": "That is all the average has seen. But it began with a 0, and still believes in it.",
    "11.5 °C": "That would be 0.9 of the new value and 0.1 of the old one. It is the other way round.",
    "1.3 °C": "",
}, settled=_first_day)


def _first_value(off: Mapping[str, float]) -> Outcome:
    figure, ax = plots.picture(6.4, 2.4)
    ax.barh(range(len(off)), list(off.values()), color=[ORANGE, BLUE, GREEN])
    for row, error in enumerate(off.values()):
        ax.text(error + 0.15, row, f"{error:.1f} °C", va="center")
    ax.set_yticks(range(len(off)), list(off))
    ax.invert_yaxis()
    ax.set(xlabel="distance from the season after nine days (°C)",
           title="The first value is a fair start, the correction a better one", xlim=(0, 1.15 * max(off.values())))
    plots.describe(ax, "How far the average is from the season after nine days: " + ", ".join(
        f"{start} {error:.1f} °C" for start, error in off.items()) + ".")
    zero, first, corrected = off.values()
    return Outcome("holds when ..." if corrected < first < zero else "does not hold",
                   "θ is a whole series, and V<sub>0</sub> is one number, so read it as θ<sub>1</sub>: start from "
                   "the first value. That is far better than a start at 0. But then that one day stands for the whole "
                   "past, and counts for much more than its share. The correction lets no day do that.", [figure])


first_value = Claim("$V_0 = θ$", "holds when θ means the first value and a rough start is enough", _first_value, {
    "holds": "To start from what was measured sounds better than to start from nothing, and it is.",
    "does not hold": "Read to the letter it makes no sense, for θ is a series. Read kindly, it is a usable start."})


# --- what it is good for --------------------------------------------------------------------------

def _calm(left: float) -> Outcome:
    options = {5: "5 values", 10: "10 values", 19: "19 values"}
    nearest = min(options, key=lambda n: abs(n - 1 / left))
    return Outcome(options[nearest], f"Of a variance of 1, {left:.3f} is left, as in a mean of {1 / left:.1f} "
                   "values. Variances add with the squares of the weights: Σ (1 - β)² β<sup>2k</sup> = (1 - β)/(1 + "
                   "β), which is 1/19 for β = 0.9. The window said 10, and both are right. It says how far back you "
                   "look; this says how calm you get, and the long tail helps. (Put α for 1 - β, and it is α/(2 - α), "
                   "lesson 03's dance: on that bowl the ball is a moving average of its kicks.)")


calm = Predict("The average with β = 0.9 calms independent noise as well as a plain mean of how many values?", {
    "5 values": "The newest values count most, and one could think that the rest hardly helps. But it helps a lot.",
    "10 values": "That is the effective window. But the long tail beyond it calms, too.",
    "19 values": "",
}, settled=_calm)


def show_gradients(raw: np.ndarray, averaged: np.ndarray, true: float) -> plots.Picture:
    """Gradients of single days and their average, over the first 200 steps, with the gradient of all days."""
    figure, ax = plots.picture(6.4, 3.2)
    steps = np.arange(1, 201)
    ax.plot(steps, raw[:200], "o", ms=3, color="#888888", label="one day")
    ax.plot(steps, averaged[:200], lw=2, color=BLUE, label="their average, β = 0.9")
    ax.axhline(true, color=ORANGE, ls="--", label="all days")
    wrong, still = (np.mean(np.sign(g) != np.sign(true)) for g in (raw, averaged))
    ax.set(xlabel="step", ylabel="gradient", ylim=(-3, 1.2),
           title=f"Of the wrong sign: {100 * wrong:.0f} % of the single days, {100 * still:.1f} % of the averages")
    ax.legend(frameon=False, ncols=3, loc="lower left")
    plots.describe(ax, f"Gradients of single days scatter widely, {wrong:.0%} of them on the wrong side of zero; "
                       "their average is a line that stays near the gradient of all days.")
    return figure


def show_dependent_noise() -> plots.Table:
    """How much the average calms what is left of the weather without its mean of 61 days, against independent noise."""
    theta = seattle_weather().temp_max
    noise = theta[30:-30] - np.convolve(theta, np.ones(61) / 61, "valid")
    calmer = noise.var() / averages.ewma(noise, 0.9)[100:].var()
    alike = np.corrcoef(noise[1:], noise[:-1])[0, 1]
    return plots.Table("β = 0.9: how many times smaller the variance gets",
                       ("noise", "correlation of neighbours", "times smaller"),
                       [("independent", "0", "19"),
                        ("weather, less the season (the centred mean of 61 days)", f"{alike:.2f}", f"{calmer:.1f}")])


# --- your turn ------------------------------------------------------------------------------------

def draw_with(ewma: Callable) -> Markdown | plots.Picture:
    """Seattle's first half-year, averaged by the student's function."""
    if say := to_be_written(ewma):
        return say
    weather, span = seattle_weather(), slice(0, 182)
    figure, ax = plots.picture(7.5, 3.4)
    theta = weather.temp_max[span]
    plots.averages(ax, weather.date[span], theta, {"your ewma, β = 0.9": ewma(theta, 0.9),
                                                   "your ewma, corrected": ewma(theta, 0.9, corrected=True)})
    ax.set(ylabel="daily maximum (°C)", title="Your averages meet again by the middle of February")
    return figure
