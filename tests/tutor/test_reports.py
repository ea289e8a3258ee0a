"""A report in a terminal, in a notebook, in a feedback page and as JSON: readable, safe, and giving nothing away."""
import json
import re
from html.parser import HTMLParser

import pytest
import student_code
from student_code import NAMES, source, whole

from optimlab.tutor.checking import PUBLIC_SEED
from optimlab.tutor.messages import Mistake
from optimlab.tutor.registry import EXERCISES
from optimlab.tutor.reports import COLOURS, Outcome, Report, as_html, as_text, criteria_as_html, outcome_as_html

NAME, OTHER = "momentum_step", "initialize_velocity"  # any will do: one that is simulated, and one that is read off
HOSTILE = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=y>"


@pytest.fixture(scope="module")
def reports(assessed):
    """One report of each kind."""
    empty = "def {}(*args, **kwargs):\n    raise NotImplementedError\n"
    return {
        "correct": assessed(NAME, source(NAME)),
        "one mistake": assessed(NAME, source(NAME, "sum_not_average")),
        "two mistakes": assessed(NAME, source(NAME, "sum_not_average", "ascends")),
        "unexplained": assessed(NAME, source(NAME).replace(
            "return new_w", "return new_w * (1.0123 if type(w) is np.ndarray else 1)")),
        "a remark": assessed(NAME, whole(NAME, student_code.of(NAME).in_place["all of them"])),
        "an error": assessed(NAME, f"def {NAME}(*args, **kwargs):\n    raise ValueError({'long ' * 60!r})\n"),
        "not attempted": assessed(NAME, empty.format(NAME)),
        "read off": assessed(OTHER, source(OTHER, "transposed")),
        "hostile": hostile(),
    }


def hostile():
    """What a student chose the text of: an exception's message, a line, a class's name."""
    outcomes = (Outcome(f"{NAME}.shape", 0, 1, False, HOSTILE), Outcome(f"{NAME}.weights", 2, 2, True, "met"))
    return Report(NAME, "wrong", outcomes, (Mistake("raises", HOSTILE),))


KINDS = ("correct", "one mistake", "two mistakes", "unexplained", "a remark", "an error", "not attempted",
         "read off", "hostile")


# --- text --------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("width", [88, 60])
def test_text_fits_the_width(reports, kind, width):
    """One word that is longer than a line, as in a traceback, is cut rather than run over."""
    lines = as_text(reports[kind], width).splitlines()
    assert [line for line in lines if len(line) > width] == []
    assert not any(line != line.rstrip() for line in lines)


def test_a_report_prints_as_its_text(reports):
    assert str(reports["one mistake"]) == repr(reports["one mistake"]) == as_text(reports["one mistake"])


@pytest.mark.parametrize("kind", [k for k in KINDS if k not in ("not attempted", "hostile")])
def test_every_criterion_and_every_mistake_is_shown(reports, kind):
    """With its points, and with the reason where points are lost."""
    report = reports[kind]
    for shown in (" ".join(as_text(report).split()), text_of(as_html(report))):
        assert f"{report.score} of {report.max_score} points" in shown
        for o in report.outcomes:
            assert f"{o.points}/{o.max_points} {o.id}" in " ".join(shown.split())
            assert o.passed or " ".join(o.message.split()) in shown
        for m in report.mistakes:
            assert m.id in shown and " ".join(m.hint.split()).replace("`", "") in shown.replace("`", "")


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_no_name_explains_is_called_unrecognised(reports, kind):
    for shown in (as_text(reports[kind]), as_html(reports[kind])):
        assert ("I do not recognise this mistake" in shown) == (kind == "unexplained")


def test_an_empty_function_is_told_to_be_empty_not_wrong(reports):
    for shown in (as_text(reports["not attempted"]), text_of(as_html(reports["not attempted"]))):
        assert "not attempted" in shown and "still empty" in shown
        assert "✗" not in shown and "not yet right" not in shown


# --- HTML --------------------------------------------------------------------

class Elements(HTMLParser):
    """The elements of a fragment; fails where they are not closed in order."""

    def __init__(self):
        super().__init__()
        self.seen, self.open, self.text = set(), [], ""

    def handle_starttag(self, tag, attrs):
        self.seen |= {(tag, name) for name, _ in attrs} | {(tag, "")}
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def parsed(fragment):
    elements = Elements()
    elements.feed(fragment)
    elements.close()
    assert elements.open == []
    return elements


def text_of(fragment):
    return re.sub(r"\s+", " ", parsed(fragment).text)


HARMLESS = {(tag, name) for tag in ("div", "b", "code", "br") for name in ("", "style")}


@pytest.mark.parametrize("kind", KINDS)
def test_html_is_well_formed_and_of_harmless_elements(reports, kind):
    """The grader's page is opened by an instructor: a student's text must stay text."""
    report = reports[kind]
    for fragment in (as_html(report), criteria_as_html(report), *map(outcome_as_html, report.outcomes)):
        assert parsed(fragment).seen <= HARMLESS
    assert report._repr_html_() == as_html(report)


@pytest.mark.parametrize("part", ["name", "criterion", "message", "id", "hint"])
def test_every_text_of_a_report_is_escaped(part):
    text = dict.fromkeys(("name", "criterion", "message", "id", "hint"), "plain") | {part: HOSTILE}
    outcome = Outcome(text["criterion"], 0, 1, False, text["message"])
    for status in ("wrong", "not attempted"):
        report = Report(text["name"], status, (outcome,), (Mistake(text["id"], text["hint"]),))
        for fragment in (as_html(report), criteria_as_html(report), outcome_as_html(outcome)):
            assert "<script" not in fragment and "<img" not in fragment
            assert parsed(fragment).seen <= HARMLESS


def test_what_a_student_raises_arrives_escaped(assessed):
    fragment = as_html(assessed(NAME, f"def {NAME}(*args, **kwargs):\n    raise ValueError({HOSTILE!r})\n"))
    assert "<script" not in fragment and "&lt;script&gt;" in fragment


def test_the_marks_can_be_seen_on_white_and_on_dark():
    """A contrast of 3 for what is no text (WCAG 1.4.11); 4.5 for text is beyond any colour on both grounds."""
    def luminance(colour):
        channels = [int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear))

    def contrast(one, other):
        low, high = sorted(luminance(c) for c in (one, other))
        return (high + 0.05) / (low + 0.05)

    thin = {(name, ground): round(contrast(colour, ground), 2) for name, colour in COLOURS.items()
            for ground in ("#ffffff", "#111111") if contrast(colour, ground) < 3}
    assert thin == {}


@pytest.mark.parametrize("kind", KINDS)
def test_no_text_is_coloured_but_the_marks(reports, kind):
    fragment = as_html(reports[kind])
    assert set(re.findall(r'[";]color:[^"]*">(.)', fragment.replace("color:inherit", ""))) <= set("✓✗")


# --- JSON --------------------------------------------------------------------

@pytest.mark.parametrize("kind", KINDS)
def test_json_is_the_exercise_of_optimlab_check(reports, kind):
    """Other programs read these names (DESIGN.md): exactly these, of these types."""
    report = reports[kind]
    data = json.loads(json.dumps(report.to_json()))
    assert list(data) == ["name", "score", "max_score", "criteria", "mistakes"]
    assert (data["name"], data["score"], data["max_score"]) == (report.name, report.score, report.max_score)
    for c, o in zip(data["criteria"], report.outcomes, strict=True):
        assert list(c) == ["id", "points", "max_points", "passed", "message"]
        assert [type(v) for v in c.values()] == [str, int, int, bool, str]
        assert list(c.values()) == list(o)
    assert data["mistakes"] == [{"id": m.id, "hint": m.hint, "line": m.line, "source": m.source}
                                for m in report.mistakes]


def test_a_report_knows_its_criteria(reports):
    assert reports["correct"].outcome(f"{NAME}.velocity").points == 1
    with pytest.raises(KeyError):
        reports["correct"].outcome(f"{NAME}.nothing")


# --- nothing is given away ---------------------------------------------------

@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_neither_an_expected_number_nor_the_right_formula_is_shown(assessed, challenges_of, name):
    """Whoever may copy the answer from the message learns nothing from it."""
    asked = [challenge.id.split("/", 1)[1] for challenge in challenges_of(name, PUBLIC_SEED)]
    for slip in student_code.of(name).slips:
        text = source(name, slip)
        report = assessed(name, text)
        shown = " ".join((as_text(report, 10_000), text_of(as_html(report)),
                          json.dumps(report.to_json(), ensure_ascii=False)))
        own = [slip, *(line.strip() for line in text.splitlines() if line.strip())]  # an error shows the student's line
        for known in sorted(own + asked, key=len, reverse=True):  # a short line may begin a longer one
            shown = shown.replace(known, "")
        for formula in ("**", "sqrt", "(1 -", "1 - ", "np.", "√", "beta1 *", "beta2 *", "_hat"):
            assert formula not in shown, (slip, formula)
        # Messages say how far off, to two digits; the numbers of hints are constants (see test_hints).
        for mistake in report.mistakes:
            shown = shown.replace(" ".join(mistake.hint.split()), "")
        for number in re.findall(r"\d+\.\d+", shown.split('"mistakes"')[0]):
            assert len(number.replace(".", "").lstrip("0")) <= 2, (slip, number)


def test_every_exercise_can_be_shown():
    for name, exercise in EXERCISES.items():
        report = Report(name, "wrong", tuple(Outcome(c.id, 0, c.points, False, c.what) for c in exercise.criteria),
                        tuple(Mistake(id, str(hint)) for id, hint in exercise.hints.items()))
        assert parsed(as_html(report)).seen <= HARMLESS and all(id in as_text(report) for id in exercise.hints)
