"""The portfolio at one quarter of the fund, a line a company, in one currency: what a quarterly report is made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.caching import anyone, cached_read
from strongroom.kernel.errors import InvalidValue
from strongroom.systems.portfolio.models import SCHEMA
from strongroom.systems.portfolio.rules.conversion import REPORTING_CURRENCIES
from strongroom.systems.portfolio.rules.quarters import FundQuarter, expected_date, fund_quarter
from strongroom.systems.portfolio.services.figures import (
    CompanyFacts,
    Figures,
    Tables,
    active,
    facts_columns,
    facts_of,
    find_figures,
    latest_by_company,
    moment_known,
    of_fund,
)


@dataclass(frozen=True, slots=True)
class SnapshotLine:
    """One company. figures: None while it has not reported the quarter. last_reported: its latest one until then."""

    company: CompanyFacts
    expected_date: date
    last_reported: date | None
    figures: Figures | None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Every active company at a quarter of the fund, by name, as known at a moment."""

    quarter: FundQuarter
    currency: str
    known_at: datetime
    lines: tuple[SnapshotLine, ...]

    @property
    def reported(self) -> tuple[Figures, ...]:
        """The figures of those that have reported."""
        return tuple(line.figures for line in self.lines if line.figures is not None)

    @property
    def missing(self) -> tuple[SnapshotLine, ...]:
        """Those that have not."""
        return tuple(line for line in self.lines if line.figures is None)


def snapshot(
    session: Session,
    quarter: FundQuarter,
    currency: str = "USD",
    *,
    fund: str | None = None,
    with_derived: bool = True,
    known_at: datetime | None = None,
) -> Snapshot:
    """The quarter in USD or CAD, the currencies every company is reported in. Two statements.

    with_derived: also the measures that are not stored. known_at: what was known then; None for now.
    Raises InvalidValue.
    """
    check_fund_currency(currency)
    moment = moment_known(session, known_at)
    lines = _lines(session, quarter, currency, fund=fund, with_derived=with_derived, known_at=known_at)
    return Snapshot(quarter, currency, moment, lines)


@cached_read(SCHEMA, seen_by=anyone)
def _lines(
    session: Session,
    quarter: FundQuarter,
    currency: str,
    *,
    fund: str | None,
    with_derived: bool,
    known_at: datetime | None,
) -> tuple[SnapshotLine, ...]:
    found = find_figures(
        session,
        currency,
        quarter.first_day,
        quarter.last_day,
        active,
        of_fund(fund),
        with_derived=with_derived,
        known_at=known_at,
    )
    figures = latest_by_company(found)
    return tuple(
        SnapshotLine(company, expected_date(company.year_end_date.month, quarter), last, figures.get(company.id))
        for company, last in last_reports(session, quarter, fund=fund, known_at=known_at)
    )


def last_reports(
    session: Session, quarter: FundQuarter, *, fund: str | None = None, known_at: datetime | None = None
) -> list[tuple[CompanyFacts, date | None]]:
    """Every active company by name, with the latest fiscal quarter it had reported until the quarter's end."""
    tables = Tables.known_at(known_at)
    company, given = tables.company, tables.given
    latest = (
        select(given.company_id, func.max(given.fiscal_reporting_date).label("day"))
        .where(given.fiscal_reporting_date <= quarter.last_day)
        .group_by(given.company_id)
        .subquery()
    )
    query = (
        select(*facts_columns(tables), latest.c.day)
        .join_from(company, latest, latest.c.company_id == company.id, isouter=True)
        .where(and_(active(tables), of_fund(fund)(tables)))
        .order_by(company.name)
    )
    return [(facts_of(row._mapping), row.day) for row in session.execute(query)]


def quarters_silent(line: SnapshotLine, quarter: FundQuarter) -> int | None:
    """How many quarters of the fund ago the company last reported; None when it never has."""
    return None if line.last_reported is None else quarter.since(fund_quarter(line.last_reported))


def check_fund_currency(currency: str) -> None:
    """Companies are added up in a currency that all are reported in. Raises InvalidValue."""
    if currency not in REPORTING_CURRENCIES:
        allowed = " or ".join(REPORTING_CURRENCIES)
        raise InvalidValue(field="currency", reason=f"must be {allowed}, in which every company is reported")
