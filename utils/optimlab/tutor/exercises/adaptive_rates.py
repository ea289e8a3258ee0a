"""The exercises of lessons 06 and 07: `adagrad_step` and `rmsprop_step`.

One rule but for the second moment: AdaGrad adds every squared gradient up, RMSProp averages them.
Each one's way is the other's mistake.
"""

from typing import Callable

import numpy as np
from numpy.random import Generator

from optimlab.tutor.exercises import with_memory
from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercise import Exercise
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Deviation, Node, Switchboard, deviation

OWN_RATE = "lesson 06, “How does each weight get its own rate?”"
SLOWS = "lesson 06, “Why does it slow down?”"
FORGETS = "lesson 07, “How does it forget?”"
EPSILON = "lesson 07, “Where does ε sit?”"

_BEFORE = (*with_memory.BEFORE, Node("old", lambda s: s), Node("eps", lambda epsilon: epsilon))
_AFTER = (
    Node("remembered", lambda kept: kept),
    Node("used", lambda remembered: remembered),
    Node("radicand", lambda used: used),
    Node("root", lambda radicand: np.sqrt(radicand)),
    Node("denominator", lambda root, eps: root + eps),
    Node("numerator", lambda g: g),
    Node("direction", lambda numerator, denominator: numerator / denominator),
    *with_memory.AFTER,
)


def _no_epsilon(root):
    return root


def _same_in_both(name: str, memory: str, rule: str, epsilon: str) -> tuple[Deviation, ...]:
    """The mistakes that both steps know; `memory` in words, then what to reread of the rule and of epsilon."""
    return (
        deviation(f"{name}.gradient_not_squared", "The gradient enters the memory without its square.",
                  "Where gradients are negative the root has no value, and the weights become nan.", rule,
                  {"square": lambda entering: entering}),
        deviation(f"{name}.absolute_gradient", "The gradient's absolute value is remembered where its square belongs.",
                  "A loss on a larger scale takes longer steps: the rate must be set by hand again.", rule,
                  {"square": lambda entering: np.abs(entering)}),
        deviation(f"{name}.gradient_doubled", "The gradient is doubled where it should be squared.",
                  "Where gradients are negative the root has no value, and the weights become nan.", rule,
                  {"square": lambda entering: 2 * entering}),
        deviation(f"{name}.one_for_all", "One number for the whole array stands in for each weight's own.",
                  "All weights share one rate: the rare ones lose the long steps they need.", rule,
                  {"square": lambda entering: np.mean(entering**2)}, {"square": lambda entering: np.sum(entering**2)},
                  {"square": lambda entering: np.mean(entering)**2}, {"square": lambda entering: np.sum(entering)**2},
                  {"used": lambda remembered: np.sum(remembered)}, {"used": lambda remembered: np.mean(remembered)}),
        deviation(f"{name}.divided_by_size", "The squared gradient is divided by the number of weights.",
                  "The more weights there are, the longer each one's steps.", rule,
                  {"square": lambda entering: entering**2 / entering.size},
                  {"square": lambda entering: entering**2 / len(entering)}),
        deviation(f"{name}.epsilon_remembered", "Epsilon is added to what is remembered.",
                  "It comes again with every step, and even a weight without gradients has a past.", epsilon,
                  {"remembered": lambda kept, eps: kept + eps, "denominator": _no_epsilon},
                  {"remembered": lambda kept, eps: kept + eps}),
        deviation(f"{name}.epsilon_inside_root", "Epsilon is added under the root, not after it.",
                  "Weights with tiny gradients nearly stop, for under the root it weighs far more.", epsilon,
                  {"radicand": lambda used, eps: used + eps, "denominator": _no_epsilon}),
        deviation(f"{name}.epsilon_missing", "Epsilon does not appear in the denominator.",
                  "A weight whose gradient has always been zero becomes nan: zero divided by zero.", epsilon,
                  {"denominator": _no_epsilon}),
        deviation(f"{name}.epsilon_after_division", "Epsilon is added after the division: a parenthesis is missing.",
                  "It no longer guards the division, and it pushes every weight a little at every step.", epsilon,
                  {"denominator": _no_epsilon, "taken": lambda step, eps: step - eps},
                  {"denominator": _no_epsilon, "turned": lambda direction, eps: direction + eps},
                  {"denominator": _no_epsilon, "taken": lambda step, eps: step + eps}),
        deviation(f"{name}.epsilon_twice", "Epsilon enters the denominator twice.",
                  "It weighs too much where gradients are tiny, and those weights lag behind.", epsilon,
                  {"radicand": lambda used, eps: used + eps}, {"denominator": lambda root, eps: root + 2 * eps}),
        deviation(f"{name}.maximum_not_sum", "The larger of the root and epsilon is taken where their sum belongs.",
                  "Where the root is about as small as epsilon, the step is too long.", epsilon,
                  {"denominator": lambda root, eps: np.maximum(root, eps)}),
        deviation(f"{name}.hard_coded_epsilon", "A number stands where the argument epsilon belongs.",
                  "Whoever calls with another epsilon gets the same step as before.", epsilon,
                  *({"eps": lambda dw, c=c: c} for c in (1e-8, 1e-7, 1e-6, 1e-5, 1e-10))),
        deviation(f"{name}.root_missing", "The step is divided by what is remembered without its root.",
                  "Steps grow as gradients shrink: near the minimum the weights leap away.", rule,
                  {"root": lambda radicand: radicand}),
        deviation(f"{name}.no_division", "The step is not divided by what is remembered.",
                  "It is plain gradient descent: one rate for all weights again.", rule,
                  {"direction": lambda numerator: numerator}),
        deviation(f"{name}.multiplied", "The gradient is multiplied by the root where it is divided.",
                  "Large gradients take longer steps still, and small ones next to none.", rule,
                  {"direction": lambda numerator, denominator: numerator * denominator}),
        deviation(f"{name}.gradient_missing", "The gradient does not appear in the step.",
                  "All weights walk the same way for ever, whatever the loss.", rule,
                  {"numerator": lambda g: 1.0}),
        deviation(f"{name}.old_memory_used", f"The step is taken with the {memory} from before this gradient.",
                  "From zero, the first step is divided by epsilon alone, and the weights leap away.", rule,
                  {"used": lambda old: old}),
        deviation(f"{name}.root_kept", f"The root comes back, not the {memory} under it.",
                  "The next step takes a root of a root, and large gradients are soon forgotten.", rule,
                  {"handed_on": lambda root: root}, {"handed_on": lambda denominator: denominator},
                  {"remembered": lambda kept: np.sqrt(kept), "root": lambda radicand: radicand}),
        deviation(f"{name}.rate_twice", "The learning rate is taken twice.",
                  "In the step it makes it too short; in the memory it cancels, and no rate has an effect.", rule,
                  {"entering": lambda felt, rate: rate * felt}, {"step": lambda rate, turned: rate * rate * turned}),
        *with_memory.shared(name, memory, rule),
    )


# ---------------------------------------------------------------- adagrad_step

ADAGRAD = Rule(
    "adagrad_step", ("w", "dw", "s", "learning_rate", "epsilon"), ("w", "s"), defaults={"epsilon": 1e-8},
    board=Switchboard(
        (
            *_BEFORE,
            Node("square", lambda entering: entering**2),
            Node("kept", lambda old, square: old + square),
            *_AFTER,
        ),
        (
            deviation("adagrad_step.forgets_history", "The old sum is dropped: only the newest square is in it.",
                      "Steep or flat, all steps are equally long, so the walk does not settle in the valley.", SLOWS,
                      {"kept": lambda square: square}, {"kept": lambda old, square: 0 * old + square}),
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
            *_same_in_both("adagrad_step", "sum of squares", OWN_RATE, OWN_RATE),
        ), ("returned",)),
    whole_numbers=with_memory.whole_numbers("adagrad_step", "sum", OWN_RATE),
    left_out=with_memory.left_out("adagrad_step", "epsilon", OWN_RATE))


# ---------------------------------------------------------------- rmsprop_step

RMSPROP = Rule(
    "rmsprop_step", ("w", "dw", "s", "learning_rate", "beta", "epsilon"), ("w", "s"),
    defaults={"beta": 0.9, "epsilon": 1e-8},
    board=Switchboard(
        (
            *_BEFORE,
            Node("b", lambda beta: beta),
            Node("keep", lambda b: b),
            Node("take", lambda b: 1 - b),
            Node("square", lambda entering: entering**2),
            Node("kept", lambda keep, old, take, square: keep * old + take * square),
            *_AFTER,
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
                      {"keep": lambda b: 1 - b, "take": lambda b: b}),
            deviation("rmsprop_step.same_weight", "The past and the newest square get the same weight.",
                      "The two weights no longer make a whole, so it is no average.", FORGETS,
                      {"take": lambda b: b}, {"keep": lambda b: 1 - b}),
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
                      "Whoever asks for a longer memory gets the same steps as before.", FORGETS,
                      *({"b": lambda dw, c=c: c} for c in (0.9, 0.99, 0.999, 0.95, 0.5))),
            deviation("rmsprop_step.corrected", "The average is divided by the weight of the newest square.",
                      "Nobody asked for a correction here: late steps are too short.", FORGETS,
                      {"used": lambda remembered, b: remembered / (1 - b)},
                      {"remembered": lambda kept, b: kept / (1 - b)}),
            *_same_in_both("rmsprop_step", "average of squares", FORGETS, EPSILON),
        ), ("returned",)),
    whole_numbers=with_memory.whole_numbers("rmsprop_step", "average", FORGETS),
    left_out=with_memory.left_out("rmsprop_step", "beta or epsilon", FORGETS))


# ---------------------------------------------------------------- cases

def _draw(rng: Generator, shape: tuple[int, ...], scale: float = 1.0):
    """w, dw and s of one case; the weights are of the size of a step, whatever the scale of the gradients."""
    dw = scale * rng.uniform(0.4, 2.5, shape) * rng.choice([-1.0, 1.0], shape)
    return rng.normal(0, 2, shape), dw, scale**2 * rng.uniform(0.3, 4, shape)


def _challenges(rule: Rule, more: Callable[[Generator], dict[str, float]]) -> Callable[[Generator], list[Challenge]]:
    """The cases of one of the steps; `more` draws its beta, where it has one."""
    def draw(rng):
        def given(*epsilons):
            return {"learning_rate": float(rng.uniform(0.15, 0.45)), **more(rng),
                    "epsilon": float(rng.uniform(*epsilons))}

        # An epsilon of the size of the root, so that its place shows.
        cases = [rule.call(f"case/w of shape {shape}", *_draw(rng, shape), *given(0.1, 0.6).values())
                 for shape in ((2, 3), (4,), (3, 1), (2, 2, 2))]
        cases.append(rule.call("case/tiny gradients", *_draw(rng, (5,), 0.01), *given(0.02, 0.05).values()))
        w, dw, s = _draw(rng, (1, 4))
        dw[:, :2] = 0.0
        s[:, 1:3] = 0.0
        cases.append(rule.call("case/zeros among the gradients and squares", w, dw, s, *given(0.1, 0.6).values()))
        named = dict(zip(("w", "dw", "s"), _draw(rng, (3,))))
        cases.append(rule.call("case/all by keyword", **named, **given(0.1, 0.6)))
        whole = given(0.1, 0.6)
        w, _, s = _draw(rng, (5,))
        return [
            *cases,
            rule.call("default/epsilon left out, tiny gradients", *_draw(rng, (2, 2), 1e-8),
                      **{name: value for name, value in given(0, 1).items() if name != "epsilon"}),
            rule.call("default/all that can be left out", *_draw(rng, (4,)), whole["learning_rate"]),
            rule.call("whole/whole numbers in dw", w, rng.integers(1, 9, 5), s, *whole.values()),
        ]
    return draw


def _exercise(rule: Rule, more, what: str) -> Exercise:
    return rule.exercise(_challenges(rule, more), (
        rule.criterion("squares", what, "case", only="s"),
        rule.criterion("weights", "one step, at each weight's own rate", "case", only="w"),
        rule.criterion("default", "what has a default, left out", "default"),
        rule.criterion("integers", "whole numbers in dw", "whole"),
    ))


ADAGRAD_STEP = _exercise(ADAGRAD, lambda rng: {}, "the sum of all squared gradients so far")
RMSPROP_STEP = _exercise(RMSPROP, lambda rng: {"beta": float(rng.uniform(0.6, 0.85))},
                         "the average of the squared gradients, from any old one")
