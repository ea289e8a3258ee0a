"""`rmsprop_step` (lesson 07) as students write it."""
import numpy as np
import pytest
from student_code import _adaptive
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
def rmsprop_step(w, dw, s, learning_rate, beta=0.9, epsilon=1e-8):
    s = beta * s + (1 - beta) * dw**2
    w = w - learning_rate * dw / (np.sqrt(s) + epsilon)
    return w, s
'''
TEMPLATE = _adaptive.TEMPLATE.replace("NAME", "rmsprop_step").replace("ARGUMENTS", "beta={default_beta}, ")
CORRECT = {**_adaptive.CORRECT, "kept": "{keep} * s[i] + {take} * square"}
SLIPS = {
    **_adaptive.SLIPS,
    "forgets_history": {"keep": "0"},
    "accumulates": {"kept": "s[i] + square"},
    "never_decays": {"keep": "1"},
    "sum_not_average": {"take": "1"},
    "weights_swapped": {"keep": "(1 - beta)", "take": "beta"},
    "same_weight": {"take": "beta"},
    "minus": {"take": "-(1 - beta)"},
    "parenthesis_missing": {"kept": "beta * s[i] + 1 - beta * square"},
    "weight_squared_too": {"kept": "{keep} * s[i] + ({take} * into[i]) ** 2"},
    "sum_squared": {"kept": "({keep} * s[i] + {take} * square) ** 2"},
    "hard_coded_beta": {"beta": "beta = 0.9"},
    "corrected": {"used": "si / (1 - beta)"},
    "other_default": {"default_beta": "0.99"},
}
WAYS = (
    ("hard_coded_beta", """
        s = 0.9 * s + 0.1 * dw ** 2
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("one_for_all", """
        s = beta * s + (1 - beta) * np.linalg.norm(dw) ** 2
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("corrected", """
        s = (beta * s + (1 - beta) * dw ** 2) / (1 - beta)
        return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"""),
    ("epsilon_inside_root", """
        s = beta * s + (1 - beta) * dw ** 2
        return w - learning_rate * dw / np.sqrt(s + epsilon), s"""),
    ("epsilon_after_division", """
        s = beta * s + (1 - beta) * dw ** 2
        return w - learning_rate * (dw / np.sqrt(s) + epsilon), s"""),
    ("times_gradient", """
        s = beta * s + (1 - beta) * dw ** 2
        return w - learning_rate * dw ** 2 / (np.sqrt(s) + epsilon), s"""),
)
STYLES = {
    "in place on copies": "w, s = w.copy(), s.copy()\ns *= beta\ns += (1 - beta) * dw ** 2\n"
                          "w -= learning_rate * dw / (np.sqrt(s) + epsilon)\nreturn w, s",
    "a loop": """
        w_new, s_new = np.empty(w.shape), np.empty(w.shape)
        for i, g in np.ndenumerate(dw):
            s_new[i] = beta * s[i] + (1 - beta) * g * g
            w_new[i] = w[i] - learning_rate * g / (np.sqrt(s_new[i]) + epsilon)
        return w_new, s_new""",
    "lerp form": "s = s + (1 - beta) * (np.square(dw) - s)\n"
                 "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s",
    "the other lerp": "s = dw ** 2 - beta * (dw ** 2 - s)\n"
                      "return [w - np.divide(learning_rate * dw, np.sqrt(s) + epsilon), s]",
    "a reciprocal": "s = beta * s + (1 - beta) * np.power(dw, 2)\n"
                    "return w - learning_rate * dw * (s ** 0.5 + epsilon) ** -1, s",
    "roots in the weights": "s = (np.sqrt(beta * s) ** 2 + (np.sqrt(1 - beta) * dw) ** 2)\n"
                            "return w - learning_rate * dw / (s ** .5 + epsilon), s",
    "prints": "s = beta * s + (1 - beta) * dw ** 2\nstep = learning_rate * dw / (np.sqrt(s) + epsilon)\n"
              "print('step', step)\nreturn w - step, s",
    "float32": "s = (beta * s + (1 - beta) * dw ** 2).astype(np.float32)\n"
               "return (w - learning_rate * dw / (np.sqrt(s) + epsilon)).astype(np.float32), s",
}
TOGETHER = (
    ("accumulates", "times_gradient"),
    ("epsilon_missing", "other_default"),
)
UNNAMED = frozenset({("gradient_not_squared", "sum_squared"), ("maximum_not_sum", "parenthesis_missing")})


IN_PLACE = {"s and w": """
    s[...] = beta * s + (1 - beta) * dw ** 2
    w -= learning_rate * dw / (s ** .5 + epsilon)
    return w, s"""}


def check_the_key_is_the_courses_own_optimizer():
    from optimlab.optimizers import RMSProp
    assert follows("rmsprop_step", RMSProp(learning_rate=0.1))


# --- what its hints say ------------------------------------------------------

def check_what_is_forgotten_or_kept_for_ever():
    for slip in ("accumulates", "never_decays"):
        early, late = late_steps("rmsprop_step", slip)
        assert late < 0.6 * early, slip
    right = late_steps("rmsprop_step")
    assert right[1] == pytest.approx(right[0])


def check_what_a_wrong_average_of_squares_does():
    def first_and_late(*slips, slope=1.0):
        return steps("rmsprop_step", np.full(300, slope), *slips)[0][[0, -1]]
    right = first_and_late()
    for slip, longer in (("sum_not_average", False), ("weight_squared_too", True)):
        assert np.all((first_and_late(slip) > 2 * right) if longer else (first_and_late(slip) < 0.5 * right))
    assert first_and_late("corrected")[1] < 0.5 * right[1]
    assert np.all(first_and_late("sum_squared", slope=0.01) > 5 * first_and_late(slope=0.01))
    assert steps("rmsprop_step", [1.0] * 50, "same_weight")[1] > 5
    assert steps("rmsprop_step", [0.0] * 5, "parenthesis_missing")[1] > 1
    assert np.isnan(steps("rmsprop_step", [2.0], "parenthesis_missing")[0])
    leap = np.append(np.ones(50), 10.0)
    assert steps("rmsprop_step", leap)[1] < 20 < 80 < steps("rmsprop_step", leap, "weights_swapped")[1]
