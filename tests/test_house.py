"""The house rules of CONTRIBUTING.md that a machine can keep."""
import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "utils" / "optimlab"

# --- floors: imports only go down --------------------------------------------

NUMERICS, PICTURES, TUTOR, LESSONS, CLASSROOM, COMMAND = "numerics pictures tutor lessons classroom command".split()
FLOOR = {NUMERICS: 1, PICTURES: 2, TUTOR: 2, LESSONS: 3, CLASSROOM: 3, COMMAND: 4}
PART_OF = {
    **dict.fromkeys(["__init__", "optimizers", "averages", "schedules", "surfaces",
                     "networks", "datasets", "training", "comparison", "syllabus", "installation", "timing"], NUMERICS),
    "plots": PICTURES, "explorables": PICTURES, "tutor": TUTOR, "lessons": LESSONS,
    "classroom": CLASSROOM, "__main__": COMMAND,
}
# What a part may import from outside, the standard library aside; the upper floors may import all.
OUTSIDE = {
    NUMERICS: {"numpy", "tqdm"},
    PICTURES: {"numpy", "tqdm", "matplotlib", "PIL",  # which draws matplotlib's PNGs
                "ipywidgets", "anywidget", "traitlets", "IPython"},
    TUTOR: {"numpy"},
}


def imported(tree, package):
    """The dotted names of all that a module imports, wherever in it, relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[:len(package.split(".")) + 1 - node.level] if node.level else []
            module = ".".join(above + ([node.module] if node.module else []))
            # `from optimlab import tutor` imports optimlab.tutor.
            yield from (f"{module}.{alias.name}" for alias in node.names)


def wrong_arrows(source, module):
    """The imports of `module` (such as optimlab.tutor.checking) that its floor does not allow."""
    part = part_of(module)
    package = module.removesuffix(".__init__") if module.endswith(".__init__") else module.rpartition(".")[0]
    for name in imported(ast.parse(source), package):
        top = name.split(".")[0]
        if top == "optimlab":
            allowed = part_of(name) == part or FLOOR[part_of(name)] < FLOOR[part]
        else:
            allowed = top in sys.stdlib_module_names or part not in OUTSIDE or top in OUTSIDE[part]
        if not allowed:
            yield name


def part_of(module):
    names = module.split(".")
    # A name that is no module (`from optimlab import __version__`) is __init__'s own.
    return PART_OF.get(names[1] if len(names) > 1 else "__init__", NUMERICS)


MODULES = {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path
           for path in sorted(PACKAGE.rglob("*.py"))}


@pytest.mark.parametrize("module", MODULES)
def test_imports_only_go_down(module):
    assert list(wrong_arrows(MODULES[module].read_text(encoding="utf-8"), module)) == []


def test_every_module_has_its_floor():
    """A new module says on which floor it lives, here in PART_OF."""
    assert {module.split(".")[1] for module in MODULES} <= PART_OF.keys()


@pytest.mark.parametrize("module, source", [
    ("optimlab.optimizers", "from optimlab.plots import path"),
    ("optimlab.surfaces", "import matplotlib.pyplot as plt"),
    ("optimlab.training", "def f():\n    from .classroom import run"),
    ("optimlab.tutor.checking", "from .. import explorables"),
    ("optimlab.tutor.__init__", "from ..plots import path"),
    ("optimlab.plots", "from optimlab import tutor"),
    ("optimlab.lessons.momentum", "from optimlab.classroom.files import write"),
    ("optimlab.classroom.sandbox.places", "import optimlab.__main__"),
])
def test_an_arrow_that_goes_up_is_found(module, source):
    assert len(list(wrong_arrows(source, module))) == 1


@pytest.mark.parametrize("module, source", [
    ("optimlab.training", "import numpy as np\nfrom . import optimizers\nfrom .surfaces import bowl"),
    ("optimlab.tutor.checking",
     "from . import exercises\nfrom ..optimizers import Adam\nfrom optimlab import schedules"),
    ("optimlab.explorables.adam", "from ..plots import path\nimport anywidget"),
    ("optimlab.__main__", "from .classroom import grade\nfrom .tutor import check"),
])
def test_an_arrow_that_goes_down_is_allowed(module, source):
    assert list(wrong_arrows(source, module)) == []


# --- rooms: the classroom's walls ---------------------------------------------

# What a room of the classroom may import of the other rooms. Whatever stands beside the rooms (batch, marking, ...)
# may import them all; the rooms may import only these two of what stands beside them.
DOORS = {"intake": set(), "sandbox": set(), "pages": {"intake"}, "grading": {"intake", "sandbox", "pages"},
         "gradebook": {"grading"}}
BESIDE = {"optimlab.classroom", "optimlab.classroom.files"}
# The lowest floor of the tutor, all that a sandbox needs of it.
ASKS_AND_ANSWERS = {"optimlab.tutor.challenges", "optimlab.tutor.tracing"}


def room_of(module):
    """The room of the classroom that a module stands in; "" for one outside of the rooms."""
    names = module.split(".")
    return names[2] if names[:2] == ["optimlab", "classroom"] and len(names) > 2 and names[2] in DOORS else ""


def through_walls(source, module):
    """The imports of a module in a room of the classroom that go where there is no door."""
    room = room_of(module)
    for name in modules_imported(source, module):
        if room_of(name) in ({room} | DOORS[room]) - {""}:
            continue
        if name.startswith("optimlab.classroom") and name not in BESIDE:
            yield name


def modules_imported(source, module):
    """The modules of the package that a module imports, each by its own name."""
    package = module.removesuffix(".__init__") if module.endswith(".__init__") else module.rpartition(".")[0]
    for name in imported(ast.parse(source), package):
        while name and name not in MODULES and f"{name}.__init__" not in MODULES:
            name = name.rpartition(".")[0]  # a name in a module
        if name.startswith("optimlab"):
            yield name


@pytest.mark.parametrize("module", [m for m in MODULES if room_of(m)])
def test_the_classrooms_walls_are_kept(module):
    assert list(through_walls(MODULES[module].read_text(encoding="utf-8"), module)) == []


def test_every_folder_of_the_classroom_is_a_room():
    assert {path.parent.name for path in (PACKAGE / "classroom").glob("*/*.py")} == DOORS.keys()


@pytest.mark.parametrize("module, source", [
    ("optimlab.classroom.intake.lms", "from optimlab.classroom.grading import judging"),
    ("optimlab.classroom.sandbox.run", "def f():\n    from ..gradebook.book import Book"),
    ("optimlab.classroom.pages.report", "import optimlab.classroom.sandbox.run"),
    ("optimlab.classroom.grading.flags", "from optimlab.classroom.batch import Batch"),
])
def test_an_import_through_a_wall_is_found(module, source):
    assert len(list(through_walls(source, module))) == 1


def test_into_a_sandbox_goes_what_lies_in_its_room():
    """What runs there imports nothing of the classroom but its room, and of the tutor only what asks and answers."""
    for module, path in MODULES.items():
        if room_of(module) == "sandbox":
            names = set(modules_imported(path.read_text(encoding="utf-8"), module))
            assert {n for n in names if n.startswith("optimlab.tutor")} <= ASKS_AND_ANSWERS, module


def circles(arrows):
    """The modules that import each other in circles, and those that stand between two circles."""
    left = {module: set(names) for module, names in arrows.items()}
    while ends := [m for m, names in left.items() if not names & left.keys() or all(m not in n for n in left.values())]:
        for module in ends:
            del left[module]
    return set(left)


def test_no_modules_import_each_other_in_a_circle():
    """Imports inside functions count, too. A package and what lies in it are one here."""
    arrows = {m.removesuffix(".__init__"): set(modules_imported(path.read_text(encoding="utf-8"), m))
              for m, path in MODULES.items()}
    assert circles({m: {n for n in names if n != m and not m.startswith(f"{n}.") and not n.startswith(f"{m}.")}
                    for m, names in arrows.items()}) == set()
    assert circles({"a": {"b"}, "b": {"a"}, "c": {"a"}, "d": set()}) == {"a", "b"}


# --- habits ------------------------------------------------------------------

# What is run with `python -m`: the command, and the two programs of the sandbox.
PROGRAMS = {"optimlab.__main__", "optimlab.classroom.sandbox.runner", "optimlab.classroom.sandbox.zygote"}


@pytest.mark.parametrize("module", sorted(MODULES.keys() - PROGRAMS))
def test_only_programs_end_their_process(module):
    ends = re.compile(r"\b(os\._exit|sys\.exit|os\.abort|raise SystemExit|exit\()")
    code = ast.unparse(ast.parse(MODULES[module].read_text(encoding="utf-8")))  # without comments
    assert not [line for line in code.splitlines() if ends.search(line)]


def test_the_tutor_brings_neither_pictures_nor_jupyter():
    """It runs in sandboxes by the hundred and in browsers, where these cost seconds."""
    code = "import optimlab.tutor, sys; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"matplotlib", "IPython", "ipywidgets", "anywidget", "traitlets", "nbformat", "nbgrader"}
    assert heavy & set(done.stdout.split()) == set()


# --- notebooks ---------------------------------------------------------------

NOTEBOOKS = [str(path.relative_to(ROOT)) for folder in ("notebooks", "solutions", "assignments")
             for path in sorted((ROOT / folder).rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]
TRICKS = {
    "a star import": r"^\s*from\s+\S+\s+import\s+\*",
    "an install": r"^\s*[!%]+\s*(pip|conda|mamba|uv)\b",
    "a path trick": r"\bsys\.path\b",
}


def code_cells(name):
    notebook = json.loads((ROOT / name).read_text(encoding="utf-8"))
    return [dict(cell, source="".join(cell["source"]))
            for cell in notebook["cells"] if cell["cell_type"] == "code"]


def holds_an_answer(cell):
    """The functions that a student writes may be long: they are the exercise."""
    return cell["metadata"].get("nbgrader", {}).get("solution", False)


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_has_no_outputs(name):
    assert not [cell["id"] for cell in code_cells(name) if cell["outputs"] or cell["execution_count"]]


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_notebook_cells_are_short(name):
    assert not [cell["id"] for cell in code_cells(name)
                if len(cell["source"].splitlines()) >= 15 and not holds_an_answer(cell)]


@pytest.mark.parametrize("name", NOTEBOOKS)
@pytest.mark.parametrize("trick", TRICKS)
def test_notebook_plays_no_tricks(name, trick):
    assert not [cell["id"] for cell in code_cells(name) if re.search(TRICKS[trick], cell["source"], re.M)]


def test_the_start_page_is_there():
    """The launcher opens it, and so does Binder's link."""
    assert str(Path("notebooks", "00-start-here.ipynb")) in NOTEBOOKS


# --- nothing of one machine --------------------------------------------------

# In pieces, for this file is tracked too.
REGISTRIES = ["pypi" + ".org", "files." + "pythonhosted" + ".org",
              "registry." + "npmjs" + ".org", "deb." + "debian" + ".org"]


def places_of_this_machine():
    """Where this project, this Python and this user live, short paths such as /usr or /root left out."""
    places = {ROOT, Path(sys.base_prefix), Path.home()}
    return [str(place) for place in places
            if len(place.parts) > 2 and not str(place).startswith("/usr")]


@pytest.fixture(scope="module")
def tracked():
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("not a git repository")
    paths = [ROOT / name for name in listed.stdout.decode().split("\0") if name]
    return {path.relative_to(ROOT): path.read_bytes() for path in paths if path.is_file()}


@pytest.mark.parametrize("host", REGISTRIES)
def test_no_tracked_file_names_a_registry(tracked, host):
    """Where packages come from is the reader's own setting (a mirror, an offline index)."""
    assert not [str(path) for path, content in tracked.items() if host.encode() in content]


def test_no_tracked_file_names_a_place_of_this_machine(tracked):
    found = [(str(path), place) for path, content in tracked.items() for place in places_of_this_machine()
             if re.search(re.escape(place).encode() + rb"(?![\w.-])", content)]
    assert not found
