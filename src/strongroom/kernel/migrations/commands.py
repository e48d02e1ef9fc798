"""Moves a schema along its history, in one try; whoever runs it on a live database tries again when it collides."""

from __future__ import annotations

import io

from alembic import command
from alembic.script import ScriptDirectory

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations.configuration import SCRIPTS, Migrated, build_config


def upgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "head") -> None:
    """Bring the schema to a revision; what is there already is left alone. Raises Collided when a lock is taken."""
    command.upgrade(build_config(system, options, io.StringIO()), revision)


def downgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "-1") -> None:
    """Take the schema back to a revision: `-1` one step, `base` to nothing. Raises Collided when a lock is taken."""
    command.downgrade(build_config(system, options, io.StringIO()), revision)


def list_revisions(system: Migrated) -> tuple[str, ...]:
    """The names of the system's revisions, newest first."""
    scripts = ScriptDirectory(str(SCRIPTS), version_locations=[str(system.migrations)])
    return tuple(script.revision for script in scripts.walk_revisions())
