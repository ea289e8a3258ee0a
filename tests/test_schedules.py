"""Each schedule equals its formula at chosen steps, and takes one step or an array of them."""

import math

import numpy as np
import pytest

from optimlab.schedules import Constant, Cosine, Exponential, InverseTime, StepDecay, Warmup

CASES = [
    (Constant(0.3), {0: 0.3, 1000: 0.3}),
    (StepDecay(0.8, factor=0.5, every=10), {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 35: 0.1}),
    (InverseTime(0.5, decay=0.1), {0: 0.5, 10: 0.25, 90: 0.05}),
    (Exponential(0.2, factor=0.9), {0: 0.2, 1: 0.18, 7: 0.2 * 0.9**7}),
    (Cosine(1.0, steps=100, final=0.2),
     {0: 1.0, 25: 0.6 + 0.4 * math.sqrt(0.5), 50: 0.6, 100: 0.2, 500: 0.2}),
    (Warmup(10, then=Constant(0.3)), {0: 0.03, 4: 0.15, 9: 0.3, 10: 0.3, 99: 0.3}),
    (Warmup(4, then=Exponential(0.2, factor=0.5)), {0: 0.05, 3: 0.2, 4: 0.2, 5: 0.1, 6: 0.05}),
    (Warmup(5, then=Cosine(1.0, steps=10)), {4: 1.0, 5: 1.0, 10: 0.5, 15: 0.0}),
]


@pytest.mark.parametrize("schedule, rates", CASES, ids=str)
def test_equals_its_formula_step_by_step_and_all_at_once(schedule, rates):
    for step, rate in rates.items():
        assert np.ndim(schedule(step)) == 0
        assert schedule(step) == pytest.approx(rate, abs=1e-15)
    np.testing.assert_allclose(schedule(np.array([list(rates)])), [list(rates.values())],
                               atol=1e-15)


def test_only_inverse_time_meets_robbins_and_monros_conditions():
    """Rates that sum to infinity, squares that don't: sums over ever longer trainings show it."""
    steps = np.arange(1_000_000)

    def grows(rates):
        return rates.sum() / rates[:10_000].sum() > 1.5

    for schedule, sum_grows, squares_grow in [
            (Constant(0.1), True, True), (InverseTime(0.1, decay=0.01), True, False),
            (Exponential(0.1, factor=0.99), False, False)]:
        assert grows(schedule(steps)) == sum_grows
        assert grows(schedule(steps)**2) == squares_grow


@pytest.mark.parametrize("make, says", [
    (lambda: Constant(-1), "learning_rate"),
    (lambda: StepDecay(0.1, factor=0), "factor"),
    (lambda: StepDecay(0.1, every=0), "every"),
    (lambda: InverseTime(0.1, decay=-1), "decay"),
    (lambda: Exponential(0.1, factor=1.1), "factor"),
    (lambda: Cosine(0.1, steps=0), "steps"),
    (lambda: Cosine(0.1, steps=5, final=-0.1), "final"),
    (lambda: Warmup(0, then=Constant(0.1)), "steps"),
])
def test_what_has_no_meaning_is_refused(make, says):
    with pytest.raises(ValueError, match=says):
        make()
