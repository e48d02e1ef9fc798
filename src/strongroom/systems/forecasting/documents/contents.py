"""What a report says, in words and tables, before it becomes a page or a paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from strongroom.systems.forecasting.services.report_documents import RISK_LABELS, ReportDocument

NOT_DEFINED = "not defined"


@dataclass(frozen=True, slots=True)
class Table:
    """Columns after the first are figures."""

    heading: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    note: str = ""


def title_of(document: ReportDocument) -> str:
    return f"{document.model_name}: key figures"


def subtitle_of(document: ReportDocument) -> str:
    """Which period, of what, made when and for whom."""
    last = document.period.end - timedelta(microseconds=1)
    kind = f"{document.forecast_type}, {document.model_type}".replace("_", " ")
    amounts = f", in {document.currency}" if document.currency else ""
    return (
        f"{document.period.start:%Y-%m-%d} to {last:%Y-%m-%d}{amounts}. {kind}, version {document.model_version}, "
        f"of {document.owner}. Made {document.made_at:%Y-%m-%d %H:%M} UTC."
    )


def tables_of(document: ReportDocument) -> Iterator[Table]:
    """In the order of reading; those with nothing to say are left out."""
    figures = tuple((each.label, _figure(each.value, 2, each.unit), each.meaning) for each in document.figures)
    yield Table("Key figures", ("", "Value", "Meaning"), figures)
    yield Table("What they come from", ("", "Amount"), tuple(_amounts(document.data)))
    if forecast := document.data.get("forecast"):
        rows = tuple((label, _figure(forecast[name], 2, unit)) for name, label, unit in _ACCURACY)
        yield Table("Forecasts of the period", ("", "Value"), rows, f"{forecast['n']} forecasts were compared.")
    if document.risk:
        rows = tuple((label, _risk(name, document.risk[name])) for name, label in RISK_LABELS.items())
        yield Table("Risk", ("", "Value"), rows, "A loss is positive.")
    if scenarios := document.scenarios.get("scenarios"):
        found = tuple(
            (
                each["name"],
                _figure(100 * each["shock"], 1, "%"),
                _figure(each["value"], 2),
                _figure(each["change_pct"], 1, "%"),
            )
            for each in scenarios
        )
        yield Table("Scenarios", ("", "Off the expected", "Value", "Change"), found)
    if document.correlation:
        names = document.correlation["variables"]
        matrix = zip(names, document.correlation["matrix"], strict=True)
        rows = tuple((name.replace("_", " "), *(_figure(entry, 2) for entry in row)) for name, row in matrix)
        yield Table("Correlation of returns", ("", *(name.replace("_", " ") for name in names)), rows)


_ACCURACY = (
    ("mape", "Mean absolute percentage error", "%"),
    ("wape", "Weighted absolute percentage error", "%"),
    ("mae", "Mean absolute error", ""),
    ("rmse", "Root of the mean squared error", ""),
    ("bias", "Bias (forecast less what came)", ""),
)
_INPUTS = {
    "revenue": "Revenue",
    "previous_revenue": "Revenue of the period before",
    "operating_expense": "Operating expense",
    "operating_income": "Operating income",
    "net_income": "Net income",
    "actual": "What came",
    "budget": "What was planned",
}


def _amounts(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, label in _INPUTS.items():
        yield label, _figure(data["inputs"][name], 2)
    if variance := data["budget_variance"]:
        words = {True: ", favourable", False: ", unfavourable", None: ""}[variance["favourable"]]
        yield "Variance from budget", f"{_figure(variance['amount'], 2)}{words}"


def _risk(name: str, value: Decimal | None) -> str:
    """Losses are fractions; readers expect per cent of them."""
    if value is None or name == "sharpe_ratio":
        return _figure(value, 2)
    return _figure(100 * value, 2, "%")


def _figure(value: Decimal | float | str | None, places: int, unit: str = "") -> str:
    return NOT_DEFINED if value is None else f"{Decimal(value):,.{places}f}{unit}"
