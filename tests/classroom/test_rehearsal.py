"""What would not be graded as its author means it is not released: one line says why, and nothing is changed."""
import json
import shutil

import nbformat
import pytest
from nbgraders_own import cell

from optimlab.classroom.commands import release_assignments, start_assignment
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.sandbox import places

pytestmark = pytest.mark.slow  # a release takes a second
NAME = "hw1"


@pytest.fixture
def course(entered, tmp_path, monkeypatch, place):
    """A course with an assignment that was just begun; what runs, runs in the warm sandbox of all tests."""
    monkeypatch.setattr(places._of_thread, "place", place, raising=False)
    monkeypatch.setattr(places._of_thread, "asked", (False, bool(places.why_no_sandbox())), raising=False)
    folder = tmp_path / "course"
    (folder / "solutions").mkdir(parents=True)
    for name in ("nbgrader_config.py", "gradebook.db"):
        shutil.copy(entered / name, folder / name)
    monkeypatch.chdir(folder)
    assert start_assignment(NAME) == 0
    return folder


def source(course):
    return course / "solutions" / NAME / f"{NAME}.ipynb"


def edit(course, change):
    nb = nbformat.read(source(course), as_version=4)
    change({grade_id(c): c for c in nb.cells}, nb)
    nbformat.write(nb, source(course))


def rewrite(course, old, new):
    path = course / "solutions" / NAME / "exercises.py"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def wrong_solution(cells, nb):
    answer = cells["mean_squared_error"]
    answer.source = answer.source.replace("np.mean", "np.sum")


def passes_without_an_answer(cells, nb):
    cells["no-error"].source = "assert 1 + 1 == 2"


def not_a_criterion(cells, nb):
    cells["mean_squared_error-loss"].source = 'require("mean_squared_error.los", mean_squared_error)'


def not_an_exercise(cells, nb):
    cells["check-mean_squared_error"].source = "check(mean_square_error)"


def other_points_than_it_tells(cells, nb):
    cells["mean_squared_error-loss"].metadata.nbgrader.points = 3.5


def points_that_nobody_can_earn(cells, nb):
    cells["check-mean_squared_error"].metadata.nbgrader.update(grade=True, points=3)


def one_criterion_twice(cells, nb):
    cells["no-error"].source = cells["mean_squared_error-loss"].source


def more_than_its_require(cells, nb):
    cells["mean_squared_error-loss"].source += "\nassert mean_squared_error(np.ones(2), np.zeros(2)) == 1"


@pytest.mark.parametrize("change, words", [
    (wrong_solution, ["its own solution earns 0 of 2 points in mean_squared_error.loss"]),
    (passes_without_an_answer, ["nothing is written earns 1 points in no-error"]),
    (not_a_criterion, ["mean_squared_error-loss requires mean_squared_error.los,",
                       "those of mean_squared_error are mean_squared_error.shape, mean_squared_error.loss"]),
    (not_an_exercise, ["a cell checks mean_square_error, and there is no exercise of that name: those of exercises.py are mean_squared_error"]),
    (points_that_nobody_can_earn, ["nobody can earn the points of the cell check-mean_squared_error, for each criterion of "
                                   "mean_squared_error has a cell of its own"]),
    (one_criterion_twice, ["two cells require mean_squared_error.loss: keep one of them"]),
    (other_points_than_it_tells, ["mean_squared_error-loss tells students 2 points, and earns 3.5: make the two agree"]),
    (more_than_its_require, ["mean_squared_error-loss holds more than its one require(...)"]),
], ids=lambda value: getattr(value, "__name__", ""))
def test_a_notebook_that_would_not_be_graded_as_meant(change, words, course, capsys):
    edit(course, change)
    assert refused(course, capsys, f"solutions/{NAME}/{NAME}.ipynb", *words)


@pytest.mark.parametrize("old, new, words", [
    ("yield rng", "yield rn", ["exercises.py, line 15: NameError: name 'rn' is not defined"]),
    ("return ((y_hat", "return (((y_hat", ["exercises.py, line ", "SyntaxError"]),
    ("import by_reference, slip", "import by_reference, slop", ["exercises.py, line 3: ImportError"]),
    (" ** 2).sum()", " ** 2).mean()", ["the slip mean_squared_error.sum_not_mean gives what mean_squared_error gives in every case"]),
    (" ** 2).mean()", " ** 2).max()", ["its own solution earns 0 of 2 points in mean_squared_error.loss"]),
    ("return ((y_hat - y) ** 2).mean()", "return {'loss': 0}", ["arrays or numbers are compared, one for each name in returns (loss)"]),
    ("rng.normal(size=n), rng.normal(size=n)", "rng.normal(size=n)", ["case 1 of mean_squared_error is a ndarray"]),
    ("rng.normal(size=n), rng.normal(size=n)", "rng.normal(size=n), 'text'", ["case 1 of mean_squared_error holds a str"]),
    ('returns=("loss",)', 'returns=("loss",), criteria=[("loss", "it", "csae")]', ["about cases of the kind 'csae'"]),
    ("rng.normal(size=n), rng.normal(size=n)", "(rng.normal(size=n),)", ["missing a required argument: 'y_hat'"]),
    ("    for n in (1", "    import random\n    yield np_.zeros(2) + random.random(), np_.ones(2)\n    for n in (1",
     ["mean_squared_error has other cases each time"]),
    ("def mean_squared_error(y, y_hat)", "def mean_squared_error(y, *y_hat)", ["has a name, and no * before it"]),
], ids=["a name in the cases", "no end", "an import", "a slip that is right", "another reference", "a dictionary", "no tuple", "a text", "a kind that no case has",
        "an argument too few", "dice of its own", "a star"])
def test_exercises_that_cannot_be_asked(old, new, words, course, capsys):
    rewrite(course, old, new.replace("np_", "__import__('numpy')"))
    assert refused(course, capsys, *words)


def refused(course, capsys, *words):
    capsys.readouterr()
    book = (course / "gradebook.db").read_bytes()
    assert release_assignments([NAME]) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("optimlab: ") and err.count("\n") == 1, err
    assert not (course / "assignments" / NAME).exists() and (course / "gradebook.db").read_bytes() == book
    return [word for word in words if word not in err] == [] or pytest.fail(err)


def test_what_is_released_holds_no_reference(course):
    assert release_assignments([NAME]) == 0
    folder = course / "assignments" / NAME
    assert {path.name for path in folder.iterdir()} == {f"{NAME}.ipynb", "exercises.json"}
    assert not any("mean()" in path.read_text(encoding="utf-8") for path in folder.iterdir())


def test_nothing_is_tried_twice(course, monkeypatch):
    assert release_assignments([NAME]) == 0
    monkeypatch.setattr(places._of_thread, "place", None)  # whoever runs something now fails
    assert release_assignments([NAME]) == 0


def test_the_points_that_check_shows_are_those_of_the_cells(course):
    edit(course, lambda cells, nb: cells["mean_squared_error-loss"].update(
        source='require("mean_squared_error.loss", mean_squared_error)  # 7 points: the right one',
        metadata={"nbgrader": {**cells["mean_squared_error-loss"].metadata.nbgrader, "points": 7}}))
    assert release_assignments([NAME]) == 0
    data = json.loads((course / "assignments" / NAME / "exercises.json").read_text(encoding="utf-8"))
    assert data["points"] == {"mean_squared_error.shape": 1, "mean_squared_error.loss": 7}


def test_a_name_is_not_taken_twice_and_has_no_spaces(course, capsys):
    for name in (NAME, "home work", "../hw", ""):
        assert start_assignment(name) == 2
        assert capsys.readouterr().err.count("\n") == 1
    assert [path.name for path in (course / "solutions").iterdir()] == [NAME]


def test_an_assignment_of_ordinary_tests_alone_needs_no_exercises(course):
    (course / "solutions" / NAME / "exercises.py").unlink()
    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    nb = nbformat.read(source(course), as_version=4)
    nb.cells = [cell("double", "code", answer, solution=True), cell("twice", "code", "assert double(2) == 4", grade=True, points=2)]
    nbformat.write(nb, source(course))
    assert release_assignments([NAME]) == 0
    assert [path.name for path in (course / "assignments" / NAME).iterdir()] == [f"{NAME}.ipynb"]
