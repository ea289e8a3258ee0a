"""Many attacks and some honest students in one batch: the attacks gain nothing, the honest ones lose nothing.

tests/red_team/ holds the attacks and says how each must end. The table of attempts and outcomes:

    python -m pytest tests/classroom/test_red_team.py -s
"""
import contextlib
import csv
import html
import html.parser
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
import uuid
from pathlib import Path
from typing import NamedTuple

import attacks
import built
import class_of_submissions
import matplotlib
import nbformat
import pytest
from attacks import OTHER
from browsing import new_page
from gradebook_contents import contents
from grading_runs import ROOT, SUBMISSIONS, gradebook, start
from hang import hang_guard

from optimlab.classroom import Unusable
from optimlab.classroom.intake import submissions
from optimlab.classroom.intake.untrusted_files import shown
from optimlab.classroom.sandbox import places
from optimlab.classroom.sandbox.run import GRACE, Limits

ATTACKS = (*attacks.load_all(), *built.ATTACKS)
RELEASED = nbformat.read(ROOT / "assignments/adam/adam.ipynb", as_version=4)
MARK = f"mark{uuid.uuid4().hex[:8]}"
CANARY, ANSWER = f"canary{uuid.uuid4().hex}", f"canary{uuid.uuid4().hex}"  # the instructor's, and another student's answer
CELL, CALL, TOTAL = 3, 1, 5  # seconds: enough for the honest ones on a busy machine, waited out by the others
CONFIG = (ROOT / "nbgrader_config.py").read_text() + (
    f"c.Grade.secret = '{CANARY}'\nc.Grade.cell_seconds = {CELL}\nc.Grade.call_seconds = {CALL}\nc.Grade.total_seconds = {TOTAL}\n")
PATIENCE = 1200
# Honest students among the attacks: their names stand for rows, so that each comes after some of its row.
HONEST = {f"{row:02}-honest-{s.name}": s for row, s in zip(
    (2, 3, 5, 5, 6, 8, 8, 8, 9, 10, 10, 10, 13, 14),
    [s for s in SUBMISSIONS if "never_ends" not in s.mistakes][::6])}


class Listener:
    """Listens at TCP, UDP, an abstract socket and a socket's file, and keeps what came."""

    def __init__(self, file):
        self.heard, self._open = [], True
        self.tcp, self.udp = socket.create_server(("", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(("", 0))
        local = [socket.socket(socket.AF_UNIX) for _ in range(2)]
        local[0].bind("\0" + MARK)
        local[1].bind(str(file))
        for s in local:
            s.listen()
        for s in (self.tcp, *local):
            self._start(self._accept, s)
        self._start(self._receive, self.udp)

    def _start(self, what, s):
        s.settimeout(0.5)
        threading.Thread(target=what, args=(s,), daemon=True).start()

    def _accept(self, s):
        while self._open:
            with contextlib.suppress(TimeoutError):
                connection, _ = s.accept()
                self.heard.append(str(s.getsockname()))
                connection.close()

    def _receive(self, s):
        while self._open:
            with contextlib.suppress(TimeoutError):
                s.recv(1000)
                self.heard.append("UDP")

    def close(self):
        self._open = False


class Run(NamedTuple):
    """One run of `optimlab grade adam` over all attacks and honest students."""

    course: Path
    home: Path
    status: int
    out: str
    err: str
    before: dict
    listener: Listener

    def record(self, student):
        """The record of a student; None where nothing was graded."""
        path = self.course / ".optimlab" / "adam" / student / "adam.json"
        with contextlib.suppress(OSError):  # a name may be too long to ask for
            return json.loads(path.read_text(encoding="utf-8"))

    def page(self, student):
        return (self.course / "feedback" / student / "adam" / "adam.html").read_text(encoding="utf-8")

    def outcome(self, attack):
        """How an attack ended, as attacks.Outcome."""
        record = self.record(attack.name)
        if record is None:
            lines = [line for line in self.err.splitlines() if f"{shown(attack.name)}: " in line]
            return attacks.Outcome(None, frozenset(), frozenset(), "\n".join(lines))
        mistakes = {m["id"] for e in record["exercises"] for m in e["mistakes"]}
        text = json.dumps(record, ensure_ascii=False) + html.unescape(self.page(attack.name))
        return attacks.Outcome(record["score"], frozenset(mistakes), frozenset(f["kind"] for f in record["flags"]), text)


@pytest.fixture(scope="module")
def run(sandbox, tmp_path_factory):
    """The batch with all attacks, graded once."""
    folder = tmp_path_factory.mktemp("red-team")
    course, home = folder / "course", folder / "home"
    make_home(home)
    make_course(course)
    listener = Listener(home / "agent")
    values = {"MARK": MARK, "HOME": home, "COURSE": course, "USER": "root", "TCP": listener.tcp.getsockname()[1],
              "UDP": listener.udp.getsockname()[1], "ADDRESS": address(), "NICE": os.getpriority(os.PRIO_PROCESS, 0),
              "ESCAPES": f"\x1b]0;{MARK}\x07\x1b[31m \u202e \u2066 \x9b31m \x08",
              "released": RELEASED}
    place_honest(course)
    other = OTHER._replace(cells=tuple(c._replace(source=f"# {ANSWER}\n{c.source}") for c in OTHER.cells))
    theirs = class_of_submissions.notebook(other, RELEASED)
    attacks.write(course / "submitted" / other.name / "adam", theirs)
    for attack in ATTACKS:
        attacks.place(attack, course / "submitted", values)
    built.ZIPS["parent"][0](folder / "evil.zip", json.dumps(theirs))  # which holds it, too
    for s in (socket.create_connection(("127.0.0.1", values["TCP"])), socket.socket(socket.AF_UNIX)):
        with s:  # the listeners do listen
            s.family == socket.AF_UNIX and s.connect("\0" + MARK)
    until(lambda: len(listener.heard) == 2)
    listener.heard.clear()
    before = snapshot(course, home)
    status, out, err = grade(course, "--from", str(folder / "evil.zip"), HOME=str(home), OPTIMLAB_SECRET=CANARY,
                             MPLCONFIGDIR=matplotlib.get_configdir())
    yield Run(course, home, status, out, err, before, listener)
    listener.close()
    subprocess.run(["rm", "-rf", str(folder)], check=False)  # shutil does not reach the deepest folders


@pytest.fixture(scope="module")
def alone(sandbox, entered, tmp_path_factory):
    """The honest students in a batch of their own."""
    course = shutil.copytree(entered, tmp_path_factory.mktemp("honest") / "course")
    shutil.rmtree(course / "submitted")
    (course / "nbgrader_config.py").write_text(CONFIG)
    place_honest(course)
    status, _, err = grade(course)
    assert status == 0, err
    return course


@pytest.fixture(scope="module")
def books(run, alone):
    """The submissions in the gradebook of each."""
    return {course: gradebook(course)["submissions"] for course in (run.course, alone)}


def make_course(folder):
    (folder / "solutions/adam").mkdir(parents=True)
    solution = (ROOT / "solutions/adam/adam.ipynb").read_text(encoding="utf-8")
    assert "### BEGIN SOLUTION" in solution
    (folder / "solutions/adam/adam.ipynb").write_text(
        solution.replace("### BEGIN SOLUTION", f"### BEGIN SOLUTION {CANARY}"), encoding="utf-8")
    (folder / "nbgrader_config.py").write_text(CONFIG)


def make_home(folder):
    for name in (".ssh/id_rsa", ".netrc", ".aws/credentials", ".bash_history", "secret.txt", ".jupyter/jupyter_server_config.json"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}" if name.endswith(".json") else CANARY)


def place_honest(course):
    for student, submission in HONEST.items():
        attacks.write(course / "submitted" / student / "adam", class_of_submissions.notebook(submission, RELEASED))


def grade(course, *words, **environment):
    process = start(course, *words, one_core=False, **environment)
    try:
        out, err = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        out, err = process.communicate()
        pytest.fail(f"the batch has not ended after {PATIENCE} s: {err[-2000:]}")
    return process.returncode, out, err


def address():
    """An address of this machine that is not its loopback's, where it has one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s, contextlib.suppress(OSError):
        s.connect(("192.0.2.1", 9))  # nothing is sent
        return s.getsockname()[0]
    return "127.0.0.1"


def until(true, seconds=10):
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    assert true()


def snapshot(course, home):
    """What grading must leave as it is: file -> content."""
    kept = [course / "nbgrader_config.py", *(course / "solutions").rglob("*"), *home.rglob("*")]
    return {path: path.read_bytes() for path in kept if path.is_file() and not path.is_symlink()}


# ---------------------------------------------------------------- the tests

@pytest.mark.parametrize("attack", ATTACKS, ids=lambda a: re.sub(r"[^\w.-]", "_", a.name)[:40])
def test_an_attack_ends_as_it_must(attack, run):
    outcome = run.outcome(attack)
    assert not attacks.shortcomings(attack, outcome), f"{attack.what}: {outcome._replace(text=outcome.text[:3000])}"


@pytest.mark.parametrize("student", HONEST)
def test_an_honest_student_among_them_gets_what_they_get_alone(student, run, alone, books):
    def graded(course):
        record = json.loads((course / ".optimlab/adam" / student / "adam.json").read_text())
        page = (course / "feedback" / student / "adam/adam.html").read_text()
        notebook = json.loads((course / "autograded" / student / "adam/adam.ipynb").read_text())
        for changing in ("ran", "key"):
            record.pop(changing)
        return record, page, notebook, books[course]["adam", student]["notebooks"]
    record, *_ = among = graded(run.course)
    assert among == graded(alone)
    assert record["score"] == HONEST[student].points
    assert set(HONEST[student].mistakes) == {m["id"] for e in record["exercises"] for m in e["mistakes"]}


def test_the_batch_ends_and_says_so(run):
    print(f"\n{len(ATTACKS)} attacks and {len(HONEST) + 1} honest students\n")
    print(attacks.table([(attack, run.outcome(attack)) for attack in ATTACKS]))
    assert run.status == 1 and "could not be graded" not in run.err and "Traceback" not in run.err, run.err[-3000:]


def test_no_submission_takes_longer_than_its_limits(run):
    most = places.START + places.WIPE + Limits().start + 3 * TOTAL + 2 * GRACE  # all that run.py waits for
    slow = {a.name: r["ran"]["seconds"] for a in ATTACKS if (r := run.record(a.name)) and r["ran"]["seconds"] > most}
    assert not slow


def test_the_gradebook_holds_what_the_records_say(run):
    with_points = {student: s["score"] for (_, student), s in contents(f"sqlite:///{run.course}/gradebook.db")["submissions"].items()}
    records = {path.parent.name: json.loads(path.read_text()) for path in (run.course / ".optimlab/adam").glob("*/adam.json")}
    assert with_points == {student: r["score"] for student, r in records.items()}
    assert all(0 <= r["score"] <= r["max_score"] == 20 for r in records.values())


def made(run):
    """The files that grading has made: path -> bytes."""
    folders = [run.course / name for name in ("autograded", "feedback", ".optimlab")]
    files = [path for folder in folders for path in folder.rglob("*")] + list(run.course.glob("*.*"))
    return {p: p.read_bytes() for p in files if p.is_file() and p.name != "nbgrader_config.py"}


def test_nothing_that_is_not_theirs_was_read(run):
    files = {**made(run), Path("output"): (run.out + run.err).encode()}
    assert any(ANSWER.encode() in content for content in files.values())  # it was there to be read
    for path, content in files.items():
        assert CANARY.encode() not in content, path
        # The report is the instructor's own page: it shows whose answers are alike.
        if OTHER.name not in path.parts and path.name not in ("gradebook.db", "report-adam.html"):
            assert ANSWER.encode() not in content, path
        assert attacks.WON.encode() not in content, (path, content[content.index(attacks.WON.encode()):][:200])


def test_nothing_of_the_instructor_s_was_changed(run):
    after = snapshot(run.course, run.home)
    assert {p: c for p, c in after.items() if p in run.before} == run.before
    assert not [p for p in set(after) - set(run.before) if MARK in p.name or MARK.encode() in after[p]]


def test_nobody_called(run):
    assert run.listener.heard == []


def test_nothing_is_left_behind(run):
    for process in Path("/proc").glob("[0-9]*"):
        for name in ("cmdline", "comm"):
            with contextlib.suppress(OSError):
                assert MARK.encode() not in (process / name).read_bytes(), process
    inside = {"submitted", "autograded", "feedback", ".optimlab"}
    here = [p for p in run.course.iterdir() if p.name not in inside]
    for path in [*here, *Path("/tmp").glob("*"), *Path("/dev/shm").glob("*"), *run.course.parent.glob("*")]:
        assert not re.search(rf"{MARK}|escaped|left-|owned|fill-\d|named-by", path.name), path
    assert not (run.course.parent / "escaped-parent.ipynb").exists()


def test_the_terminal_shows_nothing_that_moves_it(run):
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", run.out + run.err)


def test_a_spreadsheet_finds_no_formula(run):
    with open(run.course / "grades-adam.csv", newline="", encoding="utf-8") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [c for c in cells if c.strip()[:1] in tuple("=+-@|%\uff1d\uff0b\uff0d\uff20") and not re.fullmatch(r"-?[\d.]+", c)]


class Active(html.parser.HTMLParser):
    """Collects what of a page would run, load or leave it, and carries the red team's mark."""

    def __init__(self):
        super().__init__()
        self.found, self._inside = [], ""

    def handle_starttag(self, tag, attributes):
        self._inside = tag
        attributes = [(name, value) for name, value in attributes
                      if (tag, name) != ("a", "href") or not value.startswith(("http://", "https://"))]  # which is a person's choice
        said = " ".join(f"{name}={value}" for name, value in attributes)
        if MARK in said and (tag in ("script", "iframe", "object", "embed", "form", "base", "meta", "link", "style", "svg", "math")
                             or any(name.startswith("on") or name in ("href", "src", "srcdoc", "style", "action") for name, _ in attributes)):
            self.found.append(f"<{tag} {said}>")

    def handle_endtag(self, tag):
        self._inside = ""

    def handle_data(self, data):
        if self._inside in ("script", "style") and MARK in data:
            self.found.append(f"<{self._inside}>{data[:200]}")


def pages(run):
    return [*sorted((run.course / "feedback").glob("*/adam/adam.html")), run.course / "report-adam.html"]


def test_no_page_holds_what_would_run(run):
    for path in pages(run):
        active = Active()
        active.feed(path.read_text(encoding="utf-8"))
        assert not active.found, path


def test_a_browser_runs_and_loads_nothing(run, browser):
    run.listener.heard.clear()
    with new_page(browser) as page:
        dialogs = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in pages(run):
            if path.name.startswith("report") or path.parts[-3].startswith(("14-", "05-puppet")):
                page.goto(path.as_uri())
                page.wait_for_timeout(200)
                assert MARK not in page.title() and page.url == path.as_uri(), path
    assert dialogs == [] and run.listener.heard == []


# ---------------------------------------------------------------- zips

@pytest.mark.slow
@pytest.mark.parametrize("name", built.ZIPS)
def test_a_zip_is_refused_in_a_line_that_names_what_is_wrong(name, tmp_path):
    make, word = built.ZIPS[name]
    honest = (ROOT / "assignments/adam/adam.ipynb").read_text(encoding="utf-8")
    source, submitted = tmp_path / "evil.zip", tmp_path / "course" / "submitted"
    submitted.mkdir(parents=True)
    make(source, honest)
    there = set(tmp_path.rglob("*")) | set(Path("/tmp").glob("*.ipynb"))
    with hang_guard():
        try:
            told = submissions.collect(source, submitted, "adam", ["adam"])
            lines = told.refused + told.noted
        except Unusable as error:
            lines = [str(error)]
    assert any(word in line for line in lines) and all(len(line) < 500 and line.isprintable() for line in lines), lines
    files = {p for p in [*tmp_path.rglob("*"), *Path("/tmp").glob("*.ipynb")] if p.is_file() or p.is_symlink()} - there
    assert {p.relative_to(submitted).parts[0].lower() for p in files if ".optimlab" not in p.parts} <= {OTHER.name, "mallory"}
    assert all(p.read_text() == honest for p in files if p.suffix == ".ipynb") and not any(p.is_symlink() for p in files)
    assert source.name in word or OTHER.name in {p.relative_to(submitted).parts[0] for p in files if ".optimlab" not in p.parts}
