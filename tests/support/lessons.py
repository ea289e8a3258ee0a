"""The lessons, and how the tests run them: from top to bottom, as the grader runs a submission, without a Jupyter kernel."""
import ast
import builtins
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


# Half of a lesson's time goes into pixels. Where only words count, a figure is its alt text.
NO_PIXELS = "from optimlab.plots import Picture\nPicture.png = lambda self, facecolor='white': b''"


def executed(nb, place, files=None, pixels=True):
    """The notebook, its code cells run in a place of sandbox/places.py, files beside it."""
    cells = [(number, cell) for number, cell in enumerate(nb.cells) if cell.cell_type == "code"]
    before = [] if pixels else [(-1, NO_PIXELS)]
    evidence = run(bundle_of(before + [(number, cell.source) for number, cell in cells], files), b"", LIMITS, place)
    for number, cell in cells:
        cell.outputs = [nbformat.from_dict(output) for output in evidence.outputs[number]]
    return nb


def cards(name):
    """The claims that a lesson puts on cards; none while it has no module of its own."""
    module = f"optimlab.lessons.{name[3:].replace('-', '_')}"
    return [thing for thing in vars(import_module(module)).values() if isinstance(thing, Claim)] if find_spec(module) else []


def is_exercise(cell):
    return "exercise" in cell.metadata.get("tags", [])


def bound_and_used(source):
    """The names that a cell binds, and those that it reads; inside functions their own aside."""
    tree = ast.parse(source)
    bound, used = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound |= {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            bound.add(node.name)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, ast.Name):
            (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
    return bound, used - set(dir(builtins))


def left_by(source):
    """The names that a cell leaves for the next ones: none of those inside its functions."""
    parts = ast.parse(source).body
    functions = [part for part in parts if isinstance(part, ast.FunctionDef)]
    others = [bound_and_used(ast.unparse(part))[0] for part in parts if part not in functions]
    return {part.name for part in functions}.union(*others)


def imports_alone(source):
    return all(isinstance(node, ast.Import | ast.ImportFrom) for node in ast.parse(source).body)


def reached_by_answers(nb):
    """The cells that an answer can change: the exercises, and what uses their names, or names that come from these;
    with the imports, and nothing else."""
    names, reached = set(), []
    for cell in code(nb):
        if is_exercise(cell) or bound_and_used(cell.source)[1] & names:
            names |= left_by(cell.source)
            reached.append(cell)
        elif imports_alone(cell.source):
            reached.append(cell)
    return nbformat.v4.new_notebook(cells=reached)


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
