"""`largest_stable_rate` (lesson 02) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def largest_stable_rate(curvatures):
    return 2 / np.max(curvatures)
'''
TEMPLATE = '''
import numpy as np

def largest_stable_rate(curvatures):
    steepest = {steepest}
    rate = {rate}
    return {result}
'''
CORRECT = {
    "steepest": "max(curvatures)", "rate": "2 / steepest", "result": "rate",
}
SLIPS = {
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
}
WAYS = (
    ("extremes", "return 4 / (max(curvatures) + min(curvatures))"),
    ("one_for_two", "return 1 / max(curvatures)"),
    ("strict", "return 0.99 * 2 / max(curvatures)"),
)
STYLES = {
    "max": "return 2 / max(curvatures)",
    "a float": "return float(2.0 / np.max(np.abs(curvatures)))",
    "the smallest of all rates": "return np.min(2 / curvatures)",
    "sorted": "return 2 / sorted(curvatures)[-1]",
    "an array without axes": "return np.array(2 / curvatures.max())",
    "the norm of a diagonal matrix": "return 2 / np.linalg.norm(np.diag(curvatures), 2)",
}
TOGETHER = (
    ("one_for_two", "smallest_curvature"),
    ("root", "mean_curvature"),
)


# --- what its hints say ------------------------------------------------------

_CURVATURES = np.array([1.0, 9.0, 4.0])


def _ends_at(rate, steps):
    """How far from the bottom of the bowl gradient descent ends; inf where numbers end before it."""
    step, w = student("gradient_step"), np.array([-3.02, 2.0, 1.0])
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w = step(w, _CURVATURES * w, rate)
    return np.nan_to_num(np.abs(w).max(), nan=np.inf)


def check_which_rates_let_the_ball_run_away():
    for slip, runs_away in (
            ("one_for_two", False), ("sum_of_curvatures", False), ("strict", False), ("smallest_curvature", True),
            ("mean_curvature", True), ("one_entry", True), ("root", True), ("multiplied", True), ("inverted", True)):
        right, wrong = (student("largest_stable_rate", *slips)(_CURVATURES) for slips in ([], [slip]))
        assert (wrong > right) == runs_away, slip
        assert (_ends_at(wrong, steps=2000) > 10) == runs_away, slip


def check_the_ball_runs_away_above_the_border_and_not_below():
    border = student("largest_stable_rate")(_CURVATURES)
    assert _ends_at(0.999 * border, steps=20_000) < 1e-6 and _ends_at(1.001 * border, steps=20_000) > 10


def check_a_curvature_squared_errs_to_both_sides():
    """In a flat direction the ball runs away, in a steep one it crawls; so with a root, the other way round."""
    for slip, away, crawls in (("squared", 0.5, 4.0), ("root", 4.0, 0.25)):
        right, wrong = student("largest_stable_rate"), student("largest_stable_rate", slip)
        assert wrong(np.array([away])) > right(np.array([away]))
        assert wrong(np.array([crawls])) < right(np.array([crawls]))
