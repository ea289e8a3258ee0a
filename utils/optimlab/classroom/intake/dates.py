"""Until when something may be handed in: what a person types as a date or as more time, and who was given more.

The due date itself stands in the gradebook, where formgrader shows it too. The gradebook has no place for more
time before something is handed in, so that is kept in .optimlab/extensions.json, {assignment: {student: seconds}}.
"""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from optimlab.classroom import Unusable
from optimlab.classroom.files import RECORDS, write_atomic

UNITS = {"d": "days", "h": "hours", "m": "minutes"}


def parse_due(text: str) -> datetime:
    """A date, a time and a time zone, as the time in UTC, without a time zone: so the gradebook keeps it.

    >>> parse_due("2026-12-01 23:59 Europe/Berlin")
    datetime.datetime(2026, 12, 1, 22, 59)

    Errors: Unusable, if one of the three is missing or is none.
    """
    when, _, zone = text.strip().rpartition(" ")
    try:
        return datetime.fromisoformat(when).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
    except (ValueError, LookupError, OSError):
        raise Unusable(f"{text!r} is no date, time and time zone: write them like 2026-12-01 23:59 Europe/Berlin "
                       "(or UTC)") from None


def parse_span(text: str) -> timedelta:
    """How much more time: days, hours, minutes, or all of them.

    >>> parse_span("1d12h")
    datetime.timedelta(days=1, seconds=43200)

    Errors: Unusable, if it is anything else.
    """
    if not re.fullmatch(r"0|(\d{1,4}[dhm])+", text, re.A):
        raise Unusable(f"{text!r} is no span of time: write 2d, 12h or 1d12h, and 0 to take it back")
    return sum((timedelta(**{UNITS[unit]: int(number)}) for number, unit in re.findall(r"(\d+)([dhm])", text, re.A)),
               timedelta())


def granted(root: Path, assignment: str) -> dict[str, timedelta]:
    """Who was given more time for an assignment; 0 is one that was taken back. `root` is the course's folder."""
    return {student: timedelta(seconds=seconds) for student, seconds in _read(root).get(assignment, {}).items()}


def grant(root: Path, assignment: str, spans: dict[str, timedelta]) -> None:
    """Give these students more time, in place of what they were given before."""
    given = _read(root)
    given.setdefault(assignment, {}).update({student: span.total_seconds() for student, span in spans.items()})
    write_atomic(_path(root), json.dumps(given, indent=1, sort_keys=True))


def _read(root: Path) -> dict[str, dict[str, float]]:
    try:
        given = json.loads(_path(root).read_text(encoding="utf-8"))
        return {assignment: {student: float(s) for student, s in spans.items()} for assignment, spans in given.items()}
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError):
        raise Unusable(f"{_path(root)}: is damaged: delete it and give the extensions again") from None


def _path(root: Path) -> Path:
    return root / RECORDS / "extensions.json"
