"""Claims about naming a quarter: many labels, one last day, and no guess where a label may mean two."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from strongroom.systems.portfolio.imports.wording.periods import UnclearPeriod, last_day, read_period
from strongroom.systems.portfolio.rules import FundQuarter, fiscal_quarter

DECEMBER, MARCH, JANUARY = date(2023, 12, 31), date(2023, 3, 31), date(2023, 1, 31)
Q1 = date(2024, 3, 31)


@pytest.mark.parametrize(
    "label",
    [
        "2024-03-31", "2024/03/31", "31.03.2024", "31/03/2024", "03/31/2024", "31.3.24", "2024-03-31 00:00:00",
        "2024-03", "Mar 2024",
        "March 2024", "Mar-24", "31 March 2024", "March 31, 2024", "31st March 2024", "Q1 2024", "2024 Q1",
        "2024Q1", "2024-Q1", "Q1-24", "Q1'24", "Q1/24", "1Q24", "1Q 2024", "1st quarter 2024", "Quarter 1 2024",
        "CY24 Q1", "Q1 CY2024", "FY24 Q1", "FY2024-Q1", "FQ1 2024", "F1Q24", "Quarter ended 31 March 2024",
        "as of 2024-03-31", "Q1 2024A", "Q1 2024 (Actual)", "q1 2024 actuals",
    ],
)  # fmt: skip
def test_a_quarter_may_be_called_many_names(label: str) -> None:
    assert last_day(read_period(label), DECEMBER) == Q1


@pytest.mark.parametrize(
    ("label", "day"), [("FY24 Q4", Q1), ("Q3 FY2024", date(2023, 12, 31)), ("F1Q25", date(2024, 6, 30))]
)
def test_a_fiscal_year_is_named_after_the_year_it_ends_in(label: str, day: date) -> None:
    assert last_day(read_period(label), MARCH) == day


@given(st.integers(2001, 2099), st.integers(1, 4), st.integers(1, 12))
def test_a_fiscal_label_is_the_quarter_of_that_number(year: int, quarter: int, month: int) -> None:
    day = last_day(read_period(f"FY{year} Q{quarter}"), date(2023, month, 28))
    assert fiscal_quarter(month, day) == quarter
    months_to_the_year_s_end = 12 * year + month - (12 * day.year + day.month)
    assert months_to_the_year_s_end == 3 * (4 - quarter)


@given(st.integers(2000, 2099), st.integers(1, 4))
def test_a_calendar_label_is_the_fund_s_quarter(year: int, quarter: int) -> None:
    assert last_day(read_period(f"CY{year} Q{quarter}"), MARCH) == FundQuarter(year, quarter).last_day


def test_a_bare_label_needs_a_fiscal_year_that_is_the_calendar_s() -> None:
    with pytest.raises(UnclearPeriod, match="may be a calendar quarter or one of the fiscal year that ends in March"):
        last_day(read_period("Q1 2024"), MARCH)


def test_a_calendar_quarter_may_be_none_of_the_company_s() -> None:
    with pytest.raises(UnclearPeriod, match="is not the last day of a quarter of the fiscal year that ends in January"):
        last_day(read_period("CY24 Q1"), JANUARY)


@pytest.mark.parametrize("label", ["FY2024", "2024", "H1 2024", "YTD 2024", "LTM Q1 2024 total", "1H24"])
def test_another_stretch_of_time_is_not_one_quarter(label: str) -> None:
    with pytest.raises(UnclearPeriod, match="is not one quarter"):
        read_period(label)


@pytest.mark.parametrize(
    "label", ["Q5 2024", "2024-04-31", "Q1", "first", "2024-13-31", "31.31.2024", "Q1 2024 Budget", True]
)
def test_what_names_no_quarter_is_refused(label: object) -> None:
    with pytest.raises(UnclearPeriod):
        read_period(label)


def test_a_number_is_no_date() -> None:
    with pytest.raises(UnclearPeriod, match="is a number"):
        read_period(Decimal(45382))


@pytest.mark.parametrize("day", [date(2024, 3, 30), date(2024, 2, 29), date(1999, 12, 31), date(2101, 3, 31)])
def test_only_the_last_day_of_a_quarter_will_do(day: date) -> None:
    with pytest.raises(UnclearPeriod):
        last_day(day, DECEMBER)
