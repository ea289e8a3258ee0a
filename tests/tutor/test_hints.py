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
def sections(path):
    """The text and code under each heading of a notebook."""
    found, heading = {}, ""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        for line in "".join(cell["source"]).splitlines():
            if cell["cell_type"] == "markdown" and line.startswith("#"):
                heading = line.lstrip("# ").strip()
            found[heading] = found.get(heading, "") + line + "\n"
    return found


def to_reread(exercise, hint):
    """(lesson, title, text) of each section; the text is None where there is no such section."""
    for lesson, title in re.findall(r"(?:lesson (\d\d), )?“(.*?)”", hint.reread):
        notebook, = ROOT.glob(f"notebooks/{lesson}-*.ipynb" if lesson
                              else f"solutions/{exercise.assignment}/{exercise.assignment}.ipynb")
        yield lesson, title, sections(notebook).get(title)


def test_the_sections_to_reread_are_there():
    for id, (exercise, hint) in HINTS.items():
        for lesson, title, text in to_reread(exercise, hint):
            assert text is not None, (id, lesson, title)


# What the section is about that a hint leads to, by words of the mistake's id; the first row that fits.
MATTER = (
    (r"epsilon", r"epsilon|ε"),
    (r"hard_coded|overwritten", r"hyperparameters are arguments"),
    (r"weight_decay", r"weight decay"),
    (r"gradient\.|root_t", r"neither cut off nor scaled; the learning rate is the one"),
    (r"counter", r"the caller counts"),
    (r"times_gradient", r"no extra factor|no factor that is not"),
    (r"\.(ones|random|nonzero|uninitialized)", r"start at zero"),
    (r"integers", r"floating point"),
    (r"shared_buffer", r"array of its own"),
    (r"corrected_returned", r"uncorrected"),
    (r"returns?[._]|returned$|order_of|too_|dicts|grouped|nothing_updated|weights_not_updated", r"[Rr]eturn|w_\{?t"),
    (r"initialize|coverage", r"shape"),
    (r"root|outside", r"sqrt|root"),
    (r"correction", r"correct|hat"),
    (r"accumulates|running_maximum", r"largest|maximum|sum|forget"),
    (r"^second_moment", r"squar"),
    (r"learning_rate|step_size", r"learning_rate|alpha"),
    (r"first_moment", r"average"),
    (r"numerator|denominator|direction", r"hat|push|divid"),
)


# The same for the exercises of lessons, whose sections are wider: by what the mistake is in.
MATTER_OF_LESSONS = (
    (r"best_rate", r"seed|start|rate"),
    (r"clip_gradient", r"clip|length"),
    (r"effective_rates", r"squar|dw\W{0,4}2"),
    (r"corrected_rmsprop_step|uncorrected_step", r"correct|average|squar|\broot"),
    (r"downhill_velocity", r"\bv\b|velocity"),
    (r"epsilon|maximum_not_sum", r"epsilon|ε"),
    (r"ewma\..*(correct|power|multiplied|beta_times_t|starts_at)", r"correct"),
    (r"ewma|forgets_history|never_decays|sum_not_average|weights_swapped|same_weight|parenthesis", r"average|\bsum\b"),
    (r"\.(rate_|divides_by_rate|hard_coded_rate)", r"learning.rate|\bα|alpha"),
    (r"numerical_gradient", r"gradient"),
    (r"layer_backward", r"dZ|dW|shape"),
    (r"random_mini_batches|sgd_epoch", r"batch"),
    (r"largest_stable_rate", r"curvature"),
    (r"gradient_step", r"gradient|slope"),
    (r"momentum|velocity", r"velocity"),
    (r"adagrad|rmsprop", r"squar|dw\W{0,4}2"),
)


def test_a_section_to_reread_treats_the_matter():
    """By its words: that it exists is not enough."""
    for id, (exercise, hint) in HINTS.items():
        matter = MATTER if exercise.assignment else MATTER_OF_LESSONS
        of_its_name = "|".join(word for word in exercise.name.split("_") if len(word) > 3)
        words = next((words for part, words in matter if re.search(part, id)), of_its_name)
        for lesson, title, text in to_reread(exercise, hint):
            assert re.search(words, text, re.IGNORECASE), (id, lesson, title, words)
