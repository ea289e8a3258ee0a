"""pyproject.toml names every package that the project imports itself, not only what happens to come with another."""
import ast
import sys
from importlib.metadata import packages_distributions

import pytest
from project import PROJECT, ROOT, name_of

EXTRAS = PROJECT["project"]["optional-dependencies"]
PACKAGE = PROJECT["project"]["dependencies"] + EXTRAS["dask"] + EXTRAS["postgres"]
TESTS = [path for folder in ("tests", "benchmarks", "docs") for path in (ROOT / folder).rglob("*.py")]
OWN = {"optimlab"} | {path.stem for path in TESTS}
STRANGERS = {ROOT / "tests/submissions", ROOT / "tests/red_team"}  # students', which import what they like
NOT_INSTALLED = {"torch", "lion_pytorch", "schedulefree"}  # what the course is compared with, by who has it


def imported(source):
    """The top-level modules of all imports, those inside of functions too."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield node.module.partition(".")[0]


def undeclared(paths, requirements):
    """(file, module) of each import that is neither Python's, nor the project's, nor of a named package."""
    declared, packages = set(map(name_of, requirements)), packages_distributions()
    return {(path.name, module) for path in paths for module in imported(path.read_text(encoding="utf-8"))
            if module not in sys.stdlib_module_names | OWN
            and not declared & set(map(name_of, packages.get(module, [])))}


def test_what_the_package_imports_is_declared():
    assert undeclared((ROOT / "utils").rglob("*.py"), PACKAGE) == set()


def test_what_tests_benchmarks_and_the_site_import_is_declared():
    ours = [path for path in TESTS if not STRANGERS & set(path.parents)]
    assert {found for found in undeclared(ours, PACKAGE + EXTRAS["test"]) if found[1] not in NOT_INSTALLED} == set()


@pytest.mark.parametrize("source, expected", [
    ("import os.path, PIL.Image", {"PIL"}), ("def f():\n    from yaml import safe_load", {"yaml"}),
    ("from . import x\nfrom optimlab import plots", set()), ("import not_installed", {"not_installed"}),
])
def test_an_import_that_is_not_declared_is_found(tmp_path, source, expected):
    path = tmp_path / "module.py"
    path.write_text(source, encoding="utf-8")
    assert {module for _, module in undeclared([path], ["pytest"])} == expected
