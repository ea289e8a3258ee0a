"""The lessons, and how the tests run them: from top to bottom, as the grader runs a submission, without a Jupyter kernel."""
import html
import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import nbformat

from optimlab.classroom.sandbox.run import Limits, bundle_of, run
from optimlab.explorables import Claim
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


def cards(name):
    """The claims that a lesson puts on cards; none while it has no module of its own."""
    module = f"optimlab.lessons.{name[3:].replace('-', '_')}"
    return [thing for thing in vars(import_module(module)).values() if isinstance(thing, Claim)] if find_spec(module) else []


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


def lines_of(nb):
    """The lines of code that a student reads."""
    return [line for cell in code(nb) for line in cell.source.splitlines() if line.strip()]


# How long things take: words a minute; the others in seconds each. A line that is written is also checked and mended.
WORDS, LINE, PREDICTION, EXERCISE, WRITTEN_LINE, ANSWER = 180, 4, 30, 360, 100, 240
MARKS = r"(?s)<style>.*?</style>|<[^>]*>|\$[^$]*\$|\]\([^)]*\)"  # what is no word


def minutes(nb):
    """How long an executed lesson takes: to read, its cards and tables too, to predict and to write."""
    shown = [output.data["text/html"] for cell in code(nb) for output in cell.outputs
             if "text/html" in output.get("data", {}) and not re.search(r"check\(\w+\)\s*$", cell.source)]
    words = sum(len(re.sub(MARKS, " ", text).split()) for text in [cell.source for cell in prose(nb)] + shown)
    asked = sum(output.get("data", {}).get("text/plain", "").startswith(("One of: ", "A number."))
                for cell in code(nb) for output in cell.outputs)
    written = len([cell for cell in code(nb) if is_exercise(cell)])
    return words / WORDS + (LINE * len(lines_of(nb)) + PREDICTION * asked + EXERCISE * written) / 60
