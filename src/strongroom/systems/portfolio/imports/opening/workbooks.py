"""Reads workbooks with openpyxl, after making sure that the archive is small, plain and without macros.

Values are the ones Excel calculated last; nothing is calculated here. A formula that has no such value is a fault.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook
from openpyxl.cell.cell import Cell as OpenpyxlCell
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.kernel.files.archives import WorkbookLimits, check_workbook, damaged_workbook
from strongroom.kernel.files.numbers import SIGNS
from strongroom.kernel.files.unreadable import Unreadable
from strongroom.kernel.values import is_currency
from strongroom.systems.portfolio.imports.opening.grids import CELLS_MAX, LETTERS_MAX, Cell, Fault, Grid

#: of all parts together, unpacked; a workbook of 300,000 figures is 12 MB
UNPACKED_BYTES_MAX = 48 * 1024 * 1024

_SMALLER = "send fewer quarters at once"
_QUOTED = re.compile(r"\\.|_.|\*.")
_FORMAT_CURRENCY = re.compile(r"\[\$([^\]\-]+)(?:-[0-9A-Fa-f]+)?\]|\"([^\"]{1,4})\"|([$€£¥])")


def read_workbook(content: bytes) -> Sequence[Grid]:
    """Every worksheet, in order, hidden ones included. Raises Unreadable."""
    limits = WorkbookLimits(UNPACKED_BYTES_MAX, CELLS_MAX, smaller=_SMALLER)
    has_formulas = check_workbook(io.BytesIO(content), len(content), limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it does not keep
            formulas = _formulas(content) if has_formulas else {}
            values = load_workbook(io.BytesIO(content), data_only=True, keep_links=False)
            return [_grid(sheet, formulas.get(sheet.title, {})) for sheet in values.worksheets]
    except Unreadable:
        raise
    except Exception as error:  # openpyxl raises whatever the broken part led to: KeyError, TypeError, ParseError …
        raise damaged_workbook() from error


def _formulas(content: bytes) -> dict[str, dict[tuple[int, int], str]]:
    """Where formulas stand, by sheet and position: beside values alone, an uncalculated one looks like nothing."""
    workbook = load_workbook(io.BytesIO(content), keep_links=False)
    return {
        sheet.title: {
            (cell.row, cell.column): str(getattr(cell.value, "text", cell.value))
            for cell in _stored_cells(sheet)
            if cell.data_type == "f"
        }
        for sheet in workbook.worksheets
    }


def _grid(sheet: Worksheet, formulas: dict[tuple[int, int], str]) -> Grid:
    cells = {(cell.row, cell.column): cell for cell in _cells(sheet, formulas)}
    for area in sheet.merged_cells.ranges:
        first = cells.get((area.min_row, area.min_col))
        if first is None:
            continue
        for row in range(area.min_row, min(area.max_row, sheet.max_row) + 1):
            for column in range(area.min_col, min(area.max_col, sheet.max_column) + 1):
                spread = Cell(row, column, first.value, first.fault, first.currency, first.is_percent, is_spread=True)
                cells.setdefault((row, column), spread)
            _check_count(len(cells))
    return Grid(
        sheet.title,
        cells,
        frozenset(number for number, row in sheet.row_dimensions.items() if row.hidden),
        frozenset(_hidden_columns(sheet)),
        sheet.sheet_state != "visible",
    )


def _check_count(cells: int) -> None:
    if cells > CELLS_MAX:
        raise Unreadable(f"the workbook has more than {CELLS_MAX:,} cells", _SMALLER)


def _cells(sheet: Worksheet, formulas: dict[tuple[int, int], str]) -> Iterator[Cell]:
    for cell in _stored_cells(sheet):
        position = cell.row, cell.column
        if cell.data_type == "e":
            yield Cell(*position, str(cell.value), Fault.ERROR)
        elif cell.value is None and cell.data_type == "n" and position in formulas:
            yield Cell(*position, formulas[position], Fault.NOT_CALCULATED)
        elif (value := _value(cell.value)) is not None:
            shown = cell.number_format if isinstance(value, Decimal) else ""
            yield Cell(*position, value, currency=_currency(shown), is_percent="%" in _QUOTED.sub("", shown))


def _stored_cells(sheet: Worksheet) -> list[OpenpyxlCell]:
    """The cells that the file has. Walking over rows and columns would make all those between them, too."""
    return [cell for cell in sheet._cells.values() if isinstance(cell, OpenpyxlCell)]


def _value(value: Any) -> str | Decimal | date | bool | None:
    """What openpyxl read, as a grid has it. A number is taken by its shortest digits: Excel keeps fifteen."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return Decimal(repr(value))
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ")
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)[:LETTERS_MAX].strip() or None  # before it is copied: many cells may share one long text


def _currency(shown: str) -> str | None:
    """The sign or code that a number format puts beside the number."""
    match = _FORMAT_CURRENCY.search(shown)
    sign = next((part.strip() for part in match.groups() if part), None) if match else None
    return sign if sign in SIGNS or (sign and is_currency(sign)) else None


def _hidden_columns(sheet: Worksheet) -> Iterator[int]:
    for dimension in sheet.column_dimensions.values():
        if dimension.hidden and dimension.min is not None and dimension.max is not None:
            yield from range(dimension.min, min(dimension.max, sheet.max_column) + 1)
