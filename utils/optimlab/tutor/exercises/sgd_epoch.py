"""Lesson 03's second exercise: `sgd_epoch`."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge, Made
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

BATCH = "lesson 03, “What is a mini-batch?”"
EPOCH = "lesson 03, “What is one epoch?”"

Batch = tuple[np.ndarray, np.ndarray]
Slope = Callable[[np.ndarray, Batch], np.ndarray]

def _walk(w: np.ndarray, batches: Sequence[Batch], slope: Slope, rate: float) -> np.ndarray:
    """One update per batch, each from where the one before has led."""
    for batch in batches:
        w = w - rate * slope(w, batch)
    return w


def _at_start(combine: Callable[..., Any]) -> Callable[..., Any]:
    """The formula of one step with all batches' gradients at the first w, combined."""
    return lambda w, used, slope, signed: w - signed * combine([slope(w, b) for b in used], axis=0) if used else w


def _all_in_one(used: Sequence[Batch]) -> list[Batch]:
    X, Y = zip(*used)
    return [(np.concatenate(X, axis=1), np.concatenate(Y, axis=1))]


RULE = Rule(
    "sgd_epoch", ("w", "batches", "gradient", "learning_rate"), ("w",), defaults={}, board=Switchboard(
        (
            Node("used", "batches"),
            Node("rate", "learning_rate"),
            Node("dw", lambda gradient: lambda w, X, Y: gradient(w, X, Y)),
            Node("slope", lambda dw: lambda w, batch: dw(w, *batch)),
            Node("signed", "rate"),
            Node("walked", lambda w, used, slope, signed: _walk(w, used, slope, signed)),
            Node("returned", "walked"),
        ),
        (
            deviation("sgd_epoch.ascends", "The steps are added to the weights, not taken from them.",
                      "The loss rises with every batch.", EPOCH,
                      {"signed": lambda rate: -rate}),
            deviation("sgd_epoch.rate_missing", "The learning rate does not appear in the steps.",
                      "Whoever asks for small steps gets the gradient's whole length, and the weights run away.", EPOCH,
                      {"rate": lambda w: 1.0}),
            deviation("sgd_epoch.hard_coded_rate", "A number stands where the argument learning_rate belongs.",
                      "With another rate, the steps are the same as before.", EPOCH,
                      *({"rate": lambda w, c=c: c} for c in (0.1, 0.01, 0.001, 0.05, 0.5))),
            deviation("sgd_epoch.gradients_at_start",
                      "Every batch's gradient is taken at the weights the epoch began with.",
                      "It is one long step in a direction that is old by the second batch.", EPOCH,
                      {"walked": _at_start(np.sum)}),
            deviation("sgd_epoch.averages_gradients", "The batches' gradients are averaged into one step.",
                      "An epoch is one update again: all that mini-batches gain is lost.", EPOCH,
                      {"walked": _at_start(np.mean)}),
            deviation("sgd_epoch.all_in_one", "All batches are put together into one step.",
                      "An epoch is one update again: all that mini-batches gain is lost.", EPOCH,
                      {"used": lambda batches: _all_in_one(batches)}),
            deviation("sgd_epoch.first_batch_only", "Only the first batch is used.",
                      "Most examples are never seen: perhaps the return stands inside the loop.", EPOCH,
                      {"used": lambda batches: batches[:1]}),
            deviation("sgd_epoch.last_batch_only", "Only the last batch has an effect.",
                      "What the batches before have taught is thrown away.", EPOCH,
                      {"used": lambda batches: batches[-1:]}),
            deviation("sgd_epoch.skips_first", "The first batch is left out.",
                      "Its examples are never learned from in this epoch.", EPOCH,
                      {"used": lambda batches: batches[1:]}),
            deviation("sgd_epoch.skips_last", "The last batch is left out.",
                      "Its examples are never learned from in this epoch.", EPOCH,
                      {"used": lambda batches: batches[:-1]}),
            deviation("sgd_epoch.skips_short", "A batch that is shorter than the others is left out.",
                      "Its examples are never learned from in this epoch.", EPOCH,
                      {"used": lambda batches: [b for b in batches if b[0].shape[1] == batches[0][0].shape[1]]}),
            deviation("sgd_epoch.two_epochs", "The batches are gone through twice.",
                      "The loss is drawn against half of the examples that were really seen.", EPOCH,
                      {"used": lambda batches: [*batches, *batches]}),
            deviation("sgd_epoch.divided_by_size", "The gradient is divided by the number of examples once more.",
                      "It holds the mean already: the larger the batches, the shorter the steps become.", BATCH,
                      {"slope": lambda dw: lambda w, b: dw(w, *b) / b[0].shape[1]},
                      {"slope": lambda dw: lambda w, b: dw(w, *b) / len(b[0])},
                      {"slope": lambda dw, used: lambda w, b: dw(w, *b) / used[0][0].shape[1]}),
            deviation("sgd_epoch.divided_by_batches", "Every step is divided by the number of batches.",
                      "The more batches, the shorter the steps: an epoch goes no further than a single update.", EPOCH,
                      {"slope": lambda dw, batches: lambda w, b: dw(w, *b) / len(batches)}),
            deviation("sgd_epoch.x_and_y_swapped", "X and Y are handed to the gradient in each other's place.",
                      "It stops with an error, or learns to tell the questions from the answers.", BATCH,
                      {"dw": lambda gradient: lambda w, X, Y: gradient(w, Y, X)}),
            deviation("sgd_epoch.sign_only", "Only the sign of the gradient is used.",
                      "Steep or flat, all steps are equally long.", EPOCH,
                      {"slope": lambda dw: lambda w, b: np.sign(dw(w, *b))}),
            deviation("sgd_epoch.step_returned",
                      "What comes back is how far the weights have moved, not where they are.",
                      "The caller goes on from the wrong place.", EPOCH,
                      {"returned": lambda walked, w: walked - w}, {"returned": lambda walked, w: w - walked}),
            deviation("sgd_epoch.old_returned", "The weights come back as they went in.",
                      "Nothing is learned, however many epochs there are.", EPOCH,
                      {"returned": "w"}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    cases = []
    for name, n_x, n_y, sizes in (("three batches", 3, 1, (4, 4, 4)), ("a short last batch", 2, 2, (4, 4, 3, 1)),
                                  ("as many targets as inputs", 3, 3, (5, 5, 2)), ("one batch", 2, 1, (6,)),
                                  ("batches of one", 2, 1, (1, 1, 1))):
        batches = [(rng.normal(0, 1, (n_x, m)), rng.normal(0, 1, (n_y, m))) for m in sizes]
        cases.append(RULE.call(f"case/{name}", rng.normal(0, 1, (n_y, n_x)), batches,
                                     Made("regression_gradient"), float(rng.uniform(0.15, 0.4))))
    return cases


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("updates", "one update for each batch, from where the one before has led", "case"),),
    lesson="03", place=2)
