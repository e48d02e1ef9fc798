"""Claims about calendars: a daily series may rest on weekdays, and then these are no gaps in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.calendars import Calendar, find_calendar

DAY = PeriodEnum.DAY
MONDAY = datetime(2024, 1, 1, tzinfo=UTC)
BUSINESS = (0, 1, 2, 3, 4)
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(sorted).map(tuple)


def days(count: int, wanted: Callable[[int, int], bool]) -> list[datetime]:
    """Of so many days from a Monday those that are wanted, by their number and weekday."""
    return [MONDAY + timedelta(days=at) for at in range(count) if wanted(at, at % 7)]


@pytest.mark.parametrize(
    ("starts", "weekdays"),
    [
        (days(60, lambda at, weekday: weekday < 5), BUSINESS),
        (days(12, lambda at, weekday: weekday < 5), BUSINESS),
        # holidays are gaps of a business week, not its end
        (days(90, lambda at, weekday: weekday < 5 and at % 17 > 0), BUSINESS),
        # one Saturday of twenty-one
        (days(154, lambda at, weekday: weekday < 5 or at == 54), BUSINESS),
        (days(60, lambda at, weekday: weekday != 6), (0, 1, 2, 3, 4, 5)),
        # every other Saturday has a value, so the others are gaps
        (days(60, lambda at, weekday: weekday < 5 or at % 14 == 5), (0, 1, 2, 3, 4, 5)),
        (days(60, lambda at, weekday: weekday not in (4, 5)), (0, 1, 2, 3, 6)),
        (days(60, lambda at, weekday: weekday == 2), (2,)),
    ],
)
def test_a_series_rests_on_weekdays_that_hardly_ever_have_a_value(
    starts: list[datetime], weekdays: tuple[int, ...]
) -> None:
    assert find_calendar(starts, DAY) == Calendar(DAY, weekdays)


@pytest.mark.parametrize(
    "starts",
    [
        [],
        days(60, lambda at, weekday: True),
        # gaps here and there
        days(60, lambda at, weekday: at % 9 != 4),
        # two Sundays of a month are missing, or every one of a fortnight
        days(60, lambda at, weekday: at not in (6, 20)),
        days(13, lambda at, weekday: weekday != 6),
        # a value now and then is no calendar
        days(400, lambda at, weekday: at % 31 == 0),
        days(60, lambda at, weekday: weekday == 2 and at % 21 == 2),
        [MONDAY, MONDAY + timedelta(days=4000)],
    ],
)
def test_what_is_missing_without_a_rule_is_a_gap(starts: list[datetime]) -> None:
    assert find_calendar(starts, DAY) == Calendar(DAY)


def test_longer_periods_know_no_weekdays() -> None:
    weeks = [MONDAY + timedelta(days=7 * at) for at in range(20)]
    assert find_calendar(weeks, PeriodEnum.WEEK) == Calendar(PeriodEnum.WEEK)
    with pytest.raises(ValueError, match="a week has all weekdays"):
        Calendar(PeriodEnum.WEEK, BUSINESS)


@pytest.mark.parametrize("weekdays", [(), (1, 0), (0, 0), (0, 7), (-1, 0)])
def test_weekdays_are_told_once_and_in_order(weekdays: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="no weekdays"):
        Calendar(DAY, weekdays)


@given(weekdays=WEEKDAYS, count=st.integers(-300, 300), at=st.integers(0, 6))
def test_counting_ahead_passes_over_the_days_of_rest(weekdays: tuple[int, ...], count: int, at: int) -> None:
    calendar = Calendar(DAY, weekdays)
    start = MONDAY + timedelta(days=weekdays[at % len(weekdays)])
    there = calendar.later(start, count)
    assert calendar.holds(there)
    assert calendar.later(there, -count) == start
    between = list(calendar.between(min(start, there), max(start, there)))
    assert len(between) == abs(count) + 1
    assert {day.weekday() for day in between} <= set(weekdays)


def test_a_season_is_a_week_of_the_days_there_are() -> None:
    assert Calendar(DAY, BUSINESS).season_length == 5
    assert Calendar(DAY).season_length == 7
    assert Calendar(PeriodEnum.MONTH).season_length == 12
    assert Calendar.named(DAY, Calendar(DAY, BUSINESS).names) == Calendar(DAY, BUSINESS)


def test_a_calendar_is_put_in_words() -> None:
    assert Calendar(PeriodEnum.MONTH).words == "a value a month"
    assert Calendar(DAY, BUSINESS).words == "a value a weekday"
    assert Calendar(DAY, (5, 6)).words == "a value a day, on Saturday, Sunday"
