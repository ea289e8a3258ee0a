"""Lesson 07's exercise: `rmsprop_step`."""

from optimlab.tutor.exercises import _adaptive, _with_memory
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

FORGETS = "lesson 07, “How does it forget?”"
EPSILON = "lesson 07, “Where does ε sit?”"

RULE = Rule(
    "rmsprop_step", ("w", "dw", "s", "learning_rate", "beta", "epsilon"), ("w", "s"),
    defaults={"beta": 0.9, "epsilon": 1e-8},
    board=Switchboard(
        (
            *_adaptive.BEFORE,
            Node("b", "beta"),
            Node("keep", "b"),
            Node("take", lambda b: 1 - b),
            Node("square", lambda entering: entering**2),
            Node("kept", lambda keep, old, take, square: keep * old + take * square),
            *_adaptive.AFTER,
        ),
        (
            deviation("rmsprop_step.forgets_history", "The old average is dropped: only the newest square is in it.",
                      "Steep or flat, all steps are equally long, so the walk does not settle in the valley.", FORGETS,
                      {"keep": lambda b: 0.0}, {"kept": lambda take, square: take * square}),
            deviation("rmsprop_step.accumulates", "Every square is added up and none is forgotten, as AdaGrad does it.",
                      "The steps go on shrinking for ever, and where the problem drifts they fall behind.", FORGETS,
                      {"kept": lambda old, square: old + square}),
            deviation("rmsprop_step.never_decays", "The old average is not scaled down.",
                      "It never falls again, so the steps go on shrinking for ever.", FORGETS,
                      {"keep": lambda b: 1.0}),
            deviation("rmsprop_step.sum_not_average",
                      "The whole square is added to the decayed past: a sum, not an average.",
                      "It is far larger than the squares it is made of, so every step is too short.", FORGETS,
                      {"take": lambda b: 1.0}),
            deviation("rmsprop_step.weights_swapped", "The two weights of the average stand in each other's place.",
                      "The larger beta, the shorter the memory: one gradient nearly sets the scale alone.", FORGETS,
                      {"keep": lambda b: 1 - b, "take": "b"}),
            deviation("rmsprop_step.same_weight", "The past and the newest square get the same weight.",
                      "The two weights no longer make a whole, so it is not an average.", FORGETS,
                      {"take": "b"}, {"keep": lambda b: 1 - b}),
            deviation("rmsprop_step.parenthesis_missing", "The weight of the newest square has lost its parenthesis.",
                      "The average grows where there is no slope; where it is steep, the root has no value.", FORGETS,
                      {"kept": lambda b, old, square: b * old + 1 - b * square}),
            deviation("rmsprop_step.minus", "The square is taken off the average, not added.",
                      "From zero the root has no value, and the weights become nan.", FORGETS,
                      {"take": lambda b: b - 1}),
            deviation("rmsprop_step.weight_squared_too", "The square covers the weight as well as the gradient.",
                      "The average is far too small, so every step is too long.", FORGETS,
                      {"kept": lambda keep, old, take, entering: keep * old + (take * entering)**2}),
            deviation("rmsprop_step.sum_squared", "The whole average is squared, not the gradient alone.",
                      "Small gradients make it vanish, and the steps explode.", FORGETS,
                      {"kept": lambda keep, old, take, square: (keep * old + take * square)**2},
                      {"kept": lambda keep, old, take, entering: (keep * old + take * entering)**2}, rare=True),
            deviation("rmsprop_step.hard_coded_beta", "A number stands where the argument beta belongs.",
                      "With a longer memory, the steps are the same as before.", FORGETS,
                      *({"b": lambda dw, c=c: c} for c in (0.9, 0.99, 0.999, 0.95, 0.5))),
            deviation("rmsprop_step.corrected", "The average is divided by the weight of the newest square.",
                      "Nobody asked for a correction here: late steps are too short.", FORGETS,
                      {"used": lambda remembered, b: remembered / (1 - b)},
                      {"remembered": lambda kept, b: kept / (1 - b)}),
            *_adaptive.in_both("rmsprop_step", "average of squares", FORGETS, EPSILON),
        ), ("returned",)),
    whole_numbers=_with_memory.whole_numbers("rmsprop_step", "average", FORGETS),
    left_out=_with_memory.left_out("rmsprop_step", "beta or epsilon", FORGETS))

EXERCISE = _adaptive.exercise(RULE, "07", "the average of the squared gradients, from any old one",
                              more=lambda rng: {"beta": float(rng.uniform(0.6, 0.85))})
