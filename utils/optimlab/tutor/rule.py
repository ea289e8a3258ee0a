"""An exercise whose function follows one rule: what the small exercises of the lessons share.

A `Rule` is the function's signature and a switchboard whose one output is what the function
returns: an array, a number, or a tuple of arrays. The switchboard without deviations is the
reference. Challenges are single calls; what their id says before the slash tells the criteria
apart. Two kinds are judged but not explained by the switchboard:

    default/...   an argument is left out, and rounding hides what tells the mistakes apart
    whole/...     the inputs are whole numbers, and a result that is cut to whole numbers shows
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimlab.tutor.challenges import Answer, Challenge, made
from optimlab.tutor.diagnosis import EXACT, Catalogue, smallest
from optimlab.tutor.exercise import Criterion, Draw, Exercise, Pair, of_kind, once_for_each
from optimlab.tutor.messages import ABOVE, Mistake, compare, not_arrays, not_one, trouble
from optimlab.tutor.switchboard import Deviation, Hint, Search, Switchboard, disagreement


@dataclass(frozen=True)
class Rule:
    """A function to write, and everything that is known of the ways to write it.

    name, arguments, defaults: its signature.
    returns: names of what it returns, for messages.
    board: the switchboard; its formulas read the arguments by their names.
    whole_numbers: the mistake of a function that cuts its results to whole numbers.
    left_out: the mistake of other defaults than those asked for.
    ways: other right functions, as students write them.
    """

    name: str
    arguments: tuple[str, ...]
    returns: tuple[str, ...]
    board: Switchboard
    defaults: Mapping[str, Any]
    whole_numbers: Deviation | None = None
    left_out: Deviation | None = None
    ways: tuple[Callable[..., Any], ...] = ()

    def call(self, id: str, *arguments: Any, **keywords: Any) -> Challenge:
        """A challenge: one call of the function."""
        return Challenge(id, self.name, ((arguments, keywords),))

    def inputs(self, challenge: Challenge) -> dict[str, Any]:
        """The arguments of a challenge by name, newly made."""
        (arguments, keywords), = challenge.calls
        given = {**self.defaults, **dict(zip(self.arguments, arguments)), **keywords}
        return {name: made(value) for name, value in given.items()}

    @once_for_each
    def expected(self, challenge: Challenge) -> tuple[np.ndarray, ...]:
        """What a right function returns, one array for each name in `returns`."""
        output, = self.board.outputs
        result = self.board.simulate(self.inputs(challenge))[output]
        return tuple(map(np.asarray, result if isinstance(result, tuple) else (result,)))

    @property
    def hints(self) -> dict[str, Hint]:
        """What is said of each mistake that has a name, those included that the switchboard does not simulate."""
        others = (d for d in (self.whole_numbers, self.left_out) if d)
        return {d.id: d.hint for d in (*self.board.deviations.values(), *others)}

    def exercise(self, challenges: Draw, criteria: Sequence[Criterion], *, assignment: str = "", lesson: str = "",
                 place: int = 1) -> Exercise:
        """The exercise: the criterion of the shapes, then those given; and where it belongs."""
        shapes = Criterion(f"{self.name}.shape", 1, "what comes back, and in which shape", self._judge_shapes)
        return Exercise(self.name, (shapes, *criteria), challenges, self._diagnose, self.hints,
                        assignment, lesson, place, settled=ABOVE, ways=(self._way(), *self.ways),
                        traced=("case", "plain", "corrected"), returns=self.returns,
                        catalogue=Catalogue(self.board, lambda cs: [self.inputs(c) for c in cs], _arrays),
                        begin=None if assignment else self._begin,
                        quickly=lambda pairs, source, seen: self._diagnose(pairs, source, seen, 2, exactly=True))

    def _way(self) -> Callable[..., Any]:
        """The right function as the switchboard computes it."""
        def way(*arguments: Any, **keywords: Any) -> Any:
            given = {**self.defaults, **dict(zip(self.arguments, arguments)), **keywords}
            output, = self.board.outputs
            return self.board.values(given, {}, lambda name, value: value)[output]
        way.made_of = [n.formula for n in self.board.nodes if callable(n.formula)]  # type: ignore[attr-defined]
        return way

    def criterion(self, aspect: str, what: str, *kinds: str, only: str = "") -> Criterion:
        """A criterion of numbers: of the challenges of some kinds, of all that comes back or `only` one of it."""
        return Criterion(f"{self.name}.{aspect}", 1, what,
                         lambda pairs: self._judge_numbers(of_kind(pairs, *kinds), only))

    def _shape(self, challenge: Challenge, answer: Answer, only: str = "") -> str:
        """Why what came back (or `only` one of it) cannot be compared, in one line; "" where it can."""
        expected = self.expected(challenge)
        problem = trouble(answer) or (not_arrays(answer, len(expected)) if len(expected) > 1
                                      else not_one(answer, a_number=expected[0].ndim == 0))
        if problem:
            return problem
        for name, result, right in zip(self.returns, answer.results, expected):
            if only in ("", name) and np.shape(result) != right.shape:
                return f"{name} comes back with the shape {np.shape(result)} ({challenge.id.split('/', 1)[1]})"
        return ""

    def _judge_shapes(self, pairs: Sequence[Pair]) -> str:
        # What fails with whole numbers alone costs one criterion, not two.
        return next((p for p in (self._shape(c, a) for c, a in _without(pairs, "whole")) if p), "")

    def _judge_numbers(self, pairs: Sequence[Pair], only: str) -> str:
        compared = []
        for challenge, answer in pairs:
            problem = self._shape(challenge, answer, only)
            if problem:
                return problem
            for name, result, right in zip(self.returns, answer.results, self.expected(challenge)):
                if only in ("", name):
                    compared.append((challenge, name, np.asarray(result), right, np.abs(right).max()))
        return compare(compared, "the right number")

    def _begin(self, pairs: Sequence[Pair]) -> str:
        """The smallest case that differs: what is given, what is right, what came. Lessons are not graded."""
        wrong = [(c, a) for c, a in pairs if not self._shape(c, a) and any(
            disagreement(np.asarray(r, float), np.asarray(e, float), np.abs(e).max(initial=0.0)) > 1.0
            for r, e in zip(a.results, self.expected(c)))]
        numeric = [(c, a) for c, a in wrong if all(map(_is_numeric, self.inputs(c).values()))]
        if not numeric:
            return ""
        challenge, answer = min(numeric, key=lambda pair: sum(np.size(x) for x in self.inputs(pair[0]).values()))
        given = ", ".join(f"{name} = {_shown(x)}" for name, x in self.inputs(challenge).items())
        for name, result, right in zip(self.returns, answer.results, self.expected(challenge)):
            if disagreement(np.asarray(result, float), np.asarray(right, float), np.abs(right).max(initial=0.0)) > 1.0:
                return (f"Begin with the smallest case that differs: {given}. There {name} should be {_shown(right)}; "
                        f"your function gives {_shown(result)}.")
        return ""

    def _diagnose(self, pairs: Sequence[Pair], source: str, seen: list[Mistake], most: int = 3,
                  exactly: bool = False) -> list[Mistake]:
        """What was seen, and the smallest set of at most so many deviations that gives the results."""
        ordinary = _without(pairs, "default", "whole")
        search = self._search(ordinary)
        ids = smallest(self.board, [(search, ())], most, source, exactly) if search else None
        if search is None or ids is None:
            return seen
        named = [Mistake(id, str(self.board.deviations[id].hint)) for id in ids]
        whole, default = of_kind(pairs, "whole"), of_kind(pairs, "default")
        if self.whole_numbers and whole and not self._agrees(whole, ids):
            named.append(Mistake(self.whole_numbers.id, str(self.whole_numbers.hint)))
        raised = any(a.outcome == "raised" for _, a in default)
        # An epsilon is small: where the numbers agree exactly, so they must with the default one.
        limit = EXACT if search.agrees(ids, EXACT) else 1.0
        if self.left_out and default and not raised and not self._agrees(default, ids, limit):
            named.append(Mistake(self.left_out.id, str(self.left_out.hint)))
        if named and not raised:
            # An error in some cases comes from the mistakes that are named: they are one, not two.
            seen = [m for m in seen if m.id != "raises"]
        return seen + named

    def _agrees(self, pairs: Sequence[Pair], ids: tuple[str, ...], limit: float = 1.0) -> bool:
        search = self._search(pairs)
        return search is not None and search.agrees(ids, limit)

    def _search(self, pairs: Sequence[Pair]) -> Search | None:
        """The search for what gives these answers; None where one of them is nothing to compare."""
        results = [_result(a) for _, a in pairs]
        if any(r is None for r in results):
            return None
        return self.board.search_cases([self.inputs(c) for c, _ in pairs], results)


def _without(pairs: Sequence[Pair], *kinds: str) -> list[Pair]:
    taken = {c.id for c, _ in of_kind(pairs, *kinds)}
    return [(c, a) for c, a in pairs if c.id not in taken]


def _shown(x: Any) -> str:
    """A number or an array on one line, short enough to be read."""
    return " ".join(np.array2string(np.asarray(x), precision=4, threshold=12, separator=", ").split())


def _arrays(values: Sequence[Any]) -> list[list[np.ndarray]]:
    """The arrays that a quantity holds, for a Catalogue; none where it is no number."""
    if all(isinstance(v, tuple) for v in values):
        return [list(map(np.asarray, kind)) for kind in zip(*values) if all(map(_is_numeric, kind))]
    return [list(map(np.asarray, values))] if all(map(_is_numeric, values)) else []


def _is_numeric(value: Any) -> bool:
    return isinstance(value, (int, float, np.number, np.ndarray)) and np.asarray(value).dtype.kind in "fiub"


def _result(answer: Answer) -> Any:
    """What an answer holds, for `row_of`; None where it holds nothing to compare."""
    if answer.outcome == "raised" and answer.message.startswith("ValueError"):
        return ValueError(answer.message)
    if answer.outcome != "returned" or not answer.results:
        return None
    if any(not isinstance(r, (np.ndarray, float)) for r in answer.results):
        return None
    if answer.container in ("tuple", "list"):
        return answer.results
    return answer.results[0]
