"""Each fund at a quarter: what its companies add up to, how it grew, and how many of them run short of cash."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.caching import anyone, cached_read
from strongroom.systems.portfolio.models import SCHEMA
from strongroom.systems.portfolio.rules.alerts import AlertThresholds
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter
from strongroom.systems.portfolio.rules.spread import median_of
from strongroom.systems.portfolio.rules.totals import like_for_like_growth, total_of
from strongroom.systems.portfolio.services.figures import (
    CompanyFacts,
    Figures,
    active,
    find_figures,
    latest_by_company,
    moment_known,
)
from strongroom.systems.portfolio.services.snapshot import check_fund_currency, last_reports

DEFAULTS = AlertThresholds()
YEAR = 4


@dataclass(frozen=True, slots=True)
class FundLine:
    """One fund, or all. Sums are over the companies that have reported, in the overview's currency.

    companies: active ones; reported: those of them with figures for the quarter. short_runway: how many have less
    runway than the overview asks for. Growth in percent, over the companies that reported both quarters; arr_growth
    against the quarter before, the yoy ones against the quarter a year before.
    """

    fund: str | None
    companies: int
    reported: int
    total_revenue: Decimal
    arr: Decimal
    cash_balance: Decimal
    cash_burn: Decimal
    debt_outstanding: Decimal
    employees: int
    median_runway_months: Decimal | None
    short_runway: int
    arr_growth: Decimal | None
    yoy_arr_growth: Decimal | None
    yoy_revenue_growth: Decimal | None


@dataclass(frozen=True, slots=True)
class FundOverview:
    """All funds at a quarter, by name, as known at a moment, and their total."""

    quarter: FundQuarter
    currency: str
    known_at: datetime
    runway_months_min: Decimal
    funds: tuple[FundLine, ...]
    total: FundLine


def fund_overview(
    session: Session,
    quarter: FundQuarter,
    currency: str = "USD",
    *,
    runway_months_min: Decimal = DEFAULTS.runway_months_min,
    known_at: datetime | None = None,
) -> FundOverview:
    """The quarter in USD or CAD, fund by fund. Two statements. Raises InvalidValue."""
    check_fund_currency(currency)
    funds, total = _fund_lines(session, quarter, currency, runway_months_min=runway_months_min, known_at=known_at)
    return FundOverview(quarter, currency, moment_known(session, known_at), runway_months_min, funds, total)


@cached_read(SCHEMA, seen_by=anyone)
def _fund_lines(
    session: Session,
    quarter: FundQuarter,
    currency: str,
    *,
    runway_months_min: Decimal,
    known_at: datetime | None,
) -> tuple[tuple[FundLine, ...], FundLine]:
    """Each fund by name, and all together."""
    first = quarter.shifted(-YEAR).first_day
    by_quarter: defaultdict[FundQuarter, list[Figures]] = defaultdict(list)
    for figures in find_figures(
        session, currency, first, quarter.last_day, active, with_derived=False, known_at=known_at
    ):
        by_quarter[figures.fund_quarter].append(figures)
    seen = _Seen(
        latest_by_company(by_quarter[quarter]),
        latest_by_company(by_quarter[quarter.shifted(-1)]),
        latest_by_company(by_quarter[quarter.shifted(-YEAR)]),
        runway_months_min,
    )
    companies = [company for company, _ in last_reports(session, quarter, known_at=known_at)]
    by_fund: defaultdict[str, list[CompanyFacts]] = defaultdict(list)
    for company in companies:
        by_fund[company.fund].append(company)
    return tuple(seen.line(fund, by_fund[fund]) for fund in sorted(by_fund)), seen.line(None, companies)


@dataclass(frozen=True, slots=True)
class _Seen:
    """The figures of the quarter and of the two it is compared with, by company."""

    now: dict[UUID, Figures]
    before: dict[UUID, Figures]
    year_ago: dict[UUID, Figures]
    runway_months_min: Decimal

    def line(self, fund: str | None, companies: Sequence[CompanyFacts]) -> FundLine:
        figures = [self.now[company.id] for company in companies if company.id in self.now]
        runways = [quarter[Measure.RUNWAY_MONTHS] for quarter in figures]
        return FundLine(
            fund=fund,
            companies=len(companies),
            reported=len(figures),
            total_revenue=_sum(figures, Measure.TOTAL_REVENUE),
            arr=_sum(figures, Measure.ARR),
            cash_balance=_sum(figures, Measure.CASH_BALANCE),
            cash_burn=_sum(figures, Measure.CASH_BURN),
            debt_outstanding=_sum(figures, Measure.DEBT_OUTSTANDING),
            employees=int(_sum(figures, Measure.EMPLOYEES)),
            median_runway_months=median_of(runways),
            short_runway=sum(months is not None and months < self.runway_months_min for months in runways),
            arr_growth=_growth(self.before, figures, Measure.ARR),
            yoy_arr_growth=_growth(self.year_ago, figures, Measure.ARR),
            yoy_revenue_growth=_growth(self.year_ago, figures, Measure.TOTAL_REVENUE),
        )


def _sum(figures: Sequence[Figures], measure: Measure) -> Decimal:
    return total_of(quarter[measure] for quarter in figures)


def _growth(earlier: dict[UUID, Figures], figures: Sequence[Figures], measure: Measure) -> Decimal | None:
    return like_for_like_growth(
        (earlier[quarter.company.id].amount(measure), quarter.amount(measure))
        for quarter in figures
        if quarter.company.id in earlier
    )
