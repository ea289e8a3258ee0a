"""The files that lie beside a notebook when it runs: those released with it, and those that students may hand in."""

import os
from collections.abc import Iterable
from pathlib import Path, PurePosixPath

from nbgrader.utils import find_all_files

from optimlab.classroom import Unusable
from optimlab.classroom.intake.untrusted_files import read_below

LARGEST_FILES = 20 * 2**20  # bytes of all released files of an assignment together

Files = dict[str, bytes]  # by their paths, with / on every system


def released_files(folder: Path, ignored: Iterable[str]) -> Files:
    """All files of a released assignment but its notebooks, those in subfolders too.

    ignored: patterns of names that nbgrader passes over, as in c.CourseDirectory.ignore.
    Raises Unusable if they hold more than 20 MB.
    """
    paths = [Path(path) for path in sorted(find_all_files(str(folder), [*ignored, "*.ipynb"]))]
    if sum(path.stat().st_size for path in paths) > LARGEST_FILES:
        raise Unusable(f"{folder}: the files beside the notebook are larger than {LARGEST_FILES >> 20} MB")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


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
