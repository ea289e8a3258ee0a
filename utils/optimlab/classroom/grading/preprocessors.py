"""The course's own steps of `nbgrader autograde`, listed in nbgrader_config.py.

Reading:     Exporter            a file that is no notebook becomes an untouched one that says so
Sanitizing:  RebuildFromTemplate all but the answers comes from the released notebook
Autograding: Grade               in place of nbgrader's Execute: run in a sandbox, judge, write the outcome
             SaveMistakes        after SaveAutoGrades: the mistakes' names as comments in the gradebook
"""

import contextlib
import copy
import re
from pathlib import Path

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Float, Unicode

from optimlab.classroom import Unusable
from optimlab.classroom.pages.sanitize import as_markdown
from optimlab.classroom.grading.judging import (Graded, assignment_of, checked_by, code_cells, criterion_of, grade, grade_id,
                                        parse_notebook)
from optimlab.classroom.pages.inert import make_inert
from optimlab.classroom.sandbox.run import Evidence, Limits, bundle_of, run
from optimlab.classroom.sandbox.places import place_to_run
from optimlab.classroom.intake.submissions import read
from optimlab.tutor import ASSIGNMENTS
from optimlab.tutor.reports import UNEXPLAINED, VERDICTS, outcome_as_html, unexplained

NOTE = "optimlab-note"  # id of the cell that tells the student what was wrong with the file


class Exporter(NotebookExporter):
    """Reads submissions; one that cannot be read is replaced, so that it is graded and explained."""

    def from_filename(self, filename, resources=None, **kw):
        try:
            nb = nbformat.from_dict(parse_notebook(read(Path(filename)), filename))
        except Unusable as error:
            nb = unreadable(filename, error)
            self.log.warning("%s", error)
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["metadata"]["path"] = str(Path(filename).parent)
        return self.from_notebook_node(nb, resources=resources, **kw)


def unreadable(filename: str, error: Unusable) -> NotebookNode:
    """A notebook with nothing but a note on why the submitted file could not be read."""
    reason = str(error).removeprefix(f"{filename}: ")
    note = nbformat.v4.new_markdown_cell(
        f"**This file could not be read, so nothing in it could be graded:** it {reason}", id=NOTE)
    return nbformat.v4.new_notebook(cells=[note])


class RebuildFromTemplate(NbGraderPreprocessor):
    """Rebuild a submission from the released notebook, taking from the student only their own cells.

    Answers go to the cells they were given in, by nbgrader's id; cells that the student added stay,
    after the cell they followed. Test cells that were edited, deleted, doubled or moved are as
    released again. Assignments without a released notebook pass as they are.
    """

    def preprocess(self, nb, resources):
        # The parent is the exporter, and its parent the converter.
        released = released_notebook(self.parent.parent.coursedir, resources["nbgrader"])
        if released.is_file():
            nb = rebuild(nb, nbformat.read(released, as_version=4))
        return nb, resources


def released_notebook(coursedir, ids: dict) -> Path:
    """Where the released notebook of a submission is, if it was released."""
    folder = coursedir.format_path(coursedir.release_directory, ".", ids["assignment"])
    return Path(folder) / f"{ids['notebook']}.ipynb"


def rebuild(submitted: NotebookNode, released: NotebookNode) -> NotebookNode:
    """The released notebook with the student's answers and added cells; see RebuildFromTemplate.

    `is_own` tells the added cells; no released cell loses its id to one of them.
    """
    known = {grade_id(c): c for c in released.cells if grade_id(c)}
    plain = {c.get("id"): c for c in released.cells if not grade_id(c)}
    answers: dict[str, NotebookNode] = {}
    added: dict[str | None, list[NotebookNode]] = {}  # by the cell that they follow
    after = None
    for cell in submitted.cells:
        name = grade_id(cell)
        if name in known:
            after = name
            answers.setdefault(name, cell)
        elif not name and cell.get("id") in plain:
            after = cell["id"]
            if cell.source != plain[after].source and cell.cell_type == "code":
                # An example that the student changed: it runs, beside the one that was given.
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
    """A student's own cell: its type and text, nothing else that could mean something to nbgrader."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    own = make.get(cell.cell_type, nbformat.v4.new_raw_cell)(cell.source)
    if cell.cell_type == "markdown" and "attachments" in cell:  # pasted pictures
        own.attachments = cell.attachments
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(cell.get("id", ""))):
        own.id = cell.id
    own.metadata["optimlab"] = "own"
    return own


def is_own(cell: NotebookNode) -> bool:
    """Whether a cell of a rebuilt notebook was added by the student."""
    return cell.metadata.get("optimlab") == "own"


class Grade(NbGraderPreprocessor):
    """Run the submission in a sandbox and write the trusted outcome into its test cells.

    In an assignment that the tutor does not know, the instructor's own tests run in the sandbox as
    well, beside the student's code, as nbgrader runs them. Raises Unusable where no sandbox can be
    had, unless `no_sandbox` is set.
    """

    secret = Unicode("", help="Text of the course's own, from which the hidden cases are drawn").tag(config=True)
    no_sandbox = Bool(False, help="Run submissions unprotected, as the one who grades").tag(config=True)
    strict = Bool(False, help="Give every submission a sandbox of its own: slower").tag(config=True)
    cell_seconds = Float(10.0, help="Time limit of one cell").tag(config=True)
    call_seconds = Float(5.0, help="Time limit of one call of a student's function").tag(config=True)
    total_seconds = Float(60.0, help="Time limit of all cells together, and of all calls").tag(config=True)

    def preprocess(self, nb, resources):
        ids = resources["nbgrader"]
        limits = Limits(cell=self.cell_seconds, call=self.call_seconds, total=self.total_seconds)
        place = place_to_run(self.strict, self.no_sandbox)
        if ids["assignment"] not in ASSIGNMENTS or assignment_of(nb) is None:
            run_with_tests(nb, limits, place)
        else:
            resources["optimlab"] = grade(nb, ids["assignment"], self.secret, limits, place)
            write_outcome(nb, resources["optimlab"])
        rebuilt = released_notebook(self.parent.parent.coursedir, ids).is_file()
        make_inert(nb, (lambda cell: is_own(cell) or is_solution(cell)) if rebuilt else None)
        return nb, resources


def run_with_tests(nb: NotebookNode, limits: Limits, place) -> None:
    """Run all cells, an instructor's nbgrader tests among them, and put their outputs into the notebook."""
    cells = [(n, c.source) for n, c in code_cells(nb)]
    put_tested(nb, run(bundle_of(cells), b"", limits, place))


def put_tested(nb: NotebookNode, evidence: Evidence) -> None:
    """Put the outputs of all cells into the notebook; the tests among them are marked as what they are."""
    for number, cell in code_cells(nb):
        outputs = valid_outputs(evidence.outputs.get(number) or [NOT_RUN])
        if is_grade(cell):
            outputs = [BESIDE, *(_fair(o, cell.metadata.nbgrader.points) for o in outputs)]
        put_outputs(cell, outputs, number)


# To nbgrader a text on standard output says nothing about the points.
BESIDE = {"output_type": "stream", "name": "stdout",
          "text": "This test is the assignment's own: it ran in the sandbox, beside the student's code.\n"}
NOT_RUN = {"output_type": "error", "ename": "NotRun", "evalue": "this cell was not run: the time was up",
           "traceback": ["NotRun: this cell was not run: the time was up"]}


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


class SaveMistakes(NbGraderPreprocessor):
    """Write the named mistakes beside the answers in the gradebook, where formgrader shows comments."""

    def preprocess(self, nb, resources):
        graded = resources.get("optimlab")
        ids = resources["nbgrader"]
        if graded is None:
            return nb, resources
        reports = {r.name: r for r in graded.reports}
        with Gradebook(ids["db_url"]) as gradebook:
            for cell in nb.cells:
                if is_solution(cell) and not is_grade(cell) and grade_id(cell) in reports:
                    comment = gradebook.find_comment(
                        grade_id(cell), ids["notebook"], ids["assignment"], ids["student"])
                    comment.auto_comment = as_comment(reports[grade_id(cell)])
            gradebook.db.commit()
        return nb, resources


def as_comment(report) -> str | None:
    """What the gradebook says of an exercise, as Markdown: the score and each mistake with its hint."""
    if report.status == "correct" and not report.mistakes:
        return None
    lines = [f"{report.score} of {report.max_score} points, {VERDICTS[report.status]}."]
    lines += [f"{m.id}: {as_markdown(m.hint)}" for m in report.mistakes]  # a hint may quote the student
    if unexplained(report):
        lines.append(UNEXPLAINED)
    return "\n\n".join(lines)
