"""Every right way to write an exercise gets full points and no mistake; what only looks right does not.

A tutor that marks a right answer wrong teaches that the rule is wrong. The answers are those of
tests/tutor/exercises/.
"""
import inspect

import pytest
import student_code
from numpy.random import default_rng
from student_code import NAMES, id_of, key, source, student, whole

from optimlab.tutor.challenges import answer
from optimlab.tutor.checking import PUBLIC_SEED
from optimlab.tutor.registry import ASSIGNMENTS, EXERCISES

SEEDS = (PUBLIC_SEED, 1)
STYLES = [(name, style, text) for name in NAMES for style, text in student_code.of(name).styles.items()]
IN_PLACE = [(name, what, text) for name in NAMES for what, text in student_code.of(name).in_place.items()]
GRADED = [exercise for exercises in ASSIGNMENTS.values() for exercise in exercises]
# Those that return several arrays.
SEVERAL = [e.name for e in GRADED if len(answer(e.challenges(default_rng(0))[0], student(e.name)).results) > 1]


def ids_of(rows):
    return [f"{name}, {what}" for name, what, _ in rows]


def is_right(assessed, names, name, text, remarks=frozenset()):
    for seed in SEEDS:
        report = assessed(name, text, seed)
        full = (report.status, report.score) == ("correct", EXERCISES[name].max_score)
        assert full and names(report) == remarks, (seed, str(report))


def test_every_exercise_has_its_answers():
    assert set(NAMES) == set(EXERCISES)


@pytest.mark.parametrize("name", NAMES)
def test_the_key_gets_full_points(assessed, names, name):
    """The source alone, as a test puts it into a lesson's cell."""
    is_right(assessed, names, name, "import numpy as np\n\n" + key(name))


@pytest.mark.parametrize("name", NAMES)
def test_the_code_without_slips_gets_full_points(assessed, names, name):
    is_right(assessed, names, name, source(name))


@pytest.mark.parametrize("name", NAMES)
def test_key_and_template_take_the_same_arguments(name):
    one, other = (inspect.signature(student_code.function(f"import numpy as np\n{text}", name))
                  for text in (key(name), source(name)))
    assert str(one) == str(other)


@pytest.mark.parametrize("name, style, text", STYLES, ids=ids_of(STYLES))
def test_every_right_style_gets_full_points(assessed, names, name, style, text):
    is_right(assessed, names, name, whole(name, text))


@pytest.mark.parametrize("name, what, text", IN_PLACE, ids=ids_of(IN_PLACE))
def test_changing_the_inputs_is_a_remark_and_costs_nothing(assessed, names, name, what, text):
    """One line says what the caller loses."""
    is_right(assessed, names, name, whole(name, text), {"changes_inputs"})


# --- what only looks right ----------------------------------------------------

PRETENDERS = """
class Pretender:
    def __init__(self, a): self.a, self.shape, self.dtype = a, a.shape, a.dtype
    def __eq__(self, other): return True
    def __sub__(self, other): return 0 * other
    __rsub__ = __sub__
    def __array__(self, *args, **kwargs): return self.a

class Subclass(np.ndarray):
    def __eq__(self, other): return np.ones(self.shape, bool)
    def __array_ufunc__(self, *args, **kwargs): return np.zeros(self.shape)
"""


@pytest.mark.parametrize("name", SEVERAL)
@pytest.mark.parametrize("results, seen", [
    ("dict(enumerate(out))", "a dict"),
    ("(x for x in out)", "a generator"),
    ("set(map(id, out))", "a set"),
    ("out[0]", "a single array"),
    ("3.0", "a float"),
    ("'W1'", "a str"),
    ("map(np.array, out)", "a map"),
    ("np.array(out[:1] * len(out))", "a single array"),
    ("type('Bag', (tuple,), {})(out)", "a Bag"),
    ("(out[:4], out[4:])", "a tuple"),
    ("(out,) * (len(out) + 1)", "came back, among them a tuple"),
    ("((out,),)", "1 came back, among them a tuple"),
    ("[list(out[:2])] + [[x] for x in out[2:]]", "among them a list"),
    ("out + (out[0] * 1,)", "came back"),
    ("out[::-1][:-1]", "came back"),
    ("()", "0 came back"),
    ("tuple(x.tolist() for x in out)", "one of them is a list"),
    ("[tuple(x.tolist()) for x in out]", "one of them is a tuple"),
    ("[None] * len(out)", "one of them is a NoneType"),
    ("[0.0] * len(out)", "one of them is a single number"),
    ("tuple(np.matrix(x) if x.ndim == 2 else x for x in out)", "one of them is an np.matrix"),
    ("tuple(x.astype(object) for x in out)", "one of them is an array of object"),
    ("tuple(x.astype(complex) for x in out)", "one of them is an array of complex128"),
    ("tuple(x.astype(str) for x in out)", "one of them is an array of str"),
    ("tuple(np.ma.masked_array(x, mask=True) for x in out)", "one of them is a MaskedArray"),
    ("tuple(x.view(Subclass) for x in out)", "one of them is a Subclass"),
    ("tuple(Pretender(x) for x in out)", "one of them is a Pretender"),
    ("out[:-1] + (Pretender(out[-1]),)", "one of them is a Pretender"),
])
def test_what_is_no_tuple_of_arrays_gets_no_points_and_is_described(assessed, names, name, results, seen):
    """What only pretends to be equal is worth nothing, and no mistake is made up for it."""
    report = assessed(name, f"{source(name)}\nright = {name}\n{PRETENDERS}\ndef {name}(*args, **kwargs):\n"
                            f"    out = right(*args, **kwargs)\n    return {results}\n")
    assert report.status == "wrong" and report.score == 0
    assert all(seen in outcome.message for outcome in report.outcomes)
    assert names(report) <= {id_of(name, slip) for slip in student_code.of(name).by_form}
