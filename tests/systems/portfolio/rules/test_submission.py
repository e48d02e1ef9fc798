"""A quarter's figures checked as a whole, and names in the form they are stored in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from strongroom.kernel.errors import InvalidValue
from strongroom.systems.portfolio.rules import check_figures, check_submission, normalise_currency, normalise_text
from tests.systems.portfolio.building import quarter


def test_a_submission_comes_back_exact_and_with_its_periods() -> None:
    checked = check_submission(replace(quarter(date(2024, 4, 30)), currency=" eur ", ebitda="-0"), 1)
    assert (checked.currency, checked.total_revenue, checked.ebitda) == ("EUR", Decimal("1000000.00"), Decimal(0))
    assert (checked.fiscal_reporting_quarter, checked.reporting_year, checked.reporting_quarter) == (1, 2024, 2)
    assert check_submission(checked, 1) == checked


def test_what_is_checked_is_refused_with_its_rule() -> None:
    with pytest.raises(InvalidValue, match="must not exceed total_revenue"):
        check_submission(quarter(gross_profit="1000000.01"), 12)
    with pytest.raises(InvalidValue, match="ends in month 11"):
        check_submission(quarter(), 11)


def test_figures_of_a_known_quarter_keep_its_number() -> None:
    assert check_figures(quarter(), 2).fiscal_reporting_quarter == 2
    with pytest.raises(InvalidValue, match="must be 2"):
        check_figures(quarter(fiscal_reporting_quarter=4), 2)


@pytest.mark.parametrize("value", ["", "US", "USDX", "XXX", "\N{FULLWIDTH LATIN CAPITAL LETTER U}SD", None, 840])
def test_what_is_no_currency_is_refused(value: str) -> None:
    with pytest.raises(InvalidValue):
        normalise_currency(value)


def test_text_is_composed_and_trimmed() -> None:
    assert normalise_text(" Cafe\N{COMBINING ACUTE ACCENT} ", "name") == "Café"
    with pytest.raises(InvalidValue, match="1 to 100"):
        normalise_text("x" * 101, "fund")


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("fiscal_reporting_date", {"fiscal_reporting_date": date(2024, 12, 30)}),
        ("fiscal_reporting_date", {"fiscal_reporting_date": date(2024, 11, 30)}),
        ("fiscal_reporting_date", {"fiscal_reporting_date": date(1999, 12, 31)}),
        ("fiscal_reporting_quarter", {"fiscal_reporting_quarter": 3}),
        ("reporting_year", {"reporting_year": 2025}),
        ("reporting_quarter", {"reporting_quarter": 1}),
        ("currency", {"currency": "XXX"}),
        ("total_revenue", {"total_revenue": "-1"}),
        ("total_revenue", {"total_revenue": 1.5}),
        ("total_revenue", {"total_revenue": "NaN"}),
        ("total_revenue", {"total_revenue": "1.005"}),
        ("total_revenue", {"total_revenue": "1e17"}),
        ("recurring_revenue", {"recurring_revenue": "1000000.01"}),
        ("recurring_revenue", {"recurring_revenue": "-0.01"}),
        ("gross_profit", {"gross_profit": "1000000.01"}),
        ("sales_marketing_expense", {"sales_marketing_expense": "-0.01"}),
        ("total_operating_expense", {"total_operating_expense": "199999.99"}),
        ("cash_balance", {"cash_balance": "-0.01"}),
        ("debt_outstanding", {"debt_outstanding": "-0.01"}),
        ("ebitda", {"ebitda": None}),
        ("employees", {"employees": 0}),
        ("employees", {"employees": True}),
        ("customers", {"customers": -1}),
    ],
)
def test_figures_that_cannot_be_are_refused_by_field(field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidValue) as refusal:
        check_submission(replace(quarter(), **changes), 12)
    assert refusal.value.facts["field"] == field
