"""Clears away what was left behind: files that no row refers to, and uploads that nobody stores any more.

A training writes its file while it holds the file's name, and stores the model before it lets go of it. Whoever
removes a file holds the name too and looks again: this may run at any time, beside anything.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from pathlib import Path
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.jobs import Backoff, Job, JobContext, find_job, list_jobs
from strongroom.kernel.sessions import Database, now_of
from strongroom.kernel.values import SystemClock
from strongroom.systems.forecasting.models import DataUpload
from strongroom.systems.forecasting.options import ForecastingOptions
from strongroom.systems.forecasting.repositories import ModelRepository
from strongroom.systems.forecasting.rules import UploadStatusEnum
from strongroom.systems.forecasting.services.artifacts import is_artifact, remove_artifact
from strongroom.systems.forecasting.services.uploads import UPLOAD_JOB, fail_file

#: what is younger may belong to somebody who is about to refer to it
SAFE_AGE = timedelta(days=1)
_JOBS_AT_ONCE = 500
_LEFT = "whoever stored it ended before it was done; send the file again"


class StrayKind(Enum):
    """What a file was: a model, one that was not written to its end, or a file that waited to be stored."""

    MODEL = "model"
    DRAFT = "draft"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class Stray:
    """A file that no row refers to. name: below its folder, with slashes."""

    kind: StrayKind
    folder: Path
    name: str
    size_bytes: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class StuckUpload:
    """An upload under way that nobody stores any more, and why."""

    upload_id: UUID
    filename: str
    reason: str


def find_strays(
    database: Database,
    options: ForecastingOptions,
    older_than: timedelta = SAFE_AGE,
    kinds: Collection[StrayKind] = tuple(StrayKind),
) -> list[Stray]:
    """Files that no row refers to and that are at least so old. Files with names that are not ours are left alone."""
    before = SystemClock().now() - older_than
    found = [
        *(() if set(kinds) <= {StrayKind.UPLOAD} else _model_files(options.models_folder)),
        *(_upload_files(options.uploads_folder) if StrayKind.UPLOAD in kinds else ()),
    ]
    old = [stray for stray in found if stray.kind in kinds and stray.changed_at <= before]
    return database.read(_unreferred, old)


def remove_stray(database: Database, stray: Stray) -> bool:
    """Remove the file, unless a model refers to it by now. Whether it was removed."""
    if stray.kind is StrayKind.MODEL:
        return database.write(remove_unreferred, stray.folder, stray.name)
    try:
        (stray.folder / stray.name).unlink()
    except FileNotFoundError:
        return False
    return True


def remove_unreferred(session: Session, folder: Path, path: str) -> bool:
    """Remove the file of a model that is gone, unless another one refers to it. Whether it was removed."""
    models = ModelRepository(session)
    models.hold_file(path)
    return not models.referred([path]) and remove_artifact(folder, path)


def remove_file(context: JobContext, *, path: str) -> bool:
    """The job that follows the deletion of a model."""
    return context.database.write(remove_unreferred, context.option(ForecastingOptions).models_folder, path)


REMOVE_FILE = Job(name="forecasting.remove_file", run=remove_file, attempts=5, backoff=Backoff(first_s=10))


def find_stuck_uploads(session: Session, older_than: timedelta = SAFE_AGE) -> list[StuckUpload]:
    """Uploads under way whose job came to an end without them, and those at least so old that have none."""
    return _stuck(session, _UNDER_WAY, older_than)


def fail_stuck_uploads(session: Session, older_than: timedelta = SAFE_AGE) -> list[StuckUpload]:
    """Say of each why nothing came of it."""
    # whoever holds one is at it
    stuck = _stuck(session, _UNDER_WAY.with_for_update(skip_locked=True, key_share=True), older_than)
    for upload in stuck:
        fail_file(session, upload.upload_id, upload.reason)
    return stuck


def sweep_uploads(database: Database, options: ForecastingOptions) -> None:
    """Give up stuck uploads, and remove the files that nobody will store."""
    database.write(fail_stuck_uploads)
    for stray in find_strays(database, options, kinds=(StrayKind.UPLOAD,)):
        with suppress(OSError):  # of another program; whoever sweeps by hand is told
            remove_stray(database, stray)


_UNDER_WAY = select(DataUpload).where(DataUpload.status == UploadStatusEnum.PROCESSING).order_by(DataUpload.id)


def _stuck(session: Session, under_way: Select[DataUpload], older_than: timedelta) -> list[StuckUpload]:
    before = now_of(session) - older_than
    reasons = [(upload, _why_stuck(session, upload, before)) for upload in session.scalars(under_way).all()]
    return [StuckUpload(upload.id, upload.filename, reason) for upload, reason in reasons if reason]


def _why_stuck(session: Session, upload: DataUpload, before: datetime) -> str | None:
    """Why nobody stores the upload; None when somebody does, or may."""
    number = upload.extra.get("job_id")
    job = find_job(session, number) if isinstance(number, int) else None
    if job is None or job.arguments.get("upload_id") != str(upload.id):
        return _LEFT if upload.updated_at <= before else None
    if job.status == "failed":
        return f"job {job.id} gave up at attempt {job.attempt}: {job.error or job.error_code}; send the file again"
    return "it was cancelled" if job.status == "cancelled" else None


def _unreferred(session: Session, found: Sequence[Stray]) -> list[Stray]:
    named = [stray.name for stray in found if stray.kind is StrayKind.MODEL]
    referred = {StrayKind.MODEL: ModelRepository(session).referred(named), StrayKind.DRAFT: set[str]()}
    waits = any(stray.kind is StrayKind.UPLOAD for stray in found)
    referred[StrayKind.UPLOAD] = set(_files_of_jobs(session)) if waits else set()
    return [stray for stray in found if stray.name not in referred[stray.kind]]


def _files_of_jobs(session: Session) -> Iterator[str]:
    """The files that are going to be stored, or are being stored."""
    for status in ("waiting", "running"):
        before: int | None = None
        while jobs := list_jobs(session, status=status, name=UPLOAD_JOB, before=before, limit=_JOBS_AT_ONCE):
            yield from (str(job.arguments.get("file")) for job in jobs)
            before = jobs[-1].id


def _model_files(folder: Path) -> Iterator[Stray]:
    for part in sorted(folder.glob("[0-9a-f][0-9a-f]")):
        if part.is_symlink() or not part.is_dir():
            continue
        for name in sorted(os.listdir(part)):
            path = f"{part.name}/{name}"
            if is_artifact(path):
                yield from _plain(StrayKind.MODEL, folder, path)
            elif name.startswith(".") and name.endswith(".part"):
                yield from _plain(StrayKind.DRAFT, folder, path)


def _upload_files(folder: Path) -> Iterator[Stray]:
    for path in sorted(folder.glob("*-*-*-*-*")):
        try:
            is_ours = str(UUID(path.name)) == path.name
        except ValueError:
            continue
        if is_ours:
            yield from _plain(StrayKind.UPLOAD, folder, path.name)


def _plain(kind: StrayKind, folder: Path, name: str) -> Iterator[Stray]:
    """The file, if it is one, and there still is one."""
    try:
        status = (folder / name).lstat()
    except FileNotFoundError:
        return
    if stat.S_ISREG(status.st_mode):
        yield Stray(kind, folder, name, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
