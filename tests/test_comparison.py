"""A comparison is fair: equal rates, starts and batches; the test part decides nothing."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from optimlab import comparison
from optimlab.comparison import Comparison, Parts, compare, from_csv, measured, state_arrays, three_parts, to_csv
from optimlab.datasets import Examples, two_moons
from optimlab.networks import MLP
from optimlab.optimizers import OPTIMIZERS, Adam, GradientDescent, Momentum
from optimlab.training import fit

NETWORK = MLP((2, 5, 1))
PARTS = three_parts(two_moons(np.random.default_rng(0), n=200), np.random.default_rng(1))
RATES, SEEDS = np.array([0.003, 0.03, 0.3]), [4, 7]


def run(optimizers, rates=RATES, seeds=SEEDS, network=NETWORK, parts=PARTS, epochs=3):
    return compare(optimizers, network, parts, rates, seeds, batch_size=32, epochs=epochs, progress=False)


# --- the trainings -----------------------------------------------------------

@pytest.mark.parametrize("name", OPTIMIZERS)
def test_all_rates_at_once_are_the_trainings_one_by_one(name):
    found = run({name: OPTIMIZERS[name]})
    for r, rate in enumerate(RATES):
        for s, seed in enumerate(SEEDS):
            alone = fit(NETWORK, PARTS.train, OPTIMIZERS[name](rate), 32, 3, np.random.default_rng(seed),
                        progress=False, test=PARTS.test)
            np.testing.assert_allclose(found.training_loss[0, r, s, 1:], alone.epoch_losses, rtol=1e-9)
            validation = NETWORK.loss(alone.w, PARTS.validation.X, PARTS.validation.Y)
            assert found.validation_loss[0, r, s] == pytest.approx(validation, rel=1e-9)
            assert found.test_accuracy[0, r, s] == alone.test_accuracy[-1]


class Watched(MLP):
    """A network that keeps the weights and the batches it is given."""

    def gradient(self, w, X, Y):
        self.seen.append((w.copy(), X.copy()))
        return super().gradient(w, X, Y)


def test_every_optimizer_and_rate_has_the_same_start_and_batches_for_a_seed():
    network = Watched((2, 5, 1))
    object.__setattr__(network, "seen", [])
    run({"GradientDescent": GradientDescent, "Adam": Adam}, network=network, epochs=2)
    trainings = len(network.seen) // 4
    first, second, third, fourth = (network.seen[i * trainings:(i + 1) * trainings] for i in range(4))
    for one, other in (first, third), (second, fourth):      # of the two optimizers, seed by seed
        np.testing.assert_array_equal(one[0][0], other[0][0])
        assert (one[0][0] == one[0][0][0]).all()             # one start for all rates
        for (_, X), (_, again) in zip(one, other):
            np.testing.assert_array_equal(X, again)
    assert not np.array_equal(first[0][0], second[0][0])


def test_every_optimizer_gets_every_rate_once():
    asked = []

    def spy(rates):
        asked.append(rates.ravel().tolist())
        return Momentum(rates)

    found = run({"one": spy, "other": spy})
    assert asked == [RATES.tolist()] * 4                     # two optimizers, two seeds
    assert found.names == ("one", "other")
    assert found.training_loss.shape == (2, 3, 2, 4) and found.test_accuracy.shape == (2, 3, 2)
    np.testing.assert_array_equal(found.training_loss[0], found.training_loss[1])
    np.testing.assert_array_equal(found.training_loss[:, :, :, 0], found.training_loss[:, :1, :, 0].repeat(3, axis=1))


def test_without_a_curve_the_same_trainings_are_measured_at_the_start_and_at_the_end():
    both = [compare({"Adam": Adam}, NETWORK, PARTS, RATES, SEEDS, 32, 3, progress=False, curve=curve) for curve in (True, False)]
    whole, ends = both
    np.testing.assert_array_equal(ends.training_loss, whole.training_loss[..., [0, -1]])
    np.testing.assert_array_equal(ends.validation_accuracy, whole.validation_accuracy)


class Blowup(GradientDescent):
    """Steps that overflow when the rate is larger than 0.1."""
    def step(self, w, dw, state):
        w, state = super().step(w, dw, state)
        return w * np.where(self.learning_rate > 0.1, 1e200, 1), state


def test_what_overflows_is_not_a_number_and_no_warning(recwarn):
    found = run({"mine": Blowup})
    assert np.isfinite(found.test_accuracy[0, :2]).all()
    for result in found.validation_loss, found.validation_accuracy, found.test_accuracy:
        assert np.isnan(result[0, 2]).all()
    assert found.diverged[0].tolist() == [[False] * 2] * 2 + [[True] * 2]
    assert found.ranking(rate=0.3)[0].name == "mine" and np.isnan(found.ranking(rate=0.3)[0].mean)
    assert not recwarn.list


@pytest.mark.parametrize("progress", [True, False])
def test_the_bar_can_be_turned_off(progress, capsys):
    compare({"Adam": Adam}, NETWORK, PARTS, [0.1], [0], 32, 1, progress)
    assert ("Adam" in capsys.readouterr().err) == progress


@pytest.mark.parametrize("change, says", [
    ({"optimizers": {}}, "an optimizer"), ({"seeds": []}, "seeds"), ({"seeds": 3}, "list of seeds"),
    ({"rates": [0.1, 0.01]}, "rises"),
    ({"rates": []}, "rises"), ({"rates": 0.1}, "rises"), ({"epochs": -1}, "epochs")])
def test_what_has_no_meaning_is_refused(change, says):
    with pytest.raises(ValueError, match=says):
        run(**{"optimizers": {"Adam": Adam}, **change})


# --- the parts ---------------------------------------------------------------

def test_three_parts_are_a_partition_standardized_by_the_training_part():
    X = np.arange(100.0)[None]**2
    parts = three_parts(Examples(X, X, np.arange(100)), np.random.default_rng(0), 0.1, 0.3)
    assert [part.labels.size for part in parts] == [60, 10, 30]
    assert sorted(np.concatenate([part.labels for part in parts])) == list(range(100))
    mean, deviation = X[0, parts.train.labels].mean(), X[0, parts.train.labels].std()
    for part in parts:
        np.testing.assert_allclose(part.X[0], (X[0, part.labels] - mean) / deviation)


def test_the_test_part_changes_nothing_but_the_test_accuracy():
    wrong = Parts(PARTS.train, PARTS.validation, PARTS.test._replace(labels=1 - PARTS.test.labels))
    right, other = run({"Adam": Adam}), run({"Adam": Adam}, parts=wrong)
    np.testing.assert_allclose(other.test_accuracy, 1 - right.test_accuracy)
    for field in set(Comparison._fields) - {"test_accuracy", "names"}:
        np.testing.assert_array_equal(getattr(right, field), getattr(other, field))
    assert right.best_rate("Adam") == other.best_rate("Adam")


# --- what is read off it -----------------------------------------------------

def by_hand(validation, test, loss=None):
    """Optimizers "a", "b", ... at rates 0.01, 0.1, 1, ...; two seeds, 0.01 below and above each accuracy."""
    spread = np.array([-0.01, 0.01])
    validation, test = (np.array(values)[..., None] + spread for values in (validation, test))
    loss = np.ones(validation.shape) if loss is None else np.array(loss)[..., None] * np.ones(2)
    return Comparison(tuple("abc"[:len(validation)]), 10.0 ** np.arange(-2, validation.shape[1] - 2), np.arange(2),
                      np.stack([np.ones(loss.shape), loss], axis=-1), loss, validation, test)


CHANGING = by_hand(validation=[[0.90, 0.80, 0.20], [0.50, 0.60, 0.95]], test=[[0.88, 0.99, 0.20], [0.55, 0.60, 0.93]])


def test_the_best_rate_is_chosen_on_the_validation_part():
    assert CHANGING.best_rate("a") == 0.01              # though the test accuracy is best at 0.1
    assert CHANGING.best_rate("b") == 1


def test_the_ranking_at_own_best_rates_is_not_that_at_one_rate():
    own = CHANGING.ranking()
    assert [(place.name, place.learning_rate) for place in own] == [("b", 1), ("a", 0.01)]
    assert [place.mean for place in own] == pytest.approx([0.93, 0.88])
    assert [place.deviation for place in own] == pytest.approx([0.01 * 2**0.5] * 2)
    assert [(place.name, round(place.mean, 2)) for place in CHANGING.ranking(rate=0.1)] == [("a", 0.99), ("b", 0.60)]
    assert [place.name for place in CHANGING.ranking(rate=1)] == ["b", "a"]


def test_one_seed_has_no_deviation():
    one = CHANGING._replace(test_accuracy=CHANGING.test_accuracy[..., :1])
    assert [place.deviation for place in one.ranking()] == [0, 0]


def test_equal_accuracies_are_decided_by_the_validation_loss():
    third = 1 / 3       # summed in another order, three equal shares differ in their last bit
    tied = by_hand([[0.5, 0.5, third + 0.5 - third]], [[0.5] * 3], loss=[[0.3, 0.2, 0.4]])
    assert tied.best_rate("a") == 0.1


def test_who_overflows_in_a_seed_comes_last_and_is_not_chosen():
    broken = CHANGING._replace(validation_accuracy=CHANGING.validation_accuracy.copy(),
                               test_accuracy=CHANGING.test_accuracy.copy())
    broken.validation_accuracy[1, 2, 0] = broken.test_accuracy[1, 2, 0] = np.nan
    assert broken.best_rate("b") == 0.1
    assert [place.name for place in broken.ranking(rate=1)] == ["a", "b"]
    assert np.isnan(broken.ranking(rate=1)[1].mean)
    broken.validation_accuracy[1] = broken.test_accuracy[1] = np.nan
    assert broken.best_rate("b") == 0.01 and broken.ranking()[1].name == "b"
    assert broken.good_rates("b") == (0.01, 0.01)


def test_diverged_is_no_lower_than_at_the_start_or_not_finite():
    found = by_hand([[0.5] * 4], [[0.5] * 4], loss=[[0.9, 1.0, np.inf, np.nan]])
    assert found.diverged[0, :, 0].tolist() == [False, True, True, True]


@pytest.mark.parametrize("accuracy, within, good, decades", [
    ([0.90, 0.89, 0.95, 0.94, 0.80], 0.02, (1, 10), 1), ([0.90, 0.89, 0.95, 0.94, 0.80], 0.06, (0.01, 10), 3),
    ([0.95, 0.90, 0.94, 0.94, 0.94], 0.02, (0.01, 0.01), 0), ([0.94, 0.94, 0.94, 0.94, 0.95], 0.01, (0.01, 100), 4)])
def test_good_rates_reach_to_the_first_that_is_worse(accuracy, within, good, decades):
    found = by_hand([accuracy], [accuracy])
    assert found.good_rates("a", within) == good
    assert found.decades("a", within) == pytest.approx(decades)


def test_a_rate_is_found_as_it_is_printed_and_a_wrong_one_named():
    found = CHANGING._replace(rates=np.geomspace(0.001, 0.01, 3))
    assert found.curves("a", 0.00316).shape == (2, 2)
    with pytest.raises(ValueError, match=r"0\.003 is not among the rates; the nearest is 0\.00316"):
        found.ranking(rate=0.003)
    with pytest.raises(ValueError, match="c is not among a, b"):
        found.best_rate("c")


@pytest.mark.parametrize("name, arrays", {
    "GradientDescent": 0, "Momentum": 1, "Nesterov": 1, "AdaGrad": 1, "RMSProp": 1, "Adam": 2, "AdamW": 2,
    "AMSGrad": 3}.items())
def test_what_an_optimizer_keeps(name, arrays):
    assert state_arrays(OPTIMIZERS[name]()) == arrays


# --- the measured one --------------------------------------------------------

def test_a_comparison_comes_back_from_its_text():
    found = run({"Adam": Adam, "mine": Blowup}, seeds=[7, 4])
    assert np.isnan(found.training_loss).any()
    back = from_csv(to_csv(found))
    assert back.names == found.names
    for field in Comparison._fields[1:]:
        np.testing.assert_allclose(getattr(back, field), getattr(found, field), rtol=1e-3)


def script():
    path = Path(__file__).parents[1] / "benchmarks" / "full_race.py"
    spec = importlib.util.spec_from_file_location("full_race", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_stored_race_is_the_script_s():
    full, stored = script(), measured()
    assert full.FILE == Path(comparison.__file__).parent / "data" / "race.csv"
    assert full.FILE.read_text(encoding="utf-8") == to_csv(stored)
    assert full.FILE.stat().st_size < 25_000 * len(stored.names)
    # An optimizer that is new comes into it when the script is run.
    assert list(stored.names) == [name for name in OPTIMIZERS if name in stored.names]
    assert stored.seeds.tolist() == list(full.SEEDS)
    np.testing.assert_allclose(stored.rates, full.RATES, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("name, rate, seed", [("GradientDescent", 0.1, 3), ("Adam", 0.01, 0), ("AdaGrad", 0.1, 4)])
def test_a_part_of_the_race_gives_the_stored_numbers_again(name, rate, seed):
    stored = measured()
    again = script().full_race({name: OPTIMIZERS[name]}, [rate], [seed], progress=False)
    at = stored.names.index(name), int(np.argmin(abs(stored.rates - rate))), list(stored.seeds).index(seed)
    # Another BLAS rounds otherwise, and a training makes more of it.
    np.testing.assert_allclose(again.training_loss[0, 0, 0], stored.training_loss[at], rtol=0.02)
    np.testing.assert_allclose(again.validation_loss[0, 0, 0], stored.validation_loss[at], rtol=0.02)
    assert again.validation_accuracy[0, 0, 0] == pytest.approx(stored.validation_accuracy[at], abs=0.006)
    assert again.test_accuracy[0, 0, 0] == pytest.approx(stored.test_accuracy[at], abs=0.006)
