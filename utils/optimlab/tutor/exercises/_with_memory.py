"""What the steps with a memory share (lessons 05 to 07): (w, dw, memory, learning_rate, ...) -> (w, memory).

The nodes stand in this order, those of an exercise's own between them:

    g, rate, felt, entering    what is given; the last two are the gradient on its way into the memory
    old, remembered, used      the memory before and after this gradient, and that which the step is taken with
    direction, turned, step    the step without and with its rate
    taken, moved, handed_on    the step that is taken, the new weights and the new memory
    returned                   both
"""

import numpy as np

from optimlab.tutor.switchboard import Deviation, Node, deviation

RATES = (0.1, 0.01, 0.001, 0.05, 0.5)

BEFORE = (
    Node("g", "dw"),
    Node("rate", "learning_rate"),
    Node("felt", "g"),
    Node("entering", "felt"),
)
AFTER = (
    Node("turned", "direction"),
    Node("step", lambda rate, turned: rate * turned),
    Node("taken", "step"),
    Node("moved", lambda w, taken: w - taken),
    Node("handed_on", "remembered"),
    Node("returned", lambda moved, handed_on: (moved, handed_on)),
)


def shared(name: str, memory: str, reread: str) -> tuple[Deviation, ...]:
    """The mistakes of a step that do not depend on what it remembers.

    memory: what the remembered array is called in words.
    """
    return (
        deviation(f"{name}.ascends", "The step is added to the weights, not taken from them.",
                  "The loss rises from the first step.", reread,
                  {"moved": lambda w, taken: w + taken}),
        deviation(f"{name}.rate_missing", "The learning rate does not appear in the step.",
                  "Whoever asks for small steps gets long ones, and the weights leap over the valley.", reread,
                  {"rate": lambda w: 1.0}),
        deviation(f"{name}.hard_coded_rate", "A number stands where the argument learning_rate belongs.",
                  "With another rate, the step is the same as before.", reread,
                  *({"rate": lambda w, c=c: c} for c in RATES)),
        deviation(f"{name}.divides_by_rate", "The step is divided by the learning rate.",
                  "The smaller the rate you ask for, the longer the step.", reread,
                  {"step": lambda rate, turned: turned / rate}),
        deviation(f"{name}.normalized", "The gradient is divided by its own length.",
                  "How steep it is no longer counts, and each weight's step depends on all the others' slopes.", reread,
                  {"g": lambda dw: dw / np.linalg.norm(dw)}, {"g": lambda dw: dw / (np.linalg.norm(dw) + 1e-8)},
                  {"g": lambda dw: dw / np.abs(dw).max()}),
        deviation(f"{name}.times_gradient", "The step is multiplied by the gradient once more.",
                  "Its sign no longer follows the slope: on one side of the valley the walk goes uphill.", reread,
                  {"turned": lambda direction, g: direction * g}),
        deviation(f"{name}.step_returned", "The step comes back where the new weights belong.",
                  "The caller takes the step for the new place, and the walk is lost.", reread,
                  {"moved": "taken"}, {"moved": lambda taken: -taken}),
        deviation(f"{name}.old_weights_returned", "The weights come back as they went in.",
                  "Nothing is learned, however often it is called.", reread,
                  {"moved": "w"}),
        deviation(f"{name}.old_memory_returned", f"The {memory} comes back as it went in.",
                  "Nothing is remembered from one step to the next.", reread,
                  {"handed_on": "old"}),
        deviation(f"{name}.order_of_returns", f"The {memory} comes back first, the weights second.",
                  "The caller goes on with each in the other's place.", reread,
                  {"returned": lambda moved, handed_on: (handed_on, moved)}),
        deviation(f"{name}.weights_only", f"Only the weights come back, the {memory} does not.",
                  "The next step has nothing to remember.", reread,
                  {"returned": "moved"}),
        deviation(f"{name}.memory_only", f"Only the {memory} comes back, the weights do not.",
                  "Whatever the step was, the caller's weights stay where they are.", reread,
                  {"returned": "handed_on"}),
    )


def left_out(name: str, arguments: str, reread: str) -> Deviation:
    """The mistake of other defaults than those of the signature; `arguments` in words."""
    return deviation(f"{name}.other_default", f"Where {arguments} is left out, a number other than the task's is used.",
                     "Whoever leaves it out takes other steps than expected, without a word of warning.", reread)


def whole_numbers(name: str, memory: str, reread: str) -> Deviation:
    """The mistake of results of the gradient's own type."""
    return deviation(f"{name}.whole_numbers", "With whole numbers in dw, results are cut to whole numbers.",
                     f"What is smaller than one is lost, from the {memory} or from the weights.", reread)
