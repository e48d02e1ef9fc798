"""Training: tested on what was hidden, stored whole or not at all, and the same when it is done again."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import Database
from strongroom.kernel.system import System
from strongroom.systems.forecasting.errors import (
    ModelFileRefused,
    SeriesHasGaps,
    TooFewObservations,
)
from strongroom.systems.forecasting.models import Forecast, TrainedModel, User
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import Point
from strongroom.systems.forecasting.rules import GapsEnum, MeasureEnum, ModelTypeEnum
from strongroom.systems.forecasting.services import forecasts, models
from strongroom.systems.forecasting.services.continuing import continue_model
from strongroom.systems.forecasting.services.training import (
    TrainedVersion,
    TrainingRequest,
    train,
)
from tests.systems.forecasting.building import REVENUE, SEASONAL, add_upload, add_user, month, points

NAIVE = TrainingRequest("Sales", REVENUE, method="seasonal_naive", horizon=12)


@pytest.fixture
def options(tmp_path: Path) -> ForecastingOptions:
    return ForecastingOptions(models_folder=tmp_path / "models")


@pytest.fixture
def user(any_database: Database) -> User:
    """An analyst with 48 months of revenue."""
    user = any_database.write(add_user)
    any_database.write(add_upload, user.id, points(SEASONAL))
    return user


def forecasts_of(database: Database, model: TrainedModel) -> list[tuple[Any, ...]]:
    rows: Sequence[Forecast] = database.read(forecasts.forecasts_between, model.id)
    return [
        (row.forecast_date, row.predicted_value, row.lower_confidence_interval, row.upper_confidence_interval)
        for row in rows
    ]


def files_in(options: ForecastingOptions) -> list[Path]:
    return [path for path in options.models_folder.rglob("*") if path.is_file()]


def test_a_model_is_scored_on_what_was_hidden_from_it(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    trained = any_database.read(models.get_model, train(any_database, NAIVE, user.id, options=options).model.id)
    # each month of the last two years was forecast by the same month of the year before: 120 too little each time
    assert (trained.mae, trained.rmse) == (Decimal(120), Decimal(120))
    mean = statistics.fmean(SEASONAL[24:])
    spread = sum((value - mean) ** 2 for value in SEASONAL[24:])
    assert trained.r2_score == Decimal(repr(1 - 24 * 120**2 / spread)).quantize(Decimal("1e-8"))
    mape = statistics.fmean(100 * 120 / value for value in SEASONAL[24:])
    assert trained.mape == Decimal(repr(mape)).quantize(Decimal("1e-6"))
    assert (trained.model_type, trained.training_data_count) == (ModelTypeEnum.SEASONAL_NAIVE, 48)
    backtest = trained.hyperparameters["backtest"]
    assert (backtest["windows"], backtest["origins"]) == (2, ["2022-01-01", "2023-01-01"])
    assert backtest["bias"] == -120


def test_the_forecasts_follow_the_series_each_with_its_interval(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    trained = train(any_database, NAIVE, user.id, options=options)
    found = any_database.read(forecasts.forecasts_between, trained.model.id)
    assert [row.forecast_date for row in found] == [month(at) for at in range(48, 60)]
    assert [row.predicted_value for row in found] == [Decimal(value) for value in SEASONAL[-12:]]
    for step, row in enumerate(found, 1):
        assert row.lower_confidence_interval is not None
        assert row.upper_confidence_interval is not None
        assert row.lower_confidence_interval < row.predicted_value < row.upper_confidence_interval
        assert row.extra == {
            "step": step,
            "origin_date": "2023-12-01T00:00:00+00:00",
            "confidence_level": 0.95,
            "method": "seasonal_naive",
        }


def test_trained_again_from_the_same_it_is_the_same(
    any_database: Database, user: User, options: ForecastingOptions, systems: tuple[System, ...]
) -> None:
    first = train(any_database, NAIVE, user.id, options=options)
    before = forecasts_of(any_database, first.model)
    second = train(any_database, replace(NAIVE, method="naive"), user.id, options=options)
    assert (second.is_new, second.model.version) == (True, 2)
    again = train(any_database, NAIVE, user.id, options=options)
    assert (again.is_new, again.model.id, again.model.is_active) == (False, first.model.id, True)
    assert forecasts_of(any_database, first.model) == before
    versions = any_database.read(models.compare_versions, user.id, "Sales")
    assert [(model.version, model.is_active) for model in versions] == [(2, False), (1, True)]
    assert len(files_in(options)) == 2
    assert [finding for finding in any_database.read(run_checks, systems[0].checks) if not finding.holds] == []


class Interrupted(Exception):
    """The power went"""


@pytest.mark.parametrize("at", range(4))
def test_interrupted_at_any_step_nothing_is_registered_and_the_next_try_is_whole(
    any_database: Database, user: User, options: ForecastingOptions, at: int
) -> None:
    taken: list[int] = []

    def interrupt(done: int, total: int, message: str) -> None:
        if len(taken) == at:
            raise Interrupted
        taken.append(done)

    with pytest.raises(Interrupted):
        train(any_database, NAIVE, user.id, options=options, on_step=interrupt)
    assert any_database.read(models.list_models).total == 0
    trained = train(any_database, NAIVE, user.id, options=options)
    assert (trained.model.version, trained.forecasts, len(files_in(options))) == (1, 12, 1)


def test_auto_weighs_and_is_kept_as_an_ensemble_and_a_saved_model_says_the_same_again(
    sqlite_database: Database, options: ForecastingOptions
) -> None:
    user = sqlite_database.write(add_user)
    sqlite_database.write(add_upload, user.id, points(SEASONAL))
    request = TrainingRequest("Sales", REVENUE, horizon=6)
    once = replace(options, backtest_windows=1)
    trained = train(sqlite_database, request, user.id, options=once)
    model = sqlite_database.read(models.get_model, trained.model.id)
    assert model.model_type is ModelTypeEnum.ENSEMBLE
    assert sum(model.hyperparameters["weights"].values()) == pytest.approx(1)
    assert model.mae is not None
    assert model.mae < 60  # a tenth of what the seasonal naive method is wrong by would be luck, a half is not
    assert 0 <= model.hyperparameters["backtest"]["coverage"] <= 1
    said = forecasts_of(sqlite_database, model)
    continued = continue_model(model, options=once)
    assert [(each.forecast_date, each.predicted_value, each.lower, each.upper) for each in continued] == said
    assert len(continue_model(model, 18, options=once)) == 18


def test_a_saved_model_that_was_tampered_with_says_nothing(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    model = train(any_database, NAIVE, user.id, options=options).model
    (file,) = files_in(options)
    file.write_bytes(file.read_bytes().replace(b"1080", b"1081", 1))
    with pytest.raises(ModelFileRefused, match="checksum"):
        continue_model(model, options=options)
    with pytest.raises(InvalidValue, match="horizon"):
        continue_model(model, 0, options=options)


def test_a_model_that_was_registered_by_hand_has_no_file_to_go_on_with(
    any_database: Database, user: User, options: ForecastingOptions
) -> None:
    values = {"model_name": "m", "model_type": "arima", "forecast_type": "revenue", "model_path": "m.joblib"}
    model = any_database.write(lambda session: models.register_version(session, user_id=user.id, **values))  # type: ignore[arg-type]
    with pytest.raises(ModelFileRefused, match="no checksum"):
        continue_model(model, options=options)


@pytest.mark.parametrize(("there", "is_enough"), [(17, False), (18, True)])
def test_a_series_that_is_too_short_is_told_how_many_it_needs(
    any_database: Database, options: ForecastingOptions, there: int, is_enough: bool
) -> None:
    user = any_database.write(add_user)
    any_database.write(add_upload, user.id, points(SEASONAL[:there]))
    if is_enough:
        assert train(any_database, NAIVE, user.id, options=options).forecasts == 12
        return
    with pytest.raises(TooFewObservations, match="17 observations and needs 18"):
        train(any_database, NAIVE, user.id, options=options)
    assert files_in(options) == []


def test_more_observations_are_never_too_few(any_database: Database, options: ForecastingOptions) -> None:
    user = any_database.write(add_user)
    for there in range(18, 40):
        any_database.write(add_upload, user.id, points(SEASONAL[:there]))
        assert train(any_database, NAIVE, user.id, options=options).model.training_data_count == there


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [(GapsEnum.ZERO, 0), (GapsEnum.PREVIOUS, 10), (GapsEnum.LINEAR, 11)],
)
def test_gaps_are_refused_unless_it_is_said_how_to_fill_them(
    any_database: Database, options: ForecastingOptions, gaps: GapsEnum, expected: int
) -> None:
    user = any_database.write(add_user)
    rows = [row for row in points([10 + at // 18 * 2 for at in range(20)]) if row.timestamp != month(17)]
    any_database.write(add_upload, user.id, rows)
    request = TrainingRequest("Gappy", REVENUE, "naive", horizon=2)
    with pytest.raises(SeriesHasGaps, match="2021-06-01"):
        train(any_database, request, user.id, options=options)
    model = train(any_database, replace(request, gaps=gaps), user.id, options=options).model
    (file,) = files_in(options)
    assert model.training_data_count == 20
    assert f'"{expected}"' in file.read_text() or f'"{expected}.0000"' in file.read_text()


def test_a_mean_is_learnt_where_a_sum_means_nothing(any_database: Database, options: ForecastingOptions) -> None:
    user = any_database.write(add_user)
    rows = [
        Point(month(at).replace(day=day), Decimal(value), REVENUE)
        for at in range(12)
        for day, value in ((1, 10), (2, 20), (3, 60))
    ]
    any_database.write(add_upload, user.id, rows)
    for measure, value in ((MeasureEnum.SUM, 90), (MeasureEnum.MEAN, 30)):
        request = TrainingRequest(measure.value, REVENUE, "naive", horizon=1, measure=measure)
        model = train(any_database, request, user.id, options=options).model
        assert [row[1] for row in forecasts_of(any_database, model)] == [Decimal(value)]


@pytest.mark.parametrize(
    "changes",
    [
        {"model_name": " "},
        {"model_name": "x" * 101},
        {"method": "oracle"},
        {"horizon": 0},
        {"horizon": 1001},
        {"season_length": 0},
    ],
)
def test_a_request_that_makes_no_sense_is_not_even_made(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue):
        replace(NAIVE, **changes)


def test_two_who_train_the_same_at_once_make_one_version(database: Database, options: ForecastingOptions) -> None:
    user = database.write(add_user)
    database.write(add_upload, user.id, points(SEASONAL))

    def act(_: int) -> TrainedVersion:
        return train(database, NAIVE, user.id, options=options)

    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(act, range(4)))
    assert {(each.model.id, each.model.version) for each in made} == {(made[0].model.id, 1)}
    assert sum(each.is_new for each in made) == 1
