"""Reads a file from its bytes to submissions, with every problem on the way; and submits them all, or none."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.files.unreadable import Unreadable
from strongroom.systems.portfolio.errors import FileRefused
from strongroom.systems.portfolio.imports.choices import Choices
from strongroom.systems.portfolio.imports.entries.records import Collection, Record, collect
from strongroom.systems.portfolio.imports.layouts.finding import find_tables
from strongroom.systems.portfolio.imports.opening.files import open_grids
from strongroom.systems.portfolio.imports.problems import Problem, problem_at
from strongroom.systems.portfolio.imports.wording.companies import Directory
from strongroom.systems.portfolio.rules import Amounts, target_currencies
from strongroom.systems.portfolio.services import inputs
from strongroom.systems.portfolio.services.figures import find_companies
from strongroom.systems.portfolio.services.rates import load_rate_book

#: what is told while quarters are stored: how many so far, how many in all
Progress = Callable[[int, int], None]


def silent(done: int, in_all: int) -> None:
    """The progress of a program without a terminal."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds. With a problem, nothing of it will be stored. notices: what was left out on purpose."""

    file: str
    records: Sequence[Record]
    problems: Sequence[Problem]
    notices: Sequence[str]

    def check(self) -> None:
        """Raises FileRefused when there is a problem."""
        if self.problems:
            raise FileRefused(
                file=self.file,
                count=len(self.problems),
                first=self.problems[0].sentence,
                problems=tuple(problem.to_dict() for problem in self.problems),
            )


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file. quarters: submitted; companies: whose."""

    file: str
    quarters: int
    companies: int
    notices: Sequence[str]


def check_file(session: Session, content: bytes, name: str, choices: Choices = Choices()) -> Reading:  # noqa: B008 - frozen
    """Read a file and list everything that is wrong with it, in the order of its sheets and rows. Writes nothing.

    name: as it was sent; a workbook, or a CSV file. Companies and exchange rates are those of the database.
    """
    try:
        grids = open_grids(content, name, choices.encoding)
    except Unreadable as error:
        problem = problem_at(name, error.reason, error.fix, row=error.row, value=error.value)
        return Reading(name, (), (problem,), ())
    directory = Directory(find_companies(session).values())
    found = Collection()
    for grid in grids:
        tables = find_tables(grid)
        if not tables and grid.cells:
            found.notices.append(f"{grid.name}: no table of figures is there; the sheet is not read")
        for table in tables:
            collect(table, directory, choices, found)
    found.problems += _unconvertible(session, found.records)
    if not found.records and not found.problems:
        fix = "send a table with headings such as those of `strongroom portfolio template`"
        found.problems.append(problem_at(name, "the file holds no figures", fix))
    order = {grid.name: number for number, grid in enumerate(grids)}
    problems = sorted(found.problems, key=lambda problem: (order.get(problem.sheet, -1), problem.row or 0))
    return Reading(name, tuple(found.records), tuple(problems), tuple(found.notices))


def import_file(
    session: Session,
    content: bytes,
    name: str,
    choices: Choices = Choices(),  # noqa: B008 - frozen
    progress: Progress = silent,
) -> Imported:
    """Submit every quarter of a file, in one unit of work: all of them are stored, or none. Raises FileRefused.

    A quarter that is there already is restated with what the file says.
    """
    reading = check_file(session, content, name, choices)
    reading.check()
    # in order of id, as everybody locks companies
    records = sorted(reading.records, key=lambda one: (one.company.id, one.submission.fiscal_reporting_date))
    done = 0
    for company_id, group in groupby(records, key=lambda record: record.company.id):
        submitted = inputs.submit_quarters(session, company_id, [record.submission for record in group])
        done += len(submitted)
        progress(done, len(records))
    return Imported(name, done, len({record.company.id for record in records}), reading.notices)


def _unconvertible(session: Session, records: Sequence[Record]) -> Iterator[Problem]:
    """A problem for each currency and day without a rate, at the first row that needs it, and for what outgrows one."""
    days = {record.submission.fiscal_reporting_date for record in records}
    targets = {target for record in records for target in target_currencies(record.submission.currency)}
    book = load_rate_book(session, targets, days)
    said: set[tuple[str, date]] = set()
    for record in records:
        currency, day = record.submission.currency, record.submission.fiscal_reporting_date
        found = {target: book.find(currency, target, day) for target in target_currencies(currency)}
        missing = [target for target, rate in found.items() if rate is None]
        if missing and (currency, day) not in said:
            said.add((currency, day))
            reason = f"there is no exchange rate from {currency} to {' or '.join(missing)} for {day}"
            fix = "put the rate of that day or of the week before, or import the month's average"
            yield _problem_of(record, reason, fix)
        amounts = Amounts.of(record.submission)
        try:
            for rate in found.values():
                amounts.converted(rate.rate if rate else Decimal(1))
        except InvalidValue:
            reason = "an amount of the row is too large in another currency"
            yield _problem_of(record, reason, "check the unit, and the currency")


def _problem_of(record: Record, reason: str, fix: str) -> Problem:
    currency = record.submission.currency
    return problem_at(
        record.sheet, reason, fix, row=record.row, column=record.column, header=record.header, value=currency
    )
