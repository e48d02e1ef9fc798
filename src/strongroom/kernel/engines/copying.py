"""COPY through either PostgreSQL driver; the only place that speaks to them directly."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import asyncpg
import psycopg
from psycopg import sql
from sqlalchemy import Connection
from sqlalchemy.util import await_only

from strongroom.kernel.engines.faults import BY_CONSTRAINT, named_fault


def copy_into(
    connection: Connection,
    schema: str | None,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> int:
    """Stream rows into a table with COPY, in the connection's transaction. Returns how many."""
    try:
        return _copy(connection, schema, table, columns, rows)
    except (psycopg.Error, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        # no event of the engine sees what is said to the driver directly
        named = named_fault(error, connection.get_execution_options().get(BY_CONSTRAINT, {}))
        if named is None:
            raise
        raise named from error


def _copy(
    connection: Connection,
    schema: str | None,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
) -> int:
    driver = connection.connection.driver_connection
    assert driver is not None, "a connection in use has a driver connection"
    if connection.dialect.driver == "asyncpg":
        status = await_only(
            driver.copy_records_to_table(table, schema_name=schema, columns=list(columns), records=rows)
        )
        return int(str(status).split()[-1])
    target = sql.Identifier(schema, table) if schema else sql.Identifier(table)
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    with driver.cursor() as cursor:
        with cursor.copy(sql.SQL("COPY {} ({}) FROM STDIN").format(target, names)) as copy:
            for row in rows:
                copy.write_row(row)
        return int(cursor.rowcount)
