"""Grades a class: takes every submission from its file to the gradebook, over all cores, and goes on after a stop.

Each submission is read and rebuilt, run in a sandbox (the evidence is kept) and marked. Then the autograded
notebook, the gradebook, the feedback page and, last of all, its record are written. The record is a JSON file

    .optimlab/ASSIGNMENT/STUDENT/NOTEBOOK.json
    {"student", "assignment", "notebook", "key", "score", "max_score", "exercises" (as `optimlab check --json`),
     "problem", "flags": [{"kind", "text"}], "answers": {cell: source}, "handed_in": {cell: hash}, "judge",
     "ran": {"where", "sandbox", "seconds"}}

and its key is a hash of everything that the grade depends on. A submission that is in the gradebook and has
a record with the same key is not graded again. Each stage can be done twice, and each file is there whole or
not at all: so grading may stop at any moment and goes on the next time.
"""

import contextlib
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import nbformat
from tqdm import tqdm

from optimlab.classroom import Unusable
from optimlab.classroom.files import record, write_atomic
from optimlab.classroom.gradebook.book import Book, Person
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.intake.untrusted_files import read, shown
from optimlab.classroom.marking import Marker, Prepared
from optimlab.classroom.processes import Exceeded, Killed, Pool
from optimlab.classroom.sandbox import frames
from optimlab.classroom.sandbox.places import Failed
from optimlab.classroom.sandbox.run import Limits
from optimlab.classroom.workers import RUNS, Workers, sources

Run = Callable[[bytes, bytes, Limits], tuple[bytes, dict[str, Any]]]  # as Workers.run, whether it is alone left out
SECRET = re.compile(r"[\w+/=.-]{8,512}", re.A)  # as nbgrader makes them


@dataclass(frozen=True)
class Batch:
    """One assignment of a class.

    folder: gives a student's folder for a stage of grading, such as "autograded" or "feedback".
    place: the kind of sandbox, as a text that goes into the keys.
    kept: the folder of the records.
    """

    marker: Marker
    book: Book
    folder: Callable[[str, str], Path]
    place: str
    kept: Path

    def grade(self, found: list[Submission], workers: AbstractContextManager[Workers], again: bool = False
              ) -> tuple[int, list[str]]:
        """Grade what has changed; returns how many that were, and a line for each that could not be graded."""
        digest = self.marker.digest()
        terms = self._terms(found, digest)
        graded = set() if again else self.book.graded(self.marker.assignment)
        todo = [s for s in found if (s.student, s.notebook) not in graded or not self._stands(s, terms[s])]
        failed: list[str] = []
        if not todo:
            return 0, failed
        with workers as crew, Pool(crew.cores) as pool, ThreadPoolExecutor(1) as writer, \
                tqdm(total=len(todo), unit="", disable=None, desc=self.marker.assignment, dynamic_ncols=True) as bar:
            stages = _Stages(self, pool, writer)

            def grade(some: Iterable[Submission], number: int) -> Iterator[tuple[Submission, Failed]]:
                """Grade some, so many at once; gives those that could not be run."""
                # One more than can run at once: so none of the cores is idle while something is handed over.
                with ThreadPoolExecutor(number) as runners, ThreadPoolExecutor(number + 1) as graders:
                    def run(bundle: bytes, challenges: bytes, limits: Limits) -> tuple[bytes, dict[str, Any]]:
                        return runners.submit(crew.run, bundle, challenges, limits, number == 1).result()

                    running = {graders.submit(stages.grade, s, terms[s], run): s for s in some}
                    try:
                        for done in as_completed(running):
                            error = done.exception()
                            if isinstance(error, Failed):
                                yield running[done], error
                                continue
                            if isinstance(error, (Unusable, OSError)):
                                raise error
                            if error is not None:  # trouble with one submission does not stop the others
                                student = shown(running[done].student)
                                failed.append(f"{student}: could not be graded: {shown(_said(error))}")
                            bar.update()
                    finally:
                        graders.shutdown(wait=True, cancel_futures=True)

            # What failed beside others says nothing of a submission. Alone, it is its own.
            for submission, error in grade([s for s, _ in grade(todo, crew.number)], 1):
                failed.append(f"{shown(submission.student)}: could not be run: {error}; grade again")
                bar.update()
        return len(todo) - len(failed), failed

    def _terms(self, found: list[Submission], digest: str) -> dict[Submission, str]:
        """By submission a hash of what its grade and its page depend on beside what was handed in."""
        assignment, people = self.marker.assignment, self.book.people()
        by_hand, extensions = self.book.by_hand(assignment), self.book.extensions(assignment)
        shared = digest, self.place, self.book.due(assignment), self.book.penalty_rule
        terms = {}
        for s in found:
            extension = extensions.get(s.student) if s.extension is None else s.extension
            terms[s] = _hash(s.submitted_at, s.late, extension or timedelta(), *shared,
                             people.get(s.student, Person())[:2], by_hand.get((s.student, s.notebook)))
        return terms

    def carry(self, found: list[Submission]) -> None:
        """Put beside the pages what nbgrader's release_feedback reads there: when a submission came, and its secret.

        The student's Assignment List finds its page by the secret. What did not come through nbgrader's exchange has
        none, and without one release_feedback would stop for the whole class: it gets one that nobody knows.
        """
        for folder, s in {s.path.parent: s for s in found}.items():
            feedback, autograded = self.page_path(s).parent, self.autograded_path(s).parent
            kept = (_text(place / "submission_secret.txt") or "" for place in (folder, feedback))
            secret = next(filter(SECRET.fullmatch, kept), "") or secrets.token_hex(64)
            for name, text in (("submission_secret.txt", secret), ("timestamp.txt", s.submitted_at or "")):
                for path in (feedback / name, autograded / name):
                    if _text(path) != text:
                        write_atomic(path, text)

    def record_missing(self, found: list[Submission]) -> None:
        """Enter in the gradebook that a student who handed in some of an assignment's notebooks left out others."""
        assignment, there = self.marker.assignment, {(s.student, s.notebook) for s in found}
        missing = {(s.student, name) for s in found for name in self.marker.templates} - there
        for student, notebook in sorted(missing - self.book.graded(assignment)):
            self.book.save(student, assignment, notebook, None)

    def record_path(self, submission: Submission) -> Path:
        return self.kept / submission.student / f"{submission.notebook}.json"

    def page_path(self, submission: Submission) -> Path:
        return self.folder("feedback", submission.student) / f"{submission.notebook}.html"

    def autograded_path(self, submission: Submission) -> Path:
        return self.folder("autograded", submission.student) / f"{submission.notebook}.ipynb"

    def unreadable(self, submission: Submission) -> bool:
        """Whether a graded submission's file could not be read as a notebook."""
        return bool(record(self.record_path(submission)).get("problem"))

    def _stands(self, submission: Submission, terms: str) -> bool:
        key = record(self.record_path(submission)).get("key")
        return (key == _hash(self.marker.take(submission).digest, terms) and self.page_path(submission).is_file()
                and self.autograded_path(submission).is_file())


@dataclass(frozen=True)
class _Stages:
    """The stages that one submission goes through; many threads work at once, each on one submission."""

    batch: Batch
    pool: Pool
    writer: Executor

    def grade(self, submission: Submission, terms: str, run: Run) -> None:
        prepared = self.pool.do(self.batch.marker.prepare, submission)
        key = _hash(prepared.handed_in, terms)  # of what was read there, not of what may be there now
        evidence, ran = self._evidence(submission, prepared, run)
        try:
            self._mark(submission, key, prepared, evidence, ran)
        except (Unusable, OSError, Killed):
            raise
        except Exception as error:  # something in it is too much, or was never thought of: its points are still due
            self._mark(submission, key, prepared, evidence, ran, plainly=_said(error))

    def _mark(self, submission: Submission, key: str, prepared: Prepared, evidence: bytes, ran: dict[str, Any],
              plainly: str = "") -> None:
        """Mark and write everything, the record last. plainly: as Marker.mark has it."""
        batch, marker = self.batch, self.batch.marker
        marked = self.pool.do(marker.mark, submission, prepared, evidence, plainly)
        autograded = batch.autograded_path(submission)
        write_atomic(autograded, nbformat.v4.writes(marked.notebook) + "\n")
        before, now = record(batch.record_path(submission)).get("handed_in", {}), marked.record["handed_in"]
        self.writer.submit(batch.book.save, submission.student, marker.assignment, submission.notebook,
                           marked.notebook, submission.submitted_at, marked.comments, submission.extension,
                           {name for name in now if before.get(name) == now[name]}).result()
        page = self.pool.do(marker.page, autograded, submission, marked.record["exercises"])
        # nbgrader's exchange keeps a page's mode when it releases it, and students have to read it there.
        write_atomic(batch.page_path(submission), page, mode=0o644)
        write_atomic(batch.record_path(submission), json.dumps({**marked.record, "key": key, "ran": ran}, indent=1))

    def _evidence(self, submission: Submission, prepared: Prepared, run: Run) -> tuple[bytes, dict[str, Any]]:
        """The evidence of running a submission and where it ran; from an earlier run if nothing has changed since."""
        limits, path = self.batch.marker.limits, self.batch.record_path(submission).with_suffix(".evidence")
        key = _hash(prepared.bundle, prepared.challenges, limits, self.batch.place, sources(*RUNS))
        with contextlib.suppress(OSError, ValueError), open(path, "rb") as file:  # there may be none, or it is damaged
            kept = frames.read(file)
            if kept is not None and kept.head["key"] == key:
                return file.read(), kept.head["ran"]
        evidence, ran = run(prepared.bundle, prepared.challenges, limits)
        write_atomic(path, frames.written({"kind": "kept", "key": key, "ran": ran}) + evidence)
        return evidence, ran


def _said(error: BaseException) -> str:
    return str(error) if isinstance(error, (Exceeded, Killed)) else f"{type(error).__name__}: {error}"


def _text(path: Path) -> str | None:
    """The text of a small file that a student may have made; None if it is no such thing."""
    try:
        return read(path)[:1_000].decode("ascii")
    except (Unusable, UnicodeDecodeError):
        return None


def _hash(*what: object) -> str:
    return hashlib.sha256(repr(what).encode("utf-8", "replace")).hexdigest()
