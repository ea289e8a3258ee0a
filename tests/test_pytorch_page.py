"""docs/pytorch.md: what its cells gave in PyTorch, which the course need not have, is what the course's own give."""
import json
import re
from pathlib import Path

import numpy as np
import pytest

from optimlab import optimizers, schedules
from optimlab.surfaces import quadratic

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = json.loads((ROOT / "tests/reference/torch.json").read_text("utf-8"))
PAGE = (ROOT / "docs/pytorch.md").read_text("utf-8")
CELLS = re.findall(r"(?ms)^Here: `([^`]+)`\n\n```python\n(.*?)^```\n\nBoth: `([^`]+)`(.*?)$", PAGE)
TABLE = re.findall(r"(?m)^\| `(\w+)` \| `(?:torch\.optim|lion_pytorch|schedulefree)\.(\w+)[^|]*\| [^|]+ \| ([^|]+) \|$", PAGE)
ravine = quadratic(REFERENCE["curvatures"])


def ours(here):
    """What the course's own gives: where 20 steps down the ravine lead, or the rates of 20 steps."""
    kind = eval(here, vars(optimizers) | vars(schedules))
    if not hasattr(kind, "step"):
        return kind(np.arange(20))
    w = np.array([[-5.0, -2.0]])
    state = kind.init(w)
    for _ in range(20):
        w, state = kind.step(w, ravine.gradient(w), state)
    return w.ravel()


def test_every_cell_with_a_value_was_run_as_it_stands_and_has_ours_beside_it():
    assert {cell for _, cell, _, _ in CELLS} == set(REFERENCE["pasted"])


@pytest.mark.parametrize("here, cell, both, but", CELLS, ids=[here.partition("(")[0] for here, *_ in CELLS])
def test_a_cell_gives_what_ours_gives(here, cell, both, but):
    """To the six digits that are shown; Muon's, which PyTorch rounds, to a fifth of a step."""
    theirs = REFERENCE["pasted"][cell]
    assert json.loads(both) == theirs
    np.testing.assert_allclose(ours(here), theirs, atol=0.02 if "bfloat16" in but else 2e-6)


def test_the_table_has_every_optimizer_and_says_what_pytorch_takes_by_itself():
    assert [name for name, *_ in TABLE] == [*(n for n in optimizers.OPTIMIZERS if n not in ("Lion", "ScheduleFree")),
                                            "Muon", "Lion", "ScheduleFree"]
    for _, kind, said in TABLE:
        for name, value in re.findall(r"(\w+)=(\([^)]*\)|[\w.-]+)", said):
            if name != "amsgrad":
                assert json.dumps(REFERENCE["defaults"][kind][name]) == json.dumps(eval(value)), (kind, name)
