"""Where a value may end: the middle half and nine tenths of the simulated ends, and the named scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from strongroom.kernel.drawing import (
    BLUE,
    GREY,
    ON_WHITE,
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

_SCENARIOS_MAX = 12


def scenario_chart(document: ReportDocument, form: ChartFormat = ChartFormat.SVG) -> bytes:
    """Nothing but words where nothing was simulated."""
    found = document.scenarios
    rows = 1 + min(len(found.get("scenarios", ())), _SCENARIOS_MAX)
    frame = Frame(
        title=f"{short_name(document.model_name)}: where it may end",
        subtitle=_subtitle(found),
        source=f"Geometric Brownian motion fitted to the series, seed {found['seed']}." if "seed" in found else "",
        height_inches=1.7 + 0.4 * max(rows, 2),
    )

    def paint(figure: Figure) -> None:
        panel = figure.subplots()
        panel.grid(axis="y", visible=False)
        panel.grid(axis="x", visible=True)
        if "percentiles" not in found:
            panel.set_xticks([])
            panel.set_yticks([])
            note_emptiness(panel, "nothing was simulated")
            return
        _draw(panel, document)

    return draw(frame, paint, form)


def _subtitle(found: Mapping[str, Any]) -> str:
    if "percentiles" not in found:
        return "Nothing was simulated"
    bars = "the middle half, and nine in ten; dashed: where it begins"
    return f"After {found['horizon_periods']} periods, {found['paths']:,} paths: {bars}"


def _draw(panel: Axes, document: ReportDocument) -> None:
    found = document.scenarios
    ends = {name: Decimal(value) for name, value in found["percentiles"].items()}
    named = [(short_name(each["name"]), Decimal(each["value"])) for each in found["scenarios"][:_SCENARIOS_MAX]]
    scale = amount_scale(short_name(document.currency), [*ends.values(), *(value for _, value in named)])
    panel.set_xlabel(scale.words or "value")
    at = {name: scale.coordinate(value) for name, value in ends.items()}
    panel.plot([at["p5"], at["p95"]], [0, 0], color=BLUE, linewidth=2, solid_capstyle="butt")
    panel.plot([at["p25"], at["p75"]], [0, 0], color=BLUE, linewidth=9, solid_capstyle="butt")
    panel.plot(at["p50"], 0, "|", color="white", markersize=9, markeredgewidth=2)
    _label(panel, scale, ends["p50"], 0, "median ")
    for place, (_, value) in enumerate(named, 1):
        panel.plot(scale.coordinate(value), place, "D", color=VERMILION, markersize=6)
        _label(panel, scale, value, place)
    panel.axvline(scale.coordinate(Decimal(found["start"])), color=GREY, linestyle="--", linewidth=1)
    panel.set_yticks(range(len(named) + 1), ["simulated", *(name for name, _ in named)])
    panel.set_ylim(len(named) + 0.6, -0.8)
    panel.margins(x=0.1)


def _label(panel: Axes, scale: Scale, value: Decimal, place: int, before: str = "") -> None:
    panel.annotate(
        f"{before}{scale.label(value)}", (scale.coordinate(value), place), (0, 7), textcoords="offset points",
        ha="center", size=8, bbox=ON_WHITE,
    )  # fmt: skip
