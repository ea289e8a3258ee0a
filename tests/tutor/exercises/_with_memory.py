"""What students write in every step that hands a memory on, and what such steps do."""
import numpy as np
import pytest
from student_code import student

SLIPS = {
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


def steps(name, slopes, *slips, rate=0.1, memory=0.0, w=0.0, **more):
    """How far each step goes down under these slopes, each an array or a number, and the last memory."""
    step, taken = student(name, *slips), []
    slopes = np.array(slopes, float).reshape(len(slopes), -1)
    w, memory = (np.full(slopes.shape[1], x) for x in (w, memory))
    with np.errstate(all="ignore"):
        for slope in slopes:
            new, memory = step(w, slope, memory, rate, **more)
            taken.append(w - new)
            w = new
    return np.squeeze(np.array(taken)), memory


def walk(name, *slips, w=-1.0, curvature=1.0, rate=0.05, steps=400):
    """The places of a walk in the bowl."""
    step, memory, places = student(name, *slips), np.zeros(1), [np.array([w])]
    with np.errstate(all="ignore"):
        for _ in range(steps):
            w, memory = step(places[-1], curvature * places[-1], memory, rate)
            places.append(w)
    return np.ravel(places)


def check_what_goes_uphill(name):
    for slip in ("ascends", "times_gradient"):
        assert walk(name, slip, steps=3)[3] < -1 < walk(name, steps=3)[3] < 0, slip


def check_what_does_not_heed_the_rate(name):
    def first(slip, rate):
        return steps(name, [2.0], slip, rate=rate)[0]
    assert first("rate_missing", 0.01) == first("rate_missing", 0.1) > steps(name, [2.0])[0]
    assert first("hard_coded_rate", 0.5) == first("hard_coded_rate", 0.1)
    assert first("divides_by_rate", 0.01) > first("divides_by_rate", 0.1)


def check_what_is_handed_on(name):
    old = steps(name, [1.0, 2.0, 3.0], "old_memory_returned")[1]
    assert old == 0 and steps(name, [1.0, 2.0, 3.0])[1] > 0
    normalized = [steps(name, [slopes], "normalized")[1][0] for slopes in ((1.0, 1.0), (2.0, 2.0), (1.0, 5.0))]
    assert normalized[0] == pytest.approx(normalized[1]) and normalized[2] < normalized[0]


def follows(name, optimizer, *slips, rate=0.1):
    """Whether steps from rest end where the course's own optimizer ends, and with its memory."""
    step, rng = student(name, *slips), np.random.default_rng(0)
    w = mine = rng.normal(0, 1, (2, 3))
    memory, state = np.zeros_like(w), optimizer.init(w)
    for dw in rng.normal(0, 1, (20, 2, 3)):
        mine, memory = step(mine, dw, memory, rate)
        w, state = optimizer.step(w, dw, state)
    return np.allclose(mine, w, rtol=1e-12, atol=0) and np.allclose(memory, state[1], rtol=1e-12, atol=0)
