"""Claims about days, months, quarters and years."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.values import Period, day_of, month_of, quarter_of, year_of

moments = st.datetimes(
    min_value=datetime(1900, 1, 1),  # noqa: DTZ001 - hypothesis wants naive bounds
    max_value=datetime(2200, 1, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=14)), timezone(-timedelta(hours=9, minutes=30))]),
)
calendar = st.sampled_from([day_of, month_of, quarter_of, year_of])


@given(moments, calendar)
def test_every_moment_is_in_its_own_period_and_in_no_other(moment: datetime, of: Callable[[datetime], Period]) -> None:
    period = of(moment)
    before, after = of(period.start - timedelta(microseconds=1)), of(period.end)
    assert period.contains(moment)
    assert not before.contains(moment)
    assert not after.contains(moment)
    assert (before.end, after.start) == (period.start, period.end)
    assert of(period.start) == of(period.end - timedelta(microseconds=1)) == period


@given(moments)
def test_smaller_periods_lie_within_larger_ones(moment: datetime) -> None:
    for inner, outer in ((day_of, month_of), (month_of, quarter_of), (quarter_of, year_of)):
        assert outer(moment).start <= inner(moment).start
        assert inner(moment).end <= outer(moment).end


def test_the_start_belongs_to_a_period_and_the_end_does_not() -> None:
    day = day_of(datetime(2026, 2, 28, 12, tzinfo=UTC))
    assert (day.start, day.end) == (datetime(2026, 2, 28, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC))
    assert day.contains(day.start)
    assert not day.contains(day.end)


@pytest.mark.parametrize(
    ("of", "start", "end"),
    [
        (month_of, (2024, 2), (2024, 3)),
        (quarter_of, (2024, 1), (2024, 4)),
        (year_of, (2024, 1), (2025, 1)),
    ],
)
def test_the_calendar_is_kept_in_a_leap_year(
    of: Callable[[datetime], Period], start: tuple[int, int], end: tuple[int, int]
) -> None:
    period = of(datetime(2024, 2, 29, 23, 59, 59, tzinfo=UTC))
    assert (period.start, period.end) == (datetime(*start, 1, tzinfo=UTC), datetime(*end, 1, tzinfo=UTC))


def test_the_last_month_and_quarter_end_with_the_year() -> None:
    december = datetime(2025, 12, 31, tzinfo=UTC)
    new_year = datetime(2026, 1, 1, tzinfo=UTC)
    assert month_of(december).end == quarter_of(december).end == year_of(december).end == new_year


def test_the_day_is_the_utc_day_wherever_the_moment_was_written() -> None:
    auckland = datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=13)))
    assert day_of(auckland).start == datetime(2025, 12, 31, tzinfo=UTC)


def test_a_naive_moment_means_utc() -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - the claim is about naive moments
    assert day_of(naive) == day_of(naive.replace(tzinfo=UTC))
    assert Period(naive, naive + timedelta(1)).start.tzinfo is UTC


@pytest.mark.parametrize("length", [timedelta(0), timedelta(days=-1)])
def test_a_period_must_start_before_it_ends(length: timedelta) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    with pytest.raises(ValueError, match="start before it ends"):
        Period(start, start + length)
