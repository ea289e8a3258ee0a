"""An exercise whose function follows one rule: what the small exercises share, and what an author's own begin with.

A `Rule` is the function's signature and a switchboard whose one output is what the function
returns: an array, a number, or a tuple of arrays. The switchboard without deviations is the
reference. Challenges are single calls; what their id says before the slash tells the criteria
apart. Two kinds are judged but not explained by the switchboard:

    default/...   an argument is left out, and rounding hides what tells the mistakes apart
    whole/...     the inputs are whole numbers, and a result that is cut to whole numbers shows

`by_reference` makes an exercise of a reference function and its cases alone.
"""

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import wraps
from types import FunctionType
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Answer, Challenge, Made, made, with_article
from optimlab.tutor.diagnosis import EXACT, Catalogue, smallest
from optimlab.tutor.exercise import BESIDE, Criterion, Draw, Exercise, Pair, of_kind, once_for_each
from optimlab.tutor.messages import ABOVE, Mistake, compare, not_arrays, not_one, trouble
from optimlab.tutor.switchboard import Deviation, Hint, Node, Search, Switchboard, disagreement

MOST_CASES = 500  # of one exercise: each is asked of every student


@dataclass(frozen=True)
class Rule:
    """A function to write, and everything that is known of the ways to write it.

    name, arguments, defaults: its signature.
    returns: names of what it returns, for messages.
    board: the switchboard; its formulas read the arguments by their names.
    whole_numbers: the mistake of a function that cuts its results to whole numbers.
    left_out: the mistake of other defaults than those asked for.
    ways: other right functions, as students write them.
    most: how many mistakes are looked for together.
    """

    name: str
    arguments: tuple[str, ...]
    returns: tuple[str, ...]
    board: Switchboard
    defaults: Mapping[str, Any]
    whole_numbers: Deviation | None = None
    left_out: Deviation | None = None
    ways: tuple[Callable[..., Any], ...] = ()
    most: int = 3

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
                 place: int = 1, settled: str = ABOVE) -> Exercise:
        """The exercise: the criterion of the shapes, then those given; and where it belongs."""
        shapes = Criterion(f"{self.name}.shape", 1, "what comes back, and in which shape", self._judge_shapes)
        return Exercise(self.name, (shapes, *criteria), challenges, self._diagnose, self.hints,
                        assignment, lesson, place, settled, ways=(self._way(), *self.ways),
                        traced=("case", "plain", "corrected"), returns=self.returns, rule=self,
                        catalogue=Catalogue(self.board, lambda cs: [self.inputs(c) for c in cs], _arrays,
                                            self.board.outputs, may_stop=frozenset(self.board.deviations)),
                        begin=None if assignment else self._begin,
                        quickly=lambda pairs, source, seen: self._diagnose(pairs, source, seen, min(2, self.most),
                                                                           exactly=True))

    def _way(self) -> Callable[..., Any]:
        """The right function as the switchboard computes it."""
        def way(*arguments: Any, **keywords: Any) -> Any:
            given = {**self.defaults, **dict(zip(self.arguments, arguments)), **keywords}
            output, = self.board.outputs
            return self.board.values(given, lambda name, value: value)[output]
        way.made_of = [n.formula for n in self.board.nodes if callable(n.formula)]  # type: ignore[attr-defined]
        return way

    def criterion(self, aspect: str, what: str, *kinds: str, only: str = "") -> Criterion:
        """A criterion of numbers: of the challenges of some kinds, of all that comes back or `only` some of it.

        only: names in `returns`, with spaces between them.
        """
        return Criterion(f"{self.name}.{aspect}", 1, what, Numbers(self, kinds, only))

    def _shape(self, challenge: Challenge, answer: Answer, only: str = "") -> str:
        """Why what came back (or `only` some of it) cannot be compared, in one line; "" where it can."""
        expected = self.expected(challenge)
        if len(answer.results) == len(expected) > 1:  # a number may be one of several results
            answer = answer._replace(results=tuple(np.asarray(r) if isinstance(r, float) and right.ndim == 0 else r
                                                   for r, right in zip(answer.results, expected)))
        problem = trouble(answer) or (not_arrays(answer, len(expected)) if len(expected) > 1
                                      else not_one(answer, a_number=expected[0].ndim == 0))
        if problem:
            return problem
        for name, result, right in zip(self.returns, answer.results, expected):
            if _is_among(name, only) and np.shape(result) != right.shape:
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
                if _is_among(name, only):
                    compared.append((challenge, name, np.asarray(result), right, np.abs(right).max(initial=0)))
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

    def _diagnose(self, pairs: Sequence[Pair], source: str, seen: list[Mistake], most: int | None = None,
                  exactly: bool = False) -> list[Mistake]:
        """What was seen, and the smallest set of at most so many deviations that gives the results."""
        ordinary = _without(pairs, "default", "whole")
        search = self._search(ordinary)
        ids = smallest(self.board, [(search, ())], most or self.most, source, exactly) if search else None
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


@dataclass(frozen=True)
class Numbers:
    """The judge of a criterion of numbers; see `Rule.criterion`. No kinds are all of them."""

    rule: Rule
    kinds: tuple[str, ...]
    only: str

    def __call__(self, pairs: Sequence[Pair]) -> str:
        return self.rule._judge_numbers(of_kind(pairs, *self.kinds) if self.kinds else pairs, self.only)


def by_reference(reference: Callable[..., Any], cases: Callable[[Generator], Iterable[Any]], *,
                 returns: Sequence[str] = ("result",), criteria: Sequence[Sequence[str]] = (),
                 slips: Sequence[Deviation] | Deviation = (), settled: str = ABOVE) -> Exercise:
    """The exercise to write a function like the `reference`, which is asked in some cases.

    cases: draws them from a Generator. A case is the tuple of the arguments, or what `case` makes.
    returns: a name for each thing that comes back, for messages.
    criteria: (aspect, what is asked, kinds of cases ...) each; where there are none, there is one for
        each name in `returns`. The shape of what comes back is one more in any case, and the first.
    slips: what can go wrong, each a `slip`.

    Raises ValueError, in one line, for a function whose arguments have no names, and for words in another form.

    >>> def double(x):
    ...     return 2 * x
    >>> exercise = by_reference(double, lambda rng: [(rng.normal(size=3),), (rng.normal(size=(2, 2)),)])
    >>> exercise.name, [criterion.id for criterion in exercise.criteria]
    ('double', ['double.shape', 'double.result'])
    """
    name = getattr(reference, "__name__", "the reference")
    if not isinstance(reference, FunctionType):
        raise ValueError(f"{name}: an exercise's reference is a function written with def")
    parameters = inspect.signature(reference).parameters.values()
    if any(p.kind is not p.POSITIONAL_OR_KEYWORD for p in parameters):
        raise ValueError(f"{name}: each argument of an exercise's function has a name, and no * before it")
    arguments = tuple(p.name for p in parameters)
    slips = [slips] if isinstance(slips, Deviation) else list(slips)
    _well_formed(name, arguments, returns, criteria, slips)
    wrong = [d._replace(variants=tuple({node: _reads(f, arguments) for node, f in v.items()} for v in d.variants))
             for d in slips]
    rule = Rule(name, arguments, tuple(returns),
                Switchboard((Node("result", _reads(reference, arguments)),), wrong, ("result",)),
                {p.name: p.default for p in parameters if p.default is not p.empty})
    if criteria:
        asked = [rule.criterion(*words) for words in criteria]
    else:
        asked = [rule.criterion(result, f"the numbers of {result}", only=result) for result in returns]
    exercise = rule.exercise(lambda rng: list(_asked(reference, cases(rng))), asked, assignment=BESIDE, settled=settled)
    return replace(exercise, ways=(reference,), traced=())


def case(kind: str, *arguments: Any, **keywords: Any) -> Challenge:
    """A case of a kind, which may be followed by what tells it from others: "whole" or "whole/three numbers".

    >>> case("whole/three numbers", 3, h=1).id
    'whole/three numbers'
    """
    return Challenge(kind, "", ((arguments, keywords),))


def slip(id: str, wrong: Callable[..., Any], does: str, effect: str, reread: str) -> Deviation:
    """A mistake in an exercise made `by_reference`: a function that makes it, and what is said of it.

    wrong: takes the reference's arguments, by the same names.
    does, effect, reread: what the code does, what comes of it, where to read again; see `Hint`.
    """
    return Deviation(id, Hint(does, effect, reread), ({"result": wrong},))


def _well_formed(name: str, arguments: Sequence[str], returns: Any, criteria: Any,
                 slips: Sequence[Any]) -> None:
    """Raises ValueError, in one line, for what `by_reference` is given of `name` in another form than it reads."""
    if isinstance(returns, str):
        raise ValueError(f'{name}: returns is a list of names: write returns=["{returns}"]')
    for words in [criteria] if isinstance(criteria, str) else criteria:
        if isinstance(words, str) or len(words) < 2 or not all(isinstance(w, str) for w in words):
            raise ValueError(f'{name}: criteria is a list, and each is a name, what is asked, and kinds of cases, such '
                             f'as ("first", "the first epoch", "early"); {words!r} is none')
    if not all(isinstance(s, Deviation) for s in slips):
        raise ValueError(f"{name}: slips is a list, and each is made by slip(...)")
    ids = [s.id for s in slips]
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise ValueError(f"{name}: two slips are called {twice[0]}: give each an id of its own")
    for id, wrong in ((s.id, formula) for s in slips for variant in s.variants for formula in variant.values()):
        own = inspect.signature(wrong).parameters.values()
        if unknown := [p.name for p in own if p.name not in arguments and p.default is p.empty]:
            raise ValueError(f"the slip {id} takes {unknown[0]}, and {name} takes {', '.join(arguments)}: call its "
                             "arguments the same")


def _reads(function: Any, arguments: tuple[str, ...]) -> Any:
    """The function as a formula that reads all these arguments: as such, one that has a default would be a constant."""
    signature = inspect.signature(function)

    @wraps(function)
    def formula(*given: Any) -> Any:
        return function(*given)
    formula.__signature__ = signature.replace(parameters=[  # type: ignore[attr-defined]  # which inspect looks for
        p.replace(default=p.empty) if p.name in arguments else p for p in signature.parameters.values()])
    return formula


def _asked(reference: Callable[..., Any], cases: Iterable[Any]) -> Iterator[Challenge]:
    """A challenge for each case; raises ValueError for one that cannot be handed to the reference or to a student."""
    for number, given in enumerate(cases, start=1):
        if number > MOST_CASES:
            raise ValueError(f"the cases of {reference.__name__} are more than {MOST_CASES}, or never end: give fewer")
        which = f"case {number} of {reference.__name__}"
        if not isinstance(given, Challenge):
            if not isinstance(given, tuple):
                raise ValueError(f"{which} is {with_article(type(given).__name__)}: it must be the "
                                 "tuple of the arguments, such as (x,), or a case(...)")
            given = case("case", *given)
        (arguments, keywords), = given.calls
        try:
            inspect.signature(reference).bind(*arguments, **keywords)
        except TypeError as error:
            raise ValueError(f"{which}: {error}") from None
        kind, _, told = given.id.partition("/")
        yield Challenge(f"{kind}/{told or f'case {number}'}", reference.__name__,
                        ((_plain(arguments, which), {k: _plain(v, which) for k, v in keywords.items()}),))


def _plain(argument: Any, which: str) -> Any:
    """An argument of a case with plain numbers in place of NumPy's; raises ValueError for what cannot be sent."""
    if type(argument) in (tuple, list):
        return type(argument)(_plain(x, which) for x in argument)
    if isinstance(argument, np.generic):
        argument = argument.item()
    is_array = isinstance(argument, np.ndarray) and argument.dtype.kind in "fiub"
    if is_array or isinstance(argument, (bool, int, float, Made)):
        return argument
    raise ValueError(f"{which} holds {with_article(type(argument).__name__)}: a case is made of numbers, arrays, lists "
                     "and tuples; what takes anything else gets ordinary tests")


def _is_among(name: str, only: str) -> bool:
    return not only or name in only.split()


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
