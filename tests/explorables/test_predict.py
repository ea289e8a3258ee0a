"""A prediction is kept as it was committed, and stands beside the outcome."""
import re

import pytest

from optimlab import plots
from optimlab.explorables import Claim, Outcome, Predict


@pytest.mark.parametrize("answer, outcome, said", [
    (None, "slow", "You have not said what you expect, and that is fine. Click here to see what came out. What came out: slow."),
    ("slow", "slow", "You said slow. Well seen! What came out: slow."),
    ("fast", "slow", "You said fast. Wheels look fast. What came out: slow."),
])
def test_a_choice_beside_its_outcome(answer, outcome, said):
    """A wrong one with the reason why one might think so; without one the outcome waits for a click."""
    guess = Predict("Slow or fast?", {"slow": "", "fast": "Wheels look fast."})
    if answer:
        guess.answer = answer
    card = guess.beside(outcome).data
    assert " ".join(re.sub("<[^>]*>", " ", card).split()).replace(" .", ".") == said
    assert card.startswith("<details>") == (answer is None)


def test_a_question_is_settled_by_what_was_measured_with_the_picture_of_it():
    figure, ax = plots.picture(1, 1)
    plots.describe(ax, "A line that falls.")
    guess = Predict("Slow or fast?", ["slow", "fast"],
                    settled=lambda speed: Outcome("fast" if speed > 1 else "slow", f"It made {speed} m/s.", [figure]))
    guess.answer = "fast"
    assert re.match("<p><b>You said</b> fast. Well seen!</p>.*fast.*It made 3 m/s.*<img .*A line that falls", guess.settle(3).data)
    assert "slow" in guess.settle(0.5).data


def test_shown_again_a_question_is_asked_anew(shown):
    guess = Predict("Slow or fast?", ["slow", "fast"])
    guess.answer = "slow"
    guess._ipython_display_()
    assert guess.answer is None and not any(button.disabled for button in guess._buttons)


@pytest.mark.parametrize("found, verdict", [("holds when ...", "holds when it is dry"), ("does not hold", "does not hold, in this trial")])
def test_a_card_gives_the_verdict_that_the_trial_came_to(found, verdict):
    card = Claim("It is fast.", "holds when it is dry", lambda found: Outcome(found, "We tried."))
    card.answer = "holds"
    assert f"<b>Verdict: {verdict}.</b>" in card.settle(found).data


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
