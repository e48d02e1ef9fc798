"""The names and examples that programs are written with: used as a program would, on the configured database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from pydantic import SecretStr
from sqlalchemy.orm import Session

from strongroom.assembly import Building, build_app
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.doors import use_building
from strongroom.settings import Settings
from strongroom.systems import forecasting
from strongroom.systems.forecasting import (
    Forecast,
    ForecastRepository,
    KPIReport,
    Prediction,
    RiskMetrics,
    SessionLocal,
    TrainedModel,
    User,
    get_db,
    get_db_session,
    init_db,
    session_scope,
)
from tests.systems.forecasting.building import add_model, add_upload, add_user, month, points


def settings(url: str) -> Settings:
    return Settings(database_url=SecretStr(url), secret_key=SecretStr("k" * 40), environment="testing")


@pytest.fixture
async def configured(any_options: DatabaseOptions) -> AsyncIterator[Building]:
    """The database behind the names, on PostgreSQL, then on SQLite, with a user, an upload and a model."""
    building = Building(settings(any_options.url))
    use_building(building)
    await init_db()
    building.database.write(fill)
    yield building
    use_building(None)
    await building.close()


def fill(session: Session) -> None:
    user = add_user(session, "admin")
    add_upload(session, user.id, points([1, 2]))
    model = add_model(session, user.id)
    ForecastRepository(session).put(model.id, [Prediction(month(at), points([at])[0].value) for at in range(12)])
    session.add_all(RiskMetrics(model_id=model.id, calculation_date=month(at)) for at in range(4))
    session.add(KPIReport(model_id=model.id, report_period_start=month(0), report_period_end=month(1)))


def test_every_public_name_of_forecasting_is_there() -> None:
    assert [name for name in forecasting.__all__ if not hasattr(forecasting, name)] == []


def test_a_session_of_ones_own_finds_a_user_by_id(configured: Building) -> None:
    with session_scope() as session:
        user_id = session.query(User).one().id
    db = SessionLocal()
    try:
        user = db.query(User).filter(User.id == user_id).first()
    finally:
        db.close()
    assert user is not None
    assert user.username == "admin"


def test_a_user_shows_its_uploads(configured: Building) -> None:
    db = SessionLocal()
    try:
        user = db.query(User).filter(User.username == "admin").first()
        assert user is not None
        uploads = user.data_uploads
        assert [upload.filename for upload in uploads] == ["series.csv"]
        assert [model.version for model in user.trained_models] == [1]
    finally:
        db.close()


def test_the_latest_forecasts_of_a_model_are_read(configured: Building) -> None:
    with session_scope() as db:
        model_id = db.query(TrainedModel).one().id
        forecasts = (
            db.query(Forecast)
            .filter(Forecast.model_id == model_id)
            .order_by(Forecast.forecast_date.desc())
            .limit(10)
            .all()
        )
    assert [forecast.forecast_date for forecast in forecasts] == [month(at) for at in range(11, 1, -1)]


def test_risk_metrics_of_a_range_of_dates_are_read_both_ends_included(configured: Building) -> None:
    start_date, end_date = month(1), month(2)
    with session_scope() as db:
        model_id = db.query(TrainedModel).one().id
        metrics = (
            db.query(RiskMetrics)
            .filter(
                RiskMetrics.model_id == model_id,
                RiskMetrics.calculation_date >= start_date,
                RiskMetrics.calculation_date <= end_date,
            )
            .all()
        )
    assert sorted(metric.calculation_date for metric in metrics) == [month(1), month(2)]


async def test_users_are_read_by_the_dependency_of_a_web_framework(configured: Building) -> None:
    app = FastAPI()

    @app.get("/endpoint")
    def my_endpoint(db: Annotated[Session, Depends(get_db)]) -> list[dict[str, Any]]:
        users = db.query(User).all()
        return [user.to_dict() for user in users]

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://office") as client:
        (told,) = (await client.get("/endpoint")).json()
    assert (told["username"], told["role"], told["is_active"]) == ("admin", "analyst", True)


async def test_repositories_work_either_way(configured: Building) -> None:
    async with get_db_session() as session:
        user = await forecasting.UserRepository(session).get_user_by_email("ADMIN@example.com")
        assert user is not None
        model = await forecasting.ModelRepository(session).active_of(user.id, "revenue")
        assert model is not None
        risk = await forecasting.RiskRepository(session).latest(model.id)
        report = await forecasting.KpiRepository(session).latest(model.id)
    assert risk is not None
    assert report is not None
    assert (risk.calculation_date, report.report_period_end) == (month(3), month(1))


async def test_the_whole_application_serves_the_room(configured: Building) -> None:
    app = build_app(configured)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://office") as client:
        assert (await client.get("/api/health/readiness")).status_code == 200


async def test_a_file_of_sqlite_in_the_working_folder_is_enough_for_development(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    building = Building(settings("sqlite:///./forecasting.db"))
    use_building(building)
    try:
        await init_db()
        with session_scope() as session:
            add_user(session)
        with SessionLocal() as session:
            assert session.query(User).count() == 1
        assert (tmp_path / "forecasting.db").exists()
    finally:
        use_building(None)
        await building.close()
