"""Lesson 01: who is to blame for the error, and how the blame of all weights is found at once."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

import numpy as np
from IPython.display import Markdown
from matplotlib.patches import Rectangle

from optimlab import plots
from optimlab.datasets import Examples, digits, split, standardize, two_moons
from optimlab.explorables import Claim, Outcome, Predict, computation_graph
from optimlab.explorables.computation_graph import SECOND_X, SECOND_Y, off_track, passes
from optimlab.explorables.stage import Explorable, Task
from optimlab.lessons.your_turn import to_be_written
from optimlab.networks import MLP
from optimlab.optimizers import Adam
from optimlab.timing import seconds
from optimlab.training import fit

__all__ = ["best_h", "difference", "dW1_shape", "descent", "flat", "follow_one_weight", "narrows", "numerical", "play",
           "show_a_mistake", "show_four_moves", "show_the_arrays", "show_the_price", "show_the_products",
           "show_two_losses", "show_vanishing_blame", "sign", "slips", "train_with", "transposed",
           "try_numerical_gradient"]

BLUE, ORANGE, GREY = "#0072B2", "#D55E00", "#888888"


# --- the question, and the play ----------------------------------------------------------------------

def show_a_mistake() -> plots.Row:
    """A handwritten digit that a small network reads wrongly, and how sure it is of that."""
    data = standardize(split(digits(), np.random.default_rng(0)))
    network = MLP((64, 32, 10), output="softmax")
    w = fit(network, data.train, Adam(0.01), batch_size=64, epochs=2, rng=np.random.default_rng(0), progress=False).w
    outputs = network.forward(w, data.test.X)[0][-1]
    says = outputs.argmax(axis=0)
    surest = np.argmax(outputs.max(axis=0) * (says != data.test.labels))
    right, wrong = data.test.labels[surest], says[surest]
    picture = split(digits(), np.random.default_rng(0)).test.X[:, surest].reshape(8, 8)

    figure, ax = plots.picture(2.4, 2.6)
    ax.imshow(picture, cmap="gray_r")
    ax.set_title(f"Someone wrote a {right}")
    ax.axis("off")
    plots.describe(ax, f"A handwritten {right}, 8 by 8 pixels.")
    beside, ax = plots.picture(4.2, 2.6)
    ax.bar(range(10), 100 * outputs[:, surest], color=[ORANGE if k == wrong else BLUE if k == right else GREY
                                                       for k in range(10)])
    ax.set(title=f"The network reads a {wrong}", xlabel="digit", ylabel="how sure, in %", xticks=range(10),
           ylim=(0, 100))
    plots.describe(ax, f"How sure the network is of each digit: {wrong} has {outputs[wrong, surest]:.0%}, {right}, "
                       f"which is right, {outputs[right, surest]:.0%}.")
    return plots.Row(figure, beside)


def play() -> Explorable:
    """One neuron to grab, with two things to find."""
    return computation_graph().asking(
        Task("One example: make <code>dw</code> exactly 0 by dragging <code>x</code> alone.", _without_blame),
        Task("Two examples: find the <code>w</code> at which one pulls as hard as the other.", _balanced))


def _without_blame(x: np.ndarray, examples: int, **others: object) -> str:
    there = examples == 1 and off_track(x) == 0
    return "You found it: x = 0. Whatever w is, it is multiplied by 0." if there else ""


def _balanced(x: np.ndarray, w: np.ndarray, b: np.ndarray, y: float, loss: str, examples: int) -> str:
    X, weight = np.array([off_track(x), SECOND_X]), off_track(w)
    found = passes(X, np.array([y, SECOND_Y]), weight, off_track(b), loss)
    there = examples == 2 and abs(found.dw) < 0.002 < abs(found.dz[0] * X[0])
    return f"You found it: at w = {weight:.2f} the two blames cancel, and the curve is level there." if there else ""


# --- one neuron ---------------------------------------------------------------------------------------

def _sign(slope: float) -> Outcome:
    answer = "positive" if slope > 1e-9 else "negative" if slope < -1e-9 else "zero"
    return Outcome(answer, f"Here the loss changes at a rate of {slope:+.3f} per unit of w. The input is negative, "
                   "so a larger w makes z smaller and takes the output further from its target.")


sign = Predict("One example: x = -2, w = 0.5, b = 0, and the target is y = 1. The output is too low. Is dw ...?", {
    "positive": "",
    "negative": "The output is too low, so it feels as though w should go up. It would, if x were positive.",
    "zero": "That would mean that w doesn't matter here. It does, since x is not 0.",
}, settled=_sign)


def _flat(dz: Sequence[float]) -> Outcome:
    ratio = abs(dz[1] / dz[0])
    z = np.linspace(-10, 10, 201)
    a = 1 / (1 + np.exp(-z))
    figure, ax = plots.picture(6.4, 3.2)
    ax.plot(z, abs((a - 1) * a * (1 - a)), color=ORANGE, lw=2)
    ax.plot(z, abs(a - 1), color=BLUE, lw=2)
    ax.plot([-2, -10], np.abs(dz), "o", color=ORANGE, ms=8)
    ax.text(-9.8, 0.06, "squared difference", color=ORANGE)
    ax.text(-9.8, 0.9, "another loss, see below", color=BLUE)
    ax.set(xlabel="$z$, with the target $y = 1$", ylabel="size of $dz$", ylim=(0, 1.05),
           title="With the squared loss, the worst output hears almost nothing")
    plots.describe(ax, "The size of dz against z for the target 1. With the squared difference it rises to 0.15 near "
                       "z = -0.7 and is almost 0 at -10; with another loss it is almost 1 there.")
    answer = "almost vanishes" if ratio < 0.1 else "grows" if ratio > 1 else "stays about the same"
    return Outcome(answer, f"At z = -2 the size of dz is {abs(dz[0]):.5f}, at z = -10 it is {abs(dz[1]):.5f}. Out "
                   "there the sigmoid is flat: its slope a(1 - a) is nearly 0, and dz is multiplied by it.", [figure])


flat = Predict("The target is y = 1. You push z from -2 down to -10, which is ever more wrong. The size of dz ...?", {
    "grows": "More error, more blame: that is how it ought to be, and with another loss it will be.",
    "stays about the same": "The difference a - y does stay about the same, near -1. But it is not the only factor.",
    "almost vanishes": "",
}, settled=_flat)


def show_two_losses(a: Sequence[float]) -> plots.Table:
    """What the squared loss and the cross-entropy make of some outputs, where the right answer is yes."""
    return plots.Table("The right answer is yes, y = 1",
                       ("probability a that the network gives to it", "squared: (a - y)²/2", "cross-entropy: -ln a"),
                       [(f"{p:g}", f"{(p - 1)**2 / 2:.3f}", f"{-np.log(p):.3f}") for p in a])


# --- arrays --------------------------------------------------------------------------------------------

def show_the_arrays() -> plots.Picture:
    """The arrays of the two-layer network, a square for each number."""
    figure, ax = plots.picture(7, 2.8)
    plots.network_shapes(ax, n_x=2, n_h=4, n_y=1)
    return figure


def follow_one_weight(dz2: np.ndarray, weight: float, slope: np.ndarray, x: np.ndarray) -> plots.Table:
    """The blame of one weight of the first layer, a row for each example: the factors along its path, and their sum."""
    shares = dz2 * weight * slope * x
    number = "{:+.3f}".format
    rows = [(i + 1, number(dz2[i]), number(weight), number(slope[i]), number(x[i]), number(shares[i]))
            for i in range(len(x))]
    return plots.Table("The blame of one weight: multiply along each row, add up the last column",
                       ("example", "<i>dZ</i><sub>2</sub>", "× weight ahead", "× slope of tanh", "× input", "= share"),
                       [*rows, ("", "", "", "", "sum", f"<b>{number(shares.sum())}</b>")])


def show_four_moves() -> plots.Row:
    """Matrix product, transpose, broadcasting and elementwise product, each with small numbers."""
    A, B = np.array([[1, 2], [3, 4]]), np.array([[5, 0, 1], [2, 1, 3]])
    b, C, D = np.array([[10], [20]]), np.array([[1, 2, 3], [4, 5, 6]]), np.array([[2, 0, 1], [1, 2, 0]])
    # Each with the numbers to follow: (part, row, column).
    moves = [("A @ B: a row times a column, added up", [A, "@", B, "=", A @ B],
              {(0, 0, 0), (0, 0, 1), (2, 0, 2), (2, 1, 2), (4, 0, 2)}),
             ("C.T: rows become columns", [C, "→", C.T],
              {(0, 0, 0), (0, 0, 1), (0, 0, 2), (2, 0, 0), (2, 1, 0), (2, 2, 0)}),
             ("C + b: the column is used for every column", [C, "+", b, "=", C + b], {(2, 0, 0), (2, 1, 0)}),
             ("C * D: each number with its partner", [C, "*", D, "=", C * D], {(0, 0, 2), (2, 0, 2), (4, 0, 2)})]
    return plots.Row(*(_move(title, parts, marked) for title, parts, marked in moves))


def _move(title: str, parts: Sequence, marked: set[tuple[int, int, int]]) -> plots.Picture:
    """Arrays and signs in a row; marked: (part, row, column) of the numbers to look at."""
    figure, ax = plots.picture(4.05, 1.8)
    left = 0.0
    for number, part in enumerate(parts):
        if isinstance(part, str):
            ax.text(left + 0.45, 0, part, ha="center", va="center", size=13)
            left += 0.9
            continue
        rows, columns = part.shape
        for row, column in np.ndindex(part.shape):
            at = (left + column, rows / 2 - row - 1)
            color = ORANGE if (number, row, column) in marked else GREY
            ax.add_patch(Rectangle(at, 1, 1, fc=color, alpha=0.35, ec="white", lw=2))
            ax.text(at[0] + 0.5, at[1] + 0.5, part[row, column], ha="center", va="center", size=11)
        left += columns
    ax.set(xlim=(-0.1, max(left, 9) + 0.1), ylim=(-1.7, 1.7), aspect="equal")
    ax.set_title(title, size=11)
    ax.axis("off")
    plots.describe(ax, f"{title}. " + " ".join(p if isinstance(p, str) else str(p.tolist()) for p in parts))
    return figure


def _shape(shape: tuple[int, ...]) -> Outcome:
    return Outcome(str(tuple(shape)), "A gradient holds one number for each number that it blames, so it has the "
                   "shape of what it blames: W1 has a row for each hidden unit and a column for each input.")


dW1_shape = Predict("There are 2 inputs, 4 hidden units and 100 examples. Which shape has dW1, the gradient for W1?", {
    "(4, 2)": "",
    "(2, 4)": "The right numbers, the wrong way round: W1 has a column for each input and a row for each unit.",
    "(4, 100)": "That is the shape of dZ1: each hidden unit's blame for each example. W1 is shared by all examples.",
    "(2, 100)": "That is the shape of the inputs X. They are not learned, so nobody blames them.",
}, settled=_shape)


def show_the_products() -> plots.Row:
    """The three matrix products of the way back, as grids of squares."""
    pictures = []
    for which, over in enumerate(("examples", "outputs", "examples")):
        figure, ax = plots.picture(4.05, 2.4)
        plots.gradient_shapes(ax, n_x=2, n_h=4, n_y=1, m=5, products=[which])
        ax.set_title(f"added up over the {over}", size=11)
        pictures.append(figure)
    return plots.Row(*pictures)


# --- checking --------------------------------------------------------------------------------------------

def numerical(network: MLP, w: np.ndarray, X: np.ndarray, Y: np.ndarray, h: float = 1e-5) -> np.ndarray:
    """The gradient by central differences: row i of a matrix of nudges nudges parameter i, all at once."""
    nudges = h * np.eye(w.size)
    return (network.loss(w + nudges, X, Y) - network.loss(w - nudges, X, Y)) / (2 * h)


def difference(one: np.ndarray, other: np.ndarray) -> float:
    """How far two gradients are apart: 0 if they are equal, 1 if they are opposite.

    >>> difference(np.array([1.0, 2.0]), np.array([-1.0, -2.0]))
    1.0
    """
    return float(np.linalg.norm(one - other) / (np.linalg.norm(one) + np.linalg.norm(other)))


def _backward(parameters: Mapping[str, np.ndarray], A1: np.ndarray, A2: np.ndarray, X: np.ndarray, Y: np.ndarray,
              sign: int = 1, mean: bool = True, back: Callable = np.transpose, dW1: Callable = lambda dZ1, X: dZ1 @ X.T,
              slope: bool = True) -> dict[str, np.ndarray]:
    """The lesson's way back, with a place for each of the usual slips."""
    dZ2 = sign * (A2 - Y) / (X.shape[1] if mean else 1)
    dZ1 = back(parameters["W2"]) @ dZ2 * ((1 - A1**2) if slope else 1)
    return {"W1": dW1(dZ1, X), "b1": dZ1.sum(axis=1, keepdims=True),
            "W2": dZ2 @ A1.T, "b2": dZ2.sum(axis=1, keepdims=True)}


BACKWARD = {
    "no slip": _backward,
    "Y - A2 for A2 - Y": partial(_backward, sign=-1),
    "1/m forgotten": partial(_backward, mean=False),
    "W2 not transposed": partial(_backward, back=lambda W2: W2),
    "dW1 = X @ dZ1.T": partial(_backward, dW1=lambda dZ1, X: X @ dZ1.T),
    "slope of tanh forgotten": partial(_backward, slope=False),
}


def slips() -> dict[str, dict[str, float]]:
    """For each of the usual slips, how far each gradient is from the numerical one, in a network of square matrices."""
    square, rng = MLP((3, 3, 3)), np.random.default_rng(1)
    w, X, Y = square.init(rng), rng.standard_normal((3, 6)), rng.integers(0, 2, (3, 6)).astype(float)
    parameters, true = square.views(w), square.views(numerical(square, w, X, Y))
    A1 = np.tanh(parameters["W1"] @ X + parameters["b1"])
    A2 = 1 / (1 + np.exp(-(parameters["W2"] @ A1 + parameters["b2"])))
    found = {slip: backward(parameters, A1, A2, X, Y) for slip, backward in BACKWARD.items()}
    return {slip: {name: difference(mine[name], true[name]) for name in ("W2", "b2", "W1", "b1")}
            for slip, mine in found.items()}


def _transposed(found: Mapping[str, Mapping[str, float]]) -> Outcome:
    wrong = [name for name, gap in found["W2 not transposed"].items() if gap > 1e-6]
    answer = {2: "dW1 and db1" if "W1" in wrong else "dW2 and db2", 4: "all four"}.get(len(wrong), "dW1 alone")
    figure, ax = plots.picture(6.4, 3.4)
    names = list(next(iter(found.values())))
    gaps = np.array([[row[name] for name in names] for row in found.values()])
    ax.pcolormesh(gaps, vmin=0, vmax=1.6, cmap="Oranges", edgecolors="white", lw=2)
    for row, column in np.ndindex(gaps.shape):
        right = gaps[row, column] < 1e-6
        ax.text(column + 0.5, row + 0.5, "right" if right else f"{gaps[row, column]:.2f}", ha="center", va="center",
                color="#777777" if right else "#000000", weight="normal" if right else "bold")
    ax.set_yticks(np.arange(len(found)) + 0.5, list(found))
    ax.set_xticks(np.arange(len(names)) + 0.5, [f"$d{name[0]}_{name[1]}$" for name in names])
    ax.tick_params(length=0)
    ax.invert_yaxis()
    ax.spines[:].set_visible(False)
    ax.set_xlabel("the way back begins here →", loc="left")
    ax.set(title="A slip spoils its own line, and what comes after it")
    plots.describe(ax, "Relative difference of each gradient from the numerical one, a row for each slip: " + "; ".join(
        f"{slip}: {', '.join(f'd{n} ' + ('right' if g < 1e-6 else f'{g:.2f}') for n, g in row.items())}"
        for slip, row in found.items()) + ".")
    return Outcome(answer, "dW2 and db2 were computed before the line with the slip and never heard of it. What comes "
                   "after it is wrong.", [figure])


transposed = Predict("In a network whose matrices are square you write W2 @ dZ2 for W2.T @ dZ2. NumPy doesn't "
                     "complain. Which gradients come out wrong?", {
    "all four": "One wrong line, and nothing can be trusted: a healthy instinct. But some lines ran before it.",
    "dW1 and db1": "",
    "dW2 and db2": "The slip has W2 in it. But it is the line that hands the blame on from W2, not the one that "
                   "blames W2.",
    "dW1 alone": "db1 is a sum of dZ1, and dZ1 comes from the same line.",
}, settled=_transposed)


def _best_h(h: np.ndarray, errors: np.ndarray) -> Outcome:
    figure, ax = plots.picture(6.4, 3.4)
    ax.loglog(h, errors, "o-", color=BLUE, lw=2)
    ax.text(3e-2, 2e-10, "the curve bends\nbetween the points", ha="center", color="#666666")
    ax.text(1e-12, 2e-8, "rounding", ha="center", color="#666666")
    ax.set(xlabel="$h$", ylabel="relative error", title="Neither large nor tiny: the error has a valley")
    plots.describe(ax, f"Error of the central difference against h, both logarithmic: {errors[0]:.0e} at h = 0.1, "
                       f"lowest, {min(errors):.0e}, at h = {h[np.argmin(errors)]:.0e}, and {errors[-1]:.0e} at h = "
                       "1e-13.")
    asked = {1: "10⁻¹", 5: "10⁻⁵", 13: "10⁻¹³"}
    best = min(asked, key=lambda power: errors[power - 1])
    return Outcome(asked[best], "Two errors pull in opposite directions. For a large h the curve bends between the "
                   "two points, and that error shrinks like h². For a tiny h the two losses agree in almost all of "
                   "their 16 digits, the subtraction leaves only rounding noise, and dividing by h blows it "
                   "up.", [figure])


best_h = Predict("Which h gives the most accurate central difference?", {
    "10⁻¹": "A tenth is coarse: over such a distance the curve bends.",
    "10⁻⁵": "",
    "10⁻¹³": "In mathematics, yes: the smaller the better. A computer keeps 16 digits, and here nearly all of them "
             "cancel.",
}, settled=_best_h)


# --- the price ------------------------------------------------------------------------------------------

SETUP = """
import numpy as np
from optimlab.datasets import digits
from optimlab.networks import MLP
network = MLP((64, 32, 10), output="softmax")
X, Y = digits().X[:, :500] / 16, digits().Y[:, :500]
w = network.init(np.random.default_rng(0))
"""


def show_the_price() -> plots.Table:
    """What all gradients of the digits' network cost, by backpropagation and, worked out from one run, by nudges."""
    size = MLP((64, 32, 10), output="softmax").size
    run, both = seconds(SETUP, "network.loss(w, X, Y)", "network.loss_and_gradient(w, X, Y)")
    rows = [("one run forward", 1, run, "measured"),
            ("backpropagation: forward and back", f"{both / run:.1f}", both, "measured"),
            ("every weight nudged up and down", f"{2 * size:,}", 2 * size * run, "worked out")]
    return plots.Table(f"All {size:,} gradients for 500 digits, on one thread of this machine",
                       ("", "as long as this many runs", "time", ""),
                       [(what, runs, _time(t), how) for what, runs, t, how in rows])


def _time(seconds: float) -> str:
    """Two digits, in a unit that suits.

    >>> _time(0.000312), _time(0.0456), _time(12.3)
    ('0.31 ms', '46 ms', '12 s')
    """
    number, unit = (seconds, "s") if seconds >= 1 else (1000 * seconds, "ms")
    return f"{number:.0f} {unit}" if number >= 10 else f"{number:.2g} {unit}"


# --- claims ---------------------------------------------------------------------------------------------

def _descent(losses: Sequence[tuple[float, float]]) -> Outcome:
    alone, stepped = np.transpose(losses)
    still = np.ptp(alone) == 0
    figure, ax = plots.picture(6.4, 3.0)
    ax.plot(alone, color=ORANGE, lw=2)
    ax.plot(stepped, color=plots.COLORS["GradientDescent"], lw=2)
    ax.text(99, alone[-1] - 0.045, "backpropagation alone", ha="right", color=ORANGE)
    ax.text(99, stepped[-1] + 0.03, "and a step of descent each time", ha="right")
    ax.set(xlabel="times", ylabel="loss $J$", title="Backpropagation finds the way down; it doesn't take it")
    plots.describe(ax, f"The loss against how often: with backpropagation alone it stays at {alone[-1]:.3f}; with a "
                       f"step of gradient descent after each it falls from {stepped[0]:.3f} to {stepped[-1]:.3f}.")
    why = (f"A hundred backpropagations left the loss at {alone[-1]:.4f}, and no weight moved. What backpropagation "
           "computes is the <b>gradient</b>. Descent is one way to use it, and it is another line of code. "
           "Rumelhart, Hinton and Williams (1986) keep the two apart as well: first the derivatives, then what to do "
           "with them.")
    return Outcome("does not hold" if still else "holds", why, [figure])


descent = Claim("Compute a gradient descent with respect to weights.", "does not hold", _descent, {
    "holds": "The two words are so often heard together that one seems to mean the other. Most tutorials blur it.",
    "holds when ...": "You can put the two into one function, and many libraries do. They are still two things."})


def _narrows(alphas: np.ndarray, helped: Sequence[float]) -> Outcome:
    shares = np.asarray(helped)
    figure, ax = plots.picture(6.4, 3.0)
    ax.semilogx(alphas, 100 * shares, "o-", color=plots.COLORS["GradientDescent"], lw=2)
    ax.set(xlabel="α, how far the step goes", ylabel="networks with a lower loss, in %", ylim=(-4, 104),
           title="A small step helps every network, a huge one none")
    plots.describe(ax, f"Share of the networks whose loss is lower after one step, against α: {shares[0]:.0%} at "
                       f"{alphas[0]:g}, {shares[-1]:.0%} at {alphas[-1]:g}.")
    holds = "holds" if shares.min() == 1 else "holds when ..." if shares[0] == 1 else "does not hold"
    told = ", ".join(f"{100 * shares[np.argmin(abs(alphas - a))]:.1f} % at α = {a:g}" for a in (1, 10, 100))
    return Outcome(holds, f"The loss falls for {told}. The gradient is a promise about the very next bit of the way: "
                   "for a small α the loss falls by α times the squared length of the gradient, and what the promise "
                   "leaves out grows like α² (Taylor).", [figure])


narrows = Claim("Adjust connection weights to narrow the difference between the two.", "holds when the step is small "
                                                                                       "enough",
                _narrows, {"holds": "Against the gradient is downhill, so how could it go wrong? Only by going too "
                                    "far.",
                           "does not hold": "Some steps do make it worse. But there is a cure that always works: go "
                                            "less far."})


# --- your turn ------------------------------------------------------------------------------------------

def _moons() -> tuple[MLP, np.ndarray, Examples]:
    network = MLP((2, 4, 1))
    return network, network.init(np.random.default_rng(0)), two_moons(np.random.default_rng(0), n=100)


def try_numerical_gradient(numerical_gradient: Callable) -> Markdown:
    """The student's witness against backpropagation, once it is right."""
    if say := to_be_written(numerical_gradient):
        return say
    network, w, (X, Y, _) = _moons()
    mine = numerical_gradient(lambda w: network.loss(w, X, Y), w)
    gap = difference(mine, network.gradient(w, X, Y))
    return Markdown(f"Your witness and backpropagation differ by {gap:.0e}. They tell the same story.")


def train_with(layer_backward: Callable, steps: int = 1500) -> Markdown | plots.Row:
    """A network trained with the student's way back, once it is right: before and after."""
    network, w, examples = _moons()
    X, Y, _ = examples

    def gradient(w: np.ndarray) -> np.ndarray:
        parameters = network.views(w)
        _, A1, A2 = network.forward(w, X)[0]
        dW2, db2, dA1 = layer_backward((A2 - Y) / X.shape[1], A1, parameters["W2"])
        dW1, db1, _ = layer_backward(dA1 * (1 - A1**2), X, parameters["W1"])
        return network.flatten({"W1": dW1, "b1": db1, "W2": dW2, "b2": db2})

    if say := to_be_written(layer_backward):
        return say
    learned = w.copy()
    for _ in range(steps):
        learned -= gradient(learned)
    pictures = []
    for title, weights in (("before", w), (f"after {steps:,} of your steps", learned)):
        figure, ax = plots.picture(4.05, 3.3)
        plots.decision_boundary(ax, network, weights, examples).set_title(
            f"{title}: loss {network.loss(weights, X, Y):.3f}")
        pictures.append(figure)
    return plots.Row(*pictures)


# --- practice -------------------------------------------------------------------------------------------

def show_vanishing_blame() -> plots.Picture:
    """The length of dZ in each of eleven layers, for the usual first weights and for smaller ones."""
    deep, (_, _, (X, Y, _)) = MLP((2,) + 10 * (16,) + (1,)), _moons()
    w = deep.init(np.random.default_rng(0))
    figure, ax = plots.picture(6.4, 3.2)
    told = []
    runs = ("usual first weights", 1.0, BLUE, (1.2, 0.4)), ("half as large", 0.5, ORANGE, (5, 2e-3))
    for name, scale, color, place in runs:
        dw = deep.views(deep.gradient(scale * w, X[:, :1], Y[:, :1]))
        blame = [np.linalg.norm(dw[f"b{layer}"]) for layer in range(1, 12)]  # db is dZ for one example
        ax.semilogy(range(1, 12), blame, "o-", color=color, lw=2)
        ax.text(*place, name, color=color)
        told.append(f"{name}: {blame[-1]:.2g} in the last layer, {blame[0]:.2g} in the first")
    ax.set(xlabel="layer (the way back goes from right to left)", ylabel="length of $dZ$", xticks=range(1, 12),
           ylim=(1e-4, 2), title="With small weights, the first layers hear almost nothing")
    plots.describe(ax, "Length of dZ against the layer. " + "; ".join(told) + ".")
    return figure
