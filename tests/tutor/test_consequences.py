"""What is said of several mistakes at once is true of them together, and is said once."""
import pytest
import unlisted

NAME = "update_parameters_with_adam"
V, S = "v / (1 - beta1**t)", "s / (1 - beta2**t)"


@pytest.mark.parametrize("changes, said, unsaid", [
    # Each by itself, or none where nan came back.
    ({V: "v", S: "s"}, ["On its own: the first step is 10 times too short", "The same goes for the second moment. On its "
                        "own: the first step is 31.6"], []),
    ({S: "s"}, ["The first step is 31.6 times too long"], ["On its own"]),
    ({"g**2": "g", V: "v"}, ["weights become nan"], ["10 times too short"]),
    ({V: "v / (1 - beta1 * t)", S: "s / (1 - beta2 * t)"}, ["The same goes for the second moment. From the second step on",
                                                           "weights become nan"], ["uphill"]),
    ({"(1 - beta1) * g": "beta1 * g", "beta1 * v_old": "(1 - beta1) * v_old", "beta2 * s_old": "(1 - beta2) * s_old",
      "(1 - beta2) * g": "beta2 * g"}, ["The two weights of the first moment", "The same goes for the second moment."], []),
    # The order of the results is told in the same words whatever the order is.
    ({"new_params + new_firsts + new_seconds": "new_params + new_seconds + new_firsts"},
     ["names them by their places"], ["layer"]),
    # No parentheses too few where there is a pair too many.
    ({"beta2 * s_old + (1 - beta2) * g**2": "beta2 * (s_old + (1 - beta2) * g**2)"},
     ["not where they belong"], ["missing", "no average"]),
])
def test_what_is_said_together(assessed, changes, said, unsaid):
    text = unlisted.edited(unlisted.ADAM["loop over lists"], unlisted.RIGHT, {}).source
    for right, wrong in changes.items():
        assert right in text
        text = text.replace(right, wrong)
    hints = " ".join(m.hint for m in assessed(NAME, text).mistakes)
    assert [s for s in said if s not in hints] == [] == [s for s in unsaid if s in hints], hints
