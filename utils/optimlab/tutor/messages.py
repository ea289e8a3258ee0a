"""The words for one problem: a named mistake, why an answer cannot be judged, which results differ.

A message says which array differs and by how much, never what was expected.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from optimlab.tutor.challenges import Answer, Challenge, kind_of, with_article
from optimlab.tutor.switchboard import Hint, disagreement

Compared = tuple[Challenge, str, np.ndarray, np.ndarray, float]
ENDED = "ended the whole Python process"
# Where a person reads what a function is given and what it returns: of an assignment, and of a lesson.
SETTLED = "“What is settled before you start?” in the assignment"
ABOVE = "the text above the function: what it is given, and what it returns"


class Mistake(NamedTuple):
    """A named mistake: its id, what is said of it, and the student's own line where that is known."""

    id: str
    hint: str
    line: int | None = None
    source: str | None = None


# Mistakes of any function, whatever it computes. They are not in a switchboard: they are seen.
GENERAL = {
    "not_attempted": Hint("This function is still empty.", "Nothing is lost: write it and check again.",
                          "the cell above it, which says what is asked"),
    "returns_nothing": Hint("The function ends without handing its results back.",
                            "Whoever calls it receives None and cannot train.", SETTLED),
    "raises": Hint("The function stops with an error.", "No step is taken at all.",
                   "the line that is named; run it alone with small arrays"),
    "never_ends": Hint("The function does not come to an end.", "Training would hang at the first step.",
                       "your loops, and what makes each of them stop"),
    "changes_inputs": Hint("Your function changes the arrays that it is given.",
                           "It costs no points here, but the caller's old values are gone.", SETTLED),
}


def general(id: str, seen: str = "", reread: str = "") -> Mistake:
    """One of the mistakes that any function can make, with what was seen of it and another place to reread.

    >>> general("raises", "ValueError: no").hint.startswith("ValueError: no. The function stops")
    True
    """
    hint = GENERAL[id]._replace(reread=reread or GENERAL[id].reread)
    return Mistake(id, f"{seen}. {hint}" if seen else str(hint))


def trouble(answer: Answer) -> str:
    """Why an answer holds no results, in one line; "" where it does.

    >>> trouble(Answer("never_ended"))
    'your function did not come to an end'
    """
    if answer.outcome == "raised":
        return f"your function stopped with {answer.message}" + (f" ({answer.line})" if answer.line else "")
    if answer.outcome == "returned":
        return "your function returned nothing" if answer.container == "NoneType" else ""
    return {"never_ended": "your function did not come to an end",
            "died": f"your function {answer.message or ENDED}",
            "not_attempted": "not attempted for every input"}[answer.outcome]


def not_arrays(answer: Answer, number: int) -> str:
    """Why the results are not `number` plain arrays, in one line; "" where they are.

    >>> not_arrays(Answer("returned", (), container="dict"), 8)
    '8 arrays were expected; what came back is a dict'
    """
    if answer.container not in ("tuple", "list"):
        came = "a single array" if answer.container == "ndarray" else with_article(answer.container)
        return f"{number} arrays were expected; what came back is {came}"
    others = [kind for kind in map(kind_of, answer.results) if kind]
    if len(answer.results) != number:
        inside = f", among them {others[0]}" if others else ""
        return f"{number} arrays were expected, {len(answer.results)} came back{inside}"
    if others:
        return f"{number} plain arrays were expected; one of them is {others[0]}"
    return ""


def not_one(answer: Answer, a_number: bool) -> str:
    """Why the answer is not one array (or one number), in one line; "" where it is.

    >>> not_one(Answer("returned", (2.0,), container="float"), a_number=False)
    'one array was expected; what came back is a single number'
    """
    wanted = "a number" if a_number else "one array"
    inside = answer.results[0] if len(answer.results) == 1 else None
    if answer.container in ("tuple", "list"):
        return f"{wanted} was expected; what came back is a {answer.container}"
    if isinstance(inside, np.ndarray) or (a_number and isinstance(inside, float)):
        return ""
    return f"{wanted} was expected; what came back is {kind_of(inside)}"


def compare(compared: Sequence[Compared], size: str) -> str:
    """Which results differ from what was expected, in how many cases, and by how much; "" for none.

    compared: for each result its challenge, its name, itself, what was expected, and a scale, the
        size of what `size` says.

    >>> asked = Challenge("case/two numbers", "f", ())
    >>> compare([(asked, "w", np.array([1.0, 2.0]), np.array([1.0, 4.0]), 4.0)], "the right number")
    'w differs in every case, by up to 0.5 times the size of the right number'
    """
    wrong: dict[str, float] = {}
    cases = []
    for challenge, name, result, expected, scale in compared:
        if disagreement(result, expected, scale) > 1.0:
            cases.append(challenge.id.split("/", 1)[1])
            with np.errstate(all="ignore"):
                apart = np.abs(result - expected).max() / scale
            wrong[name] = max(wrong.get(name, 0.0), apart if np.isfinite(apart) else np.inf)
    if not wrong:
        return ""
    total, unlike = len({c.id for c, *_ in compared}), list(dict.fromkeys(cases))
    worst = max(wrong.values())
    much = f"by up to {worst:.2g} times the size of {size}" if np.isfinite(worst) else "by inf or nan"
    where = "in every case" if len(unlike) == total else f"in {len(unlike)} of {total} cases, first: {unlike[0]}"
    return f"{listed(list(wrong))} {'differs' if len(wrong) == 1 else 'differ'} {where}, {much}"


def listed(names: Sequence[str]) -> str:
    """Names as a person lists them.

    >>> listed(["W1", "b1", "W2"])
    'W1, b1 and W2'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
