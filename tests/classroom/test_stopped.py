"""`optimlab grade` that is stopped: the next run ends with the gradebook of an undisturbed one."""
import contextlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest
from grading_runs import POINTS, grade, gradebook, records, start

# What appears as a submission is graded, in this order.
STEPS = (".optimlab/*/*/*.evidence", "autograded/*/*/*.ipynb", "gradebook.db", "feedback/*/*/*.html", ".optimlab/*/*/*.json")


def test_killed_at_random_moments_and_after_each_step(graded, ungraded):
    """The whole group of processes at once: early, wherever it is, and as soon as a step has been done once more."""
    rng = random.Random(0)
    for _ in range(2):
        process = start(ungraded, one_core=False)
        time.sleep(rng.uniform(0.5, 4.0))
        kill(process)
    for step in STEPS:
        before = made(ungraded, step)
        process = start(ungraded)
        while made(ungraded, step) == before and process.poll() is None:
            time.sleep(0.002)
        kill(process)
    status, out, err = grade(ungraded)
    assert status == 0, out + err
    assert gradebook(ungraded) == gradebook(graded)
    assert {n: r["score"] for n, r in records(ungraded).items()} == POINTS


def made(course, pattern):
    """The files there are, each with the time of its last change."""
    times = {}
    for path in course.glob(pattern):
        with contextlib.suppress(FileNotFoundError):  # replaced at this moment
            times[path] = path.stat().st_mtime_ns
    return times


def kill(process):
    assert process.poll() is None, "there was nothing to disturb"
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


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


def has_open(process, name):
    """Whether a process has a file of this name open."""
    for link in Path(f"/proc/{process}/fd").glob("*"):
        with contextlib.suppress(OSError):  # closed at this moment
            if os.path.basename(os.readlink(link)) == name:
                return True
    return False


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
    impatient = ("-c", "import functools, sys; from optimlab.classroom import commands, course_folder;"
                       "course_folder.Book = functools.partial(course_folder.Book, patience=1.0);"
                       "sys.exit(commands.grade_class(commands.Asked('adam')))")
    status, out, err = grade(ungraded, command=impatient)
    assert (status, out, len(err.splitlines())) == (2, "", 1) and "in use" in err, out + err
    process = start(ungraded)  # with its usual patience
    while not has_open(process.pid, "gradebook.db") and process.poll() is None:
        time.sleep(0.05)
    time.sleep(1)
    book.rollback()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    assert gradebook(ungraded) == gradebook(graded)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can mount a small disk")
def test_a_full_disk(graded, entered, tmp_path):
    """With room for some KB more, then for some hundred; then with enough."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=40m", "none", disk], check=True)
    try:
        folder = shutil.copytree(entered, disk / "course")
        for room in (100, 1500):
            (disk / "filler").unlink(missing_ok=True)
            (disk / "filler").write_bytes(b"x" * (shutil.disk_usage(disk).free - room * 1024))
            status, out, err = grade(folder)
            assert (status, out, len(err.splitlines())) == (2, "", 1), out + err
            assert "space" in err and "nothing is lost" in err
        (disk / "filler").unlink()
        status, out, err = grade(folder)
        assert status == 0, out + err
        assert gradebook(folder) == gradebook(graded)
    finally:
        subprocess.run(["umount", "-l", disk], check=True)
