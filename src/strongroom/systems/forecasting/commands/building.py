"""What the commands of forecasting are handed."""

from __future__ import annotations

from typing import Protocol, TypeVar, cast

import typer

from strongroom.kernel.sessions import Database

T = TypeVar("T")


class Building(Protocol):
    """One configured database, whose schemas can be made and removed."""

    @property
    def database(self) -> Database: ...
    def upgrade(self, *names: str) -> None:
        """Bring the schemas of these systems to their newest revision."""

    def downgrade(self, *names: str) -> None:
        """Remove the schemas of these systems; refused in production."""

    def check_may_be_emptied(self) -> None:
        """Raises ConfigurationError in production."""

    def option(self, kind: type[T]) -> T:
        """What the settings say to these options."""


def building_of(context: typer.Context) -> Building:
    """The building this command was started in."""
    return cast("Building", context.obj)
