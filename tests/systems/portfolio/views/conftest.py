"""A small fund: companies whose quarters follow the worked example of the field, and some that are in trouble."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules import RateQuote, Submission, quarters_before
from strongroom.systems.portfolio.services import companies, inputs, rates

Q4 = date(2025, 12, 31)
"""The quarter most tests are about."""

REVENUE = (1_000_000, 1_050_000, 1_100_000, 1_150_000, 1_200_000, 1_300_000, 1_400_000, 1_500_000)
EBITDA = (-200_000, -190_000, -180_000, -170_000, -150_000, -120_000, -100_000, -50_000)
CASH = (5_000_000, 4_700_000, 4_420_000, 4_160_000, 3_930_000, 3_730_000, 3_560_000, 3_440_000)
EMPLOYEES = (50, 52, 54, 55, 56, 58, 60, 63)


class AddCompany(Protocol):
    """An action: a company of Fund I that reports in USD and sells subscriptions, unless told otherwise."""

    def __call__(self, session: Session, /, name: str, **values: Any) -> UUID: ...


class Report(Protocol):
    """An action: a quarter of a company with 1.2 million of revenue, unless told otherwise."""

    def __call__(self, session: Session, /, company_id: UUID, day: date = Q4, **figures: Any) -> UUID: ...


@pytest.fixture(scope="session")
def add_company() -> AddCompany:
    return _add_company


@pytest.fixture(scope="session")
def report() -> Report:
    return _report


@pytest.fixture(scope="session")
def report_two_years() -> Any:
    """The eight quarters of the worked example, until the end of 2025."""

    def action(session: Session, company_id: UUID) -> None:
        before = (CASH[0] + 300_000, *CASH)
        inputs.submit_quarters(
            session,
            company_id,
            [
                _submission(
                    quarters_before(Q4, 7 - number),
                    total_revenue=REVENUE[number],
                    recurring_revenue=REVENUE[number] * 8 // 10,
                    gross_profit=REVENUE[number] * 6 // 10,
                    ebitda=EBITDA[number],
                    net_income=EBITDA[number],
                    cash_burn=before[number] - CASH[number],
                    cash_balance=CASH[number],
                    debt_outstanding=1_000_000,
                    employees=EMPLOYEES[number],
                )
                for number in range(8)
            ],
        )

    return action


@pytest.fixture(scope="session")
def put_rates() -> Any:
    """1 USD = 1.25 CAD and 1 EUR = 1.10 USD at every end of a quarter from 2023 to 2026."""

    def action(session: Session) -> None:
        days = [date(year, month, day) for year in range(2023, 2027) for month, day in ENDS]
        rates.put_rates(session, [RateQuote("USD", "CAD", day, Decimal("1.25")) for day in days])
        rates.put_rates(session, [RateQuote("EUR", "USD", day, Decimal("1.10")) for day in days])

    return action


ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


def _add_company(session: Session, /, name: str, **values: Any) -> UUID:
    facts = {
        "reporting_currency": "USD",
        "fund": "Fund I",
        "location_country": "Canada",
        "customer_type": "SMB",
        "revenue_type": "Subscription",
        "equity_raised": Decimal(20_000_000),
        "post_money_valuation": Decimal(50_000_000),
        "year_end_date": date(2020, 12, 31),
    }
    return companies.create_company(session, name=name, **{**facts, **values}).id


def _report(session: Session, /, company_id: UUID, day: date = Q4, **figures: Any) -> UUID:
    return inputs.submit(session, company_id, _submission(day, **figures)).id


def _submission(day: date, **figures: Any) -> Submission:
    usual = {
        "currency": "USD",
        "total_revenue": 1_200_000,
        "recurring_revenue": 1_000_000,
        "gross_profit": 800_000,
        "sales_marketing_expense": 300_000,
        "total_operating_expense": 900_000,
        "ebitda": -100_000,
        "net_income": -120_000,
        "cash_burn": 300_000,
        "cash_balance": 6_000_000,
        "employees": 40,
    }
    return Submission(fiscal_reporting_date=day, **{**usual, **figures})
