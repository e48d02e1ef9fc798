"""Reads the values of a series exactly, in ten-thousandths, and finds out which decimal mark a file uses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Context, Decimal

from strongroom.kernel.files.numbers import DecimalMark, WrittenNumber, take_apart

#: of one unit; values are kept to four places
SCALE = 10_000
#: what a cell says that has nothing to say
MISSING_WORDS = frozenset({"", "-", "\u2013", "\u2014", ".", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "k.a."})

_VALUE_MAX = 10**20  # numeric(20, 4)
_EXCEL_DIGITS = Context(prec=15, rounding=ROUND_HALF_EVEN)
_PLAIN = {
    DecimalMark.POINT: re.compile(r"-?[0-9]{1,15}(?:\.([0-9]{1,15}))?"),
    DecimalMark.COMMA: re.compile(r"-?[0-9]{1,15}(?:,([0-9]{1,15}))?"),
}
_SHOWS_ITS_MARK = re.compile(r"-?[0-9]+([.,])(?:[0-9]{1,2}|[0-9]{4,})")
_EXPONENT = re.compile(r"[+-]?[0-9]{1,20}(?:\.[0-9]{0,20})?[eE][+-]?[0-9]{1,2}")
_SHOWS_NO_MARK = re.compile(r"-?[0-9]{1,15}")


@dataclass(frozen=True, slots=True)
class Amount:
    """value: in ten-thousandths. is_rounded: the file has more places. currency: the sign or code beside it."""

    value: int
    is_rounded: bool = False
    currency: str | None = None


def is_missing(cell: object) -> bool:
    """Whether the cell says that there is no value."""
    if cell is None:
        return True
    if isinstance(cell, float | Decimal):
        return cell != cell
    return isinstance(cell, str) and cell.strip().casefold() in MISSING_WORDS


def read_amount(cell: object, mark: DecimalMark) -> Amount:
    """The value of a cell that is not missing. Raises ValueError, which says why it has none."""
    if isinstance(cell, str):
        plain = _PLAIN[mark].fullmatch(cell)
        if plain and (plain[1] is None or len(plain[1]) <= 4):
            places = plain[1] or ""
            digits = cell[: len(cell) - len(places)].rstrip(mark.value) + places.ljust(4, "0")
            return Amount(int(digits))
        return _written(cell, mark)
    if isinstance(cell, bool) or not isinstance(cell, int | float | Decimal):
        raise ValueError("is no number")
    if isinstance(cell, float):  # fifteen digits are what a spreadsheet keeps; the rest is noise of base two
        return _scaled(_EXCEL_DIGITS.create_decimal(repr(cell)))
    return _scaled(Decimal(cell))


def _written(text: str, mark: DecimalMark) -> Amount:
    if _EXPONENT.fullmatch(text):  # as programs write large numbers
        return _scaled(Decimal(text))
    number = take_apart(text)
    if number is None:
        raise ValueError("is no number")
    if number.is_percent:
        raise ValueError("is a percentage, not an amount")
    value = number.value(mark)
    if value is None:
        raise ValueError(f"is no number whose decimal mark is {mark.value}")
    found = _scaled(value)
    return Amount(found.value, found.is_rounded, number.currency)


def _scaled(value: Decimal) -> Amount:
    if not value.is_finite():
        raise ValueError("is not finite")
    if abs(value) >= _VALUE_MAX // SCALE:
        raise ValueError("is too large: 16 digits before the decimal mark are kept")
    whole = value.scaleb(4, Context(prec=60))
    rounded = whole.to_integral_value(ROUND_HALF_EVEN)
    return Amount(int(rounded), rounded != whole)


@dataclass(slots=True)
class MarkEvidence:
    """What the numbers of a file say about its decimal mark: how many insist on each, and the first of them."""

    counts: dict[DecimalMark, int] = field(default_factory=lambda: dict.fromkeys(DecimalMark, 0))
    examples: dict[DecimalMark, list[tuple[int, str]]] = field(
        default_factory=lambda: {mark: [] for mark in DecimalMark}
    )
    unsure: list[tuple[int, str]] = field(default_factory=list)
    unsure_count: int = 0

    def add(self, line: int, cell: object) -> None:
        """Take in one cell."""
        if not isinstance(cell, str) or _SHOWS_NO_MARK.fullmatch(cell) or is_missing(cell):
            return
        if plain := _SHOWS_ITS_MARK.fullmatch(cell):
            mark = DecimalMark(plain[1])
            self.counts[mark] += 1
            _keep(self.examples[mark], line, cell)
            return
        number = take_apart(cell)
        if number is None:
            return
        readings = dict(_readings(number))
        if len(readings) == 1:
            (mark,) = readings
            self.counts[mark] += 1
            _keep(self.examples[mark], line, cell)
        elif len(set(readings.values())) > 1:
            self.unsure_count += 1
            _keep(self.unsure, line, cell)

    def decide(self) -> DecimalMark | None:
        """The mark all numbers agree on, None while both are possible or some contradict others."""
        insisted = [mark for mark, count in self.counts.items() if count]
        if len(insisted) == 1:
            return insisted[0]
        return None if insisted or self.unsure_count else DecimalMark.POINT


def _readings(number: WrittenNumber) -> Iterator[tuple[DecimalMark, Decimal]]:
    for mark in DecimalMark:
        value = number.value(mark)
        if value is not None:
            yield mark, value


def _keep(examples: list[tuple[int, str]], line: int, text: str) -> None:
    if len(examples) < 3:
        examples.append((line, text[:40]))
