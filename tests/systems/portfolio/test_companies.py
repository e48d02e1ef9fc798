"""Companies: taken in, changed, retired, removed; and what a new valuation changes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from strongroom.kernel.errors import AlreadyExists, InvalidValue, StillReferenced
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.tables import find_history
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.errors import CompanyAlreadyExists, CompanyHasData, CompanyNotFound, InputNotFound
from strongroom.systems.portfolio.models import Company
from strongroom.systems.portfolio.rules import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.services import companies, inputs, valuations
from tests.systems.portfolio.building import (
    DAYS,
    LAST,
    add_company,
    add_reporting_company,
    figures_of,
    quarter,
    twelve_quarters,
)


def test_a_company_is_stored_as_it_is_meant(any_database: Database) -> None:
    company = any_database.write(
        add_company, name="  Acme  Ltd ", reporting_currency=" usd", revenue_type="SaaS", equity_raised="67.20"
    )
    stored = any_database.read(companies.get_company, company.id)
    assert (stored.name, stored.reporting_currency, stored.equity_raised) == ("Acme  Ltd", "USD", Decimal("67.20"))
    assert stored.revenue_type is RevenueTypeEnum.SUBSCRIPTION
    assert stored.reporting_status is ReportingStatusEnum.ACTIVE
    assert (stored.created_by, stored.last_update_date, stored.last_updated_by) == ("system", None, None)
    assert any_database.read(companies.get_company_by_name, " Acme  Ltd").id == company.id


@pytest.mark.parametrize(
    ("alias", "meant"),
    [
        ("Recurring", RevenueTypeEnum.SUBSCRIPTION),
        ("e-commerce", RevenueTypeEnum.TRANSACTIONAL),
        ("Usage Pricing", RevenueTypeEnum.USAGE_PRICING),
        ("MARKETPLACE", RevenueTypeEnum.MARKETPLACE),
        (RevenueTypeEnum.HYBRID, RevenueTypeEnum.HYBRID),
    ],
)
def test_kinds_of_revenue_go_by_several_names(
    database: Database, alias: RevenueTypeEnum | str, meant: RevenueTypeEnum
) -> None:
    assert database.write(add_company, revenue_type=alias).revenue_type is meant


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", " "),
        ("name", "x" * 256),
        ("name", "two\nlines"),
        ("fund", ""),
        ("location_country", None),
        ("reporting_currency", "US"),
        ("reporting_currency", "ABC"),
        ("customer_type", "Nobody"),
        ("revenue_type", "Gifts"),
        ("reporting_status", "Dead"),
        ("equity_raised", "-1"),
        ("equity_raised", 1.5),
        ("post_money_valuation", "1e17"),
        ("post_money_valuation", "1.005"),
    ],
)
def test_a_company_that_cannot_be_is_refused_by_field(any_database: Database, field: str, value: Any) -> None:
    with pytest.raises(InvalidValue) as refusal:
        any_database.write(add_company, **{field: value})
    assert refusal.value.facts["field"] == field


def test_a_name_is_taken_once(any_database: Database) -> None:
    any_database.write(add_company)
    with pytest.raises(CompanyAlreadyExists):
        any_database.write(add_company)
    other = any_database.write(add_company, name="Other")
    with pytest.raises(CompanyAlreadyExists):
        any_database.write(companies.update_company, other.id, name="Acme")


def test_what_is_no_field_of_a_company_is_a_mistake_of_the_caller(database: Database) -> None:
    with pytest.raises(TypeError, match="created_by"):
        database.write(add_company, created_by="Mallory")


def test_put_takes_in_an_unknown_company_and_changes_a_known_one(any_database: Database) -> None:
    key = new_id()
    values = {
        "name": "Acme",
        "reporting_currency": "USD",
        "fund": "Fund I",
        "location_country": "Canada",
        "customer_type": "B2B",
        "revenue_type": "Hybrid",
        "year_end_date": date(2023, 12, 31),
    }
    company, is_new = any_database.write(companies.put_company, key, **values)
    assert (company.id, company.customer_type, is_new) == (key, CustomerTypeEnum.B2B, True)
    bob = any_database.acting_as(Actor(new_id(), "Bob"))
    company, is_new = bob.write(companies.put_company, key, **{**values, "fund": "Fund II"})
    assert (company.fund, company.created_by, company.last_updated_by, is_new) == ("Fund II", "system", "Bob", False)
    assert company.last_update_date is not None
    with pytest.raises(CompanyAlreadyExists):
        any_database.write(companies.put_company, new_id(), **values)


def test_a_company_is_listed_by_name_and_by_what_is_asked(any_database: Database) -> None:
    for name, fund, status in (("C", "I", "Active"), ("A", "I", "Exited"), ("B", "II", "Active")):
        any_database.write(add_company, name=name, fund=fund, reporting_status=status)
    found = any_database.read(companies.list_companies)
    assert ([row.name for row in found.items], found.total) == (["A", "B", "C"], 3)
    second = any_database.read(companies.list_companies, skip=1, limit=1)
    assert ([row.name for row in second.items], second.total) == (["B"], 3)
    active = any_database.read(companies.list_companies, status=ReportingStatusEnum.ACTIVE, fund="I")
    assert [row.name for row in active.items] == ["C"]
    assert any_database.read(companies.list_companies, customer_type=CustomerTypeEnum.SMB).total == 3
    assert any_database.read(companies.list_companies, revenue_type=RevenueTypeEnum.HYBRID).total == 0


def test_a_company_with_reported_quarters_is_retired_and_not_removed(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, [quarter()])
    with pytest.raises(CompanyHasData):
        any_database.write(companies.delete_company, company.id)
    retired = any_database.write(companies.set_reporting_status, company.id, "Exited")
    assert retired.reporting_status is ReportingStatusEnum.EXITED


def test_the_database_itself_keeps_a_company_that_has_reported(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, [quarter()])
    with pytest.raises(StillReferenced):
        any_database.write(lambda session: session.delete(session.get_one(Company, company.id)))


def test_a_company_without_quarters_goes_and_who_removed_it_stays_known(any_database: Database) -> None:
    company = any_database.write(add_company)
    any_database.acting_as(Actor(new_id(), "Bob")).write(companies.delete_company, company.id)
    with pytest.raises(CompanyNotFound):
        any_database.read(companies.get_company, company.id)
    with pytest.raises(CompanyNotFound):
        any_database.write(companies.delete_company, company.id)
    history = find_history(Company)
    assert history is not None
    last = select(history.c.last_updated_by).order_by(history.c.history_id.desc()).limit(1)
    assert any_database.read(lambda session: session.scalar(last)) == "Bob"
    still_open = select(func.count()).where(history.c.known_until.is_(None))
    assert any_database.read(lambda session: session.scalar(still_open)) == 0


@pytest.mark.parametrize("company_id", ["nonsense", "00000000-0000-7000-8000-000000000000", UUID(int=7)])
def test_an_id_that_is_none_is_not_there(any_database: Database, company_id: Any) -> None:
    with pytest.raises(CompanyNotFound):
        any_database.read(companies.get_company, company_id)
    with pytest.raises(CompanyNotFound):
        any_database.write(companies.update_company, company_id, fund="II")


def test_a_new_valuation_is_that_of_the_latest_quarter_and_history_keeps_its_own(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    before = any_database.read(figures_of, company.id)
    any_database.write(companies.update_company, company.id, post_money_valuation="90000000.00")
    after = any_database.read(figures_of, company.id)
    assert {day for day, currency in after if after[day, currency] != before[day, currency]} == {LAST}
    assert after[LAST, "EUR"]["metric enterprise_value"] == Decimal("91000000.00")
    # a quarter restated later keeps the valuation of its time, the next one sent takes the new one
    row = any_database.read(inputs.get_input_of_quarter, company.id, DAYS[5])
    any_database.write(inputs.update_input, row.id, debt_outstanding="2000000.00")
    restated = any_database.read(figures_of, company.id)
    assert restated[DAYS[5], "EUR"]["metric enterprise_value"] == Decimal("52000000.00")


def test_a_valuation_in_a_new_currency_is_converted_at_the_quarters_rates(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    any_database.write(companies.update_company, company.id, reporting_currency="USD")
    after = any_database.read(figures_of, company.id)
    assert after[LAST, "USD"]["metric enterprise_value"] == Decimal("50000000") + after[LAST, "USD"]["debt_outstanding"]
    assert after[DAYS[0], "EUR"]["metric enterprise_value"] == Decimal("51000000.00")


def test_the_valuation_of_an_old_quarter_can_be_corrected(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, twelve_quarters())
    before = any_database.read(figures_of, company.id)
    any_database.write(
        valuations.set_quarter_valuation,
        company.id,
        DAYS[2],
        equity_raised="1000000.00",
        post_money_valuation="3000000.00",
    )
    after = any_database.read(figures_of, company.id)
    assert {day for day, currency in after if after[day, currency] != before[day, currency]} == {DAYS[2]}
    assert after[DAYS[2], "EUR"]["metric enterprise_value"] == Decimal("4000000.00")
    assert after[DAYS[2], "CAD"]["metric ev_by_equity_raised_plus_debt"] == Decimal("2.00")
    with pytest.raises(InputNotFound):
        any_database.write(
            valuations.set_quarter_valuation,
            company.id,
            date(2020, 12, 31),
            equity_raised=None,
            post_money_valuation=None,
        )


def test_a_valuation_before_the_first_quarter_is_taken_by_it(any_database: Database) -> None:
    company = any_database.write(add_company, equity_raised=None, post_money_valuation=None)
    any_database.write(companies.update_company, company.id, equity_raised="1", post_money_valuation="7")
    assert any_database.read(figures_of, company.id) == {}


def test_an_id_that_is_taken_is_no_second_company(any_database: Database) -> None:
    company = any_database.write(add_company)
    with pytest.raises(AlreadyExists):
        any_database.write(lambda session: session.add(_copy_of(company)))


def _copy_of(company: Company) -> Company:
    return Company(
        id=company.id,
        name="Copy",
        reporting_currency="USD",
        fund="I",
        location_country="Canada",
        customer_type="SMB",
        revenue_type="Hybrid",
        year_end_date=date(2023, 12, 31),
    )
