"""nbgrader's Submit, which does not pass over a copy of the notebook that a student wrote in somewhere else."""

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

from nbgrader.exchange.default import ExchangeSubmit

from optimlab.classroom import Unusable
from optimlab.classroom.grading.notebooks import Notebook, grade_id, read_notebook


class Submit(ExchangeSubmit):
    """Hands in an assignment; fails where the student's answers are in another copy of a notebook, and names it."""

    def start(self) -> None:
        self.init_src()
        self.init_release()
        for released in sorted(Path(self.release_path).glob("*.ipynb")):
            handed_in = Path(self.src_path, released.name)
            if copy := newer_answers(handed_in, released, self._copies(released.stem)):
                here, there = (os.path.relpath(path, self.coursedir.root) for path in (handed_in, copy))
                said = (f"Not submitted: {here} is what is handed in, but what you wrote last is in {there}. "
                        f"Put that file in place of {here}, or delete it if it does not count, and submit again.")
                # The Assignment List shows this below nbgrader's traceback, and does not break lines.
                self.fail("\n\n" + textwrap.fill(said, 100, break_long_words=False, break_on_hyphens=False))
        super().start()

    def _copies(self, name: str) -> Iterator[Path]:
        """The notebooks in the course's folder that might be copies of this one: `adam (1)`, `adam-Copy1`, `Adam`."""
        root, mine = Path(self.coursedir.root), Path(self.src_path)
        stages = ("source", "submitted", "autograded", "feedback", "solution")
        others = {root / getattr(self.coursedir, f"{stage}_directory") for stage in stages} | {Path(self.root)}
        others |= {folder for folder in mine.parent.iterdir() if folder.is_dir()} - {mine}  # of other assignments
        for folder, inside, files in os.walk(root):
            inside[:] = [n for n in inside if not n.startswith(".") and Path(folder, n) not in others]
            yield from (Path(folder, n) for n in files
                        if n.endswith(".ipynb") and n.lower().startswith(name.lower()))


def newer_answers(handed_in: Path, released: Path, copies: Iterator[Path]) -> Path | None:
    """The copy of a notebook that holds a student's answers where the file that is handed in does not.

    That is one that differs from both the released notebook and the one handed in; and the latter is as it was
    released, or is missing, or was saved earlier.
    """
    original = _read(released)
    mine = _read(handed_in)
    if original is None or (mine is None and handed_in.exists()):
        return None
    untouched = mine is None or _sources(mine) == _sources(original)
    ids = _ids(original)
    for path in copies:
        copy = None if path == handed_in else _read(path)
        if copy is None or not ids & _ids(copy) or _sources(copy) in (_sources(original), mine and _sources(mine)):
            continue
        if untouched or path.stat().st_mtime > handed_in.stat().st_mtime:
            return path
    return None


def _read(path: Path) -> Notebook | None:
    try:
        return read_notebook(path)
    except Unusable:
        return None


def _sources(nb: Notebook) -> list[str]:
    return [cell["source"] for cell in nb["cells"]]


def _ids(nb: Notebook) -> set[str]:
    return {grade_id(cell) for cell in nb["cells"]} - {""}
