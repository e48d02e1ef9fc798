"""A report with all that is shown beside its figures, ready to be drawn, written or sent as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.values import Period
from strongroom.systems.forecasting.models import Forecast, KPIReport, RiskMetrics
from strongroom.systems.forecasting.repositories import (
    ForecastRepository,
    ModelRepository,
    RiskRepository,
    UserRepository,
)
from strongroom.systems.forecasting.repositories.parts import read_parts
from strongroom.systems.forecasting.rules import CategoryEnum, MeasureEnum, PeriodEnum
from strongroom.systems.forecasting.services.histories import chosen, values_of
from strongroom.systems.forecasting.services.kpis import get_report

#: as many as a chart has room for
FORECASTS_MAX = 60


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One figure of a report. unit: % or nothing. meaning: how it is computed, in words."""

    name: str
    label: str
    value: Decimal | None
    unit: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Forecasted:
    """One period of a model: what was forecast, its 95 % interval, and what came."""

    date: datetime
    predicted: Decimal
    lower: Decimal | None
    upper: Decimal | None
    actual: Decimal | None


@dataclass(frozen=True, slots=True)
class ReportDocument:
    """Everything a reader of a report sees. data: the report_data of the row; amounts in it are text.

    history: of what the model forecasts, by the beginning of the period, from the period before the report's on.
    """

    report_id: UUID
    model_name: str
    model_version: int
    model_type: str
    forecast_type: str
    owner: str
    made_at: datetime
    period: Period
    currency: str
    figures: tuple[KeyFigure, ...]
    data: Mapping[str, Any]
    history: Mapping[datetime, Decimal | None]
    forecasts: tuple[Forecasted, ...]
    risk: Mapping[str, Decimal | None]
    scenarios: Mapping[str, Any]
    correlation: Mapping[str, Any] | None
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON: decimals as text, moments in ISO 8601."""
        return {
            "id": str(self.report_id),
            "model": {
                "name": self.model_name,
                "version": self.model_version,
                "type": self.model_type,
                "forecast_type": self.forecast_type,
                "owner": self.owner,
            },
            "made_at": self.made_at.isoformat(),
            "period": {"start": self.period.start.isoformat(), "end": self.period.end.isoformat()},
            "currency": self.currency or None,
            "figures": {figure.name: _text(figure.value) for figure in self.figures},
            "data": dict(self.data),
            "history": [{"start": at.isoformat(), "value": _text(value)} for at, value in self.history.items()],
            "forecasts": [
                {
                    "date": each.date.isoformat(),
                    "predicted": _text(each.predicted),
                    "lower": _text(each.lower),
                    "upper": _text(each.upper),
                    "actual": _text(each.actual),
                }
                for each in self.forecasts
            ],
            "risk": {name: _text(value) for name, value in self.risk.items()},
            "scenarios": dict(self.scenarios),
            "correlation": self.correlation,
            "warnings": list(self.warnings),
        }


def build_document(session: Session, report_id: UUID | str) -> ReportDocument:
    """The report with the series, forecasts and risk that are there now. Raises KpiReportNotFound."""
    report = get_report(session, report_id)
    model = ModelRepository(session).get(report.model_id)
    period = Period(report.report_period_start, report.report_period_end)
    data = report.report_data
    risk = _risk_of(session, report)
    scenarios = dict(risk.scenario_results or {}) if risk else {}
    measures = scenarios.pop("measures", {})
    return ReportDocument(
        report_id=report.id,
        model_name=model.model_name,
        model_version=model.version,
        model_type=model.model_type.value,
        forecast_type=model.forecast_type.value,
        owner=UserRepository(session).get(model.user_id).username,
        made_at=report.report_date,
        period=period,
        currency=data.get("currency") or "",
        figures=tuple(
            KeyFigure(name, label, getattr(report, name), unit, meaning) for name, label, unit, meaning in KEY_FIGURES
        ),
        data=data,
        history=_history(session, report, chosen(None, model, "measure", MeasureEnum.SUM), model.forecast_type),
        forecasts=tuple(map(_forecasted, _forecasts(session, report))),
        risk={name: getattr(risk, name) for name in RISK_LABELS} if risk else {},
        scenarios=scenarios,
        correlation=risk.correlation_matrix if risk else None,
        warnings=tuple(measures.get("warnings", ())),
    )


RISK_LABELS = {
    "volatility": "Volatility of a period",
    "var_95": "Value at risk, 95 %",
    "var_99": "Value at risk, 99 %",
    "cvar_95": "Mean loss beyond it, 95 %",
    "cvar_99": "Mean loss beyond it, 99 %",
    "sharpe_ratio": "Sharpe ratio, a year",
}
#: name, label, unit, meaning
KEY_FIGURES = (
    ("revenue_growth_rate", "Revenue growth", "%", "on the period of equal length before"),
    ("operating_margin", "Operating margin", "%", "operating income of revenue"),
    ("net_margin", "Net margin", "%", "net income of revenue"),
    ("forecast_accuracy", "Forecast accuracy", "%", "100 less the mean absolute percentage error"),
    ("budget_variance", "Variance from budget", "%", "what came less what was planned, of what was planned"),
    ("risk_adjusted_return", "Risk-adjusted return", "", "mean return for each unit of volatility"),
)


def _risk_of(session: Session, report: KPIReport) -> RiskMetrics | None:
    """The figures the report was made with, if they are still there."""
    found = report.report_data.get("risk")
    return RiskRepository(session).find(found["id"]) if found else None


def _history(
    session: Session, report: KPIReport, measure: MeasureEnum, category: CategoryEnum
) -> Mapping[datetime, Decimal | None]:
    """Empty where the upload was removed."""
    data = report.report_data
    by, before = PeriodEnum(data["period"]), datetime.fromisoformat(data["previous_period"]["start"])
    parts = read_parts(session, [UUID(data["upload_id"])], by, before, report.report_period_end)
    return values_of(parts, by, measure).get(category, {})


def _forecasts(session: Session, report: KPIReport) -> Sequence[Forecast]:
    before = datetime.fromisoformat(report.report_data["previous_period"]["start"])
    return ForecastRepository(session).between(report.model_id, before)[:FORECASTS_MAX]


def _forecasted(row: Forecast) -> Forecasted:
    lower, upper = row.lower_confidence_interval, row.upper_confidence_interval
    return Forecasted(row.forecast_date, row.predicted_value, lower, upper, row.actual_value)


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
