"""`layer_backward` (lesson 01) as students write it."""
import numpy as np
import pytest
from student_code import fill, student

KEY = '''
def layer_backward(dZ, A_prev, W):
    dW = dZ @ A_prev.T
    db = np.sum(dZ, axis=1, keepdims=True)
    dA_prev = W.T @ dZ
    return dW, db, dA_prev
'''
TEMPLATE = '''
import numpy as np

def layer_backward(dZ, A_prev, W):
    m = dZ.shape[1]
    dW = {dW}
    db = {db}
    dA_prev = {dA}
    return {result}
'''
CORRECT = {
    "dW": "np.dot(dZ, A_prev.T)", "db": "np.sum(dZ, axis=1, keepdims=True)", "dA": "np.dot(W.T, dZ)",
    "result": "dW, db, dA_prev",
}
SLIPS = {
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
}
WAYS = (
    ("dW_transpose", "return dZ.T @ A_prev, dZ.sum(1, keepdims=True), W.T @ dZ"),
    ("elementwise", "return dZ @ A_prev.T, dZ.sum(1, keepdims=True), W.T * dZ"),
)
STYLES = {
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
}
TOGETHER = (
    ("dW_transpose", "db_not_column"),
    ("dA_transpose", "order_of_returns"),
    ("db_wrong_axis", "activation_included"),
)


# The same numbers as a mean, another line to look at.
TOLD = ((fill(TEMPLATE, CORRECT, []).replace("keepdims=True)", "keepdims=True) / m"), ("divided_by_m_again",)),)


# --- what its hints say ------------------------------------------------------

def check_a_missing_transpose_stops_only_where_the_layer_is_not_square():
    for slip in ("dW_transpose", "dA_transpose"):
        wrong = student("layer_backward", slip)
        wrong(*np.ones((3, 3, 3)))
        with pytest.raises(ValueError, match="not aligned"):
            wrong(np.ones((2, 5)), np.ones((4, 5)), np.ones((2, 4)))


def check_a_bias_that_is_no_column_becomes_a_square():
    db = student("layer_backward", "db_not_column")(*np.ones((3, 3, 3)))[1]
    assert (np.ones((3, 1)) - db).shape == (3, 3)
