"""What came of an exercise, as text for a terminal and as HTML for a notebook, a feedback file, a dark theme."""

import html
import re
import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from optimlab.tutor.messages import Mistake

VERDICTS = {"correct": "correct", "wrong": "not yet right", "not attempted": "not attempted"}
# For marks and borders alone, which need a contrast of 3 (these have 4) on white and on JupyterLab's
# dark background. Text needs 4.5, which no colour has on both: it keeps the notebook's own.
COLOURS = {"correct": "#1a8a4a", "wrong": "#c2571a", "not attempted": "#7a7f87"}
MARKS = {True: "✓", False: "✗"}
UNEXPLAINED = "I do not recognise this mistake. The lines above say which arrays differ, and by how much."


class Outcome(NamedTuple):
    """How one criterion ended."""

    id: str
    points: float
    max_points: float
    passed: bool
    message: str


@dataclass(frozen=True)
class Report:
    """What came of one exercise; `status` is "correct", "wrong" or "not attempted"."""

    name: str
    status: str
    outcomes: tuple[Outcome, ...]
    mistakes: tuple[Mistake, ...]
    next_step: str = ""  # where to begin if no mistake is recognised

    @property
    def score(self) -> float:
        return sum(o.points for o in self.outcomes)

    @property
    def max_score(self) -> float:
        return sum(o.max_points for o in self.outcomes)

    def outcome(self, criterion_id: str) -> Outcome:
        """The outcome of one criterion; KeyError where the exercise has none of that id."""
        return {o.id: o for o in self.outcomes}[criterion_id]

    def worth(self, points: Mapping[str, float]) -> "Report":
        """The same report where each criterion has these points, by its id; one that is not named has none."""
        def priced(o: Outcome) -> Outcome:
            most = points.get(o.id, 0)
            return o._replace(points=most if o.passed else 0, max_points=most)
        return replace(self, outcomes=tuple(map(priced, self.outcomes)))

    def to_json(self) -> dict[str, Any]:
        """The report as plain data, in the form of `optimlab check --json`."""
        return {
            "name": self.name,
            "score": self.score,
            "max_score": self.max_score,
            "criteria": [o._asdict() for o in self.outcomes],
            "mistakes": [m._asdict() for m in self.mistakes],
        }

    def __str__(self) -> str:
        return as_text(self)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return as_html(self)


def as_text(report: Report, width: int = 88) -> str:
    """The report in lines of at most `width` characters."""
    lines = [f"{report.name}: {VERDICTS[report.status]}{_of_all(report, ', ')}"]
    if report.status == "not attempted":
        return "\n".join(lines + textwrap.wrap(report.mistakes[0].hint, width, initial_indent="  ",
                                               subsequent_indent="  "))
    for o in report.outcomes:
        lines.append(f"  {MARKS[o.passed]} {_of_one(o)}{o.id}")
        if not o.passed:
            lines += textwrap.wrap(o.message, width, initial_indent=" " * 9, subsequent_indent=" " * 9)
    for m in report.mistakes:
        lines += ["", f"  {m.id}"]
        lines += textwrap.wrap(m.hint, width, initial_indent="    ", subsequent_indent="    ")
    if unexplained(report):
        lines += ["", *textwrap.wrap(unrecognised(report), width, initial_indent="  ", subsequent_indent="  ")]
    return "\n".join(lines)


def _of_all(report: Report, before: str) -> str:
    """The points of an exercise; nothing is said of them where there are none to earn."""
    return f"{before}{report.score:g} of {report.max_score:g} points" if report.max_score else ""


def _of_one(o: Outcome, after: str = "  ") -> str:
    """The points of a criterion, likewise."""
    return f"{o.points:g}/{o.max_points:g}{after}" if o.max_points else ""


def unexplained(report: Report) -> bool:
    """Whether something is wrong that no named mistake explains."""
    return report.status == "wrong" and not any(m.id != "changes_inputs" for m in report.mistakes)


def unrecognised(report: Report) -> str:
    """What is said where nothing explains what is wrong: where to begin."""
    return f"{UNEXPLAINED} {report.next_step}".strip()


def as_html(report: Report) -> str:
    """The report as a fragment of HTML; the notebook's own text colour is kept, all text escaped."""
    if report.status == "not attempted":
        return _framed(report, f"<div>{html.escape(report.mistakes[0].hint)}</div>")
    mistakes = "".join(
        f'<div style="margin-top:.5em"><code style="background:none;color:inherit;padding:0;font-weight:bold">'
        f'{html.escape(m.id)}</code><br>{_with_code(m.hint)}</div>' for m in report.mistakes)
    if unexplained(report):
        mistakes = f'<div style="margin-top:.5em">{html.escape(unrecognised(report))}</div>'
    return _framed(report, _rows(report) + mistakes)


def _with_code(hint: str) -> str:
    """A hint as HTML, escaped; what it quotes of the student's code is set as code."""
    return re.sub(r"`([^`]+)`", r'<code style="background:none;color:inherit;padding:0">\1</code>', html.escape(hint))


def criteria_as_html(report: Report) -> str:
    """The report without its mistakes, for a graded notebook: there they are told in another place, once."""
    return _framed(report, _rows(report))


def outcome_as_html(outcome: Outcome) -> str:
    """One criterion for a graded notebook: its points and the reason."""
    return f'<div style="line-height:1.45">{_row(outcome)}</div>'


def _framed(report: Report, body: str) -> str:
    return (f'<div style="border-left:4px solid {COLOURS[report.status]};padding:.3em .9em;margin:.4em 0;'
            f'line-height:1.45"><div><b><code>{html.escape(report.name)}</code></b> '
            f'<b>{VERDICTS[report.status]}</b>{_of_all(report, " &nbsp;")}</div>{body}</div>')


def _rows(report: Report) -> str:
    return f'<div style="margin-top:.3em">{"".join(map(_row, report.outcomes))}</div>'


def _row(o: Outcome) -> str:
    colour = COLOURS["correct" if o.passed else "wrong"]
    reason = "" if o.passed else f": {html.escape(o.message)}"
    return (f'<div><b style="color:{colour}">{MARKS[o.passed]}</b> <b>{_of_one(o, " ")}</b>'
            f'<code style="background:none;color:inherit;padding:0">{html.escape(o.id)}</code>{reason}</div>')
