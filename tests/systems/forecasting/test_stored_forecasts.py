"""Forecasts: put twice they are there once, what came never moves them, and how far off they were is exact."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AccessDenied, CheckFailed, InvalidValue
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock, new_id
from strongroom.systems.forecasting.errors import ModelNotFound
from strongroom.systems.forecasting.models import TrainedModel
from strongroom.systems.forecasting.repositories import ForecastRepository, Prediction
from strongroom.systems.forecasting.rules import RoleEnum
from strongroom.systems.forecasting.rules.backtest import BacktestSummary
from strongroom.systems.forecasting.services import forecasts
from tests.systems.forecasting.building import acting, add_model, add_user, month

#: a worked example: MAE 3.2, RMSE 3.521363, MAPE 2.6662 %
ACTUAL = [100, 110, 120, 130, 125]
PREDICTED = [98, 112, 118, 135, 120]


def prediction(at: int, value: Decimal | int = 10, width: int | None = 2) -> Prediction:
    value = Decimal(value)
    if width is None:
        return Prediction(month(at), value)
    return Prediction(month(at), value, value - width, value + width, {"step": at})


@pytest.fixture
def model(any_database: Database) -> TrainedModel:
    return any_database.write(lambda session: add_model(session, add_user(session).id))


def test_forecasts_put_twice_are_there_once_as_they_were_last_put(any_database: Database, model: TrainedModel) -> None:
    assert any_database.write(forecasts.store_forecasts, model.id, [prediction(at) for at in range(3)]) == 3
    assert any_database.write(forecasts.store_forecasts, model.id, [prediction(at, 11, None) for at in (2, 3)]) == 2
    found = any_database.read(forecasts.forecasts_between, model.id)
    assert [(row.forecast_date, row.predicted_value) for row in found] == [
        (month(at), Decimal(value)) for at, value in enumerate((10, 10, 11, 11))
    ]
    assert (found[0].extra, found[2].extra, found[2].lower_confidence_interval) == ({"step": 0}, {}, None)


def test_what_came_never_moves_a_prediction_and_then_nothing_does(any_database: Database, model: TrainedModel) -> None:
    any_database.write(forecasts.store_forecasts, model.id, [prediction(at) for at in range(3)])
    came: dict[datetime, Decimal | int | str] = {month(0): Decimal("12.5"), month(1): "7", month(9): 1}
    assert any_database.write(forecasts.record_actuals, model.id, came) == 2
    any_database.write(forecasts.store_forecasts, model.id, [prediction(at, 99) for at in range(3)])
    found = any_database.read(forecasts.forecasts_between, model.id)
    assert [(row.predicted_value, row.actual_value) for row in found] == [
        (Decimal(10), Decimal("12.5")),
        (Decimal(10), Decimal(7)),
        (Decimal(99), None),
    ]
    any_database.write(forecasts.record_actuals, model.id, {month(0): 13})
    corrected = any_database.read(forecasts.forecasts_between, model.id)[0]
    assert [corrected.predicted_value, corrected.actual_value] == [10, 13]


def test_the_latest_forecasts_are_those_that_reach_furthest(any_database: Database, model: TrainedModel) -> None:
    any_database.write(forecasts.store_forecasts, model.id, [prediction(at) for at in range(20)])
    latest = any_database.read(forecasts.latest_forecasts, model.id)
    assert [row.forecast_date for row in latest] == [month(at) for at in range(19, 9, -1)]
    between = any_database.read(forecasts.forecasts_between, model.id, month(3), month(5))
    assert [row.forecast_date for row in between] == [month(3), month(4), month(5)]


def test_pending_are_those_whose_period_has_begun(any_database: Database, model: TrainedModel) -> None:
    any_database.clock = FixedClock(month(2) + timedelta(days=1))
    any_database.write(forecasts.store_forecasts, model.id, [prediction(at) for at in range(5)])
    any_database.write(forecasts.record_actuals, model.id, {month(1): 5})
    ways: list[dict[str, Any]] = [{}, {"model_id": model.id}, {"user_id": model.user_id}]
    for asked in ways:
        waiting = any_database.read(forecasts.pending_actuals, **asked)
        assert [row.forecast_date for row in waiting] == [month(0), month(2)]
    assert any_database.read(forecasts.pending_actuals, user_id=new_id()) == []


def test_a_backtest_is_exact_on_either_database(any_database: Database, model: TrainedModel) -> None:
    rows = [prediction(at, value, 3 if at < 4 else None) for at, value in enumerate(PREDICTED)]
    any_database.write(forecasts.store_forecasts, model.id, [*rows, prediction(9)])
    any_database.write(forecasts.record_actuals, model.id, {month(at): value for at, value in enumerate(ACTUAL)})
    assert any_database.read(forecasts.backtest_summary, model.id) == BacktestSummary(
        n=5,
        mae=Decimal("3.2"),
        rmse=Decimal("3.521363"),
        mape=Decimal("2.6662"),
        skipped=0,
        bias=Decimal("-0.4"),
        coverage=Decimal("0.75"),
    )
    part = any_database.read(forecasts.backtest_summary, model.id, month(3), month(3))
    assert [part.n, part.mae, part.coverage] == [1, 5, 0]


def test_a_backtest_of_zeros_and_of_nothing_has_no_percentage(any_database: Database, model: TrainedModel) -> None:
    nothing = any_database.read(forecasts.backtest_summary, model.id)
    assert nothing == BacktestSummary(0, None, None, None, 0, None, None)
    any_database.write(forecasts.store_forecasts, model.id, [prediction(0, 4, None), prediction(1, 6, None)])
    any_database.write(forecasts.record_actuals, model.id, {month(0): 0})
    assert any_database.read(forecasts.backtest_summary, model.id) == BacktestSummary(
        1, Decimal(4), Decimal(4), None, 1, Decimal(4), None
    )
    any_database.write(forecasts.record_actuals, model.id, {month(1): -3})
    assert any_database.read(forecasts.backtest_summary, model.id).mape == 300


def test_values_of_any_size_do_not_overflow(any_database: Database, model: TrainedModel) -> None:
    large = Decimal("900000000000000.1234")
    any_database.write(forecasts.store_forecasts, model.id, [prediction(0, large, None)])
    any_database.write(forecasts.record_actuals, model.id, {month(0): -large})
    summary = any_database.read(forecasts.backtest_summary, model.id)
    assert [summary.mae, summary.rmse, summary.mape] == [2 * large, 2 * large, 200]


def test_a_prediction_outside_of_its_interval_is_refused_with_all_others(
    any_database: Database, model: TrainedModel
) -> None:
    with pytest.raises(CheckFailed):
        any_database.write(
            forecasts.store_forecasts,
            model.id,
            [prediction(0), Prediction(month(1), Decimal(1), Decimal(2), Decimal(3))],
        )
    with pytest.raises(InvalidValue, match="forecast_date"):
        any_database.write(forecasts.store_forecasts, model.id, [prediction(0), prediction(0, 3)])
    with pytest.raises(InvalidValue, match="actual_value"):
        any_database.write(forecasts.record_actuals, model.id, {month(0): "NaN"})
    assert any_database.read(forecasts.latest_forecasts, model.id) == []


def test_forecasts_are_stored_by_who_may_and_read_by_all(any_database: Database, model: TrainedModel) -> None:
    viewer = any_database.acting_as(acting(any_database.write(add_user, "eve", RoleEnum.VIEWER)))
    other = any_database.acting_as(acting(any_database.write(add_user, "bob")))
    assert viewer.read(forecasts.latest_forecasts, model.id) == []
    for stranger in (viewer, other):
        with pytest.raises(AccessDenied):
            stranger.write(forecasts.store_forecasts, model.id, [prediction(0)])
        with pytest.raises(AccessDenied):
            stranger.write(forecasts.record_actuals, model.id, {month(0): 1})
    with pytest.raises(ModelNotFound):
        viewer.read(forecasts.backtest_summary, new_id())


async def test_forecasts_are_put_and_read_asynchronously_too(any_async_database: AsyncDatabase) -> None:
    def begin(session: Session) -> TrainedModel:
        return add_model(session, add_user(session).id)

    model = await any_async_database.write(begin)
    async with any_async_database.session() as session:
        repository = ForecastRepository(session)
        await repository.put(model.id, [prediction(0)])
        await repository.record_actuals(model.id, {datetime(2020, 1, 1, tzinfo=UTC): 11})
        (found,) = await repository.latest(model.id)
        summary = await repository.backtest(model.id)
    assert [found.predicted_value, found.actual_value, summary.mae] == [10, 11, 1]
