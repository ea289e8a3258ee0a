"""How the tests of the tutor put a student's function to it."""
import linecache
from functools import cache

import numpy as np
import pytest

pytest.register_assert_rewrite("student_code")  # which holds checks of its own

from student_code import function  # noqa: E402

from optimlab.tutor.challenges import answer_all  # noqa: E402
from optimlab.tutor.checking import PUBLIC_SEED  # noqa: E402
from optimlab.tutor.exercise import assess  # noqa: E402
from optimlab.tutor.registry import EXERCISES  # noqa: E402


@cache
def drawn(name, seed):
    """The challenges of an exercise; answers get copies, so that they can be drawn once."""
    return EXERCISES[name].challenges(np.random.default_rng(seed))


@pytest.fixture(scope="session")
def challenges_of():
    return drawn


@pytest.fixture(scope="session")
def assessed():
    """Assess a student's source text as the notebook and the grader do: the Report (each once)."""
    @cache
    def run(name, source, seed=PUBLIC_SEED, seconds=5.0):
        # A traceback shows a line of text that is in no file only from here, as IPython does it.
        linecache.cache["<student>"] = (len(source), None, source.splitlines(keepends=True), "<student>")
        challenges = drawn(name, seed)
        answers = answer_all(challenges, function(source, name), seconds)
        return assess(EXERCISES[name], challenges, answers, source)
    return run


@pytest.fixture(scope="session")
def names():
    """The ids of a report's mistakes, as a set."""
    return lambda report: {m.id for m in report.mistakes}
