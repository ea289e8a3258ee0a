"""The primitive of every explorable: a still background from matplotlib, moving marks from the browser.

    Explorable([Panel(draw_contours)],
               {"path": Path(), "start": Handle(label="the start", at=(-5, -2))},
               {"learning_rate": FloatSlider(0.1, min=0, max=0.5)}, state)

`state(learning_rate, start)` is a pure function of the sliders' and the handles' values. It returns
a caption, which is also the text alternative, and what each mark shows, in data coordinates.
matplotlib draws a panel's axes, contours and labels once, in a light and a dark version; after that
only the numbers of the marks travel, and `stage.js` draws them on a canvas above the picture.
"""

import pathlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

import anywidget
import numpy as np
import traitlets
from IPython.display import display
from ipywidgets import HTML, HBox, Layout, ValueWidget, VBox
from matplotlib import rc_context
from matplotlib.axes import Axes

from optimlab.explorables.marks import Handle, Labels, Mark
from optimlab.plots import DOTS_PER_INCH, Picture, describe

HERE = pathlib.Path(__file__).parent
_LIGHT = {"text.color": "#000000", "axes.edgecolor": "#444444", "axes.labelcolor": "#000000",
          "xtick.color": "#222222", "ytick.color": "#222222"}
_DARK = {"text.color": "#eeeeee", "axes.edgecolor": "#999999", "axes.labelcolor": "#eeeeee",
         "xtick.color": "#cccccc", "ytick.color": "#cccccc"}
THEMES = {"light": _LIGHT, "dark": _DARK}
_STYLE = {"font.size": 10, "axes.titlesize": 11, "axes.spines.top": False, "axes.spines.right": False,
          "axes.facecolor": "none", "legend.frameon": False}
# Beyond this many panel widths a line is cut: far enough that its direction inside stays right.
FAR = 1e4


def control_style(width: str, **layout: str) -> dict:
    """Keywords for a control of this width, description included, whose description is not cut off.

    >>> control_style("30em")
    {'style': {'description_width': 'initial'}, 'layout': {'width': '30em'}}
    """
    return {"style": {"description_width": "initial"}, "layout": {"width": width, **layout}}


@dataclass(frozen=True)
class Panel:
    """One figure of a stage: how its background is drawn, and its size.

    draw: given an Axes, draws what stays. Colours that follow the theme are those it does not set;
        greys about "#888888" show on both.
    width, height: in inches, 100 CSS pixels each. Panels that do not fit side by side wrap.
    depends: names of controls or handles; their values are passed to `draw`, which runs again when
        one of them changes.
    """

    draw: Callable[..., object]
    width: float = 4.6
    height: float = 3.6
    depends: tuple[str, ...] = ()


class Stage(anywidget.AnyWidget):
    """Panels side by side, with marks that move, handles to drag, and a caption.

    panels: the backgrounds. kinds: the marks by name. unit: what one point of a timed path is, for
    the scrubber under the panels, which is there when a mark is timed. given: the values that
    panels depend on.

    >>> from optimlab.explorables.marks import Path
    >>> stage = Stage([Panel(lambda ax: ax.set(xlim=(0, 4), ylim=(0, 1)))], {"path": Path()})
    >>> stage.show("A line that rises.", path=[(0, 0), (4, 1)])
    >>> stage.caption
    'A line that rises.'
    """

    _esm = HERE / "stage.js"
    _css = HERE / "stage.css"
    panels = traitlets.List().tag(sync=True)       # width, height in CSS pixels; clip: of the axes
    backgrounds = traitlets.List().tag(sync=True)  # for each panel a PNG for each theme
    marks = traitlets.Dict().tag(sync=True)        # what never changes of each mark
    geometry = traitlets.Dict().tag(sync=True)     # of each mark: float32, in fractions of its figure
    words = traitlets.Dict().tag(sync=True)        # of each mark that has them
    caption = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    dragged = traitlets.Dict().tag(sync=True)      # handle -> where it was dragged to, in fractions, and
    heard = traitlets.Int().tag(sync=True)         #   the number of the move; the last one that is answered

    def __init__(self, panels: Sequence[Panel], kinds: Mapping[str, Mark], unit: str = "step",
                 given: Mapping[str, object] | None = None):
        self._sources, self._kinds = tuple(panels), dict(kinds)
        self._transforms: list = [None] * len(panels)
        self._shown: dict[str, object] = {}
        self._given = dict(given or {})
        self._drawn: dict[tuple, tuple] = {}
        super().__init__(unit=unit, panels=[{}] * len(panels), backgrounds=[{}] * len(panels),
                         marks={name: {"kind": type(m).__name__, **asdict(m)} for name, m in kinds.items()})
        for number in range(len(panels)):
            self._set_background(number)

    def show(self, caption: str, **values) -> None:
        """Move the marks: for each name its numbers in data coordinates, as its class says.

        Marks that are not named stay. A `Labels` mark takes a pair (points, words).
        """
        self._shown.update(values)
        words = dict(self.words)
        geometry = dict(self.geometry)
        for name, value in values.items():
            if isinstance(self._kinds[name], Labels):
                value, words[name] = value[0], [str(w) for w in value[1]]
            geometry[name] = self._fractions(self._kinds[name], value)
        with self.hold_sync():
            self.geometry, self.words, self.caption = geometry, words, caption
            self.heard = max((number for _, _, number in self.dragged.values()), default=0)

    def redraw(self, given: Mapping[str, object]) -> None:
        """Draw the backgrounds again that depend on a value that has changed."""
        before, self._given = self._given, dict(given)
        for number, panel in enumerate(self._sources):
            if not all(np.array_equal(before[name], given[name]) for name in panel.depends):
                self._set_background(number)

    def data(self, name: str, fractions: Sequence[float]) -> np.ndarray:
        """Where a handle dragged to these fractions of its figure is in data coordinates."""
        number = self._kinds[name].panel
        left, top, right, bottom = self.panels[number]["clip"]
        x, y = np.clip(fractions[0], left, right), np.clip(fractions[1], top, bottom)
        size = np.array([self._sources[number].width, self._sources[number].height])
        return self._transforms[number].inverted().transform(np.array([x, 1 - y]) * size)

    def picture(self) -> Picture:
        """The present state as a figure, for where there is no browser to draw it."""
        widths = [p.width for p in self._sources]
        with rc_context(_LIGHT | _STYLE):
            figure = Picture(figsize=(sum(widths), max(p.height for p in self._sources)), layout="constrained")
            axes = figure.subplots(1, len(widths), width_ratios=widths, squeeze=False)[0]
            for ax, panel in zip(axes, self._sources):
                self._draw_panel(ax, panel)
        for name, mark in self._kinds.items():
            if name in self._shown:
                mark.draw(axes[mark.panel], self._shown[name])
        describe(axes[0], self.caption)
        return figure

    def _draw_panel(self, ax: Axes, panel: Panel) -> None:
        panel.draw(ax, **{name: self._given[name] for name in panel.depends})

    def _set_background(self, number: int) -> None:
        # Kept, for a slider comes back to a value that it has been on.
        key = (number, *(repr(self._given[name]) for name in self._sources[number].depends))
        if key not in self._drawn:
            self._drawn[key] = self._draw_background(self._sources[number])
        drawn, self._transforms[number], size_and_clip = self._drawn[key]
        self.backgrounds = [drawn if i == number else b for i, b in enumerate(self.backgrounds)]
        self.panels = [size_and_clip if i == number else p for i, p in enumerate(self.panels)]

    def _draw_background(self, panel: Panel) -> tuple[dict, object, dict]:
        """A PNG for each theme, the way from data to inches, and the panel's size and clip."""
        drawn, place = {}, None
        for theme, colours in THEMES.items():
            with rc_context(colours | _STYLE):
                # The second one takes its layout from the first, which is half of the work.
                figure = Picture(figsize=(panel.width, panel.height), layout="none" if place else "constrained")
                ax = figure.subplots()
                self._draw_panel(ax, panel)
                if place:
                    ax.set_position(place)
                drawn[theme] = figure.png(facecolor="none")
                place = ax.get_position(original=True)
        box = ax.get_position()
        return (drawn, (ax.transData + figure.dpi_scale_trans.inverted()).frozen(),
                {"width": DOTS_PER_INCH * panel.width, "height": DOTS_PER_INCH * panel.height,
                 "clip": [box.x0, 1 - box.y1, box.x1, 1 - box.y0]})

    def _fractions(self, mark: Mark, value) -> bytes:
        """Numbers in data coordinates as float32 fractions of the figure, y downwards; nan lifts the pen."""
        corners = mark.corners(value)
        panel = self._sources[mark.panel]
        with np.errstate(all="ignore"):
            inches = self._transforms[mark.panel].transform(corners.reshape(-1, 2))
            fractions = inches / (panel.width, panel.height)
            fractions[:, 1] = 1 - fractions[:, 1]
            return np.clip(fractions, -FAR, FAR).astype(np.float32).tobytes()


class Task(NamedTuple):
    """Something to bring about with an explorable, which answers when it is done.

    `asks`    what to do, as HTML
    `solved`  from the values of the controls and handles, by name, to what was found; "" while it is not
    """

    asks: str
    solved: Callable[..., str]


class Explorable(VBox):
    """Controls above a stage, and the function that says what it shows for their values.

    controls: ordinary ipywidgets by name. state: called with the value of each control and the
    place of each handle (an array of x and y), all by name; returns the caption and a mapping from
    marks to their values. A handle that the mapping holds is put there (back onto its curve, say).

    >>> from ipywidgets import FloatSlider
    >>> from optimlab.explorables.marks import Path
    >>> lines = Explorable([Panel(lambda ax: ax.set(xlim=(0, 1), ylim=(0, 9)))], {"line": Path()},
    ...                    {"slope": FloatSlider(2.0, max=9.0)},
    ...                    lambda slope: (f"It rises by {slope:g}.", {"line": [(0, 0), (1, slope)]}))
    >>> lines.controls["slope"].value = 3.0
    >>> lines.stage.caption
    'It rises by 3.'
    """

    def __init__(self, panels: Sequence[Panel], kinds: Mapping[str, Mark],
                 controls: Mapping[str, ValueWidget], state: Callable[..., tuple[str, Mapping]],
                 unit: str = "step"):
        self.controls, self.state = dict(controls), state
        self._found: dict[Task, str] = {}
        self.places = {name: np.array(m.at, dtype=float) for name, m in kinds.items() if isinstance(m, Handle)}
        self.stage = Stage(panels, kinds, unit, self._values())
        for control in self.controls.values():
            control.observe(lambda change: self.update(), "value")
        self.stage.observe(self._dragged, "dragged")
        self.update()
        row = HBox(list(self.controls.values()), layout=Layout(flex_flow="row wrap"))
        super().__init__([row, self.stage] if self.controls else [self.stage])
        self.add_class("optimlab-explorable")

    def asking(self, *tasks: Task) -> "Explorable":
        """The explorable with tasks below it; one that is solved says so, and stays solved."""
        self._found = dict.fromkeys(tasks, "")
        self._tasks = HTML()
        self.children = (*self.children, self._tasks)
        self.update()
        return self

    def _values(self) -> dict:
        return {name: c.value for name, c in self.controls.items()} | self.places

    def update(self) -> None:
        """Show the state that belongs to the present values."""
        values = self._values()
        caption, shown = self.state(**values)
        self.places.update({name: np.array(shown[name], dtype=float) for name in self.places if name in shown})
        self.stage.redraw(values)
        self.stage.show(caption, **self.places | dict(shown))
        if self._found:
            self._found = {task: found or task.solved(**self._values()) for task, found in self._found.items()}
            self._tasks.value = "".join(f"<div><b>{'✓' if found else '○'}</b> {task.asks}"
                                        f"{f' <b>{found}</b>' if found else ''}</div>"
                                        for task, found in self._found.items())

    def place(self, handle: str, at: Sequence[float]) -> None:
        """Put a handle somewhere, in data coordinates."""
        self.places[handle] = np.array(at, dtype=float)
        self.update()

    def _dragged(self, change) -> None:
        for name, (x, y, _) in change["new"].items():
            if change["old"].get(name) != change["new"][name]:
                self.place(name, self.stage.data(name, (x, y)))

    def _ipython_display_(self) -> None:
        # Two outputs: where a widget manager is alive, the widget hides the picture above it. (In one
        # bundle, JupyterLab would prefer a dead widget to the picture.)
        still = self.stage.picture()._repr_mimebundle_()
        display(still | {"text/html": f'<div class="optimlab-still">{still["text/html"]}</div>'}, raw=True)
        display(self._repr_mimebundle_() | {"text/plain": self.stage.caption}, raw=True)
