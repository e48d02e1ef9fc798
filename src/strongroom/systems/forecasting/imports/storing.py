"""Stores a prepared file at once; or has it read and stored in the background, with progress, by whoever has time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotFound, StrongroomError
from strongroom.kernel.jobs import Backoff, Cancelled, Job, JobContext, defer
from strongroom.kernel.jobs.errors import JobOvertaken
from strongroom.kernel.sessions import Database, keeps_refusals
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.detecting import digest_of, prepare_file
from strongroom.systems.forecasting.imports.prepared import Prepared
from strongroom.systems.forecasting.imports.progress import Progress, counted, silent
from strongroom.systems.forecasting.models import DataUpload
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.rules import DataTypeEnum, UploadStatusEnum
from strongroom.systems.forecasting.services.sweeping import sweep_uploads
from strongroom.systems.forecasting.services.uploads import (
    UPLOAD_JOB,
    File,
    Uploaded,
    begin_again,
    begin_file,
    fail_file,
    finish_file,
    get_upload,
    store_file,
)

_REPORT_INTERVAL_S = 1.0


@keeps_refusals
def store_prepared(
    session: Session,
    prepared: Prepared,
    *,
    user_id: UUID | None = None,
    data_type: DataTypeEnum = DataTypeEnum.TIME_SERIES,
    progress: Progress = silent,
) -> Uploaded:
    """Store a prepared file in one unit of work: all its points, or the reason why it has none.

    The same file of the same user, read in the same way, is stored once. user_id: whose it is to be.
    Raises UploadRefused, after keeping the refusal; its fact `problems` names rows. Raises AccessDenied.
    """
    points = counted(prepared.points(), progress, "storing", prepared.count)
    return store_file(session, _file_of(prepared, data_type), points, **_refusal_of(prepared), user_id=user_id)


def request_upload(
    session: Session,
    path: Path,
    name: str,
    choices: Choices,
    *,
    digest: str | None = None,
    user_id: UUID | None = None,
    data_type: DataTypeEnum = DataTypeEnum.TIME_SERIES,
) -> Uploaded:
    """Have the job UPLOAD read and store a file that lies in the folder for uploads, under a name of ours.

    path: as `spool_path` gave it; the job removes the file. Where no job results, because the file was stored before or
    is about to be, the caller does. choices: as confirmed. digest: SHA-256 of the file, taken here when left out.
    Raises AccessDenied.
    """
    UUID(path.name)  # a name of our own making: it goes into the job and comes back as a path
    found = digest or digest_of(path)
    file = File(name, found, choices.key, data_type, {"source": {"sha256": found}})
    begun = begin_file(session, file, user_id=user_id)
    if not begun.is_new:
        return begun
    upload = begun.upload
    job_id = defer(
        session, UPLOAD, lock=f"upload {upload.id}", upload_id=upload.id, file=path.name, choices=choices.to_dict()
    )
    upload.extra = {**upload.extra, "job_id": job_id}
    session.flush()
    return Uploaded(upload, True, job_id)


def spool_path(options: ForecastingOptions) -> Path:
    """Where to write a file that comes in, under a name that no other has. Makes the folder."""
    options.uploads_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return options.uploads_folder / str(new_id())


def upload(context: JobContext, *, upload_id: str, file: str, choices: dict[str, Any]) -> dict[str, Any] | None:
    """Read a file from the folder for uploads and store it, unless that was done by an earlier run.

    An upload that was given up before, and whose file is still there, is begun anew: somebody had the job run again.
    """
    options = context.option(ForecastingOptions)
    path = options.uploads_folder / str(UUID(file))
    try:
        found = context.database.read(get_upload, upload_id)
        if found.status is UploadStatusEnum.ERROR and path.exists():
            found = context.database.write(begin_again, found.id)
        if found.status is UploadStatusEnum.PROCESSING:
            found = _take_in(context, found, path, Choices.from_dict(choices))
    except NotFound:  # deleted meanwhile
        path.unlink(missing_ok=True)
        return None
    path.unlink(missing_ok=True)
    sweep_uploads(context.database, options)
    return {"status": found.status.value, "row_count": found.row_count}


UPLOAD = Job(name=UPLOAD_JOB, run=upload, attempts=4, backoff=Backoff(first_s=5), place="process")


def _take_in(context: JobContext, found: DataUpload, path: Path, choices: Choices) -> DataUpload:
    progress = _reporting(context)
    try:
        prepared = prepare_file(path, found.filename, choices, progress)
        # a report is a transaction of its own, and SQLite has room for one writer
        heard = _checking(context) if context.database.options.is_sqlite else progress
        points = counted(prepared.points(), heard, "storing", prepared.count)
        file = _file_of(prepared, found.data_type)
        with patient(context.database) as database:
            return database.write(finish_file, found.id, file, points, **_refusal_of(prepared))
    except Cancelled:
        if not context.is_interrupted:
            context.database.write(fail_file, found.id, "it was cancelled")
            path.unlink(missing_ok=True)
        raise
    except JobOvertaken:
        raise
    except FileNotFoundError:
        return context.database.write(fail_file, found.id, "the file is gone; send it again")
    except StrongroomError as error:
        if error.status >= 500 and not context.is_last_attempt:
            raise
        return context.database.write(fail_file, found.id, str(error))


@contextmanager
def patient(database: Database) -> Iterator[Database]:
    """The same database, whose statements may take as long as storing a million points does."""
    if database.options.is_sqlite:
        yield database
        return
    unhurried = database.with_options(command_timeout_s=0, pool_size=1, max_overflow=0)
    try:
        yield unhurried.acting_as(database.actor)
    finally:
        unhurried.close()


def _reporting(context: JobContext) -> Progress:
    """Tells the job's record, at most once a second, and stops when the job was cancelled."""
    told_s = float("-inf")

    def progress(stage: str, done: int, total: int | None) -> None:
        nonlocal told_s
        context.check_cancelled()
        if time.monotonic() - told_s >= _REPORT_INTERVAL_S or done == total:
            told_s = time.monotonic()
            context.report(done=done, total=total, message=stage)

    return progress


def _checking(context: JobContext) -> Progress:
    def progress(stage: str, done: int, total: int | None) -> None:
        context.check_cancelled()

    return progress


def _file_of(prepared: Prepared, data_type: DataTypeEnum) -> File:
    return File(prepared.name, prepared.digest, prepared.choices.key, data_type, prepared.metadata())


def _refusal_of(prepared: Prepared) -> dict[str, Any]:
    problems = tuple(problem.to_dict() for problem in prepared.problems.named)
    return {"refusal": prepared.refusal, "problems": problems}
