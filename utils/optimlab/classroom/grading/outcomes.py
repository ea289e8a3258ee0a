"""What a graded notebook shows: each cell's own outputs, each criterion's points with the reason."""

import contextlib

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade

from optimlab.classroom.grading.judging import Graded
from optimlab.classroom.grading.notebooks import checked_by, code_cells, criterion_of
from optimlab.classroom.pages.sanitize import as_markdown
from optimlab.classroom.sandbox.run import Evidence
from optimlab.tutor.reports import Report
from optimlab.tutor.reports import UNEXPLAINED, VERDICTS, outcome_as_html, unexplained

# To nbgrader a text on standard output says nothing about the points.
BESIDE = {"output_type": "stream", "name": "stdout",
          "text": "This test is the assignment's own: it ran in the sandbox, beside the student's code.\n"}
NOT_RUN = {"output_type": "error", "ename": "NotRun", "evalue": "this cell was not run: the time was up",
           "traceback": ["NotRun: this cell was not run: the time was up"]}


def write_outcome(nb: NotebookNode, graded: Graded) -> None:
    """Put each cell's own outputs, and each criterion's points and reason, into the notebook."""
    for number, cell in code_cells(nb):
        criterion = criterion_of(cell)
        report = graded.report_on(criterion or checked_by(cell.source) or "")
        if report is None:
            outputs = valid_outputs(graded.evidence.outputs.get(number, []))
        elif criterion is None:
            outputs = [{"output_type": "display_data", "metadata": {},
                        "data": {"text/plain": str(report), "text/html": report._repr_html_()}}]
        else:
            outcome = report.outcome(criterion)
            # nbgrader takes the number in text/plain for the points; a person reads the HTML.
            outputs = [{"output_type": "execute_result", "metadata": {}, "execution_count": number,
                        "data": {"text/plain": str(outcome.points), "text/html": outcome_as_html(outcome, report)}}]
        put_outputs(cell, outputs, number)


def put_tested(nb: NotebookNode, evidence: Evidence) -> None:
    """Put the outputs of all cells into the notebook; the tests among them are marked as what they are."""
    for number, cell in code_cells(nb):
        outputs = valid_outputs(evidence.outputs.get(number) or [NOT_RUN])
        if is_grade(cell):
            outputs = [BESIDE, *(_fair(o, cell.metadata.nbgrader.points) for o in outputs)]
        put_outputs(cell, outputs, number)


def _fair(output: dict, most: float) -> dict:
    """An output of a test as nbgrader may read it: a warning is no mistake, and points are within 0 and `most`.

    nbgrader gives no points for a cell that warns, and full points for what is nan or negative.
    """
    if output.get("name") == "stderr":
        return {**output, "name": "stdout"}
    if output["output_type"] == "execute_result":
        try:
            points = float(str(output["data"].get("text/plain", "nan")))
        except ValueError:
            return output  # no number: nbgrader takes the test for passed
        if not 0 <= points <= most + 1e-9:
            said = f"the test gives {points:g} points, where 0 to {most:g} are possible"
            return {"output_type": "error", "ename": "NoPoints", "evalue": said, "traceback": [f"NoPoints: {said}"]}
    return output


def put_outputs(cell: NotebookNode, outputs: list[dict], number: int) -> None:
    """Give a cell its outputs, and its number among the code cells."""
    cell.execution_count = number
    cell.outputs = [nbformat.from_dict(o) for o in outputs]
    for output in cell.outputs:
        if output.output_type == "execute_result":
            output.execution_count = number


def valid_outputs(outputs: list[dict]) -> list[dict]:
    """The outputs that are as nbformat 4 has them; what a student's process says else is dropped."""
    kept = []
    for output in outputs:
        with contextlib.suppress(nbformat.ValidationError, TypeError):
            nbformat.validate(output, ref="output", version=4, version_minor=5)
            kept.append(output)
    return kept


def as_comment(report: Report) -> str | None:
    """What the gradebook says of an exercise, as Markdown: the score and each mistake with its hint."""
    if report.status == "correct" and not report.mistakes:
        return None
    lines = [f"{report.score} of {report.max_score} points, {VERDICTS[report.status]}."]
    lines += [f"{m.id}: {as_markdown(m.hint)}" for m in report.mistakes]  # a hint may quote the student
    if unexplained(report):
        lines.append(UNEXPLAINED)
    return "\n\n".join(lines)
