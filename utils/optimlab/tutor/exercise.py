"""What an exercise is, and how a function's answers become points, messages and named mistakes.

Three outcomes are kept apart: not attempted, wrong, correct.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from typing import Any, NamedTuple, TypeVar, cast

from numpy.random import Generator

from optimlab.tutor.challenges import Answer, Challenge
from optimlab.tutor.messages import ENDED, SETTLED, Mistake, general
from optimlab.tutor.reports import Outcome, Report
from optimlab.tutor.switchboard import Hint

Function = TypeVar("Function", bound=Callable[..., Any])
Pair = tuple[Challenge, Answer]
Judge = Callable[[Sequence[Pair]], str]
Draw = Callable[[Generator], list[Challenge]]
Diagnose = Callable[[Sequence[Pair], str, list[Mistake]], list[Mistake]]

BESIDE = "the one beside it"  # in place of an assignment's name


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
    judge: Judge


@dataclass(frozen=True)
class Exercise:
    """A function to write: how it is asked, judged and diagnosed, and where it belongs.

    name: of the function.
    criteria: the marking scheme.
    challenges: draws random inputs from a Generator.
    diagnose: given the answered challenges, the source and the mistakes already seen (an error, a
        missing result, ...), all mistakes, those that explain the numbers included.
    hints: what is said of each mistake that has a name in this exercise, by its id.
    assignment, lesson: where it belongs, one of the two: an assignment's name, or a lesson's number.
        What lies beside a notebook belongs to that one: `BESIDE`.
    place: which of the exercises there it is, from 1.
    settled: where a person reads what the function is given and what it returns.
    rule: what it was made of, where that is a `Rule`: its answers can then be frozen for students.

    Raises ValueError where it belongs to nothing, or to both.
    """

    name: str
    criteria: tuple[Criterion, ...]
    challenges: Draw
    diagnose: Diagnose
    hints: Mapping[str, Hint]
    assignment: str = ""
    lesson: str = ""
    place: int = 1
    settled: str = SETTLED
    rule: Any = None

    def __post_init__(self) -> None:
        if bool(self.assignment) == bool(self.lesson):
            raise ValueError(f"{self.name} belongs to an assignment or to a lesson: say which one")

    @property
    def max_score(self) -> int:
        return sum(c.points for c in self.criteria)


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


def of_kind(pairs: Sequence[Pair], *kinds: str) -> list[Pair]:
    """The pairs whose challenge is of one of the kinds: what its id says before the slash."""
    return [(c, a) for c, a in pairs if c.id.split("/")[0] in kinds]


def once_for_each(function: Function) -> Function:
    """The function, computed once for the very same objects: several criteria ask what one challenge should give.

    >>> double = once_for_each(lambda numbers: [2 * n for n in numbers])
    >>> numbers = [1, 2]
    >>> double(numbers) is double(numbers), double(numbers) is double([1, 2])
    (True, False)
    """
    known: dict[tuple[int, ...], tuple[tuple[Any, ...], Any]] = {}

    @wraps(function)
    def remembered(*objects: Any) -> Any:
        key = tuple(map(id, objects))
        if key not in known:
            if len(known) == 512:
                known.clear()
            # The objects are kept with it, so that their ids stay theirs.
            known[key] = objects, function(*objects)
        return known[key][1]
    return cast(Function, remembered)


def _seen(exercise: Exercise, pairs: Sequence[Pair]) -> Iterator[Mistake]:
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
