"""A person's way through the assignment: a real JupyterLab in a real browser."""
import io

import pytest
from browsing import answer, choose, colours, dark, new_page, open_notebook, photograph
from matplotlib.image import imread
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def student(lab):
    """A student's folder, student/, in the lab: adam.ipynb answers wrongly, solved.ipynb is right."""
    released = lab.folder / "assignments/adam/adam.ipynb"
    folder = lab.folder / "student"
    folder.mkdir(exist_ok=True)
    answer(released, folder / "solved.ipynb")
    answer(released, folder / "adam.ipynb", "second_moment.accumulates", "first_correction.missing")


@pytest.fixture
def page(lab):
    with new_page(lab.context) as page:
        yield page


def open_assignment(page, lab, name="adam"):
    open_notebook(page, lab, f"student/{name}.ipynb")


def test_the_assignment_runs_and_the_check_names_the_mistakes(page, lab, student):
    open_assignment(page, lab)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)  # no news, no error
    choose(page, "Run", "Run All Cells")
    report = page.locator(".jp-OutputArea-output").filter(has_text="first_correction.missing").first
    report.scroll_into_view_if_needed()
    expect(report).to_contain_text("second_moment.accumulates")
    expect(report).to_contain_text("5 of 16 points")
    assert colours(photograph(page, "assignment-check")) > 50


def test_right_answers_train_and_the_figures_are_drawn(page, lab, student):
    open_assignment(page, lab, "solved")
    choose(page, "Run", "Run All Cells")
    figures = page.locator(".jp-OutputArea-output img")
    expect(figures).to_have_count(2)
    for number in range(2):
        figures.nth(number).scroll_into_view_if_needed()
        picture = imread(io.BytesIO(figures.nth(number).screenshot()))
        assert colours(picture) > 20
        photograph(page, f"assignment-figure-{number}")


def test_the_check_is_readable_in_the_dark_theme(page, lab, student):
    open_assignment(page, lab)
    choose(page, "Run", "Run All Cells")
    report = page.locator(".jp-OutputArea-output").filter(has_text="first_correction.missing").first
    with dark(page):
        report.scroll_into_view_if_needed()
        photograph(page, "assignment-check-dark")
        expect(report).to_be_visible()
        ratios = report.evaluate(CONTRAST)  # waits: a notebook that scrolls takes cells out and puts them back
        assert min(ratios) >= 3.0, ratios


# The contrast of each piece of text with the page behind it, as WCAG 2 defines it.
CONTRAST = """
output => {
  const rgb = css => css.match(/[0-9.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126*r + 0.7152*g + 0.0722*b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.5) return c; } return [255, 255, 255]; };
  return [...output.querySelectorAll('*')].filter(e => e.innerText).map(e => {
    const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); });
}
"""


def test_validate_reports_what_fails(page, lab, student):
    open_assignment(page, lab)
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog").filter(has_text="Validation Results")
    dialog.wait_for()
    expect(dialog).to_contain_text("update.second_moment, 0 of 3 points")
    expect(dialog).not_to_contain_text("initialize.shapes")
    photograph(page, "validate")


def test_formgrader_lists_the_assignment(page, lab):
    page.goto(f"{lab.address}/lab?reset")
    choose(page, "Nbgrader", "Formgrader")
    formgrader = page.frame_locator("iframe[src*='formgrader']")
    formgrader.get_by_role("cell", name="adam").or_(formgrader.locator("td.name", has_text="adam")).first.wait_for()
    expect(formgrader.locator("body")).not_to_contain_text("could not be created")
    photograph(page, "formgrader")


def test_the_assignment_list_shows_no_error(page, lab):
    page.goto(f"{lab.address}/lab?reset")
    choose(page, "Nbgrader", "Assignment List")
    page.get_by_text("There are no assignments to fetch.").wait_for()
    expect(page.locator("body")).not_to_contain_text("Error fetching")
    photograph(page, "assignment-list")
