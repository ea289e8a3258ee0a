"""Reads the text of cells as Python, without running it: whether it is Python, and what it defines."""

import ast
import re
import textwrap
import warnings
from collections.abc import Iterable
from typing import NamedTuple

LONGEST = 400_000  # characters of one notebook's code that are read; a long honest one has 20,000
PATIENCE = 1_000_000  # characters that are read again for IPython's syntax, which it does once for each such line

PROMPT = re.compile(r"\s*In \[\d+\]: ")
# Magics whose text is Python that runs in the notebook.
PYTHON = {"time", "timeit", "prun", "capture", "debug", "code_wrap", "memit", "mprun", "lprun"}
MOST_OPTIONS = 12  # words before it

WRITING = {"writefile", "file"}  # what they write can be imported


class Unread(Exception):
    """IPython may run this, and it is too much, or too odd, to be read here."""


class Patience:
    """How much is still read for IPython's syntax."""

    def __init__(self) -> None:
        self.left = PATIENCE


def parsed(source: str, patience: Patience | None = None) -> ast.Module:
    """The syntax tree of what IPython makes of a cell: of its own syntax, too, and of the code in a magic.

    Lines keep their numbers. Raises SyntaxError or ValueError where IPython cannot run it either, and RecursionError,
    MemoryError or Unread where it might.

    >>> [ast.unparse(s) for s in parsed("%time x = 1\\n;print two words\\n!ls").body]
    ['x = 1', "print('two words')", "get_ipython().system('ls')"]
    """
    patience = patience or Patience()
    try:
        if PROMPT.match(source):  # to Python `In [1]: x = 5` is an annotation
            raise SyntaxError
        tree = python_in(source)
    except SyntaxError:
        tree = python_in(_as_python(source, patience))
    unfolded: ast.Module = _Unfolded(patience).visit(tree)
    return unfolded


def python_in(source: str) -> ast.Module:
    """The syntax tree of plain Python; errors as `parsed` raises them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Python warns of odd escapes
        tree: ast.Module = compile(source, "cell", "exec", ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
        return tree


def _as_python(source: str, patience: Patience) -> str:
    """What IPython makes of a cell before it runs it; lines keep their numbers."""
    from IPython.core.inputtransformer2 import TransformerManager  # here: few cells need it

    class Transformer(TransformerManager):
        def do_one_token_transform(self, lines: list[str]) -> tuple[bool, list[str]]:
            patience.left -= sum(map(len, lines))
            if patience.left < 0:
                raise Unread
            changed, new = super().do_one_token_transform(lines)
            if len(new) < len(lines):  # what was continued is one line now
                at = next((n for n, (a, b) in enumerate(zip(lines, new)) if a != b), len(new) - 1)
                new[at + 1:at + 1] = ["\n"] * (len(lines) - len(new))
            return changed, new

    empty = source[:len(source) - len(source.lstrip())].count("\n")  # IPython leaves out these lines
    try:
        return "\n" * empty + str(Transformer().transform_cell(source))
    except (RuntimeError, IndexError) as error:  # at so much, IPython gives up, too
        raise SyntaxError(str(error)) from None


class Magic(NamedTuple):
    """A call of one of IPython's magics: its name, the rest of its line, and the lines below it, if it takes such."""

    name: str
    line: str
    body: str | None = None


def magic_in(node: ast.AST) -> Magic | None:
    """The magic that an expression calls: `%time f()` has become get_ipython().run_line_magic("time", "f()")."""
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return None
    given = [a.value if isinstance(a, ast.Constant) and isinstance(a.value, str) else "" for a in node.args]
    if node.func.attr == "magic" and len(given) == 1:
        name, _, line = given[0].lstrip("%").partition(" ")
        return Magic(name, line)
    number = {"run_line_magic": 2, "run_cell_magic": 3}.get(node.func.attr, 0)
    return Magic(*given) if number and len(given) == number else None


class _Unfolded(ast.NodeTransformer):
    """Puts the code that a magic runs in its place."""

    def __init__(self, patience: Patience) -> None:
        self._patience = patience

    def visit_Expr(self, node: ast.Expr) -> ast.AST | list[ast.stmt]:
        return self._code(node.value) or self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        code = self._code(node)
        return code[0].value if len(code) == 1 and isinstance(code[0], ast.Expr) else self.generic_visit(node)

    def _code(self, node: ast.expr) -> list[ast.stmt]:
        """The statements that a magic runs; none where it runs no Python, or none that can be read."""
        magic = magic_in(node)
        if magic is None or magic.name not in PYTHON:
            return []
        line = [] if magic.name in ("capture", "code_wrap") else self._after_options(node.lineno, magic.line)
        body = self._at(node.lineno + 1, magic.body or "")
        if line is None or body is None:
            return []
        return line + body or [ast.Pass(lineno=node.lineno, end_lineno=node.lineno, col_offset=0)]

    def _after_options(self, lineno: int, line: str) -> list[ast.stmt] | None:
        """The statements of a magic's line: what is Python once the words of options, `-n 1`, are left out."""
        for _ in range(MOST_OPTIONS if line.lstrip().startswith("-") else 1):
            code = self._at(lineno, line.strip())
            if code is not None:
                return code
            line = line.strip().partition(" ")[2]
        return None

    def _at(self, lineno: int, source: str) -> list[ast.stmt] | None:
        try:
            return [ast.increment_lineno(statement, lineno - 1) for statement in parsed(source, self._patience).body]
        except (SyntaxError, ValueError):
            return None


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
        self._patience = Patience()
        self._read: dict[str, list[ast.stmt] | None] = {}

    def statements(self, source: str) -> list[ast.stmt] | None:
        """The statements of a cell; None if it is no Python, or more than is read."""
        if source not in self._read:
            self._left -= len(source)
            self._read[source] = self._statements(source) if self._left >= 0 else None
        return self._read[source]

    def _statements(self, source: str) -> list[ast.stmt] | None:
        try:
            return parsed(source, self._patience).body
        except (SyntaxError, ValueError, RecursionError, MemoryError, Unread):
            return None

    def is_code(self, text: str) -> bool:
        """Whether a text is Python that does something: a word or a number alone is not, nor is "What is Adam?"."""
        return not all(isinstance(s, ast.Pass) or (isinstance(s, ast.Expr) and (
            isinstance(s.value, (ast.Name, ast.Constant)) or magic_in(s.value))) for s in self.statements(text) or ())

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

    def gives(self, source: str, name: str) -> str:
        """Whether a cell gives a name its value: "yes", "no", or "perhaps", where only its run can tell."""
        statements = self.statements(source)
        if statements is None:
            return "perhaps"
        nodes = [n for s in statements if not (_is_empty(s) and name in _bound(s)) for n in ast.walk(s)]
        written = [m.body or "" for node in nodes if (m := magic_in(node)) and m.name in WRITING]
        if any(_binds(node, name) for node in nodes) or any(self.gives(body, name) == "yes" for body in written):
            return "yes"
        return "perhaps" if any(_could_bind(node, name) for node in nodes) else "no"

    def without_empty(self, source: str, functions: set[str]) -> str:
        """A cell in which the empty versions of these functions are comments."""
        gone: set[int] = set()
        for s in self.statements(source) or ():
            if _is_empty(s) and not functions.isdisjoint(_bound(s)):
                first = min([s.lineno, *(d.lineno for d in getattr(s, "decorator_list", ()))])
                gone |= set(range(first, (s.end_lineno or first) + 1))
        return "\n".join(f"# {line}" if n in gone else line for n, line in enumerate(source.split("\n"), start=1))


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement binds at the top of a cell."""
    if isinstance(statement, (*_FUNCTIONS, ast.ClassDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {a.asname or a.name.split(".")[0] for a in statement.names}
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    return set()


def _binds(node: ast.AST, name: str) -> bool:
    """Whether a node binds a name, wherever in a cell it stands."""
    if isinstance(node, ast.Name):
        return node.id == name and not isinstance(node.ctx, ast.Load)
    if isinstance(node, ast.alias):
        return (node.asname or node.name) == name
    return (isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar))
            and node.name == name)


# What can give any name a value, the name being put together while it runs.
_ANY_NAME = {"exec", "eval", "compile", "globals", "locals", "vars", "setattr", "run_cell", "ex", "push", "update"}


def _could_bind(node: ast.AST, name: str) -> bool:
    """Whether a node can bind a name without saying so: `from x import *`, exec, %run, a text with the name in it."""
    if isinstance(node, ast.alias):
        return node.name == "*"
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and name in node.value
    if (magic := magic_in(node)) is not None:
        return magic.name in {"", "run", "rerun", "rep", "recall", "store", "pylab", "load_ext", "reload_ext"}
    if isinstance(node, (ast.Name, ast.Attribute)):
        return (node.id if isinstance(node, ast.Name) else node.attr) in _ANY_NAME | {"__code__", "__dict__", "user_ns"}
    return False


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
