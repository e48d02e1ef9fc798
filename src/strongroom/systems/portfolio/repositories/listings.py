"""Rows as they are, or as they were known at a moment: the same conditions and the same order for both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.tables import as_known, known_rows

RowT = TypeVar("RowT")
#: conditions, or columns to sort by, over a model or over what `as_known` makes of it
Conditions = Callable[[type[RowT]], Iterable[ColumnElement[bool]]]
Order = Callable[[type[RowT]], Sequence[Any]]
LIMIT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Listing(Generic[RowT]):
    """Some rows of a list, in order. total: how many there are in all."""

    items: Sequence[RowT]
    total: int


def read_listing(
    session: Session,
    model: type[RowT],
    where: Conditions[RowT],
    order: Order[RowT],
    *,
    skip: int = 0,
    limit: int = 100,
    known_at: datetime | None = None,
) -> Listing[RowT]:
    """`limit` rows (1 to 1000) after the first `skip`. order: must tell any two rows apart.

    known_at: rows as they were known then, objects outside of the session. Raises InvalidValue.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {LIMIT_MAX}")
    if skip < 0:
        raise InvalidValue(field="skip", reason="must not be negative")
    source: Any = as_known(model, known_at)
    matching = select(source.id).where(*where(source))
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    part = matching.order_by(*order(source)).offset(skip).limit(limit)
    if known_at is not None:
        ids: Sequence[UUID] = session.scalars(part).all()
        found = {row.id: row for row in known_rows(session, source_of(model), known_at, lambda it: [it.id.in_(ids)])}
        return Listing([found[key] for key in ids], total)
    rows = session.scalars(
        select(model).where(*where(model)).order_by(*order(model)).offset(skip).limit(limit),
        execution_options={"populate_existing": True},  # derived rows are written behind the session's back
    )
    return Listing(rows.all(), total)


def find_row(
    session: Session, model: type[RowT], where: Conditions[RowT], *, known_at: datetime | None = None
) -> RowT | None:
    """The one row that meets the conditions, or None."""
    if known_at is not None:
        rows = known_rows(session, model, known_at, where)
        assert len(rows) <= 1, "the conditions name one row"
        return rows[0] if rows else None
    query = select(model).where(*where(model))
    return session.scalars(query, execution_options={"populate_existing": True}).one_or_none()


def source_of(model: Any) -> Any:
    """The model, with its columns unknown to the type checker."""
    return model
