"""Uploads: a file is looked at, confirmed, stored once and whole; large ones in the background."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from fastapi import APIRouter, Request, Response, status
from starlette.concurrency import run_in_threadpool

from strongroom.kernel.errors import CommitIndeterminate, TooLarge
from strongroom.kernel.sessions import AsyncDatabase
from strongroom.kernel.web import ListPart, PageOut, problem_responses
from strongroom.systems.forecasting.errors import (
    UploadFinal,
    UploadNotConfirmed,
    UploadNotFound,
    UploadRefused,
    UploadUnreadable,
)
from strongroom.systems.forecasting.imports import (
    detect_file,
    prepare_file,
    request_upload,
    spool_path,
    store_prepared,
)
from strongroom.systems.forecasting.imports.detecting import digest_of
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.routes.dependencies import (
    ADMINISTRATOR,
    ANALYST,
    VIEWER,
    ActingDatabase,
    OfUser,
    Options,
)
from strongroom.systems.forecasting.routes.problems import LISTING, READING, WRITING
from strongroom.systems.forecasting.routes.receiving import MULTIPART, Received, received, refusal
from strongroom.systems.forecasting.rules import DataTypeEnum, UploadStatusEnum
from strongroom.systems.forecasting.schemas.uploads import DetectedOut, UploadedOut, UploadOut
from strongroom.systems.forecasting.services import pages, uploads
from strongroom.systems.forecasting.services.uploads import Uploaded

router = APIRouter(prefix="/uploads", tags=["forecasting: uploads"])


@router.post(
    "/detect",
    summary="Look at a file: how it would be read, what is wrong with it, what has to be told; stores nothing",
    responses=problem_responses(*READING, TooLarge, UploadUnreadable),
    dependencies=[ANALYST],
    openapi_extra=MULTIPART,
)
async def detect(request: Request, options: Options) -> DetectedOut:
    async with received(request, options) as sent:
        return DetectedOut.of(await run_in_threadpool(detect_file, sent.file, sent.name, sent.choices))


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Store a file as it was confirmed, all of it or nothing; a repetition changes nothing (analysts)",
    response_model=UploadedOut,
    responses={
        status.HTTP_200_OK: {"model": UploadedOut, "description": "It was stored before"},
        status.HTTP_202_ACCEPTED: {"model": UploadedOut, "description": "A large file; a job will store it"},
        **problem_responses(*WRITING, TooLarge, UploadUnreadable, UploadNotConfirmed, UploadRefused),
    },
    dependencies=[ANALYST],
    openapi_extra=MULTIPART,
)
async def upload(
    request: Request, response: Response, database: ActingDatabase, options: Options
) -> UploadedOut | Response:
    try:
        async with received(request, options) as sent:
            is_large = sent.size > options.upload_bytes_at_once
            done = await (_store_later(database, sent, options) if is_large else _store_now(database, sent))
    except (UploadRefused, UploadNotConfirmed) as error:
        return refusal(request, error)
    if done.job_id is not None:
        response.status_code = status.HTTP_202_ACCEPTED
        response.headers["Location"] = f"/api/forecasting/jobs/{done.job_id}"
    elif not done.is_new:
        response.status_code = status.HTTP_200_OK
    return UploadedOut.of(done)


@router.get("", summary="Uploads, newest first", responses=problem_responses(*LISTING), dependencies=[VIEWER])
async def list_uploads(
    database: ActingDatabase,
    part: ListPart,
    user_id: OfUser = None,
    status: UploadStatusEnum | None = None,
    data_type: DataTypeEnum | None = None,
) -> PageOut[UploadOut]:
    found = await database.read(pages.page_uploads, part, user_id=user_id, status=status, data_type=data_type)
    return PageOut[UploadOut].model_validate(found)


@router.get(
    "/{upload_id}",
    summary="One upload: what became of it, and why",
    responses=problem_responses(*READING, UploadNotFound),
    dependencies=[VIEWER],
)
async def get_upload(upload_id: UUID, database: ActingDatabase) -> UploadOut:
    return UploadOut.model_validate(await database.read(uploads.get_upload, upload_id))


@router.post(
    "/{upload_id}/cancel",
    summary="Stop storing a file in the background; nothing of it stays (analysts, their own)",
    responses=problem_responses(*WRITING, UploadNotFound, UploadFinal),
    dependencies=[ANALYST],
)
async def cancel_upload(upload_id: UUID, database: ActingDatabase) -> UploadOut:
    return UploadOut.model_validate(await database.write(uploads.cancel_upload, upload_id))


@router.delete(
    "/{upload_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Remove an upload with its points (administrators)",
    responses=problem_responses(*WRITING, UploadNotFound),
    dependencies=[ADMINISTRATOR],
)
async def delete_upload(upload_id: UUID, database: ActingDatabase) -> None:
    await database.write(uploads.delete_upload, upload_id)


async def _store_now(database: AsyncDatabase, sent: Received) -> Uploaded:
    prepared = await run_in_threadpool(prepare_file, sent.file, sent.name, sent.choices)
    return await database.write(store_prepared, prepared, data_type=sent.data_type)


async def _store_later(database: AsyncDatabase, sent: Received, options: ForecastingOptions) -> Uploaded:
    """The file waits in the folder for uploads until the job that stores it removes it."""
    path, digest = await run_in_threadpool(_spooled, sent.file, options)
    try:
        done = await database.write(
            request_upload, path, sent.name, sent.choices, digest=digest, data_type=sent.data_type
        )
    except CommitIndeterminate:
        raise  # the job may be there, and then needs the file
    except Exception:
        path.unlink(missing_ok=True)
        raise
    if not done.is_new:
        path.unlink(missing_ok=True)
    return done


def _spooled(file: BinaryIO, options: ForecastingOptions) -> tuple[Path, str]:
    path = spool_path(options)
    file.seek(0)
    try:
        with path.open("xb") as target:
            shutil.copyfileobj(file, target, 1024 * 1024)
        return path, digest_of(path)
    except OSError:
        path.unlink(missing_ok=True)
        raise
