"""The released notebook for `optimlab check`, which is given nothing but a submission."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from optimlab.classroom import Unusable
from optimlab.classroom.grading.assignment import Assignment, asked_by, written_in
from optimlab.classroom.grading.notebooks import (
    Cell,
    Notebook,
    checked_by,
    code_cells,
    criterion_of,
    defines,
    grade_id,
    is_answer,
    is_marked,
    read_notebook,
)
from optimlab.classroom.grading.sources import Reader
from optimlab.tutor import ASSIGNMENTS
from optimlab.tutor.beside import FROZEN, beside


class Released(NamedTuple):
    """What a submission is compared with.

    assignment: what is asked. notebook: the released one; without it, what the submission itself tells of it.
    folder: where it lies, None without it: then neither the points that an instructor gave its cells are known nor
    the files beside it.
    """

    assignment: Assignment
    notebook: Notebook
    folder: Path | None


def released_for(submitted: Notebook, path: Path) -> Released:
    """The released notebook that a submission answers, of the course in which `path` lies or in which a person stands.

    Where there is none, or somebody has written the answers into it, what the submission itself tells of it. Raises
    Unusable for a submission that answers no assignment.
    """
    there = [r for r in _near(path) if _is_empty(r.notebook, [e.name for e in r.assignment.exercises])]
    alone = [Released(Assignment(name, exercises), _stand_in(submitted, [e.name for e in exercises]), None)
             for name, exercises in ASSIGNMENTS.items()]
    found = max([*there, *alone], key=lambda r: _answered(submitted, r.assignment))  # of equal ones the first
    if not _answered(submitted, found.assignment):
        raise Unusable(f"{path}: holds no assignment of this course: none of its cells defines a function that the "
                       "tutor knows")
    return found


def _near(path: Path) -> Iterator[Released]:
    """The released notebooks of the courses around a path and around where a person stands, the nearest course first.

    Of an instructor's course the exercises are as they were written, of a student's as they were released.
    """
    for folder in dict.fromkeys([*path.absolute().parents, Path.cwd(), *Path.cwd().parents]):
        if not (folder / "nbgrader_config.py").is_file():
            continue
        for released in sorted(folder.glob("assignments/*/*.ipynb")):
            name = released.parent.name
            own = written_in(folder / "solutions" / name)
            try:
                nb = read_notebook(released)
                yield Released(asked_by(nb, name, own if own.text else beside(released.parent, FROZEN)), nb,
                               released.parent)
            except (Unusable, ValueError):
                continue


def _answered(submitted: Notebook, assignment: Assignment) -> int:
    """How many of an assignment's exercises a notebook has a function or a cell of."""
    sources = "\n".join(c["source"] for c in submitted["cells"])  # of all cells: code may have become text
    ids = {grade_id(c) for c in submitted["cells"]}
    for _, cell in code_cells(submitted):
        ids |= {criterion_of(cell) or "", checked_by(cell["source"]) or ""}
    return sum(e.name in ids or any({c.id, c.id.replace(".", "-")} & ids for c in e.criteria)
               or defines(sources, e.name) for e in assignment.exercises)


def _is_empty(released: Notebook, functions: Sequence[str]) -> bool:
    """Whether a released notebook asks for these functions, and nobody has written one of them."""
    read, code = Reader(), [c for _, c in code_cells(released)]
    asked = {name for c in code if is_answer(c) for name in read.asked(c["source"])}
    written = {name for c in code for name in read.written(c["source"])}
    return asked.issuperset(functions) and written.isdisjoint(functions)


def _stand_in(submitted: Notebook, functions: Sequence[str]) -> Notebook:
    """What a submission itself tells of the notebook that it answers: nbgrader's cells, each once and empty.

    The functions are asked for, and `require` and `check` are tests, whether or not nbgrader's metadata are there.
    """
    marked: dict[str, Cell] = {}
    for cell in submitted["cells"]:
        if is_marked(cell):
            marked.setdefault(grade_id(cell), {**cell, "source": ""})
        for line, call, what in re.findall(r"^((require|check)\([\"']?([\w.]+).*)", cell["source"], re.MULTILINE):
            name = what.replace(".", "-") if call == "require" else f"check-{what}"
            marked[name] = _cell(name, line, grade=call == "require")
    made = list(marked.values())
    for name in functions:
        place = next((n for n, c in enumerate(made) if grade_id(c) == name), len(made))
        made[place:place + 1] = [_cell(name, f"def {name}(): raise NotImplementedError", solution=True)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": made}


def _cell(name: str, source: str, **what: bool) -> Cell:
    return {"cell_type": "code", "source": source, "outputs": [], "execution_count": None,
            "metadata": {"nbgrader": {"grade_id": name, **what}}}
