"""requirements.txt: one lock, the same versions for everyone, from wherever they get their packages."""
import re

import pytest
from project import PROJECT, ROOT, name_of

LINES = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
EXTRAS = PROJECT["project"]["optional-dependencies"].values()
DIRECT = sum(EXTRAS, PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"])
PINNED = {name_of(line) for line in LINES}


def test_every_line_pins_one_version():
    loose = [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.!+]+( ; .+)?", line)]
    assert not loose


def test_it_holds_no_address():
    """An address would send every student to one machine's mirror."""
    assert not [line for line in LINES if "://" in line or line.startswith("-") or " @ " in line]


@pytest.mark.parametrize("requirement", DIRECT)
def test_direct_dependency_is_pinned(requirement):
    """Fails after a dependency was added without making the lock again."""
    assert name_of(requirement) in PINNED
