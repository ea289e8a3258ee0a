"""Builds the course's site: `python course.py site`, into build/site/html.

The lessons are those of the students' edition, run once; beside them stand the pages of docs/. What
the build needs beyond the course's own packages is fetched into build/: Sphinx, pinned in
requirements.txt here, and MathJax, as npm has it. A reader's browser fetches nothing from elsewhere.
"""
import os
import shutil
import subprocess
import sys
from pathlib import Path

from optimlab.classroom import Unusable
from optimlab.classroom.publishing import publish
from optimlab.syllabus import LESSONS

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BUILD = ROOT / "build" / "site"
MATHJAX = "mathjax@3.2.2"
# What the site has besides the students' edition, as it lies in the course.
PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "docs/README.md", "docs/architecture.md",
         "docs/grading.md", "docs/authoring.md", "docs/jupyterhub.md", "docs/beside-others.md")
MODULES = ("optimizers", "averages", "schedules", "surfaces", "networks", "datasets", "training", "comparison",
           "syllabus", "installation", "plots", "explorables", "tutor.checking")


def main() -> int:
    """Build all of it; returns the exit status."""
    try:
        fetch()
        source = BUILD / "source"
        shutil.rmtree(source, ignore_errors=True)
        publish(ROOT, source)
    except Unusable as error:
        print(f"course.py site: {error}", file=sys.stderr)
        return 1
    sys.path.insert(0, str(HERE))
    from executing import execute_all
    static = source / "_static"
    execute_all(sorted((source / "notebooks").glob("*.ipynb")), static / "recorded")
    write_pages(source, static)
    return subprocess.call(
        [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-E", "-j", "auto", "-b", "html",
         "-d", str(BUILD / "doctrees"), str(source), str(BUILD / "html")],
        env=os.environ | {"PYTHONPATH": str(BUILD / "packages")})


def fetch() -> None:
    """Sphinx and MathJax, where they are not there yet in this version."""
    wanted = (HERE / "requirements.txt").read_text(encoding="utf-8") + MATHJAX + sys.version
    stamp = BUILD / "fetched.txt"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted:
        return
    npm = shutil.which("npm")
    if not npm:
        raise Unusable("MathJax comes from npm, which is not here: install Node.js")
    BUILD.mkdir(parents=True, exist_ok=True)
    for what, command in (
            ("Sphinx", [sys.executable, "-m", "uv", "pip", "install", "--no-deps", "--target", str(BUILD / "packages"),
                        "-r", str(HERE / "requirements.txt")]),
            ("MathJax", [npm, "install", "--no-package-lock", "--prefix", str(BUILD), MATHJAX])):
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
            raise Unusable(f"{what} could not be fetched: {said}: connect to the network and run this again")
    stamp.write_text(wanted, encoding="utf-8")


def write_pages(source: Path, static: Path) -> None:
    """What stands around the lessons: the pages of docs/, those of the package, and what the browser runs."""
    for name in PAGES:
        (source / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, source / name)
    shutil.copy(HERE / "conf.py", source)
    for path in (*(HERE / "static").iterdir(), ROOT / "utils/optimlab/explorables/stage.js",
                 ROOT / "utils/optimlab/explorables/stage.css"):
        shutil.copy(path, static)
    shutil.copy(BUILD / "node_modules/mathjax/es5/tex-svg.js", static / "mathjax.js")
    (source / "_extra/docs").mkdir(parents=True)  # Sphinx leaves alone what stands in HTML
    for picture in source.glob("docs/first-look.*"):
        shutil.copy(picture, source / "_extra/docs")
    (source / "api").mkdir()
    for module in MODULES:
        (source / "api" / f"{module}.md").write_text(
            f"# optimlab.{module}\n\n```{{eval-rst}}\n.. automodule:: optimlab.{module}\n   :members:\n"
            "   :imported-members:\n```\n", encoding="utf-8")
    index = (HERE / "index.md").read_text(encoding="utf-8")
    lessons = ["notebooks/00-start-here", *(f"notebooks/{lesson.file}" for lesson in LESSONS.values())]
    assignments = [f"assignments/{path.stem}/{path.stem}" for path in sorted(source.glob("assignments/*/*.ipynb"))]
    for word, pages in (("LESSONS", lessons), ("ASSIGNMENTS", assignments),
                        ("API", [f"api/{module}" for module in MODULES])):
        index = index.replace(f"\n{word}\n", "\n" + "\n".join(dict.fromkeys(pages)) + "\n")
    (source / "index.md").write_text(index, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
