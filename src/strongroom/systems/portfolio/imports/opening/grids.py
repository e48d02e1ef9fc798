"""A sheet as a grid of cells: the one shape in which workbooks and CSV files are read further."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum

#: of one sheet; a workbook of 500 companies and ten years has 300,000
CELLS_MAX = 1_000_000
#: of one cell's text; a company's name has at most 255
LETTERS_MAX = 300


class Fault(StrEnum):
    """Why a cell has no value to speak of."""

    ERROR = "error"
    NOT_CALCULATED = "not calculated"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with something in it. row, column: from 1.

    value: text is stripped, never empty, and cut after LETTERS_MAX; a number is exact as far as its file is. currency:
    the sign or code its number format shows. is_percent: the format shows it times a hundred. is_spread: it belongs to
    a merged cell whose value stands elsewhere.
    """

    row: int
    column: int
    value: str | Decimal | date | bool
    fault: Fault | None = None
    currency: str | None = None
    is_percent: bool = False
    is_spread: bool = False

    @property
    def text(self) -> str:
        """What a person sees, or nearly."""
        return str(self.value)


@dataclass(frozen=True, slots=True)
class Grid:
    """The cells of one sheet that have something in them. name: the sheet's; of a CSV file, the file's.

    is_text: it knows no numbers, as CSV does not.
    """

    name: str
    cells: Mapping[tuple[int, int], Cell]
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    is_hidden: bool = False
    is_text: bool = False
    _rows: dict[int, list[Cell]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        for position in sorted(self.cells):
            self._rows.setdefault(position[0], []).append(self.cells[position])

    def find(self, row: int, column: int) -> Cell | None:
        """The cell there, None where it is empty."""
        return self.cells.get((row, column))

    def row(self, number: int) -> list[Cell]:
        """The cells of a row, from the left."""
        return self._rows.get(number, [])

    def rows(self) -> Iterator[tuple[int, list[Cell]]]:
        """Every row with something in it, from the top."""
        yield from self._rows.items()
