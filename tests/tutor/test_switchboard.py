"""The machine behind the diagnosis, on a rule so small that every number is worked by hand."""
import numpy as np
import pytest

from optimlab.tutor.switchboard import ATOL, RTOL, Deviation, Hint, Node, Switchboard, disagreement

HINT = Hint("It does this.", "That follows.", "lesson 00")
X = np.array([1.0, 2.0, 3.0])


def deviation(id, *variants):
    return Deviation(id, HINT, variants)


def double_plus_one(*more):
    """a = 2x, b = a + 1, c = a * b: for x = 1, 2, 3 these are 2, 4, 6; 3, 5, 7; 6, 20, 42."""
    return Switchboard(
        (Node("a", lambda x: 2 * x), Node("b", lambda a: a + 1), Node("c", lambda a, b: a * b)),
        (deviation("a.thrice", {"a": lambda x: 3 * x}),
         deviation("a.not_at_all", {"a": lambda x: x}),
         deviation("b.plus_two", {"b": lambda a: a + 2}),
         deviation("b.minus", {"b": lambda a: a - 1}, {"b": lambda a: 1 - a}),
         deviation("c.sum", {"c": lambda a, b: a + b}), *more),
        outputs=("b", "c"))


def found(board, outputs, size, limit=1.0):
    return [e.ids for e in board.search({"x": X}, outputs, {"b": 1.0, "c": 1.0}).sets(size, limit)]


# --- simulate ----------------------------------------------------------------

@pytest.mark.parametrize("ids, b, c", [
    ((), [3, 5, 7], [6, 20, 42]),
    (("a.thrice",), [4, 7, 10], [12, 42, 90]),
    (("b.plus_two",), [4, 6, 8], [8, 24, 48]),
    (("c.sum",), [3, 5, 7], [5, 9, 13]),
    (("a.thrice", "c.sum"), [4, 7, 10], [7, 13, 19]),
    (("a.not_at_all", "b.minus", "c.sum"), [0, 1, 2], [1, 3, 5]),
])
def test_simulate_puts_the_formulas_in(ids, b, c):
    outputs = double_plus_one().simulate({"x": X}, ids)
    assert outputs["b"].tolist() == b and outputs["c"].tolist() == c


def test_simulate_takes_the_variant_that_is_asked_for_or_the_last_there_is():
    board = double_plus_one()
    assert board.simulate({"x": X}, ("b.minus",), variant=1)["b"].tolist() == [-1, -3, -5]
    assert board.simulate({"x": X}, ("a.thrice",), variant=5)["b"].tolist() == [4, 7, 10]


def test_a_deviation_of_an_unknown_node_is_refused():
    """A typing error in a deviation must not become a mistake that is never found."""
    with pytest.raises(ValueError, match=r"replace nodes that the rule does not have: \['d'\]"):
        double_plus_one(deviation("d.wrong", {"d": lambda a: a}))


def test_an_unknown_id_is_refused():
    with pytest.raises(ValueError, match=r"b\.nothing has no simulation in this switchboard"):
        double_plus_one().simulate({"x": X}, ("b.nothing",))


@pytest.mark.parametrize("ids", [("a.thrice", "a.not_at_all"), ("b.plus_two", "c.sum", "b.minus")])
def test_two_formulas_for_one_place_are_refused(ids):
    with pytest.raises(ValueError, match=f"exclude each other: {', '.join(ids)}"):
        double_plus_one().simulate({"x": X}, ids)


def test_two_deviations_may_share_a_formula():
    """Without epsilon and without a root, say, both leave out the same line."""
    def same(a):
        return a
    board = double_plus_one(deviation("b.left_out", {"b": same}),
                            deviation("b.left_out_and_sum", {"b": same, "c": lambda a, b: a + b}))
    assert board.simulate({"x": X}, ("b.left_out", "b.left_out_and_sum"))["c"].tolist() == [4, 8, 12]


def test_what_is_handed_on_is_written_with_its_name():
    """A node, and a deviation that hands on another quantity; two that hand on the same do not exclude each other."""
    board = Switchboard(
        (Node("a", lambda x: 2 * x), Node("felt", "a"), Node("kept", "felt"), Node("c", lambda kept, a: kept + a)),
        (deviation("felt.raw", {"felt": "x"}), deviation("felt.raw_and_doubled", {"felt": "x", "c": lambda kept: kept}),
         deviation("kept.minus", {"kept": lambda felt: -felt}), deviation("kept.raw", {"kept": "x"})), ("c",))
    for ids, expected in (((), [4, 8, 12]), (("felt.raw",), [3, 6, 9]), (("kept.minus",), [0, 0, 0]),
                          (("felt.raw", "kept.minus"), [1, 2, 3]), (("felt.raw", "felt.raw_and_doubled"), [1, 2, 3])):
        assert board.simulate({"x": X}, ids)["c"].tolist() == expected
    with pytest.raises(ValueError, match="exclude each other"):
        board.simulate({"x": X}, ("kept.minus", "kept.raw"))


def test_a_default_of_a_formula_is_a_constant_and_no_node():
    board = double_plus_one(*(deviation(f"a.times_{k}", {"a": lambda x, k=k: k * x}) for k in (5, 7)))
    assert board.simulate({"x": X}, ("a.times_7",))["b"].tolist() == [8, 15, 22]


# --- search ------------------------------------------------------------------

@pytest.mark.parametrize("ids", [(), ("a.thrice",), ("b.minus",), ("c.sum",), ("a.thrice", "c.sum"),
                                 ("a.not_at_all", "b.plus_two"), ("a.thrice", "b.minus", "c.sum")])
def test_search_finds_what_was_put_in_and_nothing_smaller(ids):
    board = double_plus_one()
    outputs = board.simulate({"x": X}, ids)
    for size in range(len(ids)):
        assert found(board, outputs, size) == []
    assert found(board, outputs, len(ids)) == [ids]


def test_search_tries_every_variant_and_names_the_deviation_once():
    board = double_plus_one(deviation("c.twice", *[{"c": lambda a, b: 2 * a * b}, {"c": lambda a, b: a * b * 2}]))
    assert found(board, board.simulate({"x": X}, ("b.minus",), variant=1), 1) == [("b.minus",)]
    assert found(board, board.simulate({"x": X}, ("c.twice",)), 1) == [("c.twice",)]


def test_search_returns_every_set_that_gives_the_numbers():
    """Which of them is named is decided later, by the source."""
    board = double_plus_one(deviation("c.also_sum", {"c": lambda a, b: b + a}))
    sets = found(board, board.simulate({"x": X}, ("c.sum",)), 1)
    assert sorted(sets) == [("c.also_sum",), ("c.sum",)]


def test_search_does_not_guess():
    numbers = {"b": np.array([3.0, 5.0, 7.0]), "c": np.array([6.0, 20.0, 41.0])}
    assert [found(double_plus_one(), numbers, size) for size in range(4)] == [[]] * 4


def test_search_needs_every_number_and_every_output():
    """The last number of an array decides as much as the first, which is looked at first."""
    board = double_plus_one()
    for output in ("b", "c"):
        for place in range(3):
            numbers = {k: v.copy() for k, v in board.simulate({"x": X}).items()}
            numbers[output][place] += 1e-3
            assert found(board, numbers, 0) == []


def test_search_limits_and_orders_by_how_far_a_set_is_off():
    board = double_plus_one(deviation("c.nearly", {"c": lambda a, b: a * b * (1 + 4e-6)}))
    numbers = board.simulate({"x": X}, ("c.nearly",))
    assert found(board, numbers, 0) == [()] and found(board, numbers, 0, limit=1e-6) == []
    assert found(board, numbers, 1, limit=1e-6) == [("c.nearly",)]
    (best,) = board.search({"x": X}, numbers, {"b": 1.0, "c": 1.0}).sets(1)
    assert best.error == 0


def test_search_with_nan_and_inf():
    """0 / 0 and 1 / 0 are numbers like others: equal to themselves, to nothing else."""
    board = Switchboard((Node("a", lambda x: x),), (deviation("a.over_zero", {"a": lambda x: x / 0.0}),
                                                    deviation("a.nan", {"a": lambda x: x * np.nan})), ("a",))
    x = np.array([1.0, -1.0])
    for numbers, expected in ((np.array([np.inf, -np.inf]), [("a.over_zero",)]), (np.array([np.nan] * 2), [("a.nan",)]),
                              (np.array([np.inf, np.inf]), []), (np.array([np.nan, 1.0]), [])):
        assert [e.ids for e in board.search({"x": x}, {"a": numbers}, {"a": 1.0}).sets(1)] == expected


def test_a_search_for_other_outputs_is_a_search_of_its_own():
    """It shares what was simulated, not what was compared."""
    board = double_plus_one()
    right, wrong = board.simulate({"x": X}), board.simulate({"x": X}, ("c.sum",))
    first = board.search({"x": X}, right, {"b": 1.0, "c": 1.0})
    assert [e.ids for e in first.sets(0)] == [()]
    second = first.for_outputs(wrong)
    assert second.sets(0) == [] and [e.ids for e in second.sets(1)] == [("c.sum",)]
    assert [e.ids for e in first.sets(0)] == [()]


# --- search over cases -------------------------------------------------------

def half():
    """Half of x, with two ways to go wrong and one that fails where x has no two entries."""
    return Switchboard((Node("y", lambda x: x / 2), Node("out", lambda y: y)), (
        deviation("out.whole", {"y": lambda x: x}),
        deviation("out.first", {"out": lambda y: y[0]}),
        deviation("out.pairs", {"out": lambda y: y.reshape(-1, 2)})), ("out",))


CASES = [{"x": np.arange(2.0)}, {"x": np.arange(4.0)}, {"x": np.arange(3.0)}]


@pytest.mark.parametrize("results, sets", [
    ([x["x"] / 2 for x in CASES], [(), None, None]),
    ([x["x"] for x in CASES], [None, ("out.whole",), None]),
    ([0.0, 0.0, 0.0], [None, ("out.first",), ("out.whole", "out.first")]),
    ([np.array([[0, 0.5]]), np.array([[0, 0.5], [1, 1.5]]), ValueError()], [None, ("out.pairs",), None]),
    ([np.array([[0, 0.5]]), np.array([[0, 0.5], [1, 1.5]]), np.arange(3) / 2], [None, None, None]),
    ([x["x"] / 2 for x in CASES[:2]] + [(CASES[2]["x"] / 2,)], [None, None, None]),
], ids=str)
def test_cases_of_any_shape_are_searched_at_once(results, sets):
    """Shapes count as numbers do, and an error counts as a result."""
    search = half().search_cases(CASES, results)
    for size, ids in enumerate(sets):
        assert [e.ids for e in search.sets(size)] == ([] if ids is None else [ids])


# --- disagreement ------------------------------------------------------------

def test_disagreement_is_in_units_of_the_tolerance():
    """RTOL of the number plus ATOL of the scale: 1 is just equal."""
    number, scale = np.array([10.0]), 5.0
    tolerance = RTOL * 10 + ATOL * 5
    assert disagreement(number + tolerance, number, scale) == pytest.approx(1)
    assert disagreement(number - 3 * tolerance, number, scale) == pytest.approx(3)
    assert disagreement(np.array([10.0, 0.0]), np.array([10.0, 2 * ATOL]), 1.0) == pytest.approx(2, rel=1e-4)


@pytest.mark.parametrize("numbers, expected, error", [
    ([], [], 0), ([0.0], [-0.0], 0), ([0.0], [0.0], 0), ([np.inf], [np.inf], 0), ([np.nan], [np.nan], 0),
    ([np.inf], [-np.inf], np.inf), ([np.nan], [0.0], np.inf), ([0.0], [np.nan], np.inf), ([1.0], [np.inf], np.inf),
    ([np.inf], [1.0], np.inf), ([[1.0]], [1.0], np.inf), ([1.0, 1.0], [1.0], np.inf),
])
def test_disagreement_of_special_numbers(numbers, expected, error):
    assert disagreement(np.array(numbers), np.array(expected), 1.0) == error


def test_disagreement_lets_float32_pass_and_stops_before_what_students_confuse():
    x = np.random.default_rng(0).normal(size=1000)
    assert disagreement(x.astype(np.float32).astype(float), x, 1.0) < 1
    assert disagreement(x * (1 + 1e-4), x, 1.0) > 1
