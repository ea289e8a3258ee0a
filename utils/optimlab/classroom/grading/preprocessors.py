"""The course's own steps of `nbgrader autograde`, listed in nbgrader_config.py.

Reading:     Exporter            replaces a file that cannot be read by an unanswered notebook that says so
Sanitizing:  RebuildFromTemplate takes everything except the answers from the released notebook
Autograding: Grade               runs in a sandbox, judges and writes the outcome, in place of nbgrader's Execute
             SaveGrades          enters the points, in place of nbgrader's SaveAutoGrades
             SaveMistakes        after SaveGrades: enters the mistakes' names as comments in the gradebook
"""

from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades
from nbgrader.utils import determine_grade, is_grade, is_solution, is_task
from traitlets import Bool, Dict, Float, List, Unicode

from optimlab.classroom import Unusable
from optimlab.classroom.files import RECORDS, record
from optimlab.classroom.grading.assignment import asked_by, written_in
from optimlab.classroom.grading.beside import released_files, submitted_files
from optimlab.classroom.grading.by_hand import handed_in, waits
from optimlab.classroom.grading.judging import grade
from optimlab.classroom.grading.notebooks import grade_id, is_test, parse_notebook
from optimlab.classroom.grading.outcomes import as_comment, has_impossible_points, write_outcome
from optimlab.classroom.grading.rebuild import is_own, may_stand_elsewhere, rebuild, unreadable
from optimlab.classroom.grading.secret import LOST, course_secret, is_lost
from optimlab.classroom.intake.untrusted_files import read
from optimlab.classroom.pages.inert import make_inert
from optimlab.classroom.sandbox.places import place_to_run, why_no_filter
from optimlab.classroom.sandbox.run import Limits
from optimlab.tutor.challenges import LONGEST_CALL

Resources = dict[str, Any]  # what nbconvert hands from one step to the next


class Exporter(NotebookExporter):
    """Reads submissions; one that cannot be read is replaced, so that it is graded and explained."""

    def from_filename(self, filename: str, resources: Resources | None = None, **kw: Any
                      ) -> tuple[NotebookNode, Resources]:
        try:
            nb = nbformat.from_dict(parse_notebook(read(Path(filename)), filename))
        except Unusable as error:
            nb = nbformat.from_dict(unreadable(str(error).removeprefix(f"{filename}: ")))
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

    The instructor's own tests run in the sandbox too, beside the student's code, as nbgrader runs them. Raises
    Unusable if this machine has no sandbox, unless `no_sandbox` is set.
    """

    secret = Unicode("", help="Text of the course's own, from which the hidden cases are drawn; "
                              "where there is none, that in .optimlab/secret").tag(config=True)
    no_sandbox = Bool(False, help="Run submissions unprotected, as the one who grades").tag(config=True)
    strict = Bool(False, help="Give every submission a sandbox of its own: slower").tag(config=True)
    cell_seconds = Float(10.0, help="Time limit of one cell").tag(config=True)
    call_seconds = Float(LONGEST_CALL, help="Time limit of one call of a student's function").tag(config=True)
    read_questions_without_points = Bool(
        False, help="Answers that have no points wait for a person to read them, too").tag(config=True)
    total_seconds = Float(60.0, help="Time limit of all cells together, and of all calls").tag(config=True)
    submitted_files = Dict(
        key_trait=Unicode(), value_trait=List(Unicode()),
        help='For each assignment, the files that count if a student hands them in, as {"hw1": ["helper.py"]}',
    ).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        ids, coursedir = resources["nbgrader"], self.parent.parent.coursedir
        limits = Limits(cell=self.cell_seconds, call=self.call_seconds, total=self.total_seconds)
        place = place_to_run(self.strict, self.no_sandbox)
        if not self.no_sandbox and (unfiltered := why_no_filter()):
            self.log.warning("%s", unfiltered)
        released = released_notebook(coursedir, ids)
        template = nbformat.read(released, as_version=4) if released.is_file() else nb
        submitted = coursedir.format_path(coursedir.submitted_directory, ids["student"], ids["assignment"])
        own, refused = submitted_files(Path(submitted), self.let_in(ids["assignment"]))
        for line in refused:
            self.log.warning("%s: %s", ids["student"], line)
        source = Path(coursedir.format_path(coursedir.source_directory, ".", ids["assignment"]))
        assignment = asked_by(template, ids["assignment"], written_in(source))
        root = Path(coursedir.root)
        if not self.secret and is_lost(root):
            self.log.warning("%s", LOST)
        secret = self.secret or course_secret(root)
        graded = grade(nb, assignment, secret, limits, place, {**released_files(released.parent), **own})
        resources["optimlab"] = write_outcome(nb, graded)
        resources["handed_in"] = handed_in(nb)  # before later steps clear what tells the student's own cells
        make_inert(nb, (lambda cell: is_own(cell) or is_solution(cell)) if released.is_file() else None)
        return nb, resources

    def let_in(self, assignment: str) -> tuple[str, ...]:
        """The files that count in an assignment if a student hands them in; see `submitted_files`."""
        return tuple(self.submitted_files.get(assignment, ()))


class SaveGrades(SaveAutoGrades):
    """nbgrader's own step, except that what a person marked stays marked until the student changes it."""

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        ids = resources["nbgrader"]
        folder = Path(self.parent.parent.coursedir.root, RECORDS, ids["assignment"], ids["student"])
        before = record(folder / f"{ids['notebook']}.json").get("handed_in", {})
        self._unchanged = {name for name, part in resources.get("handed_in", {}).items() if before.get(name) == part}
        self._read_without_points = Grade(parent=self.parent).read_questions_without_points
        saved: tuple[NotebookNode, Resources] = super().preprocess(nb, resources)
        return saved

    def preprocess_cell(self, cell: NotebookNode, resources: Resources, cell_index: int
                        ) -> tuple[NotebookNode, Resources]:
        if is_task(cell):
            self._add_score(cell, resources)
        saved: tuple[NotebookNode, Resources] = super().preprocess_cell(cell, resources, cell_index)
        return saved

    def _add_score(self, cell: NotebookNode, resources: Resources) -> None:
        held = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
        given = determine_grade(cell, self.log)[0] if is_grade(cell) else None
        read = self._read_without_points or may_stand_elsewhere(cell)
        held.needs_manual_grade = waits(held, given, held.max_score, grade_id(cell) in self._unchanged, read)
        held.auto_score = given
        self.gradebook.db.commit()


class SaveMistakes(NbGraderPreprocessor):
    """Write the named mistakes beside the answers in the gradebook, where formgrader shows comments.

    A test that claims impossible points waits for a person there.
    """

    def preprocess(self, nb: NotebookNode, resources: Resources) -> tuple[NotebookNode, Resources]:
        ids = resources["nbgrader"]
        of_this = ids["notebook"], ids["assignment"], ids["student"]
        reports = {r.name: r for r in resources["optimlab"].reports}
        with Gradebook(ids["db_url"]) as gradebook:
            for cell in nb.cells:
                if is_solution(cell) and not is_grade(cell) and grade_id(cell) in reports:
                    comment = gradebook.find_comment(grade_id(cell), *of_this)
                    comment.auto_comment = as_comment(reports[grade_id(cell)])
                if is_test(cell) and has_impossible_points(cell):
                    gradebook.find_grade(grade_id(cell), *of_this).needs_manual_grade = True
            gradebook.db.commit()
        return nb, resources
