"""Claims about a workbook as companies send it: all that is wrong is named with its cell, and then none is stored."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from strongroom.kernel.sessions import Database
from strongroom.systems.portfolio.errors import FileRefused
from strongroom.systems.portfolio.imports import check_file, import_file
from strongroom.systems.portfolio.models import Company, MetricsInput, ReportingFinancials, ReportingMetrics
from tests.systems.portfolio.imports import messy_workbook as messy

TABLES = (MetricsInput, ReportingFinancials, ReportingMetrics)


@pytest.fixture
def fund(database: Database) -> Database:
    database.write(messy.add_companies)
    return database


def count_rows(session: Session) -> list[int]:
    return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def stored_figures(session: Session) -> dict[tuple[str, Any], dict[str, Any]]:
    query = select(Company.name, MetricsInput).join(MetricsInput, MetricsInput.company_id == Company.id)
    return {
        (name, row.fiscal_reporting_date): {field: getattr(row, field) for field in messy.FIGURES}
        for name, row in session.execute(query)
    }


def test_each_of_thirty_problems_is_named_with_its_cell_and_nothing_else_is(fund: Database) -> None:
    with pytest.raises(FileRefused) as refused:
        fund.write(import_file, messy.build_workbook(messy.PLANTS), "figures.xlsx")
    found = refused.value.facts["problems"]
    places = sorted((problem["sheet"], problem["row"], problem["column"], problem["reason"]) for problem in found)
    assert places == sorted(
        (*messy.place_of(plant.company, plant.quarter, plant.field), plant.reason) for plant in messy.PLANTS
    )
    assert len(places) == 30
    assert all(problem["fix"] for problem in found)
    headings = dict(zip(messy.COLUMNS.values(), messy.HEADINGS, strict=True))
    assert {problem["header"] for problem in found} <= {*headings.values()}
    assert fund.read(count_rows) == [0, 0, 0]


def test_a_problem_says_what_stands_in_the_cell(fund: Database) -> None:
    reading = fund.read(check_file, messy.build_workbook(messy.PLANTS[8:9]), "figures.xlsx")
    [problem] = reading.problems
    assert problem.place == "First year!D17 (Total Revenue)"
    assert problem.value == "about a million"


def test_the_same_rows_without_problems_come_in_to_the_cent(any_database: Database) -> None:
    fund = any_database
    fund.write(messy.add_companies)
    imported = fund.write(import_file, messy.build_workbook(), "figures.xlsx")
    assert (imported.quarters, imported.companies) == (200, 25)
    assert fund.read(stored_figures) == {
        (messy.name_of(company), day): messy.figures_of(company, quarter)
        for company in range(messy.COMPANIES)
        for quarter, day in enumerate(messy.QUARTERS)
    }
    inputs, financials, metrics = fund.read(count_rows)
    in_euros = sum(messy.currency_of(company) == "EUR" for company in range(messy.COMPANIES))
    assert inputs == 200
    assert financials == metrics == 8 * (2 * (messy.COMPANIES - in_euros) + 3 * in_euros)


def test_what_is_left_out_is_said(fund: Database) -> None:
    notices = "\n".join(fund.read(check_file, messy.build_workbook(), "figures.xlsx").notices)
    assert notices.count("adds up others and is not read") == 2
    assert notices.count("has no figures and is not read") == 2
    assert "About: no table of figures is there" in notices


def test_checking_stores_nothing(fund: Database) -> None:
    reading = fund.read(check_file, messy.build_workbook(), "figures.xlsx")
    assert (len(reading.records), reading.problems) == (200, ())
    assert fund.read(count_rows) == [0, 0, 0]


def test_a_file_that_is_imported_twice_changes_nothing(fund: Database) -> None:
    fund.write(import_file, messy.build_workbook(), "figures.xlsx")
    before = fund.read(stored_figures), fund.read(count_rows)
    fund.write(import_file, messy.build_workbook(), "figures.xlsx")
    assert (fund.read(stored_figures), fund.read(count_rows)) == before
