"""The optimizers equal the field's reference, step for step, and keep their promises on arrays."""

import json
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest

from optimlab import surfaces
from optimlab.networks import MLP
from optimlab.optimizers import (
    OPTIMIZERS,
    AdaGrad,
    Adam,
    AdamW,
    AMSGrad,
    Clipped,
    GradientDescent,
    Momentum,
    Muon,
    Nesterov,
    PartByPart,
    RMSProp,
    learned,
    orthogonalized,
)

REFERENCE = json.loads((Path(__file__).parent / "reference" / "torch.json").read_text("utf-8"))


def logistic_gradient(w, step):
    X, y = np.array(REFERENCE["logistic"]["X"]), np.array(REFERENCE["logistic"]["y"])
    batch = slice(step % 8 * 8, step % 8 * 8 + 8)
    probability = 1 / (1 + np.exp(-w @ X[:, batch]))
    return X[:, batch] @ (probability - y[batch]) / 8


def linear_map_gradient(w, step):
    (rows, columns), X, Y = w.shape, np.array(REFERENCE["linear map"]["X"]), np.array(REFERENCE["linear map"]["Y"])
    batch = slice(step % 8 * 8, step % 8 * 8 + 8)
    return (w @ X[:columns, batch] - Y[:rows, batch]) @ X[:columns, batch].T / 8


ravine = surfaces.quadratic(REFERENCE["curvatures"])
GRADIENTS = {
    "ravine": lambda w, step: ravine.gradient(w),
    "Rosenbrock": lambda w, step: surfaces.rosenbrock.gradient(w),
    "logistic": logistic_gradient,
}
KINDS = {**OPTIMIZERS, "Muon": Muon}
# Muon's matrix products are added up in another order on another processor, and its iteration makes more of it.
CLOSE = {"Muon": 1e-9}


def describe(run):
    settings = "-".join(f"{value:g}" for value in run["hyperparameters"].values())
    return f"{run['optimizer']}-{settings}-{run['problem']}"


@pytest.mark.parametrize("run", REFERENCE["runs"], ids=describe)
def test_equals_pytorch_over_300_steps(run):
    optimizer = KINDS[run["optimizer"]](**run["hyperparameters"])
    gradient = {**GRADIENTS, "linear map": linear_map_gradient}[run["problem"]]
    w = np.array(run["start"])
    state = optimizer.init(w)
    points, results = [], []
    for step in range(REFERENCE["checkpoints"][-1]):
        w, state = optimizer.step(w, gradient(w, step), state)
        if step + 1 in REFERENCE["checkpoints"]:
            points.append(w)
            results.append(learned(w, state))
    for found, name in ((points, "points"), (results, "learned")):
        expected = np.array(run.get(name, run["points"]))
        assert np.all(np.abs(found - expected) <= CLOSE.get(run["optimizer"], 1e-12) * (1 + np.abs(expected)))


def heavy_ball(w, gradient):
    """Momentum in the sum form, at the learning rate that the docstring converts."""
    beta, rate = 0.8, (1 - 0.8) * 0.2
    v = np.zeros(w.shape)
    while True:
        v = beta * v + gradient(w)
        w = w - rate * v
        yield w, {"v": (1 - beta) * v}


def looking_ahead(w, gradient):
    """Nesterov as he wrote it: a step from the look-ahead point, and a new look ahead from where it led."""
    beta, rate = 0.8, (1 - 0.8) * 0.2
    before = w
    while True:
        here = w - rate * gradient(w)
        w = here + beta * (here - before)
        yield w, {"v": (before - here) / 0.2}
        before = here


# An optimizer, and the same rule written in another way: an endless iterator of points and what the state holds then.
OTHER_FORMS = [
    (Momentum(learning_rate=0.2, beta=0.8), heavy_ball),
    (Nesterov(learning_rate=0.2, beta=0.8), looking_ahead),
]


@pytest.mark.parametrize("optimizer, other_form", OTHER_FORMS,
                         ids=lambda row: getattr(row, "__name__", type(row).__name__))
def test_takes_the_path_of_its_other_form(optimizer, other_form):
    w = np.array([3.0, -1.0])
    state, other = optimizer.init(w), other_form(w, ravine.gradient)
    for _ in range(50):
        w, state = optimizer.step(w, ravine.gradient(w), state)
        expected, holds = next(other)
        np.testing.assert_allclose(w, expected, rtol=1e-12)
        for name, values in holds.items():
            np.testing.assert_allclose(getattr(state, name), values, rtol=1e-12)


def test_every_optimizer_has_its_reference():
    """PyTorch's on every problem, or another form of the rule; Muon's on matrices."""
    by_torch = {name for name in OPTIMIZERS if {run["problem"] for run in REFERENCE["runs"] if run["optimizer"] == name}
                == GRADIENTS.keys()}
    assert {run["optimizer"] for run in REFERENCE["runs"]} == by_torch | {"Muon"}
    assert set(OPTIMIZERS) == by_torch | {type(optimizer).__name__ for optimizer, _ in OTHER_FORMS}


every_optimizer = pytest.mark.parametrize("optimizer", [kind() for kind in OPTIMIZERS.values()],
                                          ids=OPTIMIZERS)


@every_optimizer
def test_t_counts_the_steps_done(optimizer):
    w = np.ones(3)
    state = optimizer.init(w)
    assert state.t == 0
    for t in (1, 2, 3):
        w, state = optimizer.step(w, w, state)
        assert state.t == t


@every_optimizer
def test_changes_nothing_in_place(optimizer):
    w, dw = np.array([1.0, -2.0]), np.array([0.5, 3.0])
    _, state = optimizer.step(w, dw, optimizer.init(w))
    given = [w, dw, *(part for part in state if isinstance(part, np.ndarray))]
    before = [array.copy() for array in given]
    optimizer.step(w, dw, state)
    for array, copy in zip(given, before):
        np.testing.assert_array_equal(array, copy)


@pytest.mark.parametrize("name, hyperparameter", [
    (name, field.name) for name, kind in OPTIMIZERS.items() for field in fields(kind)])
def test_a_sweep_equals_its_runs_one_by_one(name, hyperparameter):
    """Every hyperparameter may be an array that broadcasts: this is how the lessons sweep."""
    optimizer = OPTIMIZERS[name]()
    values = np.array([0.05, 0.3, 0.7])

    def run(optimizer):
        w = np.array([-1.0, 2.0])
        state = optimizer.init(w)
        for _ in range(20):
            w, state = optimizer.step(w, w * [1.0, 0.2], state)
        return w

    swept = run(replace(optimizer, **{hyperparameter: values[:, None]}))
    alone = [run(replace(optimizer, **{hyperparameter: float(value)})) for value in values]
    np.testing.assert_allclose(swept, alone, rtol=1e-13)


@every_optimizer
def test_acts_on_every_element_alone_whatever_the_shape(optimizer):
    """One flat vector of parameters behaves as the separate arrays in it would."""
    rng = np.random.default_rng(0)
    w, gradients = rng.standard_normal((2, 3, 4)), rng.standard_normal((5, 2, 3, 4))

    def run(w, gradients):
        state = optimizer.init(w)
        for dw in gradients:
            w, state = optimizer.step(w, dw, state)
        return w

    together = run(w, gradients)
    assert together.shape == w.shape
    np.testing.assert_allclose(run(w.ravel(), gradients.reshape(5, -1)), together.ravel(),
                               rtol=1e-13)
    np.testing.assert_allclose(run(w[1, 2, 3], gradients[:, 1, 2, 3]), together[1, 2, 3],
                               rtol=1e-13)


@pytest.mark.parametrize("kind, setting, names", [
    (Adam, {"learning_rate": -0.1}, "Adam: learning_rate"),
    (GradientDescent, {"learning_rate": float("nan")}, "GradientDescent: learning_rate"),
    (AMSGrad, {"learning_rate": float("inf")}, "AMSGrad: learning_rate"),
    (Momentum, {"beta": 1.0}, "Momentum: beta must"),
    (Nesterov, {"beta": -0.1}, "Nesterov: beta must"),
    (Adam, {"beta1": 1.5}, "Adam: beta1"),
    (AdamW, {"beta2": 1.0}, "AdamW: beta2"),
    (AdaGrad, {"epsilon": -1e-8}, "AdaGrad: epsilon"),
    (AdamW, {"weight_decay": -0.1}, "AdamW: weight_decay"),
    (RMSProp, {"learning_rate": np.array([[0.1], [-0.3]])}, "RMSProp: learning_rate.*-0.3"),
], ids=str)
def test_meaningless_hyperparameters_are_refused_in_one_line(kind, setting, names):
    with pytest.raises(ValueError, match=names) as refusal:
        kind(**setting)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize("name, first_step", [
    ("GradientDescent", None), ("Momentum", None), ("Nesterov", None),
    ("AdaGrad", 1.0), ("RMSProp", 1 / np.sqrt(0.1)), ("Adam", 1.0), ("AMSGrad", 1.0)])
def test_first_step_and_the_size_of_the_gradient(name, first_step):
    """The adaptive ones take the docstrings' first step, in learning rates, at any gradient."""
    optimizer = OPTIMIZERS[name](learning_rate=0.01)
    w, _ = optimizer.step(np.zeros(2), np.array([1e3, -1e-3]), optimizer.init(np.zeros(2)))
    if first_step is None:
        assert abs(w[0] / w[1]) == pytest.approx(1e6)
    else:
        np.testing.assert_allclose(w, [-0.01 * first_step, 0.01 * first_step], rtol=1e-4)


def test_muon_makes_all_directions_alike_and_sweeps_over_matrices_side_by_side():
    """All singular values of a step lie near the learning rate, whatever those of the gradient."""
    rng = np.random.default_rng(3)
    gradients = rng.standard_normal((4, 6, 3)) * np.geomspace(0.01, 100, 4)[:, None, None] * [1.0, 0.3, 0.05]
    values = np.linalg.svd(orthogonalized(gradients))[1]
    assert values.min() > 0.68 and values.max() < 1.21
    rates = np.array([0.1, 0.2, 0.5, 1.0])
    swept, _ = Muon(rates[:, None, None]).step(gradients, gradients, Muon().init(gradients))
    for rate, matrix, found in zip(rates, gradients, swept):
        alone, _ = Muon(float(rate)).step(matrix, matrix, Muon().init(matrix))
        np.testing.assert_allclose(found, alone, rtol=1e-12)


def test_each_part_is_moved_by_its_own_optimizer():
    network = MLP((3, 4, 2), output="softmax")
    kinds = {"W1": Muon(0.1), "b1": Adam(0.01), "W2": Adam(0.02), "b2": GradientDescent(0.3)}
    rng = np.random.default_rng(0)
    w, gradients = network.init(rng), rng.standard_normal((5, network.size))
    together = PartByPart(network.views, kinds)
    state, found = together.init(w), w
    for dw in gradients:
        found, state = together.step(found, dw, state)
    assert state.t == 5
    for name, optimizer in kinds.items():
        part, alone = network.views(w)[name], optimizer.init(network.views(w)[name])
        for dw in gradients:
            part, alone = optimizer.step(part, network.views(dw)[name], alone)
        np.testing.assert_array_equal(network.views(found)[name], part)


@pytest.mark.parametrize("length, allowed", [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (50.0, 1.0)])
def test_a_clipped_gradient_keeps_its_direction_and_is_no_longer_than_the_limit(length, allowed):
    direction = np.array([[0.6, 0.0], [0.0, 0.8]])
    optimizer = Clipped(GradientDescent(learning_rate=1.0), limit=1.0)
    w, _ = optimizer.step(np.zeros((2, 2)), length * direction, optimizer.init(np.zeros((2, 2))))
    np.testing.assert_allclose(w, -allowed * direction, atol=1e-15)


def test_amsgrad_walks_the_right_way_where_adam_does_not():
    """Reddi, Kale and Kumar 2018: a gradient of 1010 on every 101st step and of -10 on the others.

    The best point of [-1, 1] is -1; Adam goes to +1.
    """
    ends = {}
    for optimizer in (Adam(0.5, beta1=0.0, beta2=0.99), AMSGrad(0.5, beta1=0.0, beta2=0.99)):
        w, state = np.array([0.0]), optimizer.init(np.array([0.0]))
        for step in range(1, 3001):
            dw = np.array([1010.0 if step % 101 == 1 else -10.0])
            scheduled = replace(optimizer, learning_rate=0.5 / np.sqrt(step))
            w, state = scheduled.step(w, dw, state)
            w = np.clip(w, -1, 1)
        ends[type(optimizer)] = w[0]
    assert ends[AMSGrad] < 0 < 0.5 < ends[Adam]
