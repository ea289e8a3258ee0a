"""Tells which released cell each cell of a student's notebook is.

Editors and students change any one sign: nbgrader's metadata are stripped or copied, ids are made anew, texts
are edited, cells are moved. So a cell is known by the first of these that holds: its nbgrader id; its text, if
that is the text of one released cell alone; its cell id; and where none does, by its place, between two known
cells, together with what it says.
"""

import re
from collections.abc import Iterator, Sequence

from optimlab.classroom.grading.notebooks import Cell, attachments, grade_id, is_answer, is_marked
from optimlab.classroom.grading.sources import Reader


class Released:
    """The cells of a released notebook, and what they are recognised by.

    shown: the text of each cell as students get it, without hidden tests.
    asked: for each answer cell, by its number, the names that it asks for.
    """

    def __init__(self, cells: Sequence[Cell], read: Reader) -> None:
        self.cells = cells
        self.shown = [_shown(c) for c in cells]
        self.asked = {n: read.asked(c["source"]) if c["cell_type"] == "code" else set()
                      for n, c in enumerate(cells) if is_answer(c)}
        self._read = read
        self._lines = [_lines(text) for text in self.shown]

    def recognise(self, cells: Sequence[Cell]) -> list[int | None]:
        """The number of the released cell that each cell is; None for a cell of the student's own.

        Several cells may be the same one: copies, and the parts of a cell that was split.
        """
        marks = {grade_id(c): n for n, c in enumerate(self.cells) if is_marked(c)}
        texts = {text: n for n, text in enumerate(self.shown) if text and self.shown.count(text) == 1}
        ids = {c["id"]: n for n, c in enumerate(self.cells) if c.get("id")}
        found: list[int | None] = []
        for cell in cells:
            known = marks.get(grade_id(cell), texts.get(plain(cell)))
            if known is None and (same := ids.get(cell.get("id"))) is not None:
                locked = is_marked(self.cells[same]) and same not in self.asked
                known = same if not locked or self._alike(_lines(plain(cell)), same) else None
            found.append(known)
        for run, missing in self._gaps(cells, found):
            self._by_place(cells, found, run, missing)
        return found

    def is_untouched(self, cell: Cell, number: int) -> bool:
        """Whether nobody has written in a cell, or pasted a picture."""
        pictures = attachments(cell).keys() - attachments(self.cells[number]).keys()
        return plain(cell) in ("", self.shown[number]) and not pictures

    def _gaps(self, cells: Sequence[Cell], found: list[int | None]) -> Iterator[tuple[list[int], list[int]]]:
        """Each run of unknown cells, with the released cells that are missing there.

        An answer cell in which nobody has written is as good as missing.
        """
        there = {n for cell, n in zip(cells, found)
                 if n is not None and not (n in self.asked and self.is_untouched(cell, n))}
        run: list[int] = []
        before = -1
        for position, known in enumerate([*found, len(self.cells)]):
            if known is None:
                run.append(position)
            elif known in there or known == len(self.cells):
                between = range(min(before, known) + 1, max(before, known))
                if run and (missing := [n for n in between if n not in there]):
                    yield run, missing
                run, before = [], known

    def _by_place(self, cells: Sequence[Cell], found: list[int | None], run: list[int], missing: list[int]) -> None:
        """Recognise the cells of a run among those that are missing there."""
        answers = [n for n in missing if n in self.asked]
        for position in run:
            cell, text = cells[position], plain(cells[position])
            lines = _lines(text)
            written = self._read.written(cell["source"]) if cell["cell_type"] == "code" else set()
            fitting = [n for n in answers if not written.isdisjoint(self.asked[n])]
            fitting += [n for n in missing if text == self.shown[n] != ""]
            fitting += [n for n in missing if n not in answers and self._alike(lines, n)]
            if fitting:
                found[position] = fitting[0]
                if fitting[0] not in answers:
                    missing.remove(fitting[0])
        if len(answers) == 1 and not self.asked[answers[0]]:  # of two, nobody can tell which one it is
            code = self.cells[answers[0]]["cell_type"] == "code"
            for position in run:
                fits = (cells[position]["cell_type"] == "code") == code and plain(cells[position])
                if found[position] is None and fits:
                    found[position] = answers[0]

    def _alike(self, lines: set[str], number: int) -> bool:
        """Whether a cell has at least half of the lines in common with a released one, as before and after an edit."""
        common, least = len(lines & self._lines[number]), min(len(lines), len(self._lines[number]))
        return 2 * common >= least > 0


def plain(cell: Cell) -> str:
    """The text of a cell without spaces at the ends of lines, empty lines around it, and titles of Colab's."""
    lines = [line.rstrip() for line in cell["source"].split("\n") if not line.startswith(("#@title", "# @title"))]
    return "\n".join(lines).strip("\n")


def _shown(released: Cell) -> str:
    return re.sub(r"^.*BEGIN HIDDEN TESTS(?:.|\n)*?END HIDDEN TESTS.*\n?", "", plain(released), flags=re.M).strip("\n")


def _lines(text: str) -> set[str]:
    return {line.strip() for line in text.split("\n")} - {""}
