"""The exercises that lie beside a notebook: as their author wrote them, or as `release` freezes them for students."""

import hashlib
import json
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

from optimlab.tutor.challenges import Challenge
from optimlab.tutor.exercise import Exercise
from optimlab.tutor.frozen import cases_of, freeze, thaw
from optimlab.tutor.registry import EXERCISES

WRITTEN = "exercises.py"   # the author's, with the references: never released
FROZEN = "exercises.json"  # what `release` makes of it: public cases, and what comes back there


class Known(NamedTuple):
    """What a notebook can ask for: the exercises by their names, and the points of criteria that are told."""

    exercises: Mapping[str, Exercise]
    points: Mapping[str, float] = {}

    def worth(self, name: str) -> dict[str, float]:
        """The points of an exercise's criteria; {} where nobody has said them."""
        own = {c.id for c in self.exercises[name].criteria}
        return {id: points for id, points in self.points.items() if id in own}


COURSE_S = Known(EXERCISES)


class Beside(NamedTuple):
    """A file of exercises: its text, from which all is read, and where it lies. Without text there is none."""

    text: str = ""
    path: str = ""

    @property
    def known(self) -> Known:
        """The course's own exercises and those of the file; of one name, those of the file count.

        Raises ValueError, in one line, where it cannot be read.
        """
        if not self.text:
            return COURSE_S
        return as_written(self.text, self.path) if self.path.endswith(WRITTEN) else as_frozen(self.text, self.path)


NONE = Beside()


def beside(folder: Path, *names: str) -> Beside:
    """The first file of these names in a folder; raises ValueError where it cannot be read."""
    for path in (folder / name for name in names):
        try:
            text = path.read_text(encoding="utf-8")
        except FileNotFoundError:
            continue
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"{path}: cannot be read: {error}") from None
        if "optimlab" in text:  # else it is a file of somebody's that only has this name
            return Beside(text, str(path.absolute()))
    return NONE


@cache
def as_written(source: str, path: str) -> Known:
    """The exercises of an author's file, given as its text: all that stand in it under a name, in their order.

    Raises ValueError, in one line, for a file that does not run.
    """
    module = ModuleType(f"exercises_{hashlib.sha256(source.encode()).hexdigest()[:16]}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # dataclasses look there
    try:
        exec(compile(source, path, "exec"), module.__dict__)
    except Exception as error:
        raise ValueError(told(error, path)) from None
    found = [e for e in vars(module).values() if isinstance(e, Exercise)]
    ids = [c.id for e in found for c in e.criteria]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise ValueError(f"{path}: two criteria are called {twice[0]}")
    return _with(found)


def told(error: Exception, path: str) -> str:
    """An error that comes from an author's file, in one line: the file, the line of it, what is wrong."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == path]
    line = error.lineno if isinstance(error, SyntaxError) else lines[-1] if lines else None
    said = " ".join(str(getattr(error, "msg", error)).split())
    return f"{path}{f', line {line}' if line else ''}: {type(error).__name__}: {said}"


@cache
def as_frozen(text: str, path: str) -> Known:
    """The exercises of a file that `frozen` made, given as its text; raises ValueError for any other file."""
    try:
        data = json.loads(text)
        return _with([thaw(e) for e in data["optimlab"]], data["points"])
    except (ValueError, LookupError, TypeError, AttributeError):
        raise ValueError(f"{path}: is not as it was released: get the assignment again") from None


def frozen(asked: Iterable[Exercise], points: Mapping[str, float],
           challenges: Callable[[Exercise], Sequence[Challenge]]) -> str:
    """What students need beside their notebook, as the text of a file; "" where that is nothing.

    asked: the exercises of the notebook. points: what their criteria have there. challenges: the
        public ones of an exercise.
    Raises ValueError for an exercise that cannot be frozen, and for one that draws other cases each time.
    """
    asked, own = list(asked), []
    for e in asked:
        if EXERCISES.get(e.name) is not e:
            own.append(freeze(e, challenges(e)))
            if own[-1]["cases"] != cases_of(challenges(e)):
                raise ValueError(f"{e.name} has other cases each time: draw them from the rng that is given, alone")
    usual = {c.id: c.points for e in asked for c in e.criteria}
    if not own and points == usual:
        return ""
    return json.dumps({"points": dict(points), "optimlab": own}) + "\n"


def _with(found: Iterable[Exercise], points: Mapping[str, float] | None = None) -> Known:
    return Known({**EXERCISES, **{e.name: e for e in found}}, points or {})
