"""Makes a student's notebook harmless for anyone who looks at it in nbgrader's feedback or in formgrader.

Both turn the autograded notebook into HTML with nbconvert's templates, which pass HTML, Markdown, pictures,
metadata and counts on as they are, some of them between the quotes of an attribute. So the notebook itself
is cleaned, once, before it is written. Honest output looks the same as before.
"""

import html
import re
from collections.abc import Callable, Collection
from typing import Any

import nbformat
from nbformat.notebooknode import NotebookNode

from optimlab.classroom.pages.sanitize import (
    TOO_MUCH,
    as_it_is,
    clean_html,
    clean_markdown,
    clean_tex,
    clean_text,
    is_picture,
    markdown_as_html,
    one_line,
    without_pictures,
)

MOST_IN_ALL = 300_000  # characters of HTML in one notebook that are parsed
A_TAG, IN_MARKDOWN = 20, 10  # a tag, and each character of Markdown, counts as so many: they take longer
LARGEST_CODE, MOST_CODE = 50_000, 200_000  # characters of a student's code that are shown: of one cell, and in all
LONGEST_BLANK = 1_000  # blanks in a row, where what colours code takes time that grows with their square


def make_inert(nb: NotebookNode, own: Callable[[NotebookNode], bool] | None = None, plainly: str = "") -> None:
    """Make a notebook harmless, in place: the outputs of all cells, and everything in the student's own cells.

    own: tells whether the text of a cell is the student's; without it, all cells count as the student's.
    plainly: why nothing of these may be parsed, now or by who shows it; code is then left out, and texts stay raw.
    A text that is harmless stays as it is, letter for letter.
    """
    said = {key: _words(nb.metadata.get(key)) for key in ("kernelspec", "language_info")}
    nb.metadata = nbformat.from_dict({key: words for key, words in said.items() if "name" in words})
    taken = {name for cell in nb.cells if (name := _nbgrader(cell).get("grade_id")) is not None}
    left = _Left()
    for number, cell in enumerate(nb.cells):
        if own is None or own(cell):
            if plainly:
                cell.source = _plain(cell, plainly)
            _clean_cell(cell, number, taken, left)
        if cell.cell_type == "code":
            cell.execution_count = cell.get("execution_count") if type(cell.get("execution_count")) is int else None
            cleaned = [_clean_output(output, left) for output in cell.get("outputs") or [] if isinstance(output, dict)]
            cell.outputs = [nbformat.from_dict(output) for output in cleaned if output]
            for output in cell.outputs:
                if output.output_type == "execute_result":
                    output.execution_count = cell.execution_count


class _Left:
    """How much of a notebook may still be parsed."""

    def __init__(self) -> None:
        self._characters = MOST_IN_ALL
        self._code = MOST_CODE

    def enough_for(self, text: str, each: int = 1) -> bool:
        self._characters -= each * len(without_pictures(text)) + A_TAG * text.count("<")
        return self._characters >= 0

    def room_for_code(self, size: int) -> int:
        """How many of so many characters of code may be shown."""
        room = min(size, LARGEST_CODE, self._code)
        self._code -= room
        return room


# ---------------------------------------------------------------- cells

def _clean_cell(cell: NotebookNode, number: int, taken: Collection[str], left: _Left) -> None:
    cell.source = clean_text(_text(cell.get("source")))
    nbgrader = _nbgrader(cell)
    cell.metadata = nbformat.from_dict({"nbgrader": nbgrader} if nbgrader else {})
    if "id" in cell and not (isinstance(cell.id, str) and re.fullmatch(r"[A-Za-z0-9_-]{1,64}", cell.id)):
        cell.id = f"cell-{number}"
    attached = _pictures(cell.pop("attachments", None))
    if cell.cell_type == "markdown":
        if attached:
            cell.attachments = nbformat.from_dict(attached)
        enough = left.enough_for(cell.source, IN_MARKDOWN)
        cell.source = clean_markdown(cell.source, attached, taken) if enough else one_line(as_it_is(cell.source))
    elif cell.cell_type == "raw":  # nbconvert shows it as HTML
        if not left.enough_for(cell.source) or clean_html(cell.source) != cell.source:
            cell.source = html.escape(cell.source, quote=False)
    else:
        code = _BLANK.sub(lambda blank: f"\n# [cut: {len(blank[0]):,} blanks]\n", cell.source)
        room = left.room_for_code(len(code))
        cell.source = code if room == len(code) else f"{code[:room]}\n# [cut: {len(code):,} characters in all]"


_BLANK = re.compile(rf"(?<!\s)\s{{{LONGEST_BLANK},}}")


def _plain(cell: NotebookNode, why: str) -> str:
    if cell.cell_type == "code":
        return f"# [left out: {why}]"
    cell.pop("attachments", None)
    text = as_it_is(_text(cell.get("source")))
    return one_line(text) if cell.cell_type == "markdown" else text


def _nbgrader(cell: NotebookNode) -> dict[str, Any]:
    """nbgrader's metadata of a cell; {} unless its id is a plain word, for the pages use it as it is."""
    words = _words(cell.metadata.get("nbgrader"))
    return words if re.fullmatch(r"[\w-]+", str(words.get("grade_id", ""))) else {}


def _words(value: object) -> dict[str, Any]:
    """The plain words and numbers in a dictionary of metadata: no lists, nothing nested, no quotes, no tags."""
    return {key: v for key, v in value.items() if re.fullmatch(r"\w{1,40}", str(key)) and (
        type(v) in (bool, int, float) or (isinstance(v, str) and re.fullmatch(r"[\w ./+()-]{0,100}", v))
    )} if isinstance(value, dict) else {}


def _pictures(attached: object) -> dict[str, dict[str, Any]]:
    """The attachments of a cell that are pictures."""
    bundles = {name: {mime: data for mime, data in bundle.items() if mime in _SHOWN and is_picture(_text(data))}
               for name, bundle in (attached.items() if isinstance(attached, dict) else ())
               if isinstance(bundle, dict)}
    return {name: bundle for name, bundle in bundles.items() if bundle}


# ---------------------------------------------------------------- outputs

_SHOWN = ("image/png", "image/jpeg")
_NO_PICTURE = "a picture that is none, or is too large"
_REMOVED = {"application/javascript": "a script", "image/svg+xml": "a drawing in SVG; a PNG would be shown",
            "application/pdf": "a PDF file", "image/png": _NO_PICTURE, "image/jpeg": _NO_PICTURE}


def _clean_output(output: dict[str, Any], left: _Left) -> dict[str, Any] | None:
    """An output with only its harmless parts; None if nbformat knows no such output."""
    kind = output.get("output_type")
    if kind == "stream" and output.get("name") in ("stdout", "stderr"):
        return {"output_type": kind, "name": output["name"], "text": clean_text(_text(output.get("text")))}
    if kind == "error":
        said = {key: clean_text(_text(output.get(key))) for key in ("ename", "evalue")}
        return {"output_type": kind, **said, "traceback": list(map(clean_text, _texts(output.get("traceback"))))}
    if kind in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        data = _clean_data({mime: _text(value) for mime, value in output["data"].items()}, left)
        metadata = {mime: _measures(output.get("metadata"), mime) for mime in _SHOWN if mime in data}
        return {"output_type": kind, "data": data, "metadata": metadata}
    return None


def _clean_data(given: dict[str, str], left: _Left) -> dict[str, str]:
    data = {}
    if "text/html" in given:
        data["text/html"] = clean_html(given["text/html"]) if left.enough_for(given["text/html"]) else TOO_MUCH
    elif "text/markdown" in given:
        enough = left.enough_for(given["text/markdown"], IN_MARKDOWN)
        data["text/html"] = (markdown_as_html if enough else as_it_is)(given["text/markdown"])
    if "text/latex" in given:
        data["text/latex"] = clean_tex(clean_text(given["text/latex"]))
    for mime in _SHOWN:
        picture = "".join(given.get(mime, "").split())
        if picture and is_picture(picture):
            data[mime] = picture
    removed = [words for mime, words in _REMOVED.items() if mime in given]
    if not data and (removed or "text/plain" not in given):  # the plain text would only name what is removed
        data["text/plain"] = f"[removed: {removed[0] if removed else 'an output of an unknown kind'}]"
    elif "text/plain" in given:
        data["text/plain"] = clean_text(given["text/plain"])
    return data


def _measures(metadata: object, mime: str) -> dict[str, Any]:
    """Width, height and alt text of a picture, if they are proper ones."""
    said = metadata if isinstance(metadata, dict) else {}
    said = {**said, **(said[mime] if isinstance(said.get(mime), dict) else {})}
    measures = {key: said[key] for key in ("width", "height") if type(said.get(key)) is int and 0 < said[key] < 10_000}
    return measures | ({"alt": clean_text(said["alt"])} if isinstance(said.get("alt"), str) else {})


def _text(value: object) -> str:
    """A text in a notebook's JSON, where it may also be a list of lines."""
    return value if isinstance(value, str) else "".join(_texts(value))


def _texts(value: object) -> list[str]:
    return [line for line in value if isinstance(line, str)] if isinstance(value, list) else []
