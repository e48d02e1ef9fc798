"""Claims about who was on top at the end of a day gone by."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import Company
from strongroom.systems.biotech.repositories import ScoreRepository

DAY = date(2026, 3, 1)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)

#: by ticker: days from DAY and totals
SCORES = {
    "ROSE": [(-9, 10), (0, 90), (1, 5)],
    "FELL": [(-9, 95), (-1, 40)],
    "SAME": [(-2, 40)],
    "LATE": [(1, 99)],
    "GONE": [(-1, 98)],
}


def fill(session: Session) -> None:
    scores = ScoreRepository(session)
    for ticker, history in SCORES.items():
        company = Company(ticker=ticker, name=ticker, market_cap_usd=Decimal(1), cash_position_usd=Decimal(1))
        session.add(company)
        session.flush()
        for days, total in history:
            scores.create(company.id, total, score_date=NOON + timedelta(days=days))
        if ticker == "GONE":
            company.deleted_at = NOON


def top(session: Session, limit: int, day: date | datetime) -> list[tuple[str, float]]:
    return [(row.company.ticker, row.total_score) for row in ScoreRepository(session).get_top_scores(limit, day)]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (DAY, [("ROSE", 90), ("FELL", 40), ("SAME", 40)]),
        (NOON, [("ROSE", 90), ("FELL", 40), ("SAME", 40)]),
        (DAY - timedelta(days=2), [("FELL", 95), ("SAME", 40), ("ROSE", 10)]),
        (DAY + timedelta(days=1), [("LATE", 99), ("FELL", 40), ("SAME", 40), ("ROSE", 5)]),
        (DAY - timedelta(days=10), []),
    ],
)
def test_each_company_stands_by_its_newest_score_of_that_day_or_before(
    any_database: Database, day: date | datetime, expected: list[tuple[str, float]]
) -> None:
    any_database.write(fill)
    assert any_database.read(top, 50, day) == expected
    assert any_database.read(top, 2, day) == expected[:2]
