"""Money set aside: raises what is reserved, posts nothing; captured by a posting, or released."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import now_of
from strongroom.systems.banking.models import Account, Hold, Transaction
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import AccountRepository, HoldRepository
from strongroom.systems.banking.rules import (
    HoldStatusEnum,
    PaymentMethodEnum,
    TransactionTypeEnum,
    check_funds,
    check_may_be_debited,
    check_transition,
    new_reference,
)
from strongroom.systems.banking.services.access import get_own, own_account
from strongroom.systems.banking.services.movements import (
    amount_in,
    bank_credit,
    book,
    booked_transaction,
    debit,
    draft,
    is_known,
    key_of,
)
from strongroom.systems.banking.services.posting import Posting


def place_hold(
    session: Session,
    account_id: UUID | str,
    amount: Decimal | str,
    *,
    description: str = "",
    card_id: UUID | None = None,
    lifetime: timedelta | None = None,
    options: BankingOptions = DEFAULTS,
) -> Hold:
    """Set an amount aside. Raises InsufficientFunds, AccountNotActive."""
    account = _lock(session, own_account(session, account_id))
    exact = amount_in(account.currency, amount)
    check_may_be_debited(account.status)
    check_funds(account.spendable, exact, account.currency)
    now = now_of(session)
    hold = Hold(
        user_id=account.user_id,
        account_id=account.id,
        card_id=card_id,
        amount=exact,
        currency=account.currency,
        description=description,
        expires_at=now + (lifetime or options.hold_lifetime),
        created_at=now,
    )
    _reserve(account, exact)
    session.add(hold)
    session.flush()
    return hold


def release_hold(session: Session, hold_id: UUID | str) -> Hold:
    """Give the amount free again."""
    return _resolve(session, get_own(HoldRepository(session), hold_id), HoldStatusEnum.RELEASED)


def capture_hold(
    session: Session,
    hold_id: UUID | str,
    amount: Decimal | str | None = None,
    *,
    transaction_type: TransactionTypeEnum = TransactionTypeEnum.CARD_PAYMENT,
    description: str | None = None,
    key: str | None = None,
) -> Transaction:
    """Take what was held, or a part of it; the rest is given free. amount: all of it when left out.

    A refused capture leaves the hold as it was, so its refusal is not kept for the key.
    """
    hold = get_own(HoldRepository(session), hold_id)
    account = _lock(session, session.get_one(Account, hold.account_id))
    exact = hold.amount if amount is None else amount_in(hold.currency, amount)
    if exact > hold.amount:
        raise InvalidValue(field="amount", reason=f"must not exceed the {hold.amount} {hold.currency} held")
    if not is_known(session, hold.user_id, key):
        _resolve(session, hold, HoldStatusEnum.CAPTURED, captured=exact)
    now = now_of(session)
    method = PaymentMethodEnum.CARD if hold.card_id else PaymentMethodEnum.OTHER
    row = draft(
        account,
        transaction_type,
        exact,
        now,
        description=description or hold.description or "Captured hold",
        payment_method=method,
        card_id=hold.card_id,
        is_outgoing=True,
    )
    posting = Posting(
        kind="capture",
        reference=new_reference("JRN", now),
        posted_at=now,
        legs=[debit(account, exact), bank_credit("settlement", exact, account.currency)],
        transactions=[row],
        key=key_of(session, hold.user_id, key, "capture", hold_id=hold.id, amount=exact),
        response={"transaction_id": str(row.id)},
    )
    return booked_transaction(session, book(session, posting).response)


def expire_holds(session: Session) -> int:
    """Release every active hold whose time has passed, a thousand at most. Returns how many."""
    expired = HoldRepository(session).get_expired(now_of(session))
    # accounts first and in key order, as everybody else locks them
    AccountRepository(session).lock(sorted({hold.account_id for hold in expired}))
    for hold in expired:
        _resolve(session, hold, HoldStatusEnum.EXPIRED)
    return len(expired)


def _lock(session: Session, account: Account) -> Account:
    return AccountRepository(session).lock([account.id])[account.id]


def _resolve(session: Session, hold: Hold, status: HoldStatusEnum, captured: Decimal | None = None) -> Hold:
    account = _lock(session, session.get_one(Account, hold.account_id))
    session.scalars(select(Hold).where(Hold.id == hold.id).execution_options(populate_existing=True)).one()
    check_transition("hold", hold.status, status)
    hold.status = status
    hold.resolved_at = now_of(session)
    hold.captured_amount = captured
    _reserve(account, -hold.amount)
    session.flush()
    return hold


def _reserve(account: Account, amount: Decimal) -> None:
    account.reserved_balance += amount
    account.available_balance -= amount
