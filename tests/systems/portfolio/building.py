"""Companies, quarters and rates to begin from, and derived rows as they can be compared."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.models import Company, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.rules import AMOUNT_FIELDS, METRIC_FIELDS, RateQuote, Submission, quarters_before
from strongroom.systems.portfolio.services import companies, inputs, rates
from tests.systems.portfolio import worked_example

#: of one company: twelve quarters, so that one in the middle has seven after it
LAST = date(2024, 12, 31)
DAYS = tuple(quarters_before(LAST, count) for count in reversed(range(12)))


def add_company(session: Session, /, **values: Any) -> Company:
    """A company that reports in USD by the calendar."""
    return companies.create_company(
        session,
        **{
            "name": "Acme",
            "reporting_currency": "USD",
            "fund": "Fund I",
            "location_country": "Canada",
            "customer_type": "SMB",
            "revenue_type": "Subscription",
            "equity_raised": worked_example.EQUITY_RAISED,
            "post_money_valuation": worked_example.POST_MONEY_VALUATION,
            "year_end_date": date(2023, 12, 31),
            **values,
        },
    )


def quarter(day: date = LAST, **changes: Any) -> Submission:
    """A company's figures for the quarter that ends on that day."""
    given = Submission(
        fiscal_reporting_date=day,
        currency="USD",
        total_revenue="1000000.00",
        recurring_revenue="800000.00",
        gross_profit="600000.00",
        sales_marketing_expense="200000.00",
        total_operating_expense="750000.00",
        ebitda="-150000.00",
        net_income="-160000.00",
        cash_burn="200000.00",
        cash_balance="5000000.00",
        debt_outstanding="1000000.00",
        employees=50,
        customers=120,
    )
    return replace(given, **changes)


def twelve_quarters(currency: str = "EUR") -> list[Submission]:
    """Each unlike the others, oldest first."""
    return [
        quarter(
            day,
            currency=currency,
            total_revenue=f"{1_000_000 + 37_411 * number}.37",
            recurring_revenue=f"{700_000 + 29_013 * number}.11",
            gross_profit=f"{500_000 + 21_007 * number}.93",
            ebitda=f"{-150_000 + 9_999 * number}.55",
            net_income=f"{-170_000 + 9_001 * number}.15",
            cash_burn=f"{200_000 - 7_003 * number}.45",
            cash_balance=f"{5_000_000 - 150_000 * number}.05",
            employees=50 + 3 * number,
        )
        for number, day in enumerate(DAYS)
    ]


def put_daily_rates(session: Session, days: Sequence[date] = DAYS) -> None:
    """EUR and GBP in USD, USD in CAD, a little dearer every quarter."""
    quotes = []
    for number, day in enumerate(days):
        step = Decimal(number) / 1000
        quotes += [
            RateQuote("EUR", "USD", day, Decimal("1.0837") + step),
            RateQuote("GBP", "USD", day, Decimal("1.2701") + step),
            RateQuote("USD", "CAD", day, Decimal("1.3542") + step),
        ]
    rates.put_rates(session, quotes)


def add_reporting_company(session: Session, sent: Sequence[Submission], /, **values: Any) -> Company:
    """A company that has sent these quarters, with the rates they need."""
    put_daily_rates(session)
    company = add_company(session, **{"reporting_currency": sent[0].currency, **values})
    inputs.submit_quarters(session, company.id, sent)
    return company


def figures_of(session: Session, company_id: UUID) -> dict[tuple[date, str], dict[str, Any]]:
    """Every derived figure of a company, by quarter and currency."""
    found: dict[tuple[date, str], dict[str, Any]] = {}
    fresh = {"populate_existing": True}
    financials = select(ReportingFinancials).where(ReportingFinancials.company_id == company_id)
    for row in session.scalars(financials, execution_options=fresh):
        names = ("exchange_rate_used", *AMOUNT_FIELDS)
        found[row.fiscal_reporting_date, row.currency] = {name: getattr(row, name) for name in names}
    metrics = select(ReportingMetrics).where(ReportingMetrics.company_id == company_id)
    for metric in session.scalars(metrics, execution_options=fresh):
        key = metric.fiscal_reporting_date, metric.currency
        found[key] |= {f"metric {name}": getattr(metric, name) for name in METRIC_FIELDS}
    return found


def tick() -> datetime:
    """A moment between what was written before and what will be; SQLite counts in milliseconds."""
    time.sleep(0.004)
    moment = datetime.now(UTC)
    time.sleep(0.004)
    return moment
