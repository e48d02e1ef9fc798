"""How much may leave: bounds of one transfer, limits by day, month and year, and how many of a thing one may own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from strongroom.kernel.values import WIDE
from strongroom.systems.banking.errors import BusinessRuleViolation, KycRefused, TransferLimitExceeded
from strongroom.systems.banking.rules.enums import KycLevelEnum, KycStatusEnum

ZERO = Decimal(0)
TRANSFER_MIN = Decimal("1.00")
TRANSFER_MAX = Decimal("100000.00")
P2P_UNVERIFIED_MAX = Decimal(1000)
ACCOUNTS_MAX = 5
CARDS_MAX = 10
FACE_ATTEMPTS_MAX = 5
NO_OUTGOING_MONEY = frozenset({KycStatusEnum.SUSPENDED, KycStatusEnum.REJECTED})


@dataclass(frozen=True, slots=True)
class TransferLimits:
    """The most that may leave at once and within one UTC calendar day, month and year; None is no limit."""

    single: Decimal | None = None
    daily: Decimal | None = None
    monthly: Decimal | None = None
    yearly: Decimal | None = None


NO_LIMITS = TransferLimits()

USER_LIMITS = TransferLimits(
    single=Decimal(25_000), daily=Decimal(10_000), monthly=Decimal(50_000), yearly=Decimal(300_000)
)

KYC_LIMITS: Mapping[KycLevelEnum, TransferLimits] = MappingProxyType(
    {
        KycLevelEnum.BASIC: TransferLimits(daily=Decimal(100), monthly=Decimal(1_000)),
        KycLevelEnum.STANDARD: TransferLimits(daily=Decimal(1_000), monthly=Decimal(10_000)),
        KycLevelEnum.ENHANCED: TransferLimits(daily=Decimal(5_000), monthly=Decimal(50_000)),
        KycLevelEnum.PREMIUM: NO_LIMITS,
    }
)


def outgoing_limits(level: KycLevelEnum, limits: TransferLimits = USER_LIMITS) -> TransferLimits:
    """What a user of this KYC level may send: the smaller of the two, window by window."""
    return combined(KYC_LIMITS[level], limits)


def combined(first: TransferLimits, second: TransferLimits) -> TransferLimits:
    """Both limits at once."""
    return TransferLimits(
        single=_smaller(first.single, second.single),
        daily=_smaller(first.daily, second.daily),
        monthly=_smaller(first.monthly, second.monthly),
        yearly=_smaller(first.yearly, second.yearly),
    )


def remaining(limits: TransferLimits, used_today: Decimal, used_month: Decimal, used_year: Decimal) -> TransferLimits:
    """What is left of each limit, never below zero; `single` is the most that can leave now."""
    daily = _left(limits.daily, used_today)
    monthly = _left(limits.monthly, used_month)
    yearly = _left(limits.yearly, used_year)
    single = _smaller(_smaller(limits.single, daily), _smaller(monthly, yearly))
    return TransferLimits(single=single, daily=daily, monthly=monthly, yearly=yearly)


def check_within(
    limits: TransferLimits,
    amount: Decimal,
    used_today: Decimal = ZERO,
    used_month: Decimal = ZERO,
    used_year: Decimal = ZERO,
    *,
    currency: str,
) -> None:
    """Refuse an amount beyond a limit, the shortest window first.

    used_…: what has left or is about to leave in the window, this amount not included. Raises
    TransferLimitExceeded.
    """
    windows = (
        ("single", limits.single, ZERO),
        ("daily", limits.daily, used_today),
        ("monthly", limits.monthly, used_month),
        ("yearly", limits.yearly, used_year),
    )
    for limit, maximum, used in windows:
        if maximum is not None and WIDE.add(used, amount) > maximum:
            raise TransferLimitExceeded(
                limit=limit,
                maximum=maximum,
                remaining=_left(maximum, used),
                requested=amount,
                currency=currency,
            )


def check_transfer_amount(
    amount: Decimal, currency: str, *, least: Decimal = TRANSFER_MIN, most: Decimal = TRANSFER_MAX
) -> None:
    """Refuse a transfer outside the bank's own bounds, both included.

    Raises BusinessRuleViolation below, TransferLimitExceeded above.
    """
    if amount < least:
        reason = f"a transfer must be at least {least} {currency}"
        raise BusinessRuleViolation(rule="transfer_minimum", reason=reason)
    check_within(TransferLimits(single=most), amount, currency=currency)


def check_kyc_allows_outgoing(status: KycStatusEnum) -> None:
    """Refuse outgoing money after a failed or withdrawn identity check. Raises KycRefused."""
    if status in NO_OUTGOING_MONEY:
        raise KycRefused(kyc_status=status.value)


def check_count(owned: int, most: int, noun: str) -> None:
    """Refuse one more of a thing when `owned` has reached `most`. noun: plural. Raises BusinessRuleViolation."""
    if owned >= most:
        raise BusinessRuleViolation(rule=f"{noun}_maximum", reason=f"a user may have at most {most} {noun}")


def p2p_requires_verification(amount: Decimal) -> bool:
    """Whether a payment between users is so large that its sender must be verified first."""
    return amount > P2P_UNVERIFIED_MAX


def _smaller(first: Decimal | None, second: Decimal | None) -> Decimal | None:
    if first is None or second is None:
        return second if first is None else first
    return min(first, second)


def _left(limit: Decimal | None, used: Decimal) -> Decimal | None:
    return None if limit is None else max(WIDE.subtract(limit, used), ZERO)
