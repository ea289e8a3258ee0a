"""Lesson 08: two memories, what corrects them, and what they do to a step."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from IPython.display import Markdown

from optimlab import averages, comparison, plots
from optimlab.datasets import digits, split
from optimlab.explorables import Claim, Outcome, Predict, adam_switches
from optimlab.explorables.adam_switches import FAMILIES, NAMES, SwitchedAdam
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import Adam, GradientDescent, Optimizer
from optimlab.surfaces import Surface, ravine
from optimlab.training import mini_batches

__all__ = ["any_network", "combines", "compare_eight", "compare_ten_tasks", "draw_with", "eight", "extra_dw",
           "last_slide", "play", "precise", "quiet", "show_a_round", "show_moves", "show_slips", "show_small_trials",
           "slope", "thousand", "times", "two_sizes", "worst", "wrong_way"]

BLACK, BLUE, PINK, ORANGE = (plots.COLORS[name] for name in ("GradientDescent", "Momentum", "RMSProp", "Adam"))
CALLED = {"GradientDescent": "gradient descent"}      # in a legend; the others go by the names of their classes
GREY = "#666666"


# --- play -------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """The three switches, with four things to bring about."""
    return adam_switches().asking(
        Task("Tick a single box that changes nothing at all.", _nothing),
        Task("Make the first step more than thirty times α long.", _too_long),
        Task("Now bring that first step down to exactly α. One more box will do.", _mended),
        Task("Find an α with which gradient descent, all boxes empty, runs away. Then tick all three, at that α.",
             _survives))


def _nothing(average: bool, scale: bool, correct: bool, **others: object) -> str:
    there = correct and not average and not scale
    return "You found it: where nothing is averaged and nothing divided, there is nothing to correct." if there else ""


def _too_long(average: bool, scale: bool, correct: bool, beta2: float, **others: object) -> str:
    there = scale and not average and not correct and beta2 >= 0.999
    return "There it is: RMSProp's memory begins at 0, so its first root is far too small." if there else ""


def _mended(average: bool, scale: bool, correct: bool, **others: object) -> str:
    return "You did it: the correction knows how empty the memory still is." if scale and correct else ""


def _survives(average: bool, scale: bool, correct: bool, learning_rate: float, **others: object) -> str:
    there = average and scale and correct and learning_rate > 0.5
    return (f"At α = {learning_rate:.2g} Adam trembles, and stays in the valley: no step is much longer than α."
            if there else "")


# --- the rule ---------------------------------------------------------------------------------------------

def _two_sizes(dw: np.ndarray, steps: np.ndarray) -> Outcome:
    pictures = []
    for values, title, label in ((dw, "A million times as large ...", "size of the gradient"),
                                 (steps, "... and the step is the same", "length of the step, in α")):
        figure, ax = plots.picture(4.05, 2.4)
        for place, (value, color) in enumerate(zip(values, (ORANGE, BLUE))):
            ax.plot(place, value, "o", color=color, ms=12)
            ax.annotate(f"{value.round(3):g}", (place, value), xytext=(0, 10), textcoords="offset points", ha="center")
        ax.set_xticks([0, 1], ["first weight", "second weight"])
        ax.set(title=title, ylabel=label, xlim=(-0.6, 1.6))
        if values is dw:
            ax.set(yscale="log", ylim=(1e-4, 1e5))
        else:
            ax.set(ylim=(0, 1.3))
        plots.describe(ax, f"Dots, {label}: {values[0]:.3g} for the first weight, {values[1]:.3g} for the second.")
        pictures.append(figure)
    ratio = steps[0] / steps[1]
    answer = "exactly as far" if abs(ratio - 1) < 1e-3 else "a million times as far"
    return Outcome(answer, "At t = 1 the corrected memories are dw and dw<sup>2</sup>. Divide dw by the root of "
                   "dw<sup>2</sup>, and only its sign is left.", [plots.Row(*pictures)])


two_sizes = Predict("All three boxes are ticked. The first gradient of one weight is 1000, of another 0.001. How far "
                    "does the first weight go in its first step, next to the second?", {
    "a million times as far": "In gradient descent, yes. Here the step is divided by the usual size of a gradient.",
    "3.16 times as far": "You remember RMSProp's long first step. It was long by the same factor for every weight.",
    "exactly as far": "",
}, settled=_two_sizes)


def _combines(walks: Mapping[str, Sequence[np.ndarray]]) -> Outcome:
    pictures, apart = [], max(np.abs(a - b).max() for a, b in walks.values())
    for name, (switched, other) in walks.items():
        figure, ax = plots.picture(2.7, 1.75)
        plots.contours(ax, ravine)
        ax.plot(*other.T, color=plots.COLORS[name], lw=5, alpha=0.35)
        ax.plot(*switched.T, color=plots.COLORS[name], lw=1)
        ax.set_title({"Momentum": "average: Momentum", "RMSProp": "divide: RMSProp",
                      "Adam": "all three: Adam"}.get(name, name), size=11)
        plots.describe(ax, f"{ax.alt} A thin path, by the switches, lies on a broad one, by {name}.")
        pictures.append(figure)
    return Outcome("holds" if apart < 1e-9 else "does not hold",
                   "Thin: the switches. Broad: the optimizer of that name, on the same noise. They are the same path "
                   "to the last digits of a float. And then there is a third part that neither of the two has: the "
                   "correction.", [plots.Row(*pictures)])


combines = Claim("Adam combines Momentum and RMSProp algorithms.", "holds", _combines, {
    "holds when ...": "A condition would be needed if the two got in each other's way. They don't: one is on top of "
                      "the fraction, the other below.",
    "does not hold": "There is more in Adam than these two, true: the correction. But both are in it, whole."})


def compare_eight(seeds: Sequence[int] = (0, 1)) -> comparison.Comparison:
    """The eight settings on the digits, each at the same nine rates: five epochs of a network 64-16-10."""
    makers = {name: partial(SwitchedAdam, *switches) for switches, name in NAMES.items()}
    return comparison.compare(makers, MLP((64, 16, 10), output="softmax"), _parts(), np.geomspace(0.001, 10, 9),
                              seeds=seeds, batch_size=32, epochs=5, progress=False, curve=False)


def _parts() -> comparison.Parts:
    return comparison.three_parts(digits(), np.random.default_rng(0))


def _eight(race: comparison.Comparison) -> Outcome:
    loss = race.training_loss[..., -1].mean(axis=-1)
    best, rates = np.nanmin(loss, axis=1), race.rates[np.nanargmin(loss, axis=1)]
    figure, ax = plots.picture(8.1, 4.0)
    for row, (switches, name) in enumerate(NAMES.items()):
        if switches == (False, False, True):         # nothing to correct: it is gradient descent again
            continue
        color = plots.COLORS[FAMILIES[switches[:2]]]
        ax.loglog(race.rates, loss[row], "o-" if switches[2] or not any(switches) else "o--", color=color, ms=4,
                  lw=1.8, label=f"{name}: {best[row]:.3f} at α = {rates[row]:.2g}")
    ax.axhline(np.log(10), color="#888888", lw=1, ls=":")
    ax.text(race.rates[0], 1.1 * np.log(10), "as good as guessing", color=GREY)
    ax.set(xlabel="learning rate α", ylabel="training loss after five epochs", ylim=(best.min() / 1.5, 8),
           title="The valleys are about equally deep. They lie at different α")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=9)
    plots.describe(ax, "Training loss against learning rate, a curve for each of seven settings; lowest points: " +
                   "; ".join(f"{name} {low:.3f} at {rate:.2g}" for name, low, rate in zip(NAMES, best, rates)) + ".")
    gain = best[0] / best.min()
    return Outcome("less than 3 times" if gain < 3 else "3 to 10 times" if gain < 10 else "more than 10 times",
                   f"{gain:.1f} times (a mean of {len(race.seeds)} seeds). On these digits no part is worth much, "
                   "<i>as long as α suits</i>. Now read the picture from top to bottom instead: at Adam's best α "
                   f"gradient descent has a loss of {loss[0][np.nanargmin(loss[-1])]:.2f}, and at gradient descent's "
                   f"best α Adam has {loss[-1][np.nanargmin(loss[0])]:.2f}. Each looks hopeless at the other's "
                   "rate.", [figure])


eight = Predict("Eight settings train a network on the digits, each with the same nine learning rates, and for each "
                "its own best one counts. How many times lower is the best one's training loss than gradient "
                "descent's?", {
    "less than 3 times": "",
    "3 to 10 times": "So much machinery ought to pay. On inputs of one scale, as these are, it has little to do.",
    "more than 10 times": "You will find such factors in many comparisons. Look for who chose the rates in them.",
}, settled=_eight)


# --- the correction -------------------------------------------------------------------------------------------

def _precise(v: np.ndarray, s: np.ndarray, betas: Sequence[float]) -> Outcome:
    t = np.arange(1, len(v) + 1)
    figure, ax = plots.picture(6.4, 3.2)
    low = {}
    for values, beta, name, color in ((v, betas[0], "v", BLUE), (s, betas[1], "s", PINK)):
        ax.semilogx(t, values, "--", color=color, label=f"${name}_t$")
        ax.semilogx(t, values / (1 - beta**t), color=color, lw=2, label=f"$\\hat {name}_t$, corrected")
        low[name] = int(np.log(0.01) / np.log(beta))
    ax.set(xlabel="step", ylabel="what it says", ylim=(0, 1.25),
           title=f"$v$ is too small for {low['v']} steps, $s$ for {low['s']:,}")
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5))
    plots.describe(ax, f"Both averages against the step: uncorrected they rise from near 0, v within {low['v']} steps, "
                       f"s within {low['s']}; corrected they are about 1 from the first step on.")
    fair = np.abs(np.concatenate([v / (1 - betas[0]**t), s / (1 - betas[1]**t)]) - 1).max()
    return Outcome("holds" if fair < 0.1 else "does not hold",
                   "All gradients are 1, give or take a little, so both averages should say 1. Corrected, they do from "
                   f"the first step on. Uncorrected, <i>v</i> is more than 1 % too small for {low['v']} steps, and "
                   f"<i>s</i> for {low['s']:,}. “The first several iterations” are thousands.", [figure])


precise = Claim("It is possible to use bias correction for a more precise approximation of gradient trend during the "
                "first several iterations.", "holds", _precise, {
    "holds when ...": "It needs no condition: from a start at 0 an average is too small, by a factor that is known.",
    "does not hold": "The correction can't invent what the average has not seen. But it need not: it only has to "
                     "scale up what is there."})

slope = Surface("slope", lambda w: w[..., 0], np.ones_like, [(-1, 1)], [0.0], np.empty((0, 1)))


def _worst(lengths: Mapping[str, np.ndarray]) -> Outcome:
    without, fair = lengths.values()
    t, at = np.arange(1, len(without) + 1), int(without.argmax())
    figure, ax = plots.picture(6.4, 3.2)
    plots.curves(ax, f"Without the correction, step {at + 1} is {without[at]:.2f} times too long",
                 {name: (t, values) for name, values in lengths.items()}, colors=[PINK, ORANGE], xlabel="step",
                 xscale="log", ylabel="length, in α", ylim=(0, 7.5))
    for step in (0, at):
        ax.plot(step + 1, without[step], "o", color=PINK)
        ax.annotate(f"{without[step]:.2f} α", (step + 1, without[step]), xytext=(7, 4), textcoords="offset points")
    return Outcome({1: "the 1st", 12: "the 12th"}.get(at + 1, "the 1000th"),
                   f"The first step is {without[0]:.2f} α long, the 12th {without[at]:.2f} α. They come within 10 % of "
                   f"α at step {int(np.argmax(without < 1.1)) + 1}, and within 1 % at step "
                   f"{int(np.argmax(without < 1.01)) + 1}. With the correction every one of them is "
                   f"{fair.mean():.3f} α long.", [figure])


worst = Predict("Both memories start too small, and Adam divides one by the root of the other. The gradient is always "
                "1. Without the correction, which step is too long by the most?", {
    "the 1st": "There both memories are at their emptiest. But what counts is how empty one is next to the other.",
    "the 12th": "",
    "the 1000th": "By then the first memory has long been full, and the second has caught up more than half.",
}, settled=_worst)


# --- how far ----------------------------------------------------------------------------------------------

def show_moves(learning_rate: float, steps: int) -> plots.Picture:
    """How far each weight moves in each step of a training of the digits with Adam, in units of α."""
    network, parts, rng = MLP((64, 16, 10), output="softmax"), _parts(), np.random.default_rng(0)
    optimizer, w, moves = Adam(learning_rate), network.init(rng), []
    state = optimizer.init(w)
    for batch in (batch for _ in range(20) for batch in mini_batches(rng, parts.train.labels.size, 64)):
        dw = network.gradient(w, parts.train.X[:, batch], parts.train.Y[:, batch])
        before, (w, state) = w, optimizer.step(w, dw, state)
        moves.append(np.abs(w - before) / learning_rate)
        if len(moves) == steps:
            break
    moved = np.array(moves)
    moved = moved[moved > 0]                             # pixels that never have ink: their weights never move
    figure, ax = plots.picture(6.4, 3.0)
    ax.hist(moved, np.linspace(0, 2, 81), color=ORANGE)
    ax.axvline(1, color="#888888", ls="--", lw=1)
    over = np.mean(moved > 1.01)
    ax.set(xlabel="length of a move, in α", ylabel="how many",
           title=f"Of {len(moved):,} moves {'hardly any is' if over < 0.001 else 'some are'} longer than α")
    ax.yaxis.set(major_formatter="{x:,.0f}")
    plots.describe(ax, f"A histogram of {len(moved):,} moves: half of them are shorter than {np.median(moved):.1f} α, "
                       f"and {100 * over:.2f} % longer than α. The longest is {moved.max():.2f} α long.")
    return figure


def _quiet(lengths: Sequence[float]) -> Outcome:
    figure, ax = plots.picture(6.4, 2.8)
    at = int(np.argmax(lengths))
    ax.bar(np.arange(1, len(lengths) + 1), lengths, color=ORANGE, width=0.7)
    ax.axhline(1, color="#888888", ls="--", lw=1)
    ax.set(xlabel="step after the long quiet time", ylabel="length, in α", xticks=(1, 5, 10, 15, 20),
           title="After a long quiet time Adam leaps")
    plots.describe(ax, f"Bars, one a step: the first is {lengths[0]:.2f} α long, the longest, number {at + 1}, "
                       f"{lengths[at]:.2f} α.")
    ratio = 0.9**2 / 0.999
    limit = (1 - 0.9) / np.sqrt(1 - 0.999) / np.sqrt(1 - ratio)
    return Outcome(f"{lengths[0]:.2f} α", "The correction is spent by then, for β<sup>t</sup> is 0. But the memories "
                   "are as empty as on the first day, and so the weight walks like the uncorrected Adam: "
                   f"{lengths[0]:.2f} α, and {lengths[at]:.2f} α at step {at + 1} if the push goes on. And is there "
                   f"a limit? Yes: {limit:.2f} α, whatever the gradients do. (Write both memories as weighted sums, "
                   "and use the inequality of Cauchy and Schwarz.)", [figure])


quiet = Predict("The gradient of a weight has been 0 for 10,000 steps. Then it is 1. How far does Adam move the "
                "weight?", {
    "0.10 α": "That is what the first memory says: a tenth of the new gradient. The root below it is smaller still.",
    "1.00 α": "So it would be on the very first step, where the correction helps. By now it has faded to nothing.",
    "3.16 α": "",
}, settled=_quiet)


def times(surface: Surface, factor: float) -> Surface:
    """A surface `factor` times as high."""
    return Surface(surface.name, lambda w: factor * surface.loss(w), lambda w: factor * surface.gradient(w),
                   surface.domain, surface.start, surface.minima)


def _thousand(walks: Mapping[str, Mapping[float, np.ndarray]]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.4)
    for name, paths in walks.items():
        factors = [f for f in paths if f != 1]
        apart = [np.abs(paths[f] - paths[1.0]).max() for f in factors]
        ax.loglog(factors, np.clip(apart, 1e-7, 1e3), "o-", color=plots.COLORS[name], lw=2,
                  label=CALLED.get(name, name))
        if name == "Adam":
            ends = dict(zip(factors, apart))
    ax.axhspan(1e-7, 0.05, color="#888888", alpha=0.12, lw=0)
    ax.text(10, 5e-3, "too close for the eye", color=GREY, ha="center")
    ax.set(xlabel="the loss, multiplied by", ylabel="how far the paths get apart", ylim=(1e-7, 2e3),
           title="Adam does not notice the scale of the loss, until ε does")
    ax.legend(frameon=False, loc="upper center")
    plots.describe(ax, "How far the path on a multiple of the ravine gets from the path on the ravine, against the "
                       "factor: Adam's is too small to be seen from 1000 down to about 1e-6, and then it grows; "
                       "gradient descent's is never small.")
    return Outcome("not at all, to the eye" if ends[1000.0] < 0.01 else "some units",
                   "The fraction has the gradient on top and the gradient's size below, and a factor of 1000 cancels. "
                   "Gradient descent would need another α for each of these losses. Far to the left the root of ŝ "
                   "comes near ε = 10<sup>-8</sup>; then ε rules the division, and Adam's steps shrink after "
                   "all.", [figure])


thousand = Predict("Adam walks 100 steps down the ravine. Then the loss is reported in another unit, 1000 times as "
                   "large, and it walks again. How far do the two paths get from each other?", {
    "not at all, to the eye": "",
    "some units": "A thousandfold gradient must show somewhere, one thinks. It does, above and below the fraction bar.",
    "the second runs away": "Gradient descent would, at once. What kept its step in proportion was α; here it is √ŝ.",
}, settled=_thousand)


# --- the slides' two other Adams ------------------------------------------------------------------------------

def _extra_dw(paths: Mapping[tuple[float, bool], Sequence[float]]) -> Outcome:
    pictures = []
    for start in sorted({start for start, _ in paths}):
        figure, ax = plots.picture(4.05, 2.8)
        for extra, color, label in ((False, ORANGE, "Adam"), (True, BLUE, "with the extra dw")):
            path = np.array(paths[start, extra])
            ax.plot(path, color=color, lw=2, label=label)
        ax.set_yscale("symlog", linthresh=1)
        ax.set_title(f"From {start:g}: " + ("it settles by luck" if start > 0 else "it runs away"))
        ax.set(xlabel="step", ylabel="weight $w$", ylim=(-1e4, 10))
        ax.legend(frameon=False, loc="lower left")
        plots.describe(ax, f"The weight against the step, from {start:g}: Adam ends at {paths[start, False][-1]:.2f}, "
                           f"with the extra factor it ends at {paths[start, True][-1]:.4g}.")
        pictures.append(figure)
    left = [np.all(np.diff(paths[key]) <= 0) for key in paths if key[1]]
    away = min(paths[key][-1] for key in paths if key[1]) < -1000
    return Outcome("does not hold" if away else "holds",
                   f"From -3 it ends at {paths[-3.0, True][-1]:.0f}. v̂ mostly has the sign of dw, so their product "
                   f"is positive, and {'every' if all(left) else 'nearly every'} step goes to the left. From 3 that "
                   "happens to be the right way. It is a slip of the slide: RMSProp's line ends in dw, and Adam has "
                   "put v̂ in its place (Kingma and Ba 2015, Algorithm 1).", [plots.Row(*pictures)])


extra_dw = Claim(r"$w_t = w_{t-1} - \frac{\alpha \hat v_t}{\sqrt{\hat s_t} + \epsilon}\, dw_t$", "does not hold",
                 _extra_dw, {
    "holds": "It looks right, because AdaGrad's and RMSProp's lines end in dw, too. What stands before it here is "
             "already a gradient.",
    "holds when ...": "From the right side it comes down, true. A minimizer that only ever walks to the left is no "
                      "minimizer."})


def _last_slide(g: np.ndarray, slide: np.ndarray, paper: np.ndarray) -> Outcome:
    pictures = []
    for row, when in enumerate(("step 12", "step 10,000")):
        figure, ax = plots.picture(4.05, 3.0)
        ax.loglog(g, paper[row], color=ORANGE, lw=2)
        ax.loglog(g, slide[row], "--", color=BLUE, lw=2)
        ax.text(2e-8, 1.25, "Algorithm 1", color=ORANGE, va="bottom")
        ax.text(3e-6, 2e-3, "the slide", color=BLUE)
        ax.set(xlabel="size of a steady gradient", ylabel="step, in α", ylim=(1e-4, 20),
               title=f"At {when}: " + ("too long, or too short" if row == 0 else "too short below 0.0001"))
        plots.describe(ax, f"The length of {when} against the size of the gradient. Algorithm 1 gives 1 α down to "
                           f"1e-7; the slide gives {slide[row][-1]:.2f} α at 1 and "
                           f"{np.interp(1e-6, g, slide[row]):.3f} α "
                           "at a millionth.")
        pictures.append(figure)
    late, early = slide[1], slide[0]
    agree = abs(late[-1] - 1) < 0.01
    wrong = early[-1] > 1.1 or np.interp(1e-6, g, late) < 0.5
    return Outcome("holds when ..." if agree and wrong else "does not hold",
                   f"The correction is gone: at step 12 the step is {early[-1]:.2f} α long. And ε stands <i>inside</i> "
                   "the root, where 10<sup>-8</sup> acts like 10<sup>-4</sup> outside: a gradient of a millionth moves "
                   f"its weight by {np.interp(1e-6, g, late):.3f} α, now and for ever. The paper corrects both moments "
                   "and adds ε after the root, and so does the assignment (Kingma and Ba 2015, Algorithm "
                   "1).", [plots.Row(*pictures)])


last_slide = Claim(r"$W = W - \alpha \frac{V_{dw}}{\sqrt{S_{dw} + \epsilon}}$",
                   "holds when gradients are far above 10⁻⁴ and thousands of steps are done", _last_slide, {
    "holds": "Every letter you know is there. Two things are missing or moved, and on a quick look neither shows.",
    "does not hold": "It is not the paper's rule, true. Late in a training with gradients of usual size you would not "
                     "see a difference."})


# --- on networks ----------------------------------------------------------------------------------------------

RATES = np.geomspace(0.001, 10, 9)


def compare_ten_tasks(seeds: Sequence[int] = (0, 1)) -> dict[str, np.ndarray]:
    """Five networks on the digits, standardized and as they come: the loss of gradient descent and Adam.

    For each task shape (2, rates): a mean over the seeds, three epochs at each of `RATES`; inf where it overflowed.
    """
    rest, test = split(digits(), np.random.default_rng(0))
    data = {"standardized": _parts(), "as they come": comparison.Parts(rest, test, test)}   # only train is used
    networks = {"one layer": MLP((64, 10), output="softmax"), "tanh": MLP((64, 16, 10), output="softmax"),
                "relu": MLP((64, 16, 10), hidden="relu", output="softmax"),
                "six layers, tanh": MLP((64, *[16] * 5, 10), output="softmax"),
                "six layers, relu": MLP((64, *[16] * 5, 10), hidden="relu", output="softmax")}
    both, ends = {"GradientDescent": GradientDescent, "Adam": Adam}, {}
    for name, network in networks.items():
        for which, parts in data.items():
            found = comparison.compare(both, network, parts, RATES, seeds, batch_size=32, epochs=3,
                                       progress=False, curve=False)
            ends[f"{name}, {which}"] = np.nan_to_num(found.training_loss[..., -1], nan=np.inf).mean(axis=-1)
    return ends


def _any_network(ends: Mapping[str, np.ndarray]) -> Outcome:
    losses = np.array(list(ends.values()))                   # (tasks, optimizers, rates)
    lowest, best = losses.min(axis=-1), RATES[losses.argmin(axis=-1)]
    left, ax = plots.picture(4.6, 3.9)
    for row, (gd, adam) in enumerate(lowest):
        ax.plot([gd, adam], [row, row], color="#BBBBBB", lw=2, zorder=1)
    ax.plot(lowest[:, 0], range(len(ends)), "o", color=BLACK, label="gradient descent")
    ax.plot(lowest[:, 1], range(len(ends)), "o", color=ORANGE, label="Adam")
    ax.set_yticks(range(len(ends)), ends, fontsize=9)
    won = int(np.sum(lowest[:, 1] < lowest[:, 0]))
    ax.set(xscale="log", xlabel="training loss, at its own best α", ylim=(len(ends) - 0.5, -0.5),
           title=f"Adam ends lower in {won} of {len(ends)}")
    ax.legend(frameon=False, loc="upper center", bbox_to_anchor=(0.5, -0.17), ncols=2, fontsize=9)
    plots.describe(ax, "Training losses of gradient descent and Adam, each at its own best rate: " + "; ".join(
        f"{task} {gd:.2g} and {adam:.2g}" for task, (gd, adam) in zip(ends, lowest)) + ".")
    right, ay = plots.picture(3.5, 3.9)
    common = {}
    for k, (name, color) in enumerate((("gradient descent", BLACK), ("Adam", ORANGE))):
        worst_of_all = (losses[:, k] / lowest[:, k, None]).max(axis=0)
        common[name] = worst_of_all.min()
        ay.loglog(RATES, np.minimum(worst_of_all, 1e6), "o-", color=color, ms=4, label=name)
    ay.set(xlabel="one α for all ten", ylabel="worst loss, in times its best", ylim=(1, 1000),
           title="No α serves all ten well")
    plots.describe(ay, "The worst of the ten losses, in times its own best, against one learning rate for all: at "
                       f"least {common['gradient descent']:.0f} for gradient descent, {common['Adam']:.0f} for Adam.")
    spread = best[:, 1].max() / best[:, 1].min()
    return Outcome("holds when ..." if won >= 7 and spread >= 3 else "holds" if won == len(ends) else "does not hold",
                   f"Each at its own best α, Adam ends lower in {won} of the {len(ends)} tasks. And with one α for "
                   f"all? The best one for Adam leaves a task {common['Adam']:.0f} times above its best loss, the best "
                   f"one for gradient descent {common['gradient descent']:.0f} times. So Adam forgives more, and does "
                   "not forgive everything. All of this is at constant rates, for three epochs, on the training "
                   "digits. Convolutions, transformers and large data are beyond this lesson, and so is “almost "
                   "any”.", [plots.Row(left, right)])


any_network = Claim("The experiments show that Adam adapts well to almost any type of neural network architecture.",
                    "holds when α is chosen for it, as far as ten tasks can tell", _any_network, {
    "holds": "It is what one hears, and ten tasks say nothing against it, as long as somebody chooses α.",
    "does not hold": "A bold word, “any”. But with a rate of its own Adam was far behind in none of the ten."})


# --- the wrong way ------------------------------------------------------------------------------------------------

def _wrong_way(paths: Mapping[str, Sequence[float]]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.2)
    for name, path in paths.items():
        ax.plot(path, color=plots.COLORS.get(name, BLUE), lw=2, label=CALLED.get(name, name))
    ax.set(xlabel="step", ylabel="weight $w$", ylim=(-1.15, 1.15), title="The best place is -1. Adam walks to +1")
    ax.legend(frameon=False, loc="center right")
    plots.describe(ax, "The weight against the step: " + ", ".join(
        f"{name} ends at {path[-1]:+.2f}" for name, path in paths.items()) + ".")
    end = paths["Adam"][-1]
    return Outcome("at +1" if end > 0.9 else "at -1" if end < -0.9 else "near 0",
                   "The worst place there is, and it stays there.", [figure])


wrong_way = Predict("Where is this Adam, with β₁ = 0 and β₂ = 0.1, after 3000 steps?", {
    "at -1": "There the loss is lowest, and gradient descent does go there.",
    "near 0": "If the three gradients were only normalized, +1, -1 and -1 times the same, it would walk to the right.",
    "at +1": "",
}, settled=_wrong_way)


def show_a_round(beta2: float) -> plots.Table:
    """What the three gradients of one round do to the weight, once the memory has settled."""
    s = s_max = 0.0
    rows, total = [], np.zeros(2)
    for t, dw in enumerate([3.0, -1.0, -1.0] * 4):
        s = beta2 * s + (1 - beta2) * dw**2
        s_max = max(s_max, s)
        if t >= 9:
            moves = -dw / np.sqrt([s, s_max])
            total += moves
            rows.append((f"{dw:+.0f}", f"{s:.2f}", f"{moves[0]:+.2f} α", f"{moves[1]:+.2f} α"))
    return plots.Table(f"One round of three, β₂ = {beta2:g}", ("gradient", "s", "Adam moves", "AMSGrad moves"),
                       [*rows, ("all three", "", f"{total[0]:+.2f} α", f"{total[1]:+.2f} α")])


# --- your turn, and slips -----------------------------------------------------------------------------------------

def draw_with(uncorrected_step: Callable) -> Markdown | plots.Picture:
    """The student's lengths of the first thousand steps, for three second memories."""
    if say := to_be_written(uncorrected_step):
        return say
    t = np.arange(1, 1001)
    figure, ax = plots.picture(6.4, 3.2)
    plots.curves(ax, "Yours: too long or too short, as the two memories say",
                 {f"β₁ = {b1:g}, β₂ = {b2:g}": (t, np.array([uncorrected_step(int(k), b1, b2) for k in t]))
                  for b1, b2 in ((0.9, 0.999), (0.9, 0.99), (0.9, 0.9))},
                 xlabel="step", xscale="log", ylabel="length, in α")
    ax.axhline(1, color="#888888", ls="--", lw=1)
    return figure


def show_slips() -> plots.Table:
    """Three slips in Adam's lines: ten steps of a weight with gradient 1, and of one with gradient 0."""
    return plots.Table("Ten steps, in α", ("slip", "a weight with gradient 1", "a weight with gradient 0"),
                       [(kind, *(f"{moved:+.2f}".replace("+nan", "nan") for moved in _slip(kind)))
                        for kind in ("none", "t stays 1", "corrected moments kept", "ε after the division")])


def _slip(kind: str, steps: int = 10) -> np.ndarray:
    dw, w, v, s = np.array([1.0, 0.0]), np.zeros(2), np.zeros(2), np.zeros(2)
    for step in range(1, steps + 1):
        t = 1 if kind == "t stays 1" else step
        v, s = 0.9 * v + 0.1 * dw, 0.999 * s + 0.001 * dw**2
        v_hat, s_hat = v / (1 - 0.9**t), s / (1 - 0.999**t)
        if kind == "corrected moments kept":
            v, s = v_hat, s_hat
        root = np.sqrt(s_hat)
        with np.errstate(invalid="ignore"):
            w = w - (v_hat / root + 1e-8 if kind == "ε after the division" else v_hat / (root + 1e-8))
    return w


# --- the small claims ---------------------------------------------------------------------------------------------

def show_small_trials() -> plots.Table:
    """What the small claims of the slides come to: each line tried once."""
    rng, optimizer = np.random.default_rng(0), Adam()
    gradients, w = 0.5 + rng.standard_normal((200, 3)), np.zeros(3)
    state = optimizer.init(w)
    for dw in gradients:
        w, state = optimizer.step(w, dw, state)
    apart = max(np.abs(state.v - averages.ewma(gradients, 0.9)[-1]).max(),
                np.abs(state.s - averages.ewma(gradients**2, 0.999)[-1]).max())
    network = MLP((64, 16, 10), output="softmax")
    first = Adam().init(network.init(rng))
    zeros = all(network.views(moment)[name].shape == shape and not moment.any()
                for moment in (first.v, first.s) for name, shape in network.shapes.items())
    steps, W, B, beta = _as_printed()
    losses = _nine_pairs()
    return plots.Table("Each line of the slides, tried", ("what was tried", "what came out"), [
        ("Adam's memories after 200 steps, next to lesson 04's averages",
         f"apart by less than {max(apart, 1e-12):.0e}"),
        ("Adam's first state for a network 64-16-10",
         f"{first.v.size + first.s.size} numbers for {network.size} weights, in the parameters' shapes, "
         f"{'all zero' if zeros else 'not all zero'}"),
        ("“β = β - α V<sub>dB</sub>”: the line y = 2x + 1 is fitted", f"after {steps} steps W = {W:.2f}, B = {B:.2f}, "
                                                                      f"and β = {beta:.2f}"),
        ("β₁ from 0, 0.9, 0.99 and β₂ from 0.9, 0.99, 0.999, on the digits",
         f"0.9 and 0.999 end within {losses['usual'] / losses['best']:.1f} times the best pair's loss; the worst pair "
         f"has {losses['worst'] / losses['best']:.0f} times as much; 0.9 for both, "
         f"{losses['one beta'] / losses['best']:.1f} times")])


def _as_printed(alpha: float = 0.1) -> tuple[int, float, float, float]:
    """Momentum with the slide's β where the bias belongs: step, W, B and β when β leaves [0, 1)."""
    x = np.linspace(-1, 1, 50)
    W, B, beta, V_dw, V_dB, step = 0.0, 0.0, 0.9, 0.0, 0.0, 0
    while 0 <= beta < 1:
        step += 1
        error = W * x + B - (2 * x + 1)
        V_dw = beta * V_dw + (1 - beta) * np.mean(error * x)
        V_dB = beta * V_dB + (1 - beta) * np.mean(error)
        W, beta = W - alpha * V_dw, beta - alpha * V_dB
    return step, W, B, beta


def _nine_pairs() -> dict[str, float]:
    """Adam's training loss on the digits for nine pairs of β, each at its best of five rates."""
    pairs = [(b1, b2) for b1 in (0.0, 0.9, 0.99) for b2 in (0.9, 0.99, 0.999)]
    makers: dict[str, Callable[[np.ndarray], Optimizer]] = {
        str(pair): partial(Adam, beta1=pair[0], beta2=pair[1]) for pair in pairs}
    found = comparison.compare(makers, MLP((64, 16, 10), output="softmax"), _parts(), np.geomspace(0.001, 0.1, 5),
                               seeds=[0, 1], batch_size=32, epochs=5, progress=False, curve=False)
    loss = dict(zip(pairs, found.training_loss[..., -1].mean(axis=-1).min(axis=-1)))
    return {"usual": loss[0.9, 0.999], "one beta": loss[0.9, 0.9], "best": min(loss.values()),
            "worst": max(loss.values())}
