"""The course's static figures. Each function draws on the Axes it is given and returns it.

    figure, ax = plots.picture()
    plots.losses(ax, {"Adam": history.step_losses})
    figure                                # the last line of a cell shows it, with its alt text

One colour an optimizer, the same in every figure (Okabe and Ito's set, told apart by colour-blind
readers too). A figure's title says what to see; its alt text says it to who cannot see it.
"""

import base64
import html
import io

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle

COLORS = {
    "GradientDescent": "#000000",
    "Momentum": "#0072B2",
    "Nesterov": "#56B4E9",
    "AdaGrad": "#009E73",
    "RMSProp": "#CC79A7",
    "Adam": "#D55E00",
    "AdamW": "#E69F00",
    "AMSGrad": "#8C6D1F",
}
CLASSES = ("#0072B2", "#D55E00")  # of the examples of a problem with two classes
SERIES = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#000000")  # of what is no optimizer
BATCH_COLORS = {"batch": "#000000", "mini-batch": "#0072B2", "stochastic": "#D55E00"}  # by examples a step
DOTS_PER_INCH = 100  # of a page, without zoom: a figure of 6 inches is 600 CSS pixels wide


class Picture(Figure):
    """A Figure that a notebook shows with its alt text, crisp on high-density screens too.

    The alt text is what `describe` said of its Axes, in their order. Without pyplot: nothing is
    kept open, and a figure is shown where a cell ends with it, not where it was made.
    """

    @property
    def alt(self) -> str:
        """What the figure shows, in words."""
        return " ".join(ax.alt for ax in self.axes if hasattr(ax, "alt"))

    def png(self, facecolor: str = "white") -> bytes:
        """The figure as a PNG file, two pixels for each CSS pixel."""
        file = io.BytesIO()
        FigureCanvasAgg(self)
        self.savefig(file, format="png", dpi=2 * DOTS_PER_INCH, facecolor=facecolor)
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return image(self.png(), self.alt, self.get_figwidth())


def image(png: bytes, alt: str, width: float) -> dict:
    """A PNG as what a notebook shows: with its alt text, `width` inches wide or as wide as the page.

    >>> sorted(image(b"", "A line that falls.", 6.4))
    ['text/html', 'text/plain']
    """
    data = base64.b64encode(png).decode()
    return {"text/plain": alt,
            "text/html": f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt, quote=True)}" '
                         f'style="width:{width * DOTS_PER_INCH:.0f}px;max-width:100%">'}


def picture(width: float = 6.4, height: float = 3.8, panels: int = 1) -> tuple[Picture, Axes | np.ndarray]:
    """A new figure of `width` by `height` inches, and its Axes (an array of them for several panels).

    >>> figure, (left, right) = picture(8, 3, panels=2)
    >>> len(figure.axes)
    2
    """
    figure = Picture(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained")
    return figure, figure.subplots(1, panels)


def describe(ax: Axes, text: str) -> Axes:
    """Give the Axes its alt text: what there is to see, in a sentence or two.

    >>> figure, ax = picture()
    >>> _ = describe(ax, "A line that falls.")
    >>> figure.alt
    'A line that falls.'
    """
    ax.alt = text
    return ax


def losses(ax: Axes, histories: dict[str, np.ndarray]) -> Axes:
    """Loss against steps, one line an optimizer, on a logarithmic scale.

    histories: name of an optimizer (a key of COLORS) -> losses, one a step.

    >>> losses(picture()[1], {"Adam": np.array([1.0, 0.5, 0.25])}).alt
    'Loss against steps, on a logarithmic scale: Adam from 1 to 0.25.'
    """
    for name, values in histories.items():
        ax.semilogy(np.arange(1, len(values) + 1), values, color=COLORS[name], lw=2,
                    label=f"{name}, ends at {values[-1]:.2g}")
    ax.set(xlabel="step", ylabel="loss")
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    ends = ", ".join(f"{name} from {values[0]:.2g} to {values[-1]:.2g}" for name, values in histories.items())
    return describe(ax, f"Loss against steps, on a logarithmic scale: {ends}.")


def contours(ax: Axes, surface, lines: int = 14, points: int = 241) -> Axes:
    """Contour lines of a loss over two weights; the stronger a line, the lower it lies; × at the minima.

    Between neighbouring lines lies area, not loss: line k of n encloses (k/n)**2 of the picture. A
    bowl becomes evenly spaced rings, and the floor of a ravine and a plateau keep their lines too.
    How steep it is, the distance of the lines does not tell; that the gradient crosses them at a
    right angle, it does, for both axes have one scale.

    surface: a `Surface` with two coordinates; its domain is what is drawn. points: how many of them
    are computed along each axis; fewer do where each is dear. Works on white and on dark.

    >>> from optimlab.surfaces import ravine
    >>> contours(picture()[1], ravine).get_xlabel()
    '$w_1$'
    """
    (left, right), (bottom, top) = surface.domain
    x, y = np.meshgrid(np.linspace(left, right, points), np.linspace(bottom, top, points))
    loss = surface.loss(np.stack([x, y], axis=-1))
    shares = np.linspace(0, 1, lines + 1)[1:-1]
    # Flat land can give the same loss to two shares, and contour() wants rising levels.
    levels = np.unique(np.quantile(loss, shares**2))
    strengths = np.linspace(0.95, 0.35, len(levels))
    ax.contour(x, y, loss, levels=levels, linewidths=1.1,
               colors=[(0.5, 0.5, 0.5, strength) for strength in strengths], negative_linestyles="solid")
    ax.plot(*surface.minima.T, "x", color="#888888", ms=7, mew=2, ls="")
    ax.set(xlabel="$w_1$", ylabel="$w_2$", xlim=(left, right), ylim=(bottom, top), aspect="equal")
    where = " and ".join(f"({a:.3g}, {b:.3g})" for a, b in surface.minima)
    return describe(ax, f"Contour lines, {surface.name}: w1 from {left:g} to {right:g} and w2 from "
                        f"{bottom:g} to {top:g}, stronger where the loss is lower"
                        + (f"; crosses at its lowest places, {where}." if where else "."))


def curves(ax: Axes, title: str, lines: dict[str, tuple], colors=SERIES, **axes) -> Axes:
    """Lines with a legend: name -> (x, y) or (x, y, format), such as ("o-").

    colors: one a line, in order. axes: what `Axes.set` takes, such as xlabel="step", yscale="log".

    >>> ax = curves(picture()[1], "Twice as far each time", {"here": ([0, 1], [1, 2])}, xlabel="time", ylabel="way")
    >>> ax.alt
    'Twice as far each time. way against time: here from 1 at 0 to 2 at 1.'
    """
    told = []
    for (name, (x, y, *style)), color in zip(lines.items(), colors):
        ax.plot(x, y, *style, color=color, lw=1.8, ms=5, label=name)
        told.append(f"{name} from {y[0]:.3g} at {x[0]:g} to {y[-1]:.3g} at {x[-1]:g}")
    ax.set(title=title, **axes)
    ax.grid(alpha=0.3)
    ax.legend(frameon=False)
    return describe(ax, f"{title}. {ax.get_ylabel()} against {ax.get_xlabel()}: {'; '.join(told)}.")


def decision_boundary(ax: Axes, network, w: np.ndarray, examples) -> Axes:
    """What a network with two inputs and one sigmoid output says of every place, and the examples.

    network: an MLP; w: its flat parameter vector; examples: an `Examples` with X (2, m).

    >>> from optimlab.datasets import two_moons
    >>> from optimlab.networks import MLP
    >>> rng, network = np.random.default_rng(0), MLP((2, 4, 1))
    >>> decision_boundary(picture()[1], network, network.init(rng), two_moons(rng)).get_xlabel()
    'x1'
    """
    low, high = examples.X.min(axis=1) - 0.4, examples.X.max(axis=1) + 0.4
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 160), np.linspace(low[1], high[1], 160))
    A, _ = network.forward(w, np.stack([x1.ravel(), x2.ravel()]))
    probability = A[-1].reshape(x1.shape)
    ax.contourf(x1, x2, probability, levels=[0, 0.5, 1], colors=CLASSES, alpha=0.18)
    ax.contour(x1, x2, probability, levels=[0.5], colors="#333333", linewidths=1.5)
    for label, color, marker in zip((0, 1), CLASSES, "os"):
        x = examples.X[:, examples.labels == label]
        ax.plot(*x, marker, color=color, ms=4, mec="white", mew=0.4, label=f"class {label}")
    ax.set(xlabel="x1", ylabel="x2", xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal")
    ax.legend(loc="lower left", framealpha=0.9)
    right = np.mean(network.predict(w, examples.X) == examples.labels)
    return describe(ax, "The plane of x1 and x2 in two colours, one for each class that the network says, with "
                        f"the examples as dots: {right:.0%} of them lie on the side of their own colour.")


def network_shapes(ax: Axes, n_x: int = 2, n_h: int = 4, n_y: int = 1) -> Axes:
    """The arrays of a two-layer network as grids of squares, one square a number.

    >>> len(network_shapes(picture()[1]).patches)  # 4*2 + 4 + 1*4 + 1 squares, and the inputs
    19
    """
    weights, biases, inputs = "#0072B2", "#E69F00", "#999999"
    parts = [("x", "n_x", "1", n_x, 1, inputs, "  →"), ("W1", "n_h", "n_x", n_h, n_x, weights, ""),
             ("b1", "n_h", "1", n_h, 1, biases, "  →"), ("W2", "n_y", "n_h", n_y, n_h, weights, ""),
             ("b2", "n_y", "1", n_y, 1, biases, "")]
    left = 0.0
    for name, rows_name, columns_name, rows, columns, color, then in parts:
        wide = max(columns, 1.6)
        start = left + (wide - columns) / 2
        _squares(ax, start, rows, columns, color)
        middle, top = left + wide / 2, max(n_x, n_h, n_y) / 2
        ax.text(middle, top + 0.9, name, ha="center", va="center", size=13, weight="bold")
        ax.text(middle, -top - 0.7, f"({rows_name}, {columns_name})", ha="center", va="center", size=10)
        ax.text(middle, -top - 1.4, f"({rows}, {columns})", ha="center", va="center", size=10, color="#555555")
        left += wide + (1.9 if then else 1.0)
        if then:
            ax.text(left - 0.95, 0, "→", ha="center", va="center", size=16)
    ax.set(xlim=(-0.4, left - 0.6), ylim=(-top - 2.0, top + 1.5), aspect="equal")
    ax.set_title(f"n_x = {n_x} inputs, n_h = {n_h} hidden units, n_y = {n_y} output: one square, one number",
                 size=11)
    ax.axis("off")
    return describe(ax, "Grids of squares, one square a number: " + ", ".join(
        f"{name} has {rows} rows and {columns} columns" for name, _, _, rows, columns, _, _ in parts) + ".")


def gradient_shapes(ax: Axes, n_x: int = 2, n_h: int = 4, n_y: int = 1, m: int = 5) -> Axes:
    """The three matrix products of the way back through a two-layer network, as grids of squares.

    From left to right: dW2 = dZ2 @ A1.T, dA1 = W2.T @ dZ2, dW1 = dZ1 @ X.T.

    >>> len(gradient_shapes(picture()[1]).patches)  # (4 + 5 + 20) + (20 + 4 + 5) + (8 + 20 + 10)
    96
    """
    size = {"n_x": n_x, "n_h": n_h, "n_y": n_y, "m": m}
    gradients, known = "#D55E00", "#999999"
    products = [[("dW2", "n_y", "n_h"), ("dZ2", "n_y", "m"), ("A1.T", "m", "n_h")],
                [("dA1", "n_h", "m"), ("W2.T", "n_h", "n_y"), ("dZ2", "n_y", "m")],
                [("dW1", "n_h", "n_x"), ("dZ1", "n_h", "m"), ("X.T", "m", "n_x")]]
    left, top = 0.0, max(size.values()) / 2
    for product in products:
        for (name, rows, columns), sign in zip(product, ("=", "@", "")):
            wide = max(size[columns], 3.4)
            start, middle = left + (wide - size[columns]) / 2, left + wide / 2
            _squares(ax, start, size[rows], size[columns], gradients if name[0] == "d" else known)
            ax.text(middle, top + 0.9, name, ha="center", va="center", size=13, weight="bold")
            ax.text(middle, -top - 0.9, f"({rows}, {columns})", ha="center", va="center", size=11)
            ax.text(middle, -top - 2.2, f"({size[rows]}, {size[columns]})", ha="center", va="center", size=11,
                    color="#555555")
            left += wide + 1.5
            ax.text(left - 0.75, 0, sign, ha="center", va="center", size=13)
        left += 1.4
    ax.set(xlim=(-0.3, left - 2.6), ylim=(-top - 2.9, top + 1.6), aspect="equal")
    ax.set_title(f"The way back, with m = {m} examples: the two axes beside @ must agree (gradients in orange)", size=11)
    ax.axis("off")
    return describe(ax, "Matrix products as grids of squares: " + "; ".join(
        f"{' @ '.join(f'{name} of shape ({size[rows]}, {size[columns]})' for name, rows, columns in factors)} "
        f"gives {result[0]} of shape ({size[result[1]]}, {size[result[2]]})"
        for result, *factors in products) + ".")


def _squares(ax: Axes, left: float, rows: int, columns: int, color: str) -> None:
    for row in range(rows):
        for column in range(columns):
            ax.add_patch(Rectangle((left + column, rows / 2 - row - 1), 1, 1, fc=color, ec="white", lw=2, alpha=0.75))


def averages(ax: Axes, date: np.ndarray, theta: np.ndarray, lines: dict[str, np.ndarray]) -> Axes:
    """Daily values as grey dots, and averages of them as lines.

    date: shape (days,), datetime64; theta: shape (days,); lines: name -> values, shape (days,).

    >>> date = np.arange("2012-01-01", "2012-01-04", dtype="datetime64[D]")
    >>> averages(picture()[1], date, np.array([1.0, 3.0, 2.0]), {"β = 0.5": np.array([0.5, 1.75, 1.875])}).alt
    'Grey dots, one a day, from 1 to 3. β = 0.5: a line that starts at 0.5, ends at 1.9 and lies between 0.5 and 1.9.'
    """
    ax.plot(date, theta, "o", ms=2.5, color="#888888")
    for (name, values), color in zip(lines.items(), ("#D55E00", "#0072B2", "#009E73", "#CC79A7")):
        ax.plot(date, values, lw=2, color=color, label=name)
    ticks = AutoDateLocator()
    ax.xaxis.set_major_locator(ticks)
    ax.xaxis.set_major_formatter(ConciseDateFormatter(ticks))
    ax.grid(alpha=0.3)
    if lines:
        ax.legend(frameon=False, loc="upper left")
    told = " ".join(f"{name}: a line that starts at {v[0]:.2g}, ends at {v[-1]:.2g} and lies between {v.min():.2g} "
                    f"and {v.max():.2g}." for name, v in lines.items())
    return describe(ax, f"Grey dots, one a day, from {theta.min():.2g} to {theta.max():.2g}. {told}")


# Lessons: number -> name, and where it stands on the map: column, row.
LESSONS = {
    "00": ("Start here", 0, 3), "01": ("Backpropagation", 0, 2), "02": ("Gradient descent", 0, 1),
    "03": ("Mini-batches", 1, 2), "04": ("Moving average", 2, 2), "05": ("Momentum", 2, 1),
    "06": ("AdaGrad", 1, 0), "07": ("RMSProp", 2, 0), "08": ("Adam", 3, 1), "09": ("Choosing", 3, 0),
}
# From a lesson, to the lesson that repairs its failure: the failure, and how far above the arrow it stands.
FAILURES = [
    ("01", "02", "a gradient\nis no step yet", 0), ("02", "03", "the gradient over\nall data is dear", 0),
    ("03", "04", "noise", 0.14), ("02", "05", "one α for all directions: zig-zag", 0.14),
    ("02", "06", "rare features\nstarve", 0), ("06", "07", "rate decays\nto nothing", 0.25),
    ("05", "08", "one α for\nall weights", 0.25), ("07", "08", "first steps\ntoo long", 0),
    ("08", "09", "which one,\nand when?", 0),
]


def course_map(ax: Axes) -> Axes:
    """The ten lessons as boxes; an arrow carries the failure that the lesson at its tip repairs.

    >>> len(course_map(picture(9, 5.6)[1]).patches)  # ten boxes
    10
    """
    center = {number: (2.4 * column, 1.35 * row) for number, (_, column, row) in LESSONS.items()}
    for number, (name, _, _) in LESSONS.items():
        x, y = center[number]
        ax.add_patch(FancyBboxPatch((x - 0.66, y - 0.3), 1.32, 0.6, boxstyle="round,pad=0.05", fc="#E8F1F8",
                                    ec="#0072B2", lw=1.5, zorder=2))
        ax.text(x, y + 0.13, number, ha="center", va="center", size=10.5, color="#333333", zorder=3)
        ax.text(x, y - 0.11, name, ha="center", va="center", size=9.6, color="#000000", weight="bold", zorder=3)
    failing = {"color": "#D55E00", "lw": 1.8, "arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
    for tail, tip, failure, above in FAILURES:
        begin, end = _between_boxes(np.array(center[tail]), np.array(center[tip]))
        ax.annotate("", end, begin, arrowprops=failing, zorder=1)
        ax.text(*((begin + end) / 2 + (0, above)), failure, ha="center", va="center", size=10, color="#A04000", zorder=4,
                bbox=None if above else {"fc": "white", "ec": "none", "pad": 1.0})
    again = {"color": "#666666", "lw": 1.5, "arrowstyle": "-|>", "ls": "--"}
    for tail, tip in ("04", "05"), ("00", "01"):
        begin, end = _between_boxes(np.array(center[tail]), np.array(center[tip]))
        ax.annotate("", end, begin, arrowprops=again, zorder=1)
    ax.text(4.9, 2.03, "used in 05, 07 and 08", ha="left", va="center", size=10, color="#444444")
    ax.text(1.75, 4.05, "Ten lessons: what fails, and which lesson repairs it", va="center", size=13, color="#000000")
    ax.set(xlim=(-0.8, 8.0), ylim=(-0.5, 4.45), aspect="equal")
    ax.axis("off")
    repairs = "; ".join(f"{tail} to {tip}, {' '.join(failure.split())}" for tail, tip, failure, _ in FAILURES)
    return describe(ax, f"A map of the ten lessons. Arrows from a failure to the lesson that repairs it: {repairs}.")


def _between_boxes(tail: np.ndarray, tip: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the line between two boxes' centres leaves the one and meets the other."""
    way = tip - tail
    with np.errstate(divide="ignore"):
        inside = min(0.74 / abs(way[0]), 0.38 / abs(way[1]))
    return tail + inside * way, tip - inside * way
