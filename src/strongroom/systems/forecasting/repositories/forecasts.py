"""Forecasts: put many at once, read the latest, fill in what came, and add up how far they were from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Numeric, bindparam, cast, func, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.kernel.tables import ExactDecimal, Moment
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import ForecastNotFound
from strongroom.systems.forecasting.models import Forecast, TrainedModel
from strongroom.systems.forecasting.repositories.listings import check_bounds
from strongroom.systems.forecasting.repositories.writing import insert_into, table_of
from strongroom.systems.forecasting.rules.backtest import BacktestSummary, Outcome, Sums, add_up, summarise


class Prediction(NamedTuple):
    """One period. The bounds of its 95 % interval are both given or both left out."""

    forecast_date: datetime
    predicted_value: Decimal
    lower: Decimal | None = None
    upper: Decimal | None = None
    metadata: Mapping[str, Any] = {}


class ForecastRepository(Repository[SessionT, Forecast]):
    """Forecasts."""

    row = Forecast
    not_found = ForecastNotFound

    @operation
    def put(self: ForecastRepository[Session], model_id: UUID, predictions: Iterable[Prediction]) -> int:
        """Insert the predictions, or change those there are for their periods, in one statement. Returns how many.

        A forecast whose actual value is known keeps what it predicted: nobody predicts what has happened.
        Raises InvalidValue, also for a period that is given twice.
        """
        rows = [_as_row(model_id, prediction) for prediction in predictions]
        if not rows:
            return 0
        if len({row["forecast_date"] for row in rows}) < len(rows):
            raise InvalidValue(field="forecast_date", reason="must be given once each")
        statement = insert_into(self.session, Forecast)
        changed = ("predicted_value", "lower_confidence_interval", "upper_confidence_interval", "metadata")
        statement = statement.on_conflict_do_update(
            index_elements=["model_id", "forecast_date"],
            set_={name: statement.excluded[name] for name in changed},
            where=table_of(Forecast).c.actual_value.is_(None),
        )
        self.session.flush()
        self.session.connection().execute(statement, rows)
        return len(rows)

    @operation
    def latest(self: ForecastRepository[Session], model_id: UUID, limit: int = 10) -> Sequence[Forecast]:
        """The forecasts of a model that reach furthest, newest period first. Raises InvalidValue."""
        check_bounds(limit)
        found = select(Forecast).where(Forecast.model_id == model_id).order_by(Forecast.forecast_date.desc())
        return self._fresh(found.limit(limit))

    @operation
    def between(
        self: ForecastRepository[Session], model_id: UUID, start: datetime | None = None, end: datetime | None = None
    ) -> Sequence[Forecast]:
        """Forecasts for the periods from start to end, both included, oldest first."""
        return self._fresh(select(Forecast).where(*_span(model_id, start, end)).order_by(Forecast.forecast_date))

    @operation
    def record_actuals(
        self: ForecastRepository[Session], model_id: UUID, values: Mapping[datetime, Decimal | int | str]
    ) -> int:
        """Fill in what came, by period; the predictions stay. Returns how many forecasts there were for it.

        Raises InvalidValue.
        """
        rows = [
            {"of_date": _coerced("forecast_date", Moment(), day), "came": _coerced("actual_value", _VALUE, value)}
            for day, value in values.items()
        ]
        table = table_of(Forecast)
        mine = table.c.model_id == model_id, table.c.forecast_date == bindparam("of_date")
        statement = update(table).where(*mine).values(actual_value=bindparam("came"))
        self.session.flush()
        known = select(Forecast.id).where(
            Forecast.model_id == model_id, Forecast.forecast_date.in_([row["of_date"] for row in rows])
        )
        count = self.session.scalar(select(func.count()).select_from(known.subquery())) or 0
        if rows:
            self.session.connection().execute(statement, rows)
        return count

    @operation
    def pending(
        self: ForecastRepository[Session],
        now: datetime,
        *,
        model_id: UUID | None = None,
        user_id: UUID | None = None,
        limit: int = 100,
    ) -> Sequence[Forecast]:
        """Forecasts of periods that have begun by now and whose actual value is not known, oldest first."""
        check_bounds(limit)
        found = select(Forecast).where(Forecast.actual_value.is_(None), Forecast.forecast_date <= now)
        if model_id is not None:
            found = found.where(Forecast.model_id == model_id)
        if user_id is not None:
            found = found.join(TrainedModel).where(TrainedModel.user_id == user_id)
        return self._fresh(found.order_by(Forecast.forecast_date, Forecast.id).limit(limit))

    @operation
    def backtest(
        self: ForecastRepository[Session], model_id: UUID, start: datetime | None = None, end: datetime | None = None
    ) -> BacktestSummary:
        """How far the forecasts from start to end were from what came, where that is known."""
        known = (*_span(model_id, start, end), Forecast.actual_value.is_not(None))
        if self.session.get_bind().dialect.name == "postgresql":
            found: list[Any] = [value or 0 for value in self.session.execute(_sums(known)).one()]
            return summarise(Sums(*found))
        # SQLite would square its integers beyond 64 bits and divide as floats
        row = Forecast
        columns = row.actual_value, row.predicted_value, row.lower_confidence_interval, row.upper_confidence_interval
        outcomes: Any = self.session.execute(select(*columns).where(*known))
        return summarise(add_up(map(Outcome._make, outcomes)))

    def _fresh(self: ForecastRepository[Session], found: Any) -> Sequence[Forecast]:
        """Forecasts are written behind the session's back."""
        return self.session.scalars(found, execution_options={"populate_existing": True}).all()


_VALUE = ExactDecimal(20, 4)


def _sums(known: Sequence[ColumnElement[bool]]) -> Any:
    """The fields of Sums, in order; PostgreSQL's numeric is exact, but for the quotients."""
    actual = cast(Forecast.actual_value, Numeric())
    error = cast(Forecast.predicted_value, Numeric()) - actual
    lower, upper = Forecast.lower_confidence_interval, Forecast.upper_confidence_interval
    return select(
        func.count(),
        func.sum(func.abs(error)),
        func.sum(error * error),
        func.sum(error),
        func.sum(func.abs(error) / func.abs(func.nullif(actual, 0))),
        func.count().filter(Forecast.actual_value == Decimal(0)),
        func.count().filter(lower.is_not(None)),
        func.count().filter(Forecast.actual_value.between(lower, upper)),
    ).where(*known)


def _span(model_id: UUID, start: datetime | None, end: datetime | None) -> tuple[ColumnElement[bool], ...]:
    found = [Forecast.model_id == model_id]
    if start is not None:
        found.append(Forecast.forecast_date >= start)
    if end is not None:
        found.append(Forecast.forecast_date <= end)
    return tuple(found)


def _as_row(model_id: UUID, prediction: Prediction) -> dict[str, Any]:
    lower, upper = prediction.lower, prediction.upper
    return {
        "id": new_id(),
        "model_id": model_id,
        "forecast_date": _coerced("forecast_date", Moment(), prediction.forecast_date),
        "predicted_value": _coerced("predicted_value", _VALUE, prediction.predicted_value),
        "lower_confidence_interval": None if lower is None else _coerced("lower_confidence_interval", _VALUE, lower),
        "upper_confidence_interval": None if upper is None else _coerced("upper_confidence_interval", _VALUE, upper),
        "metadata": dict(prediction.metadata),
    }


def _coerced(field: str, kind: Any, value: Any) -> Any:
    try:
        return kind.coerce(value)
    except ValueError as error:
        raise InvalidValue(field=field, reason=str(error)) from None
