"""The portfolio at a quarter of the fund: one call gives the report of any quarter as it was known at any moment."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated

from fastapi import APIRouter, Depends, Query

from strongroom.kernel.web import NumberIn, problem_responses
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
from strongroom.systems.portfolio.rules.alerts import AlertThresholds
from strongroom.systems.portfolio.rules.measures import LTM, Measure
from strongroom.systems.portfolio.schemas.views import (
    AlertListOut,
    CohortComparisonOut,
    ExposureOut,
    FundOverviewOut,
    LtmLineOut,
    LtmTableOut,
    MeasureOut,
    MissingListOut,
    SnapshotOut,
)
from strongroom.systems.portfolio.services import alerts, cohorts, exposure, funds, missing, snapshot
from strongroom.systems.portfolio.services.cohorts import CohortBy

router = APIRouter(prefix="/views", tags=["portfolio: views"], dependencies=[VIEWER])

_VIEW = problem_responses(*READING)
COMPARED = [Measure.ARR, Measure.YOY_GROWTH_REVENUE, Measure.GROSS_PROFIT_MARGIN, Measure.RUNWAY_MONTHS]

ComparedMeasures = Annotated[list[Measure], Query(max_length=20, description="Repeat it for several.")]
Runway = Annotated[NumberIn | None, Query(ge=0, le=1000, description="Months; the fund's own when left out.")]


def alert_thresholds(
    options: Options,
    runway_months_min: Runway = None,
    expense_months_min: Annotated[
        NumberIn | None, Query(ge=0, le=1000, description="Cash over a month's operating expense.")
    ] = None,
    revenue_decline_max: Annotated[NumberIn | None, Query(ge=0, le=100, description="Percent on the quarter.")] = None,
    margin_drop_max: Annotated[
        NumberIn | None, Query(ge=0, le=1000, description="Points of gross margin on the quarter.")
    ] = None,
    stale_quarters_min: Annotated[int | None, Query(ge=1, le=100, description="Quarters of silence.")] = None,
) -> AlertThresholds:
    """The fund's thresholds, with those that a request sets itself."""
    usual = options.alerts
    return AlertThresholds(
        runway_months_min=_first(runway_months_min, usual.runway_months_min),
        expense_months_min=_first(expense_months_min, usual.expense_months_min),
        revenue_decline_max=_first(revenue_decline_max, usual.revenue_decline_max),
        margin_drop_max=_first(margin_drop_max, usual.margin_drop_max),
        stale_quarters_min=usual.stale_quarters_min if stale_quarters_min is None else stale_quarters_min,
    )


Thresholds = Annotated[AlertThresholds, Depends(alert_thresholds)]


@router.get("/measures", summary="The figures that views can show, with their units", responses=_VIEW)
async def list_measures() -> list[MeasureOut]:
    return [
        MeasureOut(name=measure.value, label=measure.label, unit=measure.unit, origin=measure.origin)
        for measure in Measure
    ]


@router.get(
    "/snapshot", summary="Every active company at a quarter, with all its figures in one currency", responses=_VIEW
)
async def portfolio_snapshot(
    database: ActingDatabase,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    fund: OfFund = None,
    known_at: KnownAt = None,
) -> SnapshotOut:
    found = await database.read(snapshot.snapshot, quarter, currency, fund=fund, known_at=known_at)
    return SnapshotOut.model_validate(found)


@router.get("/ltm", summary="The last twelve months of every company at a quarter", responses=_VIEW)
async def ltm_table(
    database: ActingDatabase,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    fund: OfFund = None,
    known_at: KnownAt = None,
) -> LtmTableOut:
    found = await database.read(snapshot.snapshot, quarter, currency, fund=fund, with_derived=False, known_at=known_at)
    lines = [
        LtmLineOut.model_validate(
            {
                "company": figures.company,
                "fiscal_reporting_date": figures.fiscal_reporting_date,
                "values": {measure: figures[measure] for measure in LTM},
            }
        )
        for figures in found.reported
    ]
    return LtmTableOut.model_validate(
        {"quarter": quarter, "known_at": found.known_at, "currency": currency, "measures": LTM, "lines": lines}
    )


@router.get("/funds", summary="Each fund at a quarter: sums, growth, runway, and who runs short", responses=_VIEW)
async def fund_overview(
    database: ActingDatabase,
    options: Options,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    runway_months_min: Runway = None,
    known_at: KnownAt = None,
) -> FundOverviewOut:
    found = await database.read(
        funds.fund_overview,
        quarter,
        currency,
        runway_months_min=_first(runway_months_min, options.alerts.runway_months_min),
        known_at=known_at,
    )
    return FundOverviewOut.model_validate(found)


@router.get("/cohorts", summary="Groups of companies beside each other: medians and quartiles", responses=_VIEW)
async def cohort_comparison(
    database: ActingDatabase,
    quarter: OfQuarter,
    by: CohortBy,
    measure: ComparedMeasures = COMPARED,
    currency: FundCurrency = "USD",
    known_at: KnownAt = None,
) -> CohortComparisonOut:
    found = await database.read(cohorts.cohort_comparison, quarter, by, measure, currency, known_at=known_at)
    return CohortComparisonOut.model_validate(found)


@router.get("/alerts", summary="Companies that cross a threshold, or are silent", responses=_VIEW)
async def find_alerts(
    database: ActingDatabase,
    quarter: OfQuarter,
    thresholds: Thresholds,
    currency: FundCurrency = "USD",
    fund: OfFund = None,
    known_at: KnownAt = None,
) -> AlertListOut:
    found = await database.read(alerts.find_alerts, quarter, thresholds, currency, fund=fund, known_at=known_at)
    return AlertListOut.model_validate(found)


@router.get("/missing", summary="Active companies that have not reported a quarter", responses=_VIEW)
async def missing_submissions(
    database: ActingDatabase, quarter: OfQuarter, fund: OfFund = None, known_at: KnownAt = None
) -> MissingListOut:
    found = await database.read(missing.missing_submissions, quarter, fund=fund, known_at=known_at)
    return MissingListOut.model_validate(found)


@router.get("/exposure", summary="The portfolio by the currencies that companies report in", responses=_VIEW)
async def currency_exposure(
    database: ActingDatabase,
    quarter: OfQuarter,
    currency: FundCurrency = "USD",
    fund: OfFund = None,
    known_at: KnownAt = None,
) -> ExposureOut:
    found = await database.read(exposure.currency_exposure, quarter, currency, fund=fund, known_at=known_at)
    return ExposureOut.model_validate(found)


def _first(given: Decimal | None, usual: Decimal) -> Decimal:
    return usual if given is None else given
