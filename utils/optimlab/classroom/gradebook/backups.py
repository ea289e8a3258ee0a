"""Copies of a gradebook in SQLite, from before each run that grades."""

import contextlib
import filecmp
import os
import sqlite3
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook.database import AGAIN, PATIENCE

KEPT = 10


def back_up(db_url: str, folder: Path, patience: float = PATIENCE) -> None:
    """Copy a gradebook into `folder` unless its newest copy there is the same; the last ten are kept.

    SQLite copies it as one transaction sees it, whoever else has it open. PostgreSQL has backups of its own.
    Raises Unusable if it stays in use, or cannot be copied.
    """
    url = make_url(db_url)
    if url.get_backend_name() != "sqlite" or not os.path.isfile(url.database or ""):
        return
    gradebook = Path(url.database or "")
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{gradebook.stem}.{os.getpid()}"
    try:
        _copy(gradebook, unfinished, patience)
        there = _copies(folder, gradebook.stem)
        if there and filecmp.cmp(there[-1], unfinished, shallow=False):
            return
        unfinished.chmod(0o600)
        os.replace(unfinished, folder / f"{gradebook.stem}-{datetime.now(UTC):%Y-%m-%dT%H-%M-%S-%f}.db")
        for old in there[:-(KEPT - 1)]:
            old.unlink(missing_ok=True)
    except sqlite3.Error as error:
        raise Unusable(f"the gradebook {gradebook} cannot be copied to {folder} ({error}): free some space there, or "
                       f"put back a copy of it if it is damaged, {AGAIN}") from None
    finally:
        with contextlib.suppress(OSError):
            unfinished.unlink()


def newest(db_url: str, folder: Path) -> Path | None:
    """The newest copy of a gradebook, None if there is none."""
    url = make_url(db_url)
    there = _copies(folder, Path(url.database or "").stem) if url.get_backend_name() == "sqlite" else []
    return there[-1] if there else None


def _copies(folder: Path, stem: str) -> list[Path]:
    return sorted(folder.glob(f"{stem}-*.db"))


def _copy(gradebook: Path, to: Path, patience: float) -> None:
    until = time.monotonic() + patience

    def in_time(*_: int) -> None:
        if time.monotonic() > until:  # else SQLite would wait for ever
            raise Unusable(f"the gradebook {gradebook} is in use by another program: close formgrader, {AGAIN}")

    address = f"{gradebook.absolute().as_uri()}?mode=rw"  # which makes no new one
    with (contextlib.closing(sqlite3.connect(address, uri=True, timeout=0.1)) as there,
          contextlib.closing(sqlite3.connect(to)) as here):
        there.backup(here, progress=in_time)
