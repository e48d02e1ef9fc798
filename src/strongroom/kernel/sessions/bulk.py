"""Many rows at once: COPY on PostgreSQL, one executemany on SQLite, inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import Dialect, Table
from sqlalchemy.orm import Session

from strongroom.kernel.engines.copying import copy_into
from strongroom.kernel.errors import InvalidValue


def copy_rows(session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert the rows, values in the order of `columns`, through their column types. Returns how many.

    No defaults are filled in but the database's own. On PostgreSQL rows are streamed; memory stays bounded.
    Raises InvalidValue, which names the column.
    """
    connection = session.connection()
    processors = [_processor(table, name, connection.dialect) for name in columns]
    processed = (tuple(_values(columns, processors, row)) for row in rows)
    if connection.dialect.name != "sqlite":
        return copy_into(connection, table.schema, table.name, columns, processed)
    values = list(processed)
    if values:
        quoted = connection.dialect.identifier_preparer
        names, marks = ", ".join(map(quoted.quote, columns)), ", ".join("?" for _ in columns)
        connection.exec_driver_sql(f"INSERT INTO {quoted.format_table(table)} ({names}) VALUES ({marks})", values)  # noqa: S608 - names are quoted
    return len(values)


Processor = Callable[[Any], Any]


def _processor(table: Table, column: str, dialect: Dialect) -> Processor:
    """What makes of a value what the driver takes."""
    return table.c[column].type.dialect_impl(dialect).bind_processor(dialect) or (lambda value: value)


def _values(columns: Sequence[str], processors: Sequence[Processor], row: Sequence[Any]) -> Iterator[Any]:
    for name, process, value in zip(columns, processors, row, strict=True):
        try:
            yield process(value)
        except ValueError as error:
            raise InvalidValue(field=name, reason=str(error)) from None
