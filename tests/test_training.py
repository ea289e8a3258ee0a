"""Descents and trainings do what the optimizers say, repeat exactly, and end in words."""

from dataclasses import replace

import numpy as np
import pytest

from optimlab.datasets import digits, split, standardize, two_moons
from optimlab.networks import MLP
from optimlab.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from optimlab.schedules import InverseTime
from optimlab.surfaces import SURFACES, bowl, double_well, ravine
from optimlab.training import descend, fit, mini_batches


@pytest.mark.parametrize("m, batch_size, sizes", [
    (10, 4, [4, 4, 2]), (8, 4, [4, 4]), (3, 5, [3]), (4, 1, [1, 1, 1, 1])])
def test_mini_batches_are_a_shuffled_partition(m, batch_size, sizes):
    batches = mini_batches(np.random.default_rng(0), m, batch_size)
    assert [batch.size for batch in batches] == sizes
    np.testing.assert_array_equal(np.sort(np.concatenate(batches)), np.arange(m))


def test_mini_batches_are_shuffled_anew_each_time():
    rng = np.random.default_rng(0)
    first, second = (np.concatenate(mini_batches(rng, 50, 8)) for _ in range(2))
    assert not np.array_equal(first, second) and not np.array_equal(first, np.arange(50))


@pytest.mark.parametrize("optimizer", [kind(0.01) for kind in OPTIMIZERS.values()], ids=OPTIMIZERS)
def test_descend_is_the_loop_one_would_write(optimizer):
    trace = descend(ravine, optimizer, ravine.start, steps=30)
    w, state = ravine.start, optimizer.init(ravine.start)
    for step in range(31):
        np.testing.assert_array_equal(trace.points[step], w)
        assert trace.losses[step] == pytest.approx(ravine.loss(w), rel=1e-13)
        w, state = optimizer.step(w, ravine.gradient(w), state)


@pytest.mark.parametrize("surface", SURFACES.values(), ids=SURFACES)
def test_every_surface_can_be_descended(surface):
    trace = descend(surface, Adam(0.01), surface.start, steps=100)
    assert trace.points.shape == (101, surface.dimensions)
    assert trace.losses[-1] < trace.losses[0]


def test_a_sweep_of_rates_and_a_batch_of_starts_equal_single_descents():
    rates, starts = np.array([0.01, 0.1, 0.4]), np.array([[1.0, 2.0], [-3.0, 0.5]])
    trace = descend(ravine, Momentum(rates[:, None, None]), starts, steps=20)
    assert trace.points.shape == (21, 3, 2, 2) and trace.losses.shape == (21, 3, 2)
    for i, rate in enumerate(rates):
        for k, start in enumerate(starts):
            alone = descend(ravine, Momentum(rate), start, steps=20)
            np.testing.assert_allclose(trace.points[:, i, k], alone.points, rtol=1e-13)
            np.testing.assert_allclose(trace.losses[:, i, k], alone.losses, rtol=1e-13)


def test_a_schedule_sets_the_rate_of_each_step_from_the_first():
    schedule = InverseTime(0.5, decay=1.0)
    points = descend(bowl, GradientDescent(), [1.0, 1.0], steps=4, schedule=schedule).points
    np.testing.assert_allclose(points[1:] / points[:-1], 1 - schedule(np.arange(4))[:, None]
                               * np.ones(2))


def test_noise_leaves_the_ball_of_the_lesson():
    """Lesson 03: with a constant rate, E w**2 comes to alpha / (2 - alpha) at unit curvature."""
    rate = 0.2
    trace = descend(bowl, GradientDescent(rate), np.zeros((500, 2)), steps=200, noise=1.0,
                    rng=np.random.default_rng(0))
    assert (trace.points[100:]**2).mean() == pytest.approx(rate / (2 - rate), rel=0.05)


def test_divergence_is_kept_without_a_warning(recwarn):
    trace = descend(double_well, GradientDescent(5.0), [1.9], steps=50)
    assert not np.isfinite(trace.losses[-1]) and not recwarn.list


def test_no_steps_is_the_start():
    trace = descend(bowl, Adam(), [3.0, 4.0], steps=0)
    assert trace.points.tolist() == [[3.0, 4.0]] and trace.losses.tolist() == [12.5]


def moons():
    return two_moons(np.random.default_rng(0), n=150)


def train(optimizer=None, seed=0, epochs=3, **others):
    return fit(MLP((2, 6, 1)), moons(), optimizer or Adam(0.02), batch_size=20, epochs=epochs,
               rng=np.random.default_rng(seed), **{"progress": False, **others})


def test_fit_is_the_loop_one_would_write():
    network, data, optimizer, rng = MLP((2, 6, 1)), moons(), Adam(0.02), np.random.default_rng(0)
    w = network.init(rng)
    state = optimizer.init(w)
    losses = []
    for _ in range(3):
        for batch in mini_batches(rng, 150, 20):
            loss, dw = network.loss_and_gradient(w, data.X[:, batch], data.Y[:, batch])
            w, state = optimizer.step(w, dw, state)
            losses.append(loss)
    history = train()
    np.testing.assert_allclose(history.w, w, rtol=1e-10)
    np.testing.assert_allclose(history.step_losses, losses, rtol=1e-10)
    assert history.epoch_losses[-1] == pytest.approx(network.loss(w, data.X, data.Y))
    assert history.accuracy[-1] == pytest.approx(np.mean(network.predict(w, data.X) == data.labels))


def test_history_has_the_documented_shapes():
    history = train(test=moons())
    assert history.w.shape == (25,) and history.step_losses.shape == (24,)
    for name in ("epoch_losses", "accuracy", "test_accuracy", "seconds"):
        assert getattr(history, name).shape == (3,)
    np.testing.assert_array_equal(history.test_accuracy, history.accuracy)
    assert train().test_accuracy is None and history.stopped == ""


def test_only_the_passed_rng_decides():
    first, same, other = (train(seed=seed).w for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, same)
    assert not np.array_equal(first, other)


def test_digits_are_learnt():
    rng = np.random.default_rng(0)
    parts = standardize(split(digits(), rng))
    history = fit(MLP((64, 32, 10), output="softmax"), parts.train, Adam(0.003), batch_size=64,
                  epochs=15, rng=rng, progress=False, test=parts.test)
    assert history.test_accuracy[-1] > 0.95


def test_training_starts_from_given_weights_and_leaves_them_alone():
    start = MLP((2, 6, 1)).init(np.random.default_rng(9))
    before = start.copy()
    history = train(GradientDescent(0.0), w=start)
    np.testing.assert_array_equal(history.w, before)
    train(w=start)
    np.testing.assert_array_equal(start, before)


def test_a_schedule_sets_the_rate_of_each_step_of_a_training():
    class OnlyTheFirstStep:
        def __call__(self, step):
            return 0.1 if step == 0 else 0.0

    rng = np.random.default_rng(0)
    w = MLP((2, 6, 1)).init(rng)
    batch = mini_batches(rng, 150, 20)[0]
    dw = MLP((2, 6, 1)).loss_and_gradient(w, moons().X[:, batch], moons().Y[:, batch])[1]
    history = train(GradientDescent(), schedule=OnlyTheFirstStep())
    np.testing.assert_allclose(history.w, w - 0.1 * dw, rtol=1e-12)


class Blowup(GradientDescent):
    """Steps that are so long that the loss overflows in the third."""
    def step(self, w, dw, state):
        w, state = super().step(w, dw, state)
        return w * (1e308 if state.t == 2 else 1), state


@pytest.mark.parametrize("progress", [True, False])
def test_a_loss_that_is_not_finite_ends_the_training_in_words(progress, capsys):
    history = train(Blowup(0.1), epochs=5, progress=progress)
    assert "epoch 1, after 2 steps" in history.stopped and "not finite" in history.stopped
    assert history.step_losses.size == 3 and not np.isfinite(history.step_losses[-1])
    assert history.epoch_losses.size == history.accuracy.size == history.seconds.size == 1
    assert (history.stopped in capsys.readouterr().out) == progress


@pytest.mark.parametrize("progress", [True, False])
def test_the_progress_bar_can_be_turned_off(progress, capsys):
    train(progress=progress)
    captured = capsys.readouterr()
    assert bool(captured.out + captured.err) == progress


@pytest.mark.parametrize("call, says", [
    (lambda: mini_batches(np.random.default_rng(0), 10, 0), "at least 1"),
    (lambda: descend(bowl, Adam(), [1.0], 5), "2 coordinates"),
    (lambda: descend(bowl, Adam(), [1.0, 1.0], -1), "steps"),
    (lambda: descend(bowl, Adam(), [1.0, 1.0], 5, noise=0.1), "needs an rng"),
    (lambda: train(epochs=-1), "epochs"),
    (lambda: train(replace(Adam(), learning_rate=np.array([0.1, 0.2]))), "one number"),
])
def test_what_has_no_meaning_is_refused(call, says):
    with pytest.raises(ValueError, match=says):
        call()
