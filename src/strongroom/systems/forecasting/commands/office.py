"""The tables of forecasting and who administers them."""

from __future__ import annotations

from typing import Annotated

import typer

from strongroom.systems.forecasting.commands.building import building_of
from strongroom.systems.forecasting.models import SCHEMA
from strongroom.systems.forecasting.repositories import count_rows
from strongroom.systems.forecasting.services import passwords, users


def setup(context: typer.Context) -> None:
    """Make the tables of forecasting, or bring them up to date; what is there already is left alone."""
    building_of(context).upgrade(SCHEMA)
    typer.echo("The tables of forecasting are up to date. Next: strongroom forecasting create-admin")


def check(context: typer.Context) -> None:
    """Whether the database answers, and how many rows each table of forecasting holds; exits with 1 if it does not."""
    database = building_of(context).database
    info = database.info()
    for name, value in info.items():
        typer.echo(f"{name}: {value}")
    if not info["connection_healthy"]:
        raise typer.Exit(1)
    for table, count in database.read(count_rows).items():
        typer.echo(f"{table}: {count} rows")


def create_admin(
    context: typer.Context,
    username: Annotated[str, typer.Option(help="3 to 50 letters, digits or underscores.")] = "admin",
    email: Annotated[str | None, typer.Option(help="Asked for when it is left out.")] = None,
    password: Annotated[
        str | None,
        typer.Option(
            envvar="FORECASTING_ADMIN_PASSWORD",
            show_envvar=True,
            help="Asked for when it is left out; on the command line others may read it.",
        ),
    ] = None,
) -> None:
    """Make an administrator. One of this name who is there already stays as they are, password included."""
    database = building_of(context).database
    if database.read(users.find_administrator, username) is not None:
        typer.echo(f"The administrator {username} is there already.")
        return
    email = email or typer.prompt("Email address")
    plain = password or typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    made = database.write(
        users.create_administrator, username=username, email=email, password=passwords.new_password(plain)
    )
    typer.echo(f"The administrator {made.username} can sign in.")


def reset(
    context: typer.Context, yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False
) -> None:
    """Remove the tables of forecasting with all that is in them, and make them anew; refused in production."""
    building = building_of(context)
    building.check_may_be_emptied()
    if not yes:
        typer.confirm("Remove every user, upload, model and forecast?", abort=True)
    building.downgrade(SCHEMA)
    building.upgrade(SCHEMA)
    typer.echo("The tables of forecasting are empty. Next: strongroom forecasting create-admin")
