"""Exercises as data: what `check` needs of one where its reference must not be.

A rule is frozen in its public cases: the challenges, what a right function returns to each, what each slip gives
there, and in some of them the values of all that a right function computes on the way. Thawed, it is a rule again
whose one formula looks these up, so that it judges and names as before; of several slips together, which only the
rule itself can compute, it knows nothing. By the values it finds the line at which a computation leaves the right
ones; how they are computed it does not know, so it cannot tell what should stand there.
"""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from optimlab.tutor.challenges import Challenge, Made, with_article
from optimlab.tutor.exercise import BESIDE, Exercise
from optimlab.tutor.rule import Numbers, Rule
from optimlab.tutor.switchboard import Deviation, Hint, Node, Switchboard, disagreement
from optimlab.tutor.tracing import Step, Trace

Data = dict[str, Any]  # plain JSON


@dataclass(frozen=True)
class Frozen(Rule):
    """A rule that knows its own cases alone."""

    def inputs(self, challenge: Challenge) -> dict[str, Any]:
        """What its formula reads: which case it is."""
        return {"case": challenge.id}


@dataclass(frozen=True)
class ByValue(Exercise):
    """An exercise of which only values are known.

    quantities: of each case that is followed, by its id: the right ways to compute it.
    """

    quantities: Mapping[str, list[Trace]] = field(default_factory=dict)

    @property
    def followed(self) -> tuple[Challenge, ...]:
        every = self.challenges(np.random.default_rng())
        return tuple(c._replace(trace=True) for c in every if c.id in self.quantities)

    def right_ways(self, challenge: Challenge) -> list[Trace]:
        """The right ways in a case that is followed; raises ValueError in any other."""
        if challenge.id not in self.quantities:
            raise ValueError(f"nothing is known of how {challenge.id} is computed")
        return self.quantities[challenge.id]


def freeze(exercise: Exercise, challenges: Sequence[Challenge]) -> Data:
    """An exercise that was made of a rule, in these challenges, as plain JSON.

    Raises ValueError for one that has judges of its own, for what is no data, where two cases have one name, and
    where what is asked would be judged otherwise than its author means.
    """
    rule: Rule | None = exercise.rule
    if rule is None or not all(isinstance(c.judge, Numbers) for c in exercise.criteria[1:]):
        raise ValueError(f"{exercise.name} has judges of its own, so it cannot be frozen")
    if twice := {c.id for c in challenges if [other.id for other in challenges].count(c.id) > 1}:
        raise ValueError(f"{exercise.name} has two cases of the name {min(twice)!r}")
    cases = cases_of(challenges)
    _refuse_unclear(exercise, rule, challenges)
    if cases != cases_of(challenges):
        raise ValueError(f"{exercise.name}: its reference changes the arrays that it is given: let it work on a copy")
    board, inputs = rule.board, [rule.inputs(c) for c in challenges]
    output, = board.outputs

    def given(ids: Sequence[str] = (), variant: int = 0) -> list[Any]:
        """What comes back in every case; None where shapes do not fit."""
        came_back = []
        for case in inputs:
            try:
                result = board.simulate(case, ids, variant)[output]
            except ValueError:
                if not ids:
                    raise
                result = None
            came_back.append(_written(result))
        return came_back

    return {
        "name": rule.name, "returns": list(rule.returns), "settled": exercise.settled,
        "criteria": [{"aspect": c.id.partition(".")[2], "what": c.what, "kinds": list(c.judge.kinds),
                      "only": c.judge.only} for c in exercise.criteria if isinstance(c.judge, Numbers)],
        "cases": cases,
        "quantities": _quantities(exercise, challenges),
        "right": given(),
        "slips": [_described(d) | {"results": [given((d.id,), v) for v in range(len(d.variants))]}
                  for d in board.deviations.values()],
        "whole_numbers": _described(rule.whole_numbers) if rule.whole_numbers else None,
        "left_out": _described(rule.left_out) if rule.left_out else None,
    }


def _refuse_unclear(exercise: Exercise, rule: Rule, challenges: Sequence[Challenge]) -> None:
    """Raises ValueError, in one line, for cases that say too little, and for what a right function returns to them."""
    name, cases = exercise.name, {c.id.partition("/")[0]: c for c in challenges}
    if not cases:
        raise ValueError(f"{name} has no cases: yield at least one")
    asked = {c.id: c.judge.kinds for c in exercise.criteria if isinstance(c.judge, Numbers)}
    for id, kinds in asked.items():
        if missing := [kind for kind in kinds if kind not in cases]:
            raise ValueError(f"{id} is about cases of the kind {missing[0]!r}, and there are none: the kinds of "
                             f"{name}'s cases are {', '.join(map(repr, cases))}")
    judged = {kind for kinds in asked.values() for kind in kinds} | {"whole"}  # which may be there for its hint alone
    if all(asked.values()) and (idle := [kind for kind in cases if kind not in judged]):
        raise ValueError(f"{name} has cases of the kind {idle[0]!r}, and no criterion is about them: name that kind in "
                         "one")
    for challenge in challenges:
        where, expected = challenge.id.removeprefix("case/"), rule.expected(challenge)
        if len(expected) != len(rule.returns) or any(right.dtype.kind not in "fiub" for right in expected):
            result, = rule.board.simulate(rule.inputs(challenge)).values()
            came = (f"{len(result)} things" if isinstance(result, tuple) else
                    "nothing" if result is None else with_article(type(result).__name__))
            raise ValueError(f"{name} gives {came} in {where}: arrays or numbers are "
                             f"compared, one for each name in returns ({', '.join(rule.returns)})")
        if any(np.isnan(right).any() for right in expected):
            raise ValueError(f"{name} gives nan in {where}, as many a wrong function would: draw another case, or let "
                             "it give a number there")
    for id, slip in rule.board.deviations.items():
        if not any(_shows(rule, challenge, id, v) for v in range(len(slip.variants)) for challenge in challenges):
            raise ValueError(f"the slip {id} gives what {name} gives in every case, so nobody would be told of it: "
                             "draw a case in which it shows")


def _shows(rule: Rule, challenge: Challenge, id: str, variant: int) -> bool:
    """Whether what comes back with this slip is not what a right function returns."""
    try:
        result, = rule.board.simulate(rule.inputs(challenge), (id,), variant).values()
    except ValueError:  # shapes that do not fit
        return True
    expected, slipped = rule.expected(challenge), result if isinstance(result, tuple) else (result,)
    return len(slipped) != len(expected) or any(
        disagreement(np.asarray(wrong), right, np.abs(right).max(initial=0)) > 1.0
        for wrong, right in zip(slipped, expected))


def _quantities(exercise: Exercise, challenges: Sequence[Challenge]) -> Data:
    """For each case that is followed, each right way: its steps' values, and which of them come back."""
    asked = replace(exercise, challenges=lambda rng: list(challenges))
    with np.errstate(all="ignore"):
        return {c.id: [{"values": [_written(step.value) for step in way.steps], "results": list(way.results)}
                       for way in asked.right_ways(c)] for c in asked.followed}


def _ways(data: Sequence[Data]) -> list[Trace]:
    """The right ways by their values alone: no step has a history."""
    return [Trace(tuple(Step("constant", (), _read(value)) for value in way["values"]), tuple(way["results"]))
            for way in data]


def cases_of(challenges: Sequence[Challenge]) -> list[Data]:
    """The challenges of one function as plain JSON; raises ValueError for what is no data."""
    return [{"id": c.id, "calls": _written(c.calls)} for c in challenges]


def thaw(data: Data) -> Exercise:
    """The exercise that was frozen; it asks its own cases, whatever the generator.

    >>> from optimlab.tutor.rule import by_reference
    >>> def double(x):
    ...     return 2 * x
    >>> exercise = by_reference(double, lambda rng: [(3.0,), (np.ones(2),)])
    >>> thawed = thaw(freeze(exercise, exercise.challenges(np.random.default_rng())))
    >>> [thawed.rule.expected(challenge) for challenge in thawed.challenges(np.random.default_rng())]
    [(array(6.),), (array([2., 2.]),)]
    """
    challenges = [Challenge(c["id"], data["name"], _read(c["calls"])) for c in data["cases"]]
    names = [c.id for c in challenges]

    def looked_up(results: list[Any]) -> Any:
        table = dict(zip(names, map(_read, results)))

        def formula(case: str) -> Any:
            if table[case] is None:
                raise ValueError("shapes that do not fit")
            return table[case]
        return formula

    slips = [_deviation(slip, *({"result": looked_up(results)} for results in slip["results"]))
             for slip in data["slips"]]
    whole_numbers, left_out = (_deviation(data[name]) if data[name] else None for name in ("whole_numbers", "left_out"))
    board = Switchboard((Node("result", looked_up(data["right"])),), slips, ("result",))
    rule = Frozen(data["name"], ("case",), tuple(data["returns"]), board, {}, whole_numbers, left_out, most=1)
    criteria = [rule.criterion(c["aspect"], c["what"], *c["kinds"], only=c["only"]) for c in data["criteria"]]
    exercise = rule.exercise(lambda rng: challenges, criteria, assignment=BESIDE, settled=data["settled"])
    known = {f.name: getattr(exercise, f.name) for f in fields(exercise)}
    # A table computes nothing: what is known of the way there are the values that were written down.
    return ByValue(**known | {"ways": (), "catalogue": None},
                   quantities={id: _ways(ways) for id, ways in data["quantities"].items()})


def _described(deviation: Deviation) -> Data:
    return deviation._asdict() | {"hint": deviation.hint._asdict(), "variants": []}


def _deviation(data: Data, *variants: Mapping[str, Any]) -> Deviation:
    told = {name: data[name] for name in Deviation._fields}
    return Deviation(**told | {"hint": Hint(**data["hint"]), "variants": variants})


# --- arguments and results as JSON ---------------------------------------------------------------

def _written(x: Any) -> Any:
    """A number, a text, an array, a `Made`, or a tuple, list or dictionary of them, as JSON that tells them apart."""
    if isinstance(x, Made):
        return {"made": x.maker, "given": _written(x.given)}
    if isinstance(x, np.ndarray | np.generic):
        x = np.asarray(x)
        if x.dtype.kind not in "fiub":
            raise ValueError(f"an array of {x.dtype.name} is no data of an exercise")
        x = np.ascontiguousarray(x.astype(x.dtype.newbyteorder("<"))).reshape(x.shape)
        return {"array": base64.b64encode(x.tobytes()).decode(), "type": x.dtype.str, "shape": list(x.shape)}
    if isinstance(x, tuple) and x and all(isinstance(y, np.ndarray) and y.dtype == float for y in x):
        whole = np.concatenate([y.ravel() for y in x]).astype("<f8")
        return {"arrays": base64.b64encode(whole.tobytes()).decode(), "shapes": [list(y.shape) for y in x]}
    if isinstance(x, tuple):
        return {"tuple": [_written(y) for y in x]}
    if isinstance(x, list):
        return [_written(y) for y in x]
    if isinstance(x, dict):
        return {"dict": {name: _written(y) for name, y in x.items()}}
    if x is None or isinstance(x, bool | int | float | str):
        return x
    raise ValueError(f"a {type(x).__name__} is no data of an exercise")


def _read(data: Any) -> Any:
    """What `_written` has written."""
    if isinstance(data, list):
        return [_read(y) for y in data]
    if not isinstance(data, dict):
        return data
    if "made" in data:
        return Made(data["made"], _read(data["given"]))
    if "array" in data:
        return np.frombuffer(base64.b64decode(data["array"]), data["type"]).reshape(data["shape"]).copy()
    if "arrays" in data:
        whole, shapes = np.frombuffer(base64.b64decode(data["arrays"]), "<f8"), data["shapes"]
        ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
        return tuple(part.reshape(shape) for part, shape in zip(np.split(whole, ends[:-1]), shapes))
    if "tuple" in data:
        return tuple(map(_read, data["tuple"]))
    return {name: _read(y) for name, y in data["dict"].items()}
