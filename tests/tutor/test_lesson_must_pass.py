"""Every right way to write the lessons' small functions gets full points and no mistake."""
import inspect

import key
import pytest

from optimlab.tutor.checking import LESSONS, PUBLIC_SEED  # noqa: E402

SEEDS = (PUBLIC_SEED, 1)
SIGNATURES = {
    "numerical_gradient": "f, w, h=1e-5", "layer_backward": "dZ, A_prev, W", "gradient_step": "w, dw, learning_rate",
    "largest_stable_rate": "curvatures", "random_mini_batches": "X, Y, batch_size, rng",
    "sgd_epoch": "w, batches, gradient, learning_rate", "ewma": "theta, beta, corrected=False",
    "initialize_velocity": "w", "momentum_step": "w, dw, v, learning_rate, beta=0.9",
    "adagrad_step": "w, dw, s, learning_rate, epsilon=1e-8",
    "rmsprop_step": "w, dw, s, learning_rate, beta=0.9, epsilon=1e-8",
}
BODIES = {
    "numerical_gradient": {
        "nditer": """
            w = w.astype(float)
            grad = np.zeros_like(w)
            it = np.nditer(w, flags=["multi_index"])
            while not it.finished:
                i, old = it.multi_index, float(w[it.multi_index])
                w[i] = old + h
                plus = f(w)
                w[i] = old - h
                minus = f(w)
                w[i] = old
                grad[i] = (plus - minus) / (2 * h)
                it.iternext()
            return grad""",
        "flat": """
            grad = np.empty(w.shape)
            for k in range(w.size):
                a, b = w.astype(float), w.astype(float)
                a.flat[k] += h
                b.flat[k] -= h
                grad.flat[k] = 0.5 * (f(a) - f(b)) / h
            return grad""",
        "ndenumerate": """
            grad = np.zeros(w.shape)
            for i, _ in np.ndenumerate(w):
                e = np.zeros(w.shape)
                e[i] = 1
                grad[i] = (f(w + h * e) - f(w - h * e)) / h / 2
            return grad""",
        "flattened and shaped back": """
            flat, out = np.asarray(w, float).ravel(), []
            for k in range(flat.size):
                p, m = flat.copy(), flat.copy()
                p[k], m[k] = p[k] + h, m[k] - h
                out.append((f(p.reshape(w.shape)) - f(m.reshape(w.shape))) / (2 * h))
            return np.array(out).reshape(w.shape)""",
        "moved and moved back": """
            w, grad = np.array(w, dtype=float), np.zeros(w.shape)
            for i in np.ndindex(*w.shape):
                w[i] += h
                plus = f(w)
                w[i] -= 2 * h
                minus = f(w)
                w[i] += h
                grad[i] = (plus - minus) / (2 * h)
            return grad""",
        "rows of the identity": """
            eye = h * np.eye(w.size).reshape((w.size,) + w.shape)
            return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in eye]).reshape(w.shape)""",
        "float32 returned": """
            eye = h * np.eye(w.size).reshape((w.size,) + w.shape)
            return np.array([(f(w + e) - f(w - e)) / (2 * h) for e in eye], dtype=np.float32).reshape(w.shape)""",
    },
    "layer_backward": {
        "dot": "return np.dot(dZ, A_prev.T), np.sum(dZ, axis=1).reshape(-1, 1), np.dot(W.T, dZ)",
        "einsum": """
            ones = np.ones((dZ.shape[1], 1))
            return [np.einsum("im,jm->ij", dZ, A_prev), dZ @ ones, np.einsum("ij,im->jm", W, dZ)]""",
        "transposed twice": "return (A_prev @ dZ.T).T, dZ.sum(1)[:, None], (dZ.T @ W).T",
        "loops": """
            dW, db, dA = np.zeros(W.shape), np.zeros((W.shape[0], 1)), np.zeros(A_prev.shape)
            for k in range(dZ.shape[1]):
                dW += np.outer(dZ[:, k], A_prev[:, k])
                db[:, 0] += dZ[:, k]
                dA[:, k] = W.T.dot(dZ[:, k])
            return dW, db, dA""",
        "a mean that is undone": """
            m = dZ.shape[1]
            return dZ @ A_prev.T, m * np.mean(dZ, axis=1, keepdims=True), W.T @ dZ""",
        "float32": "return tuple(x.astype(np.float32) for x in (dZ @ A_prev.T, dZ.sum(1, keepdims=True), W.T @ dZ))",
    },
    "gradient_step": {
        "in place on a copy": "w = w.copy()\nw -= learning_rate * dw\nreturn w",
        "plus the negative": "return w + (-learning_rate) * dw",
        "a loop": """
            new = np.array(w, dtype=float)
            for i in np.ndindex(w.shape):
                new[i] = w[i] - learning_rate * dw[i]
            return new""",
        "np.subtract": "return np.subtract(w, np.multiply(dw, learning_rate))",
        "float32": "return (w - learning_rate * dw).astype(np.float32)",
    },
    "largest_stable_rate": {
        "max": "return 2 / max(curvatures)",
        "a float": "return float(2.0 / np.max(np.abs(curvatures)))",
        "the smallest of all rates": "return np.min(2 / curvatures)",
        "sorted": "return 2 / sorted(curvatures)[-1]",
        "an array without axes": "return np.array(2 / curvatures.max())",
        "the norm of a diagonal matrix": "return 2 / np.linalg.norm(np.diag(curvatures), 2)",
    },
    "random_mini_batches": {
        "array_split at the borders": """
            p = rng.permutation(X.shape[1])
            cuts = range(batch_size, X.shape[1], batch_size)
            return list(zip(np.array_split(X[:, p], cuts, axis=1), np.array_split(Y[:, p], cuts, axis=1)))""",
        "shuffle of a list of numbers": """
            order = list(range(X.shape[1]))
            rng.shuffle(order)
            return [[X[:, order[k:k + batch_size]], Y[:, order[k:k + batch_size]]]
                    for k in range(0, len(order), batch_size)]""",
        "sorted by random keys": """
            order = np.argsort(rng.random(X.shape[1]))
            return tuple((X[:, c], Y[:, c]) for c in np.split(order, range(batch_size, len(order), batch_size)))""",
        "stacked and shuffled together": """
            both = np.vstack([X, Y])
            rng.shuffle(both, axis=1)
            return [(both[:len(X), k:k + batch_size], both[len(X):, k:k + batch_size])
                    for k in range(0, X.shape[1], batch_size)]""",
        "full batches, then the rest": """
            m = X.shape[1]
            p, batches, full = rng.permutation(m), [], m // batch_size
            X, Y = X[:, p], Y[:, p].reshape(Y.shape)
            for k in range(full):
                batches.append((X[:, k * batch_size:(k + 1) * batch_size], Y[:, k * batch_size:(k + 1) * batch_size]))
            if m % batch_size != 0:
                batches.append((X[:, full * batch_size:], Y[:, full * batch_size:]))
            return batches""",
        "drawn without replacement": """
            left, batches = np.arange(X.shape[1]), []
            while len(left):
                c = rng.choice(left, min(batch_size, len(left)), replace=False)
                left = np.setdiff1d(left, c)
                batches.append((X[:, c], Y[:, c]))
            return batches""",
        "float32": """
            p = rng.permutation(X.shape[1])
            X, Y = X[:, p].astype(np.float32), Y[:, p].astype(np.float32)
            return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]""",
    },
    "sgd_epoch": {
        "by number": """
            for k in range(len(batches)):
                w = w - learning_rate * gradient(w, batches[k][0], batches[k][1])
            return w""",
        "in place on a copy": """
            w = np.copy(w)
            for batch in batches:
                w -= learning_rate * gradient(w, *batch)
            return w""",
        "reduce": """
            from functools import reduce
            return reduce(lambda w, b: w - learning_rate * gradient(w, b[0], b[1]), batches, w)""",
        "the data handed over by name": """
            for X, Y in batches:
                w = w - learning_rate * gradient(w=w, X=X, Y=Y)
            return w""",
        "float32": """
            for X, Y in batches:
                w = w - learning_rate * gradient(w, X, Y)
            return w.astype(np.float32)""",
    },
    "ewma": {
        "lerp form": """
            V, out = 0.0, []
            for x in theta:
                V += (1 - beta) * (x - V)
                out.append(V)
            out = np.array(out)
            return out / (1 - beta ** np.arange(1, len(out) + 1)) if corrected else out""",
        "unrolled": """
            n = len(theta)
            t = np.arange(n)
            lag = t[:, None] - t
            weights = np.where(lag >= 0, (1 - beta) * beta ** np.maximum(lag, 0), 0.0)
            V = weights @ theta
            return V / weights.sum(axis=1) if corrected else V""",
        "the first by hand": """
            V = np.zeros(len(theta))
            V[0] = (1 - beta) * theta[0]
            for t in range(1, len(theta)):
                V[t] = beta * V[t - 1] + (1 - beta) * theta[t]
            if corrected:
                for t in range(len(theta)):
                    V[t] /= 1 - np.power(beta, t + 1)
            return V""",
        "a zero before, cut off": """
            V = [0.0]
            for t in range(1, len(theta) + 1):
                V.append(beta * V[-1] + (1 - beta) * theta[t - 1])
            V = np.array(V)[1:]
            return V / -np.expm1(np.log(beta) * np.arange(1, len(V) + 1)) if corrected else V""",
        "corrected without the mistake of feeding it back": """
            V, out = 0, np.zeros(theta.shape)
            for t, x in enumerate(theta, 1):
                V = beta * V + (1 - beta) * x
                hat = V / (1 - beta ** t)
                out[t - 1] = hat if corrected else V
            return out""",
        "float32": """
            V, out = 0.0, np.zeros(len(theta), np.float32)
            for t, x in enumerate(theta, 1):
                V = beta * V + (1 - beta) * x
                out[t - 1] = V / (1 - beta ** t) if corrected else V
            return out""",
    },
    "initialize_velocity": {
        "zeros": "return np.zeros(w.shape)",
        "zeros_like": "return np.zeros_like(w, dtype=float)",
        "full": "return np.full(w.shape, 0.0)",
        "times zero": "return 0.0 * w",
        "the difference of floats": "return w.astype(float) - w",
        "filled": "v = np.empty(w.shape)\nv.fill(0)\nreturn v",
        "a loop": "v = np.array(w, float)\nfor i in np.ndindex(v.shape):\n    v[i] = 0\nreturn v",
        "from a list": "return np.array([0.0] * w.size).reshape(w.shape)",
        "float32": "return np.zeros(w.shape, np.float32)",
    },
    "momentum_step": {
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
    },
    "adagrad_step": {
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
    },
    "rmsprop_step": {
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
    },
}
STYLES = [(name, style, f"import numpy as np\n\ndef {name}({SIGNATURES[name]}):\n"
           + "".join(f"    {line}\n" for line in inspect.cleandoc(body).splitlines()))
          for name, styles in BODIES.items() for style, body in styles.items()]


@pytest.mark.parametrize("name, style, source", STYLES, ids=[f"{name}, {style}" for name, style, _ in STYLES])
def test_every_right_style_gets_full_points(assessed, name, style, source):
    for seed in SEEDS:
        report = assessed(name, source, seed)
        assert (report.status, report.mistakes) == ("correct", ()), str(report)


@pytest.mark.parametrize("name", SIGNATURES)
def test_the_key_gets_full_points(assessed, name):
    """The source alone, as a test puts it into the lesson's cell."""
    source = "import numpy as np\n\n" + inspect.getsource(getattr(key, name))
    for seed in SEEDS:
        report = assessed(name, source, seed)
        assert (report.status, report.mistakes) == ("correct", ()), str(report)


def test_the_key_has_the_lessons_functions_with_their_arguments():
    assert {e.name for exercises in LESSONS.values() for e in exercises} == set(SIGNATURES)
    for name, arguments in SIGNATURES.items():
        shown = str(inspect.signature(getattr(key, name))).replace("1e-05", "1e-5").replace("1e-08", "1e-8")
        assert shown == f"({arguments})"


@pytest.mark.parametrize("name, optimizer", [
    ("momentum_step", "Momentum"), ("adagrad_step", "AdaGrad"), ("rmsprop_step", "RMSProp")])
def test_the_keys_steps_are_the_courses_own_optimizers(name, optimizer):
    import numpy as np
    from optimlab import optimizers
    step, rng = getattr(optimizers, optimizer)(learning_rate=0.1), np.random.default_rng(0)
    w = rng.normal(0, 1, (2, 3))
    mine, memory, state = w, key.initialize_velocity(w), step.init(w)
    for dw in rng.normal(0, 1, (20, 2, 3)):
        mine, memory = getattr(key, name)(mine, dw, memory, 0.1)
        w, state = step.step(w, dw, state)
    np.testing.assert_allclose(mine, w, rtol=1e-12)
    np.testing.assert_allclose(memory, state[1], rtol=1e-12)


def test_the_key_of_lesson_04_is_the_courses_own_average():
    import numpy as np
    from optimlab.averages import ewma
    theta = np.random.default_rng(0).normal(15, 5, 40)
    for corrected in (False, True):
        np.testing.assert_allclose(key.ewma(theta, 0.9, corrected), ewma(theta, 0.9, corrected), rtol=1e-12)
