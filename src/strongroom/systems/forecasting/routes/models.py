"""Models: trained in the background, compared, made active, removed."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response, status

from strongroom.kernel.errors import CheckFailed
from strongroom.kernel.web import ListPart, PageOut, own_id, problem_responses
from strongroom.systems.forecasting.errors import ModelNotFound, SeriesNotFound, UploadNotFound
from strongroom.systems.forecasting.methods import METHODS
from strongroom.systems.forecasting.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER,
    ActingDatabase,
    CurrentActor,
    OfUser,
)
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.rules import CategoryEnum, ModelTypeEnum
from strongroom.systems.forecasting.schemas.models import (
    MethodOut,
    ModelOut,
    ScoresIn,
    TrainingIn,
    TrainingOut,
    VersionsOut,
)
from strongroom.systems.forecasting.services import models, pages
from strongroom.systems.forecasting.services.training import request_training

router = APIRouter(tags=["forecasting: models"])

ModelName = Annotated[str, Query(min_length=1, max_length=100)]


@router.get(
    "/methods", summary="The methods to train with", responses=problem_responses(*READING), dependencies=[VIEWER]
)
async def list_methods() -> list[MethodOut]:
    return [MethodOut.model_validate(method) for method in METHODS.values()]


@router.post(
    "/models/training",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Train a model in the background; the job's result names the version and its forecasts (analysts)",
    responses=problem_responses(*WRITING, SeriesNotFound, UploadNotFound),
    dependencies=[ANALYST],
)
async def train(body: TrainingIn, database: ActingDatabase, response: Response) -> TrainingOut:
    job_id = await database.write(request_training, body.request())
    response.headers["Location"] = f"/api/forecasting/jobs/{job_id}"
    return TrainingOut(job_id=job_id)


@router.get("/models", summary="Models, newest first", responses=problem_responses(*LISTING), dependencies=[VIEWER])
async def list_models(
    database: ActingDatabase,
    part: ListPart,
    user_id: OfUser = None,
    model_name: ModelName | None = None,
    model_type: ModelTypeEnum | None = None,
    forecast_type: CategoryEnum | None = None,
    is_active: bool | None = None,
) -> PageOut[ModelOut]:
    found = await database.read(
        pages.page_models,
        part,
        user_id=user_id,
        model_name=model_name,
        model_type=model_type,
        forecast_type=forecast_type,
        is_active=is_active,
    )
    return PageOut[ModelOut].model_validate(found)


@router.get(
    "/models/active",
    summary="The active version of a model of this name, your own unless a user is named",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def get_active(
    model_name: ModelName, actor: CurrentActor, database: ActingDatabase, user_id: OfUser = None
) -> ModelOut:
    return ModelOut.model_validate(await database.read(models.get_active, user_id or own_id(actor), model_name))


@router.get(
    "/models/versions",
    summary="Every version of a model with its scores, newest first; your own unless a user is named",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def compare_versions(
    model_name: ModelName, actor: CurrentActor, database: ActingDatabase, user_id: OfUser = None
) -> VersionsOut:
    found = await database.read(models.compare_versions, user_id or own_id(actor), model_name)
    return VersionsOut(versions=[ModelOut.model_validate(version) for version in found])


@router.get(
    "/models/{model_id}",
    summary="One version of a model",
    responses=problem_responses(*READING, ModelNotFound),
    dependencies=[VIEWER],
)
async def get_model(model_id: UUID, database: ActingDatabase) -> ModelOut:
    return ModelOut.model_validate(await database.read(models.get_model, model_id))


@router.post(
    "/models/{model_id}/activate",
    summary="Make this version the active one of its name (analysts, their own)",
    responses=problem_responses(*WRITING, ModelNotFound),
    dependencies=[ANALYST],
)
async def activate(model_id: UUID, database: ActingDatabase) -> ModelOut:
    return ModelOut.model_validate(await database.write(models.activate, model_id))


@router.put(
    "/models/{model_id}/scores",
    summary="Record what a version scored elsewhere, in place of what it had (analysts, their own)",
    responses=problem_responses(*WRITING, ModelNotFound, CheckFailed),
    dependencies=[ANALYST],
)
async def record_scores(model_id: UUID, body: ScoresIn, database: ActingDatabase) -> ModelOut:
    return ModelOut.model_validate(await database.write(models.record_metrics, model_id, **dict(body)))


@router.delete(
    "/models/{model_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove a version with its forecasts, risk and reports (administrators)",
    responses=problem_responses(*WRITING, ModelNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_model(model_id: UUID, database: ActingDatabase) -> None:
    await database.write(models.delete_model, model_id)
