"""What `adagrad_step` and `rmsprop_step` share (lessons 06 and 07).

One rule but for the second moment: AdaGrad adds every squared gradient up, RMSProp averages them.
Each one's way is the other's mistake.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercise import Draw, Exercise
from optimlab.tutor.exercises import _with_memory
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Deviation, Node, deviation

More = Callable[[Generator], dict[str, float]]

BEFORE = (*_with_memory.BEFORE, Node("old", "s"), Node("eps", "epsilon"))
AFTER = (
    Node("remembered", "kept"),
    Node("used", "remembered"),
    Node("radicand", "used"),
    Node("root", lambda radicand: np.sqrt(radicand)),
    Node("denominator", lambda root, eps: root + eps),
    Node("numerator", "g"),
    Node("direction", lambda numerator, denominator: numerator / denominator),
    *_with_memory.AFTER,
)


def in_both(name: str, memory: str, rule: str, epsilon: str) -> tuple[Deviation, ...]:
    """The mistakes that both steps know; `memory` in words, then what to reread of the rule and of epsilon."""
    return (
        deviation(f"{name}.gradient_not_squared", "The gradient enters the memory without its square.",
                  "Negative gradients can make it negative: then it has no root, and the weights become nan.", rule,
                  {"square": "entering"}),
        deviation(f"{name}.absolute_gradient", "The gradient's absolute value is remembered where its square belongs.",
                  "A loss on a larger scale takes longer steps: the rate must be set by hand again.", rule,
                  {"square": lambda entering: np.abs(entering)}),
        deviation(f"{name}.gradient_doubled", "The gradient is doubled where it should be squared.",
                  "Negative gradients can make it negative: then it has no root, and the weights become nan.", rule,
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
                  {"remembered": lambda kept, eps: kept + eps, "denominator": "root"},
                  {"remembered": lambda kept, eps: kept + eps}),
        deviation(f"{name}.epsilon_inside_root", "Epsilon is added under the root, not after it.",
                  "Weights with tiny gradients nearly stop, for under the root it weighs far more.", epsilon,
                  {"radicand": lambda used, eps: used + eps, "denominator": "root"}),
        deviation(f"{name}.epsilon_missing", "Epsilon does not appear in the denominator.",
                  "A weight whose gradient has always been zero becomes nan: zero divided by zero.", epsilon,
                  {"denominator": "root"}),
        deviation(f"{name}.epsilon_after_division", "Epsilon is added after the division: a parenthesis is missing.",
                  "It no longer guards the division, and it pushes every weight a little at every step.", epsilon,
                  {"denominator": "root", "taken": lambda step, eps: step - eps},
                  {"denominator": "root", "turned": lambda direction, eps: direction + eps},
                  {"denominator": "root", "taken": lambda step, eps: step + eps}),
        deviation(f"{name}.epsilon_twice", "Epsilon enters the denominator twice.",
                  "It weighs too much where gradients are tiny, and those weights lag behind.", epsilon,
                  {"radicand": lambda used, eps: used + eps}, {"denominator": lambda root, eps: root + 2 * eps}),
        deviation(f"{name}.maximum_not_sum", "The larger of the root and epsilon is taken where their sum belongs.",
                  "Where the root is about as small as epsilon, the step is too long.", epsilon,
                  {"denominator": lambda root, eps: np.maximum(root, eps)}),
        deviation(f"{name}.hard_coded_epsilon", "A number stands where the argument epsilon belongs.",
                  "With another epsilon, the step is the same as before.", epsilon,
                  *({"eps": lambda dw, c=c: c} for c in (1e-8, 1e-7, 1e-6, 1e-5, 1e-10))),
        deviation(f"{name}.root_missing", "The step is divided by what is remembered without its root.",
                  "Steps grow as gradients shrink: near the minimum the weights leap away.", rule,
                  {"root": "radicand"}),
        deviation(f"{name}.no_division", "The step is not divided by what is remembered.",
                  "It is plain gradient descent: one rate for all weights again.", rule,
                  {"direction": "numerator"}),
        deviation(f"{name}.multiplied", "The gradient is multiplied by the root where it is divided.",
                  "Large gradients take longer steps still, and small ones next to none.", rule,
                  {"direction": lambda numerator, denominator: numerator * denominator}),
        deviation(f"{name}.gradient_missing", "The gradient does not appear in the step.",
                  "All weights walk the same way for ever, whatever the loss.", rule,
                  {"numerator": lambda g: 1.0}),
        deviation(f"{name}.old_memory_used", f"The step is taken with the {memory} from before this gradient.",
                  "From zero, the first step is divided by epsilon alone, and the weights leap away.", rule,
                  {"used": "old"}),
        deviation(f"{name}.root_kept", f"The root comes back, not the {memory} under it.",
                  "The next step takes a root of a root, and large gradients are soon forgotten.", rule,
                  {"handed_on": "root"}, {"handed_on": "denominator"},
                  {"remembered": lambda kept: np.sqrt(kept), "root": "radicand"}),
        deviation(f"{name}.rate_twice", "The learning rate is taken twice.",
                  "In the step it makes it too short; in the memory it cancels, and no rate has an effect.", rule,
                  {"entering": lambda felt, rate: rate * felt}, {"step": lambda rate, turned: rate * rate * turned}),
        *_with_memory.shared(name, memory, rule),
    )


def _draw(rng: Generator, shape: tuple[int, ...],
          scale: float = 1.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """w, dw and s of one case; the weights are of the size of a step, whatever the scale of the gradients."""
    dw = scale * rng.uniform(0.4, 2.5, shape) * rng.choice([-1.0, 1.0], shape)
    return rng.normal(0, 2, shape), dw, scale**2 * rng.uniform(0.3, 4, shape)


def _challenges(rule: Rule, more: More) -> Draw:
    def draw(rng: Generator) -> list[Challenge]:
        def given(least: float, most: float) -> dict[str, float]:
            return {"learning_rate": float(rng.uniform(0.15, 0.45)), **more(rng),
                    "epsilon": float(rng.uniform(least, most))}

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


def exercise(rule: Rule, lesson: str, what: str, more: More) -> Exercise:
    """The exercise of one of the steps; `what` its memory holds in words, `more` draws its beta, where it has one."""
    return rule.exercise(_challenges(rule, more), (
        rule.criterion("squares", what, "case", only="s"),
        rule.criterion("weights", "one step, at each weight's own rate", "case", only="w"),
        rule.criterion("default", "what has a default, left out", "default"),
        rule.criterion("integers", "whole numbers in dw", "whole"),
    ), lesson=lesson)
