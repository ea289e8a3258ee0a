"""Whatever form a notebook comes back in: the points that a careful teacher gives, whichever way it is asked for.

The forms are those of tests/support/forms.py. `pytest -s` prints what each of them gets.
"""
import shutil
from functools import cache
from pathlib import Path

import forms
import nbformat
import pytest
from forms import FORMS
from grading_runs import ASKED, ASSIGNMENT, RELEASED, ROOT, grade, gradebook, optimlab, records
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgraders_own import nbgrader
from traitlets.config import PyFileConfigLoader

from optimlab.classroom.grading.judging import ask, judge
from optimlab.classroom.grading.notebooks import grade_id, parse_notebook, read_notebook
from optimlab.classroom.grading.rebuild import rebuild
from optimlab.classroom.grading.released import released_for
from optimlab.classroom.sandbox.run import Limits, bundle_of, run

PART = FORMS[::5]  # which nbgrader itself grades to the end; what it begins with is compared for all


@pytest.fixture(scope="module")
def base(sandbox, entered, tmp_path_factory):
    """A course in which the questions in words carry points, so that a person has to read them."""
    folder = shutil.copytree(entered, tmp_path_factory.mktemp("forms") / "base")
    shutil.rmtree(folder / "submitted")
    shutil.copy(ROOT / "nbgrader_config.py", folder)  # as it comes, with its own time limits
    path = folder / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    nb = nbformat.read(path, as_version=4)
    for cell in nb.cells:
        if forms.mark(cell) in forms.BOTH:
            cell.metadata.nbgrader.points = 2
    nbformat.write(nb, path)
    status, out, err = optimlab(folder, "release", ASSIGNMENT)
    assert status == 0, out + err
    return folder


def submitted(base, folder, some):
    """A copy of the course with these forms as its submissions."""
    shutil.copytree(base, folder)
    for form in some:
        (folder / "submitted" / form.name / ASSIGNMENT).mkdir(parents=True)
        (folder / "submitted" / form.name / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").write_bytes(forms.file_of(form))
    return folder


@pytest.fixture(scope="module")
def course(base, tmp_path_factory):
    """All forms, graded by `optimlab grade`."""
    folder = submitted(base, tmp_path_factory.mktemp("forms") / "course", FORMS)
    status, out, err = grade(folder, one_core=False)
    assert status == 0, out + err
    return folder


@pytest.fixture(scope="module")
def by_nbgrader(base, tmp_path_factory):
    """Some of them, graded by nbgrader's own command."""
    folder = submitted(base, tmp_path_factory.mktemp("forms") / "course", PART)
    nbgrader(folder, "autograde", ASSIGNMENT)
    return folder


@cache
def in_gradebook(course):
    """The points of each form in a course's gradebook, and the questions that wait for a person."""
    return {student: (s["score"], {name for name, (*_, waits) in s["notebooks"][ASSIGNMENT]["grades"].items() if waits})
            for (_, student), s in gradebook(course)["submissions"].items()}


def parsed(form):
    return parse_notebook(forms.file_of(form), form.name)


def texts(nb):
    """What decides the points of a rebuilt notebook, and what a person reads in it."""
    return [(c["cell_type"], grade_id(c), c["source"]) for c in nb["cells"]]


@pytest.fixture(scope="module")
def points_of(place):
    """The points of a rebuilt notebook, as `optimlab check` works them out; the same cells run only once."""
    known = {}

    def points(nb):
        asked = ask(nb, ASKED)
        key = tuple(asked.cells)
        if key not in known:
            known[key] = judge(asked, run(bundle_of(asked.cells), asked.challenges, Limits(), place)).score
        return known[key]
    return points


@pytest.fixture(scope="module")
def sanitized(base):
    """A submission as nbgrader hands it to the grading step, after its own steps and ours."""
    config = PyFileConfigLoader("nbgrader_config.py", path=str(base)).load_config()
    config.CourseDirectory.root = str(base)
    config.CourseDirectory.db_url = f"sqlite:///{base / 'gradebook.db'}"
    converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
    exporter = converter.exporter_class(parent=converter, config=converter.config)
    for step in converter.sanitize_preprocessors:
        exporter.register_preprocessor(step, enabled=True)
    ids = {"assignment": ASSIGNMENT, "notebook": ASSIGNMENT, "student": "one", "db_url": converter.coursedir.db_url}
    return lambda path: nbformat.reads(exporter.from_filename(str(path), {"nbgrader": ids})[0], as_version=4)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_a_class_gets_what_a_careful_teacher_gives(form, course):
    assert in_gradebook(course)[form.name] == (form.points, form.waiting)


@pytest.mark.parametrize("form", PART, ids=lambda form: form.name)
def test_nbgrader_s_own_command_gives_the_same(form, by_nbgrader):
    assert in_gradebook(by_nbgrader)[form.name] == (form.points, form.waiting)


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_all_ways_in_begin_with_the_same_notebook(form, course, sanitized):
    """So that those forms, too, that nbgrader did not grade here get the same points."""
    file = Path(form.name, ASSIGNMENT, f"{ASSIGNMENT}.ipynb")
    for_check = texts(rebuild(parsed(form), read_notebook(RELEASED)))
    assert texts(nbformat.read(course / "autograded" / file, as_version=4)) == for_check
    assert texts(sanitized(course / "submitted" / file)) == for_check


def test_a_notebook_alone_is_checked_as_well(course, by_nbgrader, points_of, tmp_path):
    """Far from the course's folder there is no released notebook to compare with; every second form, for they all run."""
    alone = {form.name: points_of(rebuild(nb, released_for(nb, tmp_path / "adam.ipynb").notebook))
             for form in FORMS[1::2] for nb in [parsed(form)]}
    ways = {"grade": in_gradebook(course), "autograde": in_gradebook(by_nbgrader)}
    rows = [(form, {way: given.get(form.name, ("-",))[0] for way, given in ways.items()}
             | {"check, alone": alone.get(form.name, "-")}) for form in FORMS]
    print("\n" + forms.table(rows))
    assert alone == {form.name: form.points for form in FORMS[1::2]}


def test_nothing_that_a_student_wrote_is_left_out():
    """Every line of a submission is in the rebuilt notebook, unless it was handed out or is an edited test's."""
    released = read_notebook(RELEASED)
    handed_out = lines_of(released)
    for form in FORMS:
        nb = parsed(form)
        left_out = lines_of(nb) - lines_of(rebuild(nb, released)) - handed_out
        assert not {line for line in left_out if not line.startswith(("20", "#@title", "```"))}, form.name


def lines_of(nb):
    return {line.strip().removeprefix("# ").strip() for c in nb["cells"] for line in c["source"].split("\n")}


def test_what_was_done_is_told_to_the_student_and_to_the_instructor(course):
    told = "The answer update_parameters_with_adam came in 2 cells"
    assert told in (course / "feedback/split-helper" / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
    assert told in (course / f"report-{ASSIGNMENT}.html").read_text(encoding="utf-8")
    kinds = {name: [f["kind"] for f in r["flags"]] for name, r in records(course).items()}
    assert kinds["split-helper"] == ["cells"] and kinds["no-marks"] == ["cells"] and kinds["as-it-is"] == []
