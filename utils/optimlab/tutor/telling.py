"""What is said of a place at which a student leaves the rule: their line, in their words, and what it does.

Whatever is said of the code is read off it: which operation it is, on what, and which quantities
these are. What would be right is never said, neither as a formula nor as a number.
"""

import ast
import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from optimlab.tutor.explanation import (
    MOVES,
    NO_NUMBER,
    Explanation,
    Known,
    Member,
    Sides,
    Slip,
    bits,
    scale,
    sizes,
    vector,
)
from optimlab.tutor.tracing import Place, Step, Trace

LONGEST = 160  # characters of a line that are quoted

LEAVES = "from here on the numbers are not those of the rule"  # where nothing else can be said

# What an operation does, of its operands as the student wrote them.
_DOES = {
    "add": "adds {1} to {0}", "subtract": "takes {1} away from {0}", "multiply": "multiplies {0} by {1}",
    "divide": "divides {0} by {1}", "true_divide": "divides {0} by {1}", "power": "takes {0} to the power {1}",
    "float_power": "takes {0} to the power {1}", "matmul": "multiplies the matrices {0} and {1}",
    "dot": "multiplies the matrices {0} and {1}", "maximum": "takes the larger of {0} and {1}",
    "minimum": "takes the smaller of {0} and {1}", "remainder": "takes the remainder of {0} divided by {1}",
    "floor_divide": "divides {0} by {1} and drops the fraction", "sqrt": "takes the root of {0}",
    "square": "squares {0}", "absolute": "takes the absolute value of {0}", "sign": "takes only the sign of {0}",
    "negative": "turns the sign of {0}", "exp": "takes the exponential of {0}", "log": "takes the logarithm of {0}",
    "sum": "adds up the entries of {0}", "mean": "takes the mean of {0}", "max": "takes the largest entry of {0}",
    "min": "takes the smallest entry of {0}", "clip": "cuts {0} off", "norm": "takes the length of {0}",
    "add.reduce": "adds up the entries of {0}", "maximum.reduce": "takes the largest entry of {0}",
    "minimum.reduce": "takes the smallest entry of {0}",
}
_ORDER: dict[type, int] = {ast.Pow: 3, ast.MatMult: 2, ast.Mult: 2, ast.Div: 2, ast.FloorDiv: 2, ast.Mod: 2,
                           ast.Add: 1, ast.Sub: 1}
_VERBS: dict[type, str] = {
    ast.Pow: "takes a power", ast.Mult: "multiplies", ast.Div: "divides", ast.MatMult: "multiplies",
    ast.FloorDiv: "divides", ast.Mod: "takes a remainder", ast.Add: "adds", ast.Sub: "subtracts"}
_APPLY: dict[type, Callable[[Any, Any], Any]] = {
    ast.Pow: np.float_power, ast.Mult: np.multiply, ast.Div: np.true_divide, ast.Add: np.add, ast.Sub: np.subtract,
    ast.MatMult: np.matmul, ast.FloorDiv: np.floor_divide, ast.Mod: np.remainder}


class Told(NamedTuple):
    """One slip in words.

    kind: what kind it is (KINDS). says: a sentence or two of what the code does.
    line, source: the student's own; None where they are not known.
    results: the numbers of the results it was found in.
    """

    kind: str
    says: str
    line: int | None
    source: str | None
    results: tuple[int, ...]


# Kinds of slips that need no list of mistakes: what they are called, and what the report on a class says of them.
KINDS = {
    "precedence": "Python works a formula out in another order than it is meant.",
    "one_for_all": "One number stands where each entry has its own.",
    "another_operand": "Another quantity stands where one of the rule belongs.",
    "missing_operation": "A quantity is used before all is done with it.",
    "extra_operation": "Something is done with a quantity that the rule does not do.",
    "another_operation": "The right quantities meet in the wrong operation.",
    "constant": "A number stands where one of the arguments belongs.",
    "exponent": "A power is taken to another exponent than the rule's.",
    "result_in_place": "A right quantity comes back in the place of another.",
    "input_returned": "What comes back is what was given: the new values are lost on the way.",
    "another_shape": "The numbers are right, but their array has another shape.",
    "stretched": "Two arrays of unlike shapes meet, and NumPy repeats both until they fit.",
    "departs": "From here on the numbers are not those of the rule.",
}


def tell(explanation: Explanation, sources: Mapping[str, str]) -> list[tuple[Told, tuple[Slip, ...]]]:
    """Each slip in words. sources: the text of each of the student's files; no other file is quoted."""
    code = {file: Code(text) for file, text in sources.items()}
    return [(_Teller(explanation.side, same, code).told(), same) for same in explanation.slips]


def place_of(trace: Trace, step: int | None, sources: Callable[[str], str],
             left_out: bool) -> tuple[int | None, str | None]:
    """The line of a step, and its text; without a step, those of the last return.

    left_out: whether what is wrong is that nothing was done to an operand: a line that only hands it on comes first.
    """
    code = {file: Code(text) for file in {s.place.file for s in trace.steps if s.place} if (text := sources(file))}
    place = None if step is None else trace.steps[step].place
    if place and place.file in code:
        own, line = code[place.file], place.line
        if left_out:
            texts = {own.text(n) for n in _operand_nodes(own.node(place))} - {None}
            line = max((n.lineno for n in ast.walk(own.tree) if isinstance(n, ast.Assign) and n.lineno < line
                        and own.text(n.targets[0]) in texts
                        and isinstance(n.value, (ast.Name, ast.Subscript, ast.Attribute))), default=line)
    else:
        returns = [(n.lineno, c) for c in code.values() for n in ast.walk(c.tree) if isinstance(n, ast.Return)]
        if not returns:
            return None, None
        line, own = max(returns, key=lambda found: found[0])
    said = own.line(line)
    return (None, None) if said is None else (line, said)


def said_of(made: Step, sources: Callable[[str], str]) -> str:
    """What the operation of a step does, its operands as they are written; "" where that is not known."""
    says = _does(Code(sources(made.place.file)) if made.place else None, made)
    return "" if says == LEAVES else says


def _does(code: "Code | None", made: Step, node: ast.AST | None = None) -> str:
    """What an operation does; `node` is that of the code if it is another one than the step's own."""
    if node is None and code and made.place:
        node = code.node(made.place)
    parts = [code.text(n) for n in _operand_nodes(node)] if code and node is not None else []
    pattern = _DOES.get(made.operation)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        pattern = _DOES["power"]
    if pattern and None not in parts and len(parts) >= (2 if "{1}" in pattern else 1):
        return "this " + pattern.format(*(f"`{p}`" for p in parts))
    if pattern and "{1}" not in pattern and "{0}" in pattern:
        return "this " + pattern.format("an array")
    return LEAVES


class Code:
    """A student's text, and what stands where in it."""

    def __init__(self, text: str):
        self._lines = text.splitlines()
        self._text = text

    @cached_property
    def tree(self) -> ast.AST:
        try:
            return ast.parse(self._text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return ast.Module([], [])

    @cached_property
    def _nodes(self) -> dict[tuple[int, int, int, int], ast.AST]:
        return {_span(n): n for n in ast.walk(self.tree)
                if isinstance(n, (ast.BinOp, ast.UnaryOp, ast.Call, ast.AugAssign, ast.Subscript))}

    @cached_property
    def parents(self) -> dict[ast.AST, ast.AST]:
        return {child: node for node in ast.walk(self.tree) for child in ast.iter_child_nodes(node)}

    def line(self, number: int) -> str | None:
        """A line of the text, without its indent; None where there is no such line."""
        if not 0 < number <= len(self._lines):
            return None
        return self._lines[number - 1].strip()[:LONGEST]

    def node(self, place: Place) -> ast.AST | None:
        return self._nodes.get((place.line, place.end_line, place.column, place.end_column))

    def text(self, node: ast.AST | None) -> str | None:
        """What was written for an expression, on one line."""
        found = ast.get_source_segment(self._text, node) if node is not None else None
        if found is None or len(found) > LONGEST:
            return None
        return " ".join(found.split())

    def in_parentheses(self, node: ast.expr) -> bool:
        """Whether an expression stands in parentheses of its own."""
        before = self._lines[node.lineno - 1].encode()[:node.col_offset].rstrip()
        after = self._lines[(node.end_lineno or node.lineno) - 1].encode()[node.end_col_offset:].lstrip()
        if not (before.endswith(b"(") and after.startswith(b")")):
            return False
        parent = self.parents.get(node)
        return not (isinstance(parent, ast.Call) and node in parent.args and len(parent.args) == 1)

    def statement(self, node: ast.AST) -> ast.AST:
        while not isinstance(node, ast.stmt) and node in self.parents:
            node = self.parents[node]
        return node

    def is_read_once(self, name: str) -> bool:
        return sum(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load)
                   for n in ast.walk(self.tree)) == 1

    def bound(self, name: str, before: int) -> ast.stmt | None:
        """The last assignment to a name above a line, if it only hands something on, and to this line alone."""
        if not self.is_read_once(name):
            return None
        found: ast.Assign | None = None
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Assign) and node.lineno < before and any(
                    isinstance(n, ast.Name) and n.id == name for t in node.targets for n in ast.walk(t)) and (
                    found is None or node.lineno > found.lineno):
                found = node
        if found is None or any(isinstance(n, (ast.BinOp, ast.Call)) for n in ast.walk(found.value)):
            return None
        one_name = isinstance(found.targets[0], ast.Name)
        return found if one_name and isinstance(found.value, (ast.Name, ast.Constant, ast.Subscript)) else None

    def handed_on(self, name: str, after: int) -> ast.stmt | None:
        """The statement below a line in which a name is stored or returned as it is."""
        for node in sorted((n for n in ast.walk(self.tree) if isinstance(n, ast.Name) and n.id == name
                            and isinstance(n.ctx, ast.Load) and n.lineno > after), key=lambda n: n.lineno):
            parent = self.parents.get(node)
            if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr == "append":
                return self.statement(node)  # type: ignore[return-value]
            if isinstance(parent, ast.Assign) and parent.value is node:
                return parent
            inside: ast.AST | None = parent
            while isinstance(inside, (ast.Tuple, ast.List, ast.Starred)):
                inside = self.parents.get(inside)
            if isinstance(inside, (ast.Return, ast.Assign, ast.AugAssign)):
                return inside
        return None


def _span(node: Any) -> tuple[int, int, int, int]:
    return node.lineno, node.end_lineno, node.col_offset, node.end_col_offset


class _Teller:
    """What can be said of the slips at one place."""

    def __init__(self, side: Sides, same: Sequence[Slip], code: Mapping[str, Code]):
        self.side, self.same, self.slip = side, same, same[0]
        self.step = side.student.steps[self.slip.steps[0]]
        self.place = self.step.place
        self.code = code.get(self.place.file) if self.place else next(iter(code.values()), None)
        self.known: Known = self.slip.known

    def told(self) -> Told:
        kind, says, line = self._kind()
        says = ". ".join([says, *self._consequences()])
        source = self.code.line(line) if self.code and line else None
        return Told(kind, says, line if source else None, source, tuple(dict.fromkeys(s.result for s in self.same)))

    def _consequences(self) -> Iterator[str]:
        """What comes of a wrong value, as far as these very cases show it."""
        if self.slip.kind not in ("step", "lost"):
            return
        step, student = self.slip.steps[0], self.side.student
        own, right = vector(student.values[step]), vector(self.known.values(self.slip.members[0]))
        if np.any(own < 0) and np.all(right >= 0) and np.any(right > 0):
            part = "The result is negative" if np.all(own < 0) else "Part of the result is negative"
            roots = [vector(student.values[s]) for s in bits(student.down[step])
                     if student.steps[s].operation == "sqrt"]
            yield part + (", and a root further down gives nan" if any(np.any(r == 3 * NO_NUMBER) for r in roots) else
                          ", which it never should be")
        if line := self._dropped_line():
            yield f"What line {line} computes is used nowhere"

    def _dropped_line(self) -> int | None:
        """The line of what belongs into the quantity that is meant, and goes into no result."""
        steps, used = self.side.student.steps, 0
        for result in self.side.student.results:
            used |= self.side.student.up[result]
        lines = {made.place.line for s, made in enumerate(steps) if used >> s & 1 and made.place}
        for s, made in enumerate(steps):
            if used >> s & 1 or not made.operands or made.operation in MOVES or not self._goes_into_what_is_meant(s):
                continue
            last = steps[max(bits(self.side.student.down[s]))].place
            if last and self.code and self.code.node(last) and last.line not in lines:
                return last.line
        return None

    def _goes_into_what_is_meant(self, step: int) -> bool:
        return any(self.side.ways[m.way].up[wanted.step] >> m.step & 1 for m in self.known.exact(step)
                   for wanted in self.slip.members if m.way == wanted.way)

    # ------------------------------------------------------------ which kind

    def _kind(self) -> tuple[str, str, int | None]:
        line = self.place.line if self.place else None
        if self.slip.kind == "returned":
            return self._returned()
        if self.slip.kind == "shape":
            return self._shape()
        if self.slip.kind == "lost":
            return "departs", f"{self._does()}. Up to here, your numbers are right", line
        return (self._precedence() or self._extra() or self._compared() or ("departs", self._does(), line))

    def _returned(self) -> tuple[str, str, int | None]:
        line = self.place.line if self.place else None
        if self.step.operation.startswith("input:"):
            return "input_returned", f"{self._input_name(self.step.operation)} comes back as it was given", \
                self._return_line()
        statement = None
        if self.code and self.place:
            node = self.code.node(self.place)
            target = self._target(self.code.statement(node)) if node is not None else None
            if target:
                statement = self.code.handed_on(target, self.place.line)
        text = self._text_of_step(self.slip.steps[0])
        says = f"what comes back here is {text}, which belongs in another place" if text else \
            "what comes back is a right quantity in the place of another one"
        return "result_in_place", says, statement.lineno if statement is not None else line

    def _shape(self) -> tuple[str, str, int | None]:
        student, line = self.side.student, self.place.line if self.place else None
        first, last = self.slip.steps[0], self.slip.steps[-1]
        shape, made = student.values[first][0].shape, student.values[last][0].shape
        met = [student.values[o][0].shape for o in student.steps[last].operands]
        text = self._text_of_step(first) or "this"
        if len(met) < 2 or made in met:
            return "another_shape", f"{text} has the shape {shape} and keeps it to the end; the numbers are right", line
        stretched = f"NumPy repeats both until they fit, and makes an array of the shape {made} of them"
        if first != last:
            other = next((m for m in met if m != shape), shape)
            return "stretched", f"{text} has the shape {shape}. Where it meets an array of {other}, {stretched}", line
        return "stretched", f"arrays of the shapes {' and '.join(map(str, met))} meet here. {stretched}", line

    def _return_line(self) -> int | None:
        returns = [n for n in ast.walk(self.code.tree) if isinstance(n, ast.Return)] if self.code else []
        return max((n.lineno for n in returns), default=None)

    def _input_name(self, operation: str) -> str:
        name = operation.removeprefix("input:")
        return f"`{name}`" if name else "an argument"

    @staticmethod
    def _target(statement: ast.AST) -> str | None:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else getattr(statement, "target", None)
        return target.id if isinstance(target, ast.Name) else None

    def _precedence(self) -> tuple[str, str, int | None] | None:
        """Whether one more pair of parentheses around a part of the formula gives a quantity of the rule."""
        if not self.code or not self.place:
            return None
        node = self.code.node(self.place)
        if not isinstance(node, (ast.BinOp, ast.AugAssign)):
            return None
        top: ast.AST = node
        while isinstance(self.code.parents.get(top), ast.BinOp) and not (
                isinstance(top, ast.expr) and self.code.in_parentheses(top)):
            top = self.code.parents[top]
        step = self._step_at(top)
        if step is None or not isinstance(top, ast.BinOp):
            return None
        leaves: list[list[np.ndarray]] = []
        operators: list[type] = []
        if not self._flatten(top, step, leaves, operators) or not 2 <= len(operators) <= 8:
            return None
        for first, last in itertools.combinations(range(len(leaves)), 2):
            if (first, last) == (0, len(leaves) - 1):
                continue
            values = [_evaluated([leaf[c] for leaf in leaves], operators, first, last)
                      for c in range(len(leaves[0]))]
            if any(v is None for v in values):
                continue
            if self._is_right(values):
                says = f"{self._does(top, step)}. {_rule_of_order(operators, first, last)}"
                return "precedence", says, self.place.line
        return None

    def _is_right(self, values: Sequence[np.ndarray]) -> bool:
        """Whether these are the values of the quantity that is meant, or of one that follows from it."""
        row, size, largest = vector(values), sizes(values), scale(values)
        if np.isfinite(np.concatenate([v.ravel() for v in values])).mean() < 0.5:
            return False
        with np.errstate(all="ignore"):
            return any(sizes(v) == size and np.all(np.abs(vector(v) - row) <= 1e-7 * largest)
                       for v in map(self.known.values, self._all_members()))

    def _all_members(self) -> Iterator[Member]:
        """The quantity that is meant, and those that follow from it."""
        yield from self.slip.members
        for w, way in enumerate(self.side.ways):
            for m in self.slip.members:
                if m.way == w:
                    yield from (Member(w, s) for s in range(m.step + 1, len(way.steps)) if way.down[m.step] >> s & 1)

    def _flatten(self, node: ast.expr, step: int, leaves: list[list[np.ndarray]], operators: list[type]) -> bool:
        """The formula as a row of operands and the operators between them, parentheses kept together."""
        student = self.side.student
        if isinstance(node, ast.BinOp) and len(student.steps[step].operands) in (1, 2) and type(node.op) in _ORDER:
            operands = student.steps[step].operands
            if student.steps[step].operation == "square":  # as NumPy computes x**2
                operands = (*operands, -2)
            for child, operand in zip((node.left, node.right), operands, strict=True):
                if child is node.right:
                    operators.append(type(node.op))
                inner = isinstance(child, ast.BinOp) and not self.code.in_parentheses(child)  # type: ignore[union-attr]
                if operand == -2:
                    leaves.append([np.array(2.0)] * len(student.values[step]))
                elif inner and student.steps[operand].place and self._covers(child, operand):
                    if not self._flatten(child, operand, leaves, operators):
                        return False
                else:
                    leaves.append(student.values[operand])
            return True
        return False

    def _covers(self, node: ast.AST, step: int) -> bool:
        place = self.side.student.steps[step].place
        return place is not None and (place.line, place.end_line, place.column, place.end_column) == _span(node)

    def _step_at(self, node: ast.AST) -> int | None:
        """The step of an expression around that of the slip: the one that the slip's value goes into."""
        if self._covers(node, self.slip.steps[0]):
            return self.slip.steps[0]
        later = self.side.student.down[self.slip.steps[0]]
        return next((s for s in range(self.slip.steps[0], len(self.side.student.steps))
                     if later >> s & 1 and self._covers(node, s)), None)

    def _extra(self) -> tuple[str, str, int | None] | None:
        """Whether the quantity that is meant is there, and something more is done with it."""
        for operand in self.step.operands:
            if self._is(operand, self.slip.members):
                text = self._text(self.slip.steps[0], operand)
                return "extra_operation", self._does() + (f": {text} was right before it" if text else ""), \
                    self.place.line if self.place else None
        return None

    def _compared(self) -> tuple[str, str, int | None] | None:
        """The operation beside that of a right way: another one, or one of its operands."""
        for member in self.slip.members:
            found = self._beside(self.slip.steps[0], member)
            if found:
                return found
        return None

    def _beside(self, step: int, member: Member) -> tuple[str, str, int | None] | None:
        """A student's step beside the step of a right way that it stands for."""
        made, way = self.side.student.steps[step], self.side.ways[member.way]
        right, line = way.steps[member.step], made.place.line if made.place else None
        own, wanted = list(made.operands), list(right.operands)
        if right.operation == "square" and made.operation == "power" and len(own) == 2:
            base = Member(member.way, wanted[0])
            if not self._is(own[0], (base,)):
                return self._operand(step, own[0], base)
            return "exponent", self._right_but(step, own[0], "its exponent"), line
        same = [(o, w) for o in own for w in wanted if self._is(o, (Member(member.way, w),))]
        if len(own) == len(wanted) == len(same) and own and made.operation != right.operation:
            says = (self._right_but(step, own[0], "what is done with it") if len(own) == 1 else
                    f"{self._does(step=step)}. The two belong together, but not in this way")
            return "another_operation", says, line
        if made.operation != right.operation or len(own) != len(wanted):
            return None
        if len(own) == 1:
            return self._operand(step, own[0], Member(member.way, wanted[0]))
        if len(own) != 2:
            return None
        for o, w in same:
            if made.operation in ("add", "multiply") or own.index(o) == wanted.index(w):
                other, meant = own[1 - own.index(o)], wanted[1 - wanted.index(w)]
                return self._operand(step, other, Member(member.way, meant))
        return None

    def _operand(self, step: int, other: int, meant: Member) -> tuple[str, str, int | None]:
        """One operand that is not the one of the right way: looked into, as long as it is used for nothing else."""
        student, way = self.side.student, self.side.ways[meant.way]
        made, place = student.steps[other], student.steps[step].place
        line = place.line if place else None
        exponent = student.steps[step].operation == "power" and student.steps[step].operands.index(other) == 1
        if made.place and made.operation not in MOVES and not self._used_rightly(other, step):
            deeper = self._beside(other, meant)
            if deeper:
                return deeper
        text, handed_on = self._text(step, other), self._bound_line(step, other)
        right = self.known.values(meant)
        if text and made.operation != "constant" and all(
                mine.size == 1 < theirs.size for mine, theirs in zip(student.values[other], right)):
            return "one_for_all", f"{text} is one number for the whole array, where each entry has its own", line
        if exponent:
            base = student.steps[step].operands[0]
            return "exponent", self._right_but(step, base, "its exponent"), handed_on or line
        if text and made.operation == "constant" and way.steps[meant.step].operation.startswith("input:") and all(
                x.size == 1 for x in right):
            return "constant", f"{text} stands there whatever the function is given{self._unused(meant, line)}", \
                handed_on or line
        if made.operation == "constant":
            return "another_operand", self._does(step=step), handed_on or line
        behind = [m for m in self.known.exact(other) if m.way == meant.way]
        if any(way.up[meant.step] >> m.step & 1 for m in behind):
            says = f"{text} goes in as it is; something has to be done with it before"
            says = says if text else self._does(step=step)
            return "missing_operation", says, handed_on or line
        says = f"{text} does not belong in this place" if text else self._does(step=step)
        return "another_operand", says, handed_on or line

    def _unused(self, meant: Member, line: int | None) -> str:
        """That an argument is not used in a line, where that is so."""
        student = self.side.student
        given = next((s for s, made in enumerate(student.steps) if made.operation.startswith("input:")
                      and self._is(s, (meant,))), None)
        if given is None or any(given in made.operands and made.place and made.place.line == line
                                for made in student.steps):
            return ""
        return f". {self._input_name(student.steps[given].operation)} is an argument; this line does not use it"

    def _right_but(self, step: int, operand: int, wrong: str) -> str:
        """What an operation does, and that it is not for its operand that it is wrong."""
        text = self._text(step, operand)
        return self._does(step=step) + (f". {text} is right, {wrong} is not" if text else "")

    def _used_rightly(self, step: int, beside: int) -> bool:
        """Whether the step goes into another one, too, that is right: then it is itself as it should be."""
        student = self.side.student
        return any(step in s.operands and i != beside and i in self.known and s.operation not in MOVES
                   for i, s in enumerate(student.steps))

    def _bound_line(self, step: int, operand: int) -> int | None:
        """The line that only hands the operand on to the name it is used by."""
        node, place = self._node_of(step, operand), self.side.student.steps[step].place
        if not (isinstance(node, ast.Name) and self.code and place):
            return None
        computed = self.side.student.steps[operand].place
        if computed and computed.file == place.file and self.code.is_read_once(node.id):
            return computed.line  # what is lacking there is lacking nowhere else
        statement = self.code.bound(node.id, place.line)
        return statement.lineno if statement is not None else None

    def _is(self, step: int, members: Sequence[Member]) -> bool:
        return any(self.side.equals(step, self.known.values(m)) for m in members)

    # ------------------------------------------------------------ in the student's own words

    def _does(self, node: ast.AST | None = None, step: int | None = None) -> str:
        """What the operation does, its operands as they are written."""
        return _does(self.code, self.side.student.steps[self.slip.steps[0] if step is None else step], node)

    def _node_of(self, step: int, operand: int) -> ast.AST | None:
        """What was written for an operand of a step."""
        made = self.side.student.steps[step]
        if not self.code or not made.place:
            return None
        nodes = _operand_nodes(self.code.node(made.place))
        return nodes[made.operands.index(operand)] if len(nodes) >= len(made.operands) else None

    def _text(self, step: int, operand: int) -> str | None:
        text = self.code.text(self._node_of(step, operand)) if self.code else None
        return f"`{text}`" if text else None

    def _text_of_step(self, step: int) -> str | None:
        place = self.side.student.steps[step].place
        text = self.code.text(self.code.node(place)) if self.code and place else None
        return f"`{text}`" if text else None


def _operand_nodes(node: ast.AST | None) -> list[ast.expr]:
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    if isinstance(node, ast.AugAssign):
        return [node.target, node.value]
    if isinstance(node, ast.UnaryOp):
        return [node.operand]
    if isinstance(node, ast.Call):
        own = [node.func.value] if isinstance(node.func, ast.Attribute) and not (
            isinstance(node.func.value, ast.Name) and node.func.value.id in ("np", "numpy", "math")) else []
        return [*own, *node.args]
    return []


def _rule_of_order(operators: Sequence[type], first: int, last: int) -> str:
    """Why the operations from `first` to `last` do not come before those beside them."""
    inside = min(operators[first:last], key=lambda op: _ORDER[op])
    beside = max([*operators[max(first - 1, 0):first], *operators[last:last + 1]], key=lambda op: _ORDER[op])
    if _ORDER[beside] == _ORDER[inside]:
        return "Python goes from left to right"
    return f"Python {_VERBS[beside]} before it {_VERBS[inside]}"


def _evaluated(leaves: Sequence[Any], operators: Sequence[type], first: int, last: int) -> Any:
    """A row of operands and operators, those from `first` to `last` in parentheses; None where it has no value."""
    try:
        with np.errstate(all="ignore"):
            inner = _in_order(leaves[first:last + 1], operators[first:last])
            return _in_order([*leaves[:first], inner, *leaves[last + 1:]], [*operators[:first], *operators[last:]])
    except (ValueError, TypeError):
        return None


def _in_order(leaves: Sequence[Any], operators: Sequence[type]) -> Any:
    values, left = list(leaves), list(operators)
    for rank in (3, 2, 1):
        while any(_ORDER[op] == rank for op in left):
            at = [i for i, op in enumerate(left) if _ORDER[op] == rank]
            i = at[-1] if rank == 3 else at[0]  # powers bind from the right
            values[i:i + 2] = [_APPLY[left[i]](values[i], values[i + 1])]
            del left[i]
    return np.asarray(values[0])
