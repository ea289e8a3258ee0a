"""What several folders of tests share: class_of_submissions and tutor/'s student_code to import, a browser."""
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS / "tutor")]


@pytest.fixture(scope="module")
def browser():
    """A real Chromium; see browsing.py."""
    from browsing import chromium  # here: most tests need no Playwright
    with chromium() as browser:
        yield browser
