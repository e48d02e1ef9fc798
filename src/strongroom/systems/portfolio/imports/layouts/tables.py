"""What a sheet holds once its layout is known: entries, one for each company and quarter, and the figures of each."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from strongroom.systems.portfolio.imports.opening.grids import Cell, Grid
from strongroom.systems.portfolio.imports.problems import Problem
from strongroom.systems.portfolio.imports.wording.headings import Field, Heading, Unit, find_field, find_table_unit
from strongroom.systems.portfolio.imports.wording.periods import is_period

#: so many different figures make a table; fewer are a coincidence
FIGURES_MIN = 3


@dataclass(frozen=True, slots=True)
class Series:
    """The figures of one kind, which somebody wrote in one column or line. header: its words; line: its number."""

    heading: Heading
    header: str
    line: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What one row says, or one column of a table on its side. row, column: where it stands; one of them is None.

    company, period: the cells that name them; None if the table says it once, for all. year: a cell that goes with a
    period of which only the quarter is said.
    """

    row: int | None
    column: int | None
    company: Cell | None
    period: Cell | None
    year: Cell | None
    currency: Cell | None
    figures: Mapping[Field, Cell]
    texts: Sequence[str] = ()


@dataclass(slots=True)
class Table:
    """One sheet's table. company, period: what it says once, above the table or as the sheet's name.

    headers: what stands above the columns (or before the lines) of company, period, year and currency.
    """

    grid: Grid
    is_transposed: bool
    series: dict[Field, Series]
    headers: dict[Field, Series]
    entries: list[Entry] = dataclasses.field(default_factory=list)
    company: str | None = None
    period: Cell | None = None
    unit: Unit = dataclasses.field(default_factory=Unit)
    problems: list[Problem] = dataclasses.field(default_factory=list)
    notices: list[str] = dataclasses.field(default_factory=list)

    @property
    def name(self) -> str:
        """The sheet's."""
        return self.grid.name

    def place_of(self, entry: Entry, field: Field) -> tuple[int | None, int | None, str]:
        """Row, column and header of an entry's cell for the field, whether the cell is there or not."""
        series = self.series.get(field) or self.headers.get(field)
        line, header = (series.line, series.header) if series else (None, "")
        return (line, entry.column, header) if self.is_transposed else (entry.row, line, header)


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands above a table."""

    company: str | None
    period: Cell | None
    units: tuple[Unit, ...]

    @property
    def unit(self) -> Unit:
        """What all lines together say; None where they contradict each other."""
        currencies = {unit.currency for unit in self.units if unit.currency}
        scales = {unit.scale for unit in self.units if unit.scale}
        return Unit(
            next(iter(currencies)) if len(currencies) == 1 else None, next(iter(scales)) if len(scales) == 1 else None
        )

    @property
    def contradicts_itself(self) -> bool:
        """Whether two lines give different scales, or different currencies."""
        scales = {unit.scale for unit in self.units if unit.scale}
        return len(scales) > 1 or len({unit.currency for unit in self.units if unit.currency}) > 1


def read_preamble(grid: Grid, header_row: int) -> Preamble:
    """Read the rows above the header."""

    company, period, units = None, None, []
    for number, cells in grid.rows():
        if number >= header_row:
            break
        own = [cell for cell in cells if not cell.is_spread]
        text = " ".join(cell.text for cell in own)
        units.append(find_table_unit(text))
        label, _, rest = text.partition(":")
        if rest.strip() and (found := find_field(label)) and found.field is Field.COMPANY:
            company = rest.strip()
        elif len(own) == 2 and (found := find_field(own[0].text)) and found.field is Field.COMPANY:
            company = own[1].text
        period = next((cell for cell in own if is_period(cell.value)), period)
    return Preamble(company, period, tuple(units))
