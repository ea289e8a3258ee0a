"""`best_rate` (lesson 09) as students write it."""
import numpy as np
from student_code import student

KEY = '''
def best_rate(rates, accuracy):
    mean = np.mean(accuracy, axis=1)
    mean[np.isnan(mean)] = -np.inf
    return rates[np.argmax(mean)]
'''
TEMPLATE = '''
import numpy as np

def best_rate(rates, accuracy):
    score = {score}
    score = {counted}
    at = {at}
    return {result}
'''
CORRECT = {
    "score": "np.mean(accuracy, axis=1)", "counted": "np.nan_to_num(score, nan=-np.inf)", "at": "np.argmax(score)",
    "result": "rates[at]",
}
SLIPS = {
    "best_seed": {"score": "np.max(accuracy, axis=1)"},
    "worst_seed": {"score": "np.min(accuracy, axis=1)"},
    "first_seed": {"score": "accuracy[:, 0]"},
    "overflow_forgiven": {"score": "np.nanmean(accuracy, axis=1)"},
    "overflow_wins": {"counted": "score"},
    "worst_rate": {"at": "np.argmin(score)"},
    "place_returned": {"result": "int(at)"},
    "accuracy_returned": {"result": "score[at]"},
}
WAYS = (
    ("overflow_wins", "return rates[accuracy.mean(axis=1).argmax()]"),
    ("overflow_forgiven", "return rates[np.nanmean(accuracy, axis=1).argmax()]"),
    ("place_returned", "return int(np.argmax(np.nan_to_num(accuracy.mean(axis=1))))"),
)
STYLES = {
    "nan as zero": "return rates[np.argmax(np.nan_to_num(accuracy.mean(axis=1)))]",
    "a sum": "return rates[np.argmax(np.nan_to_num(accuracy.sum(axis=1)))]",
    "only the finite ones": """
        fine = np.isfinite(accuracy).all(axis=1)
        return rates[fine][np.argmax(accuracy[fine].mean(axis=1))]
        """,
    "a loop": """
        best, found = -1.0, None
        for rate, shares in zip(rates, accuracy):
            mean = sum(shares) / len(shares)
            if mean > best:
                best, found = mean, rate
        return found
        """,
    "nanargmax": "return rates[np.nanargmax(np.mean(accuracy, axis=1))]",
}
TOGETHER = (
    ("best_seed", "accuracy_returned"),
)


# --- what its hints say ------------------------------------------------------

def check_which_seeds_decide():
    rates, accuracy = np.array([1.0, 2.0, 3.0]), np.array([[0.9, 0.9], [0.99, 0.5], [0.6, np.nan]])
    assert student("best_rate")(rates, accuracy) == 1.0
    assert student("best_rate", "best_seed")(rates[:2], accuracy[:2]) == 2.0
    assert student("best_rate", "first_seed")(rates, accuracy) == 2.0
    assert student("best_rate", "worst_seed")(rates[:2], np.array([[0.9, 0.1], [0.2, 0.2]])) == 2.0
    assert student("best_rate", "worst_rate")(rates[:2], accuracy[:2]) == 2.0


def check_what_an_overflow_does():
    rates, accuracy = np.array([1.0, 2.0]), np.array([[0.9, 0.9], [0.95, np.nan]])
    assert student("best_rate")(rates, accuracy) == 1.0
    assert student("best_rate", "overflow_wins")(rates, accuracy) == 2.0
    assert student("best_rate", "overflow_forgiven")(rates, accuracy) == 2.0
