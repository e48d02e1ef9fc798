"""Streams Parquet with pyarrow, a few thousand rows at a time, after its footer was seen to claim nothing absurd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import IOBase
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from strongroom.kernel.files import Unreadable
from strongroom.systems.forecasting.imports.sources.tables import (
    COLUMNS_MAX,
    LETTERS_MAX,
    Row,
    check_count,
    check_header,
    no_rows,
)

#: of one row group, unpacked, as the footer claims
GROUP_BYTES_MAX = 256 * 1024 * 1024
#: of the file, unpacked, for each byte of it; runs of one value shrink far more than numbers do
EXPANSION_MAX = 1000

_GROUPS_MAX = 10_000
_FOOTER_BYTES_MAX = 16 * 1024 * 1024
_BATCH_ROWS = 8192
_SMALLER = "write it with smaller row groups, or send a CSV file"


class ColumnarSource:
    """A Parquet file. Columns that are no text, number or moment are left out."""

    kind = "parquet"
    facts: Mapping[str, str] = {}

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        _check_footer(file, size)
        parquet = self._open()
        check_claims(parquet.metadata, size)
        fields = [field for field in parquet.schema_arrow if _is_plain(field.type)]
        self._names = [field.name for field in fields]
        self.columns = check_header(self._names, 1)

    def rows(self) -> Iterator[Row]:
        """Every row that has something in it. Raises Unreadable."""
        line = 0
        batches = self._open().iter_batches(_BATCH_ROWS, columns=self._names, use_threads=False)
        while (batch := _next(batches)) is not None:
            for cells in zip(*(_cells(column) for column in batch.columns), strict=True):
                line += 1
                check_count(line)
                if any(cell is not None for cell in cells):
                    yield Row(line, cells)

    def _open(self) -> pq.ParquetFile:
        self._file.seek(0)
        try:
            return pq.ParquetFile(
                pa.PythonFile(cast("IOBase", self._file), mode="r"),
                memory_map=False,
                pre_buffer=False,
                buffer_size=_BATCH_ROWS * 8,
                thrift_string_size_limit=1_000_000,
                thrift_container_size_limit=1_000_000,
            )
        except (pa.ArrowException, OSError, ValueError) as error:
            raise _damaged() from error


def check_claims(metadata: Any, size: int) -> None:
    """Raises Unreadable when the footer claims more than this file could honestly hold, or than is read here."""
    if metadata.num_columns > COLUMNS_MAX:
        raise Unreadable(f"the file has more than {COLUMNS_MAX} columns", "send the columns of the series alone")
    if metadata.num_row_groups > _GROUPS_MAX:
        raise Unreadable(f"the file has more than {_GROUPS_MAX:,} row groups", "write it with larger ones")
    check_count(metadata.num_rows)
    if metadata.num_rows == 0:
        raise no_rows()
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = [group.column(index) for index in range(group.num_columns)]
        unpacked = max(group.total_byte_size, sum(column.total_uncompressed_size for column in columns))
        if unpacked > min(GROUP_BYTES_MAX, max(size, 4096) * EXPANSION_MAX) or group.num_rows > metadata.num_rows:
            raise Unreadable(f"row group {number + 1} claims to hold {unpacked // 2**20:,} MB", _SMALLER)
        if min(group.num_rows, unpacked, *(column.total_compressed_size for column in columns)) < 0:
            raise _damaged()
        if sum(column.total_compressed_size for column in columns) > size:
            raise Unreadable(f"row group {number + 1} claims to be larger than the file", _SMALLER)


def _check_footer(file: BinaryIO, size: int) -> None:
    """The footer's length stands before the last four bytes, which say what the file is."""
    if size < 12:
        raise _damaged()
    file.seek(size - 8)
    end = file.read(8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] == b"PARE":
        raise Unreadable("the file is encrypted", "write it without encryption")
    if end[4:] != b"PAR1" or length > size - 12:
        raise _damaged()
    if length > _FOOTER_BYTES_MAX:
        raise Unreadable("the footer of the file is larger than 16 MB", _SMALLER)


def _next(batches: Iterator[Any]) -> Any:
    try:
        return next(batches, None)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged() from error


def _cells(column: Any) -> list[Any]:
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        column = pc.cast(column, pa.timestamp("us", column.type.tz), safe=False)
    cells = column.to_pylist()
    if pa.types.is_string(column.type) or pa.types.is_large_string(column.type):
        return [None if cell is None else cell.strip()[:LETTERS_MAX] or None for cell in cells]
    return list(cells)


def _is_plain(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    kinds = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_string,
        pa.types.is_large_string,
        pa.types.is_boolean,
    )
    return any(is_kind(kind) for is_kind in kinds)


def _damaged() -> Unreadable:
    return Unreadable("the Parquet file is damaged", "write it again, or send a CSV file")
