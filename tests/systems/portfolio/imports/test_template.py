"""Claims about the template: what companies fill in comes back as it was meant."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.errors import CompanyNotFound
from strongroom.systems.portfolio.imports import build_template, check_file, import_file
from strongroom.systems.portfolio.imports.wording.headings import FIGURES
from strongroom.systems.portfolio.models import MetricsInput
from tests.systems.portfolio.building import add_company, put_daily_rates, quarter

SHEET = "Quarterly figures"


@pytest.fixture
def fund(database: Database) -> Database:
    database.write(put_daily_rates)
    database.write(add_company)
    database.write(add_company, name="=1+1 GmbH", reporting_currency="EUR")
    return database


def test_a_template_that_was_filled_in_is_imported(fund: Database) -> None:
    book = load_workbook(io.BytesIO(fund.read(build_template, ["acme", "=1+1 GmbH"])))
    sheet = book[SHEET]
    headings = [cell.value for cell in sheet[1]]
    assert [sheet.cell(row, 1).value for row in (2, 3)] == ["Acme", "=1+1 GmbH"]
    assert [sheet.cell(row, 3).value for row in (2, 3)] == ["USD", "EUR"]
    sent = quarter()
    for row in (2, 3):
        sheet.cell(row, headings.index("Quarter end") + 1).value = date(2024, 12, 31)
        for field in FIGURES:
            value = getattr(sent, field.value)
            sheet.cell(row, headings.index(field.label) + 1).value = Decimal(value) if isinstance(value, str) else value
    sheet["A3"].data_type = "s"
    stream = io.BytesIO()
    book.save(stream)
    assert fund.write(import_file, stream.getvalue(), "figures.xlsx").quarters == 2
    with fund.session() as session:
        for stored in session.scalars(select(MetricsInput)):
            assert {name: Decimal(getattr(stored, name)) for name in FIGURES} == {
                name: Decimal(getattr(sent, name)) for name in FIGURES
            }


def test_an_empty_template_holds_no_figures_and_its_example_is_not_one(fund: Database) -> None:
    reading = fund.read(check_file, fund.read(build_template, ["Acme"]), "template.xlsx")
    assert [problem.reason for problem in reading.problems] == ["the file holds no figures"]


def test_the_template_explains_every_column_and_checks_as_one_types(fund: Database) -> None:
    book = load_workbook(io.BytesIO(fund.read(build_template)))
    sheet = book[SHEET]
    assert all(cell.comment is not None for cell in sheet[1])
    assert sheet.freeze_panes == "C2"
    assert len(sheet.data_validations.dataValidation) == 13
    words = [cell.value for row in book["How to fill in"].iter_rows() for cell in row]
    assert "Example Ltd" in words


def test_a_company_that_is_not_there_has_no_template(fund: Database) -> None:
    with pytest.raises(CompanyNotFound):
        fund.read(build_template, ["Nobody"])
