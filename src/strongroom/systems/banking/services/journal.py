"""The books to look at: journal entries with their lines, for administrators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, Repository, page_of
from strongroom.systems.banking.errors import JournalEntryNotFound
from strongroom.systems.banking.models import JournalEntry, JournalLine, LedgerAccount
from strongroom.systems.banking.rules import Side
from strongroom.systems.banking.services.access import check_is_administrator


@dataclass(frozen=True, slots=True)
class Line:
    """One leg of an entry. code: of its ledger account."""

    line: int
    ledger_account_id: UUID
    code: str
    side: Side
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One event in the books. lines: all of them, in order."""

    id: UUID
    kind: str
    reference: str
    posted_at: datetime
    created_at: datetime
    reverses: UUID | None
    actor_id: UUID | None
    lines: Sequence[Line]


class _JournalEntryRepository(Repository[Session, JournalEntry]):
    row = JournalEntry
    not_found = JournalEntryNotFound


def list_entries(session: Session, part: Part, *, ledger_account_id: UUID | None = None) -> Page[Entry]:
    """Newest first; all, or those that move one ledger account. Administrators only. Raises AccessDenied."""
    check_is_administrator(session)
    query = select(JournalEntry)
    if ledger_account_id is not None:
        moving = select(JournalLine.entry_id).where(JournalLine.ledger_account_id == ledger_account_id)
        query = query.where(JournalEntry.id.in_(moving))
    order = [JournalEntry.posted_at.desc(), JournalEntry.id.desc()]
    found = page_of(_JournalEntryRepository(session), query, order, part, "entries", ledger_account_id)
    return Page(_with_lines(session, found.items), found.next_cursor, found.count)


def get_entry(session: Session, entry_id: UUID) -> Entry:
    """One entry. Administrators only. Raises JournalEntryNotFound, AccessDenied."""
    check_is_administrator(session)
    return _with_lines(session, [_JournalEntryRepository(session).get(entry_id)])[0]


def _with_lines(session: Session, entries: Sequence[JournalEntry]) -> list[Entry]:
    query = (
        select(JournalLine, LedgerAccount.code)
        .join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        .where(JournalLine.entry_id.in_([entry.id for entry in entries]))
        .order_by(JournalLine.entry_id, JournalLine.line)
    )
    lines: dict[UUID, list[Line]] = {entry.id: [] for entry in entries}
    for row, code in session.execute(query):
        lines[row.entry_id].append(Line(row.line, row.ledger_account_id, code, row.side, row.amount, row.currency))
    return [
        Entry(
            id=entry.id,
            kind=entry.kind,
            reference=entry.reference,
            posted_at=entry.posted_at,
            created_at=entry.created_at,
            reverses=entry.reverses,
            actor_id=entry.actor_id,
            lines=lines[entry.id],
        )
        for entry in entries
    ]
