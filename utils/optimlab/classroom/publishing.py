"""Writes the students' edition of the course: what git tracks of it, without solutions, answers, grades and secrets.

It is a course of its own, with the same two commands. What students must not have is never named here: only what
they get is, so that nothing is published by being forgotten.
"""

import json
import re
import subprocess
from pathlib import Path

from optimlab.classroom import Unusable
from optimlab.classroom.files import write_atomic

# What is published as it is, in git's own words for paths.
AS_IT_IS = (
    "assignments", ":!assignments/**/exercises.py", "notebooks", "utils", "docs/deck.md", "docs/pytorch.md",
    "docs/troubleshooting.md", "docs/first-look.gif", "docs/first-look.png", "course.py", "requirements.txt",
    "environment.yml", ".devcontainer", "hatch_build.py", "LICENSE", "CITATION.cff", ".gitignore", ".gitattributes",
    # The tests that try out a student's machine: those of what the lessons use.
    "tests/conftest.py", "tests/support/lessons.py", "tests/support/needs.py", "tests/reference/torch.json",
    "tests/lessons/test_deck.py", "tests/lessons/test_lessons.py",
    "tests/explorables", ":!tests/explorables/test_in_browser.py",
    *(f"tests/test_{name}.py" for name in (
        "averages", "comparison", "course", "datasets", "installation", "networks", "optimizers", "plots", "schedules",
        "surfaces", "syllabus", "training")),
    "benchmarks/full_race.py",  # which a test runs in part
)
MARK = ".published"  # in a folder that was published: the names of its files

# --- what is written otherwise for students ------------------------------------------------------

INSTRUCTORS = re.compile(r"<!-- for instructors -->.*?<!-- for all -->\n?", re.DOTALL)  # in README.md
BELOW = "# --- what follows is the instructor's ---"  # in nbgrader_config.py
PRIVATE = re.compile(r"secret|password|db_url|\w+://\S*@", re.IGNORECASE)

# Formgrader, Create Assignment and the list of courses are switched off where the package is installed.
SHARED_DATA = "[tool.hatch.build.targets.wheel.shared-data]\n"
OFF = {
    "utils/jupyter-server-config.json": ("etc/jupyter/jupyter_server_config.d/optimlab.json", {
        "ServerApp": {"jpserver_extensions": {  # after nbgrader.json, in the order of the alphabet
            "nbgrader.server_extensions.formgrader": False, "nbgrader.server_extensions.course_list": False}}}),
    "utils/jupyterlab-page-config.json": ("etc/jupyter/labconfig/page_config.json", {
        "disabledExtensions": {f"@jupyter/nbgrader:{name}": True
                               for name in ("formgrader", "create-assignment", "course-list")}}),
}


def edition(root: Path) -> dict[str, bytes]:
    """The students' edition of the course in the folder `root`, as the content of each file by its name.

    Raises Unusable if git does not track the course, or its files are not as they should be.
    """
    files = {name: _content(root, name) for name in _tracked(root, *AS_IT_IS)}
    files |= {name: _text(json.dumps(settings, indent=2) + "\n") for name, (_, settings) in OFF.items()}
    for name, rewritten in (("README.md", _readme), ("nbgrader_config.py", _config), ("pyproject.toml", _pyproject)):
        files[name] = _text(rewritten(_content(root, name).decode("utf-8")))
    return files


def publish(root: Path, to: Path) -> str:
    """Write the students' edition into a new or empty folder, or over an earlier one; returns what was done.

    Over an earlier one, files that are no longer published go, and what is not ours (.git, .venv) stays.
    Raises Unusable if the folder holds anything else.
    """
    files = edition(root)
    before = _published(to)
    write_atomic(to / MARK, _listed(before | files.keys()))  # so that one that was stopped can be gone on with
    for name, content in files.items():
        if not (to / name).is_file() or (to / name).read_bytes() != content:
            write_atomic(to / name, content)
    for name in before - files.keys():
        (to / name).unlink(missing_ok=True)
    write_atomic(to / MARK, _listed(set(files)))
    new = sorted({"/".join(name.split("/")[:2]) for name in _tracked(root, "assignments", "notebooks", untracked=True)})
    left_out = f"; left out, for git does not track it: {', '.join(new)}" if new else ""
    return f"{to} is the students' edition: {len(files)} files, without solutions, grades and secrets{left_out}"


def _published(to: Path) -> set[str]:
    """The names of the files that were published to a folder before."""
    if not to.exists():
        return set()
    if not to.is_dir():
        raise Unusable(f"{to}: is no folder: name a new or empty one, or one that was published before")
    mark = to / MARK
    if mark.is_file():
        return {name for name in mark.read_text(encoding="utf-8").splitlines() if ".." not in name.split("/")}
    if {path.name for path in to.iterdir()} - {".git"}:
        raise Unusable(f"{to}: holds something else, which would be mixed up with the course: name a new or empty "
                       f"folder, or one that was published before")
    return set()


def _listed(names: set[str]) -> str:
    return "".join(f"{name}\n" for name in sorted(names))


def _tracked(root: Path, *paths: str, untracked: bool = False) -> list[str]:
    others = ["--others", "--exclude-standard"] if untracked else []
    try:
        done = subprocess.run(["git", "ls-files", "-z", *others, "--", *paths], cwd=root, capture_output=True)
    except FileNotFoundError:
        raise Unusable("only what git tracks is published, and git is not installed: install it") from None
    if done.returncode:
        raise Unusable(f"only what git tracks is published, and {root} is in no repository of yours: "
                       f"{done.stderr.decode(errors='replace').strip().splitlines()[0]}")
    return [name for name in done.stdout.decode().split("\0") if name]


def _content(root: Path, name: str) -> bytes:
    path = root / name
    if path.is_symlink() or not path.is_file():
        raise Unusable(f"{name}: git tracks it, but it is no file here: git checkout {name}")
    return path.read_bytes()


def _text(text: str) -> bytes:
    return text.encode("utf-8")


def _readme(text: str) -> str:
    """Without the parts between `<!-- for instructors -->` and `<!-- for all -->`."""
    return INSTRUCTORS.sub("", text)


def _config(text: str) -> str:
    public, line, _ = text.partition(BELOW)
    if not line:
        raise Unusable(f"nbgrader_config.py: what students get ends at the line `{BELOW}`, and there is none: put it "
                       "where your own settings begin")
    if found := PRIVATE.search(public):
        raise Unusable(f"nbgrader_config.py: {found[0]!r} stands above the line `{BELOW}`, so students would get it: "
                       "move it below")
    return public.rstrip() + "\n"


def _pyproject(text: str) -> str:
    installed = "".join(f'"{name}" = "{place}"\n' for name, (place, _) in OFF.items())
    return text.replace(SHARED_DATA, SHARED_DATA + installed)
