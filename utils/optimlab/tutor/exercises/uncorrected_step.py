"""Lesson 08's exercise: `uncorrected_step`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

CORRECTION = "lesson 08, “Why are the first steps corrected?”"
RULE_OF_ADAM = "lesson 08, “What does Adam remember?”"

RULE = Rule(
    "uncorrected_step", ("t", "beta1", "beta2"), ("the length",), defaults={}, board=Switchboard(
        (
            Node("power", "t"),
            Node("first_beta", "beta1"),
            Node("second_beta", "beta2"),
            Node("first", lambda power, first_beta: 1 - first_beta**power),
            Node("second", lambda power, second_beta: 1 - second_beta**power),
            Node("root", lambda second: np.sqrt(second)),
            Node("length", lambda first, root: first / root),
            Node("returned", "length"),
        ),
        (
            deviation("uncorrected_step.root_missing", "The second memory stands below without its root.",
                      "The first step comes out far too long: a gradient is divided by its own square.", RULE_OF_ADAM,
                      {"root": "second"}),
            deviation("uncorrected_step.betas_swapped", "The two memories stand in each other's place.",
                      "The first step comes out far too short, where it should be too long.", RULE_OF_ADAM,
                      {"first_beta": "beta2", "second_beta": "beta1"}),
            deviation("uncorrected_step.one_beta", "Both memories forget at the same pace.",
                      "Two memories that fill alike: then the long first steps are not seen.", RULE_OF_ADAM,
                      {"first_beta": "beta2"}, {"second_beta": "beta1"}),
            deviation("uncorrected_step.upside_down", "The fraction stands upside down.",
                      "That is by how much the correction shortens the step, not how long the step is.", CORRECTION,
                      {"length": lambda first, root: root / first}),
            deviation("uncorrected_step.no_power", "The number of the step is not there: the power is missing.",
                      "Every step comes out as long as the first.", CORRECTION,
                      {"power": lambda t: 1}),
            deviation("uncorrected_step.counts_from_zero", "The steps are counted from zero.",
                      "At the first step nothing is divided by nothing.", CORRECTION,
                      {"power": lambda t: t - 1}),
            deviation("uncorrected_step.one_too_many", "The step after the one asked for is taken.",
                      "The memories look fuller than they are.", CORRECTION,
                      {"power": lambda t: t + 1}),
            deviation("uncorrected_step.what_is_missing", "What the memory still lacks is taken for what it holds.",
                      "The longer the walk, the emptier both memories seem.", CORRECTION,
                      {"first": lambda power, first_beta: first_beta**power},
                      {"second": lambda power, second_beta: second_beta**power}),
            deviation("uncorrected_step.multiplied", "The two are multiplied, not divided.",
                      "Every step comes out too short.", RULE_OF_ADAM,
                      {"length": lambda first, root: first * root}),
            deviation("uncorrected_step.hard_coded", "A number stands where an argument belongs.",
                      "With other memories the answer stays as it was.", CORRECTION,
                      {"first_beta": lambda t: 0.9}, {"second_beta": lambda t: 0.999}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    def memories() -> tuple[float, float]:
        return float(rng.uniform(0.55, 0.85)), float(rng.uniform(0.92, 0.98))

    cases = [RULE.call(f"case/step {t}", t, *memories()) for t in (2, 5, int(rng.integers(9, 20)))]
    return [*cases, RULE.call("case/the first step", 1, *memories()),
            RULE.call("case/the usual memories", 12, 0.9, 0.999),
            RULE.call("case/a short second memory", 3, float(rng.uniform(0.9, 0.95)), float(rng.uniform(0.3, 0.5)))]


EXERCISE = RULE.exercise(
    _challenges, (RULE.criterion("length", "how long the step is, in α", "case"),), lesson="08")
