"""Imports published exchange rates: monthly averages, units of each country's currency for one US dollar."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from strongroom.kernel.values import NotExact, exact_decimal
from strongroom.systems.portfolio.errors import FileRefused
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.rates.countries import currency_of_country
from strongroom.systems.portfolio.models import FxRate
from strongroom.systems.portfolio.rules import RatePeriodEnum, RateQuote
from strongroom.systems.portfolio.services.rates import put_rates

COLUMNS = ("Date", "Country", "Exchange rate")
PROVIDER = "FRED H.10 monthly average"
BASE = "USD"
ROWS_AT_ONCE = 1000

#: what is told while rates are stored: how many so far, how many in all
Progress = Callable[[int, int], None]
#: a currency and the first of a month
_Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class RatesImported:
    """rows: of the file. added, changed, unchanged: rates, by what was there before. by_currency: rates of each.

    unknown: rows of each country whose currency we do not know; they are left out.
    """

    rows: int
    added: int
    changed: int
    unchanged: int
    by_currency: Mapping[str, int]
    unknown: Mapping[str, int]


def import_rates(
    session: Session, content: bytes, name: str, progress: Progress = lambda done, in_all: None
) -> RatesImported:
    """Store every rate of a CSV file with the columns Date, Country and Exchange rate; safe to repeat.

    A date is the first of the month that the rate is the average of. Raises FileRefused, and stores nothing, when a
    row cannot be read.
    """
    file = _read(content, name)
    if file.problems:
        raise FileRefused(
            file=name,
            count=len(file.problems),
            first=file.problems[0].sentence,
            problems=tuple(problem.to_dict() for problem in file.problems),
        )
    there = _stored(session)
    news = [quote for quote in file.quotes.values() if there.get((quote.quote, quote.day)) != (quote.rate, PROVIDER)]
    for start in range(0, len(news), ROWS_AT_ONCE):
        put_rates(session, news[start : start + ROWS_AT_ONCE])
        progress(min(start + ROWS_AT_ONCE, len(news)), len(news))
    added = sum((quote.quote, quote.day) not in there for quote in news)
    return RatesImported(
        file.rows,
        added,
        len(news) - added,
        len(file.quotes) - len(news),
        dict(sorted(Counter(quote.quote for quote in file.quotes.values()).items())),
        dict(sorted(file.unknown.items())),
    )


@dataclass(slots=True)
class _File:
    rows: int = 0
    quotes: dict[_Key, RateQuote] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unknown: Counter[str] = field(default_factory=Counter)


def _read(content: bytes, name: str) -> _File:
    file = _File()
    for row, fields in _rows(content, name, file.problems):
        file.rows += 1
        try:
            month, country, rate = _parse(fields)
        except _BadField as bad:
            file.problems.append(
                problem_at(name, bad.reason, bad.fix, row=row, column=bad.column, header=COLUMNS[bad.column - 1],
                           value=bad.value)
            )  # fmt: skip
            continue
        currency = currency_of_country(country, month)
        if currency is None:
            file.unknown[country] += 1
            continue
        quote = RateQuote(BASE, currency, month, rate, RatePeriodEnum.MONTH, PROVIDER)
        if file.quotes.setdefault((currency, month), quote) is not quote:
            reason, fix = f"{currency} has a rate for {month:%Y-%m} already", "keep one of the rows"
            file.problems.append(problem_at(name, reason, fix, row=row, value=country))
    return file


def _rows(content: bytes, name: str, problems: list[Problem]) -> Iterator[tuple[int, Sequence[str]]]:
    try:
        lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        if tuple(next(lines, ())) != COLUMNS:
            fix = f"name them {', '.join(COLUMNS)}"
            problems.append(problem_at(name, "the columns are not those of a file of rates", fix, row=1))
            return
        yield from enumerate(lines, 2)
    except UnicodeDecodeError:
        problems.append(problem_at(name, "the file is not UTF-8", "save it as UTF-8"))
    except csv.Error:
        fix = "put quotes around the whole field"
        problems.append(problem_at(name, "a quoted field does not end where it should", fix, row=lines.line_num))


class _BadField(ValueError):
    def __init__(self, column: int, value: str, reason: str, fix: str) -> None:
        super().__init__(reason)
        self.column = column
        self.value = value
        self.reason = reason
        self.fix = fix


def _parse(fields: Sequence[str]) -> tuple[date, str, Decimal]:
    if len(fields) != len(COLUMNS):
        raise _BadField(1, ",".join(fields), f"has {len(fields)} fields, not 3", "complete the row, or remove it")
    day, country, number = fields
    try:
        month = date.fromisoformat(day)
    except ValueError:
        raise _BadField(1, day, "is not a day", "write the first of the month, such as 2024-03-01") from None
    if month.day != 1:
        raise _BadField(1, day, "is not the first of a month", "write the first of the month the rate is of")
    try:
        rate = exact_decimal(number)
    except NotExact:
        raise _BadField(3, number, "is not a number", "write it as 1.2345") from None
    if rate <= 0:
        raise _BadField(3, number, "is not above zero", "correct the rate, or remove the row")
    return month, country.strip(), rate


def _stored(session: Session) -> dict[_Key, tuple[Decimal, str]]:
    """The monthly rates that are there, and who published them."""
    found = session.execute(
        select(FxRate.quote_currency, FxRate.rate_date, FxRate.rate, FxRate.provider).where(
            FxRate.base_currency == BASE, FxRate.rate_period == RatePeriodEnum.MONTH
        )
    )
    return {(currency, month): (rate, provider) for currency, month, rate, provider in found}
