"""What crosses between the two sides arrives unchanged, and nothing forged is accepted."""
import io
import json
import struct

import numpy as np
import pytest

from optimlab.classroom.sandbox import frames
from optimlab.tutor import EXERCISES
from optimlab.tutor.challenges import Answer, Challenge, Made, Ref, answer_all


def through(write, *what):
    stream = io.BytesIO()
    write(stream, *what)
    stream.seek(0)
    return frames.read(stream)


def same(a, b):
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.shape == b.shape \
            and np.array_equal(a, b, equal_nan=True)
    if isinstance(a, (tuple, list)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("name", EXERCISES)
def test_every_challenge_arrives_as_it_was_drawn(name):
    for challenge in EXERCISES[name].challenges(np.random.default_rng(0)):
        assert same(tuple(frames.to_challenge(through(frames.write_challenge, challenge))), tuple(challenge))


@pytest.mark.parametrize("result", [
    np.array([1.0, np.nan, np.inf]), np.zeros((2, 0)), np.float32([[1.5]]), np.arange(3), np.array([True]),
    np.array(7.0), np.arange(6.0).reshape(2, 3).T, np.array([1.0], dtype=">f8"), "a dict",
    0.1, float("inf"), -0.0, (np.zeros((2, 3)), np.arange(3)), [np.ones(1)],
], ids=str)
def test_an_answer_arrives_as_it_was_given(result):
    given = Answer("returned", (result,), "m", "line 3: x", "tuple", (result,), (0, 2))
    arrived = frames.to_answer(through(frames.write_answer, 4, given))
    native = result.astype(result.dtype.newbyteorder("=")) if isinstance(result, np.ndarray) else result
    assert same(arrived.results, (native,)) and same(arrived.probed, (native,))
    assert arrived[:1] + arrived[2:5] + arrived[6:] == ("returned", "m", "line 3: x", "tuple", (0, 2), None)


def traced():
    """An answer with a trace, as the student's side makes it."""
    ask = Challenge("trace/one", "f", (((np.array([1.0, 2.0]), 0.5), {}),), trace=True)
    return answer_all([ask], lambda w, rate: (w - rate * w, rate))[0]


def test_a_trace_arrives_as_it_was_made():
    given = traced().trace
    arrived = frames.to_answer(through(frames.write_answer, 0, traced())).trace
    assert arrived.results == given.results and len(arrived.steps) == len(given.steps) == 4
    for a, b in zip(arrived.steps, given.steps):
        assert a[:2] == b[:2] and a.place == b.place and same(a.value, b.value) and a.redo is None


@pytest.mark.parametrize("forge", [
    lambda t: t["steps"][2].__setitem__(1, [2]),                    # made of itself
    lambda t: t["steps"][1].__setitem__(1, [3]),                    # of a later one
    lambda t: t["steps"][2].__setitem__(1, [-1]),
    lambda t: t["steps"][2].__setitem__(1, [True]),
    lambda t: t["steps"][2].__setitem__(2, [2, 10**9]),
    lambda t: t["steps"][2].__setitem__(2, [-2]),
    lambda t: t["steps"][2].__setitem__(0, 7),
    lambda t: t["steps"][2].__setitem__(3, [5, 1, 1, 1, 1]),        # no such file
    lambda t: t["steps"][2].__setitem__(3, [0, -1, 1, 1, 1]),
    lambda t: t["steps"][2].__setitem__(3, [0, 1]),
    lambda t: t["steps"].extend(t["steps"] * 1000),                 # too many
    lambda t: t["steps"].pop(),                                     # too few for the values
    lambda t: t.__setitem__("results", [99]),
    lambda t: t.__setitem__("results", ["0"]),
    lambda t: t.__setitem__("files", [5]),
    lambda t: t.__setitem__("steps", None),
    lambda t: t.clear(),
])
def test_a_forged_trace_is_refused(forge):
    frame = through(frames.write_answer, 0, traced())
    forge(frame.head["trace"])
    with pytest.raises(frames.FrameError):
        frames.to_answer(frame)


def test_nan_arrives_as_a_number():
    arrived = frames.to_answer(through(frames.write_answer, 0, Answer("returned", (float("nan"),), container="float")))
    assert np.isnan(arrived.results[0]) and type(arrived.results[0]) is float


def test_what_is_no_plain_data_arrives_as_its_recipe():
    """Generators and functions are made where they are used: no code crosses."""
    a, b = np.ones((2, 3)), np.zeros((2, 3))
    calls = (((Made("curved_loss", (a, b)), a, True), {"h": 0.5}),
             (([(a, b), (a[:1], b[:1])], Made("default_rng", (7,)), Ref(0), 3), {"gradient": Made("regression_gradient")}))
    challenge = Challenge("c", "f", calls)
    assert same(tuple(frames.to_challenge(through(frames.write_challenge, challenge))), tuple(challenge))


@pytest.mark.parametrize("code", [
    ["made", ["eval", []]], ["made", ["__import__", [["number", 0]]]], ["made", ["default_rng", [["object", 0]]]],
    ["code", "print()"], ["number", "print()"], ["number", [1]], ["list", [["set", []]]],
], ids=str)
def test_a_challenge_of_unknown_inputs_is_refused(code):
    head = {"id": "c", "function": "f", "calls": [[[code], {}]], "probe_memory": False}
    with pytest.raises(frames.FrameError):
        frames.to_challenge(frames.Frame(head))


def forged(head, body=b"", head_size=None, body_size=None):
    text = head if isinstance(head, bytes) else json.dumps(head).encode()
    return struct.pack("<IQ", len(text) if head_size is None else head_size,
                       len(body) if body_size is None else body_size) + text + body


@pytest.mark.parametrize("data", [
    b"\x00", forged({"arrays": []})[:-1], forged(b"[]"), forged(b"nonsense"), forged({}), forged(b"[" * 100_000),
    forged({"arrays": []}, head_size=2**32 - 1), forged({"arrays": []}, body_size=2**63),
    forged({"arrays": [["|O", [1]]]}, b"x" * 8), forged({"arrays": [["<f8", [2]]]}, b"x" * 8),
    forged({"arrays": [["<f8", [1]]]}, b"x" * 9), forged({"arrays": [["<f8", [-1]]]}, b"x" * 8),
    forged({"arrays": [["<f8", [2**40, 2**40]]]}, b"x" * 8), forged({"arrays": [["<f8", ["1"]]]}, b"x" * 8),
    forged({"arrays": [["<f8", [True]]]}, b"x" * 8), forged({"arrays": [["<U9", [1]]]}, b"x" * 36),
    forged({"arrays": [["<f8", [1] * 40]]}, b"x" * 8), forged({"arrays": 5}), forged({"arrays": [[]]}),
    forged(b'{"arrays": [], "outputs": [' + b"{}," * 500_000 + b"0]}"), forged(b'{"x": "' + b'\\",' * 9 + b'", "arrays": [' + b'"",' * 500_000),
], ids=lambda data: repr(data[12:60]))
def test_forged_frames_are_refused(data):
    with pytest.raises(frames.FrameError):
        frames.read(io.BytesIO(data))


GOOD = {"outcome": "returned", "results": [], "message": "", "line": "", "container": "tuple",
        "probed": [], "changed": []}


@pytest.mark.parametrize("change", [
    {"outcome": "full marks"}, {"results": [["array", 0]]}, {"results": [["array", -1]]}, {"results": [["text", 3]]},
    {"results": [["object", "x"]]}, {"results": 5}, {"message": 5}, {"changed": ["x"]}, {"probed": [["array"]]},
    {"outcome": ["returned"]}, {"results": [["float", 1.0]]}, {"results": [["float", "x"]]},
    {"results": [["float", "0x1p99999"]]}, {"results": [["float", "0" * 10**6]]}, {"results": [["tuple", "xy"]]},
    {"results": [["list", [["text", "a dict"]]]]}, {"results": [["list", [["list", []]]]]}, {"results": [["set", []]]},
], ids=lambda change: str(change)[:60])
def test_forged_answers_are_refused(change):
    frames.to_answer(frames.Frame(GOOD))  # so that the change alone is what is refused
    with pytest.raises(frames.FrameError):
        frames.to_answer(frames.Frame(GOOD | change))


def test_answers_of_a_real_function_survive_the_journey():
    exercise = EXERCISES["initialize_adam"]
    challenges = exercise.challenges(np.random.default_rng(0))
    for n, given in enumerate(answer_all(challenges, lambda *units: [np.zeros(units)] * 8)):
        assert same(tuple(frames.to_answer(through(frames.write_answer, n, given))), tuple(given))
