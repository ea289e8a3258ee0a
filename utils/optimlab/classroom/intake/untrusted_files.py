"""Opens files of strangers without following links, and shows their names without moving the cursor.

A submitted file may be a link, a pipe, a device or endless; its name, or its student's name, may be a path or
an escape sequence. So a file is judged once it is open, not by what it was a moment before, and a name is
either a proper id or refused.
"""

import contextlib
import errno
import functools
import operator
import os
import stat
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path

from optimlab.classroom import Unusable

LARGEST = 20 * 2**20  # bytes of one notebook
LONGEST_ID = 64
LONGEST_SHOWN = 200
NO_ID = f"is no student id, which takes 1 to {LONGEST_ID} letters, digits and . _ @ + -, and no dot first"
# Do not wait for a pipe, do not follow a link; each system has some of these flags.
SAFELY = functools.reduce(operator.or_, (
    getattr(os, f"O_{name}", 0) for name in ("RDONLY", "NOFOLLOW", "NONBLOCK", "CLOEXEC", "NOCTTY", "BINARY")))


def read(path: Path) -> bytes:
    """The content of a submitted file.

    Neither the file nor the two folders that it lies in (the assignment's, the student's) may be links.

    Errors: Unusable, one line, for a link, a file with a second name, anything but a file, or more than 20 MB.
    """
    parts = path.absolute().parts
    above = max(1, len(parts) - 3)
    try:
        return read_below(Path(*parts[:above]), parts[above:])[0]
    except Unusable as error:
        raise Unusable(f"{path}: {error}") from None


def read_below(folder: Path, parts: Iterable[str]) -> tuple[bytes, int]:
    """The content of folder/part/part and the time of its last change in ns; no part may be a link."""
    try:
        with _opened(folder, parts) as descriptor:
            about = os.fstat(descriptor)
            if not stat.S_ISREG(about.st_mode):
                raise Unusable("is no file but a folder, a pipe or a device")
            if about.st_nlink != 1:
                raise Unusable("has a second name elsewhere (a hard link): hand in a copy")
            with open(descriptor, "rb", closefd=False) as file:
                content = file.read(LARGEST + 1)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise Unusable("is a link, which is not followed: hand in the file itself") from None
        raise Unusable(f"cannot be read: {error.strerror or error}") from None
    if len(content) > LARGEST:
        raise Unusable(f"is larger than {LARGEST >> 20} MB: clear its outputs and hand it in again")
    return content, about.st_mtime_ns


@contextlib.contextmanager
def _opened(folder: Path, parts: Iterable[str]) -> Iterator[int]:
    """A descriptor of folder/part/part, opened part by part, so that no part can become a link in between."""
    if os.open in os.supports_dir_fd:
        descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
        for part in parts:
            above = descriptor
            try:
                descriptor = os.open(part, SAFELY, dir_fd=above)
            finally:
                os.close(above)
    else:  # Windows, where making a link is a privilege
        path = folder
        for part in parts:
            path = path / part
            if path.is_symlink():
                raise OSError(errno.ELOOP, "is a link")
        descriptor = os.open(path, SAFELY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def is_id(name: str) -> bool:
    """Whether a name can be a student's id, which also becomes the name of folders."""
    return (0 < len(name) <= LONGEST_ID and not name.startswith(".") and all(map(in_id, name))
            and len(name.encode()) <= 255)  # the longest name that disks take


def in_id(c: str) -> bool:
    """Whether a student's id may hold this character: letters and marks of any script, digits and . _ @ + -"""
    kind = unicodedata.category(c)
    return c in "._@+-" or kind[0] in "LM" or kind == "Nd"


def shown(text: object) -> str:
    """Any text as one short line for a terminal or a log, with invisible and cursor-moving characters spelled out.

    >>> shown("red\\x1b[31m \\u202eexe.txt\\n")
    'red\\\\x1b[31m \\\\u202eexe.txt\\\\n'
    """
    text = str(text)
    cut = text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
