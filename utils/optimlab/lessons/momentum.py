"""Lesson 05: a step that remembers, how much sooner it arrives, and why by a square root."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.averages import ewma
from optimlab.datasets import two_moons
from optimlab.explorables import Claim, Outcome, Predict, momentum_plane
from optimlab.explorables.momentum_plane import AVERAGE, CONDITIONS, best_descent, momentum, pace_of, valley_of
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import GradientDescent, Momentum, Nesterov
from optimlab.surfaces import double_well, of_network, quadratic, ravine
from optimlab.training import Trace, descend

__all__ = ["cancels", "descend_in_noise", "edge", "exactly", "faster", "long_ravine", "noise_ball", "play",
           "point_nine", "race_down_ravines", "risks", "roll", "same_number", "show_areas", "show_looking_ahead",
           "show_newest_gradients", "show_own_rates", "show_path", "show_rare_weight", "show_tubs", "steps_needed",
           "train_two_moons", "walk_with"]

DESCENT, BALL, AHEAD = (plots.COLORS[name] for name in ("GradientDescent", "Momentum", "Nesterov"))
ORANGE, GREEN, GREY = "#D55E00", "#009E73", "#666666"


def steps_needed(losses: np.ndarray) -> np.ndarray:
    """The step from which on the loss stays below a millionth of the first; inf if it doesn't.

    losses: shape (steps + 1, ...), from the start on.

    >>> steps_needed(np.array([1.0, 1e-7, 1e-5, 1e-7, 1e-8]))
    array(3.)
    """
    above = ~(losses <= 1e-6 * losses[0])          # nan is above, too
    return np.where(above[-1], np.inf, len(losses) - np.argmax(above[::-1], axis=0))


# --- play ------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """The map of α and β, with three places to find on it."""
    return momentum_plane().asking(
        Task("Stay on the bottom edge, where nothing is remembered, and find the quickest α there.", _no_memory),
        Task("Find an α that would be too large for the bottom edge, and a β with which the ball comes down twice as "
             "fast as the best gradient descent.", _too_large),
        Task("Choose κ = 400, and be ten times as fast as the best gradient descent.", _ten_times))


def _no_memory(condition: str, point: np.ndarray, **others: object) -> str:
    kappa = CONDITIONS[condition]
    best, edge = 2 * kappa / (4 * kappa + 4), 0.5      # 2 / (L + μ) and 2 / L, with L = 4
    there = point[1] < 0.02 and 0.97 * best < point[0] < edge
    return f"You found it: α = {point[0]:.2f}, just before the edge, as in lesson 02." if there else ""


def _times_as_fast(condition: str, form: str, point: np.ndarray) -> float:
    kappa = CONDITIONS[condition]
    rate, beta = point
    losses = descend(valley_of(kappa), momentum(rate, beta, form), valley_of(kappa).start, 200).losses
    return float(np.nan_to_num(pace_of(best_descent(kappa)) / pace_of(losses)))


def _too_large(condition: str, form: str, point: np.ndarray) -> str:
    if form != AVERAGE or point[0] < 0.5 or (times := _times_as_fast(condition, form, point)) < 2:
        return ""
    return f"You found one: α = {point[0]:.2g}, β = {point[1]:.2f}, and {times:.1f} times as fast."


def _ten_times(condition: str, form: str, point: np.ndarray) -> str:
    if condition != "400" or (times := _times_as_fast(condition, form, point)) < 10:
        return ""
    return f"You did it: {times:.0f} times as fast, with β = {point[1]:.2f}."


# --- the newest gradient -----------------------------------------------------------------------------------

def show_newest_gradients(learning_rate: float) -> plots.Row:
    """Gradient descent's zigzag in the ravine, and the two parts of the gradients that it meets."""
    points = descend(ravine, GradientDescent(learning_rate), ravine.start, steps=20).points
    dw = ravine.gradient(points[:-1])
    path, ax = plots.picture(4.05, 3.0)
    plots.contours(ax, ravine)
    ax.plot(*points.T, "o-", color=DESCENT, ms=4, lw=1)
    ax.set_title(f"Gradient descent, α = {learning_rate:g}")
    plots.describe(ax, f"{ax.alt} Gradient descent zigzags across and creeps along.")
    parts, ay = plots.picture(4.05, 3.0)
    steps = np.arange(1, 21)
    ay.bar(steps - 0.2, dw[:, 1], 0.4, color=ORANGE, label="across: $w_2$")
    ay.bar(steps + 0.2, dw[:, 0], 0.4, color=GREEN, label="along: $w_1$")
    ay.axhline(0, color="#888888", lw=1)
    ay.set(title="Across they take turns, along they agree", xlabel="step", ylabel="part of the gradient",
           xticks=(1, 5, 10, 15, 20))
    ay.legend(frameon=False)
    flips = int(np.sum(dw[1:, 1] * dw[:-1, 1] < 0))
    plots.describe(ay, f"The gradient across changes its sign {flips} times in 20 steps, from {dw[0, 1]:.1f} to "
                       f"{dw[1, 1]:.1f} and so on; along it is negative all the time.")
    return plots.Row(path, parts)


def show_own_rates() -> plots.Table:
    """The ravine with a learning rate for each direction: how many steps it takes."""
    rows = []
    for along, across in ((0.45, 0.45), (4.5, 0.45), (4.5, 0.2), (6.25, 0.25)):
        losses = descend(ravine, GradientDescent(np.array([along, across])), ravine.start, steps=300).losses
        rows.append((f"{along:g}", f"{across:g}", f"{steps_needed(losses):.0f}"))
    return plots.Table("A learning rate for each direction", ("α along", "α across", "steps to a millionth"), rows)


# --- the velocity --------------------------------------------------------------------------------------------

def show_path(path: Sequence[np.ndarray]) -> plots.Picture:
    """A walk of Momentum in the ravine, over gradient descent's from the same start, with its loss at the end."""
    points = np.array(path)
    descent = descend(ravine, GradientDescent(0.45), points[0], steps=len(points) - 1)
    figure, ax = plots.picture(6.4, 3.6)
    plots.contours(ax, ravine)
    ax.plot(*descent.points.T, "o-", color=DESCENT, ms=2, lw=0.8, alpha=0.6, label="gradient descent, α = 0.45")
    ax.plot(*points.T, "o-", color=BALL, ms=4, lw=1.4, label="along the average")
    ax.legend(frameon=True, framealpha=0.85, edgecolor="none", loc="upper right")
    ax.set_title("It swings wide, and it swings calmly")
    plots.describe(ax, f"{ax.alt} Gradient descent zigzags along the floor. The walk along the average swings across "
                       f"in a few wide curves and ends near ({points[-1, 0]:.2f}, {points[-1, 1]:.2f}).")
    return figure


def _cancels(gradients: Mapping[str, np.ndarray]) -> Outcome:
    pictures, left = [], []
    for name, across in gradients.items():
        average = ewma(across, 0.9)
        left.append(np.abs(average).mean() / np.abs(across).mean())
        figure, ax = plots.picture(2.7, 2.5)
        ax.axhline(0, color="#888888", lw=1)
        ax.plot(range(1, 26), across[:25], "o-", color=ORANGE, ms=3, lw=0.8)
        ax.plot(range(1, 26), average[:25], "o-", color=BALL, ms=3, lw=1.6)
        ax.set(ylim=(-9.5, 13), xlabel="step", ylabel="across" if not pictures else "")
        ax.set_title(f"{name}:\n{100 * left[-1]:.0f} % is left", size=10)
        plots.describe(ax, f"{name}: the gradients across (orange) and their average (blue), which keeps "
                           f"{100 * left[-1]:.0f} % of their size.")
        pictures.append(figure)
    answer = "holds" if max(left) < 0.2 else "holds when ..." if min(left) < 0.2 else "does not hold"
    return Outcome(answer, "Orange is the gradient across, blue its average. On the zigzag the signs take turns at "
                   "every step, and almost everything cancels. But a ball that walks along its average doesn't zigzag "
                   "any more. It swings, and if the swing is slow, several gradients in a row have the same sign and "
                   "the average keeps them.", [plots.Row(*pictures)])


cancels = Claim("the average vector of the vertical component is close to 0",
                "holds when the gradient changes its sign faster than the average forgets", _cancels, {
    "holds": "On the zigzag above it does: plus and minus cancel. Momentum's own path is another one, though.",
    "does not hold": "On a slow swing very little cancels, true. On a quick one nearly everything does."})


def _exactly(traces: Mapping[str, Trace]) -> Outcome:
    rows, steps, ends = [], [], {}
    figure, ax = plots.picture(6.4, 3.2)
    for (name, trace), color, style in zip(traces.items(), (DESCENT, BALL, BALL), ("-", "--", "-")):
        along, across = np.abs(np.diff(trace.points[:11], axis=0)).mean(axis=0)
        ends[name] = trace.losses[-1]
        rows.append((name, f"{along:.2f}", f"{across:.2f}", _power(trace.losses[-1])))
        ax.semilogy(trace.losses, style, color=color, lw=2, label=name)
        steps.append((along, across))
    ax.set(xlabel="step", ylabel="loss", ylim=(1e-14, 100),
           title="Calm alone is hardly faster. Calm and a larger α are")
    ax.legend(frameon=False, loc="lower left")
    plots.describe(ax, "Loss against steps. " + "; ".join(
        f"{name} ends at {loss:.0e}" for name, loss in ends.items()) + ".")
    table = plots.Table("Mean length of the first ten steps, and the loss after 60",
                        ("", "along", "across", "loss"), rows)
    (along, across), same, larger = steps
    answer = ("holds" if same[0] > 1.2 * along and same[1] < across else
              "holds when ..." if larger[0] > 1.2 * along and larger[1] < across else "does not hold")
    return Outcome(answer, "Memory alone makes the steps across smaller. Those along stay as they were: an average of "
                   "equal gradients is that gradient, and no more. So little is gained. But the calm makes <i>room "
                   "for a larger α</i>. With α = 1.25, at which gradient descent would run away, the steps along are "
                   "nearly twice as long, and those across are still smaller than at the start of the zigzag. There "
                   "is the speed.", [table, figure])


exactly = Claim("[th]is effect is exactly achieved by Momentum", "holds when α is raised as well", _exactly, {
    "holds": "That is how it is drawn everywhere. The drawing doesn't say that somebody has turned α up, too.",
    "does not hold": "With the same α it indeed does not: nothing becomes larger. But the calm is real, and it can be "
                     "turned into speed."})


def _power(value: float) -> str:
    """A small number with its power of ten, as HTML: 3·10<sup>-6</sup>."""
    digits, exponent = f"{value:.0e}".split("e")
    return f"{digits}·10<sup>{int(exponent)}</sup>"


# --- average or sum ------------------------------------------------------------------------------------------

def _same_number(same: np.ndarray, converted: np.ndarray, average: Sequence[np.ndarray]) -> Outcome:
    pictures = []
    apart = np.abs(converted - np.array(average)).max()
    gone = ~np.all(np.isfinite(same) & (np.abs(same) < 50), axis=-1)
    for title, points, color in (("α = 2, as a sum", same, ORANGE), ("α = 0.2, as a sum", converted, BALL)):
        figure, ax = plots.picture(4.05, 2.8)
        plots.contours(ax, ravine)
        ax.plot(*np.clip(points, -50, 50).T, "o-", color=color, ms=4, lw=1.2)
        ax.set(title=title, xlim=ravine.domain[0], ylim=ravine.domain[1])
        plots.describe(ax, f"{ax.alt} The path with {title}.")
        pictures.append(figure)
    answer = "it runs away" if gone.any() else "it walks the same path" if apart < 1e-9 else "it crawls"
    return Outcome(answer, "A sum of ten equal gradients is ten times one of them, so the steps are ten times as "
                   "long. With a tenth of α, on the right, both forms walk the very same path: in "
                   f"{len(converted) - 1} steps they are never more than {_power(10 ** np.ceil(np.log10(apart)))} "
                   "apart, and that is rounding.", [plots.Row(*pictures)])


same_number = Predict("You found α = 2 and β = 0.9 here, and type them into a library that keeps a sum. What does the "
                      "ball do in the ravine?", {
    "it walks the same path": "The letters are the same, and so is β. But a sum of many gradients is longer than "
                              "their average.",
    "it crawls": "It would the other way round: a rate meant for the sum is ten times too timid for the average.",
    "it runs away": "",
}, settled=_same_number)


# --- how much faster -----------------------------------------------------------------------------------------


def race_down_ravines(conditions: Sequence[int]) -> dict[int, tuple[int, int, int, float]]:
    """For each κ the fewest steps to a millionth over many settings, and the β that was best.

    They are those of gradient descent over 40 rates, of Momentum over 40 rates for each of 45 β, and of Momentum
    with β = 0.9 over the same 40.
    """
    shares = 1 - np.geomspace(1e-4, 1, 41)[:-1, None]     # α as a share of the largest stable one
    betas = 1 - np.geomspace(0.01, 1, 45)[:, None, None]
    found = {}
    for kappa in conditions:
        valley = quadratic([1 / kappa, 1], start=[-1, -kappa**-0.5])

        def fewest(optimizer, steps, valley=valley):
            return steps_needed(descend(valley, optimizer, valley.start, int(steps)).losses)

        plain = fewest(GradientDescent(2 * shares), 4 * kappa + 300).min()
        best = fewest(Momentum(shares * 2 * (1 + betas) / (1 - betas), betas), 15 * kappa**0.5 + 300)
        usual = fewest(Momentum(shares * 38, 0.9), 1.2 * kappa + 300).min()
        found[kappa] = int(plain), int(best.min()), int(usual), float(betas[best.min(axis=1).argmin(), 0, 0])
    return found


def _long_ravine(found: Mapping[int, tuple[int, int, int, float]]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.6)
    kappas = list(found)
    plain, best, usual, betas = zip(*found.values())
    for steps, name, color, style in ((plain, "gradient descent", DESCENT, "o-"),
                                      (usual, "Momentum, β = 0.9", BALL, "s--"),
                                      (best, "Momentum, best β", BALL, "o-")):
        ax.loglog(kappas, steps, style, color=color, lw=2, label=name)
    ax.set(xlabel="condition number κ", ylabel="steps to a millionth", xticks=kappas,
           title="Gradient descent pays κ, Momentum its square root")
    ax.legend(frameon=False)
    plots.describe(ax, "Steps against κ, both logarithmic: gradient descent rises with slope 1, Momentum with its "
                       "best β with slope one half, and Momentum with β = 0.9 is level at first and rises at the end.")
    table = plots.Table("Steps to a millionth, each with its best α",
                        ("κ", "gradient descent", "Momentum, β = 0.9", "Momentum, best β", "which was"),
                        [(f"{kappa:,}", f"{p:,}", f"{u:,}", f"{b:,}", f"{beta:.2f}")
                         for kappa, p, b, u, beta in zip(kappas, plain, best, usual, betas)])
    ratio = plain[-1] / best[-1]
    options = {2: "about 16,000", 10: "about 3,000", 80: "about 400"}
    nearest = min(options, key=lambda times: abs(np.log(times / ratio)))
    return Outcome(options[nearest], f"{best[-1]:,} steps, {ratio:.0f} times fewer. When κ becomes a hundred times as "
                   "large, gradient descent takes about a hundred times as many steps, Momentum about ten times as "
                   "many.", [figure, table])


long_ravine = Predict("A terrible ravine, κ = 10,000. Gradient descent with its best α takes about 33,000 steps down "
                      "to a millionth of the loss. And Momentum, with its best α and β?", {
    "about 16,000": "Twice as fast would be welcome, and would hardly be worth a lesson.",
    "about 3,000": "Ten times as fast: β = 0.9 remembers ten steps, so that looks right. But β needn't be 0.9.",
    "about 400": "",
}, settled=_long_ravine)


# --- why the root ----------------------------------------------------------------------------------------------

def show_areas(one_step: Callable[..., np.ndarray]) -> plots.Row:
    """What steps do to a whole square of balls (w, v): on a steep direction, in which they swing, and on a flat one.

    one_step: from α, β and a curvature to the 2 × 2 matrix of one step.
    """
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]], dtype=float)
    pictures = []
    for curvature, title in ((0.5, "It swings: the square turns"), (0.001, "It creeps: the square goes flat")):
        # v in a unit in which the swing is a turn: that changes the shapes, and no ratio of areas.
        step = one_step(2.0, 0.9, curvature)
        unit = np.diag([1.0, np.sqrt(-step[0, 1] / step[1, 0])])
        step = unit @ step @ np.linalg.inv(unit)
        figure, ax = plots.picture(4.05, 3.6)
        shape, areas = corners, []
        for k in range(13):
            areas.append(_area(shape))
            if k % 3 == 0:
                ax.plot(*shape.T, color=ORANGE if k == 0 else BALL, lw=2, alpha=1 - 0.05 * k)
            if k in (0, 3, 12):
                ax.text(*(1.1 * shape[2]), str(k), color=ORANGE if k == 0 else BALL, ha="center", va="center", size=9)
            shape = shape @ step.T
        ax.set(xlim=(-1.7, 1.7), ylim=(-1.9, 1.5), aspect="equal", xlabel="place $w$",
               ylabel="velocity $v$ (its own unit)")
        ax.set_title(title, size=11)
        each = (areas[-1] / areas[0]) ** (1 / 12)
        ax.text(0, -1.85, f"each step leaves {each:.2f} of the area", ha="center", va="bottom")
        plots.describe(ax, "A square of balls in the plane of place and velocity, and what becomes of it in 12 steps "
                           f"on a bowl of curvature {curvature:g}: {title.lower()}. Each step leaves {each:.2f} of its "
                           "area.")
        pictures.append(figure)
    return plots.Row(*pictures)


def _area(shape: np.ndarray) -> float:
    (x, y), (x1, y1) = shape[:-1].T, shape[1:].T
    return abs(np.sum(x * y1 - x1 * y)) / 2


def show_tubs(one_step: Callable[..., np.ndarray], betas: Sequence[float]) -> plots.Picture:
    """How much of the distance a step leaves in the long run, against the curvature that α sees, for each β."""
    reach = np.geomspace(1e-3, 5, 800)       # (1 - β) α λ
    figure, ax = plots.picture(7.2, 3.8)
    told = []
    for beta, color in zip(betas, (DESCENT, ORANGE, BALL)):
        left = [np.abs(np.linalg.eigvals(one_step(a / (1 - beta), beta, 1.0))).max() for a in reach]
        ax.semilogx(reach, left, color=color, lw=2.2, label=f"β = {beta:g}")
        if beta:
            low, high = (1 - beta**0.5)**2, (1 + beta**0.5)**2
            ax.annotate("", (low, beta**0.5 - 0.02), (high, beta**0.5 - 0.02),
                        arrowprops={"arrowstyle": "<->", "color": color, "shrinkA": 0, "shrinkB": 0})
            ax.text((low * high)**0.5, beta**0.5 - 0.035,
                    f"floor at √β = {beta**0.5:.2f}, as wide as κ = {high / low:.0f}",
                    ha="center", va="top", color=color, zorder=5,
                    bbox={"fc": "white", "ec": "none", "alpha": 0.85, "pad": 1})
            told.append(f"for β = {beta:g} a tub with its floor at {beta**0.5:.2f}, wide enough for κ = "
                        f"{high / low:.0f}")
    ax.axhline(1, color="#888888", ls="--", lw=1)
    ax.text(1.1e-3, 1.01, "above this line it runs away", color=GREY, va="bottom")
    ax.set(xlim=(1e-3, 5), ylim=(0, 1.15), xlabel=r"$(1-\beta)\,\alpha\lambda$: how far a direction feels one gradient",
           ylabel="left after a step", title="Memory turns the narrow V into a tub with a flat floor")
    ax.legend(frameon=False, loc="lower left")
    plots.describe(ax, "What a step leaves of the distance in the long run, against (1 - β) α times the curvature: "
                       f"for β = 0 a narrow V that touches 0; {'; '.join(told)}.")
    return figure


# --- how much faster, all in all -------------------------------------------------------------------------------

def train_two_moons() -> dict[str, int]:
    """A network learns two moons, all examples in each step: the fewest steps to a loss of 0.08, over 15 rates each."""
    rng = np.random.default_rng(0)
    moons, network = two_moons(rng, n=200), MLP((2, 8, 1))
    training = of_network(network, moons, network.init(rng))
    rates, needed = np.geomspace(0.5, 64, 15)[:, None], {}
    for name, optimizer in (("gradient descent", GradientDescent(rates)), ("Momentum, β = 0.9", Momentum(rates, 0.9)),
                            ("Nesterov, β = 0.9", Nesterov(rates, 0.9))):
        low = descend(training, optimizer, training.start, steps=300).losses < 0.08
        needed[name] = int(np.where(low.any(axis=0), low.argmax(axis=0), 300).min())
    return needed


def _faster(found: Mapping[int, tuple[int, int, int, float]], moons: Mapping[str, int]) -> Outcome:
    mild, *_, worst = found
    plain, best, usual, _ = zip(*found.values())
    table = plots.Table("A network learns two moons: steps to a loss of 0.08, each rule with its best of 15 α",
                        ("", "steps"), list(moons.items()))
    slower, much = usual[0] > plain[0], plain[-1] > 10 * best[-1]
    return Outcome("holds when ..." if slower and much else "holds" if much else "does not hold",
                   f"In the ravine with κ = {worst:,} it is {plain[-1]:,} steps against {best[-1]:,}. In the mild one, "
                   f"κ = {mild}, β = 0.9 takes {usual[0]} steps where gradient descent takes {plain[0]}: "
                   "<i>slower</i>, for its floor lies at 0.95, however easy the ground. On a network, whose ravine "
                   "nobody has measured, the gain is real and modest. And with the same α hardly anything is gained, "
                   "as you saw. (Polyak 1964; Goh 2017)", [table])


faster = Claim("In practice, Momentum usually converges much faster than gradient descent.",
               "holds when the ravine is long, and α and β are chosen for it", _faster, {
    "holds": "“Usually” is what many find, for many losses are long ravines. On a mild one it is not so.",
    "does not hold": "There are grounds on which it is slower, true. But in a long ravine nothing is as clear as this "
                     "gain."})


# --- how large -------------------------------------------------------------------------------------------------

def _edge(rates: np.ndarray, losses: np.ndarray) -> Outcome:
    gone = ~(losses[-1] < losses[0])
    found = rates[gone].min()
    options = {0.05: "0.05", 0.5: "0.5", 0.95: "0.95", 9.5: "9.5"}
    figure, ax = plots.picture(6.4, 3.0)
    beta = np.linspace(0, 0.95, 200)
    ax.semilogy(beta, (1 + beta) / (1 - beta) / 2, color=BALL, lw=2.2, label="as an average")
    ax.semilogy(beta, (1 + beta) / 2, color=ORANGE, lw=2.2, label="as a sum")
    ax.plot(0.9, found, "o", color=BALL, ms=9)
    ax.text(0.885, found, f"{found:.1f}, measured", ha="right", va="bottom", color=BALL)
    ax.text(0.9, 0.8, "0.95", ha="center", va="top", color=ORANGE)
    ax.set(xlabel="β", ylabel="largest α, for λ = 4", title="Most of the room is the factor 1 - β")
    ax.yaxis.set_major_formatter("{x:g}")
    ax.legend(frameon=False)
    plots.describe(ax, "The largest stable learning rate against β: as an average it rises from 0.5 to 9.5 at β = "
                       "0.9, as a sum from 0.5 to 0.95.")
    return Outcome(options[min(options, key=lambda value: abs(np.log(value / found)))],
                   "Nineteen times as large, and that looks like a great gain in safety. But in the sum form it is "
                   "0.95, not even twice. The other factor of ten is 1 - β, which only changes what the number α "
                   "<i>means</i>.", [figure])


edge = Predict("On a bowl with λ = 4, gradient descent runs away once α is above 0.5. And the slides' Momentum with "
               "β = 0.9?", {
    "0.05": "A ball that gathers speed is hard to stop, so one would be careful. But here v is an average, and an "
            "average gathers nothing.",
    "0.5": "The bowl is the same. The step is not: across, an average of plus and minus is short.",
    "0.95": "You are right, for the sum. The slides' average has another factor of ten.",
    "9.5": "",
}, settled=_edge)


def _risks(rates: np.ndarray, needed: Mapping[float, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.8, 3.4)
    rows, factors = [], {}
    for (beta, steps), color in zip(needed.items(), (DESCENT, ORANGE, BALL)):
        good = rates[steps <= 160]
        factors[beta] = good[-1] / good[0]
        ax.loglog(rates, np.where(np.isfinite(steps), steps, np.nan), color=color, lw=2, label=f"β = {beta:g}")
        rows.append((f"{beta:g}", f"{steps.min():.0f}", f"{good[0]:.2f} to {good[-1]:.2f}", f"{factors[beta]:.1f}"))
    ax.axhline(160, color="#888888", ls="--", lw=1)
    ax.text(0.034, 165, "160 steps", color=GREY, va="bottom")
    ax.set(xlabel="learning rate α", ylabel="steps to a millionth", ylim=(15, 1500), xlim=(0.03, 12),
           title="With memory you may miss by far")
    ax.legend(frameon=False)
    plots.describe(ax, "Steps to a millionth on the ravine against the learning rate, for three β: " + "; ".join(
        f"β = {row[0]} arrives in 160 steps over a factor of {row[3]}" for row in rows) + ".")
    table = plots.Table("Which α arrive within 160 steps", ("β", "fewest steps", "α", "a factor of"), rows)
    plain, *_, much = factors.values()
    return Outcome("holds when ..." if much > 5 * plain else "does not hold",
                   "A factor is the same in both forms, so this is no bookkeeping: with β = 0.9 you may miss the best "
                   "α by far and still arrive. That is the tub's wide floor. Where the ball swings, β sets the pace, "
                   "and not α. “Accelerating” is another matter: the widest floor is also the highest, and here the "
                   "quickest is β = 0.45.",
                   [figure, table])


risks = Claim("With Momentum, there are also fewer risks in using larger learning rates, thus accelerating the "
              "training process.", "holds when β is large", _risks, {
    "holds": "The edge moves far out, true. But nine tenths of that is bookkeeping, and safe isn't yet fast.",
    "does not hold": "The edge is mostly bookkeeping, and you saw through it. But how far you may miss the best α is "
                     "not."})


# --- Nesterov --------------------------------------------------------------------------------------------------

def show_looking_ahead() -> plots.Row:
    """One step of Momentum and one of Nesterov's from the same place with the same velocity, and their two paths."""
    rate, beta = 2.0, 0.9
    optimizer = Momentum(rate, beta)
    w, state = ravine.start, optimizer.init(ravine.start)
    w, state = optimizer.step(w, ravine.gradient(w), state)
    carried = w - rate * beta * state.v
    pictures = []
    for name, asks, color in (("Momentum asks where it is", w, BALL),
                              ("Nesterov asks where it will be", carried, AHEAD)):
        figure, ax = plots.picture(5.2, 3.4)
        plots.contours(ax, ravine)
        push = -rate * (1 - beta) * ravine.gradient(asks)
        for tail, tip, ink in ((w, carried, GREY), (carried, carried + push, ORANGE)):
            ax.annotate("", tip, tail, arrowprops={"arrowstyle": "-|>", "lw": 2.2, "color": ink,
                                                   "shrinkA": 0, "shrinkB": 0})
        ax.plot(*np.stack([ravine.start, w], axis=-1), "o-", color=color, ms=5, lw=1)
        ax.plot(*w, "o", color=color, ms=9)
        ax.plot(*(carried + push), "o", mfc="none", mec=color, ms=9, mew=2)
        ax.plot(*asks, "*", color=ORANGE, ms=13)
        ax.set(xlim=(-6, -2), ylim=(-2.3, 1.9))
        ax.set_title(name, size=11)
        plots.describe(ax, f"{name}. From the ball an arrow, grey, carries it on by its velocity; a second one, "
                           "orange, is the push of the gradient at the star, "
                           f"{'the ball itself' if asks is w else 'the tip of the first arrow'}.")
        pictures.append(figure)
    for kind, color in ((Momentum, BALL), (Nesterov, AHEAD)):
        trace = descend(ravine, kind(rate, beta), ravine.start, steps=60)
        figure, ax = plots.picture(5.2, 3.4)
        plots.contours(ax, ravine)
        ax.plot(*trace.points.T, "o-", color=color, ms=3, lw=1.2)
        ax.set_title(f"{kind.__name__}: loss {trace.losses[-1]:.0e}".replace("e-0", "e-") + " after 60 steps", size=11)
        plots.describe(ax, f"{ax.alt} The path of {kind.__name__} over 60 steps: the loss ends at "
                           f"{trace.losses[-1]:.0e}.")
        pictures.append(figure)
    return plots.Row(*pictures)


# --- which β ---------------------------------------------------------------------------------------------------

def _noise_ball(places: Mapping[float, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    for (beta, w), color in zip(places.items(), (DESCENT, BALL)):
        ax.plot(w[:200, 0, 0], color=color, lw=1.2, label=f"β = {beta:g}")
    ax.set(xlabel="step", ylabel="$w$", title="A calmer walk, and no closer to the bottom")
    ax.legend(frameon=False, ncols=2)
    steps = [np.diff(w, axis=0).var() for w in places.values()]
    balls = [w.var() for w in places.values()]
    plots.describe(ax, "One ball without memory, which trembles, and one with β = 0.9, which sways; both wander "
                       "equally far.")
    less = balls[0] / balls[1]
    answer = "hardly any smaller" if less < 1.5 else "about 4 times smaller" if less < 9 else "about 19 times smaller"
    return Outcome(answer, f"Each <i>step</i> is calm: its variance is {steps[0] / steps[1]:.0f} times smaller. But "
                   "the steps are no longer independent. The same old noise sits in about ten of them and pushes the "
                   "same way each time, and ten small steps in one direction lead as far as a large one. To make the "
                   "noise ball smaller, lower α, as in lesson 03.",
                   [figure])


noise_ball = Predict("A bowl with λ = 1, noise of variance 1 in each gradient, α = 0.1. With β = 0.9 instead of 0, "
                     "how much smaller is the variance of w, the noise ball of lesson 03?", {
    "about 19 times smaller": "That is how much the average calms the noise of a gradient, in lesson 04. But a place "
                              "is the sum of many steps.",
    "about 4 times smaller": "A compromise between what the average calms and what adds up again. It is a fair "
                             "thought, and too hopeful.",
    "hardly any smaller": "",
}, settled=_noise_ball)


def descend_in_noise(betas: Sequence[float]) -> dict[float, float]:
    """For each β the mean loss at the end of 300 noisy steps in the ravine, of 500 balls, with the best of 12 α."""
    rng = np.random.default_rng(1)
    rates, balls = np.geomspace(0.02, 0.4, 12)[:, None, None], np.broadcast_to(ravine.start, (500, 2))
    found = {}
    for beta in betas:
        losses = descend(ravine, Momentum(rates, beta), balls, 300, noise=1.0, rng=rng).losses[-20:].mean(axis=(0, 2))
        found[beta] = float(np.nanmin(np.where(np.isfinite(losses), losses, np.nan)))
    return found


def _point_nine(race: Mapping[int, tuple[int, int, int, float]], noisy: Mapping[float, float]) -> Outcome:
    without, ax = plots.picture(4.05, 3.0)
    kappas = list(race)
    extra = [usual / best for _, best, usual, _ in race.values()]
    ax.bar(range(len(kappas)), extra, color=BALL, width=0.6)
    for k, times in enumerate(extra):
        ax.text(k, times + 0.15, f"{times:.1f}", ha="center")
    ax.axhline(1, color="#888888", ls="--", lw=1)
    ax.set_xticks(range(len(kappas)), [f"{kappa:,}" for kappa in kappas])
    ax.set(xlabel="κ", ylabel="steps, over those of the best β", ylim=(0, 1.15 * max(extra)),
           title="Without noise: right for κ ≈ 1000")
    plots.describe(ax, "How many times the steps of the best β are needed with β = 0.9: " + ", ".join(
        f"{times:.1f} for κ = {kappa}" for kappa, times in zip(kappas, extra)) + ".")
    within, ay = plots.picture(4.05, 3.0)
    ay.bar(range(len(noisy)), list(noisy.values()), color=[DESCENT] + [BALL] * (len(noisy) - 1), width=0.6)
    for k, loss in enumerate(noisy.values()):
        ay.text(k, loss * 1.03, f"{loss:.3f}", ha="center", va="bottom")
    ay.set_xticks(range(len(noisy)), [f"{beta:g}" for beta in noisy])
    ay.set(xlabel="β", ylabel="loss after 300 noisy steps", title="With this noise: anything but 0.99",
           ylim=(0, 1.15 * max(noisy.values())))
    plots.describe(ay, "Loss after 300 noisy steps in the ravine, each β with its best α: " + ", ".join(
        f"{loss:.2f} for β = {beta:g}" for beta, loss in noisy.items()) + ".")
    fits = [kappa for kappa, times in zip(kappas, extra) if times < 1.1]
    return Outcome("holds when ..." if 0 < len(fits) < len(kappas) else "holds" if fits else "does not hold",
                   "Without noise the best β depends on κ, and 0.9 is that of about 1000. Where the ground is milder "
                   "it is too patient, where it is worse it is too forgetful. Under this noise β hardly matters, as "
                   "long as its memory is much shorter than the run. You seldom know κ, and 0.9 forgives a wrong α. "
                   "That makes it a good first try. Sutskever and others (2013) trained with values up to "
                   "0.999.", [plots.Row(without, within)])

point_nine = Claim("In Momentum, it is recommended to choose β close to 0.9.",
                   "holds when κ is about 1000", _point_nine, {
    "holds": "It is the usual number in code that you will read, and a good first try. The best value depends on the "
             "ground.",
    "does not hold": "It is no law. But for a ravine with a κ of about 1000 it is close to the best."})


# --- the first hollow ------------------------------------------------------------------------------------------

def _roll(starts: np.ndarray, ends: Mapping[str, np.ndarray]) -> Outcome:
    hill = 0.2092                                  # where the double well has its hill top
    crossed = {name: (int(np.sum((starts > hill) & (end < 0))), int(np.sum((starts < hill) & (end > 0))))
               for name, end in ends.items()}
    trace = descend(double_well, Momentum(0.3, 0.9), [1.5], steps=1000)
    left, ax = plots.picture(4.05, 3.0)
    w = np.linspace(-2, 2, 300)[:, None]
    ax.plot(w, double_well.loss(w), color="#888888", lw=2)
    ax.plot(trace.points[:, 0], trace.losses, "o-", color=BALL, ms=3, lw=1)
    ax.set(xlabel="weight $w$", ylabel="loss $J$", ylim=(-0.7, 2.6))
    ax.set_title("From 1.5, through the shallow well", size=11)
    plots.describe(ax, "The double well. From w = 1.5 Momentum rolls through the shallow well, over the hill, into "
                       "the deep one.")
    right, ay = plots.picture(4.05, 3.0)
    for (name, end), color, shift in zip(ends.items(), (DESCENT, BALL), (-0.06, 0.06)):
        ay.plot(starts, end + shift, ".", color=color, ms=3, label=name)
    ay.set(xlabel="start $w$", ylabel="end $w$, drawn a little apart", ylim=(-1.5, 2.3))
    ay.set_title("Which well? The side no longer decides", size=11)
    ay.legend(frameon=False, loc="upper left", markerscale=3)
    into_deep, into_shallow = crossed["Momentum"]
    plots.describe(ay, "Where each start ends. With gradient descent the side decides, but for the outermost; of "
                       f"Momentum's balls {into_deep} roll into the deeper well and {into_shallow} into the shallower "
                       "one.")
    answers = [["none", "only into the shallower well"], ["only into the deeper well", "both"]]
    return Outcome(answers[into_deep > 0][into_shallow > 0],
                   f"{into_deep} balls roll into the deeper well, {into_shallow} into the shallower one. They leave "
                   "the shallow well far more often, and they do leave both. That is an accident of where each starts "
                   "and how fast it is there, and no search for the deepest place. (Without memory "
                   f"{sum(crossed['gradient descent'])} of them cross, from far out, where the first step is a leap.)",
                   [plots.Row(left, right)])


roll = Predict("A ball starts at rest on each of 401 places of the double well, with α = 0.3 and β = 0.9. Which "
               "crossings of the hill happen?", {
    "only into the deeper well": "A ball with speed ought to find the depth. But the speed doesn't know what lies "
                                 "behind the hill.",
    "only into the shallower well": "Hardly the first thing one would think of. From high up on the deep side, some "
                                    "do.",
    "both": "",
    "none": "Without a velocity at the start, none at the hill? It gathers one on the way down.",
}, settled=_roll)


# --- your turn -------------------------------------------------------------------------------------------------

def walk_with(initialize_velocity: Callable, momentum_step: Callable, learning_rate: float, beta: float
              ) -> Markdown | plots.Picture:
    """Sixty steps down the ravine by the student's functions, with a depth to reach."""
    for function in (initialize_velocity, momentum_step):
        if say := to_be_written(function):
            return say
    path, v = [ravine.start], initialize_velocity(ravine.start)
    with np.errstate(all="ignore"):
        for _ in range(60):
            w, v = momentum_step(path[-1], ravine.gradient(path[-1]), v, learning_rate, beta)
            path.append(w)
    points = np.array(path)
    figure, ax = plots.picture(6.4, 3.6)
    plots.contours(ax, ravine)
    ax.plot(*np.clip(np.nan_to_num(points, nan=1e3), -1e3, 1e3).T, "o-", color=BALL, ms=4, lw=1)
    end = ravine.loss(points[-1])
    says = (f"loss {end:.0e}: below a millionth of a millionth!" if end < 1e-12 * ravine.loss(points[0]) else
            f"loss {end:.1g}. Can you get it below 1e-11?" if np.isfinite(end) and end < 1e3 else "it runs away")
    ax.set(title=f"Your 60 steps: {says}", xlim=ravine.domain[0], ylim=ravine.domain[1])
    plots.describe(ax, f"{ax.alt} Your path from {points[0].round(2)}; {says}")
    return figure


def show_rare_weight() -> plots.Table:
    """Two equal weights, of which one has a gradient in one step of 50 only: what is left of their way."""
    rows = []
    for name, optimizer in (("gradient descent", GradientDescent(0.1)), ("Momentum, β = 0.9", Momentum(0.1, 0.9))):
        w = np.array([1.0, 1.0])
        state = optimizer.init(w)
        for t in range(300):
            w, state = optimizer.step(w, w * np.array([1.0, t % 50 == 0]), state)
        rows.append((name, f"{100 * w[0]:.0f} %", f"{100 * w[1]:.0f} %"))
    return plots.Table("What is left of the way after 300 steps, α = 0.1",
                       ("", "a gradient in every step", "in one step of 50"), rows)
