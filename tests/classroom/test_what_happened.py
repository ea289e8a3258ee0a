"""`optimlab grade` ends with what happened to whom, names what is misplaced, and never quietly loses a gradebook."""
import csv
import json
import shutil
import sqlite3
import zipfile
from itertools import pairwise

import pytest
from gradebook_contents import contents
from grading_runs import POINTS, RELEASED, STUDENTS, grade, gradebook, records

from optimlab.classroom import Unusable
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.gradebook import backups
from optimlab.classroom.grading.notebooks import adds_nothing, read_notebook

RIGHT = "right_line_by_line"


def numbers(out):
    """The table: {what: how many}."""
    return {line.split()[1]: int(line.split()[0]) for line in out.splitlines()[:-1]}


def waiting(course):
    """How many of the table have answers that a person has to read."""
    with open(course / "grades-adam.csv", newline="", encoding="utf-8-sig") as file:
        return sum(row["needs_manual_grade"] == "True" for row in csv.DictReader(file))


@pytest.fixture(scope="module")
def run(graded, tmp_path_factory):
    """A class that was graded before, a zip with a folder around it, and what lies in wrong places: (course, status, out, err)."""
    course = shutil.copytree(graded, tmp_path_factory.mktemp("happened") / "course")
    right = course / f"submitted/{RIGHT}/adam/adam.ipynb"
    with zipfile.ZipFile(course / "again.zip", "w") as archive:
        archive.write(right, "Downloads/submissions/doejane_12345_67890_adam.ipynb")
    for path in ("ida/Adam/adam.ipynb", "joe/adam.ipynb", "kim.ipynb", "lea/adam/adam_final.ipynb", "mia/adam/adam (1).ipynb",
                 "loops_for_ever/adam/adam (1).ipynb"):
        (course / "submitted" / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(right, course / "submitted" / path)
    shutil.copy(RELEASED, course / "submitted/lea/adam/adam.ipynb")
    (course / "submitted/noa/adam").mkdir(parents=True)
    (course / "submitted/noa/adam/adam.ipynb").write_text("{")
    return course, *grade(course, "--from", "again.zip")


def test_the_end_says_what_became_of_everything(run):
    course, status, out, err = run
    assert status == 1, err
    assert numbers(out) == {"graded": 2, "unchanged": len(STUDENTS), "unreadable": 1, "refused": 5, "failed": 0,
                            "waiting": waiting(course)}
    named = dict(line.removeprefix("optimlab: ").split(": ", 1) for line in err.splitlines() if line.startswith("optimlab: "))
    assert named == {
        "ida": "Adam/adam.ipynb lies where it is not looked for: put it at submitted/ida/adam/adam.ipynb",
        "joe": "adam.ipynb lies where it is not looked for: put it at submitted/joe/adam/adam.ipynb",
        "kim.ipynb": "lies in no student's folder: put it at submitted/STUDENT/adam/",
        "lea": "adam.ipynb is as it was handed out, and there is adam/adam_final.ipynb: put the one that counts at "
               "submitted/lea/adam/adam.ipynb, delete the other",
        "mia": "adam/adam (1).ipynb lies where it is not looked for: put it at submitted/mia/adam/adam.ipynb",
        "loops_for_ever": "adam/adam (1).ipynb is not graded, for there is adam.ipynb in its place"}
    assert set(json.loads((course / ".optimlab/adam/refused.json").read_text())) == {f"{who}: {line}" for who, line in named.items()}


def test_a_folder_around_a_zip_is_nobody(run):
    """And whoever was refused has no points yet, where 0 would be a guess."""
    course = run[0]
    assert {name: r["score"] for name, r in records(course).items()} == {**POINTS, "doejane": POINTS[RIGHT], "noa": 0}
    assert {student for _, student in gradebook(course)["submissions"]} == {*STUDENTS, "doejane", "noa"}


def test_each_assignment_has_its_own_table_and_the_gradebook_a_copy_from_before(run, graded):
    course = run[0]
    assert len((course / "grades-adam.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + len(STUDENTS) + 2
    *_, newest = sorted((course / ".optimlab/backups").iterdir())
    assert contents(f"sqlite:///{newest}") == gradebook(graded)


def test_a_gradebook_that_is_gone_is_not_begun_anew(run, tmp_path, monkeypatch):
    course = shutil.copytree(run[0], tmp_path / "course")
    held = gradebook(course)
    (course / "gradebook.db").unlink()
    status, out, err = grade(course)
    copy = max((course / ".optimlab/backups").iterdir())
    assert (status, out, len(err.splitlines())) == (2, "", 1) and not (course / "gradebook.db").exists()
    assert str(copy) in err and f"delete {course / '.optimlab/adam'} to begin anew" in err
    shutil.copy(copy, course / "gradebook.db")
    monkeypatch.chdir(course)
    CourseFolder().book("adam").close()  # it is taken back: what was graded since then is missing and graded again
    assert gradebook(course)["submissions"].keys() == held["submissions"].keys() - {("adam", "doejane"), ("adam", "noa")}


# --- backups ------------------------------------------------------------------


def write(path, number):
    with sqlite3.connect(path) as book:
        book.execute("create table if not exists t (n integer)")
        book.execute("insert into t values (?)", [number])
    book.close()


def numbers_in(path):
    with sqlite3.connect(path) as book:
        found = [n for n, in book.execute("select n from t")]
    book.close()
    return found


def test_the_last_copies_are_kept_and_none_twice(tmp_path):
    path, folder = tmp_path / "my book.db", tmp_path / "kept"
    for number in range(backups.KEPT + 3):
        write(path, number)
        for _ in range(2):
            backups.back_up(f"sqlite:///{path}", folder)
    kept = [numbers_in(copy) for copy in sorted(folder.iterdir())]
    assert len(kept) == backups.KEPT and kept[-1] == list(range(backups.KEPT + 3)) == numbers_in(backups.newest(f"sqlite:///{path}", folder))
    assert all(len(later) == len(earlier) + 1 for earlier, later in pairwise(kept))


def test_what_somebody_is_writing_is_not_in_the_copy(tmp_path):
    path, folder = tmp_path / "book.db", tmp_path / "kept"
    write(path, 1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    other.execute("insert into t values (2)")
    backups.back_up(f"sqlite:///{path}", folder)
    other.execute("rollback")
    other.execute("begin exclusive")
    with pytest.raises(Unusable, match="is in use"):
        backups.back_up(f"sqlite:///{path}", folder, patience=0.1)
    other.close()
    [copy] = folder.iterdir()
    assert numbers_in(copy) == [1]


def test_a_damaged_gradebook_drives_out_no_copy(tmp_path):
    path, folder = tmp_path / "book.db", tmp_path / "kept"
    write(path, 1)
    backups.back_up(f"sqlite:///{path}", folder)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(Unusable, match="nothing is lost"):
        backups.back_up(f"sqlite:///{path}", folder)
    [copy] = folder.iterdir()
    assert numbers_in(copy) == [1]


@pytest.mark.parametrize("db_url", ["sqlite:///nowhere.db", "postgresql://teacher:secret@nowhere/book"])
def test_other_databases_have_no_copies(db_url, tmp_path):
    backups.back_up(db_url, tmp_path)
    assert backups.newest(db_url, tmp_path) is None and not list(tmp_path.iterdir())


# --- work or none ---------------------------------------------------------------


@pytest.mark.parametrize("change, nothing", [
    (lambda nb: None, True),
    (lambda nb: nb["cells"].pop(), True),
    (lambda nb: nb["cells"].reverse(), True),
    (lambda nb: [cell.update(metadata={}, id=f"c{n}", source=cell["source"].replace("\n", " \r\n")) for n, cell in enumerate(nb["cells"])],
     True),
    (lambda nb: nb["cells"].append({"cell_type": "code", "metadata": {}, "source": " \n"}), True),
    (lambda nb: nb["cells"].append({"cell_type": "code", "metadata": {}, "source": "x"}), False),
    (lambda nb: nb["cells"][-1].update(source="An answer."), False),
], ids=["as it was", "a cell less", "other order", "without metadata", "an empty cell", "a cell more", "an answer"])
def test_a_notebook_with_nothing_of_its_student_is_known(change, nothing):
    released, nb = read_notebook(RELEASED), read_notebook(RELEASED)
    change(nb)
    assert adds_nothing(nb, released) is nothing
