"""Claims about daily series: the weekend is no gap in one that rests there, and a day that is missing is one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.errors import ModelFileRefused, SeriesHasGaps
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import Point
from strongroom.systems.forecasting.rules import GapsEnum, PeriodEnum
from strongroom.systems.forecasting.services import forecasts, models
from strongroom.systems.forecasting.services.artifacts import parse_model
from strongroom.systems.forecasting.services.continuing import continue_model
from strongroom.systems.forecasting.services.series import gaps_of
from strongroom.systems.forecasting.services.training import TrainingRequest, request_training, train
from tests.systems.forecasting.building import REVENUE, acting, add_upload, add_user

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
DAILY = TrainingRequest("Daily", REVENUE, "seasonal_naive", period=PeriodEnum.DAY, horizon=10)


def day(at: int) -> datetime:
    return MONDAY + timedelta(days=at)


def daily(count: int, wanted: Callable[[int], bool]) -> list[Point]:
    """Of so many days those that are wanted; what a day is worth tells its weekday."""
    return [Point(day(at), Decimal(100 + 10 * (at % 7)), REVENUE) for at in range(count) if wanted(at)]


def is_business(at: int) -> bool:
    return at % 7 < 5


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(models_folder=tmp_path / "models")


@pytest.fixture
def user(any_database: Database) -> User:
    return any_database.write(add_user)


def test_a_business_week_is_learnt_as_one_and_forecast_on_its_days(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    any_database.write(add_upload, user.id, daily(60, is_business))  # to a Thursday
    assert any_database.read(gaps_of, REVENUE, PeriodEnum.DAY, user_id=user.id) == []
    trained = train(any_database, DAILY, user.id, options=options)
    model = any_database.read(models.get_model, trained.model.id)
    told = model.hyperparameters
    assert told["weekdays"] == ["monday", "tuesday", "wednesday", "thursday", "friday"]
    assert (told["season_length"], told["values_left_out"], model.training_data_count) == (5, 0, 44)
    assert all(datetime.fromisoformat(origin).weekday() < 5 for origin in told["backtest"]["origins"])
    rows = any_database.read(forecasts.forecasts_between, model.id)
    assert [row.forecast_date for row in rows] == [day(at) for at in range(60, 74) if is_business(at)]
    # the same weekday of the week before, so nothing is wrong by anything
    assert [row.predicted_value for row in rows] == [100 + 10 * (at % 7) for at in range(60, 74) if is_business(at)]
    assert model.mae == 0
    continued = continue_model(model, options=options)
    assert [each.forecast_date for each in continued] == [row.forecast_date for row in rows]


def test_a_working_day_without_a_value_is_a_gap(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    any_database.write(add_upload, user.id, daily(60, lambda at: is_business(at) and at not in (9, 24)))
    found = any_database.read(gaps_of, REVENUE, PeriodEnum.DAY, user_id=user.id)
    assert found == [day(9), day(24)]
    with pytest.raises(SeriesHasGaps) as refusal:
        train(any_database, DAILY, user.id, options=options)
    assert refusal.value.facts == {"count": 2, "first": "2024-01-10"}
    filled = TrainingRequest(
        "Daily", REVENUE, "seasonal_naive", period=PeriodEnum.DAY, horizon=10, gaps=GapsEnum.PREVIOUS
    )
    assert train(any_database, filled, user.id, options=options).model.training_data_count == 44


def test_a_full_week_with_gaps_stays_a_full_week(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    any_database.write(add_upload, user.id, daily(60, lambda at: at not in (12, 13, 30)))  # a weekend among them
    assert any_database.read(gaps_of, REVENUE, PeriodEnum.DAY, user_id=user.id) == [day(12), day(13), day(30)]
    with pytest.raises(SeriesHasGaps, match="nothing for 3 periods"):
        train(any_database, DAILY, user.id, options=options)
    filled = TrainingRequest("Daily", REVENUE, "naive", period=PeriodEnum.DAY, horizon=10, gaps=GapsEnum.LINEAR)
    trained = train(any_database, filled, user.id, options=options)
    model = any_database.read(models.get_model, trained.model.id)
    assert (model.hyperparameters["season_length"], model.training_data_count) == (7, 60)
    assert "weekdays" not in model.hyperparameters
    rows = any_database.read(forecasts.forecasts_between, model.id)
    assert [row.forecast_date for row in rows] == [day(at) for at in range(60, 70)]


def test_the_rare_value_of_a_day_of_rest_is_left_out_and_counted(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    any_database.write(add_upload, user.id, daily(150, lambda at: is_business(at) or at == 54))
    model = train(any_database, DAILY, user.id, options=options).model
    assert model.hyperparameters["values_left_out"] == 1
    assert model.training_data_count == len(daily(150, is_business))


def test_a_season_that_is_told_stays_as_it_is(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, daily(90, is_business))
    told = TrainingRequest("Daily", REVENUE, "naive", period=PeriodEnum.DAY, horizon=5, season_length=10)
    assert train(database, told, user.id, options=options).model.hyperparameters["season_length"] == 10
    job_id = database.acting_as(acting(user)).write(request_training, DAILY)
    assert job_id > 0


@pytest.mark.parametrize("change", [("monday", "mondey"), ('"friday"', '"monday"'), ("2024-01-01T", "2024-01-06T")])
def test_a_file_whose_weekdays_make_no_sense_is_refused(
    any_database: Database, user: User, options: ForecastingOptions, change: tuple[str, str]
) -> None:
    any_database.write(add_upload, user.id, daily(60, is_business))
    train(any_database, DAILY, user.id, options=options)
    (file,) = (path for path in options.models_folder.rglob("*.json"))
    content = file.read_text()
    assert parse_model(content.encode()).calendar.season_length == 5
    with pytest.raises(ModelFileRefused):
        parse_model(content.replace(*change, 1).encode())
