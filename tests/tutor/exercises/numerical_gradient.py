"""`numerical_gradient` (lesson 01) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def numerical_gradient(f, w, h=1e-5):
    w = np.array(w, dtype=float)
    gradient = np.zeros_like(w)
    for i in np.ndindex(w.shape):
        ahead, behind = w.copy(), w.copy()
        ahead[i] += h
        behind[i] -= h
        gradient[i] = (f(ahead) - f(behind)) / (2 * h)
    return gradient
'''
TEMPLATE = '''
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
'''
CORRECT = {
    "start": "w = w.astype(float)", "wp": "w.copy()", "wm": "w.copy()", "place": "i", "move_ahead": "+= h",
    "move_behind": "-= h", "fp": "f(wp)", "fm": "f(wm)", "restore": "pass", "slope": "(fp - fm) / (2 * h)",
    "result": "grad",
}
SLIPS = {
    "forward_difference": {"fm": "f(w)", "slope": "(fp - fm) / h"},
    "half_slope": {"fm": "f(w)"},
    "not_halved": {"slope": "(fp - fm) / h"},
    "not_divided": {"slope": "fp - fm"},
    "multiplied_by_h": {"slope": "(fp - fm) / 2 * h"},
    "wrong_sign": {"slope": "(fm - fp) / (2 * h)"},
    "all_at_once": {"place": "..."},
    "whole_rows": {"place": "i[0]"},
    "not_undone": {"start": "w = w.astype(float).copy()", "wp": "w", "wm": "w", "move_behind": "-= 2 * h"},
    "flattened": {"result": "grad.ravel()"},
    "hard_coded_h": {"start": "w, h = w.astype(float), 1e-4"},
    "half_step": {"move_ahead": "+= h / 2", "move_behind": "-= h / 2", "slope": "(fp - fm) / h"},
    "f_returned": {"result": "f(w)"},
    "whole_numbers": {"start": "pass"},
}
WAYS = (
    ("all_at_once", "return (f(w + h) - f(w - h)) / (2 * h)"),
    ("whole_rows", """
        grad = np.zeros(w.shape)
        for i in range(len(w)):
            step = np.zeros(w.shape)
            step[i] = h
            grad[i] = (f(w + step) - f(w - step)) / (2 * h)
        return grad"""),
    ("not_undone", """
        wp, wm, grad = w.astype(float), w.astype(float), np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            wp[i] += h
            wm[i] -= h
            grad[i] = (f(wp) - f(wm)) / (2 * h)
        return grad"""),
    ("forward_difference", """
        grad = np.zeros(w.shape)
        for i in np.ndindex(w.shape):
            e = np.zeros(w.shape)
            e[i] = h
            grad[i] = (f(w) - f(w - e)) / h
        return grad"""),
    ("flattened", """
        grads = []
        for i in range(w.size):
            e = np.zeros(w.size)
            e[i] = h
            e = e.reshape(w.shape)
            grads.append((f(w + e) - f(w - e)) / (2 * h))
        return grads"""),
    ("whole_numbers", """
        grad = np.zeros_like(w)
        for i in np.ndindex(w.shape):
            e = np.zeros(w.shape)
            e[i] = h
            grad[i] = (f(w + e) - f(w - e)) / (2 * h)
        return grad"""),
)
STYLES = {
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
}
IN_PLACE = {"w after its use": """
    right = w.astype(float)
    g = np.zeros(w.shape)
    for i in np.ndindex(w.shape):
        e = np.zeros(w.shape)
        e[i] = h
        g[i] = (f(right + e) - f(right - e)) / (2 * h)
    w[...] = 0
    return g"""}
TOGETHER = (
    ("forward_difference", "flattened"),
    ("wrong_sign", "flattened"),
    ("hard_coded_h", "whole_rows"),
)
UNNAMED = frozenset({("half_slope", "multiplied_by_h"), ("all_at_once", "not_undone"),
                       ("whole_rows", "not_undone"), ("not_undone", "f_returned"), ("hard_coded_h", "half_step")})


# --- what its hints say ------------------------------------------------------

def _cube(w):
    return float(np.sum(w**3))


def _slope_at_one(*slips, h=1e-3):
    return np.ravel(student("numerical_gradient", *slips)(_cube, np.ones(1), h)).item(0)


def check_a_slope_that_is_off_by_a_factor():
    for slip, ratio in (("half_slope", 0.5), ("not_halved", 2), ("wrong_sign", -1)):
        assert _slope_at_one(slip) / _slope_at_one() == pytest.approx(ratio, rel=1e-2), slip


def check_the_error_of_one_side_shrinks_with_h_that_of_two_with_its_square():
    for slips, shrinks in ((["forward_difference"], 10), ([], 100)):
        errors = [abs(_slope_at_one(*slips, h=h) - 3) for h in (1e-1, 1e-2)]
        assert errors[0] / errors[1] == pytest.approx(shrinks, rel=0.1)


def check_without_the_division_a_small_h_leaves_nearly_nothing():
    for slip in ("not_divided", "multiplied_by_h"):
        assert abs(_slope_at_one(slip, h=1e-6)) < 1e-4


def check_what_is_not_undone_spoils_all_slopes_but_the_first():
    right, wrong = (student("numerical_gradient", *slips)(lambda w: np.sum(w)**3, np.ones(3), 0.1)
                    for slips in ([], ["not_undone"]))
    assert np.isclose(right, wrong).tolist() == [True, False, False]


def check_a_row_moved_at_once_gets_the_sum_of_its_slopes():
    wrong = student("numerical_gradient", "whole_rows")(_cube, np.array([[1.0, 2.0], [0.0, 1.0]]), 1e-5)
    np.testing.assert_allclose(wrong, [[15, 15], [3, 3]], rtol=1e-6)
