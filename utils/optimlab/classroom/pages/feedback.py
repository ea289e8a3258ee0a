"""Makes a student's feedback page from nbgrader's template and points; no script can run on it.

`nbgrader generate_feedback` sets everything up anew for each page. A Feedback is set up once and then writes
a page in some 30 ms; cells that all students have in common are turned into HTML only once.
"""

import base64
import functools
import html
import io
import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import DictLoader, FileSystemLoader, pass_context
from jinja2.runtime import Context
from matplotlib import rc_context
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import math_to_image
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat.notebooknode import NotebookNode
from nbgrader.api import BaseCell, Comment, Grade, Gradebook, MissingEntry, SubmittedNotebook
from nbgrader.converters import GenerateFeedback
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import GetGrades
from nbgrader.utils import is_grade, is_solution, is_task
from traitlets.config import Config

from optimlab.classroom import Unusable
from optimlab.classroom.pages.sanitize import clean_markdown
from optimlab.tutor.registry import WORDS

# Whatever the page holds, nothing is loaded and nothing runs; only its own styles and the pictures inside it show.
POLICY = ("default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; "
          "form-action 'none'")
META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
# The template lacks colours for tracebacks, which must be dark enough for its grey, as its links and some words of
# code are not, and room in its tables; colour must not be the only sign of a link; and on a phone long lines scroll
# by themselves.
ANSI = {"red": "#b22b31", "green": "#007427", "yellow": "#7a6000", "blue": "#0065ca", "magenta": "#a03196",
        "cyan": "#07737a", "white": "#63676d"}
STYLE = ("<style>{} .anchor-link {{display: none}} .ansi-bold {{font-weight: bold}} "
         ".rendered_html :is(td, th) {{padding: .15em .5em}} body .highlight :is(.ow, .nd) {{color: #8a1ad0}} "
         ".input_area, .rendered_html, .output_subarea {{overflow-x: auto; min-width: 0}} "
         "body .highlight :is(.c, .c1) {{color: #356e6e}} body a {{color: #23527c}} "
         "body div.nbgrader_cell .panel-heading a {{color: #fff; text-decoration: underline}}</style>").format(
    " ".join(f".ansi-{name}-fg, .ansi-{name}-intense-fg {{color: {colour}}}" for name, colour in ANSI.items()))

# The template asks for MathJax, which may not run: it gets an empty macro.
NO_MATHJAX = DictLoader({"mathjax.html.j2": "{% macro mathjax(url='') %}{% endmacro %}"})

OURS = "feedback.html.j2"  # in this folder; it puts another head on nbgrader's page
CRITERION = re.compile(r"""\s*require\(\s*["']([\w.]+)""")  # in the cell that stands for it
MADE_UP = re.compile("cell-[0-9a-f]{16}")  # the ids that nbgrader gives by itself
Exercises = list[dict[str, Any]]  # what a record says of them; see batch.py


class Feedback:
    """Writes feedback pages; one object serves a whole process.

    The page is nbgrader's, with the points, extra credit, late penalty and comments of the gradebook. Above it
    stands whose it is, what each cell was worth, and each mistake, once. Where the configuration names another
    template, the page is that one's alone. Its policy allows no script, so MathJax does not run: formulas
    are drawn by matplotlib, as pictures with the TeX as their alt text. A formula that matplotlib cannot draw,
    such as an `aligned` environment, stays as TeX, and so do those of all cells once MOST_DRAWN
    characters are drawn. Comments are cleaned here; inert.py has cleaned the notebook.

    db_url: as nbgrader's CourseDirectory.db_url. config: nbgrader's configuration.
    """

    def __init__(self, db_url: str, config: Config | None = None):
        converter = GenerateFeedback(coursedir=CourseDirectory(config=config), config=config)
        # nbgrader's choice of colours for code are names that only JupyterLab defines.
        converter.config.CSSHTMLHeaderPreprocessor.setdefault("style", "default")
        self._gradebook = Gradebook(db_url)
        page = converter.config.HTMLExporter
        if page.template_name == "feedback" and "template_file" not in page:
            page.template_file = OURS
        self._exporter = _Exporter(config=converter.config,
                                   extra_loaders=[NO_MATHJAX, FileSystemLoader(Path(__file__).parent)])
        for step in converter.preprocessors:
            if step is GetGrades:
                step = _GetGrades(self._gradebook, parent=self._exporter)
            self._exporter.register_preprocessor(step, enabled=True)

    def page(self, autograded: str | Path, student: str, assignment: str, notebook: str,
             exercises: Exercises | None = None, words: Mapping[str, str] = WORDS) -> str:
        """The HTML page for the notebook at `autograded`; raises Unusable if the file or its points are missing.

        exercises: what the tutor says of each; what it says of mistakes stands at the top, and not again below.
        words: what each of the tutor's criteria asks for, by its id.
        """
        ids = {"student": student, "assignment": assignment, "notebook": notebook, "db_url": "",
               "exercises": [e for e in exercises or () if e["mistakes"]], "words": words}
        try:
            nb = nbformat.read(autograded, as_version=4)
            page, _ = self._exporter.from_notebook_node(nb, {"nbgrader": ids, "metadata": {"name": notebook}})
        except MissingEntry:
            raise Unusable(f"{autograded}: has no points in the gradebook: grade it again") from None
        except OSError as error:
            raise Unusable(f"{autograded}: cannot be read: {error.strerror or error}") from None
        finally:
            self._gradebook.db.rollback()  # so that the next page reads the points anew
        return re.sub(r"<head\b[^>]*>", lambda head: f"{head[0]}\n{META}\n{STYLE}", page, count=1)

    def close(self) -> None:
        """Close the gradebook."""
        self._gradebook.close()


class _GetGrades(GetGrades):
    """nbgrader's own step, which opens the gradebook for every page and asks it for every cell.

    Here it stays open, and is asked once.
    """

    def __init__(self, gradebook: Gradebook, **kw: Any):
        super().__init__(**kw)
        self.gradebook = gradebook

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        ids = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = ids["notebook"], ids["assignment"], ids["student"]
        found = self.gradebook.find_submission_notebook(self.notebook_id, self.assignment_id, self.student_id)
        self._scores = self._by_cell(found, Grade, Grade.score, Grade.max_score)
        self._comments = self._by_cell(found, Comment, Comment.comment, Comment.manual_comment)
        nb, resources = super(GetGrades, self).preprocess(nb, resources)
        penalty = found.late_submission_penalty or 0
        names = filter(None, (found.student.first_name, found.student.last_name))
        ids.update(score=found.score - penalty, max_score=found.max_score, late_penalty=penalty,
                   who=" ".join(names) or self.student_id)
        name_cells(nb, ids["words"])
        return nb, resources

    def _by_cell(self, submitted: SubmittedNotebook, kind: type[Grade | Comment], *columns: Any
                 ) -> dict[str, Sequence[Any]]:
        """Some columns of all grades or comments of a submission, by the name of the cell."""
        cells = BaseCell.__table__.c
        rows = self.gradebook.db.query(cells.name, *columns).filter(
            kind.cell_id == cells.id, kind.notebook_id == submitted.id)
        return {name: held for name, *held in rows}

    def _get_comment(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        about = cell.metadata.nbgrader
        comment, by_hand = _held(self._comments, about.grade_id)
        if any(e["name"] == about.grade_id for e in resources["nbgrader"]["exercises"]):  # told above
            comment = by_hand
        about["comment"] = comment and clean_markdown(comment)

    def _get_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        about = cell.metadata.nbgrader
        about["score"], about["points"] = _held(self._scores, about.grade_id)


def _held(rows: dict[str, Sequence[Any]], cell: str) -> Sequence[Any]:
    if cell not in rows:
        raise MissingEntry(cell)
    return rows[cell]


def name_cells(nb: NotebookNode, words: Mapping[str, str] = WORDS) -> None:
    """Give each cell that has points or a comment a name for the page's index, in its metadata.

    A criterion of the tutor's is called by its `words`, another cell by its id, or, where nbgrader made that up,
    by the heading above it.
    """
    heading, usual = "", {id.replace(".", "-"): id for id in words}
    for cell in nb.cells:
        if is_grade(cell) or is_solution(cell) or is_task(cell):
            about = cell.metadata.nbgrader
            id = heading if heading and MADE_UP.fullmatch(about.grade_id) else about.grade_id
            criterion = found[1] if (found := CRITERION.match(cell.source)) else usual.get(about.grade_id, "")
            about["called"] = (f"{criterion.replace('.', ': ').replace('_', ' ')} ({words[criterion]})"
                               if criterion in words else id)
        elif cell.cell_type == "markdown" and (found := re.search(r"^#+ +(.+?) *$", cell.source, re.MULTILINE)):
            heading = found[1]


class _Exporter(HTMLExporter):
    """nbconvert's exporter, except that it neither parses its own page again to add alt texts, which takes half of its
    time, nor copies and checks a notebook that was written a moment ago."""

    def from_notebook_node(  # type: ignore[override]  # nbconvert's HTML exporters differ from their base in this, too
            self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kw: Any) -> tuple[str, dict[str, Any]]:
        language = nb.metadata.get("language_info", {}).get("name") or "ipython3"
        self._drawn = 0  # characters of formulas in this page, so far
        self.register_filter("highlight_code", lambda source, metadata: _highlighted(
            source, metadata.get("magics_language") or language))  # for cells that begin with %%bash and the like
        self.register_filter("filter_data_type", WidgetsDataTypeFilter(notebook_metadata={}, parent=self))
        return TemplateExporter.from_notebook_node(self, nb, self._init_resources(resources), **kw)

    def _preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        for step in self._preprocessors:
            nb, resources = step(nb, resources)
        return nb, resources

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        attachments = context.get("cell", {}).get("attachments") or {}
        if self._drawn > MOST_DRAWN:
            return MarkdownWithMath(IPythonRenderer(escape=False, attachments=attachments)).render(source)
        page, drawn = _rendered(source) if not attachments else _rendered.__wrapped__(source, attachments)
        self._drawn += drawn
        return page


@functools.lru_cache(500)
def _highlighted(source: str, language: str) -> str:
    highlighted: str = Highlight2HTML(pygments_lexer=language)(source)
    return highlighted


@functools.lru_cache(500)
def _rendered(source: str, attachments: dict[str, Any] | None = None) -> tuple[str, int]:
    """The HTML of a Markdown text, and how many characters of formulas were drawn for it."""
    renderer = _Renderer(attachments or {})
    return MarkdownWithMath(renderer).render(source), renderer.drawn


class _Renderer(IPythonRenderer):
    """Markdown as nbconvert has it, with formulas as pictures."""

    def __init__(self, attachments: dict[str, Any]):
        super().__init__(escape=False, attachments=attachments)
        self.drawn = 0

    def inline_math(self, body: str) -> str:
        return self._formula(body) or super().inline_math(body)

    def _formula(self, tex: str) -> str:
        self.drawn += len(tex) + A_FORMULA
        return formula(tex) if self.drawn <= MOST_DRAWN else ""

    def block_math(self, body: str) -> str:
        picture = self._formula(body.replace(r"\frac", r"\dfrac"))  # as large as TeX draws them in such a formula
        centred = f'<span style="display:block;text-align:center">{picture}</span>'
        return centred if picture else super().block_math(body)


LONGEST_FORMULA, MOST_DRAWN = 300, 5_000  # characters of one formula that is drawn, and of all in a page,
A_FORMULA = 10                            # where each counts as so many more
logging.getLogger("matplotlib.mathtext").setLevel(logging.ERROR)  # it would warn of every letter that its fonts lack
_LETTERS = FontProperties(size=11.5, math_fontfamily="cm")  # as large as the page's text


@functools.lru_cache(1_000)
def formula(tex: str) -> str:
    r"""A formula in TeX as a self-contained <img>; "" if matplotlib cannot draw it.

    >>> formula(r"\frac{1}{2}")[:30], formula(r"\begin{aligned}1\end{aligned}")
    ('<img src="data:image/svg+xml;b', '')
    """
    tex = " ".join(tex.split())
    if not tex or len(tex) > LONGEST_FORMULA or "$" in tex:
        return ""
    drawing = io.BytesIO()
    try:
        with rc_context({"svg.hashsalt": "optimlab"}):  # so that the same page comes out each time
            depth = math_to_image(f"${tex}$", drawing, _LETTERS, format="svg")
    except Exception:  # ValueError for TeX that it does not know, and others for odd input
        return ""
    svg = re.sub(rb"\s*<metadata>.*?</metadata>", b"", drawing.getvalue(), flags=re.DOTALL)  # the date
    data = base64.b64encode(svg).decode()
    return (f'<img src="data:image/svg+xml;base64,{data}" alt="{html.escape(tex)}" '
            f'style="vertical-align:{-depth:.2f}pt">')
