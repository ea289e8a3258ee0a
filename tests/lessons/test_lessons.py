"""Every lesson runs top to bottom, with its exercises empty and with them written; its prose is computed.

The answers are the keys in tests/tutor/exercises/, outside the notebooks.
"""
import html
import re
from pathlib import Path

import nbformat
import pytest
import student_code
from nbclient import NotebookClient

from optimlab.syllabus import LESSONS

ROOT = Path(__file__).resolve().parents[2]
NAMES = [lesson.file for lesson in LESSONS.values()]


def read(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", [])


def run(name, fill):
    """The lesson, executed in its own folder; its exercises as they are, or written."""
    nb = read(name)
    for cell in nb.cells:
        if fill and is_exercise(cell):
            cell.source = student_code.key(cell.id.removeprefix("exercise-"))
    NotebookClient(nb, timeout=120, kernel_name="python3", allow_errors=True,
                   resources={"metadata": {"path": str(ROOT / "notebooks")}}).execute()
    return nb


@pytest.fixture(scope="module", params=NAMES)
def empty(request):
    """A lesson as it is handed out, executed."""
    return run(request.param, fill=False)


def code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def prose(nb):
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def text_of(output):
    data = output.get("data", {})
    return "".join([output.get("text", ""), data.get("text/plain", ""), data.get("text/markdown", ""),
                    html.unescape(re.sub(r"data:image[^\"]*", "", data.get("text/html", "")))])


def said(nb):
    """All that a lesson's cells contain or print: what its prose may take numbers from."""
    return "\n".join(c.source + "\n" + "\n".join(map(text_of, c.outputs)) for c in code(nb))


def errors(nb):
    return [f"{cell.id}: {output.evalue}" for cell in code(nb) for output in cell.outputs
            if output.output_type == "error"]


@pytest.mark.slow
def test_a_lesson_runs_with_its_exercises_empty(empty):
    """Only "not attempted" may show."""
    assert errors(empty) == []
    assert not [c.id for c in code(empty) for o in c.outputs if o.get("name") == "stderr"]
    reports = [text_of(output) for cell in code(empty) for output in cell.outputs
               if re.search(r"check\(\w+\)\s*$", cell.source)]
    assert len(reports) == len([c for c in code(empty) if is_exercise(c)])
    assert all("not attempted" in report for report in reports), reports


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if any(map(is_exercise, read(name).cells))])
def test_a_lesson_runs_with_its_exercises_written(name):
    nb = run(name, fill=True)
    assert errors(nb) == []
    reports = [text_of(output) for cell in code(nb) for output in cell.outputs
               if re.search(r"check\(\w+\)\s*$", cell.source)]
    assert reports and all(": correct" in report for report in reports), reports


# --- the prose is computed ------------------------------------------------------------------------

NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+(?:e-?\d+)?|\d{3,}|\d{1,3}(?:,\d{3})+)(?![\w]|\.\d)")


def numbers(markdown):
    """Those with a decimal point, or of three digits and more; links and the list of sources aside."""
    markdown = re.split(r"(?m)^#+ .*[Ss]ources.*$", markdown)[0]
    markdown = re.sub(r"\]\([^)]*\)", "]", markdown)
    return NUMBER.findall(markdown)


@pytest.mark.parametrize("markdown, found", [
    ("It ends at 0.879, or 12 steps later.", ["0.879"]),
    ("After 1,461 days and 500 seeds", ["1,461", "500"]),
    ("[the 100th](03.5.ipynb)", []),
    ("## Sources\nPolyak 1964", []),
])
def test_the_numbers_of_prose_are_found(markdown, found):
    assert numbers(markdown) == found


@pytest.mark.slow
def test_every_number_in_the_prose_comes_from_a_cell(empty):
    """As a number of its own: 0.87 is not found in 0.879."""
    ungrouped = re.sub(r"(?<=\d)[,_](?=\d)", "", said(empty))
    there = {number.rstrip(".") for number in re.findall(r"\d[\d.]*(?:e[-+]?\d+)?", ungrouped)}
    missing = [(cell.id, number) for cell in prose(empty) for number in numbers(cell.source)
               if number.replace(",", "") not in there and not re.fullmatch(r"1[89]\d\d|20\d\d", number)]  # a year
    assert missing == []


@pytest.mark.slow
def test_every_figure_has_its_alt_text(empty):
    for cell in code(empty):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "image/png" not in data, f"{cell.id} shows a figure without alt text"
            for tag in re.findall(r"<img [^>]*>", data.get("text/html", "")):
                assert re.search(r'alt="[^"]{20,}"', tag), cell.id


# --- form -----------------------------------------------------------------------------------------

@pytest.fixture(params=NAMES)
def lesson(request):
    return read(request.param)


def test_a_claim_of_the_deck_has_a_verdict(lesson):
    """Between its heading and the next one."""
    everything = "\n".join(cell.source for cell in prose(lesson))
    for claim in re.split(r"(?m)^#{2,3} ", everything)[1:]:
        if claim.startswith("The deck says"):
            assert re.search(r"\*\*Verdict: (holds|does not hold|cannot be measured)[^*]*\*\*", claim), claim[:80]


def test_links_lead_somewhere(lesson):
    for cell in prose(lesson):
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", cell.source):
            if "://" not in target:
                assert (ROOT / "notebooks" / target).resolve().exists(), target


def test_the_sections_that_hints_name_are_headings():
    hints = "\n".join(path.read_text("utf-8") for path in (ROOT / "utils" / "optimlab" / "tutor").rglob("*.py"))
    named = set(re.findall(r"lesson (\d\d), “([^”]+)”", hints))
    assert named
    for number, section in named:
        markdown = "\n".join(cell.source for cell in prose(read(LESSONS[number].file)))
        assert section in re.findall(r"(?m)^## (.+)$", markdown), (number, section)
