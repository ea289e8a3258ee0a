"""Diagnosis by simulation: an update rule written once, with switches.

A rule is a chain of named quantities (`Node`), each computed from earlier ones. A `Deviation` is
one mistake that students make: it replaces some of the formulas. To explain a wrong function, a
`Search` runs the rule under every set of one, two or three deviations and finds those whose
numbers equal the student's on every case. It does not guess: no set, no name.

A quantity is computed once for all sets that agree on the deviations touching it, and a set is
dropped at the first number that disagrees, before it is joined with deviations that are felt
elsewhere alone: millions of sets take about a second.
"""

import inspect
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache, reduce
from itertools import combinations, product
from math import isfinite
from operator import or_
from typing import Any, NamedTuple, Protocol

import numpy as np

# How a quantity comes about: computed from others, which the parameters name, or handed on from the one that is named.
Formula = Callable[..., Any] | str
Variant = Mapping[str, Formula]
Sizes = np.ndarray | float

RTOL = 1e-5  # of the number itself; loose enough for float32, tight enough for every deviation
ATOL = 1e-5  # of the size of the step (or of the array's largest number)
USUAL, ANY_WAY = 2, 2  # in sets of more than ANY_WAY deviations, each is made in one of its first USUAL ways


class Hint(NamedTuple):
    """What a person is told of a mistake: never the corrected expression, never expected numbers."""

    does: str
    effect: str
    reread: str

    def __str__(self) -> str:
        return f"{self.does} {self.effect} Reread: {self.reread}."


class Deviation(NamedTuple):
    """One mistake: its id (`part.name`), what is said of it, and the formulas it puts in.

    variants: each a mapping from a node's name to the formula that replaces the correct one; the
        same mistake can be made in several ways (a constant of 0.9 or of 0.99, ...).
    tell: a regular expression; where two sets give the same numbers, the one whose `tell` is
        found in the student's source is named.
    rare: seldom made; where two sets give the same numbers, the one with fewer rare ones is named.
    only_told: named only where its `tell` is found, because its words are about the source.
    """

    id: str
    hint: Hint
    variants: tuple[Variant, ...] = ()
    tell: str = ""
    rare: bool = False
    only_told: bool = False


def deviation(id: str, does: str, effect: str, reread: str, *variants: Variant,
              tell: str = "", rare: bool = False, only_told: bool = False) -> Deviation:
    """A Deviation, its hint written in place."""
    return Deviation(id, Hint(does, effect, reread), variants, tell, rare, only_told)


class Node(NamedTuple):
    """A named quantity of the rule.

    formula: a function whose parameters name the inputs and nodes that it reads; or the name of
        one of these, whose value is handed on as it is: `Node("felt", "g")`.
    """

    name: str
    formula: Formula


class _Way(NamedTuple):
    """One of the ways to compute a node: the bit of its switch, the function, and what that reads."""

    bit: int
    compute: Callable[..., Any]
    reads: tuple[str, ...]


@cache
def _way(bit: int, formula: Formula) -> _Way:
    if isinstance(formula, str):
        return _Way(bit, lambda handed_on: handed_on, (formula,))
    # Parameters with a default are no quantities: they are constants bound in a loop.
    parameters = inspect.signature(formula).parameters.values()
    return _Way(bit, formula, tuple(p.name for p in parameters if p.default is p.empty))


def reads(formula: Formula) -> tuple[str, ...]:
    """The quantities that a formula is computed from.

    >>> reads("felt"), reads(lambda rate, step, k=2: rate * step / k)
    (('felt',), ('rate', 'step'))
    """
    return _way(0, formula).reads


_Formulas = Mapping[int, tuple[Callable[..., Any], tuple[str, ...]]]


class Explanation(NamedTuple):
    """A set of deviation ids whose numbers equal the student's, and the largest disagreement."""

    ids: tuple[str, ...]
    error: float


def disagreement(numbers: np.ndarray, expected: np.ndarray, scale: Sizes) -> float:
    """How far two arrays are apart in units of the tolerance: 1 or less means equal.

    The tolerance is RTOL of the expected number plus ATOL of `scale` (broadcast). inf and nan
    equal themselves and nothing else.

    >>> disagreement(np.array([1.0, 2.0]), np.array([1.0, 2.0]), 1.0)
    0.0
    >>> disagreement(np.array([1.0, np.nan]), np.array([1.0, 2.0]), 1.0)
    inf
    """
    if numbers.shape != expected.shape:
        return np.inf
    with np.errstate(all="ignore"):
        apart = np.abs(numbers - expected) / (RTOL * np.abs(expected) + ATOL * np.abs(scale))
    worst = float(apart.max(initial=0.0))
    if worst < np.inf:
        return worst
    # Somewhere is inf, nan, or an expected zero without a scale.
    apart = np.where((numbers == expected) | (np.isnan(numbers) & np.isnan(expected)), 0.0, apart)
    worst = float(apart.max(initial=0.0))
    return np.inf if np.isnan(worst) else worst


class Switchboard:
    """A rule with its deviations.

    nodes: in order of computation, so that a formula reads only earlier nodes and the inputs.
    changed, reached: for each switch the nodes that it alone can change, and as bits those that it can touch.
    outputs: names of the nodes that the student's function returns, cheapest to reject by first.
    """

    def __init__(self, nodes: Sequence[Node], deviations: Sequence[Deviation], outputs: Sequence[str]) -> None:
        self.nodes = tuple(nodes)
        self.outputs = tuple(outputs)
        self.deviations = {d.id: d for d in deviations}
        # A switch is one variant of one deviation: a bit, so that a set of them is an integer.
        self._switches = [(d.id, variant) for d in deviations for variant in d.variants]
        self.usual = {i for i, (id, _) in enumerate(self._switches)
                       if sum(other == id for other, _ in self._switches[:i]) < USUAL}
        self._ways = self._ways_to_compute_each_node()
        self._own = {name: sum(way.bit for way in ways) for name, ways in self._ways.items()}
        self._touch = self._bits_that_touch_each_node()
        self._turns = self._turns_of_each_node()
        self._felt: dict[str, dict[int, int]] = {n.name: {} for n in self.nodes}
        self._conflicts = self._bits_that_exclude_each_switch()
        self.changed = self._nodes_that_each_switch_changes()
        self.reached = [sum(1 << k for k, n in enumerate(self.nodes) if self._touch[n.name] >> i & 1)
                        for i in range(len(self._switches))]

    def _ways_to_compute_each_node(self) -> dict[str, list["_Way"]]:
        """For each node its ways; the correct one first, with bit 0."""
        ways = {n.name: [_way(0, n.formula)] for n in self.nodes}
        unknown = {name for _, variant in self._switches for name in variant} - ways.keys()
        if unknown:
            raise ValueError(f"deviations replace nodes that the rule does not have: {sorted(unknown)}")
        for i, (_, variant) in enumerate(self._switches):
            for name, formula in variant.items():
                ways[name].append(_way(1 << i, formula))
        return ways

    def _bits_that_touch_each_node(self) -> dict[str, int]:
        touch: dict[str, int] = {}
        for name, ways in self._ways.items():
            bits = 0
            for way in ways:
                bits |= way.bit
                for read in way.reads:
                    bits |= touch.get(read, 0)
            touch[name] = bits
        return touch

    def _turns_of_each_node(self) -> dict[str, int]:
        """Of the switches that touch a node those that turn what it comes from: they make some node read another."""
        behind: dict[str, set[str]] = {}
        turns = 0
        for name, ways in self._ways.items():
            right, *others = ways
            behind[name] = {name for read in right.reads for name in (read, *behind.get(read, ()))}
            for way in others:
                if any(self._touch.get(read) and read not in behind[name] for read in way.reads):
                    turns |= way.bit
        return {name: touch & turns for name, touch in self._touch.items()}

    def _bits_that_exclude_each_switch(self) -> list[int]:
        """For each switch those of its own deviation, and those with another formula in one of its places."""
        return [sum(1 << j for j, (other_id, other) in enumerate(self._switches)
                    if id == other_id or _exclude(variant, other))
                for id, variant in self._switches]

    def _nodes_that_each_switch_changes(self) -> list[list[str]]:
        """For each switch the nodes that it alone can change, without those that only hand another one on."""
        return [[n.name for n in self.nodes if self.felt(n.name, 1 << i) >> i & 1
                 and (n.name in variant or not isinstance(n.formula, str))]
                for i, (_, variant) in enumerate(self._switches)]

    def simulate(self, inputs: Mapping[str, Any], ids: Sequence[str] = (), variant: int = 0) -> dict[str, Any]:
        """The outputs of the rule under the deviations `ids` (the given variant of each).

        Raises ValueError where two of them replace the same formula.
        """
        chosen = []
        for id in ids:
            own = [i for i, (name, _) in enumerate(self._switches) if name == id]
            if not own:
                raise ValueError(f"{id} has no simulation in this switchboard")
            chosen.append(own[min(variant, len(own) - 1)])
        if any(self._conflicts[a] >> b & 1 for a, b in combinations(chosen, 2)):
            raise ValueError(f"these deviations exclude each other: {', '.join(ids)}")
        run = Run(self, inputs)
        with np.errstate(all="ignore"):
            return {name: run.value(name, sum(1 << i for i in chosen)) for name in self.outputs}

    @property
    def switches(self) -> list[tuple[str, Variant]]:
        """Each deviation's id with each of its variants."""
        return self._switches

    def touch(self, name: str) -> int:
        """The switches that can touch a node, as bits."""
        return self._touch[name]

    def hands_on(self, node: Node, bits: int) -> bool:
        """Whether a node has the value of another one while the switches in `bits` are set."""
        return node.formula in self._ways and not self._own[node.name] & bits

    def felt(self, name: str, bits: int) -> int:
        """The switches that can be felt in a node while those in `bits` are set, which say what it is made of."""
        if name not in self._felt:
            return 0  # what is given
        turned = bits & self._turns[name]
        if turned not in self._felt[name]:
            felt = 0
            for way in self._ways[name]:
                felt |= way.bit
                if way.bit & turned == way.bit:
                    felt = reduce(or_, (self.felt(read, turned) for read in way.reads), felt)
            self._felt[name][turned] = felt
        return self._felt[name][turned]

    def excluded(self, switch: int) -> int:
        """The switches that cannot be set together with one, itself among them, as bits."""
        return self._conflicts[switch]

    def values(self, inputs: Mapping[str, Any], patched: Callable[[str, Any], Any], variant: Variant | None = None,
               without: Mapping[str, Any] | None = None, wanted: Collection[str] = ()) -> dict[str, Any]:
        """Every quantity under one variant; what `patched` makes of a node's name and value is handed on.

        without: the quantities without that variant: only what follows from it is computed then. wanted: those that
        will do.
        """
        known, changed, variant, left = dict(without or inputs), set[str](), variant or {}, set(wanted)
        for node in self.nodes:
            way = _way(0, variant.get(node.name, node.formula))
            if without is None or node.name in variant or not changed.isdisjoint(way.reads):
                known[node.name] = patched(node.name, way.compute(*[known[r] for r in way.reads]))
                changed.add(node.name)
            left.discard(node.name)
            if wanted and not left:
                break
        return known

    def search(self, inputs: Mapping[str, np.ndarray], outputs: Mapping[str, np.ndarray],
               scales: Mapping[str, Sizes]) -> "Search":
        """A search for the sets of deviations that give a student's outputs; see `Search.sets`."""
        return Search(self, Run(self, inputs), outputs, scales)

    def search_cases(self, cases: Sequence[Mapping[str, Any]], results: Sequence[Any]) -> "Search":
        """A search for the sets that give a student's result in each of several cases, of any shapes.

        For a rule with one output: an array or a number, or a tuple of them. A result is what
        `row_of` takes.
        """
        rows = dict(enumerate(map(row_of, results)))
        return Search(self, _Cases(self, cases), rows, dict.fromkeys(rows, 1.0))


class _Simulated(Protocol):
    """What a search compares a student's numbers with: outputs under any set of switches."""

    outputs: tuple[Any, ...]

    def felt(self, output: Any, bits: int, /) -> int:
        """The switches that can be felt in an output while those in `bits` are set."""

    def near(self, column: int, /) -> int:
        """The switches that can be felt in a column."""

    def value(self, output: Any, bits: int, /) -> Any:
        """An output under the switches in `bits`."""


class Run:
    """One set of inputs under many sets of switches, every value computed once."""

    def __init__(self, board: Switchboard, inputs: Mapping[str, Any]) -> None:
        self._board = board
        self.outputs = board.outputs
        # Of each node and input: the switches that can touch it, its own, its values so far, its formulas with what
        # they read, and the node whose value it hands on where none of its own switches is set.
        self._nodes: dict[str, tuple[int, int, dict[int, Any], _Formulas, str | None]] = {
            name: (0, 0, {0: value}, {}, None) for name, value in inputs.items()}
        for node in board.nodes:
            formulas = {way.bit: (way.compute, way.reads) for way in board._ways[node.name]}
            source = node.formula if isinstance(node.formula, str) else None
            self._nodes[node.name] = (board._touch[node.name], board._own[node.name], {}, formulas, source)
        self._near: dict[int, int] = {}

    def felt(self, name: str, bits: int) -> int:
        """The switches that can be felt in a node while those in `bits` are set."""
        return self._board.felt(name, bits)

    def near(self, column: int) -> int:
        """The switches that alone change some node in a column: another array's gradient is not felt in this one."""
        if column not in self._near:
            right = {node.name: self._column(node.name, 0, column) for node in self._board.nodes}
            self._near[column] = sum(
                1 << i for i, names in enumerate(self._board.changed)
                if any(self._column(name, 1 << i, column) != right[name] for name in names))
        return self._near[column]

    def _column(self, name: str, bits: int, column: int) -> bytes:
        value = np.asarray(self.value(name, bits))
        return (value[..., column] if value.ndim and value.shape[-1] > column else value).tobytes()

    def value(self, name: str, bits: int) -> Any:
        """A node under the switches in `bits`; the caller silences NumPy's warnings."""
        nodes = self._nodes
        touch, own, known, formulas, source = nodes[name]
        while source is not None and not own & bits:
            touch, own, known, formulas, source = nodes[source]
        found = known.get(bits & touch)
        if found is None:
            own &= bits
            formula, reads = formulas[own & -own]  # 0, the correct one, where no switch replaces it
            arguments = []
            for read in reads:
                # Looked up here, not by a call: most of them are known.
                touched, _, before, _, _ = nodes[read]
                argument = before.get(bits & touched)
                if argument is None:
                    argument = before[bits & touched] = self.value(read, bits)
                arguments.append(argument)
            found = known[bits & touch] = formula(*arguments)
        return found


class _Cases:
    """Several sets of inputs at once: its outputs are the numbers of the cases, from 0."""

    def __init__(self, board: Switchboard, cases: Sequence[Mapping[str, Any]]) -> None:
        self._output, = board.outputs
        self._runs = [Run(board, case) for case in cases]
        self.outputs = tuple(range(len(cases)))

    def felt(self, case: int, bits: int) -> int:
        """The switches that can be felt in the result: the same in every case."""
        return self._runs[case].felt(self._output, bits)

    def near(self, column: int) -> int:
        """All switches: nothing says that a result is computed number by number."""
        return -1

    def value(self, case: int, bits: int) -> np.ndarray:
        """The row of what a case gives; where shapes do not fit, the row of an error."""
        try:
            return row_of(self._runs[case].value(self._output, bits))
        except ValueError as error:
            return row_of(error)


def row_of(result: Any) -> np.ndarray:
    """A result as one row of numbers, its shapes included: unlike results give unlike rows.

    result: an array, a number, a tuple of them, or a ValueError (shapes that do not fit).

    >>> row_of(np.array([[5.0, 6.0]])), row_of((7.0,)), row_of(ValueError())
    (array([5., 6., 2., 1., 2., 0.]), array([7., 0., 1.]), array([-1.]))
    """
    if isinstance(result, ValueError):
        return np.array([-1.0])
    several = isinstance(result, tuple)
    arrays = [np.asarray(x, float) for x in (result if several else (result,))]
    form = _form_of(tuple([a.shape for a in arrays]), several)
    return np.concatenate([*[a.ravel() for a in arrays], form])


@cache
def _form_of(shapes: tuple[tuple[int, ...], ...], several: bool) -> np.ndarray:
    """The end of a row: the shapes of its arrays, and their number where they are several."""
    return np.array([n for shape in shapes for n in (len(shape), *shape)] + [len(shapes) if several else 0], float)


def _exclude(one: Variant, other: Variant) -> bool:
    """Whether two variants put different formulas in one place."""
    return any(one[name] != other[name] for name in one.keys() & other.keys())


class Search:
    """The sets of deviations whose numbers equal a student's.

    Sets are built level by level. A level is a part of an output: the column of its first number,
    then the whole of it. First come the switches that can be felt in the first level, and only
    where that then agrees those that are felt in the second, and so on. What is felt depends on
    the switches that are set: some make a quantity read another, and with it what that is made of.
    """

    def __init__(self, board: Switchboard, run: _Simulated, outputs: Mapping[Any, np.ndarray],
                 scales: Mapping[Any, Sizes], columns: slice = slice(None)) -> None:
        self._board, self._run, self._scales, self._columns = board, run, scales, columns
        self._outputs = {name: numbers[..., columns] for name, numbers in outputs.items()}
        self._probes = {name: self._probe(name) for name in run.outputs}
        with np.errstate(all="ignore"):
            near = run.near(columns.start or 0)
        # Each level is an output and the switches that can be felt in that part of it.
        self._levels = [level for o in run.outputs for level in ((o, near), (o, -1))]
        # Of each level: the disagreement under each set that was looked at, and of all numbers that were.
        self._errors: list[dict[int, float]] = [{} for _ in self._levels]
        self._compared: list[dict[tuple[Any, ...], float]] = [{} for _ in self._levels]
        self._groups: dict[tuple[int, bool], list[int]] = {}

    def for_outputs(self, outputs: Mapping[str, np.ndarray], columns: slice = slice(None)) -> "Search":
        """The same search for other outputs, or some columns of them; all share what was simulated."""
        return Search(self._board, self._run, outputs, self._scales, columns)

    def _probe(self, output: Any) -> tuple[int, float, float]:
        """The place of one number of a student's output, in the first column, a finite one if there is any.

        With it come the number, and the part of its tolerance that does not depend on the expected.
        """
        numbers = self._outputs[output]
        wide = numbers.shape[-1] if numbers.ndim > 1 else numbers.size
        place = next((k for k in range(0, numbers.size, wide) if np.isfinite(numbers.item(k))), 0)
        return place, numbers.item(place), ATOL * abs(np.broadcast_to(self._scales[output], numbers.shape).item(place))

    def sets(self, size: int, limit: float = 1.0) -> list[Explanation]:
        """All sets of `size` deviations that disagree by `limit` <= 1 tolerances at most, best first."""
        best: dict[tuple[str, ...], float] = {}
        with np.errstate(all="ignore"):
            for chosen, error in self._agreeing(size, limit):
                ids = tuple(self._board._switches[i][0] for i in chosen)
                best[ids] = min(error, best.get(ids, np.inf))
        return sorted((Explanation(ids, error) for ids, error in best.items()), key=lambda e: e.error)

    def agrees(self, ids: Sequence[str], limit: float = 1.0) -> bool:
        """Whether exactly these deviations, in some of their variants, disagree by `limit` <= 1 tolerances at most."""
        switches = [[i for i, (own, _) in enumerate(self._board._switches) if own == id] for id in ids]
        with np.errstate(all="ignore"):
            sets = [sum(1 << i for i in chosen) for chosen in product(*switches)
                    if not any(self._board._conflicts[a] >> b & 1 for a, b in combinations(chosen, 2))]
            return any(all(self._error(k, bits & self._felt(k, bits)) <= limit for k in range(len(self._levels)))
                       for bits in sets)

    def _agreeing(self, size: int, limit: float, level: int = 0, chosen: tuple[int, ...] = (),
                  bits: int = 0, error: float = 0.0, before: int = 0) -> Iterator[tuple[tuple[int, ...], float]]:
        """Sets that agree in every output from `level` on: `chosen` and `size` switches more.

        before: the switches that had their turn; each has it in the first level in which it is felt.
        """
        if level == len(self._levels):
            if size == 0:
                yield chosen, error
            return
        usual = len(chosen) + size > ANY_WAY
        felt = self._felt(level, bits)
        seen = felt | before
        for taken in range(size + 1):
            for more, together in self._compatible(self._group(felt & ~before, usual), taken, bits):
                now = self._felt(level, together)
                if now & ~seen:
                    yield from self._agreeing(size - taken, limit, level, chosen + more, together, error, seen)
                    continue
                apart = self._error(level, together & now)
                if apart <= limit:
                    yield from self._agreeing(size - taken, limit, level + 1, chosen + more, together,
                                              max(error, apart), seen)

    def _group(self, bits: int, usual: bool) -> list[int]:
        """The numbers of these switches, or of the usual ones among them."""
        if (bits, usual) not in self._groups:
            self._groups[bits, usual] = [i for i in range(len(self._board.switches)) if bits >> i & 1
                                         and (not usual or i in self._board.usual)]
        return self._groups[bits, usual]

    def _felt(self, level: int, bits: int) -> int:
        """The switches that can be felt in a level while those in `bits` are set."""
        output, near = self._levels[level]
        return near & self._run.felt(output, bits)

    def _compatible(self, group: list[int], taken: int, bits: int) -> Iterator[tuple[tuple[int, ...], int]]:
        """Each way to take so many switches of a group that exclude neither each other nor those in `bits`.

        A way comes as the numbers of the switches, and as bits with those given.
        """
        if taken == 0:
            yield (), bits
            return
        for place, i in enumerate(group):
            if self._board._conflicts[i] & bits:
                continue
            if taken == 1:
                yield (i,), bits | 1 << i
                continue
            for more, together in self._compatible(group[place + 1:], taken - 1, bits | 1 << i):
                yield (i, *more), together

    def _error(self, level: int, bits: int) -> float:
        """The disagreement of one level under what is felt there, or inf as soon as it is known to be more than 1."""
        error = self._errors[level].get(bits)
        if error is None:
            output, _ = self._levels[level]
            expected = self._run.value(output, bits)[..., self._columns]
            error = self._errors[level][bits] = (
                self._apart(level, output, expected) if level % 2 else self._probed(output, expected))
        return error

    def _probed(self, output: Any, expected: np.ndarray) -> float:
        """The disagreement of one number, which decides most sets at a tenth of the price of the whole array."""
        place, number, scale = self._probes[output]
        if expected.shape != self._outputs[output].shape:
            return np.inf
        probed = expected.item(place)
        if number == probed or not isfinite(number):
            return 0.0
        apart = abs(number - probed)
        tolerance = RTOL * abs(probed) + scale
        return apart / tolerance if apart <= tolerance else np.inf

    def _apart(self, level: int, output: Any, expected: np.ndarray) -> float:
        """The disagreement of a whole output; many sets give the very same numbers."""
        key = expected.shape, expected.tobytes()
        if key not in self._compared[level]:
            self._compared[level][key] = disagreement(self._outputs[output], expected, self._scales[output])
        return self._compared[level][key]
