"""Claims on the schema as the migrations leave it in a database, read from the database's own catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import text
from sqlalchemy.orm import Session

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.migrations import downgrade_once, find_drift
from strongroom.kernel.system import System
from strongroom.kernel.tables import EnumText, ExactDecimal, capabilities_of
from strongroom.kernel.tables.types import IMPLIED_BY
from strongroom.testing.conformance.catalogue import find_partitioned, find_strangers, read_catalogue
from strongroom.testing.conformance.declared import models_of, table_of
from strongroom.testing.databases import opened

PREFIXES = {"constraint": ("pk", "uq", "ck", "fk"), "index": ("ix", "uq", "pk")}


def nothing_lies_outside_its_schema(system: System, options: DatabaseOptions) -> Iterator[str]:
    """The migrations make things in the system's own schema only."""
    with opened(options, (system,)) as database:
        yield from database.read(find_strangers, system.name)


def constraints_and_indexes_are_named(system: System, options: DatabaseOptions) -> Iterator[str]:
    """Constraints and indexes are named by convention, prefix and table first, so that errors map from their names."""
    for name in _catalogue(system, options):
        what, _, full = name.partition(" ")
        table, _, own = full.partition(".")
        expected = [f"{prefix}_{table}" for prefix in PREFIXES.get(what, ())]
        if expected and not any(own == start or own.startswith(f"{start}_") for start in expected):
            yield f"{what} {own} of {table}"


def alembic_finds_nothing_to_do(system: System, options: DatabaseOptions) -> Iterator[str]:
    """Alembic would write an empty revision."""
    return (drift.what for drift in find_drift(system, options))


def migrations_build_what_the_models_say(system: System, options: DatabaseOptions) -> Iterator[str]:
    """Models and migrations make the same database, down to each CHECK, default, trigger and function."""
    migrated = _catalogue(system, options)
    downgrade_once(system, options, "base")
    if left := _catalogue(system, options):
        yield from (f"the downgrade left {name}" for name in left)
        return
    with opened(options, (system,)) as database:
        database.write(_build_from_models, system)
    modelled = _catalogue(system, options)
    for name in sorted(migrated.keys() | modelled.keys()):
        if migrated.get(name) != modelled.get(name):
            yield f"{name}: the migrations say {migrated.get(name)}, the models {modelled.get(name)}"


def partitioned_tables_take_every_row(system: System, options: DatabaseOptions) -> Iterator[str]:
    """On PostgreSQL a partitioned table has a partition for the rows that no other is for."""
    if options.is_sqlite:
        return
    with opened(options, (system,)) as database:
        partitioned = database.read(find_partitioned, system.name)
    for model in models_of(system):
        name = table_of(model).name
        if capabilities_of(model).partitioned_by and name not in partitioned:
            yield name


def types_are_enforced(system: System, options: DatabaseOptions) -> Iterator[str]:
    """The database itself refuses an unknown value of an enumeration, and NaN or Infinity in a decimal."""
    with opened(options, (system,)) as database:
        catalogue = database.read(read_catalogue, system.name)
        preparer = database.engine.dialect.identifier_preparer
    for table in system.tables.sorted_tables:
        implied = {check.info.get(IMPLIED_BY): check for check in table.constraints}
        for column in table.columns:
            if isinstance(column.type, EnumText | ExactDecimal):
                # a name that is too long for PostgreSQL is shortened in the same way everywhere
                name = preparer.format_constraint(implied[column.name])
                if f"constraint {table.name}.{name}" not in catalogue:
                    yield f"{table.name}.{column.name}"


def named_errors_belong_to_constraints(system: System, options: DatabaseOptions) -> Iterator[str]:
    """The system's own errors are for constraints that exist, or that a trigger or function of its own raises."""
    names = {name.rpartition(".")[2] for name in _catalogue(system, options)}
    objects = [sql for item in system.objects for statements in item.create.values() for sql in statements]
    for constraint in system.errors_by_constraint:
        if constraint not in names and not any(f"'{constraint}'" in statement for statement in objects):
            yield constraint


STORED = (
    nothing_lies_outside_its_schema,
    constraints_and_indexes_are_named,
    alembic_finds_nothing_to_do,
    migrations_build_what_the_models_say,
    partitioned_tables_take_every_row,
    types_are_enforced,
    named_errors_belong_to_constraints,
)


def _catalogue(system: System, options: DatabaseOptions) -> Mapping[str, str]:
    with opened(options, (system,)) as database:
        return database.read(read_catalogue, system.name)


def _build_from_models(session: Session, system: System) -> None:
    connection = session.connection()
    system.tables.create_all(connection)
    for item in system.objects:
        for statement in item.create.get(connection.dialect.name, ()):
            connection.execute(text(statement.replace(":", "\\:")))
