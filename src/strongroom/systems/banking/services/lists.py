"""What may be read: one's own rows, page by page; of what others began, only what reached oneself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Select, or_
from sqlalchemy.orm import Session

from strongroom.kernel.repositories import Page, Part, Repository, page_of
from strongroom.kernel.sessions import actor_of
from strongroom.systems.banking.errors import UserNotFound
from strongroom.systems.banking.models import (
    Account,
    Hold,
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
    TransactionDirectionEnum,
    TransactionStatusEnum,
    TransactionTypeEnum,
    TransferStatusEnum,
)
from strongroom.systems.banking.services.access import check_own, get_own, own_account

RowT = TypeVar("RowT")
#: what the other side of a transfer sees: money that came, not attempts
ARRIVED = (TransferStatusEnum.COMPLETED, TransferStatusEnum.REVERSED)


def list_accounts(
    session: Session, part: Part, *, user_id: UUID | None = None, status: AccountStatusEnum | None = None
) -> Page[Account]:
    """Accounts, oldest first. user_id: whose; one's own when left out. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = accounts_of_user(owner)
    if status is not None:
        query = query.where(Account.status == status)
    return page_of(AccountRepository(session), query, [Account.id], part, "accounts", owner, status)


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
    return page_of(TransactionRepository(session), query, NEWEST_FIRST, part, *scope)


def get_transaction(session: Session, transaction_id: UUID) -> Transaction:
    """One's own. Raises TransactionNotFound."""
    return get_own(TransactionRepository(session), transaction_id)


def list_transfers(
    session: Session, part: Part, *, user_id: UUID | None = None, status: TransferStatusEnum | None = None
) -> Page[Transfer]:
    """Ordered and received, newest first. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = _transfers_seen_by(owner)
    if status is not None:
        query = query.where(Transfer.status == status)
    order = [Transfer.requested_date.desc(), Transfer.id.desc()]
    return page_of(TransferRepository(session), query, order, part, "transfers", owner, status)


def get_transfer(session: Session, transfer_id: UUID) -> Transfer:
    """One that whoever acts ordered or received. Raises TransferNotFound."""
    return _seen(TransferRepository(session), transfer_id, _transfers_seen_by)


def list_payments(
    session: Session, part: Part, *, user_id: UUID | None = None, status: P2PStatusEnum | None = None
) -> Page[P2PTransaction]:
    """Sent, received and asked for, newest first. Raises UserNotFound for anybody else's."""
    owner = _owner(session, user_id)
    query = _payments_seen_by(owner)
    if status is not None:
        query = query.where(P2PTransaction.status == status)
    order = [P2PTransaction.requested_date.desc(), P2PTransaction.id.desc()]
    return page_of(P2PRepository(session), query, order, part, "payments", owner, status)


def get_payment(session: Session, payment_id: UUID) -> P2PTransaction:
    """One that whoever acts takes part in. Raises P2PTransactionNotFound."""
    return _seen(P2PRepository(session), payment_id, _payments_seen_by)


def list_holds(session: Session, part: Part, account_id: UUID, *, status: HoldStatusEnum | None = None) -> Page[Hold]:
    """Holds on an account, newest first. Raises AccountNotFound for anybody else's."""
    query = holds_of_account(own_account(session, account_id).id)
    if status is not None:
        query = query.where(Hold.status == status)
    return page_of(HoldRepository(session), query, [Hold.id.desc()], part, "holds", account_id, status)


def get_hold(session: Session, hold_id: UUID) -> Hold:
    """One on an account of one's own. Raises HoldNotFound."""
    return get_own(HoldRepository(session), hold_id)


def _owner(session: Session, user_id: UUID | None) -> UUID:
    """Whose rows are asked for. Raises UserNotFound unless they are one's own or one may read all."""
    owner = user_id or actor_of(session).id
    if owner is None:
        raise UserNotFound
    users = UserRepository(session)
    check_own(users, owner)
    return users.get(owner).id


def _transfers_seen_by(user_id: UUID) -> Select[Transfer]:
    return transfers_of_user(user_id).where(or_(Transfer.user_id == user_id, Transfer.status.in_(ARRIVED)))


def _payments_seen_by(user_id: UUID) -> Select[P2PTransaction]:
    """The recipient does not learn of money that could not be sent."""
    is_no_failure = P2PTransaction.status != P2PStatusEnum.FAILED
    return p2p_of_user(user_id).where(or_(P2PTransaction.sender_id == user_id, is_no_failure))


def _seen(repository: Repository[Session, RowT], key: UUID, seen_by: Callable[[UUID], Select[RowT]]) -> RowT:
    row = repository.get(key)
    reader = actor_of(repository.session).id
    if reader is None or not repository.exists(seen_by(reader).where(repository.row.id == key)):
        check_own(repository)
    return row
