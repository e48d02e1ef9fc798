"""Draws the workbook that companies fill in: the headings we read, notes, checks as they type, and an example."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.systems.portfolio.imports.wording.headings import COUNTS, FIGURES, MONEY, OPTIONAL, Field

SHEET = "Quarterly figures"
COLUMNS = (Field.COMPANY, Field.PERIOD, Field.CURRENCY, *FIGURES)
ROWS_WITH_CHECKS = 500
AMOUNT_FORMAT = "#,##0.00;[Red]-#,##0.00"
COUNT_FORMAT = "#,##0"
DATE_FORMAT = "yyyy-mm-dd"

_NOTES = {
    Field.COMPANY: "The name as the fund knows it.",
    Field.PERIOD: "The last day of your fiscal quarter, such as 2024-03-31; or FY24 Q3.",
    Field.CURRENCY: "The ISO code of the currency of this row, such as USD.",
    Field.TOTAL_REVENUE: "Of the quarter; 0 or more.",
    Field.RECURRING_REVENUE: "The part of total revenue that recurs; not more than it.",
    Field.GROSS_PROFIT: "Total revenue less cost of sales; may be negative.",
    Field.SALES_MARKETING_EXPENSE: "Of the quarter; 0 or more.",
    Field.TOTAL_OPERATING_EXPENSE: "Of the quarter, sales and marketing included.",
    Field.EBITDA: "Of the quarter; a loss is negative.",
    Field.NET_INCOME: "Of the quarter; a loss is negative.",
    Field.CASH_BURN: "Cash consumed in the quarter, as a positive number; negative if cash was generated.",
    Field.CASH_BALANCE: "At the end of the quarter; 0 or more.",
    Field.DEBT_OUTSTANDING: "At the end of the quarter, convertibles included. Leave it empty if there is none.",
    Field.EMPLOYEES: "At the end of the quarter; a whole number, 1 or more.",
    Field.CUSTOMERS: "At the end of the quarter; a whole number. May be left empty.",
}
_RULES = (
    "One row for each company and quarter. Amounts are in full units: 1250000, not 1.25M.",
    "Send the file as it is, or as CSV. Formulas are welcome; their results are read.",
    "Do not hide rows or columns, and do not merge cells. Rows of totals are left out.",
    "If anything cannot be read, nothing is stored and every problem is named with its cell.",
)
_EXAMPLE: dict[Field, Any] = {
    Field.COMPANY: "Example Ltd",
    Field.PERIOD: date(2024, 12, 31),
    Field.CURRENCY: "USD",
    Field.TOTAL_REVENUE: 1_500_000,
    Field.RECURRING_REVENUE: 1_200_000,
    Field.GROSS_PROFIT: 900_000,
    Field.SALES_MARKETING_EXPENSE: 350_000,
    Field.TOTAL_OPERATING_EXPENSE: 950_000,
    Field.EBITDA: -50_000,
    Field.NET_INCOME: -75_000,
    Field.CASH_BURN: 120_000,
    Field.CASH_BALANCE: 3_440_000,
    Field.DEBT_OUTSTANDING: 1_000_000,
    Field.EMPLOYEES: 63,
    Field.CUSTOMERS: 240,
}


def draw_template(rows: Sequence[tuple[str, str]]) -> bytes:
    """An .xlsx file to fill in. rows: companies to begin a row for, with the currency they report in."""
    workbook = Workbook()
    sheet = cast("Worksheet", workbook.active)
    sheet.title = SHEET
    _write_headings(sheet)
    for row, (name, currency) in enumerate(rows, 2):
        cell = sheet.cell(row, 1 + COLUMNS.index(Field.COMPANY), name)
        cell.data_type = "s"  # a name is never a formula
        sheet.cell(row, 1 + COLUMNS.index(Field.CURRENCY), currency)
    _add_checks(sheet)
    _write_notes(workbook.create_sheet("How to fill in"))
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _write_headings(sheet: Worksheet) -> None:
    for column, field in enumerate(COLUMNS, 1):
        cell = sheet.cell(1, column, field.label)
        cell.font = Font(bold=True, italic=field in OPTIONAL)
        cell.fill = PatternFill("solid", start_color="FFE7EEF7")
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.comment = Comment(_NOTES[field], "Strongroom")
        sheet.column_dimensions[get_column_letter(column)].width = 28 if field is Field.COMPANY else 17
        for row in range(2, ROWS_WITH_CHECKS + 2):
            sheet.cell(row, column).number_format = _format_of(field)
    sheet.freeze_panes = "C2"


def _format_of(field: Field) -> str:
    if field in MONEY:
        return AMOUNT_FORMAT
    return COUNT_FORMAT if field in COUNTS else DATE_FORMAT if field is Field.PERIOD else "General"


def _add_checks(sheet: Worksheet) -> None:
    """What Excel itself refuses as it is typed; the rest is checked when the file comes in."""
    for column, field in enumerate(COLUMNS, 1):
        if field in MONEY:
            check = DataValidation("decimal", operator="between", formula1="-1E+16", formula2="1E+16")
        elif field in COUNTS:
            least = "1" if field is Field.EMPLOYEES else "0"
            check = DataValidation("whole", operator="greaterThanOrEqual", formula1=least)
        elif field is Field.CURRENCY:
            check = DataValidation("textLength", operator="equal", formula1="3")
        else:
            continue
        check.error, check.errorTitle = _NOTES[field], field.label
        check.prompt, check.promptTitle = _NOTES[field], field.label
        letter = get_column_letter(column)
        check.add(f"{letter}2:{letter}{ROWS_WITH_CHECKS + 1}")
        sheet.add_data_validation(check)


def _write_notes(sheet: Worksheet) -> None:
    """Rules, what each column is, and an example; the letters keep the example from being read as figures."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 80
    sheet.column_dimensions["C"].width = 20
    for row, text in enumerate(_RULES, 1):
        sheet.cell(row, 1, text)
    first = len(_RULES) + 2
    for column, text in enumerate(("Column", "What it is", "For example"), 1):
        sheet.cell(first, column, text).font = Font(bold=True)
    for row, field in enumerate(COLUMNS, first + 1):
        optional = " (optional)" if field in OPTIONAL else ""
        sheet.cell(row, 1, f"{get_column_letter(row - first)}: {field.label}{optional}")
        sheet.cell(row, 2, _NOTES[field])
        sheet.cell(row, 3, _EXAMPLE[field]).number_format = _format_of(field)
