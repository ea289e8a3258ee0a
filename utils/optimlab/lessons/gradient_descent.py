"""Lesson 02: how long one step may be, and what a ravine has to do with it."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.datasets import seattle_weather
from optimlab.explorables import Claim, Outcome, Predict, ball_on_a_curve, ball_on_a_surface
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.optimizers import GradientDescent
from optimlab.surfaces import SURFACES, Surface, double_well, himmelblau, quadratic, ravine, saddle
from optimlab.training import Trace, descend

__all__ = ["converges", "hunt", "narrow_bowl", "play", "play_on_surfaces", "saddle_steps", "show_descent_directions",
           "show_factors", "show_first_steps", "show_regimes", "show_the_edge", "show_where_ravines_come_from",
           "steepest", "step_size", "straight", "valley", "walk_with"]

PATH = plots.COLORS["GradientDescent"]
ORANGE, BLUE, GREY = "#D55E00", "#0072B2", "#666666"


# --- play ------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """The ball on its curve. The narrow bowl is kept back: it is the lesson's first bet."""
    return ball_on_a_curve(["wide bowl", "double well"]).asking(
        Task("In the wide bowl, find an α with which the ball jumps across the bottom and settles all the same.",
             _overshoots),
        Task("In the double well, start on the right, and still end in the deeper valley on the left.", _leaps))


def _overshoots(curve: str, learning_rate: float, ball: np.ndarray) -> str:
    there = curve == "wide bowl" and 1.05 < learning_rate < 1.9 and abs(ball[0]) > 0.5
    return f"You found one: α = {learning_rate:.2f}. Any between 1 and 2 would do." if there else ""


def _leaps(curve: str, learning_rate: float, ball: np.ndarray) -> str:
    if curve != "double well" or ball[0] < 0.3:
        return ""
    end = descend(double_well, GradientDescent(learning_rate), ball[:1], steps=30).points[-1]
    return (f"You found one: with α = {learning_rate:.2f} it leaps over the hill. Luck, for it saw neither valley."
            if abs(end - double_well.minima[0]) < 0.05 else "")


def play_on_surfaces() -> Explorable:
    """The ball on surfaces with two weights, with three things to bring about."""
    return ball_on_a_surface().asking(
        Task("Himmelblau: reach the minimum on the lower left.", _lower_left),
        Task("ravine: find an α with which the path zigzags and still comes to rest.", _zigzags),
        Task("saddle: make the ball hesitate on the middle line for 80 steps or more before it turns off.", _hesitates))


def _end(surface: str, learning_rate: float, start: np.ndarray) -> Trace:
    return descend(SURFACES[surface], GradientDescent(learning_rate), start, steps=200)


def _lower_left(surface: str, learning_rate: float, start: np.ndarray) -> str:
    there = surface == "Himmelblau" and np.all(np.abs(_end(surface, learning_rate, start).points[-1]
                                                      - (-3.779, -3.283)) < 0.05)
    return f"You found it, from ({start[0]:.1f}, {start[1]:.1f})." if there else ""


def _zigzags(surface: str, learning_rate: float, start: np.ndarray) -> str:
    if surface != "ravine" or learning_rate <= 0.26 or abs(start[1]) < 0.2:
        return ""
    rests = np.linalg.norm(ravine.gradient(_end(surface, learning_rate, start).points[-1])) < 1e-3
    return f"You found one: α = {learning_rate:.2g}." if rests else ""


def _hesitates(surface: str, learning_rate: float, start: np.ndarray) -> str:
    if surface != "saddle" or abs(start[0]) < 0.3:
        return ""
    off = np.abs(_end(surface, learning_rate, start).points[:, 1]) > 0.5
    left = int(off.argmax())
    return f"You did it: {left} steps on the line, and then it was gone." if off.any() and left >= 80 else ""


# --- which way -------------------------------------------------------------------------------------------

def show_descent_directions(surface: Surface, place: np.ndarray) -> plots.Row:
    """Minus the gradient at a place, on the contour lines and among all other directions for a tiny step."""
    dw = surface.gradient(place)
    degrees, rise = _rises(surface, place, 1e-4)
    own = np.degrees(np.arctan2(dw[1], dw[0])) % 360
    above, left = plots.picture(4.05, 3.0)
    plots.contours(left, surface)
    left.plot(*np.stack([place, surface.minima[0]], axis=-1), "--", color=ORANGE)
    tip = place - 2.6 * dw / np.linalg.norm(dw)
    left.annotate("", tip, place, arrowprops={"arrowstyle": "-|>", "lw": 2, "color": BLUE})
    left.plot(*place, "o", color=PATH)
    left.set_title("Down is across the lines, not to the ×")
    plots.describe(left, f"{left.alt} Minus the gradient (blue) at ({place[0]:g}, {place[1]:g}) crosses the contour "
                         "lines at a right angle; the way to the minimum (orange, dashed) goes elsewhere.")
    beside, right = plots.picture(4.05, 3.0)
    right.plot(degrees, rise / 1e-4, color=PATH, lw=2)
    right.axvline(own, color=ORANGE, ls="--")
    right.axvline((own + 180) % 360, color=BLUE, ls="--")
    right.text(own - 6, right.get_ylim()[0] * 0.9, "the\ngradient", ha="right", color=ORANGE)
    right.text((own + 180) % 360 + 6, right.get_ylim()[1] * 0.6, "minus the\ngradient", color=BLUE)
    right.set(xlabel="direction of a tiny step, in degrees", ylabel="rise per unit of length", xticks=range(0, 361, 90),
              title="A cosine, highest along the gradient")
    plots.describe(right, "How much a tiny step rises, against its direction: a cosine, highest at the gradient, "
                          "lowest at minus the gradient.")
    return plots.Row(above, beside)


def _rises(surface: Surface, place: np.ndarray, length: float) -> tuple[np.ndarray, np.ndarray]:
    """360 directions in degrees, and by how much the loss rises over a step of this length in each."""
    degrees = np.arange(360)
    angles = np.deg2rad(degrees)
    steps = length * np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    return degrees, surface.loss(place + steps) - surface.loss(place)


def _steepest(lengths: Sequence[float], falls_most: Sequence[float]) -> Outcome:
    dw = ravine.gradient(ravine.start)
    minus = np.degrees(np.arctan2(-dw[1], -dw[0])) % 360
    beside = [abs((direction - minus + 180) % 360 - 180) for direction in falls_most]
    rows = [(f"{length:g}", f"{direction:.0f}°", f"{gap:.0f}°")
            for length, direction, gap in zip(lengths, falls_most, beside)]
    table = plots.Table(f"Minus the gradient points to {minus:.0f}°. Which of 360 directions falls most?",
                        ("length of the step", "falls most", "how far from minus the gradient"), rows)
    answer = "holds" if max(beside) < 1 else "holds when ..." if beside[0] < 1 else "does not hold"
    return Outcome(answer, "For a tiny step the gradient is right to the degree. For a long one it is not: it knows "
                   "the ground under the ball, and nothing of the ground further on. (Cauchy 1847; Nesterov "
                   "2004)", [table])


steepest = Claim("The gradient gives the direction of the steepest ascent.", "holds when the step is tiny", _steepest, {
    "holds": "It is what every book says, and for the slope at a point it is a theorem. A step is no point, though.",
    "does not hold": "In a ravine the gradient points nowhere near the minimum. But steepest is not the same as "
                     "quickest."})


# --- how far ---------------------------------------------------------------------------------------------

def _step_size(lengths: np.ndarray) -> Outcome:
    times = lengths[0] / lengths[-1]
    figure, ax = plots.picture(6.4, 3.0)
    ax.bar(np.arange(1, len(lengths) + 1), lengths, color=PATH, width=0.7)
    ax.set(xlabel="step", ylabel="length of the step", xticks=(1, 5, 10, 15, 20),
           title=f"α stays the same; step 1 is {times:.1f} times as long as step {len(lengths)}")
    plots.describe(ax, f"The length of each step, one bar a step: from {lengths[0]:.2f} down to {lengths[-1]:.2f}.")
    return Outcome("does not hold" if times > 1.05 else "holds",
                   "What is true: a step is α <i>times the length of the gradient</i>, and towards the bottom the "
                   "gradient fades. So a small step doesn't tell you that the bottom is near. It tells you that the "
                   "ground is flat.", [figure])


step_size = Claim("The size of the step we take on each iteration is determined by the learning rate α.",
                  "does not hold", _step_size, {
    "holds": "α stands there as the only knob, so it must set the size. It sets only one of two factors.",
    "holds when ...": "It would if every gradient had the same length. RMSProp and Adam come close to that. For "
                      "gradient descent it is no ordinary case."})


def show_first_steps(surfaces: Sequence[Surface], learning_rate: float) -> plots.Table:
    """The first step on each surface, all with one learning rate."""
    sizes = {surface.name: np.linalg.norm(surface.gradient(surface.start)) for surface in surfaces}
    return plots.Table(f"One α = {learning_rate:g}, three surfaces",
                       ("surface", "length of the gradient", "first step"),
                       [(name, f"{size:.3g}", f"{learning_rate * size:.2g}") for name, size in sizes.items()])


# --- when it runs away -------------------------------------------------------------------------------------

def _narrow_bowl(rates: np.ndarray, w: np.ndarray) -> Outcome:
    gone = np.abs(w) >= 5 - 1e-9
    edge = rates[gone].min()
    figure, ax = plots.picture(6.4, 3.0)
    ax.semilogy(rates[~gone], np.maximum(np.abs(w[~gone]), 1e-12), "o", ms=5, color=BLUE)
    ax.semilogy(rates[gone], np.minimum(np.abs(w[gone]), 1e12), "o", ms=5, color=ORANGE)
    ax.axhline(5, color="#888888", ls="--", lw=1)
    ax.text(0.02, 60, "where every ball starts", color=GREY)
    ax.set(xlabel="learning rate α", ylabel="distance after 200 steps", ylim=(1e-13, 1e13),
           title=f"At α = {edge:g} and above, the narrow bowl no longer holds the ball")
    plots.describe(ax, f"Distance after 200 steps against the learning rate: below {edge:g} the balls are nearer "
                       "than at their start, most of them at the bottom; from there on they are farther out.")
    return Outcome(f"{edge:g}", "Four times the curvature, a quarter of the learning rate.", [figure])


narrow_bowl = Predict("The wide bowl holds its ball as long as α is below 2. A narrow bowl bends 4 times as strongly. "
                      "Below which α does it hold its ball?", {
    "8": "Steeper walls hold a ball better: true for a ball that rolls. This one jumps, and on a steep wall it jumps "
         "further.",
    "2": "It would be handy if one α were right for every curve. But a step is α times the slope, and this slope is "
         "steeper.",
    "1": "Four times as steep, and so half of the α? That would be the square root of 4. Look at one step: α times "
         "the slope.",
    "0.5": "",
}, settled=_narrow_bowl)


def show_regimes(rates: Sequence[float], curvature: float) -> plots.Row:
    """The weight against the step in a bowl, one picture a learning rate."""
    bowl, pictures = quadratic([curvature]), []
    for rate in rates:
        factor = 1 - rate * curvature
        says = "runs away" if factor < -1 else "overshoots, settles" if factor < 0 else "creeps"
        figure, ax = plots.picture(2.7, 2.4)
        ax.axhline(0, color="#888888", lw=1)
        ax.plot(descend(bowl, GradientDescent(rate), bowl.start, steps=25).points[:, 0], "o-", color=PATH, ms=3, lw=1)
        ax.set(ylim=(-10, 10), xlabel="step", ylabel="$w$")
        ax.set_title(f"α = {rate:g}: {says}", size=11)
        plots.describe(ax, f"At learning rate {rate:g} each step multiplies the weight by {factor:.2f}: {says}.")
        pictures.append(figure)
    return plots.Row(*pictures)


# --- whether it arrives -------------------------------------------------------------------------------------

def _saddle_steps(trace: Trace) -> Outcome:
    away = np.abs(trace.points[..., 1]) > 0.5
    figure, ax = plots.picture(5.6, 4.2)
    plots.contours(ax, saddle)
    for k, color in enumerate((BLUE, PATH)):
        ax.plot(*trace.points[:, k].T, "o-", color=color, ms=3, lw=1)
    ax.plot(0, 0, "o", color=BLUE, ms=9)
    ax.text(0.12, 0.02, "exactly on the line:\nit stops here", color=BLUE, va="center")
    ax.text(0.12, 0.68, "a millionth away from it", va="center")
    ax.set_title("Exactly on the line it stops at the pass")
    plots.describe(ax, f"{ax.alt} Two paths come from the left along w2 = 0. One stops in the middle, at (0, 0); the "
                       "other turns off to the minimum above.")
    steps = int(away[:, 1].argmax())
    return Outcome(f"about {round(steps, -1)}", f"After {steps} steps it is half a unit away, and it ends in the "
                   f"minimum, with loss {trace.losses[-1, 1]:.2f}. Each step multiplies its distance from the line by "
                   "1 + α = 1.1, and powers grow fast. The ball exactly on the line has nothing to "
                   "multiply.", [figure])


saddle_steps = Predict("With α = 0.1: after how many steps is the ball that starts a millionth away from the line half "
                       "a unit away from it?", {
    "about 10": "That would be so if it were carried off at once. At first there is almost nothing to carry it.",
    "about 140": "",
    "about a million": "A millionth a step would take that long. But the farther the ball is from the line, the "
                       "steeper the slope sideways.",
    "never": "Exactly on the line, yes: never. A millionth away from it there is a slope sideways, if a tiny one.",
}, settled=_saddle_steps)


def _wells(trace: Trace) -> Outcome:
    ends, losses = trace.points[-1, :, 0], trace.losses[-1]
    figure, ax = plots.picture(6.4, 3.2)
    w = np.linspace(-2, 2, 300)[:, None]
    ax.plot(w, double_well.loss(w), color="#888888", lw=2)
    for k, color in enumerate((PATH, BLUE)):
        ax.plot(trace.points[:, k, 0], trace.losses[:, k], "o-", color=color, ms=4, lw=1)
        ax.text(ends[k], losses[k] - 0.2, f"loss {losses[k]:.2f}", ha="center", color=color)
    ax.set(xlabel="weight $w$", ylabel="loss $J$", ylim=(-0.8, 2.6), title="Each ball ends in the valley on its own "
                                                                           "side")
    plots.describe(ax, f"The double well's curve with two paths: from {trace.points[0, 0, 0]:g} to {ends[0]:.2f}, "
                       f"where the loss is {losses[0]:.2f}, and from {trace.points[0, 1, 0]:g} to {ends[1]:.2f}, "
                       f"where it is {losses[1]:.2f}.")
    lost = np.ptp(losses) > 0.01
    return Outcome("holds when ..." if lost else "holds",
                   f"From the right the ball rests at w = {ends[1]:.3f} with loss {losses[1]:.3f}; the global "
                   f"minimum, {losses.min():.3f}, is in the other valley. What is true: if J is <i>convex</i> (it "
                   "never bends downwards), has a minimum, and its curvature is nowhere above L, then with α below 2/L "
                   "the loss comes down to the global minimum from every start (Nesterov 2004). The loss of a network "
                   "is not convex.", [figure])


converges = Claim("It is guaranteed to converge in theory to the global minimum.",
                  "holds when the loss is convex and α is below 2/L", _wells, {
    "holds": "Downhill leads to the bottom: in one valley it does. With two valleys it leads to the bottom of one of "
             "them.",
    "does not hold": "There is a theorem, and it is a fine one. It has a condition that the slide leaves out."})


# --- the ravine ---------------------------------------------------------------------------------------------

def _straight(paths: Mapping[float, np.ndarray]) -> Outcome:
    ratios = {rate: np.linalg.norm(np.diff(points, axis=0), axis=-1).sum() / np.linalg.norm(points[0] - points[-1])
              for rate, points in paths.items()}
    pictures = []
    for rate, points in paths.items():
        figure, ax = plots.picture(4.05, 2.6)
        plots.contours(ax, ravine)
        ax.plot(*points.T, "o-", color=PATH, ms=3, lw=1)
        ax.set_title(f"α = {rate:g}: {ratios[rate]:.2f} times the straight line", size=11)
        plots.describe(ax, f"{ax.alt} At α = {rate:g} the path is {ratios[rate]:.2f} times as long as the straight "
                           "line.")
        pictures.append(figure)
    bent = max(ratios.values()) > 1.05
    return Outcome("does not hold" if bent else "holds",
                   "Minus the gradient aims at the opposite wall, and the longer the step, the more walls it meets. "
                   "Only a round valley, or a lucky start, gives a straight path. How far from straight it gets "
                   "depends on three things together: the shape of the valley, α, and the start. What is true: "
                   "without the noise of small "
                   "batches (lesson 03) nothing shakes the path.", pictures)


straight = Claim("It has straight trajectory towards the minimum.", "does not hold", _straight, {
    "holds": "Most drawings of it are on round bowls, and there the path is straight indeed.",
    "holds when ...": "In a round valley it does. But who gives you one? You would have to make it round yourself."})


def show_factors(rates: Sequence[float], along: float, across: float) -> plots.Table:
    """What one step does to the distance along the ravine's floor and across it, for each learning rate."""
    return plots.Table(f"One step multiplies the distance by 1 - αλ: curvature {along:g} along the floor, {across:g} "
                       "across",
                       ("α", "along", "across", ""),
                       [(f"{rate:g}", f"{1 - rate * along:.3f}", f"{1 - rate * across:.2f}", _manner(1 - rate * across))
                        for rate in rates])


def _manner(factor: float) -> str:
    return "runs away across" if abs(factor) >= 1 else "zigzags across" if factor < 0 else "creeps along"


def _valley(needed: Mapping[int, int]) -> Outcome:
    figure, ax = plots.picture(6.0, 3.4)
    ax.loglog(list(needed), list(needed.values()), "o-", color=PATH, lw=2)
    for kappa, steps in needed.items():
        ax.annotate(str(steps), (kappa, steps), xytext=(-8, 6), textcoords="offset points", ha="right")
    ax.set(xlabel="condition number κ", ylabel="steps to a millionth of the loss", xlim=(1.5, 200), ylim=(4, 900),
           title="Five times the κ, about five times the steps")
    plots.describe(ax, "Steps needed against the condition number, both logarithmic: " + ", ".join(
        f"{steps} for κ = {kappa}" for kappa, steps in needed.items()) + ".")
    answer = f"about {round(needed[125] / needed[25])} times as many"
    return Outcome(answer, f"From {needed[25]} steps to {needed[125]}, with the best α there is. One step multiplies "
                   "the distance by (κ - 1)/(κ + 1), which is nearly 1 - 2/κ. It takes about κ/2 such steps to shrink "
                   "it by a factor of e.",
                   [figure])


valley = Predict("With the best α for it, a ravine with κ = 25 needs 87 steps to bring the loss down to a millionth. "
                 "And one with κ = 125?", {
    "about 2 times as many": "That would be √5, and there is a method that manages it: momentum, in lesson 05. Not "
                             "this one.",
    "about 5 times as many": "",
    "about 25 times as many": "That would be κ². It is not quite as bad as that.",
}, settled=_valley)


def show_the_edge(surface: Surface, rates: np.ndarray) -> plots.Picture:
    """How many steps each learning rate needs to bring the loss down to a millionth."""
    losses = descend(surface, GradientDescent(rates[:, None]), surface.start, steps=2500).losses
    steps = np.argmax(losses <= 1e-6 * losses[0], axis=0)
    best = rates[steps.argmin()]
    figure, ax = plots.picture(6.4, 3.4)
    ax.semilogy(rates, steps, color=PATH, lw=2)
    ax.plot(best, steps.min(), "o", color=BLUE, ms=8)
    ax.text(best, 2.6 * steps.min(), f"quickest, α = {best:.2f}", ha="right", va="center", color=BLUE)
    ax.axvline(0.5, color=ORANGE, ls="--")
    ax.text(0.49, 1500, "from here on\nit runs away", ha="right", va="center", color=ORANGE)
    ax.set(xlabel="learning rate α", ylabel="steps to a millionth", title="The quickest α is a step away from "
                                                                          "disaster")
    plots.describe(ax, f"Steps needed against the learning rate on the ravine: they fall slowly to {steps.min()} at "
                       f"α = {best:.2f}, and then shoot up, for at 0.5 the ball runs away.")
    return figure


def show_where_ravines_come_from() -> plots.Row:
    """The loss of a line through the weather, over its height and slope: with degrees as they are, and standardized."""
    weather = seattle_weather()
    morning, afternoon = weather.temp_min, weather.temp_max
    pictures = []
    for name, x in (("mornings in °C", morning), ("standardized", (morning - morning.mean()) / morning.std())):
        inputs = np.stack([np.ones_like(x), x])
        hessian = inputs @ inputs.T / x.size     # the second derivatives of half the mean squared error
        best = np.linalg.solve(hessian, inputs @ afternoon / x.size)
        curvatures, directions = np.linalg.eigh(hessian)
        surface = Surface(name, lambda w, H=hessian, best=best: np.einsum("...i,ij,...j", w - best, H, w - best) / 2,
                          lambda w, H=hessian, best=best: (w - best) @ H, best[:, None] + [(-12, 12), (-8, 8)], best,
                          [best])
        figure, ax = plots.picture(4.05, 3.2)
        plots.contours(ax, surface, lines=10)
        kappa = curvatures[1] / curvatures[0]
        for direction, color in zip(directions.T, (BLUE, ORANGE) if kappa > 1.01 else ()):  # a round one has none
            ax.annotate("", best + 6 * direction, best, arrowprops={"arrowstyle": "-|>", "lw": 2, "color": color})
        ax.set(title=f"{name}: κ = {kappa:.0f}", xlabel="height of the line (°C)", ylabel="slope of the line")
        plots.describe(ax, f"Contour lines of the loss with {name}, a ravine the narrower, the larger κ is, here "
                           f"{kappa:.0f}. "
                           "Arrows point along the floor of a ravine and across it.")
        pictures.append(figure)
    return plots.Row(*pictures)


# --- your turn ------------------------------------------------------------------------------------------------

def walk_with(gradient_step: Callable, start: Sequence[float], learning_rate: float) -> Markdown | plots.Picture:
    """The student's step, sixty times over, on Himmelblau's surface."""
    if say := to_be_written(gradient_step):
        return say
    path = [np.array(start, dtype=float)]
    for _ in range(60):
        path.append(gradient_step(path[-1], himmelblau.gradient(path[-1]), learning_rate))
    figure, ax = plots.picture(5.2, 4.6)
    plots.contours(ax, himmelblau)
    ax.plot(*np.transpose(path), "o-", color=PATH, ms=4, lw=1)
    ax.set_title(f"Your 60 steps: loss {himmelblau.loss(path[0]):.0f} → {himmelblau.loss(path[-1]):.2g}")
    plots.describe(ax, f"{ax.alt} Your path goes from {path[0].round(2)} to {path[-1].round(2)}.")
    return figure


HIDDEN = np.random.default_rng(2).uniform(0.5, 9.0, size=3)


def hunt(learning_rate: float) -> Markdown:
    """Two hundred steps in a bowl whose three curvatures are kept secret, and how near the edge this rate is."""
    bowl, edge = quadratic(HIDDEN), 2 / HIDDEN.max()
    losses = descend(bowl, GradientDescent(learning_rate), bowl.start, steps=200).losses
    moved = f"In 200 steps the loss goes from {losses[0]:.3g} to {losses[-1]:.3g}. "
    if abs(learning_rate - edge) < 0.01:
        return Markdown(f"{moved}**You found the edge: it is {edge:.4f}**, for the curvatures are "
                        f"{', '.join(f'{c:.2f}' for c in HIDDEN)}.")
    return Markdown(moved + ("It runs away: too far." if losses[-1] > losses[0] else "It comes down. Dare more?"))
