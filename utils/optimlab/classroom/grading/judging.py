"""Grades a notebook on the trusted side: chooses what to run and what to ask, then judges what came back."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any

import numpy as np

from optimlab.classroom.grading.assignment import Assignment, points_in
from optimlab.classroom.grading.notebooks import (
    Cell,
    Notebook,
    checked_by,
    code_cells,
    criterion_of,
    defines,
    is_answer,
    to_run,
)
from optimlab.classroom.grading.rebuild import is_own
from optimlab.classroom.grading.sources import Reader
from optimlab.classroom.sandbox.places import Place, Unprotected
from optimlab.classroom.sandbox.run import Evidence, Limits, bundle_of, challenges_of, run
from optimlab.tutor.challenges import Challenge, TimeIsUp
from optimlab.tutor.exercise import Exercise, assess, without_answers
from optimlab.tutor.messages import Mistake, general, misnamed, nearly, stopped_cell
from optimlab.tutor.reports import Report
from optimlab.tutor.tracing import Trace


@dataclass(frozen=True)
class Graded:
    """A graded notebook: the assignment's name, a Report for each exercise, and the evidence.

    unseen: functions that earned points although no cell is seen to define them.
    """

    assignment: str
    reports: tuple[Report, ...]
    evidence: Evidence
    unseen: tuple[str, ...] = ()

    @property
    def score(self) -> float:
        return sum(r.score for r in self.reports)

    @property
    def max_score(self) -> float:
        return sum(r.max_score for r in self.reports)

    def report_on(self, cell: Cell) -> Report | None:
        """The report on the exercise whose check or criterion is all that a code cell holds; None for other cells."""
        criterion, function = criterion_of(cell), checked_by(cell["source"])
        return next((r for r in self.reports if r.name == function or any(o.id == criterion for o in r.outcomes)), None)

    def in_points_of(self, nb: Notebook) -> "Graded":
        """The same result in the points that a notebook's test cells carry; where it has none of these, as it is."""
        points = points_in(nb, {r.name: {o.id: o.max_points for o in r.outcomes} for r in self.reports})
        return replace(self, reports=tuple(r.worth(points) for r in self.reports)) if points else self

    def to_json(self, notebook: str, tested: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
        """The result as `optimlab check --json` prints it, with what came of the instructor's own tests."""
        exercises = [*(r.to_json() for r in self.reports), *tested]
        return {"notebook": notebook, "assignment": self.assignment, "score": sum(e["score"] for e in exercises),
                "max_score": sum(e["max_score"] for e in exercises), "exercises": exercises}


@dataclass(frozen=True)
class Asked:
    """What is asked of a notebook: which cells run, and each exercise's challenges.

    cells: (number, source) each; a cell's number is its place among the code cells, from 1, as Jupyter counts.
    own: the numbers of those in which the student may write: answers, and cells that the student added.
    """

    assignment: str
    cells: list[tuple[int, str]]
    own: list[int]
    exercises: list[tuple[Exercise, list[Challenge]]]

    @cached_property
    def written(self) -> set[str]:
        """The names of the functions that its cells define, those that are asked for left out."""
        names = {name for _, source in self.cells
                 for name in re.findall(r"^[ \t]*def[ \t]+(\w+)", source, re.MULTILINE)}
        return names - {e.name for e, _ in self.exercises}

    @property
    def challenges(self) -> bytes:
        return challenges_of([c for e, challenges in self.exercises for c in (*challenges, *e.followed)])


def ask(nb: Notebook, assignment: Assignment, secret: str = "") -> Asked:
    """Choose what to ask of a notebook: the exercises of an assignment.

    The challenges are drawn from the `secret` and the notebook's code, so grading the same notebook
    again asks the same.
    """
    code, exercises = code_cells(nb), assignment.exercises
    # A cell that stands for a criterion or a report does not run: the grader fills it in.
    filled_in = {n for n, c in code for e in exercises
                 if checked_by(c["source"]) == e.name or criterion_of(c) in {o.id for o in e.criteria}}
    cells = [(n, source) for n, source in to_run(nb) if n not in filled_in]
    digest = hashlib.sha256("\0".join([secret, *(c["source"] for _, c in code)]).encode("utf-8", "replace"))
    rng = np.random.default_rng(int.from_bytes(digest.digest()))
    own = [n for n, c in code if is_answer(c) or is_own(c)]
    return Asked(assignment.name, cells, own, [(e, e.challenges(rng)) for e in exercises])


def judge(asked: Asked, evidence: Evidence, unexplained: str = "") -> Graded:
    """Report on a notebook from the evidence of its run. Nothing that the notebook did makes this raise.

    unexplained: why no mistakes are looked for behind lost points, which is told in their place; "" if they are.
    """
    cells = dict(asked.cells)

    def texts(file: str) -> str:
        """The text of a cell by the name that IPython gives it; a trace may come from anybody."""
        found = re.match(r"<ipython-input-(\d{1,6})-", file)
        return cells.get(int(found[1]), "") if found else ""

    reports, first, unseen, read = [], 0, [], Reader()
    for exercise, challenges in asked.exercises:
        numbers = range(first, first + len(challenges))
        followed = range(numbers.stop, numbers.stop + len(exercise.followed))
        first = followed.stop
        if exercise.name in evidence.missing:
            mistake = _why_missing(exercise.name, asked, evidence)
            reports.append(without_answers(exercise, mistake))
            continue
        source = "\n".join(s for _, s in asked.cells if defines(s, exercise.name))
        report = assess(exercise, challenges, [evidence.answers[n] for n in numbers], source,
                        partial(_traces, evidence, followed), texts, not unexplained, asked.written)
        if unexplained and report.status == "wrong":
            report = replace(report, mistakes=(*report.mistakes, Mistake("not_looked_for", unexplained)))
        if exercise.lesson:  # what is said there holds the right numbers
            report = replace(report, next_step="")
        if report.score and (given := _given(exercise.name, asked, read)) != "yes":
            unseen.append(exercise.name)
            if given == "no":
                report = without_answers(exercise, general(
                    "not_attempted", f"No cell defines {exercise.name}, and yet something answered in its place"))
        if report.status == "not attempted" and (failed := _failed_import(exercise.name, asked.cells, evidence)):
            report = without_answers(exercise, failed)  # the empty function was to be replaced by an imported one
        reports.append(report)
    return Graded(asked.assignment, tuple(reports), evidence, tuple(unseen))


def _traces(evidence: Evidence, numbers: Iterable[int]) -> list[Trace | None]:
    return [evidence.answers[n].trace for n in numbers]


def grade(nb: Notebook, assignment: Assignment, secret: str = "", limits: Limits = Limits(),
          place: Place = Unprotected(), files: Mapping[str, bytes] | None = None) -> Graded:
    """Run a notebook in one of the places of sandbox/places.py, the files beside it, and judge it."""
    asked = ask(nb, assignment, secret)
    return judge(asked, run(bundle_of(asked.cells, files, own=asked.own), asked.challenges, limits, place))


def _given(name: str, asked: Asked, read: Reader) -> str:
    """Whether some cell gives a function's name its value: "yes", "no", or "perhaps"."""
    given = {read.gives(source, name) for number, source in asked.cells if number in asked.own or defines(source, name)}
    return next((answer for answer in ("yes", "perhaps") if answer in given), "no")


def _why_missing(name: str, asked: Asked, evidence: Evidence) -> Mistake:
    """Why a function does not exist once all cells have run."""
    for number, source in asked.cells:
        if defines(source, name):
            if number not in evidence.outputs:
                return Mistake("never_ends", f"The cell of {name} was not run: the cells before it took all the time. "
                                             "Reread: the loops above it, and what makes each of them stop.")
            if stopped := _stopped(f"The cell of {name}", source, evidence.outputs[number]):
                return stopped
    if failed := _failed_import(name, asked.cells, evidence):
        return failed
    near = nearly(name, asked.written)
    return misnamed(name, near) if near else general("not_attempted", f"No cell defines {name}")


def _failed_import(name: str, cells: list[tuple[int, str]], evidence: Evidence) -> Mistake | None:
    """Why an import did not bring a function; None if none was to bring it or all of them worked."""
    for number, source in cells:
        if _imports(source, name) and (
                stopped := _stopped(f"The cell that imports {name}", source, evidence.outputs.get(number, []))):
            return stopped
    return None


def _imports(source: str, name: str) -> bool:
    """Whether a cell may import a name from somewhere: everything, or the name stands below or in such an import."""
    first = re.search(r"^[ \t]*from\b.*?\bimport\b", source, re.MULTILINE)
    return first is not None and bool(re.search(r"^[ \t]*from\b.*\bimport[ \t]*\*", source, re.MULTILINE)
                                      or re.search(rf"\b{name}\b", source[first.end():]))


def _stopped(what: str, source: str, outputs: list[dict[str, Any]]) -> Mistake | None:
    """The mistake of a cell that stops with an error; None for one that does not."""
    for output in outputs:
        if output.get("output_type") == "error":
            name, line = str(output.get("ename"))[:100], _error_line(output, source)
            at = f", at {line}" if line else ""
            if name == TimeIsUp.__name__:
                return general("never_ends", f"{what} does not come to an end{at}")
            evalue = re.sub(r" \(<ipython-input[^)]*\)", "", str(output.get("evalue"))[:500])
            return stopped_cell(what, f"{name}: {evalue}", at)
    return None


def _error_line(output: dict[str, Any], source: str) -> str:
    """The line of the student's code that an error output points at; "" if it points at none."""
    traceback = output.get("traceback")
    text = "\n".join(map(str, traceback))[-20_000:] if isinstance(traceback, list) else ""
    found = re.findall(r"(?:line |-> )(\d{1,6})\b", re.sub(r"\x1b\[[0-9;]*m", "", text))
    lines = source.splitlines()
    if not found or not 0 < int(found[-1]) <= len(lines):
        return ""
    return f"line {found[-1]}: {lines[int(found[-1]) - 1].strip()[:160]}"
