"""Makes exact numbers of the cells of one column or line; how they are written is seen from all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strongroom.kernel.files.numbers import (
    SUFFIXES,
    DecimalMark,
    MarkOfColumn,
    WrittenNumber,
    find_mark,
    mixed_millions,
    take_apart,
)
from strongroom.kernel.values import WIDE
from strongroom.systems.portfolio.imports.layouts.tables import Series, Table
from strongroom.systems.portfolio.imports.opening.grids import Cell, Fault
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.headings import COUNTS, Field
from strongroom.systems.portfolio.rules.amounts import AMOUNT_MAX, CENT, round_half_up
from strongroom.systems.portfolio.rules.submission import COUNT_MAX

#: beyond this Excel has lost digits of a number that is no text
EXCEL_MAX = Decimal(10**15)
#: how people write that there is nothing to say
NOTHING = frozenset({"-", "--", "\u2013", "\u2014", "n/a", "na", "n.a.", "none", "nil", "n/m", "tbd", "tba", "?", "."})

Position = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that was read, in full units. currency: the sign or code beside it or in its format."""

    cell: Cell
    value: Decimal
    currency: str | None


class _Unreadable(ValueError):
    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


@dataclass(frozen=True, slots=True)
class Readout:
    """What became of a series: figures by position; cells that say nothing are in neither."""

    figures: Mapping[Position, Figure]
    problems: tuple[Problem, ...]


def read_figures(table: Table, series: Series, cells: Iterable[Cell], told: DecimalMark | None = None) -> Readout:
    """Read every cell of the series. told: the decimal mark, where the caller knows it."""
    field = series.heading.field
    cells = [cell for cell in cells if not says_nothing(cell)]
    written = {
        (cell.row, cell.column): number
        for cell in cells
        if cell.fault is None and isinstance(cell.value, str) and (number := take_apart(cell.value)) is not None
    }
    mark = find_mark(list(written.values()), whole=field in COUNTS, told=told)
    strangers = {position for index, position in enumerate(written) if index in mark.strangers}
    problems = []
    if mark.unsure is not None:
        row, column = list(written)[mark.unsure]
        problems.append(_unsure(table, series, row, column))
        return Readout({}, tuple(problems))
    has_both = mixed_millions(number.suffix for number in written.values())
    figures = {}
    for cell in cells:
        position = cell.row, cell.column
        try:
            if position in strangers:
                other = "," if mark.mark is DecimalMark.POINT else "."
                raise _Unreadable(
                    f"is written with {other!r} before the decimals, unlike the others", "write all of them one way"
                )
            if has_both and position in written and written[position].suffix.lower() == "m":
                raise _Unreadable("may mean thousand or million, as MM is used as well", "write the number in full")
            value = _value(cell, written.get(position), mark, field)
            figures[position] = _figure(table, series, cell, value, written.get(position))
        except _Unreadable as error:
            problems.append(
                problem_at(
                    table.name, error.reason, error.fix,
                    row=cell.row, column=cell.column, header=series.header, value=cell.text,
                )
            )  # fmt: skip
    return Readout(figures, tuple(problems))


def says_nothing(cell: Cell) -> bool:
    """Whether a cell says that there is no figure."""
    return isinstance(cell.value, str) and cell.fault is None and cell.value.lower() in NOTHING


def _value(cell: Cell, number: WrittenNumber | None, mark: MarkOfColumn, field: Field) -> Decimal:
    """The number as it stands there; a share in percent points."""
    _check_kind(cell)
    if isinstance(cell.value, Decimal):
        if abs(cell.value) >= EXCEL_MAX:
            raise _Unreadable("has more than the 15 digits that Excel keeps", "write it as text")
        value, is_percent = cell.value, cell.is_percent
        value = WIDE.multiply(value, Decimal(100)) if is_percent else value
    elif number is None:
        raise _no_number(cell)
    else:
        read = number.value(mark.mark) if mark.mark else None
        if read is None:
            raise _Unreadable("has its commas and points where a number has none", "write it as 1234567.89")
        value, is_percent = read, number.is_percent
    if field is Field.RECURRING_SHARE:
        return _share(value, is_percent)
    if is_percent:
        raise _Unreadable("is a percentage", "write the amount itself")
    return value


def _figure(table: Table, series: Series, cell: Cell, value: Decimal, number: WrittenNumber | None) -> Figure:
    """The number in full units, checked against what its column can hold."""
    field = series.heading.field
    currency = number.currency if number else cell.currency
    if field is Field.RECURRING_SHARE:
        return Figure(cell, value, None)
    if field in COUNTS:
        if currency:
            raise _Unreadable("is an amount of money", f"write how many {field.label.lower()} there are")
        if value != value.to_integral_value():
            raise _Unreadable("is not a whole number", "round it as you count")
        if abs(value) > COUNT_MAX:
            raise _Unreadable("is too large", "check the unit")
        return Figure(cell, value.to_integral_value(), None)
    scale = series.heading.scale or table.unit.scale or 1
    if scale != 1 and number and number.suffix:
        raise _Unreadable(
            f"has a suffix, and its column is in units of {scale:,} already", "write the number without the suffix"
        )
    full = round_half_up(WIDE.multiply(value, Decimal(scale)), CENT)
    if abs(full) > AMOUNT_MAX:
        raise _Unreadable("is too large", "check the unit")
    return Figure(cell, full, currency)


def _check_kind(cell: Cell) -> None:
    if cell.fault is Fault.ERROR:
        raise _Unreadable("is an error of the spreadsheet", "repair the formula")
    if cell.fault is Fault.NOT_CALCULATED:
        raise _Unreadable(
            "is a formula that was never calculated", "open the file in Excel and save it, or write the number"
        )
    if cell.is_spread:
        raise _Unreadable("is part of a merged cell", "unmerge it and write each figure in its own cell")
    if isinstance(cell.value, bool):
        raise _Unreadable("is true or false, not a number", "write the number")
    if isinstance(cell.value, date):
        raise _Unreadable("is a date, not a number", "write the number, and format the cell as one")


def _no_number(cell: Cell) -> _Unreadable:
    if "e" in cell.text.lower() and _is_scientific(cell.text):
        return _Unreadable("is in scientific notation, which drops digits", "write the number in full")
    if cell.text.rstrip().endswith(tuple("tT")) and take_apart(cell.text.rstrip()[:-1]):
        return _Unreadable("has a suffix that may mean thousand or trillion", "write the number in full")
    known = ", ".join(sorted({suffix for suffix in SUFFIXES if len(suffix) <= 2}))
    return _Unreadable("is not a number", f"write digits only, such as -1234567.89; of suffixes {known} are understood")


def _is_scientific(text: str) -> bool:
    try:
        return Decimal(text.replace(",", ".")).is_finite()
    except ArithmeticError:
        return False


def _share(value: Decimal, is_percent: bool) -> Decimal:
    if not is_percent and 0 < value <= 1:
        raise _Unreadable("may be a fraction or a percentage", "write it with a percent sign, such as 80%")
    if not 0 <= value <= 100:
        raise _Unreadable("is not between 0 and 100 percent", "correct the share")
    return value


def _unsure(table: Table, series: Series, row: int, column: int) -> Problem:
    cell = table.grid.find(row, column)
    return problem_at(
        table.name,
        "may be read with a decimal comma or a decimal point, and nothing in its "
        + ("line" if table.is_transposed else "column")
        + " shows which",
        "write the decimals, such as 1,234.00, or say --decimal-mark",
        row=row,
        column=column,
        header=series.header,
        value=cell.text if cell else None,
    )
