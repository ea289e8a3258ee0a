"""A question to answer before running on: the answer is kept, and shown again beside the outcome."""

import html
from typing import Sequence

from IPython.display import HTML, Markdown, display
from ipywidgets import HTML as Words
from ipywidgets import Button, FloatText, HBox, Layout, ToggleButtons, VBox


class Predict(VBox):
    """A question with a place to commit to an answer: one of `options`, or a number.

    unit: of the number. Once committed, an answer stays until the cell is run again. Without
    widgets the question is read all the same, and `guess.answer = ...` answers it.

    >>> guess = Predict("How many steps to the bottom?", unit="steps")
    >>> guess.answer = 12
    >>> guess.beside(7.0).data
    '<b>You said</b> 12 steps. <b>It is</b> 7 steps.'
    """

    def __init__(self, question: str, options: Sequence[str] = (), unit: str = ""):
        self.question, self.options, self.unit = question, tuple(options), unit
        self._answer: str | float | None = None
        if self.options:
            self._field = ToggleButtons(options=self.options, value=None, layout=Layout(width="auto"),
                                        style={"button_width": "auto"})
        else:
            self._field = FloatText(value=None, description=unit, layout=Layout(width="12em"))
        self._commit = Button(description="That is my answer", button_style="primary", layout=Layout(width="auto"))
        self._commit.on_click(lambda button: self._take(self._field.value))
        self._said = Words()
        super().__init__([HBox([self._field, self._commit], layout=Layout(flex_flow="row wrap")), self._said])

    @property
    def answer(self) -> str | float | None:
        """What was committed; None before."""
        return self._answer

    @answer.setter
    def answer(self, value: str | float) -> None:
        if self.options and value not in self.options:
            raise ValueError(f"the answer is one of {', '.join(map(repr, self.options))}; got {value!r}")
        self._field.value = value
        self._take(value)

    def _take(self, value) -> None:
        if value is None:
            self._said.value = "Choose first, then commit."
            return
        self._answer = value
        self._field.disabled = self._commit.disabled = True
        self._said.value = f"You said <b>{html.escape(self._told(value))}</b>. Now run on."

    def _told(self, value) -> str:
        if isinstance(value, str):
            return value
        return f"{value:.3g} {self.unit}".strip()

    def beside(self, outcome: str | float) -> HTML:
        """The answer beside the outcome, which a cell has measured."""
        came = f"<b>It is</b> {html.escape(self._told(outcome))}."
        if self._answer is None:
            return HTML(f"You have not said what you expect. {came}")
        right = " Well seen!" if self._answer == outcome else ""
        return HTML(f"<b>You said</b> {html.escape(self._told(self._answer))}. {came}{right}")

    def _ipython_display_(self) -> None:
        display(Markdown(f"**Predict.** {self.question}"))
        choices = f"One of: {', '.join(self.options)}." if self.options else "A number."
        display(self._repr_mimebundle_() | {"text/plain": choices}, raw=True)
