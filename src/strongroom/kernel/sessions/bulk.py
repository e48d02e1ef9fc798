"""Many rows at once: COPY on PostgreSQL, one executemany on SQLite, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.orm import Session

from strongroom.kernel.engines.copying import copy_into


def copy_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert the rows, values in the order of `columns`, through their column types. Returns how many.

    No defaults are filled in but the database's own. On PostgreSQL rows are streamed; memory stays bounded.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        values = [dict(zip(columns, row, strict=True)) for row in rows]
        if values:
            connection.execute(insert(table), values)
        return len(values)
    kinds = [table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in columns]
    processed = (
        tuple(value if kind is None else kind(value) for kind, value in zip(kinds, row, strict=True)) for row in rows
    )
    return copy_into(connection, table.schema, table.name, columns, processed)
