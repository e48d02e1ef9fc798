"""Financials and metrics read one by one or as lists, as they are or as they were known at a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import TypeVar, Unpack
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotFound
from strongroom.systems.portfolio.errors import FinancialsNotFound, MetricsNotFound
from strongroom.systems.portfolio.models import ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.repositories import Listing, QuarterFilters, list_quarters

DerivedT = TypeVar("DerivedT", ReportingFinancials, ReportingMetrics)


def get_financials(
    session: Session, company_id: UUID, fiscal_reporting_date: date, currency: str, *, known_at: datetime | None = None
) -> ReportingFinancials:
    """The amounts of the quarter that ends on that day, in that currency. Raises FinancialsNotFound."""
    found = list_financials(
        session, company_id=company_id, day=fiscal_reporting_date, currency=currency, limit=1, known_at=known_at
    )
    return _first(found, FinancialsNotFound)


def get_metrics(
    session: Session, company_id: UUID, fiscal_reporting_date: date, currency: str, *, known_at: datetime | None = None
) -> ReportingMetrics:
    """The metrics of the quarter that ends on that day, in that currency. Raises MetricsNotFound."""
    found = list_metrics(
        session, company_id=company_id, day=fiscal_reporting_date, currency=currency, limit=1, known_at=known_at
    )
    return _first(found, MetricsNotFound)


def get_financials_of_fund_quarter(
    session: Session, company_id: UUID, year: int, quarter: int, currency: str, *, known_at: datetime | None = None
) -> ReportingFinancials:
    """The same by the fund's quarter; the later one where a new fiscal year put two into it."""
    found = list_financials(
        session, company_id=company_id, year=year, quarter=quarter, currency=currency, limit=1, known_at=known_at
    )
    return _first(found, FinancialsNotFound)


def get_metrics_of_fund_quarter(
    session: Session, company_id: UUID, year: int, quarter: int, currency: str, *, known_at: datetime | None = None
) -> ReportingMetrics:
    """The same by the fund's quarter; the later one where a new fiscal year put two into it."""
    found = list_metrics(
        session, company_id=company_id, year=year, quarter=quarter, currency=currency, limit=1, known_at=known_at
    )
    return _first(found, MetricsNotFound)


def list_financials(
    session: Session,
    *,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
    **wanted: Unpack[QuarterFilters],
) -> Listing[ReportingFinancials]:
    """Newest quarter first, then by currency. Raises InvalidValue."""
    return list_quarters(session, ReportingFinancials, wanted, skip=skip, limit=limit, known_at=known_at)


def list_metrics(
    session: Session,
    *,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
    **wanted: Unpack[QuarterFilters],
) -> Listing[ReportingMetrics]:
    """Newest quarter first, then by currency. Raises InvalidValue."""
    return list_quarters(session, ReportingMetrics, wanted, skip=skip, limit=limit, known_at=known_at)


def _first(found: Listing[DerivedT], not_found: type[NotFound]) -> DerivedT:
    if not found.items:
        raise not_found
    return found.items[0]
