"""`momentum_step` (lesson 05) as students write it."""
import numpy as np
import pytest
from student_code import _with_memory, student
from student_code._with_memory import (  # noqa: F401  the checks are this exercise's, too
    check_what_does_not_heed_the_rate,
    check_what_goes_uphill,
    check_what_is_handed_on,
    follows,
    steps,
    walk,
)

KEY = '''
def momentum_step(w, dw, v, learning_rate, beta=0.9):
    v = beta * v + (1 - beta) * dw
    w = w - learning_rate * v
    return w, v
'''
TEMPLATE = '''
import numpy as np

def momentum_step(w, dw, v, learning_rate, beta={default}):
    rate, beta = {rate}, {beta}
    new_w, new_v = np.zeros({out}), np.zeros({out})
    dw = {g}
    for i in np.ndindex(w.shape):
        g = dw[i]
        vi = {v}
        step = {scaled}{used}{times}
        new_w[i] = {moved}
        new_v[i] = {kept}
    return {result}
'''
CORRECT = {
    "default": "0.9", "rate": "learning_rate", "beta": "beta", "out": "w.shape", "g": "dw", "keep": "beta",
    "take": "(1 - beta)", "minus": "", "fed": "", "scaled": "rate * ", "used": "vi", "times": "",
    "v": "{keep} * v[i] + {take} * {minus}{fed}g", "moved": "w[i] {sign} step", "sign": "-", "kept": "vi",
    "result": "new_w, new_v",
}
SLIPS = {
    **_with_memory.SLIPS,
    "old_memory_returned": {"kept": "v[i]"},
    "order_of_returns": {"result": "new_v, new_w"},
    "weights_only": {"result": "new_w"},
    "memory_only": {"result": "new_v"},
    "forgets_history": {"keep": "0"},
    "never_decays": {"keep": "1"},
    "sum_not_average": {"take": "1"},
    "weights_swapped": {"keep": "(1 - beta)", "take": "beta"},
    "same_weight": {"take": "beta"},
    "parenthesis_missing": {"v": "beta * v[i] + 1 - beta * {minus}{fed}g"},
    "minus_gradient": {"take": "-(1 - beta)"},
    "downhill_velocity": {"minus": "-", "sign": "+"},
    "hard_coded_beta": {"beta": "0.9"},
    "rate_in_velocity": {"fed": "rate * ", "scaled": ""},
    "squared": {"g": "dw ** 2"},
    "absolute": {"g": "abs(dw)"},
    "sign_only": {"g": "np.sign(dw)"},
    "mean_gradient": {"g": "np.full(dw.shape, dw.mean())"},
    "old_velocity_used": {"used": "v[i]"},
    "raw_gradient": {"used": "g"},
    "looks_ahead": {"used": "({keep} * vi + {take} * {minus}{fed}g)"},
    "corrected": {"used": "vi / (1 - beta)"},
    "step_kept": {"kept": "step"},
    "other_default": {"default": "0.99"},
}
WAYS = (
    ("same_weight", """
        v = (1 - beta) * (v + dw)
        return w - learning_rate * v, v"""),
    ("corrected", """
        v = (beta * v + (1 - beta) * dw) / (1 - beta)
        return w - learning_rate * v, v"""),
    ("rate_twice", """
        v = beta * v + (1 - beta) * dw
        return w - learning_rate ** 2 * v, v"""),
    ("old_velocity_used", """
        w = w - learning_rate * v
        v = beta * v + (1 - beta) * dw
        return w, v"""),
    ("old_memory_returned", "return w - learning_rate * (beta * v + (1 - beta) * dw), v"),
    ("downhill_velocity", """
        v = beta * v - (1 - beta) * dw
        return w + learning_rate * v, v"""),
    ("mean_gradient", """
        v = beta * v + (1 - beta) * np.sum(dw)
        return w - learning_rate * v, v"""),
    ("sign_only", """
        v = beta * v + (1 - beta) * dw
        return w - learning_rate * np.sign(v), v"""),
    ("step_kept", """
        v = learning_rate * (beta * v + (1 - beta) * dw)
        return w - v, v"""),
)
STYLES = {
    "in place on copies": "w, v = w.copy(), v.copy()\nv *= beta\nv += (1 - beta) * dw\n"
                          "w -= learning_rate * v\nreturn w, v",
    "a loop": """
        w_new, v_new = np.zeros(w.shape), np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            v_new[i] = beta * v[i] + (1 - beta) * dw[i]
            w_new[i] = w[i] - learning_rate * v_new[i]
        return w_new, v_new""",
    "rows": """
        ws, vs = [], []
        for k in range(len(w)):
            vs.append(beta * v[k] + (1 - beta) * dw[k])
            ws.append(w[k] - learning_rate * vs[k])
        return np.array(ws), np.array(vs)""",
    "lerp form": "v = v + (1 - beta) * (dw - v)\nreturn w - learning_rate * v, v",
    "the other lerp": "v = dw + beta * (v - dw)\nreturn w + -learning_rate * v, v",
    "a list": "v = np.add(np.multiply(beta, v), np.multiply(1 - beta, dw))\n"
              "return [np.subtract(w, np.multiply(learning_rate, v)), v]",
    "the sum, scaled back": "m = beta * v / (1 - beta) + dw\n"
                            "return w - learning_rate * (1 - beta) * m, (1 - beta) * m",
    "downhill, and turned back": "v = beta * -v - (1 - beta) * dw\nreturn w + learning_rate * v, -v",
    "an average of the two": "v = np.average([v, dw], axis=0, weights=[beta, 1 - beta])\n"
                             "return w - learning_rate * v, v",
    "flat": """
        flat = np.dot([beta, 1 - beta], np.stack([v.ravel(), dw.ravel()]))
        return w - learning_rate * flat.reshape(w.shape), flat.reshape(w.shape)""",
    "float32": "v = (beta * v + (1 - beta) * dw).astype(np.float32)\n"
               "return (w - learning_rate * v).astype(np.float32), v",
}
TOGETHER = (
    ("sum_not_average", "ascends"),
    ("sum_not_average", "rate_in_velocity", "downhill_velocity"),  # Keras's form
    ("whole_numbers", "other_default"),
)


IN_PLACE = {"all of them": "v *= beta\nv += (1 - beta) * dw\nw -= learning_rate * v\nreturn w, v"}


def check_the_key_is_the_courses_own_optimizer():
    from optimlab.optimizers import Momentum
    assert follows("momentum_step", Momentum(learning_rate=0.1))


# --- what its hints say ------------------------------------------------------

_STEADY, _ZIGZAG = np.ones(400), (-1.0) ** np.arange(400)


def check_what_points_uphill():
    for slip in ("minus_gradient", "squared", "absolute"):
        assert walk("momentum_step", slip, steps=3)[3] < -1 < walk("momentum_step", steps=3)[3] < 0, slip


def check_what_a_wrong_velocity_does():
    def late(slopes, *slips, **more):
        return abs(steps("momentum_step", slopes, *slips, **more)[0][-1])

    def zigzag(*slips):
        return late(_ZIGZAG, *slips) / late(_STEADY, *slips)
    assert zigzag() < 0.06
    assert zigzag("forgets_history") == pytest.approx(1) and zigzag("weights_swapped") > 0.8
    grows = steps("momentum_step", _STEADY, "never_decays")[0]
    assert np.all(np.diff(grows) > 0) and grows[-1] > 30 * late(_STEADY)
    for slip in ("sum_not_average", "corrected"):
        assert late(_STEADY, slip) == pytest.approx(10 * late(_STEADY))
    assert late(_STEADY, "rate_twice") == pytest.approx(0.1 * late(_STEADY))
    assert late(_STEADY, "same_weight") != pytest.approx(late(_STEADY), rel=0.5)
    assert late(_STEADY, "hard_coded_beta", beta=0.5) == late(_STEADY, "hard_coded_beta", beta=0.99)
    assert steps("momentum_step", [1.0, 1.0], "step_kept", rate=1e-3)[1] < 2e-4
    assert steps("momentum_step", [1.0], "old_velocity_used")[0] == 0
    assert np.all(np.diff(steps("momentum_step", np.zeros(9), "parenthesis_missing")[0]) > 0)


def check_what_is_momentum_no_more():
    assert walk("momentum_step", "raw_gradient") == pytest.approx(-(0.95 ** np.arange(401)))
    assert walk("momentum_step", "downhill_velocity") == pytest.approx(walk("momentum_step"))
    assert steps("momentum_step", [1.0], "downhill_velocity")[1] == -steps("momentum_step", [1.0])[1]
    assert np.ptp(walk("momentum_step", "sign_only")[-50:]) > 0.01 > np.ptp(walk("momentum_step")[-50:])
    alike = steps("momentum_step", [(1.0, 5.0)], "mean_gradient")[0]
    assert alike[0] == alike[1]
    # The rate falls to nothing, and it walks on.
    w, v = student("momentum_step", "rate_in_velocity")(np.zeros(1), np.ones(1), np.zeros(1), 0.1)
    assert student("momentum_step", "rate_in_velocity")(w, np.ones(1), v, 0.0)[0] < w


def check_the_step_that_looks_ahead_is_nesterovs():
    from optimlab.optimizers import Nesterov
    optimizer, w = Nesterov(learning_rate=0.05, beta=0.9), np.array([-1.0])
    state, theirs = optimizer.init(w), [-1.0]
    for _ in range(30):
        w, state = optimizer.step(w, w, state)
        theirs.append(w.item())
    assert walk("momentum_step", "looks_ahead", steps=30) == pytest.approx(theirs)
