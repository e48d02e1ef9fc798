"""Claims about where a score stands among the scores of its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from time import perf_counter

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import Company, MAScore
from strongroom.systems.biotech.repositories.percentiles import rank_percentiles

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def add_scores(session: Session, *totals: float, at: datetime = NOON) -> list[MAScore]:
    """One score each for as many new companies."""
    rows = []
    for total in totals:
        count = session.scalar(select(func.count()).select_from(Company).execution_options(include_deleted=True))
        company = Company(
            ticker=f"T{count}", name="Company", market_cap_usd=Decimal(10**9), cash_position_usd=Decimal(10**8)
        )
        session.add(company)
        session.flush()
        rows.append(MAScore(company_id=company.id, total_score=total, score_date=at))
    session.add_all(rows)
    session.flush()
    return rows


def ranks(session: Session, *totals: float) -> list[float | None]:
    rows = add_scores(session, *totals)
    assert rank_percentiles(session, DAY) == len(totals)
    return [row.percentile_rank for row in rows]


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([10, 20, 30], [0, 50, 100]),
        ([30, 10, 20], [100, 0, 50]),
        ([50, 50], [0, 0]),
        ([10, 50, 50, 90], [0, 33.33, 33.33, 100]),
        ([10, 20, 30, 40], [0, 33.33, 66.67, 100]),
        ([42], [50]),
        ([], []),
    ],
)
def test_the_lowest_is_0_the_highest_100_ties_are_equal_and_one_alone_is_50(
    any_database: Database, totals: list[float], expected: list[float]
) -> None:
    assert any_database.write(ranks, *totals) == expected


def test_only_the_newest_score_of_a_company_in_the_day_is_ranked(any_database: Database) -> None:
    def act(session: Session) -> list[float | None]:
        first, other = add_scores(session, 90, 50)
        later = MAScore(company_id=first.company_id, total_score=10, score_date=NOON + timedelta(hours=1))
        session.add(later)
        assert rank_percentiles(session, DAY) == 2
        return [first.percentile_rank, later.percentile_rank, other.percentile_rank]

    assert any_database.write(act) == [None, 0, 100]


def test_a_deleted_company_is_left_out(any_database: Database) -> None:
    def act(session: Session) -> list[float | None]:
        gone, *others = add_scores(session, 100, 20, 30)
        session.get_one(Company, gone.company_id).deleted_at = NOON
        assert rank_percentiles(session, DAY) == 2
        return [row.percentile_rank for row in (gone, *others)]

    assert any_database.write(act) == [None, 0, 100]


@pytest.mark.parametrize(
    ("moment", "is_ranked"),
    [
        (datetime(2026, 3, 1, tzinfo=UTC), True),
        (datetime(2026, 3, 1, 23, 59, 59, 999999, tzinfo=UTC), True),
        (datetime(2026, 3, 2, tzinfo=UTC), False),
        (datetime(2026, 2, 28, 23, 59, 59, 999999, tzinfo=UTC), False),
        (datetime.fromisoformat("2026-03-01T23:30:00-05:00"), False),
        (datetime.fromisoformat("2026-02-28T23:30:00-05:00"), True),
    ],
)
def test_a_day_is_a_day_of_utc(any_database: Database, moment: datetime, is_ranked: bool) -> None:
    def act(session: Session) -> int:
        add_scores(session, 10, at=moment)
        return rank_percentiles(session, DAY)

    assert any_database.write(act) == is_ranked


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Tokyo"])
def test_the_day_does_not_depend_on_the_time_zone_of_the_session(database: Database, zone: str) -> None:
    def act(session: Session) -> int:
        session.execute(text(f"SET LOCAL timezone = '{zone}'"))
        add_scores(session, 10, at=datetime(2026, 3, 1, 0, 30, tzinfo=UTC))
        add_scores(session, 20, at=datetime(2026, 3, 1, 23, 30, tzinfo=UTC))
        return rank_percentiles(session, DAY)

    assert database.write(act) == 2


def test_ranking_again_ranks_anew(any_database: Database) -> None:
    def act(session: Session) -> list[float | None]:
        first, second = add_scores(session, 10, 20)
        rank_percentiles(session, DAY)
        (third,) = add_scores(session, 15)
        rank_percentiles(session, DAY)
        return [row.percentile_rank for row in (first, second, third)]

    assert any_database.write(act) == [0, 100, 50]


def test_a_rank_is_the_share_of_the_others_that_are_lower(any_database: Database) -> None:
    totals = [round(n * 37.31 % 40, 1) for n in range(60)]
    shares = [100 * sum(other < total for other in totals) / (len(totals) - 1) for total in totals]
    assert any_database.write(ranks, *totals) == pytest.approx(shares, abs=0.005)


@pytest.mark.heavy
def test_a_hundred_thousand_companies_are_ranked_in_seconds(database: Database) -> None:
    def build(session: Session) -> None:
        session.execute(
            text(
                "INSERT INTO biotech.companies (id, ticker, name, market_cap_usd, cash_position_usd) "
                "SELECT gen_random_uuid(), 'C' || n, 'Company ' || n, 1e9, 1e8 FROM generate_series(1, 100000) n"
            )
        )
        session.execute(
            text(
                "INSERT INTO biotech.ma_scores (id, company_id, score_date, total_score) "
                "SELECT gen_random_uuid(), id, '2026-03-01 12:00+00', round((random() * 100)::numeric, 2) "
                "FROM biotech.companies"
            )
        )

    database.write(build)
    began = perf_counter()
    assert database.write(rank_percentiles, DAY) == 100_000
    assert perf_counter() - began < 20
    extremes = select(func.min(MAScore.percentile_rank), func.max(MAScore.percentile_rank))
    lowest, highest = database.read(lambda session: session.execute(extremes).one())
    assert lowest == 0
    assert highest is not None
    assert highest > 99.9  # several share the highest total
