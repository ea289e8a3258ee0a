"""Where a student's code runs: in a warm bubblewrap sandbox, or unprotected as a plain process.

Both give each submission a process of its own (`with place.process() as (to, from_)`), and nothing of it
is left when the block ends. A sandbox has no network, its own process, IPC and mount
namespaces, a read-only Python, an empty home, a bounded scratch, a cleared environment and no
capabilities. See zygote.py for its inside.
"""

import contextlib
import functools
import json
import mmap
import os
import platform
import secrets
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

import optimlab
from optimlab.classroom import Unusable
from optimlab.classroom.sandbox import seccomp
from optimlab.classroom.sandbox.frames import Reader, Writer

# Who owns the machine's devices could change their rights from inside, for everybody. So for root they first become
# read-only, each by itself, where only bubblewrap sees it; what bubblewrap mounts is then read-only, too.
PROTECTED = ("unshare", "--user", "--map-root-user", "--mount", "sh", "-c", """
[ -z "$PROCESSES" ] || echo $$ > "$PROCESSES/cgroup.procs" || exit 1
for device in /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty; do
    mount --bind $device $device && mount -o remount,bind,ro $device || exit 1
done
exec "$0" "$@"
""")
START = 120.0  # seconds that a sandbox may take to become warm
OF_PLACE = 8   # processes of a sandbox itself: bubblewrap's and process 1
OWN = 32       # processes and threads that grading itself needs
WIPE = 20.0    # seconds that it may take to become clean again
# /proc, too: if an instructor grades as root, code inside could otherwise change the kernel's own settings.
READ_ONLY = ("--remount-ro", "/proc", "--remount-ro", "/dev", "--remount-ro", "/")

# /dev/full reads as /dev/zero does; but who maps /dev/zero has memory that belongs to no process.
NO_ZERO = ("--dev-bind", "/dev/full", "/dev/zero")


class Failed(Unusable):
    """It was not the submission that failed but its sandbox, or the machine; the text says in which way."""


class Bounds(NamedTuple):
    """What one submission may use: bytes of memory and of scratch files, processes and threads, files."""

    memory: int = 2 * 2**30
    scratch: int = 256 * 2**20
    processes: int = 64
    files: int = 20_000

    def beyond(self, what: str) -> str:
        """Says in words which bound a submission went beyond."""
        return {"memory": f"used more than {self.memory / 2**30:g} GB of memory",
                "processes": f"started more than {self.processes} processes and threads",
                "files": f"made more than {self.files:,} files"}[what]


@functools.cache
def why_no_sandbox() -> str:
    """Why this machine has no sandbox, and what to do, in one line; "" where it has one."""
    if not sys.platform.startswith("linux"):
        return "a sandbox needs Linux: grade on Linux, in WSL 2 or in a container that allows namespaces"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed: install it (Debian and Ubuntu: apt install bubblewrap)"
    tried = subprocess.run([*_bubblewrap(), "--unshare-all", "--ro-bind", "/", "/", "--proc", "/proc", "--dev", "/dev",
                            "true"], capture_output=True, text=True)
    if tried.returncode:
        said = (tried.stderr.strip().splitlines() or ["no reason given"])[-1][:150]
        return f"namespaces are forbidden here ({said}): allow them, or grade on another machine"
    return ""


def room() -> int:
    """How many submissions may run at once so that each finds the processes that it may have; at least 1.

    For root the kernel has no such limit.
    """
    import resource  # Windows has none, nor a sandbox

    most, _ = resource.getrlimit(resource.RLIMIT_NPROC)
    if most == resource.RLIM_INFINITY or not os.geteuid():
        return sys.maxsize
    threads = 0
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # it may have ended
            threads += len(os.listdir(process / "task")) if process.stat().st_uid == os.geteuid() else 0
    return max(1, (most - threads - OWN) // (Bounds().processes + OF_PLACE))


def why_no_filter() -> str:
    """Why a sandbox on this machine has no filter of system calls, in one line; "" where it has one."""
    if seccomp.program():
        return ""
    return (f"no filter of system calls is known for this processor ({platform.machine()}): the sandbox keeps its "
            "other bounds, but shared memory and keyrings of the kernel are not closed off; grade on x86-64 or ARM64 "
            "to have it")


class Place(Protocol):
    """What both kinds of place have in common.

    name: the name that goes into a submission's record.
    exceeded: the bound that the last submission went beyond, "" for none.
    killed: whether the last submission's process was killed, not by this program.
    failed: why the last run shows nothing of the submission, for it was the place that failed; "" if it did not.
    process: starts one submission's process; gives the streams that it reads from and writes to. Raises Failed.
    kept: the seconds so far for which submissions wanted to compute and others had the cores.
    """

    name: str
    exceeded: str
    killed: bool
    failed: str

    def process(self, prelude: Sequence[str] = ()) -> AbstractContextManager[tuple[Writer, Reader]]: ...
    def kept(self) -> float: ...
    def close(self) -> None: ...


class Unprotected:
    """Runs each submission as a plain process in an empty folder: with the grader's own rights."""

    name = "none"
    exceeded = failed = ""
    killed = False

    @contextlib.contextmanager
    def process(self, prelude: Sequence[str] = ()) -> Iterator[tuple[Writer, Reader]]:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            process = subprocess.Popen(
                [sys.executable, "-I", "-m", "optimlab.classroom.sandbox.runner"], cwd=folder,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "IPYTHONDIR": folder}, start_new_session=True)
            assert process.stdin is not None and process.stdout is not None  # both are pipes
            try:
                yield process.stdin, process.stdout
            finally:
                _kill(process)

    def kept(self) -> float:
        """Nothing is measured here: it is one's own notebook that runs."""
        return 0.0

    def close(self) -> None:
        """There is nothing to end."""


class Sandbox:
    """A warm sandbox; with `strict`, each submission has one of its own."""

    def __init__(self, bounds: Bounds = Bounds(), strict: bool = False):
        self.bounds, self.strict = bounds, strict
        self.name = ", ".join(["bubblewrap", *["one each"] * strict,
                               *["no filter of system calls"] * bool(why_no_filter())])
        self.exceeded, self.killed, self.failed = "", False, ""
        self._process: subprocess.Popen[bytes] | None = None
        self._prelude: list[str] = []
        self._usage = os.memfd_create("usage")  # zygote.py writes there what is used
        os.ftruncate(self._usage, mmap.PAGESIZE)
        weakref.finalize(self, os.close, self._usage)

    @contextlib.contextmanager
    def process(self, prelude: Sequence[str] = ()) -> Iterator[tuple[Writer, Reader]]:
        self.exceeded, self.killed, self.failed = "", False, ""
        with contextlib.ExitStack() as stack:
            try:
                self._start(list(prelude))
                ours, theirs = map(stack.enter_context, socket.socketpair())
                socket.send_fds(self._control, [json.dumps(self.bounds._asdict()).encode()], [theirs.fileno()])
            except OSError as error:
                self.close()
                raise Failed(f"its sandbox could not be used: {error.strerror or error}") from None
            theirs.close()
            to, from_ = ours.makefile("wb"), ours.makefile("rb")
            try:
                yield _HalfClosing(to, ours), from_
            finally:
                with contextlib.suppress(OSError):
                    ours.shutdown(socket.SHUT_RDWR)  # whoever still reads or writes stops
                if not self._wiped() or self.strict:
                    self.close()

    def kept(self) -> float:
        _, kept = struct.unpack("dd", os.pread(self._usage, 16, 0))
        return float(kept)

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._process is not None:
            self._end()
            self._process = None

    def _start(self, prelude: list[str]) -> None:
        if self._process is not None and self._process.poll() is None and prelude == self._prelude:
            return
        self.close()
        self._prelude = prelude
        self._control, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, contextlib.ExitStack() as stack:
            fonts = [stack.enter_context(open(f, "rb")) for f in _font_lists()]
            copies = [word for f in fonts
                      for word in ("--file", str(f.fileno()), f"/scratch/matplotlib/{Path(f.name).name}")]
            filter = stack.enter_context(tempfile.TemporaryFile())
            filter.write(seccomp.program())
            filter.seek(0)
            seccomp_words = ["--seccomp", str(filter.fileno())] if seccomp.program() else []
            passed = [theirs.fileno(), self._usage]
            group = _control_group(self.bounds.processes + OF_PLACE)
            self._process = subprocess.Popen(
                [*command(self.bounds), *copies, *seccomp_words, *READ_ONLY, "--", sys.executable, "-I",
                 "-m", "optimlab.classroom.sandbox.zygote", *map(str, passed)],
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                env={**os.environ, "PROCESSES": str(group or "")},
                pass_fds=[*passed, filter.fileno(), *(f.fileno() for f in fonts)])
            # Also where nobody closes it: when its thread is done.
            self._end = weakref.finalize(self, _end, self._process, self._control, group)
        with contextlib.suppress(OSError):  # it did not start, which the next line finds out
            self._control.send(json.dumps(prelude).encode())
        if not self._reported(START).get("clean"):
            self.close()
            raise Failed("its sandbox did not start (is memory short?)")

    def _wiped(self) -> bool:
        with contextlib.suppress(OSError):
            self._control.send(b"stop")  # does nothing if the process has ended by itself
        report = self._reported(WIPE)
        if report.get("why"):
            self.exceeded = self.bounds.beyond(report["why"])
        self.killed, self.failed = bool(report.get("killed")), report.get("failed", "")
        return bool(report.get("clean"))

    def _reported(self, seconds: float) -> dict[str, Any]:
        """What process 1 says; {} if it takes too long. Nothing inside can end it."""
        assert self._process is not None  # it was started before this
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            ended = self._process.poll() is not None
            with contextlib.suppress(TimeoutError, OSError):
                self._control.settimeout(0.0 if ended else 1.0)
                said = self._control.recv(4096)
                report: dict[str, Any] = json.loads(said or '{"failed": "its sandbox was ended"}')
                return report
            if ended:
                return {"failed": "its sandbox was ended"}
        return {}


class _HalfClosing:
    """The writing end of a socket; the other side sees when it closes, as with a pipe."""

    def __init__(self, stream: BinaryIO, of: socket.socket):
        self._stream, self._of = stream, of
        self.write, self.flush = stream.write, stream.flush

    def close(self) -> None:
        self._stream.close()
        self._of.shutdown(socket.SHUT_WR)


_of_thread = threading.local()


def place_to_run(strict: bool, no_sandbox: bool) -> Place:
    """The place where this thread's submissions run; raises Unusable if a sandbox is wanted and there is none."""
    if getattr(_of_thread, "asked", None) != (strict, no_sandbox):
        if not no_sandbox and (why := why_no_sandbox()):
            raise Unusable(f"{why}; or add --no-sandbox to run the submissions with your own rights")
        _of_thread.place = Unprotected() if no_sandbox else Sandbox(strict=strict)
        _of_thread.asked = strict, no_sandbox
    place: Place = _of_thread.place
    return place


def command(bounds: Bounds) -> list[str]:
    """The words that start bubblewrap, up to the last mounts."""
    words = [*_bubblewrap(), "--unshare-all", "--unshare-user", "--die-with-parent", "--new-session", "--as-pid-1",
             "--uid", "65534", "--gid", "65534", "--hostname", "sandbox", "--cap-drop", "ALL", "--clearenv"]
    if _knows("--disable-userns"):  # a namespace of its own would give capabilities back
        words.append("--disable-userns")
    for name, value in {"HOME": "/scratch/home", "TMPDIR": "/scratch", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin",
                        "MPLCONFIGDIR": "/scratch/matplotlib", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
                        "IPYTHONDIR": "/scratch/home/.ipython"}.items():
        words += ["--setenv", name, value]
    for folder in ("/lib", "/lib32", "/lib64", "/bin"):
        if os.path.islink(folder):
            words += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            words += ["--ro-bind", folder, folder]
    for path in ("/usr", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime"):
        words += ["--ro-bind-try", path, path]
    # The course's folder stays outside; only its package and its environment are needed.
    package = os.path.dirname(os.path.abspath(optimlab.__file__))
    needed = dict.fromkeys((sys.base_prefix, os.path.realpath(sys.base_prefix), sys.prefix, package))
    for path in needed:
        if not path.startswith("/usr/"):
            words += ["--ro-bind", path, path]
    if not any(path.startswith("/tmp/") for path in needed):  # unless the course itself lies in /tmp
        words += ["--symlink", "scratch", "/tmp"]
    return words + ["--proc", "/proc", "--dev", "/dev", *NO_ZERO, "--size", str(bounds.scratch // 4),
                    "--tmpfs", "/dev/shm", "--size", str(bounds.scratch), "--tmpfs", "/scratch",
                    "--dir", "/scratch/matplotlib", "--chdir", "/scratch"]


def _bubblewrap() -> list[str]:
    """The words by which bubblewrap is called."""
    return [*PROTECTED, "bwrap"] if os.stat(os.devnull).st_uid == os.geteuid() else ["bwrap"]


def _control_group(most: int) -> Path | None:
    """For root, whose processes no limit of an account bounds: a new control group for so many; None for others.

    None also where root may make none, as in many containers: then process 1 alone bounds them, after the fact.
    """
    if os.geteuid():
        return None
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        number, kinds, here = line.split(":", 2)
        # In version 2 a group that has processes has no groups that are bounded: the new one lies beside it.
        beside = Path(f"/sys/fs/cgroup{here}").parent if number == "0" else Path(f"/sys/fs/cgroup/pids{here}")
        group = beside / f"optimlab-{os.getpid()}-{secrets.token_hex(4)}"
        if kinds in ("pids", ""):
            for left in beside.glob("optimlab-*"):  # by a grader that was killed, or did not wait for the last process
                if not Path("/proc", left.name.split("-")[1]).exists():
                    with contextlib.suppress(OSError):
                        left.rmdir()
            with contextlib.suppress(OSError):
                group.mkdir()
                try:
                    (group / "pids.max").write_text(str(most))
                    return group
                except OSError:
                    group.rmdir()
    return None


def _end(process: subprocess.Popen[bytes], control: socket.socket, group: Path | None) -> None:
    """End a sandbox's process, with all that is in it, and remove its control group."""
    control.close()
    _kill(process)
    _remove(group)


def _remove(group: Path | None) -> None:
    """Remove a control group, whose last processes may end a moment later."""
    if group is None:
        return
    for _ in range(20):
        with contextlib.suppress(OSError):
            group.rmdir()
            return
        time.sleep(0.05)


@functools.cache
def _knows(option: str) -> bool:
    """Whether this bubblewrap has an option (0.8 and later have all)."""
    return option in subprocess.run(["bwrap", "--help"], capture_output=True, text=True).stdout


def _font_lists() -> list[Path]:
    """matplotlib's list of fonts, if there is one yet: making it takes seconds."""
    import matplotlib
    return sorted(Path(matplotlib.get_cachedir()).glob("fontlist-*.json"))


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End a process and, on systems with sessions, everything that it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg") and os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, 9)
        else:
            process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
