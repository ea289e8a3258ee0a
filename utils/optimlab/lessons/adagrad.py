"""Lesson 06: a learning rate for each weight, what it feeds, and why it fades."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from IPython.display import Markdown

from optimlab import plots
from optimlab.datasets import Examples, digits, split, standardize
from optimlab.explorables import Claim, Outcome, Predict, rare_features
from optimlab.explorables.rare_features import examples_seen, gradient_descent_path
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import AdaGrad, GradientDescent, Optimizer
from optimlab.surfaces import Surface, ravine
from optimlab.training import Trace, descend, measure, mini_batches

__all__ = ["bad_example", "common_and_rare", "decays", "drift", "first_step", "gradient_of_rare", "infrequent", "ink",
           "no_need", "own_axes", "play", "read_with", "show_effective_rates", "show_pixels", "show_small_gradients",
           "starved", "steps_by_angle", "sweep_rates", "tell_apart_with", "train_deep", "train_three_ways",
           "twice_as_far", "vanishing"]

DESCENT, ADAGRAD = plots.COLORS["GradientDescent"], plots.COLORS["AdaGrad"]
BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#666666"
NAMES = {"GradientDescent": "gradient descent", "AdaGrad": "AdaGrad"}
READER = MLP((64, 10), output="softmax")       # softmax regression: the ten digits, without a hidden layer
RATES = np.geomspace(0.01, 30, 20)             # the learning rates that every way of training may try
SPLITS, SHUFFLES = 4, 5


# --- play ------------------------------------------------------------------------------------------------

def play() -> Explorable:
    """Two weights, of which one starves, with two things to bring about."""
    return rare_features().asking(
        Task("Feature 2 in 1 of 50: find an α with which gradient descent brings w₂ home, to within 0.3. (“Distances "
             "to the best”, on the right, tells.)", _home),
        Task("And how often must feature 2 be there so that gradient descent needs no help? Leave its α at 0.02, and "
             "bring both of its weights to within 0.3.", _no_help))


def _ends(every: int, rate: float, start: np.ndarray) -> np.ndarray:
    return np.abs(gradient_descent_path(examples_seen(every), start, rate)[-1] - 2.0)


def _home(every: int, rate: float, start: np.ndarray, **others: object) -> str:
    if every != 50 or start[1] > 0 or (far := _ends(every, rate, start))[1] > 0.3:
        return ""
    return f"You found one: α = {rate:.2g}. And w₁, which is shaken at every step, is {far[0]:.2f} off."


def _no_help(every: int, rate: float, start: np.ndarray, **others: object) -> str:
    if rate > 0.025 or start[1] > 0 or np.any(_ends(every, rate, start) > 0.3):
        return ""
    return f"You found it: in 1 of {every}, α = {rate:.2g} is enough for both."


# --- the digits ------------------------------------------------------------------------------------------

def ink(seed: int = 0) -> tuple[Examples, Examples]:
    """The digits to learn from and those to be tested on, with ink from 0 to 1."""
    parts = split(digits(), np.random.default_rng(seed))
    return parts.train._replace(X=parts.train.X / 16), parts.test._replace(X=parts.test.X / 16)


def common_and_rare(X: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Which of the pixels are inked in at least half of the pictures, and which in some, but in less than 5 %."""
    share = np.mean(X > 0, axis=1)
    return share >= 0.5, (share > 0) & (share < 0.05)


def show_pixels(examples: Examples) -> plots.Row:
    """One of the pictures, and in how many of 100 each pixel is inked."""
    share = np.mean(examples.X > 0, axis=1)
    one, left = plots.picture(3.4, 3.2)
    left.imshow(examples.X[:, 5].reshape(8, 8), cmap="gray_r")
    left.set(title=f"One of the pictures: a {examples.labels[5]}", xticks=[], yticks=[])
    plots.describe(left, f"A handwritten {examples.labels[5]} in 8 by 8 grey squares.")
    often, right = plots.picture(4.6, 3.2)
    right.imshow(share.reshape(8, 8), cmap="Blues", vmin=0, vmax=1.3)
    for pixel, value in enumerate(share):
        right.text(pixel % 8, pixel // 8, f"{100 * value:.0f}" if value else "-", ha="center", va="center", size=9)
    right.set(title="In how many of 100 each pixel is inked", xticks=[], yticks=[])
    common, rare = common_and_rare(examples.X)
    plots.describe(right, f"How often each of the 8 by 8 pixels is inked: {common.sum()} in at least half of the "
                          f"pictures, {rare.sum()} at the edges in fewer than 5 of 100, {np.sum(share == 0)} never.")
    return plots.Row(one, often)


def _gradient_of_rare(size: np.ndarray, X: np.ndarray) -> Outcome:
    common, rare = common_and_rare(X)
    share = np.mean(X > 0, axis=1)
    figure, ax = plots.picture(6.4, 3.2)
    inked = share > 0
    ax.loglog(share[inked], size[inked], "o", color=BLUE, ms=5)
    ax.set(xlabel="share of the pictures in which the pixel is inked", ylabel="mean size of the gradient",
           title="The rarer the ink, the smaller the gradient")
    plots.describe(ax, "Mean size of the gradient of each pixel's weights against how often it is inked, both "
                       "logarithmic: the dots rise steadily.")
    times = size[common].mean() / size[rare].mean()
    options = {1: "about as large", 20: "about 20 times smaller", 250: "about 250 times smaller"}
    return Outcome(options[min(options, key=lambda value: abs(np.log(value / times)))],
                   f"{times:.0f} times. A picture without ink on the pixel adds nothing, and these pixels get little "
                   "ink even where they get some. None of this depends on what the digits are: the ink alone decides.",
                   [figure])


gradient_of_rare = Predict("Take the mean size of the gradient over all pictures, for the weights of the rare pixels "
                           "and for those of the common ones. The rare ones' is ...", {
    "about as large": "In a picture that has ink there, it nearly is. But hardly any picture has.",
    "about 20 times smaller": "Fewer than 5 pictures in 100 have ink there: that makes the 20. And it is faint ink, in "
                              "most of them.",
    "about 250 times smaller": "",
}, settled=_gradient_of_rare)


# --- training --------------------------------------------------------------------------------------------

def _train(optimizer: Optimizer, data: Examples, updates: int, seed: int = 0) -> tuple[np.ndarray, object]:
    """Softmax regression from w = 0, 32 pictures an update: the weights and the optimizer's state."""
    rng, made = np.random.default_rng(seed), 0
    w = np.zeros(READER.size)
    state = optimizer.init(w)
    while made < updates:
        for batch in mini_batches(rng, data.labels.size, 32)[:updates - made]:
            dw = READER.gradient(w, data.X[:, batch], data.Y[:, batch])
            w, state = optimizer.step(w, dw, state)
            made += 1
    return w, state


def _best_of(kind: type, data: Examples, updates: int) -> np.ndarray:
    """The weights after each shuffle, shape (SHUFFLES, size), at the rate with the lowest mean training loss."""
    w = np.stack([_train(kind(RATES[:, None]), data, updates, seed)[0] for seed in range(SHUFFLES)])
    return w[:, measure(READER, w, data)[0].mean(axis=0).argmin()]


def _sizes(w: np.ndarray) -> np.ndarray:
    """How large each pixel's ten weights are, root mean square over them and the shuffles."""
    return np.sqrt(np.mean(READER.views(w)["W1"]**2, axis=(0, 1)))


def _starved(train: Examples) -> Outcome:
    grown = _sizes(_best_of(GradientDescent, train, 45))
    common, rare = common_and_rare(train.X)
    part = grown[rare].mean() / grown[common].mean()
    options = {1: "nearly as large", 1 / 3: "a third", 1 / 30: "a thirtieth"}
    return Outcome(options[min(options, key=lambda value: abs(np.log(value / part)))],
                   f"They are {part:.3f} of the common ones. All of them started at 0, and one α serves them all. So "
                   "each has moved as far as its gradients told it to, and the rare ones hardly moved. A far larger α "
                   "would suit them. But the common weights set the limit, as the steep direction did in lesson 02.")


starved = Predict("One epoch of gradient descent (45 updates), at the best of 20 learning rates. How large have the "
                  "weights of the rare pixels grown, next to those of the common ones?", {
    "nearly as large": "It would be good for them. But each weight walks by its own gradients, and theirs are tiny.",
    "a third": "Not even that. All pixels share one α.",
    "a thirtieth": "",
}, settled=_starved)


def train_three_ways() -> dict[str, list[dict[str, float]]]:
    """An epoch of gradient descent, of AdaGrad, and of gradient descent on standardized pixels, on four splits.

    Each tries 20 learning rates and takes the one with the lowest training loss, a mean over five shuffles. What is
    told of each split is measured on pictures that no training has seen: their loss, the share read correctly, and the
    loss on those with ink on a rare pixel, with the rare pixels' weights and without them; and besides, how large
    the rare pixels' weights are next to the common ones'.
    """
    found: dict[str, list[dict[str, float]]] = {"gradient descent": [], "AdaGrad": [], "standardized": []}
    for seed in range(SPLITS):
        train, test = ink(seed)
        scaled = standardize(split(digits(), np.random.default_rng(seed)))
        common, rare = common_and_rare(train.X)
        hit = (test.X[rare] > 0).any(axis=0)
        for name, kind, (learn, unseen) in (("gradient descent", GradientDescent, (train, test)),
                                            ("AdaGrad", AdaGrad, (train, test)),
                                            ("standardized", GradientDescent, (scaled.train, scaled.test))):
            w = _best_of(kind, learn, 45)
            blind = w.copy()
            READER.views(blind)["W1"][..., rare] = 0
            sizes = _sizes(w)
            losses, right = measure(READER, w, unseen)
            on_rare, without = (READER.loss(v, unseen.X[:, hit], unseen.Y[:, hit]).mean() for v in (w, blind))
            found[name].append({"loss": losses.mean(), "right": right.mean(), "with": on_rare, "without": without,
                                "sizes": sizes[rare].mean() / sizes[common].mean(), "pictures": int(hit.sum())})
    return found


def _infrequent(found: Mapping[str, Sequence[Mapping[str, float]]]) -> Outcome:
    mean = {name: {key: np.mean([run[key] for run in runs]) for key in runs[0]} for name, runs in found.items()}
    pictures = sum(run["pictures"] for run in found["AdaGrad"])
    figure, ax = plots.picture(6.8, 3.2)
    colors = dict(zip(found, (DESCENT, ADAGRAD, ORANGE)))
    for row, (name, runs) in enumerate(found.items()):
        for run in runs:
            ax.semilogx([run["without"], run["with"]], [row, row], color=colors[name], lw=1, alpha=0.5)
            ax.plot(run["without"], row, "o", mfc="none", mec=colors[name], ms=8)
            ax.plot(run["with"], row, "o", color=colors[name], ms=8)
    ax.set_yticks(range(3), ["gradient descent", "AdaGrad", "gradient descent,\nstandardized pixels"])
    ax.set(ylim=(2.6, -0.6), xlabel=f"loss on {pictures} unseen pictures with ink on a rare pixel",
           title="Full: with the rare pixels' weights. Hollow: without")
    ax.xaxis.set(major_formatter="{x:g}")
    plots.describe(ax, "Loss on unseen pictures with ink on a rare pixel, with the rare pixels' weights and without, "
                       "on four splits: " + "; ".join(f"{name} {m['with']:.2f} and {m['without']:.2f} on average"
                                              for name, m in mean.items()) + ".")
    table = plots.Table(f"An epoch each, judged on unseen pictures; means of {SPLITS} splits", (
        "", "loss", "read correctly", "rare weights / common", "loss where ink is rare", "without the rare weights"),
        [(name, f"{m['loss']:.2f}", f"{100 * m['right']:.0f} %",
          *(f"{m[key]:.2f}" for key in ("sizes", "with", "without")))
         for name, m in mean.items()])
    change = {name: m["with"] - m["without"] for name, m in mean.items()}
    starves = mean["gradient descent"]["sizes"] < 0.1 and abs(change["gradient descent"]) < 0.02
    return Outcome("holds" if starves and change["AdaGrad"] < 0 else "does not hold",
                   "Gradient descent has starved the rare weights, and so it doesn't miss them: taken out, they "
                   "change next to nothing. That is the low influence that <i>appears</i>. AdaGrad lets them grow as "
                   "large as the others, and then they are worth something: on average the loss on these pictures is "
                   "lower with them than without, though not on every split, and these are few pictures. By the loss "
                   "on all unseen pictures it is the best of the three. (It is the <i>feature</i> that is infrequent, "
                   "of course. Its weight is there all the time.)",
                   [figure, table])


infrequent = Claim("one component of the weight vector has very large gradient values while another one has extremely "
                   "small. This happens especially in cases when an infrequent model parameter appears to have a low "
                   "influence on predictions.", "holds", _infrequent, {
    "holds when ...": "The sentence has its condition in it already: “especially in cases when ...”.",
    "does not hold": "You may have thought that a rare pixel doesn't matter. It matters in the pictures that have it."})


# --- the rule --------------------------------------------------------------------------------------------

def _first_step(path: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.0)
    steps = np.arange(len(path))
    ax.plot(steps, path[:, 0], "o-", color=ORANGE, ms=9, lw=2, label="gradient 100")
    ax.plot(steps, path[:, 1], "o--", color=BLUE, ms=4, lw=2, label="gradient 0.01")
    ax.set(xlabel="step", ylabel="weight", title="Ten thousand times the gradient, the same walk", xticks=steps[::2])
    ax.legend(frameon=False)
    plots.describe(ax, f"Two weights against the step: they fall together, from 1 to {path[-1, 0]:.2f}, in steps that "
                       "get shorter.")
    first = np.abs(path[1] - path[0])
    far = first[0] / first[1]
    answer = ("both equally far" if far < 1.01 else "the first 100 times as far" if far < 1000
              else "the first 10,000 times as far")
    return Outcome(answer, "After the first step √s is the size of the gradient itself. Divide by it, and only its "
                   "sign is left. The step is α long, whatever the gradient. With the same gradient again, s is t "
                   "times as large after t steps, and the step is α/√t long.", [figure])


first_step = Predict("Two weights have the gradients 100 and 0.01 in every step, and α is 0.1. How far does AdaGrad's "
                     "first step move them?", {
    "the first 10,000 times as far": "So it is with gradient descent. Here each weight divides by its own past.",
    "the first 100 times as far": "Something like a root is in the formula, true. But it is the root of a square.",
    "both equally far": "",
}, settled=_first_step)


def show_small_gradients() -> plots.Table:
    """A weight with large gradients and then small ones, and a neighbour with small ones all the time."""
    gradients = np.array([1.0] * 100 + [0.001] * 100)
    changes, always = (0.1 / (np.sqrt(np.cumsum(g**2)) + 1e-8) for g in (gradients, np.full(200, 0.001)))
    return plots.Table("Effective learning rates, α = 0.1",
                       ("step", "gradients 1, then 0.001 from step 101 on", "a neighbour: 0.001 all the time"),
                       [(t, f"{changes[t - 1]:.4f}", f"{always[t - 1]:.2f}") for t in (1, 100, 101, 200)])


def steps_by_angle(degrees: Sequence[int]) -> dict[str, list[float]]:
    """The fewest steps to a millionth down the ravine, turned by so many degrees, over 240 learning rates each."""
    rates = np.geomspace(1e-3, 30, 240)[:, None]
    found: dict[str, list[float]] = {"GradientDescent": [], "AdaGrad": []}
    for angle in np.deg2rad(degrees):
        turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
        hessian = turn @ np.diag([0.16, 4.0]) @ turn.T
        turned = Surface("turned ravine", lambda w, H=hessian: ((w @ H) * w).sum(axis=-1) / 2,
                         lambda w, H=hessian: w @ H, domain=ravine.domain, start=turn @ ravine.start, minima=[[0, 0]])
        for kind in (GradientDescent, AdaGrad):
            losses = descend(turned, kind(rates), turned.start, steps=300).losses
            above = ~(losses <= 1e-6 * losses[0])
            needed = np.where(above[-1], np.inf, len(losses) - np.argmax(above[::-1], axis=0))
            found[kind.__name__].append(float(needed.min()))
    return found


def _own_axes(degrees: Sequence[int], needed: Mapping[str, Sequence[float]]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.2)
    for name, steps in needed.items():
        ax.plot(degrees, steps, "o-", color=plots.COLORS[name], lw=2, label=NAMES[name])
    plain, own = needed.values()
    ax.set(xlabel="angle between the ravine and the axes, in degrees", ylabel="steps to a millionth", ylim=(0, 135),
           title="The more the ravine is turned, the less AdaGrad gains")
    ax.legend(frameon=False, loc="lower right")
    plots.describe(ax, f"Fewest steps against the angle: gradient descent needs {plain[0]:.0f} at every angle; AdaGrad "
                       "" + ", ".join(
        f"{steps:.0f} at {angle}°" for angle, steps in zip(degrees, own)) + ".")
    at = list(degrees).index(20)
    answer = ("as many as without turning" if own[at] < 2 * own[0]
              else "more than gradient descent" if own[at] > plain[at]
              else "more, but fewer than gradient descent")
    return Outcome(answer, f"Along the axes it needs {own[0]:.0f} steps where gradient descent needs {plain[0]:.0f}; "
                   f"at 20° it needs {own[at]:.0f}, and at 45° {own[-1]:.0f}. Each weight now feels both directions, "
                   "and a rate for each weight can no longer tell them apart. Gradient descent doesn't know about "
                   "axes at all. (The paper has a form with a whole matrix, which for d weights takes d² "
                   "numbers.)", [figure])


own_axes = Predict("Along the axes AdaGrad needs 6 steps down the ravine, at its best α, and gradient descent 79. Now "
                   "turn the ravine by 20 degrees, so that no weight lies along it. AdaGrad needs ...", {
    "as many as without turning": "The ravine is the same, only turned. For gradient descent that makes no "
                                  "difference. But AdaGrad's rates belong to the axes.",
    "more, but fewer than gradient descent": "",
    "more than gradient descent": "Not yet. At 45 degrees you would be right.",
}, settled=_own_axes)


# --- the size of the gradient ------------------------------------------------------------------------------

def train_deep() -> dict[str, np.ndarray]:
    """A network with six hidden layers whose first weights are three tenths as large as they should be: five losses.

    They are those of five rates, after seven epochs of digits. It begins at ln 10, where every digit gets one tenth.
    """
    train, _ = ink()
    deep, rates, found = MLP((64, *6 * (16,), 10), output="softmax"), np.geomspace(0.001, 10, 5)[:, None], {}
    for optimizer in (GradientDescent(rates), AdaGrad(rates)):
        w, rng = 0.3 * deep.init(np.random.default_rng(1)), np.random.default_rng(0)
        state = optimizer.init(w)
        for batch in [batch for _ in range(7) for batch in mini_batches(rng, train.labels.size, 64)]:
            dw = deep.gradient(w, train.X[:, batch], train.Y[:, batch])
            w, state = optimizer.step(w, dw, state)
        found[type(optimizer).__name__] = deep.loss(w, train.X, train.Y)
    return found


def _vanishing(lengths: Mapping[float, float], deep: Mapping[str, np.ndarray],
               paths: Mapping[str, np.ndarray]) -> Outcome:
    tiny = plots.Table("AdaGrad's first step, ε = 1e-8", ("gradient", "length of the step"),
                       [(f"{g:g}", f"{length:.4g} α") for g, length in lengths.items()])
    flat, stuck = np.log(10), {name: np.nanmin(losses) for name, losses in deep.items()}
    table = plots.Table("A deep network whose first weights are too small: the lowest loss of five α",
                        ("", "after seven epochs"),
                        [(NAMES[name], "stays at ln 10" if abs(loss - flat) < 0.01 else "gets away from there")
                         for name, loss in stuck.items()])
    figure, ax = plots.picture(6.4, 3.2)
    for name, path in paths.items():
        ax.semilogy(np.maximum(path, 1e-3), color=plots.COLORS[name], lw=2, label=NAMES[name])
    ax.set(xlabel="step", ylabel="distance from the bottom", xlim=(0, 600), ylim=(1e-3, 1e6),
           title="Gradient descent forgets the bad example, AdaGrad doesn't")
    ax.legend(frameon=False)
    plots.describe(ax, "Distance from the bottom. At step 50 gradient descent is thrown far out, and comes back "
                       "within 200 steps; AdaGrad moves by no more than 1 then, and stands "
                       f"{paths['AdaGrad'][600]:.2f} away 550 steps later.")
    rescales = lengths[1e3] > 0.99 and lengths[1e-7] > 0.9
    leaves = stuck["AdaGrad"] < flat - 0.3 < stuck["GradientDescent"]
    spoiled = paths["AdaGrad"][500] > 10 * paths["GradientDescent"][500]
    answer = "does not hold" if not (rescales and leaves) else "holds when ..." if spoiled else "holds"
    return Outcome(answer,
                   "A gradient may be a thousand or a ten-millionth, the first step is about α long. (Below ε it "
                   "fails.) And a network whose gradients vanish on their way back gets moving. But after one "
                   "exploding gradient, s has swallowed it for good, and every later step is short. Where gradients "
                   "vanish, better first weights are the usual remedy (Glorot and Bengio 2010); where they explode, "
                   "clipping (Pascanu, Mikolov and Bengio 2013).", [tiny, table, figure])


vanishing = Claim("This way, Adagrad deals with vanishing and exploding gradient problems.",
                  "holds when you ask for the length of one step, and not for what comes after", _vanishing, {
    "holds": "The step is never longer than α, and a small gradient is no obstacle. The trouble comes later: s "
             "doesn't forget.",
    "does not hold": "After an explosion it stands nearly still, true. But it does cope with small gradients, and "
                     "with the wild step itself, too."})


def _bad_example(paths: Mapping[str, np.ndarray]) -> Outcome:
    nearest = min(paths, key=lambda name: paths[name][500])
    told = plots.Table("Distance from the bottom", ("", "step 49", "step 50", "step 500", "step 5000"),
                       [(NAMES[name], *(_distance(path[t]) for t in (49, 50, 500, 5000)))
                        for name, path in paths.items()])
    return Outcome(NAMES[nearest], "The wild step itself is short with AdaGrad. But from then on it divides by a "
                   "million. Gradient descent is thrown out to a distance of a hundred thousand, and walks home as "
                   "from anywhere else.", [told])


def _distance(far: float) -> str:
    return f"{far:,.0f}" if far > 1000 else f"{far:.2g}" if far > 1e-12 else "0, to twelve digits"


bad_example = Predict("A ball rolls down the bowl w²/2. At step 50 a single gradient comes out as a million: a "
                      "broken example. All others are right. Who is nearer to the bottom at step 500?", {
    "gradient descent": "",
    "AdaGrad": "Its step can't be longer than α, so it isn't thrown out. That is half of the story.",
    "both about the same": "They would be, if both forgot the example equally fast.",
}, settled=_bad_example)


# --- why it slows down ---------------------------------------------------------------------------------------

def show_effective_rates() -> plots.Picture:
    """The effective learning rates of three pixels' weights over ten epochs."""
    train, _ = ink()
    share = np.mean(train.X > 0, axis=1)
    updates = np.array([1, 2, 4, 8, 16, 32, 45, 90, 180, 300, 450])
    sums = [READER.views(_train(AdaGrad(0.5), train, n)[1].s)["W1"] for n in updates]
    rates = np.median(0.5 / (np.sqrt(sums) + 1e-8), axis=1)
    figure, ax = plots.picture(6.4, 3.4)
    plots.curves(ax, "The rarer the pixel, the larger its rate, and all of them fall",
                 {f"inked in {100 * share[k]:.0f} % of the pictures": (updates, rates[:, k], "o-")
                  for k in (np.abs(share - aim).argmin() for aim in (0.01, 0.1, 0.9))}, xscale="log", yscale="log",
                 xlabel="updates", ylabel="effective learning rate", ylim=(0.5, 2e5))
    return figure


def _twice_as_far(walked: np.ndarray) -> Outcome:
    steps = {way: int(np.argmax(walked >= way)) + 1 for way in (2, 4, 8)}
    figure, ax = plots.picture(6.4, 2.8)
    ax.plot(np.arange(1, len(walked) + 1), walked, color=ADAGRAD, lw=2)
    for way, step in steps.items():
        ax.plot([0, step, step], [way, way, 0], ":", color=GREY, lw=1.2)
        ax.text(step + 20, 0.3, str(step), color=GREY)
    ax.set(xlabel="step", ylabel="distance from the start", xlim=(0, 2200), ylim=(0, 9.5),
           title="Twice as far, four times the steps")
    plots.describe(ax, "The distance from the start against the step rises ever more slowly: " + ", ".join(
        f"{way} units after {step} steps" for way, step in steps.items()) + ".")
    times = round(steps[8] / steps[4])
    return Outcome(f"{times} times as many", "s grows like t, so a step is α/√t long, and t of them add up to about "
                   "2α√t. It never stands still, and it gets slower for ever.", [figure])


twice_as_far = Predict("A slope that never changes: the gradient is 1 in every step. AdaGrad has come some way. To "
                       "get twice as far from the start, how many steps does it need in all?", {
    "2 times as many": "That is how gradient descent walks: the same step again and again.",
    "4 times as many": "",
    "8 times as many": "It slows down, yes. Not as badly as that: the steps shrink like 1/√t.",
}, settled=_twice_as_far)


def _decays(quiet: Trace, noisy: Mapping[str, np.ndarray]) -> Outcome:
    s = np.cumsum(ravine.gradient(quiet.points[:-1])**2, axis=0)
    rates = 1 / np.sqrt(s)
    left, ax = plots.picture(4.05, 3.0)
    ax.loglog(np.arange(1, len(rates) + 1), rates, lw=2, color=ADAGRAD)
    ax.set(xlabel="step", ylabel="effective rates", title="No noise: the rates stop falling", ylim=(0.01, 3))
    plots.describe(ax, "The two effective rates in the ravine without noise: they fall at first, and then stay at "
                       f"{rates[-1, 0]:.2f} and {rates[-1, 1]:.2f}.")
    right, ay = plots.picture(4.05, 3.0)
    far = {}
    for (name, squares), color in zip(noisy.items(), (DESCENT, ADAGRAD, ORANGE)):
        times = np.geomspace(10, len(squares) - 1, 25).astype(int)
        means = [squares[t - t // 10:t + 1].mean() for t in times]
        far[name] = means[-1]
        ay.loglog(times, means, lw=2, color=color, label=name)
    ay.set(xlabel="step", ylabel="mean of $w^2$", title="Noise: calmer and calmer, slowly", ylim=(2e-5, 60))
    ay.legend(frameon=False)
    plots.describe(ay, "Mean squared distance against steps with noise, at the end: " + ", ".join(
        f"{name} {value:.2g}" for name, value in far.items()) + ".")
    stops = np.all(rates[-1] > 0.99 * rates[99])
    _, own, schedule = far.values()
    slow = own > 10 * schedule
    return Outcome("holds when ..." if stops and slow else "holds" if slow else "does not hold",
                   "Without noise the gradients fade first. Then nothing is added to s any more, the rates stay where "
                   f"they are, and the loss falls to {_power_of_ten(quiet.losses[-1])}. With noise, s grows for ever, "
                   "and so the rate falls like 1/√t. A schedule made for this bowl gets far closer. But be fair: the "
                   "constant α is stuck, and it is this very decay that silences the noise. AdaGrad was made for "
                   "convex problems in which the examples may come in any order, even a hostile one, and its 1/√t "
                   "is what its guarantee needs (Duchi, Hazan and Singer 2011).", [plots.Row(left, right)])


def _power_of_ten(value: float) -> str:
    """A tiny number as a power of ten, as HTML."""
    return f"10<sup>{int(np.floor(np.log10(value)))}</sup>"


decays = Claim("the learning rate constantly decays with the increase of iterations. Therefore, the algorithm tends "
               "to converge slowly during the last iterations where it becomes very "
               "low.", "holds when the gradients don't fade", _decays, {
    "holds": "A sum of squares never falls, true. But it stops growing where the gradients fade faster than it.",
    "does not hold": "In a quiet ravine it doesn't. With noise, or on a long even slope, it does."})


# --- is α chosen for you -------------------------------------------------------------------------------------

def sweep_rates(rates: np.ndarray, updates: int) -> dict[str, np.ndarray]:
    """The training loss after so many updates, for each rate: a mean over three shuffles."""
    train, _ = ink()
    return {kind.__name__: np.mean([measure(READER, _train(kind(rates[:, None]), train, updates, seed)[0], train)[0]
                                    for seed in range(3)], axis=0) for kind in (GradientDescent, AdaGrad)}


def _no_need(rates: np.ndarray, losses: Mapping[str, np.ndarray]) -> Outcome:
    figure, ax = plots.picture(6.4, 3.4)
    rows = []
    for name, ends in losses.items():
        ax.loglog(rates, ends, "o-", color=plots.COLORS[name], ms=4, lw=1.8, label=NAMES[name])
        rows.append((NAMES[name], f"{ends.max():.2f}", f"{ends.min():.3f}",
                     f"{ends.max() / ends.min():.0f} times", int(np.sum(ends < 2 * ends.min()))))
    ax.set(xlabel="learning rate α", ylabel="loss after 500 updates",
           title="α matters to AdaGrad as much as to gradient descent")
    ax.legend(frameon=False)
    plots.describe(ax, "Loss after 500 updates against the learning rate: both fall by more than ten times from left "
                       "to right, and AdaGrad rises again at the right end.")
    table = plots.Table("The worst α against the best", (
        "", "worst", "best", "the worst is", f"rates within twice the best, of {len(rates)}"), rows)
    times = losses["AdaGrad"].max() / losses["AdaGrad"].min()
    return Outcome("does not hold" if times > 5 else "holds",
                   "What is true: it saves you a rate for <i>each weight</i>, and it doesn't care for the unit of the "
                   "loss, as you saw. And it adapts in one direction only, down. Duchi, Hazan and Singer (2011) leave "
                   "a number in front to be chosen, too.", [figure, table])


no_need = Claim("The greatest advantage of AdaGrad is that there is no longer a need to manually adjust the learning "
                "rate as it adapts itself during training.", "does not hold", _no_need, {
    "holds": "It adapts, that is true, and there is still an α in front that somebody has to choose.",
    "holds when ...": "On a convex problem and with endless time, any α gets there. You don't have endless time."})


# --- your turn -------------------------------------------------------------------------------------------------

def read_with(adagrad_step: Callable, learning_rate: float, goal: float) -> Markdown | plots.Picture:
    """The student's step reads the digits: 450 updates, and a training loss to get below."""
    if say := to_be_written(adagrad_step):
        return say
    train, test = ink()
    w, s, losses, rng = np.zeros(READER.size), np.zeros(READER.size), [], np.random.default_rng(0)
    for batch in [batch for _ in range(10) for batch in mini_batches(rng, train.labels.size, 32)]:
        loss, dw = READER.loss_and_gradient(w, train.X[:, batch], train.Y[:, batch])
        w, s = adagrad_step(w, dw, s, learning_rate)
        losses.append(loss)
    right = np.mean(READER.predict(w, test.X) == test.labels)
    end = measure(READER, w, train)[0]
    figure, ax = plots.picture(6.4, 3.2)
    plots.losses(ax, {"AdaGrad": np.array(losses)})
    ax.set_title(f"It reads {100 * right:.1f} % of the unseen digits; training loss {end:.3f}"
                 + (": you did it!" if end < goal else f". Below {goal:g}?"), size=11)
    return figure


def tell_apart_with(effective_rates: Callable) -> Markdown | plots.Row:
    """Two trainings that have gone flat, and what the student's function says of their rates."""
    if say := to_be_written(effective_rates):
        return say
    left, ax = plots.picture(4.05, 3.0)
    right, ay = plots.picture(4.05, 3.0)
    ends = {}
    for name, color, bad in (("one", BLUE, 0), ("the other", ORANGE, 50)):
        w, state, path, gradients = np.array([5.0]), AdaGrad(1.0).init(np.zeros(1)), [], []
        for t in range(1, 301):
            dw = np.array([1e6]) if t == bad else w - 2      # the bottom is at 2
            w, state = AdaGrad(1.0).step(w, dw, state)
            path.append(w[0])
            gradients.append(dw[0])
        rates = effective_rates(np.array(gradients), 1.0, 1e-8)
        ends[name] = rates[-1]
        ax.plot(path, color=color, lw=2, label=name)
        ay.semilogy(rates, color=color, lw=2)
    ax.set(xlabel="step", ylabel="weight $w$", title="Two trainings, both flat", ylim=(0, 5.2))
    ax.legend(frameon=False)
    ay.set(xlabel="step", ylabel="effective rate", title="Your instrument: one of them is dead")
    plots.describe(ax, "Two weights that no longer move: one rests at 2, the other at about 1.")
    plots.describe(ay, "Their effective rates by your function, at the end: " + ", ".join(
        f"{name} {rate:.1g}" for name, rate in ends.items()) + ".")
    return plots.Row(left, right)


# --- what next -------------------------------------------------------------------------------------------------

def _drift(target: np.ndarray, paths: Mapping[str, np.ndarray]) -> Outcome:
    pictures = []
    swings = {name: np.abs(path - target).reshape(20, 1000).mean(axis=1) for name, path in paths.items()}
    for swing, title in ((1, "First swing: both follow"), (20, "20th swing: AdaGrad is late")):
        now = slice(1000 * swing - 1000, 1000 * swing)
        figure, ax = plots.picture(4.05, 3.0)
        t = np.arange(now.start, now.stop)
        ax.plot(t, target[now], color="#999999", lw=5, alpha=0.5, label="the target")
        for name, path in paths.items():
            ax.plot(t, path[now], color=plots.COLORS[name], lw=1.2, label=NAMES[name])
        ax.set(ylim=(-4.3, 4.3), xlabel="step", ylabel="$w$", title=title)
        if swing == 1:
            ax.legend(frameon=False, loc="lower left")
        plots.describe(ax, f"Swing {swing} of the target between -3 and 3: " + ", ".join(
            f"{name} is {far[swing - 1]:.2f} away on average" for name, far in swings.items()) + ".")
        pictures.append(figure)
    own, plain = swings["AdaGrad"], swings["GradientDescent"]
    times = own[-1] / own[0]
    return Outcome("much less close" if times > 2 else "closer than in the first" if times < 0.8
                   else "as close as in the first",
                   f"On average it is {own[0]:.2f} away in the first swing, and {own[-1]:.2f} in the twentieth. "
                   f"Gradient descent, with its constant α, stays at {plain[-1]:.2f}.", [plots.Row(*pictures)])


drift = Predict("The bottom of a bowl swings to and fro, once in 1000 steps, and the gradients are noisy. In the "
                "first swing AdaGrad follows closely. And in the twentieth?", {
    "closer than in the first": "It has seen every place many times by then. But it doesn't learn a route: it only "
                                "has a rate.",
    "as close as in the first": "Every swing is like the first. But s is not.",
    "much less close": "",
}, settled=_drift)
