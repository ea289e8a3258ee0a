"""Lesson 06's exercise: `adagrad_step`."""

from optimlab.tutor.exercises import _adaptive, _with_memory
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

OWN_RATE = "lesson 06, “How does each weight get its own rate?”"
SLOWS = "lesson 06, “Why does it slow down?”"

RULE = Rule(
    "adagrad_step", ("w", "dw", "s", "learning_rate", "epsilon"), ("w", "s"), defaults={"epsilon": 1e-8},
    board=Switchboard(
        (
            *_adaptive.BEFORE,
            Node("square", lambda entering: entering**2),
            Node("kept", lambda old, square: old + square),
            *_adaptive.AFTER,
        ),
        (
            deviation("adagrad_step.forgets_history", "The old sum is dropped: only the newest square is in it.",
                      "Steep or flat, all steps are equally long, so the walk does not settle in the valley.", SLOWS,
                      {"kept": "square"}, {"kept": lambda old, square: 0 * old + square}),
            deviation("adagrad_step.decays",
                      "The old sum is scaled down before the newest square is added, as RMSProp does it.",
                      "The steps no longer shrink for good: it forgets, as the next lesson's step does.", SLOWS,
                      *({"kept": lambda old, square, c=c: c * old + (1 - c) * square} for c in (0.9, 0.99, 0.999, 0.5)),
                      *({"kept": lambda old, square, c=c: c * old + square} for c in (0.9, 0.99, 0.999, 0.5))),
            deviation("adagrad_step.minus", "The square is taken off the sum, not added.",
                      "From zero the root has no value, and the weights become nan.", OWN_RATE,
                      {"kept": lambda old, square: old - square}),
            deviation("adagrad_step.sum_squared", "The whole sum is squared, not the gradient alone.",
                      "Gradients of unlike signs cancel in it, or it grows beyond all bounds.", OWN_RATE,
                      {"kept": lambda old, entering: (old + entering)**2},
                      {"kept": lambda old, square: (old + square)**2}, rare=True),
            *_adaptive.in_both("adagrad_step", "sum of squares", OWN_RATE, OWN_RATE),
        ), ("returned",)),
    whole_numbers=_with_memory.whole_numbers("adagrad_step", "sum", OWN_RATE),
    left_out=_with_memory.left_out("adagrad_step", "epsilon", OWN_RATE))

EXERCISE = _adaptive.exercise(RULE, "06", "the sum of all squared gradients so far", more=lambda rng: {})
