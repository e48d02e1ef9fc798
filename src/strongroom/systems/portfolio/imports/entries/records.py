"""Makes submissions of a table's entries, or says what stands in their way."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

from strongroom.kernel.files.numbers import may_stand_for
from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.entries.figures import Figure, Position, read_figures, says_nothing
from strongroom.systems.portfolio.imports.entries.identity import Misread, advice_on, company_of, currency_of, day_of
from strongroom.systems.portfolio.imports.layouts.tables import Entry, Table
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.companies import Directory, is_total
from strongroom.systems.portfolio.imports.wording.headings import COUNTS, MONEY, OPTIONAL, Field
from strongroom.systems.portfolio.rules.amounts import CENT, Amounts, broken_rules, round_half_up
from strongroom.systems.portfolio.rules.submission import COUNTS_MIN, Submission
from strongroom.systems.portfolio.services.figures import CompanyFacts

Figures = Mapping[Field, Figure]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Record:
    """One quarter of a company, ready to be submitted. sheet, row, column, header: where its currency is said."""

    company: CompanyFacts
    submission: Submission
    sheet: str
    row: int | None
    column: int | None
    header: str


@dataclass(slots=True)
class Collection:
    """What has been made of a file's tables so far. places: where each quarter was met first."""

    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    places: dict[tuple[UUID, date], str] = field(default_factory=dict)


def collect(table: Table, directory: Directory, choices: Choices, into: Collection) -> None:
    """Add the records of a table, or the problems that stand in their way."""
    if table.grid.is_hidden:
        reason = "the sheet is hidden and holds figures"
        into.problems.append(problem_at(table.name, reason, "unhide the sheet, or delete it"))
        return
    into.problems += table.problems
    into.notices += table.notices
    entries = [entry for entry in table.entries if _is_meant(table, entry, directory, into)]
    numbers = _read_series(table, entries, choices, into)
    told = table.company or (table.name if directory.find(table.name) else choices.company)
    is_named = Field.COMPANY in table.headers or any(entry.company for entry in entries)
    if entries and not is_named and (problem := _unknown(table, told, directory)):
        into.problems.append(problem)
        return
    for entry in entries:
        _add(table, entry, numbers, directory, told, into)


def _is_meant(table: Table, entry: Entry, directory: Directory, into: Collection) -> bool:
    """Whether the entry reports a quarter; a total does not, nor does one without figures."""
    where = f"row {entry.row}" if entry.row else f"column {entry.period.text if entry.period else entry.column}"
    name = entry.company.text if entry.company else next(iter(entry.texts), "")
    if is_total(name) and directory.find(name) is None:
        into.notices.append(f"{table.name}: {where} adds up others and is not read")
        return False
    if all(says_nothing(cell) or cell.is_spread for cell in entry.figures.values()):
        if entry.texts or entry.row is None:
            into.notices.append(f"{table.name}: {where} has no figures and is not read")
        return False
    return True


def _unknown(table: Table, told: str | None, directory: Directory) -> Problem | None:
    """What is wrong with the name that stands for the whole table; None if it is a company's."""
    if told is None:
        reason, fix = "no company is named", "add a column called 'Company', or say --company"
        return problem_at(table.name, reason, fix)
    if directory.find(told) is not None:
        return None
    return problem_at(table.name, "is no company of the portfolio", advice_on(told, directory), value=told)


def _read_series(table: Table, entries: list[Entry], choices: Choices, into: Collection) -> dict[Position, Figure]:
    """The figures of all entries by their position, read column by column, or line by line."""
    found: dict[Position, Figure] = {}
    hidden = table.grid.hidden_rows if table.is_transposed else table.grid.hidden_columns
    kind = "line" if table.is_transposed else "column"
    for name, series in table.series.items():
        cells = [entry.figures[name] for entry in entries if name in entry.figures]
        readout = read_figures(table, series, cells, choices.decimal_mark)
        found |= readout.figures
        into.problems += readout.problems
        if series.line in hidden and cells:
            row, column = (series.line, None) if table.is_transposed else (None, series.line)
            reason, fix = f"the {kind} is hidden and holds figures", f"unhide the {kind}, or delete it"
            into.problems.append(problem_at(table.name, reason, fix, row=row, column=column, header=series.header))
    return found


def _add(
    table: Table,
    entry: Entry,
    numbers: Mapping[Position, Figure],
    directory: Directory,
    told: str | None,
    into: Collection,
) -> None:
    before = len(into.problems)
    if entry.row in table.grid.hidden_rows or entry.column in table.grid.hidden_columns:
        kind = "row" if entry.row else "column"
        reason, fix = f"the {kind} is hidden and holds figures", f"unhide the {kind}, or delete it"
        into.problems.append(problem_at(table.name, reason, fix, row=entry.row, column=entry.column))
    figures = {
        name: numbers[cell.row, cell.column]
        for name, cell in entry.figures.items()
        if (cell.row, cell.column) in numbers
    }
    values = _complete(table, entry, figures, into)
    try:
        company = company_of(table, entry, directory, told)
    except Misread as misread:
        into.problems.append(misread.problem)
        return
    day = _tell(day_of, table, entry, company, into)
    currency = _tell(currency_of, table, entry, company, into)
    if currency is not None:
        _check_signs(table, figures, currency, into)
    if day is not None:
        _check_repetition(table, entry, company, day, into)
    is_whole = {*MONEY, *COUNTS} - OPTIONAL <= values.keys()
    if len(into.problems) == before and is_whole and day and currency:
        submission = Submission(fiscal_reporting_date=day, currency=currency, **values)
        into.records.append(Record(company, submission, table.name, *table.place_of(entry, Field.CURRENCY)))


def _tell(
    read: Callable[[Table, Entry, CompanyFacts], T], table: Table, entry: Entry, company: CompanyFacts, into: Collection
) -> T | None:
    try:
        return read(table, entry, company)
    except Misread as misread:
        into.problems.append(misread.problem)
        return None


def _complete(table: Table, entry: Entry, figures: Figures, into: Collection) -> dict[str, Any]:
    """The values of a submission by name, with a problem for each that is missing or breaks a rule."""
    values: dict[str, Any] = {name: figures[name].value for name in MONEY if name in figures}
    values |= {name: int(figures[name].value) for name in COUNTS if name in figures}
    if Field.RECURRING_REVENUE not in table.series and Field.RECURRING_SHARE in figures and "total_revenue" in values:
        share = figures[Field.RECURRING_SHARE].value
        product = WIDE.scaleb(WIDE.multiply(values["total_revenue"], share), Decimal(-2))
        values[Field.RECURRING_REVENUE] = round_half_up(product, CENT)
    for name in table.series:
        is_said = name in entry.figures and not says_nothing(entry.figures[name])
        if name not in OPTIONAL and not is_said:
            fix = "write the figure, or 0 if there was none"
            _problem(table, entry, name, f"{name.label} is missing", fix, into)
    if {*MONEY} - OPTIONAL <= values.keys():
        amounts = Amounts(**{money.value: values.get(money) for money in MONEY})  # type: ignore[arg-type]  # only debt may be None
        for broken, rule in broken_rules(amounts):
            place = Field(broken) if broken in table.series else Field.RECURRING_SHARE
            _problem(table, entry, place, rule, "correct one of the figures", into)
    for count, least in COUNTS_MIN.items():
        if count in values and values[count] < least:
            _problem(table, entry, Field(count), f"must be {least} or more", "correct the figure", into)
    return values


def _check_signs(table: Table, figures: Figures, currency: str, into: Collection) -> None:
    """The first figure whose sign or format contradicts the currency of its row speaks for all of them."""
    for name, figure in figures.items():
        if figure.currency and not may_stand_for(figure.currency, currency):
            reason = f"shows {figure.currency}, and the figures are in {currency}"
            header = table.series[name].header
            cell = figure.cell
            into.problems.append(
                problem_at(
                    table.name, reason, "correct the sign, or the currency of the row",
                    row=cell.row, column=cell.column, header=header, value=cell.text,
                )
            )  # fmt: skip
            return


def _check_repetition(table: Table, entry: Entry, company: CompanyFacts, day: date, into: Collection) -> None:
    row, column, header = table.place_of(entry, Field.PERIOD)
    here = problem_at(table.name, "", "", row=row or (entry.period.row if entry.period else None), column=column)
    first = into.places.setdefault((company.id, day), here.place)
    if first != here.place:
        reason = f"{company.name} has figures for {day} at {first} already"
        fix = "keep one of the two"
        value = entry.period.text if entry.period else None
        into.problems.append(
            problem_at(table.name, reason, fix, row=here.row, column=column, header=header, value=value)
        )


def _problem(table: Table, entry: Entry, name: Field, reason: str, fix: str, into: Collection) -> None:
    row, column, header = table.place_of(entry, name)
    cell = entry.figures.get(name)
    value = cell.text if cell else None
    into.problems.append(problem_at(table.name, reason, fix, row=row, column=column, header=header, value=value))
