"""`ewma` (lesson 04) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def ewma(theta, beta, corrected=False):
    averages = np.zeros(len(theta))
    V = 0.0
    for t in range(1, len(theta) + 1):
        V = beta * V + (1 - beta) * theta[t - 1]
        averages[t - 1] = V / (1 - beta**t) if corrected else V
    return averages
'''
TEMPLATE = '''
import numpy as np

def ewma(theta, beta, corrected=False):
    {start}
    v = {v0}
    out = {out}
    for t in range(len(theta)):
        v = {keep} * v + {take} * theta[t]
        {store}
    if {wanted}:
        for t in range(len(theta)):
            out[t] = {fix}
    return {result}
'''
CORRECT = {
    "start": "pass", "v0": "0", "out": "np.zeros(len(theta))", "keep": "beta", "take": "(1 - beta)",
    "store": "out[t] = v", "wanted": "corrected", "fix": "out[t] / {factor}",
    "factor": "(1 - beta ** (t + 1))", "result": "out",
}
SLIPS = {
    "weights_swapped": {"keep": "(1 - beta)", "take": "beta"},
    "sum_not_average": {"take": "1"},
    "never_fades": {"keep": "1"},
    "forgets_history": {"keep": "0"},
    "minus": {"take": "-(1 - beta)"},
    "starts_at_first": {"v0": "theta[0]"},
    "hard_coded_beta": {"start": "beta = 0.9"},
    "one_day_late": {"result": "np.array([0.0] + list(out[:-1]))"},
    "start_included": {"result": "np.array([0.0] + list(out))"},
    "last_only": {"result": "out[-1]"},
    "list_returned": {"result": "list(out)"},
    "never_corrected": {"wanted": "False"},
    "always_corrected": {"wanted": "True"},
    "corrected_reversed": {"wanted": "not corrected"},
    "multiplied": {"fix": "out[t] * {factor}"},
    "power_one_too_many": {"factor": "(1 - beta ** (t + 2))"},
    "power_one_too_few": {"factor": "(1 - beta ** t)"},
    "last_power": {"factor": "(1 - beta ** len(theta))"},
    "no_power": {"factor": "(1 - beta)"},
    "beta_times_t": {"factor": "(1 - beta * (t + 1))"},
    "power_of_one_minus_beta": {"factor": "(1 - beta) ** (t + 1)"},
    "divides_by_power": {"factor": "beta ** (t + 1)"},
    "whole_numbers": {"out": "np.zeros_like(theta)"},
}
WAYS = (
    ("correction_fed_back", """
        v, out = 0.0, []
        for t, x in enumerate(theta, start=1):
            v = beta * v + (1 - beta) * x
            if corrected:
                v = v / (1 - beta ** t)
            out.append(v)
        return np.array(out)"""),
    ("window_mean", """
        n = int(round(1 / (1 - beta)))
        out = np.array([np.mean(theta[max(0, t - n + 1):t + 1]) for t in range(len(theta))])
        return out / (1 - beta ** np.arange(1, len(theta) + 1)) if corrected else out"""),
    ("starts_at_first", """
        V = np.zeros(len(theta))
        V[0] = theta[0]
        for t in range(1, len(theta)):
            V[t] = beta * V[t - 1] + (1 - beta) * theta[t]
        if corrected:
            V = V / (1 - beta ** np.arange(1, len(theta) + 1))
        return V"""),
    ("one_day_late", """
        V = np.zeros(len(theta))
        for t in range(1, len(theta)):
            V[t] = beta * V[t - 1] + (1 - beta) * theta[t - 1]
        if corrected:
            V = V / (1 - beta ** np.arange(1, len(theta) + 1))
        return V"""),
)
STYLES = {
    "lerp form": """
        V, out = 0.0, []
        for x in theta:
            V += (1 - beta) * (x - V)
            out.append(V)
        out = np.array(out)
        return out / (1 - beta ** np.arange(1, len(out) + 1)) if corrected else out""",
    "unrolled": """
        n = len(theta)
        t = np.arange(n)
        lag = t[:, None] - t
        weights = np.where(lag >= 0, (1 - beta) * beta ** np.maximum(lag, 0), 0.0)
        V = weights @ theta
        return V / weights.sum(axis=1) if corrected else V""",
    "the first by hand": """
        V = np.zeros(len(theta))
        V[0] = (1 - beta) * theta[0]
        for t in range(1, len(theta)):
            V[t] = beta * V[t - 1] + (1 - beta) * theta[t]
        if corrected:
            for t in range(len(theta)):
                V[t] /= 1 - np.power(beta, t + 1)
        return V""",
    "a zero before, cut off": """
        V = [0.0]
        for t in range(1, len(theta) + 1):
            V.append(beta * V[-1] + (1 - beta) * theta[t - 1])
        V = np.array(V)[1:]
        return V / -np.expm1(np.log(beta) * np.arange(1, len(V) + 1)) if corrected else V""",
    "corrected without the mistake of feeding it back": """
        V, out = 0, np.zeros(theta.shape)
        for t, x in enumerate(theta, 1):
            V = beta * V + (1 - beta) * x
            hat = V / (1 - beta ** t)
            out[t - 1] = hat if corrected else V
        return out""",
    "float32": """
        V, out = 0.0, np.zeros(len(theta), np.float32)
        for t, x in enumerate(theta, 1):
            V = beta * V + (1 - beta) * x
            out[t - 1] = V / (1 - beta ** t) if corrected else V
        return out""",
}
TOGETHER = (
    ("weights_swapped", "no_power"),
    ("starts_at_first", "list_returned"),
    ("whole_numbers", "never_corrected"),
    ("sum_not_average", "last_power", "one_day_late"),
)
UNNAMED = frozenset({("one_day_late", "power_one_too_many")})


def check_the_key_is_the_courses_own_average():
    from optimlab.averages import ewma
    theta = np.random.default_rng(0).normal(15, 5, 40)
    for corrected in (False, True):
        np.testing.assert_allclose(student("ewma")(theta, 0.9, corrected), ewma(theta, 0.9, corrected), rtol=1e-12)


# --- what its hints say ------------------------------------------------------

_WARM = 20 + np.sin(np.arange(60.0))


def _right(is_corrected=False):
    return student("ewma")(_WARM, 0.9, is_corrected)


def _wrong(slip, is_corrected=False):
    with np.errstate(all="ignore"):
        return student("ewma", slip)(_WARM, 0.9, is_corrected)


def check_what_a_wrong_average_does_to_the_curve():
    def jagged(curve):
        return np.abs(np.diff(curve[30:])).mean()
    assert _wrong("sum_not_average")[-1] > 5 * _WARM.max()
    assert np.all(np.diff(_wrong("never_fades")) > 0)
    assert jagged(_wrong("weights_swapped")) > 2 * jagged(_right())
    assert _wrong("forgets_history") == pytest.approx(0.1 * _WARM)
    assert _wrong("minus")[0] < 0
    assert _wrong("one_day_late")[1:] == pytest.approx(_right()[:-1])
    assert len(_wrong("start_included")) == len(_WARM) + 1


def check_what_a_wrong_correction_does_to_the_first_days():
    right = _right(True)
    for slip in ("never_corrected", "last_power", "power_one_too_many", "multiplied"):
        assert np.all(_wrong(slip, True)[:3] < 0.99 * right[:3]), slip
    assert np.all(_wrong("multiplied", True)[:3] < _right()[:3])
    assert _wrong("starts_at_first", True)[0] > right[0]
    assert np.isinf(_wrong("power_one_too_few", True)[0])
    for slip in ("no_power", "power_of_one_minus_beta"):
        assert _wrong(slip, True)[0] == pytest.approx(right[0]) and np.all(_wrong(slip, True)[1:] > right[1:])
    assert np.all(_wrong("beta_times_t", True)[3:] < 0)
    assert np.all(_wrong("correction_fed_back", True)[1:] > right[1:])
    late = _wrong("divides_by_power", True)[30:]
    assert np.all(np.diff(late) > 0) and late[-1] > 100 * _WARM.max()


def check_whole_degrees_give_a_curve_that_is_too_low():
    stairs = student("ewma", "whole_numbers")(_WARM.round().astype(int), 0.9)
    assert stairs.dtype.kind == "i" and np.all(stairs <= student("ewma")(_WARM.round(), 0.9))
