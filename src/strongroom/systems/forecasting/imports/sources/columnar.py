"""Streams Parquet out of a process of its own, in which a file that was built to do harm may do it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import BinaryIO

from strongroom.kernel.files.parquet import ParquetApart, ParquetLimits
from strongroom.systems.forecasting.imports.sources import tables
from strongroom.systems.forecasting.imports.sources.tables import Row, check_count, check_header, no_rows

#: of one row group, unpacked
GROUP_BYTES_MAX = 256 * 1024 * 1024


class ColumnarSource:
    """A Parquet file. Columns that are no text, number or moment are left out."""

    kind = "parquet"
    facts: Mapping[str, str] = {}

    def __init__(self, file: BinaryIO) -> None:
        limits = ParquetLimits(
            rows=tables.ROWS_MAX, columns=tables.COLUMNS_MAX, letters=tables.LETTERS_MAX, group_bytes=GROUP_BYTES_MAX
        )
        self._table = ParquetApart(file, limits)
        if not self._table.rows:
            raise no_rows()
        self.columns = check_header(self._table.names, 1)

    def rows(self) -> Iterator[Row]:
        """Every row that has something in it. Raises Unreadable."""
        for line, found in enumerate(self._table.cells(), 1):
            check_count(line)
            cells = [cell.strip() or None if isinstance(cell, str) else cell for cell in found]
            if any(cell is not None for cell in cells):
                yield Row(line, cells)
