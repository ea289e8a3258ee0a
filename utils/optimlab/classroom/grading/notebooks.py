"""Reads a notebook from bytes that nobody has checked, and tells what its cells stand for."""

import ast
import codecs
import json
import re
from functools import cache
from pathlib import Path
from typing import Any

from optimlab.classroom import Unusable

MOST_CELLS = 2_000  # in one notebook; the course's own have fewer than 50
LARGEST_TEXT = 12 * 2**20  # characters of all cells, as JSON writes them; a frame to the sandbox takes a third more
PICTURE = re.compile(r"data:image/[\w.+-]+;base64,[\w+/=]+", re.A)  # within a text
SKIPPED = "skip-execution"  # Jupyter's tag for cells that only a person runs
LONGEST_CALL = 500  # signs of a cell that only checks something, remarks included

# Plain JSON; nbformat's NotebookNode is such a dictionary, too.
Notebook = dict[str, Any]
Cell = dict[str, Any]


def read_notebook(path: str | Path) -> Notebook:
    """Read a notebook of any format version as version 4; raises Unusable where the file is not a notebook."""
    try:
        return parse_notebook(Path(path).read_bytes(), path)
    except OSError as error:
        raise Unusable(f"{path}: cannot be read: {error.strerror or error}") from None


def parse_notebook(data: bytes, name: str | Path) -> Notebook:
    """Read a notebook from a file's content; errors call the file by `name`.

    What decides nothing, such as the metadata, becomes empty where it is of the wrong kind.
    """
    if not data.strip():
        raise Unusable(f"{name}: is empty: save the notebook again and send that file")
    try:
        nb = json.loads(_decoded(data))
    except RecursionError:
        raise Unusable(f"{name}: is not a Jupyter notebook: it is nested too deep") from None
    except ValueError as error:  # no JSON, no text of any encoding, or a number of thousands of digits
        said = "holds a number that is too long" if "integer string" in str(error) else ""
        raise Unusable(f"{name}: is not a Jupyter notebook, or not a whole one{said and f' ({said})'}: save it in "
                       "Jupyter again and send that file") from None
    try:
        return _checked(_as_version_4(nb))
    except _Malformed as error:
        raise Unusable(f"{name}: is not a Jupyter notebook: {error}: save it in Jupyter again and send that file"
                       ) from None


class _Malformed(Exception):
    """What is not as it is in a notebook, in plain words."""


def _decoded(data: bytes) -> str:
    """A notebook's text: UTF-8 as Jupyter writes it, UTF-16 and UTF-32, or Latin-1 as other editors may."""
    if data.startswith(codecs.BOM_UTF8):
        return data.decode("utf-8-sig")
    encoding = json.detect_encoding(data)  # as json.loads does
    try:
        return data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        if encoding != "utf-8":
            raise
        return data.decode("latin-1")


def _as_version_4(nb: Any) -> Any:
    if not isinstance(nb, dict) or type(nb.get("nbformat")) is not int:
        raise _Malformed("it does not name its format")
    if nb["nbformat"] == 4:
        return nb
    import nbformat  # takes a second, and only old notebooks need it
    try:
        return nbformat.convert(nbformat.from_dict(nb), 4)
    except Exception:  # of an old notebook any part can be wrong, and nbformat raises many kinds of errors
        known = "it is in an old format, and not all of it is there" if 0 < nb["nbformat"] < 4 \
            else "it says that it is in a format that there is not"
        raise _Malformed(known) from None


def _checked(nb: Notebook) -> Notebook:
    """A notebook whose parts are of the right kind; raises _Malformed where cells are not."""
    cells = nb.get("cells")
    if not isinstance(cells, list):
        raise _Malformed("it has no list of cells")
    if len(cells) > MOST_CELLS:
        raise _Malformed(f"it has more than {MOST_CELLS:,} cells")
    for number, cell in enumerate(cells, start=1):
        if not isinstance(cell, dict):
            raise _Malformed(f"what stands in the place of cell {number} is no cell")
        if type(cell.get("cell_type")) is not str:
            raise _Malformed(f"cell {number} does not say whether it is code or text")
        if "source" not in cell:
            raise _Malformed(f"cell {number} has no source")
        if not _is_text(cell["source"]):
            raise _Malformed(f"the source of cell {number} is not text")
        cell["source"] = re.sub(r"\r\n?", "\n", "".join(cell["source"])).removeprefix("\ufeff")
        if not isinstance(cell.get("metadata"), dict):
            cell["metadata"] = {}
        if type(cell.get("id", "")) is not str:
            del cell["id"]
        if "attachments" in cell:
            given = cell["attachments"]
            cell["attachments"] = {name: picture for name, picture in given.items() if isinstance(picture, dict)} \
                if isinstance(given, dict) else {}
    if sum(len(json.dumps(PICTURE.sub("", cell["source"]))) for cell in cells) > LARGEST_TEXT:
        raise _Malformed(f"its cells hold more than {LARGEST_TEXT >> 20} MB of text")
    return nb


def _is_text(source: object) -> bool:
    """Whether a source is a text, or a list of lines."""
    return isinstance(source, str) or (isinstance(source, list) and all(isinstance(line, str) for line in source))


def adds_nothing(nb: Notebook, released: Notebook) -> bool:
    """Whether every cell of a notebook was handed out as it is, so that there is nothing of the student's in it."""
    def texts(nb: Notebook) -> set[tuple[str, ...]]:
        return {tuple(line.rstrip() for line in cell["source"].split("\n")) for cell in nb["cells"]
                if cell["source"].strip()}
    return texts(nb) <= texts(released)


def code_cells(nb: Notebook) -> list[tuple[int, Cell]]:
    """The code cells of a notebook with their numbers, counted from 1."""
    return list(enumerate((c for c in nb["cells"] if c["cell_type"] == "code"), start=1))


def to_run(nb: Notebook) -> list[tuple[int, str]]:
    """The numbers and sources of the code cells that run: all but those tagged `skip-execution` by the instructor.

    A test runs in any case, for one that does not run earns nothing.
    """
    return [(n, c["source"]) for n, c in code_cells(nb) if is_test(c) or not _is_skipped(c)]


def _is_skipped(cell: Cell) -> bool:
    tags = cell["metadata"].get("tags")
    return isinstance(tags, list) and SKIPPED in tags


def grade_id(cell: Cell) -> str:
    """The nbgrader id of a cell, "" if it has none."""
    return str(_nbgrader(cell).get("grade_id", ""))


# nbgrader.utils asks the same, but takes seconds to import, and `optimlab check` has none to lose.

def attachments(cell: Cell) -> dict[str, Any]:
    """The pictures that were pasted into a cell, by name."""
    attached: dict[str, Any] = cell.get("attachments", {})
    return attached


def is_marked(cell: Cell) -> bool:
    """Whether a cell is one of nbgrader's: an answer, a test, a read-only cell or a task."""
    return bool(grade_id(cell))


def is_answer(cell: Cell) -> bool:
    """Whether a cell is nbgrader's place for an answer."""
    return is_marked(cell) and bool(_nbgrader(cell).get("solution"))


def is_test(cell: Cell) -> bool:
    """Whether a cell is a test, which earns its points by what it shows; no person reads it."""
    about = _nbgrader(cell)
    return cell["cell_type"] == "code" and bool(about.get("grade")) and not about.get("solution")


def points_by_hand(nb: Notebook) -> float:
    """The points that a person gives: for answers that no test reads, and for tasks."""
    points: float = sum(about.get("points", 0) for about in map(_nbgrader, nb["cells"])
                        if about.get("task") or (about.get("grade") and about.get("solution")))
    return points


def _nbgrader(cell: Cell) -> dict[str, Any]:
    about = cell["metadata"].get("nbgrader")
    return about if isinstance(about, dict) else {}


def criterion_of(cell: Cell) -> str | None:
    """The criterion that a test cell stands for, if `require("CRITERION", FUNCTION)` is all that stands in it."""
    called = _called(cell["source"]) if is_test(cell) else ()
    return called[1] if called[:1] == ("require",) and len(called) == 3 else None


def checked_by(source: str) -> str | None:
    """The function that a cell checks, if `check(FUNCTION)` is all that stands in it."""
    called = _called(source)
    return called[1] if called[:1] == ("check",) and len(called) == 2 else None


@cache
def _called(source: str) -> tuple[str, ...]:
    """The name of a function and the names and texts that it is given, if a cell holds this one call; else ()."""
    if len(source) > LONGEST_CALL or ("check(" not in source and "require(" not in source):
        return ()
    try:
        statement, = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):  # students write such cells, too
        return ()
    if not (isinstance(statement, ast.Expr) and isinstance(call := statement.value, ast.Call)) or call.keywords:
        return ()
    given = [a.value if isinstance(a, ast.Constant) else a.id if isinstance(a, ast.Name) else None
             for a in (call.func, *call.args)]
    return tuple(map(str, given)) if all(isinstance(g, str) for g in given) else ()


def defines(source: str, name: str) -> bool:
    """Whether a cell defines a function or a value of this name."""
    return re.search(rf"\bdef\s+{name}\b|^{name}\s*=", source, re.MULTILINE) is not None
