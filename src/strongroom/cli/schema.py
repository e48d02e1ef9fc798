"""`strongroom schema`: the history of every system's schema, one at a time or all together."""

from __future__ import annotations

from typing import Annotated

import typer

from strongroom.assembly import Building
from strongroom.cli.choosing import choose
from strongroom.cli.console import console, step
from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations import Migrated
from strongroom.operations import schema

commands = typer.Typer(no_args_is_help=True)
Which = Annotated[str | None, typer.Option("--system", "-s", help="One system, or `jobs`; all when left out.")]


@commands.command()
def upgrade(
    context: typer.Context,
    revision: Annotated[str, typer.Argument(help="head for the newest, +1 for one step, or a revision.")] = "head",
    system: Which = None,
) -> None:
    """Bring the schema to a revision; the newest one unless told otherwise. What is there already is left alone."""
    building: Building = context.obj
    for one in choose(building.histories, system):
        with step(f"Upgrading {one.name}") as current:
            schema.upgrade(one, building.options, revision)
            current.result = f"{one.name} at {schema.find_position(one, building.options).current}"


@commands.command(context_settings={"ignore_unknown_options": True})  # -1 is a revision here
def downgrade(
    context: typer.Context,
    revision: Annotated[str, typer.Argument(help="-1 for one step, base for nothing left, or a revision.")] = "-1",
    system: Which = None,
) -> None:
    """Take the schema back. What a revision added is removed with its data; refused in production.

    Jobs stay unless they are named or everything goes down to base.
    """
    building: Building = context.obj
    building.check_may_be_emptied()
    candidates = building.histories if system or revision == "base" else building.systems
    for one in choose(candidates, system):
        with step(f"Downgrading {one.name}") as current:
            schema.downgrade(one, building.options, revision)
            current.result = f"{one.name} at {schema.find_position(one, building.options).current or 'nothing'}"


@commands.command()
def current(context: typer.Context, system: Which = None) -> None:
    """Where the database is, and where the code is."""
    building: Building = context.obj
    for one in choose(building.histories, system):
        typer.echo(_standing(one, schema.find_position(one, building.options)))


@commands.command()
def history(context: typer.Context, system: Which = None) -> None:
    """Every revision there is in the code, newest first."""
    building: Building = context.obj
    for one in choose(building.histories, system):
        for line in schema.describe_history(one, building.options):
            typer.echo(line)


@commands.command()
def revision(
    context: typer.Context,
    message: Annotated[str, typer.Option("--message", "-m", help="What the revision does, in a few words.")],
    system: Which = None,
    autogenerate: Annotated[bool, typer.Option(help="Write what the models say; read it before you keep it.")] = True,
) -> None:
    """Begin a new revision in the system's folder: the file is written, the database is not changed."""
    building: Building = context.obj
    for one in choose(building.systems, system):
        typer.echo(schema.write_revision(one, building.options, message, autogenerate=autogenerate))


@commands.command()
def check(context: typer.Context, system: Which = None) -> None:
    """Whether the database is what the code says; lists every difference and exits with 1 if there is one."""
    building: Building = context.obj
    differences = [line for one in choose(building.histories, system) for line in _differences(one, building.options)]
    for line in differences:
        typer.echo(line)
    if differences:
        raise typer.Exit(1)
    console.print("[green]✓[/green] the database is what the code says")


def _differences(system: Migrated, options: DatabaseOptions) -> list[str]:
    position = schema.find_position(system, options)
    if not position.is_newest:  # then all that follows from it would only hide it
        return [f"{_standing(system, position)}; run `strongroom schema upgrade`"]
    return [f"{system.name}: {drift.what}" for drift in schema.find_drift(system, options)]


def _standing(system: Migrated, position: schema.Position) -> str:
    return f"{system.name}: database at {position.current or 'nothing'}, code at {position.newest}"
