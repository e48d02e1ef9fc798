"""`strongroom cache`: what an administrator may have to say of cached answers."""

from __future__ import annotations

import typer

from strongroom.assembly import Building
from strongroom.cli.choosing import WhichSystem, choose
from strongroom.cli.console import step
from strongroom.kernel.caching import renew_all
from strongroom.kernel.tables.versions import VERSIONS

commands = typer.Typer(no_args_is_help=True)


@commands.callback()
def cache() -> None:
    """Have cached answers made anew."""


@commands.command()
def renew(context: typer.Context, system: WhichSystem = None) -> None:
    """Have every process make its cached answers anew; needed only after changes that pass triggers by.

    Such as a partition that was detached or truncated by hand, or a table whose triggers were switched off.
    """
    building: Building = context.obj
    for one in choose(building.systems, system):
        if f"{one.name}.{VERSIONS}" in one.tables.tables:
            with step(f"Renewing versions of {one.name}") as current:
                building.database.write(renew_all, one.name)
                current.result = f"{one.name}: every cached answer will be made anew"
