"""Puts a student's answers into the released notebook, and leaves everything else that was handed in behind."""

import copy
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from optimlab.classroom.grading.notebooks import Cell, Notebook, attachments, grade_id, is_marked, is_test
from optimlab.classroom.grading.recognise import Released, plain
from optimlab.classroom.grading.sources import Reader, code_in

OWN, NOTE = "own", "note"  # what the metadata of a cell say under "optimlab"
MOST_HALVES = 10  # of one function that was split
STRIPPED = ("nbgrader's marks were gone from this file, as some editors strip them: its answers are known by what they "
            "say and where they stand.")
LOOK = "*Nobody has written in this cell. A person looks whether another one holds the answer.*"


def rebuild(submitted: Notebook, released: Notebook) -> Notebook:
    """The released notebook with the student's answers and own cells; see RebuildFromTemplate.

    Nothing that the student wrote is left out, and none of it gets an id that a released cell has. Where an answer
    was not in its cell alone, a note above it says what was done. `is_own` and `is_note` recognise what was added.
    """
    cells = _Rebuilding(released["cells"], submitted["cells"]).cells()
    taken = {c.get("id") for c in released["cells"]}
    for number, cell in enumerate(c for c in cells if is_own(c) or is_note(c)):
        if released.get("nbformat_minor", 0) < 5:  # no cell had an id then
            cell.pop("id", None)
        elif cell.get("id", "added-").startswith("added-") or cell["id"] in taken:
            cell["id"] = f"added-{number}"
        taken.add(cell.get("id"))
    return {**copy.deepcopy(released), "cells": cells}


def is_own(cell: Cell) -> bool:
    """Whether a cell of a rebuilt notebook is the student's own."""
    return bool(cell["metadata"].get("optimlab") == OWN)


def is_note(cell: Cell) -> bool:
    """Whether a cell of a rebuilt notebook says what was done with an answer."""
    return bool(cell["metadata"].get("optimlab") == NOTE)


def may_stand_elsewhere(cell: Cell) -> bool:
    """Whether a person has to look for the answer to a cell of a rebuilt notebook, whatever it is worth."""
    return bool(cell["source"] == LOOK)


def unreadable(reason: str) -> Notebook:
    """A notebook that holds only a note on why the submitted file could not be read."""
    text = f"**This file could not be read, so nothing in it could be graded:** it {reason}"
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [_new_cell("markdown", text)]}


@dataclass(frozen=True)
class _Part:
    """A cell that the student wrote, or its part that is the student's.

    place: the number of the released cell that it is or follows; -1 for the top.
    of: the number of the released answer cell that it belongs to; None for a cell of the student's own.
    halves: the number of cells into which it had been split.
    """

    cell: Cell
    kind: str
    source: str
    place: int
    of: int | None = None
    halves: int = 1


class _Rebuilding:
    """One notebook that is being rebuilt.

    there: the answer cells that were in the submission, with or without an answer; blank: those with no text at all.
    stripped: whether it has lost all of nbgrader's metadata.
    parts: what the student wrote, in order. written: the names that its code defines.
    """

    def __init__(self, released: Sequence[Cell], submitted: Sequence[Cell]) -> None:
        self.read = Reader()
        self.released = Released(released, self.read)
        self.asked = {name for names in self.released.asked.values() for name in names}
        cells, halves = self._joined(submitted)
        found = self.released.recognise(cells)
        self.there = {n for n in found if n in self.released.asked}
        self.blank = {n for cell, n in zip(cells, found) if n in self.there and not plain(cell)}
        self.stripped = bool(self.there) and not any(map(is_marked, cells))
        self.parts = [part for part in self._parts(cells, found, halves) if plain(part.cell)]
        self.written = self._all_written()
        self.parts = [made for part in self.parts for made in self._with_its_code(part)]
        self.written = self._all_written()
        self.parts = [self._tidied(part) for part in self.parts]

    def cells(self) -> list[Cell]:
        """The cells of the rebuilt notebook."""
        cells = [_note(STRIPPED)] if self.stripped else []
        cells += [_own(part) for part in self.parts if part.of is None and part.place == -1]
        for number, cell in enumerate(self.released.cells):
            here = _each_once([part for part in self.parts if part.place == number])
            if number in self.released.asked:
                answer = self._code if cell["cell_type"] == "code" else self._text
                cells += answer(number, copy.deepcopy(cell), here)
            else:
                cells += [copy.deepcopy(cell), *map(_own, here)]
        return cells

    # ------------------------------------------------------------ what the student wrote

    def _joined(self, submitted: Sequence[Cell]) -> tuple[list[Cell], list[int]]:
        """The cells of a submission, a function that was split being one cell again; and how many each has been."""
        known = {"", *self.released.shown}
        joined: list[Cell] = []
        halves: list[int] = []
        for cell in submitted:
            above = joined[-1] if joined else cell
            if (joined and halves[-1] < MOST_HALVES and above["cell_type"] == cell["cell_type"] == "code"
                    and grade_id(cell) in ("", grade_id(above)) and known.isdisjoint({plain(above), plain(cell)})
                    and self.read.continues(cell["source"], above["source"])):
                joined[-1] = {**above, "source": f"{above['source']}\n{cell['source']}"}
                halves[-1] += 1
            else:
                joined.append(cell)
                halves.append(1)
        return joined, halves

    def _parts(self, cells: Sequence[Cell], found: Sequence[int | None], halves: Sequence[int]) -> Iterator[_Part]:
        steady = _in_order(found)
        place = -1
        for position, (cell, known) in enumerate(zip(cells, found)):
            if known is not None and position in steady:
                place = known
            if known is None:
                yield _Part(cell, cell["cell_type"], cell["source"], place)
            elif known in self.released.asked:
                if not self.released.is_untouched(cell, known) or self._gives_more(cell):
                    yield _Part(cell, cell["cell_type"], cell["source"], known, known, halves[position])
            elif not self.released.is_untouched(cell, known) and (
                    changed := self._changed(cell, self.released.cells[known])):
                kind = "code" if cell["cell_type"] == self.released.cells[known]["cell_type"] == "code" else "markdown"
                yield _Part(cell, kind, changed, max(place, known))

    def _gives_more(self, cell: Cell) -> bool:
        """Whether an empty answer cell holds more than its empty functions, such as data that they need."""
        rest = self.read.without_empty(cell["source"], self.asked)
        return cell["cell_type"] == "code" and rest != cell["source"] and bool(self.read.written(rest))

    def _changed(self, cell: Cell, released: Cell) -> str:
        """What a student wrote into a released cell that is no answer cell: it comes after it, as a cell of its own."""
        if cell["cell_type"] == released["cell_type"] == "code":
            new = self.read.written(cell["source"]) - self.read.written(released["source"])
            return cell["source"] if new or not is_marked(released) else ""
        there = {line.strip() for line in released["source"].split("\n")}
        return "\n".join(line for line in plain(cell).split("\n") if line.strip() not in there)

    def _all_written(self) -> set[str]:
        return {name for part in self.parts if part.kind == "code" for name in self.read.written(part.source)}

    def _with_its_code(self, part: _Part) -> list[_Part]:
        """A part; if it is text that holds code which nothing else defines, then with its code, which will run."""
        if part.kind == "code" or (part.of is not None and self.released.cells[part.of]["cell_type"] != "code"):
            return [part]
        code = code_in(part.source)
        if part.of is None:
            runs = bool((self.read.written(code) & self.asked) - self.written)
        elif asked := self.released.asked[part.of]:
            tried = self.read.is_code(code) or any(f"def {name}" in code for name in asked)
            runs = tried and not asked <= self.written
        else:
            runs = self.read.is_code(code) and not any(p.of == part.of and p.kind == "code" for p in self.parts)
        if not runs:
            return [part]
        as_code = replace(part, kind="code", source=code)
        return [as_code] if plain(part.cell) == plain({**part.cell, "source": code}) else [part, as_code]

    def _tidied(self, part: _Part) -> _Part:
        """Code in which empty functions that are written elsewhere are comments, and so are copies of tests and checks.

        The ones would undo what the student wrote, the others could stop it. Lines keep their numbers.
        """
        if part.kind != "code":
            return part
        source = self.read.without_empty(part.source, self.written & self.asked)
        for number, cell in enumerate(self.released.cells):
            test = self.released.shown[number]
            if (test and test in source and is_marked(cell) and number not in self.released.asked
                    and (is_test(cell) or not self.read.written(test))):
                comment = "\n".join(f"# {line}" for line in test.split("\n"))
                source = f"\n{source}\n".replace(f"\n{test}\n", f"\n{comment}\n")[1:-1]
        return replace(part, source=source)

    # ------------------------------------------------------------ answers

    def _code(self, number: int, cell: Cell, here: list[_Part]) -> list[Cell]:
        """An answer of code: the last part that defines what is asked is the answer, the others run around it."""
        name, asked = grade_id(cell), self.released.asked[number]
        parts = [p for p in here if p.of == number]
        code = [p for p in parts if p.kind == "code"]
        defining = [p for p in code if not asked.isdisjoint(self.read.written(p.source))]
        elsewhere = not defining and not asked.isdisjoint(self.written)
        said = self._how_it_came(parts, name, ": their code runs in its order, and the last definition counts")
        if any(p.cell["cell_type"] != "code" for p in code):
            said.append("came as text and ran as code")
        if elsewhere:
            said.append("stands in another cell, which counts")
        if code:
            cell["source"] = (defining or code)[-1].source
        elif elsewhere:
            rest = self.read.without_empty(cell["source"], self.written)
            more = rest != cell["source"] and self.read.statements(rest)
            cell["source"] = rest if more else f"# The answer {name} stands in another cell."
        elif parts:
            cell["source"] = f"# The answer {name} was handed in as text, which stands above."
        elif number not in self.there:  # the empty function could undo what a cell defines in a way that is not seen
            cell["source"] = f"# The answer cell {name} is not in what was handed in."
        elif number in self.blank:
            cell["source"] = ""
        if code:
            main = here.index((defining or code)[-1])
            return [*_told(name, said), *map(_own, here[:main]), cell, *map(_own, here[main + 1:])]
        return [*_told(name, said), *map(_own, parts), cell, *(_own(p) for p in here if p.of is None)]

    def _text(self, number: int, cell: Cell, here: list[_Part]) -> list[Cell]:
        """An answer in words: all of its parts; where there is none, a person looks if it may stand elsewhere."""
        name, parts = grade_id(cell), [p for p in here if p.of == number]
        said = self._how_it_came(parts, name, ", which are put together here")
        if parts:
            texts: list[str] = []
            attached: dict[str, Any] = {}
            for n, part in enumerate(parts):
                text = _as_text(part)
                for picture, content in attachments(part.cell).items():
                    if attached.get(picture, content) != content:  # another one of this name
                        text = text.replace(f"attachment:{picture}", f"attachment:{n}-{picture}")
                        picture = f"{n}-{picture}"
                    attached[picture] = content
                texts.append(text)
            cell["source"] = "\n\n".join(texts)
            if attached:
                cell["attachments"] = attached
        elif self._may_stand_elsewhere(number):
            cell["source"] = LOOK
            said.append("is not in its cell: a person looks whether another one holds it")
        elif number in self.blank:
            cell["source"] = ""
        return [*_told(name, said), cell, *(_own(p) for p in here if p.of is None)]

    def _how_it_came(self, parts: Sequence[_Part], name: str, so: str) -> list[str]:
        """What there is to tell about the cells of an answer; `so` says what became of several."""
        cells = {id(p.cell): p.halves for p in parts}
        said = [f"came in {sum(cells.values())} cells{so}"] if sum(cells.values()) > 1 else []
        if parts and not self.stripped and not any(grade_id(p.cell) == name for p in parts):
            said.append("was in a cell without nbgrader's mark, and is known by what it says and where it stands")
        return said

    def _may_stand_elsewhere(self, number: int) -> bool:
        """Whether a cell of the student's own may be the answer to a question in words that has none."""
        own = [p for p in self.parts if p.of is None]
        if number not in self.there:
            question = self.released.shown[number - 1].split("\n")[-1] if number else ""
            return bool(own) or any(question and question in p.source for p in self.parts)
        return any(p.place >= number - 1 and (p.kind != "code" or p.place <= number) for p in own)


def _in_order(found: Sequence[int | None]) -> set[int]:
    """The positions of those known cells that are in the released order: as many as there can be.

    >>> sorted(_in_order([0, 1, None, 9, 2, 3]))
    [0, 1, 4, 5]
    """
    last: list[int] = []  # of the best choice of each length: its last released cell, and its position
    at: list[int] = []
    before: dict[int, int | None] = {}
    for position, known in enumerate(found):
        if known is not None:
            length = bisect_right(last, known)
            before[position] = at[length - 1] if length else None
            last[length:length + 1], at[length:length + 1] = [known], [position]
    chosen: set[int] = set()
    left = at[-1] if at else None
    while left is not None:
        chosen.add(left)
        left = before[left]
    return chosen


def _each_once(parts: Sequence[_Part]) -> list[_Part]:
    """Of parts of an answer that are the same, the last; all of the student's own cells."""
    last = {(p.kind, p.source.strip()): p for p in parts if p.of is not None}
    return [p for p in parts if p.of is None or p is last[p.kind, p.source.strip()]]


def _as_text(part: _Part) -> str:
    """A part of an answer in words; code keeps its lines."""
    if part.kind == "code" and Reader().is_code(part.source):
        return f"~~~python\n{part.source}\n~~~"
    return part.source


def _own(part: _Part) -> Cell:
    """A student's own cell with its type and text, but nothing that could mean something to nbgrader."""
    kind = part.kind if part.kind in ("code", "markdown") else "raw"
    own = _new_cell(kind, part.source)
    if kind == "markdown" and attachments(part.cell):
        own["attachments"] = part.cell["attachments"]
    if re.fullmatch(r"[A-Za-z0-9_-]{1,64}", str(part.cell.get("id", ""))):
        own["id"] = part.cell["id"]
    return own


def _told(name: str, said: list[str]) -> list[Cell]:
    """The cell that tells what was done with an answer, if there is something to tell."""
    return [_note(f"The answer {name} {'; it '.join(said)}.")] if said else []


def _note(text: str) -> Cell:
    return _new_cell("markdown", text, NOTE)


def _new_cell(kind: str, source: str, what: str = OWN) -> Cell:
    cell = {"cell_type": kind, "metadata": {"optimlab": what}, "source": source}
    return {**cell, "execution_count": None, "outputs": []} if kind == "code" else cell
