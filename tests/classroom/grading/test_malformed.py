"""Whatever is wrong with a notebook, nothing on the trusted side stops, and a person is told in plain words.

tests/support/malformed.py makes them, and puts as many through as one likes.
"""
import pytest
from malformed import FORBIDDEN, TrustedSide, malformed

SOME = range(100)


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    return TrustedSide(tmp_path_factory.mktemp("malformed"))


def test_no_malformed_notebook_stops_the_trusted_side_or_is_refused_in_python_s_words(trusted):
    refusals = {n: trusted.problem(malformed(n)) for n in SOME}
    assert {n: line for n, line in refusals.items() if FORBIDDEN.search(line) or "\n" in line} == {}
    assert 20 < sum(map(bool, refusals.values())) < 80  # or the mutations are too small, or too large


@pytest.mark.parametrize("change, says", [
    ('"cells": 5', "it has no list of cells"), ('"cells": [5]', "what stands in the place of cell 1 is no cell"),
    ('"cells": [{"source": "x"}]', "cell 1 does not say whether it is code or text"),
    ('"cells": [{"cell_type": "code"}]', "cell 1 has no source"),
    ('"cells": [{"cell_type": "code", "source": [null, null]}]', "the source of cell 1 is not text"),
    ('"cells": [{"cell_type": "code", "source": {"source": "x"}}]', "the source of cell 1 is not text"),
    (f'"cells": [], "x": {"9" * 5_000}', "holds a number that is too long"),
    (f'"cells": [{{"cell_type": "code", "source": "{"x" * 13_000_000}"}}]', "its cells hold more than 12 MB of text"),
    (f'"cells": [], "x": {"[" * 100_000}', "it is nested too deep"),
])
def test_what_is_wrong_is_said_of_its_cell(change, says, trusted):
    assert says in trusted.problem(f'{{"nbformat": 4, {change}}}'.encode())


def test_attachments_of_the_wrong_kind_cost_nothing(trusted):
    for attached in ("5", "[]", '{"x": 5}', '{"x": {"image/png": 5}}', "null"):
        cell = f'{{"cell_type": "markdown", "source": "x", "attachments": {attached}}}'
        assert trusted.problem(f'{{"nbformat": 4, "cells": [{cell}]}}'.encode()) == ""
