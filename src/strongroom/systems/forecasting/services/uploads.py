"""Uploads: each file of a user is taken in once, entirely or not at all, and what became of it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import StrongroomError
from strongroom.kernel.jobs import cancel_job, find_job
from strongroom.kernel.sessions import keeps_refusals
from strongroom.systems.forecasting.errors import UploadFinal, UploadRefused
from strongroom.systems.forecasting.models import DataUpload
from strongroom.systems.forecasting.repositories import Listing, Point, UploadRepository
from strongroom.systems.forecasting.rules import DataTypeEnum, UploadStatusEnum
from strongroom.systems.forecasting.services.access import check_may_read, get_own_upload, lock_own_upload, owner_for

#: the job that stores uploads in the background
UPLOAD_JOB = "forecasting.upload"

#: of the message that is kept with an upload that failed
_MESSAGE_LETTERS_MAX = 4000


@dataclass(frozen=True, slots=True)
class File:
    """What is sent, whatever its points are.

    name: as it was sent. digest: SHA-256 of its bytes. choices: how it is read, the same text for the same choices.
    metadata: what is kept of it beside its points.
    """

    name: str
    digest: str
    choices: str
    data_type: DataTypeEnum
    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """is_new: False when the same file had been stored before, and nothing was done. job_id: who stores it later."""

    upload: DataUpload
    is_new: bool
    job_id: int | None = None


@keeps_refusals
def store_file(
    session: Session,
    file: File,
    points: Iterable[Point],
    *,
    refusal: str | None = None,
    problems: tuple[Mapping[str, Any], ...] = (),
    user_id: UUID | None = None,
) -> Uploaded:
    """Store the points of a file, or why it has none, in one unit of work. The same file of the same user is kept once.

    refusal: why nothing of it can be stored; problems: its rows that cannot be read, for whoever sent it.
    user_id: whose it is to be, that of whoever acts by default.
    Raises UploadRefused, after keeping the refusal, and AccessDenied.
    """
    begun = begin_file(session, file, user_id=user_id)
    if not begun.is_new:
        return begun
    return Uploaded(finish_file(session, begun.upload.id, file, points, refusal=refusal, problems=problems), True)


def begin_file(session: Session, file: File, *, user_id: UUID | None = None) -> Uploaded:
    """The upload of this file, under way; is_new is False when it is stored already, or a job is about to store it.

    Raises AccessDenied.
    """
    owner = owner_for(session, user_id)
    uploads = UploadRepository(session)
    metadata = {"source": file.metadata.get("source", {})}
    upload_id = _id_of(owner, file)
    upload, is_new = uploads.begin_once(upload_id, owner, file.name, file.data_type, metadata)
    if is_new:
        return Uploaded(upload, True)
    if upload.status is UploadStatusEnum.VALIDATED:
        return Uploaded(upload, False)
    if upload.status is UploadStatusEnum.ERROR:
        return Uploaded(uploads.retry(upload_id), True)
    job_id = _live_job(session, upload)
    return Uploaded(upload, job_id is None, job_id)


@keeps_refusals
def finish_file(
    session: Session,
    upload_id: UUID,
    file: File,
    points: Iterable[Point],
    *,
    refusal: str | None = None,
    problems: tuple[Mapping[str, Any], ...] = (),
) -> DataUpload:
    """Store the points of an upload that is under way. Raises UploadRefused, after keeping the refusal."""
    uploads = UploadRepository(session)
    if refusal is None:
        try:
            with session.begin_nested():  # what came in before the refusal goes; that it was refused stays
                uploads.add_points(upload_id, points)
                return uploads.finish(upload_id, file.metadata)
        except StrongroomError as error:
            if error.status >= 500:
                raise
            refusal = str(error)
    uploads.fail(upload_id, refusal[:_MESSAGE_LETTERS_MAX], file.metadata)
    session.flush()
    raise UploadRefused(file=file.name, reason=refusal, problems=problems, upload_id=str(upload_id))


def fail_file(session: Session, upload_id: UUID, reason: str) -> DataUpload:
    """Say why nothing came of an upload under way; any other one stays as it is."""
    uploads = UploadRepository(session)
    upload = uploads.lock([upload_id])[upload_id]
    if upload.status is UploadStatusEnum.PROCESSING:
        upload = uploads.fail(upload_id, reason[:_MESSAGE_LETTERS_MAX])
    return upload


def begin_again(session: Session, upload_id: UUID) -> DataUpload:
    """Begin anew with an upload that failed; any other one stays as it is."""
    uploads = UploadRepository(session)
    upload = uploads.lock([upload_id])[upload_id]
    return uploads.retry(upload_id) if upload.status is UploadStatusEnum.ERROR else upload


def list_uploads(
    session: Session,
    user_id: UUID | None = None,
    *,
    status: UploadStatusEnum | None = None,
    data_type: DataTypeEnum | None = None,
    skip: int = 0,
    limit: int = 100,
) -> Listing[DataUpload]:
    """Uploads, newest first, with how many there are. user_id: whose; everybody's by default. Raises AccessDenied."""
    check_may_read(session)
    return UploadRepository(session).list_uploads(user_id, status=status, data_type=data_type, skip=skip, limit=limit)


def get_upload(session: Session, upload_id: UUID | str) -> DataUpload:
    """One upload. Raises UploadNotFound, AccessDenied."""
    check_may_read(session)
    return UploadRepository(session).get(upload_id)


def delete_upload(session: Session, upload_id: UUID | str) -> None:
    """Remove an upload with its points. Raises UploadNotFound, AccessDenied."""
    UploadRepository(session).remove(lock_own_upload(session, upload_id).id)


def cancel_upload(session: Session, upload_id: UUID | str) -> DataUpload:
    """Stop storing a file in the background; nothing of it stays. Raises UploadNotFound, AccessDenied, UploadFinal.

    One that is being stored just now is stopped within moments.
    """
    upload = get_own_upload(session, upload_id)
    job_id = _live_job(session, upload)
    if job_id is not None:
        cancel_job(session, job_id)
        job_id = _live_job(session, upload)
    locked = lock_own_upload(session, upload.id)
    if locked.status is not UploadStatusEnum.PROCESSING:
        raise UploadFinal(status=locked.status.value, wanted="cancelled")
    return locked if job_id is not None else fail_file(session, locked.id, "it was cancelled")


def _live_job(session: Session, upload: DataUpload) -> int | None:
    """The job that is going to store the upload, or is at it."""
    number = upload.extra.get("job_id")
    record = find_job(session, number) if isinstance(number, int) else None
    return record.id if record is not None and record.status in ("waiting", "running") else None


def _id_of(owner: UUID, file: File) -> UUID:
    """UUIDv8 (RFC 9562): the same for the same file of the same user, read in the same way."""
    key = "\0".join(("forecasting.uploads", str(owner), file.digest, file.choices, file.data_type.value))
    digest = int.from_bytes(hashlib.sha256(key.encode()).digest()[:16], "big")
    return UUID(int=digest & ~(0xF << 76) & ~(0b11 << 62) | 0x8 << 76 | 0b10 << 62)
