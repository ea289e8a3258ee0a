"""The forms in which one and the same notebook comes back: what editors, splits, copies and strips make of it.

Each is a line of a table: its name, the points that a careful teacher gives, the questions in words that wait for a
person, and a small function that makes it from the notebook with its answers. After public reports: nbgrader's
issues 92, 424, 1083, 1273, 1331 and 1941, and what Colab, VS Code, Kaggle, Deepnote and PyCharm save.
"""
import copy
import json
import random
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import nbformat
import student_code
from grading_runs import RELEASED
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

INITIALIZE, UPDATE = "initialize_adam", "update_parameters_with_adam"
FIRST, SECOND = "question-first-step", "question-difference"
BOTH = frozenset({FIRST, SECOND})
TEST, CHECK = "update-later_steps", "check-update"
ANSWERS = {INITIALIZE: student_code.key(INITIALIZE), UPDATE: student_code.key(UPDATE),
           FIRST: "About the learning rate.\n\nIts size cancels.", SECOND: "The second moment: I would leave it out."}
WRONG = student_code.source(UPDATE, "first_correction.missing")  # 8 of its 16 points
ONES = student_code.source(INITIALIZE, "initialize.ones")  # 3 of its 4 points
EMPTY = {grade_id: c.source for c in nbformat.read(RELEASED, as_version=4).cells
         if (grade_id := c.metadata.get("nbgrader", {}).get("grade_id", "")) in ANSWERS}
HELPER = "def corrected(moment, beta, t):\n    return moment / (1 - beta ** t)"
WITH_HELPER = '''
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    w, dw = [W1, b1, W2, b2], [dW1, db1, dW2, db2]
    v = [beta1 * old + (1 - beta1) * new for old, new in zip([vW1, vb1, vW2, vb2], dw)]
    s = [beta2 * old + (1 - beta2) * new ** 2 for old, new in zip([sW1, sb1, sW2, sb2], dw)]
    for k in range(4):
        w[k] = w[k] - learning_rate * corrected(v[k], beta1, t) / (np.sqrt(corrected(s[k], beta2, t)) + epsilon)
    return (*w, *v, *s)
'''.strip()
BROKEN = "def update_parameters_with_adam(W1, b1, W2, b2:\n    return W1 -"


class Form(NamedTuple):
    """One form. `make` changes a notebook in place, or gives the bytes of its file."""

    name: str
    points: int
    waiting: frozenset[str]
    make: Callable


def answered(**others):
    """The released notebook with right answers, or with these."""
    nb = nbformat.read(RELEASED, as_version=4)
    for cell in nb.cells:
        if mark(cell) in ANSWERS:
            cell.source = {**ANSWERS, **others}[mark(cell)]
    return nb


def file_of(form):
    """The bytes of the notebook's file in this form."""
    nb = answered()
    made = form.make(nb)
    return made if isinstance(made, bytes) else json.dumps(nb).encode()


def table(rows):
    """The matrix for a person: what each way in gives for each form, of rows (form, {way: points})."""
    lines = [("form", "teacher", "waiting", *rows[0][1])]
    lines += [(form.name, form.points, len(form.waiting), *given.values()) for form, given in rows]
    return "\n".join(f"{first:32}" + "".join(f"{value!s:>14}" for value in rest) for first, *rest in lines)


# ------------------------------------------------------------ what the forms are made of

def mark(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def place(nb, name):
    return next(n for n, c in enumerate(nb.cells) if name in (mark(c), c.get("id")))


def cell(nb, name):
    return nb.cells[place(nb, name)]


def put(nb, name, *new, by=0):
    """Put cells above the cell of this name, or below it with by=1."""
    nb.cells[place(nb, name) + by:place(nb, name) + by] = new


def twin(nb, name, source, **more):
    """A copy of a cell, nbgrader's metadata included, as JupyterLab makes it."""
    made = copy.deepcopy(cell(nb, name))
    made.update(source=source, id=f"twin-{len(nb.cells)}", **more)
    return made


def remove(nb, *names):
    nb.cells = [c for c in nb.cells if mark(c) not in names]


def turn(nb, name, kind, source=None):
    """Change a cell's type."""
    make = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}[kind]
    old = cell(nb, name)
    nb.cells[place(nb, name)] = make(old.source if source is None else source, id=old.id, metadata=old.metadata)


def each(change):
    """A form that changes every cell."""
    def changed(nb):
        for c in nb.cells:
            change(c)
    return changed


def chain(*changes):
    """A form that is several in a row; the last may give bytes."""
    return lambda nb: [change(nb) for change in changes][-1]


def unmark(nb):
    for c in nb.cells:
        c.metadata.pop("nbgrader", None)


def no_ids(nb):
    nb.nbformat_minor = 4
    for c in nb.cells:
        del c["id"]


def new_ids(nb):
    for n, c in enumerate(nb.cells):
        c.id = f"{n:08x}"


def no_signs(nb):
    unmark(nb)
    no_ids(nb)


def sources(change):
    return each(lambda c: c.update(source=change(c.source)))


def metadata(**more):
    return each(lambda c: c.metadata.update(more))


def titled(nb):
    """Colab's forms: a title on top of every code cell."""
    for c in nb.cells:
        if c.cell_type == "code":
            c.source = f"#@title Step { {'cellView': 'form'} }\n{c.source}"
            c.metadata.cellView = "form"


def colab(nb):
    nb.nbformat_minor = 0
    nb.metadata.colab = {"provenance": [], "toc_visible": True}
    for n, c in enumerate(nb.cells):
        del c["id"]
        c.metadata.update(id=f"Xy{n:02}", outputId="b3c", colab={"base_uri": "https://localhost:8080/"})


def outputs_kept(nb):
    for n, c in enumerate(c for c in nb.cells if c.cell_type == "code"):
        c.update(execution_count=n, outputs=[nbformat.v4.new_output("stream", text="ran\n"),
                                            nbformat.v4.new_output("execute_result", {"text/plain": "20"},
                                                                   execution_count=n)])


def encoded(encoding, bom=b""):
    return lambda nb: bom + json.dumps(nb, ensure_ascii=False).encode(encoding, "replace")


def version_3(nb):
    cells = [{"cell_type": "code", "language": "python", "metadata": c.metadata, "outputs": [], "collapsed": False,
              "input": c.source} if c.cell_type == "code" else
             {"cell_type": c.cell_type, "metadata": c.metadata, "source": c.source} for c in nb.cells]
    return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""},
                       "worksheets": [{"metadata": {}, "cells": cells}]}).encode()


def backwards(nb):
    nb.cells.reverse()


def shuffled(nb):
    random.Random(7).shuffle(nb.cells)


def without(*kinds):
    """Cells of the released notebook that are gone: "tests" or "prose"."""
    def change(nb):
        nb.cells = [c for c in nb.cells if not (
            ("tests" in kinds and mark(c) and mark(c) not in ANSWERS)
            or ("prose" in kinds and c.cell_type == "markdown" and not mark(c)))]
    return change


def prose_edited(nb):
    for c in nb.cells:
        if c.cell_type == "markdown" and not mark(c):
            c.source = c.source.replace("'", "\u2019") + "\n\nRead this twice!"


def tests_edited(nb):
    for c in nb.cells:
        if mark(c) not in ("", *ANSWERS):
            c.source += "\n20"


def update(source, *, above=(), below=()):
    """The second answer's cell, with cells of nbgrader's same metadata above and below."""
    def change(nb):
        over, under = [twin(nb, UPDATE, s) for s in above], [twin(nb, UPDATE, s) for s in below]
        cell(nb, UPDATE).source = source
        for n, c in enumerate([*over, *under]):
            c.id = f"twin-{n}"
        put(nb, UPDATE, *over)
        at = place(nb, UPDATE) + len(over) + 1
        nb.cells[at:at] = under
    return change


def halves(text, *lines):
    """A text cut before these lines, as JupyterLab splits a cell."""
    rows = text.split("\n")
    return ["\n".join(rows[a:b]) for a, b in pairwise([0, *lines, None])]


def split(*lines, text=ANSWERS[UPDATE]):
    first, *rest = halves(text.strip(), *lines)
    return update(first, below=rest)


def own(name, *cells, by=0, empty=(), gone=()):
    """Cells of the student's own above or below a cell; answers left empty, or deleted."""
    def change(nb):
        put(nb, name, *copy.deepcopy(cells), by=by)
        for answer in empty:
            cell(nb, answer).source = EMPTY[answer]
        remove(nb, *gone)
    return change


def typed(name, kind, source=None):
    return lambda nb: turn(nb, name, kind, source)


def fenced(text):
    return f"My answer:\n\n```python\n{text}\n```\n\nI hope it is right."


def script(nb):
    """All of it in one cell, as an editor saves a script."""
    text = "\n\n".join(c.source if c.cell_type == "code" else "\n".join(f"# {line}" for line in c.source.split("\n"))
                       for c in nb.cells)
    nb.cells = [new_code_cell(f"#!/usr/bin/env python\n# coding: utf-8\n\n{text}", id="one")]


def merged(*names):
    """The cells of these names are one, with the metadata of the first."""
    def change(nb):
        text = "\n\n".join(cell(nb, name).source for name in names)
        cell(nb, names[0]).source = text
        remove(nb, *names[1:])
    return change


def pasted(change=lambda cells: cells, above=False):
    """The whole notebook once more, as released, below or above."""
    def twice(nb):
        again = change(nbformat.read(RELEASED, as_version=4).cells)
        for n, c in enumerate(again):
            c.id = f"again-{n}"
        nb.cells = again + nb.cells if above else nb.cells + again
    return twice


def unmarked(cells):
    for c in cells:
        c.metadata.pop("nbgrader", None)
    return cells


def cut_after(name):
    def change(nb):
        nb.cells = nb.cells[:place(nb, name) + 1]
    return change


def written_in(name, source, gone=()):
    """An answer typed into a cell that is not meant for it."""
    def change(nb):
        target = cell(nb, name)
        target.source = f"{target.source}\n{source}"
        for answer in gone:
            cell(nb, answer).source = EMPTY[answer]
    return change


def written(name, source):
    return lambda nb: cell(nb, name).update(source=source)


def with_wrong(change):
    """Another form of the notebook whose second answer is worth half of its points."""
    return chain(written(UPDATE, WRONG), change)


def code(text):
    return new_code_cell(text, id="mine")


def words(text):
    return new_markdown_cell(text, id="mine")


def form(name, make, points=20, waiting=BOTH):
    return Form(name, points, frozenset(waiting), make)


STUB_IN_OWN_WORDS = EMPTY[UPDATE].replace("One step of Adam", "my draft")
EVERYTHING = "\n\n".join([ANSWERS[INITIALIZE], ANSWERS[UPDATE]])

FORMS = [
    # --- editors and what they save
    form("as-it-is", lambda nb: None),
    form("as-released", own(UPDATE, empty=ANSWERS), 0, ()),
    form("half-right", with_wrong(lambda nb: None), 12),
    form("outputs-kept", outputs_kept),
    form("no-ids", no_ids),
    form("new-ids", new_ids),
    form("no-marks", unmark),
    form("no-marks-half-right", with_wrong(unmark), 12),
    form("no-marks-new-ids", chain(unmark, new_ids)),
    form("no-marks-no-ids", no_signs),
    form("no-marks-no-ids-half-right", with_wrong(no_signs), 12),
    form("colab", colab),
    form("colab-no-marks", chain(unmark, colab)),
    form("colab-titles", chain(titled, colab)),
    form("colab-titles-no-marks", chain(titled, unmark, colab)),
    form("vscode", chain(no_signs, metadata(vscode={"languageId": "python"}))),
    form("kaggle", chain(no_signs, metadata(_uuid="8f2839", _cell_guid="b1076d", trusted=True, _kg_hide_input=True))),
    form("deepnote", chain(unmark, new_ids, metadata(cell_id="00003", tags=[], deepnote_cell_type="code"))),
    form("pycharm", chain(no_ids, metadata(pycharm={"name": "#%%\n"}, collapsed=False))),
    form("source-as-lines", each(lambda c: c.update(source=c.source.splitlines(keepends=True)))),
    form("crlf", sources(lambda text: text.replace("\n", "\r\n"))),
    form("crlf-no-signs", chain(sources(lambda text: text.replace("\n", "\r\n")), no_signs)),
    form("spaces-no-signs", chain(sources(lambda text: "\n" + text.replace("\n", "   \n") + "\n\n"), no_signs)),
    form("bom-in-cells-no-signs", chain(sources(lambda text: "\ufeff" + text), no_signs)),
    form("utf-8-bom", encoded("utf-8", b"\xef\xbb\xbf")),
    form("utf-16", encoded("utf-16")),
    form("utf-16-no-bom", encoded("utf-16-le")),
    form("latin-1", encoded("latin-1")),
    form("latin-1-no-signs", chain(no_signs, encoded("latin-1"))),
    form("version-3", version_3),
    form("version-3-no-marks", chain(unmark, version_3)),
    # --- the released cells: gone, edited, in another order
    form("backwards", backwards),
    form("shuffled", shuffled),
    form("backwards-no-marks", chain(backwards, unmark)),
    form("shuffled-no-signs", chain(shuffled, no_signs)),
    form("tests-gone-no-signs", chain(without("tests"), no_signs)),
    form("prose-gone-no-signs", chain(without("prose"), no_signs)),
    form("only-answers-no-signs", chain(without("tests", "prose"), no_signs), 20),
    form("prose-edited", prose_edited),
    form("prose-edited-no-signs", chain(prose_edited, no_signs)),
    form("tests-edited-no-signs", chain(tests_edited, no_signs)),
    form("cut-after-answers", cut_after(UPDATE), 20, ()),
    form("cut-after-first", cut_after(INITIALIZE), 4, ()),
    form("all-twice", pasted()),
    form("all-twice-empty-above", pasted(above=True)),
    form("all-twice-unmarked", pasted(unmarked)),
    form("all-twice-half-right", with_wrong(pasted()), 12),
    # --- the answer in several cells
    form("split-helper", update(WITH_HELPER, above=[HELPER])),
    form("split-in-the-middle", split(9)),
    form("split-in-three", split(9, 17)),
    form("split-in-the-signature", split(3)),
    form("split-no-signs", chain(split(9), no_signs)),
    form("split-helper-no-signs", chain(update(WITH_HELPER, above=[HELPER]), no_signs)),
    form("split-half-right", split(12, text=WRONG), 12),
    form("draft-above", update(ANSWERS[UPDATE], above=[WRONG])),
    form("draft-above-breaks", update(ANSWERS[UPDATE], above=[BROKEN])),
    form("draft-above-stops", update(ANSWERS[UPDATE], above=["print(not_there)\n1 / 0"])),
    form("draft-below-breaks", update(ANSWERS[UPDATE], below=[BROKEN])),
    form("wrong-copy-below", update(ANSWERS[UPDATE], below=[WRONG]), 12),
    form("stub-above", update(ANSWERS[UPDATE], above=[EMPTY[UPDATE]])),
    form("stub-below", update(ANSWERS[UPDATE], below=[EMPTY[UPDATE]])),
    form("stub-below-in-own-words", update(ANSWERS[UPDATE], below=[STUB_IN_OWN_WORDS])),
    form("stub-in-the-same-cell", update(f"{ANSWERS[UPDATE]}\n{EMPTY[UPDATE]}")),
    form("the-same-twice", update(ANSWERS[UPDATE], below=[ANSWERS[UPDATE]])),
    form("words-in-two-cells", lambda nb: put(nb, FIRST, twin(nb, FIRST, "First of all, it is small."))),
    form("words-with-the-stub-above", lambda nb: put(nb, FIRST, twin(nb, FIRST, EMPTY[FIRST]))),
    # --- the answer as another type of cell
    form("markdown", typed(UPDATE, "markdown")),
    form("raw", typed(UPDATE, "raw")),
    form("markdown-fenced", typed(UPDATE, "markdown", fenced(ANSWERS[UPDATE]))),
    form("markdown-half-right", with_wrong(typed(UPDATE, "markdown")), 12),
    form("markdown-no-marks", chain(typed(UPDATE, "markdown"), unmark)),
    form("all-raw", chain(*(typed(name, "raw") for name in ANSWERS))),
    form("draft-as-markdown-above", lambda nb: put(nb, UPDATE, new_markdown_cell(
        WRONG, id="draft", metadata=cell(nb, UPDATE).metadata))),
    form("draft-as-markdown-below", lambda nb: put(nb, UPDATE, new_markdown_cell(
        WRONG, id="draft", metadata=cell(nb, UPDATE).metadata), by=1)),
    form("not-code-as-markdown", typed(UPDATE, "markdown", "I could not do this one."), 4),
    form("words-as-code", typed(FIRST, "code")),
    form("words-as-comments", typed(FIRST, "code", "# About the learning rate.\n# Its size cancels.")),
    # --- the answer in another cell
    form("own-cell-instead", own(UPDATE, code(ANSWERS[UPDATE]), gone=[UPDATE])),
    form("own-cell-above-the-stub", own(UPDATE, code(ANSWERS[UPDATE]), empty=[UPDATE])),
    form("own-cell-below-the-stub", own(UPDATE, code(ANSWERS[UPDATE]), by=1, empty=[UPDATE])),
    form("own-cell-far-above-the-stub", own("adam-03-text", code(ANSWERS[UPDATE]), empty=[UPDATE])),
    form("own-cells-at-the-end", own("adam-26-text", code("from functools import partial"),
                                     new_code_cell(ANSWERS[UPDATE].replace("adam(", "any_adam(") +
                                                   f"\n{UPDATE} = partial(update_parameters_with_any_adam)", id="end"),
                                     by=1, gone=[UPDATE])),
    form("own-markdown-cell", own(UPDATE, words(fenced(ANSWERS[UPDATE])), by=1, empty=[UPDATE])),
    form("both-in-the-first", own(UPDATE, code(EVERYTHING), empty=[INITIALIZE, UPDATE])),
    form("own-cell-half-right", with_wrong(own(UPDATE, code(WRONG), gone=[UPDATE])), 12),
    form("merged-with-tests", merged(UPDATE, CHECK, "update-structure", TEST)),
    form("merged-with-tests-no-signs", chain(merged(UPDATE, CHECK, "update-structure", TEST), no_signs)),
    form("merged-half-right", with_wrong(merged(UPDATE, CHECK, "update-first_step", TEST)), 12),
    form("merged-under-the-test", merged(TEST, UPDATE)),
    form("in-the-check-cell", written_in(CHECK, ANSWERS[UPDATE], gone=[UPDATE])),
    form("script", script),
    form("script-half-right", with_wrong(script), 12),
    form("script-first-half-right", chain(written(INITIALIZE, ONES), script), 19),
    form("words-in-own-cell", own(FIRST, words(ANSWERS[FIRST]), by=1, empty=[FIRST])),
    form("words-in-own-cell-above", own(FIRST, words(ANSWERS[FIRST]), empty=[FIRST])),
    form("words-in-own-code-cell", own(FIRST, code("# Its size cancels."), by=1, empty=[FIRST])),
    form("words-at-the-end", own("adam-26-text", words("1. It cancels. 2. The second moment."), by=1,
                                 empty=[FIRST, SECOND])),
    form("words-under-the-question", written_in("adam-24-text", ANSWERS[SECOND], gone=[SECOND])),
    form("words-in-own-cell-no-signs", chain(own(FIRST, words(ANSWERS[FIRST]), by=1, gone=[FIRST]), no_signs)),
    form("one-question-empty", own(FIRST, empty=[FIRST]), 20, [SECOND]),
    form("one-question-gone", own(FIRST, gone=[FIRST]), 20, [SECOND]),
    form("one-question-empty-no-marks", chain(own(FIRST, empty=[FIRST]), unmark), 20, [SECOND]),
]
