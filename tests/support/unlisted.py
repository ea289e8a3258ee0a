"""Wrong answers that no catalogue lists: right ones in several styles, and edits of one line.

A style is a right answer with the names it has for the quantities of the rule. An edit is
a formula in the rule's letters that stands in the place of one quantity; so the line that is
changed is known. Written for the purpose, in our own words.
"""
import re
import textwrap
from typing import NamedTuple

import numpy as np


class Style(NamedTuple):
    """A right answer. lines: by slot, a line with {} for its formula; names: the rule's letters as they stand there."""

    text: str
    names: dict[str, str]


class Edited(NamedTuple):
    """A wrong answer: its source, and the numbers of the lines that were changed."""

    source: str
    lines: tuple[int, ...]
    what: str


def edited(style, right, edits, what=""):
    """The style with some formulas put in, the others as is right; and where they stand."""
    source, lines = style.text, []
    formulas = dict(right) | dict(edits)
    for slot, formula in formulas.items():
        written = re.sub(r"[A-Z][A-Z0-9]*\b(?!\()", lambda m: style.names.get(m[0], m[0]), formula)
        source = source.replace("{" + slot + "}", written, 1)
        if slot in dict(edits):
            lines.append(style.text.split("{" + slot + "}")[0].count("\n") + 1)
    return Edited(source, tuple(lines), what or " + ".join(f"{k}: {f}" for k, f in dict(edits).items()))


# ---------------------------------------------------------------- Adam

_SIGNATURE = """import numpy as np

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
"""
RIGHT = {
    "v": "B1 * V0 + (1 - B1) * G", "s": "B2 * S0 + (1 - B2) * G**2", "vh": "V / (1 - B1**T)", "sh": "S / (1 - B2**T)",
    "step": "W - LR * VH / (np.sqrt(SH) + EPS)",
}
_LETTERS = {"B1": "beta1", "B2": "beta2", "LR": "learning_rate", "EPS": "epsilon", "T": "t"}


def _of_one_array(w, g, v0, s0, v, s, vh, sh):
    return _LETTERS | {"W": w, "G": g, "V0": v0, "S0": s0, "V": v, "S": s, "VH": vh, "SH": sh}


def _adam(body):
    return _SIGNATURE + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n"


_OUT_RIGHT = "\n".join(f"""
v{p} = beta1 * v{p} + (1 - beta1) * d{p}
s{p} = beta2 * s{p} + (1 - beta2) * d{p}**2
v{p}_hat = v{p} / (1 - beta1**t)
s{p}_hat = s{p} / (1 - beta2**t)
{p} = {p} - learning_rate * v{p}_hat / (np.sqrt(s{p}_hat) + epsilon)""" for p in ("W1", "b1", "b2"))

ADAM = {
    # The lines of W2 are those that change.
    "written out": Style(_adam(_OUT_RIGHT + """
vW2 = {v}
sW2 = {s}
vW2_hat = {vh}
sW2_hat = {sh}
W2 = {step}
return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
"""), _of_one_array("W2", "dW2", "vW2", "sW2", "vW2", "sW2", "vW2_hat", "sW2_hat")),
    "helper": Style(_SIGNATURE.replace("def update", """def one_step(w, grad, m, q, t, alpha, beta1, beta2, eps):
    m = {v}
    q = {s}
    m_hat = {vh}
    q_hat = {sh}
    w = {step}
    return w, m, q

def update""") + """    hyper = (t, learning_rate, beta1, beta2, epsilon)
    W1, vW1, sW1 = one_step(W1, dW1, vW1, sW1, *hyper)
    b1, vb1, sb1 = one_step(b1, db1, vb1, sb1, *hyper)
    W2, vW2, sW2 = one_step(W2, dW2, vW2, sW2, *hyper)
    b2, vb2, sb2 = one_step(b2, db2, vb2, sb2, *hyper)
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
""", _of_one_array("w", "grad", "m", "q", "m", "q", "m_hat", "q_hat") | {"LR": "alpha", "EPS": "eps"}),
    "loop over lists": Style(_adam("""
    params, grads = [W1, b1, W2, b2], [dW1, db1, dW2, db2]
    firsts, seconds = [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]
    new_params, new_firsts, new_seconds = [], [], []
    for p, g, v_old, s_old in zip(params, grads, firsts, seconds):
        v = {v}
        s = {s}
        v_hat = {vh}
        s_hat = {sh}
        new = {step}
        new_params.append(new)
        new_firsts.append(v)
        new_seconds.append(s)
    return tuple(new_params + new_firsts + new_seconds)
"""), _of_one_array("p", "g", "v_old", "s_old", "v", "s", "v_hat", "s_hat")),
    "dicts": Style(_adam("""
    parameters = {{"W1": W1, "b1": b1, "W2": W2, "b2": b2}}
    grads = {{"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}}
    v = {{"W1": vW1, "b1": vb1, "W2": vW2, "b2": vb2}}
    s = {{"W1": sW1, "b1": sb1, "W2": sW2, "b2": sb2}}
    vc, sc = {{}}, {{}}
    for key in parameters:
        v[key] = {v}
        s[key] = {s}
        vc[key] = {vh}
        sc[key] = {sh}
        parameters[key] = {step}
    return (*parameters.values(), *v.values(), *s.values())
""").replace("{{", "{").replace("}}", "}"), _of_one_array("parameters[key]", "grads[key]", "v[key]", "s[key]", "v[key]", "s[key]", "vc[key]",
                                       "sc[key]")),
    "class": Style(_SIGNATURE.replace("def update", """class Slot:
    def __init__(self, value, first, second, beta1, beta2, rate, tiny):
        self.value, self.first, self.second = value, first, second
        self.beta1, self.beta2, self.rate, self.tiny = beta1, beta2, rate, tiny

    def remember(self, grad):
        self.first = {v}
        self.second = {s}

    def move(self, t):
        first_hat = {vh}
        second_hat = {sh}
        self.value = {step}

def update""") + """    slots = []
    for four in ((W1, vW1, sW1, dW1), (b1, vb1, sb1, db1), (W2, vW2, sW2, dW2), (b2, vb2, sb2, db2)):
        slot = Slot(*four[:3], beta1, beta2, learning_rate, epsilon)
        slot.grad = four[3]
        slot.remember(four[3])
        slot.move(t)
        slots.append(slot)
    return (*[s.value for s in slots], *[s.first for s in slots], *[s.second for s in slots])
""", _of_one_array("self.value", "self.grad", "self.first", "self.second", "self.first", "self.second", "first_hat",
                   "second_hat") | {"B1": "self.beta1", "B2": "self.beta2", "LR": "self.rate", "EPS": "self.tiny"}),
    "in place": Style(_adam("""
    new = []
    for p, g, v, s in ((W1, dW1, vW1, sW1), (b1, db1, vb1, sb1), (W2, dW2, vW2, sW2), (b2, db2, vb2, sb2)):
        p, v, s = p.copy(), v.copy(), s.copy()
        v[...] = {v}
        s[...] = {s}
        vh = np.empty_like(v)
        vh[:] = {vh}
        sh = {sh}
        p[:] = {step}
        new.append((p, v, s))
    return tuple(three[k] for k in range(3) for three in new)
"""), _of_one_array("p", "g", "v", "s", "v", "s", "vh", "sh")),
}

ADAM_EDITS = [(slot, formula) for slot, formulas in {
    "v": """B1 * V0 + 1 - B1 * G | B1 * V0 + (1 - B1) * V0 | (B1 * V0 + (1 - B1) * G) / 2 | B1 * (V0 + (1 - B1) * G)
        B1 * V0 + (1 - B2) * G | B2 * V0 + (1 - B1) * G | B1 * V0 + (1 - B1) * G * G | B1 * V0 + (1 + B1) * G
        B1**2 * V0 + (1 - B1) * G | 0.8 * V0 + (1 - B1) * G | B1 * V0 + 0.1 * G | B1 * V0 + (1 - B1) * (G - V0)
        B1 * V0 + LR * (1 - B1) * G | B1 * V0 * (1 - B1) * G | np.abs(B1 * V0 + (1 - B1) * G)
        B1 * V0 + (1 - B1) * np.sign(G) | B1 * V0 + G / (1 - B1)""",
    "s": """B2 * S0 + 1 - B2 * G**2 | B2 * S0 + (1 - B2) * G * 2 | B2 * S0 + (1 - B1) * G**2 | B1 * S0 + (1 - B2) * G**2
        B2 * S0 + (1 - B2) * G**3 | np.sqrt(B2 * S0 + (1 - B2) * G**2) | B2 * S0 + (1 - B2) * (G - V)**2
        np.maximum(B2 * S0, np.abs(G)) | B2 * S0 + (1 - B2) * G * V | B2 * (S0 + (1 - B2) * G**2)
        B2 * S0**2 + (1 - B2) * G**2 | B2 * S0 + (1 - B2) * G**2 + EPS | 0.5 * S0 + (1 - B2) * G**2
        B2 * S0 + (1 - B2) * np.max(G)**2""",
    "vh": """V / 1 - B1**T | V / (1 + B1**T) | V / (1 - T**B1) | V / (1 - B1**T + EPS) | V / (1 - B1**T)**2
        V / np.sqrt(1 - B1**T) | G / (1 - B1**T) | V / (1 - B1**(2 * T)) | V / (B1**T - 1) | V / (1 - B1**2)
        V - (1 - B1**T) | V / (1 - B1**T) / (1 - B1**T) | V / (1 - (B1 * T)) | 2 * V / (1 - B1**T)""",
    "sh": """S / 1 - B2**T | S / (1 + B2**T) | S / np.sqrt(1 - B2**T) | S / (1 - B2**T)**2 | S / (1 - B2**(T * 2))
        V / (1 - B2**T) | S / (1 - B2**2) | S / (1 - B2**T + EPS) | S / (1 - B2)**2""",
    "step": """W - LR * VH / np.sqrt(SH) * EPS | W - LR * VH / (np.sqrt(SH) - EPS) | W - LR * VH * (np.sqrt(SH) + EPS)
        LR * VH / (np.sqrt(SH) + EPS) - W | W - LR * VH / (SH**2 + EPS) | W - LR * VH / (np.sqrt(SH) + EPS) / T
        W * (1 - LR * VH / (np.sqrt(SH) + EPS)) | W - LR**2 * VH / (np.sqrt(SH) + EPS)
        W - LR * VH / (SH**(1 / 3) + EPS) | W - LR * (VH + G) / (np.sqrt(SH) + EPS) | W - LR * np.sign(VH)
        W - LR * (B1 * VH + (1 - B1) * G / (1 - B1**T)) / (np.sqrt(SH) + EPS) | G - LR * VH / (np.sqrt(SH) + EPS)
        W - VH / (np.sqrt(SH) + EPS) - LR | W - LR * VH / np.sqrt(SH * EPS) | W - EPS * VH / (np.sqrt(SH) + LR)
        W - LR * VH / (np.sqrt(SH) + 0.01) | W - 0.5 * VH / (np.sqrt(SH) + EPS) | W - LR * VH / np.log(SH + EPS)
        W - LR * VH / (np.sqrt(SH) + EPS) * 10""",
}.items() for formula in re.split(r"\s*\|\s*|\n\s*", formulas)]

# The spread that the tests take: every edit, in two of the six styles; and pairs, each in one.
STYLES = list(ADAM)
ADAM_ONE = [(style, (edit,)) for n, edit in enumerate(ADAM_EDITS)
            for style in dict.fromkeys((STYLES[n % 6], STYLES[(n + 1 + n // 6 % 5) % 6]))]
ADAM_TWO = [(STYLES[n % 6], (one, other)) for n, one in enumerate(ADAM_EDITS)
            for other in [ADAM_EDITS[(n * 29 + 31) % len(ADAM_EDITS)]] if one[0] != other[0]]


# ---------------------------------------------------------------- the other exercises, and some that the course lacks

def _lines(text, edits):
    """A right answer and its edits: (a part of a line, what stands there instead)."""
    return textwrap.dedent(text).lstrip("\n"), edits


OTHERS = {
    "gradient_step": _lines("""
        def gradient_step(w, dw, learning_rate):
            step = learning_rate * dw
            return w - step
    """, [("learning_rate * dw", "learning_rate * dw * 2"), ("learning_rate * dw", "learning_rate + dw"),
          ("learning_rate * dw", "learning_rate ** 2 * dw"), ("learning_rate * dw", "learning_rate * dw ** 3"),
          ("w - step", "w - step / 2"), ("w - step", "w * step"), ("w - step", "step - w"), ("w - step", "0.9 * w - step")]),
    "momentum_step": _lines("""
        def momentum_step(w, dw, v, learning_rate, beta=0.9):
            old = beta * v
            new = (1 - beta) * dw
            v = old + new
            w = w - learning_rate * v
            return w, v
    """, [("beta * v", "beta ** 2 * v"), ("beta * v", "beta * v * v"), ("beta * v", "beta + v"),
          ("(1 - beta) * dw", "(1 + beta) * dw"), ("(1 - beta) * dw", "(1 - beta) ** 2 * dw"),
          ("(1 - beta) * dw", "(1 - beta) * dw + v"), ("old + new", "old * new"), ("old + new", "2 * (old + new)"),
          ("learning_rate * v", "learning_rate * v * beta"), ("w - learning_rate", "w - 2 * learning_rate")]),
    "rmsprop_step": _lines("""
        def rmsprop_step(w, dw, s, learning_rate, beta=0.9, epsilon=1e-8):
            s = beta * s + (1 - beta) * dw ** 2
            root = np.sqrt(s)
            denominator = root + epsilon
            w = w - learning_rate * dw / denominator
            return w, s
    """, [("dw ** 2", "dw ** 4"), ("beta * s +", "beta * s * beta +"), ("dw ** 2", "dw ** 2 + w"),
          ("np.sqrt(s)", "np.log(s)"), ("np.sqrt(s)", "np.sqrt(s) ** 3"), ("root + epsilon", "root - epsilon"),
          ("root + epsilon", "root * epsilon"), ("learning_rate * dw", "learning_rate * dw ** 3"),
          ("learning_rate * dw", "learning_rate * w"), ("w - learning", "w - beta * learning")]),
    "adagrad_step": _lines("""
        def adagrad_step(w, dw, s, learning_rate, epsilon=1e-8):
            s = s + dw ** 2
            own_rate = learning_rate / (np.sqrt(s) + epsilon)
            w = w - own_rate * dw
            return w, s
    """, [("s + dw ** 2", "s * dw ** 2"), ("s + dw ** 2", "s + dw ** 2 / 2"), ("s + dw ** 2", "s + (dw - w) ** 2"),
          ("np.sqrt(s)", "np.sqrt(2 * s)"), ("np.sqrt(s)", "np.sqrt(s + dw ** 2)"), ("own_rate * dw", "own_rate * dw * s"),
          ("w - own_rate", "w + 3 * own_rate"), ("learning_rate / (", "learning_rate ** 2 / (")]),
    "layer_backward": _lines("""
        def layer_backward(dZ, A_prev, W):
            dW = dZ @ A_prev.T
            db = np.sum(dZ, axis=1, keepdims=True)
            dA_prev = W.T @ dZ
            return dW, db, dA_prev
    """, [("dZ @ A_prev.T", "dZ @ A_prev.T * 2"), ("dZ @ A_prev.T", "np.abs(dZ) @ A_prev.T"),
          ("np.sum(dZ, axis", "np.max(dZ, axis"), ("np.sum(dZ, axis", "np.sum(dZ ** 2, axis"),
          ("np.sum(dZ, axis", "np.prod(dZ, axis"), ("W.T @ dZ", "-(W.T @ dZ)"), ("W.T @ dZ", "W.T @ dZ ** 2"),
          ("W.T @ dZ", "W.T @ dZ + A_prev")]),
    "ewma": _lines("""
        def ewma(theta, beta, corrected=False):
            V, averages = 0.0, []
            for t, x in enumerate(theta, start=1):
                V = beta * V + (1 - beta) * x
                value = V / (1 - beta ** t) if corrected else V
                averages.append(value)
            return np.array(averages)
    """, [("(1 - beta) * x", "(1 - beta) * x * x"), ("beta * V +", "beta * beta * V +"), ("(1 - beta) * x", "x / 2"),
          ("(1 - beta) * x", "(1 - beta) ** 2 * x"), ("(1 - beta ** t)", "(1 + beta ** t)"),
          ("(1 - beta ** t)", "(1 - beta ** t) ** 2"), ("(1 - beta ** t)", "np.sqrt(1 - beta ** t)"),
          ("beta * V +", "0.7 * V +")]),
    "sgd_epoch": _lines("""
        def sgd_epoch(w, batches, gradient, learning_rate):
            for X, Y in batches:
                dw = gradient(w, X, Y)
                w = w - learning_rate * dw
            return w
    """, [("gradient(w, X, Y)", "gradient(2 * w, X, Y)"), ("gradient(w, X, Y)", "gradient(w, X, Y) + w"),
          ("gradient(w, X, Y)", "gradient(w, X, Y) ** 2"), ("learning_rate * dw", "learning_rate * dw * 3"),
          ("w - learning", "0.9 * w - learning")]),
    "largest_stable_rate": _lines("""
        def largest_stable_rate(curvatures):
            largest = np.max(curvatures)
            return 2 / largest
    """, [("np.max(curvatures)", "np.max(curvatures) ** 3"), ("np.max(curvatures)", "np.max(curvatures) + 1"),
          ("2 / largest", "2 / largest / 3"), ("2 / largest", "3 / largest")]),
}


def softmax_gradient(logits, targets):
    """The gradient of softmax's cross-entropy, of rows of logits and of targets as rows of zeros and ones."""
    shifted = logits - np.max(logits, axis=1, keepdims=True)
    exponentials = np.exp(shifted)
    probabilities = exponentials / np.sum(exponentials, axis=1, keepdims=True)
    return (probabilities - targets) / logits.shape[0]


def batch_norm(x, gamma, shift, epsilon):
    """A batch norm's forward pass, of examples in rows."""
    mean = np.mean(x, axis=0)
    centred = x - mean
    variance = np.mean(centred ** 2, axis=0)
    normal = centred / np.sqrt(variance + epsilon)
    return gamma * normal + shift


def warmup_and_cosine(step, warmup, total, highest):
    """A learning rate that first climbs, then falls along a cosine."""
    if step < warmup:
        return highest * step / warmup
    share = (step - warmup) / (total - warmup)
    return highest * (1 + np.cos(np.pi * share)) / 2


def _rows(rng):
    return [(rng.normal(size=(m, n)), np.eye(n)[rng.integers(0, n, m)]) for m, n in ((4, 3), (2, 5), (6, 2))]


def _batches(rng):
    return [(rng.normal(size=(m, n)), rng.normal(size=n), rng.normal(size=n), float(rng.uniform(0.1, 0.5)))
            for m, n in ((5, 3), (4, 2), (6, 4))]


def _steps(rng):
    return [(step, 5, 40, float(rng.uniform(0.1, 1))) for step in (2, 4, 9, 17, 31)]


# A right way, its cases, a student's right answer and edits of it.
NEW = {
    "softmax_gradient": (softmax_gradient, _rows, *_lines("""
        def softmax_gradient(logits, targets):
            m = logits.shape[0]
            z = logits - logits.max(axis=1, keepdims=True)
            e = np.exp(z)
            total = e.sum(axis=1, keepdims=True)
            p = e / total
            d = p - targets
            return d / m
    """, [("np.exp(z)", "np.exp(-z)"), ("np.exp(z)", "np.exp(z) ** 2"), ("np.exp(z)", "2 ** z"), ("e.sum(", "e.max("),
          ("e.sum(axis=1", "e.sum(axis=0"), ("e / total", "e * total"), ("p - targets", "p + targets"),
          ("p - targets", "p * (p - targets)"), ("d / m", "d / m / m"), ("d / m", "2 * d / m")])),
    "batch_norm": (batch_norm, _batches, *_lines("""
        def batch_norm(x, gamma, shift, epsilon):
            mu = x.mean(axis=0)
            away = x - mu
            var = (away ** 2).mean(axis=0)
            scale = np.sqrt(var + epsilon)
            normal = away / scale
            out = gamma * normal
            return out + shift
    """, [("x.mean(axis=0)", "x.max(axis=0)"), ("x.mean(axis=0)", "x.mean()"), ("x - mu", "x + mu"),
          ("away ** 2", "away ** 4"), ("away ** 2", "x ** 2"), ("np.sqrt(var + epsilon)", "np.sqrt(var) + epsilon"),
          ("np.sqrt(var + epsilon)", "var + epsilon"), ("away / scale", "x / scale"), ("away / scale", "away * scale"),
          ("gamma * normal", "gamma + normal"), ("gamma * normal", "shift * normal"), ("out + shift", "out - shift")])),
    "warmup_and_cosine": (warmup_and_cosine, _steps, *_lines("""
        def warmup_and_cosine(step, warmup, total, highest):
            if step < warmup:
                return highest * step / warmup
            done = step - warmup
            share = done / (total - warmup)
            wave = 1 + np.cos(np.pi * share)
            return highest * wave / 2
    """, [("highest * step / warmup", "highest * warmup / step"), ("highest * step / warmup", "highest * step / total"),
          ("step - warmup\\n", "step + warmup\\n"), ("(total - warmup)", "total"), ("(total - warmup)", "(total + warmup)"),
          ("1 + np.cos(", "1 - np.cos("), ("np.cos(np.pi", "np.sin(np.pi"), ("np.pi * share", "2 * np.pi * share"),
          ("wave / 2", "wave"), ("wave / 2", "wave / 4")])),
}


def changed(text, part, instead):
    """A text with one part of one line exchanged, and the line's number."""
    part, instead = part.replace("\\n", "\n"), instead.replace("\\n", "\n")
    line = text[:text.index(part)].count("\n") + 1
    return Edited(text.replace(part, instead, 1), (line,), f"{part} -> {instead}")


# ---------------------------------------------------------------- many slips together

# What students get wrong in each quantity, by the mistakes' names.
LISTED = {
    "v": {"first_moment.forgets_history": "(1 - B1) * G", "first_moment.sum_not_average": "B1 * V0 + G",
          "first_moment.minus_gradient": "B1 * V0 - (1 - B1) * G", "first_moment.weights_swapped": "(1 - B1) * V0 + B1 * G",
          "first_moment.beta2_for_beta1": "B2 * V0 + (1 - B2) * G", "first_moment.precedence": "B1 * V0 + 1 - B1 * G"},
    "s": {"second_moment.accumulates": "S0 + G**2", "second_moment.sum_not_average": "B2 * S0 + G**2",
          "second_moment.weight_squared_too": "B2 * S0 + ((1 - B2) * G)**2",
          "second_moment.beta1_for_beta2": "B1 * S0 + (1 - B1) * G**2", "second_moment.centred": "B2 * S0 + (1 - B2) * (G - V)**2",
          "second_moment.absolute_gradient": "B2 * S0 + (1 - B2) * np.abs(G)"},
    "vh": {"first_correction.missing": "V", "first_correction.multiplied": "V * (1 - B1**T)",
           "first_correction.t_plus_one": "V / (1 - B1**(T + 1))", "first_correction.no_power": "V / (1 - B1)",
           "first_correction.other_beta": "V / (1 - B2**T)", "first_correction.precedence": "V / 1 - B1**T"},
    "sh": {"second_correction.missing": "S", "second_correction.divides_by_power": "S / B2**T",
           "second_correction.t_plus_one": "S / (1 - B2**(T + 1))", "second_correction.no_power": "S / (1 - B2)",
           "second_correction.other_beta": "S / (1 - B1**T)", "second_correction.epsilon_added": "S / (1 - B2**T + EPS)"},
    "step": {"direction.ascends": "W + LR * VH / (np.sqrt(SH) + EPS)",
             "step_size.learning_rate_missing": "W - VH / (np.sqrt(SH) + EPS)",
             "denominator.epsilon_inside_root": "W - LR * VH / np.sqrt(SH + EPS)",
             "denominator.epsilon_missing": "W - LR * VH / np.sqrt(SH)",
             "direction.ascends numerator.raw_gradient": "W + LR * G / (np.sqrt(SH) + EPS)",
             "direction.ascends denominator.root_missing": "W + LR * VH / (SH + EPS)",
             "step_size.learning_rate_missing denominator.epsilon_missing": "W - VH / np.sqrt(SH)"},
}


def several(count):
    """Wrong answers with four to six slips each, in all styles: (style, edits, the mistakes' names)."""
    rng = np.random.default_rng(0)
    for n in range(count):
        slots = list(LISTED) if n % 2 else sorted(rng.permutation(list(LISTED))[:4].tolist(), key=list(LISTED).index)
        ids = {slot: str(rng.choice(list(LISTED[slot]))) for slot in slots}
        if "numerator.raw_gradient" in ids.get("step", ""):  # the corrected moment is not read any more
            ids.pop("vh", None)
        if ids.get("v") == "first_moment.forgets_history":  # times its own weight; divided by that, it is no mistake
            ids["v"] = "first_moment.sum_not_average"
        yield STYLES[n % 6], {slot: LISTED[slot][id] for slot, id in ids.items()}, " ".join(ids.values()).split()
