"""How the process that reads a Parquet file tells what is in it: in JSON, which does nothing to its reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

_DECIMAL, _DATE, _MOMENT, _PLAIN = "decimal", "date", "moment", ""
_READERS: Mapping[str, Callable[[str], Any]] = {
    _DECIMAL: Decimal,
    _DATE: date.fromisoformat,
    _MOMENT: datetime.fromisoformat,
}


def write_line(**document: Any) -> bytes:
    """One line."""
    return json.dumps(document).encode() + b"\n"


def read_line(line: bytes) -> dict[str, Any]:
    """What a line says. Raises ValueError when it is none, or was cut off."""
    found = json.loads(line) if line.endswith(b"\n") else None
    if not isinstance(found, dict):
        raise ValueError("no line of ours")
    return found


def pack(cells: Sequence[Any]) -> list[Any]:
    """The cells of a column, which are of one kind, as JSON holds them."""
    first = next((cell for cell in cells if cell is not None), None)
    if isinstance(first, datetime):
        return [_MOMENT, [None if cell is None else cell.isoformat() for cell in cells]]
    if isinstance(first, date):
        return [_DATE, [None if cell is None else cell.isoformat() for cell in cells]]
    if isinstance(first, Decimal):
        return [_DECIMAL, [None if cell is None else str(cell) for cell in cells]]
    return [_PLAIN, list(cells)]


def unpack(column: Sequence[Any]) -> list[Any]:
    """The cells again. Raises ValueError, TypeError or ArithmeticError."""
    kind, cells = column
    if kind == _PLAIN:
        return list(cells)
    read = _READERS[kind]
    return [None if cell is None else read(cell) for cell in cells]
