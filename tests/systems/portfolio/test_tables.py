"""The tables of portfolio: their columns by name, and what the database refuses whoever writes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, CheckFailed, StrongroomError
from strongroom.kernel.sessions import Actor, Database
from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.models import (
    Base,
    Company,
    FxRate,
    MetricsInput,
    ReportingFinancials,
    ReportingMetrics,
)
from strongroom.systems.portfolio.rules import AMOUNT_FIELDS, METRIC_FIELDS
from tests.systems.portfolio.building import LAST, add_company, add_reporting_company, quarter

PERIODS = ["fiscal_reporting_date", "fiscal_reporting_quarter", "reporting_year", "reporting_quarter"]
SIGNED = ["created_date", "created_by", "last_update_date", "last_updated_by"]

#: percentages are in hundredths, as SQLite holds them; 10001 is above 100 on PostgreSQL as well
IMPOSSIBLE = [
    "metrics_input SET recurring_revenue = total_revenue + 1",
    "metrics_input SET recurring_revenue = -1",
    "metrics_input SET gross_profit = total_revenue + 1",
    "metrics_input SET total_revenue = -1",
    "metrics_input SET sales_marketing_expense = -1",
    "metrics_input SET total_operating_expense = sales_marketing_expense - 1",
    "metrics_input SET cash_balance = -1",
    "metrics_input SET debt_outstanding = -1",
    "metrics_input SET employees = 0",
    "metrics_input SET customers = -1",
    "metrics_input SET fiscal_reporting_quarter = 5",
    "metrics_input SET reporting_quarter = 0",
    "metrics_input SET reporting_year = 1999",
    "quarterly_reporting_financials SET exchange_rate_used = 0",
    "quarterly_reporting_financials SET recurring_revenue = total_revenue + 1",
    "quarterly_reporting_metrics SET arr = -1",
    "quarterly_reporting_metrics SET runway_months = -1",
    "quarterly_reporting_metrics SET recurring_percentage_revenue = -1",
    "quarterly_reporting_metrics SET recurring_percentage_revenue = 10001",
    "quarterly_reporting_metrics SET gross_profit_margin = 10001",
    "quarterly_reporting_metrics SET ltm_gross_margin = 10001",
    "companies SET name = ' '",
    "companies SET equity_raised = -1",
    "companies SET post_money_valuation = -1",
    "companies SET reporting_status = 'Dead'",
    "fx_rates SET rate = 0",
    "fx_rates SET quote_currency = base_currency",
    "fx_rates SET rate_period = 'year'",
]
#: SQLite knows no patterns and no NaN
MISSHAPEN = [
    "metrics_input SET currency = 'usd'",
    "metrics_input SET total_revenue = 'NaN'",
    "quarterly_reporting_metrics SET revenue_growth = 'NaN'",
    "companies SET reporting_currency = 'US'",
    "fx_rates SET base_currency = 'E R'",
]


@pytest.mark.parametrize(
    ("model", "columns"),
    [
        (MetricsInput, ["id", "company_id", "currency", *AMOUNT_FIELDS, "employees", "customers", *PERIODS, *SIGNED]),
        (
            ReportingFinancials,
            ["id", "company_id", "currency", "exchange_rate_used", *AMOUNT_FIELDS, *PERIODS, *SIGNED],
        ),
        (ReportingMetrics, ["id", "company_id", "currency", *METRIC_FIELDS, *PERIODS, *SIGNED]),
    ],
)
def test_a_table_has_the_columns_of_the_field_list_in_its_order(model: type[Base], columns: list[str]) -> None:
    assert [column.name for column in model.__table__.columns] == columns


def test_there_are_as_many_columns_as_there_should_be() -> None:
    models: tuple[type[Base], ...] = (Company, MetricsInput, ReportingFinancials, ReportingMetrics)
    assert {model.__tablename__: len(model.__table__.columns) for model in models} == {
        "companies": 15,
        "metrics_input": 23,
        "quarterly_reporting_financials": 22,
        "quarterly_reporting_metrics": 39,
    }


def test_a_row_says_all_its_columns_in_json(any_database: Database) -> None:
    company = any_database.write(add_reporting_company, [quarter(debt_outstanding="0")])
    row = any_database.read(lambda session: session.scalars(select(MetricsInput)).one())
    told = row.to_dict()
    assert list(told) == [column.name for column in MetricsInput.__table__.columns]
    assert (told["debt_outstanding"], told["total_revenue"]) == ("0.00", "1000000.00")
    assert (told["company_id"], told["fiscal_reporting_date"]) == (str(company.id), "2024-12-31")


def test_a_row_keeps_the_id_and_the_signature_it_is_given(any_database: Database) -> None:
    key = new_id()
    given = Company(
        id=key,
        name="Acme",
        reporting_currency="usd",
        fund="I",
        location_country="Canada",
        customer_type="SMB",
        revenue_type="Hybrid",
        year_end_date=date(2023, 12, 31),
        created_by="the import",
    )
    any_database.write(lambda session: session.add(given))
    bob = any_database.acting_as(Actor(new_id(), "Bob" * 50))

    def rename(session: Session) -> Company:
        company = session.get_one(Company, key)
        company.name = "Acme Ltd"
        return company

    changed = bob.write(rename)
    assert (changed.created_by, changed.reporting_currency) == ("the import", "USD")
    assert changed.last_updated_by == ("Bob" * 50)[:100]


def test_a_quarter_is_one_row_of_its_company(any_database: Database) -> None:
    any_database.write(add_reporting_company, [quarter()])

    def copy(session: Session) -> None:
        row = session.scalars(select(MetricsInput)).one()
        values = {column.name: getattr(row, column.name) for column in MetricsInput.__table__.columns}
        session.add(MetricsInput(**{**values, "id": new_id()}))

    with pytest.raises(AlreadyExists) as refusal:
        any_database.write(copy)
    assert refusal.value.facts["constraint"] == "uq_metrics_input_company_id_fiscal_reporting_date"


def test_the_database_itself_refuses_what_cannot_be(any_database: Database) -> None:
    any_database.write(add_reporting_company, [quarter()])
    assert [change for change in IMPOSSIBLE if not is_refused(any_database, change)] == []


def test_postgresql_also_refuses_what_only_looks_like_a_value(database: Database) -> None:
    database.write(add_reporting_company, [quarter()])
    assert [change for change in MISSHAPEN if not is_refused(database, change)] == []


def is_refused(database: Database, change: str) -> bool:
    try:
        database.write(lambda session: session.execute(text(f"UPDATE portfolio.{change}")))
    except CheckFailed:
        return True
    return False


def test_a_row_is_found_by_its_id_whatever_partition_it_is_in(any_database: Database) -> None:
    any_database.write(add_reporting_company, [quarter()])
    row = any_database.read(lambda session: session.scalars(select(ReportingMetrics)).first())
    assert row is not None
    found = any_database.read(lambda session: session.get(ReportingMetrics, row.id))
    assert found is not None
    assert (found.id, found.fiscal_reporting_date) == (row.id, LAST)


def test_a_quarter_outside_of_the_years_with_a_partition_has_its_place(database: Database) -> None:
    days = [date(2001, 12, 31), date(2019, 12, 31), date(2099, 12, 31)]

    def add_rates(session: Session) -> None:
        for day in days:
            session.add(
                FxRate(
                    base_currency="USD",
                    quote_currency="CAD",
                    rate_period="day",
                    rate_date=day,
                    rate=Decimal("1.3"),
                    provider="test",
                )
            )

    database.write(add_rates)
    database.write(add_reporting_company, [quarter(day) for day in days])
    where = text(
        "SELECT DISTINCT tableoid::regclass::text FROM portfolio.metrics_input UNION "
        "SELECT DISTINCT tableoid::regclass::text FROM portfolio.quarterly_reporting_metrics ORDER BY 1"
    )
    assert database.read(lambda session: session.scalars(where).all()) == [
        "portfolio.metrics_input_2019",
        "portfolio.metrics_input_default",
        "portfolio.quarterly_reporting_metrics_2019",
        "portfolio.quarterly_reporting_metrics_default",
    ]


@pytest.mark.parametrize("value", [1.5, "NaN", "1.005", "many"])
def test_money_is_exact_or_refused(value: Any) -> None:
    with pytest.raises(StrongroomError):
        MetricsInput(total_revenue=value)


def test_a_company_needs_nothing_but_its_facts(any_database: Database) -> None:
    company = any_database.write(add_company, equity_raised=None, post_money_valuation=None)
    assert (company.equity_raised, company.post_money_valuation) == (None, None)
