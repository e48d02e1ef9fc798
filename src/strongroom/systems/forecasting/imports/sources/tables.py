"""What every kind of file is read as: a header, then rows that can be gone through again and again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol

from strongroom.kernel.files import Unreadable

#: of the file as it is sent
FILE_BYTES_MAX = 200 * 1024 * 1024
COLUMNS_MAX = 200
#: in one file; they are held in memory, a hundred bytes each
ROWS_MAX = 3_000_000
#: of one cell's text
LETTERS_MAX = 500

Cell = str | int | float | bool | Decimal | date | None


class Row(NamedTuple):
    """line: as the file counts, from 1. cells: as many as the file has, which may not be one for each column."""

    line: int
    cells: Sequence[Cell]


class Source(Protocol):
    """A file that was opened. facts: how it is read, such as its encoding; sheets: the tables it has, if several."""

    @property
    def kind(self) -> str: ...
    @property
    def columns(self) -> tuple[str, ...]: ...
    @property
    def facts(self) -> Mapping[str, str]: ...
    def rows(self) -> Iterator[Row]:
        """Every row below the header that has something in it. Raises Unreadable."""
        ...


class SheetsToChoose(Unreadable):
    """The workbook has several sheets and nobody said which one is meant."""

    def __init__(self, sheets: list[str]) -> None:
        super().__init__("the workbook has several sheets", f"name one of {', '.join(sheets)}")
        self.sheets = sheets


def check_header(cells: Sequence[Cell], line: int) -> tuple[str, ...]:
    """The names of the columns. Raises Unreadable for too many, for the same twice, and where values stand."""
    names = [" ".join(str("" if cell is None else cell).split())[:LETTERS_MAX] for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > COLUMNS_MAX:
        fix = "send the columns of the series alone"
        raise Unreadable(f"the file has more than {COLUMNS_MAX} columns", fix, row=line)
    if len(names) < 2:
        fix = "begin with a line of headings such as date,revenue and separate columns by commas"
        raise Unreadable("the file has no two columns", fix, row=line)
    if any(not isinstance(cell, str) for cell in cells if cell is not None) or any(map(_is_value, names)):
        raise Unreadable("the first line holds values", "begin with a line of headings such as date,revenue", row=line)
    seen: set[str] = set()
    for name in names:
        if name and name.casefold() in seen:
            raise Unreadable(f"two columns are called {name[:40]}", "give each column a name of its own", row=line)
        seen.add(name.casefold())
    return tuple(name or f"column {number}" for number, name in enumerate(names, 1))


def check_count(rows: int) -> None:
    """Raises Unreadable for more rows than one file may have."""
    if rows > ROWS_MAX:
        raise Unreadable(f"the file has more than {ROWS_MAX:,} rows", "send it in parts", row=rows)


def no_rows() -> Unreadable:
    """The refusal of a file that holds nothing below its header."""
    return Unreadable("the file has a header and no rows", "send the file with the values in it")


def _is_value(name: str) -> bool:
    """Whether a heading looks like a number or a numeric date; a year alone may be a heading."""
    bare = name.strip("-+()€$£ ")
    return bool(bare) and not bare.isdigit() and bare.replace(":", "").translate(_PUNCTUATION).isdigit()


_PUNCTUATION = str.maketrans("", "", ".,-/ T'")
