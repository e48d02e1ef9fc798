"""Value at risk held against what came: how often more was lost, and whether that is what it promised."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import Period
from strongroom.systems.forecasting.errors import RiskMetricsNotFound, TooFewReturns
from strongroom.systems.forecasting.models import RiskMetrics
from strongroom.systems.forecasting.repositories import ModelRepository, RiskRepository
from strongroom.systems.forecasting.rules import MeasureEnum, PeriodEnum
from strongroom.systems.forecasting.rules.breaches import BreachCount, is_breach
from strongroom.systems.forecasting.rules.figures import as_ratio
from strongroom.systems.forecasting.rules.risk import RETURNS_MIN, historical_losses
from strongroom.systems.forecasting.services.access import check_may_read
from strongroom.systems.forecasting.services.histories import pick_upload, read_history
from strongroom.systems.forecasting.services.risk import FAR_AHEAD, LONG_AGO

EXPECTED = {"95": 0.05, "99": 0.01}


@dataclass(frozen=True, slots=True)
class Judged:
    """The return of one period and the values at risk it is held against, as fractions."""

    start: datetime
    actual: Decimal
    var_95: Decimal
    var_99: Decimal

    @property
    def is_breach_95(self) -> bool:
        return is_breach(float(self.actual), float(self.var_95))

    @property
    def is_breach_99(self) -> bool:
        return is_breach(float(self.actual), float(self.var_99))


@dataclass(frozen=True, slots=True)
class BreachReport:
    """judged: every return, oldest first. at_95, at_99: how many were breaches of how many.

    known_before: how many returns came after the figures they are held against. window: returns before each one
    that its figures were computed from; None when they are the stored ones.
    """

    model_id: UUID
    period: PeriodEnum
    window: int | None
    judged: tuple[Judged, ...]
    known_before: int

    @property
    def at_95(self) -> BreachCount:
        return BreachCount(len(self.judged), sum(each.is_breach_95 for each in self.judged), EXPECTED["95"])

    @property
    def at_99(self) -> BreachCount:
        return BreachCount(len(self.judged), sum(each.is_breach_99 for each in self.judged), EXPECTED["99"])

    @property
    def breaches(self) -> tuple[Judged, ...]:
        """Those in which more was lost than the value at risk at 95 %."""
        return tuple(each for each in self.judged if each.is_breach_95)


def breach_report(
    session: Session,
    model_id: UUID | str,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    window: int | None = None,
) -> BreachReport:
    """Each return of the periods from start to before end against the value at risk of its time.

    That of its time is the newest stored when its period began, the first stored for those before it. With a window,
    it is the historical one of so many returns before it instead: nothing of it was known to be. The series is the
    one the newest figures are from. Raises ModelNotFound, RiskMetricsNotFound, SeriesNotFound, TooFewReturns.
    """
    check_may_read(session)
    model = ModelRepository(session).get(model_id)
    stored = _of_one_period(RiskRepository(session).between(model.id, LONG_AGO, FAR_AHEAD))
    measures = _measures(stored[-1])
    period = PeriodEnum(measures["period"])
    upload = pick_upload(session, model, UUID(measures["upload_id"]))
    history = read_history(session, upload, period, MeasureEnum(measures["measure"]))
    returns = [(at, each) for at, each in history.dated_returns(model.forecast_type).items() if each is not None]
    judged = list(_by_stored(returns, stored) if window is None else _by_window(returns, window))
    span = Period(start or LONG_AGO, end or FAR_AHEAD)
    shown = tuple(each for each in judged if span.contains(each.start))
    first = stored[0].calculation_date
    before = len(shown) if window is not None else sum(each.start >= first for each in shown)
    return BreachReport(model.id, period, window, shown, before)


def _of_one_period(rows: Sequence[RiskMetrics]) -> list[RiskMetrics]:
    """Those of one period ahead that are from the same series as the newest of them."""
    usable = [row for row in rows if row.var_99 is not None and _measures(row).get("horizon_periods") == 1]
    if not usable:
        raise RiskMetricsNotFound
    source = ("upload_id", "period", "measure")
    newest = [_measures(usable[-1])[name] for name in source]
    return [row for row in usable if [_measures(row)[name] for name in source] == newest]


def _measures(row: RiskMetrics) -> dict[str, Any]:
    found: dict[str, Any] = (row.scenario_results or {}).get("measures", {})
    return found


def _by_stored(returns: Sequence[tuple[datetime, float]], stored: Sequence[RiskMetrics]) -> Iterator[Judged]:
    place = 0
    for at, actual in returns:
        while place + 1 < len(stored) and stored[place + 1].calculation_date <= at:
            place += 1
        row = stored[place]
        assert row.var_95 is not None
        assert row.var_99 is not None
        yield Judged(at, as_ratio(actual, "a return"), row.var_95, row.var_99)


def _by_window(returns: Sequence[tuple[datetime, float]], window: int) -> Iterator[Judged]:
    if window < RETURNS_MIN:
        raise InvalidValue(field="window", reason=f"must be at least {RETURNS_MIN} returns")
    if len(returns) <= window:
        raise TooFewReturns(there=len(returns), needed=window + 1)
    for place in range(window, len(returns)):
        at, actual = returns[place]
        losses = historical_losses([each for _, each in returns[place - window : place]])
        figures = (as_ratio(each, "the value at risk") for each in (losses.var_95, losses.var_99))
        yield Judged(at, as_ratio(actual, "a return"), *figures)
