"""A small assignment that works, to start one's own from: one function, one test, one question in words."""

import re
from pathlib import Path
from typing import Any

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from optimlab.classroom import Unusable
from optimlab.tutor.beside import WRITTEN

EXERCISES = '''\
"""What `check` and the grader know of this assignment. Students never get this file."""

from optimlab.tutor.rule import by_reference, slip

LOSS = "the formula above the function"


def mean_squared_error(y, y_hat):
    return ((y_hat - y) ** 2).mean()


def cases(rng):
    """The inputs, drawn anew for every student: each is the tuple of the arguments."""
    for n in (1, 3, 8):
        yield rng.normal(size=n), rng.normal(size=n)


def summed(y, y_hat):
    return ((y_hat - y) ** 2).sum()


EXERCISE = by_reference(mean_squared_error, cases, returns=("loss",), slips=[
    slip("mean_squared_error.sum_not_mean", summed, "The squares are added up, not averaged.",
         "The loss grows with the number of examples.", LOSS),
])
'''


def write(name: str, folder: Path) -> None:
    """Write the assignment `name` into a folder that is not there yet; raises Unusable where it is, or for the name."""
    if not re.fullmatch(r"[A-Za-z0-9][\w-]*", name):
        raise Unusable(f"{name!r} cannot be an assignment's name: take letters, digits, - and _, such as week-3")
    if folder.exists():
        raise Unusable(f"{folder.parent.name}/{name} is already there: nothing was changed; take another name")
    folder.mkdir(parents=True)
    (folder / WRITTEN).write_text(EXERCISES, encoding="utf-8")
    nbformat.write(_notebook(name), folder / f"{name}.ipynb")


def _notebook(name: str) -> nbformat.NotebookNode:
    text, code = new_markdown_cell, new_code_cell
    cells = [
        text(f"# {name}\n\n*Write here what it is about. About 10 minutes, 5 points.*"),
        code("import numpy as np\n\nfrom optimlab.tutor import check, require"),
        text("## How wrong is a prediction?\n\nThe mean squared error of $n$ predictions $\\hat y_i$ is "
             "$\\frac1n \\sum_i (\\hat y_i - y_i)^2$."),
        code("def mean_squared_error(y, y_hat):\n"
             '    """One number: y and y_hat are arrays of the same shape."""\n'
             "    ### BEGIN SOLUTION\n    return np.mean((y_hat - y) ** 2)\n    ### END SOLUTION",
             metadata=_marked("mean_squared_error", solution=True)),
        code("check(mean_squared_error)", metadata=_marked("check-mean_squared_error")),
        text("Each of the next cells carries points. The first two are graded with numbers that nobody has seen."),
        code('require("mean_squared_error.shape", mean_squared_error)  # 1 point: one number',
             metadata=_marked("mean_squared_error-shape", points=1)),
        code('require("mean_squared_error.loss", mean_squared_error)  # 2 points: the right one',
             metadata=_marked("mean_squared_error-loss", points=2)),
        code("assert mean_squared_error(np.ones(4), np.ones(4)) == 0  # 1 point: an ordinary test",
             metadata=_marked("no-error", points=1)),
        text("## In words\n\nWhy are the differences squared?"),
        text("*Marking hint.* So that a difference counts alike in both directions.",
             metadata=_marked("question", solution=True, points=1)),
    ]
    for number, cell in enumerate(cells, start=1):
        cell.id = f"{name}-{number:02}"[-64:]
    nb: nbformat.NotebookNode = new_notebook(cells=cells, metadata={
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"}})
    return nb


def _marked(id: str, solution: bool = False, points: float | None = None) -> dict[str, Any]:
    """The metadata that nbgrader's sidebar writes for an answer, a test, or a cell that is only locked."""
    about = {"schema_version": 3, "grade_id": id, "task": False, "solution": solution, "locked": not solution,
             "grade": points is not None}
    # Run All goes on past a test that does not pass.
    tags = {} if solution or points is None else {"tags": ["raises-exception"]}
    return {"nbgrader": about if points is None else about | {"points": points}} | tags
