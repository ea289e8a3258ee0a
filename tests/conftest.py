"""What several folders of tests share: a browser."""
import pytest


@pytest.fixture(scope="module")
def browser():
    """A real Chromium; see support/browsing.py."""
    from browsing import chromium  # here: most tests need no Playwright
    with chromium() as browser:
        yield browser
