"""Streams a Parquet file with pyarrow, some thousand rows at a time, once all its claims were seen to be bounded."""

from __future__ import annotations

from collections.abc import Iterator
from io import IOBase
from typing import Any, BinaryIO, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from strongroom.kernel.files.parquet.claims import check_footer, check_groups, check_kinds, check_pages
from strongroom.kernel.files.parquet.limits import ParquetLimits

_BATCH_ROWS, _BATCH_CELLS = 8192, 100_000


class ParquetTable:
    """A Parquet file. names: of its columns; those that are no text, number or moment are left out. rows: how many.

    Raises Unreadable, and for what is damaged whatever pyarrow does.
    """

    def __init__(self, file: BinaryIO, size: int, limits: ParquetLimits) -> None:
        self._file, self._limits = file, limits
        self._texts: list[str] = []
        check_footer(file, size, limits)
        parquet = self._open()
        check_groups(parquet.metadata, size, limits)
        fields = [field for field in parquet.schema_arrow if _is_plain(field.type)]
        self.names = [field.name for field in fields]
        self._texts = [field.name for field in fields if _is_text(field.type)]
        self.rows = parquet.metadata.num_rows
        check_kinds(parquet.schema, self.names, self._texts)
        check_pages(file, parquet.metadata, size, self.names, limits)

    def batches(self) -> Iterator[list[list[Any]]]:
        """The cells by column, some rows at a time."""
        rows = max(1, min(_BATCH_ROWS, _BATCH_CELLS // max(1, len(self.names))))
        for batch in self._open().iter_batches(rows, columns=self.names, use_threads=False):
            yield [self._cells(column) for column in batch.columns]

    def _open(self) -> pq.ParquetFile:
        self._file.seek(0)
        return pq.ParquetFile(
            pa.PythonFile(cast("IOBase", self._file), mode="r"),
            memory_map=False,
            pre_buffer=False,
            read_dictionary=self._texts,  # else one long text may be repeated in each row
            buffer_size=64 * 1024,
            thrift_string_size_limit=1_000_000,
            thrift_container_size_limit=1_000_000,
        )

    def _cells(self, column: Any) -> list[Any]:
        if pa.types.is_dictionary(column.type):
            if _is_text(column.type):
                return self._words(column)
            column = column.dictionary_decode()
        if pa.types.is_timestamp(column.type):
            column = pc.cast(column, pa.timestamp("us", column.type.tz), safe=False)
        return list(column.to_pylist())

    def _words(self, column: Any) -> list[str | None]:
        """Each text is cut and made a string once, however often it is there."""
        used = pc.unique(column.indices.drop_null())
        found = pc.utf8_slice_codeunits(pc.utf8_trim_whitespace(column.dictionary.take(used)), 0, self._limits.letters)
        words = dict(zip(used.to_pylist(), found.to_pylist(), strict=True))
        return [None if index is None else words[index] for index in column.indices.to_pylist()]


def _is_text(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_plain(kind: Any) -> bool:
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    kinds = (
        pa.types.is_integer,
        pa.types.is_floating,
        pa.types.is_decimal,
        pa.types.is_date,
        pa.types.is_timestamp,
        pa.types.is_boolean,
    )
    return _is_text(kind) or any(is_kind(kind) for is_kind in kinds)
