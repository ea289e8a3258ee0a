"""Flags what a person should look at in a submission: ready-made optimizers, and attempts to break the rules.

The source code is only read, never run. A flag takes no points, and its absence proves nothing: the
sandbox enforces the rules, and a flag says where someone seems to have tried to get around them.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from optimlab.classroom.grading.sources import (
    PYTHON,
    WRITING,
    Magic,
    Patience,
    Reader,
    Unread,
    magic_in,
    parsed,
    python_in,
)

LONGEST = 200_000  # characters of all cells together that are read; a long honest submission has 20,000
MOST_NAMED = 4  # things that one flag lists

# Flagged in an answer and in what an answer uses. Elsewhere they serve to compare, which is welcome.
FRAMEWORKS = {"torch", "tensorflow", "keras", "tf_keras", "jax", "optax", "flax", "haiku", "mxnet", "paddle",
              "mindspore", "chainer", "theano", "tinygrad", "autograd", "lightning", "pytorch_lightning", "fastai",
              "sklearn"}
OWN_PARTS = {"optimizers", "averages", "schedules", "training", "comparison"}  # of optimlab

MODULES = {  # importing one is a sign: they reach other processes, the network, frames, memory, or the grader
    "ctypes", "cffi", "inspect", "importlib", "builtins", "site", "sysconfig", "atexit", "signal", "resource", "fcntl",
    "termios", "pty", "mmap", "pwd", "subprocess", "multiprocessing", "socket", "ssl", "http", "urllib", "requests",
    "httpx", "ftplib", "smtplib", "socketserver", "posix", "_thread", "faulthandler", "optimlab.classroom", "nbgrader"}
NAMES = {"sys.modules", "sys.settrace", "sys.setprofile", "sys.getprofile", "sys.monitoring",
         "sys.meta_path", "sys.path_hooks", "sys.addaudithook",
         "gc.get_objects", "gc.get_referrers", "gc.get_referents", "threading.settrace", "threading.setprofile"}
HARMLESS_OS = {"path", "getcwd", "listdir", "makedirs", "mkdir", "remove", "rename", "sep", "linesep", "name",
               "environ", "getenv", "cpu_count", "urandom", "PathLike", "fspath", "stat", "getpid", "devnull"}
# Attributes of get_ipython().
HARMLESS_SHELL = {"run_line_magic", "run_cell_magic", "magic", "history_manager", "ast_node_interactivity"}
CALLS = {"eval", "exec", "compile", "__import__"}
ATTRIBUTES = {"f_locals", "f_globals", "f_back", "f_builtins", "tb_frame", "gi_frame", "cr_frame", "__globals__",
              "__builtins__", "__code__", "__closure__", "__subclasses__", "__bases__", "__path__", "__setattr__"}
LYING = {"__eq__", "__array__", "__array_interface__", "__array_ufunc__", "__array_function__", "__instancecheck__",
         "__class__", "__reduce__", "__reduce_ex__", "__del__"}  # defined in a student's own class
# As the base of a student's class.
PRETENDED = {"tuple", "list", "int", "float", "bool", "complex", "numpy.ndarray", "numpy.generic"}
PLACES = re.compile(r"^/(proc|dev|etc|root|run|sys|scratch)\b|\.ssh\b|gradebook\.db|nbgrader_config|sitecustomize"
                    r"|^(solutions|submitted)/|^\.optimlab\b")
TUTOR = re.compile(r"optimlab\.tutor\.(?!check$|require$)")  # its inner parts, which answers have no use for

# Magics that run another program, and those whose lines are no code.
SHELL = {"!", "bash", "sh", "script", "system", "sx", "sc", "perl", "ruby", "python", "python2", "python3", "pypy"}
TEXT = {"html", "HTML", "javascript", "js", "latex", "markdown", "svg", "SVG"}
INSTALL = re.compile(r"[ \t]*pip3?[ \t][\w \t=<>.-]*")  # `!pip install numpy`


def flags_of(answers: Mapping[str, str], others: Sequence[str] = (), ran: Iterable[str] = (),
             unseen: Iterable[str] = ()) -> list[dict[str, str]]:
    """Flags for one submission: [{"kind": "ready-made" or "rules", "text": one line}].

    answers: the source of each answer cell by its name. others: the code cells that the student added.
    A ready-made optimizer is flagged if an answer uses it, even if only through an added cell.
    ran: what ran while the functions were called (Evidence.ran); it tells what the sources hide.
    unseen: functions that earned points although no cell is seen to define them (Graded.unseen).

    >>> flags_of({"f": "def f(w):\\n    import torch\\n    return torch.optim.Adam(w)"})
    [{'kind': 'ready-made', 'text': 'uses torch.optim.Adam in the answer f, line 3'}]
    >>> flags_of({"f": "def f(w): return w"}, ["from optimlab.optimizers import Adam", "print(Adam())"])
    []
    >>> flags_of({"f": "def f(w): return hidden(w)"}, ran=["optimlab.optimizers.Adam.step"])
    [{'kind': 'ready-made', 'text': 'runs optimlab.optimizers.Adam.step, or a copy of it, when it is called'}]
    """
    flags = _read(answers, others)
    ready = [_line(name) for name in ran if _is_ready_made(name)]
    if ready and not any(flag["kind"] == "ready-made" for flag in flags):
        more = f" and {len(ready) - 1} more," if len(ready) > 1 else ""
        flags.append({"kind": "ready-made", "text": f"runs {ready[0]}, or a copy of it,{more} when it is called"})
    read = Reader()
    flags += [{"kind": "rules", "text": f"{_line(name)} answered, and yet no cell is seen to define it: look at where "
                                        "its numbers come from"}
              for name in unseen if "yes" not in (read.gives(source, name) for source in answers.values())]
    return flags


def _read(answers: Mapping[str, str], others: Sequence[str]) -> list[dict[str, str]]:
    """The flags that the sources give."""
    sources = [(f"the answer {_line(name)}", source) for name, source in answers.items()]
    sources += [(f"added cell {n}", source) for n, source in enumerate(others, start=1)]
    size = sum(len(source) for _, source in sources)
    if size > LONGEST:
        return [{"kind": "rules", "text": f"has {size:,} characters of code, too many to be read: look at it"}]
    cells: list[_Cell] = []
    signs: list[_Sign] = []
    patience = Patience()
    calls_itself = any("autocall" in source for _, source in sources)
    for number, (where, source) in enumerate(sources):
        try:
            tree = _tree(source, patience, calls_itself)
            if tree is not None:
                cells += _cells(where, tree, number < len(answers))
        except (RecursionError, MemoryError):
            signs.append(_Sign("rules", where, "is nested too deep to be read", 1))
        except Unread:
            signs.append(_Sign("rules", where, "has too many lines of IPython's own to be read", 1))
    known = _imported(cells)
    for cell in cells:
        signs += [_Sign("rules", cell.where, what, line) for what, line in _broken_rules(cell.tree, known)]
    signs += _ready_made(cells, set(answers), known)
    together = defaultdict(list)
    for sign in sorted(signs, key=lambda sign: sign.line):
        together[sign.kind, sign.where].append(sign)
    return [{"kind": kind, "text": f"{_listed(found)} in {where}, line {found[0].line}"}
            for (kind, where), found in together.items()]


def _tree(source: str, patience: Patience, calls_itself: bool) -> ast.Module | None:
    """The syntax tree of a cell; None where IPython cannot run it either.

    Of a cell of one line IPython takes the first word for a magic, `time f()`, or after %autocall for a function.
    """
    word, _, rest = source.strip().partition(" ")
    one_line = "\n" not in source.strip()
    ways = [source]
    ways += [f"%{source.strip()}"] if one_line and word in PYTHON | SHELL | {"run"} else []
    ways += [f"{word}({rest})"] if one_line and calls_itself else []
    for way in ways:
        try:
            return parsed(way, patience)
        except (SyntaxError, ValueError):
            pass
    return None


def _cells(where: str, tree: ast.Module, is_answer: bool) -> Iterator["_Cell"]:
    """A cell, and the code in its texts, which it may write into a file or run; what only stands there is a comment."""
    yield _Cell(where, tree, is_answer)
    comments = {id(n.value) for n in _nodes(tree) if isinstance(n, ast.Expr)}
    files = {id(n.args[2]): m.line for n in _nodes(tree)
             if isinstance(n, ast.Call) and (m := magic_in(n)) and m.name in WRITING and m.body is not None}
    for node in _nodes(tree):
        if (isinstance(node, ast.Constant) and isinstance(node.value, str) and "\n" in node.value
                and id(node) not in comments):
            try:
                code = python_in(node.value)
            except (SyntaxError, ValueError):
                continue
            for statement in code.body:
                ast.increment_lineno(statement, node.lineno if id(node) in files else node.lineno - 1)
            path = files.get(id(node), "")
            yield _Cell(where, code, is_answer, path.rpartition("/")[2].removesuffix(".py"))


def _nodes(tree: ast.AST) -> list[ast.AST]:
    """All nodes of a tree, as ast.walk gives them; it is walked once, though a dozen things are looked for in it."""
    walked: list[ast.AST] | None = getattr(tree, "walked", None)
    if walked is None:
        walked = list(ast.walk(tree))
        setattr(tree, "walked", walked)  # noqa: B010  # an attribute that ast does not know
    return walked


class _Sign(NamedTuple):
    kind: str
    where: str
    what: str
    line: int


def _listed(signs: list[_Sign]) -> str:
    """What was seen, each thing once, with the verb only where it changes: "uses os.fork, os.kill"."""
    words = [what.split(" ", 1) for what in dict.fromkeys(sign.what for sign in signs)]
    said = [rest if n and words[n - 1][0] == verb else f"{verb} {rest}" for n, (verb, rest) in enumerate(words)]
    more = len(said) - MOST_NAMED
    return ", ".join(said[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


class _Cell(NamedTuple):
    where: str
    tree: ast.Module
    is_answer: bool
    module: str = ""  # the name under which others import it, where it becomes a file


def _line(text: str) -> str:
    """A student's text, made fit to stand within one line."""
    return re.sub(r"[^\w./()=-]+", " ", text)[:80]


def _imported(cells: list[_Cell]) -> dict[str, str]:
    """What each imported name stands for, such as `np` for numpy; names for the running IPython are among them."""
    known: dict[str, str] = {}
    for node in (n for cell in cells for n in _nodes(cell.tree)):
        if isinstance(node, ast.Import):
            known |= {a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0]
                      for a in node.names}
        elif isinstance(node, ast.ImportFrom):
            known |= {a.asname or a.name: f"{node.module or ''}.{a.name}" for a in node.names}
    for node in (n for cell in cells for n in _nodes(cell.tree)):
        if isinstance(node, ast.Assign) and _dotted(node.value, known) == "get_ipython()":
            known |= {t.id: "get_ipython()" for t in node.targets if isinstance(t, ast.Name)}
    return known


def _dotted(node: ast.AST, known: Mapping[str, str]) -> str:
    """The full name of what an expression names, `np.linalg.norm` as numpy.linalg.norm; "" for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name == "getattr" and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                parts.append(str(node.args[1].value))
                node = node.args[0]
            elif name == "type" and len(node.args) == 1:
                node = node.args[0]
            elif known.get(name, name).endswith("get_ipython"):
                return ".".join(["get_ipython()", *reversed(parts)])
            else:
                return ""
        elif isinstance(node, ast.Name) and node.id in known:
            return ".".join([known[node.id], *reversed(parts)])
        else:
            return ""


def _within(name: str, modules: set[str]) -> bool:
    """Whether a full name is one of these modules or belongs to one."""
    parts = name.split(".")
    return any(".".join(parts[:n + 1]) in modules for n in range(len(parts)))


def _imports(node: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(node, ast.Import):
        return [a.name for a in node.names]
    return [f"{node.module or ''}.{a.name}" for a in node.names]


def _named(tree: ast.AST, known: Mapping[str, str]) -> Iterator[tuple[ast.expr, str]]:
    """The expressions that have a full name; for `a.b.c` only the whole, not `a` or `a.b`."""
    inner: set[int] = set()
    for node in _nodes(tree):
        if (isinstance(node, (ast.Attribute, ast.Call, ast.Name)) and id(node) not in inner
                and (name := _dotted(node, known))):
            yield node, name
            inner |= {id(n) for n in _nodes(node)}


def _broken_rules(tree: ast.Module, known: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """What breaks a rule in a cell, in words, each with its line."""
    commands = {id(n.func): n.args[0].value for n in _nodes(tree) if isinstance(n, ast.Call) and n.args
                and isinstance(n.args[0], ast.Constant) and isinstance(n.args[0].value, str)}
    for named, name in _named(tree, known):
        if isinstance(named, ast.Attribute) and not isinstance(named.ctx, ast.Load):
            if not name.endswith(".ast_node_interactivity") and ".options." not in name:
                yield f"replaces {_line(name)}", named.lineno
        elif name in ("get_ipython().system", "get_ipython().getoutput"):
            if not (id(named) in commands and INSTALL.fullmatch(commands[id(named)])):
                yield "runs a shell command", named.lineno
        elif _is_sign(name):
            yield f"uses {_line(name)}", named.lineno
    for node in _nodes(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for name in _imports(node):
                if _within(name, MODULES) or TUTOR.match(name) or _is_sign(name):
                    yield f"imports {_line(name)}", node.lineno
        elif isinstance(node, ast.Attribute) and node.attr in ATTRIBUTES:
            yield f"uses {node.attr}", node.lineno
        elif isinstance(node, ast.Call) and (magic := magic_in(node)) is not None:
            if sign := _sign_of_magic(magic):
                yield sign, node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            if node.func.id in CALLS:
                yield f"calls {node.func.id}", node.lineno
            elif node.func.id in ("setattr", "delattr") and node.args and (name := _dotted(node.args[0], known)):
                yield f"replaces parts of {_line(name)}", node.lineno
        elif isinstance(node, ast.ClassDef):
            yield from _pretending(node, known)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and (place := PLACES.search(node.value)):
            yield f"names the place {_line(place[0])}", node.lineno


def _sign_of_magic(magic: Magic) -> str:
    """What is to be said of a magic that is not read as Python; "" for nothing."""
    name, line = magic.name, magic.line.strip()
    if name in SHELL:
        return "runs a shell command"
    if name == "run":
        return f"runs the file {_line(line)}"
    if (name in PYTHON and (line or (magic.body or "").strip())) or name in ("", "alias", "alias_magic"):
        return f"has a %{_line(name)} that could not be read"
    if magic.body is not None and name not in TEXT | WRITING | PYTHON and name.isidentifier():
        return f"has a %%{_line(name)} that could not be read"
    return ""


def _is_sign(name: str) -> bool:
    """Whether a full name is one that no answer needs: os.kill, sys._getframe, get_ipython().events."""
    first, _, rest = name.partition(".")
    if first == "get_ipython()":
        return bool(rest) and rest.split(".")[0] not in HARMLESS_SHELL
    if first == "os" and rest:
        return rest.split(".")[0] not in HARMLESS_OS
    private = re.search(r"\._(?!_(?:version|name|doc|file)__$)", name)
    return name in NAMES or private is not None


def _pretending(node: ast.ClassDef, known: Mapping[str, str]) -> Iterator[tuple[str, int]]:
    """The ways in which a class pretends to be something else."""
    defined = {n.name for n in node.body if isinstance(n, ast.FunctionDef)}
    defined |= {t.id for n in node.body if isinstance(n, ast.Assign) for t in n.targets if isinstance(t, ast.Name)}
    for name in sorted(defined & LYING):
        yield f"defines {name} in the class {_line(node.name)}", node.lineno
    for base in node.bases:
        name = base.id if isinstance(base, ast.Name) and base.id not in known else _dotted(base, known)
        if name in PRETENDED:
            yield f"derives {_line(node.name)} from {name}", node.lineno


class _Statement(NamedTuple):
    cell: _Cell
    node: ast.stmt
    binds: set[str]
    reads: set[str]


def _ready_made(cells: list[_Cell], answers: set[str], known: Mapping[str, str]) -> list[_Sign]:
    """The ready-made optimizers that the answers use, each told once per cell."""
    statements = [_statement(cell, node, known) for cell in cells for node in cell.tree.body]
    statements = [s._replace(binds=s.binds | {s.cell.module}) if s.cell.module else s for s in statements]
    binding = defaultdict(list)
    for statement in statements:
        for name in statement.binds:
            binding[name].append(statement)
    # Start from the answers' functions and follow what they read, what that reads, and so on.
    names = answers | {s.node.name for s in statements if s.cell.is_answer and isinstance(s.node, _SCOPES)}
    todo = [s for name in names for s in binding[name]]
    reached: set[int] = set()
    while todo:
        statement = todo.pop()
        if id(statement.node) not in reached:
            reached.add(id(statement.node))
            todo += [s for name in statement.reads for s in binding[name]]
    used = [s for s in statements if id(s.node) in reached]
    found: dict[tuple[str, str], _Sign] = {}
    for statement in sorted(used, key=lambda s: isinstance(s.node, (ast.Import, ast.ImportFrom))):
        where = statement.cell.where
        imported = [(n, name) for n in _nodes(statement.node) if isinstance(n, (ast.Import, ast.ImportFrom))
                    for name in _imports(n)]
        for node, name in (*_named(statement.node, known), *imported):
            is_import = isinstance(node, (ast.Import, ast.ImportFrom))  # told only if no use of it is told
            again = any(f"{other}.".startswith(f"{name}.") and (is_import or place == where) for place, other in found)
            if _is_ready_made(name) and not again:
                found[where, name] = _Sign("ready-made", where, f"uses {_line(name)}", node.lineno)
    return list(found.values())


def _is_ready_made(name: str) -> bool:
    parts = name.split(".")
    return parts[0] in FRAMEWORKS or (parts[0] == "optimlab" and (
        not OWN_PARTS.isdisjoint(parts) or TUTOR.match(name) is not None))


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_ADDING = {"append", "extend", "insert", "update", "setdefault", "add"}


def _statement(cell: _Cell, node: ast.stmt, known: Mapping[str, str]) -> _Statement:
    """A statement of a cell with the names that it binds and those that it reads, as far as its text shows."""
    loaded: set[str] = set()
    stored: set[str] = set()
    shared: set[str] = set()
    for n in _nodes(node):
        if isinstance(n, ast.Name):
            (loaded if isinstance(n.ctx, ast.Load) else stored).add(n.id)
        elif isinstance(n, ast.arg):
            stored.add(n.arg)
        elif isinstance(n, (ast.Import, ast.ImportFrom)):
            stored |= {a.asname or a.name.split(".")[0] for a in n.names}
        elif isinstance(n, ast.Global):
            shared |= set(n.names)
        elif isinstance(n, _SCOPES):
            stored.add(n.name)
        if (isinstance(n, (ast.Attribute, ast.Subscript)) and isinstance(n.ctx, ast.Store)) or (
                isinstance(n, ast.Call) and isinstance(n.func, ast.Attribute) and n.func.attr in _ADDING):
            base = n.func if isinstance(n, ast.Call) else n  # helpers["adam"] = Adam, helpers.append(Adam)
            while isinstance(base, (ast.Attribute, ast.Subscript)):
                base = base.value
            if isinstance(base, ast.Name) and base.id not in known:
                shared.add(base.id)
    if isinstance(node, _SCOPES):
        return _Statement(cell, node, {node.name} | shared, loaded - (stored - {node.name}))
    return _Statement(cell, node, stored | shared, loaded)
