"""What of a database Alembic compares with the models: one schema, without the partitions its tables are cut into."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from sqlalchemy import Connection, MetaData, text

from strongroom.kernel.tables.rows import KEPT_BY_OTHERS


def belongs_to(tables: MetaData, connection: Connection | None = None) -> Callable[[str | None, str, Any], bool]:
    """Alembic's `include_name` for their schema. connection: where to ask for partitions; None when nothing is read."""
    schema = str(tables.schema)
    kept_by_others: tuple[str, ...] = tables.info.get(KEPT_BY_OTHERS, ())

    @cache
    def partitions() -> frozenset[str]:
        # not before the first question: a query would begin a transaction that a migration did not open
        return list_partitions(connection, schema) if connection is not None else frozenset()

    def belongs(name: str | None, kind: str, _: Any) -> bool:
        if kind == "schema":
            return name == schema
        return kind != "table" or not (str(name).startswith(kept_by_others) or name in partitions())

    return belongs


def list_partitions(connection: Connection, schema: str) -> frozenset[str]:
    """The tables that are parts of others. How many there are follows from the rows, so no model names them."""
    if connection.dialect.name == "sqlite":
        return frozenset()
    query = "SELECT relname FROM pg_class WHERE relispartition AND relnamespace = to_regnamespace(:schema)"
    return frozenset(connection.scalars(text(query), {"schema": schema}))
