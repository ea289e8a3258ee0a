"""The red team's submissions: reads tests/red_team/attacks/*.py, puts an attack into submitted/, judges how it ended.

`load_all()` reads them; built.py makes more. See README.md for the format.
"""
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import class_of_submissions
from class_of_submissions import Cell
from grading_runs import ASSIGNMENT, SUBMISSIONS

FOLDER = Path(__file__).resolve().parents[1] / "red_team" / "attacks"
WON = "attack-won"  # what an attack prints where it gets through; no source spells it
OTHER = next(s for s in SUBMISSIONS if s.name == "right_line_by_line")  # the student whose work others try to reach
RIGHT = {c.answer: c.source for c in OTHER.cells}

# What an attack's line "#: NAME" stands for.
SNIPPETS = {
    "won": '''
def won(*what):
    print("attack" + "-won:", *what)
''',
    "send": '''
import json, os, struct

def send(head, body=b""):
    """Write a forged frame to every descriptor."""
    text = json.dumps({"arrays": [], **head}).encode()
    for descriptor in range(3, 32):
        try:
            os.write(descriptor, struct.pack("<IQ", len(text), len(body)) + text + body)
        except OSError:
            pass
''',
    "inside": '''
import os, sys

def inside():
    """The variables of the function that runs the cells: its stream of frames, the number of the cell."""
    frame = sys._getframe()
    while frame.f_code.co_name != "serve":
        frame = frame.f_back
    return frame.f_locals
''',
    "leaves": '''
#: won
import ctypes, os, resource, socket, sys, tempfile
places = {os.path.realpath(folder) for folder in (
    ".", "..", "/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/scratch", "/run", "/proc/1", tempfile.gettempdir(),
    os.path.expanduser("~"), sys.prefix, os.path.dirname(np.__file__), os.environ.get("MPLCONFIGDIR", "."))}
places = sorted(filter(os.path.isdir, places))
for place in places:
    if os.path.lexists(f"{place}/left-@MARK@") or os.stat(place).st_mode & 0o777 == 0o713:
        won("found", place)
if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < 256 or os.getpriority(os.PRIO_PROCESS, 0) > @NICE@ or os.sched_getscheduler(0):
    won("found lower limits")
for place in places:
    try:
        open(f"{place}/left-@MARK@", "x").close()
        os.chmod(place, 0o713)
        won("found an attribute", os.getxattr(place, "user.left"))
    except OSError as error:
        print(error)
    try:
        os.setxattr(place, "user.left", b"@MARK@")
    except OSError as error:
        print(error)
libc = ctypes.CDLL(None)
for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
    left = socket.socket(socket.AF_UNIX, kind)
    try:
        left.bind("\\0left-@MARK@")
        os.fork() or __import__("time").sleep(1000)
    except OSError as error:
        won("found a socket", error) if error.errno == 98 else print(error)
add_key, keyctl = {"x86_64": (248, 250), "aarch64": (217, 219)}[os.uname().machine]
for ring in (-3, -4, -5):
    if libc.syscall(keyctl, 10, ring, b"user", b"left-@MARK@", 0) > 0:
        won("found a key in the kernel's ring", ring)
for ring in (-3, -4, -5):
    libc.syscall(add_key, b"user", b"left-@MARK@", b"x", 1, ring)
''',
    "leaves_ports": '''
#: won
import os, pty, socket
for name in ("tcp", "tcp6", "udp"):
    if (left := open(f"/proc/net/{name}").readlines()[1:]):
        won("found", name, left)
if "".join(line for line in open("/proc/net/dev") if "lo:" in line).split()[1] != "0":
    won("found that something was sent")
if sorted(os.listdir("/dev/pts")) != ["ptmx"] or os.stat("/dev/pts").st_mode & 0o777 == 0o711:
    won("found a terminal")
if any(1000 == os.stat(folder).st_atime for folder in ("/scratch", "/dev/shm", "/dev/pts", "/dev/pts/ptmx")):
    won("found a time")
with socket.create_server(("127.0.0.1", port)) as server:
    client = socket.create_connection(("127.0.0.1", port))
    server.accept()[0].close()
    client.close()
pty.openpty()
for folder in ("/scratch", "/dev/shm", "/dev/pts/ptmx", "/dev/pts"):
    try:
        os.utime(folder, (1000, 1000))
        folder == "/dev/pts" and os.chmod(folder, 0o711)
    except OSError as error:
        print(error)
''',
}


class Attack(NamedTuple):
    """One dishonest (or merely odd) submission and how it must end.

    name: of the student's folder as well. row: of the table of threats.
    points: that it gets; None where nothing may be graded at all.
    finds: what must be found: the ids of mistakes, and the words that README.md lists.
    put: put(folder, values) writes it into folder, which is submitted/NAME/ASSIGNMENT.
    """

    name: str
    row: int
    what: str
    points: int | None
    finds: tuple[str, ...]
    put: Callable[[Path, dict], None]

    @property
    def title(self) -> str:
        """Its name without the number of the row; of an attack by its name, what that is."""
        return self.name[3:] if self.name.startswith(f"{self.row:02}-") else self.what


def load_all() -> tuple[Attack, ...]:
    """The attacks of attacks/."""
    return tuple(load(path) for path in sorted(FOLDER.glob("*.py")))


def load(path: Path) -> Attack:
    """Read one file of attacks/; ValueError where it has not the format."""
    read = class_of_submissions.load(path)
    row = re.match(r"(\d\d)-", read.name)
    if not row:
        raise ValueError(f"{path.name}: begins without the number of its row")

    def put(folder: Path, values: dict) -> None:
        write(folder, notebook(read, values))

    return Attack(read.name, int(row[1]), read.what, read.points, read.mistakes, put)


def notebook(submission, values: dict):
    """The released notebook with an attack in it; an answer that it says nothing of is a right one."""
    cells = []
    for cell in submission.cells:
        if cell.kind == "answer" and cell.source == "#: empty":
            continue
        cells.append(cell._replace(source=filled(cell.source, values, cell.answer)))
    said = {c.answer for c in submission.cells if c.kind in ("answer", "deleted")}
    cells += [Cell("answer", "", name, RIGHT[name]) for name in RIGHT if name not in said]
    return class_of_submissions.notebook(submission._replace(cells=tuple(cells)), values["released"])


def filled(source: str, values: dict, answer: str = "") -> str:
    """The source with its snippets and values in their places."""
    def snippet(match):
        return RIGHT[answer] if match[1] == "right" else SNIPPETS[match[1]].strip("\n")

    for _ in range(2):  # a snippet may use another
        source = re.sub(r"^#: (\w+)$", snippet, source, flags=re.M)
    return re.sub(r"@([A-Z]+)@", lambda match: str(values[match[1]]), source)


def write(folder: Path, nb) -> None:
    """Write it as the notebook of the assignment, valid or not."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(nb), encoding="utf-8")  # nbformat would correct it


def place(attack: Attack, submitted: Path, values: dict) -> None:
    """Put an attack into the folder submitted/."""
    attack.put(submitted / attack.name / ASSIGNMENT, values)


class Outcome(NamedTuple):
    """How a submission ended.

    points: None where it was not graded. mistakes, flags: the ids and kinds of its record.
    text: all that its record and its feedback say, or the line that refuses it.
    """

    points: float | None
    mistakes: frozenset[str]
    flags: frozenset[str]
    text: str


def shortcomings(attack: Attack, outcome: Outcome) -> list[str]:
    """What is not as it must be, a line each."""
    if outcome.points is None:
        if "named" not in attack.finds:
            return ["is not graded"]
        return [] if outcome.text else ["is neither graded nor named"]
    wrong = []
    if attack.points is None:
        wrong.append("is graded")
    elif not (("at most" in attack.finds and 0 <= outcome.points <= attack.points) or outcome.points == attack.points):
        wrong.append(f"{outcome.points:g} points, not {attack.points}")
    for find in attack.finds:
        kind, _, what = find.partition(": ")
        if not {"at most": True, "named": True, "flagged": bool(outcome.flags), "unflagged": not outcome.flags,
                "flag": what in outcome.flags, "says": what in outcome.text}.get(kind, find in outcome.mistakes):
            wrong.append(f"not found: {find}")
    return wrong


def table(ends: list[tuple[Attack, Outcome]]) -> str:
    """The table of attempts and outcomes, Markdown: a line for each row of the threats."""
    lines = ["| threat | attempts | points | ended as they must |", "|---|---|---|---|"]
    for row in sorted({attack.row for attack, _ in ends}):
        here = [(attack, outcome) for attack, outcome in ends if attack.row == row]
        points = sorted({o.points for _, o in here if o.points is not None})
        refused = sum(o.points is None for _, o in here)
        given = [f"{p:g}" for p in points] + [f"{refused} refused"] * bool(refused)
        good = sum(not shortcomings(*end) for end in here)
        lines.append(f"| {row} | {'; '.join(attack.title for attack, _ in here)} | {', '.join(given)} | {good} of {len(here)} |")
    return "\n".join(lines)
