"""What a company sends for a quarter, checked as a whole before anything is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.portfolio.rules.amounts import AMOUNT_FIELDS, Amounts, check_amounts
from strongroom.systems.portfolio.rules.naming import normalise_currency
from strongroom.systems.portfolio.rules.quarters import check_fiscal_date, fiscal_quarter, fund_quarter

COUNT_MAX = 2**31 - 1
#: the least there may be of each
COUNTS_MIN = MappingProxyType({"employees": 1, "customers": 0})


@dataclass(frozen=True, slots=True)
class Submission:
    """One quarter's figures, in full units of `currency`; amounts as Decimal, int or text, never float.

    The last three follow from fiscal_reporting_date and the company's fiscal year; given, they must agree.
    """

    fiscal_reporting_date: date
    currency: str
    total_revenue: Decimal | int | str
    recurring_revenue: Decimal | int | str
    gross_profit: Decimal | int | str
    sales_marketing_expense: Decimal | int | str
    total_operating_expense: Decimal | int | str
    ebitda: Decimal | int | str
    net_income: Decimal | int | str
    cash_burn: Decimal | int | str
    cash_balance: Decimal | int | str
    employees: int
    debt_outstanding: Decimal | int | str | None = None
    customers: int | None = None
    fiscal_reporting_quarter: int | None = None
    reporting_year: int | None = None
    reporting_quarter: int | None = None


def check_submission(submission: Submission, year_end_month: int) -> Submission:
    """The submission with exact amounts and all its periods, for a fiscal year ending in that month.

    Raises InvalidValue, which names the field and the rule.
    """
    check_fiscal_date(year_end_month, submission.fiscal_reporting_date)
    return check_figures(submission, fiscal_quarter(year_end_month, submission.fiscal_reporting_date))


def check_figures(submission: Submission, quarter_of_year: int) -> Submission:
    """The same for a day that is known to end this quarter, 1 to 4, of a fiscal year."""
    day = submission.fiscal_reporting_date
    amounts = check_amounts(Amounts.of(submission))
    _check_count("employees", submission.employees)
    if submission.customers is not None:
        _check_count("customers", submission.customers)
    year, quarter = fund_quarter(day)
    periods: dict[str, Any] = {
        "fiscal_reporting_quarter": quarter_of_year,
        "reporting_year": year,
        "reporting_quarter": quarter,
    }
    for name, expected in periods.items():
        if getattr(submission, name) not in (None, expected):
            raise InvalidValue(field=name, reason=f"must be {expected} for {day}, or be left out")
    exact = {name: getattr(amounts, name) for name in AMOUNT_FIELDS}
    return replace(submission, currency=normalise_currency(submission.currency), **exact, **periods)


def _check_count(name: str, value: int) -> None:
    least = COUNTS_MIN[name]
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= COUNT_MAX:
        raise InvalidValue(field=name, reason=f"must be a whole number from {least} to {COUNT_MAX}")
