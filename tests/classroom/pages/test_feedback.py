"""Feedback pages say what nbgrader's say, and no script of a student runs in them or in formgrader."""
import http.server
import random
import shutil
import threading
from pathlib import Path

import jinja2
import nbformat
import pytest
from browsing import keep, new_page
from hang import hang_guard
from nbconvert.exporters import HTMLExporter
from nbgrader.api import Gradebook
from nbgrader.server_extensions.formgrader import handlers
from traitlets.config import Config
from tricks import HTML, filled, honest_notebook, hostile_notebook, random_html

from optimlab.classroom import Unusable
from optimlab.classroom.pages.feedback import A_FORMULA, META, MOST_DRAWN, Feedback, formula, name_cells
from optimlab.classroom.pages.inert import make_inert
from optimlab.classroom.pages.sanitize import TAGS, clean_html

COMMENT = "Look at <script>(window.ran=window.ran||[]).push('comment')</script> **again**"


@pytest.fixture(scope="module")
def db_url(empty_gradebook, tmp_path_factory):
    """A gradebook in which eve has 1 of 2 points and 0.5 extra, half a point being lost for lateness."""
    url = f"sqlite:///{shutil.copy(empty_gradebook, tmp_path_factory.mktemp('gradebook'))}"
    with Gradebook(url, "optimlab") as book:
        book.add_assignment("tricks")
        book.add_notebook("tricks", "tricks")
        book.add_grade_cell("test-cell", "tricks", "tricks", max_score=2, cell_type="code")
        book.add_solution_cell("answer", "tricks", "tricks")
        book.add_student("eve", first_name="Eve", last_name="Adams")
        book.add_submission("tricks", "eve")
        grade = book.find_grade("test-cell", "tricks", "tricks", "eve")
        grade.auto_score, grade.extra_credit = 1, 0.5
        book.find_comment("answer", "tricks", "tricks", "eve").manual_comment = COMMENT
        book.find_submission_notebook("tricks", "tricks", "eve").late_submission_penalty = 0.5
        book.db.commit()
    return url


@pytest.fixture
def autograded(tmp_path):
    """Writes a notebook to where nbgrader has the autograded one."""
    def write(nb, clean=True):
        if clean:
            make_inert(nb)
        path = tmp_path / "tricks.ipynb"
        path.write_text(nbformat.writes(nb), encoding="utf-8")
        return path
    return write


@pytest.fixture(scope="module")
def feedback(db_url):
    feedback = Feedback(db_url)
    yield feedback
    feedback.close()


def test_the_page_is_nbgraders_with_its_points(feedback, autograded):
    page = feedback.page(autograded(honest_notebook()), "eve", "tricks", "tricks")
    assert "<title>Eve Adams: tricks</title>" in page
    assert "<h4>Eve Adams: tricks (Score: 1.0 / 2.0)</h4>" in page  # 1 + 0.5 - 0.5
    assert "test-cell</a> (Score: 1.5 / 2.0)" in page and "Late submission penalty (Score: -0.5)" in page
    assert "[removed: a script] <strong>again</strong>" in page  # the comment
    assert "&lt;module&gt;" in page and 'class="ansi-red-fg"' in page and "0.057" in page


def test_formulas_are_pictures_until_they_are_too_many(feedback, autograded):
    """Within a cell, and in those that follow the one in which it happened."""
    most = MOST_DRAWN // (A_FORMULA + 1)
    cells = [nbformat.v4.new_markdown_cell("$x$ " * number) for number in (most + 100, 100)]
    page = feedback.page(autograded(nbformat.v4.new_notebook(cells=cells)), "eve", "tricks", "tricks")
    assert (page.count('alt="x"'), page.count("$x$")) == (most, 200)


def test_a_mistake_is_told_once_and_a_persons_comment_stays(feedback, autograded, db_url):
    """What the tutor wrote as a comment stands at the top already; what it holds of a student's is text."""
    path = autograded(honest_notebook())
    told = [{"name": "answer", "score": 1, "max_score": 2.0, "mistakes": [{"id": "beta.one", "hint": "See <b>this</b>."}]}]
    with Gradebook(db_url) as book:
        comment = book.find_comment("answer", "tricks", "tricks", "eve")
        comment.auto_comment, comment.manual_comment = "1 of 2 points. beta.one: See this.", None
        book.db.commit()
        assert feedback.page(path, "eve", "tricks", "tricks").count("beta.one") == 1
        page = feedback.page(path, "eve", "tricks", "tricks", told)
        assert page.count("beta.one") == 1 and "See &lt;b&gt;this&lt;/b&gt;." in page and ", 1 of 2 points:" in page
        comment.manual_comment = COMMENT
        book.db.commit()
    assert "<strong>again</strong>" in feedback.page(path, "eve", "tricks", "tricks", told)


@pytest.mark.parametrize("grade_id, called", [
    ("initialize-shapes", "initialize: shapes (eight arrays, in this order, of these shapes)"),
    ("update-first_step", "update: first step (the parameters at t = 1)"),
    ("question-1", "question-1"), ("cell-0123456789abcdef", "What is a mean?"), ("cell-one", "cell-one")])
def test_the_index_calls_cells_what_they_are(grade_id, called):
    about = {"grade_id": grade_id, "grade": True, "solution": False, "task": False}
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell("Text.\n\n## What is a mean?\nMore."),
                                         nbformat.v4.new_code_cell("", metadata={"nbgrader": about})])
    name_cells(nb)
    assert nb.cells[1].metadata.nbgrader.called == called


def test_another_template_of_the_instructors_is_taken(db_url, autograded, tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own/index.html.j2").write_text("<html><head></head>{{ resources.nbgrader.score }} by hand</html>")
    config = Config(HTMLExporter={"template_name": "own", "extra_template_basedirs": [str(tmp_path)]})
    feedback = Feedback(db_url, config)
    assert "1.0 by hand" in feedback.page(autograded(honest_notebook()), "eve", "tricks", "tricks")
    feedback.close()


def test_the_policy_comes_before_all_else_and_no_script_is_left(feedback, autograded):
    page = feedback.page(autograded(honest_notebook()), "eve", "tricks", "tricks")
    assert page.index(META) == page.index("<head>") + len("<head>\n")
    assert "<script" not in page and "http-equiv" not in page.replace(META, "")


def test_points_are_those_of_the_moment(feedback, autograded, db_url):
    path = autograded(honest_notebook())
    with Gradebook(db_url) as book:
        book.find_grade("test-cell", "tricks", "tricks", "eve").manual_score = 2
        book.db.commit()
        assert "Score: 2.5 / 2.0" in feedback.page(path, "eve", "tricks", "tricks")
        book.find_grade("test-cell", "tricks", "tricks", "eve").manual_score = None
        book.db.commit()
    assert "Score: 1.5 / 2.0" in feedback.page(path, "eve", "tricks", "tricks")


def test_what_is_not_there_is_said_in_one_line(feedback, autograded, tmp_path):
    path = autograded(honest_notebook())
    with pytest.raises(Unusable, match=r"^[^\n]+ has no points in the gradebook: grade it again$"):
        feedback.page(path, "nobody", "tricks", "tricks")
    with pytest.raises(Unusable, match=r"^[^\n]+ cannot be read: No such file or directory$"):
        feedback.page(tmp_path / "none.ipynb", "eve", "tricks", "tricks")


def test_what_takes_long_is_made_once(feedback, autograded, monkeypatch):
    """A page takes a fiftieth of a second where templates are not compiled and the gradebook is not opened for it."""
    path = autograded(honest_notebook())
    page = feedback.page(path, "eve", "tricks", "tricks")
    for thing, method in ((jinja2.Environment, "compile"), (Gradebook, "__init__"), (HTMLExporter, "__init__")):
        monkeypatch.setattr(thing, method, lambda *_, **__: pytest.fail("made anew for a page"))
    assert feedback.page(path, "eve", "tricks", "tricks") == page


@pytest.mark.parametrize("tex", [
    "{" * 300, "\\sqrt{" * 40 + "1" + "}" * 40, "a'" * 140, "\\overset{" * 20 + "1" + "}{2}" * 20, "(" * 299,
    "\\left(" * 40 + "1" + "\\right)" * 40, "x_{" * 70 + "}" * 70, "\\unknown", "\\begin{a}\\end{a}", "$", "", "\\" * 99,
])
def test_no_formula_raises_or_takes_long(tex):
    with hang_guard():
        formula(tex)


# ---------------------------------------------------------------- in a real browser

STATIC = Path(handlers.static_path)


class Server(http.server.ThreadingHTTPServer):
    """Serves pages and formgrader's own files on this machine; notes what else it is asked for."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages, self.asked = {}, []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        prefix, _, path = self.path.partition("/formgrader/static/")
        content = self.server.pages.get(self.path)
        if not prefix and (STATIC / path).is_file():
            content = (STATIC / path).read_bytes()
        elif content is None and not self.path.startswith(("/formgrader/api/", "/favicon", "/fonts/")):
            self.server.asked.append(self.path)
        self.send_response(404 if content is None else 200)
        kind = {".css": "text/css", ".js": "text/javascript"}.get(Path(path).suffix, "text/html; charset=utf-8")
        self.send_header("Content-Type", kind)
        self.end_headers()
        self.wfile.write(content or b"")

    do_POST = do_PUT = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def formgrader_page(path, first_name="Eve"):
    """The page of a submission as formgrader makes it."""
    config = Config()
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [handlers.template_path]
    resources = {"assignment_id": "tricks", "notebook_id": "tricks", "submission_id": "1", "index": 0, "total": 1,
                 "base_url": "", "student": "eve", "last_name": "Adams", "first_name": first_name, "notebook_path": "x"}
    return HTMLExporter(config=config).from_filename(str(path), resources=resources)[0]


# Everything that a person might do, at once. Clicks on links are real ones.
TOUCH = """() => document.querySelectorAll('body *').forEach(e => {
  for (const kind of ['mouseover', 'mouseenter', 'focus', 'focusin', 'toggle', 'animationstart', 'load'])
    e.dispatchEvent(new Event(kind, {bubbles: true}));
  if (e.closest('#notebook') && !e.closest('.panel-heading') && e.click) e.click();
})"""
# Whether each score is what one sees at its place, and not something laid over it.
COVERED = """() => [...document.querySelectorAll('.panel-heading')].filter(heading => {
  heading.scrollIntoView({block: 'center'});
  const box = heading.getBoundingClientRect();
  const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
  return !box.height || !(heading.contains(seen));
}).length"""


def visit(browser, server, page, name, touch=True, settle=1000):
    """Open a page, touch everything in it; the names of what ran, what it asked for, how many scores were covered.

    settle: ms that what the page holds has to do something.
    """
    server.pages["/page/"] = page.encode("utf-8", "replace")
    server.asked.clear()
    elsewhere, dialogs = [], []
    with new_page(browser) as tab:
        tab.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))

        def answer(route):
            url = route.request.url
            if not url.startswith(server.address):
                if "cdnjs" not in url:  # the template's own: MathJax
                    elsewhere.append(url)
                return route.abort()
            if route.request.is_navigation_request() and route.request.frame == tab.main_frame and url != start:
                server.asked.append(url.removeprefix(server.address))
                return route.fulfill(status=204)  # the page stays
            return route.continue_()

        start = f"{server.address}/page/"
        tab.route("**/*", answer)
        tab.goto(start)
        tab.wait_for_timeout(settle * 0.3)
        if touch:
            tab.evaluate(TOUCH)
            tab.wait_for_timeout(settle * 0.7)
        ran = tab.evaluate("() => window.ran || []") + dialogs
        covered = tab.evaluate(COVERED)
        keep(tab.screenshot(full_page=not touch), name)
        return set(ran), [a for a in server.asked if a != "/page/"] + elsewhere, covered


@pytest.mark.parametrize("policy", [True, False], ids=["with the policy", "cleaned alone"])
def test_no_script_runs_in_feedback(browser, server, feedback, autograded, policy):
    page = feedback.page(autograded(hostile_notebook()), "eve", "tricks", "tricks")
    assert META in page
    if not policy:
        page = page.replace(META, "")
    assert visit(browser, server, page, f"feedback-hostile-{policy}") == (set(), [], 0)


def test_the_policy_alone_stops_scripts(browser, server, feedback, autograded):
    """The second wall: what a mistake in the cleaning would let through does not run."""
    nb = hostile_notebook()
    nb.cells = nb.cells[:2 * len(HTML)]  # the texts; nbconvert itself refuses some of the rest
    page = feedback.page(autograded(nb, clean=False), "eve", "tricks", "tricks")
    assert visit(browser, server, page, "feedback-uncleaned")[0] == set()


def test_no_script_runs_in_formgrader(browser, server, autograded):
    page = formgrader_page(autograded(hostile_notebook()))
    assert visit(browser, server, page, "formgrader-hostile") == (set(), [], 0)


@pytest.mark.parametrize("kind", ["feedback", "formgrader"])
def test_the_tricks_work_where_nothing_is_done_against_them(browser, server, feedback, autograded, kind):
    """So that the tests above can fail: each trick alone in a page, as nbgrader would show it."""
    def single(name):
        nb = hostile_notebook()
        cells = [c for c in nb.cells if name in c.source] if name else []
        nb.cells = [nb.cells[0], *cells, nb.cells[-1]]
        nb.metadata.pop("widgets")
        return nb

    worked = set()
    for name in WORK:
        path = autograded(single(f"'{name}'"), clean=False)
        if kind == "feedback":
            page = feedback.page(path, "eve", "tricks", "tricks").replace(META, "")
        else:
            page = formgrader_page(path)
        for settle in (200, 3000):  # most need no time to work; a busy machine does
            ran, asked, covered = visit(browser, server, page, f"{kind}-{name}", settle=settle)
            if name in ran or asked or covered:
                worked.add(name)
                break
    assert worked >= set(WORK)


# A browser's tree of each text, where it lies in a page: how it differs from what was written.
READ = """([texts, tags]) => texts.filter(text => {
  const page = new DOMParser().parseFromString(`<!DOCTYPE html><div><div>${text}</div></div><p>`, 'text/html');
  const [around, end] = page.body.children, inside = around.firstChild;
  return page.body.childNodes.length != 2 || end.localName != 'p' || around.childNodes.length != 1
      || inside.innerHTML != text || ![...inside.querySelectorAll('*')].every(e => tags.includes(e.localName));
})"""


def test_a_browser_reads_clean_html_as_it_was_written(browser):
    """What the cleaner has seen is what there is: no text has one meaning for it and another for a browser."""
    rng = random.Random(1)
    given = [filled(name, text) for name, text in HTML.items()] + [random_html(rng, 20) for _ in range(3_000)]
    with new_page(browser) as tab:
        assert tab.evaluate(READ, [["<li><div><li></li></div></li>", "<p><p></p></p>"], sorted(TAGS)]) != []
        assert tab.evaluate(READ, [list(map(clean_html, given)), sorted(TAGS)]) == []


WORK = ["script", "onerror", "onclick", "onmouseover", "js-link", "js-link-files", "md-link", "svg", "mixed-comment", "foster"]


def test_an_honest_page_looks_right(browser, server, feedback, autograded):
    page = feedback.page(autograded(honest_notebook()), "eve", "tricks", "tricks")
    assert visit(browser, server, page, "feedback-honest", touch=False) == (set(), [], 0)
    page = formgrader_page(autograded(honest_notebook()))
    assert visit(browser, server, page, "formgrader-honest", touch=False) == (set(), [], 0)
