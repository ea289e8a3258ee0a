"""Grading a class: every submission from its file to the gradebook, over all cores, as often as it is stopped.

For each submission, in this order: read and rebuild, run in a sandbox (kept as evidence), mark,
write the autograded notebook, the gradebook, the feedback page, and last its record, a JSON file

    .optimlab/ASSIGNMENT/STUDENT/NOTEBOOK.json
    {"student", "assignment", "notebook", "key", "score", "max_score", "exercises" (as `optimlab check --json`),
     "problem", "flags": [{"kind", "text"}], "answers": {cell: source}, "judge", "ran": {"where", "sandbox", "seconds"}}

whose key is a hash of all that went in. A submission with a record of the same key, that stands in
the gradebook, is not graded again. Each stage can be done twice, each file is there whole or not at
all: so grading may end at any moment, and the next time it goes on.
"""

import contextlib
import hashlib
import json
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from pathlib import Path

import nbformat
from tqdm import tqdm

from optimlab.classroom import Unusable, processes
from optimlab.classroom.files import write_atomic
from optimlab.classroom.gradebook.book import Book
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.intake.untrusted_files import read, shown
from optimlab.classroom.marking import Marker, Prepared
from optimlab.classroom.sandbox import frames
from optimlab.classroom.workers import RUNS, Workers, sources


@dataclass(frozen=True)
class Batch:
    """One assignment of a class.

    folder: gives the folder of a stage ("autograded", "feedback", "submitted") for a student.
    place: which kind of sandbox, as the key has it.
    kept: the folder of the records.
    """

    marker: Marker
    book: Book
    folder: Callable[[str, str], Path]
    place: str
    kept: Path

    def grade(self, found: list[Submission], workers, again: bool = False) -> list[str]:
        """Grade what has changed; a line for each submission that could not be graded."""
        digest = self.marker.digest()
        by_hand = self.book.by_hand(self.marker.assignment)
        keys = {s: _key(s, self.place, digest, by_hand.get((s.student, s.notebook))) for s in found}
        graded = set() if again else self.book.graded(self.marker.assignment)
        todo = [s for s in found if (s.student, s.notebook) not in graded or not self._stands(s, keys[s])]
        failed: list[str] = []
        if not todo:
            return failed
        with workers as crew, processes.pool(crew.cores) as pool, ThreadPoolExecutor(1) as writer, \
                ThreadPoolExecutor(crew.number) as graders:
            stages = _Stages(self, crew, pool, writer)
            running = {graders.submit(stages.grade, s, keys[s]): s for s in todo}
            try:
                for done in tqdm(as_completed(running), total=len(todo), unit="", disable=None,
                                 desc=self.marker.assignment, dynamic_ncols=True):
                    try:
                        done.result()
                    except (Unusable, OSError):
                        raise
                    except BrokenProcessPool:
                        raise Unusable("a process that marks was ended from outside (is memory short?): run this "
                                       "again; nothing is lost") from None
                    except Exception as error:  # one submission's trouble is nobody else's
                        failed.append(f"{shown(running[done].student)}: could not be graded: "
                                      f"{shown(f'{type(error).__name__}: {error}')}")
            finally:
                graders.shutdown(wait=True, cancel_futures=True)
        return failed

    def record_missing(self, found: list[Submission]) -> None:
        """Enter the notebooks that a student did not hand in beside others of the assignment."""
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

    def _stands(self, submission: Submission, key: str) -> bool:
        return (record(self.record_path(submission)).get("key") == key and self.page_path(submission).is_file()
                and self.autograded_path(submission).is_file())


@dataclass(frozen=True)
class _Stages:
    """What is done with one submission, stage by stage; many threads do it at once, a submission each."""

    batch: Batch
    crew: Workers
    pool: Executor
    writer: Executor

    def grade(self, submission: Submission, key: str) -> None:
        batch, marker = self.batch, self.batch.marker
        prepared = self.pool.submit(marker.prepare, submission).result()
        evidence, ran = self._evidence(submission, prepared)
        marked = self.pool.submit(marker.mark, submission, prepared, evidence).result()
        autograded = batch.autograded_path(submission)
        write_atomic(autograded, nbformat.writes(marked.notebook) + "\n")
        self.writer.submit(batch.book.save, submission.student, marker.assignment, submission.notebook,
                           marked.notebook, submission.submitted_at, marked.comments).result()
        page = self.pool.submit(marker.page, autograded, submission).result()
        write_atomic(batch.page_path(submission), page)
        write_atomic(batch.record_path(submission), json.dumps({**marked.record, "key": key, "ran": ran}, indent=1))

    def _evidence(self, submission: Submission, prepared: Prepared) -> tuple[bytes, dict]:
        """What running the submission shows, from an earlier run where nothing of it has changed."""
        limits, path = self.batch.marker.limits, self.batch.record_path(submission).with_suffix(".evidence")
        key = _hash(prepared.bundle, prepared.challenges, limits, self.batch.place, sources(*RUNS))
        with contextlib.suppress(OSError, ValueError), open(path, "rb") as file:  # none, or one that is damaged
            head = frames.read(file).head
            if head["key"] == key:
                return file.read(), head["ran"]
        evidence, ran = self.crew.run(prepared.bundle, prepared.challenges, limits)
        write_atomic(path, frames.written({"kind": "kept", "key": key, "ran": ran}) + evidence)
        return evidence, ran


def record(path: Path) -> dict:
    """A record; an empty one where there is none that can be read."""
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
    return {}


def _key(submission: Submission, place: str, digest: str, by_hand: list | None) -> str:
    """A hash of all that grading this submission takes, and of what its page shows of a person's points.

    Where the file cannot be read, the reason stands for it.
    """
    try:
        content: bytes | str = read(submission.path)
    except Unusable as error:
        content = str(error)
    return _hash(content, submission.submitted_at, place, digest, by_hand)


def _hash(*what) -> str:
    return hashlib.sha256(repr(what).encode("utf-8", "replace")).hexdigest()
