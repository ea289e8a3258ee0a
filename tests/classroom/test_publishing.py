"""The students' edition is a whole course, and holds no solution, no answer, no secret and nothing that git does not track."""
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import class_of_submissions
import nbformat
import pytest
import student_code
from grading_runs import ROOT

from optimlab.classroom import Unusable
from optimlab.classroom.publishing import AS_IT_IS, BELOW, MARK, _config, _tracked, edition, publish
from optimlab.tutor import ASSIGNMENTS

if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True).returncode:
    pytest.skip("not a git repository", allow_module_level=True)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "course"
    publish(ROOT, folder)
    return folder


def texts(folder):
    """The text of each published file by its name, notebooks cell by cell."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or data
        if path.suffix == ".ipynb":
            text = "\n".join(cell.source for cell in nbformat.reads(text, as_version=4).cells)
        yield str(path.relative_to(folder)), text


# --- nothing that students must not have --------------------------------------------------------

def normalised(text):
    """Its lines of code without comments and spaces; those that compute nothing left out."""
    lines = [re.sub(r"\s+", "", line.partition("#")[0]) for line in text.splitlines()]
    return [line for line in lines if re.search(r"[=*/([]", line) and not line.startswith(("import", "from", "def"))]


def solutions():
    """Every right answer to an assignment: its author's, and those of the tests."""
    for path in sorted(ROOT.glob("solutions/*/*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for part in re.findall(r"BEGIN SOLUTION\n(.*?)### END", cell.source, re.DOTALL):
                yield f"{path.name}:{cell.metadata.nbgrader.grade_id}", part
    for assignment in sorted(path.parent.name for path in ROOT.glob("solutions/*/*.ipynb")):
        for submission in class_of_submissions.of_assignment(assignment):
            if submission.name.startswith("right_"):
                path = ROOT / "tests" / "submissions" / assignment / f"{submission.name}.py"
                yield path.name, path.read_text(encoding="utf-8").partition("# %%")[2]
    for exercises in ASSIGNMENTS.values():
        for exercise in exercises:
            yield f"the key of {exercise.name}", student_code.key(exercise.name)


# Lines of solutions that students may read, for the lessons teach them.
TAUGHT = {"v=beta1*v+(1-beta1)*dw", "s=beta2*s+(1-beta2)*dw**2", "v=beta*v+(1-beta)*dw", "s=s+dw**2",
          "s=beta*s+(1-beta)*dw**2", "w=w-learning_rate*v"}


def test_no_line_of_a_solution_is_published(published):
    """None but what stands in the students' own notebook, and what a lesson teaches."""
    there = {name: set(normalised(text)) for name, text in texts(published)}
    given = set().union(*(lines for name, lines in there.items() if name.startswith("assignments/")))
    wanted = {line: what for what, solution in solutions() for line in normalised(solution) if line not in given | TAUGHT}
    assert len(wanted) > 100
    assert [(what, line, name) for line, what in wanted.items() for name, lines in there.items() if line in lines] == []
    assert all(any(line in lines for lines in there.values()) for line in TAUGHT)  # it finds what is there


@pytest.mark.parametrize("words", ["BEGIN SOLUTION", "HIDDEN TESTS", "Marking hint", "# mistakes:", "# points:", "c.Grade."])
def test_no_word_of_the_instructors_notebooks_is_published(words, published):
    package = ("utils/optimlab/classroom/", "utils/optimlab/tutor/")  # which know nbgrader's words
    assert not [name for name, text in texts(published) if words in text and not name.startswith(package)]


@pytest.mark.parametrize("path", [
    "solutions", "tests/submissions", "tests/red_team", "tests/classroom", "tests/tutor", "docs/grading.md", "SECURITY.md",
    "gradebook.db", ".optimlab", "submitted", "exchange", ".git", ".venv"])
def test_what_is_the_instructors_is_not_published(path, published):
    assert not (published / path).exists()


def test_no_exercise_that_an_author_wrote_is_published(published, tmp_path):
    """Not even one that nbgrader's own command has put among the students' files."""
    assert not list(published.rglob("exercises.py")) and list(published.rglob("exercises.json"))
    course = shutil.copytree(published, tmp_path / "course")
    (course / "assignments" / "adam" / "exercises.py").write_text("answers = 42")
    subprocess.run(["git", "init", "-q"], cwd=course, check=True)
    subprocess.run(["git", "add", "-f", "."], cwd=course, check=True)
    assert "assignments/adam/adam.ipynb" in _tracked(course, *AS_IT_IS)
    assert "assignments/adam/exercises.py" not in _tracked(course, *AS_IT_IS)


def test_what_git_does_not_track_is_not_published(tmp_path):
    course = tmp_path / "course"
    for name in ("utils", "tests/explorables", "assignments", "notebooks"):
        (course / name).mkdir(parents=True)
    for name in ("README.md", "nbgrader_config.py", "pyproject.toml"):
        shutil.copy(ROOT / name, course / name)
    (course / "notebooks" / "lesson.ipynb").write_text("{}")
    subprocess.run(["git", "init", "-q"], cwd=course, check=True)
    subprocess.run(["git", "add", "."], cwd=course, check=True)
    (course / "utils" / "answers.txt").write_text("42")
    (course / "assignments" / "new").mkdir()
    (course / "assignments" / "new" / "new.ipynb").write_text("{}")
    line = publish(course, tmp_path / "public")
    assert not (tmp_path / "public" / "utils" / "answers.txt").exists()
    assert "left out, for git does not track it: assignments/new" in line  # a new assignment is missed
    (course / "notebooks" / "lesson.ipynb").unlink()
    with pytest.raises(Unusable, match=r"git checkout notebooks/lesson\.ipynb"):
        edition(course)


@pytest.mark.parametrize("public, words", [
    ("c = get_config()\n", "there is none"),
    (f"c.Grade.secret = 'x'\n{BELOW}\n", "'secret' stands above"),
    (f"c.CourseDirectory.db_url = 'x'\n{BELOW}\n", "'db_url' stands above"),
])
def test_a_secret_among_the_students_settings_is_refused(public, words):
    with pytest.raises(Unusable, match=words) as refused:
        _config(public)
    assert "\n" not in str(refused.value)


def test_students_get_none_of_the_instructors_settings(published):
    settings = (published / "nbgrader_config.py").read_text()
    assert "assignment_dir" in settings and "solutions" not in settings and "Autograde" not in settings


# --- where it is written -------------------------------------------------------------------------

def test_a_folder_that_holds_something_else_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("dear diary")
    with pytest.raises(Unusable, match="holds something else"):
        publish(ROOT, tmp_path)
    with pytest.raises(Unusable, match="is no folder"):
        publish(ROOT, tmp_path / "thesis.txt")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_publishing_again_takes_away_what_is_not_published_any_more(published, tmp_path):
    folder = shutil.copytree(published, tmp_path / "again")
    for ours in ("notebooks/old.ipynb", "README.md"):
        (folder / ours).write_text("old")
    (folder / MARK).write_text((folder / MARK).read_text() + "notebooks/old.ipynb\n../outside\n")
    (folder / ".git").mkdir()
    (folder / "mine.txt").write_text("not ours")
    (tmp_path / "outside").write_text("not ours")
    publish(ROOT, folder)
    assert not (folder / "notebooks" / "old.ipynb").exists()
    assert (folder / "README.md").read_bytes() == (published / "README.md").read_bytes()
    assert (folder / MARK).read_text() == (published / MARK).read_text()
    assert (folder / ".git").exists() and (folder / "mine.txt").exists() and (tmp_path / "outside").exists()


def test_a_new_repository_is_an_empty_folder(tmp_path):
    (tmp_path / ".git").mkdir()
    publish(ROOT, tmp_path)
    assert (tmp_path / "course.py").is_file()


# --- a whole course ------------------------------------------------------------------------------

def test_its_readme_is_the_students(published):
    readme = (published / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (.+)$", readme, re.MULTILINE) == [
        "For a student", "Alone, with nothing installed", "What is where", "Licence"]
    assert "for instructors" not in readme and "<!-- for all" not in readme
    folders = "notebooks|assignments|solutions|benchmarks|docs|tests|utils"
    for path in re.findall(r"\]\(([^)#\s]+)", readme) + re.findall(rf"(?:{folders})/[\w./-]*", readme):
        assert "://" in path or (published / path).exists(), path


def test_links_in_its_notebooks_and_documents_lead_somewhere(published):
    for name, text in texts(published):
        if name.endswith((".ipynb", ".md")):
            # Not after a letter: code such as `make[name](rate)` is no link.
            for target in re.findall(r"(?<!\w)\[[^\]]*\]\(([^)#\s]+)[^)]*\)", text):
                assert "://" in target or ((published / name).parent / target).exists(), (name, target)


def installed(published, folder):
    """The settings that the published package brings, beside nbgrader's own, as an environment has them."""
    shutil.copytree(Path(sys.prefix, "etc", "jupyter", "jupyter_server_config.d"), folder / "jupyter_server_config.d")
    project = tomllib.loads((published / "pyproject.toml").read_text(encoding="utf-8"))
    for name, place in project["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"].items():
        if place.startswith("etc/jupyter/"):
            (folder / place.removeprefix("etc/jupyter/")).parent.mkdir(exist_ok=True)
            shutil.copy(published / name, folder / place.removeprefix("etc/jupyter/"))
    return folder


def test_formgrader_and_create_assignment_are_off_and_the_students_extensions_on(published, tmp_path, monkeypatch):
    """As Jupyter itself reads it."""
    from jupyter_server.extension.config import ExtensionConfigManager
    from jupyterlab_server.config import get_page_config
    folder = installed(published, tmp_path)
    on = ExtensionConfigManager(read_config_path=[str(folder)]).get_jpserver_extensions()
    assert {name.rpartition(".")[2]: on[name] for name in on if "nbgrader" in name} == {
        "formgrader": False, "course_list": False, "assignment_list": True, "validate_assignment": True}
    monkeypatch.setenv("JUPYTER_CONFIG_PATH", str(folder))
    off = set(get_page_config([])["disabledExtensions"])
    plugins = set().union(*(re.findall(r"@jupyter/nbgrader:[\w-]+", path.read_text(encoding="utf-8")) for path in Path(
        sys.prefix, "share", "jupyter", "labextensions", "@jupyter", "nbgrader", "static").glob("*.js")))
    assert plugins - off == {f"@jupyter/nbgrader:{name}" for name in ("assignment-list", "validate-assignment", "menu")}


def run(folder, *words):
    """A command of Python's there, with the published package in place of this one."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=folder, text=True, capture_output=True,
                          env={**os.environ, "PYTHONPATH": str(folder / "utils"), "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_its_tests_are_whole_and_pass(published):
    """All are collected, so all they need is there; the quickest run."""
    out = run(published, "pytest", "-p", "no:cacheprovider", "-n0", "-m", "not slow", "-k", "syllabus or averages or deck")
    assert int(re.search(r"(\d+) passed", out)[1]) > 30 and "failed" not in out


@pytest.mark.slow
def test_a_student_checks_there(published):
    out = run(published, "optimlab", "check", "assignments/adam/adam.ipynb")
    assert "0 of 20 points" in out and "not attempted" in out
