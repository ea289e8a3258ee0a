"""Writes the students' edition out of the installed package, and opens it: the course without git.

A wheel that was built from a published edition holds that edition, file by file (hatch_build.py).
"""

import os
import runpy
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import optimlab
from optimlab.classroom import Unusable
from optimlab.classroom.files import write_atomic
from optimlab.classroom.publishing import MARK

PACKAGE = Path(optimlab.__file__).parent
IN_THE_COURSE = "utils/optimlab/"  # where the package itself lies there


def write_edition(to: Path, package: Path = PACKAGE) -> str:
    """Write the edition into a new or empty folder, or what lacks of it into an earlier one; returns what was done.

    No file that is there is ever changed: it may hold somebody's answers.
    Raises Unusable if the package holds no edition, or the folder something else.
    """
    mark = package / "edition" / MARK
    if not mark.is_file():
        raise Unusable("this installation holds no students' edition, for it was made from an instructor's folder: "
                       "open the course there with `python course.py lab`, or make the edition with "
                       "`python course.py publish FOLDER`")
    if to.exists() and not to.is_dir():
        raise Unusable(f"{to}: is no folder: name a new or empty one")
    if to.is_dir() and any(to.iterdir()) and not (to / MARK).is_file():
        raise Unusable(f"{to}: holds something else, which would be mixed up with the course: name a new or empty "
                       "folder, or one that was started in before")
    files = {name: package / (name.removeprefix(IN_THE_COURSE) if name.startswith(IN_THE_COURSE) else f"edition/{name}")
             for name in [MARK, *mark.read_text(encoding="utf-8").splitlines()]}
    there = [name for name in files if (to / name).exists()]
    try:
        for name, source in files.items():  # the list first: from then on the folder is known as the course's
            if name not in there:
                write_atomic(to / name, source.read_bytes())
    except OSError as error:
        raise Unusable(f"{to}: cannot be written: {error.strerror}: name another folder, or make room") from None
    kept = [name for name in there if (to / name).read_bytes() != files[name].read_bytes()]
    older = f"; {len(kept)} of its files are not this version's, and stay yours: {', '.join(kept)}" if kept else ""
    return f"The course is in {to.resolve()}{older}"


def open_lab(folder: Path, words: Sequence[str]) -> int:
    """Open the course in JupyterLab, as its own course.py does, but with the packages that are installed here."""
    course = runpy.run_path(str(folder / "course.py"))
    course["check_lab"](words)
    command = [sys.executable, "-m", *course["COMMANDS"]["lab"], *words]
    os.chdir(folder)
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.call(command)
