"""A student writes in one place, whichever way the assignment came, and that is what is handed in.

Through nbgrader's Assignment List, as JupyterLab has it, in the course that students get.
"""
import os
import shutil
import subprocess
import sys
import time

import nbformat
import pytest
from grading_runs import ASSIGNMENT, ROOT, search_path
from nbgrader.server_extensions.assignment_list.handlers import AssignmentList

from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.publishing import _config

COURSE = "optimlab"
PLACE = f"assignments/{ASSIGNMENT}/{ASSIGNMENT}.ipynb"
ANSWER = "def initialize_adam(n_x, n_h, n_y):\n    return 'what I wrote last'"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="nbgrader has no exchange there")]


@pytest.fixture(scope="module")
def handed_out(entered, tmp_path_factory):
    """An exchange on a shared server, in which the assignment is released."""
    exchange = tmp_path_factory.mktemp("exchange")
    exchange.chmod(0o777)
    course = shutil.copytree(entered, tmp_path_factory.mktemp("instructor") / "course")
    done = subprocess.run([sys.executable, "-m", "nbgrader", "release_assignment", ASSIGNMENT], cwd=course, text=True,
                          capture_output=True, env={**os.environ, "PATH": search_path(), "OPTIMLAB_EXCHANGE": str(exchange)})
    assert done.returncode == 0, done.stderr
    return exchange


@pytest.fixture
def student(handed_out, tmp_path, monkeypatch):
    """The students' course in a folder, without the assignment, and its Assignment List."""
    exchange = shutil.copytree(handed_out, tmp_path / "exchange")
    monkeypatch.setenv("OPTIMLAB_EXCHANGE", str(exchange))
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path / "data"))
    course = tmp_path / "course"
    (course / "assignments").mkdir(parents=True)
    (course / "nbgrader_config.py").write_text(_config((ROOT / "nbgrader_config.py").read_text("utf-8")))
    shutil.copy(ROOT / "assignments" / "nbgrader_config.py", course / "assignments")
    monkeypatch.chdir(course)
    return Student(course, exchange)


class Student:
    """What a student does in the Assignment List, and what comes of it."""

    def __init__(self, course, exchange):
        self.course, self.exchange = course, exchange
        self.list = AssignmentList()
        self.list.root_dir = str(course)

    def listed(self):
        (found,) = self.list.list_released_assignments(COURSE)["value"]
        return found["status"], [notebook["path"] for notebook in found["notebooks"]]

    def fetch(self):
        assert self.list.fetch_assignment(COURSE, ASSIGNMENT)["success"]

    def submit(self):
        """What Submit says below nbgrader's traceback, "" where it went through."""
        said = self.list.submit_assignment(COURSE, ASSIGNMENT)
        return "" if said["success"] else said["value"].rpartition("\n\n")[2]

    def write(self, path, source=ANSWER, *, age=0):
        """A copy of the assignment at `path`, with this answer, saved so many seconds ago."""
        released = self.exchange / COURSE / "outbound" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        nb = nbformat.read(released, as_version=4)
        if source:
            next(cell for cell in nb.cells if grade_id(cell) == "initialize_adam").source = source
        (self.course / path).parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, self.course / path)
        when = time.time() - age
        os.utime(self.course / path, (when, when))

    def handed_in(self):
        """The notebook that lies in the exchange's inbound folder; None where there is none."""
        found = list((self.exchange / COURSE / "inbound").glob(f"*/{ASSIGNMENT}.ipynb"))
        assert len(found) < 2
        return found[0].read_bytes() if found else None


def test_what_is_fetched_is_written_and_handed_in_at_one_place(student):
    assert student.listed()[0] == "released"
    student.fetch()
    assert student.listed() == ("fetched", [PLACE])
    student.write(PLACE)
    assert student.submit() == ""
    assert student.handed_in() == (student.course / PLACE).read_bytes()
    (submitted,) = student.list.list_submitted_assignments(COURSE)["value"]
    assert submitted["assignment_id"] == ASSIGNMENT


def test_what_came_with_the_course_counts_as_fetched(student):
    student.write(PLACE, "")
    assert student.listed() == ("fetched", [PLACE])


# (files: path, answer, how many seconds ago they were saved; the file that is named, "" where it is handed in)
COPIES = {
    "nothing else": ([(PLACE, ANSWER, 0)], ""),
    "an earlier copy, then the right file": ([("adam/adam.ipynb", "x = 1", 60), (PLACE, ANSWER, 0)], ""),
    "the same answers": ([(PLACE, ANSWER, 60), ("adam-Copy1.ipynb", ANSWER, 0)], ""),
    "a copy without answers": ([(PLACE, ANSWER, 60), ("adam/adam.ipynb", "", 0)], ""),
    "in the folder of old": ([("adam/adam.ipynb", ANSWER, 60), (PLACE, "", 0)], "adam/adam.ipynb"),
    "the right file, then a copy": ([(PLACE, "x = 1", 60), ("assignments/adam/adam-Copy1.ipynb", ANSWER, 0)],
                                    "assignments/adam/adam-Copy1.ipynb"),
    "uploaded": ([(PLACE, "", 60), ("notebooks/Adam (1).ipynb", ANSWER, 0)], "notebooks/Adam (1).ipynb"),
    "under another name alone": ([("assignments/adam/adam_final.ipynb", ANSWER, 0)], "assignments/adam/adam_final.ipynb"),
    "of another assignment": ([(PLACE, ANSWER, 60), ("assignments/adam2/adam.ipynb", "x = 1", 0)], ""),
    "an automatic one": ([(PLACE, ANSWER, 60), ("assignments/adam/.ipynb_checkpoints/adam-checkpoint.ipynb", "x = 1", 0)], ""),
}


@pytest.mark.parametrize("files, named", COPIES.values(), ids=COPIES.keys())
def test_submit_says_where_another_copy_was_written_in(files, named, student):
    for path, answer, age in files:
        student.write(path, answer, age=age)
    said = student.submit()
    if named:
        assert said.startswith("Not submitted: ") and named in said and PLACE in said
        assert max(map(len, said.splitlines())) <= 100 and student.handed_in() is None
    else:
        assert said == "" and student.handed_in() is not None


def test_an_exchange_of_ones_own_needs_no_setting(student, monkeypatch):
    monkeypatch.delenv("OPTIMLAB_EXCHANGE")
    assert student.list.list_released_assignments(COURSE) == {"success": True, "value": []}
    assert (student.course / "exchange").is_dir()
