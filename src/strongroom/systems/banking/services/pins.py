"""PINs of cards: hashed and compared before a transaction begins, judged and counted inside it.

A PIN has a million values at most, too few for any hash to hide. So it is hashed together with its card under the
bank's secret, which is not in the database: whoever steals the table has nothing to try guesses on.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from strongroom.kernel.encryption import hash_password, verify_password
from strongroom.kernel.sessions import keeps_refusals, now_of
from strongroom.systems.banking.errors import BusinessRuleViolation, WrongPin
from strongroom.systems.banking.models import Card
from strongroom.systems.banking.repositories import CardRepository
from strongroom.systems.banking.rules import PIN_ATTEMPTS_MAX, CardStatusEnum, check_card_usable, check_pin
from strongroom.systems.banking.services.access import get_own
from strongroom.systems.banking.services.audit import record
from strongroom.systems.banking.services.cards import check_secret, lock_card, move_card


@dataclass(frozen=True, slots=True)
class NewPin:
    """A PIN good enough to be set, in the form in which it is stored; of this card only."""

    card_id: UUID
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class StoredPin:
    """What a card's PIN is compared with."""

    card_id: UUID
    hash: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class ComparedPin:
    """What came of a comparison. hash: what it was compared with, so that a PIN changed meanwhile is noticed."""

    card_id: UUID
    hash: str = field(repr=False)
    is_right: bool


def new_pin(card_id: UUID, plain: str, secret: bytes) -> NewPin:
    """Hash a PIN for storing. Takes tens of milliseconds. Raises InvalidValue for a PIN that is easy to guess."""
    check_pin(plain)
    return NewPin(card_id, hash_password(_keyed(card_id, plain, secret)))


def get_pin(session: Session, card_id: UUID | str) -> StoredPin:
    """What to compare with. Raises CardNotFound, BusinessRuleViolation without a PIN or with a card that is stopped."""
    card = get_own(CardRepository(session), card_id)
    _check_usable(session, card)
    if card.pin_hash is None:
        raise BusinessRuleViolation(rule="pin_unset", reason="the card has no PIN yet")
    return StoredPin(card.id, card.pin_hash)


def compare(plain: str, stored: StoredPin, secret: bytes) -> ComparedPin:
    """Compare a PIN. Takes tens of milliseconds."""
    is_right = verify_password(_keyed(stored.card_id, plain, secret), stored.hash)
    return ComparedPin(stored.card_id, stored.hash, is_right)


def set_pin(session: Session, pin: NewPin) -> Card:
    """Give the card this PIN; a card that is blocked, expired or cancelled gets none."""
    card = lock_card(session, pin.card_id)
    if card.status not in (CardStatusEnum.ACTIVE, CardStatusEnum.INACTIVE):
        raise BusinessRuleViolation(rule="card_over", reason=f"the card is {card.status.value}")
    card.pin_hash = pin.hash
    card.pin_set = True
    card.failed_pin_attempts = 0
    record(session, "card.pin_set", card)
    session.flush()
    return card


@keeps_refusals
def verify_pin(session: Session, compared: ComparedPin) -> Card:
    """Let a right PIN pass, count a wrong one; the third in a row blocks the card. Raises WrongPin.

    Guesses made at once learn their outcome one after the other, behind the row lock: once the card is blocked, the
    others are refused, even a right one.
    """
    card = lock_card(session, compared.card_id)
    _check_usable(session, card)
    if card.pin_hash != compared.hash:
        raise BusinessRuleViolation(rule="pin_changed", reason="the PIN was changed meanwhile; enter the new one")
    if compared.is_right:
        card.failed_pin_attempts = 0
        session.flush()
        return card
    card.failed_pin_attempts += 1
    if card.failed_pin_attempts >= PIN_ATTEMPTS_MAX:
        move_card(session, card, CardStatusEnum.BLOCKED, "card.blocked")
    session.flush()
    raise WrongPin(attempts_left=PIN_ATTEMPTS_MAX - card.failed_pin_attempts)


def _check_usable(session: Session, card: Card) -> None:
    check_card_usable(
        card.status,
        is_expired=card.is_expired_at(now_of(session)),
        failed_pin_attempts=card.failed_pin_attempts,
    )


def _keyed(card_id: UUID, plain: str, secret: bytes) -> str:
    check_secret(secret)
    return hmac.new(secret, b"pin:" + card_id.bytes + plain.encode(), hashlib.sha256).hexdigest()
