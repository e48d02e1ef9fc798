"""Entering something once, however often the request has to be sent: the key of the request makes the row's id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.errors import AlreadyExists, Collided, IdempotencyConflict
from strongroom.kernel.sessions import actor_of
from strongroom.kernel.values import keyed_id, new_id

RowT = TypeVar("RowT")


def id_for(session: Session, key: str | None, noun: str) -> UUID:
    """The id of the row that this key enters: the same for the same key, actor and noun.

    Without a key, one that nobody has.
    """
    if key is None:
        return new_id()
    return keyed_id(f"biotech.{noun}", str(actor_of(session).id), key)


def find_entered(session: Session, model: type[RowT], row_id: UUID, sent: Mapping[str, Any]) -> RowT | None:
    """The row that the key has entered before; None when this is the first time. sent: attributes and their values.

    Raises IdempotencyConflict unless the row is still what this request would make it: the key was used for another
    request, or the row was changed or deleted since.
    """
    row: Any = session.get(model, row_id, execution_options={"include_deleted": True})
    if row is None:
        return None
    # its values become what they are in a row, such as tickers in capitals
    wanted = model(**sent)
    if row.deleted_at is not None or any(getattr(row, name) != getattr(wanted, name) for name in sent):
        raise IdempotencyConflict
    found: RowT = row
    return found


@contextmanager
def entering() -> Iterator[None]:
    """Insert a row with an id of `id_for` in here: of two requests at once with one key, the second runs again."""
    try:
        yield
    except AlreadyExists as error:
        if str(error.facts.get("constraint", "")).startswith("pk_"):
            raise Collided("another request with this idempotency key is on its way; send it again") from None
        raise
