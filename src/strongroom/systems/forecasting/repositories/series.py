"""Series: their points by category and by upload, added up by period, and what is missing or twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal_column, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.kernel.tables import Moment
from strongroom.kernel.values import WIDE
from strongroom.systems.forecasting.errors import SeriesNotFound
from strongroom.systems.forecasting.models import DataUpload, TimeSeriesData
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum, UploadStatusEnum
from strongroom.systems.forecasting.rules.calendars import find_calendar

_CENTS = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Bucket:
    """The points of one period, which begins at `start`: their sum, and how many they are."""

    start: datetime
    total: Decimal
    count: int

    @property
    def mean(self) -> Decimal:
        """Their mean, to four places."""
        return WIDE.divide(self.total, Decimal(self.count)).quantize(_CENTS, context=WIDE)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A moment of a category that several uploads of one user hold."""

    category: CategoryEnum
    timestamp: datetime
    uploads: int


class period_start(FunctionElement[datetime]):
    """The beginning of the period a moment lies in, UTC; arguments: the moment. Weeks begin on Monday."""

    type = Moment()
    inherit_cache = False

    def __init__(self, moment: Any, period: PeriodEnum) -> None:
        super().__init__(moment)
        self.period = period.value


@compiles(period_start, "postgresql")
def _truncated(element: Any, compiler: Any, **arguments: Any) -> str:
    return f"date_trunc('{element.period}', {compiler.process(element.clauses, **arguments)}, 'UTC')"


@compiles(period_start, "sqlite")
def _written_out(element: Any, compiler: Any, **arguments: Any) -> str:
    # the day alone: SQLite rounds the last microseconds of a day up into the next
    of = f"substr({compiler.process(element.clauses, **arguments)}, 1, 10)"
    day = {
        "day": of,
        "week": f"date({of}, '-6 days', 'weekday 1')",
        "month": f"date({of}, 'start of month')",
        "quarter": f"date({of}, 'start of month', '-' || ((strftime('%m', {of}) - 1) % 3) || ' months')",
        "year": f"date({of}, 'start of year')",
    }[element.period]
    return f"({day} || ' 00:00:00.000000')"


class SeriesRepository(Repository[SessionT, TimeSeriesData]):
    """Points of series. Those of uploads that are not validated are left out wherever no upload is named."""

    row = TimeSeriesData
    not_found = SeriesNotFound

    @operation
    def between(
        self: SeriesRepository[Session],
        category: CategoryEnum,
        start: datetime | None = None,
        end: datetime | None = None,
        *,
        user_id: UUID | None = None,
        upload_id: UUID | None = None,
        limit: int = 10_000,
    ) -> Sequence[TimeSeriesData]:
        """Points of a category from start to end, both included, oldest first; at most `limit`."""
        point = TimeSeriesData
        found = select(point).where(point.category == category, *_of_whom(user_id, upload_id), *_span(start, end))
        return self.session.scalars(found.order_by(point.timestamp, point.id).limit(limit)).all()

    @operation
    def of_upload(
        self: SeriesRepository[Session], upload_id: UUID, category: CategoryEnum | None = None
    ) -> Sequence[TimeSeriesData]:
        """All points of an upload, oldest first."""
        point = TimeSeriesData
        found = select(point).where(point.data_upload_id == upload_id)
        if category is not None:
            found = found.where(point.category == category)
        return self.session.scalars(found.order_by(point.timestamp, point.category)).all()

    @operation
    def resample(
        self: SeriesRepository[Session],
        upload_id: UUID,
        category: CategoryEnum,
        period: PeriodEnum,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> list[Bucket]:
        """The points of an upload by period, oldest first, added up by the database; empty periods are left out."""
        point = TimeSeriesData
        began = period_start(point.timestamp, period).label("began")
        found = (
            select(began, func.sum(point.value), func.count())
            .where(point.data_upload_id == upload_id, point.category == category, *_span(start, end))
            .group_by(literal_column("began"))
            .order_by(literal_column("began"))
        )
        return [Bucket(moment.astimezone(UTC), total, count) for moment, total, count in self.session.execute(found)]

    @operation
    def latest_timestamp(
        self: SeriesRepository[Session], category: CategoryEnum | None = None, user_id: UUID | None = None
    ) -> datetime | None:
        """When the newest point is from, or None when there is none."""
        newest = select(func.max(TimeSeriesData.timestamp)).where(*_of_whom(user_id, None))
        if category is not None:
            newest = newest.where(TimeSeriesData.category == category)
        return self.session.scalar(newest)

    @operation
    def gaps(
        self: SeriesRepository[Session], upload_id: UUID, category: CategoryEnum, period: PeriodEnum
    ) -> list[datetime]:
        """The beginnings of the periods between the first and the last point that hold none.

        Weekdays on which a daily series rests are none.
        """
        known = [bucket.start for bucket in self.resample(upload_id, category, period)]
        if not known:
            return []
        return sorted(set(find_calendar(known, period).between(known[0], known[-1])) - set(known))

    @operation
    def duplicates(
        self: SeriesRepository[Session], user_id: UUID, category: CategoryEnum | None = None
    ) -> list[Duplicate]:
        """Moments that several validated uploads of a user hold, oldest first; one upload holds none twice."""
        point = TimeSeriesData
        found = (
            select(point.category, point.timestamp, func.count())
            .where(*_of_whom(user_id, None))
            .group_by(point.category, point.timestamp)
            .having(func.count() > 1)
            .order_by(point.timestamp, point.category)
        )
        if category is not None:
            found = found.where(point.category == category)
        return [Duplicate(*row) for row in self.session.execute(found)]

    @operation
    def purge(self: SeriesRepository[Session], before: datetime) -> int:
        """Remove every upload whose points all lie before a moment, with its points. Returns how many points.

        An upload with a newer point stays whole: its row_count stays true.
        """
        point = TimeSeriesData
        old = select(point.data_upload_id).group_by(point.data_upload_id).having(func.max(point.timestamp) < before)
        count = self.session.scalar(select(func.count()).where(point.data_upload_id.in_(old))) or 0
        self.session.execute(delete(DataUpload).where(DataUpload.id.in_(old)))
        return count


def _of_whom(user_id: UUID | None, upload_id: UUID | None) -> list[ColumnElement[bool]]:
    if upload_id is not None:
        return [TimeSeriesData.data_upload_id == upload_id]
    usable = select(DataUpload.id).where(DataUpload.status == UploadStatusEnum.VALIDATED)
    if user_id is not None:
        usable = usable.where(DataUpload.user_id == user_id)
    return [TimeSeriesData.data_upload_id.in_(usable)]


def _span(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    found = []
    if start is not None:
        found.append(TimeSeriesData.timestamp >= start)
    if end is not None:
        found.append(TimeSeriesData.timestamp <= end)
    return found
