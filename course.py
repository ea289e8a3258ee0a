"""Sets up the course in .venv, then hands over: `python course.py lab`.

Standard library only. Every line must also parse on Python 2.7, so that an old
Python reaches the message below instead of a syntax error: no f-strings here.
"""
import sys

# Up to the newest that the lock has packages for: on a later one they would be compiled, for an hour or in vain.
if not (3, 11) <= sys.version_info[:2] <= (3, 15):
    sys.exit("course.py: the course needs Python 3.11 to 3.15 and this is %d.%d: install one of these "
             "and start the course by its name, such as: python3.12 course.py lab" % sys.version_info[:2])

import contextlib
import hashlib
import importlib
import os
import re
import signal
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
LOCK = ROOT / "requirements.txt"
STAMP = VENV / "course-stamp.txt"
START_PAGE = "notebooks/00-start-here.ipynb"

# Not in the lock: where uv has no wheel, the lock must still install with pip.
UV = "uv==0.13.9"

HELP = """\
usage: python course.py COMMAND [...]

  lab      open the course in JupyterLab; the rest goes to JupyterLab
           (such as --no-browser --port 8899)
  test     run the tests; the rest goes to pytest (such as -m "not slow")

  check NOTEBOOK            grade one notebook here and now
  new-assignment NAME       start an assignment of your own in solutions/
  release [ASSIGNMENT ...]  make assignments/ from solutions/
  publish FOLDER            write the students' edition of the course
  grade ASSIGNMENT [...]    grade a class
  report ASSIGNMENT         what the class misunderstood
  roster FILE               enter the class: names, addresses, LMS ids
  dates ASSIGNMENT [...]    when it is due, and who has more time
  site                      build the course's web site

The first start makes .venv in this folder and takes a minute or so; the later
ones skip that. To start afresh, delete .venv."""

# What runs in .venv, as `python -m`; course.py itself knows no more about a command.
# The start page is a URL and not a file to open, so that the address that
# JupyterLab prints leads there too.
COMMANDS = {
    "lab": ["jupyterlab", "--ServerApp.root_dir=.", "--LabApp.default_url=/lab/tree/" + START_PAGE],
    "test": ["pytest", "--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"],
    "check": ["optimlab", "check"],
    "new-assignment": ["optimlab", "new-assignment"],
    "release": ["optimlab", "release"],
    "publish": ["optimlab", "publish"],
    "grade": ["optimlab", "grade"],
    "report": ["optimlab", "report"],
    "roster": ["optimlab", "roster"],
    "dates": ["optimlab", "dates"],
    "site": ["docs.site"],
}

# What a failed step's output means, the first match first: without a network pip
# ends with "No matching distribution", too. The numbers are POSIX's and Windows's,
# as Python and pip spell them (Errno, WinError) and as uv does (os error).
DISK = "the disk is full: free about 1 GB and run this again"
ACCESS = ("cannot write in %s: close what uses its .venv, or copy the course to a folder "
          "of your own, and run this again" % ROOT)
LONG = "%s is too long a path for this system: move the course to a shorter one and run this again" % ROOT
CERTIFICATE = ("the network shows a certificate of its own, as some proxies and virus scanners do: ask whoever runs it "
               "for the file, set PIP_CERT and SSL_CERT_FILE to it, and run this again")
NETWORK = ("no network: connect, or behind a proxy set HTTPS_PROXY, such as to http://name:password@host:port, "
           "and run this again")
BROKEN = ("requirements.txt is broken, or has no packages for this Python: restore it with "
          "`git checkout requirements.txt`, or use the 64-bit Python 3.11 to 3.15 of python.org")
CAUSES = (
    (r"(Errno|os error) (28|122)\b|(WinError|os error) 112\b", DISK),
    (r"Errno (36|63)\b|WinError 206\b|Long Path support", LONG),
    (r"(Errno|os error) (1|13|30|95)\b|WinError (5|32)\b", ACCESS),
    (r"CERTIFICATE_VERIFY_FAILED|invalid peer certificate", CERTIFICATE),
    (r"ConnectionError|NameResolution|Timeout|timed out|ProxyError|SSLError|Connection (refused|reset)"
     r"|Network is unreachable", NETWORK),
    (r"No matching distribution|Could not find a version|Invalid requirement|ResolutionImpossible"
     r"|codec can't decode", BROKEN),
)

# A user's own settings that lead a set-up or a start astray: to modules and folders other than .venv's.
ASTRAY = ("PYTHONHOME", "PYTHONPATH", "PIP_PREFIX", "PIP_TARGET", "UV_PREFIX", "UV_SYSTEM_PYTHON", "UV_TARGET")


def main(words):
    if not words or words[0] in ("help", "-h", "--help"):
        print(HELP)
        return 0
    command, rest = words[0], words[1:]
    if command not in COMMANDS:
        sys.stderr.write("course.py: there is no command '%s'; `python course.py` lists them\n" % command)
        return 2
    if not is_ready():
        with one_at_a_time():
            if not is_ready():  # another start may have done it meanwhile
                set_up()
    if command == "lab":
        check_lab(rest)
    return hand_over(COMMANDS[command] + rest)


def fail(doing, output):
    sys.exit("course.py: %s failed: %s" % (doing, meaning(output)))


def meaning(output):
    for sign, advice in CAUSES:
        if re.search(sign, output):
            return advice
    lines = output.strip().splitlines() or ["it said nothing"]
    errors = [line for line in lines if line.lower().startswith("error")]
    return (errors or lines)[-1] + " -- delete .venv and run this again; should that not help, report this line"


# --- set-up -----------------------------------------------------------------

def fingerprint():
    """All that .venv depends on: it is made anew when this changes.

    The path is part of it because an environment knows its own: one that was
    moved or copied along with its folder would run the code of the old folder.
    """
    digest = hashlib.sha256(repr((str(VENV), sys.version_info[:2])).encode())
    for name in (LOCK.name, "pyproject.toml", "utils/jupyterlab-overrides.json"):
        try:
            digest.update((ROOT / name).read_bytes())
        except OSError:
            sys.exit("course.py: cannot read %s: unpack or clone the whole course, or restore the file with "
                     "`git checkout %s`" % (name, name))
    return digest.hexdigest()


def is_ready():
    """Whether .venv is whole, of this project, and its Python still there."""
    wanted = fingerprint()
    try:
        return STAMP.read_text() == wanted and subprocess.call(
            [str(PYTHON), "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except (OSError, ValueError):
        return False


@contextlib.contextmanager
def one_at_a_time():
    """Waits until no other start sets the course up. The system takes the lock back from whoever ends."""
    with open(ROOT / ".venv-lock", "a") as file:
        if not locked(file):
            say("Another start is setting up the course: waiting for it ...")
            while not locked(file):
                time.sleep(0.5)
        yield


def locked(file):
    try:
        if os.name == "nt":
            import msvcrt
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:  # a file system without locks: the start goes on as if alone
        return True
    return True


def set_up():
    """Makes .venv anew. The stamp goes first and comes last: half a set-up never counts as one."""
    check_python()
    check_path()
    STAMP.unlink(missing_ok=True)
    say("Setting up the course in .venv; only the first start takes this long.")
    make_venv()
    say("Installing its packages ...")
    get_uv()
    # Only what is ready-made: the lock promises it, and a compiler's complaints help nobody.
    install("installing the packages", ["--only-binary", ":all:", "-r", LOCK.name])
    # The build backend came with the lock; isolation would fetch another, unpinned.
    install("installing the course", ["--no-deps", "--no-build-isolation", "-e", "."])
    STAMP.write_text(fingerprint())


def check_python():
    """Debian's Python may lack what makes .venv; one that somebody compiled may lack what JupyterLab needs."""
    for name in ("venv", "ensurepip"):
        if missing(name):
            sys.exit("course.py: this Python lacks its venv module: install it "
                     "(on Debian and Ubuntu: sudo apt install python3-venv) and run this again")
    for name in ("ssl", "sqlite3", "ctypes"):
        if missing(name):
            sys.exit("course.py: this Python was made without its %s module: start the course with another, "
                     "such as that of python.org" % name)


def missing(name):
    try:
        importlib.import_module(name)
    except ImportError:
        return True
    return False


def check_path():
    """venv takes no folder that would end a PATH; Jupyter finds its settings in none that reads like a pattern."""
    for sign in (os.pathsep, "[", "*", "?"):
        if sign in str(ROOT):
            sys.exit("course.py: %s has a %s in its name, which Python or Jupyter take for something else: "
                     "rename the folder and run this again" % (ROOT, sign))


def make_venv():
    from venv import create
    try:
        create(VENV, clear=True, with_pip=True, symlinks=os.name != "nt")
    except subprocess.CalledProcessError as error:
        fail("making .venv", (error.output or b"").decode(errors="replace"))
    except ValueError as error:  # .venv is there and not a folder
        fail("making .venv", str(error))


def get_uv():
    """Gets uv if it can. Where it has no wheel pip will do, but not on a full disk or without a network."""
    failure = run(["pip", "install", "--retries", "2", UV])
    if failure is not None and meaning(failure) in (DISK, ACCESS, CERTIFICATE, NETWORK):
        fail("getting the packages", failure)


def install(doing, what):
    """With uv, which is many times faster; else with pip, which may know of a mirror that uv doesn't."""
    # Compiled as pip does it: in a sandbox, or where others own the folder, each start would compile everything anew.
    if run(["uv", "pip", "install", "--compile-bytecode"] + what) is None:
        return
    say("... with pip, which takes a few minutes ...")
    failure = run(["pip", "install"] + what)
    if failure is not None:
        fail(doing, failure)


def run(module):
    """Runs a module in .venv without a word; its output if it failed, else None."""
    done = subprocess.run([str(PYTHON), "-m"] + module, cwd=ROOT, env=environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.decode(errors="replace") if done.returncode else None


def say(words):
    sys.stderr.write(words + "\n")


# --- handing over -----------------------------------------------------------

def check_lab(words):
    """What JupyterLab would end on in a page of log, or only when the first notebook is saved."""
    if os.name == "posix" and os.geteuid() == 0 and not any("allow" in word and "root" in word for word in words):
        sys.exit("course.py: JupyterLab does not run for root: start it as another user or, in a container, with "
                 "--allow-root")
    if not os.access(ROOT / "notebooks", os.W_OK):
        sys.exit("course.py: " + ACCESS)
    home = Path.home()
    if not os.access(home, os.W_OK) and not {"JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR"} & os.environ.keys():
        sys.exit("course.py: cannot write in %s, where Jupyter keeps its settings: set HOME to a folder of your own "
                 "and run this again" % home)


def environment():
    """As an activated .venv has it, for uv and for the terminals in JupyterLab."""
    kept = {name: value for name, value in os.environ.items() if name not in ASTRAY}
    return dict(kept, PIP_USER="0", VIRTUAL_ENV=str(VENV), PATH=str(BIN) + os.pathsep + os.environ.get("PATH", ""))


def hand_over(module):
    """Becomes `python -m module` in .venv: signals and the exit status are its own."""
    command = [str(PYTHON), "-m"] + module
    surroundings = environment()
    if module[0] == "optimlab":  # it works in the course's folder, on paths as they are meant here
        surroundings["OPTIMLAB_CALLED_FROM"] = os.getcwd()
    os.chdir(ROOT)
    if os.name == "posix":
        os.execve(command[0], command, surroundings)
    # Windows can't replace a process. Both get Ctrl-C; the child decides what it means.
    child = subprocess.Popen(command, env=surroundings)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return child.wait()


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit("\ncourse.py: stopped; run it again to go on")
    except OSError as problem:
        sys.exit("course.py: " + meaning(str(problem)))
