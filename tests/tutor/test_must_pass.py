"""Every correct way to write Adam gets full points and no mistake; what only looks right does not.

The styles are EXERCISES.md's "Must pass with full points", each written as students write it. A
tutor that marks one of them wrong teaches that the formula is wrong.
"""
import textwrap

import pytest
from student_code import initialize_source, update_source

from optimlab.tutor.checking import PUBLIC_SEED

UPDATE, INITIALIZE = "update_parameters_with_adam", "initialize_adam"
SEEDS = (PUBLIC_SEED, 1)

SIGNATURE = """def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
"""


def function_of(body, before="", signature=SIGNATURE):
    return "import numpy as np\n" + textwrap.dedent(before) + signature + textwrap.indent(textwrap.dedent(body), "    ")


def one_step(step, before=""):
    """The four parameters go through one helper function `adam(w, g, v, s)` whose body is given."""
    return function_of(f"def adam(w, g, v, s):\n{textwrap.indent(textwrap.dedent(step).strip(), '    ')}\n"
                       "W1, vW1, sW1 = adam(W1, dW1, vW1, sW1)\n"
                       "b1, vb1, sb1 = adam(b1, db1, vb1, sb1)\n"
                       "W2, vW2, sW2 = adam(W2, dW2, vW2, sW2)\n"
                       "b2, vb2, sb2 = adam(b2, db2, vb2, sb2)\n"
                       "return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n", before)


MOMENTS = "v = beta1 * v + (1 - beta1) * g\ns = beta2 * s + (1 - beta2) * g ** 2\n"
STEP = ("vh = v / (1 - beta1 ** t)\nsh = s / (1 - beta2 ** t)\n"
        "return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s\n")
ALL_IN_LISTS = """
    ws, gs = [W1, b1, W2, b2], [dW1, db1, dW2, db2]
    vs, ss = [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]
"""
RETURN = "return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n"

WRITTEN_OUT = "".join(
    f"v{p} = beta1 * v{p} + (1 - beta1) * d{p}\n"
    f"s{p} = beta2 * s{p} + (1 - beta2) * np.square(d{p})\n"
    f"v{p}_corrected = v{p} / (1 - np.power(beta1, t))\n"
    f"s{p}_corrected = s{p} / (1 - np.power(beta2, t))\n"
    f"{p} = {p} - learning_rate * v{p}_corrected / (np.sqrt(s{p}_corrected) + epsilon)\n"
    for p in ("W1", "b1", "W2", "b2")) + RETURN

STYLES = {
    "written out, as in the deck": function_of(WRITTEN_OUT),
    "in place on copies": one_step("""
        w, v, s = w.copy(), v.copy(), s.copy()
        v *= beta1
        v += (1 - beta1) * g
        s *= beta2
        s += (1 - beta2) * g * g
        w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
        return w, v, s"""),
    "element loops": one_step("""
        w, v, s = np.array(w), np.array(v), np.array(s)
        for i in range(w.shape[0]):
            for j in range(w.shape[1]):
                v[i, j] = beta1 * v[i, j] + (1 - beta1) * g[i, j]
                s[i, j] = beta2 * s[i, j] + (1 - beta2) * g[i, j] ** 2
                vh, sh = v[i, j] / (1 - beta1 ** t), s[i, j] / (1 - beta2 ** t)
                w[i, j] = w[i, j] - learning_rate * vh / (sh ** .5 + epsilon)
        return w, v, s"""),
    "lerp form": one_step("v = v + (1 - beta1) * (g - v)\ns = s + (1 - beta2) * (g * g - s)\n" + STEP),
    "the paper's efficient form": one_step(MOMENTS + """
rate = learning_rate * np.sqrt(1 - beta2 ** t) / (1 - beta1 ** t)
return w - rate * v / (np.sqrt(s) + epsilon * np.sqrt(1 - beta2 ** t)), v, s"""),
    "PyTorch's form": one_step(MOMENTS + """
denominator = np.sqrt(s) / np.sqrt(1 - beta2 ** t) + epsilon
return w - learning_rate / (1 - beta1 ** t) * (v / denominator), v, s"""),
    "expm1": one_step(MOMENTS + """
vh, sh = v / -np.expm1(t * np.log(beta1)), s / -np.expm1(t * np.log(beta2))
return w - learning_rate * vh / (np.sqrt(sh) + epsilon), v, s"""),
    "np.power, np.square, np.divide": one_step("""
        v = np.add(np.multiply(beta1, v), np.multiply(1 - beta1, g))
        s = np.add(np.multiply(beta2, s), np.multiply(1 - beta2, np.power(g, 2)))
        vh = np.divide(v, 1 - np.power(beta1, t))
        sh = np.divide(s, 1 - np.power(beta2, t))
        return np.subtract(w, learning_rate * np.divide(vh, np.add(np.sqrt(sh), epsilon))), v, s"""),
    "float32 results": one_step(MOMENTS + """
vh, sh = v / (1 - beta1 ** t), s / (1 - beta2 ** t)
w = w - learning_rate * vh / (np.sqrt(sh) + epsilon)
return w.astype(np.float32), v.astype(np.float32), s.astype(np.float32)"""),
    "flatten and reshape": one_step("shape = w.shape\nw, g, v, s = w.ravel(), g.flatten(), v.reshape(-1), s.ravel()\n"
                                    + MOMENTS + """
w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return w.reshape(shape), v.reshape(shape), s.reshape(shape)"""),
    "one concatenated vector": function_of(ALL_IN_LISTS + """
    w, g, v, s = (np.concatenate([a.ravel() for a in x]) for x in (ws, gs, vs, ss))
    v = beta1 * v + (1 - beta1) * g
    s = beta2 * s + (1 - beta2) * g ** 2
    w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
    cuts = np.cumsum([a.size for a in ws])[:-1]
    back = lambda x: [part.reshape(a.shape) for part, a in zip(np.split(x, cuts), ws)]
    return (*back(w), *back(v), *back(s))
"""),
    "disjoint views of one buffer": function_of(ALL_IN_LISTS + """
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
    "reciprocal multiplication": one_step(MOMENTS + """
one, two = 1.0 / (1.0 - beta1 ** t), 1.0 / (1.0 - beta2 ** t)
return w - learning_rate * (v * one) * (1.0 / (np.sqrt(s * two) + epsilon)), v, s"""),
    "dicts, as in other courses": function_of("""
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
    "a helper function and a closure outside": function_of("""
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
    "a class": function_of("""
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
    "zip over lists, a list returned": function_of(ALL_IN_LISTS + """
    out_w, out_v, out_s = [], [], []
    for w, g, v, s in zip(ws, gs, vs, ss):
        v = beta1 * v + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g ** 2
        out_w += [w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)]
        out_v += [v]
        out_s += [s]
    return out_w + out_v + out_s
"""),
    "Fortran order and negative strides": one_step(MOMENTS + """
w = w - learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return np.asfortranarray(w), v[::-1].copy()[::-1], s.T.copy().T"""),
    "s**.5": one_step(MOMENTS + """
return w - learning_rate * (v / (1 - beta1**t)) / ((s / (1 - beta2**t))**.5 + epsilon), v, s"""),
    "NumPy integer t": one_step(MOMENTS + STEP).replace("    def adam(", "    t = np.int64(t)\n    def adam(", 1),
    "t as a float array": one_step(MOMENTS + STEP).replace(
        "    def adam(", "    t = np.array(t, float)\n    def adam(", 1),
    "renamed locals": function_of("""
        alpha, mu, rho, tiny = learning_rate, beta1, beta2, epsilon
        m = [mu * old + (1 - mu) * grad for old, grad in ((vW1, dW1), (vb1, db1), (vW2, dW2), (vb2, db2))]
        q = [rho * old + (1 - rho) * grad**2 for old, grad in ((sW1, dW1), (sb1, db1), (sW2, dW2), (sb2, db2))]
        bias = lambda x, decay: x / (1 - decay**t)
        moved = [x - alpha * bias(a, mu) / (np.sqrt(bias(b, rho)) + tiny)
                 for x, a, b in zip((W1, b1, W2, b2), m, q)]
        return (*moved, *m, *q)
    """),
    "renamed arguments": function_of("""
        out = []
        for w, g, m, q in ((a, e, i, k), (b, f, j, l), (c, g_, x, y), (d, h, u, z)):
            m = beta1 * m + (1 - beta1) * g
            q = beta2 * q + (1 - beta2) * g * g
            out.append((w - learning_rate * (m / (1 - beta1**n)) / (np.sqrt(q / (1 - beta2**n)) + epsilon), m, q))
        return tuple(o[k] for k in range(3) for o in out)
    """, signature="def update_parameters_with_adam(a, b, c, d, e, f, g_, h, i, j, x, u, k, l, y, z, n,\n"
                   "        learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):\n"),
    "prints and warnings": function_of("""\
import sys, warnings
print("step", t)
print("to stderr", file=sys.stderr)
warnings.warn("this is fine")
np.log(np.zeros(1))
""" + WRITTEN_OUT),
    "type hints and a docstring": function_of('"""Adam.\n\nt = 1 at first. >>> never run\n"""\n' + WRITTEN_OUT).replace(
        "t, learning_rate=0.001", "t: int, learning_rate: float = 0.001", 1).replace(
        "epsilon=1e-8):", "epsilon: float = 1e-8) -> tuple[np.ndarray, ...]:", 1),
    "from numpy import *": "from numpy import *\n" + function_of(
        WRITTEN_OUT.replace("np.sqrt", "sqrt").replace("np.", "")).replace("import numpy as np\n", ""),
    "defined twice, the last one counts": update_source("direction.ascends") + function_of(WRITTEN_OUT),
    "split over added cells": "import numpy as np\n" + textwrap.dedent("""
        # a cell of its own
        def first(v, g, beta1): return beta1 * v + (1 - beta1) * g
        # another one
        def second(s, g, beta2): return beta2 * s + (1 - beta2) * g**2
        print(first(0.0, 1.0, 0.9))
        trial = np.linspace(0, 1, 5)
    """) + one_step("v, s = first(v, g, beta1), second(s, g, beta2)\n" + STEP) + "\nprint('done')\n",
    "a lambda": "import numpy as np\nadam = lambda w, g, v, s, b, q, a, e, t: (\n"
                "    w - a * (v / (1 - b**t)) / ((s / (1 - q**t))**0.5 + e))\n" + function_of("".join(
                    f"v{p}, s{p} = beta1*v{p} + (1-beta1)*d{p}, beta2*s{p} + (1-beta2)*d{p}**2\n"
                    f"{p} = adam({p}, d{p}, v{p}, s{p}, beta1, beta2, learning_rate, epsilon, t)\n"
                    for p in ("W1", "b1", "W2", "b2")) + RETURN),
    "*args and **kwargs": update_source() + "\nplain = update_parameters_with_adam\n"
                          "def update_parameters_with_adam(*args, **kwargs):\n    return plain(*args, **kwargs)\n",
}

IN_PLACE = {
    "all inputs in place": one_step("""
        v *= beta1
        v += (1 - beta1) * g
        s[:] = beta2 * s + (1 - beta2) * g ** 2
        w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
        return w, v, s"""),
    "the parameters alone in place": one_step(MOMENTS + """
w -= learning_rate * (v / (1 - beta1 ** t)) / (np.sqrt(s / (1 - beta2 ** t)) + epsilon)
return w, v, s"""),
    "the gradient after its use": one_step(MOMENTS + "g *= 0\n" + STEP),
}


def init(body):
    return "import numpy as np\ndef initialize_adam(n_x, n_h, n_y):\n" + textwrap.indent(textwrap.dedent(body), "    ")


SHAPES = "shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]\n"
EIGHT = "return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n"
INITIALIZE_STYLES = {
    "written out": init("".join(
        f"{k}W1 = np.zeros((n_h, n_x))\n{k}b1 = np.zeros((n_h, 1))\n{k}W2 = np.zeros((n_y, n_h))\n"
        f"{k}b2 = np.zeros((n_y, 1))\n" for k in "vs") + EIGHT),
    "zeros_like": init(SHAPES + """\
v = [np.zeros(s) for s in shapes]
s = [np.zeros_like(x) for x in v]
return (*v, *s)
"""),
    "full": init(SHAPES + "return tuple(np.full(s, 0.0) for s in shapes * 2)\n"),
    "built from np.zeros(())": init(SHAPES + "return tuple(np.zeros(()) + np.zeros(s) for s in shapes * 2)\n"),
    "np.zeros(()) broadcast and copied": init(SHAPES + """\
return [np.broadcast_to(np.zeros(()), s).copy() for s in shapes * 2]
"""),
    "float32": init(SHAPES + "return tuple(np.zeros(s, dtype=np.float32) for s in shapes * 2)\n"),
    "a list returned": init(SHAPES + "return [np.zeros(s) for s in shapes + shapes]\n"),
    "copies": init(SHAPES + "v = [np.zeros(s) for s in shapes]\nreturn v + [x.copy() for x in v]\n"),
    "empty, then filled": init(SHAPES + """\
out = [np.empty(s) for s in shapes * 2]
for x in out:
    x.fill(0)
return out
"""),
    "disjoint views of one buffer": init(SHAPES + """\
buffer = np.zeros(2 * sum(r * c for r, c in shapes))
out, at = [], 0
for r, c in shapes * 2:
    out.append(buffer[at:at + r * c].reshape(r, c))
    at += r * c
return out
"""),
    "ones times nothing": init(SHAPES + "return tuple(np.ones(s) * 0 for s in shapes * 2)\n"),
    "minus zero": init(SHAPES + "return tuple(-np.zeros(s) for s in shapes * 2)\n"),
    "prints and a dict": init("""\
made = {}
for k in "vs":
    made[k + "W1"], made[k + "b1"] = np.zeros((n_h, n_x)), np.zeros((n_h, 1))
    made[k + "W2"], made[k + "b2"] = np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    print(made)
return tuple(made.values())
"""),
    "defined twice": initialize_source("initialize.ones") + initialize_source(),
}


@pytest.mark.parametrize("seeds", [SEEDS[:1], pytest.param(SEEDS[1:], marks=pytest.mark.slow)],
                         ids=["public cases", "drawn cases"])
@pytest.mark.parametrize("style", STYLES)
def test_every_correct_style_gets_full_points(assessed, names, style, seeds):
    for seed in seeds:
        report = assessed(UPDATE, STYLES[style], seed)
        assert (report.status, report.score, names(report)) == ("correct", 16, set()), (seed, str(report))


@pytest.mark.parametrize("style", IN_PLACE)
def test_in_place_on_the_inputs_gets_full_points_and_a_remark(assessed, names, style):
    for seed in SEEDS:
        report = assessed(UPDATE, IN_PLACE[style], seed)
        assert (report.status, report.score, names(report)) == ("correct", 16, {"changes_inputs"}), (seed, str(report))


@pytest.mark.parametrize("style", INITIALIZE_STYLES)
def test_every_correct_initialization_gets_full_points(assessed, names, style):
    for seed in SEEDS:
        report = assessed(INITIALIZE, INITIALIZE_STYLES[style], seed)
        assert (report.status, report.score, names(report)) == ("correct", 4, set()), (seed, str(report))


@pytest.mark.slow
def test_cells_with_plots_do_not_disturb(assessed):
    """Students look at what they compute, in cells beside the function and in the function."""
    drawing = ("import matplotlib\nmatplotlib.use('Agg')\nimport matplotlib.pyplot as plt\n"
               "plt.plot([1, 2])\nplt.close('all')\n")
    assert assessed(UPDATE, drawing + STYLES["written out, as in the deck"]).status == "correct"


# --- must not pass -----------------------------------------------------------

def returning(results, name=UPDATE):
    """A correct function whose twelve (eight) results, `out`, are handed back in another way."""
    source = update_source() if name == UPDATE else initialize_source()
    return (f"{source}\nright = {name}\ndef {name}(*args, **kwargs):\n    out = right(*args, **kwargs)\n"
            f"    return {results}\n")


PRETENDERS = """
class Pretender:
    def __init__(self, a): self.a, self.shape, self.dtype = a, a.shape, a.dtype
    def __eq__(self, other): return True
    def __sub__(self, other): return 0 * other
    __rsub__ = __sub__
    def __array__(self, dtype=None, copy=None): return self.a

class Subclass(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(self.shape)
"""


@pytest.mark.parametrize("name", [UPDATE, INITIALIZE])
@pytest.mark.parametrize("results, reason", [
    ("[tuple(map(tuple, x.tolist())) for x in out]", "one of them is a tuple"),
    ("[x.tolist() for x in out]", "one of them is a list"),
    ("[[out[0], out[1]], [out[2], out[3]]] + [[x] for x in out[4:]]", "among them a list"),
    ("(out[:4], out[4:])", "among them a tuple"),
    ("tuple(np.matrix(x) for x in out)", "an np.matrix"),
    ("tuple(Pretender(x) for x in out)", "a Pretender"),
    ("tuple(x.view(Subclass) for x in out)", "a Subclass"),
    ("tuple(x.astype(object) for x in out)", "an array of object"),
    ("out[::-1][:-1]", "came back"),
])
def test_what_only_looks_right_gets_no_points_and_a_reason(assessed, name, results, reason):
    report = assessed(name, returning(results, name) + PRETENDERS)
    assert report.score == 0
    assert all(reason in o.message for o in report.outcomes)


@pytest.mark.parametrize("results, reason", [
    ("tuple(x.ravel() for x in out)", "W1 comes back with the shape (1,), its parameter has (1, 1)"),
    ("tuple(x.T for x in out)", "W1 comes back with the shape (6, 2), its parameter has (2, 6)"),
    ("tuple(x[None] for x in out)", "W1 comes back with the shape (1, 1, 1), its parameter has (1, 1)"),
])
def test_the_right_numbers_in_the_wrong_shape_get_a_reason(assessed, results, reason):
    report = assessed(UPDATE, returning(results))
    assert report.outcome("update.structure").message == reason
    assert not report.outcome("update.first_moment").passed


def test_whole_numbers_do_not_pass(assessed):
    assert assessed(UPDATE, returning("tuple(x.astype(int) for x in out)")).score < 16


def test_what_is_too_inexact_to_train_with_may_fail_but_is_not_named_wrongly(assessed, names):
    """float16 keeps three digits and has no number below 6e-8: the tolerance is for float32."""
    report = assessed(UPDATE, returning("tuple(x.astype(np.float16) for x in out)"))
    assert report.status in ("correct", "wrong") and names(report) == set()
