"""What follows from what companies send: financials and metrics of a quarter, in each currency."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.portfolio.errors import CompanyNotFound, FinancialsNotFound, MetricsNotFound
from strongroom.systems.portfolio.routes.dependencies import (
    VIEWER,
    ActingDatabase,
    FiscalDate,
    KnownAt,
    OfQuarter,
    Quarters,
)
from strongroom.systems.portfolio.routes.problems import LISTING, READING
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode
from strongroom.systems.portfolio.schemas.quarters import FinancialsOut, MetricsOut
from strongroom.systems.portfolio.services import pages, reporting

router = APIRouter(tags=["portfolio: quarters"], dependencies=[VIEWER])

_FINANCIALS = problem_responses(*READING, CompanyNotFound, FinancialsNotFound)
_METRICS = problem_responses(*READING, CompanyNotFound, MetricsNotFound)


@router.get("/financials", summary="Amounts of quarters, newest first", responses=problem_responses(*LISTING))
async def list_financials(
    database: ActingDatabase, part: ListPart, quarters: Quarters, known_at: KnownAt = None
) -> PageOut[FinancialsOut]:
    found = await database.read(pages.page_financials, part, quarters, known_at=known_at)
    return PageOut[FinancialsOut].model_validate(found)


@router.get("/metrics", summary="Metrics of quarters, newest first", responses=problem_responses(*LISTING))
async def list_metrics(
    database: ActingDatabase, part: ListPart, quarters: Quarters, known_at: KnownAt = None
) -> PageOut[MetricsOut]:
    found = await database.read(pages.page_metrics, part, quarters, known_at=known_at)
    return PageOut[MetricsOut].model_validate(found)


@router.get(
    "/companies/{company_id}/financials/{fiscal_reporting_date}",
    summary="A company's amounts of a fiscal quarter in a currency",
    responses=_FINANCIALS,
)
async def get_financials(
    company_id: UUID,
    fiscal_reporting_date: FiscalDate,
    database: ActingDatabase,
    currency: CurrencyCode = "USD",
    known_at: KnownAt = None,
) -> FinancialsOut:
    found = await database.read(
        reporting.get_financials, company_id, fiscal_reporting_date, currency, known_at=known_at
    )
    return FinancialsOut.model_validate(found)


@router.get(
    "/companies/{company_id}/metrics/{fiscal_reporting_date}",
    summary="A company's metrics of a fiscal quarter in a currency",
    responses=_METRICS,
)
async def get_metrics(
    company_id: UUID,
    fiscal_reporting_date: FiscalDate,
    database: ActingDatabase,
    currency: CurrencyCode = "USD",
    known_at: KnownAt = None,
) -> MetricsOut:
    found = await database.read(reporting.get_metrics, company_id, fiscal_reporting_date, currency, known_at=known_at)
    return MetricsOut.model_validate(found)


@router.get(
    "/companies/{company_id}/financials",
    summary="A company's amounts of a quarter of the fund in a currency",
    responses=_FINANCIALS,
)
async def get_financials_of_fund_quarter(
    company_id: UUID,
    quarter: OfQuarter,
    database: ActingDatabase,
    currency: CurrencyCode = "USD",
    known_at: KnownAt = None,
) -> FinancialsOut:
    found = await database.read(
        reporting.get_financials_of_fund_quarter,
        company_id,
        quarter.year,
        quarter.quarter,
        currency,
        known_at=known_at,
    )
    return FinancialsOut.model_validate(found)


@router.get(
    "/companies/{company_id}/metrics",
    summary="A company's metrics of a quarter of the fund in a currency",
    responses=_METRICS,
)
async def get_metrics_of_fund_quarter(
    company_id: UUID,
    quarter: OfQuarter,
    database: ActingDatabase,
    currency: CurrencyCode = "USD",
    known_at: KnownAt = None,
) -> MetricsOut:
    found = await database.read(
        reporting.get_metrics_of_fund_quarter,
        company_id,
        quarter.year,
        quarter.quarter,
        currency,
        known_at=known_at,
    )
    return MetricsOut.model_validate(found)
