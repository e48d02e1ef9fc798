"""How good a series is: what lies far off, which period it is counted by, what is missing between its ends."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import islice
from math import isqrt

from strongroom.systems.forecasting.rules.calendars import Calendar, find_calendar
from strongroom.systems.forecasting.rules.periods import PeriodEnum

IQR_FACTOR = Decimal("1.5")
ZSCORE_LIMIT = Decimal(3)
#: share of outliers that an isolation forest is told to expect, and its seed
CONTAMINATION = 0.1
SEED = 42

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COVERAGE_MIN = 0.5


def quality_score(valid: int, rows: int) -> Decimal:
    """Valid rows of a hundred, in percent points to two places; 0 for a file without rows."""
    if not rows:
        return Decimal("0.00")
    return (Decimal(100) * valid / rows).quantize(Decimal("0.01"))


def divide(amount: int, count: int) -> int:
    """The nearest whole number to amount / count, of two equally near ones the even one. count: above 0."""
    whole, rest = divmod(amount, count)
    if 2 * rest > count or (2 * rest == count and whole % 2):
        return whole + 1
    return whole


def iqr_bounds(values: Sequence[int], factor: Decimal = IQR_FACTOR) -> tuple[Decimal, Decimal]:
    """Beyond which a value lies more than `factor` interquartile ranges outside the middle half.

    Quartiles are interpolated between values, as `percentile_cont` does. values: at least one.
    """
    ordered = sorted(values)
    first, third = _quantile(ordered, 1), _quantile(ordered, 3)
    reach = (third - first) * factor
    return first - reach, third + reach


def zscore_bounds(values: Sequence[int], limit: Decimal = ZSCORE_LIMIT) -> tuple[Decimal, Decimal]:
    """Beyond which a value lies more than `limit` sample standard deviations from the mean. values: at least one."""
    count, total = len(values), sum(values)
    mean = Decimal(total) / count
    if count == 1:
        return mean, mean
    # n·Σx² - (Σx)² is whole, so nothing cancels out
    spread = Decimal(isqrt((count * sum(value * value for value in values) - total * total) * 10**8)) / 10**4
    reach = limit * spread / (Decimal(count) * (count - 1)).sqrt()
    return mean - reach, mean + reach


def _quantile(ordered: Sequence[int], quarter: int) -> Decimal:
    whole, rest = divmod((len(ordered) - 1) * quarter, 4)
    following = ordered[min(whole + 1, len(ordered) - 1)]
    return Decimal(ordered[whole]) + Decimal(following - ordered[whole]) * rest / 4


def find_spacing(moments: Sequence[int]) -> Calendar | None:
    """The calendar of the longest period that never has two values and mostly has one; None when there is none.

    moments: ascending microseconds since 1970, UTC.
    """
    if len(moments) < 3:
        return None
    for period in reversed(tuple(PeriodEnum)):
        starts = _starts(moments, period)
        if starts is None:
            continue
        calendar = find_calendar(starts, period)
        expected = sum(1 for _ in _expected(starts[0], starts[-1], calendar))
        return calendar if len(starts) >= expected * _COVERAGE_MIN else None
    return None


def find_gaps(moments: Sequence[int], spacing: Calendar) -> list[datetime]:
    """The beginnings of the periods between the first and the last value that have none, oldest first."""
    starts = _starts(moments, spacing.period) or []
    if not starts:
        return []
    known = set(starts)
    return [start for start in _expected(starts[0], starts[-1], spacing) if start not in known]


def as_moment(microseconds: int) -> datetime:
    """The moment so many microseconds after 1970 began, in UTC."""
    return _EPOCH + timedelta(microseconds=microseconds)


def _starts(moments: Sequence[int], period: PeriodEnum) -> list[datetime] | None:
    """The periods of the moments; None as soon as one has two of them."""
    starts: list[datetime] = []
    for moment in moments:
        start = period.floor(as_moment(moment))
        if starts and starts[-1] == start:
            return None
        starts.append(start)
    return starts


def _expected(first: datetime, last: datetime, spacing: Calendar) -> Iterator[datetime]:
    return islice(spacing.between(first, last), 1_000_000)
