"""`release` changes the students' folder and the gradebook together or not at all, and says in one line what to do."""
import functools
import re
import shutil
import sqlite3

import nbformat
import pytest
from gradebook_contents import contents
from grading_runs import ASSIGNMENT
from nbgrader.api import Gradebook

from optimlab.classroom import Unusable, course_folder
from optimlab.classroom.commands import release_assignments
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.gradebook.book import Book
from optimlab.classroom.grading.notebooks import grade_id

pytestmark = pytest.mark.slow  # a release takes a second

CRITERION = "update-structure"  # a test cell
NEW = "update-new"


@pytest.fixture
def course(entered, tmp_path, monkeypatch):
    """A course whose assignment is released, with nothing submitted."""
    folder = shutil.copytree(entered, tmp_path / "course")
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def with_submissions(course):
    """The same after one submission, whose first function a person read: half a point more, and a word."""
    with book_of(course) as book:
        book.add_student("ada")
        book.add_submission(ASSIGNMENT, "ada")
        for name, points in ((CRITERION, 0.5), ("update-first_moment", 2.5)):
            book.find_grade(name, ASSIGNMENT, ASSIGNMENT, "ada").manual_score = points
        book.find_comment("initialize_adam", ASSIGNMENT, ASSIGNMENT, "ada").manual_comment = "nicely done"
        book.db.commit()
    return course


def book_of(course):
    return Gradebook(f"sqlite:///{course / 'gradebook.db'}", "optimlab")


def source(course):
    return course / "solutions" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"


def released(course):
    return {path.relative_to(course): path.read_bytes() for path in (course / "assignments").rglob("*") if path.is_file()}


def edit(course, change):
    """Change a cell of the instructor's notebook, or all of them."""
    nb = nbformat.read(source(course), as_version=4)
    change(nb)
    nbformat.write(nb, source(course))


def cell(nb, name):
    return next(c for c in nb.cells if grade_id(c) == name)


def twice(nb):
    cell(nb, CRITERION).metadata.nbgrader.grade_id = "update-first_moment"


def points_in_words(nb):
    cell(nb, CRITERION).metadata.nbgrader.points = "many"


def no_points(nb):
    del cell(nb, CRITERION).metadata.nbgrader["points"]


def no_end(nb):
    answer = cell(nb, "initialize_adam")
    answer.source = answer.source.replace("### END SOLUTION", "")


def of_an_old_nbgrader(nb):
    cell(nb, CRITERION).metadata.nbgrader.schema_version = 1


def another_cell(nb):
    new = nbformat.from_dict(cell(nb, CRITERION).copy())
    new.metadata = nbformat.from_dict({"nbgrader": {**cell(nb, CRITERION).metadata.nbgrader, "grade_id": NEW}})
    new.id, new.source = NEW, "assert len(initialize_adam(2, 3, 1)) == 8"
    nb.cells.append(new)


def one_cell_less(nb):
    nb.cells.remove(cell(nb, CRITERION))


def another_kind(nb):
    cell(nb, CRITERION).metadata.nbgrader.update(solution=True, locked=False)


def not_json(course):
    source(course).write_text("{oh no")


def broken_gradebook(course):
    (course / "gradebook.db").write_bytes(b"no gradebook" * 1000)


def refused(course, capsys, *more):
    """That a release changes nothing and says one line, which is returned."""
    before, book = released(course), (course / "gradebook.db").read_bytes()
    assert release_assignments([ASSIGNMENT], *more) == 2
    out, err = capsys.readouterr()
    assert out == "" and err.startswith("optimlab: ") and err.count("\n") == 1, err
    assert released(course) == before and (course / "gradebook.db").read_bytes() == book
    assert not list((course / ".optimlab").glob("release-*"))
    return err


@pytest.mark.parametrize("change, words", [
    (twice, "update-first_moment"), (points_in_words, "many"), (no_points, "points"), (no_end, "no end solution"),
    (of_an_old_nbgrader, "nbgrader update"),
], ids=lambda value: getattr(value, "__name__", None))
def test_a_notebook_that_nbgrader_refuses_changes_nothing(change, words, course, capsys):
    edit(course, change)
    line = refused(course, capsys)
    assert words in line and f"optimlab: solutions/{ASSIGNMENT}/{ASSIGNMENT}.ipynb: " in line


@pytest.mark.parametrize("change, words", [(not_json, f"{ASSIGNMENT}.ipynb"), (broken_gradebook, "put back a copy")])
def test_a_broken_file_changes_nothing(change, words, course, capsys):
    change(course)
    assert words in refused(course, capsys)


def test_a_gradebook_in_use_changes_nothing(course, capsys, monkeypatch):
    monkeypatch.setattr(course_folder, "Book", functools.partial(Book, patience=0.1))
    holder = sqlite3.connect(course / "gradebook.db")
    holder.execute("BEGIN EXCLUSIVE")
    assert "close formgrader" in refused(course, capsys)
    holder.close()


@pytest.mark.parametrize("change, words", [
    (another_cell, f"new: {NEW})"), (one_cell_less, f"gone: {CRITERION})"), (another_kind, f"new: {CRITERION})"),
], ids=lambda value: getattr(value, "__name__", None))
def test_other_cells_than_the_submissions_have_are_refused_with_a_way_out(change, words, with_submissions, capsys):
    edit(with_submissions, change)
    line = refused(with_submissions, capsys)
    assert words in line and "1 of them" in line and f"python course.py release {ASSIGNMENT} --again-for-all" in line


def test_the_way_out_keeps_what_a_person_gave_and_a_copy_of_the_rest(with_submissions):
    course = with_submissions
    before = contents(f"sqlite:///{course / 'gradebook.db'}")
    edit(course, another_cell)
    edit(course, one_cell_less)
    assert release_assignments([ASSIGNMENT], True) == 0
    with book_of(course) as book:
        with pytest.raises(Exception, match=CRITERION):
            book.find_grade_cell(CRITERION, ASSIGNMENT, ASSIGNMENT)
        assert book.find_grade("update-first_moment", ASSIGNMENT, ASSIGNMENT, "ada").manual_score == 2.5
        assert book.find_comment("initialize_adam", ASSIGNMENT, ASSIGNMENT, "ada").manual_comment == "nicely done"
        new = book.find_grade(NEW, ASSIGNMENT, ASSIGNMENT, "ada")
        assert (new.auto_score, new.manual_score) == (None, None)
    with Book(f"sqlite:///{course / 'gradebook.db'}") as book:
        assert book.graded(ASSIGNMENT) == set()  # so that `grade` does it again
    (copy,) = (course / ".optimlab" / "backups" / "before-release").iterdir()
    assert contents(f"sqlite:///{copy}") == before


@pytest.mark.parametrize("change", [another_cell, one_cell_less, another_kind], ids=lambda change: change.__name__)
def test_without_submissions_cells_come_and_go(change, course):
    edit(course, change)
    assert release_assignments([ASSIGNMENT]) == 0
    with Book(f"sqlite:///{course / 'gradebook.db'}") as book:
        book.templates(ASSIGNMENT, course / "assignments" / ASSIGNMENT)  # raises where they differ


def test_words_and_points_may_change_while_there_are_submissions(with_submissions):
    def change(nb):
        cell(nb, CRITERION).metadata.nbgrader.points = 3
        cell(nb, CRITERION).source = re.sub(r"# \d+ points?", "# 3 points", cell(nb, CRITERION).source) + "\n# and think"
        nb.cells.insert(1, nbformat.v4.new_markdown_cell("One word more."))
        nb.cells[1].metadata = nbformat.from_dict({"nbgrader": {
            "grade_id": "word", "grade": False, "solution": False, "task": False, "locked": True, "schema_version": 3}})
    edit(with_submissions, change)
    assert release_assignments([ASSIGNMENT]) == 0
    with book_of(with_submissions) as book:
        grade = book.find_grade(CRITERION, ASSIGNMENT, ASSIGNMENT, "ada")
        assert (grade.manual_score, grade.max_score) == (0.5, 3)
        assert "and think" in book.find_source_cell(CRITERION, ASSIGNMENT, ASSIGNMENT).source


def test_a_notebook_may_come_and_go_while_nothing_is_submitted(course):
    second = source(course).with_name("coda.ipynb")
    shutil.copy(source(course), second)
    assert release_assignments([ASSIGNMENT]) == 0
    with book_of(course) as book:
        assert [n.name for n in book.find_assignment(ASSIGNMENT).notebooks] == [ASSIGNMENT, "coda"]
    second.unlink()
    assert release_assignments([ASSIGNMENT]) == 0
    with book_of(course) as book:
        assert [n.name for n in book.find_assignment(ASSIGNMENT).notebooks] == [ASSIGNMENT]
    assert not (course / "assignments" / ASSIGNMENT / "coda.ipynb").exists()


@pytest.mark.parametrize("where", ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres])])
def test_a_notebook_with_submissions_goes_where_that_is_asked_for(where, course, request):
    url = f"sqlite:///{course / 'gradebook.db'}" if where == "sqlite" else request.getfixturevalue("postgres")()
    second = source(course).with_name("coda.ipynb")
    shutil.copy(source(course), second)
    CourseFolder(url).release(ASSIGNMENT)
    with Gradebook(url, "optimlab") as book:
        book.add_student("ada")
        book.add_submission(ASSIGNMENT, "ada")
        book.find_grade(CRITERION, ASSIGNMENT, ASSIGNMENT, "ada").manual_score = 1
        book.db.commit()
    second.unlink()
    with pytest.raises(Unusable, match=r"gone: .*coda\.ipynb") as refused:
        CourseFolder(url).release(ASSIGNMENT)
    assert ("pg_dump" in str(refused.value)) == (where == "postgres")
    CourseFolder(url).release(ASSIGNMENT, again_for_all=True)
    with Gradebook(url, "optimlab") as book:
        (left,) = book.find_submission(ASSIGNMENT, "ada").notebooks
        assert left.name == ASSIGNMENT and len(left.grades) > 5
        assert book.find_grade(CRITERION, ASSIGNMENT, ASSIGNMENT, "ada").manual_score == 1


def test_what_was_written_in_the_students_folder_is_kept(course, capsys):
    written = course / "assignments" / ASSIGNMENT / "notes.txt"
    written.write_text("my own notes")
    assert release_assignments([]) == 0
    said = capsys.readouterr().out.strip()
    assert not written.exists()
    assert (course / said.rpartition(" ")[2] / "notes.txt").read_text() == "my own notes"
    assert release_assignments([]) == 0  # nothing was written since
    assert "before" not in capsys.readouterr().out


def test_the_cells_in_the_gradebook_are_those_that_nbgrader_enters(course, tmp_path, monkeypatch):
    """Its own step, on a gradebook of its own, is the reference."""
    from nbgrader.converters import GenerateAssignment
    from nbgrader.coursedir import CourseDirectory
    config = CourseFolder().config
    config.CourseDirectory.db_url = f"sqlite:///{shutil.copy(course / 'gradebook.db', tmp_path / 'nbgrader.db')}"
    config.CourseDirectory.release_directory = str(tmp_path / "release")
    with Gradebook(config.CourseDirectory.db_url, "optimlab") as book:
        book.remove_assignment(ASSIGNMENT)
    GenerateAssignment(coursedir=CourseDirectory(config=config, assignment_id=ASSIGNMENT), config=config).start()
    ours, theirs = (cells(url) for url in (f"sqlite:///{course / 'gradebook.db'}", config.CourseDirectory.db_url))
    assert ours == theirs and len(ours) > 20


def cells(db_url):
    """All that a gradebook says of an assignment's cells but their random ids."""
    with Gradebook(db_url, "optimlab") as book:
        notebook = book.find_notebook(ASSIGNMENT, ASSIGNMENT)
        rows = [*notebook.grade_cells, *notebook.solution_cells, *notebook.task_cells, *notebook.source_cells]
        return {(type(row).__name__, row.name): {k: v for k, v in row.to_dict().items() if k != "id"} for row in rows} | {
            "kernel": notebook.kernelspec}


def test_a_name_that_is_no_assignment_is_told(course):
    with pytest.raises(Unusable, match="no assignment 'eve'"):
        CourseFolder().require_assignment("eve")
