"""docs/deck.md: every line of the slides is tested in a lesson that exists and runs, with this verdict."""
import re
from pathlib import Path

import pytest
from lessons import cards, prose, read

from optimlab.syllabus import LESSONS

ROOT = Path(__file__).resolve().parents[2]
TABLE = (ROOT / "docs" / "deck.md").read_text(encoding="utf-8").replace("\\", "")
ROWS = re.findall(r"(?m)^\| (.+) \| \[(\d\d)\]\((\S+)\) \| (.+) \| (.+) \|$", TABLE)
SECTION = re.compile(r"(?ms)^### (The deck says.*?)$(.*?)(?=^##|\Z)")
SMALL = re.compile(r"(?m)^\| ([^|]*“[^|]+) \| \*\*(.+?)\*\* \| .+ \|$")


def claims(lesson):
    """(words, verdict) of every claim that a lesson tests: on cards, in its table of small ones, under headings."""
    markdown = "\n".join(cell.source for cell in prose(read(lesson.file)))
    yield from ((card.question, card.verdict) for card in cards(lesson.file))
    yield from SMALL.findall(markdown)
    yield from ((heading, re.search(r"\*\*Verdict: ([^*]+)\*\*", body)[1]) for heading, body in SECTION.findall(markdown))


CLAIMS = [(number, *claim) for number, lesson in LESSONS.items() for claim in claims(lesson)]


def claims_under(number, words):
    return [claim for claim in CLAIMS if claim[0] == number and words in claim[1]]


def test_every_row_of_the_table_was_read():
    assert len(ROWS) == len(re.findall(r"(?m)^\| .*\]\(", TABLE)) > 60


@pytest.mark.parametrize("line, number, link, words, verdict", ROWS, ids=[f"{row[1]} {row[3]}" for row in ROWS])
def test_a_line_is_tested_where_the_table_says(line, number, link, words, verdict):
    """In one of the lessons that test_lessons.py runs, under one heading, with that verdict."""
    assert link == f"../notebooks/{LESSONS[number].file}.ipynb"
    (_, _, found), = claims_under(number, words)
    assert re.match(rf"{re.escape(verdict)}\b", found) and (verdict != "holds" or not found.startswith("holds when"))


def test_no_claim_of_a_lesson_is_missing_from_the_table():
    under = [claim for _, number, _, words, _ in ROWS for claim in claims_under(number, words)]
    assert [claim for claim in CLAIMS if claim not in under] == []
