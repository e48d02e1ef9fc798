"""Claims about the report as a file: read back it is what the database holds, to the last digit."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.exports import Format, build_report, write_report
from strongroom.systems.portfolio.exports.columns import Part, report_columns
from strongroom.systems.portfolio.models import MetricsInput, ReportingFinancials, ReportingMetrics
from strongroom.systems.portfolio.rules import AMOUNT_FIELDS, METRIC_FIELDS, FundQuarter
from strongroom.systems.portfolio.services import inputs
from tests.systems.portfolio.building import LAST, add_company, add_reporting_company, quarter, tick, twelve_quarters

QUARTER = FundQuarter(2024, 4)
#: more digits than a spreadsheet's numbers have
HUGE = Decimal("987654321098765.43")
FORMULA = "=cmd|' /C calc'!A0"
Row = dict[str, Any]


@pytest.fixture
def fund(any_database: Database) -> Database:
    """One company in euros, one with a huge figure and a name like a formula, one that is silent."""
    any_database.write(add_reporting_company, twelve_quarters("EUR"), name="Beta")
    huge = [quarter(cash_balance=str(HUGE), debt_outstanding=None, customers=None)]
    any_database.write(add_reporting_company, huge, name=FORMULA)
    any_database.write(add_company, name="Silent")
    return any_database


def written(database: Database, form: Format, **choices: Any) -> bytes:
    return write_report(database.read(build_report, QUARTER, "USD", **choices), form)


def stored(database: Database) -> dict[str, dict[str, Any]]:
    """Every decimal the database holds for the quarter, by company in the report's order, as the report names it."""
    found = []
    tables: tuple[tuple[Any, str, tuple[str, ...]], ...] = (
        (MetricsInput, "input_", (*AMOUNT_FIELDS, "employees", "customers")),
        (ReportingFinancials, "", ("exchange_rate_used", *AMOUNT_FIELDS)),
        (ReportingMetrics, "", METRIC_FIELDS),
    )
    with database.session() as session:
        for model, prefix, names in tables:
            rows = session.scalars(select(model).where(model.fiscal_reporting_date == LAST)).all()
            own = [row for row in rows if prefix or row.currency == "USD"]
            found.append(
                {str(row.company_id): {f"{prefix}{name}": getattr(row, name) for name in names} for row in own}
            )
    sent, financials, metrics = found
    return {company: sent[company] | financials[company] | metrics[company] for company in sent}


def from_csv(content: bytes) -> list[Row]:
    def typed(name: str, text: str) -> Any:
        return text if kinds[name] is not Decimal and kinds[name] is not int else Decimal(text) if text else None

    kinds = {column.name: column.kind for column in report_columns()} | {"currency": str, "known_at": str}
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [{name: typed(name, text) for name, text in row.items()} for row in rows]


def from_parquet(content: bytes) -> list[Row]:
    return pq.read_table(io.BytesIO(content)).to_pylist()


def from_xlsx(content: bytes) -> list[Row]:
    """The three tables side by side again, as the columns of the report."""
    book = load_workbook(io.BytesIO(content))
    merged: dict[str, dict[str, Any]] = {}
    for title, part in (("Inputs", Part.SENT), ("Financials", Part.FINANCIALS), ("Metrics", Part.METRICS)):
        labels = {column.label: column for column in report_columns() if column.part in (part, Part.COMPANY)}
        headings, *rows = book[title].iter_rows(values_only=True)
        for row in rows:
            own = dict(zip(headings, row, strict=True))
            line = merged.setdefault(str(own["Company"]), {})
            for label, value in own.items():
                if (column := labels.get(str(label))) is not None:
                    is_number = column.kind in (Decimal, int) and value is not None
                    line[column.name] = Decimal(str(value)) if is_number else value
    return list(merged.values())


@pytest.mark.parametrize(
    ("form", "read"), [(Format.CSV, from_csv), (Format.PARQUET, from_parquet), (Format.XLSX, from_xlsx)]
)
def test_every_decimal_of_the_database_is_read_back(
    fund: Database, form: Format, read: Callable[[bytes], list[Row]]
) -> None:
    report = fund.read(build_report, QUARTER, "USD")
    rows = read(write_report(report, form))
    expected = stored(fund)
    assert [line.company.name for line in report.lines] == [FORMULA, "Beta"]
    for line, row in zip(report.lines, rows, strict=True):
        held = expected[str(line.company.id)]
        assert {name: row[name] for name in held} == held
    assert any(value == HUGE for row in rows for value in row.values())


def test_every_column_of_the_tables_is_in_the_report() -> None:
    names = [column.name for column in report_columns()]
    assert len(names) == len(set(names))
    assert {*METRIC_FIELDS, *AMOUNT_FIELDS, *(f"input_{name}" for name in AMOUNT_FIELDS)} <= set(names)


def test_parquet_has_the_decimals_of_the_database_and_says_what_it_is(fund: Database) -> None:
    schema = pq.read_schema(io.BytesIO(written(fund, Format.PARQUET)))
    assert schema.field("total_revenue").type == pa.decimal128(20, 2)
    assert schema.field("exchange_rate_used").type == pa.decimal128(20, 10)
    assert schema.field("runway_months").type == pa.decimal128(10, 1)
    assert schema.field("input_fiscal_reporting_date").type == pa.date32()
    assert schema.field("input_employees").type == pa.int32()
    assert schema.metadata is not None
    assert (schema.metadata[b"quarter"], schema.metadata[b"currency"]) == (b"Q4 2024", b"USD")


def test_a_name_that_looks_like_a_formula_is_text_in_every_format(fund: Database) -> None:
    book = load_workbook(io.BytesIO(written(fund, Format.XLSX)))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert [cell.data_type for cell in cells if cell.value == FORMULA] == ["s"] * 4
    assert not [cell for cell in cells if cell.data_type == "f"]
    fields = [field for row in csv.reader(io.StringIO(written(fund, Format.CSV).decode("utf-8-sig"))) for field in row]
    assert f"'{FORMULA}" in fields
    assert not [field for field in fields if field.startswith(("=", "+", "@"))]


def test_the_workbook_is_laid_out_for_people(fund: Database) -> None:
    book = load_workbook(io.BytesIO(written(fund, Format.XLSX)))
    assert book.sheetnames == ["Summary", "Metrics", "Financials", "Inputs", "Notes"]
    summary = book["Summary"]
    assert (summary.freeze_panes, summary["A5"].value) == ("B2", "Total")
    headings = [cell.value for cell in summary[1]]
    revenue = headings.index("Revenue") + 1
    assert summary.cell(2, revenue).number_format.startswith("#,##0.00")
    total = Decimal(str(summary.cell(5, revenue).value))
    assert total == sum(Decimal(str(summary.cell(row, revenue).value)) for row in (2, 3))


def test_the_notes_name_the_rates_the_moment_and_who_is_missing(fund: Database) -> None:
    rows = list(load_workbook(io.BytesIO(written(fund, Format.XLSX)))["Notes"].iter_rows(values_only=True))
    notes = {row[0]: row[1:] for row in rows if row[0]}
    assert notes["Quarter"][0] == "Q4 2024"
    assert notes["Not reported yet"][0] == "Silent"
    assert str(notes["As known at"][0]).endswith("UTC")
    assert "1.0947 USD for 1 EUR, 2024-12-31" in notes["EUR"]


def test_a_report_shows_what_was_known_then(fund: Database) -> None:
    then = tick()
    report = fund.read(build_report, QUARTER, "USD")
    [beta] = [line for line in report.lines if line.company.name == "Beta"]
    restated = replace(twelve_quarters("EUR")[-1], total_revenue="9000000.00")
    fund.write(inputs.submit, beta.company.id, restated)
    now, before = (revenue_of(fund, known_at=known_at) for known_at in (None, then))
    assert now == Decimal("9000000.00")
    assert before == beta.sent.total_revenue != now


def revenue_of(database: Database, **choices: Any) -> Decimal:
    [revenue] = (row["input_total_revenue"] for row in rows_of(database, **choices) if row["company"] == "Beta")
    assert isinstance(revenue, Decimal)
    return revenue


def rows_of(database: Database, **choices: Any) -> Iterator[Row]:
    yield from from_csv(written(database, Format.CSV, **choices))


def test_a_quarter_without_reports_is_a_report_without_lines(fund: Database) -> None:
    report = fund.read(build_report, FundQuarter(2010, 1), "CAD")
    assert report.lines == ()
    assert report.missing == (FORMULA, "Beta", "Silent")
    for form in Format:
        assert write_report(report, form)


def test_only_currencies_that_every_company_is_reported_in_will_do(fund: Database) -> None:
    with pytest.raises(InvalidValue, match="USD or CAD"):
        fund.read(build_report, QUARTER, "EUR")


def test_a_report_has_a_day_and_not_only_a_quarter(fund: Database) -> None:
    report = fund.read(build_report, QUARTER, "CAD")
    assert {line.sent.fiscal_reporting_date for line in report.lines} == {date(2024, 12, 31)}
    assert {line.financials.currency for line in report.lines} == {"CAD"}
