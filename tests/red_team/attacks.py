"""The red team's submissions: tests/red_team/attacks/*.py, and those that built.py makes.

`ATTACKS` holds all that are graded in one batch; `place` puts one into a folder submitted/.
See README.md for the format.
"""
import re
import sys
from pathlib import Path
from typing import Callable, NamedTuple

import class_of_submissions
import nbformat
from class_of_submissions import ANSWERS, Cell

FOLDER = Path(__file__).resolve().parent / "attacks"
WON = "attack-won"  # what an attack prints where it gets through; no source spells it
RIGHT = {c.answer: c.source for c in class_of_submissions.load(class_of_submissions.FOLDER / "aarav.py").cells}

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
    "leaves": '''
#: won
import ctypes, os, socket, sys, tempfile
for folder in (".", "..", "/", "/tmp", "/var/tmp", "/dev/shm", "/dev/mqueue", "/scratch", "/run", tempfile.gettempdir(),
               os.path.expanduser("~"), sys.prefix, os.path.dirname(np.__file__), os.environ.get("MPLCONFIGDIR", ".")):
    path = f"{folder}/left-@MARK@"
    if os.path.exists(path):
        won("found", path)
    try:
        open(path, "x").close()
    except OSError as error:
        print(error)
libc = ctypes.CDLL(None)
for get, size in ((libc.shmget, (4096,)), (libc.semget, (1,)), (libc.msgget, ())):
    if get(0x5EED, *(0,) * len(size), 0) >= 0:
        won("found System V's", get.__name__)
    get(0x5EED, *size, 0o1666)
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
    libc.syscall(add_key, b"user", b"left-@MARK@", b"x", 1, ring)
''',
}


class Attack(NamedTuple):
    """One dishonest (or merely odd) submission and how it must end.

    name: of the student's folder as well. row: of the table of threats.
    points: that it gets; None where nothing may be graded at all.
    finds: what must be found: the ids of mistakes, and the words that README.md lists.
    put: put(folder, values) writes it into folder, which is submitted/NAME/adam.
    """

    name: str
    row: int
    what: str
    points: int | None
    finds: tuple[str, ...]
    put: Callable[[Path, dict], None]


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
    cells += [Cell("answer", "", name, RIGHT[name]) for name in ANSWERS if name not in said]
    return class_of_submissions.notebook(submission._replace(cells=tuple(cells)), values["released"])


def filled(source: str, values: dict, answer: str = "") -> str:
    """The source with its snippets and values in their places."""
    def snippet(match):
        return RIGHT[answer] if match[1] == "right" else SNIPPETS[match[1]].strip("\n")

    for _ in range(2):  # a snippet may use another
        source = re.sub(r"^#: (\w+)$", snippet, source, flags=re.M)
    return re.sub(r"@([A-Z]+)@", lambda match: str(values[match[1]]), source)


def write(folder: Path, nb) -> None:
    """Write a notebook as folder/adam.ipynb, valid or not."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "adam.ipynb").write_text(nbformat.writes(nb), encoding="utf-8", errors="surrogatepass")


def place(attack: Attack, submitted: Path, values: dict) -> None:
    """Put an attack into the folder submitted/."""
    attack.put(submitted / attack.name / "adam", values)


def table(outcomes) -> str:
    """The table of attempts and outcomes, Markdown: one line a row of the threats.

    outcomes: for each attack the attack, the points it got, and whether all was as it must be.
    """
    lines = ["| row | attempts | ended as they must | points |", "|---|---|---|---|"]
    for row in sorted({attack.row for attack, *_ in outcomes}):
        here = [(a, points, good) for a, points, good in outcomes if a.row == row]
        spread = sorted({points for _, points, _ in here if points is not None})
        lines.append(f"| {row} | {len(here)}: {', '.join(a.name[3:] for a, *_ in here)} | "
                     f"{sum(good for *_, good in here)} | {', '.join(f'{p:g}' for p in spread)} |")
    return "\n".join(lines)
