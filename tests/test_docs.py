"""The documents name what is there: files, functions and each other."""
import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "utils" / "optimlab"
DOCUMENTS = [path.relative_to(ROOT) for path in
             sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("tests/**/README.md")])]
# In backticks: `training.py:fit` is a function, `stage.js` or `tutor/exercises/` a file or a folder.
NAME = re.compile(r"([\w./]+\.py):([\w.]+)")
PATH = re.compile(r"(?:[\w-]+/)*[\w.-]*(?:\.(?:py|js|css|md|toml|yml|yaml|cff|txt)|/)")
NOT_HERE = re.compile(r"\.optimlab/|feedback/|submitted/|git/"   # made while grading; a part of Binder's address
                      r"|build/"                                 # made with the web site
                      r"|exercises\.py"                          # in some assignments
                      r"|(.*/)?[A-Z]+(/|\.py|_)")                 # stands for a name
A_RECIPE_MAKES = re.compile(r"^ *(?:A new file,|A cell of) `([^`]+)`", re.MULTILINE)


def named(pattern):
    for document in DOCUMENTS:
        text = re.sub(r"```.*?```", "", (ROOT / document).read_text(encoding="utf-8"), flags=re.DOTALL)
        words = set(re.findall(r"`([^`\n]+)`", text)) - set(A_RECIPE_MAKES.findall(text))
        yield from (pytest.param(document, word, id=f"{document}-{word}") for word in sorted(words)
                    if pattern.fullmatch(word) and not NOT_HERE.match(word))


@pytest.mark.parametrize("document, word", list(named(NAME)))
def test_a_function_that_is_named_is_there(document, word):
    """As docs/architecture.md writes them: the file in the package, a colon, the name."""
    path, name = NAME.fullmatch(word).groups()
    module = import_module("optimlab." + path.removesuffix(".py").replace("/", "."))
    assert callable(reduce(getattr, name.split("."), module))


@pytest.mark.parametrize("document, word", list(named(PATH)))
def test_a_file_that_is_named_is_there(document, word):
    assert any((place / word).exists() for place in (ROOT, PACKAGE, (ROOT / document).parent))


def anchors(document):
    """The addresses of a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document):
    prose = re.sub(r"(?ms)^ *```.*?```$", "", (ROOT / document).read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", prose):
        path, _, anchor = target.partition("#")
        if "://" in target:
            continue
        leads_to = (ROOT / document).parent / path if path else ROOT / document
        assert leads_to.exists(), target
        assert not anchor or anchor in anchors(leads_to), target
