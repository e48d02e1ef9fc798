"""Views as pictures. Each takes what its view takes, and draws what it answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import APIRouter, Query, Response
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.web import problem_responses
from strongroom.systems.portfolio.charts import ChartFormat, alert_chart, cohort_chart, fund_chart, trend_chart
from strongroom.systems.portfolio.charts.trends import CASH, PANELS_MAX, RECURRING, REVENUE
from strongroom.systems.portfolio.errors import CompanyNotFound
from strongroom.systems.portfolio.routes.company_views import Currency, EndDate, StartDate
from strongroom.systems.portfolio.routes.dependencies import (
    VIEWER,
    ActingDatabase,
    FundCurrency,
    KnownAt,
    OfFund,
    OfQuarter,
    Options,
)
from strongroom.systems.portfolio.routes.problems import READING
from strongroom.systems.portfolio.routes.views import Runway, Thresholds
from strongroom.systems.portfolio.rules.measures import Measure
from strongroom.systems.portfolio.services import alerts, cohorts, funds, trends
from strongroom.systems.portfolio.services.cohorts import CohortBy

ViewT = TypeVar("ViewT")

router = APIRouter(prefix="/charts", tags=["portfolio: charts"], dependencies=[VIEWER])

Form = Annotated[ChartFormat, Query(alias="format", description="svg keeps its text; png suits mail.")]
Panels = Annotated[list[Measure], Query(max_length=PANELS_MAX, description="A panel each; repeat it for several.")]

_DRAWN: dict[int | str, dict[str, Any]] = {
    200: {"content": {form.media_type: {} for form in ChartFormat}, "description": "The picture"}
}
_CHART = {**_DRAWN, **problem_responses(*READING)}
#: a picture is looked at and never run, whatever a company is called
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "X-Content-Type-Options": "nosniff",
}


@router.get(
    "/companies/{company_id}",
    summary="A company's figures over time, a panel each, gaps left open",
    responses={**_DRAWN, **problem_responses(*READING, CompanyNotFound)},
    response_class=Response,
)
async def company_picture(
    company_id: UUID,
    database: ActingDatabase,
    measure: Panels = [*REVENUE, *RECURRING, *CASH],  # noqa: B006 - FastAPI copies it
    currency: Currency = None,
    start_date: StartDate = None,
    end_date: EndDate = None,
    known_at: KnownAt = None,
    form: Form = ChartFormat.SVG,
) -> Response:
    found = await database.read(
        trends.company_trend,
        company_id,
        measure,
        currency,
        start_date=start_date,
        end_date=end_date,
        known_at=known_at,
    )
    return await _picture(trend_chart, found, form)


@router.get("/funds", summary="The funds of a quarter beside each other", responses=_CHART, response_class=Response)
async def fund_picture(
    database: ActingDatabase,
    options: Options,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    runway_months_min: Runway = None,
    known_at: KnownAt = None,
    form: Form = ChartFormat.SVG,
) -> Response:
    found = await database.read(
        funds.fund_overview,
        quarter,
        currency,
        runway_months_min=options.alerts.runway_months_min if runway_months_min is None else runway_months_min,
        known_at=known_at,
    )
    return await _picture(fund_chart, found, form)


@router.get(
    "/cohorts",
    summary="One figure across groups of companies: boxes, and a dot a company",
    responses=_CHART,
    response_class=Response,
)
async def cohort_picture(
    database: ActingDatabase,
    quarter: OfQuarter,
    by: CohortBy,
    measure: Measure = Measure.ARR,
    currency: FundCurrency = "USD",
    known_at: KnownAt = None,
    form: Form = ChartFormat.SVG,
) -> Response:
    found = await database.read(cohorts.cohort_comparison, quarter, by, [measure], currency, known_at=known_at)
    return await _picture(cohort_chart, found, form)


@router.get(
    "/alerts",
    summary="Who crosses which threshold at a quarter",
    responses=_CHART,
    response_class=Response,
)
async def alert_picture(
    database: ActingDatabase,
    quarter: OfQuarter,
    thresholds: Thresholds,
    currency: FundCurrency = "USD",
    fund: OfFund = None,
    known_at: KnownAt = None,
    form: Form = ChartFormat.SVG,
) -> Response:
    found = await database.read(alerts.find_alerts, quarter, thresholds, currency, fund=fund, known_at=known_at)
    return await _picture(alert_chart, found, form)


async def _picture(chart: Callable[[ViewT, ChartFormat], bytes], view: ViewT, form: ChartFormat) -> Response:
    """Drawing takes a while, so it happens beside the event loop and after the transaction."""
    drawn = await run_in_threadpool(chart, view, form)
    return Response(drawn, media_type=form.media_type, headers=_HEADERS)
