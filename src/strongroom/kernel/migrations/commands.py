"""Moves a schema along its history, in one try; whoever runs it on a live database tries again when it collides."""

from __future__ import annotations

import io

from alembic import command

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations.configuration import Migrated, build_config


def upgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "head") -> None:
    """Bring the schema to a revision; what is there already is left alone. Raises Collided when a lock is taken."""
    command.upgrade(build_config(system, options, io.StringIO()), revision)


def downgrade_once(system: Migrated, options: DatabaseOptions, revision: str = "-1") -> None:
    """Take the schema back to a revision: `-1` one step, `base` to nothing. Raises Collided when a lock is taken."""
    command.downgrade(build_config(system, options, io.StringIO()), revision)
