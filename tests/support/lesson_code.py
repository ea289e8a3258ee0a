"""The lessons' small functions as students write them: source text with slips put in.

Written apart from the package's simulation, in loops where that one has whole arrays. Each
template has slots; a slip fills some of them otherwise. WHOLE holds slips that want another
function altogether.
"""
from student_code import fill

_ADAPTIVE = '''
import numpy as np

def NAME(w, dw, s, learning_rate, ARGUMENTSepsilon={default}):
    rate, epsilon = {rate}, {epsilon}
    {beta}
    new_w, new_s = np.zeros({out}), np.zeros({out})
    dw = {g}
    into = {fed}dw
    for i in np.ndindex(w.shape):
        g = dw[i]
        square = {square}
        si = {kept}{more}
        root = {root}
        step = {scaled}{direction}{times}{after}
        new_w[i] = {moved}
        new_s[i] = {handed_on}
    return {result}
'''
TEMPLATES = {
    "numerical_gradient": '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    {start}
    grad = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        wp = {wp}
        wp[{place}] {move_ahead}
        fp = {fp}
        wm = {wm}
        wm[{place}] {move_behind}
        fm = {fm}
        {restore}
        grad[i] = {slope}
    return {result}
''',
    "layer_backward": '''
import numpy as np

def layer_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dW = {dW}
    db = {db}
    dA_prev = {dA}
    return {result}
''',
    "gradient_step": '''
import numpy as np

def gradient_step(w, dw, learning_rate):
    dw = {g}
    step = {step}
    w_new = {new}
    return {result}
''',
    "largest_stable_rate": '''
import numpy as np

def largest_stable_rate(curvatures):
    steepest = {steepest}
    rate = {rate}
    return {result}
''',
    "sgd_epoch": '''
import numpy as np

def sgd_epoch(w, batches, gradient, learning_rate):
    start = w
    for {item} in {batches}:
        dw = {dw}
        w = {new}
        {after}
    return {result}
''',
    "ewma": '''
import numpy as np

def ewma(theta, beta, corrected=False):
    {start}
    v = {v0}
    out = {out}
    for t in range(len(theta)):
        v = {keep} * v + {take} * theta[t]
        {store}
    if {wanted}:
        for t in range(len(theta)):
            out[t] = {fix}
    return {result}
''',
    "random_mini_batches": '''
import numpy as np

def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    {start}
    perm = {perm}
    X, Y = {shuffled}
    batches = []
    for k in {starts}:
        batches.append({pair})
        {after}
    {end}
    return {result}
''',
    "initialize_velocity": '''
import numpy as np

def initialize_velocity(w):
    {start}
    v = {made}
    return {result}
''',
    "momentum_step": '''
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
''',
    "adagrad_step": _ADAPTIVE.replace("NAME", "adagrad_step").replace("ARGUMENTS", ""),
    "rmsprop_step": _ADAPTIVE.replace("NAME", "rmsprop_step").replace("ARGUMENTS", "beta={default_beta}, "),
}
CORRECT = {
    "numerical_gradient": {
        "start": "w = w.astype(float)", "wp": "w.copy()", "wm": "w.copy()", "place": "i", "move_ahead": "+= h",
        "move_behind": "-= h", "fp": "f(wp)", "fm": "f(wm)", "restore": "pass", "slope": "(fp - fm) / (2 * h)",
        "result": "grad"},
    "layer_backward": {"dW": "np.dot(dZ, A_prev.T)", "db": "np.sum(dZ, axis=1, keepdims=True)",
                       "dA": "np.dot(W.T, dZ)", "result": "dW, db, dA_prev"},
    "gradient_step": {"g": "dw", "step": "learning_rate * dw", "new": "w - step", "result": "w_new"},
    "largest_stable_rate": {"steepest": "max(curvatures)", "rate": "2 / steepest", "result": "rate"},
    "sgd_epoch": {"item": "X, Y", "batches": "batches", "dw": "{slope}", "slope": "gradient(w, X, Y)",
                  "new": "w - {rate} * dw", "rate": "learning_rate", "after": "pass", "result": "w"},
    "ewma": {"start": "pass", "v0": "0", "out": "np.zeros(len(theta))", "keep": "beta", "take": "(1 - beta)",
             "store": "out[t] = v", "wanted": "corrected", "fix": "out[t] / {factor}",
             "factor": "(1 - beta ** (t + 1))", "result": "out"},
    "random_mini_batches": {
        "start": "pass", "perm": "rng.permutation(m)", "shuffled": "X[:, perm], Y[:, perm]",
        "starts": "range(0, m, batch_size)", "pair": "(X[:, k:k + batch_size], Y[:, k:k + batch_size])",
        "after": "pass", "end": "pass", "result": "batches"},
    "initialize_velocity": {"start": "pass", "made": "np.zeros({shape}, dtype={type})", "shape": "w.shape",
                            "type": "float", "result": "v"},
    "momentum_step": {
        "default": "0.9", "rate": "learning_rate", "beta": "beta", "out": "w.shape", "g": "dw", "keep": "beta",
        "take": "(1 - beta)", "minus": "", "fed": "", "scaled": "rate * ", "used": "vi", "times": "",
        "v": "{keep} * v[i] + {take} * {minus}{fed}g",
        "moved": "w[i] {sign} step", "sign": "-", "kept": "vi", "result": "new_w, new_v"},
    **{name: {
        "default": "1e-8", "rate": "learning_rate", "epsilon": "epsilon", "out": "w.shape", "g": "dw", "fed": "",
        "square": "into[i] ** 2", "kept": kept, "more": "", "root": "np.sqrt({used})", "used": "si",
        "scaled": "rate * ", "direction": "{above} / {below}", "above": "g", "below": "(root + epsilon)", "times": "",
        "after": "", "moved": "w[i] {sign} step", "sign": "-", "handed_on": "si", "result": "new_w, new_s",
        "default_beta": "0.9", "beta": "pass", "keep": "beta", "take": "(1 - beta)"}
       for name, kept in (("adagrad_step", "s[i] + square"),
                          ("rmsprop_step", "{keep} * s[i] + {take} * square"))},
}
# Of every step that hands a memory on.
_STEP = {
    "ascends": {"sign": "+"},
    "rate_missing": {"rate": "1.0"},
    "hard_coded_rate": {"rate": "0.01"},
    "divides_by_rate": {"scaled": "1 / rate * "},
    "normalized": {"g": "dw / np.linalg.norm(dw)"},
    "times_gradient": {"times": " * g"},
    "step_returned": {"moved": "step"},
    "old_weights_returned": {"moved": "w[i]"},
    "rate_twice": {"fed": "rate * "},
    "whole_numbers": {"out": "w.shape, dw.dtype"},
}
_ADAPTIVE_STEP = {
    **_STEP,
    "old_memory_returned": {"handed_on": "s[i]"},
    "order_of_returns": {"result": "new_s, new_w"},
    "weights_only": {"result": "new_w"},
    "memory_only": {"result": "new_s"},
    "gradient_not_squared": {"square": "into[i]"},
    "gradient_doubled": {"square": "into[i] * 2"},
    "absolute_gradient": {"square": "abs(into[i])"},
    "one_for_all": {"square": "np.mean(into ** 2)"},
    "divided_by_size": {"square": "into[i] ** 2 / w.size"},
    "epsilon_remembered": {"more": " + epsilon", "below": "root"},
    "epsilon_inside_root": {"root": "np.sqrt({used} + epsilon)", "below": "root"},
    "epsilon_missing": {"below": "root"},
    "epsilon_after_division": {"below": "root", "after": " + epsilon"},
    "epsilon_twice": {"below": "(root + epsilon + epsilon)"},
    "maximum_not_sum": {"below": "np.maximum(root, epsilon)"},
    "hard_coded_epsilon": {"epsilon": "1e-8"},
    "root_missing": {"root": "{used}"},
    "no_division": {"direction": "{above}"},
    "multiplied": {"direction": "{above} * {below}"},
    "gradient_missing": {"above": "1.0"},
    "old_memory_used": {"used": "s[i]"},
    "root_kept": {"handed_on": "root"},
}
_BACKWARDS = {"wp": "w", "wm": "w"}
SLIPS = {
    "numerical_gradient": {
        "forward_difference": {"fm": "f(w)", "slope": "(fp - fm) / h"},
        "half_slope": {"fm": "f(w)"},
        "not_halved": {"slope": "(fp - fm) / h"},
        "not_divided": {"slope": "fp - fm"},
        "multiplied_by_h": {"slope": "(fp - fm) / 2 * h"},
        "wrong_sign": {"slope": "(fm - fp) / (2 * h)"},
        "all_at_once": {"place": "..."},
        "whole_rows": {"place": "i[0]"},
        "not_undone": {"start": "w = w.astype(float).copy()", **_BACKWARDS, "move_behind": "-= 2 * h"},
        "flattened": {"result": "grad.ravel()"},
        "hard_coded_h": {"start": "w, h = w.astype(float), 1e-4"},
        "half_step": {"move_ahead": "+= h / 2", "move_behind": "-= h / 2", "slope": "(fp - fm) / h"},
        "f_returned": {"result": "f(w)"},
        "whole_numbers": {"start": "pass"},
    },
    "layer_backward": {
        "dW_transpose": {"dW": "np.dot(dZ, A_prev)"},
        "dW_transposed": {"dW": "np.dot(A_prev, dZ.T)"},
        "dA_transpose": {"dA": "np.dot(W, dZ)"},
        "dA_transposed": {"dA": "np.dot(dZ.T, W)"},
        "elementwise": {"dW": "dZ * A_prev"},
        "arrays_swapped": {"dW": "np.dot(dZ, W.T)", "dA": "np.dot(A_prev.T, dZ)"},
        "dA_without_W": {"dA": "dZ"},
        "activation_included": {"dA": "np.dot(W.T, dZ) * (1 - np.power(A_prev, 2))"},
        "divided_by_m_again": {"dW": "np.dot(dZ, A_prev.T) / m", "db": "np.sum(dZ, axis=1, keepdims=True) / m"},
        "db_mean": {"db": "np.mean(dZ, axis=1, keepdims=True)"},
        "db_wrong_axis": {"db": "np.sum(dZ, axis=0, keepdims=True)"},
        "db_not_column": {"db": "np.sum(dZ, axis=1)"},
        "db_total": {"db": "np.sum(dZ)"},
        "db_not_summed": {"db": "dZ"},
        "order_of_returns": {"result": "dA_prev, dW, db"},
    },
    "gradient_step": {
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
    },
    "largest_stable_rate": {
        "one_for_two": {"rate": "1 / steepest"},
        "smallest_curvature": {"steepest": "min(curvatures)"},
        "mean_curvature": {"steepest": "np.mean(curvatures)"},
        "extremes": {"steepest": "max(curvatures) + min(curvatures)"},
        "sum_of_curvatures": {"steepest": "sum(curvatures)"},
        "one_entry": {"steepest": "curvatures[0]"},
        "root": {"rate": "2 / np.sqrt(steepest)"},
        "squared": {"rate": "2 / steepest ** 2"},
        "multiplied": {"rate": "2 * steepest"},
        "inverted": {"rate": "steepest / 2"},
        "condition_number": {"rate": "max(curvatures) / min(curvatures)"},
        "strict": {"result": "rate - 0.001"},
        "each_direction": {"steepest": "np.array(curvatures)"},
    },
    "sgd_epoch": {
        "ascends": {"new": "w + {rate} * dw"},
        "rate_missing": {"rate": "1"},
        "hard_coded_rate": {"rate": "0.01"},
        "gradients_at_start": {"slope": "gradient(start, X, Y)"},
        "first_batch_only": {"after": "break"},
        "last_batch_only": {"new": "w", "result": "w - {rate} * dw"},
        "skips_first": {"batches": "batches[1:]"},
        "skips_last": {"batches": "batches[:-1]"},
        "skips_short": {"batches": "[b for b in batches if b[0].shape[1] == batches[0][0].shape[1]]"},
        "two_epochs": {"batches": "batches + batches"},
        "divided_by_size": {"dw": "{slope} / X.shape[1]"},
        "divided_by_batches": {"dw": "{slope} / len(batches)"},
        "x_and_y_swapped": {"slope": "gradient(w, Y, X)"},
        "sign_only": {"dw": "np.sign({slope})"},
        "step_returned": {"result": "w - start"},
        "old_returned": {"result": "start"},
    },
    "ewma": {
        "weights_swapped": {"keep": "(1 - beta)", "take": "beta"},
        "sum_not_average": {"take": "1"},
        "never_fades": {"keep": "1"},
        "forgets_history": {"keep": "0"},
        "minus": {"take": "-(1 - beta)"},
        "starts_at_first": {"v0": "theta[0]"},
        "hard_coded_beta": {"start": "beta = 0.9"},
        "one_day_late": {"result": "np.array([0.0] + list(out[:-1]))"},
        "start_included": {"result": "np.array([0.0] + list(out))"},
        "last_only": {"result": "out[-1]"},
        "list_returned": {"result": "list(out)"},
        "never_corrected": {"wanted": "False"},
        "always_corrected": {"wanted": "True"},
        "corrected_reversed": {"wanted": "not corrected"},
        "multiplied": {"fix": "out[t] * {factor}"},
        "power_one_too_many": {"factor": "(1 - beta ** (t + 2))"},
        "power_one_too_few": {"factor": "(1 - beta ** t)"},
        "last_power": {"factor": "(1 - beta ** len(theta))"},
        "no_power": {"factor": "(1 - beta)"},
        "beta_times_t": {"factor": "(1 - beta * (t + 1))"},
        "power_of_one_minus_beta": {"factor": "(1 - beta) ** (t + 1)"},
        "divides_by_power": {"factor": "beta ** (t + 1)"},
        "whole_numbers": {"out": "np.zeros_like(theta)"},
    },
    "random_mini_batches": {
        "two_lists": {"end": "batches = [list(x) for x in zip(*batches)]"},
        "pair_swapped": {"pair": "(Y[:, k:k + batch_size], X[:, k:k + batch_size])"},
        "transposed": {"pair": "(X[:, k:k + batch_size].T, Y[:, k:k + batch_size].T)"},
        "along_rows": {"pair": "(X[k:k + batch_size], Y[k:k + batch_size])"},
        "rows_shuffled": {"shuffled": "rng.permuted(X, axis=0)[:, perm], Y[:, perm]"},
        "first_batch_only": {"after": "break"},
        "drops_short_batch": {"starts": "range(0, m // batch_size * batch_size, batch_size)"},
        "short_batch_merged": {"end": "if m > batch_size and m % batch_size:\n"
                                      "        (a, b), (c, d) = batches[-2:]\n"
                                      "        batches[-2:] = [(np.hstack([a, c]), np.hstack([b, d]))]"},
        "padded": {"pair": "(X[:, (k + np.arange(batch_size)) % m], Y[:, (k + np.arange(batch_size)) % m])"},
        "empty_batch": {"starts": "range(0, m + (m % batch_size == 0), batch_size)"},
        "number_for_size": {"end": "batches = list(zip(np.array_split(X, batch_size, axis=1),"
                                   " np.array_split(Y, batch_size, axis=1)))"},
        "even_sizes": {"end": "n = int(np.ceil(m / batch_size)); batches = list(zip(np.array_split(X, n, axis=1),"
                              " np.array_split(Y, n, axis=1)))"},
        "repeats_examples": {"perm": "rng.choice(m, m)"},
        "misses_examples": {"pair": "(X[:, k:k + batch_size - 1], Y[:, k:k + batch_size - 1])"},
        "shuffled_apart": {"shuffled": "X[:, perm], Y[:, rng.permutation(m)]"},
        "not_shuffled": {"perm": "np.arange(m)"},
        "within_batches": {"perm": "np.concatenate([rng.permutation(np.arange(m)[i:i + batch_size])"
                                   " for i in range(0, m, batch_size)])"},
        "order_without_rng": {"start": "rng = np.random.default_rng(0)"},
        "other_randomness": {"perm": "np.random.permutation(m)"},
    },
    "initialize_velocity": {
        "ones": {"made": "np.ones({shape}, dtype={type})"},
        "random": {"made": "np.random.default_rng().normal(0, 5, {shape}).astype({type})"},
        "copy_of_w": {"made": "np.resize(w, {shape}).astype({type})"},
        "uninitialized": {"made": "np.empty({shape}, dtype={type})"},
        "integers": {"type": "w.dtype"},
        "same_as_w": {"result": "w"},
        "zeroes_w": {"start": "w[...] = 0"},
        "flat": {"shape": "w.size"},
        "length_only": {"shape": "len(w)"},
        "transposed": {"shape": "w.shape[::-1]"},
        "scalar": {"result": "0"},
        "list_returned": {"result": "v.tolist()"},
        "w_too": {"result": "w, v"},
    },
    "momentum_step": {
        **_STEP,
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
    },
    "adagrad_step": {
        **_ADAPTIVE_STEP,
        "forgets_history": {"kept": "square"},
        "decays": {"kept": "0.9 * s[i] + 0.1 * square"},
        "minus": {"kept": "s[i] - square"},
        "sum_squared": {"kept": "(s[i] + into[i]) ** 2"},
        "other_default": {"default": "1e-6"},
    },
    "rmsprop_step": {
        **_ADAPTIVE_STEP,
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
    },
}
# More ways to make the same mistakes, in whole arrays: name, arguments, then (slip, lines).
_WAYS = (
    ("initialize_velocity", "w", (
        ("integers", "return np.zeros_like(w)"),
        ("integers", "return w * 0"),
        ("random", "return np.random.default_rng(0).random(w.shape)"),
        ("random", "return 0.01 * np.random.randn(*w.shape)"),
        ("uninitialized", "return np.empty(w.shape)"),
        ("copy_of_w", "return w.copy()"),
        ("copy_of_w", "return np.array(w, dtype=float)"),
        ("same_as_w", "return w.view()"),
        ("same_as_w", "v = w", "return v"),
        ("zeroes_w", "v = w", "v *= 0", "return v.astype(float)"),
        ("length_only", "return np.zeros((len(w), 1))"),
        ("flat", "return np.zeros_like(w, dtype=float).ravel()"),
        ("flat", "return np.zeros((w.size, 1))"),
        ("scalar", "return 0.0"),
        ("scalar", "return np.zeros(())"),
        ("list_returned", "return [0.0] * len(w)"),
        ("list_returned", "return [np.zeros(1) for row in w]"),
    )),
    ("momentum_step", "w, dw, v, learning_rate, beta=0.9", (
        ("same_weight", "v = (1 - beta) * (v + dw)", "return w - learning_rate * v, v"),
        ("corrected", "v = (beta * v + (1 - beta) * dw) / (1 - beta)", "return w - learning_rate * v, v"),
        ("rate_twice", "v = beta * v + (1 - beta) * dw", "return w - learning_rate ** 2 * v, v"),
        ("old_velocity_used", "w = w - learning_rate * v", "v = beta * v + (1 - beta) * dw", "return w, v"),
        ("old_memory_returned", "return w - learning_rate * (beta * v + (1 - beta) * dw), v"),
        ("downhill_velocity", "v = beta * v - (1 - beta) * dw", "return w + learning_rate * v, v"),
        ("mean_gradient", "v = beta * v + (1 - beta) * np.sum(dw)", "return w - learning_rate * v, v"),
        ("sign_only", "v = beta * v + (1 - beta) * dw", "return w - learning_rate * np.sign(v), v"),
        ("step_kept", "v = learning_rate * (beta * v + (1 - beta) * dw)", "return w - v, v"),
    )),
    ("adagrad_step", "w, dw, s, learning_rate, epsilon=1e-8", (
        ("one_for_all", "s = s + np.sum(dw ** 2)", "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("one_for_all", "s = s + dw ** 2", "return w - learning_rate * dw / (np.sqrt(np.sum(s)) + epsilon), s"),
        ("decays", "s = 0.9 * s + dw ** 2", "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("epsilon_after_division", "s = s + dw ** 2", "return w - (learning_rate * dw / np.sqrt(s) + epsilon), s"),
        ("epsilon_after_division", "s = s + dw ** 2", "return w - learning_rate * dw / np.sqrt(s) + epsilon, s"),
        ("epsilon_twice", "s = s + dw ** 2",
         "return w - learning_rate * dw / (np.sqrt(s + epsilon) + epsilon), s"),
        ("epsilon_remembered", "s = s + dw ** 2 + epsilon", "return w - learning_rate * dw / np.sqrt(s), s"),
        ("old_memory_used", "w = w - learning_rate * dw / (np.sqrt(s) + epsilon)", "return w, s + dw ** 2"),
        ("root_kept", "r = np.sqrt(s + dw ** 2)", "return w - learning_rate * dw / (r + epsilon), r"),
        ("rate_twice", "s = s + dw ** 2",
         "return w - learning_rate ** 2 * dw / (np.sqrt(s) + epsilon), s"),
        ("sum_squared", "s = (s + dw ** 2) ** 2", "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("whole_numbers", "s = (s + dw ** 2).astype(dw.dtype)" ,
         "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
    )),
    ("rmsprop_step", "w, dw, s, learning_rate, beta=0.9, epsilon=1e-8", (
        ("hard_coded_beta", "s = 0.9 * s + 0.1 * dw ** 2",
         "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("one_for_all", "s = beta * s + (1 - beta) * np.linalg.norm(dw) ** 2",
         "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("corrected", "s = (beta * s + (1 - beta) * dw ** 2) / (1 - beta)",
         "return w - learning_rate * dw / (np.sqrt(s) + epsilon), s"),
        ("epsilon_inside_root", "s = beta * s + (1 - beta) * dw ** 2",
         "return w - learning_rate * dw / np.sqrt(s + epsilon), s"),
        ("epsilon_after_division", "s = beta * s + (1 - beta) * dw ** 2",
         "return w - learning_rate * (dw / np.sqrt(s) + epsilon), s"),
        ("times_gradient", "s = beta * s + (1 - beta) * dw ** 2",
         "return w - learning_rate * dw ** 2 / (np.sqrt(s) + epsilon), s"),
    )),
)
_EPOCH = '''
import numpy as np

def sgd_epoch(w, batches, gradient, learning_rate):
    {body}
'''
# Ways to make a mistake that the template has no slot for, and more ways to make the same.
WHOLE = [
    ("sgd_epoch", "averages_gradients", _EPOCH.format(
        body="return w - learning_rate * np.mean([gradient(w, X, Y) for X, Y in batches], axis=0)")),
    ("sgd_epoch", "gradients_at_start", _EPOCH.format(
        body="total = 0\n    for X, Y in batches:\n        total = total + gradient(w, X, Y)\n"
             "    return w - learning_rate * total")),
    ("sgd_epoch", "all_in_one", _EPOCH.format(
        body="X, Y = np.hstack([b[0] for b in batches]), np.hstack([b[1] for b in batches])\n"
             "    return w - learning_rate * gradient(w, X, Y)")),
    ("sgd_epoch", "first_batch_only", _EPOCH.format(
        body="for X, Y in batches:\n        w = w - learning_rate * gradient(w, X, Y)\n        return w")),
    ("ewma", "correction_fed_back", '''
import numpy as np

def ewma(theta, beta, corrected=False):
    v, out = 0.0, []
    for t, x in enumerate(theta, start=1):
        v = beta * v + (1 - beta) * x
        if corrected:
            v = v / (1 - beta ** t)
        out.append(v)
    return np.array(out)
'''),
    ("ewma", "window_mean", '''
import numpy as np

def ewma(theta, beta, corrected=False):
    n = int(round(1 / (1 - beta)))
    out = np.array([np.mean(theta[max(0, t - n + 1):t + 1]) for t in range(len(theta))])
    return out / (1 - beta ** np.arange(1, len(theta) + 1)) if corrected else out
'''),
    ("ewma", "starts_at_first", '''
import numpy as np

def ewma(theta, beta, corrected=False):
    V = np.zeros(len(theta))
    V[0] = theta[0]
    for t in range(1, len(theta)):
        V[t] = beta * V[t - 1] + (1 - beta) * theta[t]
    if corrected:
        V = V / (1 - beta ** np.arange(1, len(theta) + 1))
    return V
'''),
    ("ewma", "one_day_late", '''
import numpy as np

def ewma(theta, beta, corrected=False):
    V = np.zeros(len(theta))
    for t in range(1, len(theta)):
        V[t] = beta * V[t - 1] + (1 - beta) * theta[t - 1]
    if corrected:
        V = V / (1 - beta ** np.arange(1, len(theta) + 1))
    return V
'''),
    ("numerical_gradient", "all_at_once", '''
def numerical_gradient(f, w, h=1e-5):
    return (f(w + h) - f(w - h)) / (2 * h)
'''),
    ("numerical_gradient", "whole_rows", '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    grad = np.zeros(w.shape)
    for i in range(len(w)):
        step = np.zeros(w.shape)
        step[i] = h
        grad[i] = (f(w + step) - f(w - step)) / (2 * h)
    return grad
'''),
    ("numerical_gradient", "not_undone", '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    wp, wm, grad = w.astype(float), w.astype(float), np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        wp[i] += h
        wm[i] -= h
        grad[i] = (f(wp) - f(wm)) / (2 * h)
    return grad
'''),
    ("numerical_gradient", "forward_difference", '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    grad = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        grad[i] = (f(w) - f(w - e)) / h
    return grad
'''),
    ("numerical_gradient", "flattened", '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    grads = []
    for i in range(w.size):
        e = np.zeros(w.size)
        e[i] = h
        e = e.reshape(w.shape)
        grads.append((f(w + e) - f(w - e)) / (2 * h))
    return grads
'''),
    ("numerical_gradient", "whole_numbers", '''
import numpy as np

def numerical_gradient(f, w, h=1e-5):
    grad = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        grad[i] = (f(w + e) - f(w - e)) / (2 * h)
    return grad
'''),
    ("largest_stable_rate", "extremes",
     "def largest_stable_rate(curvatures):\n    return 4 / (max(curvatures) + min(curvatures))\n"),
    ("largest_stable_rate", "one_for_two", "def largest_stable_rate(curvatures):\n    return 1 / max(curvatures)\n"),
    ("largest_stable_rate", "strict", "def largest_stable_rate(curvatures):\n    return 0.99 * 2 / max(curvatures)\n"),
    ("layer_backward", "dW_transpose",
     "def layer_backward(dZ, A_prev, W):\n    return dZ.T @ A_prev, dZ.sum(1, keepdims=True), W.T @ dZ\n"),
    ("layer_backward", "elementwise",
     "def layer_backward(dZ, A_prev, W):\n    return dZ @ A_prev.T, dZ.sum(1, keepdims=True), W.T * dZ\n"),
    ("random_mini_batches", "first_batch_only", '''
def random_mini_batches(X, Y, batch_size, rng):
    perm = rng.permutation(X.shape[1])
    for k in range(0, X.shape[1], batch_size):
        return X[:, perm[k:k + batch_size]], Y[:, perm[k:k + batch_size]]
'''),
    ("random_mini_batches", "shuffled_apart", '''
def random_mini_batches(X, Y, batch_size, rng):
    X = X[:, rng.permutation(X.shape[1])]
    return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]
'''),
    ("random_mini_batches", "within_batches", '''
def random_mini_batches(X, Y, batch_size, rng):
    batches = [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]
    return [batches[i] for i in rng.permutation(len(batches))]
'''),
    ("random_mini_batches", "padded", '''
import numpy as np

def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    perm = rng.permutation(m)
    more = -m % batch_size
    X = np.hstack([X[:, perm], np.zeros((X.shape[0], more))])
    Y = np.hstack([Y[:, perm], np.zeros((Y.shape[0], more))])
    return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, m, batch_size)]
'''),
    ("random_mini_batches", "drops_short_batch", '''
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    perm, batches = rng.permutation(m), []
    for k in range(m // batch_size):
        chosen = perm[k * batch_size:(k + 1) * batch_size]
        batches.append((X[:, chosen], Y[:, chosen]))
    return batches
'''),
] + [(name, slip, f"import numpy as np\n\ndef {name}({arguments}):\n    " + "\n    ".join(lines) + "\n")
     for name, arguments, ways in _WAYS for slip, *lines in ways]


def lesson_source(name: str, *slips: str) -> str:
    """One of the functions with these slips in it (their names without the function's)."""
    return fill(TEMPLATES[name], CORRECT[name], [SLIPS[name][slip] for slip in slips])
