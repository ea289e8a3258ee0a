"""The exercise `update_parameters_with_adam`: what is drawn, judged, and explained."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, product
from typing import Any

import numpy as np
from numpy.random import Generator

from optimlab.optimizers import Adam, Moments
from optimlab.tutor.challenges import Answer, Challenge, Ref, kind_of
from optimlab.tutor.diagnosis import Catalogue, smallest
from optimlab.tutor.exercise import Criterion, Exercise, Pair, of_kind, once_for_each
from optimlab.tutor.exercises.adam import rule
from optimlab.tutor.exercises.adam.arrays import MOMENTS, PARAMETERS, Units, networks, shapes
from optimlab.tutor.exercises.adam.ways import WAYS
from optimlab.tutor.messages import Mistake, alone_in, compare, not_arrays, trouble
from optimlab.tutor.switchboard import Search, disagreement

Call = tuple[tuple[Any, ...], dict[str, Any]]
Drawn = list[np.ndarray]
Arrays = Sequence[Any]  # four arrays, one for each parameter; or what stands for them

NAMES = PARAMETERS + MOMENTS  # in the order in which they are returned
W, V, S = slice(0, 4), slice(4, 8), slice(8, 12)
RETURNED_POSITIONS = (0, 1, 2, 3, 8, 9, 10, 11, 12, 13, 14, 15)  # of the twelve arrays among the arguments

LATER_STEPS = (3, 7, 1000)  # among others, which are drawn
# Scale of the gradients. With "tiny" ones the default epsilon is as large as the root.
REGIMES = {"ordinary gradients": 1.0, "tiny gradients": 1e-8, "a row of zero gradients": 1.0,
           "large gradients": 1e4}
DEFAULTS = {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8}


def _draw(rng: Generator, units: Units, scale: float, learning_rate: float,
          zero_row: bool = False) -> tuple[Drawn, Drawn, Drawn, Drawn]:
    """Parameters, gradients and non-zero moments of one case, four arrays each.

    Parameters are a few steps in size, so that a wrong step is not lost in them.
    """
    w: Drawn = []
    g: Drawn = []
    v: Drawn = []
    s: Drawn = []
    for shape in shapes(*units):
        size = scale * rng.uniform(0.5, 2.0, shape)
        w.append(learning_rate * rng.normal(0, 5, shape))
        g.append(size * rng.choice([-1.0, 1.0], shape))
        v.append(size * rng.uniform(-1.5, 1.5, shape))
        s.append(size**2 * rng.uniform(0.3, 3.0, shape))
    if zero_row:
        for gradient in g:
            gradient[0] = 0.0
    return w, g, v, s


def _call(w: Arrays, g: Arrays, v: Arrays, s: Arrays, t: int,
          positional: Iterable[float] = (), keywords: Mapping[str, float] | None = None) -> Call:
    return ((*w, *g, *v, *s, t, *positional), dict(keywords or {}))


def _update_challenge(id: str, *calls: Call) -> Challenge:
    return Challenge(id, "update_parameters_with_adam", calls)


def _challenges(rng: Generator) -> list[Challenge]:
    challenges, units = [], networks(rng)
    for k, ((regime, scale), shape) in enumerate(product(REGIMES.items(), units)):
        for t in (1, LATER_STEPS[k % 3], int(rng.integers(8, 60)), int(rng.integers(60, 3000))):
            drawn = _draw(rng, units[shape], scale, DEFAULTS["learning_rate"], "zero" in regime)
            challenges.append(_update_challenge(f"grid/{shape}, {regime}, t = {t}", _call(*drawn, t)))
    many = units["many outputs"]
    return [*challenges, *_hyperparameter_challenges(rng, many), _chain(rng, many), _twins(rng, many),
            *_diagnosis_challenges(rng)]


def _hyperparameters(rng: Generator) -> dict[str, float]:
    return {"learning_rate": float(rng.uniform(0.05, 0.3)), "beta1": float(rng.uniform(0.6, 0.86)),
            "beta2": float(rng.uniform(0.9, 0.98)), "epsilon": float(10.0**rng.uniform(-3, -2))}


def _hyperparameter_challenges(rng: Generator, units: Units) -> list[Challenge]:
    """Each hyperparameter alone by keyword, all by keyword, all by position."""
    challenges = []
    drawn = [{k: v} for k, v in _hyperparameters(rng).items()] + [_hyperparameters(rng)]
    for given in drawn:
        case = _draw(rng, units, 1e-2, given.get("learning_rate", DEFAULTS["learning_rate"]))
        t = int(rng.integers(2, 10))
        challenges.append(_update_challenge(f"hyper/{', '.join(given)} by keyword", _call(*case, t, (), given)))
    given = _hyperparameters(rng)
    case = _draw(rng, units, 1e-2, given["learning_rate"])
    t = int(rng.integers(2, 10))
    challenges.append(_update_challenge("hyper/all by position", _call(*case, t, given.values())))
    return challenges


def _chain(rng: Generator, units: Units) -> Challenge:
    """50 steps from zero moments, each on the arrays that the step before returned."""
    w, g, _, _ = _draw(rng, units, 1.0, DEFAULTS["learning_rate"])
    zeros = [np.zeros_like(x) for x in w]
    own = [Ref(i) for i in range(12)]
    calls = [_call(w, g, zeros, zeros, 1)]
    for t in range(2, 51):
        noise = [x + rng.normal(0, 1, x.shape) for x in g]
        calls.append(_call(own[W], noise, own[V], own[S], t))
    return _update_challenge("chain/50 steps on its own state", *calls)


def _twins(rng: Generator, units: Units) -> Challenge:
    """All arrays filled from the same few (w, g, v, s): equal entries must move alike."""
    columns = 5
    w, g, v, s = (kind[0].ravel() for kind in _draw(rng, (1, columns, 1), 1.0, DEFAULTS["learning_rate"]))
    few = (w, g, 0.1 * v, 0.01 * s)  # small moments: what is done with the gradient shows
    pick = [(np.arange(r * c).reshape(r, c) + k) % columns
            for k, (r, c) in enumerate(shapes(*units))]
    of_w, of_g, of_v, of_s = ([row[p] for p in pick] for row in few)
    return _update_challenge("twins/equal entries in every array", _call(of_w, of_g, of_v, of_s, 3))


def _diagnosis_challenges(rng: Generator) -> list[Challenge]:
    """Cases that tell the deviations apart, three units everywhere (see rule.py).

    By position, so that a function with other argument names is told apart, too. In the last case
    the betas are small: beta * t stays below one, and corrections that mistake a power for a
    product have a value.
    """
    units = (rule.UNITS,) * 3
    small = {"beta1": float(rng.uniform(0.3, 0.38)), "beta2": float(rng.uniform(0.4, 0.48))}
    regimes: tuple[tuple[int, float, dict[str, float]], ...] = (
        (2, 1.0, {}), (3, 1e-2, {}), (5, 1e-3, {}), (7, 30.0, {}), (4, 1e-8, {}), (2, 1.0, small))
    challenges = []
    for k, (t, scale, betas) in enumerate(regimes):
        given = _hyperparameters(rng) | betas
        case = _draw(rng, units, scale, given["learning_rate"])
        challenges.append(_update_challenge(f"diagnosis/{k}", _call(*case, t, given.values())))
    return challenges


@once_for_each
def _reference(challenge: Challenge) -> list[np.ndarray]:
    """The twelve arrays that a correct function returns."""
    arrays: list[np.ndarray] = []
    for arguments, keywords in challenge.calls:
        given: list[Any] = [arrays[a.index] if isinstance(a, Ref) else a for a in arguments]
        w, g, v, s = (_row(given[i:i + 4]) for i in (0, 4, 8, 12))
        adam: Any = Adam(**DEFAULTS | dict(zip(DEFAULTS, given[17:])) | keywords)
        # The rule is elementwise: one step of all four in a row costs a quarter of four steps.
        w, moments = adam.step(w, g, Moments(given[16] - 1, v, s))
        arrays = [x for row in (w, moments.v, moments.s) for x in _unrow(row, given[0:4])]
    return arrays


def _unrow(row: np.ndarray, like: Sequence[np.ndarray]) -> list[np.ndarray]:
    """A row cut into arrays of the shapes of `like`; undoes `_row`."""
    ends = accumulate(x.size for x in like)
    return [row[end - x.size:end].reshape(x.shape) for x, end in zip(like, ends)]


def _start(challenge: Challenge) -> list[np.ndarray]:
    """The arrays that the first call was given, in the order of the returned ones."""
    return [challenge.calls[0][0][i] for i in RETURNED_POSITIONS]


@once_for_each
def _structure(challenge: Challenge, answer: Answer) -> str:
    problem = trouble(answer) or not_arrays(answer, 12)
    if problem:
        return problem
    for name, result, given in zip(NAMES, answer.results, _start(challenge)):
        if result.shape != given.shape:
            return f"{name} comes back with the shape {result.shape}, its parameter has {given.shape}"
    return ""


@once_for_each
def _scales(challenge: Challenge) -> dict[str, float]:
    """The largest number to expect among the parameters and among the moments, and the largest step ("out_w").

    Of all four arrays: in one of a single number past and gradient may cancel, and little of float32 is left.
    """
    w, v, s = (_row(_reference(challenge)[part]) for part in (W, V, S))
    largest = {"w": w, "out_w": w - _row(_start(challenge)[W]), "out_v": v, "out_s": s}
    return {name: np.abs(row).max() for name, row in largest.items()}


def _judge_structure(pairs: Sequence[Pair]) -> str:
    # Arguments of other names are a matter of update.hyperparameters.
    pairs = of_kind(pairs, "grid", "chain", "twins", "diagnosis")
    return next((p for p in (_structure(c, a) for c, a in pairs) if p), "")


def _compare(pairs: Sequence[Pair], arrays: slice) -> str:
    """Which of the arrays differ from the reference, in how many cases, and by how much at most."""
    compared = []
    for challenge, answer in pairs:
        problem = _structure(challenge, answer)
        if problem:
            return problem
        expected, scales = _reference(challenge), _scales(challenge)
        kinds = ("out_w" if arrays == W else "w", "out_v", "out_s")
        compared += [(challenge, NAMES[i], answer.results[i], expected[i], scales[kinds[i // 4]])
                     for i in range(12)[arrays]]
    return compare(compared, "the step" if arrays == W else "the right number")


def _judge_every_parameter(pairs: Sequence[Pair]) -> str:
    ((challenge, answer),) = of_kind(pairs, "twins")
    problem = _structure(challenge, answer)
    if problem:
        return problem
    given = _start(challenge)[W]
    moves = [new - old for new, old in zip(answer.results[W], given)]
    if not all(np.isfinite(m).all() for m in moves):
        return "some entries are nan or inf"
    alike = dict(zip(given[0].flat, moves[0].flat))
    for name, old, move in zip(PARAMETERS, given, moves):
        if not move.any(axis=-1).all():
            rows = "none" if not move.any() else "not every row"
            return f"{name}: {rows} of it is moved"
        like = np.vectorize(alike.get)(old)
        if disagreement(move, like, np.abs(like).max()) > 1.0:
            return f"{name}: given the same numbers, it moves differently from W1"
    return ""


_IN_ORDER = tuple(range(12))
_ORDERS = ((_IN_ORDER, ()), *((order, (rule.ORDER_OF_RETURNS.id,)) for order in rule.ORDERS))
HINTS = {d.id: d.hint for d in (*rule.DEVIATIONS, rule.ORDER_OF_RETURNS, *rule.FORMS)}
# Where the shapes differ, what belongs to another parameter does not fit, and NumPy stops.
_MAY_STOP = frozenset(f"coverage.wrong_{what}" for what in ("gradient", "memory", "moment", "weights"))


def _diagnose(pairs: Sequence[Pair], source: str, seen: list[Mistake], quickly: bool = False) -> list[Mistake]:
    """What was seen, and the smallest set of at most three deviations that gives the numbers."""
    cases = of_kind(pairs, "diagnosis")
    if any(trouble(a) for _, a in cases):
        return seen
    if any(not_arrays(a, 12) for _, a in cases):
        form = _form([a for _, a in cases])
        return seen + [Mistake(form, str(HINTS[form]))] if form else seen
    explained = explain(cases, source, quickly)
    if _MAY_STOP & explained.keys():
        seen = [m for m in seen if m.id != "raises"]
    return seen + [Mistake(id, alone_in(where, str(HINTS[id])))
                   for id, where in explained.items()]


def _form(answers: Sequence[Answer]) -> str:
    """The mistake in what the results stand in, or in their number; "" for none that has a name."""
    def holds_groups(a: Answer) -> bool:
        return a.container in ("tuple", "list") and any(kind_of(r) in ("a dict", "a list", "a tuple")
                                                        for r in a.results)
    if all(a.container in ("dict", "ndarray", "generator", "map", "zip") or holds_groups(a) for a in answers):
        return "returns.wrong_container"
    if all(a.container in ("tuple", "list") and a.results and len(a.results) != 12
           and all(isinstance(r, np.ndarray) for r in a.results) for a in answers):
        return "returns.wrong_number"
    return ""


def explain(cases: Sequence[Pair], source: str = "", quickly: bool = False) -> dict[str, list[str]]:
    """The deviations that give the numbers of the diagnosis cases, at most three; none for none.

    With `quickly` at most two, in the whole function, and to the last digit.

    Each comes with the parameters that it is made in, an empty list where it is made in all:
    first the smallest set is sought that holds for the whole function, then one for each
    parameter on its own (code written out line by line can be wrong in one of the lines).
    """
    inputs, scales = flat_inputs([c for c, _ in cases]), flat_scales([c for c, _ in cases])
    searches: list[tuple[Search, tuple[str, ...]]] = []
    for order, disorder in _ORDERS:
        outputs = _flat_outputs([a for _, a in cases], order)
        if outputs is not None:
            search = (searches[0][0].for_outputs(outputs) if searches
                      else rule.BOARD.search(inputs, outputs, scales))
            searches.append((search, disorder))
    whole = smallest(rule.BOARD, searches, 2 if quickly else 3, source, exactly=quickly)
    if whole is not None or quickly:
        return {id: [] for id in whole or ()}
    in_order = _flat_outputs([a for _, a in cases], _IN_ORDER)
    if in_order is None:
        return {}
    found: dict[str, list[str]] = {}
    for parameter, columns in zip(PARAMETERS, (rule.W1, rule.B1, rule.W2, rule.B2)):
        ids = smallest(rule.BOARD, [(searches[0][0].for_outputs(in_order, columns), ())], 2, source)
        if ids is None:
            return {}
        for id in ids:
            found.setdefault(id, []).append(parameter)
    return found if len(found) <= 3 else {}


def _row(arrays: Iterable[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.asarray(a, float).ravel() for a in arrays])


def flat_inputs(challenges: Sequence[Challenge]) -> dict[str, np.ndarray]:
    """The inputs of single calls in the layout of rule.py: one row per challenge."""
    rows = []
    for challenge in challenges:
        (arguments, keywords), = challenge.calls
        given = DEFAULTS | dict(zip(DEFAULTS, arguments[17:])) | keywords
        rows.append([_row(arguments[i:i + 4]) for i in (0, 4, 8, 12)]
                    + [np.array([float(x)]) for x in (arguments[16], *given.values())])
    names = ("w0", "g0", "v0", "s0", "t", *(f"given_{name}" for name in DEFAULTS))
    return {name: np.stack(column) for name, column in zip(names, zip(*rows))}


def flat_scales(challenges: Sequence[Challenge]) -> dict[str, np.ndarray]:
    """For each output, the size that the tolerance refers to: one number per challenge."""
    scales = [_scales(challenge) for challenge in challenges]
    return {name: np.array([s[name] for s in scales])[:, None] for name in ("out_w", "out_v", "out_s")}


def _begin(pairs: Sequence[Pair]) -> str:
    """Which array to begin with: the first that differs, moments before parameters, in the smallest network."""
    for challenge, answer in of_kind(pairs, "grid"):
        if not _structure(challenge, answer):
            three = list(zip(NAMES, answer.results, _reference(challenge)))
            for name, result, expected in three[V] + three[S] + three[W]:
                if disagreement(result, expected, np.abs(expected).max(initial=0.0)) > 1.0:
                    return (f"Begin with {name}, in the case “{challenge.id.partition('/')[2]}”: work it out by hand "
                            "for one entry, and print each quantity of your function beside it.")
    return ""


def _flat_outputs(answers: Sequence[Answer], order: Sequence[int]) -> dict[str, np.ndarray] | None:
    """The returned arrays put in order, one row per answer; None where the shapes do not fit."""
    rows = []
    for answer in answers:
        arrays = [answer.results[order.index(i)] for i in range(12)]
        if [a.shape for a in arrays] != list(rule.SHAPES) * 3:
            return None
        rows.append([_row(arrays[part]) for part in (W, V, S)])
    return {name: np.stack(column) for name, column in zip(("out_w", "out_v", "out_s"), zip(*rows))}


def _arrays(values: Sequence[Any]) -> list[list[np.ndarray]]:
    """The four arrays that the one row of each challenge holds, or the one number."""
    rows, = values
    if np.ndim(rows) != 2:
        return []
    places = (rule.W1, rule.B1, rule.W2, rule.B2) if rows.shape[1] > 1 else (slice(None),)
    return [list(rows[:, place]) for place in places]


EXERCISE = Exercise(
    "update_parameters_with_adam",
    (
        Criterion("update.structure", 1, "twelve arrays in order, with the parameters' shapes", _judge_structure),
        Criterion("update.first_moment", 3, "all four first moments, from non-zero state",
                  lambda pairs: _compare(of_kind(pairs, "grid"), V)),
        Criterion("update.second_moment", 3, "all four second moments, from non-zero state",
                  lambda pairs: _compare(of_kind(pairs, "grid"), S)),
        Criterion("update.first_step", 2, "the parameters at t = 1",
                  lambda pairs: _compare([p for p in of_kind(pairs, "grid") if p[0].id.endswith("t = 1")], W)),
        Criterion("update.later_steps", 4, "the parameters at t = 3, 7, 1000 and others, and after 50 steps in a row",
                  lambda pairs: _compare([p for p in of_kind(pairs, "grid", "chain")
                                          if not p[0].id.endswith("t = 1")], W)),
        Criterion("update.hyperparameters", 2, "another learning_rate, beta1, beta2, epsilon",
                  lambda pairs: _compare(of_kind(pairs, "hyper"), slice(0, 12))),
        Criterion("update.every_parameter", 1, "biases and second layer too, whole arrays",
                  _judge_every_parameter),
    ),
    _challenges, _diagnose, HINTS, assignment="adam", place=2, ways=WAYS, traced=("diagnosis",), returns=NAMES,
    arrays=PARAMETERS, catalogue=Catalogue(rule.BOARD, lambda challenges: [flat_inputs(challenges)], _arrays,
                                          ("out_w", "out_v", "out_s"), _ORDERS, _MAY_STOP, flat=True),
    begin=_begin, quickly=lambda pairs, source, seen: _diagnose(pairs, source, seen, quickly=True))
