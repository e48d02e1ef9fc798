"""`strongroom export_readiness …`: the nomenclature and published constants come in; what outlived its time goes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Protocol, TypeVar, cast
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Column, Table
from sqlalchemy.orm import Session

from strongroom.kernel.errors import InvalidValue, StrongroomError
from strongroom.kernel.sessions import Database
from strongroom.systems.export_readiness.errors import ConstantsRefused, NomenclatureRefused
from strongroom.systems.export_readiness.imports.constants import import_constants
from strongroom.systems.export_readiness.imports.nomenclature import SOURCE, SOURCE_DATE, import_nomenclature
from strongroom.systems.export_readiness.options import ExportReadinessOptions
from strongroom.systems.export_readiness.repositories import UserRepository
from strongroom.systems.export_readiness.services import chat, hs_codes, privacy, reference_rates, reports, users

T = TypeVar("T")

#: the day as typer takes one
PUBLISHED = datetime.combine(SOURCE_DATE, datetime.min.time())

commands = typer.Typer(no_args_is_help=True, help="Codes of goods, published constants, and what has to end or go.")


class Building(Protocol):
    """What these commands are handed."""

    @property
    def database(self) -> Database: ...
    def option(self, kind: type[T]) -> T:
        """What the settings say to these options."""


@commands.command("import-hs")
def import_hs(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file, or gzipped.")],
    source: Annotated[str, typer.Option(help="Who published it.")] = SOURCE,
    source_date: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="When it was published.")] = PUBLISHED,
) -> None:
    """Import the Harmonized System: section, hscode, description, parent and level, a line a heading.

    All of it is stored or none. Safe to repeat: what is there already is left alone, or changed where it differs.
    """
    began = time.perf_counter()
    with _refusals(), _bar("headings") as report:
        imported = _database(context).write(
            import_nomenclature,
            file.read_bytes(),
            file.name,
            source=source,
            source_date=source_date.date(),
            report=report,
        )
    seconds = time.perf_counter() - began
    typer.echo(f"{imported.rows:,} headings: {imported.added:,} new, {imported.changed:,} changed, {seconds:.1f} s")


@commands.command("import-rates")
def import_rates(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="A CSV file.")],
) -> None:
    """Put published constants: calculator, name, valid_from, value, unit, source and, as JSON, details.

    Each holds from its day on; none is ever changed. Safe to repeat.
    """
    with _refusals():
        added = _database(context).write(import_constants, file.read_bytes(), file.name)
    typer.echo(f"{added:,} constants put")


@commands.command("rates")
def show_rates(
    context: typer.Context,
    calculator: Annotated[str | None, typer.Argument(help="Of this calculator only.")] = None,
    day: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="In force on this day; today.")] = None,
) -> None:
    """Show the constants that are in force, and who published them."""
    found = _database(context).read(
        reference_rates.list_constants, calculator=calculator, day=day.date() if day is not None else None
    )
    table = Table("calculator", "name", Column("value", justify="right"), "unit", "since", "source")
    for constant in found:
        value = "" if constant.value is None else f"{constant.value.normalize():f}"
        table.add_row(
            constant.calculator, constant.name, value, constant.unit, str(constant.valid_from), constant.source
        )
    Console().print(table)


@commands.command()
def classify(
    context: typer.Context,
    product: Annotated[str, typer.Argument(help="The product in words, or a code.")],
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many to show at most.")] = 5,
) -> None:
    """Find the code of a product, or say of a code what it is.

    Example: strongroom export_readiness classify "organic turmeric powder"
    """
    database = _database(context)
    if any(letter.isalpha() for letter in product):
        for suggestion in database.read(hs_codes.suggest, product, limit=limit).suggestions:
            typer.echo(f"{suggestion.code}  {suggestion.confidence:>6} %  {suggestion.description}")
        return
    verdict = database.read(hs_codes.validate, product, limit=limit)
    for row in verdict.path:
        typer.echo(f"{row.code:<6}  {row.description}")
    if not verdict.is_known:
        typer.echo(f"{verdict.code} is not in the nomenclature" + ("; likely:" if verdict.likely else ""))
        for row in verdict.likely:
            typer.echo(f"{row.code:<6}  {row.description}")
        raise typer.Exit(1)


@commands.command("export-user")
def export_user(
    context: typer.Context, user: Annotated[str, typer.Argument(help="The address or the id of the business.")]
) -> None:
    """Print all that is kept of a business, as JSON."""
    typer.echo(json.dumps(_database(context).read(_exported, user), indent=2, ensure_ascii=False))


@commands.command("delete-user")
def delete_user(
    context: typer.Context,
    user: Annotated[str, typer.Argument(help="The address or the id of the business.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a business with its reports and everything that follows from them."""
    if not yes:
        typer.confirm(f"Remove {user} and everything of theirs?", abort=True)
    _database(context).write(_delete, user)
    typer.echo(f"{user} is gone")


@commands.command()
def expire(context: typer.Context) -> None:
    """End reports that nobody completed, and forget conversations that ended long ago; for a timer to call."""
    building = cast("Building", context.obj)
    options = building.option(ExportReadinessOptions)
    duties: Mapping[str, Callable[[Session], int]] = {
        "reports failed": lambda session: reports.fail_abandoned(session, options=options),
        "conversations forgotten": lambda session: chat.forget_expired(session, options=options),
    }
    for noun, duty in duties.items():
        typer.echo(f"{noun}: {_repeat(building.database, duty)}")


def _repeat(database: Database, duty: Callable[[Session], int]) -> int:
    """Run a duty in portions, so that no lock is held for long, until nothing is left; how many there were."""
    return sum(iter(lambda: database.write(duty), 0))


def _exported(session: Session, user: str) -> dict[str, object]:
    return privacy.export_user(session, _id_of(session, user))


def _delete(session: Session, user: str) -> None:
    users.delete_user(session, _id_of(session, user))


def _id_of(session: Session, user: str) -> UUID | str:
    found = UserRepository(session).get_user_by_email(user)
    return user if found is None else found.id


@contextmanager
def _refusals() -> Iterator[None]:
    """Say every problem of a refused file, and exit with 1."""
    try:
        yield
    except (NomenclatureRefused, ConstantsRefused) as error:
        _say(error)
        for problem in error.facts["problems"]:
            typer.echo(f"  {problem}", err=True)
        raise typer.Exit(1) from None
    except InvalidValue as error:
        _say(error)
        raise typer.Exit(1) from None


def _say(error: StrongroomError) -> None:
    typer.echo(str(error), err=True)


@contextmanager
def _bar(noun: str) -> Iterator[Callable[[int, int], None]]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task(noun, total=None)

        def report(done: int, total: int) -> None:
            progress.update(task, completed=done, total=total)

        yield report


def _database(context: typer.Context) -> Database:
    return cast("Building", context.obj).database
