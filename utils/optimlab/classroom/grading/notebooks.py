"""A notebook read from strangers' bytes, and what its cells stand for.

A notebook is the plain dictionary of its JSON (nbformat's NotebookNode is one too).
"""

import json
import re
from pathlib import Path

from optimlab.classroom import Unusable
from optimlab.tutor import ASSIGNMENTS

MOST_CELLS = 2_000  # of a notebook; the course's own have fewer than 50


def read_notebook(path: str | Path) -> dict:
    """Read a notebook of any format version as version 4; Unusable with one line where it is none."""
    try:
        return parse_notebook(Path(path).read_bytes(), path)
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror or error}") from None


def parse_notebook(data: bytes, name: str | Path) -> dict:
    """The notebook in a file's content; `name` is what the file is called in errors."""
    if not data.strip():
        raise Unusable(f"{name}: is empty: save the notebook again and send that file")
    try:
        return _as_version_4(json.loads(data.decode("utf-8-sig")))
    except json.JSONDecodeError:
        raise Unusable(f"{name}: is not a Jupyter notebook, or not a whole one: save it in Jupyter again and "
                       "send that file") from None
    except Exception as error:  # a file can be wrong in many ways, and nbformat raises many kinds
        what = " ".join(str(error).split())[:120] or type(error).__name__
        raise Unusable(f"{name}: is not a Jupyter notebook: {what}") from None


def _as_version_4(nb: dict) -> dict:
    if not isinstance(nb, dict) or type(nb.get("nbformat")) is not int:
        raise ValueError("it does not name its format")
    if nb["nbformat"] != 4:
        import nbformat  # takes a second, and is needed for old notebooks alone
        nb = nbformat.convert(nbformat.from_dict(nb), 4)
    if len(nb["cells"]) > MOST_CELLS:
        raise ValueError(f"it has more than {MOST_CELLS:,} cells")
    for cell in nb["cells"]:
        if isinstance(cell["source"], list):
            cell["source"] = "".join(cell["source"])
        if type(cell["source"]) is not str or type(cell["cell_type"]) is not str:
            raise ValueError("a cell is not made of text")
        if not isinstance(cell.setdefault("metadata", {}), dict):
            cell["metadata"] = {}
        if type(cell.get("id", "")) is not str:
            del cell["id"]
    return nb


def code_cells(nb: dict) -> list[tuple[int, dict]]:
    """The code cells, counted from 1."""
    return list(enumerate((c for c in nb["cells"] if c["cell_type"] == "code"), start=1))


def grade_id(cell: dict) -> str:
    """The nbgrader id of a cell, "" where it has none."""
    nbgrader = cell["metadata"].get("nbgrader")
    return str(nbgrader.get("grade_id", "")) if isinstance(nbgrader, dict) else ""


def criterion_of(cell: dict) -> str | None:
    """The criterion that a test cell stands for; None for any other cell.

    nbgrader's ids have no dots: `update.first_step` is the cell `update-first_step`.
    """
    return _CRITERIA.get(grade_id(cell))


_CRITERIA = {c.id.replace(".", "-"): c.id
             for exercises in ASSIGNMENTS.values() for e in exercises for c in e.criteria}


def checked_by(source: str) -> str | None:
    """The exercise that a cell checks with `check(NAME)` and nothing else."""
    found = re.fullmatch(r"\s*check\((\w+)\)\s*", source)
    return found[1] if found and found[1] in _EXERCISES else None


_EXERCISES = {e.name for exercises in ASSIGNMENTS.values() for e in exercises}


def assignment_of(nb: dict) -> str | None:
    """The assignment whose functions or test cells the notebook holds; None for a stranger."""
    sources = "\n".join(c["source"] for c in nb["cells"] if c["cell_type"] == "code")
    ids = {criterion_of(c) for c in nb["cells"]} | {grade_id(c) for c in nb["cells"]}
    for assignment, exercises in ASSIGNMENTS.items():
        for e in exercises:
            if e.name in ids or any(c.id in ids for c in e.criteria) or defines(sources, e.name):
                return assignment
    return None


def defines(source: str, name: str) -> bool:
    """Whether a cell gives this name to a function or a value."""
    return re.search(rf"\bdef\s+{name}\b|^{name}\s*=", source, re.MULTILINE) is not None
