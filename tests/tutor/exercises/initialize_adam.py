"""`initialize_adam` as students write it."""
import re
import textwrap

import numpy as np
import pytest
from student_code import fill, function, source

_UPDATE = "update_parameters_with_adam"

TEMPLATE = '''
import numpy as np

def initialize_adam(n_x, n_h, n_y):
    shapes = {shapes}
    moments = {moments}
    return {returns}
'''
CORRECT = {
    "shapes": "[(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)] * 2", "moments": "[{array} for s in shapes]",
    "array": "np.zeros(s)", "returns": "tuple(moments)",
}
SLIPS = {
    "initialize.transposed": {"shapes": "[(n_x, n_h), (n_h, 1), (n_h, n_y), (n_y, 1)] * 2"},
    "initialize.bias_not_column": {"shapes": "[(n_h, n_x), (n_h,), (n_y, n_h), (n_y,)] * 2"},
    "initialize.ones": {"array": "np.ones(s)"},
    "initialize.random": {"array": "np.random.randn(*s)"},
    "initialize.uninitialized": {"array": "np.empty(s)"},
    "initialize.nonzero": {"array": "np.full(s, 1e-3)"},
    "initialize.integers": {"array": "np.zeros(s, dtype=int)"},
    "initialize.bias_like_weights": {"shapes": "[(n_h, n_x), (n_h, n_x), (n_y, n_h), (n_y, n_h)] * 2"},
    "initialize.units_exchanged": {"shapes": "[(n_h, n_x), (n_x, 1), (n_y, n_h), (n_h, 1)] * 2"},
    "initialize.fixed_shapes": {"shapes": "[(4, 2), (4, 1), (1, 4), (1, 1)] * 2"},
    "initialize.scalars": {"array": "0.0"},
    "initialize.none": {"array": "None"},
    "initialize.lists": {"array": "[[0.0] * s[1]] * s[0]"},
    "initialize.dicts": {"returns": "dict(zip(('vW1', 'vb1', 'vW2', 'vb2', 'sW1', 'sb1', 'sW2', 'sb2'), moments))"},
    "initialize.grouped": {"returns": "tuple(moments[:4]), tuple(moments[4:])"},
    "initialize.too_few": {"returns": "tuple(moments[:4])"},
    "initialize.too_many": {"returns": "tuple(moments) + (np.zeros((n_y, 1)),)"},
    "initialize.shared_buffer": {"moments": "[{array} for s in shapes[:4]] * 2"},
    "initialize.order_of_returns": {"returns": "tuple(moments[i] for i in (0, 4, 1, 5, 2, 6, 3, 7))"},
}
_SHAPED = {f"initialize.{id}" for id in ("transposed", "bias_not_column", "bias_like_weights", "units_exchanged",
                                        "fixed_shapes")}
_FILLED = {f"initialize.{id}" for id in ("ones", "random", "nonzero", "uninitialized", "integers", "shared_buffer")}
_FORMS = {f"initialize.{id}" for id in ("scalars", "none", "lists", "dicts", "grouped", "too_few", "too_many")}
READ_OFF = True
_OF_ELEMENTS = {f"initialize.{id}" for id in ("scalars", "none", "lists")}
_UNSEEN = _SHAPED | _FILLED | {"initialize.order_of_returns"}
HIDES = {"initialize.too_few": _SHAPED, **dict.fromkeys(_OF_ELEMENTS, _UNSEEN | {"initialize.too_few"}),
         **dict.fromkeys(_FORMS - _OF_ELEMENTS - {"initialize.too_few"}, _UNSEEN | _OF_ELEMENTS)}
UNNAMED = frozenset({
    ("initialize.bias_not_column", "initialize.lists"),  # stops with an error
    ("initialize.units_exchanged", "initialize.order_of_returns"),
    ("initialize.fixed_shapes", "initialize.order_of_returns")})
BY_FORM = frozenset(_FORMS)


# --- right answers -----------------------------------------------------------

def _init(body):
    return "import numpy as np\ndef initialize_adam(n_x, n_h, n_y):\n" + textwrap.indent(textwrap.dedent(body), "    ")


_SHAPES = "shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]\n"
_EIGHT = "return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2\n"
KEY = _init("".join(
    f"{k}W1 = np.zeros((n_h, n_x))\n{k}b1 = np.zeros((n_h, 1))\n{k}W2 = np.zeros((n_y, n_h))\n"
    f"{k}b2 = np.zeros((n_y, 1))\n" for k in "vs") + _EIGHT)
STYLES = {
    "zeros_like": _init(_SHAPES + """\
v = [np.zeros(s) for s in shapes]
s = [np.zeros_like(x) for x in v]
return (*v, *s)
"""),
    "full": _init(_SHAPES + "return tuple(np.full(s, 0.0) for s in shapes * 2)\n"),
    "built from np.zeros(())": _init(_SHAPES + "return tuple(np.zeros(()) + np.zeros(s) for s in shapes * 2)\n"),
    "np.zeros(()) broadcast and copied": _init(_SHAPES + """\
return [np.broadcast_to(np.zeros(()), s).copy() for s in shapes * 2]
"""),
    "float32": _init(_SHAPES + "return tuple(np.zeros(s, dtype=np.float32) for s in shapes * 2)\n"),
    "a list returned": _init(_SHAPES + "return [np.zeros(s) for s in shapes + shapes]\n"),
    "copies": _init(_SHAPES + "v = [np.zeros(s) for s in shapes]\nreturn v + [x.copy() for x in v]\n"),
    "empty, then filled": _init(_SHAPES + """\
out = [np.empty(s) for s in shapes * 2]
for x in out:
    x.fill(0)
return out
"""),
    "disjoint views of one buffer": _init(_SHAPES + """\
buffer = np.zeros(2 * sum(r * c for r, c in shapes))
out, at = [], 0
for r, c in shapes * 2:
    out.append(buffer[at:at + r * c].reshape(r, c))
    at += r * c
return out
"""),
    "ones times nothing": _init(_SHAPES + "return tuple(np.ones(s) * 0 for s in shapes * 2)\n"),
    "minus zero": _init(_SHAPES + "return tuple(-np.zeros(s) for s in shapes * 2)\n"),
    "prints and a dict": _init("""\
made = {}
for k in "vs":
    made[k + "W1"], made[k + "b1"] = np.zeros((n_h, n_x)), np.zeros((n_h, 1))
    made[k + "W2"], made[k + "b2"] = np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    print(made)
return tuple(made.values())
"""),
    "defined twice": fill(TEMPLATE, CORRECT, [SLIPS["initialize.ones"]]) + fill(TEMPLATE, CORRECT, []),
}
WAYS = tuple((f"initialize.{id}", _init(body)) for id, body in (
    ("scalars", "vW1 = vb1 = vW2 = vb2 = sW1 = sb1 = sW2 = sb2 = 0\n" + _EIGHT),
    ("scalars", "return tuple(np.zeros(()) for _ in range(8))\n"),
    ("dicts", _SHAPES + "v = dict(zip('abcd', map(np.zeros, shapes)))\nreturn v, dict(v)\n"),
    ("grouped", _SHAPES + "return tuple((np.zeros(s), np.zeros(s)) for s in shapes)\n"),
    ("grouped", _SHAPES + "return [np.zeros(s) for s in shapes], [np.zeros(s) for s in shapes]\n"),
    ("lists", _SHAPES + "return [np.zeros(s).tolist() for s in shapes * 2]\n"),
    ("too_many", _SHAPES + "return (*map(np.zeros, shapes * 2), 0)\n"),
    ("fixed_shapes", "return tuple(np.zeros((1, 1)) for _ in range(8))\n"),
    ("units_exchanged", _SHAPES.replace("(n_h, 1)", "(n_x, 1)") + "return tuple(map(np.zeros, shapes * 2))\n"),
    ("units_exchanged", "n_x, n_h = n_h, n_x\n" + _SHAPES + "return tuple(map(np.zeros, shapes * 2))\n"),
    ("nonzero", _SHAPES + "return tuple(np.zeros(s) + 1e-8 for s in shapes * 2)\n"),
    ("nonzero", _SHAPES + "return tuple(np.arange(1.0, 1 + r * c).reshape(r, c) for r, c in shapes * 2)\n"),
    ("random", _SHAPES + "return tuple(np.random.default_rng().uniform(-1, 1, s) for s in shapes * 2)\n"),
))


# --- what its hints say ------------------------------------------------------

def _start_of_the_1000th_step():
    """How many times shorter a step of Adam is, with moments that start at one, under gradients of 0.1."""
    update, taken = function(source(_UPDATE), _UPDATE), []
    for moments in (0.0, 1.0):
        w, g, v, s = np.float64(0), np.float64(0.1), np.float64(moments), np.float64(moments)
        for t in range(1, 1001):
            new, _, _, _, v, _, _, _, s, *_ = update(w, w, w, w, g, g, g, g, v, v, v, v, s, s, s, s, t)
        taken.append(-new)
    return taken[0] / taken[1]


NUMBERS = {"initialize.ones": ("with gradients of 0.1 the 1000th step is still {} times too short",
                               lambda id: _start_of_the_1000th_step())}
GIVEN = r"gradients? of [\d.e-]+|1000th"


def check_what_the_wrong_starts_do_to_the_first_update():
    """transposed: it fails; bias_not_column: a square; integers: in place it fails or drops the fractions."""
    update, n = function(source(_UPDATE), _UPDATE), (2, 4, 1)
    w = [np.ones(shape) for shape in ((4, 2), (4, 1), (1, 4), (1, 1))]

    def start(slip):
        return function(source("initialize_adam", slip), "initialize_adam")(*n)

    with pytest.raises(ValueError, match="broadcast"):
        update(*w, *w, *start("initialize.transposed"), 1)
    assert update(*w, *w, *start("initialize.bias_not_column"), 1)[1].shape == (4, 4)
    whole = start("initialize.integers")[0]
    with pytest.raises(TypeError):
        whole *= 0.9
    whole[...] = 0.9
    assert not whole.any()
    shared = start("initialize.shared_buffer")
    shared[0][...] = 5
    assert any(np.all(x == 5) for x in shared[1:])


def check_no_message_says_the_right_shape(assessed):
    for slip in ("initialize.transposed", "initialize.bias_not_column", "initialize.order_of_returns"):
        message = assessed("initialize_adam", source("initialize_adam", slip)).outcome("initialize.shapes").message
        assert len(re.findall(r"\(\d+,[^)]*\)", message)) == 1  # the student's own


def check_the_points_are_those_of_the_marking_scheme(assessed):
    assert {o.id: o.max_points for o in assessed("initialize_adam", KEY).outcomes} == {
        "initialize.shapes": 2, "initialize.zeros": 1, "initialize.independent": 1}
