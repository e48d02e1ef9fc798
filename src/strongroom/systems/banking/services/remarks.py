"""What a customer may write on a movement afterwards; the movement itself never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.systems.banking.models import Transaction
from strongroom.systems.banking.repositories import TransactionRepository
from strongroom.systems.banking.services.access import get_own
from strongroom.systems.banking.services.audit import record

ANNOTATIONS = frozenset({"description", "merchant_category", "tags", "notes", "is_disputed"})


def annotate(session: Session, transaction_id: UUID | str, changes: Mapping[str, Any]) -> Transaction:
    """Set some of ANNOTATIONS. Raises TransactionNotFound, TypeError for any other column."""
    if not changes.keys() <= ANNOTATIONS:
        raise TypeError(f"only {', '.join(sorted(ANNOTATIONS))} can be annotated")
    repository = TransactionRepository(session)
    key = get_own(repository, transaction_id).id
    transaction = repository.lock([key])[key]
    was_disputed = transaction.is_disputed
    for name, value in changes.items():
        setattr(transaction, name, value)
    if transaction.is_disputed != was_disputed:
        event = "transaction.disputed" if transaction.is_disputed else "transaction.dispute_withdrawn"
        record(session, event, transaction)
    session.flush()
    return transaction
