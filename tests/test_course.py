"""course.py: each start ends in the course or in one line that says what to do."""
import ast
import importlib.util
import json
import os
import re
import shutil
import signal
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
TROUBLES = dict(re.findall(r"^\| (.+?) \| (.+?) \|$", (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8"), re.M)[2:])


def load(path):
    """course.py as a module of its own; it takes the folder it lies in for the project's root."""
    spec = importlib.util.spec_from_file_location("course", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def project(folder):
    """A project's root in `folder`, with no .venv yet."""
    (folder / "utils").mkdir(parents=True)
    (folder / "notebooks").mkdir()
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


def says(text, trouble):
    """Whether this is the one line that docs/troubleshooting.md has for the trouble; capitals there stand for anything."""
    line = re.sub(r"\b(VERSION|MODULE|FILE|FOLDER|SIGN|HOME|COMMAND)\b", ".+", re.escape(TROUBLES[trouble]))
    return re.fullmatch("course.py: " + line, text.strip()) is not None


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
    assert says(done.stderr, "a command that there is not") and "lba" in done.stderr


@pytest.mark.parametrize("version, trouble", [
    ((2, 7), "an old Python"), ((3, 10), "an old Python"), ((3, 16), "a Python newer than the course's packages")])
def test_other_python_is_told_which_one_is_needed(version, trouble):
    pretend = f"import sys; sys.version_info = {version}; exec(open({str(COURSE)!r}).read())"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True)
    assert done.returncode == 1 and says(done.stderr, trouble)
    assert "this is {}.{}:".format(*version) in done.stderr


def test_a_really_old_python_is_told_too():
    """Those of pyenv, where it has some."""
    found = [path for path in Path.home().glob(".pyenv/versions/*/bin/python")
             if re.match(r"(2\.7|3\.[0-9]|3\.10)\.", path.parts[-3])]
    if not found:
        pytest.skip("there is no old Python")
    for python in found:
        done = subprocess.run([str(python), str(COURSE), "lab"], capture_output=True, text=True)
        assert done.returncode == 1 and says(done.stderr, "an old Python"), python


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
    (["lab", "--no-browser", "--allow-root"], "jupyterlab"),
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
@pytest.mark.parametrize("words, told", [(["check", "my.ipynb"], True), (["lab", "--allow-root"], False)])
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
    assert says(stop.value.code, "a part of the course is not there") and "git checkout " + name in stop.value.code


# --- how a set-up goes ---------------------------------------------------------

class Steps:
    """Stands for the steps that run in .venv: records them, fails those whose words hold a key of `failures`."""

    def __init__(self, course, monkeypatch, **failures):
        self.taken, self.words, self.failures = [], [], failures
        monkeypatch.setattr(course, "make_venv", course.VENV.mkdir)
        monkeypatch.setattr(course, "run", self.run)

    def run(self, module):
        self.taken.append(module[0])
        self.words.append(module)
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


NO_VERSION = "\nERROR: No matching distribution found for uv"


@pytest.mark.parametrize("failures, trouble", [
    ({"get_uv": "Retrying after NewConnectionError" + NO_VERSION}, "offline"),
    ({"get_uv": "ProxyError('Cannot connect to proxy.', NewConnectionError('...'))" + NO_VERSION},
     "a proxy that does not answer"),
    ({"get_uv": "OSError('Tunnel connection failed: 407 Proxy Authentication Required')\nProxyError" + NO_VERSION},
     "a proxy that wants a password"),
    ({"get_uv": "SSLError(1, '[SSL: CERTIFICATE_VERIFY_FAILED] self-signed certificate')" + NO_VERSION},
     "a proxy or virus scanner with a certificate of its own"),
    ({"get_uv": "ERROR: [Errno 28] No space left on device"}, "a full disk"),
    ({"uv": "?", "pip": "ERROR: No matching distribution found for numpy==99"},
     "a broken lock, or a computer for which there are no packages"),
    ({"uv": "?", "pip": "OSError: [Errno 2] No such file\nHINT: ... does not have Windows Long Path support enabled."},
     "a path that is too long, as Windows has them"),
])
def test_failed_set_up_ends_in_its_line_and_without_a_stamp(tmp_path, monkeypatch, failures, trouble):
    course = project(tmp_path / "p")
    Steps(course, monkeypatch, **failures)
    with pytest.raises(SystemExit) as stop:
        course.set_up()
    assert says(stop.value.code, trouble)
    assert not course.STAMP.exists()


@pytest.mark.parametrize("output, line", [
    ("something\nunheard of\n", "unheard of"), ("ERROR: unheard of\n[notice] A new release of pip is there", "unheard of"),
    ("", "it said nothing")])
def test_what_nobody_has_met_yet_is_one_line_too(tmp_path, monkeypatch, output, line):
    course = project(tmp_path / "p")
    Steps(course, monkeypatch, uv="?", pip=output)
    with pytest.raises(SystemExit) as stop:
        course.set_up()
    assert one_line(stop.value.code) and line + " -- delete .venv" in stop.value.code


def test_windows_tells_that_a_running_jupyterlab_holds_a_venv(tmp_path):
    course = project(tmp_path / "p")
    assert says("course.py: " + course.meaning("[WinError 32] The process cannot access the file"),
                "Windows, where a running JupyterLab holds .venv")


def test_nothing_is_compiled(tmp_path, monkeypatch):
    """A source package would be built, for an hour or in vain; what the lock names is ready-made."""
    course = project(tmp_path / "p")
    steps = Steps(course, monkeypatch)
    course.set_up()
    packages = next(words for words in steps.words if "-r" in words)
    assert packages[packages.index("--only-binary") + 1] == ":all:"


def test_interrupted_second_set_up_does_not_count_either(tmp_path, monkeypatch):
    """The first one's stamp must not vouch for what the second one left half done."""
    def interrupted():
        raise KeyboardInterrupt

    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course, "make_venv", interrupted)
    with pytest.raises(KeyboardInterrupt):
        course.set_up()
    assert not course.is_ready()


@pytest.mark.parametrize("module, trouble", [
    ("ensurepip", "Debian's or Ubuntu's Python without venv"), ("venv", "Debian's or Ubuntu's Python without venv"),
    ("ssl", "a Python compiled without what JupyterLab needs"),
    ("sqlite3", "a Python compiled without what JupyterLab needs")])
def test_python_that_lacks_a_module_ends_in_one_line(tmp_path, monkeypatch, module, trouble):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit) as stop:
        project(tmp_path / "p").set_up()
    assert says(stop.value.code, trouble)


@pytest.mark.skipif(os.name != "posix", reason="Windows allows none of these signs in a name")
@pytest.mark.parametrize("name", ["a:b", "optimlab [2026]", "what?", "a*b"])
def test_a_folder_in_which_jupyter_or_venv_would_fail_is_told(tmp_path, name):
    with pytest.raises(SystemExit) as stop:
        project(tmp_path / name).set_up()
    assert says(stop.value.code, "a folder's name with a sign that means something else")


def test_settings_for_other_folders_are_left_aside(tmp_path, monkeypatch):
    """The modules of a PYTHONPATH would come before the course's own."""
    course = project_set_up(tmp_path / "p")
    astray = tmp_path / "astray"
    astray.mkdir()
    (astray / "numpy.py").write_text("raise ImportError('of another course')")
    for name in course.ASTRAY:
        monkeypatch.setenv(name, str(astray))
    assert not set(course.ASTRAY) & course.environment().keys()
    assert "of another course" not in (course.run(["numpy"]) or "")


@pytest.mark.skipif(os.name != "posix", reason="needs fork")
def test_of_two_starts_at_once_the_second_waits(tmp_path, capsys):
    course = project(tmp_path / "p")
    ready, go_on = os.pipe(), os.pipe()
    child = os.fork()
    if child == 0:
        with course.one_at_a_time():
            os.write(ready[1], b"x")
            os.read(go_on[0], 1)
            (tmp_path / "first").touch()
        os._exit(0)
    os.read(ready[0], 1)
    wait = course.time.sleep

    def release(seconds):
        os.write(go_on[1], b"x")
        wait(0.01)

    course.time = type("time", (), {"sleep": staticmethod(release)})
    with course.one_at_a_time():
        assert (tmp_path / "first").exists()
    os.waitpid(child, 0)
    assert "waiting" in capsys.readouterr().err


def test_what_another_start_has_set_up_is_not_set_up_again(tmp_path, monkeypatch):
    course = project(tmp_path / "p")
    answers = iter([False, True])  # before it waited, and after
    monkeypatch.setattr(course, "is_ready", lambda: next(answers))
    monkeypatch.setattr(course, "set_up", lambda: pytest.fail("it was set up again"))
    monkeypatch.setattr(course, "hand_over", lambda module: 0)
    assert course.main(["check"]) == 0


@pytest.mark.skipif(os.name != "posix", reason="Windows sends no Ctrl-C to another process")
def test_ctrl_c_while_setting_up_ends_in_one_line(tmp_path):
    course = project(tmp_path / "p")
    with course.one_at_a_time():
        # Interrupts reach it as they do in a terminal, even where the tests themselves run in the background.
        start = subprocess.Popen([sys.executable, str(course.ROOT / "course.py"), "lab"], stderr=subprocess.PIPE, text=True,
                                 preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
        assert "waiting" in start.stderr.readline()
        start.send_signal(signal.SIGINT)
        assert says(start.communicate(timeout=60)[1], "stopped with Ctrl-C")


@pytest.mark.slow
def test_a_real_set_up_behind_a_dead_proxy(tmp_path):
    course = project(tmp_path / "ein Ordner, größer, 最適化")
    dead = dict.fromkeys(("HTTPS_PROXY", "HTTP_PROXY", "https_proxy", "http_proxy"), "http://127.0.0.1:9")
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))}
    done = subprocess.run([sys.executable, str(course.ROOT / "course.py"), "lab"], capture_output=True, text=True,
                          env=surroundings | dead | {"PIP_CONFIG_FILE": os.devnull})
    assert done.returncode == 1 and says(done.stderr.splitlines()[-1], "a proxy that does not answer")
    assert not course.STAMP.exists()


@pytest.mark.parametrize("trouble", TROUBLES)
def test_each_line_that_the_page_shows_is_tried(trouble):
    assert f'"{trouble}"' in Path(__file__).read_text(encoding="utf-8")


# --- what JupyterLab would end on ------------------------------------------------

POSIX = pytest.mark.skipif(os.name != "posix", reason="users and rights are POSIX's here")


@POSIX
@pytest.mark.parametrize("words, refused", [
    ([], True), (["--no-browser"], True), (["--allow-root"], False), (["--ServerApp.allow_root=True"], False)])
def test_root_is_told_before_jupyterlab_starts(tmp_path, monkeypatch, words, refused):
    course = project_set_up(tmp_path / "p")
    monkeypatch.setattr(course.os, "geteuid", lambda: 0)
    monkeypatch.setenv("HOME", str(tmp_path))
    if not refused:
        course.check_lab(words)
        return
    with pytest.raises(SystemExit) as stop:
        course.check_lab(words)
    assert says(stop.value.code, "root")


@POSIX
@pytest.mark.parametrize("forbidden, trouble", [
    ("p/notebooks", "a folder that is read-only, or somebody else's"),
    ("home", "a home folder that is not there, or read-only"), ("missing", "a home folder that is not there, or read-only")])
def test_where_nothing_can_be_written_is_told_before_it_is_lost(tmp_path, monkeypatch, forbidden, trouble):
    course = project_set_up(tmp_path / "p")
    (tmp_path / "home").mkdir()
    monkeypatch.setenv("HOME", str(tmp_path / ("missing" if forbidden == "missing" else "home")))
    for folder in (tmp_path, *tmp_path.parents):  # pytest's, open to the other account
        folder.chmod(0o755)
        if folder.name.startswith("pytest-of-"):
            break
    (tmp_path / "home").chmod(0o555 if forbidden == "home" else 0o777)
    (tmp_path / "p/notebooks").chmod(0o555 if forbidden == "p/notebooks" else 0o777)
    assert says(without_roots_rights(lambda: course.check_lab([])), trouble)


def without_roots_rights(act):
    """How `act` exits in a process that may write only where everybody may."""
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        if os.getuid() == 0:
            os.setuid(65534)
        try:
            act()
        except SystemExit as stop:
            os.write(write, str(stop.code).encode())
        os._exit(0)
    os.close(write)
    os.waitpid(child, 0)
    return os.read(read, 10_000).decode()


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
