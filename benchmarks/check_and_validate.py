"""`optimlab check` against `nbgrader validate` on the same notebook: wall time, as a ratio.

Both are started as a person starts them, in turn, so that a busy machine slows both. Prints the
medians and the median of the pairwise ratios.

    python benchmarks/check_and_validate.py [ROUNDS]
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOK = ROOT / "solutions" / "adam" / "adam.ipynb"


def seconds(*module: str) -> float:
    """How long one command takes, from its start to its end."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-m", *module], cwd=ROOT, check=True, capture_output=True,
                   env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"})
    return time.perf_counter() - began


def main(rounds: int = 7) -> None:
    """Measure and print."""
    pairs = [(seconds("optimlab", "check", str(NOTEBOOK)), seconds("nbgrader", "validate", str(NOTEBOOK)))
             for _ in range(rounds + 1)]
    pairs = pairs[1:]  # the first round also fills the disk's cache
    check, validate = (statistics.median(column) for column in zip(*pairs))
    ratio = statistics.median(c / v for c, v in pairs)
    print(f"optimlab check     {check:5.2f} s")
    print(f"nbgrader validate  {validate:5.2f} s")
    print(f"ratio              {ratio:5.2f}  (median of {rounds} pairs)")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
