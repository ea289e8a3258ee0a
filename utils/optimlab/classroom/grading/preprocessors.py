"""The course's own steps of `nbgrader autograde`, listed in nbgrader_config.py.

Reading:     Exporter            replaces a file that cannot be read by an unanswered notebook that says so
Sanitizing:  RebuildFromTemplate takes everything except the answers from the released notebook
Autograding: Grade               runs in a sandbox, judges and writes the outcome, in place of nbgrader's Execute
             SaveMistakes        enters the mistakes' names in the gradebook as comments, after SaveAutoGrades
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution
from traitlets import Bool, Float, Unicode

from optimlab.classroom import Unusable
from optimlab.classroom.grading.judging import grade
from optimlab.classroom.grading.notebooks import assignment_of, code_cells, grade_id, parse_notebook
from optimlab.classroom.grading.outcomes import as_comment, put_tested, write_outcome
from optimlab.classroom.grading.rebuild import is_own, rebuild, unreadable
from optimlab.classroom.intake.untrusted_files import read
from optimlab.classroom.pages.inert import make_inert
from optimlab.classroom.sandbox.places import Place, place_to_run, why_no_filter
from optimlab.classroom.sandbox.run import Limits, bundle_of, run
from optimlab.tutor import ASSIGNMENTS

Resources = dict[str, Any]  # what nbconvert hands from one step to the next


class Exporter(NotebookExporter):
    """Reads submissions; one that cannot be read is replaced, so that it is graded and explained."""

    def from_filename(self, filename: str, resources: Resources | None = None, **kw: Any
                      ) -> tuple[NotebookNode, Resources]:
        try:
            nb = nbformat.from_dict(parse_notebook(read(Path(filename)), filename))
        except Unusable as error:
            nb = nbformat.from_dict(unreadable(filename, error))
            self.log.warning("%s", error)
        resources = self._init_resources(resources)
        resources["metadata"]["name"] = Path(filename).stem
        resources["metadata"]["path"] = str(Path(filename).parent)
        exported: tuple[NotebookNode, Resources] = self.from_notebook_node(nb, resources=resources, **kw)
        return exported


class RebuildFromTemplate(NbGraderPreprocessor):
    """Rebuild a submission from the released notebook, taking from the student only their own cells.

    Cells are recognised as recognise.py says, and an answer may have come in several of them. Cells that the
    student added stay after the cell they followed. Test cells that were edited, deleted, doubled or moved are
    put back as they were released. A submission without a released notebook is left as it is.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        # The parent is the exporter, and its parent the converter.
        released = released_notebook(self.parent.parent.coursedir, resources["nbgrader"])
        if released.is_file():
            nb = nbformat.from_dict(rebuild(nb, nbformat.read(released, as_version=4)))
        return nb, resources


def released_notebook(coursedir: CourseDirectory, ids: dict[str, str]) -> Path:
    """The path of the notebook that a submission answers, as it was or would be released."""
    folder = coursedir.format_path(coursedir.release_directory, ".", ids["assignment"])
    return Path(folder) / f"{ids['notebook']}.ipynb"


class Grade(NbGraderPreprocessor):
    """Run the submission in a sandbox and write the trusted outcome into its test cells.

    In an assignment that the tutor does not know, the instructor's own tests run in the sandbox too,
    beside the student's code, as nbgrader runs them. Raises Unusable if this machine has no sandbox,
    unless `no_sandbox` is set.
    """

    secret = Unicode("", help="Text of the course's own, from which the hidden cases are drawn").tag(config=True)
    no_sandbox = Bool(False, help="Run submissions unprotected, as the one who grades").tag(config=True)
    strict = Bool(False, help="Give every submission a sandbox of its own: slower").tag(config=True)
    cell_seconds = Float(10.0, help="Time limit of one cell").tag(config=True)
    call_seconds = Float(5.0, help="Time limit of one call of a student's function").tag(config=True)
    total_seconds = Float(60.0, help="Time limit of all cells together, and of all calls").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        ids = resources["nbgrader"]
        limits = Limits(cell=self.cell_seconds, call=self.call_seconds, total=self.total_seconds)
        place = place_to_run(self.strict, self.no_sandbox)
        if not self.no_sandbox and (unfiltered := why_no_filter()):
            self.log.warning("%s", unfiltered)
        if ids["assignment"] not in ASSIGNMENTS or assignment_of(nb) is None:
            run_with_tests(nb, limits, place)
        else:
            resources["optimlab"] = grade(nb, ids["assignment"], self.secret, limits, place)
            write_outcome(nb, resources["optimlab"])
        rebuilt = released_notebook(self.parent.parent.coursedir, ids).is_file()
        make_inert(nb, (lambda cell: is_own(cell) or is_solution(cell)) if rebuilt else None)
        return nb, resources


def run_with_tests(nb: NotebookNode, limits: Limits, place: Place) -> None:
    """Run all cells, the instructor's nbgrader tests among them, and put their outputs into the notebook."""
    cells = [(n, c["source"]) for n, c in code_cells(nb)]
    put_tested(nb, run(bundle_of(cells), b"", limits, place))


class SaveMistakes(NbGraderPreprocessor):
    """Write the named mistakes beside the answers in the gradebook, where formgrader shows comments."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
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
