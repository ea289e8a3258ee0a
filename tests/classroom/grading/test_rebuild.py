"""A submission is rebuilt from the released notebook: only answers and added cells are the student's."""
import copy

import nbformat
import pytest
import student_code

from optimlab.classroom import Unusable
from optimlab.classroom.grading import rebuild as rebuilding
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.rebuild import is_own, unreadable

INITIALIZE, UPDATE = "initialize_adam", "update_parameters_with_adam"
TEST_CELL = "update-later_steps"


@pytest.fixture
def submitted(answered):
    return nbformat.from_dict(answered({INITIALIZE: "my_first = 1", UPDATE: "my_second = 2"}))


def rebuild(submitted, released):
    return nbformat.from_dict(rebuilding.rebuild(submitted, released))


def place(nb, name):
    return next(n for n, c in enumerate(nb.cells) if grade_id(c) == name)


def edit_tests(nb):
    nb.cells[place(nb, TEST_CELL)].source = "pass"


def delete_tests(nb):
    del nb.cells[place(nb, TEST_CELL)]


def double_tests(nb):
    nb.cells.append(copy.deepcopy(nb.cells[place(nb, TEST_CELL)]))


def move_tests(nb):
    nb.cells.insert(0, nb.cells.pop(place(nb, TEST_CELL)))


def cheapen_tests(nb):
    nbgrader = nb.cells[place(nb, TEST_CELL)].metadata.nbgrader
    nbgrader.points, nbgrader.grade, nbgrader.locked = 1000, False, False


def tag_tests(nb):
    nb.cells[place(nb, TEST_CELL)].metadata.tags = ["skip-execution"]


def text_for_tests(nb):
    nb.cells[place(nb, TEST_CELL)].cell_type = "markdown"


def no_ids(nb):
    for cell in nb.cells:
        cell.pop("id", None)


@pytest.mark.parametrize("change", [edit_tests, delete_tests, double_tests, move_tests, cheapen_tests,
                                    tag_tests, text_for_tests])
def test_what_is_not_the_student_s_is_as_released(change, submitted, released):
    change(submitted)
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    expected = nbformat.from_dict(released)
    expected.cells[place(expected, INITIALIZE)].source = "my_first = 1"
    expected.cells[place(expected, UPDATE)].source = "my_second = 2"
    assert rebuilt == expected


def test_added_cells_stay_where_they_were_put(submitted, released):
    own = nbformat.v4.new_code_cell("print('mine')", metadata={"tags": ["x"], "nbgrader": {"grade": True}})
    submitted.cells.insert(place(submitted, UPDATE), own)
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    kept = rebuilt.cells[place(rebuilt, UPDATE) - 1]
    assert (kept.source, len(rebuilt.cells)) == ("print('mine')", len(released["cells"]) + 1)
    assert is_own(kept) and set(kept.metadata) == {"optimlab"}
    assert [c.source for c in rebuilt.cells if is_own(c)] == ["print('mine')"]


def test_an_added_cell_takes_no_released_cells_id(submitted, released):
    """The student's cell could pass for a released one, which is shown as it is."""
    own = nbformat.v4.new_markdown_cell("mine", id=TEST_CELL)
    submitted.cells.insert(0, own)
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    assert [c.id for c in rebuilt.cells if not is_own(c)] == [c["id"] for c in released["cells"]]
    assert len({c.id for c in rebuilt.cells}) == len(rebuilt.cells)


def test_a_deleted_answer_does_not_undo_what_an_added_cell_defines(submitted, released, judged):
    submitted.cells[place(submitted, UPDATE)] = nbformat.v4.new_code_cell(student_code.source(UPDATE))
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    assert judged(rebuilt).reports[1].score == 16


def test_a_notebook_without_cell_ids_keeps_its_answers(submitted, released):
    no_ids(submitted)
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    assert rebuilt.cells[place(rebuilt, INITIALIZE)].source == "my_first = 1"
    nbformat.validate(rebuilt)


def test_ids_are_unique_even_where_the_student_s_were_not(submitted, released):
    for _ in range(3):
        submitted.cells.append(nbformat.v4.new_code_cell("1", id="same"))
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    ids = [c.id for c in rebuilt.cells]
    assert len(set(ids)) == len(ids)


def test_an_unreadable_file_says_so_in_the_feedback(released, judged):
    rebuilt = rebuild(unreadable("a.ipynb", Unusable("a.ipynb: is empty: send it again")), nbformat.from_dict(released))
    assert "could not be read" in rebuilt.cells[0].source and "is empty" in rebuilt.cells[0].source
    assert judged(rebuilt).score == 0
