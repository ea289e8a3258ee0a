"""Mistakes with the place in the student's code: what a trace shows, in the catalogue's words where it has them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from optimlab.tutor.challenges import Answer, Challenge
from optimlab.tutor.diagnosis import Catalogue, names_of
from optimlab.tutor.explanation import Explanation, explain, form_of, largest, replayed
from optimlab.tutor.messages import Mistake, alone_in, listed, small
from optimlab.tutor.stepwise import Found, Made, together
from optimlab.tutor.switchboard import Hint, Run, disagreement
from optimlab.tutor.telling import Told, place_of, said_of, tell
from optimlab.tutor.tracing import Trace

MOST_REPLAYED = 12  # of the graded cases


class Followed(Protocol):
    """What is asked here of an exercise; see there."""

    @property
    def hints(self) -> Mapping[str, Hint]: ...
    @property
    def settled(self) -> str: ...
    @property
    def traced(self) -> tuple[str, ...]: ...
    @property
    def returns(self) -> tuple[str, ...]: ...
    @property
    def catalogue(self) -> Catalogue | None: ...
    @property
    def arrays(self) -> tuple[str, ...]: ...
    @property
    def followed(self) -> tuple[Challenge, ...]: ...
    @property
    def followed_ways(self) -> list[list[Trace]]: ...
    def right_ways(self, challenge: Challenge) -> list[Trace]: ...
    def alone(self, results: Sequence[int]) -> list[str]: ...


class Located(NamedTuple):
    """A mistake with its place, and the kind of slip that was seen there: the mistake's id if it has no other."""

    mistake: Mistake
    kind: str


def located(exercise: Followed, pairs: Sequence[tuple[Challenge, Answer]], cases: Sequence[int],
            traces: Sequence[Trace], source: str, sources: Callable[[str], str],
            known: Collection[str] = ()) -> list[Located]:
    """What the traces show to be wrong, each place once.

    cases: which of `exercise.followed` the traces belong to.
    known: the mistakes of the catalogue that there are, where the numbers have told them already.
    """
    if not traces:
        return []
    ways = list(zip(*[exercise.followed_ways[c] for c in cases]))
    texts = {file: sources(file) for file in {s.place.file for t in traces for s in t.steps if s.place}}
    texts = {file: text for file, text in texts.items() if text}
    groups: list[list[Located]] = []
    for explanation in explain(traces, ways):
        told = tell(explanation, texts)
        names = [("", "")] * len(told)
        if exercise.catalogue:
            names = names_of(exercise.catalogue, explanation, [exercise.followed[c] for c in cases], source, known,
                             exercise.settled)
        failed = _not_replayed(exercise, explanation, pairs) if any(id for id, _ in names) else set()
        groups.append([])
        for (one, _), (id, reread) in zip(told, names):
            id = "" if failed & set(one.results) else id
            # What is an argument is said where it is said what the function is given.
            mistake = _mistake(exercise, one, id, (one.kind != "constant" and reread) or exercise.settled)
            groups[-1].append(Located(mistake, one.kind))
    return _agreed(groups)


def _agreed(groups: Sequence[Sequence[Located]]) -> list[Located]:
    """What was found in groups of cases, each place once.

    What a line does has no name of the catalogue in one group that it does not have in all: it fits there by chance.
    """
    found: dict[tuple[str, int | None], Located] = {}
    for group in groups:
        elsewhere = {(p.mistake.id, p.mistake.line) for other in groups if other is not group for p in other}
        for place in group:
            id, line = place.mistake.id, place.mistake.line
            if id == place.kind or (place.kind, line) not in elsewhere:
                found.setdefault((id, line), place)
    return list(found.values())


def named_in_steps(exercise: Followed, pairs: Sequence[tuple[Challenge, Answer]], cases: Sequence[int],
                   traces: Sequence[Trace], source: str, sources: Callable[[str], str],
                   known: Collection[str] = ()) -> list[Mistake]:
    """The catalogue's mistakes that together give all the student's numbers, each with its place; none for none.

    cases, known: as `located` has them.
    """
    catalogue = exercise.catalogue
    if catalogue is None or not traces or any(len(t.results) != len(exercise.returns) for t in traces):
        return []
    groups: dict[Any, list[int]] = {}
    for n, t in enumerate(traces):
        groups.setdefault(form_of(t), []).append(n)
    most = max(groups.values(), key=len)
    same = [traces[n] for n in most]
    inputs = catalogue.inputs([exercise.followed[cases[n]] for n in most])
    ways = list(zip(*[exercise.followed_ways[cases[n]] for n in most]))
    found = together(catalogue, same, inputs, source, ways, known, len(exercise.arrays))
    graded = _graded(exercise, pairs)  # none where no answer came in time
    if not found or (graded and not all(_gives(catalogue, one, graded, k if len(found) > 1 else None)
                                        for k, one in enumerate(found))):
        return []
    steps: dict[str, Made] = {}
    made_in: dict[str, list[int]] = {}
    for k, one in enumerate(found):
        for id, step in [*one.steps.items(), *((id, Made(None)) for id in one.order)]:
            steps.setdefault(id, step)
            made_in.setdefault(id, []).append(k)
    mistakes = []
    for id, made in steps.items():
        arrays = exercise.alone(made_in[id]) if len(found) > 1 else []
        hint = str(exercise.hints[id])
        line, text = place_of(same[0], made.step, sources, any(catalogue.hands_on(one.switches, id) for one in found))
        says = said_of(same[0].steps[made.step], sources) if made.in_effect and made.step is not None else ""
        hint = alone_in(arrays, f"In effect, {small(hint)}" if says and line else hint)
        told = f": {says}. {hint}" if says else f". {hint}"
        mistakes.append(Mistake(id, f"{_at(line, text)}{told}" if line else hint, line, text))
    return mistakes


def _gives(catalogue: Catalogue, found: Found, graded: Sequence[tuple[Challenge, Answer]], array: int | None) -> bool:
    """Whether these mistakes give the graded answers: all results, or those of one array alone."""
    inputs = catalogue.inputs([c for c, _ in graded])
    runs = [Run(catalogue.board, given) for given in inputs]
    place = 0
    for name in catalogue.returned:
        with np.errstate(all="ignore"):
            try:
                arrays = catalogue.arrays([run.value(name, found.switches) for run in runs])
            except (ValueError, TypeError, IndexError):
                return False
        for k, values in enumerate(arrays):
            at = found.results[place] if found.results else place
            for (_, answer), mine in zip(graded, values):
                theirs = answer.results[at] if at < len(answer.results) else ""
                unlike = isinstance(theirs, (str, tuple, list)) or not (
                    catalogue.flat or np.shape(theirs) == np.shape(mine))
                if array in (None, k) and (unlike or disagreement(
                        np.ravel(theirs).astype(float), mine.ravel(), largest(mine)) > 1.0):
                    return False
            place += 1
    return True


def placed(mistakes: Sequence[Mistake], places: Sequence[Located]) -> list[Mistake]:
    """Mistakes that were named by their numbers, with the places that were found for them."""
    by_id = {p.mistake.id: p.mistake for p in places}
    named = [m for m in mistakes if m.id not in by_id]
    left = [p.mistake for p in places if p.mistake.id not in {m.id for m in mistakes}]
    # One name and one place that are left over belong together.
    if len([m for m in named if m.id not in _WITHOUT_PLACE]) == len(left) == 1:
        by_id |= {m.id: left[0] for m in named if m.id not in _WITHOUT_PLACE}

    def with_place(m: Mistake) -> Mistake:
        place = by_id.get(m.id)
        if place is None or place.line is None or m.line is not None:
            return m
        return m._replace(hint=f"{_at(place.line, place.source)}. {m.hint}", line=place.line, source=place.source)
    return list(map(with_place, mistakes))


_WITHOUT_PLACE = {"raises", "never_ends", "returns_nothing", "changes_inputs", "not_attempted"}


def _at(line: int, source: str | None) -> str:
    return f"Line {line}, `{source}`" if source else f"Line {line}"


def _mistake(exercise: Followed, told: Told, id: str, reread: str) -> Mistake:
    names = [exercise.returns[r] for r in told.results if r < len(exercise.returns)]
    if id:
        hint = alone_in(exercise.alone(told.results), str(exercise.hints[id]))
        if told.line is not None:
            hint = f"{_at(told.line, told.source)}. {hint}"
        return Mistake(id, hint, told.line, told.source)
    says = told.says if told.line is not None else told.says[:1].upper() + told.says[1:]
    where = f"{_at(told.line, told.source)}: " if told.line is not None else ""
    shows = f" It shows in {listed(names)}." if len(exercise.returns) > 1 and names else ""
    return Mistake(told.kind, f"{where}{says}.{shows} Reread: {reread}.", told.line, told.source)


def _graded(exercise: Followed, pairs: Sequence[tuple[Challenge, Answer]]) -> list[tuple[Challenge, Answer]]:
    """The answers that what is told has to give as well."""
    return [(c, a) for c, a in pairs if len(c.calls) == 1 and not c.probe_memory and a.outcome == "returned"
            and (not exercise.traced or c.id.split("/")[0] in exercise.traced)]


def _not_replayed(exercise: Followed, explanation: Explanation,
                  pairs: Sequence[tuple[Challenge, Answer]]) -> set[int]:
    """The results for which what was found does not give the student's graded answers, as far as that is computed."""
    graded = _graded(exercise, pairs)
    failed = set()
    for challenge, answer in graded[::max(1, len(graded) // MOST_REPLAYED)]:
        with np.errstate(all="ignore"):
            try:
                expected = replayed(explanation, exercise.right_ways(challenge))
            except (ValueError, TypeError, IndexError, ZeroDivisionError):
                continue
        for number, (mine, theirs) in enumerate(zip(expected or (), answer.results)):
            if mine is None or isinstance(theirs, (str, tuple, list)):
                continue
            theirs = np.asarray(theirs, float)
            if disagreement(theirs, mine.reshape(theirs.shape) if mine.size == theirs.size else mine,
                            np.abs(mine).max(initial=0.0)) > 10.0:
                failed.add(number)
    return failed
