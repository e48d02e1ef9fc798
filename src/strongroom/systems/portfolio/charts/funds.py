"""The funds of a quarter beside each other: recurring revenue, revenue, cash, and how long it lasts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from strongroom.kernel.drawing import (
    BLUE,
    GREEN,
    GREY,
    ON_WHITE,
    ORANGE,
    VERMILION,
    ChartFormat,
    Frame,
    Scale,
    draw,
    note_emptiness,
    short_name,
)
from strongroom.systems.portfolio.charts.words import scale_of, source_line
from strongroom.systems.portfolio.rules.measures import Unit
from strongroom.systems.portfolio.services.funds import FundLine, FundOverview

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

Value = Callable[[FundLine], Decimal | None]

_PANELS: Sequence[tuple[str, Unit, str, Value]] = (
    ("ARR", Unit.MONEY, BLUE, lambda line: line.arr),
    ("Revenue of the quarter", Unit.MONEY, GREEN, lambda line: line.total_revenue),
    ("Cash", Unit.MONEY, ORANGE, lambda line: line.cash_balance),
    ("Median runway", Unit.MONTHS, VERMILION, lambda line: line.median_runway_months),
)


def fund_chart(overview: FundOverview, form: ChartFormat = ChartFormat.SVG) -> bytes:
    """A panel a figure, a bar a fund, each bar with its value."""
    total = overview.total
    frame = Frame(
        title=f"Funds, {overview.quarter}",
        subtitle=f"{total.reported} of {total.companies} active companies have reported, "
        f"with less than {overview.runway_months_min} months of runway: {total.short_runway}",
        source=source_line(overview.currency, overview.known_at, str(overview.quarter)),
        height_inches=2.4 + 0.62 * max(len(overview.funds), 2),
    )

    def paint(figure: Figure) -> None:
        panels = figure.subplots(2, 2, sharey=True).flat
        for panel, (title, unit, colour, value_of) in zip(panels, _PANELS, strict=True):
            panel.set_title(title)
            panel.grid(axis="y", visible=False)
            panel.grid(axis="x", visible=True)
            if not overview.funds:
                note_emptiness(panel, "no active company")
                continue
            values = [value_of(line) for line in overview.funds]
            scale = scale_of(unit, overview.currency, values)
            panel.set_xlabel(scale.words)
            _draw_bars(panel, overview.funds, values, scale, colour)
            if unit is Unit.MONTHS:
                panel.axvline(float(overview.runway_months_min), color=GREY, linestyle="--", linewidth=1)

    return draw(frame, paint, form)


def _draw_bars(
    panel: Axes, funds: Sequence[FundLine], values: Sequence[Decimal | None], scale: Scale, colour: str
) -> None:
    places = range(len(funds))
    lengths = [0.0 if value is None else scale.coordinate(value) for value in values]
    panel.barh(places, lengths, height=0.6, color=colour)
    for place, value, length in zip(places, values, lengths, strict=True):
        words = "not known" if value is None else scale.label(value)
        panel.annotate(words, (length, place), (4, 0), textcoords="offset points", va="center", size=8, bbox=ON_WHITE)
    panel.set_yticks(list(places), [f"{short_name(line.fund or 'All')} ({line.reported})" for line in funds])
    panel.set_ylim(len(funds) - 0.5, -0.5)
    panel.margins(x=0.18)
