"""`optimlab grade`: whatever stops it, the next run ends with the gradebook of an undisturbed one."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import class_of_submissions
import postgres
import pytest
from gradebook_contents import contents
from grading_runs import STUDENTS, grade, gradebook, make_course, start

pytestmark = pytest.mark.slow
POINTS = {s.name: s.points for s in class_of_submissions.SUBMISSIONS if s.name in STUDENTS}


@pytest.fixture(scope="module")
def graded(tmp_path_factory):
    """A course that was graded without disturbance."""
    folder = make_course(tmp_path_factory.mktemp("course"))
    status, out, err = grade(folder)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def entered(tmp_path_factory):
    """The same course, its assignment in the gradebook, nothing graded."""
    folder = make_course(tmp_path_factory.mktemp("entered"))
    status, out, err = grade(folder, command=("-m", "optimlab", "release", "adam"))
    assert status == 0, out + err
    return folder


@pytest.fixture
def ungraded(entered, tmp_path):
    """A copy of it."""
    return shutil.copytree(entered, tmp_path / "course")


def records(folder):
    return {p.parent.name: json.loads(p.read_text()) for p in (folder / ".optimlab/adam").glob("*/adam.json")}


def test_everybody_gets_what_a_teacher_gives(graded):
    assert {name: r["score"] for name, r in records(graded).items()} == POINTS
    assert {student: s["score"] for (_, student), s in gradebook(graded)["submissions"].items()} == POINTS


def test_all_is_there_that_the_last_line_names(graded):
    for student in STUDENTS:
        assert "optimlab" not in (graded / f"feedback/{student}/adam/adam.html").read_text().split("<body")[0]
        assert (graded / f"autograded/{student}/adam/adam.ipynb").is_file()
    assert len((graded / "grades.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + len(STUDENTS)
    assert (graded / "report-adam.html").stat().st_size > 5000


def test_what_has_not_changed_is_not_graded_again(graded):
    """Nothing is run: there is no sandbox at all this time, and the files stay as they are."""
    before = {path: path.stat().st_mtime_ns for path in graded.glob("*/*/adam/*")}
    status, out, err = grade(graded, PATH="/nonexistent")
    assert (status, err) == (0, ""), out + err
    assert before == {path: path.stat().st_mtime_ns for path in graded.glob("*/*/adam/*")}


def test_what_has_changed_is_graded_again(ungraded):
    assert grade(ungraded)[0] == 0
    released = ungraded / "assignments/adam/adam.ipynb"
    other = ungraded / "feedback/padma/adam/adam.html"
    shutil.copy(released, ungraded / "submitted/aarav/adam/adam.ipynb")
    before = other.stat().st_mtime_ns
    assert grade(ungraded)[0] == 0
    assert records(ungraded)["aarav"]["score"] == 0
    assert gradebook(ungraded)["submissions"]["adam", "aarav"]["score"] == 0
    assert other.stat().st_mtime_ns == before


@pytest.mark.parametrize("seed", range(4))
def test_killed_at_random_moments(graded, ungraded, seed):
    """Five times each, the whole group of processes at once; the moments reach from the start to the end."""
    rng = random.Random(seed)
    for kill in range(5):
        process = start(ungraded)
        time.sleep(rng.uniform(0.5, 14.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    status, out, err = grade(ungraded)
    assert status == 0, out + err
    assert gradebook(ungraded) == gradebook(graded)
    assert {n: r["score"] for n, r in records(ungraded).items()} == POINTS


def test_nobody_is_left_behind_by_a_kill(ungraded):
    """Neither a process of the pool nor a sandbox outlives the main process."""
    process = start(ungraded)
    while not list(ungraded.glob(".optimlab/adam/*/adam.evidence")) and process.poll() is None:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)  # it alone
    process.communicate()
    for _ in range(100):
        if not in_session(process.pid):
            break
        time.sleep(0.1)
    assert not in_session(process.pid)


def in_session(leader):
    """The processes of a session, by their names."""
    return subprocess.run(["ps", "-s", str(leader), "-o", "comm="], capture_output=True, text=True).stdout.split()


def test_an_interrupt_ends_it_in_one_line(ungraded):
    process = start(ungraded)
    while not list(ungraded.glob(".optimlab/adam/*/adam.evidence")) and process.poll() is None:
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (130, "", "optimlab: stopped; run it again to go on\n")


def test_a_locked_gradebook_is_waited_for_and_then_named(graded, ungraded):
    book = sqlite3.connect(ungraded / "gradebook.db")
    book.execute("BEGIN EXCLUSIVE")
    impatient = ("-c", "import functools, sys; from optimlab.classroom import course;"
                       "course.Book = functools.partial(course.Book, patience=1.0);"
                       "sys.exit(course.grade_class(course.Asked('adam')))")
    status, out, err = grade(ungraded, command=impatient)
    assert (status, out, len(err.splitlines())) == (2, "", 1) and "in use" in err, out + err
    process = start(ungraded)  # with its usual patience
    time.sleep(8)
    book.rollback()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    assert gradebook(ungraded) == gradebook(graded)


def test_a_gradebook_in_postgresql(graded, tmp_path):
    """`--db` names it; the assignment is entered there as well."""
    folder = make_course(tmp_path / "course")
    with postgres.server() as new_database:
        db_url = new_database()
        status, out, err = grade(folder, "--db", db_url)
        assert status == 0, out + err
        assert contents(db_url) == gradebook(graded)
        assert not (folder / "gradebook.db").exists()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("room", [100, 1500])
def test_a_full_disk(graded, entered, tmp_path, room):
    """With room for some KB more; then with enough."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", disk], check=True)
    try:
        folder = shutil.copytree(entered, disk / "course")
        free = shutil.disk_usage(disk).free
        with open(disk / "filler", "wb") as filler:
            filler.write(b"x" * (free - room * 1024))
        status, out, err = grade(folder)
        assert (status, out, len(err.splitlines())) == (2, "", 1), out + err
        assert "space" in err and "nothing is lost" in err
        (disk / "filler").unlink()
        status, out, err = grade(folder)
        assert status == 0, out + err
        assert gradebook(folder) == gradebook(graded)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
