"""Where a schema stands in its history, and how a new revision is begun."""

from __future__ import annotations

import io
from argparse import Namespace
from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.migrations import Migrated, build_config


@dataclass(frozen=True, slots=True)
class Position:
    """current: the revision the database is at, None for an empty one; newest: the revision the code brings."""

    current: str | None
    newest: str | None

    @property
    def is_newest(self) -> bool:
        """Whether nothing is left to upgrade."""
        return self.current == self.newest


def find_position(system: Migrated, options: DatabaseOptions) -> Position:
    """Where the database and the code stand. Raises DatabaseUnavailable."""
    newest = ScriptDirectory.from_config(build_config(system, options)).get_current_head()
    engine = build_engine(options, (system.name,))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"version_table_schema": system.name})
            return Position(context.get_current_revision(), newest)
    finally:
        engine.dispose()


def describe_history(system: Migrated, options: DatabaseOptions) -> list[str]:
    """One line a revision, newest first."""
    scripts = ScriptDirectory.from_config(build_config(system, options))
    return [f"{script.revision}  {script.doc}" for script in scripts.walk_revisions()]


def write_revision(system: Migrated, options: DatabaseOptions, message: str, *, autogenerate: bool = True) -> Path:
    """Begin a new revision in the system's folder from what its models say. Read it before you keep it."""
    config = build_config(system, options, io.StringIO())
    config.cmd_opts = Namespace(quiet=True)  # otherwise it also prints the path, in words of its own
    script = command.revision(
        config,
        message=message,
        autogenerate=autogenerate,
        version_path=str(system.migrations),
    )
    assert not isinstance(script, list), "one message makes one revision"
    assert script is not None, "the environment writes what it is asked for"
    return Path(script.path)
