"""What a test needs beside Python, as fixtures; the markers that follow from them; which tests come first."""
from pathlib import Path

import pytest

# Who uses the fixture of this name, however indirectly, has the marker of this name, and is slow.
NEEDS = ("sandbox", "browser", "kernel", "postgres")


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(config, items):
    for item in items:
        for need in set(NEEDS).intersection(getattr(item, "fixturenames", ())):
            item.add_marker(need)
            item.add_marker("slow")
    if hasattr(config, "workerinput"):  # the long files first, so that no worker ends long before the other
        first = {}
        for item in items:
            first[item.path] = min(first.get(item.path, len(NEEDS)), rank(item))
        items.sort(key=lambda item: first[item.path])


def rank(item):
    """The place of what a test needs among the needs: the sandbox's take longest."""
    return min((n for n, need in enumerate(NEEDS) if item.get_closest_marker(need)), default=len(NEEDS))


def pytest_configure(config):
    """What our own helpers warn of is an error, too; they are modules without a package."""
    for path in sorted((Path(__file__).parent / "support").glob("*.py")):
        config.addinivalue_line("filterwarnings", rf"error:::{path.stem}\Z")


@pytest.fixture(scope="session")
def sandbox():
    """A machine on which submissions run in a sandbox."""
    from needs import need

    from optimlab.classroom.sandbox.places import why_no_sandbox
    need(not why_no_sandbox(), why_no_sandbox())


@pytest.fixture(scope="session")
def browser():
    """A real Chromium; see support/browsing.py."""
    from browsing import chromium  # here: most tests need no Playwright
    with chromium() as browser:
        yield browser


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
