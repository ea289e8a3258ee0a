"""Runs a student's code and sends back what it does. It knows no expected result, so none can be stolen here.

It reads a bundle (the cells, the files beside the notebook) and challenges (the inputs of the calls to make), runs
the cells in one IPython shell, then calls the student's functions. Each result is sent as soon as it is there, so
that a process that dies loses only what came later. The frames (frames.py) come in this order and no other:

    {"kind": "ready"}
    {"kind": "outputs", "number": n, "outputs": [..]} for each cell in turn; outputs as nbformat 4 has them
    {"kind": "missing", "functions": [..]}            the functions that no cell has defined
    {"kind": "answer", "number": n, ...}              for each challenge in turn
    {"kind": "done", "ran": [..]}                     what ran within the calls; see witness.py

`python -m optimlab.classroom.sandbox.runner` does this for one bundle without a sandbox; in a sandbox zygote.py
calls `serve` in a process that it has forked for the purpose.
"""

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

from optimlab.classroom.sandbox.witness import Witness

if TYPE_CHECKING:  # for annotations only: this module is imported often, and IPython takes a second
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    from optimlab.classroom.sandbox.frames import Writer
    from optimlab.tutor.challenges import Answer, Challenge

LARGEST_TEXT = 200_000      # characters kept of what a cell prints
LARGEST_OUTPUTS = 4_000_000  # of one cell's rich outputs together, by frames.weight
MOST_OUTPUTS = 200          # rich outputs kept of one cell
SHORT = 1_000               # characters of a result that is kept after all of these


def main() -> None:
    """Serve one bundle from standard input to standard output."""
    # Student code may print to descriptors 1 and 2, so the frames get a descriptor of their own.
    data, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence()
    serve(data, out, make_shell())
    os._exit(0)  # without running the student's atexit handlers or waiting for the student's threads


def silence() -> None:
    """Point standard input, output and error at the null device."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


class Prelude(NamedTuple):
    """Cells that have already run in the shell, because nearly every submission begins with them.

    sources, outputs: what the cells are and what they gave.
    names: the names that the shell had before them; see `forget`.
    """

    sources: list[str]
    outputs: list[list[dict[str, Any]]]
    names: frozenset[str]


def serve(data: BinaryIO, out: "Writer", shell: "InteractiveShell", prelude: Prelude | None = None) -> None:
    """Run one bundle and put its challenges; the caller then ends the process."""
    from optimlab.tutor.challenges import kept_waiting

    # What a cell replaces in these modules is not what asks and writes afterwards.
    frames, challenging = _private("optimlab.classroom.sandbox.frames", "optimlab.tutor.challenges")
    challenging.kept_waiting = kept_waiting
    answering, witness = answer_challenges, Witness()
    bundle, *rest = frames.read_all(data)
    data.close()
    challenges = {n: frames.to_challenge(rest[n]) for n in bundle.head["wanted"]}
    for name, content in zip(bundle.head["files"], bundle.arrays):
        os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
        with open(name, "wb") as file:
            file.write(content.tobytes())
    # As in Jupyter, what lies in this folder can be imported. It is searched last, so that it hides nothing installed.
    here = os.getcwd()
    sys.path.append(here)
    frames.write(out, {"kind": "ready"})
    cells, own = bundle.head["cells"], set(bundle.head["own"])
    theirs: dict[str, Any] = {}  # what the student's own cells have put under a name
    if prelude and [source for _, source in cells[:len(prelude.sources)]] == prelude.sources:
        for (number, _), outputs in zip(cells, prelude.outputs):
            frames.write(out, {"kind": "outputs", "number": number, "outputs": outputs})
        cells = cells[len(prelude.sources):]
    elif prelude:  # this submission begins with other cells
        forget(shell, prelude.names)
    for number, source in cells:
        shell.execution_count = number  # error messages name the cell by it
        sys.path_importer_cache.pop(here, None)  # cells follow so fast that a new module could be overlooked
        before = dict(shell.user_ns) if number in own else {}
        outputs = run_cell(shell, source, bundle.head["cell_seconds"])
        frames.write(out, {"kind": "outputs", "number": number, "outputs": outputs})
        if number in own:
            after = dict(shell.user_ns)
            theirs = {n: x for n, x in theirs.items() if n in after}
            theirs |= {n: x for n, x in after.items() if n not in before or before[n] is not x}
    # A released cell that uses a name of the student's, for its own figure say, takes nothing from the student's code.
    shell.user_ns.update(theirs)
    missing = sorted({c.function for c in challenges.values() if not callable(shell.user_ns.get(c.function))})
    frames.write(out, {"kind": "missing", "functions": missing})
    for number, given in answering(shell.user_ns, challenges, missing, bundle.head["call_seconds"], challenging.answer,
                                   witness):
        frames.write_answer(out, number, given)
    frames.write(out, {"kind": "done", "ran": witness.seen()})


def _private(*names: str) -> tuple[Any, ...]:
    """Modules loaded anew, which import each other and which nobody finds under their names."""
    import importlib

    known = tuple(map(importlib.import_module, names))
    for name in names:
        del sys.modules[name]
    made = tuple(map(importlib.import_module, names))
    for name, module in zip(names, known):
        sys.modules[name] = module
        package, _, last = name.rpartition(".")
        setattr(sys.modules[package], last, module)
    return made


def answer_challenges(namespace: dict[str, Any], challenges: dict[int, "Challenge"], missing: list[str], seconds: float,
                      answer: Callable[..., "Answer"], witness: Witness) -> Iterator[tuple[int, "Answer"]]:
    """Call the student's functions with each challenge; a function that once did not end is not called again."""
    left_out = set(missing)
    took: dict[str, float] = {}  # seconds of one call
    for number, challenge in challenges.items():
        name, calls, began = challenge.function, len(challenge.calls), time.monotonic()
        if name in left_out:
            continue
        with witness.watching(took.get(name, seconds) * calls, seconds):
            given = answer(challenge, namespace[name], seconds)
        took[name] = (time.monotonic() - began) / calls
        if given.outcome == "never_ended":
            left_out.add(name)
        yield number, given


def make_shell() -> "InteractiveShell":
    """An IPython shell that keeps nothing on disk and collects rich output, figures included."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Hook(DisplayHook):
        """The last expression of a cell becomes an output of the cell."""

        def __call__(self, result: object = None) -> None:
            if result is None or self.quiet():
                return
            data, metadata = self.compute_format_data(result)
            self.update_user_ns(result)
            if not data:  # the object displays itself, as a widget does
                return
            assert self.shell is not None
            _publisher(self.shell).outputs.append(
                {"output_type": "execute_result", "execution_count": self.shell.execution_count,
                 "data": data, "metadata": metadata})

    class Publisher(CapturingDisplayPublisher):
        """Keeps a bounded number of outputs."""

        def publish(self, *args: Any, **kw: Any) -> None:
            if len(self.outputs) <= MOST_OUTPUTS:  # one more than is sent: it shows that something was cut
                super().publish(*args, **kw)

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(Publisher)

        def _showtraceback(self, etype: type[BaseException], evalue: BaseException, stb: Iterable[object]) -> None:
            from optimlab.tutor.challenges import describe_error
            name = getattr(etype, "__name__", "Error")
            _publisher(self).outputs.append(
                {"output_type": "error", "ename": name,
                 "evalue": describe_error(evalue).removeprefix(f"{name}: "),
                 "traceback": _cut("\n".join(map(str, stb))).split("\n")})

        def enable_gui(self, gui: object = None) -> None:
            """There is no event loop here to join."""

    config = Config()
    config.HistoryManager.enabled = False
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell = Shell.instance(config=config)
    shell.user_ns["__name__"] = "__main__"
    return shell


def _publisher(shell: "InteractiveShell") -> "CapturingDisplayPublisher":
    """The publisher of a shell that make_shell has made: its `outputs` are those of the running cell."""
    return cast("CapturingDisplayPublisher", shell.display_pub)


def forget(shell: "InteractiveShell", names: Iterable[str]) -> None:
    """Make a shell as if nothing had run in it: delete all but these names, its history and its outputs."""
    for name in set(shell.user_ns) - set(names):
        del shell.user_ns[name]
    shell.execution_count = 1
    for name in ("In", "_ih", "_dh"):
        del shell.user_ns[name][1:]
    shell.user_ns["Out"].clear()


def run_cell(shell: "InteractiveShell", source: str, seconds: float) -> list[dict[str, Any]]:
    """Run one cell and return its outputs as nbformat 4 has them, bounded in size and number."""
    import contextlib

    from optimlab.tutor.challenges import TimeIsUp, time_limit

    printed, warned = _Printed(), _Printed()
    _publisher(shell).outputs = []
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        try:
            with time_limit(seconds):
                shell.run_cell(source, store_history=True)
        except TimeIsUp:  # it was raised in the shell's own code, outside what the shell catches
            shell.showtraceback()
    outputs = [{"output_type": "stream", "name": name, "text": text.kept()}
               for name, text in (("stdout", printed), ("stderr", warned)) if text.length]
    return outputs + list(_bounded(_publisher(shell).outputs))


def _bounded(shown: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The outputs as plain JSON, cut at the bounds; an error is never cut away, nor a short result at the end.

    They decide what a test earns.
    """
    import json

    from optimlab.classroom.sandbox.frames import weight

    left = LARGEST_OUTPUTS
    for number, output in enumerate(shown):
        output = {"output_type": "display_data", **output}
        output.pop("transient", None)
        output.pop("update", None)
        try:
            text = json.dumps(output)
        except (TypeError, ValueError, RecursionError):
            continue  # a student's object can describe itself as something that JSON does not have
        size = weight(text.encode())
        decides = output["output_type"] == "error" or (
            output["output_type"] == "execute_result" and number == len(shown) - 1 and len(text) < SHORT)
        if not decides and (number >= MOST_OUTPUTS or size > left):
            if left >= 0:
                yield {"output_type": "stream", "name": "stdout", "text": "[cut: this cell shows too much]\n"}
            left = -1
            continue
        left -= size
        yield json.loads(text)


class _Printed:
    """A text stream that keeps the first LARGEST_TEXT characters and counts the others."""

    encoding, errors = "utf-8", "replace"

    def __init__(self) -> None:
        self.length = 0
        self._kept: list[str] = []

    def write(self, text: str) -> int:
        room = LARGEST_TEXT - self.length
        if room > 0 and text:
            self._kept.append(text[:room])
        self.length += len(text)
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """There is nothing to wait for."""

    def isatty(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def kept(self) -> str:
        text = "".join(self._kept)
        return text if self.length <= LARGEST_TEXT else f"{text}\n[cut: {self.length:,} characters in all]\n"


def _cut(text: str) -> str:
    return text if len(text) <= LARGEST_TEXT else text[:LARGEST_TEXT]


if __name__ == "__main__":
    sys.path = [p for p in sys.path if p]  # the working folder is searched last (see serve), whatever started this
    main()
