"""Grading on several machines: two Dask workers on this one, and one of them is lost midway."""
import json
import os
import shutil
import subprocess
import sys
import time

import pytest
from grading_runs import STUDENTS, grade, gradebook, start

pytestmark = pytest.mark.usefixtures("sandbox")


@pytest.fixture
def dask(tmp_path):
    """The address of a scheduler, and a function that starts a worker for it."""
    begun = []

    def begin(*words):
        begun.append(subprocess.Popen([sys.executable, "-m", "dask", *words], cwd=tmp_path,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        return begun[-1]

    scheduler = tmp_path / "scheduler.json"
    begin("scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard", "--scheduler-file", str(scheduler))
    while not scheduler.is_file() or not scheduler.stat().st_size:
        assert begun[0].poll() is None
        time.sleep(0.1)
    address = json.loads(scheduler.read_text())["address"]
    yield address, lambda: begin("worker", address, "--nthreads", "1", "--no-nanny", "--no-dashboard",
                                 "--host", "127.0.0.1", "--local-directory", str(tmp_path))
    for process in begun:
        process.kill()
        process.wait()


def test_two_workers_and_one_is_killed(dask, graded, ungraded, tmp_path):
    address, worker = dask
    first, second = worker(), worker()
    # Without bubblewrap on its path the main process could run nothing itself.
    tools = tmp_path / "tools"
    tools.mkdir()
    for tool in ("python", "alembic"):
        (tools / tool).symlink_to(shutil.which(tool, path=os.path.dirname(sys.executable)) or shutil.which(tool))
    process = start(ungraded, "--scheduler", address, PATH=str(tools))
    while len(list(ungraded.glob(".optimlab/adam/*/adam.json"))) < 2 and process.poll() is None:
        time.sleep(0.05)
    first.kill()
    out, err = process.communicate(timeout=300)
    assert process.returncode == 0, out + err
    assert second.poll() is None
    assert len(list(ungraded.glob(".optimlab/adam/*/adam.json"))) == len(STUDENTS)
    assert gradebook(ungraded) == gradebook(graded)


def test_no_scheduler_is_one_line(ungraded):
    status, out, err = grade(ungraded, "--scheduler", "tcp://127.0.0.1:9")
    assert (status, out, len(err.splitlines())) == (2, "", 1), err
    assert "no Dask scheduler answers at tcp://127.0.0.1:9" in err


def test_no_worker_is_one_line(dask, ungraded):
    status, out, err = grade(ungraded, "--scheduler", dask[0])
    assert (status, out, len(err.splitlines())) == (2, "", 1), err
    assert "has no workers" in err
