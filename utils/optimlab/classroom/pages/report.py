"""The report on a class: what it misunderstood, and what a person should look at. One page of HTML.

The page holds no script and loads nothing: it can be read offline, printed and sent. Its layout is
in report.html; this module works out the numbers. Much of its text comes from students: all of it passes
through `shown`, which shortens it and spells out invisible characters, and then through Jinja's escaping.
"""

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jinja2
from markupsafe import Markup

from optimlab.classroom.intake.untrusted_files import shown
from optimlab.classroom.pages.similarity import RULE, near_identical
from optimlab.syllabus import LESSONS
from optimlab.tutor.messages import GENERAL
from optimlab.tutor.registry import EXERCISES, WORDS
from optimlab.tutor.telling import KINDS as SLIPS

Record = dict[str, Any]  # of one submission; batch.py says what it holds

REMARKS = {"changes_inputs"}  # mistakes that are named but cost no points
WITHOUT_EXAMPLE = {"not_attempted"}
MOST_NAMES, MOST_LINES, MOST_ROWS, MOST_GROUPS, SIDE_BY_SIDE = 12, 60, 200, 40, 3
FLAGS_EACH = 10  # of one kind and submission: nobody fills the table alone, so that others find no room in it
KINDS = {  # of flags, in the order in which they are shown
    "rules": "Rules broken", "ready-made": "Ready-made optimizers", "run": "Trouble while running",
    "late": "Late",
    "cells": "Answers that were not in their cell alone"}


def page(assignment: str, records: list[Record], refused: list[str], released: Iterable[str] = (),
         points: Mapping[str, tuple[float, float]] | None = None) -> str:
    """The report on an assignment, made from the records of its submissions.

    refused: a line for each thing among the submissions that could not be accepted.
    released: the source of each code cell that was handed out; answers may share what stands there.
    points: each student's in the gradebook, where those are that a person gave, and how many there are.
    """
    records = sorted(records, key=lambda r: (r["student"], r["notebook"]))
    return _TEMPLATE.render(
        assignment=assignment, totals=_totals(records, points or {}), exercises=_exercises(records),
        mistakes=_mistakes(records), refused=_rows(refused),
        unreadable=_rows([(r["student"], r["problem"]) for r in records if r["problem"]]),
        flagged=[(title, _rows([row for r in records for row in _flags(r, kind)])) for kind, title in KINDS.items()],
        alike=_alike(records, released), rule=RULE, places=_places(records),
        unprotected=sum(r["ran"]["sandbox"] == "none" for r in records),
        ordinary=_ordinary(records))


class Bar(NamedTuple):
    """A part of a bar, or a column of a histogram: what it counts, how many, and its length in percent."""

    label: str
    count: int  # type: ignore[assignment]  # hides tuple.count, which nobody asks a bar for
    percent: float


class Rows(NamedTuple):
    """The rows of a table, as many as a page can hold, and how many more there are."""

    rows: Sequence[Any]
    more: int


def _rows(rows: Sequence[Any]) -> Rows:
    return Rows(rows[:MOST_ROWS], max(len(rows) - MOST_ROWS, 0))


def _flags(record: Record, kind: str) -> list[tuple[str, str]]:
    """The student and the words of a submission's flags of one kind."""
    texts = [flag["text"] for flag in record["flags"] if flag["kind"] == kind]
    more = [f"... and {len(texts) - FLAGS_EACH} more like these"] if len(texts) > FLAGS_EACH else []
    return [(record["student"], text) for text in texts[:FLAGS_EACH] + more]


# --- totals and criteria -----------------------------------------------------


def _totals(records: list[Record], given: Mapping[str, tuple[float, float]]) -> dict[str, Any]:
    """The number of students, their points (those `given`, where they are known), and a histogram of the points."""
    scores: dict[str, float] = defaultdict(float)
    most: dict[str, float] = defaultdict(float)
    for r in records:
        scores[r["student"]] += r["score"]
        most[r["student"]] += r["max_score"]
    for student in scores.keys() & given.keys():
        scores[student], most[student] = given[student]
    points, full = list(scores.values()), max(most.values(), default=0)
    return {"students": len(points), "full": full, "perfect": sum(p >= full for p in points),
            "mean": statistics.fmean(points) if points else 0, "median": statistics.median(points) if points else 0,
            "histogram": _histogram(points, full), "column": _column(full)}


def _column(full: float) -> float:
    """How many points a column of the histogram spans: 1, or more where there would be over 21 columns."""
    return max(1, -(-full // 20))


def _histogram(points: list[float], full: float) -> list[Bar]:
    """How many students have 0 points, 1 point, and so on; in large assignments a column spans several points.

    >>> [(bar.label, bar.count) for bar in _histogram([0, 1.5, 2, 2], 2)]
    [('0', 1), ('1', 1), ('2', 2)]
    >>> [bar.label for bar in _histogram([], 100)][:3]
    ['0', '5', '10']
    """
    width = _column(full)
    columns = int(full // width) + 1
    counts = Counter(min(max(int(p // width), 0), columns - 1) for p in points)
    highest = max(counts.values(), default=1)
    return [Bar(f"{n * width:g}", counts[n], 100 * counts[n] / highest) for n in range(columns)]


def _exercises(records: list[Record]) -> list[dict[str, Any]]:
    """The criteria of each exercise, and how many students got all, some or none of a criterion's points."""
    words = WORDS | {id: what for r in records for id, what in r.get("words", {}).items()}
    exercises: dict[tuple[str, str], dict[str, list[tuple[float, str]]]] = {}
    for r in records:
        for e in r["exercises"]:
            empty = any(m["id"] == "not_attempted" for m in e["mistakes"])
            for c in e["criteria"]:
                outcome = ("all" if c["passed"] else "some" if c["points"] > 0
                           else "not attempted" if empty else "none")
                criteria = exercises.setdefault((r["notebook"], e["name"]), {})
                criteria.setdefault(c["id"], []).append((c["max_points"], outcome))
    several = len({notebook for notebook, _ in exercises}) > 1
    return [{"name": f"{notebook}: {name}" if several else name,
             "criteria": [_criterion(id, words.get(id, ""), outcomes) for id, outcomes in criteria.items()]}
            for (notebook, name), criteria in exercises.items()]


def _criterion(id: str, what: str, outcomes: list[tuple[float, str]]) -> dict[str, Any]:
    counts = Counter(outcome for _, outcome in outcomes)
    bars = [Bar(name, counts[name], 100 * counts[name] / len(outcomes))
            for name in ("all", "some", "none", "not attempted")]
    return {"id": id, "what": what, "points": max(points for points, _ in outcomes), "students": len(outcomes),
            "bars": [bar for bar in bars if bar.count], "passed": bars[0]}


def _is_tutor_s(record: Record, exercise: dict[str, Any]) -> bool:
    """Whether the tutor judged this; a test of the instructor's own otherwise."""
    return any(c["id"] in WORDS or c["id"] in record.get("words", ()) for c in exercise["criteria"])


def _ordinary(records: list[Record]) -> float:
    """How many points the instructor's own tests give, which run beside the students' code."""
    worth: dict[tuple[str, str], float] = {(r["notebook"], e["name"]): e["max_score"] for r in records
                                           for e in r["exercises"] if not _is_tutor_s(r, e)}
    return sum(worth.values())


# --- mistakes ----------------------------------------------------------------


class _Made(NamedTuple):
    """A mistake as one student made it, and whether it was their only one."""

    student: str
    hint: str
    source: str
    alone: bool


def _mistakes(records: list[Record]) -> list[dict[str, Any]]:
    """The mistakes, the most frequent first, each with its gist, an example, and where the course treats it."""
    made: dict[tuple[str, str], list[_Made]] = defaultdict(list)
    for r in records:
        for e in r["exercises"]:
            named = [m for m in e["mistakes"] if m["id"] not in REMARKS]
            source = r["answers"].get(e["name"], "")
            for m in e["mistakes"]:
                alone = all(other["id"] == m["id"] for other in named)
                made[e["name"], m["id"]].append(_Made(r["student"], _without_place(m), source, alone))
            if not named and e["score"] < e["max_score"] and _is_tutor_s(r, e):
                said = next((c["message"] for c in e["criteria"] if not c["passed"]), "")
                made[e["name"], ""].append(_Made(r["student"], said, source, True))
    students = len({r["student"] for r in records})
    return [_mistake(exercise, id, of, students)
            for (exercise, id), of in sorted(made.items(), key=lambda item: (-len(item[1]), item[0]))]


def _mistake(exercise: str, id: str, made: list[_Made], students: int) -> dict[str, Any]:
    example = min((m for m in made if m.source.strip() and id not in WITHOUT_EXAMPLE), default=None,
                  key=lambda m: (not m.alone, len(m.source), m.student))
    gist, reread = _in_general(exercise, id, made)
    said = ""
    if id in GENERAL:  # a general hint may begin with what this student's function did
        gist = f"{GENERAL[id].does} {GENERAL[id].effect}"
        said = example.hint.partition(GENERAL[id].does)[0].partition(" Reread: ")[0] if example else ""
    elif id in SLIPS:  # what was seen, in each student's own line
        gist, said = SLIPS[id], example.hint.rpartition(" Reread: ")[0] if example else ""
    elif not id:
        gist, reread = "The tutor knows no name for what these do. It told each of them what does not fit.", ""
        said = example.hint if example else ""
    names = [m.student for m in made]
    return {"id": id, "exercise": exercise, "bar": Bar(id, len(made), 100 * len(made) / students), "gist": gist,
            "is_remark": id in REMARKS, "treated": _treated(reread.rstrip(".")), "names": names[:MOST_NAMES],
            "more": max(len(names) - MOST_NAMES, 0), "example": example, "said": said.strip()}


def _in_general(exercise: str, id: str, made: list[_Made]) -> tuple[str, str]:
    """What is said of a mistake that is made alone, and where to reread; beside others less may be said of it."""
    if exercise in EXERCISES and id in EXERCISES[exercise].hints:
        hint = EXERCISES[exercise].hints[id]
        return f"{hint.does} {hint.effect}", hint.reread
    whole = [m.hint for m in made if " Reread: " in m.hint] or [m.hint for m in made]
    gist, _, reread = Counter(whole).most_common(1)[0][0].rpartition(" Reread: ")
    return gist or reread, reread if gist else ""


def _without_place(mistake: dict[str, Any]) -> str:
    """What is said of a mistake, without the student's own line: so that those of a class are alike."""
    hint = str(mistake["hint"])
    place = f"Line {mistake.get('line')}, `{mistake.get('source')}`"
    if mistake.get("line") is None or not hint.startswith(place):
        return hint
    said = hint[len(place):].lstrip(":. ")
    return said[:1].upper() + said[1:]


def _treated(reread: str) -> list[tuple[str, bool]]:
    """Where to reread, cut into pieces: a lesson becomes the path of its file, and each piece says whether it is one.

    >>> _treated("lesson 08, “Can Adam walk the wrong way?”")
    [('notebooks/08-adam.ipynb', True), (', “Can Adam walk the wrong way?”', False)]
    """
    pieces = []
    for n, piece in enumerate(re.split(r"\blesson (\d\d)\b", reread)):
        if n % 2 and piece in LESSONS:
            pieces.append((f"notebooks/{LESSONS[piece].file}.ipynb", True))
        elif piece:
            pieces.append((piece, False))
    return pieces


# --- similarity and places -----------------------------------------------------


def _alike(records: list[Record], released: Iterable[str]) -> Rows:
    """The groups of students whose answers are too much alike, with the answers of a few of each side by side."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for r in records:
        empty = {e["name"] for e in r["exercises"] if any(m["id"] == "not_attempted" for m in e["mistakes"])}
        answers[r["student"]] |= {f"{r['notebook']} {name}": source for name, source in r["answers"].items()
                                  if name not in empty}
    groups = near_identical(answers, released)
    shown_groups = [{"students": group.students, "shared": group.shared, "columns": [
        (student, "\n\n".join(answers[student].values())) for student in group.students[:SIDE_BY_SIDE]]}
        for group in groups[:MOST_GROUPS]]
    return Rows(shown_groups, len(groups) - len(shown_groups))


def _places(records: list[Record]) -> Rows:
    """For each machine, sandbox and judge: how many submissions ran there, and how long one usually took."""
    seconds = defaultdict(list)
    for r in records:
        seconds[r["ran"]["where"], r["ran"]["sandbox"], r["judge"]].append(r["ran"]["seconds"])
    return _rows([(*place, len(took), statistics.median(took)) for place, took in sorted(seconds.items())])


# --- text --------------------------------------------------------------------


def _source(text: str) -> str:
    """A student's code, cut to a bounded width and height, with invisible characters spelled out."""
    lines = text[:100_000].strip("\n").expandtabs(4).split("\n")
    more = len(lines) - MOST_LINES
    return "\n".join(map(shown, lines[:MOST_LINES])) + (f"\n... and {more} lines more" if more > 0 else "")


def _number(value: float) -> str:
    """A number of points as a person would write it.

    >>> _number(17.0), _number(12.345)
    ('17', '12.3')
    """
    return f"{value:.1f}".removesuffix(".0")


def _name(student: str) -> str:
    return shown(student if len(student) <= 60 else student[:60] + "...")


def _names(students: Iterable[str]) -> Markup:
    """A list of names, each isolated so that one written from right to left does not disturb the next."""
    return Markup(", ").join(Markup("<bdi>{}</bdi>").format(_name(s)) for s in students)


def _template() -> jinja2.Template:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(Path(__file__).parent), autoescape=True,
                                     undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.globals["MOST_NAMES"] = MOST_NAMES
    environment.filters |= {"shown": shown, "source": _source, "number": _number, "name": _name, "names": _names}
    return environment.get_template("report.html")


_TEMPLATE = _template()
