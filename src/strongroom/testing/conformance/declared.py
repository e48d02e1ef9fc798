"""Claims on what a system declares: its tables, its models and its plug, read without a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, cast

from sqlalchemy import Column, ForeignKeyConstraint, PrimaryKeyConstraint, String, Table, UniqueConstraint
from sqlalchemy.orm import class_mapper
from sqlalchemy.types import DateTime, Enum, Float, Numeric

from strongroom.kernel.migrations import list_revisions
from strongroom.kernel.system import System
from strongroom.kernel.tables import Row, capabilities_of
from strongroom.kernel.tables.partitions import INDEX_NAME_BYTES_MAX
from strongroom.kernel.tables.versions import VERSIONS


def tables_stay_in_their_schema(system: System) -> Iterator[str]:
    """Every table lies in the schema of the system's name and refers to tables of that schema only."""
    for table in system.tables.sorted_tables:
        if table.schema != system.name:
            yield f"{table.fullname} is not in {system.name}"
        for key in table.foreign_keys:
            if key.column.table.schema != system.name:
                yield f"{table.fullname} refers to {key.column.table.fullname}"


def one_name_everywhere(system: System) -> Iterator[str]:
    """One name in all places: schema, package, revisions, routes."""
    name = system.name
    if system.tables.schema != name:
        yield f"the schema is {system.tables.schema}"
    if name not in system.migrations.parts:
        yield f"no package of that name holds {system.migrations}"
    for revision in list_revisions(system):
        if not revision.startswith(f"{name}_"):
            yield f"revision {revision}"
    prefix = getattr(system.load_routes(), "prefix", "")
    if prefix.rpartition("/")[2] != name:
        yield f"the routes begin with {prefix!r}"


def every_table_has_a_primary_key(system: System) -> Iterator[str]:
    """Every table has a primary key, so that each of its rows can be named."""
    return (table.fullname for table in system.tables.sorted_tables if not table.primary_key.columns)


def capabilities_name_real_columns(system: System) -> Iterator[str]:
    """What a model's capabilities refer to are columns of its table."""
    for model in models_of(system):
        for name in sorted(capabilities_of(model).named_columns - {column.name for column in table_of(model).columns}):
            yield f"{model.__name__} has no column {name}"


def partitions_can_be_made(system: System) -> Iterator[str]:
    """A partitioned table is split by the column its model declares, which is in every key; names leave room."""
    for model in models_of(system):
        column, table = capabilities_of(model).partitioned_by, table_of(model)
        if column is None:
            continue
        if (split := table.dialect_options["postgresql"]["partition_by"]) != f"RANGE ({column})":
            yield f"{table.name} is split by {split}, its model says {column}"
        keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
        unique = [index for index in table.indexes if index.unique]
        for indexed in (*keys, *unique):
            if column not in indexed.columns:
                yield f"{indexed.name} of {table.name} is without {column}"
        for named in (*keys, *table.indexes):
            if len(str(named.name)) > INDEX_NAME_BYTES_MAX:
                yield f"{named.name} has more than {INDEX_NAME_BYTES_MAX} letters"


def cached_rows_have_versions(system: System) -> Iterator[str]:
    """Where models are `cached_by`, there is a table of versions, and triggers renew them on each engine."""
    cached = [table_of(model).name for model in models_of(system) if capabilities_of(model).cached_by]
    if cached and f"{system.name}.{VERSIONS}" not in system.tables.tables:
        yield f"there is no {VERSIONS}"
    renewing = {item.name for item in system.objects if {"postgresql", "sqlite"} <= item.create.keys()}
    yield from (f"nothing renews versions of {table}" for table in cached if f"renew_{table}" not in renewing)


def money_is_exact(system: System) -> Iterator[str]:
    """No column is a float, or a decimal that one of the engines would bend: decimals are ExactDecimal."""
    return (f"{column} is {column.type!r}" for column in _columns(system) if isinstance(column.type, Float | Numeric))


def enumerations_are_text(system: System) -> Iterator[str]:
    """Enumerations are EnumText, text with a CHECK: a type of its own cannot lose a value again."""
    return (f"{column} is {column.type!r}" for column in _columns(system) if isinstance(column.type, Enum))


def moments_have_a_zone(system: System) -> Iterator[str]:
    """Points in time are Moment: timestamptz, and UTC."""
    return (f"{column} is {column.type!r}" for column in _columns(system) if isinstance(column.type, DateTime))


def foreign_keys_are_indexed(system: System) -> Iterator[str]:
    """An index begins with each foreign key's first column: without it a DELETE of the parent reads the whole table.

    References to a table whose key is a short code need none: such tables are small and their rows stay.
    """
    for table in system.tables.sorted_tables:
        keys = [key for key in table.constraints if isinstance(key, PrimaryKeyConstraint | UniqueConstraint)]
        whole = [index for index in table.indexes if index.dialect_options["postgresql"]["where"] is None]
        leading = {next(iter(indexed.columns)).name for indexed in (*keys, *whole) if indexed.columns}
        for key in table.foreign_key_constraints:
            first = next(iter(key.columns)).name
            if first not in leading and not _refers_to_codes(key):
                yield f"{table.name}.{first}"


def checks_are_named_claims(system: System) -> Iterator[str]:
    """Every check has a name of its own in snake_case, and a claim."""
    names = [check.name for check in system.checks]
    for check in system.checks:
        if names.count(check.name) > 1 or not re.fullmatch(r"[a-z][a-z0-9_]*", check.name) or not check.claim:
            yield check.name


def jobs_can_be_found(system: System) -> Iterator[str]:
    """Every job is named after the system, once; what runs in a process of its own stands at the top of a module."""
    names = [job.name for job in system.jobs]
    for job in system.jobs:
        if job.system != system.name or names.count(job.name) > 1:
            yield f"{job.name} is not a name of its own in {system.name}"
        if job.place == "process" and job.run.__qualname__ != job.run.__name__:
            yield f"{job.name} runs {job.run.__qualname__}, which another process cannot find"


DECLARED = (
    tables_stay_in_their_schema,
    one_name_everywhere,
    every_table_has_a_primary_key,
    capabilities_name_real_columns,
    partitions_can_be_made,
    cached_rows_have_versions,
    money_is_exact,
    enumerations_are_text,
    moments_have_a_zone,
    foreign_keys_are_indexed,
    checks_are_named_claims,
    jobs_can_be_found,
)


def models_of(system: System) -> list[type[Row]]:
    """Every mapped class of the system, by name of its table."""
    found = [
        model for model in _family(Row) if "__table__" in vars(model) and table_of(model).metadata is system.tables
    ]
    return sorted(found, key=lambda model: table_of(model).name)


def _family(parent: type[Row]) -> Iterator[type[Row]]:
    for child in parent.__subclasses__():
        yield child
        yield from _family(child)


def table_of(model: type[Row]) -> Table:
    """The table a model is mapped to."""
    return cast("Table", class_mapper(model).local_table)


def _columns(system: System) -> Iterator[Column[Any]]:
    for table in system.tables.sorted_tables:
        yield from table.columns


def _refers_to_codes(key: ForeignKeyConstraint) -> bool:
    return all(isinstance(element.column.type, String) and element.column.primary_key for element in key.elements)
