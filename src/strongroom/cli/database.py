"""`strongroom database`: check, set up, fill and empty the configured database."""

from __future__ import annotations

from typing import Annotated

import typer

from strongroom.assembly import Building
from strongroom.cli.console import console, step
from strongroom.kernel.sessions import connection_info

commands = typer.Typer(no_args_is_help=True)


@commands.command()
def check(context: typer.Context) -> None:
    """Whether the database answers, its version and its pool; exits with 1 if it does not."""
    building: Building = context.obj
    for name, value in building.database.read(connection_info, building.options).items():
        typer.echo(f"{name}: {value}")


@commands.command()
def init(context: typer.Context) -> None:
    """Bring every schema to its newest revision."""
    building: Building = context.obj
    with step("Bringing the schema up") as current:
        building.upgrade()
        current.result = "The schema is at its newest revision"


@commands.command()
def sample(context: typer.Context) -> None:
    """Bring the schema up and load sample data; safe to repeat, refused in production."""
    building: Building = context.obj
    building.check_may_be_emptied()
    init(context)
    with step("Loading sample data") as current:
        added = building.load_samples()
        total = sum(count for counts in added.values() for count in counts.values())
        current.result = f"Sample data: {total} rows added"


@commands.command()
def reset(
    context: typer.Context,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
) -> None:
    """Remove every table with all its data and set the schema up again; refused in production."""
    building: Building = context.obj
    building.check_may_be_emptied()
    if not yes:
        typer.confirm(f"Remove everything in {building.settings.masked_url}?", abort=True)
    with step("Emptying the database") as current:
        building.downgrade()
        building.upgrade()
        current.result = "Everything was removed and the schema set up again"
    console.print("Sample data: strongroom database sample")
