"""What a bank decides for itself: bounds on transfers, holds and sign-in. settings.py fills it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from strongroom.systems.banking.rules import USER_LIMITS, TransferLimits


@dataclass(frozen=True, slots=True)
class BankingOptions:
    """Amounts are in the currency of the account they are applied to.

    transfer_min, transfer_max: bounds of one transfer. limits: what one customer may send in a time.
    sign_in_attempts: wrong passwords before the account is locked for lockout.
    hold_lifetime: after this an uncaptured hold is released; request_lifetime: a money request lapses.
    """

    transfer_min: Decimal = Decimal("1.00")
    transfer_max: Decimal = Decimal("100000.00")
    limits: TransferLimits = USER_LIMITS
    sign_in_attempts: int = 5
    lockout: timedelta = timedelta(minutes=15)
    hold_lifetime: timedelta = timedelta(days=7)
    request_lifetime: timedelta = timedelta(days=30)


DEFAULTS = BankingOptions()
