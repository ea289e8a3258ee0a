"""course.py: each start ends in the course or in one line that says what to do."""
import ast
import importlib.util
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
COURSE = ROOT / "course.py"


def load(path):
    """course.py as a module of its own; it takes the folder it lies in for the project's root."""
    spec = importlib.util.spec_from_file_location("course", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project(folder):
    """A project's root in `folder`, with no .venv yet."""
    (folder / "utils").mkdir(parents=True)
    for name in ("course.py", "requirements.txt", "pyproject.toml", "utils/jupyterlab-overrides.json"):
        shutil.copy(ROOT / name, folder / name)
    return load(folder / "course.py")


def project_set_up(folder):
    """The same with a .venv that passes for a finished one."""
    course = project(folder)
    course.PYTHON = Path(sys.executable)
    course.VENV.mkdir()
    course.STAMP.write_text(course.fingerprint())
    return course


def start(*words):
    return subprocess.run([sys.executable, str(COURSE), *words], capture_output=True, text=True)


def one_line(text):
    return text.startswith("course.py: ") and text.count("\n") <= 1


# --- words -------------------------------------------------------------------

@pytest.mark.parametrize("words", [(), ("--help",), ("-h",)])
def test_help_fits_one_screen(words):
    done = start(*words)
    lines = done.stdout.splitlines()
    assert done.returncode == 0 and "lab" in done.stdout
    assert len(lines) < 24 and max(map(len, lines)) <= 80


def test_unknown_command_ends_in_one_line():
    done = start("lba")
    assert done.returncode == 2 and done.stdout == ""
    assert one_line(done.stderr) and "lba" in done.stderr


@pytest.mark.parametrize("version", [(2, 7), (3, 6), (3, 10)])
def test_old_python_is_told_which_one_is_needed(version):
    pretend = f"import sys; sys.version_info = {version}; exec(open({str(COURSE)!r}).read())"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert done.returncode == 1 and one_line(done.stderr)
    assert "3.11" in done.stderr and ".".join(map(str, version)) in done.stderr


def test_old_python_can_read_the_file_at_all():
    """What Python 2.7 can't parse would hide the message behind a syntax error."""
    tree = ast.parse(COURSE.read_text(), feature_version=(3, 4))
    newer = [node.lineno for node in ast.walk(tree)
             if isinstance(node, (ast.JoinedStr, ast.AnnAssign, ast.Nonlocal, ast.YieldFrom))
             or (isinstance(node, ast.FunctionDef) and (node.returns or node.args.kwonlyargs))
             or (isinstance(node, ast.Call) and any(isinstance(arg, ast.Starred) for arg in node.args[:-1]))
             or (isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print" and node.keywords)]
    assert newer == [] and COURSE.read_bytes().isascii()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a child process is started instead")
@pytest.mark.parametrize("words, module", [
    (["lab", "--no-browser"], "jupyterlab"),
    (["test", "-m", "not slow"], "pytest"),
    (["grade", "adam"], "optimlab"),
    (["release"], "optimlab"),
])
def test_command_is_handed_on_with_all_its_words(tmp_path, monkeypatch, words, module):
    def execve(program, command, environment):
        raise SystemExit(command)  # it doesn't return, either

    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course.os, "execve", execve)
    monkeypatch.chdir(tmp_path)  # main goes to the root; this brings the tests back
    with pytest.raises(SystemExit) as stop:
        course.main(words)
    became = stop.value.code
    assert became[:3] == [str(course.PYTHON), "-m", module]
    assert became[len(became) - len(words) + 1:] == words[1:]
    assert Path.cwd() == course.ROOT


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a child process is started instead")
@pytest.mark.parametrize("words, told", [(["check", "my.ipynb"], True), (["lab"], False)])
def test_grading_is_told_where_the_person_stands(tmp_path, monkeypatch, words, told):
    """A terminal in JupyterLab is not: there a person stands somewhere else."""
    def execve(program, command, environment):
        raise SystemExit(environment.get("OPTIMLAB_CALLED_FROM"))

    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course.os, "execve", execve)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as stop:
        course.main(words)
    assert stop.value.code == (str(tmp_path) if told else None)


@pytest.mark.parametrize("given, meant", [
    ("my.ipynb", "desk/my.ipynb"), ("../course/x.ipynb", "course/x.ipynb"), ("{here}/desk/x.ipynb", "desk/x.ipynb")])
def test_a_path_is_what_it_is_where_the_person_stands(tmp_path, monkeypatch, given, meant):
    """Not a file of the same name in the course."""
    from optimlab.__main__ import given_path
    for folder in ("course", "desk"):
        (tmp_path / folder).mkdir()
    monkeypatch.setenv("OPTIMLAB_CALLED_FROM", str(tmp_path / "desk"))
    monkeypatch.chdir(tmp_path / "course")
    assert given_path(given.format(here=tmp_path)).resolve() == tmp_path / meant
    monkeypatch.setenv("OPTIMLAB_CALLED_FROM", str(tmp_path / "course"))
    assert given_path("x.ipynb") == Path("x.ipynb")  # as it was written
    assert given_path(str(tmp_path / "course" / "x.ipynb")) == tmp_path / "course" / "x.ipynb"
    monkeypatch.delenv("OPTIMLAB_CALLED_FROM")
    assert given_path("x.ipynb") == Path("x.ipynb")


# --- when to set up ------------------------------------------------------------

def test_finished_set_up_is_not_repeated(tmp_path):
    assert project_set_up(tmp_path / "p").is_ready()


def test_no_set_up_yet(tmp_path):
    assert not project(tmp_path / "p").is_ready()


def test_set_up_without_its_stamp_does_not_count(tmp_path):
    """The stamp comes last, so an interrupted set-up has none."""
    course = project_set_up(tmp_path / "p")
    course.STAMP.unlink()
    assert not course.is_ready()


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", "utils/jupyterlab-overrides.json"])
def test_change_in_what_it_was_made_from_is_noticed(tmp_path, name):
    course = project_set_up(tmp_path / "p")
    with open(course.ROOT / name, "a") as file:
        file.write("# changed\n")
    assert not course.is_ready()


def test_other_python_is_noticed(tmp_path, monkeypatch):
    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course.sys, "version_info", (3, 99, 0))
    assert not course.is_ready()


def test_removed_python_is_noticed(tmp_path):
    course = project_set_up(tmp_path / "p")
    course.PYTHON = tmp_path / "removed"
    assert not course.is_ready()


def test_moved_folder_is_noticed(tmp_path):
    project_set_up(tmp_path / "p")
    (tmp_path / "p").rename(tmp_path / "q")
    course = load(tmp_path / "q" / "course.py")
    course.PYTHON = Path(sys.executable)
    assert not course.is_ready()


@pytest.mark.parametrize("name", ["requirements.txt", "pyproject.toml", "utils/jupyterlab-overrides.json"])
def test_missing_file_ends_in_one_line(tmp_path, name):
    course = project(tmp_path / "p")
    (course.ROOT / name).unlink()
    with pytest.raises(SystemExit) as stop:
        course.main(["lab"])
    assert one_line(stop.value.code) and "git checkout " + name in stop.value.code


# --- how a set-up goes ---------------------------------------------------------

class Steps:
    """Stands for the steps that run in .venv: records them, fails those whose words hold a key of `failures`."""

    def __init__(self, course, monkeypatch, **failures):
        self.taken, self.failures = [], failures
        monkeypatch.setattr(course, "make_venv", course.VENV.mkdir)
        monkeypatch.setattr(course, "run", self.run)

    def run(self, module):
        self.taken.append(module[0])
        step = "get_uv" if any(word.startswith("uv==") for word in module) else module[0]
        return self.failures.get(step)


def test_uv_installs_when_it_can(tmp_path, monkeypatch):
    course = project(tmp_path / "p")
    steps = Steps(course, monkeypatch)
    course.set_up()
    assert steps.taken == ["pip", "uv", "uv"]  # pip only to get uv
    assert course.STAMP.read_text() == course.fingerprint()


def test_pip_installs_when_uv_cannot(tmp_path, monkeypatch):
    course = project(tmp_path / "p")
    steps = Steps(course, monkeypatch, get_uv="ERROR: no wheel of uv", uv="No module named uv")
    course.set_up()
    assert steps.taken == ["pip", "uv", "pip", "uv", "pip"]
    assert course.STAMP.exists()


@pytest.mark.parametrize("failures, advice", [
    ({"get_uv": "Retrying after NewConnectionError\nERROR: No matching distribution found"}, "no network"),
    ({"get_uv": "ERROR: [Errno 28] No space left on device"}, "disk is full"),
    ({"uv": "?", "pip": "ERROR: No matching distribution found for numpy==99"}, "requirements.txt is broken"),
    ({"uv": "?", "pip": "PermissionError: [WinError 32] in use"}, "cannot write"),
    ({"uv": "?", "pip": "something\nunheard of\n"}, "unheard of -- delete .venv"),
    ({"uv": "?", "pip": "ERROR: unheard of\n[notice] A new release of pip is there"}, "unheard of -- delete"),
    ({"uv": "?", "pip": ""}, "delete .venv"),
])
def test_failed_set_up_ends_in_one_line_and_without_a_stamp(tmp_path, monkeypatch, failures, advice):
    course = project(tmp_path / "p")
    Steps(course, monkeypatch, **failures)
    with pytest.raises(SystemExit) as stop:
        course.set_up()
    assert one_line(stop.value.code) and advice in stop.value.code
    assert not course.STAMP.exists()


def test_interrupted_second_set_up_does_not_count_either(tmp_path, monkeypatch):
    """The first one's stamp must not vouch for what the second one left half done."""
    def interrupted():
        raise KeyboardInterrupt

    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course, "make_venv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        course.set_up()
    assert not course.is_ready()


def test_missing_venv_module_ends_in_one_line(tmp_path, monkeypatch):
    """Debian has Python without it."""
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    with pytest.raises(SystemExit) as stop:
        project(tmp_path / "p").make_venv()
    assert one_line(stop.value.code) and "python3-venv" in stop.value.code


# --- the real thing ------------------------------------------------------------

@pytest.fixture
def lab():
    """JupyterLab as `course.py lab` starts it, on a free port; gives a function that reads one of its pages."""
    if not load(COURSE).is_ready():
        pytest.skip("this .venv was not made by course.py, which would make it anew under these tests")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = ["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    words = ["lab", "--no-browser", "--port", str(port), "--ServerApp.port_retries=0",
             "--IdentityProvider.token=t", *root]
    process = subprocess.Popen([sys.executable, str(COURSE), *words],
                               stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def page(path):
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}?token=t", timeout=30) as answer:
            return answer.url, answer.read()

    try:
        wait_for(page, process)
        yield page
    finally:
        process.terminate()
        process.wait(60)


def wait_for(page, process):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and process.poll() is None:
        try:
            return page("/api")
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    pytest.fail("JupyterLab did not answer")


@pytest.mark.slow
def test_lab_opens_the_start_page(lab):
    start_page = load(COURSE).START_PAGE
    url, _ = lab("/")
    assert url.partition("?")[0].endswith("/lab/tree/" + start_page)
    _, served = lab("/api/contents/" + start_page)
    assert json.loads(served)["content"]["cells"][0]["source"].startswith("# 00 Start here")
    # The package's own setting; without it JupyterLab asks the network for news.
    _, settings = lab("/lab/api/settings/@jupyterlab/apputils-extension:notification")
    assert json.loads(settings)["schema"]["properties"]["fetchNews"]["default"] == "false"
