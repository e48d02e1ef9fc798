"""Quarters of companies: what was sent, what follows from it, and what the company was worth then."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, TypedDict, TypeVar, Unpack
from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, query
from strongroom.systems.portfolio.errors import FinancialsNotFound, InputNotFound, MetricsNotFound
from strongroom.systems.portfolio.models import MetricsInput, QuarterValuation, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.repositories.listings import Listing, read_listing
from strongroom.systems.portfolio.rules import normalise_currency

QuarterT = TypeVar("QuarterT", MetricsInput, ReportingFinancials, ReportingMetrics)


class InputRepository(Repository[SessionT, MetricsInput]):
    """What companies sent."""

    row = MetricsInput
    not_found = InputNotFound


class FinancialsRepository(Repository[SessionT, ReportingFinancials]):
    """Amounts of quarters, by currency."""

    row = ReportingFinancials
    not_found = FinancialsNotFound


class MetricsRepository(Repository[SessionT, ReportingMetrics]):
    """Metrics of quarters, by currency."""

    row = ReportingMetrics
    not_found = MetricsNotFound


class QuarterFilters(TypedDict, total=False):
    """Which quarters are asked for; all of what is given holds.

    day: their last. start_date, end_date: both included. year, quarter: the fund's.
    """

    company_id: UUID | None
    currency: str | None
    day: date | None
    start_date: date | None
    end_date: date | None
    year: int | None
    quarter: int | None


def list_quarters(
    session: Session,
    model: type[QuarterT],
    wanted: QuarterFilters,
    *,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
) -> Listing[QuarterT]:
    """Newest quarter first, then by currency. Raises InvalidValue, also for an end before the start."""
    return read_listing(
        session,
        model,
        quarters_where(**wanted),
        lambda row: [row.fiscal_reporting_date.desc(), row.currency, row.id],
        skip=skip,
        limit=limit,
        known_at=known_at,
    )


def quarters_where(**wanted: Unpack[QuarterFilters]) -> Callable[[type[Any]], list[ColumnElement[bool]]]:
    """The conditions, over a model of quarters. Raises InvalidValue."""
    start, end = wanted.get("start_date"), wanted.get("end_date")
    if start is not None and end is not None and end < start:
        raise InvalidValue(field="end_date", reason="must not be before start_date")
    currency = wanted.get("currency")
    code = None if currency is None else normalise_currency(currency)

    def conditions(row: type[Any]) -> list[ColumnElement[bool]]:
        equal = (
            (row.company_id, wanted.get("company_id")),
            (row.currency, code),
            (row.fiscal_reporting_date, wanted.get("day")),
            (row.reporting_year, wanted.get("year")),
            (row.reporting_quarter, wanted.get("quarter")),
        )
        found = [column == value for column, value in equal if value is not None]
        if start is not None:
            found.append(row.fiscal_reporting_date >= start)
        if end is not None:
            found.append(row.fiscal_reporting_date <= end)
        return found

    return conditions


@query
def inputs_between(company_id: UUID, first: date, last: date) -> Select[MetricsInput]:
    """Both days included."""
    return select(MetricsInput).where(
        MetricsInput.company_id == company_id, MetricsInput.fiscal_reporting_date.between(first, last)
    )


@query
def financials_between(company_id: UUID, first: date, last: date) -> Select[ReportingFinancials]:
    """Both days included, in every currency."""
    return select(ReportingFinancials).where(
        ReportingFinancials.company_id == company_id, ReportingFinancials.fiscal_reporting_date.between(first, last)
    )


@query
def valuations_between(company_id: UUID, first: date, last: date) -> Select[QuarterValuation]:
    """Both days included."""
    return select(QuarterValuation).where(
        QuarterValuation.company_id == company_id, QuarterValuation.fiscal_reporting_date.between(first, last)
    )
