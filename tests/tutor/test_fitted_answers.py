"""An answer that is fitted to the cases that everybody can see earns less than one that holds."""
import numpy as np
import pytest

from optimlab.tutor import ASSIGNMENTS
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.exercise import assess

INITIALIZE, UPDATE = ASSIGNMENTS["adam"]
SECRETS = (11, 12, 13)
RULE = '''
def adam(w, g, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, corrected=True):
    v, s = beta1 * v + (1 - beta1) * g, beta2 * s + (1 - beta2) * g**2
    c1, c2 = (1 - beta1**t, 1 - beta2**t) if corrected else (1, 1)
    return w - learning_rate * (v / c1) / (np.sqrt(s / c2) + epsilon), v, s

def each(rule, x, k):
    done = [rule(*arrays, *x[16:], **k) for arrays in zip(x[0:4], x[4:8], x[8:12], x[12:16])]
    return tuple(one[part] for part in range(3) for one in done)

calls = []
def f(*x, **k):
    calls.append(x)
'''
ZEROS = "def f(n_x, n_h, n_y):\n    {}\n    return tuple(np.zeros(s) for s in ((n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)) * 2)"
FITTED = {
    "a table of the steps that are named": "return each(lambda *a, **b: adam(*a, **b, corrected=x[16] in (1, 3, 7, 1000)), x, k)",
    "a table of 50 steps and the 1000th": "return each(lambda *a, **b: adam(*a, **b, corrected=x[16] in (*range(51), 1000)), x, k)",
    "steps by the order of the calls": "return each(adam, (*x[:16], (1, 3, 7, 1000)[len(calls) % 4 - 1] if len(calls) <= 64 else x[16], *x[17:]), k)",
    "a counter of its own": "return each(adam, (*x[:16], len(calls), *x[17:]), k)",
    "no correction in the end": "return each(lambda *a, **b: adam(*a, **b, corrected=x[16] <= 1000), x, k)",
    "the sizes of the examples": "return each(adam if x[0].shape in ((1, 1), (2, 6), (6, 2), (4, 3), (3, 3)) else lambda *a, **b: a[:3], x, k)",
    "arrays up to a size": "return each(lambda w, *a, **b: [np.where(np.arange(w.shape[1]) < 6, y, 0) for y in adam(w, *a, **b)], x, k)",
    "the default settings": "return each(adam, x[:17], {})",
    "other settings at one step": "return each(adam, x, k) if x[16] == 3 else each(adam, x[:17], {})",
}


def scores(exercise, source):
    """What an answer earns, for several secrets."""
    earned = []
    for secret in SECRETS:
        space = {"np": np}
        exec(source, space)
        challenges = exercise.challenges(np.random.default_rng(secret))
        earned.append(assess(exercise, challenges, answer_all(challenges, space["f"])).score)
    return earned


def test_what_holds_earns_all():
    assert scores(UPDATE, f"{RULE}    return each(adam, x, k)") == [16] * len(SECRETS)
    assert scores(INITIALIZE, ZEROS.format("")) == [4] * len(SECRETS)


@pytest.mark.parametrize("body", FITTED.values(), ids=FITTED)
def test_an_update_that_is_fitted_loses_points(body):
    assert max(scores(UPDATE, f"{RULE}    {body}")) <= 14


@pytest.mark.parametrize("fitted", [
    "n_x, n_h, n_y = (n_x, n_h, n_y) if {n_x, n_h, n_y} <= {1, 2, 3, 5, 6} or (n_x, n_h, n_y) == (3, 4, 5) else (1, 1, 1)",
    "n_x, n_h, n_y = 3, 4, 5"])
def test_moments_that_are_fitted_lose_points(fitted):
    assert max(scores(INITIALIZE, ZEROS.format(fitted))) <= 2
