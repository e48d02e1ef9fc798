"""The indexes that a database has, read from its own catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, inspect, text


@dataclass(frozen=True, slots=True)
class StoredIndex:
    """An index as it is stored. columns: its keys in order, names or expressions.

    is_valid: whether queries may use it, which an interrupted build leaves undone; is_partitioned: made of the
    indexes of the partitions. name: None for what SQLite made for a constraint.
    """

    name: str | None
    table: str
    columns: tuple[str | None, ...]
    is_unique: bool
    is_valid: bool
    backs_constraint: bool
    is_partitioned: bool = False


def read_indexes(connection: Connection, schema: str) -> list[StoredIndex]:
    """Every index of the schema, by table and name; those of partitions are part of the table's."""
    if connection.dialect.name == "sqlite":
        return _read_sqlite(connection, schema)
    rows = connection.execute(text(_POSTGRESQL), {"schema": schema})
    return [StoredIndex(name, table, tuple(columns), *rest) for name, table, columns, *rest in rows]


_POSTGRESQL = """
    SELECT c.relname, t.relname,
           ARRAY(SELECT pg_get_indexdef(i.indexrelid, k, true) FROM generate_series(1, i.indnkeyatts) k),
           i.indisunique, i.indisvalid AND i.indisready,
           EXISTS (SELECT FROM pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x')),
           c.relkind = 'I'
      FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace = to_regnamespace(:schema) AND NOT t.relispartition
     ORDER BY t.relname, c.relname"""


def _read_sqlite(connection: Connection, schema: str) -> list[StoredIndex]:
    found = []
    for table in inspect(connection).get_table_names(schema):
        listed = connection.execute(
            text('SELECT name, "unique", origin FROM pragma_index_list(:table, :schema) ORDER BY name'),
            {"table": table, "schema": schema},
        ).all()
        for name, is_unique, origin in listed:
            columns = connection.scalars(
                text("SELECT name FROM pragma_index_info(:name, :schema) ORDER BY seqno"),
                {"name": name, "schema": schema},
            ).all()
            backs = origin != "c"
            found.append(StoredIndex(None if backs else name, table, tuple(columns), bool(is_unique), True, backs))
        found += _row_ids(connection, schema, table)
    return found


def _row_ids(connection: Connection, schema: str, table: str) -> list[StoredIndex]:
    """A key that is the table's own order has no index in SQLite, and needs none."""
    query = "SELECT name FROM pragma_table_info(:table, :schema) WHERE pk > 0 AND upper(type) = 'INTEGER'"
    keys = connection.scalars(text(query), {"table": table, "schema": schema}).all()
    return [StoredIndex(None, table, tuple(keys), is_unique=True, is_valid=True, backs_constraint=True)] if keys else []
