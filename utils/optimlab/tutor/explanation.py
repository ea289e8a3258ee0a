"""Where a student's computation leaves the rule: found by value, with no list of mistakes.

The student's trace and those of some right ways to compute the same are laid side by side. A
student's step whose values are those of a quantity of a right way *is* that quantity, whatever
it is called. A result that is wrong is followed back through the steps that are nobody's. One of
them stands in the place of a right quantity: if the right ways, computed on from the student's
value, give the student's result, it is the only mistake behind it. If none does, the step is
taken after which most of the rest becomes right, and the search goes on from there: so several
mistakes are told one by one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from optimlab.tutor.tracing import Place, Step, Trace

CLOSE = 1e-9        # of the largest number of an array: what rounding in another order leaves
CLOSE_SINGLE = 3e-6  # the same where a student computes with float32
NO_NUMBER = 1e300   # what stands for inf, and three times it for nan
MOST_SLIPS = 6      # behind one result
MOST_COMPUTED = 30_000  # steps computed anew in one explanation: a number, so that a busy machine says the same

# Steps that only move numbers to another place: no mistake by themselves.
MOVES = {"getitem", "setitem", "changed", "reshape", "ravel", "flatten", "copy", "astype", "array", "asarray", "stack",
         "concatenate", "hstack", "vstack", "split", "squeeze", "transpose", "positive", "ascontiguousarray",
         "asfortranarray", "array_split", "expand_dims", "column_stack", "append", "asanyarray"}

Values = list[np.ndarray]  # of one quantity, one array for each case
Pair = tuple[tuple[int, ...], tuple["Member", ...]]  # steps of a student's, and what they may stand for


class Member(NamedTuple):
    """One quantity of one right way: the number of the way, and of the step in its trace."""

    way: int
    step: int


class Slip(NamedTuple):
    """A step at which a student leaves the rule.

    steps: the student's, all of one place in the code; the first is the one to tell of.
    members: the quantity whose place they take, in every right way that has it.
    result: the number of the result that it was found behind.
    kind: "step" where a wrong value is computed; "returned" where a right one comes back in the
        place of another; "shape" where a right one gets another shape, or two shapes meet that do
        not belong together; "lost" where it cannot be told which quantity was meant.
    known: what the student's steps are, as far as the slips before this one explain it.
    """

    steps: tuple[int, ...]
    members: tuple[Member, ...]
    result: int
    kind: str
    known: "Known"


class Explanation(NamedTuple):
    """What was found in the cases that one way through the student's code has in common.

    cases: their numbers.
    slips: one list for each place in the code: what was found there, for one result after the other.
    side: both sides' graphs.
    """

    cases: tuple[int, ...]
    slips: tuple[tuple[Slip, ...], ...]
    side: "Sides"


def explain(students: Sequence[Trace], ways: Sequence[Sequence[Trace]]) -> list[Explanation]:
    """The slips in each group of cases in which the student's code goes the same way.

    students: a trace for each case. ways: for each right way a trace for each case.
    """
    groups: dict[Any, list[int]] = {}
    for case, trace in enumerate(students):
        form = tuple(form_of(t) for t in (trace, *(way[case] for way in ways)))
        groups.setdefault(form, []).append(case)
    found: list[Explanation] = []
    left = MOST_COMPUTED
    for cases in sorted(groups.values(), key=len, reverse=True):
        if found and left <= 0:
            break
        results = students[cases[0]].results
        if len(results) != len(ways[0][cases[0]].results) or -1 in results:
            continue
        side = Sides([students[c] for c in cases], [[way[c] for c in cases] for way in ways])
        search = _Search(side, left)
        found.append(Explanation(tuple(cases), _by_place(side, search.slips()), side))
        left = search.left
    return found


def form_of(trace: Trace) -> Any:
    """What two traces have in common where the code goes the same way."""
    return tuple((s.operation, s.operands) for s in trace.steps), trace.results


class _Graph:
    """The traces of one computation in several cases that have the same form."""

    def __init__(self, traces: Sequence[Trace]):
        self.steps: tuple[Step, ...] = traces[0].steps
        self.results = traces[0].results
        self.values: list[Values] = [[t.steps[i].value for t in traces] for i in range(len(self.steps))]
        # None where a step cannot be computed anew.
        self.redo = [None if s.redo is None else [r for t in traces if (r := t.steps[i].redo)]
                     for i, s in enumerate(self.steps)]
        self.up, self.down = [1 << i for i in range(len(self.steps))], [1 << i for i in range(len(self.steps))]
        for i, step in enumerate(self.steps):
            for operand in step.operands:
                self.up[i] |= self.up[operand]
        for i in reversed(range(len(self.steps))):
            for operand in self.steps[i].operands:
                self.down[operand] |= self.down[i]

    def recomputed(self, values: dict[int, Values], within: int) -> dict[int, Values] | None:
        """The values of all steps that follow from other values of some; None where these do not fit."""
        new, reached = dict(values), 0
        for i in values:
            reached |= self.down[i]
        for i in bits(reached & within):
            step, redo = self.steps[i], self.redo[i]
            if i in values or not redo or not any(o in new for o in step.operands):
                continue
            try:
                new[i] = [np.asarray(again(*[new.get(o, self.values[o])[case] for o in step.operands]), float)
                          for case, again in enumerate(redo)]
            except (ValueError, IndexError, TypeError, ZeroDivisionError):
                return None
        return new


def bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, in order.

    >>> list(bits(0b10110))
    [1, 2, 4]
    """
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def vector(values: Iterable[np.ndarray]) -> np.ndarray:
    """A quantity in all cases as one row; nan and inf become numbers that equal themselves."""
    row = np.concatenate([v.ravel() for v in values])
    return row if np.isfinite(row).all() else np.nan_to_num(row, nan=3 * NO_NUMBER, posinf=NO_NUMBER,
                                                                     neginf=-NO_NUMBER)


def sizes(values: Iterable[np.ndarray]) -> tuple[int, ...]:
    """How many entries a quantity has in each case."""
    return tuple(v.size for v in values)


def scale(values: Iterable[np.ndarray]) -> np.ndarray:
    """For each entry of a quantity's row the largest number of its case."""
    return np.concatenate([np.full(v.size, largest(v)) for v in values])


def largest(value: np.ndarray) -> float:
    """The largest absolute value that is a number, and never zero."""
    most = float(np.abs(value).max(initial=1e-300))
    return most if most < np.inf else float(np.abs(value[np.isfinite(value)]).max(initial=1e-300))


def _numbers(values: Values) -> tuple[Any, ...]:
    return sizes(values), vector(values).astype(np.float32).tobytes()


def is_single(traces: Iterable[Trace]) -> bool:
    """Whether some result comes from float32: its numbers fit into it, and are no short ones by themselves."""
    return any(np.array_equal(x, x.astype(np.float32)) and np.any(x != np.round(x, 3))
               for t in traces for x in (t.steps[i].value for i in t.results if i >= 0))


class Sides:
    """A student's graph and those of the right ways, side by side."""

    def __init__(self, student: Sequence[Trace], ways: Sequence[Sequence[Trace]]):
        self.student = _Graph(student)
        self.ways = [_Graph(way) for way in ways]
        self.close = CLOSE_SINGLE if is_single(student) else CLOSE
        self.vectors = [vector(v) for v in self.student.values]
        self.scales = [scale(v) for v in self.student.values]
        self.sizes = [sizes(v) for v in self.student.values]

    @cached_property
    def tables(self) -> dict[tuple[int, ...], tuple[list[Member], np.ndarray]]:
        """All quantities of the right ways, those of a size in one table."""
        rows: dict[tuple[int, ...], tuple[list[Member], list[np.ndarray]]] = {}
        for w, way in enumerate(self.ways):
            for s, values in enumerate(way.values):
                members, row = rows.setdefault(sizes(values), ([], []))
                members.append(Member(w, s))
                row.append(vector(values))
        return {key: (members, np.array(row)) for key, (members, row) in rows.items()}

    @cached_property
    def numbers(self) -> dict[Member, tuple[Any, ...]]:
        """What tells each quantity of the right ways from the others."""
        return {Member(w, s): _numbers(values)
                for w, way in enumerate(self.ways) for s, values in enumerate(way.values)}

    @cached_property
    def untouched(self) -> "Known":
        """What is known before anything was found."""
        return Known(self, [{} for _ in self.ways])

    def equals(self, step: int, values: Values) -> bool:
        """Whether the student's step has these values."""
        return self.sizes[step] == sizes(values) and self.close_to(step, vector(values))

    def close_to(self, step: int, row: np.ndarray) -> bool:
        with np.errstate(all="ignore"):
            return bool(np.all(np.abs(self.vectors[step] - row) <= self.close * self.scales[step]))


class Known:
    """Which quantities the student's steps are, the right ways being computed from what was found so far."""

    def __init__(self, side: Sides, news: Sequence[dict[int, Values]]):
        self._side = side
        self.news = news
        self._exact: dict[int, list[Member]] = {}
        self._parts: dict[int, tuple[Member, int] | None] = {}
        self._at: dict[int, int | None] = {}
        self._contains: dict[int, bool] = {}

    def values(self, member: Member) -> Values:
        way = self._side.ways[member.way]
        return self.news[member.way].get(member.step, way.values[member.step])

    def numbers(self, member: Member) -> tuple[Any, ...]:
        """What quantities of the same numbers, as far as float32 has them, have in common."""
        new = self.news[member.way].get(member.step)
        return self._side.numbers[member] if new is None else _numbers(new)

    @cached_property
    def _tables(self) -> dict[tuple[int, ...], tuple[list[Member], np.ndarray]]:
        tables = dict(self._side.tables)
        changed: dict[tuple[int, ...], list[tuple[Member, np.ndarray]]] = {}
        for w, new in enumerate(self.news):
            for s, values in new.items():
                changed.setdefault(sizes(values), []).append((Member(w, s), vector(values)))
        for key, rows in changed.items():
            members, table = tables[key]
            places, table = {m: i for i, m in enumerate(members)}, table.copy()
            for member, row in rows:
                table[places[member]] = row
            tables[key] = members, table
        return tables

    def exact(self, step: int) -> list[Member]:
        """The quantities that have the step's values."""
        if step not in self._exact:
            side = self._side
            members, table = self._tables.get(side.sizes[step], ([], np.empty((0, 0))))
            found: list[Member] = []
            if members:
                with np.errstate(all="ignore"):
                    apart = np.abs(table - side.vectors[step]) <= side.close * side.scales[step]
                found = [members[i] for i in np.flatnonzero(apart.all(axis=1))]
            self._exact[step] = found
        return self._exact[step]

    def part(self, step: int) -> tuple[Member, int] | None:
        """The larger quantity of which the step is a run of entries, and where it begins."""
        for s in self._behind(step, self._parts):
            self._parts[s] = None if self.exact(s) else self._find_part(s)
        return self._parts[step]

    def at(self, step: int) -> int | None:
        """The entry of its array that a step belongs to, as its operands tell."""
        for s in self._behind(step, self._at):
            self._at[s] = None
            for operand in self._side.student.steps[s].operands:
                if not self.exact(operand):
                    part = self.part(operand)
                    self._at[s] = part[1] if part else self._at[operand]
                if self._at[s] is not None:
                    break
        return self._at[step]

    def _behind(self, step: int, found: dict[int, Any]) -> Iterator[int]:
        """What is not found yet of a step and all that it is made of, in order: a trace may be too deep to recurse."""
        return (s for s in bits(self._side.student.up[step]) if s not in found) if step not in found else iter(())

    def _find_part(self, step: int) -> tuple[Member, int] | None:
        side, made = self._side, self._side.student.steps[step]
        if made.operation != "getitem" and not any(self.part(o) for o in made.operands if not self.exact(o)):
            return None
        own = side.sizes[step]
        for key, (members, table) in self._tables.items():
            if any(n <= m for n, m in zip(key, own)) or len(set(own)) > 1 or len(set(key)) > 1:
                continue
            size, whole, cases = own[0], key[0], len(own)
            windows = np.lib.stride_tricks.sliding_window_view(table.reshape(len(members), cases, whole), size, axis=2)
            row, limit = side.vectors[step].reshape(cases, 1, size), side.scales[step].reshape(cases, 1, size)
            fits = np.all(np.abs(windows - row) <= side.close * limit, axis=(1, 3))
            if fits.any():
                which, where = np.argwhere(fits)[0]
                return members[which], int(where)
        return None

    def __contains__(self, step: int) -> bool:
        for s in self._behind(step, self._contains):
            made = self._side.student.steps[s]
            self._contains[s] = bool(self.exact(s) or self.part(s)) or (
                made.place is None if made.operation == "constant"  # a plain number in the code
                else made.operation in MOVES and bool(made.operands)
                and all(self._contains[o] for o in made.operands))
        return self._contains[step]


@dataclass
class _Search:
    """The search for the slips behind each result, the simplest results first."""

    side: Sides
    left: int  # how many more steps may be computed anew
    found: list[Slip] = field(default_factory=list)
    plans: list[list[Slip]] = field(default_factory=list)

    def slips(self) -> list[Slip]:
        side = self.side
        order = sorted(range(len(side.student.results)),
                       key=lambda k: min(way.up[way.results[k]].bit_count() for way in side.ways))
        for result in order:
            self._explain(result)
        return self.found

    def _explain(self, result: int) -> None:
        own = self.side.student.results[result]
        cone = self.side.student.up[own]
        misshapen = self._misshapen(result, own)
        if misshapen:
            self.found.append(misshapen)
            return
        news = self._computed([s for s in self.found if s.kind == "step" and cone >> s.steps[0] & 1])
        again = self._as_before(result, own, news)
        _, slips = (0.0, again) if again is not None else self._simplest(result, own, news, MOST_SLIPS)
        self.found += slips
        self.plans.append(slips)

    def _misshapen(self, result: int, own: int) -> Slip | None:
        """Where an array gets a shape that is not its own, if that is all that is wrong with a result.

        The numbers are right then; or two shapes meet on the way, and NumPy repeats both until they fit.
        """
        side, student = self.side, self.side.student
        members = tuple(Member(w, way.results[result]) for w, way in enumerate(side.ways))
        if any(student.values[own][0].shape == self._shape(m) for m in members):
            return None
        first: tuple[int, ...] = ()
        for s in bits(student.up[own]):
            made, known, shape = student.steps[s], side.untouched.exact(s), student.values[s][0].shape
            given = [student.values[o][0].shape for o in made.operands]
            ufunc = _ufunc(made.operation)
            if len(given) > 1 and shape not in given and ufunc and ufunc.signature is None:  # entry by entry
                return Slip((*first, s), members, result, "shape", side.untouched)
            if not first and given and known and shape not in map(self._shape, known):
                first = s,
        right = any(side.equals(own, side.untouched.values(m)) for m in members)
        return Slip(first, members, result, "shape", side.untouched) if first and right else None

    def _shape(self, member: Member) -> tuple[int, ...]:
        return self.side.untouched.values(member)[0].shape

    def _simplest(self, result: int, own: int, news: list[dict[int, Values]], most: int) -> tuple[float, list[Slip]]:
        """The slips behind a result that leave the least unexplained, and how much of the code they cover.

        One slip at the very end explains everything and says nothing: what counts is how many of
        the student's steps stand behind each slip that are nobody's, and the number of slips.
        """
        known = Known(self.side, news) if any(news) else self.side.untouched
        if self._explained(result, known):
            return 0.0, []
        returned = self._returned(result, own, known, news)
        if returned:
            return 1.0, [returned]
        unknown = self._unknown(own, known)
        if self.left <= 0:
            return float(len(unknown) + 2), [self._lost(result, own, unknown, known)]
        pairs = self._pairs(result, unknown, known)
        size = {u: sum(self.side.student.up[u] >> o & 1 for o in unknown) for u in unknown}
        best = float(len(unknown) + 2), [self._lost(result, own, unknown, known)]
        for steps, members in pairs:
            on = self._tried(news, steps, members, known, result)
            if on and self._explained(result, Known(self.side, on)):
                best = size[steps[0]] + 0.5, [Slip(steps, members, result, "step", known)]
                break
        if best[0] < 3 or most == 1:
            return best
        if best[1][0].kind == "step":  # is there more behind it?
            last = best[1][0].steps
            pairs = [p for p in pairs if p[0] != last and self.side.student.up[last[0]] >> p[0][0] & 1]
        gained, pair = 0, None
        for steps, members in pairs:
            on = None if self._is_given(members) else self._tried(news, steps, members, known, result)
            if on:
                mask = self.side.student.down[steps[-1]]
                gain = self._become_known([u for u in unknown if mask >> u & 1 and u not in steps], news, on)
                if gain > gained:
                    gained, pair = gain, (steps, members)
        # Where two slips follow upon each other nothing between them is right: then a likeness has to do.
        alike = [] if pair else [p for p in pairs if self._is_first(p[0][0], unknown) and self._is_alike(*p, known)]
        for (steps, members), price in [(pair, size[pair[0][0]])] if pair else [(p, 1) for p in alike[:2]]:
            on = self._with(news, steps, members, known) or news
            rest, slips = self._simplest(result, own, on, most - 1)
            if price + 0.5 + rest < best[0]:
                best = price + 0.5 + rest, [Slip(steps, members, result, "step", known), *slips]
        return best

    def _is_first(self, step: int, unknown: Sequence[int]) -> bool:
        """Whether nothing that stands in another line before a step is nobody's."""
        def line(s: int) -> int | None:
            place = self.side.student.steps[s].place
            return place.line if place else None
        return all(line(o) == line(step) for o in unknown if self.side.student.up[step] >> o & 1)

    def _is_alike(self, steps: Sequence[int], members: Sequence[Member], known: Known) -> bool:
        """Whether the student's step does what the right one does, to one right operand at least."""
        own = self.side.student.steps[steps[0]]
        for m in members:
            right = self.side.ways[m.way].steps[m.step]
            if own.operation == right.operation and len(own.operands) == len(right.operands) > 1 and any(
                    self.side.equals(o, known.values(Member(m.way, r)))
                    for o, r in zip(own.operands, right.operands)):
                return True
        return False

    def _become_known(self, steps: Sequence[int], news: Sequence[dict[int, Values]],
                      on: Sequence[dict[int, Values]]) -> int:
        """How many of these steps are quantities of the right ways, now that these are computed on."""
        rows: dict[tuple[int, ...], list[np.ndarray]] = {}
        for before, after in zip(news, on):
            for s, values in after.items():
                if before.get(s) is not values:
                    rows.setdefault(sizes(values), []).append(vector(values))
        tables = {key: np.array(row) for key, row in rows.items()}
        side = self.side
        with np.errstate(all="ignore"):
            near = [np.abs(tables[side.sizes[s]] - side.vectors[s]) <= side.close * side.scales[s]
                    for s in steps if side.sizes[s] in tables]
        return sum(bool(n.all(axis=1).any()) for n in near)

    def _as_before(self, result: int, own: int, news: list[dict[int, Values]]) -> list[Slip] | None:
        """The slips behind an earlier result, made for this one, too: in the same code, or in lines written alike."""
        for plan in self.plans:
            slips, on = [], news
            known = Known(self.side, on) if any(on) else self.side.untouched
            for slip in plan:
                if self._explained(result, known):
                    break
                alike = self._alike(self.side.student.results[slip.result], own)
                unknown = [u for u in self._unknown(own, known)
                           if self._site(u) == self._site(slip.steps[0]) or alike.get(u) in slip.steps]
                places = {self.side.ways[m.way].steps[m.step].place for m in slip.members}
                pair = next(((steps, members) for steps, members in self._pairs(result, unknown, known)
                             if any(self.side.ways[m.way].steps[m.step].place in places for m in members)), None)
                if slip.kind != "step" or pair is None:
                    break
                slips.append(Slip(*pair, result, "step", known))
                on = self._with(on, *pair, known) or on
                known = Known(self.side, on)
            if slips and self._explained(result, known):
                return slips
        return None

    def _alike(self, before: int, own: int) -> dict[int, int]:
        """For each step behind a result its twin behind an earlier one, as far as both are computed alike."""
        steps, twins, todo = self.side.student.steps, dict[int, int](), [(own, before)]
        while todo:
            mine, theirs = todo.pop()
            one, other = steps[mine], steps[theirs]
            if mine not in twins and one.operation == other.operation and len(one.operands) == len(other.operands):
                twins[mine] = theirs
                todo += zip(one.operands, other.operands)
        return twins

    def _explained(self, result: int, known: "Known") -> bool:
        own = self.side.student.results[result]
        return any(self.side.equals(own, known.values(Member(w, way.results[result])))
                   and self.side.student.values[own][0].shape == way.values[way.results[result]][0].shape
                   for w, way in enumerate(self.side.ways))

    def _computed(self, slips: Sequence[Slip]) -> list[dict[int, Values]]:
        """The values of the right ways, computed from the student's own at these slips."""
        news: list[dict[int, Values]] = [{} for _ in self.side.ways]
        for slip in slips:
            news = self._with(news, slip.steps, slip.members, slip.known) or news
        return news

    def _with(self, news: Sequence[dict[int, Values]], steps: Sequence[int], members: Sequence[Member], known: Known,
              result: int | None = None) -> list[dict[int, Values]] | None:
        """The right ways computed on, once a quantity has the values of the student's steps; None if it cannot."""
        out = []
        for w, way in enumerate(self.side.ways):
            within = -1 if result is None else way.up[way.results[result]]
            own = [m.step for m in members if m.way == w and within >> m.step & 1]
            fixed = {s: self._put(steps, news[w].get(s, way.values[s]), known) for s in own}
            if None in fixed.values():
                return None
            reached = 0
            for s in own:
                reached |= way.down[s]
            before = {s: v for s, v in news[w].items() if not reached >> s & 1}
            on = way.recomputed({**before, **fixed}, within & reached) if own else {}  # type: ignore[dict-item]
            if on is None:
                return None
            self.left -= len(on)
            out.append({**news[w], **on})
        return out

    def _put(self, steps: Sequence[int], values: Values, known: Known) -> Values | None:
        """The values of a quantity with the student's steps in its place, or in the places of some entries."""
        side = self.side
        if len(steps) == 1 and side.sizes[steps[0]] == sizes(values):
            return [x.reshape(v.shape) for x, v in zip(side.student.values[steps[0]], values)]
        out = [v.copy() for v in values]
        for s in steps:
            at = known.at(s)
            if at is None or any(x.size + at > v.size for x, v in zip(side.student.values[s], out)):
                return None
            for x, v in zip(side.student.values[s], out):
                v.reshape(-1)[at:at + x.size] = x.ravel()
        return out

    def _returned(self, result: int, own: int, known: Known, news: list[dict[int, Values]]) -> Slip | None:
        """Whether a right quantity comes back in the place of another one."""
        side = self.side
        members = tuple(Member(w, way.results[result]) for w, way in enumerate(side.ways))
        if not known.exact(own):
            return None
        if side.student.steps[own].operation.startswith("input:"):
            return Slip((own,), members, result, "returned", known)
        # Where nothing that follows from it is right, it was meant to be that other one.
        later = [s for s, made in enumerate(side.student.steps) if own in made.operands]
        if later and not any(known.exact(s) for s in later):
            return None
        on = self._with(news, (own,), members, known)
        after = [s for s in bits(side.student.down[own]) if s != own]
        if on is not None and sum(bool(Known(side, on).exact(s)) for s in after) > sum(
                bool(known.exact(s)) for s in after):
            return None
        return Slip((own,), members, result, "returned", known)

    def _unknown(self, own: int, known: Known) -> list[int]:
        """The steps behind a result that are nobody's, up to those that are known; without plain moves."""
        student, mask = self.side.student, 0
        while student.steps[own].operation in MOVES and own in known and any(
                np.array_equal(self.side.vectors[o], self.side.vectors[own]) for o in student.steps[own].operands):
            own = next(o for o in reversed(student.steps[own].operands)
                       if np.array_equal(self.side.vectors[o], self.side.vectors[own]))
        todo = [own]
        while todo:
            step = todo.pop()
            if not mask >> step & 1 and (step == own or step not in known):
                mask |= 1 << step
                todo += student.steps[step].operands
        return [s for s in bits(mask) if student.steps[s].operands and student.steps[s].operation not in MOVES]

    def _pairs(self, result: int, unknown: Sequence[int], known: Known) -> list[Pair]:
        """Each of these steps with each quantity that it could stand for, by size."""
        together: dict[Any, list[int]] = {}
        for s in unknown:
            # Entries of one array that are computed at one place are one slip.
            together.setdefault(self._site(s) if known.at(s) is not None else s, []).append(s)
        targets = list(self._targets(result, known))
        return [(tuple(steps), members) for steps in together.values() for members in targets
                if (known.at(steps[0]) is not None
                    or sizes(known.values(members[0])) == self.side.sizes[steps[0]])
                and (not self._is_given(members) or self._is_gate(steps[0], members, known))]

    def _is_gate(self, step: int, members: Sequence[Member], known: Known) -> bool:
        """Whether all that the student does with what is given goes through this step: it is given a new meaning."""
        student = self.side.student
        own = {s for s, made in enumerate(student.steps) if made.operation.startswith("input:")
               and any(m in members for m in known.exact(s))}
        return all(i == step or (student.up[step] >> i & 1 and i not in known)
                   for i, made in enumerate(student.steps) if own & set(made.operands))

    def _lost(self, result: int, own: int, unknown: Sequence[int], known: Known) -> Slip:
        """That it cannot be told what was meant: the first step of a result that is nobody's."""
        steps = self.side.student.steps
        first = next((s for s in unknown if all(o not in unknown for o in steps[s].operands)), own)
        members = tuple(Member(w, way.results[result]) for w, way in enumerate(self.side.ways))
        return Slip((first,), members, result, "lost", known)

    def _tried(self, news: list[dict[int, Values]], steps: tuple[int, ...], members: tuple[Member, ...],
               known: Known, result: int) -> list[dict[int, Values]] | None:
        return None if self.left <= 0 else self._with(news, steps, members, known, result)

    def _site(self, step: int) -> tuple[Place | None, str]:
        made = self.side.student.steps[step]
        return made.place, made.operation

    def _targets(self, result: int, known: Known) -> Iterator[tuple[Member, ...]]:
        """The quantities behind a result that a slip can stand in for, each in all the ways that have it."""
        grouped: dict[Any, list[Member]] = {}
        for w, way in enumerate(self.side.ways):
            for s in bits(way.up[way.results[result]]):
                if way.steps[s].operation == "constant":
                    continue
                grouped.setdefault(known.numbers(Member(w, s)), []).append(Member(w, s))
        # What is given comes last: it is seldom meant to be anything else.
        yield from sorted(map(tuple, grouped.values()), key=self._is_given)

    def _is_given(self, members: Sequence[Member]) -> bool:
        return any(self.side.ways[m.way].steps[m.step].operation.startswith("input:") for m in members)


def taken(side: Sides, slip: Slip) -> Iterator[tuple[Values, Values]]:
    """The quantity that a slip takes the place of, and what follows from it: the right values, and the student's."""
    own, right = side.student.values[slip.steps[0]], slip.known.values(slip.members[0])
    yield right, own
    if slip.kind == "step" and len(slip.steps) == 1 and sizes(own) == sizes(right):
        first = slip.members[0]
        fixed = {m.step: [x.reshape(r.shape) for x, r in zip(own, right)] for m in slip.members if m.way == first.way}
        way, reached = side.ways[first.way], 0
        for s in fixed:
            reached |= way.down[s]
        before = {s: v for s, v in slip.known.news[first.way].items() if not reached >> s & 1}
        on = way.recomputed({**before, **fixed}, reached) or {}
        for s in sorted(on):
            if s > first.step and way.down[first.step] >> s & 1:
                yield slip.known.values(Member(first.way, s)), on[s]


def replayed(explanation: Explanation, ways: Sequence[Trace]) -> list[np.ndarray | None] | None:
    """What the student's function gives in another case, if the slips are all that is wrong with it.

    ways: the right ways in that case. An entry is None where a result cannot be computed; the
    whole is None where the right ways take another course than in the cases that were explained.
    """
    side = explanation.side
    graphs = [_Graph([way]) for way in ways]
    if any([(s.operation, s.operands) for s in new.steps] != [(s.operation, s.operands) for s in old.steps]
           for new, old in zip(graphs, side.ways)):
        return None
    slips = [slip for same in explanation.slips for slip in same]
    return [_replay(result, side, graphs, slips) for result in range(len(side.student.results))]


def _replay(result: int, side: Sides, ways: Sequence[_Graph], slips: Sequence[Slip]) -> np.ndarray | None:
    own = side.student.results[result]
    cone, news = side.student.up[own], [dict[int, Values]() for _ in ways]
    for slip in slips:
        if slip.kind == "lost" and slip.result == result:
            return None
        if slip.kind == "returned" and slip.result == result:
            value = _computed_anew(own, slip.known, side, ways, news)
            return None if value is None else value[0]
        if slip.kind != "step" or not cone >> slip.steps[0] & 1:
            continue
        value = _computed_anew(slip.steps[0], slip.known, side, ways, news, itself=False)
        if value is None or len(slip.steps) > 1:
            return None
        for w, way in enumerate(ways):
            fixed = {m.step: [value[0].reshape(way.values[m.step][0].shape)] for m in slip.members
                     if m.way == w and value[0].size == way.values[m.step][0].size}
            reached = 0
            for s in fixed:
                reached |= way.down[s]
            kept = {s: v for s, v in news[w].items() if not reached >> s & 1}
            news[w] = {**news[w], **(way.recomputed({**kept, **fixed}, reached) or {})}
    for w, way in enumerate(ways):
        member = Member(w, side.ways[w].results[result])
        # The way in which the slips are followed to the end.
        if not slips or any(m.way == w and way.up[member.step] >> m.step & 1 for s in slips for m in s.members):
            return news[w].get(member.step, way.values[member.step])[0]
    return None


def _computed_anew(step: int, known: Known, side: Sides, ways: Sequence[_Graph], news: Sequence[dict[int, Values]],
                   itself: bool = True) -> Values | None:
    """A student's step in another case, from the right quantities that it is made of; None if it cannot be."""
    found: dict[int, np.ndarray | None] = {}
    for s in bits(side.student.up[step]):
        made, members = side.student.steps[s], known.exact(s) if itself or s != step else []
        given = [found[o] for o in made.operands]
        ufunc = _ufunc(made.operation)
        found[s] = None
        if members:
            way, at = members[0]
            found[s] = news[way].get(at, ways[way].values[at])[0]
        elif made.operation == "constant":
            found[s] = side.student.values[s][0]
        elif any(g is None for g in given):
            continue
        elif made.operation in ("copy", "astype", "array", "asarray") and len(given) == 1:
            found[s] = given[0]
        elif ufunc and ufunc.nin == len(given):
            try:
                found[s] = np.asarray(ufunc(*given), float)
            except (ValueError, TypeError):
                continue
    value = found[step]
    return None if value is None else [value]


def _ufunc(operation: str) -> np.ufunc | None:
    """NumPy's function of that name, if it is one that works entry by entry, as most do, or array by array."""
    found = getattr(np, operation, None)
    return found if isinstance(found, np.ufunc) else None


def _by_place(side: Sides, slips: Sequence[Slip]) -> tuple[tuple[Slip, ...], ...]:
    """The slips, those at one place in the code together."""
    grouped: dict[Any, list[Slip]] = {}
    for slip in slips:
        made = side.student.steps[slip.steps[0]]
        key = (made.place, made.operation) if made.place else made.operation[:5]
        grouped.setdefault((slip.kind, key), []).append(slip)
    return tuple(map(tuple, grouped.values()))
