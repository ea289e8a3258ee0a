"""What is asked arrives new in every call, and what comes back is written down as it is."""
import numpy as np
import pytest

from optimlab.tutor.challenges import POISON, Challenge, Made, answer


def asked(function, *calls):
    return answer(Challenge("c", "f", tuple((arguments, {}) for arguments in calls)), function)


def test_a_generator_is_made_anew_for_every_call():
    drawn = []
    rng = Made("default_rng", (3,))
    asked(lambda rng: drawn.append(rng.random()), (rng,), (rng,))
    assert drawn == [np.random.default_rng(3).random()] * 2


def test_a_function_is_made_for_positions_and_keywords():
    w = np.ones((2, 2))
    loss = Made("curved_loss", (w, 2 * w))
    given = answer(Challenge("c", "f", (((loss, w), {"g": loss}),)), lambda f, w, g: f(w) + g(w))
    assert given.results == (2 * (4 + 64.0),) and given.container == "float"


def test_batches_are_copied_and_a_change_in_one_is_seen():
    batches = [(np.zeros((2, 3)), np.ones((1, 3)))]

    def spoil(w, batches):
        batches[0][0][...] = 7
        return w
    assert asked(spoil, (np.ones(2), batches)).changed == (1,)
    assert not batches[0][0].any()
    assert asked(lambda w, batches: batches.append(1), (np.ones(2), batches)).changed == (1,)
    assert asked(lambda w, batches: w, (np.ones(2), batches)).changed == ()


@pytest.mark.parametrize("returned, kept", [
    (2, 2.0), (2.5, 2.5), (True, 1.0), (np.float32(0.5), 0.5), (np.int64(3), 3.0),
    (1j, "a single number"), (10**400, "a single number"), (type("Own", (float,), {})(1), "a single number"),
])
def test_a_plain_number_is_kept_as_a_float(returned, kept):
    assert asked(lambda: returned, ()).results == (kept,)


def test_pairs_are_kept_with_their_arrays_and_nothing_deeper():
    x, y = np.zeros((2, 1)), np.ones((1, 1))
    (pair, other), = [asked(lambda: [(x, y), [y, x]], ()).results]
    assert type(pair) is tuple and type(other) is list and pair[1].item() == 1 and pair[1] is not y
    assert asked(lambda: [(x, 1), (x, [y]), (), [None], (x, np.array("a"))], ()).results == (
        "a tuple", "a tuple", "a tuple", "a list", "a tuple")


@pytest.mark.parametrize("function, seen", [
    (lambda w: w, 2), (lambda w: w[::-1], 2), (lambda w: w.copy(), 1), (lambda w: np.zeros(3), 1)])
def test_memory_shared_with_an_argument_shows(function, seen):
    """What comes back is filled with 1, the argument then with 2."""
    w = np.arange(3.0)
    given = answer(Challenge("c", "f", (((w,), {}),), probe_memory=True), function)
    assert np.all(given.probed[0] == seen) and given.changed == () and w[2] == 2


def test_an_array_that_is_never_filled_shows():
    for shape in ((4,), (2, 3), (3, 1)):
        for like in (lambda w: np.empty(w.shape), lambda w: np.empty(len(w)), np.empty_like):
            given = answer(Challenge("c", "f", (((np.ones(shape),), {}),), probe_memory=True), like)
            assert np.any(given.results[0] == POISON)
