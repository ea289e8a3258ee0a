"""The files that lie beside a notebook when it runs: those released with it, and those that students may hand in."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from optimlab.classroom import Unusable
from optimlab.classroom.intake.untrusted_files import read_below
from optimlab.tutor.beside import WRITTEN

LARGEST_FILES = 20 * 2**20  # bytes of all released files of an assignment together

Files = dict[str, bytes]  # by their paths, with / on every system


def released_files(folder: Path) -> Files:
    """All files of a released assignment but its notebooks and the author's exercises, those in subfolders too.

    Raises Unusable if they hold more than 20 MB.
    """
    there = {path.relative_to(folder): path for path in sorted(folder.rglob("*")) if path.is_file()}
    paths = {name: path for name, path in there.items()
             if name.suffix != ".ipynb" and name.name != WRITTEN and not any(map(_is_left_behind, name.parts))}
    if sum(path.stat().st_size for path in paths.values()) > LARGEST_FILES:
        raise Unusable(f"{folder}: the files beside the notebook are larger than {LARGEST_FILES >> 20} MB")
    return {name.as_posix(): path.read_bytes() for name, path in paths.items()}


def _is_left_behind(name: str) -> bool:
    """Whether a file or folder comes from Jupyter, Python or the system, which leave theirs where a person works."""
    return name.startswith(".") or name == "__pycache__"


def submitted_files(folder: Path, names: Iterable[str]) -> tuple[Files, list[str]]:
    """Those of the named files that a student has handed in, and a line for each that is there but not let in.

    folder: the student's folder of the assignment.
    Raises Unusable for a name that leads out of it.
    """
    files, refused = {}, []
    for name in names:
        parts = PurePosixPath(name).parts
        if not parts or ".." in parts or PurePosixPath(name).is_absolute():
            raise Unusable(f"c.Grade.submitted_files: {name!r} is no path inside of a student's folder")
        if os.path.lexists(folder / name):
            try:
                files[name], _ = read_below(folder, parts)
            except Unusable as error:
                refused.append(f"{name} {error}")
    return files, refused
