"""What a released notebook asks of the tutor, and for how many points."""
import pytest
from nbgraders_own import cell

from optimlab.classroom import Unusable
from optimlab.classroom.grading.assignment import asked_by, points_in
from optimlab.classroom.grading.notebooks import checked_by, criterion_of
from optimlab.tutor import EXERCISES

IMPORT = cell("imports", "code", "from optimlab.tutor import check, require")
EWMA = {"ewma": {c.id: c.points for c in EXERCISES["ewma"].criteria}}


def of_points(source, points=1):
    return cell("a-test", "code", source, grade=True, points=points)


def notebook(*cells):
    return {"cells": [IMPORT, *cells]}


@pytest.mark.parametrize("source, criterion", [
    ('require("ewma.shape", ewma)', "ewma.shape"), ("require('ewma.shape', ewma)  # 1 point", "ewma.shape"),
    ('# one point\nrequire(\n    "ewma.shape",\n    ewma)\n', "ewma.shape"),
    ('require("ewma.shape", ewma)\nassert True', None), ('assert require("ewma.shape", ewma)', None),
    ('require("ewma.shape")', None), ('require(f"ewma.{1}", ewma)', None), ("require(", None), ("x = 1", None),
    ("(" * 400 + 'require("a", b)', None), ('require("ewma.shape", ewma)' + " " * 600, None)])
def test_a_test_stands_for_the_criterion_that_it_requires_and_does_nothing_else(source, criterion):
    assert criterion_of(of_points(source)) == criterion
    assert criterion_of(cell("ewma-shape", "code", source)) is None  # it has no points


@pytest.mark.parametrize("source, function", [
    ("check(ewma)", "ewma"), ("check(ewma);", "ewma"), (" # look\ncheck( ewma )", "ewma"),
    ("report = check(ewma)", None), ("check(ewma, 1)", None), ("check(ewma).score", None), ("recheck(ewma)", None)])
def test_a_cell_checks_a_function_if_it_does_nothing_else(source, function):
    assert checked_by(source.strip()) == function


def test_exercises_are_asked_in_the_order_of_the_notebook_and_once():
    nb = notebook(cell("c", "code", "check(rmsprop_step)"), of_points('require("ewma.shape", ewma)'),
                  of_points('require("rmsprop_step.shape", rmsprop_step)'))
    assert [e.name for e in asked_by(nb, "x").exercises] == ["rmsprop_step", "ewma"]


def test_require_and_check_of_the_notebook_s_own_are_none_of_the_tutor_s():
    nb = {"cells": [cell("own", "code", "def require(what, f): assert f(what)"), of_points('require("a.b", f)'),
                    cell("c", "code", "check(f)")]}
    assert asked_by(nb, "x").exercises == ()


def test_all_that_nobody_knows_is_named_at_once():
    nb = notebook(of_points('require("ewma.shap", ewma)'), of_points('require("other.thing", other)'), cell("c", "code", "check(mine)"))
    with pytest.raises(Unusable) as refused:
        asked_by(nb, "week-1")
    said = str(refused.value)
    assert said.startswith("week-1: ") and "ewma.average" in said and "other.thing" in said and "checks mine" in said


@pytest.mark.parametrize("cells, points", [
    ([("check(ewma)", 8)], dict.fromkeys(EWMA["ewma"], 2)),
    ([("check(ewma)", 6), ('require("ewma.average", ewma)', 5)],
     dict.fromkeys(EWMA["ewma"], 2) | {"ewma.average": 5}),
    ([('require("ewma.average", ewma)', 2.5)], {"ewma.average": 2.5}),
    ([("check(other)", 3), ("assert True", 3)], {}),
    ([(f'require("{id}", ewma)', 1) for id in EWMA["ewma"]] + [("check(ewma)", 3)], dict.fromkeys(EWMA["ewma"], 1)),
], ids=["all in one", "one apart", "one alone", "none", "nothing left to share"])
def test_a_check_with_points_shares_them_among_what_has_no_cell_of_its_own(cells, points):
    assert points_in(notebook(*(of_points(*c) for c in cells)), EWMA) == points
