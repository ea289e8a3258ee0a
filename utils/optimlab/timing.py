"""How long code takes: measured in a process of its own, on one thread, so that two machines and two runs compare."""

import json
import os
import subprocess
import sys

__all__ = ["seconds"]

# Threads that share a matrix product wait for each other, the longer the busier the machine. Each library reads its
# own variable, once, when it is loaded: hence the process.
LIMITS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
MEASURE = """
import json, sys
from timeit import Timer
setup, *statements = json.loads(sys.argv[1])
timers = [Timer(statement, setup) for statement in statements]
rounds = [[timer.timeit(int(sys.argv[2])) / int(sys.argv[2]) for timer in timers] for _ in range(int(sys.argv[3]))]
print(json.dumps([min(times) for times in zip(*rounds)]))
"""


def seconds(setup: str, *statements: str, number: int = 1, rounds: int = 20) -> list[float]:
    """The shortest time that each statement took, in seconds, on one thread.

    `setup`: code that runs once for each statement before it is timed. `number`: how often a statement runs in a
    round; the statements take turns for `rounds` rounds, so that a busy moment of the machine hits all alike.
    Raises RuntimeError with the last line of what went wrong.

    >>> little, much = seconds("", "sum(range(10))", "sum(range(100_000))")
    >>> 0 < little < much
    True
    """
    command = [sys.executable, "-c", MEASURE, json.dumps([setup, *statements]), str(number), str(rounds)]
    done = subprocess.run(command, env={**os.environ, **dict.fromkeys(LIMITS, "1")}, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"the code that was to be timed failed: {done.stderr.strip().splitlines()[-1]}")
    return json.loads(done.stdout)
