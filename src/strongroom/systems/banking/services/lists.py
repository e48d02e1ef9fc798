"""What may be read: one's own rows, page by page; of what others began, only what reached oneself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import NotFound
from strongroom.kernel.repositories import Cursors, Page, Repository
from strongroom.kernel.sessions import actor_of
from strongroom.systems.banking.models import (
    Account,
    Hold,
    JournalEntry,
    JournalLine,
    LedgerAccount,
    P2PTransaction,
    Transaction,
    Transfer,
)
from strongroom.systems.banking.repositories import (
    NEWEST_FIRST,
    AccountRepository,
    HoldRepository,
    P2PRepository,
    TransactionRepository,
    TransferRepository,
    UserRepository,
    accounts_of_user,
    holds_of_account,
    p2p_of_user,
    transactions_of_account,
    transactions_of_user,
    transfers_of_user,
)
from strongroom.systems.banking.rules import (
    AccountStatusEnum,
    HoldStatusEnum,
    P2PStatusEnum,
    Side,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    TransferStatusEnum,
)
from strongroom.systems.banking.services.access import check_is_administrator, check_own, own_account, sees_all

RowT = TypeVar("RowT")
#: what the other side of a transfer sees: money that came, not attempts
ARRIVED = (TransferStatusEnum.COMPLETED, TransferStatusEnum.REVERSED)


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a list: `limit` rows (1 to 1000) after `cursor`, and whether to count the whole of it."""

    cursors: Cursors
    limit: int = 50
    cursor: str | None = None
    count: Literal["none", "estimated", "exact"] = "none"


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal entry with its lines, in order."""

    entry: JournalEntry
    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an entry with the code of its ledger account."""

    line: int
    ledger_account_id: UUID
    code: str
    side: Side
    amount: Any
    currency: str


def list_accounts(
    session: Session, part: Part, *, user_id: UUID | None = None, status: AccountStatusEnum | None = None
) -> Page[Account]:
    """Accounts, oldest first. user_id: whose; one's own when left out. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = accounts_of_user(owner)
    if status is not None:
        query = query.where(Account.status == status)
    return _page(AccountRepository(session), query, [Account.id], part, "accounts", owner, status)


def list_transactions(
    session: Session,
    part: Part,
    *,
    account_id: UUID | None = None,
    user_id: UUID | None = None,
    transaction_type: TransactionTypeEnum | None = None,
    status: TransactionStatusEnum | None = None,
    direction: TransactionDirectionEnum | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page[Transaction]:
    """Newest first, of one account or of all of somebody's, from since on and before until.

    Raises AccountNotFound or UserNotFound for anybody else's.
    """
    if account_id is None:
        owner = _owner(session, user_id)
        query = transactions_of_user(owner)
    else:
        owner = own_account(session, account_id).id
        query = transactions_of_account(owner)
    wanted = {"transaction_type": transaction_type, "status": status, "direction": direction}
    query = query.filter_by(**{name: value for name, value in wanted.items() if value is not None})
    if since is not None:
        query = query.where(Transaction.transaction_date >= since)
    if until is not None:
        query = query.where(Transaction.transaction_date < until)
    scope = ("transactions", owner, *wanted.values(), since, until)
    return _page(TransactionRepository(session), query, NEWEST_FIRST, part, *scope)


def list_transfers(
    session: Session, part: Part, *, user_id: UUID | None = None, status: TransferStatusEnum | None = None
) -> Page[Transfer]:
    """Ordered and received, newest first. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = _transfers_seen_by(owner)
    if status is not None:
        query = query.where(Transfer.status == status)
    order = [Transfer.requested_date.desc(), Transfer.id.desc()]
    return _page(TransferRepository(session), query, order, part, "transfers", owner, status)


def get_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """One that whoever acts ordered or received. Raises TransferNotFound."""
    seen = _transfers_seen_by(actor_of(session).id)
    return _seen(TransferRepository(session), transfer_id, seen.where(Transfer.id == transfer_id))


def list_payments(
    session: Session, part: Part, *, user_id: UUID | None = None, status: P2PStatusEnum | None = None
) -> Page[P2PTransaction]:
    """Sent, received and asked for, newest first. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = _payments_seen_by(owner)
    if status is not None:
        query = query.where(P2PTransaction.status == status)
    order = [P2PTransaction.requested_date.desc(), P2PTransaction.id.desc()]
    return _page(P2PRepository(session), query, order, part, "payments", owner, status)


def get_payment(session: Session, payment_id: UUID) -> P2PTransaction:
    """One that whoever acts takes part in. Raises P2PTransactionNotFound."""
    seen = _payments_seen_by(actor_of(session).id)
    return _seen(P2PRepository(session), payment_id, seen.where(P2PTransaction.id == payment_id))


def list_holds(
    session: Session, part: Part, account_id: UUID, *, status: HoldStatusEnum | None = None
) -> Page[Hold]:
    """Holds on an account, newest first. Raises AccountNotFound for anybody else's."""
    query = holds_of_account(own_account(session, account_id).id)
    if status is not None:
        query = query.where(Hold.status == status)
    return _page(HoldRepository(session), query, [Hold.id.desc()], part, "holds", account_id, status)


def list_entries(session: Session, part: Part, *, account_id: UUID | None = None) -> Page[Entry]:
    """Journal entries with their lines, newest first; those that move one ledger account, or all.

    Administrators only. Raises AccessDenied.
    """
    check_is_administrator(session)
    query = select(JournalEntry)
    if account_id is not None:
        moving = select(JournalLine.entry_id).where(JournalLine.ledger_account_id == account_id)
        query = query.where(JournalEntry.id.in_(moving))
    order = [JournalEntry.posted_at.desc(), JournalEntry.id.desc()]
    found = _page(_EntryRepository(session), query, order, part, "entries", account_id)
    lines = _lines(session, [entry.id for entry in found.items])
    return Page([Entry(entry, lines[entry.id]) for entry in found.items], found.next_cursor, found.count)


def get_entry(session: Session, entry_id: UUID) -> Entry:
    """One journal entry with its lines. Administrators only. Raises NotFound, AccessDenied."""
    check_is_administrator(session)
    entry = _EntryRepository(session).get(entry_id)
    return Entry(entry, _lines(session, [entry.id])[entry.id])


class _EntryRepository(Repository[Session, JournalEntry]):
    row = JournalEntry


def _owner(session: Session, user_id: UUID | None) -> UUID:
    """Whose rows are asked for. Raises UserNotFound unless they are one's own or one may read all."""
    owner = user_id or actor_of(session).id
    users = UserRepository(session)
    check_own(users, owner)
    return users.get(owner).id


def _transfers_seen_by(user_id: UUID | None) -> Select[Transfer]:
    query = select(Transfer).where(Transfer.user_id == user_id) if user_id is None else transfers_of_user(user_id)
    return query.where(or_(Transfer.user_id == user_id, Transfer.status.in_(ARRIVED)))


def _payments_seen_by(user_id: UUID | None) -> Select[P2PTransaction]:
    """The recipient does not learn of money that could not be sent."""
    mine = or_(P2PTransaction.sender_id == user_id, P2PTransaction.status != P2PStatusEnum.FAILED)
    return select(P2PTransaction).where(P2PTransaction.sender_id == user_id) if user_id is None else p2p_of_user(user_id).where(mine)


def _seen(repository: Repository[Session, RowT], key: UUID, query: Select[RowT]) -> RowT:
    row = repository.get(key)
    if not sees_all(repository.session) and not repository.exists(query):
        not_found: type[NotFound] = repository.not_found
        raise not_found(what=repository.row.__name__.lower())
    return row


def _page(
    repository: Repository[Session, RowT], query: Select[RowT], order: Sequence[Any], part: Part, *scope: object
) -> Page[RowT]:
    """scope: all that makes it this list, so that a cursor of another one is refused."""
    cursors = part.cursors.of(*scope)
    found = repository.page(query, order=order, cursors=cursors, limit=part.limit, cursor=part.cursor)
    return replace(found, count=repository.count(query, part.count))


def _lines(session: Session, entry_ids: Sequence[UUID]) -> dict[UUID, list[Line]]:
    query = (
        select(JournalLine, LedgerAccount.code)
        .join(LedgerAccount, LedgerAccount.id == JournalLine.ledger_account_id)
        .where(JournalLine.entry_id.in_(entry_ids))
        .order_by(JournalLine.entry_id, JournalLine.line)
    )
    lines: dict[UUID, list[Line]] = {entry_id: [] for entry_id in entry_ids}
    for line, code in session.execute(query).tuples():
        lines[line.entry_id].append(
            Line(line.line, line.ledger_account_id, code, line.side, line.amount, line.currency)
        )
    return lines
