"""Makes texts that strangers wrote harmless for a browser: HTML, Markdown and printed output.

    clean_html(text)        a piece of HTML
    clean_markdown(text)    a Markdown text, such as a comment; the same text where it was harmless
    as_markdown(text)       a plain text, for a place where Markdown is expected
    clean_text(text)        printed output, without the sequences that a terminal obeys

The HTML that is kept is listed here and everything else goes: scripts, frames, forms, style sheets, ids,
addresses to load anything from, classes that mean something to the page. Styles stay inside their own box.
Where something that has no harmless form is dropped, words such as "[removed: a script]" say so.
"""

import base64
import functools
import html
import io
import re
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import nh3
import tinycss2
from nbconvert.filters import strip_ansi, strip_files_prefix
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from PIL import Image
from pygments.token import STANDARD_TYPES

# Some texts would keep the libraries busy for minutes. A text beyond these bounds is not parsed but cut or shown raw.
MOST_TAGS, MOST_HTML = 5_000, 100_000  # "<", and characters beside those of pictures, in one piece of HTML
MOST_OPEN, LONGEST_OPEN = 30, 500      # tags such as <b>, which HTML opens again in every paragraph, and their length
LONGEST_STYLE = 1_000                  # characters of one style attribute
MOST_MARKDOWN = 10_000                 # characters of one text
MOST_ESCAPES = 1_000                   # changes of colour in one printed text
LARGEST_PICTURE = 40e6                 # pixels

# ---------------------------------------------------------------- what HTML may hold

TAGS = frozenset("""
    a abbr b big blockquote br caption center cite code col colgroup dd del details dfn div dl dt em figcaption
    figure font h1 h2 h3 h4 h5 h6 hr i img ins kbd li mark ol p pre q s samp small span strike strong sub summary
    sup table tbody td tfoot th thead tr tt u ul var""".split())
_NUMBER, _TEXT = r"\d{1,4}", r"(?s:.{0,2000})"
# For (tag, attribute), where "*" is any tag: what the whole value must match.
_ATTRIBUTES = {
    ("a", "href"): r"(?:https?://|mailto:|#)\S*", ("a", "title"): _TEXT, ("abbr", "title"): _TEXT,
    ("img", "src"): r"data:image/(?:png|jpeg|gif|webp);base64,p\d+", ("img", "alt"): r"(?s:.*)",  # see clean_html
    ("img", "title"): _TEXT, ("img", "width"): _NUMBER + "%?", ("img", "height"): _NUMBER + "%?",
    ("table", "border"): _NUMBER, ("td", "colspan"): r"\d{1,3}", ("td", "rowspan"): r"\d{1,3}",
    ("th", "colspan"): r"\d{1,3}", ("th", "rowspan"): r"\d{1,3}", ("th", "scope"): "col|row",
    ("td", "valign"): "top|middle|bottom|baseline",
    ("font", "color"): r"#?\w{1,20}", ("font", "size"): "[1-7]", ("ol", "start"): _NUMBER,
    ("details", "open"): "", ("*", "aria-label"): _TEXT, ("*", "role"): "img", ("*", "style"): "",
    # Not for pictures and tables: aligned, they would float out of their place.
    **{(tag, "align"): "left|right|center|justify" for tag in "div p h1 h2 h3 h4 h5 h6 tr td th".split()},
}
# Classes of data frames, coloured code and Markdown's lists, but none of the page's own, such as "navbar".
_CLASSES = {"dataframe", "highlight", "task-list-item", *STANDARD_TYPES.values()}

_PROPERTIES = frozenset("""
    background background-color border border-bottom border-collapse border-color border-left border-radius
    border-right border-spacing border-style border-top border-width caption-side color display flex flex-direction
    flex-wrap font font-family font-size font-style font-variant font-weight gap height letter-spacing line-height
    list-style-type margin margin-bottom margin-left margin-right margin-top max-height max-width min-height
    min-width opacity overflow overflow-x overflow-y padding padding-bottom padding-left padding-right padding-top
    table-layout text-align text-decoration text-indent text-transform vertical-align white-space width word-break
    """.split())
_FUNCTIONS = {"rgb", "rgba", "hsl", "hsla", "calc", "min", "max"}
_TOKENS = {"ident", "number", "dimension", "percentage", "hash", "whitespace", "literal", "string"}


@functools.lru_cache(256)
def _style(text: str) -> str | None:
    """The listed declarations of a style attribute, if their values are plain: no addresses, only listed functions."""
    if len(text) > LONGEST_STYLE:
        return None
    kept = [f"{d.lower_name}:{tinycss2.serialize(d.value).strip()}" for d in
            tinycss2.parse_blocks_contents(text, skip_comments=True, skip_whitespace=True)
            if d.type == "declaration" and d.lower_name in _PROPERTIES and all(map(_plain, d.value))]
    return ";".join(kept) or None


def _plain(token: Any) -> bool:
    if token.type == "function":
        return token.lower_name in _FUNCTIONS and all(map(_plain, token.arguments))
    return token.type in _TOKENS


def _attribute(tag: str, name: str, value: str) -> str | None:
    """The value that an attribute may keep; None if the attribute is to go."""
    if name == "style":
        return _style(value)
    if name == "class":
        language = tag == "code" and re.fullmatch(r"language-\w+", value)
        return value if language or set(value.split()) <= _CLASSES else None
    pattern = _ATTRIBUTES.get((tag, name), _ATTRIBUTES.get(("*", name)))
    return value if pattern is not None and re.fullmatch(pattern, value) else None


def _names() -> dict[str, set[str]]:
    """The attributes that each tag may have, in the form that nh3 takes."""
    names = defaultdict(set, {"*": {"class"}})
    for tag, name in _ATTRIBUTES:
        names[tag].add(name)
    return names


_CLEANER = nh3.Cleaner(tags=TAGS, clean_content_tags=set(), attributes=_names(), attribute_filter=_attribute,
                       url_schemes={"http", "https", "mailto", "data"}, link_rel=None)


# The cleaner decides what is let through; these only choose the words that a person sees in place of the rest.
_WORDS = [(re.compile(rf"<(?:{names})\b.*?(?:</(?:{names})\s*>|\Z)", re.DOTALL | re.IGNORECASE), words)
          for names, words in [
              ("script", "[removed: a script]"), ("style|title", ""),
              ("iframe|frameset|object|applet", "[removed: a page inside the page]"),
              ("svg", "[removed: a drawing in SVG]"), ("math", "[removed: MathML]"),
              ("video|audio|canvas", "[removed: a video or sound]"),
              ("textarea|select|button", "[removed: part of a form]")]]
_WORDS += [(re.compile(rf"</?(?:{names})\b[^<>]*>?", re.IGNORECASE), words) for names, words in [
    # nbconvert shows a list of tasks with boxes to tick.
    (r"input(?=[^<>]*\schecked\b)(?=[^<>]*\stype=.?checkbox\b)", "☑ "),
    (r"input(?=[^<>]*\stype=.?checkbox\b)", "☐ "), ("input", "[removed: part of a form]"),
    ("embed", "[removed: a page inside the page]"),
    ("html|head|body|form|label|fieldset|section|article|main|header|footer|nav|aside|noscript|template|link|meta"
     "|base|wbr", "")]]

# A tag as browsers read it, a comment, or something better shown as text: "</ ...>", or a tag that never ends.
_SPACE = r"\t\n\f\r\x20"
_VALUE = rf"""[{_SPACE}]*+=[{_SPACE}]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^{_SPACE}>]*+)"""
_TOKEN = re.compile(rf"""
    <(?P<end>/?)(?P<name>[A-Za-z][^{_SPACE}/>]*+)
        (?:[{_SPACE}/]|[^{_SPACE}/>][^{_SPACE}/>=]*+(?:{_VALUE}|(?![{_SPACE}]*+=)))*+>
    |<!--(?:-?>|.*?(?:--!?>|\Z))
    |<[!?][^>]*+>?
    |(?P<text></(?![A-Za-z])[^>]*+>?|</?[A-Za-z].*\Z)""", re.DOTALL | re.VERBOSE)
_VOID = {"br", "col", "hr", "img"}
_OPEN_ANEW = set("b big code em font i s small strike strong tt u".split())

_TAG = r"""<(?:[^<>"']|"[^"]*"|'[^']*')*>"""
_NOT_MATHS = re.compile(rf"(<pre\b.*?</pre>|<code\b.*?</code>|{_TAG})", re.DOTALL)
# MathJax commands that link, load, style, define, or draw outside their own place.
_TEX = re.compile(r"""\\(?=(?:
    href|url|cssId|class|style|require|unicode|data|bbox|toggle|action|texttip|mathtip|mmlToken|includegraphics
    |def|gdef|edef|let|futurelet|newcommand|renewcommand|providecommand|newenvironment|renewenvironment
    |DeclareMathOperator|definecolor|rule|Rule|Space|hspace|vspace|kern|mkern|hskip|mskip|raise|lower|moveleft
    |moveright|llap|rlap|mathllap|mathrlap|mathclap|smash)(?![A-Za-z]))|\\\\(?=\s*\[\s*-)""", re.VERBOSE)
_NOT_TEX = "\N{SET MINUS}"  # looks like a backslash


def clean_html(text: str) -> str:
    """A piece of HTML without anything that could run, load, or paint outside its place.

    >>> clean_html('<b onclick="go()">7</b> points<script>cheat()</script>')
    '<b>7</b> points[removed: a script]'
    """
    if max(map(text.count, ("<", "base64,"))) > MOST_TAGS or len(without_pictures(text)) > MOST_HTML:
        return TOO_MUCH
    # Pictures wait outside, for parsers are slow with them: p0 stands for one, n0 for what only looks like one.
    waiting: dict[str, str] = {}

    def outside(data: re.Match[str]) -> str:
        name = f"base64,{'p' if is_picture(data[1]) else 'n'}{len(waiting)}"
        waiting[name] = data[0]
        return name

    text = _DATA.sub(outside, text)
    cleaned = _clean_html(text) if len(text) < 5_000 else _clean_html.__wrapped__(text)
    return _WAITING.sub(lambda name: waiting.pop(name[0], ""), cleaned)


_DATA, _WAITING = re.compile(r"base64,([A-Za-z0-9+/=]+)"), re.compile(r"base64,[pn]\d+")


@functools.lru_cache(2_000)  # students of one class show much the same short texts
def _clean_html(text: str) -> str:
    if text.startswith(_BOX) and text.endswith("</div>"):  # cleaned before
        text = text.removeprefix(_BOX).removesuffix("</div>")
    text = _visible(text)
    for pattern, words in _WORDS:
        text = pattern.sub(words, text)
    listed = _listed_tags(text)
    cleaned = _CLEANER.clean(listed or "")
    if listed is None or cleaned.count("<") > 4 * MOST_TAGS:
        return TOO_MUCH
    for _ in range(5):  # until a browser reads exactly what the cleaner wrote
        before, cleaned = cleaned, _CLEANER.clean(_in_words(_visible(cleaned)))
        if cleaned == before:
            return f"{_BOX}{cleaned}</div>" if ' style="' in cleaned else cleaned
    return as_it_is(listed)


def _visible(text: str) -> str:
    return clean_text(text).replace("\x1b", "\N{REPLACEMENT CHARACTER}")


def _listed_tags(text: str) -> str | None:
    """HTML in which unlisted tags, such as <lambda>, are text; None if too many tags are open at once."""
    opened: list[str] = []
    waiting: list[int] = []  # the lengths of those open tags that would be opened again
    bearable = True

    def told(token: re.Match[str]) -> str:
        nonlocal bearable
        name = (token["name"] or "").lower()
        if token["text"] or (name and not (token["name"].isascii() and name in TAGS)):  # "\u212a" in lower case is "k"
            return token[0].replace("<", "&lt;")
        if token["end"] and opened[-1:] == [name]:
            opened.pop()
            if name in _OPEN_ANEW:
                waiting.pop()
        elif name and not token["end"] and name not in _VOID:
            opened.append(name)
            if name in _OPEN_ANEW:
                waiting.append(len(token[0]))
                bearable = bearable and len(waiting) <= MOST_OPEN and sum(waiting) <= LONGEST_OPEN
        return token[0]

    text = _TOKEN.sub(told, text)
    return text if bearable else None


def _in_words(cleaned: str) -> str:
    """Cleaned HTML with words in place of pictures that may not load, and without unsafe MathJax commands."""
    cleaned = re.sub(r'<img((?: [a-z-]+="[^"]*")*)>', _picture_in_words, cleaned)
    if "\\" not in cleaned:
        return cleaned
    parts = _NOT_MATHS.split(cleaned)
    parts[::2] = map(_tex_in_html, parts[::2])
    return "".join(parts)


def _picture_in_words(img: re.Match[str]) -> str:
    alt = re.search(' alt="([^"]+)"', img[1])
    return img[0] if ' src="' in img[1] else f"[removed: a picture from elsewhere{': ' + alt[1] if alt else ''}]"


_BOX = '<div style="overflow:auto;contain:content">'  # keeps its content inside, however that is placed or sized
TOO_MUCH = "[removed: more HTML than is shown here]"


def without_pictures(text: str) -> str:
    """HTML without the data of the pictures in it."""
    return _DATA.sub("", text)


def clean_tex(text: str) -> str:
    """A formula, or a text with formulas, without the MathJax commands that do more than draw.

    >>> clean_tex(r"\\frac{1}{2} \\href{javascript:cheat()}{x}")
    '\\\\frac{1}{2} ∖href{javascript:cheat()}{x}'
    """
    return _TEX.sub(_NOT_TEX, text)


def _tex_in_html(text: str) -> str:
    plain = html.unescape(text)
    return html.escape(clean_tex(plain), quote=False) if _TEX.search(plain) else text


# ---------------------------------------------------------------- Markdown

class _Renderer(IPythonRenderer):
    """nbconvert's renderer, except that a missing attachment leaves a missing picture and raises nothing."""

    def _embed_image_or_attachment(self, src: str) -> str:
        if src.startswith("attachment:") and src.removeprefix("attachment:") not in self.attachments:
            return ""
        embedded: str = super()._embed_image_or_attachment(src)
        return embedded


def clean_markdown(text: str, attachments: dict[str, Any] | None = None, taken: Collection[str] = ()) -> str:
    """A Markdown text that is harmless once nbconvert has made it HTML.

    A text that already is harmless stays as it is; what can be kept of any other comes as one line of HTML.
    attachments: those of the text's cell, already known to be pictures. taken: ids that no heading may get.

    >>> clean_markdown("Is $a < b$? See [here](https://example.org).")
    'Is $a < b$? See [here](https://example.org).'
    >>> clean_markdown("**7** [points](javascript:cheat())")
    '<div><p><strong>7</strong> <a>points</a></p>&#10;</div>'
    """
    text = clean_text(text)
    rendered = _rendered(text, attachments)
    cleaned = clean_html(rendered or "")
    if rendered and cleaned == _as_cleaned(rendered) and not _heading_takes(rendered, taken):
        return text
    return one_line(cleaned if rendered else as_it_is(text)) if text else ""


def as_markdown(text: str) -> str:
    r"""Markdown that shows a plain text as it is, tags and links included, and is easy to read itself.

    >>> print(as_markdown("TypeError: <lambda>() takes 1 argument, see [it](https://example.org)"))
    TypeError: \<lambda>() takes 1 argument, see \[it](https\://example.org)
    """
    return re.sub(r"([\\`<\[]|(?<=http):|(?<=https):)", r"\\\1", clean_text(text))


def markdown_as_html(text: str) -> str:
    """The cleaned HTML that nbconvert makes of a Markdown text."""
    rendered = _rendered(clean_text(text))
    return as_it_is(text) if rendered is None else clean_html(rendered)


def as_it_is(text: str) -> str:
    """HTML that shows a text just as it was written."""
    return f"<pre>{html.escape(clean_text(text)[:MOST_HTML], quote=False)}</pre>"


def _rendered(text: str, attachments: dict[str, Any] | None = None) -> str | None:
    """The HTML that nbconvert makes of Markdown, without links beside headings; None if it is too much."""
    if len(text) > MOST_MARKDOWN:
        return None
    renderer = _Renderer(escape=False, exclude_anchor_links=True, attachments=attachments or {})
    try:
        rendered: str = strip_files_prefix(MarkdownWithMath(renderer).render(text))
        return rendered
    except Exception:  # odd texts can hit the limits of mistune, such as Python's limit of recursion
        return None


def _heading_takes(rendered: str, taken: Collection[str]) -> bool:
    """Whether a heading might get one of these ids, which nbconvert makes from the words of headings."""
    for _, heading in re.findall(r"<(h[1-6])>(.*?)</\1>", rendered, re.DOTALL):
        words = html.unescape(re.sub(_TAG, "", heading)).replace(" ", "-")
        if any(name in words for name in taken):
            return True
    return False


def _as_cleaned(rendered: str) -> str:
    """nbconvert's HTML, spelled as the cleaner spells it: if the cleaner's result is the same, it removed nothing."""
    def value(match: re.Match[str]) -> str:
        return f'="{_spelled(match[1]).replace(chr(34), "&quot;")}"'

    rendered = re.sub(r'<input class="task-list-item-checkbox" type="checkbox" disabled( checked)?/>',
                      lambda m: "☑ " if m[1] else "☐ ", rendered)
    parts = re.split("(<[^<>]*>)", rendered.replace(" />", ">"))
    parts[::2] = map(_spelled, parts[::2])
    parts[1::2] = [re.sub('="([^"]*)"', value, tag) for tag in parts[1::2]]
    return "".join(parts)


def _spelled(text: str) -> str:
    return html.escape(html.unescape(text), quote=False).replace("\xa0", "&nbsp;")


def one_line(cleaned: str) -> str:
    """Clean HTML as a Markdown text in which Markdown finds no syntax of its own, and no formulas."""
    return f"<div>{cleaned}</div>".translate({ord(c): f"&#{ord(c)};" for c in "\n\r\\$"})


# ---------------------------------------------------------------- text and pictures

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\ud800-\udfff]")
_ESCAPE = re.compile(r"\x1b(?!\[[0-9;]{0,40}m)(?:\[[0-9;?]{0,40}[@-~]?)?")


def clean_text(text: str) -> str:
    """Text that UTF-8 can hold, without control characters and terminal escapes, colours excepted.

    >>> clean_text("\\x1b[31mred\\x1b[0m and \\x1b[2Jgone")
    '\\x1b[31mred\\x1b[0m and gone'
    """
    text = _ESCAPE.sub("", _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text))
    return strip_ansi(text) if text.count("\x1b") > MOST_ESCAPES else text


def is_picture(data: str) -> bool:
    """Whether this is strict base64 of a PNG, JPEG, GIF or WebP that is not too large to show."""
    try:
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True)), formats=_FORMATS) as picture:
            return picture.width * picture.height <= LARGEST_PICTURE
    except Exception:  # it is not base64, or a forged header upsets Pillow
        return False


_FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
