"""Fills in a graded notebook: each cell gets its own outputs, each criterion its points and the reason for them."""

import math
import re
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from optimlab.classroom.grading.judging import Graded
from optimlab.classroom.grading.notebooks import Cell, Notebook, code_cells, criterion_of, grade_id, is_test, to_run
from optimlab.classroom.pages.sanitize import as_markdown
from optimlab.classroom.sandbox.run import decisive
from optimlab.tutor.reports import (
    VERDICTS,
    Report,
    criteria_as_html,
    outcome_as_html,
    unexplained,
    unrecognised,
)

Output = dict[str, Any]  # of a cell, as plain JSON

# nbgrader reads no points from a text on standard output.
BESIDE: Output = {"output_type": "stream", "name": "stdout",
                  "text": "This test is the assignment's own: it ran in the sandbox, beside the student's code.\n"}
MOST_VALUES = 20_000  # texts, numbers, lists and objects that all cells of a notebook may show together
NO_POINTS = "NoPoints"  # the name of the error that stands in a test whose points are impossible
NUMPY = re.compile(r"(?:np|numpy)\.\w+\((.*)\)")  # numpy 2 shows 1.5 as np.float64(1.5)


def write_outcome(nb: NotebookNode, graded: Graded) -> Graded:
    """Put each cell's own outputs, and each criterion's points and reason, into the notebook.

    Returns what the notebook then says: the result in the points that its cells carry.
    """
    graded = graded.in_points_of(nb)
    ran, shown = dict(to_run(nb)), _bounded(graded.evidence.outputs)
    of_their_own = {criterion_of(c) for _, c in code_cells(nb)}
    for number, cell in code_cells(nb):
        criterion, report = criterion_of(cell), graded.report_on(cell)
        if report is None:
            outputs = _ran(cell, shown.get(number, [NOT_RUN] if number in ran else []))
        elif criterion is None and not is_test(cell):
            outputs = [{"output_type": "display_data", "metadata": {},
                        "data": {"text/plain": str(report), "text/html": criteria_as_html(report)}}]
        else:
            # nbgrader reads the points from text/plain; a person sees the HTML.
            given, seen = _earned(report, criterion, of_their_own)
            outputs = [{"output_type": "execute_result", "metadata": {}, "execution_count": number,
                        "data": {"text/plain": str(given), "text/html": seen}}]
        put_outputs(cell, outputs, number)
    return graded


def _bounded(outputs: dict[int, list[Output]]) -> dict[int, list[Output]]:
    """The outputs of all cells; of a cell whose outputs are one too many, only what decides a test."""
    left, kept = MOST_VALUES, {}
    for number, shown in outputs.items():
        values = _values(shown)
        fits = values <= left
        left -= values if fits else 0
        kept[number] = shown if fits else [left_out("the cells of this notebook show too much"), *decisive(shown)]
    return kept


def _values(outputs: list[Output]) -> int:
    """How many texts, numbers, lists and objects there are in some outputs."""
    waiting: list[Any] = [outputs]
    count = 0
    while waiting:
        value = waiting.pop()
        inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        count += 1 + len(inside)
        if count <= MOST_VALUES:
            waiting += [inner for inner in inside if isinstance(inner, (dict, list))]
    return count


def left_out(why: str) -> Output:
    """What stands in place of outputs that are not shown."""
    return {"output_type": "stream", "name": "stdout", "text": f"[left out: {why}]\n"}


def _earned(report: Report, criterion: str | None, of_their_own: set[str | None]) -> tuple[float, str]:
    """The points of a test cell of the tutor's, and what it shows: of one criterion, or of all without a cell."""
    if criterion:
        return report.outcome(criterion).points, outcome_as_html(report.outcome(criterion))
    return sum(o.points for o in report.outcomes if o.id not in of_their_own), criteria_as_html(report)


def _ran(cell: Cell, outputs: list[Output]) -> list[Output]:
    """The outputs of a cell that ran; a test says where it did, and its outputs are made fair for nbgrader."""
    outputs = valid_outputs(outputs)
    return [BESIDE, *_fair(outputs, float(cell["metadata"]["nbgrader"]["points"]))] if is_test(cell) else outputs


def _fair(outputs: list[Output], most: float) -> list[Output]:
    """The outputs of a test such that nbgrader gives its points as a person would.

    Left to itself, nbgrader gives no points for a cell that warns, and full points for nan, for a
    negative number and for numpy's numbers; it stops at more than `most`, and at a result without
    text. A result counts only if it is the last one and nothing failed: others come from a cell
    that shows each of its lines.
    """
    failed = any(o["output_type"] == "error" for o in outputs)
    results = [n for n, o in enumerate(outputs) if o["output_type"] == "execute_result"]
    fair = []
    for number, output in enumerate(outputs):
        if output.get("name") == "stderr":
            output = {**output, "name": "stdout"}
        elif number in results:
            points = None if failed or number != results[-1] else claimed(output, most)
            if points is None:
                output = {"output_type": "display_data", "data": output["data"], "metadata": output["metadata"]}
            elif math.isnan(points):
                text = "".join(output["data"].get("text/plain", ""))[:100]
                fair.append(_error(NO_POINTS, f"the test gives {text} points, where 0 to {most:g} are possible"))
            else:
                output = {**output, "data": {"text/plain": str(points)}}
        fair.append(output)
    return fair


def has_impossible_points(cell: Cell) -> bool:
    """Whether a test claims points that it cannot give: it earns none, and a person should look."""
    return any(o["output_type"] == "error" and o["ename"] == NO_POINTS for o in cell["outputs"])


def claimed(result: Output, most: float) -> float | None:
    """The points that a test's result stands for, between 0 and `most`; NaN if they are impossible; None for no number.

    >>> [claimed({"data": {"text/plain": text}}, 4) for text in ("1.5", "np.int64(3)", "7", "-1", "'fine'", "True")]
    [1.5, 3.0, nan, nan, None, None]
    """
    text = "".join(result["data"].get("text/plain", "")) or "nan"
    try:
        points = float(NUMPY.sub(r"\1", text))
    except ValueError:
        return None
    slack = 1e-9 * max(1.0, most)  # honest sums are rounded
    return min(max(points, 0.0), most) if -slack <= points <= most + slack else math.nan


def given_by(test: Cell, most: float) -> float:
    """The points that a test gives, between 0 and `most`; NaN if they are impossible.

    nbgrader itself gives full marks for NaN and for negative numbers, and stops with an error at points
    above the maximum and at a result without text.
    """
    if has_impossible_points(test):
        return math.nan
    for output in test["outputs"]:
        if output["output_type"] == "error" or output.get("name") == "stderr":
            return 0.0  # whatever follows
        if output["output_type"] == "execute_result":
            given = claimed(output, most)
            return most if given is None else given
    return most


def own_tests(nb: Notebook, graded: Graded) -> list[dict[str, Any]]:
    """What came of each of the instructor's own tests in a graded notebook, in the form of a report."""
    tested = []
    for cell in nb["cells"]:
        if is_test(cell) and graded.report_on(cell) is None:
            most = cell["metadata"]["nbgrader"]["points"]
            given = given_by(cell, most)
            given = 0.0 if math.isnan(given) else given
            said = next((o["evalue"] for o in cell["outputs"] if o["output_type"] == "error"), "")
            criterion = {"id": grade_id(cell), "points": given, "max_points": most, "passed": given == most,
                         "message": said}
            tested.append({"name": grade_id(cell), "score": given, "max_score": most, "criteria": [criterion],
                           "mistakes": []})
    return tested


def _error(name: str, said: str) -> Output:
    return {"output_type": "error", "ename": name, "evalue": said, "traceback": [f"{name}: {said}"]}


NOT_RUN = _error("NotRun", "this cell was not run: the cells before it had taken all the time")


def put_outputs(cell: Cell, outputs: list[Output], number: int) -> None:
    """Give a cell its outputs and its number among the code cells."""
    cell["execution_count"] = number
    cell["outputs"] = [nbformat.from_dict(o) for o in outputs]
    for output in cell["outputs"]:
        if output.output_type == "execute_result":
            output.execution_count = number


def valid_outputs(outputs: list[Output]) -> list[Output]:
    """The outputs that are valid in nbformat 4; anything else that a student's process sent is dropped."""
    if _valid(outputs):  # as nearly all are; one by one takes longer
        return outputs
    return [output for output in outputs if _valid([output])]


def _valid(outputs: list[Output]) -> bool:
    cell: Cell = {"cell_type": "code", "id": "a", "source": "", "metadata": {}, "execution_count": None}
    try:
        nbformat.validate({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{**cell, "outputs": outputs}]})
    except (nbformat.ValidationError, TypeError):
        return False
    return True


def as_comment(report: Report) -> str | None:
    """A comment on an exercise for the gradebook, as Markdown: the score and each mistake with its hint."""
    if report.status == "correct" and not report.mistakes:
        return None
    lines = [f"{report.score:g} of {report.max_score:g} points, {VERDICTS[report.status]}."]
    lines += [f"{m.id}: {as_markdown(m.hint)}" for m in report.mistakes]  # a hint may quote the student
    if unexplained(report):
        lines.append(unrecognised(report))
    return "\n\n".join(lines)
