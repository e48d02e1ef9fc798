"""The periods a series has values for: a daily one may rest on some weekdays, which are no gaps in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from strongroom.systems.forecasting.rules.periods import PeriodEnum

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
ALL_WEEK = tuple(range(7))

_BUSINESS, _WEEKEND = (0, 1, 2, 3, 4), {5, 6}
#: a series rests on a weekday when one in so many of them has a value, or fewer
_RARE = 20
#: before so many weeks have passed, only the weekend is believed to be one
_WEEKS_MIN = 4


@dataclass(frozen=True, slots=True)
class Calendar:
    """Periods, one after the other. weekdays: those of a daily series, ascending; Monday is 0. Raises ValueError."""

    period: PeriodEnum
    weekdays: tuple[int, ...] = ALL_WEEK

    def __post_init__(self) -> None:
        if self.weekdays != tuple(sorted(set(self.weekdays) & set(ALL_WEEK))) or not self.weekdays:
            raise ValueError(f"no weekdays: {self.weekdays}")
        if self.rests and self.period is not PeriodEnum.DAY:
            raise ValueError(f"a {self.period.value} has all weekdays")

    @classmethod
    def named(cls, period: PeriodEnum, names: Iterable[str]) -> Calendar:
        """The calendar with the weekdays of these names. Raises ValueError."""
        return cls(period, tuple(map(WEEKDAYS.index, names)))

    @property
    def rests(self) -> bool:
        """Whether there are weekdays without values."""
        return self.weekdays != ALL_WEEK

    @property
    def names(self) -> list[str]:
        """Of its weekdays."""
        return [WEEKDAYS[number] for number in self.weekdays]

    @property
    def season_length(self) -> int:
        """How many periods make a season; of days a week, as many as it has."""
        return len(self.weekdays) if self.rests else self.period.season_length

    @property
    def words(self) -> str:
        """Such as `a value a month`."""
        if self.weekdays == _BUSINESS:
            return "a value a weekday"
        on = f", on {', '.join(name.title() for name in self.names)}" if self.rests else ""
        return f"a value a {self.period.value}{on}"

    def holds(self, start: datetime) -> bool:
        """Whether the period that begins then is one of it."""
        return start.weekday() in self.weekdays or not self.rests

    def later(self, start: datetime, count: int = 1) -> datetime:
        """The beginning of the period so many after the one that begins then, which must be one of it."""
        if not self.rests:
            return self.period.later(start, count)
        weeks, at = divmod(self.weekdays.index(start.weekday()) + count, len(self.weekdays))
        return start + timedelta(days=7 * weeks + self.weekdays[at] - start.weekday())

    def between(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """Every beginning from the first to the last, both beginnings of periods."""
        return filter(self.holds, self.period.between(first, last))


def find_calendar(starts: Collection[datetime], period: PeriodEnum) -> Calendar:
    """The calendar of a series, by the beginnings of the periods it has values for.

    A daily series rests on weekdays that hardly ever have a value, as long as the others mostly have one.
    """
    if period is not PeriodEnum.DAY or not starts:
        return Calendar(period)
    first, days = min(starts).weekday(), (max(starts) - min(starts)).days + 1
    there = {weekday: (days - (weekday - first) % 7 + 6) // 7 for weekday in ALL_WEEK}
    seen = Counter(start.weekday() for start in set(starts))
    idle = {weekday for weekday in ALL_WEEK if there[weekday] and seen[weekday] * _RARE <= there[weekday]}
    if min(there.values()) < _WEEKS_MIN and idle != _WEEKEND:
        return Calendar(period)
    working = tuple(weekday for weekday in ALL_WEEK if weekday not in idle)
    is_regular = working and all(2 * seen[weekday] >= there[weekday] for weekday in working)
    return Calendar(period, working) if is_regular else Calendar(period)
