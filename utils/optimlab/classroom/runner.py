"""The side that runs a student's code: `python -m optimlab.classroom.runner`, frames in, frames out.

It reads a bundle (the cells) and challenges (inputs only) from standard input, runs the cells in
one IPython shell, then calls the student's functions. It knows no expected value. What it learns
it sends on at once, so that a death keeps what came before:

    {"kind": "cell", "number": n}                     cell n begins
    {"kind": "outputs", "number": n, "outputs": [..]} cell n has ended; outputs as in nbformat 4
    {"kind": "missing", "functions": [..]}            functions that no cell has defined
    {"kind": "challenge", "number": n}                challenge n begins
    {"kind": "answer", "number": n, ...}              challenge n has ended
    {"kind": "done"}
"""

import os
import sys
from typing import BinaryIO

LARGEST_OUTPUT = 200_000  # characters of text kept of one cell


def main() -> None:
    """Serve one bundle from standard input to standard output."""
    # Student code may write to descriptors 1 and 2: the frames leave by one of their own.
    out = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    data = os.fdopen(os.dup(0), "rb")
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)

    from optimlab.classroom import frames

    bundle, *rest = frames.read_all(data)
    challenges = [frames.to_challenge(frame) for frame in rest]
    frames.write(out, {"kind": "ready"})
    shell = make_shell()
    for number, source in bundle.head["cells"]:
        frames.write(out, {"kind": "cell", "number": number})
        outputs = run_cell(shell, source, bundle.head["cell_seconds"])
        frames.write(out, {"kind": "outputs", "number": number, "outputs": outputs})
    answer_challenges(shell.user_ns, challenges, bundle.head, out)
    frames.write(out, {"kind": "done"})
    os._exit(0)  # not through the student's atexit handlers and threads


def answer_challenges(namespace: dict, challenges: list, head: dict, out: BinaryIO) -> None:
    """Call the student's functions; one that never ended is not called again."""
    from optimlab.classroom import frames
    from optimlab.tutor.challenges import answer

    wanted = sorted({c.function for c in challenges})
    missing = [name for name in wanted if not callable(namespace.get(name))]
    frames.write(out, {"kind": "missing", "functions": missing})
    stuck = set(head["stuck"]) | set(missing)
    for number, challenge in enumerate(challenges):
        if challenge.function in stuck:
            continue
        frames.write(out, {"kind": "challenge", "number": number})
        given = answer(challenge, namespace[challenge.function], head["call_seconds"])
        if given.outcome == "never_ended":
            stuck.add(challenge.function)
        frames.write_answer(out, number, given)


def make_shell():
    """An IPython shell that keeps nothing on disk and collects rich output, figures included."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import CapturingDisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets import Type
    from traitlets.config import Config

    class Hook(DisplayHook):
        """The last expression of a cell becomes an output of the cell."""

        def __call__(self, result=None):
            if result is None or self.quiet():
                return
            data, metadata = self.compute_format_data(result)
            self.update_user_ns(result)
            self.shell.display_pub.outputs.append(
                {"output_type": "execute_result", "execution_count": self.shell.execution_count,
                 "data": data, "metadata": metadata})

    class Shell(InteractiveShell):
        displayhook_class = Type(Hook)
        display_pub_class = Type(CapturingDisplayPublisher)

        def _showtraceback(self, etype, evalue, stb):
            from optimlab.tutor.challenges import describe_error
            name = getattr(etype, "__name__", "Error")
            self.display_pub.outputs.append(
                {"output_type": "error", "ename": name,
                 "evalue": describe_error(evalue).removeprefix(f"{name}: "),
                 "traceback": [str(line) for line in stb]})

        def enable_gui(self, gui=None):
            """There is no event loop here to join."""

    config = Config()
    config.HistoryManager.enabled = False
    os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"
    shell = Shell.instance(config=config)
    shell.user_ns["__name__"] = "__main__"
    return shell


def run_cell(shell, source: str, seconds: float) -> list[dict]:
    """Run one cell; its outputs as nbformat has them, text bounded."""
    import contextlib
    import io
    import json

    from optimlab.tutor.challenges import TimeIsUp, time_limit

    printed, warned = io.StringIO(), io.StringIO()
    shell.display_pub.outputs = []
    with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(warned):
        try:
            with time_limit(seconds):
                shell.run_cell(source, store_history=True)
        except TimeIsUp:  # between two steps of the shell, where it catches nothing
            shell.showtraceback()
    outputs = [{"output_type": "stream", "name": name, "text": _cut(text.getvalue())}
               for name, text in (("stdout", printed), ("stderr", warned)) if text.getvalue()]
    for output in shell.display_pub.outputs:
        output = {"output_type": "display_data", **output}
        output.pop("transient", None)
        output.pop("update", None)
        try:
            outputs.append(json.loads(json.dumps(output)))
        except (TypeError, ValueError):
            continue  # an object's own representation that is not JSON shows nothing
    return outputs


def _cut(text: str) -> str:
    if len(text) <= LARGEST_OUTPUT:
        return text
    return text[:LARGEST_OUTPUT] + f"\n[cut: {len(text):,} characters in all]\n"


if __name__ == "__main__":
    sys.path = [p for p in sys.path if p]  # the folder it starts in is the student's
    main()
