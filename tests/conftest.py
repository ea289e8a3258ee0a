"""What a test needs beside Python, as fixtures; the markers that follow from them; which tests come first."""
import os
import shutil
import time
from collections import Counter
from pathlib import Path

import pytest

HELPERS = [path.stem for path in sorted((Path(__file__).parent / "support").glob("*.py"))]
pytest.register_assert_rewrite(*HELPERS)  # some hold checks of their own, which then say what they saw
# Who uses the fixture of this name, however indirectly, has the marker of this name, and is slow.
NEEDS = ("sandbox", "browser", "kernel", "postgres")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(config, items):
    for item in items:
        for need in set(NEEDS).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(need)
            item.add_marker("slow")
    if hasattr(config, "workerinput"):
        long_files_first(items)


def long_files_first(items):
    """So that no worker is busy long after the others: by what they need, whose sandboxes take longest, then by number."""
    needs, number = {}, Counter(item.path for item in items)
    for item in items:
        rank = min((n for n, need in enumerate(NEEDS) if item.get_closest_marker(need)), default=len(NEEDS))
        needs[item.path] = min(rank, needs.get(item.path, rank))
    items.sort(key=lambda item: (needs[item.path], -number[item.path]))


def pytest_configure(config):
    """What our own helpers warn of is an error, too; they are modules without a package."""
    for name in HELPERS:
        config.addinivalue_line("filterwarnings", rf"error:::{name}(\.|\Z)")


@pytest.fixture(scope="session")
def sandbox():
    """A machine on which submissions run in a sandbox."""
    from needs import need

    from optimlab.classroom.sandbox.places import why_no_sandbox
    need(not why_no_sandbox(), why_no_sandbox())


@pytest.fixture(scope="session")
def place():
    """Where a notebook's code runs in tests that ask nothing of the place: in a warm sandbox, which takes a tenth of the
    time and has no network; on a machine without one in plain processes."""
    from optimlab.classroom.sandbox.places import Sandbox, Unprotected, why_no_sandbox
    place = Unprotected() if why_no_sandbox() else Sandbox()
    yield place
    place.close()


@pytest.fixture(scope="session")
def browser():
    """A real Chromium; see support/browsing.py."""
    from browsing import chromium  # here: most tests need no Playwright
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """Has a folder made once for all workers: once(name, make). It is for all to read; who changes it takes a copy."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def made(name, make):
        folder, lock, unfinished = base / name, base / f"{name}.lock", base / f"{name}.unfinished"
        try:
            lock.touch(exist_ok=False)
        except FileExistsError:  # another worker has made it, or is about to
            while not folder.exists():
                assert not lock.read_text(), f"another worker could not make {name}"
                time.sleep(0.1)
            return folder
        try:
            unfinished.mkdir()
            make(unfinished)
            return unfinished.rename(folder)
        except BaseException:
            lock.write_text("failed")
            raise
    return made


@pytest.fixture(scope="session")
def empty_gradebook(once):
    """The file of a gradebook with nothing in it: nbgrader takes seconds to make one."""
    from grading_runs import search_path
    from nbgrader.api import Gradebook

    def make(folder):
        with pytest.MonkeyPatch.context() as patch:  # it calls a program of its environment
            patch.setenv("PATH", search_path())
            Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "optimlab").close()
    return once("empty", make) / "gradebook.db"


@pytest.fixture(scope="session")
def entered(once):
    """A course's folder as it is before grading: its assignments released and in the gradebook, some notebooks submitted."""
    from grading_runs import ASSIGNMENT, make_course, optimlab

    def make(folder):
        make_course(folder)
        shutil.rmtree(folder / "assignments" / ASSIGNMENT)
        status, out, err = optimlab(folder, "release")
        assert status == 0, out + err
    return once("entered", make)


@pytest.fixture(scope="session")
def lab(browser, entered, tmp_path_factory):
    """A JupyterLab in such a folder; a test puts notebooks of its own there: lab.address, lab.folder."""
    from browsing import jupyterlab
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("lab") / "course")
    with jupyterlab(browser, folder) as lab:
        yield lab


@pytest.fixture(scope="session")
def postgres():
    """Makes an empty database in a real PostgreSQL server and returns its address."""
    from postgres import server
    with server() as new_database:
        yield new_database


@pytest.fixture(scope="session")
def kernel():
    """Runs a notebook in a Jupyter kernel, in a folder: kernel(nb, folder)."""
    from nbclient import NotebookClient

    def run(nb, folder):
        NotebookClient(nb, timeout=120, kernel_name="python3", allow_errors=True,
                       resources={"metadata": {"path": str(folder)}}).execute()
        return nb
    return run
