"""The life of a card: issued, activated, frozen, blocked, cancelled. Its full number never gets here.

What is kept of a number is made by `conceal` before a transaction begins: four digits to show, and a fingerprint under
the bank's secret, by which the same card is known again and from which nobody can find the number.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from decimal import Decimal
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from strongroom.kernel.errors import ConfigurationError, InvalidValue
from strongroom.kernel.repositories import Page, Part, page_of
from strongroom.kernel.sessions import actor_of, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation
from strongroom.systems.banking.models import Account, Card
from strongroom.systems.banking.repositories import CardRepository, UserRepository, cards_of_user
from strongroom.systems.banking.rules import (
    CARDS_MAX,
    CardStatusEnum,
    CardTypeEnum,
    check_card_limits,
    check_count,
    check_may_be_debited,
    check_transition,
    is_card_expired,
    is_final,
    mask_card_number,
)
from strongroom.systems.banking.services.access import check_is_administrator, get_own, lock_own_user, own_account
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.movements import amount_in

SECRET_BYTES_MIN = 32


@dataclass(frozen=True, slots=True)
class ConcealedNumber:
    """All that may be kept of a card number. fingerprint: HMAC-SHA-256 of it under the bank's secret."""

    masked: str
    fingerprint: bytes = field(repr=False)


def conceal(card_number: str, secret: bytes) -> ConcealedNumber:
    """Mask and fingerprint a full card number, 12 to 19 digits. Raises InvalidValue, which never repeats it.

    secret: at least 32 bytes, kept outside of the database; ConfigurationError when shorter.
    """
    check_secret(secret)
    return ConcealedNumber(
        mask_card_number(card_number), hmac.digest(secret, b"card number:" + card_number.encode(), hashlib.sha256)
    )


def check_secret(secret: bytes) -> None:
    """Raises ConfigurationError for a secret that could be guessed."""
    if len(secret) < SECRET_BYTES_MIN:
        raise ConfigurationError(setting="card secret", reason=f"needs at least {SECRET_BYTES_MIN} bytes")


def issue_card(
    session: Session,
    account_id: UUID | str,
    number: ConcealedNumber,
    *,
    card_type: CardTypeEnum | str,
    cardholder_name: str,
    expiry_month: int,
    expiry_year: int,
) -> Card:
    """Issue a card on an active account; it is inactive until its holder activates it.

    Raises AlreadyExists for a number that is known, BusinessRuleViolation past ten cards, AccountNotActive.
    """
    account = own_account(session, account_id)
    check_may_be_debited(account.status)
    lock_own_user(session, account.user_id)  # two issues at once would both count nine
    live = cards_of_user(account.user_id).where(Card.status != CardStatusEnum.CANCELLED)
    check_count(session.scalar(select(func.count()).select_from(live.subquery())) or 0, CARDS_MAX, "cards")
    now = now_of(session)
    card = Card(
        user_id=account.user_id,
        account_id=account.id,
        card_number_masked=number.masked,
        pan_token=secrets.token_urlsafe(24),
        pan_fingerprint=number.fingerprint,
        card_type=card_type,
        status=CardStatusEnum.INACTIVE,
        cardholder_name=cardholder_name,
        expiry_month=expiry_month,
        expiry_year=expiry_year,
        issued_date=now,
    )
    if is_card_expired(expiry_year, expiry_month, now):
        raise InvalidValue(field="expiry_year", reason="the card has expired already")
    CardRepository(session).add(card)
    record(session, "card.issued", card, after={"last4": card.last4, "card_type": card.card_type})
    session.flush()
    return card


def get_card(session: Session, card_id: UUID | str) -> Card:
    """The card, if it is the caller's. Raises CardNotFound."""
    return get_own(CardRepository(session), card_id)


def list_cards(session: Session, part: Part, user_id: UUID, *, account_id: UUID | None = None) -> Page[Card]:
    """A user's cards, newest first; of one account when it is given. Raises UserNotFound, AccountNotFound."""
    owner = get_own(UserRepository(session), user_id).id
    query = cards_of_user(owner)
    if account_id is not None:
        query = query.where(Card.account_id == own_account(session, account_id).id)
    return page_of(CardRepository(session), query, [Card.id.desc()], part, "cards", owner, account_id)


def activate_card(session: Session, card_id: UUID | str) -> Card:
    """Put a new or frozen card to work. A blocked one is not the holder's to wake."""
    card = lock_card(session, card_id)
    if card.status is CardStatusEnum.BLOCKED:
        raise BusinessRuleViolation(rule="card_blocked", reason="a blocked card can only be unblocked by the bank")
    now = now_of(session)
    if card.is_expired_at(now):
        raise BusinessRuleViolation(rule="card_expired", reason="the card has expired")
    card.activation_date = card.activation_date or now
    return move_card(session, card, CardStatusEnum.ACTIVE, "card.activated")


def freeze_card(session: Session, card_id: UUID | str) -> Card:
    """Stop a card for the time being; its holder activates it again."""
    return move_card(session, lock_card(session, card_id), CardStatusEnum.INACTIVE, "card.frozen")


def block_card(session: Session, card_id: UUID | str) -> Card:
    """Stop a card that is lost or misused; only the bank unblocks it."""
    return move_card(session, lock_card(session, card_id), CardStatusEnum.BLOCKED, "card.blocked")


def unblock_card(session: Session, card_id: UUID | str) -> Card:
    """Let a blocked card work again and forget its wrong PINs. Administrators only."""
    check_is_administrator(session)
    card = lock_card(session, card_id)
    if card.status is not CardStatusEnum.BLOCKED:
        raise BusinessRuleViolation(rule="card_not_blocked", reason="the card is not blocked")
    card.failed_pin_attempts = 0
    return move_card(session, card, CardStatusEnum.ACTIVE, "card.unblocked")


def cancel_card(session: Session, card_id: UUID | str) -> Card:
    """End a card for good."""
    return move_card(session, lock_card(session, card_id), CardStatusEnum.CANCELLED, "card.cancelled")


def expire_cards(session: Session) -> int:
    """Mark every active card whose last day has passed. Returns how many."""
    now = now_of(session)
    passed = (Card.expiry_year < now.year) | (Card.expiry_year == now.year) & (Card.expiry_month < now.month)
    found = session.scalars(
        update(Card)
        .where(Card.status == CardStatusEnum.ACTIVE, passed)
        .values(status=CardStatusEnum.EXPIRED)
        .returning(Card.id)
    )
    return len(found.all())


def set_limits(
    session: Session,
    card_id: UUID | str,
    *,
    daily_limit: Decimal | str | None = None,
    monthly_limit: Decimal | str | None = None,
) -> Card:
    """What may be spent in a UTC calendar day and month; active cards only. None: leave as it is."""
    card = lock_card(session, card_id)
    if card.status is not CardStatusEnum.ACTIVE:
        raise BusinessRuleViolation(rule="card_limits", reason="only the limits of an active card can be changed")
    currency = session.get_one(Account, card.account_id).currency
    before = {"daily_limit": card.daily_limit, "monthly_limit": card.monthly_limit}
    daily = card.daily_limit if daily_limit is None else amount_in(currency, daily_limit, "daily_limit")
    monthly = card.monthly_limit if monthly_limit is None else amount_in(currency, monthly_limit, "monthly_limit")
    check_card_limits(daily, monthly)
    card.daily_limit, card.monthly_limit = daily, monthly
    record(session, "card.limits", card, before=before, after={"daily_limit": daily, "monthly_limit": monthly})
    session.flush()
    return card


def set_channels(
    session: Session,
    card_id: UUID | str,
    *,
    online: bool | None = None,
    contactless: bool | None = None,
    international: bool | None = None,
) -> Card:
    """Switch ways of paying on or off. None: leave as it is."""
    card = lock_card(session, card_id)
    _check_alive(card)
    switches = {
        "is_online_enabled": online,
        "is_contactless_enabled": contactless,
        "is_international_enabled": international,
    }
    wanted = {name: value for name, value in switches.items() if value is not None}
    before = {name: getattr(card, name) for name in wanted}
    for name, value in wanted.items():
        setattr(card, name, value)
    record(session, "card.channels", card, before=before, after=wanted)
    session.flush()
    return card


def lock_card(session: Session, card_id: UUID | str) -> Card:
    """The caller's card, locked for a change. Raises CardNotFound."""
    repository = CardRepository(session)
    key = get_own(repository, card_id).id
    return repository.lock([key])[key]


def move_card(session: Session, card: Card, status: CardStatusEnum, event_type: str) -> Card:
    """Move a locked card along its states. Raises BusinessRuleViolation for a step there is not."""
    before = card.status
    check_transition("card", before, status)
    card.status = status
    after = {"status": status, "by": actor_of(session).name}
    record(session, event_type, card, before={"status": before}, after=after)
    session.flush()
    return card


def _check_alive(card: Card) -> None:
    if is_final("card", card.status) or card.status is CardStatusEnum.EXPIRED:
        raise BusinessRuleViolation(rule="card_over", reason=f"the card is {card.status.value}")
