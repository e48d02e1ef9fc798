"""What may be done to a series before it is stored, each only when it was asked for: moments twice, values missing.

A series is a list of values in ten-thousandths, whole numbers, None where one is missing; moments ascend.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from strongroom.systems.forecasting.rules.quality import divide

Values = Sequence[int | None]


class BadRowsEnum(Enum):
    """What becomes of a file with rows that cannot be read."""

    REFUSE = "refuse"
    SKIP = "skip"


class DuplicatesEnum(Enum):
    """What stands for a moment that has several values."""

    KEEP_FIRST = "keep_first"
    KEEP_LAST = "keep_last"
    SUM = "sum"
    MEAN = "mean"


class MissingEnum(Enum):
    """What stands for a value that is missing.

    forward_fill: the one before, at the beginning the first one after; back_fill: the other way round; interpolate: on
    the straight line in time between its neighbours, at the ends the nearest; drop: nothing.
    """

    DROP = "drop"
    FORWARD_FILL = "forward_fill"
    BACK_FILL = "back_fill"
    INTERPOLATE = "interpolate"


class OutliersEnum(Enum):
    """Which values are taken for missing because they lie too far from the others; keep: none."""

    KEEP = "keep"
    IQR = "iqr"
    ZSCORE = "zscore"
    ISOLATION_FOREST = "isolation_forest"


def merge(values: Values, treatment: DuplicatesEnum) -> int | None:
    """One value for all that one moment has, in the order of the file. Missing ones do not count."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    if treatment is DuplicatesEnum.KEEP_FIRST:
        return known[0]
    if treatment is DuplicatesEnum.KEEP_LAST:
        return known[-1]
    return sum(known) if treatment is DuplicatesEnum.SUM else divide(sum(known), len(known))


def fill(moments: Sequence[int], values: Values, treatment: MissingEnum) -> list[int | None]:
    """The values with those that are missing filled in; still missing when dropped, or when none is known."""
    filled = list(values)
    if treatment is MissingEnum.DROP:
        return filled
    known = [index for index, value in enumerate(values) if value is not None]
    for before, after in zip([None, *known], [*known, None], strict=True):
        first = 0 if before is None else before + 1
        last = len(filled) if after is None else after
        for index in range(first, last):
            filled[index] = _filling(moments, values, index, before, after, treatment)
    return filled


def smooth(values: Sequence[int], window: int) -> list[int]:
    """The centred rolling mean over `window` values, an odd number; over those there are near the ends."""
    half, totals = window // 2, [0]
    for value in values:
        totals.append(totals[-1] + value)
    means = []
    for index in range(len(values)):
        first, last = max(index - half, 0), min(index + half + 1, len(values))
        means.append(divide(totals[last] - totals[first], last - first))
    return means


def normalise(values: Sequence[int], scale: int) -> list[int]:
    """The values between 0, for the least, and `scale`, for the greatest; all 0 when they are equal."""
    least, greatest = min(values), max(values)
    if least == greatest:
        return [0] * len(values)
    return [divide((value - least) * scale, greatest - least) for value in values]


def _filling(
    moments: Sequence[int], values: Values, index: int, before: int | None, after: int | None, treatment: MissingEnum
) -> int | None:
    """What stands at `index` between two known values, of which there may be one only, or none."""
    earlier = None if before is None else values[before]
    later = None if after is None else values[after]
    if earlier is None or later is None or before is None or after is None:
        return later if earlier is None else earlier
    if treatment is MissingEnum.FORWARD_FILL:
        return earlier
    if treatment is MissingEnum.BACK_FILL:
        return later
    passed, whole = moments[index] - moments[before], moments[after] - moments[before]
    return earlier + divide((later - earlier) * passed, whole)
