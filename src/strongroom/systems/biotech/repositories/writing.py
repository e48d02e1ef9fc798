"""What callers may set, and rows that are hidden rather than removed: shared by the repositories of this room."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.repositories import Repository, SessionT, operation
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import NotExact, exact_decimal

RowT = TypeVar("RowT")
LIMIT_MAX = 1000
#: columns that no caller sets: keys, what the database keeps, what follows from other columns
_KEPT = frozenset({"id", "created_at", "updated_at", "deleted_at"})


def settable(model: type[Any], *kept: str) -> frozenset[str]:
    """Attributes of a model that a caller may set by name; kept: further ones that are not."""
    return frozenset(attribute.key for attribute in model.__mapper__.column_attrs) - _KEPT - frozenset(kept)


def given(values: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    """The values by attribute; `metadata` is the attribute `extra`. Raises InvalidValue for any other name."""
    named = {"extra" if name == "metadata" else name: value for name, value in values.items()}
    for name in named:
        if name not in allowed:
            raise InvalidValue(field=name, reason="cannot be set")
    return named


def bounded(limit: int, skip: int = 0) -> tuple[int, int]:
    """Both as they are. Raises InvalidValue for a limit beyond 0 to 1000 or a negative skip."""
    if not 0 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 0 and {LIMIT_MAX}")
    if skip < 0:
        raise InvalidValue(field="skip", reason="must not be negative")
    return limit, skip


def amount(value: Decimal | int | str, field: str) -> Decimal:
    """An exact amount for a comparison. Raises InvalidValue, also for a float."""
    try:
        return exact_decimal(value, field)
    except NotExact as error:
        raise InvalidValue(field=field, reason=error.reason) from None


def escaped(text: str) -> str:
    """The text as a LIKE pattern that means itself, with a backslash before what would be a wildcard."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def first_free(taken: Iterable[datetime], moment: datetime) -> datetime:
    """The moment, or the first microsecond after it that is not taken; taken: from the moment on."""
    occupied = set(taken)
    while moment in occupied:
        moment += timedelta(microseconds=1)
    return moment.astimezone(UTC)


class HidingRepository(Repository[SessionT, RowT]):
    """Rows with a deleted_at: gone from every read, and back when they are restored."""

    @operation
    def soft_delete(self: HidingRepository[Session, RowT], key: UUID | str) -> bool:
        """Hide the row. False when there is none or it is hidden already."""
        found: Any = self._find(key)
        if found is None:
            return False
        # of two who hide it at once, the second waits here and finds it gone
        mine = select(self.row).where(self.row.id == found.id).with_for_update(key_share=True)
        row = self.session.scalars(mine.execution_options(populate_existing=True)).one_or_none()
        if row is None:
            return False
        row.deleted_at = now_of(self.session)
        self.session.flush()
        return True

    @operation
    def restore(self: HidingRepository[Session, RowT], key: UUID | str) -> bool:
        """Show the row again. False when it is not hidden; raises when its unique values are taken by now."""
        row: Any = self._find_any(key)
        if row is None or row.deleted_at is None:
            return False
        row.deleted_at = None
        self.session.flush()
        return True

    @operation
    def find_deleted(self: HidingRepository[Session, RowT], query: Select[RowT]) -> list[RowT]:
        """What the query finds, hidden rows included."""
        return list(self.session.scalars(query, execution_options={"include_deleted": True}))

    def _find(self: HidingRepository[Session, RowT], key: Any) -> RowT | None:
        row: Any = super()._find(key)
        # a session that has hidden the row itself still holds it
        return None if row is None or row.deleted_at is not None else row

    def _find_any(self: HidingRepository[Session, RowT], key: Any) -> RowT | None:
        try:
            wanted = key if isinstance(key, UUID) else UUID(key)
        except (ValueError, TypeError, AttributeError):
            return None
        return self.session.get(self.row, wanted, execution_options={"include_deleted": True})
