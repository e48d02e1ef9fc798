"""Claims about who might buy a company, as it is stored."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from threading import Thread
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database, now_of
from strongroom.kernel.values import new_id
from strongroom.systems.biotech.errors import CompanyNotFound
from strongroom.systems.biotech.models import AcquirerMatch, Company, DrugCandidate
from strongroom.systems.biotech.repositories import AcquirerMatchRepository
from strongroom.systems.biotech.rules.matching import Acquirer
from strongroom.systems.biotech.services.matching import acquirer_of, match_target

BILLION = Decimal(10**9)
BUYER = Acquirer(
    "BIG", "Big Pharma", frozenset({"oncology"}), 20 * BILLION, 100 * BILLION, "Boston, MA", 5, patent_cliff_years=2
)


def add_company(session: Session, /, ticker: str = "SMOL", phase: str = "phase_3", **values: Any) -> UUID:
    figures = {
        "market_cap_usd": 2 * BILLION,
        "cash_position_usd": BILLION,
        "therapeutic_areas": ["oncology"],
        "headquarters_location": "San Diego, CA",
    }
    company = Company(ticker=ticker, name=f"{ticker} Inc.", **{**figures, **values})
    session.add(company)
    session.flush()
    session.add(
        DrugCandidate(
            company_id=company.id,
            name="A-1",
            phase=phase,
            indication="melanoma",
            mechanism="PD-1",
            therapeutic_area="oncology",
            patent_expiry=now_of(session).date() + timedelta(days=1461),
        )
    )
    session.flush()
    return company.id


def buyers(number: int) -> list[Acquirer]:
    """Each fits a little worse than the one before, but for the second pair, who are equal."""
    deals = [5, 4, 4, 3, 2, 1, 0, 0, 0]
    return [replace(BUYER, ticker=f"B{index}", deals_in_five_years=deals[index]) for index in range(number)]


def latest_run(session: Session, target_id: UUID) -> list[AcquirerMatch]:
    return list(AcquirerMatchRepository(session).get_for_target(target_id))


def test_a_match_is_stored_with_all_that_was_judged(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    (row,) = any_database.write(match_target, target_id, [BUYER])
    assert row.strategic_fit_score == 9.25
    assert row.therapeutic_overlap_score == row.financial_capacity_score == row.historical_ma_score == 10
    assert row.geographic_fit_score == 8
    assert row.match_score == 95.75
    assert (row.probability, row.estimated_premium_pct) == (0.7, 65)
    assert (row.valuation_low_usd, row.valuation_base_usd, row.valuation_high_usd) == (
        Decimal("1325000000.00"),
        Decimal("1650000000.00"),
        Decimal("1975000000.00"),
    )
    assert row.estimated_valuation_range_usd == "$1.33B to $1.98B"
    assert row.synergy_rationale == "shares oncology; main patent ends in 2 years; average premium"
    assert row.key_assets_of_interest == ["A-1"]
    assert (row.match_rank, row.is_top_match, row.acquirer_company_id) == (1, True, None)
    stored = any_database.read(lambda session: session.get_one(AcquirerMatch, row.id)).extra["inputs"]
    assert stored["acquirer"]["patent_cliff_years"] == 2
    assert stored["acquirer"]["cash_usd"] == "20000000000"
    assert stored["target"]["enterprise_value_usd"] == "1000000000.00"


def test_ranks_are_dense_and_the_best_five_are_on_top(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    any_database.write(match_target, target_id, buyers(7)[::-1])
    rows = any_database.read(latest_run, target_id)
    assert [(row.match_rank, row.acquirer_ticker, row.is_top_match) for row in rows] == [
        (place + 1, f"B{place}", place < 5) for place in range(7)
    ]


def test_a_new_run_takes_the_place_of_the_one_before_which_stays_as_history(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    any_database.write(match_target, target_id, buyers(6))
    any_database.write(match_target, target_id, buyers(2))
    rows = any_database.read(latest_run, target_id)
    assert [(row.acquirer_ticker, row.match_rank) for row in rows] == [("B0", 1), ("B1", 2)]
    total, on_top = any_database.read(
        lambda session: session.execute(
            select(func.count(), func.count().filter(AcquirerMatch.is_top_match)).select_from(AcquirerMatch)
        ).one()
    )
    assert (total, on_top) == (8, 2)


def test_what_fits_too_little_is_not_stored(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    broke = replace(BUYER, therapeutic_areas=frozenset(), cash_usd=Decimal(0), market_cap_usd=Decimal(0))
    assert any_database.write(match_target, target_id, [broke]) != []
    assert any_database.write(match_target, target_id, [broke], min_score=60) == []


def test_nobody_is_matched_with_itself(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    assert any_database.write(match_target, target_id, [replace(BUYER, ticker="SMOL")]) == []


def test_one_of_our_companies_can_be_the_acquirer(any_database: Database) -> None:
    target_id = any_database.write(add_company)
    buyer_id = any_database.write(add_company, "BIG", phase="approved", market_cap_usd=50 * BILLION)
    buyer = any_database.read(acquirer_of, buyer_id, deals_in_five_years=3)
    assert (buyer.ticker, buyer.market_cap_usd, buyer.patent_cliff_years) == ("BIG", 50 * BILLION, 4.0)
    (row,) = any_database.write(match_target, target_id, [buyer])
    assert row.acquirer_company_id == buyer_id


def test_a_drug_that_is_not_sold_makes_no_patent_cliff(any_database: Database) -> None:
    buyer_id = any_database.write(add_company, "BIG")
    assert any_database.read(acquirer_of, buyer_id).patent_cliff_years is None


def test_a_target_that_is_not_there_is_refused(any_database: Database) -> None:
    with pytest.raises(CompanyNotFound):
        any_database.write(match_target, new_id(), [BUYER])
    with pytest.raises(CompanyNotFound):
        any_database.read(acquirer_of, new_id())


def test_two_runs_at_once_come_one_after_the_other(database: Database) -> None:
    target_id = database.write(add_company)
    threads = [Thread(target=database.write, args=(match_target, target_id, buyers(number))) for number in (3, 6, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    rows = database.read(latest_run, target_id)
    assert len({row.run_id for row in rows}) == 1
    assert [row.match_rank for row in rows] == list(range(1, len(rows) + 1))
    runs_on_top = select(func.count(AcquirerMatch.run_id.distinct())).where(AcquirerMatch.is_top_match)
    assert database.read(lambda session: session.scalar(runs_on_top)) == 1
