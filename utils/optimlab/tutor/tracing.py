"""A student's computation as a graph of quantities, each with its value and the place in the code it stands at.

The function runs once more, on arrays and numbers that write down what is done with them. While
it runs, the names `np`, `numpy` and `math` among its globals stand for versions that write down,
too. What cannot be followed (another library, a loop over thousands of entries) is left out; a
quantity that comes out of it is a leaf, known by its value alone.

Nothing here knows what is right, so this file may run beside untrusted code.
"""

import contextlib
import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence, Set
from types import CodeType, FrameType, ModuleType
from typing import Any, NamedTuple

import numpy as np

MOST_STEPS = 2000      # of one trace
MOST_NUMBERS = 60_000  # in all values of one trace together

_LIBRARIES = tuple(os.path.dirname(os.path.abspath(f)) + os.sep for f in (np.__file__, os.__file__, __file__))
# Functions whose result starts a new array; it is followed from there.
_MAKES = {"array", "asarray", "ascontiguousarray", "asanyarray", "zeros", "ones", "empty", "full", "eye", "arange",
          "linspace", "identity", "copy", "zeros_like", "ones_like", "empty_like", "full_like"}
# What these give has nothing to do with the numbers of the array that they are given.
_FORGETS = {"zeros_like", "ones_like", "empty_like", "shape", "ndim", "size"}
_METHODS = ("sum", "mean", "max", "min", "dot", "ravel", "reshape", "flatten", "copy", "astype", "transpose", "squeeze",
            "std", "var", "prod", "cumsum", "clip", "round", "repeat", "swapaxes", "take", "diagonal", "trace")


class Place(NamedTuple):
    """Where in the code an operation stands: a file, and from where to where in it (lines from 1, columns in bytes)."""

    file: str
    line: int
    end_line: int
    column: int
    end_column: int


class Step(NamedTuple):
    """One quantity: what made it, of which earlier steps, its value, where.

    operation: NumPy's name of the function; or "input:NAME", "constant", "getitem", "setitem", "changed".
    redo: computes the value from those of the operands; None where that is not known, as on the
        trusted side of a sandbox.
    """

    operation: str
    operands: tuple[int, ...]
    value: np.ndarray
    place: Place | None = None
    redo: Callable[..., Any] | None = None


class Trace(NamedTuple):
    """What was computed, in order, and the numbers of the steps that came back (-1 for what is no number)."""

    steps: tuple[Step, ...]
    results: tuple[int, ...]


class TooMuch(BaseException):
    """The computation is larger than what is followed; no ordinary `except` swallows it."""


def trace(function: Callable[..., Any], arguments: Sequence[Any], keywords: dict[str, Any],
          made_of: Sequence[Any] = ()) -> Trace:
    """The function's computation on these arguments: numbers, arrays, functions, lists and tuples of them.

    made_of: the functions whose own files' places are noted, and whose names are looked after;
    else the function itself, and the places in every file that belongs to no library. Raises
    whatever the function raises, and TooMuch.

    >>> steps, results = trace(lambda w, dw: w - 0.1 * dw, (np.ones(2), np.ones(2)), {})
    >>> [step.operation for step in steps], results
    (['input:w', 'input:dw', 'constant', 'multiply', 'subtract'], (4,))
    """
    recorder = _Recorder({f.__code__.co_filename for f in made_of})
    names = _parameters(function)
    given = [recorder.given(a, name) for a, name in zip(arguments, [*names, *[""] * len(arguments)])]
    named = {k: recorder.given(v, k) for k, v in keywords.items()}
    with contextlib.ExitStack() as stack:
        for space in {id(f): getattr(f, "__globals__", None) for f in made_of or (function,)}.values():
            stack.enter_context(recorder.in_place_of_numpy(space))
        returned = function(*given, **named)
    things = list(returned) if type(returned) in (tuple, list) else [returned]
    results = tuple(recorder.step_of(x) if recorder.is_numeric(x) else -1 for x in things)
    return Trace(tuple(recorder.steps), results)


def _parameters(function: Callable[..., Any]) -> tuple[str, ...]:
    code = getattr(function, "__code__", None)
    return code.co_varnames[:code.co_argcount] if isinstance(code, CodeType) else ()


class _Recorder:
    """Writes the steps down while they are made."""

    def __init__(self, own_files: Set[str] = frozenset()):
        self.steps: list[Step] = []
        self._own_files = own_files
        self._numbers = 0
        self._constants: dict[float, int] = {}
        self._writes: dict[int, list[int]] = {}  # by the memory that was written to
        self._positions: dict[CodeType, list[tuple[int | None, ...]]] = {}

    # ------------------------------------------------------------ what is given, and what comes back

    def given(self, x: Any, name: str) -> Any:
        """An argument as something that writes down what is done with it."""
        if type(x) in (tuple, list):
            return type(x)(self.given(y, f"{name}[{i}]") for i, y in enumerate(x))
        if type(x) is bool:
            return x
        if self.is_numeric(x):
            return self.wrapped(np.array(x) if type(x) is np.ndarray else x, self.add(f"input:{name}", (), x))
        if callable(x):
            return lambda *args, **kw: self.call(f"call:{name}", x, args, kw)
        return x

    @staticmethod
    def is_numeric(x: Any) -> bool:
        return isinstance(x, (bool, int, float, np.number, np.bool_)) or (
            isinstance(x, np.ndarray) and x.dtype.kind in "fiub")

    def add(self, operation: str, operands: tuple[int, ...], value: Any, place: Place | None = None,
            redo: Callable[..., Any] | None = None) -> int:
        value = np.array(value, float)
        self._numbers += value.size
        if len(self.steps) >= MOST_STEPS or self._numbers > MOST_NUMBERS:
            raise TooMuch
        self.steps.append(Step(operation, operands, value, place, redo))
        return len(self.steps) - 1

    def wrapped(self, x: Any, step: int) -> Any:
        """A value that knows its step; truth values and texts stay as they are."""
        if isinstance(x, np.ndarray) and x.ndim:
            array = x.view(_Array)
            array._recorder, array._step = self, step
            return array
        return _Number.of(x.item() if isinstance(x, np.ndarray) else x, self, step)

    def step_of(self, x: Any) -> int:
        """The step of a value; what is not traced is a constant."""
        if isinstance(x, _Array) and x._step is not None:
            if not np.array_equal(x.view(np.ndarray), self.steps[x._step].value, equal_nan=True):
                # Written to through another name for the same memory.
                writes = [w for w in self._writes.get(_memory(x), []) if w > x._step]
                x._step = self.add("changed", (x._step, *writes[-20:]), x, self.place())
            return x._step
        if isinstance(x, _Number):
            return x._step
        if type(x) in (int, float):
            if x not in self._constants:
                self._constants[x] = self.add("constant", (), x)
            return self._constants[x]
        return self.add("constant", (), bare(x), self.place())

    # ------------------------------------------------------------ what is done

    def ufunc(self, ufunc: np.ufunc, method: str, inputs: Sequence[Any], keywords: dict[str, Any]) -> Any:
        out = keywords.get("out")
        if not all(self.is_numeric(x) or type(x) in (list, tuple) for x in inputs):
            return getattr(ufunc, method)(*map(bare, inputs), **{k: bare(v) for k, v in keywords.items()})
        operands = tuple(map(self.step_of, inputs))
        masked = keywords.get("where", True)
        plain, fixed = [bare(x) for x in inputs], {k: bare(v) for k, v in keywords.items() if k != "out"}
        if out is not None and masked is not True:
            operands = (*operands, self.step_of(out[0]))
        do = getattr(ufunc, method)
        result = do(*plain, **fixed, **({} if out is None else {"out": tuple(map(bare, out))}))
        if isinstance(result, tuple) or result is None or np.asarray(result).dtype.kind not in "fiu":
            return result
        redo = None if masked is not True else lambda *values: do(*values, **fixed)
        name = ufunc.__name__ if method == "__call__" else f"{ufunc.__name__}.{method}"
        step = self.add(name, operands, result, self.place(), redo)
        if out is None:
            return self.wrapped(result, step)
        target = out[0] if isinstance(out[0], _Array) else out[0].view(_Array)
        target._recorder, target._step = self, step
        self._writes.setdefault(_memory(target), []).append(step)
        return target

    def call(self, name: str, function: Callable[..., Any], args: Sequence[Any], keywords: dict[str, Any]) -> Any:
        """Call a function that is no ufunc, and write down what it gives; of each result if there are several."""
        out = keywords.get("out")
        rest = {k: v for k, v in keywords.items() if k != "out"}
        traced: list[Any] = []
        _collect((args, rest), traced)
        if not (traced or name in _MAKES) or not (out is None or isinstance(out, _Array)):
            return function(*bare(args), **bare(keywords))
        operands = () if name in _FORGETS else tuple(map(self.step_of, traced))
        place = self.place()
        result = function(*bare(args), **bare(keywords))
        if name.startswith("call:"):  # what a given function gives is a copy of its own
            result = np.array(result) if isinstance(result, np.ndarray) else result

        def again(*values: Any) -> Any:
            left = iter(values)
            return function(*_refilled(args, left), **_refilled(rest, left))

        if out is not None:
            out._step = self.add(name, operands, bare(out), place, again)
            self._writes.setdefault(_memory(out), []).append(out._step)
            return out
        if isinstance(result, (tuple, list)):
            return type(result)(
                self.wrapped(r, self.add(name, operands, r, place, lambda *values, i=i: again(*values)[i]))
                if self.is_numeric(r) else r for i, r in enumerate(result))
        if not self.is_numeric(result) or isinstance(result, (bool, np.bool_)) or (
                isinstance(result, np.ndarray) and result.dtype.kind == "b"):
            return result
        return self.wrapped(result, self.add(name, operands, result, place, again if operands else None))

    def take(self, array: "_Array", index: Any) -> Any:
        index = bare(index)
        result = array.view(np.ndarray)[index]
        if not self.is_numeric(result):
            return result
        return self.wrapped(result, self.add("getitem", (self.step_of(array),), result, self.place(),
                                             lambda value: value[index]))

    def put(self, array: "_Array", index: Any, value: Any) -> None:
        index, plain = bare(index), bare(value)
        before = self.step_of(array)
        array.view(np.ndarray)[index] = plain
        if not self.is_numeric(value):
            value = np.asarray(plain, float)

        def redo(old: np.ndarray, new: Any) -> np.ndarray:
            changed = np.array(old, float)
            changed[index] = new
            return changed

        array._step = self.add("setitem", (before, self.step_of(value)), array.view(np.ndarray), self.place(), redo)
        self._writes.setdefault(_memory(array), []).append(array._step)

    def place(self) -> Place | None:
        """The innermost place in the student's own code that is being executed."""
        frame: FrameType | None = sys._getframe(2)
        while frame is not None:
            code = frame.f_code
            file = code.co_filename
            if file in self._own_files if self._own_files else not (
                    file.startswith(_LIBRARIES) or file.startswith("<frozen ")):
                if code not in self._positions:
                    self._positions[code] = list(code.co_positions())
                spots = self._positions[code]
                at = frame.f_lasti // 2
                line, end, column, end_column = spots[at] if at < len(spots) else (frame.f_lineno,) * 2 + (0, 0)
                return Place(file, line or frame.f_lineno, end or line or frame.f_lineno, column or 0, end_column or 0)
            frame = frame.f_back
        return None

    # ------------------------------------------------------------ NumPy as the student's code sees it

    @contextlib.contextmanager
    def in_place_of_numpy(self, names: dict[str, Any] | None) -> Iterator[None]:
        """Put modules and functions that write down in the place of NumPy's and math's among the names."""
        stand_ins: dict[str, tuple[Any, Any]] = {}
        for name, thing in list(names.items()) if type(names) is dict else ():
            own = _stand_in(self, thing)
            if own is not thing:
                stand_ins[name] = thing, own
        names = names or {}
        try:
            for name, (_, own) in stand_ins.items():
                names[name] = own
            yield
        finally:
            for name, (thing, own) in stand_ins.items():
                if names.get(name) is own:
                    names[name] = thing


def _stand_in(recorder: _Recorder, thing: Any) -> Any:
    """What writes down in the place of a module or function of NumPy or math; anything else as it is."""
    if isinstance(thing, ModuleType):
        return _Module(recorder, thing) if thing in (np, np.linalg, math) else thing
    if not callable(thing) or isinstance(thing, (type, np.ufunc)):
        return thing
    name = getattr(thing, "__name__", None)
    if type(name) is not str:
        return thing
    function: Callable[..., Any] = thing
    if getattr(math, name, None) is thing:
        return _math(recorder, name, function)
    if getattr(np, name, None) is thing or getattr(np.linalg, name, None) is thing:
        return lambda *args, **keywords: recorder.call(name, function, args, keywords)
    return thing


class _Module:
    """A module of which every function writes down."""

    def __init__(self, recorder: _Recorder, module: ModuleType):
        self._recorder, self._module = recorder, module

    def __getattr__(self, name: str) -> Any:
        own = _stand_in(self._recorder, getattr(self._module, name))
        setattr(self, name, own)
        return own


# NumPy's names for what the functions of math do with one or two numbers.
_MATH = {"sqrt": "sqrt", "pow": "power", "exp": "exp", "log": "log", "fabs": "absolute", "expm1": "expm1",
         "log1p": "log1p", "cos": "cos", "sin": "sin", "tanh": "tanh"}


def _math(recorder: _Recorder, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    def on_numbers(*args: Any) -> Any:
        plain = [float(x) if isinstance(x, (_Array, _Number)) else x for x in args]
        result = function(*plain)  # raises what math raises: for arrays, for negative numbers under a root
        if name not in _MATH or not all(recorder.is_numeric(x) for x in args):
            return result
        ufunc = getattr(np, _MATH[name])
        if len(args) != ufunc.nin:
            return result
        step = recorder.add(ufunc.__name__, tuple(map(recorder.step_of, args)), result, recorder.place(), ufunc)
        return recorder.wrapped(result, step)
    return on_numbers


# ---------------------------------------------------------------- the values that write down

class _Array(np.ndarray):
    """An array that writes down what is done with it."""

    _recorder: _Recorder | None = None
    _step: int | None = None

    def __array_finalize__(self, obj: Any) -> None:
        self._recorder, self._step = getattr(obj, "_recorder", None), None

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **keywords: Any) -> Any:
        recorder = _recorder_of((*inputs, *keywords.get("out", ())))
        if recorder is None or method not in ("__call__", "reduce", "accumulate", "outer"):
            return getattr(ufunc, method)(*map(bare, inputs), **bare(keywords))
        return recorder.ufunc(ufunc, method, inputs, keywords)

    def __array_function__(self, func: Any, types: Any, args: Any, kwargs: Any) -> Any:
        recorder = _recorder_of((args, kwargs))
        if recorder is None:
            return func(*bare(args), **bare(kwargs))
        return recorder.call(func.__name__, func, args, kwargs)

    def __getitem__(self, index: Any) -> Any:
        return super().__getitem__(index) if self._recorder is None else self._recorder.take(self, index)

    def __setitem__(self, index: Any, value: Any) -> None:
        if self._recorder is None:
            super().__setitem__(index, value)
        else:
            self._recorder.put(self, index, value)

    @property
    def T(self) -> Any:
        return self.transpose()


def _method(name: str) -> Callable[..., Any]:
    plain = getattr(np.ndarray, name)

    def method(self: _Array, *args: Any, **keywords: Any) -> Any:
        if self._recorder is None:
            return plain(bare(self), *args, **keywords)
        return self._recorder.call(name, plain, (self, *args), keywords)
    return method


for _name in _METHODS:
    setattr(_Array, _name, _method(_name))


class _Number(np.float64):
    """A number that writes down what is done with it; `_bare` is the number as it was."""

    _recorder: _Recorder
    _step: int
    _bare: Any

    @classmethod
    def of(cls, x: Any, recorder: _Recorder, step: int) -> Any:
        if isinstance(x, (bool, np.bool_)):
            return x
        number = cls(x)
        number._recorder, number._step, number._bare = recorder, step, x
        return number

    __array_ufunc__ = _Array.__array_ufunc__
    __array_function__ = _Array.__array_function__

    def __index__(self) -> int:
        if isinstance(self._bare, (int, np.integer)):
            return int(self._bare)
        raise TypeError("a number with a fraction cannot be an index")

    def __int__(self) -> int:
        return int(self._bare)

    def __reduce__(self) -> Any:
        return type(self._bare), (self._bare,)

    def __deepcopy__(self, memo: Any) -> "_Number":
        return self

    __hash__ = np.float64.__hash__


def _operators() -> Iterator[tuple[str, Callable[..., Any]]]:
    def forward(ufunc: np.ufunc) -> Callable[..., Any]:
        def operator(self: _Number, other: Any) -> Any:
            if not _Recorder.is_numeric(other):
                return NotImplemented
            return ufunc(self, other)
        return operator

    def backward(ufunc: np.ufunc) -> Callable[..., Any]:
        def operator(self: _Number, other: Any) -> Any:
            if not _Recorder.is_numeric(other):
                return NotImplemented
            return ufunc(other, self)
        return operator

    for name, ufunc in (("add", np.add), ("sub", np.subtract), ("mul", np.multiply), ("truediv", np.true_divide),
                        ("floordiv", np.floor_divide), ("mod", np.remainder), ("pow", np.power)):
        yield f"__{name}__", forward(ufunc)
        yield f"__r{name}__", backward(ufunc)
    for name, unary in (("neg", np.negative), ("abs", np.absolute)):
        yield f"__{name}__", lambda self, unary=unary: unary(self)


for _name, _operator in _operators():
    setattr(_Number, _name, _operator)


def bare(x: Any) -> Any:
    """A value, or a list, tuple or dict of values, without the tracing."""
    if isinstance(x, _Array):
        return x.view(np.ndarray)
    if isinstance(x, _Number):
        return x._bare
    if type(x) in (tuple, list):
        return type(x)(map(bare, x))
    if type(x) is dict:
        return {k: bare(v) for k, v in x.items()}
    if type(x) is slice:
        return slice(bare(x.start), bare(x.stop), bare(x.step))
    return x


def _collect(x: Any, found: list[Any]) -> None:
    """All traced values in nested lists, tuples and dicts, in order."""
    if isinstance(x, (_Array, _Number)):
        found.append(x)
    elif type(x) in (tuple, list):
        for y in x:
            _collect(y, found)
    elif type(x) is dict:
        for y in x.values():
            _collect(y, found)


def _refilled(x: Any, values: Iterator[Any]) -> Any:
    """Nested lists, tuples and dicts with other values in the place of the traced ones, in order."""
    if isinstance(x, (_Array, _Number)):
        return next(values)
    if type(x) in (tuple, list):
        return type(x)([_refilled(y, values) for y in x])
    if type(x) is dict:
        return {k: _refilled(v, values) for k, v in x.items()}
    return x


def _recorder_of(things: Any) -> _Recorder | None:
    found: list[Any] = []
    _collect(things, found)
    return next((x._recorder for x in found if x._recorder is not None), None)


def _memory(array: np.ndarray) -> int:
    """What names the memory that an array looks at, however many views lie between."""
    base: Any = array
    while isinstance(getattr(base, "base", None), np.ndarray):
        base = base.base
    return id(base)
