"""One company over time: a panel a figure, bars for amounts and lines for ratios, gaps where nothing was reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from strongroom.kernel.drawing import BLUE, GREY, VERMILION, ChartFormat, Frame, draw, note_emptiness, short_name
from strongroom.systems.portfolio.charts.words import scale_of, source_line
from strongroom.systems.portfolio.rules.measures import Measure, Unit
from strongroom.systems.portfolio.services.trends import CompanyTrend

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: what belongs together, for those who do not choose
REVENUE = (Measure.TOTAL_REVENUE, Measure.REVENUE_GROWTH)
RECURRING = (Measure.ARR, Measure.RECURRING_PERCENTAGE_REVENUE)
CASH = (Measure.CASH_BALANCE, Measure.RUNWAY_MONTHS)

PANELS_MAX = 6
_PANEL_INCHES = 1.9
_TICKS_MAX = 16


def trend_chart(trend: CompanyTrend, form: ChartFormat = ChartFormat.SVG) -> bytes:
    """The trend's measures below each other, at most PANELS_MAX of them."""
    measures = trend.measures[:PANELS_MAX]
    frame = Frame(
        title=short_name(trend.company.name),
        subtitle=f"{', '.join(measure.label for measure in measures)}, by quarter",
        source=source_line(trend.currency, trend.known_at, _span(trend)),
        height_inches=1.2 + _PANEL_INCHES * len(measures),
    )

    def paint(figure: Figure) -> None:
        panels = figure.subplots(len(measures), 1, sharex=True, squeeze=False)[:, 0]
        for panel, measure in zip(panels, measures, strict=True):
            _draw_panel(panel, trend, measure)
        _label_quarters(panels[-1], trend)

    return draw(frame, paint, form)


def _draw_panel(panel: Axes, trend: CompanyTrend, measure: Measure) -> None:
    values = [point.values[measure] for point in trend.points]
    scale = scale_of(measure.unit, trend.currency, values)
    panel.set_title(measure.label)
    panel.set_ylabel(scale.words)
    known = [(place, scale.coordinate(value)) for place, value in enumerate(values) if value is not None]
    if not known:
        panel.set_yticks([])
        note_emptiness(panel, "not known in any of these quarters")
        return
    if measure.unit is Unit.MONEY:
        panel.bar([place for place, _ in known], [height for _, height in known], width=0.65, color=BLUE)
    else:
        # a value that is missing breaks the line: joined across it, the line would invent one
        line = [float("nan") if value is None else scale.coordinate(value) for value in values]
        panel.plot(range(len(line)), line, color=VERMILION, marker="o", markersize=4, linewidth=1.6)
    if min(height for _, height in known) < 0:
        panel.axhline(0, color=GREY, linewidth=0.8)
    last = max(place for place, value in enumerate(values) if value is not None)
    shown = values[last]
    assert shown is not None
    panel.annotate(
        scale.label(shown), (last, scale.coordinate(shown)), (0, 5), textcoords="offset points", ha="center", size=8
    )
    panel.margins(y=0.18)
    _mark_gaps(panel, trend)


def _mark_gaps(panel: Axes, trend: CompanyTrend) -> None:
    for place, point in enumerate(trend.points):
        if not point.is_reported:
            panel.axvspan(place - 0.5, place + 0.5, facecolor="none", edgecolor="#BFBFBF", hatch="///", linewidth=0)
            panel.text(
                place, 0.5, "not reported", transform=panel.get_xaxis_transform(), rotation=90, ha="center",
                va="center", size=7, color=GREY,
            )  # fmt: skip


def _label_quarters(panel: Axes, trend: CompanyTrend) -> None:
    step = -(-len(trend.points) // _TICKS_MAX)
    places = range(0, len(trend.points), step) if step else range(0)
    panel.set_xticks(list(places), [_two_lines(trend, place) for place in places])
    panel.set_xlim(-0.6, max(len(trend.points), 1) - 0.4)


def _two_lines(trend: CompanyTrend, place: int) -> str:
    year, quarter = trend.points[place].fund_quarter
    return f"Q{quarter}\n{year}"


def _span(trend: CompanyTrend) -> str:
    if not trend.points:
        return "no quarter"
    return f"{trend.points[0].fund_quarter} to {trend.points[-1].fund_quarter}"
