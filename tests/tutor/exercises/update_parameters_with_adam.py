"""`update_parameters_with_adam` as students write it."""
import re
import textwrap
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
import student_code
from student_code import fill

_NAME = "update_parameters_with_adam"
TEMPLATE = '''
import numpy as np

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    {start}
    weights = {weights}
    grads = {grads}
    vs, ss = {memories}
    new_w, new_v, new_s = [], [], []
    for k in range(4):
        {count}
        w, g, v_old, s_old = weights[k], grads[k], vs[k], ss[k]
        g = {gradient}
        v = {v}
        s = {s}
        v_hat = {v_hat}
        s_hat = {s_hat}
        root = {root}
        denominator = {denominator}
        rate = {rate}
        step = {step}
        w_new = {moved}
        {cover}
        new_w.append(w_new)
        new_v.append({returned_v})
        new_s.append({returned_s})
    return {returns}
'''
CORRECT = {
    "start": "pass", "count": "pass", "gradient": "g",
    "weights": "[W1, b1, W2, b2]", "grads": "[dW1, db1, dW2, db2]",
    "memories": "[vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]",
    "v": "beta1 * v_old + (1 - beta1) * g", "s": "beta2 * s_old + (1 - beta2) * g * g",
    "v_hat": "{v_used} / {c1}", "s_hat": "{s_used} / {c2}", "c1": "(1 - beta1 ** t)", "c2": "(1 - beta2 ** t)",
    "v_used": "v", "s_used": "s", "root": "np.sqrt(s_hat)", "denominator": "root + epsilon",
    "rate": "learning_rate", "step": "rate * {numerator} / denominator", "numerator": "v_hat",
    "moved": "w {sign} step{decay}", "sign": "-", "decay": "", "cover": "pass", "returned_v": "v", "returned_s": "s",
    "returns": "tuple(new_w + new_v + new_s)",
}
SLIPS = {
    "first_moment.forgets_history": {"v": "(1 - beta1) * g"},
    "first_moment.never_decays": {"v": "v_old + (1 - beta1) * g"},
    "first_moment.sum_not_average": {"v": "beta1 * v_old + g"},
    "first_moment.weights_swapped": {"v": "(1 - beta1) * v_old + beta1 * g"},
    "first_moment.beta2_for_beta1": {"v": "beta2 * v_old + (1 - beta2) * g"},
    "first_moment.minus_gradient": {"v": "beta1 * v_old - (1 - beta1) * g"},
    "first_moment.hard_coded_beta1": {"v": "0.9 * v_old + 0.1 * g"},
    "second_moment.forgets_history": {"s": "(1 - beta2) * g ** 2"},
    "second_moment.never_decays": {"s": "s_old + (1 - beta2) * g ** 2"},
    "first_moment.betas_mixed": {"v": "beta1 * v_old + (1 - beta2) * g"},
    "first_moment.beta_exchanged": {"v": "(1 - beta1) * v_old + beta1 * g", "c1": "(1 - (1 - beta1) ** t)"},
    "first_moment.precedence": {"v": "beta1 * v_old + 1 - beta1 * g"},
    "first_moment.reads_second_moment": {"v": "beta1 * s_old + (1 - beta1) * g"},
    "first_moment.learning_rate_inside": {"v": "beta1 * v_old + learning_rate * g"},
    "second_moment.accumulates": {"s": "s_old + g ** 2"},
    "second_moment.sum_not_average": {"s": "beta2 * s_old + g ** 2"},
    "second_moment.weights_swapped": {"s": "(1 - beta2) * s_old + beta2 * g ** 2"},
    "second_moment.gradient_not_squared": {"s": "beta2 * s_old + (1 - beta2) * g"},
    "second_moment.absolute_gradient": {"s": "beta2 * s_old + (1 - beta2) * abs(g)"},
    "second_moment.squares_first_moment": {"s": "beta2 * s_old + (1 - beta2) * v ** 2"},
    "second_moment.beta1_for_beta2": {"s": "beta1 * s_old + (1 - beta1) * g ** 2"},
    "second_moment.weight_squared_too": {"s": "beta2 * s_old + ((1 - beta2) * g) ** 2"},
    "second_moment.sum_squared": {"s": "(beta2 * s_old + (1 - beta2) * g ** 2) ** 2"},
    "second_moment.mean_over_array": {"s": "beta2 * s_old + (1 - beta2) * np.mean(g ** 2)"},
    "second_moment.running_maximum": {"s": "np.maximum(s_old, beta2 * s_old + (1 - beta2) * g ** 2)"},
    "second_moment.gradient_doubled": {"s": "beta2 * s_old + (1 - beta2) * 2 * g"},
    "second_moment.betas_mixed": {"s": "beta2 * s_old + (1 - beta1) * g ** 2"},
    "second_moment.beta_exchanged": {"s": "(1 - beta2) * s_old + beta2 * g ** 2", "c2": "(1 - (1 - beta2) ** t)"},
    "second_moment.precedence": {"s": "beta2 * s_old + 1 - beta2 * g ** 2"},
    "second_moment.reads_first_moment": {"s": "beta2 * v_old + (1 - beta2) * g ** 2"},
    "second_moment.root_kept": {"s": "np.sqrt(beta2 * s_old + (1 - beta2) * g ** 2)"},
    "second_moment.centred": {"s": "beta2 * s_old + (1 - beta2) * (g - v) ** 2"},
    "second_moment.infinity_norm": {"s": "np.maximum(beta2 * s_old, np.abs(g))", "s_hat": "{s_used}", "root": "s_hat"},
    "second_moment.hard_coded_beta2": {"s": "0.999 * s_old + 0.001 * g ** 2"},
    "denominator.epsilon_inside_root": {"root": "np.sqrt(s_hat + epsilon)", "denominator": "root"},
    "denominator.epsilon_missing": {"denominator": "root"},
    "denominator.epsilon_after_division": {"step": "rate * {numerator} / root - epsilon"},
    "denominator.epsilon_twice": {"denominator": "root + epsilon + epsilon"},
    "denominator.maximum_not_sum": {"denominator": "np.maximum(root, epsilon)"},
    "denominator.root_missing": {"root": "s_hat"},
    "denominator.no_division": {"step": "rate * {numerator}"},
    "denominator.epsilon_hat_unscaled": {"step": "rate * np.sqrt({c2}) * {numerator} / (np.sqrt({s_used}) + epsilon)"},
    "denominator.hard_coded_epsilon": {"denominator": "root + 1e-8"},
    "numerator.raw_gradient": {"numerator": "g"},
    "numerator.times_gradient": {"numerator": "v_hat * g"},
    "numerator.stale_moments": {"v_used": "v_old", "s_used": "s_old"},
    "numerator.nesterov": {"numerator": "(beta1 * v_hat + (1 - beta1) * g / {c1})"},
    "direction.ascends": {"sign": "+"},
    "direction.reversed": {"moved": "step - w"},
    "direction.step_returned": {"moved": "step"},
    "step_size.hard_coded_learning_rate": {"rate": "0.001"},
    "step_size.divided_by_root_t": {"rate": "learning_rate / np.sqrt(t)"},
    "step_size.learning_rate_missing": {"rate": "1.0"},
    "step_size.adds_weight_decay": {"decay": " - rate * 0.01 * w"},
    "gradient.clipped": {"gradient": "np.clip(g, -1, 1)"},
    "gradient.normalized": {"gradient": "g / np.linalg.norm(g)"},
    "returned_moments.corrected_returned": {"returned_v": "v_hat", "returned_s": "s_hat"},
    "returned_moments.old_returned": {"returned_v": "v_old", "returned_s": "s_old"},
    "coverage.biases_not_updated": {"cover": "w_new = w if k in (1, 3) else w_new"},
    "coverage.second_layer_not_updated": {"cover": "w_new = w if k > 1 else w_new"},
    "coverage.first_row_only": {"cover": "w_new = np.concatenate([w_new[:1], w[1:]])"},
    "coverage.wrong_gradient": {"grads": "[dW1, db1, dW1, db2]"},
    "coverage.wrong_memory": {"memories": "[vW1, vb1, vW1, vb2], [sW1, sb1, sW1, sb2]"},
    "coverage.wrong_moment": {"v_used": "(new_v[0] if k == 2 else v)", "s_used": "(new_s[0] if k == 2 else s)"},
    "coverage.wrong_weights": {"weights": "[W1, b1, W1, b2]"},
    "coverage.nothing_updated": {"returns": "(W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2)"},
    "coverage.weights_not_updated": {"returns": "tuple(weights + new_v + new_s)"},
    "coverage.order_of_returns": {"returns": "tuple(new_w + new_s + new_v)"},
    "returns.wrong_container": {"returns": "new_w, new_v, new_s"},
    "returns.wrong_number": {"returns": "tuple(new_w)"},
    "counter.once_per_array": {"count": "t = t + 1"},
    "counter.restarts": {"start": "t = 1"},
    "correction.both_twice": {"rate": "learning_rate * np.sqrt({c2}) / {c1}"},
    "step_size.defaults_overwritten": {"start": "learning_rate, beta1, beta2, epsilon = 0.001, 0.9, 0.999, 1e-8"},
}
for _part, _hat, _used, _c, _beta, _other in (("first_correction", "v_hat", "v_used", "c1", "beta1", "beta2"),
                                              ("second_correction", "s_hat", "s_used", "c2", "beta2", "beta1")):
    SLIPS |= {
        f"{_part}.missing": {_hat: f"{{{_used}}}"},
        f"{_part}.precedence": {_hat: f"{{{_used}}} / 1 - {_beta} ** t"},
        f"{_part}.epsilon_added": {_c: f"(1 - {_beta} ** t + epsilon)"},
        f"{_part}.constant_exponent": {_c: f"(1 - {_beta} ** 2)"},
        f"{_part}.multiplied": {_hat: f"{{{_used}}} * {{{_c}}}"},
        f"{_part}.beta_times_t": {_c: f"(1 - {_beta} * t)"},
        f"{_part}.no_power": {_c: f"(1 - {_beta})"},
        f"{_part}.t_plus_one": {_c: f"(1 - {_beta} ** (t + 1))"},
        f"{_part}.t_minus_one": {_c: f"(1 - {_beta} ** (t - 1))"},
        f"{_part}.t_always_one": {_c: f"(1 - {_beta} ** 1)"},
        f"{_part}.power_of_one_minus_beta": {_c: f"(1 - {_beta}) ** t"},
        f"{_part}.divides_by_power": {_c: f"{_beta} ** t"},
        f"{_part}.other_beta": {_c: f"(1 - {_other} ** t)"},
    }
SLIPS["first_correction.twice"] = {"v_hat": "{v_used} / {c1} / {c1}"}
SLIPS["second_correction.outside_root"] = {"s_hat": "{s_used}", "root": "np.sqrt(s_hat) / {c2}"}
TOGETHER = (
    ("first_moment.forgets_history", "denominator.epsilon_twice", "direction.ascends"),
    ("second_moment.accumulates", "second_correction.missing", "denominator.epsilon_inside_root"),
    ("first_moment.sum_not_average", "second_moment.weights_swapped", "coverage.biases_not_updated"),
    ("first_correction.t_plus_one", "second_correction.t_plus_one", "returned_moments.corrected_returned"),
    ("first_correction.missing", "second_correction.missing", "coverage.order_of_returns"),
    ("gradient.clipped", "numerator.times_gradient", "step_size.adds_weight_decay"),
    # The deck's last slide: v / sqrt(s + epsilon) is (v / c) / (sqrt(s + epsilon) / c) for every c. The usual one
    # of the sets that are equal in algebra is named.
    ("first_correction.missing", "second_correction.missing", "denominator.epsilon_inside_root"),
)
_FORMS = frozenset({"returns.wrong_container", "returns.wrong_number"})
HIDES = dict.fromkeys(_FORMS, set(SLIPS) - _FORMS)
BY_FORM = _FORMS
UNNAMED = frozenset({
    ("denominator.maximum_not_sum", "step_size.defaults_overwritten"),  # no root is as small as 1e-8
    ("coverage.wrong_moment", "returned_moments.corrected_returned"),
    ("coverage.wrong_gradient", "returns.wrong_number"), ("coverage.wrong_memory", "coverage.nothing_updated"),
    ("counter.once_per_array", "counter.restarts")})  # the arrays count 2, 3, 4, 5


# --- right answers -----------------------------------------------------------

_SIGNATURE = """def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
"""


def _function(body, before="", signature=_SIGNATURE):
    return "import numpy as np\n" + textwrap.dedent(before) + signature + textwrap.indent(textwrap.dedent(body), "    ")


def _one_step(step, before=""):
    """The four parameters go through one helper function `adam(w, g, v, s)` whose body is given."""
    return _function(f"def adam(w, g, v, s):\n{textwrap.indent(textwrap.dedent(step).strip(), '    ')}\n"
                       "W1, vW1, sW1 = adam(W1, dW1, vW1, sW1)\n"
                       "b1, vb1, sb1 = adam(b1, db1, vb1, sb1)\n"
                       "W2, vW2, sW2 = adam(W2, dW2, vW2, sW2)\n"
                       "b2, vb2, sb2 = adam(b2, db2, vb2, sb2)\n"
                       "return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n", before)


_MOMENTS = "v = beta1 * v + (1 - beta1) * g\ns = beta2 * s + (1 - beta2) * g ** 2\n"
_STEP = ("vh = v / (1 - beta1 ** t)\nsh = s / (1 - beta2 ** t)\n"
        "return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s\n")
_ALL_IN_LISTS = """
    ws, gs = [W1, b1, W2, b2], [dW1, db1, dW2, db2]
    vs, ss = [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]
"""
_RETURN = "return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n"

_WRITTEN_OUT = "".join(
    f"v{p} = beta1 * v{p} + (1 - beta1) * d{p}\n"
    f"s{p} = beta2 * s{p} + (1 - beta2) * np.square(d{p})\n"
    f"v{p}_corrected = v{p} / (1 - np.power(beta1, t))\n"
    f"s{p}_corrected = s{p} / (1 - np.power(beta2, t))\n"
    f"{p} = {p} - learning_rate * v{p}_corrected / (np.sqrt(s{p}_corrected) + epsilon)\n"
    for p in ("W1", "b1", "W2", "b2")) + _RETURN

KEY = _function(_WRITTEN_OUT)
STYLES = {
    "written out, as in the deck": _function(_WRITTEN_OUT),
    "in place on copies": _one_step("""
        w, v, s = w.copy(), v.copy(), s.copy()
        v *= beta1
        v += (1 - beta1) * g
        s *= beta2
        s += (1 - beta2) * g * g
        w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
        return w, v, s"""),
    "element loops": _one_step("""
        w, v, s = np.array(w), np.array(v), np.array(s)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                v[i, j] = beta1 * v[i, j] + (1 - beta1) * g[i, j]
                s[i, j] = beta2 * s[i, j] + (1 - beta2) * g[i, j] ** 2
                vh, sh = v[i, j] / (1 - beta1 ** t), s[i, j] / (1 - beta2 ** t)
                w[i, j] = w[i, j] - learning_rate * vh / (sh ** .5 + epsilon)
        return w, v, s"""),
    "lerp form": _one_step("v = v + (1 - beta1) * (g - v)\ns = s + (1 - beta2) * (g * g - s)\n" + _STEP),
    "the paper's efficient form": _one_step(_MOMENTS + """
rate = learning_rate * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
return w - rate * v / (np.sqrt(s) + epsilon * np.sqrt(1 - beta2 ** t)), v, s"""),
    "PyTorch's form": _one_step(_MOMENTS + """
denominator = np.sqrt(s) / np.sqrt(1 - beta2 ** t) + epsilon
return w - learning_rate / (1 - beta1 ** t) * (v / denominator), v, s"""),
    "expm1": _one_step(_MOMENTS + """
vh, sh = v / -np.expm1(t * np.log(beta1)), s / -np.expm1(t * np.log(beta2))
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "np.power, np.square, np.divide": _one_step("""
        v = np.add(np.multiply(beta1, v), np.multiply(1 - beta1, g))
        s = np.add(np.multiply(beta2, s), np.multiply(1 - beta2, np.power(g, 2)))
        vh = np.divide(v, 1 - np.power(beta1, t))
        sh = np.divide(s, 1 - np.power(beta2, t))
        return np.subtract(w, learning_rate * np.divide(vh, np.add(np.sqrt(sh), epsilon))), v, s"""),
    "float32 results": _one_step(_MOMENTS + """
vh, sh = v / (1 - beta1 ** t), s / (1 - beta2 ** t)
w = w - learning_rate * vh / (np.sqrt(sh) + epsilon)
return w.astype(np.float32), v.astype(np.float32), s.astype(np.float32)"""),
    "flatten and reshape": _one_step("shape = w.shape\nw, g, v, s = w.ravel(), g.flatten(), v.reshape(-1), s.ravel()\n"
                                    + _MOMENTS + """
w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return w.reshape(shape), v.reshape(shape), s.reshape(shape)"""),
    "one concatenated vector": _function(_ALL_IN_LISTS + """
    w, g, v, s = (np.concatenate([a.ravel() for a in x]) for x in (ws, gs, vs, ss))
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
    cuts = np.cumsum([a.size for a in ws])[:-1]
    back = lambda x: [part.reshape(a.shape) for part, a in zip(np.split(x, cuts), ws)]
    return (*back(w), *back(v), *back(s))
"""),
    "disjoint views of one buffer": _function(_ALL_IN_LISTS + """
    buffer = np.zeros(3 * sum(a.size for a in ws))
    out, at = [], 0
    for x in ws * 3:
        out.append(buffer[at:at + x.size].reshape(x.shape))
        at += x.size
    for k in range(4):
        out[4 + k][...] = beta1 * vs[k] + (1 - beta1) * gs[k]
        out[8 + k][...] = beta2 * ss[k] + (1 - beta2) * gs[k] ** 2
        vh, sh = out[4 + k] / (1 - beta1 ** t), out[8 + k] / (1 - beta2 ** t)
        out[k][...] = ws[k] - learning_rate * vh / (sh ** .5 + epsilon)
    return tuple(out)
"""),
    "reciprocal multiplication": _one_step(_MOMENTS + """
one, two = 1.0 / (1.0 - beta1 ** t), 1.0 / (1.0 - beta2 ** t)
return w - learning_rate * (v * one) * (1.0 / (np.sqrt(s * two) + epsilon)), v, s"""),
    "dicts, as in other courses": _function("""
        parameters = {"W1": W1, "b1": b1, "W2": W2, "b2": b2}
        grads = {"dW1": dW1, "db1": db1, "dW2": dW2, "db2": db2}
        v = {"dW1": vW1, "db1": vb1, "dW2": vW2, "db2": vb2}
        s = {"dW1": sW1, "db1": sb1, "dW2": sW2, "db2": sb2}
        v_corrected, s_corrected = {}, {}
        for l in range(1, 3):
            for name in ("W" + str(l), "b" + str(l)):
                d = "d" + name
                v[d] = beta1 * v[d] + (1 - beta1) * grads[d]
                v_corrected[d] = v[d] / (1 - np.power(beta1, t))
                s[d] = beta2 * s[d] + (1 - beta2) * np.power(grads[d], 2)
                s_corrected[d] = s[d] / (1 - np.power(beta2, t))
                parameters[name] = parameters[name] - learning_rate * v_corrected[d] / (
                    np.sqrt(s_corrected[d]) + epsilon)
        return tuple(parameters.values()) + tuple(v.values()) + tuple(s.values())
    """),
    "a helper function and a closure outside": _function("""
        step = make_step(t, learning_rate, beta1, beta2, epsilon)
        new = [step(*four) for four in zip((W1, b1, W2, b2), (dW1, db1, dW2, db2),
                                           (vW1, vb1, vW2, vb2), (sW1, sb1, sW2, sb2))]
        return tuple(four[kind] for kind in range(3) for four in new)
    """, before="""
        def average(old, new, beta):
            return beta * old + (1 - beta) * new

        def make_step(t, learning_rate, beta1, beta2, epsilon):
            def step(w, g, v, s):
                v, s = average(v, g, beta1), average(s, g * g, beta2)
                return w - learning_rate * (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon), v, s
            return step
    """),
    "a class": _function("""
        class Moment:
            def __init__(self, start, beta):
                self.value, self.beta = start, beta

            def add(self, x):
                self.value = self.beta * self.value + (1 - self.beta) * x
                return self

            @property
            def corrected(self):
                return self.value / (1 - self.beta ** t)

        w, v, s = [], [], []
        for w0, g, v0, s0 in zip([W1, b1, W2, b2], [dW1, db1, dW2, db2],
                                 [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]):
            v.append(Moment(v0, beta1).add(g))
            s.append(Moment(s0, beta2).add(g ** 2))
            w.append(w0 - learning_rate * v[-1].corrected / (np.sqrt(s[-1].corrected) + epsilon))
        return (*w, *[m.value for m in v], *[m.value for m in s])
    """),
    "zip over lists, a list returned": _function(_ALL_IN_LISTS + """
    out_w, out_v, out_s = [], [], []
    for w, g, v, s in zip(ws, gs, vs, ss):
        v = beta1 * v + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g ** 2
        out_w += [w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)]
        out_v += [v]
        out_s += [s]
    return out_w + out_v + out_s
"""),
    "Fortran order and negative strides": _one_step(_MOMENTS + """
w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return np.asfortranarray(w), v[::-1].copy()[::-1], s.T.copy().T"""),
    "s**.5": _one_step(_MOMENTS + """
return w - learning_rate * (v / (1 - beta1**t)) / ((s / (1 - beta2**t))**.5 + epsilon), v, s"""),
    "NumPy integer t": _one_step(_MOMENTS + _STEP).replace("    def adam(", "    t = np.int64(t)\n    def adam(", 1),
    "t as a float array": _one_step(_MOMENTS + _STEP).replace(
        "    def adam(", "    t = np.array(t, float)\n    def adam(", 1),
    "renamed locals": _function("""
        alpha, mu, rho, tiny = learning_rate, beta1, beta2, epsilon
        m = [mu * old + (1 - mu) * grad for old, grad in ((vW1, dW1), (vb1, db1), (vW2, dW2), (vb2, db2))]
        q = [rho * old + (1 - rho) * grad**2 for old, grad in ((sW1, dW1), (sb1, db1), (sW2, dW2), (sb2, db2))]
        bias = lambda x, decay: x / (1 - decay**t)
        moved = [x - alpha * bias(a, mu) / (np.sqrt(bias(b, rho)) + tiny)
                 for x, a, b in zip((W1, b1, W2, b2), m, q)]
        return (*moved, *m, *q)
    """),
    "renamed arguments": _function("""
        out = []
        for w, g, m, q in ((a, e, i, k), (b, f, j, l), (c, g_, x, y), (d, h, u, z)):
            m = beta1 * m + (1 - beta1) * g
            q = beta2 * q + (1 - beta2) * g * g
            out.append((w - learning_rate * (m / (1 - beta1**n)) / (np.sqrt(q / (1 - beta2**n)) + epsilon), m, q))
        return tuple(o[k] for k in range(3) for o in out)
    """, signature="def update_parameters_with_adam(a, b, c, d, e, f, g_, h, i, j, x, u, k, l, y, z, n,\n"
                   "        learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):\n"),
    "prints and warnings": _function("""\
import sys, warnings
print("step", t)
print("to stderr", file=sys.stderr)
warnings.warn("this is fine")
np.log(np.zeros(1))
""" + _WRITTEN_OUT),
    "type hints and a docstring": _function('"""Adam.\n\nt = 1 at first. >>> never run\n"""\n' + _WRITTEN_OUT).replace(
        "t, learning_rate=0.001", "t: int, learning_rate: float = 0.001", 1).replace(
        "epsilon=1e-8):", "epsilon: float = 1e-8) -> tuple[np.ndarray, ...]:", 1),
    "from numpy import *": "from numpy import *\n" + _function(
        _WRITTEN_OUT.replace("np.sqrt", "sqrt").replace("np.", "")).replace("import numpy as np\n", ""),
    "defined twice, the last one counts":
        fill(TEMPLATE, CORRECT, [SLIPS["direction.ascends"]]) + _function(_WRITTEN_OUT),
    "split over added cells": "import numpy as np\n" + textwrap.dedent("""
        # a cell of its own
        def first(v, g, beta1): return beta1 * v + (1 - beta1) * g
        # another one
        def second(s, g, beta2): return beta2 * s + (1 - beta2) * g**2
        print(first(0.0, 1.0, 0.9))
        trial = np.linspace(0, 1, 5)
    """) + _one_step("v, s = first(v, g, beta1), second(s, g, beta2)\n" + _STEP) + "\nprint('done')\n",
    "a lambda": "import numpy as np\nadam = lambda w, g, v, s, b, q, a, e, t: (\n"
                "    w - a * (v / (1 - b**t)) / ((s / (1 - q**t))**0.5 + e))\n" + _function("".join(
                    f"v{p}, s{p} = beta1*v{p} + (1-beta1)*d{p}, beta2*s{p} + (1-beta2)*d{p}**2\n"
                    f"{p} = adam({p}, d{p}, v{p}, s{p}, beta1, beta2, learning_rate, epsilon, t)\n"
                    for p in ("W1", "b1", "W2", "b2")) + _RETURN),
    "*args and **kwargs": fill(TEMPLATE, CORRECT, []) + "\nplain = update_parameters_with_adam\n"
                          "def update_parameters_with_adam(*args, **kwargs):\n    return plain(*args, **kwargs)\n",
}
_HYPER = "learning_rate, beta1, beta2, epsilon"
_FLOAT32 = "w, g, v, s = (np.asarray(x, np.float32) for x in (w, g, v, s))\n"
_NUMBERS32 = f"{_HYPER} = (np.float32(x) for x in ({_HYPER}))\n"


def _each(step):
    """One step number by number: the body of `one(w, g, v, s)`, on NumPy's scalars."""
    return _one_step("def one(w, g, v, s):\n" + textwrap.indent(textwrap.dedent(step).strip(), "    ") + """
out = [one(*four) for four in zip(w.flat, g.flat, v.flat, s.flat)]
return tuple(np.array(column).reshape(w.shape) for column in zip(*out))""")


# The same slips as others make them: another way, another style.
def _deck(*changes):
    """Written out line by line as in the deck, with pieces of every parameter's lines replaced."""
    text = _WRITTEN_OUT
    for right, wrong in changes:
        for p in ("W1", "b1", "W2", "b2") if "_P" in right else ("",):
            assert right.replace("_P", p) in text
            text = text.replace(right.replace("_P", p), wrong.replace("_P", p))
    return _function(text)


_DECK_C1, _DECK_C2 = "(1 - np.power(beta1, t))", "(1 - np.power(beta2, t))"
_FINAL_STEP = "learning_rate * v_P_corrected / (np.sqrt(s_P_corrected) + epsilon)"
_IN_ZIP = """
for w, g, v, s in zip([W1, b1, W2, b2], [dW1, db1, dW2, db2], [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]):
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
"""
WAYS = (
    ("first_moment.betas_mixed", _deck(("v_P = beta1 * v_P", "v_P = beta2 * v_P"))),
    ("second_moment.betas_mixed", _deck(("s_P = beta2 * s_P", "s_P = beta1 * s_P"))),
    ("first_moment.precedence", _deck(("beta1 * v_P + (1 - beta1) * d_P", "beta1 * (v_P + (1 - beta1) * d_P)"))),
    ("first_moment.precedence", _deck(("beta1 * v_P + (1 - beta1) * d_P", "(beta1 * v_P + 1 - beta1) * d_P"))),
    ("second_moment.precedence", _one_step("v = beta1 * v + (1 - beta1) * g\ns = beta2 * (s + (1 - beta2) * g * g)\n"
                                           + _STEP)),
    ("first_moment.learning_rate_inside", _one_step("v = beta1 * v + (1 - beta1) * learning_rate * g\n"
                                                    "s = beta2 * s + (1 - beta2) * g * g\n"
                                                    + _STEP.replace("learning_rate * vh", "vh"))),
    ("second_moment.reads_first_moment", _deck(("s_P = beta2 * s_P", "s_P = beta2 * v_P"))),
    ("second_moment.root_kept", _one_step(_MOMENTS + "s = np.sqrt(s)\nvh, sh = v / (1 - beta1 ** t), s / (1 - beta2 ** t)\n"
                                          "return w - learning_rate * vh / (sh + epsilon), v, s\n")),
    ("second_moment.root_kept", _one_step(_MOMENTS + _STEP.replace(", v, s", ", v, np.sqrt(s)"))),
    ("second_moment.root_kept", _one_step(_MOMENTS + _STEP.replace(", v, s", ", v, np.sqrt(sh)"))),
    ("second_moment.centred", _one_step("old = v\nv = beta1 * v + (1 - beta1) * g\n"
                                        "s = beta2 * s + (1 - beta2) * (g - old) ** 2\n" + _STEP)),
    ("second_moment.centred", _one_step("v = beta1 * v + (1 - beta1) * g\n"
                                        "s = beta2 * s + (1 - beta2) * np.square(v - g) + epsilon\n" + _STEP)),
    ("second_moment.infinity_norm", _one_step("v = beta1 * v + (1 - beta1) * g\ns = np.maximum(beta2 * s, abs(g))\n"
                                              "return w - learning_rate / (1 - beta1 ** t) * v / s, v, s\n")),
    ("numerator.nesterov", _one_step(_MOMENTS + _STEP.replace(" * vh /", " * (beta1 * vh + (1 - beta1) * g) /"))),
    ("numerator.nesterov", _one_step(_MOMENTS + _STEP.replace(
        " * vh /", " * (beta1 * v / (1 - beta1 ** (t + 1)) + (1 - beta1) * g / (1 - beta1 ** t)) /"))),
    ("first_correction.constant_exponent", _deck((_DECK_C1, "(1 - beta1 ** 10)"))),
    ("second_correction.constant_exponent", _deck((_DECK_C2, "(1 - np.power(beta2, 100))"))),
    ("first_correction.precedence", _deck((_DECK_C1, "1 - np.power(beta1, t)"))),
    ("second_correction.epsilon_added", _deck((_DECK_C2, "(1 - np.power(beta2, t) + epsilon)"))),
    ("correction.both_twice", _one_step(_MOMENTS + """
v_hat, s_hat = v / (1 - beta1 ** t), s / (1 - beta2 ** t)
v_hat, s_hat = v_hat / (1 - beta1 ** t), s_hat / (1 - beta2 ** t)
return w - learning_rate * v_hat / (np.sqrt(s_hat) + epsilon), v, s""")),
    ("counter.once_per_array", _one_step("nonlocal t\n" + _MOMENTS + _STEP.replace("return", "t += 1\nreturn"))),
    ("counter.once_per_array", _function(_WRITTEN_OUT.replace("vW2 = beta1", "t = t + 1\nvW2 = beta1"))),
    ("counter.restarts", _function("t = 0\n" + _WRITTEN_OUT.replace("vW1 = beta1", "t += 1\nvW1 = beta1"))),
    ("counter.restarts", _one_step("nonlocal n\nn += 1\n" + _MOMENTS + _STEP.replace("** t", "** n")).replace(
        "    def adam(", "    n = 0\n    def adam(")),
    ("direction.step_returned", _deck((f"_P - {_FINAL_STEP}", f"-{_FINAL_STEP}"))),
    ("direction.reversed", _deck((f"_P - {_FINAL_STEP}", f"{_FINAL_STEP} - _P"))),
    ("step_size.defaults_overwritten", _function("learning_rate = 0.01\nbeta1, beta2 = 0.9, 0.999\nepsilon = 10 ** -8\n"
                                                 + _WRITTEN_OUT)),
    ("coverage.nothing_updated", _function(_IN_ZIP + _RETURN)),
    ("coverage.nothing_updated", _function(_RETURN)),
    ("coverage.weights_not_updated", _deck((f"_P = _P - {_FINAL_STEP}", f"_P_new = _P - {_FINAL_STEP}"))),
    ("coverage.wrong_memory", _function(_WRITTEN_OUT.replace("vW2 = beta1 * vW2", "vW2 = beta1 * vW1"))),
    ("coverage.wrong_memory", _function(_WRITTEN_OUT.replace("sb2 = beta2 * sb2", "sb2 = beta2 * sb1"))),
    ("coverage.wrong_moment", _function(_WRITTEN_OUT.replace("vb2_corrected = vb2", "vb2_corrected = vb1"))),
    ("coverage.wrong_weights", _function(_WRITTEN_OUT.replace("W2 = W2 -", "W2 = W1 -"))),
    ("returns.wrong_number", _function(_WRITTEN_OUT.replace(_RETURN, _RETURN.replace("sb2", "sb2, t * np.ones(1)")))),
    ("returns.wrong_container", _function(_WRITTEN_OUT.replace(_RETURN, "return {'W1': W1, 'b1': b1, 'vW1': vW1}\n"))),
    ("returns.wrong_container", _function(_WRITTEN_OUT.replace(_RETURN, "return (W1, vW1, sW1), (b1, vb1, sb1), (W2, b2)\n"))),
)

# Above all what float32 gives, in any place: a network's arrays, a graphics card's numbers, a saved state.
STYLES |= {
    "float32 hyperparameters": _function(_NUMBERS32 + _WRITTEN_OUT),
    "float32 everywhere": _one_step(_FLOAT32 + _MOMENTS + _STEP).replace("    def adam(", f"    {_NUMBERS32}    def adam("),
    "float32 arrays, Python's numbers": _one_step(_FLOAT32 + _MOMENTS + _STEP),
    "float32 gradients": _one_step("g = g.astype(np.float32)\n" + _MOMENTS + _STEP),
    "a float32 state returned": _one_step(_MOMENTS + _STEP.replace(", v, s", ", np.float32(v), np.float32(s)")),
    "float32 powers": _one_step(_MOMENTS + """
vh, sh = v / (1 - np.power(np.float32(beta1), t)), s / (1 - np.power(np.float32(beta2), t))
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "float32 corrections": _one_step(_MOMENTS + """
vh, sh = v / np.float32(1 - beta1 ** t), s / np.float32(1 - beta2 ** t)
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "a float32 step": _one_step(_MOMENTS + """
vh, sh = v / (1 - beta1 ** t), s / (1 - beta2 ** t)
return w - (learning_rate * vh / (np.sqrt(sh) + epsilon)).astype(np.float32), v, s"""),
    "float32 scalars, one by one": _each("""
        f = np.float32
        v = f(beta1) * f(v) + (1 - f(beta1)) * f(g)
        s = f(beta2) * f(s) + (1 - f(beta2)) * f(g) * f(g)
        vh, sh = v / (1 - f(beta1) ** f(t)), s / (1 - f(beta2) ** f(t))
        return f(w) - f(learning_rate) * vh / (np.sqrt(sh) + f(epsilon)), v, s"""),
    "math.sqrt, one by one": "import math\n" + _each("""
        v = beta1 * v + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        vh, sh = v / (1 - math.pow(beta1, t)), s / (1 - math.pow(beta2, t))
        return w - learning_rate * vh / (math.sqrt(sh) + epsilon), v, s"""),
    "Python's floats, one by one": _each("""
        w, g, v, s = map(float, (w, g, v, s))
        v, s = v - (1 - beta1) * (v - g), s - (1 - beta2) * (s - g ** 2)
        return w - learning_rate * (v / (1 - beta1 ** t)) / ((s / (1 - beta2 ** t)) ** 0.5 + epsilon), v, s"""),
    "1e-8 beside the corrections": _one_step(_MOMENTS + """
vh, sh = v / (1 - beta1 ** t + 1e-8), s / (1 - beta2 ** t + 1e-8)
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "corrections never below 1e-8": _one_step(_MOMENTS + """
vh, sh = v / max(1 - beta1 ** t, 1e-8), s / np.maximum(1 - beta2 ** t, 1e-8)
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "no root of less than zero": _one_step(_MOMENTS + """
vh, sh = v / (1 - beta1 ** t), np.maximum(s / (1 - beta2 ** t), 0)
return w - learning_rate * vh / (np.where(sh > 0, np.sqrt(sh), 0) + epsilon), v, s"""),
    "powers by a loop": _one_step(_MOMENTS + """
one = two = 1.0
for _ in range(t):
    one, two = one * beta1, two * beta2
return w - learning_rate * (v / (1 - one)) / (np.sqrt(s / (1 - two)) + epsilon), v, s"""),
    "a geometric sum for the correction": _one_step(_MOMENTS + """
one, two = ((1 - b) * sum(b ** k for k in range(t)) for b in (beta1, beta2))
return w - learning_rate * (v / one) / (np.sqrt(s / two) + epsilon), v, s"""),
    "exponentials of logarithms": _one_step(_MOMENTS + """
one, two = 1 - np.exp(t * np.log(beta1)), 1 - np.exp(t * np.log(beta2))
return w - learning_rate * (v / one) / (np.sqrt(s / two) + epsilon), v, s"""),
    "long doubles": _one_step("w, g, v, s = (x.astype(np.longdouble) for x in (w, g, v, s))\n" + _MOMENTS + """
w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return w.astype(float), v.astype(float), s.astype(float)"""),
    "a direction and its scale": _one_step(_MOMENTS + """
direction, scale = v / (1 - beta1 ** t), 1 / (epsilon + (s / (1 - beta2 ** t)) ** 0.5)
return w + -learning_rate * scale * direction, v, s"""),
    "the rate at the end": _one_step(_MOMENTS + """
return w - v / ((1 - beta1 ** t) * (np.sqrt(s / (1 - beta2 ** t)) + epsilon)) * learning_rate, v, s"""),
    "written into arrays of its own": _one_step("""
        new, root = np.empty_like(v), np.empty_like(s)
        v = np.add(beta1 * v, (1 - beta1) * g, out=new)
        s = beta2 * s + (1 - beta2) * np.multiply(g, g, out=root)
        np.sqrt(s / (1 - beta2 ** t), out=root)
        root += epsilon
        return w - np.divide(learning_rate * v / (1 - beta1 ** t), root), v, s"""),
    "np.vectorize": _one_step("""
        def one(w, g, v, s):
            v, s = beta1 * v + (1 - beta1) * g, beta2 * s + (1 - beta2) * g ** 2
            return w - learning_rate * v / (1 - beta1 ** t) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon), v, s
        return tuple(np.vectorize(one)(w, g, v, s))"""),
}
IN_PLACE = {
    "all inputs in place": _one_step("""
        v *= beta1
        v += (1 - beta1) * g
        s[:] = beta2 * s + (1 - beta2) * g ** 2
        w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
        return w, v, s"""),
    "the parameters alone in place": _one_step(_MOMENTS + """
w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return w, v, s"""),
    "the gradient after its use": _one_step(_MOMENTS + "g *= 0\n" + _STEP),
}


# --- more that is named, or is not -------------------------------------------

_C1, _C2 = CORRECT["c1"], CORRECT["c2"]
_NO_POWER = ("first_correction.no_power", "second_correction.no_power")
_ALWAYS_ONE = ("first_correction.t_always_one", "second_correction.t_always_one")
_RESTARTS = ("counter.restarts",)
_SQUARE = "(1 - beta2) * g * g"


def _changed(*changes, slips=()):
    """The right function with pieces of its text replaced by others."""
    source = fill(TEMPLATE, CORRECT, [SLIPS[slip] for slip in slips])
    for right, wrong in changes:
        assert right in source
        source = source.replace(right, wrong, 1)
    return source


TOLD = (
    # A missing power and t left at one give the same numbers, but another line is wrong.
    (_changed((_C1, "(1 - beta1)"), (_C2, "(1 - beta2)")), _NO_POWER),
    (_changed((_C1, "(1 - beta1 ** 1)"), (_C2, "(1 - beta2**1)")), _ALWAYS_ONE),
    (_changed((_C1, "(1 - np.power(beta1, 1))"), (_C2, "(1 - np.power(beta2, 1))")), _ALWAYS_ONE),
    *((_changed(("    pass\n", f"    {start}\n")), _RESTARTS)
      for start in ("t = 1", "t=1  # the first step", "t = 1.0", "t: int = 1", "t = 0\n    t += 1")),
    (_changed(("    pass\n", "    step_number = 1\n"), (_C1, "(1 - beta1 ** step_number)"),
              (_C2, "(1 - np.power(beta2, step_number))")), _RESTARTS),
    # Set before the loop, raised in it: the arrays count 1, 2, 3, 4.
    (_changed(("    pass\n", "    t = 0\n"), ("        pass\n", "        t += 1\n")), _RESTARTS),
    # Other ones in the source do not count as t left at one: a default of t is not what the step uses.
    *((text + _changed((_C1, "(1 - beta1)")), _NO_POWER[:1]) for text in (
        "def helper(v, t=1):\n    return v\n",
        "def helper(v, t: int = 1, beta=0.9):\n    return v\n",
        "def helper(\n    v,\n    t=1\n):\n    return v\n",
        "at = 1\nself_t = 1\n",
        "def helper(t):\n    return t == 1\n",
        "# t = 1 at the first step\n")),
    # A slip in some lines of unrolled code is named with its place, two in two places both.
    *((_changed((_SQUARE, f"(1 - beta2) * (g if {where} else g * g)")), ("second_moment.gradient_not_squared",),
       f"In {names} alone: ") for where, names in (("k == 2", "W2"), ("k in (0, 3)", "W1 and b2"),
                                                  ("k != 1", "W1, W2 and b2"))),
    (_changed((_SQUARE, "(1 - beta2) * (g if k == 2 else g * g)"),
              ("v = beta1 * v_old + (1 - beta1) * g", "v = beta1 * v_old + (g if k == 1 else (1 - beta1) * g)")),
     ("second_moment.gradient_not_squared", "first_moment.sum_not_average")),
    # What nobody foresaw is given no name.
    *((_changed(change), (), "I do not recognise this mistake") for change in (
        ("rate = learning_rate", "rate = 1.23 * learning_rate"),
        (f"v = {CORRECT['v']}", "v = 0.77 * v_old + 0.11 * g"),
        (f"s = {CORRECT['s']}", "s = 0.77 * s_old + g ** 4"),
        ("new_w.append(w_new)", "new_w.append(w_new * 1.01 if k == 2 else w_new)"))),
    (_changed(("    weights =", "    dW1 /= 2\n    weights ="), slips=["direction.ascends"]),
     ("changes_inputs", "direction.ascends"), "`dW1 /= 2`: this divides `dW1` by `2`"),
)


def check_which_arrays_differ_and_by_how_much_is_said(assessed):
    """Where a mistake has no name, that is all there is to go by."""
    weights, v, s = (tuple(f"{kind}{p}" for p in ("W1", "b1", "W2", "b2")) for kind in ("", "v", "s"))
    for change, arrays in (
            (("rate = learning_rate", "rate = 1.23 * learning_rate"), weights),
            ((f"v = {CORRECT['v']}", "v = 0.77 * v_old + 0.11 * g"), weights + v),
            ((f"s = {CORRECT['s']}", "s = 0.77 * s_old + g ** 4"), weights + s),
            (("new_w.append(w_new)", "new_w.append(w_new * 1.01 if k == 2 else w_new)"), ("W2",))):
        report = assessed(_NAME, _changed(change))
        messages = [o.message for o in report.outcomes if not o.passed
                    and o.id in ("update.first_moment", "update.second_moment", "update.later_steps")]
        said = set(" ".join(messages).replace(",", " ").split())
        assert said & {*weights, *v, *s} == set(arrays)
        assert all("times the size of" in m for m in messages)


def _returning(results):
    """The right function, whose twelve results, `out`, are handed back in another way."""
    return (f"{_changed()}\nright = {_NAME}\ndef {_NAME}(*args, **kwargs):\n    out = right(*args, **kwargs)\n"
            f"    return {results}\n")


def check_nan_and_inf_lose_points_and_equal_nothing(assessed, names):
    for value in ("np.nan", "np.inf"):
        report = assessed(_NAME, _returning(f"tuple(x * {value} for x in out)"))
        assert [o.id for o in report.outcomes if o.passed] == ["update.structure"]
        assert names(report) == set()
        assert "nan or inf" in report.outcome("update.first_moment").message


def check_the_right_numbers_in_the_wrong_shape_get_a_reason(assessed):
    for results, reason in (
            ("tuple(x.ravel() for x in out)", r"W1 comes back with the shape \(1,\), its parameter has \(1, 1\)"),
            ("tuple(x.T for x in out)", r"W1 comes back with the shape \((\d), (\d)\), its parameter has \(\2, \1\)"),
            ("tuple(x[None] for x in out)", r"W1 comes back with the shape \(1, 1, 1\), its parameter has \(1, 1\)")):
        report = assessed(_NAME, _returning(results))
        assert re.fullmatch(reason, report.outcome("update.structure").message)
        assert not report.outcome("update.first_moment").passed


def check_whole_numbers_do_not_pass(assessed):
    assert assessed(_NAME, _returning("tuple(x.astype(int) for x in out)")).score < 16


def check_what_is_too_inexact_to_train_with_may_fail_but_is_not_named_wrongly(assessed, names):
    """float16 keeps three digits and has no number below 6e-8: the tolerance is for float32."""
    report = assessed(_NAME, _returning("tuple(x.astype(np.float16) for x in out)"))
    assert report.status in ("correct", "wrong") and names(report) == set()


def check_cells_with_plots_do_not_disturb(assessed):
    """Students look at what they compute, in cells beside the function and in the function."""
    drawing = ("import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
               "plt.plot([1, 2])\nplt.close('all')\n")
    assert assessed(_NAME, drawing + KEY).status == "correct"


def check_every_variant_of_the_deviations_changes_some_number(challenges_of):
    """A switch that changes nothing on the diagnosis cases could never be found, or would be named at random."""
    from optimlab.tutor.exercises.adam import rule, update
    from optimlab.tutor.switchboard import disagreement
    cases = [c for c in challenges_of(_NAME, 5) if c.id.startswith("diagnosis")]
    inputs, scales = update.flat_inputs(cases), update.flat_scales(cases)
    right = rule.BOARD.simulate(inputs)
    for d in rule.DEVIATIONS:
        for variant in range(len(d.variants)):
            wrong = rule.BOARD.simulate(inputs, (d.id,), variant)
            assert max(disagreement(wrong[k], right[k], scales[k]) for k in right) > 1, (d.id, variant)


def check_the_points_are_those_of_the_marking_scheme(assessed):
    assert {o.id: o.max_points for o in assessed(_NAME, KEY).outcomes} == {
        "update.structure": 1, "update.first_moment": 3, "update.second_moment": 3, "update.first_step": 2,
        "update.later_steps": 4, "update.hyperparameters": 2, "update.every_parameter": 1}


# --- what its hints say ------------------------------------------------------

def _one_parameter(*slips):
    """The update of W1 alone, `f(w, g, v, s, t) -> w, v, s`: ten thousand steps are wanted."""
    source = student_code.source(_NAME, *slips)
    update = student_code.function(source.replace("range(4)", "range(1)"), _NAME)

    def f(w, g, v, s, t, **hyperparameters):
        # Numbers, not arrays of one number: they take half the time.
        w, g, v, s = map(np.float64, (w, g, v, s))
        return update(w, w, w, w, g, g, g, g, v, v, v, v, s, s, s, s, t, **hyperparameters)
    return f


@cache
def _step_at(t, slip=None, gradient=1.0, moments=0.0, **hyperparameters):
    """The step that is taken at time t under a constant gradient, the moments handed on from t = 1."""
    update, w, v, s = _one_parameter(*[slip] if slip else []), 0.0, moments, moments
    with np.errstate(all="ignore"):
        for now in range(1, t + 1):
            w, v, s = update(0.0, gradient, v, s, now, **hyperparameters)
    return -w


def _factor(t, slip, **given):
    """How many times too long (above 1) or too short (below 1) the step is."""
    return abs(_step_at(t, slip, **given) / _step_at(t, **given))


def _bowl(steps, slip):
    """Where the walk on w²/2 ends that starts at -3 with a rate of 0.1."""
    update, w, v, s = _one_parameter(slip), -3.0, 0.0, 0.0
    for t in range(1, steps + 1):
        w, v, s = update(w, w, v, s, t, learning_rate=0.1)
    return w


_LATE = 10_000  # where even 0.999 to the power of t is nothing
_TINY = {"gradient": 1e-6}
# id: (what the hint prints, the number computed)
NUMBERS = {
    "first_moment.forgets_history": ("late steps are {} times too short", lambda id: 1 / _factor(_LATE, id)),
    "first_moment.never_decays": ("the 100th step is {} times too long", lambda id: _factor(100, id)),
    "first_moment.sum_not_average": ("Every step is {} times too long", lambda id: _factor(1, id)),
    "first_moment.beta2_for_beta1": ("the first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "second_moment.forgets_history": ("late steps are {} times too long", lambda id: _factor(_LATE, id)),
    "second_moment.never_decays": ("step 10000 is {} times too short", lambda id: 1 / _factor(10_000, id)),
    "second_moment.accumulates": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "second_moment.sum_not_average": ("Every step is {} times too short", lambda id: 1 / _factor(1, id)),
    "second_moment.weights_swapped": ("the first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "second_moment.absolute_gradient": ("a loss 100 times larger makes them {} times longer",
                                        lambda id: _step_at(50, id, gradient=100.0) / _step_at(50, id)),
    "second_moment.squares_first_moment": ("the first step is {} times too long", lambda id: _factor(1, id)),
    "second_moment.beta1_for_beta2": ("the first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "second_moment.weight_squared_too": ("every step is {} times too long", lambda id: _factor(1, id)),
    "first_correction.missing": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "first_correction.multiplied": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "first_correction.twice": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "correction.both_twice": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "first_correction.no_power": ("Late steps are {} times too long", lambda id: _factor(_LATE, id)),
    "first_correction.t_plus_one": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "first_correction.t_always_one": ("Late steps are {} times too long", lambda id: _factor(_LATE, id)),
    "first_correction.power_of_one_minus_beta": ("The second step is {} times too long", lambda id: _factor(2, id)),
    "first_correction.divides_by_power": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "first_correction.other_beta": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.missing": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.multiplied": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.no_power": ("Late steps are {} times too short", lambda id: 1 / _factor(_LATE, id)),
    "second_correction.t_plus_one": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.t_always_one": ("Late steps are {} times too short", lambda id: 1 / _factor(_LATE, id)),
    "second_correction.power_of_one_minus_beta": ("The second step is {} times too short",
                                                  lambda id: 1 / _factor(2, id)),
    "second_correction.divides_by_power": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.other_beta": ("The first step is {} times too long", lambda id: _factor(1, id)),
    "second_correction.outside_root": ("The first step is {} times too short", lambda id: 1 / _factor(1, id)),
    "denominator.epsilon_inside_root": ("with a gradient of 1e-6 the step is {} times too short",
                                        lambda id: 1 / _factor(5, id, **_TINY)),
    "denominator.maximum_not_sum": ("as small as epsilon, the step is {} times too long",
                                    lambda id: _factor(5, id, gradient=1e-8)),
    "denominator.root_missing": ("with a gradient of 0.01 the step is {} times too long",
                                 lambda id: _factor(5, id, gradient=0.01)),
    # With an overwhelming epsilon the step is the gradient over what epsilon has become.
    "denominator.epsilon_hat_unscaled": ("In the first step epsilon acts {} times too strongly",
                                         lambda id: 1 / _factor(1, id, epsilon=1e6)),
    "numerator.times_gradient": ("60 steps end at {}.", lambda id: _bowl(60, id)),
    "step_size.divided_by_root_t": ("the 100th step is {} times too short", lambda id: 1 / _factor(100, id)),
    "step_size.learning_rate_missing": ("every step is {} times too long", lambda id: _factor(1, id)),
    "returned_moments.corrected_returned": ("with both, the second step is {} times too short",
                                            lambda id: 1 / _factor(2, id)),
    "returned_moments.old_returned": ("with both, late steps are {} times too long", lambda id: _factor(_LATE, id)),
}
GIVEN = (r"\bbeta[12]\b|t stays 1|gradients? of [\d.e-]+|step 10000|\b100th|loss 100 times"
         r"|w²/2 from -3 with a rate of 0\.1, 60 steps")


def check_every_step_means_every_step():
    """"Every step" is more than the first: the factor does not change with t."""
    ids = [id for id, (sentence, _) in NUMBERS.items() if "very step" in sentence]
    assert len(ids) == 4
    for id in ids:
        assert _factor(1, id) == pytest.approx(_factor(2000, id), rel=1e-4)


def check_a_correction_with_beta_times_t_turns_from_the_second_step_on():
    first, second = "first_correction.beta_times_t", "second_correction.beta_times_t"
    assert _step_at(1, first) > 0 and all(_step_at(t, first) < 0 for t in (2, 3, 10, 100))
    assert _step_at(1, second) > 0 and all(np.isnan(_step_at(t, second)) for t in (2, 3, 10, 100))


def check_the_precedence_of_the_division():
    """The first moment moves without a gradient; the second is negative unless gradients are large."""
    assert _step_at(1, "first_correction.precedence", gradient=0.0) != 0 == _step_at(1, gradient=0.0)
    assert np.isnan(_step_at(1, "second_correction.precedence"))
    assert np.isfinite(_step_at(1, "second_correction.precedence", gradient=100.0))


def check_a_constant_exponent_fits_one_step():
    for id in ("first_correction.constant_exponent", "second_correction.constant_exponent"):
        assert _factor(2, id) == pytest.approx(1) and all(abs(_factor(t, id) - 1) > 0.01 for t in (1, 3, 50, 5000)), id


def check_epsilon_in_a_correction_shortens_or_lengthens_the_first_steps():
    for id, longer in (("first_correction.epsilon_added", False), ("second_correction.epsilon_added", True)):
        assert (_factor(1, id, epsilon=0.01) > 1.01) == longer != (_factor(1, id, epsilon=0.01) < 0.99)
        assert _factor(_LATE, id, epsilon=0.01) == pytest.approx(1, abs=0.02)


def check_counters_that_do_not_count():
    """Restarted, late steps are too short; raised from array to array, equal numbers move unlike."""
    assert _factor(_LATE, "counter.restarts") < 0.5
    ones = [np.ones((1, 1)) for _ in range(16)]
    moved = student_code.student(_NAME, "counter.once_per_array")(*ones, 1)[:4]
    assert len({float(w.item()) for w in moved}) == 4


def check_weights_of_two_betas_do_not_add_up_to_one():
    """Under a gradient of one an average is one; with one beta in the other's place, a hundredth or a hundred."""
    for id, beta1, beta2, far in (("first_moment.betas_mixed", 0.9, 0.999, 0.01), ("first_moment.betas_mixed", 0.999, 0.9, 100),
                                  ("second_moment.betas_mixed", 0.9, 0.999, 100), ("second_moment.betas_mixed", 0.999, 0.9, 0.01)):
        update, v, s = _one_parameter(id), 1.0, 1.0
        for t in range(1, _LATE):
            _, v, s = update(0.0, 1.0, v, s, t, beta1=beta1, beta2=beta2)
        assert (v if id.startswith("first") else s) == pytest.approx(far, rel=0.01), (id, beta1)


def check_other_optimizers_in_adams_place():
    """Where gradients agree AdaBelief's steps are long; one large gradient keeps AdaMax's and AMSGrad's short."""
    assert _factor(1000, "second_moment.centred") > 5
    update, v, s = _one_parameter("second_moment.infinity_norm"), 0.0, 0.0
    for t in range(1, 500):
        _, v, s = update(0.0, 100.0 if t == 1 else 1.0, v, s, t)
    assert s > 50


def check_what_comes_back_in_the_weights_place():
    """Taken from the step, every weight changes its sign; the step alone forgets it."""
    for w in (-3.0, 2.0):
        assert np.sign(_one_parameter("direction.reversed")(w, 1.0, 0.0, 0.0, 1)[0]) == -np.sign(w)
        assert abs(_one_parameter("direction.step_returned")(w, 1.0, 0.0, 0.0, 1)[0]) == pytest.approx(0.001)


def check_a_bad_average_of_squares_has_no_root():
    for id, s in (("second_moment.gradient_doubled", 0.0), ("second_moment.reads_first_moment", 1.0)):
        assert np.isnan(_one_parameter(id)(0.0, -1.0, -1.0, s, 1)[0]), id


def check_counting_one_step_too_few_divides_by_zero():
    assert np.isinf(_step_at(1, "first_correction.t_minus_one"))
    assert _step_at(1, "second_correction.t_minus_one") == 0


def check_uphill_from_the_first_step():
    for id in ("direction.ascends", "first_moment.minus_gradient"):
        walk = [abs(_bowl(n, id)) for n in range(20)]
        assert all(later > earlier for earlier, later in pairwise(walk)), id


def check_a_bias_correction_by_the_power_itself_grows_without_end():
    grown = [_factor(t, "first_correction.divides_by_power") for t in (50, 100, 500)]
    assert grown[0] > 10 and grown[1] > 10 * grown[0] and grown[2] > 1e10 * grown[1]


def check_the_power_of_one_minus_beta_gets_far_worse():
    assert _factor(4, "first_correction.power_of_one_minus_beta") > 10 * 19
    assert _factor(4, "second_correction.power_of_one_minus_beta") < 0.1 / 44.7


def check_a_negative_gradient_without_its_square_is_nan():
    id = "second_moment.gradient_not_squared"
    assert np.isnan(_step_at(1, id, gradient=-1.0)) and np.isfinite(_step_at(1, id))


def check_the_squared_sum_vanishes_with_small_gradients():
    id = "second_moment.sum_squared"
    assert _factor(1, id, gradient=1e-3) > 10 * _factor(1, id, gradient=1e-1) > 1000


def check_adagrads_steps_shrink_for_ever():
    steps = [_step_at(t, "second_moment.accumulates") for t in (1, 10, 100, 1000, _LATE)]
    assert all(later < earlier for earlier, later in pairwise(steps))
    assert steps[-1] < 0.5 * steps[-2]


def check_one_large_gradient_shortens_all_later_steps_of_the_running_maximum():
    """Adam itself recovers from it: that is the difference."""
    def after_a_jolt(slips):
        update, v, s = _one_parameter(*slips), 0.0, 0.0
        for t in range(1, _LATE):
            w, v, s = update(0.0, 100.0 if t == 1 else 1.0, v, s, t)
        return -w / 0.001

    assert after_a_jolt(["second_moment.running_maximum"]) < 0.35
    assert after_a_jolt([]) == pytest.approx(1, abs=0.1)


def check_without_epsilon_a_gradient_that_has_always_been_zero_gives_nan():
    assert np.isnan(_step_at(3, "denominator.epsilon_missing", gradient=0.0))
    assert _step_at(3, gradient=0.0) == 0


def check_epsilon_after_the_division_pushes_even_without_a_gradient_s_help():
    id = "denominator.epsilon_after_division"
    pushed = _step_at(3, id, epsilon=1e-3) - _step_at(3, id, epsilon=0.0)
    assert pushed == pytest.approx(_step_at(9, id, epsilon=1e-3) - _step_at(9, id, epsilon=0.0)) != 0


def check_epsilon_twice_holds_back_where_gradients_are_tiny():
    id = "denominator.epsilon_twice"
    assert _factor(3, id, gradient=1e-8) < 0.7 and _factor(3, id) == pytest.approx(1)


def check_without_the_division_large_gradients_make_large_steps():
    id = "denominator.no_division"
    assert _step_at(3, id, gradient=50.0) == pytest.approx(50 * _step_at(3, id))


def check_stale_moments_do_not_move_at_first():
    assert _step_at(1, "numerator.stale_moments") == 0 < _step_at(2, "numerator.stale_moments")


def check_a_hard_coded_number_gives_the_same_step_whatever_is_asked_for():
    for id, name in (("denominator.hard_coded_epsilon", "epsilon"),
                     ("step_size.hard_coded_learning_rate", "learning_rate"),
                     *(("step_size.defaults_overwritten", name) for name in ("epsilon", "learning_rate"))):
        one, other = ({name: value} for value in (0.01, 0.1))
        assert _step_at(3, id, **one) == _step_at(3, id, **other), id
        assert _step_at(3, **one) != _step_at(3, **other), id
    assert _step_at(3, "step_size.defaults_overwritten", beta1=0.5, beta2=0.5) == _step_at(3, "step_size.defaults_overwritten")


def check_how_many_steps_a_moment_remembers():
    """About 1 / (1 - beta): what one step keeps of the moment before it."""
    for slip, memory in (("first_moment.weights_swapped", 1 / 0.9), ("first_moment.beta2_for_beta1", 1000),
                         ("second_moment.weights_swapped", 1 / 0.999), ("second_moment.beta1_for_beta2", 10),
                         ("first_moment.beta_exchanged", 1 / 0.9), ("second_moment.beta_exchanged", 1 / 0.999)):
        _, v, s = _one_parameter(slip)(0.0, 0.0, 1.0, 1.0, 2)
        kept = v if slip.startswith("first") else s
        assert 1 / (1 - kept) == pytest.approx(memory, rel=1e-6), slip


def check_corrected_moments_come_back_larger_and_old_ones_forget():
    assert _factor(1, "returned_moments.corrected_returned") == 1  # the first step shows nothing yet
    assert _factor(1, "returned_moments.old_returned") == 1
