"""Periods: where they begin, what comes next, and what stands for those of which nothing is known."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.forecasting.errors import SeriesHasGaps
from strongroom.systems.forecasting.rules import GapsEnum, PeriodEnum, as_period
from strongroom.systems.forecasting.rules.calendars import Calendar
from strongroom.systems.forecasting.rules.gaps import fill_gaps

MONTHS = Calendar(PeriodEnum.MONTH)
MOMENTS = st.integers(0, 4_102_444_800).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(period=st.sampled_from(PeriodEnum), moment=MOMENTS, count=st.integers(1, 30))
def test_a_moment_lies_in_one_period_and_periods_follow_one_another(
    period: PeriodEnum, moment: datetime, count: int
) -> None:
    start = period.floor(moment)
    assert start <= moment < period.later(start)
    assert period.floor(start) == start
    assert list(period.between(start, period.later(start, count)))[-1] == period.later(start, count)
    assert len(list(period.between(start, period.later(start, count)))) == count + 1
    assert period.later(period.later(start, count), -count) == start


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        (PeriodEnum.DAY, datetime(2024, 5, 31, tzinfo=UTC)),
        (PeriodEnum.WEEK, datetime(2024, 5, 27, tzinfo=UTC)),
        (PeriodEnum.MONTH, datetime(2024, 5, 1, tzinfo=UTC)),
        (PeriodEnum.QUARTER, datetime(2024, 4, 1, tzinfo=UTC)),
        (PeriodEnum.YEAR, datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_period_begins_in_utc(period: PeriodEnum, expected: datetime) -> None:
    assert period.floor(datetime(2024, 6, 1, 1, tzinfo=timezone(timedelta(hours=2)))) == expected


def test_a_period_is_known_by_its_name() -> None:
    assert as_period("week") is PeriodEnum.WEEK
    with pytest.raises(InvalidValue, match="day, week, month, quarter, year"):
        as_period("hour")


@pytest.mark.parametrize(
    ("gaps", "expected"),
    [
        (GapsEnum.ZERO, ["1", "0", "0", "2"]),
        (GapsEnum.PREVIOUS, ["1", "1", "1", "2"]),
        (GapsEnum.LINEAR, ["1", "1.3333", "1.6667", "2"]),
    ],
)
def test_gaps_are_filled_as_is_said(gaps: GapsEnum, expected: list[str]) -> None:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    known = {first: Decimal(1), PeriodEnum.MONTH.later(first, 3): Decimal(2)}
    assert fill_gaps(known, MONTHS, gaps) == [Decimal(value) for value in expected]
    with pytest.raises(SeriesHasGaps) as refusal:
        fill_gaps(known, MONTHS, GapsEnum.REFUSE)
    assert refusal.value.facts == {"count": 2, "first": "2024-02-01"}
    assert fill_gaps({}, MONTHS, gaps) == []
