"""Moves a system's schema along its history, stepping back and trying again when a lock is taken."""

from __future__ import annotations

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.migrations import Migrated, downgrade_once, upgrade_once
from strongroom.kernel.sessions.patience import insist


def upgrade(system: Migrated, options: DatabaseOptions, revision: str = "head") -> None:
    """Bring the schema to a revision. What is there already is left alone, so it is safe to repeat."""
    insist(lambda: upgrade_once(system, options, revision))


def downgrade(system: Migrated, options: DatabaseOptions, revision: str = "-1") -> None:
    """Take the schema back to a revision: `-1` one step, `base` to nothing. Data of what goes, goes with it."""
    insist(lambda: downgrade_once(system, options, revision))


def drop(system: Migrated, options: DatabaseOptions) -> None:
    """Remove the system's schema with all that is in it, by way of its own history."""
    downgrade(system, options, "base")
    if options.is_sqlite:
        return
    engine = build_engine(options)
    with engine.begin() as connection:
        connection.execute(text(f'DROP SCHEMA IF EXISTS "{system.name}" CASCADE'))
    engine.dispose()
