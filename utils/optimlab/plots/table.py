"""Numbers where numbers are the point: a table that a notebook shows as HTML, and a terminal as text."""

import html
import re
from collections.abc import Sequence


class Table:
    """Rows under headings; cells are shown as they are, so whoever makes it has rounded them.

    Words may hold HTML, such as `<sup>`. Raises ValueError when a row is longer or shorter than the headings.

    >>> table = Table("Steps to the bottom", ("κ", "steps"), [(1, 18), (25, 87)])
    >>> print(table)
    Steps to the bottom
    κ | steps
    1 | 18
    25 | 87
    """

    def __init__(self, title: str, headings: Sequence[str], rows: Sequence[Sequence[object]]):
        self.title, self.headings = title, tuple(headings)
        self.rows = [tuple(map(str, row)) for row in rows]
        if wrong := [row for row in self.rows if len(row) != len(self.headings)]:
            raise ValueError(f"{len(self.headings)} headings, but a row is {wrong[0]}")

    def __str__(self) -> str:
        return "\n".join([self.title, *(" | ".join(row) for row in (self.headings, *self.rows))])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        # Numbers stand at the right, under each other. Words stand at the left, where JupyterLab would not put them.
        sides = ["right" if all(re.match(r"[\d<(+-]|nan$", cell) or not cell for cell in column) else "left"
                 for column in zip(*self.rows)] or ["left"] * len(self.headings)

        def line(tag: str, cells: Sequence[str]) -> str:
            whole = ";white-space:nowrap" if tag == "td" else ""    # of numbers: 95 stays beside its %
            return "".join(f'<{tag} style="text-align:{side}{whole if side == "right" else ""}">{cell}</{tag}>'
                           for side, cell in zip(sides, cells))

        head = line("th", self.headings)
        body = "".join(f"<tr>{line('td', row)}</tr>" for row in self.rows)
        return {"text/plain": str(self),
                "text/html": f"<div style='overflow-x:auto'><table>"
                             f"<caption style='text-align:left;font-weight:600;padding:4px 0'>"
                             f"{html.escape(self.title)}</caption><thead><tr>{head}</tr></thead>"
                             f"<tbody>{body}</tbody></table></div>"}
