"""assignments/ is what solutions/ makes today, holds nothing of the solution, and fails only softly."""
import json
from pathlib import Path

import nbformat
import pytest
from lessons import executed

from optimlab.classroom.grading.notebooks import criterion_of, grade_id
from optimlab.tutor import ASSIGNMENTS

ROOT = Path(__file__).resolve().parents[1]
NAMES = sorted(ASSIGNMENTS)


def read(folder, name):
    return nbformat.read(ROOT / folder / name / f"{name}.ipynb", as_version=4)


def errors(nb):
    """(cell, name, text) of each."""
    return [(grade_id(c) or c.id, o.ename, o.evalue) for c in nb.cells if c.cell_type == "code"
            for o in c.outputs if o.output_type == "error"]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_release_is_not_stale(name, entered):
    made = (entered / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    committed = (ROOT / "assignments" / name / f"{name}.ipynb").read_text(encoding="utf-8")
    assert json.loads(made) == json.loads(committed), "run `python course.py release` and commit assignments/"
    assert [p.name for p in (entered / "assignments" / name).iterdir()] == [f"{name}.ipynb"]


@pytest.mark.parametrize("name", NAMES)
def test_each_criterion_has_one_test_cell_of_its_points(name):
    wanted = {c.id: c.points for e in ASSIGNMENTS[name] for c in e.criteria}
    for folder in ("solutions", "assignments"):
        nb = read(folder, name)
        assert f" {sum(wanted.values())} points." in nb.cells[0].source
        cells = [c for c in nb.cells if criterion_of(c)]
        assert {criterion_of(c): c.metadata.nbgrader.points for c in cells} == wanted
        assert len(cells) == len(wanted)
        for cell in cells:  # what the cell asks is what it is paid for
            criterion = criterion_of(cell)
            assert f'require("{criterion}", ' in cell.source
            assert f"# {wanted[criterion]} point" in cell.source


@pytest.mark.parametrize("name", NAMES)
def test_the_student_s_file_holds_no_trace_of_the_solution(name):
    released = json.dumps(read("assignments", name))
    assert not any(mark in released for mark in ("BEGIN", "END SOLUTION", "HIDDEN", "Marking hint"))
    for cell in read("solutions", name).cells:
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            body = cell.source.split("### BEGIN SOLUTION")[1].split("### END SOLUTION")[0]
            for line in filter(None, map(str.strip, body.splitlines())):
                assert json.dumps(line)[1:-1] not in released


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_untouched_it_fails_only_with_not_attempted(name, place):
    found = errors(executed(read("assignments", name), place))
    tests = {c.id.replace(".", "-") for e in ASSIGNMENTS[name] for c in e.criteria}
    assert tests <= {cell for cell, _, _ in found}
    for cell, ename, evalue in found:
        assert ename == "NotAttempted" and "is still empty" in evalue, cell


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_solution_runs_without_an_error(name, place):
    assert errors(executed(read("solutions", name), place)) == []
