"""The course's secret, from which the hidden cases are drawn: made at the first grading, kept in .optimlab/secret."""

import contextlib
import secrets
from pathlib import Path

from optimlab.classroom.files import write_atomic

LOST = ("the course's secret, .optimlab/secret, is gone: a new one was made, so the hidden cases are others than "
        "before and everybody's are drawn anew; if you have a copy of the old one, put it back and run this again")


def course_secret(root: Path) -> str:
    """The secret of the course in the folder `root`; a new one, readable by its owner alone, where there is none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as root:
    ...     course_secret(Path(root)) == course_secret(Path(root)) != ""
    True
    """
    path = _path(root)
    with contextlib.suppress(FileNotFoundError):
        if kept := path.read_text(encoding="utf-8").strip():
            return kept
    made = secrets.token_hex(32)
    write_atomic(path, made + "\n", mode=0o600)
    return made


def is_lost(root: Path) -> bool:
    """Whether the course has been graded, but has no secret any more."""
    return not _path(root).is_file() and any(_path(root).parent.glob("*/*/*.json"))


def _path(root: Path) -> Path:
    return root / ".optimlab" / "secret"
