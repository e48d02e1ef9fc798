"""What became of one record: every change that was made to it, by whom, when, from what to what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotFound
from strongroom.kernel.tables import find_history
from strongroom.systems.portfolio.errors import CompanyNotFound, FinancialsNotFound, InputNotFound, MetricsNotFound
from strongroom.systems.portfolio.models import (
    Company,
    MetricsInput,
    QuarterValuation,
    ReportingFinancials,
    ReportingMetrics,
)

#: columns that say who and when, which the trail itself says
SIGNATURES = frozenset({"created_date", "created_by", "last_update_date", "last_updated_by"})


class Recorded(StrEnum):
    """What has a trail."""

    COMPANIES = "companies"
    INPUTS = "inputs"
    FINANCIALS = "financials"
    METRICS = "metrics"
    VALUATIONS = "valuations"


class TrailAction(StrEnum):
    """What was done to a record."""

    CREATED = "created"
    CHANGED = "changed"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One column. before, after: as text, None for no value."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """All that one transaction did to the record. changes: empty for a deletion."""

    at: datetime
    actor: str
    action: TrailAction
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Trail:
    """A record's life, the first entry first."""

    recorded: Recorded
    id: UUID
    entries: tuple[TrailEntry, ...]


def trail_of(session: Session, recorded: Recorded, record_id: UUID) -> Trail:
    """The trail of a record, also of one that was deleted. One statement. Raises the NotFound of its kind."""
    model, not_found = _RECORDED[recorded]
    history = find_history(model)
    assert history is not None, f"{model.__name__} keeps a history"
    rows = session.execute(
        select(history).where(history.c.id == record_id).order_by(history.c.known_from, history.c.history_id)
    )
    versions = [row._mapping for row in rows]
    if not versions:
        raise not_found
    fields = [column.name for column in model.__table__.columns if column.name not in SIGNATURES]
    return Trail(recorded, record_id, tuple(_entries(versions, fields)))


def _entries(versions: Sequence[Mapping[Any, Any]], fields: Sequence[str]) -> Iterator[TrailEntry]:
    before: Mapping[Any, Any] = dict.fromkeys(fields)
    action = TrailAction.CREATED
    for version in versions:
        if version["known_until"] == version["known_from"]:
            continue  # replaced by the same transaction: nobody ever saw it
        changes = tuple(
            FieldChange(field, _shown(before[field]), _shown(version[field]))
            for field in fields
            if before[field] != version[field]
        )
        if changes:
            yield TrailEntry(version["known_from"], _signer(version), action, changes)
        before, action = version, TrailAction.CHANGED
    last = versions[-1]
    if last["known_until"] is not None:
        # whoever deletes a record signs it first
        yield TrailEntry(last["known_until"], _signer(last), TrailAction.DELETED, ())


def _signer(version: Mapping[Any, Any]) -> str:
    return str(version["last_updated_by"] or version["created_by"])


def _shown(value: Any) -> str | None:
    match value:
        case None:
            return None
        case Enum():
            return str(value.value)
        case Decimal():
            return f"{value:f}"
        case date():
            return value.isoformat()
        case _:
            return str(value)


_RECORDED: Mapping[Recorded, tuple[type[Any], type[NotFound]]] = {
    Recorded.COMPANIES: (Company, CompanyNotFound),
    Recorded.INPUTS: (MetricsInput, InputNotFound),
    Recorded.FINANCIALS: (ReportingFinancials, FinancialsNotFound),
    Recorded.METRICS: (ReportingMetrics, MetricsNotFound),
    Recorded.VALUATIONS: (QuarterValuation, InputNotFound),
}
