"""Moves a system's schema along its history, stepping back and trying again when a lock is taken."""

from __future__ import annotations

import time
from collections.abc import Callable

from sqlalchemy import text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.errors import Collided
from strongroom.kernel.migrations import downgrade_once, upgrade_once
from strongroom.kernel.sessions import Attempts
from strongroom.kernel.system import System

#: a lock is tried for two seconds at a time; with growing pauses these add up to about ten minutes
PATIENCE = Attempts(count=60, pause_s_min=0.1, pause_s_max=15)


def upgrade(system: System, options: DatabaseOptions, revision: str = "head") -> None:
    """Bring the schema to a revision. What is there already is left alone, so it is safe to repeat."""
    _patiently(lambda: upgrade_once(system, options, revision))


def downgrade(system: System, options: DatabaseOptions, revision: str = "-1") -> None:
    """Take the schema back to a revision: `-1` one step, `base` to nothing. Data of what goes, goes with it."""
    _patiently(lambda: downgrade_once(system, options, revision))


def drop(system: System, options: DatabaseOptions) -> None:
    """Remove the system's schema with all that is in it, by way of its own history."""
    downgrade(system, options, "base")
    if options.is_sqlite:
        return
    engine = build_engine(options)
    with engine.begin() as connection:
        connection.execute(text(f'DROP SCHEMA IF EXISTS "{system.name}" CASCADE'))
    engine.dispose()


def _patiently(step: Callable[[], None]) -> None:
    pauses = PATIENCE.pauses()
    while True:
        try:
            return step()
        except Collided:
            pause = next(pauses, None)
            if pause is None:
                raise
            time.sleep(pause)
