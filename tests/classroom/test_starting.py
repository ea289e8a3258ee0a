"""The wheel alone is the course: built from the students' edition, it holds that, and writes it and opens it."""
import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
from grading_runs import ROOT

from optimlab.classroom import Unusable, starting
from optimlab.classroom.files import write_atomic
from optimlab.classroom.publishing import publish
from optimlab.classroom.starting import write_edition

if subprocess.run(["git", "rev-parse"], cwd=ROOT, capture_output=True).returncode:
    pytest.skip("not a git repository", allow_module_level=True)


def built(folder, *what):
    """What hatchling builds of a course, without a network."""
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", *what, "-d", str(folder / "built")], cwd=folder,
                          capture_output=True, text=True, env=os.environ | {"SOURCE_DATE_EPOCH": "1600000000"})
    assert done.returncode == 0, done.stdout + done.stderr
    return {path.suffix: path for path in (folder / "built").iterdir()}


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    folder = tmp_path_factory.mktemp("edition") / "course"
    publish(ROOT, folder)
    return folder


def contents(folder):
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def edition(course):
    return contents(course)


@pytest.fixture(scope="module")
def distributions(course, edition):
    """Its sdist and wheel."""
    return built(course, "-t", "sdist", "-t", "wheel")


@pytest.fixture(scope="module")
def package(distributions, tmp_path_factory):
    """The package as the wheel has it."""
    folder = tmp_path_factory.mktemp("wheel")
    zipfile.ZipFile(distributions[".whl"]).extractall(folder)
    return folder / "optimlab"


def test_what_is_written_is_the_students_edition_byte_for_byte(package, edition, tmp_path):
    assert "The course is in" in write_edition(tmp_path / "course", package)
    assert contents(tmp_path / "course") == edition


def test_the_wheel_of_the_sdist_is_the_wheel(distributions, tmp_path):
    with tarfile.open(distributions[".gz"]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    again = built(next(tmp_path.iterdir()), "-t", "wheel")[".whl"]
    assert again.read_bytes() == distributions[".whl"].read_bytes()


def test_an_instructors_wheel_holds_no_course(tmp_path):
    """Least of all its solutions."""
    done = subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT,
                          capture_output=True, text=True)
    names = zipfile.ZipFile(next(tmp_path.glob("*.whl"))).namelist()
    assert done.returncode == 0
    assert "optimlab/tutor/checking.py" in names and not [name for name in names if name.endswith(".ipynb")]
    with pytest.raises(Unusable, match="no students' edition"):
        write_edition(tmp_path / "course", tmp_path / "optimlab")


def test_what_somebody_wrote_stays_and_what_is_missing_comes_back(package, edition, tmp_path):
    write_edition(tmp_path, package)
    (tmp_path / "assignments/adam/adam.ipynb").write_text("my answers")
    (tmp_path / "notebooks/01-backpropagation.ipynb").unlink()
    (tmp_path / "notes.txt").write_text("my notes")
    said = write_edition(tmp_path, package)
    assert "1 of its files" in said and "assignments/adam/adam.ipynb" in said
    assert contents(tmp_path) == edition | {"assignments/adam/adam.ipynb": b"my answers", "notes.txt": b"my notes"}


@pytest.mark.parametrize("written", [1, 50])
def test_a_writing_that_was_stopped_is_gone_on_with(package, edition, tmp_path, monkeypatch, written):
    """The list comes first, so that the folder is known as the course's from its first file on."""
    def write(path, content):
        if len(contents(tmp_path)) == written:
            raise OSError(28, "No space left on device")
        write_atomic(path, content)

    with monkeypatch.context() as full:
        full.setattr(starting, "write_atomic", write)
        with pytest.raises(Unusable, match="No space left on device"):
            write_edition(tmp_path, package)
    write_edition(tmp_path, package)
    assert contents(tmp_path) == edition


@pytest.mark.parametrize("make, told", [
    (lambda path: path.write_text("a file"), "is no folder"),
    (lambda path: (path.mkdir(), (path / "thesis.tex").touch()), "holds something else"),
])
def test_a_folder_that_is_something_else_stays_as_it_is(package, tmp_path, make, told):
    make(tmp_path / "mine")
    before = contents(tmp_path)
    with pytest.raises(Unusable, match=told):
        write_edition(tmp_path / "mine", package)
    assert contents(tmp_path) == before


@pytest.mark.slow
def test_installed_in_a_clean_environment_it_writes_the_course_and_opens_it(distributions, edition, tmp_path):
    """Its own packages are those of this environment, but the course is not."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "env"], check=True)
    scripts = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin")
    site = next((tmp_path / "env").glob("[Ll]ib/**/site-packages"))
    subprocess.run([sys.executable, "-m", "pip", "--python", scripts / "python", "install", "--no-deps", "--no-index", "--no-compile",
                    distributions[".whl"]], check=True, capture_output=True)
    (site / "packages.pth").write_text(next(path for path in sys.path if path.endswith("site-packages")))
    home = tmp_path / "home"
    home.mkdir()
    done = subprocess.run([scripts / "optimlab", "start", "--allow-root", "the course", "--version"], cwd=tmp_path,
                          capture_output=True, text=True, env=os.environ | {"HOME": str(home)})
    assert done.returncode == 0, done.stderr
    first, version = done.stdout.splitlines()
    assert first == f"The course is in {tmp_path / 'the course'}" and version.count(".") == 2
    assert {name: content for name, content in contents(tmp_path / "the course").items() if ".pyc" not in name} == edition
    where = subprocess.run([scripts / "python", "-c", "import optimlab; print(optimlab.__file__)"], cwd=tmp_path,
                           capture_output=True, text=True, check=True).stdout
    assert Path(where.strip()).is_relative_to(tmp_path)
