"""Finds the submissions in submitted/, and collects them into it from a folder or an LMS's zip.

Only ids and the names of known notebooks ever become paths; each refusal is told in one line.
"""

import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.utils import parse_utc

from optimlab.classroom import Unusable
from optimlab.classroom.files import RECORDS, write_atomic
from optimlab.classroom.intake.dates import granted
from optimlab.classroom.intake.lms import Entry, Upload, is_late, opened, upload_of
from optimlab.classroom.intake.untrusted_files import NO_ID, in_id, is_id, read, read_below, shown

MOST_IN_ALL = 20 * 2**30  # bytes that one source may unpack to: 2,000 students with 10 MB each
# As nbgrader writes it: a day, a time, a zone. A zone could be a path, so its letters are few.
TIMESTAMP = re.compile(r"[\d:.TZ+-]{8,32}( [\d:.+-]{5,20})?( [\w+-]{1,20}(/[\w+-]{1,20}){0,2})?", re.A)


class Submission(NamedTuple):
    """A notebook that was handed in.

    submitted_at: the text of timestamp.txt, None without a valid one.
    late: whether Canvas says so, which says no time.
    extension: how much more time the student was given; None if nothing was said.
    """

    student: str
    notebook: str
    path: Path
    submitted_at: str | None
    late: bool = False
    extension: timedelta | None = None


# --- finding -------------------------------------------------------------------


def find(submitted: Path, assignment: str, notebooks: Iterable[str]) -> tuple[list[Submission], list[str]]:
    """Everything at submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, sorted, and a line for each thing refused.

    A notebook that is a link or not a file is found, too: reading it fails, and its student is told why.

    >>> find(Path("nowhere"), "adam", ["adam"])
    ([], [])
    """
    found, refused, notebooks = [], [], sorted(notebooks)
    for student in _names(submitted):
        folder = submitted / student / assignment
        if student.startswith(".") and not os.path.lexists(folder):
            continue  # .DS_Store, .gitkeep
        if folder.parent.is_symlink():
            refused.append(f"{shown(student)}: is a link, which is not followed")
        elif not os.path.lexists(folder):
            continue
        elif not is_id(student):
            refused.append(f"{shown(student)}: {NO_ID}")
        elif folder.is_symlink() or not folder.is_dir():
            refused.append(f"{student}: {shown(assignment)} is a link or no folder")
        else:
            there = [n for n in notebooks if os.path.lexists(folder / f"{n}.ipynb")]
            if not there:
                refused.append(f"{student}: there is no {_expected(notebooks)} in the folder {assignment}")
            when = _timestamp(folder / "timestamp.txt") if there else None
            found += [Submission(student, n, folder / f"{n}.ipynb", when) for n in there]
    return found, refused


def with_terms(found: list[Submission], submitted: Path, assignment: str) -> list[Submission]:
    """What was found, and of each submission whether Canvas calls it late and how much more time its student had."""
    known, more = lms_ids(submitted), granted(submitted.parent, assignment)
    return [s._replace(late=is_late(came_as(known.get(s.student, {}), assignment, s.notebook)),
                       extension=more.get(s.student)) for s in found]


def _timestamp(path: Path) -> str | None:
    try:
        text = read(path).decode().strip()
        if TIMESTAMP.fullmatch(text):
            parse_utc(text)
            return text
    except Exception:  # there is none, or dateutil cannot read it and raises one of many kinds
        pass
    return None


def _names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def _expected(notebooks: list[str]) -> str:
    return " or ".join(f"{n}.ipynb" for n in notebooks)


# --- collecting ------------------------------------------------------------------


class _Given(NamedTuple):
    upload: Upload
    entry: Entry


def collect(source: Path, submitted: Path, assignment: str, notebooks: Iterable[str]) -> list[str]:
    """Copy the notebooks of a folder or a zip (see lms.py) into submitted/; a line for each thing refused or replaced.

    A notebook that is there already stays untouched if it is the same, if it is known to be newer, or
    if the new one is empty. If the assignment has one notebook, a student's only notebook counts
    whatever its name. Collecting twice does nothing more.

    Errors: Unusable, if the source is neither a folder nor a whole zip, or holds more than 20 GB.
    """
    source, submitted, notebooks = Path(source), Path(submitted), sorted(notebooks)
    lines: list[str] = []
    known, left = lms_ids(submitted), MOST_IN_ALL
    with opened(source) as entries:
        uploads = _by_student(entries, assignment, lines)
        for student, given in _students(uploads, known, _names(submitted), lines):
            for notebook, (upload, entry) in _picked(given, notebooks, lines):
                if left < 0:
                    raise Unusable(f"{source}: holds more than {MOST_IN_ALL >> 30} GB: collect it in parts")
                path = submitted / student / assignment / f"{notebook}.ipynb"
                numbers, names = (known.get(student, {}).get(what, {}) for what in ("uploads", "came_as"))
                try:
                    if upload.number < numbers.get(f"{assignment}/{notebook}", 0):
                        raise Unusable("is older than the one in submitted/, which is kept")
                    content, changed = entry.read()
                    left -= len(content)
                    if _put(path, content, changed):
                        lines.append(f"{student}: {notebook}.ipynb is replaced by a newer one")
                except Unusable as error:
                    lines.append(f"{student}: {shown(upload.file)} {error}")
                    continue
                if upload.whose[0] in ("canvas", "moodle"):
                    known[student] = {"lms": upload.whose[0], "id": upload.whose[1], "name": upload.name,
                                      "uploads": numbers | {f"{assignment}/{notebook}": upload.number},
                                      "came_as": names | {f"{assignment}/{notebook}": entry.parts[0]}}
    remember(submitted, known)
    return lines


def remember(submitted: Path, known: dict[str, dict[str, Any]]) -> None:
    """Keep what is known of the students from an LMS; see `lms_ids`."""
    if known != lms_ids(submitted):
        write_atomic(_lms_path(submitted), json.dumps(known, indent=1, sort_keys=True))


def lms_ids(submitted: Path) -> dict[str, dict[str, Any]]:
    """What collecting remembers of the students who came from an LMS, by student id.

    {"doejane": {"lms": "canvas", "id": "12345", "name": "doejane", "uploads": {"adam/adam": 67890},
    "came_as": {"adam/adam": "doejane_12345_67890_adam.ipynb"}}}, and for Moodle "id" is the participant number and
    "name" the full name. What a roster says of a student has neither "uploads" nor "came_as".
    """
    path = _lms_path(submitted)
    try:
        known = json.loads(path.read_text(encoding="utf-8"))
        return {student: dict(about, lms=about["lms"], id=about["id"]) for student, about in known.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Unusable(f"{path}: is damaged: delete it and collect the submissions again") from None


def came_as(about: Mapping[str, Any], assignment: str, notebook: str) -> str:
    """The name that a notebook, or its folder, had in the LMS's zip; "" if that is not known."""
    return str(about.get("came_as", {}).get(f"{assignment}/{notebook}", ""))


def _lms_path(submitted: Path) -> Path:
    return submitted.parent / RECORDS / "lms.json"


def _by_student(entries: Iterable[Entry], assignment: str, lines: list[str]
                ) -> dict[tuple[str, str], list[_Given]]:
    found = defaultdict(list)
    for entry in entries:
        try:
            if upload := upload_of(entry.parts, assignment):
                found[upload.whose].append(_Given(upload, entry))
        except Unusable as error:
            lines.append(f"{shown('/'.join(entry.parts))}: {error}")
    return found


def _students(uploads: dict[tuple[str, str], list[_Given]], known: dict[str, dict[str, Any]], there: list[str],
              lines: list[str]) -> Iterator[tuple[str, list[_Given]]]:
    """Each student's folder name and uploads, as submitted/ may know them; a line for each without a usable id."""
    remembered = {(about["lms"], about["id"]): student for student, about in known.items()}
    names = Counter(given[0].upload.name for given in uploads.values())
    ids = {}
    for whose, given in uploads.items():
        (kind, number), name = whose, given[0].upload.name
        if kind == "moodle":
            name = as_id(name)
        if kind == "moodle" or (kind == "canvas" and (names[name] > 1 or name in known)):
            name = f"{name}_{number}"
        ids[whose] = unicodedata.normalize("NFC", remembered.get(whose, name))
    same = Counter(map(_fold, ids.values()))
    held = {_fold(name): name for name in there}
    for whose, student in sorted(ids.items(), key=lambda item: item[1]):
        folder = student if student in there else held.get(_fold(student), student)
        if not is_id(student):
            lines.append(f"{shown(student)}: {NO_ID}")
        elif same[_fold(student)] > 1:
            lines.append(f"{shown(uploads[whose][0].entry.parts[0])}: {student} is the id of two students, "
                         "for upper and lower case are one: rename one of them")
        elif unicodedata.normalize("NFC", folder) != student:
            lines.append(f"{student}: there is {shown(folder)} in submitted/: rename one of them")
        else:
            yield folder, uploads[whose]


def as_id(name: str) -> str:
    """A person's name as an id may hold it.

    >>> as_id("Jane van Doe")
    'Jane-van-Doe'
    """
    return re.sub("-+", "-", "".join(c if in_id(c) else "-" for c in name)).strip("-.")[:40]


def _fold(student: str) -> str:
    """A form that is the same for names that a person or a disk may mix up."""
    return unicodedata.normalize("NFKC", student).casefold()


def _picked(given: list[_Given], notebooks: list[str], lines: list[str]) -> Iterator[tuple[str, _Given]]:
    """The uploads of a student that count, by notebook."""
    books = [g for g in given if g.upload.file.lower().endswith(".ipynb") and not g.upload.file.startswith(".")]
    named = {n: [g for g in books if _stem(g.upload, notebooks) == n] for n in notebooks}
    if not any(named.values()) and len(notebooks) == len(books) == 1:
        named = {notebooks[0]: books}
    who = shown(given[0].entry.parts[0])
    if any(given[0].upload.whose == ("file", f"{n}.ipynb") for n in notebooks):
        lines.append(f"{who}: nothing says whose it is: put it in a folder named after the student")
        return
    if not any(named.values()):
        inside = " (a zip in it is not opened)" if any(g.upload.file.lower().endswith(".zip") for g in given) else ""
        lines.append(f"{who}: there is no {_expected(notebooks)}{inside}")
    for notebook, them in named.items():
        latest = [g for g in them if g.upload.number == max(h.upload.number for h in them)]
        if len(latest) == 1:
            yield notebook, latest[0]
        elif latest:
            lines.append(f"{who}: there are {len(latest)} notebooks that could be {notebook}.ipynb: keep one")


def _stem(upload: Upload, notebooks: list[str]) -> str:
    """The name of an upload's notebook, without the -1 or -2 that Canvas appends to later ones."""
    stem = upload.file[:-len(".ipynb")]
    return re.sub(r"-\d+$", "", stem) if upload.number and stem not in notebooks else stem


def _put(path: Path, content: bytes, changed: int) -> bool:
    """Write a submission unless the one there is newer or this one is empty; returns whether it replaced one."""
    if path.parent.is_symlink() or path.parent.parent.is_symlink():
        raise Unusable("would go to a folder in submitted/ that is a link")
    held = os.path.lexists(path)
    try:
        there, when = read_below(path.parent, [path.name])
    except Unusable:  # whatever is there is replaced
        there, when = None, 0
    if there == content:
        return False
    if there and not content.strip():
        raise Unusable("is empty: the one in submitted/ is kept")
    if changed < when:
        raise Unusable("is older than the one in submitted/, which is kept")
    try:
        write_atomic(path, content)
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        raise Unusable("has a folder or a file in its way in submitted/") from None
    os.utime(path, ns=(changed, changed))  # so that what is collected next can be compared with it
    return held
