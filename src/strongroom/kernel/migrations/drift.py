"""Whether the database is what the models and the plug say: tables, columns, indexes, triggers, functions."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Constraint, Index, text

from strongroom.kernel.engines import DatabaseOptions, build_engine
from strongroom.kernel.migrations.belonging import belongs_to
from strongroom.kernel.migrations.configuration import Migrated


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference. what: a sentence that names the table or object."""

    what: str


def find_drift(system: Migrated, options: DatabaseOptions) -> list[Drift]:
    """Every difference between the database and the code; none when they agree."""
    engine = build_engine(options, (system.name,))
    try:
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection,
                opts={
                    "include_schemas": True,
                    "include_name": belongs_to(system.tables, connection),
                    "version_table_schema": system.name,
                    "compare_type": True,
                },
            )
            with warnings.catch_warnings():
                # SQLite cannot say what an index of an expression is made of, and warns of each
                warnings.filterwarnings("ignore", ".*expression-based index")
                differences = compare_metadata(context, system.tables)
            missing = _expected(system, connection.dialect.name) - set(_objects(connection, system.name))
    finally:
        engine.dispose()
    found = [Drift(_sentence(difference)) for difference in differences]
    return found + [Drift(f"missing trigger or function: {name}") for name in sorted(missing)]


def _expected(system: Migrated, dialect: str) -> set[str]:
    """What the statements create: functions by name, triggers by name and table."""
    names = set()
    for item in system.objects:
        for statement in item.create.get(dialect, ()):
            words = statement.replace("(", " ").split()
            kind = next((word for word in words[:4] if word in ("TRIGGER", "FUNCTION")), None)
            if words[0] == "CREATE" and kind:
                name = words[words.index(kind) + 1].rpartition(".")[2]
                table = words[words.index("ON") + 1].rpartition(".")[2] if kind == "TRIGGER" else ""
                names.add(f"{name} on {table}" if table else name)
    return names


def _objects(connection: Connection, schema: str) -> Iterable[str]:
    """What there is, named in the same way; a trigger that was switched off is not there."""
    if connection.dialect.name == "sqlite":
        triggers = f"SELECT name || ' on ' || tbl_name FROM \"{schema}\".sqlite_master WHERE type = 'trigger'"
        return connection.scalars(text(triggers))
    return connection.scalars(
        text(
            "SELECT t.tgname || ' on ' || c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
            "WHERE NOT t.tgisinternal AND t.tgenabled <> 'D' AND c.relnamespace = to_regnamespace(:schema) UNION "
            "SELECT p.proname FROM pg_proc p WHERE p.pronamespace = to_regnamespace(:schema)"
        ),
        {"schema": schema},
    )


def _sentence(difference: Any) -> str:
    """Alembic tells a difference as a tuple (what, …objects) or a list of such."""
    if isinstance(difference, list):
        return "; ".join(_sentence(part) for part in difference)
    what, *subjects = difference
    # a changed column comes with a mapping of all that stayed the same
    shown = [_name(subject) for subject in subjects if subject is not None and not isinstance(subject, dict)]
    return f"{what.replace('_', ' ')}: {', '.join(shown)}"


def _name(subject: Any) -> str:
    return f"{subject.name} on {subject.table}" if isinstance(subject, Index | Constraint) else str(subject)
