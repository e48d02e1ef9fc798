"""Claims about scores: which one counts, who is on top, and what a deletion takes along."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import delete, inspect, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.integrity import run_checks
from strongroom.kernel.sessions import AsyncDatabase, Database
from strongroom.kernel.values import FixedClock
from strongroom.systems.biotech.checks import CHECKS
from strongroom.systems.biotech.errors import ScoreExists
from strongroom.systems.biotech.models import LatestScore, MAScore
from strongroom.systems.biotech.repositories import CompanyRepository, ScoreRepository
from strongroom.systems.biotech.system import system as biotech
from strongroom.testing.databases import opened

TABLE: Any = inspect(MAScore).local_table
TODAY = datetime.now(UTC)


def add_company(session: Session, ticker: str = "ABCD") -> UUID:
    return CompanyRepository(session).create(ticker, f"{ticker} Inc.", 1000, 100).id


def score(session: Session, /, company_id: UUID, total: float, *, days_ago: float = 0, **values: Any) -> MAScore:
    moment = TODAY - timedelta(days=days_ago)
    return ScoreRepository(session).create(company_id, total, score_date=moment, **values)


def shown(scores: Any) -> list[tuple[str, float]]:
    return [(row.company.ticker, row.total_score) for row in scores]


def test_a_score_is_the_number_that_was_given(any_database: Database) -> None:
    def act(session: Session) -> MAScore:
        made = ScoreRepository(session).create(
            company_id=add_company(session),
            total_score=85.1,
            pipeline_score=90.0,
            financial_score=75.005,
            key_drivers=["Late-stage pipeline", "Cash runway < 12mo"],
        )
        session.refresh(made)
        return made

    made = any_database.write(act)
    assert (made.total_score, made.pipeline_score, made.financial_score, made.patent_score) == (85.1, 90.0, 75.01, 0.0)
    assert made.key_drivers == ["Late-stage pipeline", "Cash runway < 12mo"]
    assert (made.score_version, made.risk_factors, made.extra, made.percentile_rank) == ("1.0", [], {}, None)


@pytest.mark.parametrize("total", [100.01, -0.01, 500, float("nan"), float("inf"), "many", None, True])
def test_a_score_beyond_0_to_100_is_refused(any_database: Database, total: Any) -> None:
    with pytest.raises((InvalidValue, IntegrityError)):
        any_database.write(lambda session: ScoreRepository(session).create(add_company(session), total))
    assert any_database.read(lambda session: session.scalars(select(MAScore.id)).all()) == []


@pytest.mark.parametrize("rank", [1, 50.0])
def test_a_rank_is_not_given_but_found(any_database: Database, rank: float) -> None:
    with pytest.raises(InvalidValue, match="percentile_rank"):
        any_database.write(
            lambda session: ScoreRepository(session).create(add_company(session), 1, percentile_rank=rank)
        )


def test_two_scores_of_one_transaction_have_two_moments_and_the_second_counts(any_database: Database) -> None:
    def act(session: Session) -> tuple[MAScore | None, list[float]]:
        company_id = add_company(session)
        for total in (10.0, 20.0, 30.0):
            ScoreRepository(session).create(company_id, total)
        latest = ScoreRepository(session).get_latest_by_company(company_id)
        return latest, [row.total_score for row in ScoreRepository(session).get_history(company_id)]

    latest, history = any_database.write(act)
    assert latest is not None
    assert latest.total_score == 30.0
    assert history == [30.0, 20.0, 10.0]


def test_scores_have_moments_of_their_own_under_a_clock_that_stands_still(any_options: DatabaseOptions) -> None:
    def act(session: Session) -> list[datetime]:
        company_id = add_company(session)
        return [ScoreRepository(session).create(company_id, total).score_date for total in (1, 2, 3)]

    with opened(any_options, (biotech,)) as database:
        database.clock = FixedClock(TODAY)
        tick = timedelta(microseconds=1)
        assert database.write(act) == [TODAY, TODAY + tick, TODAY + 2 * tick]


def test_rows_that_postgresql_dates_itself_differ_within_a_transaction(database: Database) -> None:
    def act(session: Session) -> int:
        company_id = add_company(session)
        insert = text(
            "INSERT INTO biotech.ma_scores (id, company_id, total_score) SELECT gen_random_uuid(), :company, n "
            "FROM generate_series(1, 50) n"
        )
        session.execute(insert, {"company": company_id})
        return session.scalar(text("SELECT count(DISTINCT score_date) FROM biotech.ma_scores")) or 0

    assert database.write(act) == 50


def test_a_second_score_of_a_moment_is_refused(any_database: Database) -> None:
    company_id = any_database.write(add_company)
    any_database.write(score, company_id, 50)
    with pytest.raises(ScoreExists) as refused:
        any_database.write(score, company_id, 60)
    assert isinstance(refused.value, IntegrityError)


@pytest.fixture
def market(any_database: Database) -> Database:
    def fill(session: Session) -> None:
        for ticker, totals in (("BBB", (90, 70)), ("AAA", (40, 70)), ("CCC", (95, 95.5)), ("DDD", (20, 10))):
            company_id = add_company(session, ticker)
            for days_ago, total in zip((40, 2), totals, strict=True):
                score(session, company_id, total, days_ago=days_ago)
        hidden = add_company(session, "GONE")
        score(session, hidden, 100, days_ago=2)
        CompanyRepository(session).soft_delete(hidden)

    any_database.write(fill)
    return any_database


def test_the_top_is_the_latest_of_each_live_company_ties_by_ticker(market: Database) -> None:
    def top(session: Session, /, **given: Any) -> list[tuple[str, float]]:
        return shown(ScoreRepository(session).get_top_scores(**given))

    assert market.read(top) == [("CCC", 95.5), ("AAA", 70.0), ("BBB", 70.0), ("DDD", 10.0)]
    assert market.read(top, limit=1) == [("CCC", 95.5)]


def test_the_top_of_a_day_is_as_it_was_at_its_end(market: Database) -> None:
    def top(session: Session, day: date) -> list[tuple[str, float]]:
        return shown(ScoreRepository(session).get_top_scores(score_date=day))

    then = TODAY - timedelta(days=30)
    expected = [("CCC", 95.0), ("BBB", 90.0), ("AAA", 40.0), ("DDD", 20.0)]
    assert market.read(top, then) == expected
    assert market.read(top, then.date()) == expected
    assert market.read(top, (TODAY - timedelta(days=40)).date()) == expected
    assert market.read(top, (TODAY - timedelta(days=41)).date()) == []


def test_a_range_takes_in_its_bounds(market: Database) -> None:
    def within(session: Session, low: float, high: float = 100.0) -> list[tuple[str, float]]:
        return shown(ScoreRepository(session).get_by_score_range(low, high))

    assert market.read(within, 70, 95.5) == [("CCC", 95.5), ("AAA", 70.0), ("BBB", 70.0)]
    assert market.read(within, 70.01) == [("CCC", 95.5)]


def test_changes_are_listed_from_the_greatest_of_either_direction(market: Database) -> None:
    def changes(session: Session, /, **given: Any) -> list[tuple[str, float, float]]:
        found = ScoreRepository(session).get_score_changes(TODAY - timedelta(days=30), **given)
        return [(one.score.company.ticker, one.before, one.change) for one in found]

    assert market.read(changes) == [("AAA", 40.0, 30.0), ("BBB", 90.0, -20.0), ("DDD", 20.0, -10.0)]
    assert market.read(changes, min_change=20.5) == [("AAA", 40.0, 30.0)]


def test_history_is_of_the_last_days_newest_first(market: Database) -> None:
    def history(session: Session, /, **given: Any) -> list[float]:
        company = CompanyRepository(session).get_by_ticker("BBB")
        assert company is not None
        return [row.total_score for row in ScoreRepository(session).get_history(company.id, **given)]

    assert market.read(history) == [70.0, 90.0]
    assert market.read(history, days=30) == [70.0]
    assert market.read(history, limit=1) == [70.0]


def test_ranks_are_of_today_unless_told_and_count_live_companies_only(market: Database) -> None:
    def rank(session: Session, /, **given: Any) -> int:
        return ScoreRepository(session).update_percentile_ranks(**given)

    assert market.write(rank) == 0
    assert market.write(rank, score_date=TODAY - timedelta(days=2)) == 4


def latest(session: Session) -> list[float]:
    broken = [finding.check.name for finding in run_checks(session, CHECKS) if not finding.holds]
    assert broken == []
    return list(session.scalars(select(LatestScore.total_score)))


def test_the_latest_score_is_the_newest_whatever_happens_to_the_scores(any_database: Database) -> None:
    def act(session: Session) -> list[list[float]]:
        company_id = add_company(session)
        seen = []
        newest = score(session, company_id, 50, days_ago=1)
        seen.append(latest(session))
        score(session, company_id, 60, days_ago=9)  # comes in late
        seen.append(latest(session))
        connection = session.connection()
        connection.execute(update(TABLE).where(TABLE.c.id == newest.id).values(total_score=55))
        seen.append(latest(session))
        connection.execute(update(TABLE).where(TABLE.c.id == newest.id).values(score_date=TODAY - timedelta(days=20)))
        seen.append(latest(session))
        connection.execute(delete(TABLE).where(TABLE.c.total_score == 60))
        seen.append(latest(session))
        connection.execute(delete(TABLE))
        seen.append(latest(session))
        return seen

    assert any_database.write(act) == [[50.0], [50.0], [55.0], [60.0], [55.0], []]


def test_a_company_that_is_removed_for_good_takes_its_scores_along(any_database: Database) -> None:
    def act(session: Session) -> tuple[int, list[float]]:
        kept, removed = add_company(session, "KEPT"), add_company(session, "GONE")
        for company_id in (kept, removed):
            for days_ago in range(5):
                score(session, company_id, 10 + days_ago, days_ago=days_ago)
        session.delete(CompanyRepository(session).get(removed))
        session.flush()
        return len(session.scalars(select(MAScore.id)).all()), latest(session)

    assert any_database.write(act) == (5, [10.0])


def test_a_score_of_a_hidden_company_is_still_read_by_its_id(any_database: Database) -> None:
    def act(session: Session) -> tuple[float | None, list[MAScore]]:
        company_id = add_company(session)
        score(session, company_id, 80)
        CompanyRepository(session).soft_delete(company_id)
        scores = ScoreRepository(session)
        found = scores.get_latest_by_company(company_id)
        return found.total_score if found else None, list(scores.get_top_scores())

    assert any_database.write(act) == (80.0, [])


async def test_the_same_calls_are_awaited_over_an_asynchronous_session(any_async_database: AsyncDatabase) -> None:
    async with any_async_database.session() as session:
        company = await CompanyRepository(session).create("ABCD", "A", 1000, 100)
        scores = ScoreRepository(session)
        made = await scores.create(company_id=company.id, total_score=85.5)
        assert (await scores.get_latest_by_company(company.id)) is made
        assert shown(await scores.get_top_scores(limit=50)) == [("ABCD", 85.5)]
        assert await scores.update_percentile_ranks() == 1
        assert made.percentile_rank == 50.0
