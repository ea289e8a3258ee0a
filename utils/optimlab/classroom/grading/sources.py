"""Reads the text of cells as Python, without running it: whether it is Python, and what it defines."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable

LONGEST = 400_000  # characters of one notebook's code that are read; a long honest one has 20,000

# IPython's own syntax: `%timeit f()`, `%matplotlib inline`, `!ls`, `f?`, `files = !ls`.
TIMED = re.compile(r"^([ \t]*)%%?(?:timeit|time|prun)\b(?:[ \t]+-\w+(?:[ \t]*\d+)?)*[ \t]*", re.M)
MAGIC = re.compile(r"^([ \t]*)(?:[!%?].*|[\w.%*]+\?\??[ \t]*)$", re.M)
ASSIGNED_MAGIC = re.compile(r"(=[ \t]*)[!%].*$", re.M)


def parsed(source: str) -> ast.Module:
    """A cell's syntax tree; raises SyntaxError, ValueError, RecursionError or MemoryError where there is none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of odd escapes
        tree: ast.Module = compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return tree


def without_magics(source: str) -> str:
    """A cell without IPython's own syntax; lines keep their numbers."""
    # IPython also runs a cell that is indented or has prompts.
    source = re.sub(r"^[ \t]*(?:>>> ?|\.\.\. ?|In \[\d+\]: ?)", "", source, flags=re.M)
    indent = re.findall(r"\A\n*([ \t]*)", source)[0]
    source = TIMED.sub(r"\1", re.sub(rf"^{indent}", "", source, flags=re.M))
    return ASSIGNED_MAGIC.sub(r"\1None", MAGIC.sub(r"\1pass", source))


def code_in(text: str) -> str:
    """The code in a text of Markdown: what stands between its fences, or all of it if it has none.

    >>> code_in("My answer:\\n```python\\nx = 1\\n```\\nIs it right?")
    'x = 1'
    """
    code, fenced = [], False
    for line in text.split("\n"):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif fenced:
            code.append(line)
    return textwrap.dedent("\n".join(code) or text)


class Reader:
    """Reads the cells of one notebook, up to a bound for all of them together; what lies beyond counts as no Python.

    >>> read = Reader()
    >>> sorted(read.written("import math as m\\ndef f(): raise NotImplementedError\\nx, y = 1, 2"))
    ['m', 'x', 'y']
    >>> read.without_empty("x = 1\\ndef f():\\n    raise NotImplementedError", {"f"})
    'x = 1\\n# def f():\\n#     raise NotImplementedError'
    >>> [read.is_code(text) for text in ("x = f(1)", "I do not know", "TODO")]
    [True, False, False]
    """

    def __init__(self) -> None:
        self._left = LONGEST
        self._read: dict[str, list[ast.stmt] | None] = {}

    def statements(self, source: str) -> list[ast.stmt] | None:
        """The statements of a cell, magics left out; None if it is not Python."""
        if source not in self._read:
            self._left -= len(source)
            self._read[source] = _statements(source) if self._left >= 0 else None
        return self._read[source]

    def is_code(self, text: str) -> bool:
        """Whether a text is Python that does something: a word or a number alone is not."""
        return not all(isinstance(s, ast.Expr) and isinstance(s.value, (ast.Name, ast.Constant))
                       for s in self.statements(text) or ())

    def continues(self, source: str, above: str) -> bool:
        """Whether a cell is the rest of the one above it, as where a function was split in its middle."""
        here, there = self.statements(source), self.statements(above)
        complete = here is not None and not _returns(here) and there is not None
        if complete and there:
            open_end = isinstance(there[-1], _FUNCTIONS) and not isinstance(there[-1].body[-1], (ast.Return, ast.Raise))
            complete = not (open_end and source.lstrip("\n").startswith((" ", "\t")))
        return not complete and self.statements(f"{above}\n{source}") is not None

    def written(self, source: str) -> set[str]:
        """The names that a cell gives to functions, classes, modules and values, empty functions left out."""
        return {name for s in self.statements(source) or () if not _is_empty(s) for name in _bound(s)}

    def asked(self, source: str) -> set[str]:
        """The names that an answer cell asks for as it is handed out: its empty functions, or else its values."""
        found = self.statements(source) or ()
        return {name for s in [s for s in found if _is_empty(s)] or found
                if not isinstance(s, (ast.Import, ast.ImportFrom)) for name in _bound(s)}

    def without_empty(self, source: str, functions: set[str]) -> str:
        """A cell in which the empty versions of these functions are comments."""
        gone: set[int] = set()
        for s in self.statements(source) or ():
            if _is_empty(s) and not functions.isdisjoint(_bound(s)):
                first = min([s.lineno, *(d.lineno for d in getattr(s, "decorator_list", ()))])
                gone |= set(range(first, (s.end_lineno or first) + 1))
        return "\n".join(f"# {line}" if n in gone else line for n, line in enumerate(source.split("\n"), start=1))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _statements(source: str) -> list[ast.stmt] | None:
    for text in (source, without_magics(source)):
        try:
            return parsed(text).body
        except (SyntaxError, ValueError):
            continue
        except (RecursionError, MemoryError):
            return None
    return None


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds at the top of a cell."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {a.asname or a.name.split(".")[0] for a in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def _is_empty(statement: ast.stmt) -> bool:
    """Whether a statement is still to be written: a function that only raises NotImplementedError or does nothing.

    A class is, where all of its methods are.

    >>> [_is_empty(parsed(f"def f():\\n {body}").body[0]) for body in ("'Adam'; ...", "pass; return w", "g()")]
    [True, False, False]
    """
    if not isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return False
    body = [s for s in statement.body
            if not isinstance(s, ast.Pass) and not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if isinstance(statement, ast.ClassDef):
        return all(map(_is_empty, body))
    if not body or not isinstance(body[0], ast.Raise):
        return not body
    raised = body[0].exc.func if isinstance(body[0].exc, ast.Call) else body[0].exc
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _returns(statements: Iterable[ast.AST]) -> bool:
    """Whether a `return` stands among statements that no function surrounds."""
    todo = list(statements)
    while todo:
        node = todo.pop()
        if isinstance(node, ast.Return):
            return True
        if isinstance(node, (ast.stmt, ast.excepthandler, ast.match_case)) and not isinstance(node, _FUNCTIONS):
            todo += ast.iter_child_nodes(node)
    return False
