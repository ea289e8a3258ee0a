"""`corrected_rmsprop_step` (lesson 07) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def corrected_rmsprop_step(w, dw, s, t, learning_rate, beta, epsilon):
    s = beta * s + (1 - beta) * dw**2
    w = w - learning_rate * dw / (np.sqrt(s / (1 - beta**t)) + epsilon)
    return w, s
'''
TEMPLATE = '''
import numpy as np

def corrected_rmsprop_step(w, dw, s, t, learning_rate, beta, epsilon):
    s_new = {kept}
    weight = {weight}
    s_hat = {hat}
    root = {root}
    step = learning_rate * {above} / {below}
    return w {sign} step, {handed_on}
'''
CORRECT = {"kept": "beta * s + (1 - beta) * dw ** 2", "weight": "1 - beta ** t", "hat": "s_new / weight",
           "root": "np.sqrt(s_hat)", "above": "dw", "below": "(root + epsilon)", "sign": "-", "handed_on": "s_new"}
SLIPS = {
    "uncorrected": {"hat": "s_new"},
    "corrected_kept": {"handed_on": "s_hat"},
    "multiplied": {"hat": "s_new * weight"},
    "first_step_only": {"weight": "1 - beta"},
    "one_step_behind": {"weight": "1 - beta ** (t - 1)"},
    "power_outside": {"weight": "(1 - beta) ** t"},
    "root_corrected": {"hat": "s_new", "root": "np.sqrt(s_hat) / weight"},
    "gradient_corrected": {"above": "(dw / weight)"},
    "weights_swapped": {"kept": "(1 - beta) * s + beta * dw ** 2"},
    "root_missing": {"root": "s_hat"},
    "epsilon_inside_root": {"root": "np.sqrt(s_hat + epsilon)", "below": "root"},
    "epsilon_missing": {"below": "root"},
    "ascends": {"sign": "+"},
}
STYLES = {
    "two roots": """
        s = beta * s + (1 - beta) * np.square(dw)
        return w - learning_rate * dw / (np.sqrt(s) / np.sqrt(1 - beta ** t) + epsilon), s""",
    "lerp form": """
        s = s + (1 - beta) * (dw * dw - s)
        return w - learning_rate * dw * ((s / (1 - pow(beta, t))) ** 0.5 + epsilon) ** -1, s""",
    "in place on copies": """
        w, s = w.copy(), s.copy()
        s *= beta
        s += (1 - beta) * dw ** 2
        w -= learning_rate * dw / (np.sqrt(s / (1 - beta ** t)) + epsilon)
        return w, s""",
}
TOGETHER = (
    ("uncorrected", "ascends"),
    ("corrected_kept", "epsilon_missing"),
)


# --- what its hints say ------------------------------------------------------

def _lengths(*slips, steps=40, beta=0.9):
    """The lengths of the steps, in units of the rate, under gradients of 1."""
    step, w, s, lengths = student("corrected_rmsprop_step", *slips), np.zeros(1), np.zeros(1), []
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            moved, s = step(w, np.ones(1), s, t, 1.0, beta, 1e-8)
            lengths.append(abs(moved - w)[0])
            w = moved
    return np.array(lengths)


def check_the_right_one_takes_steps_of_one_length():
    np.testing.assert_allclose(_lengths(), 1, rtol=1e-6)


def check_which_first_steps_are_too_long_or_too_short():
    for slip, longer in (("uncorrected", True), ("multiplied", True), ("gradient_corrected", True), ("root_corrected", False)):
        first = _lengths(slip)[0]
        assert first > 2 if longer else first < 0.5, slip
    assert _lengths("multiplied")[0] > 2 * _lengths("uncorrected")[0]


def check_which_later_steps_are_too_short():
    for slip in ("corrected_kept", "first_step_only", "power_outside"):
        assert _lengths(slip)[0] > 0.99 and _lengths(slip)[9] < 0.6, slip
