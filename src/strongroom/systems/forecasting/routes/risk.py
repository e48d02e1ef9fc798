"""Risk of a model's series: computed and stored, read over time, held against what came."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, status

from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.forecasting.errors import (
    FigureOutOfRange,
    MixedCurrencies,
    ModelNotFound,
    RiskMetricsNotFound,
    SeriesNotFound,
    TooFewReturns,
    UploadNotFound,
)
from strongroom.systems.forecasting.routes.dependencies import ANALYST, VIEWER, ActingDatabase, Within
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.schemas.risk import (
    BreachesOut,
    RiskIn,
    RiskMeasure,
    RiskOut,
    TrendOut,
    TrendPointOut,
)
from strongroom.systems.forecasting.services import breaches, pages, risk

router = APIRouter(prefix="/models/{model_id}/risk", tags=["forecasting: risk"])

_OF_SERIES = (SeriesNotFound, UploadNotFound, TooFewReturns, FigureOutOfRange, MixedCurrencies)


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Compute volatility, value at risk and what lies beyond it, and simulate (analysts, their own models)",
    responses=problem_responses(*WRITING, ModelNotFound, *_OF_SERIES),
    dependencies=[ANALYST],
)
async def compute_risk(model_id: UUID, body: RiskIn, database: ActingDatabase) -> RiskOut:
    return RiskOut.model_validate(await database.write(risk.compute_risk, model_id, body.risk_choices()))


@router.get(
    "",
    summary="What was computed from start to end, oldest first",
    responses=problem_responses(*LISTING, ModelNotFound),
    dependencies=[VIEWER],
)
async def list_risk(model_id: UUID, database: ActingDatabase, part: ListPart, span: Within) -> PageOut[RiskOut]:
    return PageOut[RiskOut].model_validate(await database.read(pages.page_risk, part, model_id, span))


@router.get(
    "/latest",
    summary="What was computed last",
    responses=problem_responses(*READING, ModelNotFound, RiskMetricsNotFound),
    dependencies=[VIEWER],
)
async def latest_risk(model_id: UUID, database: ActingDatabase) -> RiskOut:
    return RiskOut.model_validate(await database.read(risk.latest_risk, model_id))


@router.get(
    "/trend",
    summary="One measure over time, oldest first",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def risk_trend(
    model_id: UUID,
    database: ActingDatabase,
    measure: RiskMeasure = "var_95",
    limit: Annotated[int, Query(ge=1, le=1000, description="The last so many.")] = 100,
) -> TrendOut:
    found = await database.read(risk.risk_trend, model_id, measure, limit)
    points = [TrendPointOut(calculation_date=at, value=value) for at, value in found]
    return TrendOut(measure=measure, points=points)


@router.get(
    "/breaches",
    summary="Returns from start to before end in which more was lost than the value at risk, and how many there may be",
    responses=problem_responses(*READING, ModelNotFound, RiskMetricsNotFound, *_OF_SERIES),
    dependencies=[VIEWER],
)
async def breach_report(
    model_id: UUID,
    database: ActingDatabase,
    span: Within,
    window: Annotated[
        int | None,
        Query(ge=2, le=100_000, description="Hold each return against so many before it, not the stored figures."),
    ] = None,
) -> BreachesOut:
    found = await database.read(breaches.breach_report, model_id, span.start, span.end, window=window)
    return BreachesOut.of(found)
