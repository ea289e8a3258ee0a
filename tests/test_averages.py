"""The moving average equals its definition, written out, for any beta, start and shape."""

import numpy as np
import pytest

from optimlab.averages import effective_window, ewma, half_life, unrolled_weights

THETA = np.random.default_rng(0).normal(10, 3, size=12)


@pytest.mark.parametrize("beta", [0.0, 0.6, 0.9, 0.99])
@pytest.mark.parametrize("initial", [0.0, 7.0])
def test_equals_the_recursion_written_out(beta, initial):
    V = ewma(THETA, beta, initial=initial)
    for t in range(1, len(THETA) + 1):
        unrolled = beta**t * initial + unrolled_weights(beta, t) @ THETA[:t]
        assert V[t - 1] == pytest.approx(unrolled, rel=1e-13)


@pytest.mark.parametrize("beta", [0.0, 0.6, 0.9, 0.99])
def test_corrected_average_is_a_true_average_from_the_first_value(beta):
    """Its weights sum to one, so that a constant series keeps its value, and V_1 = theta_1."""
    np.testing.assert_allclose(ewma(np.full(30, 4.2), beta, corrected=True), 4.2, rtol=1e-12)
    corrected = ewma(THETA, beta, corrected=True)
    assert corrected[0] == pytest.approx(THETA[0], rel=1e-13)
    weights = unrolled_weights(beta, len(THETA), corrected=True)
    assert weights.sum() == pytest.approx(1, rel=1e-13)
    assert corrected[-1] == pytest.approx(weights @ THETA, rel=1e-13)


def test_trailing_axes_and_an_array_of_betas_are_averaged_side_by_side():
    theta = np.random.default_rng(1).normal(size=(9, 4))
    betas = np.array([[0.5], [0.9], [0.99]])
    together = ewma(theta[:, None, :], betas, corrected=True)
    assert together.shape == (9, 3, 4)
    for i, beta in enumerate(betas[:, 0]):
        for k in range(4):
            np.testing.assert_allclose(together[:, i, k], ewma(theta[:, k], beta, corrected=True))


@pytest.mark.parametrize("beta", [0.3, 0.9, 0.999])
def test_window_and_half_life_say_what_the_weights_do(beta):
    assert beta ** half_life(beta) == pytest.approx(0.5)
    assert 1 / effective_window(beta) == pytest.approx(unrolled_weights(beta, 5)[-1])
    assert half_life(beta) < effective_window(beta)


def test_without_memory_the_half_life_is_zero():
    assert half_life(0.0) == 0 and effective_window(0.0) == 1


def test_input_is_not_changed():
    theta = THETA.copy()
    ewma(theta, 0.9, corrected=True)
    np.testing.assert_array_equal(theta, THETA)


@pytest.mark.parametrize("call, says", [
    (lambda: ewma(THETA, 1.0), "beta must lie"),
    (lambda: ewma(THETA, -0.1), "beta must lie"),
    (lambda: ewma(THETA, np.array([0.5, np.nan])[:, None]), "beta must lie"),
    (lambda: ewma(3.0, 0.9), "time axis"),
    (lambda: ewma(THETA, 0.9, corrected=True, initial=THETA[0]), "assumes V_0 = 0"),
    (lambda: unrolled_weights(0.9, 0), "at least 1"),
    (lambda: effective_window(1.0), "beta must lie"),
    (lambda: half_life(2.0), "beta must lie"),
])
def test_what_has_no_meaning_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
