"""How data crosses between the two sides: length-prefixed frames of JSON and raw array bytes.

A frame is two lengths (little-endian, 4 and 8 bytes), a JSON object, and the bytes of the arrays
that the object's "arrays" entry describes (dtype, shape), in C order. Never pickle: reading a
frame runs nothing, and whatever is not exactly of this form raises FrameError.
"""

import io
import json
import math
import re
import struct
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

import numpy as np

from optimlab.tutor.challenges import MAKERS, Answer, Challenge, Made, Ref
from optimlab.tutor.tracing import MOST_NUMBERS, MOST_STEPS, Place, Step, Trace

HEADER = struct.Struct("<IQ")
LARGEST_HEAD = 16 * 2**20  # by `weight`
LARGEST_BODY = 64 * 2**20
LIGHTEST = 40  # characters that a value weighs at least: once read, it takes that many bytes or up to twice as many
# Plain numbers of at most 8 bytes, little-endian.
DTYPES = {np.dtype(code).str: np.dtype(code) for code in
          ("<f2", "<f4", "<f8", "|i1", "<i2", "<i4", "<i8", "|u1", "<u2", "<u4", "<u8", "|b1")}
OUTCOMES = {"returned", "raised", "not_attempted", "never_ended", "died"}


class FrameError(ValueError):
    """The bytes are not a frame of this form."""


class Reader(Protocol):
    """What frames are read from."""

    def read(self, size: int, /) -> bytes: ...


class Writer(Protocol):
    """What frames are written to."""

    def write(self, data: bytes, /) -> int: ...
    def flush(self) -> None: ...
    def close(self) -> None: ...


class Frame(NamedTuple):
    """One message: a JSON object and the arrays it refers to by number."""

    head: dict[str, Any]
    arrays: tuple[np.ndarray, ...] = ()


def write(stream: Writer, head: dict[str, Any], arrays: Sequence[np.ndarray] = ()) -> None:
    """Write one frame and flush.

    >>> import io
    >>> stream = io.BytesIO()
    >>> write(stream, {"kind": "done"}, [np.arange(3.0)])
    >>> _ = stream.seek(0)
    >>> frame = read(stream)
    >>> frame.head["kind"], frame.arrays[0].tolist()
    ('done', [0.0, 1.0, 2.0])
    """
    arrays = [_portable(a) for a in arrays]
    described = [[a.dtype.str, list(a.shape)] for a in arrays]
    text = json.dumps({**head, "arrays": described}).encode()
    stream.write(HEADER.pack(len(text), sum(a.nbytes for a in arrays)) + text)
    for a in arrays:
        stream.write(a.tobytes())
    stream.flush()


def written(head: dict[str, Any]) -> bytes:
    """One frame as bytes."""
    stream = io.BytesIO()
    write(stream, head)
    return stream.getvalue()


def read(stream: Reader) -> Frame | None:
    """Read one frame; None at the end of the stream. Raises FrameError for anything else."""
    prefix = stream.read(HEADER.size)
    if not prefix:
        return None
    head_size, body_size = HEADER.unpack(_whole(prefix, HEADER.size))
    if head_size > LARGEST_HEAD or body_size > LARGEST_BODY:
        raise FrameError("a frame is larger than allowed")
    text = _whole(stream.read(head_size), head_size)
    body = _whole(stream.read(body_size), body_size)
    if weight(text) > LARGEST_HEAD:
        raise FrameError("a frame holds more values than allowed")
    try:
        head = json.loads(text)
        described = head.pop("arrays")
        arrays, at = [], 0
        for code, shape in described:
            dtype = DTYPES[code]
            if not all(type(n) is int and 0 <= n <= LARGEST_BODY for n in shape) or len(shape) > 16:
                raise FrameError("a frame describes an impossible array")
            size = math.prod(shape) * dtype.itemsize
            if size > body_size - at:
                raise FrameError("a frame's arrays are longer than the frame")
            arrays.append(np.frombuffer(body, dtype, math.prod(shape), at).reshape(shape))
            at += size
    except FrameError:
        raise
    except Exception as error:  # a forged frame can make json or NumPy raise anything
        raise FrameError(f"a frame is malformed ({type(error).__name__})") from None
    if at != body_size:
        raise FrameError("a frame's arrays are shorter than the frame")
    return Frame(head, tuple(arrays))


def read_all(stream: Reader) -> Iterator[Frame]:
    """All frames up to the end of the stream."""
    while (frame := read(stream)) is not None:
        yield frame


def weight(text: bytes) -> int:
    r"""The size of a JSON text: that of its characters or, where these are very short, of its values.

    >>> weight(b'["a text, with a comma and a \\" and an [ in it"]'), weight(b"[[],[],[]]")
    (48, 240)
    """
    outside = re.sub(rb'"[^"]*"', b"", text.replace(rb"\\", b"").replace(rb'\"', b""))
    return max(len(text), LIGHTEST * sum(map(outside.count, (b",", b"[", b"{"))))


def _portable(array: np.ndarray) -> np.ndarray:
    if array.dtype.itemsize > 8:
        array = array.astype(np.float64)  # long doubles differ from machine to machine
    return np.ascontiguousarray(array, array.dtype.newbyteorder("<")).reshape(array.shape)


def _whole(data: bytes, size: int) -> bytes:
    if len(data) != size:
        raise FrameError("a frame is cut off")
    return data


# ---------------------------------------------------------------- challenges and answers as frames

def write_challenge(stream: Writer, challenge: Challenge) -> None:
    """Write a challenge; its inputs are numbers, arrays, tuples and lists of them, Refs and Mades."""
    arrays: list[np.ndarray] = []

    def code(value: Any) -> list[Any]:
        if isinstance(value, Ref):
            return ["ref", value.index]
        if isinstance(value, Made):
            return ["made", [value.maker, [code(v) for v in value.given]]]
        if type(value) in (tuple, list):
            return [type(value).__name__, [code(v) for v in value]]
        if isinstance(value, np.ndarray):
            arrays.append(value)
            return ["array", len(arrays) - 1]
        return ["number", value]

    calls = [[[code(a) for a in arguments], {k: code(v) for k, v in keywords.items()}]
             for arguments, keywords in challenge.calls]
    write(stream, {"kind": "challenge", "id": challenge.id, "function": challenge.function,
                   "calls": calls, "probe_memory": challenge.probe_memory, "trace": challenge.trace}, arrays)


def to_challenge(frame: Frame) -> Challenge:
    """The challenge that a frame holds; raises FrameError if an input is of an unknown kind."""
    def value(kind: str, x: Any) -> Any:
        if kind == "number" and type(x) in (bool, int, float):
            return x
        if kind == "array":
            return frame.arrays[x]
        if kind == "ref":
            return Ref(x)
        if kind in ("tuple", "list"):
            return {"tuple": tuple, "list": list}[kind](value(*v) for v in x)
        if kind == "made" and x[0] in MAKERS:
            return Made(x[0], tuple(value(*v) for v in x[1]))
        raise FrameError("a challenge's input is of no known kind")

    calls = tuple((tuple(value(*a) for a in arguments), {k: value(*v) for k, v in keywords.items()})
                  for arguments, keywords in frame.head["calls"])
    return Challenge(frame.head["id"], frame.head["function"], calls, frame.head["probe_memory"], frame.head["trace"])


def write_answer(stream: Writer, number: int, answer: Answer) -> None:
    """Write the answer to challenge `number`."""
    arrays: list[np.ndarray] = []

    def code(result: Any) -> list[Any]:
        if isinstance(result, str):
            return ["text", result]
        if isinstance(result, float):  # as text: JSON has neither nan nor inf
            return ["float", result.hex()]
        if isinstance(result, (tuple, list)):
            return [type(result).__name__, [code(r) for r in result]]
        arrays.append(result)
        return ["array", len(arrays) - 1]

    write(stream, {"kind": "answer", "number": number, "outcome": answer.outcome,
                   "results": [code(r) for r in answer.results], "message": answer.message,
                   "line": answer.line, "container": answer.container,
                   "probed": [code(r) for r in answer.probed], "changed": list(answer.changed),
                   "trace": _plain_trace(answer.trace, arrays)}, arrays)


def _plain_trace(trace: Trace | None, arrays: list[np.ndarray]) -> Any:
    """A trace as plain data; the values of its steps become one array more."""
    if trace is None:
        return None
    files = list(dict.fromkeys(s.place.file for s in trace.steps if s.place))
    arrays.append(np.concatenate([s.value.ravel() for s in trace.steps] or [np.zeros(0)]))
    return {"files": files, "results": list(trace.results), "steps": [
        [s.operation, s.operands, s.value.shape, s.place and [files.index(s.place.file), *s.place[1:]]]
        for s in trace.steps]}


def to_answer(frame: Frame) -> Answer:
    """The answer that a frame holds; raises FrameError if it is not one (it comes from untrusted code)."""
    head = frame.head

    def text(key: str) -> str:
        value = head[key]
        if type(value) is not str:
            raise FrameError("an answer's text is not a text")
        return value[:500]

    def array(kind: str, x: Any) -> np.ndarray:
        if kind == "array" and type(x) is int and 0 <= x < len(frame.arrays):
            return frame.arrays[x]
        raise FrameError("an answer's result is of no known kind")

    def result(kind: str, x: Any) -> Any:
        if kind == "text" and type(x) is str and x:
            return x[:100]
        if kind == "float" and type(x) is str and len(x) < 40:
            return float.fromhex(x)
        if kind in ("tuple", "list") and type(x) is list:  # of arrays, nothing deeper
            return {"tuple": tuple, "list": list}[kind](array(*r) for r in x)
        return array(kind, x)

    try:
        if head["outcome"] not in OUTCOMES:
            raise FrameError("an answer has an unknown outcome")
        changed = tuple(int(i) for i in head["changed"])
        return Answer(head["outcome"], tuple(result(*r) for r in head["results"]), text("message"),
                      text("line"), text("container"), tuple(result(*r) for r in head["probed"]), changed,
                      _trace(head.get("trace"), frame.arrays))
    except (KeyError, IndexError, TypeError, ValueError, OverflowError) as error:
        raise FrameError(f"an answer is malformed ({error})") from None


def _trace(sent: Any, arrays: Sequence[np.ndarray]) -> Trace | None:
    """The trace that was sent, if it is one: every step made of earlier ones, no more of them than are followed."""
    if sent is None:
        return None
    values = arrays[-1]
    if len(sent["steps"]) > MOST_STEPS or values.size > MOST_NUMBERS or values.dtype != np.float64 or values.ndim != 1:
        raise FrameError("a trace is larger than allowed")
    files = [_short(file, 500) for file in sent["files"][:100]]
    steps, at = [], 0
    for number, (operation, operands, shape, place) in enumerate(sent["steps"]):
        if len(shape) > 16 or not all(_counts(n, MOST_NUMBERS) for n in shape) or not all(
                _counts(o, number) for o in operands):
            raise FrameError("a trace has an impossible step")
        size = math.prod(shape)
        if place is not None and not (_counts(place[0], len(files)) and len(place) == 5
                                      and all(_counts(n, 1_000_000) for n in place)):
            raise FrameError("a trace has an impossible place")
        if size > values.size - at:
            raise FrameError("a trace has fewer values than steps")
        steps.append(Step(_short(operation, 60), tuple(operands), values[at:at + size].reshape(shape),
                          Place(files[place[0]], *place[1:]) if place is not None else None))
        at += size
    results = tuple(sent["results"])
    if at != values.size or len(results) > 1000 or not all(r == -1 or _counts(r, len(steps)) for r in results):
        raise FrameError("a trace has impossible results")
    return Trace(tuple(steps), results)


def _counts(n: Any, end: int) -> bool:
    return type(n) is int and 0 <= n < end


def _short(text: Any, most: int) -> str:
    if type(text) is not str:
        raise FrameError("a text of a trace is not a text")
    return text[:most]
