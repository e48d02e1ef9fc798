"""From the values of a series to its returns: what each period gained on the one before, as a fraction."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from itertools import pairwise
from typing import TypeVar

from strongroom.systems.forecasting.rules.periods import PeriodEnum

#: what a mean is multiplied with for a year, and the root of which a volatility: trading days, weeks, months, …
PERIODS_A_YEAR = {
    PeriodEnum.DAY: 252,
    PeriodEnum.WEEK: 52,
    PeriodEnum.MONTH: 12,
    PeriodEnum.QUARTER: 4,
    PeriodEnum.YEAR: 1,
}


Number = TypeVar("Number", Decimal, float)


class ReturnEnum(Enum):
    """simple: v_t / v_(t-1) - 1. log: ln(v_t / v_(t-1)), which adds up over periods."""

    SIMPLE = "simple"
    LOG = "log"


@dataclass(frozen=True, slots=True)
class Returns:
    """Returns oldest first, a place for each value but the first; None where a return is not defined."""

    by_period: tuple[float | None, ...]

    @property
    def known(self) -> tuple[float, ...]:
        """Those that are defined."""
        return tuple(each for each in self.by_period if each is not None)

    @property
    def skipped(self) -> int:
        """How many are not."""
        return sum(each is None for each in self.by_period)


def returns_of(values: Sequence[Number | None], kind: ReturnEnum = ReturnEnum.SIMPLE) -> Returns:
    """values: oldest first; None for a period of which nothing is known.

    Not defined is a return on nothing, on 0, on a value of the other sign, next to a period that is not known, and,
    as a logarithm, one that ends at 0.
    """
    return Returns(tuple(_return(before, after, kind) for before, after in pairwise(values)))


def _return(before: Number | None, after: Number | None, kind: ReturnEnum) -> float | None:
    if before is None or after is None or before == 0 or before < 0 < after or after < 0 < before:
        return None
    # of exact decimals the difference and the quotient are taken before they become a float
    if kind is ReturnEnum.SIMPLE:
        return float((after - before) / before)
    return None if after == 0 else math.log(after / before)
