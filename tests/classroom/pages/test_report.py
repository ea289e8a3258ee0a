"""The report on a class: its numbers are right, all that matters is on it, and nothing of a student's is alive on it."""
import copy
import html
import itertools
import re
from html.parser import HTMLParser
from pathlib import Path

import browsing
import numpy as np
import pytest
from grading_runs import SUBMISSIONS
from hang import hang_guard

from optimlab.classroom.pages import report
from optimlab.tutor import ASSIGNMENTS
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.exercise import assess, without_answers
from optimlab.tutor.messages import general

ROOT = Path(__file__).resolve().parents[3]
INITIALIZE, UPDATE = (exercise.name for exercise in ASSIGNMENTS["adam"])
CLASS = {s.name: s for s in SUBMISSIONS}
HOSTILE = "</pre></style></title><script>document.title='won'</script><img src=x onerror=\"document.title='won'\">\x1b[31m\u202e\ud800\x00"


def record(name, **more):
    """The record of a student of tests/submissions/, assessed here and now."""
    answers = {c.answer: c.source for c in CLASS[name].cells if c.kind == "answer"}
    exercises = []
    for exercise in ASSIGNMENTS["adam"]:
        namespace = {"np": np}
        source = answers.get(exercise.name, "")
        try:
            exec(source, namespace)
            challenges = exercise.challenges(np.random.default_rng(0))
            done = assess(exercise, challenges, answer_all(challenges, namespace[exercise.name]), source)
        except (SyntaxError, KeyError) as error:
            mistake = general("raises", f"{type(error).__name__}: {error}") if source else general("not_attempted")
            done = without_answers(exercise, mistake)
        exercises.append(done.to_json())
    return {"student": name, "assignment": "adam", "notebook": "adam", "key": "0", "exercises": exercises,
            "score": sum(e["score"] for e in exercises), "max_score": sum(e["max_score"] for e in exercises),
            "problem": "", "flags": [], "answers": answers, "judge": "optimlab",
            "ran": {"where": "laptop", "sandbox": "bubblewrap", "seconds": 0.5}, **more}


RIGHT, SHARED, UNTOUCHED = "right_line_by_line", "moments_share_arrays", "handed_in_as_released"
NO_PYTHON = "moments_interleaved_and_no_body"


@pytest.fixture(scope="module")
def some():
    """A few of the class: a right one, one that nobody has a name for, two with a mistake, one untouched, one no Python."""
    return [record(name) for name in (RIGHT, "mutable_default_grows", SHARED, "only_w2_transposed", UNTOUCHED, NO_PYTHON)]


def text(page):
    """What a person reads of a page."""
    page = re.sub(r"(?s)<style>.*?</style>|<head>.*?</head>", "", page)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", page)).split())


def section(page, title):
    """The text of a part of the page, by the beginning of its heading."""
    return text(next(part for part in re.split(r"<h[23]>", page) if part.startswith(title)))


def mistake(page, id):
    return next(part for part in page.split('<section class="mistake">') if f"<h3><code>{id}</code>" in part)


@pytest.mark.parametrize("name, id, says", [
    # Beside another one less is said to the student.
    ("both_corrections_missing", "second_correction.missing", "The second moment goes into the step without its bias"),
    ("caret_for_power", "raises", "A power is written with two stars."),
])
def test_a_mistake_is_told_to_the_end_whatever_stood_beside_it(name, id, says):
    page = report.page("adam", [record(name)], [])
    told = text(mistake(page, id))
    assert says in told and "The same goes for" not in told


def test_totals_and_histogram(some):
    page = report.page("adam", some, [])
    points = [r["score"] for r in some]
    assert f"{len(some)} students graded" in re.sub(r"students graded (\d+)", r"\1 students graded", text(page))
    assert f"mean, of 20 {report._number(np.mean(points))} median {report._number(np.median(points))}" in text(page)
    label = re.search(r'aria-label="Students by points: ([^"]*)\."', page)[1]
    assert dict(part.split(" with ")[::-1] for part in label.split(", ")) == {str(p): str(points.count(p)) for p in sorted(points)}


def test_of_each_criterion_the_share_that_passed_in_words_and_as_a_bar(some):
    page = report.page("adam", some, [])
    for exercise in ASSIGNMENTS["adam"]:
        for c in exercise.criteria:
            outcomes = [o for r in some for e in r["exercises"] for o in e["criteria"] if o["id"] == c.id]
            passed = sum(o["passed"] for o in outcomes)
            row = next(row for row in re.findall(r"(?s)<tr>.*?</tr>", page) if f"<code>{c.id}</code>" in row)
            assert html.escape(c.what, quote=False).replace("'", "&#39;") in row
            assert f"{passed} of {len(some)}, {100 * passed / len(some):.0f} %" in row
            label = re.search(r'aria-label="([^"]*)"', row)[1]
            assert f"all: {passed}" in label and sum(map(int, re.findall(r"\d+", label))) == len(some)
            assert sum(map(float, re.findall(r"width: ([\d.]+)%", row))) == pytest.approx(100, abs=0.1)


def test_points_in_part_are_shown_as_such():
    page = report.page("own", [own_tests(points) for points in (0, 2, 2, 5)], [])
    assert 'aria-label="all: 1, some: 2, none: 1"' in page


def own_tests(points, **more):
    """A record of an assignment that the tutor does not know."""
    criterion = {"id": "test-1", "points": points, "max_points": 5, "passed": points == 5, "message": ""}
    exercise = {"name": "test-1", "score": points, "max_score": 5, "criteria": [criterion], "mistakes": []}
    return {"student": f"student-{id(criterion)}", "assignment": "own", "notebook": "own", "key": "0", "score": points, "max_score": 5,
            "exercises": [exercise], "problem": "", "flags": [], "answers": {"answer": "x = 1"}, "judge": "nbgrader",
            "ran": {"where": "laptop", "sandbox": "bubblewrap", "seconds": 0.5}, **more}


def graded_and_tested():
    """A record of an assignment that the tutor knows and that has a small test of its instructor's, too."""
    r, test = record(RIGHT), own_tests(1)["exercises"][0] | {"max_score": 1}
    return {**r, "exercises": [*r["exercises"], test], "score": r["score"] + 1, "max_score": r["max_score"] + 1}


def test_a_general_mistake_leads_where_its_exercise_is_settled():
    r = record(RIGHT)
    r["exercises"][0]["mistakes"] = [general("returns_nothing", reread="the text above the function")._asdict()]
    shown = text(mistake(report.page("own", [r], []), "returns_nothing"))
    assert "Reread: the text above the function." in shown and "What is settled" not in shown


def test_mistakes_come_by_frequency_each_with_names_gist_example_and_lesson(some):
    others = [{**record(SHARED), "student": f"{SHARED}-{n}"} for n in range(2)]
    page = report.page("adam", some + others, [])
    ids = re.findall(r'<section class="mistake">\s*<h3><code>([^<]*)</code>', page)
    counts = [int(n) for n in re.findall(r"<span>(\d+) students?, \d+ %</span>", page)]
    assert ids[0] == "initialize.shared_buffer" and counts == sorted(counts, reverse=True) and counts[0] == 3
    assert set(ids) - {"not recognised"} == {m["id"] for r in some for e in r["exercises"] for m in e["mistakes"]}
    shared = text(mistake(page, "initialize.shared_buffer"))
    assert "3 students, 38 %" in shared and "Several names stand for one array." in shared
    assert f"In initialize_adam : {SHARED}, {SHARED}-0, {SHARED}-1." in shared.replace(" ,", ",").replace(" .", ".")
    assert "What is settled before you start?" in shared
    assert "vW1 = sW1 = np.zeros((n_h, n_x))" in shared


def test_the_example_is_the_shortest_answer_with_that_mistake_alone():
    def made(student, source, *ids):
        r = record(SHARED, student=student)
        r["answers"][INITIALIZE] = source
        r["exercises"][0]["mistakes"] = [{"id": id, "hint": f"{id}. Reread: lesson 08."} for id in ids]
        return r
    records = [made("long", "a = 'alone, but long'", "x"), made("short", "a = 1", "x", "y"), made("alone", "a = 'alone'", "x", "changes_inputs"),
               made("empty", "", "x")]
    page = report.page("adam", records, [])
    assert re.search(r"Example: <bdi>alone</bdi></summary>", mistake(page, "x"))
    assert re.search(r"Example: <bdi>short</bdi>, who made other mistakes as well", mistake(page, "y"))


def test_an_error_is_shown_with_its_example_and_is_counted_as_one_mistake_whatever_it_says():
    page = report.page("adam", [record(name) for name in (NO_PYTHON, "misspelled_arguments", "beta_becomes_a_column")], [])
    errors = [part for part in page.split('<section class="mistake">') if "<h3><code>raises</code>" in part]
    assert len(errors) == 1 and "3 students, 100 %" in text(errors[0])
    assert "The function stops with an error." in text(errors[0]) and "expected an indented block" in text(errors[0])


def test_what_the_tutor_cannot_name_is_said_to_be_so():
    unknown = record(SHARED)
    unknown["exercises"][0]["mistakes"] = []
    assert "The tutor knows no name" in mistake(report.page("adam", [unknown], []), "not recognised")
    assert "not recognised" not in report.page("own", [own_tests(0)], [])  # where the tutor has not looked


def test_every_mistake_leads_to_sections_that_exist():
    """The files are those of notebooks/, and each section that is named stands in the file that is named before it."""
    files = {f"notebooks/{path.name}": path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").glob("*.ipynb")}
    from optimlab.tutor.exercises.adam import rule
    for deviation in rule.DEVIATIONS:
        pieces = report._treated(deviation.hint.reread)
        assert any(is_file for _, is_file in pieces) or "assignment" in deviation.hint.reread
        for (name, is_file), (said, _) in itertools.pairwise(pieces):
            if is_file and (heading := re.match(r", “(.*?)”", said)):
                assert f"# {heading[1]}" in files[name]


def test_what_needs_a_persons_eye():
    flags = [{"kind": "rules", "text": "uses os.fork in added cell 1, line 2"}, {"kind": "run", "text": "cell 3 ended the process"},
             {"kind": "ready-made", "text": "uses torch in the answer f, line 1"}, {"kind": "file", "text": "is empty"}]
    records = [record(SHARED, flags=flags), record(UNTOUCHED, problem="is empty: save it again", score=0)]
    page = report.page("adam", records, ["..: is no name"])
    assert section(page, "Not taken (1)").endswith("..: is no name")
    assert f"{UNTOUCHED} is empty: save it again" in section(page, "Files that could not be read (1)")
    assert f"{SHARED} uses os.fork in added cell 1, line 2" in section(page, "Rules broken (1)")
    assert f"{SHARED} uses torch in the answer f, line 1" in section(page, "Ready-made optimizers (1)")
    assert f"{SHARED} cell 3 ended the process" in section(page, "Trouble while running (1)")
    assert section(report.page("adam", [record(RIGHT)], []), "For a person").endswith("Nothing.")


def test_nobody_s_flags_leave_no_room_for_the_others():
    flags = [{"kind": "rules", "text": f"uses os.fork in added cell {n}"} for n in range(2 * report.MOST_ROWS)]
    last = [{"kind": "rules", "text": "uses os.kill"}]
    page = report.page("adam", [record(RIGHT, student="aa", flags=flags), record(SHARED, student="zz", flags=last)], [])
    assert "zz uses os.kill" in text(page) and f"... and {len(flags) - report.FLAGS_EACH} more" in text(page)


def test_answers_too_much_alike_stand_side_by_side_with_the_rule(some):
    page = report.page("adam", some + [{**record(RIGHT), "student": "copy"}], [])
    alike = section(page, "Answers too much alike (1 group)")
    assert report.RULE in alike and f"copy, {RIGHT}" in alike.replace(" ,", ",") and "bias correction" in alike
    assert alike.count("# rmsprop part") == 2
    assert "too much alike" not in report.page("adam", some, [])


def test_empty_answers_and_what_was_handed_out_are_nobodys_copy():
    stub = "def f(w):\n    # first say what it is\n    # then say why it is so\n    # then write it down\n    pass"
    untouched = [{**record(UNTOUCHED), "student": f"student-{n}", "answers": {INITIALIZE: stub, UPDATE: stub}} for n in range(3)]
    assert "too much alike" not in report.page("adam", untouched, [])
    begun = [own_tests(0, student=f"student-{n}", answers={"f": stub}) for n in range(3)]
    assert "too much alike" in report.page("own", begun, [])
    assert "too much alike" not in report.page("own", begun, [], [stub])


@pytest.mark.parametrize("records, warns", [
    ([record(RIGHT)], None),
    ([record(RIGHT, ran={"where": "laptop", "sandbox": "none", "seconds": 1.0})], "1 submission ran without a sandbox"),
    ([own_tests(5), own_tests(3)], "5 of 5 points come from ordinary tests : these ran beside the students' code, so a student who set out to could decide"),
    ([graded_and_tested()], "1 of 21 points come from ordinary tests"),
])
def test_what_ran_where_and_a_warning_where_it_matters(records, warns):
    page = report.page("adam", records, [])
    assert (page.count('class="warn"') == 1 and warns in text(page)) if warns else 'class="warn"' not in page
    for r in records:
        assert f"laptop {r['ran']['sandbox']}" in section(page, "What ran where")


@pytest.mark.parametrize("records", [[], [record(RIGHT)], [record(UNTOUCHED)], [own_tests(0, exercises=[], max_score=0)]])
def test_classes_of_nobody_and_of_one(records):
    page = report.page("adam", records, [])
    assert f"{len(records)} student{'s' * (len(records) != 1)} graded" in re.sub(r"(students? graded) (\d+)", r"\2 \1", text(page))
    assert "nan" not in text(page).lower().replace("manage", "")


def test_a_student_with_two_notebooks_is_one_student():
    two = [own_tests(5, student="ada", notebook="one"), own_tests(2, student="ada", notebook="two")]
    page = report.page("own", two, [])
    assert "student graded 1 mean, of 10 7" in text(page).replace("1 student graded", "student graded 1")
    assert "one: test-1" in text(page) and "two: test-1" in text(page)


@pytest.mark.slow
def test_two_thousand_students_are_one_page_that_a_browser_likes(some):
    records = [{**some[n % len(some)], "student": f"student-{n:04}"} for n in range(2_000)]
    with hang_guard():
        page = report.page("adam", records, [f"line {n}" for n in range(2_000)])
    assert len(page) < 1_000_000 and "and 1800 more" in page and "students graded" in page


# --- nothing of a student's is alive -----------------------------------------


class Parsed(HTMLParser):
    """The tags of a page, and all its text."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.said = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.said.append(data)


def hostile_everywhere(value, long=1):
    """The record with each of its texts hostile, keys of known meaning aside."""
    if isinstance(value, dict):
        keep = {"kind", "judge", "sandbox"}
        return {k: v if k in keep else hostile_everywhere(v, long) for k, v in value.items()}
    if isinstance(value, list):
        return [hostile_everywhere(v, long) for v in value]
    return (HOSTILE + value) * long if isinstance(value, str) else value


@pytest.fixture(scope="module")
def hostile():
    flags = [{"kind": kind, "text": "flag"} for kind in ("rules", "run", "ready-made")]
    honest = [record(name, flags=flags, problem="problem") for name in (SHARED, NO_PYTHON, RIGHT)]
    copied = [{**r, "student": f"copy of {r['student']}"} for r in copy.deepcopy(honest)]
    return hostile_everywhere(honest + copied)


def test_texts_of_students_are_inert(hostile, some):
    page = report.page("adam" + HOSTILE, hostile, [HOSTILE])
    page.encode("utf-8")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", page)
    parsed, plain = Parsed(page), Parsed(report.page("adam", some, ["line"]))
    assert set(parsed.tags) <= set(plain.tags) | {"h4", "pre", "div", "strong", "summary"} and "script" not in parsed.tags
    assert {name for name, _ in parsed.attributes} <= {
        "lang", "charset", "http-equiv", "content", "name", "class", "style", "role", "aria-label", "aria-hidden", "title", "scope",
        "open", "tabindex"}
    assert all(re.fullmatch(r"(width|height): [\d.]+%", value) for name, value in parsed.attributes if name == "style")
    assert "<script>document.title='won'</script>" in "".join(parsed.said)  # as text


def test_texts_of_students_are_bounded(some):
    records = hostile_everywhere(copy.deepcopy(some), long=5_000)
    records[0]["answers"] = {INITIALIZE: "\n".join(["x = 1"] * 100_000), UPDATE: "y" * 5_000_000}
    with hang_guard():
        page = report.page("adam", records, [HOSTILE * 10_000] * 50)
    assert len(page) < 2_000_000


def test_the_page_loads_nothing_and_forbids_it_too(some):
    page = report.page("adam", some, [])
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in page
    assert not re.search(r"(?i)https?:|\bsrc=|\bhref=|@import|url\(", page)


@pytest.mark.parametrize("width", [1200, 600, 320])
def test_in_a_browser_no_script_runs_and_nothing_sticks_out(browser, width, hostile, some, tmp_path):
    (tmp_path / "report.html").write_text(report.page("adam", hostile + some, [HOSTILE]), encoding="utf-8")
    with browsing.new_page(browser, width=width) as page:
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto((tmp_path / "report.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert "won" not in page.title().split("document.title=")[0] and len(asked) == 1
        browsing.photograph(page, f"report-{width}")


def test_on_paper_the_closed_examples_are_open(browser, some, tmp_path):
    (tmp_path / "report.html").write_text(report.page("adam", some, []), encoding="utf-8")
    with browsing.new_page(browser) as page:
        page.goto((tmp_path / "report.html").as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(d => d.open = false)")
        page.emulate_media(media="print")
        # What is closed is shown a frame later.
        page.wait_for_function("""() => { const boxes = [...document.querySelectorAll('pre')];
            return boxes.length && boxes.every(
                p => p.checkVisibility({contentVisibilityAuto: true}) && p.offsetHeight); }""")
