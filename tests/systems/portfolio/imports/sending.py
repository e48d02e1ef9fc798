"""What becomes of a file, without a database: two companies are known, one with a fiscal year that ends in March."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.kernel.values import new_id
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.entries.records import Collection, collect
from strongroom.systems.portfolio.imports.layouts.finding import find_tables
from strongroom.systems.portfolio.imports.opening.files import open_grids
from strongroom.systems.portfolio.imports.wording.companies import Directory
from strongroom.systems.portfolio.rules import CustomerTypeEnum, ReportingStatusEnum, RevenueTypeEnum
from strongroom.systems.portfolio.services.figures import CompanyFacts

#: one quarter as numbers, in the order of the headings
HEADINGS = (
    "Total revenue", "Recurring revenue", "Gross profit", "Sales and marketing expense", "Total operating expense",
    "EBITDA", "Net income", "Cash burn", "Cash balance", "Employees",
)  # fmt: skip
FIGURES = (1000, 800, 600, 200, 700, -100, -120, 90, 5000, 12)
Rows = Sequence[Sequence[Any]]


def known(name: str, year_end: date, currency: str = "USD") -> CompanyFacts:
    return CompanyFacts(
        id=new_id(),
        name=name,
        reporting_status=ReportingStatusEnum.ACTIVE,
        reporting_currency=currency,
        fund="Fund I",
        location_country="Canada",
        customer_type=CustomerTypeEnum.SMB,
        revenue_type=RevenueTypeEnum.SUBSCRIPTION,
        year_end_date=year_end,
    )


ACME = known("Acme, Inc.", date(2023, 12, 31))
MARCH = known("Märzen GmbH", date(2023, 3, 31), "EUR")
DIRECTORY = Directory([ACME, MARCH])


def read(content: bytes, name: str = "figures.csv", choices: Choices = Choices()) -> Collection:  # noqa: B008 - frozen
    """Everything that is found in a file. Raises Unreadable."""
    found = Collection()
    for grid in open_grids(content, name, choices.encoding):
        for table in find_tables(grid):
            collect(table, DIRECTORY, choices, found)
    return found


def submitted(found: Collection) -> dict[tuple[str, date], dict[str, Any]]:
    """The records by company and day; there must be no problem."""
    assert [problem.sentence for problem in found.problems] == []
    return {
        (record.company.name, record.submission.fiscal_reporting_date): {
            name: getattr(record.submission, name) for name in record.submission.__slots__
        }
        for record in found.records
    }


def sentences(found: Collection) -> list[str]:
    """The problems, as place and reason."""
    return [problem.sentence for problem in found.problems]


def workbook(rows: Rows, title: str = "Sheet", **more: Rows) -> bytes:
    """An .xlsx file of one sheet, or of more."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = title
    fill(sheet, rows)
    for name, others in more.items():
        fill(book.create_sheet(name), others)
    return saved(book)


def fill(sheet: Worksheet, rows: Rows) -> None:
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value


def saved(book: Workbook) -> bytes:
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def csv_of(rows: Rows, delimiter: str = ",") -> str:
    return "".join(delimiter.join("" if value is None else str(value) for value in row) + "\r\n" for row in rows)


def sheet_of(**columns: Any) -> Rows:
    """Acme's first quarter of 2024 as a table of one row; columns: headed or filled otherwise, ... for left out."""
    row: dict[str, Any] = dict(zip(HEADINGS, FIGURES, strict=True))
    row |= {"Company": "Acme Inc", "Quarter": "2024-03-31"}
    row |= {name.replace("_", " "): value for name, value in columns.items()}
    kept = {heading: value for heading, value in row.items() if value is not ...}
    return [list(kept), list(kept.values())]
