"""A course of its own in a folder, some students in it, and `optimlab grade` as a command on it."""
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import class_of_submissions
from gradebook_contents import contents

from optimlab.classroom.grading.assignment import Assignment
from optimlab.tutor import ASSIGNMENTS

ROOT = Path(__file__).resolve().parents[2]
ASSIGNMENT = "adam"  # whose class the tests grade: the name of its folder in tests/submissions/
ASKED = Assignment(ASSIGNMENT, ASSIGNMENTS[ASSIGNMENT])
RELEASED = ROOT / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
SUBMISSIONS = class_of_submissions.of_assignment(ASSIGNMENT)
# All right, two mistakes, one that never ends, one that ends its process, one whose import fails.
STUDENTS = ("right_line_by_line", "one_beta_for_both_corrections", "loops_for_ever", "sys_exit_left_in", "imports_torch")
POINTS = {s.name: s.points for s in SUBMISSIONS if s.name in STUDENTS}
WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
GRADE = ("-m", "optimlab", "grade", ASSIGNMENT)
CONFIG = "\nc.Grade.secret = 'of a test'\nc.Grade.cell_seconds = 2.0\nc.Grade.call_seconds = 1.0\n"


def make_course(folder, students=STUDENTS):
    """A new course with the assignment and these students' submissions."""
    others = {path.name for path in (ROOT / "solutions").iterdir()} - {ASSIGNMENT}
    for source in ("solutions", "assignments"):
        shutil.copytree(ROOT / source, folder / source, ignore=shutil.ignore_patterns(*others))
    (folder / "nbgrader_config.py").write_text((ROOT / "nbgrader_config.py").read_text() + CONFIG)
    some = [s for s in SUBMISSIONS if s.name in students]
    class_of_submissions.write_class(folder / "submitted", some, RELEASED, ASSIGNMENT)
    return folder


def search_path():
    """The PATH with the programs of this environment on it."""
    return os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])


def start(folder, *words, command=GRADE, one_core=True, **environment):
    """Start grading, or another command of Python's; a process in a group of its own.

    one_core: for a few students a second one costs more than it saves.
    Interrupts reach it as they do in a terminal, even where the tests themselves run in the background.
    """
    def begin():
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if one_core and hasattr(os, "sched_setaffinity"):
            cores = sorted(os.sched_getaffinity(0))
            os.sched_setaffinity(0, {cores[WORKER % len(cores)]})

    return subprocess.Popen([sys.executable, *command, *words], cwd=folder, start_new_session=True, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                            preexec_fn=begin, env={**os.environ, "PATH": search_path(), **environment})


def grade(folder, *words, **more):
    """Grade to the end; exit status, standard output, standard error."""
    process = start(folder, *words, **more)
    out, err = process.communicate(timeout=600)
    return process.returncode, out, err


def optimlab(folder, *words):
    """Another command of ours, likewise."""
    return grade(folder, *words, command=("-m", "optimlab"))


def gradebook(folder):
    """What the course's gradebook holds."""
    return contents(f"sqlite:///{folder / 'gradebook.db'}")


def records(folder):
    """The records of the course, by student."""
    return {p.parent.name: json.loads(p.read_text()) for p in (folder / ".optimlab" / ASSIGNMENT).glob(f"*/{ASSIGNMENT}.json")}
