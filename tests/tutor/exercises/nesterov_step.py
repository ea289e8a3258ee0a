"""`nesterov_step` (the assignment beyond Adam) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def nesterov_step(w, v, gradient, learning_rate, beta=0.9):
    ahead = w - learning_rate * beta * v
    v = beta * v + (1 - beta) * gradient(ahead)
    return w - learning_rate * v, v
'''
TEMPLATE = '''
import numpy as np

def nesterov_step(w, v, gradient, learning_rate, beta={default}):
    rate, beta = {rate}, {beta}
    ahead = w {way} {lead}v
    dw = {slope}
    g = {g}
    new_v = {keep} * v + {take} * g
    step = {scaled}{used}{times}
    new_w = {moved}
    return {result}
'''
CORRECT = {
    "default": "0.9", "rate": "learning_rate", "beta": "beta", "way": "-", "lead": "rate * beta * ",
    "slope": "gradient({asked})", "asked": "ahead", "g": "dw", "keep": "beta", "take": "(1 - beta)",
    "scaled": "rate * ", "used": "new_v", "times": "", "moved": "{start} {sign} step", "start": "w", "sign": "-",
    "result": "new_w, {kept}", "kept": "new_v",
}
SLIPS = {
    "no_look_ahead": {"asked": "w"},
    "looks_back": {"way": "+"},
    "whole_velocity": {"lead": "rate * "},
    "lead_without_rate": {"lead": "beta * "},
    "lead_of_the_velocity": {"lead": ""},
    "asks_at_the_velocity": {"asked": "v"},
    "steps_from_ahead": {"start": "ahead"},
    "ahead_returned": {"moved": "ahead"},
    "raw_gradient": {"used": "g"},
    "old_velocity_used": {"used": "v"},
    "forgets_history": {"keep": "0"},
    "never_decays": {"keep": "1"},
    "sum_not_average": {"take": "1"},
    "weights_swapped": {"keep": "(1 - beta)", "take": "beta"},
    "minus_gradient": {"take": "-(1 - beta)"},
    "hard_coded_beta": {"beta": "0.9"},
    "ascends": {"sign": "+"},
    "rate_missing": {"rate": "1.0"},
    "hard_coded_rate": {"rate": "0.01"},
    "divides_by_rate": {"scaled": "1 / rate * "},
    "normalized": {"g": "dw / np.linalg.norm(dw)"},
    "times_gradient": {"times": " * g"},
    "step_returned": {"moved": "step"},
    "old_weights_returned": {"moved": "w"},
    "old_memory_returned": {"kept": "v"},
    "order_of_returns": {"result": "{kept}, new_w"},
    "weights_only": {"result": "new_w"},
    "memory_only": {"result": "{kept}"},
    "other_default": {"default": "0.99"},
}
WAYS = (
    ("asks_at_the_velocity", """
        v = beta * v + (1 - beta) * gradient(learning_rate * beta * v)
        return w - learning_rate * v, v"""),
    ("no_look_ahead", """
        dw = gradient(w)
        v = beta * v + (1 - beta) * dw
        w = w - learning_rate * v
        return w, v"""),
    ("steps_from_ahead", """
        w = w - learning_rate * beta * v
        v = beta * v + (1 - beta) * gradient(w)
        w = w - learning_rate * v
        return w, v"""),
)
STYLES = {
    "from the place ahead": """
        ahead = w - learning_rate * beta * v
        dw = gradient(ahead)
        return ahead - learning_rate * (1 - beta) * dw, beta * v + (1 - beta) * dw""",
    "lerp form": """
        v = v + (1 - beta) * (gradient(w - learning_rate * (beta * v)) - v)
        return w - learning_rate * v, v""",
    "downhill, and turned back": """
        u = -learning_rate * v
        u = beta * u - learning_rate * (1 - beta) * gradient(w + beta * u)
        return w + u, -u / learning_rate""",
    "in place on copies": """
        w, v, ahead = w.copy(), v.copy(), w.copy()
        ahead -= learning_rate * beta * v
        v *= beta
        v += (1 - beta) * gradient(ahead)
        w -= learning_rate * v
        return w, v""",
    "a list": """
        v = np.add(np.multiply(beta, v), np.multiply(1 - beta, gradient(np.subtract(w, learning_rate * beta * v))))
        return [np.subtract(w, np.multiply(learning_rate, v)), v]""",
    "a helper": """
        def average(old, new):
            return beta * old + (1 - beta) * new
        v = average(v, gradient(w - learning_rate * average(v, 0)))
        return w - learning_rate * v, v""",
    "a loop": """
        dw = gradient(w - learning_rate * beta * v)
        w_new, v_new = np.zeros(w.shape), np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            v_new[i] = beta * v[i] + (1 - beta) * dw[i]
            w_new[i] = w[i] - learning_rate * v_new[i]
        return w_new, v_new""",
    "float32": """
        v = (beta * v + (1 - beta) * gradient(w - learning_rate * beta * v)).astype(np.float32)
        return (w - learning_rate * v).astype(np.float32), v""",
}
TOGETHER = (
    ("no_look_ahead", "sum_not_average"),
    ("looks_back", "ascends"),
    ("whole_velocity", "minus_gradient"),
)
UNNAMED = frozenset({("steps_from_ahead", "ascends")})
BY_FORM = frozenset({"weights_only", "memory_only"})
IN_PLACE = {"the velocity": """
        ahead = w - learning_rate * beta * v
        v *= beta
        v += (1 - beta) * gradient(ahead)
        return w - learning_rate * v, v"""}


def check_the_key_is_the_courses_own_optimizer_seen_from_behind():
    """The course's w is the place ahead, and its velocity the same."""
    from optimlab.optimizers import Nesterov
    optimizer, curvature, rate, beta = Nesterov(0.3, 0.8), np.array([0.5, 2.0]), 0.3, 0.8
    ahead, state = np.array([-1.0, 2.0]), optimizer.init(np.zeros(2))
    w, v = ahead, np.zeros(2)
    for _ in range(20):
        w, v = student("nesterov_step")(w, v, lambda w: curvature * w, rate, beta)
        ahead, state = optimizer.step(ahead, curvature * ahead, state)
        np.testing.assert_allclose((v, w - rate * beta * v), (state.v, ahead))


# --- what its hints say ------------------------------------------------------

def _walk(*slips, w=-1.0, curvature=1.0, rate=0.05, beta=0.9, steps=400, v=0.0):
    """The places of a walk in the bowl."""
    step, v, places = student("nesterov_step", *slips), np.array([v]), [np.array([w])]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w, v = step(places[-1], v, lambda w: curvature * w, rate, beta)
            places.append(w)
    return np.ravel(places)


def check_what_looks_ahead_swings_less():
    swings = [np.abs(_walk(*slip, rate=1.0, steps=60)[-20:]).max() for slip in ((), ("no_look_ahead",), ("looks_back",))]
    assert swings == sorted(swings) and swings[0] < swings[1] / 3


def check_no_look_ahead_is_momentum():
    from optimlab.optimizers import Momentum
    optimizer, w = Momentum(0.05, 0.9), np.array([-1.0])
    state, places = optimizer.init(w), [-1.0]
    for _ in range(30):
        w, state = optimizer.step(w, w, state)
        places.append(w.item())
    assert _walk("no_look_ahead", steps=30) == pytest.approx(places)


def _asked(*slips, rate=0.1):
    asked = []
    student("nesterov_step", *slips)(np.ones(1), np.ones(1), lambda w: asked.append(w) or np.ones(1), rate, 0.9)
    return asked[0].item()


def check_where_the_gradient_is_asked():
    assert _asked("whole_velocity") < _asked() < 1 < _asked("looks_back")
    for slip in ("lead_without_rate", "lead_of_the_velocity"):
        assert abs(1 - _asked(slip, rate=1e-3)) > 0.8 > abs(1 - _asked(rate=1e-3))
    assert _asked("asks_at_the_velocity") == 1.0 and _asked("no_look_ahead") == 1.0


def check_what_the_step_is_taken_with():
    def first(*slips, v=0.0, **more):
        return _walk(*slips, steps=1, v=v, **more)[1] + 1
    assert first("old_velocity_used") == 0 < first()
    assert first("ahead_returned", v=-1.0) == pytest.approx(0.05 * 0.9)
    assert first("steps_from_ahead", v=-1.0) - first(v=-1.0) == pytest.approx(0.05 * 0.9)
    assert first("ascends") < 0 and first("minus_gradient") < 0
    assert first("sum_not_average") == pytest.approx(10 * first())
    assert first("rate_missing", rate=1e-3) == first("rate_missing", rate=1e-2)
    assert first("hard_coded_rate", rate=1e-3) == first("hard_coded_rate", rate=1e-2)
    assert first("divides_by_rate", rate=1e-3) > first("divides_by_rate", rate=1e-2)
