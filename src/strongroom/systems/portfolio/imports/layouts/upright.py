"""Reads tables with a row for each company and quarter."""

from __future__ import annotations

from strongroom.kernel.files.numbers import take_apart
from strongroom.systems.portfolio.imports.layouts.headers import missing_problems, sort_headings
from strongroom.systems.portfolio.imports.layouts.tables import FIGURES_MIN, Entry, Table, read_preamble
from strongroom.systems.portfolio.imports.opening.grids import Cell, Grid
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.headings import KINDS_OF_FIGURES, Field, find_field
from strongroom.systems.portfolio.imports.wording.periods import is_period


def read_upright(grid: Grid, header_row: int) -> Table:
    """The table below this row of headings."""
    headings = [cell for cell in grid.row(header_row) if not cell.is_spread]
    below = {column for row, column in grid.cells if row > header_row}
    meant = [cell for cell in headings if cell.column in below or find_field(cell.value)]
    table = sort_headings(grid, meant, by_row=True)
    preamble = read_preamble(grid, header_row)
    table.company, table.period, table.unit = preamble.company, preamble.period, preamble.unit
    if preamble.contradicts_itself:
        reason = "the lines above the table give two different units"
        table.problems.append(problem_at(grid.name, reason, "keep the one that is meant", row=header_row))
    if table.period is None and Field.PERIOD not in table.headers and is_period(grid.name):
        table.period = Cell(header_row, 1, grid.name)
    if table.period is None and Field.PERIOD not in table.headers:
        reason, fix = "there is no column that says the quarter", f"add a column called {Field.PERIOD.label!r}"
        table.problems.append(problem_at(grid.name, reason, fix, row=header_row))
    table.problems += missing_problems(table, header_row)
    headed = {cell.column for cell in grid.row(header_row)}
    for number, cells in grid.rows():
        if number > header_row and not _is_header_again(table, number, cells):
            stray = _find_stray(grid, cells, headed)
            if stray is not None:
                table.problems.append(_stray_problem(grid, stray))
            if stray is None or not grid.is_text:  # in a CSV file every cell after a bare comma is in a wrong place
                table.entries.append(_entry(table, number, cells))
    return table


def _entry(table: Table, row: int, cells: list[Cell]) -> Entry:
    by_column = {cell.column: cell for cell in cells}
    figures = {field: by_column[series.line] for field, series in table.series.items() if series.line in by_column}

    def named(*fields: Field) -> Cell | None:
        found = (by_column.get(table.headers[field].line) for field in fields if field in table.headers)
        return next((cell for cell in found if cell is not None), None)

    return Entry(
        row,
        None,
        named(Field.COMPANY),
        named(Field.PERIOD),
        named(Field.FISCAL_YEAR, Field.YEAR),
        named(Field.CURRENCY),
        figures,
        tuple(cell.text for cell in cells if isinstance(cell.value, str) and not cell.is_spread),
    )


def _is_header_again(table: Table, row: int, cells: list[Cell]) -> bool:
    """Whether these are headings: the same, as at a page break, or others, which is a problem."""
    found = {heading.field: cell.column for cell in cells if (heading := find_field(cell.value)) is not None}
    if len(found.keys() & KINDS_OF_FIGURES) < FIGURES_MIN:
        return False
    if any(field in table.series and table.series[field].line != column for field, column in found.items()):
        reason = "a second table begins here, with other columns"
        table.problems.append(problem_at(table.name, reason, "put it into a sheet of its own", row=row))
    return True


def _find_stray(grid: Grid, cells: list[Cell], headed: set[int]) -> Cell | None:
    """A number in a column without a heading, which would be lost; in a CSV file, anything beyond the headings."""
    for cell in cells:
        if cell.column in headed or cell.is_spread:
            continue
        is_number = not isinstance(cell.value, str) or take_apart(cell.value) is not None
        if is_number or (grid.is_text and cell.column > max(headed)):
            return cell
    return None


def _stray_problem(grid: Grid, cell: Cell) -> Problem:
    reason = "stands in a column without a heading"
    fix = "put quotes around numbers with commas" if grid.is_text else "name the column, or empty the cell"
    return problem_at(grid.name, reason, fix, row=cell.row, column=cell.column, value=cell.text)
