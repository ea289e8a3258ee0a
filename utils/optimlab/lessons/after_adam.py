"""Lesson 10: what Adam left undone, and what came after it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.comparison import Comparison, compare, three_parts
from optimlab.datasets import digits, seattle_weather
from optimlab.explorables import Outcome, Predict, rate_over_time
from optimlab.explorables.rate_over_time import CONSTANT, COSINE, STEPS, mean_losses, schedule
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import (
    AdamW,
    GradientDescent,
    Lion,
    Momentum,
    Muon,
    Optimizer,
    PartByPart,
    ScheduleFree,
    learned,
)
from optimlab.schedules import Constant, Schedule
from optimlab.training import measure, mini_batches

__all__ = ["ahead", "decay", "directions", "glitch", "planned", "play", "race", "schedules", "show_memory",
           "show_orthogonalized", "show_the_recipe", "show_what_is_known", "sweep", "train", "train_clipped", "weather"]

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"
NETWORK, BATCH_SIZE = MLP((64, 32, 10), output="softmax"), 64
PARTS, FLAT = three_parts(digits(), np.random.default_rng(0)), Constant(1.0)


# --- play --------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """A crowd in a noisy ravine, with two things to bring about."""
    return rate_over_time().asking(
        Task("Leave the rate constant. Find the α that brings the crowd below a loss of 0.035.", _low_and_constant),
        Task("Now let it fall as a cosine, with an α of at least 0.3, and get as low again.", _low_and_bold))


def _end(*controls: object) -> float:
    return float(mean_losses(schedule(*controls)(np.arange(STEPS)))[-1])


def _low_and_constant(then: str, learning_rate: float, warmup: int) -> str:
    there = then == CONSTANT and _end(then, learning_rate, warmup) < 0.035
    return "You found it. Only a narrow stretch of rates does it: below, they don't arrive; above, they dance." \
        if there else ""


def _low_and_bold(then: str, learning_rate: float, warmup: int) -> str:
    there = then == COSINE and learning_rate >= 0.3 and _end(then, learning_rate, warmup) < 0.035
    return "You found it. First it walks in great strides, then it comes to rest. A wide stretch of rates will do." \
        if there else ""


# --- decay -------------------------------------------------------------------------------------------------

def _decay(into_gradient: np.ndarray, aside: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    for shift, ends, color, name in ((-0.2, into_gradient, plots.COLORS["Adam"], "decay in the gradient (Adam)"),
                                     (0.2, aside, plots.COLORS["AdamW"], "decay beside it (AdamW)")):
        bars = ax.bar(np.arange(2) + shift, ends, 0.38, color=color, label=name)
        ax.bar_label(bars, fmt="{:.2f}", padding=2)
    ax.set_xticks([0, 1], ["gradients around 10", "gradients around 0.1"])
    ax.set(ylabel="mean weight, 1 at first", ylim=(0, 1.5), title="In the gradient, decay spares the loud weights")
    ax.legend(frameon=False, loc="upper right")
    plots.describe(ax, f"Weights that began at 1. With the decay in the gradient: {into_gradient[0]:.2f} where "
                       f"gradients are large, {into_gradient[1]:.2f} where they are small. With AdamW: {aside[0]:.2f} "
                       f"and {aside[1]:.2f}.")
    ratio = into_gradient[0] / into_gradient[1]
    answer = "the quiet ones" if ratio > 2 else "the loud ones" if ratio < 0.5 else "both alike"
    return Outcome(answer, "Adam divides whatever comes in by the size of the gradients. To a loud weight the decay is "
                   "a whisper, and is divided by ten all the same; to a quiet one it is the loudest thing it hears. "
                   "Add the decay to the step, not to the gradient, and it does to every weight what it says.",
                   [figure])


decay = Predict("The decay pulls all weights towards 0, as a part of their gradient. After 1000 steps of Adam, which "
                "ones have shrunk more?", {
    "the loud ones": "They get the larger gradients, so they ought to move more. But Adam makes all steps alike.",
    "the quiet ones": "",
    "both alike": "The same decay for all: so it was meant, and so it is with plain gradient descent.",
}, settled=_decay)


# --- one bad gradient --------------------------------------------------------------------------------------------

def train(optimizer: Optimizer, glitch_at: int, steps: int = 300, every: int = 5) -> np.ndarray:
    """The digits, with the gradient of one step a thousand times too large.

    Returns the loss on all of them after every few steps: (steps done, loss), shape (steps / every, 2).
    """
    rng, data = np.random.default_rng(0), PARTS.train
    w = NETWORK.init(rng)
    state, losses = optimizer.init(w), []
    while state.t < steps:
        for batch in mini_batches(rng, data.labels.size, BATCH_SIZE)[:steps - state.t]:
            dw = NETWORK.gradient(w, data.X[:, batch], data.Y[:, batch])
            w, state = optimizer.step(w, 1000 * dw if state.t == glitch_at else dw, state)
            if state.t % every == 1:
                losses.append((state.t, measure(NETWORK, w, data)[0]))
    return np.array(losses)


def _glitch(runs: Mapping[str, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.4)
    colors = {"gradient descent": plots.COLORS["GradientDescent"], "Adam": plots.COLORS["Adam"]}
    for name, losses in runs.items():
        ax.semilogy(*losses.T, "--" if "clipped" in name else "-", color=colors[name.removesuffix(", clipped")],
                    lw=1.5 if "clipped" in name else 2.2, label=name)
    ax.set(xlabel="step", ylabel="loss on all digits", ylim=(3e-3, 300),
           title="One is thrown off, the other crawls")
    ax.legend(frameon=False, ncols=2, loc="upper right")
    ends = {name: losses[-1, 1] for name, losses in runs.items()}
    plots.describe(ax, "Loss against steps, with one gradient a thousand times too large. At the end: " + ", ".join(
        f"{name} {end:.3f}" for name, end in ends.items()) + ".")
    adam, calm = runs["Adam"][:, 1], runs["Adam, clipped"][:, 1]
    thrown, lamed = adam.max() > 2 * adam[0], adam[-1] > 3 * calm[-1]
    answer = "it is thrown far off" if thrown else "it crawls from then on" if lamed else "hardly anything"
    return Outcome(answer, "Gradient descent takes a step a thousand times too long. Adam can't: its steps are about "
                   "α, whatever comes. But it <i>remembers</i>. v holds the bad gradient for some ten steps and walks "
                   "on along it, and in s its square takes thousands to fade, so that every honest gradient is divided "
                   f"by a number far too large. After 300 steps its loss is {adam[-1] / calm[-1]:.0f} times that of "
                   "the clipped run.", [figure])


glitch = Predict("One gradient of the training comes in a thousand times too large. What does it do to Adam?", {
    "it is thrown far off": "Gradient descent is. But Adam divides by the gradient's size, so its step stays bounded.",
    "hardly anything": "The one step itself is harmless, that is true. The trouble is what stays in v and s.",
    "it crawls from then on": "",
}, settled=_glitch)


# --- schedules -------------------------------------------------------------------------------------------------

def sweep(rates: np.ndarray, shapes: Mapping[str, Schedule], epochs: int) -> dict[str, np.ndarray]:
    """For each schedule, the validation loss at each highest rate: AdamW on the digits, a mean over two seeds."""
    found = {}
    for name, shape in shapes.items():
        losses = []
        for seed in (0, 1):
            rng, data = np.random.default_rng(seed), PARTS.train
            w, t = np.tile(NETWORK.init(rng), (rates.size, 1)), 0
            state = AdamW().init(w)
            for _ in range(epochs):
                for batch in mini_batches(rng, data.labels.size, BATCH_SIZE):
                    dw = NETWORK.gradient(w, data.X[:, batch], data.Y[:, batch])
                    w, state = AdamW(rates[:, None] * shape(t)).step(w, dw, state)
                    t += 1
            losses.append(measure(NETWORK, w, PARTS.validation)[0])
        found[name] = np.mean(losses, axis=0)
    return found


def _schedules(rates: np.ndarray, found: Mapping[str, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.4)
    for (name, losses), color, style in zip(found.items(), (ORANGE, BLUE, GREEN), ("o-", "o-", "s--")):
        ax.loglog(rates, losses, style, color=color, lw=2, ms=5, label=name)
    ax.set(xlabel="highest learning rate α", ylabel="validation loss",
           title="A cosine forgives a rate that is too high")
    ax.minorticks_off()
    ax.set_xticks([0.003, 0.01, 0.03, 0.1, 0.3], ["0.003", "0.01", "0.03", "0.1", "0.3"])
    ax.set_yticks([0.1, 0.2, 0.4, 0.8], ["0.1", "0.2", "0.4", "0.8"])
    ax.legend(frameon=False, loc="upper center")
    constant, cosine, _ = found.values()
    plots.describe(ax, "Validation loss of AdamW against its highest rate: " + "; ".join(
        f"{name} {losses.min():.2f} at its best and {losses[-1]:.2f} at α = {rates[-1]:g}"
        for name, losses in found.items()) + ".")
    lower, wider = cosine.min() < 0.7 * constant.min(), cosine[-1] < 0.7 * constant[-1]
    answer = "the lowest loss gets much lower" if lower else "high rates become usable" if wider else "next to nothing"
    return Outcome(answer, f"At its best, the cosine is no better here: {cosine.min():.2f} against "
                   f"{constant.min():.2f} for a constant rate. At α = {rates[-1]:g} it is {cosine[-1]:.2f} against "
                   f"{constant[-1]:.2f}. And warm-up makes no difference that you could see on this small network: not "
                   "everything that is needed for a large one is needed here.", [figure])


schedules = Predict("AdamW on the digits, once with a constant rate and once with a cosine down to 0. What changes "
                    "most?", {
    "the lowest loss gets much lower": "On large networks it does get lower. On these digits the best constant rate "
                                       "is as good.",
    "high rates become usable": "",
    "next to nothing": "At the best rate there is next to no difference, true. But who knows the best rate?",
}, settled=_schedules)


# --- no schedule at all ----------------------------------------------------------------------------------------

def weather(make: Callable[[np.ndarray], Optimizer], rates: np.ndarray, steps: int, shape: Schedule = FLAT
            ) -> np.ndarray:
    """The line through Seattle's weather, one day a step: the mean loss above the lowest, shape (steps, rates).

    30 runs, each with its own days, for each rate. shape: the schedule, as a share of the rate.
    """
    days = seattle_weather()
    x, y = (days.temp_min - days.temp_min.mean()) / days.temp_min.std(), days.temp_max
    best = np.array([y.mean(), np.mean(x * y)])
    w, losses = np.zeros((rates.size, 30, 2)), []
    state = make(rates[:, None, None]).init(w)
    for t, day in enumerate(np.random.default_rng(0).integers(0, x.size, (steps, 30))):
        inputs = np.stack([np.ones(30), x[day]], axis=-1)
        error = (w * inputs).sum(axis=-1, keepdims=True) - y[day, None]
        w, state = make(rates[:, None, None] * shape(t)).step(w, error * inputs, state)
        losses.append(np.mean(np.sum((learned(w, state) - best) ** 2, axis=-1), axis=-1) / 2)
    return np.array(losses)


def _planned(ends: Sequence[int], free: np.ndarray, constant: np.ndarray, cosines: Sequence[np.ndarray]) -> Outcome:
    """free, constant: runs at all rates to the last end; cosines: one planned for each end."""
    one_rate = int(np.log(free[np.array(ends) - 1]).sum(axis=0).argmin())
    own = [run[-1].argmin() for run in cosines]
    figure, ax = plots.picture(6.4, 3.6)
    steps = np.arange(1, ends[-1] + 1)
    ax.loglog(steps, constant[:, one_rate], color=GREY, lw=1.2, label="constant rate, the same α")
    for run, rate in zip(cosines, own):
        ax.loglog(steps[:len(run)], run[:, rate], color=BLUE, lw=1.5, label="cosines" if len(run) == ends[0] else None)
        ax.plot(len(run), run[-1, rate], "o", color=BLUE, ms=7)
    ax.loglog(steps, free[:, one_rate], color=plots.COLORS["ScheduleFree"], lw=2.5, label="Schedule-Free, one run")
    ax.set(xlabel="updates, one day each", ylabel="loss above the lowest", xlim=(10, 1.2 * ends[-1]),
           title="One run without a plan, next to four with one")
    ax.legend(frameon=False, loc="lower left")
    ratios = [free[end - 1, one_rate] / run[-1, rate] for end, run, rate in zip(ends, cosines, own)]
    worse = [constant[end - 1, one_rate] / free[end - 1, one_rate] for end in ends]
    told = ", ".join(f"{ratio:.1f}" for ratio in ratios)
    against = ", ".join(f"{constant[end - 1].min() / free[end - 1, one_rate]:.1f}" for end in ends)
    far = constant[ends[0] - 1, constant[-1].argmin()] / free[ends[0] - 1, one_rate]
    plots.describe(ax, f"Loss above the lowest against updates. At {', '.join(map(str, ends))} updates, Schedule-Free "
                       f"has {told} times the loss of the cosine that was planned to end there; the constant rate "
                       f"stays {min(worse):.0f} to {max(worse):.0f} times above Schedule-Free.")
    most = max(ratios)
    answer = "many times higher" if most > 10 else "lower at all four" if most < 1 else "a few times higher"
    return Outcome(answer, f"It has {told} times the loss of the cosine that was planned to end just there, at the "
                   "best of nine rates for that end. A few times higher, then; but it had to know nothing, and it can "
                   f"go on. A constant rate of the same size stays {min(worse):.0f} to {max(worse):.0f} times above "
                   "it, and never calms down. Search a constant rate for each of the four ends separately, and it "
                   f"comes to {against} times Schedule-Free's loss; but the right one for {ends[-1]} updates is still "
                   f"{far:.0f} times above it after {ends[0]}.", [figure])


planned = Predict("Four runs with a cosine end after 250, 500, 1000 and 2000 updates, each with its own best rate. One "
                  "run of Schedule-Free passes by, with one constant rate. At those four moments its loss is ...?", {
    "many times higher": "It never slows down, so one could think it never calms down. But an average calms, as you "
                         "know from lesson 04.",
    "a few times higher": "",
    "lower at all four": "That would be a miracle, since the cosines know when they end, and it doesn't.",
}, settled=_planned)


# --- matrices --------------------------------------------------------------------------------------------------

def _directions(values: np.ndarray) -> Outcome:
    shares = np.cumsum(values**2) / np.sum(values**2)
    many = int(np.argmax(shares >= 0.9)) + 1
    answer = "1 or 2" if many < 3 else "about 6" if many < 12 else "about 29"
    return Outcome(answer, f"The first {many} of the {values.size} hold nine tenths of it. The rest is there, and it "
                   "isn't noise: this is the gradient of all training digits. But a step along the gradient goes "
                   "almost entirely in those few.",
                   [_bars(values / values[0], "A gradient shouts in a few directions")])


def show_orthogonalized(values: np.ndarray) -> plots.Picture:
    """The singular values of a step of Muon: all near 1."""
    return _bars(values, "Muon lets all of them speak")


def _bars(values: np.ndarray, title: str) -> plots.Picture:
    figure, ax = plots.picture(6.4, 2.8)
    ax.bar(np.arange(1, values.size + 1), values, color=plots.COLORS["Muon"])
    ax.set(xlabel="direction, the strongest first", ylabel="strength", ylim=(0, 1.3), title=title)
    plots.describe(ax, f"The strengths of {values.size} directions as bars, from {values[0]:.2f} for the first to "
                       f"{values[values.size // 2]:.2f} in the middle and {values[-1]:.3f} for the last.")
    return figure


directions = Predict("The gradient for W1 has 32 rows, so it is a mixture of 32 directions at right angles. How many "
                     "of them make up nine tenths of it?", {
    "1 or 2": "It is as lopsided as a ravine, but not quite as much as that.",
    "about 6": "",
    "about 29": "Nine tenths of 32: so it would be if all directions were equally strong.",
}, settled=_directions)


# --- the race --------------------------------------------------------------------------------------------------

def _muon(rate: np.ndarray) -> PartByPart:
    """Muon on the weights into the hidden layer, AdamW at 0.01 on all the rest."""
    rest = AdamW(0.01)
    return PartByPart(NETWORK.views, {"W1": Muon(rate[..., None]), "b1": rest, "W2": rest, "b2": rest})


RACERS = {"Momentum": Momentum, "AdamW": AdamW, "Lion": Lion, "ScheduleFree": ScheduleFree, "Muon": _muon}


def race() -> Comparison:
    """Five optimizers on the digits, each at nine rates, from three seeds."""
    return compare(RACERS, NETWORK, PARTS, np.geomspace(1e-3, 10, 9), seeds=[0, 1, 2], batch_size=BATCH_SIZE, epochs=6,
                   progress=False, curve=False)


def _ahead(found: Comparison) -> Outcome:
    best = {name: int(np.nan_to_num(found.validation_loss[o].mean(axis=-1), nan=np.inf).argmin())
            for o, name in enumerate(found.names)}
    tested = {name: 100 * found.test_accuracy[found.names.index(name), rate] for name, rate in best.items()}
    order = sorted(tested, key=lambda name: -tested[name].mean())
    lead = tested[order[0]].mean() - tested[order[1]].mean()
    swing = max(np.ptp(values) for values in tested.values())
    figure, ax = plots.picture(6.4, 3.2)
    for row, name in enumerate(order):
        ax.plot(tested[name], np.full(3, row + 0.22), "o", ms=5, color=plots.COLORS[name], alpha=0.5, mew=0)
        ax.plot(tested[name].mean(), row, "o", ms=10, color=plots.COLORS[name])
    ax.set_yticks(range(len(order)), [f"{name}\nα = {found.rates[best[name]]:.2g}" for name in order])
    ax.set(xlabel="test digits read correctly, in %", ylim=(len(order) - 0.4, -0.6),
           title="No clear winner" if lead < swing else f"{order[0]} is ahead")
    ax.grid(axis="x", alpha=0.3)
    told = ", ".join(f"{name} {tested[name].mean():.1f} %" for name in order)
    plots.describe(ax, f"Test accuracy of five optimizers, three seeds each, best first: {told}.")
    sign = "Lion is last: its steps never get shorter, and all rates are constant here. " if order[-1] == "Lion" else ""
    answer = "no clear winner" if lead < swing else order[0] if order[0] in ("AdamW", "Muon") else "an older one"
    return Outcome(answer, f"{told}. From the first to the second it is {lead:.1f} points, and another seed moves a "
                   f"single one by up to {swing:.1f}. {sign}Our network is tiny and our digits are easy: such a race "
                   "can't tell you what to take for a language model, and neither can any other that fits on this "
                   "page.", [figure])


ahead = Predict("A fair race on the digits: nine rates for each, the best one by validation loss, three seeds. Who is "
                "ahead, by more than luck?", {
    "Muon": "It is the newest here, and much is said in its favour. On networks thousands of times as large.",
    "AdamW": "It is what most people start with. That doesn't make it faster.",
    "no clear winner": "",
}, settled=_ahead)


def show_memory() -> plots.Table:
    """How many arrays shaped like the weights each optimizer keeps."""
    kept = {"Momentum": Momentum(), "AdamW": AdamW(), "Lion": Lion(), "Schedule-Free": ScheduleFree(), "Muon": Muon()}
    w = np.zeros((3, 3))
    counted = {name: sum(np.shape(part) == w.shape for part in optimizer.step(w, w, optimizer.init(w))[1])
               for name, optimizer in kept.items()}
    return plots.Table("What is kept from step to step, besides the weights",
                       ("optimizer", "arrays like the weights", "looks at"),
                       [(name, arrays, "whole matrices" if name == "Muon" else "each weight alone")
                        for name, arrays in counted.items()])


# --- what others have found ----------------------------------------------------------------------------------

def _paper(number: str, name: str) -> str:
    return f'<a href="https://arxiv.org/abs/{number}">{name}</a>'


def show_what_is_known() -> plots.Table:
    """What others found who could afford to look."""
    return plots.Table("What those found who could afford to look", ("the question", "what was found", "where"), [
        ("Can an algorithm alone make training faster, when everybody tunes alike?",
         "Yes. With tuning allowed, Distributed Shampoo won, which sees whole matrices, as Muon does: about 28 % "
         "faster than the baseline. With no tuning at all, Schedule-Free AdamW won: about 8 % faster. Neither "
         "won every task, but both held up "
         "well from task to task.", _paper("2502.15015", "AlgoPerf's first contest, Kasimbeg and others 2025")),
        ("How much faster than AdamW are the new ones on language models?",
         "About 1.4 times on models of 0.1 billion weights and 1.1 times on 1.2 billion, once AdamW is tuned as well "
         "as they are. The fastest all work on matrices.", _paper("2509.02046", "Wen and others 2025")),
        ("Does Muon work at scale?", "With weight decay and steps of AdamW's size, yes: a model of 16 billion weights "
         "was trained with it, and later one of a thousand billion (Kimi K2). A fit over models of up to 1.5 billion "
         "gave about half of AdamW's computation for the same loss, say the authors.",
         _paper("2502.16982", "Liu and others 2025")),
        ("When does Lion pay?", "The larger the batch, the larger its gain, say its authors.",
         _paper("2302.06675", "Chen and others 2023")),
    ])


def show_the_recipe() -> plots.Table:
    """Where to begin, for three kinds of models."""
    return plots.Table("Where to begin", ("", "a transformer", "a convnet", "a table"), [
        ("optimizer", "AdamW, β = 0.9 and 0.95", "momentum, β = 0.9; or AdamW for the newer ones",
         "first gradient-boosted trees, which need no optimizer like these; then AdamW"),
        ("rate", "try 3 × 10<sup>-4</sup>; larger models, smaller rates",
         "try 0.1 for batches of 256 with momentum, 0.004 for batches of 4096 with AdamW",
         "search it, between 10<sup>-5</sup> and 10<sup>-2</sup>"),
        ("schedule", "warm-up of about 2000 updates, then a cosine down to a tenth",
         "5 to 20 epochs of warm-up, then a "
         "cosine, or steps down by ten", "constant, and stop when validation gets worse"),
        ("weight decay", "0.1", "10<sup>-4</sup> with momentum, 0.05 with AdamW", "search it"),
        ("clip at", "1.0", "", ""),
        ("taken from", _paper("2302.13971", "LLaMA, Touvron and others 2023"),
         f"{_paper('1512.03385', 'ResNet, He and others 2015')}; {_paper('1706.02677', 'Goyal and others 2017')}; "
         f"{_paper('2201.03545', 'ConvNeXt, Liu and others 2022')}",
         f"{_paper('2207.08815', 'Grinsztajn and others 2022')}; {_paper('2106.11959', 'Gorishniy and others 2021')}"),
    ])


# --- your turn -------------------------------------------------------------------------------------------------

class _ClippedBy:
    """Gradient descent behind a student's clipping."""

    def __init__(self, clip: Callable, limit: float):
        self.clip, self.limit, self.descent = clip, limit, GradientDescent(1.0)
        self.init = self.descent.init

    def step(self, w: np.ndarray, dw: np.ndarray, state: object) -> tuple:
        return self.descent.step(w, self.clip(dw, self.limit), state)


def train_clipped(clip_gradient: Callable, limit: float) -> Markdown | plots.Picture:
    """The digits once more with the bad gradient, behind the student's clipping."""
    if say := to_be_written(clip_gradient):
        return say
    steps, losses = train(_ClippedBy(clip_gradient, limit), glitch_at=50).T
    figure, ax = plots.picture(6.4, 3.0)
    ax.semilogy(steps, losses, color=plots.COLORS["GradientDescent"], lw=2)
    ax.axvline(50, color=ORANGE, ls="--")
    ax.text(54, losses.max() / 1.3, "the bad gradient", color=ORANGE, va="top")
    ax.set(xlabel="step", ylabel="loss on all digits",
           title=f"Behind your clipping, at {limit:g}: loss {losses[-1]:.3f}")
    plots.describe(ax, f"Loss against steps behind your clipping, from {losses[0]:.2f} to {losses[-1]:.3f}.")
    return figure
