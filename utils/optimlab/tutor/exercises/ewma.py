"""Lesson 04's exercise: `ewma`."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

MEMORY = "lesson 04, “What does the average remember?”"
WINDOW = "lesson 04, “How far back does it look?”"
CORRECTION = "lesson 04, “Why are the first days too low?”"


def _recursion(series: np.ndarray, keep: float, take: float, start: float,
               divide_by: Sequence[float] | None = None) -> np.ndarray:
    """V_1..V_n of V = keep V + take theta from `start`; what is divided is fed back."""
    averages, V = [], start
    for t, x in enumerate(series):
        V = keep * V + take * x
        V = V if divide_by is None else V / divide_by[t]
        averages.append(V)
    return np.array(averages, float)


def _window_mean(theta: np.ndarray, window: int) -> np.ndarray:
    """The plain mean of the newest `window` values, of fewer in the first days."""
    return np.array([np.mean(theta[max(0, t + 1 - window):t + 1]) for t in range(len(theta))])


RULE = Rule(
    "ewma", ("theta", "beta", "corrected"), ("V",), defaults={"corrected": False}, board=Switchboard(
        (
            Node("series", lambda theta: np.asarray(theta, float)),
            Node("t", lambda series: np.arange(1, len(series) + 1)),
            Node("b", "beta"),
            Node("keep", "b"),
            Node("take", lambda b: 1 - b),
            Node("start", lambda series: 0.0),
            Node("V", lambda series, keep, take, start: _recursion(series, keep, take, start)),
            Node("factor", lambda b, t: 1 - b**t),
            Node("V_corrected", lambda V, factor: V / factor),
            Node("wanted", "corrected"),
            Node("chosen", lambda wanted, V, V_corrected: V_corrected if wanted else V),
            Node("placed", "chosen"),
            Node("returned", "placed"),
        ),
        (
            deviation("ewma.weights_swapped", "The two weights stand in each other's place.",
                      "The larger beta, the shorter the memory: the curve follows every jump.", MEMORY,
                      {"keep": lambda b: 1 - b, "take": "b"}),
            deviation("ewma.sum_not_average", "The whole value is added to the faded past: a sum, not an average.",
                      "The curve leaves the temperatures far below itself.", MEMORY,
                      {"take": lambda b: 1.0}),
            deviation("ewma.never_fades", "The past is kept whole: the old average is not scaled down.",
                      "The curve climbs with every day and never comes down again while days are warm.", MEMORY,
                      {"keep": lambda b: 1.0}),
            deviation("ewma.forgets_history", "The past is dropped: only the newest value is in the average.",
                      "The curve is as jagged as the data, only lower.", MEMORY,
                      {"keep": lambda b: 0.0}),
            deviation("ewma.minus", "The newest value is taken off, not added.",
                      "Warm days pull the curve down.", MEMORY,
                      {"take": lambda b: b - 1}),
            deviation("ewma.starts_at_first", "The average starts at the first value, not at zero.",
                      "The first day weighs more than any other for a while, and a correction makes it too high.",
                      CORRECTION,
                      {"start": lambda series: series[0]}),
            deviation("ewma.hard_coded_beta", "A number stands where the argument beta belongs.",
                      "With a longer memory, the curve is the same as before.", WINDOW,
                      *({"b": lambda t, c=c: c} for c in (0.9, 0.98, 0.6, 0.5))),
            deviation("ewma.window_mean", "A plain mean stands where the fading average belongs.",
                      "Every day in it counts alike, yesterday no more than long ago.", WINDOW,
                      {"V": lambda series, t: np.cumsum(series) / t},
                      {"V": lambda series, beta: _window_mean(series, max(1, round(1 / (1 - beta))))},
                      {"V": lambda series, beta: _window_mean(series, max(1, int(1 / (1 - beta))))}),
            deviation("ewma.one_day_late", "Each day gets the average of the day before.",
                      "The curve lags one day more than it must.", MEMORY,
                      {"placed": lambda chosen: np.append(0.0, chosen[:-1])},
                      {"V": lambda series, keep, take, start: np.append(
                          start, _recursion(series, keep, take, start)[:-1])},
                      {"series": lambda theta: np.roll(np.asarray(theta, float), 1)}),
            deviation("ewma.start_included", "What stood before the first day comes back, too.",
                      "The curve has one value more than there are days, and each stands a day too late.", MEMORY,
                      {"placed": lambda chosen: np.append(0.0, chosen)},
                      {"placed": lambda chosen, start: np.append(start, chosen)}),
            deviation("ewma.last_only", "Only the last average comes back.",
                      "There is no curve to draw: the days before are lost.", MEMORY,
                      {"returned": lambda placed: placed[-1]}),
            deviation("ewma.list_returned", "The averages come back as a list of numbers, not as an array.",
                      "Whoever divides it or subtracts it from the data gets an error.", MEMORY,
                      {"returned": lambda placed: tuple(placed)}),
            deviation("ewma.never_corrected", "The argument corrected changes nothing: there is no correction.",
                      "The first days stay too low.", CORRECTION,
                      {"chosen": "V"}),
            deviation("ewma.always_corrected", "The correction is made even where it is not asked for.",
                      "The low first days, which the lesson wants to show, cannot be seen.", CORRECTION,
                      {"chosen": "V_corrected"}),
            deviation("ewma.corrected_reversed",
                      "The correction is made where it is not asked for, and not where it is.",
                      "The first days are too low where they should be right.", CORRECTION,
                      {"wanted": lambda corrected: not corrected}),
            deviation("ewma.multiplied", "The average is multiplied by the correction's factor.",
                      "The first days, too low already, become lower.", CORRECTION,
                      {"V_corrected": lambda V, factor: V * factor}),
            deviation("ewma.power_one_too_many", "The correction counts one day too many.",
                      "The first days stay too low.", CORRECTION,
                      {"factor": lambda b, t: 1 - b**(t + 1)}),
            deviation("ewma.power_one_too_few", "The correction counts one day too few.",
                      "The first day is divided by zero.", CORRECTION,
                      {"factor": lambda b, t: 1 - b**(t - 1)}),
            deviation("ewma.last_power", "Every day is corrected as the last one is.",
                      "After many days that correction is none, so the first days stay too low.", CORRECTION,
                      {"factor": lambda b, t: np.full(len(t), 1 - b**t[-1])}),
            deviation("ewma.no_power", "The correction does not depend on the day: the power is missing.",
                      "The first day is right, all later ones are far too high.", CORRECTION,
                      {"factor": lambda b, t: np.full(len(t), 1 - b)}),
            deviation("ewma.beta_times_t", "The correction has beta times t where a power belongs.",
                      "After a few days the factor is negative: the curve falls below zero.", CORRECTION,
                      {"factor": lambda b, t: 1 - b * t}),
            deviation("ewma.power_of_one_minus_beta", "The correction takes the power of the newest value's weight.",
                      "The first day is right, and every later one is higher beyond all bounds.", CORRECTION,
                      {"factor": lambda b, t: (1 - b)**t}),
            deviation("ewma.divides_by_power", "The average is divided by the power of beta itself.",
                      "The first days stay wrong, and late ones grow without end.", CORRECTION,
                      {"factor": lambda b, t: b**t}),
            deviation("ewma.correction_fed_back", "The corrected average is what the next day starts from.",
                      "The past is scaled up again and again: the curve is too high.", CORRECTION,
                      {"V_corrected": lambda series, keep, take, start, factor: _recursion(
                          series, keep, take, start, factor)}),
        ), ("returned",)),
    whole_numbers=deviation(
        "ewma.whole_numbers", "With whole numbers in theta, the averages are cut to whole numbers.",
        "Temperatures in whole degrees give a curve of stairs that is too low.", MEMORY))


def _challenges(rng: Generator) -> list[Challenge]:
    def temperatures(days: int) -> Any:
        return rng.uniform(1, 4, days) * rng.choice([-1.0, 1.0, 1.0], days)

    cases = [RULE.call(f"plain/beta = {beta:.3g}", temperatures(days), beta)
             for days, beta in ((7, float(rng.uniform(0.82, 0.88))), (5, float(rng.uniform(0.65, 0.75))))]
    cases += [RULE.call(f"corrected/beta = {beta:.3g}", temperatures(days), beta, corrected=True)
              for days, beta in ((8, float(rng.uniform(0.82, 0.88))), (4, float(rng.uniform(0.35, 0.45))))]
    return [
        *cases,
        RULE.call("corrected/by position", temperatures(6), float(rng.uniform(0.91, 0.95)), True),
        RULE.call("plain/one day", temperatures(1), 0.75),
        RULE.call("whole/whole numbers", rng.integers(3, 30, 6), 0.75),
    ]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("average", "the fading average of every day", "plain"),
    RULE.criterion("correction", "the first days, corrected where that is asked for", "corrected"),
    RULE.criterion("integers", "whole numbers in theta", "whole"),
), lesson="04")
