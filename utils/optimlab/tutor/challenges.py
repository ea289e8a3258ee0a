"""What a student's function is asked, and what it answered: the only things that cross a sandbox.

A `Challenge` holds inputs; `answer` calls the function and writes down what came back, as plain
NumPy arrays and short texts. Nothing here knows what is right, so this file may run beside
untrusted code.
"""

import builtins
import contextlib
import io
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any, NamedTuple

import numpy as np

from optimlab.tutor.tracing import Trace, trace

LONGEST_CALL = 3.0   # seconds; a call that takes longer never ends
TRACE_SECONDS = 1.0  # for one call that is traced
POISON = 7.3e77  # what dirtied memory is filled with: np.empty then shows it


class Ref(NamedTuple):
    """An argument that is the `index`-th array of the previous call's result."""

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls


class Made(NamedTuple):
    """An argument that is no plain data (a random generator, a function): made anew for every call.

    `maker` names one of MAKERS, which is called with `given`: plain numbers and arrays. So no
    object and no code crosses a sandbox, and no call sees what another has left behind.
    """

    maker: str
    given: tuple[Any, ...] = ()


def curved_loss(a: np.ndarray, b: np.ndarray) -> Callable[[np.ndarray], float]:
    """A smooth loss of an array of a's shape: sum a w**3 + (sum b w)**2.

    >>> curved_loss(np.array([1.0, 0.0]), np.array([0.0, 1.0]))(np.array([2.0, 3.0]))
    17.0
    """
    def loss(w: np.ndarray) -> float:
        if np.shape(w) != a.shape:
            raise ValueError(f"f takes an array of the shape {a.shape}, not {np.shape(w)}")
        w = np.asarray(w, float)
        return float(np.sum(a * w**3) + np.sum(b * w) ** 2)
    return loss


def curved_gradient(a: np.ndarray, b: np.ndarray) -> Callable[[np.ndarray], Any]:
    """The gradient of `curved_loss(a, b)`, as a function of w.

    >>> curved_gradient(np.array([1.0, 0.0]), np.array([0.0, 1.0]))(np.array([2.0, 3.0]))
    array([12.,  6.])
    """
    def gradient(w: np.ndarray) -> Any:
        if np.shape(w) != a.shape:
            raise ValueError(f"gradient takes an array of the shape {a.shape}, not {np.shape(w)}")
        w = np.asarray(w, float)
        return 3 * a * w**2 + 2 * b * np.sum(b * w)
    return gradient


def regression_gradient() -> Callable[[np.ndarray, np.ndarray, np.ndarray], Any]:
    """The gradient of a linear model's mean squared error / 2: w (n_y, n_x), X (n_x, m), Y (n_y, m).

    >>> regression_gradient()(np.array([[1.0]]), np.array([[1.0, 2.0]]), np.array([[0.0, 2.0]]))
    array([[0.5]])
    """
    def gradient(w: np.ndarray, X: np.ndarray, Y: np.ndarray) -> Any:
        return (w @ X - Y) @ X.T / X.shape[1]
    return gradient


MAKERS: dict[str, Callable[..., Any]] = {
    f.__name__: f for f in (np.random.default_rng, curved_loss, curved_gradient, regression_gradient)}


class Challenge(NamedTuple):
    """One or more calls of `function`; a later call may use the earlier one's results (`Ref`).

    `calls` holds one (positional arguments, keyword arguments) pair per call. An argument is a
    number, an array, a tuple or list of such, a `Ref` or a `Made`. With
    `probe_memory`, fresh memory is dirtied before the call (so that `np.empty` cannot pass for
    zeros), and each returned array is afterwards filled with its own number, the arrays among the
    arguments with the numbers after those, and each returned one is read back (so that two names
    for one array show). With `trace`, what comes back is how the result was computed, not the result.
    """

    id: str
    function: str
    calls: tuple[tuple[tuple[Any, ...], dict[str, Any]], ...]
    probe_memory: bool = False
    trace: bool = False


class Answer(NamedTuple):
    """What came back from a challenge.

    outcome: "returned", "raised", "not_attempted", "never_ended" or "died".
    results: of the last call that was made (a chain ends where a result cannot take the place of
        the argument before it), one entry per returned thing: an array, a float (any plain
        number), a tuple or list of arrays, or a text that says what else it was.
    message, line: for "raised": "ValueError: ..." and the student's own line; for "died", what it did
        where that is known ("used more than 2 GB of memory").
    container: what held the results ("tuple", "list", "NoneType", "dict", ...).
    probed: with `probe_memory`, the returned arrays after the filling.
    changed: positions of the arguments that the function changed in place.
    trace: to a challenge that asks for it, the computation; None where it could not be followed.
    """

    outcome: str
    results: tuple[Any, ...] = ()
    message: str = ""
    line: str = ""
    container: str = ""
    probed: tuple[Any, ...] = ()
    changed: tuple[int, ...] = ()
    trace: Trace | None = None


class TimeIsUp(BaseException):
    """Raised inside a student's code that runs longer than `seconds`; no ordinary `except` swallows it."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"this did not end within {seconds:g} seconds and was stopped")


def answer(challenge: Challenge, function: Callable[..., Any], seconds: float = LONGEST_CALL) -> Answer:
    """Put the challenge to the function and note what comes back; never raises for its sake.

    The function gets copies of the inputs. What it prints or warns is dropped. It is stopped
    after `seconds` where signals allow it (the main thread of Linux and macOS); elsewhere the
    caller must bound it.

    >>> answer(Challenge("c", "f", calls=(((2.0,), {}),)), lambda x: np.ones(3) * x).results
    (array([2., 2., 2.]),)
    """
    if challenge.trace:
        return _traced(challenge, function, min(seconds, TRACE_SECONDS))
    returned: Any = None
    changed: set[int] = set()
    try:
        with _quiet(), time_limit(seconds):
            if challenge.probe_memory:
                _dirty_memory(challenge)
            given: list[Any] = []
            for arguments, keywords in challenge.calls:
                if not _fits(arguments, returned, given):
                    break  # what came back is the answer: an error in the next call would hide it
                given = [_copy(returned[a.index] if isinstance(a, Ref) else made(a)) for a in arguments]
                kept = [_copy(a) for a in given]
                returned = function(*given, **{k: _copy(made(v)) for k, v in keywords.items()})
                changed |= {i for i, (a, b) in enumerate(zip(given, kept)) if not _same(a, b)}
            things, container = _unpack(returned)
            # Copied before the filling below, which may write through to them.
            results = tuple(_plain(x) for x in things)
            probed = _fill_and_read_back(things, given) if challenge.probe_memory else ()
    except NotImplementedError:
        return Answer("not_attempted")
    except TimeIsUp:
        return Answer("never_ended")
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # SystemExit included: it is the student's function that left
        return Answer("raised", message=describe_error(error), line=_own_line(error, function))
    return Answer("returned", results, "", "", container, probed, tuple(sorted(changed)))


def _traced(challenge: Challenge, function: Callable[..., Any], seconds: float) -> Answer:
    """The computation of the function, or that there is none to see: an error in it is for the other answers."""
    (arguments, keywords), = challenge.calls
    try:
        with _quiet(), time_limit(seconds):
            seen = trace(function, [made(a) for a in arguments], {k: made(v) for k, v in keywords.items()})
        return Answer("returned", trace=seen)
    except KeyboardInterrupt:
        raise
    except BaseException:  # TooMuch, and whatever a student's function leaves by
        return Answer("returned")


def answer_all(challenges: list[Challenge], function: Callable[..., Any], seconds: float = LONGEST_CALL
               ) -> list[Answer]:
    """Answer the challenges in turn; after one that never ended, the others are not tried.

    >>> [a.outcome for a in answer_all([Challenge("c", "f", calls=(((1.0,), {}),))], abs)]
    ['returned']
    """
    answers: list[Answer] = []
    for challenge in challenges:
        if answers and answers[-1].outcome == "never_ended":
            answers.append(answers[-1])
        else:
            answers.append(answer(challenge, function, seconds))
    return answers


def made(argument: Any) -> Any:
    """What a `Made` stands for, newly made; any other argument as it is.

    >>> made(Made("default_rng", (0,))).integers(10), made(3)
    (np.int64(8), 3)
    """
    return MAKERS[argument.maker](*argument.given) if isinstance(argument, Made) else argument


def describe_error(error: BaseException) -> str:
    """An exception as one line, "TypeError: ...", whatever its `str` does.

    >>> describe_error(KeyError("x"))
    "KeyError: 'x'"
    """
    try:
        text = " ".join(str(error).split())
    except Exception:
        text = "(no message)"
    return f"{type(error).__name__}: {text}"[:300] if text else type(error).__name__


def _own_line(error: BaseException, function: Callable[..., Any]) -> str:
    """The deepest line of the traceback that the student wrote: what is in their function's file."""
    code = getattr(function, "__code__", None)
    own = [f for f in traceback.extract_tb(error.__traceback__) if code and f.filename == code.co_filename]
    if not own or not own[-1].line:
        return ""
    return f"line {own[-1].lineno}: {own[-1].line.strip()[:160]}"


def _fits(arguments: Sequence[Any], returned: Any, before: Sequence[Any]) -> bool:
    """Whether each `Ref` finds a plain array, of the shape of the argument in whose place it comes."""
    for place, a in enumerate(arguments):
        if isinstance(a, Ref):
            if type(returned) not in (tuple, list) or a.index >= len(returned):
                return False
            x = returned[a.index]
            if not isinstance(_plain(x), np.ndarray) or x.shape != before[place].shape:
                return False
    return True


def _unpack(returned: Any) -> tuple[list[Any], str]:
    # Exact types: a subclass could answer differently each time it is asked.
    if type(returned) in (tuple, list):
        return list(returned), type(returned).__name__
    return ([] if returned is None else [returned]), _type_name(returned)


def _type_name(x: Any) -> str:
    # str and cut: a student's class may be called anything, even by something that is no text.
    return str(type(x).__name__)[:40]


def _plain(x: Any) -> Any:
    """A copy of a plain array, number, or tuple or list of arrays; else a text that says what it is."""
    if type(x) is np.ndarray:
        if x.dtype.kind in "fiub":
            return np.array(x, order="C")
        return f"an array of {x.dtype.name[:40]}"
    if isinstance(x, np.matrix):
        return "an np.matrix"
    if type(x) in (bool, int, float) or isinstance(x, (np.bool_, np.integer, np.floating)):
        return _number(x)
    if isinstance(x, (np.generic, bool, int, float, complex)):
        return "a single number"
    if type(x) in (tuple, list) and x:
        inside = type(x)(_plain(y) if type(y) is np.ndarray else "" for y in x)
        if not any(isinstance(y, str) for y in inside):
            return inside
    return with_article(_type_name(x))


def _number(x: Any) -> float | str:
    try:
        return float(x)
    except OverflowError:  # an int beyond all floats
        return "a single number"


def kind_of(result: Any) -> str:
    """What one of an answer's results is, in words; "" for a plain array.

    >>> kind_of(2.0), kind_of((np.zeros(2),)), kind_of("a dict"), kind_of(np.zeros(2))
    ('a single number', 'a tuple', 'a dict', '')
    """
    if isinstance(result, np.ndarray):
        return ""
    if isinstance(result, str):
        return result
    return "a single number" if isinstance(result, float) else with_article(_type_name(result))


def with_article(noun: str) -> str:
    """A noun after "a" or "an".

    >>> with_article("int"), with_article("dict")
    ('an int', 'a dict')
    """
    return f"an {noun}" if noun[:1].lower() in tuple("aeiou") else f"a {noun}"


def _copy(x: Any) -> Any:
    if type(x) in (tuple, list):
        return type(x)(map(_copy, x))
    return np.array(x) if type(x) is np.ndarray else x


def _same(a: Any, b: Any) -> bool:
    if type(a) is not type(b):
        return False
    if type(a) in (tuple, list):
        return len(a) == len(b) and all(map(_same, a, b))
    # As bytes: ten times faster than number by number, and nan equals itself.
    return type(a) is not np.ndarray or (a.shape == b.shape and a.tobytes() == b.tobytes())


def _dirty_memory(challenge: Challenge) -> None:
    """Leave freed blocks full of POISON, of all the sizes that the function may ask for."""
    sizes = [int(n) for a in challenge.calls[0][0]
             for n in ((a.size, *a.shape) if type(a) is np.ndarray else (a,))]
    products = {p * q for p in (*sizes, 1) for q in (*sizes, 1)}
    blocks = [np.full(n, POISON) for n in products for _ in range(16)]
    del blocks


def _fill_and_read_back(things: Sequence[Any], given: Sequence[Any]) -> tuple[Any, ...]:
    for number, x in enumerate((*things, *given), start=1):
        if type(x) is np.ndarray and x.flags.writeable:
            x[...] = number
    return tuple(_plain(x) for x in things)


@contextlib.contextmanager
def _nobody_there() -> Iterator[None]:
    """Let `input()` end as it does where there is no keyboard; a notebook would ask at every call."""
    def asked(*_: object) -> str:
        raise EOFError("EOF when reading a line")

    before, builtins.input = builtins.input, asked
    try:
        yield
    finally:
        builtins.input = before


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Drop what is printed and warned of, and answer nothing to who asks: nobody is there to type."""
    with _nobody_there(), contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()), \
            warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def kept_waiting() -> float:
    """Seconds for which others have had the cores so far. A sandbox knows it and puts its own function here."""
    return 0.0


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeIsUp in the block after `seconds`, on the main thread of Linux and macOS; else nothing.

    Where it is known, the time for which others had the cores does not count. Limits nest: the outer one goes on
    when the inner one ends.
    """
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(signum: int, frame: FrameType | None) -> None:
        left = seconds - (time.monotonic() - began) + kept_waiting() - kept
        if left < 0.01:
            raise TimeIsUp(seconds)
        signal.setitimer(signal.ITIMER_REAL, left)

    before = signal.signal(signal.SIGALRM, stop)
    began, kept = time.monotonic(), kept_waiting()
    outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - began), 0.001))
