"""Gathers the fund's quarterly report: every company that reported, what it sent, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar, Unpack
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.portfolio.models import MetricsInput, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.repositories import Listing, QuarterFilters
from strongroom.systems.portfolio.rules import FundQuarter, RateQuote
from strongroom.systems.portfolio.services.figures import CompanyFacts, find_companies, moment_known
from strongroom.systems.portfolio.services.inputs import list_inputs
from strongroom.systems.portfolio.services.missing import missing_submissions
from strongroom.systems.portfolio.services.rates import load_rate_book
from strongroom.systems.portfolio.services.reporting import list_financials, list_metrics
from strongroom.systems.portfolio.services.snapshot import check_fund_currency

_PAGE = 1000


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One fiscal quarter of a company: what it sent, in its own currency, and what follows in that of the report."""

    company: CompanyFacts
    sent: MetricsInput
    financials: ReportingFinancials
    metrics: ReportingMetrics


@dataclass(frozen=True, slots=True)
class RateUsed:
    """A rate that amounts of the report were converted at: units of the report's currency for one of `currency`.

    published: what the rate would be made of today. is_current: it would be the same.
    """

    currency: str
    day: date
    rate: Decimal
    published: tuple[RateQuote, ...]
    is_current: bool


@dataclass(frozen=True, slots=True)
class Report:
    """A quarter of the fund, its lines by company name. known_at: the moment whose knowledge it shows.

    missing: active companies that have sent nothing for the quarter.
    """

    quarter: FundQuarter
    currency: str
    known_at: datetime
    lines: tuple[ReportLine, ...]
    rates: tuple[RateUsed, ...]
    missing: tuple[str, ...]


def build_report(
    session: Session, quarter: FundQuarter, currency: str = "USD", *, known_at: datetime | None = None
) -> Report:
    """The report in USD or CAD. known_at: as it was known then; None for now. Run it in `read`: one snapshot.

    Raises InvalidValue.
    """
    check_fund_currency(currency)
    moment = moment_known(session, known_at)
    companies = find_companies(session, known_at=known_at)
    year, number = quarter
    sent = _all(session, list_inputs, known_at, year=year, quarter=number)
    financials = _by_quarter(_all(session, list_financials, known_at, year=year, quarter=number, currency=currency))
    metrics = _by_quarter(_all(session, list_metrics, known_at, year=year, quarter=number, currency=currency))
    lines = [ReportLine(companies[row.company_id], row, financials[_key(row)], metrics[_key(row)]) for row in sent]
    lines.sort(key=lambda line: (line.company.name, line.sent.fiscal_reporting_date))
    missing = missing_submissions(session, quarter, known_at=known_at).missing
    return Report(
        quarter,
        currency,
        moment,
        tuple(lines),
        tuple(_rates_used(session, lines, currency)),
        tuple(one.company.name for one in missing),
    )


RowT = TypeVar("RowT")
QuarterT = TypeVar("QuarterT", MetricsInput, ReportingFinancials, ReportingMetrics)
_QuarterKey = tuple[UUID, date]


def _all(
    session: Session,
    list_rows: Callable[..., Listing[RowT]],
    known_at: datetime | None,
    **wanted: Unpack[QuarterFilters],
) -> list[RowT]:
    """Every row of a list, page by page."""
    found: list[RowT] = []
    while True:
        listing = list_rows(session, skip=len(found), limit=_PAGE, known_at=known_at, **wanted)
        found += listing.items
        if len(found) >= listing.total or not listing.items:
            return found


def _key(row: MetricsInput | ReportingFinancials | ReportingMetrics) -> _QuarterKey:
    return row.company_id, row.fiscal_reporting_date


def _by_quarter(rows: Sequence[QuarterT]) -> dict[_QuarterKey, QuarterT]:
    return {_key(row): row for row in rows}


def _rates_used(session: Session, lines: Sequence[ReportLine], currency: str) -> Iterator[RateUsed]:
    """Each once, by currency and day; with what is published for it today, for whoever asks where it came from."""
    used = {
        (line.sent.currency, line.sent.fiscal_reporting_date, line.financials.exchange_rate_used): None
        for line in lines
        if line.sent.currency != currency
    }
    book = load_rate_book(session, {currency, *(key[0] for key in used)}, {key[1] for key in used})
    for source, day, rate in sorted(used):
        today = book.find(source, currency, day)
        yield RateUsed(source, day, rate, today.quotes if today else (), today is not None and today.rate == rate)
