"""A person's way through the assignment: a real JupyterLab in a real browser.

Screenshots are written to the folder that OPTIMLAB_SCREENSHOTS names, to be looked at.
"""
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import numpy as np
import pytest
import student_code
from matplotlib.image import imread
from playwright.sync_api import expect, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
pytestmark = pytest.mark.slow
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """The address of a JupyterLab in a copy of the course, where a student has answered wrongly.

    Beside it, solved.ipynb holds right answers.
    """
    course = tmp_path_factory.mktemp("course")
    shutil.copy(ROOT / "nbgrader_config.py", course)
    for folder in ("solutions", "assignments"):
        shutil.copytree(ROOT / folder, course / folder)

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": search, "JUPYTER_CONFIG_DIR": str(course / "config"),
           "JUPYTERLAB_SETTINGS_DIR": str(course / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(course / "spaces")}
    subprocess.run([sys.executable, "-m", "optimlab", "release"], cwd=course, env=env, check=True, capture_output=True)
    adam = course / "assignments" / "adam"
    answer(adam / "adam.ipynb", adam / "solved.ipynb")
    answer(adam / "adam.ipynb", adam / "adam.ipynb", "second_moment.accumulates", "first_correction.missing")
    log = open(course / "lab.log", "wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
         "--ServerApp.root_dir=.", "--IdentityProvider.token="], cwd=course, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=5)
                break
            except OSError:
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def answer(released, answered, *slips):
    """Fill in both answers, the update with these slips."""
    nb = nbformat.read(released, as_version=4)
    answers = {"initialize_adam": student_code.initialize_source(),
               "update_parameters_with_adam": student_code.update_source(*slips)}
    for cell in nb.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(nb, answered)


@pytest.fixture(scope="module")
def browser():
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs chromium")
        pytest.skip("needs Chromium: sudo apt install chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update"])
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def photograph(page, name):
    """A screenshot as an array; kept where someone wants to look at it."""
    png = page.screenshot()
    if folder := os.environ.get("OPTIMLAB_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(png)
    return imread(io.BytesIO(png))


def colours(image):
    """How many different colours a picture has: a blank one has one."""
    return len(np.unique((image[..., :3] * 255).astype(int).reshape(-1, 3), axis=0))


def choose(page, menu, entry):
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


def open_assignment(page, lab, name="adam"):
    page.goto(f"{lab}/lab/tree/assignments/adam/{name}.ipynb?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("| Idle").wait_for()


def test_the_assignment_runs_and_the_check_names_the_mistakes(page, lab):
    open_assignment(page, lab)
    expect(page.locator(".jp-Dialog, .Toastify__toast")).to_have_count(0)  # no news, no error
    choose(page, "Run", "Run All Cells")
    report = page.locator(".jp-OutputArea-output").filter(has_text="first_correction.missing").first
    report.scroll_into_view_if_needed()
    expect(report).to_contain_text("second_moment.accumulates")
    expect(report).to_contain_text("5 of 16 points")
    assert colours(photograph(page, "assignment-check")) > 50


def test_right_answers_train_and_the_figures_are_drawn(page, lab):
    open_assignment(page, lab, "solved")
    choose(page, "Run", "Run All Cells")
    figures = page.locator(".jp-OutputArea-output img")
    expect(figures).to_have_count(2)
    for number in range(2):
        figures.nth(number).scroll_into_view_if_needed()
        picture = imread(io.BytesIO(figures.nth(number).screenshot()))
        assert colours(picture) > 20
        photograph(page, f"assignment-figure-{number}")


def test_the_check_is_readable_in_the_dark_theme(page, lab):
    open_assignment(page, lab)
    choose(page, "Run", "Run All Cells")
    choose_theme(page, "JupyterLab Dark")
    report = page.locator(".jp-OutputArea-output").filter(has_text="first_correction.missing").first
    report.scroll_into_view_if_needed()
    photograph(page, "assignment-check-dark")
    ratios = report.evaluate_all(CONTRAST)
    assert min(ratios) >= 3.0, ratios
    choose_theme(page, "JupyterLab Light")


def choose_theme(page, name):
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    page.wait_for_timeout(1500)  # for its style sheet


# The contrast of each piece of text with the page behind it, as WCAG 2 defines it.
CONTRAST = """
outputs => {
  const rgb = css => css.match(/[0-9.]+/g).map(Number);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255;
    return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126*r + 0.7152*g + 0.0722*b; };
  const behind = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
    if (c.length < 4 || c[3] > 0.5) return c; } return [255, 255, 255]; };
  return outputs.flatMap(o => [...o.querySelectorAll('*')]).filter(e => e.innerText).map(e => {
    const a = light(rgb(getComputedStyle(e).color)), b = light(behind(e));
    return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05); });
}
"""


def test_validate_reports_what_fails(page, lab):
    open_assignment(page, lab)
    page.get_by_role("button", name="Validate").click()
    dialog = page.locator(".jp-Dialog").filter(has_text="Validation Results")
    dialog.wait_for()
    expect(dialog).to_contain_text("update.second_moment, 0 of 3 points")
    expect(dialog).not_to_contain_text("initialize.shapes")
    photograph(page, "validate")


def test_formgrader_lists_the_assignment(page, lab):
    page.goto(f"{lab}/lab?reset")
    choose(page, "Nbgrader", "Formgrader")
    formgrader = page.frame_locator("iframe[src*='formgrader']")
    formgrader.get_by_role("cell", name="adam").or_(formgrader.locator("td.name", has_text="adam")).first.wait_for()
    expect(formgrader.locator("body")).not_to_contain_text("could not be created")
    photograph(page, "formgrader")


def test_the_assignment_list_shows_no_error(page, lab):
    page.goto(f"{lab}/lab?reset")
    choose(page, "Nbgrader", "Assignment List")
    page.get_by_text("There are no assignments to fetch.").wait_for()
    expect(page.locator("body")).not_to_contain_text("Error fetching")
    photograph(page, "assignment-list")
