"""assignments/ is what solutions/ makes today, holds nothing of the solution, and fails only softly."""
import base64
import json
import math
import re
import shutil
from pathlib import Path

import nbformat
import numpy as np
import pytest
from courses_own import ASSIGNMENTS
from grading_runs import optimlab
from lessons import ANSWER, LINE, MARKS, WORDS, WRITTEN_LINE, executed

from optimlab.classroom.grading.assignment import asked_by, written_in
from optimlab.classroom.grading.beside import released_files
from optimlab.classroom.grading.notebooks import criterion_of, grade_id

ROOT = Path(__file__).resolve().parents[1]
WITH_POINTS = [name for name in ASSIGNMENTS if name != "beyond"]


def read(folder, name):
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def criteria(name):
    """The ids of all criteria that an assignment asks for."""
    return [c.id for e in asked_by(read("solutions", name), name, written_in(ROOT / "solutions" / name)).exercises
            for c in e.criteria]


def errors(nb):
    """(cell, name, text) of each."""
    return [(grade_id(c) or c.id, o.ename, o.evalue) for c in nb.cells if c.cell_type == "code"
            for o in c.outputs if o.output_type == "error"]


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """All assignments, released today from what lies in solutions/."""
    folder = tmp_path_factory.mktemp("released")
    for source in ("solutions", "assignments"):
        shutil.copytree(ROOT / source, folder / source)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    status, out, err = optimlab(folder, "release", *ASSIGNMENTS)
    assert status == 0, out + err
    return folder


def with_numbers(data):
    """A JSON object whose arrays are numbers instead of their bytes; see frozen.py."""
    for key in {"array", "arrays"} & data.keys():
        data[key] = np.frombuffer(base64.b64decode(data[key]), data.get("type", "<f8")).astype(float).tolist()
    return data


def alike(one, other):
    """Whether two JSON values are the same, but for what another processor's sums leave in their numbers."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(alike, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == other or math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-12) or (one != one and other != other)
    return one == other


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_release_is_not_stale(name, released):
    made, committed = (folder / "assignments" / name for folder in (released, ROOT))
    assert {p.name for p in made.iterdir()} == {p.name for p in committed.iterdir()} >= {f"{name}.ipynb"}
    for path in made.iterdir():
        new, old = (json.loads(p.read_text(encoding="utf-8"), object_hook=with_numbers)
                    for p in (path, committed / path.name))
        assert alike(new, old), "run `python course.py release` and commit assignments/"


@pytest.mark.parametrize("name", WITH_POINTS)
def test_each_criterion_has_one_test_cell_that_tells_its_points(name):
    for folder in ("solutions", "assignments"):
        nb = read(folder, name)
        cells = [c for c in nb.cells if criterion_of(c)]
        assert sorted(map(criterion_of, cells)) == sorted(criteria(name))
        assert f" {sum(c.metadata.nbgrader.points for c in cells)} points." in nb.cells[0].source
        for cell in cells:  # what the cell asks is what it is paid for
            assert grade_id(cell) == criterion_of(cell).replace(".", "-")
            assert f"# {cell.metadata.nbgrader.points} point" in cell.source


@pytest.mark.parametrize("name", WITH_POINTS)
def test_it_says_how_long_it_takes(name):
    """To five minutes: to read it, to write as many lines as the author did, and to answer in words."""
    nb = read("solutions", name)
    answers = [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("solution")]
    prose = " ".join(c.source for c in nb.cells if c.cell_type == "markdown" and c not in answers)
    lines = [line for c in nb.cells if c.cell_type == "code" and c not in answers and not criterion_of(c)
             for line in c.source.splitlines() if line.strip()]
    written = [line for c in answers if c.cell_type == "code"
               for line in re.search(r"BEGIN SOLUTION\n(.*?) *### END", c.source, re.DOTALL)[1].splitlines() if line.strip()]
    in_words = sum(c.cell_type == "markdown" for c in answers)
    minutes = (len(re.sub(MARKS, " ", prose).split()) / WORDS
               + (LINE * len(lines) + WRITTEN_LINE * len(written) + ANSWER * in_words) / 60)
    assert int(re.search(r"[Aa]bout (\d+) minutes", nb.cells[0].source)[1]) == 5 * round(minutes / 5)


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_student_s_file_holds_no_trace_of_the_solution(name):
    released = json.dumps(read("assignments", name))
    assert not any(mark in released for mark in ("BEGIN", "END SOLUTION", "HIDDEN", "Marking hint"))
    for cell in read("solutions", name).cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            body = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
            for line in filter(None, map(str.strip, body.splitlines())):
                assert json.dumps(line)[1:-1] not in released


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_POINTS)
def test_untouched_it_fails_only_with_not_attempted(name, place):
    found = errors(executed(read("assignments", name), place, released_files(ROOT / "assignments" / name)))
    tests = {id.replace(".", "-") for id in criteria(name)}
    assert tests <= {cell for cell, _, _ in found}
    for cell, ename, evalue in found:
        assert (ename, "is still empty" in evalue) == ("NotAttempted", True), cell


@pytest.mark.slow
def test_of_two_functions_neither_has_to_be_written(place):
    """Nothing fails that Validate would list: only the trial, which a person reads, is not there yet."""
    nb = read("assignments", "beyond")
    assert not any(map(criterion_of, nb.cells)) and not sum(c.metadata.get("nbgrader", {}).get("points", 0) for c in nb.cells)
    found = errors(executed(nb, place, released_files(ROOT / "assignments" / "beyond")))
    assert [(cell, ename) for cell, ename, _ in found] == [("trial", "NotImplementedError")]


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_run_all_goes_on_past_a_test_that_fails(name):
    assert all("raises-exception" in c.metadata.get("tags", ()) for c in read("assignments", name).cells if criterion_of(c))


@pytest.mark.slow
@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_the_solution_runs_without_an_error(name, place):
    assert errors(executed(read("solutions", name), place, released_files(ROOT / "assignments" / name))) == []
