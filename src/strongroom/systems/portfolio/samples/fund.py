"""The sample companies and their quarters. Made up; every figure goes through the services like any other."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.models import Company, FxRate, MetricsInput, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.rules import (
    CustomerTypeEnum,
    RatePeriodEnum,
    RateQuote,
    ReportingStatusEnum,
    RevenueTypeEnum,
    Submission,
    quarters_before,
    round_half_up,
)
from strongroom.systems.portfolio.services import companies, inputs, rates

PROVIDER = "FRED H.10 monthly average"
HUNDRED = Decimal(100)
_COUNTED = {
    "companies": Company,
    "inputs": MetricsInput,
    "financials": ReportingFinancials,
    "metrics": ReportingMetrics,
    "rates": FxRate,
}


@dataclass(frozen=True, slots=True)
class SampleCompany:
    """A made-up company and the course of its quarters; last_day: of the latest one.

    Amounts are in full units of its currency; growth is that of revenue by quarter, the other percentages are of
    revenue. burn: cash consumed in the first quarter, which grows by burn_growth percent.
    """

    name: str
    currency: str
    country: str
    fund: str
    customer_type: CustomerTypeEnum
    revenue_type: RevenueTypeEnum
    year_end_date: date
    last_day: date
    quarters: int
    revenue: int
    growth: str
    recurring: int
    margin: int
    expense: int
    cash: int
    burn: int
    burn_growth: str
    debt: int | None
    employees: int
    equity_raised: int
    post_money_valuation: int
    status: ReportingStatusEnum = ReportingStatusEnum.ACTIVE


SAMPLES = (
    SampleCompany(
        name="Aurora Analytics (sample)",
        currency="USD",
        country="United States",
        fund="Fund I",
        customer_type=CustomerTypeEnum.ENTERPRISE,
        revenue_type=RevenueTypeEnum.SUBSCRIPTION,
        year_end_date=date(2022, 12, 31),
        last_day=date(2025, 12, 31),
        quarters=12,
        revenue=2_400_000,
        growth="7.5",
        recurring=92,
        margin=78,
        expense=105,
        cash=24_000_000,
        burn=900_000,
        burn_growth="-4",
        debt=1_500_000,
        employees=84,
        equity_raised=45_000_000,
        post_money_valuation=180_000_000,
    ),
    SampleCompany(
        name="Boreal Freight (sample)",
        currency="CAD",
        country="Canada",
        fund="Fund I",
        customer_type=CustomerTypeEnum.MID_MARKET,
        revenue_type=RevenueTypeEnum.TRANSACTIONAL,
        year_end_date=date(2022, 12, 31),
        last_day=date(2025, 12, 31),
        quarters=9,
        revenue=5_100_000,
        growth="3.2",
        recurring=15,
        margin=34,
        expense=41,
        cash=6_800_000,
        burn=450_000,
        burn_growth="2",
        debt=4_000_000,
        employees=140,
        equity_raised=22_000_000,
        post_money_valuation=61_000_000,
    ),
    SampleCompany(
        name="Calla Health (sample)",
        currency="EUR",
        country="Germany",
        fund="Fund II",
        customer_type=CustomerTypeEnum.B2B2C,
        revenue_type=RevenueTypeEnum.HYBRID,
        year_end_date=date(2022, 12, 31),
        last_day=date(2025, 12, 31),
        quarters=8,
        revenue=780_000,
        growth="11",
        recurring=64,
        margin=58,
        expense=160,
        cash=5_600_000,
        burn=620_000,
        burn_growth="1",
        debt=None,
        employees=46,
        equity_raised=12_500_000,
        post_money_valuation=48_000_000,
    ),
    SampleCompany(
        name="Dunmore Pay (sample)",
        currency="GBP",
        country="United Kingdom",
        fund="Fund II",
        customer_type=CustomerTypeEnum.SMB,
        revenue_type=RevenueTypeEnum.USAGE_PRICING,
        year_end_date=date(2023, 1, 31),
        last_day=date(2025, 10, 31),
        quarters=10,
        revenue=1_350_000,
        growth="5",
        recurring=40,
        margin=49,
        expense=43,
        cash=3_100_000,
        burn=-60_000,
        burn_growth="6",
        debt=250_000,
        employees=61,
        equity_raised=9_000_000,
        post_money_valuation=37_000_000,
    ),
    SampleCompany(
        name="Ekta Bazaar (sample)",
        currency="INR",
        country="India",
        fund="Fund II",
        customer_type=CustomerTypeEnum.CONSUMER,
        revenue_type=RevenueTypeEnum.MARKETPLACE,
        year_end_date=date(2023, 3, 31),
        last_day=date(2025, 3, 31),
        quarters=8,
        revenue=310_000_000,
        growth="-2",
        recurring=0,
        margin=21,
        expense=38,
        cash=640_000_000,
        burn=52_000_000,
        burn_growth="3",
        debt=90_000_000,
        employees=310,
        equity_raised=1_900_000_000,
        post_money_valuation=5_200_000_000,
        status=ReportingStatusEnum.EXITED,
    ),
)


def load_samples(session: Session) -> Mapping[str, int]:
    """Add the sample fund if it is not there yet. Returns how many rows were added, by noun."""
    if session.scalar(select(Company.id).where(Company.name == SAMPLES[0].name)) is not None:
        return dict.fromkeys(_COUNTED, 0)
    before = _counts(session)
    rates.put_rates(session, read_rates())
    for sample in SAMPLES:
        company = companies.create_company(
            session,
            name=sample.name,
            reporting_status=sample.status,
            reporting_currency=sample.currency,
            fund=sample.fund,
            location_country=sample.country,
            customer_type=sample.customer_type,
            revenue_type=sample.revenue_type,
            equity_raised=sample.equity_raised,
            post_money_valuation=sample.post_money_valuation,
            year_end_date=sample.year_end_date,
        )
        inputs.submit_quarters(session, company.id, list(quarters_of(sample)))
    return {noun: count - before[noun] for noun, count in _counts(session).items()}


def quarters_of(sample: SampleCompany) -> Iterator[Submission]:
    """What the company sends, oldest first."""
    revenue, cash, burn = Decimal(sample.revenue), Decimal(sample.cash), Decimal(sample.burn)
    for number in range(sample.quarters):
        expense = _whole(revenue * sample.expense / HUNDRED)
        gross_profit = _whole(revenue * sample.margin / HUNDRED)
        ebitda = gross_profit - expense
        yield Submission(
            fiscal_reporting_date=quarters_before(sample.last_day, sample.quarters - 1 - number),
            currency=sample.currency,
            total_revenue=revenue,
            recurring_revenue=_whole(revenue * sample.recurring / HUNDRED),
            gross_profit=gross_profit,
            sales_marketing_expense=_whole(expense * 2 / 5),
            total_operating_expense=expense,
            ebitda=ebitda,
            net_income=ebitda - _whole(revenue / 50),
            cash_burn=burn,
            cash_balance=cash,
            debt_outstanding=sample.debt,
            employees=sample.employees + 2 * number,
            customers=100 + 7 * number,
        )
        revenue = _whole(revenue * (1 + Decimal(sample.growth) / HUNDRED))
        burn = _whole(burn * (1 + Decimal(sample.burn_growth) / HUNDRED))
        cash -= burn


def read_rates() -> list[RateQuote]:
    """The monthly averages that the companies' currencies need."""
    text = (files(__package__) / "exchange_rates.csv").read_text(encoding="ascii")
    return [
        RateQuote(
            base="USD",
            quote=row["currency"],
            day=date.fromisoformat(row["month"]),
            rate=Decimal(row["units_for_one_usd"]),
            period=RatePeriodEnum.MONTH,
            provider=PROVIDER,
        )
        for row in csv.DictReader(text.splitlines())
    ]


def _whole(amount: Decimal) -> Decimal:
    return round_half_up(amount, Decimal(1))


def _counts(session: Session) -> dict[str, int]:
    return {noun: session.scalar(select(func.count()).select_from(model)) or 0 for noun, model in _COUNTED.items()}
