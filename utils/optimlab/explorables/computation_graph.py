"""Lesson 01: one neuron and its loss as a graph; values flow to the right, gradients to the left."""

from typing import NamedTuple

import numpy as np
from ipywidgets import Dropdown
from matplotlib.axes import Axes
from matplotlib.patches import Circle

from optimlab.explorables.marks import Arrows, Handle, Labels, Path, Points
from optimlab.explorables.stage import Explorable, Panel, control_style

__all__ = ["computation_graph"]

GRADIENT, HAND = "#D55E00", "#0072B2"
SQUARED, CROSS_ENTROPY = "squared difference", "cross-entropy"
SECOND_X, SECOND_Y = -1.0, 1.0  # of the second example, which nobody drags: it pulls w the other way
REACH = 3.0                     # x, w and b lie within -3 .. 3

# The layout of the graph, in the units of its axes.
LEFT, RIGHT, RADIUS = 0.35, 3.05, 0.68
ROWS = {1: {"x": 7.0, "w": 4.7, "b": 2.4}, 2: {"x": 8.3, "w": 6.1, "b": 3.6, "x2": 1.1}}
Z = {1: [(5.2, 4.7)], 2: [(5.2, 7.4), (5.2, 2.0)]}
A = {1: [(7.3, 4.7)], 2: [(7.3, 7.4), (7.3, 2.0)]}
J = (9.4, 4.7)
Y = {1: [(9.4, 2.5)], 2: [(9.4, 7.4), (9.4, 2.0)]}
# An arrow's width in CSS pixels, and the size of the gradient from which on it is that wide.
WIDTHS = {1.0: 0.001, 2.0: 0.03, 3.5: 0.1, 5.0: 0.3}


class Passes(NamedTuple):
    """What one forward and one backward pass compute; one number an example, and J, dw and db alone."""

    z: np.ndarray
    a: np.ndarray
    J: np.ndarray
    da: np.ndarray
    dz: np.ndarray
    dx: np.ndarray
    dw: np.ndarray
    db: np.ndarray


def passes(x, y, w, b, loss=SQUARED) -> Passes:
    """Forward and backward through z = w x + b, a = sigmoid(z) and the mean loss J.

    x and y: shape (m,), one number an example. w and b: numbers, or shape (..., 1) for many at
    once; J, dw and db then have shape (...,). J is the mean of (a - y)**2 / 2, or of the
    cross-entropy in nats.

    >>> p = passes(np.array([2.0]), np.array([1.0]), w=0.0, b=0.0)
    >>> float(p.J), p.dz, float(p.dw)
    (0.125, array([-0.125]), -0.25)
    """
    z = w * x + b
    a = 0.5 * (1 + np.tanh(z / 2))
    if loss == SQUARED:
        J = ((a - y)**2 / 2).mean(-1)
        da = (a - y) / x.size
        dz = da * a * (1 - a)
    else:
        J = (np.logaddexp(0, z) - y * z).mean(-1)
        # (a - y) / (a (1 - a)) is 0 / 0 where the sigmoid has rounded to 0 or 1; this is not.
        da = np.where(y > 0.5, -(1 + np.exp(-z)), 1 + np.exp(z)) / x.size
        dz = (a - y) / x.size
    return Passes(z, a, J, da, dz, dz * w, (dz * x).sum(-1), dz.sum(-1))


def computation_graph() -> Explorable:
    """One neuron as a graph: drag x, w or b, see values flow forward and gradients back.

    Beside it the loss as w alone changes, with its tangent: the slope is the gradient dw. With two
    examples the same w and b are blamed twice, and the blames add up.

    >>> graph = computation_graph()
    >>> graph.place("w", (RIGHT, 0))
    >>> graph.stage.caption.split(". ")[0]
    'Forward: z = 3.00 · 1.50 + 0.00 = 4.50, a = 0.989, J = 6e−05'
    """
    wide = control_style("auto")
    controls = {
        "y": Dropdown(options=[("1", 1.0), ("0", 0.0)], description="target y", **wide),
        "loss": Dropdown(options=[SQUARED, CROSS_ENTROPY], description="loss", **wide),
        "examples": Dropdown(options=[1, 2], description="examples", **wide),
    }
    marks = {
        **{f"back{width:g}": Arrows(color=GRADIENT, width=width) for width in WIDTHS},
        "names": Labels(size=13, bold=True),
        "values": Labels(size=13),
        "sides": Labels(size=13, align="left"),
        "gradients": Labels(size=12, color=GRADIENT, bold=True),
        "blames": Labels(size=13, color=GRADIENT, bold=True, align="left"),
        "parts": Labels(size=12, color=GRADIENT, align="left"),
        "x": Handle(color=HAND, label="the input x", at=_on_track(1.5, 0), moves="x"),
        "w": Handle(color=HAND, label="the weight w", at=_on_track(-0.8, 0), moves="x"),
        "b": Handle(color=HAND, label="the bias b", at=_on_track(0.0, 0), moves="x"),
        "curve": Path(panel=1, color="#888888"),
        "tangent": Path(panel=1, color=GRADIENT, width=3.0),
        "here": Points(panel=1, color=HAND, size=6.0),
    }
    return Explorable([Panel(_draw_graph, width=4.6, height=4.4, depends=("examples",)),
                       Panel(_draw_loss, width=3.6, height=4.4, depends=("loss",))], marks, controls, _state)


def _on_track(value: float, row: float) -> tuple[float, float]:
    return ((LEFT + RIGHT) / 2 + value / REACH * (RIGHT - LEFT) / 2, row)


def off_track(place: np.ndarray) -> float:
    """The value at which a handle stands, in steps of a hundredth."""
    value = (place[0] - (LEFT + RIGHT) / 2) / ((RIGHT - LEFT) / 2) * REACH
    return round(float(np.clip(value, -REACH, REACH)), 2) + 0.0


def _edges(examples: int):
    """Every edge as (from, to, what flows back over it, of which example), in drawing order."""
    rows, edges = ROWS[examples], []
    for i, (z, a) in enumerate(zip(Z[examples], A[examples])):
        sources = {"dx": "x2" if i else "x", "dw": "w", "db": "b"}
        edges += [((RIGHT + 0.2, rows[name]), z, flow, i) for flow, name in sources.items()]
        edges += [(z, a, "dz", i), (a, J, "da", i)]
    return edges


def _between(begin, end) -> tuple[np.ndarray, np.ndarray]:
    """The part of an edge that is outside its circles."""
    begin, end = np.array(begin, float), np.array(end, float)
    along = (end - begin) / np.hypot(*(end - begin))
    return begin + along * (RADIUS if begin[0] > RIGHT + 0.3 else 0), end - along * RADIUS


def _draw_graph(ax: Axes, examples: int) -> None:
    for row in ROWS[examples].values():
        ax.plot([LEFT, RIGHT], [row, row], color="#888888", lw=4, alpha=0.35, solid_capstyle="round")
        middle = (LEFT + RIGHT) / 2
        ax.plot([middle, middle], [row - 0.13, row + 0.13], color="#888888", lw=1.2)
    if "x2" in ROWS[examples]:
        ax.plot(*_on_track(SECOND_X, ROWS[examples]["x2"]), "o", color="#888888", ms=6)
    for begin, end, _, _ in _edges(examples):
        ax.plot(*np.transpose(_between(begin, end)), color="#888888", lw=1.2)
    for place in Y[examples]:
        towards = np.sign(J[1] - place[1])
        ax.plot([place[0], J[0]], [place[1] + 0.4 * towards, J[1] - RADIUS * towards], color="#888888", lw=1.2)
    for place in [*Z[examples], *A[examples], J]:
        ax.add_patch(Circle(place, RADIUS, fill=False, ec="#888888", lw=1.6))
    ax.set(xlim=(0, 10.2), ylim=(-0.2, 9.3))
    ax.axis("off")
    ax.set_title("Values flow right, gradients (orange) left", size=11)


def _draw_loss(ax: Axes, loss: str) -> None:
    ax.axhline(0, color="#888888", lw=0.8)
    ax.set(xlim=(-REACH - 0.2, REACH + 0.2), ylim=(-0.04, 0.56) if loss == SQUARED else (-0.4, 6),
           xlabel="w", ylabel="loss J")
    ax.set_title("J as w alone changes: its slope is dw", size=11)


def _state(y, loss, examples, x, w, b):
    values = {"x": off_track(x), "w": off_track(w), "b": off_track(b)}
    x, w, b = values.values()
    X, T = np.array([x, SECOND_X])[:examples], np.array([y, SECOND_Y])[:examples]
    p = passes(X, T, w, b, loss)
    flows = {"dx": p.dx, "dw": p.dz * X, "db": p.dz, "dz": p.dz, "da": p.da}

    rows = ROWS[examples]
    inputs = [("x", values["x"]), ("w", w), ("b", b)] + [("x2", SECOND_X)] * (examples - 1)
    sides = [(f"{_name(name, examples)} = {_said(value, 2)}", rows[name] + 0.5) for name, value in inputs]
    sums = {"x": p.dx[0], "w": p.dw, "b": p.db} | ({"x2": p.dx[1]} if examples == 2 else {})
    blames = [(f"d{_name(name, examples)} = {_said(value)}", rows[name] - 0.55) for name, value in sums.items()]
    parts = [(_sum(flows[f"d{name}"]), rows[name] - 1.0) for name in "wb"] if examples == 2 else []

    nodes = [*Z[examples], *A[examples], J]
    names = [_name(letter, examples, i) for letter in "za" for i in range(examples)] + ["J"]
    above = [(px, py + 0.98) for px, py in nodes]
    if examples == 2:
        above[-1] = (J[0] - 0.98, J[1])  # y comes from above
    numbers = [_said(v, 2) for v in p.z] + [_said(v) for v in [*p.a, p.J]]
    gradients = [_said(v) for v in [*p.dz, *p.da]] + ["1"]
    targets = [f"{_name('y', examples, i)} = {t:g}" for i, t in enumerate(T)]

    grid = np.linspace(-REACH, REACH, 121)
    tangent = np.array([w - 1, w + 1])
    shown = {
        "x": _on_track(x, rows["x"]), "w": _on_track(w, rows["w"]), "b": _on_track(b, rows["b"]),
        "values": ([(px, py + 0.22) for px, py in nodes] + Y[examples], [*numbers, *targets]),
        "gradients": ([(px, py - 0.25) for px, py in nodes], gradients),
        "names": (above, names),
        **{mark: ([(LEFT - 0.2, row) for _, row in lines], [text for text, _ in lines])
           for mark, lines in {"sides": sides, "blames": blames, "parts": parts}.items()},
        "curve": np.stack([grid, passes(X, T, grid[:, None], b, loss).J], -1),
        "tangent": np.stack([tangent, p.J + p.dw * (tangent - w)], -1),
        "here": [(w, p.J)],
    }
    arrows = {f"back{width:g}": [] for width in WIDTHS}
    for begin, end, flow, i in _edges(examples):
        fitting = [width for width, least in WIDTHS.items() if abs(flows[flow][i]) >= least]
        if fitting:
            arrows[f"back{fitting[-1]:g}"].append(_arrow(begin, end))
    shown |= {mark: np.reshape(places, (-1, 4)) for mark, places in arrows.items()}
    return _caption(values, p, flows["dw"], T), shown


def _arrow(begin, end) -> tuple:
    """Beside an edge, from its later end backwards."""
    begin, end = _between(begin, end)
    across = np.array([end[1] - begin[1], begin[0] - end[0]]) / np.hypot(*(end - begin)) * 0.2
    return (*(end + across), *(begin + across))


def _caption(values: dict, p: Passes, flows: np.ndarray, targets: np.ndarray) -> str:
    x, w, b = values.values()
    dw = float(p.dw)
    if len(flows) == 1:
        sign = "−" if b < 0 else "+"
        forward = (f"Forward: z = {_said(w, 2)} · {_said(x, 2)} {sign} {_said(abs(b), 2)} = {_said(p.z[0], 2)}, "
                   f"a = {_said(p.a[0])}, J = {_said(float(p.J))}. ")
    else:
        forward = (f"Two examples share w and b: J = {_said(float(p.J))}. They blame w with {_said(flows[0])} "
                   f"and {_said(flows[1])}, together {_said(dw)}. ")
    if abs(dw) < 5e-4:
        wrong = np.abs(p.a - targets).max() > 0.5
        why = (" The sigmoid is flat here, so almost nothing flows back, although the output is far off." if
               wrong and np.abs(p.dz).max() < 5e-3 else "")
        return f"{forward}Backward: dw = {_said(dw)}; moving w a little hardly changes J.{why}"
    return f"{forward}Backward: dw = {_said(dw)}; J falls if w goes {'down' if dw > 0 else 'up'} a little."


def _name(letter: str, examples: int, i: int | None = None) -> str:
    if examples == 1 or letter in "wb":
        return letter
    if letter == "x2":
        return "x₂"
    return letter + ("₁" if i is None else "₁₂"[i])


def _sum(parts: np.ndarray) -> str:
    return f"= {_said(parts[0])} {'−' if parts[1] < 0 else '+'} {_said(abs(parts[1]))}"


def _said(value: float, digits: int = 3) -> str:
    """A number in few characters: small ones keep their order of magnitude, and minus is a minus sign.

    >>> _said(-0.25), _said(0.0), _said(-3.2e-5), _said(403.4)
    ('−0.250', '0.000', '−3e−05', '403')
    """
    value = float(value)
    if value and abs(value) < 0.5 * 10**-digits:
        text = f"{value:.0e}"
    else:
        text = f"{value:.{digits}f}" if abs(value) < 10 else f"{value:.3g}"
    return text.replace("-", "−")
