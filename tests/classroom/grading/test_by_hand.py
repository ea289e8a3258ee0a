"""Which points a person has to look at again follows from what the student changed, and from nothing else."""
import copy

import nbformat
import pytest
from nbgraders_own import essay

from optimlab.classroom.grading.by_hand import handed_in
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.rebuild import rebuild


def written(nb, name, source):
    next(c for c in nb.cells if grade_id(c) == name).source = source


def below(nb, name, cell):
    place = next(n for n, c in enumerate(nb.cells) if grade_id(c) == name)
    nb.cells.insert(place + 1, cell)


def text(source):
    return nbformat.v4.new_markdown_cell(source)


def code(source):
    return nbformat.v4.new_code_cell(source)


CHANGES = {
    "nothing": (lambda nb: None, set()),
    "outputs": (lambda nb: nb.cells[1].outputs.append(nbformat.v4.new_output("stream", text="1")), set()),
    "a test cell": (lambda nb: written(nb, "test", "pass"), set()),
    "the instructor's words": (lambda nb: nb.cells.pop(0), set()),
    "the code": (lambda nb: written(nb, "answer", "x = 2"), {"test", "task"}),
    "code with points": (lambda nb: written(nb, "proof", "1"), {"test", "proof", "task"}),
    "words": (lambda nb: written(nb, "words", "No."), {"words", "task"}),
    "words below the answer": (lambda nb: below(nb, "words", text("No.")), {"words", "task"}),
    "words elsewhere": (lambda nb: below(nb, "answer", text("No.")), {"task"}),
    # The question in words is unanswered: this may be the answer.
    "words below a task": (lambda nb: below(nb, "task", text("See.")), {"words", "task"}),
    "a cell of code": (lambda nb: below(nb, "answer", code("x = 3")), {"test", "task"}),
    "a picture": (lambda nb: nb.cells[4].update(attachments={"a.png": {"image/png": "aGk="}}), {"words", "task"}),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_reaches_what_its_points_are_for(change):
    make, expected = CHANGES[change]
    released = nbformat.from_dict(essay())
    changed = copy.deepcopy(released)
    make(changed)
    before, now = (handed_in(nbformat.from_dict(rebuild(nb, released))) for nb in (released, changed))
    assert before.keys() == now.keys() == {"test", "proof", "words", "task"}
    assert {name for name in now if now[name] != before[name]} == expected
