"""A figure from an empty sheet to bytes, the same bytes for the same data on every machine.

matplotlib keeps its style in one place for the whole process, so charts are drawn one at a time, each with the style
set back to matplotlib's own defaults and ours on top. It takes a second to import: nothing above the functions that
draw imports it.
"""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

from strongroom.kernel.drawing.words import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH_INCHES = 9.0
PNG_DOTS_PER_INCH = 144
#: of Okabe and Ito: told apart with every kind of colour vision
BLUE, ORANGE, GREEN, VERMILION, GREY = "#0072B2", "#E69F00", "#009E73", "#D55E00", "#595959"
#: behind words that would stand on a line
ON_WHITE = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}

_STYLE: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],  # comes with matplotlib, so that every machine has it
    "font.size": 9,
    "text.parse_math": False,  # a name may have dollar signs in it
    "svg.fonttype": "none",  # text stays text: readable by machines and selectable by people
    "svg.hashsalt": "strongroom",  # ids that do not change from one drawing to the next
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.edgecolor": GREY,
    "axes.axisbelow": True,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#E5E5E5",
    "xtick.color": GREY,
    "ytick.color": GREY,
    "hatch.linewidth": 0.6,
}
_XML = '<?xml version="1.0" encoding="utf-8"?>\n'
_drawing = threading.Lock()


class ChartFormat(StrEnum):
    """How a chart is delivered."""

    SVG = "svg"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """For the Content-Type header."""
        return "image/svg+xml" if self is ChartFormat.SVG else "image/png"


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every chart. source: where the figures are from and as of when, below it."""

    title: str
    subtitle: str
    source: str
    height_inches: float


def draw(frame: Frame, paint: Callable[[Figure], None], form: ChartFormat) -> bytes:
    """The finished picture. paint: adds axes to the figure and draws on them."""
    import matplotlib
    from matplotlib.figure import Figure

    with _drawing, matplotlib.rc_context(), warnings.catch_warnings():
        # a name in a script that DejaVu lacks is a box in a PNG and right in an SVG; neither is worth a warning
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_STYLE)
        figure = Figure(figsize=(WIDTH_INCHES, frame.height_inches), layout="constrained")
        paint(figure)
        _write_frame(figure, frame)
        content = io.BytesIO()
        if form is ChartFormat.PNG:
            figure.savefig(content, format="png", dpi=PNG_DOTS_PER_INCH, metadata={"Software": None})
            return content.getvalue()
        title = printable(frame.title)
        figure.savefig(content, format="svg", metadata={"Title": title, "Date": None, "Creator": None})
    # without the reference to a document type on another server, and with a name for those who cannot see it
    drawn = content.getvalue().decode().partition("<svg ")[2]
    return f'{_XML}<svg role="img" aria-label={quoteattr(title)} {drawn}'.encode()


def note_emptiness(axes: Axes, words: str = "nothing was reported") -> None:
    """Say so in the middle of axes that have nothing to show: an empty frame looks like an error."""
    axes.text(0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=GREY)


def _write_frame(figure: Figure, frame: Frame) -> None:
    """Title and source lie outside the layout of the axes, which is told to leave them room."""
    inch = 1 / frame.height_inches
    engine = figure.get_layout_engine()
    assert engine is not None
    engine.set(rect=(0, 0.35 * inch, 1, 1 - 0.95 * inch))  # type: ignore[call-arg]  # every engine takes its own
    figure.text(0.01, 1 - 0.08 * inch, printable(frame.title), va="top", size=13, weight="bold")
    figure.text(0.01, 1 - 0.34 * inch, printable(frame.subtitle), va="top", color=GREY)
    figure.text(0.01, 0.08 * inch, printable(frame.source), va="bottom", size=7, color=GREY)
