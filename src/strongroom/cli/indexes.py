"""`strongroom indexes`: what the models declare, what there is, and what it is worth."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table
from sqlalchemy import MetaData

from strongroom.assembly import Building
from strongroom.cli.choosing import WhichSystem, choose
from strongroom.cli.console import console, step
from strongroom.kernel.indexes import DeclaredIndex, declared_indexes
from strongroom.kernel.system import System
from strongroom.operations import indexes

commands = typer.Typer(no_args_is_help=True)
Named = Annotated[list[str] | None, typer.Argument(metavar="[NAME]...", help="Indexes; all of them when left out.")]


@commands.command("list")
def list_indexes(context: typer.Context, system: WhichSystem = None) -> None:
    """Every index that the models declare, its columns, and whether it is there and usable."""
    building: Building = context.obj
    table = Table("index", "table", "columns", "")
    for one in choose(building.systems, system):
        there = indexes.check_indexes(building.options, one.tables)
        for declared in sorted(_declared(building, one.tables).values(), key=lambda index: (index.table, index.name)):
            columns = ", ".join(declared.columns) if declared.columns else "an expression"
            state = "[green]✓[/green]" if there[declared.name] else "[red]missing[/red]"
            table.add_row(declared.name, f"{one.name}.{declared.table}", columns, state)
    console.print(table)


@commands.command()
def check(context: typer.Context, names: Named = None, system: WhichSystem = None) -> None:
    """Whether every declared index is there, as declared and usable; names the others and exits with 1."""
    building: Building = context.obj
    missing = [
        f"{one.name}: {name}"
        for one, chosen in _chosen(building, names, system)
        for name, is_there in indexes.check_indexes(building.options, one.tables, chosen).items()
        if not is_there
    ]
    for name in missing:
        typer.echo(name)
    if missing:
        raise typer.Exit(1)
    console.print("[green]✓[/green] every index is there and usable")


@commands.command()
def create(context: typer.Context, names: Named = None, system: WhichSystem = None) -> None:
    """Build what is missing or unusable while the application goes on; what is there is left alone."""
    building: Building = context.obj
    for one, chosen in _chosen(building, names, system):
        there = indexes.check_indexes(building.options, one.tables, chosen)
        for name in [name for name, is_there in there.items() if not is_there]:
            with step(f"Building {one.name}.{name}") as current:
                built = indexes.create_indexes(building.options, one.tables, [name])[name]
                current.result = f"{one.name}.{name} built" if built else f"{name} comes with the migrations"
    console.print("[green]✓[/green] nothing else is to be built")


@commands.command()
def drop(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Indexes that no constraint rests on.")],
    system: WhichSystem = None,
) -> None:
    """Drop indexes while the application goes on; one that a constraint rests on stays, and the exit code is 1."""
    building: Building = context.obj
    kept = []
    for one, chosen in _chosen(building, names, system):
        for name, is_gone in indexes.drop_indexes(building.options, one.tables, chosen).items():
            if is_gone:
                console.print(f"[green]✓[/green] {one.name}.{name} dropped")
            else:
                kept.append(f"{one.name}.{name} stays: a constraint rests on it")
    for sentence in kept:
        typer.echo(sentence)
    if kept:
        raise typer.Exit(1)


@commands.command()
def optimise(context: typer.Context, system: WhichSystem = None) -> None:
    """Give the planner fresh statistics, and build unusable and hollow indexes anew while the application goes on."""
    building: Building = context.obj
    for one in choose(building.systems, system):
        with step(f"Optimising {one.name}") as current:
            done = indexes.optimise(one, building.options)
            rebuilt, saved = ", ".join(done.rebuilt) or "no index", f"{done.saved_bytes / 1e6:.1f} MB saved"
            current.result = f"{one.name}: {len(done.analysed)} tables analysed, {rebuilt} rebuilt, {saved}"


@commands.command()
def usage(context: typer.Context, system: WhichSystem = None) -> None:
    """How often each index was used and what it costs, and what had better be dropped, added or mended."""
    building: Building = context.obj
    for one in choose(building.systems, system):
        table = Table("index", "table", "scans", "MB", title=one.title, title_justify="left")
        for index in indexes.measure_usage(one, building.options):
            table.add_row(index.name, index.table, f"{index.scans:,}", f"{index.size_bytes / 1e6:.1f}")
        console.print(table)
        for advice in indexes.advise(one, building.options):
            typer.echo(f"{one.name}: {advice.what}")


def _chosen(building: Building, names: list[str] | None, system: str | None) -> list[tuple[System, list[str] | None]]:
    """The systems with those of the names that are theirs; a name of none of them is told by the first."""
    systems = choose(building.systems, system)
    if not names:
        return [(one, None) for one in systems]
    owned = [(one, [name for name in names if name in _declared(building, one.tables)]) for one in systems]
    strangers = [name for name in names if not any(name in mine for _, mine in owned)]
    return [(systems[0], strangers)] if strangers else [(one, mine) for one, mine in owned if mine]


def _declared(building: Building, tables: MetaData) -> dict[str, DeclaredIndex]:
    return declared_indexes(tables, "sqlite" if building.options.is_sqlite else "postgresql")
