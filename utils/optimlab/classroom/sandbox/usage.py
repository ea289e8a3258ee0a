"""What all processes of a submission use together: time of the cores, memory, their number; read from /proc.

Neighbours slow each other down, so time is not what a clock on the wall says. `Usage.kept` counts the seconds
for which a submission wanted to compute and had to wait, as long as others had the core: what it starts itself
and what then waits for its own kind is not counted. Nor are seconds for which all stood still, as a virtual machine
does while it is moved. So a step takes its time on the wall less what was kept.
"""

import contextlib
import os
import time
from collections.abc import Iterator

PAUSE = 1.0   # seconds; who comes so much later to look again than the cores explain, stood still
WINDOW = 1.0  # seconds; a thread's wait is known only when it ends, which may be later than the next look
AGAIN = 0.5   # seconds from one exact measurement of a process's memory, which is slow, to the next
LONGEST = 0.1  # seconds that exact measurements may take at a time


def running() -> list[str]:
    """Every process but process 1."""
    return [p for p in os.listdir("/proc") if p.isdigit() and p != "1"]


class Usage:
    """Looks at every process but process 1 of its own namespace; `look()` is called again and again.

    used: seconds of cores, of all threads together.
    kept: seconds for which the submission was kept waiting.
    """

    def __init__(self, used: float = 0.0, kept: float = 0.0):
        self.used, self.kept = used, kept
        self._cores = len(os.sched_getaffinity(0))
        self._known: dict[str, tuple[int, int]] = {}  # by thread, nanoseconds computed and waited so far
        self._began, self._computed, self._waited = time.monotonic(), 0.0, 0.0
        self._before = used, kept
        self._looked = time.monotonic() - own_seconds()  # moves on only while this process stands still
        # By process: when its memory was last measured exactly, the rough figure then, the exact one.
        self._measured: dict[str, tuple[float, int, int]] = {}

    def look(self) -> None:
        """Measure anew; called many times a second."""
        still = time.monotonic() - own_seconds() - self._looked
        self._looked += still
        if still > PAUSE:
            self._began += still
            self._before = self._before[0], self._before[1] + still
        known = {}
        for process in running():
            for thread, computed, waited in _threads(process):
                known[thread] = computed, waited
                before = self._known.get(thread, (0, 0))
                self._computed += max(0, computed - before[0]) / 1e9
                self._waited += max(0, waited - before[1]) / 1e9
        self._known = known
        seconds = max(time.monotonic() - self._began, 1e-9)
        used, kept = self._before
        self.used, self.kept = used + self._computed, kept + kept_waiting(
            seconds, self._computed, self._waited, self._cores)
        if seconds > WINDOW:
            self._began, self._computed, self._waited = time.monotonic(), 0.0, 0.0
            self._before = self.used, self.kept

    def memory(self, most: int) -> int:
        """Bytes held, exact only where they may be more than `most`.

        What processes share, as after a fork, counts once. To know that is slow, so first each counts as if alone. It
        is slower still while processes fork, whose memory is locked meanwhile: so one look does not measure them all,
        but those first that were measured longest ago. One that has not been measured yet does not count.
        """
        rough = {p: _sizes(f"/proc/{p}/status", "VmRSS", "VmSwap") for p in running()}
        if sum(rough.values()) <= most:
            return sum(rough.values())
        known = self._measured = {p: m for p, m in self._measured.items() if p in rough}
        began = time.monotonic()
        for p in sorted(rough, key=lambda p: known.get(p, (0.0, 0, 0))):
            now, grown = time.monotonic(), sum(rough[p] - then for p, (_, then, _) in known.items())
            enough = p in known and now - known[p][0] < AGAIN and grown + _exact(known) <= most
            if enough or now - began > LONGEST or _exact(known) > most:
                break
            known[p] = now, rough[p], _sizes(f"/proc/{p}/smaps_rollup", "Pss", "SwapPss")
        return _exact(known)


def _exact(measured: dict[str, tuple[float, int, int]]) -> int:
    return sum(size for _, _, size in measured.values())


def kept_waiting(seconds: float, computed: float, waited: float, cores: int) -> float:
    """For how many of these seconds others had the cores that a submission could have used.

    It could use as many cores as it has threads that want to compute, at most all. If it got half of that, half of
    the time does not count:

    >>> kept_waiting(seconds=2.0, computed=1.0, waited=1.0, cores=2)
    1.0

    Thirty threads that compute on both cores wait for each other, not for others:

    >>> kept_waiting(seconds=2.0, computed=4.0, waited=56.0, cores=2)
    0.0
    """
    wanted = min(computed + waited, cores * seconds)
    return max(0.0, wanted - computed) / max(1.0, wanted / seconds)


def own_seconds() -> float:
    """The seconds for which this process has computed or waited for a core."""
    return sum(computed + waited for _, computed, waited in _threads("self")) / 1e9


def killed_for_memory() -> int:
    """How many processes the kernel of this machine has killed so far because memory was short."""
    with contextlib.suppress(OSError), open("/proc/vmstat") as file:
        for line in file:
            if line.startswith("oom_kill "):
                return int(line.split()[1])
    return 0


def _threads(process: str) -> Iterator[tuple[str, int, int]]:
    """The threads of a process, each with the nanoseconds for which it has computed and waited for a core."""
    with contextlib.suppress(OSError):  # it may end meanwhile
        for thread in os.listdir(f"/proc/{process}/task"):
            with contextlib.suppress(OSError, ValueError), open(f"/proc/{process}/task/{thread}/schedstat") as file:
                computed, waited, _ = file.read().split()
                yield thread, int(computed), int(waited)


def _sizes(path: str, *names: str) -> int:
    """The sum of the sizes in bytes that a file of /proc gives these names."""
    total = 0
    with contextlib.suppress(OSError), open(path) as file:
        for line in file:
            name, _, value = line.partition(":")
            if name in names:
                total += 1024 * int(value.split()[0])
    return total
