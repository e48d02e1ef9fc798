"""Reads the bank's files strictly: whatever is not as described is a problem with a file, a line and a field."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TypeVar

from strongroom.systems.banking.errors import ImportRefused

PROBLEMS_SHOWN = 20
ROWS_PER_REPORT = 1000

#: what is told while a file is read: its name, the rows read so far, the rows in all
Progress = Callable[[str, int, int], None]
T = TypeVar("T")

_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
_DAY = re.compile(r"[0-9]{6}")
_AMOUNT = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")


def silent(file: str, rows: int, rows_in_all: int) -> None:
    """The progress of a program without a terminal."""


class BadField(Exception):
    """One field is not as described. field: its column; reason: why, without the column's name."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")


@dataclass(frozen=True, slots=True)
class Loaded:
    """rows: read from the file; added: rows of ours that were not there before."""

    rows: int
    added: int


class Row:
    """The fields of one line. line: its number, the first being 1. Each method raises BadField."""

    __slots__ = ("_values", "line")

    def __init__(self, line: int, values: Mapping[str, str]) -> None:
        self.line = line
        self._values = values

    def number(self, field: str) -> int:
        """A whole number from 1 to 999,999,999."""
        value = self._values[field]
        if not _NUMBER.fullmatch(value):
            raise BadField(field, f"{value!r} is not a whole number from 1 to 999999999")
        return int(value)

    def day(self, field: str) -> datetime:
        """A day written yymmdd, of the twentieth century, as its first moment in UTC."""
        return parse_day(self._values[field], field)

    def amount(self, field: str) -> Decimal:
        """An amount above zero with at most two decimals."""
        value = self._values[field]
        if not _AMOUNT.fullmatch(value) or not (amount := Decimal(value)):
            raise BadField(field, f"{value!r} is not an amount above zero with at most two decimals")
        return amount

    def balance(self, field: str) -> Decimal:
        """As an amount, but it may be zero or negative."""
        value = self._values[field]
        if not _AMOUNT.fullmatch(value.removeprefix("-")):
            raise BadField(field, f"{value!r} is not a balance with at most two decimals")
        return Decimal(value)

    def word(self, field: str, pattern: re.Pattern[str], description: str) -> str:
        """Text of this pattern; the description says in a refusal what it should have been."""
        value = self._values[field]
        if not pattern.fullmatch(value):
            raise BadField(field, f"{value!r} is not {description}")
        return value

    def code(self, field: str, meanings: Mapping[str, T]) -> T:
        """What a code means. Blanks count as nothing, as in the bank's own files."""
        value = self._values[field].strip()
        if value not in meanings:
            known = ", ".join(meaning or "nothing" for meaning in meanings)
            raise BadField(field, f"{value!r} is none of {known}")
        return meanings[value]


class SourceFile:
    """One file of quoted, semicolon separated ASCII whose first line names these columns; the first is its key."""

    def __init__(self, folder: Path, name: str, columns: Sequence[str], progress: Progress = silent) -> None:
        self._path = folder / name
        self._columns = tuple(columns)
        self._progress = progress
        self._problems: list[str] = []
        self._problem_count = 0
        self.name = name
        self.rows = 0

    def read(self, build: Callable[[Row], T]) -> Iterator[T]:
        """Build each row, in the file's order. Raises ImportRefused at the end if there was any problem.

        After the first problem nothing more is given out; the rest is read for further problems, one for each
        line at most.
        """
        in_all = self._count_rows()
        seen: dict[str, int] = {}
        self._progress(self.name, 0, in_all)
        for row in self._lines(seen):
            self.rows += 1
            if self.rows % ROWS_PER_REPORT == 0:
                self._progress(self.name, self.rows, in_all)
            try:
                built = build(row)
            except BadField as problem:
                self.add_problem(row.line, str(problem))
                continue
            if not self._problem_count:
                yield built
        self._progress(self.name, self.rows, max(in_all, self.rows))
        self.check()

    def add_problem(self, line: int, reason: str) -> None:
        """Note a problem; the first twenty are kept, all are counted."""
        self._problem_count += 1
        if len(self._problems) < PROBLEMS_SHOWN:
            self._problems.append(f"{self.name}:{line}: {reason}")

    def check(self) -> None:
        """Raises ImportRefused when there is a problem."""
        if self._problem_count:
            raise ImportRefused(
                file=self.name, count=self._problem_count, first=self._problems[0], problems=tuple(self._problems)
            )

    def _lines(self, seen: dict[str, int]) -> Iterator[Row]:
        with self._path.open("rb") as file:
            for line, raw in enumerate(file, 1):
                try:
                    values = _fields(raw)
                    if line > 1:
                        yield self._row(line, values, seen)
                    elif tuple(values) != self._columns:
                        self.add_problem(line, f"the columns must be {', '.join(self._columns)}")
                        return  # no line can be read without them
                except ValueError as problem:
                    self.add_problem(line, str(problem))
            if self._path.stat().st_size == 0:
                self.add_problem(1, "the file is empty")

    def _row(self, line: int, values: Sequence[str], seen: dict[str, int]) -> Row:
        if len(values) != len(self._columns):
            raise ValueError(f"has {len(values)} fields, not {len(self._columns)}")
        if (first := seen.setdefault(values[0], line)) != line:
            raise ValueError(f"{self._columns[0]}: {values[0]} was on line {first} already")
        return Row(line, dict(zip(self._columns, values, strict=True)))

    def _count_rows(self) -> int:
        with self._path.open("rb") as file:
            return max(sum(1 for _ in file) - 1, 0)


def parse_day(value: str, field: str) -> datetime:
    """A day written yymmdd, of the twentieth century, as its first moment in UTC. Raises BadField."""
    try:
        if not _DAY.fullmatch(value):
            raise ValueError
        return datetime(1900 + int(value[:2]), int(value[2:4]), int(value[4:]), tzinfo=UTC)
    except ValueError:
        raise BadField(field, f"{value!r} is not a day written yymmdd") from None


def _fields(raw: bytes) -> list[str]:
    """The fields of a line. Line by line, so that a quote left open harms no other line. Raises ValueError."""
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError as error:
        raise ValueError(f"is not ASCII: byte 0x{raw[error.start]:02X} in column {error.start + 1}") from None
    try:
        return next(csv.reader((text.rstrip("\r\n"),), delimiter=";", strict=True), [])
    except csv.Error:
        raise ValueError("a quoted text does not end where its field ends") from None
