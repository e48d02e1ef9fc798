"""What a Parquet file of a stranger may claim, and what reading it may take."""

from __future__ import annotations

from dataclasses import dataclass

_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ParquetLimits:
    """rows, columns: of the file. letters: of one text, of which no more are read.

    group_bytes: of one row group, unpacked. expansion: of the file, unpacked, for each byte of it; runs of one value
    shrink far more than numbers do. groups, pages: how many. dictionary_bytes: of one, unpacked.
    memory_bytes, cpu_s: of the process that reads it.
    """

    rows: int
    columns: int
    letters: int
    group_bytes: int = 256 * _MB
    expansion: int = 1000
    groups: int = 10_000
    pages: int = 100_000
    dictionary_bytes: int = 16 * _MB
    footer_bytes: int = 16 * _MB
    memory_bytes: int = 1024 * _MB
    cpu_s: int = 600
