"""Reads a class's uploads from a folder or a zip, with the names that Canvas and its like give, or plain ones.

    doejane_LATE_12345_67890_adam.ipynb                     Canvas: student, user id, number of the upload
    Jane Doe_123456_assignsubmission_file_/adam.ipynb       Moodle: student, participant number
    Jane Doe_123456_assignsubmission_file_adam.ipynb        Moodle, without folders
    Adam_doejane_attempt_2026-01-10-12-00-00_adam.ipynb     Blackboard: assignment, student, time
    123-456 - Jane Doe - Jan 10, 2026 1200 PM/adam.ipynb    Brightspace: two numbers, student, time
    jane/adam.ipynb   jane/adam/adam.ipynb   jane.ipynb     plain

Canvas gives every uploaded file a larger number than all files before it, and calls a student's second
adam.ipynb adam-1.ipynb. Moodle gives students new numbers in each assignment. No name that is read here
ever becomes a path: it only tells which student a file belongs to.

Whoever unpacks such a zip and packs it again has a folder around all that. It is nobody's, and seen through.
"""

import contextlib
import os
import re
import stat
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import NamedTuple

from optimlab.classroom import Unusable
from optimlab.classroom.intake.untrusted_files import LARGEST, read_below

MOST_RATIO = 100      # times its packed size that a zip's entry may unpack to, once it is over FREELY bytes
FREELY = 5 * 2**20
MOST_ENTRIES = 500_000
DEEPEST = 6           # folders around a class, the student's, the assignment's

# Canvas leaves letters, marks, digits and underscores in names; with blind grading there are no names.
CANVAS = re.compile(r"(?P<late1>LATE_)?(?P<anonymous>anon_[^\W_]+)_(?P<upload1>\d{1,20})_(?P<file1>.+)"
                    r"|(?P<name>.+?)(?P<late2>_LATE)?_(?P<user>\d{1,20})_(?P<upload2>\d{1,20})_(?P<file2>.+)",
                    re.A | re.S)
MOODLE = re.compile(r"(?P<name>[^_]+)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_(?P<file>.*))?", re.A | re.S)
BLACKBOARD = re.compile(r".+_(?P<name>[^_]+)_attempt_(?P<when>\d{4}(?:-\d\d){5})(?:_(?P<file>.+)|\.txt)", re.A | re.S)
BRIGHTSPACE = re.compile(r"(?P<numbers>\d{1,20}-\d{1,20}) ?- ?(?P<name>.+?) ?- ?"
                         r"(?P<when>[A-Z][a-z]{2,8} \d\d?, \d{4} \d{3,4} [AP]M)(?: ?- ?(?P<file>.+))?", re.A | re.S)
# What stands between the parts of a name; where it stands twice, a student may have put the second one there.
SEAMS = re.compile(r"(?=_\d+_\d+_)|(?=_attempt_\d{4}-)", re.A)
NOT_OURS = {"__MACOSX", ".ipynb_checkpoints", "index.html"}  # the last is Brightspace's own list


class Upload(NamedTuple):
    """A file and the student it belongs to.

    whose: what tells this student from all others: ("canvas", user id), ("moodle", participant
        number), ("blackboard", user name), ("brightspace", numbers and name), ("folder", name), ("file", name).
    name: the student's name, as the source has it.
    file: the file's own name; "" if the file lies where nobody looks for notebooks.
    number: larger for later uploads: the number that Canvas gave it, the time of Blackboard and Brightspace; else 0.
    """

    whose: tuple[str, str]
    name: str
    file: str
    number: int = 0


class Entry(NamedTuple):
    """A file in a folder or zip: the parts of its path, and a function that reads it.

    `read` returns the content and the time of its last change in ns, or raises Unusable. Times in a zip
    mean little, so there it returns the present time.
    """

    parts: tuple[str, ...]
    read: Callable[[], tuple[bytes, int]]


def upload_of(parts: tuple[str, ...], assignment: str) -> Upload | None:
    """Tell by the parts of a file's path which student it belongs to; None if it belongs to none, like .DS_Store.

    Errors: Unusable, if the name tells no student, or could tell two.

    >>> upload_of(("doejane_LATE_12345_67890_adam-1.ipynb",), "adam")
    Upload(whose=('canvas', '12345'), name='doejane', file='adam-1.ipynb', number=67890)
    >>> upload_of(("Jane Doe_77_assignsubmission_file_", "adam.ipynb"), "adam")
    Upload(whose=('moodle', '77'), name='Jane Doe', file='adam.ipynb', number=0)
    >>> upload_of(("jane", "adam", "adam.ipynb"), "adam").whose
    ('folder', 'jane')
    """
    first = parts[0]
    if {"", ".", ".."} & set(parts) or "\\" in first:
        raise Unusable("is a path that leads elsewhere")
    if first in NOT_OURS:
        return None
    if brightspace := BRIGHTSPACE.fullmatch(first):
        return Upload(("brightspace", f"{brightspace['numbers']} {brightspace['name']}"), brightspace["name"],
                      brightspace["file"] or "" if len(parts) == 1 else _file(parts[1:], assignment),
                      _minute(brightspace["when"]))
    if moodle := MOODLE.fullmatch(first):
        return Upload(("moodle", moodle["number"]), moodle["name"],
                      moodle["file"] or "" if len(parts) == 1 else _file(parts[1:], assignment))
    if len(parts) > 1:
        return Upload(("folder", first), first, _file(parts[1:], assignment))
    # A student called x_1_2_y could pass for another student, whose user id is 1.
    if len(SEAMS.findall(first)) > 1:
        raise Unusable("can be read as two students' upload: put it in a folder named after the student")
    if blackboard := BLACKBOARD.fullmatch(first):
        return Upload(("blackboard", blackboard["name"]), blackboard["name"], blackboard["file"] or "",
                      int(blackboard["when"].replace("-", "")))
    if canvas := CANVAS.fullmatch(first):
        return Upload(("canvas", canvas["anonymous"] or canvas["user"]), canvas["anonymous"] or canvas["name"],
                      canvas["file1"] or canvas["file2"], int(canvas["upload1"] or canvas["upload2"]))
    if first.lower().endswith(".ipynb"):
        return Upload(("file", first), first[:-6], first)
    if first.startswith("."):
        return None
    raise Unusable("is neither a student's folder nor a notebook that can be read (links are not followed)")


def is_late(came_as: str) -> bool:
    """Whether Canvas says, by the name of an upload, that it came late.

    >>> is_late("doejane_LATE_12345_67890_adam.ipynb"), is_late("doejane_12345_67890_adam_LATE_.ipynb")
    (True, False)
    """
    canvas = CANVAS.fullmatch(came_as)
    return canvas is not None and bool(canvas["late1"] or canvas["late2"])


def goes_back_as(came_as: str, page: str) -> str:
    """The name in a zip of feedback under which an LMS recognises whose it is; `page` is the file's own name.

    Canvas reads the two numbers, Moodle the folder's name, or what stands before the file's where it has no folders.

    >>> goes_back_as("doejane_LATE_12345_67890_my adam.ipynb", "adam.html")
    'doejane_LATE_12345_67890_adam.html'
    >>> goes_back_as("Jane Doe_77_assignsubmission_file_", "adam.html")
    'Jane Doe_77_assignsubmission_file_/adam.html'
    >>> goes_back_as("Jane Doe_77_assignsubmission_file_adam.ipynb", "adam.html")
    'Jane Doe_77_assignsubmission_file_adam.html'
    """
    if moodle := MOODLE.fullmatch(came_as):
        return f"{came_as.removesuffix(moodle['file'])}{page}" if moodle["file"] else f"{came_as}/{page}"
    canvas = CANVAS.fullmatch(came_as)
    return f"{came_as.removesuffix(canvas['file1'] or canvas['file2']) if canvas else ''}{page}"


def _file(rest: tuple[str, ...], assignment: str) -> str:
    """The name of a file that lies directly in a student's folder, or in the assignment's folder there; else ""."""
    return rest[-1] if len(rest) == 1 or (len(rest) == 2 and _same(rest[0], assignment)) else ""


def _same(name: str, assignment: str) -> bool:
    return name.casefold() == assignment.casefold()


def _minute(when: str) -> int:
    """Brightspace's `Jan 10, 2026 926 PM` as a number that grows with time."""
    month, day, year, clock, half = when.replace(",", "").split()
    try:
        time = datetime.strptime(f"{year} {month[:3]} {day} {clock:0>4} {half}", "%Y %b %d %I%M %p")
    except ValueError:
        raise Unusable(f"says a time that there is not: {when}") from None
    return int(f"{time:%Y%m%d%H%M}")


def unwrapped(entries: list[Entry], assignment: str) -> list[Entry]:
    """The entries without the folders around all of them that are no student's, such as submissions/.

    >>> [e.parts for e in unwrapped([Entry(("all", "doejane_1_2_adam.ipynb"), None)], "adam")]
    [('doejane_1_2_adam.ipynb',)]
    >>> [e.parts for e in unwrapped([Entry(("jane", "adam.ipynb"), None)], "adam")]
    [('jane', 'adam.ipynb')]
    """
    while True:
        tops = {e.parts[0] for e in entries if e.parts[0] not in NOT_OURS and not e.parts[0].startswith(".")}
        top = tops.pop() if len(tops) == 1 else ""
        if not top or not _wraps(top, [e.parts[1:] for e in entries if e.parts[0] == top], assignment):
            return entries
        entries = [e._replace(parts=e.parts[1:]) if e.parts[0] == top else e for e in entries]


def _wraps(top: str, below: list[tuple[str, ...]], assignment: str) -> bool:
    """Whether a folder is no student's: it bears the assignment's name, or students' names stand on what it holds."""
    if () in below or MOODLE.fullmatch(top) or BRIGHTSPACE.fullmatch(top):
        return False
    if _same(top, assignment):
        return True
    files = [parts[0] for parts in below if len(parts) == 1]
    notebooks = [file for file in files if file.lower().endswith(".ipynb")]
    named = [file for file in files if any(form.fullmatch(file) for form in (CANVAS, MOODLE, BLACKBOARD, BRIGHTSPACE))]
    if notebooks or named:
        return set(notebooks) <= set(named)
    deeper = [parts for parts in below if parts[-1].lower().endswith(".ipynb")]
    return bool(deeper) and not any(_same(parts[0], assignment) for parts in deeper)


@contextlib.contextmanager
def opened(source: Path) -> Iterator[list[Entry]]:
    """Open a folder or a zip and give all its files; raises Unusable if it is neither."""
    if source.is_dir():
        yield [Entry(parts, partial(read_below, source, parts)) for parts in walk(source, DEEPEST)]
        return
    try:
        archive = zipfile.ZipFile(source)
    except FileNotFoundError:
        raise Unusable(f"{source}: there is no such folder or zip") from None
    except PermissionError:
        raise Unusable(f"{source}: is not yours to read: change its rights, or copy it as its owner") from None
    except Exception:  # a forged zip can make zipfile raise anything
        raise Unusable(f"{source}: is neither a folder nor a whole zip: download it again, or unpack it and name the "
                       "folder after --from") from None
    with archive:
        if len(archive.infolist()) > MOST_ENTRIES:
            raise Unusable(f"{source}: holds more than {MOST_ENTRIES:,} files")
        yield [Entry(tuple(info.filename.split("/")), partial(_unpack, archive, info))
               for info in archive.infolist() if not info.filename.endswith("/")]


def walk(folder: Path, depth: int, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The parts of the paths of all files in a folder, down to a depth; links are not followed."""
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda e: e.name):
            parts = (*above, entry.name)
            if not entry.is_dir(follow_symlinks=False):
                yield parts
            elif depth > 1 and entry.name not in NOT_OURS:
                try:
                    yield from walk(Path(entry.path), depth - 1, parts)
                except OSError:  # a folder that cannot be listed is refused under its name
                    yield parts


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> tuple[bytes, int]:
    """The content of a zip's entry; the size that the entry claims is not trusted."""
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise Unusable("is a link or another thing that is no file")
    if info.flag_bits & 1:
        raise Unusable("is encrypted")
    # Other methods unpack everything at once, however little is asked for.
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise Unusable("is packed in an unusual way: pack the zip anew")
    most = min(LARGEST, max(FREELY, MOST_RATIO * info.compress_size))
    content = bytearray()
    try:
        with archive.open(info) as file:
            while piece := file.read(2**16):
                content += piece
                if len(content) > most:
                    break
    except Exception:  # as above
        raise Unusable("is damaged in the zip: download it again") from None
    if len(content) > most:
        raise Unusable(f"unpacks to more than {most >> 20} MB")
    return bytes(content), time.time_ns()
