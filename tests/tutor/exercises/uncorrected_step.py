"""`uncorrected_step` (lesson 08) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def uncorrected_step(t, beta1, beta2):
    return (1 - beta1**t) / np.sqrt(1 - beta2**t)
'''
TEMPLATE = '''
import numpy as np

def uncorrected_step(t, beta1, beta2):
    {before}
    v = {v}
    s = {s}
    return {result}
'''
CORRECT = {
    "before": "pass", "v": "1 - beta1**t", "s": "1 - beta2**t", "result": "v / np.sqrt(s)",
}
SLIPS = {
    "root_missing": {"result": "v / s"},
    "betas_swapped": {"v": "1 - beta2**t", "s": "1 - beta1**t"},
    "one_beta": {"s": "1 - beta1**t"},
    "upside_down": {"result": "np.sqrt(s) / v"},
    "no_power": {"before": "t = 1"},
    "counts_from_zero": {"before": "t = t - 1"},
    "one_too_many": {"before": "t = t + 1"},
    "what_is_missing": {"v": "beta1**t"},
    "multiplied": {"result": "v * np.sqrt(s)"},
    "hard_coded": {"s": "1 - 0.999**t"},
}
WAYS = (
    ("one_beta", "return (1 - beta2**t) / np.sqrt(1 - beta2**t)"),
    ("no_power", "return (1 - beta1) / np.sqrt(1 - beta2)"),
    ("what_is_missing", "return (1 - beta1**t) / np.sqrt(beta2**t)"),
)
STYLES = {
    "a power of a half": "return (1 - beta1**t) / (1 - beta2**t)**0.5",
    "a float": "return float((1 - beta1**t) / np.sqrt(1 - beta2**t))",
    "both memories in a loop": """
        v = s = 0.0
        for step in range(t):
            v = beta1 * v + (1 - beta1)
            s = beta2 * s + (1 - beta2)
        return v / np.sqrt(s)
        """,
    "sums of the weights": """
        v = sum((1 - beta1) * beta1**k for k in range(t))
        s = sum((1 - beta2) * beta2**k for k in range(t))
        return v / np.sqrt(s)
        """,
}
TOGETHER = (
    ("root_missing", "one_too_many"),
    ("upside_down", "no_power"),
)
# Without a root Python itself divides 0 by 0, and stops: that is what is told.
UNNAMED = frozenset({("root_missing", "counts_from_zero")})


# --- what its hints say ------------------------------------------------------

def _lengths(*slips):
    function = student("uncorrected_step", *slips)
    with np.errstate(all="ignore"):
        return np.array([function(t, 0.9, 0.999) for t in range(1, 101)])


def check_what_the_first_step_comes_out_as():
    right = _lengths()
    assert _lengths("root_missing")[0] > 10 * right[0] and _lengths("betas_swapped")[0] < right[0] / 10
    assert right[0] > 3 and _lengths("one_beta")[0] < 1
    np.testing.assert_allclose(_lengths("no_power"), right[0])
    assert np.isnan(_lengths("counts_from_zero")[0])


def check_what_is_too_short_and_what_is_another_step_s():
    assert np.all(_lengths("multiplied") < _lengths())
    np.testing.assert_allclose(_lengths("one_too_many")[:-1], _lengths()[1:])
    np.testing.assert_allclose(_lengths("upside_down") * _lengths(), 1)


def check_other_memories_are_not_seen_where_a_number_stands_for_one():
    function = student("uncorrected_step", "hard_coded")
    assert function(5, 0.9, 0.99) == function(5, 0.9, 0.5)
