"""Lesson 09: fair races and fixed ones, and where Adam wins."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.comparison import Comparison, Parts, compare, measured, state_arrays
from optimlab.datasets import Examples, Split, digits, standardize
from optimlab.explorables import Claim, Outcome, Predict, race
from optimlab.explorables.race import RACERS, SURFACES
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import OPTIMIZERS
from optimlab.surfaces import of_network, slice_through
from optimlab.timing import seconds
from optimlab.training import descend, fit

__all__ = ["FIVE", "choice_of_type", "choose_with", "deep", "digit_folds", "followers", "group_loss", "in_equal_groups",
           "in_mixed_units", "most_superior", "network", "only_the_tail", "play", "preferable", "race_of_types",
           "race_on_folds", "rare_words", "robust", "shared", "show_costs", "show_decision_chart", "show_own_race",
           "show_race_inside", "show_good_rates", "show_rate_map", "show_training_and_test", "show_words",
           "starts", "superior", "total_loss", "units"]

FIVE = {name: OPTIMIZERS[name] for name in RACERS.values()}
RATES = np.geomspace(0.001, 10, 9)
network, deep = MLP((64, 32, 10), output="softmax"), MLP((64, 16, 16, 16, 16, 10), output="softmax")
BLUE = "#0072B2"
ADAPTIVE = ("AdaGrad", "RMSProp", "Adam")


# --- play -------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """The race on surfaces, with three victories to bring about."""
    return race().asking(
        Task("Ravine: make gradient descent win, without moving its own slider.", _gradient_descent_wins),
        Task("Rosenbrock: make Adam win.", _adam_wins),
        Task("Any surface: make all five run away but one.", _one_is_left))


def _losses(surface: str, start: np.ndarray, rates: Mapping[str, float]) -> dict[str, float]:
    ground = SURFACES[surface]
    ends = {}
    for key, name in RACERS.items():
        points, losses = descend(ground, OPTIMIZERS[name](rates[key]), start, steps=120)
        gone = not np.isfinite(losses[-1]) or np.abs(points[-1]).max() > 10 * np.abs(ground.domain).max()
        ends[name] = np.inf if gone else float(losses[-1] - ground.loss(ground.minima).min())
    return ends


def _gradient_descent_wins(surface: str, start: np.ndarray, **rates: float) -> str:
    if surface != "ravine":
        return ""
    ends = _losses(surface, start, rates)
    others = [loss for name, loss in ends.items() if name != "GradientDescent"]
    return "You fixed it: the others got rates that do not suit them." if ends["GradientDescent"] < min(others) else ""


def _adam_wins(surface: str, start: np.ndarray, **rates: float) -> str:
    if surface != "Rosenbrock":
        return ""
    ends = _losses(surface, start, rates)
    return "And now Adam is the best of all." if ends["Adam"] < min(ends[n] for n in ends if n != "Adam") else ""


def _one_is_left(surface: str, start: np.ndarray, **rates: float) -> str:
    left = [name for name, loss in _losses(surface, start, rates).items() if np.isfinite(loss)]
    return f"Only {left[0]} is left. What a victory." if len(left) == 1 else ""


def _starts(wins: Mapping[str, int]) -> Outcome:
    figure, ax = plots.picture(6.4, 2.6)
    bars = ax.barh(list(wins), list(wins.values()), color=[plots.COLORS[name] for name in wins])
    ax.bar_label(bars, padding=3)
    ax.invert_yaxis()
    often = sum(count >= 5 for count in wins.values())
    ax.set(xlabel="wins", xlim=(0, 1.12 * max(wins.values())),
           title=f"{sum(wins.values())} starts, the same rates: {often} different winners")
    plots.describe(ax, "Bars, wins: " + ", ".join(f"{name} {count}" for name, count in wins.items()) + ".")
    answer = "four or five" if often >= 4 else "two or three" if often >= 2 else "one"
    return Outcome(answer, "Each rate was its optimizer's best for one start. For another start the same rate may be "
                   "too bold or too timid, and which of the two it is differs between optimizers.", [figure])


starts = Predict("Every rate stays at its best for the usual start. Now 200 other starts. How many of the five "
                 "optimizers win at least 5 times?", {
    "one": "If one were the best, it would be. But best at these rates, from that start, is all that was measured.",
    "two or three": "You expect surprises, then, and rightly. There are more of them.",
    "four or five": "",
}, settled=_starts)


# --- a fair race ------------------------------------------------------------------------------------------------

def digit_folds(number: int = 4) -> list[Parts]:
    """The digits in `number` parts, each of them once the test, the next one the validation."""
    every, order = digits(), np.random.default_rng(0).permutation(digits().labels.size)
    pieces = np.array_split(order, number)

    def some(which: np.ndarray) -> Examples:
        return Examples(*(array[..., which] for array in every))

    folds = []
    for k in range(number):
        test, validation = pieces[k], pieces[(k + 1) % number]
        train = some(np.concatenate([p for p in pieces if p is not test and p is not validation]))
        standard, standard_validation = standardize(Split(train, some(validation)))
        folds.append(Parts(standard, standard_validation, standardize(Split(train, some(test))).test))
    return folds


def race_on_folds(folds: Sequence[Parts], net: MLP = network) -> list[Comparison]:
    """All five at the same nine constant rates, five epochs, on each fold from a seed of its own."""
    return [compare(FIVE, net, parts, RATES, [seed], batch_size=64, epochs=5, progress=False, curve=False)
            for seed, parts in enumerate(folds)]


def _right(found: Sequence[Comparison]) -> dict[str, np.ndarray]:
    """The share of right test answers of each optimizer, one a fold, each at the rate that its validation chose."""
    return {name: np.array([next(place.mean for place in fold.ranking() if place.name == name) for fold in found])
            for name in FIVE}


def _ranking(found: Sequence[Comparison], title: str) -> plots.Picture:
    right = _right(found)
    names = sorted(right, key=lambda name: -right[name].mean())
    figure, ax = plots.picture(6.4, 2.9)
    for row, name in enumerate(names):
        mean = 100 * right[name].mean()
        ax.plot(100 * right[name], np.full(right[name].size, row), "o", ms=4, color=plots.COLORS[name], alpha=0.5)
        ax.errorbar(mean, row, xerr=100 * _error(right[name].mean()), fmt="o", ms=9, color=plots.COLORS[name], lw=2)
    ax.set_yticks(range(len(names)), [f"{name}, {100 * right[name].mean():.1f} %" for name in names])
    ax.set(xlabel="test digits read correctly, in %", ylim=(len(names) - 0.5, -0.5), title=title)
    ax.grid(alpha=0.3)
    plots.describe(ax, "Test digits that are read correctly, with the error of so many digits: " + ", ".join(
        f"{name} {100 * right[name].mean():.1f} %" for name in names) + ".")
    return figure


def _error(share: float, number: int = 1797) -> float:
    """The standard error of a share that was counted on `number` digits."""
    return float(np.sqrt(share * (1 - share) / number))


def _superior(found: Sequence[Comparison]) -> Outcome:
    right = {name: shares.mean() for name, shares in _right(found).items()}
    spread = 100 * (max(right.values()) - min(right.values()))
    answer = "less than 2 points in 100" if spread < 2 else "2 to 5 points" if spread < 5 else "more than 5 points"
    return Outcome(answer,
                   f"{spread:.1f} points. Each digit was a test digit once, so {1797:,} answers are counted for each "
                   f"optimizer. Another {1797:,} would move such a share by about {100 * _error(0.96):.1f} points: "
                   "that is the line through each large dot. The small dots are the four parts.",
                   [_ranking(found, "Each at its own best α, the five are neighbours")])


superior = Predict("Each at its own best α: by how much does the best of the five beat the worst, on digits that none "
                   "of them has seen?", {
    "less than 2 points in 100": "",
    "2 to 5 points": "It would be worth the quarrels that are fought about them.",
    "more than 5 points": "You will see such distances in a minute: they come from rates, not from optimizers.",
}, settled=_superior)


def _most_superior(found: Sequence[Comparison]) -> Outcome:
    right = _right(found)
    first = max(right, key=lambda name: right[name].mean())
    rows = []
    for name in FIVE:
        ahead = 100 * (right["Adam"] - right[name])
        rows.append((name, f"{100 * right[name].mean():.1f} %", f"{ahead.mean():+.1f}",
                     f"{ahead.std(ddof=1) / len(ahead)**0.5:.1f}"))
    table = plots.Table("Adam's lead in points, part by "
                        "part", ("optimizer", "right", "Adam's lead", "± its error"), rows)
    clear = all(100 * (right["Adam"] - right[name]).mean() > 1.5 for name in FIVE if name != "Adam")
    return Outcome("holds" if clear else "does not hold",
                   "The four parts are paired: in each, all five had the same start and the same batches, so the leads "
                   "are subtracted part by part. "
                   f"{'Adam is not even first' if first != 'Adam' else 'Adam is first, by a lead that is no lead'}: "
                   "next to its error, hardly any of these leads deserves the name. And it is one network, one data "
                   "set, constant "
                   "rates, five epochs. Schmidt, Schneider and Hennig (2021) raced fifteen optimizers through tens of "
                   "thousands of trainings, and found no single winner either.", [table])


most_superior = Claim("Adam is the most superior of them.", "does not hold", _most_superior, {
    "holds": "Nearly everybody starts with it, and there must be a reason. There is, and it is another one.",
    "holds when ...": "A good instinct, and further down you will meet such a case. But the sentence names no case."})


# --- rates ------------------------------------------------------------------------------------------------------

def show_rate_map() -> plots.Picture:
    """All trials of the race that was run beforehand: eight optimizers at 19 rates."""
    figure, ax = plots.picture(9, 4.2)
    plots.rate_map(ax, measured())
    return figure


def show_good_rates() -> plots.Table:
    """How wide each optimizer's range of good rates is, and what it does at the rate that nobody chose."""
    full, rows = measured(), []
    for name, optimizer in FIVE.items():
        low, high = full.good_rates(name)
        usual = optimizer().learning_rate
        accuracy = 100 * full.validation_accuracy[full.names.index(name), np.isclose(full.rates, usual)].mean()
        rows.append((name, f"{low:.2g} to {high:.2g}", f"{np.log10(high / low):.1f}", f"{usual:g}",
                     f"{accuracy:.1f} %"))
    return plots.Table("Good rates: within 2 points of the best", (
        "optimizer", "good from, to", "powers of ten", "the course's default α", "validation digits right there"), rows)


def _shared(full: Comparison) -> Outcome:
    pictures = []
    for rate in (0.01, 1.0):
        figure, ax = plots.picture(4.05, 3.0)
        places = [place for place in full.ranking(rate) if place.name in FIVE]
        bars = ax.barh([place.name for place in places], [100 * np.nan_to_num(place.mean) for place in places],
                       color=[plots.COLORS[place.name] for place in places])
        ax.bar_label(bars, fmt="{:.0f}", padding=2)
        ax.invert_yaxis()
        ax.set(xlim=(0, 112), xlabel="test digits right, in %", title=f"α = {rate:g}: {places[0].name} leads")
        plots.describe(ax, f"Test accuracy, all at α = {rate:g}: " + ", ".join(
            f"{place.name} {100 * place.mean:.0f} %" for place in places) + ".")
        pictures.append(figure)
    firsts = [next(place.name for place in full.ranking(rate) if place.name in FIVE) for rate in full.rates]
    at_one = {place.name: place.mean for place in full.ranking(rate=1)}
    ahead = 100 * (at_one["GradientDescent"] - at_one["Adam"])
    counts = ", ".join(f"{name} at {firsts.count(name)}" for name in FIVE)
    return Outcome("they are about equal" if abs(ahead) < 2 else "gradient descent" if ahead > 0 else "Adam",
                   f"By {ahead:.0f} points. Both pictures are measured with care, on the same digits, with five seeds, "
                   f"and they contradict each other. Of {len(firsts)} shared rates, {counts} comes first. Whoever may "
                   "choose the rate may choose the winner.", [plots.Row(*pictures)])


shared = Predict("At one shared rate, α = 0.01, RMSProp and Adam are far ahead. All at α = 1 instead: who is ahead, "
                 "Adam or gradient descent?", {
    "Adam": "If it were better, it would be better at any rate. But a step of α is not the same thing in the two.",
    "gradient descent": "",
    "they are about equal": "Somewhere between the two rates they are. That place is as arbitrary as these two.",
}, settled=_shared)


# --- when it matters --------------------------------------------------------------------------------------------

def in_mixed_units(folds: Sequence[Parts]) -> list[Parts]:
    """The same digits, each pixel in a unit of its own, from ten times smaller to ten times larger."""
    factors = 10 ** np.random.default_rng(5).uniform(-1, 1, size=(64, 1))
    return [Parts(*(part._replace(X=factors * part.X) for part in parts)) for parts in folds]


def _units(found: Sequence[Comparison]) -> Outcome:
    right = {name: 100 * shares.mean() for name, shares in _right(found).items()}
    gap = min(right[name] for name in ADAPTIVE) - max(right["GradientDescent"], right["Momentum"])
    return Outcome("AdaGrad, RMSProp and Adam pull ahead" if gap > 1 else "all still agree",
                   f"The last of the three is {gap:.1f} points ahead of the other two, and now that is more than luck. "
                   "It is the failure of lessons 05 and 06: one α for all weights. The three that divide by the size "
                   "of each weight's gradients suffer less. And you know a cure that costs nothing: scale the inputs. "
                   "Then, on this network, you are back at the picture before.",
                   [_ranking(found, "In mixed units the dividers pull ahead")])


units = Predict("Write each pixel in a unit of its own, as in a table of metres, euros and percentages. Then race "
                "again, each at its own best α. What happens?", {
    "all still agree": "Nothing is lost, true: every network could undo the units. It has to find that out, though.",
    "AdaGrad, RMSProp and Adam pull ahead": "",
    "gradient descent and Momentum pull ahead": "They take one step for all weights. Which weight would it suit?",
}, settled=_units)


def _robust(found: Sequence[Comparison]) -> Outcome:
    right = {name: 100 * shares.mean() for name, shares in _right(found).items()}
    behind = max(right.values()) - right["Adam"]
    good = {name: np.mean([np.count_nonzero(fold.validation_accuracy[fold.names.index(name)].mean(axis=-1)
                                            >= fold.validation_accuracy[fold.names.index(name)].max() - 0.02)
                           for fold in found]) for name in FIVE}
    table = plots.Table("Four hidden layers, nine rates", ("optimizer", "test digits right", "rates within 2 points"),
                        [(name, f"{right[name]:.1f} %", f"{good[name]:.1f}") for name in FIVE])
    others = max(share for name, share in right.items() if name != "Adam")
    lead = right["Adam"] - right["GradientDescent"]
    return Outcome("holds when ..." if behind < 2 else "does not hold",
                   f"After five epochs Adam reads {abs(lead):.1f} points {'more' if lead > 0 else 'fewer'} of the "
                   f"digits than gradient descent, and {abs(right['Adam'] - others):.1f} points "
                   f"{'more' if right['Adam'] > others else 'fewer'} than the best of the others. An error of about "
                   f"{100 * _error(0.95):.1f} points belongs to each share. So it does adapt to this depth, and in "
                   "lesson 08's ten tasks, too, it was ahead of gradient descent. Against a wrong α none of the five "
                   f"is robust: {min(good.values()):.0f} or {max(good.values()):.0f} of nine rates are good. Large "
                   "data and dozens of layers don't fit into this course. For those you have to believe others, or "
                   "race.", [table])


robust = Claim("It robustly adapts to large datasets and deep networks.",
               "holds when “deep” means four hidden layers and α is chosen; large data can't be measured "
               "here", _robust, {
    "holds": "It may well. But a notebook has no large dataset, and “robustly” wants a comparison.",
    "does not hold": "Nothing here speaks against it. There is only so little that a small course can say for it."})


# --- where Adam wins --------------------------------------------------------------------------------------------

BANDS = ((1, 1, "once"), (2, 7, "2 to 7 times"), (8, 63, "8 to 63 times"), (64, 10**6, "64 times or more"))
WORD_COLORS = ("#D55E00", "#E69F00", "#56B4E9", "#0072B2")


def group_loss(C: np.ndarray, P: np.ndarray) -> np.ndarray:
    """The mean loss of the words that stand in the book once, 2 to 7 times, 8 to 63 times, and more often.

    C: how often each word (column) follows each context (row). P: the probabilities that the table gives.
    """
    often, loss = C.sum(axis=0), np.bincount(*_pair_losses(C, P), C.shape[1])
    return np.array([loss[in_band].sum() / often[in_band].sum() for low, high, _ in BANDS
                     for in_band in [(low <= often) & (often <= high)]])


def total_loss(C: np.ndarray, P: np.ndarray) -> float:
    """The mean loss of all words."""
    return float(_pair_losses(C, P)[1].sum() / C.sum())


def _pair_losses(C: np.ndarray, P: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of each pair that is in the book, and few are: its word, and its loss, as many times as it is there."""
    there = C.nonzero()
    return there[1], -C[there] * np.log(np.maximum(P[there], 1e-30))


Runs = Mapping[str, Mapping[float, Sequence[np.ndarray]]]      # optimizer -> rate -> what was watched, step by step


def _shares(C: np.ndarray) -> np.ndarray:
    """Of all words in the book, the share of each of the four kinds."""
    often = C.sum(axis=0)
    return np.array([often[(low <= often) & (often <= high)].sum() for low, high, _ in BANDS]) / often.sum()


def _end(losses: Sequence[np.ndarray]) -> np.ndarray:
    """The mean of the last ten steps: a walk that jumps to and fro is not judged by the moment at which it stops."""
    return np.mean(losses[-10:], axis=0)


def _rare_words(runs: Runs, C: np.ndarray) -> Outcome:
    shares = _shares(C)
    best = {name: min(of_rate, key=lambda rate: np.nan_to_num(_end(of_rate[rate]) @ shares, nan=np.inf))
            for name, of_rate in runs.items()}
    pictures = []
    for name, rate in best.items():
        curves = np.array(runs[name][rate])
        figure, ax = plots.picture(2.7, 2.9)
        for band, (_, _, words) in enumerate(BANDS):
            ax.plot(curves[:, band], color=WORD_COLORS[band], lw=2, label=words)
        ax.axhline(np.log(C.shape[1]), color="#888888", lw=1, ls=":")
        ax.set(ylim=(2, 9.2), xlabel="step")
        rose = curves[-1, 0] > curves[0, 0]
        ax.set_title(f"{name}, α = {rate:g}:\n{'rare words get worse' if rose else 'all words are learned'}", size=10.5)
        if not pictures:
            ax.set(ylabel="loss of a word")
        plots.describe(ax, f"{name} at α = {rate:g}: the loss of words that stand in the book " + ", ".join(
            f"{words} goes from {curves[0, band]:.1f} to {curves[-1, band]:.1f}"
            for band, (_, _, words) in enumerate(BANDS)) + ".")
        pictures.append(figure)
    legend, ax = plots.picture(8.1, 0.75)
    for color, (_, _, words), share in zip(WORD_COLORS, BANDS, shares):
        ax.plot([], [], color=color, lw=3, label=f"{words} ({100 * share:.0f} %)")
    ax.axis("off")
    ax.legend(frameon=False, ncols=4, loc="center", fontsize=9,
              title="words that stand in the book ... (and their share of it)", title_fontsize=9)
    plots.describe(ax, "Colours: orange for words that stand in the book once, to blue for those that stand there "
                       "64 times or more.")
    last = {name: _end(runs[name][rate]) for name, rate in best.items()}
    first = np.log(C.shape[1])
    gd, adam = last["GradientDescent"], last["Adam"]
    if gd[0] > first - 0.1 and adam[0] < first - 0.5:
        answer = "it learns the frequent words, and the rare ones hardly at all"
    else:
        answer = "it learns all words, a little more slowly"
    worse = "has <i>risen</i>, from" if gd[0] > first else "went from"
    return Outcome(answer, f"The loss of a word that stands in the book once {worse} {first:.2f} to {gd[0]:.2f} with "
                   f"gradient descent, and fell to {adam[0]:.2f} with Adam. Frequent words: {gd[-1]:.2f} and "
                   f"{adam[-1]:.2f}. And look at the third picture: plain sign descent, which has no memory at all, "
                   f"does as well as Adam there, {last['sign descent'][0]:.2f} and {last['sign descent'][-1]:.2f}. So "
                   "it is not the averages that win here. It is that a tiny gradient no longer means a tiny step.",
                   [plots.Row(*pictures), legend])


rare_words = Predict("Each at its own best α, the whole book in every step, no noise. After 60 steps: what has "
                     "gradient "
                     "descent learned?", {
    "it learns all words, a little more slowly": "On the digits it was so. But there each class had its fair tenth.",
    "it learns the frequent words, and the rare ones hardly at all": "",
    "nothing at all": "The frequent words pull on it strongly, and those it does learn.",
}, settled=_rare_words)


def followers(words: Sequence[str], contexts: int = 100) -> np.ndarray:
    """How often each word (columns) follows each of the most frequent words (rows); the last row: any other word.

    Words are sorted, the most frequent first.
    """
    vocabulary, places, counts = np.unique(words, return_inverse=True, return_counts=True)
    rank = np.empty(len(vocabulary), int)
    rank[np.argsort(-counts, kind="stable")] = np.arange(len(vocabulary))
    places = rank[places]
    C = np.zeros((contexts, len(vocabulary)))
    np.add.at(C, (np.minimum(places[:-1], contexts - 1), places[1:]), 1)
    return C


def show_words(words: Sequence[str]) -> plots.Picture:
    """How often each word stands in the book, against its rank, with a word here and there by name."""
    vocabulary, counts = np.unique(words, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    vocabulary, counts = vocabulary[order], counts[order]
    once = int(np.count_nonzero(counts == 1))
    figure, ax = plots.picture(6.4, 3.0)
    ax.loglog(np.arange(1, counts.size + 1), counts, ".", color=BLUE, ms=5)
    for word in ("the", "alice", "rabbit", "marmalade"):
        rank = int(np.flatnonzero(vocabulary == word)[0])
        ax.annotate(f"{word}: {counts[rank]:,}", (rank + 1, counts[rank]), xytext=(6, 5), textcoords="offset points")
    ax.set(xlabel="rank of the word", ylabel="how often it stands there", ylim=(0.7, 5000),
           title=f"A few words everywhere, and {once:,} words once")
    plots.describe(ax, f"Frequency against rank, both logarithmic, for the {counts.size:,} different words among the "
                       f"{counts.sum():,} of the book: nearly a straight line from {counts[0]:,} times for "
                       f"“{vocabulary[0]}” down to once, for {once:,} of them.")
    return figure


def in_equal_groups(C: np.ndarray, groups: int = 16) -> np.ndarray:
    """The same table with the words put together into groups that are about equally frequent."""
    often = C.sum(axis=0)
    group = np.minimum((np.cumsum(often) / often.sum() * groups).astype(int), groups - 1)
    return C @ (group[:, None] == np.arange(groups))


def _only_the_tail(runs: Runs, C: np.ndarray, group_runs: Runs, groups: np.ndarray) -> Outcome:
    n = C.sum(axis=1, keepdims=True)
    above: dict[str, dict[str, float]] = {"2,631 words": {}, "16 equal groups": {}}
    for name in ("GradientDescent", "Adam"):
        lowest = min(float(_end(losses) @ _shares(C)) for losses in runs[name].values())
        above["2,631 words"][name] = lowest - total_loss(C, C / n)
        lowest = min(float(_end(losses)) for losses in group_runs[name].values())
        above["16 equal groups"][name] = lowest - total_loss(groups, groups / n)
    figure, ax = plots.picture(6.4, 2.6)
    for row, gaps in enumerate(above.values()):
        for shift, (name, gap) in zip((-0.18, 0.18), gaps.items()):
            ax.barh(row + shift, gap, 0.34, color=plots.COLORS[name], label=name if row == 0 else None)
            ax.text(gap, row + shift, f" {gap:.2f}", va="center")
    ax.set_yticks(range(len(above)), list(above))
    words, equal = above.values()
    ax.set(xlabel="loss above that of the best table there is", xlim=(0, 1.3 * words["GradientDescent"]),
           ylim=(1.5, -0.5), title="Without the rare words there is little to win")
    ax.legend(frameon=False, loc="lower right")
    plots.describe(ax, "Bars, loss above the best there is: " + "; ".join(
        f"{task}: " + ", ".join(f"{name} {gap:.2f}" for name, gap in gaps.items())
        for task, gaps in above.items()) + ".")
    shrunk = equal["GradientDescent"] < 0.25 * words["GradientDescent"]
    return Outcome("nearly closes" if shrunk else "stays about as wide",
                   f"With the words as they are, gradient descent ends {words['GradientDescent']:.2f} above the best "
                   f"table that there is, in equal groups {equal['GradientDescent']:.2f}. Same book, same hundred "
                   "rows, same optimizers, each at its own α: the tail was the trouble.", [figure])


only_the_tail = Predict("Now put the words together into 16 groups that are all about equally frequent, and guess the "
                        "next word's group. What becomes of the gap between gradient descent and Adam?", {
    "stays about as wide": "If Adam simply were the better one, it would.",
    "nearly closes": "",
    "turns round": "There is nothing here that gradient descent could do better. It can only lose less.",
}, settled=_only_the_tail)


# --- costs and small claims -------------------------------------------------------------------------------------

SETUP = """
import numpy as np
from optimlab.lessons.choosing_an_optimizer import FIVE, network
rng = np.random.default_rng(0)
w, X, Y = network.init(rng), rng.standard_normal((64, 64)), np.eye(10)[:, rng.integers(0, 10, 64)]
dw = network.loss_and_gradient(w, X, Y)[1]
states = {name: optimizer().init(w) for name, optimizer in FIVE.items()}
"""


def show_costs() -> plots.Table:
    """What a step of each costs: time next to the gradient's, arrays kept, and memory for 7 billion weights."""
    gradient, *steps = seconds(SETUP, "network.loss_and_gradient(w, X, Y)", *(
        f"FIVE[{name!r}]().step(w, dw, states[{name!r}])" for name in FIVE), number=20, rounds=10)
    rows = []
    for (name, optimizer), step in zip(FIVE.items(), steps):
        kept = state_arrays(optimizer())
        rows.append((name, f"{step / gradient:.2f}", str(kept), f"{28 * (1 + kept)} GB"))
    return plots.Table("What a step costs", ("optimizer", "time, in gradients of 64 digits", "arrays like w kept",
                                             "7 billion weights of four bytes, with these"), rows)


def _generalise() -> tuple[dict[str, float], dict[str, float]]:
    full = measured()
    loss = {name: float(full.curves(name, full.lowest_rate(name))[:, -1].mean()) for name in FIVE}
    right = {place.name: 100 * place.mean for place in full.ranking() if place.name in FIVE}
    return loss, right


def show_training_and_test() -> plots.Picture:
    """Training loss and test accuracy of the stored race, each at the rate that is best by its own measure."""
    loss, right = _generalise()
    figure, ax = plots.picture(6.4, 3.4)
    for name in FIVE:
        ax.errorbar(loss[name], right[name], yerr=100 * _error(right[name] / 100, 359), fmt="o", ms=9, lw=1.5,
                    color=plots.COLORS[name], label=name)
    ratio = max(loss.values()) / min(loss.values())
    ax.set(xscale="log", xlabel="lowest training loss, at the α that is best for it", ylabel="test digits right, in %",
           title=f"A training loss {ratio:.0f} times lower, and no more digits read")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plots.describe(ax, "Test accuracy against training loss: " + ", ".join(
        f"{name} {right[name]:.1f} % at {loss[name]:.1e}" for name in FIVE) + "; the bars, the error of 359 digits, "
        "overlap.")
    return figure


def race_of_types() -> dict[str, Comparison]:
    """Gradient descent with 1, 64 and all digits a step: nine rates each, three epochs, two seeds."""
    parts = digit_folds()[0]
    return {name: compare({"GradientDescent": FIVE["GradientDescent"]}, network, parts, RATES, seeds, size, 3,
                          progress=False, curve=False)
            for name, size, seeds in (("stochastic", 1, [0]), ("mini-batch", 64, [0, 1]),
                                      ("batch", parts.train.labels.size, [0, 1]))}


def _choice_of_type(found: Mapping[str, Comparison]) -> Outcome:
    losses = {name: float(np.nanmin(c.training_loss[0, :, :, -1].mean(axis=-1))) for name, c in found.items()}
    figure, ax = plots.picture(6.4, 2.4)
    for row, (name, loss) in enumerate(losses.items()):
        ax.plot(loss, row, "o", ms=11, color=plots.BATCH_COLORS[name])
        ax.annotate(f"{loss:.3f}", (loss, row), xytext=(10, 0), textcoords="offset points", va="center")
    ax.set_yticks(range(len(losses)), losses)
    ax.set(xscale="log", xlabel="training loss after three epochs, at the best α", xlim=(None, 5), ylim=(2.5, -0.5),
           title="Many rough steps beat a few exact ones")
    plots.describe(ax, "Training loss: " + ", ".join(f"{name} {loss:.3f}" for name, loss in losses.items()) + ".")
    far = losses["batch"] > 3 * max(losses["stochastic"], losses["mini-batch"])
    return Outcome("holds" if far else "does not hold",
                   "Three looks at the data are three updates for batch, and hundreds or thousands for the others. Far "
                   "from the minimum many rough steps bring you farther than a few exact ones (Bottou, Curtis and "
                   "Nocedal 2018). On these digits this choice moves more than that between the five.", [figure])


choice_of_type = Claim("The choice of Gradient Descent type influences the speed and quality of the optimization of a "
                       "Neural Network.", "holds", _choice_of_type, {
    "holds when ...": "With endless time the difference would shrink. Nobody has endless time.",
    "does not hold": "The gradient is the same on average. But how many steps you get for your time is not."})


def _preferable(races: Mapping[str, Sequence[Comparison]]) -> Outcome:
    behind: dict[str, list[float]] = {name: [] for name in FIVE}
    for found in races.values():
        right = {name: 100 * shares.mean() for name, shares in _right(found).items()}
        for name in FIVE:
            behind[name].append(max(right.values()) - right[name])
    table = plots.Table("Points behind the first, and at worst", ("optimizer", *races, "at worst"),
                        [(name, *(f"{b:.1f}" for b in gaps), f"{max(gaps):.1f}") for name, gaps in behind.items()])
    safe = max(behind["Adam"]) < 2 and max(behind["GradientDescent"]) > 2
    return Outcome("holds when ..." if safe else "does not hold",
                   f"Adam is never more than {max(behind['Adam']):.1f} points behind, gradient descent up to "
                   f"{max(behind['GradientDescent']):.1f}. On the book the gap was larger still, and in Adam's favour. "
                   "So Adam is not the one that wins most. It is one that you seldom regret. AdaGrad and RMSProp are "
                   "as safe in these three; in a long training AdaGrad would not be (lesson 07). The majority of all "
                   "situations nobody has counted.", [table])


preferable = Claim("It is a preferable choice in the majority of situations.",
                   "holds when “preferable” means a safe first try", _preferable, {
    "holds": "Most people do choose it. That is a count of people, not of situations.",
    "does not hold": "It wins few of these races, true. But look at how little it loses."})


def show_race_inside() -> plots.Row:
    """Five optimizers on a true slice of a trained network's loss: one weight into a unit, and one out of it."""
    parts = digit_folds()[0]
    trained = fit(network, parts.train, OPTIMIZERS["Adam"](0.01), 64, 5, np.random.default_rng(0), progress=False).w
    few = Examples(*(array[..., :64] for array in parts.train))
    whole, views = of_network(network, few, trained), network.views(trained)
    digit, unit = np.unravel_index(np.abs(views["W2"]).argmax(), views["W2"].shape)
    two = np.zeros((2, network.size))
    network.views(two)["W1"][0, unit, np.abs(views["W1"][unit]).argmax()] = 1
    network.views(two)["W2"][1, digit, unit] = 1
    pair = slice_through(whole, trained, two, domain=[(-6, 6), (-6, 6)], start=(-4, -4), name="two real weights")
    trial = np.geomspace(0.01, 1000, 16)[:, None]
    left, ax = plots.picture(4.05, 3.8)
    plots.contours(ax, pair, points=31)
    right, ay = plots.picture(4.05, 3.8)
    for name, optimizer in FIVE.items():
        trace = descend(pair, optimizer(trial), pair.start, steps=60)
        inside = np.all(np.abs(trace.points) <= 6, axis=(0, 2))
        best = np.where(inside, trace.losses[-1], np.inf).argmin()
        ax.plot(*trace.points[:, best].T, ".-", color=plots.COLORS[name], lw=1.5, ms=4)
        ay.plot(trace.losses[:, best], color=plots.COLORS[name], lw=2, label=name)
    ax.plot(*pair.start, "o", color="#888888", ms=9)
    ax.set(title=f"Two weights of {network.size:,}, five ways", xlabel="weight into a unit, from its trained value",
           ylabel="weight out of it")
    plots.describe(ax, f"{ax.alt} Five paths over two of {network.size:,} weights, from (-4, -4) into the valley.")
    ay.set(xlabel="step", ylabel="loss", title="The flat land costs most time")
    ay.legend(frameon=False)
    plots.describe(ay, "Loss against steps for the five paths.")
    return plots.Row(left, right)


def show_decision_chart() -> plots.Picture:
    """One page for practice, with the rates of the stored race."""
    figure, ax = plots.picture(9, 6.8)
    plots.decision_chart(ax, measured())
    return figure


def choose_with(best_rate: Callable, found: Comparison) -> Markdown | plots.Table:
    """The student's function chooses each optimizer's rate in a race."""
    if say := to_be_written(best_rate):
        return say
    return plots.Table("Chosen by you", ("optimizer", "your α", "validation digits right there"), [
        (name, f"{best_rate(found.rates, accuracy):.2g}",
         f"{100 * accuracy[np.isclose(found.rates, best_rate(found.rates, accuracy))].mean():.1f} %")
        for name, accuracy in zip(found.names, found.validation_accuracy) if name in FIVE])


def show_own_race(runners: Mapping[str, Callable], rates: np.ndarray) -> plots.Picture:
    """A race of the reader's own on the digits: the ranking, each at its own best rate."""
    own = compare(runners, network, digit_folds()[0], rates, seeds=[0, 1], batch_size=64, epochs=3, progress=False,
                  curve=False)
    figure, ax = plots.picture(8, 1.4 + 0.6 * len(runners))
    plots.ranking(ax, own)
    return figure
