"""Moves a schema along its history, in one try; whoever runs it on a live database tries again when it collides."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import InvalidValue
from strongroom.kernel.migrations.configuration import SCRIPTS, Migrated, build_config


def upgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "head") -> None:
    """Bring the schema to a revision; what is there already is left alone.

    Raises Collided when a lock is taken, InvalidValue for a revision that cannot be reached.
    """
    with _named_refusal(system, revision):
        command.upgrade(build_config(system, options, io.StringIO()), revision)


def downgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "-1") -> None:
    """Take the schema back to a revision: `-1` one step, `base` to nothing. Raises as `upgrade_once`."""
    with _named_refusal(system, revision):
        command.downgrade(build_config(system, options, io.StringIO()), revision)


def list_revisions(system: Migrated) -> tuple[str, ...]:
    """The names of the system's revisions, newest first."""
    scripts = ScriptDirectory(str(SCRIPTS), version_locations=[str(system.migrations)])
    return tuple(script.revision for script in scripts.walk_revisions())


@contextmanager
def _named_refusal(system: Migrated, revision: str) -> Iterator[None]:
    try:
        yield
    except CommandError as error:
        reason = f"{revision!r} cannot be reached in the history of {system.name} ({error})"
        raise InvalidValue(field="revision", reason=reason) from None
