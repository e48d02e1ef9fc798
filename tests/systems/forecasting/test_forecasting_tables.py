"""The tables of forecasting: their columns by name, and what the database refuses whoever writes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, CheckFailed, InvalidValue, StrongroomError
from strongroom.kernel.sessions import Database
from strongroom.systems.forecasting.errors import ActiveVersionExists, EmailTaken, UsernameTaken
from strongroom.systems.forecasting.models import (
    Base,
    DataUpload,
    Forecast,
    KPIReport,
    RiskMetrics,
    TimeSeriesData,
    TrainedModel,
    User,
)
from strongroom.systems.forecasting.rules import ModelTypeEnum
from tests.systems.forecasting.building import add_model, add_upload, add_user, month, points

COLUMNS: dict[type[Base], list[str]] = {
    User: [
        "id", "username", "email", "hashed_password", "full_name", "role", "is_active", "created_at", "updated_at",
    ],
    DataUpload: [
        "id", "user_id", "filename", "data_type", "row_count", "status", "error_message", "metadata", "created_at",
        "updated_at",
    ],
    TimeSeriesData: ["id", "data_upload_id", "timestamp", "value", "category", "metadata", "created_at"],
    TrainedModel: [
        "id", "user_id", "model_name", "model_type", "forecast_type", "version", "model_path", "mae", "rmse",
        "r2_score", "mape", "training_data_count", "hyperparameters", "is_active", "created_at", "updated_at",
    ],
    Forecast: [
        "id", "model_id", "forecast_date", "predicted_value", "lower_confidence_interval",
        "upper_confidence_interval", "actual_value", "metadata", "created_at",
    ],
    RiskMetrics: [
        "id", "model_id", "volatility", "var_95", "var_99", "cvar_95", "cvar_99", "sharpe_ratio",
        "correlation_matrix", "scenario_results", "calculation_date", "created_at", "updated_at",
    ],
    KPIReport: [
        "id", "model_id", "report_date", "report_period_start", "report_period_end", "revenue_growth_rate",
        "operating_margin", "net_margin", "forecast_accuracy", "budget_variance", "risk_adjusted_return",
        "report_data", "created_at",
    ],
}  # fmt: skip

#: decimals are compared as the databases hold them: whole numbers mean the same on both here
IMPOSSIBLE = [
    "users SET username = 'ab'",
    "users SET email = 'nobody'",
    "users SET hashed_password = ' '",
    "users SET full_name = ' '",
    "users SET role = 'trader'",
    "data_uploads SET filename = ' '",
    "data_uploads SET row_count = -1",
    "data_uploads SET status = 'failed'",
    "data_uploads SET status = 'error'",
    "data_uploads SET error_message = 'no'",
    "data_uploads SET data_type = 'other'",
    "data_uploads SET metadata = '[]'",
    "timeseries_data SET category = 'profit'",
    "trained_models SET model_name = ' '",
    "trained_models SET version = 0",
    "trained_models SET mae = -1",
    "trained_models SET mae = 2, rmse = 1",
    "trained_models SET mape = -1",
    "trained_models SET r2_score = 200000000",
    "trained_models SET training_data_count = -1",
    "trained_models SET model_type = 'auto'",
    "trained_models SET hyperparameters = '1'",
    "forecasts SET lower_confidence_interval = NULL",
    "forecasts SET upper_confidence_interval = predicted_value - 1",
    "forecasts SET lower_confidence_interval = predicted_value + 1",
    "risk_metrics SET volatility = -1",
    "risk_metrics SET var_95 = 2, var_99 = 1, cvar_95 = NULL, cvar_99 = NULL",
    "risk_metrics SET var_95 = 2, cvar_95 = 1, var_99 = NULL, cvar_99 = NULL",
    "risk_metrics SET var_99 = 2, cvar_99 = 1, var_95 = NULL, cvar_95 = NULL",
    "risk_metrics SET cvar_95 = 2, cvar_99 = 1, var_95 = NULL, var_99 = NULL",
    "kpi_reports SET report_period_end = report_period_start",
    "kpi_reports SET forecast_accuracy = -1",
    "kpi_reports SET forecast_accuracy = 1000001",
]
#: SQLite knows no patterns, no NaN and no functions of ours
MISSHAPEN = [
    "users SET username = 'a b c'",
    "timeseries_data SET value = 'NaN'",
    "trained_models SET mae = 'NaN', rmse = 'NaN'",
    "trained_models SET r2_score = 'NaN'",
    "forecasts SET predicted_value = 'NaN', upper_confidence_interval = 'NaN'",
    "risk_metrics SET volatility = 'NaN'",
    *(
        f"risk_metrics SET correlation_matrix = '{matrix}'"
        for matrix in (
            "[]",
            "{}",
            '{"variables": ["a"], "matrix": {}}',
            '{"variables": ["a", "b"], "matrix": [[1, 0.5]]}',
            '{"variables": ["a", "b"], "matrix": [[1, 0.5], [0.5]]}',
            '{"variables": ["a", "b"], "matrix": [[1, 0.5], 1]}',
            '{"variables": ["a", "b"], "matrix": [[1, 0.5], [0.4, 1]]}',
            '{"variables": ["a", "b"], "matrix": [[1, 1.5], [1.5, 1]]}',
            '{"variables": ["a", "b"], "matrix": [[0.9, 0.5], [0.5, 1]]}',
            '{"variables": ["a", "b"], "matrix": [[1, null], [0.5, 1]]}',
            '{"variables": ["a", "b"], "matrix": [[1, "x"], ["x", 1]]}',
        )
    ),
]
MATRIX = {"variables": ["revenue", "expense"], "matrix": [[1, 0.5], [0.5, 1.0]]}


@pytest.mark.parametrize("model", COLUMNS, ids=lambda model: model.__tablename__)
def test_a_table_has_the_columns_of_the_field_list_in_its_order(model: type[Base]) -> None:
    assert [column.name for column in model.__table__.columns] == COLUMNS[model]


def test_there_are_as_many_columns_as_there_should_be() -> None:
    assert [len(model.__table__.columns) for model in COLUMNS] == [9, 10, 7, 16, 9, 13, 13]


def fill(session: Session) -> None:
    """A row in each table."""
    user = add_user(session)
    add_upload(session, user.id, points([1]))
    model = add_model(session, user.id)
    session.add(
        Forecast(
            model_id=model.id,
            forecast_date=month(1),
            predicted_value=10,
            lower_confidence_interval=9,
            upper_confidence_interval=11,
        )
    )
    session.add(RiskMetrics(model_id=model.id, volatility="0.1", correlation_matrix=MATRIX))
    session.add(KPIReport(model_id=model.id, report_period_start=month(0), report_period_end=month(1)))


def is_refused(database: Database, change: str) -> bool:
    try:
        database.write(lambda session: session.execute(text(f"UPDATE forecasting.{change}")))
    except CheckFailed:
        return True
    return False


def test_the_database_itself_refuses_what_cannot_be(any_database: Database) -> None:
    any_database.write(fill)
    assert [change for change in IMPOSSIBLE if not is_refused(any_database, change)] == []


def test_postgresql_also_refuses_what_only_looks_like_a_value(database: Database) -> None:
    database.write(fill)
    assert [change for change in MISSHAPEN if not is_refused(database, change)] == []


@pytest.mark.parametrize(
    "matrix",
    [
        {"variables": [], "matrix": []},
        {"variables": ["a"], "matrix": [[1]]},
        {"variables": ["a", "b"], "matrix": [[1, None], [None, None]]},
        {"variables": ["a", "b"], "matrix": [[1, -1], [-1, 1]]},
    ],
)
def test_a_correlation_matrix_is_taken_by_python_and_by_the_database(any_database: Database, matrix: Any) -> None:
    def store(session: Session) -> RiskMetrics:
        risk = RiskMetrics(model_id=add_model(session, add_user(session).id).id, correlation_matrix=matrix)
        session.add(risk)
        return risk

    assert any_database.write(store).correlation_matrix == matrix


@pytest.mark.parametrize(
    "matrix",
    [
        [],
        {"matrix": []},
        {"variables": "ab", "matrix": [[1, 0], [0, 1]]},
        {"variables": ["a", "a"], "matrix": [[1, 0], [0, 1]]},
        {"variables": ["a", "b"], "matrix": [[1, 0]]},
        {"variables": ["a", "b"], "matrix": [[1, 0.2], [0.3, 1]]},
        {"variables": ["a", "b"], "matrix": [[1, True], [True, 1]]},
        {"variables": ["a", "b"], "matrix": [[1, float("nan")], [float("nan"), 1]]},
        {"variables": ["a"], "matrix": [[0.5]]},
    ],
)
def test_a_misshapen_correlation_matrix_is_not_even_assigned(matrix: Any) -> None:
    with pytest.raises(InvalidValue, match="correlation_matrix"):
        RiskMetrics(correlation_matrix=matrix)


def test_a_document_holds_no_number_that_json_cannot_say() -> None:
    with pytest.raises(InvalidValue, match="scenario_results"):
        RiskMetrics(scenario_results={"percentiles": [{"p5": float("inf")}]})
    with pytest.raises(InvalidValue, match="report_data"):
        KPIReport(report_data={"mean": float("nan")})


@pytest.mark.parametrize("value", [1.5, "NaN", "1.00005", "many"])
def test_a_value_is_exact_or_refused(value: Any) -> None:
    with pytest.raises(StrongroomError):
        TimeSeriesData(value=value)


def test_a_user_is_one_whatever_the_case_of_letters(any_database: Database) -> None:
    any_database.write(add_user)
    with pytest.raises(UsernameTaken):
        any_database.write(add_user, "ADA", email="b@b.org")
    with pytest.raises(EmailTaken):
        any_database.write(add_user, "bob", email="ADA@example.com")


@pytest.mark.parametrize("values", [{"username": "a b"}, {"username": "ab"}, {"email": "nobody"}, {"full_name": " "}])
def test_a_user_is_well_formed(values: dict[str, str]) -> None:
    with pytest.raises(InvalidValue):
        User(**values)


def test_a_moment_of_a_category_is_in_an_upload_once(any_database: Database) -> None:
    user = any_database.write(add_user)
    with pytest.raises(AlreadyExists) as refusal:
        any_database.write(add_upload, user.id, points([1]) * 2)
    assert refusal.value.facts["constraint"] == "uq_timeseries_data_data_upload_id_category_timestamp"


def test_a_second_active_version_cannot_be_slipped_in(any_database: Database) -> None:
    user = any_database.write(add_user)
    model = any_database.write(add_model, user.id)
    values = {"model_type": "ets", "forecast_type": "revenue", "model_path": "-"}
    with pytest.raises(ActiveVersionExists):
        any_database.write(
            lambda session: session.add(TrainedModel(user_id=user.id, model_name=model.model_name, version=2, **values))
        )


def test_every_way_to_forecast_can_be_stored(any_database: Database) -> None:
    user = any_database.write(add_user)
    for kind in ModelTypeEnum:
        any_database.write(add_model, user.id, kind.value, model_type=kind)


def test_everything_goes_with_its_user(any_database: Database) -> None:
    any_database.write(fill)
    any_database.write(lambda session: session.execute(text("DELETE FROM forecasting.users")))
    left = any_database.read(
        lambda session: [
            session.scalar(text(f"SELECT count(*) FROM forecasting.{model.__tablename__}")) for model in COLUMNS
        ]
    )
    assert left == [0] * len(COLUMNS)


def test_sql_by_hand_needs_no_id_on_postgresql(database: Database) -> None:
    insert = "INSERT INTO forecasting.users (username, email, hashed_password) VALUES ('ada', 'a@b.org', '-')"
    database.write(lambda session: session.execute(text(insert)))
    role = database.read(
        lambda session: session.scalar(text("SELECT role FROM forecasting.users WHERE id IS NOT NULL"))
    )
    assert role == "viewer"
