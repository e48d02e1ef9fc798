"""Risk of what a model forecasts: computed from its series and stored, read back, held against what came."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.systems.forecasting.errors import FigureOutOfRange, RiskMetricsNotFound, TooFewReturns
from strongroom.systems.forecasting.models import RiskMetrics, TrainedModel
from strongroom.systems.forecasting.repositories import ModelRepository, RiskRepository
from strongroom.systems.forecasting.rules import MeasureEnum, PeriodEnum
from strongroom.systems.forecasting.rules.figures import as_ratio
from strongroom.systems.forecasting.rules.returns import PERIODS_A_YEAR, ReturnEnum
from strongroom.systems.forecasting.rules.risk import (
    Dispersion,
    Losses,
    RiskMethodEnum,
    correlation_matrix,
    dispersion_of,
    historical_losses,
    parametric_losses,
    warnings_of,
)
from strongroom.systems.forecasting.rules.scenarios import HORIZON_MAX, SHOCKS, Simulation
from strongroom.systems.forecasting.services.access import check_may_read, get_own_model
from strongroom.systems.forecasting.services.histories import History, chosen, pick_upload, read_history
from strongroom.systems.forecasting.services.simulation import simulate

LONG_AGO, FAR_AHEAD = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class RiskChoices:
    """What risk is computed from, and how.

    method: of the losses that are stored. period, measure: what a value of the series is, by default as the model was
    trained, else the sum of a month. start, end: only points from start to before end. horizon: in periods, of
    parametric losses; historical ones are of one period, simulated ones of the simulation's. risk_free: of one period.
    """

    method: RiskMethodEnum = RiskMethodEnum.HISTORICAL
    upload_id: UUID | None = None
    period: PeriodEnum | None = None
    measure: MeasureEnum | None = None
    start: datetime | None = None
    end: datetime | None = None
    horizon: int = 1
    risk_free: float = 0.0
    simulation: Simulation = field(default_factory=Simulation)
    shocks: Mapping[str, float] = field(default_factory=lambda: dict(SHOCKS))

    def __post_init__(self) -> None:
        if not 1 <= self.horizon <= HORIZON_MAX:
            raise InvalidValue(field="horizon", reason=f"must be from 1 to {HORIZON_MAX}")
        if self.horizon > 1 and self.method is not RiskMethodEnum.PARAMETRIC:
            raise InvalidValue(field="horizon", reason="is 1, unless losses are parametric")
        if not math.isfinite(self.risk_free):
            raise InvalidValue(field="risk_free", reason="must be a finite number")


def compute_risk(session: Session, model_id: UUID | str, choices: RiskChoices | None = None) -> RiskMetrics:
    """Compute the risk of the series a model forecasts and store it.

    scenario_results holds the simulation and, under `measures`, what the columns were computed from; a simulation
    that was not asked for and is not possible is a warning there.
    Raises ModelNotFound, AccessDenied, SeriesNotFound, TooFewReturns, FigureOutOfRange, MixedCurrencies.
    """
    wanted = choices or RiskChoices()
    model = get_own_model(session, model_id)
    history = _history_of(session, model, wanted)
    returns = history.returns(model.forecast_type)
    dispersion = dispersion_of(returns.known)
    warnings = warnings_of(dispersion.count)
    document, simulated = _simulated(model, history, wanted, warnings)
    losses = simulated or _losses(returns.known, dispersion, wanted)
    periods_a_year = PERIODS_A_YEAR[history.period]
    measures = {
        "method": wanted.method.value,
        "horizon_periods": _horizon(wanted),
        "period": history.period.value,
        "measure": _measure(model, wanted).value,
        "category": model.forecast_type.value,
        "upload_id": str(history.upload_id),
        "observations": dispersion.count,
        "skipped": returns.skipped,
        "mean_return": dispersion.mean,
        "yearly_volatility": dispersion.yearly_volatility(periods_a_year),
        "risk_free": wanted.risk_free,
        "warnings": warnings,
    }
    sharpe = dispersion.sharpe_ratio(periods_a_year, wanted.risk_free)
    return RiskRepository(session).add(
        RiskMetrics(
            model_id=model.id,
            volatility=as_ratio(dispersion.volatility, "the volatility"),
            var_95=as_ratio(losses.var_95, "the value at risk"),
            var_99=as_ratio(losses.var_99, "the value at risk"),
            cvar_95=as_ratio(losses.cvar_95, "the loss beyond the value at risk"),
            cvar_99=as_ratio(losses.cvar_99, "the loss beyond the value at risk"),
            sharpe_ratio=None if sharpe is None else as_ratio(sharpe, "the Sharpe ratio"),
            correlation_matrix=correlation_matrix(history.aligned_returns()),
            scenario_results={**document, "measures": measures},
            calculation_date=now_of(session),
        )
    )


def latest_risk(session: Session, model_id: UUID | str) -> RiskMetrics:
    """What was computed last. Raises ModelNotFound, RiskMetricsNotFound."""
    found = RiskRepository(session).latest(_readable(session, model_id))
    if found is None:
        raise RiskMetricsNotFound
    return found


def risk_between(
    session: Session, model_id: UUID | str, start: datetime | None = None, end: datetime | None = None
) -> Sequence[RiskMetrics]:
    """What was computed from start to end, both included, oldest first. Raises ModelNotFound."""
    return RiskRepository(session).between(_readable(session, model_id), start or LONG_AGO, end or FAR_AHEAD)


def risk_trend(
    session: Session, model_id: UUID | str, measure: str, limit: int = 100
) -> list[tuple[datetime, Decimal]]:
    """The last known values of a measure with their dates, oldest first. Raises ModelNotFound, InvalidValue."""
    return RiskRepository(session).trend(_readable(session, model_id), measure, limit)


def _history_of(session: Session, model: TrainedModel, wanted: RiskChoices) -> History:
    upload = pick_upload(session, model, wanted.upload_id)
    period = chosen(wanted.period, model, "period", PeriodEnum.MONTH)
    return read_history(session, upload, period, _measure(model, wanted), wanted.start, wanted.end)


def _measure(model: TrainedModel, wanted: RiskChoices) -> MeasureEnum:
    return chosen(wanted.measure, model, "measure", MeasureEnum.SUM)


def _simulated(
    model: TrainedModel, history: History, wanted: RiskChoices, warnings: list[str]
) -> tuple[dict[str, Any], Losses | None]:
    """The document, empty if there is none, and the losses if they are asked for."""
    last = next(value for value in reversed(list(history.of(model.forecast_type).values())) if value is not None)
    is_asked_for = wanted.method is RiskMethodEnum.MONTE_CARLO
    try:
        log_returns = history.returns(model.forecast_type, ReturnEnum.LOG)
        document, losses = simulate(float(last), log_returns, wanted.simulation, wanted.shocks)
    except (TooFewReturns, FigureOutOfRange, InvalidValue) as error:
        if is_asked_for or (isinstance(error, InvalidValue) and error.facts["field"] != "series"):
            raise
        warnings.append(f"nothing was simulated: {error}")
        return {}, None
    return document, losses if is_asked_for else None


def _losses(returns: Sequence[float], dispersion: Dispersion, wanted: RiskChoices) -> Losses:
    if wanted.method is RiskMethodEnum.PARAMETRIC:
        return parametric_losses(dispersion, wanted.horizon)
    return historical_losses(returns)


def _horizon(wanted: RiskChoices) -> int:
    return wanted.simulation.horizon if wanted.method is RiskMethodEnum.MONTE_CARLO else wanted.horizon


def _readable(session: Session, model_id: UUID | str) -> UUID:
    check_may_read(session)
    return ModelRepository(session).get(model_id).id
