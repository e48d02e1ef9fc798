"""Claims about headings: many words for one figure, units beside them, and words that make another figure of it."""

from __future__ import annotations

import pytest

from strongroom.systems.portfolio.imports.wording.headings import (
    Field,
    Heading,
    Unit,
    find_field,
    find_similar,
    find_table_unit,
)


@pytest.mark.parametrize("field", Field)
def test_every_name_of_ours_is_understood(field: Field) -> None:
    for text in (field.label, field.value, field.label.upper(), f" {field.label}: "):
        assert find_field(text) == Heading(field)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("Net Revenue", Field.TOTAL_REVENUE), ("Turnover", Field.TOTAL_REVENUE),
        ("Opex", Field.TOTAL_OPERATING_EXPENSE),
        ("S&M", Field.SALES_MARKETING_EXPENSE), ("Sales & Marketing", Field.SALES_MARKETING_EXPENSE),
        ("Net profit/(loss)", Field.NET_INCOME), ("Net Burn", Field.CASH_BURN), ("FTEs", Field.EMPLOYEES),
        ("# of customers", Field.CUSTOMERS), ("No. of employees", Field.EMPLOYEES),
        ("% recurring", Field.RECURRING_SHARE),
        ("Recurring revenue (%)", Field.RECURRING_SHARE), ("Cash at quarter end", Field.CASH_BALANCE),
        ("Debt (incl. convertibles)", Field.DEBT_OUTSTANDING), ("Quarter ending", Field.PERIOD),
        ("FY", Field.FISCAL_YEAR),
    ],
)  # fmt: skip
def test_other_words_are_understood(text: str, field: Field) -> None:
    assert find_field(text) == Heading(field)


@pytest.mark.parametrize(
    ("text", "currency", "scale"),
    [
        ("Revenue (USD)", "USD", None), ("Revenue ($k)", "$", 1000), ("Revenue (USD '000)", "USD", 1000),
        ("Revenue [€m]", "€", 10**6), ("Revenue, in thousands", None, 1000), ("Revenue USD k", "USD", 1000),
        ("Revenue (unaudited, CAD millions)", "CAD", 10**6), ("Revenue in EUR", "EUR", None),
    ],
)  # fmt: skip
def test_units_beside_the_words_are_understood(text: str, currency: str | None, scale: int | None) -> None:
    assert find_field(text) == Heading(Field.TOTAL_REVENUE, currency, scale)


@pytest.mark.parametrize(
    "text",
    [
        "Revenue (LTM)", "Revenue growth", "Budgeted revenue", "Monthly burn", "Gross margin %", "Revenue YTD", "ARR",
        "Cash (excl. restricted)", "Adjusted EBITDA", "Revenue (USD, EUR)", "EBITDA (%)", "", "Revenue per employee", 7,
    ],
)  # fmt: skip
def test_words_that_make_another_figure_of_it_are_not_swallowed(text: object) -> None:
    assert find_field(text) is None


@pytest.mark.parametrize(
    ("text", "field"),
    [("Total Revnue", Field.TOTAL_REVENUE), ("Headcont", Field.EMPLOYEES), ("Revenue (LTM)", Field.TOTAL_REVENUE)],
)
def test_what_is_nearly_one_of_ours_is_recognised(text: str, field: Field) -> None:
    assert find_similar(text) is field


@pytest.mark.parametrize("text", ["Website", "Notes", "ARR", "Q1 2024", "Revenue growth"])
def test_what_is_far_from_ours_is_left_alone(text: str) -> None:
    assert find_similar(text) is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("All figures in USD thousands", Unit("USD", 1000)),
        ("Amounts in millions of euros", Unit("€", 10**6)),
        ("Quarterly report (in EUR '000)", Unit("EUR", 1000)),
        ("Currency: GBP", Unit("GBP")),
        ("US dollars, in thousands", Unit("$", 1000)),
        ("Acme has 2 million users", Unit()),
        ("Series A of 5 million", Unit()),
        ("CAD Software Inc", Unit()),
        ("Q1 in review", Unit()),
    ],
)
def test_a_line_above_the_table_may_give_its_unit(text: str, unit: Unit) -> None:
    assert find_table_unit(text) == unit
