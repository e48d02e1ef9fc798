"""Who crossed which threshold: a row a company, a column a kind of alert, with the figure that set it off."""

from __future__ import annotations

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
    draw,
    note_emptiness,
    short_name,
)
from strongroom.systems.portfolio.charts.words import source_line
from strongroom.systems.portfolio.rules.alerts import AlertKind, AlertThresholds
from strongroom.systems.portfolio.rules.amounts import round_half_up
from strongroom.systems.portfolio.services.alerts import Alert, AlertList

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COMPANIES_MAX = 60
#: a shape and a colour each, so that neither is needed to tell them apart
_MARKS = {
    AlertKind.SHORT_RUNWAY: ("v", VERMILION),
    AlertKind.LITTLE_CASH: ("s", ORANGE),
    AlertKind.REVENUE_DECLINE: ("D", BLUE),
    AlertKind.MARGIN_DROP: ("^", GREEN),
    AlertKind.MISSING_SUBMISSION: ("o", GREY),
    AlertKind.STALE: ("X", "#000000"),
}


def alert_chart(found: AlertList, form: ChartFormat = ChartFormat.SVG) -> bytes:
    """The companies with alerts, the first COMPANIES_MAX of them; the subtitle says how many there are."""
    companies = list(dict.fromkeys(alert.company.id for alert in found.alerts))
    shown = companies[:COMPANIES_MAX]
    left_out = f"; the first {len(shown)} are shown" if len(companies) > len(shown) else ""
    frame = Frame(
        title=f"Alerts, {found.quarter}",
        subtitle=f"{len(companies)} of {found.companies} active companies cross a threshold{left_out}",
        source=source_line(found.currency, found.known_at, str(found.quarter)),
        height_inches=2.0 + 0.34 * max(len(shown), 3),
    )

    def paint(figure: Figure) -> None:
        panel = figure.subplots()
        _draw_columns(panel, found.thresholds)
        if not shown:
            panel.set_yticks([])
            note_emptiness(panel, "no company crosses a threshold")
            return
        places = {company_id: place for place, company_id in enumerate(shown)}
        names = {alert.company.id: short_name(alert.company.name) for alert in found.alerts}
        panel.set_yticks(list(places.values()), [names[company_id] for company_id in shown])
        panel.set_ylim(len(shown) - 0.5, -0.5)
        for alert in found.alerts:
            if alert.company.id in places:
                _draw_alert(panel, alert, places[alert.company.id])

    return draw(frame, paint, form)


def _draw_columns(panel: Axes, thresholds: AlertThresholds) -> None:
    bounds = {
        AlertKind.SHORT_RUNWAY: f"runway below\n{thresholds.runway_months_min} months",
        AlertKind.LITTLE_CASH: f"cash below {thresholds.expense_months_min}\nmonths of expense",
        AlertKind.REVENUE_DECLINE: f"revenue down by\nmore than {thresholds.revenue_decline_max}%",
        AlertKind.MARGIN_DROP: f"gross margin down by\nmore than {thresholds.margin_drop_max} points",
        AlertKind.MISSING_SUBMISSION: "not reported\nyet",
        AlertKind.STALE: f"silent for {thresholds.stale_quarters_min}\nquarters or more",
    }
    panel.xaxis.tick_top()
    panel.set_xticks(range(len(bounds)), list(bounds.values()), size=7)
    panel.tick_params(length=0)
    panel.set_xlim(-0.5, len(bounds) - 0.5)
    for side in ("left", "bottom"):
        panel.spines[side].set_visible(False)


def _draw_alert(panel: Axes, alert: Alert, place: int) -> None:
    column = list(_MARKS).index(alert.kind)
    marker, colour = _MARKS[alert.kind]
    panel.plot(column - 0.2, place, marker, color=colour, markersize=7)
    panel.text(column - 0.08, place, _words(alert), va="center", size=8, bbox=ON_WHITE)


def _words(alert: Alert) -> str:
    if alert.value is None:
        return "never"
    match alert.kind:
        case AlertKind.SHORT_RUNWAY | AlertKind.LITTLE_CASH:
            return f"{_tenths(alert.value)} months"
        case AlertKind.REVENUE_DECLINE:
            return f"-{_tenths(alert.value)}%"
        case AlertKind.MARGIN_DROP:
            return f"-{_tenths(alert.value)} points"
        case _:
            return f"for {alert.value} quarter{'' if alert.value == 1 else 's'}"


def _tenths(value: Decimal) -> str:
    return f"{round_half_up(value, Decimal('0.1')):,f}"
