"""Finds the tables in a sheet: where the headings are, and whether a quarter is a row or a column."""

from __future__ import annotations

from strongroom.systems.portfolio.imports.layouts.sideways import read_sideways
from strongroom.systems.portfolio.imports.layouts.tables import FIGURES_MIN, Table
from strongroom.systems.portfolio.imports.layouts.upright import read_upright
from strongroom.systems.portfolio.imports.opening.grids import Grid
from strongroom.systems.portfolio.imports.wording.headings import KINDS_OF_FIGURES, Field, find_field

#: headings stand among the first rows, labels among the first columns
HEADER_ROWS_MAX = 60
LABEL_COLUMNS_MAX = 12


def find_tables(grid: Grid) -> list[Table]:
    """The table of a sheet, or one for each company where quarters are columns; none where there are no figures."""
    header_row, kinds_across = _best(grid, by_row=True)
    label_column, kinds_down = _best(grid, by_row=False)
    if max(kinds_across, kinds_down) < FIGURES_MIN:
        return []
    return [read_upright(grid, header_row)] if kinds_across >= kinds_down else read_sideways(grid, label_column)


def _best(grid: Grid, *, by_row: bool) -> tuple[int, int]:
    """The first row, or column, with the most kinds of figures among its texts, and how many."""
    kinds: dict[int, set[Field]] = {}
    for (row, column), cell in grid.cells.items():
        line = row if by_row else column
        if cell.is_spread or line > (HEADER_ROWS_MAX if by_row else LABEL_COLUMNS_MAX):
            continue
        heading = find_field(cell.value)
        if heading is not None and heading.field in KINDS_OF_FIGURES:
            kinds.setdefault(line, set()).add(heading.field)
    best = min(kinds, key=lambda line: (-len(kinds[line]), line), default=0)
    return best, len(kinds.get(best, ()))
