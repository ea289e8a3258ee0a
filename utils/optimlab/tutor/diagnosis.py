"""Which set of deviations is named, of all that give a student's numbers."""

import re
from collections.abc import Sequence

from optimlab.tutor.switchboard import Search, Switchboard

EXACT = 1e-7  # of the tolerance: what float64 rounding leaves


def smallest(board: Switchboard, searches: Sequence[tuple[Search, tuple[str, ...]]], most: int,
             source: str) -> tuple[str, ...] | None:
    """The smallest set of at most `most` deviations that some search finds; None for none.

    Each search comes with the ids of what was undone to the outputs before it; they count as
    deviations of its sets.
    """
    within_tolerance: tuple[str, ...] | None = None
    for size in range(most + 1):
        found = [(undone + e.ids, e.error) for search, undone in searches if len(undone) <= size
                 for e in search.sets(size - len(undone)) if _may_be_named(board, e.ids, source)]
        # More deviations that agree exactly (all but rounding) explain better than fewer that need
        # the tolerance: what is lost in it is still told apart.
        exact = [f for f in found if f[1] <= EXACT]
        if exact:
            return _best(board, [(ids, 0.0) for ids, _ in exact], source)
        if found and within_tolerance is None:
            within_tolerance = _best(board, found, source)
    return within_tolerance


def _may_be_named(board: Switchboard, ids: Sequence[str], source: str) -> bool:
    """Whether the source shows what is said of it."""
    return all(re.search(d.tell, source) for d in map(board.deviations.__getitem__, ids) if d.only_told)


def _best(board: Switchboard, found: Sequence[tuple[tuple[str, ...], float]], source: str) -> tuple[str, ...]:
    """Of sets that give the same numbers: the one that shows in the source, the usual one, the closest."""
    def order(of: tuple[tuple[str, ...], float]) -> tuple[int, int, float]:
        ids, error = of
        deviations = [board.deviations[id] for id in ids if id in board.deviations]
        told = sum(bool(d.tell and re.search(d.tell, source)) for d in deviations)
        return -told, sum(d.rare for d in deviations), error

    return min(found, key=order)[0]
