"""An explorable without a kernel: the states in which a reader can put it, worked out beforehand.

What it shows is a pure function of its controls and handles. All choices (lists, switches) are
recorded in all combinations, and for each of them every slider and every handle alone, the others
where they stand at first: all together would be millions. `static/player.js` shows them.
"""
import gzip
import itertools
import json
from pathlib import Path

import ipywidgets
import numpy as np
from IPython.display import HTML, display

from optimlab.explorables.stage import Explorable

POSITIONS = 40        # of a slider, at most
PLACES = {1: 40, 2: 9}  # of a handle, along each of its directions


def slider_values(widget):
    """The values of a slider, thinned out evenly where there are many."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        return [value for _, value in widget._options_full]
    steps = round((widget.max - widget.min) / widget.step)
    values = widget.min + widget.step * np.unique(np.round(np.linspace(0, steps, min(steps, POSITIONS) + 1)))
    if isinstance(widget, ipywidgets.FloatLogSlider):
        values = widget.base**values
    return [type(widget.value)(value) for value in values]


def choices(widget):
    """The values of a list, of buttons or of a switch with their labels; None for what slides."""
    if isinstance(widget, ipywidgets.Checkbox):
        return [("off", False), ("on", True)]
    if isinstance(widget, ipywidgets.SelectionSlider) or not hasattr(widget, "_options_full"):
        return None
    return list(widget._options_full)


def told(widget, value):
    """A slider's value as its readout has it."""
    if isinstance(widget, ipywidgets.SelectionSlider):
        return next(label for label, one in widget._options_full if one == value)
    return format(value, getattr(widget, "readout_format", "d"))


class Recording:
    """All states of an explorable; `save` writes them as NAME.json and, packed, NAME.bin."""

    def __init__(self, explorable: Explorable):
        self.explorable, self.stage = explorable, explorable.stage
        self.frames, self.blobs = [], {}
        controls = explorable.controls.items()
        self.chosen = {name: (widget, choices(widget)) for name, widget in controls if choices(widget)}
        self.sliders = {name: (widget, slider_values(widget)) for name, widget in controls if name not in self.chosen}
        self.grids = {name: self._grid(name) for name in explorable.places}
        first = {name: widget.value for name, (widget, _) in self.chosen.items()}
        orders = [[value for _, value in options] for _, options in self.chosen.values()]
        self.first = list(itertools.product(*orders)).index(tuple(first.values()))
        self.combinations = []
        for values in itertools.product(*orders):
            for (widget, _), value in zip(self.chosen.values(), values):
                widget.value = value
            self.combinations.append(self._combination())

    def _grid(self, name):
        """Where a handle may stand, as fractions of its figure: the values along x and along y."""
        mark = self.stage._kinds[name]
        left, top, right, bottom = self.stage.panels[mark.panel]["clip"]
        many = PLACES[len(mark.moves)]
        x, y = np.linspace(left, right, many), np.linspace(top, bottom, many)
        return (x if "x" in mark.moves else x[:1]), (y if "y" in mark.moves else y[:1])

    def _combination(self):
        base = {name: widget.value for name, (widget, _) in self.sliders.items()}
        places = {name: place.copy() for name, place in self.explorable.places.items()}
        still, moved = self._frame(), {}
        for name, (widget, values) in self.sliders.items():
            moved[name] = []
            for value in values:
                widget.value = value
                moved[name].append(self._frame())
            self._put(places)  # a handle that followed goes back, too
            widget.value = base[name]
        for name, (xs, ys) in self.grids.items():
            moved[name] = []
            for y, x in itertools.product(ys, xs):
                self._put(places)
                self.explorable.place(name, self.stage.data(name, (x, y)))
                moved[name].append(self._frame())
            self._put(places)
            self.explorable.update()
        return {"still": still, "moved": moved,
                "base": {name: [int(np.argmin([abs(value - base[name]) for value in values])), told(widget, base[name])]
                         for name, (widget, values) in self.sliders.items()}}

    def _put(self, places):
        """The handles back, for whoever updates the explorable next."""
        self.explorable.places.update({name: place.copy() for name, place in places.items()})

    def _frame(self):
        stage = self.stage
        self.frames.append({
            "caption": stage.caption, "words": stage.words, "panels": stage.panels,
            "backgrounds": [{theme: self._blob(png) for theme, png in themes.items()} for themes in stage.backgrounds],
            "geometry": {name: self._blob(numbers) for name, numbers in stage.geometry.items()}})
        return len(self.frames) - 1

    def _blob(self, content):
        return self.blobs.setdefault(bytes(content), len(self.blobs))

    def save(self, folder: Path, name: str) -> None:
        """Equal numbers and equal pictures are written once."""
        controls = [{"name": key, "kind": "choice", "label": widget.description,
                     "values": [label for label, _ in options]} for key, (widget, options) in self.chosen.items()]
        controls += [{"name": key, "kind": "slider", "label": widget.description,
                      "values": [told(widget, value) for value in values]}
                     for key, (widget, values) in self.sliders.items()]
        shared: dict[str, int] = {}

        def once(value):  # panels and backgrounds are the same in most frames
            return shared.setdefault(json.dumps(value), len(shared))

        frames = [[frame["caption"], once(frame["words"]), once([frame["panels"], frame["backgrounds"]]),
                   frame["geometry"]] for frame in self.frames]
        ends = np.cumsum([len(blob) for blob in self.blobs]).tolist()
        (folder / f"{name}.bin").write_bytes(gzip.compress(b"".join(self.blobs), mtime=0))
        (folder / f"{name}.json").write_text(json.dumps({
            "controls": controls, "grids": {key: [xs.tolist(), ys.tolist()] for key, (xs, ys) in self.grids.items()},
            "marks": self.stage.marks, "unit": self.stage.unit, "first": self.first, "combinations": self.combinations,
            "shared": [json.loads(text) for text in shared], "frames": frames, "ends": ends}), encoding="utf-8")


def record_displayed(folder: str, lesson: str) -> None:
    """From now on an explorable that a notebook shows is recorded, and shown as its still picture."""
    number = itertools.count(1)

    def show(self):
        still = self.stage.picture()._repr_mimebundle_()["text/html"]
        before = {widget: widget.value for widget in self.controls.values()}
        places = {name: place.copy() for name, place in self.places.items()}
        name = f"{lesson}-{next(number)}"
        Recording(self).save(Path(folder), name)
        for widget, value in before.items():
            widget.value = value
        self.places.update(places)
        self.update()
        display(HTML(f'<div class="optimlab-recorded" data-recording="../_static/recorded/{name}">{still}</div>'))

    Explorable._ipython_display_ = show
