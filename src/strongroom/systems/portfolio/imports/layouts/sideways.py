"""Reads tables with a column for each quarter and a line for each figure, of one company or of several."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from strongroom.systems.portfolio.imports.layouts.headers import missing_problems, sort_headings
from strongroom.systems.portfolio.imports.layouts.tables import Entry, Table, read_preamble
from strongroom.systems.portfolio.imports.opening.grids import Cell, Grid
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.headings import (
    KINDS_OF_FIGURES,
    Field,
    Unit,
    find_field,
    find_table_unit,
)
from strongroom.systems.portfolio.imports.wording.periods import UnclearPeriod, is_period, read_period

#: columns beside the quarters that are left out on purpose
_BESIDE = re.compile(
    r".*\b(?:notes?|comments?|sources?|units?|currency|budget|forecast|plan|target|estimate|outlook|total|sum|average|"
    r"change|growth|variance|delta|yoy|qoq|ytd|ltm|ttm|cagr|h[12]|[12]h|full year|annual|trend)\b.*"
    r"|(?:fy|cy)?\s?'?(?:20)?[0-9]{2}\s?[abef]?|%.*|Δ.*",
    re.IGNORECASE,
)
_BARE_QUARTER = re.compile(r"(?:Q\s?[1-4]|[1-4]\s?Q)", re.IGNORECASE)


def read_sideways(grid: Grid, label_column: int) -> list[Table]:
    """A table for each company, of the lines that are labelled in this column."""
    labels = [
        cell
        for _, cells in grid.rows()
        for cell in cells
        if cell.column == label_column and isinstance(cell.value, str) and not cell.is_spread
    ]
    first_line = next(label.row for label in labels if _is_figure(label))
    header = _find_header(grid, label_column, first_line)
    lines = [label for label in labels if label.row > header.row and _is_filled(grid, label.row, header)]
    company_column = _company_column(grid, header.row)
    preamble = read_preamble(grid, header.row)
    tables = []
    for company, block in _blocks(grid, lines, company_column):
        table = sort_headings(grid, block, by_row=False)
        table.company, table.unit = preamble.company, _unit(grid, label_column, header.row, preamble.unit)
        if header.quarters:
            table.problems += missing_problems(table, block[0].row if company_column and block else header.row)
        table.entries += [_entry(table, company, quarter) for quarter in header.quarters]
        tables.append(table)
    tables[0].problems += header.problems
    tables[0].notices += header.notices
    if preamble.contradicts_itself:
        reason = "the lines above the table give two different units"
        tables[0].problems.append(problem_at(grid.name, reason, "keep the one that is meant", row=header.row))
    return tables


@dataclass(frozen=True, slots=True)
class _Header:
    """row: where the quarters stand, 0 if nowhere. quarters: their cells."""

    row: int
    quarters: Sequence[Cell]
    problems: Sequence[Problem] = ()
    notices: Sequence[str] = ()


def _find_header(grid: Grid, label_column: int, first_line: int) -> _Header:
    for row in range(first_line - 1, 0, -1):
        cells = [_with_year(grid, cell) for cell in grid.row(row) if cell.column > label_column]
        if any(is_period(cell.value) for cell in cells):
            return _sort_columns(grid, cells, row, first_line)
    reason, fix = "no quarter stands above the figures", "write the quarter's last day above each column"
    return _Header(0, (), [problem_at(grid.name, reason, fix, row=first_line)])


def _with_year(grid: Grid, cell: Cell) -> Cell:
    """A quarter below its year, such as Q1 below FY24, as one label."""
    above = grid.find(cell.row - 1, cell.column)
    if above is None or not _BARE_QUARTER.fullmatch(cell.text):
        return cell
    return replace(cell, value=f"{above.text} {cell.text}")


def _sort_columns(grid: Grid, cells: Sequence[Cell], row: int, first_line: int) -> _Header:
    """Which columns are quarters; which are left out, being something else; which should be and cannot be read."""
    quarters, problems, notices = [], [], []
    for cell in cells:
        beneath = [found for number in range(row + 1, first_line) if (found := grid.find(number, cell.column))]
        words = " ".join(found.text for found in (*beneath, cell))
        if is_period(cell.value) and not any(_BESIDE.fullmatch(found.text) for found in beneath):
            quarters.append(cell)
        elif _BESIDE.fullmatch(cell.text) or is_period(cell.value):
            notices.append(f"{grid.name}: column {words!r} is not read")
        elif any(position[1] == cell.column and position[0] >= first_line for position in grid.cells):
            problems.append(_unclear(grid, cell))
    return _Header(row, quarters, problems, notices)


def _unclear(grid: Grid, cell: Cell) -> Problem:
    try:
        read_period(cell.value)
    except UnclearPeriod as unclear:
        reason, fix = unclear.reason, unclear.fix
    return problem_at(grid.name, reason, fix, row=cell.row, column=cell.column, value=cell.text)


def _company_column(grid: Grid, header_row: int) -> int | None:
    for cell in grid.row(header_row):
        if (heading := find_field(cell.value)) and heading.field is Field.COMPANY and not cell.is_spread:
            return cell.column
    return None


def _blocks(grid: Grid, lines: Sequence[Cell], company_column: int | None) -> Iterator[tuple[Cell | None, list[Cell]]]:
    """The lines of each company, in order; all of them where no column says whose they are."""
    blocks: dict[str | None, tuple[Cell | None, list[Cell]]] = {}
    for line in lines:
        company = grid.find(line.row, company_column) if company_column else None
        name = company.text.casefold() if company else None
        blocks.setdefault(name, (company, []))[1].append(line)
    yield from blocks.values() if blocks else [(None, [])]


def _entry(table: Table, company: Cell | None, quarter: Cell) -> Entry:
    def cell_of(field: Field) -> Cell | None:
        series = table.series.get(field) or table.headers.get(field)
        return table.grid.find(series.line, quarter.column) if series else None

    figures = {field: cell for field in table.series if (cell := cell_of(field)) is not None}
    return Entry(
        None, quarter.column, company or cell_of(Field.COMPANY), quarter, None, cell_of(Field.CURRENCY), figures
    )


def _is_figure(label: Cell) -> bool:
    heading = find_field(label.value)
    return heading is not None and heading.field in KINDS_OF_FIGURES


def _is_filled(grid: Grid, row: int, header: _Header) -> bool:
    """Whether the line has anything in a quarter's column; a label alone is a title within the table."""
    return any(grid.find(row, quarter.column) is not None for quarter in header.quarters)


def _unit(grid: Grid, label_column: int, header_row: int, above: Unit) -> Unit:
    """What the corner of the table says of all amounts, before what stands above it."""
    corner = grid.find(header_row, label_column)
    said = find_table_unit(corner.text) if corner else Unit()
    return Unit(said.currency or above.currency, said.scale or above.scale)
