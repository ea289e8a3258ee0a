"""What a figure is: a picture that carries its alt text, the Axes it is drawn on, and the PNG that is shown."""

import base64
import html
import struct
import zlib

import numpy as np
from IPython.display import display
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

DOTS_PER_INCH = 100  # of a page, without zoom: a figure of 6 inches is 600 CSS pixels wide


# In JupyterLab's dark theme light and dark change places, and hues stay: a white card with black lines becomes a
# black one with white lines, which is gone once it is laid over the page.
FOLLOW_THE_THEME = ("<style>body[data-jp-theme-light='false'] .optimlab-figure img "
                    "{filter: invert(1) hue-rotate(180deg); mix-blend-mode: screen}</style>")


class Picture(Figure):
    """A Figure that a notebook shows with its alt text, crisp on high-density screens too.

    The alt text is what `describe` said of its Axes, in their order. Without pyplot: nothing is
    kept open, and a figure is shown where a cell ends with it, not where it was made.
    """

    @property
    def alt(self) -> str:
        """What the figure shows, in words."""
        return " ".join(ax.alt for ax in self.axes if hasattr(ax, "alt"))

    def png(self, facecolor: str = "white") -> bytes:
        """The figure as a PNG file, two pixels for each CSS pixel."""
        # What savefig writes; but that lays out and draws everything twice.
        canvas, dpi = FigureCanvasAgg(self), self.dpi
        self.set(dpi=2 * DOTS_PER_INCH, facecolor=facecolor)
        canvas.draw()
        self.set_dpi(dpi)
        pixels = np.asarray(canvas.buffer_rgba())
        return _as_png(pixels if facecolor == "none" else pixels[..., :3])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        shown = image(self.png(), self.alt, self.get_figwidth())
        # On a narrow page it shrinks to two thirds, in which its words can still be read; then it is scrolled.
        least = 0.65 * self.get_figwidth() * DOTS_PER_INCH
        return shown | {"text/html": f'{FOLLOW_THE_THEME}<div class="optimlab-figure" style="overflow-x:auto">'
                                     f'<div style="min-width:{least:.0f}px">{shown["text/html"]}</div></div>'}

    def _ipython_display_(self) -> None:
        # Once a notebook has imported pyplot, IPython would draw every Figure again, as a PNG of its own.
        display(self._repr_mimebundle_(), raw=True)


class Row:
    """Pictures side by side, a little smaller if need be; one below the other where the page is too narrow for that."""

    def __init__(self, *pictures: Picture):
        self.pictures = pictures

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict:
        shown = [picture._repr_mimebundle_() for picture in self.pictures]
        widths = [picture.get_figwidth() * DOTS_PER_INCH for picture in self.pictures]
        parts = [f'<div style="flex:1 1 {0.75 * width:.0f}px;max-width:{width:.0f}px">{bundle["text/html"]}</div>'
                 for width, bundle in zip(widths, shown)]
        return {"text/plain": " ".join(bundle["text/plain"] for bundle in shown),
                "text/html": f'<div style="display:flex;flex-wrap:wrap;gap:8px 16px">{"".join(parts)}</div>'}


class TitledAxes(Axes):
    """Axes whose title has its place."""

    def set_title(self, label: str, *args: object, **kw: object) -> Text:
        """Set the title. It keeps clear of no ticks at the top, and looking for these takes a quarter of a drawing."""
        return super().set_title(label, *args, **{"y": 1.0, **kw})


def image(png: bytes, alt: str, width: float) -> dict:
    """A PNG as what a notebook shows: with its alt text, `width` inches wide or as wide as the page.

    >>> sorted(image(b"", "A line that falls.", 6.4))
    ['text/html', 'text/plain']
    """
    data = base64.b64encode(png).decode()
    return {"text/plain": alt,
            "text/html": f'<img src="data:image/png;base64,{data}" alt="{html.escape(alt, quote=True)}" '
                         f'style="width:{width * DOTS_PER_INCH:.0f}px;max-width:100%">'}


def picture(width: float = 6.4, height: float = 3.8, panels: int = 1, room: float | None = None
            ) -> tuple[Picture, Axes | np.ndarray]:
    """A new figure of `width` by `height` inches, and its Axes (an array of them for several panels).

    room: inches that each of the Axes keeps free on its left for numbers and a label; below, above and on the right
        it keeps less. Without it the room is measured, which takes a third of the time to draw.

    >>> figure, (left, right) = picture(8, 3, panels=2)
    >>> len(figure.axes)
    2
    """
    figure = Picture(figsize=(width, height), dpi=DOTS_PER_INCH, layout="constrained" if room is None else None)
    axes = figure.subplots(1, panels, subplot_kw={"axes_class": TitledAxes})
    for ax in figure.axes:
        ax.spines[["top", "right"]].set_visible(False)
    if room is not None:
        inside = (width - 1.2 * room * panels) / panels  # of one of the Axes
        figure.subplots_adjust(left=room / width, right=1 - 0.2 * room / width, wspace=1.2 * room / inside,
                               bottom=0.75 * room / height, top=1 - 0.5 * room / height)
    return figure, axes


def describe(ax: Axes, text: str) -> Axes:
    """Give the Axes its alt text: what there is to see, in a sentence or two.

    >>> figure, ax = picture()
    >>> _ = describe(ax, "A line that falls.")
    >>> figure.alt
    'A line that falls.'
    """
    ax.alt = text
    return ax


def _as_png(pixels: np.ndarray) -> bytes:
    """Pixels (height, width, 3 or 4) as a PNG file: https://www.w3.org/TR/png-3/.

    Pillow tries five filters on each row, which for flat colours takes three times as long and saves nothing.
    """
    height, width, channels = pixels.shape
    packed = zlib.compressobj(3)
    rows = [packed.compress(b"\0" + row.tobytes()) for row in pixels]  # the 0 before each row says: no filter
    head = struct.pack(">IIBBBBB", width, height, 8, 6 if channels == 4 else 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", b"".join(rows) + packed.flush()), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
