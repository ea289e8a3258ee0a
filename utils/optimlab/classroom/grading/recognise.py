"""Tells which released cell each cell of a student's notebook is.

Editors and students change any one sign: nbgrader's metadata are stripped or copied, ids are made anew, texts
are edited, cells are moved. So a cell is known by the first of these that holds: its nbgrader id; its text, if
that is the text of one released cell alone; its cell id; and where none does, by its place, between two known
cells, together with what it says.
"""

import re
from collections.abc import Iterator, Sequence

from optimlab.classroom.grading.notebooks import Cell, grade_id, is_answer, is_marked
from optimlab.classroom.grading.sources import Reader


def recognise(cells: Sequence[Cell], released: Sequence[Cell], read: Reader) -> list[int | None]:
    """The number of the released cell that each cell is; None for a cell of the student's own.

    Several cells may be the same one: copies, and the parts of a cell that was split.
    """
    marks = {grade_id(c): n for n, c in enumerate(released) if is_marked(c)}
    ids = {c["id"]: n for n, c in enumerate(released) if c.get("id")}
    texts = _once_only(released)
    found: list[int | None] = []
    for cell in cells:
        known = marks.get(grade_id(cell), texts.get(plain(cell)))
        if known is None and (same := ids.get(cell.get("id"))) is not None:
            locked = is_marked(released[same]) and not is_answer(released[same])
            known = same if not locked or _alike(cell, released[same]) else None
        found.append(known)
    for run, missing in _gaps(cells, released, found):
        _by_place(cells, released, found, run, missing, read)
    return found


def plain(cell: Cell) -> str:
    """The text of a cell without spaces at the ends of lines and empty lines around it."""
    return "\n".join(line.rstrip() for line in cell["source"].split("\n")).strip("\n")


def shown(released: Cell) -> str:
    """The text of a released cell as students get it: without nbgrader's hidden tests."""
    return re.sub(r"^.*BEGIN HIDDEN TESTS(?:.|\n)*?END HIDDEN TESTS.*\n?", "", plain(released), flags=re.M).strip("\n")


def is_untouched(cell: Cell, released: Cell) -> bool:
    """Whether nobody has written in a cell."""
    return plain(cell) in ("", shown(released))


def _once_only(released: Sequence[Cell]) -> dict[str, int]:
    """The released cells by their texts, where no two have the same."""
    texts: dict[str, list[int]] = {}
    for number, cell in enumerate(released):
        texts.setdefault(shown(cell), []).append(number)
    return {text: numbers[0] for text, numbers in texts.items() if text and len(numbers) == 1}


def _gaps(cells: Sequence[Cell], released: Sequence[Cell], found: list[int | None]
          ) -> Iterator[tuple[list[int], list[int]]]:
    """Each run of unknown cells, with the released cells that are missing there.

    An answer cell in which nobody has written is as good as missing.
    """
    there = {n for cell, n in zip(cells, found) if n is not None and not _is_empty_answer(cell, released[n])}
    run: list[int] = []
    before = -1
    for number in [*range(len(cells)), None]:
        known = len(released) if number is None else found[number]
        if number is not None and known is None:
            run.append(number)
        elif number is None or known in there:
            assert known is not None
            between = range(min(before, known) + 1, max(before, known))
            if run and (missing := [n for n in between if n not in there]):
                yield run, missing
            run, before = [], known


def _is_empty_answer(cell: Cell, released: Cell) -> bool:
    return is_answer(released) and is_untouched(cell, released)


def _by_place(cells: Sequence[Cell], released: Sequence[Cell], found: list[int | None], run: list[int],
              missing: list[int], read: Reader) -> None:
    """Recognise the cells of a run among those that are missing there."""
    answers = [n for n in missing if is_answer(released[n])]
    for number in run:
        cell = cells[number]
        written = read.written(cell["source"]) if cell["cell_type"] == "code" else set()
        fitting = [n for n in answers if not written.isdisjoint(wanted(released[n], read))]
        fitting += [n for n in missing if plain(cell) == shown(released[n]) != ""]
        fitting += [n for n in missing if n not in answers and _alike(cell, released[n])]
        if fitting:
            found[number] = fitting[0]
            if fitting[0] not in answers:
                missing.remove(fitting[0])
    if len(answers) == 1:  # of two, nobody can tell which one it is
        answer = released[answers[0]]
        code = answer["cell_type"] == "code"
        for number in run:
            fits = (cells[number]["cell_type"] == "code") == code and not wanted(answer, read)
            if found[number] is None and fits and plain(cells[number]):
                found[number] = answers[0]


def wanted(released: Cell, read: Reader) -> set[str]:
    """The names that an answer cell asks for."""
    return read.asked(released["source"]) if released["cell_type"] == "code" else set()


def _alike(cell: Cell, released: Cell) -> bool:
    """Whether two cells have at least half of their lines in common, as before and after an edit."""
    here, there = ({line.strip() for line in text.split("\n")} - {""} for text in (plain(cell), shown(released)))
    return 2 * len(here & there) >= min(len(here), len(there)) > 0
