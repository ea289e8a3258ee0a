"""An instructor and a student with accounts of their own on one machine, from `release` to the feedback that is read.

It makes two accounts and takes them away again, so it runs as root alone, and where there is a Python that others may
run. Each types commands as the documents say; nothing is shared but the exchange.
"""
import os
import shutil
import stat
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from types import SimpleNamespace

import nbformat
import pytest
from copies import copy_course
from grading_runs import ASSIGNMENT, CONFIG, ROOT, SUBMISSIONS, records
from needs import need

from optimlab.classroom.grading.notebooks import grade_id

PYTHON = "/usr/bin/python3"  # Debian's
AS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("useradd")
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not AS_ROOT, reason="only root can make accounts")]

RIGHT = next(s for s in SUBMISSIONS if s.name == "right_line_by_line")


class Account:
    """Somebody with a home that is closed to others."""

    def __init__(self, name, base, environment):
        self.name, self.home, self.course = name, base / name, base / name / "course"
        self.environment = {**environment, "HOME": str(self.home), "USER": name, "LOGNAME": name,
                            "PYTHONPATH": str(self.course / "utils")}

    def runs(self, *words, module="optimlab"):
        """A command in this account's course: exit status and all that it printed."""
        done = subprocess.run(["python", "-m", module, *words], cwd=self.course, env=self.environment, text=True,
                              user=self.name, group=self.name, extra_groups=[], umask=0o022,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def does(self, *words, module="optimlab"):
        """A command that has to succeed; what it printed."""
        status, said = self.runs(*words, module=module)
        assert status == 0, f"{self.name}: {' '.join(words)}\n{said}"
        return said

    def owns(self, folder):
        subprocess.run(["chown", "-R", f"{self.name}:", folder], check=True)

    def can_read(self, path):
        return subprocess.run(["cat", path], user=self.name, group=self.name, extra_groups=[],
                              capture_output=True).returncode == 0


@contextmanager
def account(name, base, environment):
    one = Account(name, base, environment)
    subprocess.run(["useradd", "--create-home", "--home-dir", one.home, name], check=True)
    try:
        one.home.chmod(0o700)
        yield one
    finally:
        subprocess.run(["pkill", "-KILL", "-u", name], check=False)
        subprocess.run(["userdel", "--force", name], check=True, capture_output=True)


@contextmanager
def accounts(base, *names):
    """So many accounts, which share a Python with the course's packages and an exchange."""
    need(not subprocess.run([PYTHON, "-c", "import sys, venv, ensurepip; assert sys.version_info >= (3, 11)"],
                            capture_output=True).returncode, "two accounts need a Python that both may run: apt install python3-venv")
    subprocess.run([PYTHON, "-m", "venv", "--without-pip", base / "venv"], check=True)
    install(base, "-r", "requirements.txt")
    exchange = base / "exchange"
    exchange.mkdir()
    # The first who imports a package compiles it for all.
    subprocess.run(["chmod", "-R", "a+rwX", exchange, base / "venv"], check=True)
    environment = {"PATH": f"{base}/venv/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "OPTIMLAB_EXCHANGE": str(exchange)}
    with ExitStack() as leaving:
        yield [leaving.enter_context(account(name, base, environment)) for name in names]


def install(base, *what):
    subprocess.run([sys.executable, "-m", "uv", "pip", "install", "--quiet", "--link-mode=copy", "--python", base / "venv",
                    *what], cwd=ROOT, check=True)


@pytest.fixture(scope="module")
def trip(sandbox, tmp_path_factory):
    """What both did, and what was there on the way."""
    base = tmp_path_factory.mktemp("accounts")
    for folder in (base, *base.parents[:3]):  # pytest's own are closed to others
        folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH | stat.S_IRGRP | stat.S_IROTH)
    with accounts(base, f"teacher{os.getpid()}", f"student{os.getpid()}") as (teacher, student):
        copy_course(teacher.course)
        for words in (["init", "--quiet"], ["add", "--all"]):
            subprocess.run(["git", *words], cwd=teacher.course, check=True)
        config = teacher.course / "nbgrader_config.py"
        config.write_text(config.read_text() + CONFIG)
        teacher.owns(teacher.course)
        # A sandbox has what is installed, and nothing of anybody's home.
        install(base, "--no-deps", "--no-build-isolation", "-e", teacher.course)

        teacher.does("release", ASSIGNMENT)
        edition = base / "edition"
        edition.mkdir()
        teacher.owns(edition)
        teacher.does("publish", str(edition))
        teacher.does("release_assignment", ASSIGNMENT, module="nbgrader")

        shutil.copytree(edition, student.course)
        shutil.rmtree(student.course / "assignments" / ASSIGNMENT)
        student.owns(student.course)
        student.does("fetch_assignment", ASSIGNMENT, module="nbgrader")
        write(student.course / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb")
        student.does("submit", ASSIGNMENT, module="nbgrader")

        teacher.does("collect", ASSIGNMENT, module="nbgrader")
        said = teacher.does("grade", ASSIGNMENT)
        teacher.does("release_feedback", ASSIGNMENT, module="nbgrader")
        student.does("fetch_feedback", ASSIGNMENT, module="nbgrader")
        yield SimpleNamespace(teacher=teacher, student=student, said=said, exchange=base / "exchange")


def write(path):
    """The right answers, saved in the student's own file."""
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        cell.source = next((own.source for own in RIGHT.cells if own.answer == grade_id(cell)), cell.source)
    with open(path, "w", encoding="utf-8") as file:  # it stays the student's
        nbformat.write(nb, file)


def test_the_student_gets_what_a_careful_teacher_gives(trip):
    record = records(trip.teacher.course)[trip.student.name]
    assert record["score"] == RIGHT.points == record["max_score"]


def test_the_student_reads_the_feedback(trip):
    [page] = (trip.student.course / "assignments" / ASSIGNMENT).glob(f"feedback/*/{ASSIGNMENT}.html")
    assert trip.student.can_read(page)
    assert f"(Score: {RIGHT.points}.0 / 20.0)" in page.read_text(encoding="utf-8")


def test_nothing_of_the_instructors_is_open_to_the_student(trip):
    """Where the home is open as well; of the exchange, what others handed in and the names of their pages."""
    course, student = trip.teacher.course, trip.student
    trip.teacher.home.chmod(0o755)
    private = [*course.glob("*.db"), *course.glob("*.csv"), *course.glob("report-*"), *course.glob("autograded/**/*.ipynb"),
               *course.glob("submitted/**/*.ipynb"), *course.glob(".optimlab/**/*.json"), course / ".optimlab/secret"]
    assert len({path.parts[len(course.parts)] for path in private}) == 6
    assert [path for path in private if student.can_read(path)] == []
    for folder in ("inbound", "feedback"):
        assert subprocess.run(["ls", trip.exchange / "optimlab" / folder], user=student.name, group=student.name,
                              extra_groups=[], capture_output=True).returncode
