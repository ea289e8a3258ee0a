"""What a person marked stays marked, until the student hands in another answer there."""

import hashlib
import json
import math
from typing import Any

from nbformat.notebooknode import NotebookNode
from nbgrader.api import Grade
from nbgrader.utils import is_grade, is_solution, is_task

from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.grading.rebuild import is_own


def handed_in(nb: NotebookNode) -> dict[str, str]:
    """By cell that has points, a hash of what its points are for, in a rebuilt notebook.

    Of an answer these are the cell itself and the student's own cells right below it, of a test all of the
    student's code, of a task everything that the student wrote.
    """
    wrote = [cell for cell in nb.cells if is_own(cell) or is_solution(cell)]
    code = [cell for cell in wrote if cell.cell_type == "code"]
    parts: dict[str, list[NotebookNode]] = {}
    answer: list[NotebookNode] = []  # which the student's next own cells belong to
    for cell in nb.cells:
        if is_own(cell):
            answer.append(cell)
            continue
        answer = [cell]
        if is_task(cell):
            parts[grade_id(cell)] = wrote
        elif is_grade(cell):
            parts[grade_id(cell)] = answer if is_solution(cell) else code
    return {name: _hash(part) for name, part in parts.items()}


def waits(grade: Grade, given: float | None, most: float, unchanged: bool, read_without_points: bool) -> bool:
    """Whether a cell waits for a person, once its automatic points are known.

    grade: the cell's grade, as it was until now. given: the points; None if a person gives them, NaN if the test
    claimed what cannot be. most: how many it can have. unchanged: whether it is the answer that was graded before.
    read_without_points: whether a person reads answers that have no points, too.
    """
    marked = grade.manual_score is not None or grade.extra_credit is not None
    if given is None and not most and not read_without_points:
        return False
    if given is not None and not math.isnan(given) and grade.manual_score is None:
        return False
    return not (marked and unchanged and not grade.needs_manual_grade)


def _hash(cells: list[NotebookNode]) -> str:
    said: list[Any] = [[c.cell_type, c.source, c.get("attachments")] for c in cells]
    return hashlib.sha256(json.dumps(said, sort_keys=True, default=str).encode("utf-8", "replace")).hexdigest()
