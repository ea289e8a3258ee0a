"""`optimlab grade` on a class: the points a teacher gives, all files, nothing done twice, SQLite and PostgreSQL."""
import shutil
import stat
import sys

import pytest
from gradebook_contents import contents
from grading_runs import POINTS, STUDENTS, grade, gradebook, make_course, records


def test_everybody_gets_what_a_teacher_gives(graded):
    assert {name: r["score"] for name, r in records(graded).items()} == POINTS
    assert {student: s["score"] for (_, student), s in gradebook(graded)["submissions"].items()} == POINTS


def test_all_is_there_that_the_last_line_names(graded):
    for student in STUDENTS:
        assert "optimlab" not in (graded / f"feedback/{student}/adam/adam.html").read_text().split("<body")[0]
        assert (graded / f"autograded/{student}/adam/adam.ipynb").is_file()
    assert len((graded / "grades-adam.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + len(STUDENTS)
    assert (graded / "report-adam.html").stat().st_size > 5000


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other rights")
def test_other_accounts_of_this_machine_read_none_of_it(graded):
    for name in ("submitted", "autograded", "feedback", ".optimlab"):
        assert stat.S_IMODE((graded / name).stat().st_mode) == 0o700
    for path in [*graded.glob("*-adam.*"), *graded.glob(".optimlab/backups/*.db")]:
        assert stat.S_IMODE(path.stat().st_mode) == 0o600, path
    # The pages themselves are as students will read them in nbgrader's exchange, which copies their modes.
    assert {stat.S_IMODE(page.stat().st_mode) for page in graded.glob("feedback/*/adam/*.html")} == {0o644}


def test_what_has_not_changed_is_not_graded_again(graded, tmp_path):
    """Nothing is run: there is no sandbox at all this time, and the files stay as they are."""
    course = shutil.copytree(graded, tmp_path / "course")
    before = {path: path.stat().st_mtime_ns for path in course.glob("*/*/adam/*")}
    status, out, err = grade(course, PATH="/nonexistent")
    assert (status, err) == (0, ""), out + err
    assert before == {path: path.stat().st_mtime_ns for path in course.glob("*/*/adam/*")}


def test_what_has_changed_is_graded_again(graded, tmp_path):
    course = shutil.copytree(graded, tmp_path / "course")
    released = course / "assignments/adam/adam.ipynb"
    other = course / "feedback/one_beta_for_both_corrections/adam/adam.html"
    shutil.copy(released, course / "submitted/right_line_by_line/adam/adam.ipynb")
    before = other.stat().st_mtime_ns
    assert grade(course)[0] == 0
    assert records(course)["right_line_by_line"]["score"] == 0
    assert gradebook(course)["submissions"]["adam", "right_line_by_line"]["score"] == 0
    assert other.stat().st_mtime_ns == before


def test_a_gradebook_in_postgresql(graded, postgres, tmp_path):
    """`--db` names it; the assignment is entered there as well."""
    folder = make_course(tmp_path / "course")
    db_url = postgres()
    status, out, err = grade(folder, "--db", db_url)
    assert status == 0, out + err
    assert contents(db_url) == gradebook(graded)
    assert not (folder / "gradebook.db").exists()
