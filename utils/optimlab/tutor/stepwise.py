"""Any number of named mistakes together: found one after another, each by the student's own steps that it explains.

A search over all sets of mistakes ends at three of them. A trace shows more than results: what
stands between them. A mistake of the catalogue, simulated, gives not only other results but
other quantities on the way there; those that some step of the student's has are the ones that
this student made. So one mistake after another is switched on, upstream first, as long as each
explains steps that nothing has explained before, until the results are those that came back.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import accumulate, combinations, islice
from operator import or_
from typing import Any, NamedTuple

import numpy as np

from optimlab.tutor.diagnosis import Catalogue, may_be_named, rank
from optimlab.tutor.explanation import CLOSE_SINGLE, MOVES, NO_NUMBER, Values, bits, is_single, scale, sizes, vector
from optimlab.tutor.switchboard import Run, reads
from optimlab.tutor.tracing import Trace

CLOSE = 1e-11       # of the largest number of an array: a small epsilon is told from none
MOST = 6            # mistakes that are looked for together
KEPT = 3            # sets that are followed side by side
MOST_LOOKS = 12_500  # at a quantity, for one student: a number, so that a busy machine says the same


class Found(NamedTuple):
    """Mistakes that together give a student's steps and results.

    switches: of the catalogue's board, as a set of bits.
    order: the mistake in the order of the results, if there is one.
    results: at which place each result comes back, in the order of the rule; none where it is its own place.
    steps: by mistake, where it is made.
    """

    switches: int
    order: tuple[str, ...]
    results: tuple[int, ...]
    steps: Mapping[str, "Made"]


class Made(NamedTuple):
    """Where a student makes a mistake.

    step: the first one that leaves the rule; None where it shows in the results alone.
    in_effect: whether the code does another thing there, which comes out as what the mistake says.
    """

    step: int | None
    in_effect: bool = False


def stepwise(catalogue: Catalogue, traces: Sequence[Trace], source: str, known: Collection[str], shared: "_Shared",
             array: int | None = None, most: int = MOST) -> Found | None:
    """The mistakes that give what a student's function computes in some cases in which it goes the same way.

    known: the mistakes that it can be, if that is known. array: which of the arrays is looked at alone; all of them
    where it is None. most: how many mistakes are looked for. None where no such set gives the results.
    """
    search = _Search(catalogue, traces, source, known, array, most, shared)
    with np.errstate(all="ignore"):
        for number, (order, ids) in enumerate(catalogue.orders):
            if number == 0 or search.is_better_in(order):
                switches = search.found()
                if switches is not None:
                    return Found(switches, ids, tuple(order.index(k) for k in range(len(order))),
                                 {catalogue.board.switches[i][0]: search.made(i, switches) for i in bits(switches)})
    return None


def together(catalogue: Catalogue, traces: Sequence[Trace], inputs: Sequence[Mapping[str, Any]], source: str,
             ways: Sequence[Sequence[Trace]] = (), known: Collection[str] = (), arrays: int = 0) -> list[Found]:
    """What `stepwise` finds: for the whole function, or for each array where some of them are right; none for none.

    inputs: what the board is given for these cases. ways: how each right way computes them.
    arrays: how many the same is computed for.
    """
    if -1 in traces[0].results:
        return []
    given, made = ([number for number, step in enumerate(traces[0].steps) if bool(step.operands) == is_made]
                   for is_made in (False, True))
    shared = _Shared([Run(catalogue.board, case) for case in inputs], _Steps(traces, made),
                     _Steps(traces, sorted(set(traces[0].results))), partial(_Steps, traces, given),
                     [way for way in ways if len({len(t.steps) for t in way}) == 1])
    search = partial(stepwise, catalogue, traces, source, known, shared)
    for_each = [search(k, most=0) for k in range(arrays)]
    if not any(for_each) or all(for_each):
        whole = search()
        return [whole] if whole else []
    found = [one or search(k) for k, one in enumerate(for_each)]
    return [one for one in found if one] if all(found) else []


@dataclass
class _Shared:
    """What all searches for one student have in common.

    runs: the rule in these cases, under any mistakes. steps, ends: the student's steps and results, by their values.
    given: what these are made of, likewise. ways: how each right way computes the same.
    looks: how many more quantities may be looked at.
    """

    runs: list[Run]
    steps: "_Steps"
    ends: "_Steps"
    given: "Callable[[], _Steps]"
    ways: Sequence[Sequence[Trace]]
    looks: int = MOST_LOOKS

    @cached_property
    def inputs(self) -> "_Steps":
        return self.given()

    @cached_property
    def right(self) -> list["_Steps"]:
        """The steps of each right way, by their values."""
        return [_Steps(way, range(len(way[0].steps))) for way in self.ways]


class _Steps:
    """A student's steps in several cases, to be found by their values."""

    def __init__(self, traces: Sequence[Trace], wanted: Sequence[int]):
        steps = [t.steps for t in traces]
        close = CLOSE_SINGLE if is_single(traces) else CLOSE
        self._rows: dict[int, tuple[tuple[int, ...], np.ndarray, np.ndarray]] = {}
        firsts = []
        for i in wanted:
            values = [s[i].value for s in steps]
            row = vector(values)
            if row.size:
                self._rows[i] = sizes(values), row, close * scale(values)
                firsts.append((row[0], i))
        firsts.sort()
        self._firsts = np.array([x for x, _ in firsts])
        self._beginnings = self._firsts.tolist()
        self._numbers = [i for _, i in firsts]
        self._known: dict[bytes, int] = {}  # several quantities, under several mistakes, have the same numbers

    def whole(self, arrays: Sequence[Values]) -> int:
        """The steps, as bits, among which all entries of these arrays are; 0 where some entry is in none."""
        if not self._may_begin(arrays):
            return 0
        key = b"".join([value.tobytes() for array in arrays for value in array])
        if key not in self._known:
            found, whole = self.like(arrays)
            self._known[key] = found if whole else 0
        return self._known[key]

    def _may_begin(self, arrays: Sequence[Values]) -> bool:
        """Whether some step begins as the first of these arrays does: one number decides most questions."""
        if not arrays or not arrays[0][0].size:
            return False
        first = arrays[0][0].item(0)
        if abs(first) < NO_NUMBER:
            near = 1e-4 * abs(first)
            return bisect_left(self._beginnings, first - near) < bisect_right(self._beginnings, first + near)
        return True

    def has(self, number: int, array: Values) -> bool:
        """Whether a step is this array, or some entries of it in a row."""
        if number not in self._rows or not array:
            return False
        lengths, row, limit = self._rows[number]
        if lengths != sizes(array):
            return bool(self.like([array])[0] >> number & 1)
        first = array[0].item(0) if lengths[0] else 0.0
        if abs(first) < NO_NUMBER and abs(first - row[0]) > 1e-4 * abs(first):
            return False
        return bool(np.all(np.abs(vector(array) - row) <= limit))

    def like(self, arrays: Sequence[Values]) -> tuple[int, bool]:
        """The steps that are one of these arrays, some entries of one in a row, or all of them in one, as bits.

        With it comes whether every entry is in one of these steps. arrays: each with its values in all cases.
        """
        if not arrays or not self._numbers:
            return 0, False
        begins = list(accumulate((array[0].size for array in arrays), initial=0))
        first = vector([array[0] for array in arrays])
        near = 1e-4 * np.abs(first)
        low, high = self._firsts.searchsorted(first - near), self._firsts.searchsorted(first + near, "right")
        found, covered = 0, 0
        for at in np.flatnonzero(low < high).tolist():
            which = next(k for k, end in enumerate(begins[1:]) if at < end)
            if at > begins[which] and abs(first[at]) >= NO_NUMBER:
                continue  # nan is the same everywhere: only where an array begins is it worth a look
            for number in self._numbers[low[at]:high[at]]:
                if self._is_in(number, arrays, which, at - begins[which]):
                    found |= 1 << number
                    covered |= (1 << self._rows[number][0][0]) - 1 << at
        return found, covered == (1 << begins[-1]) - 1

    def _is_in(self, number: int, arrays: Sequence[Values], which: int, offset: int) -> bool:
        """Whether a step is the entries of an array from an offset on; or all arrays in one, from the first on."""
        lengths, row, limit = self._rows[number]
        parts = []
        for case, length in enumerate(lengths):
            part = arrays[which][case].ravel()[offset:offset + length]
            if part.size < length and which == offset == 0:
                part = np.concatenate([array[case].ravel() for array in arrays])
            if part.size != length:
                return False
            parts.append(part)
        return bool(np.all(np.abs(vector(parts) - row) <= limit))


class _Search:
    """The search for one student's mistakes. A set of steps is an integer, as a set of switches is."""

    def __init__(self, catalogue: Catalogue, traces: Sequence[Trace], source: str, known: Collection[str],
                 array: int | None, most: int, shared: "_Shared"):
        self._most = most
        self._catalogue, self._array, self._source = catalogue, array, source
        self._board = catalogue.board
        self._runs, self._traces = shared.runs, traces
        self._results = traces[0].results
        self._steps, self._ends = shared.steps, shared.ends
        self._explained: dict[str, dict[int, int]] = {n.name: {} for n in self._board.nodes}
        self._whole: dict[tuple[int, ...], int] = {}
        self._up: list[int] = []
        for number, made in enumerate(traces[0].steps):
            self._up.append(1 << number)
            for operand in made.operands:
                self._up[number] |= self._up[operand]
        self._closed: dict[int, int] = {}
        self._quantity: dict[int, list[int]] = {}
        # What goes into the results that are looked at.
        arrays, self._cone = len(self._results) // len(catalogue.returned), 0
        for place, result in enumerate(self._results):
            if array in (None, place % arrays):
                self._cone |= self._up[result]
        self._matched: dict[tuple[str, int, tuple[int, ...]], int] = {}
        self._by_node: dict[str, list[int]] = {n.name: [] for n in self._board.nodes}
        for i, (id, variant) in enumerate(self._board.switches):
            if id in known if known else may_be_named(self._board, (id,), source):
                first = next(n.name for n in self._board.nodes if n.name in variant)
                self._by_node[first].append(i)
        self._named = {i for own in self._by_node.values() for i in own}
        self._shared = shared
        self._furthest = 0  # the set that explains most so far
        self._wanted = tuple(self._results)

    def is_better_in(self, order: Sequence[int]) -> bool:
        """Take the results for those of another order, if more of them are right then, and say so.

        In its place k stands number order[k].
        """
        before, right = self._wanted, self.returned(self._furthest).bit_count()
        self._wanted = tuple(self._results[order.index(k)] for k in range(len(order)))
        if self._array is None and self.returned(self._furthest).bit_count() > right:
            return True
        self._wanted = before
        return False

    # ------------------------------------------------------------ what a set of switches explains

    def _values(self, name: str, switches: int) -> list[Any]:
        """A quantity in every case; none where its shapes do not fit."""
        try:
            return [run.value(name, switches) for run in self._runs]
        except (ValueError, TypeError, IndexError, ZeroDivisionError):
            return []

    def _arrays(self, values: list[Any]) -> list[Values]:
        """The arrays of a quantity; none where its shapes do not fit."""
        try:
            return self._catalogue.arrays(values) if values else []
        except (ValueError, TypeError, IndexError):
            return []

    def _looked_at(self, values: list[Any]) -> list[Values]:
        """The arrays of a quantity, or the one that is looked at alone."""
        arrays = self._arrays(values)
        return [arrays[self._array]] if self._array is not None and len(arrays) > self._array else arrays

    def _node(self, name: str, switches: int) -> int:
        """The steps that have the value of a quantity under some switches; 0 where not all of it is there."""
        known, felt = self._explained[name], switches & self._board.felt(name, switches)
        if felt not in known:
            self._shared.looks -= 1
            values = self._values(name, felt)
            same = tuple(map(id, values))  # one that is handed on is looked at under the first of its names
            if same not in self._whole:
                self._whole[same] = self._steps.whole(self._looked_at(values))
            known[felt] = self._whole[same]
        return known[felt]

    def _parts(self, name: str, switches: int) -> int:
        """The steps that have the value of a quantity or of a part of it."""
        return self._steps.like(self._looked_at(self._values(name, switches)))[0]

    def _quantities(self, switches: int) -> int:
        """The steps that have the value of some quantity, where all of it is there."""
        return reduce(or_, self._by_quantity(switches)) & self._cone

    def _by_quantity(self, switches: int) -> list[int]:
        """The steps that are each quantity that is computed: with one switch more only what it touches is looked at."""
        if switches not in self._quantity:
            # Best from a set that was looked at before.
            last = next((i for i in bits(switches) if switches ^ 1 << i in self._quantity), switches.bit_length() - 1)
            steps = list(self._by_quantity(switches ^ 1 << last)) if switches else [0] * len(self._board.nodes)
            for k in bits(self._board.reached[last] if switches else (1 << len(steps)) - 1):
                node = self._board.nodes[k]
                steps[k] = 0 if self._board.hands_on(node, switches) else self._node(node.name, switches)
            self._quantity[switches] = steps
        return self._quantity[switches]

    def explained(self, switches: int) -> int:
        """The steps that are some quantity, and those that go into one."""
        found = self._quantities(switches)
        if found not in self._closed:
            closed = 0
            for step in bits(found):
                closed |= self._up[step]
            self._closed[found] = closed
        return self._closed[found]

    def returned(self, switches: int) -> int:
        """The results that are right, a bit for each; of one array, where that is looked at alone."""
        each = len(self._wanted) // len(self._catalogue.returned)
        return reduce(or_, (self._right(name, switches, self._wanted[n * each:][:each]) << n * each
                            for n, name in enumerate(self._catalogue.returned)))

    def _right(self, name: str, switches: int, wanted: tuple[int, ...]) -> int:
        """Which of the results that a quantity's arrays are wanted in have them."""
        key = name, switches & self._board.felt(name, switches), wanted
        if key not in self._matched:
            self._matched[key] = sum(
                1 << k for k, (result, array) in enumerate(zip(wanted, self._arrays(self._values(name, switches))))
                if self._array in (None, k) and self._ends.has(result, array))
        return self._matched[key]

    def _gives_all(self, switches: int) -> bool:
        arrays = len(self._wanted) // len(self._catalogue.returned)
        wanted = len(self._wanted) if self._array is None else len(self._wanted) // arrays
        return self.returned(switches).bit_count() == wanted

    def _score(self, switches: int) -> int:
        return self.explained(switches).bit_count() + self.returned(switches).bit_count()

    def made(self, switch: int, switches: int) -> Made:
        """Where one of these mistakes is made: at the first step behind it that belongs to nothing of the rule."""
        step = self.step_of(switch, switches)
        formulas = [f for f in self._board.switches[switch][1].values() if not isinstance(f, str)]
        if step is None or not formulas:
            return Made(step)
        steps, others = self._traces[0].steps, self.explained(switches ^ 1 << switch)
        line = at.line if (at := steps[step].place) else None
        # What a given function gives is no step of the student's.
        first = next((s for s in bits(self._up[step] & ~others)
                      if steps[s].operands and (place := steps[s].place) and place.line != line
                      and steps[s].operation not in MOVES and not steps[s].operation.startswith("call:")
                      and not self._is_right(s)), None)
        if first is None:
            return Made(step)
        read = [self._read(name, switches) for formula in formulas for name in reads(formula)]
        return Made(first, not all(found & self._up[first] for found in read))

    def _read(self, name: str, switches: int) -> int:
        """The steps that have the value of a quantity or of a part of it, what was given among them."""
        return self._parts(name, switches) | self._shared.inputs.like(self._looked_at(self._values(name, switches)))[0]

    def _is_right(self, step: int) -> bool:
        """Whether some right way has the value of a step, too."""
        values = [t.steps[step].value for t in self._traces]
        return any(way.whole([values]) for way in self._shared.right)

    def step_of(self, switch: int, switches: int) -> int | None:
        """The step that shows one of these mistakes: what it computes; or where what it leaves out is missed."""
        without, own = switches ^ 1 << switch, 0
        for name, formula in self._board.switches[switch][1].items():
            if not isinstance(formula, str):
                own |= self._parts(name, switches) & ~self._parts(name, without)
        shows = self._quantities(switches) & ~self._quantities(without)
        if not shows:
            return next(bits(own), None)
        first = next(bits(shows))
        own &= self._up[first]
        # Not what only hands the value on, such as a division by one.
        return max((s for s in bits(own) if not self._up[s] & own & ~(1 << s)), default=first)

    # ------------------------------------------------------------ the search

    def found(self) -> int | None:
        """The switches that give the results, each of which explains steps; None where none do."""
        states, before = [self._furthest], -1
        # What was hidden behind a mistake further down shows in another round.
        while self._most and not self._gives_all(states[0]) and self._shared.looks > 0:
            if self._score(states[0]) == before:
                break
            before = self._score(states[0])
            for name in self._by_node:
                states = self._better(states, partial(self._others, name=name))
            if self._score(states[0]) == before:
                states = self._better(states[:1], self._pairs)
        self._furthest = states[0]
        done = [s for s in states if self._gives_all(s)]
        return self._without_idle(min(done, key=self._order)) if done else None

    def _better(self, states: Sequence[int], more: Callable[[int], Iterator[int]]) -> list[int]:
        """These sets, and those made of them that explain more."""
        best: dict[tuple[int, int], int] = {}
        for state in states:
            score = self._score(state)
            for new in (state, *more(state)):
                if new == state or self._score(new) > score:
                    key = self.explained(new), self.returned(new)
                    if key not in best or self._order(new) < self._order(best[key]):
                        best[key] = new
        return sorted(best.values(), key=self._order)[:KEPT]

    def _others(self, state: int, name: str) -> Iterator[int]:
        """The sets with one more switch whose first quantity is this one."""
        if state.bit_count() < self._most:
            yield from (state | 1 << i for i in self._by_node[name] if not self._board.excluded(i) & state)

    def _pairs(self, state: int) -> Iterator[int]:
        """The sets with two usual switches more, where a quantity shows that neither gives alone."""
        missing = {name for name in self._by_node if not self._node(name, state)}
        usual = [i for i in sorted(self._board.usual & self._named) if not self._board.excluded(i) & state
                 and missing & self._board.switches[i][1].keys()]
        for one, other in combinations(usual, 2):
            if self._shared.looks <= 0:
                return
            both = state | 1 << one | 1 << other
            if not self._board.excluded(one) >> other & 1 and self._meet(one, other, both):
                yield both

    def _meet(self, first: int, second: int, switches: int) -> bool:
        """Whether one of the next quantities that two switches are felt in is there with both of them."""
        felt = bits(self._board.reached[first] & self._board.reached[second])
        return any(self._node(self._board.nodes[k].name, switches) for k in islice(felt, 3))

    def _order(self, switches: int) -> tuple[Any, ...]:
        ids = [self._board.switches[i][0] for i in bits(switches)]
        return -self._score(switches), len(ids), rank(self._board, ids, self._source)

    def _without_idle(self, switches: int) -> int:
        for i in bits(switches):
            if self._gives_all(switches ^ 1 << i):
                switches ^= 1 << i
        return switches
