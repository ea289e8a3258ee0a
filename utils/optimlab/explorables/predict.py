"""A question to answer before running on: the answer is kept, and shown again beside the outcome."""

import html
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from IPython.display import HTML, Markdown, display
from ipywidgets import HTML as Words
from ipywidgets import Button, HBox, Layout, Text, VBox

__all__ = ["Outcome", "Predict"]


class Outcome(NamedTuple):
    """What an experiment found.

    `answer`  the option, or the number, that turned out right
    `why`     what there is to say about it, as HTML
    `shown`   pictures and tables: whatever a notebook shows as HTML
    """

    answer: str | float
    why: str = ""
    shown: Sequence[object] = ()


class Predict:
    """A question with a place to commit to an answer: one of `options`, or a number.

    options: the answers to choose from; or, for each of them, why somebody may well think so, as HTML.
    unit: of the number. settled: from what an experiment measured to its `Outcome`.

    Once committed, an answer stays until the question is shown again. Nobody has to answer: then the
    outcome waits behind a click. Without widgets the question can be read all the same, and
    `guess.answer = ...` answers it. Raises ValueError for an answer that is none of the options, or no number.

    >>> guess = Predict("How many steps to the bottom?", unit="steps", settled=lambda steps: Outcome(steps))
    >>> guess.answer = 12
    >>> "What came out:</b> 7 steps" in guess.settle(7.0).data
    True
    """

    def __init__(self, question: str, options: Sequence[str] | Mapping[str, str] = (), unit: str = "",
                 settled: Callable[..., Outcome] = Outcome):
        self.question, self.options, self.unit = question, tuple(options), unit
        self.reasons = dict(options) if isinstance(options, Mapping) else {}
        self._settled = settled
        self.forget()

    def forget(self) -> None:
        """Ask anew: no answer, and fresh buttons."""
        self._answer: str | float | None = None
        self._said = Words()
        fit = Layout(width="auto")
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
            parts = [field, Words(self.unit), commit]
        self._form = VBox([HBox(parts, layout=Layout(flex_flow="row wrap")), self._said])

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

    def settle(self, *measured: object) -> HTML:
        """The answer beside the outcome, which is read from what a cell has measured."""
        return self._card(self._settled(*measured))

    def beside(self, answer: str | float) -> HTML:
        """The answer beside the outcome, which a cell has worked out itself."""
        return self._card(Outcome(answer))

    def _card(self, outcome: Outcome) -> HTML:
        found = "".join(['<div style="border-left:4px solid #0072B2;padding:.1em .9em;margin:.4em 0">',
                         self._found(outcome), f"<p>{outcome.why}</p>" if outcome.why else "",
                         *(thing._repr_mimebundle_()["text/html"] for thing in outcome.shown), "</div>"])
        if self._answer is None:
            return HTML(f"<details><summary>You have not said what you expect, and that is fine. "
                        f"Click here to see what came out.</summary>{found}</details>")
        said = f"<b>You said</b> {html.escape(self._told(self._answer))}."
        if self._answer == outcome.answer:
            return HTML(f"<p>{said} Well seen!</p>{found}")
        reason = self.reasons.get(self._answer, "") if isinstance(self._answer, str) else ""
        return HTML(f"<p>{said} {reason}</p>{found}")

    def _found(self, outcome: Outcome) -> str:
        return f"<p><b>What came out:</b> {html.escape(self._told(outcome.answer))}.</p>"

    def _asked(self) -> str:
        return f"**Predict.** {self.question}"

    def _ipython_display_(self) -> None:
        self.forget()
        display(Markdown(self._asked()))
        choices = f"One of: {', '.join(self.options)}." if self.options else "A number."
        display(self._form._repr_mimebundle_() | {"text/plain": choices}, raw=True)
