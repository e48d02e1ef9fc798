"""`strongroom insight`: what the database holds and who is connected to it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from strongroom.assembly import Building
from strongroom.cli.choosing import WhichSystem, choose
from strongroom.cli.console import step
from strongroom.operations import insight
from strongroom.operations.insight.tables import check_is_table

commands = typer.Typer(no_args_is_help=True)
WIDEST = 10_000


@commands.command()
def tables(
    context: typer.Context,
    table: Annotated[str | None, typer.Option("--table", "-t", help="One table; all of them when left out.")] = None,
    system: WhichSystem = None,
) -> None:
    """How large each table is, how many of its rows are dead, and when it was last cleaned."""
    building: Building = context.obj
    chosen = choose(building.systems, system)
    if table is not None:
        check_is_table(chosen, table)
    shown = Table("table", "rows", "dead", "MB", "MB of indexes", "cleaned")
    for one in chosen:
        for figures in insight.measure_tables(one, building.options, table):
            cleaned = figures.cleaned_at.isoformat(" ", "seconds") if figures.cleaned_at else "never"
            megabytes = [f"{size / 1e6:.1f}" for size in (figures.table_bytes, figures.index_bytes)]
            counts = [f"{count:,}" for count in (figures.rows, figures.dead_rows)]
            shown.add_row(f"{one.name}.{figures.name}", *counts, *megabytes, cleaned)
    _print(shown)


@commands.command()
def connections(context: typer.Context) -> None:
    """Who is connected, since when in which state, and who waits for whom."""
    building: Building = context.obj
    shown = Table("process", "role", "application", "state", "for", "waits for", "blocked by")
    for one in insight.list_connections(building.options):
        blockers = ", ".join(map(str, one.blocked_by))
        lasting = f"{one.state_s:.1f} s"
        shown.add_row(str(one.process_id), one.role, one.application, one.state, lasting, one.waits_for, blockers)
    _print(shown)


@commands.command()
def query(
    context: typer.Context,
    sql: Annotated[str, typer.Argument(help="One statement.")],
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="Rows to show at most.")] = 100,
) -> None:
    """Run one statement in a transaction that the database lets write nothing, and show what it gives."""
    building: Building = context.obj
    answer = building.database.read(insight.ask, sql, limit)
    shown = Table(*answer.columns)
    for row in answer.rows:
        shown.add_row(*("" if value is None else str(value) for value in row))
    _print(shown)
    if not answer.is_whole:
        typer.echo(f"the first {limit} rows; there are more", err=True)


@commands.command()
def vacuum(context: typer.Context, system: WhichSystem = None) -> None:
    """Take dead rows away and give the planner fresh statistics, while the application goes on."""
    building: Building = context.obj
    for one in choose(building.systems, system):
        with step(f"Cleaning {one.name}") as current:
            current.result = f"{one.name}: {len(insight.vacuum(one, building.options))} tables cleaned"


def _print(table: Table) -> None:
    """To standard output, as wide as its contents: it may go through a pipe."""
    width = Console(width=WIDEST).measure(table).maximum
    Console(width=width, markup=False, highlight=False).print(table)
