"""Lists over HTTP: keyset pages of companies and quarters, as they are or as they were known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, Repository, page_of
from strongroom.kernel.tables import as_known
from strongroom.systems.portfolio.models import Company, FxRate, MetricsInput, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.repositories import (
    CompanyRepository,
    FinancialsRepository,
    InputRepository,
    MetricsRepository,
    QuarterFilters,
    companies_where,
    quarters_where,
    rates_of,
)
from strongroom.systems.portfolio.rules.enums import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.services.figures import moment_known

RowT = TypeVar("RowT")


def page_companies(
    session: Session,
    part: Part,
    *,
    status: ReportingStatusEnum | None = None,
    fund: str | None = None,
    customer_type: CustomerTypeEnum | None = None,
    revenue_type: RevenueTypeEnum | None = None,
    known_at: datetime | None = None,
) -> Page[Company]:
    """By name. known_at: what was known then; None for now."""
    where = companies_where(status=status, fund=fund, customer_type=customer_type, revenue_type=revenue_type)
    scope = ("companies", status, fund, customer_type, revenue_type)
    return _page(CompanyRepository(session), where, lambda it: [it.name, it.id], part, scope, known_at)


def page_inputs(
    session: Session, part: Part, wanted: QuarterFilters, *, known_at: datetime | None = None
) -> Page[MetricsInput]:
    """What companies sent, newest quarter first."""
    where = quarters_where(**wanted)
    return _page(InputRepository(session), where, _newest_first, part, ("inputs", *wanted.items()), known_at)


def page_financials(
    session: Session, part: Part, wanted: QuarterFilters, *, known_at: datetime | None = None
) -> Page[ReportingFinancials]:
    """Amounts of quarters, newest first."""
    where = quarters_where(**wanted)
    return _page(FinancialsRepository(session), where, _newest_first, part, ("financials", *wanted.items()), known_at)


def page_metrics(
    session: Session, part: Part, wanted: QuarterFilters, *, known_at: datetime | None = None
) -> Page[ReportingMetrics]:
    """Metrics of quarters, newest first."""
    where = quarters_where(**wanted)
    return _page(MetricsRepository(session), where, _newest_first, part, ("metrics", *wanted.items()), known_at)


def page_rates(
    session: Session,
    part: Part,
    *,
    base: str | None = None,
    quote: str | None = None,
    start_date: date | None = None,
    end_date: date | None = None,
) -> Page[FxRate]:
    """Published rates, newest first."""
    repository: Repository[Session, FxRate] = Repository(session)
    query = rates_of(base, quote, start_date, end_date)
    order = [FxRate.rate_date.desc(), FxRate.base_currency, FxRate.quote_currency, FxRate.rate_period]
    cursors = part.cursors.of("rates", base, quote, start_date, end_date)
    found = repository.page(query, order=order, cursors=cursors, limit=part.limit, cursor=part.cursor)
    return replace(found, count=repository.count(query, part.count))


def _newest_first(row: Any) -> Sequence[Any]:
    return [row.fiscal_reporting_date.desc(), row.id.desc()]


def _page(
    repository: Repository[Session, RowT],
    where: Callable[[Any], Iterable[ColumnElement[bool]]],
    order: Callable[[Any], Sequence[Any]],
    part: Part,
    scope: Sequence[object],
    known_at: datetime | None,
) -> Page[RowT]:
    """scope: all that makes it this list, so that a cursor of another one is refused."""
    session = repository.session
    if known_at is not None:
        known_at = moment_known(session, known_at)
    source: Any = as_known(repository.row, known_at)
    query = select(source).where(*where(source)).execution_options(populate_existing=True)
    found = page_of(repository, query, order(source), part, *scope, known_at)
    if known_at is not None:
        for row in found.items:
            session.expunge(row)  # a past version has the identity of the present row and must never be written
    return found
