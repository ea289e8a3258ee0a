"""Whether every right way to write Adam's step gets all points and no wrong one does, whatever the grader draws.

    PYTHONPATH=tests/support python benchmarks/right_answers.py

The answers are those of tests/tutor/exercises/. The right ones are other orders of the same computation, other
containers, loops, and above all float32 in any place; each is asked the challenges of 200 secrets. The wrong ones
have one slip each and are asked those of 20. It takes about seven minutes, and fails where a right answer loses a
point or a wrong one loses none.
"""

import sys
from collections import Counter
from collections.abc import Callable

import numpy as np
import student_code

from optimlab.tutor import EXERCISES
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.exercise import assess

NAME = "update_parameters_with_adam"
EXERCISE = EXERCISES[NAME]
SECRETS = {"right": 200, "wrong": 20}


def full_points(functions: dict[str, Callable], secrets: int) -> Counter:
    """With how many secrets each function gets all points."""
    full = Counter(dict.fromkeys(functions, 0))
    for seed in range(secrets):
        drawn = EXERCISE.challenges(np.random.default_rng(seed))
        full.update(name for name, function in functions.items()
                    if assess(EXERCISE, drawn, answer_all(drawn, function), explained=False).status == "correct")
    return full


def main() -> None:
    code = student_code.of(NAME)
    texts = {"right": {way: student_code.whole(NAME, text) for way, text in {**code.styles, **code.in_place}.items()},
             "wrong": {slip: student_code.source(NAME, slip) for slip in code.slips}}
    odd = 0
    for kind, secrets in SECRETS.items():
        functions = {name: student_code.function(text, NAME) for name, text in texts[kind].items()}
        full = full_points(functions, secrets)
        unlike = {name: n for name, n in full.items() if n != (secrets if kind == "right" else 0)}
        print(f"{kind}: {len(functions) - len(unlike)} of {len(functions)} get "
              f"{'all points' if kind == 'right' else 'fewer'} with each of {secrets} secrets")
        print(*(f"    {name}: all points with {n} of them\n" for name, n in unlike.items()), sep="", end="")
        odd += len(unlike)
    sys.exit(bool(odd))


if __name__ == "__main__":
    main()
