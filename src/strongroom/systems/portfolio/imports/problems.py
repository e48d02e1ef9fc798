"""What is wrong with a file, said so that whoever sent it can put it right: where, what stands there, why, and how."""

from __future__ import annotations

from dataclasses import asdict, dataclass

_VALUE_LETTERS_MAX = 60


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to put right. What does not lie in one place has no row, or no column.

    sheet: the sheet's name; of a CSV file, the file's. row: from 1, as a spreadsheet counts. column: its letter.
    header: what stands above the column, or before the line. value: what stands in the cell.
    """

    sheet: str
    row: int | None
    column: str | None
    header: str | None
    value: str | None
    reason: str
    fix: str

    @property
    def place(self) -> str:
        """Such as `2024!C7 (Revenue)`."""
        cell = f"!{self.column or ''}{self.row or ''}" if self.column or self.row else ""
        return f"{self.sheet}{cell}" + (f" ({self.header})" if self.header else "")

    @property
    def sentence(self) -> str:
        """The place and the reason, without the value: fit for a log."""
        return f"{self.place}: {self.reason}"

    def to_dict(self) -> dict[str, str | int | None]:
        """The same for programs."""
        return asdict(self)


def problem_at(
    sheet: str,
    reason: str,
    fix: str,
    *,
    row: int | None = None,
    column: int | None = None,
    header: str = "",
    value: object = None,
) -> Problem:
    """A problem at a place. column: its number, from 1."""
    letter = None if column is None else column_letters(column)
    return Problem(sheet, row, letter, header or None, _shown(value), reason, fix)


def column_letters(number: int) -> str:
    """What a spreadsheet calls a column: A for 1, AA for 27."""
    letters = ""
    while number:
        number, index = divmod(number - 1, 26)
        letters = chr(ord("A") + index) + letters
    return letters


def _shown(value: object) -> str | None:
    if value is None:
        return None
    text = " ".join(str(value).split())
    return text if len(text) <= _VALUE_LETTERS_MAX else f"{text[:_VALUE_LETTERS_MAX]}…"
