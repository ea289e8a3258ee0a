"""`effective_rates` (lesson 06) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def effective_rates(gradients, learning_rate, epsilon):
    return learning_rate / (np.sqrt(np.cumsum(gradients**2)) + epsilon)
'''
TEMPLATE = '''
import numpy as np

def effective_rates(gradients, learning_rate, epsilon):
    square = {square}
    s = {s}
    root = {root}
    rate = learning_rate / {below}
    return {result}
'''
CORRECT = {"square": "gradients ** 2", "s": "np.cumsum(square)", "root": "np.sqrt(s)", "below": "(root + epsilon)",
           "result": "rate"}
SLIPS = {
    "late": {"s": "np.append(0.0, np.cumsum(square)[:-1])"},
    "total": {"s": "np.sum(square) * np.ones(len(square))"},
    "newest": {"s": "square"},
    "mean": {"s": "np.cumsum(square) / (np.arange(len(square)) + 1)"},
    "not_squared": {"square": "gradients"},
    "absolute": {"square": "abs(gradients)"},
    "sum_squared": {"s": "np.cumsum(gradients) ** 2"},
    "root_missing": {"root": "s"},
    "epsilon_missing": {"below": "root"},
    "epsilon_inside_root": {"root": "np.sqrt(s + epsilon)", "below": "root"},
    "steps": {"result": "rate * gradients"},
}
STYLES = {
    "a loop": """
        s, rates = 0.0, []
        for dw in gradients:
            s = s + dw ** 2
            rates.append(learning_rate / (s ** 0.5 + epsilon))
        return np.array(rates)""",
    "every sum by itself": """
        n = len(gradients)
        return np.array([learning_rate / (np.linalg.norm(gradients[:t + 1]) + epsilon) for t in range(n)])""",
    "a triangle of ones": """
        s = np.tri(len(gradients)) @ np.square(gradients)
        return learning_rate * (np.sqrt(s) + epsilon) ** -1""",
}
TOGETHER = (
    ("late", "root_missing"),
    ("absolute", "epsilon_missing"),
)


# --- what its hints say ------------------------------------------------------

def check_what_falls_and_what_does_not():
    steady, falling = np.ones(50), ("late", "root_missing", "epsilon_inside_root")
    for slip, falls in (*((slip, True) for slip in falling), ("total", False), ("newest", False), ("mean", False)):
        rates = student("effective_rates", slip)(steady, 0.1, 1e-8)
        assert (rates[-1] < 0.5 * rates[1]) == falls, slip


def check_what_cancels():
    signs = np.array([1.0, -1.0, 1.0, -1.0])
    with np.errstate(invalid="ignore", divide="ignore"):
        assert np.any(np.diff(student("effective_rates", "sum_squared")(signs, 0.1, 0.01)) > 0)
        assert np.isnan(student("effective_rates", "not_squared")(-signs, 0.1, 0.01)[0])


def check_the_unit_of_the_loss_matters_to_absolute_values_alone():
    g = np.array([1.0, 2.0, 3.0])
    for slips, same in (((), True), (("absolute",), False)):
        one, thousand = (scale * student("effective_rates", *slips)(scale * g, 0.1, 1e-12) for scale in (1.0, 1000.0))
        assert np.allclose(one, thousand) == same
