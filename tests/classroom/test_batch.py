"""`optimlab grade` on a class: the points a teacher gives, all files, nothing done twice, SQLite and PostgreSQL."""
import re
import shutil
import stat
import sys
from pathlib import Path

import pytest
from gradebook_contents import contents
from grading_runs import POINTS, STUDENTS, grade, gradebook, make_course, records, search_path

from optimlab.classroom.batch import Batch
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.intake import submissions
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.marking import Marker
from optimlab.classroom.workers import local


def test_everybody_gets_what_a_teacher_gives(graded):
    assert {name: r["score"] for name, r in records(graded).items()} == POINTS
    assert {student: s["score"] for (_, student), s in gradebook(graded)["submissions"].items()} == POINTS


def test_all_is_there_that_the_last_line_names(graded):
    for student in STUDENTS:
        assert "optimlab" not in (graded / f"feedback/{student}/adam/adam.html").read_text().split("<body")[0]
        assert (graded / f"autograded/{student}/adam/adam.ipynb").is_file()
    assert len((graded / "grades-adam.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + len(STUDENTS)
    assert (graded / "report-adam.html").stat().st_size > 5000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_other_accounts_of_this_machine_read_none_of_it(graded):
    for name in ("submitted", "autograded", "feedback", ".optimlab"):
        assert stat.S_IMODE((graded / name).stat().st_mode) == 0o700
    for path in [*graded.glob("*-adam.*"), *graded.glob(".optimlab/backups/*.db")]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    # The pages themselves are as students will read them in nbgrader's exchange, which copies their modes.
    assert {stat.S_IMODE(page.stat().st_mode) for page in graded.glob("feedback/*/adam/*.html")} == {0o644}


def test_what_has_not_changed_is_not_graded_again(graded, tmp_path):
    """Nothing is run: there is no sandbox at all this time, and the files stay as they are."""
    course = shutil.copytree(graded, tmp_path / "course")
    before = {path: path.stat().st_mtime_ns for path in course.glob("*/*/adam/*")}
    status, out, err = grade(course, PATH="/nonexistent")
    assert (status, err) == (0, ""), out + err
    assert before == {path: path.stat().st_mtime_ns for path in course.glob("*/*/adam/*")}


def test_what_has_changed_is_graded_again(graded, tmp_path):
    course = shutil.copytree(graded, tmp_path / "course")
    released = course / "assignments/adam/adam.ipynb"
    other = course / "feedback/one_beta_for_both_corrections/adam/adam.html"
    shutil.copy(released, course / "submitted/right_line_by_line/adam/adam.ipynb")
    before = other.stat().st_mtime_ns
    assert grade(course)[0] == 0
    assert records(course)["right_line_by_line"]["score"] == 0
    assert gradebook(course)["submissions"]["adam", "right_line_by_line"]["score"] == 0
    assert other.stat().st_mtime_ns == before


BROKEN = """#!/bin/sh
for last; do :; done
[ "$last" = true ] || [ "$1" = --help ] || exit 1
exec {bwrap} "$@"
"""


def test_a_sandbox_that_fails_is_nobody_s_zero(graded, tmp_path):
    """It can be had when grading begins; then none starts. What was graded before stays; the next run does the rest."""
    course, broken = shutil.copytree(graded, tmp_path / "course"), tmp_path / "bwrap"
    broken.write_text(BROKEN.format(bwrap=shutil.which("bwrap")))
    broken.chmod(0o755)
    student, right = "one_beta_for_both_corrections", "right_line_by_line"
    shutil.copy(course / f"submitted/{right}/adam/adam.ipynb", course / f"submitted/{student}/adam/adam.ipynb")
    status, out, err = grade(course, PATH=f"{tmp_path}:{search_path()}")
    assert (status, err) == (1, f"optimlab: {student}: could not be run: its sandbox did not start (is memory short?); "
                                "grade again\n"), out
    assert records(course) == records(graded) and gradebook(course) == gradebook(graded)
    assert grade(course)[0] == 0 and records(course)[student]["score"] == POINTS[right]


class Stubborn(Marker):
    """A marker whose memory does not suffice for what two students handed in; for one of them not even plainly."""

    def mark(self, submission, prepared, evidence, plainly=""):
        if submission.student == STUDENTS[0] or (submission.student == STUDENTS[1] and not plainly):
            raise MemoryError
        return super().mark(submission, prepared, evidence, plainly)


def test_what_takes_too_much_is_marked_plainly_or_named_and_the_others_as_ever(graded, tmp_path, monkeypatch):
    """Its points are those of before. Nothing runs again: the evidence is there."""
    monkeypatch.chdir(shutil.copytree(graded, tmp_path / "course"))
    before, course = records(Path()), CourseFolder()
    with course.book("adam") as book:
        marker = course.marker("adam", book)
        found, _ = submissions.find(course.submitted, "adam", marker.templates, ["adam"])
        batch = Batch(Stubborn(**vars(marker)), book, lambda stage, student: course.folder(stage, student, "adam"),
                      "strict False, no sandbox False", course.records("adam"))
        number, failed = batch.grade(found, local(strict=False, no_sandbox=False), again=True)
    after = records(Path())
    assert number == len(STUDENTS) - 1
    assert failed == [f"{STUDENTS[0]}: could not be graded: it takes more than 512 MB of memory to mark"]
    assert {name: r["score"] for name, r in after.items()} == POINTS
    plain = after[STUDENTS[1]]
    assert plain["flags"][0]["kind"] == "run" and "takes more than 512 MB" in plain["flags"][0]["text"]
    page = Path("feedback", STUDENTS[1], "adam/adam.html").read_text()
    assert "[left out: it takes more than 512 MB of memory to mark]" in page and "No mistake was looked for" in page
    for student in STUDENTS[2:]:
        assert after[student] == before[student]


SECRET, BESIDE = "0f" * 64, ("submission_secret.txt", "timestamp.txt")
SECRETS = {"one of nbgrader's": SECRET.encode(), "no text": b"\xff\0" * 99, "empty": b"", "a path": b"../../x",
           "endless": b"x" * 10**6, "a link": None}


@pytest.mark.parametrize("secret", ["none", *SECRETS])
def test_what_release_feedback_reads_is_beside_every_page(secret, tmp_path):
    """One bad secret, or none at all, would stop it for the whole class; whatever a student made of it stays outside."""
    folder = tmp_path / "submitted/ada/adam"
    folder.mkdir(parents=True)
    if secret == "a link":
        (folder / BESIDE[0]).symlink_to("/etc/hostname")
    elif secret != "none":
        (folder / BESIDE[0]).write_bytes(SECRETS[secret])
    batch = Batch(None, None, lambda stage, student: tmp_path / stage / student / "adam", "", tmp_path / ".optimlab")
    found = [Submission("ada", "adam", folder / "adam.ipynb", "2026-01-10 11:00:00 UTC")]
    batch.carry(found)
    texts = [[(tmp_path / stage / "ada/adam" / name).read_text() for name in BESIDE] for stage in ("feedback", "autograded")]
    batch.carry(found)
    for carried, time in texts:
        assert time == "2026-01-10 11:00:00 UTC" and re.fullmatch("[0-9a-f]{128}", carried)
        assert (carried == SECRET) == (secret == "one of nbgrader's")
    assert texts == [[(tmp_path / stage / "ada/adam" / name).read_text() for name in BESIDE]
                     for stage in ("feedback", "autograded")]  # the same page goes to the same place each time


def test_a_gradebook_in_postgresql(graded, postgres, tmp_path):
    """`--db` names it; the assignment is entered there as well."""
    folder = make_course(tmp_path / "course")
    db_url = postgres()
    status, out, err = grade(folder, "--db", db_url)
    assert status == 0, out + err
    assert contents(db_url) == gradebook(graded)
    assert not (folder / "gradebook.db").exists()
