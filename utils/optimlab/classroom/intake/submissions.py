"""Finds the submissions in submitted/, and collects them into it from a folder or an LMS's zip.

Only ids and the names of known notebooks ever become paths; each refusal is told in one line.
"""

import json
import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, NamedTuple

from nbgrader.utils import parse_utc

from optimlab.classroom import Unusable
from optimlab.classroom.files import RECORDS, write_atomic
from optimlab.classroom.intake.dates import granted
from optimlab.classroom.intake.lms import Entry, Upload, is_late, opened, unwrapped, upload_of, walk
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


class Told(NamedTuple):
    """What a person is told, each in one line: what was refused wants something done, what is noted does not."""

    refused: list[str]
    noted: list[str]


# --- finding -------------------------------------------------------------------


def find(submitted: Path, assignment: str, notebooks: Iterable[str], others: Iterable[str] = (),
         untouched: Callable[[Path], bool] = lambda path: False) -> tuple[list[Submission], Told]:
    """Everything at submitted/STUDENT/ASSIGNMENT/NOTEBOOK.ipynb, sorted, and what lies where it is not looked for.

    others: the course's other assignments, whose folders are theirs.
    untouched: whether a notebook holds nothing of its student's. Where another notebook lies beside such a one,
        that may be the student's work: a person decides, and neither is graded.

    A notebook that is a link or not a file is found, too: reading it fails, and its student is told why.

    >>> find(Path("nowhere"), "adam", ["adam"])
    ([], Told(refused=[], noted=[]))
    """
    found, told, notebooks, others = [], Told([], []), sorted(notebooks), {*others} - {assignment}
    for student in _names(submitted):
        home = submitted / student
        folder = home / assignment
        if student.startswith(".") and not os.path.lexists(folder):
            continue  # .DS_Store, .gitkeep
        if home.is_symlink():
            told.refused.append(f"{shown(student)}: is a link, which is not followed")
        elif not home.is_dir():
            told.refused.extend(_no_folder(student, assignment))
        elif os.path.lexists(folder) and not is_id(student):
            told.refused.append(f"{shown(student)}: {NO_ID}: rename the folder")
        elif folder.is_symlink() or (os.path.lexists(folder) and not folder.is_dir()):
            told.refused.append(f"{student}: {shown(assignment)} is a link or no folder")
        else:
            there = [n for n in notebooks if os.path.lexists(folder / f"{n}.ipynb")]
            elsewhere = list(_elsewhere(home, assignment, notebooks, others))
            who = "STUDENT" if student in {assignment, *others} else shown(student)  # ASSIGNMENT/STUDENT is wrong
            place = f"submitted/{who}/{assignment}/{_expected(notebooks)}"
            beside = ", ".join(shown("/".join(parts)) for parts in elsewhere[:3])
            if there and elsewhere and any(untouched(folder / f"{n}.ipynb") for n in there):
                told.refused.append(f"{student}: {_expected(there)} is as it was handed out, and there is {beside}: "
                                    f"put the one that counts at {place}, delete the other")
                continue
            if there and (alike := [parts for parts in elsewhere if _alike(parts[-1], notebooks)]):
                told.noted.append(f"{student}: {shown('/'.join(alike[0]))} is not graded, for there is "
                                  f"{_expected(there)} in its place")
            elif elsewhere and not there:
                told.refused.append(f"{shown(student)}: {beside} lies where it is not looked for: put it at {place}")
            elif os.path.lexists(folder) and not there:
                told.refused.append(f"{student}: there is no {_expected(notebooks)} in the folder {assignment}")
            when = _timestamp(folder / "timestamp.txt") if there else None
            found += [Submission(student, n, folder / f"{n}.ipynb", when) for n in there]
    return found, told


def _no_folder(name: str, assignment: str) -> Iterator[str]:
    """A line for a file that lies between the students' folders, if it looks like something handed in."""
    if name.lower().endswith(".ipynb"):
        yield f"{shown(name)}: lies in no student's folder: put it at submitted/STUDENT/{assignment}/"
    elif name.lower().endswith(".zip"):
        yield f"{shown(name)}: a zip in submitted/ is not opened: name it after --from"


def _elsewhere(home: Path, assignment: str, notebooks: list[str], others: set[str]) -> Iterator[tuple[str, ...]]:
    """The notebooks in a student's folder that may be meant for an assignment and do not lie in their place."""
    places = [home / assignment / f"{n}.ipynb" for n in notebooks]
    in_place = {_identity(place) for place in places if os.path.lexists(place)}  # some disks take Adam for adam
    for parts in walk(home, 4):
        folders, file = parts[:-1], parts[-1]
        if not file.lower().endswith(".ipynb") or any(part.startswith(".") for part in parts):
            continue
        if others.intersection(folders[:1]) or _identity(home.joinpath(*parts)) in in_place:
            continue
        if not folders or _alike(file, notebooks) or any(_alike(name, [assignment]) for name in folders):
            yield parts


def _identity(path: Path) -> tuple[int, int]:
    """What tells a file from all others, whatever it is called."""
    about = os.lstat(path)
    return about.st_dev, about.st_ino


def _alike(name: str, wanted: Iterable[str]) -> bool:
    """Whether a file's or a folder's name has one of these in it, whatever the case: Adam_final, adam (1)."""
    return any(_fold(w) in _fold(name) for w in wanted)


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


class _Older(Exception):
    """The upload is older than what is in submitted/."""


class _Given(NamedTuple):
    upload: Upload
    entry: Entry


def collect(source: Path, submitted: Path, assignment: str, notebooks: Iterable[str]) -> Told:
    """Copy the notebooks of a folder or a zip (see lms.py) into submitted/; what was refused, replaced or kept.

    A notebook that is there already stays untouched if it is the same, if it is known to be newer, or
    if the new one is empty. If the assignment has one notebook, a student's only notebook counts
    whatever its name. Collecting twice does nothing more.

    Errors: Unusable, if the source is neither a folder nor a whole zip, or holds more than 20 GB.
    """
    source, submitted, notebooks = Path(source), Path(submitted), sorted(notebooks)
    told = Told([], [])
    known, left = lms_ids(submitted), MOST_IN_ALL
    with opened(source) as entries:
        uploads = _by_student(unwrapped(entries, assignment), assignment, told.refused)
        for student, given in _students(uploads, known, _names(submitted), told.refused):
            for notebook, (upload, entry) in _picked(given, notebooks, told.refused):
                if left < 0:
                    raise Unusable(f"{source}: holds more than {MOST_IN_ALL >> 30} GB: collect it in parts")
                path = submitted / student / assignment / f"{notebook}.ipynb"
                numbers, names = (known.get(student, {}).get(what, {}) for what in ("uploads", "came_as"))
                try:
                    if upload.number < numbers.get(f"{assignment}/{notebook}", 0):
                        raise _Older
                    content, changed = entry.read()
                    left -= len(content)
                    if _put(path, content, changed):
                        told.noted.append(f"{student}: {notebook}.ipynb is replaced by a newer one")
                except _Older:
                    told.noted.append(f"{student}: {shown(upload.file)} is older than the one in submitted/, "
                                      "which is kept")
                    continue
                except Unusable as error:
                    told.refused.append(f"{student}: {shown(upload.file)} {error}")
                    continue
                if upload.whose[0] not in ("folder", "file"):
                    known[student] = {"lms": upload.whose[0], "id": upload.whose[1], "name": upload.name,
                                      "uploads": numbers | {f"{assignment}/{notebook}": upload.number},
                                      "came_as": names | {f"{assignment}/{notebook}": entry.parts[0]}}
    remember(submitted, known)
    return told


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
        if kind in ("moodle", "brightspace"):
            name = as_id(name)
        again = names[given[0].upload.name] > 1
        if kind == "moodle" or (kind == "canvas" and (again or name in known)) or (kind == "brightspace" and again):
            name = f"{name}_{number.split()[0]}"
        ids[whose] = unicodedata.normalize("NFC", remembered.get(whose, name))
    same = Counter(map(_fold, ids.values()))
    held = {_fold(name): name for name in there}
    for whose, student in sorted(ids.items(), key=lambda item: item[1]):
        folder = student if student in there else held.get(_fold(student), student)
        if not is_id(student):
            what = "file" if len(uploads[whose][0].entry.parts) == 1 else "folder"
            lines.append(f"{shown(student)}: {NO_ID}: rename the {what}")
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
        raise _Older
    try:
        write_atomic(path, content)
    except (IsADirectoryError, NotADirectoryError, FileExistsError):
        raise Unusable("has a folder or a file in its way in submitted/") from None
    os.utime(path, ns=(changed, changed))  # so that what is collected next can be compared with it
    return held
