"""Many rows in few statements: in portions that one statement can hold, and as a table to join with."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import CTE, bindparam, column, values
from sqlalchemy.types import TypeEngine

ItemT = TypeVar("ItemT")

#: rows that one statement takes; a database takes only so many parameters
PORTION = 1000


def portions(items: Iterable[ItemT]) -> Iterator[list[ItemT]]:
    """The items a thousand at a time, read as they are needed."""
    iterator = iter(items)
    while portion := list(islice(iterator, PORTION)):
        yield portion


def given_rows(name: str, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]]) -> CTE:
    """The rows, one or more, as a table of a statement. types: of its columns, by name."""
    table = values(*(column(name, type_) for name, type_ in types.items()), name=name)
    # each with its type, so that a None has one too
    cells = [
        tuple(bindparam(None, cell, type_=type_, unique=True) for cell, type_ in zip(row, types.values(), strict=True))
        for row in rows
    ]
    return table.data(cells).cte(name)
