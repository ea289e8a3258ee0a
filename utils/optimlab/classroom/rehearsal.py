"""Tries an assignment before it is released: its author's solution earns all points, an untouched notebook none.

Both go through the grader as a student's would: rebuilt, run in the sandbox, asked, judged, written into their cells.
Where there is no sandbox they run in a plain process, for all their code is the author's.
"""

import copy
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from optimlab.classroom import Unusable
from optimlab.classroom.grading.assignment import Assignment, asked_by, points_in
from optimlab.classroom.grading.beside import Files
from optimlab.classroom.grading.judging import Graded, grade
from optimlab.classroom.grading.notebooks import checked_by, criterion_of, grade_id, is_test
from optimlab.classroom.grading.outcomes import own_tests, write_outcome
from optimlab.classroom.grading.rebuild import rebuild
from optimlab.classroom.sandbox.places import Unprotected, place_to_run, why_no_sandbox
from optimlab.classroom.sandbox.run import Limits
from optimlab.classroom.workers import sources
from optimlab.tutor.beside import Beside, frozen, told
from optimlab.tutor.checking import public_challenges
from optimlab.tutor.exercise import Exercise

REMARK = re.compile(r"^\s*(?:require|check)\(.*#\s*(\d+(?:\.\d+)?) points?\b", re.MULTILINE)  # what students read of it


@dataclass(frozen=True)
class Rehearsal:
    """An assignment that is about to be released.

    templates: its notebooks as students get them, by name, with the hidden tests in place.
    solutions: the same as their author wrote them.
    own: the exercises that the author wrote.
    """

    assignment: str
    templates: Mapping[str, NotebookNode]
    solutions: Mapping[str, NotebookNode]
    own: Beside
    limits: Limits

    def asked(self) -> dict[str, Assignment]:
        """What each notebook asks of the tutor; raises Unusable where it asks for what `check` does not know."""
        asked = {name: asked_by(nb, f"solutions/{self.assignment}/{name}.ipynb", self.own)
                 for name, nb in self.templates.items()}
        for name, nb in self.templates.items():
            if fault := next(_faults(nb, asked[name].exercises), ""):
                raise Unusable(f"{asked[name].name}: {fault}")
        return asked

    def frozen(self) -> str:
        """The file that students need to check what they write, as text; "" where they need none.

        Raises Unusable where an exercise cannot be asked.
        """
        exercises = {e.name: e for asked in self.asked().values() for e in asked.exercises}
        criteria = {e.name: {c.id: c.points for c in e.criteria} for e in exercises.values()}
        given = {id: worth for nb in self.templates.values() for id, worth in points_in(nb, criteria).items()}
        try:
            return frozen(exercises.values(), given, public_challenges)
        except Exception as error:  # the author's code is asked here for the first time
            raise Unusable(told(error, self.own.path)) from None

    def run(self, files: Files) -> None:
        """Grade the solution and the untouched notebook, `files` beside them.

        Raises Unusable where they earn other than all points and none. Where the tutor's criteria carry no points,
        all must be met, and none.
        """
        for name, asked in self.asked().items():
            template = self.templates[name]
            if not asked.exercises and not any(is_test(c) and c.metadata.nbgrader.points for c in template.cells):
                continue
            path = f"solutions/{self.assignment}/{name}.ipynb"
            earned = self._earned(self.solutions[name], name, asked, files)
            lost = [f"{_points(c) or 'nothing'} in {c['id']}{f' ({why})' if (why := _said(c)) else ''}"
                    for c in earned if not c["passed"]]
            if lost:
                raise Unusable(f"{path}: its own solution earns {_some(lost)}")
            won = [f"{c['points']:g} points in {c['id']}" if c["points"] else f"all of {c['id']}"
                   for c in self._earned(template, name, asked, files) if c["points"] or c["passed"]]
            if won:
                raise Unusable(f"{path}: a notebook in which nothing is written earns {_some(won)}: a test must fail "
                               "until there is an answer")

    def _earned(self, nb: NotebookNode, name: str, asked: Assignment, files: Files) -> Iterator[dict[str, Any]]:
        """What came of each criterion of the tutor's, and of each of the author's own tests that has points."""
        rebuilt = nbformat.from_dict(rebuild(copy.deepcopy(nb), self.templates[name]))
        graded = write_outcome(rebuilt, self._graded(rebuilt, asked, files))
        own = [test for test in own_tests(rebuilt, graded) if test["max_score"]]
        for test in [r.to_json() for r in graded.reports] + own:
            yield from test["criteria"]

    def _graded(self, rebuilt: NotebookNode, asked: Assignment, files: Files) -> Graded:
        if not why_no_sandbox():
            try:
                return grade(rebuilt, asked, "", self.limits, place_to_run(False, False), files)
            except Unusable:
                pass  # it does not start here
        return grade(rebuilt, asked, "", self.limits, Unprotected(), files)

    def digest(self, files: Files) -> str:
        """A hash of all that its outcome depends on, the course's own code included."""
        said = repr(({**asdict(self), "own": self.own.text}, files, sources("**/*.py")))
        return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def rehearse(assignment: str, templates: Mapping[str, NotebookNode], source: Path, own: Beside,
             limits: Limits) -> Rehearsal:
    """The rehearsal of an assignment whose author's notebooks lie in the folder `source`."""
    solutions = {name: nbformat.read(source / f"{name}.ipynb", as_version=4) for name in templates}
    return Rehearsal(assignment, templates, solutions, own, limits)


def _faults(nb: NotebookNode, exercises: Sequence[Exercise]) -> Iterator[str]:
    """A line for each test cell of the tutor's that would not give the points that it seems to give."""
    if not exercises:
        return
    own = [c for cell in nb.cells if (c := criterion_of(cell))]
    for twice in (c for c in dict.fromkeys(own) if own.count(c) > 1):
        yield f"two cells require {twice}: keep one of them"
    all_have_cells = {e.name for e in exercises if {c.id for c in e.criteria} <= {*own}}
    for cell in filter(is_test, nb.cells):
        id, points, checked = grade_id(cell), cell.metadata.nbgrader.points, checked_by(cell.source)
        if points and checked in all_have_cells:
            yield (f"nobody can earn the points of the cell {id}, for each criterion of {checked} has a cell of its "
                   "own: make it Read-only")
        if re.search(r"^\s*require\(", cell.source, re.MULTILINE) and not criterion_of(cell):
            yield (f"the cell {id} holds more than its one require(...): let that stand alone, so that the grader asks "
                   "cases of its own")
        told_points = REMARK.search(cell.source)
        if told_points and float(told_points[1]) != points:
            yield f"the cell {id} tells students {told_points[1]} points, and earns {points:g}: make the two agree"


def _points(criterion: Mapping[str, Any]) -> str:
    """What a criterion gives, of what it could give; "" where it carries no points."""
    most = criterion["max_points"]
    return f"{criterion['points']:g} of {most:g} points" if most else ""


def _said(criterion: Mapping[str, Any]) -> str:
    return " ".join(criterion["message"].split())[:200]


def _some(things: list[str]) -> str:
    return "; ".join(things[:3]) + (f"; and {len(things) - 3} cells more" if len(things) > 3 else "")
