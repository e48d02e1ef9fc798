"""Reads CSV as programs and people write it: any usual delimiter, and no encoding that has to be guessed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from strongroom.kernel.files.encodings import choose_encoding, wrongly_encoded
from strongroom.kernel.files.formulas import unguard_text
from strongroom.kernel.files.unreadable import Unreadable
from strongroom.systems.portfolio.imports.opening.grids import CELLS_MAX, LETTERS_MAX, Cell, Grid
from strongroom.systems.portfolio.imports.wording.headings import find_field
from strongroom.systems.portfolio.imports.wording.periods import is_period

ROWS_MAX = 100_000

_DELIMITERS = (",", ";", "\t", "|")
_LINES_TRIED = 60
_LETTERS_TRIED = 100_000


def read_delimited(content: bytes, name: str, encoding: str | None = None) -> Grid:
    """The cells of a CSV file, all of them text. Raises Unreadable."""
    text = _decode(content, encoding)
    if "\0" in text:
        raise Unreadable("the file holds bytes that are no text", "save the table as .csv or .xlsx")
    told, text = _told_delimiter(text)
    delimiter = told or _find_delimiter(text)
    cells = {}
    offset = 1 if told is None else 2  # the line that told is a row, too
    for number, fields in enumerate(_records(text, delimiter, offset), offset):
        if number > ROWS_MAX:
            raise Unreadable(f"the file has more than {ROWS_MAX:,} rows", "send fewer quarters at once")
        for column, field in enumerate(fields, 1):
            if value := unguard_text(field[:LETTERS_MAX].strip()):
                cells[number, column] = Cell(number, column, value)
        if len(cells) > CELLS_MAX:
            raise Unreadable(f"the file has more than {CELLS_MAX:,} cells", "send fewer quarters at once")
    return Grid(name, cells, is_text=True)


def _decode(content: bytes, encoding: str | None) -> str:
    """Text, without a byte order mark. Raises Unreadable."""
    try:
        return content.decode(choose_encoding(content, encoding)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise wrongly_encoded(encoding, content[error.start], line) from None


def _told_delimiter(text: str) -> tuple[str | None, str]:
    """Excel lets the first line tell: sep=;"""
    first, _, rest = text.partition("\n")
    told = first.strip().lower()
    return (told[4:], rest) if told.startswith("sep=") and told[4:] in _DELIMITERS else (None, text)


def _find_delimiter(text: str) -> str:
    """The one with which the most headings and quarters are understood, and of equals the one with most columns."""

    beginning = "".join(islice(io.StringIO(text, newline=""), _LINES_TRIED))[:_LETTERS_TRIED]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            records = list(csv.reader(io.StringIO(beginning, newline=""), delimiter=delimiter))
        except csv.Error:
            return 0, 0
        understood = sum(1 for record in records for field in record if find_field(field) or is_period(field))
        return understood, max(map(len, records), default=0)

    return max(_DELIMITERS, key=score)


def _records(text: str, delimiter: str, first: int) -> Iterator[Sequence[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = first
    while True:
        try:
            record = next(reader, None)
        except csv.Error:
            fix = "put quotes around the whole cell, and write a quote within it twice"
            raise Unreadable("a quoted cell does not end where it should", fix, row=number) from None
        if record is None:
            return
        yield record
        number += 1
