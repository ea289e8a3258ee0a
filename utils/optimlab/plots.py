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
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LogNorm
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from PIL import Image

from .comparison import state_arrays
from .optimizers import OPTIMIZERS

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
        # What savefig writes; but that lays out and draws everything twice.
        file, canvas, dpi = io.BytesIO(), FigureCanvasAgg(self), self.dpi
        self.set(dpi=2 * DOTS_PER_INCH, facecolor=facecolor)
        canvas.draw()
        self.set_dpi(dpi)
        pixels = Image.fromarray(np.asarray(canvas.buffer_rgba()))
        (pixels if facecolor == "none" else pixels.convert("RGB")).save(file, "png")
        return file.getvalue()

    def _repr_mimebundle_(self, include=None, exclude=None) -> dict:
        return image(self.png(), self.alt, self.get_figwidth())

    def _ipython_display_(self) -> None:
        # Once a notebook has imported pyplot, IPython would draw every Figure again, as a PNG of its own.
        display(self._repr_mimebundle_(), raw=True)


class Panel(Axes):
    """Axes whose title has its place."""

    def set_title(self, label, *args, **kw):
        """Set the title. It keeps clear of no ticks at the top, and looking for these takes a quarter of a drawing."""
        return super().set_title(label, *args, **{"y": 1.0, **kw})


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
    return figure, figure.subplots(1, panels, subplot_kw={"axes_class": Panel})


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


def rate_map(ax: Axes, comparison) -> Axes:
    """Validation accuracy in % of every optimizer (rows) at every learning rate (columns), means over the seeds.

    The lighter the better, on a logarithmic scale of what is missing to 100 %. A box marks each optimizer's best
    rate, × a rate at which the loss ended no lower than it began, for some seed. For a width of 9 inches.

    comparison: a `Comparison`, such as `comparison.measured()`.

    >>> from optimlab.comparison import measured
    >>> rate_map(picture(9, 4)[1], measured()).alt[:87]
    'Validation accuracy of each optimizer at learning rates from 0.0001 to 100. Best rates:'
    """
    accuracy, failed = comparison.validation_accuracy.mean(axis=-1), comparison.diverged.any(axis=-1)
    wrong = np.clip(1 - np.nan_to_num(accuracy), 0.01, 1)
    shown = ax.pcolormesh(wrong, norm=LogNorm(wrong.min(), 1), cmap="cividis_r", edgecolors="white", lw=1)
    best = [int(np.argmin(abs(comparison.rates - comparison.best_rate(name)))) for name in comparison.names]
    decimals = 0 if len(comparison.rates) > 11 else 1
    for row, column in np.ndindex(wrong.shape):
        text = "×" if failed[row, column] else f"{100 * accuracy[row, column]:.{decimals}f}"
        ax.text(column + 0.5, row + 0.5, text, ha="center", va="center", size=9.5,
                weight="bold" if column == best[row] else None,
                color="black" if shown.norm(wrong[row, column]) < 0.5 else "white")
    for row, column in enumerate(best):
        ax.add_patch(Rectangle((column, row), 1, 1, fill=False, ec="#D55E00", lw=3, zorder=3))
    ax.set_yticks(np.arange(len(best)) + 0.5, comparison.names)
    ax.set_xticks(np.arange(len(comparison.rates)) + 0.5, _rate_labels(comparison.rates))
    ax.tick_params(length=0)
    ax.invert_yaxis()
    ax.set(xlabel="learning rate α", title="Validation accuracy in %: each has its own best rate (box); "
                                           "× the loss ended above its start")
    ax.spines[:].set_visible(False)
    told = ", ".join(f"{name} {comparison.rates[column]:.3g} ({100 * accuracy[row, column]:.1f} %)"
                     for row, (name, column) in enumerate(zip(comparison.names, best)))
    return describe(ax, f"Validation accuracy of each optimizer at learning rates from {comparison.rates[0]:g} to "
                        f"{comparison.rates[-1]:g}. Best rates: {told}.")


def _rate_labels(rates: np.ndarray) -> list[str]:
    """Each rate, or only the powers of ten where all would not fit side by side."""
    power = np.isclose(np.log10(rates), np.round(np.log10(rates)), atol=1e-3)
    return [f"{float(f'{rate:.2g}'):g}" if len(rates) <= 11 or is_power else "" for rate, is_power in zip(rates, power)]


def race(ax: Axes, comparison) -> Axes:
    """Training loss against epochs, every optimizer at its own best rate: the mean, and the seeds' range as a band.

    comparison: a `Comparison`. An optimizer without a colour of its own is drawn grey and dashed.

    >>> from optimlab.comparison import measured
    >>> len(race(picture(9, 4.2)[1], measured()).lines)
    8
    """
    ends = {name: comparison.curves(name)[:, -1].mean() for name in comparison.names}
    # Who diverges leaves the picture through the ceiling; the others keep their room.
    ceiling = 10 * comparison.training_loss[..., 0].max()
    for name in sorted(ends, key=lambda name: np.nan_to_num(ends[name], nan=np.inf), reverse=True):
        runs = np.minimum(comparison.curves(name), 2 * ceiling)
        epochs = np.arange(runs.shape[1])
        color, style = (COLORS[name], "-") if name in COLORS else ("#777777", "--")
        ax.fill_between(epochs, runs.min(axis=0), runs.max(axis=0), color=color, alpha=0.15, lw=0)
        ax.plot(epochs, runs.mean(axis=0), style, color=color, lw=2,
                label=f"{name} (α = {comparison.best_rate(name):.2g})")
    ax.set(xlabel="epoch", ylabel="loss on the training data", yscale="log",
           title="Each at its own best rate: the mean of the seeds, and their range")
    ax.grid(alpha=0.3)
    ax.legend(frameon=False, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=10)
    if ax.get_ylim()[1] > ceiling:
        ax.set_ylim(top=ceiling)
    told = "; ".join(f"{name} ends at {end:.2g}" for name, end in ends.items())
    return describe(ax, "Training loss against epochs, on a logarithmic scale, each optimizer at its own best rate: "
                        f"{told}.")


def ranking(ax: Axes, comparison, rate: float | None = None) -> Axes:
    """Test accuracy of every optimizer, best on top: at its own best rate, or all at one `rate`.

    The large dot is the mean of the seeds, which are the small dots below it; the line, a standard deviation
    to each side.

    comparison: a `Comparison`; rate: one of its rates.

    >>> from optimlab.comparison import measured
    >>> [label.get_text() for label in ranking(picture()[1], measured(), rate=0.01).get_yticklabels()][-1]
    'Nesterov\\n87.2 ± 1.7 %'
    """
    places = comparison.ranking(rate)
    labels = []
    for row, place in enumerate(places):
        color = COLORS.get(place.name, "#777777")
        at = np.isclose(comparison.rates, place.learning_rate)
        seeds = 100 * comparison.test_accuracy[comparison.names.index(place.name), at].ravel()
        ax.plot(seeds, np.full(len(seeds), row + 0.22), "o", ms=4.5, color=color, alpha=0.5, mew=0)
        ax.errorbar(100 * place.mean, row, xerr=100 * place.deviation, fmt="o", ms=8, color=color, lw=2)
        own = "" if rate is not None else f" (α = {place.learning_rate:.2g})"
        labels.append(f"{place.name}{own}\n{_percent(place)}")
    ax.set_yticks(range(len(places)), labels)
    ax.set(xlabel="test accuracy in %", ylim=(len(places) - 0.5, -0.5),
           title="Each at its own best rate" if rate is None else f"All at one rate: α = {rate:g}")
    ax.grid(alpha=0.3)
    where = "each at its own best rate" if rate is None else f"all at the rate {rate:g}"
    told = ", ".join(label.replace("\n", " ") for label in labels)
    return describe(ax, f"Test accuracy, {where}, best first: {told}.")


def _percent(place) -> str:
    return "overflowed" if np.isnan(place.mean) else f"{100 * place.mean:.1f} ± {100 * place.deviation:.1f} %"


# What no race measures: the failure that an optimizer repairs, and when to take it.
CHOICE = {
    "GradientDescent": ("nothing: the rule that\nall the others start from", "as the yardstick, or\nwhere memory is short"),
    "Momentum": ("the zig-zag in a ravine,\nand the crawl along it", "in ravines, with time\nto search for α and β"),
    "Nesterov": ("momentum's overshooting:\nit looks ahead", "wherever you would\ntake Momentum"),
    "AdaGrad": ("one α for all: weights of\nrare features starve", "for sparse features and\nshort trainings"),
    "RMSProp": ("AdaGrad's rate\nthat dies away", "for problems that change\nwhile you train"),
    "Adam": ("RMSProp's long first steps\nand its raw gradient", "as the first try\non a new problem"),
    "AdamW": ("Adam's weight decay,\nwhich v and s distort", "where weights\nshould decay"),
    "AMSGrad": ("Adam's short memory of\nrare, large gradients", "where Adam\ndoes not settle"),
}


def decision_chart(ax: Axes, comparison, within: float = 0.02) -> Axes:
    """One page for practice: what each optimizer repairs, which rates to try, what it costs, when to take it.

    Rates and accuracies are those of `comparison`, a `Comparison`; a bar spans the rates whose validation accuracy
    is within `within` of the best one's. The arrays are counted in the optimizer's state. For `picture(9, 6.8)`;
    the rows are the course's optimizers that the comparison holds; ValueError when it holds none.

    >>> from optimlab.comparison import measured
    >>> decision_chart(picture(9, 6.8)[1], measured()).alt[:61]
    'A table of optimizers. GradientDescent: best rate 4.6, good f'
    """
    names = [name for name in comparison.names if name in CHOICE]
    if not names:
        raise ValueError(f"none of {', '.join(comparison.names)} is one of the course's optimizers")
    ranked = {place.name: place for place in comparison.ranking()}
    good = {name: comparison.good_rates(name, within) for name in names}
    first, last = (limit(np.round(np.log10(list(good.values())), 3)) for limit in (np.min, np.max))
    first, last = int(np.floor(first)), max(int(np.ceil(last)), int(np.floor(first)) + 1)
    # All lengths are inches on the page; the bars lie between left and right.
    left, right, row_height, bottom = 3.15, 5.35, 0.6, 0.98
    top = bottom + row_height * len(names)

    def place_of(rate):
        return left + (right - left) * (np.log10(rate) - first) / (last - first)

    def write(x, y, text, size=9.5, ha="left", **more):
        ax.text(x, y, text, size=size, ha=ha, va="center", linespacing=1.25, **more)

    for x, head, ha in ((0, "optimizer", "left"), (1.12, "what it repairs", "left"),
                        ((left + right) / 2, "its good rates,\n◆ the best of them", "center"),
                        (5.9, "test\naccuracy", "center"), (6.57, "arrays\nkept", "center"),
                        (7.02, "take it", "left")):
        write(x, top + 0.3, head, 10, ha, weight="bold")
    for row, name in enumerate(names):
        if row % 2 == 0:
            ax.add_patch(Rectangle((-0.12, top - row_height * (row + 1)), 9, row_height, fc="#F3F3F3", ec="none",
                                   zorder=0))
    for power in range(first, last + 1):
        ax.plot([place_of(10.0**power)] * 2, [bottom, top], color="#D5D5D5", lw=0.8, zorder=0.5)
        write(place_of(10.0**power), bottom - 0.14, f"{10.0**power:g}", 9, "center")
    write((left + right) / 2, bottom - 0.38, "learning rate α", 9.5, "center")
    told = []
    for row, name in enumerate(names):
        y = top - row_height * (row + 0.5)
        rate, (low, high), (repairs, when) = comparison.best_rate(name), good[name], CHOICE[name]
        accuracy = _percent(ranked[name])
        arrays = state_arrays(OPTIMIZERS[name]())
        ax.add_patch(Rectangle((-0.12, y - row_height / 2), 0.07, row_height, fc=COLORS[name], ec="none"))
        write(0, y, name.replace("tD", "t\nD"), 10.5, weight="bold")
        write(1.12, y, repairs)
        ax.plot([place_of(low), place_of(high)], [y - 0.1] * 2, color=COLORS[name], lw=8, solid_capstyle="butt")
        ax.plot(place_of(rate), y - 0.1, "D", ms=8, mfc="white", mec="black", mew=1.5)
        write(place_of(rate), y + 0.14, f"{rate:.2g}", 10, "center")
        write(5.9, y, accuracy.replace(" ±", "\n±"), ha="center")
        write(6.57, y, str(arrays), 10.5, "center")
        write(7.02, y, when)
        told.append(f"{name}: best rate {rate:.2g}, good from {low:.2g} to {high:.2g}, test accuracy {accuracy}, arrays "
                    f"kept {arrays}; repairs {' '.join(repairs.split())}; take it {' '.join(when.split())}.")
    seeds, epochs = len(comparison.seeds), comparison.training_loss.shape[-1] - 1
    write(-0.12, 0.2, f"Measured with the same {len(comparison.rates)} rates, {seeds} seeds and {epochs} epochs for each; "
          f"good: validation accuracy within {100 * within:g} points of its best.\n"
          "On another problem the bars move: start in the middle of one, and search with the same budget for each.\n"
          "What each repairs, and when to take it, comes from the lessons' experiments, not from this race.", 9)
    write(-0.12, top + 0.78, "Which optimizer, which rate?", 15, weight="bold")
    ax.set(xlim=(-0.14, 8.88), ylim=(0, top + 0.95))
    ax.axis("off")
    return describe(ax, "A table of optimizers. " + " ".join(told))


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
