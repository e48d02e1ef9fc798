"""Parts of a list by position, with how many rows there are in all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue

RowT = TypeVar("RowT")
LIMIT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Listing(Generic[RowT]):
    """Some rows of a list, in order. total: how many there are in all."""

    items: Sequence[RowT]
    total: int


def read_listing(
    session: Session, matching: Select[RowT], order: Sequence[Any], *, skip: int = 0, limit: int = 100
) -> Listing[RowT]:
    """`limit` rows (1 to 1000) after the first `skip`. order: must tell any two rows apart. Raises InvalidValue."""
    check_bounds(limit, skip)
    total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
    rows = session.scalars(matching.order_by(*order).offset(skip).limit(limit))
    return Listing(rows.all(), total)


def check_bounds(limit: int, skip: int = 0) -> None:
    """Raises InvalidValue for a limit beyond 1 to 1000 or a negative skip."""
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {LIMIT_MAX}")
    if skip < 0:
        raise InvalidValue(field="skip", reason="must not be negative")
