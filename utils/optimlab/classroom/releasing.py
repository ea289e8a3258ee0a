"""Makes the students' version of an assignment aside, and puts it in its place so that nothing is lost."""

import contextlib
import copy
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from nbgrader.api import Base
from nbgrader.converters import GenerateAssignment, NbGraderException
from nbgrader.coursedir import CourseDirectory
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from sqlalchemy import create_engine
from traitlets import TraitError
from traitlets.config import Config

from optimlab.classroom import Unusable
from optimlab.classroom.gradebook import entry
from optimlab.classroom.gradebook.database import Database
from optimlab.tutor.beside import WRITTEN

NOTHING_CHANGED = "nothing was changed; mend it and run this again"
SILENT = logging.Logger("silent")  # what nbgrader says becomes one line
SILENT.disabled = True


class _Generate(GenerateAssignment):
    """nbgrader's step, which keeps what went wrong with which notebook."""

    trouble: tuple[str, Exception] | None = None

    def convert_single_notebook(self, notebook_filename: str) -> None:
        try:
            super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.trouble = notebook_filename, error
            raise


def make(assignment: str, config: Config, aside: Path) -> tuple[Path, dict[str, entry.Made]]:
    """Make the students' version of an assignment in `aside`; returns its folder, and what a gradebook enters.

    nbgrader makes it, with a gradebook of its own there: `cells_in(aside)`. The author's exercises are left out.
    Raises Unusable, in one line, if it cannot be made.
    """
    url = cells_in(aside)
    engine = create_engine(url)
    Base.metadata.create_all(engine)  # a gradebook that has its tables, nbgrader takes as it is
    engine.dispose()
    config = copy.deepcopy(config)
    config.CourseDirectory.release_directory = str(aside)
    config.CourseDirectory.ignore = [*CourseDirectory(config=config).ignore, WRITTEN]
    config.CourseDirectory.db_url = url
    try:
        directory = CourseDirectory(config=config, assignment_id=assignment)
        generate = _Generate(coursedir=directory, config=config, log=SILENT)
        generate.start()
    except (NbGraderException, TraitError) as error:
        raise Unusable(_meaning(assignment, *(generate.trouble or (assignment, error)))) from None
    made = Database(url)
    try:
        return Path(directory.format_path(str(aside), ".", assignment)), made.do(lambda s: entry.read(s, assignment))
    finally:
        made.close()


def cells_in(aside: Path) -> str:
    """The address of the gradebook in which `make` has entered the cells."""
    return f"sqlite:///{aside / 'cells.db'}"


def _meaning(assignment: str, where: str, error: Exception) -> str:
    where = os.path.relpath(where)
    if isinstance(error, SchemaTooOldError):
        return f"{where}: was made with an older nbgrader: nbgrader update solutions/{assignment}"
    if isinstance(error, SchemaTooNewError):
        return f"{where}: was made with a newer nbgrader than the course's: make its cells anew with this one"
    # nbgrader wraps what it found in a sentence that says only that something is wrong.
    found = error.__context__ or error
    return f"{where}: {' '.join(str(found).split()) or type(found).__name__}: {NOTHING_CHANGED}"


@contextlib.contextmanager
def put_in_place(made: Path, folder: Path, before: Path) -> Iterator[None]:
    """Move `made` to `folder`, and what is there to `before`; both go back if what is done meanwhile fails."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    if folder.exists():
        folder.rename(before)
    try:
        made.rename(folder)
        try:
            yield
        except BaseException:
            folder.rename(made)
            raise
    except BaseException:
        if before.exists():
            before.rename(folder)
        raise


def same_files(one: Path, other: Path) -> bool:
    """Whether two folders hold the same files."""
    return _files(one) == _files(other)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
