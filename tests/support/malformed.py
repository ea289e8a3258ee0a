"""Notebooks that are wrong in any way: mutations of a good one, each made anew from its number.

    python tests/support/malformed.py 10000

puts so many through the trusted side, from the bytes to the feedback page, and prints what became of them.
"""
import codecs
import copy
import io
import json
import random
import re
import sys
import tempfile
import traceback
from collections import Counter
from pathlib import Path

import class_of_submissions
import nbformat
from grading_runs import ASSIGNMENT, RELEASED, SUBMISSIONS, make_course, optimlab
from traitlets.config import Config

from optimlab.classroom.files import write_atomic
from optimlab.classroom.gradebook.book import Book
from optimlab.classroom.intake.submissions import Submission
from optimlab.classroom.marking import Marker
from optimlab.classroom.sandbox import frames
from optimlab.classroom.sandbox.run import Evidence, Limits
from optimlab.tutor.challenges import Answer

# What no line for a person says: names of classes, Python's words for its things, quoted keys.
FORBIDDEN = re.compile(r"\w+Error|\w+Exception|\bNone\b|NoneType|\bobject\b|\bdict\b|\bstr\b|\bint\b|\btuple\b|\bKey\b"
                       r"|Traceback|'\w+'|\"\w+\"|\bcodec\b|utf-?8|[\[{(]\W|<class")
GOOD = json.loads(json.dumps(class_of_submissions.notebook(
    next(s for s in SUBMISSIONS if s.name == "right_line_by_line"), nbformat.read(RELEASED, as_version=4))))
VALUES = (None, True, 0, -1, 5, 3.5, float("nan"), float("inf"), 10**30, "", "x", "code", "markdown", "\ud800", "\x00\x1b[31m",
          "x" * 5000, "<script>alert(1)</script>", [], [[]], [None], ["a", 5], {}, {"": ""}, {"x": {"y": []}}, "raw", "\ufeff")
KEYS = ("cell_type", "source", "metadata", "id", "outputs", "nbgrader", "attachments", "grade_id", "solution", "grade",
        "points", "tags", "cells", "nbformat", "execution_count", "output_type", "data", "")


def places(value, path=()):
    """The paths to all values of a document."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*path, key))


PLACES = [path for path in places(GOOD) if path]


def changed(rng):
    """The good notebook with one to three values dropped, replaced, retyped, nested, doubled or put elsewhere."""
    nb = copy.deepcopy(GOOD)
    for _ in range(rng.choice((1, 1, 2, 3))):
        # Half of all places are in the first levels, which every notebook must have.
        path = rng.choice([p for p in PLACES if len(p) < 4] if rng.random() < 0.5 else PLACES)
        at = nb
        try:
            for key in path[:-1]:
                at = at[key]
            key = path[-1]
            old = at[key]
            kind = rng.choice(("drop", "replace", "replace", "retype", "nest", "double", "elsewhere", "add"))
            if kind == "drop":
                del at[key]
            elif kind == "replace":
                at[key] = rng.choice(VALUES)
            elif kind == "retype":
                at[key] = rng.choice((str, lambda x: [x], lambda x: {"x": x}, lambda x: list(x) if isinstance(x, dict) else 5))(old)
            elif kind == "nest":
                for _ in range(rng.choice((1, 3, 50, 400))):
                    old = rng.choice(([old], {"cells": old}))
                at[key] = old
            elif kind == "double":
                at.insert(key, copy.deepcopy(old)) if isinstance(at, list) else at.update({f"{key}2": old})
            elif kind == "elsewhere":
                at[key] = copy.deepcopy(rng.choice(nb["cells"]))
            elif isinstance(old, dict):
                old[rng.choice(KEYS)] = rng.choice(VALUES)
        except (KeyError, IndexError, TypeError):  # an earlier change took that place away
            continue
    return nb


def malformed(number):
    """The bytes of the malformed notebook of this number."""
    rng = random.Random(number)
    nb = changed(rng)
    text = json.dumps(nb, indent=rng.choice((None, 1)), ensure_ascii=rng.random() < 0.5)
    kind = rng.choice(("",) * 12 + ("cut", "encoding", "mark", "number", "doubled", "deep", "bytes", "format", "old", "words"))
    if kind == "cut":
        text = text[:rng.randrange(len(text))]
    elif kind == "number":
        text = re.sub(r": (\d+|null|\[\])", lambda m: rng.choice((": NaN", ": 1e999", f": {'9' * 5000}", ": -Infinity")), text,
                      count=rng.randrange(1, 4))
    elif kind == "doubled":
        key = rng.choice(('"source"', '"cell_type"', '"metadata"', '"cells"'))
        text = text.replace(key, f'{key}: {json.dumps(rng.choice(VALUES))}, {key}', rng.randrange(1, 4))
    elif kind == "deep":
        deep = rng.choice((100, 900, 5_000))
        text = text.replace('"metadata"', f'"deep": {"[" * deep}{"]" * deep}, "metadata"', 1)
    elif kind == "format":
        text = re.sub(r'"nbformat": \d+', f'"nbformat": {rng.choice((1, 2, 3, 5, 0, -4, 99))}', text)
    elif kind == "old":
        text = json.dumps({"nbformat": rng.choice((1, 2, 3)), "metadata": {}, "worksheets": [{"cells": nb.get("cells")}],
                           "cells": nb.get("cells")})
    elif kind == "words":
        text = rng.choice(("Dear teacher,", "null", "[]", '"x"', "{}", "5", '{"nbformat": 4}', '{"nbformat": "4"}', "\n\n"))
    data = text.encode("utf-8", "surrogatepass")
    if kind == "encoding":
        data = text.encode(rng.choice(("utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252", "utf-7")), "replace")
    elif kind == "mark":
        data = rng.choice((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF32_BE, codecs.BOM_UTF8 * 2)) + data
    elif kind == "bytes":
        data = bytearray(data)
        for _ in range(rng.choice((1, 5, 100))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        data = bytes(data)
    return data


class TrustedSide:
    """All that happens to a submission outside of its sandbox.

    course: a folder with a course whose assignment is entered in the gradebook.
    """

    def __init__(self, course):
        self._course, self._db = course, f"sqlite:///{course / 'gradebook.db'}"
        self._marker = Marker(ASSIGNMENT, {ASSIGNMENT: RELEASED.read_text(encoding="utf-8")}, {}, "secret", Limits(), self._db,
                              Config())
        path = course / "submitted/malformed" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
        path.parent.mkdir(parents=True)
        self._submission = Submission("malformed", ASSIGNMENT, path, None)

    def problem(self, data, with_page=False):
        """Why a notebook cannot be read, "" where it can; it goes all the way in any case."""
        self._submission.path.write_bytes(data)
        prepared = self._marker.prepare(self._submission)
        list(frames.read_all(io.BytesIO(prepared.bundle)))
        asked = sum(1 for _ in frames.read_all(io.BytesIO(prepared.challenges)))
        seen = Evidence(answers={n: Answer("died") for n in range(asked)})
        marked = self._marker.mark(self._submission, prepared, seen.to_bytes())
        autograded = self._course / "autograded.ipynb"
        write_atomic(autograded, nbformat.writes(marked.notebook))
        write_atomic(self._course / "record.json", json.dumps(marked.record))
        if with_page:
            with Book(self._db) as book:
                book.save("malformed", ASSIGNMENT, ASSIGNMENT, marked.notebook)
            page = self._marker.page(autograded, self._submission, marked.record["exercises"])
            assert all(line in page for line in prepared.problem.split(": ")[:1])
            write_atomic(self._course / "page.html", page)
        return prepared.problem


def main(number):
    ends = Counter()
    with tempfile.TemporaryDirectory() as folder:
        course = make_course(Path(folder) / "course", ())
        status, *said = optimlab(course, "release", ASSIGNMENT)
        assert not status, said
        side = TrustedSide(course)
        for n in range(number):
            if n % 1000 == 0 < n:
                print(f"{n}: {ends['crashed']} crashes, {ends['refused']} refused", flush=True)
            try:
                problem = side.problem(malformed(n), with_page=n % 5 == 0)
            except Exception:
                ends["crashed"] += 1
                if ends["crashed"] < 10:
                    print(n, traceback.format_exc(limit=-3))
                continue
            ends["refused" if problem else "read"] += 1
            if FORBIDDEN.search(problem):
                ends["in Python's words"] += 1
                print(n, problem)
            if problem:
                ends[re.sub(r"\d+", "N", problem)] += 1
    for end, times in ends.most_common():
        print(f"{times:6}  {end}")


if __name__ == "__main__":
    main(int(sys.argv[1]))
