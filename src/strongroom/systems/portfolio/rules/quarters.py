"""Which quarter a date belongs to: the company's own fiscal one, and the fund's, which is the calendar's."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import NamedTuple

from strongroom.kernel.errors import InvalidValue

MONTHS_OF_QUARTER = 3
YEAR_MIN, YEAR_MAX = 2000, 2100


class FundQuarter(NamedTuple):
    """A quarter of the calendar, in which the fund counts; sorts by time. quarter: 1 to 4."""

    year: int
    quarter: int

    def __str__(self) -> str:
        return f"Q{self.quarter} {self.year}"

    @property
    def first_day(self) -> date:
        """Its first day."""
        return date(self.year, MONTHS_OF_QUARTER * (self.quarter - 1) + 1, 1)

    @property
    def last_day(self) -> date:
        """Its last day."""
        return month_end(self.year, MONTHS_OF_QUARTER * self.quarter)

    def shifted(self, quarters: int) -> FundQuarter:
        """The quarter so many later; earlier when negative."""
        year, quarter = divmod(4 * self.year + self.quarter - 1 + quarters, 4)
        return FundQuarter(year, quarter + 1)

    def since(self, earlier: FundQuarter) -> int:
        """How many quarters after the other it is."""
        return 4 * (self.year - earlier.year) + self.quarter - earlier.quarter


def fiscal_quarter(year_end_month: int, day: date) -> int:
    """The quarter, 1 to 4, of a fiscal year that ends in year_end_month."""
    return (day.month - year_end_month - 1) % 12 // MONTHS_OF_QUARTER + 1


def fund_quarter(day: date) -> FundQuarter:
    """The calendar quarter of a day."""
    return FundQuarter(day.year, (day.month - 1) // MONTHS_OF_QUARTER + 1)


def month_end(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def quarters_before(day: date, count: int = 1) -> date:
    """The month's end so many quarters before the month of a day; after it when count is negative."""
    year, month = divmod(day.year * 12 + day.month - 1 - MONTHS_OF_QUARTER * count, 12)
    return month_end(year, month + 1)


def expected_date(year_end_month: int, quarter: FundQuarter) -> date:
    """The one fiscal_reporting_date that falls into the fund's quarter, for a fiscal year ending in that month."""
    first = MONTHS_OF_QUARTER * (quarter.quarter - 1) + 1
    return month_end(quarter.year, first + (year_end_month - first) % MONTHS_OF_QUARTER)


def check_fiscal_date(year_end_month: int, day: date) -> None:
    """The day must be the last of a fiscal quarter, in the years 2000 to 2100. Raises InvalidValue."""
    if not YEAR_MIN <= day.year <= YEAR_MAX:
        _refuse(f"must lie in the years {YEAR_MIN} to {YEAR_MAX}")
    if day != month_end(day.year, day.month):
        _refuse("must be the last day of a month")
    if (day.month - year_end_month) % MONTHS_OF_QUARTER:
        _refuse(f"must end a quarter of the company's fiscal year, which ends in month {year_end_month}")


def _refuse(reason: str) -> None:
    raise InvalidValue(field="fiscal_reporting_date", reason=reason)
