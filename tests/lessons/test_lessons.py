"""Every lesson runs top to bottom with its exercises empty; its prose is computed."""
import platform
import re

import pytest
from lessons import (
    NAMES,
    ROOT,
    cards,
    code,
    errors,
    executed,
    is_exercise,
    minutes,
    prose,
    read,
    reports,
    text_of,
)
from numpy._core._multiarray_umath import __cpu_dispatch__ as DISPATCHED
from numpy._core._multiarray_umath import __cpu_features__ as FEATURES

from optimlab.classroom.sandbox.places import Unprotected
from optimlab.syllabus import LESSONS


@pytest.fixture(scope="module", params=NAMES)
def empty(request, place):
    """A lesson as it is handed out, executed."""
    return executed(read(request.param), place)


def said(nb):
    """All that a lesson's cells contain or print: what its prose may take numbers from."""
    return "\n".join(c.source + "\n" + "\n".join(map(text_of, c.outputs)) for c in code(nb))


def warnings(cell):
    """What a cell writes to standard error; tqdm's bars aside, which a kernel shows as widgets."""
    said = "".join(o.text for o in cell.outputs if o.get("name") == "stderr")
    return re.sub(r"[^\r\n]*\d%\|[^\r\n]*", "", said).strip()


@pytest.mark.slow
def test_a_lesson_runs_with_its_exercises_empty(empty):
    """Only "not attempted" may show."""
    assert errors(empty) == []
    assert not [c.id for c in code(empty) if warnings(c)]
    assert len(reports(empty)) == len([c for c in code(empty) if is_exercise(c)])
    assert all("not attempted" in report for report in reports(empty)), reports(empty)


@pytest.mark.parametrize("name", [NAMES[0]])
def test_a_jupyter_kernel_shows_what_the_tests_see(name, place, kernel):
    """So that the lessons need no kernel each."""
    def seen(nb):
        return [(o.output_type, sorted(o.get("data", {})), re.sub(r"0x\w+", "", text_of(o))) for c in code(nb) for o in c.outputs]
    assert seen(kernel(read(name), ROOT / "notebooks")) == seen(executed(read(name), place))


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
def test_the_trial_of_every_card_comes_to_the_cards_verdict(empty):
    """What the lesson measures decides, and the words on the card are those of that verdict."""
    name, = (name for name in NAMES if empty.cells[0].source.startswith(f"# {name[:2]} "))
    for card in cards(name):
        assert f"Verdict: {card.verdict}." in said(empty), card.says


@pytest.mark.slow
@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="its kernels are those of x86")
@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_verdicts_are_the_same_on_an_old_processor(name, monkeypatch):
    """Sums are rounded otherwise there: what a lesson says must not hang on that."""
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")  # SSE3
    monkeypatch.setenv("NPY_DISABLE_CPU_FEATURES", " ".join(f for f in DISPATCHED if FEATURES[f]))
    nb = executed(read(name), Unprotected(), pixels=False)
    test_every_number_in_the_prose_comes_from_a_cell(nb)
    test_the_trial_of_every_card_comes_to_the_cards_verdict(nb)


@pytest.mark.slow
def test_every_figure_has_its_alt_text(empty):
    for cell in code(empty):
        for output in cell.outputs:
            data = output.get("data", {})
            assert "image/png" not in data, f"{cell.id} shows a figure without alt text"
            for tag in re.findall(r"<img [^>]*>", data.get("text/html", "")):
                assert re.search(r'alt="[^"]{20,}"', tag), cell.id


@pytest.mark.slow
def test_a_lesson_says_how_long_it_takes(empty):
    """To five minutes, and no less than these."""
    assert int(re.search(r"About (\d+) minutes", empty.cells[0].source)[1]) == 5 * max(1, round(minutes(empty) / 5))


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
