"""The names and examples that programs over biotech are written with, used as a program would."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from strongroom.assembly import Building
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NotInitialised
from strongroom.kernel.sessions import opened
from strongroom.kernel.sessions.doors import use_building
from strongroom.settings import Settings
from strongroom.systems import biotech
from strongroom.systems.biotech import (
    Company,
    CompanyRepository,
    ScoreRepository,
    SignalRepository,
    close_db,
    get_db_session,
    health_check,
    init_db,
)


def build(url: str) -> Building:
    return Building(Settings(database_url=SecretStr(url), secret_key=SecretStr("k" * 40), environment="testing"))


@pytest.fixture
async def configured(any_options: DatabaseOptions) -> AsyncIterator[Building]:
    """An empty database that the environment names, on PostgreSQL, then on SQLite; nobody has opened it yet."""
    building = build(any_options.url)
    building.downgrade()
    use_building(building)
    yield building
    await close_db()
    use_building(None)
    await building.close()


@pytest.fixture
async def initialised(configured: Building) -> Building:
    await init_db(pool_size=20, max_overflow=10)
    return configured


async def add_company(session: AsyncSession) -> Company:
    return await CompanyRepository(session).create(
        ticker="ABCD",
        name="ABC Therapeutics",
        market_cap_usd=1500000000,
        cash_position_usd=250000000,
        therapeutic_areas=["oncology"],
    )


def test_every_public_name_of_biotech_is_there() -> None:
    assert [name for name in biotech.__all__ if not hasattr(biotech, name)] == []


async def test_companies_as_in_the_example(initialised: Building) -> None:
    async with get_db_session() as session:
        repo = CompanyRepository(session)
        company = await add_company(session)
        assert await repo.get_by_ticker("ABCD") is company
        assert await repo.search(therapeutic_areas=["oncology"], min_market_cap=1000000000) == [company]
        await repo.update(company.id, cash_position_usd=300000000)
    async with get_db_session() as session:
        stored = await CompanyRepository(session).get_by_ticker("ABCD")
        assert stored is not None
        assert stored.cash_position_usd == 300000000


async def test_signals_as_in_the_example(initialised: Building) -> None:
    async with get_db_session() as session:
        company = await add_company(session)
        repo = SignalRepository(session)
        signal = await repo.create(
            company_id=company.id,
            signal_type="sec_filing",
            event_date=datetime.now(UTC).replace(tzinfo=None),  # what datetime.utcnow() gives
            title="8-K Filing: Material Agreement",
            severity="high",
            signal_data={
                "filing_type": "8-K",
                "url": "https://...",
            },
        )
        signals = await repo.get_by_company(
            company.id,
            signal_types=["sec_filing", "fda_approval"],
            start_date=datetime(2025, 1, 1),  # noqa: DTZ001 - as people write it
        )
        assert signals == [signal]
        assert await repo.get_count_by_type(company_id=company.id) == {"sec_filing": 1}
        assert signal.severity == "high"


async def test_scores_as_in_the_example(initialised: Building) -> None:
    async with get_db_session() as session:
        company = await add_company(session)
        repo = ScoreRepository(session)
        score = await repo.create(
            company_id=company.id,
            total_score=85.5,
            pipeline_score=90.0,
            financial_score=75.0,
            key_drivers=["Late-stage pipeline", "Cash runway < 12mo"],
        )
        assert await repo.get_latest_by_company(company.id) is score
        assert await repo.get_history(company.id, days=90) == [score]
        assert await repo.get_top_scores(limit=50) == [score]
        assert await repo.update_percentile_ranks() == 1
        assert score.total_score == 85.5


async def test_many_rows_are_added_and_flushed_at_once(initialised: Building) -> None:
    async with get_db_session() as session:
        companies = [
            Company(ticker="ABC", name="ABC Inc.", market_cap_usd=1, cash_position_usd=1),
            Company(ticker="XYZ", name="XYZ Corp.", market_cap_usd=1, cash_position_usd=1),
        ]
        session.add_all(companies)
        await session.flush()
    async with get_db_session() as session:
        assert [company.ticker for company in await CompanyRepository(session).get_all()] == ["ABC", "XYZ"]


async def test_a_violated_constraint_is_an_integrity_error_and_nothing_is_stored(initialised: Building) -> None:
    with pytest.raises(IntegrityError) as refused:
        async with get_db_session() as session:
            await add_company(session)
            await add_company(session)
    assert "ABC Therapeutics" not in f"{refused.value!r} {refused.value}"
    async with get_db_session() as session:
        assert await CompanyRepository(session).get_all() == []


async def test_any_error_in_a_session_rolls_it_back_and_is_raised(initialised: Building) -> None:
    async def fail_half_way() -> None:
        async with get_db_session() as session:
            await add_company(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_half_way()
    async with get_db_session() as session:
        assert await CompanyRepository(session).get_all() == []


async def test_a_session_that_is_rolled_back_in_a_fixture_leaves_nothing(initialised: Building) -> None:
    async with get_db_session() as session:
        await add_company(session)
        await session.rollback()
    async with get_db_session() as session:
        assert await CompanyRepository(session).get_all() == []


async def test_before_the_database_is_opened_there_are_no_sessions(configured: Building) -> None:
    for error in (RuntimeError, NotInitialised):
        with pytest.raises(error, match="init_db"):
            async with get_db_session():
                pass
    assert await health_check() is False


async def test_the_database_is_healthy_from_init_to_close(configured: Building) -> None:
    await init_db(echo=False)
    assert await health_check() is True
    await close_db()
    assert await health_check() is False
    await close_db()  # a second time it does nothing
    await init_db(pool_size=50, max_overflow=20)
    assert await health_check() is True


async def test_a_second_init_warns_and_leaves_the_pool_alone(
    initialised: Building, caplog: pytest.LogCaptureFixture
) -> None:
    before = opened._opened
    with caplog.at_level(logging.WARNING, logger="strongroom"):
        await init_db(pool_size=1)
    assert opened._opened is before
    assert before is not None
    assert (before.options.pool_size, before.options.max_overflow) == (20, 10)
    assert (before.options.pool_timeout_s, before.options.pool_recycle_s, before.options.pool_pre_ping) == (
        30,
        3600,
        True,
    )
    assert "again" in caplog.text


async def test_what_cannot_be_reached_is_not_opened() -> None:
    use_building(build("postgresql://somebody:hunter2@127.0.0.1:1/market"))
    try:
        with pytest.raises(Exception, match="cannot be reached"):
            await init_db()
        assert await health_check() is False
    finally:
        use_building(None)
