"""Claims about what is far off, which period a series is counted by, and what is missing from it."""

from __future__ import annotations

import statistics
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.forecasting.rules import PeriodEnum
from strongroom.systems.forecasting.rules.calendars import Calendar
from strongroom.systems.forecasting.rules.quality import (
    divide,
    find_gaps,
    find_spacing,
    iqr_bounds,
    quality_score,
    zscore_bounds,
)

MONDAY = datetime(2024, 1, 1, tzinfo=UTC)


def micro(*moments: datetime) -> list[int]:
    return [int(moment.timestamp()) * 1_000_000 for moment in moments]


def days(*offsets: int) -> list[int]:
    return micro(*(MONDAY + timedelta(days=offset) for offset in offsets))


def test_the_score_is_the_valid_rows_of_a_hundred() -> None:
    assert quality_score(2, 3) == Decimal("66.67")
    assert quality_score(0, 0) == 0


def test_bounds_by_quartiles_are_those_of_linear_interpolation() -> None:
    # quartiles 3.25 and 7.75 of 1..10, so 1.5 ranges of 4.5 beyond them
    assert iqr_bounds(range(1, 11)) == (Decimal("-3.50"), Decimal("14.50"))
    assert iqr_bounds(range(1, 11), Decimal(3)) == (Decimal("-10.25"), Decimal("21.25"))


@given(st.lists(st.integers(-(10**15), 10**15), min_size=2, max_size=50))
def test_bounds_by_deviation_are_three_sample_deviations_from_the_mean(values: list[int]) -> None:
    low, high = zscore_bounds(values)
    deviation = statistics.stdev(map(Decimal, values))
    assert float((high - low) / 6) == pytest.approx(float(deviation), rel=1e-9, abs=1e-3)
    assert float((high + low) / 2) == pytest.approx(statistics.fmean(values), rel=1e-9, abs=1e-3)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_dividing_rounds_half_to_even(amount: int, count: int) -> None:
    assert divide(amount, count) == round(Decimal(amount) / count) or count > 10**6
    assert abs(2 * (divide(amount, count) * count - amount)) <= count


@pytest.mark.parametrize(
    ("moments", "spacing"),
    [
        (days(0, 1, 2, 3, 4, 5, 6, 7, 8), Calendar(PeriodEnum.DAY)),
        (days(0, 1, 2, 3, 4, 7, 8, 9, 10, 11), Calendar(PeriodEnum.DAY, (0, 1, 2, 3, 4))),
        (days(0, 7, 14, 21, 35), Calendar(PeriodEnum.WEEK)),
        (days(30, 59, 90, 120), Calendar(PeriodEnum.MONTH)),
        (days(0, 91, 182, 274), Calendar(PeriodEnum.QUARTER)),
        (days(0, 366, 731), Calendar(PeriodEnum.YEAR)),
    ],
)
def test_the_period_of_a_series_is_found_by_its_moments(moments: list[int], spacing: Calendar) -> None:
    assert find_spacing(moments) == spacing


def test_a_series_without_a_period_has_no_gaps_to_look_for() -> None:
    assert find_spacing(days(0, 1)) is None
    assert find_spacing(micro(MONDAY, MONDAY + timedelta(hours=1), MONDAY + timedelta(hours=2))) is None
    assert find_spacing(days(0, 1, 400)) is None


def test_gaps_are_the_periods_without_a_value() -> None:
    weekdays = Calendar(PeriodEnum.DAY, (0, 1, 2, 3, 4))
    assert find_gaps(days(0, 1, 3, 4, 7), weekdays) == [MONDAY + timedelta(days=2)]
    months = Calendar(PeriodEnum.MONTH)
    assert find_gaps(days(0, 95), months) == [datetime(2024, 2, 1, tzinfo=UTC), datetime(2024, 3, 1, tzinfo=UTC)]
