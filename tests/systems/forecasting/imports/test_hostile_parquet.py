"""Claims about Parquet files that lie, swell or kill: they are refused, or read, elsewhere and in little memory."""

from __future__ import annotations

import gc
import io
import random
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import psutil
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from strongroom.kernel.files import Unreadable
from strongroom.kernel.files.parquet import ParquetApart, ParquetLimits
from strongroom.kernel.files.parquet.table import ParquetTable
from strongroom.systems.forecasting.imports.sources.columnar import ColumnarSource
from tests.systems.forecasting.imports.sending import parquet
from tests.systems.forecasting.imports.test_hostile_uploads import claiming, varint

MB = 1024 * 1024
MOST = 2**31 - 1
COUNT = 5000
NUMBERS = [at * 0.25 for at in range(COUNT)]
TEXTS = [f"2024-01-{at % 28 + 1:02}" for at in range(COUNT)]


LIMITS = ParquetLimits(rows=3_000_000, columns=200, letters=500)
#: reads a file from its input as the process that reads files does, and tells the most that pyarrow allocated
PROGRAM = """
import io, sys
import pyarrow as pa
from strongroom.kernel.files import Unreadable
from strongroom.kernel.files.parquet import ParquetLimits
from strongroom.kernel.files.parquet.table import ParquetTable
content = sys.stdin.buffer.read()
try:
    table = ParquetTable(io.BytesIO(content), len(content), ParquetLimits(rows=3_000_000, columns=200, letters=500))
    told = sum(len(batch[0]) for batch in table.batches())
except Unreadable as refused:
    told = refused.reason
print(pa.default_memory_pool().max_memory(), told)
"""


def cost(content: bytes) -> tuple[str, float]:
    """The rows of the file, or why it is refused; and the most that pyarrow allocates, in MB."""
    process = subprocess.run([sys.executable, "-c", PROGRAM], input=content, capture_output=True, check=True)
    most, _, told = process.stdout.decode().strip().partition(" ")
    return told, int(most) / MB


def read(content: bytes) -> int:
    return sum(1 for _ in ColumnarSource(io.BytesIO(content)).rows())


def reason(content: bytes) -> str:
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.fix
    return refused.value.reason


def lying(content: bytes, field: str, claimed: int) -> bytes:
    """The same with another number in the first header of a page of the last column."""
    group = pq.ParquetFile(io.BytesIO(content)).metadata.row_group(0)
    last = group.column(group.num_columns - 1)
    begin = min(offset for offset in (last.dictionary_page_offset, last.data_page_offset) if offset)
    end = begin + last.total_compressed_size
    assert content[begin : begin + 1] == b"\x15"  # the type, a byte; then unpacked, packed and, in a struct, the count
    at, numbers = begin + 2, []
    for _ in range(3):
        at = content.index(b"\x15", at)
        stop = next(place for place in range(at + 1, at + 12) if content[place] < 128) + 1
        numbers.append((at + 1, stop))
        at = stop
    start, stop = numbers[("unpacked", "packed", "count").index(field)]
    told = content[:start] + varint(claimed) + content[stop:]
    longer = len(told) - len(content)
    return claiming(told, end - begin, end - begin + longer) if longer else told


def test_what_honest_programs_write_is_read() -> None:
    columns: dict[str, Any] = {"date": TEXTS, "note": pa.array(TEXTS).dictionary_encode(), "revenue": NUMBERS}
    for options in (
        {},
        {"compression": "gzip"},
        {"compression": "none", "use_dictionary": False},
        {"data_page_version": "2.0", "data_page_size": 500},
        {"compression": "zstd", "row_group_size": 700, "write_page_checksum": True},
        {"use_dictionary": False, "column_encoding": {"revenue": "BYTE_STREAM_SPLIT"}},
    ):
        assert read(parquet(columns, **options)) == COUNT
    whole = {"date": TEXTS, "revenue": pa.array(range(COUNT), pa.int64())}
    assert read(parquet(whole, use_dictionary=False, column_encoding={"revenue": "DELTA_BINARY_PACKED"})) == COUNT


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}, {"data_page_version": "2.0"}])
def test_a_page_that_claims_two_gigabytes_is_refused_before_they_are_allocated(options: dict[str, Any]) -> None:
    told, most = cost(lying(parquet({"date": TEXTS, "revenue": NUMBERS}, **options), "unpacked", MOST))
    assert told == "the pages of row group 1 claim 2,048 MB"
    assert most < 4


def test_pyarrow_by_itself_would_allocate_what_a_page_claims() -> None:
    claimed = 300 * MB + (pa.default_memory_pool().max_memory() or 0)
    with pytest.raises((OSError, pa.ArrowException)):
        pq.ParquetFile(io.BytesIO(lying(parquet({"date": TEXTS, "revenue": NUMBERS}), "unpacked", claimed))).read()
    assert (pa.default_memory_pool().max_memory() or 0) >= claimed


@pytest.mark.parametrize(
    ("field", "claimed", "refusal"),
    [("unpacked", 20 * MB, "a dictionary claims to hold 20 MB"), ("count", MOST, "the Parquet file is damaged")],
)
def test_a_dictionary_is_bounded_by_its_bytes(field: str, claimed: int, refusal: str) -> None:
    told, most = cost(lying(parquet({"date": TEXTS, "revenue": NUMBERS}), field, claimed))
    assert (told, most < 4) == (refusal, True)


@pytest.mark.parametrize(("field", "claimed"), [("packed", MOST), ("packed", 1), ("count", 7), ("unpacked", 0)])
def test_a_header_that_contradicts_the_file_is_refused(field: str, claimed: int) -> None:
    liar = lying(parquet({"date": TEXTS, "revenue": NUMBERS}, use_dictionary=False), field, claimed)
    assert reason(liar) == "the Parquet file is damaged"


def test_a_long_text_that_every_row_repeats_is_cut_once() -> None:
    note = pa.DictionaryArray.from_arrays(pa.array([0] * 50_000, pa.int32()), ["x" * 300_000])
    content = parquet({"date": ["2024-01-01"] * 50_000, "note": note})
    assert len(content) < 30_000
    rows = ColumnarSource(io.BytesIO(content)).rows()
    assert {row.cells[1] for row in rows} == {"x" * 500}
    told, most = cost(content)
    assert (told, most < 32) == ("50000", True)


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_encodings_of_texts_that_swell_are_refused(encoding: str) -> None:
    content = parquet({"date": TEXTS, "revenue": NUMBERS}, use_dictionary=False, column_encoding={"date": encoding})
    assert reason(content) == "the column date is stored by differences of texts"


def test_pages_without_number_are_refused() -> None:
    content = parquet({"date": TEXTS, "revenue": NUMBERS}, data_page_size=64, write_batch_size=16, use_dictionary=False)
    with pytest.raises(Unreadable, match="more than 10 pages"):
        ParquetTable(io.BytesIO(content), len(content), replace(LIMITS, pages=10))


def test_a_column_behind_the_name_of_another_is_not_read_by_accident() -> None:
    inner = pa.array([{"x": "y"}] * COUNT)
    table = pa.Table.from_arrays([pa.array(TEXTS), pa.array(NUMBERS), inner], names=["date", "revenue", "date"])
    target = io.BytesIO()
    pq.write_table(table, target)
    assert reason(target.getvalue()) == "the Parquet file is damaged"


def test_text_that_is_none_is_refused() -> None:
    broken = pa.array([b"\xff\xfe"] * 3).cast(pa.string(), safe=False)
    assert reason(parquet({"date": broken, "revenue": [1, 2, 3]})) == "the Parquet file is damaged"


def test_a_file_that_ends_the_process_of_pyarrow_is_refused() -> None:
    content = parquet({"date": TEXTS, "revenue": NUMBERS})
    # the column is said to have a value in each row, against what its statistics say
    killer = content.replace(b"\x15\x0c\x25\x02\x18\x04date", b"\x15\x0c\x25\x00\x18\x04date")
    assert killer != content
    assert reason(killer) == "the Parquet file is damaged"


def test_what_reads_a_file_may_not_take_more_memory_than_it_is_given() -> None:
    content = parquet({"date": [f"{'x' * 400} {at}" for at in range(COUNT)], "revenue": NUMBERS}, use_dictionary=False)
    assert read(content) == COUNT
    with pytest.raises(Unreadable, match="takes more than 1 MB"):
        list(ParquetApart(io.BytesIO(content), replace(LIMITS, memory_bytes=MB)).cells())


def test_a_file_is_read_twice_at_once_and_left_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "series.parquet"
    path.write_bytes(parquet({"date": TEXTS, "revenue": NUMBERS}))
    with path.open("rb") as file:
        file.seek(7)
        source = ColumnarSource(file)
        one, other = source.rows(), source.rows()
        pairs = list(zip(one, other, strict=True))
        assert file.tell() == 7
    assert len(pairs) == COUNT
    assert all(first == second for first, second in pairs)
    assert pairs[5][0].cells == [TEXTS[5], NUMBERS[5]]


def test_nobody_reads_on_when_nobody_listens() -> None:
    table = ParquetApart(io.BytesIO(parquet({"date": TEXTS, "revenue": NUMBERS})), LIMITS)
    rows = table.cells()
    next(rows)
    del table, rows
    gc.collect()
    readers = [
        child for child in psutil.Process().children() if "strongroom.kernel.files.parquet.child" in _line(child)
    ]
    assert readers == []


def test_what_reads_a_file_knows_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    table = ParquetApart(io.BytesIO(parquet({"date": TEXTS * 20, "revenue": NUMBERS * 20})), LIMITS)
    (reader,) = (child for child in psutil.Process().children() if "files.parquet.child" in _line(child))
    assert "DATABASE_URL" not in reader.environ()
    assert table.rows == 20 * COUNT


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def test_kinds_of_cells_come_as_they_were() -> None:
    moment = datetime(2024, 1, 31, 23, 59, 59, 123456, tzinfo=UTC)
    columns: dict[str, Any] = {
        "date": [date(2024, 1, 31), None],
        "revenue": pa.array([Decimal("-1.2500"), None], pa.decimal128(12, 4)),
        "moment": pa.array([moment, None], pa.timestamp("ns", "UTC")),
        "flag": [True, None],
        "rate": [float("inf"), 0.1],
        "count": [2**63 - 1, -1],
        "text": ["  a b ", "   "],
    }
    (first, second) = ColumnarSource(io.BytesIO(parquet(columns))).rows()
    assert first.cells == [date(2024, 1, 31), Decimal("-1.2500"), moment, True, float("inf"), 2**63 - 1, "a b"]
    assert second.cells == [None, None, None, None, 0.1, -1, None]


def test_whatever_byte_is_changed_the_file_is_read_or_refused() -> None:
    content = parquet({"date": TEXTS[:300], "revenue": NUMBERS[:300]})
    chance = random.Random(20261121)
    outcomes: set[str] = set()
    for _ in range(24):
        changed = bytearray(content)
        changed[chance.randrange(4, len(content) - 8)] = chance.randrange(256)
        try:
            outcomes.add(f"{read(bytes(changed))} rows")
        except Unreadable as refused:
            outcomes.add(refused.reason)
    assert {"300 rows", "the Parquet file is damaged"} <= outcomes
