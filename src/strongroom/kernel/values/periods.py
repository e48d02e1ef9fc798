"""Stretches of time as limits and statements count them: half open and in UTC, so none overlap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from strongroom.kernel.values.clock import as_utc


@dataclass(frozen=True, slots=True)
class Period:
    """From `start`, which is part of it, to `end`, which is not. Raises ValueError unless start < end."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", as_utc(self.start))
        object.__setattr__(self, "end", as_utc(self.end))
        if not self.start < self.end:
            raise ValueError("a period must start before it ends")

    def contains(self, moment: datetime) -> bool:
        """Whether start <= moment < end."""
        return self.start <= as_utc(moment) < self.end


def day_of(moment: datetime) -> Period:
    """The UTC calendar day around a moment."""
    start = _midnight(moment)
    return Period(start, start + timedelta(days=1))


def month_of(moment: datetime) -> Period:
    """The UTC calendar month around a moment."""
    return _months(_midnight(moment).replace(day=1), 1)


def quarter_of(moment: datetime) -> Period:
    """The UTC calendar quarter around a moment; the first starts on 1 January."""
    midnight = _midnight(moment)
    return _months(midnight.replace(month=(midnight.month - 1) // 3 * 3 + 1, day=1), 3)


def year_of(moment: datetime) -> Period:
    """The UTC calendar year around a moment."""
    return _months(_midnight(moment).replace(month=1, day=1), 12)


def _midnight(moment: datetime) -> datetime:
    utc = as_utc(moment)
    return datetime(utc.year, utc.month, utc.day, tzinfo=UTC)


def _months(start: datetime, count: int) -> Period:
    years, month = divmod(start.month - 1 + count, 12)
    return Period(start, start.replace(year=start.year + years, month=month + 1))
