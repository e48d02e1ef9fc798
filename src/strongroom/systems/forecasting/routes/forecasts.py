"""Forecasts of a model: made from its file or handed in, read, and held against what came."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.errors import CheckFailed
from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.forecasting.errors import ModelFileRefused, ModelNotFound
from strongroom.systems.forecasting.routes.dependencies import ANALYST, VIEWER, ActingDatabase, OfUser, Options, Within
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.schemas.models import (
    AccuracyOut,
    ActualsIn,
    CountOut,
    ForecastOut,
    ForecastsOut,
    HorizonIn,
    PredictionsIn,
)
from strongroom.systems.forecasting.services import forecasts, pages
from strongroom.systems.forecasting.services.access import get_own_model
from strongroom.systems.forecasting.services.continuing import continue_model

router = APIRouter(tags=["forecasting: forecasts"])

Limit = Annotated[int, Query(ge=1, le=1000, description="Rows to return at most.")]


@router.get(
    "/forecasts/pending",
    summary="Forecasts of periods that have begun and whose actual value is not known, oldest first",
    responses=problem_responses(*READING),
    dependencies=[VIEWER],
)
async def pending_actuals(
    database: ActingDatabase,
    model_id: Annotated[UUID | None, Query(description="Of this model only.")] = None,
    user_id: OfUser = None,
    limit: Limit = 100,
) -> ForecastsOut:
    found = await database.read(forecasts.pending_actuals, model_id=model_id, user_id=user_id, limit=limit)
    return ForecastsOut.of(found)


@router.get(
    "/models/{model_id}/forecasts",
    summary="Forecasts of a model for the periods from start to end, oldest first",
    responses=problem_responses(*LISTING, ModelNotFound),
    dependencies=[VIEWER],
)
async def list_forecasts(
    model_id: UUID, database: ActingDatabase, part: ListPart, span: Within
) -> PageOut[ForecastOut]:
    return PageOut[ForecastOut].model_validate(await database.read(pages.page_forecasts, part, model_id, span))


@router.get(
    "/models/{model_id}/forecasts/latest",
    summary="The forecasts of a model that reach furthest, newest period first",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def latest_forecasts(model_id: UUID, database: ActingDatabase, limit: Limit = 10) -> ForecastsOut:
    return ForecastsOut.of(await database.read(forecasts.latest_forecasts, model_id, limit))


@router.post(
    "/models/{model_id}/forecasts",
    summary="Forecast with a model that was trained before, and store it; a repetition changes nothing (analysts)",
    responses=problem_responses(*WRITING, ModelNotFound, ModelFileRefused),
    dependencies=[ANALYST],
)
async def make_forecasts(model_id: UUID, body: HorizonIn, database: ActingDatabase, options: Options) -> CountOut:
    model = await database.read(get_own_model, model_id)
    predictions = await run_in_threadpool(continue_model, model, body.horizon, options=options)
    return CountOut(forecasts=await database.write(forecasts.store_forecasts, model_id, predictions))


@router.put(
    "/models/{model_id}/forecasts",
    summary="Store predictions made elsewhere, one a period; those whose actual value is known stay (analysts)",
    responses=problem_responses(*WRITING, ModelNotFound, CheckFailed),
    dependencies=[ANALYST],
)
async def put_forecasts(model_id: UUID, body: PredictionsIn, database: ActingDatabase) -> CountOut:
    predictions = [each.prediction() for each in body.forecasts]
    return CountOut(forecasts=await database.write(forecasts.store_forecasts, model_id, predictions))


@router.put(
    "/models/{model_id}/actuals",
    summary="Fill in what came, by period; predictions stay as they are (analysts)",
    responses=problem_responses(*WRITING, ModelNotFound),
    dependencies=[ANALYST],
)
async def put_actuals(model_id: UUID, body: ActualsIn, database: ActingDatabase) -> CountOut:
    values = {each.forecast_date: each.value for each in body.actuals}
    return CountOut(forecasts=await database.write(forecasts.record_actuals, model_id, values))


@router.get(
    "/models/{model_id}/accuracy",
    summary="How far the forecasts from start to end were from what came",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def accuracy(model_id: UUID, database: ActingDatabase, span: Within) -> AccuracyOut:
    found = await database.read(forecasts.backtest_summary, model_id, span.start, span.end)
    return AccuracyOut.model_validate(found)
