"""What is drawn to a person's attention, and what honest students write without being pointed at."""
import re
import sys
from collections import defaultdict

import attacks
import class_of_submissions
import pytest
from grading_runs import SUBMISSIONS
from hang import hang_guard

from optimlab.classroom.grading.flags import flags_of

ANSWER = "update_parameters_with_adam"


def parts(submission):
    """A submission's answers and its added cells, as they are handed to flags_of."""
    answers = {c.answer: c.source for c in submission.cells if c.kind == "answer"}
    return answers, [c.source for c in submission.cells if c.kind == "extra"]


def kinds(answer="", *others):
    return [f["kind"] for f in flags_of({ANSWER: answer}, others)]


def test_of_the_class_those_are_flagged_who_used_what_is_ready_made_and_nobody_else():
    flagged = {s.name: {f["kind"] for f in found} for s in SUBMISSIONS if (found := flags_of(*parts(s)))}
    assert flagged == {"imports_torch": {"ready-made"}, "right_calls_the_course_optimizer": {"ready-made"}}


@pytest.mark.parametrize("path", sorted(attacks.FOLDER.glob("*.py")), ids=lambda p: p.stem)
def test_the_red_teams_attacks_are_flagged_as_their_heads_say(path):
    """What only shows when it runs ("flag: run") is not read here."""
    submission = class_of_submissions.load(path)
    values = defaultdict(lambda: "1234", HOME="/home/ada", COURSE="/srv/course")
    submission = submission._replace(cells=tuple(
        c._replace(source=attacks.filled(c.source, values, c.answer)) for c in submission.cells if c.source != "#: empty"))
    found = {f["kind"] for f in flags_of(*parts(submission))}
    wanted = {m.removeprefix("flag: ") for m in submission.mistakes if m.startswith("flag: ")} - {"run"}
    assert wanted <= found
    assert found or "flagged" not in submission.mistakes or "flag: run" in submission.mistakes
    assert not found or (not {"unflagged"} & set(submission.mistakes) and "honest" not in submission.what)


@pytest.mark.parametrize("answer, others, text", [
    ("from optimlab.optimizers import Adam\ndef update_parameters_with_adam(w):\n    return Adam().step(w)", [],
     "uses optimlab.optimizers.Adam in the answer update_parameters_with_adam, line 3"),
    ("def update_parameters_with_adam(w):\n    return step(w)",
     ["import torch.optim as o", "def step(w):\n    return o.Adam(w)"],
     "uses torch.optim.Adam in added cell 2, line 2"),
    ("", ["from keras.optimizers import Adam as A\nupdate_parameters_with_adam = A().apply"],
     "uses keras.optimizers.Adam in added cell 1, line 2"),
    ("def update_parameters_with_adam(w):\n    return helpers['adam'](w)",
     ["import optax\nhelpers = {}\nhelpers['adam'] = optax.adam"], "uses optax.adam in added cell 1, line 3"),
    ("import optimlab\ndef update_parameters_with_adam(w):\n    return getattr(optimlab.plots.optimizers, 'Adam')", [],
     "uses optimlab.plots.optimizers.Adam in the answer update_parameters_with_adam, line 3"),
    ("def update_parameters_with_adam(w):\n    from optimlab.tutor.exercises.adam import rule\n    return rule.BOARD(w)", [],
     "uses optimlab.tutor.exercises.adam.rule.BOARD in the answer update_parameters_with_adam, line 3"),
])
def test_a_ready_made_optimizer_is_found_where_the_answer_uses_it(answer, others, text):
    assert {"kind": "ready-made", "text": text} in flags_of({ANSWER: answer}, others)


@pytest.mark.parametrize("others", [
    ["from optimlab.optimizers import Adam, Moments\nprint(Adam().step(w, w, Moments(0, w, w)))"],
    ["import torch\nw = torch.zeros(3)\nnp.testing.assert_allclose(w, update_parameters_with_adam(w))"],
    ["import torch.optim as optim\nfor w in [1, 2]:\n    optim.Adam([w])"],
])
def test_a_ready_made_optimizer_may_be_compared_with(others):
    answer = "def update_parameters_with_adam(W1):\n    w = W1\n    return np.sqrt(w)"
    assert flags_of({ANSWER: answer}, ["import numpy as np", *others]) == []


@pytest.mark.parametrize("source", [
    "import ctypes", "from subprocess import run", "import os\nos.kill(1, 9)", "import os as o\no.fork()",
    "from os import fork", "import sys\nsys._getframe(1)", "from sys import modules", "x.f_back.f_locals",
    "get_ipython().events.register('post_run_cell', f)", "shell = get_ipython()\nshell.run_cell = f",
    "from IPython import get_ipython\nget_ipython().ast_transformers", "import numpy as np\nnp.allclose = f",
    "import json\nsetattr(json, 'dumps', f)", "exec('x')", "__import__('o' + 's')", "open('/proc/self/fd/3')",
    "open(f'/proc/{x}')", "class A:\n    def __eq__(self, other): return True", "class A(float): pass",
    "import numpy as np\nclass A(np.ndarray): pass", "!ls", "files = !ls", "%%bash\nls", "%sx ls", "  !ls\n  x = 1",
    "  import ctypes", ">>> import ctypes", "%timeit -n 1 -r 1 __import__('os')", "%%time\nimport ctypes",
    ";print two words\nimport ctypes", ",print a b\nimport ctypes", "/print x\nimport ctypes", "f?\nimport ctypes",
    "%time import ctypes", "time import ctypes", "%prun -r import ctypes", "%%time\n%timeit import ctypes",
    "%%timeit import ctypes\npass", "%%capture out --no-stderr\nimport ctypes", "%%code_wrap x\nimport ctypes\n__code__",
    "In [1]: import ctypes", "get_ipython().run_cell_magic('time', '', 'import ctypes')", "%%python\nx = 1", "%run x.py",
    "get_ipython().run_line_magic(name, code)", "%alias_magic t time", "%%unheard_of\nx", "if 1:\n    !ls \\\n  -l",
    "%%writefile x.py\nimport ctypes", "text = '''\nimport ctypes\n'''\nopen('x.py', 'w').write(text)",
    "import os\nawait os.fork()", "from optimlab.tutor.exercise import assess", "import optimlab.classroom",
])
def test_what_breaks_the_rules_is_found(source):
    assert kinds("", source) == ["rules"]
    assert kinds(source) in (["rules"], ["rules", "ready-made"])


@pytest.mark.parametrize("source", [
    "", "# a comment", "def f(w):\n    '''gradebook of mine'''\n    return w", "import os\nprint(os.path.join('a', 'b'))",
    "%load_ext autoreload\n%autoreload 2", "%timeit -n 10 -q f(1)", "%lprun -f f f(1)", "%time", "%%latex\n$x$", "What is Adam?",
    "%pip install numpy", "%env OMP_NUM_THREADS=1", "'''\nimport ctypes\n'''", "%%writefile x.py\nx = 1", "f(1);", "import it\nprint it",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nplt.rcParams['font.size'] = 9", "!pip install numpy",
    "f?\nf??\n?f", "%timeit f(1)", "%%time\nf(1)", "%%html\n<b>x</b>", "print('a != b'); a != b", "x = '''\n!ls\n'''",
    "from typing import NamedTuple\nclass Moments(NamedTuple):\n    v: float", "class Params(dict): pass",
    "class Net:\n    def __init__(self): self.w = 1\n    def __call__(self): return self.w\n    def __repr__(self): return ''",
    "from IPython.core.interactiveshell import InteractiveShell\nInteractiveShell.ast_node_interactivity = 'all'",
    "get_ipython().run_line_magic('matplotlib', 'inline')", "import gc\ngc.collect()", "import pickle, struct, threading, time",
    "from optimlab.tutor import check, require\ncheck(f)", "import optimlab\nprint(optimlab.__version__)",
    "def f(w:\n  return", "\x00", "\ud800", "for i in range(3):\n\tprint(globals()['W1'])", "import os\nos.environ['OMP_NUM_THREADS'] = '1'",
])
def test_honest_code_is_not(source):
    assert flags_of({ANSWER: source}, [source]) == []


def test_a_line_is_counted_in_the_cell_as_it_was_written():
    source = "\n\n%time x = 1\nfiles = !ls \\\n  -l\n%%html is text here\nimport ctypes"
    assert flags_of({}, [source])[0]["text"].endswith("in added cell 1, line 4")
    assert "line 3" in flags_of({}, ["%%time\n\nimport ctypes"])[0]["text"]


def test_what_ran_within_a_call_is_told_if_the_text_hides_it():
    ran = ["optimlab.networks.MLP.loss", "optimlab.optimizers.Adam.step", "optimlab.optimizers._check"]
    flag, = flags_of({ANSWER: "def f(w): return hidden(w)"}, [], ran)
    assert flag["kind"] == "ready-made" and "runs optimlab.optimizers.Adam.step" in flag["text"]
    assert flags_of({ANSWER: "x = 1"}, [], ran[:1]) == []


def test_a_module_that_a_notebook_writes_is_read_where_an_answer_uses_it():
    module = "%%writefile helper.py\nfrom optimlab.optimizers import Adam\ndef step(w): return Adam().step(w)"
    assert kinds(f"from helper import step\ndef {ANSWER}(w): return step(w)", module) == ["ready-made"]
    assert kinds(f"def {ANSWER}(w): return w", module, "import helper\nhelper.step(1)") == []


@pytest.mark.slow
@pytest.mark.parametrize("source, says", [
    ("x" * 10_000_000, "too many to be read"),
    ("(" * 150 + "1" + ")" * 150 + "\nx = " + "-" * 100_000 + "1", "too deep"),
    ("x = " + "1+" * 50_000 + "1", "too deep"),
    ("a" + ".a" * 50_000, "too deep"),
    ("import os\n" + "os.kill(1, 9)\n" * 10_000, "uses os.kill in added cell 1, line 2"),
    ("\n".join(f"import os\nos.x{n}()" for n in range(3_000)), "and 2996 more in added cell 1, line 2"),
    ("%" * 100_000, None), ("!ls\n" * 40_000, "has too many lines of IPython's own to be read in added cell 1, line 1"), ("= " * 90_000, None),
    (" " * 190_000 + "!", "shell"), ("[" * 190_000, None), ("f(" * 90_000, None), ("{1:" * 60_000, None), ("'''" * 60_001, None),
    ("import os;os." + "kill" * 30_000 + "()", "in added cell 1, line 1"),
])
def test_hostile_sources_are_read_in_no_time_and_said_in_one_short_line(source, says):
    with hang_guard():
        flags = flags_of({}, [source])
    assert len(flags) <= 1 and all("\n" not in f["text"] and len(f["text"]) < 500 for f in flags)
    assert flags == [] if says is None else says in flags[0]["text"]


def test_a_cells_name_is_inert_in_the_line():
    flag, = flags_of({"<script>\n\x1b[31m" * 100: "import ctypes"})
    assert re.fullmatch(r"[\w ./()=,-]+", flag["text"]) and len(flag["text"]) < 200


def test_deep_trees_below_the_parsers_limit_are_read():
    assert sys.getrecursionlimit() <= 3000 and kinds("", "x = " + "-" * 80 + "1; import ctypes") == ["rules"]
