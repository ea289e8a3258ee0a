"""What lies beside a notebook in grading: what was released with it, and what the assignment lets students hand in."""
import nbformat
import pytest
from gradebook_contents import contents
from nbgraders_own import BESIDE, cell, hand_in

from optimlab.classroom import Unusable
from optimlab.classroom.course_folder import CourseFolder
from optimlab.classroom.grading.beside import released_files, submitted_files
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.marking import Marker
from optimlab.classroom.sandbox.run import Evidence, Limits, run


@pytest.fixture
def folder(tmp_path):
    """A folder of a released assignment, and of a student's who changed what is in it."""
    for name, text in {"own.ipynb": "{}", "helper.py": "x = 1", "data/far/x.csv": "1", ".ipynb_checkpoints/own.py": "",
                       "data/__pycache__/helper.pyc": ""}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_released_are_all_files_but_notebooks_and_what_programs_leave_behind(folder):
    assert released_files(folder) == {"helper.py": b"x = 1", "data/far/x.csv": b"1"}


def test_too_much_beside_a_notebook_is_refused(folder):
    with open(folder / "data.csv", "wb") as file:
        file.truncate(21 * 2**20)
    with pytest.raises(Unusable, match="larger than 20 MB"):
        released_files(folder)


def test_of_what_students_hand_in_only_what_is_named_is_let_in(folder):
    assert submitted_files(folder, []) == ({}, [])
    assert submitted_files(folder, ["data/far/x.csv", "nowhere.py"]) == ({"data/far/x.csv": b"1"}, [])


@pytest.mark.parametrize("make, says", [
    (lambda path: path.symlink_to("helper.py"), "is a link"),
    (lambda path: path.mkdir(), "is no file"),
    (lambda path: path.hardlink_to(path.parent / "helper.py"), "hard link"),
])
def test_what_is_no_plain_file_stays_outside_and_is_named(make, says, folder):
    make(folder / "own.py")
    files, (line,) = submitted_files(folder, ["own.py", "data/far/x.csv"])
    assert list(files) == ["data/far/x.csv"] and line.startswith("own.py ") and says in line


def test_a_folder_that_is_a_link_is_not_entered(folder):
    (folder / "elsewhere").symlink_to("data", target_is_directory=True)
    files, (line,) = submitted_files(folder, ["elsewhere/far/x.csv"])
    assert files == {} and line.startswith("elsewhere/far/x.csv ")


@pytest.mark.parametrize("name", ["../other/helper.py", "/etc/passwd", "", "a/../../b"])
def test_a_name_that_leads_out_of_the_folder_is_refused(name, folder):
    with pytest.raises(Unusable, match=r"c\.Grade\.submitted_files"):
        submitted_files(folder, [name])


TEMPLATE = nbformat.v4.new_notebook(cells=[
    cell("answer", "code", "from helper import x", solution=True), cell("test", "code", "x", grade=True, points=4)])


@pytest.mark.parametrize("released, let_in, handed_in, earned, flags", [
    ({"helper.py": b"x = 3"}, (), {}, 3, 0),
    ({"helper.py": b"x = 3"}, (), {"helper.py": "x = 4"}, 3, 0),
    ({"helper.py": b"x = 3"}, ("helper.py",), {"helper.py": "x = 4"}, 4, 0),
    ({}, ("helper.py",), {"helper.py": "x = 4", "numpy.py": "1 / 0"}, 4, 0),
    ({}, ("helper.py",), {}, 0, 0),
    ({}, (), {"helper.py": "x = 4"}, 0, 0),
    ({"helper.py": b"x = 3"}, ("helper.py",), {"helper.py": None}, 3, 1),
], ids=["released", "not let in", "in place of the released one", "handed in", "left out", "not allowed", "a link"])
def test_a_module_counts_where_it_may(released, let_in, handed_in, earned, flags, place, tmp_path):
    hand_in(tmp_path, "ada", "own", "own", nbformat.writes(TEMPLATE).encode())
    path = tmp_path / "submitted" / "ada" / "own" / "own.ipynb"
    for name, text in handed_in.items():
        if text is None:
            (path.parent / name).symlink_to("own.ipynb")
        else:
            (path.parent / name).write_text(text)
    marker = Marker("own", {"own": nbformat.writes(TEMPLATE)}, released, "", Limits(), "", let_in=let_in)
    submission = Submission("ada", "own", path, None)
    prepared = marker.prepare(submission)
    evidence = run(prepared.bundle, prepared.challenges, Limits(), place)
    record = marker.mark(submission, prepared, evidence.to_bytes()).record
    assert (record["score"], record["max_score"]) == (earned, 4)
    assert [(f["kind"], f["text"].split()[0]) for f in record["flags"]] == [("run", "helper.py")] * flags
    assert earned or "helper" in str(marker.mark(submission, prepared, evidence.to_bytes()).notebook.cells[0].outputs)


def test_a_module_of_the_student_s_is_looked_at_as_answers_are(tmp_path):
    hand_in(tmp_path, "ada", "own", "own", nbformat.writes(TEMPLATE).encode())
    path = tmp_path / "submitted" / "ada" / "own" / "own.ipynb"
    (path.parent / "helper.py").write_text("def x(w):\n    import torch\n    return torch.optim.Adam(w)")
    marker = Marker("own", {"own": nbformat.writes(TEMPLATE)}, {}, "", Limits(), "", let_in=("helper.py",))
    prepared = marker.prepare(Submission("ada", "own", path, None))
    record = marker.mark(Submission("ada", "own", path, None), prepared, Evidence().to_bytes()).record
    assert [f["text"] for f in record["flags"]] == ["uses torch.optim.Adam in the answer helper.py, line 3"]


def test_the_setting_names_files_for_each_assignment(tmp_path, monkeypatch):
    (tmp_path / "nbgrader_config.py").write_text("c.Grade.submitted_files = {'own': ['helper.py', 'data/x.csv']}\n")
    monkeypatch.chdir(tmp_path)
    grading = CourseFolder().grading
    assert (grading.let_in("own"), grading.let_in("adam")) == (("helper.py", "data/x.csv"), ())


def test_nbgrader_s_own_command_has_what_was_released(graded_by_nbgrader):
    """Its test of the second essay asks for a module and for a file in a folder."""
    for name, text in BESIDE.items():
        assert (graded_by_nbgrader / "assignments" / "essay" / name).read_text() == text
    held = contents(f"sqlite:///{graded_by_nbgrader / 'gradebook.db'}")["submissions"]["essay", "all"]["notebooks"]["coda"]
    assert held["grades"]["test"] == (1, None, None, False)


def test_what_is_hashed_is_what_was_read_for_marking(folder):
    """Whoever exchanges a file between the two is graded again."""
    (folder / "adam/ada").mkdir(parents=True)
    submission = Submission("ada", "own", folder / "adam/ada/own.ipynb", None)
    marker = Marker("own", {"own": EMPTY}, {}, "", Limits(), "", let_in=("helper.py",))
    for name, content in (("own.ipynb", EMPTY), ("own.ipynb", "{}"), ("helper.py", "x = 2")):
        before = marker.prepare(submission).handed_in
        assert before == marker.take(submission).digest
        (submission.path.parent / name).write_text(content)
        assert before != marker.take(submission).digest


EMPTY = nbformat.writes(nbformat.v4.new_notebook())
