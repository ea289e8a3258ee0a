"""`adagrad_step` (lesson 06) as students write it."""
import numpy as np
import pytest
from student_code import _adaptive, function, whole
from student_code._adaptive import (  # noqa: F401  the checks are this exercise's, too
    check_steps_of_one_length_never_settle,
    check_what_a_wrong_root_or_square_does,
    check_what_epsilon_in_another_place_does,
    late_steps,
)
from student_code._with_memory import (  # noqa: F401
    check_what_does_not_heed_the_rate,
    check_what_goes_uphill,
    check_what_is_handed_on,
    follows,
    steps,
)

KEY = '''
def adagrad_step(w, dw, s, learning_rate, epsilon=1e-8):
    s = s + dw**2
    w = w - learning_rate * dw / (np.sqrt(s) + epsilon)
    return w, s
'''
TEMPLATE = _adaptive.TEMPLATE.replace("NAME", "adagrad_step").replace("ARGUMENTS", "")
CORRECT = {**_adaptive.CORRECT, "kept": "s[i] + square"}
SLIPS = {
    **_adaptive.SLIPS,
    "forgets_history": {"kept": "square"},
    "decays": {"kept": "0.9 * s[i] + 0.1 * square"},
    "minus": {"kept": "s[i] - square"},
    "sum_squared": {"kept": "(s[i] + into[i]) ** 2"},
    "other_default": {"default": "1e-6"},
}
WAYS = (
    ("one_for_all", """
        s = s + np.sum(dw ** 2)
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("one_for_all", """
        s = s + dw ** 2
        return w - learning_rate * dw / (np.sqrt(np.sum(s)) + epsilon), s"""),
    ("decays", """
        s = 0.9 * s + dw ** 2
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("epsilon_after_division", """
        s = s + dw ** 2
        return w - (learning_rate * dw / np.sqrt(s) + epsilon), s"""),
    ("epsilon_after_division", """
        s = s + dw ** 2
        return w - learning_rate * dw / np.sqrt(s) + epsilon, s"""),
    ("epsilon_twice", """
        s = s + dw ** 2
        return w - learning_rate * dw / (np.sqrt(s + epsilon) + epsilon), s"""),
    ("epsilon_remembered", """
        s = s + dw ** 2 + epsilon
        return w - learning_rate * dw / np.sqrt(s), s"""),
    ("old_memory_used", """
        w = w - learning_rate * dw / (np.sqrt(s) + epsilon)
        return w, s + dw ** 2"""),
    ("root_kept", """
        r = np.sqrt(s + dw ** 2)
        return w - learning_rate * dw / (r + epsilon), r"""),
    ("rate_twice", """
        s = s + dw ** 2
        return w - learning_rate ** 2 * dw / (np.sqrt(s) + epsilon), s"""),
    ("sum_squared", """
        s = (s + dw ** 2) ** 2
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("whole_numbers", """
        s = (s + dw ** 2).astype(dw.dtype)
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
)
STYLES = {
    "in place on copies": "w, s = np.copy(w), np.copy(s)\ns += dw * dw\n"
                          "w -= learning_rate * dw / (s ** 0.5 + epsilon)\nreturn w, s",
    "a loop": """
        import math
        w, s = w.copy(), s.copy()
        for i in np.ndindex(w.shape):
            s[i] += dw[i] ** 2
            w[i] -= learning_rate / (math.sqrt(s[i]) + epsilon) * dw[i]
        return w, s""",
    "np.square": "s = np.add(s, np.square(dw))\nreturn w - learning_rate * dw / (np.sqrt(s) + epsilon), s",
    "a rate for each weight": "s = s + np.power(dw, 2)\nrates = learning_rate / (epsilon + np.sqrt(s))\n"
                              "return [w - rates * dw, s]",
    "hypot": "root = np.hypot(np.sqrt(s), dw)\nreturn w - learning_rate * (dw / (root + epsilon)), root ** 2",
    "abs squared": "s = s + abs(dw) ** 2\nreturn w + -learning_rate * dw * (1 / (np.sqrt(s) + epsilon)), s",
    "a helper": "def rate(x):\n    return learning_rate / (np.sqrt(x) + epsilon)\ns = s + dw ** 2\n"
                "return w - rate(s) * dw, s",
    "float32": "s = (s + dw ** 2).astype(np.float32)\n"
               "return (w - learning_rate * dw / (np.sqrt(s) + epsilon)).astype(np.float32), s",
}
PAIRED_ELSEWHERE = frozenset(_adaptive.SLIPS)  # in rmsprop_step
TOGETHER = (
    ("epsilon_inside_root", "decays"),
    ("epsilon_after_division", "order_of_returns"),
)


def check_the_key_is_the_courses_own_optimizer():
    from optimlab.optimizers import AdaGrad
    assert follows("adagrad_step", AdaGrad(learning_rate=0.1))


# --- what its hints say ------------------------------------------------------

def check_what_is_forgotten_or_kept_for_ever():
    right, decays = late_steps("adagrad_step"), late_steps("adagrad_step", "decays")
    assert right[1] < 0.6 * right[0] and decays[1] == pytest.approx(decays[0])


def check_what_a_wrong_sum_of_squares_does():
    assert steps("adagrad_step", [1.0, -1.0], "sum_squared")[1] == 0
    squared = function(whole("adagrad_step", dict(WAYS)["sum_squared"]), "adagrad_step")
    s = np.ones(1)
    for _ in range(6):
        s = squared(np.zeros(1), 2 * np.ones(1), s, 0.1)[1]
    assert s > 1e30
