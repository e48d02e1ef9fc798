"""May this card pay this amount here and now? A yes sets the money aside; a no leaves no trace."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.errors import IdempotencyConflict
from strongroom.kernel.sessions import now_of
from strongroom.kernel.values import day_of, month_of
from strongroom.systems.banking.errors import UserNotActive
from strongroom.systems.banking.models import Account, Card, Hold, IdempotencyKey, Transaction, User
from strongroom.systems.banking.options import DEFAULTS, BankingOptions
from strongroom.systems.banking.repositories import HoldRepository
from strongroom.systems.banking.rules import (
    CardChannelEnum,
    HoldStatusEnum,
    KeyStateEnum,
    TransactionDirectionEnum,
    TransactionStatusEnum,
    UserStatusEnum,
    check_card_channel,
    check_card_spending,
    check_card_usable,
    check_kyc_allows_outgoing,
)
from strongroom.systems.banking.services.cards import lock_card
from strongroom.systems.banking.services.holds import place_hold
from strongroom.systems.banking.services.movements import amount_in, key_of
from strongroom.systems.banking.services.posting import KEY_KEPT, Key

_COUNTED = (TransactionStatusEnum.PENDING, TransactionStatusEnum.PROCESSING, TransactionStatusEnum.COMPLETED)


def authorise(
    session: Session,
    card_id: UUID | str,
    amount: Decimal | str,
    *,
    channel: CardChannelEnum,
    is_international: bool = False,
    merchant_name: str = "",
    key: str | None = None,
    options: BankingOptions = DEFAULTS,
) -> Hold:
    """Set the amount aside for a payment by this card, in its account's currency; the same hold again for a known key.

    A refusal is not kept with the key: what was refused may be asked again when there is money. Raises CardFrozen,
    BusinessRuleViolation, TransferLimitExceeded, InsufficientFunds, AccountNotActive, UserNotActive, KycRefused.
    """
    card = lock_card(session, card_id)  # two payments at once would both find the limit free
    account = session.get_one(Account, card.account_id)
    exact = amount_in(account.currency, amount)
    claim = key_of(
        session,
        card.user_id,
        key,
        "authorise",
        card_id=card.id,
        amount=exact,
        channel=channel.value,
        is_international=is_international,
        merchant_name=merchant_name,
    )
    if claim is not None and (known := _hold_of(session, claim)) is not None:
        return known
    now = now_of(session)
    _check_holder(session.get_one(User, card.user_id))
    _check_card(card, channel, is_international, now)
    spent_today, spent_month = spent_by_card(session, card.id, now)
    check_card_spending(
        exact,
        account.currency,
        daily_limit=card.daily_limit,
        monthly_limit=card.monthly_limit,
        spent_today=spent_today,
        spent_month=spent_month,
    )
    description = merchant_name or "Card payment"
    hold = place_hold(session, account.id, exact, description=description, card_id=card.id, options=options)
    card.last_used_date = now
    if claim is not None:
        _keep(session, claim, hold, now)
    session.flush()
    return hold


def spent_by_card(session: Session, card_id: UUID, now: datetime) -> tuple[Decimal, Decimal]:
    """What the card has paid and holds in the UTC calendar day and month of this moment."""
    day, month = day_of(now).start, month_of(now).start
    paid = select(
        func.sum(Transaction.amount).filter(Transaction.transaction_date >= day), func.sum(Transaction.amount)
    ).where(
        Transaction.card_id == card_id,
        Transaction.direction == TransactionDirectionEnum.OUTBOUND,
        Transaction.status.in_(_COUNTED),
        Transaction.transaction_date >= month,
    )
    held = select(func.sum(Hold.amount).filter(Hold.created_at >= day), func.sum(Hold.amount)).where(
        Hold.card_id == card_id, Hold.status == HoldStatusEnum.ACTIVE, Hold.created_at >= month
    )
    sums = [session.execute(query).one() for query in (paid, held)]
    today, this_month = (sum((row[window] or Decimal(0) for row in sums), Decimal(0)) for window in (0, 1))
    return today, this_month


def _check_holder(user: User) -> None:
    if not user.is_active or user.status is not UserStatusEnum.ACTIVE:
        raise UserNotActive
    check_kyc_allows_outgoing(user.kyc_status)


def _check_card(card: Card, channel: CardChannelEnum, is_international: bool, now: datetime) -> None:
    check_card_usable(card.status, is_expired=card.is_expired_at(now), failed_pin_attempts=card.failed_pin_attempts)
    check_card_channel(
        channel,
        is_international=is_international,
        is_online_enabled=card.is_online_enabled,
        is_contactless_enabled=card.is_contactless_enabled,
        is_international_enabled=card.is_international_enabled,
    )


def _hold_of(session: Session, claim: Key) -> Hold | None:
    known = session.get(IdempotencyKey, (claim.user_id, claim.key))
    if known is None:
        return None
    if known.request_hash != claim.request_hash or known.response is None:
        raise IdempotencyConflict
    return HoldRepository(session).get(str(known.response["hold_id"]))


def _keep(session: Session, claim: Key, hold: Hold, now: datetime) -> None:
    session.add(
        IdempotencyKey(
            user_id=claim.user_id,
            key=claim.key,
            operation=claim.operation,
            request_hash=claim.request_hash,
            state=KeyStateEnum.COMPLETED,
            response={"hold_id": str(hold.id)},
            expires_at=now + KEY_KEPT,
        )
    )
