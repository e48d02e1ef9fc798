"""Pictures: a figure from an empty sheet to SVG or PNG by matplotlib, which is imported when the first one is drawn."""

from strongroom.kernel.drawing.canvas import (
    BLUE,
    GREEN,
    GREY,
    ON_WHITE,
    ORANGE,
    VERMILION,
    ChartFormat,
    Frame,
    draw,
    note_emptiness,
)
from strongroom.kernel.drawing.words import Scale, amount_scale, printable, short_name

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ON_WHITE",
    "ORANGE",
    "VERMILION",
    "ChartFormat",
    "Frame",
    "Scale",
    "amount_scale",
    "draw",
    "note_emptiness",
    "printable",
    "short_name",
]
