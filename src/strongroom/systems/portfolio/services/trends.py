"""One company over time: any of its figures, quarter by quarter, with the quarters that are missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.caching import anyone, cached_read
from strongroom.systems.portfolio.errors import CompanyNotFound
from strongroom.systems.portfolio.models import SCHEMA
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.rules.quarters import FundQuarter, fund_quarter, quarters_before
from strongroom.systems.portfolio.services.figures import (
    CompanyFacts,
    Figures,
    find_companies,
    find_figures,
    moment_known,
    of_company,
)


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One fiscal quarter. values: those asked for; all None where nothing was reported."""

    fiscal_reporting_date: date
    fund_quarter: FundQuarter
    is_reported: bool
    values: Mapping[Measure, Decimal | None]


@dataclass(frozen=True, slots=True)
class CompanyTrend:
    """A company's figures from the first reported quarter of those asked for on, with every quarter in between."""

    company: CompanyFacts
    currency: str
    known_at: datetime
    measures: tuple[Measure, ...]
    points: tuple[TrendPoint, ...]


def company_trend(
    session: Session,
    company_id: UUID,
    measures: Sequence[Measure],
    currency: str | None = None,
    *,
    start_date: date | None = None,
    end_date: date | None = None,
    known_at: datetime | None = None,
) -> CompanyTrend:
    """Quarters that end from start_date to end_date, oldest first. Two statements.

    currency: the company's own when None, USD or CAD. Raises CompanyNotFound, InvalidValue.
    """
    moment = moment_known(session, known_at)
    company, shown, found = _figures(
        session, company_id, currency, start_date=start_date, end_date=end_date, known_at=known_at
    )
    return CompanyTrend(
        company=company,
        currency=shown,
        known_at=moment,
        measures=tuple(dict.fromkeys(measures)),
        points=tuple(_points(found, measures, end_date)),
    )


@cached_read(SCHEMA, by="company_id", seen_by=anyone)
def _figures(
    session: Session,
    company_id: UUID,
    currency: str | None,
    *,
    start_date: date | None,
    end_date: date | None,
    known_at: datetime | None,
) -> tuple[CompanyFacts, str, list[Figures]]:
    """The company, the currency shown, and its quarters: whichever measures are then asked for."""
    company = _company(session, company_id, known_at)
    shown = currency or company.reporting_currency
    return company, shown, find_figures(session, shown, start_date, end_date, of_company(company_id), known_at=known_at)


def _company(session: Session, company_id: UUID, known_at: datetime | None) -> CompanyFacts:
    found = find_companies(session, of_company(company_id), known_at=known_at)
    if company_id not in found:
        raise CompanyNotFound
    return found[company_id]


def _points(found: Sequence[Figures], measures: Sequence[Measure], end_date: date | None) -> list[TrendPoint]:
    points: list[TrendPoint] = []
    for quarter in found:
        _fill_gap(points, measures, until=quarters_before(quarter.fiscal_reporting_date))
        values = {measure: quarter[measure] for measure in measures}
        points.append(TrendPoint(quarter.fiscal_reporting_date, quarter.fund_quarter, True, values))
    if end_date is not None:
        _fill_gap(points, measures, until=end_date)
    return points


def _fill_gap(points: list[TrendPoint], measures: Sequence[Measure], *, until: date) -> None:
    """Add the quarters after the last point that end by then as missing ones."""
    while points and (missing := quarters_before(points[-1].fiscal_reporting_date, -1)) <= until:
        points.append(TrendPoint(missing, fund_quarter(missing), False, dict.fromkeys(measures)))
