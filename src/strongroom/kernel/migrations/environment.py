"""What Alembic's env.py does, for every system: one schema, one history, one runner at a time, short locks."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pkgutil import resolve_name
from typing import Any, Literal

from alembic import context
from alembic.operations import MigrationScript
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.migrations.belonging import belongs_to
from strongroom.kernel.migrations.configuration import Migrated
from strongroom.kernel.migrations.rendering import render_item

#: how long a migration waits for a lock before it steps back and lets the application through
LOCK_TIMEOUT_S = 2.0
_SCHEMA = 'CREATE SCHEMA IF NOT EXISTS "{}"'


def run() -> None:
    """Run the revisions that Alembic was asked to run, or print their SQL in offline mode."""
    system: Migrated = _attribute("system")
    if context.is_offline_mode():
        context.configure(
            dialect_name="postgresql",
            dialect_opts={"paramstyle": "named"},  # the others write each % of a function's body twice
            literal_binds=True,
            **_settings(system, None),
        )
        with context.begin_transaction():
            context.execute(_SCHEMA.format(system.name))
            context.run_migrations()
        return
    options: DatabaseOptions = _attribute("database_options")
    # statements of a migration may take long; waiting for a lock may not, since everybody waits behind it
    patient = replace(options, command_timeout_s=0, lock_timeout_s=LOCK_TIMEOUT_S, idle_in_transaction_timeout_s=0)
    engine = build_engine(patient, (system.name,))
    try:
        with _alone(engine, system.name), engine.connect() as connection:
            _make_schema(connection, system.name)
            _free_tables(connection)
            context.configure(
                connection=connection,
                transaction_per_migration=True,
                transactional_ddl=True,
                process_revision_directives=_number_revisions,
                **_settings(system, connection),
            )
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()


def _settings(system: Migrated, connection: Connection | None) -> dict[str, Any]:
    return {
        "target_metadata": system.tables,
        "include_schemas": True,
        "include_name": belongs_to(system.tables, connection),
        "version_table_schema": system.name,
        "compare_type": True,
        "render_item": render_item,
    }


def _attribute(name: Literal["system", "database_options"]) -> Any:
    """What `build_config` put there; from the alembic command line, what alembic.ini names as module:object."""
    given = context.config.attributes.get(name)
    if given is not None:
        return given
    named = resolve_name(str(context.config.get_main_option(name)))
    return named() if callable(named) else named


@contextmanager
def _alone(engine: Engine, schema: str) -> Iterator[None]:
    """Hold an advisory lock on a connection of its own, so that two runners never interleave."""
    if engine.dialect.name == "sqlite":
        yield  # SQLite has one writer at a time by itself
        return
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as keeper:
        keeper.execute(text("SET lock_timeout = 0"))
        keeper.execute(text("SELECT pg_advisory_lock(hashtext(:name))"), {"name": f"strongroom.migrate.{schema}"})
        yield


def _make_schema(connection: Connection, schema: str) -> None:
    if connection.dialect.name == "postgresql":
        with connection.begin():
            connection.execute(text(_SCHEMA.format(schema)))


def _free_tables(connection: Connection) -> None:
    """SQLite empties a table before it drops it, and copies one to alter it; its foreign keys must look away."""
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None:
        driver.execute("PRAGMA foreign_keys = OFF")  # of no effect inside a transaction, so before the first


def _number_revisions(_: MigrationContext, __: Any, directives: list[MigrationScript]) -> None:
    """Number new revisions 0002, 0003, … after the system's name, so that files sort in order of history."""
    system: Migrated = _attribute("system")
    known = ScriptDirectory.from_config(context.config).walk_revisions()
    for directive in directives:
        directive.rev_id = f"{system.name}_{sum(1 for _ in known) + 1:04d}"
