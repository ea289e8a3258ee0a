"""Reads who is in the class from the tables that Canvas, Moodle and nbgrader export, and finds each one's student id.

    Student,ID,SIS User ID,SIS Login ID,Section,...                       Canvas's gradebook
    First name,Last name,ID number,Email address,...                      Moodle's participants, or its grades
    Identifier,Full name,Email address,Status,...                         Moodle's worksheet of an assignment
    id,first_name,last_name,email,lms_user_id                             nbgrader's own
"""

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Container, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from optimlab.classroom import Unusable
from optimlab.classroom.intake.submissions import as_id
from optimlab.classroom.intake.untrusted_files import NO_ID, is_id, shown

EXPORT_IT = "export it from Canvas or Moodle in English, or write the columns id,first_name,last_name,email,lms_user_id"
LARGEST = 20 * 2**20  # bytes


class Entry(NamedTuple):
    """A row of a roster.

    row: its number in the file, for a person.
    lms, number: how an LMS's zips call the student: "canvas" and the user's id, "moodle" and the participant's number.
    ids: what the student's id could be, the likeliest first.
    certain: whether the first of these is the student's id, whatever else is known.
    """

    row: int
    first_name: str
    last_name: str
    email: str = ""
    lms_user_id: str = ""
    lms: str = ""
    number: str = ""
    ids: tuple[str, ...] = ()
    certain: bool = False

    @property
    def name(self) -> str:
        """The whole name, as Moodle writes it."""
        return f"{self.first_name} {self.last_name}".strip()


def read(path: Path) -> tuple[list[Entry], list[str]]:
    """The students in a table, and a line for each row that tells nobody; raises Unusable if it is no such table."""
    rows = _rows(path)
    header = [cell.strip() for cell in next(rows, [])]
    form = next((form for columns, form in FORMS.items() if columns <= set(header)), None)
    if form is None:
        raise Unusable(f"{path}: has none of the columns that are known here: {EXPORT_IT}")
    entries, refused = [], []
    for number, row in enumerate(rows, start=2):
        cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
        try:
            if any(cells.values()) and (entry := form(number, cells)):
                entries.append(entry)
        except Unusable as error:
            refused.append(f"{path.name}, row {number}: {error}")
    return entries, refused


def _rows(path: Path) -> Iterator[list[str]]:
    try:
        with open(path, "rb") as file:
            data = file.read(LARGEST + 1)
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unusable(f"{path}: is no CSV in UTF-8: save it as one") from None
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror or error}") from None
    if len(data) > LARGEST or "\0" in text:
        raise Unusable(f"{path}: is no CSV of a class: {EXPORT_IT}")
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # in much of Europe a spreadsheet writes semicolons
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise Unusable(f"{path}: is no CSV of a class ({error}): {EXPORT_IT}") from None


# --- one row in each of the forms -------------------------------------------------


def _of_canvas(row: int, cells: Mapping[str, str]) -> Entry | None:
    last, _, first = (part.strip() for part in cells.get("Student", "").partition(","))
    last, first = cells.get("LastName", last), cells.get("FirstName", first)
    if (last, first) == ("Student", "Test") or last == "Points Possible" or not (last or first or cells["ID"]):
        return None  # Canvas's own: a test student, the points of the assignments, how they are posted
    if not cells["ID"].isdecimal():
        raise Unusable(f"{shown(cells.get('Student') or f'{first} {last}')} has no ID")
    login = cells.get("SIS Login ID", "")
    slug = re.sub(r"\W", "", f"{last}{first}").lower()  # as Canvas names the files in its zips
    return Entry(row, first, last, login if "@" in login else "", cells["ID"], "canvas", cells["ID"],
                 (login, login.partition("@")[0], slug))


def _of_moodle(row: int, cells: Mapping[str, str]) -> Entry:
    first, last = cells.get("First name", ""), cells.get("Last name") or cells.get("Surname", "")
    if not (first or last):
        first, _, last = cells.get("Full name", "").rpartition(" ")
    if not (first or last):
        raise Unusable("has no name")
    email = cells.get("Email address") or cells.get("Email", "")
    number = "".join(re.findall(r"\d+$", cells.get("Identifier", "")))
    collected = [f"{as_id(f'{first} {last}'.strip())}_{number}"] if number else []  # as `--from` makes it
    return Entry(row, first, last, email, cells.get("ID number", ""), "moodle", number, (
        *collected, cells.get("Username", ""), email.partition("@")[0], cells.get("ID number", ""), email))


def _of_nbgrader(row: int, cells: Mapping[str, str]) -> Entry:
    if not is_id(cells["id"]):
        raise Unusable(f"{shown(cells['id']) or 'an empty cell'}: {NO_ID}: correct it there")
    return Entry(row, cells.get("first_name", ""), cells.get("last_name", ""), cells.get("email", ""),
                 cells.get("lms_user_id", ""), ids=(cells["id"],), certain=True)


FORMS = {  # by the columns that a table of this form has
    frozenset({"id"}): _of_nbgrader,
    frozenset({"Student", "ID"}): _of_canvas, frozenset({"LastName", "FirstName", "ID"}): _of_canvas,
    frozenset({"Identifier", "Full name"}): _of_moodle,
    frozenset({"First name", "Last name"}): _of_moodle, frozenset({"First name", "Surname"}): _of_moodle,
}


# --- whose row it is --------------------------------------------------------------


def identified(entries: list[Entry], known: Mapping[str, Mapping[str, Any]], handed_in: Container[str],
               lms_user_ids: Mapping[str, str]) -> tuple[dict[str, Entry], list[str]]:
    """Each entry by its student's id, and a line for each that has none of its own.

    known: what collecting from the LMS remembers (submissions.lms_ids), which decides first. handed_in: the ids under
    which something lies in submitted/. lms_user_ids: those in the gradebook, "" where it has none, by student id.
    """
    numbered = {(about["lms"], about["id"]): student for student, about in known.items()}
    named = defaultdict(list)  # Moodle gives a student another number in each assignment, and so several ids
    for student, about in known.items():
        named[about["lms"], about["name"]].append(student)
    namesakes = Counter(entry.name for entry in entries)
    of_lms = {number: student for student, number in lms_user_ids.items() if number}

    def ids_of(entry: Entry) -> list[str]:
        usable = [id for id in entry.ids if is_id(id)]
        if entry.certain:
            return usable[:1]
        if student := numbered.get((entry.lms, entry.number)):
            return [student]
        if namesakes[entry.name] == 1 and (students := named.get((entry.lms, entry.name))):
            return students
        return ([id for id in usable if id in handed_in] or [*filter(None, [of_lms.get(entry.lms_user_id)])]
                or [id for id in usable if id in lms_user_ids] or usable)[:1]

    found: dict[str, Entry] = {}
    refused = []
    for entry in entries:
        ids = ids_of(entry)
        if not ids:
            refused.append(f"row {entry.row}: {shown(entry.name)} has nothing that could be a student id")
        for student in ids:
            if student in found:
                refused.append(f"row {entry.row}: {student} is the id of row {found[student].row}, too: "
                               "give each an id of its own, in a column id")
            else:
                found[student] = entry
    return found, refused
