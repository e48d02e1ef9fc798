"""Bounds what a Parquet file claims, before pyarrow allocates it.

The footer is bounded by the size of the file, each page by its header; encodings that can make gigabytes out of a page
that is small are refused.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, BinaryIO

from strongroom.kernel.files.parquet.limits import ParquetLimits
from strongroom.kernel.files.parquet.pages import HeaderDamaged, Page, read_pages
from strongroom.kernel.files.unreadable import Unreadable

_SMALLER = "write it with smaller row groups, or send a CSV file"
_PLAINLY = "write it with the plain or the dictionary encoding, or send a CSV file"
#: plain, dictionary, run lengths, differences of numbers, split bytes: as large as they are seen to be
_BOUNDED_ENCODINGS = {0, 2, 3, 5, 8, 9}


def damaged() -> Unreadable:
    """The refusal of a file that contradicts itself."""
    return Unreadable("the Parquet file is damaged", "write it again, or send a CSV file")


def too_large(limits: ParquetLimits) -> Unreadable:
    """The refusal of a file that takes more memory than its reader has."""
    return Unreadable(f"reading the file takes more than {limits.memory_bytes // 2**20:,} MB", _SMALLER)


def check_footer(file: BinaryIO, size: int, limits: ParquetLimits) -> None:
    """The footer's length stands before the last four bytes, which say what the file is. Raises Unreadable."""
    if size < 12:
        raise damaged()
    file.seek(size - 8)
    end = file.read(8)
    length = int.from_bytes(end[:4], "little")
    if end[4:] == b"PARE":
        raise Unreadable("the file is encrypted", "write it without encryption")
    if end[4:] != b"PAR1" or length > size - 12:
        raise damaged()
    if length > limits.footer_bytes:
        raise Unreadable(f"the footer of the file is larger than {limits.footer_bytes // 2**20} MB", _SMALLER)


def check_groups(metadata: Any, size: int, limits: ParquetLimits) -> None:
    """Raises Unreadable when the footer claims more than this file could honestly hold, or than is read here."""
    if metadata.num_columns > limits.columns:
        raise Unreadable(f"the file has more than {limits.columns} columns", "send the columns of the series alone")
    if metadata.num_row_groups > limits.groups:
        raise Unreadable(f"the file has more than {limits.groups:,} row groups", "write it with larger ones")
    if metadata.num_rows > limits.rows:
        raise Unreadable(f"the file has more than {limits.rows:,} rows", "send it in parts", row=metadata.num_rows)
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        columns = [group.column(index) for index in range(group.num_columns)]
        unpacked = max(group.total_byte_size, sum(column.total_uncompressed_size for column in columns))
        if unpacked > _bytes_max(size, limits) or group.num_rows > metadata.num_rows:
            raise Unreadable(f"row group {number + 1} claims to hold {unpacked // 2**20:,} MB", _SMALLER)
        if min(group.num_rows, unpacked, *(column.total_compressed_size for column in columns)) < 0:
            raise damaged()
        if sum(column.total_compressed_size for column in columns) > size:
            raise Unreadable(f"row group {number + 1} claims to be larger than the file", _SMALLER)


def check_kinds(schema: Any, names: Collection[str], texts: Collection[str]) -> None:
    """That what is read by these names are the columns that were meant, none of them of lengths of its own.

    texts: those of them that hold text. Raises Unreadable.
    """
    columns = [schema.column(index) for index in range(len(schema))]
    beginnings = tuple(f"{name}." for name in names)
    if any(column.path not in names and column.path.startswith(beginnings) for column in columns):
        raise damaged()
    for column in columns:
        if column.path in names and column.path not in texts and column.physical_type == "BYTE_ARRAY":
            raise Unreadable(f"the column {column.path} has numbers of no fixed length", _PLAINLY)


def check_pages(file: BinaryIO, metadata: Any, size: int, names: Collection[str], limits: ParquetLimits) -> None:
    """Raises Unreadable when the pages of these columns claim more than a row group may hold."""
    pages = 0
    for number in range(metadata.num_row_groups):
        group = metadata.row_group(number)
        unpacked = 0
        for column in (group.column(index) for index in range(group.num_columns)):
            if column.path_in_schema not in names:
                continue
            values = 0
            for page in _pages_of(file, column, size):
                pages += 1
                unpacked += page.unpacked_bytes
                if pages > limits.pages:
                    raise Unreadable(f"the file has more than {limits.pages:,} pages", "write it with larger ones")
                if unpacked > _bytes_max(size, limits):
                    raise Unreadable(f"the pages of row group {number + 1} claim {unpacked // 2**20:,} MB", _SMALLER)
                if page.encoding is not None and page.encoding not in _BOUNDED_ENCODINGS:
                    raise Unreadable(f"the column {column.path_in_schema} is stored by differences of texts", _PLAINLY)
                if page.is_dictionary:
                    _check_dictionary(page, limits)
                else:
                    values += page.values or 0
            if not values == column.num_values == group.num_rows:  # else pyarrow looks for more behind the last page
                raise damaged()


def _check_dictionary(page: Page, limits: ParquetLimits) -> None:
    if page.unpacked_bytes > limits.dictionary_bytes:
        raise Unreadable(f"a dictionary claims to hold {page.unpacked_bytes // 2**20:,} MB", _PLAINLY)
    if (page.values or 0) > page.unpacked_bytes:
        raise damaged()


def _pages_of(file: BinaryIO, column: Any, size: int) -> Iterator[Page]:
    begin = column.data_page_offset
    if column.has_dictionary_page and column.dictionary_page_offset:
        begin = min(begin, column.dictionary_page_offset)
    if begin < 4 or begin + column.total_compressed_size > size:
        raise damaged()
    try:
        yield from read_pages(file, begin, column.total_compressed_size)
    except HeaderDamaged as error:
        raise damaged() from error


def _bytes_max(size: int, limits: ParquetLimits) -> int:
    return min(limits.group_bytes, max(size, 4096) * limits.expansion)
