"""The other choice beyond Adam: `adamw_step`.

Source: Loshchilov and Hutter 2019, "Decoupled weight decay regularization"; the decay is multiplied by the
learning rate, as in PyTorch.
"""

import numpy as np
from numpy.random import Generator

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercises._with_memory import RATES, left_out
from optimlab.tutor.rule import Rule
from optimlab.tutor.switchboard import Node, Switchboard, deviation

DECAY = ("“AdamW: where does the decay go?” in the assignment, and lesson 10, "
         "“What is decay, and what did Adam do to it?”")
ADAM = "lesson 08, “What does Adam remember?”"
CORRECTION = "lesson 08, “Why are the first steps corrected?”"
ORDER = "“AdamW: where does the decay go?” in the assignment"


def decayed_first(w: np.ndarray, dw: np.ndarray, v: np.ndarray, s: np.ndarray, t: int, learning_rate: float = 0.001,
                  beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, weight_decay: float = 0.01
                  ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The weights scaled down, then Adam's step from there."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    shrunk = w * (1 - learning_rate * weight_decay)
    adam = learning_rate * (v / (1 - beta1**t)) / (np.sqrt(s / (1 - beta2**t)) + epsilon)
    return shrunk - adam, v, s


def decayed_beside(w: np.ndarray, dw: np.ndarray, v: np.ndarray, s: np.ndarray, t: int, learning_rate: float = 0.001,
                   beta1: float = 0.9, beta2: float = 0.999, epsilon: float = 1e-8, weight_decay: float = 0.01
                   ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Adam's step and the decay's, one after the other."""
    v = beta1 * v + (1 - beta1) * dw
    s = beta2 * s + (1 - beta2) * dw**2
    adam = learning_rate * (v / (1 - beta1**t) / (np.sqrt(s / (1 - beta2**t)) + epsilon))
    pulled = learning_rate * weight_decay * w
    return w - adam - pulled, v, s


RULE = Rule(
    "adamw_step",
    ("w", "dw", "v", "s", "t", "learning_rate", "beta1", "beta2", "epsilon", "weight_decay"), ("w", "v", "s"),
    defaults={"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "weight_decay": 0.01},
    board=Switchboard(
        (
            Node("rate", "learning_rate"),
            Node("b1", "beta1"),
            Node("b2", "beta2"),
            Node("eps", "epsilon"),
            Node("strength", "weight_decay"),
            Node("g", "dw"),
            Node("first", lambda b1, v, g: b1 * v + (1 - b1) * g),
            Node("second", lambda b2, s, g: b2 * s + (1 - b2) * g**2),
            Node("first_hat", lambda first, b1, t: first / (1 - b1**t)),
            Node("second_hat", lambda second, b2, t: second / (1 - b2**t)),
            Node("root", lambda second_hat: np.sqrt(second_hat)),
            Node("denominator", lambda root, eps: root + eps),
            Node("led", "first_hat"),
            Node("numerator", "led"),
            Node("direction", lambda numerator, denominator: numerator / denominator),
            Node("turned", "direction"),
            Node("pull", lambda strength, w: strength * w),
            Node("push", lambda turned, pull: turned + pull),
            Node("step", lambda rate, push: rate * push),
            Node("moved", lambda w, step: w - step),
            Node("moments", lambda first, second: (first, second)),
            Node("returned", lambda moved, moments: (moved, *moments)),
        ),
        (
            deviation("adamw_step.decay_in_gradient", "The decay is put into the gradient.",
                      "It goes through both memories, and weights with large gradients hardly decay.", DECAY,
                      {"g": lambda dw, strength, w: dw + strength * w, "pull": lambda w: 0.0}),
            deviation("adamw_step.decay_twice", "The decay stands in the gradient and in the step.",
                      "Each weight is pulled once as asked, and once more by way of the memories.", DECAY,
                      {"g": lambda dw, strength, w: dw + strength * w}),
            deviation("adamw_step.decay_missing", "The decay does not appear.",
                      "That is Adam: weights without a gradient stay as large as they are.", DECAY,
                      {"pull": lambda w: 0.0}),
            deviation("adamw_step.decay_scaled",
                      "The decay is divided by the second moment's root, as the gradient is.",
                      "Weights with large gradients hardly decay, those with small ones vanish.", DECAY,
                      {"numerator": lambda led, strength, w: led + strength * w,
                       "pull": lambda w: 0.0}),
            deviation("adamw_step.decay_after_step", "The decay is taken from the weights that have moved already.",
                      "Adam's step is decayed, too, so each step is a little shorter than asked for.", DECAY,
                      {"moved": lambda w, rate, turned, strength: (w - rate * turned) * (1 - rate * strength)}),
            deviation("adamw_step.decay_without_rate", "The decay is taken without the learning rate.",
                      "With a small rate, the weights are gone long before anything is learned.", DECAY,
                      {"step": lambda rate, turned, pull: rate * turned + pull}),
            deviation("adamw_step.decay_rate_twice", "The decay is multiplied by the learning rate twice.",
                      "With a small rate, next to nothing of the decay is left.", DECAY,
                      {"pull": lambda strength, w, rate: rate * strength * w}),
            deviation("adamw_step.decay_grows", "The decay has the wrong sign.",
                      "The weights grow, the faster the larger they are.", DECAY,
                      {"pull": lambda strength, w: -strength * w}),
            deviation("adamw_step.decay_of_the_gradient", "It is the gradient that decays, not the weight.",
                      "A weight without a gradient stays as large as it is.", DECAY,
                      {"pull": lambda strength, g: strength * g}),
            deviation("adamw_step.decay_not_of_w", "The decay does not depend on the weight.",
                      "All weights are pushed down alike, negative ones away from zero.", DECAY,
                      {"pull": lambda strength: strength}),
            deviation("adamw_step.decay_of_the_sign", "The decay looks at the weight's sign alone.",
                      "Small weights are pulled as hard as large ones, and swing around zero.", DECAY,
                      {"pull": lambda strength, w: strength * np.sign(w)}),
            deviation("adamw_step.decay_squared", "The weight is squared in the decay.",
                      "Negative weights are driven away from zero.", DECAY,
                      {"pull": lambda strength, w: strength * w**2}),
            deviation("adamw_step.hard_coded_decay", "A number stands where the argument weight_decay belongs.",
                      "Another decay has no effect.", ORDER,
                      *({"strength": lambda w, c=c: c} for c in (0.01, 0.1, 0.001, 0.5, 1.0))),
            deviation("adamw_step.first_correction_missing", "The first moment is not corrected.",
                      "The first steps are far too short.", CORRECTION,
                      {"first_hat": "first"}),
            deviation("adamw_step.second_correction_missing", "The second moment is not corrected.",
                      "The first steps are far too long.", CORRECTION,
                      {"second_hat": "second"}),
            deviation("adamw_step.betas_swapped", "The two betas stand in each other's place.",
                      "The first moment remembers far too long, the second not long enough.", ADAM,
                      {"b1": "beta2", "b2": "beta1"}),
            deviation("adamw_step.gradient_not_squared", "The gradient enters the second moment without its square.",
                      "Negative gradients can make it negative: then it has no root, and the weights become nan.", ADAM,
                      {"second": lambda b2, s, g: b2 * s + (1 - b2) * g}),
            deviation("adamw_step.root_missing", "The step is divided by the second moment without its root.",
                      "Steps grow as gradients shrink: near the minimum the weights leap away.", ADAM,
                      {"root": "second_hat"}),
            deviation("adamw_step.epsilon_inside_root", "Epsilon is added under the root, not after it.",
                      "Weights with tiny gradients nearly stop, for under the root it weighs far more.", ORDER,
                      {"root": lambda second_hat, eps: np.sqrt(second_hat + eps), "denominator": "root"}),
            deviation("adamw_step.epsilon_missing", "Epsilon does not appear in the denominator.",
                      "A weight whose gradient has always been zero becomes nan: zero divided by zero.", ORDER,
                      {"denominator": "root"}),
            deviation("adamw_step.raw_gradient", "The newest gradient, not the first moment, moves the weights.",
                      "Zigzags and noise are no longer averaged out.", ADAM,
                      {"led": "g"}),
            deviation("adamw_step.no_division", "The step is not divided by the second moment.",
                      "Large gradients make large steps again, and one learning rate no longer fits all weights.", ADAM,
                      {"direction": "numerator"}),
            deviation("adamw_step.hard_coded_rate", "A number stands where the argument learning_rate belongs.",
                      "With another rate, the step is the same as before.", ORDER,
                      *({"rate": lambda w, c=c: c} for c in RATES)),
            deviation("adamw_step.ascends", "The gradient's part of the step is added to the weights.",
                      "The loss rises from the first step.", ADAM,
                      {"turned": lambda direction: -direction},
                      {"moved": lambda w, step: w + step}),
            deviation("adamw_step.step_returned", "The step comes back where the new weights belong.",
                      "The caller takes the step for the new place, and all that was learned is lost.", ORDER,
                      {"moved": "step"}, {"moved": lambda step: -step}),
            deviation("adamw_step.corrected_returned", "The corrected moments come back in place of the raw ones.",
                      "The next step corrects them again.", ORDER,
                      {"moments": lambda first_hat, second_hat: (first_hat, second_hat)},
                      {"moments": lambda first_hat, second: (first_hat, second)},
                      {"moments": lambda first, second_hat: (first, second_hat)}),
            deviation("adamw_step.old_moments_returned", "The moments come back as they went in.",
                      "Nothing is remembered from one step to the next.", ORDER,
                      {"moments": lambda v, s: (v, s)}, {"moments": lambda v, second: (v, second)},
                      {"moments": lambda first, s: (first, s)}),
            deviation("adamw_step.old_weights_returned", "The weights come back as they went in.",
                      "Nothing is learned, however often it is called.", ORDER,
                      {"moved": "w"}),
            deviation("adamw_step.order_of_returns", "What comes back is not in the order that the task gives.",
                      "The caller goes on and takes one for another.", ORDER,
                      {"returned": lambda moved, moments: (*moments, moved)},
                      {"returned": lambda moved, first, second: (moved, second, first)}),
            deviation("adamw_step.weights_only", "Only the weights come back, the moments do not.",
                      "The next step has nothing to remember.", ORDER,
                      {"returned": "moved"}),
        ), ("returned",)),
    left_out=left_out("adamw_step", "a setting", ORDER), ways=(decayed_first, decayed_beside))


def _challenges(rng: Generator) -> list[Challenge]:
    def drawn(shape: tuple[int, ...], t: int, scale: float = 1.0) -> tuple[np.ndarray, ...]:
        w, dw = rng.uniform(0.5, 2.5, (2, *shape)) * rng.choice([-1.0, 1.0], (2, *shape))
        v = rng.uniform(-1.5, 1.5, shape) if t > 1 else np.zeros(shape)
        s = rng.uniform(0.3, 3, shape) if t > 1 else np.zeros(shape)
        return w, scale * dw, scale * v, scale**2 * s

    def settings() -> dict[str, float]:
        """Of such sizes that each of them shows, epsilon and decay included."""
        return {"learning_rate": float(rng.uniform(0.1, 0.3)), "beta1": float(rng.uniform(0.6, 0.86)),
                "beta2": float(rng.uniform(0.9, 0.98)), "epsilon": float(rng.uniform(0.05, 0.3)),
                "weight_decay": float(rng.uniform(0.15, 0.6))}

    zeros = drawn((1, 4), 3)
    zeros[1][:, :2] = 0.0
    zeros[2][:, 1:3] = 0.0
    zeros[3][:, 1:3] = 0.0
    return [
        *(RULE.call(f"case/step {t}, w of shape {shape}", *drawn(shape, t), t, *settings().values())
          for t, shape in ((1, (3,)), (2, (2, 3)), (7, (3, 1)), (30, (2, 2, 2)))),
        RULE.call("case/zeros among the gradients and moments", *zeros, 3, *settings().values()),
        RULE.call("case/all by keyword", **dict(zip(("w", "dw", "v", "s"), drawn((4,), 5)), t=5, **settings())),
        RULE.call("default/decay left out", *drawn((2, 2), 4), 4,
                  **{name: value for name, value in settings().items() if name != "weight_decay"}),
        RULE.call("default/all settings left out, tiny gradients", *drawn((3,), 6, 1e-8), 6),
    ]


EXERCISE = RULE.exercise(_challenges, (
    RULE.criterion("moments", "the two moments, without decay in them", "case", only="v s"),
    RULE.criterion("weights", "one step: Adam's, and the decay's", "case", only="w"),
    RULE.criterion("default", "what has a default, left out", "default"),
), assignment="beyond", place=1, settled="“AdamW: where does the decay go?” in the assignment")
