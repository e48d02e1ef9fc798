"""Rows that belong to a client: it sees its own, and of another's it learns no more than of one that is not there."""

from __future__ import annotations

from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Repository

RowT = TypeVar("RowT")


def get_owned(repository: Repository[Session, RowT], key: UUID, client_id: UUID | None) -> RowT:
    """The row, if it is this client's. client_id: None for those who see every client's rows.

    Raises the repository's not_found.
    """
    row: Any = repository.find(key)
    if row is None or (client_id is not None and row.client_id != client_id):
        raise repository.not_found
    found: RowT = row
    return found
