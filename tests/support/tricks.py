"""What a notebook may try on whoever looks at it: row 14 of the threats, for the tests of inert and feedback.

Each trick tells on itself: a script of it calls ran(), a request of it goes to /beacon/.
"""
import base64

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell

RUN = "(window.ran=window.ran||[]).push('{0}')"
BEACON = "/beacon/{0}"
COVER = "position:fixed;top:0;left:0;width:100vw;height:100vh;background:white;z-index:99999"

# As HTML: put into Markdown, text/html, text/markdown and a raw cell each. {run} is a script, {url} an address.
HTML = {
    "script": "<script>{run}</script>",
    "script-src": "<script src='{url}'></script>",
    "script-unclosed": "<sCrIpT\n>{run}",
    "script-in-script": "<scr<script></script>ipt>{run}</script>",
    "onerror": "<img src=x onerror=\"{run}\">",
    "onerror-slash": "<img/src=x/onerror={run}>",
    "onerror-newline": "<img src=x\nonerror\n=\n\"{run}\">",
    "onload": "<body onload=\"{run}\">",
    "onclick": "<b onclick=\"{run}\">click</b>",
    "onmouseover": "<div onmouseover=\"{run}\" style='width:100%;height:5em'>hover</div>",
    "onfocus": "<a href='#' onfocus=\"{run}\" autofocus tabindex=0>focus</a>",
    "ontoggle": "<details open ontoggle=\"{run}\"><summary>s</summary>t</details>",
    "onanimation": "<style>@keyframes k{{}}</style><b style='animation:k 1s' onanimationstart=\"{run}\">a</b>",
    "iframe": "<iframe src='{url}'></iframe>",
    "iframe-js": "<iframe src=\"javascript:parent.{run}\"></iframe>",
    "iframe-srcdoc": "<iframe srcdoc=\"<script>parent.{run}</script>\"></iframe>",
    "object": "<object data='{url}'></object>",
    "embed": "<embed src='{url}'>",
    "js-link": "<a href=\"javascript:{run}\">j</a>",
    "js-link-entity": "<a href=\"&#106;avascript:{run}\">e</a>",
    "js-link-space": "<a href=\" \x01jav\tascript:{run}\">s</a>",
    "js-link-files": "<a href=\"files/javascript:{run}\">f</a>",  # nbconvert strips files/
    "data-link": "<a href=\"data:text/html,<script>opener.{run}</script>\">d</a>",
    "own-link": "<a href='{url}'>a page of the same server</a>",
    "svg": "<svg><script>{run}</script></svg>",
    "svg-onload": "<svg onload=\"{run}\"></svg>",
    "svg-animate": "<svg><a><animate attributeName=href values=\"javascript:{run}\" /><text y=9>x</text></a></svg>",
    "svg-style": "<svg></p><style><a id=\"</style><img src=x onerror={run}>\">",
    "math": "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={run}&gt;\">",
    "noscript": "<noscript><p title=\"</noscript><img src=x onerror={run}>\">",
    "template": "<template><img src=x onerror={run}></template>",
    "comment": "<!--><img src=x onerror={run}>-->",
    "cdata": "<![CDATA[><img src=x onerror={run}>]]>",
    "style": "<style>body{{background:url({url})}}</style>",
    "style-import": "<style>@import '{url}';</style>",
    "style-cover": "<style>.panel-heading{{display:none}}</style>",
    "style-url": "<b style=\"background:url({url})\">u</b>",
    "style-url-escaped": "<b style=\"background:\\75 rl({url})\">u</b>",
    "style-image-set": "<b style=\"background:image-set('{url}' 1x)\">u</b>",
    "style-fixed": f"<div style='{COVER}'>Score: 20 / 20</div>",
    "style-negative": "<div style='margin-top:-3000px;height:3000px;background:white'>Score: 20 / 20</div>",
    "style-huge": "<span style='padding:900px;background:white'>Score: 20 / 20</span>",
    "class-cover": "<div class='modal navbar-fixed-top' style='display:block;height:100%'>Score: 20 / 20</div>",
    "link": "<link rel=stylesheet href='{url}'>",
    "refresh": "<meta http-equiv=refresh content='0;url={url}'>",
    "base": "<base href='//127.0.0.1:1/'>",
    "form": "<form action='{url}'><input autofocus onfocus=\"{run}\" type=submit id=f></form>",
    "button": "<button formaction='{url}'>b</button>",
    "img": "<img src='{url}'>",
    "img-srcset": "<img srcset='{url} 1x' src=x>",
    "img-lazy": "<picture><source srcset='{url}'><img src=x></picture>",
    "video": "<video poster='{url}' src='{url}' autoplay></video><audio src='{url}' autoplay></audio>",
    "table-background": "<table background='{url}'><tr><td background='{url}'>t</td></tr></table>",
    "clobber": "<a id=base_url></a><a name=submission_id></a><img name=jQuery>",
    "break-out": "</pre></div></div></div></div></div><h4>Score: 20 / 20</h4>",
    # Where parsers read the same text in two ways, so that what one cleaned the other wakes.
    "mixed-table": "<math><mtext><table><mglyph><style><math><img src=x onerror={run}>",
    "mixed-form": "<form><math><mtext></form><form><mglyph><svg><mtext><style><path id=\"</style><img src=x onerror={run}>\">",
    "mixed-annotation": "<math><annotation-xml encoding='text/html'><style></math><img src=x onerror={run}></style>",
    "mixed-desc": "<svg><desc><style><!--</style><img src=x onerror={run}>--></desc></svg>",
    "mixed-title": "<svg><title><style><!--</style></title><img src=x onerror={run}>--></svg>",
    "mixed-select": "<select><template><style><!--</select><img src=x onerror={run}>--></style></template>",
    "mixed-paragraph": "<svg></p><title><a title=\"</title><img src=x onerror={run}>\">",
    "mixed-comment": "<!-- --!><img src=x onerror={run}>-->",
    "mixed-comment-dash": "<!---><img src=x onerror={run}>-->",
    "mixed-instruction": "<?x ><img src=x onerror={run}>?>",
    "mixed-end": "</ x><img src=x onerror={run}>",
    "mixed-xmp": "<xmp><p title=\"</xmp><img src=x onerror={run}>\">",
    "mixed-noembed": "<noembed><p title=\"</noembed><img src=x onerror={run}>\">",
    "mixed-noframes": "<noframes><p title=\"</noframes><img src=x onerror={run}>\">",
    "mixed-textarea": "<textarea><p title=\"</textarea><img src=x onerror={run}>\">",
    "mixed-quote": "<b title=\"<img src=x onerror={run}>",
    "mixed-quote-in-name": "<b \"=><img src=x onerror={run}>\">",
    "mixed-equals": "<b a='x\"><img src=x onerror={run}>'><b ='><img src=x onerror={run}>'>",
    "mixed-angles": "<<img src=x onerror={run}>>",
    "mixed-slashes": "<ImG////src=x////OnErRoR={run}>",
    "mixed-nul": "<scr\0ipt>{run}</scr\0ipt><img src=x on\0error={run}>",
    "foster": "<table><img src=x onerror={run}><tr><a href=\"javascript:{run}\">f</a></table>",
    "nested-links": "<a href='#'><table><a href=\"javascript:{run}\">n</a></table></a>",
    "shadow": "<div><template shadowrootmode=open><img src=x onerror={run}></template></div>",
    "svg-link": "<svg><a xlink:href=\"javascript:{run}\"><text y=9>x</text></a></svg>",
    "svg-use": "<svg><use href=\"data:image/svg+xml;base64,{svg}#x\" /></svg>",
    "svg-begin": "<svg><animate onbegin=\"{run}\" attributeName=x dur=1s /></svg>",
    "svg-picture": "<img src=\"data:image/svg+xml;base64,{svg}\">",
    "js-link-colon": "<a href=\"javascript&colon;{run}\">c</a>",
    "js-link-tab": "<a href=\"java&Tab;script&NewLine;:{run}\">t</a>",
    "js-link-nul": "<a href=\"java\0script:{run}\">n</a>",
    "js-link-control": "<a href=\"&#1;&#27;java&#13;script:{run}\">c</a>",
    "formaction": "<form><button formaction=\"javascript:{run}\">b</button><input type=image src='{url}' onerror=\"{run}\"></form>",
    "marquee": "<marquee onstart=\"{run}\">m</marquee>",
    "visibility": "<b style='content-visibility:auto' oncontentvisibilityautostatechange=\"{run}\">v</b>",
    "ping": "<a href='#' ping='{url}'>p</a>",
    "dialog": f"<dialog open style='{COVER}'>Score: 20 / 20</dialog>",
    "style-import-inside": "<b style=\"@import '{url}';@font-face{{src:url({url})}}\">i</b>",
    "style-variable": "<b style=\"--u:url({url});background:var(--u)\">v</b>",
    "style-url-comment": "<b style=\"background:url/**/({url});background:u/**/rl({url})\">c</b>",
    "style-url-quotes": "<b style=\"font-family:'x;background:url({url})\">q</b><b style='color:&quot;}};background:url({url})'>q</b>",
    "style-url-others": "<b style=\"background:cross-fade(url({url}),red);list-style:url({url});cursor:url({url}),auto\">o</b>",
    "style-source": "<b style=\"background:src('{url}');content:attr(x);width:expression({run});behavior:url({url})\">s</b>",
    "style-fixed-escaped": f"<div style='p\\6fsition:fix\\65 d;{COVER.replace('position', 'position/**/')}'>Score: 20 / 20</div>",
    "style-out-of-item": "<li><div><table><li></table></div></li>" * 9 + "<div style='margin-top:-3000px;height:3000px;"
                         "background:white'>Score: 20 / 20</div>",
}
# As Markdown alone.
MARKDOWN = {
    "md-link": "[m](javascript:{run})",
    "md-link-files": "[m](files/javascript:{run})",
    "md-link-entity": "[m](&#x6A;avascript:{run})",
    "md-image": "![m]({url})",
    "md-image-title": "![m](x 'y\" onerror={run} \"')",
    "md-reference": "[m][r]\n\n[r]: javascript:{run}",
    "md-autolink": "<javascript:{run}>",
    "md-data": "![m](data:image/svg+xml;base64,{svg})",
    "md-maths": "$$<img src=x onerror={run}>$$ $a</p><script>{run}</script>$",
    "md-code": "`` `<img src=x onerror={run}>` ``\n\n```python\"><script>{run}</script>\nx\n```",
    "md-mermaid": "```mermaid\n<img src=x onerror={run}>\n```",
    "md-table": "|a|\n|-|\n|<img src=x onerror={run}>|",
    "md-heading": "# <img src=x onerror={run}>\n\n# test-cell",
    "md-tex": "$\\href{{javascript:{run}}}{{x}} \\style{{position:fixed}}{{y}} \\def\\a{{\\a\\a}}\\a$",
    "md-missing": "![m](attachment:none.png)",
}
SVG = "<svg xmlns='http://www.w3.org/2000/svg' onload=\"{run}\"><script>{run}</script><image href='{url}'/></svg>"
PNG = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def filled(name, text):
    """A trick's text with its own name in what it does."""
    run, url = RUN.format(name), BEACON.format(name)
    svg = base64.b64encode(SVG.format(run=run, url=url).encode()).decode()
    return text.format(run=run, url=url, svg=svg)


# What random HTML is put together from: tags in every state, and letters that parsers stumble over.
_TAGS = """a b big br caption code col colgroup dd details div dl dt em font form h1 h2 hr i iframe lambda li math mglyph mtext noscript
    ol option p pre script select span style summary svg table tbody td template textarea th title tr ul xmp""".split()
_PIECES = [
    *(f"<{tag}>" for tag in _TAGS), *(f"</{tag}>" for tag in _TAGS),
    "<a href='javascript:x'>", "<a href='https://x.y/?a=1&b=2'>", "<img src=x onerror=y>", "<img alt='&quot;<i>&amp;'>",
    f"<img src='data:image/png;base64,{PNG}' alt=p>", "<b title='x'", "<b ", "<font color=red>", "<h1 align=center>", "<span class='k'>",
    "<span style='color:red;position:fixed'>", "<b style='background:u\\72l(x)'>", "<i style='width:calc(1px + 2%);font:\"A b\"'>",
    "<pre>\n\n", "<!--", "-->", "--!>", "<!-->", "<![CDATA[", "]]>", "<?x ?>", "</", "</ ", "<", ">", "&", "\"", "'", "=", "/",
    "&lt;", "&#60;", "&#0;", "&#27;", "&#xD800;", "&copy", "&nbsp;", "\xa0", "\u017f", "\ud800", "\0", "\f", "\r", "\n\n", "\x1b[31m",
    "\\href{x}{y}", "&bsol;href", "\\(", "$x<y$", "`", "x"]


def random_html(rng, pieces=12):
    """Up to so many pieces in a row."""
    return "".join(rng.choice(_PIECES) for _ in range(rng.randint(2, pieces)))


def outputs():
    """(name, output) of each trick that is an output."""
    def shown(name, mime, text, **metadata):
        return name, new_output("display_data", {mime: filled(name, text)}, metadata=metadata)

    for name, text in HTML.items():
        yield shown(f"{name}-output", "text/html", text)
    for name, text in {**HTML, **MARKDOWN}.items():
        yield shown(f"{name}-mdout", "text/markdown", text)
    yield shown("out-js", "application/javascript", "{run}")
    yield shown("out-svg", "image/svg+xml", SVG)
    yield shown("out-latex", "text/latex", "</div><script>{run}</script>$\\href{{javascript:{run}}}{{x}}$")
    yield shown("out-plain", "text/plain", "</pre><script>{run}</script>")
    yield shown("out-mermaid", "text/vnd.mermaid", "<img src=x onerror={run}>")
    yield shown("out-widget", "application/vnd.jupyter.widget-view+json", "</script><script>{run}</script>")
    yield shown("out-vnd", "application/vnd.evil+html", "<script>{run}</script>")
    yield shown("out-isolated", "text/html", "<script>top.{run}</script>", **{"text/html": {"isolated": True}})
    yield shown("out-png", "image/png", PNG + "\" onload=\"{run}")
    yield shown("out-jpeg", "image/jpeg", "\"><script>{run}</script>")
    for name, metadata in {
            "out-width": {"width": filled("out-width", "1 onload={run}")},
            "out-mime-width": {"image/png": {"width": filled("out-mime-width", "1 onload={run}")}},
            "out-alt": {"alt": filled("out-alt", "\" onload=\"{run}")},
            "out-filename": {"filenames": {"image/png": filled("out-filename", "{url}")}}}.items():
        yield name, new_output("display_data", {"image/png": PNG}, metadata=metadata)
    script = filled("out-stream", "\x1b[31m</span><script>{run}</script>\x1b]8;;javascript:{run}\x07x")
    yield "out-stream", new_output("stream", name="stdout", text=script)
    yield "out-error", new_output("error", ename=script, evalue=script, traceback=[script, "\x1b[31;<script>m"])


def hostile_notebook():
    """A notebook with every trick, between an answer cell and a test cell of nbgrader's."""
    def nbgrader(grade_id, **of):
        return {"nbgrader": {"grade_id": grade_id, "grade": False, "solution": False, "locked": False, "task": False,
                             "schema_version": 3, "cell_type": "code", **of}}

    nb = new_notebook(metadata={
        "title": filled("title", "</title><script>{run}</script>"),
        "kernelspec": {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"},
        "language_info": {"name": "python", "pygments_lexer": "ipython3"},
        "widgets": {"application/vnd.jupyter.widget-state+json": {"x": filled("widgets", "</script><script>{run}</script>")}}})
    answer = new_code_cell(filled("source", "x = '''</pre></div><script>{run}</script>'''"), metadata=nbgrader("answer", solution=True))
    test = new_code_cell("assert x", metadata=nbgrader("test-cell", grade=True, points=2, locked=True))
    test.outputs = [new_output("execute_result", {"text/plain": "1", "text/html": "<b>1 of 2 points</b>"}, execution_count=1)]
    test.execution_count = 1
    nb.cells = [answer]
    for name, text in {**HTML, **MARKDOWN}.items():
        nb.cells.append(new_markdown_cell(filled(name, text)))
        nb.cells.append(new_raw_cell(filled(f"{name}-raw", text)))
    for _, output in outputs():
        nb.cells.append(new_code_cell("0", outputs=[output]))
    count = new_code_cell("0", execution_count=1)
    count.execution_count = filled("count", "<script>{run}</script>")
    tagged = new_code_cell("0", metadata={"tags": [filled("tag", "\"><script>{run}</script>")],
                                          "alt": filled("alt", "\" onload=\"{run}")})
    tagged.id = filled("id", "\"><script>{run}</script>")
    attached = new_markdown_cell("![a](attachment:a.png)", attachments={
        "a.png": {"image/png": filled("attached", "\" onerror=\"{run}")}})
    attached_svg = new_markdown_cell("![a](attachment:a.svg)", attachments={
        "a.svg": {"text/html": filled("attached-svg", "{svg}")}})
    named = new_markdown_cell("n", metadata=nbgrader(filled("grade-id", "\"><script>{run}</script>"), grade=True, points=1))
    nb.cells += [count, tagged, attached, attached_svg, named, test]
    return nbformat.from_dict(nb)


def honest_notebook():
    """What honest students have, in text and output."""
    table = ('<div>\n<style scoped>\n    .dataframe tbody tr th {\n        vertical-align: top;\n    }\n</style>\n'
             '<table border="1" class="dataframe">\n  <thead>\n    <tr style="text-align: right;">\n      <th></th>\n'
             '      <th>loss</th>\n    </tr>\n  </thead>\n  <tbody>\n    <tr>\n      <th>Adam</th>\n      <td>0.057</td>\n'
             '    </tr>\n  </tbody>\n</table>\n</div>')
    nb = hostile_notebook()
    answer, test = nb.cells[0], nb.cells[-1]
    answer.source = "def f(a, b):\n    return a < b and '<b>'"
    answer.outputs = [
        new_output("stream", name="stdout", text="t = 1   a < b & <c>\n100%|█████| 3/3\n"),
        new_output("display_data", {"text/html": table, "text/plain": "      loss\nAdam 0.057"}),
        new_output("display_data", {"image/png": PNG + "\n", "text/plain": "<Figure>"}, metadata={"image/png": {"width": 300}}),
        new_output("error", ename="TypeError", evalue="no", traceback=[
            "\x1b[31m-------\x1b[39m", "\x1b[31mTypeError\x1b[39m  Traceback", "\x1b[36mCell\x1b[39m\x1b[32m In[1]\x1b[39m <module>"])]
    nb.cells = [answer, new_markdown_cell(MINE), test]
    nb.metadata.pop("widgets")
    nb.metadata.pop("title")
    return nb


MINE = """## What I found

As $a < b$ and $\\hat v_t / \\sqrt{\\hat s_t} = \\pm 1$, the step is about $\\alpha$, see [the paper](https://arxiv.org/abs/1412.6980).

$$w_t = w_{t-1} - \\alpha \\frac{\\hat v_t}{\\sqrt{\\hat s_t} + \\epsilon}$$

- `if a <b> c:` is *code*, and **this** is not
- [x] done & dusted

| rate | loss |
|---|---|
| 0.1 | 0.057 |

```python
def f(x):
    return x < 1
```"""
