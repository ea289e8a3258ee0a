"""Nothing that a submission does in the sandbox reaches the grader, the machine or the next submission."""

import contextlib
import fcntl
import os
import socket
import subprocess
import threading

import numpy as np
import pytest
from hang import hang_guard

from optimlab.classroom.sandbox import seccomp
from optimlab.classroom.sandbox.places import Bounds, Failed, Sandbox, why_no_filter
from optimlab.classroom.sandbox.run import Limits, bundle_of, challenges_of, run
from optimlab.tutor.challenges import Challenge

pytestmark = pytest.mark.usefixtures("sandbox")
FAST = Limits(cell=2.0, call=0.5, total=20.0)
ASK = [Challenge("one", "f", (((3,), {}),))]
GOOD = "import numpy as np\ndef f(n): return np.full(2, float(n))"
LOOK_AROUND = ("import os\nprint(sorted(os.listdir('/scratch')), os.listdir('/dev/shm'), "
               "sum(p.isdigit() for p in os.listdir('/proc')))")
HONEST = [[{"output_type": "stream", "name": "stdout", "text": "[3. 3.]\n"}]]


@pytest.fixture(scope="module")
def box():
    sandbox = Sandbox(Bounds(memory=2**30, scratch=64 * 2**20, processes=20))
    yield sandbox
    sandbox.close()


def evidence(box, *cells, **files):
    return run(bundle_of(list(enumerate(cells)), files), challenges_of(ASK), FAST, box)


def printed(box, code):
    """What an attack prints."""
    outputs = evidence(box, code).outputs[0]
    return "".join(o.get("text", o.get("evalue", "")) for o in outputs)


ATTACKS = {
    "kills process 1 and all others": "import os\nfor p in (1, -1):\n try: os.kill(p, 9)\n except OSError: pass",
    "ends at once": "import os; os._exit(0)",
    "stops itself": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
    "fork bomb": "import os\nwhile True:\n try: os.fork()\n except OSError: pass",
    "threads": "import threading, time\nfor _ in range(10_000): threading.Thread(target=time.sleep, args=(60,)).start()",
    "memory in one process": "l = []\nwhile True: l.append(b'1' * 10**8)",
    "memory in many": "import os, time\nfor _ in range(15):\n if not os.fork():\n  x = b'1' * 2 * 10**8; time.sleep(60)\n"
                      "time.sleep(60)",
    "disk": "f = open('/scratch/x', 'wb')\nwhile True: f.write(b'0' * 10**7)",
    "shared memory files": "f = open('/dev/shm/x', 'wb')\nwhile True: f.write(b'0' * 10**7)",
    "a million files": "for i in range(10**6): open(f'/scratch/{i}', 'w').close()",
    "folders within folders": "import os\nfor _ in range(3000):\n os.mkdir('d'); os.chdir('d')",
    "a folder that cannot be emptied": "import os\nos.mkdir('/scratch/d'); open('/scratch/d/x', 'w'); os.chmod('/scratch/d', 0)",
    "System V memory that stays": "import ctypes\nctypes.CDLL(None).shmget(7, 4096, 0o1666)",
    "a daemon": "import os, time\nif not os.fork():\n os.setsid()\n if os.fork(): os._exit(0)\n time.sleep(600)",
    "a gigabyte of output": "for _ in range(1000): print('x' * 10**6)",
    "a hundred thousand outputs": "for i in range(100_000): display(i)",
    "garbage on every descriptor": "import os\nfor fd in range(64):\n try: os.write(fd, b'\\xff' * 10**5)\n except OSError: pass",
    "no alarm, no end": "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_next_submission_starts_clean(attack, box):
    attacked = evidence(box, ATTACKS[attack])
    assert len(attacked.outputs[0]) <= 210 and attacked.answers[0].outcome == "died"
    honest = evidence(box, GOOD + "\nprint(f(3))")
    assert list(honest.outputs.values()) == HONEST and honest.answers[0].outcome == "returned"
    assert printed(box, LOOK_AROUND) == "['home', 'work'] [] 2\n"


@pytest.mark.parametrize("code, says", [
    ("import socket; socket.create_connection(('127.0.0.1', 22), 1)", "refused"),
    ("import socket; socket.create_connection(('1.1.1.1', 53), 1)", "unreachable"),
    ("open('/proc/1/mem', 'rb')", "denied"), ("import os; os.readlink('/proc/1/fd/3')", "denied"),
    ("open('/etc/passwd')", "No such file"), ("import os; os.listdir('/var')", "No such file"),
    ("import numpy; open(numpy.__file__, 'a')", "Read-only"), ("import optimlab; open(optimlab.__file__, 'a')", "Read-only"),
    ("open('/x', 'w')", "Read-only"), ("open('/dev/x', 'w')", "Read-only"), ("open('/proc/sys/kernel/core_pattern', 'w')", "Read-only"),
    ("import os; os.setuid(0)", "Invalid argument"), ("import os; os.mknod('/scratch/m', 0o20666, os.makedev(1, 1))", "not permitted"),
    ("import numpy as np; np.ones(10**9)", "Unable to allocate"),
    ("import os\ntry: os.chmod('/dev/null', 0o666)\nexcept OSError: print('refused')", "refused"),  # which it is already
    ("import mmap; mmap.mmap(-1, 4096)", "not permitted"),  # memory that is shared without a file
    ("import mmap; f = open('/dev/zero', 'r+b'); mmap.mmap(f.fileno(), 4096)", "No such device"),
    ("import ctypes; print(ctypes.CDLL(None).inotify_init1(0))", "-1"),
    ("import fcntl, sys; fcntl.fcntl(open(sys.executable), fcntl.F_SETLEASE, fcntl.F_RDLCK)", "not permitted"),
    ("import ctypes, os; c = ctypes.CDLL(None, use_errno=True)\nprint(c.unshare(0x10000000), c.ptrace(16, 1, 0, 0))", "-1 -1"),
])
def test_what_is_not_there_or_not_allowed(code, says, box):
    assert says in printed(box, code)


@pytest.fixture
def busy():
    """Every core has others to serve."""
    others = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(4 * os.cpu_count())]
    yield
    for other in others:
        other.kill()
        other.wait()


def test_time_for_which_others_have_the_cores_costs_no_call(box, busy):
    slow = "import time\ndef f(n):\n end = time.process_time() + 0.3\n while time.process_time() < end: pass\n return 1.0"
    assert evidence(box, slow).answers[0].outcome == "returned"


def test_nothing_of_the_grader_is_seen(box, monkeypatch, tmp_path):
    monkeypatch.setenv("OPTIMLAB_TEST_SECRET", "canary")
    (tmp_path / "gradebook.db").write_text("canary")
    with Sandbox(strict=True).process() as (to, _):
        to.close()
    strict = Sandbox(strict=True)
    seen = printed(strict, f"import os\nprint(os.environ, os.path.exists({str(tmp_path)!r}), os.listdir(os.environ['HOME']))\n"
                           "for p in os.listdir('/proc'):\n  if p.isdigit():\n"
                           "    try: print(open(f'/proc/{p}/environ').read())\n    except OSError as e: print(e)")
    assert "canary" not in seen and "False []" in seen


def test_files_of_the_assignment_lie_beside_the_notebook(box):
    e = run(bundle_of([(0, "print(open('data.csv').read())")], {"data.csv": b"1,2\n"}), b"", FAST, box)
    assert e.outputs[0][0]["text"] == "1,2\n\n"


def test_what_others_do_on_the_network_costs_no_sandbox(box):
    """The kernel counts some of it over all namespaces; a new sandbox takes seconds to become warm."""
    evidence(box, GOOD)
    before = box._process
    with contextlib.ExitStack() as others:
        listening = others.enter_context(socket.create_server(("127.0.0.1", 0)))
        for _ in range(5):
            others.enter_context(socket.create_connection(listening.getsockname()))
        evidence(box, GOOD)
    assert box._process is before


@pytest.mark.parametrize("strict", [False, True])
def test_a_sandbox_that_was_killed_is_replaced(strict):
    sandbox = Sandbox(strict=strict)
    try:
        assert evidence(sandbox, GOOD).answers[0].outcome == "returned"
        if not strict:
            sandbox._process.kill()
            sandbox._process.wait()
            evidence(sandbox, GOOD)
        assert evidence(sandbox, GOOD).answers[0].outcome == "returned"
    finally:
        sandbox.close()


@pytest.mark.parametrize("ends", [1, 2])
def test_a_sandbox_that_ends_shows_nothing_of_the_submission(ends):
    """At birth or under a submission: another one is tried; and after that one, it is nobody's zero."""
    sandbox, over = Sandbox(), threading.Event()

    def end_some():
        ended = []
        while len(ended) < ends and not over.wait(0.2):
            if (process := sandbox._process) and process not in ended:
                process.kill()
                ended.append(process)

    killer = threading.Thread(target=end_some)
    killer.start()
    try:
        if ends == 1:
            e = evidence(sandbox, GOOD, "import time; time.sleep(0.5)", "print(f(3))")
            assert (e.outputs[2], e.answers[0].outcome, e.notes) == (HONEST[0], "returned", [])
        else:
            with pytest.raises(Failed, match="sandbox"):
                evidence(sandbox, GOOD, "import time; time.sleep(1.9)")
    finally:
        over.set()
        killer.join()
        sandbox.close()


def test_a_lock_of_somebody_else_is_not_seen(box):
    """Files of Python and of the packages are the same ones in all sandboxes."""
    with open(np.__file__) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tried = "import fcntl, numpy\nprint(fcntl.flock(open(numpy.__file__), fcntl.LOCK_EX | fcntl.LOCK_NB))"
        assert printed(box, tried) == "None\n"


@pytest.mark.parametrize("left", [
    "import socket\nwith socket.create_server(('127.0.0.1', 4000)): socket.create_connection(('127.0.0.1', 4000)).close()",
    "import os; os.chmod('/dev/shm', 0o700)", "import os; os.utime('/dev/shm', (1000, 1000))"])
def test_what_is_left_in_the_network_or_at_a_folder_is_gone(left, box):
    look = ("import os\nprint(len(open('/proc/net/tcp').readlines()), os.stat('/dev/shm').st_atime, oct(os.stat('/dev/shm').st_mode), "
            "[line.split()[1] for line in open('/proc/net/dev') if 'lo:' in line])")
    before = printed(box, look)
    assert printed(box, left) == "" and printed(box, look) == before


def test_a_flood_of_valid_frames_ends(box):
    flood = ("import json, os, struct\ntext = json.dumps({'kind': 'outputs', 'number': 0, 'outputs': [], 'arrays': []}).encode()\n"
             "frame = struct.pack('<IQ', len(text), 0) + text\nwhile True:\n for fd in range(3, 20):\n"
             "  try: os.write(fd, frame)\n  except OSError: pass")
    with hang_guard(240):  # a run that is flooded may take all the time there is
        e = evidence(box, flood, GOOD)
    assert e.answers[0].outcome in ("returned", "died")


def test_what_all_begin_with_runs_once_and_nobody_else_sees_it(box):
    """A submission that begins otherwise finds nothing of it; one that changes it changes its own copy."""
    prelude = ["given = [1]\nprint('hello')", "given"]
    begins = [*enumerate(prelude, start=1), (3, "given.append(2)\nprint(given)")]

    def seen(cells):
        outputs = run(bundle_of(cells, prelude=prelude), b"", FAST, box).outputs
        return [[o.get("text") or o.get("evalue") or o["data"]["text/plain"] for o in outputs[n]] for n, _ in cells]

    for _ in range(2):
        assert seen(begins) == [["hello\n"], ["[1]"], ["[1, 2]\n"]]
    assert seen([(1, "given")]) == [["name 'given' is not defined"]]
    assert seen([(1, prelude[0]), (2, "1"), (3, "given")]) == [["hello\n"], ["1"], ["[1]"]]


def test_what_all_begin_with_is_run_by_each_where_it_writes_files(box):
    prelude = ["%%writefile given.py\nx = 5", "import given"]
    outputs = run(bundle_of([*enumerate(prelude, start=1), (3, "given.x")], prelude=prelude), b"", FAST, box).outputs
    assert [o["data"]["text/plain"] for o in outputs[3]] == ["5"] and not outputs[2]


def test_where_no_filter_is_known_for_the_processor_grading_and_the_record_say_so(monkeypatch):
    """A record's `sandbox` is the place's name; `optimlab grade` and `nbgrader autograde` say the line."""
    assert (why_no_filter(), Sandbox().name) == ("", "bubblewrap")
    monkeypatch.setattr(seccomp, "program", lambda: b"")  # as it is for riscv64
    assert "no filter of system calls" in why_no_filter() and len(why_no_filter().splitlines()) == 1
    assert Sandbox(strict=True).name == "bubblewrap, one each, no filter of system calls"
