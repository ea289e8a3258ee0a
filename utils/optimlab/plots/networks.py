"""Networks: what they say of the plane, and the shapes of their arrays."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from optimlab.datasets import Examples
from optimlab.networks import MLP
from optimlab.plots.figure import describe

CLASSES = ("#0072B2", "#D55E00")  # of the examples of a problem with two classes


def decision_boundary(ax: Axes, network: MLP, w: np.ndarray, examples: Examples) -> Axes:
    """What a network with two inputs and one sigmoid output says of every place, and the examples.

    network: an MLP; w: its flat parameter vector; examples: an `Examples` with X (2, m).

    >>> from optimlab.plots.figure import picture
    >>> from optimlab.datasets import two_moons
    >>> from optimlab.networks import MLP
    >>> rng, network = np.random.default_rng(0), MLP((2, 4, 1))
    >>> decision_boundary(picture()[1], network, network.init(rng), two_moons(rng)).get_xlabel()
    '$x_1$'
    """
    low, high = examples.X.min(axis=1) - 0.4, examples.X.max(axis=1) + 0.4
    x1, x2 = np.meshgrid(np.linspace(low[0], high[0], 100), np.linspace(low[1], high[1], 100))
    A, _ = network.forward(w, np.stack([x1.ravel(), x2.ravel()]))
    probability = A[-1].reshape(x1.shape)
    ax.contourf(x1, x2, probability, levels=[0, 0.5, 1], colors=CLASSES, alpha=0.18)
    ax.contour(x1, x2, probability, levels=[0.5], colors="#333333", linewidths=1.5)
    for label, color, marker in zip((0, 1), CLASSES, "os"):
        x = examples.X[:, examples.labels == label]
        ax.plot(*x, marker, color=color, ms=4, mec="white", mew=0.4)
    # No numbers: where in the plane the classes lie says nothing.
    ax.set(xlabel="$x_1$", ylabel="$x_2$", xlim=(low[0], high[0]), ylim=(low[1], high[1]), aspect="equal",
           xticks=(), yticks=())
    right = np.mean(network.predict(w, examples.X) == examples.labels)
    return describe(ax, "The plane of x1 and x2 in two colours, one for each class that the network says, with "
                        f"the examples as dots and squares: {right:.0%} of them lie on the side of their own colour.")


def network_shapes(ax: Axes, n_x: int = 2, n_h: int = 4, n_y: int = 1) -> Axes:
    """The arrays of a two-layer network as grids of squares, one square a number.

    >>> from optimlab.plots.figure import picture
    >>> len(network_shapes(picture()[1]).patches)  # 4*2 + 4 + 1*4 + 1 squares, and the inputs
    19
    """
    weights, biases, inputs = "#0072B2", "#E69F00", "#999999"
    parts = [("x", "n_x", "1", n_x, 1, inputs, "  →"), ("W_1", "n_h", "n_x", n_h, n_x, weights, ""),
             ("b_1", "n_h", "1", n_h, 1, biases, "  →"), ("W_2", "n_y", "n_h", n_y, n_h, weights, ""),
             ("b_2", "n_y", "1", n_y, 1, biases, "")]
    left = 0.0
    for name, rows_name, columns_name, rows, columns, color, then in parts:
        wide = max(columns, 1.6)
        start = left + (wide - columns) / 2
        _squares(ax, start, rows, columns, color)
        middle, top = left + wide / 2, max(n_x, n_h, n_y) / 2
        ax.text(middle, top + 0.9, f"${name}$", ha="center", va="center", size=15)
        ax.text(middle, -top - 0.7, f"$({rows_name}, {columns_name})$", ha="center", va="center", size=10)
        ax.text(middle, -top - 1.4, f"({rows}, {columns})", ha="center", va="center", size=10, color="#555555")
        left += wide + (1.9 if then else 1.0)
        if then:
            ax.text(left - 0.95, 0, "→", ha="center", va="center", size=16)
    ax.set(xlim=(-0.4, left - 0.6), ylim=(-top - 2.0, top + 1.5), aspect="equal")
    ax.set_title(f"$n_x$ = {n_x} inputs, $n_h$ = {n_h} hidden units, $n_y$ = {n_y} output: one square, one number",
                 size=11)
    ax.axis("off")
    return describe(ax, "Grids of squares, one square a number: " + ", ".join(
        f"{name.replace('_', '')} has {rows} rows and {columns} columns"
        for name, _, _, rows, columns, _, _ in parts) + ".")


def gradient_shapes(ax: Axes, n_x: int = 2, n_h: int = 4, n_y: int = 1, m: int = 5,
                    products: Sequence[int] = (0, 1, 2)) -> Axes:
    """Matrix products of the way back through a two-layer network, as grids of squares.

    products: which of dW2 = dZ2 @ A1.T, dA1 = W2.T @ dZ2, dW1 = dZ1 @ X.T, from left to right.

    >>> from optimlab.plots.figure import picture
    >>> len(gradient_shapes(picture()[1]).patches)  # (4 + 5 + 20) + (20 + 4 + 5) + (8 + 20 + 10)
    96
    """
    size = {"n_x": n_x, "n_h": n_h, "n_y": n_y, "m": m}
    gradients, known = "#D55E00", "#999999"
    shown = [[[("dW_2", "n_y", "n_h"), ("dZ_2", "n_y", "m"), ("A_1^T", "m", "n_h")],
              [("dA_1", "n_h", "m"), ("W_2^T", "n_h", "n_y"), ("dZ_2", "n_y", "m")],
              [("dW_1", "n_h", "n_x"), ("dZ_1", "n_h", "m"), ("X^T", "m", "n_x")]][which] for which in products]
    left, top = 0.0, max(size.values()) / 2
    for product in shown:
        for (name, rows, columns), sign in zip(product, ("=", "@", "")):
            wide = max(size[columns], 3.4)
            start, middle = left + (wide - size[columns]) / 2, left + wide / 2
            _squares(ax, start, size[rows], size[columns], gradients if name[0] == "d" else known)
            ax.text(middle, top + 0.9, f"${name}$", ha="center", va="center", size=15)
            ax.text(middle, -top - 0.9, f"$({rows}, {columns})$", ha="center", va="center", size=11)
            ax.text(middle, -top - 2.2, f"({size[rows]}, {size[columns]})", ha="center", va="center", size=11,
                    color="#555555")
            left += wide + 1.5
            ax.text(left - 0.75, 0, sign, ha="center", va="center", size=13)
        left += 1.4
    ax.set(xlim=(-0.3, left - 2.6), ylim=(-top - 2.9, top + 1.6), aspect="equal")
    ax.set_title(f"The way back, with m = {m} examples: the two axes beside @ must agree (gradients in orange)",
                 size=11)
    ax.axis("off")
    return describe(ax, "Matrix products as grids of squares: " + "; ".join(
        f"{' @ '.join(_told(factor, size) for factor in factors)} gives {_told(result, size)}"
        for result, *factors in shown) + ".")


def _told(array: tuple[str, str, str], size: dict[str, int]) -> str:
    """An array in words: ("A_1^T", "m", "n_h") as A1.T of shape (5, 4)."""
    name, rows, columns = array
    return f"{name.replace('_', '').replace('^', '.')} of shape ({size[rows]}, {size[columns]})"


def _squares(ax: Axes, left: float, rows: int, columns: int, color: str) -> None:
    for row in range(rows):
        for column in range(columns):
            ax.add_patch(Rectangle((left + column, rows / 2 - row - 1), 1, 1, fc=color, ec="white", lw=2, alpha=0.75))
