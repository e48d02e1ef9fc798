"""Which quarter a date belongs to, for a company and for the fund."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.portfolio.rules import (
    FundQuarter,
    check_fiscal_date,
    expected_date,
    fiscal_quarter,
    fund_quarter,
    month_end,
    quarters_before,
)

months = st.integers(1, 12)
days = st.dates(date(2000, 1, 1), date(2100, 12, 31))


@pytest.mark.parametrize(
    ("year_end", "month", "quarter"),
    [(12, 3, 1), (12, 12, 4), (3, 6, 1), (3, 3, 4), (1, 4, 1), (1, 1, 4), (6, 9, 1), (6, 6, 4)],
)
def test_a_fiscal_quarter_is_counted_from_the_end_of_the_fiscal_year(year_end: int, month: int, quarter: int) -> None:
    assert fiscal_quarter(year_end, month_end(2024, month)) == quarter


@pytest.mark.parametrize(("month", "quarter"), [(1, 1), (3, 1), (4, 2), (6, 2), (7, 3), (9, 3), (10, 4), (12, 4)])
def test_the_fund_counts_by_the_calendar(month: int, quarter: int) -> None:
    assert fund_quarter(date(2024, month, 15)) == (2024, quarter)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2024, 5, 31), 1, date(2024, 2, 29)),
        (date(2024, 2, 29), 4, date(2023, 2, 28)),
        (date(2024, 2, 29), -1, date(2024, 5, 31)),
        (date(2024, 3, 31), 1, date(2023, 12, 31)),
        (date(2024, 1, 31), 1, date(2023, 10, 31)),
        (date(2024, 12, 31), 0, date(2024, 12, 31)),
    ],
)
def test_quarters_go_from_end_to_end_of_months(day: date, count: int, expected: date) -> None:
    assert quarters_before(day, count) == expected


@given(days, st.integers(0, 8), st.integers(0, 8))
def test_steps_back_add_up(day: date, first: int, second: int) -> None:
    assert quarters_before(quarters_before(day, first), second) == quarters_before(day, first + second)


@given(months, st.integers(2000, 2100), st.integers(1, 4))
def test_exactly_one_fiscal_quarter_ends_in_each_quarter_of_the_fund(year_end: int, year: int, quarter: int) -> None:
    day = expected_date(year_end, FundQuarter(year, quarter))
    check_fiscal_date(year_end, day)
    assert fund_quarter(day) == (year, quarter)


@given(months, days)
def test_what_ends_a_fiscal_quarter_is_what_is_expected(year_end: int, day: date) -> None:
    try:
        check_fiscal_date(year_end, day)
    except InvalidValue:
        assert expected_date(year_end, fund_quarter(day)) != day
    else:
        assert expected_date(year_end, fund_quarter(day)) == day


@given(months, days)
def test_a_fiscal_year_has_its_four_quarters_in_order(year_end: int, day: date) -> None:
    this = fiscal_quarter(year_end, day)
    following = fiscal_quarter(year_end, quarters_before(day, -1))
    assert following == this % 4 + 1


@pytest.mark.parametrize("day", [date(1999, 12, 31), date(2101, 3, 31), date(2024, 12, 30), date(2024, 11, 30)])
def test_a_day_that_ends_no_quarter_is_refused(day: date) -> None:
    with pytest.raises(InvalidValue):
        check_fiscal_date(12, day)


def test_a_quarter_of_the_fund_says_its_name_and_its_days() -> None:
    quarter = FundQuarter(2024, 4)
    assert str(quarter) == "Q4 2024"
    assert quarter.last_day - quarter.first_day == timedelta(days=91)
    assert quarter.shifted(1) == (2025, 1)
    assert quarter.shifted(-4).since(quarter) == -4
