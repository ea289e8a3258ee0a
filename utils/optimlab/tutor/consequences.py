"""What is said of several mistakes in one answer: the same not twice, and no consequence that is not true here."""

import re
from collections.abc import Mapping, Sequence

from optimlab.tutor.messages import Mistake, small
from optimlab.tutor.switchboard import Hint

# What comes of a mistake as long as no other one lengthens, shortens, turns or spoils the steps, too.
BY_ITSELF = re.compile(r"\d|too (?:long|short)|loss rises")
NO_NUMBER = re.compile(r"\bnan\b")

_TWINS = {"first": "second", "beta1": "beta2"} | {"second": "first", "beta2": "beta1"}


def together(mistakes: Sequence[Mistake], hints: Mapping[str, Hint], first_step_is_right: bool, has_nan: bool
             ) -> list[Mistake]:
    """The mistakes of one answer, each with what can be said of it beside the others.

    hints: of those that have a name. has_nan: whether nan or inf came back.

    >>> hints = {"v": Hint("The first moment is late.", "Steps are 10 times too short.", "lesson 04"),
    ...          "s": Hint("The second moment is late.", "Steps are 31.6 times too long.", "lesson 04")}
    >>> mistakes = [Mistake(id, str(hint)) for id, hint in hints.items()]
    >>> [m.hint for m in together(mistakes, hints, False, False)]    # doctest: +NORMALIZE_WHITESPACE
    ['The first moment is late. On its own: steps are 10 times too short. Reread: lesson 04.',
     'The same goes for the second moment. On its own: steps are 31.6 times too long.']
    """
    named = [m for m in mistakes if m.id in hints]
    told: list[Hint] = []
    changed: dict[str, Mistake] = {}
    for m in named:
        hint = hints[m.id]
        effect = _effect(hint.effect, len(named) > 1, first_step_is_right, has_nan)
        text = m.hint.replace(f" {hint.effect}", f" {effect}" if effect else "", 1)
        twin = next((h for h in told if _twin(h.does) == hint.does), None)
        if twin:
            same = f"The same goes for {_what(hint.does)}."
            text = text.replace(hint.does, same).replace(small(hint.does), small(same))
            if hint.reread == twin.reread:
                text = text.replace(f" Reread: {hint.reread}.", "")
        told.append(hint)
        changed[m.id] = m._replace(hint=text)
    return [changed.get(m.id, m) for m in mistakes]


def _effect(effect: str, with_others: bool, first_step_is_right: bool, has_nan: bool) -> str:
    """What comes of a mistake in this answer; "" where that is not sure."""
    if first_step_is_right and "first step" in effect:
        return ""
    if with_others and NO_NUMBER.search(effect):
        return effect if has_nan else ""
    if with_others and BY_ITSELF.search(effect):
        return "" if has_nan else f"On its own: {small(effect)}"
    return effect


def _twin(does: str) -> str:
    """The same said of the other moment."""
    return re.sub(r"\b(first|second|beta[12])\b", lambda m: _TWINS[m[0]], does)


def _what(does: str) -> str:
    moment = re.search(r"(first|second) moment", does)
    found = moment or re.search(r"beta[12]", does)
    return f"the {moment[0]}" if moment else found[0] if found else "the other"
