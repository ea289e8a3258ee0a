"""Lesson 07: a memory that fades in place of a sum, what it gains, and what it loses."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.averages import ewma
from optimlab.datasets import digits, split
from optimlab.explorables import Claim, Outcome, Predict, moving_minimum
from optimlab.explorables.moving_minimum import DRIFT, LAST, follow, minima, pushes
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import AdaGrad, GradientDescent, Optimizer, RMSProp
from optimlab.training import mini_batches

__all__ = ["best_rate", "epsilon_place", "fading", "first_length", "follow_with", "jump_after_jump", "kinds_of_memory",
           "puzzles", "rest", "run_behind", "show_first_steps_with", "show_jumps", "show_noise_ball", "show_raw_noise",
           "show_two_rates", "solve_puzzles", "tackles", "ten_batches", "train_and_watch", "try_memories"]

ADAGRAD, RMSPROP, DESCENT = (plots.COLORS[name] for name in ("AdaGrad", "RMSProp", "GradientDescent"))
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"
JUMP = 500                                     # steps from one jump of the minimum to the next


# --- play ------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """The minimum that moves, with two things to bring about."""
    return moving_minimum().asking(
        Task("Turn AdaGrad's α up, until over the last 300 steps green is as close to the dashed line as "
             "pink.", _repaired),
        Task("Let the minimum drift steadily, take the noise away, and bring pink to within 0.1 of it.", _close))


def _far(moves: str, target: np.ndarray, noise: float, rate: float, kept: float, added: float) -> float:
    minimum = minima(moves, float(target[0]), float(target[1]))
    w, _ = follow(minimum[:-1].tolist(), pushes(noise), rate, kept, added)
    return float(np.mean(np.abs(w - minimum)[-LAST:]))


def _repaired(moves: str, beta: float, rate: float, adagrad_rate: float, noise: float, target: np.ndarray) -> str:
    green = _far(moves, target, noise, adagrad_rate, 1.0, 1.0)
    if adagrad_rate < 0.6 or noise < 0.5 or green > _far(moves, target, noise, rate, beta, 1 - beta):
        return ""
    return f"You found one: α = {adagrad_rate:.2g}. But look at the right panel: is its rate done falling?"


def _close(moves: str, beta: float, rate: float, noise: float, target: np.ndarray, **others: object) -> str:
    if moves != DRIFT or noise > 0 or (far := _far(moves, target, noise, rate, beta, 1 - beta)) > 0.1:
        return ""
    return f"You found one: α = {rate:.2g}, and it stays {far:.2f} away. Its steps are about as long as the drift's."


# --- the minimum that jumps --------------------------------------------------------------------------------

def run_behind(optimizer: Optimizer, minimum: np.ndarray, balls: int = 400, noise: float = 1.0) -> np.ndarray:
    """Balls that chase a minimum that moves, on the loss (w - minimum)² / 2 with noise in each gradient.

    minimum: shape (steps,). Returns the weights after each step, shape (steps, ..., balls).
    """
    rng, w = np.random.default_rng(0), np.zeros(balls)
    state, weights = optimizer.init(w), []
    for m in minimum:
        dw = w - m + noise * rng.standard_normal(balls)
        w, state = optimizer.step(w, dw, state)
        weights.append(w)
    return np.array(weights)


def _halfway(weights: np.ndarray, minimum: np.ndarray) -> np.ndarray:
    """After each jump, the steps until the mean of the balls has gone half of the way."""
    away = np.abs(weights.mean(axis=-1) - minimum).reshape(-1, JUMP)[1:]
    return np.argmax(away < 2, axis=1) + 1


def _jump_after_jump(weights: np.ndarray, minimum: np.ndarray) -> Outcome:
    steps = _halfway(weights, minimum)
    figure, ax = plots.picture(6.8, 3.0)
    mean = weights.mean(axis=-1)
    ax.plot(minimum, "--", color="#888888", lw=1.5)
    ax.plot(mean, color=ADAGRAD, lw=2)
    for k in (0, len(steps) - 1):
        ax.text(JUMP * (k + 1) + 10, 4.35, f"{steps[k]} steps", color=ADAGRAD, ha="left" if k == 0 else "right")
    ax.set(xlabel="step", ylabel="weight $w$", ylim=(-0.6, 5), title="AdaGrad takes longer with every jump")
    plots.describe(ax, "The minimum jumps between 0 and 4. The mean of 400 balls with AdaGrad is half way after "
                       f"{steps[0]} steps at the first jump, and after {steps[-1]} at the 15th, and its corners get "
                       "rounder.")
    times = steps[-1] / steps[0]
    options = {1: "about as many", 4: "about 4 times as many", 15: "about 15 times as many"}
    return Outcome(options[min(options, key=lambda value: abs(np.log(value / times)))],
                   f"From {steps[0]} steps to {steps[-1]}. Each step adds about the same to s. After 15 times the time "
                   "s is 15 times as large, and √s about 4 times. AdaGrad never stands still. It gets slower for "
                   "ever, and a minimum that moves doesn't wait.", [figure])


jump_after_jump = Predict("Every 500 steps the minimum jumps, from 0 to 4 or back. How many steps does AdaGrad need "
                          "to get halfway after the 15th jump, compared with the first?", {
    "about as many": "Each jump is like the first one. But AdaGrad isn't: its sum has grown.",
    "about 4 times as many": "",
    "about 15 times as many": "The sum is about 15 times as large by then. What it divides by is the root of it.",
}, settled=_jump_after_jump)


def show_two_rates(gradients: Sequence[float], sums: Sequence[float], averages: Sequence[float]) -> plots.Picture:
    """The effective learning rates that a sum and an average of the squares give along some gradients, with α = 0.1."""
    figure, ax = plots.picture(6.4, 3.2)
    t = np.arange(1, len(gradients) + 1)
    ax.semilogy(t, 0.1 / np.sqrt(sums), color=ADAGRAD, lw=2.2, label="sum: AdaGrad")
    ax.semilogy(t, 0.1 / np.sqrt(averages), color=RMSPROP, lw=2.2, label="average: RMSProp")
    small = int(np.argmin(gradients)) + 1
    ax.axvspan(1, small - 0.5, color="#888888", alpha=0.2, lw=0)
    ax.text(small + 0.5, 0.006, f"gradients {gradients[0]:g}, then {gradients[-1]:g}", color=GREY)
    ax.set(xlabel="step", ylabel="effective rate, α = 0.1", title="An average can fall again, and so its rate can rise",
           ylim=(0.005, 2))
    ax.legend(frameon=False, loc="upper left")
    plots.describe(ax, f"Effective rates: after {small - 1} large gradients AdaGrad's stays where it is, "
                       f"{0.1 / np.sqrt(sums[-1]):.3f}; RMSProp's rises again, to {0.1 / np.sqrt(averages[-1]):.2f}.")
    return figure


def show_jumps(adagrad: np.ndarray, rmsprop: np.ndarray, minimum: np.ndarray) -> plots.Picture:
    """The steps to half of the way after each jump, for AdaGrad and for RMSProp."""
    figure, ax = plots.picture(6.4, 3.2)
    jumps, steps = np.arange(1, 16), (_halfway(adagrad, minimum), _halfway(rmsprop, minimum))
    for name, needed, color in zip(("AdaGrad", "RMSProp"), steps, (ADAGRAD, RMSPROP)):
        ax.plot(jumps, needed, "o-", color=color, lw=2, label=name)
    ax.set(xlabel="jump", ylabel="steps to get halfway", ylim=(0, 1.1 * steps[0].max()), xticks=(1, 5, 10, 15),
           title="To RMSProp every jump is the first")
    ax.legend(frameon=False)
    plots.describe(ax, f"Steps to get halfway after each of 15 jumps: AdaGrad from {steps[0][0]} to "
                       f"{steps[0][-1]}, RMSProp between {steps[1].min()} and {steps[1].max()}.")
    return figure


# --- whether that repairs it -------------------------------------------------------------------------------

def _tune(steps: int) -> dict[str, tuple[float, np.ndarray]]:
    """For each optimizer its best of 27 rates in a run of so many steps, and how far each rate is off at its end."""
    rates = 2.0 ** np.arange(-5, 8.5, 0.5)
    jumping = np.where(np.arange(steps) // 100 % 2, 4.0, 0.0)
    found = {}
    for rule in (RMSProp, AdaGrad):
        weights = run_behind(rule(rates[:, None]), jumping, balls=12)
        far = np.abs(weights[-1000:] - jumping[-1000:, None, None]).mean(axis=(0, 2))
        found[rule.__name__] = float(rates[far.argmin()]), far
    return found


def kinds_of_memory() -> dict[int, dict[str, tuple[float, np.ndarray]]]:
    """What `_tune` finds for a run of 1000 steps, and for one of 16,000."""
    return {steps: _tune(steps) for steps in (1000, 16_000)}


def _best_rate(found: Mapping[int, Mapping[str, tuple[float, np.ndarray]]]) -> Outcome:
    few, many = found.values()
    times = many["AdaGrad"][0] / few["AdaGrad"][0]
    rates = 2.0 ** np.arange(-5, 8.5, 0.5)
    pictures = []
    for name, color in (("AdaGrad", ADAGRAD), ("RMSProp", RMSPROP)):
        figure, ax = plots.picture(4.05, 3.0)
        for (steps, tuned), style in zip(found.items(), ("--", "-")):
            best, far = tuned[name]
            ax.semilogx(rates, far, style, color=color, lw=2, label=f"{steps:,} steps")
            ax.plot(best, far.min(), "o", color=color, ms=8)
        ax.set(xlabel="learning rate α", ylabel="distance in the last 1000", ylim=(-0.7, 2.6),
               title="AdaGrad: the best α moves" if name == "AdaGrad" else "RMSProp: it stays")
        ax.legend(frameon=False, loc="lower right")
        plots.describe(ax, f"{name}: the distance against the learning rate is least at {few[name][0]:.2g} in the "
                           f"short run, and at {many[name][0]:.2g} in the long one.")
        pictures.append(figure)
    options = {1: "stays as it is", 5: "becomes about 5 times as large", 16: "becomes 16 times as large"}
    return Outcome(options[min(options, key=lambda value: abs(np.log(value / times)))],
                   f"It goes from {few['AdaGrad'][0]:.1f} to {many['AdaGrad'][0]:.0f}. AdaGrad's α has to know "
                   "beforehand how long you are going to train. RMSProp's doesn't.", [plots.Row(*pictures)])


best_rate = Predict("Tune both for a run of 1000 steps that chases the jumps, and again for a run of 16,000. What "
                    "becomes of AdaGrad's best α?", {
    "stays as it is": "RMSProp's does. But AdaGrad divides by ever more, and a larger α has to make up for it.",
    "becomes about 5 times as large": "",
    "becomes 16 times as large": "The sum becomes 16 times as large, about. It is its root that counts, and that "
                                 "makes 4.",
}, settled=_best_rate)


def _tackles(found: Mapping[int, Mapping[str, tuple[float, np.ndarray]]]) -> Outcome:
    (short, few), (long, many) = found.items()
    rates = 2.0 ** np.arange(-5, 8.5, 0.5)
    kept = {name: many[name][1][list(rates).index(few[name][0])] for name in few}
    table = plots.Table("Mean distance from the minimum in the last 1000 steps", ("", f"{short:,} steps, best α",
                        f"{long:,} steps, the same α", f"{long:,} steps, its own best α"),
                        [(name, f"{few[name][1].min():.2f}", f"{kept[name]:.2f}", f"{many[name][1].min():.2f}")
                         for name in few])
    steady = kept["RMSProp"] < 1.2 * few["RMSProp"][1].min() and kept["AdaGrad"] > 2 * few["AdaGrad"][1].min()
    return Outcome("holds" if steady else "does not hold",
                   "RMSProp's rate does not decay, so that one α is right for any length. It isn't better at "
                   "everything, though: with an α made for the length of the run AdaGrad is about as close. And what "
                   "if nothing moves at all? That comes next.", [table])


tackles = Claim("RMSProp was elaborated as an improvement over AdaGrad which tackles the issue of learning rate "
                "decay.", "holds", _tackles, {
    "holds when ...": "You may be thinking of cases where it is no improvement, and there are some. But the decay "
                      "goes, in every one of them.",
    "does not hold": "A larger α repairs AdaGrad as well, in the figure at the top. Only until the run gets longer."})


# --- whether it rests --------------------------------------------------------------------------------------

def _rest(paths: Mapping[str, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.8, 3.4)
    for (name, w), color, style in zip(paths.items(), (RMSPROP, RMSPROP, ADAGRAD), ("-", "--", "-")):
        ax.semilogy(np.abs(w), style, color=color, lw=1.8, label=name)
    ax.axhline(0.05, color="#888888", lw=1, ls=":")
    ax.text(298, 0.08, "α/2", ha="right", color=GREY)
    ax.set(xlim=(0, 300), ylim=(1e-9, 3), xlabel="step", ylabel="distance from the minimum",
           title="With a constant α, RMSProp doesn't come to rest")
    ax.legend(frameon=False, loc="lower right", bbox_to_anchor=(1, 0.08))
    constant = abs(next(iter(paths.values()))[-1])
    plots.describe(ax, "Distance from the minimum, logarithmic. RMSProp nearly reaches it, is thrown out again and "
                       "stays 0.05 away, which is half of α; with an α that falls it keeps getting closer, slowly; "
                       "AdaGrad falls steadily.")
    answer = "at 0, to many digits" if constant < 0.01 else "0.05 away from 0" if constant < 0.2 else "far away"
    return Outcome(answer, "First it nearly arrives. Then the gradients are tiny, s fades, the rate α/√s rises past "
                   "2/λ, lesson 02's edge, and the ball is thrown out. In the end it jumps from one side to the other "
                   "and back, by the same length each time. Then all gradients have one size, √s is that size, and so "
                   "each step is α long: from -α/2 to +α/2, whatever the curvature is.", [figure])


rest = Predict("A bowl w²/2 that stands still, without any noise, a start at 1 and α = 0.1. Where is RMSProp after "
               "2000 steps?", {
    "at 0, to many digits": "So it is with gradient descent, whose steps shrink with the gradient. RMSProp divides "
                            "the gradient by its own size.",
    "0.05 away from 0": "",
    "far away": "It can't be: no step is longer than about 3α, and each points downhill.",
}, settled=_rest)


def show_noise_ball() -> plots.Table:
    """How far RMSProp wanders about a minimum at rest, with noise of deviation 1, for two α."""
    rows = []
    for alpha in (0.1, 0.01):
        spread = run_behind(RMSProp(alpha), np.zeros(3000))[1500:].std()
        rows.append((f"{alpha:g}", f"{spread:.2f}", f"{np.sqrt(alpha / 2):.2f}"))
    return plots.Table("The noise ball of RMSProp", ("α", "deviation of w", "√(α/2)"), rows)


# --- what β does -------------------------------------------------------------------------------------------

def _ten_batches(betas: np.ndarray, walked: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    ax.bar(range(len(betas)), walked, color=RMSPROP, width=0.6)
    for k, way in enumerate(walked):
        ax.text(k, way - 0.25, f"{abs(way):.2f}", ha="center", va="top")
    ax.set_xticks(range(len(betas)), [f"{beta:g}" for beta in betas])
    ax.axhline(0, color="#888888", lw=1)
    ax.set(xlabel="β", ylabel="moved in ten steps, in α", ylim=(-9.5, 0.5),
           title="A longer memory is fairer to the tenth batch")
    plots.describe(ax, "How far the weight walks in ten steps, in units of α: " + ", ".join(
        f"{way:.2f} for β = {beta:g}" for beta, way in zip(betas, walked)) + ".")
    at = walked[list(betas).index(0.9)]
    options = {-0.5: "walks less than α", -3.0: "walks about 3α down", -8.0: "walks 8α down"}
    return Outcome(options[min(options, key=lambda way: abs(way - at))],
                   "With β = 0 only the sign of each gradient is left, and nine votes beat one, whatever their size. "
                   "The longer the memory, the steadier is √s while the ten batches pass, and the more the -0.9 may "
                   "count. Divide all ten by the same number, and they cancel, as they should. That is why s "
                   "is an average (Tieleman and Hinton 2012).", [figure])


ten_batches = Predict("So each round of ten steps ought to cancel. With β = 0.9, the weight ...", {
    "walks less than α": "",
    "walks about 3α down": "You expect something between no memory and a perfect one. It is closer to the perfect one.",
    "walks 8α down": "Nine steps of α one way and one back: that is what happens without any memory, at β = 0.",
}, settled=_ten_batches)


def try_memories(betas: Sequence[float]) -> dict[float, tuple[int, float, int]]:
    """For each β the steps to half of the way after a jump, the deviation of w at rest, and how late the rate is.

    That is how many steps it takes, once gradients have shrunk to a hundredth, until the rate is half of what it
    should be.
    """
    minimum_once, found = np.where(np.arange(3000) < 1500, 0.0, 4.0), {}
    for beta in betas:
        weights = run_behind(RMSProp(0.05, beta), minimum_once)
        shrunk = ewma(np.full(20_000, 0.01**2), beta, initial=1.0)
        found[beta] = (int(np.argmax(weights[1500:].mean(axis=-1) > 2)) + 1, float(weights[500:1500].std()),
                       int(np.argmax(np.sqrt(shrunk) <= 0.02)) + 1)
    return found


def _fading(found: Mapping[float, tuple[int, float, int]]) -> Outcome:
    table = plots.Table("α = 0.05", ("β", "steps to get halfway after a jump", "deviation of w at rest",
                                     "steps until the rate has followed"),
                        [(f"{beta:g}", jump, f"{spread:.2f}", f"{back:,}")
                         for beta, (jump, spread, back) in found.items()])
    quick, slow = found[0.5][0], found[0.999][0]
    answer = "β = 0.999" if slow < 0.9 * quick else "β = 0.5" if quick < 0.9 * slow else "both together"
    return Outcome(answer, "After the jump the long memory hasn't noticed anything yet: it divides large gradients by "
                   "the old, small √s, so its steps are far longer than α. Here they happen to lead the right way. At "
                   "rest β hardly matters, for there α decides. And when the gradients shrink, a long memory is very "
                   "slow: a β close to 1 is not far from AdaGrad. No β is best at everything. Tieleman and Hinton take "
                   "0.9.", [table])


fading = Predict("The minimum jumps once, by 4. α is the same for both. Who is half way first?", {
    "β = 0.5": "A short memory notices the jump sooner, true. What it notices are large gradients, and so it makes "
               "the rate smaller.",
    "β = 0.999": "",
    "both together": "They would be, if √s were the same in both. It is not, right after the jump.",
}, settled=_fading)


# --- where ε sits ------------------------------------------------------------------------------------------

def _epsilon_place(sizes: np.ndarray, outside: np.ndarray, inside: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.6, 3.4)
    ax.loglog(sizes, outside, color=RMSPROP, lw=2.2, label="ε outside: √s + ε")
    ax.loglog(sizes, inside, "--", color=RMSPROP, lw=2.2, label="ε inside: √(s + ε)")
    for place, name in ((1e-8, "ε"), (1e-4, "√ε")):
        ax.axvline(place, color="#888888", lw=1, ls=":")
        ax.text(place * 1.3, 1e-6, name, color=GREY)
    ax.set(xlabel="size of the gradients", ylabel="length of a step, in α", ylim=(1e-7, 3),
           title="Inside the root, ε takes hold at √ε already")
    ax.legend(frameon=False, loc="lower right")
    plots.describe(ax, "Length of a step in units of α against the size of the gradients. With ε outside it is 1 down "
                       "to gradients of 1e-8 and then falls; with ε inside it falls as soon as they are below 1e-4.")
    at = [int(np.argmin(np.abs(np.log(sizes / g)))) for g in (1e-2, 1e-6)]
    ratio = outside[at] / inside[at]
    table = plots.Table("Steps, in units of α", ("gradient", "ε outside", "ε inside"),
                        [(f"{sizes[k]:.0e}", f"{outside[k]:.2f}", f"{inside[k]:.2f}") for k in at])
    answer = "holds" if ratio[1] < 1.01 else "holds when ..." if ratio[0] < 1.01 else "does not hold"
    return Outcome(answer,
                   "Far above √ε both forms make the same step. Below it, they are two optimizers. Neither is a slip, "
                   "but you must not mix them up: inside the root ε has the unit of a squared gradient, and there "
                   "1e-16 does about what 1e-8 does outside. Libraries differ, too: PyTorch's RMSprop has it outside, "
                   "Keras's inside. In this course it is outside everywhere.", [figure, table])


epsilon_place = Claim(r"$S_{dw} = \beta\, S_{dw,prev} + (1-\beta)\,(dW)^2$, "
                      r"$W = W - \alpha\, dW / \sqrt{S_{dw} + \epsilon}$",
                      "holds when gradients are well above √ε",
                      _epsilon_place, {
    "holds": "A constant of 1e-8 looks far too small to matter. Inside a root it is a constant of 1e-4.",
    "does not hold": "It is a rule of its own, and a good one. For gradients of ordinary size it is the same rule."})

# --- a real network --------------------------------------------------------------------------------------------

READER = MLP((64, 32, 10), output="softmax")


def _epoch(optimizer: Optimizer, w: np.ndarray, state: Any, X: np.ndarray, Y: np.ndarray, rng: np.random.Generator
           ) -> tuple[np.ndarray, Any]:
    """The network's weights and the optimizer's state after one more epoch, in batches of 64."""
    for batch in mini_batches(rng, Y.shape[1], 64):
        w, state = optimizer.step(w, READER.gradient(w, X[:, batch], Y[:, batch]), state)
    return w, state


def train_and_watch(epochs: int) -> plots.Row:
    """A network learns digits with AdaGrad and with RMSProp: the effective rates, and how many √s are below ε or √ε."""
    parts = split(digits(), np.random.default_rng(0))
    X = np.asfortranarray(parts.train.X / 16)     # each picture in one piece of memory: batches are cut out quicker
    left, ax = plots.picture(4.05, 3.2)
    for optimizer, color in ((AdaGrad(0.1), ADAGRAD), (RMSProp(0.01), RMSPROP)):
        rng, roots = np.random.default_rng(1), []
        w = READER.init(rng)
        state = optimizer.init(w)
        for _ in range(epochs):
            w, state = _epoch(optimizer, w, state, X, parts.train.Y, rng)
            roots.append(np.sqrt(state.s))
        rate = optimizer.learning_rate / (np.array(roots) + 1e-8)
        low, middle, high = np.quantile(rate, (0.25, 0.5, 0.75), axis=1)
        ax.semilogy(range(1, epochs + 1), middle, color=color, lw=2, label=type(optimizer).__name__)
        ax.fill_between(range(1, epochs + 1), low, high, color=color, alpha=0.25, lw=0)
    ax.set(xlabel="epoch", ylabel="α / (√s + ε)", title="RMSProp's rates rise, and leap")
    ax.legend(frameon=False, loc="upper left")
    plots.describe(ax, f"Effective rates over {epochs} epochs, median and middle half of the weights: AdaGrad's falls "
                       "slowly, RMSProp's rises many times, with leaps.")
    right, ay = plots.picture(4.05, 3.2)
    for limit, name, color in ((1e-4, "√s below √ε", ORANGE), (1e-8, "√s below ε", BLUE)):
        ay.plot(range(1, epochs + 1), [100 * np.mean(root <= limit) for root in roots], color=color, lw=2, label=name)
    ay.set(xlabel="epoch", ylabel="% of RMSProp's weights", ylim=(0, 100), title="Where ε matters")
    ay.legend(frameon=False, loc="upper left")
    plots.describe(ay, "The share of the weights whose √s lies below √ε = 1e-4 varies and grows; a few, those of "
                       "pixels without ink, lie below ε.")
    return plots.Row(left, right)


# --- a network whose minimum moves ---------------------------------------------------------------------------

def solve_puzzles(number: int) -> dict[str, np.ndarray]:
    """A network learns one puzzle after another: the digits, with their pixels shuffled anew. Each has three epochs.

    For each way of training the share of unseen pictures that is read correctly at the end of each puzzle.
    """
    parts = split(digits(), np.random.default_rng(0))
    ways = {"AdaGrad, α = 0.1": AdaGrad(0.1), "AdaGrad, α = 0.3": AdaGrad(0.3), "RMSProp, α = 0.01": RMSProp(0.01),
            "gradient descent, α = 0.3": GradientDescent(0.3), "AdaGrad, α = 0.1, s = 0 for each": AdaGrad(0.1)}
    rng, right = np.random.default_rng(1), []
    w = np.tile(READER.init(rng), (len(ways), 1))     # a row for each way: one pass through the network serves all
    states = [optimizer.init(row) for optimizer, row in zip(ways.values(), w)]
    for k in range(number):
        pixels = np.random.default_rng(k).permutation(64)
        X = np.asfortranarray(parts.train.X[pixels] / 16)
        states[-1] = AdaGrad().init(w[-1])
        for _ in range(3):
            for batch in mini_batches(rng, X.shape[1], 64):
                dw = READER.gradient(w, X[:, batch], parts.train.Y[:, batch])
                for row, optimizer in enumerate(ways.values()):
                    w[row], states[row] = optimizer.step(w[row], dw[row], states[row])
        right.append(np.mean(READER.predict(w, parts.test.X[pixels] / 16) == parts.test.labels, axis=-1))
    return dict(zip(ways, np.transpose(right)))


def _puzzles(found: Mapping[str, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.8, 3.6)
    styles = ((ADAGRAD, "o-"), (ADAGRAD, "s--"), (RMSPROP, "o-"), (DESCENT, "o-"), (ADAGRAD, ":"))
    for (name, right), (color, style) in zip(found.items(), styles):
        ax.plot(np.arange(1, len(right) + 1), 100 * right, style, color=color, lw=1.8, ms=4, label=name)
    ax.set(xlabel="puzzle", ylabel="% of unseen digits read", ylim=(55, 100),
           title="AdaGrad gets tired, RMSProp doesn't")
    ax.legend(frameon=False, loc="lower left", ncols=2, fontsize=8.5)
    ends = {name: right[-4:].mean() for name, right in found.items()}
    plots.describe(ax, "Share of unseen digits read at the end of each puzzle, mean of the last four: " + ", ".join(
        f"{name} {100 * end:.0f} %" for name, end in ends.items()) + ".")
    sum_, other, average, plain, fresh = ends.values()
    best = max(sum_, other)
    answer = "RMSProp" if average > best + 0.04 else "AdaGrad" if best > average + 0.04 else "both about the same"
    return Outcome(answer, f"In the last four puzzles AdaGrad is down to {100 * best:.0f} %, with the better of its "
                   f"two α, and RMSProp is at {100 * average:.0f} %. The dotted line says whom to blame: let AdaGrad "
                   f"forget everything before each puzzle, and it reads {100 * fresh:.0f} % to the end. It was the "
                   f"memory. (Gradient descent, which remembers nothing of the kind, is at {100 * plain:.0f} %: a "
                   "little is lost to the many puzzles themselves. One training each; a run with other shuffles "
                   "differs by a few percent.)", [figure])


puzzles = Predict("Fifteen puzzles, one after the other, three epochs each, and one network for all. Who reads more "
                  "of the unseen digits in the last puzzles?", {
    "AdaGrad": "In the first puzzle it is as good as any. But then it takes its rates along.",
    "RMSProp": "",
    "both about the same": "A new puzzle brings large gradients, and one would think that these help both. AdaGrad "
                           "divides them by all that was.",
}, settled=_puzzles)


# --- your turn, and what goes wrong ----------------------------------------------------------------------------

def follow_with(rmsprop_step: Callable, learning_rate: float, beta: float, goal: float) -> Markdown | plots.Picture:
    """The student's step chases a minimum that swings, with a distance to get below."""
    if say := to_be_written(rmsprop_step):
        return say
    swing = 4 * np.sin(np.arange(600) / 60)
    w, s, rng, path = np.zeros(1), np.zeros(1), np.random.default_rng(8), []
    for m in swing:
        w, s = rmsprop_step(w, w - m + rng.standard_normal(1), s, learning_rate, beta)
        path.append(w[0])
    far = np.abs(path - swing).mean()
    figure, ax = plots.picture(6.8, 3.2)
    ax.plot(swing, "--", color="#888888", lw=1.5, label="the minimum")
    ax.plot(path, color=RMSPROP, lw=1.6, label="your RMSProp")
    ax.legend(frameon=False)
    ax.set(xlabel="step", ylabel="$w$", title=f"{far:.2f} away on average" + (
        ": you did it!" if far < goal else f". Below {goal:g}?"))
    plots.describe(ax, f"Your RMSProp chases a minimum that swings between -4 and 4: {far:.2f} away on average.")
    return figure


def _first_length(betas: Sequence[float], lengths: Sequence[np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    for beta, length, style in zip(betas, lengths, ("-", "--")):
        ax.loglog(np.arange(1, len(length) + 1), length, style, color=RMSPROP, lw=2, label=f"β = {beta:g}")
    ax.axhline(1, color="#888888", ls=":", lw=1)
    ax.set(xlabel="step", ylabel="length of a step, in α",
           title="The first steps are too long, and for β = 0.999 many of them")
    ax.yaxis.set(major_formatter="{x:g}")
    ax.legend(frameon=False)
    slow = lengths[-1]
    plots.describe(ax, f"Length of the steps in units of α: from {lengths[0][0]:.2f} down to 1 with β = {betas[0]:g}, "
                       f"and from {slow[0]:.1f} with β = {betas[-1]:g}.")
    answer = "about α/30" if slow[0] < 0.5 else "α" if slow[0] < 5 else "about 30 α"
    return Outcome(answer, "After one gradient s is only (1 - β) dw², for it started at 0. So the first step is 1/√(1 "
                   f"- β) times too long: {lengths[0][0]:.2f} α with β = 0.9, and {slow[0]:.2f} α with 0.999. There "
                   f"the first 20 steps go {slow[:20].sum():.0f} α instead of 20, and it takes "
                   f"{int(np.argmax(slow < 1.05)) + 1} steps until one is shorter than 1.05 α. Lesson 04 knows the "
                   "remedy: the bias correction.", [figure])


first_length = Predict("β = 0.999, and all gradients have the same size. How long is RMSProp's first step?", {
    "about α/30": "You know that an average from 0 starts too small. But here it stands below the fraction line.",
    "α": "That is how AdaGrad begins. There s is dw² after one step, here it is only a thousandth of it.",
    "about 30 α": "",
}, settled=_first_length)


def show_first_steps_with(corrected_rmsprop_step: Callable) -> Markdown | plots.Picture:
    """The first steps of RMSProp and of the student's corrected one, under gradients of one size."""
    if say := to_be_written(corrected_rmsprop_step):
        return say
    w, s, lengths = np.zeros(1), np.zeros(1), []
    for t in range(1, 1 + 100):
        moved, s = corrected_rmsprop_step(w, np.ones(1), s, t, 1.0, 0.999, 1e-8)
        lengths.append(abs(moved - w)[0])
        w = moved
    figure, ax = plots.picture(6.4, 2.8)
    steps = np.arange(1, 101)
    ax.semilogy(steps, 1 / np.sqrt(ewma(np.ones(100), 0.999)), "--", color=RMSPROP, lw=2, label="RMSProp")
    ax.semilogy(steps, lengths, color=BLUE, lw=2, label="yours, corrected")
    ax.set(xlabel="step", ylabel="length of a step, in α", title="Mended: α from the first step on", ylim=(0.5, 50))
    ax.legend(frameon=False)
    plots.describe(ax, "Length of the steps with β = 0.999: RMSProp's begin at 31.6 α, yours are α long from the "
                       "first on.")
    return figure


def show_raw_noise() -> plots.Table:
    """How often RMSProp and Momentum step the wrong way where the slope is 1 and the noise has deviation 3."""
    dw = 1 + 3 * np.random.default_rng(9).standard_normal(100_000)
    return plots.Table("Slope 1, noise of deviation 3: steps that go the wrong way",
                       ("RMSProp, any β", "Momentum, β = 0.9"),
                       [(f"{100 * np.mean(dw < 0):.0f} %", f"{100 * np.mean(ewma(dw, 0.9)[100:] < 0):.0f} %")])
