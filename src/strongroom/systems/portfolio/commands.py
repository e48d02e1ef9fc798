"""`strongroom portfolio …`: companies' figures and exchange rates come in, the fund's report goes out."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column, Table

from strongroom.kernel.files.encodings import ENCODINGS
from strongroom.kernel.files.formulas import guard_text
from strongroom.kernel.sessions import Database
from strongroom.kernel.sessions.doors import Building
from strongroom.systems.portfolio.errors import FileRefused
from strongroom.systems.portfolio.exports import Format, build_report, write_report
from strongroom.systems.portfolio.imports import (
    Choices,
    DecimalMark,
    Problem,
    build_template,
    check_file,
    import_file,
    import_rates,
)
from strongroom.systems.portfolio.imports.opening.files import FILE_BYTES_MAX
from strongroom.systems.portfolio.rules import FundQuarter

commands = typer.Typer(no_args_is_help=True, help="Bring companies' figures and exchange rates in, and reports out.")
export = typer.Typer(no_args_is_help=True, help="Write what the fund knows to a file.")
commands.add_typer(export, name="export")

_QUARTER = re.compile(r"(?P<year>20[0-9]{2})-?Q(?P<quarter>[1-4])", re.IGNORECASE)
_AT_ONCE_MAX = 200  # problems on a screen


@commands.command("import")
def import_figures(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A workbook (.xlsx) or a CSV file.")],
    check: Annotated[bool, typer.Option("--check", help="Read and check everything; store nothing.")] = False,
    company: Annotated[
        str | None, typer.Option(help="Whose figures they are, by name or id, where the file does not say it.")
    ] = None,
    encoding: Annotated[
        str | None, typer.Option(help=f"Of a CSV file that is not UTF-8 or UTF-16: {', '.join(ENCODINGS)}.")
    ] = None,
    decimal_mark: Annotated[
        str | None, typer.Option(help="Of numbers that are text: point or comma, where they do not show it.")
    ] = None,
    problems: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write the problems to this CSV file as well.")
    ] = None,
) -> None:
    """Import quarterly figures, as companies send them: a row for each quarter, or a column.

    Headings are understood in many words ("Net Revenue (USD k)", "S&M", "FTEs"); quarters as 2024-03-31, Q1 2024 or
    FY24 Q3. Every problem is named with its cell, and then nothing is stored; otherwise everything, in one unit of
    work. What is there already is restated. Exits with 1 if there is a problem.

    Begin with `strongroom portfolio template`.
    """
    choices = Choices(company, _encoding(encoding), _decimal_mark(decimal_mark))
    content = _read(file)
    console = Console(highlight=False, soft_wrap=True)
    try:
        if check:
            reading = _database(context).read(check_file, content, file.name, choices)
            reading.check()
            _say_notices(reading.notices)
            console.print(f"{file.name}: {len(reading.records):,} quarters can be imported; nothing was stored.")
            return
        with _bar("quarters") as progress:
            imported = _database(context).write(import_file, content, file.name, choices, progress)
    except FileRefused as error:
        _say_refused(error, problems)
        raise typer.Exit(1) from None
    _say_notices(imported.notices)
    console.print(f"{file.name}: {imported.quarters:,} quarters of {imported.companies:,} companies imported.")


@commands.command()
def template(
    context: typer.Context,
    out: Annotated[Path, typer.Argument(dir_okay=False, help="Where to write the workbook (.xlsx).")],
    company: Annotated[
        list[str] | None, typer.Option(help="Begin a row for this company, by name or id; may be repeated.")
    ] = None,
) -> None:
    """Write the workbook that companies fill in: headings, notes, checks as they type, and an example."""
    _check_ending(out, ".xlsx")
    out.write_bytes(_database(context).read(build_template, company or ()))
    Console(highlight=False, soft_wrap=True).print(
        f"{out} written; fill it in and give it to `strongroom portfolio import`."
    )


@commands.command("import-rates")
def import_exchange_rates(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file: Date,Country,Exchange rate.")],
) -> None:
    """Import monthly average exchange rates, units of each country's currency for one US dollar.

    A date is the first of the month the rate is the average of. An average is used for a day only where no daily
    rate is known, and says so. The file is stored entirely or not at all; safe to repeat. Countries whose currency
    is not known are named and left out.
    """
    try:
        with _bar("rates") as progress:
            result = _database(context).write(import_rates, _read(file), file.name, progress)
    except FileRefused as error:
        _say_refused(error)
        raise typer.Exit(1) from None
    console = Console(highlight=False)
    table = Table(*map(_right, ("rows", "new", "changed", "as before", "currencies")))
    counts = (result.rows, result.added, result.changed, result.unchanged, len(result.by_currency))
    table.add_row(*(f"{count:,}" for count in counts))
    console.print(table)
    for country, rows in result.unknown.items():
        console.print(f"Not imported: {country} ({rows:,} rows; its currency is not known).", markup=False)


@export.command("report")
def export_report(
    context: typer.Context,
    quarter: Annotated[str, typer.Option(help="The fund's quarter, which is the calendar's: 2024Q4.")],
    out: Annotated[Path, typer.Option(dir_okay=False, help="The file to write.")],
    currency: Annotated[str, typer.Option(help="USD or CAD, in which every company is reported.")] = "USD",
    form: Annotated[Format | None, typer.Option("--format", help="Taken from the file's ending when left out.")] = None,
    known_at: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"],
            help="Show what was known at this moment (UTC unless it says otherwise); now when left out.",
        ),
    ] = None,
) -> None:
    """Write the fund's quarterly report: companies by inputs, financials and metrics.

    As .xlsx with a summary, number formats and the rates that were used; as .csv with a row for each company; as
    .parquet with exact decimals. All from one snapshot of the database.
    """
    chosen = form or _format_of(out)
    report = _database(context).read(build_report, _fund_quarter(quarter), currency.upper(), known_at=known_at)
    out.write_bytes(write_report(report, chosen))
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{out} written: {report.quarter} in {report.currency}, {len(report.lines):,} companies.")
    if report.missing:
        console.print(f"Not reported yet: {', '.join(report.missing)}.", markup=False)


def _say_refused(error: FileRefused, problems_out: Path | None = None) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    problems: Sequence[Mapping[str, Any]] = error.facts["problems"]
    for problem in problems[:_AT_ONCE_MAX]:
        found = Problem(**problem)
        shown = "" if found.value is None else f" [{found.value}]"
        console.print(f"{found.sentence}{shown}; {found.fix}", markup=False)
    if len(problems) > _AT_ONCE_MAX:
        console.print(f"… and {len(problems) - _AT_ONCE_MAX:,} more; --problems writes all of them", markup=False)
    if problems_out is not None:
        _write_problems(problems_out, problems)
    count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
    console.print(f"{error.facts['file']}: {count}; nothing of it was stored.", markup=False)


def _write_problems(out: Path, problems: Sequence[Mapping[str, Any]]) -> None:
    """A table to send back to whoever sent the file."""
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(problems[0]))
        writer.writeheader()
        for problem in problems:
            writer.writerow({key: guard_text(it) if isinstance(it, str) else it for key, it in problem.items()})


def _say_notices(notices: Sequence[str]) -> None:
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    for notice in notices:
        console.print(notice, markup=False)


@contextmanager
def _bar(noun: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that appears with the first report of how many are done."""
    bars = Progress(TextColumn(noun), BarColumn(), MofNCompleteColumn(), console=Console(stderr=True))
    with bars:
        task = bars.add_task(noun, total=None, visible=False)
        yield lambda done, in_all: bars.update(task, completed=done, total=in_all, visible=True)


def _read(file: Path) -> bytes:
    """The file, or enough of it to be refused as too large."""
    with file.open("rb") as stream:
        return stream.read(FILE_BYTES_MAX + 1)


def _encoding(name: str | None) -> str | None:
    if name is not None and name.lower() not in ENCODINGS:
        raise typer.BadParameter(f"is none of {', '.join(ENCODINGS)}", param_hint="--encoding")
    return name.lower() if name else None


def _decimal_mark(name: str | None) -> DecimalMark | None:
    marks = {"point": DecimalMark.POINT, ".": DecimalMark.POINT, "comma": DecimalMark.COMMA, ",": DecimalMark.COMMA}
    if name is not None and name.lower() not in marks:
        raise typer.BadParameter("is neither point nor comma", param_hint="--decimal-mark")
    return marks[name.lower()] if name else None


def _fund_quarter(text: str) -> FundQuarter:
    match = _QUARTER.fullmatch(text.strip())
    if match is None:
        raise typer.BadParameter(f"{text} is no quarter; write it as 2024Q4", param_hint="--quarter")
    return FundQuarter(int(match["year"]), int(match["quarter"]))


def _format_of(out: Path) -> Format:
    try:
        return Format(out.suffix.removeprefix(".").lower())
    except ValueError:
        raise typer.BadParameter("say xlsx, csv or parquet, or end the file so", param_hint="--format") from None


def _check_ending(out: Path, ending: str) -> None:
    if out.suffix.lower() != ending:
        raise typer.BadParameter(f"must end with {ending}", param_hint="OUT")


def _database(context: typer.Context) -> Database:
    return cast("Building", context.obj).database


def _right(name: str) -> Column:
    return Column(name, justify="right")
