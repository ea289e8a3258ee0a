"""What `optimlab roster` and `optimlab dates` do: who is in the class, and until when they may hand in."""

import sys
from datetime import timedelta
from pathlib import Path

from optimlab.classroom import Unusable
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.gradebook.book import Book, Person
from optimlab.classroom.intake import roster, submissions
from optimlab.classroom.intake.dates import grant, granted, parse_due, parse_span


def enter_roster(path: Path, db: str = "") -> int:
    """Enter the students of a table in the gradebook; returns an exit status."""
    try:
        course = CourseFolder(db)
        entries, refused = roster.read(path)
        known = submissions.lms_ids(course.submitted)
        with Book(course.db_url, course.config) as book:
            people = book.people()
            handed_in = {p.name for p in course.submitted.glob("*")}
            found, unclear = roster.identified(entries, known, handed_in,
                                               {id: person.lms_user_id for id, person in people.items()})
            new, changed = book.enter_people({id: Person(e.first_name, e.last_name, e.email, e.lms_user_id)
                                              for id, e in found.items()})
        # So that `--from` gives to these students what comes from the LMS under their number.
        told = {id: {"lms": e.lms, "id": e.number, "name": e.name} for id, e in found.items() if e.number}
        submissions.remember(course.submitted, {**told, **known})
    except (Unusable, OSError) as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    for line in (*refused, *(f"{path.name}, {line}" for line in unclear)):
        print(f"optimlab: {line}", file=sys.stderr)
    print(f"{len(found)} students: {new} new, {changed} changed, {len(found) - new - changed} as they were; "
          "nobody is deleted")
    return 1 if refused or unclear else 0


def name_from_lms(book: Book, submitted: Path) -> None:
    """Enter the names that an LMS gave for students who have none in the gradebook."""
    people = book.people()
    named = {}
    for student, about in submissions.lms_ids(submitted).items():
        if not any(people.get(student, Person())[:2]):
            first, _, last = about.get("name", "").rpartition(" ")
            named[student] = Person(first, last)
    book.enter_people(named)


def set_dates(assignment: str, due: str = "", extend: list[tuple[str, str]] | None = None, db: str = "") -> int:
    """Say when an assignment is due and who has more time, then print what holds; returns an exit status.

    due: a date, a time and a time zone, or "none". extend: students, and how much more time each has.
    """
    try:
        course = CourseFolder(db)
        course.require_assignment(assignment)
        spans = {student: parse_span(span) for student, span in extend or []}
        when = parse_due(due) if due and due != "none" else None
        with course.book(assignment) as book:
            people = book.people()
            for student in spans:
                if student not in people and not (course.submitted / student).is_dir():
                    raise Unusable(f"there is no student {student!r}: python course.py roster FILE enters the class")
            if due:
                book.set_due(assignment, when)
            if spans:
                grant(course.root, assignment, spans)
            holds, more = book.due(assignment), book.extensions(assignment) | granted(course.root, assignment)
    except (Unusable, OSError) as error:
        print(f"optimlab: {error}", file=sys.stderr)
        return 2
    print(f"{assignment} is due {holds:%Y-%m-%d %H:%M} UTC" if holds else f"{assignment} is due at no time")
    for student, span in sorted(more.items()):
        if span:
            print(f"  {student}: {_words(span)} more" + (f", {holds + span:%Y-%m-%d %H:%M} UTC" if holds else ""))
    return 0


def _words(span: timedelta) -> str:
    """A span of time as a person writes it: `1d 12h`."""
    hours, minutes = divmod(round(span.total_seconds() / 60), 60)
    days, hours = divmod(hours, 24)
    return " ".join(f"{number}{unit}" for number, unit in ((days, "d"), (hours, "h"), (minutes, "m")) if number)
