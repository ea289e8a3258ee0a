"""`initialize_velocity` (lesson 05) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def initialize_velocity(w):
    return np.zeros(np.shape(w))
'''
TEMPLATE = '''
import numpy as np

def initialize_velocity(w):
    v = {made}
    return {result}
'''
CORRECT = {
    "made": "np.zeros({shape}, dtype={type})", "shape": "w.shape", "type": "float",
    "result": "v",
}
SLIPS = {
    "ones": {"made": "np.ones({shape}, dtype={type})"},
    "random": {"made": "np.random.default_rng().normal(0, 5, {shape}).astype({type})"},
    "copy_of_w": {"made": "np.resize(w, {shape}).astype({type})"},
    "uninitialized": {"made": "np.empty({shape}, dtype={type})"},
    "integers": {"type": "w.dtype"},
    "same_as_w": {"result": "w"},
    "flat": {"shape": "w.size"},
    "length_only": {"shape": "len(w)"},
    "transposed": {"shape": "w.shape[::-1]"},
    "scalar": {"result": "0"},
    "list_returned": {"result": "v.tolist()"},
    "w_too": {"result": "w, v"},
}
WAYS = (
    ("integers", "return np.zeros_like(w)"),
    ("integers", "return w * 0"),
    ("random", "return np.random.default_rng(0).random(w.shape)"),
    ("random", "return 0.01 * np.random.randn(*w.shape)"),
    ("uninitialized", "return np.empty(w.shape)"),
    ("copy_of_w", "return w.copy()"),
    ("copy_of_w", "return np.array(w, dtype=float)"),
    ("same_as_w", "return w.view()"),
    ("same_as_w", """
        v = w
        return v"""),
    ("length_only", "return np.zeros((len(w), 1))"),
    ("flat", "return np.zeros_like(w, dtype=float).ravel()"),
    ("flat", "return np.zeros((w.size, 1))"),
    ("scalar", "return 0.0"),
    ("scalar", "return np.zeros(())"),
    ("list_returned", "return [0.0] * len(w)"),
    ("list_returned", "return [np.zeros(1) for row in w]"),
)
STYLES = {
    "zeros": "return np.zeros(w.shape)",
    "zeros_like": "return np.zeros_like(w, dtype=float)",
    "full": "return np.full(w.shape, 0.0)",
    "times zero": "return 0.0 * w",
    "the difference of floats": "return w.astype(float) - w",
    "filled": "v = np.empty(w.shape)\nv.fill(0)\nreturn v",
    "a loop": "v = np.array(w, float)\nfor i in np.ndindex(v.shape):\n    v[i] = 0\nreturn v",
    "from a list": "return np.array([0.0] * w.size).reshape(w.shape)",
    "float32": "return np.zeros(w.shape, np.float32)",
}
TOGETHER = (
    ("integers", "transposed"),
    ("uninitialized", "length_only"),
    ("ones", "integers", "flat"),
)


IN_PLACE = {"w set to zero": """
    v = w
    v *= 0
    return v.astype(float)"""}
READ_OFF = True
# What cannot be seen beside a slip: what is in a list, a pair, or taken from w.
HIDES = {**dict.fromkeys(("scalar", "list_returned", "w_too", "same_as_w"), frozenset(SLIPS)),
         "copy_of_w": {"integers"}}
# Of one number, of none, of truths, of what is not finite.
TOLD = (
    ("return np.zeros(0)", ()),
    ("return np.array([0.5])", ()),
    ("return np.full(w.shape, np.nan)", ()),
    ("return np.inf * w", ()),
    ("return w.astype(bool)", ("integers", "ones")),
    ("return np.arange(w.size).reshape(w.shape) > 0", ("integers", "random")),
)


# --- what its hints say ------------------------------------------------------

def check_a_velocity_of_another_form_stops_the_first_step():
    for slip, shape in (("flat", (2, 3)), ("length_only", (2, 3)), ("transposed", (2, 3)), ("list_returned", (3,)),
                        ("w_too", (3,))):
        w = np.ones(shape)
        with pytest.raises((TypeError, ValueError)):
            0.9 * student("initialize_velocity", slip)(w) + 0.1 * w
