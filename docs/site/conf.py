"""Sphinx's settings for the site; what it is built from, `python course.py site` puts together."""
project = "optimlab"
copyright = "the authors of optimlab"
extensions = ["myst_nb", "sphinx.ext.autodoc"]
exclude_patterns = ["_build", "_extra"]

nb_execution_mode = "off"  # they have been run, with their figures recorded
nb_render_markdown_format = "myst"  # so that links in what a cell has written lead to the site's pages
nb_ipywidgets_js = {}      # figures are shown by player.js, which needs nothing from elsewhere
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3
mathjax_path = "mathjax.js"

autodoc_member_order = "bysource"
autodoc_typehints = "none"

html_theme = "sphinx_book_theme"
html_title = "optimlab"
html_favicon = "_static/icon.svg"
html_static_path = ["_static"]
html_extra_path = ["_extra"]
html_css_files = ["stage.css", "player.css"]
html_js_files = [("player.js", {"type": "module"})]
html_show_sphinx = False
html_context = {"default_mode": "auto"}  # light or dark, as the reader's system has it
html_theme_options = {
    "repository_url": "https://github.com/OWNER/REPO",
    "repository_branch": "HEAD",
    "path_to_docs": "",
    "use_download_button": True,
    "use_repository_button": True,
    "launch_buttons": {"binderhub_url": "https://mybinder.org", "notebook_interface": "jupyterlab"},
}


def setup(app):
    """Docstrings are plain text: the first line is prose, and the rest keeps its lines."""
    app.connect("autodoc-process-docstring", plain)


def plain(app, what, name, thing, options, lines):
    text = [line.replace("\\", "\\\\").replace("*", "\\*").replace("_", "\\_").replace("|", "\\|").replace("`", "\\`")
            for line in lines[:1]]
    rest = lines[1:]
    if any(line.strip() for line in rest):
        text += ["", "::", ""] + ["    " + line for line in rest] + [""]
    lines[:] = text
