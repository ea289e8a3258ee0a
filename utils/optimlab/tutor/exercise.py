"""What an exercise is, and how a function's answers become points, messages and named mistakes.

Three outcomes are kept apart: not attempted, wrong, correct. A message says which array differs
and by how much, never what was expected.
"""

from dataclasses import dataclass
from functools import wraps
from typing import Callable, NamedTuple, Sequence

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Answer, Challenge, kind_of, with_article
from optimlab.tutor.switchboard import Hint, disagreement

Pair = tuple[Challenge, Answer]


class Criterion(NamedTuple):
    """One line of the marking scheme.

    id: as the feedback names it, `exercise.aspect`.
    points: what it is worth, all or nothing.
    what: what is asked, for a person.
    judge: given the answered challenges, "" when it is met, or one line that says what is not.
    """

    id: str
    points: int
    what: str
    judge: Callable[[Sequence[Pair]], str]


class Mistake(NamedTuple):
    """A named mistake: an id of the switchboard, and what is said of it."""

    id: str
    hint: str


class Outcome(NamedTuple):
    """How one criterion ended."""

    id: str
    points: int
    max_points: int
    passed: bool
    message: str


@dataclass(frozen=True)
class Exercise:
    """A function to write: how it is asked, judged and diagnosed.

    name: of the function.
    criteria: the marking scheme.
    challenges: draws random inputs from a Generator.
    diagnose: given the answered challenges, the source and the mistakes already seen (an error, a
        missing result, ...), all mistakes, those that explain the numbers included.
    settled: where a person reads what the function is given and what it returns.
    """

    name: str
    criteria: tuple[Criterion, ...]
    challenges: Callable[[Generator], list[Challenge]]
    diagnose: Callable[[Sequence[Pair], str, list[Mistake]], list[Mistake]]
    settled: str = "“What is settled before you start?” in the assignment"

    @property
    def max_score(self) -> int:
        return sum(c.points for c in self.criteria)


@dataclass(frozen=True)
class Report:
    """What came of one exercise; `status` is "correct", "wrong" or "not attempted"."""

    name: str
    status: str
    outcomes: tuple[Outcome, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def score(self) -> int:
        return sum(o.points for o in self.outcomes)

    @property
    def max_score(self) -> int:
        return sum(o.max_points for o in self.outcomes)

    def outcome(self, criterion_id: str) -> Outcome:
        """The outcome of one criterion; KeyError where the exercise has none of that id."""
        return {o.id: o for o in self.outcomes}[criterion_id]

    def to_json(self) -> dict:
        """The report as plain data, in the form of `optimlab check --json`."""
        return {
            "name": self.name,
            "score": self.score,
            "max_score": self.max_score,
            "criteria": [o._asdict() for o in self.outcomes],
            "mistakes": [m._asdict() for m in self.mistakes],
        }

    def __str__(self) -> str:
        from optimlab.tutor.reports import as_text
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from optimlab.tutor.reports import as_html
        return as_html(self)


# Mistakes of any function, whatever it computes. They are not in a switchboard: they are seen.
GENERAL = {
    "not_attempted": Hint("This function is still empty.", "Nothing is lost: write it and check again.",
                          "the cell above it, which says what is asked"),
    "returns_nothing": Hint("The function ends without handing its results back.",
                            "Whoever calls it receives None and cannot train.", Exercise.settled),
    "raises": Hint("The function stops with an error.", "No step is taken at all.",
                   "the line that is named; run it alone with small arrays"),
    "never_ends": Hint("The function does not come to an end.", "Training would hang at the first step.",
                       "your loops, and what makes each of them stop"),
    "changes_inputs": Hint("Your function changes the arrays that it is given.",
                           "It costs no points here, but the caller's old values are gone.", Exercise.settled),
}


def general(id: str, seen: str = "", reread: str = "") -> Mistake:
    """One of the mistakes that any function can make, with what was seen of it and another place to reread.

    >>> general("raises", "ValueError: no").hint.startswith("ValueError: no. The function stops")
    True
    """
    hint = GENERAL[id]._replace(reread=reread or GENERAL[id].reread)
    return Mistake(id, f"{seen}. {hint}" if seen else str(hint))


def assess(exercise: Exercise, challenges: Sequence[Challenge], answers: Sequence[Answer],
           source: str = "") -> Report:
    """Judge the answers to the challenges; `source` (the student's code) only breaks ties of names."""
    if all(a.outcome == "not_attempted" for a in answers):
        return without_answers(exercise, general("not_attempted"))
    pairs = list(zip(challenges, answers, strict=True))
    outcomes = []
    for c in exercise.criteria:
        message = c.judge(pairs)
        outcomes.append(Outcome(c.id, 0 if message else c.points, c.points, not message, message or "met"))
    mistakes = list(_seen(exercise, pairs))
    if not all(o.passed for o in outcomes):
        mistakes = exercise.diagnose(pairs, source, mistakes)
    status = "correct" if all(o.passed for o in outcomes) else "wrong"
    return Report(exercise.name, status, tuple(outcomes), tuple(mistakes))


def without_answers(exercise: Exercise, mistake: Mistake) -> Report:
    """The report of a function that could not be asked anything: absent, empty or never defined."""
    attempted = mistake.id != "not_attempted"
    message = mistake.hint.split(". ")[0] if attempted else "not attempted"
    outcomes = tuple(Outcome(c.id, 0, c.points, False, message) for c in exercise.criteria)
    return Report(exercise.name, "wrong" if attempted else "not attempted", outcomes, (mistake,))


def once_for_each(function: Callable) -> Callable:
    """The function, computed once for the very same objects: several criteria ask what one challenge should give.

    >>> double = once_for_each(lambda numbers: [2 * n for n in numbers])
    >>> numbers = [1, 2]
    >>> double(numbers) is double(numbers), double(numbers) is double([1, 2])
    (True, False)
    """
    known: dict[tuple[int, ...], tuple] = {}

    @wraps(function)
    def remembered(*objects):
        key = tuple(map(id, objects))
        if key not in known:
            if len(known) == 512:
                known.clear()
            # The objects are kept with it, so that their ids stay theirs.
            known[key] = objects, function(*objects)
        return known[key][1]
    return remembered


ENDED = "ended the whole Python process"


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
        return f"{number} arrays were expected; what came back is {_came(answer.container)}"
    others = [kind for kind in map(kind_of, answer.results) if kind]
    if len(answer.results) != number:
        inside = f", among them {others[0]}" if others else ""
        return f"{number} arrays were expected, {len(answer.results)} came back{inside}"
    if others:
        return f"{number} plain arrays were expected; one of them is {others[0]}"
    return ""


def of_kind(pairs: Sequence[Pair], *kinds: str) -> list[Pair]:
    """The pairs whose challenge is of one of the kinds: what its id says before the slash."""
    return [(c, a) for c, a in pairs if c.id.split("/")[0] in kinds]


def compare(compared: Sequence[tuple[Challenge, str, np.ndarray, np.ndarray, float]], size: str) -> str:
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


def _came(container: str) -> str:
    return "a single array" if container == "ndarray" else with_article(container)


def listed(names: list[str]) -> str:
    """Names as a person lists them.

    >>> listed(["W1", "b1", "W2"])
    'W1, b1 and W2'
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def _seen(exercise: Exercise, pairs: Sequence[Pair]):
    """The mistakes that show without any arithmetic, each once."""
    answers = [a for _, a in pairs]
    raised = next((a for a in answers if a.outcome == "raised"), None)
    if raised:
        yield general("raises", raised.message + (f", at {raised.line}" if raised.line else ""))
    died = next((a for a in answers if a.outcome == "died"), None)
    if died:
        yield general("raises", f"Your function {died.message or ENDED}")
    if any(a.outcome == "never_ended" for a in answers):
        yield general("never_ends")
    if any(a.outcome == "returned" and a.container == "NoneType" for a in answers):
        yield general("returns_nothing", reread=exercise.settled)
    if any(a.changed for a in answers):
        yield general("changes_inputs", reread=exercise.settled)
