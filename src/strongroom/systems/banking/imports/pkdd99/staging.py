"""Rows on their way in: copied into a temporary table first, so that only new ones enter the books."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain
from typing import Any, cast

from sqlalchemy import Column, CursorResult, MetaData, Table, insert, inspect, select
from sqlalchemy.orm import Session
from sqlalchemy.types import TypeEngine

from strongroom.kernel.sessions import copy_rows
from strongroom.systems.banking.models import Base


@contextmanager
def staged(session: Session, columns: Mapping[str, TypeEngine[Any]], rows: Iterable[Sequence[Any]]) -> Iterator[Table]:
    """A temporary table of these rows, for the length of the block; a rollback takes it away as well."""
    table = Table(
        "staged_rows",
        MetaData(),
        *(Column(name, kind) for name, kind in columns.items()),
        prefixes=["TEMPORARY"],
    )
    connection = session.connection()
    table.create(connection, checkfirst=False)
    copy_rows(session, table, list(columns), rows)
    yield table
    table.drop(connection, checkfirst=False)


def insert_new(session: Session, rows: Iterable[Base]) -> int:
    """Store the rows whose primary key is not there yet. Returns how many.

    All rows are of one class and have the same fields set; what is not set is left to the database.
    """
    iterator = iter(rows)
    first = next(iterator, None)
    if first is None:
        return 0
    mapper = inspect(type(first))
    target = cast("Table", mapper.local_table)
    attributes = {target.c[column.columns[0].name]: column.key for column in mapper.column_attrs}
    filled = {column: key for column, key in attributes.items() if key in first.__dict__}
    columns = {column.name: column.type for column in filled}
    values = ([getattr(row, key) for key in filled.values()] for row in chain([first], iterator))
    with staged(session, columns, values) as source:
        matches = [source.c[key.name] == key for key in target.primary_key]
        new = select(source).where(~select(target).where(*matches).exists())
        return inserted(session, target, list(columns), new)


def inserted(session: Session, target: Table, columns: Sequence[str], rows: Any) -> int:
    """INSERT … SELECT. rows: a select of these columns, in order. Returns how many."""
    statement = insert(target).from_select(list(columns), rows, include_defaults=False)
    result = session.execute(statement.execution_options(preserve_rowcount=True))
    return cast("CursorResult[Any]", result).rowcount
