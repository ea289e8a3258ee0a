"""`sgd_epoch` (lesson 03) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def sgd_epoch(w, batches, gradient, learning_rate):
    for X_batch, Y_batch in batches:
        w = w - learning_rate * gradient(w, X_batch, Y_batch)
    return w
'''
TEMPLATE = '''
import numpy as np

def sgd_epoch(w, batches, gradient, learning_rate):
    start = w
    for {item} in {batches}:
        dw = {dw}
        w = {new}
        {after}
    return {result}
'''
CORRECT = {
    "item": "X, Y", "batches": "batches", "dw": "{slope}", "slope": "gradient(w, X, Y)",
    "new": "w - {rate} * dw", "rate": "learning_rate", "after": "pass", "result": "w",
}
SLIPS = {
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
}
WAYS = (
    ("averages_gradients", "return w - learning_rate * np.mean([gradient(w, X, Y) for X, Y in batches], axis=0)"),
    ("gradients_at_start", """
        total = 0
        for X, Y in batches:
            total = total + gradient(w, X, Y)
        return w - learning_rate * total"""),
    ("all_in_one", """
        X, Y = np.hstack([b[0] for b in batches]), np.hstack([b[1] for b in batches])
        return w - learning_rate * gradient(w, X, Y)"""),
    ("first_batch_only", """
        for X, Y in batches:
            w = w - learning_rate * gradient(w, X, Y)
            return w"""),
)
STYLES = {
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
}
TOGETHER = (
    ("ascends", "skips_short"),
    ("divided_by_size", "first_batch_only"),
)
UNNAMED = frozenset({("gradients_at_start", "divided_by_batches"), ("first_batch_only", "skips_first"),
              ("first_batch_only", "skips_last"), ("last_batch_only", "skips_first"),
              ("last_batch_only", "skips_last"), ("last_batch_only", "skips_short"),
              ("x_and_y_swapped", "old_returned")})


IN_PLACE = {"the weights": "for X, Y in batches:\n    w -= learning_rate * gradient(w, X, Y)\nreturn w"}


# --- what its hints say ------------------------------------------------------

def _epoch(*slips, size=4, rate=0.1):
    """The weight after one epoch of fitting Y = X to twelve examples."""
    X = np.linspace(0.5, 1.5, 12).reshape(1, -1)
    batches = [(X[:, k:k + size], X[:, k:k + size]) for k in range(0, 12, size)]
    w = np.zeros((1, 1))
    return student("sgd_epoch", *slips)(w, batches, lambda w, X, Y: (w @ X - Y) @ X.T / X.shape[1], rate).item()


def check_what_a_wrong_epoch_does_to_the_step():
    assert _epoch("ascends") < 0 < _epoch()
    assert _epoch("divided_by_size", size=6) / _epoch(size=6) < _epoch("divided_by_size", size=2) / _epoch(size=2) < 1
    assert _epoch("averages_gradients") == pytest.approx(_epoch("all_in_one")) == pytest.approx(_epoch(size=12))
    assert _epoch("divided_by_batches", size=1) < _epoch(size=12) * 1.01
    assert _epoch("rate_missing", rate=1e-3) == _epoch("rate_missing", rate=0.1)
