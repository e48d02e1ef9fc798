"""One company: its figures over time, its last twelve months, and what became of a record."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from strongroom.kernel.web import problem_responses
from strongroom.systems.portfolio.errors import CompanyNotFound, FinancialsNotFound, InputNotFound, MetricsNotFound
from strongroom.systems.portfolio.routes.dependencies import VIEWER, ActingDatabase, KnownAt
from strongroom.systems.portfolio.routes.problems import READING
from strongroom.systems.portfolio.rules.measures import DERIVED, LTM, Measure
from strongroom.systems.portfolio.schemas.bodies import CurrencyCode
from strongroom.systems.portfolio.schemas.views import CompanyTrendOut, TrailOut
from strongroom.systems.portfolio.services import trail, trends
from strongroom.systems.portfolio.services.trail import Recorded

router = APIRouter(tags=["portfolio: companies over time"], dependencies=[VIEWER])

MEASURES_MAX = 60
Measures = Annotated[list[Measure], Query(max_length=MEASURES_MAX, description="Repeat it for several.")]
Currency = Annotated[CurrencyCode | None, Query(description="The company's own when left out, USD or CAD.")]
StartDate = Annotated[date | None, Query(description="Quarters that end on this day or later.")]
EndDate = Annotated[
    date | None, Query(description="Quarters that end on this day or earlier; missing ones up to it are shown.")
]

_COMPANY = problem_responses(*READING, CompanyNotFound)


@router.get(
    "/companies/{company_id}/trend",
    summary="Any figures of a company, quarter by quarter, with the quarters that are missing",
    responses=_COMPANY,
)
async def company_trend(
    company_id: UUID,
    database: ActingDatabase,
    measure: Measures = [Measure.TOTAL_REVENUE, Measure.ARR, Measure.CASH_BALANCE, Measure.RUNWAY_MONTHS],  # noqa: B006 - FastAPI copies it
    currency: Currency = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    known_at: KnownAt = None,
) -> CompanyTrendOut:
    found = await database.read(
        trends.company_trend,
        company_id,
        measure,
        currency,
        start_date=start_date,
        end_date=end_date,
        known_at=known_at,
    )
    return CompanyTrendOut.model_validate(found)


@router.get(
    "/companies/{company_id}/ltm",
    summary="The last twelve months of a company at each quarter",
    responses=_COMPANY,
)
async def company_ltm(
    company_id: UUID,
    database: ActingDatabase,
    currency: Currency = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    known_at: KnownAt = None,
) -> CompanyTrendOut:
    found = await database.read(
        trends.company_trend, company_id, LTM, currency, start_date=start_date, end_date=end_date, known_at=known_at
    )
    return CompanyTrendOut.model_validate(found)


@router.get(
    "/companies/{company_id}/indicators",
    summary="What follows from a company's metrics: rule of 40, burn multiple, magic number, multiples, by quarter",
    responses=_COMPANY,
)
async def company_indicators(
    company_id: UUID,
    database: ActingDatabase,
    currency: Currency = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    known_at: KnownAt = None,
) -> CompanyTrendOut:
    found = await database.read(
        trends.company_trend,
        company_id,
        DERIVED,
        currency,
        start_date=start_date,
        end_date=end_date,
        known_at=known_at,
    )
    return CompanyTrendOut.model_validate(found)


@router.get(
    "/trails/{recorded}/{record_id}",
    summary="Every change that was made to a record: by whom, when, from what to what",
    responses=problem_responses(*READING, CompanyNotFound, InputNotFound, FinancialsNotFound, MetricsNotFound),
)
async def trail_of(recorded: Recorded, record_id: UUID, database: ActingDatabase) -> TrailOut:
    return TrailOut.model_validate(await database.read(trail.trail_of, recorded, record_id))
