"""Claims about figures that follow from others: whoever writes the row, on either database, they are the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, inspect, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.biotech.models import Company, DrugCandidate
from strongroom.systems.biotech.repositories import CompanyRepository, DrugCandidateRepository
from strongroom.systems.biotech.rules.enums import Phase
from strongroom.systems.biotech.rules.pipeline import PHASE_SCORES

TABLE: Any = inspect(Company).local_table
DERIVED = ("enterprise_value_usd", "runway_quarters", "is_cash_constrained")
CENTS = st.integers(min_value=0, max_value=10**15).map(lambda cents: Decimal(cents).scaleb(-2))
Derived = tuple[Decimal | None, float | None, bool]


def derived(company: Any) -> Derived:
    return company.enterprise_value_usd, company.runway_quarters, company.is_cash_constrained


def stored(session: Session) -> Derived:
    row = session.execute(select(*(TABLE.c[name] for name in DERIVED))).one()
    return derived(row)


def values(**given: Any) -> dict[str, Any]:
    return {"ticker": "ABCD", "name": "A", "market_cap_usd": Decimal(1000), "cash_position_usd": Decimal(300), **given}


def by_object(session: Session, /, **given: Any) -> Derived:
    company = Company(**values(**given))
    session.add(company)
    session.flush()
    assert derived(company) == stored(session)  # the object knows it without being read again
    return derived(company)


def by_statement(session: Session, /, **given: Any) -> Derived:
    row = {"id": Company(**values()).id, "is_cash_constrained": False, **values(**given)}
    session.connection().execute(insert(TABLE).values(row))
    return stored(session)


@pytest.mark.parametrize("write", [by_object, by_statement])
@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({}, ("700.00", None, False)),
        ({"total_debt_usd": Decimal("50.5")}, ("750.50", None, False)),
        ({"cash_position_usd": Decimal(2500)}, ("-1500.00", None, False)),
        ({"quarterly_burn_rate_usd": Decimal(0)}, ("700.00", None, False)),
        ({"quarterly_burn_rate_usd": Decimal(75)}, ("700.00", 4.0, False)),
        ({"quarterly_burn_rate_usd": Decimal(76)}, ("700.00", 3.95, True)),
        ({"quarterly_burn_rate_usd": Decimal(80), "runway_quarters": 9}, ("700.00", 3.75, True)),
        ({"quarterly_burn_rate_usd": Decimal("0.01")}, ("700.00", 30000.0, False)),
        ({"quarterly_burn_rate_usd": Decimal("0.01"), "cash_position_usd": Decimal(10**9)}, (None, 999999.99, False)),
        ({"is_cash_constrained": True}, ("700.00", None, True)),
        ({"runway_quarters": 3.99}, ("700.00", 3.99, True)),
        ({"runway_quarters": 4, "is_cash_constrained": True}, ("700.00", 4.0, False)),
        ({"quarterly_burn_rate_usd": Decimal(0), "is_cash_constrained": True}, ("700.00", None, False)),
    ],
)
def test_value_runway_and_constraint_follow_from_the_figures(
    any_database: Database, write: Any, figures: dict[str, Any], expected: tuple[str | None, float | None, bool]
) -> None:
    value, runway, constrained = any_database.write(write, **figures)
    if expected[0] is not None:
        assert value == Decimal(expected[0])
    assert (runway, constrained) == expected[1:]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cash=CENTS, burn=CENTS, cap=CENTS, debt=CENTS)
@example(cash=Decimal("0.05"), burn=Decimal(10), cap=Decimal(0), debt=Decimal(0))  # half of the last decimal
def test_both_ways_of_writing_and_both_databases_agree(
    database: Database, sqlite_database: Database, cash: Decimal, burn: Decimal, cap: Decimal, debt: Decimal
) -> None:
    figures = {
        "cash_position_usd": cash,
        "quarterly_burn_rate_usd": burn,
        "market_cap_usd": cap,
        "total_debt_usd": debt,
    }
    found = set()
    for one in (database, sqlite_database):
        for write in (by_object, by_statement):
            with one.open_session() as session:  # ends in rollback
                found.add(write(session, **figures))
    assert len(found) == 1


@pytest.mark.parametrize("by_hand", [False, True])
def test_when_the_burn_is_forgotten_so_is_what_followed_from_it(any_database: Database, by_hand: bool) -> None:
    def act(session: Session) -> Derived:
        company = CompanyRepository(session).create("ABCD", "A", 1000, 300, quarterly_burn_rate_usd=100)
        assert derived(company)[1:] == (3.0, True)
        if by_hand:
            session.connection().execute(update(TABLE).values(quarterly_burn_rate_usd=None))
        else:
            CompanyRepository(session).update(company.id, quarterly_burn_rate_usd=None)
            assert derived(company)[1:] == (None, False)
        return stored(session)

    assert any_database.write(act)[1:] == (None, False)


@pytest.mark.parametrize("by_hand", [False, True])
def test_a_runway_that_is_given_as_the_burn_is_forgotten_stays(any_database: Database, by_hand: bool) -> None:
    def act(session: Session) -> Derived:
        company = CompanyRepository(session).create("ABCD", "A", 1000, 300, quarterly_burn_rate_usd=100)
        change = {"quarterly_burn_rate_usd": None, "runway_quarters": 2.5}
        if by_hand:
            session.connection().execute(update(TABLE).values(change))
        else:
            CompanyRepository(session).update(company.id, **change)
        return stored(session)

    assert any_database.write(act)[1:] == (2.5, True)


def test_figures_follow_a_change_by_hand(any_database: Database) -> None:
    def act(session: Session) -> Derived:
        CompanyRepository(session).create("ABCD", "A", 1000, 300, quarterly_burn_rate_usd=100)
        session.connection().execute(update(TABLE).values(cash_position_usd=Decimal(500)))
        return stored(session)

    assert any_database.write(act) == (Decimal("500.00"), 5.0, False)


def add_drug(session: Session, /, **given: Any) -> DrugCandidate:
    company = CompanyRepository(session).create("ABCD", "A", 1000, 300)
    row = {"name": "A-1", "phase": "phase_2", "indication": "an illness", "mechanism": "m", "therapeutic_area": "other"}
    return DrugCandidateRepository(session).create(company.id, **{**row, **given})


@pytest.mark.parametrize("phase", Phase)
def test_the_score_of_a_phase_is_the_one_of_the_rules(any_database: Database, phase: Phase) -> None:
    def act(session: Session) -> tuple[float | None, float | None]:
        drug = add_drug(session, phase=phase)
        before = drug.phase_score
        changed = DrugCandidateRepository(session).update(drug.id, phase=Phase.DISCONTINUED)
        assert changed is not None
        return before, changed.phase_score

    assert any_database.write(act) == (PHASE_SCORES[phase], 0.0)


def test_years_of_patent_are_counted_when_they_are_read(any_database: Database) -> None:
    today = datetime.now(UTC).date()
    drug = any_database.write(add_drug, patent_expiry=today + timedelta(days=3653))
    assert drug.patent_years_remaining == pytest.approx(10.0, abs=0.02)
    drug.patent_expiry = today - timedelta(days=1)
    assert drug.patent_years_remaining == 0.0
    drug.patent_expiry = None
    assert drug.patent_years_remaining is None


@pytest.mark.parametrize(("given_date", "kept"), [("2027-q3", "2027-Q3"), (" 2027-02-28 ", "2027-02-28"), (None, None)])
def test_a_milestone_is_a_day_or_a_quarter(any_database: Database, given_date: str | None, kept: str | None) -> None:
    assert any_database.write(add_drug, next_milestone_date=given_date).next_milestone_date == kept


@pytest.mark.parametrize("given_date", ["2027-Q5", "2027-02-30", "1999-Q1", "2101-Q1", "soon", "2027", ""])
def test_any_other_milestone_is_refused(any_database: Database, given_date: str) -> None:
    with pytest.raises(InvalidValue, match="next_milestone_date"):
        any_database.write(add_drug, next_milestone_date=given_date)
