"""What came and what was forecast, over time: a line with gaps where nothing is known, one with its interval."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from strongroom.kernel.drawing import (
    BLUE,
    GREY,
    VERMILION,
    ChartFormat,
    Frame,
    Scale,
    amount_scale,
    draw,
    note_emptiness,
    short_name,
)
from strongroom.systems.forecasting.services.report_documents import ReportDocument

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TICKS_MAX = 12


def course_chart(document: ReportDocument, form: ChartFormat = ChartFormat.SVG) -> bytes:
    """The report's own period is shaded."""
    period = document.period
    frame = Frame(
        title=f"{short_name(document.model_name)}: {document.forecast_type.replace('_', ' ')}",
        subtitle="What came and what was forecast, with the interval that should hold 95 of 100",
        source=f"Report of {document.made_at:%Y-%m-%d %H:%M} UTC, version {document.model_version} of the model. "
        f"Shaded: {period.start:%Y-%m-%d} to before {period.end:%Y-%m-%d}.",
        height_inches=4.0,
    )

    def paint(figure: Figure) -> None:
        panel = figure.subplots()
        dates = sorted({*document.history, *(each.date for each in document.forecasts)})
        if not dates:
            panel.set_xticks([])
            panel.set_yticks([])
            note_emptiness(panel, "there is no series and no forecast any more")
            return
        _draw(panel, document, dates)

    return draw(frame, paint, form)


def _draw(panel: Axes, document: ReportDocument, dates: list[datetime]) -> None:
    places = {date: place for place, date in enumerate(dates)}
    amounts = [*document.history.values(), *(each.predicted for each in document.forecasts)]
    scale = amount_scale(short_name(document.currency), amounts)
    panel.set_ylabel(scale.words or "value")
    inside = [places[date] for date in dates if document.period.contains(date)]
    if inside:
        panel.axvspan(inside[0] - 0.5, inside[-1] + 0.5, color="#F0F0F0", linewidth=0)
    # a value that is missing breaks the line: joined across it, the line would invent one
    came = [_coordinate(scale, document.history.get(date)) for date in dates]
    panel.plot(range(len(dates)), came, color=BLUE, marker="o", markersize=4, label="came")
    if document.forecasts:
        at = [places[each.date] for each in document.forecasts]
        predicted = [scale.coordinate(each.predicted) for each in document.forecasts]
        panel.plot(at, predicted, color=VERMILION, marker="s", markersize=4, linestyle="--", label="forecast")
        lower = [_coordinate(scale, each.lower) for each in document.forecasts]
        upper = [_coordinate(scale, each.upper) for each in document.forecasts]
        panel.fill_between(at, lower, upper, color=VERMILION, alpha=0.15, linewidth=0)
    step = -(-len(dates) // _TICKS_MAX)
    panel.set_xticks(range(0, len(dates), step), [f"{date:%d %b\n%Y}" for date in dates[::step]])
    panel.set_xlim(-0.6, len(dates) - 0.4)
    if panel.get_ylim()[0] < 0:
        panel.axhline(0, color=GREY, linewidth=0.8)
    panel.legend(frameon=False, loc="upper left")


def _coordinate(scale: Scale, value: Decimal | None) -> float:
    return float("nan") if value is None else scale.coordinate(value)
