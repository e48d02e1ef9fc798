"""Forecasts of a model: stored, read, and compared with what came."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.sessions import now_of
from strongroom.systems.forecasting.models import Forecast
from strongroom.systems.forecasting.repositories import ForecastRepository, ModelRepository, Prediction
from strongroom.systems.forecasting.rules.backtest import BacktestSummary
from strongroom.systems.forecasting.services.access import check_may_read, get_own_model


def store_forecasts(session: Session, model_id: UUID | str, predictions: Iterable[Prediction]) -> int:
    """Store predictions of a model, one a period; those there are for the same periods are changed. How many.

    A forecast whose actual value is known keeps what it predicted. Raises ModelNotFound, AccessDenied, InvalidValue,
    CheckFailed for a prediction outside of its interval.
    """
    return ForecastRepository(session).put(get_own_model(session, model_id).id, predictions)


def record_actuals(session: Session, model_id: UUID | str, values: Mapping[datetime, Decimal | int | str]) -> int:
    """Fill in what came, by period; predictions stay as they are. Returns how many forecasts there were for it.

    Raises ModelNotFound, AccessDenied, InvalidValue.
    """
    return ForecastRepository(session).record_actuals(get_own_model(session, model_id).id, values)


def latest_forecasts(session: Session, model_id: UUID | str, limit: int = 10) -> Sequence[Forecast]:
    """The forecasts that reach furthest, newest period first. Raises ModelNotFound, InvalidValue."""
    return ForecastRepository(session).latest(_readable(session, model_id), limit)


def forecasts_between(
    session: Session, model_id: UUID | str, start: datetime | None = None, end: datetime | None = None
) -> Sequence[Forecast]:
    """Forecasts for the periods from start to end, both included, oldest first. Raises ModelNotFound."""
    return ForecastRepository(session).between(_readable(session, model_id), start, end)


def pending_actuals(
    session: Session, *, model_id: UUID | None = None, user_id: UUID | None = None, limit: int = 100
) -> Sequence[Forecast]:
    """Forecasts of periods that have begun and whose actual value is not known, oldest first. Raises InvalidValue."""
    check_may_read(session)
    return ForecastRepository(session).pending(now_of(session), model_id=model_id, user_id=user_id, limit=limit)


def backtest_summary(
    session: Session, model_id: UUID | str, start: datetime | None = None, end: datetime | None = None
) -> BacktestSummary:
    """How far the forecasts from start to end were from what came. Raises ModelNotFound."""
    return ForecastRepository(session).backtest(_readable(session, model_id), start, end)


def _readable(session: Session, model_id: UUID | str) -> UUID:
    check_may_read(session)
    return ModelRepository(session).get(model_id).id
