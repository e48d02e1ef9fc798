"""The newest row of each model in one statement, so that a list of models costs no query a model."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, func, select

RowT = TypeVar("RowT")


def newest_of(model: type[RowT], date: Any, model_ids: Collection[UUID]) -> Select[RowT]:
    """The row with the latest date of each of the models."""
    row: Any = model
    place = func.row_number().over(partition_by=row.model_id, order_by=(date.desc(), row.id.desc())).label("place")
    ranked = select(row.id, place).where(row.model_id.in_(model_ids)).subquery()
    return select(model).where(row.id.in_(select(ranked.c.id).where(ranked.c.place == 1)))
