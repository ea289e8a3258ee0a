"""What a graded notebook shows: an instructor's own tests earn what a person would give, a criterion what its cell carries."""
import math

import nbformat
import pytest
import student_code
from nbgrader.utils import determine_grade
from nbgraders_own import cell

from optimlab.classroom.gradebook.scores import points
from optimlab.classroom.grading.judging import Graded
from optimlab.classroom.grading.notebooks import grade_id, is_test
from optimlab.classroom.grading.outcomes import as_comment, write_outcome
from optimlab.classroom.sandbox.run import Evidence, Limits

INITIALIZE, UPDATE = "initialize_adam", "update_parameters_with_adam"
RIGHT = {name: student_code.source(name) for name in (INITIALIZE, UPDATE)}


def said(text, **more):
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": {"text/plain": text, **more}}


ERROR = {"output_type": "error", "ename": "AssertionError", "evalue": "", "traceback": []}
PRINT = {"output_type": "stream", "name": "stdout", "text": "3"}
STDERR = {"output_type": "stream", "name": "stderr", "text": "Warning: 1"}
SHOWN = {"output_type": "display_data", "metadata": {}, "data": {"text/plain": "0"}}
NEVER = None  # the cell did not run

# What a test of 4 points shows, and what it earns; NaN: nothing, and a person looks.
SHOWS = {
    "silence": ([], 4), "it never ran": (NEVER, 0), "an error": ([ERROR], 0),
    "a print": ([PRINT], 4), "a warning": ([STDERR], 4), "a warning and an error": ([STDERR, ERROR], 0),
    "a picture": ([SHOWN], 4), "a warning and points": ([STDERR, said("2.5")], 2.5),
    "points": ([said("2.5")], 2.5), "a whole number": ([said("3")], 3), "no points": ([said("0")], 0), "all points": ([said("4")], 4),
    "a sum that is rounded": ([said(str(0.1 + 0.2 + 3.7))], 4), "a zero that is rounded": ([said("-1e-17")], 0),
    "numpy's number": ([said("np.float64(1.5)")], 1.5), "numpy's whole number": ([said("np.int64(2)")], 2),
    "True": ([said("True")], 4), "numpy's False": ([said("np.False_")], 4), "a text": ([said("'fine'")], 4),
    "a number in a text": ([said("'2'")], 4), "an array": ([said("array([1., 2.])")], 4), "HTML, too": ([said("1.5", **{"text/html": "x"})], 1.5),
    "NaN": ([said("nan")], math.nan), "numpy's NaN": ([said("np.float64(nan)")], math.nan), "infinity": ([said("inf")], math.nan),
    "a negative number": ([said("-1")], math.nan), "too many points": ([said("4.1")], math.nan),
    "lines that show themselves": ([said("9"), said("-3"), said("2.5")], 2.5), "a line, then an error": ([said("3"), ERROR], 0),
    "points, a picture": ([said("1"), SHOWN], 1),
}


@pytest.mark.parametrize("shows", SHOWS)
def test_a_test_earns_what_a_person_would_give(shows):
    """In our gradebook, and by nbgrader's own rule, which `nbgrader autograde` applies to the same cell."""
    outputs, expected = SHOWS[shows]
    nb = nbformat.v4.new_notebook(cells=[cell("test", "code", "...", grade=True, points=4)])
    write_outcome(nb, Graded("", (), Evidence(outputs={} if outputs is NEVER else {1: outputs})))
    nbformat.validate(nb)
    given = points(nb.cells[0], 4)
    assert math.isnan(given) if math.isnan(expected) else given == expected
    assert determine_grade(nb.cells[0]) == (0 if math.isnan(expected) else expected, 4)


@pytest.mark.parametrize("kind, marks", [
    ("code", {}), ("code", {"solution": True}), ("code", {"solution": True, "grade": True, "points": 2})])
def test_what_is_no_test_shows_what_it_showed(kind, marks):
    nb = nbformat.v4.new_notebook(cells=[cell("answer", kind, "...", **marks)])
    for outputs in ([], [STDERR, said("nan")], [ERROR]):
        write_outcome(nb, Graded("", (), Evidence(outputs={1: outputs})))
        assert [dict(o) for o in nb.cells[0].outputs] == outputs


def test_a_cell_for_people_alone_is_not_run_and_a_test_always_is(bare, judged):
    nb = nbformat.from_dict(bare("shown = 1", "shown = 2", "assert shown == 2"))
    nb.cells[2] = cell("test", "code", "assert shown == 2", grade=True, points=1)
    for made in nb.cells[1:]:
        made.metadata.tags = ["skip-execution"]
    write_outcome(nb, judged(nb))
    assert nb.cells[1].outputs == [] and determine_grade(nb.cells[2]) == (0, 1)


@pytest.mark.parametrize("much", [
    [{"output_type": "error", "ename": "E", "evalue": "x", "traceback": ["x"] * 30_000}],
    [{"output_type": "stream", "name": "stdout", "text": [""] * 30_000}, ERROR],
    [{**SHOWN, "data": {f"a/{n}": "" for n in range(30_000)}}, ERROR], [PRINT] * 30_000 + [ERROR],
    [{**SHOWN, "data": {"application/json": [[]] * 30_000}}, ERROR],
], ids=["lines", "texts", "kinds", "outputs", "lists"])
def test_a_cell_that_shows_too_much_shows_what_decides_and_its_neighbours_show_all(much):
    nb = nbformat.v4.new_notebook(cells=[cell("before", "code", "..."), cell("test", "code", "...", grade=True, points=4),
                                         cell("after", "code", "...")])
    write_outcome(nb, Graded("", (), Evidence(outputs={1: [PRINT], 2: much, 3: [SHOWN]})))
    before, test, after = nb.cells
    assert (before.outputs, after.outputs) == ([PRINT], [SHOWN])
    assert determine_grade(test) == (0, 4) and "show too much" in str(test.outputs) and len(str(test.outputs)) < 1000


OWN = [cell("own-trains", "code", f"assert len({INITIALIZE}(2, 3, 1)) == 8", grade=True, points=5),
       cell("own-part", "code", "1.5", grade=True, points=3)]


def with_own_tests(nb, *before):
    """The notebook with student's cells at its beginning and two tests of the instructor's own in it."""
    nb = nbformat.from_dict(nb)
    at = next(n for n, c in enumerate(nb.cells) if grade_id(c) == "update-every_parameter")
    nb.cells[at:at] = OWN
    nb.cells[1:1] = map(nbformat.v4.new_code_cell, before)
    return nb


@pytest.mark.slow
@pytest.mark.parametrize("answers, before, limits, earned", [
    (RIGHT, (), Limits(), [5, 1.5]),
    ({**RIGHT, INITIALIZE: RIGHT[INITIALIZE].replace("):\n", "):\n    import warnings; warnings.warn('old', DeprecationWarning, stacklevel=1)\n", 1)},
     (), Limits(), [5, 1.5]),
    (RIGHT, ["import time; time.sleep(30)"] * 10, Limits(cell=0.3, total=0.5), [0, 0]),
], ids=["right", "warns", "never ran"])
def test_own_tests_among_the_tutor_s(answers, before, limits, earned, answered, judged):
    nb = with_own_tests(answered(answers), *before)
    write_outcome(nb, judged(nb, limits=limits))
    assert [determine_grade(c)[0] for c in nb.cells if grade_id(c).startswith("own-")] == earned


@pytest.mark.parametrize("right", [True, False])
def test_a_criterion_gives_the_points_of_its_cell(right, answered, judged):
    """And all that tells of them says the same: the cells, the sum, the comment, the JSON."""
    name = "update-later_steps"  # 4 points
    nb = nbformat.from_dict(answered(RIGHT if right else {**RIGHT, UPDATE: student_code.source(UPDATE, "first_correction.missing")}))
    tests = {grade_id(c): c for c in nb.cells if is_test(c)}
    in_the_tutor_s_points = judged(nb)
    for worth in (8, 2, 2.5, 0, 1 / 3):
        tests[name].metadata.nbgrader.points = worth
        graded = write_outcome(nb, in_the_tutor_s_points)
        assert determine_grade(tests[name]) == (worth if right else 0, worth)
        assert graded.max_score == pytest.approx(16 + worth)
        assert graded.score == pytest.approx(sum(determine_grade(c)[0] for c in tests.values()))
        assert graded.score == pytest.approx(16 + worth if right else 12)
        told = graded.to_json("x.ipynb")
        assert told["score"] == sum(e["score"] for e in told["exercises"]) == graded.score
        assert right or as_comment(graded.reports[1]).startswith(f"8 of {12 + worth:g} points")


def test_a_criterion_whose_cell_is_gone_gives_none(answered, judged):
    nb = nbformat.from_dict(answered(RIGHT))
    nb.cells = [c for c in nb.cells if grade_id(c) != "update-later_steps"]
    graded = write_outcome(nb, judged(nb))
    assert (graded.score, graded.max_score) == (16, 16)
