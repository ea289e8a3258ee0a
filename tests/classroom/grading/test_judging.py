"""`optimlab check`: points for what works, a clear line for what cannot be used, nothing lost."""
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest
import student_code
from grading_runs import ASKED

from optimlab.__main__ import main
from optimlab.classroom.grading import judging
from optimlab.classroom.grading.notebooks import grade_id
from optimlab.classroom.sandbox import run
from optimlab.classroom.sandbox.run import Evidence
from optimlab.tutor.challenges import Answer, answer_all

INITIALIZE, UPDATE = "initialize_adam", "update_parameters_with_adam"


def points(graded):
    return [r.score for r in graded.reports], [[m.id for m in r.mistakes] for r in graded.reports]


def check(capsys, path, *words):
    status = main(["check", str(path), *words])
    out = capsys.readouterr()
    return status, out.out, out.err


def test_json_has_the_form_that_others_build_on(tmp_path, capsys, bare):
    path = tmp_path / "adam.ipynb"
    path.write_text(json.dumps(bare(student_code.source(INITIALIZE, "initialize.ones"),
                                    student_code.source(UPDATE, "first_correction.missing"))))
    status, out, err = check(capsys, path, "--json")
    result = json.loads(out)
    assert (status, err) == (0, "")
    assert list(result) == ["notebook", "assignment", "score", "max_score", "exercises"]
    assert (result["notebook"], result["assignment"], result["max_score"]) == (str(path), "adam", 20)
    assert result["score"] == sum(e["score"] for e in result["exercises"]) == 3 + 8
    for e in result["exercises"]:
        assert list(e) == ["name", "score", "max_score", "criteria", "mistakes"]
        for c in e["criteria"]:
            assert list(c) == ["id", "points", "max_points", "passed", "message"]
    assert [[m["id"] for m in e["mistakes"]] for e in result["exercises"]] == [
        ["initialize.ones"], ["first_correction.missing"]]
    assert all(m["hint"] for e in result["exercises"] for m in e["mistakes"])


def test_the_text_form_says_the_same(tmp_path, capsys, bare):
    path = tmp_path / "adam.ipynb"
    path.write_text(json.dumps(bare(student_code.source(UPDATE, "direction.ascends"))))
    status, out, err = check(capsys, path)
    assert (status, err) == (0, "")
    assert "8 of 20 points" in out and "direction.ascends" in out and "not attempted" in out


def test_who_reads_only_the_beginning_sees_no_traceback():
    assignment = Path(__file__).parents[3] / "assignments" / "adam" / "adam.ipynb"
    check = subprocess.Popen([sys.executable, "-u", "-m", "optimlab", "check", str(assignment)],
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    check.stdout.close()
    assert (check.stderr.read(), check.wait()) == (b"", 0)


@pytest.mark.parametrize("content, says", [
    (b"", "is empty"), (b"  \n", "is empty"), (b"{not json", "is not a Jupyter notebook"),
    (b"[]", "is not a Jupyter notebook"), (b"\xff\xfe\x00", "is not a Jupyter notebook"),
    (b'{"nbformat": 4}', "is not a Jupyter notebook"), (b'{"nbformat": 99, "cells": []}', "is not a Jupyter notebook"),
    (b'{"nbformat": 4, "cells": [{"source": 5, "cell_type": "code"}]}', "is not a Jupyter notebook"),
    (b'{"nbformat": 4, "cells": 7}', "is not a Jupyter notebook"), (b"[" * 100_000, "is not a Jupyter notebook"),
    (b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}', "holds no assignment"),
    (None, "cannot be read"),
], ids=lambda value: str(value)[:60])
def test_unusable_input_is_one_line_and_status_2(content, says, tmp_path, capsys):
    path = tmp_path / "adam.ipynb"
    if content is not None:
        path.write_bytes(content)
    status, out, err = check(capsys, path)
    assert (status, out, err.count("\n")) == (2, "", 1)
    assert says in err and str(path) in err


def test_an_old_notebook_is_graded(tmp_path, capsys):
    cells = [{"cell_type": "code", "language": "python", "metadata": {}, "outputs": [], "collapsed": False,
              "input": student_code.source(INITIALIZE)}]
    path = tmp_path / "old.ipynb"
    path.write_text(json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {},
                                "worksheets": [{"metadata": {}, "cells": cells}]}))
    status, out, _ = check(capsys, path, "--json")
    assert status == 0 and json.loads(out)["score"] == 4


def test_the_released_notebook_is_not_attempted_and_the_solution_is_full(released, solution, judged):
    assert points(judged(released)) == ([0, 0], [["not_attempted"], ["not_attempted"]])
    assert points(judged(solution)) == ([4, 16], [[], []])


BROKEN = [
    ("def initialize_adam(n_x, n_h, n_y)\n    return 1", "raises", "SyntaxError"),
    ("def initialize_adam(n_x, n_h, n_y):\nreturn 1", "raises", "IndentationError"),
    ("def initialise_adam(n_x, n_h, n_y): return 1", "misnamed", "called `initialise_adam`; the check looks for"),
    ("def initialise(n_x, n_h, n_y): return 1", "not_attempted", "No cell defines initialize_adam"),
    ("def initialize_adam(*n): raise NotImplementedError\ndef initialise_adam(*n): return 1", "not_attempted",
     "still empty, and you have a function called"),
    ("n = input()\ndef initialize_adam(n_x, n_h, n_y): return 1", "raises", "nobody is there"),
    ("import torch_of_another_name\ndef initialize_adam(n_x, n_h, n_y): return 1", "raises", "no module torch_of_another"),
    ("initialize_adam = 3", "not_attempted", "No cell defines initialize_adam"),
    ("def initialize_adam(n_x, n_h): return 1", "renamed_parameter", "TypeError"),
    ("def initialize_adam(n_x, n_h, n_y): return zeros(3)", "raises", "NameError"),
    ("def initialize_adam(n_x, n_h, n_y): pass", "returns_nothing", "returned nothing"),
    ("def initialize_adam(n_x, n_h, n_y): return print('x')", "returns_nothing", "returned nothing"),
    ("def initialize_adam(n_x, n_h, n_y): return input()", "raises", "nobody is there"),
    ("import sys\ndef initialize_adam(n_x, n_h, n_y): sys.exit('bye')", "raises", "SystemExit"),
    ("def initialize_adam(*a): return initialize_adam(*a)", "raises", "RecursionError"),
    ("def initialize_adam(n_x, n_h, n_y): return {'vW1': 0}", "initialize.dicts", "dict"),
]


@pytest.mark.parametrize("broken, mistake, says", [
    pytest.param(*case, marks=[pytest.mark.slow] * (k % 2)) for k, case in enumerate(BROKEN)])
def test_a_broken_answer_is_named_and_the_other_one_graded(broken, mistake, says, bare, judged):
    graded = judged(bare(broken, student_code.source(UPDATE)))
    first, second = graded.reports
    assert (first.score, second.score) == (0, 16)
    assert [m.id for m in first.mistakes] == ([mistake] if mistake else [])
    assert says in " ".join(str(first).split()) and "\n" not in first.outcomes[0].message


def test_the_student_s_own_line_is_named(bare, judged):
    graded = judged(bare("x = 1\ndef initialize_adam(a, b, c):\n    y = 2\n    return np.zoros(3)"))
    assert "line 4: return np.zoros(3)" in graded.reports[0].mistakes[0].hint


@pytest.mark.parametrize("cells", [
    [f"from helper import {INITIALIZE}"], ["from helper import *"], [f"from helper import (np,\n    {INITIALIZE})"],
    [f"def {INITIALIZE}(n_x, n_h, n_y):\n    raise NotImplementedError", f"from helper import {INITIALIZE}"],
], ids=lambda cells: cells[-1])
def test_a_function_whose_import_fails_is_no_empty_one(cells, bare, judged):
    first = judged(bare(*cells)).reports[0]
    assert [m.id for m in first.mistakes] == ["raises"]
    assert "No module named 'helper'" in first.mistakes[0].hint and "still empty" not in str(first)


def test_an_import_that_fails_elsewhere_leaves_an_empty_function_empty(bare, judged):
    assert points(judged(bare("import helper", "from helper import other")))[1][0] == ["not_attempted"]


def test_a_cell_that_was_not_reached_is_no_empty_one(bare):
    asked = judging.ask(bare("while True: pass", student_code.source(INITIALIZE)), ASKED)
    first = judging.judge(asked, run.Evidence(outputs={1: []}, missing={INITIALIZE, UPDATE})).reports[0]
    assert first.score == 0 and "was not run: the cells before it took all the time" in first.mistakes[0].hint


@pytest.mark.parametrize("loop", [
    "while True: pass",
    pytest.param("while True:\n    try:\n        while True: pass\n    except BaseException: pass", marks=pytest.mark.slow)])
def test_a_cell_that_does_not_end_before_its_function_is_named(loop, bare, judged):
    source = f"{loop}\ndef initialize_adam(n_x, n_h, n_y): return 1"
    graded = judged(bare(source, student_code.source(UPDATE)), limits=run.Limits(cell=1))
    assert [r.score for r in graded.reports] == [0, 16]
    assert [m.id for m in graded.reports[0].mistakes] == ["never_ends"]
    assert "The cell of initialize_adam does not come to an end" in graded.reports[0].mistakes[0].hint


def test_the_same_notebook_gets_the_same_cases_and_another_secret_others(bare, monkeypatch, judged):
    seen = []

    def noting(bundle, challenges, limits, place):
        seen.append(challenges)
        return run.run(bundle, challenges, limits, place)

    monkeypatch.setattr(judging, "run", noting)
    for secret in ("a", "a", "b"):
        judged(bare(student_code.source(INITIALIZE)), secret)
    assert seen[0] == seen[1] != seen[2]


def test_test_cells_of_the_student_decide_nothing(released, answered, judged):
    nb = answered({INITIALIZE: "initialize_adam = 0"})
    for cell in nb["cells"]:
        if grade_id(cell).startswith(("initialize-", "update-")):
            cell["source"], cell["metadata"]["tags"] = "20", ["skip-execution"]
            cell["metadata"]["nbgrader"]["points"] = 1000
    assert points(judged(nb))[0] == [0, 0]


@pytest.mark.parametrize("cell, score, unseen", [
    ("print('nothing')", 0, True),  # nothing can have answered
    ("globals()['initialize_' + 'adam'] = f", 4, True),  # it may be: a person looks
    ("from helper import *", 4, True), ("initialize_adam = f", 4, False), ("if 1:\n    def initialize_adam(*n): pass", 4, False),
    ("%%writefile helper.py\ndef initialize_adam(*n): return n", 4, False), ("from helper import initialize_adam", 4, False),
])
def test_points_for_what_no_cell_defines_are_a_contradiction(cell, score, unseen, bare):
    """The evidence is that of right answers, as a process that takes the runner's place can send it."""
    nb = bare("def initialize_adam(n_x, n_h, n_y):\n    raise NotImplementedError", student_code.source(UPDATE))
    nb["cells"].append({"cell_type": "code", "source": cell, "metadata": {"optimlab": "own"}, "outputs": []})
    asked = judging.ask(nb, ASKED)
    (exercise, challenges), *_ = asked.exercises
    space = {}
    exec(f"import numpy as np\n{student_code.source(INITIALIZE)}", space)
    answers = answer_all(challenges, space[INITIALIZE])
    graded = judging.judge(asked, Evidence(answers=defaultdict(lambda: Answer("died"), enumerate(answers))))
    assert graded.reports[0].score == score and graded.unseen == ((exercise.name,) if unseen else ())
    assert (graded.reports[0].mistakes[0].id == "not_attempted") if not score else not graded.reports[0].mistakes
