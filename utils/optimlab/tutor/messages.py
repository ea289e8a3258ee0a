"""The words for one problem: a named mistake, why an answer cannot be judged, which results differ.

A message says which array differs and by how much, never what was expected.
"""

import ast
import re
import textwrap
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import NamedTuple

import numpy as np

from optimlab.tutor.challenges import Answer, Challenge, kind_of, with_article
from optimlab.tutor.switchboard import Hint, disagreement

Compared = tuple[Challenge, str, np.ndarray, np.ndarray, float]
FAR = 1000  # times too far off: how much further it is tells nothing
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
    "misnamed": Hint("A function is found by its name alone.", "What yours computes has not been looked at yet.",
                     "the first line of the cell as you were given it"),
    "raise_left": Hint("The line that raises NotImplementedError is still there, and ends your function.",
                       "Nothing that you wrote has been tried yet.", "your function line by line; that one is to go"),
    "returns_nothing": Hint("The function ends without a return.",
                            "It gives None to whoever calls it, and what it has computed is lost.", SETTLED),
    "raises": Hint("The function stops with an error.", "When it does, nothing comes back.",
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
    (r"for \^|bitwise_xor",
     "In Python, ^ is not a power: it works on the bits of whole numbers. A power is written with two stars."),
    (r"^EOFError: EOF when reading a line|^StdinNotImplementedError",
     "Your code waits for somebody to type, and nobody is there while it is checked. What a function needs, it gets "
     "through its arguments."),
    (r"No module named '([\w.]+)'",
     r"There is no module \1 where this is checked. Write the function in its own cell, with NumPy."),
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


def stopped(answer: Answer, function: str, reread: str, source: str = "") -> Mistake:
    """The mistake of a function that stopped with an error: what that means, what Python says of it, and where.

    source: the student's code, in which the same may stand more than once.

    >>> print(stopped(Answer("raised", (), "ZeroDivisionError: division by zero", "line 3: m / 0"), "f", "").hint)
    Something is divided by zero. Python says: ZeroDivisionError: division by zero, at line 3: m / 0. Reread: that line.
    """
    message = re.sub(r", and the inputs could not be safely coerced .*", "", answer.message)
    said = message + (f", at {answer.line}" if answer.line else "")
    # An error of the call itself comes from no line of the function.
    if not answer.line and re.match(rf"TypeError: {function}\(\) (?:got|missing|takes)\b", said):
        return general("renamed_parameter", said, reread)
    meant = _in_words(said)
    if not meant:
        return general("raises", said)
    lines = _carets(source, answer.line) if "^" in meant else []
    places = f" You use ^ in {_numbered(lines)}." if len(lines) > 1 else ""
    return Mistake("raises", f"{meant}{places} Python says: {said}. Reread: that line.")


def stopped_cell(what: str, said: str, at: str) -> Mistake:
    """The mistake of a cell that stopped with an error before its function could be asked anything.

    >>> stopped_cell("The cell of f", "SyntaxError: '(' was never closed", ", at line 1: f = (").hint[60:]
    'at line 1: f = (. The function has not been tried. Reread: the line that is named.'
    """
    sentences = (f"{what} stops with {said}{at}.", _in_words(said), "The function has not been tried.",
                 "Reread: the line that is named.")
    return Mistake("raises", " ".join(filter(None, sentences)))


def _in_words(said: str) -> str:
    """What an error of Python's means here; "" where that is not known."""
    found = ((words, pattern.search(said)) for pattern, words in IN_WORDS)
    return next((match.expand(words) for words, match in found if match), "")


def _carets(source: str, line: str) -> list[int]:
    """The lines of the code in which a ^ stands, counted as in "line 3: v = m ^ 2", which is one of them."""
    number, _, text = line.removeprefix("line ").partition(": ")
    offsets = [int(number) - n for n, own in enumerate(source.splitlines(), 1) if own.strip()[:160] == text]
    try:
        tree = ast.parse(textwrap.dedent(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    carets = {node.lineno for node in ast.walk(tree)
              if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.BitXor)}
    return sorted(n + offsets[0] for n in carets) if len(offsets) == 1 else []


def _numbered(lines: Sequence[int]) -> str:
    """Several lines, by their numbers.

    >>> _numbered([8, 9, 10]), _numbered([3, 5])
    ('lines 8 to 10', 'lines 3 and 5')
    """
    run = len(lines) > 2 and lines[-1] - lines[0] == len(lines) - 1
    return f"lines {lines[0]} to {lines[-1]}" if run else f"lines {listed(list(map(str, lines)))}"


def nearly(name: str, others: Iterable[str]) -> str:
    """That one of other names which is nearly this one, by a slip or by British spelling; "" for none.

    >>> nearly("initialize_adam", ["normalise", "initialise_adam"]), nearly("rmsprop_step", ["momentum_step"])
    ('initialise_adam', '')
    """
    by_letters = {other.lower(): other for other in others if other != name}
    close = get_close_matches(name.lower(), by_letters, 1, 0.8)
    return by_letters[close[0]] if close else ""


def misnamed(name: str, near: str) -> Mistake:
    """The mistake of a function that is there under nearly its name.

    >>> misnamed("initialize_adam", "initialise_adam").hint.partition(". ")[0]
    'You have a function called `initialise_adam`; the check looks for `initialize_adam`'
    """
    return general("misnamed", f"You have a function called `{near}`; the check looks for `{name}`")


def still_empty(name: str, near: str) -> Mistake:
    """The mistake of an empty function; `near` is one that is called nearly so, "" for none.

    >>> still_empty("momentum_step", "momentun_step").hint.partition(". ")[0]
    '`momentum_step` is still empty, and you have a function called `momentun_step`'
    """
    if not near:
        return general("not_attempted")
    says = f"`{name}` is still empty, and you have a function called `{near}`."
    return Mistake("not_attempted", f"{says} If that is your answer, give it the name that is checked. "
                                    f"Reread: {GENERAL['misnamed'].reread}.")


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
    >>> compare([(asked, "w", np.array([1.0, np.nan]), np.array([1.0, 4.0]), 4.0)], "the right number")
    'w differs in every case, and contains nan or inf'
    >>> compare([(asked, "w", np.array([1.0]), np.array([0.0]), 0.0)], "the right number")
    'w differs in every case'
    """
    wrong: dict[str, float] = {}
    cases, no_number, without = [], set(), set()
    for challenge, name, result, expected, scale in compared:
        if disagreement(result, expected, scale) > 1.0:
            cases.append(challenge.id.split("/", 1)[1])
            with np.errstate(all="ignore"):
                apart = np.abs(result - expected).max() / scale
            if not np.isfinite(result).all():
                no_number.add(challenge.id)
                without.add(name)
            wrong[name] = max(wrong.get(name, 0.0), apart if np.isfinite(apart) else 0.0)
    if not wrong:
        return ""
    total, unlike = len({c.id for c, *_ in compared}), list(dict.fromkeys(cases))
    names = [name for name in dict.fromkeys(name for _, name, *_ in compared) if name in wrong]
    worst = max(wrong.values())  # 0 where there is no size to tell it by: the right numbers are all 0
    said = [f"{listed(names)} {'differs' if len(names) == 1 else 'differ'} "
            + ("in every case" if len(unlike) == total else
               f"in {len(unlike)} of {total} cases (the first: {unlike[0]})")]
    if worst:
        said.append(f"by more than {FAR} times the size of {size}" if worst > FAR else
                    f"by up to {f'{worst:.0f}' if worst >= 100 else f'{worst:.2g}'} times the size of {size}")
    if no_number:
        none = [name for name in names if name in without]
        contain = "contains" if len(none) == 1 else "contain"
        few = f" in {len(no_number)} of them" if len(no_number) < len(unlike) else ""
        said.append(f"and {contain if none == names else f'{listed(none)} {contain}'} nan or inf{few}")
    return ", ".join(said)


def small(sentence: str) -> str:
    """A sentence as it goes on after a colon; a name at its beginning stays as it is.

    >>> small("The step is late."), small("A sum comes back."), small("W and A_prev are exchanged.")
    ('the step is late.', 'a sum comes back.', 'W and A_prev are exchanged.')
    """
    word = sentence.split(" ")[0]
    return sentence[:1].lower() + sentence[1:] if word == "A" or word[1:].islower() else sentence


def alone_in(arrays: Sequence[str], hint: str) -> str:
    """A hint with the arrays that it is about; none for all.

    >>> alone_in(["W2"], "The step is late.")
    'In W2 alone: the step is late.'
    """
    return f"In {listed(arrays)} alone: {small(hint)}" if arrays else hint


def listed(names: Sequence[str]) -> str:
    """Names as a person lists them.

    >>> listed(["W1", "b1", "W2"])
    'W1, b1 and W2'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
