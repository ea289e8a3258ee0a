"""Attacks that are no code of a student's cell: edited tests, broken files, links, names, forged frames, zips.

Each is a line of a table: its name, what it tries, the points it gets, what must be found, and a
small function that makes it.
"""
import copy
import json
import os
import socket
import stat
import struct
import warnings
import zipfile
import zlib
from pathlib import Path

import nbformat
from attacks import OTHER, RIGHT, Attack, filled, notebook, write
from class_of_submissions import Cell, Submission
from grading_runs import ASSIGNMENT
from nbformat.v4 import new_code_cell

FIRST_ANSWER, SECOND_ANSWER = RIGHT
NOTEBOOK = f"{ASSIGNMENT}.ipynb"
HONEST = f"{OTHER.name}/{ASSIGNMENT}/{NOTEBOOK}"  # below submitted/; every zip holds it, too
EVIL = f"mallory/{ASSIGNMENT}/{NOTEBOOK}"
NOTHING = Submission("", "", 0, (), tuple(Cell("answer", "", name, "#: empty") for name in RIGHT))
FIRST = NOTHING._replace(cells=(Cell("answer", "", SECOND_ANSWER, "#: empty"),))
ALL = NOTHING._replace(cells=())


def attack(name, what, points, finds, put):
    return Attack(name, int(name[:2]), what, points, tuple(finds.split(", ")) if finds else (), put)


def grade_id(cell):
    return cell.metadata.get("nbgrader", {}).get("grade_id", "")


def tests_of(nb):
    return [c for c in nb.cells if c.metadata.get("nbgrader", {}).get("grade") and c.cell_type == "code"]


# --- row 1: the notebook's own cells ------------------------------------------

def edited(nb):
    for cell in tests_of(nb):
        cell.source = "20"


def deleted(nb):
    gone = tests_of(nb)
    nb.cells = [c for c in nb.cells if c not in gone]


def doubled(nb):
    for n, cell in enumerate(tests_of(nb) * 3):
        nb.cells.append(copy.deepcopy(cell))
        nb.cells[-1].id = f"double-{n}"


def reordered(nb):
    nb.cells.reverse()


def skipped(nb):
    for cell in tests_of(nb):
        cell.metadata.tags = ["skip-execution", "raises-exception", "remove_cell"]


def repriced(nb):
    for cell in tests_of(nb):
        cell.metadata.nbgrader.points = 1e6
    next(c for c in nb.cells if grade_id(c) == FIRST_ANSWER).metadata.nbgrader |= {"grade": True, "points": 100}


def negative(nb):
    for cell in tests_of(nb):
        cell.metadata.nbgrader.points = -5


def posing(nb):
    """The student's own cells under the names of the test cells, before them."""
    for cell in tests_of(nb):
        nb.cells.insert(0, new_code_cell("20", metadata={"nbgrader": dict(cell.metadata.nbgrader) | {"points": 20}}))


def prefilled(nb):
    for cell in tests_of(nb):
        cell.outputs = [nbformat.v4.new_output("execute_result", {"text/plain": "20"}, execution_count=1)]
        cell.execution_count = 1


def questions(nb):
    for cell in nb.cells:
        if grade_id(cell).startswith("question"):
            cell.metadata.nbgrader |= {"points": 100, "grade": True}
            cell.source = "20\n\n### BEGIN HIDDEN TESTS\nassert True\n### END HIDDEN TESTS"


def kernel(nb):
    nb.metadata.kernelspec = {"name": "@MARK@", "display_name": "x", "language": "bash"}
    nb.metadata.language_info = {"name": "bash", "codemirror_mode": {"name": "x" * 10000}}
    nb.metadata.widgets = {"application/vnd.jupyter.widget-state+json": {"state": {"x": [1]}}}
    nb.metadata.celltoolbar = nb.metadata.nbgrader = "none"


def bad_metadata(nb):
    for n, cell in enumerate(tests_of(nb)):
        cell.metadata.nbgrader = ([], "x", 5, None, {"grade_id": []}, {"grade_id": {}}, {"grade": "yes"})[n % 7]


def stolen_ids(nb):
    """The answer cell's id on every cell; the answers under ids that nobody knows."""
    for n, cell in enumerate(nb.cells):
        cell.id = FIRST_ANSWER if n % 2 else f"x{n}"


def edited_notebook(base, change):
    def put(folder, values):
        nb = notebook(base, values)
        change(nb)
        write(folder, nb)
    return put


EDITS = [
    ("01-tests-edited", "test cells that end in 20; both functions empty", 0, "not_attempted", NOTHING, edited),
    ("01-tests-deleted", "test cells deleted; the functions are right", 20, "", ALL, deleted),
    ("01-tests-doubled", "each test cell four times; one function", 4, "not_attempted", FIRST, doubled),
    ("01-cells-reordered", "all cells in the other order", 20, "", ALL, reordered),
    ("01-tests-skipped", "test cells tagged to be skipped; both functions empty", 0, "not_attempted", NOTHING, skipped),
    ("01-points-raised", "a million points a test cell, 100 for an answer cell; one function", 4, "", FIRST, repriced),
    ("01-points-negative", "points below zero; the functions are right", 20, "", ALL, negative),
    ("01-tests-posed", "own cells under the tests' names; both functions empty", 0, "not_attempted", NOTHING, posing),
    ("01-outputs-prefilled", "outputs of full points in the test cells; both empty", 0, "not_attempted", NOTHING, prefilled),
    ("01-questions-priced", "100 points for the questions in words; both empty", 0, "not_attempted", NOTHING, questions),
    ("01-kernel", "another kernel, language and widgets in the notebook's metadata", 20, "", ALL, kernel),
    ("01-metadata-of-wrong-types", "nbgrader's metadata of the tests are lists, texts, numbers", 20, "", ALL, bad_metadata),
    ("01-ids-stolen", "the cells' ids changed, half of them the same", 20, "", ALL, stolen_ids),
]

# --- row 5: frames that are not as they should be ------------------------------

HERE = "inside()['number']"  # the right one, so that a frame falls for nothing but its own content
FORGED = {
    "ten-gigabytes": "struct.pack('<IQ', 100, 10 * 2**30) + b'x' * 100",
    "largest-head": "struct.pack('<IQ', 2**32 - 1, 2**64 - 1)",
    "promised": "struct.pack('<IQ', 16 * 2**20, 64 * 2**20) + b'{'",
    "object-dtype": "frame({'kind': 'outputs', 'number': HERE, 'outputs': [], 'arrays': [['|O', [2]]]}, b'x' * 16)",
    "negative-shape": "frame({'kind': 'outputs', 'number': HERE, 'outputs': [], 'arrays': [['<f8', [-1, -1]]]}, b'x' * 8)",
    "huge-shape": "frame({'kind': 'outputs', 'number': HERE, 'outputs': [], 'arrays': [['<f8', [2**62, 4, 0]]]}, b'')",
    "deep-json": "struct.pack('<IQ', 200_000, 0) + b'[' * 200_000",
    "not-text": "struct.pack('<IQ', 64, 0) + b'\\xff\\x80' * 32",
    "number-of-another-kind": "frame({'kind': ['outputs'], 'number': {'a': [-1, 10**30]}, 'outputs': 5, 'arrays': []}, b'')",
    "outputs-of-wrong-types": "frame({'kind': 'outputs', 'number': HERE, 'outputs': [1, None, {'output_type': 'error', 'ename': [], "
                              "'evalue': {}, 'traceback': 5}, {'output_type': []}, {'output_type': 'x'}], 'arrays': []}, b'')",
}
SEND_RAW = '''
#: inside
import json, struct

def frame(head, body):
    text = json.dumps(head).encode()
    return struct.pack("<IQ", len(text), len(body)) + text + body

inside()["out"].write({bytes})
inside()["out"].flush()
'''


def forged(data):
    cells = (Cell("extra", "before", FIRST_ANSWER, SEND_RAW.strip().replace("{bytes}", data.replace("HERE", HERE))), *NOTHING.cells)

    def put(folder, values):
        write(folder, notebook(NOTHING._replace(cells=cells), values))
    return put


# --- row 11: what lies in a folder ---------------------------------------------

def the_link(target):
    """The notebook is a symlink; target may name a value."""
    def put(folder, values):
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).symlink_to(target.format(**values))
    return put


def hard_link(folder, values):
    folder.mkdir(parents=True)
    os.link(f"{values['COURSE']}/solutions/{ASSIGNMENT}/{NOTEBOOK}", folder / NOTEBOOK)


def linked_folder(folder, values):
    folder.parent.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.symlink_to(OTHER.name, target_is_directory=True)


def linked_assignment(folder, values):
    folder.parent.mkdir(parents=True)
    folder.symlink_to(f"../{OTHER.name}/{ASSIGNMENT}", target_is_directory=True)


def fifo(folder, values):
    folder.mkdir(parents=True)
    os.mkfifo(folder / NOTEBOOK)


def socket_file(folder, values):
    folder.mkdir(parents=True)
    here = os.getcwd()
    os.chdir(folder)  # a socket's path must be short
    try:
        with socket.socket(socket.AF_UNIX) as s:
            s.bind(NOTEBOOK)
    finally:
        os.chdir(here)


def device(folder, values):
    folder.mkdir(parents=True)
    try:
        os.mknod(folder / NOTEBOOK, stat.S_IFCHR | 0o666, os.makedev(1, 5))
    except PermissionError:  # only root makes devices: a FIFO must do
        os.mkfifo(folder / NOTEBOOK)


def folder_for_file(folder, values):
    (folder / NOTEBOOK / "inside").mkdir(parents=True)


MODULE = """
import builtins
print("attack" + "-won: imported", __name__)
raise ImportError("this file is the student's")
"""


def modules_beside(folder, values):
    write(folder, notebook(ALL, values))
    for name in ("numpy", "utils", "optimlab", "sitecustomize", "json", "struct", "IPython", "nbgrader", "nbgrader_config"):
        (folder / f"{name}.py").write_text(MODULE)
    (folder / "matplotlib").mkdir()
    (folder / "matplotlib" / "__init__.py").write_text(MODULE)
    (folder / "x.pth").write_text("import sys; sys.exit(5)")


def checkpoints(folder, values):
    write(folder, notebook(NOTHING, values))
    write(folder / ".ipynb_checkpoints", notebook(ALL, values))
    (folder / ".ipynb_checkpoints" / NOTEBOOK).rename(folder / ".ipynb_checkpoints" / f"{ASSIGNMENT}-checkpoint.ipynb")
    (folder / NOTEBOOK).touch()


def odd_names(folder, values):
    write(folder, notebook(ALL, values))
    for name in ("a" * 251 + ".txt", "line\nbreak.txt", "\x1b[31m\x1b]0;x\x07.txt", "--help", "-rf", "..%2f..%2fx", "...", " ",
                 "<img src=x onerror=alert(1)>.txt", "\u202etxt.exe", "con.txt", "a\\..\\..\\b", "'\"$(reboot)`reboot`;|&.txt"):
        (folder / name).write_text("odd")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("odd")


def links_beside(folder, values):
    """The notebook reads what its links lead to."""
    show = "import glob\nfor name in glob.glob('*', recursive=True) + glob.glob('*/*'):\n" \
           "    try: print(name, open(name, 'rb').read(5000))\n    except OSError as error: print(error)"
    write(folder, notebook(ALL._replace(cells=(Cell("extra", "after", SECOND_ANSWER, show),)), values))
    (folder / "key").symlink_to(f"{values['HOME']}/.ssh/id_rsa")
    (folder / "book").symlink_to("../../../gradebook.db")
    (folder / "answers").symlink_to(f"../../../solutions/{ASSIGNMENT}", target_is_directory=True)
    (folder / "root").symlink_to("/", target_is_directory=True)
    (folder / "loop").symlink_to("loop")
    os.link(f"{values['COURSE']}/nbgrader_config.py", folder / "linked")
    os.mkfifo(folder / "pipe")


def deep_folders(folder, values):
    write(folder, notebook(ALL, values))
    here = os.open(".", os.O_RDONLY)
    try:
        os.chdir(folder)
        for _ in range(1200):
            os.mkdir("d")
            os.chdir("d")
    finally:
        os.fchdir(here)
        os.close(here)


def large_beside(folder, values):
    """10 TB beside the notebook that take no room on the disk."""
    write(folder, notebook(ALL, values))
    with open(folder / "data.csv", "wb") as file:
        os.truncate(file.fileno(), 10**12)


FILES = [
    ("11-symlink-to-other", "the notebook is a link to another student's", 0, "flag: file", the_link(f"../../{HONEST}")),
    ("11-symlink-to-solution", "the notebook is a link to the instructor's", 0, "flag: file",
     the_link(f"{{COURSE}}/solutions/{ASSIGNMENT}/{NOTEBOOK}")),
    ("11-symlink-to-device", "the notebook is a link to /dev/zero", 0, "flag: file", the_link("/dev/zero")),
    ("11-symlink-to-secret", "the notebook is a link to a key", 0, "flag: file", the_link("{HOME}/.ssh/id_rsa")),
    ("11-symlink-to-itself", "the notebook is a link to itself", 0, "flag: file", the_link(NOTEBOOK)),
    ("11-hard-link", "the notebook is a hard link to the instructor's", 0, "flag: file", hard_link),
    ("11-linked-folder", "the student's folder is a link to another student's", None, "named", linked_folder),
    ("11-linked-assignment", "the assignment's folder is a link to another student's", None, "named", linked_assignment),
    ("11-fifo", "the notebook is a FIFO that nobody writes to", 0, "flag: file", fifo),
    ("11-socket", "the notebook is a socket", 0, "flag: file", socket_file),
    ("11-device", "the notebook is a device that never ends", 0, "flag: file", device),
    ("11-folder", "the notebook is a folder", 0, "flag: file", folder_for_file),
    ("11-modules-beside", "numpy.py, utils.py, optimlab.py and others beside the notebook", 20, "", modules_beside),
    ("11-checkpoints", "the right answers in .ipynb_checkpoints, an empty notebook", 0, "not_attempted", checkpoints),
    ("11-odd-names", "files with long, torn, shell-like and unreadable names", 20, "", odd_names),
    ("11-links-beside", "links to secrets, to the root and in a circle, a hard link and a FIFO", 20, "", links_beside),
    ("11-deep-folders", "folders 1,200 deep beside the notebook", 20, "", deep_folders),
    ("11-large-beside", "a sparse file of a terabyte beside the notebook", 20, "", large_beside),
]

# --- row 13: broken notebooks --------------------------------------------------

def raw(data):
    def put(folder, values):
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_bytes(data(values) if callable(data) else data)
    return put


def truncated(values):
    return nbformat.writes(notebook(ALL, values)).encode()[:9000]


def changed_json(change, base=ALL):
    """The notebook's JSON after `change`, written whatever it is."""
    def put(folder, values):
        nb = json.loads(nbformat.writes(notebook(base, values)))
        nb = change(nb) or nb
        folder.mkdir(parents=True)
        (folder / NOTEBOOK).write_text(filled(json.dumps(nb), values))
    return put


def sparse(size):
    """Begins as a notebook; then come zeros that take no room on the disk."""
    def put(folder, values):
        folder.mkdir(parents=True)
        with open(folder / NOTEBOOK, "wb") as file:
            file.write(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": "')
            file.truncate(size)
    return put


def version(number):
    return lambda nb: nb.update(nbformat=number)


def as_version_3(nb):
    cells = [{"cell_type": "code", "language": "python", "metadata": c["metadata"], "outputs": [], "collapsed": False,
              "input": c["source"]} for c in nb["cells"] if c["cell_type"] == "code"]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"metadata": {}, "cells": cells}]}


def wrong_types(nb):
    for n, cell in enumerate(nb["cells"]):
        cell["metadata"] = (None, [], "x", 5, {"tags": 5, "nbgrader": "x"}, cell["metadata"])[n % 6]
        cell["id"] = (5, None, [], "x" * 1000, {}, "a b")[n % 6]
        cell["outputs"] = (5, None, [5], {"a": 1}, [{"output_type": []}], [])[n % 6]
        cell["execution_count"] = "many"


def wrong_cells(nb):
    nb["cells"][3:3] = [5, None, "x", [], {}, {"cell_type": "code"}, {"source": "x"}]


def no_answer_cells(nb):
    nb["cells"] = [c for c in nb["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") not in RIGHT]


def two_answer_cells(nb):
    at = next(n for n, c in enumerate(nb["cells"]) if c["id"] == SECOND_ANSWER)
    twin = copy.deepcopy(nb["cells"][at])
    nb["cells"][at]["source"] = [f"def {SECOND_ANSWER}(*everything, **keywords):\n", "    return everything\n"]
    nb["cells"].insert(at + 1, twin)


def other_kernel(nb):
    nb["metadata"] = {"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}, "language_info": {"name": "R"}}


def nested(nb):
    deep = 1
    for _ in range(200):
        deep = {"x": [deep]}
    nb["metadata"]["deep"] = nb["cells"][0]["metadata"]["deep"] = deep


def many_cells(nb):
    nb["cells"] += [{"cell_type": "code", "id": f"many-{n}", "metadata": {}, "source": "pass", "outputs": [],
                     "execution_count": None} for n in range(3000)]


def attachments(nb):
    cell = nb["cells"][0]
    cell["attachments"] = {"../../x.png": {"image/png": "AAAA", "text/html": "<script>@MARK@</script>"}, "x": 5}


def sources(change):
    """Changes the source of the answer cells."""
    def changed(nb):
        for cell in nb["cells"]:
            if cell["id"] in RIGHT:
                cell["source"] = change("".join(cell["source"]))
    return changed


def own_text(text):
    return lambda nb: nb["cells"].append({"cell_type": "markdown", "id": "own", "metadata": {}, "source": text})


def surrogates(nb):
    for cell in nb["cells"]:
        if cell["id"] == FIRST_ANSWER:
            cell["source"] = ["# \ud800 \udc00 \x00 \x1b[31m\n", RIGHT[FIRST_ANSWER]]


BROKEN = [
    ("13-empty", "0 bytes", 0, "says: could not be read", raw(b"")),
    ("13-not-json", "an essay", 0, "says: could not be read", raw(b"Dear teacher,\nmy computer ...\n")),
    ("13-truncated", "cut off in the middle", 0, "says: could not be read", raw(truncated)),
    ("13-nan", "JSON with numbers that are none", 0, "says: could not be read", raw(b'{"nbformat": NaN, "cells": Infinity}')),
    ("13-huge-number", "a number of a million digits for the format", 0, "says: could not be read",
     raw(b'{"nbformat": ' + b"4" * 10**6 + b"}")),
    ("13-deep-in-cells", "the same inside a notebook", 0, "says: could not be read",
     raw(b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": ' + b"[" * 10_000 + b"]" * 10_000 + b"}")),
    ("13-enormous", "500 MB", 0, "says: could not be read", sparse(500 * 10**6)),
    ("13-terabyte", "1 TB", 0, "says: could not be read", sparse(10**12)),
    ("13-format-3", "a notebook of 2013", 20, "", changed_json(as_version_3)),
    ("13-format-99", "a notebook of the future", 0, "says: could not be read", changed_json(version(99))),
    ("13-wrong-types", "metadata, ids and outputs of wrong types", 20, "at most", changed_json(wrong_types)),
    ("13-wrong-cells", "cells that are numbers, texts, lists, and without a type", 0, "says: could not be read",
     changed_json(wrong_cells)),
    ("13-nested-metadata", "metadata 400 deep", 20, "", changed_json(nested)),
    ("13-other-language", "says that it is R", 20, "", changed_json(other_kernel)),
    ("13-no-answer-cell", "both answer cells are gone", 0, "not_attempted", changed_json(no_answer_cells)),
    ("13-two-answer-cells", "an answer cell twice, first wrong, then right", 20, "at most", changed_json(two_answer_cells)),
    ("13-many-cells", "3,000 cells", 0, "says: could not be read", changed_json(many_cells)),
    ("13-attachments", "attachments with paths and scripts for names", 20, "", changed_json(attachments)),
    ("13-half-characters", "half characters and zero bytes in an answer", 16, "raises", changed_json(surrogates)),
    ("13-long-answer", "5 MB of comment in each answer", 20, "",
     changed_json(sources(lambda source: "# " + "x" * 5_000_000 + "\n" + source))),
    ("13-many-lines", "20,000 lines after each answer", 20, "", changed_json(sources(lambda source: source + "\nx = 1" * 20_000))),
    ("13-deep-answer", "answers whose source is nested 100,000 deep", 0, "raises",
     changed_json(sources(lambda source: source + "\nx = " + "-" * 100_000 + "1"))),
    ("13-byte-order-mark", "saved by an editor that puts a mark first", 20, "",
     raw(lambda values: b"\xef\xbb\xbf" + nbformat.writes(notebook(ALL, values)).encode())),
]

# --- row 14: texts that a page is made of --------------------------------------

SLOW = {"quotes": "> " * 100_000 + "x", "tags": "<div>" * 100_000, "maths": "$" * 99_999 + "\\(" * 50_000}
TEXTS = [(f"14-slow-{name}", "a text cell that takes for ever to turn into HTML", 20, "", changed_json(own_text(text)))
         for name, text in SLOW.items()]

# --- row 19: little comes in, and much would come out --------------------------

def own_code(source, times=1):
    def add(nb):
        nb["cells"] += [{"cell_type": "code", "id": f"much-{n}", "metadata": {}, "source": source, "outputs": [],
                         "execution_count": None} for n in range(times)]
    return add


MANY = "get_ipython().display_pub.outputs += [{'output_type': 'stream', 'name': 'stdout', 'text': 'x'}] * 200"
MUCH = [(f"19-{name}", what, 20, finds, changed_json(change)) for name, what, finds, change in (
    ("blank-lines", "a cell of 60,000 blank lines: what colours code looks at each pair of them", "says: blanks]",
     own_code("x = 1" + " \n" * 60_000 + "y = 2")),
    ("outputs", "150 cells with 200 outputs each", "says: show too much", own_code(MANY, 150)),
    ("formulas", "2,000 formulas, each a picture of its own", "",
     own_text("\n\n".join(f"$x_{{{n}}}$" for n in range(2_000))[:9_900])),
    ("code", "270 kB of comments in 6 cells", "says: characters in all]", own_code("# x = 1; y = 2\n" * 3_000, 6)),
)]

# --- rows 14 to 16: the student's folder is the attack ---------------------------

def right(folder, values):
    write(folder, notebook(ALL, values))


NAMES = [
    (14, "<img src=x onerror=alert(1)>", "markup"), (14, "'\"><svg onload=alert(1)>", "markup that ends an attribute"),
    (14, "javascript:alert(1)", "an address"),
    (15, "\x1b]0;owned\x07\x1b[31mred", "escape sequences"), (15, "two\nlines\rand\x08\x08", "line breaks"),
    (15, "\u202eevil\u2066\x9b31m", "letters that turn the direction"),
    (16, "=cmd|' C calc'!A0", "a formula"), (16, "-2+3", "a formula that is a student id"), (16, "@SUM", "another that is one"),
    (16, "\t=1+1", "a formula behind a tab"), (16, "\uff1d1+1", "a wide formula"),
    (11, "--help", "an option"), (11, "..\\..\\x", "a path of another system"), (11, "a" * 240, "a long name"),
    (11, f"{OTHER.name} ", "nearly another student's name"), (11, "$(touch named-by-a-student)", "a command"),
]

ATTACKS = (
    *(attack(name, what, points, finds, edited_notebook(base, change)) for name, what, points, finds, base, change in EDITS),
    *(attack(f"05-forged-{name}", f"a forged frame: {name}", 0, "flag: run, flag: rules", forged(data))
      for name, data in FORGED.items()),
    *(attack(*line) for line in FILES),
    *(attack(*line) for line in (*BROKEN, *TEXTS, *MUCH)),
    *(Attack(name, row, f"a student's name: {what}", 20, ("named",), right) for row, name, what in NAMES),
)

# --- row 12: zips -----------------------------------------------------------------

def entries(*more, compression=zipfile.ZIP_DEFLATED):
    """A zip of the honest notebook and these (name, bytes)."""
    def make(path, honest):
        with zipfile.ZipFile(path, "w", compression) as file, warnings.catch_warnings(action="ignore"):  # of a name twice
            file.writestr(HONEST, honest)
            for name, data in more:
                file.writestr(name, honest if data is None else data)
    return make


def linked(path, honest):
    entries()(path, honest)
    link = zipfile.ZipInfo(EVIL)
    link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(link, f"../../{HONEST}")


def bomb(path, honest):
    """500 MB of zeros in 500 kB."""
    entries()(path, honest)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as file, \
            file.open(EVIL, "w", force_zip64=True) as inside:
        for _ in range(50):
            inside.write(bytes(10_000_000))


def lying_bomb(path, honest):
    """Says of 100 MB that they are 100 bytes."""
    packed = zlib.compress(bytes(100_000_000), 9)[2:-4]
    entries((EVIL, b"x" * 100))(path, honest)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        file.writestr(HONEST, honest)
        file.writestr(EVIL, packed)
    data = bytearray(path.read_bytes())
    for signature, at_method, at_size in ((b"PK\x03\x04", 8, 22), (b"PK\x01\x02", 10, 24)):
        start = data.rindex(signature)
        struct.pack_into("<H", data, start + at_method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<I", data, start + at_size, 100)
    path.write_bytes(bytes(data))


def nested_zip(path, honest):
    inner = path.with_suffix(".inner")
    entries()(inner, honest)
    entries((f"mallory/{ASSIGNMENT}/{ASSIGNMENT}.zip", inner.read_bytes()))(path, honest)
    inner.unlink()


def cut_zip(path, honest):
    entries()(path, honest)
    path.write_bytes(path.read_bytes()[:-30])


def encrypted(path, honest):
    entries((EVIL, None))(path, honest)
    data = bytearray(path.read_bytes())
    for signature, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.rindex(signature) + at] |= 1
    path.write_bytes(bytes(data))


def many_entries(path, honest):
    entries(*((f"mallory/{ASSIGNMENT}/{n}.txt", b"") for n in range(60_000)))(path, honest)


# what lies in the zip, and the word that names the submission (or the zip) in the line that refuses it
ZIPS = {
    "parent": (entries(("../../../escaped-parent.ipynb", None)), "escaped-parent"),
    "inside-parent": (entries((f"mallory/{ASSIGNMENT}/../../../escaped-inside.ipynb", None)), "mallory"),
    "absolute": (entries(("/tmp/escaped-absolute.ipynb", None)), "escaped-absolute"),
    "backslash": (entries(("..\\..\\escaped-backslash.ipynb", None)), "escaped-backslash"),
    "drive": (entries(("C:\\escaped-drive.ipynb", None)), "escaped-drive"),
    "symlink": (linked, "mallory"),
    "bomb": (bomb, "mallory"),
    "lying-bomb": (lying_bomb, "mallory"),
    "nested": (nested_zip, "mallory"),
    "twice": (entries((EVIL, None), (EVIL, b"{}")), "mallory"),
    "case": (entries((EVIL, None), (EVIL.replace("m", "M", 1), b"{}")), "allory"),
    "control-characters": (entries((EVIL.replace("lory", "\x1b[31mlory\n"), None)), "mal"),
    "many-entries": (many_entries, "mallory"),
    "encrypted": (encrypted, "mallory"),
    "cut-off": (cut_zip, "evil.zip"),
    "not-a-zip": (lambda path, honest: path.write_bytes(b"PK\x05\x06 no"), "evil.zip"),
}
