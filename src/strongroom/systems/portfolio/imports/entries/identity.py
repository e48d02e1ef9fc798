"""Says of an entry whose it is, of which quarter, and in which currency; each either read, or a problem."""

from __future__ import annotations

from datetime import date

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.files.numbers import SIGNS, may_stand_for
from strongroom.kernel.values import is_currency
from strongroom.systems.portfolio.imports.layouts.tables import Entry, Table
from strongroom.systems.portfolio.imports.opening.grids import Cell
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.companies import Directory
from strongroom.systems.portfolio.imports.wording.headings import Field
from strongroom.systems.portfolio.imports.wording.periods import (
    UnclearPeriod,
    last_day,
    read_period,
    read_period_of_year,
)
from strongroom.systems.portfolio.rules.naming import normalise_currency
from strongroom.systems.portfolio.services.figures import CompanyFacts


class Misread(Exception):
    """An entry cannot be told; problem: why not."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.problem = problem


def company_of(table: Table, entry: Entry, directory: Directory, told: str | None) -> CompanyFacts:
    """The company. told: its name, where the table has none in each row. Raises Misread."""
    cell = entry.company
    name = cell.text if cell else told if Field.COMPANY not in table.headers else None
    if name is None:
        raise _misread(table, entry, Field.COMPANY, None, "the company is missing", "write its name in every row")
    company = directory.find(name)
    if company is not None:
        return company
    reason = "is no company of the portfolio"
    raise _misread(table, entry, Field.COMPANY, cell, reason, advice_on(name, directory), name)


def advice_on(name: str, directory: Directory) -> str:
    """What to do about a name that no company has."""
    nearest = directory.find_nearest(name)
    return f"write {nearest!r}, if that is meant" if nearest else "add the company first, or correct the name"


def day_of(table: Table, entry: Entry, company: CompanyFacts) -> date:
    """The last day of the quarter. Raises Misread."""
    cell = entry.period or table.period
    if cell is None:
        raise _misread(table, entry, Field.PERIOD, None, "the quarter is missing", "write its last day in every row")
    if cell.fault is not None:
        fix = "write the quarter's last day, such as 2024-03-31"
        raise _misread(table, entry, Field.PERIOD, cell, "is an error of the spreadsheet, or not calculated", fix)
    try:
        if entry.year is None:
            period = read_period(cell.value)
        else:
            is_fiscal = Field.FISCAL_YEAR in table.headers
            period = read_period_of_year(cell.value, entry.year.value, is_fiscal=is_fiscal)
        return last_day(period, company.year_end_date)
    except UnclearPeriod as unclear:
        raise _misread(table, entry, Field.PERIOD, cell, unclear.reason, unclear.fix) from None


def currency_of(table: Table, entry: Entry, company: CompanyFacts) -> str:
    """The code of the currency: the entry's, that of the headings, or what the company reports in. Raises Misread."""
    said = said_currencies(table)
    definite = [code for mark in said if (code := _definite(mark))]
    if entry.currency is not None:
        currency = _read_currency(table, entry, entry.currency)
    elif Field.CURRENCY in table.headers:
        raise _misread(table, entry, Field.CURRENCY, None, "the currency is missing", "write its code, such as USD")
    else:
        currency = definite[0] if definite else company.reporting_currency
    for mark, where in said.items():
        if not may_stand_for(mark, currency):
            reason = f"the figures are in {currency}, and {where!r} says {mark}"
            raise _misread(table, entry, Field.CURRENCY, entry.currency, reason, "correct one of the two")
    return currency


def said_currencies(table: Table) -> dict[str, str]:
    """The signs and codes of currencies in the headings and above them, and where each stands first."""
    found = {table.unit.currency: "the line above the table"} if table.unit.currency else {}
    for series in table.series.values():
        if series.heading.currency:
            found.setdefault(series.heading.currency, series.header)
    return found


def _read_currency(table: Table, entry: Entry, cell: Cell) -> str:
    try:
        return _definite(cell.text) or normalise_currency(cell.text)
    except InvalidValue:
        reason, fix = "is no currency of ISO 4217", "write its code, such as USD"
        raise _misread(table, entry, Field.CURRENCY, cell, reason, fix) from None


def _definite(mark: str) -> str | None:
    """The one currency that a sign or a code can mean."""
    codes = SIGNS.get(mark, frozenset({mark}) if is_currency(mark) else frozenset())
    return next(iter(codes)) if len(codes) == 1 else None


def _misread(
    table: Table, entry: Entry, field: Field, cell: Cell | None, reason: str, fix: str, value: str | None = None
) -> Misread:
    row, column, header = table.place_of(entry, field)
    if cell is not None and (entry.row is None or cell is entry.company):
        row, column = cell.row, cell.column
    shown = value if value is not None else cell.text if cell else None
    return Misread(problem_at(table.name, reason, fix, row=row, column=column, header=header, value=shown))
