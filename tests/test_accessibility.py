"""axe finds nothing serious in what people read and use: lessons and a check in JupyterLab, feedback, the report."""
import json
import shutil

import pytest
from browsing import answer, barriers, choose, dark, new_page, open_notebook, photograph
from grading_runs import grade
from project import ROOT

# What in JupyterLab's window is the course's.
OURS = [".jp-RenderedMarkdown", ".jp-OutputArea-output"]
NOTEBOOKS = ["notebooks/00-start-here", "notebooks/05-momentum", "student/answered"]


@pytest.fixture(scope="module")
def everything(lab):
    """The lab with the lessons and a wrong answer, and with all of a notebook in the page, not only what is in sight."""
    settings = lab.folder / "settings/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps({"windowingMode": "none"}), encoding="utf-8")
    shutil.copytree(ROOT / "notebooks", lab.folder / "notebooks", dirs_exist_ok=True)
    (lab.folder / "student").mkdir(exist_ok=True)
    answer(lab.folder / "assignments/adam/adam.ipynb", lab.folder / "student/answered.ipynb", "first_correction.missing")
    yield lab
    settings.unlink()


@pytest.mark.parametrize("path", NOTEBOOKS)
def test_a_notebook_that_has_run(everything, path):
    with new_page(everything.context) as page:
        open_notebook(page, everything, f"{path}.ipynb")
        choose(page, "Run", "Run All Cells")
        page.get_by_text("| Busy").wait_for()
        page.get_by_text("| Idle").wait_for(timeout=120_000)
        name = path.partition("/")[2]
        photograph(page, f"{name}-light")
        found = barriers(page, OURS)
        with dark(page):
            page.wait_for_timeout(500)
            photograph(page, f"{name}-dark")
            found += barriers(page, OURS)
        assert found == []


@pytest.fixture(scope="module")
def graded(entered, sandbox, tmp_path_factory):
    """A course's folder with the report on its class, and with feedback."""
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("graded") / "course")
    status, out, err = grade(folder)
    assert status == 0, out + err
    return folder


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["report-adam.html", "feedback/one_beta_for_both_corrections/adam/adam.html"])
def test_a_page_of_the_classroom(browser, graded, path, theme):
    context = browser.new_context(color_scheme=theme, bypass_csp=True)  # axe is a script, which these pages allow nobody
    with new_page(context) as page:
        page.goto((graded / path).as_uri())
        photograph(page, f"{path.partition('/')[0]}-{theme}")
        assert barriers(page) == []
        page.set_viewport_size({"width": 390, "height": 844})
        photograph(page, f"{path.partition('/')[0]}-{theme}-phone")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
