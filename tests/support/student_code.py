"""What students write for each exercise: right answers, and answers with slips put in.

One file an exercise: tests/tutor/exercises/NAME.py. It is written apart from the tutor's own
simulation, in the way that students write, so that the two check each other.
"""
import inspect
import re
import textwrap
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "tutor" / "exercises"
__path__ = [str(FOLDER)]  # so that a file there is imported as student_code.NAME
NAMES = sorted(path.stem for path in FOLDER.glob("*.py") if not path.stem.startswith("_"))


@dataclass(frozen=True)
class StudentCode:
    """The constants of one file, by their names in small letters.

    A text is a whole function, or only its body where the key's signature is to stand above it.
    A slip goes by the id of its mistake, with or without the exercise's name in front.

    key: the plain good answer, as a lesson's cell is filled with it.
    template, correct, slips: a function with slots, what stands in them, and what a slip puts there.
    ways: (slip, text): a mistake that the template has no slot for, or another way to make one.
    styles: other right answers, by what is special about them.
    in_place: right answers that change the arrays they are given.
    together: slips that are to be named together, and exactly.
    told: (text, what is named): whatever else is named exactly; a third entry is said in the report, too.
    read_off: whether its mistakes are read off what comes back; else they are simulated.
    every_pair: whether any two slips are named exactly, but for those in `unnamed` and `hides`.
    paired_elsewhere: slips that another exercise has, too, in the same code: their pairs are tried there.
    unnamed: pairs that together do something else, or the same as one.
    hides: what cannot be seen beside a slip.
    by_form: what may be named where hardly anything came back.
    numbers: what a hint prints, and the number computed: {id: (sentence with {}, function of the id)}.
    given: numbers in hints that belong to the question, as a regular expression.
    checks: the functions whose names begin with check_, by the rest of it.
    """

    key: str
    template: str
    correct: Mapping[str, str]
    slips: Mapping[str, Mapping[str, str]]
    ways: Sequence[tuple[str, str]] = ()
    styles: Mapping[str, str] = field(default_factory=dict)
    in_place: Mapping[str, str] = field(default_factory=dict)
    together: Sequence[tuple[str, ...]] = ()
    told: Sequence[tuple[Any, ...]] = ()
    read_off: bool = False
    every_pair: bool = True
    paired_elsewhere: frozenset[str] = frozenset()
    unnamed: frozenset[tuple[str, str]] = frozenset()
    hides: Mapping[str, set[str]] = field(default_factory=dict)
    by_form: frozenset[str] = frozenset()
    numbers: Mapping[str, tuple[str, Callable[[str], float]]] = field(default_factory=dict)
    given: str = "(?!)"
    checks: Mapping[str, Callable[..., None]] = field(default_factory=dict)


@cache
def of(name: str) -> StudentCode:
    """What students write for an exercise."""
    things = vars(import_module(f"{__name__}.{name}"))
    constants = {constant.lower(): thing for constant, thing in things.items()
                 if constant.isupper() and not constant.startswith("_")}
    checks = {n.removeprefix("check_"): f for n, f in things.items() if n.startswith("check_")}
    return StudentCode(**constants, checks=checks)


def source(name: str, *slips: str) -> str:
    """The source of an exercise's function with these slips in it, filled into the template."""
    code = of(name)
    return fill(code.template, code.correct, [code.slips[slip.removeprefix(f"{name}.")] for slip in slips])


@cache
def student(name: str, *slips: str) -> Callable[..., Any]:
    """The function with these slips; of several ways to make one, the template's. Without slips, the key."""
    if not slips:
        return function(f"import numpy as np\n{key(name)}", name)
    if all(slip in of(name).slips for slip in slips):
        return function(source(name, *slips), name)
    return function(next(whole(name, text) for slip, text in of(name).ways if (slip,) == slips), name)


def key(name: str) -> str:
    """The plain good answer to an exercise."""
    return textwrap.dedent(of(name).key).strip() + "\n"


def whole(name: str, text: str) -> str:
    """A function's source from its text, which may be the body alone."""
    if re.search(rf"\b{name}\b", text):
        return textwrap.dedent(text)
    signature = re.search(rf"^def {name}\(.*?\):$", key(name), re.MULTILINE | re.DOTALL)[0]
    return f"import numpy as np\n\n{signature}\n{textwrap.indent(inspect.cleandoc(text), '    ')}\n"


def fill(template: str, correct: Mapping[str, str], slips: Sequence[Mapping[str, str]]) -> str:
    """The template, its slots filled as is correct but for the slips."""
    slots = dict(correct)
    for slip in slips:
        slots |= slip
    while any("{" + slot + "}" in template for slot in slots):
        for slot, text in slots.items():
            template = template.replace("{" + slot + "}", text)
    return textwrap.dedent(template)


def compatible(name: str, slips: Sequence[str]) -> bool:
    """Whether no two of the slips are about the same piece of code."""
    slots = [slot for slip in slips for slot in of(name).slips[slip]]
    return len(slots) == len(set(slots))


def id_of(name: str, slip: str) -> str:
    """The id of a slip's mistake."""
    return slip if "." in slip else f"{name}.{slip}"


def function(source: str, name: str) -> Callable[..., Any]:
    """The function of that name that the source defines."""
    namespace: dict[str, Any] = {}
    exec(compile(source, "<student>", "exec"), namespace)
    return namespace[name]
