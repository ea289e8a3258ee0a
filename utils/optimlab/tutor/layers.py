"""A step of one array, made the step of a network with two layers: four parameters, each by the same rule.

`update_parameters` takes the rule of an exercise such as `momentum_step` and makes that of a function of all
arrays, in the order of the deck: W1, b1, W2, b2, their gradients, their memories, then what is one for all of
them. What can go wrong with one array goes wrong here likewise, under the same name; and some arrays may be
forgotten.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercise import BESIDE, Exercise
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Deviation, Formula, Node, Switchboard, deviation

PARAMETERS = ("W1", "b1", "W2", "b2")
SHAPES = (((2, 3), (2, 1), (1, 2), (1, 1)), ((3, 1), (3, 1), (2, 3), (2, 1)))


class _Four(tuple[Any, ...]):
    """One value for each parameter, as opposed to a tuple that is a value itself."""


def update_parameters(name: str, one: Rule, reread: str, defaults: Mapping[str, float],
                      draw: Callable[[Generator], dict[str, float]], memory: str = "") -> Exercise:
    """The exercise `name`: the step of the rule `one` for all four parameters.

    reread: where to read again about the arrays. defaults: of what is one for all. draw: draws these.
    memory: the letter of what is remembered of each parameter ("v": vW1, vb1, ...), "" for nothing.
    """
    groups = {"w": PARAMETERS, "dw": _called("d")} | ({memory: _called(memory)} if memory else {})
    scalars = [a for a in one.arguments if a not in groups]
    returns = (*PARAMETERS, *groups.get(memory, ()))
    packed = [Node(group, _pack(names)) for group, names in groups.items()]
    nodes = [Node(n.name, _each(n.formula)) for n in one.board.nodes]
    deviations = [d._replace(variants=tuple({node: _each(f) for node, f in v.items()} for v in d.variants))
                  for d in one.board.deviations.values()]
    board = Switchboard(
        (*packed, *nodes, Node("covered", one.board.outputs[0]), Node("flat", _flat)),
        (*deviations, *_coverage(name, one.board.outputs[0], memory, reread)), ("flat",))
    rule = Rule(name, tuple(a for names in groups.values() for a in names) + tuple(scalars), returns, board, defaults,
                one.whole_numbers, one.left_out if defaults else None, most=2)  # three take ten seconds
    criteria = [rule.criterion("weights", "the four parameters after one step", "case", only=" ".join(PARAMETERS))]
    if memory:
        kept = " ".join(groups[memory])
        criteria.insert(0, rule.criterion("memory", f"the four arrays {kept.replace(' ', ', ')}", "case", only=kept))
    criteria.append(rule.criterion("settings", "other settings, by position and by name", "other"))
    if defaults:
        criteria.append(rule.criterion("defaults", "what has a default, left out", "default"))
    exercise = rule.exercise(lambda rng: _challenges(rule, groups, scalars, draw, rng), criteria, assignment=BESIDE)
    return replace(exercise, ways=())  # a value for each parameter is nothing that can be followed


def _called(letter: str) -> tuple[str, ...]:
    return tuple(f"{letter}{p}" for p in PARAMETERS)


def _pack(names: Sequence[str]) -> Formula:
    return _reading(lambda *given: _Four(given), names)


def _each(formula: Formula) -> Formula:
    """A formula of one array as one of four: what is one for all of them goes to each."""
    if isinstance(formula, str):
        return formula

    @wraps(formula)
    def of_four(*given: Any) -> Any:
        if not any(isinstance(x, _Four) for x in given):
            return formula(*given)
        return _Four(formula(*(x[k] if isinstance(x, _Four) else x for x in given)) for k in range(len(PARAMETERS)))
    return of_four


def _reading(formula: Any, names: Sequence[str]) -> Formula:
    """A formula that reads quantities of these names."""
    formula.__signature__ = inspect.Signature([inspect.Parameter(n, inspect.Parameter.POSITIONAL_ONLY) for n in names])
    read: Formula = formula
    return read


def _for_each(x: Any) -> _Four:
    return x if isinstance(x, _Four) else _Four([x] * len(PARAMETERS))


def _flat(covered: Any) -> tuple[Any, ...]:
    """What comes back: all parameters, then all memories."""
    pairs = [isinstance(x, tuple) for x in _for_each(covered)]
    if not any(pairs):
        return tuple(_for_each(covered))
    if not all(pairs):
        raise ValueError("some arrays come with a memory, others without")
    return tuple(x[part] for part in range(2) for x in covered)


def _coverage(name: str, last: str, memory: str, reread: str) -> tuple[Deviation, ...]:
    """The mistakes of arrays that are left as they are."""
    def kept(*which: int) -> list[dict[str, Any]]:
        def weights(new: Any, w: Any) -> _Four:
            return _Four(x if k not in which else (w[k], x[1]) if isinstance(x, tuple) else w[k]
                         for k, x in enumerate(_for_each(new)))

        def all_of_it(new: Any, w: Any, old: Any) -> _Four:
            return _Four((w[k], old[k]) if k in which else x for k, x in enumerate(_for_each(new)))

        ways = [{"covered": _reading(weights, (last, "w"))}]
        return ways + [{"covered": _reading(all_of_it, (last, "w", memory))}] if memory else ways

    return (
        deviation(f"{name}.biases_not_updated", "The biases come back as they went in.",
                  "Each unit keeps its first threshold, and only slopes are learned.", reread, *kept(1, 3)),
        deviation(f"{name}.second_layer_not_updated", "The second layer comes back as it went in.",
                  "The output never learns to use what the first layer finds.", reread, *kept(2, 3)),
        deviation(f"{name}.first_layer_not_updated", "The first layer comes back as it went in.",
                  "The hidden units stay random for ever.", reread, *kept(0, 1)),
        deviation(f"{name}.only_the_first", "Only W1 is updated.",
                  "Three of four arrays never learn.", reread, *kept(1, 2, 3)),
    )


def _challenges(rule: Rule, groups: Mapping[str, Sequence[str]], scalars: Sequence[str],
                draw: Callable[[Generator], dict[str, float]], rng: Generator) -> list[Challenge]:
    def arrays(shapes: Sequence[tuple[int, ...]]) -> list[np.ndarray]:
        signs = [[rng.choice([-1.0, 1.0], shape) for shape in shapes] for _ in groups]
        sizes = [[rng.uniform(0.5, 3, shape) for shape in shapes] for _ in groups]
        # Squares are remembered as they are, all else with a sign.
        return [size if group == "s" else sign * size
                for group, of, by in zip(groups, signs, sizes) for sign, size in zip(of, by)]

    def settings() -> dict[str, float]:
        drawn = draw(rng)
        return {name: drawn[name] for name in scalars}

    small, tall = SHAPES
    zero = arrays(small)
    for n in range(4, len(zero)):
        zero[n] = zero[n] * (rng.random(zero[n].shape) < 0.5)
    by_name = dict(zip(rule.arguments, arrays(tall)))
    needed = {name: value for name, value in settings().items() if name not in rule.defaults}
    return [
        rule.call("case/two inputs", *arrays(small), **settings()),
        rule.call("case/two outputs", *arrays(tall), **settings()),
        rule.call("case/zeros among the gradients", *zero, **settings()),
        rule.call("other/all by position", *arrays(small), *settings().values()),
        rule.call("other/all by name", **by_name, **settings()),
        *([rule.call("default/left out", *arrays(tall), **needed)] if rule.defaults else []),
        rule.call("whole/whole numbers in the gradients",
                  *arrays(small)[:4], *(rng.integers(1, 9, shape) for shape in small), *arrays(small)[8:],
                  **settings()),
    ]
