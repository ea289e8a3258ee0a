"""The site, where it has been built (`python course.py site`): whole, on its own, alive, and open to everyone."""
import html.parser
import re
import urllib.parse

import pytest
from browsing import barriers, colours, keep, new_page
from project import ROOT
from serving import served

SITE = ROOT / "build" / "site" / "html"
if not (SITE / "index.html").is_file():
    pytest.skip("the site has not been built: python course.py site", allow_module_level=True)
PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if "_static" not in path.parts)
LESSONS = [page for page in PAGES if page.startswith("notebooks/")]


class Targets(html.parser.HTMLParser):
    """What a page leads to or shows, and the names that one can lead to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.names = [], set()
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.links += [given[key] for key in ("href", "src") if given.get(key) and tag != "base"]
        self.names |= {given[key] for key in ("id", "name") if given.get(key)}


@pytest.fixture(scope="module")
def targets():
    return {page: Targets((SITE / page).read_text(encoding="utf-8")) for page in PAGES}


@pytest.mark.parametrize("page", PAGES)
def test_every_link_and_picture_of_the_site_is_there(targets, page):
    missing = []
    for link in targets[page].links:
        parts = urllib.parse.urlsplit(link)
        if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
            continue
        target = (SITE / page).parent / urllib.parse.unquote(parts.path) if parts.path else SITE / page
        if target.is_dir():
            target /= "index.html"
        name = str(target.resolve().relative_to(SITE))
        named = targets[name].names if name in targets else {urllib.parse.unquote(parts.fragment)}
        if not target.is_file() or (parts.fragment and urllib.parse.unquote(parts.fragment) not in named):
            missing.append(link)
    assert missing == []


@pytest.fixture(scope="module")
def address():
    with served(SITE) as address:
        yield address


@pytest.fixture
def page(browser, address):
    """A page that keeps what went wrong: errors of the console, and requests to anywhere else."""
    with new_page(browser) as page:
        page.wrong = []
        page.on("console", lambda message: message.type == "error" and page.wrong.append(message.text))
        page.on("pageerror", lambda error: page.wrong.append(str(error)))
        page.on("request", lambda request: request.url.startswith((address, "data:", "blob:")) or page.wrong.append(request.url))
        page.on("response", lambda answer: answer.status >= 400 and page.wrong.append(answer.url))
        yield page
        assert page.wrong == []


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_figures_of_a_lesson_are_alive_and_nothing_comes_from_elsewhere(page, address, lesson):
    page.goto(f"{address}/{lesson}")
    figures = page.locator(".optimlab-recorded")
    assert figures.count() > 0
    for number in range(figures.count()):
        figure = figures.nth(number)
        figure.scroll_into_view_if_needed()
        figure.and_(page.locator('[data-live="true"]')).wait_for()
        before = keep(figure.screenshot(), f"site-{number}")
        control = figure.locator(".optimlab-controls input, .optimlab-handle").first
        control.focus()
        for _ in range(8):
            page.keyboard.press("ArrowRight")
        after = keep(figure.screenshot(), f"site-{number}-moved")
        assert before.shape != after.shape or (before != after).any(axis=-1).sum() > 50
        assert colours(after) > 10
        assert page.evaluate("document.activeElement.matches('input, .optimlab-handle')")  # the hand keeps what it holds


def test_formulas_are_set(page, address):
    page.goto(f"{address}/notebooks/08-adam.html")
    page.locator("mjx-container svg").first.wait_for()


def test_search_finds_where_the_bias_is_corrected(page, address):
    page.goto(f"{address}/search.html?q=bias+correction")
    page.locator("#search-results li a").first.wait_for()
    assert any("08-adam" in link.get_attribute("href") for link in page.locator("#search-results li a").all())


def test_a_lesson_opens_in_binder_at_the_same_place(targets):
    links = targets["notebooks/05-momentum.html"].links
    assert any(re.search(r"mybinder\.org/v2/gh/OWNER/REPO/HEAD\?urlpath=lab/tree/notebooks/05-momentum\.ipynb", urllib.parse.unquote(link))
               for link in links)


@pytest.mark.parametrize("path", ["index.html", "notebooks/05-momentum.html", "docs/deck.html"])
def test_a_phone_shows_it_without_scrolling_sideways(page, address, path):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{address}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    keep(page.screenshot(), f"phone-{path.replace('/', '-')}")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["index.html", "notebooks/00-start-here.html", "notebooks/08-adam.html", "docs/deck.html", "api/optimizers.html"])
def test_axe_finds_nothing_serious(page, address, path, theme):
    page.emulate_media(color_scheme=theme)
    page.goto(f"{address}/{path}")
    for figure in page.locator(".optimlab-recorded").all():
        figure.scroll_into_view_if_needed()
        figure.and_(page.locator('[data-live="true"]')).wait_for()
    keep(page.screenshot(), f"{theme}-{path.replace('/', '-')}")
    assert barriers(page) == []
