"""A submission is rebuilt from the released notebook: only answers and added cells are the student's."""
import contextlib
import copy

import forms
import nbformat
import pytest
import student_code
from forms import FORMS, form
from hang import hang_guard
from nbgrader.utils import compute_checksum, determine_grade
from nbgraders_own import cell

from optimlab.classroom.grading import rebuild as rebuilding
from optimlab.classroom.grading.notebooks import grade_id, parse_notebook, read_notebook
from optimlab.classroom.grading.rebuild import is_note, is_own, unreadable
from optimlab.classroom.grading.released import released_for

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
    for c in nb.cells:
        c.pop("id", None)


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
    rebuilt = rebuild(unreadable("is empty: send it again"), nbformat.from_dict(released))
    assert "could not be read" in rebuilt.cells[0].source and "is empty" in rebuilt.cells[0].source
    assert judged(rebuilt).score == 0


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_no_cell_is_nbgrader_s_that_was_not_released(form, released):
    """Nothing that is handed in becomes a test, an answer with points, or read-only."""
    rebuilt = rebuild(parse_notebook(forms.file_of(form), form.name), nbformat.from_dict(released))
    assert [c.metadata.nbgrader for c in rebuilt.cells if "nbgrader" in c.metadata] == [
        c["metadata"]["nbgrader"] for c in released["cells"] if "nbgrader" in c["metadata"]]
    assert [c.id for c in rebuilt.cells if not (is_own(c) or is_note(c))] == [c["id"] for c in released["cells"]]
    assert len({c.id for c in rebuilt.cells}) == len(rebuilt.cells)
    nbformat.validate(rebuilt)


SECOND = f"The answer {UPDATE}"


@pytest.mark.parametrize("name, told", [
    ("as-it-is", []), ("no-ids", []), ("all-twice", []), ("stub-below", []),
    ("split-helper", [f"{SECOND} came in 2 cells: their code runs in its order, and the last definition counts."]),
    ("split-in-three", [f"{SECOND} came in 3 cells: their code runs in its order, and the last definition counts."]),
    ("markdown", [f"{SECOND} came as text and ran as code."]),
    ("own-cell-far-above-the-stub", [f"{SECOND} stands in another cell, which counts."]),
    ("own-cell-instead", [f"{SECOND} was in a cell without nbgrader's mark, and is known by what it says and where it "
                          "stands."]),
    ("words-in-two-cells", ["The answer question-first-step came in 2 cells, which are put together here."]),
    ("words-at-the-end", ["The answer question-first-step is not in its cell: a person looks whether another one holds it.",
                          "The answer question-difference is not in its cell: a person looks whether another one holds it."]),
    ("kaggle", ["nbgrader's marks were gone from this file, as some editors strip them: its answers are known by what "
                "they say and where they stand."]),
])
def test_what_was_done_is_told_above_the_answer(name, told, released):
    form = next(form for form in FORMS if form.name == name)
    rebuilt = rebuild(parse_notebook(forms.file_of(form), name), nbformat.from_dict(released))
    assert [c.source for c in rebuilt.cells if is_note(c)] == told


def test_a_student_s_cell_is_no_note_of_ours(submitted, released):
    """Its text would be shown as it is."""
    submitted.cells.insert(0, nbformat.v4.new_markdown_cell("<script>", metadata={"optimlab": "note"}))
    assert not any(map(is_note, rebuild(submitted, nbformat.from_dict(released)).cells))


def test_what_was_written_into_the_question_stands_below_it(submitted, released):
    submitted.cells[0].source += "\n\nI rewrote the task."
    rebuilt = rebuild(submitted, nbformat.from_dict(released))
    assert rebuilt.cells[0].source == released["cells"][0]["source"]
    assert is_own(rebuilt.cells[1]) and rebuilt.cells[1].source.strip() == "I rewrote the task."


def test_all_parts_of_an_answer_in_words_keep_their_pictures(submitted, released):
    at = place(submitted, "question-first-step")
    parts = [copy.deepcopy(submitted.cells[at]) for _ in range(2)]
    for part, data in zip(parts, ("eA==", "eQ==")):
        part.source, part.attachments = f"![{data}](attachment:image.png)", {"image.png": {"image/png": data}}
    submitted.cells[at:at + 1] = parts
    answer = next(c for c in rebuild(submitted, nbformat.from_dict(released)).cells if grade_id(c) == "question-first-step")
    assert answer.source == "![eA==](attachment:image.png)\n\n![eQ==](attachment:1-image.png)"
    assert [a["image/png"] for a in answer.attachments.values()] == ["eA==", "eQ=="]


# --- an instructor's own assignment: what its empty cells look like, and what comes back --------------------

NAMELESS = "# YOUR CODE HERE\nraise NotImplementedError()"
VALUE = "x = None  # your answer"
CLASS = "class Adam:\n    def step(self):\n        raise NotImplementedError()"
WITH_DATA = "data = [1, 2]\n\ndef total():\n    raise NotImplementedError()"


def handed_out(stub, hidden="assert True"):
    test = f"assert True\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
    return nbformat.v4.new_notebook(cells=[
        nbformat.v4.new_markdown_cell("The question."), cell("answer", "code", stub, solution=True),
        cell("test", "code", test, grade=True, points=4), nbformat.v4.new_markdown_cell("The end.")])


def bare(*cells):
    """A notebook without any metadata: the prose of `handed_out` and these sources in its middle."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("The question."),
                                           *map(nbformat.v4.new_code_cell, cells), nbformat.v4.new_markdown_cell("The end.")])


def defined_by(nb):
    """What the code cells of a notebook define, each run as in Jupyter: an error ends its own cell alone."""
    namespace = {}
    for c in nb.cells:
        if c.cell_type == "code":
            with contextlib.suppress(Exception):
                exec(c.source, namespace)
    return namespace


@pytest.mark.parametrize("stub, cells, asked, value", [
    (NAMELESS, ["x = 5"], "x", 5),
    (NAMELESS, ["x = 5", NAMELESS], "x", 5),
    (NAMELESS, ["y = 2", "x = y + 3"], "x", 5),
    (VALUE, ["x = 2", "y = x + 3", "x = y"], "x", 5),
    (VALUE, ["x = 5"], "x", 5),
    (VALUE, ["x = 5", VALUE], "x", 5),
    (VALUE, ["x = 4", "x = 5"], "x", 5),
    (CLASS, ["class Adam:\n    def step(self):\n        return 5", CLASS], "Adam().step()", 5),
    (WITH_DATA, ["def total():\n    return sum(data)", WITH_DATA], "total()", 3),
    (WITH_DATA, ["data = [1, 2]\ndef total():\n    a, b = data", "    return a + b"], "total()", 3),
])
@pytest.mark.parametrize("tested", [True, False], ids=["with the test", "without the test"])
def test_an_assignment_of_one_s_own_without_metadata(stub, cells, asked, value, tested):
    """Its answer counts, its tests are known though students do not see all of them, and none runs twice."""
    rebuilt = rebuild(bare(*cells, *["assert True"] * tested), handed_out(stub))
    assert eval(asked, defined_by(rebuilt)) == value
    assert [c.source.count("assert True") for c in rebuilt.cells if not is_own(c)].count(2) == 1
    assert not any("assert" in c.source for c in rebuilt.cells if is_own(c))


@pytest.mark.parametrize("kind, left, own, waits", [
    ("code", NAMELESS, nbformat.v4.new_code_cell("print('a proof')"), True),
    ("code", NAMELESS, None, False),
    ("code", "", None, True),
    ("markdown", NAMELESS, nbformat.v4.new_markdown_cell("My words."), True),
    ("markdown", NAMELESS, nbformat.v4.new_code_cell("# My words."), True),
    ("markdown", NAMELESS, None, False),
    ("markdown", "", None, True),
])
def test_a_person_is_asked_where_an_answer_for_a_person_may_stand_elsewhere(kind, left, own, waits):
    """nbgrader gives 0 by itself where the checksum is still the released one, and leaves all else to a person."""
    answer = cell("answer", kind, NAMELESS, grade=True, solution=True, points=3)
    answer.metadata.nbgrader.checksum = compute_checksum(answer)
    released = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("The question."), answer])
    submitted = copy.deepcopy(released)
    submitted.cells[1].source = left
    if own is not None:
        submitted.cells.append(own)
    answer = next(c for c in rebuild(submitted, released).cells if grade_id(c) == "answer")
    assert determine_grade(answer)[0] == (None if waits else 0)


# --- `optimlab check` ---------------------------------------------------------------------------------------

@pytest.mark.parametrize("change, found", [
    (form("as released", lambda nb: None), True),
    (form("somebody answered in it", forms.written(UPDATE, forms.ANSWERS[UPDATE])), False),
    (form("in a cell of their own", forms.own(UPDATE, forms.code(forms.ANSWERS[UPDATE]))), False),
    (form("as text", forms.typed(UPDATE, "markdown")), False),
], ids=lambda value: getattr(value, "name", ""))
def test_check_compares_with_the_course_s_notebook_unless_somebody_works_in_it(change, found, released, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    nb = nbformat.from_dict(released)
    change.make(nb)
    path = tmp_path / "assignments" / "adam" / "adam.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(nbformat.writes(nb), encoding="utf-8")
    (tmp_path / "nbgrader_config.py").touch()
    submitted = read_notebook(path)
    near = released_for(submitted, tmp_path / "submitted" / "ada.ipynb").notebook
    assert ([c["source"] for c in near["cells"]] == [c["source"] for c in submitted["cells"]]) is found


@pytest.mark.slow
@pytest.mark.parametrize("cells", [
    [nbformat.v4.new_code_cell("\n".join(f"x{n} = {n}" for n in range(2_000)) + f"\ny = {m}") for m in range(400)],
    [nbformat.v4.new_code_cell("    x = 1", metadata={"nbgrader": {"grade_id": UPDATE}})] * 2_000,
    [nbformat.v4.new_markdown_cell("``` x\n" * 100_000)] * 20,
    [nbformat.v4.new_code_cell("(" * 100_000), nbformat.v4.new_code_cell("x" + ".y" * 100_000),
     nbformat.v4.new_code_cell("a\0b"), nbformat.v4.new_code_cell("1" + "+1" * 100_000)],
], ids=["much code", "many parts", "many fences", "deep"])
def test_a_hostile_notebook_is_rebuilt_in_no_time(cells, submitted, released):
    submitted.cells[1:1] = cells
    with hang_guard(20):
        rebuilding.rebuild(submitted, released)
