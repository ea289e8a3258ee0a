"""The released notebook for `optimlab check`, which is given nothing but a submission."""

import re
from pathlib import Path
from typing import NamedTuple

from optimlab.classroom import Unusable
from optimlab.classroom.grading.notebooks import Cell, Notebook, grade_id, is_answer, is_marked, read_notebook
from optimlab.classroom.grading.sources import Reader
from optimlab.tutor import ASSIGNMENTS


class Released(NamedTuple):
    """What a submission is compared with.

    notebook: the released one; without it, what the submission itself tells of it. folder: where it lies, None
    without it: then neither the points that an instructor gave its cells are known nor the files beside it.
    """

    notebook: Notebook
    folder: Path | None


def released_for(submitted: Notebook, path: Path, assignment: str) -> Released:
    """The released notebook of an assignment, from the course's folder in which `path` lies or a person stands.

    Where there is none, or somebody has written the answers into it, what the submission itself tells of it.
    """
    functions = [e.name for e in ASSIGNMENTS[assignment]]
    return _released_near(path, assignment, functions) or Released(_stand_in(submitted, functions), None)


def _released_near(path: Path, assignment: str, functions: list[str]) -> Released | None:
    read = Reader()
    for folder in dict.fromkeys([*path.absolute().parents, Path.cwd(), *Path.cwd().parents]):
        released = folder / "assignments" / assignment / f"{assignment}.ipynb"
        if (folder / "nbgrader_config.py").is_file() and released.is_file():
            try:
                nb = read_notebook(released)
            except Unusable:
                continue
            code = [c for c in nb["cells"] if c["cell_type"] == "code"]
            asked = {name for c in code if is_answer(c) for name in read.asked(c["source"])}
            written = {name for c in code for name in read.written(c["source"])}
            if asked.issuperset(functions) and written.isdisjoint(functions):
                return Released(nb, released.parent)
    return None


def _stand_in(submitted: Notebook, functions: list[str]) -> Notebook:
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
