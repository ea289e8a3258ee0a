"""Lesson 09's exercise: `best_rate`."""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

FAIR = "lesson 09, “What would be a fair race?”"

RULE = Rule(
    "best_rate", ("rates", "accuracy"), ("the rate",), defaults={}, board=Switchboard(
        (
            Node("of_rate", lambda accuracy: np.mean(accuracy, axis=1)),
            Node("counted", lambda of_rate: np.where(np.isnan(of_rate), -np.inf, of_rate)),
            Node("at", lambda counted: int(np.argmax(counted))),
            Node("rate", lambda rates, at: rates[at]),
            Node("returned", "rate"),
        ),
        (
            deviation("best_rate.best_seed", "The best single seed decides.",
                      "One lucky start is enough to win. Another seed would choose another rate.", FAIR,
                      {"of_rate": lambda accuracy: np.max(accuracy, axis=1)}),
            deviation("best_rate.worst_seed", "The worst single seed decides.",
                      "One unlucky start is enough to lose. Asked for is the mean of all seeds.", FAIR,
                      {"of_rate": lambda accuracy: np.min(accuracy, axis=1)}),
            deviation("best_rate.first_seed", "Only one of the seeds is looked at.",
                      "The others have been trained for nothing.", FAIR,
                      {"of_rate": lambda accuracy: accuracy[:, 0]}, {"of_rate": lambda accuracy: accuracy[:, -1]}),
            deviation("best_rate.overflow_forgiven", "A seed that overflowed is left out of the mean.",
                      "A rate at which training sometimes explodes can win with the seeds that were spared.", FAIR,
                      {"of_rate": lambda accuracy: np.nanmean(accuracy, axis=1)}),
            deviation("best_rate.overflow_wins", "A rate that overflowed counts as the best of all.",
                      "NumPy's argmax takes the first nan for the largest number.", FAIR,
                      {"counted": "of_rate"}),
            deviation("best_rate.worst_rate", "The rate with the lowest accuracy is taken.",
                      "Accuracies are shares of right answers: the more, the better.", FAIR,
                      {"at": lambda counted: int(np.argmin(counted))}),
            deviation("best_rate.place_returned", "What comes back is where the rate stands in the list.",
                      "Asked for is the rate itself.", FAIR,
                      {"rate": lambda at: at}),
            deviation("best_rate.accuracy_returned", "What comes back is the accuracy, not the rate.",
                      "Nobody can train with an accuracy.", FAIR,
                      {"rate": lambda counted, at: counted[at]}),
        ), ("returned",)))


def _challenges(rng: Generator) -> list[Challenge]:
    def trials(rates: int, seeds: int) -> np.ndarray:
        # Each way to choose wrongly chooses another rate than the right one does.
        accuracy = rng.uniform(0.55, 0.65, (rates, seeds))
        accuracy[2] = 0.9
        accuracy[4, 1] = 0.99
        accuracy[5, 1:] = 0.1
        accuracy[5, 0], accuracy[6, -1] = 0.97, 0.96
        accuracy[3, :] = 0.8
        accuracy[2, 2] = 0.75
        return accuracy

    def rising(number: int) -> np.ndarray:
        return np.geomspace(0.001, 10, number) * rng.uniform(0.8, 1.2)

    cases = [RULE.call(f"case/{rates} rates, {seeds} seeds", rising(rates), trials(rates, seeds))
             for rates, seeds in ((8, 4), (9, 5))]
    for rates, seeds, spared in ((8, 4, 0.98), (10, 5, 0.5)):
        accuracy = trials(rates, seeds)
        accuracy[7, 0], accuracy[7, 1:] = np.nan, spared
        cases.append(RULE.call(f"case/{rates} rates, one overflowed", rising(rates), accuracy))
    return cases


EXERCISE = RULE.exercise(_challenges, (RULE.criterion("choice", "the rate that the seeds agree on", "case"),),
                         lesson="09")
