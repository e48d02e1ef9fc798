"""Reads which quarter is meant: a day, a month, or a label such as FY24 Q3; what may mean two quarters is refused."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from strongroom.systems.portfolio.rules.quarters import YEAR_MAX, YEAR_MIN, month_end, quarters_before


class UnclearPeriod(ValueError):
    """The label names no quarter, or more than one. reason, fix: for the one who wrote it."""

    def __init__(self, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix


class YearKind(StrEnum):
    """Whose year a quarter is counted in."""

    FISCAL = "fiscal"
    CALENDAR = "calendar"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True)
class QuarterLabel:
    """The nth quarter of a year; a fiscal year is named after the calendar year it ends in."""

    year: int
    quarter: int
    kind: YearKind


#: what a cell may say: a label, or the quarter's last day
Period = QuarterLabel | date

_LETTERS_MAX = 80
_FIX = "write the quarter's last day, such as 2024-03-31, or FY24 Q1 for a fiscal and CY24 Q1 for a calendar quarter"
_YEAR = r"'?(?P<year>(?:20)?[0-9]{2})"
_KIND = r"(?P<kind>FY|F|CY|C)?\s*"
_QUARTER = r"(?:Q(?:TR|UARTER)?\s*(?P<quarter>[1-4])|(?P<first>[1-4])\s*(?:Q|(?:ST|ND|RD|TH)\s+QUARTER)(?:TR|UARTER)?)"
_SEPARATOR = r"[\s\-/,.:_]*(?:OF\s+)?"
_LABELS = (
    re.compile(rf"{_KIND}{_YEAR}{_SEPARATOR}{_QUARTER}"),
    re.compile(rf"{_QUARTER}{_SEPARATOR}{_KIND}{_YEAR}"),
    re.compile(rf"(?P<kind>F|C){_QUARTER}{_SEPARATOR}{_YEAR}"),
)
_KINDS = {
    "FY": YearKind.FISCAL,
    "F": YearKind.FISCAL,
    "CY": YearKind.CALENDAR,
    "C": YearKind.CALENDAR,
    None: YearKind.UNSAID,
}
_PREFIX = re.compile(
    r"^(?:(?:THREE|3) MONTHS? (?:ENDED|ENDING)|(?:QUARTER|QTR|PERIOD) END(?:ED|ING)?|AS (?:OF|AT))[\s:]+"
)
_ACTUAL = re.compile(r"[\s\-]*\(?\b(?:ACTUALS?|ACT|A)\)?$|(?<=[0-9])A$")
_MONTHS = {name.upper(): number for number, name in enumerate(calendar.month_abbr) if name}
_ISO_DAY = re.compile(r"([0-9]{4})[-/.](1[0-2]|0?[1-9])[-/.](3[01]|[12][0-9]|0?[1-9])(?:[T ]00:00(?::00(?:\.0+)?)?)?")
_OTHER_DAY = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]((?:[0-9]{2})?[0-9]{2})")
_ISO_MONTH = re.compile(r"(20[0-9]{2})[-/](1[0-2]|0?[1-9])")
_DAY_MONTH_NAME = re.compile(
    r"(?:(?P<day>[0-9]{1,2})(?:ST|ND|RD|TH)?[\s\-.]+)?(?P<month>[A-Z]{3})[A-Z]*\.?"
    r"(?:\s+(?P<day_after>[0-9]{1,2})(?:ST|ND|RD|TH)?,)?[\s\-,']*(?P<year>(?:20)?[0-9]{2})"
)
_BARE_QUARTER = re.compile(r"(?:Q(?:TR|UARTER)?\.?\s*)?[1-4]|[1-4]\s*Q(?:TR|UARTER)?")
_BARE_YEAR = re.compile(rf"(?P<kind>FY|F|CY|C)?\s*{_YEAR}")
_OTHER_STRETCH = re.compile(
    r"(?:FY|CY)?\s*'?(?:20)?[0-9]{2}|.*\b(?:H[12]|[12]H(?:[0-9]{2})?|YTD|LTM|TTM|FULL YEAR|ANNUAL)\b.*"
)


def read_period(value: object) -> Period:
    """What a cell says. Raises UnclearPeriod. A bare month means its last day."""
    if isinstance(value, date):
        return value
    if isinstance(value, Decimal | bool):
        raise UnclearPeriod("is a number, not a quarter", _FIX)
    text = _ACTUAL.sub("", _PREFIX.sub("", _plain(value)))
    period = _label(text) or _day(text)
    if period is not None:
        return period
    if _OTHER_STRETCH.fullmatch(text):
        raise UnclearPeriod("is not one quarter", "give each quarter a row or a column of its own")
    raise UnclearPeriod("names no quarter", _FIX)


def read_period_of_year(quarter: object, year: object, *, is_fiscal: bool) -> Period:
    """What two cells say, a quarter such as Q3 or 3 and its year. A quarter that says its year itself is believed."""
    number = _BARE_QUARTER.fullmatch(_plain(quarter))
    if number is None:
        return read_period(quarter)
    match = _BARE_YEAR.fullmatch(_plain(year))
    if match is None:
        raise UnclearPeriod("has a year that is not one", "write the year as 2024")
    kind = YearKind.FISCAL if is_fiscal else _KINDS[match["kind"]]
    return QuarterLabel(_full(int(match["year"])), int(re.sub("[^1-4]", "", number[0])), kind)


def is_period(value: object) -> bool:
    """Whether a cell says a quarter, if need be only together with the company's fiscal year."""
    try:
        read_period(value)
    except UnclearPeriod:
        return False
    return True


def last_day(period: Period, year_end: date) -> date:
    """The last day of the quarter. year_end: an end of the company's fiscal year; its month matters.

    Raises UnclearPeriod when the fiscal year has no quarter that ends then, or the label does not say whose quarter.
    """
    if isinstance(period, QuarterLabel):
        if period.kind is YearKind.UNSAID and year_end.month != 12:
            month = calendar.month_name[year_end.month]
            raise UnclearPeriod(f"may be a calendar quarter or one of the fiscal year that ends in {month}", _FIX)
        end_month = year_end.month if period.kind is YearKind.FISCAL else 12
        period = quarters_before(month_end(period.year, end_month), 4 - period.quarter)
    if not YEAR_MIN <= period.year <= YEAR_MAX:
        raise UnclearPeriod(f"lies outside {YEAR_MIN} to {YEAR_MAX}", "correct the year")
    if period != month_end(period.year, period.month) or (period.month - year_end.month) % 3:
        month = calendar.month_name[year_end.month]
        reason = f"is not the last day of a quarter of the fiscal year that ends in {month}"
        raise UnclearPeriod(reason, "write the last day of the fiscal quarter, or correct the company's year end")
    return period


def _label(text: str) -> QuarterLabel | None:
    for pattern in _LABELS:
        if match := pattern.fullmatch(text):
            parts = match.groupdict()
            year = int(parts["year"])
            quarter = int(parts["quarter"] or parts["first"])
            return QuarterLabel(_full(year), quarter, _KINDS[parts["kind"]])
    return None


def _day(text: str) -> date | None:
    """A day or a month as a day. Of 31/03/2024 and 03/31/2024 each can be read one way only, as quarters' ends can."""
    try:
        if match := _ISO_DAY.fullmatch(text):
            return date(int(match[1]), int(match[2]), int(match[3]))
        if match := _OTHER_DAY.fullmatch(text):
            first, second, year = int(match[1]), int(match[2]), _full(int(match[3]))
            return date(year, second, first) if first > 12 else date(year, first, second) if second > 12 else None
        if match := _ISO_MONTH.fullmatch(text):
            return month_end(int(match[1]), int(match[2]))
        if (match := _DAY_MONTH_NAME.fullmatch(text)) and match["month"] in _MONTHS:
            year, month = _full(int(match["year"])), _MONTHS[match["month"]]
            day = match["day"] or match["day_after"]
            return date(year, month, int(day)) if day else month_end(year, month)
    except ValueError:  # such as 31 April
        return None
    return None


def _plain(value: object) -> str:
    return " ".join(str(value)[:_LETTERS_MAX].upper().replace("\u2019", "'").split())


def _full(year: int) -> int:
    return year if year >= 100 else 2000 + year
