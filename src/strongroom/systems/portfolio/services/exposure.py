"""What the portfolio would feel when a currency moves: its figures by the currency they were reported in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter
from strongroom.systems.portfolio.rules.totals import percentage, total_of
from strongroom.systems.portfolio.services.figures import Figures
from strongroom.systems.portfolio.services.snapshot import snapshot


@dataclass(frozen=True, slots=True)
class ExposureLine:
    """All companies that reported in one currency; amounts in the exposure's currency.

    rate_min, rate_max: units of the exposure's currency for one unit of this; two where fiscal quarters end in
    different months. Shares in percent of the whole portfolio's.
    """

    reporting_currency: str
    companies: int
    rate_min: Decimal
    rate_max: Decimal
    total_revenue: Decimal
    arr: Decimal
    cash_balance: Decimal
    cash_burn: Decimal
    debt_outstanding: Decimal
    share_of_revenue: Decimal | None
    share_of_cash: Decimal | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """The currencies of a quarter, the largest revenue first, as known at a moment."""

    quarter: FundQuarter
    currency: str
    known_at: datetime
    lines: tuple[ExposureLine, ...]


def currency_exposure(
    session: Session,
    quarter: FundQuarter,
    currency: str = "USD",
    *,
    fund: str | None = None,
    known_at: datetime | None = None,
) -> Exposure:
    """The active companies of a quarter in USD or CAD, by reporting currency. Two statements. Raises InvalidValue."""
    view = snapshot(session, quarter, currency, fund=fund, with_derived=False, known_at=known_at)
    groups: defaultdict[str, list[Figures]] = defaultdict(list)
    for figures in view.reported:
        groups[figures.input_currency].append(figures)
    revenue = total_of(figures[Measure.TOTAL_REVENUE] for figures in view.reported)
    cash = total_of(figures[Measure.CASH_BALANCE] for figures in view.reported)
    lines = [_line(name, figures, revenue, cash) for name, figures in groups.items()]
    ordered = sorted(lines, key=lambda line: (-line.total_revenue, line.reporting_currency))
    return Exposure(quarter, currency, view.known_at, tuple(ordered))


def _line(name: str, figures: list[Figures], revenue: Decimal, cash: Decimal) -> ExposureLine:
    def total(measure: Measure) -> Decimal:
        return total_of(quarter[measure] for quarter in figures)

    rates = [quarter.exchange_rate_used for quarter in figures]
    return ExposureLine(
        reporting_currency=name,
        companies=len(figures),
        rate_min=min(rates),
        rate_max=max(rates),
        total_revenue=total(Measure.TOTAL_REVENUE),
        arr=total(Measure.ARR),
        cash_balance=total(Measure.CASH_BALANCE),
        cash_burn=total(Measure.CASH_BURN),
        debt_outstanding=total(Measure.DEBT_OUTSTANDING),
        share_of_revenue=percentage(total(Measure.TOTAL_REVENUE), revenue),
        share_of_cash=percentage(total(Measure.CASH_BALANCE), cash),
    )
