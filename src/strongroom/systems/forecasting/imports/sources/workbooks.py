"""Streams one sheet of a workbook with openpyxl, after making sure that the archive is small, plain and without macros.

Values are the ones Excel calculated last; nothing is calculated here.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, BinaryIO

from openpyxl import load_workbook

from strongroom.kernel.files import Unreadable
from strongroom.kernel.files.archives import WorkbookLimits, check_workbook, damaged_workbook
from strongroom.systems.forecasting.imports.sources.tables import (
    COLUMNS_MAX,
    LETTERS_MAX,
    Cell,
    Row,
    SheetsToChoose,
    check_count,
    check_header,
    no_rows,
)

LIMITS = WorkbookLimits(
    unpacked_bytes=256 * 1024 * 1024, cells=5_000_000, text_bytes=16 * 1024 * 1024, smaller="send it as CSV or in parts"
)
#: what stands for a formula that was never calculated
NOT_CALCULATED = "#NOT CALCULATED"


class WorkbookSource:
    """A sheet of a workbook: the one told, or the only visible one."""

    kind = "xlsx"

    def __init__(self, file: BinaryIO, size: int, sheet: str | None = None) -> None:
        self._file = file
        self._has_formulas = check_workbook(file, size, LIMITS)
        self._sheet = self._choose(sheet)
        rows = self._rows()
        header = next((row for row in rows if sum(cell is not None for cell in row.cells) > 1), None)
        if header is None:
            raise Unreadable(f"the sheet {self._sheet} holds no table", "send the sheet with the values in it")
        self._header_line = header.line
        self.columns = check_header(header.cells, header.line)
        if next(rows, None) is None:
            raise no_rows()

    @property
    def facts(self) -> Mapping[str, str]:
        """The sheet's name."""
        return {"sheet": self._sheet}

    def rows(self) -> Iterator[Row]:
        """Every row below the header that has something in it. Raises Unreadable."""
        return (row for row in self._rows() if row.line > self._header_line)

    def _choose(self, told: str | None) -> str:
        with self._opened() as workbook:
            names = [sheet.title for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
            every = [sheet.title for sheet in workbook.worksheets]
        if told is not None and told not in every:
            raise Unreadable(f"the workbook has no sheet called {told}", f"name one of {', '.join(every)}")
        if told is None and len(names) != 1:
            raise SheetsToChoose(names or every)
        return told or names[0]

    def _rows(self) -> Iterator[Row]:
        with self._opened() as workbook:
            values = _stored_rows(workbook[self._sheet])
            if not self._has_formulas:
                yield from self._counted(values)
                return
            with self._opened(formulas=True) as twin:
                yield from self._counted(_with_faults(values, _stored_rows(twin[self._sheet])))

    def _counted(self, rows: Iterator[tuple[Any, ...]]) -> Iterator[Row]:
        count = 0
        for line, values in enumerate(rows, 1):
            cells = [_cell(value) for value in values]
            while cells and cells[-1] is None:
                cells.pop()
            if not cells:
                continue
            count += 1
            check_count(count)
            if len(cells) > COLUMNS_MAX:
                raise Unreadable(f"the sheet has more than {COLUMNS_MAX} columns", LIMITS.smaller, row=line)
            yield Row(line, cells)

    def _opened(self, *, formulas: bool = False) -> _Opened:
        return _Opened(self._file, formulas)


class _Opened:
    """The workbook, open while the block lasts; whatever breaks within is a damaged workbook."""

    def __init__(self, file: BinaryIO, formulas: bool) -> None:
        self._file = file
        self._formulas = formulas

    def __enter__(self) -> Any:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl warns of decorations that it does not keep
            try:
                self._workbook = load_workbook(
                    self._file, read_only=True, data_only=not self._formulas, keep_links=False
                )
            except Exception as error:  # whatever the broken part led to: KeyError, TypeError, ParseError …
                raise damaged_workbook() from error
        return self._workbook

    def __exit__(self, kind: Any, error: BaseException | None, traceback: Any) -> None:
        self._workbook.close()


def _stored_rows(sheet: Any) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()  # what a sheet says of its size may be wrong, and padded to
    rows = sheet.iter_rows(values_only=True)
    while True:
        try:
            row = next(rows, None)
        except Exception as error:
            raise damaged_workbook() from error
        if row is None:
            return
        yield row


def _with_faults(values: Iterator[tuple[Any, ...]], formulas: Iterator[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """The values; where a formula has none, that is said: beside values alone it would look empty."""
    for row, twin in zip_longest(values, formulas, fillvalue=()):
        yield tuple(
            NOT_CALCULATED if value is None and _is_formula(formula) else value
            for value, formula in zip_longest(row, twin)
        )


def _is_formula(cell: Any) -> bool:
    return (isinstance(cell, str) and cell.startswith("=")) or hasattr(cell, "ref")


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        return value.strip()[:LETTERS_MAX] or None
    if value is None or isinstance(value, bool | int | float | datetime | date):
        return value
    if isinstance(value, time | timedelta):
        return str(value)
    return str(value)[:LETTERS_MAX]
