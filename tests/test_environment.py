"""What Binder and conda make of environment.yml: read as they read it, without a network."""
import re
import shutil

import pytest
import yaml
from packaging.requirements import Requirement
from project import PROJECT, ROOT, name_of

FILES = ("environment.yml", "requirements.txt", "pyproject.toml")
# What Binder would build from instead, in the order of https://repo2docker.readthedocs.io/en/latest/config_files.html
INSTEAD = ("binder", ".binder", "Dockerfile", "Project.toml", "JuliaProject.toml", "REQUIRE", "default.nix", "install.R",
           "runtime.txt", "DESCRIPTION")
# What would be run or installed besides, and differ from what `course.py` sets up.
BESIDES = ("apt.txt", "postBuild", "preBuild", "start")
# A conda spec as Binder's own regular expression finds it; `>=` escapes that, and Binder takes its default Python.
PYTHON = re.compile(r"python\s*=+\s*([\d.]+)")


def problems(folder):
    """What keeps Binder and conda from making the environment that course.py makes; nothing where all is well."""
    yield from (f"{name}: Binder would build from it, not from environment.yml"
                for name in INSTEAD if (folder / name).exists())
    yield from (f"{name}: Binder would take it too" for name in BESIDES if (folder / name).exists())
    specification = yaml.safe_load((folder / "environment.yml").read_text(encoding="utf-8"))
    if specification["channels"] != ["conda-forge"]:
        yield "channels: conda-forge alone has what the course needs, under terms that suit a class"
    conda = [line for line in specification["dependencies"] if isinstance(line, str)]
    pip = [line for entry in specification["dependencies"] if isinstance(entry, dict) for line in entry["pip"]]
    pythons = [line for line in conda if re.match(r"python\b(?!-)", line)]
    if len(pythons) != 1 or not PYTHON.fullmatch(pythons[0]):
        yield f"python: write it once, as python=3.12, and not as {pythons}"
    elif not (3, 11) <= tuple(map(int, PYTHON.fullmatch(pythons[0])[1].split(".")[:2])) <= (3, 15):
        yield f"{pythons[0]}: the lock is for Python 3.11 to 3.15"
    if "pip" not in conda:
        yield "pip: conda installs with it only what it has been told to have"
    yield from (f"{line}: the version is the lock's to say" for line in conda if line != "pip" and line not in pythons)
    if pip != ["-r requirements.txt", "-e ."]:
        yield f"pip: the lock and the course itself, in this order, and nothing else: {pip}"

    lines = [Requirement(line) for line in (folder / "requirements.txt").read_text(encoding="utf-8").splitlines()]
    pinned = {}
    for line in lines:
        pinned.setdefault(name_of(line.name), []).append(line)
    for wanted in map(Requirement, PROJECT["project"]["dependencies"]):
        found = pinned.get(name_of(wanted.name), [])
        if not found:
            yield f"{wanted.name}: not in the lock"
        yield from (f"{pin}: pyproject.toml wants {wanted}" for pin in found
                    if not wanted.specifier.contains(next(iter(pin.specifier)).version, prereleases=True))
    if [str(line.specifier) for line in pinned.get("nbgrader", [])] != ["==0.9.6"]:
        yield "nbgrader: 0.9.6 is the release whose extension works in JupyterLab 4.6"


def test_as_shipped_binder_and_conda_make_the_courses_environment():
    assert list(problems(ROOT)) == []


@pytest.fixture
def course(tmp_path):
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize("name, before, after, told", [
    ("environment.yml", "python=3.12", "python>=3.12", "python: write it once"),
    ("environment.yml", "python=3.12", "python", "python: write it once"),
    ("environment.yml", "  - python=3.12\n", "", "python: write it once"),
    ("environment.yml", "python=3.12", "python=3.10", "python=3.10: the lock"),
    ("environment.yml", "  - pip\n", "", "pip: conda installs"),
    ("environment.yml", "  - pip\n", "  - pip\n  - nbgrader=0.9.6\n", "nbgrader=0.9.6: the version"),
    ("environment.yml", "conda-forge", "defaults", "channels"),
    ("environment.yml", "- -e .", "- -e .\n      - numpy==1.26.4", "pip: the lock and the course"),
    ("environment.yml", "-r requirements.txt", "-r ../requirements.txt", "pip: the lock and the course"),
    ("requirements.txt", "nbgrader==0.9.6", "nbgrader==0.9.5", "nbgrader==0.9.5: pyproject.toml wants"),
    ("requirements.txt", "argon2-cffi-bindings==25.1.0", "argon2-cffi-bindings==26.1.0", "argon2-cffi-bindings==26.1.0: pyp"),
    ("requirements.txt", "matplotlib==", "something==", "matplotlib: not in the lock"),
])
def test_what_is_wrong_in_a_file_is_named(course, name, before, after, told):
    text = (course / name).read_text(encoding="utf-8")
    assert before in text
    (course / name).write_text(text.replace(before, after, 1), encoding="utf-8")
    assert [line for line in problems(course) if line.startswith(told)]


@pytest.mark.parametrize("name", INSTEAD + BESIDES)
def test_what_binder_would_take_instead_is_named(course, name):
    (course / name).mkdir()
    assert [line for line in problems(course) if line.startswith(f"{name}: Binder")]


def test_the_launcher_takes_the_same_pythons():
    told = re.search(r"\((\d+), (\d+)\) <= sys.version_info\[:2\] <= \((\d+), (\d+)\)", (ROOT / "course.py").read_text())
    assert tuple(map(int, told.groups())) == (3, 11, 3, 15)
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_the_lab_starts_on_the_start_page_and_without_news():
    """In Binder the address says where; the settings come with the package, into every environment."""
    shared = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    assert shared["utils/jupyterlab-overrides.json"] == "share/jupyter/lab/settings/overrides.json"
    assert "urlpath=lab/tree/notebooks/00-start-here.ipynb" in (ROOT / "README.md").read_text(encoding="utf-8")
