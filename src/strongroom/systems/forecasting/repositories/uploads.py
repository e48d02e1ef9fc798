"""Uploads from their beginning to their end, with the points they hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.kernel.sessions import copy_rows
from strongroom.kernel.values import new_id
from strongroom.systems.forecasting.errors import UploadNotFound
from strongroom.systems.forecasting.models import DataUpload, TimeSeriesData
from strongroom.systems.forecasting.repositories.listings import Listing, read_listing
from strongroom.systems.forecasting.repositories.writing import insert_unless_there, table_of
from strongroom.systems.forecasting.rules import CategoryEnum, DataTypeEnum, UploadStatusEnum, check_step


class Point(NamedTuple):
    """One value at one moment. metadata: currency, entity, whether it is a budget …"""

    timestamp: datetime
    value: Decimal
    category: CategoryEnum
    metadata: Mapping[str, Any] = {}


_POINT_COLUMNS = ("id", "data_upload_id", "timestamp", "value", "category", "metadata")


class UploadRepository(Repository[SessionT, DataUpload]):
    """Uploads."""

    row = DataUpload
    not_found = UploadNotFound

    @operation
    def begin(
        self: UploadRepository[Session],
        user_id: UUID,
        filename: str,
        data_type: DataTypeEnum | str,
        metadata: Mapping[str, Any] | None = None,
    ) -> DataUpload:
        """An upload under way, without points yet. Raises InvalidValue."""
        upload = DataUpload(user_id=user_id, filename=filename, data_type=data_type, extra=dict(metadata or {}))
        return self.add(upload)

    @operation
    def begin_once(
        self: UploadRepository[Session],
        upload_id: UUID,
        user_id: UUID,
        filename: str,
        data_type: DataTypeEnum | str,
        metadata: Mapping[str, Any] | None = None,
    ) -> tuple[DataUpload, bool]:
        """The upload with this id, locked, and whether it is new; then it is under way. Raises InvalidValue."""
        sent = DataUpload(user_id=user_id, filename=filename, data_type=data_type, extra=dict(metadata or {}))
        values = {"user_id": sent.user_id, "filename": sent.filename, "data_type": sent.data_type}
        is_new = insert_unless_there(self.session, DataUpload, id=upload_id, **values, metadata=sent.extra)
        return self.lock([upload_id])[upload_id], is_new

    @operation
    def add_points(self: UploadRepository[Session], upload_id: UUID, points: Iterable[Point]) -> int:
        """Store points, streamed by COPY. Returns how many.

        Raises InvalidValue, and AlreadyExists for a moment of a category that the upload holds already.
        """
        rows = _as_rows(upload_id, points)
        self.session.flush()
        return copy_rows(self.session, table_of(TimeSeriesData), _POINT_COLUMNS, rows)

    @operation
    def finish(
        self: UploadRepository[Session], upload_id: UUID, metadata: Mapping[str, Any] | None = None
    ) -> DataUpload:
        """Validate the upload: its row_count is what it holds. metadata: added to what is there.

        Raises UploadNotFound, UploadFinal.
        """
        upload = self._step(upload_id, UploadStatusEnum.VALIDATED, metadata)
        points = select(func.count()).where(TimeSeriesData.data_upload_id == upload.id)
        upload.row_count = self.session.scalar(points) or 0
        self.session.flush()
        return upload

    @operation
    def fail(
        self: UploadRepository[Session], upload_id: UUID, message: str, metadata: Mapping[str, Any] | None = None
    ) -> DataUpload:
        """Say why nothing came of the upload, and leave none of its points. Raises UploadNotFound, UploadFinal."""
        upload = self._step(upload_id, UploadStatusEnum.ERROR, metadata)
        upload.error_message = message
        self._empty(upload)
        return upload

    @operation
    def retry(self: UploadRepository[Session], upload_id: UUID) -> DataUpload:
        """Begin anew with an upload that failed. Raises UploadNotFound, UploadFinal."""
        upload = self._step(upload_id, UploadStatusEnum.PROCESSING, None)
        upload.error_message = None
        self._empty(upload)
        return upload

    @operation
    def list_uploads(
        self: UploadRepository[Session],
        user_id: UUID | None = None,
        *,
        status: UploadStatusEnum | None = None,
        data_type: DataTypeEnum | None = None,
        skip: int = 0,
        limit: int = 100,
    ) -> Listing[DataUpload]:
        """Newest first; everybody's when no user is given. Raises InvalidValue."""
        wanted = ((DataUpload.user_id, user_id), (DataUpload.status, status), (DataUpload.data_type, data_type))
        matching = select(DataUpload).where(*(column == value for column, value in wanted if value is not None))
        order = [DataUpload.created_at.desc(), DataUpload.id.desc()]
        return read_listing(self.session, matching, order, skip=skip, limit=limit)

    @operation
    def latest_validated(
        self: UploadRepository[Session], user_id: UUID, category: CategoryEnum | None = None
    ) -> DataUpload | None:
        """The user's newest validated upload, with points of the category if one is given, or None."""
        found = select(DataUpload).where(DataUpload.user_id == user_id, DataUpload.status == UploadStatusEnum.VALIDATED)
        if category is not None:
            has_points = select(TimeSeriesData.id).where(
                TimeSeriesData.data_upload_id == DataUpload.id, TimeSeriesData.category == category
            )
            found = found.where(has_points.exists())
        newest = found.order_by(DataUpload.created_at.desc(), DataUpload.id.desc()).limit(1)
        return self.session.scalars(newest).one_or_none()

    @operation
    def remove(self: UploadRepository[Session], upload_id: UUID) -> None:
        """Remove the upload with its points. Raises UploadNotFound."""
        self.session.delete(self.get(upload_id))
        self.session.flush()

    def _step(
        self: UploadRepository[Session], upload_id: UUID, wanted: UploadStatusEnum, metadata: Mapping[str, Any] | None
    ) -> DataUpload:
        upload = self.lock([upload_id])[upload_id]
        check_step(upload.status, wanted)
        upload.status = wanted
        if metadata:
            upload.extra = {**upload.extra, **metadata}
        return upload

    def _empty(self: UploadRepository[Session], upload: DataUpload) -> None:
        upload.row_count = 0
        self.session.flush()
        self.session.execute(delete(TimeSeriesData).where(TimeSeriesData.data_upload_id == upload.id))


def _as_rows(upload_id: UUID, points: Iterable[Point]) -> Iterator[tuple[Any, ...]]:
    for point in points:
        yield new_id(), upload_id, point.timestamp, point.value, point.category, dict(point.metadata)
