"""Reads moments as people and programs write them. What can be read in two ways is told, never guessed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from strongroom.kernel.values import as_utc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EXCEL_EPOCH = datetime(1899, 12, 30, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_YEARS = range(1800, 2201)

_TIME = r"(?:[ T,]+(?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?:\.[0-9]{1,6})?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})[-/.]([0-9]{{1,2}})(?:[-/.]([0-9]{{1,2}}){_TIME})?")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})[-/.]([0-9]{{1,2}})[-/.]([0-9]{{4}}){_TIME}")
_MONTH_AND_YEAR = re.compile(r"([0-9]{1,2})[-/.]([0-9]{4})")
_SHORT_YEAR = re.compile(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}(?![0-9]).*")
_NAMED = re.compile(
    r"(?:([0-9]{1,2})[ .\-]+)?([^\W\d_]{3,10})\.?[ ,\-]+(?:([0-9]{1,2})(?:st|nd|rd|th)?,?[ \-]+)?([0-9]{4})"
)
_QUARTER = re.compile(r"(?:([0-9]{4})[ \-/]?Q([1-4])|Q([1-4])[ \-/]?([0-9]{4}))", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]{1,16}(?:\.[0-9]{1,9})?")
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar", "feb february februar", "mar march märz mär", "apr april", "may mai", "jun june juni",
            "jul july juli", "aug august", "sep sept september", "oct october okt oktober", "nov november",
            "dec december dez dezember",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip


class DateFormat(Enum):
    """How the moments of a file are written.

    year_first: 2024-01-31, 2024/1/31, 2024-01, any time of ISO 8601; day_first: 31.01.2024; month_first: 01/31/2024;
    named_month: 31 Jan 2024, January 2024; quarter: 2024-Q1; year: 2024; the others count from a moment.
    Without a zone a moment is UTC. A period stands for its beginning.
    """

    YEAR_FIRST = "year_first"
    DAY_FIRST = "day_first"
    MONTH_FIRST = "month_first"
    NAMED_MONTH = "named_month"
    QUARTER = "quarter"
    YEAR = "year"
    UNIX_SECONDS = "unix_seconds"
    UNIX_MILLISECONDS = "unix_milliseconds"
    EXCEL_DAYS = "excel_days"


#: counted from a moment: any large number is a moment in several of them
COUNTED = (DateFormat.UNIX_SECONDS, DateFormat.UNIX_MILLISECONDS, DateFormat.EXCEL_DAYS)


def read_moment(cell: object, form: DateFormat) -> int:
    """Microseconds since 1970, UTC. A date or time that the file itself has as such is read whatever the format.

    Raises ValueError, which says why.
    """
    if isinstance(cell, date):
        return _microseconds(cell)
    text = str(cell).strip()
    found = _find_moment(text, form)
    if found is None:
        raise ValueError(_why_not(text, form))
    return _microseconds(found)


def readable_as(cell: object) -> frozenset[DateFormat]:
    """Every format in which the cell is a moment; those of the file's own type have none to choose."""
    if isinstance(cell, date) or cell is None:
        return frozenset()
    text = str(cell).strip()
    if text[4:5] == "-":
        try:
            datetime.fromisoformat(text)
            return _ISO
        except ValueError:
            pass
    return frozenset(form for form in DateFormat if _is_moment(text, form))


_ISO = frozenset({DateFormat.YEAR_FIRST})


def _is_moment(text: str, form: DateFormat) -> bool:
    found = _find_moment(text, form)
    return found is not None and found.year in _YEARS


def _find_moment(text: str, form: DateFormat) -> datetime | None:
    if form is DateFormat.YEAR_FIRST:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass
    return _READERS[form](text)


def _microseconds(moment: date) -> int:
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    if moment.year not in _YEARS:
        raise ValueError(f"the year {moment.year} is not between {_YEARS[0]} and {_YEARS[-1]}")
    return (as_utc(moment) - _EPOCH) // _MICROSECOND


def _why_not(text: str, form: DateFormat) -> str:
    if not text:
        return "there is no date"
    if _SHORT_YEAR.fullmatch(text):
        return "the year has two digits; write all four"
    others = [other for other in DateFormat if other not in COUNTED and other is not form and _is_moment(text, other)]
    if others:
        return f"is written as {others[0].value}, the file as {form.value}"
    return f"is no date written as {form.value}"


def _year_first(text: str) -> datetime | None:
    match = _YEAR_FIRST.fullmatch(text)
    return _at(match[1], match[2], match[3] or "1", match["time"], match["half"]) if match else None


def _day_first(text: str) -> datetime | None:
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _at(match[2], match[1], "1")
    match = _YEAR_LAST.fullmatch(text)
    return _at(match[3], match[2], match[1], match["time"], match["half"]) if match else None


def _month_first(text: str) -> datetime | None:
    if match := _MONTH_AND_YEAR.fullmatch(text):
        return _at(match[2], match[1], "1")
    match = _YEAR_LAST.fullmatch(text)
    return _at(match[3], match[1], match[2], match["time"], match["half"]) if match else None


def _named_month(text: str) -> datetime | None:
    match = _NAMED.fullmatch(text)
    month = _MONTHS.get(match[2].lower()) if match else None
    if match is None or month is None or (match[1] and match[3]):
        return None
    return _at(match[4], str(month), match[1] or match[3] or "1")


def _quarter(text: str) -> datetime | None:
    match = _QUARTER.fullmatch(text)
    if match is None:
        return None
    year, quarter = match[1] or match[4], match[2] or match[3]
    return _at(year, str(int(quarter) * 3 - 2), "1")


def _year(text: str) -> datetime | None:
    digits = text.removesuffix(".0")
    return _at(digits, "1", "1") if re.fullmatch("[0-9]{4}", digits) else None


def _counted(epoch: datetime, unit: timedelta) -> Callable[[str], datetime | None]:
    def read(text: str) -> datetime | None:
        if not _NUMBER.fullmatch(text) or _year(text) is not None:
            return None
        try:
            return epoch + float(text) * unit
        except OverflowError:
            return None

    return read


def _at(year: str, month: str, day: str, time: str | None = None, half: str | None = None) -> datetime | None:
    """The moment with these numbers, None when there is none."""
    hour, minute, second = [*(time or "0:0:0").split(":"), "0"][:3]
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            return None
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        start = datetime(int(year), int(month), int(day), hours, int(minute), tzinfo=UTC)
        return start + timedelta(seconds=float(second)) if float(second) < 60 else None
    except ValueError:
        return None


_READERS: Mapping[DateFormat, Callable[[str], datetime | None]] = {
    DateFormat.YEAR_FIRST: _year_first,
    DateFormat.DAY_FIRST: _day_first,
    DateFormat.MONTH_FIRST: _month_first,
    DateFormat.NAMED_MONTH: _named_month,
    DateFormat.QUARTER: _quarter,
    DateFormat.YEAR: _year,
    DateFormat.UNIX_SECONDS: _counted(_EPOCH, timedelta(seconds=1)),
    DateFormat.UNIX_MILLISECONDS: _counted(_EPOCH, timedelta(milliseconds=1)),
    DateFormat.EXCEL_DAYS: _counted(_EXCEL_EPOCH, timedelta(days=1)),
}
