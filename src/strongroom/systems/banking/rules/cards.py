"""When a card works, what may be asked of its PIN, and how little of its number may be shown."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.values import as_utc
from strongroom.systems.banking.errors import BusinessRuleViolation, CardFrozen
from strongroom.systems.banking.rules.enums import CardChannelEnum, CardStatusEnum
from strongroom.systems.banking.rules.limits import TransferLimits, check_within

PIN_ATTEMPTS_MAX = 3
_PIN = re.compile(r"[0-9]{4,6}")
_PAN = re.compile(r"[0-9]{12,19}")
_RUN = "0123456789"


def is_card_expired(expiry_year: int, expiry_month: int, moment: datetime) -> bool:
    """Whether the last day of the expiry month, UTC, lies before the moment."""
    utc = as_utc(moment)
    return (expiry_year, expiry_month) < (utc.year, utc.month)


def is_card_blocked(status: CardStatusEnum, failed_pin_attempts: int) -> bool:
    """Whether the card was blocked, or its PIN was given wrongly too often."""
    return status is CardStatusEnum.BLOCKED or failed_pin_attempts >= PIN_ATTEMPTS_MAX


def check_card_usable(status: CardStatusEnum, *, is_expired: bool, failed_pin_attempts: int) -> None:
    """Refuse a payment with a card that is not in working order. Raises CardFrozen or BusinessRuleViolation."""
    if is_card_blocked(status, failed_pin_attempts):
        raise BusinessRuleViolation(rule="card_blocked", reason="the card is blocked")
    if status is CardStatusEnum.INACTIVE:
        raise CardFrozen
    if is_expired or status is CardStatusEnum.EXPIRED:
        raise BusinessRuleViolation(rule="card_expired", reason="the card has expired")
    if status is not CardStatusEnum.ACTIVE:
        raise BusinessRuleViolation(rule="card_cancelled", reason="the card is cancelled")


def check_card_channel(
    channel: CardChannelEnum,
    *,
    is_international: bool,
    is_online_enabled: bool,
    is_contactless_enabled: bool,
    is_international_enabled: bool,
) -> None:
    """Refuse a payment by a channel, or in a country, that is switched off. Raises BusinessRuleViolation."""
    switched_off = (
        ("online", channel is CardChannelEnum.ONLINE and not is_online_enabled),
        ("contactless", channel is CardChannelEnum.CONTACTLESS and not is_contactless_enabled),
        ("international", is_international and not is_international_enabled),
    )
    for name, is_off in switched_off:
        if is_off:
            raise BusinessRuleViolation(rule=f"card_{name}", reason=f"{name} payments are switched off for this card")


def check_card_spending(
    amount: Decimal,
    currency: str,
    *,
    daily_limit: Decimal,
    monthly_limit: Decimal,
    spent_today: Decimal,
    spent_month: Decimal,
) -> None:
    """Refuse a payment beyond the card's own limits. Raises TransferLimitExceeded.

    spent_…: pending and completed payments of this card in the UTC calendar day and month.
    """
    limits = TransferLimits(daily=daily_limit, monthly=monthly_limit)
    check_within(limits, amount, spent_today, spent_month, currency=currency)


def check_card_limits(daily_limit: Decimal, monthly_limit: Decimal) -> None:
    """Limits are above zero and a month allows at least what a day does. Raises InvalidValue."""
    if daily_limit <= 0:
        raise InvalidValue(field="daily_limit", reason="must be greater than zero")
    if monthly_limit < daily_limit:
        raise InvalidValue(field="monthly_limit", reason="must not be below the daily limit")


def check_pin(pin: str) -> None:
    """A PIN is 4 to 6 digits and neither one digit repeated nor a run such as 1234 or 654321.

    Raises InvalidValue, which never repeats the PIN.
    """
    if not isinstance(pin, str) or not _PIN.fullmatch(pin):
        raise InvalidValue(field="pin", reason="must be 4 to 6 digits")
    if len(set(pin)) == 1 or pin in _RUN or pin in _RUN[::-1]:
        raise InvalidValue(field="pin", reason="is too easy to guess")


def is_luhn_valid(card_number: str) -> bool:
    """Whether a full card number, 12 to 19 digits, has the right check digit. Source: ISO/IEC 7812-1, annex B."""
    if not _PAN.fullmatch(card_number):
        return False
    digits = [int(digit) for digit in reversed(card_number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def mask_card_number(card_number: str) -> str:
    """All that may be kept of a full card number: asterisks and its last four digits. Raises InvalidValue."""
    if not is_luhn_valid(card_number):
        raise InvalidValue(field="card_number", reason="is not a valid card number")
    return "*" * min(len(card_number) - 4, 12) + card_number[-4:]
