"""Files as people send them, in memory."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from strongroom.systems.forecasting.imports import Choices, Detected, Prepared, detect_file, prepare_file

#: what the file shows without doubt is right
ACCEPTED = {"accept_detected": True}


def detected(content: bytes | str, name: str = "series.csv", /, **choices: Any) -> Detected:
    return detect_file(stream(content), name, Choices.from_dict(choices))


def prepared(content: bytes | str, name: str = "series.csv", /, **choices: Any) -> Prepared:
    return prepare_file(stream(content), name, Choices.from_dict(ACCEPTED | choices))


def stream(content: bytes | str) -> io.BytesIO:
    return io.BytesIO(content.encode() if isinstance(content, str) else content)


def stored(file: Prepared) -> dict[str, list[tuple[str, str]]]:
    """The points by category: day and value."""
    found: dict[str, list[tuple[str, str]]] = {}
    for point in file.points():
        day, value = f"{point.timestamp:%Y-%m-%d}", f"{point.value:f}".rstrip("0").rstrip(".")
        found.setdefault(point.category.value, []).append((day, value))
    return found


def monthly(count: int = 12, heading: str = "revenue") -> str:
    """A CSV file of so many months from January 2024."""
    lines = [f"{2024 + at // 12}-{at % 12 + 1:02}-01,{100 + at}" for at in range(count)]
    return "\n".join([f"date,{heading}", *lines, ""])


def workbook(rows: Sequence[Sequence[Any]], **more: Sequence[Sequence[Any]]) -> bytes:
    """An .xlsx file of one sheet, or of more."""
    book = Workbook()
    first = book.active
    assert isinstance(first, Worksheet)
    for sheet, content in ((first, rows), *((book.create_sheet(name), other) for name, other in more.items())):
        for row in content:
            sheet.append(list(row))
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parquet(columns: Mapping[str, Any], **options: Any) -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.table(dict(columns)), target, **options)
    return target.getvalue()
