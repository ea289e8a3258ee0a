"""A class of students' answers to an assignment: read from tests/submissions/ASSIGNMENT/, put into notebooks."""
import copy
import re
from pathlib import Path
from typing import NamedTuple

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell

FOLDER = Path(__file__).resolve().parents[1] / "submissions"
MARKER = re.compile(r"# %% (?:(extra|markdown) (before|after) |(deleted) )?(\w+)")


class Cell(NamedTuple):
    """One cell of a submission.

    kind: "answer", "extra" (code), "markdown" or "deleted" (the student removed the answer cell).
    where: "before" or "after" the answer cell for "extra" and "markdown", else "".
    answer: the grade_id of the answer cell that it is, or that it stands beside.
    """

    kind: str
    where: str
    answer: str
    source: str


class Submission(NamedTuple):
    """A student's answer and what a careful teacher gives for it.

    name: says what the answer does; it is the student's id, too.
    mistakes: the ids for all functions together, each once.
    """

    name: str
    what: str
    points: int
    mistakes: tuple[str, ...]
    cells: tuple[Cell, ...]


def of_assignment(assignment):
    """The class of an assignment: the files of tests/submissions/ASSIGNMENT/."""
    return tuple(load(path) for path in sorted((FOLDER / assignment).glob("*.py")))


def load(path):
    """Read one such file; ValueError where it does not have their format."""
    path = Path(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [re.fullmatch(rf"# {key}:\s*(.*)", line)
            for key, line in zip(("what", "points", "mistakes"), lines, strict=False)]
    if len(head) < 3 or not all(head):
        raise ValueError(f"{path.name}: begins otherwise than with # what:, # points:, # mistakes:")
    what, points, mistakes = (match[1].strip() for match in head)
    mistakes = tuple(id.strip() for id in mistakes.split(",") if id.strip())
    return Submission(path.stem, what, int(points), mistakes, tuple(_cells(path.name, lines[3:])))


def _cells(file, lines):
    starts = [i for i, line in enumerate(lines) if line.startswith("# %%")]
    if any(line.strip() for line in lines[:starts[0] if starts else None]):
        raise ValueError(f"{file}: a line stands before the first cell")
    for start, end in zip(starts, [*starts[1:], None]):
        marker = MARKER.fullmatch(lines[start].rstrip())
        if not marker:
            raise ValueError(f"{file}: not a cell's marker: {lines[start]}")
        beside, where, deleted, answer = marker.groups()
        yield Cell(beside or deleted or "answer", where or "", answer, "\n".join(lines[start + 1:end]).strip("\n"))


def notebook(submission, released):
    """The released notebook with the student's cells in it."""
    nb = copy.deepcopy(released)
    cells = []
    for cell in nb.cells:
        answer = cell.metadata.get("nbgrader", {}).get("grade_id")
        own = [c for c in submission.cells if c.answer == answer]
        cells += _added(own, "before")
        if not any(c.kind == "deleted" for c in own):
            cell.source = next((c.source for c in own if c.kind == "answer"), cell.source)
            cells.append(cell)
        cells += _added(own, "after")
    missing = {c.answer for c in submission.cells} - {
        c.metadata.get("nbgrader", {}).get("grade_id") for c in nb.cells}
    if missing:
        raise ValueError(f"the released notebook has no cell {sorted(missing)}")
    nb.cells = cells
    return nb


def _added(own, where):
    """New notebook cells for what the student put before or after an answer cell."""
    make = {"extra": new_code_cell, "markdown": new_markdown_cell}
    beside = [c for c in own if c.where == where]
    # Ids that do not change from one time to the next, and that no released cell has.
    return [make[c.kind](c.source, id=f"own-{c.answer}-{where}-{n}") for n, c in enumerate(beside, start=1)]


def write_class(folder, submissions, path_of_released, assignment):
    """Write folder/<student>/<assignment>/<assignment>.ipynb for each of them: nbgrader's submitted/ layout."""
    released = nbformat.read(path_of_released, as_version=4)
    for submission in submissions:
        path = Path(folder) / submission.name / assignment / f"{assignment}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook(submission, released), path)
