"""What a lesson looks like: mostly prose and pictures, with ways in and out."""
import ast
import re

import pytest
from lessons import NAMES, cards, code, lines_of, prose, read

from optimlab.explorables.claim import VERDICTS
from optimlab.syllabus import LESSONS, ways

every_lesson = pytest.mark.parametrize("name", NAMES)

MOST_LINES = 100
# Calls that draw, print, format or describe: a lesson leaves these to optimlab.lessons.
MACHINERY = {"print", "display", "format", "picture", "describe", "plot", "set", "set_title", "text", "annotate", "savefig",
             "getsource", "beside", "HTML", "Markdown"}


def machinery(source):
    """What a cell calls or imports that teaches nothing: drawing, printing, formatting."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name in MACHINERY:
                yield name
        elif isinstance(node, ast.JoinedStr):
            yield "f-string"
        elif isinstance(node, ast.ImportFrom | ast.Import):
            names = [alias.name for alias in node.names] + [getattr(node, "module", "") or ""]
            yield from (n for n in names if re.search(r"\bplots\b|matplotlib|IPython|inspect", n))


@pytest.mark.parametrize("source, found", [
    ("ax.plot(x)", ["plot"]), ("print(x)", ["print"]), ("f'{x}'", ["f-string"]), ("import inspect", ["inspect"]),
    ("from optimlab import plots", ["plots"]), ("w = w - 0.1 * dw\nlesson.show_the_path(w)", []),
])
def test_machinery_is_found(source, found):
    assert list(machinery(source)) == found


@every_lesson
def test_a_lesson_shows_little_code_and_none_that_draws_or_prints(name):
    nb = read(name)
    assert len(lines_of(nb)) <= MOST_LINES
    assert [(cell.id, found) for cell in code(nb) for found in machinery(cell.source)] == []


@every_lesson
def test_a_lesson_has_its_ways_at_the_top_and_at_the_bottom_and_three_questions_at_its_end(name):
    first, *_, last = prose(read(name))
    way = ways(LESSONS[name[:2]].number)
    assert first.source.splitlines()[4] == way and last.source.splitlines()[-1] == way
    able, = [cell.source for cell in prose(read(name)) if "## What you should be able to do now" in cell.source]
    assert len(re.findall(r"<details><summary>.+</summary>", able)) == able.count("</details>") == 3


def test_lesson_00_explains_the_verdicts_as_the_cards_mean_them():
    told, = [cell.source for cell in prose(read(NAMES[0])) if "| verdict |" in cell.source]
    assert dict(re.findall(r"(?m)^\| \*\*(.+)\*\* \| (.+) \|$", told)) == VERDICTS


@every_lesson
def test_a_verdict_is_one_of_the_scale_and_adds_nothing_but_a_condition(name):
    small = re.findall(r"(?m)^\| [^|]*“[^|]+ \| \*\*(.+?)\*\* \|", "\n".join(cell.source for cell in prose(read(name))))
    for verdict in [card.verdict for card in cards(name)] + small:
        assert verdict in VERDICTS or re.match("holds when .", verdict), verdict
