"""Prepares one submission for its run, and turns the evidence of the run into marks and feedback.

All of this is on the trusted side and runs nothing that a student wrote. A `Marker` holds what a whole
class has in common; batch.py calls it in the processes of processes.py, which bound its time and memory.
"""

import functools
import hashlib
import itertools
import json
import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_solution

from optimlab.classroom import Unusable
from optimlab.classroom.grading.assignment import Assignment, asked_by
from optimlab.classroom.grading.beside import Files, submitted_files
from optimlab.classroom.grading.by_hand import handed_in
from optimlab.classroom.grading.flags import flags_of
from optimlab.classroom.grading.judging import Asked, ask, judge
from optimlab.classroom.grading.notebooks import grade_id, parse_notebook, to_run
from optimlab.classroom.grading.outcomes import as_comment, left_out, own_tests, write_outcome
from optimlab.classroom.grading.rebuild import is_note, is_own, rebuild, unreadable
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.intake.untrusted_files import read
from optimlab.classroom.pages.feedback import Feedback
from optimlab.classroom.pages.inert import make_inert
from optimlab.classroom.sandbox.run import Evidence, Limits, bundle_of, decisive
from optimlab.classroom.workers import sources
from optimlab.tutor.beside import FROZEN, NONE, Beside

LATE = ("Canvas marks it as late and does not say by how much, so no penalty is worked out: take points off by hand, "
        "or write the time into timestamp.txt beside it and grade again")
PLACES = ("CourseDirectory", "Exchange", "NbGrader")  # these settings say where things are; no grade depends on them


class Taken(NamedTuple):
    """What was handed in, read once: what is hashed is what is marked, whoever writes there meanwhile.

    content: of the notebook's file; None if it cannot be read. problem: why, in one line, else "".
    beside: the files beside it that are let in. refused: a line for each that was not.
    """

    content: bytes | None
    problem: str
    beside: Files
    refused: list[str]

    @property
    def digest(self) -> str:
        beside = sorted((name, _hash(content)) for name, content in self.beside.items())
        said = self.content and _hash(self.content), self.problem, beside, self.refused
        return _hash(repr(said).encode("utf-8", "replace"))


class Prepared(NamedTuple):
    """A submission ready to run.

    handed_in: a hash of what was read. notebook: the rebuilt notebook as JSON.
    problem: why the file could not be read, "" if it could.
    bundle, challenges: what `run` is given.
    refused: a line for each file beside it that was not let in.
    modules: the sources of the student's own modules, by their names.
    """

    handed_in: str
    notebook: str
    problem: str
    bundle: bytes
    challenges: bytes
    refused: list[str]
    modules: dict[str, str]


class Marked(NamedTuple):
    """A marked submission: the autograded notebook, the comments by answer cell, and the record (see batch.py)."""

    notebook: NotebookNode
    comments: dict[str, str | None]
    record: dict[str, Any]


@dataclass(frozen=True)
class Marker:
    """Everything that marking needs and that is the same for the whole class; it is sent to other processes.

    templates: the released notebooks, with the locked cells that the gradebook holds.
    files: the files that lie beside them.
    let_in: the names of the files that count if a student hands them in, also in place of a released one.
    own: the exercises that the author wrote for this assignment.
    """

    assignment: str
    templates: dict[str, str]
    files: Files
    secret: str
    limits: Limits
    db_url: str
    config: dict[str, Any] = field(default_factory=dict)
    let_in: tuple[str, ...] = ()
    own: Beside = NONE

    def take(self, submission: Submission) -> Taken:
        """Read what was handed in."""
        beside, refused = submitted_files(submission.path.parent, self.let_in)
        try:
            return Taken(read(submission.path), "", beside, refused)
        except Unusable as error:
            return Taken(None, str(error), beside, refused)

    def prepare(self, submission: Submission) -> Prepared:
        """Read and rebuild a submission; one that cannot be read becomes an unanswered one that says why."""
        template, taken = _read(self.templates[submission.notebook]), self.take(submission)
        problem = taken.problem
        if taken.content is not None:
            try:
                submitted = parse_notebook(taken.content, submission.path)
            except Unusable as error:
                problem = str(error)
        if problem:
            problem = problem.removeprefix(f"{submission.path}: ")
            submitted = unreadable(problem)
        nb = nbformat.from_dict(rebuild(submitted, template))
        asked = self._ask(nb, submission.notebook)
        files = {**self.files, **taken.beside}
        # What lies beside the notebook is not there yet where the prelude runs.
        prelude = _prelude(template) if asked.exercises and files.keys() <= {FROZEN} else ()
        bundle = bundle_of(asked.cells, files, prelude, asked.own)
        modules = {name: content.decode("utf-8", "replace") for name, content in taken.beside.items()
                   if name.endswith(".py")}
        return Prepared(taken.digest, json.dumps(nb), problem, bundle, asked.challenges, taken.refused, modules)

    def mark(self, submission: Submission, prepared: Prepared, evidence: bytes, plainly: str = "") -> Marked:
        """Work out points, reasons and mistakes from the evidence.

        plainly: why this cannot be done in full, such as "it takes more than 20 s to mark". Then the points are worked
            out, and all is left out that could take long: what the cells show, their code, the search for mistakes.
        """
        nb = nbformat.from_dict(json.loads(prepared.notebook))
        seen = Evidence.from_bytes(evidence)
        if plainly:
            seen.outputs = {number: [left_out(plainly), *decisive(shown)] for number, shown in seen.outputs.items()}
        answers = {grade_id(c): c.source for c in nb.cells if is_solution(c) and c.cell_type == "code"}
        added = [c.source for c in nb.cells if is_own(c) and c.cell_type == "code"]
        graded = judge(self._ask(nb, submission.notebook), seen,
                       f"No mistake was looked for in this notebook: {plainly}." if plainly else "")
        flags = flags_of(answers | prepared.modules, added, seen.ran, graded.unseen) if not plainly else [
            {"kind": "run", "text": f"{plainly}: only its points are worked out. What its cells show, its mistakes and "
                                    "what would be flagged in its code are left out: look at the file yourself"}]
        flags += [{"kind": "run", "text": note} for note in seen.notes + prepared.refused]
        flags += [{"kind": "cells", "text": c.source} for c in nb.cells if is_note(c)]
        if prepared.problem:
            flags.append({"kind": "file", "text": prepared.problem})
        graded = write_outcome(nb, graded)
        comments = {r.name: as_comment(r) for r in graded.reports if r.name in answers}
        exercises = [r.to_json() for r in graded.reports]
        exercises += own_tests(nb, graded)
        if submission.late:
            flags.append({"kind": "late", "text": LATE})
        parts = handed_in(nb)
        make_inert(nb, lambda cell: is_own(cell) or is_solution(cell), plainly)
        record = {
            "student": submission.student, "assignment": self.assignment, "notebook": submission.notebook,
            "score": sum(e["score"] for e in exercises), "max_score": sum(e["max_score"] for e in exercises),
            "exercises": exercises, "problem": prepared.problem, "flags": flags, "answers": answers,
            "handed_in": parts, "words": self.asked(submission.notebook).words,
            "judge": "optimlab" if graded.reports else "nbgrader"}
        return Marked(nb, comments, record)

    def page(self, autograded: Path, submission: Submission, exercises: list[dict[str, Any]]) -> str:
        """The feedback page of a submission that is in the gradebook; `exercises` is what its record says of them."""
        feedback = _feedback(self.db_url, pickle.dumps(self.config))
        words = self.asked(submission.notebook).words
        return feedback.page(autograded, submission.student, self.assignment, submission.notebook, exercises, words)

    def digest(self) -> str:
        """A hash of everything that marking depends on, the course's own code included."""
        settings = {name: given for name, given in self.config.items() if name not in PLACES}
        files = {name: _hash(content) for name, content in self.files.items()}
        said = json.dumps({**asdict(self), "db_url": "", "config": settings, "files": files, "own": self.own.text},
                          default=str, sort_keys=True)
        return _hash((said + sources("**/*.py")).encode())

    def _ask(self, nb: NotebookNode, notebook: str) -> Asked:
        """What is asked of a rebuilt notebook."""
        return ask(nb, self.asked(notebook), self.secret)

    def asked(self, notebook: str) -> Assignment:
        """What a notebook asks of the tutor; raises Unusable where nobody knows that."""
        return _asked_by(self.templates[notebook], self.assignment, self.own)


def _prelude(template: NotebookNode) -> list[str]:
    """The released code cells before the first cell that students write."""
    cells = list(itertools.takewhile(lambda cell: not is_solution(cell), template.cells))
    return [source for _, source in to_run({"cells": cells})]


@functools.cache
def _read(template: str) -> NotebookNode:
    nb: NotebookNode = nbformat.reads(template, as_version=4)
    return nb


@functools.cache
def _asked_by(template: str, assignment: str, own: Beside) -> Assignment:
    return asked_by(parse_notebook(template.encode(), ""), assignment, own)


@functools.cache
def _feedback(db_url: str, config: bytes) -> Feedback:
    """One Feedback for each process, for setting it up costs more than a page."""
    return Feedback(db_url, pickle.loads(config))


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
