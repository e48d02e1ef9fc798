"""Partitions by year as data: how they are named and cut, so that revisions and operations make the same ones."""

from __future__ import annotations

import re

from strongroom.kernel.tables.triggers import DatabaseObject

#: room that the name of an index must leave, in bytes, for the mark of a partition: `__default`, `__2026_07`
INDEX_NAME_BYTES_MAX = 63 - len("__default")
_MARK = re.compile(r"__(\d{4}(_\d{2})?|default)$")


def yearly_partitions(schema: str, table: str, first: int, last: int) -> DatabaseObject:
    """A partition for each year from first to last, both included, and one for rows of all other years.

    The table is declared `PARTITION BY RANGE` of a date or a moment; years begin on 1 January, UTC. Only PostgreSQL
    has partitions: on SQLite the table is whole. The SQL is part of history, as that of every trigger: where a
    revision made it, it stays as it is, and `strongroom partitions create` adds the years to come.
    """
    names = [f"{table}_{year}" for year in range(first, last + 1)]
    create = []
    for year, name in zip(range(first, last + 1), names, strict=True):
        create += [
            f"CREATE TABLE {schema}.{name} PARTITION OF {schema}.{table} "
            f"FOR VALUES FROM ('{year}-01-01') TO ('{year + 1}-01-01')",
            name_indexes(schema, table, name),
        ]
    rest = default_partition(table)
    create += [f"CREATE TABLE {schema}.{rest} PARTITION OF {schema}.{table} DEFAULT", name_indexes(schema, table, rest)]
    drop = [f"DROP TABLE IF EXISTS {schema}.{name}" for name in (*names, rest)]
    return DatabaseObject(f"{table}_partitions", create={"postgresql": create}, drop={"postgresql": drop})


def default_partition(table: str) -> str:
    """The partition that holds the rows for which none was made."""
    return f"{table}_default"


def name_indexes(schema: str, table: str, partition: str) -> str:
    """SQL that names a partition's indexes after those of the table: `pk_lines` becomes `pk_lines__2026`.

    PostgreSQL would make names up and say those of a constraint that is broken, from which no error can be mapped.
    """
    mark = partition.removeprefix(table)
    return f"""DO $$
DECLARE pair record;
BEGIN
  FOR pair IN
    SELECT child.relname AS old, parent.relname || '_{mark}' AS new
      FROM pg_inherits h JOIN pg_class child ON child.oid = h.inhrelid JOIN pg_class parent ON parent.oid = h.inhparent
      JOIN pg_index i ON i.indexrelid = child.oid
     WHERE i.indrelid = '{schema}.{partition}'::regclass
  LOOP
    IF pair.old <> pair.new THEN
      EXECUTE 'ALTER INDEX {schema}.' || quote_ident(pair.old) || ' RENAME TO ' || quote_ident(pair.new);
    END IF;
  END LOOP;
END $$"""


def name_on_the_whole(constraint: str) -> str:
    """The name that a constraint of a partition has on the table itself."""
    return _MARK.sub("", constraint)
