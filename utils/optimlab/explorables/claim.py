"""A claim of the slides on a card: the claim, your bet, and, once you have run the trial, the verdict."""

import html
from collections.abc import Callable, Mapping

from optimlab.explorables.predict import Outcome, Predict

__all__ = ["VERDICTS", "Claim"]

# The scale of verdicts, and what each means, in lesson 00's words. The last is no bet: what cannot be tried has no
# trial.
VERDICTS = {
    "holds": "true as it is said",
    "holds when ...": "true once a condition is added, and the verdict names it",
    "does not hold": "false as it is worded, even in ordinary cases; beside it stands what is true instead",
    "cannot be measured here": "no experiment in this course could settle it",
}
BETS = tuple(VERDICTS)[:3]


class Claim(Predict):
    """What the slides say, put to the test.

    says: their words. verdict: the course's, such as "holds when the step is tiny"; it begins as one of
    `VERDICTS` does. settled: from what the trial measured to its `Outcome`, whose answer is one of `BETS`.
    reasons: for a bet, why somebody may well think so, as HTML.

    >>> gone = Claim("It never stops.", "does not hold", lambda step: Outcome(BETS[2] if step == 0 else BETS[0]))
    >>> gone.answer = "holds"
    >>> "Verdict: does not hold." in gone.settle(0.0).data
    True
    """

    def __init__(self, says: str, verdict: str, settled: Callable[..., Outcome],
                 reasons: Mapping[str, str] | None = None):
        super().__init__(f"“{says}”", {bet: (reasons or {}).get(bet, "") for bet in BETS}, settled=settled)
        self.says, self.verdict = says, verdict

    def _asked(self) -> str:
        return f"**The slides say:** {self.question} **Your bet?**"

    def _found(self, outcome: Outcome) -> str:
        begins = str(outcome.answer).removesuffix(" ...")
        # Whoever changes the trial may find something else, and is told so.
        verdict = self.verdict if self.verdict.startswith(begins) else f"{begins}, in this trial"
        return f"<p><b>Verdict: {html.escape(verdict)}.</b></p>"
