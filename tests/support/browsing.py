"""A real JupyterLab and a real Chromium: what the tests of notebooks in a browser share.

Screenshots are written to the folder that OPTIMLAB_SCREENSHOTS names, to be looked at.
"""
import contextlib
import io
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import student_code
from axe_playwright_python.sync_playwright import Axe
from matplotlib.image import imread
from needs import need
from playwright.sync_api import BrowserContext, expect, sync_playwright

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PATIENCE = 60_000  # ms
expect.set_options(timeout=PATIENCE)


def environment(course):
    """The environment in which `course` is worked on: nothing of this user's own settings."""
    search = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": search, "JUPYTER_CONFIG_DIR": str(course / "config"),
            "JUPYTERLAB_SETTINGS_DIR": str(course / "settings"), "JUPYTERLAB_WORKSPACES_DIR": str(course / "spaces")}


def write_notebook(path, *sources):
    """A notebook of code cells with these sources."""
    nb = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    nb.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nb, path)


def answer(released, answered, *slips):
    """The assignment adam with both answers filled in, the update with these slips."""
    nb = nbformat.read(released, as_version=4)
    answers = {"initialize_adam": student_code.source("initialize_adam"),
               "update_parameters_with_adam": student_code.source("update_parameters_with_adam", *slips)}
    for cell in nb.cells:
        cell.source = answers.get(cell.metadata.get("nbgrader", {}).get("grade_id"), cell.source)
    nbformat.write(nb, answered)


class Lab(NamedTuple):
    """A running JupyterLab: its address, the folder it shows, and where pages of it are opened: they share a cache."""

    address: str
    folder: Path
    context: BrowserContext


@contextlib.contextmanager
def jupyterlab(browser, course):
    """A JupyterLab in the folder `course`."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with open(course / "lab.log", "wb") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}", "--ServerApp.port_retries=0",
             "--ServerApp.root_dir=.", "--IdentityProvider.token="], cwd=course, env=environment(course), stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{address}/api/status", timeout=5)
                break
            except OSError:
                time.sleep(0.1)
        context = browser.new_context()
        yield Lab(address, course, context)
        context.close()
    finally:
        server.terminate()
        server.wait(30)


@contextlib.contextmanager
def chromium():
    """Chromium as Playwright drives it."""
    need(CHROMIUM, "needs Chromium: sudo apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[
            "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
            "--disable-background-networking", "--disable-component-update"])
        yield browser
        browser.close()


@contextlib.contextmanager
def new_page(browser, width=1280, height=900):
    """A page of a browser, or of a lab's context, whose calls wait with patience."""
    page = browser.new_page()
    page.set_viewport_size({"width": width, "height": height})
    page.set_default_timeout(PATIENCE)
    yield page
    page.close()


def open_notebook(page, lab, path):
    """Open the notebook and wait until its kernel is there."""
    page.goto(f"{lab.address}/lab/tree/{path}?reset")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    page.get_by_text("| Idle").wait_for()


def choose(page, menu, entry):
    """An entry of one of JupyterLab's menus."""
    page.get_by_role("menuitem", name=menu, exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text(entry, exact=True).click()


@contextlib.contextmanager
def dark(page):
    """The page in JupyterLab's dark theme; all others get the light one back."""
    choose_theme(page, "JupyterLab Dark")
    try:
        yield
    finally:
        choose_theme(page, "JupyterLab Light")


def choose_theme(page, name):
    """One of JupyterLab's; wait until its style sheet is there."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.locator(".lm-Menu-itemLabel").get_by_text("Theme", exact=True).hover()
    page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()
    page.wait_for_function("name => document.body.dataset.jpThemeName === name", arg=name)


def barriers(page, within=None):
    """What axe finds serious or critical in a page, or in these parts of it: each with its rule and some of its places."""
    found = Axe().run(page, within and {"include": [[part] for part in within]}, {"preload": False}).response["violations"]
    return [(one["id"], [node["html"][:160] for node in one["nodes"]][:3]) for one in found
            if one["impact"] in ("serious", "critical")]


def keep(png, name):
    """A screenshot as an array; kept as a file where someone wants to look at it."""
    if folder := os.environ.get("OPTIMLAB_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(png)
    return imread(io.BytesIO(png))


def photograph(page, name):
    """The whole window."""
    return keep(page.screenshot(), name)


def colours(image):
    """How many different colours a picture has: a blank one has one."""
    return len(np.unique((image[..., :3] * 255).astype(int).reshape(-1, 3), axis=0))
