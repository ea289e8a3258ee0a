"""How many wrong Adam functions the tutor names exactly, and how long a diagnosis takes.

    PYTHONPATH=tests/support python benchmarks/diagnosis.py

The functions are those of tests/tutor/exercises/: source text with one, two or three slips in it,
written apart from the tutor's own simulation. Printed are

(a) single slips named exactly, that is these slips and no other;
(b) pairs: how many of the compatible ones are distinguishable, and of those named exactly;
(c) 300 random distinguishable triples: named exactly;
(d) median and worst time of one diagnosis, for pairs and triples, and its ratio to the time of plain
    grading (answering the challenges and judging them) of the same function in the same run.

A set of slips is distinguishable when no other set of its size or smaller gives the same numbers on
every case. That is decided without the tutor: by running the functions on cases of another seed and
comparing 9 significant digits. All of it takes about five minutes.
"""

import time
from collections import defaultdict
from dataclasses import replace
from itertools import combinations
from statistics import median

import numpy as np
import student_code
from student_code import compatible, function, source

from optimlab.tutor import EXERCISES
from optimlab.tutor.challenges import answer_all
from optimlab.tutor.checking import PUBLIC_SEED
from optimlab.tutor.exercise import assess

NAME = "update_parameters_with_adam"
EXERCISE = EXERCISES[NAME]
JUDGED_ONLY = replace(EXERCISE, diagnose=lambda pairs, source, seen: seen)
SLIPS = list(student_code.of(NAME).slips)
FINGERPRINT_SEED = 99
TRIPLES = 300


def challenges(seed: int) -> list:
    return EXERCISE.challenges(np.random.default_rng(seed))


def diagnosis_cases(drawn) -> list:
    return [c for c in drawn if c.id.startswith("diagnosis")]


def fingerprint(slips, cases) -> tuple:
    """All numbers that the function with these slips returns, to 9 digits; its error where it fails."""
    student = function(source(NAME, *slips), NAME)
    seen = []
    with np.errstate(all="ignore"):
        for case in cases:
            arguments, keywords = case.calls[0]
            try:
                arrays = student(*arguments, **keywords)
            except Exception as error:
                seen.append(str(error))
            else:
                seen += [f"{x:.8e}" for array in arrays for x in array.flat]
    return tuple(seen)


def distinguishable(largest: int) -> tuple[dict[int, list], dict[int, int]]:
    """Sets of slips, by size, that no other set as small gives the numbers of; how many are compatible."""
    cases = diagnosis_cases(challenges(FINGERPRINT_SEED))
    alike = defaultdict(list)
    counted = dict.fromkeys(range(largest + 1), 0)
    for size in counted:
        for slips in combinations(SLIPS, size):
            if compatible(NAME, slips):
                counted[size] += 1
                alike[hash(fingerprint(slips, cases))].append(slips)
    alone = defaultdict(list)
    for sets in alike.values():  # smallest first
        if len(sets) == 1 or len(sets[0]) < len(sets[1]):
            alone[len(sets[0])].append(sets[0])
    return alone, counted


def diagnose(slips, drawn) -> tuple[bool, float, float]:
    """Whether the slips are named exactly; seconds of the diagnosis alone, and of the grading alone."""
    text = source(NAME, *slips)
    student = function(text, NAME)
    began = time.perf_counter()
    answers = answer_all(drawn, student)
    report = assess(JUDGED_ONLY, drawn, answers)
    graded = time.perf_counter()
    named = EXERCISE.diagnose(list(zip(drawn, answers)), text, [])
    done = time.perf_counter()
    assert report.score < report.max_score
    return {m.id for m in named} == set(slips), done - graded, graded - began


def named_exactly(sets, drawn) -> tuple[int, str, list]:
    """How many are named exactly, a line on the times, and those that are not."""
    results = [(slips, *diagnose(slips, drawn)) for slips in sets]
    times = [t for _, _, t, _ in results]
    ratios = [t / grading for _, _, t, grading in results]
    line = (f"median {median(times) * 1e3:.0f} ms, worst {max(times) * 1e3:.0f} ms; "
            f"{median(ratios):.1f} times plain grading (worst {max(ratios):.0f})")
    return sum(r[1] for r in results), line, [r[0] for r in results if not r[1]]


def main() -> None:
    drawn = challenges(PUBLIC_SEED)
    alone, counted = distinguishable(3)

    singles, _, missed = named_exactly([(id,) for id in SLIPS], drawn)
    print(f"(a) singles: {singles} of {len(SLIPS)} named exactly", *missed, sep="\n    ")

    pairs, pair_times, missed = named_exactly(alone[2], drawn)
    print(f"(b) pairs: {len(alone[2])} of {counted[2]} compatible ones are distinguishable, "
          f"{pairs} of them named exactly", *missed, sep="\n    ")

    picked = np.random.default_rng(0).choice(len(alone[3]), TRIPLES, replace=False)
    triples, triple_times, missed = named_exactly([alone[3][i] for i in picked], drawn)
    print(f"(c) triples: {len(alone[3])} of {counted[3]} compatible ones are distinguishable; "
          f"of {TRIPLES} random ones {triples} named exactly", *missed, sep="\n    ")

    print(f"(d) one diagnosis of a pair: {pair_times}")
    print(f"    one diagnosis of a triple: {triple_times}")


if __name__ == "__main__":
    main()
