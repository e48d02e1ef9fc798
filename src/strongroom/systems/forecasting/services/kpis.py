"""Key figures of a period: generated from the series of a model's owner, stored whole, read back."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import NotExact, Period, exact_decimal, is_currency
from strongroom.systems.forecasting.errors import KpiReportNotFound
from strongroom.systems.forecasting.models import KPIReport, RiskMetrics, TrainedModel
from strongroom.systems.forecasting.repositories import (
    ForecastRepository,
    KpiRepository,
    ModelRepository,
    RiskRepository,
)
from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.accuracy import Accuracy, measure
from strongroom.systems.forecasting.rules.figures import as_percent
from strongroom.systems.forecasting.rules.kpis import growth_rate, raroc, risk_adjusted_return, share_of, variance
from strongroom.systems.forecasting.services.access import check_may_read, get_own_model
from strongroom.systems.forecasting.services.kpi_inputs import read_inputs
from strongroom.systems.forecasting.services.risk import FAR_AHEAD, LONG_AGO

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class ReportChoices:
    """What a report is made from, where the series do not say it.

    upload_id: by default the newest that holds what the model forecasts. budget_upload_id: an upload of planned
    amounts; budget: the planned amount itself, which wins; without either, points that say `budget` in their metadata.
    net_income: by default revenue less all expenses. period: of the returns; risk_free: of one such period.
    currency: of the report, where points name none.
    """

    upload_id: UUID | None = None
    budget_upload_id: UUID | None = None
    budget: Decimal | None = None
    net_income: Decimal | None = None
    period: PeriodEnum | None = None
    risk_free: float = 0.0
    currency: str | None = None

    def __post_init__(self) -> None:
        for field in ("budget", "net_income"):
            if (value := getattr(self, field)) is not None:
                object.__setattr__(self, field, _exact(field, value))
        if not math.isfinite(self.risk_free):
            raise InvalidValue(field="risk_free", reason="must be a finite number")
        if self.currency is not None and not is_currency(self.currency):
            raise InvalidValue(field="currency", reason="must be the code of a currency in capitals, such as USD")


def generate_report(
    session: Session, model_id: UUID | str, start: datetime, end: datetime, choices: ReportChoices | None = None
) -> KPIReport:
    """The key figures from start to before end, stored; one query a table.

    Growth is over the period of equal length before. Operating income leaves out expenses that say `operating: false`
    in their metadata, net income does not. A figure is None when it has no denominator or was never told.
    Raises ModelNotFound, AccessDenied, SeriesNotFound, MixedCurrencies, FigureOutOfRange, InvalidValue.
    """
    wanted = choices or ReportChoices()
    model = get_own_model(session, model_id)
    span = _span(start, end)
    inputs = read_inputs(
        session,
        model,
        span,
        upload_id=wanted.upload_id,
        budget_upload_id=wanted.budget_upload_id,
        budget=wanted.budget,
        net_income=wanted.net_income,
        period=wanted.period,
    )
    accuracy = _accuracy(session, model, span)
    risk = RiskRepository(session).latest(model.id)
    amounts = inputs.amounts
    off = None
    if inputs.actual is not None and inputs.budget is not None:
        off = variance(inputs.actual, inputs.budget, model.forecast_type)
    return KpiRepository(session).add(
        KPIReport(
            model_id=model.id,
            report_date=now_of(session),
            report_period_start=span.start,
            report_period_end=span.end,
            revenue_growth_rate=growth_rate(amounts.revenue, amounts.previous_revenue),
            operating_margin=share_of(amounts.operating_income, amounts.revenue, "the operating margin"),
            net_margin=share_of(amounts.net_income, amounts.revenue, "the net margin"),
            forecast_accuracy=_percent_accuracy(accuracy),
            budget_variance=None if off is None else off.percent,
            risk_adjusted_return=risk_adjusted_return(inputs.returns, wanted.risk_free),
            report_data={
                "model": _facts_of(model),
                "currency": inputs.currency or wanted.currency,
                **inputs.to_dict(),
                "budget_variance": None if off is None else off.to_dict(),
                "forecast": None if accuracy is None else asdict(accuracy),
                "risk_free": wanted.risk_free,
                "risk": None if risk is None else _facts_of_risk(risk),
                "raroc": None if risk is None else _text(raroc(inputs.returns, risk.cvar_95, wanted.risk_free)),
            },
        )
    )


def get_report(session: Session, report_id: UUID | str) -> KPIReport:
    """Raises KpiReportNotFound."""
    check_may_read(session)
    return KpiRepository(session).get(report_id)


def latest_report(session: Session, model_id: UUID | str) -> KPIReport:
    """The newest of a model. Raises ModelNotFound, KpiReportNotFound."""
    found = KpiRepository(session).latest(_readable(session, model_id))
    if found is None:
        raise KpiReportNotFound
    return found


def reports_between(
    session: Session, model_id: UUID | str, start: datetime | None = None, end: datetime | None = None
) -> Sequence[KPIReport]:
    """Reports made from start to end, both included, oldest first. Raises ModelNotFound."""
    return KpiRepository(session).between(_readable(session, model_id), start or LONG_AGO, end or FAR_AHEAD)


@dataclass(frozen=True, slots=True)
class DashboardLine:
    """One active model with what is newest of it."""

    model: TrainedModel
    report: KPIReport | None
    risk: RiskMetrics | None


def dashboard(session: Session, user_id: UUID, *, skip: int = 0, limit: int = 100) -> list[DashboardLine]:
    """The active models of a user, newest first; one query a table, however many they are. Raises InvalidValue."""
    check_may_read(session)
    models = ModelRepository(session).list_models(user_id=user_id, is_active=True, skip=skip, limit=limit).items
    keys = [model.id for model in models]
    reports = KpiRepository(session).latest_of(keys)
    risks = RiskRepository(session).latest_of(keys)
    return [DashboardLine(model, reports.get(model.id), risks.get(model.id)) for model in models]


def _span(start: datetime, end: datetime) -> Period:
    try:
        return Period(start, end)
    except ValueError:
        raise InvalidValue(field="end", reason="must be after the start") from None


def _accuracy(session: Session, model: TrainedModel, span: Period) -> Accuracy | None:
    """Of the model's forecasts in the period, where it is known what came."""
    found = ForecastRepository(session).between(model.id, span.start, span.end - _INSTANT)
    known = [(float(each.actual_value), float(each.predicted_value)) for each in found if each.actual_value is not None]
    return measure(*zip(*known, strict=True)) if known else None


def _percent_accuracy(accuracy: Accuracy | None) -> Decimal | None:
    share = None if accuracy is None else accuracy.forecast_accuracy
    return None if share is None else as_percent(share, "the forecast accuracy")


def _facts_of(model: TrainedModel) -> dict[str, Any]:
    return {
        "id": str(model.id),
        "name": model.model_name,
        "version": model.version,
        "type": model.model_type.value,
        "forecast_type": model.forecast_type.value,
    }


def _facts_of_risk(risk: RiskMetrics) -> Mapping[str, Any]:
    names = ("volatility", "var_95", "var_99", "cvar_95", "cvar_99", "sharpe_ratio")
    figures = {name: _text(getattr(risk, name)) for name in names}
    return {"id": str(risk.id), "calculation_date": risk.calculation_date.isoformat(), **figures}


def _text(number: Decimal | None) -> str | None:
    return None if number is None else str(number)


def _exact(field: str, value: Any) -> Decimal:
    try:
        return exact_decimal(value, field)
    except NotExact as error:
        raise InvalidValue(field=field, reason=error.reason) from None


def _readable(session: Session, model_id: UUID | str) -> UUID:
    check_may_read(session)
    return ModelRepository(session).get(model_id).id
