"""The network's gradient is right for every activation and depth, and its views are its vector."""

import numpy as np
import pytest

from optimlab.networks import MLP


def problem(sizes, output, m=7, seed=0):
    rng = np.random.default_rng(seed)
    X = rng.standard_normal((sizes[0], m))
    if output == "softmax":
        Y = np.eye(sizes[-1])[rng.integers(sizes[-1], size=m)].T
    else:
        Y = rng.integers(2, size=(sizes[-1], m)).astype(float)
    return X, Y


every_network = pytest.mark.parametrize("network", [
    MLP(sizes, hidden, output)
    for sizes in [(3, 2), (3, 5, 2), (3, 5, 1), (4, 6, 5, 3)]
    for hidden in ("tanh", "relu") for output in ("sigmoid", "softmax")], ids=str)


@every_network
def test_gradient_agrees_with_central_differences(network):
    X, Y = problem(network.sizes, network.output)
    w, h = network.init(np.random.default_rng(1)), 1e-6
    w += 0.1        # biases away from zero too
    loss, dw = network.loss_and_gradient(w, X, Y)
    shifts = h * np.eye(network.size)
    numerical = (network.loss(w + shifts, X, Y) - network.loss(w - shifts, X, Y)) / (2 * h)
    np.testing.assert_allclose(dw, numerical, atol=1e-6, rtol=1e-6)
    assert loss == pytest.approx(network.loss(w, X, Y), rel=1e-14)


@every_network
def test_leading_axes_are_a_batch_of_networks(network):
    X, Y = problem(network.sizes, network.output)
    w = np.random.default_rng(2).standard_normal((2, 3, network.size))
    losses, dw = network.loss_and_gradient(w, X, Y)
    assert losses.shape == (2, 3) and dw.shape == w.shape
    alone, dw_alone = network.loss_and_gradient(w[1, 2], X, Y)
    assert losses[1, 2] == pytest.approx(alone, rel=1e-13)
    np.testing.assert_allclose(dw[1, 2], dw_alone, rtol=1e-11, atol=1e-14)
    np.testing.assert_array_equal(network.predict(w, X)[1, 2], network.predict(w[1, 2], X))


def test_shapes_are_the_slides_shapes():
    n_x, n_h, n_y, m = 4, 3, 2, 9
    network = MLP((n_x, n_h, n_y))
    assert list(network.shapes.items()) == [
        ("W1", (n_h, n_x)), ("b1", (n_h, 1)), ("W2", (n_y, n_h)), ("b2", (n_y, 1))]
    A, Z = network.forward(np.zeros(network.size), np.ones((n_x, m)))
    assert [a.shape for a in A] == [(n_x, m), (n_h, m), (n_y, m)] and Z.shape == (n_y, m)


def test_views_share_memory_and_cover_the_vector():
    network = MLP((4, 3, 2))
    w = np.zeros(network.size)
    for number, view in enumerate(network.views(w).values(), start=1):
        view[...] = number
    np.testing.assert_array_equal(w, np.repeat([1, 2, 3, 4], [12, 3, 6, 2]))


def test_separate_arrays_and_back():
    network = MLP((4, 3, 2), output="softmax")
    X, Y = problem(network.sizes, "softmax")
    w = network.init(np.random.default_rng(0))
    parameters = network.views(w.copy())
    np.testing.assert_array_equal(network.flatten(parameters), w)
    gradients = network.gradients(parameters, X, Y)
    dW1, db1, dW2, db2 = gradients.values()
    assert list(gradients) == ["dW1", "db1", "dW2", "db2"]
    assert (dW1.shape, db1.shape, dW2.shape, db2.shape) == ((3, 4), (3, 1), (2, 3), (2, 1))
    flat = network.loss_and_gradient(w, X, Y)[1]
    np.testing.assert_array_equal(network.gradient(w, X, Y), flat)
    np.testing.assert_allclose(network.flatten({"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}), flat)


@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_huge_weights_give_finite_losses_and_gradients(output):
    """exp would overflow and log(0) be -inf, if they were taken as the formulas are printed."""
    network = MLP((2, 2), output=output)
    w = np.array([1e4, 0, 0, -1e4, 0, 0])
    X = np.array([[1.0, -1.0], [1.0, -1.0]])
    Y = np.array([[1.0, 1.0], [0.0, 0.0]])
    with np.errstate(all="raise", under="ignore"):
        loss, dw = network.loss_and_gradient(w, X, Y)
    # Per example: sigmoid 0 and 1e4 + 1e4, softmax 0 and 2e4.
    assert loss == pytest.approx(1e4) and np.all(np.isfinite(dw))


@pytest.mark.parametrize("hidden", ["tanh", "relu"])
@pytest.mark.parametrize("output", ["sigmoid", "softmax"])
def test_losses_and_probabilities_equal_the_plain_formulas(hidden, output):
    network = MLP((3, 4, 2), hidden, output)
    X, Y = problem(network.sizes, output)
    w = network.init(np.random.default_rng(5))
    W1, b1, W2, b2 = network.views(w).values()
    Z1 = W1 @ X + b1
    Z2 = W2 @ (np.tanh(Z1) if hidden == "tanh" else np.maximum(Z1, 0)) + b2
    if output == "sigmoid":
        P = 1 / (1 + np.exp(-Z2))
        loss = -(Y * np.log(P) + (1 - Y) * np.log(1 - P)).sum() / 7
    else:
        P = np.exp(Z2) / np.exp(Z2).sum(axis=0)
        loss = -(Y * np.log(P)).sum() / 7
    np.testing.assert_allclose(network.forward(w, X)[0][-1], P, rtol=1e-13)
    assert network.loss(w, X, Y) == pytest.approx(loss, rel=1e-13)


def test_predictions():
    X = np.array([[2.0, -1.0, 0.5]])
    assert MLP((1, 1)).predict(np.array([1.0, 0.0]), X).tolist() == [1, 0, 1]
    two = np.array([1.0, -1.0, 0.0, 0.0])
    assert MLP((1, 2)).predict(two, X).tolist() == [[1, 0, 1], [0, 1, 0]]
    assert MLP((1, 2), output="softmax").predict(two, X).tolist() == [0, 1, 0]


def test_inputs_are_not_changed():
    network = MLP((3, 4, 2))
    X, Y = problem(network.sizes, "sigmoid")
    w = network.init(np.random.default_rng(0))
    given, before = (w, X, Y), [array.copy() for array in (w, X, Y)]
    network.loss_and_gradient(w, X, Y)
    network.predict(w, X)
    for array, copy in zip(given, before):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("hidden, gain", [("tanh", 1), ("relu", 2)])
def test_first_weights_have_the_documented_variance(hidden, gain):
    network = MLP((100, 200, 1), hidden)
    parameters = network.views(network.init(np.random.default_rng(0)))
    assert parameters["W1"].var() == pytest.approx(gain / 100, rel=0.05)
    assert not parameters["b1"].any()


@pytest.mark.parametrize("call, says", [
    (lambda: MLP((3,)), "two layers"),
    (lambda: MLP((3, 0, 1)), "two layers"),
    (lambda: MLP((3, 1), hidden="sine"), "hidden must be one of"),
    (lambda: MLP((3, 1), output="linear"), "output must be one of"),
    (lambda: MLP((3, 1)).views(np.zeros(5)), r"\(\.\.\., 4\), got \(5,\)"),
    (lambda: MLP((3, 1)).flatten({"W1": np.zeros((1, 3))}), "b1 .* got nothing"),
    (lambda: MLP((3, 1)).flatten({"W1": np.zeros((3, 1)), "b1": np.zeros((1, 1))}),
     r"W1 must have shape \(1, 3\), got \(3, 1\)"),
])
def test_what_does_not_fit_together_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
