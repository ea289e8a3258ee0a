"""How many wrong Adam functions the tutor names exactly, and how long a diagnosis takes.

    PYTHONPATH=tests/support python benchmarks/diagnosis.py

The functions are those of tests/tutor/exercises/: source text with one to six slips in it, written
apart from the tutor's own simulation. Printed are

(a) single slips named exactly by their numbers alone, that is these slips and no other;
(b) pairs: how many of the compatible ones are distinguishable, and of those named exactly, likewise;
(c) 200 random triples, and 40 random sets of four, five and six, by numbers and trace: named exactly,
    and how many of the slips are told, by their name or by their line;
(d) median and worst CPU time of one diagnosis, and for pairs its ratio to that of plain grading
    (answering the challenges and judging them) of the same function in the same run.

A set of slips is distinguishable when no other set of its size or smaller gives the same numbers on
every case. That is decided without the tutor: by running the functions on cases of another seed and
comparing 9 significant digits. In (c) every slip of a set changes the numbers of the others, and more
than half of them are finite; a set that gives the very same numbers counts as named, too. With
`several` only (c) is computed. All of it takes about ten minutes.
"""

import sys
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
DRAWN = {3: 200, 4: 40, 5: 40, 6: 40}
UNMIXED = [s for s in SLIPS if not s.startswith("returns.")]  # beside these nothing else shows


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
    began = time.process_time()
    answers = answer_all(drawn, student)
    report = assess(JUDGED_ONLY, drawn, answers)
    graded = time.process_time()
    named = EXERCISE.diagnose(list(zip(drawn, answers)), text, [])
    done = time.process_time()
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


def drawn_set(rng, size: int, cases) -> tuple[str, ...]:
    """Compatible slips, each of which changes what the others give."""
    while True:
        slips = tuple(sorted(map(str, rng.choice(UNMIXED, size, replace=False))))
        if compatible(NAME, slips):
            numbers = fingerprint(slips, cases)
            finite = sum(x not in ("nan", "inf", "-inf") for x in numbers)
            if finite > max(len(numbers) / 2, len(cases)) and all(
                    fingerprint([s for s in slips if s != one], cases) != numbers for one in slips):
                return slips


def told(slips, drawn, cases) -> tuple[bool, int, float]:
    """Whether these slips are named, how many are named or told with their line, and the CPU seconds it takes."""
    text = source(NAME, *slips)
    student = function(text, NAME)
    answers = answer_all(drawn, student)
    traces = [a.trace for a in answer_all(list(EXERCISE.followed), student)]
    began = time.process_time()
    report = assess(EXERCISE, drawn, answers, text, lambda: traces, lambda file: text if file == "<student>" else "")
    seconds = time.process_time() - began
    ids, lines = {m.id for m in report.mistakes}, {m.source for m in report.mistakes}
    exact = ids == set(slips) or (ids <= set(SLIPS) and len(ids) <= len(slips) and compatible(NAME, sorted(ids))
                                  and fingerprint(sorted(ids), cases) == fingerprint(slips, cases))
    right = source(NAME).splitlines()
    own = {s: {line.strip() for line in source(NAME, s).splitlines() if line not in right} for s in slips}
    return exact, len(slips) if exact else sum(s in ids or bool(own[s] & lines) for s in slips), seconds


def several(drawn) -> None:
    cases = diagnosis_cases(challenges(FINGERPRINT_SEED))
    for size, count in DRAWN.items():
        rng = np.random.default_rng(size)
        sets = [drawn_set(rng, size, cases) for _ in range(count)]
        results = [told(slips, drawn, cases) for slips in sets]
        times = [seconds for *_, seconds in results]
        print(f"(c) {count} sets of {size}: {sum(exact for exact, *_ in results)} named exactly, "
              f"{sum(n for _, n, _ in results)} of {count * size} slips told; "
              f"median {median(times) * 1e3:.0f} ms, worst {max(times) * 1e3:.0f} ms",
              *(" + ".join(slips) for slips, (exact, *_) in zip(sets, results) if not exact), sep="\n    ", flush=True)


def main() -> None:
    drawn = challenges(PUBLIC_SEED)
    if "several" in sys.argv[1:]:
        return several(drawn)
    alone, counted = distinguishable(2)

    singles, _, missed = named_exactly([(id,) for id in SLIPS], drawn)
    print(f"(a) singles: {singles} of {len(SLIPS)} named exactly", *missed, sep="\n    ")

    pairs, pair_times, missed = named_exactly(alone[2], drawn)
    print(f"(b) pairs: {len(alone[2])} of {counted[2]} compatible ones are distinguishable, "
          f"{pairs} of them named exactly", *missed, sep="\n    ")
    print(f"(d) one diagnosis of a pair: {pair_times}")
    return several(drawn)


if __name__ == "__main__":
    main()
