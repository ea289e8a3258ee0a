"""The words for one problem: a named mistake, why an answer cannot be judged, which results differ.

A message says which array differs and by how much, never what was expected.
"""

import re
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
    "raise_left": Hint("The line that raises NotImplementedError is still there, and ends your function.",
                       "Nothing that you wrote has been tried yet.", "your function line by line; that one is to go"),
    "returns_nothing": Hint("The function ends without handing its results back.",
                            "Whoever calls it receives None and cannot train.", SETTLED),
    "raises": Hint("The function stops with an error.", "Where it stops, nothing comes back.",
                   "the line that is named; run it alone with small arrays"),
    "renamed_parameter": Hint("The first line of your function has other parameters than the one you were given.",
                              "Whoever calls it by the agreed names gets an error.", SETTLED),
    "never_ends": Hint("The function does not come to an end.", "Training would hang at the first step.",
                       "your loops, and what makes each of them stop"),
    "changes_inputs": Hint("Your function changes the arrays that it is given.",
                           "The caller's old values are gone.", SETTLED),
}

# What Python says of an error, and what that means here.
IN_WORDS = tuple((re.compile(said), words) for said, words in (
    (r"for \^|bitwise_xor", "In Python, ^ is no power: it works on the bits of whole numbers. A power has two stars."),
    (r"Cannot interpret '.*' as a data type|data type '.*' not understood",
     "A shape is one tuple: its numbers need parentheses of their own."),
    (r"'tuple' object cannot be interpreted as an integer", "Here the numbers are wanted one by one, not as a tuple."),
    (r"could not be broadcast together", "Arrays of these shapes do not fit together, number by number."),
    (r"non-broadcastable output|could not broadcast input array",
     "An array of this shape does not fit into the one that is to take it."),
    (r"matmul: |not aligned", "This is a product of matrices; number by number, arrays are multiplied with a star."),
    (r"name 'np' is not defined", "Run the cell at the top that imports NumPy."),
    (r"name '(\w+)' is not defined", r"Nothing is called \1 here: is it spelled as where it is made?"),
    (r"local variable '(\w+)'", r"\1 is read before this function has given it a value."),
    (r"missing \d+ required", "A function is called with fewer values than it takes."),
    (r"takes .* positional arguments? but", "A function is called with more values than it takes."),
    (r"values to unpack|cannot unpack", "There are not as many values on the right as names on the left."),
    (r"NoneType", "Something here is None: a function that ends without a return gives None."),
    (r"can be converted to Python scalars|only length-1 arrays|only size-1 arrays",
     "The functions of math take one number; NumPy's of the same name take whole arrays."),
    (r"Cannot cast ufunc .* to dtype\('int", "An array of whole numbers cannot take fractions in place."),
    (r"can't multiply sequence|can only concatenate|operand type\(s\) for .*'(?:list|tuple|dict)'"
     r"|bad operand type for .*'(?:list|tuple|dict)'",
     "Lists, tuples and dicts do not compute number by number: arrays do."),
    (r"object is not callable",
     "A value stands right before a parenthesis, and Python takes it for a call: is a star missing?"),
    (r"out of bounds|index out of range", "There is no place of that number: places count from zero."),
    (r"^KeyError", "The dict has no such key: it is to be spelled as where it was put in."),
    (r"truth value of an array", "An if asks for one answer, and an array gives one for each number."),
    (r"object does not support item assignment", "What stands before the bracket cannot be changed in its places."),
    (r"object is not subscriptable", "What stands before the bracket has no places to choose from."),
    (r"has no attribute '(\w+)'", r"What stands before the dot does not know \1."),
    (r"inhomogeneous shape", "Arrays of unlike shapes do not fit into one array: keep them in a list."),
    (r"^ZeroDivisionError", "Something is divided by zero."),
    (r"^RecursionError", "The function calls itself without an end."),
    (r"read-only", "This array may be read, not changed: work on a copy."),
))


def general(id: str, seen: str = "", reread: str = "") -> Mistake:
    """One of the mistakes that any function can make, with what was seen of it and another place to reread.

    >>> general("raises", "ValueError: no").hint.startswith("ValueError: no. The function stops")
    True
    """
    hint = GENERAL[id]._replace(reread=reread or GENERAL[id].reread)
    return Mistake(id, f"{seen}{'' if seen.endswith(('.', '?')) else '.'} {hint}" if seen else str(hint))


def stopped(answer: Answer, function: str, reread: str) -> Mistake:
    """The mistake of a function that stopped with an error: what Python says of it, where, and what it means.

    >>> stopped(Answer("raised", (), "NameError: name 'm' is not defined", "line 3: v = m"), "f", "").hint[:89]
    "NameError: name 'm' is not defined, at line 3: v = m. Nothing is called m here: is it spe"
    """
    said = answer.message + (f", at {answer.line}" if answer.line else "")
    # An error of the call itself comes from no line of the function.
    if not answer.line and re.match(rf"TypeError: {function}\(\) (?:got|missing|takes)\b", said):
        return general("renamed_parameter", said, reread)
    found = ((words, pattern.search(said)) for pattern, words in IN_WORDS)
    meant = next((match.expand(words) for words, match in found if match), "")
    return general("raises", f"{said}. {meant}" if meant else said)


def trouble(answer: Answer) -> str:
    """Why an answer holds no results, in one line; "" where it does. What an error says is told once, elsewhere.

    >>> trouble(Answer("never_ended"))
    'your function did not come to an end'
    """
    if answer.outcome == "raised":
        error, line = with_article(answer.message.partition(":")[0]), answer.line.partition(":")[0]
        return f"your function stopped with {error}" + (f" in {line}" if line else "")
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
    >>> compare([(asked, "w", np.array([np.nan]), np.array([2.0]), 2.0)], "the right number")
    'w differs in every case, by inf or nan'
    >>> compare([(asked, "w", np.array([1.0]), np.array([0.0]), 0.0)], "the right number")
    'w differs in every case'
    """
    wrong: dict[str, float] = {}
    cases, no_number = [], set()
    for challenge, name, result, expected, scale in compared:
        if disagreement(result, expected, scale) > 1.0:
            cases.append(challenge.id.split("/", 1)[1])
            with np.errstate(all="ignore"):
                apart = np.abs(result - expected).max() / scale
            if not np.isfinite(result).all():
                no_number.add(challenge.id)
            wrong[name] = max(wrong.get(name, 0.0), apart if np.isfinite(apart) else 0.0)
    if not wrong:
        return ""
    total, unlike = len({c.id for c, *_ in compared}), list(dict.fromkeys(cases))
    worst = max(wrong.values())  # 0 where there is no size to tell it by: the right numbers are all 0
    much = f", by up to {worst:.2g} times the size of {size}" if worst else ""
    if no_number:
        few = f" in {len(no_number)} of them" if len(no_number) < len(unlike) else ""
        much += f",{few} by inf or nan"
    where = "in every case" if len(unlike) == total else f"in {len(unlike)} of {total} cases, first: {unlike[0]}"
    return f"{listed(list(wrong))} {'differs' if len(wrong) == 1 else 'differ'} {where}{much}"


def listed(names: Sequence[str]) -> str:
    """Names as a person lists them.

    >>> listed(["W1", "b1", "W2"])
    'W1, b1 and W2'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
