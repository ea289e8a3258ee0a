"""Puts a student's answers into the released notebook, and leaves everything else that was handed in behind."""

import copy
import re

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_solution

from optimlab.classroom import Unusable
from optimlab.classroom.grading.notebooks import grade_id

NOTE = "optimlab-note"  # id of the cell that tells the student what was wrong with the file


def rebuild(submitted: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The released notebook with the student's answers and added cells; see RebuildFromTemplate.

    `is_own` recognises the added cells. None of them gets an id that a released cell has.
    """
    known = {grade_id(c): c for c in released.cells if grade_id(c)}
    plain = {c.get("id"): c for c in released.cells if not grade_id(c)}
    answers: dict[str, NotebookNode] = {}
    added: dict[str | None, list[NotebookNode]] = {}  # by the id of the cell that they follow
    after = None
    for cell in submitted.cells:
        name = grade_id(cell)
        if name in known:
            after = name
            answers.setdefault(name, cell)
        elif not name and cell.get("id") in plain:
            after = cell["id"]
            if cell.source != plain[after].source and cell.cell_type == "code":
                # The student changed an example: the change runs, too, after the example as released.
                added.setdefault(after, []).append(_own(cell))
        else:
            added.setdefault(after, []).append(_own(cell))
    rebuilt = copy.deepcopy(released)
    rebuilt.cells = []
    for cell in [None, *released.cells]:
        key = None if cell is None else grade_id(cell) or cell.get("id")
        if cell is not None:
            cell = copy.deepcopy(cell)
            if is_solution(cell):
                if key in answers:
                    cell.source = answers[key].source
                    if cell.cell_type == "markdown" and "attachments" in answers[key]:
                        cell.attachments = answers[key].attachments
                elif cell.cell_type == "code":  # the empty stub would undo what an added cell defines
                    cell.source = f"# The answer cell {key} is not in what was handed in."
            rebuilt.cells.append(cell)
        rebuilt.cells += added.get(key, [])
    taken = {c.get("id") for c in released.cells}
    for number, cell in enumerate(rebuilt.cells):
        if is_own(cell):
            if cell.get("id", "") in taken:
                cell.id = f"added-{number}"
            taken.add(cell.get("id"))
    return rebuilt


def _own(cell: NotebookNode) -> NotebookNode:
    """A student's own cell with its type and text, but nothing that could mean something to nbgrader."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    own: NotebookNode = make.get(cell.cell_type, nbformat.v4.new_raw_cell)(cell.source)
    if cell.cell_type == "markdown" and "attachments" in cell:  # pasted pictures
        own.attachments = cell.attachments
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(cell.get("id", ""))):
        own.id = cell.id
    own.metadata["optimlab"] = "own"
    return own


def is_own(cell: NotebookNode) -> bool:
    """Whether a cell of a rebuilt notebook was added by the student."""
    return bool(cell.metadata.get("optimlab") == "own")


def unreadable(filename: str, error: Unusable) -> NotebookNode:
    """A notebook that holds only a note on why the submitted file could not be read."""
    reason = str(error).removeprefix(f"{filename}: ")
    note = nbformat.v4.new_markdown_cell(
        f"**This file could not be read, so nothing in it could be graded:** it {reason}", id=NOTE)
    notebook: NotebookNode = nbformat.v4.new_notebook(cells=[note])
    return notebook
