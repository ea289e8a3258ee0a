"""How the tests of the tutor put a student's function to it."""
import linecache
from functools import cache

import numpy as np
import pytest
from student_code import function

from optimlab.tutor.challenges import answer_all
from optimlab.tutor.checking import PUBLIC_SEED
from optimlab.tutor.exercise import assess
from optimlab.tutor.registry import EXERCISES
from optimlab.tutor.telling import KINDS


@cache
def drawn(name, seed):
    """The challenges of an exercise; answers get copies, so that they can be drawn once."""
    return EXERCISES[name].challenges(np.random.default_rng(seed))


@pytest.fixture(scope="session")
def challenges_of():
    return drawn


@pytest.fixture(scope="session")
def assessed():
    """Assess a student's source text as the notebook and the grader do: the Report (each once).

    traced: with a look at the computation. What is named by the numbers alone is named a hundred times sooner without.
    """
    @cache
    def run(name, source, seed=PUBLIC_SEED, seconds=5.0, traced=True):
        # A traceback shows a line of text that is in no file only from here, as IPython does it.
        linecache.cache["<student>"] = (len(source), None, source.splitlines(keepends=True), "<student>")
        challenges, written = drawn(name, seed), function(source, name)
        followed = list(EXERCISES[name].followed) if traced else []
        answers = answer_all(challenges, written, seconds)
        report = assess(EXERCISES[name], challenges, answers, source,
                        lambda: [a.trace for a in answer_all(followed, written, seconds)],
                        lambda file: source if file == "<student>" else "")
        del linecache.cache["<student>"]
        return report
    return run


@pytest.fixture(scope="session")
def names():
    """The ids of a report's mistakes, as a set; a slip that was only seen in the code has no name."""
    return lambda report: {m.id for m in report.mistakes} - KINDS.keys()
