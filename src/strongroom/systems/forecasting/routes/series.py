"""Series: the points that were stored, added up by period, how far they reach, what is missing or twice."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from strongroom.kernel.web import ListPart, PageOut, own_id, problem_responses
from strongroom.systems.forecasting.errors import SeriesNotFound, UploadNotFound
from strongroom.systems.forecasting.routes.dependencies import VIEWER, ActingDatabase, CurrentActor, OfUser, Within
from strongroom.systems.forecasting.routes.problems import LISTING, READING
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum
from strongroom.systems.forecasting.schemas.uploads import (
    DuplicateOut,
    DuplicatesOut,
    GapsOut,
    LatestOut,
    PointOut,
    TotalOut,
)
from strongroom.systems.forecasting.services import pages, series

router = APIRouter(prefix="/series", tags=["forecasting: series"], dependencies=[VIEWER])

SHOWN_MAX = 1_000

_NEWEST = "The series of this upload; the newest validated one with the category when left out."
OfUpload = Annotated[UUID | None, Query(description="Of this upload only.")]
UploadOrNewest = Annotated[UUID | None, Query(description=_NEWEST)]
Owner = Annotated[UUID | None, Query(description="Whose; your own when left out.")]


@router.get("/points", summary="Points from start to end, oldest first", responses=problem_responses(*LISTING))
async def list_points(
    database: ActingDatabase,
    part: ListPart,
    span: Within,
    category: CategoryEnum | None = None,
    upload_id: OfUpload = None,
    user_id: OfUser = None,
) -> PageOut[PointOut]:
    found = await database.read(pages.page_points, part, span, category=category, upload_id=upload_id, user_id=user_id)
    return PageOut[PointOut].model_validate(found)


@router.get(
    "/totals",
    summary="A series added up by period, oldest first; periods without points are left out",
    responses=problem_responses(*READING, UploadNotFound, SeriesNotFound),
)
async def totals_by_period(
    actor: CurrentActor,
    database: ActingDatabase,
    span: Within,
    category: CategoryEnum,
    period: PeriodEnum = PeriodEnum.MONTH,
    upload_id: UploadOrNewest = None,
    user_id: Owner = None,
) -> list[TotalOut]:
    owner = user_id or own_id(actor)
    found = await database.read(
        series.totals_by_period, category, period, span.start, span.end, user_id=owner, upload_id=upload_id
    )
    return [TotalOut.model_validate(bucket) for bucket in found]


@router.get("/latest", summary="When the newest point is from", responses=problem_responses(*READING))
async def latest_timestamp(
    database: ActingDatabase, category: CategoryEnum | None = None, user_id: OfUser = None
) -> LatestOut:
    return LatestOut(timestamp=await database.read(series.latest_timestamp, category, user_id=user_id))


@router.get(
    "/gaps",
    summary="Periods between the first and the last point of a series that hold none",
    responses=problem_responses(*READING, UploadNotFound, SeriesNotFound),
)
async def list_gaps(
    actor: CurrentActor,
    database: ActingDatabase,
    category: CategoryEnum,
    period: PeriodEnum = PeriodEnum.MONTH,
    upload_id: UploadOrNewest = None,
    user_id: Owner = None,
) -> GapsOut:
    owner = user_id or own_id(actor)
    found = await database.read(series.gaps_of, category, period, user_id=owner, upload_id=upload_id)
    return GapsOut(count=len(found), starts=found[:SHOWN_MAX])


@router.get(
    "/duplicates",
    summary="Moments that several uploads of a user hold, oldest first",
    responses=problem_responses(*READING),
)
async def list_duplicates(
    actor: CurrentActor, database: ActingDatabase, category: CategoryEnum | None = None, user_id: Owner = None
) -> DuplicatesOut:
    found = await database.read(series.duplicates_of, user_id or own_id(actor), category)
    return DuplicatesOut(count=len(found), items=[DuplicateOut.model_validate(item) for item in found[:SHOWN_MAX]])
