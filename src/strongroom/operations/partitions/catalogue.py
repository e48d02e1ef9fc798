"""What partitions there are: read from PostgreSQL's own catalogue, since models name only the tables."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy import Connection, text

from strongroom.kernel.engines import DatabaseOptions
from strongroom.kernel.errors import NeedsPostgreSQL
from strongroom.kernel.sessions.patience import patient_engine
from strongroom.kernel.system import System

Span = Literal["year", "month"]

_BOUNDS = re.compile(r"FROM \('(\d{4}-\d\d-\d\d)[^']*'\) TO \('(\d{4}-\d\d-\d\d)")


@dataclass(frozen=True, slots=True)
class PartitionedTable:
    """A table that is cut into partitions. column: whose ranges it is cut by."""

    schema: str
    name: str
    column: str


@dataclass(frozen=True, slots=True)
class Partition:
    """One part of a table. start, end: first day, and first day after it; both None for the rows of no other part.

    rows: as of the last ANALYZE; counted where there was none. size_bytes: with its indexes.
    """

    table: str
    name: str
    start: date | None
    end: date | None
    rows: int
    size_bytes: int

    @property
    def is_default(self) -> bool:
        """Whether it takes the rows that no other part is for."""
        return self.start is None

    @property
    def span(self) -> Span | None:
        """Whether it is a year's or a month's; None for the rows of no other part."""
        if self.start is None or self.end is None:
            return None
        return "year" if (self.end - self.start).days > 31 else "month"


def find_partitions(system: System, options: DatabaseOptions) -> list[Partition]:
    """Every partition of the system's tables, by table and first day, that of all other rows last.

    Raises NeedsPostgreSQL.
    """
    check_engine(options)
    with patient_engine(options, system.name) as engine, engine.connect() as connection:
        return [part for table in partitioned_tables(connection, system) for part in parts_of(connection, table)]


def check_engine(options: DatabaseOptions) -> None:
    """Raises NeedsPostgreSQL on any other."""
    if options.is_sqlite:
        raise NeedsPostgreSQL(what="partitions")


def partitioned_tables(connection: Connection, system: System) -> Iterator[PartitionedTable]:
    """The tables of the system that are cut by ranges of one column, by name."""
    query = """
        SELECT c.relname, a.attname
          FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
          JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.partattrs[0]
         WHERE c.relnamespace = to_regnamespace(:schema) AND p.partstrat = 'r' AND p.partnatts = 1
         ORDER BY c.relname"""
    for name, column in connection.execute(text(query), {"schema": system.name}).all():
        yield PartitionedTable(system.name, name, column)


def parts_of(connection: Connection, table: PartitionedTable) -> list[Partition]:
    """The partitions of one table, in order."""
    query = """
        SELECT c.relname, pg_get_expr(c.relpartbound, c.oid), c.reltuples, pg_total_relation_size(c.oid)
          FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
         WHERE i.inhparent = to_regclass(:table)"""
    found = []
    for name, bounds, estimate, size in connection.execute(text(query), {"table": f"{table.schema}.{table.name}"}):
        match = _BOUNDS.search(bounds)
        start, end = (date.fromisoformat(match[1]), date.fromisoformat(match[2])) if match else (None, None)
        rows = int(estimate) if estimate >= 0 else count_rows(connection, table.schema, name)
        found.append(Partition(table.name, name, start, end, rows, size))
    return sorted(found, key=lambda part: (part.start or date.max, part.name))


def count_rows(connection: Connection, schema: str, partition: str) -> int:
    """How many rows there are, counted one by one."""
    quoted = connection.dialect.identifier_preparer.quote
    return int(connection.scalar(text(f"SELECT count(*) FROM {quoted(schema)}.{quoted(partition)}")) or 0)
