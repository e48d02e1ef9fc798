"""Streams CSV: any usual delimiter and line end, an encoding that proves itself; memory does not grow with the file."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO

from strongroom.kernel.files import Unreadable, unguard_text
from strongroom.kernel.files.encodings import choose_encoding, wrongly_encoded
from strongroom.systems.forecasting.imports.sources.tables import (
    LETTERS_MAX,
    Cell,
    Row,
    check_count,
    check_header,
    no_rows,
)

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

_CHUNK_BYTES = 1024 * 1024
_LINES_TRIED = 60
#: of one line; a table of numbers stays far below
_LINE_LETTERS_MAX = 100_000


class DelimitedSource:
    """A CSV file. Raises Unreadable for what is no text in its encoding, wherever in the file that stands."""

    kind = "csv"

    def __init__(self, file: BinaryIO, encoding: str | None = None, delimiter: str | None = None) -> None:
        """delimiter: one of DELIMITERS, found out when it is not told."""
        self._file = file
        file.seek(0)
        self._encoding = choose_encoding(file.read(4096), encoding)
        _check_text(file, self._encoding, encoding)
        self._told = _told_delimiter(next(self._lines(), ""))
        if delimiter is not None and delimiter not in DELIMITERS:
            raise Unreadable("the delimiter is none that is read here", "name comma, semicolon, tab or bar")
        self._delimiter = delimiter or self._told or _find_delimiter(islice(self._lines(), _LINES_TRIED))
        records = self._records()
        header = next((record for record in records if any(record.cells)), None)
        if header is None:
            raise Unreadable("the file is empty", "send the file with the values in it")
        self._header_line = header.line
        self.columns = check_header(header.cells, header.line)
        if not any(any(record.cells) for record in records):
            raise no_rows()

    @property
    def facts(self) -> Mapping[str, str]:
        """Its encoding and its delimiter."""
        return {"encoding": self._encoding, "delimiter": self._delimiter}

    def rows(self) -> Iterator[Row]:
        """Every row below the header that has something in it. Raises Unreadable."""
        count = 0
        for record in self._records():
            if record.line > self._header_line and any(record.cells):
                count += 1
                check_count(count)
                yield record

    def _records(self) -> Iterator[Row]:
        lines = self._lines()
        if self._told is not None:
            next(lines)
        offset = 0 if self._told is None else 1
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True)
        line = offset + 1
        try:
            for fields in reader:
                yield Row(line, [_cell(field) for field in fields])
                line = offset + reader.line_num + 1
        except csv.Error:
            fix = "put quotes around the whole cell, and write a quote within it twice"
            raise Unreadable("a quoted cell does not end where it should", fix, row=line) from None

    def _lines(self) -> Iterator[str]:
        """The file's lines with their ends, without a byte order mark."""
        decoder = codecs.getincrementaldecoder(self._encoding)()
        position, rest = 0, ""
        while True:
            self._file.seek(position)  # others may read the same file between two of our chunks
            chunk = self._file.read(_CHUNK_BYTES)
            text = rest + decoder.decode(chunk, final=not chunk)
            lines = iter(io.StringIO(text if position else text.removeprefix("\ufeff"), newline=""))
            position += len(chunk)
            rest = next(lines, "")
            for following in lines:
                yield rest
                rest = following
            if not chunk:
                if rest:
                    yield rest
                return


def _cell(field: str) -> Cell:
    text = field.strip()[:LETTERS_MAX]
    return unguard_text(text) if text.startswith("'") else text


def _check_text(file: BinaryIO, encoding: str, told: str | None) -> None:
    """Go through the file once: every byte is text, no line is endless."""
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    line, length = 1, 0
    while True:
        chunk = file.read(_CHUNK_BYTES)
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as error:
            before = error.object[: error.start].count(b"\n")
            raise wrongly_encoded(told, error.object[error.start], line + before) from None
        if "\0" in text:
            raise Unreadable(
                "the file holds bytes that are no text",
                "save the table as .xlsx or .csv",
                row=line + text[: text.index("\0")].count("\n"),
            )
        pieces = text.replace("\r", "\n").split("\n")
        if max(length + len(pieces[0]), *map(len, pieces)) > _LINE_LETTERS_MAX:
            raise Unreadable(f"a line has more than {_LINE_LETTERS_MAX:,} letters", "save the table as .xlsx or .csv")
        length = len(pieces[-1]) + (length if len(pieces) == 1 else 0)
        line += text.count("\n")
        if not chunk:
            return


def _told_delimiter(first: str) -> str | None:
    """Excel lets the first line tell: sep=;"""
    told = first.rstrip("\r\n").lower()
    return told[4:] if told.startswith("sep=") and told[4:] in DELIMITERS else None


def _find_delimiter(lines: Iterator[str]) -> str:
    """The one that divides most lines into as many columns as the first, and of equals the one with most columns."""
    beginning = list(lines)

    def score(delimiter: str) -> tuple[int, int]:
        try:
            records = [record for record in csv.reader(beginning, delimiter=delimiter) if any(record)]
        except csv.Error:
            return 0, 0
        lengths = Counter(map(len, records))
        first = len(records[0]) if records else 0
        return (lengths[first] if first > 1 else 0), first

    return max(DELIMITERS, key=score)
