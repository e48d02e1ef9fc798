"""Files of series come in at a terminal: looked at, confirmed, stored."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.files import guard_text
from strongroom.kernel.files.encodings import ENCODINGS
from strongroom.systems.forecasting.commands.building import building_of
from strongroom.systems.forecasting.errors import UploadNotConfirmed, UploadRefused, UserNotFound
from strongroom.systems.forecasting.imports import (
    Choices,
    Detected,
    RowProblem,
    detect_file,
    patient,
    prepare_file,
    store_prepared,
)
from strongroom.systems.forecasting.models import User
from strongroom.systems.forecasting.repositories import UserRepository
from strongroom.systems.forecasting.rules import DataTypeEnum

File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV, .xlsx or Parquet.")]
Known = Annotated[Path | None, typer.Option("--choices", exists=True, dir_okay=False, help="What --json wrote.")]
Column = Annotated[
    list[str] | None,
    typer.Option(
        help="What a column is for, such as 'Net sales=revenue'; one of timestamp, revenue, expense, cash_flow, "
        "category, value, keep. May be repeated; then all columns have to be told."
    ),
]
Category = Annotated[str | None, typer.Option(help="What the values are: revenue, expense or cash_flow.")]
Word = Annotated[list[str] | None, typer.Option("--word", help="What a word means, such as 'Umsatz=revenue'.")]
DateForm = Annotated[
    str | None, typer.Option("--date-format", help="day_first, month_first …, where the file leaves it open.")
]
Mark = Annotated[str | None, typer.Option("--decimal-mark", help="point or comma, where the file leaves it open.")]
Encoding = Annotated[str | None, typer.Option(help=f"Of CSV that is not UTF-8 or UTF-16: {', '.join(ENCODINGS)}.")]
Sheet = Annotated[str | None, typer.Option(help="Which sheet of a workbook.")]
BadRows = Annotated[str | None, typer.Option(help="refuse the file, or skip the rows.")]
Duplicates = Annotated[str | None, typer.Option(help="keep_first, keep_last, sum or mean.")]
Missing = Annotated[str | None, typer.Option(help="drop, forward_fill, back_fill or interpolate.")]
Outliers = Annotated[str | None, typer.Option(help="keep, or take them for missing by iqr, zscore, isolation_forest.")]
FillGaps = Annotated[bool, typer.Option("--fill-gaps", help="Take periods without a row for missing values.")]
Flip = Annotated[
    bool | None, typer.Option("--flip-expenses/--keep-expenses", help="Turn the signs of negative expenses round.")
]
Currency = Annotated[str | None, typer.Option(help="Of all amounts, where they do not say it.")]
Budget = Annotated[bool, typer.Option("--budget", help="The amounts were planned; they are not what came.")]
Problems = Annotated[Path | None, typer.Option(dir_okay=False, help="Write the bad rows to this CSV file as well.")]


def check_file(
    file: File,
    choices: Known = None,
    column: Column = None,
    category: Category = None,
    word: Word = None,
    date_format: DateForm = None,
    decimal_mark: Mark = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", dir_okay=False, help="Write the choices here, to be put right and used.")
    ] = None,
    problems: Problems = None,
) -> None:
    """Show how a file of series would be read, what is wrong with it and what has to be told; nothing is stored.

    Exits with 1 when something has to be told, or rows cannot be read.
    """
    told = _choices(
        choices, column, word, category=category, date_format=date_format, decimal_mark=decimal_mark,
        encoding=encoding, sheet=sheet,
    )  # fmt: skip
    with _bar() as progress:
        found = detect_file(file, file.name, told, progress)
    _show(found)
    if json_file is not None:
        json_file.write_text(json.dumps(found.choices.to_dict(), indent=2) + "\n", encoding="utf-8")
    if problems is not None:
        _write_problems(problems, found.problems)
    if found.questions or found.problems:
        raise typer.Exit(1)


def upload(
    context: typer.Context,
    file: File,
    user: Annotated[str, typer.Option(help="Whose upload it is, by name.")],
    choices: Known = None,
    column: Column = None,
    category: Category = None,
    word: Word = None,
    date_format: DateForm = None,
    decimal_mark: Mark = None,
    encoding: Encoding = None,
    sheet: Sheet = None,
    bad_rows: BadRows = None,
    duplicates: Duplicates = None,
    missing: Missing = None,
    outliers: Outliers = None,
    fill_gaps: FillGaps = False,
    flip_expenses: Flip = None,
    currency: Currency = None,
    budget: Budget = False,
    data_type: Annotated[
        DataTypeEnum, typer.Option(help="What the file is.", show_choices=True)
    ] = DataTypeEnum.TIME_SERIES,
    yes: Annotated[bool, typer.Option("--yes", help="What the file shows without doubt is right; do not ask.")] = False,
    problems: Problems = None,
) -> None:
    """Store the series of a file, after showing how it is read: all of it, or nothing and the reason.

    What can be read in two ways has to be told. A file that was stored before changes nothing. Exits with 1 when
    nothing was stored.

    Example: strongroom forecasting upload sales.csv --user ada --category revenue
    """
    told = _choices(
        choices, column, word, category=category, date_format=date_format, decimal_mark=decimal_mark,
        encoding=encoding, sheet=sheet, bad_rows=bad_rows, duplicates=duplicates, missing=missing, outliers=outliers,
        fill_gaps=fill_gaps, flip_expenses=flip_expenses, accept_detected=yes,
        metadata={"currency": currency, "budget": budget or None},
    )  # fmt: skip
    database = building_of(context).database
    owner = database.read(_find_user, user)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    try:
        confirmed = told if yes else _confirmed(file, told)
        with _bar() as progress:
            prepared = prepare_file(file, file.name, confirmed, progress)
            with patient(database) as unhurried:
                done = unhurried.write(
                    store_prepared, prepared, user_id=owner.id, data_type=data_type, progress=progress
                )
    except UploadNotConfirmed as error:
        for question in error.facts["open"]:
            console.print(question, markup=False)
        console.print(f"{file.name}: nothing was stored; say how it is to be read.", markup=False)
        raise typer.Exit(1) from None
    except UploadRefused as error:
        found = [RowProblem(**problem) for problem in error.facts["problems"]]
        _say_problems(console, found)
        if problems is not None:
            _write_problems(problems, found)
        console.print(f"{file.name}: nothing was stored; {error.facts['reason'].partition(':')[0]}.", markup=False)
        raise typer.Exit(1) from None
    for notice in prepared.notices:
        console.print(notice, markup=False)
    stored = "stored" if done.is_new else "was stored before"
    typer.echo(f"{file.name}: {stored}; {done.upload.row_count:,} points, upload {done.upload.id}.")


def _confirmed(file: Path, told: Choices) -> Choices:
    """What was found out, shown, and said to be right by whoever sits there."""
    with _bar() as progress:
        found = detect_file(file, file.name, told, progress)
    _show(found)
    if found.questions:
        raise UploadNotConfirmed(file=file.name, questions="; ".join(found.questions), open=tuple(found.questions))
    typer.confirm("Store it so?", abort=True)
    return found.choices


def _show(found: Detected) -> None:
    console = Console(highlight=False, soft_wrap=True)
    for finding in found.findings:
        console.print(f"{finding.subject}: {finding.choice or '?'}  ({finding.evidence})", markup=False)
        if finding.is_open or finding.subject == "outliers":
            for option in finding.options:
                console.print(f"    {option.value}: {option.evidence}", markup=False)
                for example in option.examples:
                    console.print(f"        {example}", markup=False)
    for one in found.series:
        counts = one.counts
        console.print(
            f"{one.category.value}: {counts.read:,} values from {one.facts.first[:10]} to {one.facts.last[:10]}, "
            f"{counts.missing:,} missing, {counts.duplicates:,} twice, {counts.gaps:,} gaps",
            markup=False,
        )
    for notice in found.notices:
        console.print(notice, markup=False)
    _say_problems(console, found.problems)
    for question in found.questions:
        console.print(f"To be told: {question}", markup=False)


def _say_problems(console: Console, problems: Sequence[RowProblem]) -> None:
    for problem in problems:
        shown = "" if problem.value is None else f" [{problem.value}]"
        console.print(f"{problem.sentence}{shown}", markup=False)


def _write_problems(out: Path, problems: Sequence[RowProblem]) -> None:
    with out.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "column", "value", "reason"])
        for one in problems:
            writer.writerow([one.line, *(guard_text(text or "") for text in (one.column, one.value, one.reason))])


def _choices(known: Path | None, column: list[str] | None, word: list[str] | None, **told: Any) -> Choices:
    """What a file of choices says, and what was told beside it."""
    document: dict[str, Any] = {}
    if known is not None:
        try:
            document = json.loads(known.read_text(encoding="utf-8"))
        except ValueError:
            raise InvalidValue(field="--choices", reason="is no file of choices") from None
    metadata = {name: value for name, value in told.pop("metadata", {}).items() if value is not None}
    document |= {name: value for name, value in told.items() if value not in (None, False)}
    if column:
        document["columns"] = _pairs(column, "--column")
    if word:
        document["categories"] = _pairs(word, "--word")
    if metadata:
        document["metadata"] = {**document.get("metadata", {}), **metadata}
    if told.get("flip_expenses") is False:
        document["flip_expenses"] = False
    return Choices.from_dict(document)


def _pairs(told: Sequence[str], option: str) -> Mapping[str, str]:
    pairs = [text.rpartition("=") for text in told]
    if any(not name or not value for name, _, value in pairs):
        raise typer.BadParameter("must be of the form 'name=meaning'", param_hint=option)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _find_user(session: Session, name: str) -> User:
    found = UserRepository(session).get_user_by_username(name)
    if found is None:
        raise UserNotFound
    return found


@contextmanager
def _bar() -> Iterator[Callable[[str, int, int | None], None]]:
    """A bar that appears with the first report of how far the file is."""
    bars = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bars:
        task = bars.add_task("", total=None, visible=False)
        yield lambda stage, done, total: bars.update(task, description=stage, completed=done, total=total, visible=True)
