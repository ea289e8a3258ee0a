"""A question to answer before running on: the answer is kept, and shown again beside the outcome."""

import html
from collections.abc import Sequence

from IPython.display import HTML, Markdown, display
from ipywidgets import HTML as Words
from ipywidgets import Button, HBox, Layout, Text, VBox

__all__ = ["Predict"]


class Predict(VBox):
    """A question with a place to commit to an answer: one of `options`, or a number.

    unit: of the number. Once committed, an answer stays until the cell is run again. Without
    widgets the question can be read all the same, and `guess.answer = ...` answers it.
    Raises ValueError for an answer that is none of the options, or no number.

    >>> guess = Predict("How many steps to the bottom?", unit="steps")
    >>> guess.answer = 12
    >>> guess.beside(7.0).data
    '<b>You said</b> 12 steps. <b>It is</b> 7 steps.'
    """

    def __init__(self, question: str, options: Sequence[str] = (), unit: str = ""):
        self.question, self.options, self.unit = question, tuple(options), unit
        self._answer: str | float | None = None
        fit = Layout(width="auto")
        self._said = Words()
        if self.options:
            self._buttons = [Button(description=option, layout=fit) for option in self.options]
            for button in self._buttons:
                button.on_click(lambda button: self._take(button.description))
            parts = self._buttons
        else:
            field = Text(placeholder="a number", layout=Layout(width="9em"))
            commit = Button(description="That is my answer", layout=fit)
            self._buttons = [field, commit]
            commit.on_click(lambda button: self._take(field.value))
            parts = [field, Words(unit), commit]
        super().__init__([HBox(parts, layout=Layout(flex_flow="row wrap")), self._said])

    @property
    def answer(self) -> str | float | None:
        """What was committed; None before."""
        return self._answer

    @answer.setter
    def answer(self, value: str | float) -> None:
        if self.options and value not in self.options:
            raise ValueError(f"the answer is one of {', '.join(map(repr, self.options))}; got {value!r}")
        self._answer = value if self.options else float(value)
        for part in self._buttons:
            part.disabled = True
        for button in self._buttons:
            if getattr(button, "description", None) == value:
                button.button_style = "primary"
        self._said.value = f"You said <b>{html.escape(self._told(self._answer))}</b>. Now run on."

    def _take(self, value: str) -> None:
        try:
            self.answer = value
        except ValueError:
            self._said.value = "Write a number first, such as 0.5 or 12."

    def _told(self, value: str | float) -> str:
        return value if isinstance(value, str) else f"{value:.3g} {self.unit}".strip()

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
