"""Holds the books against balances that another bank printed: a test that nobody here wrote."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from uuid import UUID

from sqlalchemy import case, func, select, type_coerce
from sqlalchemy.orm import Session

from strongroom.kernel.tables import MoneyAmount
from strongroom.kernel.values import WIDE
from strongroom.systems.banking.models import Account, JournalEntry, JournalLine, StatementLine
from strongroom.systems.banking.rules import DayClass, PrintedRow, Side, classify, closing_balance

ZERO = Decimal(0)
ROWS_PER_FETCH = 5000

#: by account, by UTC day
ByDay = Mapping[UUID, Mapping[date, Decimal]]
RowsByDay = Mapping[UUID, Mapping[date, list[PrintedRow]]]


@dataclass(frozen=True, slots=True)
class DifferentDay:
    """A day on which books and statement differ by more than rounding.

    posted: what the journal moved the account by; printed: what the printed balance moved by, over these rows.
    """

    account_number: str
    day: date
    posted: Decimal
    printed: Decimal
    rows: tuple[PrintedRow, ...]

    @property
    def difference(self) -> Decimal:
        """What the statement shows and the books do not."""
        return WIDE.subtract(self.printed, self.posted)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """accounts and transactions: those the statements speak of; days: of each account, those on which it moved."""

    source: str
    accounts: int
    transactions: int
    days: Mapping[DayClass, int]
    different: tuple[DifferentDay, ...]


def reconcile(session: Session, source: str) -> Reconciliation:
    """Compare each day's movement in the books with the movement of the balance the source printed.

    Every day counts on which either of them moved, up to the account's last printed one. An account's first day
    starts from its opening balance; within a day rows are chained by balance (rules.closing_balance).
    """
    printed = _printed_rows(session, source)
    posted = _posted_by_day(session, source)
    days = Counter(dict.fromkeys(DayClass, 0))
    different: list[DifferentDay] = []
    for account_id, (number, opening) in _accounts(session, source).items():
        rows_of, moved_on = printed[account_id], posted.get(account_id, {})
        last = max(rows_of)
        closing = opening
        for day in sorted(rows_of.keys() | {day for day in moved_on if day <= last}):
            rows = rows_of.get(day, [])
            before, closing = closing, closing_balance(closing, rows) if rows else closing
            found = DifferentDay(number, day, moved_on.get(day, ZERO), WIDE.subtract(closing, before), tuple(rows))
            days[classify(found.difference)] += 1
            if classify(found.difference) is DayClass.DIFFERENT:
                different.append(found)
    transactions = sum(len(rows) for days_of in printed.values() for rows in days_of.values())
    return Reconciliation(source, len(printed), transactions, dict(days), tuple(different))


def _accounts(session: Session, source: str) -> dict[UUID, tuple[str, Decimal]]:
    """Number and opening balance of each account the source speaks of, in order of number."""
    spoken_of = select(StatementLine.account_id).where(StatementLine.source == source)
    rows = session.execute(
        select(Account.id, Account.account_number, Account.opening_balance)
        .where(Account.id.in_(spoken_of))
        .order_by(Account.account_number)
    )
    return {account_id: (number, opening) for account_id, number, opening in rows}


def _printed_rows(session: Session, source: str) -> RowsByDay:
    printed: defaultdict[UUID, defaultdict[date, list[PrintedRow]]] = defaultdict(lambda: defaultdict(list))
    lines = (
        select(
            StatementLine.account_id,
            StatementLine.booked_at,
            StatementLine.reference,
            StatementLine.amount,
            StatementLine.balance,
        )
        .where(StatementLine.source == source)
        .order_by(StatementLine.id)
        .execution_options(yield_per=ROWS_PER_FETCH)
    )
    for account_id, booked_at, reference, amount, balance in session.execute(lines):
        printed[account_id][booked_at.astimezone(UTC).date()].append(PrintedRow(reference, amount, balance))
    return printed


def _posted_by_day(session: Session, source: str) -> ByDay:
    """What the journal moved each account by; a customer's account has the same id in the books."""
    posted: defaultdict[UUID, defaultdict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    spoken_of = select(StatementLine.account_id).where(StatementLine.source == source)
    signed = case((JournalLine.side == Side.CREDIT, JournalLine.amount), else_=-JournalLine.amount)
    sums = (
        select(
            JournalLine.ledger_account_id,
            JournalEntry.posted_at,
            type_coerce(func.sum(signed), MoneyAmount()),
        )
        .join(JournalEntry, JournalEntry.id == JournalLine.entry_id)
        .where(JournalLine.ledger_account_id.in_(spoken_of))
        .group_by(JournalLine.ledger_account_id, JournalEntry.posted_at)
        .execution_options(yield_per=ROWS_PER_FETCH)
    )
    for account_id, posted_at, amount in session.execute(sums):
        day = posted_at.astimezone(UTC).date()
        posted[account_id][day] = WIDE.add(posted[account_id][day], amount)
    return posted
