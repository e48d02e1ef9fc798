"""Writes down who did what to which row, in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from strongroom.kernel.sessions import actor_of
from strongroom.systems.banking.models import AuditRecord, Base

#: what never enters the trail
SECRET = ("hash", "token", "fingerprint", "id_number", "pin")


def record(
    session: Session,
    event_type: str,
    row: Base,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add a record about this row. Values under secret names are left out."""
    actor = actor_of(session)
    session.add(
        AuditRecord(
            actor_id=actor.id,
            actor_name=actor.name,
            event_type=event_type,
            entity=type(row).__name__.lower(),
            entity_id=getattr(row, "id", None),
            before=_shown(before),
            after=_shown(after),
        )
    )


def _shown(values: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if values is None:
        return None
    return {
        name: value if isinstance(value, bool | int | None) else str(getattr(value, "value", value))
        for name, value in values.items()
        if not any(word in name for word in SECRET)
    }
