"""grades-ASSIGNMENT.csv: the points of a class as a table for a spreadsheet, or for Canvas or Moodle to import.

Names and ids may come from a student, and a spreadsheet runs text that begins like a formula: here every
such text is made plain, and every cell is quoted.
"""

import csv
import io
import unicodedata
from pathlib import Path
from typing import Any

from optimlab.classroom import Unusable
from optimlab.classroom.files import write_atomic
from optimlab.classroom.gradebook.scores import Row

JOINERS = "\u200c\u200d"  # invisible, and part of many names in Indian and Persian scripts
# The columns of nbgrader's own export, and a last one for whether a person still has points to give.
PLAIN = ("assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email", "raw_score",
         "late_submission_penalty", "score", "max_score", "needs_manual_grade")
CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")  # followed by the assignment, in this order
MOODLE = ("Identifier", "Full name", "Email address", "Grade", "Maximum Grade", "Last modified (grade)")


def write(rows: list[Row], path: Path, style: str = "", lms: dict[str, dict[str, Any]] | None = None,
          mode: int = 0o600) -> None:
    """Write a class's points to `path`, the whole file or nothing.

    style: "" for the whole class with all that nbgrader exports; "canvas" for a gradebook import;
        "moodle" for an assignment's grading worksheet. These two list only students who handed
        something in, for an empty cell could wipe out points that were given there.
    mode: who may read it.
    lms: what `submissions.lms_ids` knows of each student, {"lms": style, "id": ..., "name": ...}.
    Raises Unusable if the file cannot be written.

    Canvas finds a student by the number in ID, or else by SIS Login ID, and an assignment by its title;
    it asks about a title that it does not know. Moodle finds a student by the Identifier alone.
    """
    lms = {student: known for student, known in (lms or {}).items() if known.get("lms") == style}
    handed_in = [row for row in rows if row.submitted]
    if style == "canvas":
        table = _canvas(handed_in, lms)
    elif style == "moodle":
        table = [MOODLE, *(_moodle(row, lms.get(row.student_id, {})) for row in handed_in)]
    else:
        table = [PLAIN, *(tuple(getattr(row, column) for column in PLAIN) for row in rows)]
    text = io.StringIO(newline="")
    cells = ([_cell(value) for value in line] for line in table)
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(cells)
    # Excel reads UTF-8 only after this mark. Moodle ignores it; Canvas fails on it before a quoted cell.
    mark = "" if style == "canvas" else "\ufeff"
    try:
        write_atomic(Path(path), mark + text.getvalue(), mode)
    except OSError as error:
        raise Unusable(f"{path}: cannot be written: {error.strerror or error}: close it where it is open, "
                       "or free some space, then run this again") from None


def _canvas(rows: list[Row], lms: dict[str, dict[str, Any]]) -> list[tuple[object, ...]]:
    table: list[tuple[object, ...]] = [(*CANVAS, rows[0].assignment if rows else ""),
             ("Points Possible", "", "", "", "", rows[0].max_score if rows else "")]
    for row in rows:
        known = lms.get(row.student_id, {})
        # As text: it may have 17 digits, too many for a spreadsheet's numbers.
        number = str(known.get("id") or row.lms_user_id)
        table.append((_name(row, known), number, "", "" if number else row.student_id, "", row.score))
    return table


def _moodle(row: Row, known: dict[str, Any]) -> tuple[object, ...]:
    # Moodle's own worksheet names students like this; the number comes from the names of submitted files.
    identifier = f"Participant {known['id']}" if known.get("id") else ""
    return identifier, _name(row, known), row.email, row.score, row.max_score, ""


def _name(row: Row, known: dict[str, Any]) -> str:
    return ", ".join(filter(None, (row.last_name, row.first_name))) or known.get("name") or row.student_id


def _cell(value: object) -> str:
    """The content of a cell: a number as a number, anything else as plain text."""
    if isinstance(value, float | int) and not isinstance(value, bool):
        return f"{value:.10g}"
    return plain_text("" if value is None else str(value))


def plain_text(text: str) -> str:
    """A text that no spreadsheet takes for a formula: it is one line, with an apostrophe before a formula's sign.

    >>> plain_text(" =1+1"), plain_text("Ada\\nLovelace"), plain_text("O'Neil-Smith")
    ("'=1+1", 'Ada Lovelace', "O'Neil-Smith")
    """
    # In much of Europe a semicolon separates cells, and would begin a new cell even between quotes.
    text = " ".join(text.replace(";", ",").split())
    text = "".join(c for c in text if c in JOINERS or unicodedata.category(c) not in ("Cc", "Cf")).strip()
    # NFKC: full-width, small and raised variants of the signs count as the signs.
    begins = unicodedata.normalize("NFKC", text.lstrip(JOINERS + " "))[:1]
    return "'" + text if begins and begins in "=+-@|\N{MINUS SIGN}" else text
