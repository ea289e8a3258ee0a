"""Lesson 04: a moving average that forgets, over Seattle's spring, and the weights that make it."""

import numpy as np
from ipywidgets import SelectionSlider, ToggleButtons
from matplotlib.axes import Axes

from optimlab.averages import effective_window, ewma, half_life, unrolled_weights
from optimlab.datasets import seattle_weather
from optimlab.explorables.marks import Bars, Handle, Labels, Path, Points
from optimlab.explorables.stage import Explorable, Panel

__all__ = ["moving_average"]

BETAS = (0.0, 0.5, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99)
FROM_ZERO, CORRECTED, FROM_FIRST = "V₀ = 0", "V₀ = 0, corrected", "V₀ = θ₁"
DAYS = 182           # from 1 January to 30 June 2012
AVERAGE, FIRST, WINDOW, HALF = "#0072B2", "#D55E00", "#009E73", "#CC79A7"


def moving_average() -> Explorable:
    """The average of Seattle's daily maximum temperature, and how much each day counts in it.

    Choose β and what the average starts from, and drag the handle along the days. At the right are
    the weights of the days before it, with the effective window 1/(1-β) and the half-life marked.

    >>> spring = moving_average()
    >>> spring.controls["beta"].value = 0.98
    >>> spring.stage.caption.split(":")[0]
    '9 January, day 9'
    """
    weather = seattle_weather()
    theta, dates = weather.temp_max[:DAYS], weather.date[:DAYS]
    days = np.arange(1, DAYS + 1)

    def state(beta, start, day):
        t = int(np.clip(round(float(day[0])), 1, DAYS))
        V = ewma(theta, beta, corrected=start == CORRECTED, initial=theta[0] if start == FROM_FIRST else 0.0)
        weights = unrolled_weights(beta, t, corrected=start == CORRECTED)
        if start == FROM_FIRST:
            weights[0] += beta**t
        age = np.arange(t - 1, -1, -1)
        window, half = float(effective_window(beta)), float(half_life(beta))
        within = age < window - 1e-9
        ticks, top, oldest = _ticks(weights.max()), weights.max(), _oldest(beta)
        first = [(age[0], weights[0] / top)] if start == FROM_FIRST else []
        words = [f"window 1/(1−β): {window:.0f} {_days(window)}", f"half-life: {half:.1f} days"]
        return _caption(beta, start, t, _calendar(dates[t - 1]), V[t - 1], weights, within), {
            "average": np.column_stack([days, V]),
            "counted": np.column_stack([days[:t][within], theta[:t][within]]),
            "day": (t, V[t - 1]),
            "weights": np.column_stack([age, weights / top]),
            "first": np.array(first).reshape(-1, 2),
            "window": [(window - 0.5, 0), (window - 0.5, 1)],
            "half-life": [(half - 0.5, 0), (half - 0.5, 1)],
            "window's name": ([(0.98 * oldest, 1.22)], words[:1]),
            "half-life's name": ([(0.98 * oldest, 1.1)], words[1:]),
            "scale": ([(1.02 * oldest, tick / top) for tick in ticks], [f"{100 * tick:g} %" for tick in ticks]),
        }

    kinds = {
        "average": Path(color=AVERAGE, width=2.5), "counted": Points(color=WINDOW, size=4.0),
        "day": Handle(label="the day", at=(9.0, 5.7), moves="x"),
        "weights": Bars(1, color=AVERAGE, width=1.0, opacity=0.9),
        "first": Bars(1, color=FIRST, width=1.6, opacity=1.0),
        "window": Path(1, color=WINDOW, dashed=True), "half-life": Path(1, color=HALF, dashed=True),
        "window's name": Labels(1, color=WINDOW, align="left"),
        "half-life's name": Labels(1, color=HALF, align="left"),
        "scale": Labels(1, size=12, align="right"),
    }
    controls = {
        "beta": SelectionSlider(options=[(f"{beta:g}", beta) for beta in BETAS], value=0.9, description="β",
                                style={"description_width": "initial"}),
        "start": ToggleButtons(options=[FROM_ZERO, CORRECTED, FROM_FIRST], description="start",
                               style={"description_width": "initial", "button_width": "auto"}),
    }
    panels = [Panel(lambda ax: _draw_days(ax, theta, dates)), Panel(_draw_weights, depends=("beta",))]
    return Explorable(panels, kinds, controls, state)


def _draw_days(ax: Axes, theta: np.ndarray, dates: np.ndarray) -> None:
    ax.plot(np.arange(1, len(theta) + 1), theta, "o", ms=2.5, color="#888888")
    firsts = [i for i, date in enumerate(dates) if str(date).endswith("-01")]
    ax.set_xticks([i + 1 for i in firsts], [dates[i].astype(object).strftime("%b") for i in firsts])
    ax.set(xlim=(-2, len(theta) + 2), ylim=(-3, 29), xlabel="day of 2012", ylabel="daily maximum, °C",
           title="Seattle's days, and their average")
    ax.grid(alpha=0.2)


def _draw_weights(ax: Axes, beta: float) -> None:
    """The scale's numbers are a mark, for they follow the day; unseen ones keep the room for them."""
    ax.set_yticks([0, 0.5, 1], ["100 %"] * 3, color="none")
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(_oldest(beta), -0.02 * _oldest(beta) - 0.5), ylim=(0, 1.3), title="How much each of those days counts",
           xlabel="days before the handle's day", ylabel="weight in the average")


def _oldest(beta: float) -> float:
    """How many days back the panel of weights shows: beyond lies 2 % of the weight, or no room."""
    return float(np.clip(4 * effective_window(beta), 12, 104))


def _ticks(largest: float) -> np.ndarray:
    """Round numbers for the scale of the weights."""
    step = next(s for s in (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5) if 4 * s >= largest)
    return np.arange(0, largest + 0.3 * step, step)


def _calendar(date: np.datetime64) -> str:
    return f"{date.astype(object).day} {date.astype(object):%B}"


def _days(number: float) -> str:
    return "day" if round(number) == 1 else "days"


def _caption(beta, start, t, date, V, weights, within) -> str:
    newest, inside = 100 * weights[-1], 100 * weights[within].sum()
    many = int(within.sum())
    says = f"{date}, day {t}: the average says {V:.1f} °C. The newest day counts for {newest:.1f} %"
    if many > 1:
        says += f", the newest {many} days (green) together {inside:.0f} %"
    if start == CORRECTED:
        return f"{says}. The weights were divided by their sum, {1 - beta**t:.2f}, so that they add up to 100 %."
    if start == FROM_FIRST:
        return f"{says}. The first day (orange) counts for {100 * weights[0]:.1f} %."
    return f"{says}. The zero before the first day counts for {100 * beta**t:.0f} %."
