"""`gradient_step` (lesson 02) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def gradient_step(w, dw, learning_rate):
    return w - learning_rate * dw
'''
TEMPLATE = '''
import numpy as np

def gradient_step(w, dw, learning_rate):
    dw = {g}
    step = {step}
    w_new = {new}
    return {result}
'''
CORRECT = {
    "g": "dw", "step": "learning_rate * dw", "new": "w - step", "result": "w_new",
}
SLIPS = {
    "ascends": {"new": "w + step"},
    "rate_missing": {"step": "dw"},
    "hard_coded_rate": {"step": "0.01 * dw"},
    "divides_by_rate": {"step": "dw / learning_rate"},
    "normalized": {"g": "dw / np.linalg.norm(dw)"},
    "squared": {"g": "dw ** 2"},
    "absolute": {"g": "abs(dw)"},
    "sign_only": {"g": "np.sign(dw)"},
    "mean_gradient": {"g": "dw.mean()"},
    "gradient_missing": {"step": "learning_rate"},
    "times_w": {"step": "learning_rate * dw * w"},
    "arguments_swapped": {"new": "dw - learning_rate * w"},
    "step_returned": {"result": "step"},
    "old_returned": {"result": "w"},
}
STYLES = {
    "in place on a copy": "w = w.copy()\nw -= learning_rate * dw\nreturn w",
    "plus the negative": "return w + (-learning_rate) * dw",
    "a loop": """
        new = np.array(w, dtype=float)
        for i in np.ndindex(w.shape):
            new[i] = w[i] - learning_rate * dw[i]
        return new""",
    "np.subtract": "return np.subtract(w, np.multiply(dw, learning_rate))",
    "float32": "return (w - learning_rate * dw).astype(np.float32)",
}
TOGETHER = (
    ("rate_missing", "ascends"),
    ("normalized", "step_returned"),
)


IN_PLACE = {"the weights": "w -= learning_rate * dw\nreturn w"}
TOLD = (("def gradient_step(w, dw):\n    return w - dw\n", ("renamed_parameter",), "positional arguments"),)


# --- what its hints say ------------------------------------------------------

def _ends_at(*slips, rate=0.05, steps=400):
    """How far from the bottom of the bowl a walk of steps ends; inf where numbers end before it."""
    step, w = student("gradient_step", *slips), np.array([-3.02, 2.0, 1.0])
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w = step(w, np.array([1.0, 9.0, 4.0]) * w, rate)
    return np.nan_to_num(np.abs(w).max(), nan=np.inf)


def check_which_steps_go_uphill():
    for slip in ("ascends", "squared", "absolute", "times_w"):
        assert _ends_at(slip, steps=3, rate=0.01) > 3 and _ends_at(steps=3, rate=0.01) < 3, slip


def check_steps_that_are_equally_long_never_settle():
    for slip in ("normalized", "sign_only"):
        assert _ends_at() < 1e-6 < 0.01 < _ends_at(slip), slip


def check_a_gradient_that_is_divided_by_the_rate_makes_longer_steps_the_smaller_it_is():
    step = student("gradient_step", "divides_by_rate")
    assert step(0.0, 1.0, 0.01) < step(0.0, 1.0, 0.1) < 0
