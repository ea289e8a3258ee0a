"""Fills in a graded notebook: each cell gets its own outputs, each criterion its points and the reason for them."""

import contextlib
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade

from optimlab.classroom.grading.judging import Graded
from optimlab.classroom.grading.notebooks import Cell, checked_by, code_cells, criterion_of
from optimlab.classroom.pages.sanitize import as_markdown
from optimlab.classroom.sandbox.run import Evidence
from optimlab.tutor.reports import UNEXPLAINED, VERDICTS, Report, criteria_as_html, outcome_as_html, unexplained

Output = dict[str, Any]  # of a cell, as plain JSON

# nbgrader reads no points from a text on standard output.
BESIDE: Output = {"output_type": "stream", "name": "stdout",
                  "text": "This test is the assignment's own: it ran in the sandbox, beside the student's code.\n"}
NOT_RUN: Output = {"output_type": "error", "ename": "NotRun", "evalue": "this cell was not run: the time was up",
                   "traceback": ["NotRun: this cell was not run: the time was up"]}


def write_outcome(nb: NotebookNode, graded: Graded) -> None:
    """Put each cell's own outputs, and each criterion's points and reason, into the notebook."""
    for number, cell in code_cells(nb):
        criterion = criterion_of(cell)
        report = graded.report_on(criterion or checked_by(cell["source"]) or "")
        if report is None:
            outputs = valid_outputs(graded.evidence.outputs.get(number, []))
        elif criterion is None:
            outputs = [{"output_type": "display_data", "metadata": {},
                        "data": {"text/plain": str(report), "text/html": criteria_as_html(report)}}]
        else:
            outcome = report.outcome(criterion)
            # nbgrader reads the points from text/plain; a person sees the HTML.
            outputs = [{"output_type": "execute_result", "metadata": {}, "execution_count": number,
                        "data": {"text/plain": str(outcome.points), "text/html": outcome_as_html(outcome)}}]
        put_outputs(cell, outputs, number)


def put_tested(nb: NotebookNode, evidence: Evidence) -> None:
    """Put the outputs of all cells into the notebook; above those of a test stands a line that says where it ran."""
    for number, cell in code_cells(nb):
        outputs = valid_outputs(evidence.outputs.get(number) or [NOT_RUN])
        if is_grade(cell):
            outputs = [BESIDE, *(_fair(o, cell["metadata"]["nbgrader"]["points"]) for o in outputs)]
        put_outputs(cell, outputs, number)


def _fair(output: Output, most: float) -> Output:
    """An output of a test, made fair for nbgrader: a warning costs nothing, and points lie between 0 and `most`.

    Left to itself, nbgrader gives no points for a cell that warns, and full points for nan or a negative number.
    """
    if output.get("name") == "stderr":
        return {**output, "name": "stdout"}
    if output["output_type"] == "execute_result":
        try:
            points = float(str(output["data"].get("text/plain", "nan")))
        except ValueError:
            return output  # not a number: nbgrader counts the test as passed
        if not 0 <= points <= most + 1e-9:
            said = f"the test gives {points:g} points, where 0 to {most:g} are possible"
            return {"output_type": "error", "ename": "NoPoints", "evalue": said, "traceback": [f"NoPoints: {said}"]}
    return output


def put_outputs(cell: Cell, outputs: list[Output], number: int) -> None:
    """Give a cell its outputs and its number among the code cells."""
    cell["execution_count"] = number
    cell["outputs"] = [nbformat.from_dict(o) for o in outputs]
    for output in cell["outputs"]:
        if output.output_type == "execute_result":
            output.execution_count = number


def valid_outputs(outputs: list[Output]) -> list[Output]:
    """The outputs that are valid in nbformat 4; anything else that a student's process sent is dropped."""
    kept = []
    for output in outputs:
        with contextlib.suppress(nbformat.ValidationError, TypeError):
            nbformat.validate(output, ref="output", version=4, version_minor=5)
            kept.append(output)
    return kept


def as_comment(report: Report) -> str | None:
    """A comment on an exercise for the gradebook, as Markdown: the score and each mistake with its hint."""
    if report.status == "correct" and not report.mistakes:
        return None
    lines = [f"{report.score} of {report.max_score} points, {VERDICTS[report.status]}."]
    lines += [f"{m.id}: {as_markdown(m.hint)}" for m in report.mistakes]  # a hint may quote the student
    if unexplained(report):
        lines.append(UNEXPLAINED)
    return "\n\n".join(lines)
