"""Lesson 03's first exercise: `random_mini_batches`.

What a right function returns cannot be foreseen, so its mistakes are not simulated: they are read
off the batches. No two columns of X or of Y are alike, so each column that comes back says which
example it is.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Answer, Challenge, Made, kind_of, with_article
from optimlab.tutor.exercise import Criterion, Exercise, Judge, Pair, of_kind
from optimlab.tutor.messages import ABOVE, Mistake, trouble
from optimlab.tutor.switchboard import Hint

BATCH = "lesson 03, “What is a mini-batch?”"
EPOCH = "lesson 03, “What is one epoch?”"

Batch = tuple[np.ndarray, np.ndarray]
Asked = tuple[np.ndarray, np.ndarray, int]  # X, Y, batch_size
NAME = "random_mini_batches"
DRAWN_SIZE = 8  # batch_size where the order is looked at
HINTS = {f"{NAME}.{id}": Hint(does, effect, reread) for id, does, effect, reread in (
    ("two_lists", "All X batches come back in one list and all Y batches in another.",
     "A loop over what comes back meets no pair to learn from.", BATCH),
    ("pair_swapped", "Each pair holds Y first and X second.",
     "Whoever unpacks it takes the targets for the inputs.", BATCH),
    ("transposed", "In the batches each example is a row, not a column.",
     "The gradient's products fail, or take examples for inputs.", BATCH),
    ("along_rows", "The batches are cut along the rows.",
     "Each batch has all examples but only some of their inputs.", BATCH),
    ("rows_shuffled", "The rows are shuffled, too: the entries of an example change places.",
     "An input means one thing in this example and another thing in the next.", BATCH),
    ("first_batch_only", "Only one batch comes back.",
     "An epoch then sees a handful of examples: perhaps the return stands inside the loop.", EPOCH),
    ("drops_short_batch", "Where the batches do not come out even, the short last one is missing.",
     "Some examples are not seen in this epoch.", EPOCH),
    ("short_batch_merged", "The examples left over are put into the batch before.",
     "One batch is longer than the size that was asked for.", BATCH),
    ("padded", "The short last batch is filled up to full length.",
     "What it is filled with counts as examples, some of them twice.", BATCH),
    ("empty_batch", "Where the batches come out even, an empty one comes after them.",
     "The mean over no examples is nan, and so are the weights after it.", BATCH),
    ("number_for_size", "The argument batch_size is taken for the number of batches.",
     "The more data, the longer the batches: whoever asks for small ones waits.", BATCH),
    ("even_sizes", "The examples are spread over batches of other sizes than batch_size.",
     "The noise of the gradient is not the one that was asked for.", BATCH),
    ("repeats_examples", "Examples are drawn with replacement: some come twice, some not at all.",
     "An epoch no longer sees every example.", EPOCH),
    ("misses_examples", "Some examples are in no batch.",
     "They are not learned from in this epoch.", EPOCH),
    ("shuffled_apart", "The columns of X and of Y are not moved together.",
     "Examples get other examples' targets: there is nothing left to learn.", BATCH),
    ("not_shuffled", "The examples come in the order in which they stand.",
     "Data that is sorted by season or class gives batches of one kind each, and the path sways with them.", EPOCH),
    ("within_batches", "Each batch is a run of neighbours, shuffled or not.",
     "The same examples meet in every epoch.", EPOCH),
    ("order_without_rng", "The order does not depend on the rng.",
     "Every epoch has the same order, so the same examples meet again and again.", EPOCH),
    ("other_randomness", "The order comes from other randomness than the rng.",
     "A run cannot be repeated, not even with the same seed.", EPOCH),
)}


class Read(NamedTuple):
    """The batches of one answer as numbers of examples: -1 for a column that is none of them."""

    xs: list[np.ndarray]
    ys: list[np.ndarray]

    @property
    def sizes(self) -> list[int]:
        return [len(x) for x in self.xs]

    @property
    def order(self) -> list[int]:
        return self.order_of("xs")

    def order_of(self, columns: str) -> list[int]:
        return [int(i) for batch in getattr(self, columns) for i in batch]


def _call(id: str, X: np.ndarray, Y: np.ndarray, batch_size: int, seed: int) -> Challenge:
    return Challenge(id, NAME, (((X, Y, batch_size, Made("default_rng", (seed,))), {}),))


def _challenges(rng: Generator) -> list[Challenge]:
    def data(n_x: int, n_y: int, m: int) -> Batch:
        # No two columns alike; entries of both signs, none of them zero.
        return rng.uniform(0.5, 9, (n_x, m)) * rng.choice([-1.0, 1.0], (n_x, m)), rng.uniform(0.5, 9, (n_y, m))

    seeds = [int(s) for s in rng.integers(2**31, size=9)]
    challenges = [_call(f"cut/{m} examples, batch_size = {size}", *data(n_x, n_y, m), size, seed)
                  for (n_x, n_y, m, size), seed in zip(
                      ((3, 1, 22, 4), (2, 2, 12, 4), (4, 1, 23, 8), (2, 3, 7, 7), (2, 1, 5, 8), (3, 2, 6, 1)), seeds)]
    X, Y = data(3, 2, 5 * DRAWN_SIZE)
    return challenges + [_call(f"draw/{name}", X, Y, DRAWN_SIZE, seed) for name, seed in zip(
        ("one rng", "the same rng again", "a second rng", "a third rng"), (seeds[6], seeds[6], *seeds[7:]))]


def _asked(challenge: Challenge) -> Asked:
    (X, Y, size, _), _ = challenge.calls[0]
    return X, Y, size


def _columns(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """Which column of `whole` each column of `part` is; -1 for none."""
    alike = np.isclose(part[:, :, None], whole[:, None, :], rtol=1e-6, atol=0).all(axis=0)
    return np.where(alike.any(axis=1), alike.argmax(axis=1), -1) if alike.size else np.zeros(part.shape[1], int)


def _pairs_of(answer: Answer) -> list[Batch]:
    """The pairs of matrices that came back."""
    return list(answer.results)


def _are_pairs(answer: Answer) -> bool:
    """Whether what came back is a list of pairs of matrices."""
    return answer.outcome == "returned" and answer.container in ("tuple", "list") and all(
        isinstance(r, (tuple, list)) and len(r) == 2 and all(a.ndim == 2 for a in r) for r in answer.results)


def _read(batches: Sequence[Batch], X: np.ndarray, Y: np.ndarray) -> Read | None:
    """The batches as numbers of examples; None where their rows are not those of X and Y."""
    if any(x.shape[0] != X.shape[0] or y.shape[0] != Y.shape[0] for x, y in batches):
        return None
    return _as_numbers(batches, X, Y)


def _as_numbers(batches: Sequence[Batch], X: np.ndarray, Y: np.ndarray) -> Read:
    return Read([_columns(x, X) for x, _ in batches], [_columns(y, Y) for _, y in batches])


def _form(challenge: Challenge, answer: Answer) -> str:
    """Why the answer is not a list of pairs with the rows of X and Y, in one line; "" where it is."""
    problem = trouble(answer)
    if problem:
        return problem
    X, Y, _ = _asked(challenge)
    if not _are_pairs(answer):
        wanted = "a list of pairs (X_batch, Y_batch) of matrices was expected"
        if answer.container not in ("tuple", "list"):
            return f"{wanted}; what came back is {with_article(answer.container)}"
        return f"{wanted}; the first entry is {kind_of(answer.results[0]) or 'an array'}"
    for x, y in _pairs_of(answer):
        if x.shape[0] != X.shape[0] or y.shape[0] != Y.shape[0]:
            return f"a batch has the shapes {x.shape} and {y.shape} where X has {X.shape} and Y has {Y.shape}"
        if x.shape[1] != y.shape[1]:
            return f"a batch has {x.shape[1]} columns of X, but {y.shape[1]} of Y"
    return ""


def _judge(fault: Callable[[int, int, Read], str]) -> Judge:
    """A criterion's judge: the form first, then the first fault(examples, batch_size, Read) that is found."""
    def judge(pairs: Sequence[Pair]) -> str:
        for challenge, answer in pairs:
            X, Y, size = _asked(challenge)
            problem = _form(challenge, answer) or fault(X.shape[1], size, _as_numbers(_pairs_of(answer), X, Y))
            if problem:
                return f"{problem} ({challenge.id.split('/', 1)[1]})"
        return ""
    return judge


def _right_sizes(m: int, size: int) -> list[int]:
    return [min(size, m - start) for start in range(0, m, size)]


def _fault_of_sizes(m: int, size: int, read: Read) -> str:
    return "" if read.sizes == _right_sizes(m, size) else f"the batches have {read.sizes} examples"


def _fault_of_examples(m: int, size: int, read: Read) -> str:
    missing = m - len(set(read.order) - {-1})
    again = len(read.order) - read.order.count(-1) - (m - missing)
    if -1 in read.order:
        return f"{read.order.count(-1)} of the columns are no example of X"
    return f"{missing} of {m} examples are missing, {again} come again" if missing or again else ""


def _fault_of_pairing(m: int, size: int, read: Read) -> str:
    apart = sum(int(np.sum(x != y)) for x, y in zip(read.xs, read.ys) if len(x) == len(y))
    return f"{apart} of {m} examples come with another one's target" if apart else ""


def _judge_shuffle(pairs: Sequence[Pair]) -> str:
    problem = next((p for p in (_form(c, a) for c, a in pairs) if p), "")
    if problem:
        return problem
    orders = [_as_numbers(_pairs_of(a), *_asked(c)[:2]).order for c, a in pairs]
    if not all(orders):
        return "no examples came back"
    return {"": "", "not_shuffled": "the examples come in the order in which they stand in X",
            "within_batches": "each batch holds neighbours of X",
            "order_without_rng": "two generators with different seeds give the same order",
            "other_randomness": "the same generator gives another order each time"}[_of_order(orders)]


def _of_order(orders: Sequence[list[int]]) -> str:
    """What is wrong with how the examples are shuffled: the first two orders are of one seed."""
    one, again, *others = orders
    if all(order == sorted(order) for order in orders):
        return "not_shuffled"
    if one != again:
        return "other_randomness"
    if all(order == one for order in others):
        return "order_without_rng"
    runs = [order[k:k + DRAWN_SIZE] for order in orders for k in range(0, len(order), DRAWN_SIZE)]
    return "within_batches" if all(max(r) - min(r) == len(r) - 1 for r in runs) else ""


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake]) -> list[Mistake]:
    """Each aspect (form, sizes, examples, pairing, order) has its own deviations."""
    asked = [_asked(c) for c, _ in pairs]
    form, batches = _of_form(asked, [a for _, a in pairs])
    found = [_read(b, X, Y) for b, (X, Y, _) in zip(batches, asked)]
    reads = [r for r in found if r is not None]
    ids = [form]
    if batches and len(reads) == len(found):
        sizes = [(X.shape[1], size) for X, _, size in asked]
        ids += [_of_sizes(sizes, reads) or _of_examples(sizes, reads)]
        if any(_fault_of_pairing(m, size, r) for (m, size), r in zip(sizes, reads)):
            ids.append("shuffled_apart")
        draws = [r for (c, _), r in zip(pairs, reads) if c.id.startswith("draw/")]
        faults = {_of_order([r.order_of(columns) for r in draws]) for columns in ("xs", "ys")}
        # Where X and Y went apart, one of the two may be shuffled well.
        if all(r.order for r in draws) and len(faults) == 1:
            ids += faults
    return seen + [Mistake(id, str(HINTS[id])) for id in (f"{NAME}.{id}" for id in ids if id)]


def _of_form(asked: Sequence[Asked], answers: Sequence[Answer]) -> tuple[str, list[list[Batch]]]:
    """The mistake in the form of what came back, and the batches as they should have been; none for unknown."""
    if any(a.outcome != "returned" or a.container not in ("tuple", "list") for a in answers):
        return "", []
    results = [list(a.results) for a in answers]
    if all(len(r) == 2 and all(isinstance(x, np.ndarray) for x in r) for r in results):
        return "first_batch_only", []  # a single pair, without its list
    if all(len(r) == 2 and all(isinstance(x, (tuple, list)) for x in r) for r in results) and len(results[0][0]) > 2:
        return "two_lists", [list(zip(*r)) for r in results]
    if not all(map(_are_pairs, answers)):
        return "", []
    batches = [_pairs_of(a) for a in answers]

    def fits(change: Callable[[np.ndarray, np.ndarray], Batch]) -> tuple[bool, list[list[Batch]]]:
        changed = [[change(x, y) for x, y in b] for b in batches]
        found = [_read(b, X, Y) for b, (X, Y, _) in zip(changed, asked)]
        return all(r is not None and max(r.order, default=0) >= 0 for r in found), changed

    for id, change in (("", lambda x, y: (x, y)), ("pair_swapped", lambda x, y: (y, x)),
                       ("transposed", lambda x, y: (x.T, y.T))):
        good, changed = fits(change)
        if good:
            return id, changed
    if all(x.shape[1] == X.shape[1] for b, (X, _, _) in zip(batches, asked) for x, _ in b):
        return "along_rows", []
    sorted_rows = [(np.sort(X, axis=0), np.sort(Y, axis=0), size) for X, Y, size in asked]
    found = [_read([(np.sort(x, axis=0), np.sort(y, axis=0)) for x, y in b], X, Y)
             for b, (X, Y, _) in zip(batches, sorted_rows)]
    if all(r is not None and -1 not in r.order for r in found):
        return "rows_shuffled", []
    return "", batches


def _of_sizes(sizes: Sequence[tuple[int, int]], reads: Sequence[Read]) -> str:
    """Which mistake gives these sizes in every answer; "" for none that has a name."""
    def split(m: int, parts: int) -> list[int]:
        return [len(part) for part in np.array_split(np.arange(m), parts)]

    ways = (
        ("", _right_sizes),
        ("drops_short_batch", lambda m, b: [b] * (m // b)),
        ("short_batch_merged", lambda m, b: [b] * (m // b - 1) + [b + m % b] if m >= b else [m]),
        ("padded", lambda m, b: [b] * -(-m // b)),
        ("empty_batch", lambda m, b: [b] * (m // b) + [m % b]),
        ("first_batch_only", lambda m, b: [min(m, b)]),
        ("number_for_size", split),
        ("even_sizes", lambda m, b: split(m, -(-m // b))),
        ("even_sizes", lambda m, b: split(m, max(1, m // b))),
    )
    seen = [r.sizes for r in reads]
    return next((id for id, way in ways if seen == [way(m, b) for m, b in sizes]), "")


def _of_examples(sizes: Sequence[tuple[int, int]], reads: Sequence[Read]) -> str:
    """Which mistake leaves examples out; "" for none."""
    orders = [r.order for r in reads]
    if any(len(set(o)) < len(o) for o in orders):
        return "repeats_examples"
    return "misses_examples" if any(len(set(o) - {-1}) < m for (m, _), o in zip(sizes, orders)) else ""


EXERCISE = Exercise(
    NAME,
    (
        Criterion(f"{NAME}.shape", 1, "a list of pairs, with the rows of X and of Y", _judge(lambda m, size, read: "")),
        Criterion(f"{NAME}.sizes", 1, "batches of batch_size, the last one short if need be", _judge(_fault_of_sizes)),
        Criterion(f"{NAME}.examples", 1, "every example exactly once", _judge(_fault_of_examples)),
        Criterion(f"{NAME}.pairing", 1, "each example with its own target", _judge(_fault_of_pairing)),
        Criterion(f"{NAME}.shuffled", 1, "in a random order that the rng alone decides",
                  lambda pairs: _judge_shuffle(of_kind(pairs, "draw"))),
    ),
    _challenges, _diagnose, HINTS, lesson="03", place=1, settled=ABOVE)
