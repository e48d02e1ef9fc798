"""Claims about how far a score has moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from random import Random
from threading import Thread
from uuid import UUID

import pytest
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import Company, MAScore
from strongroom.systems.biotech.repositories.score_changes import fill_changes

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
Changes = dict[int, tuple[float | None, float | None]]


def add_company(session: Session) -> UUID:
    company = Company(ticker="ABCD", name="Company", market_cap_usd=Decimal(10**9), cash_position_usd=Decimal(10**8))
    session.add(company)
    session.flush()
    return company.id


def add_score(session: Session, company_id: UUID, day: int, total: float, **values: float) -> MAScore:
    """day: counted from NOW, negative before it."""
    row = MAScore(company_id=company_id, score_date=NOW + timedelta(days=day), total_score=total, **values)
    session.add(row)
    fill_changes(session, row)
    return row


def changes(session: Session, company_id: UUID) -> Changes:
    """By day: the change in 30 and in 90 days."""
    rows = session.scalars(select(MAScore).where(MAScore.company_id == company_id))
    return {(row.score_date - NOW).days: (row.score_change_30d, row.score_change_90d) for row in rows}


def test_the_first_score_has_nothing_to_be_compared_with(any_database: Database) -> None:
    def act(session: Session) -> Changes:
        company_id = add_company(session)
        add_score(session, company_id, 0, 50)
        add_score(session, company_id, 29, 60)
        return changes(session, company_id)

    assert any_database.write(act) == {0: (None, None), 29: (None, None)}


def test_a_change_is_against_the_newest_score_at_or_before_that_day(any_database: Database) -> None:
    def act(session: Session) -> Changes:
        company_id = add_company(session)
        for day, total in ((-95, 10.1), (-31, 20), (-30, 30), (-29, 40)):
            add_score(session, company_id, day, total)
        row = add_score(session, company_id, 0, 55.5)
        assert (row.score_change_30d, row.score_change_90d) == (25.5, 45.4)  # on the object, too
        return changes(session, company_id)

    assert any_database.write(act)[0] == (25.5, 45.4)


def test_a_change_that_is_given_stays(any_database: Database) -> None:
    def act(session: Session) -> Changes:
        company_id = add_company(session)
        add_score(session, company_id, -100, 10)
        add_score(session, company_id, 0, 50, score_change_30d=7)
        return changes(session, company_id)

    assert any_database.write(act)[0] == (7, 40)


def test_a_late_score_corrects_the_later_ones_it_is_now_the_baseline_of(any_database: Database) -> None:
    def act(session: Session) -> Changes:
        company_id = add_company(session)
        rows = [add_score(session, company_id, day, total) for day, total in ((-60, 10), (-20, 20), (0, 50), (15, 60))]
        add_score(session, company_id, -40, 30)
        assert rows[2].score_change_30d == 20  # the object knows as well
        return changes(session, company_id)

    assert any_database.write(act) == {
        -60: (None, None),
        -40: (None, None),
        -20: (10, None),  # -50 lies before the late score: still against -60
        0: (20, None),  # was 40, against -60
        15: (40, None),  # -15 lies after -20: still against that
    }


def test_in_whatever_order_scores_come_in_the_changes_are_the_same(any_database: Database) -> None:
    days = {
        day: float(day * 7 % 41) for day in (-200, -180, -121, -120, -91, -90, -60, -45, -31, -30, -1, 0, 29, 30, 90)
    }
    expected: Changes = {}
    for day, total in days.items():
        past = [[days[other] for other in sorted(days) if other <= day - span] for span in (30, 90)]
        expected[day] = (total - past[0][-1] if past[0] else None, total - past[1][-1] if past[1] else None)

    def act(session: Session, order: list[int]) -> Changes:
        session.execute(delete(Company))
        company_id = add_company(session)
        for day in order:
            add_score(session, company_id, day, days[day])
        return changes(session, company_id)

    for seed in range(8):
        order = Random(seed).sample(sorted(days), len(days))
        assert any_database.write(act, order) == expected, f"in the order {order}"


def test_many_scores_of_many_companies_are_filled_at_once(any_database: Database) -> None:
    def act(session: Session) -> list[float | None]:
        rows = []
        for number in range(3):
            company = Company(
                ticker=f"T{number}", name="C", market_cap_usd=Decimal(10**9), cash_position_usd=Decimal(10**8)
            )
            session.add(company)
            session.flush()
            add_score(session, company.id, -30, 10 * number)
            rows.append(MAScore(company_id=company.id, score_date=NOW, total_score=50))
        session.add_all(rows)
        fill_changes(session, *rows)
        return [row.score_change_30d for row in rows]

    assert any_database.write(act) == [50, 40, 30]


def test_two_scores_of_one_company_at_once_know_of_each_other(database: Database) -> None:
    for _ in range(5):
        company_id = database.write(_new_company)
        threads = [
            Thread(target=database.write, args=(add_score, company_id, day, total))
            for day, total in ((-30, 20.0), (0, 50.0))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert database.read(changes, company_id)[0] == (30, None)


def _new_company(session: Session) -> UUID:
    session.execute(delete(Company))
    return add_company(session)


@pytest.mark.parametrize("total", [0.1, 33.33, 85.1])
def test_changes_are_exact_to_two_decimals(any_database: Database, total: float) -> None:
    def act(session: Session) -> Changes:
        company_id = add_company(session)
        add_score(session, company_id, -30, 0.2)
        add_score(session, company_id, 0, total)
        return changes(session, company_id)

    assert any_database.write(act)[0][0] == round(total - 0.2, 2)
