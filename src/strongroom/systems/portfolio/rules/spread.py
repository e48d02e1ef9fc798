"""Where the middle of a group of companies lies and how far it spreads, exactly: a mean would follow one outlier."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from strongroom.kernel.values import WIDE


@dataclass(frozen=True, slots=True)
class Spread:
    """Five numbers of a group, in the unit of its values, rounded half up to two decimals. count: of values, from 1."""

    count: int
    minimum: Decimal
    lower_quartile: Decimal
    median: Decimal
    upper_quartile: Decimal
    maximum: Decimal


def spread_of(values: Iterable[Decimal | None]) -> Spread | None:
    """The spread of the values that are known, None when none is."""
    known = sorted(value for value in values if value is not None)
    if not known:
        return None
    five = (quantile(known, Decimal(part) / 4) for part in range(5))
    return Spread(len(known), *(value.quantize(Decimal("0.01"), ROUND_HALF_UP, WIDE) for value in five))


def median_of(values: Iterable[Decimal | None]) -> Decimal | None:
    """The median of the values that are known, unrounded, None when none is."""
    known = sorted(value for value in values if value is not None)
    return quantile(known, Decimal("0.5")) if known else None


def quantile(ordered: Sequence[Decimal], fraction: Decimal) -> Decimal:
    """The value below which this fraction (0 to 1) lies, between neighbours in proportion: SQL's percentile_cont.

    ordered: ascending, not empty.
    """
    place = fraction * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    step = WIDE.subtract(ordered[above], ordered[below])
    return WIDE.add(ordered[below], WIDE.multiply(step, place - below))
