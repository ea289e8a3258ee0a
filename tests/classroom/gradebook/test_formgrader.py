"""A graded class as a teacher sees it: formgrader in a real JupyterLab, and feedback pages, in a real browser."""
import json
import re
import shutil

import nbformat
import pytest
from browsing import keep, new_page
from grading_runs import STUDENTS, grade, gradebook
from nbgrader.api import Gradebook
from playwright.sync_api import expect
from tricks import HTML

TWO_MISTAKES = "one_beta_for_both_corrections"
OPENED = ("imports_torch", TWO_MISTAKES, "no_notebook")
CLASS = {*STUDENTS, *OPENED}
# What a student tries on the one who looks at it.
TRICKS = [HTML[name].format(run="(window.ran=window.ran||[]).push(1)", url="/beacon") for name in ("script", "onerror")]

MATHJAX = "window.MathJax = {Hub: {Config() {}, Startup: {signal: {Interest() {}}}}}"


@pytest.fixture(scope="module")
def course(lab, graded):
    """The lab's class, graded; one of its notebooks holds scripts, one file is no notebook."""
    folder = lab.folder
    shutil.copytree(graded / ".optimlab", folder / ".optimlab", dirs_exist_ok=True)  # what has run need not run again
    file = folder / "submitted/imports_torch/adam/adam.ipynb"
    nb = nbformat.read(file, as_version=4)
    for trick in TRICKS:
        shown = f"from IPython.display import HTML\nHTML({trick + '<p>own output</p>'!r})"
        nb.cells += [nbformat.v4.new_markdown_cell(f"own text {trick}"), nbformat.v4.new_code_cell(shown)]
    nbformat.write(nb, file)
    broken = folder / "submitted/no_notebook/adam/adam.ipynb"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"{oh no")
    status, out, err = grade(folder)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def formgrader(lab, course):
    """The address of formgrader."""
    return f"{lab.address}/formgrader"


@pytest.fixture
def page(lab):
    """A page that loads nothing from elsewhere; formgrader asks for MathJax."""
    with new_page(lab.context) as page:
        page.route(re.compile(r"https?://(?!127\.0\.0\.1)"),
                   lambda route: route.fulfill(content_type="text/javascript", body=MATHJAX))
        page.refused = []
        page.on("response", lambda r: page.refused.append(f"{r.status} {r.url}") if r.status >= 400 else None)
        page.on("pageerror", lambda error: page.refused.append(str(error)))
        yield page


def table(page, url):
    """The rows of one of formgrader's tables, as texts."""
    page.goto(url)
    expect(page.locator("#main-table tr").first).not_to_contain_text("Loading")
    rows = page.locator("#main-table tr").all()
    return [[cell.strip() for cell in row.locator("td").all_inner_texts()] for row in rows]


def number(value):
    """As formgrader shows points."""
    return f"{round(value, 2):g}"


def points(course):
    """Each student's points in the gradebook."""
    return {student: s["score"] for (_, student), s in gradebook(course)["submissions"].items()}


def record(course, student):
    return json.loads((course / f".optimlab/adam/{student}/adam.json").read_text())


def open_submission(page, formgrader, course, student):
    """The page of a student's notebook, its points there."""
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        submission = book.find_submission_notebook("adam", "adam", student).id
    page.goto(f"{formgrader}/submissions/{submission}/")
    page.wait_for_function("() => formgrader.loaded && formgrader.grades.loaded && formgrader.comments.loaded")


def photograph(page, name):
    """All of it, however long."""
    keep(page.screenshot(full_page=True), f"formgrader-{name}")


def test_manage_submissions_lists_all_with_their_points(page, formgrader, course):
    rows = table(page, f"{formgrader}/manage_submissions/adam")
    photograph(page, "manage-submissions")
    assert {row[1]: row[4] for row in rows} == {s: f"{number(p)} / 20" for s, p in points(course).items()}
    assert sorted(row[1] for row in rows) == sorted(CLASS)
    assert "needs autograding" not in {row[3] for row in rows}
    assert page.refused == []


def test_manual_grading_has_the_same_averages(page, formgrader, course):
    mean = f"{number(sum(points(course).values()) / len(CLASS))} / 20"
    rows = table(page, f"{formgrader}/gradebook")
    photograph(page, "gradebook")
    assert rows == [["adam", "None", str(len(CLASS)), mean]]
    rows = table(page, f"{formgrader}/gradebook/adam")
    photograph(page, "gradebook-notebooks")
    assert [row[:2] for row in rows] == [["adam", mean]]
    rows = table(page, f"{formgrader}/gradebook/adam/adam")
    photograph(page, "gradebook-submissions")
    assert sorted(row[2] for row in rows) == sorted(f"{number(p)} / 20" for p in points(course).values())
    assert page.refused == []


@pytest.mark.parametrize("student", OPENED)
def test_a_submission_shows_points_reasons_and_mistakes(page, formgrader, course, student):
    open_submission(page, formgrader, course, student)
    photograph(page, f"submission-{student}")
    held = gradebook(course)["submissions"]["adam", student]["notebooks"]["adam"]
    shown = {e.get_attribute("id"): e.get_attribute("placeholder") for e in page.locator("input.score").all()}
    assert shown == {name: None if auto is None else f"{auto:g}" for name, (auto, *_) in held["grades"].items()}
    for name, (auto, _) in held["comments"].items():
        if auto:
            assert page.locator(f"textarea#{name}-comment").get_attribute("placeholder") == auto
    cells = page.locator(".cell")
    for exercise in record(course, student)["exercises"]:
        comment = page.locator(f"textarea#{exercise['name']}-comment").get_attribute("placeholder")
        assert all(m["id"] in comment for m in exercise["mistakes"])
        for criterion in exercise["criteria"]:
            test = cells.filter(has=page.locator(f"input.score[id='{criterion['id'].replace('.', '-', 1)}']"))
            expect(test).to_contain_text(f"{criterion['points']}/{criterion['max_points']} {criterion['id']}")
            assert criterion["passed"] or criterion["message"] in test.inner_text()
    assert page.evaluate("() => window.ran || []") == [] and page.refused == []


@pytest.mark.parametrize("student", OPENED)
def test_the_feedback_page_has_points_and_reasons(page, course, student):
    page.goto((course / f"feedback/{student}/adam/adam.html").as_uri())
    page.wait_for_timeout(300)
    photograph(page, f"feedback-{student}")
    text = page.locator("body").inner_text()
    assert f"Score: {float(points(course)[student])} / 20.0" in text
    for exercise in record(course, student)["exercises"]:
        for criterion in exercise["criteria"]:
            assert criterion["id"] in text and (criterion["passed"] or criterion["message"] in text)
        assert all(mistake["id"] in text for mistake in exercise["mistakes"])
    assert page.evaluate("() => window.ran || []") == [] and page.locator("script").count() == 0


def test_who_handed_in_no_notebook_reads_why(page, formgrader, course):
    reason = record(course, "no_notebook")["problem"]
    assert reason
    open_submission(page, formgrader, course, "no_notebook")
    note = page.get_by_text("This file could not be read, so nothing in it could be graded:")
    expect(note).to_be_visible()
    assert reason in note.locator("xpath=..").inner_text()
    page.goto((course / "feedback/no_notebook/adam/adam.html").as_uri())
    expect(note).to_be_visible()
    assert reason in note.locator("xpath=..").inner_text()


def test_what_a_person_gives_is_kept(page, formgrader, course):
    answer, test = "update_parameters_with_adam", "update-first_step"
    before = points(course)[TWO_MISTAKES]
    open_submission(page, formgrader, course, TWO_MISTAKES)
    for box, value in ((f"input.score#{test}", "1.5"), (f"textarea#{answer}-comment", "Nearly: see the parenthesis.")):
        with page.expect_response(lambda r: r.request.method == "PUT") as saved:
            page.locator(box).fill(value)
            page.locator(box).blur()
        assert saved.value.ok
    status, out, err = grade(course, "--force")
    assert status == 0, out + err
    assert points(course)[TWO_MISTAKES] == before + 1.5

    open_submission(page, formgrader, course, TWO_MISTAKES)
    photograph(page, "submission-by-hand")
    expect(page.locator(f"input.score#{test}")).to_have_value("1.5")
    expect(page.locator(f"input.score#{test}")).to_have_attribute("placeholder", "0")
    expect(page.locator(f"textarea#{answer}-comment")).to_have_value("Nearly: see the parenthesis.")
    rows = {row[1]: row for row in table(page, f"{formgrader}/manage_submissions/adam")}
    photograph(page, "manage-submissions-by-hand")
    assert rows[TWO_MISTAKES][3:5] == ["graded", f"{number(before + 1.5)} / 20"]  # nobody is asked to mark it again
    page.goto((course / f"feedback/{TWO_MISTAKES}/adam/adam.html").as_uri())
    photograph(page, "feedback-by-hand")
    expect(page.locator("body")).to_contain_text(f"(Score: {before + 1.5} / 20.0)")
    expect(page.locator("body")).to_contain_text("Nearly: see the parenthesis.")
