"""The map of the course with what a student has ticked off, which a small file keeps and nothing needs."""

import json
from collections.abc import Collection
from pathlib import Path

from IPython.display import display
from ipywidgets import HTML, HBox, Layout, ToggleButton, VBox

from optimlab import plots
from optimlab.syllabus import LESSONS

__all__ = ["FILE", "Map", "done", "keep"]

FILE = Path(".done.json")  # beside the notebooks, for these run in their own folder


def done() -> set[str]:
    """The numbers of the lessons that are ticked off; none where the file is missing or makes no sense."""
    try:
        found = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return set()
    return {number for number in found if number in LESSONS} if isinstance(found, list) else set()


def keep(numbers: Collection[str]) -> str:
    """Write down which lessons are ticked off. Returns "", or one line on why it could not be written."""
    try:
        FILE.write_text(json.dumps(sorted(numbers)) + "\n", encoding="utf-8")
    except OSError as error:
        return f"This can't be kept here ({error.strerror}), and will be gone when you close the page."
    return ""


class Map:
    """The map, and below it a button for each lesson that ticks it off or takes the tick back.

    >>> [button.description for button in Map().buttons][-1] == list(LESSONS)[-1]
    True
    """

    def __init__(self) -> None:
        self._done = done()
        numbers = list(LESSONS)[1:]  # the start page is where one stands
        self.buttons = [ToggleButton(number in self._done, description=number, layout=Layout(width="3.2em"),
                                     tooltip=f"{number} {LESSONS[number].title}: done") for number in numbers]
        self._words = HTML()
        self._shown = None
        for button in self.buttons:
            button.observe(self._ticked, "value")
        self._say("")

    def picture(self) -> plots.Picture:
        """The map as it is now."""
        figure, ax = plots.picture(9, 5.2)
        plots.course_map(ax, self._done)
        return figure

    def _ticked(self, change: dict) -> None:
        number = change["owner"].description
        self._done = self._done | {number} if change["new"] else self._done - {number}
        self._say(keep(self._done))
        if self._shown:
            self._shown.update(self.picture()._repr_mimebundle_(), raw=True)

    def _say(self, trouble: str) -> None:
        many = sum(button.value for button in self.buttons)
        self._words.value = f"{many} of {len(self.buttons)} lessons done. {trouble}"

    def _ipython_display_(self) -> None:
        self._shown = display(self.picture()._repr_mimebundle_(), raw=True, display_id=True)
        rows = VBox([HTML("Tick off what you have done, if you like:"),
                     HBox(self.buttons, layout=Layout(flex_flow="row wrap")), self._words])
        display(rows._repr_mimebundle_() | {"text/plain": self._words.value}, raw=True)
