"""Grades a notebook on the trusted side: chooses what to run and what to ask, then judges what came back."""

import hashlib
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from optimlab.classroom.grading.notebooks import Notebook, checked_by, code_cells, criterion_of, defines
from optimlab.classroom.sandbox.places import Place, Unprotected
from optimlab.classroom.sandbox.run import Evidence, Limits, bundle_of, challenges_of, run
from optimlab.tutor import ASSIGNMENTS
from optimlab.tutor.challenges import Challenge, TimeIsUp
from optimlab.tutor.exercise import Exercise, assess, without_answers
from optimlab.tutor.messages import general
from optimlab.tutor.reports import Report


@dataclass(frozen=True)
class Graded:
    """A graded notebook: the assignment's name, a Report for each exercise, and the evidence."""

    assignment: str
    reports: tuple[Report, ...]
    evidence: Evidence

    @property
    def score(self) -> int:
        return sum(r.score for r in self.reports)

    @property
    def max_score(self) -> int:
        return sum(r.max_score for r in self.reports)

    def report_on(self, criterion_or_exercise: str) -> Report | None:
        """The report on an exercise, found by its name or by the id of a criterion; None if there is none."""
        return next((r for r in self.reports if r.name == criterion_or_exercise
                     or any(o.id == criterion_or_exercise for o in r.outcomes)), None)

    def to_json(self, notebook: str) -> dict[str, Any]:
        """The result as `optimlab check --json` prints it."""
        return {"notebook": notebook, "assignment": self.assignment, "score": self.score,
                "max_score": self.max_score, "exercises": [r.to_json() for r in self.reports]}


@dataclass(frozen=True)
class Asked:
    """What is asked of a notebook: which cells run, and each exercise's challenges.

    cells: (number, source) each; a cell's number is its place among the code cells, from 1, as Jupyter counts.
    """

    assignment: str
    cells: list[tuple[int, str]]
    exercises: list[tuple[Exercise, list[Challenge]]]

    @property
    def bundle(self) -> bytes:
        return bundle_of(self.cells)

    @property
    def challenges(self) -> bytes:
        return challenges_of([c for _, challenges in self.exercises for c in challenges])


def ask(nb: Notebook, assignment: str, secret: str = "") -> Asked:
    """Choose what to ask of a notebook.

    The challenges are drawn from the `secret` and the notebook's code, so grading the same notebook
    again asks the same.
    """
    code = code_cells(nb)
    # A cell that stands for a criterion or a report does not run: the grader fills it in.
    cells = [(n, c["source"]) for n, c in code if criterion_of(c) is None and checked_by(c["source"]) is None]
    digest = hashlib.sha256("\0".join([secret, *(c["source"] for _, c in code)]).encode("utf-8", "replace"))
    rng = np.random.default_rng(int.from_bytes(digest.digest()))
    return Asked(assignment, cells, [(e, e.challenges(rng)) for e in ASSIGNMENTS[assignment]])


def judge(asked: Asked, evidence: Evidence) -> Graded:
    """Report on a notebook from the evidence of its run. Nothing that the notebook did makes this raise."""
    reports, first = [], 0
    for exercise, challenges in asked.exercises:
        numbers = range(first, first + len(challenges))
        first += len(challenges)
        if exercise.name in evidence.missing:
            reports.append(_missing(exercise, asked.cells, evidence))
            continue
        source = "\n".join(s for _, s in asked.cells if defines(s, exercise.name))
        reports.append(assess(exercise, challenges, [evidence.answers[n] for n in numbers], source))
    return Graded(asked.assignment, tuple(reports), evidence)


def grade(nb: Notebook, assignment: str, secret: str = "", limits: Limits = Limits(),
          place: Place = Unprotected()) -> Graded:
    """Run a notebook in one of the places of sandbox/places.py and judge it."""
    asked = ask(nb, assignment, secret)
    return judge(asked, run(asked.bundle, asked.challenges, limits, place))


def _missing(exercise: Exercise, cells: list[tuple[int, str]], evidence: Evidence) -> Report:
    """The report on an exercise whose function does not exist once all cells have run."""
    for number, source in cells:
        if defines(source, exercise.name):
            for output in evidence.outputs.get(number, ()):
                if output.get("output_type") != "error":
                    continue
                name, line = str(output.get("ename"))[:100], _error_line(output, source)
                at = f", at {line}" if line else ""
                if name == TimeIsUp.__name__:
                    seen = f"The cell of {exercise.name} does not come to an end{at}"
                    return without_answers(exercise, general("never_ends", seen))
                evalue = re.sub(r" \(<ipython-input[^)]*\)", "", str(output.get("evalue"))[:500])
                seen = f"The cell of {exercise.name} stops with {name}: {evalue}{at}"
                return without_answers(exercise, general("raises", seen))
    return without_answers(exercise, general("not_attempted", f"No cell defines {exercise.name}"))


def _error_line(output: dict[str, Any], source: str) -> str:
    """The line of the student's code that an error output points at; "" if it points at none."""
    traceback = output.get("traceback")
    text = "\n".join(map(str, traceback))[-20_000:] if isinstance(traceback, list) else ""
    found = re.findall(r"(?:line |-> )(\d{1,6})\b", re.sub(r"\x1b\[[0-9;]*m", "", text))
    lines = source.splitlines()
    if not found or not 0 < int(found[-1]) <= len(lines):
        return ""
    return f"line {found[-1]}: {lines[int(found[-1]) - 1].strip()[:160]}"
