"""Series by period and by what their points say of themselves, all categories in one statement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, literal, literal_column, select
from sqlalchemy.orm import Session

from strongroom.systems.forecasting.models import TimeSeriesData
from strongroom.systems.forecasting.repositories.series import period_start
from strongroom.systems.forecasting.rules import CategoryEnum, PeriodEnum


@dataclass(frozen=True, slots=True)
class Part:
    """Points of one upload, category and period that are alike. start: of the period; is_late: not before the split.

    is_budget: what was planned, not what came. is_operating: no expense for interest, taxes or the like.
    """

    upload_id: UUID
    start: datetime
    is_late: bool
    category: CategoryEnum
    is_budget: bool
    is_operating: bool
    currency: str | None
    total: Decimal
    count: int


def read_parts(
    session: Session,
    upload_ids: Collection[UUID],
    period: PeriodEnum,
    start: datetime | None = None,
    end: datetime | None = None,
    *,
    split: datetime | None = None,
) -> list[Part]:
    """The points of the uploads from start to before end, added up by the database, oldest first.

    A point says of itself, in its metadata: budget (true), operating (false), currency (a code).
    """
    point = TimeSeriesData
    began = period_start(point.timestamp, period).label("began")
    is_late: ColumnElement[int] = literal(1) if split is None else case((point.timestamp >= split, 1), else_=0)
    told = [point.extra[name].as_string().label(name) for name in _TOLD]
    keys = [point.data_upload_id, began, is_late.label("late"), point.category, *told]
    found = (
        select(*keys, func.sum(point.value), func.count())
        .where(point.data_upload_id.in_(upload_ids), *_span(start, end))
        .group_by(
            point.data_upload_id, *map(literal_column, ("began", "late")), point.category, *map(literal_column, _TOLD)
        )
        .order_by(literal_column("began"), point.category)
    )
    return [
        Part(upload_id, moment.astimezone(UTC), bool(late), category, _is(budget, _YES), not _is(operating, _NO), *rest)
        for upload_id, moment, late, category, budget, operating, *rest in session.execute(found)
    ]


_TOLD = ("budget", "operating", "currency")
#: SQLite shows a JSON true as 1
_YES, _NO = {"true", "1", "yes"}, {"false", "0", "no"}


def _is(told: object, words: set[str]) -> bool:
    return str(told).strip().lower() in words


def _span(start: datetime | None, end: datetime | None) -> list[ColumnElement[bool]]:
    found = []
    if start is not None:
        found.append(TimeSeriesData.timestamp >= start)
    if end is not None:
        found.append(TimeSeriesData.timestamp < end)
    return found
