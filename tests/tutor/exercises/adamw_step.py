"""`adamw_step` (the assignment beyond Adam) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay=0.01):
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    v_hat = v / (1 - beta1**t)
    s_hat = s / (1 - beta2**t)
    w = w - learning_rate * (v_hat / (np.sqrt(s_hat) + epsilon) + weight_decay * w)
    return w, v, s
'''
TEMPLATE = '''
import numpy as np

def adamw_step(w, dw, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, weight_decay={default}):
    rate, beta1, beta2, strength = {rate}, {betas}, {strength}
    g = {g}
    new_v = beta1 * v + (1 - beta1) * g
    new_s = beta2 * s + (1 - beta2) * {square}
    v_hat = {v_hat}
    s_hat = {s_hat}
    root = {root}
    push = {push}
    pull = {pull}
    new_w = {moved}
    return {result}
'''
CORRECT = {
    "default": "0.01", "rate": "learning_rate", "betas": "beta1, beta2", "strength": "weight_decay", "g": "dw",
    "square": "g ** 2", "v_hat": "new_v / (1 - beta1 ** t)", "s_hat": "new_s / (1 - beta2 ** t)",
    "root": "np.sqrt(s_hat)", "push": "{above} / {below}", "above": "{pushed}", "pushed": "v_hat",
    "below": "(root + epsilon)", "pull": "strength * {pulled}", "pulled": "w",
    "moved": "w {sign} {scaled}", "sign": "- rate * (push", "scaled": "+ pull)",
    "result": "new_w, {first}, {second}", "first": "new_v", "second": "new_s",
}
SLIPS = {
    "decay_in_gradient": {"g": "dw + strength * w", "pull": "0"},
    "decay_twice": {"g": "dw + strength * w"},
    "decay_missing": {"pull": "0"},
    "decay_scaled": {"above": "({pushed} + strength * w)", "pull": "0"},
    "decay_after_step": {"moved": "(w - rate * push) * (1 - rate * strength)", "pull": "0"},
    "decay_without_rate": {"scaled": ") - pull"},
    "decay_rate_twice": {"pull": "rate * strength * w"},
    "decay_grows": {"pull": "-strength * w"},
    "decay_of_the_gradient": {"pulled": "g"},
    "decay_not_of_w": {"pulled": "1"},
    "decay_of_the_sign": {"pulled": "np.sign(w)"},
    "decay_squared": {"pulled": "w ** 2"},
    "hard_coded_decay": {"strength": "0.01"},
    "first_correction_missing": {"v_hat": "new_v"},
    "second_correction_missing": {"s_hat": "new_s"},
    "betas_swapped": {"betas": "beta2, beta1"},
    "gradient_not_squared": {"square": "g"},
    "root_missing": {"root": "s_hat"},
    "epsilon_inside_root": {"root": "np.sqrt(s_hat + epsilon)", "below": "root"},
    "epsilon_missing": {"below": "root"},
    "raw_gradient": {"pushed": "g"},
    "no_division": {"push": "{above}"},
    "hard_coded_rate": {"rate": "0.01"},
    "ascends": {"sign": "+ rate * (push"},
    "step_returned": {"moved": "rate * (push + pull)"},
    "corrected_returned": {"first": "v_hat", "second": "s_hat"},
    "old_moments_returned": {"first": "v", "second": "s"},
    "old_weights_returned": {"moved": "w"},
    "order_of_returns": {"result": "{first}, {second}, new_w"},
    "weights_only": {"result": "new_w"},
    "other_default": {"default": "0.1"},
}
_HEAD = """
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw**2
        v_hat, s_hat = v / (1 - beta1**t), s / (1 - beta2**t)
"""
WAYS = (
    ("decay_in_gradient", "dw = dw + weight_decay * w" + _HEAD + """
        return w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon), v, s"""),
    ("decay_after_step", _HEAD + """
        w = w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
        w = w - learning_rate * weight_decay * w
        return w, v, s"""),
    ("decay_without_rate", _HEAD + """
        w = w * (1 - weight_decay)
        return w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon), v, s"""),
    ("decay_scaled", _HEAD + """
        return w - learning_rate * (v_hat + weight_decay * w) / (np.sqrt(s_hat) + epsilon), v, s"""),
    ("decay_grows", _HEAD + """
        w = w * (1 + learning_rate * weight_decay)
        return w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon), v, s"""),
    ("order_of_returns", _HEAD + """
        return w - learning_rate * (v_hat / (np.sqrt(s_hat) + epsilon) + weight_decay * w), s, v"""),
)
STYLES = {
    "decayed first, as in PyTorch": """
        w = w * (1 - learning_rate * weight_decay)
        v = v + (1 - beta1) * (dw - v)
        s = beta2 * s + (1 - beta2) * dw * dw
        below = np.sqrt(s) / np.sqrt(1 - beta2**t) + epsilon
        return w - learning_rate / (1 - beta1**t) * v / below, v, s""",
    "two lines": _HEAD + """
        decay = learning_rate * weight_decay * w
        w = w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
        return w - decay, v, s""",
    "the old weights kept": _HEAD + """
        old = w
        w = w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon)
        w = w - learning_rate * weight_decay * old
        return w, v, s""",
    "in place on copies": """
        w, v, s = w.copy(), v.copy(), s.copy()
        v *= beta1
        v += (1 - beta1) * dw
        s *= beta2
        s += (1 - beta2) * np.square(dw)
        w *= 1 - learning_rate * weight_decay
        w -= learning_rate * (v / (1 - beta1**t)) / ((s / (1 - beta2**t)) ** 0.5 + epsilon)
        return w, v, s""",
    "a loop": """
        new = [np.zeros(w.shape) for _ in range(3)]
        for i in np.ndindex(w.shape):
            a = beta1 * v[i] + (1 - beta1) * dw[i]
            b = beta2 * s[i] + (1 - beta2) * dw[i] ** 2
            push = a / (1 - beta1**t) / (np.sqrt(b / (1 - beta2**t)) + epsilon)
            new[0][i], new[1][i], new[2][i] = w[i] - learning_rate * (push + weight_decay * w[i]), a, b
        return new""",
    "the efficient form": """
        v = beta1 * v + (1 - beta1) * dw
        s = beta2 * s + (1 - beta2) * dw**2
        c = np.sqrt(1 - beta2**t)
        rate = learning_rate * c / (1 - beta1**t)
        return w - rate * v / (np.sqrt(s) + epsilon * c) - learning_rate * weight_decay * w, v, s""",
    "a helper": """
        def average(old, new, beta):
            return beta * old + (1 - beta) * new
        v, s = average(v, dw, beta1), average(s, dw**2, beta2)
        adam = (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
        return w - learning_rate * adam - learning_rate * weight_decay * w, v, s""",
    "float32": """
        v = (beta1 * v + (1 - beta1) * dw).astype(np.float32)
        s = (beta2 * s + (1 - beta2) * dw**2).astype(np.float32)
        push = v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
        return (w - learning_rate * (push + weight_decay * w)).astype(np.float32), v, s""",
}
TOGETHER = (
    ("decay_in_gradient", "epsilon_inside_root"),
    ("decay_without_rate", "second_correction_missing"),
    ("decay_grows", "old_moments_returned"),
)
UNNAMED = frozenset({("decay_grows", "ascends")})  # the same as Adam's part alone uphill
BY_FORM = frozenset({"weights_only"})
IN_PLACE = {"the moments": """
        v *= beta1
        v += (1 - beta1) * dw
        s *= beta2
        s += (1 - beta2) * dw**2
        push = v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
        return w - learning_rate * (push + weight_decay * w), v, s"""}


def check_the_key_is_the_courses_own_optimizer():
    from optimlab.optimizers import AdamW
    rng, optimizer = np.random.default_rng(0), AdamW(0.1, weight_decay=0.3)
    w = mine = rng.normal(0, 1, (2, 3))
    state, v, s = optimizer.init(w), np.zeros((2, 3)), np.zeros((2, 3))
    for t, dw in enumerate(rng.normal(0, 1, (20, 2, 3)), start=1):
        mine, v, s = student("adamw_step")(mine, dw, v, s, t, 0.1, weight_decay=0.3)
        w, state = optimizer.step(w, dw, state)
    for one, other in ((w, mine), (state.v, v), (state.s, s)):
        np.testing.assert_allclose(one, other)


# --- what its hints say ------------------------------------------------------

def _walk(*slips, w=1.0, slopes=0.0, rate=0.01, decay=0.5, steps=200):
    """The places of a weight (or of several) whose gradient is noise of this size."""
    step, rng = student("adamw_step", *slips), np.random.default_rng(0)
    slopes = np.broadcast_to(np.atleast_1d(slopes), np.broadcast_shapes(np.shape(np.atleast_1d(slopes)), (1,)))
    w, v, s, places = np.full(slopes.shape, w), np.zeros(slopes.shape), np.zeros(slopes.shape), []
    with np.errstate(all="ignore"):
        for t in range(1, steps + 1):
            dw = slopes * rng.normal(0, 1, slopes.shape)
            w, v, s = step(w, dw, v, s, t, rate, weight_decay=decay)
            places.append(w)
    return np.array(places)


def check_which_weights_decay():
    assert _walk()[-1] == pytest.approx(0.995**200)
    assert _walk("decay_missing")[-1] == 1 == _walk("decay_of_the_gradient")[-1]
    for slip in ("decay_in_gradient", "decay_scaled"):
        many = [np.mean(_walk(slip, slopes=np.full(400, size), rate=0.002, steps=400)[-1]) for size in (0.1, 10)]
        assert many[0] < 0.7 and many[1] > 0.95, slip
    assert _walk("decay_grows")[-1] > 2 and _walk("decay_grows", w=10.0)[-1] > 20
    assert _walk("decay_squared", w=-1.0)[-1] < -1.5
    assert _walk("decay_without_rate", rate=1e-3, steps=20)[-1] < 1e-5
    assert _walk("decay_rate_twice", rate=1e-3)[-1] > 0.999
    assert _walk("decay_not_of_w", w=0.1)[-1] < -0.5
    swings = np.sign(_walk("decay_of_the_sign", w=0.1)[-50:])
    assert np.any(swings > 0) and np.any(swings < 0)
    assert _walk("hard_coded_decay", decay=0.1)[-1] == _walk("hard_coded_decay", decay=5.0)[-1]


def _first(*slips, g=1.0, rate=0.01):
    """How far down the first step goes, without decay."""
    w, *_ = student("adamw_step", *slips)(np.zeros(1), np.array([g]), np.zeros(1), np.zeros(1), 1, rate, weight_decay=0.0)
    return -w.item()


def check_what_the_steps_are_like():
    assert _first() == pytest.approx(0.01)
    assert _first("first_correction_missing") < 0.2 * _first() and _first("second_correction_missing") > 20 * _first()
    assert _first("root_missing", g=0.01) > 50 * _first(g=0.01)
    assert _first("no_division", g=100.0) == pytest.approx(100 * _first("no_division"))
    assert _first("epsilon_inside_root", g=1e-6) < 0.1 * _first(g=1e-6)
    assert _first("ascends") < 0 and _first("hard_coded_rate", rate=0.5) == _first("hard_coded_rate")
    with np.errstate(all="ignore"):
        assert np.isnan(_first("epsilon_missing", g=0.0)) and np.isnan(_first("gradient_not_squared", g=-1.0))


def check_the_decay_after_the_step_is_a_little_less():
    """By the share of the step that is decayed, too."""
    args = (np.ones(1), -np.ones(1), np.zeros(1), np.zeros(1), 1, 0.1)
    right, wrong = (student("adamw_step", *slips)(*args, weight_decay=0.5)[0].item() for slips in ((), ("decay_after_step",)))
    assert 0 < right - wrong < 0.01
