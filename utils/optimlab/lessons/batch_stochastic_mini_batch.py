"""Lesson 03: how many examples one step needs, and why a noisy walk arrives sooner and never quite arrives."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.comparison import Parts, compare
from optimlab.datasets import digits, seattle_weather, split, standardize
from optimlab.explorables import Claim, Outcome, Predict, batch_sizes
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import GradientDescent
from optimlab.schedules import Constant, Cosine, Exponential, InverseTime, StepDecay, Warmup
from optimlab.surfaces import double_well, quadratic
from optimlab.timing import seconds
from optimlab.training import descend, mini_batches

__all__ = ["ball", "cost", "epoch_race", "escape", "larger", "never_converges", "noise", "play", "race",
           "show_calendar", "show_decays", "show_other_ways", "show_redundancy", "show_the_three", "show_the_weather",
           "slow", "time_gradients", "train_with"]

NAMES = ("batch", "mini-batch", "stochastic")
COLORS = dict(zip(NAMES, plots.BATCH_COLORS.values()))
BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#666666"


def _days() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The lesson's data and its best weights: standardized mornings, afternoons in °C, and (height, slope)."""
    weather = seattle_weather()
    x = (weather.temp_min - weather.temp_min.mean()) / weather.temp_min.std()
    return x, weather.temp_max, np.array([weather.temp_max.mean(), np.mean(x * weather.temp_max)])


def _gradient(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    error = w[0] + w[1] * x - y
    return np.array([np.mean(error), np.mean(error * x)])


def _loss(w: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """For one w of shape (2,), or for many, shape (k, 2): half the mean squared error."""
    return np.mean((w[..., :1] + w[..., 1:] * x - y)**2, axis=-1) / 2


# --- play, and the data ------------------------------------------------------------------------------------

def play() -> Explorable:
    """Three ways to the best line, with two things to bring about."""
    return batch_sizes().asking(
        Task("Make blue take exactly the same path as black.", _same_path),
        Task("Find the α with which black lands on + in a single step.", _one_step))


def _same_path(batch_size: int, **others: object) -> str:
    return "You found it: a mini-batch of all 120 days is the batch." if batch_size == 120 else ""


def _one_step(learning_rate: float, **others: object) -> str:
    there = abs(learning_rate - 1) < 0.02
    return "You found it: α = 1, which is 1/λ, for this bowl is round. And look at orange!" if there else ""


def show_the_weather() -> plots.Picture:
    """Each day as a dot, and the best line."""
    x, y, best = _days()
    figure, ax = plots.picture(6.4, 3.2)
    ax.plot(x, y, ".", color=BLUE, ms=3, alpha=0.5)
    ax.axline((0, best[0]), slope=best[1], color=ORANGE, lw=2.5)
    ax.set(title="A dot is a day, the line is the best there is", xlabel="morning's lowest temperature, standardized",
           ylabel="afternoon's highest (°C)")
    plots.describe(ax, "Days as dots around a rising line: the warmer the morning, the warmer the afternoon.")
    return figure


def show_calendar() -> plots.Row:
    """The gradient of each batch of 32 days at the best line, cut from the calendar and shuffled."""
    x, y, best = _days()
    cuts = {"cut from the calendar": np.split(np.arange(x.size), range(32, x.size, 32)),
            "shuffled first": mini_batches(np.random.default_rng(0), x.size, batch_size=32)}
    pictures = []
    for (name, batches), color in zip(cuts.items(), (ORANGE, BLUE)):
        g = np.array([_gradient(best, x[b], y[b]) for b in batches])
        typical = np.sqrt(np.mean(np.sum(g**2, axis=1)))
        figure, ax = plots.picture(4.05, 3.2)
        ax.plot(*g.T, "o-" if color == ORANGE else "o", color=color, ms=5, lw=0.6)
        ax.plot(0, 0, "+", color=GREY, ms=14, mew=2)
        ax.set(xlim=(-4.5, 4.5), ylim=(-4.5, 4.5), aspect="equal", xlabel="gradient for the height (°C)",
               ylabel="for the slope (°C)")
        ax.set_title(f"{name}: typical error {typical:.2f} °C", size=11)
        plots.describe(ax, f"A dot for the gradient of each batch, {name}; the true gradient is 0. They are "
                           f"{typical:.2f} °C away from it, typically.")
        pictures.append(figure)
    return plots.Row(*pictures)


# --- one epoch ------------------------------------------------------------------------------------------------

def _epoch_race(paths: Mapping[int, np.ndarray]) -> Outcome:
    x, y, best = _days()
    lowest = _loss(best, x, y)
    ways = dict(zip(NAMES, sorted(paths.items(), reverse=True)))
    by_examples, ax = plots.picture(4.05, 3.2)
    by_updates, ay = plots.picture(4.05, 3.2)
    rows = []
    for name, (size, points) in ways.items():
        losses, updates = _loss(points, x, y), np.arange(len(points))
        style = "o-" if size > 1000 else "-"
        ax.semilogy(np.minimum(updates * size, x.size), losses, style, color=COLORS[name], lw=2)
        ay.semilogy(updates, losses, style, color=COLORS[name], lw=2, label=name)
        rows.append((name, size, len(points) - 1, f"{losses[-1] - lowest:.3f}"))
    ax.set(title="By examples, batch is far behind", xlabel="examples seen", ylabel="loss on all days")
    ay.set(title="By updates, they are much alike", xlabel="updates made", ylabel="loss on all days", xlim=(0, 60))
    ay.legend(frameon=False)
    told = "; ".join(f"{name} makes {updates} updates and ends {above} above the lowest loss"
                     for name, _, updates, above in rows)
    plots.describe(ax, f"Loss against examples seen, in one epoch: {told}.")
    plots.describe(ay, "The same losses against updates made: over the first 60 they fall alike.")
    table = plots.Table("One epoch at α = 0.1", ("", "days an update", "updates", "loss above the lowest"), rows)
    winner = {"batch": "all days at once", "mini-batch": "32 days at a time", "stochastic": "one day at a time"}
    best_way = min(ways, key=lambda name: _loss(ways[name][1][-1], x, y))
    batch, few, _ = ways.values()
    gone = np.linalg.norm(batch[1][1] - batch[1][0]) / np.linalg.norm(best - batch[1][0])
    first = [_loss(points[1], x, y) for _, points in (batch, few)]
    return Outcome(winner[best_way], f"From the same reading, batch makes a single update and goes {gone:.0%} of the "
                   "way. The others move on with every few days. And does a single step get better by reading all "
                   f"days instead of 32? After its first update batch has a loss of {first[0]:.0f}, and mini-batch "
                   f"has {first[1]:.0f}.",
                   [table, plots.Row(by_examples, by_updates)])


epoch_race = Predict("One epoch each, at α = 0.1 and from w = 0. Whose loss is the lowest at its end?", {
    "all days at once": "Its direction is the best, without doubt. But it takes only one step in an epoch.",
    "32 days at a time": "",
    "one day at a time": "It takes the most steps by far. At the end they kick it about, and it can't settle.",
}, settled=_epoch_race)


# --- noise -----------------------------------------------------------------------------------------------------

def _noise(sizes: np.ndarray, variance: Sequence[float]) -> Outcome:
    variance = np.asarray(variance)
    slope = np.polyfit(np.log(sizes[:5]), np.log(variance[:5]), 1)[0]
    figure, ax = plots.picture(6.4, 3.2)
    ax.loglog(sizes, variance[0] / sizes, "--", color=GREY)
    ax.loglog(sizes, variance, "o", color=BLUE, ms=7)
    ax.text(1.2, 0.12, "variance of one day,\ndivided by $B$", color=GREY)
    ax.set(title="Ten times the days, a tenth of the variance", xlabel="batch size $B$ (days)",
           ylabel="variance of the gradient (°C²)")
    plots.describe(ax, f"Variance of the gradient against the batch size, both logarithmic: a straight line with "
                       f"slope {slope:.2f} up to 100 days, from {variance[0]:.1f} down; beyond, the dots fall below "
                       "the line.")
    times = np.sqrt(variance[0] / variance[list(sizes).index(100)])
    answer = "100 times" if times > 30 else "10 times" if times > 3 else "not even 2 times"
    return Outcome(answer, f"The error of 100 days is {times:.1f} times smaller than that of one. The variance, "
                   "which is the error squared, falls as 1/B: an average of B independent draws has a B-th of the "
                   "variance of one. So the error falls as 1/√B, and for a tenth of it you read a hundred "
                   "times as much. (With 1000 of the 1461 days in each batch, little is left to be wrong about: there "
                   "the dots fall below the line.)",
                   [figure])


noise = Predict("Batches of 100 days instead of 1: how much smaller is the error of the gradient?", {
    "100 times": "The variance is, and that is the error squared.",
    "10 times": "",
    "not even 2 times": "It pays badly, but not as badly as that: errors in different days partly cancel.",
}, settled=_noise)


def show_redundancy() -> plots.Table:
    """By what angle a tenth of the days misses the gradient of all, far from the minimum and close to it."""
    x, y, best = _days()
    rng = np.random.default_rng(2)
    rows = []
    for name, w in (("at the start, w = 0", np.zeros(2)), ("0.1 away from the best line", best + 0.1)):
        full = _gradient(w, x, y)
        picks = (rng.choice(x.size, 146, replace=False) for _ in range(500))
        some = [_gradient(w, x[pick], y[pick]) for pick in picks]
        angles = [np.degrees(np.arccos(g @ full / np.linalg.norm(g) / np.linalg.norm(full))) for g in some]
        rows.append((name, f"{np.median(angles):.1f}°"))
    return plots.Table("A tenth of the days against all: the angle between the two gradients",
                       ("where", "half of the draws are within"), rows)


def _larger(single: Sequence[float], whole: Sequence[float]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    place = np.arange(3)
    ax.bar(place - 0.2, single, 0.38, color=COLORS["stochastic"], label="a single day, on average")
    ax.bar(place + 0.2, whole, 0.38, color=COLORS["batch"], label="all days together")
    for x, heights in ((place - 0.2, single), (place + 0.2, whole)):
        for at, height in zip(x, heights):
            ax.text(at, height + 0.5, f"{height:.2f}", ha="center")
    ax.set_xticks(place, ["at the start", "halfway", "at the best line"])
    ax.set(ylabel="length of the gradient", ylim=(0, 29), title="Near the minimum, single days still pull")
    ax.legend(frameon=False)
    plots.describe(ax, "Mean length of a single day's gradient and length of that of all days: " + "; ".join(
        f"{s:.2f} and {w:.2f}" for s, w in zip(single, whole)) + ".")
    near, far = single[-1] > 2 * whole[-1], single[0] > 2 * whole[0]
    return Outcome("holds" if near and far else "holds when ..." if near else "does not hold",
                   "A step is α times a gradient, so with one α the bars compare the steps. Far out, the days agree "
                   "about the way, and a single one pulls little harder than all together. At the best line they "
                   "cancel exactly, and each by itself still pulls. That is noise, and it is the reason to make α "
                   "<i>smaller</i>, not a sign of speed.", [figure])


larger = Claim("The step size is typically much larger.", "holds when the minimum is near and α is the same", _larger, {
    "holds": "A lost walker's steps look large. Out on the slope they are not much larger than a sure one's.",
    "does not hold": "A single day's gradient is longer on average, always. The question is how much longer."})


# --- cost ------------------------------------------------------------------------------------------------------

SETUP = """
import numpy as np
x, y, w = np.random.default_rng(0).normal(size=4**8), np.ones(4**8), np.ones(2)
def gradient(w, x, y):
    error = w[0] + w[1] * x - y
    return np.array([np.mean(error), np.mean(error * x)])
def looped(w, x, y):
    return sum(gradient(w, x[i:i + 1], y[i:i + 1]) for i in range(y.size)) / y.size
"""


def time_gradients() -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Seconds of one gradient against the batch size, in one call of NumPy and in a Python loop, on one thread."""
    sizes = 4 ** np.arange(9)
    one_call = seconds(SETUP, *(f"gradient(w, x[:{size}], y[:{size}])" for size in sizes), number=20)
    loop = seconds(SETUP, *(f"looped(w, x[:{size}], y[:{size}])" for size in sizes[:6]), rounds=3)
    return {"one call for the batch": (sizes, np.array(one_call)), "a loop over the days": (sizes[:6], np.array(loop))}


def _cost(times: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Outcome:
    (sizes, one_call), (few, loop) = times.values()
    figure, ax = plots.picture(6.4, 3.2)
    ax.loglog(sizes, 1e6 * one_call, "o-", color=BLUE, lw=2)
    ax.loglog(few, 1e6 * loop, "s-", color=ORANGE, lw=2)
    ax.text(sizes[2], 1e6 * one_call[0] / 2.5, "one call for the batch", color=BLUE)
    ax.text(few[-1] * 1.5, 1e6 * loop[-1], "a loop over the days", color=ORANGE, va="center")
    cheap = sizes[one_call < 2 * one_call[0]].max()
    ax.set(title=f"Up to {cheap:,} days for less than twice the price of one", xlabel="batch size $B$ (days)",
           ylabel="time of one gradient (µs)", xticks=10.0 ** np.arange(5), ylim=1e6 * one_call[0] / 4)
    plots.describe(ax, "Time of one gradient against the batch size, both logarithmic. In one call it stays below "
                       f"twice that of one day up to {cheap:,} days, and then bends upwards; in a loop it rises with "
                       "every day.")
    ratio = one_call[list(sizes).index(1024)] / one_call[0]
    answer = "less than 10 times" if ratio < 10 else "about 100 times" if ratio < 300 else "about 1000 times"
    return Outcome(answer, f"Here it takes {ratio:.1f} times as long. At first you pay for the call, not for the "
                   "days; time rises with B only once the machine has enough to do. The loop pays for every day from "
                   "the first.", [figure])


cost = Predict("One call of NumPy computes the gradient of 1024 days. How much longer does it take than for 1 day?", {
    "about 1000 times": "A thousand times the arithmetic. But arithmetic is the least of it: calling NumPy costs "
                        "more.",
    "about 100 times": "Somewhere in between is a wise guess when one doesn't know. It is less still.",
    "less than 10 times": "",
}, settled=_cost)


# --- the race ---------------------------------------------------------------------------------------------------

RACE_SETUP = """
import numpy as np
from optimlab.datasets import digits, split, standardize
from optimlab.networks import MLP
from optimlab.optimizers import GradientDescent
from optimlab.training import fit
train, network = standardize(split(digits(), np.random.default_rng(0))).train, MLP((64, 32, 10), output="softmax")
def epoch(batch_size):
    fit(network, train, GradientDescent(0.1), batch_size, 1, np.random.default_rng(0), progress=False)
"""
RATES = (0.03, 0.1, 0.3, 1.0, 3.0, 10.0)


def race(epochs: Mapping[str, int]) -> dict[str, tuple[float, np.ndarray]]:
    """A network learns digits, in batches, mini-batches of 32 and one by one, with each of six rates.

    epochs: how many each way has. Returns for each way the seconds of an epoch on one thread, and after each epoch
    the loss of the rate that is best by then.
    """
    train, test = standardize(split(digits(), np.random.default_rng(0)))
    parts = Parts(train, test, test)
    network, sizes = MLP((64, 32, 10), output="softmax"), dict(zip(NAMES, (train.labels.size, 32, 1)))
    times = seconds(RACE_SETUP, *(f"epoch({size})" for size in sizes.values()), rounds=3)
    found = {}
    for (name, size), time in zip(sizes.items(), times):
        runs = compare({name: GradientDescent}, network, parts, RATES, [1], size, epochs[name], progress=False)
        found[name] = time, np.nanmin(runs.training_loss[0, :, 0, 1:], axis=0)
    return found


def _slow(found: Mapping[str, tuple[float, np.ndarray]]) -> Outcome:
    by_reading, ax = plots.picture(4.05, 3.2)
    by_time, ay = plots.picture(4.05, 3.2)
    for name, (time, losses) in found.items():
        epochs = np.arange(1, len(losses) + 1)
        ax.semilogy(epochs, losses, "o-", ms=3, color=COLORS[name], label=name)
        ay.loglog(epochs * time * 1e3, losses, "o-", ms=3, color=COLORS[name])
    ax.set(title="By reading: batch is last", xlabel="epochs", ylabel="loss on all digits")
    ay.set(title="By the clock: single digits pay, too", xlabel="milliseconds, one thread", ylabel="loss on all digits")
    ax.legend(frameon=False)
    after = {name: losses[3] for name, (_, losses) in found.items()}
    told = ", ".join(f"{name} {loss:.3f}" for name, loss in after.items())
    plots.describe(ax, f"Loss against epochs; after four of them: {told}.")
    plots.describe(ay, "The same losses against the time of this machine, on one thread.")
    behind = after["batch"] > 2 * max(after["mini-batch"], after["stochastic"])
    as_long = found["stochastic"][0] / found["mini-batch"][0]
    return Outcome("holds when ..." if behind else "does not hold",
                   f"Loss after four epochs, each way with the rate that is best by then: {told}. By the clock, look "
                   "at the picture of your own machine: an epoch of single digits is more than a thousand small "
                   f"calls, and here it takes {as_long:.0f} times as long as one of mini-batches. And the more data "
                   "there are, the dearer a step of batch becomes; one of a mini-batch doesn't.",
                   [plots.Row(by_reading, by_time)])


slow = Claim("This can be computationally expensive and hence can be slow on very large datasets.",
             "holds when you compare by examples read", _slow, {
    "holds": "It does read a lot for every step. By the clock the matter is less clear: one large call is cheap.",
    "does not hold": "On a fast machine a large batch is cheap, true. But each step has to wait for all of it."})


# --- the ball ---------------------------------------------------------------------------------------------------

def _ball(rates: np.ndarray, spread: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.2)
    fine = np.linspace(0.01, 1, 100)
    ax.plot(fine, fine / (2 - fine), "--", color=GREY)
    ax.plot(rates, spread, "o", color=BLUE, ms=8)
    ax.text(0.62, 0.36, "α/(2 - α)", color=GREY)
    ax.set(title="The smaller α, the smaller the dance", xlabel="learning rate α", ylabel="mean squared distance, "
                                                                                          "$E\\,w^2$")
    plots.describe(ax, "Mean squared distance from the minimum against α: " + ", ".join(
        f"{s:.3f} at {r:g}" for r, s in zip(rates, spread)) + ". The dots lie on the curve α/(2 - α).")
    times = spread[1] / spread[0]
    answer = "the same" if times < 1.4 else "about half" if times < 2.8 else "about a quarter"
    return Outcome(answer, f"From α = {rates[1]:g} to {rates[0]:g} it falls from {spread[1]:.3f} to {spread[0]:.3f}. "
                   f"When α is large it falls by more than half, from {spread[-1]:.3f} at {rates[-1]:g} to "
                   f"{spread[-2]:.3f} at {rates[-2]:g}: the curve bends upwards.",
                   [figure])


ball = Predict("Halve α. The average squared distance from the minimum, E w², becomes ...?", {
    "the same": "The noise is the same, that is true. But each kick is α times the noise.",
    "about half": "",
    "about a quarter": "Each kick is half as long, so its square is a quarter. But the pull back to the bottom is "
                       "weaker, too.",
}, settled=_ball)


def _never(runs: Mapping[str, np.ndarray]) -> Outcome:
    _, y, best = _days()
    figure, ax = plots.picture(6.4, 3.4)
    last = {}
    for (name, points), color in zip(runs.items(), (ORANGE, BLUE, GREEN)):
        far = np.maximum(np.linalg.norm(points - best, axis=1), 1e-13)
        last[name] = np.mean(far[-y.size:])
        shown = np.arange(0, len(points), 30)
        ax.semilogy(shown, far[shown], color=color, lw=1.5)
        ax.text(len(points), 4.0 if color == ORANGE else last[name] / 30 if color == BLUE else 1e-12, name, color=color,
                ha="right")
    ax.set(title="Only a constant α with noise wanders for ever", xlabel="updates", ylabel="distance from the best "
                                                                                           "line",
           ylim=(3e-14, 1e3))
    plots.describe(ax, "Distance from the best line against updates; mean of the last epoch: " + ", ".join(
        f"{name} {far:.2g}" for name, far in last.items()) + ".")
    constant, falling, agreeing = last.values()
    wanders = constant > 10 * falling and constant > 1000 * agreeing
    return Outcome("holds when ..." if wanders else "does not hold",
                   f"With constant α it stays about {constant:.2f} °C away. With α falling as 1/t it comes to "
                   f"{falling:.3f} °C: Robbins and Monro (1951) proved, for bounded noise, that it settles if the α "
                   "add up to infinity, so that it can get anywhere, while their squares don't, so that the noise dies "
                   "out. And where the days agree, the noise vanishes together with the gradient, and it converges to "
                   "the last digit.", [figure])


never_converges = Claim("It won't converge. It wanders around the minimum region but never converges.",
                        "holds when α is constant and the examples disagree at the minimum", _never, {
    "holds": "The play figure shows just that, for as long as you like. But α was constant there.",
    "does not hold": "With a falling α it converges, true. Without one, on these days, it never does."})


SCHEDULES = {"constant": Constant(0.5), "step decay": StepDecay(0.5, factor=0.5, every=200),
             "1/t": InverseTime(0.5, decay=0.5), "exponential": Exponential(0.5, factor=0.995),
             "cosine": Cosine(0.5, steps=1000), "warm-up, cosine": Warmup(100, Cosine(0.5, steps=900))}


def _typical(schedule: Callable) -> np.ndarray:
    """The typical distance of 500 balls from the minimum of w²/2 after each of 1000 noisy updates."""
    trace = descend(quadratic([1.0]), GradientDescent(), np.full((500, 1), 10.0), 1000, schedule, noise=1.0,
                    rng=np.random.default_rng(6))
    return np.sqrt(np.mean(trace.points[..., 0] ** 2, axis=1))


def show_decays() -> plots.Row:
    """Six schedules, and what each does to a ball that is kicked about."""
    rates, ax = plots.picture(4.05, 3.6)
    balls, ay = plots.picture(4.05, 3.6)
    steps, ends = np.arange(1001), {}
    for (name, schedule), color in zip(SCHEDULES.items(), ("#888888", *plots.SERIES)):
        typical = _typical(schedule)
        ends[name] = typical[-1]
        ax.plot(steps, schedule(steps), color=color, lw=1.8, label=name)
        ay.semilogy(steps, typical, color=color, lw=1.2)
    ax.set(title="What they do to α ...", xlabel="updates", ylabel="learning rate α", ylim=(0, 0.85))
    ax.legend(ncols=2, frameon=False, fontsize=9, loc="upper center")
    ay.set(title="... and that to the ball", xlabel="updates", ylabel="typical distance")
    plots.describe(ax, f"Learning rate against updates for {', '.join(SCHEDULES)}.")
    plots.describe(ay, "Typical distance from the minimum against updates; at the end: " + ", ".join(
        f"{name} {end:.3f}" for name, end in ends.items()) + ".")
    return plots.Row(rates, balls)


def show_other_ways() -> plots.Table:
    """What calms the ball: a falling α, larger batches, or an average; and a decay that is too hasty."""
    trace = descend(quadratic([1.0]), GradientDescent(0.5), np.full((500, 1), 10.0), 1000, noise=1.0,
                    rng=np.random.default_rng(7)).points[..., 0]
    calmer = descend(quadratic([1.0]), GradientDescent(0.5), np.full((500, 1), 10.0), 1000, noise=0.1,
                     rng=np.random.default_rng(7)).points[-1, :, 0]
    size = "{:.3f}".format
    return plots.Table("After 1000 updates, how far from the minimum?", ("way", "typical distance"), [
        ("constant α = 0.5", size(np.sqrt(np.mean(trace[-1] ** 2)))),
        ("α falling as 1/t", size(_typical(SCHEDULES["1/t"])[-1])),
        ("constant α, batches 100 times as large (noise 0.1)", size(np.sqrt(np.mean(calmer ** 2)))),
        ("constant α, average place of the last 500 updates", size(np.sqrt(np.mean(trace[500:].mean(axis=0) ** 2)))),
        ("α halved at every update: too hasty", size(_typical(Exponential(0.5, factor=0.5))[-1]))])


# --- out of a valley ----------------------------------------------------------------------------------------------

def _escape(ends: Mapping[float, np.ndarray]) -> Outcome:
    pictures, out = [], {}
    w = np.linspace(-2.5, 2.5, 200)[:, None]
    for noise, places in ends.items():
        out[noise] = int(np.sum(places < 0))
        figure, ax = plots.picture(2.7, 2.6)
        ax.hist(places, bins=np.arange(-2.5, 2.6, 0.1), color=BLUE, alpha=0.6)
        ax.plot(w, 60 + 60 * double_well.loss(w), color=GREY, lw=2)
        ax.set(xlabel="$w$ at the end", ylabel="balls", xlim=(-2.5, 2.5), ylim=(0, 200))
        ax.set_title(f"noise {noise:g}: {out[noise]} got out", size=11)
        plots.describe(ax, f"With noise {noise:g}, {out[noise]} of 500 balls end in the deep valley on the left.")
        pictures.append(figure)
    share = [count / 500 for count in out.values()]
    weak, fitting, strong = out.values()
    helps = min(share) < 0.1 and max(share) > 0.6
    return Outcome("holds when ..." if helps else "holds" if min(share) > 0.6 else "does not hold",
                   f"With too little noise {weak} of the 500 balls get out, with more of it {fitting}, and with still "
                   f"more only {strong} are there at the end, for they no longer stay in the good valley, either. "
                   "Noise doesn't look for the deepest valley; it leaves shallow ones more easily. Nothing here "
                   "promises the global minimum. (This noise is added, the same everywhere. That of mini-batches "
                   "changes from place to place, and vanishes where the examples agree.)", [plots.Row(*pictures)])


escape = Claim("This randomness can help the algorithm jump out of local minima, finding the global minimum.",
               "holds when the noise fits the valley", _escape, {
    "holds": "It can, and the trial shows it. It can also be too weak for that, or too strong to stay.",
    "does not hold": "Noise has no plan, true. But from a shallow valley the way out is shorter than from a deep "
                     "one."})


# --- the three side by side ------------------------------------------------------------------------------------------

def show_the_three() -> plots.Table:
    """One epoch of weather at α = 0.1, with 20 shuffles: how often it goes uphill, where it ends, by how much luck."""
    x, y, best = _days()
    rows = []
    for name, size in zip(NAMES, (x.size, 32, 1)):
        climbs, ends = [], []
        for seed in range(20):
            w = np.zeros(2)
            far = [np.sum(best**2)]
            for batch in mini_batches(np.random.default_rng(seed), x.size, size):
                w = w - 0.1 * _gradient(w, x[batch], y[batch])
                far.append(np.sum((w - best) ** 2))    # of this round bowl, twice the loss above the lowest
            climbs.append(np.mean(np.diff(far) > 0))
            ends.append(_loss(w, x, y))
        rows.append((name, f"{np.mean(climbs):.0%}", f"{np.mean(ends):.2f} ± {np.std(ends):.2f}"))
    return plots.Table("One epoch at α = 0.1, with 20 different shuffles",
                       ("", "updates that go uphill", "loss at the end"), rows)


# --- your turn -------------------------------------------------------------------------------------------------------

def train_with(random_mini_batches: Callable, sgd_epoch: Callable) -> Markdown | plots.Picture:
    """The line after each of five epochs of the student's own training."""
    if say := to_be_written(random_mini_batches) or to_be_written(sgd_epoch):
        return say
    x, y, _ = _days()
    w, rng = np.zeros(2), np.random.default_rng(9)
    figure, ax = plots.picture(6.4, 3.6)
    ax.plot(x, y, ".", color="#888888", ms=3, alpha=0.4)
    for epoch in range(1, 6):
        batches = random_mini_batches(x[None, :], y[None, :], 256, rng)
        w = sgd_epoch(w, batches, _gradient, 0.15)
        ax.axline((0, w[0]), slope=w[1], color=plots.SERIES[epoch - 1], lw=2,
                  label=f"epoch {epoch}, loss {_loss(w, x, y):.1f}")
    ax.set(title="Your own training learns the weather", xlabel="morning, standardized", ylabel="afternoon (°C)")
    ax.legend(frameon=False)
    plots.describe(ax, "Your line after each of five epochs, closer each time.")
    return figure
