"""A run keeps what came before a death, ends what never ends, and brings rich outputs back."""
import subprocess
import sys
import time

import psutil
import pytest

from optimlab.classroom.sandbox.places import why_no_sandbox
from optimlab.classroom.sandbox.run import Limits, bundle_of, challenges_of, run
from optimlab.tutor.challenges import Challenge

FAST = Limits(cell=1.0, call=0.5, total=20.0)
ASK = [Challenge("one", "f", (((3,), {}),)), Challenge("two", "f", (((4,), {}),)), Challenge("other", "g", (((1,), {}),))]
GOOD = "import numpy as np\ndef f(n): return np.full(2, float(n))\ndef g(n): return np.zeros(n)"
posix = pytest.mark.skipif(sys.platform == "win32", reason="what the shell stops itself, Windows kills")


def evidence(*cells, ask=ASK, limits=FAST):
    return run(bundle_of(list(enumerate(cells))), challenges_of(ask), limits)


def texts(outputs):
    return [o.get("text") or o.get("evalue") or o["data"].get("text/plain") for o in outputs]


def test_outputs_answers_and_errors_come_back():
    e = evidence(GOOD, "print('hello')\n1 + 1", "1/0", "import warnings; warnings.warn('careful')")
    assert texts(e.outputs[1]) == ["hello\n", "2"]
    assert e.outputs[2][0]["ename"] == "ZeroDivisionError" and e.outputs[2][0]["traceback"]
    assert "careful" in e.outputs[3][0]["text"] and e.outputs[3][0]["name"] == "stderr"
    assert [a.outcome for a in e.answers.values()] == ["returned"] * 3
    assert e.answers[1].results[0].tolist() == [4.0, 4.0]


def test_figures_come_back_as_pictures():
    e = evidence("import matplotlib.pyplot as plt\nplt.plot([1, 2]);", ask=[], limits=Limits())
    assert [list(o["data"]) for o in e.outputs[0]] == [["text/plain", "image/png"]]
    assert len(e.outputs[0][0]["data"]["image/png"]) > 1000


@pytest.mark.parametrize("cells", [
    ["import helper\nhelper.x"], ["from package.inside import x\nx"],  # these lie beside the notebook
    ["%%writefile own.py\nx = 5", "import own\nown.x"],
    ["try: import own\nexcept ImportError: pass", "open('own.py', 'w').write('x = 5');", "import own\nown.x"],
    ["import os; os.mkdir('deep'); os.chdir('deep')", "import helper\nhelper.x"],
    ["int(open('data/far/x.txt').read())"],
], ids=lambda cells: cells[-1])
def test_what_lies_beside_the_notebook_is_there(cells):
    files = {"helper.py": b"x = 5", "package/inside.py": b"x = 5", "data/far/x.txt": b"5"}
    e = run(bundle_of(list(enumerate(cells)), files), b"", FAST)
    assert texts(e.outputs[len(cells) - 1]) == ["5"]


def test_what_lies_beside_the_notebook_hides_nothing_that_is_installed():
    names = ["numpy", "json", "optimlab", "fractions", "matplotlib"]  # some are imported by then, some are not
    files = {f"{name}.py": b"raise SystemExit" for name in names}
    e = run(bundle_of([(1, f"import {', '.join(names)}\nnumpy.ones(1).sum()")], files), b"", FAST)
    assert texts(e.outputs[1]) == ["np.float64(1.0)"]


def test_a_function_that_no_cell_defines_is_missing():
    e = evidence("f = 3", ask=ASK[:1])
    assert e.missing == {"f"}


@pytest.mark.parametrize("stubborn", [pytest.param(False, id="can be stopped"),
                                      pytest.param(True, id="must be killed", marks=pytest.mark.slow)])
def test_a_call_that_never_ends_costs_that_function_only(stubborn):
    loop = "while True: pass" if not stubborn else (
        "import signal\n if hasattr(signal, 'SIGALRM'): signal.signal(signal.SIGALRM, signal.SIG_IGN)\n while True: pass")
    e = evidence(GOOD, f"def f(n):\n {loop}")
    assert [e.answers[n].outcome for n in range(3)] == ["never_ended", "never_ended", "returned"]


@pytest.mark.parametrize("cell, name", [
    pytest.param("while True: pass", "TimeIsUp", marks=posix),
    pytest.param("import time\nwhile True:\n try:\n  while True: time.sleep(0.01)\n except: pass", "TimeIsUp",
                 marks=pytest.mark.slow),
    pytest.param("import signal\nif hasattr(signal, 'SIGALRM'): signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
                 "while True: pass", "TimeIsUp", marks=pytest.mark.slow),
    ("import os; os._exit(0)", "ProcessEnded"),
    ("import os, signal; os.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))", "ProcessEnded"),
])
def test_a_cell_that_kills_or_hangs_is_named_and_the_rest_goes_on(cell, name):
    e = evidence(GOOD, "print('before')", cell, "print('after')")
    assert texts(e.outputs[1]) == ["before\n"] and texts(e.outputs[3]) == ["after\n"]
    assert e.outputs[2][-1]["ename"] == name
    assert [a.outcome for a in e.answers.values()] == ["returned"] * 3


def test_a_call_that_ends_the_process_is_named_and_the_rest_goes_on():
    e = evidence(GOOD, "import os\ndef f(n): os._exit(1)")
    assert [e.answers[n].outcome for n in range(3)] == ["died", "died", "returned"]


def test_leaving_and_reading_input_harm_nobody():
    e = evidence(GOOD, "import sys; sys.exit(3)", "input('name? ')", "exit()", "print('still here')")
    assert e.outputs[2][-1]["ename"] == "EOFError" and texts(e.outputs[4]) == ["still here\n"]
    assert e.answers[2].outcome == "returned"


def test_noise_on_the_descriptors_does_not_reach_the_frames():
    e = evidence(GOOD, "import os\nfor fd in range(1, 20):\n try: os.write(fd, b'\\xff' * 100)\n except OSError: pass",
                 "print('after')")
    assert texts(e.outputs.get(2, [])) == ["after\n"] or e.outputs[1][-1]["ename"] == "ProcessEnded"


@pytest.mark.slow
def test_many_cells_that_hang_end_in_the_total_time():
    hang = "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass"
    e = evidence(GOOD, *[hang] * 6, limits=Limits(cell=0.5, call=0.5, total=4.0))
    assert e.answers[0].outcome == "returned"


def test_calls_that_each_take_nearly_as_long_as_they_may_end_in_the_total_time():
    ask = [Challenge(str(n), "f", (((3,), {}),)) for n in range(30)]
    e = evidence("import time\ndef f(n):\n time.sleep(0.3)\n return 1.0", ask=ask, limits=Limits(cell=1.0, call=0.5, total=1.0))
    assert {a.outcome for a in e.answers.values()} == {"returned", "never_ended"}
    assert sum(a.outcome == "returned" for a in e.answers.values()) < 5


def test_a_flood_of_output_is_cut():
    e = evidence("for _ in range(100): print('x' * 10_000)", ask=[])
    assert len(e.outputs[0][0]["text"]) < 210_000 and "1,000,100 characters" in e.outputs[0][0]["text"]


FLOOD = "from IPython.display import HTML\nfor _ in range({}): display(HTML('x' * {}))\n"


@pytest.mark.parametrize("before", [
    [], [FLOOD.format(4, 900_000)] * 7,  # 25 MB before the test, which is more than is kept of a whole notebook
], ids=["", "after many"])
@pytest.mark.parametrize("test, last", [
    (FLOOD.format(400, 10) + "assert False", "AssertionError"), (FLOOD.format(400, 10) + "2.5", "2.5"),
    (FLOOD.format(4, 900_000) + "assert False, 'no'", "no"), (FLOOD.format(9, 900_000) + "2.5", "2.5"), ("2.5", "2.5"),
    (FLOOD.format(9, 900_000), None), ("", None)], ids=["many, fails", "many, points", "much, fails", "much, points", "points", "much", "nothing"])
def test_what_decides_a_test_is_not_cut_away(test, last, before):
    e = evidence(*before, test, ask=[], limits=Limits())
    outputs = e.outputs[len(before)]
    decides = [o for o in outputs if o["output_type"] in ("error", "execute_result")]
    assert [o.get("evalue") or o.get("ename") or o["data"]["text/plain"] for o in decides] == [last] * bool(last)
    assert sum(len(str(o)) for n in e.outputs.values() for o in n) < 26 * 2**20


FORGE = """
import json, os, struct
for fd in range(3, 20):
    try:
        text = json.dumps({frame}).encode()
        os.write(fd, struct.pack("<IQ", len(text), 0) + text)
    except OSError:
        pass
"""


@pytest.mark.parametrize("frame", [
    {"kind": "missing", "functions": 5, "arrays": []}, {"kind": "challenge", "number": 10**6, "arrays": []},
    {"kind": "challenge", "number": -1, "arrays": []}, {"kind": "challenge", "number": [1], "arrays": []},
    *(pytest.param(frame, marks=pytest.mark.slow) for frame in (
        {"kind": "outputs", "number": 1, "outputs": {"a": 1}, "arrays": []},
        {"kind": "cell", "number": [], "arrays": []}, {"kind": "answer", "number": 0, "arrays": []},
        {"kind": "done", "arrays": []}, {"arrays": []}, {"kind": "missing", "functions": ["f", {}], "arrays": []})),
], ids=str)
def test_forged_frames_harm_nobody(frame):
    """They may cost the forger points; they never raise."""
    e = evidence(GOOD, FORGE.replace("{frame}", repr(frame)))
    assert sorted(e.answers) == [0, 1, 2]


def test_a_run_ends_though_a_forger_dies_at_the_same_challenge_each_time():
    frame = {"kind": "challenge", "number": 0, "arrays": []}
    e = evidence(GOOD, FORGE.replace("{frame}", repr(frame)) + "os._exit(0)", limits=FAST._replace(total=3.0))
    assert sorted(e.answers) == [0, 1, 2]


def test_what_a_student_defines_is_not_taken_by_a_released_cell():
    cells = ["def right(n): return n\ndef f(n): return np.full(2, float(right(n)))", "import numpy as np\nright = None",
             "def g(n): return np.zeros(n)", "other = right"]
    for own, outcome in (([0, 2], "returned"), ([], "raised")):
        e = run(bundle_of(list(enumerate(cells)), own=own), challenges_of(ASK), FAST)
        assert [e.answers[n].outcome for n in range(3)] == [outcome, outcome, "returned"]


def test_what_asks_is_not_what_a_cell_replaces():
    """Two names for one array show, whatever the notebook makes of the module that looks."""
    patch = ("import optimlab.tutor.challenges as c\nimport optimlab.classroom.sandbox.frames as frames\n"
             "import optimlab.classroom.sandbox.runner as runner\nimport numpy as np\n"
             "c._fill_and_read_back = lambda things, given: tuple(np.full(2, n) for n, _ in enumerate(things, 1))\n"
             "c.answer = frames.write_answer = frames.write = runner.answer_challenges = None\n"
             "def f(n):\n    x = np.zeros(2)\n    return x, x")
    e = evidence(patch, ask=[ASK[0]._replace(probe_memory=True)])
    assert [x.tolist() for x in e.answers[0].probed] == [[2, 2], [2, 2]]


@pytest.mark.parametrize("way", [
    "getattr(vars(optimlab)['opt' + 'imizers'], 'Ad' + 'am')", "pkgutil.resolve_name('optimlab.opt' + 'imizers:Ad' + 'am')",
    "pickle.loads(b'coptimlab.opt' + b'imizers\\nAd' + b'am\\n.')", "operator.attrgetter('opt' + 'imizers.Ad' + 'am')(optimlab)",
    "runpy.run_module('optimlab.opt' + 'imizers')['Ad' + 'am']",
    "exec(compile(open(optimlab.optimizers.__file__).read(), 'mine', 'exec'), space) or space['Adam']",
])
def test_the_library_s_own_optimizer_is_seen_at_work_whatever_way_led_to_it(way):
    cell = ("import numpy as np, operator, optimlab, optimlab.optimizers, pickle, pkgutil, runpy, sys, types\n"
            "sys.modules['mine'] = types.ModuleType('mine')\nspace = {'__name__': 'mine'}\n"
            f"Rule = {way}\ndef f(n):\n    w = np.ones(n)\n    return Rule().step(w, w, Rule().init(w))[0]")
    assert "optimlab.optimizers.Adam.step" in evidence(cell, ask=ASK[:2]).ran
    assert evidence(GOOD, ask=ASK[:2]).ran == []


SLOW_CELL = "import time; time.sleep(0.4); print('woke up')"
STANDS_STILL = f"""
import sys
from optimlab.classroom.sandbox.places import Sandbox
from optimlab.classroom.sandbox.run import Doubtful, Limits, bundle_of, run
place = Sandbox()
run(bundle_of([(1, "1")]), b"", Limits(), place)  # it is warm now
print("begins", flush=True)
try:
    e = run(bundle_of([(n, {SLOW_CELL!r}) for n in range(10)]), b"", Limits(cell=1.0, call=0.5, total=20.0), place)
    print(sum("woke up" in o.get("text", "") for outputs in e.outputs.values() for o in outputs))
except Doubtful as doubtful:
    print(doubtful)
"""


@pytest.mark.skipif(bool(why_no_sandbox()), reason=why_no_sandbox())
def test_a_machine_that_stands_still_for_a_while_costs_nobody_anything():
    """As a virtual one does while it is moved: what ran meanwhile was not slow."""
    grader = subprocess.Popen([sys.executable, "-c", STANDS_STILL], stdout=subprocess.PIPE, text=True)
    assert grader.stdout.readline() == "begins\n"
    time.sleep(1.0)
    everything = [psutil.Process(grader.pid), *psutil.Process(grader.pid).children(recursive=True)]
    for process in everything:
        process.suspend()
    time.sleep(6.0)
    for process in reversed(everything):
        process.resume()
    out, _ = grader.communicate(timeout=120)
    assert out.strip() in ("10", "the machine was too busy with other work")  # then it is run again, alone
