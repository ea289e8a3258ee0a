"""What a hint says is true, and it gives nothing away.

Every number in a hint is computed from the wrong code itself, at the precision that is printed: by
the NUMBERS of a file in tests/tutor/exercises/. A number that nobody computes fails. What a hint
says without numbers is computed by the checks there (see test_mistakes).
"""
import json
import re
from functools import cache
from pathlib import Path

import pytest
import student_code
from student_code import NAMES

from optimlab.tutor.messages import GENERAL
from optimlab.tutor.registry import EXERCISES

ROOT = Path(__file__).resolve().parents[2]
NUMBERS = [(name, id) for name in NAMES for id in student_code.of(name).numbers]
HINTS = {id: (EXERCISES[name], hint) for name in NAMES for id, hint in EXERCISES[name].hints.items()}
ALL = {**HINTS, **{id: (None, hint) for id, hint in GENERAL.items()}}


def given(exercise):
    """The numbers that belong to the question, not to the answer."""
    return student_code.of(exercise.name).given if exercise else "(?!)"


@pytest.mark.parametrize("name, id", NUMBERS, ids=[id for _, id in NUMBERS])
def test_the_number_in_a_hint_is_the_number_of_the_wrong_code(name, id):
    sentence, compute = student_code.of(name).numbers[id]
    before, after = (re.escape(part) for part in sentence.split("{}"))
    hint = str(EXERCISES[name].hints[id])
    printed = re.search(before + r"(-?\d+(?:\.\d+)?)" + after, hint)
    assert printed, f"{hint!r} does not say {sentence!r}"
    decimals = len(printed[1].partition(".")[2])
    assert f"{compute(id):.{decimals}f}" == printed[1]


def test_no_hint_has_a_number_that_is_not_computed():
    computed = {id for _, id in NUMBERS}
    for id, (exercise, hint) in ALL.items():
        said = re.sub(given(exercise), "", f"{hint.does} {hint.effect}")
        assert len(re.findall(r"\d+", said.replace(".", ""))) == (id in computed), id


def test_a_hint_gives_no_code_and_no_formula_away():
    """The student is to write the line."""
    for id, (exercise, hint) in ALL.items():
        said = re.sub(given(exercise), "", f"{hint.does} {hint.effect}")
        for code in ("=", "**", "sqrt", "np.", "1 -", "1-", "*", "^", "@", ".T", "(", "[", "_hat", "²", "/",
                     "√", "α", "β", "ε"):
            assert code not in said, (id, code)


def test_a_hint_says_what_the_code_does_what_that_does_and_what_to_reread():
    for id, (exercise, hint) in ALL.items():
        assert str(hint) == f"{hint.does} {hint.effect} Reread: {hint.reread}."
        assert len(str(hint)) < 320 and not hint.reread.endswith("."), id
        for sentence in (hint.does, hint.effect):
            assert sentence.endswith((".", "?")) and sentence == sentence.strip(), id
            # A sentence may begin with the name of an array or a function.
            assert sentence[0].isupper() or re.match(r"\w+", sentence)[0] in student_code.key(exercise.name), id
        if exercise and exercise.lesson:
            assert re.fullmatch(r"lesson \d\d, “.+\?”", hint.reread), id
        elif exercise:
            assert re.search(r"lesson \d\d|in the assignment", hint.reread), id


@cache
def headings(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return {line.lstrip("# ").strip() for cell in cells if cell["cell_type"] == "markdown"
            for line in "".join(cell["source"]).splitlines() if line.startswith("#")}


def test_the_sections_to_reread_are_there():
    for id, (exercise, hint) in HINTS.items():
        for lesson, title in re.findall(r"(?:lesson (\d\d), )?“(.*?)”", hint.reread):
            place = (f"notebooks/{lesson}-*.ipynb" if lesson
                     else f"solutions/{exercise.assignment}/{exercise.assignment}.ipynb")
            notebook, = ROOT.glob(place)
            assert title in headings(notebook), (id, lesson, title)
