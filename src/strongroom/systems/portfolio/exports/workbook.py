"""Writes the report as a workbook for people: a summary, then every figure, then where the rates came from."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import cast

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.systems.portfolio.exports.columns import Column, Part, Value, report_columns
from strongroom.systems.portfolio.exports.report import RateUsed, Report
from strongroom.systems.portfolio.rules.measures import Unit

#: Excel keeps fifteen digits of a number; what has more is written as text, which keeps them all
DIGITS_MAX = 15
_FORMATS = {
    Unit.MONEY: "#,##0.00;[Red]-#,##0.00",
    Unit.PERCENT: '0.00"%";[Red]-0.00"%"',  # points: 80.00 is 80 %
    Unit.MULTIPLE: '0.00"x"',
    Unit.MONTHS: "0.0",
    Unit.COUNT: "#,##0",
}
#: what a partner looks at first
_SUMMARY = (
    "company", "fund", "reporting_status", "input_fiscal_reporting_date", "total_revenue", "arr", "revenue_growth",
    "yoy_growth_revenue", "gross_profit_margin", "ebitda", "cash_balance", "monthly_cash_burn", "runway_months",
    "input_employees", "enterprise_value",
)  # fmt: skip
#: what can be added up over companies
_SUMMED = frozenset({"total_revenue", "arr", "ebitda", "cash_balance", "monthly_cash_burn", "input_employees"})
_WHOSE = ("company", "fund", "input_fiscal_reporting_date")


def as_xlsx(report: Report) -> bytes:
    """Sheets: Summary, Metrics, Financials, Inputs, Notes. Text is text even if it looks like a formula."""
    columns = {column.name: column for column in report_columns()}
    whose = [columns[name] for name in _WHOSE]
    workbook = Workbook()
    summary = cast("Worksheet", workbook.active)
    summary.title = "Summary"
    _write_table(summary, report, [columns[name] for name in _SUMMARY])
    _write_totals(summary, report, [columns[name] for name in _SUMMARY])
    for part, title in ((Part.METRICS, "Metrics"), (Part.FINANCIALS, "Financials"), (Part.SENT, "Inputs")):
        own = [column for column in columns.values() if column.part is part and column not in whose]
        _write_table(workbook.create_sheet(title), report, [*whose, *own])
    _write_notes(workbook.create_sheet("Notes"), report)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _write_table(sheet: Worksheet, report: Report, columns: Sequence[Column]) -> None:
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number, column.label)
        cell.font = Font(bold=True)
        cell.fill = PatternFill("solid", start_color="FFE7EEF7")
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=None if number == 1 else "right")
        sheet.column_dimensions[get_column_letter(number)].width = 30 if column.name == "company" else 16
    for row, line in enumerate(report.lines, 2):
        for number, column in enumerate(columns, 1):
            _put(sheet, row, number, column.value_of(line), _format_of(column))
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(report.lines) + 1}"


def _write_totals(sheet: Worksheet, report: Report, columns: Sequence[Column]) -> None:
    row = len(report.lines) + 3  # outside of what the filter sorts
    _put(sheet, row, 1, "Total")
    for number, column in enumerate(columns, 1):
        if column.name in _SUMMED:
            values = (column.value_of(line) for line in report.lines)
            total = sum((Decimal(value) for value in values if isinstance(value, Decimal | int)), Decimal(0))
            _put(sheet, row, number, total, _format_of(column))
    for cell in sheet[row]:
        cell.font = Font(bold=True)


def _write_notes(sheet: Worksheet, report: Report) -> None:
    lines: list[tuple[str, Value]] = [
        ("Quarter", str(report.quarter)),
        ("Currency of metrics and financials", report.currency),
        ("Currency of inputs", "the one each company reports in, named in each row"),
        ("As known at", f"{report.known_at:%Y-%m-%d %H:%M:%S %Z}"),
        ("Percentages", "in points: 80.00 is 80 %"),
        ("Empty cells", "not known, or a figure that cannot be computed for want of a quarter or a denominator"),
        ("Conversion", "all amounts of a quarter at one rate, that of its last day, rounded half up to the cent"),
        ("Companies", len(report.lines)),
        ("Not reported yet", ", ".join(report.missing) or "none"),
    ]
    for row, (name, value) in enumerate(lines, 1):
        _put(sheet, row, 1, name)
        _put(sheet, row, 2, value)
        sheet.cell(row, 1).font = Font(bold=True)
    first = len(lines) + 2
    titles = ("Currency", "Day", f"{report.currency} for one unit", "Published as", "By")
    for number, title in enumerate(titles, 1):
        _put(sheet, first, number, title)
        sheet.cell(first, number).font = Font(bold=True)
    for row, rate in enumerate(report.rates, first + 1):
        values: tuple[Value, ...] = (rate.currency, rate.day, rate.rate, _published(rate), _providers(rate))
        for number, value in enumerate(values, 1):
            _put(sheet, row, number, value, "0.0000000000" if isinstance(value, Decimal) else None)
    for letter, width in zip("ABCDE", (34, 60, 20, 60, 40), strict=True):
        sheet.column_dimensions[letter].width = width


def _published(rate: RateUsed) -> str:
    if not rate.is_current:
        return "another rate has been published since"
    return "; ".join(
        f"{one.rate.normalize():f} {one.quote} for 1 {one.base}, {_when(one.day, one.period.value)}"
        for one in rate.published
    )


def _when(day: date, period: str) -> str:
    return f"average of {day:%Y-%m}" if period == "month" else day.isoformat()


def _providers(rate: RateUsed) -> str:
    return ", ".join(dict.fromkeys(one.provider for one in rate.published)) if rate.is_current else ""


def _format_of(column: Column) -> str | None:
    if column.name == "exchange_rate_used":
        return "0.0000000000"
    if column.kind is Decimal and column.unit is None:
        return "#,##0.00"
    return _FORMATS[column.unit] if column.unit else None


def _put(sheet: Worksheet, row: int, number: int, value: Value, number_format: str | None = None) -> None:
    if value is None:
        return
    if isinstance(value, Decimal) and len(value.normalize().as_tuple().digits) > DIGITS_MAX:
        value = f"{value:f}"
    cell = sheet.cell(row, number, value)
    if isinstance(value, str):
        cell.data_type = "s"  # whatever it begins with
        cell.quotePrefix = True  # and after somebody has edited it
    elif number_format:
        cell.number_format = number_format
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
