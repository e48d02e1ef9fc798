"""A workbook of two hundred rows as companies send it, and thirty things that can be wrong with it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy.orm import Session

from strongroom.systems.portfolio.rules import quarters_before
from tests.systems.portfolio.building import add_company, put_daily_rates

COMPANIES = 25
QUARTERS = tuple(quarters_before(date(2024, 12, 31), count) for count in reversed(range(8)))
SHEETS = ("First year", "Second year")
#: as a person heads them, and what each is
HEADINGS = {
    "Portfolio company": "company",
    "Quarter-end": "quarter",
    "CCY": "currency",
    "Total Revenue": "total_revenue",
    "of which recurring": "recurring_revenue",
    "GROSS PROFIT": "gross_profit",
    "S&M": "sales_marketing_expense",
    "OpEx": "total_operating_expense",
    "EBITDA": "ebitda",
    "Net Profit/(Loss)": "net_income",
    "Net Burn": "cash_burn",
    "Cash at quarter end": "cash_balance",
    "Debt (incl. convertibles)": "debt_outstanding",
    "Headcount": "employees",
    "# Customers": "customers",
    "Comments": "comments",
}
COLUMNS = {field: number for number, field in enumerate(HEADINGS.values(), 1)}
FIGURES = tuple(HEADINGS.values())[3:15]
HEADER_ROW = 4


@dataclass(frozen=True)
class Plant:
    """Something wrong with a company's quarter: what is put where, and what has to be said about that very cell."""

    company: int
    quarter: int
    field: str
    value: Any
    reason: str


NO_END = "is not the last day of a quarter of the fiscal year that ends in"


def _plant(company: int, quarter: int, field: str, value: Any, reason: str) -> Plant:
    return Plant(company, quarter, field, value, reason)


PLANTS = (
    _plant(1, 0, "company", "Compani 01", "is no company of the portfolio"),
    _plant(1, 1, "company", None, "the company is missing"),
    _plant(1, 2, "quarter", "Q5 2023", "names no quarter"),
    _plant(1, 3, "quarter", "H2 2023", "is not one quarter"),
    _plant(2, 0, "quarter", date(2023, 2, 28), f"{NO_END} December"),
    _plant(5, 1, "quarter", "Q2 2023", "may be a calendar quarter or one of the fiscal year that ends in March"),
    _plant(2, 2, "quarter", None, "the quarter is missing"),
    _plant(2, 4, "quarter", "FY23 Q4", "Company 02 has figures for 2023-12-31 at First year!B16 already"),
    _plant(3, 0, "total_revenue", "about a million", "is not a number"),
    _plant(3, 1, "gross_profit", None, "Gross profit is missing"),
    _plant(3, 2, "cash_balance", "n/a", "Cash balance is missing"),
    _plant(3, 3, "ebitda", "#REF!", "is an error of the spreadsheet"),
    _plant(3, 4, "net_income", "=D5-H5", "is a formula that was never calculated"),
    _plant(3, 5, "sales_marketing_expense", "12%", "is a percentage"),
    _plant(4, 0, "total_revenue", "1.234.567,89", "is written with ',' before the decimals, unlike the others"),
    _plant(4, 1, "total_operating_expense", "1,23,4.00", "has its commas and points where a number has none"),
    _plant(4, 2, "total_operating_expense", "2T", "has a suffix that may mean thousand or trillion"),
    _plant(4, 3, "total_operating_expense", "1.2E+06", "is in scientific notation, which drops digits"),
    _plant(4, 4, "cash_burn", "€ 90,000.00", "shows €, and the figures are in USD"),
    _plant(4, 5, "currency", "USX", "is no currency of ISO 4217"),
    _plant(4, 6, "currency", None, "the currency is missing"),
    _plant(6, 0, "recurring_revenue", 9_000_000, "must not exceed total_revenue"),
    _plant(6, 1, "total_operating_expense", 9, "must not be less than sales_marketing_expense, which is part of it"),
    _plant(6, 2, "debt_outstanding", "(5,000.00)", "must not be negative"),
    _plant(6, 3, "employees", 0, "must be 1 or more"),
    _plant(6, 4, "employees", 55.5, "is not a whole number"),
    _plant(6, 5, "customers", "$ 120", "is an amount of money"),
    _plant(6, 6, "cash_balance", date(2024, 9, 30), "is a date, not a number"),
    _plant(8, 0, "cash_burn", True, "is true or false, not a number"),
    _plant(8, 1, "currency", "PLN", "there is no exchange rate from PLN to USD or CAD for 2023-06-30"),
)  # fmt: skip


def add_companies(session: Session) -> None:
    """Those of the workbook, and the rates that their quarters need."""
    put_daily_rates(session, QUARTERS)
    for number in range(COMPANIES):
        year_end = date(2023, 3, 31) if number % 5 == 0 else date(2023, 12, 31)
        add_company(session, name=name_of(number), reporting_currency=currency_of(number), year_end_date=year_end)


def build_workbook(plants: Sequence[Plant] = ()) -> bytes:
    """Two sheets of a year each, with titles, empty rows, totals, a page break, and a sheet that holds no figures."""
    planted = {(plant.company, plant.quarter, plant.field): plant.value for plant in plants}
    workbook = Workbook()
    for year, sheet in enumerate((workbook.active, workbook.create_sheet())):
        assert isinstance(sheet, Worksheet)
        sheet.title = SHEETS[year]
        sheet["A1"], sheet["A2"] = "Quarterly figures of the portfolio", "unaudited, in full units"
        sheet.merge_cells("A1:P1")
        _write(sheet, HEADER_ROW, dict(zip(COLUMNS, HEADINGS, strict=True)))
        for company in range(COMPANIES):
            for quarter in range(4 * year, 4 * year + 4):
                row = place_of(company, quarter, "company")[1]
                shown = {field: _as_written(field, value, row) for field, value in values_of(company, quarter).items()}
                own = {field: planted.get((company, quarter, field), value) for field, value in shown.items()}
                _write(sheet, row, own)
            if company == 9:
                _write(sheet, row + 2, dict(zip(COLUMNS, HEADINGS, strict=True)))
        last = place_of(COMPANIES - 1, 7, "company")[1]
        _write(sheet, last + 2, {"company": "Grand total", "total_revenue": 999_999_999, "employees": 9999})
        _write(sheet, last + 4, {"company": "* restated after the audit"})
    about = workbook.create_sheet("About")
    about["A1"] = "Prepared by the finance team"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def place_of(company: int, quarter: int, field: str) -> tuple[str, int, str]:
    """Sheet, row and column. After the tenth company the headings are there once more, between empty rows."""
    row = HEADER_ROW + 1 + 4 * company + quarter % 4 + (3 if company > 9 else 0)
    return SHEETS[quarter // 4], row, get_column_letter(COLUMNS[field])


def name_of(company: int) -> str:
    return f"Company {company:02}"


def currency_of(company: int) -> str:
    return "EUR" if company % 7 == 0 else "USD"


def values_of(company: int, quarter: int) -> Mapping[str, Any]:
    """A row, unlike any other."""
    return {
        "company": name_of(company),
        "quarter": QUARTERS[quarter],
        "currency": currency_of(company),
        **figures_of(company, quarter),
    }


def figures_of(company: int, quarter: int) -> dict[str, Any]:
    """What the database has to hold in the end."""
    revenue = Decimal(1_000_000 + 37_000 * company + 12_345 * quarter) + Decimal("0.25")
    return {
        "total_revenue": revenue,
        "recurring_revenue": revenue - 200_000,
        "gross_profit": revenue - 400_000,
        "sales_marketing_expense": Decimal("150000.00"),
        "total_operating_expense": Decimal(700_000 + company),
        "ebitda": Decimal(-100_000 - quarter),
        "net_income": Decimal("-120000.50"),
        "cash_burn": Decimal(90_000),
        "cash_balance": Decimal(5_000_000 - 90_000 * quarter),
        "debt_outstanding": Decimal(250_000) if company % 2 else None,
        "employees": 40 + company + quarter,
        "customers": 100 + company,
    }


def _as_written(field: str, value: Any, row: int) -> Any:
    """The value in one of the ways in which people write it; each column keeps to one decimal mark."""
    if field == "quarter":
        return [value, value.isoformat(), f"{value:%d.%m.%Y}", f"{value:%b %Y}"][row % 4]
    if field == "company":
        return value if row % 3 else f" {value.upper()} "
    if not isinstance(value, Decimal):
        return value
    english, way = f"{abs(value):,.2f}", row % 5
    if way == 0:
        return float(value)
    text = {
        "cash_balance": english.translate(str.maketrans(",.", ".,")),
        "sales_marketing_expense": f"{abs(value) / 1000:,.2f}k",
        "net_income": english.replace(",", "\u00a0"),
    }.get(field, english)
    if value >= 0:
        return text
    return [f"({text})", f"-{text}", f"{text}-", f"\u2212 {text}"][way - 1]


def _write(sheet: Worksheet, row: int, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        sheet.cell(row, COLUMNS[field]).value = value
