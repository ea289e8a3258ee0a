"""`optimlab grade` that is stopped: the next run ends with the gradebook of an undisturbed one."""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import time

import pytest
from grading_runs import POINTS, grade, gradebook, records, start


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
    impatient = ("-c", "import functools, sys; from optimlab.classroom import commands, course_folder;"
                       "course_folder.Book = functools.partial(course_folder.Book, patience=1.0);"
                       "sys.exit(commands.grade_class(commands.Asked('adam')))")
    status, out, err = grade(ungraded, command=impatient)
    assert (status, out, len(err.splitlines())) == (2, "", 1) and "in use" in err, out + err
    process = start(ungraded)  # with its usual patience
    time.sleep(8)
    book.rollback()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    assert gradebook(ungraded) == gradebook(graded)


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
