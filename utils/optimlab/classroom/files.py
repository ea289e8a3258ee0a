"""Files that are there whole or not at all, whatever is killed in between, and the records of grading among them."""

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import Any

RECORDS = ".optimlab"  # the folder in which grading keeps its records


def _closed(name: str, flags: int) -> int:
    """Open a file that nobody but its owner reads until its rights are set."""
    return os.open(name, flags, 0o600)


def write_atomic(path: Path, content: bytes | str, mode: int | None = None) -> None:
    """Write a file under a temporary name, then rename it: nobody ever sees half of it, and it is on disk on return.

    mode: who may read and write it; None leaves that to the process's umask.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_atomic(Path(folder) / "ada" / "note.txt", "read")
    ...     (Path(folder) / "ada" / "note.txt").read_text()
    'read'
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f".{path.name[:100]}.{os.getpid()}-{threading.get_ident()}")
    try:
        with open(unfinished, "wb", opener=None if mode is None else _closed) as file:
            file.write(content.encode("utf-8", "replace") if isinstance(content, str) else content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            unfinished.chmod(mode)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            unfinished.unlink()
        raise


def record(path: Path) -> dict[str, Any]:
    """Read a record (see batch.py); an empty one if there is none or it cannot be read."""
    with contextlib.suppress(OSError, ValueError):
        read = json.loads(path.read_text(encoding="utf-8"))
        if isinstance(read, dict):
            return read
    return {}
