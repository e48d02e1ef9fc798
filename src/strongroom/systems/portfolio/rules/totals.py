"""What many companies add up to, and how it grew: only those that are in both quarters are compared."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.rules.amounts import CENT, round_half_up


def total_of(values: Iterable[Decimal | None]) -> Decimal:
    """The sum; what is unknown counts as nothing."""
    total = Decimal(0)
    for value in values:
        if value is not None:
            total = WIDE.add(total, value)
    return total


def like_for_like_growth(pairs: Iterable[tuple[Decimal, Decimal]]) -> Decimal | None:
    """Percent, two decimals, by which the sum of the second of each pair exceeds that of the first.

    None when there was nothing before: growth out of nothing has no percentage.
    """
    before = after = Decimal(0)
    for earlier, later in pairs:
        before, after = WIDE.add(before, earlier), WIDE.add(after, later)
    return percentage(WIDE.subtract(after, before), before)


def percentage(part: Decimal, whole: Decimal) -> Decimal | None:
    """The part in percent of the whole, two decimals, half up; None unless the whole is positive."""
    if whole <= 0:
        return None
    return round_half_up(WIDE.divide(WIDE.multiply(part, Decimal(100)), whole), CENT)
