"""A prediction is kept as it was committed, and stands beside the outcome."""
import pytest

from optimlab.explorables import Predict


@pytest.mark.parametrize("answer, outcome, said", [
    (None, "slow", "You have not said what you expect. <b>It is</b> slow."),
    ("slow", "slow", "<b>You said</b> slow. <b>It is</b> slow. Well seen!"),
    ("fast", "slow", "<b>You said</b> fast. <b>It is</b> slow."),
])
def test_a_choice_beside_its_outcome(answer, outcome, said):
    guess = Predict("Slow or fast?", ["slow", "fast"])
    if answer:
        guess.answer = answer
    assert guess.beside(outcome).data == said


def test_a_click_commits_and_the_answer_cannot_be_changed_by_another():
    guess = Predict("Slow or fast?", ["slow", "fast"])
    slow, fast = guess._buttons
    slow.click()
    assert guess.answer == "slow"
    assert slow.disabled and fast.disabled


@pytest.mark.parametrize("typed, answer", [("0.5", 0.5), (" 12 ", 12.0), ("1e-3", 0.001), ("", None), ("many", None)])
def test_a_number_is_read_or_asked_for_again(typed, answer):
    guess = Predict("How much?", unit="steps")
    field, commit = guess._buttons
    field.value = typed
    commit.click()
    assert guess.answer == answer
    assert ("Write a number" in guess._said.value) == (answer is None)


def test_an_answer_that_is_no_option_is_refused():
    with pytest.raises(ValueError, match="'slow', 'fast'"):
        Predict("Slow or fast?", ["slow", "fast"]).answer = "never"


def test_html_in_a_question_of_ours_or_an_answer_stays_text():
    guess = Predict("a < b?", ["a < b", "b < a"])
    guess.answer = "a < b"
    assert "a &lt; b" in guess.beside("b < a").data


def test_without_widgets_the_question_and_the_options_can_be_read(shown):
    Predict("Slow or fast?", ["slow", "fast"])._ipython_display_()
    assert [data.get("text/markdown", data["text/plain"]) for data in shown] == [
        "**Predict.** Slow or fast?", "One of: slow, fast."]
