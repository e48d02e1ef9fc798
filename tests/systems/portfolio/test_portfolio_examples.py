"""The names and examples that programs are written with: used as a program would, on the configured database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx2
import pytest
from fastapi import Depends, FastAPI
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.assembly import Building, build_app
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.sessions.doors import use_building
from strongroom.settings import Settings
from strongroom.systems import portfolio
from strongroom.systems.portfolio import (
    AsyncDatabaseSession,
    Company,
    CompanyRepository,
    MetricsInput,
    SessionLocal,
    get_db,
    get_db_session,
    init_db,
    session_scope,
)
from tests.systems.portfolio.building import add_company, add_reporting_company, quarter


@pytest.fixture
async def configured(any_options: DatabaseOptions) -> AsyncIterator[Building]:
    """The database behind the names, on PostgreSQL, then on SQLite, with one company and one quarter."""
    settings = Settings(database_url=SecretStr(any_options.url), secret_key=SecretStr("k" * 40), environment="testing")
    building = Building(settings)
    use_building(building)
    await init_db()
    building.database.write(add_reporting_company, [quarter()])
    yield building
    use_building(None)
    await building.close()


def get_all_companies(db: Session) -> list[Company]:
    return db.query(Company).all()


async def get_metrics() -> list[dict[str, Any]]:
    async with AsyncDatabaseSession() as session:
        result = await session.execute(select(MetricsInput))
        metrics = result.scalars().all()
        return [metric.to_dict() for metric in metrics]


def test_every_public_name_of_portfolio_is_there() -> None:
    assert [name for name in portfolio.__all__ if not hasattr(portfolio, name)] == []


async def test_the_database_is_initialised_again_without_harm(configured: Building) -> None:
    await init_db()
    with session_scope() as session:
        assert len(get_all_companies(session)) == 1


async def test_companies_are_read_by_the_dependency_of_a_web_framework(configured: Building) -> None:
    app = FastAPI()

    @app.get("/companies")
    async def list_companies(db: Annotated[Session, Depends(get_db)]) -> list[dict[str, Any]]:
        return [company.to_dict() for company in get_all_companies(db)]

    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://fund") as client:
        (told,) = (await client.get("/companies")).json()
    assert (told["name"], told["equity_raised"], told["year_end_date"]) == ("Acme", "20000000.00", "2023-12-31")


async def test_inputs_are_read_asynchronously(configured: Building) -> None:
    (told,) = await get_metrics()
    assert (told["total_revenue"], told["employees"]) == ("1000000.00", 50)


async def test_sessions_in_ones_own_hands_and_repositories_work_either_way(configured: Building) -> None:
    with SessionLocal() as session:
        add_company(session, name="Other")
        session.commit()
    async with get_db_session() as session_:
        found = await CompanyRepository(session_).get_company_by_name("Other")
    assert found is not None
    with session_scope() as session:
        assert CompanyRepository(session).get(found.id).name == "Other"


async def test_the_whole_application_serves_the_room(configured: Building) -> None:
    app = build_app(configured)
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://fund") as client:
        assert (await client.get("/api/health/readiness")).status_code == 200
        paths = (await client.get("/openapi.json")).json()["paths"]
    assert any(path.startswith("/api/portfolio/") for path in paths)


async def test_the_indexes_of_reports_go_by_the_names_people_use(configured: Building) -> None:
    assert set(portfolio.check_indexes()) == {
        "idx_companies_name",
        "idx_metrics_input_company_date",
        "idx_quarterly_financials_company_date",
        "idx_quarterly_metrics_company_date",
    }
    assert all(portfolio.check_indexes().values())
    dropped = portfolio.drop_indexes()
    assert dropped == {
        "idx_companies_name": False,  # what keeps names unique stays
        "idx_metrics_input_company_date": False,
        "idx_quarterly_financials_company_date": True,
        "idx_quarterly_metrics_company_date": True,
    }
    assert portfolio.check_indexes() == {name: not gone for name, gone in dropped.items()}
    assert all(portfolio.create_indexes().values())
    assert all(portfolio.check_indexes().values())
