"""The lessons, and how the tests run them: from top to bottom, as the grader runs a submission, without a Jupyter kernel."""
import html
import re
from pathlib import Path

import nbformat

from optimlab.classroom.sandbox.run import Limits, bundle_of, run
from optimlab.syllabus import LESSONS

ROOT = Path(__file__).resolve().parents[2]
NAMES = [lesson.file for lesson in LESSONS.values()]
LIMITS = Limits(cell=120.0, total=600.0)


def read(name):
    return nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)


def executed(nb, place, files=None):
    """The notebook, its code cells run in a place of sandbox/places.py, files beside it."""
    cells = [(number, cell) for number, cell in enumerate(nb.cells) if cell.cell_type == "code"]
    evidence = run(bundle_of([(number, cell.source) for number, cell in cells], files), b"", LIMITS, place)
    for number, cell in cells:
        cell.outputs = [nbformat.from_dict(output) for output in evidence.outputs[number]]
    return nb


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", [])


def code(nb):
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def prose(nb):
    return [cell for cell in nb.cells if cell.cell_type == "markdown"]


def text_of(output):
    data = output.get("data", {})
    return "".join([output.get("text", ""), data.get("text/plain", ""), data.get("text/markdown", ""),
                    html.unescape(re.sub(r"data:image[^\"]*", "", data.get("text/html", "")))])


def errors(nb):
    return [f"{cell.id}: {output.evalue}" for cell in code(nb) for output in cell.outputs
            if output.output_type == "error"]


def reports(nb):
    """What the cells say that check an answer."""
    return [text_of(output) for cell in code(nb) for output in cell.outputs
            if re.search(r"check\(\w+\)\s*$", cell.source)]
