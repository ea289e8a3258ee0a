"""Sees which ready-made code runs within the calls of a student's functions, whatever way led to it.

What it sees is a hint for a person: it comes from the student's own process, which can forge it.
"""

import contextlib
import cProfile
import functools
import os
import sys
from collections.abc import Iterator
from types import CodeType

MOST_SEEN = 100  # names that are told
SHORTEST = 100  # bytes of code: that shorter functions are alike says nothing
SLOWER = 10  # times, at the very most, that a watched call takes
OURS = ("optimlab.tutor.challenges.", "optimlab.tutor.tracing.", "optimlab.classroom.")  # this runs around every call


class Witness:
    """Watches calls, one after another, and tells what ran in them.

    Watching takes time, and no call may end late for it. So only those are watched that will be far from their limit,
    by what the last one took.
    """

    def __init__(self) -> None:
        self._profile = cProfile.Profile(subcalls=False, builtins=False)
        self._roots = sorted((os.path.join(os.path.abspath(p), "") for p in sys.path if p), key=len, reverse=True)

    @contextlib.contextmanager
    def watching(self, seconds: float, most: float) -> Iterator[None]:
        """Watch what runs in the block, if it will take about so many seconds and may take `most`."""
        if seconds * SLOWER > most:
            yield
            return
        with contextlib.suppress(ValueError):  # the student's code profiles itself
            self._profile.enable()
        try:
            yield
        finally:
            self._profile.disable()

    def seen(self) -> list[str]:
        """The full names of the functions that ran, but for those of Python, NumPy and the notebook itself.

        A function of the notebook whose code is that of one of the course's own is told under that one's name.
        """
        codes = [entry.code for entry in self._profile.getstats() if isinstance(entry.code, CodeType)]
        names = {self._name(code) for code in codes}
        copies = {_print(code) for code in codes if not self._name(code) and len(code.co_code) >= SHORTEST}
        for known in map(_codes_of, _own_modules()):
            names |= {self._name(code) for copy in copies & known.keys() for code in known[copy]}
        apart = {*sys.stdlib_module_names, "numpy", ""}
        return sorted(n for n in names if n.split(".")[0] not in apart and not n.startswith(OURS))[:MOST_SEEN]

    def _name(self, code: CodeType) -> str:
        """The full name of a function by the file that it is from; "" if that is no file of a package."""
        root = next((root for root in self._roots if code.co_filename.startswith(root)), "")
        if not root:
            return ""
        path = code.co_filename.removeprefix(root).removesuffix(".py").removesuffix(f"{os.sep}__init__")
        return f"{path.replace(os.sep, '.')}.{code.co_qualname}"[:200]


def read_library() -> None:
    """Read the code of the course's own modules, as far as they are loaded: once for all processes forked later."""
    for module in _own_modules():
        _codes_of(module)


def _own_modules() -> list[str]:
    return [name for name in sys.modules if name.startswith("optimlab.")]


@functools.cache
def _codes_of(module: str) -> dict[tuple[object, ...], set[CodeType]]:
    """The code of all functions of a loaded module, by what copies of them have in common."""
    inside = list(vars(sys.modules[module]).values())
    inside += [member for x in inside if isinstance(x, type) for member in vars(x).values()]
    codes: dict[tuple[object, ...], set[CodeType]] = {}
    for code in (getattr(x, "__code__", None) for x in inside):
        if isinstance(code, CodeType):
            codes.setdefault(_print(code), set()).add(code)
    return codes


def _print(code: CodeType) -> tuple[object, ...]:
    """What two copies of a function have in common, whatever they and their variables are called."""
    return code.co_code, code.co_names, tuple(c for c in code.co_consts if isinstance(c, (int, float)))
