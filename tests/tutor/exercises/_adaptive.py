"""What students write in the steps that give each weight a rate of its own."""
import numpy as np
import pytest
from student_code import _with_memory
from student_code._with_memory import steps, walk

TEMPLATE = '''
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
CORRECT = {
    "default": "1e-8", "rate": "learning_rate", "epsilon": "epsilon", "out": "w.shape", "g": "dw", "fed": "",
    "square": "into[i] ** 2", "more": "", "root": "np.sqrt({used})", "used": "si", "scaled": "rate * ",
    "direction": "{above} / {below}", "above": "g", "below": "(root + epsilon)", "times": "", "after": "",
    "moved": "w[i] {sign} step", "sign": "-", "handed_on": "si", "result": "new_w, new_s",
    "default_beta": "0.9", "beta": "pass", "keep": "beta", "take": "(1 - beta)",
}
SLIPS = {
    **_with_memory.SLIPS,
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


def check_what_epsilon_in_another_place_does(name):
    def first(slope, *slips, **more):
        return steps(name, [slope], *slips, **more)[0]
    assert first(1e-6, "epsilon_inside_root") < 0.1 * first(1e-6)
    assert first(1e-8, "epsilon_twice") < 0.9 * first(1e-8) < first(1e-8) < 0.9 * first(1e-8, "maximum_not_sum")
    assert np.isnan(first(0.0, "epsilon_missing")) and first(0.0) == 0
    assert steps(name, [0.0, 0.0], "epsilon_remembered", epsilon=0.1)[1] > 0.1
    assert first(1.0, "epsilon_after_division", epsilon=0.05, memory=1.0) != pytest.approx(
        first(1.0, epsilon=0.05, memory=1.0), rel=0.1)
    assert first(1.0, "hard_coded_epsilon", epsilon=1.0) == first(1.0)


def check_what_a_wrong_root_or_square_does(name):
    def first(slope, *slips, **more):
        return steps(name, [slope], *slips, **more)[0]
    assert np.isnan(first(-1.0, "gradient_not_squared")) and np.isnan(first(-1.0, "gradient_doubled"))
    assert first(100.0) == pytest.approx(first(1.0))
    assert first(100.0, "absolute_gradient") == pytest.approx(10 * first(1.0, "absolute_gradient"))
    both, shared = first((0.01, 1.0)), first((0.01, 1.0), "one_for_all")
    assert both[0] == pytest.approx(both[1], rel=1e-3) and shared[0] < 0.1 * shared[1]
    assert first([1.0] * 100, "divided_by_size")[0] > 5 * first([1.0], "divided_by_size")
    assert first(1e-3, "root_missing") > 100 * first(1.0, "root_missing")
    assert first(100.0, "no_division") == 100 * first(1.0, "no_division")
    assert first(100.0, "multiplied") > 1000 * first(1.0, "multiplied")
    assert first(-1.0, "gradient_missing") > 0 and first(1.0, "gradient_missing") > 0
    assert first(1.0, "old_memory_used") == pytest.approx(0.1 / 1e-8)
    assert first(1.0, "rate_twice", rate=0.1) == pytest.approx(first(1.0, "rate_twice", rate=0.001), rel=1e-3)
    large_then_small = [1000.0] + [1.0] * 30
    assert steps(name, large_then_small, "root_kept")[1] < 3 < steps(name, large_then_small)[1]
    assert np.isnan(first(1.0, "minus"))


def check_steps_of_one_length_never_settle(name):
    equal = walk(name, "forgets_history")[-50:]
    assert np.abs(np.diff(equal)) == pytest.approx(np.abs(np.diff(equal))[0], rel=1e-3) and np.ptp(equal) > 0.01


def late_steps(name, *slips):
    """The steps 500 and 2000 down a steady slope."""
    return steps(name, np.ones(2000), *slips)[0][[500, -1]]
