"""Which set of deviations is named, of all that give a student's numbers."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import partial, reduce
from operator import or_
from typing import Any, NamedTuple

import numpy as np

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.explanation import (
    Explanation,
    Slip,
    Values,
    bits,
    largest,
    scale,
    sizes,
    taken,
    vector,
)
from optimlab.tutor.switchboard import Search, Switchboard, Variant

EXACT = 1e-7  # of the tolerance: what float64 rounding leaves


def smallest(board: Switchboard, searches: Sequence[tuple[Search, tuple[str, ...]]], most: int,
             source: str, exactly: bool = False) -> tuple[str, ...] | None:
    """The smallest set of at most `most` deviations that some search finds; None for none.

    Each search comes with the ids of what was undone to the outputs before it; they count as
    deviations of its sets. With `exactly`, none that needs the tolerance.
    """
    within_tolerance: tuple[str, ...] | None = None
    limit = EXACT if exactly else 1.0
    for size in range(most + 1):
        found = [(undone + e.ids, e.error) for search, undone in searches if len(undone) <= size
                 for e in search.sets(size - len(undone), limit) if may_be_named(board, e.ids, source)]
        # More deviations that agree exactly (all but rounding) explain better than fewer that need
        # the tolerance: what is lost in it is still told apart.
        exact = [f for f in found if f[1] <= EXACT]
        if exact:
            return _best(board, [(ids, 0.0) for ids, _ in exact], source)
        if found and within_tolerance is None:
            within_tolerance = _best(board, found, source)
    return within_tolerance


def may_be_named(board: Switchboard, ids: Sequence[str], source: str) -> bool:
    """Whether the source shows what is said of it."""
    return all(re.search(d.tell, source) for d in map(board.deviations.__getitem__, ids) if d.only_told)


def _best(board: Switchboard, found: Sequence[tuple[tuple[str, ...], float]], source: str) -> tuple[str, ...]:
    """Of sets that give the same numbers: the one that shows in the source, the usual one, the closest."""
    return min(found, key=lambda of: (*rank(board, of[0], source), of[1]))[0]


def rank(board: Switchboard, ids: Iterable[str], source: str) -> tuple[int, int]:
    """The lower, the likelier: how few of these deviations show in the source, and how many are seldom made."""
    deviations = [board.deviations[id] for id in ids if id in board.deviations]
    return (-sum(bool(d.tell and re.search(d.tell, source)) for d in deviations), sum(d.rare for d in deviations))


class Catalogue(NamedTuple):
    """An exercise's mistakes that have names, as a switchboard simulates them.

    inputs: what the switchboard is given, for some challenges: one set for each, or one for all.
    arrays: the arrays that a quantity holds, each with its values for all challenges.
    returned: the quantities whose arrays, one after another, are the results.
    orders: ways to return them, the right one first: in place k stands result number order[k]; with its mistakes.
    flat: whether these arrays are the rows of entries of those that come back, without their shapes.
    may_stop: mistakes that also stop a function with an error, where shapes do not fit.
    """

    board: Switchboard
    inputs: Callable[[Sequence[Challenge]], list[Mapping[str, Any]]]
    arrays: Callable[[Sequence[Any]], list[Values]]
    returned: tuple[str, ...]
    orders: tuple[tuple[tuple[int, ...], tuple[str, ...]], ...] = (((), ()),)
    may_stop: frozenset[str] = frozenset()
    flat: bool = False

    def hands_on(self, switches: int, id: str) -> bool:
        """Whether what a mistake does, among these switches, is to leave something out."""
        own = [variant for i, (name, variant) in enumerate(self.board.switches) if name == id and switches >> i & 1]
        return bool(own) and all(isinstance(formula, str) for variant in own for formula in variant.values())


def names_of(catalogue: Catalogue, explanation: Explanation, challenges: Sequence[Challenge],
             source: str, known: Collection[str] = (), settled: str = "") -> list[tuple[str, str]]:
    """For each place where a student leaves the rule the mistake of the catalogue that computes the same there.

    Where there is none it is "", and with it comes where the quantity that is meant is treated: another place than
    `settled`, which treats all; "" for no other.
    known: the mistakes that there are, where the numbers have told them already; no other is looked for.
    """
    inputs = catalogue.inputs([challenges[c] for c in explanation.cases])
    patches: dict[str, list[tuple[int, Values]]] = {}
    names: list[tuple[str, str]] = []
    plain: dict[str, list[Values]] = {}  # the rule as it is right

    def patched(number: int, name: str, value: Any) -> Any:
        """What the student has at the places before, where it is one of them."""
        for which, values in patches.get(name, ()):
            value = _patched(catalogue, inputs, number, value, which, values)
        return value

    for same in explanation.slips:
        with np.errstate(all="ignore"):
            right = [catalogue.board.values(given, partial(patched, n)) for n, given in enumerate(inputs)]
        base = {node.name: catalogue.arrays([r[node.name] for r in right]) for node in catalogue.board.nodes}
        plain = plain or base
        meant, own = zip(*[_in_the_rule(base, taken(explanation.side, slip)) for slip in same])
        wanted = {name for places in meant for name, _ in places}
        felt = [reduce(or_, (catalogue.board.touch(name) for name, _ in places), 0) for places in meant]
        fits = []
        has_name = same[0].kind in ("step", "returned")
        for number, (id, variant) in enumerate(catalogue.board.switches):
            if not has_name or (known and id not in known) or not all(bits >> number & 1 for bits in felt):
                continue
            try:
                with np.errstate(all="ignore"):
                    found = [catalogue.board.values(given, partial(patched, n), variant, right[n], wanted)
                             for n, given in enumerate(inputs)]
                other = {name: catalogue.arrays([f[name] for f in found]) for name in wanted}
            except (ValueError, TypeError, IndexError):
                continue
            if all(any(_equal(other[n][k], x) for n, k in places if k < len(other[n]))
                   for places, x in zip(meant, own)):
                fits.append((id, variant))
        named = _likeliest(catalogue.board, fits, source) if fits else ""
        names.append((named, "" if named else _treated(catalogue.board, plain, same[0], explanation, settled)))
        for places, x in zip(meant, own):
            if places:
                name, which = places[-1 if same[0].kind == "returned" else 0]
                patches.setdefault(name, []).append((which, x))
    return names


def _treated(board: Switchboard, right: Mapping[str, list[Values]], slip: Slip, explanation: Explanation, settled: str
             ) -> str:
    """Where most is said of the quantity that is meant, or of the first that follows from it and has mistakes."""
    if not slip.members:
        return ""
    member = slip.members[0]
    way = explanation.side.ways[member.way]
    for step in bits(way.down[member.step]):
        for name, _ in _where(right, way.values[step]):
            hints = (board.deviations[id].hint for id, variant in board.switches
                     if name == next(iter(variant)))
            treated = Counter(hint.reread for hint in hints if hint.reread != settled)
            if treated:
                return treated.most_common(1)[0][0]
    return ""


def _patched(catalogue: Catalogue, inputs: Sequence[Any], number: int, value: Any, which: int, values: Values) -> Any:
    if isinstance(value, tuple):
        return tuple(values[number].reshape(np.shape(v)) if k == which else v for k, v in enumerate(value))
    value = np.array(value, float)
    if number < len(values) and values[number].size == value.size:
        return values[number].reshape(value.shape)
    # All challenges in one set of inputs: a view of each array is written to.
    for target, x in zip(catalogue.arrays([value])[which], values):
        target[...] = x.reshape(target.shape)
    return value


def _in_the_rule(found: Mapping[str, list[Values]], pairs: Iterable[tuple[Values, Values]]
                 ) -> tuple[list[tuple[str, int]], Values]:
    """The first quantity that the rule has a name for, of some with their right values and the student's."""
    for right, own in pairs:
        places = _where(found, right)
        if places and sizes(own) == sizes(right):
            return places, own
    return [], []


def _where(found: Mapping[str, list[Values]], values: Values) -> list[tuple[str, int]]:
    """The names of the quantities that have these values, and which of their arrays."""
    return [(name, k) for name, arrays in found.items() for k, array in enumerate(arrays) if _equal(array, values)]


def _equal(one: Values, other: Values) -> bool:
    if sizes(one) != sizes(other):
        return False
    # One number decides most questions.
    if other[0].size and abs(one[0].item(0) - other[0].item(0)) > 1e-7 * largest(other[0]):
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(vector(one) - vector(other)) <= 1e-7 * scale(other)))


def _likeliest(board: Switchboard, fits: Sequence[tuple[str, Variant]], source: str) -> str:
    def order(fit: tuple[str, Variant]) -> tuple[bool, bool, int]:
        deviation = board.deviations[fit[0]]
        return not (deviation.tell and re.search(deviation.tell, source)), deviation.rare, len(fit[1])
    return min(fits, key=order)[0]
