"""Keyset pages: a list continues after its last row, so page 10,000 costs what page 1 costs and no row is skipped."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import Select, UnaryExpression, and_, or_
from sqlalchemy.orm import Session
from sqlalchemy.sql.operators import desc_op

from strongroom.kernel.errors import InvalidCursor, InvalidValue

T = TypeVar("T")
LIMIT_MAX = 1000


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Some rows of a list, in order. next_cursor: where to go on, None at the end. count: only when asked for."""

    items: Sequence[T]
    next_cursor: str | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Cursors:
    """Makes and reads cursors; signed, so that a caller can neither forge one nor use it on another list.

    secret: at least 16 bytes. scope: what the list is (name, owner, filters); part of the signature.
    """

    secret: bytes
    scope: str = ""

    def of(self, *scope: object) -> Cursors:
        """The cursors of one particular list."""
        return Cursors(self.secret, json.dumps([self.scope, *map(str, scope)]))

    def write(self, key: Sequence[Any]) -> str:
        """The cursor that continues after the row with this key, which has no NULL in it."""
        parts = [part.value if isinstance(part, Enum) else part for part in key]
        unreadable = {type(part).__name__ for part in parts} - _READERS.keys()
        assert not unreadable, f"a list cannot be ordered by a key of {', '.join(unreadable)}"
        body = json.dumps([[type(part).__name__, str(part)] for part in parts], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._signature(body) + body).decode().rstrip("=")

    def read(self, cursor: str) -> list[Any]:
        """The key in the cursor. Raises InvalidCursor for anything this list did not make."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
            signature, body = raw[:16], raw[16:]
            if not hmac.compare_digest(signature, self._signature(body)):
                raise InvalidCursor
            return [_READERS[kind](value) for kind, value in json.loads(body)]
        except (ValueError, KeyError, TypeError):
            raise InvalidCursor from None

    def _signature(self, body: bytes) -> bytes:
        return hmac.digest(self.secret, self.scope.encode() + b"\0" + body, hashlib.sha256)[:16]


_READERS: dict[str, Callable[[str], Any]] = {
    "UUID": UUID,
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "Decimal": Decimal,
    "int": int,
    "str": str,
}


def read_page(
    session: Session,
    query: Select[T],
    *,
    order: Sequence[Any],
    cursors: Cursors,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[T]:
    """The next `limit` rows (1 to 1000) of a query.

    order: mapped columns without NULLs, each as it is or `.desc()`, the last one unique.
    """
    if not 1 <= limit <= LIMIT_MAX:
        raise InvalidValue(field="limit", reason=f"must be between 1 and {LIMIT_MAX}")
    keys = [_column_and_direction(part) for part in order]
    if cursor is not None:
        query = query.where(_after(keys, cursors.read(cursor)))
    rows = list(session.scalars(query.order_by(*order).limit(limit + 1)))
    if len(rows) <= limit:
        return Page(rows)
    last = rows[limit - 1]
    return Page(rows[:limit], cursors.write([getattr(last, column.key) for column, _ in keys]))


def _column_and_direction(part: Any) -> tuple[Any, bool]:
    if isinstance(part, UnaryExpression) and part.modifier is desc_op:
        return part.element, True
    return part, False


def _after(keys: Sequence[tuple[Any, bool]], values: Sequence[Any]) -> Any:
    """(a, b) comes after (x, y): a > x, or a = x and b > y; with < where a column descends."""
    if len(keys) != len(values):
        raise InvalidCursor
    alternatives = []
    for depth, (column, descends) in enumerate(keys):
        equal = [key == value for (key, _), value in zip(keys[:depth], values, strict=False)]
        value = values[depth]
        alternatives.append(and_(*equal, column < value if descends else column > value))
    return or_(*alternatives)
