"""The side that runs a student's code: frames in, frames out. It knows no expected value.

It reads a bundle (the cells, the files beside the notebook) and challenges (inputs only), runs the
cells in one IPython shell, then calls the student's functions. What it learns it sends on at once,
so that a death keeps what came before. The frames come in this order and no other:

    {"kind": "ready"}
    {"kind": "outputs", "number": n, "outputs": [..]} for each cell in turn, as in nbformat 4
    {"kind": "missing", "functions": [..]}            functions that no cell has defined
    {"kind": "answer", "number": n, ...}              for each challenge in turn
    {"kind": "done"}

`python -m optimlab.classroom.sandbox.runner` serves one bundle without a sandbox; zygote.py does it inside.
"""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple, cast

if TYPE_CHECKING:  # for their names alone; what runs is imported where it is needed
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell

    from optimlab.classroom.sandbox.frames import Writer
    from optimlab.tutor.challenges import Challenge

LARGEST_TEXT = 200_000      # characters kept of what a cell prints
LARGEST_OUTPUTS = 4_000_000  # characters kept of one cell's rich outputs together
MOST_OUTPUTS = 200          # rich outputs kept of one cell


def main() -> None:
    """Serve one bundle from standard input to standard output."""
    # Student code may write to descriptors 1 and 2: the frames leave by one of their own.
    data, out = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    silence()
    serve(data, out, make_shell())
    os._exit(0)  # not through the student's atexit handlers and threads


def silence() -> None:
    """Let the standard descriptors lead nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)


class Prelude(NamedTuple):
    """Cells that have run in the shell: their sources, their outputs, and the names there were before."""

    sources: list[str]
    outputs: list[list[dict[str, Any]]]
    names: frozenset[str]


def serve(data: BinaryIO, out: "Writer", shell: "InteractiveShell", prelude: Prelude | None = None) -> None:
    """Serve one bundle; the caller then ends the process."""
    from optimlab.classroom.sandbox import frames

    bundle, *rest = frames.read_all(data)
    data.close()
    challenges = {n: frames.to_challenge(rest[n]) for n in bundle.head["wanted"]}
    for name, content in zip(bundle.head["files"], bundle.arrays):
        with open(name, "wb") as file:
            file.write(content.tobytes())
    frames.write(out, {"kind": "ready"})
    cells = bundle.head["cells"]
    if prelude and [source for _, source in cells[:len(prelude.sources)]] == prelude.sources:
        for (number, _), outputs in zip(cells, prelude.outputs):
            frames.write(out, {"kind": "outputs", "number": number, "outputs": outputs})
        cells = cells[len(prelude.sources):]
    elif prelude:  # this submission begins otherwise
        forget(shell, prelude.names)
    for number, source in cells:
        shell.execution_count = number  # as errors name the cell
        outputs = run_cell(shell, source, bundle.head["cell_seconds"])
        frames.write(out, {"kind": "outputs", "number": number, "outputs": outputs})
    answer_challenges(shell.user_ns, challenges, bundle.head["call_seconds"], out)
    frames.write(out, {"kind": "done"})


def answer_challenges(namespace: dict[str, Any], challenges: dict[int, "Challenge"], seconds: float,
                      out: "Writer") -> None:
    """Call the student's functions; one that never ended is not called again."""
    from optimlab.classroom.sandbox import frames
    from optimlab.tutor.challenges import answer

    wanted = sorted({c.function for c in challenges.values()})
    missing = [name for name in wanted if not callable(namespace.get(name))]
    frames.write(out, {"kind": "missing", "functions": missing})
    left_out = set(missing)
    for number, challenge in challenges.items():
        if challenge.function in left_out:
            continue
        given = answer(challenge, namespace[challenge.function], seconds)
        if given.outcome == "never_ended":
            left_out.add(challenge.function)
        frames.write_answer(out, number, given)


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
            if not data:  # the object has shown itself
                return
            assert self.shell is not None
            _publisher(self.shell).outputs.append(
                {"output_type": "execute_result", "execution_count": self.shell.execution_count,
                 "data": data, "metadata": metadata})

    class Publisher(CapturingDisplayPublisher):
        """Keeps a bounded number of outputs."""

        def publish(self, *args: Any, **kw: Any) -> None:
            if len(self.outputs) <= MOST_OUTPUTS:  # one more than is sent, to know that there are more
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
    """Where a shell of make_shell's keeps what it shows."""
    return cast("CapturingDisplayPublisher", shell.display_pub)


def forget(shell: "InteractiveShell", names: Iterable[str]) -> None:
    """Leave only these names in the shell, and none of what it ran."""
    for name in set(shell.user_ns) - set(names):
        del shell.user_ns[name]
    shell.execution_count = 1
    for name in ("In", "_ih", "_dh"):
        del shell.user_ns[name][1:]
    shell.user_ns["Out"].clear()


def run_cell(shell: "InteractiveShell", source: str, seconds: float) -> list[dict[str, Any]]:
    """Run one cell; its outputs as nbformat has them, their size and number bounded."""
    import contextlib

    from optimlab.tutor.challenges import TimeIsUp, time_limit

    printed, warned = _Printed(), _Printed()
    _publisher(shell).outputs = []
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        try:
            with time_limit(seconds):
                shell.run_cell(source, store_history=True)
        except TimeIsUp:  # between two steps of the shell, where it catches nothing
            shell.showtraceback()
    outputs = [{"output_type": "stream", "name": name, "text": text.kept()}
               for name, text in (("stdout", printed), ("stderr", warned)) if text.length]
    return outputs + list(_bounded(_publisher(shell).outputs))


def _bounded(shown: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The outputs as JSON has them, up to the bounds; an error is always among them."""
    import json

    left = LARGEST_OUTPUTS
    for number, output in enumerate(shown):
        output = {"output_type": "display_data", **output}
        output.pop("transient", None)
        output.pop("update", None)
        try:
            text = json.dumps(output)
        except (TypeError, ValueError, RecursionError):
            continue  # an object's own representation that is not JSON shows nothing
        if output["output_type"] != "error" and (number >= MOST_OUTPUTS or len(text) > left):
            if left >= 0:
                yield {"output_type": "stream", "name": "stdout", "text": "[cut: this cell shows too much]\n"}
            left = -1
            continue
        left -= len(text)
        yield json.loads(text)


class _Printed:
    """A text stream that keeps its beginning and counts the rest."""

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
    sys.path = [p for p in sys.path if p]  # the folder it starts in is the student's
    main()
