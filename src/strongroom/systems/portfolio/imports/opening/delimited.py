"""Reads CSV as programs and people write it: any usual delimiter, and no encoding that has to be guessed."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from strongroom.systems.portfolio.imports.opening.grids import CELLS_MAX, LETTERS_MAX, Cell, Grid
from strongroom.systems.portfolio.imports.opening.unreadable import Unreadable
from strongroom.systems.portfolio.imports.wording.headings import find_field
from strongroom.systems.portfolio.imports.wording.periods import is_period
from strongroom.systems.portfolio.rules.spreadsheets import unguard_text

#: what a caller may name; the first three are found out by themselves
ENCODINGS = ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252")
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
    """Text, without a byte order mark. Only UTF-8 and UTF-16 prove themselves; anything else has to be told."""
    if encoding is not None and encoding not in ENCODINGS:
        raise Unreadable(f"{encoding} is no encoding that is read here", f"name one of {', '.join(ENCODINGS)}")
    found = encoding or _proven_encoding(content)
    try:
        return content.decode(found).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        if encoding is not None:
            raise Unreadable(
                f"the file is not {encoding}", "name its encoding, or save it as UTF-8", row=line
            ) from None
        raise Unreadable(
            f"the file is neither UTF-8 nor UTF-16: byte 0x{content[error.start]:02X}",
            "save it as UTF-8, or say --encoding cp1252 if it comes from Windows in Western Europe or America",
            row=line,
        ) from None


def _proven_encoding(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    # without a mark: in a table most letters are Latin, so every other byte is nought
    sample = content[:2000]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 4 and even == 0:
        return "utf-16-le"
    if even > len(sample) // 4 and odd == 0:
        return "utf-16-be"
    return "utf-8"


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
