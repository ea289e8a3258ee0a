"""Adam's two functions as students write them: source text with the slips of the switchboard put in.

Written apart from the package's simulation, line by line in the way a student would, so that the
two check each other.
"""

import textwrap

UPDATE = '''
import numpy as np

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    {start}
    weights = [W1, b1, W2, b2]
    grads = {grads}
    vs, ss = [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]
    new_w, new_v, new_s = [], [], []
    for k in range(4):
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
        w_new = w {sign} step{decay}
        {cover}
        new_w.append(w_new)
        new_v.append({returned_v})
        new_s.append({returned_s})
    return {returns}
'''

CORRECT = {
    "start": "pass", "grads": "[dW1, db1, dW2, db2]", "gradient": "g",
    "v": "beta1 * v_old + (1 - beta1) * g", "s": "beta2 * s_old + (1 - beta2) * g * g",
    "v_hat": "{v_used} / {c1}", "s_hat": "{s_used} / {c2}", "c1": "(1 - beta1 ** t)", "c2": "(1 - beta2 ** t)",
    "v_used": "v", "s_used": "s", "root": "np.sqrt(s_hat)", "denominator": "root + epsilon",
    "rate": "learning_rate", "step": "rate * {numerator} / denominator", "numerator": "v_hat",
    "sign": "-", "decay": "", "cover": "pass", "returned_v": "v", "returned_s": "s",
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
    "direction.ascends": {"sign": "+"},
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
    "coverage.order_of_returns": {"returns": "tuple(new_w + new_s + new_v)"},
}
for _part, _hat, _used, _c, _beta, _other in (("first_correction", "v_hat", "v_used", "c1", "beta1", "beta2"),
                                              ("second_correction", "s_hat", "s_used", "c2", "beta2", "beta1")):
    SLIPS |= {
        f"{_part}.missing": {_hat: f"{{{_used}}}"},
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
SLIPS["second_correction.outside_root"] = {"s_hat": "{s_used}", "root": "np.sqrt(s_hat) / {c2}"}

INITIALIZE = '''
import numpy as np

def initialize_adam(n_x, n_h, n_y):
    shapes = {shapes}
    moments = {moments}
    return {returns}
'''
CORRECT_INITIALIZE = {
    "shapes": "[(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)] * 2", "moments": "[{array} for s in shapes]",
    "array": "np.zeros(s)", "returns": "tuple(moments)",
}
INITIALIZE_SLIPS = {
    "initialize.transposed": {"shapes": "[(n_x, n_h), (n_h, 1), (n_h, n_y), (n_y, 1)] * 2"},
    "initialize.bias_not_column": {"shapes": "[(n_h, n_x), (n_h,), (n_y, n_h), (n_y,)] * 2"},
    "initialize.ones": {"array": "np.ones(s)"},
    "initialize.random": {"array": "np.random.randn(*s)"},
    "initialize.uninitialized": {"array": "np.empty(s)"},
    "initialize.integers": {"array": "np.zeros(s, dtype=int)"},
    "initialize.too_few": {"returns": "tuple(moments[:4])"},
    "initialize.shared_buffer": {"moments": "[{array} for s in shapes[:4]] * 2"},
    "initialize.order_of_returns": {"returns": "tuple(moments[i] for i in (0, 4, 1, 5, 2, 6, 3, 7))"},
}


def compatible(slips: dict, ids) -> bool:
    """Whether no two of the slips are about the same piece of code."""
    slots = [slot for id in ids for slot in slips[id]]
    return len(slots) == len(set(slots))


def update_source(*ids: str) -> str:
    """The update function with these slips in it."""
    return fill(UPDATE, CORRECT, [SLIPS[id] for id in ids])


def initialize_source(*ids: str) -> str:
    """The initialize function with these slips in it."""
    return fill(INITIALIZE, CORRECT_INITIALIZE, [INITIALIZE_SLIPS[id] for id in ids])


def fill(template: str, correct: dict, slips: list) -> str:
    """The template, its slots filled as is correct but for the slips."""
    slots = dict(correct)
    for slip in slips:
        slots |= slip
    while any("{" + slot + "}" in template for slot in slots):
        for slot, text in slots.items():
            template = template.replace("{" + slot + "}", text)
    return textwrap.dedent(template)


def function(source: str, name: str):
    """The function that the source defines."""
    namespace: dict = {}
    exec(compile(source, "<student>", "exec"), namespace)
    return namespace[name]
