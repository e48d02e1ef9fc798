"""Series, read back: the points of a span, added up by period, how far they reach, what is missing or twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.forecasting.errors import SeriesNotFound
from strongroom.systems.forecasting.models import DataUpload, TimeSeriesData
from strongroom.systems.forecasting.repositories import Bucket, Duplicate, SeriesRepository, UploadRepository
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum
from strongroom.systems.forecasting.services.access import check_may_read

POINTS_MAX = 10_000


def points_between(
    session: Session,
    category: CategoryEnum,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    user_id: UUID | None = None,
    upload_id: UUID | None = None,
    limit: int = POINTS_MAX,
) -> Sequence[TimeSeriesData]:
    """Points of a category from start to end, both included, oldest first; at most `limit`. Raises AccessDenied."""
    check_may_read(session)
    found = SeriesRepository(session)
    return found.between(category, start, end, user_id=user_id, upload_id=upload_id, limit=min(limit, POINTS_MAX))


def points_of_upload(
    session: Session, upload_id: UUID, category: CategoryEnum | None = None
) -> Sequence[TimeSeriesData]:
    """All points of an upload, oldest first. Raises UploadNotFound, AccessDenied."""
    check_may_read(session)
    return SeriesRepository(session).of_upload(UploadRepository(session).get(upload_id).id, category)


def totals_by_period(
    session: Session,
    category: CategoryEnum,
    period: PeriodEnum,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    user_id: UUID | None = None,
    upload_id: UUID | None = None,
) -> list[Bucket]:
    """What a series adds up to by period, oldest first; empty periods are left out.

    Of the named upload, else of the user's latest validated one with the category. Raises UploadNotFound,
    SeriesNotFound, AccessDenied.
    """
    upload = _upload_of(session, category, user_id, upload_id)
    return SeriesRepository(session).resample(upload.id, category, period, start, end)


def gaps_of(
    session: Session,
    category: CategoryEnum,
    period: PeriodEnum,
    *,
    user_id: UUID | None = None,
    upload_id: UUID | None = None,
) -> list[datetime]:
    """The beginnings of the periods of a series that hold nothing. Raises as `totals_by_period`."""
    upload = _upload_of(session, category, user_id, upload_id)
    return SeriesRepository(session).gaps(upload.id, category, period)


def latest_timestamp(
    session: Session, category: CategoryEnum | None = None, *, user_id: UUID | None = None
) -> datetime | None:
    """When the newest point is from, None when there is none. Raises AccessDenied."""
    check_may_read(session)
    return SeriesRepository(session).latest_timestamp(category, user_id)


def duplicates_of(session: Session, user_id: UUID, category: CategoryEnum | None = None) -> list[Duplicate]:
    """Moments that several uploads of a user hold, oldest first. Raises AccessDenied."""
    check_may_read(session)
    return SeriesRepository(session).duplicates(user_id, category)


def _upload_of(session: Session, category: CategoryEnum, user_id: UUID | None, upload_id: UUID | None) -> DataUpload:
    check_may_read(session)
    uploads = UploadRepository(session)
    if upload_id is not None:
        return uploads.get(upload_id)
    found = uploads.latest_validated(user_id, category) if user_id is not None else None
    if found is None:
        raise SeriesNotFound(category=category.value)
    return found
