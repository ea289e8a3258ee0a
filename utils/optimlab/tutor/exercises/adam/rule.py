"""Adam's step written once, with every switch that students flip: nodes, deviations, hints.

The quantities are flat: a case is one row that holds W1, b1, W2 and b2 of a network with three
units everywhere, one after another, so that arrays can be mistaken for each other without an
error. Inputs: w0, g0, v0, s0 of shape (cases, 24) and t, given_learning_rate, given_beta1,
given_beta2, given_epsilon of shape (cases, 1).

Sources: Kingma & Ba 2015 (the rule; the efficient form with its rescaled epsilon), Duchi, Hazan &
Singer 2011 (`accumulates`), Reddi, Kale & Kumar 2018 (`running_maximum`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from optimlab.tutor.switchboard import Deviation, Formula, Hint, Node, Switchboard, Variant
from optimlab.tutor.switchboard import deviation as _d

UNITS = 3
SHAPES = ((UNITS, UNITS), (UNITS, 1), (UNITS, UNITS), (UNITS, 1))
_sizes = [rows * columns for rows, columns in SHAPES]
_ends = np.cumsum(_sizes)
W1, B1, W2, B2 = (slice(end - size, end) for end, size in zip(_ends, _sizes))

NODES = (
    *(Node(name, f"given_{name}") for name in ("learning_rate", "beta1", "beta2", "epsilon")),
    Node("w_old", "w0"),
    Node("taken", "g0"),
    Node("g", "taken"),
    Node("g_first", "g"),
    Node("g_second", "g"),
    Node("v_old", "v0"),
    Node("s_old", "s0"),
    Node("v", lambda v_old, g_first, beta1: beta1 * v_old + (1 - beta1) * g_first),
    Node("s", lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * g_second**2),
    Node("v_used", "v"),
    Node("s_used", "s"),
    Node("steps", "t"),
    Node("c_first", lambda beta1, steps: 1 - beta1**steps),
    Node("c_second", lambda beta2, steps: 1 - beta2**steps),
    Node("v_hat", lambda v_used, c_first: v_used / c_first),
    Node("s_hat", lambda s_used, c_second: s_used / c_second),
    Node("eps", "epsilon"),
    Node("radicand", "s_hat"),
    Node("root", lambda radicand: np.sqrt(radicand)),
    Node("scaled_root", "root"),
    Node("denominator", lambda scaled_root, eps: scaled_root + eps),
    Node("numerator", "v_hat"),
    Node("rate", "learning_rate"),
    Node("ratio", lambda numerator, denominator: numerator / denominator),
    Node("step", lambda rate, ratio: rate * ratio),
    # What students compute on the way, or in another order. Nothing reads these: they tell what is right in a trace.
    Node("weight_first", lambda beta1: 1 - beta1),
    Node("weight_second", lambda beta2: 1 - beta2),
    Node("past_first", lambda beta1, v_old: beta1 * v_old),
    Node("past_second", lambda beta2, s_old: beta2 * s_old),
    Node("new_first", lambda beta1, g_first: (1 - beta1) * g_first),
    Node("new_second", lambda beta2, g_second: (1 - beta2) * g_second**2),
    Node("square", lambda g_second: g_second**2),
    Node("power_first", lambda beta1, steps: beta1**steps),
    Node("power_second", lambda beta2, steps: beta2**steps),
    Node("rate_first", lambda rate, numerator: rate * numerator),
    Node("own_rate", lambda rate, denominator: rate / denominator),
    Node("decay", lambda w_old: 0.0),
    Node("moved", lambda w_old, step, decay: w_old - step - decay),
    Node("returned_v", "v"),
    Node("returned_s", "s"),
    Node("layer_v", "returned_v"),
    Node("layer_s", "returned_s"),
    Node("layer_w", "moved"),
    Node("bias_v", "layer_v"),
    Node("bias_s", "layer_s"),
    Node("bias_w", "layer_w"),
    Node("out_v", "bias_v"),
    Node("out_s", "bias_s"),
    Node("out_w", "bias_w"),
)


def _per_array(statistic: Callable[[np.ndarray], np.ndarray], x: np.ndarray) -> np.ndarray:
    """A statistic of each of the four arrays of a row, put in every place of its array."""
    parts = [np.broadcast_to(statistic(x[..., a]), x[..., a].shape) for a in (W1, B1, W2, B2)]
    return np.concatenate(parts, axis=-1)


def _in_each_array(numbers: Sequence[float]) -> np.ndarray:
    """A number for each of the four arrays, put in every place of its array."""
    return np.repeat(np.asarray(numbers, float), _sizes)


def _norm(x: np.ndarray) -> Any:
    return np.sqrt(np.sum(x * x, axis=-1, keepdims=True))


def _clip_norms(x: np.ndarray, limit: float) -> np.ndarray:
    return x * np.minimum(1.0, limit / _per_array(_norm, x))


def _keep_old(arrays: Iterable[slice], old: np.ndarray, new: np.ndarray) -> np.ndarray:
    out = np.array(np.broadcast_to(new, old.shape))
    for a in arrays:
        out[..., a] = old[..., a]
    return out


def _keep_old_rows(old: np.ndarray, new: np.ndarray) -> np.ndarray:
    """Only the first row of each array is new."""
    out = np.array(old)
    for a, (_, columns) in zip((W1, B1, W2, B2), SHAPES):
        first = slice(a.start, a.start + columns)
        out[..., first] = new[..., first]
    return out


# Which array can stand in which other one's place without an error, where all units are three.
MixUp = tuple[tuple[slice, slice], ...]
_MIX_UPS: tuple[MixUp, ...] = (
    ((W2, W1),), ((W1, W2),), ((B2, B1),), ((B1, B2),),
    ((W1, W2), (W2, W1)), ((B1, B2), (B2, B1)), ((W2, W1), (B2, B1)), ((W1, B1),), ((W2, B2),),
)


def _mixed_up(mix_up: MixUp, x: np.ndarray, used: Callable[[slice, np.ndarray], np.ndarray] = lambda to, taken: taken
              ) -> np.ndarray:
    """Arrays that take another's numbers, as they are or as these are used."""
    out = np.array(x)
    for to, source in mix_up:
        narrow = source in (B1, B2) and to in (W1, W2)
        out[..., to] = used(to, np.repeat(x[..., source], UNITS, axis=-1) if narrow else x[..., source])
    return out


# What is mixed up where lines are copied and one name in them is not changed.
_COPIED = _MIX_UPS[:4] + _MIX_UPS[6:7]
_LATER = tuple(m for m in _COPIED if m[0][0] in (W2, B2))  # takes from what has been computed before


def _copied(name: str, formula: Callable[[MixUp], Formula]) -> Iterator[Variant]:
    """A quantity taken from another array, for each way to take it."""
    for mix_up in _COPIED:
        yield {name: formula(mix_up)}


def _from_new(mix_up: MixUp, new: np.ndarray, share: Any, rest: np.ndarray) -> np.ndarray:
    """Arrays computed from another's new value, of which they take a share, in place of their own old one."""
    return _mixed_up(mix_up, new, lambda to, taken: share * taken + rest[..., to])


def _mix_up_variants() -> Iterator[Variant]:
    for mix_up in _MIX_UPS:
        yield {"taken": lambda g0, m=mix_up: _mixed_up(m, g0)}
        yield {"g_first": lambda g, m=mix_up: _mixed_up(m, g)}
        yield {"g_second": lambda g, m=mix_up: _mixed_up(m, g)}


def _hard_coded(moment: Callable[[float], Variant], correction: Callable[[float], Variant],
                constants: Iterable[float]) -> Iterator[Variant]:
    """A constant in the moment, in the correction, or in both."""
    for c in constants:
        yield moment(c)
        yield {**moment(c), **correction(c)}
        yield correction(c)


MEMORY = "“What does Adam remember?” in the assignment, and lesson 04, “What does the average remember?”"
SCALE = "“What does Adam remember?” in the assignment, and lesson 07, “How does it forget?”"
CORRECTION = "“Why are the first steps corrected?” in the assignment, and in lesson 08"
STEP = "“One step, term by term” in the assignment, and lesson 08, “What does Adam remember?”"
SETTLED = "“What is settled before you start?” in the assignment"
SHAPE = "“Which arrays, and which shapes?” in the assignment, and lesson 01, “Which shape has each gradient?”"


# A number that is set to 0 or 1 in a line of its own and then is the exponent (not a default in a signature).
T_IS_SET = (r"(?ms)^[ \t]+(\w+)[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*[01](?:\.0*)?[ \t]*(?:[;#][^\n]*)?$(?!\s*\))"
            r".*(?:\*\*|pow(?:er)?\([^,()]*,)\s*\(?\1\b"
            r"|^[ \t]+t[ \t]*(?::[ \t]*\w+[ \t]*)?=[ \t]*[01](?:\.0*)?[ \t]*(?:[;#][^\n]*)?$(?!\s*\))")
EXPONENT_ONE = r"\*\*\s*1\b|pow(?:er)?\([^()]*,\s*1\)"

# The ways to get the correction of a moment wrong: the name, what is said, whether it is seldom made, what else the
# source shows; then which quantity it replaces, the corrected moment or the factor, and its formulas for the first
# moment and for the second.
_CORRECTIONS: tuple[tuple[str, str, bool, str, str, Sequence[Formula], Sequence[Formula]], ...] = (
    ("missing", "The {letter} moment goes into the step without its bias correction.", False, "",
     "hat", ("v_used",), ("s_used",)),
    ("multiplied", "The {letter} moment is multiplied by its correction factor.", True, "",
     "hat", (lambda v_used, c_first: v_used * c_first,), (lambda s_used, c_second: s_used * c_second,)),
    # The second one corrected twice gives the numbers of a correction outside the root, which is more usual.
    ("twice", "The {letter} moment is corrected twice.", False, "",
     "hat", (lambda v_used, c_first: v_used / c_first**2,), ()),
    ("precedence", "The power of {beta} is taken from the {letter} moment, not from one: parentheses are missing.",
     False, "",
     "hat", (lambda v_used, beta1, steps: v_used - beta1**steps,),
     (lambda s_used, beta2, steps: s_used - beta2**steps,)),
    ("epsilon_added", "Epsilon is added to the correction of the {letter} moment.", False, "",
     "c", (lambda beta1, steps, epsilon: 1 - beta1**steps + epsilon,),
     (lambda beta2, steps, epsilon: 1 - beta2**steps + epsilon,)),
    ("beta_times_t", "The correction of the {letter} moment has {beta} times t where a power belongs.", False, "",
     "c", (lambda beta1, steps: 1 - beta1 * steps,), (lambda beta2, steps: 1 - beta2 * steps,)),
    ("no_power", "The correction of the {letter} moment does not depend on t: it is the same at every step.", False, "",
     "c", (lambda beta1: 1 - beta1,), (lambda beta2: 1 - beta2,)),
    ("t_always_one", "The correction of the {letter} moment takes every step for the first one.", False, EXPONENT_ONE,
     "c", (lambda beta1: 1 - beta1,), (lambda beta2: 1 - beta2,)),
    ("constant_exponent", "The correction of the {letter} moment has the same power at every step.", False, "",
     "c", tuple(lambda beta1, k=k: 1 - beta1**k for k in (2, 3, 10, 100)),
     tuple(lambda beta2, k=k: 1 - beta2**k for k in (2, 3, 10, 100))),
    ("t_plus_one", "The correction of the {letter} moment counts one step too many.", False, "",
     "c", (lambda beta1, steps: 1 - beta1**(steps + 1),), (lambda beta2, steps: 1 - beta2**(steps + 1),)),
    ("t_minus_one", "The correction of the {letter} moment counts one step too few.", False, "",
     "c", (lambda beta1, steps: 1 - beta1**(steps - 1),), (lambda beta2, steps: 1 - beta2**(steps - 1),)),
    ("power_of_one_minus_beta", "The correction of the {letter} moment takes the power of one minus {beta}.", True, "",
     "c", (lambda beta1, steps: (1 - beta1)**steps,), (lambda beta2, steps: (1 - beta2)**steps,)),
    ("divides_by_power", "The {letter} moment is divided by the power of {beta} itself.", True, "",
     "c", (lambda beta1, steps: beta1**steps,), (lambda beta2, steps: beta2**steps,)),
    ("other_beta", "The correction of the {letter} moment uses {other}.", True, "",
     "c", (lambda beta2, steps: 1 - beta2**steps,), (lambda beta1, steps: 1 - beta1**steps,)),
)


def _correction(part: str, effects: Mapping[str, str]) -> tuple[Deviation, ...]:
    """The ways to get the correction of one moment wrong, with what comes of each."""
    first = part == "first_correction"
    places = {"hat": "v_hat", "c": "c_first"} if first else {"hat": "s_hat", "c": "c_second"}
    words = ({"letter": "first", "beta": "beta1", "other": "beta2"} if first
             else {"letter": "second", "beta": "beta2", "other": "beta1"})
    return tuple(
        Deviation(f"{part}.{name}", Hint(does.format(**words), effects[name], reread),
                  tuple({places[place]: formula} for formula in (of_first if first else of_second)), tell, rare)
        for name, does, rare, tell, place, of_first, of_second in _CORRECTIONS if name in effects
        for reread in [STEP if name == "epsilon_added" else CORRECTION])


_RATE_INSIDE: tuple[Variant, ...] = (
    {"v": lambda v_old, g_first, beta1, learning_rate: beta1 * v_old + learning_rate * g_first},
    {"v": lambda v_old, g_first, beta1, learning_rate: beta1 * v_old + (1 - beta1) * learning_rate * g_first})

FIRST_MOMENT = (
    _d("first_moment.forgets_history",
       "The first moment drops its own past: only the newest gradient is in it.",
       "Zigzags are no longer averaged out, and late steps are 10 times too short.", MEMORY,
       {"v": lambda g_first, beta1: (1 - beta1) * g_first}),
    _d("first_moment.never_decays",
       "The first moment keeps all of its past: the old value is not scaled down.",
       "It grows without end: under a steady gradient the 100th step is 10 times too long.", MEMORY,
       {"v": lambda v_old, g_first, beta1: v_old + (1 - beta1) * g_first}),
    _d("first_moment.sum_not_average",
       "The first moment adds the whole gradient to the decayed past: a sum, not an average.",
       "Every step is 10 times too long.", MEMORY,
       {"v": lambda v_old, g_first, beta1: beta1 * v_old + g_first}),
    _d("first_moment.weights_swapped",
       "The two weights of the first moment stand in each other's place.",
       "It remembers about one step, not ten, so noise passes straight through.", MEMORY,
       {"v": lambda v_old, g_first, beta1: (1 - beta1) * v_old + beta1 * g_first}),
    _d("first_moment.beta2_for_beta1",
       "The first moment is averaged with beta2.",
       "It remembers a thousand steps, not ten: the first step is 100 times too short.", MEMORY,
       {"v": lambda v_old, g_first, beta2: beta2 * v_old + (1 - beta2) * g_first}),
    _d("first_moment.minus_gradient",
       "The gradient enters the first moment with a minus.",
       "The velocity points uphill, so the loss rises from the first step.", MEMORY,
       {"v": lambda v_old, g_first, beta1: beta1 * v_old - (1 - beta1) * g_first}),
    _d("first_moment.hard_coded_beta1",
       "A number stands where the argument beta1 belongs.",
       "Another beta1 has no effect.", SETTLED,
       *_hard_coded(lambda c: {"v": lambda v_old, g_first: c * v_old + (1 - c) * g_first},
                    lambda c: {"c_first": lambda steps: 1 - c**steps}, (0.9, 0.99))),
    _d("first_moment.betas_mixed",
       "The first moment takes the weight of the past from one beta and that of the new gradient from the other.",
       "The two weights no longer add up to one, so the average comes out far too small or too large.", MEMORY,
       {"v": lambda v_old, g_first, beta1, beta2: beta1 * v_old + (1 - beta2) * g_first},
       {"v": lambda v_old, g_first, beta1, beta2: beta2 * v_old + (1 - beta1) * g_first}),
    _d("first_moment.beta_exchanged",
       "One minus beta1 stands wherever beta1 belongs, in the first moment and in its correction.",
       "It remembers about one step, not ten, so noise passes straight through.", MEMORY,
       {"v": lambda v_old, g_first, beta1: (1 - beta1) * v_old + beta1 * g_first,
        "c_first": lambda beta1, steps: 1 - (1 - beta1)**steps}),
    _d("first_moment.precedence",
       "The parentheses in the first moment's average are not where they belong.",
       "So the past and the new gradient do not both get the weight that they should.", MEMORY,
       {"v": lambda v_old, g_first, beta1: beta1 * v_old + 1 - beta1 * g_first},
       {"v": lambda v_old, g_first, beta1: beta1 * (v_old + (1 - beta1) * g_first)},
       {"v": lambda v_old, g_first, beta1: (beta1 * v_old + 1 - beta1) * g_first}),
    _d("first_moment.reads_second_moment",
       "The first moment is averaged with the second moment's past, not with its own.",
       "Pushes and their squares are mixed, and the sign of the past is lost.", MEMORY,
       {"v": lambda s_old, g_first, beta1: beta1 * s_old + (1 - beta1) * g_first}),
    _d("first_moment.learning_rate_inside",
       "The gradient is multiplied by the learning rate before it enters the first moment.",
       "The moment should average the gradients alone: whenever the rate changes, old and new ones no longer agree.",
       STEP,
       _RATE_INSIDE[0], {**_RATE_INSIDE[0], "step": "ratio"}, _RATE_INSIDE[1], {**_RATE_INSIDE[1], "step": "ratio"}),
)

_LARGEST: Variant = {"s": lambda s_old, g_second, beta2: np.maximum(beta2 * s_old, np.abs(g_second))}

SECOND_MOMENT = (
    _d("second_moment.forgets_history",
       "The second moment drops its own past: only the newest gradient is in it.",
       "One gradient alone sets the scale, and late steps are 31.6 times too long.", SCALE,
       {"s": lambda g_second, beta2: (1 - beta2) * g_second**2}),
    _d("second_moment.never_decays",
       "The second moment keeps all of its past: the old value is not scaled down.",
       "It grows without end: under a steady gradient step 10000 is 3.16 times too short.", SCALE,
       {"s": lambda s_old, g_second, beta2: s_old + (1 - beta2) * g_second**2}),
    _d("second_moment.accumulates",
       "The second moment adds up every squared gradient and forgets none: AdaGrad's rule.",
       "The first step is 31.6 times too short, and the steps go on shrinking for ever.",
       "lesson 06, “Why does it slow down?”, and lesson 07, “How does it forget?”",
       {"s": lambda s_old, g_second: s_old + g_second**2}),
    _d("second_moment.sum_not_average",
       "The second moment adds the whole squared gradient to the decayed past: a sum, not an average.",
       "Every step is 31.6 times too short.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + g_second**2}),
    _d("second_moment.weights_swapped",
       "The two weights of the second moment stand in each other's place.",
       "It remembers about one step, not a thousand: the first step is 31.6 times too short.", SCALE,
       {"s": lambda s_old, g_second, beta2: (1 - beta2) * s_old + beta2 * g_second**2}),
    _d("second_moment.gradient_not_squared",
       "The gradient enters the second moment without its square.",
       "Negative gradients can make it negative: then it has no root, and the weights become nan.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * g_second}),
    _d("second_moment.absolute_gradient",
       "The gradient's absolute value enters the second moment where its square belongs.",
       "Steps depend on the scale again: a loss 100 times larger makes them 10 times longer.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * np.abs(g_second)}),
    _d("second_moment.squares_first_moment",
       "The second moment averages the square of the first moment, not of the gradient.",
       "Where gradients change sign it is far too small: the first step is 10 times too long.", SCALE,
       {"s": lambda s_old, v, beta2: beta2 * s_old + (1 - beta2) * v**2}),
    _d("second_moment.beta1_for_beta2",
       "The second moment is averaged with beta1.",
       "It remembers ten steps, not a thousand: the first step is 10 times too short.", SCALE,
       {"s": lambda s_old, g_second, beta1: beta1 * s_old + (1 - beta1) * g_second**2}),
    _d("second_moment.weight_squared_too",
       "The square covers the weight as well as the gradient.",
       "The second moment is a thousand times too small, so every step is 31.6 times too long.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + ((1 - beta2) * g_second)**2}),
    _d("second_moment.sum_squared",
       "The whole average is squared, not the gradient alone.",
       "Small gradients make it vanish, and the steps explode.", SCALE,
       {"s": lambda s_old, g_second, beta2: (beta2 * s_old + (1 - beta2) * g_second**2)**2},
       {"s": lambda s_old, g_second, beta2: (beta2 * s_old + (1 - beta2) * g_second)**2}),
    _d("second_moment.mean_over_array",
       "One average over the whole array stands in for each weight's own squared gradient.",
       "All weights of an array share one rate: the rare ones lose the long steps they need.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * _per_array(
           lambda x: np.mean(x**2, axis=-1, keepdims=True), g_second)},
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * _per_array(
           lambda x: np.sum(x**2, axis=-1, keepdims=True), g_second)}),
    _d("second_moment.running_maximum",
       "The second moment keeps its largest value so far: AMSGrad's rule.",
       "One large gradient shortens all later steps, and they never recover.",
       "lesson 08, “Can Adam walk the wrong way?”",
       {"s": lambda s_old, g_second, beta2: np.maximum(s_old, beta2 * s_old + (1 - beta2) * g_second**2)},
       {"s_used": lambda s_old, s: np.maximum(s_old, s)}),
    _d("second_moment.hard_coded_beta2",
       "A number stands where the argument beta2 belongs.",
       "Another beta2 has no effect.", SETTLED,
       *_hard_coded(lambda c: {"s": lambda s_old, g_second: c * s_old + (1 - c) * g_second**2},
                    lambda c: {"c_second": lambda steps: 1 - c**steps}, (0.999, 0.99))),
    _d("second_moment.gradient_doubled",
       "The gradient is doubled where it should be squared.",
       "Negative gradients can make it negative: then it has no root, and the weights become nan.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + (1 - beta2) * 2 * g_second}),
    _d("second_moment.betas_mixed",
       "The second moment takes the weight of the past from one beta and that of the new square from the other.",
       "The two weights no longer add up to one, so the average comes out far too small or too large.", SCALE,
       {"s": lambda s_old, g_second, beta1, beta2: beta2 * s_old + (1 - beta1) * g_second**2},
       {"s": lambda s_old, g_second, beta1, beta2: beta1 * s_old + (1 - beta2) * g_second**2}),
    _d("second_moment.beta_exchanged",
       "One minus beta2 stands wherever beta2 belongs, in the second moment and in its correction.",
       "It remembers about one step, not a thousand: a single gradient sets the scale.", SCALE,
       {"s": lambda s_old, g_second, beta2: (1 - beta2) * s_old + beta2 * g_second**2,
        "c_second": lambda beta2, steps: 1 - (1 - beta2)**steps}),
    _d("second_moment.precedence",
       "The parentheses in the second moment's average are not where they belong.",
       "So the past and the new square do not both get the weight that they should.", SCALE,
       {"s": lambda s_old, g_second, beta2: beta2 * s_old + 1 - beta2 * g_second**2},
       {"s": lambda s_old, g_second, beta2: beta2 * (s_old + (1 - beta2) * g_second**2)},
       {"s": lambda s_old, g_second, beta2: (beta2 * s_old + 1 - beta2) * g_second**2}),
    _d("second_moment.reads_first_moment",
       "The second moment is averaged with the first moment, not with its own past.",
       "Pushes and their squares are mixed: where the first moment is negative, the root may have no value.", SCALE,
       {"s": lambda v_old, g_second, beta2: beta2 * v_old + (1 - beta2) * g_second**2},
       {"s": lambda v, g_second, beta2: beta2 * v + (1 - beta2) * g_second**2}),
    _d("second_moment.root_kept",
       "The second moment comes back with its root already taken.",
       "The next step averages roots with squares, and takes the root of a root.", STEP,
       {"s": lambda s_old, g_second, beta2: np.sqrt(beta2 * s_old + (1 - beta2) * g_second**2)},
       {"s": lambda s_old, g_second, beta2: np.sqrt(beta2 * s_old + (1 - beta2) * g_second**2), "root": "radicand"},
       {"returned_s": lambda s: np.sqrt(s)}, {"returned_s": lambda s, beta2, t: np.sqrt(s / (1 - beta2**t))}),
    _d("second_moment.centred",
       "The second moment averages the gradient's distance from the first moment: AdaBelief's rule.",
       "Where gradients agree it is far too small, and the steps are too long.", SCALE,
       {"s": lambda s_old, g_second, v, beta2: beta2 * s_old + (1 - beta2) * (g_second - v)**2},
       {"s": lambda s_old, g_second, v, beta2, epsilon: beta2 * s_old + (1 - beta2) * (g_second - v)**2 + epsilon},
       {"s": lambda s_old, g_second, v_old, beta2: beta2 * s_old + (1 - beta2) * (g_second - v_old)**2}),
    _d("second_moment.infinity_norm",
       "The second moment keeps the largest gradient that has not faded yet: AdaMax's rule.",
       "One large gradient alone sets the scale for hundreds of steps.", SCALE,
       {**_LARGEST, "s_hat": "s_used", "root": "radicand"}, _LARGEST, {**_LARGEST, "root": "radicand"},
       {**_LARGEST, "s_hat": "s_used", "root": "radicand", "denominator": "scaled_root"}),
)

FIRST_CORRECTION = _correction("first_correction", {
    "missing": "The first step is 10 times too short.",
    "multiplied": "The first step is 100 times too short.",
    "twice": "The first step is 10 times too long.",
    "precedence": "Weights move even where there has never been a gradient.",
    "epsilon_added": "Epsilon guards the division by the root; here it shortens the first steps.",
    "beta_times_t": "From the second step on the factor is negative, and turns the moment's sign.",
    "no_power": "Late steps are 10 times too long.",
    "t_always_one": "Late steps are 10 times too long.",
    "constant_exponent": "It fits one step alone, and is wrong at every other.",
    "t_plus_one": "The first step is 1.9 times too short.",
    "t_minus_one": "The first step divides by zero, and the weights become inf or nan.",
    "power_of_one_minus_beta": "The second step is 19 times too long, the next ones far more.",
    "divides_by_power": "The first step is 9 times too short, and later ones grow without end.",
    "other_beta": "The first step is 100 times too long.",
})

SECOND_CORRECTION = _correction("second_correction", {
    "missing": "The first step is 31.6 times too long.",
    "multiplied": "The first step is 1000 times too long.",
    "precedence": "Unless gradients are large, what is left is negative: it has no root, and the weights become nan.",
    "epsilon_added": "Epsilon guards the division by the root; here it lengthens the first steps.",
    "beta_times_t": "From the second step on the factor is negative: it has no root, and the weights become nan.",
    "no_power": "Late steps are 31.6 times too short.",
    "t_always_one": "Late steps are 31.6 times too short.",
    "constant_exponent": "It fits one step alone, and is wrong at every other.",
    "t_plus_one": "The first step is 1.41 times too long.",
    "t_minus_one": "The first step divides by zero, so nothing moves in it.",
    "power_of_one_minus_beta": "The second step is 44.7 times too short, the next ones far more.",
    "divides_by_power": "The first step is 31.6 times too long.",
    "other_beta": "The first step is 10 times too long.",
}) + (
    _d("second_correction.outside_root",
       "The correction of the second moment is applied after the root, not under it.",
       "The first step is 31.6 times too short.", STEP,
       {"s_hat": "s_used", "scaled_root": lambda root, c_second: root / c_second}, rare=True),
)

BOTH_CORRECTIONS = (
    _d("correction.both_twice",
       "Both moments are corrected twice.",
       "The first step is 3.16 times too short.", CORRECTION,
       {"rate": lambda learning_rate, c_first, c_second: learning_rate * np.sqrt(c_second) / c_first},
       {"v_hat": lambda v_used, c_first: v_used / c_first**2,
        "s_hat": lambda s_used, c_second: s_used / c_second**2}),
    _d("counter.once_per_array",
       "The number of the step goes up from array to array, within one and the same step.",
       "Each array is corrected as if it were further on than the one before it.", SETTLED,
       *({"steps": lambda t, ahead=ahead: t + ahead} for ahead in map(_in_each_array, (
           (0, 1, 2, 3), (1, 2, 3, 4), (0, 0, 1, 1), (1, 1, 2, 2))))),
    _d("counter.restarts",
       "The number of the step is set inside the function, so that it begins anew with every call.",
       "Every step is corrected as one of the first: late ones are too short.", SETTLED,
       {"steps": lambda t: np.ones_like(t, dtype=float)}, {"steps": lambda t: _in_each_array((1, 2, 3, 4)) + 0 * t},
       tell=T_IS_SET, only_told=True),
)

DENOMINATOR = (
    _d("denominator.epsilon_inside_root",
       "Epsilon is added under the root, not after it.",
       "Weights with tiny gradients nearly stop: with a gradient of 1e-6 the step is 99 times too short.",
       SETTLED,
       {"radicand": lambda s_hat, eps: s_hat + eps, "denominator": "scaled_root"}),
    _d("denominator.epsilon_missing",
       "Epsilon does not appear in the denominator.",
       "A weight whose gradient has always been zero becomes nan: zero divided by zero.", STEP,
       {"denominator": "scaled_root"}),
    _d("denominator.epsilon_after_division",
       "Epsilon is added after the division: a parenthesis is missing.",
       "It no longer guards the division, and it pushes every weight a little at every step.", STEP,
       {"denominator": "scaled_root", "step": lambda rate, ratio, eps: rate * ratio - eps},
       {"denominator": "scaled_root", "step": lambda rate, ratio, eps: rate * (ratio + eps)},
       {"denominator": "scaled_root", "step": lambda rate, ratio, eps: rate * ratio + eps}),
    _d("denominator.epsilon_twice",
       "Epsilon enters the denominator twice.",
       "It weighs too much where gradients are tiny, and those weights lag behind.", STEP,
       {"radicand": lambda s_hat, eps: s_hat + eps},
       {"denominator": lambda scaled_root, eps: scaled_root + 2 * eps}),
    _d("denominator.maximum_not_sum",
       "The larger of the root and epsilon is taken where their sum belongs.",
       "Where the root is as small as epsilon, the step is 2 times too long.", STEP,
       {"denominator": lambda scaled_root, eps: np.maximum(scaled_root, eps)}),
    _d("denominator.root_missing",
       "The second moment divides without its root.",
       "Steps grow as gradients shrink: with a gradient of 0.01 the step is 100 times too long.", STEP,
       {"root": "radicand"}),
    _d("denominator.no_division",
       "The step is not divided by the second moment at all: this is Momentum.",
       "Large gradients make large steps again, and one learning rate no longer fits all weights.", STEP,
       {"ratio": "numerator"}),
    _d("denominator.epsilon_hat_unscaled",
       "This is the paper's efficient form, but its epsilon is not rescaled with the correction.",
       "In the first step epsilon acts 31.6 times too strongly.", SETTLED,
       {"denominator": lambda scaled_root, eps, c_second: scaled_root + eps / np.sqrt(c_second)}),
    _d("denominator.hard_coded_epsilon",
       "A number stands where the argument epsilon belongs.",
       "With another epsilon, the step is the same as before.", SETTLED,
       *({"eps": lambda t, c=c: np.full_like(t, c, dtype=float)} for c in (1e-8, 1e-7, 1e-6, 1e-10))),
)

NUMERATOR = (
    _d("numerator.raw_gradient",
       "The newest gradient, not the first moment, moves the weights: this is RMSProp.",
       "Zigzags and noise are no longer averaged out.", STEP,
       {"numerator": "g"}),
    _d("numerator.times_gradient",
       "The step is multiplied by the gradient once more, as on one slide of the deck.",
       "The sign is lost: on the bowl w²/2 from -3 with a rate of 0.1, 60 steps end at -5157.", SETTLED,
       {"numerator": lambda v_hat, g: v_hat * g}),
    _d("numerator.stale_moments",
       "The step is taken with the moments from before this step's gradient.",
       "Every step lags one behind: with the old first moment the first one does not move at all.", STEP,
       {"v_used": "v_old", "s_used": "s_old"},
       {"v_used": "v_old"}, {"s_used": "s_old"}),
    _d("numerator.nesterov",
       "The newest gradient is averaged into the numerator once more: this is Nadam.",
       "It counts twice: by itself, and as a part of the first moment.", STEP,
       {"numerator": lambda v_hat, g, beta1, c_first: beta1 * v_hat + (1 - beta1) * g / c_first},
       {"numerator": lambda v_hat, g, beta1: beta1 * v_hat + (1 - beta1) * g},
       {"numerator": lambda v_used, g, beta1, steps, c_first: (
           beta1 * v_used / (1 - beta1**(steps + 1)) + (1 - beta1) * g / c_first)}),
)

DIRECTION = (
    _d("direction.ascends",
       "The step is added to the weights, not taken from them.",
       "The loss rises from the first step.", STEP,
       {"moved": lambda w_old, step, decay: w_old + step - decay}),
    _d("direction.reversed",
       "The weights are taken from the step, not the step from the weights.",
       "Every weight changes its sign at every step, and nothing is learned.", STEP,
       {"moved": lambda w_old, step: step - w_old}),
    _d("direction.step_returned",
       "The step alone comes back where the new weights belong.",
       "The weights are lost: all that had been learned is gone.", STEP,
       {"moved": "step"}, {"moved": lambda step: -step}),
)

STEP_SIZE = (
    _d("step_size.hard_coded_learning_rate",
       "A number stands where the argument learning_rate belongs.",
       "With another rate, the step is the same as before.", SETTLED,
       *({"rate": lambda t, c=c: np.full_like(t, c, dtype=float)} for c in (0.001, 0.01, 0.1))),
    _d("step_size.divided_by_root_t",
       "The learning rate is divided by the root of t.",
       "Nobody asked for this decay: the 100th step is 10 times too short.", SETTLED,
       {"rate": lambda learning_rate, steps: learning_rate / np.sqrt(steps)}),
    _d("step_size.learning_rate_missing",
       "The learning rate does not appear in the step.",
       "At the default rate every step is 1000 times too long.", STEP,
       {"rate": lambda t: np.ones_like(t, dtype=float)}),
    _d("step_size.adds_weight_decay",
       "A weight decay is added that nobody asked for.",
       "Weights shrink even where the gradient is zero.",
       "lesson 08, “What goes wrong in practice?”",
       *({"decay": lambda w_old, rate, c=c: rate * c * w_old} for c in (0.1, 0.01, 0.001, 0.0001)),
       *({"decay": lambda w_old, c=c: c * w_old} for c in (0.1, 0.01)),
       *({"g": lambda taken, w_old, c=c: taken + c * w_old} for c in (0.1, 0.01, 0.001))),
    _d("step_size.defaults_overwritten",
       "Numbers stand where all four hyperparameters belong.",
       "With other values, the step is the same as before.", SETTLED,
       *({name: lambda t, c=c: np.full_like(t, c, dtype=float) for name, c in (
           ("learning_rate", rate), ("beta1", 0.9), ("beta2", 0.999), ("epsilon", 1e-8))} for rate in (0.001, 0.01))),
)

GRADIENT = (
    _d("gradient.clipped",
       "The gradient is clipped before it is used.",
       "That can help in training, but it is not part of this function: large gradients lose their size.", SETTLED,
       *({"g": lambda taken, c=c: np.clip(taken, -c, c)} for c in (1.0, 5.0, 10.0)),
       *({"g": lambda taken, c=c: _clip_norms(taken, c)} for c in (1.0, 5.0))),
    _d("gradient.normalized",
       "The gradient is divided by its own length before it is used.",
       "Its size no longer reaches the moments, so noise counts as much as signal.", SETTLED,
       {"g": lambda taken: taken / _per_array(_norm, taken)},
       {"g": lambda taken: taken / _norm(taken)},
       {"g": lambda taken, epsilon: taken / (_per_array(_norm, taken) + epsilon)},
       {"g": lambda taken: taken / _per_array(lambda x: np.abs(x).max(axis=-1, keepdims=True), taken)}),
)

RETURNED_MOMENTS = (
    _d("returned_moments.corrected_returned",
       "The bias-corrected moments are returned in place of the raw ones.",
       "The next call corrects them again: with both, the second step is 4.25 times too short.", SETTLED,
       {"returned_v": "v_hat", "returned_s": "s_hat"},
       {"returned_v": "v_hat"}, {"returned_s": "s_hat"}),
    _d("returned_moments.old_returned",
       "The moments come back as they went in.",
       "Nothing is remembered from step to step: with both, late steps are 3.16 times too long.", SETTLED,
       {"returned_v": "v0", "returned_s": "s0"},
       {"returned_v": "v0"}, {"returned_s": "s0"}),
)

UNCHANGED = (
    _d("coverage.nothing_updated",
       "All twelve arrays come back as they went in.",
       "Whatever is computed inside is dropped at the end, and training stands still.", SETTLED,
       {"returned_v": "v0", "returned_s": "s0", "moved": "w0"}),
    _d("coverage.weights_not_updated",
       "The weights come back as they went in.",
       "The moments remember every push, but nothing ever moves.", SETTLED,
       {"moved": "w_old"}),
)

_KEEP_SECOND = {"layer_w": lambda w0, moved: _keep_old((W2, B2), w0, moved)}
_KEEP_BIASES = {"bias_w": lambda w0, layer_w: _keep_old((B1, B2), w0, layer_w)}
_FIRST_ROWS = {"out_w": lambda w0, bias_w: _keep_old_rows(w0, bias_w)}


def _memory_of_new(mix_up: MixUp) -> Iterator[Variant]:
    """A moment that goes on from the new one of another parameter: the first, the second, both."""
    v: Variant = {"v": lambda v_old, g_first, beta1: _from_new(
        mix_up, beta1 * v_old + (1 - beta1) * g_first, beta1, (1 - beta1) * g_first)}
    s: Variant = {"s": lambda s_old, g_second, beta2: _from_new(
        mix_up, beta2 * s_old + (1 - beta2) * g_second**2, beta2, (1 - beta2) * g_second**2)}
    yield from (v, s, {**v, **s})


COVERAGE = (
    _d("coverage.biases_not_updated",
       "The biases come back as they went in.",
       "Every unit keeps its first threshold for ever.", SHAPE,
       _KEEP_BIASES,
       {**_KEEP_BIASES,
        "bias_v": lambda v0, layer_v: _keep_old((B1, B2), v0, layer_v),
        "bias_s": lambda s0, layer_s: _keep_old((B1, B2), s0, layer_s)},
       {"bias_w": lambda w0, layer_w: _keep_old((B1,), w0, layer_w)},
       {"bias_w": lambda w0, layer_w: _keep_old((B2,), w0, layer_w)}),
    _d("coverage.second_layer_not_updated",
       "The second layer comes back as it went in.",
       "Only half of the network learns.", SHAPE,
       _KEEP_SECOND,
       {**_KEEP_SECOND,
        "layer_v": lambda v0, returned_v: _keep_old((W2, B2), v0, returned_v),
        "layer_s": lambda s0, returned_s: _keep_old((W2, B2), s0, returned_s)},
       {"layer_w": lambda w0, moved: _keep_old((W2,), w0, moved)}),
    _d("coverage.first_row_only",
       "Only the first row of each array is updated.",
       "All units but one stay as they were drawn.", SHAPE,
       _FIRST_ROWS,
       {**_FIRST_ROWS,
        "out_v": lambda v0, bias_v: _keep_old_rows(v0, bias_v),
        "out_s": lambda s0, bias_s: _keep_old_rows(s0, bias_s)}),
    _d("coverage.wrong_gradient",
       "One parameter is moved by another parameter's gradient.",
       "That parameter walks in a direction that has nothing to do with it.", SHAPE,
       *_mix_up_variants()),
    _d("coverage.wrong_memory",
       "The moment of one parameter is averaged with another parameter's past.",
       "Two parameters share a memory, and one memory is never used.", SHAPE,
       *({"v_old": lambda v0, m=m: _mixed_up(m, v0), "s_old": lambda s0, m=m: _mixed_up(m, s0)} for m in _COPIED),
       *_copied("v_old", lambda mix_up: lambda v0: _mixed_up(mix_up, v0)),
       *_copied("s_old", lambda mix_up: lambda s0: _mixed_up(mix_up, s0)),
       *(variant for m in _LATER for variant in _memory_of_new(m))),
    _d("coverage.wrong_moment",
       "One parameter is moved by another parameter's moment.",
       "It walks where the other one has been pushed, or as far as the other one should.", SHAPE,
       *({"v_used": lambda v, m=m: _mixed_up(m, v), "s_used": lambda s, m=m: _mixed_up(m, s)} for m in _COPIED),
       *_copied("v_used", lambda mix_up: lambda v: _mixed_up(mix_up, v)),
       *_copied("s_used", lambda mix_up: lambda s: _mixed_up(mix_up, s))),
    _d("coverage.wrong_weights",
       "The step is taken from another parameter's weights.",
       "One parameter's values are lost, and the other's take their place.", SHAPE,
       *_copied("w_old", lambda mix_up: lambda w0: _mixed_up(mix_up, w0)),
       *({"moved": lambda w_old, step, decay, m=m: _from_new(m, w_old - step - decay, 1, -step - decay)}
         for m in _LATER)),
)

# In place 0 of the returned twelve stands array number order[0] of the right order, and so on.
ORDERS = (
    (0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7),   # second moments before first ones
    (4, 5, 6, 7, 8, 9, 10, 11, 0, 1, 2, 3),   # moments before parameters
    (0, 2, 1, 3, 4, 6, 5, 7, 8, 10, 9, 11),   # weights before biases
    (0, 2, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11),   # weights before biases, in the parameters alone
    (2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9),   # second layer first
    (0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11),   # grouped by parameter
    (0, 1, 2, 3, 4, 8, 5, 9, 6, 10, 7, 11),   # moments interleaved
    (0, 1, 4, 5, 8, 9, 2, 3, 6, 7, 10, 11),   # grouped by layer
)
ORDER_OF_RETURNS = _d(
    "coverage.order_of_returns",
    "The twelve arrays do not come back in the order that the task gives.",
    "The caller names them by their places, and goes on with the wrong ones.", SETTLED)
FORMS = (
    _d("returns.wrong_container",
       "What comes back is not twelve arrays in a row: they stand in something else, or in groups.",
       "The caller has twelve names for them, and stops at the first step.", SETTLED),
    _d("returns.wrong_number",
       "More or fewer than twelve arrays come back.",
       "The caller has twelve names for them, and stops at the first step.", SETTLED),
)

DEVIATIONS = (FIRST_MOMENT + SECOND_MOMENT + FIRST_CORRECTION + SECOND_CORRECTION + BOTH_CORRECTIONS + DENOMINATOR
              + NUMERATOR + DIRECTION + STEP_SIZE + GRADIENT + RETURNED_MOMENTS + UNCHANGED + COVERAGE)
BOARD = Switchboard(NODES, DEVIATIONS, outputs=("out_v", "out_s", "out_w"))
