"""`strongroom partitions`: the years and months that large tables are cut into."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from strongroom.assembly import Building
from strongroom.cli.choosing import WhichSystem, choose
from strongroom.cli.console import console, step
from strongroom.operations import partitions

commands = typer.Typer(no_args_is_help=True)
Ahead = Annotated[int, typer.Option("--ahead", min=0, help="How many years or months to come must be there.")]


@commands.command("list")
def list_partitions(context: typer.Context, system: WhichSystem = None) -> None:
    """Every partition with its first day, the first day after it, its rows and its size."""
    building: Building = context.obj
    table = Table("partition", "from", "to", "rows", "MB")
    for one in choose(building.systems, system):
        for part in partitions.find_partitions(one, building.options):
            bounds = (str(part.start), str(part.end)) if part.start else ("all other rows", "")
            table.add_row(f"{one.name}.{part.name}", *bounds, f"{part.rows:,}", f"{part.size_bytes / 1e6:.1f}")
    console.print(table)


@commands.command()
def create(
    context: typer.Context,
    system: WhichSystem = None,
    ahead: Ahead = 2,
    by: Annotated[
        partitions.Span | None, typer.Option("--by", help="Year or month; as the newest partition is, if left out.")
    ] = None,
    empty_default: Annotated[
        bool, typer.Option("--empty-default", help="Also make those that rows in the default partition belong into.")
    ] = False,
) -> None:
    """Make the partitions of now and of the time to come, and move the rows there that came early. Safe to repeat."""
    building: Building = context.obj
    wanted = [
        missing
        for one in choose(building.systems, system)
        for missing in partitions.plan_partitions(
            one,
            building.options,
            _today(building),
            ahead=ahead,
            span=by,
            empty_default=empty_default,
        )
    ]
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    made = rows = 0
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=len(wanted))
        for missing in wanted:
            progress.update(task, description=missing.name)
            moved = partitions.create_partition(building.options, missing)
            made += moved is not None
            rows += moved or 0
            progress.advance(task)
    console.print(f"[green]✓[/green] {made} partitions made, {rows} rows moved into them")


@commands.command()
def check(context: typer.Context, system: WhichSystem = None, ahead: Ahead = 2) -> None:
    """Whether the partitions to come are there and no row lies aside; exits with 1 if something is to be done."""
    building: Building = context.obj
    troubles = [
        f"{one.name}: {trouble.what}"
        for one in choose(building.systems, system)
        for trouble in partitions.check_partitions(one, building.options, _today(building), ahead=ahead)
    ]
    for trouble in troubles:
        typer.echo(trouble)
    if troubles:
        raise typer.Exit(1)
    console.print("[green]✓[/green] every partition is ready, and every row is in its own")


@commands.command()
def drop(
    context: typer.Context,
    before: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="Drop what ends on this day or earlier.")],
    system: WhichSystem = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Also those with rows, which go with them.")] = False,
) -> None:
    """Drop the partitions whose time is over: empty ones only, unless told otherwise."""
    building: Building = context.obj
    for one in choose(building.systems, system):
        for part in partitions.find_expired(one, building.options, before.date()):
            with step(f"Dropping {one.name}.{part.name}") as current:
                rows = partitions.drop_partition(one, building.options, part, with_rows=yes)
                current.result = f"{one.name}.{part.name} dropped with {rows} rows"


def _today(building: Building) -> date:
    return building.database.clock.now().date()
