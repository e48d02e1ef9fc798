"""Reads every row of a file, as it was confirmed, into series that take some tens of bytes a point."""

from __future__ import annotations

import json
import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field

from strongroom.kernel.files import DecimalMark, Unreadable
from strongroom.kernel.files.numbers import SIGNS, may_stand_for
from strongroom.systems.forecasting.imports.choices import Choices
from strongroom.systems.forecasting.imports.problems import RowProblems
from strongroom.systems.forecasting.imports.progress import Progress, counted
from strongroom.systems.forecasting.imports.sources import Cell, Source
from strongroom.systems.forecasting.imports.wording.amounts import is_missing, read_amount
from strongroom.systems.forecasting.imports.wording.headings import Role, find_category
from strongroom.systems.forecasting.imports.wording.moments import DateFormat, read_moment
from strongroom.systems.forecasting.rules import CategoryEnum

#: of all series of one file; they are held in memory
POINTS_MAX = 3_000_000
#: different contents of columns that are kept
_NOTES_MAX = 10_000


@dataclass(slots=True)
class RawSeries:
    """The points of one category, in the order of the file.

    moments: microseconds since 1970. values: in ten-thousandths, None where missing. lines: of the file.
    notes: which of the reading's documents each point carries; empty when nothing is kept.
    """

    category: CategoryEnum
    moments: array[int] = field(default_factory=lambda: array("q"))
    values: list[int | None] = field(default_factory=list)
    lines: array[int] = field(default_factory=lambda: array("L"))
    notes: array[int] = field(default_factory=lambda: array("q"))


@dataclass(slots=True)
class Reading:
    """What a file holds. rounded: values with more than four places. currency: a code, when the amounts show one."""

    rows: int = 0
    problems: RowProblems = field(default_factory=RowProblems)
    series: dict[CategoryEnum, RawSeries] = field(default_factory=dict)
    documents: list[dict[str, str | bool]] = field(default_factory=list)
    rounded: int = 0
    currency: str | None = None

    @property
    def valid_rows(self) -> int:
        """Rows without a problem."""
        return self.rows - self.problems.rows


def read_series(source: Source, choices: Choices, progress: Progress) -> Reading:
    """Every point of the file. A row with a problem is left out as a whole. Raises Unreadable for too many points."""
    reading = Reading()
    reader = _RowReader(source.columns, choices, reading)
    for line, cells in counted(source.rows(), progress, "reading"):
        reading.rows += 1
        reader.read(line, cells)
    reading.currency = reader.currency()
    return reading


class _RowReader:
    """Takes in one row after the other."""

    def __init__(self, columns: Sequence[str], choices: Choices, reading: Reading) -> None:
        roles = {name.casefold(): role for name, role in (choices.columns or {}).items()}
        placed = [(index, roles.get(name.casefold(), Role.IGNORE)) for index, name in enumerate(columns)]
        self._columns = columns
        self._choices = choices
        self._reading = reading
        self._form = choices.date_format or DateFormat.YEAR_FIRST
        self._mark = choices.decimal_mark or DecimalMark.POINT
        self._timestamp = next(index for index, role in placed if role is Role.TIMESTAMP)
        self._category = next((index for index, role in placed if role is Role.CATEGORY), None)
        self._values = [(index, role.category) for index, role in placed if role is Role.VALUE or role.category]
        self._kept = [(index, _key(columns[index])) for index, role in placed if role is Role.KEEP]
        self._needed = 1 + max(self._timestamp, self._category or 0, *(index for index, _ in self._values))
        self._documents: dict[str, int] = {}
        self._words: dict[str, CategoryEnum | None] = {}
        self._sign: tuple[str, int] | None = None
        self._points = 0

    def read(self, line: int, cells: Sequence[Cell]) -> None:
        """Add the row's points, or its problems."""
        problems = self._reading.problems
        before = problems.count
        if len(cells) > len(self._columns) and any(not is_missing(cell) for cell in cells[len(self._columns) :]):
            reason = f"the row has {len(cells)} cells, the header {len(self._columns)}"
            problems.add(line, None, cells[len(self._columns)], reason)
            return
        if len(cells) < self._needed:
            cells = [*cells, *[None] * (self._needed - len(cells))]
        moment = self._read_moment(line, cells[self._timestamp])
        found = [
            (category or self._category_of(line, cells), self._read_value(line, index, cells[index]))
            for index, category in self._values
        ]
        note = self._note(cells) if self._kept else None
        if moment is None or problems.count > before:
            return
        for category, value in found:
            if category is not None:
                self._add(line, category, moment, value, note)

    def currency(self) -> str | None:
        """The code of the currency that amounts show, if they show exactly one."""
        if self._sign is None:
            return None
        codes = SIGNS.get(self._sign[0], frozenset({self._sign[0]}))
        return next(iter(codes)) if len(codes) == 1 else None

    def _read_moment(self, line: int, cell: Cell) -> int | None:
        if is_missing(cell):
            self._say(line, self._timestamp, cell, "there is no date")
            return None
        try:
            return read_moment(cell, self._form)
        except ValueError as error:
            self._say(line, self._timestamp, cell, str(error))
            return None

    def _read_value(self, line: int, index: int, cell: Cell) -> int | None:
        if is_missing(cell):
            return None
        try:
            amount = read_amount(cell, self._mark)
        except ValueError as error:
            self._say(line, index, cell, str(error))
            return None
        if amount.currency is not None and not self._is_same_currency(line, amount.currency):
            self._say(line, index, cell, "is in another currency than the values before it")
            return None
        self._reading.rounded += amount.is_rounded
        return amount.value

    def _is_same_currency(self, line: int, sign: str) -> bool:
        told = self._choices.metadata.get("currency")
        if isinstance(told, str) and not may_stand_for(sign, told):
            return False
        self._sign = self._sign or (sign, line)
        return sign == self._sign[0]

    def _category_of(self, line: int, cells: Sequence[Cell]) -> CategoryEnum | None:
        if self._category is None:
            return self._choices.category
        cell = cells[self._category]
        word = "" if cell is None else str(cell)
        if word not in self._words:
            if len(self._words) >= _NOTES_MAX:
                raise Unreadable(f"more than {_NOTES_MAX:,} categories are there", "send the series alone", row=line)
            self._words[word] = find_category(word, self._choices.categories)
        found = self._words[word]
        if found is None:
            self._say(line, self._category, cell, "is no category that is known; tell what it means, or skip bad rows")
        return found

    def _note(self, cells: Sequence[Cell]) -> int:
        """The number of the document with what is kept of this row."""
        kept = {
            key: cell if isinstance(cell, bool) else str(cell)
            for index, key in self._kept
            if index < len(cells) and not is_missing(cell := cells[index])
        }
        text = json.dumps(kept, sort_keys=True)
        if text not in self._documents:
            if len(self._documents) >= _NOTES_MAX:
                fix = "keep fewer columns"
                raise Unreadable(f"the columns that are kept have more than {_NOTES_MAX:,} different contents", fix)
            self._documents[text] = len(self._documents)
            self._reading.documents.append(kept)
        return self._documents[text]

    def _add(self, line: int, category: CategoryEnum, moment: int, value: int | None, note: int | None) -> None:
        self._points += 1
        if self._points > POINTS_MAX:
            raise Unreadable(f"the file holds more than {POINTS_MAX:,} values", "send it in parts", row=line)
        series = self._reading.series.get(category)
        if series is None:
            series = self._reading.series[category] = RawSeries(category)
        series.moments.append(moment)
        series.values.append(value)
        series.lines.append(line)
        if note is not None:
            series.notes.append(note)

    def _say(self, line: int, index: int, value: object, reason: str) -> None:
        self._reading.problems.add(line, self._columns[index], "" if value is None else value, reason)


def _key(heading: str) -> str:
    return re.sub(r"\W+", "_", heading.casefold()).strip("_")
