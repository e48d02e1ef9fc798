"""The periods a series is counted by: where each begins, which comes next, how many make a season. All in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from strongroom.kernel.errors import InvalidValue

_MONTHS = {"month": 1, "quarter": 3, "year": 12}


class PeriodEnum(Enum):
    """Weeks begin on Monday, quarters in January, April, July and October."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"

    @property
    def season_length(self) -> int:
        """How many of them make a season: days a week, all others a year; 1 for years."""
        return {"day": 7, "week": 52, "month": 12, "quarter": 4, "year": 1}[self.value]

    def floor(self, moment: datetime) -> datetime:
        """The beginning of the period that the moment, an aware one, lies in."""
        day = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        if self.value == "day":
            return day
        if self.value == "week":
            return day - timedelta(days=day.weekday())
        months = _MONTHS[self.value]
        return day.replace(month=(day.month - 1) // months * months + 1, day=1)

    def later(self, start: datetime, count: int = 1) -> datetime:
        """The beginning of the period so many after the one that begins then."""
        if self.value in ("day", "week"):
            return start + timedelta(days=count * (7 if self.value == "week" else 1))
        year, month = divmod(12 * start.year + start.month - 1 + count * _MONTHS[self.value], 12)
        return start.replace(year=year, month=month + 1)

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Every beginning from the first to the last, both beginnings of periods and both included."""
        while first <= last:
            yield first
            first = self.later(first)


class GapsEnum(Enum):
    """What stands for a period of which nothing is known."""

    REFUSE = "refuse"
    ZERO = "zero"
    PREVIOUS = "previous"
    LINEAR = "linear"


class MeasureEnum(Enum):
    """What a period is worth: the sum of its points, as of revenue, or their mean, as of prices and rates."""

    SUM = "sum"
    MEAN = "mean"


def as_period(value: Any) -> PeriodEnum:
    """The period by its name. Raises InvalidValue."""
    try:
        return PeriodEnum(value)
    except ValueError:
        words = ", ".join(kind.value for kind in PeriodEnum)
        raise InvalidValue(field="period", reason=f"must be one of {words}") from None
