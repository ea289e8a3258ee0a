"""What an exercise is, and how a function's answers become points, messages and named mistakes.

Three outcomes are kept apart: not attempted, wrong, correct.
"""

import ast
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Answer, Challenge, made
from optimlab.tutor.consequences import together
from optimlab.tutor.diagnosis import Catalogue
from optimlab.tutor.located import located, named_in_steps, placed
from optimlab.tutor.messages import ENDED, SETTLED, Mistake, general, nearly, still_empty, stopped
from optimlab.tutor.reports import Outcome, Report
from optimlab.tutor.switchboard import Hint
from optimlab.tutor.tracing import Trace, trace

Function = TypeVar("Function", bound=Callable[..., Any])
Pair = tuple[Challenge, Answer]
Judge = Callable[[Sequence[Pair]], str]
Draw = Callable[[Generator], list[Challenge]]
Diagnose = Callable[[Sequence[Pair], str, list[Mistake]], list[Mistake]]
Traces = Callable[[], Sequence[Trace | None]]
MOST_TRACED = 4  # cases in which a computation is followed

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
    ways: right functions of the same arguments, each as students write it in one of their styles;
        with one at least, whatever is wrong can be told with the student's own line.
    traced: the kinds of challenges (see `of_kind`) in which it is looked for; none for all.
    returns: what the results are called.
    arrays: what the same is computed for, one after the other, in the order of the results.
    catalogue: the mistakes that have names, where a switchboard simulates them.
    begin: says where to begin when no mistake is recognised: what differs first, in the smallest case.
    quickly: as `diagnose`, but only what is found at once: one or two mistakes that explain every digit.
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
    ways: tuple[Callable[..., Any], ...] = ()
    traced: tuple[str, ...] = ()
    returns: tuple[str, ...] = ()
    arrays: tuple[str, ...] = ()
    catalogue: Catalogue | None = None
    quickly: Diagnose | None = None
    begin: Callable[[Sequence[Pair]], str] | None = None
    rule: Any = None

    def __post_init__(self) -> None:
        if bool(self.assignment) == bool(self.lesson):
            raise ValueError(f"{self.name} belongs to an assignment or to a lesson: say which one")

    @property
    def max_score(self) -> int:
        return sum(c.points for c in self.criteria)


    @cached_property
    def followed(self) -> tuple[Challenge, ...]:
        """The challenges in which a computation is followed: the same for everybody."""
        if not self.ways:
            return ()
        drawn = [c for c in self.challenges(np.random.default_rng(0))
                 if len(c.calls) == 1 and not c.probe_memory and c.id.split("/")[0] in (self.traced or c.id)]
        few = sorted({math.ceil(k * (len(drawn) - 1) / (MOST_TRACED - 1)) for k in range(MOST_TRACED)} if drawn else ())
        return tuple(drawn[k]._replace(trace=True) for k in few)

    def alone(self, results: Sequence[int]) -> list[str]:
        """The arrays that a mistake is made in, where it is not made in all of them; see `arrays`."""
        if not self.arrays:
            return []
        made_in = list(dict.fromkeys(self.arrays[r % len(self.arrays)] for r in results))
        return made_in if len(made_in) < len(self.arrays) else []

    def right_ways(self, challenge: Challenge) -> list[Trace]:
        """How each of the right ways computes its answer to a challenge."""
        (arguments, keywords), = challenge.calls
        return [trace(way, [made(a) for a in arguments], {k: made(v) for k, v in keywords.items()},
                      getattr(way, "made_of", (way,))) for way in self.ways]

    @cached_property
    def followed_ways(self) -> list[list[Trace]]:
        """For each of the challenges that are followed, how the right ways compute it."""
        with np.errstate(all="ignore"):
            return [self.right_ways(c) for c in self.followed]


def assess(exercise: Exercise, challenges: Sequence[Challenge], answers: Sequence[Answer],
           source: str = "", traces: Traces = tuple, sources: Callable[[str], str] = str, explained: bool = True,
           others: Iterable[str] = ()) -> Report:
    """Judge the answers to the challenges, and say what is wrong.

    source: the student's code; it only breaks ties of names.
    traces: gives the student's computation of each of `exercise.followed`; asked only if something is wrong.
    sources: gives the text of one of the student's files by its name, "" for any other.
    explained: whether the mistakes behind lost points are looked for, which takes most of the time.
    others: the names of the student's other functions: an empty one may have been written under one of them.
    """
    if all(a.outcome == "not_attempted" for a in answers):
        if _is_written(source, exercise.name):
            return without_answers(exercise, general("raise_left"))
        return without_answers(exercise, still_empty(exercise.name, nearly(exercise.name, others)))
    pairs = list(zip(challenges, answers, strict=True))
    outcomes = []
    for c in exercise.criteria:
        message = c.judge(pairs)
        outcomes.append(Outcome(c.id, 0 if message else c.points, c.points, not message, message or "met"))
    mistakes = list(_seen(exercise, pairs, source))
    if explained and not all(o.passed for o in outcomes):
        mistakes = _explained(exercise, pairs, source, mistakes, traces, sources)
        right = any(o.passed and o.id.endswith("first_step") for o in outcomes)
        mistakes = together(mistakes, exercise.hints, right, any(map(_has_nan, answers)))
    status = "correct" if all(o.passed for o in outcomes) else "wrong"
    begin = exercise.begin(pairs) if status == "wrong" and exercise.begin else ""
    return Report(exercise.name, status, tuple(outcomes), tuple(mistakes), begin)


def _explained(exercise: Exercise, pairs: Sequence[Pair], source: str, seen: list[Mistake], traces: Traces,
               sources: Callable[[str], str]) -> list[Mistake]:
    """All mistakes: as the catalogue names them, as the computation shows them, or both."""
    if any(m.id == "renamed_parameter" for m in seen):
        return seen  # where it was called at all, what it was given stands under other names
    quick = exercise.quickly(pairs, source, seen) if exercise.quickly else seen
    named = {m.id for m in quick} if {m.id for m in quick} != {m.id for m in seen} else set()
    followed = [(n, t) for n, t in enumerate(traces()) if t is not None] if exercise.followed else []
    with np.errstate(all="ignore"):
        by_steps = named_in_steps(exercise, pairs, [n for n, _ in followed], [t for _, t in followed], source, sources,
                                  named - {m.id for m in seen})
        ids = {m.id for m in by_steps}
        if ids and (not named or ids == named - {m.id for m in seen}):
            if exercise.catalogue and exercise.catalogue.may_stop & ids:
                seen = [m for m in seen if m.id != "raises"]
            return [*seen, *by_steps]
        places = located(exercise, pairs, [n for n, _ in followed], [t for _, t in followed], source, sources, named)
    if named:
        return placed(quick, places)
    unnamed = [p for p in places if p.mistake.id not in exercise.hints]
    # Where several places have no name, or all that is known of one is the place, a set of three may have one: the
    # long search is worth its time.
    if not places or (unnamed and len(places) > 1) or any(p.kind == "departs" for p in unnamed):
        found = exercise.diagnose(pairs, source, seen)
        if len(found) > len(seen) or not places:
            return placed(found, places)
    return [*seen, *(p.mistake for p in places)]


def _has_nan(answer: Answer) -> bool:
    return any(isinstance(x, np.ndarray) and not np.isfinite(x).all() for x in answer.results)


def without_answers(exercise: Exercise, mistake: Mistake) -> Report:
    """The report of a function that could not be asked anything: absent, empty or never defined."""
    attempted = mistake.id != "not_attempted"
    message = mistake.hint.split(". ")[0] if attempted else "not attempted"
    outcomes = tuple(Outcome(c.id, 0, c.points, False, message) for c in exercise.criteria)
    return Report(exercise.name, "wrong" if attempted else "not attempted", outcomes, (mistake,))


def _is_written(source: str, name: str) -> bool:
    """Whether a function holds more than what it is handed out with: a docstring, a raise, names to return.

    >>> [_is_written(f"def f(x):\\n    {body}", "f") for body in ("raise NotImplementedError", "return 2 * x")]
    [False, True]
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    defined = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == name]
    handed_out = (ast.Constant, ast.Name, ast.Tuple, ast.List, ast.Load, ast.Expr, ast.Return, ast.Pass)
    return any(not isinstance(part, handed_out) for statement in (defined[-1].body if defined else ())
               if not isinstance(statement, ast.Raise) for part in ast.walk(statement))


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


def _seen(exercise: Exercise, pairs: Sequence[Pair], source: str) -> Iterator[Mistake]:
    """The mistakes that show without any arithmetic, each once."""
    answers = [a for _, a in pairs]
    raised = next((a for a in answers if a.outcome == "raised"), None)
    if raised:
        yield stopped(raised, exercise.name, exercise.settled, source)
    died = next((a for a in answers if a.outcome == "died"), None)
    if died:
        yield general("raises", f"Your function {died.message or ENDED}")
    if any(a.outcome == "never_ended" for a in answers):
        yield general("never_ends")
    if any(a.outcome == "returned" and a.container == "NoneType" for a in answers):
        yield general("returns_nothing", reread=exercise.settled)
    if any(a.changed for a in answers):
        yield general("changes_inputs", reread=exercise.settled)
