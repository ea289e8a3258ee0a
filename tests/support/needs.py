"""What not every machine has."""
import os

import pytest


def need(there, line):
    """End the test with this line, which says what to install: skipped, but failed in CI, where all must be there."""
    if not there:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(line)
