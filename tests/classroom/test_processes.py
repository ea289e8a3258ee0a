"""The processes that mark: a task that takes too much ends alone, and its neighbours go on."""
import functools
import operator
import os
import re
import signal
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from optimlab.classroom.processes import Bounds, Exceeded, Killed, Pool

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such bounds")
TASKS = {  # what the task does, and how it ends
    "never ends": ((functools.reduce, operator.add, iter(int, 1)), Exceeded, "takes more than 1 s to mark"),
    "never ends, in C": ((re.match, "(a|aa)+$", "a" * 60 + "b"), Exceeded, "takes more than 1 s to mark"),
    "takes memory": ((bytes, 2**30), Exceeded, "takes more than 256 MB of memory to mark"),
    "takes memory, bit by bit": ((list, range(10**8)), Exceeded, "takes more than 256 MB of memory to mark"),
    "crashes": ((signal.raise_signal, signal.SIGSEGV), Exceeded, "ends the process that marks it"),
    "ends its process": ((os._exit, 0), Exceeded, "ends the process that marks it"),
    "is killed": ((signal.raise_signal, signal.SIGKILL), Killed, "was ended from outside"),
    "raises": ((operator.truediv, 1, 0), ZeroDivisionError, "division by zero"),
    "gives what cannot be sent": ((open, os.devnull), TypeError, "cannot pickle"),
}


@pytest.fixture(scope="module")
def pool():
    with Pool(2, Bounds(seconds=1, memory=256 * 2**20)) as pool:
        yield pool


@pytest.mark.slow
def test_a_task_that_takes_too_much_ends_alone(pool):
    """All at once, each beside one that takes its time and must come to its end."""
    def do(task):
        try:
            return pool.do(*task)
        except Exception as error:
            return error

    with ThreadPoolExecutor(8) as threads:
        ends = {name: threads.submit(do, task) for name, (task, _, _) in TASKS.items()}
        neighbours = [threads.submit(do, (_slow_sum, n)) for n in range(6)]
        for name, (_, kind, words) in TASKS.items():
            end = ends[name].result()
            assert type(end) is kind and words in str(end), (name, end)
        assert [n.result() for n in neighbours] == [2 * n for n in range(6)]


def _slow_sum(n):
    time.sleep(0.5)
    return 2 * n


def test_a_process_serves_one_task_after_another(pool):
    assert len({pool.do(os.getpid) for _ in range(5)}) <= 2
    assert [pool.do(operator.mul, n, n) for n in range(5)] == [0, 1, 4, 9, 16]
